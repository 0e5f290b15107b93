package attest_test

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/surety-dev/surety/attest"
)

const (
	sha     = "06ce330900a7d6403bc8d88e5dfad6aeeb8ae40179f66bb89e69c8bf6f6b1a0b"
	v03     = "application/vnd.dev.sigstore.bundle.v0.3+json"
	inToto  = "https://in-toto.io/Statement/v1"
	subject = `{"name":"hello","digest":{"sha256":"` + sha + `"}}`
	good    = `{"_type":"` + inToto + `","subject":[` + subject + `],"predicateType":"https://example.test/p/v1","predicate":{"a":1}}`
	keyed   = `{"publicKey":{"hint":"k"}}`
)

func b64(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }

// envelope is a bare envelope over a statement, with one signature.
func envelope(statement string) string {
	return `{"payloadType":"` + attest.PayloadType + `","payload":"` + b64(statement) + `","signatures":[{"keyid":"k","sig":"c2ln"}]}`
}

// bundle is a v0.3 bundle over the good statement with this verification material.
func bundle(material string) string { return bundleOf(v03, material, envelope(good)) }

func bundleOf(mediaType, material, envelope string) string {
	return fmt.Sprintf(`{"mediaType":%q,"verificationMaterial":%s,"dsseEnvelope":%s}`, mediaType, material, envelope)
}

// npm is an element of an npm attestation document.
func npm(predicateType, bundle string) string {
	return fmt.Sprintf(`{"predicateType":%q,"bundle":%s}`, predicateType, bundle)
}

// github is an element of a GitHub attestation document.
func github(bundle string) string { return `{"bundle":` + bundle + `,"repository_id":1}` }

// repeat is the elements of a list: s, n times.
func repeat(s string, n int) string { return strings.TrimSuffix(strings.Repeat(s+",", n), ",") }

// one parses text that is one item.
func one(t *testing.T, text string) *attest.Item {
	t.Helper()
	items := attest.Parse("in.json", []byte(text), attest.Limits{})
	if len(items) != 1 {
		t.Fatalf("%d items, want 1", len(items))
	}
	return items[0]
}

// readable parses text that is one item and readable.
func readable(t *testing.T, text string) *attest.Item {
	t.Helper()
	it := one(t, text)
	if it.Err() != nil {
		t.Fatalf("unreadable: %v", it.Err())
	}
	return it
}

// wantSyntax checks that an item was refused at a place and for a reason.
func wantSyntax(t *testing.T, it *attest.Item, path, msg string) {
	t.Helper()
	var e *attest.SyntaxError
	if !errors.As(it.Err(), &e) {
		t.Fatalf("error %v, want a SyntaxError", it.Err())
	}
	if e.Path != path || !strings.Contains(e.Msg, msg) {
		t.Errorf("refused at %q: %q\nwant at %q: …%q…", e.Path, e.Msg, path, msg)
	}
	if it.Envelope() != nil || it.Statement() != nil || it.Bundle() != nil {
		t.Error("an unreadable item gives content")
	}
	if want := it.Sources()[0] + ": " + e.Path + ": " + e.Msg; it.Err().Error() != want {
		t.Errorf("error %q, want %q", it.Err(), want)
	}
}

func wantLimit(t *testing.T, err error, limit string, most int64) {
	t.Helper()
	var e *attest.LimitError
	if !errors.As(err, &e) || e.Limit != limit || e.Max != most {
		t.Fatalf("error %v, want the limit %s of %d", err, limit, most)
	}
}

func TestFixtures(t *testing.T) {
	t.Parallel()
	for _, text := range []string{good, envelope(good), bundle(keyed), npm("x", bundle(keyed)), string(slsaEnvelope())} {
		if !json.Valid([]byte(text)) {
			t.Errorf("not JSON: %s", text)
		}
	}
}
