package certificate_test

import (
	"context"
	"crypto/x509"
	"strings"
	"testing"
	"time"

	"github.com/surety-dev/surety/attest"
	"github.com/surety-dev/surety/internal/fixture"
	"github.com/surety-dev/surety/internal/fixture/pki"
	"github.com/surety-dev/surety/verify"
	"github.com/surety-dev/surety/verify/certificate"
	"github.com/surety-dev/surety/verify/timestamp"
)

// noon is when the tests' signatures are made.
var noon = time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)

const (
	release  = "aa00000000000000000000000000000000000000000000000000000000000000"
	pipeline = "uri:spiffe://acme.test/ci/payments"
)

// payload is a statement about the release.
func payload() []byte {
	return fixture.NewStatement(fixture.ProvenanceV1, release, fixture.Provenance(fixture.Builder)).JSON()
}

// scene is an organisation: a certificate authority with one below it, and a timestamp authority.
type scene struct{ root, middle, tsaRoot, tsa pki.Holder }

func newScene(edits ...func(*x509.Certificate)) scene {
	s := scene{root: pki.Root("corp-root"), tsaRoot: pki.Root("corp-tsa-root")}
	s.middle = s.root.Intermediate("corp-middle", edits...)
	s.tsa = s.tsaRoot.Timestamper("corp-tsa")
	return s
}

// stamp makes timestamps of a time.
func (s scene) stamp(at time.Time) func([]byte) []byte {
	return func(sig []byte) []byte { return s.tsa.Token(sig, pki.Stamp{At: at}) }
}

// leaf is the pipeline's certificate, changed by edits.
func (s scene) leaf(edits ...func(*x509.Certificate)) pki.Holder {
	return s.middle.Leaf("p256:pipeline", append([]func(*x509.Certificate){pki.Named(pipeline)}, edits...)...)
}

// envelope is what a leaf signed at noon, with the certificate between it and the root.
func (s scene) envelope(leaf pki.Holder) []byte {
	return leaf.Envelope(payload(), []pki.Holder{s.middle}, s.stamp(noon)).JSON()
}

// bundle is the same as a Sigstore bundle.
func (s scene) bundle(leaf pki.Holder) []byte {
	return leaf.Bundle(payload(), "", []pki.Holder{leaf, s.middle}, s.stamp(noon))
}

// clock trusts the scene's timestamp authority.
func (s scene) clock(t testing.TB) *timestamp.Clock {
	t.Helper()
	clock, err := timestamp.New(timestamp.Authority{ID: "corp-tsa", PEM: []byte(pki.PEM(s.tsaRoot))})
	if err != nil {
		t.Fatal(err)
	}
	return clock
}

// opener trusts the scene's root and hears lists; with lists it knows the authority below the root, too.
func (s scene) opener(t testing.TB, lists ...[]byte) *certificate.Opener {
	t.Helper()
	config := certificate.Config{Authorities: []certificate.Authority{{ID: "corp-ca", PEM: []byte(pki.PEM(s.root))}}, Clock: s.clock(t)}
	for i, l := range lists {
		config.Authorities[0].PEM = []byte(pki.PEM(s.root, s.middle))
		config.Lists = append(config.Lists, certificate.List{ID: "list-" + string(rune('a'+i)), Data: l})
	}
	o, err := certificate.New(config)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// opened opens evidence with one opener and no key.
func opened(t testing.TB, o verify.Opener, data []byte) verify.Opened {
	t.Helper()
	item := attest.Parse("evidence", data, attest.Limits{})[0]
	if item.Err() != nil {
		t.Fatal(item.Err())
	}
	out, err := verify.Open(context.Background(), item, []verify.Opener{o}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// refused asserts one refusal, its code and a part of its message, and no proof.
func refused(t testing.TB, out verify.Opened, code verify.Code, want string) {
	t.Helper()
	if len(out.Proofs) > 0 || len(out.Refusals) != 1 || out.Refusals[0].Code != code || !strings.Contains(out.Refusals[0].Message, want) {
		t.Errorf("proofs %+v, refusals %+v; want %s …%s…", out.Proofs, out.Refusals, code, want)
	}
}
