// Package policytest checks a policy in `go test`: documents as they stand, keys and evidence made in the
// test, and a table of what must be allowed and of what must be refused, and why. A policy is only
// as good as its refusals, so every case that is allowed is followed by ways to break it.
package policytest

import (
	"context"
	"crypto/ed25519"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/surety-dev/surety/attest"
	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/policy"
	"github.com/surety-dev/surety/verify"
)

const (
	provenance = "https://slsa.dev/provenance/v1"
	testResult = "https://in-toto.io/attestation/test-result/v0.1"
	released   = "aa00000000000000000000000000000000000000000000000000000000000000"
	another    = "bb00000000000000000000000000000000000000000000000000000000000000"
)

// noon is the time the cases are judged at: a policy is tested at a time, not today.
var noon = time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)

func TestPolicy(t *testing.T) {
	t.Parallel()
	builder, tester, stranger := newKey(t), newKey(t), newKey(t)
	verifier := load(t, builder, tester)

	built := builder.sign(t, provenance, released, from("refs/tags/v1.4.2"))
	builtFromBranch := builder.sign(t, provenance, released, from("refs/heads/main"))
	passed := tester.sign(t, testResult, released, map[string]any{"result": "PASSED"})
	failed := tester.sign(t, testResult, released, map[string]any{"result": "FAILED"})

	for _, c := range []struct {
		name        string
		environment string
		evidence    []*attest.Item
		decision    verify.Decision
		codes       []verify.Code // of the findings that refuse
	}{
		{"a tag, tested", "production", with(built, passed), verify.Allow, nil},
		{"a branch, to staging", "staging", with(builtFromBranch, passed), verify.Allow, nil},
		{"a branch, to production", "production", with(builtFromBranch, passed), verify.Deny, []verify.Code{verify.RuleFailed}},
		{"both builds: the right one counts", "production", with(built, builtFromBranch, passed), verify.Allow, nil},
		{"the tests failed", "production", with(built, failed), verify.Deny, []verify.Code{verify.RuleFailed}},
		{"not tested", "production", with(built), verify.Deny, []verify.Code{verify.EvidenceMissing}},
		{"not built", "production", with(passed), verify.Deny, []verify.Code{verify.EvidenceMissing}},
		{"nothing", "production", nil, verify.Deny, []verify.Code{verify.EvidenceMissing}},
		{"built by a stranger", "production", with(stranger.sign(t, provenance, released, from("refs/tags/v1.4.2")), passed), verify.Deny,
			[]verify.Code{verify.SignerUnknown, verify.EvidenceMissing}},
		{"built by the tester", "production", with(tester.sign(t, provenance, released, from("refs/tags/v1.4.2")), passed), verify.Deny,
			[]verify.Code{verify.SignerNotGranted, verify.EvidenceMissing}},
		{"another build", "production", with(builder.sign(t, provenance, another, from("refs/tags/v1.4.2")), passed), verify.Deny,
			[]verify.Code{verify.SubjectMismatch, verify.EvidenceMissing}},
		{"an environment nobody wrote rules for", "test", with(built, passed), verify.Deny, []verify.Code{verify.NoPolicy}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			artifact, err := attest.NewArtifact("pkg:generic/payments/api@1.4.2", attest.Digests{"sha256": released})
			if err != nil {
				t.Fatal(err)
			}
			verdict, err := verifier.Verify(context.Background(), verify.Request{
				Artifact: artifact, Environment: c.environment, Evidence: c.evidence, At: noon, AtChosen: true,
			})
			if err != nil {
				t.Fatal(err)
			}
			if verdict.Decision != c.decision || !slices.Equal(refusing(verdict), c.codes) {
				data, err := verdict.JSON()
				t.Errorf("%s %v, want %s %v\n%s %v", verdict.Decision, refusing(verdict), c.decision, c.codes, data, err)
			}
		})
	}
}

// refusing are the codes of the findings that refuse, in the verdict's order, each once.
func refusing(v verify.Verdict) []verify.Code {
	var codes []verify.Code
	for _, f := range v.Findings {
		if f.Severity <= verify.SeverityIndeterminate && !slices.Contains(codes, f.Code) {
			codes = append(codes, f.Code)
		}
	}
	return codes
}

// load makes a verifier of the documents as they stand, but for the keys, which are the test's.
func load(t *testing.T, builder, tester key) *verify.Verifier {
	t.Helper()
	documents := fstest.MapFS{"keys/builder.pub": builder.public(t), "keys/tester.pub": tester.public(t)}
	for _, name := range []string{"ownership.yaml", "policy.yaml"} {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		documents[name] = &fstest.MapFile{Data: data}
	}
	model, err := ownership.Load(documents, "ownership.yaml")
	if err != nil {
		t.Fatal(err)
	}
	policies, err := policy.Load(documents, "policy.yaml")
	if err != nil {
		t.Fatal(err)
	}
	verifier, err := verify.New(model, policies, verify.Config{})
	if err != nil {
		t.Fatal(err)
	}
	return verifier
}

// key signs evidence. It is made for one run of the test and trusted nowhere else.
type key struct{ private ed25519.PrivateKey }

func newKey(t *testing.T) key {
	t.Helper()
	_, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	return key{private}
}

// public is the public key as a file of the documents.
func (k key) public(t *testing.T) *fstest.MapFile {
	t.Helper()
	der, err := x509.MarshalPKIXPublicKey(k.private.Public())
	if err != nil {
		t.Fatal(err)
	}
	return &fstest.MapFile{Data: pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})}
}

// sign makes an in-toto statement about a digest, in a DSSE envelope signed by the key.
func (k key) sign(t *testing.T, predicateType, digest string, predicate any) []*attest.Item {
	t.Helper()
	payload, err := json.Marshal(map[string]any{
		"_type":         "https://in-toto.io/Statement/v1",
		"subject":       []any{map[string]any{"name": "api", "digest": map[string]string{"sha256": digest}}},
		"predicateType": predicateType,
		"predicate":     predicate,
	})
	if err != nil {
		t.Fatal(err)
	}
	envelope, err := json.Marshal(map[string]any{
		"payloadType": attest.PayloadType,
		"payload":     payload, // a []byte is base64 in JSON
		"signatures":  []any{map[string]any{"sig": ed25519.Sign(k.private, attest.PAE(attest.PayloadType, payload))}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return attest.Parse(predicateType, envelope, attest.Limits{})
}

// from is provenance of a build from a ref of our repository.
func from(ref string) map[string]any {
	return map[string]any{
		"buildDefinition": map[string]any{
			"buildType":          "https://actions.github.io/buildtypes/workflow/v1",
			"externalParameters": map[string]any{"workflow": map[string]any{"repository": "https://github.com/acme/payments", "ref": ref}},
			"resolvedDependencies": []any{map[string]any{
				"uri": "git+https://github.com/acme/payments@" + ref, "digest": map[string]any{"gitCommit": strings.Repeat("a1", 20)},
			}},
		},
		"runDetails": map[string]any{"builder": map[string]any{"id": "https://builder.acme.test/release"}},
	}
}

func with(items ...[]*attest.Item) []*attest.Item { return slices.Concat(items...) }
