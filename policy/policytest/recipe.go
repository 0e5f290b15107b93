package policytest

import (
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
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

// ready is a recipe with a name.
type ready struct {
	predicateType string
	predicate     func(r verify.Request) any
	readable      func(st *attest.Statement) error // what keeps a verifier from reading what was made
}

// recipes are the ready ones.
var recipes = map[string]ready{
	"provenance": {fixture.ProvenanceV1, func(verify.Request) any { return fixture.Provenance(fixture.Builder) },
		func(st *attest.Statement) error { _, err := st.Provenance(); return err }},
	"test-result": {fixture.TestResult, func(verify.Request) any {
		return map[string]any{"result": "PASSED", "configuration": []any{map[string]any{"name": "tests"}}}
	}, func(st *attest.Statement) error { _, err := st.TestResult(); return err }},
	"vsa": {"https://slsa.dev/verification_summary/v1", func(r verify.Request) any {
		return map[string]any{
			"verifier": map[string]any{"id": "https://verifier.test"}, "timeVerified": stamp(r.At), "resourceUri": r.Artifact.Name(),
			"policy": map[string]any{"uri": "https://verifier.test/policy"}, "verificationResult": "PASSED", "verifiedLevels": []any{"SLSA_BUILD_LEVEL_3"},
		}
	}, func(st *attest.Statement) error { _, err := st.Summary(); return err }},
	"approval": {attest.ApprovalType, func(verify.Request) any { return map[string]any{"decision": "approved"} },
		func(st *attest.Statement) error { _, err := st.Approval(); return err }},
	"exception": {attest.ExceptionType, exception,
		func(st *attest.Statement) error { _, err := st.Exception(); return err }},
	"revocation": {attest.RevocationType, func(r verify.Request) any {
		return map[string]any{"number": 1, "issuedAt": stamp(r.At.Add(-time.Hour)), "nextUpdate": stamp(r.At.Add(24 * time.Hour)), "entries": []any{}}
	}, func(st *attest.Statement) error { _, err := st.Revocation(); return err }},
}

// exception is one of an hour before the evaluation until an hour after; which policy and rules, and who
// asked, is for the case to say.
func exception(r verify.Request) any {
	e := map[string]any{
		"artifact": r.Artifact.Scope(), "reason": "a test of the policy",
		"validFrom": stamp(r.At.Add(-time.Hour)), "validUntil": stamp(r.At.Add(time.Hour)), "reviewDue": stamp(r.At.Add(24 * time.Hour)),
	}
	if r.Environment != "" {
		e["environment"] = r.Environment
	}
	return e
}

func digestOf(data []byte) attest.Digests {
	sum := sha256.Sum256(data)
	return attest.Digests{"sha256": hex.EncodeToString(sum[:])}
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// Recipes gives the names of the ready recipes, sorted.
func Recipes() []string { return slices.Sorted(maps.Keys(recipes)) }

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

// merge is a merge patch applied (RFC 7396); nil is no patch.
func merge(target, patch any) any {
	changes, ok := patch.(map[string]any)
	switch {
	case patch == nil:
		return target
	case !ok:
		return patch
	}
	fields, ok := target.(map[string]any)
	if fields = maps.Clone(fields); !ok {
		fields = map[string]any{}
	}
	for name, change := range changes {
		if change == nil {
			delete(fields, name)
		} else {
			fields[name] = merge(fields[name], change)
		}
	}
	return fields
}

// compose is the patch that does what two do one after the other.
func compose(first, second any) any {
	a, isObject := first.(map[string]any)
	b, ok := second.(map[string]any)
	if !ok || !isObject {
		return second
	}
	both := maps.Clone(a)
	for name, change := range b {
		both[name] = change
		if before, had := a[name]; had && change != nil {
			both[name] = compose(before, change)
		}
	}
	return both
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
