package ownership_test

import (
	"fmt"
	"slices"
	"strings"
)

// everlasting is later than all a drawn model says.
const everlasting = (ticks + 2) * tick

// signing is what docs/who.md says of one credential, as far as it is decided there: the words of
// `but` are told by their codes.
type signing struct {
	credential, position, owner, state string
	holders, operators                 []string
	duties                             []string
	grants                             []string // position, holder and whom it names
	but                                []string
	could                              bool
}

func (s signing) String() string {
	return fmt.Sprintf("%s %s %v operators %v owner %q %s may %v by %v but %v", s.credential, s.position, s.holders, s.operators, s.owner, s.state, s.duties, s.grants, s.but)
}

// canSign are the credentials that could sign, those that could not though somebody who holds them is
// granted something at any time, and the ids of the rest (docs/who.md).
func (w *world) canSign(artifact, environment string, t moment) (could, couldNot []signing, ungranted []string) {
	ids := map[string]badge{}
	var order []string
	for _, c := range w.credentials {
		ids[c.id] = c
		order = append(order, c.id)
	}
	for _, id := range sorted(order) {
		c := ids[id]
		s := w.signing(&c, artifact, environment, t)
		switch {
		case s.could:
			could = append(could, s)
		case slices.ContainsFunc(c.holders, func(h string) bool { return w.everGranted(h, artifact) }):
			couldNot = append(couldNot, s)
		default:
			ungranted = append(ungranted, id)
		}
	}
	for _, id := range sorted(w.ids("principals")) {
		duties, grants := w.granted(id, artifact, environment, t)
		if duties == nil || slices.ContainsFunc(w.credentials, func(c badge) bool { return slices.Contains(c.holders, id) }) {
			continue
		}
		s := signing{holders: []string{id}, operators: sorted(w.operators(id, t)), duties: duties, grants: grants, but: []string{"no-credential"}}
		couldNot = append(couldNot, s)
	}
	return could, couldNot, ungranted
}

// granted is what the grants in effect gave a principal, and which they are.
func (w *world) granted(id, artifact, environment string, t moment) (duties, grants []string) {
	if !w.present(id, t) {
		return nil, nil
	}
	for _, g := range w.grants {
		if (g.to == id || w.member(id, g.to, t)) && matchesAny(g.artifacts, artifact) && g.wrong(use{anything: true, timed: true, environment: environment, anywhere: environment == ""}, t) == nil {
			duties = append(duties, g.may...)
			grants = append(grants, g.position+" "+id+" "+g.to)
		}
	}
	return sorted(duties), grants
}

func (w *world) signing(c *badge, artifact, environment string, t moment) signing {
	s := signing{credential: c.id, position: c.position, owner: c.owner, state: c.state(t), holders: sorted(c.holders), duties: drawnDuties()}
	code, _ := c.judge(t, t)
	later, _ := c.judge(t, everlasting)
	s.could = code == ""
	given := false
	if code == "" {
		code = later
	}
	if code != "" {
		s.but = append(s.but, code)
	}
	for _, h := range c.holders {
		duties, grants := w.granted(h, artifact, environment, t)
		s.operators = append(s.operators, w.operators(h, t)...)
		s.grants = append(s.grants, grants...)
		given = given || duties != nil
		s.duties = slices.DeleteFunc(s.duties, func(d string) bool { return !slices.Contains(duties, d) })
		s.but = append(s.but, w.objections(h, duties, use{artifact: artifact, environment: environment, anywhere: environment == ""}, t)...)
		s.could = s.could && w.present(h, t)
	}
	if len(s.duties) == 0 && len(c.holders) > 1 && given { // where none has any there is nothing to have in common
		s.but = append(s.but, "signer-not-granted")
	}
	s.could = s.could && len(s.duties) > 0
	s.operators = slices.DeleteFunc(s.operators, func(o string) bool { return slices.Contains(c.holders, o) }) // who is told already
	s.operators, s.duties, s.grants, s.but = sorted(s.operators), sorted(s.duties), sorted(s.grants), sorted(s.but)
	return s
}

// objections are why a holder has no further duty: codes of docs/who.md.
func (w *world) objections(id string, duties []string, u use, t moment) (codes []string) {
	if !w.present(id, t) {
		return []string{"signer-departed"}
	}
	if !w.everGranted(id, u.artifact) {
		return []string{"signer-not-granted"}
	}
	for _, g := range w.grants {
		further := slices.ContainsFunc(g.may, func(d string) bool { return !slices.Contains(duties, d) })
		if !further || g.to != id && !w.belonged(id, g.to) || !matchesAny(g.artifacts, u.artifact) {
			continue
		}
		u.timed, u.anything = true, true
		for _, wrong := range g.wrong(u, t) {
			codes = append(codes, map[string]string{"time": "signer-not-granted", "environment": "signer-not-granted", "window": "outside-window", "freeze": "in-freeze"}[wrong])
		}
		if g.to != id && !w.member(id, g.to, t) {
			codes = append(codes, "signer-role-changed")
		}
	}
	return codes
}

// revoking are the credentials that could sign, with the teams that could revoke them.
func (w *world) revoking(artifact, environment string, t moment) (lines []string) {
	could, _, _ := w.canSign(artifact, environment, t)
	for _, s := range could {
		line := s.credential + " " + s.position + ":"
		for _, team := range sorted(w.badge(s.credential).revokers) {
			line += fmt.Sprintf(" %s@%s%v%s", team, w.group(team).position, w.members(team, t), w.contact(team, t))
		}
		lines = append(lines, line)
	}
	return lines
}

func (w *world) badge(id string) *badge {
	return &w.credentials[slices.IndexFunc(w.credentials, func(c badge) bool { return c.id == id })]
}

// blocking are the points that cover an artifact in an environment, "" in every one.
func (w *world) blocking(artifact, environment string, t moment) (all []barrier) {
	for _, b := range w.points {
		if (environment == "" || b.environment == environment) && b.holds(t) && matchesAny(b.artifacts, artifact) {
			all = append(all, b)
		}
	}
	return all
}

// gaps are the gaps of docs/who.md in its order: code, control and credential.
func (w *world) gaps(artifact, environment string, t moment) (lines []string) {
	say := func(yes bool, words ...string) {
		if yes {
			lines = append(lines, strings.Join(words, " "))
		}
	}
	say(t < w.effective, "ownership-not-in-force release-policy ")
	could, _, _ := w.canSign(artifact, environment, t)
	say(len(could) == 0, "nobody-can-sign publisher-identity ")
	told := map[string]bool{}
	for _, s := range could {
		for _, v := range w.vendors {
			if slices.Contains(s.holders, v.id) && !told[v.id] {
				told[v.id] = true
				say(w.members(v.owner, t) == nil, "vendor-unowned publisher-identity ")
			}
		}
	}
	for _, s := range could {
		say(len(s.holders) > 1, "credential-shared key-lifecycle", s.credential)
	}
	for _, s := range could {
		revokers := w.badge(s.credential).revokers
		say(!slices.ContainsFunc(revokers, func(team string) bool { return w.members(team, t) != nil }), "nobody-can-revoke key-lifecycle", s.credential)
	}
	points := w.blocking(artifact, environment, t)
	say(len(points) == 0, "nobody-blocks enforcement ")
	for _, place := range drawnPlaces() {
		here := slices.DeleteFunc(slices.Clone(points), func(b barrier) bool { return b.environment != place })
		say(len(here) > 0 && !slices.ContainsFunc(here, func(b barrier) bool { return b.mode == "enforce" }), "not-enforced enforcement ")
	}
	for _, b := range points {
		say(b.mode == "enforce" && b.onFailure != "closed", "fail-open enforcement ")
	}
	for _, b := range points {
		say(b.owner == "", "enforcement-unowned enforcement ")
	}
	for _, control := range allControls() {
		o := w.owner(control, artifact, t)
		if o.accountable == "" {
			say(true, "control-unowned", control, "")
			continue
		}
		say(w.members(o.accountable, t) == nil, "owner-stale", control, "")
		say(!slices.ContainsFunc(o.responsible, func(team string) bool { return w.members(team, t) != nil }), "raci-no-responsible", control, "")
		say(w.contact(o.page, t) == "", "nobody-paged", control, "")
		last := w.last(o.accountable)
		say(last == "" || w.members(last, t) == nil, "escalation-broken", control, "")
		say(o.runbooks == nil, "runbook-missing", control, "")
	}
	return lines
}

// last is the team an escalation ends at: the last of the team's, or where that escalates further.
func (w *world) last(team string) (end string) {
	for next := w.group(team).escalation; next != nil; next = w.group(end).escalation {
		end = next[len(next)-1]
	}
	return end
}

func allControls() []string {
	return []string{"publisher-identity", "certificate-issuance", "key-lifecycle", "review-audit", "release-policy", "enforcement", "monitoring"}
}
