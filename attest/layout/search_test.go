package layout_test

import (
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

// releases is a chain whose steps all match with the first, and the links of many releases.
func releases(t testing.TB, steps, of int) *supply {
	t.Helper()
	s := &supply{links: map[string][]byte{}, at: when(t, "2026-06-01T12:00:00Z"), signers: []string{"owner"}, artifact: "app 7"}
	chain := []in_toto.Step{{PubKeys: []string{"alice"}, Threshold: 1, SupplyChainItem: item("clone", nil, nil)}}
	for i := range steps {
		name, in := fmt.Sprintf("step%d", i), rules("MATCH * WITH PRODUCTS FROM clone", "DISALLOW *")
		if i == steps-1 {
			name, in = "package", rules("MATCH * WITH PRODUCTS FROM build", "DISALLOW *")
		} else if i == 0 {
			name = "build"
		}
		chain = append(chain, in_toto.Step{PubKeys: []string{"bob"}, Threshold: 1, SupplyChainItem: item(name, in, nil)})
	}
	for n := range of {
		source, built := fmt.Sprint("main.c=", n), fmt.Sprint("main.o=", n)
		s.links[fmt.Sprint("clone", n)] = link(t, "clone", nil, []string{source}, "alice")
		for i := range steps {
			step := chain[i+1].Name
			switch step {
			case "build":
				s.links[fmt.Sprint(step, n)] = link(t, step, []string{source}, []string{built}, "bob")
			case "package":
				s.links[fmt.Sprint(step, n)] = link(t, step, []string{built}, []string{fmt.Sprint("app=app ", n)}, "bob")
			default:
				s.links[fmt.Sprint(step, n)] = link(t, step, []string{source}, []string{fmt.Sprint("report=", step, n)}, "bob")
			}
		}
	}
	s.layout = layoutOf(t, chain...)
	return s
}

// TestManyReleases: links of other releases keep none from passing, for what they cannot be of is found out
// before they are tried with each other; and nothing passes with a step of another release.
func TestManyReleases(t *testing.T) {
	t.Parallel()
	s := releases(t, 8, 16)
	if r := s.judge(t); !r.Passed || r.Product != "package: app" {
		t.Fatalf("%q", r.Reasons)
	}
	for _, gone := range []string{"clone7", "build7", "step37", "package7"} {
		s := releases(t, 8, 16)
		if delete(s.links, gone); len(s.links) != 16*9-1 {
			t.Fatalf("no link %s", gone)
		}
		if r := s.judge(t); r.Passed || slices.ContainsFunc(r.Reasons, func(reason string) bool { return strings.Contains(reason, "limit") }) {
			t.Errorf("without %s: passed %v %q", gone, r.Passed, r.Reasons)
		}
	}
}

// TestSublayoutOfManyReleases: which way a layout in place of a link passes, the rules above it say: what
// passes with the links of one release passes with those of others beside them, and the result is of the one.
func TestSublayoutOfManyReleases(t *testing.T) {
	t.Parallel()
	for n := range 8 {
		s, _ := nested(t)
		for other := range 3 {
			source, object := fmt.Sprintf("main.c=%d of %d", other, n), fmt.Sprintf("main.o=%d of %d", other, n)
			s.links[fmt.Sprint("same object", other)] = link(t, "compile", []string{source}, []string{"main.o=2"}, "carol")
			s.links[fmt.Sprint("compile", other)] = link(t, "compile", []string{source}, []string{object}, "carol")
			s.links[fmt.Sprint("link", other)] = link(t, "link", []string{object}, []string{fmt.Sprintf("app=%d of %d", other, n)}, "pipeline")
		}
		r := s.judge(t)
		if !r.Passed {
			t.Fatalf("%d: %q", n, r.Reasons)
		}
		used := map[string]string{}
		for _, step := range r.Steps[1].Layouts[0].Steps {
			for _, l := range step.Links {
				if l.Used {
					used[step.Name] = l.Evidence
				}
			}
		}
		if used["compile"] != signed(t, s.links["compile"]).Evidence || used["link"] != signed(t, s.links["link"]).Evidence {
			t.Errorf("%d: used %v", n, used)
		}
		for _, gone := range []string{"compile", "link"} {
			was := s.links[gone]
			delete(s.links, gone)
			if r := s.judge(t); r.Passed {
				t.Errorf("%d: passed without %s", n, gone)
			}
			s.links[gone] = was
		}
	}
}

// TestMostPeople: of accounts that fit, that of most people is told of, whatever another by fewer says.
func TestMostPeople(t *testing.T) {
	t.Parallel()
	for n := range 8 {
		s := pair(t, nil, nil, nil, nil, nil)
		s.layout = layoutOf(t,
			in_toto.Step{PubKeys: []string{"alice", "bob", "carol", "pipeline"}, Threshold: 1, SupplyChainItem: item("one", nil, nil)},
			in_toto.Step{PubKeys: []string{"bob"}, Threshold: 1, SupplyChainItem: item("two", nil, nil)})
		s.links["one"] = link(t, "one", nil, []string{"a=1"}, "alice", "carol")
		s.links["other"] = link(t, "one", nil, []string{fmt.Sprint("a=other ", n)}, "bob")
		s.links["third"] = link(t, "one", nil, []string{fmt.Sprint("a=third ", n)}, "bob", "pipeline")
		if r := s.judge(t); !r.Passed || !slices.Equal(r.Steps[0].People, []string{"alice", "carol"}) {
			t.Errorf("%d: %v of %v", n, r.Passed, r.Steps[0].People)
		}
	}
}

// TestLayoutsAreBounded: no more layouts are told of than are verified, however many steps each would stand
// in for: a functionary's flood of layouts ends at the limit.
func TestLayoutsAreBounded(t *testing.T) {
	t.Parallel()
	var count func(layout.Result) int
	count = func(r layout.Result) int {
		n := 1
		for _, step := range r.Steps {
			for _, l := range step.Layouts {
				n += count(l)
			}
		}
		return n
	}
	s := &supply{links: map[string][]byte{}, at: when(t, "2026-06-01T12:00:00Z"), signers: []string{"owner"}, artifact: "A"}
	var steps []in_toto.Step
	for n := range attest.MaxLayoutSteps {
		steps = append(steps, in_toto.Step{PubKeys: []string{"bob"}, Threshold: 1, SupplyChainItem: item(fmt.Sprint("s", n), nil, nil)})
	}
	s.layout = layoutOf(t, steps...)
	for n := range layout.MaxLayouts {
		l := s.layout
		l.Readme = fmt.Sprint(n)
		s.links[l.Readme] = sign(t, l, false, "bob")
	}
	r := s.judge(t)
	if n := count(r); r.Passed || n != layout.MaxLayouts || !strings.Contains(canonical(t, r), "over the limit layouts of 64") {
		t.Errorf("passed %v, %d layouts", r.Passed, n)
	}
}

// TestSearch: a chain with several links for each step, some of them in a layout in place of a link, passes
// if and only if it does with one link for each.
func TestSearch(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(3, 9))
	pick := func(from ...string) string { return from[random.IntN(len(from))] }
	files := func() (list []string) {
		for _, path := range []string{"a", "b"} {
			if random.IntN(3) > 0 {
				list = append(list, path+"="+pick("1", "A", "A"))
			}
		}
		return list
	}
	passed, of := 0, 0
	for range 40 {
		s := &supply{links: map[string][]byte{}, at: when(t, "2026-06-01T12:00:00Z"), signers: []string{"owner"}, artifact: "A"}
		var names []string
		some := func() (list [][]string) {
			for _, from := range names {
				if random.IntN(2) == 0 {
					list = append(list, []string{"MATCH", "*", "WITH", pick("PRODUCTS", "MATERIALS"), "FROM", from})
				}
			}
			if random.IntN(3) == 0 {
				return list
			}
			return append(list, []string{"ALLOW", pick("a", "b")}, []string{"DISALLOW", "*"})
		}
		chain := func(prefix string, n int, by string) (steps []in_toto.Step) {
			names = nil
			for i := range n {
				names = append(names, fmt.Sprint(prefix, i))
			}
			for _, name := range names {
				steps = append(steps, in_toto.Step{PubKeys: []string{by}, Threshold: 1, SupplyChainItem: item(name, some(), some())})
			}
			return steps
		}
		var groups [][]string
		links := func(step, by string) {
			var group []string
			for n := range 1 + random.IntN(2) {
				name := fmt.Sprint(step, "-", n)
				s.links[name] = link(t, step, files(), files(), by)
				group = append(group, name)
			}
			groups = append(groups, group)
		}
		s.layout = layoutOf(t, chain("s", 3, "alice")...)
		inner := random.IntN(4) // the step done by a layout; none
		for i, step := range s.layout.Steps {
			if i != inner {
				links(step.Name, "alice")
				continue
			}
			s.layout.Keys[public(t, "bob").KeyID], s.layout.Steps[i].PubKeys = public(t, "bob"), []string{public(t, "bob").KeyID}
			l := layoutOf(t, chain("i", 2, "carol")...)
			s.links["inner"] = sign(t, l, false, "bob")
			for _, step := range l.Steps {
				links(step.Name, "carol")
			}
		}
		all, any := maps.Clone(s.links), false
		combinations := 1
		for _, g := range groups {
			combinations *= len(g)
		}
		for n := range combinations {
			s.links = map[string][]byte{}
			if l := all["inner"]; l != nil {
				s.links["inner"] = l
			}
			for _, g := range groups {
				name := g[n%len(g)]
				n /= len(g)
				s.links[name] = all[name]
			}
			any = any || s.judge(t).Passed
		}
		s.links = all
		if r := s.judge(t); r.Passed != any {
			t.Fatalf("passed %v, and one link for each step %v: %q", r.Passed, any, r.Reasons)
		}
		if of++; any {
			passed++
		}
	}
	if passed < 4 || passed > of-4 {
		t.Errorf("%d of %d passed: too little is asked", passed, of)
	}
}
