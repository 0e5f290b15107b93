package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/surety-dev/surety/ownership"
)

// head writes what every answer about the document begins with.
func (t *page) head(what, id string, h ownership.Head) {
	t.line(0, "WHO  %s %s", what, id)
	t.line(0, "at           %s", h.At)
	t.source("ownership", h.Ownership)
}

// person writes an answer about a person.
func (t *page) person(w ownership.WhoPerson) {
	t.head("person", w.Person, w.Head)
	about := []string{presence(w.Present) + span(w.Spell)}
	for _, a := range w.Away {
		about = append(about, "away"+span(a))
	}
	for _, more := range []struct{ what, is string }{
		{"", w.Name}, {"", w.Employment}, {"sponsor ", w.Sponsor}, {"proofed ", w.ProofedAt}, {"accounts ", strings.Join(w.Accounts, " ")},
	} {
		if more.is != "" {
			about = append(about, more.what+more.is)
		}
	}
	t.line(0, "person       %s  %s", strings.Join(about, ", "), w.Position)
	t.section("TEAMS", "none", len(w.Teams), func(i int) {
		m := w.Teams[i]
		t.line(1, "%s: %s%s  %s", m.Team, yesOrNot(m.Member, "member", "no member then"), span(m.Spell), m.Position)
	})
	t.section("HOLDS", "no credential", len(w.Credentials), func(i int) { t.held(w.Credentials[i]) })
	t.may("MAY", w.May)
	t.revocable(w.Revokes)
	t.section("CAN OPERATE", "nothing", len(w.Operates), func(i int) {
		o := w.Operates[i]
		t.line(1, "%s of %s, with %s: holds %s, may %s  %s", o.Workload, orNobody(o.Owner), orNobody(strings.Join(o.Others, ", ")),
			cmp.Or(strings.Join(textsOf(o.Credentials, func(h ownership.Held) string { return h.Credential + " (" + h.State + ")" }), ", "), "nothing"), inEffect(o.May), o.Position)
	})
	t.inRoles(w.Answers)
	if len(w.Sponsors) > 0 {
		t.section("SPONSORS", "", len(w.Sponsors), func(i int) {
			s := w.Sponsors[i]
			t.line(1, "%s, %s%s  %s", s.Person, presence(s.Present), span(s.Spell), s.Position)
		})
	}
	t.gaps("FALLS IF THEY LEAVE", "nothing", w.Falls)
	t.gaps("GAPS", "none", w.Gaps)
}

// credential writes an answer about a credential.
func (t *page) credential(w ownership.WhoCredential) {
	t.head("credential", w.Credential, w.Head)
	t.line(0, "state        %s, %s  %s", w.State, yesOrNot(w.Usable, "could sign", "could not sign"), w.Position)
	if w.Key != "" {
		t.line(0, "key          %s", w.Key)
	} else {
		t.line(0, "identity     %s of %s", w.Subject, w.Issuer)
	}
	for _, o := range w.But {
		t.line(0, "but          %s  %s", o.Message, o.Position)
	}
	t.section("STATES", "none", len(w.States), func(i int) {
		s := w.States[i]
		more := ""
		if s.Reason != "" {
			more = ", " + s.Reason
		}
		if s.InvalidFrom != "" {
			more += ", invalid from " + s.InvalidFrom
		}
		t.line(1, "%s since %s%s  %s", s.State, s.From, more, s.Position)
	})
	t.section("HELD BY", "nobody", len(w.Holders), func(i int) {
		h := w.Holders[i]
		more := yesOrNot(h.Present, "", ", not there")
		switch h.Kind {
		case "workload":
			more += ", operated by " + orNobody(strings.Join(h.Operators, ", ")) + ", owned by " + orNobody(h.Owner)
		case "vendor":
			more += ", internal owner " + orNobody(h.Owner)
		}
		t.line(1, "%s, %s%s  %s", h.Holder, h.Kind, more, h.Position)
	})
	t.line(0, "")
	t.line(0, "KEPT")
	t.line(1, "owned by %s", crew(w.Owner))
	if w.KeptBy.Team != "" {
		t.line(1, "kept by %s", crew(w.KeptBy))
	}
	t.line(1, "custody %s, rotation %s", cmp.Or(w.Custody, "unsaid"), rotation(w))
	t.section("COULD REVOKE", "nobody", len(w.Revokers), func(i int) {
		t.line(1, "%s", crew(ownership.Crew(w.Revokers[i])))
	})
	t.may("COULD SIGN", w.May)
	t.line(0, "")
	t.line(0, "REACHES")
	t.line(1, "%s", cmp.Or(shortened(w.Artifacts), "nothing"))
	t.gaps("GAPS", "none", w.Gaps)
}

func rotation(w ownership.WhoCredential) string {
	if w.RotateEvery == "" {
		return "unsaid"
	}
	return fmt.Sprintf("every %s, due %s", w.RotateEvery, cmp.Or(w.RotationDue, "once it is active"))
}

// team writes an answer about a team.
func (t *page) team(w ownership.WhoTeam) {
	t.head("team", w.Team, w.Head)
	t.line(0, "page         %s%s  %s", cmp.Or(w.Page, "nowhere"), elsewhere(w), w.Position)
	if w.Email != "" {
		t.line(0, "email        %s", w.Email)
	}
	t.section("MEMBERS", "nobody", len(w.Members), func(i int) {
		m := w.Members[i]
		t.line(1, "%s: %s%s  %s", m.Person, yesOrNot(m.Member, "member", yesOrNot(m.Present, "no member then", "not there")), span(m.Spell), m.Position)
	})
	t.section("ESCALATES TO", "nobody", len(w.Escalation), func(i int) { t.line(1, "%s", crew(w.Escalation[i])) })
	if len(w.EscalatedFrom) > 0 {
		t.section("IS ESCALATED TO BY", "", 1, func(int) { t.line(1, "%s", shortened(w.EscalatedFrom)) })
	}
	t.may("MAY", w.May)
	t.inRoles(w.Answers)
	if len(w.Accepted) > 0 {
		t.section("ACCEPTED", "", len(w.Accepted), func(i int) {
			a := w.Accepted[i]
			t.line(1, "%s of %s  %s", a.Control, shortened(a.Artifacts), strings.TrimSpace(a.At+"  "+a.Position))
		})
	}
	t.charges(w.Charges)
	t.gaps("GAPS", "none", w.Gaps)
}

// elsewhere says where a page of the team goes instead.
func elsewhere(w ownership.WhoTeam) string {
	if w.Paged == w.Page {
		return ""
	}
	return ", which goes to " + cmp.Or(w.Paged, "nobody")
}

// charges writes what names a team, what is named alike together.
func (t *page) charges(all []ownership.Charge) {
	var order []string
	items := map[string][]string{}
	for _, c := range all {
		line := c.Section + ", as " + strings.Join(c.As, " and ")
		if items[line] == nil {
			order = append(order, line)
		}
		item := c.ID
		if c.State != "" {
			item += " (" + c.State + ")"
		}
		items[line] = append(items[line], item)
	}
	t.section("CHARGED WITH", "nothing", len(order), func(i int) { t.line(1, "%s: %s", order[i], shortened(items[order[i]])) })
}

// roles writes who answers for controls over all artifacts.
func (t *page) roles(w ownership.Roles) {
	t.line(0, "WHO  answers")
	t.line(0, "at           %s", w.At)
	t.source("ownership", w.Ownership)
	t.section("ANSWERS", "nobody", len(w.Controls), func(i int) {
		t.answering(" of "+cmp.Or(shortened(w.Controls[i].Artifacts), "any artifact"), w.Controls[i].Answering)
	})
	if len(w.Overruled) > 0 {
		t.section("OVERRULED everywhere by more specific entries", "", 1, func(int) { t.line(1, "%s", shortened(w.Overruled)) })
	}
	t.gaps("GAPS", "none", w.Gaps)
}

// held writes a credential somebody holds.
func (t *page) held(h ownership.Held) {
	with := ""
	if len(h.Holders) > 1 {
		with = ", held by " + strings.Join(h.Holders, ", ")
	}
	t.line(1, "%s: %s, %s%s  %s", h.Credential, h.State, yesOrNot(h.Usable, "could sign", "could not sign"), with, h.Position)
	for _, o := range h.But {
		t.line(2, "but %s  %s", o.Message, o.Position)
	}
}

// may writes grants: those in effect, and how many others there are.
func (t *page) may(title string, duties []ownership.ByDuty) {
	var lines []string
	others := map[string]bool{}
	for _, d := range duties {
		for _, g := range d.Grants {
			if len(g.But) > 0 {
				others[g.Position+" "+g.Holder] = true
				continue
			}
			lines = append(lines, fmt.Sprintf("%s: %s%s%s  %s", d.Duty, shortened(g.Artifacts), terms([]ownership.Granted{g.Granted}), places(g.Granted), g.Position))
		}
	}
	t.section(title, "nothing", len(lines), func(i int) { t.line(1, "%s", lines[i]) })
	if len(others) > 0 {
		t.line(1, "not in effect: %d, which --format json has", len(others))
	}
}

// places says in which environments and windows a grant holds.
func places(g ownership.Granted) string {
	var s string
	if len(g.Environments) > 0 {
		s += " in " + strings.Join(g.Environments, " or ")
	}
	if len(g.Workflow) > 0 {
		s += " with a workflow of " + strings.Join(g.Workflow, " and ")
	}
	if len(g.Windows) > 0 {
		s += " on " + strings.Join(g.Windows, " or ")
	}
	return s
}

// inEffect says which duties grants in effect give, and to what.
func inEffect(duties []ownership.ByDuty) string {
	var said []string
	for _, d := range duties {
		var artifacts []string
		for _, g := range d.Grants {
			if len(g.But) == 0 {
				artifacts = append(artifacts, g.Artifacts...)
			}
		}
		if len(artifacts) > 0 {
			said = append(said, d.Duty+" "+shortened(artifacts))
		}
	}
	return cmp.Or(strings.Join(said, ", "), "nothing")
}

// revocable writes what somebody can revoke, through the same teams together.
func (t *page) revocable(all []ownership.Revocable) {
	var order []string
	credentials := map[string][]string{}
	for _, r := range all {
		line := "as " + strings.Join(r.Teams, " or ") + yesOrNot(r.Others, "", ", and nobody else can")
		if !slices.Contains(order, line) {
			order = append(order, line)
		}
		credentials[line] = append(credentials[line], r.Credential)
	}
	t.section("CAN REVOKE", "nothing", len(order), func(i int) { t.line(1, "%s: %s", shortened(credentials[order[i]]), order[i]) })
}

// inRoles writes the control entries teams have roles in.
func (t *page) inRoles(all []ownership.InRole) {
	t.section("ANSWERS", "for nothing", len(all), func(i int) {
		a := all[i]
		var teams []string
		roles := map[string][]string{}
		for _, r := range a.Roles {
			if !slices.Contains(teams, r.Team) {
				teams = append(teams, r.Team)
			}
			roles[r.Team] = append(roles[r.Team], r.Role)
		}
		as := textsOf(teams, func(team string) string { return team + " " + strings.Join(roles[team], ", ") })
		t.line(1, "%s of %s: %s  %s", a.Control, shortened(a.Artifacts), strings.Join(as, "; "), a.Position)
	})
}

func crew(c ownership.Crew) string {
	if c.Team == "" {
		return "nobody"
	}
	return fmt.Sprintf("%s (%s)%s  %s", c.Team, orNobody(shortened(c.Members)), paging(c.Page), c.Position)
}

func span(s ownership.Spell) string {
	var text string
	if s.From != "" {
		text = ", since " + s.From
	} else if s.Until != "" {
		text = ","
	}
	if s.Until != "" {
		text += " until " + s.Until
	}
	return text
}

func presence(there bool) string { return yesOrNot(there, "there", "not there") }

func yesOrNot(yes bool, ifSo, ifNot string) string {
	if yes {
		return ifSo
	}
	return ifNot
}
