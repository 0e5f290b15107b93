package ownership_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/surety-dev/surety/ownership"
)

// governed is a document without a gap; tests change one thing. KEYn are keys.
const governed = head + `people:
  - {id: alice, from: 2026-01-10T00:00:00Z, until: 2026-11-01T00:00:00Z}
  - {id: bob, from: 2020-01-01T00:00:00Z}
  - {id: erin, from: 2020-01-01T00:00:00Z}
teams:
  - {id: release, members: [{person: alice, from: 2026-02-01T00:00:00Z, until: 2026-10-01T00:00:00Z}, {person: bob}], contacts: {page: "pager:release"}, escalation: [security]}
  - {id: security, members: [{person: erin}], contacts: {page: "pager:security"}, escalation: [office]}
  - {id: office, members: [{person: bob}], contacts: {page: "pager:office"}}
workloads: [{id: pipeline, owner: release, operators: [bob]}]
credentials:
  - {id: ci, holder: pipeline, owner: security, revokers: [security], key: {pem: KEY1}, states: [{state: active, from: 2026-03-01T00:00:00Z}]}
  - {id: token, holder: alice, owner: release, revokers: [security], key: {pem: KEY2}, states: [{state: active, from: 2026-01-01T00:00:00Z}]}
  - {id: badge, holder: erin, owner: office, revokers: [office], key: {pem: KEY3}, states: [{state: active, from: 2026-01-01T00:00:00Z}]}
grants:
  - {to: pipeline, may: [build, release], artifacts: ["pkg:generic/payments/**"], from: 2026-04-01T00:00:00Z, until: 2026-09-01T00:00:00Z}
  - {to: release, may: [approve], artifacts: ["pkg:generic/**", "pkg:generic/payments/*"]}
controls:
  - {control: publisher-identity, artifacts: ["**"], accountable: security, responsible: [release], page: release, runbook: "https://r.acme.test/1"}
  - {control: certificate-issuance, artifacts: ["**"], accountable: security, responsible: [security], runbook: "https://r.acme.test/2"}
  - {control: key-lifecycle, artifacts: ["**"], accountable: security, responsible: [security], runbook: "https://r.acme.test/3"}
  - {control: review-audit, artifacts: ["**"], accountable: release, responsible: [release], runbook: "https://r.acme.test/4"}
  - {control: release-policy, artifacts: ["**"], accountable: release, responsible: [office, release], consulted: [security], informed: [office], runbook: "https://r.acme.test/5"}
  - {control: enforcement, artifacts: ["**"], accountable: security, responsible: [security], runbook: "https://r.acme.test/6"}
  - {control: monitoring, artifacts: ["**"], accountable: security, responsible: [security], runbook: "https://r.acme.test/7"}
enforcement:
  - {id: gate, environment: production, artifacts: ["pkg:generic/**"], mode: enforce, onFailure: closed, owner: security}
`

const payments = "pkg:generic/payments/api"

// changed is the governed document with pieces replaced, old and new in turn, and keys put in.
func changed(t *testing.T, edits ...string) string {
	t.Helper()
	text := governed
	for i := 0; i < len(edits); i += 2 {
		if strings.Count(text, edits[i]) != 1 {
			t.Fatalf("%d times %q in the document", strings.Count(text, edits[i]), edits[i])
		}
		text = strings.Replace(text, edits[i], edits[i+1], 1)
	}
	for i := 1; i < 6; i++ {
		text = strings.ReplaceAll(text, fmt.Sprintf("KEY%d", i), inline(t, i))
	}
	return text
}

// place is where a piece of a document stands.
func place(t *testing.T, text, piece string) string {
	t.Helper()
	before, _, found := strings.Cut(text, piece)
	if !found {
		t.Fatalf("no %q in the document", piece)
	}
	return fmt.Sprintf("ownership.yaml:%d:%d", strings.Count(before, "\n")+1, len(before)-strings.LastIndexByte(before, '\n'))
}

// told is what an answer says of a credential: "yes DUTIES" or "no DUTIES", then what speaks against it,
// each with the code, the sentence and the beginning of what stands at its position.
func told(t *testing.T, text string, s ownership.Signers, credential string) string {
	t.Helper()
	answer := "ungranted"
	for yes, list := range map[string][]ownership.Signing{"yes": s.CouldSign, "no": s.CouldNotSign} {
		for _, signing := range list {
			if signing.Credential != credential && (signing.Credential != "" || signing.Holders[0] != credential) {
				continue
			}
			answer = strings.TrimSpace(yes + " " + strings.Join(signing.Duties, ","))
			for _, o := range signing.But {
				answer += fmt.Sprintf("; %s: %s @%s", o.Code, o.Message, at40(t, text, o.Position))
			}
		}
	}
	return answer
}

// at40 is the beginning of what stands at a position.
func at40(t *testing.T, text, position string) string {
	t.Helper()
	var line, col int
	if _, err := fmt.Sscanf(position, "ownership.yaml:%d:%d", &line, &col); err != nil {
		t.Fatalf("the position %q: %v", position, err)
	}
	piece := strings.Split(text, "\n")[line-1][col-1:]
	return piece[:min(len(piece), 22)]
}

func TestR17CanSign(t *testing.T) {
	t.Parallel()
	const day = "T00:00:00Z"
	states := func(list string) []string {
		return []string{"KEY2}, states: [{state: active, from: 2026-01-01T00:00:00Z}]", "KEY2}, states: [{state: active, from: 2026-01-01T00:00:00Z}, " + list + "]"}
	}
	approve := "yes approve"
	rows := []struct {
		name, credential, boundary string
		edits                      []string
		before, from               string // one second before the boundary; at it and one second after
	}{
		{"a grant begins", "ci", "04-01", nil, "no; signer-not-granted: pipeline may build, release only from 2026-04-01T00:00:00Z @{to: pipeline, may: [b", "yes build,release"},
		{"a grant ends", "ci", "09-01", nil, "yes build,release", "no; signer-not-granted: pipeline may build, release only until 2026-09-01T00:00:00Z @{to: pipeline, may: [b"},
		{"the first active", "ci", "05-01", []string{"KEY1}, states: [{state: active, from: 2026-03-01" + day, "KEY1}, states: [{state: active, from: 2026-05-01" + day},
			"no build,release; credential-not-active: credential ci has not been active yet @{id: ci, holder: pipel", "yes build,release"},
		{"a person comes", "token", "03-10", []string{"{id: alice, from: 2026-01-10", "{id: alice, from: 2026-03-10"},
			"no; signer-departed: alice joined only on 2026-03-10T00:00:00Z @{id: alice, from: 2026", approve},
		{"a person leaves", "token", "08-01", []string{"until: 2026-11-01", "until: 2026-08-01"},
			approve, "no; signer-departed: alice left on 2026-08-01T00:00:00Z @{id: alice, from: 2026"},
		{"a membership begins", "token", "02-01", nil,
			"no; signer-role-changed: alice is a member of release, which may approve, only from 2026-02-01T00:00:00Z @{person: alice, from: ", approve},
		{"a membership ends", "token", "10-01", nil,
			approve, "no; signer-role-changed: alice is a member of release, which may approve, only until 2026-10-01T00:00:00Z @{person: alice, from: "},
		{"suspended", "token", "05-01", states("{state: suspended, from: 2026-05-01T00:00:00Z}, {state: active, from: 2026-06-01T00:00:00Z}"),
			approve, "no approve; credential-suspended: credential token was suspended from 2026-05-01T00:00:00Z until 2026-06-01T00:00:00Z @{state: suspended, fro"},
		{"active again", "token", "06-01", states("{state: suspended, from: 2026-05-01T00:00:00Z}, {state: active, from: 2026-06-01T00:00:00Z}"),
			"no approve; credential-suspended: credential token was suspended from 2026-05-01T00:00:00Z until 2026-06-01T00:00:00Z @{state: suspended, fro", approve},
		{"deactivated", "token", "05-01", states("{state: deactivated, from: 2026-05-01T00:00:00Z}"),
			approve, "no approve; credential-not-active: credential token is deactivated since 2026-05-01T00:00:00Z @{state: deactivated, f"},
		{"revoked", "token", "05-01", states("{state: revoked, from: 2026-05-01T00:00:00Z, reason: superseded}"),
			approve, "no approve; credential-revoked: credential token is revoked since 2026-05-01T00:00:00Z (superseded) @{state: revoked, from:"},
		{"compromised, which reaches back to the beginning", "token", "05-01", states("{state: compromised, from: 2026-05-01T00:00:00Z}"),
			"yes approve; signed-after-compromise: credential token is compromised since 2026-05-01T00:00:00Z, which reaches back: from then on what it signed at this time counts no more @{state: compromised, f",
			"no approve; credential-revoked: credential token is compromised since 2026-05-01T00:00:00Z @{state: compromised, f"},
		{"the time a later revocation reaches back to", "token", "04-20", states("{state: revoked, from: 2026-05-01T00:00:00Z, reason: key-compromise, invalidFrom: 2026-04-20T00:00:00Z}"),
			approve, "yes approve; signed-after-compromise: credential token is revoked since 2026-05-01T00:00:00Z (key-compromise), which reaches back to 2026-04-20T00:00:00Z: from then on what it signed at this time counts no more @{state: revoked, from:"},
		{"revoked, and invalid only later", "token", "05-01", states("{state: revoked, from: 2026-04-01T00:00:00Z, reason: superseded, invalidFrom: 2026-05-01T00:00:00Z}"),
			approve, "no approve; credential-revoked: credential token is revoked since 2026-04-01T00:00:00Z (superseded) @{state: revoked, from:"},
		{"one of two duties ends", "ci", "06-01", []string{"grants:\n", "grants:\n  - {to: pipeline, may: [attest], artifacts: [\"**\"], until: 2026-06-01T00:00:00Z}\n"},
			"yes build,release,attest", "yes build,release; signer-not-granted: pipeline may attest only until 2026-06-01T00:00:00Z @{to: pipeline, may: [a"},
		{"a grant to a team one has left ends", "token", "10-15", []string{"\"pkg:generic/payments/*\"]", "\"pkg:generic/payments/*\"], until: 2026-10-15T00:00:00Z"},
			"no; signer-role-changed: alice is a member of release, which may approve, only until 2026-10-01T00:00:00Z @{person: alice, from: ",
			"no; signer-not-granted: release may approve only until 2026-10-15T00:00:00Z @{to: release, may: [ap; signer-role-changed: alice is a member of release, which may approve, only until 2026-10-01T00:00:00Z @{person: alice, from: "},
		{"a person goes away", "token", "05-01", []string{"until: 2026-11-01T00:00:00Z}\n  - {id: bob", "until: 2026-11-01T00:00:00Z, away: [{from: 2026-05-01T00:00:00Z, until: 2026-06-01T00:00:00Z}]}\n  - {id: bob"},
			approve, "no; signer-departed: alice left on 2026-05-01T00:00:00Z and came back only on 2026-06-01T00:00:00Z @{id: alice, from: 2026"},
		{"a person comes back", "token", "06-01", []string{"until: 2026-11-01T00:00:00Z}\n  - {id: bob", "until: 2026-11-01T00:00:00Z, away: [{from: 2026-05-01T00:00:00Z, until: 2026-06-01T00:00:00Z}]}\n  - {id: bob"},
			"no; signer-departed: alice left on 2026-05-01T00:00:00Z and came back only on 2026-06-01T00:00:00Z @{id: alice, from: 2026", approve},
		{"a contract ends", "ci", "05-01", []string{"workloads:", "vendors: [{id: signco, until: 2026-05-01T00:00:00Z}]\nworkloads:", "holder: pipeline", "holder: signco", "{to: pipeline, may", "{to: signco, may"},
			"yes build,release", "no; signer-departed: signco had a contract only until 2026-05-01T00:00:00Z @{id: signco, until: 20"},
		{"a contract begins", "ci", "05-01", []string{"workloads:", "vendors: [{id: signco, from: 2026-05-01T00:00:00Z}]\nworkloads:", "holder: pipeline", "holder: signco", "{to: pipeline, may", "{to: signco, may"},
			"no; signer-departed: signco has a contract only from 2026-05-01T00:00:00Z @{id: signco, from: 202", "yes build,release"},
		{"a window opens", "token", "05-01", []string{"\"pkg:generic/payments/*\"]", "\"pkg:generic/payments/*\"], windows: [{days: [friday, saturday]}, {days: [monday], from: \"08:00\"}]"}, // a Friday
			"no; outside-window: release may approve only friday, saturday 00:00-24:00 UTC or monday 08:00-24:00 UTC @{to: release, may: [ap", approve},
		{"a window closes", "token", "05-01T17:30:00", []string{"\"pkg:generic/payments/*\"]", "\"pkg:generic/payments/*\"], windows: [{from: \"08:00\", until: \"17:30\"}]"},
			approve, "no; outside-window: release may approve only every day 08:00-17:30 UTC @{to: release, may: [ap"},
		{"a freeze begins", "token", "05-01", []string{"\"pkg:generic/payments/*\"]", "\"pkg:generic/payments/*\"], freezes: [{from: 2026-05-01T00:00:00Z, until: 2026-05-03T00:00:00Z, reason: audit}]"},
			approve, "no; in-freeze: release may approve not since 2026-05-01T00:00:00Z until 2026-05-03T00:00:00Z (audit) @{to: release, may: [ap"},
		{"a freeze ends", "token", "05-03", []string{"\"pkg:generic/payments/*\"]", "\"pkg:generic/payments/*\"], freezes: [{from: 2026-05-01T00:00:00Z, until: 2026-05-03T00:00:00Z}]"},
			"no; in-freeze: release may approve not since 2026-05-01T00:00:00Z until 2026-05-03T00:00:00Z @{to: release, may: [ap", approve},
		{"nobody who holds it is granted anything", "badge", "06-01", nil, "ungranted", "ungranted"},
		{"another holder is not granted anything", "ci", "06-01", []string{"holder: pipeline", "holder: [pipeline, erin]"},
			"no; signer-not-granted: erin has no grant that covers pkg:generic/payments/api @{id: erin, from: 2020-; signer-not-granted: no duty is granted to all of erin, pipeline @{id: ci, holder: [pipe",
			"no; signer-not-granted: erin has no grant that covers pkg:generic/payments/api @{id: erin, from: 2020-; signer-not-granted: no duty is granted to all of erin, pipeline @{id: ci, holder: [pipe"},
		{"one of the holders leaves", "token", "11-01", []string{"holder: alice", "holder: [bob, alice]", ", until: 2026-10-01T00:00:00Z", ""},
			approve, "no; signer-departed: alice left on 2026-11-01T00:00:00Z @{id: alice, from: 2026; signer-not-granted: no duty is granted to all of alice, bob @{id: token, holder: [b"},
		{"a member without a credential", "bob", "06-01", nil,
			"no approve; no-credential: bob, who may approve, holds no credential @{id: bob, from: 2020-0", "no approve; no-credential: bob, who may approve, holds no credential @{id: bob, from: 2020-0"},
		{"a workload without a credential", "pipeline", "09-01", []string{"holder: pipeline", "holder: erin"},
			"no build,release; no-credential: pipeline, who may build, release, holds no credential @{id: pipeline, owner: ", "ungranted"},
	}
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			text := changed(t, r.edits...)
			m := load(t, text)
			boundary := at(t, r.boundary)
			check(t, "-1 s", told(t, text, m.At(boundary.Add(-time.Second)).CanSign(payments, ""), r.credential), r.before)
			from := r.from
			check(t, "0 s", told(t, text, m.At(boundary).CanSign(payments, ""), r.credential), from)
			check(t, "+1 s", told(t, text, m.At(boundary.Add(time.Second)).CanSign(payments, ""), r.credential), from)
		})
	}
}

// TestCanSignSays: everything an answer says of a credential, with where the document says it.
func TestCanSignSays(t *testing.T) {
	t.Parallel()
	text := changed(t, "may: [build, release], artifacts: [\"pkg:generic/payments/**\"]", "may: [build], artifacts: [\"pkg:generic/payments/**\"], predicates: [\"https://slsa.dev/provenance/*\"], builders: [\"https://b.acme.test/*\"]")
	got := load(t, text).At(at(t, "06-01")).CanSign(payments, "")
	check(t, "could sign", got.CouldSign, []ownership.Signing{
		{
			Credential: "ci", Position: place(t, text, "{id: ci"), Holders: []string{"pipeline"}, Operators: []string{"bob"}, Vendors: []ownership.Contracted{}, Owner: "security", State: "active", Duties: []string{"build"},
			Grants: []ownership.Granted{{
				Position: place(t, text, "{to: pipeline"), Holder: "pipeline", To: "pipeline", Duties: []string{"build"}, Artifacts: []string{"pkg:generic/payments/**"},
				Predicates: []string{"https://slsa.dev/provenance/*"}, Builders: []string{"https://b.acme.test/*"}, Environments: []string{}, Workflow: []string{}, Windows: []string{}, From: "2026-04-01T00:00:00Z", Until: "2026-09-01T00:00:00Z",
			}},
			Because: []ownership.Fact{
				{About: "state", Message: "credential ci is active since 2026-03-01T00:00:00Z", Position: place(t, text, "{state: active, from: 2026-03-01")},
				{About: "grant", Message: "pipeline may build since 2026-04-01T00:00:00Z until 2026-09-01T00:00:00Z, with predicate type https://slsa.dev/provenance/*, with builder https://b.acme.test/*", Position: place(t, text, "{to: pipeline")},
			},
			But: []ownership.Objection{},
		},
		{
			Credential: "token", Position: place(t, text, "{id: token"), Holders: []string{"alice"}, Operators: []string{}, Vendors: []ownership.Contracted{}, Owner: "release", State: "active", Duties: []string{"approve"},
			Grants: []ownership.Granted{{
				Position: place(t, text, "{to: release"), Holder: "alice", To: "release", Duties: []string{"approve"},
				Artifacts: []string{"pkg:generic/**", "pkg:generic/payments/*"}, Predicates: []string{}, Builders: []string{}, Environments: []string{}, Workflow: []string{}, Windows: []string{},
			}},
			Because: []ownership.Fact{
				{About: "state", Message: "credential token is active since 2026-01-01T00:00:00Z", Position: place(t, text, "{state: active, from: 2026-01-01T00:00:00Z}]}\n  - {id: badge")},
				{About: "person", Message: "alice belongs to the organisation since 2026-01-10T00:00:00Z until 2026-11-01T00:00:00Z", Position: place(t, text, "{id: alice")},
				{About: "membership", Message: "alice is a member of release since 2026-02-01T00:00:00Z until 2026-10-01T00:00:00Z", Position: place(t, text, "{person: alice")},
				{About: "grant", Message: "release may approve", Position: place(t, text, "{to: release")},
			},
			But: []ownership.Objection{},
		},
	})
	check(t, "ungranted", got.Ungranted, ownership.Ungranted{Count: 1, Credentials: []string{"badge"}})
}

// TestCanSignThoughRevoked: what a credential with an invalidFrom still to come signs stands, and says so.
func TestCanSignThoughRevoked(t *testing.T) {
	t.Parallel()
	m := load(t, changed(t, "2026-03-01T00:00:00Z}]", "2026-03-01T00:00:00Z}, {state: revoked, from: 2026-05-01T00:00:00Z, invalidFrom: 2026-07-01T00:00:00Z}]"))
	s := m.At(at(t, "06-01")).CanSign(payments, "").CouldSign[0]
	check(t, "state", s.Credential+" "+s.State+": "+s.Because[0].Message, "ci revoked: credential ci is revoked since 2026-05-01T00:00:00Z, and what it signs before 2026-07-01T00:00:00Z stands")
}

// TestUngranted: of many credentials that were never granted anything the first are named.
func TestUngranted(t *testing.T) {
	t.Parallel()
	var more strings.Builder
	for i := range ownership.MaxUngranted + 5 {
		fmt.Fprintf(&more, "  - {id: x%02d, holder: erin, identity: {issuer: \"https://i.acme.test\", subject: \"erin%d\"}, %s}\n", i, i, active)
	}
	got := load(t, changed(t, "grants:\n", more.String()+"grants:\n")).At(at(t, "06-01")).CanSign(payments, "").Ungranted
	if got.Count != ownership.MaxUngranted+6 || len(got.Credentials) != ownership.MaxUngranted || got.Credentials[0] != "badge" || !slices.IsSorted(got.Credentials) {
		t.Errorf("%+v", got)
	}
	none := load(t, changed(t, "holder: erin", "holder: pipeline")).At(at(t, "06-01")).CanSign(payments, "").Ungranted
	check(t, "none", none, ownership.Ungranted{Credentials: []string{}})
}

// TestCanSignAgrees: at every instant something changes, and a second before and after, who could sign is
// whose signature Bind and View.May let count.
func TestCanSignAgrees(t *testing.T) {
	t.Parallel()
	text := changed(t,
		"KEY2}, states: [{state: active, from: 2026-01-01T00:00:00Z}]", "KEY2}, states: [{state: active, from: 2026-01-01T00:00:00Z}, {state: suspended, from: 2026-05-01T00:00:00Z}, {state: active, from: 2026-06-01T00:00:00Z}, {state: revoked, from: 2026-09-15T00:00:00Z, reason: key-compromise, invalidFrom: 2026-09-10T00:00:00Z}]",
		"grants:\n", "  - {id: shared, holder: [alice, pipeline], key: {pem: KEY4}, "+active+"}\n  - {id: later, holder: bob, key: {pem: KEY5}, states: [{state: pre-activation, from: 2026-02-15T00:00:00Z}, {state: active, from: 2026-03-15T00:00:00Z}, {state: deactivated, from: 2026-07-15T00:00:00Z}, {state: compromised, from: 2026-08-15T00:00:00Z}]}\n"+
			"grants:\n  - {to: alice, may: [build], artifacts: [\"**\"], from: 2026-03-20T00:00:00Z}\n  - {to: bob, may: [release], artifacts: [\"pkg:npm/**\"]}\n")
	m := load(t, text)
	keys := map[string]int{"ci": 1, "token": 2, "badge": 3, "shared": 4, "later": 5}
	var yes, no int
	for _, artifact := range []string{payments, "pkg:generic/other", "pkg:npm/x"} {
		for _, day := range []string{"01-01", "01-10", "02-01", "02-15", "03-01", "03-15", "03-20", "04-01", "05-01", "06-01", "07-15", "08-15", "09-01", "09-10", "09-15", "10-01", "11-01"} {
			for _, second := range []time.Duration{-time.Second, 0, time.Second} {
				when := at(t, day).Add(second)
				could := map[string]string{}
				for _, s := range m.At(when).CanSign(artifact, "").CouldSign {
					could[s.Credential] = strings.Join(s.Duties, ",")
				}
				for credential, n := range keys {
					want := ""
					if b, refusal := m.Bind(ownership.Identity{Key: fingerprint(t, key(n))}, when, when); refusal == nil {
						duties := ^ownership.Duties(0)
						for _, holder := range b.Holders {
							duties &= m.At(when).May(holder, ownership.Use{Artifact: artifact}).Duties
						}
						var names []string
						for _, d := range duties.List() {
							names = append(names, d.String())
						}
						want = strings.Join(names, ",")
					}
					check(t, fmt.Sprint(credential, " at ", when, " for ", artifact), could[credential], want)
					if want == "" {
						no++
					} else {
						yes++
					}
				}
			}
		}
	}
	if yes < 50 || no < 50 {
		t.Errorf("%d yes and %d no: too few of one to tell", yes, no)
	}
}

func TestR18CanRevoke(t *testing.T) {
	t.Parallel()
	rows := []struct {
		name, t string
		edits   []string
		want    string
	}{
		{"somebody can", "06-01", nil, "ci: security[erin]pager:security; token: security[erin]pager:security"},
		{"two teams", "06-01", []string{"{id: ci, holder: pipeline, owner: security, revokers: [security]", "{id: ci, holder: pipeline, owner: security, revokers: [security, release]"},
			"ci: release[alice bob]pager:release security[erin]pager:security; token: security[erin]pager:security"},
		{"until they leave", "06-01", []string{"{id: erin, from: 2020-01-01T00:00:00Z}", "{id: erin, from: 2020-01-01T00:00:00Z, until: 2026-06-01T00:00:00Z}"},
			"ci: security[]pager:office; token: security[]pager:office"},
		{"a second before they leave", "05-31T23:59:59", []string{"{id: erin, from: 2020-01-01T00:00:00Z}", "{id: erin, from: 2020-01-01T00:00:00Z, until: 2026-06-01T00:00:00Z}"},
			"ci: security[erin]pager:security; token: security[erin]pager:security"},
		{"no team named", "06-01", []string{"owner: release, revokers: [security]", "owner: release"}, "ci: security[erin]pager:security; token:"},
		{"what could not sign is not asked for", "12-01", nil, ""},
	}
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			text := changed(t, r.edits...)
			var got []string
			for _, c := range load(t, text).At(at(t, r.t)).CanRevoke(payments) {
				line := c.Credential + ":"
				check(t, "position", c.Position, place(t, text, "{id: "+c.Credential))
				for _, v := range c.Revokers {
					line += fmt.Sprintf(" %s%v%s", v.Team, v.Members, v.Page)
					check(t, "position", v.Position, place(t, text, "{id: "+v.Team))
				}
				got = append(got, line)
			}
			check(t, "could revoke", strings.Join(got, "; "), r.want)
		})
	}
}

func TestR19MustBlock(t *testing.T) {
	t.Parallel()
	text := changed(t, "enforcement:\n", `enforcement:
  - {id: watch, environment: staging, artifacts: ["**"], mode: audit}
  - {id: npm, environment: production, artifacts: ["pkg:npm/**"], mode: enforce, onFailure: open, owner: office}
`)
	m := load(t, text)
	watch := ownership.Blocking{ID: "watch", Position: place(t, text, "{id: watch"), Environment: "staging", Mode: "audit"}
	gate := ownership.Blocking{ID: "gate", Position: place(t, text, "{id: gate"), Environment: "production", Mode: "enforce", OnFailure: "closed", Owner: "security", Page: "pager:security"}
	npm := ownership.Blocking{ID: "npm", Position: place(t, text, "{id: npm"), Environment: "production", Mode: "enforce", OnFailure: "open", Owner: "office", Page: "pager:office"}
	rows := []struct {
		name, artifact, environment string
		want                        []ownership.Blocking
	}{
		{"in one environment", payments, "production", []ownership.Blocking{gate}},
		{"in another", payments, "staging", []ownership.Blocking{watch}},
		{"in every one", payments, "", []ownership.Blocking{watch, gate}},
		{"another artifact", "pkg:npm/x", "production", []ownership.Blocking{npm}},
		{"an artifact nothing covers", "pkg:oci/x", "production", []ownership.Blocking{}},
		{"an environment nobody knows", payments, "prod", []ownership.Blocking{}},
	}
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			check(t, "must block", m.At(at(t, "06-01")).MustBlock(r.artifact, r.environment), r.want)
		})
	}
}

func TestAnswering(t *testing.T) {
	t.Parallel()
	text := changed(t)
	m := load(t, text)
	all := m.At(at(t, "06-01")).Answering(payments)
	if len(all) != 7 {
		t.Fatalf("%d controls", len(all))
	}
	check(t, "publisher identity", all[0], ownership.Answering{
		Control: "publisher-identity", Positions: []string{place(t, text, "{control: publisher-identity")},
		Accountable: ownership.Accountable{Team: "security", Page: "pager:security", Escalation: []string{"office"}},
		Responsible: []string{"release"}, Consulted: []string{}, Informed: []string{}, Paged: ownership.Paged{Team: "release", Page: "pager:release"}, Runbook: "https://r.acme.test/1",
		Activities: []ownership.Doing{}, Staff: []ownership.Staffed{{Team: "release", Members: []string{"alice", "bob"}}, {Team: "security", Members: []string{"erin"}}},
		Quorum: 1, AcceptedBy: []ownership.Accepted{},
	})
	check(t, "release policy", all[4], ownership.Answering{
		Control: "release-policy", Positions: []string{place(t, text, "{control: release-policy")},
		Accountable: ownership.Accountable{Team: "release", Page: "pager:release", Escalation: []string{"security"}},
		Responsible: []string{"office", "release"}, Consulted: []string{"security"}, Informed: []string{"office"}, Paged: ownership.Paged{Team: "release", Page: "pager:release"}, Runbook: "https://r.acme.test/5",
		Activities: []ownership.Doing{
			{Activity: "approve", Teams: []string{"office", "release"}, People: 2, Inherited: true}, {Activity: "promote", Teams: []string{"office", "release"}, People: 2, Inherited: true},
			{Activity: "distribute", Teams: []string{"office", "release"}, People: 2, Inherited: true}, {Activity: "roll-back", Teams: []string{"office", "release"}, People: 2, Inherited: true},
		},
		Staff:  []ownership.Staffed{{Team: "office", Members: []string{"bob"}}, {Team: "release", Members: []string{"alice", "bob"}}, {Team: "security", Members: []string{"erin"}}},
		Quorum: 2, AcceptedBy: []ownership.Accepted{},
	})
	for _, a := range all {
		c, _ := ownership.ParseControl(a.Control)
		o, ok := m.At(at(t, "06-01")).Control(c, payments)
		if !ok || o.Accountable != a.Accountable.Team || m.Contact(o.Accountable, at(t, "06-01")) != a.Accountable.Page {
			t.Errorf("%s: %+v, but View.Control says %+v", a.Control, a, o)
		}
	}
	// the page of then is that of the next of the escalation where a team is empty
	left := load(t, changed(t, "{id: erin, from: 2020-01-01T00:00:00Z}", "{id: erin, from: 2020-01-01T00:00:00Z, until: 2026-06-01T00:00:00Z}"))
	check(t, "before erin leaves", left.At(at(t, "05-31T23:59:59")).Answering(payments)[6].Accountable.Page, "pager:security")
	check(t, "when erin leaves", left.At(at(t, "06-01")).Answering(payments)[6].Accountable.Page, "pager:office")
}

// gapRow is what an edited document lacks for payments.
type gapRow struct {
	name, t, environment string
	edits                []string
	want                 []string // CODE CONTROL CREDENTIAL ABOUT: MESSAGE @what stands there
}

func TestGaps(t *testing.T) {
	t.Parallel()
	const erin, gone = "{id: erin, from: 2020-01-01T00:00:00Z}", "{id: erin, from: 2020-01-01T00:00:00Z, until: 2026-06-01T00:00:00Z}"
	rows := []gapRow{
		{"none", "06-01", "production", nil, nil},
		{"none, in every environment", "06-01", "", nil, nil},
		{"in force", "06-01", "production", []string{"effectiveFrom: 2026-01-01", "effectiveFrom: 2026-06-01"}, nil},
		{"not in force yet", "05-31T23:59:59", "production", []string{"effectiveFrom: 2026-01-01", "effectiveFrom: 2026-06-01"},
			[]string{"ownership-not-in-force release-policy: the document acme is in force only from 2026-06-01T00:00:00Z @{name: acme, version: "}},
		{"nobody can sign", "10-01", "production", nil, []string{"nobody-can-sign publisher-identity: no credential could sign it"}},
		{"a shared credential", "06-01", "production", []string{"holder: alice", "holder: [bob, alice]"},
			[]string{"credential-shared key-lifecycle token: alice, bob all hold credential token, so nobody in particular signs @{id: token, holder: [b"}},
		{"no team can revoke", "06-01", "production", []string{"owner: release, revokers: [security]", "owner: release"},
			[]string{"nobody-can-revoke key-lifecycle token: credential token names no team that can revoke it @{id: token, holder: al"}},
		{"nobody is in the teams that can revoke", "06-01", "production", []string{erin, gone, "[{person: erin}]", "[{person: bob, until: 2026-06-01T00:00:00Z}, {person: erin}]", "{id: ci, holder: pipeline, owner: security, revokers: [security]", "{id: ci, holder: pipeline, owner: security, revokers: [office]", "accountable: security, responsible: [release]", "accountable: release, responsible: [release]",
			"certificate-issuance, artifacts: [\"**\"], accountable: security, responsible: [security]", "certificate-issuance, artifacts: [\"**\"], accountable: release, responsible: [release]",
			"key-lifecycle, artifacts: [\"**\"], accountable: security, responsible: [security]", "key-lifecycle, artifacts: [\"**\"], accountable: release, responsible: [release]",
			"enforcement, artifacts: [\"**\"], accountable: security, responsible: [security]", "enforcement, artifacts: [\"**\"], accountable: release, responsible: [release]",
			"monitoring, artifacts: [\"**\"], accountable: security, responsible: [security]", "monitoring, artifacts: [\"**\"], accountable: release, responsible: [release]",
			"escalation: [security]", "escalation: [office]"},
			[]string{"nobody-can-revoke key-lifecycle token: nobody is in security, which could revoke credential token @{id: token, holder: al"}},
		{"no point covers it", "06-01", "production", []string{`artifacts: ["pkg:generic/**"], mode`, `artifacts: ["pkg:npm/**"], mode`},
			[]string{"nobody-blocks enforcement: no point of enforcement covers it in production"}},
		{"no point covers it anywhere", "06-01", "", []string{`artifacts: ["pkg:generic/**"], mode`, `artifacts: ["pkg:npm/**"], mode`},
			[]string{"nobody-blocks enforcement: no point of enforcement covers it"}},
		{"a point covers it elsewhere", "06-01", "staging", nil,
			[]string{"nobody-blocks enforcement: no point of enforcement covers it in staging, only in production @{id: gate, environment"}},
		{"it is only audited", "06-01", "production", []string{"mode: enforce", "mode: audit"},
			[]string{"not-enforced enforcement production: in production it is only audited: nothing stops it @{id: gate, environment"}},
		{"it is audited elsewhere, and nobody asked", "06-01", "production", []string{"enforcement:\n", "enforcement:\n  - {id: watch, environment: staging, artifacts: [\"**\"], mode: audit, owner: office}\n"}, nil},
		{"it is audited beside being blocked", "06-01", "production", []string{"enforcement:\n", "enforcement:\n  - {id: watch, environment: production, artifacts: [\"**\"], mode: audit, owner: office}\n"}, nil},
		{"in one of the environments it is only audited", "06-01", "", []string{"enforcement:\n", "enforcement:\n  - {id: watch, environment: staging, artifacts: [\"**\"], mode: audit, owner: office}\n"},
			[]string{"not-enforced enforcement staging: in staging it is only audited: nothing stops it @{id: watch, environmen"}},
		{"it fails open", "06-01", "production", []string{"onFailure: closed", "onFailure: open"},
			[]string{"fail-open enforcement gate: gate lets through what it cannot judge @{id: gate, environment"}},
		{"it does not say how it fails", "06-01", "production", []string{"onFailure: closed, ", ""},
			[]string{"fail-open enforcement gate: gate does not say what it does when it cannot judge @{id: gate, environment"}},
		{"a point without an owner", "06-01", "production", []string{"onFailure: closed, owner: security", "onFailure: closed"},
			[]string{"enforcement-unowned enforcement gate: gate has no owner @{id: gate, environment"}},
		{"no entry covers it", "06-01", "production", []string{`{control: monitoring, artifacts: ["**"]`, `{control: monitoring, artifacts: ["pkg:npm/**"]`},
			[]string{"control-unowned monitoring: nobody is accountable for monitoring of pkg:generic/payments/api: no entry covers it"}},
		{"the most specific entry names nobody", "06-01", "production", []string{"controls:\n", "controls:\n  - {control: monitoring, artifacts: [\"pkg:generic/**\"], responsible: [office]}\n"},
			[]string{"control-unowned monitoring: nobody is accountable for monitoring of pkg:generic/payments/api: the most specific entry names nobody @{control: monitoring, "}},
		{"a tie", "06-01", "production", []string{"enforcement:\n", "  - {control: monitoring, artifacts: [\"**\"], accountable: office}\nenforcement:\n"},
			[]string{"control-unowned monitoring: nobody is accountable for monitoring of pkg:generic/payments/api: 2 entries are equally specific and differ @{control: monitoring, @{control: monitoring, "}},
		{"a tie of equal answers", "06-01", "production", []string{"enforcement:\n", "  - {control: monitoring, artifacts: [\"**\"], accountable: security, responsible: [security], runbook: \"https://r.acme.test/7\"}\nenforcement:\n"}, nil},
		{"a more specific entry", "06-01", "production", []string{"enforcement:\n", "  - {control: monitoring, artifacts: [\"pkg:generic/**\"], accountable: release, responsible: [release], runbook: \"https://r.acme.test/8\"}\nenforcement:\n"}, nil},
		{"nobody is responsible", "06-01", "production", []string{"responsible: [security], runbook: \"https://r.acme.test/7\"", "runbook: \"https://r.acme.test/7\""},
			[]string{"raci-no-responsible monitoring: monitoring names no responsible team @{control: monitoring, "}},
		{"no runbook", "06-01", "production", []string{", runbook: \"https://r.acme.test/7\"", ""},
			[]string{"runbook-missing monitoring: monitoring names no runbook @{control: monitoring, "}},
		{"no escalation", "06-01", "production", []string{"escalation: [security]", "escalation: [office]", "accountable: security, responsible: [security], runbook: \"https://r.acme.test/7\"", "accountable: office, responsible: [office], runbook: \"https://r.acme.test/7\""},
			[]string{"escalation-broken monitoring: office, accountable for monitoring, escalates to no team @{control: monitoring, "}},
		{"nobody is in the accountable team, and there is nobody to page", "06-01", "production", []string{
			"  - {id: office,", "  - {id: night, members: [{person: erin, until: 2026-06-01T00:00:00Z}], contacts: {page: \"pager:night\"}, escalation: [day]}\n  - {id: day, members: [{person: erin, until: 2026-06-01T00:00:00Z}]}\n  - {id: office,",
			"accountable: security, responsible: [security], runbook: \"https://r.acme.test/7\"", "accountable: night, responsible: [day, night], runbook: \"https://r.acme.test/7\""},
			[]string{
				"owner-stale monitoring: nobody is in night, which is accountable for monitoring @{control: monitoring, ",
				"raci-no-responsible monitoring: nobody is in day, night, which is responsible for monitoring @{control: monitoring, ",
				"nobody-paged monitoring: neither night nor its escalation can be paged for monitoring @{control: monitoring, ",
				"escalation-broken monitoring: the escalation of night, accountable for monitoring, ends at day, and nobody is in it @{control: monitoring, ",
			}},
		{"a second before they leave", "05-31T23:59:59", "production", []string{
			"  - {id: office,", "  - {id: night, members: [{person: erin, until: 2026-06-01T00:00:00Z}], contacts: {page: \"pager:night\"}, escalation: [day]}\n  - {id: day, members: [{person: erin, until: 2026-06-01T00:00:00Z}]}\n  - {id: office,",
			"accountable: security, responsible: [security], runbook: \"https://r.acme.test/7\"", "accountable: night, responsible: [day, night], runbook: \"https://r.acme.test/7\""}, nil},
	}
	const monitoring, key = "responsible: [security], runbook: \"https://r.acme.test/7\"", "responsible: [security], runbook: \"https://r.acme.test/3\""
	vendor := func(more string) []string {
		return []string{"workloads: [", "vendors: [{id: signco" + more + "}]\nworkloads: [", "holder: pipeline", "holder: signco", "{to: pipeline,", "{to: signco,"}
	}
	review := []string{monitoring, monitoring + ", reviewedAt: 2026-05-02T00:00:00Z, reviewEvery: 30d"}
	rows = append(rows, []gapRow{
		{"a vendor with an internal owner", "06-01", "production", vendor(", internalOwner: office"), nil},
		{"a vendor without one", "06-01", "production", vendor(""), []string{"vendor-unowned publisher-identity signco: vendor signco has no internal owner @{id: signco}]"}},
		{"a vendor whose owner is empty", "06-01", "production", append(vendor(", internalOwner: night"), "  - {id: office,", "  - {id: night, members: [{person: erin, until: 2026-06-01T00:00:00Z}]}\n  - {id: office,"),
			[]string{"vendor-unowned publisher-identity signco: nobody is in night, the internal owner of vendor signco @{id: signco, internalO"}},
		{"all activities are somebody's", "06-01", "production", []string{monitoring, monitoring + ", activities: {monitor: office}"}, nil},
		{"activities nobody does", "06-01", "production", []string{key, key + ", activities: {generate: security, store: office, revoke: security}"}, []string{
			"activity-unowned key-lifecycle access: key-lifecycle names nobody who does access @{control: key-lifecycl",
			"activity-unowned key-lifecycle rotate: key-lifecycle names nobody who does rotate @{control: key-lifecycl",
		}},
		{"an activity of an empty team", "06-01", "production", []string{monitoring, monitoring + ", activities: {monitor: night}", "  - {id: office,", "  - {id: night, members: [{person: erin, until: 2026-06-01T00:00:00Z}]}\n  - {id: office,"},
			[]string{"activity-unowned monitoring monitor: nobody is in night, which does monitor under monitoring @{control: monitoring, "}},
		{"a review that is due", "06-01", "production", review, nil},
		{"a second later", "06-01T00:00:01", "production", review, []string{"review-overdue monitoring: the entry of monitoring is to be reviewed every 30d: it was due on 2026-06-01T00:00:00Z @{control: monitoring, "}},
		{"an entry that was never reviewed", "02-01", "production", []string{monitoring, monitoring + ", reviewEvery: 12h", "until: 2026-09-01T00:00:00Z}", "until: 2026-09-01T00:00:00Z}\n  - {to: release, may: [release], artifacts: [\"**\"]}"},
			[]string{"review-overdue monitoring: the entry of monitoring is to be reviewed every 12h: it was due on 2026-01-01T12:00:00Z @{control: monitoring, "}},
	}...)
	seen := map[ownership.GapCode]bool{}
	for _, r := range rows {
		text := changed(t, r.edits...)
		var got []string
		for _, g := range load(t, text).At(at(t, r.t)).Who(payments, r.environment).Gaps {
			seen[g.Code] = true
			line := strings.Join(slices.DeleteFunc([]string{string(g.Code), g.Control, g.Credential, g.About}, func(s string) bool { return s == "" }), " ") + ": " + g.Message
			for i, p := range g.Positions {
				line += strings.Repeat(" ", 1-min(1, i)) + "@" + at40(t, text, p)
			}
			got = append(got, line)
		}
		check(t, r.name, got, r.want)
	}
	if len(seen) != 17 {
		t.Errorf("%d codes were seen: %v", len(seen), seen)
	}
}

// TestWho: the answer is deterministic, whole, and JSON without null.
func TestWho(t *testing.T) {
	t.Parallel()
	var first []byte
	for range 20 {
		m := load(t, changed(t))
		w := m.At(time.Date(2026, 6, 1, 2, 0, 0, 987, time.FixedZone("", 2*3600))).Who(payments, "production")
		data, err := w.JSON()
		if err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first = data
			check(t, "ownership", w.Ownership, ownership.Source{Name: "acme", Version: 1, Digest: m.Digest(), Position: "ownership.yaml:3:11"})
			check(t, "head", []string{w.APIVersion, w.Kind, w.Artifact, w.Environment, w.At}, []string{"surety.dev/v1alpha1", "Who", payments, "production", "2026-06-01T00:00:00Z"})
		}
		check(t, "JSON", string(data), string(first))
	}
	for _, zero := range []ownership.Who{
		new(ownership.Model).At(time.Time{}).Who("x", ""),
		load(t, changed(t)).At(at(t, "06-01")).Who("pkg:oci/x", "nowhere"),
		load(t, changed(t)).At(at(t, "10-15")).Who(payments, ""),
	} {
		data, err := zero.JSON()
		if err != nil || strings.Contains(string(data), "null") {
			t.Errorf("null in the JSON, or %v: %s", err, data)
		}
		var back ownership.Who
		if err := json.Unmarshal(data, &back); err != nil {
			t.Fatal(err)
		}
		check(t, "read back", back, zero)
	}
}
