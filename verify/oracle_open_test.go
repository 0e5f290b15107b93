package verify_test

import (
	"context"
	"strings"
	"time"

	"github.com/surety-dev/surety/attest"
	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/verify"
)

// oracleOpener takes a signature's key id for what it proves: "oracle|KEY|SUBJECT|NOTBEFORE|TIME|CERTIFIED". Whether
// signatures verify is tested elsewhere.
type oracleOpener struct {
	prints map[string]ownership.Fingerprint
}

func (oracleOpener) Opens(item *attest.Item) bool {
	e := item.Envelope()
	return e != nil && len(e.Signatures) > 0 && strings.HasPrefix(e.Signatures[0].KeyID, "oracle|")
}
func (oracleOpener) Trust() []verify.TrustInput { return nil }
func (o oracleOpener) Open(_ context.Context, item *attest.Item, _ verify.Keys) (verify.Opened, error) {
	var opened verify.Opened
	for i, sig := range item.Envelope().Signatures {
		f := strings.Split(sig.KeyID, "|")
		p := verify.Proof{Signature: i}
		print, known := o.prints[f[1]]
		switch {
		case f[1] != "" && known:
			p.Identity.Key = print
		case f[2] != "":
			p.Identity, p.Certificate = ownership.Identity{Issuer: oIssuer, Subject: f[2]}, true
			p.NotBefore, _ = time.Parse(time.RFC3339, f[3])
			p.PublicKey = o.prints[f[5]]
		default:
			opened.Refusals = append(opened.Refusals, verify.Refusal{Signature: i, Code: verify.SignerUnknown, Message: "nobody's"})
			continue
		}
		if f[4] != "" {
			at, err := time.Parse(time.RFC3339, f[4])
			if err != nil {
				return opened, err
			}
			p.Times = []verify.TrustedTime{{At: at, Source: "rfc3161", Authority: "test"}}
		}
		opened.Proofs = append(opened.Proofs, p)
	}
	return opened, nil
}
