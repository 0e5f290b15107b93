package sigstore

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/go-json-experiment/json/jsontext"
	protobundle "github.com/sigstore/protobuf-specs/gen/pb-go/bundle/v1"
	"github.com/sigstore/sigstore-go/pkg/tlog"
	"google.golang.org/protobuf/encoding/protojson"

	"github.com/surety-dev/surety/attest"
	"github.com/surety-dev/surety/verify"
)

// signed is one signature and what is offered beside it. The envelope is always package attest's:
// what is verified is what will be judged.
type signed struct {
	envelope    *attest.Envelope
	signature   []byte
	hint        string       // at the key; without certificate
	certificate *certificate // nil: a key signed
	key         *verifiedKey // nil: a certificate signed
	entries     []*tlog.Entry
	timestamps  [][]byte
	clock       verify.Clock // beside the root's authorities; nil for none
	encoded     string       // the payload in base64, once sigstore-go has asked for it
}

// openBundle opens a Sigstore bundle.
func (o *Opener) openBundle(ctx context.Context, item *attest.Item, keys verify.Keys) (verify.Opened, error) {
	bundle := item.Bundle()
	s, material, refused := readBundle(bundle, item.Envelope())
	if refused != nil {
		return verify.Opened{Refusals: []verify.Refusal{refused.at(0)}}, nil
	}
	s.clock = o.clock
	var opened verify.Opened
	var proof *verify.Proof
	var err error
	if material.GetPublicKey() != nil {
		proof, refused, err = o.openKeyed(ctx, s, keys, &opened.Checks)
	} else {
		proof, refused, err = o.openCertified(ctx, s, bundle.Certificates[0], &opened.Checks)
	}
	switch {
	case err != nil:
		return verify.Opened{Checks: opened.Checks}, err
	case refused != nil:
		opened.Refusals = []verify.Refusal{refused.at(0)}
	default:
		opened.Proofs = []verify.Proof{*proof}
	}
	return opened, nil
}

// openCertified proves a bundle that a certificate signed.
func (o *Opener) openCertified(ctx context.Context, s *signed, der []byte, checks *int) (*verify.Proof, *refusal, error) {
	c, err := parseCertificate(der)
	if err != nil {
		return nil, refuse(verify.CertificateInvalid, "the certificate %v", err), nil
	}
	s.certificate = c
	if refused := s.checkSignature(checks); refused != nil {
		return nil, refused, nil
	}
	return o.prove(ctx, s)
}

// readBundle decodes the verification material of a bundle as sigstore-go does when it loads one,
// and holds it against what package attest read, so that no difference between two parsers lies
// between what is verified and what is judged.
func readBundle(b *attest.Bundle, e *attest.Envelope) (*signed, *protobundle.VerificationMaterial, *refusal) {
	raw, err := rawMaterial(b.Raw)
	if err != nil {
		return nil, nil, refuse(verify.EvidenceUnreadable, "the bundle %v", err)
	}
	material := &protobundle.VerificationMaterial{}
	if err := protojson.Unmarshal(raw, material); err != nil {
		return nil, nil, refuse(verify.EvidenceUnreadable, "the bundle's verificationMaterial: %v", err)
	}
	if err := sameMaterial(b, e, material); err != nil {
		return nil, nil, refuse(verify.EvidenceUnreadable, "the bundle %v", err)
	}
	if b.Version == "0.3" && material.GetX509CertificateChain() != nil {
		return nil, nil, refuse(verify.CertificateInvalid, "a bundle of version 0.3 holds one certificate, not a chain")
	}
	s := &signed{envelope: e, signature: e.Signatures[0].Sig, hint: b.KeyHint}
	for _, t := range material.GetTimestampVerificationData().GetRfc3161Timestamps() {
		s.timestamps = append(s.timestamps, t.GetSignedTimestamp())
	}
	for i, p := range material.GetTlogEntries() {
		entry, err := parseEntry(p, b.Version)
		if err != nil {
			return nil, nil, refuse(verify.SignatureInvalid, "log entry %d %v", i, err)
		}
		s.entries = append(s.entries, entry)
	}
	return s, material, nil
}

// sameMaterial holds the decoded material against package attest's reading of the same bytes.
func sameMaterial(b *attest.Bundle, e *attest.Envelope, m *protobundle.VerificationMaterial) error {
	var certificates [][]byte
	switch content := m.GetContent().(type) {
	case *protobundle.VerificationMaterial_PublicKey:
		if content.PublicKey == nil {
			return errors.New("has a null public key")
		}
	case *protobundle.VerificationMaterial_Certificate:
		certificates = append(certificates, content.Certificate.GetRawBytes())
	case *protobundle.VerificationMaterial_X509CertificateChain:
		for _, c := range content.X509CertificateChain.GetCertificates() {
			certificates = append(certificates, c.GetRawBytes())
		}
	default:
		return errors.New("holds neither a public key nor a certificate")
	}
	switch {
	case e == nil || len(e.Signatures) != 1 || len(e.Signatures[0].Sig) == 0:
		return errors.New("does not hold exactly one signature")
	case b.HasPublicKey != (m.GetPublicKey() != nil), b.KeyHint != m.GetPublicKey().GetHint():
		return errors.New("reads in two ways: the public key's hint")
	case !b.HasPublicKey && len(b.Certificates) == 0, !slices.EqualFunc(certificates, b.Certificates, bytes.Equal):
		return errors.New("reads in two ways: the certificate")
	case len(m.GetTlogEntries()) != b.LogEntries:
		return errors.New("reads in two ways: the log entries")
	case len(m.GetTimestampVerificationData().GetRfc3161Timestamps()) != b.Timestamps:
		return errors.New("reads in two ways: the timestamps")
	case b.LogEntries > attest.MaxLogEntries, b.Timestamps > attest.MaxTimestamps:
		return errors.New("is over the limits of its log entries or timestamps")
	}
	return nil
}

// rawMaterial finds verificationMaterial in a bundle's JSON, which package attest has already read
// strictly. It refuses members that a bundle does not have, as sigstore-go does, and spares the
// payload a second decoding.
func rawMaterial(bundle []byte) (jsontext.Value, error) {
	var material jsontext.Value
	dec := jsontext.NewDecoder(bytes.NewBuffer(bundle))
	err := members(dec, func(name string) error {
		switch name {
		case "mediaType":
			return dec.SkipValue()
		case "verificationMaterial":
			value, err := dec.ReadValue()
			material = value.Clone()
			return err
		case "dsseEnvelope":
			return checkEnvelopeMembers(dec)
		}
		return fmt.Errorf("has the unknown member %q", name)
	})
	if err == nil && material == nil {
		err = errors.New("has no verificationMaterial")
	}
	return material, err
}

// checkEnvelopeMembers refuses members that an envelope in a bundle does not have.
func checkEnvelopeMembers(dec *jsontext.Decoder) error {
	return members(dec, func(name string) error {
		switch name {
		case "payload", "payloadType":
			return dec.SkipValue()
		case "signatures":
			if dec.PeekKind() != jsontext.KindBeginArray {
				return dec.SkipValue()
			}
			if _, err := dec.ReadToken(); err != nil {
				return err
			}
			for dec.PeekKind() == jsontext.KindBeginObject {
				if err := members(dec, func(name string) error {
					if name != "sig" && name != "keyid" {
						return fmt.Errorf("has the unknown signature member %q", name)
					}
					return dec.SkipValue()
				}); err != nil {
					return err
				}
			}
			_, err := dec.ReadToken()
			return err
		}
		return fmt.Errorf("has the unknown envelope member %q", name)
	})
}

// members reads an object and calls value for each of its members, which must read the value.
func members(dec *jsontext.Decoder, value func(name string) error) error {
	open, err := dec.ReadToken()
	if err != nil {
		return err
	}
	if open.Kind() != jsontext.KindBeginObject {
		return errors.New("holds another value where an object is due")
	}
	for dec.PeekKind() == jsontext.KindString {
		name, err := dec.ReadToken()
		if err != nil {
			return err
		}
		if err := value(name.String()); err != nil {
			return err
		}
	}
	_, err = dec.ReadToken()
	return err
}
