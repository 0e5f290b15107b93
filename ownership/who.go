package ownership

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/surety-dev/surety/internal/document"
)

// WhoKind heads every Who as JSON.
const WhoKind = "Who"

// Who says who could sign an artifact, who could revoke what signs it, who must block
// it and who answers for each control, as of a time (requirements R17 to R19). Its
// JSON is documented in docs/who.md. Times in it are RFC 3339 in UTC and whole seconds,
// "" where an end is open or a time is not known; positions are "FILE:LINE:COL"; lists
// are never nil.
type Who struct {
	// APIVersion is "surety.dev/v1alpha1".
	APIVersion string `json:"apiVersion"`
	// Kind is WhoKind.
	Kind string `json:"kind"`
	// Artifact is the name asked about.
	Artifact string `json:"artifact"`
	// Environment is the environment asked about; "": every one.
	Environment string `json:"environment"`
	// At is the time asked about.
	At string `json:"at"`
	// Ownership is the document that answers.
	Ownership Source `json:"ownership"`
	Signers
	// CouldRevoke says, for each credential that could sign, who could revoke it.
	CouldRevoke []Revoking `json:"couldRevoke"`
	// MustBlock are the points of enforcement, in the document's order.
	MustBlock []Blocking `json:"mustBlock"`
	// Controls are the seven controls, upstream first.
	Controls []Answering `json:"controls"`
	// Gaps are what is missing, in the order of the lists above.
	Gaps []Gap `json:"gaps"`
}

// Source names the document an answer rests on.
type Source struct {
	// Name is the document's name.
	Name string `json:"name"`
	// Version is its version.
	Version int `json:"version"`
	// Digest is its digest, as Model.Digest gives it.
	Digest string `json:"digest"`
	// Position is where its metadata stands.
	Position string `json:"position"`
}

// Fact is something the document says that speaks for an answer.
type Fact struct {
	// About is what of the document says it: AboutState, AboutPerson, AboutMembership
	// or AboutGrant.
	About string `json:"about"`
	// Message says it in one sentence.
	Message string `json:"message"`
	// Position is where the document says it.
	Position string `json:"position"`
}

// What a Fact is about.
const (
	// AboutState: the state of a credential.
	AboutState = "state"
	// AboutPerson: a person's time in the organisation.
	AboutPerson = "person"
	// AboutMembership: a person's time in a team.
	AboutMembership = "membership"
	// AboutGrant: a grant.
	AboutGrant = "grant"
)

// Objection is something the document says, or does not, that speaks against.
type Objection struct {
	// Code is what verify would find of a signature made then.
	Code Reason `json:"code"`
	// Message says it in one sentence.
	Message string `json:"message"`
	// Position is where the document says it, or where it should.
	Position string `json:"position"`
}

// Who answers all at once for an artifact, named as patterns see it, in an
// environment; "": in every one. It reads the whole model: unlike a lookup, it takes
// longer the more credentials there are.
func (v View) Who(artifact, environment string) Who {
	m := v.model
	w := Who{
		APIVersion: document.APIVersion, Kind: WhoKind, Artifact: artifact, Environment: environment, At: stamp(v.t),
		Ownership: Source{m.Name(), m.Version(), m.Digest(), m.at.String()},
		Signers:   v.CanSign(artifact, environment),
		MustBlock: v.MustBlock(artifact, environment),
		Controls:  v.Answering(artifact),
	}
	w.CouldRevoke = v.couldRevoke(w.CouldSign)
	w.Gaps = list(slices.Concat(v.gapsOfDocument(), gapsOfSigning(w.CouldSign), gapsOfRevoking(w.CouldRevoke),
		v.gapsOfBlocking(artifact, environment, w.MustBlock), v.gapsOfControls(artifact, w.Controls)))
	return w
}

// JSON gives the answer as one line of JSON: this field order, no white space. The same
// question to the same document gives the same bytes.
func (w Who) JSON() ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(w); err != nil {
		return nil, fmt.Errorf("who: %w", err)
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// list makes of no list an empty one.
func list[T any](l []T) []T {
	if l == nil {
		return []T{}
	}
	return l
}

// instant writes a time of an answer, "" for the zero time.
func instant(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return stamp(t)
}

// span says an interval: " since FROM", " until UNTIL", both, or nothing.
func (i Interval) span() string {
	var s string
	if !i.From.IsZero() {
		s = " since " + stamp(i.From)
	}
	if !i.Until.IsZero() {
		s += " until " + stamp(i.Until)
	}
	return s
}

// miss says why an interval does not contain t.
func (i Interval) miss(t time.Time) string {
	if t.Before(i.From) {
		return "only from " + stamp(i.From)
	}
	return "only until " + stamp(i.Until)
}

// names gives the duties in the set as documents write them.
func (s Duties) names() []string {
	names := []string{}
	for _, d := range s.List() {
		names = append(names, d.String())
	}
	return names
}
