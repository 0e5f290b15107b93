package ownership_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/surety-dev/surety/ownership"
)

const github = "https://token.actions.githubusercontent.com"

// workflow gives the identity of a GitHub workflow that repository has called.
func workflow(subject, repository string) ownership.Identity {
	id := ownership.Identity{Issuer: github, Subject: subject, Claims: map[string]string{"runnerEnvironment": "github-hosted"}}
	if repository != "" {
		id.Claims["sourceRepositoryURI"] = repository
	}
	return id
}

func with(id ownership.Identity, name, value string) ownership.Identity {
	claims := map[string]string{name: value}
	for n, v := range id.Claims {
		if n != name {
			claims[n] = v
		}
	}
	id.Claims = claims
	return id
}

// TestBind is design §4.7 to §4.10 as a table.
func TestBind(t *testing.T) {
	t.Parallel()
	const own = "https://github.com/acme/payments/.github/workflows/release.yaml@refs/tags/v1"
	const reused = "https://github.com/tools/publish/.github/workflows/publish.yaml@refs/tags/v1"
	text := head + people + `
trust: {sigstore: [{id: hub, file: ca.pem}], certificateAuthorities: [{id: ca, file: ca.pem}, {id: other-ca, file: ca.pem}]}
credentials:
  - {id: key-1, holder: pipeline, owner: security, key: {pem: ` + inline(t, 1) + `}, ` + active + `}
  - {id: key-2, holder: bob, key: {pem: ` + inline(t, 2) + `}, ` + active + `}
  - {id: key-3, holder: [alice, pipeline], key: {pem: ` + inline(t, 3) + `}, ` + active + `}
  - id: key-4
    holder: pipeline
    key: {pem: ` + inline(t, 4) + `}
    states:
      - {state: active, from: 2026-02-01T00:00:00Z}
      - {state: suspended, from: 2026-03-01T00:00:00Z}
      - {state: active, from: 2026-04-01T00:00:00Z}
      - {state: revoked, from: 2026-06-01T00:00:00Z, reason: key-compromise, invalidFrom: 2026-05-01T00:00:00Z}
  - id: own
    holder: pipeline
    identity: {issuer: "` + github + `", subject: "https://github.com/acme/payments/.github/workflows/release.yaml@refs/tags/*", claims: {runnerEnvironment: github-hosted}}
    ` + active + `
  - id: reused
    holder: pipeline
    identity: {issuer: "` + github + `", subject: "https://github.com/tools/publish/**", claims: {sourceRepositoryURI: "https://github.com/acme/*"}}
    ` + active + `
  - id: anybody
    holder: pipeline
    identity: {issuer: "` + github + `", subject: "https://github.com/open/publish/**"}
    ` + active + `
  - {id: gita, holder: alice, identity: {issuer: "https://accounts.acme.test", subject: gita@acme.test}, ` + active + `}
  - {id: two-a, holder: pipeline, identity: {issuer: two, subject: "x/*"}, ` + active + `}
  - {id: two-b, holder: tests, identity: {issuer: two, subject: "x/y"}, ` + active + `}
  - {id: same-b, holder: pipeline, identity: {issuer: same, subject: "x/*"}, ` + active + `}
  - {id: same-a, holder: pipeline, identity: {issuer: same, subject: "x/y"}, states: [{state: active, from: 2026-05-01T00:00:00Z}]}
  - {id: later, holder: tests, identity: {issuer: turn, subject: "x/y"}, states: [{state: active, from: 2026-05-01T00:00:00Z}]}
  - {id: earlier, holder: pipeline, identity: {issuer: turn, subject: "x/*"}, states: [{state: active, from: 2026-01-01T00:00:00Z}, {state: deactivated, from: 2026-05-01T00:00:00Z}]}
  - {id: mesh, holder: pipeline, identity: {authority: ca, uri: "spiffe://acme.test/ns/*/sa/release"}, ` + active + `}
  - {id: releases, holder: pipeline, identity: {authority: hub, uri: "https://releases.hub.test"}, ` + active + `}
`
	m := load(t, text, "ca.pem", "CA")
	byKey := func(n int) ownership.Identity { return ownership.Identity{Key: fingerprint(t, key(n))} }
	spiffe := ownership.Identity{Authority: "ca", NameType: "uri", Subject: "spiffe://acme.test/ns/prod/sa/release"}
	other := func(change func(*ownership.Identity)) ownership.Identity { id := spiffe; change(&id); return id }
	rows := []struct {
		name       string
		id         ownership.Identity
		t, at      string
		credential string // the one that binds or decides
		reason     ownership.Reason
	}{
		{"a key", byKey(1), "02-01", "12-01", "key-1", ""},
		{"a key nobody has", byKey(9), "02-01", "12-01", "", "signer-unknown"},
		{"no identity at all", ownership.Identity{}, "02-01", "12-01", "", "signer-unknown"},
		{"a key matches by fingerprint only", ownership.Identity{Key: fingerprint(t, key(9)), Issuer: "two", Subject: "x/z"}, "02-01", "12-01", "", "signer-unknown"},
		{"a key and the claims of a stranger", ownership.Identity{Key: fingerprint(t, key(1)), Subject: reused, Claims: map[string]string{"sourceRepositoryURI": "https://github.com/evil/x"}}, "02-01", "12-01", "key-1", ""},
		{"before activation", byKey(4), "01-31T23:59:59", "12-01", "key-4", "credential-not-active"},
		{"at activation", byKey(4), "02-01", "02-01", "key-4", ""},
		{"suspended", byKey(4), "03-01", "12-01", "key-4", "credential-suspended"},
		{"active again", byKey(4), "04-01", "12-01", "key-4", ""},
		{"invalid from", byKey(4), "05-01", "12-01", "key-4", "signed-after-compromise"},
		{"invalid from, before it was known", byKey(4), "05-01", "05-31T23:59:59", "key-4", ""},
		{"revoked", byKey(4), "06-01", "12-01", "key-4", "credential-revoked"},

		{"a person present", byKey(2), "03-31T23:59:59", "12-01", "key-2", ""},
		{"a person who left", byKey(2), "04-01", "12-01", "key-2", "signer-departed"},
		{"several holders", byKey(3), "02-01", "12-01", "key-3", ""},

		{"a workflow of its repository", workflow(own, "https://github.com/acme/payments"), "02-01", "12-01", "own", ""},
		{"a tag with a slash", workflow(own+"/x", "https://github.com/acme/payments"), "02-01", "12-01", "", "signer-unknown"},
		{"another issuer", ownership.Identity{Issuer: github + "/", Subject: own, Claims: workflow(own, "").Claims}, "02-01", "12-01", "", "signer-unknown"},
		{"another claim", with(workflow(own, "https://github.com/acme/payments"), "runnerEnvironment", "self-hosted"), "02-01", "12-01", "", "signer-unknown"},
		{"a claim the certificate lacks", ownership.Identity{Issuer: github, Subject: own}, "02-01", "12-01", "", "signer-unknown"},
		{"a claim nobody asks for", with(workflow(own, "https://github.com/acme/payments"), "buildTrigger", "push"), "02-01", "12-01", "own", ""},
		{"an OIDC subject under an authority", ownership.Identity{Authority: "ca", NameType: "uri", Subject: own}, "02-01", "12-01", "", "misissued"},

		{"a shared workflow called by us", workflow(reused, "https://github.com/acme/payments"), "02-01", "12-01", "reused", ""},
		{"a shared workflow called by a stranger", workflow(reused, "https://github.com/evil/x"), "02-01", "12-01", "", "signer-unknown"},
		{"a shared workflow and nobody named", workflow("https://github.com/open/publish/w@v1", "https://github.com/evil/x"), "02-01", "12-01", "anybody", "credential-inherited"},
		{"a shared workflow in its own repository", workflow("https://github.com/open/publish/w@v1", "https://github.com/open/publish"), "02-01", "12-01", "anybody", ""},
		{"a shared workflow, a repository that only begins alike", workflow("https://github.com/open/publish/w@v1", "https://github.com/open/pub"), "02-01", "12-01", "anybody", "credential-inherited"},
		{"a shared workflow, the older claim", with(workflow("https://github.com/open/publish/w@v1", ""), "githubWorkflowRepository", "evil/x"), "02-01", "12-01", "anybody", "credential-inherited"},
		{"its own repository, the older claim", with(workflow("https://github.com/open/publish/w@v1", ""), "githubWorkflowRepository", "open/publish"), "02-01", "12-01", "anybody", ""},
		{"no repository is not concerned", workflow("https://github.com/open/publish/w@v1", ""), "02-01", "12-01", "anybody", ""},
		{"a person is not concerned", ownership.Identity{Issuer: "https://accounts.acme.test", Subject: "gita@acme.test"}, "02-01", "12-01", "gita", ""},

		{"two holders", ownership.Identity{Issuer: "two", Subject: "x/y"}, "02-01", "12-01", "two-a", "credential-ambiguous"},
		{"only one of the two matches", ownership.Identity{Issuer: "two", Subject: "x/z"}, "02-01", "12-01", "two-a", ""},
		{"two credentials of one holder: the lowest id", ownership.Identity{Issuer: "same", Subject: "x/y"}, "06-01", "12-01", "same-a", ""},
		{"two credentials of one holder: the one that stands", ownership.Identity{Issuer: "same", Subject: "x/y"}, "02-01", "12-01", "same-b", ""},
		{"two holders in turn, the first", ownership.Identity{Issuer: "turn", Subject: "x/y"}, "04-30T23:59:59", "12-01", "earlier", "credential-ambiguous"},
		{"two holders in turn, the second", ownership.Identity{Issuer: "turn", Subject: "x/y"}, "05-01", "12-01", "earlier", "credential-ambiguous"},
		{"two holders in turn, before the second begins", ownership.Identity{Issuer: "turn", Subject: "x/y"}, "01-01", "01-01", "earlier", "credential-ambiguous"},

		{"an X.509 name", spiffe, "02-01", "12-01", "mesh", ""},
		{"an X.509 name of another", other(func(i *ownership.Identity) { i.Subject = "spiffe://acme.test/ns/prod/sa/test" }), "02-01", "12-01", "", "misissued"},
		{"an X.509 name of another kind", other(func(i *ownership.Identity) { i.NameType = "dns" }), "02-01", "12-01", "", "misissued"},
		{"a name a Sigstore root certifies", ownership.Identity{Authority: "hub", NameType: "uri", Subject: "https://releases.hub.test"}, "02-01", "12-01", "releases", ""},
		{"another name of its", ownership.Identity{Authority: "hub", NameType: "uri", Subject: "https://x.hub.test"}, "02-01", "12-01", "", "signer-unknown"},
		{"its name under a certificate authority", ownership.Identity{Authority: "ca", NameType: "uri", Subject: "https://releases.hub.test"}, "02-01", "12-01", "", "misissued"},
		{"its name of an issuer", ownership.Identity{Issuer: "hub", NameType: "uri", Subject: "https://releases.hub.test"}, "02-01", "12-01", "", "signer-unknown"},
		{"an X.509 name under another authority", other(func(i *ownership.Identity) { i.Authority = "other-ca" }), "02-01", "12-01", "", "misissued"},
	}
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			b, refusal := m.Bind(r.id, at(t, r.t), at(t, r.at))
			if r.reason == "" {
				if refusal != nil || b.Credential != r.credential {
					t.Errorf("%+v %+v, want %s", b, refusal, r.credential)
				}
				return
			}
			if refusal == nil || refusal.Reason != r.reason || refusal.Credential != r.credential || refusal.Message == "" {
				t.Errorf("%+v %+v, want %s of %s", b, refusal, r.reason, r.credential)
			}
			if diff := cmp.Diff(ownership.Binding{}, b); diff != "" {
				t.Errorf("a binding beside a refusal: %s", diff)
			}
		})
	}

	t.Run("the binding", func(t *testing.T) {
		t.Parallel()
		from := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
		for n, want := range map[int]ownership.Binding{
			1: {Credential: "key-1", Holders: []string{"pipeline"}, Owner: "security", ActiveFrom: from},
			2: {Credential: "key-2", Holders: []string{"bob"}, Person: "bob", ActiveFrom: from},
			3: {Credential: "key-3", Holders: []string{"alice", "pipeline"}, ActiveFrom: from},
		} {
			b, _ := m.Bind(byKey(n), at(t, "02-01"), at(t, "12-01"))
			check(t, want.Credential, b, want)
		}
	})
}

// TestBindMessages: one sentence with the credential, the state and the time.
func TestBindMessages(t *testing.T) {
	t.Parallel()
	m := load(t, head+people+`
credentials:
  - id: c
    holder: bob
    key: {pem: `+inline(t, 1)+`}
    states:
      - {state: active, from: 2026-02-01T00:00:00Z}
      - {state: suspended, from: 2026-03-01T00:00:00Z}
      - {state: active, from: 2026-03-02T00:00:00Z}
      - {state: revoked, from: 2026-06-01T00:00:00Z, reason: key-compromise, invalidFrom: 2026-05-01T00:00:00Z}
  - {id: d, holder: pipeline, key: {pem: `+inline(t, 2)+`}, states: [{state: pre-activation, from: 2026-02-01T00:00:00Z}]}
  - {id: e, holder: pipeline, key: {pem: `+inline(t, 3)+`}, states: [{state: active, from: 2026-02-01T00:00:00Z}, {state: compromised, from: 2026-06-01T00:00:00Z}]}
  - {id: f, holder: pipeline, identity: {issuer: i, subject: "s/**"}, states: [{state: active, from: 2026-01-01T00:00:00Z}]}
  - {id: g, holder: bob, identity: {issuer: i, subject: s/x}, states: [{state: active, from: 2026-01-01T00:00:00Z}]}
`)
	byKey := func(n int) ownership.Identity { return ownership.Identity{Key: fingerprint(t, key(n))} }
	rows := []struct {
		name string
		id   ownership.Identity
		t    string
		want string
	}{
		{"not yet active", byKey(1), "01-15", "credential c is active only since 2026-02-01T00:00:00Z; the signature is of 2026-01-15T00:00:00Z"},
		{"suspended", byKey(1), "03-01T12:00:00", "credential c was suspended from 2026-03-01T00:00:00Z until 2026-03-02T00:00:00Z; the signature is of 2026-03-01T12:00:00Z"},
		{"departed", byKey(1), "04-15", "bob, who holds credential c, left on 2026-04-01T00:00:00Z; the signature is of 2026-04-15T00:00:00Z"},
		{"reached back", byKey(1), "05-15", "credential c is revoked since 2026-06-01T00:00:00Z (key-compromise), which reaches back to 2026-05-01T00:00:00Z; the signature is of 2026-05-15T00:00:00Z"},
		{"revoked", byKey(1), "06-15", "credential c is revoked since 2026-06-01T00:00:00Z (key-compromise); the signature is of 2026-06-15T00:00:00Z"},
		{"never active", byKey(2), "06-15", "credential d has not been active yet; the signature is of 2026-06-15T00:00:00Z"},
		{"compromised", byKey(3), "03-15", "credential e is compromised since 2026-06-01T00:00:00Z, which reaches back; the signature is of 2026-03-15T00:00:00Z"},
		{"ambiguous", ownership.Identity{Issuer: "i", Subject: "s/x"}, "03-15", "credentials f, held by pipeline, and g, held by bob, both match the signature of 2026-03-15T00:00:00Z"},
		{"inherited", ownership.Identity{Issuer: "i", Subject: "s/y", Claims: map[string]string{"sourceRepositoryURI": "https://github.com/evil/x"}}, "03-15", `credential f names no repository, and "s/y" is a shared workflow that anybody may call, here from "https://github.com/evil/x"`},
		{"unknown key", byKey(7), "03-15", "no credential has the key with SHA-256 " + fingerprint(t, key(7)).String()},
		{"unknown subject", ownership.Identity{Issuer: "i", Subject: "z\n"}, "03-15", `no credential matches subject "z\n" of issuer "i" with its claims`},
		{"unknown X.509 name", ownership.Identity{Authority: "ca", NameType: "dns", Subject: "z"}, "03-15", `no credential matches the dns name "z" under authority "ca"`},
	}
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			_, refusal := m.Bind(r.id, at(t, r.t), at(t, "12-01"))
			if refusal == nil || refusal.Message != r.want {
				t.Errorf("got  %+v\nwant %s", refusal, r.want)
			}
		})
	}
}

// TestSharedWorkflowClaims is the rule of design §4.7 on what names a repository.
func TestSharedWorkflowClaims(t *testing.T) {
	t.Parallel()
	const owned = "https://github.com/acme/payments"
	rows := []struct {
		name, claims string
		binds        bool
	}{
		{"the repository", `{sourceRepositoryURI: "https://github.com/acme/payments"}`, true},
		{"the owner's repositories", `{sourceRepositoryURI: "https://github.com/acme/*"}`, true},
		{"the owner's repositories, any depth", `{sourceRepositoryURI: "https://github.com/acme/**"}`, true},
		{"part of the repository's name", `{sourceRepositoryURI: "https://github.com/acme/pay*"}`, true},
		{"any repository", `{sourceRepositoryURI: "https://github.com/*/*"}`, false},
		{"any repository, any depth", `{sourceRepositoryURI: "https://github.com/**"}`, false},
		{"part of the owner", `{sourceRepositoryURI: "https://github.com/ac*/payments"}`, false},
		{"any host", `{sourceRepositoryURI: "https://*/acme/payments"}`, false},
		{"part of the host", `{sourceRepositoryURI: "https://*.com/acme/payments"}`, false},
		{"anything", `{sourceRepositoryURI: "**"}`, false},
		{"a repository of that name", `{sourceRepositoryURI: "**/payments"}`, false},
		{"the older claim", `{githubWorkflowRepository: acme/payments}`, true},
		{"the older claim, the owner's", `{githubWorkflowRepository: "acme/*"}`, true},
		{"the older claim, anybody's", `{githubWorkflowRepository: "*/*"}`, false},
		{"the older claim, part of the owner", `{githubWorkflowRepository: "ac*/payments"}`, false},
		{"the older claim, anything", `{githubWorkflowRepository: "**"}`, false},
		{"the repository's number", `{sourceRepositoryIdentifier: "42"}`, true},
		{"part of its number", `{sourceRepositoryIdentifier: "4*"}`, false},
		{"the owner's number", `{sourceRepositoryOwnerIdentifier: "7"}`, true},
		{"any owner's number", `{sourceRepositoryOwnerIdentifier: "*"}`, false},
		{"the owner's URI is not in the list", `{sourceRepositoryOwnerURI: "https://github.com/acme"}`, false},
		{"other claims", `{runnerEnvironment: github-hosted}`, false},
		{"one that names and one that does not", `{runnerEnvironment: "**", sourceRepositoryURI: "https://github.com/*/*", sourceRepositoryOwnerIdentifier: "7"}`, true},
	}
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			m := load(t, head+people+"credentials: [{id: c, holder: pipeline, identity: {issuer: i, subject: \"**\", claims: "+r.claims+"}, "+active+"}]\n")
			id := ownership.Identity{Issuer: "i", Subject: "https://github.com/tools/publish/w@v1", Claims: map[string]string{
				"sourceRepositoryURI": owned, "githubWorkflowRepository": "acme/payments", "sourceRepositoryIdentifier": "42",
				"sourceRepositoryOwnerIdentifier": "7", "sourceRepositoryOwnerURI": "https://github.com/acme", "runnerEnvironment": "github-hosted",
			}}
			_, refusal := m.Bind(id, at(t, "02-01"), at(t, "12-01"))
			switch {
			case r.binds && refusal != nil:
				t.Errorf("%+v", refusal)
			case !r.binds && (refusal == nil || refusal.Reason != ownership.CredentialInherited):
				t.Errorf("%+v, want credential-inherited", refusal)
			}
		})
	}
}

// TestRevokedBeforeInherited: a revoked credential discards, even one that would not
// bind for want of a repository.
func TestRevokedBeforeInherited(t *testing.T) {
	t.Parallel()
	m := load(t, head+people+`credentials:
  - {id: a, holder: pipeline, identity: {issuer: i, subject: "**"}, states: [{state: active, from: 2026-01-01T00:00:00Z}, {state: revoked, from: 2026-03-01T00:00:00Z}]}
  - {id: b, holder: pipeline, identity: {issuer: i, subject: "**", claims: {sourceRepositoryURI: "https://github.com/acme/x"}}, `+active+`}
`)
	id := ownership.Identity{Issuer: "i", Subject: "s", Claims: map[string]string{"sourceRepositoryURI": "https://github.com/acme/x"}}
	if b, refusal := m.Bind(id, at(t, "02-01"), at(t, "12-01")); refusal != nil || b.Credential != "b" {
		t.Errorf("before: %+v %+v", b, refusal)
	}
	if _, refusal := m.Bind(id, at(t, "03-01"), at(t, "12-01")); refusal == nil || refusal.Reason != ownership.CredentialRevoked || refusal.Credential != "a" {
		t.Errorf("after: %+v", refusal)
	}
}
