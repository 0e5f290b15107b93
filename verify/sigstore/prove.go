package sigstore

import (
	"context"
	"crypto/x509"
	"fmt"
	"slices"
	"time"

	sgverify "github.com/sigstore/sigstore-go/pkg/verify"

	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/verify"
)

// prove finds a root under which a certificate's signature holds. Each root is tried by itself; one
// that vouches for a time is preferred to one that does not. If none holds, the refusal is that of
// the root which got furthest: it is the one the bundle was made for.
func (o *Opener) prove(ctx context.Context, s *signed) (*verify.Proof, *refusal, error) {
	var untimed *verify.Proof
	refused := refuse(verify.CertificateInvalid, "no trusted root has an authority that issued the certificate")
	furthest := stageNone
	for _, a := range o.anchors {
		if !a.issued(s.certificate) {
			continue
		}
		proof, r, stage, err := a.prove(ctx, s)
		switch {
		case err != nil:
			return nil, nil, err
		case r != nil && stage > furthest:
			refused, furthest = r, stage
		case r != nil:
		case len(proof.Times) > 0:
			return proof, nil, nil
		case untimed == nil:
			untimed = proof
		}
	}
	if untimed != nil {
		return untimed, nil, nil
	}
	return nil, refused, nil
}

// stage counts how far a certificate got under a root.
type stage int

const (
	stageNone   stage = iota
	stageChain        // refused by its chain
	stageSCT          // by certificate transparency
	stageIssuer       // by the root's issuers
	stageTimes        // by a log or a timestamp
)

// issued reports whether the name of the certificate's issuer is that of one of the root's
// authorities. Without it no chain can be built (crypto/x509 finds parents by name), so this spares
// other roots the arithmetic.
func (a *anchor) issued(c *certificate) bool {
	for _, ca := range a.authorities {
		if ca.names[string(c.leaf.RawIssuer)] {
			return true
		}
		for _, extra := range c.extra {
			if ca.names[string(extra.RawIssuer)] {
				return true
			}
		}
	}
	return false
}

// prove verifies all that stands beside a certificate's signature, under one root.
func (a *anchor) prove(ctx context.Context, s *signed) (*verify.Proof, *refusal, stage, error) {
	l, logRefused, err := a.log(ctx, s)
	if err != nil {
		return nil, nil, stageNone, err
	}
	t, err := a.stamp(ctx, s)
	if err != nil {
		return nil, nil, stageNone, err
	}
	times := append(l.times, t.times...)
	// Sigstore, client specification: with several times, the path is validated at each of them.
	moments := slices.Clone(t.said)
	for _, t := range times {
		moments = append(moments, t.At)
	}
	if len(moments) == 0 {
		moments = append(moments, s.certificate.leaf.NotBefore)
	}
	if refused, stage := a.certify(s.certificate, moments, l.claimed); refused != nil {
		return nil, refused, stage, nil
	}
	if logRefused == nil {
		logRefused = a.enough(s, l, t)
	}
	if logRefused != nil {
		return nil, logRefused, stageTimes, nil
	}
	key, err := ownership.FingerprintOf(s.certificate.leaf.PublicKey) // as of keys of the model, however it is written here
	if err != nil {
		return nil, refuse(verify.CertificateInvalid, "the certificate has a key that cannot be named: %v", err), stageTimes, nil
	}
	identity := s.certificate.identity
	if identity.Issuer == "" {
		identity.Authority = a.id
	}
	return &verify.Proof{
		Identity:    identity,
		Certificate: true,
		PublicKey:   key,
		NotBefore:   s.certificate.leaf.NotBefore.UTC(),
		Times:       times,
	}, nil, stageTimes, nil
}

// certify verifies who issued the certificate: its chain at every moment, the promise of a
// certificate transparency log, and that the root accepts its OIDC issuer. Claimed times prove
// nothing, but must not contradict the certificate (sigstore-go holds every integrated time to it).
func (a *anchor) certify(c *certificate, moments, claimed []time.Time) (*refusal, stage) {
	var chains [][]*x509.Certificate
	for _, at := range moments {
		var err error
		if chains, err = a.chains(c, at); err != nil {
			return refuse(verify.CertificateInvalid, "the certificate does not chain to %s at %s: %v", a.id, at.UTC().Format(time.RFC3339), err), stageChain
		}
	}
	for _, at := range claimed {
		if !validAt([]*x509.Certificate{c.leaf}, at) {
			return refuse(verify.CertificateInvalid, "the certificate is not valid at the log's %s", at.UTC().Format(time.RFC3339)), stageChain
		}
	}
	if len(a.material.CTLogs()) > 0 && !(c.detachedSCT && !embedsSCT(c.leaf)) {
		if err := sgverify.VerifySignedCertificateTimestamp(chains, 1, a.material); err != nil {
			return refuse(verify.CertificateInvalid, "the certificate has no valid timestamp of a certificate transparency log of %s: %v", a.id, err), stageSCT
		}
	}
	switch issuer := c.identity.Issuer; {
	case issuer == "" && a.logged():
		return refuse(verify.CertificateInvalid, "the certificate's issuer is empty or absent: only a root without logs may certify a name by itself, and %s has them", a.id), stageIssuer
	case issuer != "" && !a.accepts(issuer):
		return refuse(verify.CertificateInvalid, "issuer %q is not one accepted from %s", c.identity.Issuer, a.id), stageIssuer
	}
	return nil, stageNone
}

// chains verifies the certificate with each of the root's authorities at a time.
func (a *anchor) chains(c *certificate, at time.Time) ([][]*x509.Certificate, error) {
	err := fmt.Errorf("the root has no certificate authority")
	for _, ca := range a.authorities {
		chains, fault := ca.chains(c.leaf, c.extra, at)
		if fault == nil {
			return chains, nil
		}
		err = fault
	}
	return nil, err
}

// enough says what is missing beside a signature: where the root has logs, an entry; and where a
// timestamp is all that was offered for the time, one that verifies. What offers neither an entry
// nor a timestamp is not refused here: it is the same evidence as a bare envelope with a
// certificate, and has no trusted time.
func (a *anchor) enough(s *signed, l logged, t stamped) *refusal {
	offered := len(s.entries) + len(s.timestamps)
	switch {
	case offered == 0:
		return nil
	case t.refused != nil:
		return t.refused
	case l.verified == 0 && (len(a.material.RekorLogs()) > 0 || s.key != nil && len(s.entries) > 0):
		return refuse(verify.SignatureInvalid, "no entry of a transparency log of %s is about the signature", a.id)
	case t.fault != nil && len(l.times)+len(t.times) == 0:
		return refuse(verify.SignatureInvalid, "no timestamp verifies under %s: %v", a.id, t.fault)
	}
	return nil
}

// openKeyed proves a bundle that a key of the ownership model signed. What it offers beside the
// signature must hold under one root; without log entry and timestamp it is a signature by a key
// like that of a bare envelope.
func (o *Opener) openKeyed(ctx context.Context, s *signed, keys verify.Keys, checks *int) (*verify.Proof, *refusal, error) {
	refused, err := s.findKey(ctx, keys, checks)
	if refused != nil || err != nil {
		return nil, refused, err
	}
	proof := &verify.Proof{}
	proof.Identity.Key = s.key.Fingerprint
	if len(s.entries) == 0 && len(s.timestamps) == 0 {
		return proof, nil, nil
	}
	refused = refuse(verify.SignatureInvalid, "no trusted root vouches for the log entries and timestamps beside the signature")
	for _, a := range o.anchors {
		l, r, err := a.log(ctx, s)
		if err != nil {
			return nil, nil, err
		}
		t, err := a.stamp(ctx, s)
		if err != nil {
			return nil, nil, err
		}
		if r == nil {
			r = a.enough(s, l, t)
		}
		if r == nil {
			proof.Times = append(l.times, t.times...)
			return proof, nil, nil
		}
		refused = r
	}
	return nil, refused, nil
}
