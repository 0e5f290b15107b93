package lint

import (
	"github.com/surety-dev/surety/internal/pattern"
	"github.com/surety-dev/surety/ownership"
)

// specificity is what decides between entries for one control (design §4.7): only equal ones can tie.
type specificity struct {
	control   ownership.Control
	prefix    string
	wildcards int
}

// ties calls yield for each two entries of which neither is the more specific and that answer differently,
// the later one first, with the pattern of it that meets one of the earlier one.
func (d *documents) ties(yield func(later, earlier ownership.Assignment, text string)) {
	type entry struct {
		pattern pattern.Pattern
		of      int
	}
	groups := map[specificity][]entry{}
	met := map[[2]int]bool{}
	for i, a := range d.assignments {
		for _, text := range a.Artifacts {
			p, err := pattern.Parse(text)
			if err != nil {
				continue
			}
			key := specificity{a.Control, p.Prefix(), p.Wildcards()}
			for _, other := range groups[key] {
				b := d.assignments[other.of]
				name, both := pattern.Overlap(p, other.pattern)
				if !both || met[[2]int{other.of, i}] || a.Ownership.Accountable == b.Ownership.Accountable && a.Ownership.Page == b.Ownership.Page {
					continue
				}
				if _, owned := d.view.Control(a.Control, name); owned {
					continue // a more specific entry decides
				}
				met[[2]int{other.of, i}] = true
				yield(a, b, text)
			}
			groups[key] = append(groups[key], entry{p, i})
		}
	}
}
