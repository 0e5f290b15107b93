package policytest_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/surety-dev/surety/attest"
	"github.com/surety-dev/surety/policy/policytest"
	"github.com/surety-dev/surety/verify"
)

func request(t *testing.T) verify.Request {
	t.Helper()
	artifact, err := attest.NewArtifact("pkg:generic/payments/api@1.4.2?arch=amd64", attest.Digests{"sha256": strings.Repeat("a", 64)})
	if err != nil {
		t.Fatal(err)
	}
	return verify.Request{Artifact: artifact, Environment: "production", At: time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)}
}

// TestRecipes: what the ready recipes make can be read, as what they say it is.
func TestRecipes(t *testing.T) {
	views := map[string]attest.View{
		"approval": attest.ViewApproval, "exception": attest.ViewException, "provenance": attest.ViewProvenance,
		"revocation": attest.ViewRevocation, "test-result": attest.ViewTest, "vsa": attest.ViewSummary,
	}
	needs := map[string]any{"exception": map[string]any{"policy": "payments", "rules": []any{"approved"}, "requestedBy": "bob"}}
	for _, name := range policytest.Recipes() {
		data, err := policytest.Recipe{Name: name, Predicate: needs[name], Signers: []string{"alice"}}.Make(request(t))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		items := attest.Parse(name, data, attest.Limits{})
		st := items[0].Statement()
		if len(items) != 1 || st == nil || attest.ViewOf(st.PredicateType) != views[name] {
			t.Errorf("%s: %d items, %v", name, len(items), items[0].Err())
			continue
		}
		if bound := request(t).Artifact.BoundBy(st) == nil; bound == (name == "revocation") {
			t.Errorf("%s: bound to the artifact: %v", name, bound)
		}
	}
}

// TestException: a ready exception is for the request, around its time.
func TestException(t *testing.T) {
	data, err := policytest.Recipe{Name: "exception", Signers: []string{"alice"},
		Predicate: map[string]any{"policy": "payments", "rules": []any{"approved"}, "requestedBy": "bob", "environment": nil}}.Make(request(t))
	if err != nil {
		t.Fatal(err)
	}
	e, err := attest.Parse("e", data, attest.Limits{})[0].Statement().Exception()
	if err != nil {
		t.Fatal(err)
	}
	at := request(t).At
	if e.Artifact != "pkg:generic/payments/api@1.4.2" || e.Environment != "" || !e.ValidFrom.Before(at) || !e.ValidUntil.After(at) || e.Rules[0] != "approved" {
		t.Errorf("%+v", e)
	}
}

// TestSameBytes: a recipe makes the same bytes each time, whatever signs.
func TestSameBytes(t *testing.T) {
	for _, signer := range []string{"alice", "p256:alice", "p384:alice", "p521:alice", "p1363:alice", "pkcs1:alice"} {
		recipe := policytest.Recipe{Name: "provenance", Signers: []string{signer}, At: request(t).At}
		first, err := recipe.Make(request(t))
		if err != nil {
			t.Fatal(err)
		}
		if again, err := recipe.Make(request(t)); err != nil || !bytes.Equal(first, again) {
			t.Errorf("%s: other bytes: %v", signer, err)
		}
	}
}

// TestWrongRecipes: what a recipe lacks is an error.
func TestWrongRecipes(t *testing.T) {
	for want, recipe := range map[string]policytest.Recipe{
		`no recipe "build": expected one of approval, exception, provenance, revocation, test-result, vsa`: {Name: "build"},
		"neither a recipe nor a predicate type: expected one of them":                                      {},
		`the form "jar": expected dsse or bundle`:                                                          {Name: "vsa", Form: "jar"},
		`to tamper with the "date": expected payload, signature or truncated`:                              {Name: "vsa", Tamper: "date"},
		"a bundle of 0 signatures: expected one signer, or the form dsse":                                  {Name: "vsa", Form: policytest.FormBundle},
		"json: unsupported type: chan int":                                                                 {Name: "vsa", Predicate: make(chan int)},
	} {
		if _, err := recipe.Make(request(t)); err == nil || err.Error() != want {
			t.Errorf("%v, want %s", err, want)
		}
	}
}

// TestExpand: placeholders become PEM where a file holds nothing else, and strings of YAML elsewhere.
func TestExpand(t *testing.T) {
	for text, begins := range map[string]string{
		" KEY(alice)\n":           "-----BEGIN PUBLIC KEY-----\n",
		"TSA(tsa)":                "-----BEGIN CERTIFICATE-----\n",
		"{pem: KEY(p256:alice)}":  `{pem: "-----BEGIN PUBLIC KEY-----\n`,
		"MONKEY(alice) KEY() KEY": "MONKEY(alice) KEY() KEY",
	} {
		if got := string(policytest.Expand([]byte(text))); !strings.HasPrefix(got, begins) {
			t.Errorf("%q became %q", text, got)
		}
	}
}
