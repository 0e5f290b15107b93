package policytest_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/surety-dev/surety/policy/policytest"
)

// sound is a case; the rows of TestWrong change it.
const sound = `The pipeline built it.
-- ownership.yaml --
apiVersion: surety.dev/v1alpha1
kind: Ownership
metadata: {name: shop, version: 1, effectiveFrom: 2026-01-01T00:00:00Z}
people: [{id: ann, from: 2023-01-01T00:00:00Z}]
teams: [{id: platform, members: [{person: ann}]}]
workloads: [{id: pipeline, owner: platform, operators: [ann]}]
credentials:
  - {id: pipeline-key, holder: pipeline, key: {pem: KEY(pipeline)}, states: [{state: active, from: 2026-01-01T00:00:00Z}]}
grants: [{to: pipeline, may: [build], artifacts: ["pkg:generic/shop/**"]}]
controls: [{control: release-policy, artifacts: ["**"], accountable: platform}]
-- policy.yaml --
apiVersion: surety.dev/v1alpha1
kind: Policy
metadata: {name: shop, version: 1, effectiveFrom: 2026-01-01T00:00:00Z}
artifacts: ["pkg:generic/shop/**"]
evidence:
  - {name: provenance, predicateTypes: ["https://slsa.dev/provenance/v1"], duty: build}
rules:
  - {id: signed, expression: "evidence.provenance.size() == 1"}
-- case.yaml --
artifact: pkg:generic/shop/cart@1
at: 2026-06-01T12:00:00Z
evidence:
  provenance: {signers: [pipeline]}
want: {decision: allow}
broken:
  nobody built it: {drop: [provenance], want: {decision: deny, codes: [evidence-missing, rule-failed]}}
`

// load reads a case beside nothing.
func load(text string) (*policytest.Case, error) {
	return policytest.LoadCase(fstest.MapFS{"cases/c.txtar": {Data: []byte(text)}, "cases/list.json": {Data: []byte("[1,")}}, "cases/c.txtar")
}

// change replaces a text that stands once.
func change(t *testing.T, old, with string) string {
	t.Helper()
	if n := strings.Count(sound, old); n != 1 {
		t.Fatalf("%q stands %d times in the case", old, n)
	}
	return strings.Replace(sound, old, with, 1)
}

// TestWrong: what is wrong with a case is told once, with its place in the file.
func TestWrong(t *testing.T) {
	c, err := load(sound)
	if err != nil {
		t.Fatal(err)
	}
	if r := c.Run(t.Context(), policytest.Config{}); !r.Passed() {
		var b strings.Builder
		t.Errorf("the case the rows change: %v\n%s", r.Text(&b), b.String())
	}
	const from = "evidence:\n  provenance: {signers: [pipeline]}\n"
	const brokenBy = "{drop: [provenance], want"
	for _, row := range []struct{ name, old, with, want string }{
		{"no story", "The pipeline built it.\n", "", "cases/c.txtar:1:1: no story: expected a sentence before the first file that says what happened"},
		{"no case.yaml", "-- case.yaml --", "-- Case.yaml --", "cases/c.txtar:1:1: no case.yaml: expected a line -- case.yaml -- and the case after it"},
		{"a file twice", "-- policy.yaml --", "-- ownership.yaml --", "cases/c.txtar:13:1: the file ownership.yaml for the second time: expected each once"},
		{"a file outside", "-- policy.yaml --", "-- ../../policy.yaml --", `cases/c.txtar:13:1: the file "../../policy.yaml": expected a path relative to the case, with / between its parts, that stays within the directory the cases are in`},
		{"no policy", "-- policy.yaml --", "-- rules.yaml --", `cases/c.txtar:23:1: no "policies", and no cases/policy.yaml: expected one of them`},
		{"not YAML", "at: 2026-06-01T12:00:00Z", "at: [", "cases/c.txtar:24:5: not YAML: a [ without its ]: expected it closed"},
		{"a head", "at: 2026", "kind: Policy\nat: 2026", `cases/c.txtar:24:7: unknown field "kind": a case is no document by itself`},
		{"an unknown field", "at: 2026", "environmnet: production\nat: 2026", `cases/c.txtar:24:1: unknown field "environmnet": expected one of ownership, policies, edits, artifact, digests, content, environment, at, minVersions, evidence, want, broken, unbroken; did you mean "environment"?`},
		{"no time", "at: 2026-06-01T12:00:00Z\n", "", `cases/c.txtar:23:1: no "at": expected this required field`},
		{"not a name", "shop/cart@1", "shop//cart@1", `cases/c.txtar:23:11: artifact name "pkg:generic/shop//cart@1": has the segment ""`},
		{"a short digest", "at: 2026", "digests: {sha256: aa}\nat: 2026", `cases/c.txtar:23:1: artifact digest "sha256": its sha256 has 2 digits; expected 64`},
		{"content and digests", "at: 2026", "digests: {sha256: aa}\ncontent: a\nat: 2026", "cases/c.txtar:25:10: content beside digests: expected one of them"},
		{"no such file", "at: 2026", "policies: [other.yaml]\nat: 2026", "cases/c.txtar:24:12: the file cases/other.yaml is not there: expected a file of the case, or one beside it"},
		{"no policies", "at: 2026", "policies: []\nat: 2026", "cases/c.txtar:24:11: an empty list: expected one or more items, or the field left out"},
		{"a path outside", "at: 2026", "policies: [../../policy.yaml]\nat: 2026", `cases/c.txtar:24:12: the path "../../policy.yaml": expected one relative to the case, with / between its parts, that stays within the directory the cases are in`},
		{"no kind of evidence", "provenance: {signers", "build: {signers: [ann]}\n  provenance: {signers", "cases/c.txtar:26:10: evidence build is neither a file nor made: expected file, predicateType, or recipe: one of approval, exception, provenance, revocation, test-result, vsa"},
		{"an unknown recipe", "{signers", "{recipe: provenence, signers", `cases/c.txtar:26:24: "provenence": expected one of approval, exception, provenance, revocation, test-result, vsa; did you mean "provenance"?`},
		{"a file and a recipe", "{signers", "{file: policy.yaml, signers", "cases/c.txtar:26:15: a file, and how to make evidence: expected file alone, or with tamper: truncated"},
		{"what cannot be read", "{signers", "{predicate: {runDetails: {builder: 7}}, signers", "cases/c.txtar:26:15: evidence provenance: $.predicate.runDetails.builder: is a number; expected an object (where that is meant, give the predicateType instead of the recipe provenance)"},
		{"an exception without its policy", from, from + "  exception: {signers: [ann]}\n", "cases/c.txtar:27:14: evidence exception: $.predicate: has no policy (where that is meant, give the predicateType instead of the recipe exception)"},
		{"a bundle of two", "[pipeline]", "[pipeline, ann], form: bundle", "cases/c.txtar:26:15: evidence provenance: a bundle of 2 signatures: expected one signer, or the form dsse"},
		{"a predicate that is not JSON", "{signers", "{predicateFile: list.json, signers", "cases/c.txtar:26:31: cases/list.json:1:4: the file ends too early: expected one whole JSON value"},
		{"an edit of nothing", "at: 2026", "edits: [{file: policy.yaml, old: carts, new: cart}]\nat: 2026", `cases/c.txtar:24:34: "carts" does not stand once in cases/policy.yaml: expected a text that does`},
		{"no decision", "want: {decision: allow}", "want: {codes: [no-policy]}", `cases/c.txtar:27:7: no "decision": expected this required field`},
		{"an unknown decision", "decision: allow", "decision: permit", `cases/c.txtar:27:18: "permit": expected one of allow, allow-with-exception, deny, indeterminate`},
		{"an unknown code", "codes: [evidence-missing", "codes: [evidence-mising", `cases/c.txtar:29:72: no finding has the code "evidence-mising": expected one of docs/verdict.md; did you mean "evidence-missing"?`},
		{"a code twice", "codes: [evidence-missing,", "codes: [rule-failed,", `cases/c.txtar:29:85: "rule-failed" for the second time: expected each once`},
		{"codes that refuse what is admitted", "{decision: allow}", "{decision: allow, codes: [no-policy]}", "cases/c.txtar:27:32: codes that refuse beside the decision allow: expected none"},
		{"an unknown outcome", "{decision: allow}", "{decision: allow, rules: {signed: passed}}", `cases/c.txtar:27:41: "passed": expected one of pass, fail, error, unknown, waived, skipped; did you mean "pass"?`},
		{"nothing breaks it", "broken:\n  nobody built it: {drop: [provenance], want: {decision: deny, codes: [evidence-missing, rule-failed]}}\n", "", "cases/c.txtar:27:7: a release that is admitted, and nothing that breaks it: expected broken, or unbroken with the reason why not"},
		{"broken and unbroken", "broken:", "unbroken: why not\nbroken:", "cases/c.txtar:28:11: unbroken beside broken: expected one of them"},
		{"broken and admitted", "want: {decision: deny, codes: [evidence-missing, rule-failed]}", "want: {decision: allow}", "cases/c.txtar:29:47: what breaks a case, and the decision allow: expected one that refuses"},
		{"broken by nothing", brokenBy, "{want", "cases/c.txtar:29:20: nothing that breaks the case: expected one or more of drop, ownership, policies, edits, artifact, digests, content, environment, at, minVersions, evidence"},
		{"dropped and not there", brokenBy, "{drop: [build], want", `cases/c.txtar:29:28: no evidence is called "build": expected one of provenance`},
		{"two documents", "broken:", "---\nbroken:", "cases/c.txtar:29:1: a second YAML document: expected one"},
	} {
		t.Run(row.name, func(t *testing.T) {
			_, err := load(change(t, row.old, row.with))
			if err == nil || err.Error() != row.want {
				t.Errorf("got  %v\nwant %s", err, row.want)
			}
		})
	}
}

// TestWrongDocuments: what is wrong with a document of a case is told with its place in the case.
func TestWrongDocuments(t *testing.T) {
	for _, row := range []struct{ name, old, with, want string }{
		{"the model", "holder: pipeline,", "holder: pipelin,", `cases/c.txtar:10:32: nothing is called "pipelin": expected the id of a person, workload or vendor; did you mean "pipeline"?`},
		{"a policy", "evidence.provenance.size()", "evidence.tests.size()", "cases/c.txtar:21:"},
		{"an edit of it", "at: 2026", "edits: [{file: policy.yaml, old: evidence.provenance.size, new: evidence.tests.size}]\nat: 2026", "cases/c.txtar: as it is after the edits, cases/policy.yaml:8:"},
		{"a file nothing reads", "-- case.yaml --", "-- keys/pipelin.pub --\nKEY(pipeline)\n-- case.yaml --", "cases/c.txtar:22:1: nothing reads the file cases/keys/pipelin.pub: expected one that case.yaml or a document names"},
		{"an edit of what nothing reads", "at: 2026", "edits: [{file: list.json, old: \"1\", new: \"2\"}]\nat: 2026", "cases/c.txtar:24:16: no document of the case reads the file cases/list.json: expected an edit of one that is read"},
		{"no environment", "evidence:\n  - {name", "environments: [production]\nevidence:\n  - {name", "cases/c.txtar:24:1: environment: none named, "},
		{"a version nobody has", "at: 2026", "minVersions: {cart: 1}\nat: 2026", "cases/c.txtar: a minimum version is demanded of \"cart\""},
	} {
		t.Run(row.name, func(t *testing.T) {
			c, err := load(change(t, row.old, row.with))
			if err != nil {
				t.Fatal(err)
			}
			r := c.Run(t.Context(), policytest.Config{})
			if r.Err() == nil || !strings.HasPrefix(r.Err().Error(), row.want) || r.Passed() {
				t.Errorf("got  %v\nwant %s", r.Err(), row.want)
			}
			if _, err := c.Update(r); err == nil {
				t.Error("it was updated all the same")
			}
		})
	}
}
