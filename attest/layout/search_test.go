package layout_test

import (
	"fmt"
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
