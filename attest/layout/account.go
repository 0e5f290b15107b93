package layout

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/in-toto/in-toto-golang/in_toto"
	"golang.org/x/text/unicode/norm"

	"github.com/surety-dev/surety/attest"
)

// account is what the links of a step say of its artifacts, where they say the same.
type account struct {
	link     *attest.StepLink
	holders  map[string]bool // who says so; true: a person
	evidence []string        // the links that do
	metadata in_toto.Metadata
	matched  []attest.LinkArtifact // the products that are the artifact
	layouts  []outcome             // of those that stand in for links
}

// linkWork is how much work it is to tell of a link.
const linkWork = 8

// gather finds a step's links and the accounts that enough holders give.
func (v *verification) gather(i int) {
	step, out := v.layout.Steps[i], &v.result.Steps[i]
	keys := v.keys(step)
	var accounts []*account
	alike := map[string]*account{}
	for _, e := range v.evidence {
		if e.link != nil && e.link.Name != step.Name || e.link == nil && !slices.ContainsFunc(e.Signers, func(s Signer) bool { return keys[s.Key] }) {
			continue
		}
		if v.work > MaxWork {
			return
		}
		v.work += linkWork
		l := Link{Evidence: e.Evidence}
		holders := l.count(e.Signers, keys)
		for _, o := range v.vouched(i, e, &l) {
			if len(holders) == 0 {
				break
			}
			v.work += len(o.link.Materials) + len(o.link.Products)
			content := contentOf(o.link)
			a := alike[content]
			if a == nil {
				a = v.account(o.link)
				alike[content] = a
				accounts = append(accounts, a)
			}
			maps.Copy(a.holders, holders)
			a.evidence = append(a.evidence, e.Evidence)
			if e.link == nil {
				a.layouts = append(a.layouts, o)
			}
		}
		out.Links = append(out.Links, l)
	}
	for _, a := range accounts {
		if len(a.holders) >= step.Threshold {
			v.options[i] = append(v.options[i], a)
		}
	}
	sorted(v.options[i])
	if len(v.options[i]) == 0 {
		v.step(i, lack(out, accounts))
	}
}

// keys are the fingerprints of the keys that may do a step.
func (v *verification) keys(step attest.LayoutStep) map[[32]byte]bool {
	keys := map[[32]byte]bool{}
	for _, id := range step.Keys {
		k, _ := v.key(id)
		if f, ok := fingerprint(k); ok {
			keys[f] = true
		}
	}
	return keys
}

// count finds whom a link counts for, and says why its other signatures count for nobody.
func (l *Link) count(signers []Signer, keys map[[32]byte]bool) map[string]bool {
	holders := map[string]bool{}
	if len(signers) == 0 {
		l.Reasons = append(l.Reasons, "none of its signatures was proven")
	}
	for _, s := range signers {
		switch {
		case s.Reason != "" || s.Holder == "":
			l.Reasons = append(l.Reasons, "a signature counts for nobody: "+s.Reason)
		case !keys[s.Key]:
			l.Reasons = append(l.Reasons, s.Holder+" signed with a key the layout does not name for the step")
		default:
			holders[s.Holder] = s.Person
		}
	}
	slices.Sort(l.Reasons)
	l.Reasons = slices.Compact(l.Reasons)
	l.Holders = slices.Sorted(maps.Keys(holders))
	return holders
}

// vouched gives what a link, or a layout in place of one, says, the latter perhaps in several ways; none if
// it does not count.
func (v *verification) vouched(i int, e entry, l *Link) []outcome {
	if e.link != nil {
		if flaw := flawOf(e.link); flaw != "" {
			l.Reasons = append(l.Reasons, flaw)
			return nil
		}
		return []outcome{{link: e.link}}
	}
	switch {
	case len(l.Holders) == 0:
		return nil
	case slices.Contains(v.path, e.Evidence):
		l.Reasons = append(l.Reasons, "the layout would stand in for a link of itself")
		return nil
	case len(v.path) >= MaxDepth:
		l.Reasons = append(l.Reasons, limit("layout-depth", MaxDepth))
		return nil
	case v.layouts >= MaxLayouts:
		l.Reasons = append(l.Reasons, limit("layouts", MaxLayouts))
		return nil
	}
	ways := v.verify(e.Signed, v.path)
	result := ways[0].result()
	v.result.Steps[i].Layouts = append(v.result.Steps[i].Layouts, result)
	if !result.Passed {
		l.Reasons = append(l.Reasons, "the layout in its place does not pass: "+few(result.Reasons))
		return nil
	}
	return ways
}

// maxPath bounds a path, and maxPattern a pattern: matching takes as long as their product.
const maxPath, maxPattern = 1024, 256

// flawOf says why a link's artifacts cannot be told apart or compared everywhere alike, "" if they can.
func flawOf(l *attest.StepLink) string {
	for _, list := range [][]attest.LinkArtifact{l.Materials, l.Products} {
		for _, a := range list {
			d := a.Digests
			switch {
			case len(a.Path) > maxPath:
				return fmt.Sprintf("a path is over %d bytes", maxPath)
			case path.Clean(a.Path) != a.Path:
				return fmt.Sprintf("the path %q is not in its shortest form", a.Path)
			case a.Path == ".." || strings.HasPrefix(a.Path, "../"):
				return fmt.Sprintf("the path %q leads out of where the step was done", a.Path)
			case a.Void != "":
				return fmt.Sprintf("%q is void: %s", a.Path, a.Void)
			case d["sha256"] == "" && d["sha384"] == "" && d["sha512"] == "":
				return fmt.Sprintf("%q has no sha256, sha384 or sha512", a.Path)
			}
		}
	}
	return ""
}

// contentOf tells links apart by their artifacts.
func contentOf(l *attest.StepLink) string {
	var b strings.Builder
	for _, list := range [][]attest.LinkArtifact{l.Materials, l.Products} {
		for _, a := range list {
			b.WriteString(strconv.Quote(a.Path))
			for _, alg := range slices.Sorted(maps.Keys(a.Digests)) {
				b.WriteString(strconv.Quote(alg) + strconv.Quote(a.Digests[alg]))
			}
			b.WriteByte(',')
		}
		b.WriteByte(';')
	}
	return b.String()
}

// account makes the account a link gives.
func (v *verification) account(l *attest.StepLink) *account {
	a := &account{link: l, holders: map[string]bool{}, metadata: metadata(l.Materials, l.Products)}
	for _, p := range l.Products {
		if v.artifact.MatchedByLink(p) == nil {
			a.matched = append(a.matched, p)
		}
	}
	return a
}

// lack says why no account of a step is given by enough holders.
func lack(step *Step, accounts []*account) string {
	var reasons []string
	for _, l := range step.Links {
		reasons = append(reasons, l.Reasons...)
	}
	var who []string
	for _, a := range accounts {
		who = append(who, strings.Join(slices.Sorted(maps.Keys(a.holders)), ", "))
	}
	slices.Sort(who)
	what := fmt.Sprintf("it takes %d who did it alike, ", step.Threshold)
	switch {
	case len(step.Links) == 0:
		return "it has no link"
	case len(accounts) == 0:
		what = fmt.Sprintf("none of its links counts (%d)", len(step.Links))
	case len(accounts) == 1:
		what += "and there is only " + who[0]
	default:
		what += "and those who did it differ over its artifacts: " + strings.Join(who, "; ")
	}
	if len(reasons) > 0 {
		what += ": " + few(reasons)
	}
	return what
}

// few are the first reasons of many.
func few(reasons []string) string {
	const most = 3
	if n := len(reasons); n > most {
		return fmt.Sprintf("%s; and %d more", strings.Join(reasons[:most], "; "), n-most)
	}
	return strings.Join(reasons, "; ")
}

// use enters the account a step passed with, or came closest.
func (s *Step) use(a *account) {
	s.Holders = slices.Sorted(maps.Keys(a.holders))
	for _, h := range s.Holders {
		if a.holders[h] {
			s.People = append(s.People, h)
		}
	}
	for i := range s.Links {
		s.Links[i].Used = slices.Contains(a.evidence, s.Links[i].Evidence)
	}
	for _, o := range a.layouts {
		r := o.result()
		s.Layouts[slices.IndexFunc(s.Layouts, func(l Result) bool { return l.Evidence == r.Evidence })] = r
	}
	s.Alike = alike(a.link)
}

// alike are the paths of a link that differ only in case or in Unicode's composition.
func alike(l *attest.StepLink) []string {
	folded := map[string]map[string]bool{}
	for _, list := range [][]attest.LinkArtifact{l.Materials, l.Products} {
		for _, a := range list {
			f := strings.ToLower(norm.NFC.String(a.Path))
			if folded[f] == nil {
				folded[f] = map[string]bool{}
			}
			folded[f][a.Path] = true
		}
	}
	var out []string
	for _, paths := range folded {
		if len(paths) > 1 {
			out = slices.AppendSeq(out, maps.Keys(paths))
		}
	}
	slices.Sort(out)
	return out
}
