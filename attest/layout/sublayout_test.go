package layout_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/in-toto/in-toto-golang/in_toto"

	"github.com/surety-dev/surety/attest/layout"
)

// nested is a chain whose second step, "build", is done by a layout of bob's with the steps "compile" and
// "link".
func nested(t testing.TB) (s *supply, inner *in_toto.Layout) {
	t.Helper()
	s = &supply{links: map[string][]byte{}, at: when(t, "2026-06-01T12:00:00Z"), signers: []string{"owner"}, artifact: "A"}
	s.links["clone"] = link(t, "clone", nil, []string{"main.c=1"}, "alice")
	s.links["compile"] = link(t, "compile", []string{"main.c=1"}, []string{"main.o=2"}, "carol")
	s.links["link"] = link(t, "link", []string{"main.o=2"}, []string{"app=A"}, "pipeline")
	s.layout = layoutOf(t,
		in_toto.Step{PubKeys: []string{"alice"}, Threshold: 1, SupplyChainItem: item("clone", nil, nil)},
		in_toto.Step{PubKeys: []string{"bob"}, Threshold: 1, SupplyChainItem: item("build", rules("MATCH * WITH PRODUCTS FROM clone", "DISALLOW *"), rules("CREATE app", "DISALLOW *"))})
	l := layoutOf(t,
		in_toto.Step{PubKeys: []string{"carol"}, Threshold: 1, SupplyChainItem: item("compile", nil, rules("CREATE main.o", "DISALLOW *"))},
		in_toto.Step{PubKeys: []string{"pipeline"}, Threshold: 1, SupplyChainItem: item("link", rules("MATCH * WITH PRODUCTS FROM compile", "DISALLOW *"), nil)})
	l.Inspect = []in_toto.Inspection{{Type: "inspection", Run: []string{"false"}, SupplyChainItem: item("inner", rules(), rules())}}
	s.links["build"] = sign(t, l, false, "bob")
	return s, &l
}

func TestSublayout(t *testing.T) {
	t.Parallel()
	s, _ := nested(t)
	r := s.judge(t)
	if !r.Passed || r.Product != "build: app" || len(r.Steps[1].Layouts) != 1 || !r.Steps[1].Layouts[0].Passed || !slices.Equal(r.Steps[1].Holders, []string{"bob"}) {
		t.Fatalf("%+v", r)
	}
	if inner := r.Steps[1].Layouts[0]; len(inner.Steps) != 2 || !slices.Equal(inner.Inspections, []string{"inner"}) {
		t.Errorf("%+v", inner)
	}
}

func TestSublayoutFaults(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name  string
		fault func(*supply, *in_toto.Layout)
		want  string
	}{
		{"a step missing", func(s *supply, _ *in_toto.Layout) { delete(s.links, "compile") },
			"step build: none of its links counts (1): the layout in its place does not pass: step compile: it has no link"},
		{"the wrong functionary", func(s *supply, _ *in_toto.Layout) {
			s.links["compile"] = link(t, "compile", []string{"main.c=1"}, []string{"main.o=2"}, "alice")
		}, "does not pass: step compile: none of its links counts (1): alice signed with a key the layout does not name"},
		{"tampered between its steps", func(s *supply, _ *in_toto.Layout) {
			s.links["link"] = link(t, "link", []string{"main.o=3"}, []string{"app=A"}, "pipeline")
		}, `does not pass: step link: the rule "DISALLOW *" for its materials does not hold: "main.o" is there`},
		{"other materials than the step may take", func(s *supply, _ *in_toto.Layout) {
			s.links["compile"] = link(t, "compile", []string{"main.c=evil"}, []string{"main.o=2"}, "carol")
		}, `step build: the rule "DISALLOW *" for its materials does not hold: "main.c" is there`},
		{"another product", func(s *supply, _ *in_toto.Layout) {
			s.links["link"] = link(t, "link", []string{"main.o=2"}, []string{"app=B"}, "pipeline")
		}, "nothing ties the layout to the artifact: no product of step build"},
		{"expired", func(s *supply, l *in_toto.Layout) {
			l.Expires = "2026-06-01T12:00:00Z"
			s.links["build"] = sign(t, *l, false, "bob")
		}, "does not pass: it expired at 2026-06-01T12:00:00Z"},
		{"signed by nobody who may", func(s *supply, l *in_toto.Layout) { s.links["build"] = sign(t, *l, false, "mallory") }, "step build: it has no link"},
		{"signed by one who left", func(s *supply, l *in_toto.Layout) {
			s.layout.Keys[public(t, "gone").KeyID] = public(t, "gone")
			s.layout.Steps[1].PubKeys = []string{public(t, "gone").KeyID}
			s.links["build"] = sign(t, *l, false, "gone")
		}, "step build: none of its links counts (1): a signature counts for nobody: gone left"},
		{"threshold 0 inside", func(s *supply, l *in_toto.Layout) {
			l.Steps[0].Threshold = 0
			s.links["build"] = sign(t, *l, false, "bob")
		}, "does not pass: step compile: its threshold is 0"},
	} {
		s, inner := nested(t)
		row.fault(s, inner)
		r := s.judge(t)
		if r.Passed || !strings.Contains(strings.Join(r.Reasons, "\n"), row.want) {
			t.Errorf("%s: passed %v: %q\nwant %q", row.name, r.Passed, r.Reasons, row.want)
		}
	}
}

// TestSublayoutCycle: a layout never stands in for a link of itself, however far below.
func TestSublayoutCycle(t *testing.T) {
	t.Parallel()
	s := &supply{links: map[string][]byte{}, at: when(t, "2026-06-01T12:00:00Z"), signers: []string{"owner", "bob"}, artifact: "A"}
	s.layout = layoutOf(t, in_toto.Step{PubKeys: []string{"bob"}, Threshold: 1, SupplyChainItem: item("build", nil, nil)})
	s.links["itself"] = sign(t, s.layout, false, s.signers...)
	other := s.layout
	other.Readme = "another"
	s.links["other"] = sign(t, other, false, "bob")
	r := s.judge(t)
	if reasons := strings.Join(r.Reasons, "\n"); r.Passed || !strings.Contains(reasons, "step build: none of its links counts (2)") || strings.Count(canonical(t, r), "would stand in for a link of itself") < 2 {
		t.Errorf("%v %q", r.Passed, reasons)
	}
}

// TestSublayoutDepth: layouts stand in for links as deep as the limit, and no deeper; and a flood of them
// ends.
func TestSublayoutDepth(t *testing.T) {
	t.Parallel()
	deep := func(depth int) layout.Result {
		s := &supply{links: map[string][]byte{}, at: when(t, "2026-06-01T12:00:00Z"), signers: []string{"owner"}, artifact: "A"}
		keys := []string{"alice", "bob", "carol", "pipeline", "mallory", "p256:bob", "owner"}
		for i := range depth {
			l := layoutOf(t, in_toto.Step{PubKeys: []string{keys[i%len(keys)]}, Threshold: 1, SupplyChainItem: item(fmt.Sprintf("s%d", i), nil, nil)})
			if i == 0 {
				s.layout = l
				continue
			}
			s.links[fmt.Sprint(i)] = sign(t, l, false, keys[(i-1)%len(keys)])
		}
		s.links["end"] = link(t, fmt.Sprintf("s%d", depth-1), nil, []string{"app=A"}, keys[(depth-1)%len(keys)])
		return s.judge(t)
	}
	if r := deep(7); !r.Passed {
		t.Errorf("%q", r.Reasons)
	}
	s := &supply{links: map[string][]byte{}, at: when(t, "2026-06-01T12:00:00Z"), signers: []string{"owner"}, artifact: "A"}
	s.layout = layoutOf(t, in_toto.Step{PubKeys: []string{"bob"}, Threshold: 1, SupplyChainItem: item("build", nil, nil)})
	for i := range layout.MaxDepth {
		l := s.layout
		l.Readme = fmt.Sprint(i)
		s.links[l.Readme] = sign(t, l, false, "bob")
	}
	r := s.judge(t)
	if reasons := strings.Join(r.Reasons, "\n"); r.Passed || !strings.Contains(canonical(t, r), "over the limit layout-depth of 8") || !strings.Contains(canonical(t, r), "over the limit layouts of 64") || len(reasons) > 2000 {
		t.Errorf("%v, %d bytes of reasons", r.Passed, len(reasons))
	}
}
