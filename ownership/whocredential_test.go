package ownership_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/surety-dev/surety/ownership"
)

func credential(t *testing.T, m *ownership.Model, when time.Time, id string) ownership.WhoCredential {
	t.Helper()
	w, err := m.At(when).WhoCredential(id)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// TestWhoCredentialSays: everything an answer says of a credential, with where the document says it.
func TestWhoCredentialSays(t *testing.T) {
	t.Parallel()
	text := changed(t, "{id: ci, holder: pipeline, owner: security, revokers: [security], key: {pem: KEY1}, states: [{state: active, from: 2026-03-01T00:00:00Z}]}",
		"{id: ci, holder: [pipeline, alice], owner: security, revokers: [security, office], custody: kms, keptBy: release, rotateEvery: 90d, key: {pem: KEY1}, states: [{state: active, from: 2026-03-01T00:00:00Z}, {state: revoked, from: 2026-07-01T00:00:00Z, reason: key-compromise, invalidFrom: 2026-05-01T00:00:00Z}]}",
		"grants:\n", "grants:\n  - {to: alice, may: [build, attest], artifacts: [\"pkg:generic/payments/api\"], environments: [production]}\n  - {to: pipeline, may: [review], artifacts: [\"**\"]}\n")
	w := credential(t, load(t, text), at(t, "06-01"), "ci")
	check(t, "head", []string{w.Kind, w.At, w.Credential, w.Position, w.Key, w.Issuer, w.Subject, w.State, w.Custody, w.RotateEvery, w.RotationDue},
		[]string{"WhoCredential", "2026-06-01T00:00:00Z", "ci", place(t, text, "{id: ci"), fingerprint(t, key(1)).String(), "", "", "active", "kms", "90d", "2026-05-30T00:00:00Z"})
	check(t, "usable", w.Usable, true)
	check(t, "because", w.Because, []ownership.Fact{{About: "state", Message: "credential ci is active since 2026-03-01T00:00:00Z", Position: place(t, text, "{state: active, from: 2026-03-01")}})
	check(t, "but", w.But, []ownership.Objection{{
		Code: "signed-after-compromise", Position: place(t, text, "{state: revoked"),
		Message: "credential ci is revoked since 2026-07-01T00:00:00Z (key-compromise), which reaches back to 2026-05-01T00:00:00Z: from then on what it signed at this time counts no more",
	}})
	check(t, "states", w.States, []ownership.Stated{
		{State: "active", From: "2026-03-01T00:00:00Z", Position: place(t, text, "{state: active, from: 2026-03-01")},
		{State: "revoked", From: "2026-07-01T00:00:00Z", Reason: "key-compromise", InvalidFrom: "2026-05-01T00:00:00Z", Position: place(t, text, "{state: revoked")},
	})
	check(t, "holders", w.Holders, []ownership.Holding{
		{Holder: "alice", Kind: "person", Position: place(t, text, "{id: alice"), Present: true, Operators: []string{}},
		{Holder: "pipeline", Kind: "workload", Position: place(t, text, "{id: pipeline"), Present: true, Operators: []string{"bob"}, Owner: "release"},
	})
	check(t, "owner", w.Owner, ownership.Crew{Team: "security", Position: place(t, text, "{id: security"), Members: []string{"erin"}, Page: "pager:security"})
	check(t, "kept by", w.KeptBy, ownership.Crew{Team: "release", Position: place(t, text, "{id: release"), Members: []string{"alice", "bob"}, Page: "pager:release"})
	check(t, "revokers", w.Revokers, []ownership.Revoker{
		{Team: "office", Position: place(t, text, "{id: office"), Members: []string{"bob"}, Page: "pager:office"}, {Team: "security", Position: place(t, text, "{id: security"), Members: []string{"erin"}, Page: "pager:security"},
	})
	check(t, "what all who hold it may", fmt.Sprint(w.Duties, w.Artifacts, w.Environments), "[build] [pkg:generic/payments/** pkg:generic/payments/api] []")
	var may []string
	for _, d := range w.May {
		for _, g := range d.Grants {
			may = append(may, d.Duty+" "+g.Holder+" "+g.To)
		}
	}
	check(t, "may", strings.Join(may, "; "), "build alice alice; build pipeline pipeline; review pipeline pipeline; approve alice release; release pipeline pipeline; attest alice alice")
	check(t, "gaps", said(w.Gaps), "credential-shared key-lifecycle ci; rotation-overdue key-lifecycle ci")

	identity := credential(t, load(t, exampleText()), at(t, "06-01"), "github-release")
	check(t, "identity", []string{identity.Key, identity.Issuer, identity.Subject}, []string{"", github, "https://github.com/acme/payments/.github/workflows/release.yaml@refs/tags/*"})
}

// exampleText is the document of the examples.
func exampleText() string { return strings.TrimPrefix(example, "\n") }

// TestWhoCredentialOverTime: what it could sign and what it lacks, a second before a boundary, at it and after.
func TestWhoCredentialOverTime(t *testing.T) {
	t.Parallel()
	short := func(w ownership.WhoCredential) string {
		s := w.State
		if w.Usable {
			s += " usable"
		}
		return strings.TrimSuffix(strings.TrimSpace(s+" "+strings.Join(w.Duties, ","))+": "+said(w.Gaps), ": ")
	}
	token := "KEY2}, states: [{state: active, from: 2026-01-01T00:00:00Z}]"
	erin := "{id: erin, from: 2020-01-01T00:00:00Z"
	rows := []struct {
		name, id, boundary, before, from, after string
		edits                                   []string
	}{
		{"becomes active", "ci", "03-01", "pre-activation", "active usable", "", nil},
		{"is granted something", "ci", "04-01", "active usable", "active usable build,release", "", nil},
		{"its holder leaves", "token", "11-01", "active usable", "active: offboarding-lag key-lifecycle token alice", "", nil},
		{"its holder goes away", "token", "05-01", "active usable approve", "active: offboarding-lag key-lifecycle token alice", "",
			[]string{"until: 2026-11-01T00:00:00Z}", "until: 2026-11-01T00:00:00Z, away: [{from: 2026-05-01T00:00:00Z, until: 2026-06-01T00:00:00Z}]}"}},
		{"it is suspended", "token", "05-01", "active usable approve", "suspended approve", "", []string{token, token[:len(token)-1] + ", {state: suspended, from: 2026-05-01T00:00:00Z}]"}},
		{"it ends, and lacks nothing any more", "token", "11-05", "active: offboarding-lag key-lifecycle token alice", "revoked", "", []string{token, token[:len(token)-1] + ", {state: revoked, from: 2026-11-05T00:00:00Z}]"}},
		{"rotation is due", "token", "05-31", "active usable approve", "active usable approve", "active usable approve: rotation-overdue key-lifecycle token", []string{"revokers: [security], key: {pem: KEY2}", "revokers: [security], rotateEvery: 150d, key: {pem: KEY2}"}},
		{"who owns and could revoke it leaves", "ci", "06-01", "active usable build,release", "active usable build,release: nobody-can-revoke key-lifecycle ci; owner-stale key-lifecycle ci", "", []string{erin, erin + ", until: 2026-06-01T00:00:00Z"}},
		{"nobody owns it", "ci", "06-01", "active usable build,release: credential-unowned key-lifecycle ci", "active usable build,release: credential-unowned key-lifecycle ci", "", []string{"holder: pipeline, owner: security", "holder: pipeline"}},
		{"who operates its holder leaves", "ci", "06-01", "active usable build,release", "active usable build,release: workload-unoperated publisher-identity pipeline", "", []string{"{id: bob, from: 2020-01-01T00:00:00Z", "{id: bob, from: 2020-01-01T00:00:00Z, until: 2026-06-01T00:00:00Z"}},
		{"its holder is nobody's", "ci", "06-01", "active usable build,release: workload-unoperated publisher-identity pipeline; workload-unowned publisher-identity pipeline", "active usable build,release: workload-unoperated publisher-identity pipeline; workload-unowned publisher-identity pipeline", "",
			[]string{"{id: pipeline, owner: release, operators: [bob]}", "{id: pipeline}"}},
		{"a vendor's contract ends", "ci", "06-01", "active usable build,release: vendor-unowned publisher-identity signco", "active: vendor-unowned publisher-identity signco", "",
			[]string{"workloads: [", "vendors: [{id: signco, until: 2026-06-01T00:00:00Z}]\nworkloads: [", "holder: pipeline", "holder: signco", "{to: pipeline,", "{to: signco,"}},
	}
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			m := load(t, changed(t, r.edits...))
			boundary := at(t, r.boundary)
			check(t, "-1 s", short(credential(t, m, boundary.Add(-time.Second), r.id)), r.before)
			check(t, "0 s", short(credential(t, m, boundary, r.id)), r.from)
			after := r.after
			if after == "" {
				after = r.from
			}
			check(t, "+1 s", short(credential(t, m, boundary.Add(time.Second), r.id)), after)
		})
	}
}
