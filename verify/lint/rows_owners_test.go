package lint_test

import "github.com/surety-dev/surety/verify"

// cleanPrevious is how the clean model names its version before.
const cleanPrevious = `previous: "sha256:6b23c0d5f35d1b11f9b683f0b0a617355deb11277d91ae091d399c655b87940d", `

// The two entries of the approvers.
const (
	reviewing = `  - {control: review-audit, artifacts: ["**"], accountable: approvers, responsible: [approvers], informed: [security], page: approvers, runbook: "https://runbooks.acme.test/4"}` + "\n"
	releasing = `  - {control: release-policy, artifacts: ["**"], accountable: approvers, responsible: [approvers], informed: [security], page: approvers, runbook: "https://runbooks.acme.test/5"}` + "\n"
)

// documentRows are about the model as a whole.
func documentRows() []row {
	return []row{
		{name: "nobody verified", code: "ownership-unsigned", unsigned: true, at: "{name: acme", says: "acme version 12 was read without verifying signatures", answers: "approvers"},
		{name: "unnamed", code: "previous-unnamed", old: cleanPrevious, at: "{name: acme", says: "acme version 12 does not name the version before it", answers: "approvers"},
		{name: "four of three", code: "quorum-unreachable", old: releasing, new: releasing[:len(releasing)-2] + ", quorum: 4}\n", at: "{control: release-policy", answers: "approvers",
			says: "4 people of approvers must sign a change of the release-policy of **, and 3 of them hold an active credential"},
		{name: "two of one with a credential", code: "quorum-unreachable", old: "holder: carol,", new: "holder: dana,", at: "{control: release-policy", answers: "approvers",
			also: []string{releasing, releasing[:len(releasing)-2] + ", quorum: 3}\n"}, says: "and 2 of them hold an active credential"},
		{name: "an entry overdue", code: "review-overdue", old: monitoring, new: monitoring[:len(monitoring)-2] + ", reviewedAt: 2026-03-01T00:00:00Z, reviewEvery: 30d}\n", at: "{control: monitoring",
			says: "monitoring of ** was last reviewed on 2026-03-01T00:00:00Z and is to be reviewed every 30 days: it is 62 days overdue", answers: "approvers"},
		{name: "an entry never reviewed", code: "review-overdue", old: monitoring, new: monitoring[:len(monitoring)-2] + ", from: 2026-02-01T00:00:00Z, reviewEvery: 90d}\n", at: "{control: monitoring",
			says: "monitoring of ** has not been reviewed since it took effect on 2026-02-01", answers: "approvers"},
	}
}

// raciRows are about who has which part in which control.
func raciRows() []row {
	const activities = "activities: {generate: security, store: security, access: security, rotate: security"
	narrow := func(accountable, more string) string {
		return `  - {control: release-policy, artifacts: ["pkg:generic/payments/**"], accountable: ` + accountable + `, responsible: [approvers], informed: [security], page: security, runbook: "x"` + more + "}\n"
	}
	cannot := func(control, says string) row {
		entry := control + `, artifacts: ["**"], accountable: `
		owner := "security"
		if control == "review-audit" || control == "release-policy" {
			owner = "approvers"
		}
		return row{name: control, code: "owner-cannot-enforce", old: entry + owner, new: entry + "audit", at: "{control: " + control, says: "audit is accountable for " + control + " of ** and " + says, answers: "audit"}
	}
	const none = "owns, keeps and can revoke none of the credentials that sign there"
	return []row{
		{name: "ended", code: "control-missing", old: monitoring, new: monitoring[:len(monitoring)-2] + ", until: 2026-05-01T00:00:00Z}\n", at: "{name: acme",
			says: "nobody is named for monitoring of any artifact: the entry at ownership.yaml:60:5 ended on 2026-05-01T00:00:00Z", answers: "approvers"},
		{name: "another team paged", code: "control-unowned", old: monitoring, new: monitoring + `  - {control: monitoring, artifacts: ["**"], accountable: security, responsible: [security], page: approvers, runbook: "x"}` + "\n",
			at: `{control: monitoring, artifacts: ["**"], accountable: security, responsible: [security], page: approvers`, says: "monitoring of ** has another team paged here than at ownership.yaml:60:5", answers: "approvers"},
		{name: "no escalation", code: "escalation-broken", old: `contacts: {page: "pager:security"}, escalation: [office]}`, new: `contacts: {page: "pager:security"}}`, mild: verify.SeverityWarn,
			at: "{id: security, members", says: "security, which answers for publisher-identity, escalates to no team"},

		{name: "left out", code: "activity-unowned", old: keys, new: keys[:len(keys)-2] + ", " + activities + "}}\n", at: "{control: key-lifecycle", says: "no team is named to revoke, an activity of key-lifecycle of **", answers: "approvers"},
		{name: "emptied", code: "activity-unowned", old: keys, new: keys[:len(keys)-2] + ", " + activities + ", revoke: emptied}}\n", at: "{control: key-lifecycle", says: "nobody is in emptied, which is to revoke", answers: "approvers"},
		cannot("publisher-identity", none), cannot("certificate-issuance", none), cannot("key-lifecycle", none),
		cannot("review-audit", "neither has a duty by which a release is held back there nor owns an enforcement point"),
		cannot("release-policy", "neither has a duty by which a release is held back there nor owns an enforcement point"),
		cannot("enforcement", "owns no enforcement point there"),
		{name: "inherited", code: "owner-assumed", old: releasing, new: releasing + narrow("security", ""), at: "{control: review-audit", answers: "approvers",
			says: "security, which answers for the release policy of pkg:generic/payments/**, inherits approvers as the owner of review-audit and has not accepted it"},
		{name: "accepted, but only from next month", code: "owner-assumed", old: reviewing, new: reviewing[:len(reviewing)-2] + ", acceptedBy: [{team: security, at: 2026-07-01T00:00:00Z}]}\n",
			also: []string{releasing, releasing + narrow("security", "")}, at: "{control: review-audit", answers: "approvers", says: "has not accepted it"},
		{name: "not of reviews", code: "no-end-to-end-owner", old: reviewing, new: `  - {control: review-audit, artifacts: ["**"], accountable: approvers, responsible: [approvers], page: approvers, runbook: "x"}` + "\n",
			at: "{name: acme", says: "no team has a part in all seven controls over pkg:generic/payments/** and **", answers: "approvers"},
		{name: "all", code: "separation-violated", old: `review-audit, artifacts: ["**"], accountable: approvers`, new: `review-audit, artifacts: ["**"], accountable: security`,
			also: []string{`release-policy, artifacts: ["**"], accountable: approvers`, `release-policy, artifacts: ["**"], accountable: security`}, at: "{id: security", says: "security is accountable for all seven controls over pkg:generic/payments/** and **"},
	}
}

// partyRows are about vendors, contractors and those who left.
func partyRows() []row {
	const vendors = "vendors:\n  - {id: signco, internalOwner: security, evidenceWithin: 72h}\ncredentials:\n"
	vendor := func(contract, owner, revokers string) string {
		return "vendors:\n  - {id: signco, internalOwner: security, evidenceWithin: 72h" + contract + "}\ncredentials:\n" +
			"  - {id: signco-key, holder: signco, owner: " + owner + ", revokers: [" + revokers + "], custody: ephemeral, key: {pem: KEY(signco)}, states: [{state: active, from: 2024-01-01T00:00:00Z}]}\n"
	}
	return []row{
		{name: "unsaid", code: "vendor-without-deadline", old: ", evidenceWithin: 72h", at: "{id: signco", says: "nothing says how long vendor signco has to hand over evidence"},
		{name: "contract ended", code: "vendor-expired", old: vendors, new: vendor(", until: 2026-05-22T12:00:00Z", "security", "security"), at: "{id: signco-key",
			says: "the contract of signco ended on 2026-05-22T12:00:00Z, 10 days ago, and credential signco-key is still active"},
		{name: "others revoke", code: "vendor-unenforceable", old: vendors, new: vendor("", "approvers", "approvers"), at: "{id: signco-key",
			says: "security, the internal owner of vendor signco, neither owns its credential signco-key nor can revoke it"},
		{name: "emptied", code: "workload-unowned", old: "{id: tests, owner: security,", new: "{id: tests, owner: emptied,", at: "{id: tests,", says: "nobody is in emptied, the owner of workload tests"},
		{name: "operators left", code: "workload-unoperated", old: "{id: tests, owner: security, operators: [dana]}", new: "{id: tests, owner: security, operators: [left]}", at: "{id: tests,",
			says: "none of left, who operate workload tests, is there, and its credential tests-key is still active"},

		{name: "with a credential", code: "contractor-expired", old: "until: 2027-01-01T00:00:00Z", new: "until: 2026-05-15T12:00:00Z", at: "{id: carol,",
			says: "contractor carol left on 2026-05-15T12:00:00Z, 17 days ago: credential carol-key is still active and the membership of approvers and contractors has no end"},
		{name: "away", code: "contractor-expired", old: "proofedAt: 2026-01-01T00:00:00Z", new: "proofedAt: 2026-01-01T00:00:00Z, away: [{from: 2026-05-31T12:00:00Z, until: 2026-08-01T00:00:00Z}]", at: "{id: carol,",
			says: "contractor carol is away since 2026-05-31T12:00:00Z, 1 day ago: credential carol-key is still active"},
		{name: "in a team", code: "contractor-expired", old: "{id: left, from", new: "{id: left, employment: contractor, from", mild: verify.SeverityWarn, at: "{id: left, employment", says: "contractor left left on 2026-04-01T00:00:00Z, 61 days ago: the membership of emptied has no end"},
		{name: "away", code: "offboarding-lag", old: "proofedAt: 2025-02-10T00:00:00Z", new: "proofedAt: 2025-02-10T00:00:00Z, away: [{from: 2026-03-01T12:00:00Z, until: 2026-08-01T00:00:00Z}]", at: "{id: bob-key",
			says: "bob is away since 2026-03-01T12:00:00Z, 92 days ago, and credential bob-key is still active"},
		{name: "overdue", code: "proofing-stale", old: "proofedAt: 2025-02-10T00:00:00Z", new: "proofedAt: 2024-02-10T00:00:00Z", at: "{id: bob,",
			says: "bob holds credential bob-key, is to be proofed every 730 days and was last proofed on 2024-02-10T00:00:00Z: it is 112 days overdue"},
		{name: "never", code: "proofing-stale", old: ", proofedAt: 2025-02-10T00:00:00Z", at: "{id: bob,", says: "and was never proofed"},
	}
}
