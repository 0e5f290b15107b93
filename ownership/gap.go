package ownership

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Gap is something that should be there and is not.
type Gap struct {
	// Code is its kind.
	Code GapCode `json:"code"`
	// Control is the control whose owner answers for it; "": none in particular.
	Control string `json:"control"`
	// Credential is the credential it is about; "": none.
	Credential string `json:"credential"`
	// About is what else it is about: the id of a team, person, workload, vendor or point of
	// enforcement, an activity of the control, or a duty and an artifact pattern; "":
	// nothing.
	About string `json:"about"`
	// Message says it in one sentence.
	Message string `json:"message"`
	// Positions are where the document says so; none where it says nothing.
	Positions []string `json:"positions"`
}

// gap makes a gap of what a control lacks.
func gap(code GapCode, message string, positions ...string) Gap {
	g := Gap{Code: code, Message: message, Positions: list(positions)}
	if control := code.kind().control; control != 0 {
		g.Control = control.String()
	}
	return g
}

// about is the gap, about something.
func (g Gap) about(what string) Gap {
	g.About = what
	return g
}

// of is the gap, about a credential.
func (g Gap) of(credential string) Gap {
	g.Credential = credential
	return g
}

func (v View) gapsOfDocument() []Gap {
	if v.model.InForce(v.t) {
		return nil
	}
	message := fmt.Sprintf("the document %s is in force only from %s", v.model.Name(), stamp(v.model.EffectiveFrom()))
	return []Gap{gap(GapNotInForce, message, v.model.at.String())}
}

func (v View) gapsOfSigning(could []Signing) []Gap {
	if len(could) == 0 {
		return []Gap{gap(GapNobodyCanSign, "no credential could sign it")}
	}
	var gaps []Gap
	seen := map[string]bool{}
	for _, s := range could {
		for _, vendor := range s.Vendors {
			if !seen[vendor.Vendor] {
				seen[vendor.Vendor] = true
				gaps = append(gaps, v.gapsOfVendor(vendor)...)
			}
		}
	}
	for _, s := range could {
		gaps = append(gaps, gapsOfSharing(s.Credential, s.Holders, s.Position)...)
	}
	return gaps
}

// gapsOfVendor says that nobody inside answers for a vendor.
func (v View) gapsOfVendor(c Contracted) []Gap {
	message := fmt.Sprintf("vendor %s has no internal owner", c.Vendor)
	switch {
	case c.InternalOwner != "" && !v.empty(c.InternalOwner):
		return nil
	case c.InternalOwner != "":
		message = fmt.Sprintf("nobody is in %s, the internal owner of vendor %s", c.InternalOwner, c.Vendor)
	}
	return []Gap{gap(GapVendorUnowned, message, c.Position).about(c.Vendor)}
}

// gapsOfSharing says that several hold a credential.
func gapsOfSharing(credential string, holders []string, position string) []Gap {
	if len(holders) < 2 {
		return nil
	}
	message := fmt.Sprintf("%s all hold credential %s, so nobody in particular signs", strings.Join(holders, ", "), credential)
	return []Gap{gap(GapCredentialShared, message, position).of(credential)}
}

func gapsOfRevoking(revoking []Revoking) []Gap {
	var gaps []Gap
	for _, r := range revoking {
		if r.staffed() {
			continue
		}
		message := fmt.Sprintf("credential %s names no team that can revoke it", r.Credential)
		if len(r.Revokers) > 0 {
			teams := make([]string, len(r.Revokers))
			for i, revoker := range r.Revokers {
				teams[i] = revoker.Team
			}
			message = fmt.Sprintf("nobody is in %s, which could revoke credential %s", strings.Join(teams, ", "), r.Credential)
		}
		gaps = append(gaps, gap(GapNobodyCanRevoke, message, r.Position).of(r.Credential))
	}
	return gaps
}

func (v View) gapsOfBlocking(artifact, environment string, points []Blocking) []Gap {
	var gaps []Gap
	if len(points) == 0 {
		message := "no point of enforcement covers it"
		var others, positions []string
		for _, e := range v.MustBlock(artifact, "") {
			others, positions = append(others, e.Environment), append(positions, e.Position)
		}
		if environment != "" {
			message += " in " + environment
		}
		if len(others) > 0 {
			message += ", only in " + strings.Join(slices.Compact(slices.Sorted(slices.Values(others))), ", ")
		}
		gaps = append(gaps, gap(GapNobodyBlocks, message, positions...))
	}
	var seen []string
	for _, b := range points {
		if slices.Contains(seen, b.Environment) {
			continue
		}
		seen = append(seen, b.Environment)
		here := slices.DeleteFunc(slices.Clone(points), func(o Blocking) bool { return o.Environment != b.Environment })
		if !enforcing(here) {
			g := gap(GapNotEnforced, "in "+b.Environment+" it is only audited: nothing stops it").about(b.Environment)
			for _, o := range here {
				g.Positions = append(g.Positions, o.Position)
			}
			gaps = append(gaps, g)
		}
	}
	for _, b := range points {
		switch {
		case b.Mode == enforceMode && b.OnFailure == "":
			gaps = append(gaps, gap(GapFailOpen, b.ID+" does not say what it does when it cannot judge", b.Position).about(b.ID))
		case b.Mode == enforceMode && b.OnFailure == "open":
			gaps = append(gaps, gap(GapFailOpen, b.ID+" lets through what it cannot judge", b.Position).about(b.ID))
		}
	}
	for _, b := range points {
		if b.Owner == "" {
			gaps = append(gaps, gap(GapEnforcementUnowned, b.ID+" has no owner", b.Position).about(b.ID))
		}
	}
	return gaps
}

func (v View) gapsOfControls(artifact string, controls []Answering) []Gap {
	var gaps []Gap
	for _, a := range controls {
		for _, g := range v.gapsOfControl(artifact, a) {
			g.Control = a.Control
			g.Positions = slices.Clone(a.Positions)
			gaps = append(gaps, g)
		}
	}
	return gaps
}

// gapsOfControl says what an owner of a control lacks; of none, only that.
func (v View) gapsOfControl(artifact string, a Answering) []Gap {
	switch {
	case len(a.Positions) == 0:
		return []Gap{gap(GapControlUnowned, fmt.Sprintf("nobody is accountable for %s of %s: no entry covers it", a.Control, artifact))}
	case len(a.Positions) > 1:
		return []Gap{gap(GapControlUnowned, fmt.Sprintf("nobody is accountable for %s of %s: %d entries are equally specific and differ", a.Control, artifact, len(a.Positions)))}
	case a.Accountable.Team == "":
		return []Gap{gap(GapControlUnowned, fmt.Sprintf("nobody is accountable for %s of %s: the most specific entry names nobody", a.Control, artifact))}
	}
	var gaps []Gap
	missing := func(code GapCode, format string, args ...any) {
		gaps = append(gaps, gap(code, fmt.Sprintf(format, args...)))
	}
	if v.empty(a.Accountable.Team) {
		missing(GapOwnerStale, "nobody is in %s, which is accountable for %s", a.Accountable.Team, a.Control)
	}
	switch responsible := a.Responsible; {
	case len(responsible) == 0:
		missing(GapNoResponsible, "%s names no responsible team", a.Control)
	case !slices.ContainsFunc(responsible, func(t string) bool { return !v.empty(t) }):
		missing(GapNoResponsible, "nobody is in %s, which is responsible for %s", strings.Join(responsible, ", "), a.Control)
	}
	gaps = append(gaps, v.gapsOfActivities(a)...)
	if a.Paged.Page == "" {
		missing(GapNobodyPaged, "neither %s nor its escalation can be paged for %s", a.Paged.Team, a.Control)
	}
	switch end := v.model.EscalationEnd(a.Accountable.Team); {
	case end == "":
		missing(GapEscalationBroken, "%s, accountable for %s, escalates to no team", a.Accountable.Team, a.Control)
	case v.empty(end):
		missing(GapEscalationBroken, "the escalation of %s, accountable for %s, ends at %s, and nobody is in it", a.Accountable.Team, a.Control, end)
	}
	if a.Runbook == "" {
		missing(GapRunbookMissing, "%s names no runbook", a.Control)
	}
	if due, err := time.Parse(time.RFC3339, a.ReviewDue); err == nil && v.t.After(due) {
		missing(GapReviewOverdue, "the entry of %s is to be reviewed every %s: it was due on %s", a.Control, a.ReviewEvery, a.ReviewDue)
	}
	return gaps
}

// gapsOfActivities says which activities of a control are nobody's, where the entry names who
// does them.
func (v View) gapsOfActivities(a Answering) []Gap {
	var gaps []Gap
	for _, d := range a.Activities {
		switch {
		case d.Inherited: // it has been said of the responsible teams
		case len(d.Teams) == 0:
			gaps = append(gaps, gap(GapActivityUnowned, fmt.Sprintf("%s names nobody who does %s", a.Control, d.Activity)).about(d.Activity))
		case d.People == 0:
			gaps = append(gaps, gap(GapActivityUnowned, fmt.Sprintf("nobody is in %s, which does %s under %s", d.Teams[0], d.Activity, a.Control)).about(d.Activity))
		}
	}
	return gaps
}

// empty reports whether nobody is in a team.
func (v View) empty(team string) bool { return !v.staffed(v.model.teams[team]) }
