package issue_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"math/big"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/surety-dev/surety/attest"
	"github.com/surety-dev/surety/attest/issue"
	"github.com/surety-dev/surety/internal/fixture"
	"github.com/surety-dev/surety/internal/fixture/pki"
	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/verify"
	"github.com/surety-dev/surety/verify/timestamp"
)

// kinds are keys of every kind, and the scheme each signs with.
var kinds = map[string]string{
	"p256:alice": "", "p384:alice": "", "p521:alice": "", "p1363:alice": ownership.SchemeP1363, "alice": "", "rsa:alice": "", "pkcs1:alice": ownership.SchemePKCS1v15,
}

func signer(t *testing.T, key string) issue.Signer {
	t.Helper()
	s, err := issue.NewSigner(fixture.NewKey(key).Private(), kinds[key])
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// signed is a statement in an envelope that alice signed.
func signed(t *testing.T, s issue.Statement) issue.Envelope {
	t.Helper()
	e, err := issue.Sign(rand.Reader, s, signer(t, "alice"))
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func statement(t *testing.T) issue.Statement {
	t.Helper()
	s, err := issue.Exception(exception, release(t))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// parsed is the envelope as a verifier sees it.
func parsed(t *testing.T, data []byte) *attest.Envelope {
	t.Helper()
	items := attest.Parse("", data, attest.Limits{})
	if len(items) != 1 || items[0].Err() != nil {
		t.Fatal(items[0].Err())
	}
	return items[0].Envelope()
}

// TestSignVerifies: a key of each kind signs as verifiers expect it of that kind, and of no other scheme; what is
// altered afterwards does not verify.
func TestSignVerifies(t *testing.T) {
	t.Parallel()
	s := statement(t)
	for name, scheme := range kinds {
		key := fixture.NewKey(name)
		e, err := issue.Sign(rand.Reader, s, signer(t, name))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		read := parsed(t, e.JSON())
		sig := read.Signatures[0]
		if sig.KeyID != key.ID() || signer(t, name).KeyID() != key.ID() || len(read.Signatures) != 1 || string(read.Payload) != string(s.JSON()) {
			t.Errorf("%s: key id %s, payload %s", name, sig.KeyID, read.Payload)
		}
		if !verify.VerifyKey(ownership.Key{Public: key.Public(), Scheme: scheme}, read, sig.Sig) {
			t.Errorf("%s: the signature does not verify", name)
		}
		for _, other := range []string{"", ownership.SchemeP1363, ownership.SchemePKCS1v15} {
			if _, isEd := key.Public().(ed25519.PublicKey); other == scheme || isEd {
				continue
			}
			_, isRSA := key.Public().(*rsa.PublicKey)
			if (other == ownership.SchemeP1363) == isRSA && other != "" {
				continue // a scheme that keys of this kind do not have
			}
			if verify.VerifyKey(ownership.Key{Public: key.Public(), Scheme: other}, read, sig.Sig) {
				t.Errorf("%s: the signature verifies as %q too", name, other)
			}
		}
		altered := strings.Replace(string(s.JSON()), "INC-7", "INC-8", 1)
		of := &attest.Envelope{PayloadType: read.PayloadType, Payload: []byte(altered)}
		if verify.VerifyKey(ownership.Key{Public: key.Public(), Scheme: scheme}, of, sig.Sig) {
			t.Errorf("%s: the signature verifies over another payload", name)
		}
	}
	if issue.SchemeP1363 != ownership.SchemeP1363 || issue.SchemePKCS1v15 != ownership.SchemePKCS1v15 {
		t.Error("the schemes are not the model's")
	}
}

// liar is a key that signs otherwise than it says.
type liar struct {
	public crypto.PublicKey
	sig    []byte
	err    error
}

func (l liar) Public() crypto.PublicKey                                  { return l.public }
func (l liar) Sign(io.Reader, []byte, crypto.SignerOpts) ([]byte, error) { return l.sig, l.err }
func of(k string) crypto.PublicKey                                       { return fixture.NewKey(k).Public() }
func sequence(values ...byte) []byte                                     { return append([]byte{0x30, byte(len(values))}, values...) }

func TestSignerRefused(t *testing.T) {
	t.Parallel()
	p224, err := ecdsa.GenerateKey(elliptic.P224(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	short := &rsa.PublicKey{N: new(big.Int).Lsh(big.NewInt(1), 1023), E: 65537}
	for _, row := range []struct {
		name   string
		key    crypto.Signer
		scheme string
		want   string
	}{
		{"none", nil, "", "no key"},
		{"another curve", p224, "", "an ECDSA key on P-224: expected ECDSA on P-256, P-384 or P-521, Ed25519, or RSA of 2048 bits or more"},
		{"short", liar{public: short}, "", "an RSA key of 1024 bits: expected"},
		{"another kind", liar{public: "key"}, "", "a key of type string: expected"},
		{"a scheme there is not", fixture.NewKey("alice").Private(), "ed25519ph", `the scheme "ed25519ph": expected rsassa-pkcs1v15, ecdsa-p1363 or none`},
		{"a scheme of other keys", fixture.NewKey("p256:alice").Private(), ownership.SchemePKCS1v15, "the scheme rsassa-pkcs1v15 with a key of type *ecdsa.PublicKey"},
		{"a scheme with Ed25519", fixture.NewKey("alice").Private(), ownership.SchemeP1363, "which has no such scheme"},
		{"a scheme with RSA", fixture.NewKey("rsa:alice").Private(), ownership.SchemeP1363, "which has no such scheme"},
	} {
		if s, err := issue.NewSigner(row.key, row.scheme); err == nil || s.KeyID() != "" || !strings.Contains(err.Error(), row.want) {
			t.Errorf("%s: %v; want …%s…", row.name, err, row.want)
		}
	}
	for _, row := range []struct {
		name, scheme string
		key          liar
		want         string
	}{
		{"it answers nothing", "", liar{public: of("alice")}, "does not verify with its public key " + fixture.NewKey("alice").ID()},
		{"another key's signature", "", liar{public: of("p256:alice"), sig: fixture.NewKey("p256:bob").Sign(attest.PAE(attest.PayloadType, statement(t).JSON()))}, "does not verify"},
		{"r and s where DER is expected", "", liar{public: of("p1363:alice"), sig: fixture.NewKey("p1363:alice").Sign(attest.PAE(attest.PayloadType, statement(t).JSON()))}, "does not verify"},
		{"PKCS#1 v1.5 where PSS is expected", "", liar{public: of("pkcs1:alice"), sig: fixture.NewKey("pkcs1:alice").Sign(attest.PAE(attest.PayloadType, statement(t).JSON()))}, "does not verify"},
		{"no DER", ownership.SchemeP1363, liar{public: of("p256:alice"), sig: []byte("x")}, "no ECDSA signature in DER"},
		{"numbers below zero", ownership.SchemeP1363, liar{public: of("p256:alice"), sig: sequence(2, 1, 0x80, 2, 1, 0x80)}, "no ECDSA signature in DER"},
		{"numbers too large", ownership.SchemeP1363, liar{public: of("p256:alice"), sig: sequence(append(append([]byte{2, 34, 1}, make([]byte, 33)...), 2, 1, 1)...)}, "no ECDSA signature in DER"},
		{"it fails", "", liar{public: of("alice"), err: errors.New("the token is not there")}, "the token is not there"},
	} {
		s, err := issue.NewSigner(row.key, row.scheme)
		if err != nil {
			t.Fatal(err)
		}
		if e, err := issue.Sign(rand.Reader, statement(t), s); err == nil || e.JSON() != nil || !strings.Contains(err.Error(), row.want) {
			t.Errorf("%s: %s, %v; want …%s…", row.name, e.JSON(), err, row.want)
		}
	}
}

// TestZero: nothing is signed that was not made, by nobody, twice, or beside nothing.
func TestZero(t *testing.T) {
	t.Parallel()
	s, alice := statement(t), signer(t, "alice")
	for _, row := range []struct {
		name string
		made func() (issue.Envelope, error)
		want string
	}{
		{"no statement", func() (issue.Envelope, error) { return issue.Sign(rand.Reader, issue.Statement{}, alice) }, "the zero statement"},
		{"nobody", func() (issue.Envelope, error) { return issue.Sign(rand.Reader, s) }, "nobody to sign"},
		{"the zero signer", func() (issue.Envelope, error) { return issue.Sign(rand.Reader, s, issue.Signer{}) }, "the zero signer"},
		{"one twice", func() (issue.Envelope, error) { return issue.Sign(rand.Reader, s, alice, alice) }, "has signed it already"},
		{"to no envelope", func() (issue.Envelope, error) { return issue.Envelope{}.Add(rand.Reader, s, alice) }, "the zero envelope"},
		{"no statement to add", func() (issue.Envelope, error) {
			return signed(t, s).Add(rand.Reader, issue.Statement{}, signer(t, "p256:alice"))
		}, "the zero statement"},
		{"a timestamp to no envelope", func() (issue.Envelope, error) { return issue.Envelope{}.Stamp(token(t, "", []byte("x"))) }, "there is no signature"},
	} {
		if e, err := row.made(); err == nil || e.JSON() != nil || !strings.Contains(err.Error(), row.want) {
			t.Errorf("%s: %s, %v; want …%s…", row.name, e.JSON(), err, row.want)
		}
	}
}

// TestAdd: signatures are added one after the other, by whoever means the same, and what is beside the others
// stays.
func TestAdd(t *testing.T) {
	t.Parallel()
	s := statement(t)
	e := signed(t, s)
	data := strings.Replace(string(e.JSON()), `[{"keyid"`, `[{"cert":"-----BEGIN X-----","other":{"b":[1,2e3],"a":"<"},"keyid"`, 1)
	for n, name := range []string{"p256:alice", "p384:alice", "p521:alice", "p1363:bob", "rsa:alice"} {
		opened, err := issue.Open("e.json", []byte(data+"\n"))
		if err != nil {
			t.Fatal(err)
		}
		before := string(opened.JSON())
		added, err := opened.Add(rand.Reader, s, signer(t, name))
		if err != nil {
			t.Fatal(err)
		}
		if string(opened.JSON()) != before {
			t.Error("what it was added to has changed")
		}
		data = string(added.JSON())
		read := parsed(t, []byte(data))
		if len(read.Signatures) != n+2 || !strings.Contains(data, `"other":{"b":[1,2e3],"a":"<"}`) || string(read.Signatures[0].Certificate) != "-----BEGIN X-----" {
			t.Errorf("%s: %s", name, data)
		}
		if !verify.VerifyKey(ownership.Key{Public: fixture.NewKey("alice").Public()}, read, read.Signatures[0].Sig) || !verify.VerifyKey(ownership.Key{Public: of(name)}, read, read.Signatures[n+1].Sig) {
			t.Errorf("%s: a signature does not verify", name)
		}
	}
}

// TestAddRefused: nobody signs what somebody else has changed since.
func TestAddRefused(t *testing.T) {
	t.Parallel()
	s, alice, bob := statement(t), signer(t, "alice"), signer(t, "p256:bob")
	e := string(signed(t, s).JSON())
	edited := func(old, now string) string {
		payload := strings.Replace(string(s.JSON()), old, now, 1)
		if payload == string(s.JSON()) {
			t.Fatalf("no %s", old)
		}
		return strings.Replace(e, base64.StdEncoding.EncodeToString(s.JSON()), base64.StdEncoding.EncodeToString([]byte(payload)), 1)
	}
	for _, row := range []struct {
		name, envelope string
		by             issue.Signer
		want           string
	}{
		{"another reason", edited(`"reason":"INC-7"`, `"reason":"INC-8"`), bob, `its reason is "INC-8"; expected "INC-7"`},
		{"one rule more", edited(`"evidence:tests"`, `"evidence:tests","trusted-builder"`), bob, `its rules is ["two-approvals","evidence:tests","trusted-builder"]; expected ["two-approvals","evidence:tests"]`},
		{"longer", edited(`"validUntil":"2026-01-02`, `"validUntil":"2027-01-02`), bob, `its validUntil is`},
		{"another long text", edited(`"reason":"INC-7"`, `"reason":"`+strings.Repeat("x", 300)+`"`), bob, `its reason is "` + strings.Repeat("x", 200) + `…; expected "INC-7"`},
		{"for any environment", edited(`"environment":"production",`, ``), bob, `its environment is absent; expected "production"`},
		{"with a field nobody knows", edited(`"reason"`, `"x-reason":"y`+"\u202e"+`","reason"`), bob, `its x-reason is "y\u202e"; expected absent`},
		{"of another artifact", edited(digest, strings.Repeat("0", 64)), bob, "its subject is"},
		{"of another type", edited("exception/v1", "exception/v2"), bob, "its predicateType is"},
		{"of another kind of statement", edited("Statement/v1", "Statement/v0.1"), bob, "its _type is"},
		{"with a field beside the predicate", edited(`,"predicateType"`, `,"note":"and all else","predicateType"`), bob, "it says the same in other bytes"},
		{"with white space", edited(`"policy":`, `"policy": `), bob, "it says the same in other bytes"},
		{"signed already", e, alice, "the key " + fixture.NewKey("alice").ID() + " has signed it already"},
		{"signed already under another name", strings.Replace(e, fixture.NewKey("alice").ID(), "alice", 1), alice, "has signed it already"},
		{"a signature that is not its own", strings.Replace(e, fixture.NewKey("alice").ID(), fixture.NewKey("p256:bob").ID(), 1), bob, "signature 0 names the key " + fixture.NewKey("p256:bob").ID() + " and does not verify with it: the envelope has been altered"},
	} {
		opened, err := issue.Open("e.json", []byte(row.envelope))
		if err != nil {
			t.Errorf("%s: %v", row.name, err)
			continue
		}
		if added, err := opened.Add(rand.Reader, s, row.by); err == nil || added.JSON() != nil || !strings.Contains(err.Error(), row.want) {
			t.Errorf("%s: %v; want …%s…", row.name, err, row.want)
		}
	}
	full := signed(t, s)
	for i := range attest.MaxSignatures {
		var err error
		if full, err = full.Add(rand.Reader, s, signer(t, "bob"+strings.Repeat("b", i))); (err != nil) != (i == attest.MaxSignatures-1) {
			t.Fatalf("%d signatures: %v", i+2, err)
		}
	}
}

func TestOpenRefused(t *testing.T) {
	t.Parallel()
	e := string(signed(t, statement(t)).JSON())
	for name, row := range map[string]struct{ data, want string }{
		"nothing":                 {"", "e.json: $: is empty"},
		"two":                     {e + "\n" + e, "e.json: 2 items: expected one envelope"},
		"cut off":                 {e[:len(e)-5], "e.json: $"},
		"a bundle":                {string(pki.Root("r").Leaf("p256:x").Bundle(statement(t).JSON(), "", nil)), "e.json: a sigstore-bundle: expected a DSSE envelope"},
		"a signature unreadable":  {strings.Replace(e, `"sig":"`, `"sig":"*`, 1), "e.json: signature 0 cannot be read: "},
		"payload unreadable":      {strings.Replace(e, `"payload":"`, `"payload":"*`, 1), "e.json: $.payload: is not canonical base64"},
		"a name twice":            {strings.Replace(e, `"keyid":`, `"keyid":"x","keyid":`, 1), "is a duplicate name"},
		"a name in another case":  {strings.Replace(e, `"payload":`, `"Payload":"","payload":`, 1), "another spelling"},
		"no statement in it":      {`{"payloadType":"application/vnd.in-toto+json","payload":"e30=","signatures":[{"sig":"AA=="}]}`, "e.json: $.payload: has no _type"},
		"another type of payload": {strings.Replace(e, "vnd.in-toto+json", "json", 1), "e.json: $.payloadType: "},
	} {
		if opened, err := issue.Open("e.json", []byte(row.data)); err == nil || opened.JSON() != nil || !strings.Contains(err.Error(), row.want) {
			t.Errorf("%s: %v; want …%s…", name, err, row.want)
		}
	}
}

// token is a timestamp over a message, "response" in the response that brought it.
func token(t *testing.T, as string, message []byte) []byte {
	t.Helper()
	data := pki.Root("tsa").Timestamper("stamper").Token(message, pki.Stamp{At: pki.Begin().AddDate(0, 1, 0)})
	if as == "response" {
		return pki.Response(0, data)
	}
	return data
}

// TestStamp: a timestamp stands beside the signature it is over, and proves when that was made.
func TestStamp(t *testing.T) {
	t.Parallel()
	s := statement(t)
	e, err := issue.Sign(rand.Reader, s, signer(t, "alice"), signer(t, "p256:bob"))
	if err != nil {
		t.Fatal(err)
	}
	clock, err := timestamp.New(timestamp.Authority{ID: "tsa", PEM: []byte(pki.PEM(pki.Root("tsa")))})
	if err != nil {
		t.Fatal(err)
	}
	for i, as := range []string{"response", "token"} {
		id := fixture.NewKey([]string{"alice", "p256:bob"}[i]).ID()
		sig, err := e.Signature(id)
		if err != nil {
			t.Fatal(err)
		}
		before := string(e.JSON())
		stamped, err := e.Stamp(token(t, as, sig))
		if err != nil {
			t.Fatal(err)
		}
		if string(e.JSON()) != before {
			t.Error("what it was put into has changed")
		}
		e = stamped
		read := parsed(t, e.JSON())
		if at, err := clock.Times(&read.Signatures[i]); err != nil || len(at) != 1 || !at[0].At.Equal(pki.Begin().AddDate(0, 1, 0)) {
			t.Errorf("%s: %v, %v", as, at, err)
		}
		if again, err := e.Stamp(token(t, "token", sig)); err == nil || again.JSON() != nil || !strings.Contains(err.Error(), "stands beside signature") {
			t.Errorf("%s, twice: %v", as, err)
		}
		if read.Signatures[i].KeyID != id || !verify.VerifyKey(ownership.Key{Public: of([]string{"alice", "p256:bob"}[i])}, read, read.Signatures[i].Sig) {
			t.Errorf("%s: the signature does not verify any more", as)
		}
	}
	// another authority's beside it
	sig, _ := e.Signature(fixture.NewKey("alice").ID())
	more, err := e.Stamp(pki.Root("other").Timestamper("second").Token(sig, pki.Stamp{At: pki.Begin().AddDate(0, 2, 0)}))
	if err != nil || len(parsed(t, more.JSON()).Signatures[0].Timestamps) != 2 {
		t.Error(err)
	}
	// and a signature after it
	third, err := more.Add(rand.Reader, s, signer(t, "rsa:alice"))
	if err != nil || len(parsed(t, third.JSON()).Signatures[0].Timestamps) != 2 || len(parsed(t, third.JSON()).Signatures) != 3 {
		t.Error(err)
	}
}

func TestStampRefused(t *testing.T) {
	t.Parallel()
	e := signed(t, statement(t))
	sig, err := e.Signature("")
	if err != nil {
		t.Fatal(err)
	}
	good := token(t, "token", sig)
	stamper := pki.Root("tsa").Timestamper("stamper")
	for name, row := range map[string]struct {
		data []byte
		want string
	}{
		"nothing":                    {nil, "the timestamp is no time-stamp token or response"},
		"text":                       {[]byte("granted"), "the timestamp is not DER"},
		"too long":                   {make([]byte, 70<<10), "the timestamp has 71680 bytes, over 65536"},
		"over the payload":           {token(t, "", statement(t).JSON()), "the timestamp is over other bytes than the signature of the envelope"},
		"over the envelope":          {token(t, "", e.JSON()), "over other bytes than the signature"},
		"over the signature in text": {token(t, "", []byte(base64.StdEncoding.EncodeToString(sig))), "over other bytes than the signature"},
		"over a SHA-1":               {stamper.Token(sig, pki.Stamp{At: pki.Begin(), Hash: crypto.SHA1}), "is over a hash of algorithm 1.3.14.3.2.26"},
		"not granted":                {pki.Response(2, good), "a response with status 2, not granted"},
		"a response without a token": {sequence(0x30, 3, 2, 1, 0), "a response with status 0, not granted"},
		"a certificate":              {stamper.Certificate.Raw, "the timestamp is no time-stamp response"},
		"signed as something else":   {stamper.Token(sig, pki.Stamp{At: pki.Begin(), Content: []int{1, 2, 3}}), "is not signed as time-stamp information"},
		"of another version":         {stamper.Token(sig, pki.Stamp{At: pki.Begin(), Version: 2}), "no time-stamp information of version 1"},
		"with a critical extension":  {stamper.Token(sig, pki.Stamp{At: pki.Begin(), Critical: true}), "has a critical extension"},
		"with more data":             {append(slices.Clone(good), 5, 0), "the timestamp is no time-stamp token or response"},
		"accurate to a year or so":   {stamper.Token(sig, pki.Stamp{At: pki.Begin(), Accuracy: [3]int64{1 << 30, 0, 0}}), "has an accuracy out of range"},
	} {
		if stamped, err := e.Stamp(row.data); err == nil || stamped.JSON() != nil || !strings.Contains(err.Error(), row.want) {
			t.Errorf("%s: %v; want …%s…", name, err, row.want)
		}
	}
}

// TestSignature: the bytes to ask an authority about are those of one signature.
func TestSignature(t *testing.T) {
	t.Parallel()
	one := signed(t, statement(t))
	two, err := one.Add(rand.Reader, statement(t), signer(t, "p256:bob"))
	if err != nil {
		t.Fatal(err)
	}
	alice := fixture.NewKey("alice")
	for _, e := range []issue.Envelope{one, two} {
		if sig, err := e.Signature(alice.ID()); err != nil || !cmp.Equal(sig, parsed(t, e.JSON()).Signatures[0].Sig) {
			t.Errorf("%x, %v", sig, err)
		}
	}
	if sig, err := one.Signature(""); err != nil || len(sig) != 64 {
		t.Errorf("%x, %v", sig, err)
	}
	for id, want := range map[string]string{"": "the envelope has 2 signatures: expected the key id of one", "bob": "0 signatures of the key bob: expected one"} {
		if sig, err := two.Signature(id); err == nil || sig != nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %x, %v; want …%s…", id, sig, err, want)
		}
	}
	var written struct{ Signatures []json.RawMessage }
	if err := json.Unmarshal(two.JSON(), &written); err != nil || len(written.Signatures) != 2 {
		t.Error(err)
	}
}
