package verify_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/surety-dev/surety/attest"
	"github.com/surety-dev/surety/internal/fixture"
	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/verify"
)

// statusModel is the base model with keys for those who may revoke: erin, of the team security, and a bot that team
// owns; and people who may not. What alice signs only the team vault may revoke.
var statusModel = strings.NewReplacer(
	"credentials:\n", `  - {id: bot, owner: security, operators: [erin]}
credentials:
  - {id: erin-key, holder: erin, owner: security, revokers: [vault], key: {pem: KEY(erin)}, states: [{state: active, from: 2023-01-01T00:00:00Z}]}
  - {id: frank-key, holder: frank, owner: security, revokers: [vault], key: {pem: KEY(frank)}, states: [{state: active, from: 2023-01-01T00:00:00Z}]}
  - {id: bot-key, holder: bot, owner: security, revokers: [vault], key: {pem: KEY(bot)}, states: [{state: active, from: 2023-01-01T00:00:00Z}]}
`,
	"grants:\n", "grants:\n  - {to: bot, may: [revoke], artifacts: [\"**\"]}\n",
	"teams:\n", "teams:\n  - {id: vault, members: [{person: frank}]}\n",
	"people:\n", "people:\n  - {id: frank, from: 2023-01-01T00:00:00Z}\n",
).Replace(baseModel)

// revocation is an entry of a list; "": without.
func revocation(credential, reason, from, invalidFrom string) map[string]any {
	e := map[string]any{"credential": credential, "reason": reason, "from": from}
	if invalidFrom != "" {
		e["invalidFrom"] = invalidFrom
	}
	return e
}

// listStatement is a revocation list of a time, with its next a day later.
func listStatement(number int, issued string, entries ...map[string]any) fixture.Statement {
	at := must(time.Parse(time.RFC3339, issued))
	if entries == nil {
		entries = []map[string]any{}
	}
	return fixture.NewStatement(attest.RevocationType, otherFile, map[string]any{
		"number": number, "issuedAt": issued, "nextUpdate": at.Add(24 * time.Hour).Format(time.RFC3339), "entries": entries,
	})
}

// today is when lists of tests are issued: an hour before the time of evaluation.
const today = "2026-06-01T11:00:00Z"

// statusScene is a scene with lists; freshness is demanded where it is not "".
func statusScene(t *testing.T, freshness string) scene {
	s := scene{model: statusModel, openers: []verify.Opener{timed{}}}
	if freshness != "" {
		s.policies = []string{replaced(t, basePolicy, "artifacts:", "freshness: {revocations: "+freshness+"}\nartifacts:")}
	}
	return s
}

// finding is the first finding of a code.
func finding(t testing.TB, v verify.Verdict, code verify.Code) verify.Finding {
	t.Helper()
	i := slices.IndexFunc(v.Findings, func(f verify.Finding) bool { return f.Code == code })
	if i < 0 {
		t.Fatalf("no %s\n%s", code, explain(v))
	}
	return v.Findings[i]
}

// says asserts that a finding of the code says something.
func says(t testing.TB, v verify.Verdict, code verify.Code, text string) {
	t.Helper()
	if f := finding(t, v, code); !strings.Contains(f.Message, text) {
		t.Errorf("%s says %q, want %q", code, f.Message, text)
	}
}

// TestR24RevokedByList: what a list says is judged as the model's own states are (design §4.9).
func TestR24RevokedByList(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name    string
		entry   map[string]any
		code    verify.Code // "": it stands
		message string
		before  string // a time of signing that stands all the same; "": none does
	}{
		{"before signing", revocation("pipeline-key", "superseded", "2026-05-01T00:00:00Z", ""), "credential-revoked", "is revoked since 2026-05-01T00:00:00Z (superseded), as revocation list 7 (sha256:", "2026-04-30T23:59:59Z"},
		{"for a compromise", revocation("pipeline-key", "key-compromise", "2026-05-20T00:00:00Z", ""), "signed-after-compromise", "(key-compromise)", ""},
		{"for a compromise of the authority", revocation("pipeline-key", "ca-compromise", "2026-05-20T00:00:00Z", ""), "signed-after-compromise", "(ca-compromise)", ""},
		{"with an invalidity date", revocation("pipeline-key", "key-compromise", "2026-05-20T00:00:00Z", "2026-05-02T00:00:00Z"), "signed-after-compromise", "not to be trusted from 2026-05-02T00:00:00Z", "2026-05-01T23:59:59Z"},
		{"for no reason", revocation("pipeline-key", "unspecified", "2026-05-02T00:00:00Z", ""), "credential-revoked", "(unspecified)", "2026-05-01T00:00:00Z"},
		{"after signing", revocation("pipeline-key", "superseded", "2026-05-20T00:00:00Z", ""), "", "", ""},
		{"after the time of evaluation", revocation("pipeline-key", "key-compromise", "2026-06-01T12:00:01Z", ""), "", "", ""},
		{"another credential", revocation("stranger-key", "key-compromise", "2026-05-01T00:00:00Z", ""), "", "", ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			s := statusScene(t, "")
			list := signed(listStatement(7, today, row.entry), "erin")
			signedAt := built("2026-05-03T00:00:00Z")[0]
			want(t, s.judge(t, signedAt), "allow")
			v := s.judge(t, signedAt, list)
			if row.code == "" {
				want(t, v, "allow")
				return
			}
			want(t, v, "deny", string(row.code), "evidence-missing")
			says(t, v, row.code, row.message)
			f := finding(t, v, row.code)
			if f.Position != "" || f.Credential != "pipeline-key" || f.Accountable.Team != "security" {
				t.Errorf("%+v", f)
			}
			if len(v.Revocations) != 1 || v.Revocations[0].Number != 7 || !slices.Equal(v.Revocations[0].Refused, []string{"pipeline-key"}) || v.Revocations[0].Entries != 1 {
				t.Errorf("%+v", v.Revocations)
			}
			if row.before != "" {
				want(t, s.judge(t, built(row.before)[0], list), "allow")
			}
		})
	}
	// all that is supplied adds up, the earliest bound wins, and the order is nothing
	s := statusScene(t, "")
	late := signed(listStatement(8, today, revocation("pipeline-key", "superseded", "2026-05-01T00:00:00Z", "")), "erin")
	early := signed(listStatement(7, "2020-01-01T00:00:00Z", revocation("pipeline-key", "key-compromise", "2026-05-10T00:00:00Z", "2026-04-01T00:00:00Z")), "bot")
	empty := signed(listStatement(9, today), "erin")
	for _, lists := range [][][]byte{{late, early, empty}, {empty, early, late}} {
		v := s.judge(t, append(lists, built("2026-04-15T00:00:00Z")...)...)
		want(t, v, "deny", "signed-after-compromise", "evidence-missing")
		says(t, v, "signed-after-compromise", "revocation list 7 ")
		if len(v.Revocations) != 3 {
			t.Errorf("%+v", v.Revocations)
		}
	}
	want(t, s.judge(t, late, empty, built("2026-04-15T00:00:00Z")[0]), "allow")
}

// listsThatMayNot are lists by who may not say that a credential is revoked.
func listsThatMayNot(t *testing.T) {
	revoked := revocation("pipeline-key", "key-compromise", "2026-05-01T00:00:00Z", "")
	good := built("2026-05-03T00:00:00Z")[0]
	want(t, statusScene(t, "").judge(t, good, signed(listStatement(1, today, revoked), "erin")), "deny", "credential-revoked", "evidence-missing")
	for _, row := range []struct {
		name  string
		model []string // replaced
		list  []byte
		code  verify.Code
		says  string
	}{
		{"a team that may not revoke", nil, signed(listStatement(1, today, revoked), "frank"), "revocation-not-permitted", "revokes pipeline-key, which takes a team among its revokers, and was signed for vault"},
		{"no team that may revoke anything", nil, signed(listStatement(1, today, revoked), "alice"), "revocation-not-permitted", "alice (credential alice-key) was in no team that may revoke anything"},
		{"a workload of another team", []string{"{id: bot, owner: security", "{id: bot, owner: approvers"}, signed(listStatement(1, today, revoked), "bot"), "revocation-not-permitted", "in no team"},
		{"no member any more", []string{"members: [{person: erin}]", "members: [{person: erin, until: 2026-05-01T00:00:00Z}]"}, signed(listStatement(1, today, revoked), "erin"), "revocation-not-permitted", "erin (credential erin-key) was in no team"},
		{"no member then", []string{"members: [{person: erin}]", "members: [{person: erin, from: 2026-05-01T00:00:00Z}]"}, stamped(listStatement(1, "2026-04-01T00:00:00Z", revoked), "2026-04-01T00:00:00Z", "erin"), "revocation-not-permitted", "at 2026-04-01T00:00:00Z"},
		{"gone", []string{"- {id: erin, from: 2023-01-01T00:00:00Z}", "- {id: erin, from: 2023-01-01T00:00:00Z, until: 2026-05-01T00:00:00Z}"}, signed(listStatement(1, today, revoked), "erin"), "signer-departed", "left on 2026-05-01"},
		{"a stranger", nil, signed(listStatement(1, today, revoked), "nobody"), "signer-unknown", ""},
		{"an altered list", nil, []byte(strings.Replace(string(signed(listStatement(1, today, revoked), "erin")), `"sig":"`, `"sig":"AA`, 1)), "malformed-signature", ""},
		{"back-dated by who stole the key", []string{"key: {pem: KEY(erin)}, states: [{state: active, from: 2023-01-01T00:00:00Z}", "key: {pem: KEY(erin)}, states: [{state: active, from: 2023-01-01T00:00:00Z}, {state: revoked, from: 2026-05-01T00:00:00Z, reason: superseded}"},
			signed(listStatement(1, "2026-04-01T00:00:00Z", revoked), "erin"), "credential-revoked", "the signature is of 2026-06-01T12:00:00Z"},
		{"back-dated, with its time", []string{"key: {pem: KEY(erin)}, states: [{state: active, from: 2023-01-01T00:00:00Z}", "key: {pem: KEY(erin)}, states: [{state: active, from: 2023-01-01T00:00:00Z}, {state: revoked, from: 2026-05-01T00:00:00Z, reason: superseded}"},
			stamped(listStatement(1, "2026-04-01T00:00:00Z", revoked), "2026-05-02T00:00:00Z", "erin"), "credential-revoked", "the signature is of 2026-05-02T00:00:00Z"},
		{"signed after the time of evaluation", nil, stamped(listStatement(1, today, revoked), "2026-06-01T12:00:01Z", "erin"), "signed-after-evaluation", ""},
		{"a credential the model does not have", nil, signed(listStatement(1, today, revocation("pipeline", "key-compromise", "2026-05-01T00:00:00Z", "")), "erin"), "revocation-unmatched", "revokes pipeline, and the model has no such credential"},
		{"of a credential in another scope", nil, signed(listStatement(1, today, revocation("erin-key", "key-compromise", "2026-05-01T00:00:00Z", "")), "bot"), "revocation-not-permitted", "revokes erin-key"},
		{"misspelt", nil, signed(fixture.NewStatement(attest.RevocationType, release, map[string]any{"number": 1, "issuedAt": today, "nextUpdate": "2026-06-02T00:00:00Z", "entrys": []any{}}), "erin"), "evidence-unreadable", "entrys"},
		{"more than 10,000 entries", nil, signed(listStatement(1, today, slices.Repeat([]map[string]any{revoked}, attest.MaxRevocations+1)...), "erin"), "limit-exceeded", "revocations"},
	} {
		t.Run(strings.ReplaceAll(row.name, " ", "-"), func(t *testing.T) {
			t.Parallel()
			s := statusScene(t, "")
			s.model = replaced(t, statusModel, row.model...)
			v := s.judge(t, good, row.list)
			want(t, v, "allow")
			if row.code != "" {
				says(t, v, row.code, row.says)
				if f := finding(t, v, row.code); f.Severity < verify.SeverityWarn {
					t.Errorf("severity %s", f.Severity)
				}
			}
			// and where the list does not count, it satisfies nothing
			s.policies = statusScene(t, "24h").policies
			if row.name == "of a credential in another scope" || row.name == "a credential the model does not have" {
				want(t, s.judge(t, good, row.list), "allow") // it counts, and is silent about the credential
				return
			}
			want(t, s.judge(t, good, row.list), "indeterminate", "revocation-stale", "evidence-missing")
		})
	}
}

// TestR34Freshness: what there must be where a policy demands it, and why what is there does not do.
func TestR34Freshness(t *testing.T) {
	t.Parallel()
	staleLists(t)
}

// staleLists are lists that are not fresh, among them a replayed one and one from the future.
func staleLists(t *testing.T) {
	s := statusScene(t, "24h")
	good := built("2026-05-03T00:00:00Z")[0]
	fresh := signed(listStatement(3, today), "erin")
	v := s.judge(t, good, fresh)
	want(t, v, "allow")
	if len(v.Revocations) != 1 || !slices.Equal(v.Revocations[0].Fresh, []string{"pipeline-key"}) || v.Revocations[0].Signers[0].Person != "erin" || !slices.Equal(v.Revocations[0].Signers[0].Teams, []string{"security"}) {
		t.Errorf("%+v", v.Revocations)
	}
	want(t, s.judge(t, good, signed(listStatement(3, today), "bot")), "allow")
	want(t, s.judge(t, good, signed(listStatement(3, "2026-06-01T12:00:00Z"), "erin")), "allow")
	// each stale, and beside a fresh one nothing
	with := func(issued, next string) fixture.Statement {
		st := listStatement(3, issued)
		st.Predicate.(map[string]any)["nextUpdate"] = next
		return st
	}
	for _, row := range []struct {
		name string
		list []byte
		says string
	}{
		{"withheld", nil, "there is none for credential pipeline-key"},
		{"too old", signed(with("2026-05-31T11:59:59Z", "2026-07-01T00:00:00Z"), "erin"), "is too old, issued at 2026-05-31T11:59:59Z"},
		{"replayed without a time", signed(listStatement(3, "2026-05-01T00:00:00Z"), "erin"), "ended at 2026-05-02T00:00:00Z"},
		{"replayed with its time", stamped(listStatement(3, "2026-05-01T00:00:00Z"), "2026-05-01T00:00:01Z", "erin"), "ended at 2026-05-02T00:00:00Z"},
		{"ended", signed(with("2026-06-01T10:00:00Z", "2026-06-01T12:00:00Z"), "erin"), "ended at 2026-06-01T12:00:00Z"},
		{"from the future", signed(listStatement(3, "2026-06-01T12:00:01Z"), "erin"), "is from the future, issued at 2026-06-01T12:00:01Z"},
		{"after its own timestamp", stamped(listStatement(3, today), "2026-06-01T10:59:59Z", "erin"), "issued at 2026-06-01T11:00:00Z, after its own timestamp of 2026-06-01T10:59:59Z"},
		{"another team's", signed(listStatement(3, today), "frank"), "is signed for vault, which may not revoke it"},
		{"revoked itself", append(append([]byte{}, fresh...), signed(listStatement(1, "2026-05-01T00:00:00Z", revocation("erin-key", "key-compromise", "2026-05-01T00:00:00Z", "")), "frank")...), "is itself in doubt: credential erin-key is revoked"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			evidence := [][]byte{good}
			for line := range strings.SplitSeq(strings.ReplaceAll(string(row.list), `}{"payloadType"`, "}\n{\"payloadType\""), "\n") {
				if line != "" {
					evidence = append(evidence, []byte(line))
				}
			}
			v := s.judge(t, evidence...)
			want(t, v, "indeterminate", "revocation-stale", "evidence-missing")
			says(t, v, "revocation-stale", "policy payments demands status data no older than 24h, and there is none for credential pipeline-key")
			says(t, v, "revocation-stale", row.says)
			want(t, s.judge(t, append(evidence, signed(listStatement(4, today), "bot"))...), "allow")
		})
	}
	// a fresh list that revokes, and a fresh one that does not: they add up
	want(t, s.judge(t, good, fresh, signed(listStatement(2, "2026-05-01T00:00:00Z", revocation("pipeline-key", "key-compromise", "2026-05-01T00:00:00Z", "")), "erin")), "deny", "credential-revoked", "evidence-missing")
	// nobody vouches for the credential they sign with; another may
	s.policies = []string{replaced(t, s.policies[0], "duty: build}", "duty: attest}")}
	s.model = replaced(t, statusModel, "grants:\n", "grants:\n  - {to: erin, may: [attest], artifacts: [\"**\"]}\n", "{id: erin-key, holder: erin, owner: security, revokers: [vault]", "{id: erin-key, holder: erin, owner: security, revokers: [security]")
	hers := stamped(fixture.NewStatement(fixture.ProvenanceV1, release, fixture.Provenance(fixture.Builder)), "2026-05-03T00:00:00Z", "erin")
	v = s.judge(t, hers, fresh)
	want(t, v, "indeterminate", "revocation-stale", "evidence-missing")
	says(t, v, "revocation-stale", "is signed with the credential itself")
	want(t, s.judge(t, hers, fresh, signed(listStatement(3, today), "bot")), "allow")
	// nor does a workload that is not granted the duty, such as a pipeline of who may revoke
	s = statusScene(t, "24h")
	v = s.judge(t, good, signed(listStatement(3, today), "stranger"))
	want(t, v, "indeterminate", "revocation-stale", "evidence-missing")
	says(t, v, "revocation-stale", "is signed by stranger, which is not granted the duty revoke")
	want(t, s.judge(t, good, fresh, signed(listStatement(3, today, revocation("pipeline-key", "key-compromise", today, "")), "stranger")), "deny", "signed-after-compromise", "evidence-missing")
}

// certificateList is a list signed with a certificate of who may revoke; "": nobody knows when.
func certificateList(st fixture.Statement, at string) []byte {
	return certificate(st, "2026-05-01T00:00:00Z", at)
}

// TestUndecidedLists: a list signed nobody knows when refuses, and is never fresh.
func TestUndecidedLists(t *testing.T) {
	t.Parallel()
	identity := ownership.Identity{Issuer: "https://issuer.test", Subject: "erin@acme.test"}
	s := statusScene(t, "24h")
	s.model = replaced(t, statusModel, "credentials:\n", "credentials:\n  - {id: erin-mail, holder: erin, identity: {issuer: \"https://issuer.test\", subject: erin@acme.test}, states: [{state: active, from: 2023-01-01T00:00:00Z}]}\n")
	s.openers = []verify.Opener{timed{}, certOpener{identity}}
	good := built("2026-05-03T00:00:00Z")[0]
	want(t, s.judge(t, good, certificateList(listStatement(1, today), today)), "allow")
	v := s.judge(t, good, certificateList(listStatement(1, today), ""))
	want(t, v, "indeterminate", "revocation-stale", "evidence-missing")
	says(t, v, "revocation-stale", "is signed with a certificate, and nothing proves when")
	s.policies = nil
	want(t, s.judge(t, good, certificateList(listStatement(1, today), "")), "allow")
	want(t, s.judge(t, good, certificateList(listStatement(1, today, revocation("pipeline-key", "key-compromise", "2026-05-01T00:00:00Z", "")), "")), "deny", "credential-revoked", "evidence-missing")
}

// TestListsOfEveryCredential: a signature is refused, and must be fresh, for every credential it matches: a narrow
// one beside a broad one, and that of the key in its certificate (design §4.7).
func TestListsOfEveryCredential(t *testing.T) {
	t.Parallel()
	key := fixture.NewKey("other")
	opened := verify.Opened{Checks: 1, Proofs: []verify.Proof{{
		Identity: ownership.Identity{Issuer: "https://issuer.test", Subject: "release@acme.test"}, Certificate: true, PublicKey: fingerprint(t, key),
		NotBefore: time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC), Times: []verify.TrustedTime{{At: time.Date(2026, 5, 1, 0, 1, 0, 0, time.UTC), Source: "rekor", Authority: "log"}},
	}}}
	s := statusScene(t, "")
	credential := func(id, what string) string {
		return "  - {id: " + id + ", holder: pipeline, revokers: [security], " + what + ", states: [{state: active, from: 2026-01-01T00:00:00Z}]}\n"
	}
	s.model = replaced(t, statusModel, "credentials:\n", "credentials:\n"+credential("narrow", `identity: {issuer: "https://issuer.test", subject: release@acme.test}`)+
		credential("broad", `identity: {issuer: "https://issuer.test", subject: "*@acme.test"}`)+credential("held", "key: {pem: KEY(other)}")+credential("spare", `identity: {issuer: "https://issuer.test", subject: "*@other.test"}`))
	s.openers = []verify.Opener{byType{fixture.ProvenanceV1, opened}}
	item := signed(fixture.NewStatement(fixture.ProvenanceV1, release, fixture.Provenance(fixture.Builder)), "nobody")
	want(t, s.judge(t, item), "allow")
	for _, id := range []string{"narrow", "broad", "held"} {
		list := signed(listStatement(1, today, revocation(id, "key-compromise", today, "")), "erin")
		want(t, s.judge(t, item, list), "deny", "signed-after-compromise", "evidence-missing")
	}
	want(t, s.judge(t, item, signed(listStatement(1, today, revocation("spare", "key-compromise", today, "")), "erin")), "allow")
	// fresh for all of them, or for none
	s.policies = statusScene(t, "24h").policies
	want(t, s.judge(t, item, signed(listStatement(1, today), "erin")), "allow")
	s.model = replaced(t, s.model, "{id: broad, holder: pipeline, revokers: [security]", "{id: broad, holder: pipeline, revokers: [vault]")
	v := s.judge(t, item, signed(listStatement(1, today), "erin"))
	want(t, v, "indeterminate", "revocation-stale", "evidence-missing")
	says(t, v, "revocation-stale", "there is none for credential broad")
}

// byType opens statements of a type as it is told; others are for the opener of keys.
type byType struct {
	predicateType string
	opened        verify.Opened
}

func (b byType) Opens(item *attest.Item) bool {
	return item.Envelope() != nil && item.Statement().PredicateType == b.predicateType
}
func (byType) Trust() []verify.TrustInput { return nil }
func (b byType) Open(context.Context, *attest.Item, verify.Keys) (verify.Opened, error) {
	return b.opened, nil
}

// fingerprint is that of a key of the fixture.
func fingerprint(t *testing.T, key fixture.Key) ownership.Fingerprint {
	t.Helper()
	model, err := ownership.Load(fstestModel(fmt.Sprintf("people: [{id: a, from: 2023-01-01T00:00:00Z}]\ncredentials: [{id: k, holder: a, key: {pem: %q}, states: [{state: active, from: 2023-01-01T00:00:00Z}]}]\n", key.PEM())), "o.yaml")
	if err != nil {
		t.Fatal(err)
	}
	k, _ := model.KeyNamed("k")
	return k.Fingerprint
}

// TestListsOfListSigners: a list is judged by the model where it refuses, and not by other lists: a list that revokes
// who signed another lets nothing in (design §4.4).
func TestListsOfListSigners(t *testing.T) {
	t.Parallel()
	s := statusScene(t, "")
	good := built("2026-05-03T00:00:00Z")[0]
	refuses := signed(listStatement(1, today, revocation("pipeline-key", "key-compromise", "2026-05-01T00:00:00Z", "")), "erin")
	silences := signed(listStatement(1, today, revocation("erin-key", "key-compromise", "2023-01-01T00:00:00Z", "")), "frank")
	want(t, s.judge(t, good, refuses), "deny", "credential-revoked", "evidence-missing")
	want(t, s.judge(t, good, refuses, silences), "deny", "credential-revoked", "evidence-missing")
}

// TestListsAndSharedKeys: where one key is certified for two, a list that refuses the one lets in nothing that the
// other's signature does not bring about beside it (design §4.4, §4.6).
func TestListsAndSharedKeys(t *testing.T) {
	t.Parallel()
	mail := func(who string) verify.Proof {
		at := time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC)
		return verify.Proof{Identity: ownership.Identity{Issuer: "https://issuer.test", Subject: who + "@acme.test"}, Certificate: true, PublicKey: ownership.Fingerprint{1},
			NotBefore: at, Times: []verify.TrustedTime{{At: at, Source: "rekor", Authority: "log"}}}
	}
	credential := func(who string) string {
		return "  - {id: " + who + "-mail, holder: " + who + ", revokers: [security], identity: {issuer: \"https://issuer.test\", subject: " + who + "@acme.test}, states: [{state: active, from: 2023-01-01T00:00:00Z}]}\n"
	}
	s := statusScene(t, "")
	s.model = replaced(t, statusModel, "credentials:\n", "credentials:\n"+credential("alice")+credential("bob"))
	s.policies = []string{policyHead + "evidence:\n  - {name: approvals, predicateTypes: [\"https://example.test/approval/v1\"], duty: approve}\nrules:\n  - {id: bob, about: approvals, expression: \"it.signers.exists(s, s.person == 'bob')\"}\n"}
	item := signed(approvalStatement("a"), "nobody")
	list := signed(listStatement(1, today, revocation("alice-mail", "superseded", "2026-04-01T00:00:00Z", "")), "erin")
	with := func(proofs ...verify.Proof) scene {
		s.openers = []verify.Opener{byType{"https://example.test/approval/v1", verify.Opened{Checks: 1, Proofs: proofs}}}
		return s
	}
	want(t, with(mail("bob")).judge(t, item, list), "allow")
	want(t, with(mail("alice"), mail("bob")).judge(t, item), "allow")
	want(t, with(mail("alice"), mail("bob")).judge(t, item, list), "allow")
	want(t, with(mail("alice")).judge(t, item, list), "deny", "credential-revoked", "evidence-missing")
}
