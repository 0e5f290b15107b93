package sigstoretest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"testing"
	"time"
)

// Log is where a signature is logged.
type Log int

// The logs of a deployment.
const (
	// RekorV1 gives an entry with inclusion promise and proof; the promise carries the time.
	RekorV1 Log = iota
	// RekorV2 gives an entry with inclusion proof, which carries no time; a timestamp does.
	RekorV2
	// NoLog gives no entry; a timestamp carries the time.
	NoLog
)

// Spec says what to sign, who signs it and when. Its zero value is a GitHub workflow's build, logged
// in Rekor v1.
type Spec struct {
	// Statement is the payload. Zero: a statement about an artifact of no content.
	Statement []byte
	// PayloadType is the envelope's. Zero: application/vnd.in-toto+json.
	PayloadType string
	// Issuer is the OIDC issuer. Zero: GitHub Actions'.
	Issuer string
	// Subject is the subject alternative name: a URI if it holds "://", an e-mail address if it
	// holds "@", else Fulcio's other name. Zero: a workflow of https://github.com/acme/payments.
	Subject string
	// MoreSubjects are further subject alternative names, which a verifier must refuse.
	MoreSubjects []string
	// Claims are the certificate's other claims by name, as in sigstore-go's JSON. Zero: none.
	Claims map[string]string
	// At is when it was signed, logged and timestamped. Zero: 2026-06-01T12:00:00Z.
	At time.Time
	// NotBefore is the start of the certificate. Zero: five seconds before At.
	NotBefore time.Time
	// Lifetime is how long the certificate is valid. Zero: ten minutes.
	Lifetime time.Duration
	// Log says which log holds the entry.
	Log Log
	// Timestamps are the times of the RFC 3161 timestamps. Zero: one, of At, where Log carries no
	// time; none with RekorV1.
	Timestamps []time.Time
	// NoTime leaves out everything that carries a time: the promise of RekorV1, and all timestamps.
	NoTime bool
	// NoSCT leaves the certificate transparency log's promise out of the certificate.
	NoSCT bool
	// Key names the key of the certificate: one name, one key. Zero: a fresh one.
	Key string
	// Template has the last word on the certificate before it is issued.
	Template func(*x509.Certificate)
}

// withDefaults fills in what the spec leaves open.
func (s Spec) withDefaults() Spec {
	if s.Statement == nil {
		s.Statement = []byte(fmt.Sprintf(`{"_type":"https://in-toto.io/Statement/v1","subject":[{"name":"empty","digest":{"sha256":"%x"}}],`+
			`"predicateType":"https://slsa.dev/provenance/v1","predicate":{}}`, sha256.Sum256(nil)))
	}
	if s.PayloadType == "" {
		s.PayloadType = "application/vnd.in-toto+json"
	}
	if s.Issuer == "" {
		s.Issuer = "https://token.actions.githubusercontent.com"
	}
	if s.Subject == "" {
		s.Subject = "https://github.com/acme/payments/.github/workflows/release.yaml@refs/tags/v1.0.0"
	}
	if s.At.IsZero() {
		s.At = time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)
	}
	if s.NotBefore.IsZero() {
		s.NotBefore = s.At.Add(-5 * time.Second)
	}
	if s.Lifetime == 0 {
		s.Lifetime = 10 * time.Minute
	}
	if s.Timestamps == nil && s.Log != RekorV1 {
		s.Timestamps = []time.Time{s.At}
	}
	if s.NoTime {
		s.Timestamps = nil
	}
	if s.Key == "" {
		s.Key = rand.Text()
	}
	return s
}

// Bundle makes a Sigstore bundle (version 0.3) signed with a key under a certificate.
func (s *Sigstore) Bundle(tb testing.TB, spec Spec) []byte {
	tb.Helper()
	spec = spec.withDefaults()
	key := Key(tb, elliptic.P256(), spec.Key)
	leaf := s.leaf(tb, spec, &key.PublicKey)
	sig := signDigest(key, pae(spec))
	return s.bundle(tb, spec, sig, verifier{certificate: leaf.Raw})
}

// KeyBundle makes a Sigstore bundle signed with a key that has no certificate: an ECDSA key of
// P-256. The hint is what the bundle says of it.
func (s *Sigstore) KeyBundle(tb testing.TB, key *ecdsa.PrivateKey, hint string, spec Spec) []byte {
	tb.Helper()
	spec = spec.withDefaults()
	sig := signDigest(key, pae(spec))
	return s.bundle(tb, spec, sig, verifier{public: spki(key), hint: hint})
}

// Envelope makes a bare DSSE envelope whose signature carries the certificate as PEM; Log,
// Timestamps and NoTime say nothing here.
func (s *Sigstore) Envelope(tb testing.TB, spec Spec) []byte {
	tb.Helper()
	spec = spec.withDefaults()
	key := Key(tb, elliptic.P256(), spec.Key)
	leaf := s.leaf(tb, spec, &key.PublicKey)
	return mustJSON(envelope(spec, map[string]any{
		"keyid": "",
		"sig":   base64.StdEncoding.EncodeToString(signDigest(key, pae(spec))),
		"cert":  string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: leaf.Raw})),
	}))
}

// verifier is what the signature verifies with.
type verifier struct {
	certificate []byte // DER
	public      []byte // DER; without certificate
	hint        string
}

// bundle puts a bundle together.
func (s *Sigstore) bundle(tb testing.TB, spec Spec, sig []byte, by verifier) []byte {
	tb.Helper()
	material := map[string]any{}
	if by.certificate != nil {
		material["certificate"] = map[string]any{"rawBytes": base64.StdEncoding.EncodeToString(by.certificate)}
	} else {
		material["publicKey"] = map[string]any{"hint": by.hint}
	}
	if spec.Log != NoLog {
		material["tlogEntries"] = []any{s.entry(spec, sig, by)}
	}
	if len(spec.Timestamps) > 0 {
		var timestamps []any
		for _, at := range spec.Timestamps {
			timestamps = append(timestamps, map[string]any{"signedTimestamp": base64.StdEncoding.EncodeToString(s.timestamp(tb, sig, at))})
		}
		material["timestampVerificationData"] = map[string]any{"rfc3161Timestamps": timestamps}
	}
	return mustJSON(map[string]any{
		"mediaType":            "application/vnd.dev.sigstore.bundle.v0.3+json",
		"verificationMaterial": material,
		"dsseEnvelope":         envelope(spec, map[string]any{"sig": base64.StdEncoding.EncodeToString(sig)}),
	})
}

// envelope is a DSSE envelope with one signature.
func envelope(spec Spec, signature map[string]any) map[string]any {
	return map[string]any{
		"payloadType": spec.PayloadType,
		"payload":     base64.StdEncoding.EncodeToString(spec.Statement),
		"signatures":  []any{signature},
	}
}

// pae is what is signed (DSSE, protocol.md).
func pae(spec Spec) []byte {
	return fmt.Appendf(nil, "DSSEv1 %d %s %d %s", len(spec.PayloadType), spec.PayloadType, len(spec.Statement), spec.Statement)
}
