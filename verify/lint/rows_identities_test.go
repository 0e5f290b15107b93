package lint_test

import "github.com/surety-dev/surety/verify"

// identityRows are about credentials, who uses them and on what.
func identityRows() []row {
	identity := func(id, holder, identity string) string {
		return "credentials:\n  - {id: " + id + ", holder: " + holder + ", owner: security, revokers: [security], identity: {" + identity + "}, states: [{state: active, from: 2026-01-01T00:00:00Z}]}\n"
	}
	const github = "issuer: \"https://token.actions.githubusercontent.com\", "
	return []row{
		{name: "emptied", code: "credential-unowned", old: "holder: bob, owner: approvers,", new: "holder: bob, owner: emptied,", at: "{id: bob-key", says: "nobody is in emptied, the owner of credential bob-key"},
		{name: "kept by nobody", code: "credential-unowned", old: "holder: bob, owner: approvers,", new: "holder: bob, owner: approvers, keptBy: emptied,", at: "{id: bob-key", says: "nobody is in emptied, which keeps credential bob-key"},
		{name: "emptied", code: "root-unowned", old: "file: root.json, owner: security", new: "file: root.json, owner: emptied", at: "{id: public-good", says: "nobody is in emptied, the owner of the root of trust public-good"},
		{name: "another issuer", code: "issuer-unlisted", old: "credentials:\n", new: identity("bob-identity", "bob", `issuer: "https://accounts.acme.test", subject: "bob@acme.test"`), at: "{id: bob-identity",
			says: "no Sigstore root may speak for https://accounts.acme.test, the issuer of credential bob-identity"},
		{name: "four years", code: "credential-long-lived", old: "rotateEvery: 365d", new: "rotateEvery: 1460d", at: "{id: tests-key", says: "credential tests-key is a key that is to be replaced only every 1460 days"},

		{name: "two environments", code: "credential-shared", old: `builders: ["https://builder.acme.test/*"]`, new: `builders: ["https://builder.acme.test/*"], environments: [staging, production]`,
			also: []string{"enforcement:\n", "enforcement:\n  - {id: stage, environment: staging, artifacts: [\"**\"], mode: enforce, onFailure: closed, owner: security, revocationWithin: 1h}\n",
				"holder: pipeline\n    owner: security\n    revokers: [security]\n    identity:\n      issuer: https://token.actions.githubusercontent.com\n      subject: https://github.com/acme/publish",
				"holder: tests\n    owner: security\n    revokers: [security]\n    identity:\n      issuer: https://token.actions.githubusercontent.com\n      subject: https://github.com/acme/publish"},
			at: "id: github-release", says: "credential github-release of pipeline is for several environments: production, staging"},
		{name: "two products", code: "credential-shared", mild: verify.SeverityInfo, old: "grants:\n",
			new: "grants:\n  - {to: tests, may: [deploy], artifacts: [\"pkg:generic/payments/**\"]}\n  - {to: tests, may: [deploy], artifacts: [\"pkg:generic/ledger/**\"]}\n",
			also: []string{reviewing, reviewing[:len(reviewing)-2] + ", acceptedBy: [{team: security}]}\n", releasing,
				releasing + `  - {control: release-policy, artifacts: ["pkg:generic/ledger/**"], accountable: security, responsible: [security], page: security, runbook: "x"}` + "\n"},
			at: "{id: tests-key", says: "credential tests-key of tests releases what different teams answer for: approvers, security"},

		{name: "a key that stays", code: "runner-shared", old: "{id: tests, owner: security, operators: [dana]}", new: "{id: tests, owner: security, operators: [dana], runner: shared}",
			also: []string{"may: [attest]", "may: [attest, deploy]"}, at: "{id: tests,", says: "workload tests runs on a shared machine with tests-key, and may deploy, attest: what else runs there can sign as it"},
		{name: "a machine of its own", code: "runner-contradicted", old: "{id: pipeline, owner: security, operators: [dana]}", new: "{id: pipeline, owner: security, operators: [dana], runner: dedicated}",
			at: "id: github-release", says: "workload pipeline has the runner dedicated, and its credential github-release demands runnerEnvironment github-hosted"},
		{name: "no claim", code: "runner-unproven", old: "{id: pipeline, owner: security, operators: [dana]}", new: "{id: pipeline, owner: security, operators: [dana], runner: hosted}",
			at: "id: shared-release", says: "workload pipeline is to run on hosted machines, and its credential shared-release does not demand runnerEnvironment"},

		{name: "both hold it", code: "human-used-machine-identity", old: "holder: bob, owner", new: "holder: [bob, tests], owner", at: "{id: bob-key", says: "credential bob-key is held by bob, a person, and by tests, a machine"},
		{name: "a person's workflow", code: "human-used-machine-identity", old: "credentials:\n",
			new: identity("bob-ci", "bob", github+`subject: "https://github.com/acme/payments/.github/workflows/release.yaml@refs/heads/main"`), at: "{id: bob-ci", says: "credential bob-ci is held by bob, a person, and is for https://github.com/acme/payments/.github"},
		{name: "a person's runner", code: "human-used-machine-identity", old: "credentials:\n",
			new: identity("bob-ci", "bob", github+`subject: "bob@acme.test", claims: {runnerEnvironment: self-hosted}`), at: "{id: bob-ci", says: "which is a machine's"},
		subject("human-used-machine-identity", "somebody's mailbox", "alice@acme.test", "", "credential github-release is held by pipeline, a machine, and is for alice@acme.test, the mailbox of alice"),
		{name: "a certificate for a mailbox", code: "human-used-machine-identity", old: "credentials:\n", new: identity("tests-mail", "tests", `authority: corp, email: "tests@acme.test"`),
			also: []string{"trust:\n", "trust:\n  certificateAuthorities: [{id: corp, file: ca.pem, owner: security}]\n"}, at: "{id: tests-mail", says: "is for tests@acme.test, a mailbox"},
	}
}

// timeRows are about when and where what is written can be used.
func timeRows() []row {
	grant := func(more string) string {
		return "grants:\n  - {to: pipeline, may: [build], predicates: [\"https://slsa.dev/provenance/*\"], builders: [\"https://builder.acme.test/*\"], artifacts: [\"pkg:generic/payments/**\"], " + more + "}\n"
	}
	return []row{
		{name: "frozen to the end", code: "grant-never-open", old: "grants:\n", new: grant("until: 2026-06-20T00:00:00Z, freezes: [{from: 2026-05-01T00:00:00Z, until: 2026-06-10T00:00:00Z}, {from: 2026-06-10T00:00:00Z, until: 2026-07-01T00:00:00Z}]"),
			at: "{to: pipeline, may: [build], predicates: [\"https://slsa.dev/provenance/*\"], builders: [\"https://builder.acme.test/*\"], artifacts: [\"pkg:generic/payments/**\"], until", says: "pipeline may build pkg:generic/payments/**, and until 2026-06-20T00:00:00Z no window is open outside the freezes", answers: "security"},
		{name: "no such day before the end", code: "grant-never-open", old: "grants:\n", new: grant("until: 2026-06-06T00:00:00Z, windows: [{days: [saturday, sunday]}, {days: [monday], until: \"12:00\"}]"),
			at: "{to: pipeline, may: [build], predicates: [\"https://slsa.dev/provenance/*\"], builders: [\"https://builder.acme.test/*\"], artifacts: [\"pkg:generic/payments/**\"], until", says: "no window is open"},
		{name: "the only day is frozen", code: "grant-never-open", old: "grants:\n", new: grant("until: 2026-06-12T00:00:00Z, windows: [{days: [saturday], from: \"08:00\", until: \"12:00\"}], freezes: [{from: 2026-06-06T00:00:00Z, until: 2026-06-06T12:00:00Z}]"),
			at: "{to: pipeline, may: [build], predicates: [\"https://slsa.dev/provenance/*\"], builders: [\"https://builder.acme.test/*\"], artifacts: [\"pkg:generic/payments/**\"], until", says: "no window is open"},
		{name: "with a key", code: "window-evadable", old: "{to: approvers, may: [approve], artifacts: [\"pkg:generic/payments/**\"]}", new: "{to: approvers, may: [approve], artifacts: [\"pkg:generic/payments/**\"], freezes: [{from: 2026-12-20T00:00:00Z, until: 2027-01-02T00:00:00Z}]}",
			at: "{to: approvers, may: [approve]", says: "approvers may approve pkg:generic/payments/** at certain times only, and with alice-key and carol-key a signature of another time"},
		{name: "a tie", code: "tier-ambiguous", old: "separation:\n", new: "tiers:\n  - {id: critical, artifacts: [\"pkg:generic/payments/*/x\", \"pkg:npm/**\"]}\n  - {id: low, artifacts: [\"pkg:generic/payments/*/*\", \"pkg:generic/payments/*/x\"]}\nseparation:\n",
			at: "{id: low", says: "pkg:generic/payments/*/x is in the tier critical and, as specifically, in low: it is in none", answers: "approvers"},
		{name: "nothing stands there", code: "environment-unguarded", old: "grants:\n", new: "grants:\n  - {to: approvers, may: [approve], artifacts: [\"pkg:generic/payments/**\"], environments: [production, canary]}\n", at: "{to: approvers, may: [approve], artifacts: [\"pkg:generic/payments/**\"], env",
			says: "approvers may approve pkg:generic/payments/** in canary, where no enforcement point stands"},
		{name: "only one of the past", code: "nobody-blocks", old: "revocationWithin: 1h}", new: "revocationWithin: 1h, until: 2026-06-01T12:00:00Z}", at: "{name: acme", says: "names no enforcement point"},
		{name: "emptied", code: "enforcement-unowned", old: "onFailure: closed, owner: security", new: "onFailure: closed, owner: emptied", at: "{id: prod", says: "nobody is in emptied, the owner of enforcement point prod in production"},
		{name: "too late", code: "revocation-latency", old: "revocationWithin: 1h", new: "revocationWithin: 8h", at: "{id: prod", says: "a revocation reaches prod in production only within 8h0m0s: every point is to know within 4h0m0s"},
		{name: "unsaid", code: "revocation-latency", old: ", revocationWithin: 1h", at: "{id: prod", says: "nobody says when a revocation reaches prod in production"},
	}
}
