package layout

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"sort"
	"strings"

	"github.com/in-toto/in-toto-golang/in_toto"

	"github.com/surety-dev/surety/attest"
)

// The lists of rules a step has.
const (
	materials = "materials"
	products  = "products"
)

// metadata is a link as in-toto's rules take it.
func metadata(in, out []attest.LinkArtifact) in_toto.Metadata {
	hashes := func(list []attest.LinkArtifact) map[string]in_toto.HashObj {
		m := make(map[string]in_toto.HashObj, len(list))
		for _, a := range list {
			m[a.Path] = a.Digests
		}
		return m
	}
	return &in_toto.Metablock{Signed: in_toto.Link{Type: "link", Materials: hashes(in), Products: hashes(out)}}
}

// matches are the other steps that the rules of step i match with, sorted.
func (v *verification) matches(i int) []int {
	var needs []int
	for _, rule := range slices.Concat(v.layout.Steps[i].Materials, v.layout.Steps[i].Products) {
		if r, _ := unpack(rule); r["type"] == "match" {
			needs = append(needs, v.index(r["dstName"]))
		}
	}
	slices.Sort(needs)
	return slices.DeleteFunc(slices.Compact(needs), func(n int) bool { return n == i })
}

// holds reports whether the rules of step i hold of the accounts chosen.
func (v *verification) holds(i int) bool {
	step := v.layout.Steps[i]
	return !v.refused(i, materials, step.Materials) && !v.refused(i, products, step.Products)
}

// refused reports whether rules for a list of artifacts of step i do not hold of the account chosen.
func (v *verification) refused(i int, of string, rules [][]string) bool {
	return v.violated(i, of, rules, v.chosen[i].metadata) || v.stray(i, of, rules) != ""
}

// stray is the first material or product of step i that the rules let through only because in-toto-golang
// lets a MATCH take what is not under its source prefix, and cleans away what leads out of its destination
// prefix. To the specification and its reference implementation the rule says nothing of these; "" for none.
func (v *verification) stray(i int, of string, rules [][]string) string {
	link := v.chosen[i].link
	unpacked := make([]map[string]string, len(rules))
	prefixed := false
	for n, rule := range rules {
		unpacked[n], _ = unpack(rule)
		prefixed = prefixed || unpacked[n]["srcPrefix"]+unpacked[n]["dstPrefix"] != ""
	}
	if !prefixed {
		return ""
	}
	for _, a := range artifacts(link, of) {
		var kept [][]string
		taken := false
		for n, r := range unpacked {
			v.work++
			switch {
			case r["type"] == "require":
			case astray(r, a) && v.takes(r, a):
				taken = true
			default:
				kept = append(kept, rules[n])
			}
		}
		if !taken {
			continue
		}
		alone := metadata([]attest.LinkArtifact{a}, link.Products)
		if of == products {
			alone = metadata(link.Materials, []attest.LinkArtifact{a})
		}
		if v.violated(i, of, kept, alone) {
			return a.Path
		}
	}
	return ""
}

// astray reports whether a rule's prefixes keep it from saying anything of an artifact.
func astray(r map[string]string, a attest.LinkArtifact) bool {
	prefix := strings.TrimSuffix(r["srcPrefix"], "/")
	return prefix != "" && !strings.HasPrefix(a.Path, prefix+"/") || prefix == "" && r["dstPrefix"] != "" && path.IsAbs(a.Path)
}

// takes reports whether in-toto-golang might let a rule take an artifact that is astray.
func (v *verification) takes(r map[string]string, a attest.LinkArtifact) bool {
	there := artifacts(v.chosen[v.index(r["dstName"])].link, r["dstType"])
	n, found := slices.BinarySearchFunc(there, path.Join(r["dstPrefix"], a.Path), func(x attest.LinkArtifact, path string) int { return strings.Compare(x.Path, path) })
	return found && maps.Equal(there[n].Digests, a.Digests)
}

// artifacts are the materials or products of a link, by path.
func artifacts(l *attest.StepLink, of string) []attest.LinkArtifact {
	if of == materials {
		return l.Materials
	}
	return l.Products
}

// violated holds rules for a list of artifacts against the metadata of step i, which need not be all of
// its account. They are in-toto's to understand; why it refuses is not read off its message, which lists
// artifacts in an order of chance.
func (v *verification) violated(i int, of string, rules [][]string, m in_toto.Metadata) bool {
	link := m.GetPayload().(in_toto.Link)
	n, bytes := 1+len(link.Materials)+len(link.Products), 0
	for _, list := range []map[string]in_toto.HashObj{link.Materials, link.Products} {
		for name := range list {
			bytes += len(name)
		}
	}
	for _, rule := range rules {
		v.work += n + bytes*len(strings.Join(rule, " "))/64
		if r, _ := unpack(rule); r["type"] == "match" { // which looks at all it might match with
			v.work += len(artifacts(v.chosen[v.index(r["dstName"])].link, r["dstType"]))
		}
	}
	if v.work > MaxWork {
		return true
	}
	links := map[string]in_toto.Metadata{}
	for _, n := range v.needs[i] {
		links[v.layout.Steps[n].Name] = v.chosen[n].metadata
	}
	item := in_toto.SupplyChainItem{Name: v.layout.Steps[i].Name}
	links[item.Name] = m
	if of == materials {
		item.ExpectedMaterials = rules
	} else {
		item.ExpectedProducts = rules
	}
	return in_toto.VerifyArtifacts([]any{in_toto.Step{Type: "step", SupplyChainItem: item}}, links) != nil
}

// report says what became of step i: with which account, and which rules hold of it.
func (v *verification) report(i int) {
	out := &v.result.Steps[i]
	if v.chosen[i] == nil {
		return
	}
	out.use(v.chosen[i])
	if v.work > MaxWork {
		return
	}
	for _, n := range v.needs[i] {
		if v.chosen[n] == nil {
			v.step(i, fmt.Sprintf("its rules were not judged, for they match with step %s", v.layout.Steps[n].Name))
			return
		}
	}
	v.rules(i, materials, v.layout.Steps[i].Materials)
	v.rules(i, products, v.layout.Steps[i].Products)
	out.Passed = len(out.Reasons) == 0 && v.work <= MaxWork
}

// rules enters what became of a list of rules of step i. Those after the first that is violated are not
// judged.
func (v *verification) rules(i int, of string, rules [][]string) {
	out := &v.result.Steps[i]
	first := len(rules)
	if v.refused(i, of, rules) {
		first = sort.Search(len(rules)-1, func(n int) bool { return v.refused(i, of, rules[:n+1]) })
	}
	if v.work > MaxWork {
		return
	}
	for _, rule := range rules[:first] {
		out.Rules = append(out.Rules, Rule{Of: of, Text: strings.Join(rule, " "), Held: true})
	}
	if first == len(rules) {
		return
	}
	broken := Rule{Of: of, Text: strings.Join(rules[first], " ")}
	reason := fmt.Sprintf("the rule %q for its %s does not hold", broken.Text, of)
	if r, _ := unpack(rules[first]); r["type"] == "disallow" {
		broken.Path = v.offending(i, of, rules[:first+1])
		reason += fmt.Sprintf(": %q is there, and no rule before lets it through", broken.Path)
	} else {
		reason += ": it is not there, or a rule before has taken it" // REQUIRE, the only other that can be violated
	}
	if v.work > MaxWork {
		return
	}
	out.Rules = append(out.Rules, broken)
	v.step(i, reason)
}

// offending is the first material or product that violates the last of the rules, a DISALLOW. Whether one
// does depends on no other of its list.
func (v *verification) offending(i int, of string, rules [][]string) string {
	rules = slices.DeleteFunc(slices.Clone(rules), func(rule []string) bool {
		r, _ := unpack(rule)
		return r["type"] == "require"
	})
	link := v.chosen[i].link
	if stray := v.stray(i, of, rules); stray != "" {
		return stray
	}
	list := artifacts(link, of)
	n := sort.Search(len(list)-1, func(n int) bool {
		m := metadata(list[:n+1], link.Products)
		if of == products {
			m = metadata(link.Materials, list[:n+1])
		}
		return v.violated(i, of, rules, m)
	})
	return list[n].Path
}
