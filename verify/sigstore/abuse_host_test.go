package sigstore_test

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"testing"

	"github.com/surety-dev/surety/internal/fixture/pki"
	"github.com/surety-dev/surety/verify/sigstore"
	"github.com/surety-dev/surety/verify/sigstore/sigstoretest"
)

// hostsBelow: a Fulcio permitted one host certifies no name of a host below it (RFC 5280, 4.2.1.10), which
// crypto/x509 would take.
func hostsBelow(t *testing.T, s *sigstoretest.Sigstore) {
	root, tsa := pki.Root("fulcio-root"), pki.Root("tsa-root")
	for name, row := range map[string]struct {
		permitted, want string
	}{
		"the host": {"acme.test", ""}, "a domain above": {".test", ""}, "a host above": {"test", "does not chain to root"}, "another": {"other.test", "does not chain to root"},
	} {
		middle := root.Intermediate("fulcio", func(c *x509.Certificate) {
			c.PermittedDNSDomainsCritical, c.PermittedEmailAddresses = true, []string{row.permitted}
		})
		leaf := middle.Leaf("p256:alice", pki.Named("email:alice@acme.test"), func(c *x509.Certificate) {
			c.ExtraExtensions = append(c.ExtraExtensions, pkix.Extension{Id: sigstoretest.FulcioOID(8), Value: sigstoretest.UTF8String("https://accounts.acme.test")})
		})
		rootJSON := change(t, s.TrustedRootJSON(sigstoretest.TransparencyLogs, sigstoretest.CTLogs), func(d map[string]any) {
			for part, chain := range map[string][]pki.Holder{"certificateAuthorities": {middle, root}, "timestampAuthorities": {tsa}} {
				var list []any
				for _, c := range chain {
					list = append(list, map[string]any{"rawBytes": c.Certificate.Raw})
				}
				member(t, d, part, 0, "certChain")["certificates"] = list
			}
		})
		bundle := leaf.Bundle(statement("b"), "", []pki.Holder{leaf}, func(sig []byte) []byte {
			return pki.Response(0, tsa.Timestamper("tsa").Token(sig, pki.Stamp{At: boundary}))
		})
		t.Run(name, func(t *testing.T) {
			v := judgeUnder(t, []sigstore.Root{{ID: "root", JSON: rootJSON}}, judgedModel, evaluated, bundle)
			if row.want == "" {
				wants(t, v, "allow", "")
			} else {
				says(t, v, "certificate-invalid", row.want)
			}
		})
	}
}
