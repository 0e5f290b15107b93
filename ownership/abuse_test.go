package ownership_test

import (
	"crypto/elliptic"
	"errors"
	"strings"
	"testing"

	"github.com/surety-dev/surety/ownership"
)

// TestAbuse holds what this package owes the abuse cases, under their numbers.
func TestAbuse(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]func(*testing.T){
		"01-one-key-under-two-ids":            abuseOneKey,
		"04-threshold-without-two-duties":     abuseSeparation,
		"15-weak-keys":                        abuseWeakKeys,
		"22-one-documented-matcher":           abuseMatcher,
		"35-subjects-are-whole-strings":       abuseSubjects,
		"36-shared-workflow-called-by-others": abuseSharedWorkflow,
		"38-empty-identities":                 abuseEmptyIdentities,
		"39-equal-only-if-byte-equal":         abuseByteEqual,
		"49-empty-teams-and-lists":            abuseEmptyLists,
		"50-owner-precedence":                 abusePrecedence,
		"60-second-account":                   abuseSecondAccount,
		"67-narrow-active-and-broad-revoked":  abuseNarrowAndBroad,
		"73-a-repository-claim-of-anybody":    abuseAnybody,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t)
		})
	}
}

// refused loads a document that must be refused and looks for what was said.
func refused(t *testing.T, text, want string) {
	t.Helper()
	_, err := ownership.Load(tree(head+text+"\n"), "ownership.yaml")
	if e, ok := errors.AsType[*ownership.Error](err); !ok || e.Line == 0 || !strings.Contains(err.Error(), want) {
		t.Errorf("got %v, want %q", err, want)
	}
}

func identityDocument(issuer, subject, rest string) string {
	return head + people + "credentials: [{id: c, holder: pipeline, identity: {issuer: \"" + issuer + "\", subject: \"" + subject + "\"" + rest + "}, " + active + "}]\n"
}

// bindsOnly binds the first subject and none of the others.
func bindsOnly(t *testing.T, m *ownership.Model, issuer, subject string, others ...string) {
	t.Helper()
	for i, s := range append([]string{subject}, others...) {
		_, refusal := m.Bind(ownership.Identity{Issuer: issuer, Subject: s}, at(t, "02-01"), at(t, "12-01"))
		switch {
		case i == 0 && refusal != nil:
			t.Errorf("%q: %s", s, refusal.Message)
		case i > 0 && (refusal == nil || refusal.Reason != ownership.SignerUnknown):
			t.Errorf("%q is not unknown", s)
		}
	}
}

func abuseOneKey(t *testing.T) {
	// as PKIX and inside a certificate, for each kind of key, in both orders
	for kind, public := range map[string]any{"RSA": rsaKey(2048, 65537), "ECDSA": ecdsaKey(t, elliptic.P256()), "Ed25519": key(1)} {
		forms := []string{encode(t, public), certify(t, spki(t, public))}
		for _, pair := range [][2]int{{0, 0}, {0, 1}, {1, 0}, {1, 1}} {
			_, err := ownership.Load(tree(head+people+"credentials:\n  - {id: a, holder: alice, key: {pem: "+quoted(forms[pair[0]])+"}, "+active+"}\n  - {id: b, holder: bob, key: {pem: "+quoted(forms[pair[1]])+"}, "+active+"}\n"), "ownership.yaml")
			if want := `ownership.yaml:14:37: the key of credential "a": expected each key once, so that one key counts once`; err == nil || err.Error() != want {
				t.Errorf("%s %v: %v", kind, pair, err)
			}
		}
	}
	refused(t, people+"credentials:\n  - {id: a, holder: alice, key: {pem: "+inline(t, 1)+"}, "+active+"}\n  - {id: b, holder: bob, key: {pem: "+inline(t, 1)+"}, "+active+"}",
		`the key of credential "a": expected each key once`)
}

func abuseSeparation(t *testing.T) {
	refused(t, "separation: [{id: s, duties: [build]}]", "one duty: expected two or more")
	refused(t, "separation: [{id: s, duties: [build, build]}]", "build for the second time")
}

func abuseMatcher(t *testing.T) {
	for _, p := range []string{"[^x]", "{a,b}", "a?", "a\\\\b", "a**", "**a"} {
		refused(t, people+"grants: [{to: alice, may: [build], artifacts: [\""+p+"\"]}]", "expected")
		refused(t, people+"credentials: [{id: c, holder: pipeline, identity: {issuer: i, subject: \""+p+"\"}, "+active+"}]", "expected")
		refused(t, people+"credentials: [{id: c, holder: pipeline, identity: {issuer: i, subject: s, claims: {tokenSubject: \""+p+"\"}}, "+active+"}]", "expected")
		refused(t, people+"controls: [{control: monitoring, artifacts: [\""+p+"\"]}]", "expected")
	}
}

func abuseSubjects(t *testing.T) {
	m := load(t, identityDocument(github, "https://github.com/acme/payments/.github/workflows/release.yaml@refs/tags/*", ""))
	const good = "https://github.com/acme/payments/.github/workflows/release.yaml@refs/tags/v1"
	bindsOnly(t, m, github, good,
		"x"+good, good+"/x", "\n"+good, "https://evil/\n"+good,
		"https://github.com.evil/acme/payments/.github/workflows/release.yaml@refs/tags/v1",
		"https://github.com/acme-evil/payments/.github/workflows/release.yaml@refs/tags/v1",
		"https://github.com/acme/payments-evil/.github/workflows/release.yaml@refs/tags/v1",
		"https://github.com/acme/payments/.github/workflows/release.yaml@refs/tags/",
		"https://github.com/acme/payments/.github/workflows/release.yaml@refs/heads/v1",
		"https://github.com/acme/payments/.github/workflows/release_yaml@refs/tags/v1", "")
	bindsOnly(t, load(t, identityDocument("https://accounts.acme.test", "gita@acme.test", "")), "https://accounts.acme.test", "gita@acme.test",
		"gita@acme.test\n", "gita@acme.test.evil", "evil+gita@acme.test", "gita@acmeXtest")
}

func abuseSharedWorkflow(t *testing.T) {
	const shared = "https://github.com/tools/publish/.github/workflows/publish.yaml@refs/tags/v1"
	pattern := "https://github.com/tools/publish/.github/workflows/publish.yaml@refs/tags/*"
	stranger := ownership.Identity{Issuer: github, Subject: shared, Claims: map[string]string{"sourceRepositoryURI": "https://github.com/evil/x"}}
	_, refusal := load(t, identityDocument(github, pattern, "")).Bind(stranger, at(t, "02-01"), at(t, "12-01"))
	if refusal == nil || refusal.Reason != ownership.CredentialInherited {
		t.Errorf("no repository named: %+v", refusal)
	}
	named := load(t, identityDocument(github, pattern, `, claims: {sourceRepositoryURI: "https://github.com/acme/payments"}`))
	_, refusal = named.Bind(stranger, at(t, "02-01"), at(t, "12-01"))
	if refusal == nil || refusal.Reason != ownership.SignerUnknown {
		t.Errorf("a repository named: %+v", refusal)
	}
	stranger.Claims["sourceRepositoryURI"] = "https://github.com/acme/payments"
	if b, refusal := named.Bind(stranger, at(t, "02-01"), at(t, "12-01")); refusal != nil || b.Credential != "c" {
		t.Errorf("the caller named: %+v", refusal)
	}
}

func abuseEmptyIdentities(t *testing.T) {
	for _, identity := range []string{
		`{issuer: "", subject: s}`, `{issuer: i, subject: ""}`, `{issuer: i}`, `{subject: s}`, `{}`, `{issuer: i, subject: s, claims: {}}`,
		`{issuer: i, subject: s, claims: {tokenSubject: ""}}`, `{issuer: i, subject: null}`, `{authority: ca}`, `{authority: "", uri: u}`,
	} {
		refused(t, people+"credentials: [{id: c, holder: pipeline, identity: "+identity+", "+active+"}]", "expected")
	}
	_, err := ownership.Load(tree(head+people+"trust: {certificateAuthorities: [{id: ca, file: ca.pem}]}\ncredentials: [{id: c, holder: pipeline, identity: {authority: ca, uri: \"**\"}, "+active+"}]\n", "ca.pem", "CA"), "ownership.yaml")
	if err == nil || !strings.Contains(err.Error(), "a name of wildcards only") {
		t.Errorf("an authority that may name anybody: %v", err)
	}
	m := load(t, identityDocument("i", "**", ", claims: {tokenSubject: \"*\"}"))
	for name, id := range map[string]ownership.Identity{
		"nothing": {}, "no issuer": {Subject: "s", Claims: map[string]string{"tokenSubject": "x"}}, "no claim": {Issuer: "i", Subject: "s"},
		"an empty claim": {Issuer: "i", Subject: "s", Claims: map[string]string{"tokenSubject": ""}},
	} {
		if _, refusal := m.Bind(id, at(t, "02-01"), at(t, "12-01")); refusal == nil || refusal.Reason != ownership.SignerUnknown {
			t.Errorf("%s: %+v", name, refusal)
		}
	}
}

func abuseByteEqual(t *testing.T) {
	bindsOnly(t, load(t, identityDocument("i", "https://github.com/acme/x", "")), "i", "https://github.com/acme/x",
		"https://GitHub.com/acme/x", "https://github%2ecom/acme/x", "https://github.com/acme/../acme/x", "https://github.com/acme/x/",
		"https://github.com:443/acme/x", "https://github.com/acme/X", "https://g\u0456thub.com/acme/x")
	m := load(t, identityDocument("https://accounts.acme.test", "gita@acme.test", ""))
	bindsOnly(t, m, "https://accounts.acme.test", "gita@acme.test", "Gita@acme.test", "gita@ACME.test")
	for _, issuer := range []string{"https://accounts.acme.test/", "https://Accounts.acme.test", "http://accounts.acme.test", "https://accounts.acme.test:443", ""} {
		if _, refusal := m.Bind(ownership.Identity{Issuer: issuer, Subject: "gita@acme.test"}, at(t, "02-01"), at(t, "12-01")); refusal == nil {
			t.Errorf("issuer %q binds", issuer)
		}
	}
}

func abuseEmptyLists(t *testing.T) {
	for _, text := range []string{
		"people: []", "teams: [{id: t, members: []}]", "teams: [{id: t}]", people + "grants: [{to: alice, may: [], artifacts: [a]}]",
		people + "grants: [{to: alice, may: [build], artifacts: []}]", "separation: [{id: s, duties: []}]",
	} {
		refused(t, text, "expected")
	}
}

func abusePrecedence(t *testing.T) {
	controls := []string{
		`{control: monitoring, artifacts: ["**"], accountable: security}`,
		`{control: monitoring, artifacts: ["pkg:a/**"], accountable: release}`,
		`{control: monitoring, artifacts: ["pkg:a/b/**"], accountable: security}`,
		`{control: monitoring, artifacts: ["pkg:a/b/c/*"], accountable: release}`,
		`{control: monitoring, artifacts: ["pkg:a/b/c/*"], accountable: security}`,
	}
	permute(controls, func(order []string) {
		m := load(t, head+people+"controls:\n  - "+strings.Join(order, "\n  - ")+"\n")
		for artifact, want := range map[string]string{"x": "security", "pkg:a/x": "release", "pkg:a/b/x": "security", "pkg:a/b/c/x": ""} {
			if o, ok := m.At(at(t, "06-01")).Control(ownership.Monitoring, artifact); o.Accountable != want || ok != (want != "") {
				t.Errorf("%s: %+v, want %q", artifact, o, want)
			}
		}
	})
}

func abuseSecondAccount(t *testing.T) {
	refused(t, "people:\n  - {id: a, from: 2026-01-01T00:00:00Z, accounts: [\"github:1\"]}\n  - {id: b, from: 2026-01-01T00:00:00Z, accounts: [\"github:1\"]}", "the account \"github:1\" is a's already")
	// One person's two keys are one person.
	m := load(t, head+people+"credentials:\n  - {id: a, holder: alice, key: {pem: "+inline(t, 1)+"}, "+active+"}\n  - {id: b, holder: alice, key: {pem: "+inline(t, 2)+"}, "+active+"}\n  - {id: c, holder: [alice, bob], key: {pem: "+inline(t, 3)+"}, "+active+"}\n")
	for n, want := range map[int]string{1: "alice", 2: "alice", 3: ""} {
		if b, refusal := m.Bind(ownership.Identity{Key: fingerprint(t, key(n))}, at(t, "02-01"), at(t, "12-01")); refusal != nil || b.Person != want {
			t.Errorf("key %d: %+v, want the person %q", n, b, want)
		}
	}
}

func abuseNarrowAndBroad(t *testing.T) {
	for name, states := range map[string]string{
		"revoked":           "{state: active, from: 2026-01-01T00:00:00Z}, {state: revoked, from: 2026-03-01T00:00:00Z}",
		"compromised":       "{state: active, from: 2026-01-01T00:00:00Z}, {state: compromised, from: 2026-03-01T00:00:00Z}",
		"suspended":         "{state: active, from: 2026-01-01T00:00:00Z}, {state: suspended, from: 2026-03-01T00:00:00Z}",
		"only ever revoked": "{state: revoked, from: 2026-03-01T00:00:00Z}",
	} {
		for _, order := range []string{"ab", "ba"} { // the broad one's id before and after the narrow one's
			m := load(t, head+people+"credentials:\n  - {id: "+order[:1]+", holder: pipeline, identity: {issuer: i, subject: \"s/**\"}, states: ["+states+"]}\n"+
				"  - {id: "+order[1:]+", holder: pipeline, identity: {issuer: i, subject: s/x}, "+active+"}\n")
			_, refusal := m.Bind(ownership.Identity{Issuer: "i", Subject: "s/x"}, at(t, "04-01"), at(t, "12-01"))
			want := ownership.CredentialRevoked
			if name == "suspended" {
				want = ownership.CredentialSuspended
			}
			if refusal == nil || refusal.Reason != want || refusal.Credential != order[:1] {
				t.Errorf("%s: %+v", name, refusal)
			}
		}
	}
}

func abuseAnybody(t *testing.T) {
	for _, claims := range []string{
		`{sourceRepositoryURI: "https://github.com/*/*"}`, `{sourceRepositoryURI: "https://github.com/**"}`, `{sourceRepositoryURI: "**"}`, `{sourceRepositoryURI: "https://*/acme/payments"}`,
	} {
		m := load(t, identityDocument(github, "https://github.com/tools/**", ", claims: "+claims))
		id := ownership.Identity{Issuer: github, Subject: "https://github.com/tools/publish/w@v1", Claims: map[string]string{"sourceRepositoryURI": "https://github.com/acme/payments"}}
		if _, refusal := m.Bind(id, at(t, "02-01"), at(t, "12-01")); refusal == nil || refusal.Reason != ownership.CredentialInherited {
			t.Errorf("%s: %+v", claims, refusal)
		}
	}
}
