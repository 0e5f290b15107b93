package verify

// LayoutOutcome is what became of an in-toto layout, step by step: of one that was approved, or of one that
// might stand in for a link of it.
type LayoutOutcome struct {
	// Evidence is the digest of the item that is the layout.
	Evidence string `json:"evidence"`
	// Within is the Evidence of the approved layout whose chain it is part of; "" for an approved layout.
	Within string `json:"within"`
	// StandsFor are the steps it would stand in for a link of, from that layout's down: "build/compile"; ""
	// for an approved layout.
	StandsFor string `json:"standsFor"`
	// Passed says that every step passed, that the layout has not ended, and that the artifact came of it.
	Passed bool `json:"passed"`
	// Reasons say why it has not passed, those about a step naming it; empty if it has.
	Reasons []string `json:"reasons"`
	// ApprovedBy are the people who approved it, sorted; empty for a layout that stands in for a link.
	ApprovedBy []string `json:"approvedBy"`
	// Expires is when the layout ends.
	Expires Time `json:"expires"`
	// Product is which product of which step is the artifact: "package: dist/api.tar.gz"; "" if none, and
	// for a layout that stands in for a link.
	Product string `json:"product"`
	// Steps are its steps, in its order.
	Steps []StepOutcome `json:"steps"`
	// Inspections are the names of its inspections. None was run.
	Inspections []string `json:"inspectionsNotRun"`
}

// StepOutcome is what became of one step of a layout.
type StepOutcome struct {
	// Name is its name.
	Name string `json:"name"`
	// Threshold is how many holders must have done it alike.
	Threshold int `json:"threshold"`
	// Passed says that they have, and that the rules for its artifacts hold.
	Passed bool `json:"passed"`
	// Reasons say why it has not passed; empty if it has.
	Reasons []string `json:"reasons"`
	// Holders are the people and workloads who did it and whose account is used, sorted.
	Holders []string `json:"holders"`
	// People are those of them who are people, sorted.
	People []string `json:"people"`
	// Links are the links for it, and the layouts that might stand in for one, by evidence.
	Links []LinkOutcome `json:"links"`
	// Rules are the rules for its artifacts, as far as they were judged.
	Rules []ArtifactRule `json:"rules"`
	// Alike are paths of the link used that differ only in case or in Unicode's composition, sorted.
	Alike []string `json:"alike"`
}

// LinkOutcome is what became of one link for a step.
type LinkOutcome struct {
	// Evidence is the digest of the item.
	Evidence string `json:"evidence"`
	// Holders are those it counts for, sorted.
	Holders []string `json:"holders"`
	// Used says that the step passed with it, or came closest.
	Used bool `json:"used"`
	// Reasons say why it, or a signature of it, does not count.
	Reasons []string `json:"reasons"`
}

// ArtifactRule is what became of one rule of a layout for artifacts.
type ArtifactRule struct {
	// Of is what it is for: "materials" or "products".
	Of string `json:"of"`
	// Text is the rule.
	Text string `json:"text"`
	// Held says that it was not violated.
	Held bool `json:"held"`
	// Path is the first material or product that violates it; "" if none does.
	Path string `json:"path"`
}

// filled is the outcome with empty lists where there were none.
func (l LayoutOutcome) filled() LayoutOutcome {
	l.Reasons, l.ApprovedBy, l.Inspections = list(l.Reasons), list(l.ApprovedBy), list(l.Inspections)
	l.Steps = append([]StepOutcome{}, l.Steps...)
	for i := range l.Steps {
		s := &l.Steps[i]
		s.Reasons, s.Holders, s.People, s.Alike, s.Rules = list(s.Reasons), list(s.Holders), list(s.People), list(s.Alike), list(s.Rules)
		s.Links = append([]LinkOutcome{}, s.Links...)
		for n := range s.Links {
			s.Links[n].Holders, s.Links[n].Reasons = list(s.Links[n].Holders), list(s.Links[n].Reasons)
		}
	}
	return l
}

// links adds to digests the links, and layouts in their place, that the outcome speaks of; only those used, if
// so asked.
func (l LayoutOutcome) links(digests map[string]bool, used bool) {
	for _, s := range l.Steps {
		for _, link := range s.Links {
			if link.Used || !used {
				digests[link.Evidence] = true
			}
		}
	}
}
