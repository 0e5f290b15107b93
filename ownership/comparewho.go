package ownership

import (
	"slices"
	"strconv"
	"strings"
)

// CompareWho says what changed for one artifact from one answer to another: who could sign,
// revoke and must block, who answers, and what is missing.
func CompareWho(before, after Who) Difference {
	d := difference(Moment{before.At, before.Ownership}, Moment{after.At, after.Ownership})
	d.Artifact, d.Environment = after.Artifact, after.Environment
	news := after.things()
	for i, section := range before.things() {
		if section.name == sectionRevoke { // whom nothing is revoked of any more is said under who could sign
			section, news[i] = both(section, news[i])
		}
		d.Changes = append(d.Changes, changes(section, news[i])...)
	}
	return d
}

// sectionRevoke is the section of who could revoke.
const sectionRevoke = "couldRevoke"

// both keeps of two sections the things that both have.
func both(a, b section) (section, section) {
	inA, inB := byThing(a.things), byThing(b.things)
	a.things = slices.DeleteFunc(a.things, func(t thing) bool { return inB[t.id] == nil })
	b.things = slices.DeleteFunc(b.things, func(t thing) bool { return inA[t.id] == nil })
	return a, b
}

// things gives what of an answer is compared, question by question.
func (w Who) things() []section {
	controls := make([]thing, len(w.Controls))
	for i, a := range w.Controls {
		quorum := ""
		if a.Control == ReleasePolicy.String() { // of the others nothing is signed
			quorum = strconv.Itoa(a.Quorum)
		}
		t := a.thing(quorum)
		fields := t.fields
		t.fields = func() []field {
			return append(fields(), one("page", a.Accountable.Page), many("escalation", a.Accountable.Escalation))
		}
		controls[i] = t
	}
	return []section{
		{"artifact", w.thingsOfArtifact()},
		{"couldSign", w.thingsOfSigning()},
		{sectionRevoke, w.thingsOfRevoking()},
		{"mustBlock", w.thingsOfBlocking()},
		{"controls", controls},
		{"gaps", w.thingsOfGaps()},
	}
}

func (w Who) thingsOfArtifact() []thing {
	var separation []string
	for _, s := range w.Separation {
		separation = append(separation, s.ID+": "+strings.Join(s.Duties, ", "))
	}
	return []thing{{id: w.Artifact, at: where(""), on: true, fields: func() []field { return []field{one("tier", w.Tier), many("separation", separation)} }}}
}

func (w Who) thingsOfSigning() []thing {
	var all []thing
	add := func(s Signing, on bool) {
		if s.Credential == "" {
			return
		}
		t := thing{id: s.Credential, at: where(s.Position), on: on, fields: func() []field {
			return []field{
				many("duties", s.Duties), many("holders", s.Holders), many("operators", s.Operators), one("owner", s.Owner),
			}
		}}
		if !on {
			t.but = s.But
		}
		all = append(all, t)
	}
	for _, s := range w.CouldSign {
		add(s, true)
	}
	for _, s := range w.CouldNotSign {
		add(s, false)
	}
	return all
}

func (w Who) thingsOfRevoking() []thing {
	var all []thing
	for _, r := range w.CouldRevoke {
		var teams, people []string
		for _, v := range r.Revokers {
			teams, people = append(teams, v.Team), append(people, v.Members...)
		}
		slices.Sort(people)
		people = slices.Compact(people)
		all = append(all, thing{id: r.Credential, at: where(r.Position), on: true, fields: func() []field { return []field{many("teams", teams), many("people", people)} }})
	}
	return all
}

func (w Who) thingsOfBlocking() []thing {
	var all []thing
	for _, b := range w.MustBlock {
		all = append(all, thing{id: b.ID, at: where(b.Position), on: true, fields: func() []field {
			return []field{
				one("environment", b.Environment), one("mode", b.Mode), one("onFailure", b.OnFailure), one("owner", b.Owner), one("page", b.Page),
			}
		}})
	}
	return all
}

func (w Who) thingsOfGaps() []thing {
	var all []thing
	for _, g := range w.Gaps {
		id := strings.Join(slices.DeleteFunc([]string{string(g.Code), g.Control, g.Credential, g.About}, func(s string) bool { return s == "" }), " ")
		all = append(all, thing{id: id, at: where(strings.Join(g.Positions, " ")), on: true, fields: func() []field { return nil }})
	}
	return all
}
