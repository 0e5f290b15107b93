package ownership

import (
	"fmt"
	"slices"
	"strings"

	"github.com/surety-dev/surety/internal/pattern"
)

// This file says what single items of the document lack, whatever artifact they are for. Every answer
// takes its gaps from here, and so does what falls if somebody leaves.

// ended reports whether a credential has ended for good at the time.
func (c *credential) ended(v View) bool {
	s := c.States.At(v.t)
	return s == Compromised || s == Revoked || s == Destroyed
}

// live reports whether a credential can sign, or is about to.
func (c *credential) live(v View) bool {
	s := c.States.At(v.t)
	return s == Active || s == PreActivation
}

// gapsOfCredential says what a credential lacks; of one that has ended, nothing.
func (c *census) gapsOfCredential(d *credential) []Gap {
	if d.ended(c.View) {
		return nil
	}
	at := d.at.String()
	gaps := gapsOfSharing(d.ID, d.Holders, at)
	switch {
	case d.Owner == "":
		gaps = append(gaps, gap(GapCredentialUnowned, fmt.Sprintf("credential %s has no owner", d.ID), at).of(d.ID))
	case !c.staffed(d.Owner):
		g := gap(GapOwnerStale, fmt.Sprintf("nobody is in %s, which owns credential %s", d.Owner, d.ID), at).of(d.ID)
		g.Control = KeyLifecycle.String()
		gaps = append(gaps, g)
	}
	if !c.staffed(d.Revokers...) {
		gaps = append(gaps, gapsOfRevoking(c.couldRevoke([]Signing{{Credential: d.ID, Position: at}}))...)
	}
	for _, holder := range d.Holders {
		if p := c.model.people[holder]; p != nil && d.live(c.View) && c.left(p) {
			message := fmt.Sprintf("%s %s, and credential %s is still %s", holder, c.absence(holder), d.ID, d.States.At(c.t))
			gaps = append(gaps, gap(GapOffboardingLag, message, at).of(d.ID).about(holder))
		}
	}
	if due := d.rotationDue(c.View); d.States.At(c.t) == Active && !due.IsZero() && c.t.After(due) {
		message := fmt.Sprintf("credential %s is to be replaced every %s: it was due on %s", d.ID, spell(d.RotateEvery), stamp(due))
		gaps = append(gaps, gap(GapRotationOverdue, message, at).of(d.ID))
	}
	for _, holder := range d.Holders {
		if w := c.model.workloads[holder]; w != nil {
			gaps = append(gaps, c.gapsOfWorkload(w)...)
		}
	}
	for _, vendor := range c.model.contracted(d.Holders) {
		gaps = append(gaps, c.gapsOfVendor(vendor)...)
	}
	return gaps
}

// left reports whether a person was there and is no more.
func (v View) left(p *Person) bool { return !v.Present(p.ID) && !v.t.Before(p.Interval.From) }

// gapsOfWorkload says what a workload lacks.
func (c *census) gapsOfWorkload(w *Workload) []Gap {
	at := c.model.places[w.ID].String()
	var gaps []Gap
	if w.Owner == "" {
		gaps = append(gaps, gap(GapWorkloadUnowned, fmt.Sprintf("workload %s has no owner", w.ID), at).about(w.ID))
	}
	if len(c.operators([]string{w.ID})) == 0 {
		message := fmt.Sprintf("workload %s names nobody who can make it act", w.ID)
		if len(w.Operators) > 0 {
			message = fmt.Sprintf("%s, who can make workload %s act, %s not there", strings.Join(w.Operators, ", "), w.ID, isOrAre(len(w.Operators)))
		}
		gaps = append(gaps, gap(GapWorkloadUnoperated, message, at).about(w.ID))
	}
	return gaps
}

func isOrAre(n int) string {
	if n == 1 {
		return "is"
	}
	return "are"
}

// gapsOfPerson says what is to be known of a person and is not, or no more.
func (c *census) gapsOfPerson(p *Person) []Gap {
	if !c.Present(p.ID) {
		return nil
	}
	at := c.model.places[p.ID].String()
	var gaps []Gap
	say := func(code GapCode, format string, args ...any) {
		gaps = append(gaps, gap(code, fmt.Sprintf(format, args...), at).about(p.ID))
	}
	if p.Employment == contractor {
		switch {
		case p.Sponsor == "":
			say(GapContractorUnsponsored, "contractor %s has no sponsor", p.ID)
		case !c.Present(p.Sponsor):
			say(GapContractorUnsponsored, "%s, the sponsor of contractor %s, is not there", p.Sponsor, p.ID)
		}
		if p.Interval.Until.IsZero() {
			say(GapContractorOpenEnded, "contractor %s has no end date", p.ID)
		}
	}
	if every := c.model.ProofEvery(); every != 0 && slices.ContainsFunc(c.held[p.ID], func(d *credential) bool { return d.live(c.View) }) {
		switch due := p.ProofedAt.Add(every); {
		case p.ProofedAt.IsZero():
			say(GapProofingStale, "who %s is has never been proofed, and is to be every %s", p.ID, spell(every))
		case c.t.After(due):
			say(GapProofingStale, "who %s is was last proofed on %s, and is to be every %s", p.ID, stamp(p.ProofedAt), spell(every))
		}
	}
	return gaps
}

// gapsOfTeam says what a team lacks that the document relies on.
func (c *census) gapsOfTeam(t *Team, relied map[string]bool) []Gap {
	if !relied[t.ID] {
		return nil
	}
	at := c.model.places[t.ID].String()
	var gaps []Gap
	say := func(code GapCode, format string, args ...any) {
		gaps = append(gaps, gap(code, fmt.Sprintf(format, args...), at).about(t.ID))
	}
	if !c.staffed(t.ID) {
		say(GapTeamEmpty, "nobody is in %s", t.ID)
	}
	if c.contact(t.ID) == "" {
		say(GapNobodyPaged, "neither %s nor its escalation can be paged", t.ID)
	}
	if end := c.model.EscalationEnd(t.ID); end != "" && !c.staffed(end) {
		say(GapEscalationBroken, "the escalation of %s ends at %s, and nobody is in it", t.ID, end)
	}
	return gaps
}

// relied gives the teams that the document names anywhere beside their own entry.
func (m *Model) relied() map[string]bool {
	teams := map[string]bool{}
	name := func(ids ...string) {
		for _, id := range ids {
			teams[id] = true
		}
	}
	for _, t := range m.teams {
		name(t.Escalation...)
	}
	for _, w := range m.workloads {
		name(w.Owner)
	}
	for _, v := range m.vendors {
		name(v.InternalOwner, v.ContractOwner)
	}
	for _, c := range m.credentials {
		name(c.Owner, c.KeptBy)
		name(c.Revokers...)
	}
	for _, g := range m.grants {
		name(g.to)
	}
	for _, o := range m.owners {
		for _, r := range o.roles() {
			name(r.Team)
		}
	}
	for _, e := range m.enforcements {
		name(e.Owner)
	}
	for _, a := range slices.Concat(m.trust.Sigstore, m.trust.CertificateAuthorities, m.trust.TimestampAuthorities) {
		name(a.Owner)
	}
	return teams
}

// gapsOfGrant says which of the duties a grant gives now too few could exercise, for each of
// its patterns.
func (c *census) gapsOfGrant(g *grant) []Gap {
	if !g.interval.Contains(c.t) {
		return nil
	}
	var gaps []Gap
	for _, d := range g.duties.List() {
		for _, p := range g.artifacts {
			gaps = append(gaps, c.gapsOfDuty(g, d, p)...)
		}
	}
	return gaps
}

// gapsOfDuty says that nobody, or one person, or only contractors could do a duty to the artifacts
// of a pattern. Of the uses that stand for it, the one fewest could do decides.
func (c *census) gapsOfDuty(g *grant, d Duty, p pattern.Pattern) []Gap {
	var fewest doers
	var of use
	for i, u := range g.uses(d, p) {
		if who := c.could(u); i == 0 || who.fewer(fewest, d.human()) {
			fewest, of = who, u
		}
	}
	what := fmt.Sprintf("%s %s", d, p)
	where := ""
	if of.environment != "" {
		where = " in " + of.environment
	}
	say := func(code GapCode, format string, args ...any) []Gap {
		return []Gap{gap(code, fmt.Sprintf(format, args...)+where, g.at.String()).about(what)}
	}
	people := strings.Join(fewest.people, ", ")
	switch {
	case !fewest.anybody || d.human() && people == "":
		return say(GapDutyUnexercisable, "nobody who is there could %s", what)
	case d.human() && len(fewest.people) == 1 && !fewest.employed:
		return append(say(GapApproversFew, "only %s could %s", people, what), say(GapContractorSoleApprover, "only contractors, %s, could %s", people, what)...)
	case d.human() && len(fewest.people) == 1:
		return say(GapApproversFew, "only %s could %s", people, what)
	case d.human() && !fewest.employed:
		return say(GapContractorSoleApprover, "only contractors, %s, could %s", people, what)
	}
	return nil
}

// human reports whether only persons count for a duty (design §3.2).
func (d Duty) human() bool { return d == Approve || d == Review || d == Except }

// fewer reports whether there are fewer of them: people, where they count.
func (d doers) fewer(e doers, human bool) bool {
	if human && len(d.people) != len(e.people) {
		return len(d.people) < len(e.people)
	}
	return !d.anybody && e.anybody || human && !d.employed && e.employed
}
