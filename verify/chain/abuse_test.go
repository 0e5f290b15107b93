package chain_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/in-toto/in-toto-golang/in_toto"

	"github.com/surety-dev/surety/verify"
)

// want fails the test unless a verdict decides so and says all the texts.
func want(t testing.TB, v verify.Verdict, decision verify.Decision, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if !strings.Contains(explain(v), text) {
			t.Errorf("does not say %q", text)
		}
	}
	if v.Decision != decision || t.Failed() {
		t.Errorf("%s, want %s\n%s", v.Decision, decision, explain(v))
	}
}

// wrapped is evidence written otherwise, with the same content and signatures.
func wrapped(evidence []byte, n int) []byte {
	return append(bytes.Repeat([]byte(" "), n), bytes.Replace(evidence, []byte("{"), []byte("{"+strings.Repeat(" ", n)), 1)...)
}

// inner makes the supply's build step one by a layout of bob's, whose step carol does.
func inner(t testing.TB, s *supply) {
	s.policy = strings.Replace(s.policy, "s.people.size() >= 2 && s.threshold == 2 &&", "", 1)
	k := key(t, "carol")
	k.KeyVal.Private = ""
	l := in_toto.Layout{Type: "layout", Expires: expires, Keys: map[string]in_toto.Key{k.KeyID: k}, Steps: []in_toto.Step{
		{Type: "step", Threshold: 1, PubKeys: []string{k.KeyID}, SupplyChainItem: in_toto.SupplyChainItem{Name: "compile"}}}}
	s.layout.Steps[1].Threshold = 1
	s.links["inner"] = sign(t, l, "bob")
	delete(s.links, "build.bob")
	delete(s.links, "build.carol")
	s.links["compile"] = link(t, "compile", []string{source}, []string{source, "out/app=the program"}, "carol")
}

const source = "src/main.c=int main(void) { return 0; }\n"

// TestWrappedAgain: what a stranger makes of a layout by wrapping it again is the same layout: it costs
// neither an approved one its place among those that are judged, nor one in place of a link.
func TestWrappedAgain(t *testing.T) {
	t.Parallel()
	s := good(t)
	other := s.layout
	other.Readme, other.Expires = "another", "2026-01-31T00:00:00Z"
	broken := sign(t, other, "olga", "otto")
	all := s.evidence(t)
	for n := range 3 * verify.MaxRequestLayouts {
		all = append(all, wrapped(broken, n+1))
	}
	v := s.judge(t, all)
	want(t, v, verify.Allow)
	if len(v.Layouts) != 2 {
		t.Errorf("%d layouts", len(v.Layouts))
	}
	want(t, s.judge(t, all[1:]), verify.Deny, "it expired at 2026-01-31T00:00:00Z")

	s = good(t)
	inner(t, s)
	all = s.evidence(t)
	for n := range 80 {
		all = append(all, wrapped(s.links["inner"], n+1), wrapped(s.links["compile"], n+1))
	}
	v = s.judge(t, all)
	want(t, v, verify.Allow)
	if len(v.Layouts) != 2 {
		t.Errorf("%d layouts", len(v.Layouts))
	}
	for _, e := range v.Inputs.Evidence { // each carries what the chain passed with
		if e.Status != verify.Counted {
			t.Errorf("%+v", e)
		}
	}
	delete(s.links, "compile")
	want(t, s.judge(t, s.evidence(t)), verify.Deny, "step build: none of its links counts (1): the layout in its place does not pass: step compile: it has no link")
}
