package issue

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/surety-dev/surety/attest"
)

// Envelope is a DSSE envelope with an in-toto statement, signed. The zero Envelope is none. Immutable: what is
// added gives another one.
type Envelope struct {
	payload    []byte
	signatures []json.RawMessage // as they are written: what others put beside theirs stays
}

// envelope is how one is written (DSSE v1.0.2, envelope.md).
type envelope struct {
	PayloadType string            `json:"payloadType"`
	Payload     []byte            `json:"payload"`
	Signatures  []json.RawMessage `json:"signatures"`
}

type signature struct {
	KeyID string `json:"keyid"`
	Sig   []byte `json:"sig"`
}

// Sign makes an envelope of a statement, signed by one or more keys, none of them twice. The random bytes are
// what [crypto.Signer] asks for, as a rule crypto/rand's Reader.
func Sign(rand io.Reader, s Statement, signers ...Signer) (Envelope, error) {
	switch {
	case s.payload == nil:
		return Envelope{}, errors.New("the zero statement: expected one that was made")
	case len(signers) == 0:
		return Envelope{}, errors.New("nobody to sign: expected one signer or more")
	}
	e := Envelope{payload: s.payload}
	for _, signer := range signers {
		var err error
		if e, err = e.sign(rand, signer); err != nil {
			return Envelope{}, err
		}
	}
	return e, nil
}

// Open reads an envelope that others signed, so that a signature or a timestamp can be added. It must be one
// DSSE envelope with an in-toto statement whose signatures can all be read, which is not to say that they
// verify. Source is named in errors.
func Open(source string, data []byte) (Envelope, error) {
	items := attest.Parse(source, data, attest.Limits{})
	item := items[0]
	refused := func(format string, args ...any) (Envelope, error) {
		if source != "" {
			format = strings.ReplaceAll(source, "%", "%%") + ": " + format
		}
		return Envelope{}, fmt.Errorf(format, args...)
	}
	switch {
	case len(items) > 1:
		return refused("%d items: expected one envelope", len(items))
	case item.Err() != nil:
		return Envelope{}, item.Err()
	case item.Format() != attest.FormatDSSE:
		return refused("a %s: expected a DSSE envelope", item.Format())
	}
	for i, sig := range item.Envelope().Signatures {
		if sig.Err != nil {
			return refused("signature %d cannot be read: %w", i, sig.Err)
		}
	}
	var written envelope
	if err := json.Unmarshal(data, &written); err != nil {
		return refused("%w", err)
	}
	return Envelope{payload: item.Envelope().Payload, signatures: written.Signatures}, nil
}

// Add adds a signer's signature, who means the statement: the envelope's must be the same, byte for byte, so that
// nobody signs what somebody else has changed since. The error names what differs. A key whose
// signature is there already is refused, and so is one whose id stands beside a signature that is not its own.
func (e Envelope) Add(rand io.Reader, s Statement, signer Signer) (Envelope, error) {
	switch {
	case e.payload == nil:
		return Envelope{}, errors.New("the zero envelope: expected one to add a signature to")
	case s.payload == nil:
		return Envelope{}, errors.New("the zero statement: expected the one that is signed")
	case !bytes.Equal(e.payload, s.payload):
		return Envelope{}, fmt.Errorf("the envelope does not hold the statement to be signed: %s", difference(e.payload, s.payload))
	}
	return e.sign(rand, signer)
}

// sign adds a signature over the payload.
func (e Envelope) sign(rand io.Reader, signer Signer) (Envelope, error) {
	message := attest.PAE(attest.PayloadType, e.payload)
	for i, raw := range e.signatures {
		var there signature
		if err := json.Unmarshal(raw, &there); err != nil {
			return Envelope{}, fmt.Errorf("signature %d: %w", i, err)
		}
		switch own := signer.key != nil && signer.verifies(message, there.Sig); {
		case own:
			return Envelope{}, fmt.Errorf("the key %s has signed it already", signer.id)
		case there.KeyID == signer.id:
			return Envelope{}, fmt.Errorf("signature %d names the key %s and does not verify with it: the envelope has been altered", i, signer.id)
		}
	}
	sig, err := signer.sign(rand, message)
	if err != nil {
		return Envelope{}, err
	}
	raw, err := encode(signature{signer.id, sig})
	if err != nil {
		return Envelope{}, err
	}
	return e.with(append(append([]json.RawMessage{}, e.signatures...), raw))
}

// with is the envelope with other signatures, if a verifier reads it.
func (e Envelope) with(signatures []json.RawMessage) (Envelope, error) {
	e.signatures = signatures
	return Open("", e.JSON())
}

// JSON is the envelope as evidence is stored, in one line; nil of the zero Envelope.
func (e Envelope) JSON() []byte {
	if e.payload == nil {
		return nil
	}
	data, err := encode(envelope{attest.PayloadType, e.payload, e.signatures})
	if err != nil {
		panic(err) // strings, and JSON that was read
	}
	return data
}

// Signature gives the bytes of a signature, which are what a timestamp authority is asked about: that of a key
// id, or with "" the only one there is.
func (e Envelope) Signature(keyID string) ([]byte, error) {
	var found [][]byte
	for _, raw := range e.signatures {
		var s signature
		if err := json.Unmarshal(raw, &s); err != nil {
			return nil, err
		}
		if keyID == "" || s.KeyID == keyID {
			found = append(found, s.Sig)
		}
	}
	switch {
	case len(found) == 1:
		return found[0], nil
	case keyID == "":
		return nil, fmt.Errorf("the envelope has %d signatures: expected the key id of one", len(found))
	}
	return nil, fmt.Errorf("%d signatures of the key %s: expected one", len(found), keyID)
}

// unsigned is an envelope around a payload that nobody has signed, to be read.
func unsigned(payload []byte) []byte {
	return []byte(`{"payloadType":"` + attest.PayloadType + `","payload":"` + base64.StdEncoding.EncodeToString(payload) + `","signatures":[{"sig":"AA=="}]}`)
}
