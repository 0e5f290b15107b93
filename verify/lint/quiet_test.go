package lint_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestQuiet: what is as it should be is not found, however near it comes to what is not.
func TestQuiet(t *testing.T) {
	t.Parallel()
	const own = "https://github.com/acme/payments/.github/workflows/release.yaml"
	grant := func(name, text string) row {
		return row{name: "grant/" + name, old: "grants:\n", new: "grants:\n  - " + text + "\n"}
	}
	credential := func(name, holder, states string) row {
		return row{name: "credential/" + name, old: "credentials:\n", new: "credentials:\n  - {id: more, holder: " + holder + ", owner: security, revokers: [emptied, security], rotateEvery: 1000d, key: {pem: KEY(more)}, states: [" + states + "]}\n"}
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
		credential("one of two revokers is there", "dana", "{state: active, from: 2025-01-01T00:00:00Z}"),
		{name: "contractor/gone, without sponsor", old: "people:\n", new: "people:\n  - {id: gone, employment: contractor, from: 2025-01-01T00:00:00Z, until: 2026-01-01T00:00:00Z}\n"},
		{name: "controls/the same answer twice", old: monitoring, new: monitoring + monitoring},
		{name: "controls/a tie that a narrower one decides", old: monitoring, new: monitoring +
			`  - {control: monitoring, artifacts: ["pkg:npm/*/x"], accountable: approvers, responsible: [security], page: security, runbook: "x"}` + "\n" +
			`  - {control: monitoring, artifacts: ["pkg:npm/x/*", "pkg:npm/x/x"], accountable: security, responsible: [security], page: security, runbook: "x"}` + "\n"},
		{name: "controls/an entry of the past differs", old: monitoring, new: monitoring +
			`  - {control: monitoring, artifacts: ["**"], accountable: audit, responsible: [audit], page: audit, runbook: "x", until: 2026-06-01T12:00:00Z}` + "\n"},
		{name: "controls/an entry to come differs", old: monitoring, new: monitoring +
			`  - {control: monitoring, artifacts: ["**"], accountable: emptied, from: 2026-06-01T12:00:01Z}` + "\n"},
		{name: "controls/all activities", old: keys, new: keys[:len(keys)-2] + ", activities: {generate: security, store: audit, access: security, rotate: audit, revoke: security}}\n"},
		{name: "controls/activities over two entries", old: keys, new: keys[:len(keys)-2] + ", activities: {generate: security, store: audit}}\n" +
			keys[:len(keys)-2] + ", activities: {access: security, rotate: audit, revoke: security}}\n"},
		{name: "controls/an owner accepted", old: reviewing, new: reviewing[:len(reviewing)-2] + ", acceptedBy: [{team: security, at: 2026-06-01T12:00:00Z}]}\n",
			also: []string{releasing, releasing + `  - {control: release-policy, artifacts: ["pkg:generic/payments/**"], accountable: security, responsible: [approvers], page: security, runbook: "x"}` + "\n"}},
		{name: "controls/an owner of its own", old: reviewing, new: reviewing + strings.Replace(reviewing, `"**"`, `"pkg:generic/**"`, 1), also: []string{releasing,
			releasing + `  - {control: release-policy, artifacts: ["pkg:generic/**"], accountable: security, responsible: [approvers], page: security, runbook: "x"}` + "\n"}},
		{name: "controls/an entry reviewed", old: monitoring, new: monitoring[:len(monitoring)-2] + ", reviewedAt: 2026-05-02T12:00:00Z, reviewEvery: 30d}\n"},
		{name: "controls/a quorum of all", old: releasing, new: releasing[:len(releasing)-2] + ", quorum: 3}\n"},
		{name: "tiers/named by a rule", old: "separation:\n", new: "tiers:\n  - {id: critical, artifacts: [\"pkg:generic/payments/**\"]}\nseparation:\n",
			also: []string{"environment == 'production'", "environment == 'production' && artifact.tier in ['critical', '']"}},
		{name: "person/back", old: "proofedAt: 2025-02-10T00:00:00Z", new: "proofedAt: 2025-02-10T00:00:00Z, away: [{from: 2024-03-01T00:00:00Z, until: 2026-06-01T12:00:00Z}]"},
		{name: "person/proofed to the day", old: "proofedAt: 2025-02-10T00:00:00Z", new: "proofedAt: 2024-06-01T12:00:00Z"},
		{name: "person/their own mailbox", old: "https://github.com/acme/payments/.github/workflows/release.yaml@refs/tags/*\n      claims: {runnerEnvironment: github-hosted}", new: "alice@acme.test",
			also: []string{"id: github-release\n    holder: pipeline", "id: github-release\n    holder: alice"}},
		{name: "contractor/away, their membership goes on", old: "{id: left, from: 2023-01-01T00:00:00Z, until: 2026-04-01T00:00:00Z}",
			new: "{id: left, employment: contractor, sponsor: alice, from: 2023-01-01T00:00:00Z, until: 2027-04-01T00:00:00Z, away: [{from: 2026-04-01T00:00:00Z, until: 2026-10-01T00:00:00Z}]}"},
		{name: "contractor/gone, as their membership is", old: "{id: left, from", new: "{id: left, employment: contractor, from", also: []string{"members: [{person: left}]", "members: [{person: left, until: 2026-04-01T00:00:00Z}]"}},
		{name: "vendor/in its contract", old: "evidenceWithin: 72h}\ncredentials:\n", new: "evidenceWithin: 72h, from: 2024-01-01T00:00:00Z, until: 2026-06-01T12:00:01Z}\ncredentials:\n" +
			"  - {id: signco-key, holder: signco, owner: approvers, revokers: [approvers, security], custody: ephemeral, key: {pem: KEY(signco)}, states: [{state: active, from: 2024-01-01T00:00:00Z}]}\n"},
		{name: "vendor/over, without a credential", old: "evidenceWithin: 72h", new: "evidenceWithin: 72h, until: 2026-05-01T00:00:00Z"},
		{name: "workload/shared, and nothing stays", old: "{id: tests, owner: security, operators: [dana]}", new: "{id: tests, owner: security, operators: [dana], runner: shared}",
			also: []string{"may: [attest]", "may: [attest, deploy]", "holder: tests, owner: security, revokers: [security], rotateEvery: 365d", "holder: tests, owner: security, revokers: [security], custody: ephemeral"}},
		{name: "workload/shared, and only attests", old: "{id: tests, owner: security, operators: [dana]}", new: "{id: tests, owner: security, operators: [dana], runner: shared}"},
		{name: "workload/one operator is there", old: "{id: tests, owner: security, operators: [dana]}", new: "{id: tests, owner: security, operators: [dana, left]}"},
		{name: "workload/one environment", old: `builders: ["https://builder.acme.test/*"]`, new: `builders: ["https://builder.acme.test/*"], environments: [production]`},
		{name: "credential/kept by another team", old: "holder: bob, owner: approvers,", new: "holder: bob, owner: approvers, keptBy: audit,"},
		{name: "credential/five years in a token", old: "rotateEvery: 365d", new: "rotateEvery: 1825d, custody: token"},
		{name: "credential/three years", old: "rotateEvery: 365d", new: "rotateEvery: 1098d"},
		grant("a window that opens", `{to: pipeline, may: [build], predicates: ["https://slsa.dev/provenance/*"], builders: ["https://builder.acme.test/*"], artifacts: ["pkg:generic/payments/**"], until: 2026-06-02T09:00:01Z, windows: [{days: [tuesday], from: "09:00", until: "17:00"}]}`),
		grant("open now, to the second", `{to: pipeline, may: [build], predicates: ["https://slsa.dev/provenance/*"], builders: ["https://builder.acme.test/*"], artifacts: ["pkg:generic/payments/**"], until: 2026-06-01T12:00:01Z, windows: [{days: [monday], from: "08:00", until: "17:00"}]}`),
		grant("a gap between freezes", `{to: pipeline, may: [build], predicates: ["https://slsa.dev/provenance/*"], builders: ["https://builder.acme.test/*"], artifacts: ["pkg:generic/payments/**"], until: 2026-07-01T00:00:00Z, freezes: [{from: 2026-05-01T00:00:00Z, until: 2026-06-10T00:00:00Z}, {from: 2026-06-10T00:00:01Z, until: 2026-08-01T00:00:00Z}]}`),
		grant("frozen for years, without an end", `{to: pipeline, may: [build], predicates: ["https://slsa.dev/provenance/*"], builders: ["https://builder.acme.test/*"], artifacts: ["pkg:generic/payments/**"], windows: [{days: [monday]}], freezes: [{from: 2020-01-01T00:00:00Z, until: 2040-01-01T00:00:00Z}]}`),
		grant("for an environment a point guards", `{to: approvers, may: [approve], artifacts: ["pkg:generic/payments/**"], environments: [production]}`),
		{name: "tiers/the more specific one", old: "separation:\n", new: "tiers:\n  - {id: critical, artifacts: [\"pkg:generic/payments/**\"]}\n  - {id: low, artifacts: [\"**\", \"pkg:generic/*/x\"]}\nseparation:\n"},
		{name: "enforcement/in time", old: "revocationWithin: 1h", new: "revocationWithin: 4h"},
		{name: "enforcement/a point of the past", old: "enforcement:\n", new: "enforcement:\n  - {id: old, environment: staging, artifacts: [\"**\"], mode: audit, until: 2026-05-01T00:00:00Z}\n"},
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
			if diff := cmp.Diff([]string{}, lines(tt.run(t, model, rules))); diff != "" {
				t.Error(diff)
			}
		})
	}
}
