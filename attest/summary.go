package attest

import (
	"slices"
	"time"
)

// Summary is one view of what a verifier found: SLSA verification summaries v0.2 and v1, and simple
// verification results v0.1 and v0.2. UNVERIFIED, like the statement it is decoded from; read-only.
// Required are the verifier's id and, of a verification summary, the resource and the result; v0.2 also
// requires time, policy URI, level and dependency levels, a simple verification result time and properties,
// and its v0.2 the policies.
// Source: slsa.dev/spec, verification summary v0.2 and v1 (1.0 and 1.1); in-toto attestation, spec/predicates/svr.md.
type Summary struct {
	// Verifier is the verifier's id (verifier.id). Whether its signer speaks for it is for a rule to say.
	Verifier string
	// ClaimedAt is when the verifier says it verified (time_verified; timeVerified; timeCreated), in UTC: a
	// claim. Zero if it does not say.
	ClaimedAt time.Time
	// Resource is the URI the artifact was verified as (resource_uri; resourceUri), "" of a simple
	// verification result.
	Resource string
	// Policies are what it was verified against (policy; verifier.policies), of a verification summary at most one.
	Policies []Resource
	// Inputs are the attestations that were used (input_attestations; inputAttestations).
	Inputs []Resource
	// Result is "PASSED" or "FAILED", "" of a simple verification result, which has none.
	Result string
	// Levels are what was verified (policy_level; verifiedLevels, or policyLevel as v1 first had it;
	// properties). None where Result is "FAILED", whatever the predicate lists.
	Levels []string
	// Dependencies are how many dependencies were verified at each level (dependency_levels; dependencyLevels).
	Dependencies map[string]int64
}

// Summary decodes the predicate, once; it is safe for use by many goroutines. Both results are nil if
// the predicate has no [ViewSummary]; an error is a [*SyntaxError] or a [*LimitError].
func (st *Statement) Summary() (*Summary, error) { return as[Summary](st.decode(ViewSummary)) }

const (
	passed = "PASSED"
	warned = "WARNED"
	failed = "FAILED"
)

var (
	summaryV02Names = names{"verifier", "time_verified", "resource_uri", "policy", "input_attestations", "verification_result", "policy_level", "dependency_levels"}
	summaryV02Must  = names{"verifier", "time_verified", "resource_uri", "policy", "verification_result", "policy_level", "dependency_levels"}
	summaryV1Names  = names{"verifier", "timeVerified", "resourceUri", "policy", "inputAttestations", "verificationResult", "verifiedLevels", "policyLevel", "dependencyLevels"}
	summaryV1Must   = names{"verifier", "resourceUri", "verificationResult"}
	resultNames     = names{"verifier", "timeCreated", "properties"}
	verifierNames   = names{"id", "policies"}
	mustID          = names{"id"}
	mustPolicies    = names{"id", "policies"}
	mustURI         = names{"uri"}
	mustDigest      = names{"digest"}
)

func (r *reader) summaryV02() any {
	s := new(Summary)
	for name := range r.whole(summaryV02Names, summaryV02Must) {
		switch name {
		case "verifier":
			r.verifier(s, mustID)
		case "time_verified":
			s.ClaimedAt = r.stamp()
		case "resource_uri":
			s.Resource = r.needed()
		case "policy":
			s.Policies = []Resource{r.resource(mustURI)}
		case "input_attestations":
			r.inputs(s)
		case "verification_result":
			s.Result = r.one(passed, failed)
		case "policy_level":
			s.Levels = append(s.Levels, r.needed())
		case "dependency_levels":
			s.Dependencies = r.counts()
		}
	}
	r.settle(s)
	return s
}

func (r *reader) summaryV1() any {
	s := new(Summary)
	for name := range r.whole(summaryV1Names, summaryV1Must) {
		switch name {
		case "verifier":
			r.verifier(s, mustID)
		case "timeVerified":
			s.ClaimedAt = r.time()
		case "resourceUri":
			s.Resource = r.needed()
		case "policy":
			if !r.null() {
				s.Policies = []Resource{r.resource(nil)}
			}
		case "inputAttestations":
			r.inputs(s)
		case "verificationResult":
			s.Result = r.one(passed, failed)
		case "verifiedLevels":
			if !r.null() {
				s.Levels = append(s.Levels, r.texts()...)
			}
		case "policyLevel":
			if level := r.optional(); level != "" {
				s.Levels = append(s.Levels, level)
			}
		case "dependencyLevels":
			if !r.null() {
				s.Dependencies = r.counts()
			}
		}
	}
	r.settle(s)
	return s
}

func (r *reader) resultV01() any { return r.result(mustID) }
func (r *reader) resultV02() any { return r.result(mustPolicies) }

// result reads a simple verification result.
func (r *reader) result(must names) any {
	s := new(Summary)
	for name := range r.whole(resultNames, resultNames) {
		switch name {
		case "verifier":
			r.verifier(s, must)
		case "timeCreated":
			s.ClaimedAt = r.stamp()
		case "properties":
			s.Levels = r.texts()
		}
	}
	return s
}

// verifier reads who verified. Before v0.2 of the simple verification result it has no policies, and
// what stands there is an extension, which is ignored.
func (r *reader) verifier(s *Summary, must names) {
	for name := range r.whole(verifierNames[:len(must)], must) {
		if name == "id" {
			s.Verifier = r.needed()
		} else {
			s.Policies = r.resources(nil)
		}
	}
}

func (r *reader) inputs(s *Summary) {
	if !r.null() {
		s.Inputs = r.resources(mustDigest)
	}
}

// settle holds the levels against the result: nothing is verified where it failed, and where it passed
// no level can say that it failed.
func (r *reader) settle(s *Summary) {
	if s.Result == failed {
		s.Levels = nil
	}
	if slices.Contains(s.Levels, failed) {
		r.fail("has the level %q and the result %q", failed, s.Result)
	}
}
