package verify

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/surety-dev/surety/attest"
	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/policy"
)

// Limits of design §7 that are this package's. Over those of an item it is discarded; over those of a
// request the verdict is indeterminate at best.
const (
	// MaxItems is how many distinct items a request may have.
	MaxItems = attest.MaxItems
	// MaxItemChecks is how many signature checks one item may cost.
	MaxItemChecks = 256
	// MaxRequestChecks is how many signature checks a request may cost.
	MaxRequestChecks = 4096
	// MaxKeys is how many granted keys are tried for a signature beside the one its key id names.
	MaxKeys = 64
)

// Config are a verifier's settings. The zero value opens bare envelopes signed by keys only, works
// on one item at a time, and demands no minimum versions.
type Config struct {
	// Openers open what is not a bare envelope signed by a key, in addition to it. A [KeyOpener] among
	// them gives the signatures of keys their times.
	Openers []Opener
	// Workers is how many items are opened at a time; zero means one. The verdict does not depend on it.
	Workers int
	// Chains holds in-toto layouts against the links of their steps; package verify/chain has one. Without
	// it no layout counts.
	Chains Chains
	// MinVersions names the least version of a policy or of the ownership model, by document name. An
	// older document refuses.
	MinVersions map[string]int
	// Endorsements are those of the model and the policies, as LoadOwnership and LoadPolicies give them; the
	// zero Endorsement is left out. A document whose endorsement is not met refuses, and New does not take a
	// document out of an envelope without its endorsement.
	Endorsements []Endorsement
	// RequireSigned refuses by a plain ownership model, and by a plain policy that is the version of its name
	// that applies: by one that has not begun, or that another has replaced, nothing is judged. It takes a
	// model that only its own people have endorsed, with a finding that warns of it (ownership-self-endorsed):
	// what it says of who had to sign is then worth as much as the place it was read from.
	RequireSigned bool
}

// Verifier judges releases by one ownership model and one set of policies. It is immutable and safe
// for many goroutines; a service swaps it whole when documents change. The zero Verifier judges
// nothing: Verify returns ErrNoOwnership.
type Verifier struct {
	model    *ownership.Model
	policies [][]*policy.Policy // of one name each, latest effectiveFrom first; names sorted
	openers  []Opener
	workers  int
	chains   Chains
	minimum  map[string]int
	inputs   Inputs // all but the evidence and who signed
	revokers func() revoking

	endorsements  map[string][]Endorsement // by the document's digest
	requireSigned bool

	keysByHolder func() map[string][]ownership.Key // the model's, found once
}

// ErrNoOwnership is returned where there is no ownership model to judge by.
var ErrNoOwnership = errors.New("no ownership model: expected one")

// New makes a verifier. Several versions of a policy may be given; without any, every verdict is
// deny. Errors: ErrNoOwnership, and a *ConfigError for policies that cannot be ordered, for minimum
// versions and endorsements of documents that are not there, and for documents out of an envelope whose
// endorsement is not.
func New(model *ownership.Model, policies []*policy.Policy, config Config) (*Verifier, error) {
	if model == nil {
		return nil, ErrNoOwnership
	}
	v := &Verifier{
		model:   model,
		openers: slices.Clone(config.Openers),
		workers: max(config.Workers, 1),
		chains:  config.Chains,
		minimum: maps.Clone(config.MinVersions),

		requireSigned: config.RequireSigned,

		keysByHolder: sync.OnceValue(func() map[string][]ownership.Key { return keysByHolder(model) }),
	}
	v.revokers = sync.OnceValue(v.revokersOf)
	if err := v.order(policies); err != nil {
		return nil, err
	}
	for name := range v.minimum {
		if name != model.Name() && !slices.ContainsFunc(policies, func(p *policy.Policy) bool { return p.Name() == name }) {
			return nil, &ConfigError{Msg: fmt.Sprintf("a minimum version is demanded of %q, expected the name of the ownership model or of a policy", name)}
		}
	}
	if err := v.endorse(config.Endorsements, policies); err != nil {
		return nil, err
	}
	v.inputs = v.documents(policies)
	return v, nil
}

// order groups policies by name, the version that applies latest first.
func (v *Verifier) order(policies []*policy.Policy) error {
	byName := map[string][]*policy.Policy{}
	for i, p := range policies {
		if p == nil {
			return &ConfigError{Msg: fmt.Sprintf("policy %d is nil", i)}
		}
		for _, q := range byName[p.Name()] {
			if q.Version() == p.Version() {
				return &ConfigError{Msg: fmt.Sprintf("policy %s version %d is there twice: expected each once", p.Name(), p.Version())}
			}
			if q.EffectiveFrom().Equal(p.EffectiveFrom()) {
				return &ConfigError{Msg: fmt.Sprintf("policy %s has two versions, %d and %d, with one effectiveFrom: expected a later one for the later version", p.Name(), q.Version(), p.Version())}
			}
		}
		byName[p.Name()] = append(byName[p.Name()], p)
	}
	for _, name := range slices.Sorted(maps.Keys(byName)) {
		versions := byName[name]
		slices.SortFunc(versions, func(x, y *policy.Policy) int { return y.EffectiveFrom().Compare(x.EffectiveFrom()) })
		v.policies = append(v.policies, versions)
	}
	return nil
}

// documents lists the verifier's inputs.
func (v *Verifier) documents(policies []*policy.Policy) Inputs {
	in := Inputs{Ownership: DocumentInput{Name: v.model.Name(), Version: v.model.Version(), Digest: v.model.Digest()}}
	for _, f := range v.model.Files() {
		in.Ownership.Files = append(in.Ownership.Files, FileInput{Path: f.Path, Digest: f.Digest})
	}
	for _, p := range policies {
		in.Policies = append(in.Policies, DocumentInput{Name: p.Name(), Version: p.Version(), Digest: p.Digest()})
	}
	slices.SortFunc(in.Policies, func(x, y DocumentInput) int {
		return cmp.Or(cmp.Compare(x.Name, y.Name), cmp.Compare(x.Version, y.Version))
	})
	for _, o := range v.openers {
		in.Trust = append(in.Trust, o.Trust()...)
	}
	slices.SortFunc(in.Trust, func(x, y TrustInput) int {
		return cmp.Or(cmp.Compare(x.ID, y.ID), cmp.Compare(x.Digest, y.Digest))
	})
	in.Trust = slices.Compact(in.Trust)
	return in
}

// ConfigError says why a verifier cannot be made.
type ConfigError struct {
	// Msg says what is wrong and what was expected.
	Msg string
}

// Error implements error.
func (e *ConfigError) Error() string { return e.Msg }

// Request asks for a verdict on one artifact.
type Request struct {
	// Artifact is what is to be released, named by the caller and never by evidence. Derive the name
	// from the reference that was resolved, not from what a user typed.
	Artifact attest.Artifact
	// Environment is where it is to be released; required where a policy that covers the artifact
	// lists environments.
	Environment string
	// Evidence is everything there is, trusted in nothing. Order and repetition do not matter.
	Evidence []*attest.Item
	// At is the time of evaluation, and required: Verify reads no clock.
	At time.Time
	// AtChosen says that At was chosen rather than read from a clock; the verdict shows it.
	AtChosen bool
	// Rollback says that the release returns to an earlier artifact. That is judged like any other, and
	// somebody must own rolling back.
	Rollback bool
	// Drill says that this is a drill: only artifacts that the model's drills release are then judged, and those only
	// then; whatever the evidence, others are refused.
	Drill bool
	// Accepted is the verdict on the last accepted release of the same package, of which the verdict says what
	// has changed; nil: none. It is the caller's own record and not signed. It changes no decision.
	Accepted *Verdict
}

// RequestError says why a request cannot be judged.
type RequestError struct {
	// Field is the field of the request.
	Field string
	// Msg says what is wrong and what was expected.
	Msg string
}

// Error implements error.
func (e *RequestError) Error() string { return e.Field + ": " + e.Msg }

// Verify judges a request. Deny is a verdict, not an error: an error (ErrNoOwnership, a *RequestError
// or the context's) says what kept Verify from judging, and comes with the zero Verdict, which denies.
//
// It is four steps, a file each: open the evidence to proofs of identity and time; hear what revocation lists
// say, and bind each proof to credential, principal and owner as they were then; judge each policy that applies, strictly and, if
// that does not allow, generously; decide.
func (v *Verifier) Verify(ctx context.Context, request Request) (Verdict, error) {
	r, err := v.begin(ctx, request)
	if err != nil {
		return Verdict{}, err
	}
	if err := r.judged(ctx); err != nil {
		return Verdict{}, err
	}
	return r.decide(), nil
}

// judged is all but the decision.
func (r *run) judged(ctx context.Context) error {
	if err := r.open(ctx); err != nil {
		return err
	}
	r.hear()
	r.bind()
	if err := r.chain(ctx); err != nil {
		return err
	}
	r.tally()
	return r.judgeKeys(ctx)
}

// run is one request being judged.
type run struct {
	*Verifier
	request   Request
	scope     string                       // the artifact's name as patterns see it
	tier      string                       // the artifact's tier; "" for none
	items     []*item                      // each once, by digest
	applies   []*judged                    // the policies that apply and are in force
	stops     []problem                    // what refuses or is noteworthy whatever the evidence
	refused   bool                         // a stop refuses
	over      *problem                     // a limit of the request was reached
	granted   func() []ownership.Key       // the keys granted on the artifact, found once
	approvers func() []ownership.Key       // the further keys of those who may approve layouts, found once
	layouts   []LayoutOutcome              // what became of the layouts that were approved
	chained   []*carried                   // the links and layouts there are, and who signed them
	parted    map[apartness]*policy.Layout // the chains judged without some people; nil where one does not pass

	lists   []*revocationList    // those somebody signed who may revoke something, by digest
	revoked map[string]*sentence // what they say, by credential
	current map[demand]string    // why no list is fresh, by what is demanded; "" where one is

	reviewers func() []ownership.Key // the further keys of those who may review exceptions, found once
	waivers   waivers                // the exceptions, and what became of them
	budget    uint64                 // what rules may still cost

	rollbackOwners []Paged         // who rolls back, of a rollback
	acceptedDigest string          // of the accepted verdict
	cast           int             // how many approvals, or what takes them back, known signers have written
	dismissals     map[taken]*vote // what takes back approvals
	built          map[source]bool // the commits that provenance names, of its repository and of any

	standing map[string][]standing // of the documents' endorsements, by digest
}

// begin checks the request and finds the policies that apply (design §4.13).
func (v *Verifier) begin(ctx context.Context, request Request) (*run, error) {
	if v == nil || v.model == nil {
		return nil, ErrNoOwnership
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if request.Artifact.Name() == "" {
		return nil, &RequestError{Field: "artifact", Msg: "none named, expected one made with attest.NewArtifact"}
	}
	if request.At.IsZero() {
		return nil, &RequestError{Field: "at", Msg: "no time of evaluation, expected one"}
	}
	if i := strings.IndexFunc(request.Environment, func(c rune) bool { return c <= ' ' || c > '~' }); i >= 0 {
		return nil, &RequestError{Field: "environment", Msg: fmt.Sprintf("%q has a character no environment is named with, expected visible ASCII without spaces", request.Environment)}
	}
	request.At = request.At.UTC()
	r := &run{Verifier: v, request: request, scope: request.Artifact.Scope(), standing: map[string][]standing{}, current: map[demand]string{}, parted: map[apartness]*policy.Layout{}}
	r.granted = sync.OnceValue(func() []ownership.Key { return r.model.KeysFor(r.scope, MaxKeys) })
	r.approvers = sync.OnceValue(r.ownersKeys)
	r.reviewers = sync.OnceValue(r.reviewersOf)
	for _, i := range attest.Merge(request.Evidence) {
		r.items = append(r.items, &item{Item: i})
	}
	r.ownership()
	r.tiered()
	r.rollback()
	r.drill()
	if err := r.accepted(); err != nil {
		return nil, err
	}
	return r, r.covering()
}

// ownership refuses a model that is not in force, too old for the caller, or not approved.
func (r *run) ownership() {
	m := r.model
	r.endorsed(m, OwnershipUnsigned)
	switch least := r.minimum[m.Name()]; {
	case !m.InForce(r.request.At):
		r.stop(OwnershipNotInForce, fmt.Sprintf("the ownership model %s version %d is in force from %s", m.Name(), m.Version(), stamp(m.EffectiveFrom())))
	case m.Version() < least:
		r.stop(OwnershipNotInForce, fmt.Sprintf("the ownership model %s is version %d, and the caller demands at least %d", m.Name(), m.Version(), least))
	}
}

// covering finds, of each name, the version that applies, and keeps those that cover the artifact.
func (r *run) covering() error {
	at, environment := r.request.At, r.request.Environment
	var early []problem
	covered := false
	for _, versions := range r.policies {
		begun := slices.IndexFunc(versions, func(p *policy.Policy) bool { return p.Begun(at) })
		if begun < 0 {
			if p := versions[len(versions)-1]; p.Covers(r.scope, environment) {
				early = append(early, problem{code: PolicyNotInForce, message: fmt.Sprintf("policy %s has not begun: version %d applies from %s", p.Name(), p.Version(), stamp(p.EffectiveFrom()))})
			}
			continue
		}
		p := versions[begun]
		r.endorsed(p, PolicyUnsigned) // whatever it covers: it may have been changed to cover less
		if !p.CoversArtifact(r.scope) {
			continue
		}
		if err := checkEnvironment(p, environment); err != nil {
			return err
		}
		if !p.Covers(r.scope, environment) {
			continue
		}
		covered = true
		switch least := r.minimum[p.Name()]; {
		case !p.InForce(at):
			r.stop(PolicyNotInForce, fmt.Sprintf("policy %s version %d ended at %s, and nothing has followed it", p.Name(), p.Version(), stamp(p.EffectiveUntil())))
		case p.Version() < least:
			r.stop(PolicyNotInForce, fmt.Sprintf("policy %s is version %d, and the caller demands at least %d", p.Name(), p.Version(), least))
		default:
			r.applies = append(r.applies, &judged{policy: p, requirements: p.Requirements()})
		}
	}
	for _, e := range early {
		e.severity = SeverityInfo
		if !covered {
			e.severity = SeverityDeny
		}
		r.stops = append(r.stops, e)
	}
	if !covered {
		r.stop(NoPolicy, "no policy covers "+r.scope+inEnvironment(environment))
	}
	return nil
}

// stop refuses whatever the evidence.
func (r *run) stop(code Code, message string) {
	r.refused = true
	r.stops = append(r.stops, problem{code: code, message: message, severity: SeverityDeny})
}

// checkEnvironment refuses a request that would dodge a policy by naming no environment, or one that
// differs from the policy's only in case.
func checkEnvironment(p *policy.Policy, environment string) error {
	listed := p.Environments()
	if len(listed) == 0 || slices.Contains(listed, environment) {
		return nil
	}
	if environment == "" {
		return &RequestError{Field: "environment", Msg: fmt.Sprintf("none named, and policy %s covers the artifact in %s: expected an environment", p.Name(), strings.Join(listed, ", "))}
	}
	for _, e := range listed {
		if strings.EqualFold(e, environment) {
			return &RequestError{Field: "environment", Msg: fmt.Sprintf("%q, did you mean %q?", environment, e)}
		}
	}
	return nil
}

func inEnvironment(environment string) string {
	if environment == "" {
		return ""
	}
	return " in " + environment
}

// stamp writes a time in a message.
func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }
