package sigstore

import (
	"bytes"
	"context"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"

	"github.com/surety-dev/surety/attest"
	"github.com/surety-dev/surety/internal/chain"
	"github.com/surety-dev/surety/verify"
)

// carriesCertificate reports whether a signature of a bare envelope has a certificate beside it.
func carriesCertificate(s attest.Signature) bool { return s.Err == nil && len(s.Certificate) > 0 }

// openEnvelope opens those signatures of a bare envelope that carry a certificate. Only a clock of the
// caller's can vouch for their time: what is offered to it must hold.
func (o *Opener) openEnvelope(ctx context.Context, e *attest.Envelope) (verify.Opened, error) {
	var opened verify.Opened
	for i, sig := range e.Signatures {
		if err := ctx.Err(); err != nil {
			return verify.Opened{}, err
		}
		if !carriesCertificate(sig) {
			continue
		}
		proof, refused, err := o.openSignature(ctx, e, sig, &opened.Checks)
		switch {
		case err != nil:
			return verify.Opened{}, err
		case refused != nil:
			opened.Refusals = append(opened.Refusals, refused.at(i))
		default:
			proof.Signature = i
			opened.Proofs = append(opened.Proofs, *proof)
		}
	}
	return opened, nil
}

// openSignature proves one signature with the certificate beside it.
func (o *Opener) openSignature(ctx context.Context, e *attest.Envelope, sig attest.Signature, checks *int) (*verify.Proof, *refusal, error) {
	c, err := parsePEM(bytes.Join(append([][]byte{sig.Certificate}, sig.Intermediates...), []byte("\n")))
	if err != nil {
		return nil, refuse(verify.CertificateInvalid, "the certificate beside the signature %v", err), nil
	}
	s := &signed{envelope: e, signature: sig.Sig, certificate: c, clock: o.clock}
	if o.clock != nil {
		s.timestamps = sig.Timestamps
	}
	c.detachedSCT = len(s.timestamps) == 0
	if refused := s.checkSignature(checks); refused != nil {
		return nil, refused, nil
	}
	return o.prove(ctx, s)
}

// parsePEM parses a leaf and the intermediates after it. They are steps on the way to a root's
// authority, so they must be authorities themselves, and a self-signed one has no business here
// (sigstore-go, Bundle.VerificationContent).
func parsePEM(text []byte) (*certificate, error) {
	var c *certificate
	rest := bytes.TrimSpace(text)
	for len(rest) > 0 {
		if !bytes.HasPrefix(rest, []byte("-----BEGIN CERTIFICATE-----")) {
			return nil, errors.New("is not PEM of certificates and nothing else")
		}
		block, after := pem.Decode(rest)
		// pem.Decode passes over a block it cannot read and gives the next one.
		passed := rest[:len(rest)-len(after)]
		if block == nil || len(block.Headers) > 0 || bytes.Count(passed, []byte("-----BEGIN")) != 1 {
			return nil, errors.New("is not PEM of certificates and nothing else")
		}
		rest = bytes.TrimSpace(after)
		if c == nil {
			leaf, err := parseCertificate(block.Bytes)
			if err != nil {
				return nil, err
			}
			c = leaf
			continue
		}
		extra, err := parseIntermediate(block.Bytes)
		if err != nil {
			return nil, fmt.Errorf("comes with an intermediate that %w", err)
		}
		c.extra = append(c.extra, extra)
	}
	if c == nil {
		return nil, errors.New("is empty")
	}
	return c, nil
}

// parseIntermediate parses a certificate between a leaf and a root's authority.
func parseIntermediate(der []byte) (*x509.Certificate, error) {
	c, err := chain.ParseDER(der)
	switch {
	case err != nil:
		return nil, err
	case !c.IsCA:
		return nil, errors.New("is not an authority's")
	case bytes.Equal(c.RawSubject, c.RawIssuer):
		return nil, errors.New("is signed by itself")
	}
	return c, chain.Affordable(c)
}
