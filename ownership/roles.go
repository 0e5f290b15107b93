package ownership

import (
	"slices"
	"strings"

	"github.com/surety-dev/surety/internal/document"
)

// RolesKind heads every Roles as JSON.
const RolesKind = "Roles"

// Roles says who answers for each control over whatever artifacts the document names, as
// of a time: every role of every control. Its JSON is documented in docs/who.md.
type Roles struct {
	Head
	// Controls are the answers the document gives, by control, upstream first, and then in
	// the document's order; of a control nobody is named for, one without artifacts.
	Controls []Covering `json:"controls"`
	// Overruled are the positions of the entries that hold and that more specific ones
	// leave nothing to answer for.
	Overruled []string `json:"overruled"`
	// Gaps are what is missing, by control.
	Gaps []Gap `json:"gaps"`
}

// Covering is one answer and the artifacts it is for.
type Covering struct {
	// Artifacts are the patterns for some of whose artifacts it answers, in the
	// document's order: names are made up for each.
	Artifacts []string `json:"artifacts"`
	Answering
}

// Roles gives every role of the controls, or of all where none is given.
func (v View) Roles(controls ...Control) Roles {
	r := Roles{Head: v.head(RolesKind), Controls: []Covering{}, Overruled: []string{}, Gaps: []Gap{}}
	for c := PublisherIdentity; c <= Monitoring; c++ {
		if len(controls) > 0 && !slices.Contains(controls, c) {
			continue
		}
		answers, overruled := v.coverings(c)
		r.Overruled = append(r.Overruled, overruled...)
		for _, answer := range answers {
			artifacts := strings.Join(answer.Artifacts, ", ")
			if artifacts == "" {
				artifacts = "any artifact"
			}
			r.Gaps = append(r.Gaps, v.gapsOfControls(artifacts, []Answering{answer.Answering})...)
		}
		r.Controls = append(r.Controls, answers...)
	}
	return r
}

// JSON gives the answer as one line of JSON, as Who.JSON does.
func (r Roles) JSON() ([]byte, error) { return encode(r) }

// coverings gives the answers for a control, one of each, and the entries that never answer.
func (v View) coverings(c Control) (answers []Covering, overruled []string) {
	place := map[string]int{} // of the answer that rests on these positions
	tried := map[string]int{} // of the answer for a name
	used := map[document.Place]bool{}
	type answerOf struct {
		answer    int
		artifacts string
	}
	listed := map[answerOf]bool{}
	entries := slices.DeleteFunc(slices.Clone(v.model.owners), func(o *owner) bool { return o.control != c || !o.interval.Contains(v.t) })
	for _, o := range entries {
		for _, p := range o.artifacts {
			for _, name := range p.Samples() {
				i, known := tried[name]
				if !known {
					named := v.named(c, name)
					key := rests(named, used)
					if i, known = place[key]; !known {
						i = len(answers)
						answers, place[key] = append(answers, Covering{Answering: v.answeringOf(c, named)}), i
					}
					tried[name] = i
				}
				if of := (answerOf{i, p.String()}); !listed[of] {
					listed[of] = true
					answers[i].Artifacts = append(answers[i].Artifacts, of.artifacts)
				}
			}
		}
	}
	for _, o := range entries {
		if !used[o.at] {
			overruled = append(overruled, o.at.String())
		}
	}
	if len(answers) == 0 {
		answers = []Covering{{[]string{}, v.answeringOf(c, nil)}}
	}
	return answers, overruled
}

// rests gives the positions an answer rests on, as one text, and notes that they are used.
func rests(named []*owner, used map[document.Place]bool) string {
	var positions []string
	for _, o := range named {
		for _, at := range append([]document.Place{o.at}, o.also...) {
			used[at] = true
			positions = append(positions, at.String())
		}
	}
	return strings.Join(positions, " ")
}
