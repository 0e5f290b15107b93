package issue

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/surety-dev/surety/internal/tsp"
)

type stamp struct {
	Type string `json:"type"`
	Data []byte `json:"data"`
}

// Stamp puts an RFC 3161 timestamp beside the signature it is over, as go-witness has it: a token, or the response
// that brought it, of which the token is kept. One that is over none of the envelope's signatures, or is there
// already, is refused. Nothing of the timestamp is verified: whoever judges the evidence does, by the
// authorities it trusts.
func (e Envelope) Stamp(timestamp []byte) (Envelope, error) {
	token, err := tsp.Unwrap(timestamp)
	if err != nil {
		return Envelope{}, fmt.Errorf("the timestamp %w", err)
	}
	content, err := tsp.Content(token)
	if err != nil {
		return Envelope{}, fmt.Errorf("the timestamp %w", err)
	}
	info, err := tsp.ParseInfo(content)
	if err != nil {
		return Envelope{}, fmt.Errorf("the timestamp %w", err)
	}
	why := errors.New("is over none, for there is no signature")
	for i, raw := range e.signatures {
		var s signature
		if err := json.Unmarshal(raw, &s); err != nil {
			return Envelope{}, fmt.Errorf("signature %d: %w", i, err)
		}
		if why = info.Over(s.Sig); why == nil {
			return e.stamped(i, token)
		}
	}
	return Envelope{}, fmt.Errorf("the timestamp %w of the envelope", why)
}

// stamped adds a token beside a signature.
func (e Envelope) stamped(i int, token []byte) (Envelope, error) {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(e.signatures[i], &fields); err != nil {
		return Envelope{}, fmt.Errorf("signature %d: %w", i, err)
	}
	var stamps []json.RawMessage
	if there := fields["timestamps"]; there != nil {
		if err := json.Unmarshal(there, &stamps); err != nil {
			return Envelope{}, fmt.Errorf("signature %d: %w", i, err)
		}
	}
	for _, there := range stamps {
		var s stamp
		if err := json.Unmarshal(there, &s); err == nil && s.Type == "tsp" && string(s.Data) == string(token) {
			return Envelope{}, fmt.Errorf("the timestamp stands beside signature %d already", i)
		}
	}
	raw, err := encode(stamp{"tsp", token})
	if err != nil {
		return Envelope{}, err
	}
	if fields["timestamps"], err = encode(append(stamps, raw)); err != nil {
		return Envelope{}, err
	}
	changed, err := encode(fields)
	if err != nil {
		return Envelope{}, err
	}
	signatures := append([]json.RawMessage{}, e.signatures...)
	signatures[i] = changed
	return e.with(signatures)
}
