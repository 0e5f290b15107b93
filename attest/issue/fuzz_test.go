package issue_test

import (
	"bytes"
	"encoding/base64"
	"testing"

	"github.com/surety-dev/surety/attest"
	"github.com/surety-dev/surety/attest/issue"
)

// FuzzOpen: whatever is opened says what a verifier reads in it, and so does what is written of it.
func FuzzOpen(f *testing.F) {
	s, err := issue.Approval(approval, attest.Subject{Name: "a", Digests: attest.Digests{"sha256": digest}})
	if err != nil {
		f.Fatal(err)
	}
	e := `{"payloadType":"application/vnd.in-toto+json","payload":"e30=","signatures":[{"sig":"AA=="}]}`
	f.Add(string(s.JSON()), []byte(e))
	f.Add(`{"_type":"https://in-toto.io/Statement/v1","predicateType":"x","subject":[{"name":"\u2028"}]}`, []byte(`{"Signatures":1,"x":"<"}`))
	f.Fuzz(func(t *testing.T, payload string, extra []byte) {
		for _, data := range [][]byte{extra, envelopeOf(payload, extra)} {
			opened, err := issue.Open("", data)
			if err != nil {
				continue
			}
			before, after := parsed(t, data), parsed(t, opened.JSON())
			if !bytes.Equal(before.PAE(), after.PAE()) || len(before.Signatures) != len(after.Signatures) {
				t.Fatalf("%s\n%s", data, opened.JSON())
			}
			for i, sig := range before.Signatures {
				if other := after.Signatures[i]; !bytes.Equal(sig.Sig, other.Sig) || sig.KeyID != other.KeyID || !bytes.Equal(sig.Certificate, other.Certificate) || len(sig.Timestamps) != len(other.Timestamps) {
					t.Fatalf("%s\n%s", data, opened.JSON())
				}
			}
		}
	})
}

// envelopeOf is an envelope around a payload, with a signature as it is given.
func envelopeOf(payload string, signature []byte) []byte {
	b := append([]byte(`{"payloadType":"application/vnd.in-toto+json","payload":"`), base64Of(payload)...)
	return append(append(append(b, `","signatures":[`...), signature...), "]}"...)
}

func base64Of(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }
