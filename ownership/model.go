package ownership

import (
	"errors"
	"slices"
	"time"

	"github.com/surety-dev/surety/internal/document"
	"github.com/surety-dev/surety/internal/pattern"
)

// Model is one Ownership document, loaded. It is immutable and safe for concurrent
// use. The zero Model knows nobody and owns nothing.
type Model struct {
	metadata metadata
	at       document.Place // of the metadata
	digest   string
	files    []File
	unpinned []error // one for each reference to a file without its digest

	enveloped bool

	people      map[string]*Person
	accounts    map[string]string // to the person
	teams       map[string]*Team
	workloads   map[string]*Workload
	vendors     map[string]*Vendor
	memberships map[string][]teamMembership // by person
	places      map[string]document.Place   // of principals and teams

	credentials map[string]*credential
	keys        map[Fingerprint]*credential
	sshKeys     map[[32]byte]*credential // by OpenSSH fingerprint: hints only
	identities  identityIndex

	scopes        pattern.Index[*scope]
	grants        []*grant
	controls      [Monitoring]pattern.Index[*owner]
	owners        []*owner
	enforcements  []EnforcementPoint
	tiers         []Tier
	tiersAt       []document.Place
	tierScopes    pattern.Index[string]
	drills        []Drill
	drillsAt      []document.Place
	drillScopes   pattern.Index[string]
	separations   []Separation
	separationsAt []document.Place
	trust         Trust
	trustAt       map[string]document.Place // by id
}

// metadata is what every part of a document must agree on.
type metadata struct {
	name          string
	version       int
	effectiveFrom time.Time
	reviewedAt    time.Time
	reviewEvery   time.Duration

	previous         string
	proofEvery       time.Duration
	revocationWithin time.Duration
}

// EnforcementPoint is a place where what the policy refuses is stopped (design §3.1).
type EnforcementPoint struct {
	// ID names it in the document.
	ID string
	// Environment is where it stands, exact.
	Environment string
	// Artifacts are the patterns of the artifacts it sees, as the document writes
	// them.
	Artifacts []string
	// Mode is "enforce" or "audit"; only the first stops anything.
	Mode string
	// OnFailure is "closed" or "open", for when it cannot judge; empty: not given.
	OnFailure string
	// Owner is the team that owns it; empty: none named.
	Owner string
	// Interval is the time it stands.
	Interval Interval
	// RevocationWithin is within what time a revocation reaches it; zero: not given.
	RevocationWithin time.Duration
	// Sources are where an importer found it; nil: none named.
	Sources []string

	scopes []pattern.Pattern
	at     document.Place
}

// Covers reports whether the point sees an artifact, named as patterns see it, in an
// environment.
func (e EnforcementPoint) Covers(environment, artifact string) bool {
	return e.Environment == environment && matchesAny(e.scopes, artifact)
}

// Separation is a set of duties that nobody may have two of (design §4.11).
type Separation struct {
	// ID names it in the document.
	ID string
	// Duties are two or more.
	Duties Duties
}

// Name gives the document's name.
func (m *Model) Name() string { return m.metadata.name }

// Version gives the document's version, 1 or more.
func (m *Model) Version() int { return m.metadata.version }

// EffectiveFrom gives the time from which the document is in force.
func (m *Model) EffectiveFrom() time.Time { return m.metadata.effectiveFrom }

// InForce reports whether the document is in force at a time (design §4.8).
func (m *Model) InForce(at time.Time) bool { return !at.Before(m.metadata.effectiveFrom) }

// Review gives when the document was last reviewed and how often it is to be; zero
// where it does not say.
func (m *Model) Review() (last time.Time, every time.Duration) {
	return m.metadata.reviewedAt, m.metadata.reviewEvery
}

// Previous gives the digest of the version before this one, as Digest gave it; empty:
// not named.
func (m *Model) Previous() string { return m.metadata.previous }

// ProofEvery gives how often the identity of people who hold a live credential is to
// be proofed; zero: not given.
func (m *Model) ProofEvery() time.Duration { return m.metadata.proofEvery }

// RevocationWithin gives within what time a revocation is to reach every point of
// enforcement; zero: not given.
func (m *Model) RevocationWithin() time.Duration { return m.metadata.revocationWithin }

// Digest gives the document's digest, "sha256:" and lower-case hex (design §3.4): of
// the file given to Load; of a directory, of the sorted lines "HEX  PATH" of the files
// that make up the document, even if that is one. Files it refers to are not in it;
// see Files.
func (m *Model) Digest() string { return m.digest }

// Files gives the key and trust files the document refers to, sorted by path, each
// once.
func (m *Model) Files() []File { return slices.Clone(m.files) }

// Unpinned joins an *Error for each place where the document refers to a file without giving its
// digest; nil if there is none. Whoever signs a document signs its bytes, and of such a file only the
// path: what the file holds could be changed under the signature.
func (m *Model) Unpinned() error { return errors.Join(m.unpinned...) }

// Enveloped reports whether the document was in an envelope: verify.LoadOwnership has read it, and whether
// enough people signed it is for its verify.Endorsement to say. Without that verify.New does not take it.
func (m *Model) Enveloped() bool { return m.enveloped }

// EnforcementPoints gives the document's points of enforcement, in its order.
func (m *Model) EnforcementPoints() []EnforcementPoint {
	list := slices.Clone(m.enforcements)
	for i := range list {
		list[i].Artifacts, list[i].Sources = slices.Clone(list[i].Artifacts), slices.Clone(list[i].Sources)
	}
	return list
}

// Separations gives the duties the document separates, in its order.
func (m *Model) Separations() []Separation { return slices.Clone(m.separations) }
