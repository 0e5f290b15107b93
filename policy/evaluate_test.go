package policy_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/surety-dev/surety/attest"
	"github.com/surety-dev/surety/internal/fixture"
	"github.com/surety-dev/surety/policy"
)

const digest = "aa00000000000000000000000000000000000000000000000000000000000000"

var at = time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)

// load compiles a policy whose evidence and rules are given.
func load(t testing.TB, body string) *policy.Policy {
	t.Helper()
	p, err := tryLoad(body)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func tryLoad(body string) (*policy.Policy, error) {
	head := "apiVersion: surety.dev/v1alpha1\nkind: Policy\nmetadata: {name: p, version: 1, effectiveFrom: 2026-01-01T00:00:00Z}\nartifacts: [\"pkg:generic/**\"]\n"
	ps, err := policy.Load(fstest.MapFS{"policy.yaml": {Data: []byte(head + body)}}, "policy.yaml")
	if err != nil {
		return nil, err
	}
	return ps[0], nil
}

// attestation makes a counted attestation of a predicate type with signers.
func attestation(t testing.TB, id, predicateType string, predicate any, signers ...*policy.Signer) *policy.Attestation {
	t.Helper()
	items := attest.Parse("test", fixture.Sign(fixture.NewStatement(predicateType, digest, predicate).JSON(), fixture.NewKey("k")).JSON(), attest.Limits{})
	if len(items) != 1 || items[0].Err() != nil {
		t.Fatalf("fixture: %v", items[0].Err())
	}
	return &policy.Attestation{Digest: id, Statement: items[0].Statement(), Signers: signers}
}

func builder(holder string) *policy.Signer {
	return &policy.Signer{Credential: holder, Holder: holder, Duties: []string{"build"}, SignedAt: logged(0)}
}

func person(id, duty string) *policy.Signer {
	return &policy.Signer{Credential: id, Holder: id, Person: id, Duties: []string{duty}, SignedAt: logged(0)}
}

// logged is a span ended by a log's signed time, minutes after the base.
func logged(minutes int) *policy.Span {
	end := at.Add(time.Duration(minutes) * time.Minute)
	return &policy.Span{NotBefore: end.Add(-time.Minute), NotAfter: end, Source: policy.SourceLog}
}

func facts(t testing.TB, attestations ...*policy.Attestation) policy.Facts {
	t.Helper()
	artifact, err := attest.NewArtifact("pkg:generic/payments/api@1.4.2", attest.Digests{"sha256": digest})
	if err != nil {
		t.Fatal(err)
	}
	return policy.Facts{Artifact: artifact, Environment: "production", At: at, Attestations: attestations}
}

func evaluate(t *testing.T, p *policy.Policy, f policy.Facts, w policy.World) policy.Result {
	t.Helper()
	r, err := p.Evaluate(context.Background(), f, w)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// outcomes renders the rules' outcomes as "id=outcome".
func outcomes(r policy.Result) string {
	var parts []string
	for _, rule := range r.Rules {
		parts = append(parts, rule.ID+"="+rule.Outcome.String())
	}
	return strings.Join(parts, " ")
}

const provenance = `evidence:
  - {name: provenance, predicateTypes: ["https://slsa.dev/provenance/v1"], duty: build}
`

// TestDecision is design §4.1 and §3.2 for one policy, row by row.
func TestDecision(t *testing.T) {
	t.Parallel()
	good, bad := fixture.Provenance("good"), fixture.Provenance("bad")
	slsa := fixture.ProvenanceV1
	trusted := provenance + "rules:\n  - {id: trusted, about: provenance, expression: \"it.provenance.builder == 'good'\"}\n"
	tests := []struct {
		name         string
		policy       string
		attestations func(t *testing.T) []*policy.Attestation
		strict       string // outcomes
		allows       bool
		generously   bool
	}{
		{"a standing candidate allows", trusted, func(t *testing.T) []*policy.Attestation {
			return []*policy.Attestation{attestation(t, "a", slsa, good, builder("w"))}
		}, "trusted=pass", true, true},
		{"no evidence: its rules fail", trusted, func(*testing.T) []*policy.Attestation { return nil }, "trusted=fail", false, false},
		{"nothing is no evidence", trusted, func(*testing.T) []*policy.Attestation {
			return []*policy.Attestation{nil, {Digest: "a", Signers: []*policy.Signer{builder("w")}}}
		}, "trusted=fail", false, false},
		{"another type is no evidence", trusted, func(t *testing.T) []*policy.Attestation {
			return []*policy.Attestation{attestation(t, "a", fixture.TestResult, good, builder("w"))}
		}, "trusted=fail", false, false},
		{"another duty is no evidence", trusted, func(t *testing.T) []*policy.Attestation {
			return []*policy.Attestation{attestation(t, "a", slsa, good, person("alice", "approve"))}
		}, "trusted=fail", false, false},
		{"a failing candidate does not stand", trusted, func(t *testing.T) []*policy.Attestation {
			return []*policy.Attestation{attestation(t, "a", slsa, bad, builder("w"))}
		}, "trusted=fail", false, false},
		{"one that stands is enough beside one that fails", trusted, func(t *testing.T) []*policy.Attestation {
			return []*policy.Attestation{attestation(t, "a", slsa, bad, builder("w")), attestation(t, "b", slsa, good, builder("w"))}
		}, "trusted=pass", true, true},
		{"two that meet half each do not make one", provenance + `rules:
  - {id: half, about: provenance, expression: "it.provenance.builder == 'good'"}
  - {id: other, about: provenance, expression: "it.digest == 'b'"}
`, func(t *testing.T) []*policy.Attestation {
			return []*policy.Attestation{attestation(t, "a", slsa, good, builder("w")), attestation(t, "b", slsa, bad, builder("w"))}
		}, "half=pass other=fail", false, false},
		{"min counts distinct holders", strings.Replace(trusted, "duty: build", "duty: build, min: 2", 1), func(t *testing.T) []*policy.Attestation {
			return []*policy.Attestation{attestation(t, "a", slsa, good, builder("w")), attestation(t, "b", slsa, good, builder("w"))}
		}, "trusted=pass", false, false},
		{"min is met by two holders", strings.Replace(trusted, "duty: build", "duty: build, min: 2", 1), func(t *testing.T) []*policy.Attestation {
			return []*policy.Attestation{attestation(t, "a", slsa, good, builder("w")), attestation(t, "b", slsa, good, builder("v"))}
		}, "trusted=pass", true, true},
		{"two holders on one attestation count as two", strings.Replace(trusted, "duty: build", "duty: build, min: 2", 1), func(t *testing.T) []*policy.Attestation {
			return []*policy.Attestation{attestation(t, "a", slsa, good, builder("w"), builder("v"))}
		}, "trusted=pass", true, true},
		{"a workload is nobody where people are counted", strings.Replace(trusted, "duty: build", "duty: approve", 1), func(t *testing.T) []*policy.Attestation {
			return []*policy.Attestation{attestation(t, "a", slsa, good, &policy.Signer{Credential: "c", Holder: "bot", Duties: []string{"approve"}, SignedAt: logged(0)})}
		}, "trusted=pass", false, false},
		{"a shared credential is one at most", strings.Replace(trusted, "duty: build", "duty: build, min: 2", 1), func(t *testing.T) []*policy.Attestation {
			shared := &policy.Signer{Credential: "c", Duties: []string{"build"}, SignedAt: logged(0)}
			return []*policy.Attestation{attestation(t, "a", slsa, good, shared), attestation(t, "b", slsa, good, builder("w"))}
		}, "trusted=pass", false, false},
		{"a rule in error passes generously only", provenance + "rules:\n  - {id: broken, about: provenance, expression: \"it.predicate.nothing.here == 'x'\"}\n", func(t *testing.T) []*policy.Attestation {
			return []*policy.Attestation{attestation(t, "a", slsa, good, builder("w"))}
		}, "broken=error", false, true},
		{"an unproven order is unknown", provenance + "rules:\n  - {id: order, about: provenance, expression: \"it.signedAt.before(it.signedAt)\"}\n", func(t *testing.T) []*policy.Attestation {
			return []*policy.Attestation{attestation(t, "a", slsa, good, builder("w"))}
		}, "order=unknown", false, true},
		{"negation keeps the unknown", provenance + "rules:\n  - {id: order, about: provenance, expression: \"!it.signedAt.before(it.signedAt)\"}\n", func(t *testing.T) []*policy.Attestation {
			return []*policy.Attestation{attestation(t, "a", slsa, good, builder("w"))}
		}, "order=unknown", false, true},
		{"a variable keeps the unknown", provenance + "variables:\n  - {name: early, expression: \"it.signedAt.before(it.signedAt)\"}\nrules:\n  - {id: order, about: provenance, expression: \"!variables.early\"}\n", func(t *testing.T) []*policy.Attestation {
			return []*policy.Attestation{attestation(t, "a", slsa, good, builder("w"))}
		}, "order=unknown", false, true},
		{"every deny rule skipped never allows", provenance + "rules:\n  - {id: skip, about: provenance, when: \"environment == 'staging'\", expression: \"true\"}\n", func(t *testing.T) []*policy.Attestation {
			return []*policy.Attestation{attestation(t, "a", slsa, good, builder("w"))}
		}, "skip=skipped", false, false},
		{"warn rules alone never allow", provenance + "rules:\n  - {id: w, about: provenance, severity: warn, expression: \"true\"}\n", func(t *testing.T) []*policy.Attestation {
			return []*policy.Attestation{attestation(t, "a", slsa, good, builder("w"))}
		}, "w=pass", false, false},
		{"a failed warn rule changes nothing", trusted + "  - {id: w, about: provenance, severity: warn, expression: \"false\"}\n", func(t *testing.T) []*policy.Attestation {
			return []*policy.Attestation{attestation(t, "a", slsa, good, builder("w"))}
		}, "trusted=pass w=fail", true, true},
		{"when in error is not skipped", provenance + "params: {n: 0}\nrules:\n  - {id: e, about: provenance, when: \"1 / params.n == 1\", expression: \"true\"}\n", func(t *testing.T) []*policy.Attestation {
			return []*policy.Attestation{attestation(t, "a", slsa, good, builder("w"))}
		}, "e=error", false, true},
		{"rules without about see only what stands", trusted + "  - {id: g, expression: \"evidence.provenance.size() == 1 && signers.exists(s, s.holder == 'w')\"}\n", func(t *testing.T) []*policy.Attestation {
			return []*policy.Attestation{attestation(t, "a", slsa, bad, builder("v")), attestation(t, "b", slsa, good, builder("w"))}
		}, "trusted=pass g=pass", true, true},
		{"a failing rule without about refuses", trusted + "  - {id: g, expression: \"signers.exists(s, s.holder == 'v')\"}\n", func(t *testing.T) []*policy.Attestation {
			return []*policy.Attestation{attestation(t, "a", slsa, good, builder("w"))}
		}, "trusted=pass g=fail", false, false},
		{"approvals are none, so such rules fail", provenance + "params: {n: 1}\nrules:\n  - {id: approved, about: provenance, expression: \"approvals.by('t').recordedBefore(it.signedAt).people().size() >= params.n\"}\n", func(t *testing.T) []*policy.Attestation {
			return []*policy.Attestation{attestation(t, "a", slsa, good, builder("w"))}
		}, "approved=fail", false, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := load(t, tt.policy)
			f := facts(t, tt.attestations(t)...)
			strict, generous := evaluate(t, p, f, policy.Strict), evaluate(t, p, f, policy.Generous)
			if got := outcomes(strict); got != tt.strict {
				t.Errorf("strictly: %s, want %s", got, tt.strict)
			}
			if strict.Allows != tt.allows || generous.Allows != tt.generously {
				t.Errorf("allows %v, generously %v; want %v, %v", strict.Allows, generous.Allows, tt.allows, tt.generously)
			}
			// order and repetition do not matter
			for i, j := 0, len(f.Attestations)-1; i < j; i, j = i+1, j-1 {
				f.Attestations[i], f.Attestations[j] = f.Attestations[j], f.Attestations[i]
			}
			if diff := cmp.Diff(strict, evaluate(t, p, f, policy.Strict)); diff != "" {
				t.Errorf("reversed evidence: %s", diff)
			}
		})
	}
}

// TestApprovalFunctions holds the functions of design §5 against approvals as later evidence gives them.
func TestApprovalFunctions(t *testing.T) {
	t.Parallel()
	approvals := []*policy.Approval{
		{Person: "alice", Teams: []string{"release"}, SignedAt: logged(-10)},
		{Person: "alice", Teams: []string{"release"}, SignedAt: logged(-9)},
		{Person: "bob", Teams: []string{"release", "sre"}, SignedAt: logged(10)},
		{Person: "carol", Teams: []string{"release"}, SignedAt: &policy.Span{NotAfter: at}},
		{Person: "dana", Teams: []string{"release"}, SignedAt: logged(-10), Commit: strings.Repeat("a1", 20)},
		{Person: "erin", Teams: []string{"release"}, SignedAt: logged(-10), Witnessed: true},
	}
	tests := []struct {
		expression       string
		strict, generous string
	}{
		{"approvals.people() == ['alice', 'bob', 'carol']", "pass", "pass"},
		{"approvals.by('sre').people() == ['bob']", "pass", "pass"},
		{"approvals.by('nobody').people().size() == 0", "pass", "pass"},
		{"approvals.recordedBefore(it.signedAt).people() == ['alice']", "pass", "fail"},
		{"approvals.recordedBefore(it.signedAt).people() == ['alice', 'carol']", "fail", "pass"},
		{"approvals.before(it.signedAt).people() == ['alice']", "pass", "fail"},
		{"approvals.withSource().people().exists(p, p == 'dana')", "pass", "pass"},
		{"approvals.by('release').withSource().withWitnessed().people().size() == 5", "pass", "pass"},
		{"approvals.filter(a, a.person != 'alice').people() == ['bob', 'carol']", "pass", "pass"},
		{"approvals.filter(a, a.person != 'alice').recordedBefore(it.signedAt).people().size() == 0", "pass", "fail"},
		{"it.signers.holding('build').size() == 1 && it.signers.holding('approve').size() == 0", "pass", "pass"},
		{"it.signers.people().size() == 0", "pass", "pass"},
		{"dyn([1]).people().size() == 0", "error", "error"},
		{"'pkg:generic/a/b'.glob('pkg:generic/**') && !'pkg:generic/a/b'.glob('pkg:generic/*')", "pass", "pass"},
		{"'x'.glob(it.predicateType + '[x]')", "error", "error"},
	}
	for _, tt := range tests {
		t.Run(tt.expression, func(t *testing.T) {
			t.Parallel()
			p := load(t, provenance+fmt.Sprintf("rules:\n  - {id: r, about: provenance, expression: %q}\n", tt.expression))
			f := facts(t, attestation(t, "a", fixture.ProvenanceV1, fixture.Provenance("good"), builder("w")))
			f.Approvals = approvals
			for world, want := range map[policy.World]string{policy.Strict: tt.strict, policy.Generous: tt.generous} {
				if got := evaluate(t, p, f, world).Rules[0].Outcome.String(); got != want {
					t.Errorf("world %d: %s, want %s", world, got, want)
				}
			}
		})
	}
}

// TestSignatureWithoutTheDuty: what a credential signed before it had the duty is no evidence of that
// duty, though it signed again with it.
func TestSignatureWithoutTheDuty(t *testing.T) {
	t.Parallel()
	before, after := person("alice", "attest"), person("alice", "build")
	after.SignedAt = logged(10)
	carol := builder("carol")
	p := load(t, provenance+`rules:
  - {id: early, about: provenance, expression: "it.signers.exists(s, s.signedAt.notAfter < timestamp('`+at.Add(5*time.Minute).Format(time.RFC3339)+`'))"}
  - {id: one, expression: "evidence.provenance.size() == 1 && !signers.exists(s, s.person == 'alice')"}
`)
	signed := func(signers ...*policy.Signer) *policy.Attestation {
		return attestation(t, "a", fixture.ProvenanceV1, fixture.Provenance("good"), signers...)
	}
	other := attestation(t, "b", fixture.ProvenanceV1, fixture.Provenance("other"), carol)
	for _, test := range []struct {
		name         string
		attestations []*policy.Attestation
		outcomes     string
		standing     string
		allows       bool
	}{
		{"alone", []*policy.Attestation{signed(before, after)}, "early=fail one=fail", "", false},
		{"never with the duty", []*policy.Attestation{signed(before)}, "early=fail one=fail", "", false},
		{"beside another's", []*policy.Attestation{signed(before, after), other}, "early=pass one=pass", "b", true},
		{"beside another's, in time", []*policy.Attestation{signed(before, builder("alice")), other}, "early=pass one=fail", "a b", false},
	} {
		r := evaluate(t, p, facts(t, test.attestations...), policy.Strict)
		if got := outcomes(r); got != test.outcomes || r.Allows != test.allows {
			t.Errorf("%s: %s, allows %v; want %s, %v", test.name, got, r.Allows, test.outcomes, test.allows)
		}
		if got := strings.Join(r.Evidence[0].Standing, " "); got != test.standing {
			t.Errorf("%s: standing %q, want %q", test.name, got, test.standing)
		}
	}
}

// TestEarlierSignatureTakesNothing: who signed early takes nothing from who signed late, as if the early
// signature had not been supplied; then it does not count either.
func TestEarlierSignatureTakesNothing(t *testing.T) {
	t.Parallel()
	approved := "rules:\n  - {id: approved, about: provenance, expression: \"approvals.recordedBefore(it.signedAt).people() == ['alice']\"}\n"
	early, late := builder("early"), builder("late")
	late.SignedAt = logged(20)
	for _, test := range []struct {
		name, policy string
		signers      []*policy.Signer
		allows       bool
	}{
		{"early alone", provenance + approved, []*policy.Signer{early}, false},
		{"late alone", provenance + approved, []*policy.Signer{late}, true},
		{"both", provenance + approved, []*policy.Signer{early, late}, true},
		{"both where two are asked for", strings.Replace(provenance, "duty: build", "duty: build, min: 2", 1) + approved, []*policy.Signer{early, late}, false},
		{"both where the early one is asked for", provenance + approved + "  - {id: e, about: provenance, expression: \"it.signers.exists(s, s.holder == 'early')\"}\n", []*policy.Signer{early, late}, false},
		{"both where the early one is asked for of what stands", provenance + approved + "  - {id: e, expression: \"signers.exists(s, s.holder == 'early')\"}\n", []*policy.Signer{early, late}, false},
	} {
		f := facts(t, attestation(t, "a", fixture.ProvenanceV1, fixture.Provenance("good"), test.signers...))
		f.Approvals = []*policy.Approval{{Person: "alice", SignedAt: logged(10)}}
		if r := evaluate(t, load(t, test.policy), f, policy.Strict); r.Allows != test.allows {
			t.Errorf("%s: allows %v: %s", test.name, r.Allows, outcomes(r))
		}
	}
}

// TestSpanOrder is design §4.8's two relations.
func TestSpanOrder(t *testing.T) {
	t.Parallel()
	m := func(minutes int) time.Time { return at.Add(time.Duration(minutes) * time.Minute) }
	span := func(from, to int, s policy.Source) *policy.Span {
		return &policy.Span{NotBefore: m(from), NotAfter: m(to), Source: s}
	}
	open := &policy.Span{NotAfter: m(1)}
	tests := []struct {
		name             string
		x, y             *policy.Span
		before, recorded policy.Order
	}{
		{"ends where the other begins", span(0, 1, policy.SourceLog), span(1, 2, policy.SourceLog), policy.OrderProven, policy.OrderProven},
		{"begins where the other ends", span(1, 2, policy.SourceLog), span(0, 1, policy.SourceLog), policy.OrderRefuted, policy.OrderRefuted},
		{"overlap", span(0, 2, policy.SourceLog), span(1, 3, policy.SourceTimestamp), policy.OrderUnknown, policy.OrderProven},
		{"same end", span(0, 2, policy.SourceLog), span(1, 2, policy.SourceLog), policy.OrderUnknown, policy.OrderRefuted},
		{"no trusted time", span(0, 1, policy.SourceNone), span(1, 2, policy.SourceLog), policy.OrderProven, policy.OrderUnknown},
		{"the other has no trusted time", span(0, 1, policy.SourceLog), span(1, 2, policy.SourceNone), policy.OrderProven, policy.OrderUnknown},
		{"a beginning that is not known proves nothing", span(0, 1, policy.SourceLog), open, policy.OrderUnknown, policy.OrderUnknown},
		{"nothing known", &policy.Span{}, &policy.Span{}, policy.OrderUnknown, policy.OrderUnknown},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := tt.x.Before(tt.y); got != tt.before {
				t.Errorf("before: %d, want %d", got, tt.before)
			}
			if got := tt.x.RecordedBefore(tt.y); got != tt.recorded {
				t.Errorf("recordedBefore: %d, want %d", got, tt.recorded)
			}
		})
	}
}

func TestIntegersKeepTheirValue(t *testing.T) {
	t.Parallel()
	p := load(t, provenance+"rules:\n  - {id: r, about: provenance, expression: \"it.predicate.n == 9007199254740993 && it.predicate.u == 18446744073709551615u\"}\n")
	f := facts(t, attestation(t, "a", fixture.ProvenanceV1, map[string]any{"n": int64(9007199254740993), "u": uint64(18446744073709551615)}, builder("w")))
	if r := evaluate(t, p, f, policy.Strict); !r.Allows {
		t.Errorf("%+v", r.Rules)
	}
}

func TestBudgetAndContext(t *testing.T) {
	t.Parallel()
	p := load(t, provenance+"rules:\n  - {id: r, about: provenance, expression: \"lists.range(1000).all(x, lists.range(1000).all(y, lists.range(1000).all(z, x + y + z >= 0)))\"}\n")
	f := facts(t, attestation(t, "a", fixture.ProvenanceV1, fixture.Provenance("good"), builder("w")))
	r := evaluate(t, p, f, policy.Strict)
	if r.Allows || r.Rules[0].Outcome != policy.Errored {
		t.Errorf("over a rule's cost: %+v", r.Rules[0])
	}
	f.Budget = 1000
	if _, err := p.Evaluate(context.Background(), f, policy.Strict); err == nil || !strings.Contains(err.Error(), "request-cost") {
		t.Errorf("over the budget: %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if r, err := p.Evaluate(ctx, f, policy.Strict); err != context.Canceled || r.Allows {
		t.Errorf("cancelled: %v, %v", r.Allows, err)
	}
	var none *policy.Policy
	if r, err := none.Evaluate(context.Background(), f, policy.Generous); err != nil || r.Allows {
		t.Errorf("nil policy: %v, %v", r.Allows, err)
	}
}
