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
		answers, overruled := v.resting(c)
		for _, answer := range answers {
			covering := Covering{answer.artifacts, v.answeringOf(c, answer.named)}
			r.Controls = append(r.Controls, covering)
			r.Gaps = append(r.Gaps, v.gapsOfControls(answer.scope(), []Answering{covering.Answering})...)
		}
		r.Overruled = append(r.Overruled, overruled...)
	}
	return r
}

// JSON gives the answer as one line of JSON, as Who.JSON does.
func (r Roles) JSON() ([]byte, error) { return encode(r) }

// resting is one answer for a control: what it rests on, and for which patterns.
type resting struct {
	control   Control
	artifacts []string
	named     []*owner
}

// scope is what it is for, in words.
func (r resting) scope() string {
	if len(r.artifacts) == 0 {
		return "any artifact"
	}
	return strings.Join(r.artifacts, ", ")
}

// rests reports whether one of the teams has a role in it.
func (r resting) rests(teams map[string]bool) bool {
	return slices.ContainsFunc(r.named, func(o *owner) bool {
		return slices.ContainsFunc(o.roles(), func(role Role) bool { return teams[role.Team] })
	})
}

// resting gives the answers for a control, one of each, and the entries that never answer.
func (v View) resting(c Control) (answers []resting, overruled []string) {
	type answerFor struct {
		answer    int
		artifacts string
	}
	place := map[basis]int{}  // of the answer that rests on it
	tried := map[string]int{} // of the answer for a name
	listed := map[answerFor]bool{}
	used := map[document.Place]bool{}
	entries := slices.DeleteFunc(slices.Clone(v.model.owners), func(o *owner) bool { return o.control != c || !o.interval.Contains(v.t) })
	for _, o := range entries {
		for _, p := range o.artifacts {
			for _, name := range p.Samples() {
				i, known := tried[name]
				if !known {
					named := v.named(c, name)
					key := basisOf(named)
					if i, known = place[key]; !known {
						i = len(answers)
						answers, place[key] = append(answers, resting{control: c, named: named}), i
						note(named, used)
					}
					tried[name] = i
				}
				if of := (answerFor{i, p.String()}); !listed[of] {
					listed[of] = true
					answers[i].artifacts = append(answers[i].artifacts, of.artifacts)
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
		answers = []resting{{control: c, artifacts: []string{}}}
	}
	return answers, overruled
}

// basis is what an answer rests on.
type basis struct {
	first document.Place
	rest  string // the positions of the others, as one text
}

// basisOf gives what an answer rests on.
func basisOf(named []*owner) basis {
	var b basis
	for i, o := range named {
		if i == 0 {
			b.first = o.at
		} else {
			b.rest += "\n" + o.at.String()
		}
		for _, at := range o.also {
			b.rest += " " + at.String()
		}
	}
	return b
}

// note notes the positions an answer rests on.
func note(named []*owner, used map[document.Place]bool) {
	for _, o := range named {
		used[o.at] = true
		for _, at := range o.also {
			used[at] = true
		}
	}
}
