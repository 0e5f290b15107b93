package verify_test

import (
	"bytes"
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/surety-dev/surety/attest"
	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/verify"
)

// certificates is an opener that takes every envelope for one signed, a minute before the evaluation
// of the base scene, by a certificate with its subject. It stands in for verify/sigstore where only
// the judgement is tested.
type certificates struct{ subject string }

func (certificates) Opens(item *attest.Item) bool { return item.Envelope() != nil }
func (certificates) Trust() []verify.TrustInput {
	return []verify.TrustInput{{ID: "test", Digest: "sha256:0"}}
}
func (c certificates) Open(context.Context, *attest.Item, verify.Keys) (verify.Opened, error) {
	at := time.Date(2026, 6, 1, 11, 59, 0, 0, time.UTC)
	return verify.Opened{Checks: 1, Proofs: []verify.Proof{{
		Identity:    ownership.Identity{Issuer: "https://issuer.test", Subject: c.subject},
		Certificate: true, NotBefore: at.Add(-time.Minute),
		Times: []verify.TrustedTime{{At: at, Source: "rekor", Authority: "log"}},
	}}}, nil
}

// only is an opener that says what it is made to say of every envelope.
type only struct {
	opened verify.Opened
	err    error
}

func (only) Opens(item *attest.Item) bool { return item.Envelope() != nil }
func (only) Trust() []verify.TrustInput   { return nil }
func (o only) Open(context.Context, *attest.Item, verify.Keys) (verify.Opened, error) {
	return o.opened, o.err
}

// TestOpen has a row for each way openers may agree and differ about one item.
func TestOpen(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	model, err := loadModel(baseModel)
	if err != nil {
		t.Fatal(err)
	}
	keys := func(string) []ownership.Key { return model.Keys(verify.MaxKeys) }
	envelope := attest.Parse("e", provenance("pipeline", "nobody"), attest.Limits{})[0]
	bundle := attest.Parse("b", []byte(`{"mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json","verificationMaterial":{"publicKey":{"hint":"x"}},"dsseEnvelope":`+string(provenance("pipeline"))+`}`), attest.Limits{})[0]
	broken := attest.Parse("u", []byte("{"), attest.Limits{})[0]
	certificate := verify.Proof{Signature: 1, Identity: ownership.Identity{Issuer: "i", Subject: "s"}, Certificate: true}
	refusal := func(n int, code verify.Code) verify.Refusal {
		return verify.Refusal{Signature: n, Code: code, Message: "m"}
	}
	fault := errors.New("fault")
	for _, row := range []struct {
		name    string
		item    *attest.Item
		openers []verify.Opener
		keys    verify.Keys
		proofs  []int
		refused map[int]verify.Code
		err     error
	}{
		{"the core's keys", envelope, nil, keys, []int{0}, map[int]verify.Code{1: verify.SignerUnknown}, nil},
		{"no keys", envelope, nil, nil, nil, map[int]verify.Code{0: verify.SignerUnknown, 1: verify.SignerUnknown}, nil},
		{"another opener proves the other", envelope, []verify.Opener{only{opened: verify.Opened{Proofs: []verify.Proof{certificate}}}}, keys, []int{0, 1}, nil, nil},
		{"a refusal of what the core proves", envelope, []verify.Opener{only{opened: verify.Opened{Refusals: []verify.Refusal{refusal(0, verify.CertificateInvalid)}}}}, keys, []int{0}, map[int]verify.Code{1: verify.SignerUnknown}, nil},
		{"the first refusal is kept", envelope, []verify.Opener{only{opened: verify.Opened{Refusals: []verify.Refusal{refusal(1, verify.CertificateInvalid), refusal(1, verify.SignatureInvalid)}}}}, keys, []int{0}, map[int]verify.Code{1: verify.CertificateInvalid}, nil},
		{"a bundle nothing opens", bundle, nil, keys, nil, map[int]verify.Code{0: verify.CertificateInvalid}, nil},
		{"too many checks", envelope, []verify.Opener{only{opened: verify.Opened{Proofs: []verify.Proof{certificate}, Checks: verify.MaxItemChecks}}}, keys, nil, map[int]verify.Code{0: verify.LimitExceeded}, nil},
		{"an opener that fails", envelope, []verify.Opener{only{err: fault}}, keys, nil, nil, fault},
		{"what cannot be read", broken, nil, keys, nil, nil, nil},
		{"no item", nil, nil, keys, nil, nil, nil},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			opened, err := verify.Open(ctx, row.item, row.openers, row.keys)
			if !errors.Is(err, row.err) {
				t.Fatal(err)
			}
			var proofs []int
			for _, p := range opened.Proofs {
				proofs = append(proofs, p.Signature)
			}
			slices.Sort(proofs)
			var refused map[int]verify.Code
			for _, r := range opened.Refusals {
				if refused == nil {
					refused = map[int]verify.Code{}
				}
				if _, twice := refused[r.Signature]; twice || r.Message == "" {
					t.Errorf("refusal %+v", r)
				}
				refused[r.Signature] = r.Code
			}
			if !slices.Equal(proofs, row.proofs) || !maps.Equal(refused, row.refused) {
				t.Errorf("proven %v, refused %v; want %v, %v", proofs, refused, row.proofs, row.refused)
			}
		})
	}
	over, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := verify.Open(over, envelope, nil, keys); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

// stopped is a clock that says what it is made to say.
type stopped struct {
	times []verify.TrustedTime
	err   error
}

func (s stopped) Times(*attest.Signature) ([]verify.TrustedTime, error) { return s.times, s.err }

// counting is a clock that proves nothing and counts how often it is asked.
type counting struct {
	stopped
	asked *int
}

func (c counting) Times(*attest.Signature) ([]verify.TrustedTime, error) {
	*c.asked++
	return nil, errors.New("is forged")
}
func (stopped) Trust() []verify.TrustInput {
	return []verify.TrustInput{{ID: "clock", Digest: "sha256:1"}}
}

// TestKeyOpener: a clock's times come with the signatures of keys, of bundles too; where it proves none an
// envelope's signature stands without and a bundle's does not.
func TestKeyOpener(t *testing.T) {
	t.Parallel()
	model, err := loadModel(baseModel)
	if err != nil {
		t.Fatal(err)
	}
	keys := func(string) []ownership.Key { return model.Keys(verify.MaxKeys) }
	stamped := func(document []byte) []byte {
		return bytes.ReplaceAll(document, []byte(`"sig":`), []byte(`"timestamps":[{"type":"tsp","data":"AA=="}],"sig":`))
	}
	bundled := func(material string) *attest.Item {
		return attest.Parse("b", []byte(`{"mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json","verificationMaterial":{"publicKey":{"hint":"pipeline-key"}`+material+`},"dsseEnvelope":`+string(provenance("pipeline"))+`}`), attest.Limits{})[0]
	}
	pipeline, _ := model.KeyNamed("pipeline-key")
	bare := attest.Parse("e", provenance("pipeline"), attest.Limits{})[0]
	envelope := attest.Parse("e", stamped(provenance("pipeline")), attest.Limits{})[0]
	const timestamps = `,"timestampVerificationData":{"rfc3161Timestamps":[{"signedTimestamp":"AA=="}]}`
	bundle, logged := bundled(timestamps), bundled(timestamps+`,"tlogEntries":[{}]`)
	times := []verify.TrustedTime{{At: time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC), Source: "rfc3161", Authority: "tsa"}}
	proven, none, broken := stopped{times: times}, stopped{}, stopped{err: errors.New("is forged")}
	for _, row := range []struct {
		name    string
		item    *attest.Item
		openers []verify.Opener
		times   int
		untimed string
		code    verify.Code // "": proven
	}{
		{"an envelope", envelope, []verify.Opener{verify.KeyOpener(proven)}, 1, "", ""},
		{"an envelope with nothing beside it", bare, []verify.Opener{verify.KeyOpener(broken)}, 0, "", ""},
		{"an envelope with nothing the clock knows", envelope, []verify.Opener{verify.KeyOpener(none)}, 0, "", ""},
		{"an envelope with a time that is none", envelope, []verify.Opener{verify.KeyOpener(broken)}, 0, "is forged", ""},
		{"no clock", envelope, []verify.Opener{verify.KeyOpener(nil)}, 0, "", ""},
		{"a bundle", bundle, []verify.Opener{verify.KeyOpener(proven)}, 1, "", ""},
		{"a bundle with a time that is none", bundle, []verify.Opener{verify.KeyOpener(broken)}, 0, "", verify.SignatureInvalid},
		{"a bundle without a clock", bundle, []verify.Opener{verify.KeyOpener(nil)}, 0, "", verify.CertificateInvalid},
		{"a bundle with a log entry", logged, []verify.Opener{verify.KeyOpener(proven)}, 0, "", verify.CertificateInvalid},
		{"the times of another opener too, each once", envelope, []verify.Opener{verify.KeyOpener(proven), only{opened: verify.Opened{Proofs: []verify.Proof{{
			Identity: ownership.Identity{Key: pipeline.Fingerprint}, Times: append([]verify.TrustedTime{{At: times[0].At, Source: "rekor", Authority: "log"}}, times...)}}}}}, 2, "", ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			opened, err := verify.Open(context.Background(), row.item, row.openers, keys)
			if err != nil {
				t.Fatal(err)
			}
			if row.code != "" {
				if len(opened.Proofs) > 0 || len(opened.Refusals) != 1 || opened.Refusals[0].Code != row.code {
					t.Errorf("%+v", opened)
				}
				return
			}
			at := slices.IndexFunc(opened.Proofs, func(p verify.Proof) bool { return len(p.Times) == row.times && p.Untimed == row.untimed })
			if at < 0 || len(opened.Refusals) > 0 {
				t.Errorf("%+v", opened)
			}
		})
	}
	if trust := verify.KeyOpener(proven).Trust(); len(trust) != 1 || trust[0].ID != "clock" {
		t.Errorf("trust %+v", trust)
	}
	// a clock that proves nothing is not asked of every signature
	var asked int
	many := attest.Parse("e", stamped(provenance("pipeline", "pipeline", "pipeline", "pipeline", "pipeline", "pipeline")), attest.Limits{})[0]
	opened, err := verify.Open(context.Background(), many, []verify.Opener{verify.KeyOpener(counting{asked: &asked})}, keys)
	if err != nil || len(opened.Proofs) != 6 || asked != 4 || !strings.Contains(opened.Proofs[5].Untimed, "was not looked at") {
		t.Errorf("asked %d times: %+v, %v", asked, opened, err)
	}
	// the roots several openers rest on are named once
	v := scene{openers: []verify.Opener{verify.KeyOpener(proven), certificates{subject: "x"}, certificates{subject: "y"}}}.judge(t, provenance("pipeline"))
	if len(v.Inputs.Trust) != 2 {
		t.Errorf("trust %+v", v.Inputs.Trust)
	}
}
