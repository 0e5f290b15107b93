package policy

import (
	"fmt"
	"maps"
	"reflect"
	"time"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"

	"github.com/surety-dev/surety/attest"
)

// This file is what rules see: one table of object types and their fields. A field that is not in
// the table does not compile. The views of predicates have their rows in view.go.

// field is one field of an object type: its CEL type and how to read it.
type field struct {
	name string
	typ  *types.Type
	read access
	doc  string
}

// access is how a field is read.
type access struct {
	get func(any) (any, error)
	// there reports whether it is there, for has(); nil: if it can be read.
	there func(any) bool
	// errs is set where the value may not be known, which is an error.
	errs bool
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
	duty string
	// signers are the signatures it is judged with, one of each credential. Some may be left out (see later):
	// whoever must have no part in something, as in approving it (design §4.11), goes by Attestation.Signers.
	signers []*Signer
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
func get[T any](read func(T) any) access {
	return access{get: func(v any) (any, error) { return read(v.(T)), nil }}
}

// moment reads a time that may be unknown.
func moment[T any](name string, read func(T) time.Time) access {
	return access{errs: true, get: func(v any) (any, error) {
		t := read(v.(T))
		if t.IsZero() {
			return nil, fmt.Errorf("%s is not known", name)
		}
		return t, nil
	}}
}

// raw decodes JSON as it stands in a view; absent, it is null.
func raw[T any](read func(T) attest.Raw) access {
	return access{get: func(v any) (any, error) {
		value := read(v.(T))
		if len(value) == 0 {
			return types.NullValue, nil
		}
		return dynamic(value.Decode())
	}}
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
type evaluation struct {
	at       time.Time
	rollback bool
}

// released is what rules see of the artifact: as the caller named it, and how critical it is.
type released struct {
	*attest.Artifact
	tier string
}

// table is object types by the Go type behind each.
type table map[reflect.Type]*object

// objects is the table of types that do not depend on a policy.
var objects = factObjects.with(viewObjects).with(typedObjects)

func (t table) with(more table) table {
	all := maps.Clone(t)
	maps.Copy(all, more)
	return all
}

// fieldOf gives the field of an object type of the table.
func fieldOf(t *types.Type, name string) (field, bool) {
	for _, o := range objects {
		if o.typ.TypeName() == t.TypeName() {
			return o.field(name)
		}
	}
	return field{}, false
}

// factObjects are the facts, but for what predicates say.
var factObjects = table{
	reflect.TypeFor[*released](): {name: "Artifact", typ: artifactType, fields: []field{
		{"name", types.StringType, get(func(a *released) any { return a.Name() }), "the name the caller gave"},
		{"digests", stringMap, get(func(a *released) any { return map[string]string(a.Digests()) }), "algorithm to lower-case hex"},
		{"tier", types.StringType, get(func(a *released) any { return a.tier }), "how critical it is: its tier of the ownership model; '' where none covers it"},
	}},
	reflect.TypeFor[*evaluation](): {name: "Evaluation", typ: evaluationType, fields: []field{
		{"at", types.TimestampType, get(func(e *evaluation) any { return e.at }), "the time of evaluation"},
		{"rollback", types.BoolType, get(func(e *evaluation) any { return e.rollback }), "that the release returns to an earlier artifact, by the caller's word"},
	}},
	reflect.TypeFor[*view](): {name: "Attestation", typ: attestationType, fields: append([]field{
		{"digest", types.StringType, get(func(v *view) any { return v.Digest }), "the evidence item's digest"},
		{"predicateType", types.StringType, get(func(v *view) any { return v.Statement.PredicateType }), "the statement's predicate type"},
		{"predicate", types.DynType, access{get: func(v any) (any, error) { return dynamic(v.(*view).value()) }}, "the predicate as it is, decoded when touched"},
		{"subjects", types.NewListType(subjectType), get(func(v *view) any { return pointers(v.Statement.Subjects) }), "the statement's subjects"},
		{"signers", signerList, get(func(v *view) any { return v.signers }), "everybody whose signature counts, each credential once"},
		{"signedAt", spanType, get(func(v *view) any { return v.signedAt() }), "when the first holder of the declared duty signed"},
	}, append([]field{layoutField}, viewFields...)...)},
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
		{"issuer", types.StringType, get(func(i *Identity) any { return i.Issuer }), "the OIDC issuer; '' for a key and for an X.509 identity"},
		{"authority", types.StringType, get(func(i *Identity) any { return i.Authority }), "the id of the certificate authority of an X.509 identity; '' for others"},
		{"nameType", types.StringType, get(func(i *Identity) any { return i.NameType }), "'uri', 'dns' or 'email' of an X.509 identity; '' for others"},
		{"subject", types.StringType, get(func(i *Identity) any { return i.Subject }), "the certificate's name; '' for a key"},
		{"claims", stringMap, get(func(i *Identity) any { return i.Claims }), "the certificate's further claims"},
	}},
	reflect.TypeFor[*approvalView](): {name: "Approval", typ: approvalType, fields: []field{
		{"person", types.StringType, get(func(a *approvalView) any { return a.Person }), "the approver; '' where it only says what was enforced"},
		{"teams", stringList, get(func(a *approvalView) any { return a.Teams }), "the approver's teams when approving"},
		{"witnessed", types.BoolType, get(func(a *approvalView) any { return a.Witnessed }), "whether a witness reported it"},
		{"viaSource", types.BoolType, get(func(a *approvalView) any { return a.Commit != "" }), "whether it is of the commit that the provenance names"},
		{"role", types.StringType, get(func(a *approvalView) any { return a.Role }), "a claim; '' if not said"},
		{"reference", types.StringType, get(func(a *approvalView) any { return a.Reference }), "the ticket or pull request: a claim; '' if not said"},
		{"controls", stringList, get(func(a *approvalView) any { return a.Controls }), "what was enforced for the commit, in the words of who says so"},
		{"expires", types.TimestampType, moment("expires", func(a *approvalView) time.Time { return a.Expires }), "when it ends; an error where it does not"},
		{"signedAt", spanType, get(func(a *approvalView) any { return a.SignedAt }), "when the approval was made"},
	}},
	reflect.TypeFor[*Span](): {name: "Span", typ: spanType, fields: []field{
		{"notBefore", types.TimestampType, moment("notBefore", func(s *Span) time.Time { return s.NotBefore }), "no earlier"},
		{"notAfter", types.TimestampType, moment("notAfter", func(s *Span) time.Time { return s.NotAfter }), "no later"},
		{"source", types.StringType, get(func(s *Span) any { return string(s.Source) }), "how notAfter is known"},
	}},
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

// Equal implements ref.Val: an object equals itself, and a value that rules make one of equal parts.
func (o objectValue) Equal(other ref.Val) ref.Val {
	p, ok := other.(objectValue)
	if made, comparable := o.v.(interface{ equal(any) bool }); ok && comparable {
		return types.Bool(made.equal(p.v))
	}
	return types.Bool(ok && p.v == o.v)
}

// Type implements ref.Val.
func (o objectValue) Type() ref.Type { return o.typ }

// Value implements ref.Val.
func (o objectValue) Value() any { return o.v }
