package ownership_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/surety-dev/surety/ownership"
)

// TestWrongDocuments: each has one thing wrong and gives one line that says where,
// what, and what was expected.
func TestWrongDocuments(t *testing.T) {
	t.Parallel()
	// Each text stands after the head, from line 4 on; after people, from line 12 on.
	credential := func(rest string) string {
		return people + "credentials:\n  - {id: c, holder: alice, " + rest + "}"
	}
	workload := func(rest string) string {
		return people + "credentials:\n  - {id: c, holder: pipeline, " + rest + "}"
	}
	states := func(list string) string { return workload("identity: {issuer: i, subject: s}, states: [" + list + "]") }
	rows := []struct{ name, text, want string }{
		{"an unknown section", "peeple: []", `4:1: unknown field "peeple": expected one of metadata, trust, people, teams, workloads, vendors, credentials, grants, controls, enforcement, separation, tiers, drills; did you mean "people"?`},
		{"an empty section", "people: []", "4:9: an empty list: expected one or more items, or the field left out"},
		{"an unknown field", "people: [{id: a, form: 2026-01-01T00:00:00Z, from: 2026-01-01T00:00:00Z}]", `4:18: unknown field "form": expected one of id, name, employment, sponsor, accounts, from, until, away, proofedAt, sources; did you mean "from"?`},

		{"people: no id", "people: [{from: 2026-01-01T00:00:00Z}]", `4:10: no "id": expected this required field`},
		{"people: an empty id", "people: [{id: \"\", from: 2026-01-01T00:00:00Z}]", "4:15: an empty string: expected one or more characters"},
		{"people: an id with a line break", "people: [{id: \"a\\nb\", from: 2026-01-01T00:00:00Z}]", `4:15: the id "a\nb": expected printable characters without a space at either end`},
		{"people: no from", "people: [{id: a}]", `4:10: no "from": expected this required field`},
		{"people: from is a day", "people: [{id: a, from: 2026-01-01}]", "4:24: the bare time 2026-01-01 has no time of day: expected an RFC 3339 time such as 2026-01-31T09:00:00Z"},
		{"people: until is from", "people: [{id: a, from: 2026-01-01T00:00:00Z, until: 2026-01-01T00:00:00Z}]", "4:53: until 2026-01-01T00:00:00Z, from 2026-01-01T00:00:00Z: expected until to be after from"},
		{"people: until before from", "people: [{id: a, from: 2026-01-01T00:00:00Z, until: 2025-01-01T00:00:00Z}]", "4:53: until 2025-01-01T00:00:00Z, from 2026-01-01T00:00:00Z: expected until to be after from"},
		{"people: twice", "people: [{id: a, from: 2026-01-01T00:00:00Z}, {id: a, from: 2026-01-01T00:00:00Z}]", `4:52: person "a" for the second time: expected one, as at ownership.yaml:4:15`},
		{"people: a sponsor nobody knows", "people: [{id: a, from: 2026-01-01T00:00:00Z, sponsor: z}]", `4:55: nothing is called "z": expected the id of a person`},
		{"people: a workload as sponsor", "workloads: [{id: w}]\npeople: [{id: a, from: 2026-01-01T00:00:00Z, sponsor: w}]", `5:55: "w" is a workload: expected the id of a person`},
		{"people: no accounts", "people: [{id: a, from: 2026-01-01T00:00:00Z, accounts: []}]", "4:56: an empty list: expected one or more items, or the field left out"},
		{"people: an account twice", "people: [{id: a, from: 2026-01-01T00:00:00Z, accounts: [\"github:1\"]}, {id: b, from: 2026-01-01T00:00:00Z, accounts: [\"github:1\"]}]", `4:118: the account "github:1" is a's already: expected each account once, so that one person counts once`},
		{"people: away without an end", "people: [{id: a, from: 2026-01-01T00:00:00Z, away: [{from: 2026-02-01T00:00:00Z}]}]", `4:53: no "until": expected this required field`},
		{"people: away twice at one time", "people: [{id: a, from: 2026-01-01T00:00:00Z, away: [{from: 2026-02-01T00:00:00Z, until: 2026-03-01T00:00:00Z}, {from: 2026-02-28T00:00:00Z, until: 2026-04-01T00:00:00Z}]}]",
			"4:112: away for the second time at one time: expected times that do not overlap"},
		{"workloads: another runner", "workloads: [{id: w, runner: own}]", `4:29: "own": expected one of hosted, dedicated, shared`},
		{"vendors: a contract that ends before it begins", "vendors: [{id: v, from: 2026-01-01T00:00:00Z, until: 2025-01-01T00:00:00Z}]", "4:54: until 2025-01-01T00:00:00Z, from 2026-01-01T00:00:00Z: expected until to be after from"},
		{"grants: a window over midnight", people + "grants: [{to: alice, may: [build], artifacts: [x], windows: [{from: \"22:00\", until: \"06:00\"}]}]", "12:62: until 06:00, from 22:00: expected until to be after from; a window over midnight is two"},
		{"grants: a window at no time of day", people + "grants: [{to: alice, may: [build], artifacts: [x], windows: [{from: \"8:00\"}]}]", `12:69: "8:00": expected a time of day such as 08:30, from 00:00 to 24:00`},
		{"grants: a window on one day twice", people + "grants: [{to: alice, may: [build], artifacts: [x], windows: [{days: [monday, monday]}]}]", "12:78: monday for the second time: expected each day once"},
		{"grants: a freeze without an end", people + "grants: [{to: alice, may: [build], artifacts: [x], freezes: [{from: 2026-01-01T00:00:00Z}]}]", `12:62: no "until": expected this required field`},
		{"controls: an activity of another", people + "controls: [{control: key-lifecycle, artifacts: [x], activities: {promote: security}}]", "12:66: the activity promote of key-lifecycle: expected one of generate, store, access, rotate, revoke"},
		{"controls: an activity of one that has none", people + "controls: [{control: enforcement, artifacts: [x], activities: {promote: security}}]", "12:64: the activity promote of enforcement: expected none, for it has no list of them"},
		{"controls: an activity done by a person", people + "controls: [{control: key-lifecycle, artifacts: [x], activities: {rotate: alice}}]", `12:74: "alice" is a person: expected the id of a team`},
		{"controls: accepted twice", people + "controls: [{control: key-lifecycle, artifacts: [x], acceptedBy: [{team: security}, {team: security}]}]", `12:91: "security" for the second time: expected each team once`},
		{"controls: a quorum of nobody", people + "controls: [{control: release-policy, artifacts: [x], quorum: 0}]", "12:62: 0: expected a whole number, 1 or more"},
		{"controls: ends before it begins", people + "controls: [{control: release-policy, artifacts: [x], from: 2026-01-01T00:00:00Z, until: 2025-01-01T00:00:00Z}]", "12:89: until 2025-01-01T00:00:00Z, from 2026-01-01T00:00:00Z: expected until to be after from"},
		{"drills: twice", "drills: [{id: a, artifacts: [x]}, {id: a, artifacts: [y]}]", `4:40: drill "a" for the second time: expected one, as at ownership.yaml:4:15`},
		{"drills: of nothing", "drills: [{id: a, artifacts: []}]", "4:29: an empty list: expected one or more items, or the field left out"},
		{"tiers: twice", "tiers: [{id: a, artifacts: [x]}, {id: a, artifacts: [y]}]", `4:39: tier "a" for the second time: expected one, as at ownership.yaml:4:14`},

		{"a team with a person's name", "people: [{id: a, from: 2026-01-01T00:00:00Z}]\nteams: [{id: a, members: [{person: a}]}]", `5:14: "a" is a person already, at ownership.yaml:4:15: expected an id of its own among people, teams, workloads and vendors`},
		{"a vendor with a workload's name", "workloads: [{id: a}]\nvendors: [{id: a}]", `5:16: "a" is a workload already, at ownership.yaml:4:18: expected an id of its own among people, teams, workloads and vendors`},

		{"teams: no members", "teams: [{id: a}]", `4:9: no "members": expected this required field`},
		{"teams: an empty team", "teams: [{id: a, members: []}]", "4:26: an empty list: expected one or more items, or the field left out"},
		{"teams: a member nobody knows", "teams: [{id: a, members: [{person: z}]}]", `4:36: nothing is called "z": expected the id of a person`},
		{"teams: a workload as member", "workloads: [{id: w}]\nteams: [{id: a, members: [{person: w}]}]", `5:36: "w" is a workload: expected the id of a person`},
		{"teams: a member twice", "people: [{id: a, from: 2026-01-01T00:00:00Z}]\nteams: [{id: t, members: [{person: a}, {person: a, from: 2026-02-01T00:00:00Z}]}]", `5:49: "a" for the second time at one time: expected memberships of one person that do not overlap`},
		{"teams: a membership that ends before its person comes", "people: [{id: a, from: 2026-01-01T00:00:00Z}]\nteams: [{id: t, members: [{person: a, until: 2025-01-01T00:00:00Z}]}]", "5:46: until 2025-01-01T00:00:00Z, from 2026-01-01T00:00:00Z: expected until to be after from"},
		{"teams: an unknown contact", "people: [{id: a, from: 2026-01-01T00:00:00Z}]\nteams: [{id: t, members: [{person: a}], contacts: {pager: x}}]", `5:52: unknown field "pager": expected one of page, email; did you mean "page"?`},
		{"teams: escalation to a person", "people: [{id: a, from: 2026-01-01T00:00:00Z}]\nteams: [{id: t, members: [{person: a}], escalation: [a]}]", `5:54: "a" is a person: expected the id of a team`},
		{"teams: escalation to itself", "people: [{id: a, from: 2026-01-01T00:00:00Z}]\nteams: [{id: t, members: [{person: a}], escalation: [t]}]", "5:53: the escalation goes in a circle, t to t: expected one that ends"},
		{"teams: escalation in a circle", "people: [{id: a, from: 2026-01-01T00:00:00Z}]\nteams:\n  - {id: t, members: [{person: a}], escalation: [u]}\n  - {id: u, members: [{person: a}], escalation: [v]}\n  - {id: v, members: [{person: a}], escalation: [u]}", "8:49: the escalation goes in a circle, u to v to u: expected one that ends"},

		{"workloads: owned by a person", people[:strings.Index(people, "workloads")] + "workloads: [{id: w, owner: alice}]", `10:28: "alice" is a person: expected the id of a team`},
		{"workloads: operated by a team", people[:strings.Index(people, "workloads")] + "workloads: [{id: w, operators: [security]}]", `10:33: "security" is a team: expected the id of a person`},
		{"vendors: a team nobody knows", "vendors: [{id: v, internalOwner: t}]", `4:34: nothing is called "t": expected the id of a team`},

		{"credentials: no holder", people + "credentials:\n  - {id: c, identity: {issuer: i, subject: s}, " + active + "}", `13:5: no "holder": expected this required field`},
		{"credentials: held by a team", people + "credentials:\n  - {id: c, holder: security, identity: {issuer: i, subject: s}, " + active + "}", `13:21: "security" is a team: expected the id of a person, workload or vendor`},
		{"credentials: held by nobody", people + "credentials:\n  - {id: c, holder: [], identity: {issuer: i, subject: s}, " + active + "}", "13:21: an empty list: expected one or more items, or the field left out"},
		{"credentials: held twice by one", people + "credentials:\n  - {id: c, holder: [alice, alice], identity: {issuer: i, subject: s}, " + active + "}", `13:29: "alice" for the second time: expected each once`},
		{"credentials: neither key nor identity", credential(active), "13:5: neither key nor identity: expected one of them"},
		{"credentials: key and identity", credential("key: {pem: " + inline(t, 1) + "}, identity: {issuer: i, subject: s}, " + active), "13:170: an identity beside a key: expected one of key and identity"},
		{"credentials: no states", credential("identity: {issuer: i, subject: s}"), `13:5: no "states": expected this required field`},
		{"credentials: empty states", credential("identity: {issuer: i, subject: s}, states: []"), "13:71: an empty list: expected one or more items, or the field left out"},
		{"credentials: an unknown custody", credential("identity: {issuer: i, subject: s}, custody: vault, " + active), `13:72: "vault": expected one of hsm, kms, token, file, ephemeral`},
		{"credentials: a rotation without unit", credential("identity: {issuer: i, subject: s}, rotateEvery: 365, " + active), "13:76: the number 365: expected a duration above zero such as 90d, 72h or 1d12h"},
		{"credentials: revoked by a person", credential("identity: {issuer: i, subject: s}, revokers: [bob], " + active), `13:74: "bob" is a person: expected the id of a team`},
		{"credentials: twice", people + "credentials:\n  - {id: c, holder: alice, identity: {issuer: i, subject: s}, " + active + "}\n  - {id: c, holder: alice, identity: {issuer: i, subject: s}, " + active + "}", `14:10: credential "c" for the second time: expected one, as at ownership.yaml:13:10`},
		{"credentials: one key under two ids", people + "credentials:\n  - {id: c, holder: alice, key: {pem: " + inline(t, 1) + "}, " + active + "}\n  - {id: d, holder: bob, key: {pem: " + inline(t, 1) + "}, " + active + "}", `14:37: the key of credential "c": expected each key once, so that one key counts once`},

		{"key: neither file nor pem", credential("key: {scheme: rsassa-pkcs1v15}, " + active), "13:33: neither file nor pem: expected one of them"},
		{"key: file and pem", credential("key: {file: a.pub, pem: " + inline(t, 1) + "}, " + active), "13:52: pem beside file: expected one of them"},
		{"key: a file that is not there", credential("key: {file: keys/a.pub}, " + active), "13:40: keys/a.pub: file does not exist: expected a file"},
		{"key: a file outside", credential("key: {file: ../a.pub}, " + active), `13:40: the path "../a.pub": expected one relative to this document, with / between its parts, that stays within its file system`},
		{"key: an absolute file", credential("key: {file: /etc/a.pub}, " + active), `13:40: the path "/etc/a.pub": expected one relative to this document, with / between its parts, that stays within its file system`},
		{"key: an empty file", credential("key: {file: empty}, " + active), "13:40: empty: an empty file: expected something in it"},
		{"key: PKCS#1 v1.5 without RSA", credential("key: {scheme: rsassa-pkcs1v15, pem: " + inline(t, 1) + "}, " + active), "13:42: rsassa-pkcs1v15 with a key that is not RSA: expected no scheme"},
		{"key: an unknown scheme", credential("key: {scheme: rsassa-pss, pem: " + inline(t, 1) + "}, " + active), `13:42: "rsassa-pss": expected one of rsassa-pkcs1v15, ecdsa-p1363`},
		{"key: r and s without ECDSA", credential("key: {scheme: ecdsa-p1363, pem: " + inline(t, 1) + "}, " + active), "13:42: ecdsa-p1363 with a key that is not ECDSA: expected no scheme"},

		{"identity: no issuer", credential("identity: {subject: s}, " + active), `13:38: no "issuer": expected this required field`},
		{"identity: an empty issuer", credential("identity: {issuer: \"\", subject: s}, " + active), "13:47: an empty string: expected one or more characters"},
		{"identity: a wildcard in the issuer", workload("identity: {issuer: \"https://*\", subject: s}, " + active), `13:50: "*" in an issuer: expected the exact issuer, without wildcards`},
		{"identity: no subject", credential("identity: {issuer: i}, " + active), `13:38: no "subject": expected this required field`},
		{"identity: an empty subject", credential("identity: {issuer: i, subject: \"\"}, " + active), "13:59: an empty string: expected one or more characters"},
		{"identity: a person with a wildcard", credential("identity: {issuer: i, subject: \"*@acme.test\"}, " + active), "13:59: a wildcard in the subject of alice's credential: expected the one subject of a person"},
		{"identity: a person among holders with a wildcard", people + "credentials:\n  - {id: c, holder: [pipeline, alice], identity: {issuer: i, subject: \"s/**\"}, " + active + "}", "13:71: a wildcard in the subject of alice's credential: expected the one subject of a person"},
		{"identity: an unknown claim", workload("identity: {issuer: i, subject: s, claims: {sourceRepositoryURL: x}}, " + active), `13:74: unknown field "sourceRepositoryURL": expected one of buildConfigDigest, buildConfigURI, buildSignerDigest, buildSignerURI, buildTrigger, deploymentEnvironment, githubWorkflowName, githubWorkflowRef, githubWorkflowRepository, githubWorkflowSHA, githubWorkflowTrigger, runInvocationURI, runnerEnvironment, sourceRepositoryDigest, sourceRepositoryIdentifier, sourceRepositoryOwnerIdentifier, sourceRepositoryOwnerURI, sourceRepositoryRef, sourceRepositoryURI, sourceRepositoryVisibilityAtSigning, tokenSubject; did you mean "sourceRepositoryURI"?`},
		{"identity: no claims", workload("identity: {issuer: i, subject: s, claims: {}}, " + active), "13:73: an empty mapping: expected one or more entries, or the field left out"},
		{"identity: an empty claim", workload("identity: {issuer: i, subject: s, claims: {tokenSubject: \"\"}}, " + active), "13:88: an empty string: expected one or more characters"},
		{"identity: a claim that is a number", workload("identity: {issuer: i, subject: s, claims: {sourceRepositoryIdentifier: 42}}, " + active), "13:102: the number 42: expected a string: write it in quotes"},
		{"identity: issuer and authority", workload("identity: {issuer: i, authority: a, uri: u}, " + active), "13:64: an authority beside an issuer: expected one of them"},
		{"identity: an authority nobody knows", workload("identity: {authority: a, uri: u}, " + active), `13:53: no certificate authority "a": expected the id of one of trust.certificateAuthorities or trust.sigstore`},
		{"identity: a name without authority", workload("identity: {issuer: i, subject: s, uri: u}, " + active), "13:70: uri without authority: expected it only in an X.509 identity"},
		{"X.509: no name", workload("identity: {authority: ca}, "+active) + "\ntrust: {certificateAuthorities: [{id: ca, file: ca.pem}]}", "13:41: an authority without a name: expected one of uri, dns and email"},
		{"X.509: two names", workload("identity: {authority: ca, uri: u, dns: d}, "+active) + "\ntrust: {certificateAuthorities: [{id: ca, file: ca.pem}]}", "13:70: dns beside uri: expected one of uri, dns and email"},
		{"X.509: a subject", workload("identity: {authority: ca, uri: u, subject: s}, "+active) + "\ntrust: {certificateAuthorities: [{id: ca, file: ca.pem}]}", "13:74: subject beside authority: expected one of uri, dns and email"},
		{"X.509: any name", workload("identity: {authority: ca, uri: \"**\"}, "+active) + "\ntrust: {certificateAuthorities: [{id: ca, file: ca.pem}]}", "13:62: a name of wildcards only: expected some text in it, for any name of the authority would match"},
		{"X.509: a person with a wildcard", credential("identity: {authority: ca, email: \"*@acme.test\"}, "+active) + "\ntrust: {certificateAuthorities: [{id: ca, file: ca.pem}]}", "13:61: a wildcard in the subject of alice's credential: expected the one subject of a person"},

		{"states: unknown", states("{state: actve, from: 2026-01-01T00:00:00Z}"), `13:83: "actve": expected one of pre-activation, active, suspended, deactivated, compromised, revoked, destroyed; did you mean "active"?`},
		{"states: no from", states("{state: active}"), `13:75: no "from": expected this required field`},
		{"states: suspended first", states("{state: suspended, from: 2026-01-01T00:00:00Z}"), "13:83: suspended as the first state: expected pre-activation, active, compromised, revoked or destroyed"},
		{"states: deactivated first", states("{state: deactivated, from: 2026-01-01T00:00:00Z}"), "13:83: deactivated as the first state: expected pre-activation, active, compromised, revoked or destroyed"},
		{"states: active twice", states("{state: active, from: 2026-01-01T00:00:00Z}, {state: active, from: 2026-02-01T00:00:00Z}"), "13:128: active after active: expected suspended, deactivated, compromised, revoked or destroyed"},
		{"states: active after deactivated", states("{state: active, from: 2026-01-01T00:00:00Z}, {state: deactivated, from: 2026-02-01T00:00:00Z}, {state: active, from: 2026-03-01T00:00:00Z}"), "13:178: active after deactivated: expected compromised, revoked or destroyed"},
		{"states: active after revoked", states("{state: revoked, from: 2026-01-01T00:00:00Z}, {state: active, from: 2026-02-01T00:00:00Z}"), "13:129: active after revoked: expected destroyed"},
		{"states: revoked after compromised", states("{state: compromised, from: 2026-01-01T00:00:00Z}, {state: revoked, from: 2026-02-01T00:00:00Z}"), "13:133: revoked after compromised: expected destroyed"},
		{"states: anything after destroyed", states("{state: destroyed, from: 2026-01-01T00:00:00Z}, {state: revoked, from: 2026-02-01T00:00:00Z}"), "13:131: revoked after destroyed: expected no state after it"},
		{"states: back to pre-activation", states("{state: active, from: 2026-01-01T00:00:00Z}, {state: pre-activation, from: 2026-02-01T00:00:00Z}"), "13:128: pre-activation after active: expected suspended, deactivated, compromised, revoked or destroyed"},
		{"states: two at one time", states("{state: active, from: 2026-01-01T00:00:00Z}, {state: revoked, from: 2026-01-01T00:00:00Z}"), "13:143: 2026-01-01T00:00:00Z, the state before from 2026-01-01T00:00:00Z: expected a later time"},
		{"states: out of order", states("{state: active, from: 2026-02-01T00:00:00Z}, {state: revoked, from: 2026-01-01T00:00:00Z}"), "13:143: 2026-01-01T00:00:00Z, the state before from 2026-02-01T00:00:00Z: expected a later time"},
		{"states: an unknown reason", states("{state: revoked, from: 2026-01-01T00:00:00Z, reason: lost}"), `13:128: "lost": expected one of key-compromise, ca-compromise, affiliation-changed, superseded, cessation-of-operation, privilege-withdrawn, unspecified`},
		{"states: active but invalid", states("{state: active, from: 2026-01-01T00:00:00Z, invalidFrom: 2026-01-01T00:00:00Z}"), "13:132: invalidFrom of the state active: expected it only of states that end a credential"},

		{"grants: no to", people + "grants: [{may: [build], artifacts: [a]}]", `12:10: no "to": expected this required field`},
		{"grants: to nobody", people + "grants: [{to: z, may: [build], artifacts: [a]}]", `12:15: nothing is called "z": expected the id of a person, workload, vendor or team`},
		{"grants: no may", people + "grants: [{to: alice, artifacts: [a]}]", `12:10: no "may": expected this required field`},
		{"grants: an unknown duty", people + "grants: [{to: alice, may: [aprove], artifacts: [a]}]", `12:28: "aprove": expected one of build, review, approve, release, deploy, except, revoke, attest, witness; did you mean "approve"?`},
		{"grants: a duty twice", people + "grants: [{to: alice, may: [build, build], artifacts: [a]}]", "12:35: build for the second time: expected each duty once"},
		{"grants: no artifacts", people + "grants: [{to: alice, may: [build]}]", `12:10: no "artifacts": expected this required field`},
		{"grants: empty artifacts", people + "grants: [{to: alice, may: [build], artifacts: []}]", "12:47: an empty list: expected one or more items, or the field left out"},
		{"grants: no pattern", people + "grants: [{to: alice, may: [build], artifacts: [\"a?\"]}]", `12:48: "?" in a pattern: expected only * and ** as wildcards`},
		{"grants: no builders", people + "grants: [{to: alice, may: [build], artifacts: [a], builders: []}]", "12:62: an empty list: expected one or more items, or the field left out"},
		{"grants: until is from", people + "grants: [{to: alice, may: [build], artifacts: [a], from: 2026-01-01T00:00:00Z, until: 2026-01-01T00:00:00Z}]", "12:87: until 2026-01-01T00:00:00Z, from 2026-01-01T00:00:00Z: expected until to be after from"},

		{"controls: unknown", people + "controls: [{control: release-polcy, artifacts: [a]}]", `12:22: "release-polcy": expected one of publisher-identity, certificate-issuance, key-lifecycle, review-audit, release-policy, enforcement, monitoring; did you mean "release-policy"?`},
		{"controls: no artifacts", people + "controls: [{control: monitoring}]", `12:12: no "artifacts": expected this required field`},
		{"controls: a person accountable", people + "controls: [{control: monitoring, artifacts: [a], accountable: alice}]", `12:63: "alice" is a person: expected the id of a team`},
		{"controls: two accountable", people + "controls: [{control: monitoring, artifacts: [a], accountable: [security, release]}]", "12:63: a list: expected a string"},
		{"controls: nobody responsible", people + "controls: [{control: monitoring, artifacts: [a], responsible: []}]", "12:63: an empty list: expected one or more items, or the field left out"},
		{"controls: a page nobody answers", people + "controls: [{control: monitoring, artifacts: [a], page: z}]", `12:56: nothing is called "z": expected the id of a team`},

		{"enforcement: no id", people + "enforcement: [{environment: e, artifacts: [a], mode: enforce}]", `12:15: no "id": expected this required field`},
		{"enforcement: no mode", people + "enforcement: [{id: e, environment: e, artifacts: [a]}]", `12:15: no "mode": expected this required field`},
		{"enforcement: an unknown mode", people + "enforcement: [{id: e, environment: e, artifacts: [a], mode: block}]", `12:61: "block": expected one of enforce, audit`},
		{"enforcement: an unknown failure", people + "enforcement: [{id: e, environment: e, artifacts: [a], mode: enforce, onFailure: shut}]", `12:81: "shut": expected one of closed, open`},
		{"enforcement: twice", people + "enforcement: [{id: e, environment: e, artifacts: [a], mode: audit}, {id: e, environment: f, artifacts: [a], mode: audit}]", `12:74: enforcement "e" for the second time: expected one, as at ownership.yaml:12:20`},

		{"separation: one duty", "separation: [{id: s, duties: [build]}]", "4:30: one duty: expected two or more to keep apart"},
		{"separation: one duty twice", "separation: [{id: s, duties: [build, build]}]", "4:38: build for the second time: expected each duty once"},
		{"separation: no duties", "separation: [{id: s}]", `4:14: no "duties": expected this required field`},

		{"trust: an unknown kind", "trust: {gpg: [{id: a, file: ca.pem}]}", `4:9: unknown field "gpg": expected one of sigstore, certificateAuthorities, timestampAuthorities`},
		{"trust: no file", "trust: {sigstore: [{id: a}]}", `4:20: no "file": expected this required field`},
		{"trust: a file that is not there", "trust: {sigstore: [{id: a, file: root.json}]}", "4:34: root.json: file does not exist: expected a file"},
		{"trust: issuers of a certificate authority", "trust: {certificateAuthorities: [{id: a, file: ca.pem, issuers: [i]}]}", `4:56: unknown field "issuers": expected one of id, file, digest, owner`},
		{"trust: no issuers", "trust: {sigstore: [{id: a, file: ca.pem, issuers: []}]}", "4:51: an empty list: expected one or more items, or the field left out"},
		{"trust: two roots with one id", "trust: {sigstore: [{id: a, file: ca.pem}], timestampAuthorities: [{id: a, file: ca.pem}]}", `4:72: root of trust "a" for the second time: expected one, as at ownership.yaml:4:25`},
	}
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			m, err := ownership.Load(tree(head+r.text+"\n", "ca.pem", "CA", "empty", ""), "ownership.yaml")
			if want := "ownership.yaml:" + r.want; err == nil || err.Error() != want {
				t.Errorf("got  %v\nwant %s", err, want)
			}
			if e, ok := errors.AsType[*ownership.Error](err); !ok || e.Line == 0 || e.Col == 0 {
				t.Errorf("%v is no *Error with a place", err)
			}
			if m != nil {
				t.Error("a model beside an error")
			}
		})
	}
}

func TestWrongMetadata(t *testing.T) {
	t.Parallel()
	const begin = "apiVersion: surety.dev/v1alpha1\nkind: Ownership\n"
	rows := []struct{ name, text, want string }{
		{"none", "", `1:1: no "metadata": expected this required field`},
		{"no name", "metadata: {version: 1, effectiveFrom: 2026-01-01T00:00:00Z}", `3:11: no "name": expected this required field`},
		{"no version", "metadata: {name: a, effectiveFrom: 2026-01-01T00:00:00Z}", `3:11: no "version": expected this required field`},
		{"version 0", "metadata: {name: a, version: 0, effectiveFrom: 2026-01-01T00:00:00Z}", "3:30: 0: expected a whole number, 1 or more"},
		{"a version in quotes", "metadata: {name: a, version: \"1\", effectiveFrom: 2026-01-01T00:00:00Z}", `3:30: the string "1": expected a whole number, 1 or more, without quotes`},
		{"no effectiveFrom", "metadata: {name: a, version: 1}", `3:11: no "effectiveFrom": expected this required field`},
		{"an unknown field", "metadata: {name: a, version: 1, effectiveFrom: 2026-01-01T00:00:00Z, owner: x}", `3:70: unknown field "owner": expected one of name, version, effectiveFrom, reviewedAt, reviewEvery, previous, proofEvery, revocationWithin`},
	}
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			_, err := ownership.Load(tree(begin+r.text+"\n"), "ownership.yaml")
			if want := "ownership.yaml:" + r.want; err == nil || err.Error() != want {
				t.Errorf("got  %v\nwant %s", err, want)
			}
		})
	}
}

// TestErrorsAreToldTogether: a wrong document tells all that is wrong, in order.
func TestErrorsAreToldTogether(t *testing.T) {
	t.Parallel()
	_, err := ownership.Load(tree(head+"separation: [{id: s, duties: [build]}]\npeople: [{id: a}]\n"), "ownership.yaml")
	want := "ownership.yaml:4:30: one duty: expected two or more to keep apart\nownership.yaml:5:10: no \"from\": expected this required field"
	if err == nil || err.Error() != want {
		t.Errorf("got\n%v\nwant\n%s", err, want)
	}
}
