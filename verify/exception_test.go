package verify_test

import (
	"crypto/sha256"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/surety-dev/surety/attest"
	"github.com/surety-dev/surety/internal/fixture"
	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/verify"
)

// exceptionModel is the model of lists with an office of three who may except, and who also has an account.
var exceptionModel = strings.NewReplacer(
	"people:\n", `people:
  - {id: gina, from: 2023-01-01T00:00:00Z, accounts: ["github:7"]}
  - {id: hugo, from: 2023-01-01T00:00:00Z}
  - {id: ivan, from: 2023-01-01T00:00:00Z}
`,
	"teams:\n", `teams:
  - {id: office, members: [{person: gina}, {person: hugo}, {person: ivan}], contacts: {page: "pager:office"}}
`,
	"credentials:\n", `credentials:
  - {id: gina-key, holder: gina, owner: office, revokers: [security], key: {pem: KEY(gina)}, states: [{state: active, from: 2023-01-01T00:00:00Z}]}
  - {id: gina-second, holder: gina, owner: office, revokers: [security], key: {pem: KEY(p256:gina)}, states: [{state: active, from: 2023-01-01T00:00:00Z}]}
  - {id: hugo-key, holder: hugo, owner: office, revokers: [security], key: {pem: KEY(hugo)}, states: [{state: active, from: 2023-01-01T00:00:00Z}]}
  - {id: ivan-key, holder: ivan, owner: office, revokers: [security], key: {pem: KEY(ivan)}, states: [{state: active, from: 2023-01-01T00:00:00Z}]}
`,
	"grants:\n", `grants:
  - {to: office, may: [except], artifacts: ["pkg:generic/**"]}
`,
).Replace(statusModel)

// waivablePolicy asks for provenance of another builder than there is, and for tests there are none of.
var waivablePolicy = policyHead + `environments: [production]
evidence:
  - {name: provenance, predicateTypes: ["https://slsa.dev/provenance/v1"], duty: build}
  - {name: tests, predicateTypes: ["https://in-toto.io/attestation/test-result/v0.1"], duty: attest, waivable: {by: office, quorum: 2, maxDuration: 72h}}
rules:
  - {id: any-builder, about: provenance, expression: "it.provenance.builder != ''"}
  - {id: trusted-builder, about: provenance, control: publisher-identity, expression: "it.provenance.builder == 'https://trusted.test'", waivable: {by: office, quorum: 2, maxDuration: 72h, maxUses: 2}}
`

// withoutTests is waivablePolicy without what it says of tests.
var withoutTests = strings.Replace(waivablePolicy, waivablePolicy[strings.Index(waivablePolicy, "  - {name: tests"):strings.Index(waivablePolicy, "rules:")], "", 1)

// exceptional is an exception as it may be, with fields changed; nil takes one away.
func exceptional(changes map[string]any) fixture.Statement {
	predicate := map[string]any{
		"policy": "payments", "rules": []any{"trusted-builder"}, "artifact": baseName, "environment": "production", "reason": "the builder is down", "incident": "INC-7",
		"validFrom": "2026-06-01T00:00:00Z", "validUntil": "2026-06-03T00:00:00Z", "requestedBy": "alice", "reviewDue": "2026-06-08T00:00:00Z",
	}
	maps.Copy(predicate, changes)
	maps.DeleteFunc(predicate, func(_ string, v any) bool { return v == nil })
	return fixture.NewStatement(attest.ExceptionType, release, predicate)
}

func exceptionScene(policies ...string) scene {
	if policies == nil {
		policies = []string{withoutTests}
	}
	return scene{model: exceptionModel, policies: policies, environment: "production", openers: []verify.Opener{timed{}}}
}

// TestR50Exception: a quorum of people may, for a while, admit a release despite a rule; the verdict says what, by
// whom, why and until when, and who has to review it.
func TestR50Exception(t *testing.T) {
	t.Parallel()
	s := exceptionScene()
	good := provenance("pipeline")
	want(t, s.judge(t, good), "deny", "rule-failed")
	granted := signed(exceptional(nil), "gina", "hugo")
	v := s.judge(t, good, granted)
	want(t, v, "allow-with-exception")
	if diff := cmp.Diff([]verify.Exception{{
		Evidence: v.Exceptions[0].Evidence, Rules: []string{"trusted-builder"}, RequestedBy: "alice", ApprovedBy: []string{"gina", "hugo"}, Reason: "the builder is down", Incident: "INC-7",
		ValidFrom: moment("2026-06-01T00:00:00Z"), ValidUntil: moment("2026-06-03T00:00:00Z"), ReviewDue: moment("2026-06-08T00:00:00Z"), ReviewOwner: "office",
	}}, v.Exceptions); diff != "" {
		t.Error(diff)
	}
	if got := v.Rules[1]; got.ID != "trusted-builder" || got.Outcome.String() != "waived" {
		t.Errorf("%+v", got)
	}
	says(t, v, "exception-used", "trusted-builder of policy payments waived until 2026-06-03T00:00:00Z by gina, hugo, asked for by alice: the builder is down (INC-7); team office has to review it by 2026-06-08T00:00:00Z")
	if f := finding(t, v, "exception-used"); f.Severity != verify.SeverityWarn || f.Control != "publisher-identity" || f.Position == "" {
		t.Errorf("%+v", f)
	}
	for _, e := range v.Inputs.Evidence {
		if e.Status != verify.Counted {
			t.Errorf("%+v", e)
		}
	}
	// signatures in two envelopes over one payload are one exception; a pattern is enough, and so is an account
	want(t, s.judge(t, good, signed(exceptional(nil), "gina"), signed(exceptional(nil), "hugo")), "allow-with-exception")
	want(t, s.judge(t, good, signed(exceptional(map[string]any{"artifact": "pkg:generic/payments/**"}), "gina", "hugo")), "allow-with-exception")
	want(t, s.judge(t, good, signed(exceptional(map[string]any{"requestedBy": "github:7"}), "ivan", "hugo")), "allow-with-exception")
	// where it is not needed it is not used
	plain := exceptionScene(replaced(t, withoutTests, "'https://trusted.test'", "'"+fixture.Builder+"'"))
	v = plain.judge(t, good, granted)
	want(t, v, "allow")
	if len(v.Exceptions) != 0 || slices.Contains(noted(v, verify.SeverityWarn), "exception-used") {
		t.Errorf("%+v\n%s", v.Exceptions, explain(v))
	}
	// without an environment there is none to name
	nowhere := exceptionScene(replaced(t, withoutTests, "environments: [production]\n", ""))
	nowhere.environment = ""
	want(t, nowhere.judge(t, good, signed(exceptional(map[string]any{"environment": nil}), "gina", "hugo")), "allow-with-exception")
	want(t, nowhere.judge(t, good, granted), "deny", "rule-failed", "exception-invalid")
	// evidence that is absent, and one exception for both
	all := exceptionScene(waivablePolicy)
	v = all.judge(t, good, signed(exceptional(map[string]any{"rules": []any{"trusted-builder", "evidence:tests"}}), "gina", "hugo"))
	want(t, v, "allow-with-exception")
	if !slices.Equal(v.Exceptions[0].Rules, []string{"evidence:tests", "trusted-builder"}) {
		t.Errorf("%+v", v.Exceptions)
	}
	want(t, all.judge(t, good, granted), "deny", "evidence-missing", "threshold-unreachable")
	want(t, all.judge(t, good, granted, signed(exceptional(map[string]any{"rules": []any{"evidence:tests"}}), "hugo", "ivan")), "allow-with-exception")
	// the other policies still hold
	want(t, exceptionScene(withoutTests, replaced(t, withoutTests, "name: payments", "name: other")).judge(t, good, granted), "deny", "rule-failed")
	// undecided: a certificate without a time
	late := exceptionScene()
	late.openers = append(late.openers, certOpener{hugoMail})
	late.model = replaced(t, exceptionModel, "credentials:\n", hugoCredential)
	want(t, late.judge(t, good, signed(exceptional(nil), "gina"), certificate(exceptional(nil), "2026-05-31T00:00:00Z", "2026-05-31T00:01:00Z")), "allow-with-exception")
	v = late.judge(t, good, signed(exceptional(nil), "gina"), certificate(exceptional(nil), "2026-05-31T00:00:00Z", ""))
	want(t, v, "indeterminate", "exception-invalid", "no-trusted-time", "rule-failed")
	if v.Rules[1].Outcome.String() != "unknown" {
		t.Errorf("%+v", v.Rules)
	}
}

// noExceptions are exceptions that are none.
func noExceptions(t *testing.T) {
	good := provenance("pipeline")
	for _, row := range []struct {
		name    string
		change  map[string]any
		keys    []string // gina and hugo if nil
		model   []string
		says    string
		code    verify.Code // exception-invalid if ""
		also    []string    // codes that refuse beside it
		subject string
	}{
		{name: "self-approved", change: map[string]any{"requestedBy": "gina"}, says: "only hugo granted it (gina asked for it)"},
		{name: "self-approved by account", change: map[string]any{"requestedBy": "github:7"}, says: "only hugo granted it (gina asked for it)"},
		{name: "requested by nobody known", change: map[string]any{"requestedBy": "github:8"}, says: "it was requested by github:8, who is nobody of the model"},
		{name: "expired", change: map[string]any{"validFrom": "2026-05-30T00:00:00Z", "validUntil": "2026-06-01T12:00:00Z"}, says: "it ended at 2026-06-01T12:00:00Z"},
		{name: "not begun", change: map[string]any{"validFrom": "2026-06-01T12:00:01Z"}, says: "it begins only at 2026-06-01T12:00:01Z"},
		{name: "too long", change: map[string]any{"validUntil": "2026-06-04T00:00:01Z"}, says: "it lasts 72h0m1s, and for trusted-builder at most 72h is allowed"},
		{name: "another rule", change: map[string]any{"rules": []any{"any-builder"}}, code: "exception-not-waivable", says: "waives nothing of any-builder"},
		{name: "a rule there is not", change: map[string]any{"rules": []any{"trusted"}}, code: "exception-not-waivable", says: "waives nothing of trusted, which the policy does not call waivable"},
		{name: "evidence not waivable", change: map[string]any{"rules": []any{"evidence:provenance"}}, code: "exception-not-waivable", says: "waives nothing of evidence:provenance"},
		{name: "a signature", change: map[string]any{"rules": []any{"signature"}}, code: "exception-not-waivable", says: "waives nothing of signature"},
		{name: "a digest", change: map[string]any{"rules": []any{"subject-mismatch"}}, code: "exception-not-waivable", says: "waives nothing of subject-mismatch"},
		{name: "a revocation", change: map[string]any{"rules": []any{"credential-revoked"}}, code: "exception-not-waivable", says: "waives nothing of credential-revoked"},
		{name: "another artifact", change: map[string]any{"artifact": "pkg:generic/payments/api@1.4.3"}, says: "it is for artifact pkg:generic/payments/api@1.4.3, and not for " + baseName},
		{name: "another digest", subject: otherFile, says: "it is not about this artifact"},
		{name: "another environment", change: map[string]any{"environment": "staging"}, says: "it is for environment staging, and the request is for environment production"},
		{name: "no environment", change: map[string]any{"environment": nil}, says: "it is for no environment"},
		{name: "a review by nobody", change: map[string]any{"reviewOwner": "nobody"}, says: "it is to be reviewed by nobody, which is no team of the model"},
		{name: "one person", keys: []string{"gina"}, says: "for trusted-builder it takes 2 of team office with the duty except, and only gina granted it"},
		{name: "one person twice", keys: []string{"gina", "gina"}, says: "only gina granted it"},
		{name: "one person's two keys", keys: []string{"gina", "p256:gina"}, says: "only gina granted it"},
		{name: "somebody of another team", keys: []string{"gina", "bob"}, says: "only gina granted it (bob may not except the artifact)"},
		{name: "somebody of another team who may", keys: []string{"gina", "bob"}, model: []string{"grants:\n", "grants:\n  - {to: bob, may: [except], artifacts: [\"**\"]}\n"}, says: "bob was not in it at 2026-06-01T12:00:00Z"},
		{name: "without the duty", model: []string{"{to: office, may: [except]", "{to: office, may: [approve]"}, says: "nobody granted it (gina may not except the artifact, hugo may not except the artifact)"},
		{name: "the duty for other artifacts", model: []string{"{to: office, may: [except], artifacts: [\"pkg:generic/**\"]", "{to: office, may: [except], artifacts: [\"pkg:generic/other/**\"]"}, says: "nobody granted it"},
		{name: "a bot of the team", keys: []string{"gina", "bot"}, model: []string{"grants:\n", "grants:\n  - {to: bot, may: [except], artifacts: [\"**\"]}\n"}, says: "credential bot-key is held by bot, expected one person's"},
		{name: "who left the team", model: []string{"{person: hugo}", "{person: hugo, until: 2026-05-01T00:00:00Z}"}, says: "only gina granted it (hugo may not except the artifact)"},
		{name: "who left the organisation", model: []string{"{id: hugo, from: 2023-01-01T00:00:00Z}", "{id: hugo, from: 2023-01-01T00:00:00Z, until: 2026-05-01T00:00:00Z}"}, says: "only gina granted it", also: []string{"signer-departed"}},
		{name: "a stranger beside", keys: []string{"gina", "nobody"}, says: "only gina granted it", also: []string{"signer-unknown"}},
		{name: "a revoked key", model: []string{"KEY(hugo)}, states: [{state: active, from: 2023-01-01T00:00:00Z}", "KEY(hugo)}, states: [{state: active, from: 2023-01-01T00:00:00Z}, {state: revoked, from: 2026-05-01T00:00:00Z, reason: superseded}"}, says: "only gina granted it", also: []string{"credential-revoked"}},
	} {
		t.Run(strings.ReplaceAll(row.name, " ", "-"), func(t *testing.T) {
			t.Parallel()
			st := exceptional(row.change)
			if row.subject != "" {
				st.Subject[0].Digest["sha256"] = row.subject
			}
			if row.keys == nil {
				row.keys = []string{"gina", "hugo"}
			}
			code := verify.Code(or(string(row.code), "exception-invalid"))
			s := exceptionScene()
			s.model = replaced(t, exceptionModel, row.model...)
			v := s.judge(t, good, signed(st, row.keys...))
			if row.name != "another rule" { // which holds without it
				row.also = append(row.also, string(code))
			}
			want(t, v, "deny", append(row.also, "rule-failed")...)
			says(t, v, code, row.says)
			if len(v.Exceptions) > 0 {
				t.Errorf("%+v", v.Exceptions)
			}
			// beside one that is valid it does no harm
			s.model = exceptionModel
			want(t, s.judge(t, good, signed(st, row.keys...), signed(exceptional(map[string]any{"reason": "another"}), "hugo", "ivan")), "allow-with-exception")
		})
	}
	// who signed in the team and left it since, and who joined it since
	for edit, why := range map[string]string{"until: 2026-06-01T00:00:00Z": "hugo is not in it any more", "from: 2026-06-01T00:00:00Z": "hugo was not in it at 2026-05-31T23:00:00Z"} {
		s := exceptionScene()
		s.model = replaced(t, exceptionModel, "grants:\n", "grants:\n  - {to: hugo, may: [except], artifacts: [\"**\"]}\n")
		evidence := [][]byte{good, signed(exceptional(nil), "gina"), stamped(exceptional(nil), "2026-05-31T23:00:00Z", "hugo")}
		want(t, s.judge(t, evidence...), "allow-with-exception")
		s.model = replaced(t, s.model, "{person: hugo}", "{person: hugo, "+edit+"}")
		v := s.judge(t, evidence...)
		want(t, v, "deny", "exception-invalid", "rule-failed")
		says(t, v, "exception-invalid", why)
	}
	// a policy that does not apply: nobody looks at it
	v := exceptionScene().judge(t, good, signed(exceptional(map[string]any{"policy": "other"}), "gina", "hugo"))
	want(t, v, "deny", "rule-failed")
	if !slices.ContainsFunc(v.Inputs.Evidence, func(e verify.EvidenceInput) bool { return e.Status == verify.Unused }) {
		t.Errorf("%+v", v.Inputs.Evidence)
	}
	// what is misspelt waives nothing
	v = exceptionScene().judge(t, good, signed(exceptional(map[string]any{"rule": "x"}), "gina", "hugo"))
	want(t, v, "deny", "rule-failed")
	says(t, v, "evidence-unreadable", "rule")
}

// TestR52NotWaivable: an exception from a rule changes nothing of a signature, a digest, a revocation or an error.
func TestR52NotWaivable(t *testing.T) {
	t.Parallel()
	granted := signed(exceptional(nil), "gina", "hugo")
	s := exceptionScene()
	broken := envelope(fixture.NewStatement(fixture.ProvenanceV1, release, fixture.Provenance(fixture.Builder)), "pipeline")
	broken.Signatures[0].Sig = flipBase64(broken.Signatures[0].Sig, 5)
	want(t, s.judge(t, provenance("pipeline"), granted), "allow-with-exception")
	want(t, s.judge(t, broken.JSON(), granted), "deny", "evidence-missing", "signature-invalid")
	want(t, s.judge(t, signed(fixture.NewStatement(fixture.ProvenanceV1, otherFile, fixture.Provenance(fixture.Builder)), "pipeline"), granted), "deny", "evidence-missing", "subject-mismatch")
	want(t, s.judge(t, provenance("pipeline"), granted, signed(listStatement(1, today, revocation("pipeline-key", "key-compromise", today, "")), "erin")), "deny", "evidence-missing", "credential-revoked")
	erring := exceptionScene(replaced(t, withoutTests, "it.provenance.builder == 'https://trusted.test'", "it.predicate.missing == 'z'"))
	v := erring.judge(t, provenance("pipeline"), granted)
	want(t, v, "indeterminate", "rule-error")
	// an unproven order may be waived
	unproven := exceptionScene(replaced(t, withoutTests, "it.provenance.builder == 'https://trusted.test'", "it.signedAt.recordedBefore(it.signedAt)"))
	want(t, unproven.judge(t, provenance("pipeline")), "indeterminate", "rule-failed")
	want(t, unproven.judge(t, provenance("pipeline"), granted), "allow-with-exception")
}

// TestExceptionsRevoked: lists speak against who granted an exception, and freshness is asked of them.
func TestExceptionsRevoked(t *testing.T) {
	t.Parallel()
	granted, good := signed(exceptional(nil), "gina", "hugo"), provenance("pipeline")
	list := signed(listStatement(1, today, revocation("hugo-key", "affiliation-changed", "2026-05-01T00:00:00Z", "")), "erin")
	v := exceptionScene().judge(t, good, granted, list)
	want(t, v, "deny", "credential-revoked", "exception-invalid", "rule-failed")
	says(t, v, "exception-invalid", "only gina granted it")
	fresh := exceptionScene(replaced(t, withoutTests, "evidence:\n", "freshness: {revocations: 24h}\nevidence:\n"))
	fresh.model = replaced(t, exceptionModel, "{id: hugo-key, holder: hugo, owner: office, revokers: [security]", "{id: hugo-key, holder: hugo, owner: office, revokers: [vault]")
	v = fresh.judge(t, good, granted, signed(listStatement(1, today), "erin"))
	want(t, v, "indeterminate", "exception-invalid", "revocation-stale", "rule-failed")
	says(t, v, "revocation-stale", "there is none for credential hugo-key")
	want(t, fresh.judge(t, good, granted, signed(listStatement(1, today), "erin"), signed(listStatement(1, today), "frank")), "allow-with-exception")
}

// behindModel also lets people of the office attest tests, and gina operate the pipeline.
var behindModel = strings.NewReplacer(
	"grants:\n", "grants:\n  - {to: office, may: [attest], artifacts: [\"**\"]}\n",
).Replace(exceptionModel)

func tested(note, key string) []byte {
	return signed(fixture.NewStatement(fixture.TestResult, release, map[string]any{"result": "PASSED", "configuration": []any{}, "note": note}), key)
}

// TestNobodyBehindEvidence: who grants an exception stands behind no evidence of the release: one or the other counts,
// so that neither more evidence nor less of an exception changes what is allowed without it (design §4.4).
func TestNobodyBehindEvidence(t *testing.T) {
	t.Parallel()
	s := exceptionScene(waivablePolicy)
	s.model = behindModel
	good := provenance("pipeline")
	granted := signed(exceptional(nil), "gina", "hugo")
	want(t, s.judge(t, good, granted, tested("", "ivan")), "allow-with-exception")
	v := s.judge(t, good, granted, tested("", "gina"))
	want(t, v, "deny", "exception-invalid", "rule-failed")
	says(t, v, "exception-invalid", "for trusted-builder it takes 2 of team office, and gina granted it and stands behind evidence of this release, which does not pass without that")
	// three granted it, of whom one tested: two are enough
	three := signed(exceptional(nil), "gina", "hugo", "ivan")
	v = s.judge(t, good, three, tested("", "gina"))
	want(t, v, "allow-with-exception")
	if !slices.Equal(v.Exceptions[0].ApprovedBy, []string{"hugo", "ivan"}) {
		t.Errorf("%+v", v.Exceptions)
	}
	// two of them tested: what one tested is left out
	v = s.judge(t, good, three, tested("a", "gina"), tested("b", "hugo"))
	want(t, v, "allow-with-exception")
	if !slices.Equal(v.Exceptions[0].ApprovedBy, []string{"gina", "ivan"}) || slices.ContainsFunc(v.Signers, func(s verify.Signer) bool { return s.Person == "gina" }) {
		t.Errorf("%+v %+v", v.Exceptions, v.Signers)
	}
	says(t, v, "separation-violated", "gina granted an exception that is used, so what they stand behind does not count")
	want(t, s.judge(t, good, three, tested("a", "gina"), tested("b", "hugo"), tested("c", "ivan")), "allow-with-exception")
	want(t, s.judge(t, good, granted, tested("a", "gina"), tested("b", "hugo")), "deny", "exception-invalid", "rule-failed")
	// evidence of another policy is evidence of the release, too
	other := policyHead + "evidence:\n  - {name: tests, predicateTypes: [\"https://in-toto.io/attestation/test-result/v0.1\"], duty: attest}\nrules:\n  - {id: any, about: tests, expression: \"true\"}\n"
	both := exceptionScene(withoutTests, replaced(t, other, "name: payments", "name: other"))
	both.model = behindModel
	want(t, both.judge(t, good, granted, tested("", "ivan")), "allow-with-exception")
	v = both.judge(t, good, granted, tested("", "gina"))
	want(t, v, "deny", "exception-invalid", "rule-failed")
	want(t, both.judge(t, good, three, tested("a", "gina"), tested("b", "ivan"), tested("c", "ivan")), "allow-with-exception")
	// an operator of the pipeline stands behind what it built
	s = exceptionScene()
	s.model = replaced(t, exceptionModel, "{id: pipeline, owner: security, operators: [dana]}", "{id: pipeline, owner: security, operators: [hugo]}")
	v = s.judge(t, good, granted)
	want(t, v, "deny", "exception-invalid", "rule-failed")
	says(t, v, "exception-invalid", "hugo granted it and stands behind evidence")
	want(t, s.judge(t, good, three), "allow-with-exception")
}

// TestR51Review: an exception nobody has reviewed in time is said so, and one too many; neither ends it.
func TestR51Review(t *testing.T) {
	t.Parallel()
	s, good := exceptionScene(), provenance("pipeline")
	st := exceptional(map[string]any{"reviewDue": "2026-06-01T11:59:59Z"})
	granted := signed(st, "gina", "hugo")
	review := func(changes map[string]any, of fixture.Statement, key string) []byte {
		predicate := map[string]any{"decision": "approved", "role": verify.ReviewRole, "reference": fmt.Sprintf("sha256:%x", sha256.Sum256(of.JSON()))}
		maps.Copy(predicate, changes)
		return signed(fixture.NewStatement(attest.ApprovalType, otherFile, predicate), key)
	}
	v := s.judge(t, good, granted)
	want(t, v, "allow-with-exception")
	says(t, v, "exception-review-overdue", "the exception from trusted-builder of policy payments was to be reviewed by team office until 2026-06-01T11:59:59Z")
	overdue := func(v verify.Verdict) bool {
		return slices.Contains(noted(v, verify.SeverityWarn), "exception-review-overdue")
	}
	v = s.judge(t, good, granted, review(nil, st, "ivan"))
	want(t, v, "allow-with-exception")
	if overdue(v) || slices.ContainsFunc(v.Inputs.Evidence, func(e verify.EvidenceInput) bool { return e.Status != verify.Counted }) {
		t.Errorf("%+v\n%s", v.Inputs.Evidence, explain(v))
	}
	left := s
	left.model = replaced(t, exceptionModel, "{person: ivan}", "{person: ivan, until: 2026-05-01T00:00:00Z}")
	for name, v := range map[string]verify.Verdict{
		"by who granted it":        s.judge(t, good, granted, review(nil, st, "gina")),
		"by somebody else":         s.judge(t, good, granted, review(nil, st, "bob")),
		"by who asked for it":      s.judge(t, good, granted, review(nil, st, "alice")),
		"by a stranger":            s.judge(t, good, granted, review(nil, st, "nobody")),
		"by who is not in it now":  left.judge(t, good, granted, review(nil, st, "ivan")),
		"of another exception":     s.judge(t, good, granted, review(nil, exceptional(nil), "ivan")),
		"rejected":                 s.judge(t, good, granted, review(map[string]any{"decision": "rejected"}, st, "ivan")),
		"in another role":          s.judge(t, good, granted, review(map[string]any{"role": "review"}, st, "ivan")),
		"by a key that is revoked": s.judge(t, good, granted, review(nil, st, "ivan"), signed(listStatement(1, today, revocation("ivan-key", "key-compromise", today, "")), "erin")),
	} {
		if want(t, v, "allow-with-exception"); !overdue(v) {
			t.Errorf("%s: it is reviewed\n%s", name, explain(v))
		}
	}
	// by a team that is named
	st = exceptional(map[string]any{"reviewDue": "2026-06-01T11:59:59Z", "reviewOwner": "vault"})
	if v := s.judge(t, good, signed(st, "gina", "hugo"), review(nil, st, "ivan")); !overdue(v) || v.Exceptions[0].ReviewOwner != "vault" {
		t.Errorf("%+v\n%s", v.Exceptions, explain(v))
	}
	if v := s.judge(t, good, signed(st, "gina", "hugo"), review(nil, st, "frank")); overdue(v) {
		t.Error(explain(v))
	}
	// one that has ended is still to be reviewed; one that nobody granted is not
	ended := exceptional(map[string]any{"validFrom": "2026-05-01T00:00:00Z", "validUntil": "2026-05-02T00:00:00Z", "reviewDue": "2026-05-10T00:00:00Z"})
	if v := s.judge(t, good, signed(ended, "gina", "hugo")); !overdue(v) || v.Admits() {
		t.Error(explain(v))
	}
	if v := s.judge(t, good, signed(ended, "gina", "bob")); overdue(v) {
		t.Error(explain(v))
	}
	// more than the policy means there to be, for whatever artifact, in thirty days
	other := exceptional(map[string]any{"artifact": "pkg:generic/payments/other@1", "validFrom": "2026-05-20T00:00:00Z", "validUntil": "2026-05-21T00:00:00Z"})
	other.Subject[0].Digest["sha256"] = otherFile
	old := exceptional(map[string]any{"validFrom": "2026-05-02T11:59:59Z", "validUntil": "2026-05-03T00:00:00Z"})
	third := exceptional(map[string]any{"reason": "again"})
	overused := func(evidence ...[]byte) bool {
		v := s.judge(t, append(evidence, good)...)
		want(t, v, "allow-with-exception")
		return slices.Contains(noted(v, verify.SeverityWarn), "exception-overused")
	}
	granted = signed(exceptional(nil), "gina", "hugo")
	if overused(granted, granted, signed(other, "gina", "hugo"), signed(old, "gina", "hugo"), signed(third, "gina")) {
		t.Error("two are too many")
	}
	if !overused(granted, signed(other, "gina", "hugo"), signed(third, "gina", "hugo")) {
		t.Error("three are not too many")
	}
}

func moment(text string) (at verify.Time) {
	if err := at.UnmarshalText([]byte(text)); err != nil {
		panic(err)
	}
	return at
}

var (
	hugoMail       = ownership.Identity{Issuer: "https://issuer.test", Subject: "hugo@acme.test"}
	hugoCredential = "credentials:\n  - {id: hugo-mail, holder: hugo, revokers: [security], identity: {issuer: \"https://issuer.test\", subject: hugo@acme.test}, states: [{state: active, from: 2023-01-01T00:00:00Z}]}\n"
)
