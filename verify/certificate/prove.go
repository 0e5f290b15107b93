package certificate

import (
	"crypto/x509"
	"slices"
	"time"

	"github.com/surety-dev/surety/attest"
	"github.com/surety-dev/surety/internal/chain"
	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/verify"
)

// maxFaults is of how many signatures of an item the clock may prove no time before it is asked no more:
// timestamps cost more than signatures.
const maxFaults = 4

// signed is one signature and the certificates it came with.
type signed struct {
	*presented
	envelope  *attest.Envelope
	signature *attest.Signature
	bundle    *attest.Bundle // nil: a bare envelope
	faults    *int           // of how many of the item's signatures no time was proven
}

// prove proves a signature under every authority that issued its certificate, once for each way up to it that
// revocation lists judge otherwise.
func (o *Opener) prove(s *signed) ([]verify.Proof, *refusal) {
	if s.err != nil {
		return nil, refuse(verify.CertificateInvalid, "the certificate beside the signature %v", s.err)
	}
	if s.bundle != nil && s.bundle.Version == "0.3" && len(s.bundle.Certificates) > 1 {
		return nil, refuse(verify.CertificateInvalid, "a bundle of version 0.3 holds one certificate, not a chain")
	}
	name, err := nameOf(s.leaf)
	if err != nil {
		return nil, refuse(verify.CertificateInvalid, "the certificate %v", err)
	}
	if !s.verifies() {
		return nil, refuse(verify.SignatureInvalid, "the signature does not verify with the key in the certificate")
	}
	times, at, refused := o.when(s)
	if refused != nil {
		return nil, refused
	}
	var proofs []verify.Proof
	refused = refuse(verify.CertificateInvalid, "none of the certificate authorities issued the certificate")
	for _, a := range o.authorities {
		if !a.Issued(append([]*x509.Certificate{s.leaf}, s.extra...)...) {
			continue
		}
		chains, err := a.Verify(s.leaf, s.extra, at, x509.ExtKeyUsageCodeSigning)
		if err != nil {
			refused = refuse(verify.CertificateInvalid, "the certificate does not chain to %s at %s: %v", a.ID, at.UTC().Format(time.RFC3339), err)
			continue
		}
		for _, revocations := range o.against(a, chains) {
			proofs = append(proofs, verify.Proof{
				Identity:    ownership.Identity{Authority: a.ID, NameType: name.kind, Subject: name.value},
				Certificate: true, NotBefore: s.leaf.NotBefore.UTC(), PublicKey: s.fingerprint(), Times: times,
				Revocations: revocations,
			})
		}
	}
	if len(proofs) > 0 {
		return proofs, nil
	}
	return nil, refused
}

// when gives the proven times of a signature and the one its certificate is judged at: the earliest,
// or without any the leaf's notBefore. What is offered and proves nothing refuses the signature.
func (o *Opener) when(s *signed) ([]verify.TrustedTime, time.Time, *refusal) {
	if len(s.signature.Timestamps) == 0 {
		return nil, s.leaf.NotBefore, nil
	}
	if o.clock == nil {
		return nil, time.Time{}, refuse(verify.SignatureInvalid, "nothing here verifies the timestamps beside the signature: expected timestamp authorities")
	}
	if *s.faults >= maxFaults {
		return nil, time.Time{}, refuse(verify.SignatureInvalid, "no timestamp beside %d other signatures verifies, so the rest was not looked at", *s.faults)
	}
	times, err := o.clock.Times(s.signature)
	if len(times) == 0 {
		*s.faults++
		return nil, time.Time{}, refuse(verify.SignatureInvalid, "no timestamp beside the signature verifies: %v", err)
	}
	first := slices.MinFunc(times, func(x, y verify.TrustedTime) int { return x.At.Compare(y.At) })
	return times, first.At, nil
}

// verifies checks the DSSE signature with the key in the certificate, as [verify.VerifyKey] does for keys
// of the model. RSA is PSS in an envelope (go-witness) and PKCS#1 v1.5 in a bundle (sigstore's algorithm
// registry).
func (s *signed) verifies() bool {
	key := ownership.Key{Public: s.leaf.PublicKey}
	if s.bundle != nil {
		key.Scheme = ownership.SchemePKCS1v15
	}
	return chain.Fit(s.leaf) == nil && verify.VerifyKey(key, s.envelope, s.signature.Sig)
}

// fingerprint is that of the key in the certificate.
func (s *signed) fingerprint() ownership.Fingerprint {
	f, err := ownership.FingerprintOf(s.leaf.PublicKey)
	if err != nil {
		return ownership.Fingerprint{} // not reached: its signature verified
	}
	return f
}
