package certificate_test

import (
	"bytes"
	"crypto/x509"
	"testing"
	"time"

	"github.com/surety-dev/surety/internal/fixture/pki"
	"github.com/surety-dev/surety/verify"
	"github.com/surety-dev/surety/verify/certificate"
)

// judgedBy says what lists mean for what a leaf signed at noon, with the certificates beside it: of several
// proofs the best. An authority's file is PEM.
func judgedBy(t *testing.T, s scene, authorities map[string]string, list []byte, leaf pki.Holder, beside ...pki.Holder) (verify.Code, string) {
	t.Helper()
	config := certificate.Config{Clock: s.clock(t), Lists: []certificate.List{{ID: "a.crl", Data: list}}}
	for id, file := range authorities {
		config.Authorities = append(config.Authorities, certificate.Authority{ID: id, PEM: []byte(file)})
	}
	o, err := certificate.New(config)
	if err != nil {
		t.Fatal(err)
	}
	out := opened(t, o, leaf.Envelope(payload(), beside, s.stamp(noon)).JSON())
	if len(out.Proofs) == 0 {
		t.Fatalf("%+v", out.Refusals)
	}
	var code verify.Code
	var message string
	for _, p := range out.Proofs {
		if code, message = p.Revoked(noon, later); code == "" {
			return "", ""
		}
	}
	return code, message
}

// TestCrossSigned: an authority certified by two stands while one way up to the model's does, whatever comes
// along with the leaf; that its key was compromised holds of it under both, as far as the model has both.
func TestCrossSigned(t *testing.T) {
	t.Parallel()
	s := newScene()
	second := pki.Root("second-root")
	crossed := second.Intermediate("corp-middle") // the same key and name
	leaf := s.leaf()
	file := func(holders ...pki.Holder) map[string]string {
		return map[string]string{"corp-ca": pki.PEM(holders...)}
	}
	revoked := func(reason int) []byte {
		return s.root.List(noon, nil, pki.Revoked{Certificate: s.middle.Certificate, At: noon.Add(-time.Hour), Reason: reason})
	}
	for _, row := range []struct {
		name        string
		authorities map[string]string
		list        []byte
		beside      []pki.Holder
		code        verify.Code
	}{
		{"the one revoked", file(s.root, second), revoked(4), []pki.Holder{s.middle}, "credential-revoked"},
		{"the other", file(s.root, second), revoked(4), []pki.Holder{crossed}, ""},
		{"both: what stands without it stands with it", file(s.root, second), revoked(4), []pki.Holder{s.middle, crossed}, ""},
		{"in the other order", file(s.root, second), revoked(4), []pki.Holder{crossed, s.middle}, ""},
		{"the model has both", file(s.root, s.middle, second, crossed), revoked(4), nil, ""},
		{"compromised, and the model has it", file(s.root, s.middle, second), revoked(1), []pki.Holder{crossed}, "credential-revoked"},
		{"compromised, and the model has both", file(s.root, s.middle, second, crossed), revoked(2), nil, "credential-revoked"},
		{"compromised, and another authority has it", map[string]string{"corp-ca": pki.PEM(second, crossed), "old-ca": pki.PEM(s.root, s.middle)}, revoked(1), nil, "credential-revoked"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			code, message := judgedBy(t, s, row.authorities, row.list, leaf, row.beside...)
			if code != row.code {
				t.Errorf("%q %s, want %q", code, message, row.code)
			}
		})
	}
	both := asked{scene: &s, lists: [][]byte{revoked(4)}}
	wants(t, both.judge(t, s.envelope(leaf)), "deny", "credential-revoked", "as list-0 of 2026-06-01")
}

// TestListsOfOthers: a list is heard of every certificate under its issuer's name, in whosever file the issuer
// is, and of an authority that is an anchor of another file.
func TestListsOfOthers(t *testing.T) {
	t.Parallel()
	s := newScene()
	leaf := s.leaf()
	renewed := pki.Root("new-root").Intermediate("corp-middle-renewed", func(c *x509.Certificate) { c.Subject = s.middle.Certificate.Subject })
	// the same name in other string types and another case
	rewritten := pki.Root("rewriting-root").Intermediate("corp-middle-rewritten", func(c *x509.Certificate) {
		c.RawSubject = bytes.Replace(bytes.Clone(s.middle.Certificate.RawSubject), []byte("\x13\x0bcorp-middle"), []byte("\x0c\x0bCorp-Middle"), 1)
	})
	entry := func(h pki.Holder) pki.Revoked {
		return pki.Revoked{Certificate: h.Certificate, At: noon, Reason: 1}
	}
	if bytes.Equal(rewritten.Certificate.RawSubject, s.middle.Certificate.RawSubject) {
		t.Fatal("the name is written as before")
	}
	for _, row := range []struct {
		name        string
		authorities map[string]string
		list        []byte
	}{
		{"an anchor, by the one above it", map[string]string{"team-ca": pki.PEM(s.middle), "corp-ca": pki.PEM(s.root)}, s.root.List(noon, nil, entry(s.middle))},
		{"an anchor, by itself", map[string]string{"corp-ca": pki.PEM(s.root, s.middle)}, s.root.List(noon, nil, entry(s.root))},
		{"the renewed authority's, in a file of its own", map[string]string{"old-ca": pki.PEM(s.root, s.middle), "new-ca": pki.PEM(renewed)}, renewed.List(noon, nil, entry(leaf))},
		{"the renewed authority's, its name written otherwise", map[string]string{"corp-ca": pki.PEM(s.root, s.middle, rewritten)}, rewritten.List(noon, nil, entry(leaf))},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			if code, message := judgedBy(t, s, row.authorities, row.list, leaf, s.middle); code != "credential-revoked" {
				t.Errorf("%q %s", code, message)
			}
		})
	}
}
