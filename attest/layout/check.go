package layout

import (
	"fmt"
	"path"
	"strings"

	"github.com/in-toto/in-toto-golang/in_toto"

	"github.com/surety-dev/surety/attest"
)

// ruleWork is how much work it is to check a rule, of which a layout may have tens of thousands.
const ruleWork = 32

// check refuses a layout that cannot be understood in one way. It reports whether it can.
func (v *verification) check() bool {
	l := v.layout
	for _, s := range l.Steps {
		v.work += ruleWork * (len(s.Materials) + len(s.Products))
	}
	for _, i := range l.Inspections {
		v.work += ruleWork * (len(i.Materials) + len(i.Products))
	}
	if len(l.Steps) == 0 {
		v.fail("it has no steps")
	}
	seen := map[string]bool{}
	for i, s := range l.Steps {
		if seen[s.Name] {
			v.step(i, "another step has its name")
		}
		seen[s.Name] = true
		v.checkKeys(i, s)
		for _, rules := range [][][]string{s.Materials, s.Products} {
			for _, rule := range rules {
				if flaw := v.flaw(rule, false); flaw != "" {
					v.step(i, flaw)
				}
			}
		}
	}
	for _, i := range l.Inspections {
		if seen[i.Name] {
			v.fail("inspection " + i.Name + ": another step or inspection has its name")
		}
		seen[i.Name] = true
	}
	for _, i := range l.Inspections {
		for _, rules := range [][][]string{i.Materials, i.Products} {
			for _, rule := range rules {
				if flaw := v.flaw(rule, true); flaw != "" {
					v.fail("inspection " + i.Name + ": " + flaw)
				}
			}
		}
	}
	for _, s := range v.result.Steps {
		if len(s.Reasons) > 0 {
			return false
		}
	}
	return len(v.result.Reasons) == 0
}

// checkKeys refuses a step whose threshold nobody or everybody would meet.
func (v *verification) checkKeys(i int, s attest.LayoutStep) {
	named := map[string]bool{}
	for _, id := range s.Keys {
		named[id] = true
		if _, ok := v.key(id); !ok {
			v.step(i, fmt.Sprintf("it names the key %q, which the layout does not have", id))
		}
	}
	switch {
	case s.Threshold < 1:
		v.step(i, fmt.Sprintf("its threshold is %d: expected at least 1", s.Threshold))
	case len(named) == 0 && s.Constrained:
		v.step(i, "it names no keys, only constraints of certificates, which are not read")
	case s.Threshold > len(named):
		v.step(i, fmt.Sprintf("its threshold is %d, and it names %d keys", s.Threshold, len(named)))
	}
}

// key gives the layout's key by its id.
func (v *verification) key(id string) (attest.LayoutKey, bool) {
	for _, k := range v.layout.Keys {
		if k.ID == id {
			return k, true
		}
	}
	return attest.LayoutKey{}, false
}

// flaw says why an artifact rule cannot be understood in one way, "" if it can. An inspection's may match
// with inspections too.
func (v *verification) flaw(rule []string, inspection bool) string {
	text := strings.Join(rule, " ")
	r, ok := unpack(rule)
	switch {
	case !ok:
		return fmt.Sprintf("the rule %q is not one of in-toto's", text)
	case len(r["pattern"]) > maxPattern:
		return fmt.Sprintf("a pattern is over %d bytes", maxPattern)
	case !plainPattern(r["pattern"]):
		return fmt.Sprintf("the pattern of the rule %q is not understood alike everywhere: expected a path in its shortest form with *, ? and [a-z] at most", text)
	}
	if r["type"] != "match" {
		return ""
	}
	for _, prefix := range []string{r["srcPrefix"], r["dstPrefix"]} {
		if prefix != "" && path.Clean(prefix) != strings.TrimSuffix(prefix, "/") {
			return fmt.Sprintf("a prefix of the rule %q is not in its shortest form", text)
		}
	}
	known := v.index(r["dstName"]) >= 0
	for _, i := range v.layout.Inspections {
		known = known || inspection && i.Name == r["dstName"]
	}
	switch {
	case r["dstType"] != "materials" && r["dstType"] != "products":
		return fmt.Sprintf("the rule %q matches with %q: expected MATERIALS or PRODUCTS", text, r["dstType"])
	case !known:
		return fmt.Sprintf("the rule %q matches with %q, which is no step of the layout", text, r["dstName"])
	}
	return ""
}

// unpack reads an artifact rule; false if it is not one of in-toto's.
func unpack(rule []string) (map[string]string, bool) {
	if len(rule) == 0 {
		return nil, false
	}
	r, err := in_toto.UnpackRule(rule)
	return r, err == nil
}

// plainPattern reports whether all implementations of in-toto match a pattern alike. They do not with
// backslashes and "[^" (an escape and a negation in some, plain characters in others), nor with a
// bracket that is not closed; braces, plain characters in all, mean alternatives elsewhere.
func plainPattern(p string) bool {
	if p == "" || path.Clean(p) != p || strings.ContainsAny(p, `\{}`) {
		return false
	}
	for {
		before, after, found := strings.Cut(p, "[")
		if strings.Contains(before, "]") {
			return false
		}
		if !found {
			return true
		}
		class, rest, closed := strings.Cut(after, "]")
		if class = strings.TrimPrefix(class, "!"); !closed || !plainClass(class) {
			return false
		}
		p = rest
	}
}

// plainClass reports whether what stands in brackets is characters and ranges of them.
func plainClass(class string) bool {
	runes := []rune(class)
	for i := 0; i < len(runes); i++ {
		if strings.ContainsRune("-![^", runes[i]) {
			return false
		}
		if i+2 < len(runes) && runes[i+1] == '-' {
			if runes[i+2] < runes[i] || strings.ContainsRune("-![^", runes[i+2]) {
				return false
			}
			i += 2
		}
	}
	return len(runes) > 0
}

// limit says that a limit was reached.
func limit(name string, most int) string {
	return fmt.Sprintf("it is over the limit %s of %d", name, most)
}
