package layout_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/in-toto/in-toto-golang/in_toto"

	"github.com/surety-dev/surety/attest"
	"github.com/surety-dev/surety/attest/layout"
)

// pair is a chain of two steps, "one" by alice and "two" by bob, the second with these rules.
func pair(t testing.TB, one, in, out []string, materials, products [][]string) *supply {
	t.Helper()
	s := &supply{links: map[string][]byte{}, at: when(t, "2026-06-01T12:00:00Z"), signers: []string{"owner"}, artifact: "A"}
	s.links["one"] = link(t, "one", nil, one, "alice")
	s.links["two"] = link(t, "two", in, append(out, "the-artifact=A"), "bob")
	s.layout = layoutOf(t,
		in_toto.Step{PubKeys: []string{"alice"}, Threshold: 1, SupplyChainItem: item("one", nil, nil)},
		in_toto.Step{PubKeys: []string{"bob"}, Threshold: 1, SupplyChainItem: item("two", materials, append(rules("ALLOW the-artifact"), products...))})
	return s
}

func list(all ...string) []string { return all }

// TestRules: each kind of rule, held and violated.
func TestRules(t *testing.T) {
	t.Parallel()
	const in, out = "materials", "products"
	for _, row := range []struct {
		name               string
		one, before, after []string
		of                 string
		rules              [][]string
		want               string // what is said of step two; "" if it passes
	}{
		{"MATCH", list("a=1"), list("a=1"), nil, in, rules("MATCH a WITH PRODUCTS FROM one", "DISALLOW *"), ""},
		{"MATCH, other content", list("a=1"), list("a=2"), nil, in, rules("MATCH a WITH PRODUCTS FROM one", "DISALLOW *"), `"DISALLOW *" for its materials does not hold: "a" is there`},
		{"MATCH, not there", list("b=1"), list("a=1"), nil, in, rules("MATCH * WITH PRODUCTS FROM one", "DISALLOW *"), `"a" is there`},
		{"MATCH WITH MATERIALS", list("a=1"), list("a=1"), nil, in, rules("MATCH a WITH MATERIALS FROM one", "DISALLOW *"), `"a" is there`},
		{"MATCH with itself", nil, list("a=1"), list("a=1"), out, rules("MATCH a WITH MATERIALS FROM two", "DISALLOW *"), ""},
		{"MATCH IN, source", list("a=1"), list("x/a=1"), nil, in, rules("MATCH a IN x WITH PRODUCTS FROM one", "DISALLOW *"), ""},
		{"MATCH IN, both", list("y/z/a=1"), list("x/a=1"), nil, in, rules("MATCH * IN x/ WITH PRODUCTS IN y/z/ FROM one", "DISALLOW *"), ""},
		{"MATCH IN, not under it", list("a=1"), list("a=1"), nil, in, rules("MATCH a IN x WITH PRODUCTS FROM one", "DISALLOW *"), `"DISALLOW *" for its materials does not hold: "a" is there, and no rule before lets it through`},
		{"MATCH IN, not under it and allowed", list("a=1"), list("a=1"), nil, in, rules("MATCH a IN x WITH PRODUCTS FROM one", "ALLOW a", "DISALLOW *"), ""},
		{"MATCH IN, not under it and matched", list("a=1"), list("a=1"), nil, in, rules("MATCH a IN x WITH PRODUCTS FROM one", "MATCH a WITH PRODUCTS FROM one", "DISALLOW *"), ""},
		{"MATCH IN, a name that begins alike", list("xa=1"), list("xa=1"), nil, in, rules("MATCH * IN x WITH PRODUCTS FROM one", "DISALLOW *"), `"xa" is there`},
		{"MATCH WITH IN, an absolute path", list("out/a=1"), list("/a=1"), nil, in, rules("MATCH * WITH PRODUCTS IN out FROM one", "DISALLOW *"), `"/a" is there`},
		{"MATCH IN, not under it among products", list("a=1"), nil, list("a=1"), out, rules("MATCH a IN x WITH PRODUCTS FROM one", "DISALLOW *"), `"DISALLOW *" for its products does not hold: "a" is there`},
		{"MATCH IN, elsewhere", list("z/a=1"), list("x/a=1"), nil, in, rules("MATCH * IN x WITH PRODUCTS IN y FROM one", "DISALLOW *"), `"x/a" is there`},
		{"ALLOW", nil, list("a=1"), nil, in, rules("ALLOW a", "DISALLOW *"), ""},
		{"ALLOW, another", nil, list("a=1", "b=1"), nil, in, rules("ALLOW a", "DISALLOW *"), `"b" is there`},
		{"DISALLOW", nil, list("a.key=1", "b=1"), nil, in, rules("DISALLOW *.key"), `"DISALLOW *.key" for its materials does not hold: "a.key" is there`},
		{"DISALLOW, after ALLOW", nil, list("a.key=1", "b=1"), nil, in, rules("ALLOW a.*", "DISALLOW *.key"), ""},
		{"REQUIRE", nil, list("a=1"), nil, in, rules("REQUIRE a"), ""},
		{"REQUIRE, not there", nil, list("b=1"), nil, in, rules("REQUIRE a"), `"REQUIRE a" for its materials does not hold: it is not there`},
		{"REQUIRE, taken before", nil, list("a=1"), nil, in, rules("ALLOW *", "REQUIRE a"), "or a rule before has taken it"},
		{"CREATE", nil, nil, list("a=1"), out, rules("CREATE a", "DISALLOW *"), ""},
		{"CREATE, was there", nil, list("a=1"), list("a=1"), out, rules("CREATE a", "DISALLOW *"), `"DISALLOW *" for its products does not hold: "a" is there`},
		{"DELETE", nil, list("a=1"), nil, in, rules("DELETE a", "DISALLOW *"), ""},
		{"DELETE, still there", nil, list("a=1"), list("a=1"), in, rules("DELETE a", "DISALLOW *"), `"a" is there`},
		{"MODIFY", nil, list("a=1"), list("a=2"), out, rules("MODIFY a", "DISALLOW *"), ""},
		{"MODIFY, unchanged", nil, list("a=1"), list("a=1"), out, rules("MODIFY a", "DISALLOW *"), `"a" is there`},
		{"the first of several", nil, list("c=1", "b=1", "a=1", "d=1"), nil, in, rules("ALLOW a", "DISALLOW [c-d]", "DISALLOW *"), `"DISALLOW [c-d]" for its materials does not hold: "c" is there`},
		{"nothing said", nil, list("a=1"), list("b=1"), in, nil, ""},
		{"a star over directories", nil, list("a/b/c=1"), nil, in, rules("ALLOW a*", "DISALLOW *"), ""},
		{"a class", nil, list("a1=1", "ab=1"), nil, in, rules("ALLOW a[0-9]", "ALLOW a[!0-9]", "DISALLOW *"), ""},
	} {
		materials, products := row.rules, [][]string(nil)
		if row.of == out {
			materials, products = nil, row.rules
		}
		r := pair(t, row.one, row.before, row.after, materials, products).judge(t)
		reasons := strings.Join(r.Reasons, "\n")
		if r.Passed != (row.want == "") || row.want != "" && (!strings.Contains(reasons, row.want) || !strings.HasPrefix(reasons, "step two: the rule ") || len(r.Reasons) != 1) {
			t.Errorf("%s: passed %v: %q\nwant %q", row.name, r.Passed, reasons, row.want)
		}
		last := r.Steps[1].Rules[len(r.Steps[1].Rules)-1]
		if row.of == in && row.want != "" && !slices.ContainsFunc(r.Steps[1].Rules, func(r layout.Rule) bool { return !r.Held && r.Of == in }) || last.Text == "" {
			t.Errorf("%s: %+v", row.name, r.Steps[1].Rules)
		}
	}
}

// TestPatterns: what the implementations of in-toto do not match alike is refused (abuse cases 22 and 23).
func TestPatterns(t *testing.T) {
	t.Parallel()
	for pattern, ok := range map[string]bool{
		"*": true, "a?": true, "a/*.c": true, "[a-z]x": true, "[!a-z]": true, "[abc][0-9a]": true, "/abs": true, "a b": true, "ü*": true, "..": true,
		"[^a]": false, "{a,b}": false, `a\*`: false, "[a": false, "a]": false, "[]": false, "[!]": false, "[]a]": false, "[a-]": false, "[-a]": false, "[z-a]": false,
		"[[a]": false, "a//b": false, "./a": false, "a/": false, "a/../b": false, "": false, "[a[b]]": false,
	} {
		for _, keyword := range []string{"ALLOW", "REQUIRE", "DISALLOW"} {
			s := pair(t, nil, nil, nil, [][]string{{keyword, pattern}}, nil)
			refused := strings.Contains(strings.Join(s.judge(t).Reasons, "\n"), "is not understood alike everywhere")
			if refused == ok {
				t.Errorf("%s %q: refused %v", keyword, pattern, refused)
			}
		}
	}
	for prefix, ok := range map[string]bool{"a": true, "a/": true, "a/b": true, "a//b": false, "./a": false, "a/..": false, "a//": false} {
		s := pair(t, nil, nil, nil, [][]string{{"MATCH", "*", "IN", prefix, "WITH", "PRODUCTS", "IN", prefix, "FROM", "one"}}, nil)
		if refused := strings.Contains(strings.Join(s.judge(t).Reasons, "\n"), "a prefix of the rule"); refused == ok {
			t.Errorf("prefix %q: refused %v", prefix, refused)
		}
	}
}

// TestDelivered: which step's product the artifact must be.
func TestDelivered(t *testing.T) {
	t.Parallel()
	inspect := func(lines ...string) []in_toto.Inspection {
		return []in_toto.Inspection{{Type: "inspection", SupplyChainItem: item("look", rules(lines...), rules("MATCH * WITH PRODUCTS FROM one"))}}
	}
	for _, row := range []struct {
		name    string
		one     []string
		inspect []in_toto.Inspection
		want    string
	}{
		{"the last step", nil, nil, "two: the-artifact"},
		{"the step an inspection names", list("x/y.tar=A"), inspect("MATCH y.tar WITH PRODUCTS IN x FROM one"), "one: x/y.tar"},
		{"found elsewhere", list("x/y.tar=A"), inspect("MATCH y.tar IN here WITH PRODUCTS IN x FROM one", "DISALLOW *"), "one: x/y.tar"},
		{"another file of it", list("x/y.tar=A"), inspect("MATCH z.tar WITH PRODUCTS IN x FROM one"), ""},
		{"another directory of it", list("x/y.tar=A"), inspect("MATCH y.tar WITH PRODUCTS IN z FROM one"), ""},
		{"a directory of a name that begins alike", list("xy.tar=A"), inspect("MATCH y.tar WITH PRODUCTS IN x FROM one"), ""},
		{"only the other step has it", nil, inspect("MATCH * WITH PRODUCTS FROM one"), ""},
		{"one of several", nil, inspect("MATCH * WITH PRODUCTS FROM one", "MATCH the-* WITH PRODUCTS FROM two"), "two: the-artifact"},
		{"a rule before disallows it", list("x/y.debug=A"), inspect("DISALLOW *.debug", "MATCH * WITH PRODUCTS IN x FROM one"), ""},
		{"a rule before allows and one disallows it", list("x/y.debug=A"), inspect("ALLOW y.*", "DISALLOW *.debug", "MATCH * WITH PRODUCTS IN x FROM one"), "one: x/y.debug"},
		{"a rule before disallows another", list("x/y.tar=A"), inspect("DISALLOW *.debug", "MATCH * WITH PRODUCTS IN x FROM one"), "one: x/y.tar"},
		{"a rule after disallows what is left", list("x/y.tar=A"), inspect("MATCH * WITH PRODUCTS IN x FROM one", "DISALLOW *"), "one: x/y.tar"},
		{"a rule that allows is none", list("a=A"), inspect("ALLOW *"), "two: the-artifact"},
		{"materials are no products", list("a=A"), inspect("MATCH * WITH MATERIALS FROM one"), "two: the-artifact"},
	} {
		s := pair(t, row.one, nil, nil, nil, nil)
		s.layout.Inspect = row.inspect
		r := s.judge(t)
		if r.Product != row.want || r.Passed != (row.want != "") || !r.Passed && !strings.Contains(r.Reasons[0], "nothing ties the layout to the artifact: no product of step one is sha256:") {
			t.Errorf("%s: %q, passed %v %q", row.name, r.Product, r.Passed, r.Reasons)
		}
	}
}

// TestAlike: paths that a file system may take for one are told of (abuse case 23).
func TestAlike(t *testing.T) {
	t.Parallel()
	r := pair(t, nil, list("README=1", "a=1"), list("Readme=1", "b=1", "\u00e9=1", "e\u0301=2"), nil, nil).judge(t)
	if got := r.Steps[1].Alike; !r.Passed || !slices.Equal(got, []string{"README", "Readme", "e\u0301", "\u00e9"}) {
		t.Errorf("%v %q", r.Passed, got)
	}
}

// TestKeys: functionaries' keys of every kind count, and only in the form and scheme they have.
func TestKeys(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name, key string
		change    func(*in_toto.Key)
		want      bool
	}{
		{"Ed25519", "bob", nil, true},
		{"P-256", "p256:bob", nil, true},
		{"P-256 by its old type", "p256:bob", func(k *in_toto.Key) { k.KeyType = "ecdsa-sha2-nistp256" }, true},
		{"P-256 as P-384", "p256:bob", func(k *in_toto.Key) { k.Scheme = "ecdsa-sha2-nistp384" }, false},
		{"P-256 as RSA", "p256:bob", func(k *in_toto.Key) { k.KeyType, k.Scheme = "rsa", "rsassa-pss-sha256" }, false},
		{"Ed25519, too short", "bob", func(k *in_toto.Key) { k.KeyVal.Public = k.KeyVal.Public[2:] }, false},
		{"Ed25519, no hexadecimal", "bob", func(k *in_toto.Key) { k.KeyVal.Public = "zz" + k.KeyVal.Public[2:] }, false},
		{"Ed25519 as another scheme", "bob", func(k *in_toto.Key) { k.Scheme = "sphincs" }, false},
		{"P-256 with something after it", "p256:bob", func(k *in_toto.Key) { k.KeyVal.Public += "\n" + k.KeyVal.Public }, false},
		{"P-256, no PEM", "p256:bob", func(k *in_toto.Key) { k.KeyVal.Public = "x" }, false},
		{"P-256 as a certificate", "p256:bob", func(k *in_toto.Key) {
			k.KeyVal.Public = strings.ReplaceAll(k.KeyVal.Public, "PUBLIC KEY", "CERTIFICATE")
		}, false},
		{"another's key under the id", "bob", func(k *in_toto.Key) { k.KeyVal.Public = public(t, "carol").KeyVal.Public }, false},
	} {
		s := pair(t, nil, nil, nil, nil, nil)
		s.links["two"] = link(t, "two", nil, []string{"the-artifact=A"}, row.key)
		k := public(t, row.key)
		if row.change != nil {
			row.change(&k)
		}
		s.layout.Keys[k.KeyID], s.layout.Steps[1].PubKeys = k, []string{k.KeyID}
		if r := s.judge(t); r.Passed != row.want {
			t.Errorf("%s: %v %q", row.name, r.Passed, r.Reasons)
		}
	}
}

// spelled is rules with what each MATCH IN takes spelled out, by the specification: only what is under its
// prefix, which in-toto-golang does not ask.
func spelled(list [][]string, own map[string]in_toto.HashObj, links map[string]in_toto.Metadata) [][]string {
	var out [][]string
	for _, rule := range list {
		if len(rule) != 8 {
			out = append(out, rule)
			continue
		}
		there := links[rule[7]].GetPayload().(in_toto.Link).Materials
		if rule[5] == "PRODUCTS" {
			there = links[rule[7]].GetPayload().(in_toto.Link).Products
		}
		for name, digests := range own {
			base, under := strings.CutPrefix(name, strings.TrimSuffix(rule[3], "/")+"/")
			if under && (rule[1] == "*" || rule[1] == base) && maps.Equal(digests, there[base]) {
				out = append(out, []string{"ALLOW", name})
			}
		}
	}
	return out
}

// TestOracle: of random links and rules, one link a step, the judgement is that of in-toto-golang over
// the whole layout, but for prefixes.
func TestOracle(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(7, 7))
	pick := func(from ...string) string { return from[random.IntN(len(from))] }
	files := func() []string {
		m := map[string]string{"end": "A"}
		for range random.IntN(4) {
			m[pick("a", "b", "d/a", "d/b", "A")] = pick("1", "2")
		}
		var out []string
		for _, path := range slices.Sorted(maps.Keys(m)) {
			out = append(out, path+"="+m[path])
		}
		return out
	}
	some := func() [][]string {
		out := rules()
		for range random.IntN(3) {
			switch kind := pick("match", "match in", "plain", "plain"); kind {
			case "plain":
				out = append(out, []string{pick("ALLOW", "CREATE", "DELETE", "MODIFY", "DISALLOW", "allow", "ALLOW", "REQUIRE"), pick("a", "b", "*", "d/*", "[ab]", "?", "*a")})
			case "match":
				out = append(out, []string{"MATCH", pick("a", "*", "d/*"), "WITH", pick("PRODUCTS", "MATERIALS"), "FROM", pick("s0", "s1", "s2")})
			default:
				out = append(out, []string{"MATCH", pick("a", "*"), "IN", pick("d", "d/"), "WITH", pick("PRODUCTS", "MATERIALS"), "FROM", pick("s0", "s1", "s2")})
			}
		}
		if random.IntN(8) == 0 {
			out = append(out, []string{"DISALLOW", "*"})
		}
		return out
	}
	passed := 0
	for n := range 600 {
		var steps []in_toto.Step
		s := &supply{links: map[string][]byte{}, at: when(t, "2026-06-01T12:00:00Z"), signers: []string{"owner"}, artifact: "A"}
		metadata := map[string]in_toto.Metadata{}
		var items []any
		for i := range 3 {
			name := fmt.Sprintf("s%d", i)
			data := link(t, name, files(), files(), "alice")
			s.links[name] = data
			l, _ := signed(t, data).Statement.StepLink()
			metadata[name] = &in_toto.Metablock{Signed: in_toto.Link{Name: name, Materials: hashes(l.Materials), Products: hashes(l.Products)}}
			steps = append(steps, in_toto.Step{PubKeys: []string{"alice"}, Threshold: 1, SupplyChainItem: item(name, some(), some())})
		}
		s.layout = layoutOf(t, steps...)
		for _, step := range s.layout.Steps {
			own := metadata[step.Name].GetPayload().(in_toto.Link)
			step.ExpectedMaterials = spelled(step.ExpectedMaterials, own.Materials, metadata)
			step.ExpectedProducts = spelled(step.ExpectedProducts, own.Products, metadata)
			items = append(items, step)
		}
		r := s.judge(t)
		err := in_toto.VerifyArtifacts(items, metadata)
		if r.Passed != (err == nil) {
			text, _ := json.Marshal(s.layout.Steps)
			t.Fatalf("%d: %q, in-toto: %v\n%s", n, r.Reasons, err, text)
		}
		if r.Passed {
			passed++
		}
	}
	if passed < 60 || passed > 500 {
		t.Errorf("%d of 600 passed: the oracle asks too little", passed)
	}
}

// TestWork: a layout whose judgement costs too much does not pass, and says which limit.
func TestWork(t *testing.T) {
	t.Parallel()
	var many []string
	for i := range 12000 {
		many = append(many, fmt.Sprintf("f%d=1", i))
	}
	var long [][]string
	for i := range attest.MaxLayoutRules {
		long = append(long, []string{"ALLOW", fmt.Sprintf("x%d", i)})
	}
	r := pair(t, nil, many, many, long, long[1:]).judge(t)
	if r.Passed || !slices.Contains(r.Reasons, "it is over the limit layout-work of 10000000") {
		t.Errorf("%v %q", r.Passed, r.Reasons)
	}
}
