package certificate_test

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"testing"

	"github.com/surety-dev/surety/internal/fixture/pki"
	"github.com/surety-dev/surety/verify"
)

// TestConstraints has a row for each way a name may try to get out of what the authority above its issuer is
// permitted (RFC 5280, 4.2.1.10).
func TestConstraints(t *testing.T) {
	t.Parallel()
	type edit = func(*x509.Certificate)
	permit := func(uri, email, dns []string) edit {
		return func(c *x509.Certificate) {
			c.PermittedDNSDomainsCritical = true
			c.PermittedURIDomains, c.PermittedEmailAddresses, c.PermittedDNSDomains = uri, email, dns
		}
	}
	exclude := func(uri, email, dns []string) edit {
		return func(c *x509.Certificate) {
			c.PermittedDNSDomainsCritical = true
			c.ExcludedURIDomains, c.ExcludedEmailAddresses, c.ExcludedDNSDomains = uri, email, dns
		}
	}
	const above = "does not chain to corp-ca"
	host, below := []string{"acme.test"}, []string{".acme.test"}
	one := permit(host, host, host)
	// a directory name among what is permitted, which crypto/x509 does not know
	unknown := func(c *x509.Certificate) {
		c.ExtraExtensions = append(c.ExtraExtensions, pkix.Extension{Id: asn1.ObjectIdentifier{2, 5, 29, 30}, Critical: true,
			Value: []byte{0x30, 8, 0xa0, 6, 0x30, 4, 0xa4, 2, 0x30, 0}})
	}
	for _, row := range []struct {
		name  string
		above edit
		leaf  string
		want  string // of the refusal; "": proven
	}{
		{"the host", one, "uri:spiffe://acme.test/ci", ""},
		{"the host in another case", one, "uri:spiffe://ACME.test/ci", ""},
		{"a host below it", one, "uri:spiffe://prod.acme.test/ci", above},
		{"a host below a domain", permit(below, nil, nil), "uri:spiffe://prod.acme.test/ci", ""},
		{"the domain itself", permit(below, nil, nil), "uri:spiffe://acme.test/ci", above},
		{"one of two", permit([]string{"other.test", ".acme.test"}, nil, nil), "uri:spiffe://prod.acme.test/ci", ""},
		{"a host that ends so", one, "uri:spiffe://evilacme.test/ci", above},
		{"a host that begins so", one, "uri:spiffe://acme.test.evil.test/ci", above},
		{"a trailing dot", one, "uri:spiffe://acme.test./ci", "invalid domain"},
		{"a port", one, "uri:spiffe://acme.test:8443/ci", ""},
		{"the host as user", one, "uri:spiffe://acme.test@evil.test/ci", above},
		{"another as user", one, "uri:spiffe://evil.test@prod.acme.test/ci", above},
		{"an address", one, "uri:spiffe://127.0.0.1/ci", above},
		{"an address in brackets", one, "uri:spiffe://[::1]/ci", above},
		{"no host", one, "uri:spiffe:///ci", above},
		{"no authority", one, "uri:spiffe:acme.test", above},
		{"an internationalised host", one, "uri:spiffe://xn--acme-9ta.test/ci", above},
		{"an escaped host", one, "uri:spiffe://%61cme.test/ci", "invalid URL escape"},
		{"excluded", exclude(host, nil, nil), "uri:spiffe://acme.test/ci", above},
		{"excluded, in another case", exclude(host, nil, nil), "uri:spiffe://Acme.TEST/ci", above},
		{"excluded, below", exclude(host, nil, nil), "uri:spiffe://a-b.acme.test/ci", above},
		{"excluded, a neighbour", exclude([]string{"a.acme.test", "acme-a.test", "a-a.acme.test"}, nil, nil), "uri:spiffe://b.a.acme.test/ci", above},
		{"excluded, another", exclude(host, nil, nil), "uri:spiffe://other.test/ci", ""},
		{"a mail host", one, "email:alice@acme.test", ""},
		{"a mail host below it", one, "email:alice@prod.acme.test", above},
		{"a mail host below a domain", permit(nil, below, nil), "email:alice@prod.acme.test", ""},
		{"a mailbox", permit(nil, []string{"alice@acme.test"}, nil), "email:alice@acme.test", ""},
		{"a mailbox in another case", permit(nil, []string{"alice@acme.test"}, nil), "email:Alice@acme.test", above},
		{"a mailbox in another case beside a host above", permit(nil, []string{"alice@prod.acme.test", "acme.test"}, nil), "email:Alice@prod.acme.test", above},
		{"a mailbox, the host in another case", permit(nil, []string{"alice@acme.test"}, nil), "email:alice@ACME.test", ""},
		{"another mailbox", permit(nil, []string{"alice@acme.test"}, nil), "email:bob@acme.test", above},
		{"two at signs", one, "email:alice@evil.test@acme.test", above},
		{"a quoted local part", one, `email:"alice@acme.test"@evil.test`, above},
		{"a mailbox without a host", one, "email:alice", above},
		{"a mail host with a trailing dot", one, "email:alice@acme.test.", above},
		{"an excluded mailbox, quoted", exclude(nil, []string{"alice@acme.test"}, nil), `email:"alice"@acme.test`, above},
		{"an excluded mailbox, the host in another case", exclude(nil, []string{"alice@acme.test"}, nil), "email:alice@ACME.test", above},
		{"a DNS name", one, "dns:acme.test", ""},
		{"a DNS name below, as RFC 5280 has it for those", one, "dns:build.acme.test", ""},
		{"a DNS name that ends so", one, "dns:evilacme.test", above},
		{"a DNS name with a trailing dot", one, "dns:acme.test.", above},
		{"an excluded DNS name under a wildcard", exclude(nil, nil, []string{"build.acme.test"}), "dns:*.acme.test", above},
		{"a form of name that is not known", unknown, "uri:spiffe://acme.test/ci", above},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			// the constraint is two above, so that what lies between cannot widen it; or the anchor's
			constrained := newScene()
			constrained.root = pki.Root("corp-root", row.above)
			constrained.middle = constrained.root.Intermediate("corp-middle")
			for _, s := range []scene{newScene(row.above), constrained} {
				between := s.middle.Intermediate("between", permit([]string{""}, nil, nil))
				leaf := between.Leaf("p256:k", pki.Named(row.leaf))
				out := opened(t, s.opener(t), leaf.Envelope(payload(), []pki.Holder{between, s.middle}, s.stamp(noon)).JSON())
				if row.want != "" {
					refused(t, out, verify.CertificateInvalid, row.want)
				} else if len(out.Proofs) != 1 {
					t.Errorf("%+v", out.Refusals)
				}
			}
		})
	}
}
