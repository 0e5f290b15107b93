package chain_test

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/in-toto/in-toto-golang/in_toto"

	"github.com/surety-dev/surety/attest"
	"github.com/surety-dev/surety/internal/fixture"
	"github.com/surety-dev/surety/verify"
)

// TestFalseAllow: attempts to be admitted without what the layout and the model ask. Each refuses for the
// stated reason.
func TestFalseAllow(t *testing.T) {
	t.Parallel()
	base := good(t)
	want(t, base.judge(t, base.evidence(t)), verify.Allow)
	dsse := func(payloadType string, payload any, by ...string) []byte {
		data, err := json.Marshal(payload)
		if err != nil {
			t.Fatal(err)
		}
		var keys []fixture.Key
		for _, name := range by {
			keys = append(keys, fixture.NewKey(name))
		}
		return fixture.SignAs(payloadType, data, keys...).JSON()
	}
	attestation := func(predicate string, value any, by string) []byte {
		st := fixture.Statement{Type: "https://in-toto.io/Statement/v1", PredicateType: predicate, Predicate: value,
			Subject: []fixture.Subject{{Name: "src/main.c", Digest: map[string]string{"sha256": digest("int main(void) { return 0; }\n")}}}}
		return fixture.Sign(st.JSON(), fixture.NewKey(by)).JSON()
	}
	for _, row := range []struct {
		name  string
		fault func(testing.TB, *supply)
		says  []string
	}{
		{"another key under the functionary's id", func(t testing.TB, s *supply) {
			k := key(t, "bob")
			k.KeyVal.Private, k.KeyID = "", key(t, "alice").KeyID
			s.layout.Keys[k.KeyID] = k
		}, []string{"step clone: none of its links counts (1): alice signed with a key the layout does not name"}},
		{"a link that is an attestation of another type", func(_ testing.TB, s *supply) {
			s.links["clone.alice"] = attestation(attest.LinkType, map[string]any{"name": "clone", "materials": []any{}}, "alice")
		}, []string{"step clone: it has no link"}},
		{"a link that is provenance with a name", func(_ testing.TB, s *supply) {
			s.links["clone.alice"] = attestation(fixture.ProvenanceV1, map[string]any{"name": "clone", "materials": []any{}, "_type": "link"}, "alice")
		}, []string{"step clone: it has no link"}},
		{"a link of another payload type", func(_ testing.TB, s *supply) {
			s.links["clone.alice"] = dsse("application/json", in_toto.Link{Type: "link", Name: "clone", Products: map[string]in_toto.HashObj{"src/main.c": {"sha256": digest(source)}}}, "alice")
		}, []string{"step clone: it has no link"}},
		{"a link in an envelope signed as a metablock", func(t testing.TB, s *supply) {
			var m struct {
				Signed     json.RawMessage `json:"signed"`
				Signatures []struct {
					Sig string `json:"sig"`
				} `json:"signatures"`
			}
			if err := json.Unmarshal(s.links["clone.alice"], &m); err != nil {
				t.Fatal(err)
			}
			raw, err := hex.DecodeString(m.Signatures[0].Sig)
			if err != nil {
				t.Fatal(err)
			}
			e := fixture.SignAs(fixture.PayloadType, m.Signed)
			e.Signatures = append(e.Signatures, fixture.Signature{Sig: base64.StdEncoding.EncodeToString(raw)})
			s.links["clone.alice"] = e.JSON()
		}, []string{"step clone: none of its links counts (1): none of its signatures was proven"}},
		{"a link that calls itself a layout", func(t testing.TB, s *supply) {
			s.links["clone.alice"] = dsse(fixture.PayloadType, map[string]any{"_type": "layout", "name": "clone", "materials": map[string]any{}, "products": map[string]any{}}, "alice")
		}, []string{"step clone: it has no link", "has no expires"}},
		{"two steps of one name, for one link", func(_ testing.TB, s *supply) {
			s.layout.Steps = append(s.layout.Steps, s.layout.Steps[2])
		}, []string{"step package: another step has its name"}},
		{"threshold 0", func(_ testing.TB, s *supply) { s.layout.Steps[0].Threshold = 0; delete(s.links, "clone.alice") }, []string{"step clone: its threshold is 0: expected at least 1"}},
		{"threshold -1", func(_ testing.TB, s *supply) { s.layout.Steps[0].Threshold = -1; delete(s.links, "clone.alice") }, []string{"step clone: its threshold is -1: expected at least 1"}},
		{"no steps", func(_ testing.TB, s *supply) { s.layout.Steps = nil }, []string{"it has no steps"}},
		{"a functionary's own layout at the top", func(_ testing.TB, s *supply) { s.approved = []string{"bob"} }, []string{"layout-unapproved", "and nobody signed: bob was no member of it"}},
		{"the approvals of another layout", func(t testing.TB, s *supply) {
			var m struct {
				Signed     json.RawMessage `json:"signed"`
				Signatures json.RawMessage `json:"signatures"`
			}
			if err := json.Unmarshal(s.evidence(t)[0], &m); err != nil {
				t.Fatal(err)
			}
			other := s.layout
			other.Steps = other.Steps[2:]
			var o struct {
				Signed json.RawMessage `json:"signed"`
			}
			if err := json.Unmarshal(sign(t, other), &o); err != nil {
				t.Fatal(err)
			}
			m.Signed = o.Signed
			data, err := json.Marshal(m)
			if err != nil {
				t.Fatal(err)
			}
			s.links["other"], s.approved = data, nil
		}, []string{"the signer is unknown, or it has been altered"}},
		{"a product that is no artifact but by a weak digest", func(t testing.TB, s *supply) {
			s.links["package.pipeline"] = sign(t, in_toto.Link{Type: "link", Name: "package", Products: map[string]in_toto.HashObj{"dist/app.tar": {"md5": strings.Repeat("a", 32)}},
				Materials: map[string]in_toto.HashObj{}, ByProducts: map[string]any{}, Command: []string{}, Environment: map[string]any{}}, "pipeline")
		}, []string{`step package: none of its links counts (1): "dist/app.tar" has no sha256, sha384 or sha512`}},
		{"a product that agrees by one digest and not by another", func(t testing.TB, s *supply) {
			s.artifact = "another package"
			s.links["package.pipeline"] = sign(t, in_toto.Link{Type: "link", Name: "package", Products: map[string]in_toto.HashObj{"dist/app.tar": {"sha256": digest("the package"), "sha1": strings.Repeat("a", 40)}},
				Materials: map[string]in_toto.HashObj{}, ByProducts: map[string]any{}, Command: []string{}, Environment: map[string]any{}}, "pipeline")
		}, []string{"nothing ties the layout to the artifact"}},
		{"only a step before gave it", func(_ testing.TB, s *supply) { s.artifact = "the program" }, []string{"nothing ties the layout to the artifact: no product of step package"}},
		{"what an inspection disallows", func(_ testing.TB, s *supply) {
			s.layout.Inspect[0].ExpectedMaterials = lines("DISALLOW *.tar;MATCH * WITH PRODUCTS IN dist FROM package")
		}, []string{"nothing ties the layout to the artifact: no product of step package"}},
		{"a layout in place of a link for what its functionary may not do", func(t testing.TB, s *supply) {
			inner(t, s)
			s.links["inner"] = bytes.ReplaceAll(s.links["inner"], []byte(`"name":"compile"`), []byte(`"name":"compilf"`))
		}, []string{"step build: it has no link"}},
		{"an ended layout in place of a link", func(t testing.TB, s *supply) {
			inner(t, s)
			s.links["inner"] = sign(t, in_toto.Layout{Type: "layout", Expires: "2026-06-01T12:00:00Z", Keys: s.layout.Keys, Steps: []in_toto.Step{
				{Type: "step", Threshold: 1, PubKeys: []string{key(t, "carol").KeyID}, SupplyChainItem: in_toto.SupplyChainItem{Name: "compile"}}}}, "bob")
		}, []string{"step build: none of its links counts (1): the layout in its place does not pass: it expired at 2026-06-01T12:00:00Z"}},
		{"a layout in place of a link whose step nobody may do", func(t testing.TB, s *supply) {
			inner(t, s)
			s.links["compile"] = link(t, "compile", []string{source}, []string{source, "out/app=the program"}, "otto")
		}, []string{"step build: none of its links counts (1): the layout in its place does not pass: step compile: none of its links counts (1)"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			s := base.clone(t)
			row.fault(t, s)
			want(t, s.judge(t, s.evidence(t)), verify.Deny, row.says...)
		})
	}
}

// TestMonotone: whatever evidence there is, less of it never makes an allow of a refusal, and what strangers
// add changes no decision (design §4.3, §4.4).
func TestMonotone(t *testing.T) {
	t.Parallel()
	s := good(t)
	pool := [][]byte{sign(t, s.layout, "olga"), sign(t, s.layout, "otto"), sign(t, s.layout, "sam", "p256:olga")}
	for _, l := range s.links {
		pool = append(pool, l)
	}
	other, ended := s.layout, s.layout
	other.Readme, ended.Expires = "another", "2026-01-31T00:00:00Z"
	twoOfThem := *good(t)
	inner(t, &twoOfThem)
	program := []string{source, "out/app=the program"}
	pool = append(pool, sign(t, other, "olga", "otto"), sign(t, ended, "olga", "otto"), twoOfThem.links["inner"], twoOfThem.links["compile"],
		link(t, "clone", nil, []string{"src/main.c=old"}, "alice"), link(t, "build", []string{source}, []string{source, "out/app=old"}, "bob", "carol"),
		link(t, "build", []string{source}, program, "p256:bob"), link(t, "build", []string{"src/main.c=old"}, []string{"src/main.c=old", "out/app=the program"}, "carol"),
		link(t, "package", program, append(program, "dist/app.tar=old"), "pipeline"), link(t, "compile", []string{"src/main.c=old"}, program, "carol"))
	junk := [][]byte{sign(t, s.layout, "stranger"), sign(t, s.layout), sign(t, other, "stranger"), link(t, "clone", nil, []string{"x=1"}, "stranger"),
		[]byte("{}"), bytes.Replace(pool[0], []byte("DISALLOW"), []byte("ALLOW"), 1)}
	random := rand.New(rand.NewPCG(11, 4))
	allowed := 0
	for n := range 60 {
		var some, more [][]byte
		for _, e := range pool {
			switch random.IntN(8) {
			case 0:
			case 1:
				more = append(more, e)
			default:
				some, more = append(some, e), append(more, e)
			}
		}
		few, many := s.judge(t, some), s.judge(t, more)
		if few.Decision == verify.Allow {
			allowed++
			want(t, many, verify.Allow)
		}
		var stirred [][]byte
		for _, e := range junk {
			if random.IntN(2) == 0 {
				stirred = append(stirred, e)
			}
		}
		for _, e := range some {
			stirred = append(stirred, e)
			if random.IntN(4) == 0 {
				stirred = append(stirred, e, wrapped(e, 1+random.IntN(3)))
			}
		}
		random.Shuffle(len(stirred), func(i, j int) { stirred[i], stirred[j] = stirred[j], stirred[i] })
		if v := s.judge(t, stirred); v.Decision != few.Decision {
			t.Fatalf("%d: %s, with what strangers add %s\n%s", n, few.Decision, v.Decision, explain(v))
		}
	}
	if allowed < 8 || allowed > 52 {
		t.Errorf("%d of 60 allowed: too little is asked", allowed)
	}
}
