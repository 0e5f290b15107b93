package layout

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/in-toto/in-toto-golang/in_toto"

	"github.com/surety-dev/surety/attest"
)

// delivery is where a layout says that what is delivered comes from: a step, and the rule of an
// inspection that matches with its products; no rule where none does.
type delivery struct {
	step       int
	inspection string
	rule       []string
	before     [][]string // the inspection's rules before it that allow or disallow
}

// deliveries are those of the layout: "the last step denotes what goes out" (in-toto-golang,
// GetSummaryLink), unless inspections say what the delivered files must match.
func (v *verification) deliveries() []delivery {
	var list []delivery
	for _, i := range v.layout.Inspections {
		var before [][]string
		for _, rule := range i.Materials {
			r, _ := unpack(rule)
			switch {
			case r["type"] == "match" && r["dstType"] == products && v.index(r["dstName"]) >= 0:
				list = append(list, delivery{v.index(r["dstName"]), i.Name, rule, slices.Clip(before)})
			case r["type"] == "allow" || r["type"] == "disallow":
				before = append(before, rule)
			}
		}
	}
	if len(list) == 0 {
		list = []delivery{{step: len(v.layout.Steps) - 1}}
	}
	return list
}

// product names the product of the accounts chosen that is the artifact, "" if none is.
func (v *verification) product() string {
	for _, d := range v.deliveries() {
		for _, p := range v.chosen[d.step].matched {
			if d.rule == nil || v.delivers(d, p) {
				return v.layout.Steps[d.step].Name + ": " + p.Path
			}
		}
	}
	return ""
}

// delivers reports whether an inspection's rule matches a product, and none before disallows it, had the
// inspection found it where the rule looks.
func (v *verification) delivers(d delivery, p attest.LinkArtifact) bool {
	r, _ := unpack(d.rule)
	base := p.Path
	if prefix := strings.TrimSuffix(r["dstPrefix"], "/"); prefix != "" {
		var under bool
		if base, under = strings.CutPrefix(p.Path, prefix+"/"); !under {
			return false
		}
	}
	v.work += 1 + len(d.before)
	found := attest.LinkArtifact{Path: path.Join(r["srcPrefix"], base), Digests: p.Digests}
	inspection := func(rules ...[]string) in_toto.Inspection {
		return in_toto.Inspection{Type: "inspection", SupplyChainItem: in_toto.SupplyChainItem{Name: d.inspection, ExpectedMaterials: rules}}
	}
	links := map[string]in_toto.Metadata{
		d.inspection:                metadata([]attest.LinkArtifact{found}, nil),
		v.layout.Steps[d.step].Name: metadata(nil, []attest.LinkArtifact{p}),
	}
	return in_toto.VerifyArtifacts([]any{inspection(d.before...), inspection(d.rule, []string{"DISALLOW", "*"})}, links) == nil
}

// deliver enters which product is the artifact, or that none is. Where steps have no account, nothing can
// be said.
func (v *verification) deliver(whole bool) {
	if !whole {
		return
	}
	if v.result.Product = v.product(); v.result.Product != "" {
		return
	}
	var steps []string
	for _, d := range v.deliveries() {
		if name := "step " + v.layout.Steps[d.step].Name; !slices.Contains(steps, name) {
			steps = append(steps, name)
		}
	}
	digests := v.artifact.Digests()
	var want []string
	for _, alg := range slices.Sorted(maps.Keys(digests)) {
		want = append(want, alg+":"+digests[alg])
	}
	v.fail(fmt.Sprintf("nothing ties the layout to the artifact: no product of %s is %s", strings.Join(steps, ", "), strings.Join(want, " ")))
}
