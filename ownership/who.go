package ownership

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
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
	// Tier says how critical the artifact is; "": no tier covers it, or several tie.
	Tier string `json:"tier"`
	Signers
	// CouldRevoke says, for each credential that could sign, who could revoke it.
	CouldRevoke []Revoking `json:"couldRevoke"`
	// MustBlock are the points of enforcement, in the document's order.
	MustBlock []Blocking `json:"mustBlock"`
	// Controls are the seven controls, upstream first.
	Controls []Answering `json:"controls"`
	// EndToEnd are the teams with a role in every one of them, sorted: those who see the
	// whole chain (requirement R13).
	EndToEnd []string `json:"endToEnd"`
	// Separation are the duties nobody may have two of, in the document's order.
	Separation []Separating `json:"separation"`
	// Gaps are what is missing, in the order of the lists above.
	Gaps []Gap `json:"gaps"`
}

// Separating are duties that the document keeps apart.
type Separating struct {
	// ID names them in the document.
	ID string `json:"id"`
	// Position is where they stand.
	Position string `json:"position"`
	// Duties are two or more.
	Duties []string `json:"duties"`
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
		Ownership: m.source(),
		Signers:   v.CanSign(artifact, environment),
		MustBlock: v.MustBlock(artifact, environment),
		Controls:  v.Answering(artifact),
	}
	w.Tier, _ = m.Tier(artifact)
	w.EndToEnd, w.Separation = endToEnd(w.Controls), m.separating()
	w.CouldRevoke = v.couldRevoke(w.CouldSign)
	w.Gaps = list(slices.Concat(v.gapsOfDocument(), v.gapsOfSigning(w.CouldSign), gapsOfRevoking(w.CouldRevoke),
		v.gapsOfBlocking(artifact, environment, w.MustBlock), v.gapsOfControls(artifact, w.Controls)))
	return w
}

// JSON gives the answer as one line of JSON: this field order, no white space. The same
// question to the same document gives the same bytes.
func (w Who) JSON() ([]byte, error) { return encode(w) }

// encode gives an answer as one line of JSON.
func encode(answer any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(answer); err != nil {
		return nil, fmt.Errorf("answer: %w", err)
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// source names the document.
func (m *Model) source() Source { return Source{m.Name(), m.Version(), m.Digest(), m.at.String()} }

// endToEnd gives the teams that have a role in all of the controls.
func endToEnd(controls []Answering) []string {
	roles := map[string]int{}
	for _, a := range controls {
		for _, s := range a.Staff {
			roles[s.Team]++
		}
	}
	teams := []string{}
	for _, team := range slices.Sorted(maps.Keys(roles)) {
		if roles[team] == len(controls) {
			teams = append(teams, team)
		}
	}
	return teams
}

// separating gives the duties the document keeps apart.
func (m *Model) separating() []Separating {
	all := []Separating{}
	for i, s := range m.separations {
		all = append(all, Separating{s.ID, m.separationsAt[i].String(), s.Duties.names()})
	}
	return all
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

// spell writes a duration as documents do, in days from four of them on, "" for none: "365d",
// "72h", "1h30m".
func spell(d time.Duration) string {
	const day = 24 * time.Hour
	if d == 0 {
		return ""
	}
	if d%day == 0 && d > 3*day {
		return fmt.Sprintf("%dd", d/day)
	}
	s := d.String()
	for _, nothing := range []string{"m0s", "h0m"} {
		if strings.HasSuffix(s, nothing) {
			s = s[:len(s)-2]
		}
	}
	return s
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
