package main

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/surety-dev/surety/ownership"
)

// maxShown is how many entries of one kind the text shows; the JSON has all.
const maxShown = 12

// page is a text in the making.
type page struct{ bytes.Buffer }

// plain writes the text for people: what a document says does not steer the terminal.
func (t *page) plain(b *bytes.Buffer) {
	b.WriteString(strings.Map(func(r rune) rune {
		if r != '\n' && !unicode.IsPrint(r) {
			return unicode.ReplacementChar
		}
		return r
	}, t.String()))
}

// who writes an answer about an artifact.
func (t *page) who(w ownership.Who) {
	t.line(0, "WHO  %s", w.Artifact)
	t.line(0, "environment  %s", cmp.Or(w.Environment, "every one"))
	t.line(0, "at           %s", w.At)
	t.source("ownership", w.Ownership)
	if w.Tier != "" {
		t.line(0, "tier         %s", w.Tier)
	}
	t.signers(w.Signers)
	t.revoking(w.CouldRevoke)
	t.section("MUST BLOCK", "nobody", len(w.MustBlock), func(i int) { t.blocking(w.MustBlock[i]) })
	t.section("ANSWERS", "nobody", len(w.Controls), func(i int) { t.answering("", w.Controls[i]) })
	t.line(1, "with a role in every one: %s", orNobody(shortened(w.EndToEnd)))
	if len(w.Separation) > 0 {
		t.section("KEPT APART", "", len(w.Separation), func(i int) {
			t.line(1, "%s: %s  %s", w.Separation[i].ID, strings.Join(w.Separation[i].Duties, ", "), w.Separation[i].Position)
		})
	}
	t.gaps("GAPS", "none", w.Gaps)
}

// source writes which document answers.
func (t *page) source(what string, s ownership.Source) {
	t.line(0, "%-12s %s, version %d  %s", what, s.Name, s.Version, s.Position)
}

// line writes a line, indented, without white space at its end.
func (t *page) line(indent int, format string, args ...any) {
	t.WriteString(strings.Repeat("  ", indent) + strings.TrimRight(fmt.Sprintf(format, args...), " ") + "\n")
}

// section writes a title and its entries, or one word where there are none.
func (t *page) section(title, none string, n int, entry func(i int)) {
	t.line(0, "")
	t.line(0, "%s", title)
	if n == 0 {
		t.line(1, "%s", none)
	}
	for i := range min(n, maxShown) {
		entry(i)
	}
	if n > maxShown {
		t.line(1, "and %d more: --format json has all", n-maxShown)
	}
}

// signers writes who could sign and who could not.
func (t *page) signers(s ownership.Signers) {
	t.section("COULD SIGN", "nobody", len(s.CouldSign), func(i int) {
		c := s.CouldSign[i]
		operated := ""
		if len(c.Operators) > 0 {
			operated = ", operated by " + strings.Join(c.Operators, ", ")
		}
		t.line(1, "%s of %s%s: %s%s", c.Credential, strings.Join(c.Holders, ", "), operated, strings.Join(c.Duties, ", "), terms(c.Grants))
		for _, v := range c.Vendors {
			t.line(2, "vendor %s: internal owner %s, contract with %s%s  %s", v.Vendor, orNobody(v.InternalOwner), orNobody(v.ContractOwner), evidence(v.EvidenceWithin), v.Position)
		}
		var because []string
		for _, f := range c.Because {
			what := said[f.About]
			if f.About == ownership.AboutState {
				what = c.State
			}
			because = append(because, what+" "+f.Position)
		}
		t.line(2, "%s", strings.Join(because, ", "))
		for _, o := range c.But {
			t.line(2, "but %s  %s", o.Message, o.Position)
		}
	})
	if n := len(s.CouldNotSign); n > 0 {
		t.section("COULD NOT SIGN, though granted something at some time", "", n, func(i int) { t.refused(s.CouldNotSign[i]) })
	}
	if u := s.Ungranted; u.Count > 0 {
		more := ""
		if u.Count > len(u.Credentials) {
			more = fmt.Sprintf(" and %d more", u.Count-len(u.Credentials))
		}
		t.line(0, "")
		t.line(0, "NEVER GRANTED ANYTHING HERE")
		t.line(1, "%s%s", strings.Join(u.Credentials, ", "), more)
	}
}

func evidence(within string) string {
	if within == "" {
		return ""
	}
	return ", evidence within " + within
}

// said is how the text says what, beside the state, speaks for a signer.
var said = map[string]string{
	ownership.AboutPerson: "present", ownership.AboutMembership: "a member", ownership.AboutGrant: "granted",
}

// terms says through which teams, and for which predicate types and builders, duties are granted.
func terms(grants []ownership.Granted) string {
	var teams, predicates, builders []string
	add := func(list *[]string, more ...string) {
		for _, s := range more {
			if !slices.Contains(*list, s) {
				*list = append(*list, s)
			}
		}
	}
	for _, g := range grants {
		if g.To != g.Holder {
			add(&teams, g.To)
		}
		add(&predicates, g.Predicates...)
		add(&builders, g.Builders...)
	}
	var s string
	for _, l := range []struct {
		before string
		list   []string
	}{{" as ", teams}, {" with ", predicates}, {" built by ", builders}} {
		if len(l.list) > 0 {
			s += l.before + strings.Join(l.list, " or ")
		}
	}
	return s
}

// refused writes why somebody could not sign; what speaks for them is in the JSON.
func (t *page) refused(s ownership.Signing) {
	who := strings.Join(s.Holders, ", ")
	if s.Credential != "" {
		who = s.Credential + " of " + who
	}
	switch {
	case s.Credential == "":
		t.line(1, "%s  %s", s.But[0].Message, s.But[0].Position)
		return
	case len(s.But) == 1:
		t.line(1, "%s: %s  %s", who, s.But[0].Message, s.But[0].Position)
		return
	}
	t.line(1, "%s", who)
	for _, o := range s.But {
		t.line(2, "%s  %s", o.Message, o.Position)
	}
}

// revoking writes who could revoke, credentials with the same revokers together.
func (t *page) revoking(all []ownership.Revoking) {
	var order []string
	credentials := map[string][]string{}
	for _, r := range all {
		var teams []string
		for _, v := range r.Revokers {
			teams = append(teams, fmt.Sprintf("%s (%s)%s", v.Team, orNobody(strings.Join(v.Members, ", ")), paging(v.Page)))
		}
		line := orNobody(strings.Join(teams, "; "))
		if credentials[line] == nil {
			order = append(order, line)
		}
		credentials[line] = append(credentials[line], r.Credential)
	}
	t.section("COULD REVOKE", "nobody: nothing could sign", len(order), func(i int) {
		t.line(1, "%s: %s", shortened(credentials[order[i]]), order[i])
	})
}

// gaps writes what is missing: what is so once in its own words, what is so more often in general ones.
func (t *page) gaps(title, none string, all []ownership.Gap) {
	var codes []ownership.GapCode
	of := map[ownership.GapCode][]ownership.Gap{}
	for _, g := range all {
		if of[g.Code] == nil {
			codes = append(codes, g.Code)
		}
		of[g.Code] = append(of[g.Code], g)
	}
	t.section(title, none, len(codes), func(i int) {
		gaps := of[codes[i]]
		if len(gaps) == 1 {
			t.line(1, "%s: %s  %s", codes[i], gaps[0].Message, strings.Join(gaps[0].Positions, " "))
			return
		}
		t.line(1, "%s: %s, %d times:", codes[i], codes[i].Meaning(), len(gaps))
		var about []string
		for _, g := range gaps {
			about = append(about, strings.TrimSpace(cmp.Or(g.Credential, g.About, g.Control)+" "+strings.Join(g.Positions, " ")))
		}
		t.line(2, "%s", shortened(about))
	})
}

// shortened lists the first of many.
func shortened(list []string) string {
	if more := len(list) - maxShown; more > 0 {
		return fmt.Sprintf("%s and %d more", strings.Join(list[:maxShown], ", "), more)
	}
	return strings.Join(list, ", ")
}

func (t *page) blocking(b ownership.Blocking) {
	failure := b.OnFailure
	if failure == "" {
		failure = "unsaid"
	}
	t.line(1, "%s in %s: mode %s, on failure %s, owned by %s%s  %s", b.ID, b.Environment, b.Mode, failure, orNobody(b.Owner), paging(b.Page), b.Position)
}

// answering writes who answers for a control, of some artifacts.
func (t *page) answering(of string, a ownership.Answering) {
	if a.Accountable.Team == "" {
		t.line(1, "%s%s: nobody  %s", a.Control, of, strings.Join(a.Positions, " "))
		return
	}
	escalation := ""
	if len(a.Accountable.Escalation) > 0 {
		escalation = ", then " + strings.Join(a.Accountable.Escalation, ", ")
	}
	t.line(1, "%s%s: accountable %s%s%s  %s", a.Control, of, staffed(a, a.Accountable.Team), paging(a.Accountable.Page), escalation, strings.Join(a.Positions, " "))
	rest := "responsible " + orNobody(strings.Join(textsOf(a.Responsible, func(team string) string { return staffed(a, team) }), ", "))
	var activities, accepted []string
	for _, d := range a.Activities {
		if !d.Inherited {
			activities = append(activities, d.Activity+" "+orNobody(strings.Join(d.Teams, ", ")))
		}
	}
	for _, team := range a.AcceptedBy {
		accepted = append(accepted, team.Team)
	}
	quorum := ""
	if a.Control == ownership.ReleasePolicy.String() {
		quorum = fmt.Sprint(a.Quorum)
	}
	for _, more := range []struct{ what, who string }{
		{"does", strings.Join(activities, ", ")}, {"consulted", strings.Join(a.Consulted, ", ")}, {"informed", strings.Join(a.Informed, ", ")},
		{"accepted by", strings.Join(accepted, ", ")}, {"quorum", quorum}, {"review due", a.ReviewDue}, {"runbook", a.Runbook},
	} {
		if more.who != "" {
			rest += "; " + more.what + " " + more.who
		}
	}
	if a.Paged.Team != a.Accountable.Team {
		rest += "; paged " + a.Paged.Team + paging(a.Paged.Page)
	}
	t.line(2, "%s", rest)
}

// staffed is a team with how many are in it.
func staffed(a ownership.Answering, team string) string {
	for _, s := range a.Staff {
		if s.Team == team {
			return fmt.Sprintf("%s (%d)", team, len(s.Members))
		}
	}
	return team
}

// textsOf is what becomes of each of a list.
func textsOf[T any](list []T, become func(T) string) []string {
	texts := make([]string, len(list))
	for i, item := range list {
		texts[i] = become(item)
	}
	return texts
}

// paging says whom to page, after the name of a team.
func paging(where string) string {
	if where == "" {
		return ", nobody to page"
	}
	return ", page " + where
}

func orNobody(s string) string {
	if s == "" {
		return "nobody"
	}
	return s
}
