package verify_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/surety-dev/surety/attest"
	"github.com/surety-dev/surety/internal/fixture"
	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/policy"
	"github.com/surety-dev/surety/verify"
)

// certifiedFor is a model with certificates of one issuer for some of its people and workloads.
func certifiedFor(t *testing.T, model string, holders ...string) string {
	var all strings.Builder
	for _, h := range holders {
		all.WriteString("  - {id: " + h + "-mail, holder: " + h + ", revokers: [security], identity: {issuer: \"https://issuer.test\", subject: " + h + "@acme.test}, states: [{state: active, from: 2023-01-01T00:00:00Z}]}\n")
	}
	return replaced(t, model, "credentials:\n", "credentials:\n"+all.String())
}

// mailed is a proof by a certificate for a holder, of a key.
func mailed(holder string, key byte) verify.Proof {
	at := time.Date(2026, 5, 31, 0, 0, 0, 0, time.UTC)
	return verify.Proof{Identity: ownership.Identity{Issuer: "https://issuer.test", Subject: holder + "@acme.test"}, Certificate: true, PublicKey: ownership.Fingerprint{key},
		NotBefore: at, Times: []verify.TrustedTime{{At: at, Source: "rekor", Authority: "log"}}}
}

// TestOneKeyGrantsOnce: a key that is certified for several grants an exception for one of them, and for none beside
// what it signs of the evidence for another.
func TestOneKeyGrantsOnce(t *testing.T) {
	t.Parallel()
	s := exceptionScene()
	s.model = certifiedFor(t, exceptionModel, "gina", "hugo", "pipeline")
	good, granted := provenance("pipeline"), signed(exceptional(nil), "nobody")
	judge := func(evidence []byte, openers ...verify.Opener) verify.Verdict {
		s.openers = openers
		return s.judge(t, evidence, granted)
	}
	exception := func(proofs ...verify.Proof) verify.Opener {
		return byType{attest.ExceptionType, verify.Opened{Checks: 2, Proofs: proofs}}
	}
	want(t, judge(good, exception(mailed("gina", 1), mailed("hugo", 2))), "allow-with-exception")
	v := judge(good, exception(mailed("gina", 1), mailed("hugo", 1)))
	want(t, v, "deny", "credential-ambiguous", "exception-invalid", "rule-failed")
	says(t, v, "exception-invalid", "and only gina granted it")
	// the pipeline's key, by which hugo grants
	built := byType{fixture.ProvenanceV1, verify.Opened{Checks: 1, Proofs: []verify.Proof{mailed("pipeline", 2)}}}
	item := signed(fixture.NewStatement(fixture.ProvenanceV1, release, fixture.Provenance(fixture.Builder)), "nobody")
	v = judge(item, built, exception(mailed("gina", 1), mailed("hugo", 2)))
	if v.Admits() {
		t.Errorf("one key built it and granted the exception\n%s", explain(v))
	}
	want(t, judge(item, built, exception(mailed("gina", 1), mailed("hugo", 3))), "allow-with-exception")
}

// TestExceptionsDoNotAddUp: half a quorum each, one thing each, or another policy's, is nothing together.
func TestExceptionsDoNotAddUp(t *testing.T) {
	t.Parallel()
	s, good := exceptionScene(), provenance("pipeline")
	as := func(reason string, keys ...string) []byte {
		return signed(exceptional(map[string]any{"reason": reason}), keys...)
	}
	want(t, s.judge(t, good, as("a", "gina"), as("b", "hugo")), "deny", "exception-invalid", "rule-failed")
	want(t, s.judge(t, good, as("a", "gina"), as("a", "hugo")), "allow-with-exception")
	long := signed(exceptional(map[string]any{"validUntil": "2026-06-09T00:00:00Z"}), "gina", "hugo")
	other := signed(exceptional(map[string]any{"environment": "staging"}), "gina", "hugo")
	want(t, s.judge(t, good, long, other), "deny", "exception-invalid", "rule-failed")
	// one each of two that are needed, and neither by who is free for both
	two := exceptionScene(waivablePolicy)
	want(t, two.judge(t, good, as("a", "gina", "hugo"), signed(exceptional(map[string]any{"rules": []any{"evidence:tests"}}), "ivan")), "deny", "evidence-missing", "exception-invalid", "threshold-unreachable")
	// a policy that has ended is not waived into force, and its exceptions are nobody's
	ended := exceptionScene(replaced(t, withoutTests, "effectiveFrom: 2026-01-01T00:00:00Z", "effectiveFrom: 2026-01-01T00:00:00Z, effectiveUntil: 2026-05-01T00:00:00Z"), replaced(t, withoutTests, "name: payments", "name: other"))
	v := ended.judge(t, good, as("a", "gina", "hugo"), signed(exceptional(map[string]any{"policy": "other"}), "gina", "hugo"))
	want(t, v, "deny", "policy-not-in-force")
	// what a rule and a declaration are called is waived for neither
	named := exceptionScene(replaced(t, waivablePolicy, "{id: any-builder,", "{id: \"evidence:tests\", waivable: {by: office, maxDuration: 72h},"))
	v = named.judge(t, good, signed(exceptional(map[string]any{"rules": []any{"evidence:tests", "trusted-builder"}}), "gina", "hugo"))
	want(t, v, "deny", "evidence-missing", "exception-not-waivable", "threshold-unreachable")
}

// TestTwoVouchForEachOther: no list vouches for the credential it is signed with, whatever else is signed with it; and
// who may vouch is asked of the time of evaluation's freshness, not of the list's number.
func TestTwoVouchForEachOther(t *testing.T) {
	t.Parallel()
	s := statusScene(t, "24h")
	s.model = certifiedFor(t, replaced(t, statusModel, "{id: pipeline, owner: security, operators: [dana]}", "{id: pipeline, owner: security, operators: [erin]}"), "erin")
	s.policies[0] = replaced(t, s.policies[0], "duty: build}", "duty: attest}")
	s.model = replaced(t, s.model, "grants:\n", "grants:\n  - {to: erin, may: [attest], artifacts: [\"**\"]}\n")
	item := signed(fixture.NewStatement(fixture.ProvenanceV1, release, fixture.Provenance(fixture.Builder)), "nobody")
	s.openers = []verify.Opener{byType{fixture.ProvenanceV1, verify.Opened{Checks: 1, Proofs: []verify.Proof{mailed("erin", 1)}}},
		byType{attest.RevocationType, verify.Opened{Checks: 1, Proofs: []verify.Proof{mailed("erin", 2)}}}}
	v := s.judge(t, item, signed(listStatement(1, today), "nobody"), signed(listStatement(99, today), "nobody"))
	want(t, v, "indeterminate", "evidence-missing", "revocation-stale")
	says(t, v, "revocation-stale", "is signed with the credential itself")
	s.openers = s.openers[:1]
	want(t, s.judge(t, item, signed(listStatement(1, today), "erin")), "allow")
}

// untrue says what of a verdict contradicts the rest of it; "" if nothing does.
func untrue(v verify.Verdict) string {
	has := func(s verify.Severity) bool { return len(noted(v, s)) > 0 }
	waived := slices.ContainsFunc(v.Rules, func(r verify.RuleOutcome) bool { return r.Outcome == policy.Waived })
	used := slices.Contains(noted(v, verify.SeverityWarn), "exception-used")
	switch {
	case v.Decision == verify.Deny && !has(verify.SeverityDeny):
		return "it denies, and no finding does"
	case v.Decision == verify.Indeterminate && (!has(verify.SeverityIndeterminate) || has(verify.SeverityDeny)):
		return "it is indeterminate, and no finding is, or one denies"
	case v.Admits() && (len(refusing(v)) > 0 || v.Marks != verify.Marks{Identity: verify.Pass, Artifact: verify.Pass, Policy: verify.Pass, Time: verify.Pass}):
		return "it admits, and a finding refuses, or a mark is not pass"
	case v.Decision == verify.AllowWithException && (len(v.Exceptions) == 0 || !used):
		return "it names no exception"
	case v.Decision == verify.Allow && (len(v.Exceptions) > 0 || used || waived):
		return "it names an exception, and needs none"
	}
	for _, x := range v.Exceptions {
		for _, who := range x.ApprovedBy {
			if who == x.RequestedBy || slices.ContainsFunc(v.Signers, func(s verify.Signer) bool { return s.Person == who }) {
				return who + " granted what is waived, and asked for it or signed evidence"
			}
		}
	}
	return ""
}

// TestVerdictsOfExceptions: whatever is supplied, decision, findings, marks, rules and exceptions say the same.
func TestVerdictsOfExceptions(t *testing.T) {
	t.Parallel()
	r := random(t)
	rounds, decisions := 100, map[verify.Decision]int{}
	if testing.Short() {
		rounds = 30
	}
	for range rounds {
		w := newRandomWorld(r, r.IntN(3) == 0)
		for i, document := range w.scene.policies {
			if strings.Contains(document, "name: tests") {
				document += "  - {id: noted, about: tests, expression: \"it.predicate.note > 0\"" + oneOf(r, []string{"}\n", ", waivable: {by: office, maxDuration: 72h}}\n", ", severity: warn, waivable: {by: office, maxDuration: 72h}}\n"})
			}
			if r.IntN(2) == 0 {
				document = strings.Replace(document, "duty: ", "min: 2, duty: ", 1+r.IntN(2))
			}
			w.scene.policies[i] = document
		}
		more := exceptional(map[string]any{"rules": []any{"noted", "trusted-builder", "evidence:tests"}, "reason": "more"})
		if r.IntN(2) == 0 {
			w.evidence = append(w.evidence, provenance("pipeline", "stranger"), signed(more, "gina", "hugo"), signed(more, "ivan"))
		}
		v, err := w.scene.verifier(t).Verify(context.Background(), w.scene.request(t, slices.Concat(w.evidence, w.status[:len(w.status)/2])...))
		if err != nil {
			t.Fatal(err)
		}
		if why := untrue(v); why != "" {
			t.Fatalf("%s: %s\n%+v %+v %+v\n%s%s", v.Decision, why, v.Rules, v.Marks, v.Exceptions, explain(v), w.scene.policies)
		}
		decisions[v.Decision]++
	}
	t.Log(decisions)
	if decisions[verify.AllowWithException] < rounds/50 {
		t.Errorf("only %v: that shows little", decisions)
	}
}
