package lint_test

const (
	monitoring = `  - {control: monitoring, artifacts: ["**"], accountable: security, responsible: [security], page: security, runbook: "https://runbooks.acme.test/7"}` + "\n"
	keys       = `  - {control: key-lifecycle, artifacts: ["**"], accountable: security, responsible: [security], page: security, runbook: "https://runbooks.acme.test/3"}` + "\n"
)

func controlRows() []row {
	return []row{
		{name: "not at all", code: "control-missing", old: monitoring, at: "{name: acme,", says: "nobody is named for monitoring of any artifact", answers: "approvers"},
		{name: "not for what is granted", code: "control-missing", old: `monitoring, artifacts: ["**"]`, new: `monitoring, artifacts: ["pkg:npm/**"]`,
			at: "{to: pipeline, may", says: "nobody is named for monitoring of pkg:generic/payments/** and **", answers: "approvers"},
		{name: "nobody accountable", code: "control-unowned", old: `monitoring, artifacts: ["**"], accountable: security,`, new: `monitoring, artifacts: ["**"],`,
			at: "{control: monitoring", says: "monitoring of ** has no accountable team", answers: "approvers"},
		{name: "a tie", code: "raci-multiple-accountable", old: monitoring, new: monitoring + `  - {control: monitoring, artifacts: ["**"], accountable: approvers, responsible: [security], page: security, runbook: "x"}` + "\n",
			at: `{control: monitoring, artifacts: ["**"], accountable: approvers`, says: "approvers is accountable for monitoring of ** here and security, as specifically, at ownership.yaml:", answers: "approvers"},
		{name: "a tie of other patterns", code: "raci-multiple-accountable", old: monitoring, new: monitoring +
			`  - {control: monitoring, artifacts: ["pkg:generic/*/x"], accountable: approvers, responsible: [security], page: security, runbook: "x"}` + "\n" +
			`  - {control: monitoring, artifacts: ["pkg:generic/a/b", "pkg:generic/x/*", "pkg:generic/*/*"], accountable: security, responsible: [security], page: security, runbook: "x"}` + "\n" +
			`  - {control: monitoring, artifacts: ["pkg:generic/*/y", "pkg:generic/*/x"], accountable: security, responsible: [security], page: security, runbook: "x"}` + "\n",
			at: `{control: monitoring, artifacts: ["pkg:generic/*/y"`, says: "security is accountable for monitoring of pkg:generic/*/x here and approvers", answers: "approvers"},
		{name: "emptied", code: "owner-stale", old: `monitoring, artifacts: ["**"], accountable: security, responsible: [security]`, new: `monitoring, artifacts: ["**"], accountable: security, responsible: [emptied]`,
			at: "{control: monitoring", says: "nobody is in emptied, which is responsible for monitoring of **", answers: "approvers"},
		{name: "none", code: "raci-no-responsible", old: `monitoring, artifacts: ["**"], accountable: security, responsible: [security],`, new: `monitoring, artifacts: ["**"], accountable: security,`,
			at: "{control: monitoring", says: "monitoring of ** has no responsible team", answers: "approvers"},
		{name: "none", code: "control-unpaged", old: ` page: security, runbook: "https://runbooks.acme.test/7"`, new: ` runbook: "https://runbooks.acme.test/7"`,
			at: "{control: monitoring", says: "does not say whom to page", answers: "approvers"},
		{name: "none", code: "runbook-missing", old: `, runbook: "https://runbooks.acme.test/7"`, at: "{control: monitoring", says: "monitoring of ** has no runbook", answers: "approvers"},
		{name: "no page", code: "escalation-broken", old: `{id: security, members: [{person: erin}], contacts: {page: "pager:security"}, escalation: [office]}`, new: `{id: security, members: [{person: erin}], escalation: [contractors]}`,
			at: "{id: security, members", says: "a page to security, which answers for publisher-identity, reaches nobody"},
		{name: "ends empty", code: "escalation-broken", old: "escalation: [security]", new: "escalation: [security, emptied]", at: "{id: approvers", says: "ends at emptied, and nobody is in it"},
		{name: "to come", code: "ownership-not-in-force", old: "version: 12, effectiveFrom: 2026-01-01", new: "version: 12, effectiveFrom: 2026-07-01", at: "{name: acme", says: "in force only from 2026-07-01", answers: "approvers"},
		{name: "overdue", code: "review-overdue", old: "reviewedAt: 2026-05-01", new: "reviewedAt: 2026-02-01", at: "{name: acme", says: "every 90 days: it is 30 days overdue", answers: "approvers"},
		{name: "never reviewed", code: "review-overdue", old: "reviewedAt: 2026-05-01T00:00:00Z, ", at: "{name: acme", says: "not been reviewed since it took effect on 2026-01-01", answers: "approvers"},
		{name: "unscheduled", code: "review-unscheduled", old: ", reviewEvery: 90d", at: "{name: acme", says: "does not say how often", answers: "approvers"},
	}
}

func principalRows() []row {
	return []row{
		{name: "no owner", code: "vendor-unowned", old: "internalOwner: security, evidence", new: "evidence", at: "{id: signco", says: "vendor signco has no internal owner"},
		{name: "emptied", code: "vendor-unowned", old: "internalOwner: security", new: "internalOwner: emptied", at: "{id: signco", says: "nobody is in emptied, the internal owner of vendor signco"},
		{name: "no owner", code: "workload-unowned", old: "{id: tests, owner: security,", new: "{id: tests,", at: "{id: tests,", says: "workload tests has no owner"},
		{name: "none", code: "contractor-unsponsored", old: "sponsor: alice, ", at: "{id: carol,", says: "contractor carol has no sponsor"},
		{name: "left", code: "contractor-unsponsored", old: "sponsor: alice", new: "sponsor: left", at: "{id: carol,", says: "left, the sponsor of contractor carol, is not there"},
		{name: "no end", code: "contractor-open-ended", old: "from: 2026-01-01T00:00:00Z, until: 2027-01-01T00:00:00Z", new: "from: 2026-01-01T00:00:00Z", at: "{id: carol,", says: "contractor carol has no end date"},
		{name: "only one", code: "contractor-sole-approver", old: "grants:\n", new: "grants:\n  - {to: contractors, may: [review], artifacts: [\"pkg:generic/payments/**\"]}\n",
			at: "{to: contractors", says: "only contractors, carol, can use the grant of review to contractors", answers: "approvers"},

		{name: "everything", code: "grant-too-wide", old: `{to: approvers, may: [approve], artifacts: ["pkg:generic/payments/**"]}`, new: `{to: approvers, may: [approve], artifacts: ["**"]}`,
			at: "{to: approvers", says: "approvers may approve whatever matches **"},
		{name: "all of a package type", code: "grant-too-wide", old: `{to: approvers, may: [approve], artifacts: ["pkg:generic/payments/**"]}`, new: `{to: approvers, may: [approve], artifacts: ["pkg:generic/payments/**", "pkg:npm/**"]}`,
			at: "{to: approvers", says: "whatever matches pkg:npm/**"},
		{name: "any host", code: "grant-too-wide", old: `{to: approvers, may: [approve], artifacts: ["pkg:generic/payments/**"]}`, new: `{to: approvers, may: [approve], artifacts: ["https://*/a"]}`,
			at: "{to: approvers", says: "whatever matches https://*/a"},
		{name: "except to one person", code: "grant-too-wide", old: "grants:\n", new: "grants:\n  - {to: bob, may: [except], artifacts: [\"**\"]}\n", at: "{to: bob", says: "bob may except whatever matches **"},
		{name: "attest", code: "grant-any-predicate", old: `, predicates: ["https://in-toto.io/attestation/test-result/*"]`, at: "{to: tests", says: "tests may attest pkg:generic/payments/** with any predicate type"},
		{name: "build", code: "grant-any-builder", old: `, builders: ["https://builder.acme.test/*"]`, at: "{to: pipeline", says: "pipeline may build pkg:generic/payments/** with provenance that names any builder"},
		{name: "an emptied team", code: "grant-to-nobody", old: "grants:\n", new: "grants:\n  - {to: emptied, may: [approve], artifacts: [\"pkg:generic/payments/**\"]}\n",
			at: "{to: emptied", says: "nobody is in emptied, which is granted approve of pkg:generic/payments/**"},
		{name: "one who left", code: "grant-to-nobody", old: "grants:\n", new: "grants:\n  - {to: left, may: [approve], artifacts: [\"pkg:generic/payments/**\"]}\n",
			at: "{to: left", says: "left is not there, which is granted approve"},
		{name: "no credential", code: "duty-unexercisable", old: "grants:\n", new: "grants:\n  - {to: dana, may: [approve], artifacts: [\"pkg:generic/payments/**\"]}\n",
			at: "{to: dana", says: "none of dana holds an active credential"},
		{name: "nobody knows who", code: "separation-unprovable", old: "{id: pipeline, owner: security, operators: [dana]}", new: "{id: pipeline, owner: security}",
			at: "{id: pipeline, owner", says: "no operator of workload pipeline is known, whose duties build-vs-approve keeps apart", answers: "approvers"},
		{name: "who left", code: "separation-unprovable", old: "{id: pipeline, owner: security, operators: [dana]}", new: "{id: pipeline, owner: security, operators: [left]}",
			at: "{id: pipeline, owner", says: "no operator of workload pipeline", answers: "approvers"},
	}
}

// subject rewrites the subject of the workflow's credential, and its claims if there are any.
func subject(code, name, text, claims, says string) row {
	r := row{code: code, name: name, at: "id: github-release", says: says,
		old: "subject: https://github.com/acme/payments/.github/workflows/release.yaml@refs/tags/*", new: "subject: " + text}
	if claims != "" {
		r.old += "\n      claims: {runnerEnvironment: github-hosted}"
		r.new += "\n      claims: {" + claims + "}"
	}
	return r
}

func credentialRows() []row {
	const own = "https://github.com/acme/payments/.github/workflows/release.yaml"
	return []row{
		subject("subject-anybody", "any owner", "https://github.com/*/payments/.github/workflows/release.yaml@refs/tags/*", "", "the subject of credential github-release names nobody"),
		subject("subject-anybody", "any repository of an unfinished owner", "https://github.com/acme*/payments/.github/workflows/release.yaml@refs/tags/*", "", "names nobody"),
		subject("subject-anybody", "any mailbox anywhere", "\"release@*\"", "", "names nobody"),
		subject("subject-open", "any ref", own+"@*", "", "is open after the workflow: a run of any branch or pull request signs as pipeline"),
		subject("subject-open", "any workflow at any branch", "https://github.com/acme/*/.github/workflows/*@refs/heads/*", "", "is open after the workflow"),
		subject("subject-open", "any refs", own+"@refs/*/*", "", "is open after the workflow"),
		subject("subject-open", "any of everything", own+"@refs/**", "", "is open after the workflow"),
		subject("subject-open", "any branch", own+"@refs/heads/*", "", "is open after the workflow"),
		subject("subject-open", "any branch with a slash", own+"@refs/heads/**", "", "is open after the workflow"),
		subject("subject-open", "no ref at all", "https://github.com/acme/payments/**", "", "is open after the workflow"),
		subject("subject-open", "a claim that is open too", own+"@*/*/*", "sourceRepositoryRef: refs/heads/*", "is open after the workflow"),
		subject("credential-inherited", "a claim that names nobody", own+"@refs/tags/*", "sourceRepositoryURI: https://github.com/*/*", "names the repository https://github.com/*/*, which is nobody's"),
		subject("credential-inherited", "a workflow another credential shares", "https://github.com/acme/publish/.github/workflows/publish.yaml@refs/heads/main", "", "which another credential knows as shared"),
		subject("credential-inherited", "a claim of another owner", own+"@refs/tags/*", "sourceRepositoryOwnerURI: https://github.com/other", "its claims are of another repository"),
		subject("credential-inherited", "a token of another repository", own+"@refs/tags/*", "tokenSubject: \"repo:acme/other:ref:refs/tags/*\"", "its claims are of another repository"),
		subject("credential-inherited", "a configuration in another repository", own+"@refs/tags/*", "buildConfigURI: https://github.com/acme/other/.github/workflows/x.yaml@refs/tags/*", "its claims are of another repository"),
		subject("credential-inherited", "an organisation's own workflows", "https://github.com/acme/.github/.github/workflows/release.yaml@refs/tags/*", "", "looks like a workflow for others to call"),
		{name: "any issuer", code: "root-unrestricted", old: `, issuers: ["https://token.actions.githubusercontent.com"]`, at: "{id: public-good", says: "the Sigstore root public-good may speak for any issuer"},
		{name: "no owner", code: "root-unowned", old: "trust:\n", new: "trust:\n  certificateAuthorities: [{id: corp, file: ca.pem}]\n", at: "{id: corp", says: "the root of trust corp has no owner"},

		{name: "still active", code: "offboarding-lag", old: "credentials:\n", new: "credentials:\n  - {id: left-token, holder: left, owner: security, revokers: [security], custody: ephemeral, key: {pem: KEY(left-token)}, states: [{state: active, from: 2023-01-01T00:00:00Z}]}\n",
			at: "{id: left-token", says: "left left on 2026-04-01T00:00:00Z, 61 days ago, and credential left-token is still active"},
		{name: "no revokers", code: "nobody-can-revoke", old: "holder: bob, owner: approvers, revokers: [security],", new: "holder: bob, owner: approvers,", at: "{id: bob-key", says: "nobody can revoke credential bob-key: it has no revokers"},
		{name: "emptied", code: "nobody-can-revoke", old: "holder: bob, owner: approvers, revokers: [security],", new: "holder: bob, owner: approvers, revokers: [emptied],", at: "{id: bob-key", says: "nobody is in emptied"},
		{name: "no owner", code: "credential-unowned", old: "holder: bob, owner: approvers,", new: "holder: bob,", at: "{id: bob-key", says: "credential bob-key has no owner"},
		{name: "two holders", code: "credential-shared", old: "holder: bob, owner", new: "holder: [bob, dana], owner", at: "{id: bob-key", says: "credential bob-key is held by bob, dana"},
		{name: "too old", code: "rotation-overdue", old: "rotateEvery: 365d", new: "rotateEvery: 90d", at: "{id: tests-key", says: "every 90 days: it is 61 days overdue"},
		{name: "no schedule", code: "rotation-unscheduled", old: "rotateEvery: 365d, ", at: "{id: tests-key", says: "credential tests-key is a key and does not say how often"},
	}
}

// rule rewrites the expression of the builder's rule.
func rule(code, name, expression, says string) row {
	return row{code: code, name: name, old: `"it.provenance.builder == params.builder"`, new: `"params.builder != '' && ` + expression + `"`, at: `"params.builder != '' && `, says: says, answers: "approvers"}
}

// absent has the rule about test results read a view that only the other of two predicate types has.
func absent(view, predicateType, expression string) row {
	return row{name: view + " of test results", code: "view-absent", old: `"it.predicate.result == 'PASSED'"`, new: `"` + expression + `"`, at: `"` + expression, says: "rule passed, at 1:1 of the expression: it." + view, answers: "approvers",
		also: []string{`["https://in-toto.io/attestation/test-result/v0.1"], duty: attest`, `["https://in-toto.io/attestation/test-result/v0.1", "` + predicateType + `"], duty: attest`}}
}

func policyRows() []row {
	return []row{
		{name: "ended", code: "policy-not-in-force", old: "version: 4, effectiveFrom: 2026-01-01T00:00:00Z", new: "version: 4, effectiveFrom: 2026-01-01T00:00:00Z, effectiveUntil: 2026-03-01T00:00:00Z",
			at: "{name: payments", says: "policy payments version 4 ended on 2026-03-01T00:00:00Z", answers: "approvers"},
		{name: "warn only", code: "no-deny-rule", at: "{name: payments", says: "has no deny rule that can apply", answers: "approvers",
			old: cleanRules, new: "rules:\n  - {id: a, about: provenance, severity: warn, expression: \"it.provenance.builder == params.builder && variables.approved\"}\n  - {id: b, about: tests, severity: info, expression: \"it.predicate.result == 'PASSED'\"}\n"},
		{name: "false", code: "rule-never-passes", old: `expression: "variables.approved"`, new: `expression: "variables.approved && params.builder == 'x'"`, at: `"variables.approved && params`, says: "rule approved never passes", answers: "approvers"},
		rule("rule-never-fails", "true beside anything", "(it.digest == '' || true)", "rule trusted-builder never fails"),
		{name: "false", code: "rule-never-applies", old: `when: "environment == 'production'"`, new: `when: "environment == 'production' && params.builder == ''"`, at: `"environment == 'production' && params`, says: "rule trusted-builder never applies", answers: "approvers"},
		rule("rule-contradictory", "two values", "it.digest == 'a' && it.digest == 'b'", "rule trusted-builder, at 1:1 of the expression"),
		{name: "two rules", code: "rule-contradictory", old: "  - {id: passed,", new: "  - {id: other, about: provenance, expression: \"it.provenance.builder == 'x'\"}\n  - {id: passed,", at: `"it.provenance.builder == 'x'"`,
			also: []string{"    when: \"environment == 'production'\"\n", ""}, says: "rule other, at 1:1 of the expression: it.provenance.builder == \"x\" cannot be met together with trusted-builder", answers: "approvers"},
		rule("operand-vacuous", "one of two", "(it.digest != 'a' || it.digest != 'b')", "rule trusted-builder, at 1:26 of the expression: it.digest != \"a\" || it.digest != \"b\""),
		rule("branch-unreachable", "by a parameter", "(params.builder == '' ? it.digest == 'x' : it.digest != '')", "rule trusted-builder, at 1:49 of the expression: it.digest == \"x\""),
		{name: "all by one team", code: "bypass-path", old: cleanRules, at: "{name: payments", says: "policy payments version 4: exceptions by office can waive every deny rule that applies in production", answers: "approvers",
			new: "rules:\n  - {id: a, about: provenance, expression: \"it.provenance.builder == params.builder && variables.approved\", waivable: {by: office, quorum: 2, maxDuration: 72h}}\n  - {id: b, about: tests, expression: \"it.predicate.result == 'PASSED'\", waivable: {by: office, quorum: 2, maxDuration: 72h}}\n"},
		{name: "an environment", code: "environment-unruled", old: cleanRules, at: "{name: payments", says: "policy payments version 4 has no deny rule that always applies in staging", answers: "approvers", also: []string{"environments: [production]", "environments: [production, staging]", "enforcement:\n", "enforcement:\n  - {id: stage, environment: staging, artifacts: [\"**\"], mode: enforce, onFailure: closed, owner: security, revocationWithin: 1h}\n"},
			new: "rules:\n  - {id: a, about: provenance, when: \"environment == 'production'\", expression: \"it.provenance.builder == params.builder && variables.approved\"}\n  - {id: b, about: tests, when: \"environment in ['production']\", expression: \"it.predicate.result == 'PASSED'\"}\n"},
		{name: "zero", code: "threshold-trivial", old: ".people().size() >= 2", new: ".people().size() >= 0", at: `"approvals.by('approvers')`, says: "variable approved, at 1:1 of the expression: approvals.by(\"approvers\").people().size() >= 0", answers: "approvers"},
		absent("provenance", "https://slsa.dev/provenance/v1", "it.provenance.builder == 'x'"), absent("summary", "https://slsa.dev/verification_summary/v1", "it.summary.passed"),
		absent("release", "https://in-toto.io/attestation/release/v0.2", "it.release.purl == 'x'"), absent("vulnerabilities", "https://in-toto.io/attestation/vulns/v0.2", "it.vulnerabilities.findings == []"),
		absent("scai", "https://in-toto.io/attestation/scai/v0.3", "it.scai.producer.name == 'x'"), absent("link", "https://in-toto.io/attestation/link/v0.3", "it.link.name == 'x'"),
		absent("trace", "https://in-toto.io/attestation/runtime-trace/v0.2", "it.trace.host == 'x'"), absent("source", "https://github.com/slsa-framework/source-tool/source-provenance/v1", "it.source.ref == 'x'"),
		absent("publish", "https://docs.pypi.org/attestations/publish/v1", "it.publish.name == 'x'"), absent("sbom", "https://cyclonedx.org/bom/v1.7", "it.sbom.components == 2"),
		rule("not-monotone", "not exists", "!approvals.exists(a, a.person == 'mallory')", "rule trusted-builder, at 1:25 of the expression: !approvals.exists("),
		rule("not-monotone", "all", "it.signers.all(s, s.person == '')", "it.signers.all("),
		rule("not-monotone", "counted from above", "approvals.size() < 3", "approvals.size() < 3"),
		rule("error-absorbed", "a field", "(it.predicate.missing == 'z' || it.digest == '')", "rule trusted-builder, at 1:26 of the expression: it.predicate.missing"),
		rule("team-unknown", "a rule's", "approvals.by('aprovers').size() > 0", `there is no team "aprovers", in rule trusted-builder, at 1:25`),
		{name: "a waiver's", code: "team-unknown", old: "by: office", new: "by: ofice", at: "id: trusted-builder", says: `rule trusted-builder is waivable by "ofice", and there is no such team`, answers: "approvers"},
		{name: "a promotion's", code: "team-unknown", old: "evidence:\n", new: "promotion: {from: [staging], by: ofice}\nevidence:\n", at: "{from: [staging]", says: `a promotion is by "ofice", and there is no such team`, answers: "approvers"},
		rule("tier-unknown", "a rule's", "artifact.tier != 'critcal'", `there is no tier "critcal", in rule trusted-builder, at 1:25`),
		rule("tier-unknown", "on the left", "'critcal' != artifact.tier", `there is no tier "critcal"`),
		rule("tier-unknown", "in a list", "!(artifact.tier in ['critcal', ''])", `there is no tier "critcal"`),
		rule("duty-unknown", "a rule's", "it.signers.holding('bild').size() > 0", `there is no duty "bild"`),
		{name: "two of one", code: "threshold-unreachable", old: "duty: attest}", new: "duty: attest, min: 2}", at: "{name: tests", says: "evidence tests of policy payments asks for 2 with duty attest, and at most 1", answers: "approvers"},
		{name: "nobody", code: "threshold-unreachable", old: "duty: attest}", new: "duty: witness}", at: "{name: tests", says: "at most 0 are granted it", answers: "approvers"},
		{name: "three of two", code: "waiver-unreachable", old: "quorum: 2", new: "quorum: 3", at: "id: trusted-builder", says: "rule trusted-builder is waivable by 3 of office, and 2 of them", answers: "approvers"},
		{name: "evidence", code: "waiver-unreachable", old: "duty: attest}", new: "duty: attest, waivable: {by: contractors, maxDuration: 2h}}", at: "{name: tests", says: "evidence tests is waivable by 1 of contractors, and 0 of them", answers: "approvers"},
		{name: "tests", code: "evidence-unruled", old: "  - {id: passed, about: tests, expression: \"it.predicate.result == 'PASSED'\"}\n", at: "{name: tests", says: "no rule looks at evidence tests", answers: "approvers"},
		{name: "demanded", code: "freshness-demanded", old: "environments: [production]\n", new: "environments: [production]\nfreshness: {revocations: 24h}\n", at: "{name: payments", says: "not older than 24h0m0s"},
		{name: "of none", code: "variable-unused", old: "variables:\n", new: "variables:\n  - {name: spare, expression: \"it.digest\"}\n", at: `"it.digest"`, says: "no rule uses variable spare", answers: "approvers"},
		{name: "of none", code: "param-unused", old: `params: {builder`, new: `params: {spare: 1, builder`, at: "{spare: 1", says: "no expression uses parameter spare", answers: "approvers"},
		maps("an alias", "nist-csf-2.0:PR.AC-4", "rule trusted-builder maps to nist-csf-2.0:PR.AC-4, which is nist-csf-2.0:PR.AA-05, Permissions follow least privilege and separation of duties (PR.AC-4 is an id of CSF 1.1"),
		maps("an alias of another version", "nist-csf-1.1:PR.AC-4", "which is nist-csf-2.0:PR.AA-05"),
		maps("an alias that looks like another id", "owasp-nhi-2025:NHI-03", "which is owasp-nhi-2025:NHI1, Improper Offboarding (circulates for the life cycle"),
		maps("no id", "slsa-1.2:build-l4", "and the table of frameworks has no such id of slsa-1.2"),
	}
}

// maps has the builder's rule map to a framework id.
func maps(name, ref, says string) row {
	return row{code: "framework-unknown", name: name, old: "  - id: trusted-builder\n", new: "  - id: trusted-builder\n    frameworks: [\"slsa-1.2:build-l3\", \"" + ref + "\"]\n",
		at: "id: trusted-builder", says: says, answers: "approvers"}
}

// cleanRules are the rules of the clean policy.
var cleanRules = cleanPolicy[indexOf(cleanPolicy, "rules:\n"):]

func indexOf(s, part string) int {
	for i := range s {
		if len(s)-i >= len(part) && s[i:i+len(part)] == part {
			return i
		}
	}
	return -1
}

func enforcementRows() []row {
	return []row{
		{name: "another environment", code: "nobody-blocks", old: "environments: [production]", new: "environments: [staging]", at: "{name: payments", says: "nobody blocks pkg:generic/payments/** in staging, which policy payments is for"},
		{name: "another artifact", code: "nobody-blocks", old: `environment: production, artifacts: ["**"]`, new: `environment: production, artifacts: ["pkg:generic/payments/*"]`, at: "{name: payments", says: "nobody blocks pkg:generic/payments/**"},
		{name: "no point", code: "nobody-blocks", old: "enforcement:\n  - {id: prod, environment: production, artifacts: [\"**\"], mode: enforce, onFailure: closed, owner: security, revocationWithin: 1h}\n", at: "{name: acme", says: "names no enforcement point"},
		{name: "audit", code: "not-enforced", old: "enforcement:\n", new: "enforcement:\n  - {id: watch, environment: staging, artifacts: [\"**\"], mode: audit, owner: security}\n", at: "{id: watch", says: "enforcement point watch in staging only audits"},
		{name: "no owner", code: "enforcement-unowned", old: "onFailure: closed, owner: security", new: "onFailure: closed", at: "{id: prod", says: "enforcement point prod in production has no owner"},
		{name: "open", code: "fail-open", old: "onFailure: closed", new: "onFailure: open", at: "{id: prod", says: "lets everything in when it cannot judge"},
		{name: "unsaid", code: "fail-open", old: "onFailure: closed, ", at: "{id: prod", says: "does not say what it does when it cannot judge"},
	}
}
