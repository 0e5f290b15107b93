package main

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"

	"github.com/secure-systems-lab/go-securesystemslib/dsse"

	"github.com/surety-dev/surety/attest"
	"github.com/surety-dev/surety/verify"
)

// signDocument puts a document into an envelope; of an envelope it keeps the signatures and adds its own, so
// that people sign one after another. kind is "ownership" or "policy". Look at what you sign.
func signDocument(path, kind string, signer dsse.Signer) ([]byte, error) {
	payloadType := map[string]string{"ownership": verify.OwnershipPayloadType, "policy": verify.PolicyPayloadType}[kind]
	if payloadType == "" {
		return nil, fmt.Errorf("-kind %q: expected ownership or policy", kind)
	}
	payload, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var signatures []dsse.Signature
	if attest.IsEnvelope(payload) {
		before, err := attest.ParseEnvelope(path, payload, payloadType, attest.Limits{})
		if err != nil {
			return nil, err
		}
		for _, s := range before.Signatures {
			if s.Err == nil {
				signatures = append(signatures, dsse.Signature{KeyID: s.KeyID, Sig: base64.StdEncoding.EncodeToString(s.Sig)})
			}
		}
		payload = before.Payload
	}
	signing, err := dsse.NewEnvelopeSigner(signer)
	if err != nil {
		return nil, err
	}
	envelope, err := signing.SignPayload(context.Background(), payloadType, payload)
	if err != nil {
		return nil, err
	}
	envelope.Signatures = append(signatures, envelope.Signatures...)
	data, err := json.Marshal(envelope)
	return append(data, '\n'), err
}
