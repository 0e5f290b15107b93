package certificate_test

import (
	"bytes"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/pem"
	"errors"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/surety-dev/surety/internal/fixture/pki"
	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/verify/certificate"
)

// TestEntries has a row for each reason and date an entry may give.
func TestEntries(t *testing.T) {
	t.Parallel()
	s := newScene()
	leaf := s.leaf()
	revoked, earlier := noon.Add(24*time.Hour), noon.Add(-24*time.Hour)
	for _, row := range []struct {
		name    string
		reason  int
		invalid time.Time
		want    ownership.Change
	}{
		{"no reason", 0, time.Time{}, ownership.Change{State: ownership.Revoked, From: revoked, Cause: "unspecified"}},
		{"key compromise", 1, time.Time{}, ownership.Change{State: ownership.Revoked, From: revoked, Cause: "key-compromise"}},
		{"key compromise with its date", 1, earlier, ownership.Change{State: ownership.Revoked, From: revoked, Cause: "key-compromise", InvalidFrom: earlier}},
		{"CA compromise", 2, time.Time{}, ownership.Change{State: ownership.Revoked, From: revoked, Cause: "ca-compromise"}},
		{"affiliation changed", 3, time.Time{}, ownership.Change{State: ownership.Revoked, From: revoked, Cause: "affiliation-changed"}},
		{"superseded", 4, time.Time{}, ownership.Change{State: ownership.Revoked, From: revoked, Cause: "superseded"}},
		{"a date after the revocation loosens nothing", 1, revoked.Add(time.Hour), ownership.Change{State: ownership.Revoked, From: revoked, Cause: "key-compromise"}},
		{"cessation", 5, time.Time{}, ownership.Change{State: ownership.Revoked, From: revoked, Cause: "cessation-of-operation"}},
		{"on hold", 6, time.Time{}, ownership.Change{State: ownership.Suspended, From: revoked}},
		{"on hold for what began before", 6, earlier, ownership.Change{State: ownership.Revoked, From: revoked, InvalidFrom: earlier}},
		{"on hold, of a date after it", 6, revoked.Add(time.Hour), ownership.Change{State: ownership.Suspended, From: revoked}},
		{"off hold", 8, time.Time{}, ownership.Change{State: ownership.Suspended, From: revoked}},
		{"privilege withdrawn", 9, time.Time{}, ownership.Change{State: ownership.Revoked, From: revoked, Cause: "privilege-withdrawn"}},
		{"attribute authority compromise", 10, time.Time{}, ownership.Change{State: ownership.Revoked, From: revoked, Cause: "ca-compromise"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			list := s.middle.List(revoked.Add(time.Hour), nil, pki.Revoked{Certificate: leaf.Certificate, At: revoked, Reason: row.reason, InvalidFrom: row.invalid})
			out := opened(t, s.opener(t, list), s.envelope(leaf))
			if len(out.Proofs) != 1 || len(out.Proofs[0].Revocations) != 1 {
				t.Fatalf("%+v", out)
			}
			r := out.Proofs[0].Revocations[0]
			if diff := cmp.Diff(row.want, r.Change); diff != "" {
				t.Error(diff)
			}
			if !strings.Contains(r.Certificate, leaf.Certificate.SerialNumber.String()+" under corp-ca") || r.List != "list-a of 2026-06-02T13:00:00Z" {
				t.Errorf("%+v", r)
			}
		})
	}
}

// TestListsHeard: a list is heard of its issuer's certificates, of every one of the chain, and however
// often it is given.
func TestListsHeard(t *testing.T) {
	t.Parallel()
	s := newScene()
	leaf := s.leaf()
	entry := func(h pki.Holder) pki.Revoked { return pki.Revoked{Certificate: h.Certificate, At: noon} }
	twice := pem.EncodeToMemory(&pem.Block{Type: "X509 CRL", Bytes: s.root.List(noon, nil, entry(s.middle))})
	for _, row := range []struct {
		name  string
		lists [][]byte
		want  int
	}{
		{"none", nil, 0},
		{"an empty one", [][]byte{s.middle.List(noon, nil)}, 0},
		{"of the leaf", [][]byte{s.middle.List(noon, nil, entry(leaf))}, 1},
		{"of the authority above it", [][]byte{s.root.List(noon, nil, entry(s.middle))}, 1},
		{"of both, in one file of PEM", [][]byte{append(bytes.Clone(twice), pem.EncodeToMemory(&pem.Block{Type: "X509 CRL", Bytes: s.middle.List(noon, nil, entry(leaf))})...)}, 2},
		{"an older and a newer, which no longer has it", [][]byte{s.middle.List(noon.Add(-time.Hour), nil, entry(leaf)), s.middle.List(noon, nil)}, 1},
		{"another's certificate of that serial number", [][]byte{s.root.List(noon, nil, entry(leaf))}, 0},
		{"an entry twice", [][]byte{s.middle.List(noon, nil, entry(leaf), pki.Revoked{Certificate: leaf.Certificate, At: noon, Reason: 6})}, 2},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			o := s.opener(t, row.lists...)
			out := opened(t, o, s.envelope(leaf))
			if len(out.Proofs) != 1 || len(out.Proofs[0].Revocations) != row.want {
				t.Errorf("%+v", out)
			}
			if trust := o.Trust(); len(trust) != 2+len(row.lists) {
				t.Errorf("trust %+v", trust)
			}
		})
	}
}

// TestRenewedKey: the list of an authority that has renewed its key is heard of what the old one signed,
// though the chain has the old one only; and that of the old key of what the new one signed.
func TestRenewedKey(t *testing.T) {
	t.Parallel()
	s := newScene()
	renewed := s.root.Intermediate("corp-middle-renewed", func(c *x509.Certificate) { c.Subject = s.middle.Certificate.Subject })
	for name, row := range map[string]struct{ issued, listed pki.Holder }{
		"a new list": {s.middle, renewed},
		"an old one": {renewed, s.middle},
	} {
		leaf := row.issued.Leaf("p256:pipeline", pki.Named(pipeline))
		o, err := certificate.New(certificate.Config{
			Authorities: []certificate.Authority{{ID: "corp-ca", PEM: []byte(pki.PEM(s.root, s.middle, renewed))}}, Clock: s.clock(t),
			Lists: []certificate.List{{ID: "a.crl", Data: row.listed.List(noon, nil, pki.Revoked{Certificate: leaf.Certificate, At: noon})}},
		})
		if err != nil {
			t.Fatal(err)
		}
		out := opened(t, o, leaf.Envelope(payload(), nil, s.stamp(noon)).JSON())
		if len(out.Proofs) != 1 || len(out.Proofs[0].Revocations) != 1 {
			t.Errorf("%s: %+v", name, out)
		}
	}
}

// TestConfig: what cannot be used is an error that names it.
func TestConfig(t *testing.T) {
	t.Parallel()
	s := newScene()
	root := []byte(pki.PEM(s.root))
	authority := func(id string, file []byte) certificate.Config {
		return certificate.Config{Authorities: []certificate.Authority{{ID: id, PEM: file}}}
	}
	list := func(edits ...func(*x509.RevocationList)) certificate.Config {
		c := authority("corp-ca", root)
		c.Lists = []certificate.List{{ID: "a.crl", Data: s.root.List(noon, edits)}}
		return c
	}
	extension := func(id asn1.ObjectIdentifier, critical bool, value ...byte) func(*x509.RevocationList) {
		return func(l *x509.RevocationList) {
			l.ExtraExtensions = append(l.ExtraExtensions, pkix.Extension{Id: id, Critical: critical, Value: value})
		}
	}
	entry := func(reason int, extensions ...pkix.Extension) func(*x509.RevocationList) {
		return func(l *x509.RevocationList) {
			l.RevokedCertificateEntries = []x509.RevocationListEntry{{SerialNumber: big.NewInt(7), RevocationTime: noon, ReasonCode: reason, ExtraExtensions: extensions}}
		}
	}
	twice := authority("a", root)
	twice.Authorities = append(twice.Authorities, twice.Authorities[0])
	forged := list()
	forged.Lists[0].Data = pki.Root("forged", func(c *x509.Certificate) { c.Subject = s.root.Certificate.Subject }).List(noon, nil)
	nameless := list()
	nameless.Lists[0].ID = ""
	junk := list()
	junk.Lists[0].Data = []byte("junk")
	two := list()
	two.Lists = append(two.Lists, two.Lists[0])
	strangers := list()
	strangers.Lists[0].Data = pki.Root("stranger").List(noon, nil)
	block := func(kind string) string {
		return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: s.root.List(noon, nil)}))
	}
	broken, mistaken := list(), list()
	broken.Lists[0].Data = []byte(strings.Replace(block("X509 CRL"), "-----\nM", "-----\n!", 1) + block("X509 CRL"))
	mistaken.Lists[0].Data = []byte(block("X509 CRL") + block("CERTIFICATE"))
	for name, row := range map[string]struct {
		config certificate.Config
		want   string
	}{
		"an authority without an id":       {authority("", root), "has no id"},
		"an id twice":                      {twice, `"a": the id is given to two`},
		"an empty file":                    {authority("a", nil), "is not PEM of certificates"},
		"a leaf as authority":              {authority("a", []byte(pki.PEM(s.root, s.leaf()))), "certificate 1 is not an authority's"},
		"a list without an id":             {nameless, "has no id"},
		"a list that is none":              {junk, `"a.crl": is not a certificate revocation list`},
		"a list under a name not its own":  {forged, "is not signed by corp-ca, whose name it bears"},
		"a list of a stranger's":           {strangers, "is of no authority of the model"},
		"two lists of one id":              {two, `"a.crl": the id is given to two`},
		"a block that cannot be read":      {broken, "holds a PEM block that cannot be read"},
		"a block that is none":             {mistaken, `holds a PEM block of type "CERTIFICATE", expected X509 CRL`},
		"a delta list":                     {list(extension(asn1.ObjectIdentifier{2, 5, 29, 27}, true, 2, 1, 1)), "delta list"},
		"an indirect list":                 {list(extension(asn1.ObjectIdentifier{2, 5, 29, 28}, true, 0x30, 3, 0x84, 1, 0xff)), "indirect list"},
		"an indirect list of a place":      {list(extension(asn1.ObjectIdentifier{2, 5, 29, 28}, true, 0x30, 12, 0xa0, 7, 0xa0, 5, 0x86, 3, 'a', ':', 'b', 0x84, 1, 0xff)), "indirect list"},
		"a list of a place that is no DER": {list(extension(asn1.ObjectIdentifier{2, 5, 29, 28}, true, 0x30, 3, 0x84, 1, 1)), "indirect list"},
		"an unknown critical extension":    {list(extension(asn1.ObjectIdentifier{1, 2, 3}, true, 5, 0)), "critical extension 1.2.3"},
		"an unknown reason":                {list(entry(7)), "entry 7 has reason 7"},
		"an entry of another issuer's":     {list(entry(0, pkix.Extension{Id: asn1.ObjectIdentifier{2, 5, 29, 29}, Critical: true, Value: []byte{0x30, 0}})), "entry 7 is of another issuer's certificate"},
		"a date that is none":              {list(entry(0, pkix.Extension{Id: asn1.ObjectIdentifier{2, 5, 29, 24}, Value: []byte{5, 0}})), "invalidity date that cannot be read"},
		"a date that would read as none":   {list(entry(4, pkix.Extension{Id: asn1.ObjectIdentifier{2, 5, 29, 24}, Value: []byte("\x18\x0f00010101000000Z")})), "invalidity date that cannot be read"},
	} {
		_, err := certificate.New(row.config)
		if _, ok := errors.AsType[*certificate.ConfigError](err); !ok || !strings.Contains(err.Error(), row.want) {
			t.Errorf("%s: %v, want …%s…", name, err, row.want)
		}
	}
	for name, point := range map[string][]byte{
		"users' certificates only": {0x30, 3, 0x81, 1, 0xff}, "authorities' certificates only": {0x30, 3, 0x82, 1, 0xff},
		"some reasons only": {0x30, 4, 0x83, 2, 6, 0x40}, "a place": {0x30, 9, 0xa0, 7, 0xa0, 5, 0x86, 3, 'a', ':', 'b'},
	} {
		if _, err := certificate.New(list(extension(asn1.ObjectIdentifier{2, 5, 29, 28}, true, point...))); err != nil {
			t.Errorf("a list of %s: %v", name, err)
		}
	}
	if certificate.FromModel(nil) != nil {
		t.Error("authorities of no model")
	}
}
