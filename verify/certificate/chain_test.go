package certificate_test

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"testing"
	"time"

	"github.com/surety-dev/surety/internal/fixture/pki"
	"github.com/surety-dev/surety/verify"
)

// TestChains has a row for each way a chain may try to be more than its authorities are for.
func TestChains(t *testing.T) {
	t.Parallel()
	s := newScene()
	usage := func(usages ...x509.ExtKeyUsage) func(*x509.Certificate) {
		return func(c *x509.Certificate) { c.ExtKeyUsage = usages }
	}
	extension := func(critical bool, id ...int) func(*x509.Certificate) {
		return func(c *x509.Certificate) {
			c.ExtraExtensions = append(c.ExtraExtensions, pkix.Extension{Id: id, Critical: critical, Value: []byte{5, 0}})
		}
	}
	path := func(n int) func(*x509.Certificate) {
		return func(c *x509.Certificate) { c.MaxPathLen, c.MaxPathLenZero = n, n == 0 }
	}
	// one step is between the root and the leaf's issuer, so that each edit is of what lies above
	below := func(edits ...func(*x509.Certificate)) []pki.Holder {
		upper := s.root.Intermediate("upper", edits...)
		return []pki.Holder{upper.Intermediate("lower"), upper}
	}
	other := pki.Root("mallory", func(c *x509.Certificate) { c.Subject = s.root.Certificate.Subject })
	twin := other.Intermediate("corp-middle")
	impostor := pki.Root("impostor").Intermediate("impostor", func(c *x509.Certificate) { c.Subject = s.middle.Certificate.Subject })
	person := s.middle.Leaf("p256:person", pki.Named("email:mallory@acme.test"))
	const chain = "does not chain to corp-ca"
	for _, row := range []struct {
		name  string
		by    pki.Holder
		above []pki.Holder
		want  string // "": proven
	}{
		{"two steps", below()[0], below(), ""},
		{"the steps in another order", below()[0], []pki.Holder{below()[1], below()[0]}, ""},
		{"a step that is not needed", s.middle, append(below(), s.middle), ""},
		{"an expired twin of a step beside it", s.middle, []pki.Holder{s.root.Intermediate("corp-middle", pki.Valid(pki.Begin(), noon.Add(-time.Hour))), s.middle}, ""},
		{"a stranger's twin of a step beside it", s.middle, []pki.Holder{twin, impostor, s.middle}, ""},
		{"a stranger's twin of a step alone", s.middle, []pki.Holder{twin}, chain},
		{"another key under the name of a step", impostor, []pki.Holder{s.middle}, chain},
		{"a step left out", below()[0], below()[:1], "none of the certificate authorities issued"},
		{"a person's certificate as a step", person, []pki.Holder{person, s.middle}, "an intermediate that is not an authority's"},
		{"no further steps allowed", below()[0], below(path(0)), chain},
		{"one further step allowed", below()[0], below(path(1)), ""},
		{"usages narrowed to code signing", below()[0], below(usage(x509.ExtKeyUsageCodeSigning)), ""},
		{"usages of a step do not reach", below()[0], below(usage(x509.ExtKeyUsageTimeStamping, x509.ExtKeyUsageEmailProtection)), chain},
		{"a step for TLS", below()[0], below(usage(x509.ExtKeyUsageServerAuth)), chain},
		{"a step that may not sign certificates", below()[0], below(func(c *x509.Certificate) { c.KeyUsage = x509.KeyUsageCRLSign }), chain},
		{"a step not valid yet", below()[0], below(pki.Valid(noon.Add(time.Second), pki.End())), chain},
		{"a step no longer valid", below()[0], below(pki.Valid(pki.Begin(), noon.Add(-time.Second))), chain},
		{"an unknown critical extension of a step", below()[0], below(extension(true, 1, 2, 3)), chain},
		{"an unknown extension of a step", below()[0], below(extension(false, 1, 2, 3)), ""},
		{"a policy the step must have", below()[0], below(func(c *x509.Certificate) {
			c.ExtraExtensions = append(c.ExtraExtensions, pkix.Extension{Id: asn1.ObjectIdentifier{2, 5, 29, 36}, Critical: true, Value: []byte{0x30, 3, 0x80, 1, 0}})
		}), chain},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			leaf := row.by.Leaf("p256:pipeline", pki.Named(pipeline))
			for _, data := range [][]byte{
				leaf.Envelope(payload(), row.above, s.stamp(noon)).JSON(),
				leaf.Bundle(payload(), "", append([]pki.Holder{leaf}, row.above...), s.stamp(noon)),
			} {
				out := opened(t, s.opener(t), data)
				if row.want != "" {
					refused(t, out, verify.CertificateInvalid, row.want)
				} else if len(out.Proofs) != 1 {
					t.Errorf("%+v", out)
				}
			}
		})
	}
}

// TestMonotone: of items that share keys, people, steps and times, whatever is left out never lets a release in
// that all of it together does not, and a list that is added never does (design §4.4).
func TestMonotone(t *testing.T) {
	t.Parallel()
	s := newScene()
	mail := func(key, name string) pki.Holder { return s.middle.Leaf(key, pki.Named("email:"+name+"@acme.test")) }
	short := mail("p256:c", "bob")
	items := [][]byte{
		s.envelope(mail("p256:a", "alice")),
		s.envelope(mail("p256:a", "bob")),
		s.bundle(mail("p256:b", "bob")),
		s.envelope(mail("p256:b", "alice")),
		mail("p256:b", "bob").Envelope(payload(), []pki.Holder{s.middle}).JSON(), // of no proven time
		short.Envelope(payload(), []pki.Holder{s.middle}, s.stamp(noon)).JSON(),
	}
	lists := [][]byte{
		s.middle.List(noon, nil, pki.Revoked{Certificate: short.Certificate, At: noon.Add(-time.Hour), Reason: 1}),
	}
	for _, rules := range []string{two(t), changed(t, judgedPolicy, "it.provenance.builder != ''", "it.signers.exists(s, s.holder == 'bob')")} {
		admits := make([][]bool, 1<<len(lists))
		for l := range admits {
			admits[l] = make([]bool, 1<<len(items))
			a := asked{scene: &s, policy: rules, lists: chosen(lists, l)}
			v := a.verifier(t)
			for n := range admits[l] {
				admits[l][n] = a.judgeWith(t, v, chosen(items, n)...).Admits()
			}
		}
		some := 0
		for l := range admits {
			for n, ok := range admits[l] {
				if ok {
					some++
				}
				for i := range items {
					if ok && !admits[l][n|1<<i] {
						t.Errorf("lists %b, items %b: leaving out item %d lets it in", l, n|1<<i, i)
					}
				}
				for i := range lists {
					if !ok && admits[l|1<<i][n] {
						t.Errorf("items %b, lists %b: adding list %d lets it in", n, l, i)
					}
				}
			}
		}
		if some == 0 {
			t.Error("nothing is let in at all")
		}
	}
}

// chosen are the elements whose bit is set.
func chosen(all [][]byte, bits int) [][]byte {
	var out [][]byte
	for i, e := range all {
		if bits&(1<<i) != 0 {
			out = append(out, e)
		}
	}
	return out
}
