package ownership_test

import (
	"fmt"
	"slices"
	"strings"

	"github.com/surety-dev/surety/ownership"
)

// signers writes down who could sign as the package says it.
func signers(s ownership.Signers) string {
	var b strings.Builder
	for _, list := range [][]ownership.Signing{s.CouldSign, s.CouldNotSign} {
		for _, g := range list {
			o := signing{credential: g.Credential, owner: g.Owner, state: g.State, holders: g.Holders, operators: g.Operators, duties: sorted(g.Duties)}
			if g.Credential != "" { // else it is the holder's
				o.position = g.Position
			}
			for _, grant := range g.Grants {
				o.grants = append(o.grants, grant.Position+" "+grant.Holder+" "+grant.To)
			}
			for _, but := range g.But {
				o.but = append(o.but, string(but.Code))
			}
			if g.Credential != "" {
				o.but = sorted(o.but)
			} else { // further duties are told there too, which docs/who.md leaves open
				o.but = slices.DeleteFunc(o.but, func(code string) bool { return code != "no-credential" })
			}
			o.grants = sorted(o.grants)
			fmt.Fprintln(&b, o)
		}
		fmt.Fprintln(&b, "--")
	}
	fmt.Fprintln(&b, s.Ungranted.Count, s.Ungranted.Credentials)
	return b.String()
}

func (a *asker) wantSigners(artifact, environment string, t moment) string {
	var b strings.Builder
	could, couldNot, ungranted := a.canSign(artifact, environment, t)
	for _, list := range [][]signing{could, couldNot} {
		for _, s := range list {
			s.grants = sorted(s.grants)
			fmt.Fprintln(&b, s)
			for _, code := range s.but {
				a.saw(map[bool]string{true: "could sign but", false: "could not sign"}[s.could], code)
			}
		}
		fmt.Fprintln(&b, "--")
	}
	if could != nil {
		a.saw("could sign")
	}
	fmt.Fprintln(&b, len(ungranted), ungranted)
	return b.String()
}

func (a *asker) askSign() answer {
	artifact, environment, t := a.name(), a.place(), a.when()
	got, want := signers(a.model.At(t.time()).CanSign(artifact, environment)), a.wantSigners(artifact, environment, t)
	return answer{fmt.Sprintf("At(%v).CanSign(%q, %q)", t, artifact, environment), got, want}
}

// revokers writes down who could revoke as the package says it.
func revokers(all []ownership.Revoking) (lines []string) {
	for _, c := range all {
		line := c.Credential + " " + c.Position + ":"
		for _, r := range c.Revokers {
			line += fmt.Sprintf(" %s@%s%v%s", r.Team, r.Position, r.Members, r.Page)
		}
		lines = append(lines, line)
	}
	return lines
}

func (a *asker) wantBlocking(artifact, environment string, t moment) (all []ownership.Blocking) {
	for _, b := range a.blocking(artifact, environment, t) {
		all = append(all, ownership.Blocking{ID: b.id, Position: b.position, Environment: b.environment, Mode: b.mode, OnFailure: b.onFailure, Owner: b.owner, Page: a.contact(b.owner, t)})
	}
	return all
}

// answering writes down who answers for a control as the package says it, but for the runbook, of
// which the design does not say which of several counts.
func answering(v ownership.Answering) string {
	slices.Sort(v.Positions) // where entries tie, in no order
	return fmt.Sprintln(v.Control, v.Positions, v.Accountable.Team, v.Accountable.Page, v.Accountable.Escalation, v.Responsible, v.Consulted, v.Informed, v.Paged.Team, v.Paged.Page)
}

func (a *asker) wantAnswering(control, artifact string, t moment) (string, owned) {
	o := a.owner(control, artifact, t)
	var positions, escalation []string
	answers := map[[2]string]bool{}
	for _, e := range o.entries { // "several: they are equally specific and answer differently"
		page := e.page
		if page == "" {
			page = e.accountable
		}
		if answer := [2]string{e.accountable, page}; !answers[answer] && (o.tied || positions == nil) {
			answers[answer] = true
			positions = append(positions, e.position)
		}
	}
	slices.Sort(positions)
	if o.accountable != "" {
		escalation = a.group(o.accountable).escalation
	}
	switch {
	case o.accountable != "" && len(o.entries) > 1:
		a.saw("control of several entries")
	case o.accountable != "":
		a.saw("control owned")
	case o.tied:
		a.saw("control tied")
	case o.entries != nil:
		a.saw("control of nobody")
	}
	return fmt.Sprintln(control, positions, o.accountable, a.contact(o.accountable, t), escalation, o.responsible, o.consulted, o.informed, o.page, a.contact(o.page, t)), o
}

// askControl asks for the owners of controls in both ways, and for the tier.
func (a *asker) askControl() answer {
	artifact, t := a.name(), a.when()
	v := a.model.At(t.time())
	got, want := a.governed(artifact, t, v.Answering(artifact))
	for _, control := range drawnControls() {
		c, _ := ownership.ParseControl(control)
		o, ok := v.Control(c, artifact)
		page := o.Page
		if page == "" {
			page = o.Accountable
		}
		got += fmt.Sprintln(control, ok, o.Accountable, o.Responsible, o.Consulted, o.Informed, page)
		w := a.owner(control, artifact, t)
		if w.accountable == "" {
			w = owned{} // Control names whoever answers or nothing
		}
		want += fmt.Sprintln(control, w.accountable != "", w.accountable, w.responsible, w.consulted, w.informed, w.page)
	}
	tier := a.tierOf(artifact)
	if tier != "" {
		a.saw("tier")
	}
	id, _ := a.model.Tier(artifact)
	return answer{fmt.Sprintf("controls of %q at %v", artifact, t), got + id, want + tier}
}

// governed writes down who answers, by the package and by the oracle.
func (a *asker) governed(artifact string, t moment, all []ownership.Answering) (got, want string) {
	for i, control := range allControls() {
		text, o := a.wantAnswering(control, artifact, t)
		want += text
		if i < len(all) {
			got += answering(all[i])
			if (all[i].Runbook == "") != (o.runbooks == nil) || all[i].Runbook != "" && !slices.Contains(o.runbooks, all[i].Runbook) {
				got += fmt.Sprintln("another runbook:", all[i].Runbook)
			}
		}
	}
	return got, want
}

// askWho asks everything at once, and its parts.
func (a *asker) askWho() answer {
	artifact, environment, t := a.name(), a.place(), a.when()
	v := a.model.At(t.time())
	who := v.Who(artifact, environment)
	got, want := a.governed(artifact, t, who.Controls)
	got += signers(who.Signers)
	want += a.wantSigners(artifact, environment, t)
	anywhere := fmt.Sprintln(a.revoking(artifact, "", t)) // CanRevoke takes no environment
	revoking, blocking := fmt.Sprintln(a.revoking(artifact, environment, t)), fmt.Sprintln(a.wantBlocking(artifact, environment, t))
	got += fmt.Sprintln(revokers(who.CouldRevoke)) + fmt.Sprintln(revokers(v.CanRevoke(artifact))) + fmt.Sprintln(who.MustBlock) + fmt.Sprintln(v.MustBlock(artifact, environment))
	want += revoking + anywhere + blocking + blocking
	for _, g := range who.Gaps {
		got += strings.Join([]string{string(g.Code), g.Control, g.Credential}, " ") + "\n"
	}
	for _, g := range a.gaps(artifact, environment, t) {
		want += g + "\n"
		code, _, _ := strings.Cut(g, " ")
		a.saw("gap", code)
	}
	return answer{fmt.Sprintf("At(%v).Who(%q, %q)", t, artifact, environment), got, want}
}
