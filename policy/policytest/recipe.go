package policytest

import (
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/surety-dev/surety/attest"
	"github.com/surety-dev/surety/internal/fixture"
	"github.com/surety-dev/surety/internal/fixture/pki"
	"github.com/surety-dev/surety/verify"
)

// Recipe says what signed evidence to make. The same recipe makes the same bytes, but with signers of the
// prefix "rsa:", whose signatures are random by nature (RFC 8017, 8.1).
type Recipe struct {
	// Name is that of a ready recipe, one of [Recipes]; "" where PredicateType says what it is.
	Name string
	// PredicateType is the statement's; "" is that of the ready recipe.
	PredicateType string
	// Predicate is free JSON, merged over that of the ready recipe as RFC 7396 says: fields of objects one by
	// one, null takes one out, all else replaces.
	Predicate any
	// Subject is what the statement is about; the zero Subject is the artifact of the request, called
	// "artifact".
	Subject Subject
	// Signers are who signs, by name. A prefix chooses the kind of key: "p256:", "p384:", "p521:", "p1363:"
	// (P-256, signatures as r and s), "rsa:" (PSS) and "pkcs1:" (both one key, whatever follows);
	// others sign with Ed25519. Nobody: the statement comes unsigned.
	Signers []string
	// At is a trusted time beside each signature; zero: there is none.
	At time.Time
	// Authority is the timestamp authority that vouches for At; "" is "tsa".
	Authority string
	// Form is how it is wrapped; "" is FormDSSE.
	Form Form
	// Tamper is what somebody does to it afterwards; "" is nothing.
	Tamper Tamper
}

// Subject is what a statement is about.
type Subject struct {
	// Name is the subject's name.
	Name string
	// URI is the subject's URI.
	URI string
	// Digests are its digests, hex by algorithm.
	Digests attest.Digests
}

// Form is how a signed statement is wrapped.
type Form string

// The forms.
const (
	// FormDSSE is a bare DSSE envelope, trusted times beside its signatures.
	FormDSSE Form = "dsse"
	// FormBundle is a Sigstore bundle of a public key, which holds one signature.
	FormBundle Form = "bundle"
)

// Tamper is what somebody does to evidence after it was signed.
type Tamper string

// The ways to tamper.
const (
	// TamperPayload adds a space to the payload: what it says is the same, and is not what was signed.
	TamperPayload Tamper = "payload"
	// TamperSignature changes a bit of every signature.
	TamperSignature Tamper = "signature"
	// TamperTruncated takes the last byte away.
	TamperTruncated Tamper = "truncated"
)

// Make makes the evidence. Of the request the artifact, the environment and the time are what it is about
// where the recipe does not say. An error says what the recipe lacks: what a ready recipe makes without a
// PredicateType of its own a verifier can read, until it is tampered with.
func (r Recipe) Make(request verify.Request) ([]byte, error) {
	statement, err := r.statement(request)
	if err != nil {
		return nil, err
	}
	payload := statement.JSON()
	var keys []fixture.Key
	for _, name := range r.Signers {
		keys = append(keys, fixture.NewKey(name))
	}
	envelope := fixture.Sign(payload, keys...)
	if !r.At.IsZero() {
		tsa := authority(orElse(r.Authority, defaultAuthority))
		for i := range envelope.Signatures {
			envelope = pki.Stamped(envelope, i, func(sig []byte) []byte { return pki.Response(0, tsa.Token(sig, pki.Stamp{At: r.At})) })
		}
	}
	if err := r.check(envelope.JSON()); err != nil {
		return nil, err
	}
	if err := r.tamper(&envelope, payload); err != nil {
		return nil, err
	}
	data := envelope.JSON()
	switch r.Form {
	case "", FormDSSE:
	case FormBundle:
		if data, err = bundle(envelope); err != nil {
			return nil, err
		}
	default:
		return nil, fmt.Errorf("the form %q: expected %s or %s", r.Form, FormDSSE, FormBundle)
	}
	if r.Tamper == TamperTruncated {
		data = data[:len(data)-1]
	}
	return data, nil
}

// statement is what is signed.
func (r Recipe) statement(request verify.Request) (fixture.Statement, error) {
	from, ok := recipes[r.Name]
	switch {
	case r.Name != "" && !ok:
		return fixture.Statement{}, fmt.Errorf("no recipe %q: expected one of %s", r.Name, strings.Join(Recipes(), ", "))
	case r.Name == "" && r.PredicateType == "":
		return fixture.Statement{}, errors.New("neither a recipe nor a predicate type: expected one of them")
	}
	var predicate any
	if ok {
		predicate = from.predicate(request)
	}
	predicate = merge(predicate, r.Predicate)
	st := fixture.NewStatement(orElse(r.PredicateType, from.predicateType), "", predicate)
	s := fixture.Subject{Name: r.Subject.Name, URI: r.Subject.URI, Digest: r.Subject.Digests}
	if s.Name == "" && s.URI == "" {
		s.Name = "artifact"
	}
	if s.Digest == nil {
		s.Digest = request.Artifact.Digests()
	}
	if r.Name == "revocation" && r.Subject.isZero() {
		// "the subject is the list itself" (predicates/revocation.md)
		data, err := json.Marshal(predicate)
		if err != nil {
			return st, err
		}
		s = fixture.Subject{Name: "surety:revocations/policytest", Digest: digestOf(data)}
	}
	st.Subject = []fixture.Subject{s}
	_, err := json.Marshal(st)
	return st, err
}

func (s Subject) isZero() bool { return s.Name == "" && s.URI == "" && s.Digests == nil }

// check says what keeps a verifier from reading what a ready recipe has made.
func (r Recipe) check(data []byte) error {
	from, ok := recipes[r.Name]
	if !ok || len(r.Signers) == 0 || r.PredicateType != "" {
		return nil
	}
	for _, item := range attest.Parse("the statement", data, attest.Limits{}) {
		err := item.Err()
		if err == nil && item.Statement() != nil {
			err = from.readable(item.Statement())
		}
		if err != nil {
			return fmt.Errorf("%w (where that is meant, give the predicateType instead of the recipe %s)", err, r.Name)
		}
	}
	return nil
}

// tamper changes the envelope.
func (r Recipe) tamper(e *fixture.Envelope, payload []byte) error {
	switch r.Tamper {
	case "", TamperTruncated:
	case TamperPayload:
		e.Payload = base64.StdEncoding.EncodeToString(append(slices.Clone(payload), ' '))
	case TamperSignature:
		for i := range e.Signatures {
			sig, err := base64.StdEncoding.DecodeString(e.Signatures[i].Sig)
			if err != nil {
				return err
			}
			sig[len(sig)-1] ^= 1
			e.Signatures[i].Sig = base64.StdEncoding.EncodeToString(sig)
		}
	default:
		return fmt.Errorf("to tamper with the %q: expected %s, %s or %s", r.Tamper, TamperPayload, TamperSignature, TamperTruncated)
	}
	return nil
}

// bundle wraps an envelope of one signature (sigstore_bundle.proto, version 0.3).
func bundle(e fixture.Envelope) ([]byte, error) {
	if len(e.Signatures) != 1 {
		return nil, fmt.Errorf("a bundle of %d signatures: expected one signer, or the form %s", len(e.Signatures), FormDSSE)
	}
	s := e.Signatures[0]
	material := map[string]any{"publicKey": map[string]any{"hint": s.KeyID}}
	var times []any
	for _, t := range s.Timestamps {
		times = append(times, map[string]any{"signedTimestamp": t.Data})
	}
	if times != nil {
		material["timestampVerificationData"] = map[string]any{"rfc3161Timestamps": times}
	}
	return json.Marshal(map[string]any{
		"mediaType":            "application/vnd.dev.sigstore.bundle.v0.3+json",
		"verificationMaterial": material,
		"dsseEnvelope":         map[string]any{"payloadType": e.PayloadType, "payload": e.Payload, "signatures": []any{map[string]any{"sig": s.Sig}}},
	})
}

// defaultAuthority vouches for the times of recipes that name no other.
const defaultAuthority = "tsa"

// authority makes a timestamp authority from its name, whose certificates hold whatever time a case is about.
func authority(name string) pki.Holder { return anchor(name).Timestamper("tsa "+name, always()) }

// anchor is the certificate that documents trust.
func anchor(name string) pki.Holder { return pki.Root("tsa root "+name, always()) }

func always() func(*x509.Certificate) {
	return pki.Valid(time.Date(1990, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2190, 1, 1, 0, 0, 0, 0, time.UTC))
}

func orElse[T comparable](value, otherwise T) T {
	var zero T
	if value == zero {
		return otherwise
	}
	return value
}
