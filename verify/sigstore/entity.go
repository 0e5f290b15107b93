package sigstore

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"time"

	in_toto "github.com/in-toto/attestation/go/v1"
	"github.com/secure-systems-lab/go-securesystemslib/dsse"
	"github.com/sigstore/sigstore-go/pkg/root"
	"github.com/sigstore/sigstore-go/pkg/tlog"
	sgverify "github.com/sigstore/sigstore-go/pkg/verify"
	"github.com/sigstore/sigstore/pkg/signature"
)

// entity shows a signature with one log entry to sigstore-go, which then verifies exactly what
// package attest read.
type entity struct {
	sgverify.BaseSignedEntity
	signed *signed
	entry  *tlog.Entry
}

// entity shows the signature with one of its log entries.
func (s *signed) entity(entry *tlog.Entry) sgverify.SignedEntity {
	return &entity{signed: s, entry: entry}
}

func (e *entity) TlogEntries() ([]*tlog.Entry, error) { return []*tlog.Entry{e.entry}, nil }

func (e *entity) SignatureContent() (sgverify.SignatureContent, error) {
	return content{signed: e.signed}, nil
}

func (e *entity) VerificationContent() (sgverify.VerificationContent, error) {
	return signer{signed: e.signed}, nil
}

// content is the envelope.
type content struct{ signed *signed }

func (c content) Signature() []byte                                         { return c.signed.signature }
func (c content) EnvelopeContent() sgverify.EnvelopeContent                 { return c }
func (c content) MessageSignatureContent() sgverify.MessageSignatureContent { return nil }

// RawEnvelope gives the envelope in the form sigstore-go decodes again.
func (c content) RawEnvelope() *dsse.Envelope {
	if c.signed.encoded == "" {
		c.signed.encoded = base64.StdEncoding.EncodeToString(c.signed.envelope.Payload)
	}
	return &dsse.Envelope{PayloadType: c.signed.envelope.PayloadType, Payload: c.signed.encoded}
}

// Statement is never asked for: package attest reads the statement.
func (c content) Statement() (*in_toto.Statement, error) {
	return nil, errors.New("the statement is read by package attest")
}

// signer is the certificate or the key that signed.
type signer struct{ signed *signed }

// CompareKey holds a log entry's signer against ours: the same certificate byte for byte, or the
// same key.
func (s signer) CompareKey(logged any, _ root.TrustedMaterial) bool {
	if c := s.signed.certificate; c != nil {
		other, ok := logged.(*x509.Certificate)
		return ok && other != nil && bytes.Equal(other.Raw, c.leaf.Raw)
	}
	key, ok := s.signed.key.Public.(interface{ Equal(crypto.PublicKey) bool })
	return ok && logged != nil && key.Equal(logged)
}

// ValidAtTime is always true: times are held against certificates in anchor.certify, and against
// keys by package verify.
func (s signer) ValidAtTime(time.Time, root.TrustedMaterial) bool { return true }

func (s signer) Intermediates() []*x509.Certificate { return nil }

func (s signer) Certificate() *x509.Certificate {
	if s.signed.certificate == nil {
		return nil
	}
	return s.signed.certificate.leaf
}

func (s signer) PublicKey() sgverify.PublicKeyProvider {
	if s.signed.key == nil {
		return nil
	}
	return s
}

func (s signer) Hint() string { return "" }

// material is a root with the key that signed, whatever hint is asked for.
type material struct {
	*root.TrustedRoot
	key *verifiedKey
}

// material shows the root to sigstore-go.
func (s *signed) material(a *anchor) root.TrustedMaterial {
	return material{TrustedRoot: a.material, key: s.key}
}

// PublicKeyVerifier gives the key that signed: a Rekor v2 entry commits to it.
func (m material) PublicKeyVerifier(string) (root.TimeConstrainedVerifier, error) {
	if m.key == nil {
		return nil, errors.New("no key signed")
	}
	verifier, err := signature.LoadDefaultVerifier(m.key.Public)
	if err != nil {
		return nil, err
	}
	return root.NewExpiringKey(verifier, time.Time{}, time.Time{}), nil
}
