package lint_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/surety-dev/surety/verify/lint"
)

// TestQuiet: what is as it should be is not found, however near it comes to what is not.
func TestQuiet(t *testing.T) {
	t.Parallel()
	const own = "https://github.com/acme/payments/.github/workflows/release.yaml"
	grant := func(name, text string) row {
		return row{name: "grant/" + name, old: "grants:\n", new: "grants:\n  - " + text + "\n"}
	}
	credential := func(name, holder, states string) row {
		return row{name: "credential/" + name, old: "credentials:\n", new: "credentials:\n  - {id: more, holder: " + holder + ", owner: security, revokers: [emptied, security], rotateEvery: 5000d, key: {pem: KEY(more)}, states: [" + states + "]}\n"}
	}
	rule := func(name, expression string) row { return rule("", "rule/"+name, expression, "") }
	for _, tt := range []row{
		grant("one package", `{to: approvers, may: [approve], artifacts: ["pkg:bazel/rules@*"]}`),
		grant("a namespace's beginning", `{to: approvers, may: [approve], artifacts: ["pkg:npm/%40acme/*"]}`),
		grant("a host", `{to: approvers, may: [approve], artifacts: ["https://files.acme.test/**"]}`),
		grant("a plain name's beginning", `{to: approvers, may: [approve], artifacts: ["pay*"]}`),
		grant("except to a team", `{to: approvers, may: [except], artifacts: ["**"]}`),
		grant("revoke of everything", `{to: alice, may: [revoke], artifacts: ["**"]}`),
		grant("of the past, to nobody", `{to: emptied, may: [build], artifacts: ["**"], until: 2026-02-01T00:00:00Z}`),
		grant("to come, to nobody", `{to: emptied, may: [approve], artifacts: ["pkg:generic/payments/**"], from: 2027-02-01T00:00:00Z}`),
		grant("an operator may approve what no separation says", `{to: approvers, may: [review], artifacts: ["pkg:generic/payments/**"]}`),

		subject("", "subject/a branch", own+"@refs/heads/main", "", ""),
		subject("", "subject/branches of a name", own+"@refs/heads/release-*", "", ""),
		subject("", "subject/tags of a name", own+"@refs/tags/v*", "", ""),
		subject("", "subject/any repository of ours", "https://github.com/acme/*/.github/workflows/release.yaml@refs/tags/*", "", ""),
		subject("", "subject/a mailbox", "release@acme.test", "", ""),
		subject("", "subject/mailboxes of a domain", "\"*@release.acme.test\"", "", ""),
		subject("", "subject/a workload of a trust domain", "spiffe://acme.test/**", "", ""),
		subject("", "subject/a claim closes the ref", own+"@refs/*/*", "sourceRepositoryRef: refs/tags/*", ""),
		subject("", "subject/anybody's workflow for our repository", "https://github.com/*/publish/.github/workflows/x.yaml@refs/tags/*", "sourceRepositoryURI: https://github.com/acme/payments", ""),
		subject("", "subject/shared, by owner", "https://github.com/acme/.github/.github/workflows/release.yaml@refs/tags/*", "sourceRepositoryOwnerIdentifier: \"123\"", ""),
		subject("", "subject/a token of the same repository", own+"@refs/tags/*", "tokenSubject: \"repo:acme/payments:ref:refs/tags/*\", sourceRepositoryOwnerURI: https://github.com/acme", ""),

		credential("of somebody who left, deactivated", "left", "{state: active, from: 2023-01-01T00:00:00Z}, {state: deactivated, from: 2026-04-01T00:00:00Z}"),
		credential("of somebody who left, destroyed", "left", "{state: active, from: 2023-01-01T00:00:00Z}, {state: destroyed, from: 2026-04-01T00:00:00Z}"),
		credential("one of two revokers is there", "dana", "{state: active, from: 2023-01-01T00:00:00Z}"),
		{name: "contractor/gone, without sponsor", old: "people:\n", new: "people:\n  - {id: gone, employment: contractor, from: 2025-01-01T00:00:00Z, until: 2026-01-01T00:00:00Z}\n"},
		{name: "controls/the same answer twice", old: monitoring, new: monitoring + monitoring},
		{name: "controls/a tie that a narrower one decides", old: monitoring, new: monitoring +
			`  - {control: monitoring, artifacts: ["pkg:npm/*/x"], accountable: approvers, responsible: [security], page: security, runbook: "x"}` + "\n" +
			`  - {control: monitoring, artifacts: ["pkg:npm/x/*", "pkg:npm/x/x"], accountable: security, responsible: [security], page: security, runbook: "x"}` + "\n"},
		{name: "enforcement/audit beside enforce", old: "enforcement:\n", new: "enforcement:\n  - {id: watch, environment: production, artifacts: [\"**\"], mode: audit, owner: security}\n"},
		maps("framework/in the table", "nist-csf-2.0:PR.PS-05", ""),
		maps("framework/of our own", "acme:PR.AC-4", ""),
		maps("framework/another version", "nist-csf-1.1:PR.DS-6", ""),
		maps("framework/no framework", "release checklist", ""),
		{name: "policy/every environment", old: "environments: [production]\n", new: ""},
		{name: "review/on the day", old: "reviewedAt: 2026-05-01T00:00:00Z", new: "reviewedAt: 2026-03-03T12:00:00Z"},
		{name: "policy/more than its namespace, where somebody is granted one", old: `artifacts: ["pkg:generic/payments/**"]` + "\nenv", new: `artifacts: ["pkg:generic/**"]` + "\nenv"},

		rule("guarded", "(!has(it.predicate.a) || it.predicate.a == 'x')"),
		rule("approvals counted from below", "approvals.by('approvers').recordedBefore(it.signedAt).people().size() > 1"),
		rule("all materials", "it.provenance.materials.all(m, m.uri != '')"),
		rule("some signer", "it.signers.exists(s, s.person == '' && 'build' in s.duties)"),
		{name: "rule/test results", old: "it.predicate.result == 'PASSED'", new: "it.test.passed && it.test.failedTests.size() == 0"},
		{name: "rule/test results, if they are", old: "it.predicate.result == 'PASSED'", new: "!has(it.test) || it.test.passed"},
		{name: "rule/a warning that is not monotone", old: "signers.holding('build').size() > 0", new: "signers.holding('build').size() == 1"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			model, rules := tt.replaced(t)
			if diff := cmp.Diff([]string{}, lines(lint.Run(read(t, model, rules, cleanAt)))); diff != "" {
				t.Error(diff)
			}
		})
	}
}
