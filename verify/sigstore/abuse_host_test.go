package sigstore_test

import (
	"crypto/ed25519"
	"crypto/x509"
	"crypto/x509/pkix"
	"slices"
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
		rootJSON := ownRoot(t, s, middle, root, tsa)
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

// ownRoot is a root without logs, whose authorities are a Fulcio below another and a timestamp authority.
func ownRoot(t *testing.T, s *sigstoretest.Sigstore, middle, root, tsa pki.Holder) []byte {
	t.Helper()
	return change(t, s.TrustedRootJSON(sigstoretest.TransparencyLogs, sigstoretest.CTLogs), func(d map[string]any) {
		for part, chain := range map[string][]pki.Holder{"certificateAuthorities": {middle, root}, "timestampAuthorities": {tsa}} {
			var list []any
			for _, c := range chain {
				list = append(list, map[string]any{"rawBytes": c.Certificate.Raw})
			}
			member(t, d, part, 0, "certChain")["certificates"] = list
		}
	})
}

// anybodysKey: under a point of low order there is a signature of every message, and no private key.
func anybodysKey(t *testing.T, s *sigstoretest.Sigstore) {
	root, tsa := pki.Root("fulcio-root"), pki.Root("tsa-root")
	middle := root.Intermediate("fulcio")
	honest := middle.Leaf("p256:alice", func(c *x509.Certificate) {
		c.ExtraExtensions = []pkix.Extension{pki.Names("email:alice@acme.test"), {Id: sigstoretest.FulcioOID(8), Value: sigstoretest.UTF8String("https://accounts.acme.test")}}
	})
	point := make([]byte, ed25519.PublicKeySize)
	point[0] = 1
	forged := append(slices.Clone(point), make([]byte, 32)...)
	template := *honest.Certificate
	template.ExtraExtensions = template.Extensions
	der, err := x509.CreateCertificate(nil, &template, middle.Certificate, ed25519.PublicKey(point), middle.Key)
	if err != nil {
		t.Fatal(err)
	}
	stamped := func(sig []byte) []byte {
		return pki.Response(0, tsa.Timestamper("tsa").Token(sig, pki.Stamp{At: boundary}))
	}
	roots := []sigstore.Root{{ID: "root", JSON: ownRoot(t, s, middle, root, tsa)}}
	bundle := honest.Bundle(statement("b"), "", []pki.Holder{honest}, stamped)
	wants(t, judgeUnder(t, roots, judgedModel, evaluated, bundle), "allow", "")
	says(t, judgeUnder(t, roots, judgedModel, evaluated, change(t, bundle, func(d map[string]any) {
		member(t, d, "dsseEnvelope", "signatures", 0)["sig"] = forged
		member(t, d, "verificationMaterial", "x509CertificateChain", "certificates", 0)["rawBytes"] = der
		member(t, d, "verificationMaterial", "timestampVerificationData", "rfc3161Timestamps", 0)["signedTimestamp"] = stamped(forged)
	})), "certificate-invalid", "no point of full order")
}
