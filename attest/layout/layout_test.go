package layout_test

import (
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/in-toto/in-toto-golang/in_toto"

	"github.com/surety-dev/surety/attest"
	"github.com/surety-dev/surety/attest/layout"
)

// TestSupplyChain: a chain made with in-toto-golang's own recording verifies, in metablocks and in
// envelopes, and its inspection was not run.
func TestSupplyChain(t *testing.T) {
	t.Parallel()
	for _, dsse := range []bool{false, true} {
		s := good(t, dsse)
		r := s.judge(t)
		if !r.Passed || r.Product != "package: dist/app.tar" || !r.Expires.Equal(when(t, expires)) {
			t.Fatalf("%+v", r)
		}
		var got []string
		for _, step := range r.Steps {
			got = append(got, step.Name+" "+strings.Join(step.Holders, ",")+" people "+strings.Join(step.People, ","))
			if !step.Passed || len(step.Reasons) > 0 || len(step.Rules) == 0 {
				t.Errorf("%+v", step)
			}
			for _, rule := range step.Rules {
				if !rule.Held {
					t.Errorf("%s: %+v", step.Name, rule)
				}
			}
		}
		if diff := cmp.Diff([]string{"clone alice people alice", "build bob,carol people bob,carol", "package pipeline people "}, got); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff([]string{"untar"}, r.Inspections); diff != "" {
			t.Error(diff)
		}
		if _, err := os.Stat(s.inspected); !os.IsNotExist(err) {
			t.Errorf("the inspection was run: %v", err)
		}
	}
}

// TestRefusedWithTheStep: one fault each, and the reason names the step.
func TestRefusedWithTheStep(t *testing.T) {
	t.Parallel()
	drop := func(name string) func(testing.TB, *supply) {
		return func(_ testing.TB, s *supply) { delete(s.links, name) }
	}
	step := func(i int, change func(*in_toto.Step)) func(testing.TB, *supply) {
		return func(_ testing.TB, s *supply) { change(&s.layout.Steps[i]) }
	}
	src := []string{"src/main.c=x"}
	for _, row := range []struct {
		name  string
		fault func(testing.TB, *supply)
		want  string
	}{
		{"another artifact", func(_ testing.TB, s *supply) { s.artifact = "the packagE" }, "nothing ties the layout to the artifact: no product of step package"},
		{"an artifact of a step before", func(_ testing.TB, s *supply) { s.artifact = "the program" }, "nothing ties the layout to the artifact: no product of step package"},
		{"a tampered material", func(t testing.TB, s *supply) {
			s.links["package.pipeline"] = link(t, "package", []string{"out/app=another program"}, []string{"out/app=another program", "dist/app.tar=the package"}, "pipeline")
		}, `step package: the rule "DISALLOW *" for its materials does not hold: "out/app" is there`},
		{"a product out of nowhere", func(t testing.TB, s *supply) {
			s.links["package.pipeline"] = link(t, "package", []string{"out/app=the program"}, []string{"out/app=the program", "backdoor=x", "dist/app.tar=the package"}, "pipeline")
		}, `step package: the rule "DISALLOW *" for its products does not hold: "backdoor" is there`},
		{"a required product missing", func(t testing.TB, s *supply) {
			s.links["clone.alice"] = link(t, "clone", nil, []string{"src/util.c=x"}, "alice")
		}, `step clone: the rule "REQUIRE src/main.c" for its products does not hold`},
		{"no step clone", drop("clone.alice"), "step clone: it has no link"},
		{"no step package", drop("package.pipeline"), "step package: it has no link"},
		{"one link of two", drop("build.carol"), "step build: it takes 2 who did it alike, and there is only bob"},
		{"the wrong functionary", func(t testing.TB, s *supply) {
			s.links["clone.alice"] = link(t, "clone", nil, src, "bob")
		}, "step clone: none of its links counts (1): bob signed with a key the layout does not name for the step"},
		{"a functionary of no step", func(t testing.TB, s *supply) {
			s.links["clone.alice"] = link(t, "clone", nil, src, "mallory")
		}, "step clone: none of its links counts (1): mallory signed"},
		{"a functionary who left", func(t testing.TB, s *supply) {
			s.links["clone.alice"] = link(t, "clone", nil, src, "gone")
			s.layout.Keys[public(t, "gone").KeyID] = public(t, "gone")
			s.layout.Steps[0].PubKeys = []string{public(t, "gone").KeyID}
		}, "step clone: none of its links counts (1): a signature counts for nobody: gone left"},
		{"a link nobody signed", func(t testing.TB, s *supply) {
			s.links["clone.alice"] = []byte(strings.Replace(string(s.links["clone.alice"]), "src/main.c", "src/main.d", 1))
		}, "step clone: none of its links counts (1): none of its signatures was proven"},
		{"one functionary twice, with one key", func(t testing.TB, s *supply) {
			delete(s.links, "build.carol")
			s.links["build.bob2"] = append([]byte(" "), s.links["build.bob"]...)
		}, "step build: it takes 2 who did it alike, and there is only bob"},
		{"one link signed twice with one key", func(t testing.TB, s *supply) {
			delete(s.links, "build.carol")
			m := link(t, "build", src, src, "bob", "bob")
			s.links["build.bob"] = m
		}, "step build: it takes 2 who did it alike, and there is only bob"},
		{"one person with two keys", func(t testing.TB, s *supply) {
			delete(s.links, "build.carol")
			link := signed(t, s.links["build.bob"]).Statement
			l, _ := link.StepLink()
			again := in_toto.Link{Type: "link", Name: "build", Materials: hashes(l.Materials), Products: hashes(l.Products), ByProducts: map[string]any{}, Command: []string{}, Environment: map[string]any{}}
			s.links["build.bob2"] = sign(t, again, false, "p256:bob")
		}, "step build: it takes 2 who did it alike, and there is only bob"},
		{"two accounts that differ", func(t testing.TB, s *supply) {
			s.links["build.carol"] = link(t, "build", src, []string{"out/app=another program"}, "carol")
		}, "step build: it takes 2 who did it alike, and those who did it differ over its artifacts: bob; carol"},
		{"a link for another step", func(t testing.TB, s *supply) {
			s.links["clone.alice"] = link(t, "build", nil, src, "alice")
		}, "step clone: it has no link"},
		{"a step's name in another case", func(t testing.TB, s *supply) {
			s.links["clone.alice"] = link(t, "Clone", nil, src, "alice")
		}, "step clone: it has no link"},
		{"a path in another case", func(t testing.TB, s *supply) {
			s.links["package.pipeline"] = link(t, "package", []string{"out/App=the program"}, []string{"dist/app.tar=the package"}, "pipeline")
		}, `step package: the rule "DISALLOW *" for its materials does not hold: "out/App"`},
		{"a path composed otherwise", func(t testing.TB, s *supply) {
			s.links["package.pipeline"] = link(t, "package", []string{"out/a\u0301pp=the program"}, []string{"dist/app.tar=the package"}, "pipeline")
		}, `step package: the rule "DISALLOW *" for its materials does not hold`},
		{"a path with ..", func(t testing.TB, s *supply) {
			s.links["package.pipeline"] = link(t, "package", []string{"x/../out/app=the program"}, []string{"dist/app.tar=the package"}, "pipeline")
		}, `step package: none of its links counts (1): the path "x/../out/app" is not in its shortest form`},
		{"a path that leads out", func(t testing.TB, s *supply) {
			s.layout.Steps[2].ExpectedMaterials = rules("MATCH * WITH PRODUCTS IN out FROM build", "DISALLOW *")
			s.links["package.pipeline"] = link(t, "package", []string{"../src/main.c=x"}, []string{"dist/app.tar=the package"}, "pipeline")
		}, `step package: none of its links counts (1): the path "../src/main.c" leads out of where the step was done`},
		{"a path with //", func(t testing.TB, s *supply) {
			s.links["package.pipeline"] = link(t, "package", []string{"out/app=the program"}, []string{"dist//app.tar=the package"}, "pipeline")
		}, `step package: none of its links counts (1): the path "dist//app.tar" is not in its shortest form`},
		{"a weak digest", func(t testing.TB, s *supply) {
			s.links["clone.alice"] = sign(t, in_toto.Link{Type: "link", Name: "clone", Products: map[string]in_toto.HashObj{"src/main.c": {"sha1": strings.Repeat("a", 40)}}}, false, "alice")
		}, `step clone: none of its links counts (1): "src/main.c" has no sha256, sha384 or sha512`},
		{"no digest", func(t testing.TB, s *supply) {
			s.links["clone.alice"] = sign(t, in_toto.Link{Type: "link", Name: "clone", Products: map[string]in_toto.HashObj{"src/main.c": {}}}, false, "alice")
		}, `step clone: none of its links counts (1): "src/main.c" has no sha256, sha384 or sha512`},
		{"a digest in upper case", func(t testing.TB, s *supply) {
			s.links["clone.alice"] = sign(t, in_toto.Link{Type: "link", Name: "clone", Products: map[string]in_toto.HashObj{"src/main.c": {"sha256": strings.Repeat("A", 64)}}}, false, "alice")
		}, `step clone: none of its links counts (1): "src/main.c" is void`},
		{"a second step of the name", func(_ testing.TB, s *supply) {
			s.layout.Steps = append(s.layout.Steps, s.layout.Steps[0])
		}, "step clone: another step has its name"},
		{"an inspection of the name", func(_ testing.TB, s *supply) { s.layout.Inspect[0].Name = "build" }, "inspection build: another step or inspection has its name"},
		{"threshold 0", step(1, func(s *in_toto.Step) { s.Threshold = 0 }), "step build: its threshold is 0: expected at least 1"},
		{"threshold -1", step(1, func(s *in_toto.Step) { s.Threshold = -1 }), "step build: its threshold is -1: expected at least 1"},
		{"a threshold over the keys", step(0, func(s *in_toto.Step) { s.Threshold = 2 }), "step clone: its threshold is 2, and it names 1 keys"},
		{"one key named twice", step(0, func(s *in_toto.Step) { s.Threshold, s.PubKeys = 2, append(s.PubKeys, s.PubKeys[0]) }), "step clone: its threshold is 2, and it names 1 keys"},
		{"no keys", step(0, func(s *in_toto.Step) { s.PubKeys = nil }), "step clone: its threshold is 1, and it names 0 keys"},
		{"certificates only", step(0, func(s *in_toto.Step) {
			s.PubKeys, s.CertificateConstraints = nil, []in_toto.CertificateConstraint{{CommonName: "*"}}
		}), "step clone: it names no keys, only constraints of certificates, which are not read"},
		{"a key that is not there", step(0, func(s *in_toto.Step) { s.PubKeys = []string{"ab"} }), `step clone: it names the key "ab", which the layout does not have`},
		{"a key of another kind", func(t testing.TB, s *supply) {
			k := public(t, "alice")
			k.Scheme = "ecdsa-sha2-nistp256"
			s.layout.Keys[k.KeyID] = k
		}, "step clone: none of its links counts (1): alice signed with a key the layout does not name for the step"},
		{"no steps", func(_ testing.TB, s *supply) { s.layout.Steps = nil }, "it has no steps"},
		{"expired a second ago", func(t testing.TB, s *supply) { s.at = when(t, expires).Add(time.Second) }, "it expired at " + expires},
		{"expired now", func(t testing.TB, s *supply) { s.at = when(t, expires) }, "it expired at " + expires},
		{"an unknown rule", step(2, func(s *in_toto.Step) { s.ExpectedProducts = rules("PERMIT *") }), `step package: the rule "PERMIT *" is not one of in-toto's`},
		{"an empty rule", step(2, func(s *in_toto.Step) { s.ExpectedProducts = [][]string{{}} }), `step package: the rule "" is not one of in-toto's`},
		{"a rule of an inspection", func(_ testing.TB, s *supply) { s.layout.Inspect[0].ExpectedProducts = rules("PERMIT *") }, `inspection untar: the rule "PERMIT *" is not one of in-toto's`},
		{"a rule for no step", step(2, func(s *in_toto.Step) { s.ExpectedMaterials = rules("MATCH * WITH PRODUCTS FROM test") }), `step package: the rule "MATCH * WITH PRODUCTS FROM test" matches with "test", which is no step`},
		{"a rule for an inspection", step(2, func(s *in_toto.Step) { s.ExpectedMaterials = rules("MATCH * WITH PRODUCTS FROM untar") }), `matches with "untar", which is no step`},
		{"a rule for something else", step(2, func(s *in_toto.Step) { s.ExpectedMaterials = rules("MATCH * WITH BYPRODUCTS FROM build") }), `matches with "byproducts": expected MATERIALS or PRODUCTS`},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			s := good(t, false)
			row.fault(t, s)
			r := s.judge(t)
			if r.Passed || !strings.Contains(strings.Join(r.Reasons, "\n"), row.want) {
				t.Errorf("passed %v: %q\nwant %q", r.Passed, r.Reasons, row.want)
			}
		})
	}
}

// hashes are artifacts as in-toto has them.
func hashes(list []attest.LinkArtifact) map[string]in_toto.HashObj {
	m := map[string]in_toto.HashObj{}
	for _, a := range list {
		m[a.Path] = a.Digests
	}
	return m
}

// TestStillPasses: what may be beside a good chain.
func TestStillPasses(t *testing.T) {
	t.Parallel()
	src := []string{"src/main.c=x"}
	for _, row := range []struct {
		name   string
		change func(testing.TB, *supply)
	}{
		{"a second before it expires", func(t testing.TB, s *supply) { s.at = when(t, expires).Add(-time.Second) }},
		{"no inspection, and the last step's product", func(_ testing.TB, s *supply) { s.layout.Inspect = nil }},
		{"a third builder, of another opinion", func(t testing.TB, s *supply) {
			s.links["build.bob2"] = link(t, "build", src, []string{"out/app=another program"}, "p256:bob")
		}},
		{"links of another release", func(t testing.TB, s *supply) {
			s.links["a"] = link(t, "clone", nil, []string{"src/main.c=new"}, "alice")
			s.links["b"] = link(t, "build", []string{"src/main.c=new"}, []string{"src/main.c=new", "out/app=newer"}, "bob", "carol")
			s.links["c"] = link(t, "package", []string{"out/app=newer"}, []string{"dist/app.tar=newest"}, "pipeline")
		}},
		{"links by strangers", func(t testing.TB, s *supply) {
			for _, step := range []string{"clone", "build", "package"} {
				s.links[step+".mallory"] = link(t, step, nil, src, "mallory")
			}
		}},
		{"links of no step", func(t testing.TB, s *supply) { s.links["x"] = link(t, "lunch", nil, src, "alice") }},
		{"a link signed by both", func(t testing.TB, s *supply) {
			l, _ := signed(t, s.links["build.bob"]).Statement.StepLink()
			delete(s.links, "build.carol")
			s.links["build.bob"] = sign(t, in_toto.Link{Type: "link", Name: "build", Materials: hashes(l.Materials), Products: hashes(l.Products), ByProducts: map[string]any{}, Command: []string{}, Environment: map[string]any{}}, false, "bob", "carol", "mallory")
		}},
		{"rules in lower case", func(_ testing.TB, s *supply) {
			s.layout.Steps[1].ExpectedMaterials = rules("match src/* with products from clone", "disallow *")
		}},
		{"a key under another id", func(t testing.TB, s *supply) {
			k := public(t, "alice")
			delete(s.layout.Keys, k.KeyID)
			k.KeyID = "ab"
			s.layout.Keys["ab"], s.layout.Steps[0].PubKeys[0] = k, "ab"
		}},
	} {
		s := good(t, false)
		row.change(t, s)
		if r := s.judge(t); !r.Passed {
			t.Errorf("%s: %q", row.name, r.Reasons)
		}
	}
}

// TestSameBytes: 400 shuffles and repetitions give the same bytes.
func TestSameBytes(t *testing.T) {
	t.Parallel()
	s := good(t, false)
	s.links["other"] = link(t, "build", nil, []string{"out/app=another", "a=1", "b=2", "A=1"}, "bob", "carol")
	s.links["package.2"] = link(t, "package", []string{"out/app=another"}, []string{"x=1", "y=2", "dist/app.tar=the package"}, "pipeline")
	root := signed(t, sign(t, s.layout, false, "owner"))
	artifact, _ := attest.NewArtifact("pkg:generic/x@1", attest.Digests{"sha256": digest("the package")})
	broken, _ := attest.NewArtifact("pkg:generic/x@1", attest.Digests{"sha256": digest("x")})
	var all []layout.Signed
	for _, name := range sorted(s.links) {
		one := signed(t, s.links[name])
		all = append(all, one, one)
	}
	for _, a := range []attest.Artifact{artifact, broken} {
		want := ""
		for n := range 400 {
			evidence := slices.Clone(all)
			random := rand.New(rand.NewPCG(uint64(n), 1))
			random.Shuffle(len(evidence), func(i, j int) { evidence[i], evidence[j] = evidence[j], evidence[i] })
			got := canonical(t, layout.Verify(root, evidence, a, s.at))
			if n == 0 {
				want = got
			}
			if got != want {
				t.Fatalf("time %d\n%s\nwant\n%s", n, got, want)
			}
		}
	}
}
