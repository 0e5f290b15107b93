package chain_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
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

// clone is another release like it, to be changed.
func (s *supply) clone(t testing.TB) *supply {
	t.Helper()
	c := *s
	c.links = maps.Clone(s.links)
	data, err := json.Marshal(s.layout)
	if err != nil {
		t.Fatal(err)
	}
	c.layout = in_toto.Layout{}
	if err := json.Unmarshal(data, &c.layout); err != nil {
		t.Fatal(err)
	}
	return &c
}

// TestAbuse holds the abuse cases that links and layouts have of their own, by number.
func TestAbuse(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]func(*testing.T){
		"01-one-key-twice-at-two-of-two":     oneKeyTwice,
		"02-repeated-signature-entry":        repeatedEntry,
		"03-repeated-through-certificates":   repeatedCertificate,
		"22-one-matcher":                     oneMatcher,
		"23-other-spellings-are-other-paths": otherSpellings,
		"24-paths-are-never-opened":          pathsAreNames,
		"26-tampered-is-invisible":           tamperedInvisible,
	} {
		t.Run(name, func(t *testing.T) { t.Parallel(); test(t) })
	}
}

// again repeats the signatures of a metablock, with these key ids.
func again(t testing.TB, metablock []byte, ids ...string) []byte {
	t.Helper()
	var m map[string]any
	if err := json.Unmarshal(metablock, &m); err != nil {
		t.Fatal(err)
	}
	signatures := m["signatures"].([]any)
	for _, id := range ids {
		copied := map[string]any{"keyid": id, "sig": signatures[0].(map[string]any)["sig"]}
		signatures = append(signatures, copied)
	}
	m["signatures"] = signatures
	data, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// oneKeyTwice: a person is one at a threshold and in a quorum, whatever keys, ids of keys and forms.
func oneKeyTwice(t *testing.T) {
	const lacking = "step build: it takes 2 who did it alike, and there is only bob"
	want(t, good(t).judge(t, good(t).evidence(t)), verify.Allow)
	// the layout has bob's key under two ids
	s := good(t)
	delete(s.links, "build.carol")
	for _, by := range []string{"bob", "p256:bob"} {
		k := key(t, by)
		k.KeyVal.Private, k.KeyID = "", "another id of "+by
		s.layout.Keys[k.KeyID], s.layout.Steps[1].PubKeys = k, append(s.layout.Steps[1].PubKeys, k.KeyID)
	}
	s.links["build.again"] = link(t, "build", []string{source}, []string{source, "out/app=the program"}, "p256:bob")
	want(t, s.judge(t, s.evidence(t)), verify.Deny, lacking)
	// one link with both of his signatures
	s = good(t)
	delete(s.links, "build.carol")
	s.links["build.bob"] = link(t, "build", []string{source}, []string{source, "out/app=the program"}, "bob", "p256:bob")
	want(t, s.judge(t, s.evidence(t)), verify.Deny, lacking)
	// a layout of his in place of a link, beside his link
	s = good(t)
	threshold := s.layout.Steps[1].Threshold
	inner(t, s)
	s.layout.Steps[1].Threshold = threshold
	s.links["build.bob"] = link(t, "build", []string{source}, []string{source, "out/app=the program"}, "bob")
	want(t, s.judge(t, s.evidence(t)), verify.Deny, lacking)
	s.links["build.carol"] = link(t, "build", []string{source}, []string{source, "out/app=the program"}, "carol")
	want(t, s.judge(t, s.evidence(t)), verify.Allow)
	// two layouts, each approved by one, are not one approved by two
	s = good(t)
	s.approved = []string{"olga"}
	other := s.layout
	other.Readme = "another"
	s.links["other"] = sign(t, other, "otto")
	want(t, s.judge(t, s.evidence(t)), verify.Deny, "layout-unapproved", "and only olga signed", "and only otto signed")
}

// repeatedEntry: a signature again, with its key id, another's or none, is the same one.
func repeatedEntry(t *testing.T) {
	base := good(t)
	for _, id := range []string{"", key(t, "otto").KeyID, key(t, "olga").KeyID, "otto-key"} {
		s := base.clone(t)
		s.approved = []string{"olga"}
		all := s.evidence(t)
		all[0] = again(t, all[0], id, id)
		want(t, s.judge(t, all), verify.Deny, "layout-unapproved", "and only olga signed")
		s.approved = []string{"olga", "otto"}
		all[0] = again(t, s.evidence(t)[0], id, id)
		want(t, s.judge(t, all), verify.Allow)
	}
	for _, id := range []string{"", key(t, "carol").KeyID, "carol-key"} {
		s := base.clone(t)
		delete(s.links, "build.carol")
		s.links["build.bob"] = again(t, s.links["build.bob"], id, id)
		want(t, s.judge(t, s.evidence(t)), verify.Deny, "it takes 2 who did it alike, and there is only bob")
	}
}

// repeatedCertificate: a person is one, and a key is one, through certificates too.
func repeatedCertificate(t *testing.T) {
	const may = "2026-05-01T00:00:00Z"
	for _, proofs := range [][]verify.Proof{
		{cert("olga", 1, may), cert("olga", 1, may), cert("olga", 1, may)},
		{cert("olga", 1, may), cert("olga", 2, may)},
		{cert("olga", 1, may), keyProof("olga", may)},
	} {
		s := good(t)
		certs(s)
		s.approved = []string{"x0", "x1", "x2"}[:len(proofs)]
		want(t, s.with(t, fake{proofs}, s.evidence(t)), verify.Deny, "layout-unapproved", "and only olga signed")
	}
}

// oneMatcher: what implementations of in-toto match differently is no pattern.
func oneMatcher(t *testing.T) {
	base := good(t)
	for _, p := range []string{"[^x]*", "src/{a,b}", `src\\*`, "src/", "./src/*", "src//*", "src/../*", "[a", "a]", "[]", "[!]", "[z-a]", "", "[[]a]"} {
		for where, set := range map[string]func(*in_toto.Layout, []string){
			"step clone: ":       func(l *in_toto.Layout, rule []string) { l.Steps[0].ExpectedProducts = [][]string{rule} },
			"inspection untar: ": func(l *in_toto.Layout, rule []string) { l.Inspect[0].ExpectedMaterials = [][]string{rule} },
		} {
			s := base.clone(t)
			set(&s.layout, []string{"ALLOW", p})
			want(t, s.judge(t, s.evidence(t)), verify.Deny, "supply-chain-broken", where+"the pattern of the rule")
			s = base.clone(t)
			set(&s.layout, []string{"MATCH", p, "WITH", "PRODUCTS", "FROM", "build"})
			want(t, s.judge(t, s.evidence(t)), verify.Deny, "supply-chain-broken", where+"the pattern of the rule")
		}
	}
	for _, rule := range []string{"ALLOW", "ALLOW a b", "PERMIT *", "MATCH * WITH SOURCES FROM build", "MATCH * WITH PRODUCTS FROM nowhere", "MATCH * IN ../x WITH PRODUCTS IN y/../z FROM build", "MATCH * FROM build"} {
		s := base.clone(t)
		s.layout.Steps[2].ExpectedMaterials = lines(rule)
		want(t, s.judge(t, s.evidence(t)), verify.Deny, "supply-chain-broken", "step package: ")
	}
}

// otherSpellings: a path that is spelled otherwise is another path, or none, whatever its content.
func otherSpellings(t *testing.T) {
	base := good(t)
	const program = "the program"
	for _, row := range [][2]string{
		{"out/../out/app", "is not in its shortest form"}, {"out//app", "is not in its shortest form"}, {"./out/app", "is not in its shortest form"}, {"out/app/", "is not in its shortest form"},
		{"../out/app", "leads out of where the step was done"}, {"..", "leads out of where the step was done"},
		{"Out/app", `"Out/app" is there`}, {"out/APP", `"out/APP" is there`}, {"/out/app", `"/out/app" is there`}, {"out/app\u200b", "is there"}, {"out%2Fapp", "is there"}, {`out\app`, "is there"},
		{"app", `"app" is there`}, {"in/out/app", `"in/out/app" is there`},
	} {
		for _, rule := range []string{"MATCH out/app WITH PRODUCTS FROM build", "MATCH app IN out WITH PRODUCTS IN out FROM build", "MATCH * IN out WITH PRODUCTS IN out FROM build"} {
			s := base.clone(t)
			s.layout.Steps[2].ExpectedMaterials = lines(rule + ";ALLOW src/*;DISALLOW *")
			want(t, s.judge(t, s.evidence(t)), verify.Allow)
			s.links["package.pipeline"] = link(t, "package", []string{row[0] + "=" + program, source}, []string{source, "dist/app.tar=the package"}, "pipeline")
			want(t, s.judge(t, s.evidence(t)), verify.Deny, "supply-chain-broken", row[1])
		}
	}
	// the step's name, and the name of another step
	for _, name := range []string{"Clone", "clone ", "clone/", "cl\u043ene", "build"} {
		s := base.clone(t)
		s.links["clone.alice"] = link(t, name, nil, []string{source}, "alice")
		want(t, s.judge(t, s.evidence(t)), verify.Deny, "supply-chain-broken", "step clone: it has no link")
	}
}

// pathsAreNames: paths, commands and names in links and layouts are words: what they would name is neither
// opened nor run.
func pathsAreNames(t *testing.T) {
	base := good(t)
	for _, path := range []string{"/etc/passwd", "file:/etc/passwd", "-", "|id", "$HOME/x", "~/x", "%SECRET%"} {
		s := base.clone(t)
		s.links["package.pipeline"] = link(t, "package", []string{path + "=x"}, []string{source, "dist/app.tar=the package"}, "pipeline")
		want(t, s.judge(t, s.evidence(t)), verify.Deny, fmt.Sprintf("%q is there", path))
		s = base.clone(t)
		s.layout.Steps[0].ExpectedCommand, s.layout.Inspect[0].Run, s.layout.Readme = []string{path}, []string{path}, path
		want(t, s.judge(t, s.evidence(t)), verify.Allow)
	}
}

// tamperedInvisible: what nobody vouches for decides nothing and is nowhere in the verdict.
func tamperedInvisible(t *testing.T) {
	s := good(t)
	allowed := s.judge(t, s.evidence(t))
	want(t, allowed, verify.Allow)
	evil := bytes.ReplaceAll(s.links["build.bob"], []byte("out/app"), []byte("evil/app"))
	s.links["evil"] = evil
	s.links["unsigned"] = link(t, "clone", nil, []string{"evil=x"})
	s.links["stranger"] = link(t, "build", nil, []string{"evil=y"}, "stranger")
	s.links["evil layout"] = bytes.Replace(s.evidence(t)[0], []byte("DISALLOW"), []byte("ALLOW"), 1)
	s.links["stranger's layout"] = sign(t, in_toto.Layout{Type: "layout", Expires: expires, Readme: "evil", Steps: s.layout.Steps, Keys: s.layout.Keys}, "stranger")
	v := s.judge(t, s.evidence(t))
	want(t, v, verify.Allow)
	data, err := v.JSON()
	if err != nil || bytes.Contains(data, []byte("evil")) {
		t.Errorf("the verdict repeats what nobody vouches for: %v", err)
	}
	// alone, it is nothing
	s = good(t)
	delete(s.links, "build.carol")
	s.links["build.bob"] = evil
	want(t, s.judge(t, s.evidence(t)), verify.Deny, "step build: none of its links counts (1): none of its signatures was proven")
}
