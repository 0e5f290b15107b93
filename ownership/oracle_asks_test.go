package ownership_test

import (
	"fmt"
	"slices"
	"strings"

	"github.com/surety-dev/surety/ownership"
)

// asker asks a model and the oracle the same.
type asker struct {
	dice
	*world
	model  *ownership.Model
	counts map[string]int // how often which answer was seen, for the test not to go vacuous
}

// answer is a question with both answers.
type answer struct{ question, got, want string }

// when draws a time: one that documents name, or the second beside it.
func (a *asker) when() moment {
	return a.moment(1, ticks+1) + moment(oneOf(a.dice, []int{-1, 0, 0, 0, 1}))
}

func (a *asker) saw(classes ...string) { a.counts[strings.TrimSpace(strings.Join(classes, " "))]++ }

// somebody draws a principal, often one who is granted something, seldom a team or nobody.
func (a *asker) somebody() string {
	if a.in(20) {
		return oneOf(a.dice, []string{"red", "zoe", ""})
	}
	if to := oneOf(a.dice, a.grants).to; a.in(2) {
		if g := a.group(to); g != nil {
			return oneOf(a.dice, g.members).person
		}
		return to
	}
	return oneOf(a.dice, a.ids("principals"))
}

// place draws an environment: one, every one, or one that nobody knows.
func (a *asker) place() string {
	return oneOf(a.dice, append([]string{"", "", "nowhere"}, drawnPlaces()...))
}

// ask asks one question of the kinds there are.
func (a *asker) ask() answer {
	kinds := []func() answer{a.askBind, a.askBind, a.askBind, a.askMay, a.askMay, a.askMay, a.askMembers, a.askEligible, a.askKeys, a.askSign, a.askSign, a.askControl, a.askControl, a.askWho, a.askWho, a.askContact}
	return oneOf(a.dice, kinds)()
}

// sign draws an identity, most often one that a credential of the model might match.
func (a *asker) sign() (s sign) {
	c := oneOf(a.dice, a.credentials)
	switch {
	case a.in(20):
		s.key = a.IntN(6) // 0: no identity at all
	case c.key != 0:
		s.key = c.key
	case c.authority != "":
		s.authority, s.nameType = oneOf(a.dice, []string{"ca", "ca", "ca", "cb"}), oneOf(a.dice, []string{c.nameType, c.nameType, "uri"})
		s.subject = oneOf(a.dice, []string{"spiffe://x/ns/a/sa", "spiffe://x/ns/a/sa", "spiffe://x/ns/b/sa", "spiffe://x"})
	default:
		s.issuer = oneOf(a.dice, []string{c.issuer, c.issuer, c.issuer, "https://i", "https://j"})
		s.subject = oneOf(a.dice, []string{"https://github.com/acme/pay/w@v1", "https://github.com/acme/pay/w@v1", "https://github.com/acme/pay/w@v2", "https://github.com/tool/run/w@v1", "ann@x"})
		if !strings.Contains(c.subject, "*") && !a.in(4) {
			s.subject = c.subject
		}
		s.claims = map[string]string{}
		for _, claim := range drawnClaims() {
			if !a.in(3) {
				s.claims[claim.name] = oneOf(a.dice, append([]string{claim.said[0]}, claim.said...))
			}
		}
	}
	return s
}

func (a *asker) askBind() answer {
	s, t, at := a.sign(), a.when(), a.when()
	if at < t && !a.in(4) {
		t, at = at, t
	}
	id := ownership.Identity{Issuer: s.issuer, Authority: s.authority, NameType: s.nameType, Subject: s.subject, Claims: s.claims}
	if s.key != 0 {
		id.Key = drawnKeys()[s.key].fingerprint
		if a.in(4) { // "a key matches by it alone"
			id.Issuer, id.Subject = "https://i", "ann@x"
		}
	}
	text := func(credential string, holders []string, person, owner string, active any) string {
		return fmt.Sprintf("%s of %v, person %q, owner %q, active from %v", credential, holders, person, owner, active)
	}
	got := ""
	if b, refusal := a.model.Bind(id, t.time(), at.time()); refusal == nil {
		got = text(b.Credential, b.Holders, b.Person, b.Owner, b.ActiveFrom.Format("2006-01-02T15:04:05Z07:00"))
	} else {
		got = fmt.Sprintf("%s by %q", refusal.Reason, refusal.Credential)
	}
	c, code := a.bind(s, t, at)
	want := code + ` by ""`
	switch {
	case code != "" && c != nil:
		want = fmt.Sprintf("%s by %q", code, c.id)
	case code == "":
		person := ""
		if len(c.holders) == 1 && a.human(c.holders[0]) != nil {
			person = c.holders[0]
		}
		first := c.states[slices.IndexFunc(c.states, func(s turn) bool { return s.state == "active" })]
		want = text(c.id, sorted(c.holders), person, c.owner, first.from)
		code = "bound"
	}
	a.saw("bind", code)
	return answer{fmt.Sprintf("Bind(%+v, %v, %v)", s, t, at), got, want}
}

// but names the sets of a Permission as the oracle does.
func (a *asker) but(p ownership.Permission) (texts []string) {
	for name, set := range buts(p) {
		for _, d := range set.List() {
			texts = append(texts, name+":"+d.String())
		}
	}
	return sorted(texts)
}

func (a *asker) askMay() answer {
	u := use{artifact: a.name(), predicate: oneOf(a.dice, drawnPredicates()), builder: oneOf(a.dice, drawnBuilders()), provenance: a.in(2)}
	if newFields {
		u.environment, u.timed = oneOf(a.dice, append([]string{""}, drawnPlaces()...)), !a.in(4)
	}
	who, t := a.somebody(), a.when()
	var want []string
	for but, duties := range a.may(who, u, t) {
		for _, d := range duties {
			want = append(want, but+":"+d)
		}
		if len(duties) > 0 {
			a.saw("may", but)
		}
	}
	if want == nil {
		a.saw("may not")
	}
	got := a.but(a.model.At(t.time()).May(who, asUse(u)))
	return answer{fmt.Sprintf("At(%v).May(%q, %+v)", t, who, u), fmt.Sprint(got), fmt.Sprint(sorted(want))}
}

func (a *asker) askMembers() answer {
	t := a.when()
	v := a.model.At(t.time())
	var got, want strings.Builder
	for _, id := range append(a.ids("principals"), "red", "zoe") {
		fmt.Fprintln(&got, id, v.Present(id), v.Teams(id))
		var teams []string
		for _, team := range drawnTeams() {
			if a.member(id, team, t) {
				teams = append(teams, team)
			}
		}
		fmt.Fprintln(&want, id, a.present(id, t), teams)
		if h := a.human(id); h != nil {
			person, ok := a.model.Person(id)
			fmt.Fprintln(&got, ok, person.Present(t.time()))
			fmt.Fprintln(&want, true, a.present(id, t))
			a.saw("person", map[bool]string{true: "present", false: "absent"}[a.present(id, t)])
			if h.holds(t) && !a.present(id, t) {
				a.saw("person away")
			}
		} else if !a.present(id, t) && slices.Contains(drawnVendors(), id) {
			a.saw("vendor absent")
		}
	}
	for _, team := range append(drawnTeams(), "zoe") {
		person := oneOf(a.dice, drawnPeople())
		fmt.Fprintln(&got, team, v.Members(team), person, v.Member(person, team))
		fmt.Fprintln(&want, team, a.members(team, t), person, a.member(person, team, t))
	}
	for _, c := range a.credentials {
		s, ok := v.State(c.id)
		fmt.Fprintln(&got, c.id, s, ok)
		fmt.Fprintln(&want, c.id, c.state(t), true)
		a.saw("state", c.state(t))
	}
	return answer{fmt.Sprintf("presence, members and states at %v", t), got.String(), want.String()}
}

func (a *asker) askEligible() answer {
	duty, artifact, predicates, people, t := oneOf(a.dice, drawnDuties()), a.name(), some(a.dice, drawnPredicates(), 1, 2), a.in(2), a.when()
	d, _ := ownership.ParseDuty(duty)
	got := a.model.At(t.time()).Eligible(d, artifact, predicates, people)
	want := a.eligible(duty, artifact, predicates, people, t)
	a.saw("eligible", map[bool]string{true: "nobody", false: "somebody"}[want == nil])
	return answer{fmt.Sprintf("At(%v).Eligible(%s, %q, %q, %v)", t, duty, artifact, predicates, people), fmt.Sprint(got), fmt.Sprint(want)}
}

func (a *asker) askKeys() answer {
	artifact, most := a.name(), a.between(0, 4)
	var got []int
	for _, k := range a.model.KeysFor(artifact, most) {
		got = append(got, slices.IndexFunc(drawnKeys(), func(d drawnKey) bool { return d.fingerprint == k.Fingerprint }))
	}
	want := a.keysFor(artifact)
	a.saw("keys", fmt.Sprint(min(len(want), 3)))
	return answer{fmt.Sprintf("KeysFor(%q, %d)", artifact, most), fmt.Sprint(got), fmt.Sprint(want[:min(most, len(want))])}
}

func (a *asker) askContact() answer {
	t := a.when()
	var got, want strings.Builder
	for _, team := range append(drawnTeams(), "zoe") {
		page := a.contact(team, t)
		fmt.Fprintln(&got, team, a.model.Contact(team, t.time()))
		fmt.Fprintln(&want, team, page)
		switch page {
		case "":
			a.saw("contact nobody")
		case "pager:" + team:
			a.saw("contact itself")
		default:
			a.saw("contact by escalation")
		}
	}
	principals := some(a.dice, append(a.ids("principals"), "zoe"), 0, 3)
	ids, known := a.model.Behind(principals, t.time())
	fmt.Fprintln(&got, ids, known)
	ids, known = a.behind(principals, t)
	fmt.Fprintln(&want, ids, known)
	a.saw("behind", map[bool]string{true: "known", false: "unknown"}[known])
	return answer{fmt.Sprintf("contacts and Behind(%v) at %v", principals, t), got.String(), want.String()}
}
