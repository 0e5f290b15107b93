package attest_test

import (
	"encoding/base64"
	"errors"
	"strings"
	"testing"

	"github.com/surety-dev/surety/attest"
)

const otherType = "application/vnd.example.document+yaml"

// other is an envelope of another type around a payload.
func other(payload string) string {
	return `{"payloadType":"` + otherType + `","payload":"` + base64.StdEncoding.EncodeToString([]byte(payload)) + `","signatures":[{"keyid":"k","sig":"c2ln"}]}`
}

func TestParseEnvelope(t *testing.T) {
	t.Parallel()
	e, err := attest.ParseEnvelope("d.json", []byte(" "+other("a: 1\n")+"\n"), otherType, attest.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	if string(e.Payload) != "a: 1\n" || e.PayloadType != otherType || string(e.PAE()) != string(attest.PAE(otherType, []byte("a: 1\n"))) || len(e.Signatures) != 1 {
		t.Errorf("%+v", e)
	}
	ok := other("x")
	for _, row := range []struct{ name, text, msg string }{
		{"an attestation", envelope(good), `expected "` + otherType + `"`},
		{"no type", strings.Replace(ok, "payloadType", "type", 1), "has no payloadType"},
		{"a type in another case", strings.Replace(ok, "document+yaml", "Document+yaml", 1), "expected"},
		{"the type twice", strings.Replace(ok, `{"payloadType"`, `{"payloadType":"`+otherType+`","payloadType"`, 1), "duplicate name"},
		{"the payload twice", strings.Replace(ok, `"payload":`, `"payload":"eA==","payload":`, 1), "duplicate name"},
		{"another spelling", strings.Replace(ok, `"payload":`, `"Payload":"eA==","payload":`, 1), "another spelling"},
		{"trailing data", ok + "{}", "more data"},
		{"a list", "[" + ok + "]", "expected an object"},
		{"no payload", strings.Replace(ok, `"payload":"eA==",`, "", 1), "has no payload"},
		{"loose base64", strings.Replace(ok, `"eA=="`, `"eA"`, 1), "canonical base64"},
		{"no signatures", strings.Replace(ok, `[{"keyid":"k","sig":"c2ln"}]`, "[]", 1), "has no signatures"},
		{"nothing", "", "is empty"},
	} {
		var syntax *attest.SyntaxError
		_, err := attest.ParseEnvelope("d.json", []byte(row.text), otherType, attest.Limits{})
		if !errors.As(err, &syntax) || !strings.Contains(err.Error(), row.msg) || syntax.Source != "d.json" {
			t.Errorf("%s: %v, want …%s…", row.name, err, row.msg)
		}
	}
	var limit *attest.LimitError
	if _, err := attest.ParseEnvelope("", []byte(ok), otherType, attest.Limits{ItemBytes: 10}); !errors.As(err, &limit) || limit.Limit != "item-bytes" {
		t.Errorf("over the limit: %v", err)
	}
	many := strings.Replace(ok, `[{`, "["+strings.Repeat(`{"sig":"c2ln"},`, attest.MaxSignatures)+"{", 1)
	if _, err := attest.ParseEnvelope("", []byte(many), otherType, attest.Limits{}); !errors.As(err, &limit) || limit.Limit != "signatures" {
		t.Errorf("too many signatures: %v", err)
	}
	// and what is of another type is no evidence, before and after one was read
	if it := one(t, ok); it.Err() == nil || !strings.Contains(it.Err().Error(), "payloadType") {
		t.Errorf("read as evidence: %v", it.Err())
	}
}

func TestIsEnvelope(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		text string
		want bool
	}{
		{other("x"), true},
		{envelope(good), true},
		{`{"payload":"","signatures":[{"a":[]}],"payloadType":5}`, true},
		{` {"x":{"payloadType":""},"payloadType":""`, true},
		{`{"x":{"payloadType":""}}`, false},
		{`{"PayloadType":"","payloadType":""}`, false},
		{"apiVersion: x\npayloadType: y\n", false},
		{"{apiVersion: x, payloadType: y}", false},
		{`["payloadType"]`, false},
		{"", false},
		{"null", false},
	} {
		if got := attest.IsEnvelope([]byte(row.text)); got != row.want {
			t.Errorf("%s: %v", row.text, got)
		}
	}
}

// FuzzParseEnvelope: whatever is read reads the same as evidence would, but for its type; nothing panics.
func FuzzParseEnvelope(f *testing.F) {
	for _, seed := range []string{other("x"), envelope(good), "", "{}", `{"payloadType":`, other(strings.Repeat("[", 70))} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		is := attest.IsEnvelope(data)
		e, err := attest.ParseEnvelope("f", data, otherType, attest.Limits{})
		if (e == nil) == (err == nil) || err == nil && (!is || e.Payload == nil || len(e.Signatures) == 0) {
			t.Errorf("%v, %v, and it is an envelope: %v", e, err, is)
		}
	})
}
