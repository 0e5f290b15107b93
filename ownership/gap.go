package ownership

import (
	"fmt"
	"slices"
	"strings"
)

// GapCode names a kind of gap: what should be there and is not.
type GapCode string

// The gaps of an answer, in the order they come in.
const (
	// GapNotInForce: the document is not in force yet.
	GapNotInForce GapCode = "ownership-not-in-force"
	// GapNobodyCanSign: no credential could sign.
	GapNobodyCanSign GapCode = "nobody-can-sign"
	// GapCredentialShared: several hold a credential that could sign.
	GapCredentialShared GapCode = "credential-shared"
	// GapNobodyCanRevoke: nobody could revoke a credential that could sign.
	GapNobodyCanRevoke GapCode = "nobody-can-revoke"
	// GapNobodyBlocks: no point of enforcement covers it.
	GapNobodyBlocks GapCode = "nobody-blocks"
	// GapNotEnforced: the points that cover it in an environment only audit.
	GapNotEnforced GapCode = "not-enforced"
	// GapFailOpen: a point lets through what it cannot judge, or does not say.
	GapFailOpen GapCode = "fail-open"
	// GapEnforcementUnowned: a point has no owner.
	GapEnforcementUnowned GapCode = "enforcement-unowned"
	// GapControlUnowned: nobody, or more than one team, is accountable.
	GapControlUnowned GapCode = "control-unowned"
	// GapOwnerStale: nobody is in the accountable team.
	GapOwnerStale GapCode = "owner-stale"
	// GapNoResponsible: no responsible team is named, or nobody is in any.
	GapNoResponsible GapCode = "raci-no-responsible"
	// GapNobodyPaged: nobody can be paged.
	GapNobodyPaged GapCode = "nobody-paged"
	// GapEscalationBroken: the escalation leads nowhere, or to an empty team.
	GapEscalationBroken GapCode = "escalation-broken"
	// GapRunbookMissing: no runbook is named.
	GapRunbookMissing GapCode = "runbook-missing"
)

// gapKind is a code, the control it is in and what it means.
type gapKind struct {
	code    GapCode
	control Control // none: the control named
	meaning string
}

// gapKinds are the gaps in their order. Those a verdict or a requirement has too bear its code.
var gapKinds = []gapKind{
	{GapNotInForce, ReleasePolicy, "the document is not in force yet"},
	{GapNobodyCanSign, PublisherIdentity, "no credential could sign the artifact"},
	{GapCredentialShared, KeyLifecycle, "several hold a credential that could sign"},
	{GapNobodyCanRevoke, KeyLifecycle, "nobody could revoke a credential that could sign"},
	{GapNobodyBlocks, Enforcement, "no point of enforcement covers the artifact"},
	{GapNotEnforced, Enforcement, "an environment only audits"},
	{GapFailOpen, Enforcement, "a point lets through what it cannot judge, or does not say"},
	{GapEnforcementUnowned, Enforcement, "a point has no owner"},
	{GapControlUnowned, 0, "nobody, or more than one team, is accountable"},
	{GapOwnerStale, 0, "nobody is in the accountable team"},
	{GapNoResponsible, 0, "no responsible team is named, or nobody is in any"},
	{GapNobodyPaged, 0, "nobody can be paged"},
	{GapEscalationBroken, 0, "the accountable team escalates to no team, or to an empty one at the end"},
	{GapRunbookMissing, 0, "no runbook is named"},
}

// kind gives what is known of a code, nothing of one that is not among the gaps.
func (c GapCode) kind() gapKind {
	for _, k := range gapKinds {
		if k.code == c {
			return k
		}
	}
	return gapKind{code: c}
}

// Meaning says in a few words what the code stands for; "" for one not listed here.
func (c GapCode) Meaning() string { return c.kind().meaning }

// Gap is something that should be there and is not.
type Gap struct {
	// Code is its kind.
	Code GapCode `json:"code"`
	// Control is the control whose owner answers for it.
	Control string `json:"control"`
	// Credential is the credential it is about; "": none.
	Credential string `json:"credential"`
	// Message says it in one sentence.
	Message string `json:"message"`
	// Positions are where the document says so; none where it says nothing.
	Positions []string `json:"positions"`
}

// gap makes a gap of what a control lacks.
func gap(code GapCode, message string, positions ...string) Gap {
	return Gap{Code: code, Control: code.kind().control.String(), Message: message, Positions: list(positions)}
}

func (v View) gapsOfDocument() []Gap {
	if v.model.InForce(v.t) {
		return nil
	}
	message := fmt.Sprintf("the document %s is in force only from %s", v.model.Name(), stamp(v.model.EffectiveFrom()))
	return []Gap{gap(GapNotInForce, message, v.model.at.String())}
}

func gapsOfSigning(could []Signing) []Gap {
	if len(could) == 0 {
		return []Gap{gap(GapNobodyCanSign, "no credential could sign it")}
	}
	var gaps []Gap
	for _, s := range could {
		if len(s.Holders) > 1 {
			g := gap(GapCredentialShared, fmt.Sprintf("%s all hold credential %s, so nobody in particular signs", strings.Join(s.Holders, ", "), s.Credential), s.Position)
			g.Credential = s.Credential
			gaps = append(gaps, g)
		}
	}
	return gaps
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
		g := gap(GapNobodyCanRevoke, message, r.Position)
		g.Credential = r.Credential
		gaps = append(gaps, g)
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
			g := gap(GapNotEnforced, "in "+b.Environment+" it is only audited: nothing stops it")
			for _, o := range here {
				g.Positions = append(g.Positions, o.Position)
			}
			gaps = append(gaps, g)
		}
	}
	for _, b := range points {
		switch {
		case b.Mode == enforceMode && b.OnFailure == "":
			gaps = append(gaps, gap(GapFailOpen, b.ID+" does not say what it does when it cannot judge", b.Position))
		case b.Mode == enforceMode && b.OnFailure == "open":
			gaps = append(gaps, gap(GapFailOpen, b.ID+" lets through what it cannot judge", b.Position))
		}
		if b.Owner == "" {
			gaps = append(gaps, gap(GapEnforcementUnowned, b.ID+" has no owner", b.Position))
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
	if a.Paged.Page == "" {
		missing(GapNobodyPaged, "neither %s nor its escalation can be paged for %s", a.Paged.Team, a.Control)
	}
	switch escalation := a.Accountable.Escalation; {
	case len(escalation) == 0:
		missing(GapEscalationBroken, "%s, accountable for %s, escalates to no team", a.Accountable.Team, a.Control)
	case v.empty(escalation[len(escalation)-1]):
		missing(GapEscalationBroken, "the escalation of %s, accountable for %s, ends at %s, and nobody is in it", a.Accountable.Team, a.Control, escalation[len(escalation)-1])
	}
	if a.Runbook == "" {
		missing(GapRunbookMissing, "%s names no runbook", a.Control)
	}
	return gaps
}

// empty reports whether nobody is in a team.
func (v View) empty(team string) bool { return !v.staffed(v.model.teams[team]) }
