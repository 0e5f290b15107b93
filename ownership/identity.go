package ownership

import (
	"slices"
	"strings"

	"github.com/surety-dev/surety/internal/pattern"
)

// Identity is a proven identity: what a verified signature shows of its signer. It is
// one of three: a key; an OIDC identity, with an issuer; an X.509 identity, with an
// authority.
type Identity struct {
	// Key identifies the public key that verified the signature; zero: the identity
	// is not a key's. A key matches by it alone.
	Key Fingerprint
	// Issuer is the OIDC issuer a certificate names; empty: not an OIDC identity.
	Issuer string
	// Authority is the id, in the document's trust.certificateAuthorities, of the
	// authority a certificate chains to, or, in its trust.sigstore, of the root that
	// certified a name without an issuer; empty: not an X.509 identity.
	Authority string
	// NameType is what kind of subject alternative name Subject is, of an X.509
	// identity: "uri", "dns" or "email". Empty otherwise.
	NameType string
	// Subject is the certificate's subject alternative name, byte for byte.
	Subject string
	// Claims are the claims of the certificate, under the names documents use (design
	// §3.1). A claim the certificate lacks is absent, not empty.
	Claims map[string]string
}

// The claims a repository is named by, best first (design §4.7).
const (
	sourceRepositoryURI             = "sourceRepositoryURI"
	sourceRepositoryIdentifier      = "sourceRepositoryIdentifier"
	githubWorkflowRepository        = "githubWorkflowRepository"
	sourceRepositoryOwnerIdentifier = "sourceRepositoryOwnerIdentifier"
)

// claimNames are the claims a credential may name: the JSON names of sigstore-go's
// certificate.Extensions without the issuer, and the two extensions it does not
// expose (1.3.6.1.4.1.57264.1.23 and .24).
var claimNames = []string{
	"buildConfigDigest", "buildConfigURI", "buildSignerDigest", "buildSignerURI", "buildTrigger",
	"deploymentEnvironment", "githubWorkflowName", "githubWorkflowRef", githubWorkflowRepository,
	"githubWorkflowSHA", "githubWorkflowTrigger", "runInvocationURI", "runnerEnvironment",
	"sourceRepositoryDigest", sourceRepositoryIdentifier, sourceRepositoryOwnerIdentifier,
	"sourceRepositoryOwnerURI", "sourceRepositoryRef", sourceRepositoryURI,
	"sourceRepositoryVisibilityAtSigning", "tokenSubject",
}

// ClaimNames gives the names of the claims a credential may name, sorted.
func ClaimNames() []string { return slices.Clone(claimNames) }

// identity is what a credential says of the identities it covers.
type identity struct {
	issuer    string // exact
	authority string // the id of a certificate authority, instead of an issuer
	nameType  string // of an X.509 identity
	subject   pattern.Pattern
	claims    []claim
}

// claim is one claim a credential demands.
type claim struct {
	name  string
	value pattern.Pattern
}

// matches compares the claims: "issuer, subject *and all claims*" (design §4.7). A
// claim the certificate lacks does not match. Issuer, authority and subject are
// matched by the index that found the credential.
func (i *identity) matchesClaims(claims map[string]string) bool {
	for _, c := range i.claims {
		if value, ok := claims[c.name]; !ok || !c.value.Match(value) {
			return false
		}
	}
	return true
}

// namesRepository reports whether the claims tie the credential to somebody's
// repositories: "its claims name sourceRepositoryURI, githubWorkflowRepository,
// sourceRepositoryIdentifier or sourceRepositoryOwnerIdentifier by a value literal in
// host and owner (identifiers: wholly literal)" (design §4.7).
func (i *identity) namesRepository() bool {
	return slices.ContainsFunc(i.claims, func(c claim) bool {
		switch c.name {
		case sourceRepositoryURI: // scheme://host/owner/…
			parts := strings.SplitN(c.value.Prefix(), "/", 5)
			return c.value.LiteralSegments(4) && parts[0] != "" && parts[1] == "" && parts[2] != "" && parts[3] != ""
		case githubWorkflowRepository: // owner/name
			owner, _, found := strings.Cut(c.value.Prefix(), "/")
			return found && owner != "" && c.value.LiteralSegments(1)
		case sourceRepositoryIdentifier, sourceRepositoryOwnerIdentifier:
			return c.value.Literal()
		}
		return false
	})
}

// sharedWorkflow reports whether anybody may have called the workflow that signed:
// the certificate carries a source repository and its subject does not begin with it
// and "/" (design §4.7). A certificate without one is not concerned.
func (id *Identity) sharedWorkflow() bool {
	repository := id.Claims[sourceRepositoryURI]
	if repository == "" {
		older := id.Claims[githubWorkflowRepository] // owner/name
		if older == "" {
			return false
		}
		repository = "https://github.com/" + older
	}
	return !strings.HasPrefix(id.Subject, repository+"/")
}

// identityIndex finds the credentials whose identity matches, however many there are.
// Credentials are filed under their exact issuer or authority, and further under one
// literal claim where they have one: a shared workflow has one subject for all of its
// callers.
type identityIndex map[identityKey]*pattern.Index[*credential]

type identityKey struct {
	issuer, authority, nameType string
	claim, value                string // empty: no literal claim of those in filed
}

// filed are the claims credentials are filed under, the most telling first.
var filed = []string{sourceRepositoryURI, sourceRepositoryIdentifier, githubWorkflowRepository, "tokenSubject", "buildConfigURI"}

func (x identityIndex) add(c *credential) {
	i := c.identity
	key := identityKey{issuer: i.issuer, authority: i.authority, nameType: i.nameType}
	for _, name := range filed {
		at := slices.IndexFunc(i.claims, func(c claim) bool { return c.name == name && c.value.Literal() })
		if at >= 0 {
			key.claim, key.value = name, i.claims[at].value.String()
			break
		}
	}
	if x[key] == nil {
		x[key] = new(pattern.Index[*credential])
	}
	x[key].Add(i.subject, c)
}

// lookup gives the credentials whose issuer or authority, subject and claims match,
// in no particular order.
func (x identityIndex) lookup(id *Identity) []*credential {
	var found []*credential
	try := func(key identityKey) {
		if index := x[key]; index != nil {
			index.Lookup(id.Subject, func(_ pattern.Pattern, c *credential) bool {
				if c.identity.matchesClaims(id.Claims) {
					found = append(found, c)
				}
				return true
			})
		}
	}
	key := identityKey{issuer: id.Issuer, authority: id.Authority, nameType: id.NameType}
	try(key)
	for _, name := range filed {
		if value, ok := id.Claims[name]; ok {
			key.claim, key.value = name, value
			try(key)
		}
	}
	return found
}
