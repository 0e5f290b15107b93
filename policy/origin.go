package policy

import (
	"fmt"
	"strings"

	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/types"

	"github.com/surety-dev/surety/attest"
)

// This file says where in the evidence a value was read: the attestation, and the place in its statement.

// origin gives the attestation that a selection reads, and the JSON path of what it selects.
func (ex *explainer) origin(f frame, e ast.Expr) (evidence, path string) {
	var fields []string
	for {
		if f.x.checked.NativeRep().GetType(e.ID()).IsExactType(attestationType) {
			if o, ok := ex.eval(f, e).(objectValue); ok {
				if v, ok := o.v.(*view); ok {
					return v.Digest, v.path(fields)
				}
			}
			return "", ""
		}
		switch e.Kind() {
		case ast.SelectKind:
			fields = append([]string{"." + e.AsSelect().FieldName()}, fields...)
			e = e.AsSelect().Operand()
			continue
		case ast.CallKind:
			if isSelection(e) {
				args := e.AsCall().Args()
				fields = append([]string{key(ex.eval(f, args[1]))}, fields...)
				e = args[0]
				continue
			}
		case ast.IdentKind:
			for b := f.bound; b != nil; b = b.outer {
				if b.name == e.AsIdent() {
					return b.evidence, below(b.path, strings.Join(fields, ""))
				}
			}
		}
		return "", ""
	}
}

// key is a step of a path by a key or an index.
func key(v any) string {
	switch v := v.(type) {
	case types.String:
		for _, r := range v {
			if !word(r) {
				return fmt.Sprintf("[%s]", writeText(string(v)))
			}
		}
		return "." + string(v)
	case types.Int:
		return fmt.Sprintf("[%d]", int64(v))
	}
	return "[…]"
}

// path gives where in the statement the fields of an attestation are; "" of what is not in it.
func (v *view) path(fields []string) string {
	if len(fields) == 0 {
		return ""
	}
	switch name := strings.TrimPrefix(fields[0], "."); name {
	case "predicateType", "predicate":
		return shorten("$" + strings.Join(fields, ""))
	case "subjects":
		return shorten("$.subject" + strings.Join(fields[1:], ""))
	default:
		if attest.PredicateTypes(attest.View(name)) == nil {
			return ""
		}
		if len(fields) > 1 {
			if at := v.viewPath(name + fields[1]); at != "" {
				return shorten("$.predicate." + at + strings.Join(fields[2:], ""))
			}
		}
		return "$.predicate…"
	}
}

// below goes on from a path, where it says a place.
func below(path, more string) string {
	if path == "" || strings.HasSuffix(path, "…") {
		return path
	}
	return shorten(path + more)
}

// viewPath gives where in the predicate a field of a view is; "" where that is no one place, or is not known.
func (v *view) viewPath(field string) string {
	places := viewPlaces
	if strings.HasPrefix(field, "provenance.") {
		switch version := strings.TrimPrefix(v.Statement.PredicateType, "https://slsa.dev/provenance/"); {
		case strings.HasPrefix(version, "v1"):
			places = provenancePlaces
		case version == "v0.2":
			places = olderProvenancePlaces
		}
	}
	return places[field]
}

// viewPlaces are the places of fields that are copied as they are, in all versions of their predicate.
var viewPlaces = map[string]string{
	"test.result": "result", "test.passed": "result", "test.configuration": "configuration", "test.url": "url",
	"test.passedTests": "passedTests", "test.warnedTests": "warnedTests", "test.failedTests": "failedTests",
	"release.purl": "purl", "link.name": "name", "link.command": "command", "link.materials": "materials",
	"link.byproducts": "byproducts", "link.environment": "environment",
}

// provenancePlaces are those of SLSA provenance v1.
var provenancePlaces = map[string]string{
	"provenance.builder": "runDetails.builder.id", "provenance.buildType": "buildDefinition.buildType", "provenance.invocation": "runDetails.metadata.invocationId",
	"provenance.started": "runDetails.metadata.startedOn", "provenance.finished": "runDetails.metadata.finishedOn",
	"provenance.materials": "buildDefinition.resolvedDependencies", "provenance.parameters": "buildDefinition.externalParameters",
}

// olderProvenancePlaces are those of v0.2.
var olderProvenancePlaces = map[string]string{
	"provenance.builder": "builder.id", "provenance.buildType": "buildType", "provenance.invocation": "metadata.buildInvocationId",
	"provenance.started": "metadata.buildStartedOn", "provenance.finished": "metadata.buildFinishedOn", "provenance.materials": "materials",
}
