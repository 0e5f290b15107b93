package policy

import (
	"fmt"
	"reflect"
	"time"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"

	"github.com/surety-dev/surety/attest"
)

// This file is what rules see: one table of object types and their fields. A field that is not in
// the table does not compile. Adding a view is adding its rows.

// field is one field of an object type: its CEL type and how to read it.
type field struct {
	name string
	typ  *types.Type
	get  func(any) (any, error)
	doc  string
}

// object is a CEL object type made of fields.
type object struct {
	name   string
	typ    *types.Type
	fields []field
}

func (o *object) field(name string) (field, bool) {
	for _, f := range o.fields {
		if f.name == name {
			return f, true
		}
	}
	return field{}, false
}

// view is an attestation seen through the evidence declaration it is a candidate for.
type view struct {
	*Attestation
	duty    string
	signers []*Signer // one of each credential
}

// signedAt spans the first signature by a holder of the declared duty: the statement existed by the
// earliest end, and none of them signed it before the earliest beginning.
func (v *view) signedAt() *Span {
	var first *Span
	for _, s := range v.signers {
		if s.HasDuty(v.duty) {
			first = first.earliest(s.SignedAt)
		}
	}
	if first == nil {
		return &Span{}
	}
	return first
}

// approvalView is an approval in a world: lists filtered by order keep unproven members generously.
type approvalView struct {
	*Approval
	generous bool
}

// get makes a field reader from a function on the object's own Go type.
func get[T any](read func(T) any) func(any) (any, error) {
	return func(v any) (any, error) { return read(v.(T)), nil }
}

// moment reads a time that may be unknown.
func moment[T any](name string, read func(T) time.Time) func(any) (any, error) {
	return func(v any) (any, error) {
		t := read(v.(T))
		if t.IsZero() {
			return nil, fmt.Errorf("%s is not known", name)
		}
		return t, nil
	}
}

// provenance reads the view of an attestation that must be provenance.
func provenance(v any) (any, error) {
	a := v.(*view)
	p, err := a.Statement.Provenance()
	if err != nil {
		return nil, err
	}
	if p == nil {
		return nil, fmt.Errorf("%s is not provenance", a.Statement.PredicateType)
	}
	return p, nil
}

// layout reads the view of an attestation that must be a layout.
func layout(v any) (any, error) {
	a := v.(*view)
	if a.Layout == nil {
		return nil, fmt.Errorf("%s is not a layout", a.Statement.PredicateType)
	}
	return a.Layout, nil
}

// parameters decodes the external parameters of a build; absent ones are null.
func parameters(v any) (any, error) {
	raw := v.(*attest.Provenance).Parameters
	if len(raw) == 0 {
		return types.NullValue, nil
	}
	return dynamic(raw.Decode())
}

// dynamic gives decoded JSON to CEL, whose null is not Go's.
func dynamic(v any, err error) (any, error) {
	if v == nil && err == nil {
		return types.NullValue, nil
	}
	return v, err
}

func objectType(name string) *types.Type { return types.NewObjectType("surety." + name) }

var (
	stringMap       = types.NewMapType(types.StringType, types.StringType)
	stringList      = types.NewListType(types.StringType)
	artifactType    = objectType("Artifact")
	evaluationType  = objectType("Evaluation")
	attestationType = objectType("Attestation")
	provenanceType  = objectType("Provenance")
	sourceType      = objectType("Source")
	materialType    = objectType("Material")
	layoutType      = objectType("Layout")
	layoutStepType  = objectType("LayoutStep")
	subjectType     = objectType("Subject")
	signerType      = objectType("Signer")
	identityType    = objectType("Identity")
	approvalType    = objectType("Approval")
	spanType        = objectType("Span")
	signerList      = types.NewListType(signerType)
	approvalList    = types.NewListType(approvalType)
	attestationList = types.NewListType(attestationType)
)

// evaluation is what rules see of the request's time.
type evaluation struct{ at time.Time }

// objects is the table of types that do not depend on a policy, by the Go type behind each.
var objects = map[reflect.Type]*object{
	reflect.TypeFor[*attest.Artifact](): {name: "Artifact", typ: artifactType, fields: []field{
		{"name", types.StringType, get(func(a *attest.Artifact) any { return a.Name() }), "the name the caller gave"},
		{"digests", stringMap, get(func(a *attest.Artifact) any { return map[string]string(a.Digests()) }), "algorithm to lower-case hex"},
	}},
	reflect.TypeFor[*evaluation](): {name: "Evaluation", typ: evaluationType, fields: []field{
		{"at", types.TimestampType, get(func(e *evaluation) any { return e.at }), "the time of evaluation"},
	}},
	reflect.TypeFor[*view](): {name: "Attestation", typ: attestationType, fields: []field{
		{"digest", types.StringType, get(func(v *view) any { return v.Digest }), "the evidence item's digest"},
		{"predicateType", types.StringType, get(func(v *view) any { return v.Statement.PredicateType }), "the statement's predicate type"},
		{"predicate", types.DynType, func(v any) (any, error) { return dynamic(v.(*view).value()) }, "the predicate as it is, decoded when touched"},
		{"subjects", types.NewListType(subjectType), get(func(v *view) any { return pointers(v.Statement.Subjects) }), "the statement's subjects"},
		{"signers", signerList, get(func(v *view) any { return v.signers }), "everybody whose signature counts, each credential once"},
		{"signedAt", spanType, get(func(v *view) any { return v.signedAt() }), "when the first holder of the declared duty signed"},
		{"provenance", provenanceType, provenance, "SLSA provenance in one form; an error for other predicate types"},
		{"layout", layoutType, layout, "an in-toto layout whose supply chain passed; an error for other predicate types"},
	}},
	reflect.TypeFor[*Layout](): {name: "Layout", typ: layoutType, fields: []field{
		{"expires", types.TimestampType, get(func(l *Layout) any { return l.Expires }), "when the layout ends"},
		{"steps", types.NewListType(layoutStepType), get(func(l *Layout) any { return l.Steps }), "its steps, in its order"},
		{"inspections", stringList, get(func(l *Layout) any { return l.Inspections }), "the names of its inspections, none of which was run"},
		{"product", types.StringType, get(func(l *Layout) any { return l.Product }), "which product of which step is the artifact: 'package: dist/api.tar.gz'"},
	}},
	reflect.TypeFor[*LayoutStep](): {name: "LayoutStep", typ: layoutStepType, fields: []field{
		{"name", types.StringType, get(func(s *LayoutStep) any { return s.Name }), "the step's name"},
		{"threshold", types.IntType, get(func(s *LayoutStep) any { return int64(s.Threshold) }), "how many holders had to do it alike"},
		{"holders", stringList, get(func(s *LayoutStep) any { return s.Holders }), "the people and workloads who did it"},
		{"people", stringList, get(func(s *LayoutStep) any { return s.People }), "those of them who are people"},
		{"passed", types.BoolType, get(func(s *LayoutStep) any { return s.Passed }), "that it passed, as all steps of a layout that a rule sees do"},
	}},
	reflect.TypeFor[*attest.Provenance](): {name: "Provenance", typ: provenanceType, fields: []field{
		{"builder", types.StringType, get(func(p *attest.Provenance) any { return p.Builder }), "the builder's id"},
		{"buildType", types.StringType, get(func(p *attest.Provenance) any { return p.BuildType }), "how to read the parameters"},
		{"source", sourceType, get(func(p *attest.Provenance) any { return &p.Source }), "what was built"},
		{"invocation", types.StringType, get(func(p *attest.Provenance) any { return p.Invocation }), "the run's id, as the builder claims"},
		{"started", types.TimestampType, moment("started", func(p *attest.Provenance) time.Time { return p.Started }), "a claim of the builder"},
		{"finished", types.TimestampType, moment("finished", func(p *attest.Provenance) time.Time { return p.Finished }), "a claim of the builder"},
		{"materials", types.NewListType(materialType), get(func(p *attest.Provenance) any { return pointers(p.Materials) }), "what went in"},
		{"parameters", types.DynType, parameters, "the external parameters"},
	}},
	reflect.TypeFor[*attest.Source](): {name: "Source", typ: sourceType, fields: []field{
		{"uri", types.StringType, get(func(s *attest.Source) any { return s.URI }), "the repository, without git+ and @ref"},
		{"digest", stringMap, get(func(s *attest.Source) any { return map[string]string(s.Digests) }), "the commit"},
		{"ref", types.StringType, get(func(s *attest.Source) any { return s.Ref }), "the branch or tag, in full"},
	}},
	reflect.TypeFor[*attest.Material](): {name: "Material", typ: materialType, fields: []field{
		{"name", types.StringType, get(func(m *attest.Material) any { return m.Name }), ""},
		{"uri", types.StringType, get(func(m *attest.Material) any { return m.URI }), ""},
		{"digest", stringMap, get(func(m *attest.Material) any { return map[string]string(m.Digests) }), "algorithm to hex"},
	}},
	reflect.TypeFor[*attest.Subject](): {name: "Subject", typ: subjectType, fields: []field{
		{"name", types.StringType, get(func(s *attest.Subject) any { return s.Name }), ""},
		{"uri", types.StringType, get(func(s *attest.Subject) any { return s.URI }), ""},
		{"digest", stringMap, get(func(s *attest.Subject) any { return map[string]string(s.Digests) }), "algorithm to hex"},
	}},
	reflect.TypeFor[*Signer](): {name: "Signer", typ: signerType, fields: []field{
		{"credential", types.StringType, get(func(s *Signer) any { return s.Credential }), "the credential's id"},
		{"holder", types.StringType, get(func(s *Signer) any { return s.Holder }), "the principal; '' where several hold the credential"},
		{"person", types.StringType, get(func(s *Signer) any { return s.Person }), "the holder where that is a person, else ''"},
		{"owner", types.StringType, get(func(s *Signer) any { return s.Owner }), "the team accountable for the credential"},
		{"duties", stringList, get(func(s *Signer) any { return s.Duties }), "what the holder may do to this artifact"},
		{"teams", stringList, get(func(s *Signer) any { return s.Teams }), "the person's teams when signing"},
		{"identity", identityType, get(func(s *Signer) any { return &s.Identity }), "what the signature proved"},
		{"signedAt", spanType, get(func(s *Signer) any { return s.SignedAt }), "when the signature was made"},
	}},
	reflect.TypeFor[*Identity](): {name: "Identity", typ: identityType, fields: []field{
		{"key", types.StringType, get(func(i *Identity) any { return i.Key }), "hex SHA-256 of the public key; '' for a certificate"},
		{"issuer", types.StringType, get(func(i *Identity) any { return i.Issuer }), "'' for a key"},
		{"subject", types.StringType, get(func(i *Identity) any { return i.Subject }), "'' for a key"},
		{"claims", stringMap, get(func(i *Identity) any { return i.Claims }), "the certificate's further claims"},
	}},
	reflect.TypeFor[*approvalView](): {name: "Approval", typ: approvalType, fields: []field{
		{"person", types.StringType, get(func(a *approvalView) any { return a.Person }), "the approver"},
		{"teams", stringList, get(func(a *approvalView) any { return a.Teams }), "the approver's teams when approving"},
		{"signedAt", spanType, get(func(a *approvalView) any { return a.SignedAt }), "when the approval was made"},
	}},
	reflect.TypeFor[*Span](): {name: "Span", typ: spanType, fields: []field{
		{"notBefore", types.TimestampType, moment("notBefore", func(s *Span) time.Time { return s.NotBefore }), "no earlier"},
		{"notAfter", types.TimestampType, moment("notAfter", func(s *Span) time.Time { return s.NotAfter }), "no later"},
		{"source", types.StringType, get(func(s *Span) any { return string(s.Source) }), "how notAfter is known"},
	}},
}

// pointers gives CEL lists of objects, which it knows by pointer.
func pointers[T any](list []T) []*T {
	out := make([]*T, len(list))
	for i := range list {
		out[i] = &list[i]
	}
	return out
}

// objectValue is an object as CEL handles it.
type objectValue struct {
	typ *types.Type
	v   any
}

// ConvertToNative implements ref.Val: objects never leave CEL.
func (o objectValue) ConvertToNative(t reflect.Type) (any, error) {
	if reflect.TypeOf(o.v).AssignableTo(t) {
		return o.v, nil
	}
	return nil, fmt.Errorf("%s has no other form", o.typ.TypeName())
}

// ConvertToType implements ref.Val.
func (o objectValue) ConvertToType(t ref.Type) ref.Val {
	if t == types.TypeType {
		return o.typ
	}
	return types.NewErr("%s has no other form", o.typ.TypeName())
}

// Equal implements ref.Val: an object equals itself.
func (o objectValue) Equal(other ref.Val) ref.Val {
	p, ok := other.(objectValue)
	return types.Bool(ok && p.v == o.v)
}

// Type implements ref.Val.
func (o objectValue) Type() ref.Type { return o.typ }

// Value implements ref.Val.
func (o objectValue) Value() any { return o.v }
