package lint

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/policy"
	"github.com/surety-dev/surety/verify"
)

// documents is what checks look at: the model and the policies as of one time, and what several checks
// ask of them.
type documents struct {
	model    *ownership.Model // an empty one where none is given
	hasModel bool
	endorsed bool
	view     ownership.View
	at       time.Time

	policies    []*policy.Policy // in force at the time, or to come; by name and version
	ended       []*policy.Policy // those that apply at the time and have ended
	remarks     map[*policy.Policy][]policy.Remark
	assignments []ownership.Assignment          // those that hold at the time
	entryAt     map[string]ownership.Assignment // the same, by position
	only        map[ownership.Control]string    // who owns a control wherever it is owned, if one team does
	ownersAt    map[controlled][]string         // see ownersOf
	points      []ownership.EnforcementPoint    // those that stand at the time
	grants      []ownership.Grant               // those that have not ended
	grantsTo    map[string][]ownership.Grant
	credentials []ownership.Credential            // those that can still sign, or could
	holds       map[string][]ownership.Credential // those that can sign or are about to, by holder
	able        map[string]bool                   // who holds an active credential
}

func newDocuments(in Input) *documents {
	d := &documents{
		model: in.Ownership, hasModel: in.Ownership != nil, endorsed: in.Endorsed, at: in.At,
		remarks: map[*policy.Policy][]policy.Remark{}, entryAt: map[string]ownership.Assignment{}, ownersAt: map[controlled][]string{},
		grantsTo: map[string][]ownership.Grant{}, holds: map[string][]ownership.Credential{}, able: map[string]bool{},
	}
	if d.model == nil {
		d.model = &ownership.Model{}
	}
	d.view = d.model.At(in.At)
	for a := range d.model.Assignments() {
		if a.Interval.Contains(in.At) {
			d.assignments = append(d.assignments, a)
			d.entryAt[a.Position] = a
		}
	}
	d.only = onlyOwners(d.assignments)
	for _, e := range d.model.EnforcementPoints() {
		if e.Interval.Contains(in.At) {
			d.points = append(d.points, e)
		}
	}
	for g := range d.model.Grants() {
		if g.Interval.Until.IsZero() || g.Interval.Until.After(in.At) {
			d.grants = append(d.grants, g)
			d.grantsTo[g.To] = append(d.grantsTo[g.To], g)
		}
	}
	for c := range d.model.Credentials() {
		d.keep(c)
	}
	d.choose(in.Policies)
	return d
}

// keep files a credential, unless nothing it signs can count any more.
func (d *documents) keep(c ownership.Credential) {
	state := c.States.At(d.at)
	if state == ownership.Compromised || state == ownership.Revoked || state == ownership.Destroyed {
		return
	}
	d.credentials = append(d.credentials, c)
	for _, holder := range c.Holders {
		if d.able[holder] = d.able[holder] || state == ownership.Active; d.live(c) {
			d.holds[holder] = append(d.holds[holder], c)
		}
	}
}

// onlyOwners gives, of each control, the team that all entries with an accountable one name; none where they differ.
func onlyOwners(assignments []ownership.Assignment) map[ownership.Control]string {
	only, differ := map[ownership.Control]string{}, map[ownership.Control]bool{}
	for _, a := range assignments {
		team := a.Ownership.Accountable
		switch {
		case team == "" || differ[a.Control]:
		case only[a.Control] != "" && only[a.Control] != team:
			differ[a.Control] = true
			delete(only, a.Control)
		default:
			only[a.Control] = team
		}
	}
	return only
}

// choose keeps, of each name, the version that applies at the time and those to come (design §4.13).
func (d *documents) choose(policies []*policy.Policy) {
	byName := map[string][]*policy.Policy{}
	for _, p := range policies {
		byName[p.Name()] = append(byName[p.Name()], p)
	}
	for _, name := range slices.Sorted(maps.Keys(byName)) {
		versions := byName[name]
		slices.SortFunc(versions, func(x, y *policy.Policy) int {
			return cmp.Or(x.EffectiveFrom().Compare(y.EffectiveFrom()), cmp.Compare(x.Version(), y.Version()))
		})
		for i, p := range versions {
			replaced := i+1 < len(versions) && versions[i+1].Begun(d.at)
			switch {
			case replaced:
			case p.Begun(d.at) && !p.InForce(d.at):
				d.ended = append(d.ended, p)
			default:
				d.policies = append(d.policies, p)
				d.remarks[p] = p.Remarks()
			}
		}
	}
}

// live reports whether a credential can sign, or is about to.
func (d *documents) live(c ownership.Credential) bool {
	state := c.States.At(d.at)
	return state == ownership.Active || state == ownership.PreActivation
}

// staffed reports whether somebody is in a team.
func (d *documents) staffed(team string) bool { return len(d.view.Members(team)) > 0 }

// usable gives who can use a grant: the members of a team that are there, the principal if it is.
func (d *documents) usable(to string) []string {
	if _, ok := d.model.Team(to); ok {
		return d.view.Members(to)
	}
	if d.view.Present(to) {
		return []string{to}
	}
	return nil
}

// held gives the patterns of the artifacts the holders of a credential have grants on, themselves or through
// their teams.
func (d *documents) held(c ownership.Credential) []string {
	var scopes []string
	for _, holder := range c.Holders {
		for _, to := range append(d.view.Teams(holder), holder) {
			for _, g := range d.grantsTo[to] {
				scopes = append(scopes, g.Artifacts...)
			}
		}
	}
	return scopes
}

// teamsOf gives the teams that have in hand what a principal or team may do: the team itself, those a person is
// in, the owner of a workload, the internal owner of a vendor.
func (d *documents) teamsOf(id string) []string {
	if _, ok := d.model.Team(id); ok {
		return []string{id}
	}
	if w, ok := d.model.Workload(id); ok {
		return []string{w.Owner}
	}
	if v, ok := d.model.Vendor(id); ok {
		return []string{v.InternalOwner}
	}
	return d.view.Teams(id)
}

// answer names who is accountable for a control, and whom to page now (design §4.14), and who is for the
// controls upstream of it.
func (d *documents) answer(control ownership.Control, scopes []string) (verify.Answer, []verify.UpstreamAnswer) {
	names := samples(scopes)
	if scopes == nil {
		names = samples([]string{"**"})
	}
	var upstream []verify.UpstreamAnswer
	for _, up := range control.Upstream() {
		if team := d.owner(up, names, scopes).Accountable; team != "" {
			upstream = append(upstream, verify.UpstreamAnswer{Control: up.String(), Team: team})
		}
	}
	owner := d.owner(control, names, scopes)
	if owner.Accountable == "" {
		return verify.Answer{}, upstream
	}
	return verify.AnswerOf(d.model, owner, d.at), upstream
}

// owner gives who owns a control: of the first of the names that has an owner; without scopes, of any
// artifact whatever, or whoever owns the control wherever it is owned.
func (d *documents) owner(control ownership.Control, names, scopes []string) ownership.Ownership {
	for _, name := range names {
		if owner, ok := d.view.Control(control, name); ok {
			return owner
		}
	}
	if scopes != nil {
		return ownership.Ownership{}
	}
	return ownership.Ownership{Accountable: d.only[control]}
}

// rules calls yield for each remark of a shape, with its policy and its rule; the zero Rule where it is
// about none.
func (d *documents) rules(shape policy.Shape, yield func(p *policy.Policy, rule policy.Rule, m policy.Remark)) {
	for _, p := range d.policies {
		rules := p.Rules()
		for _, m := range d.remarks[p] {
			if m.Shape != shape {
				continue
			}
			var rule policy.Rule
			if i := slices.IndexFunc(rules, func(r policy.Rule) bool { return r.ID == m.Rule }); i >= 0 {
				rule = rules[i]
			}
			yield(p, rule, m)
		}
	}
}

// remarked makes a check's function of a shape: a finding for each remark, whose message is made of it.
func remarked(shape policy.Shape, message func(m policy.Remark) string) func(*documents, func(issue)) {
	return func(d *documents, report func(issue)) {
		d.rules(shape, func(p *policy.Policy, rule policy.Rule, m policy.Remark) {
			report(d.about(p, rule, m, message(m)))
		})
	}
}

// about is an issue about a remark; the rule's control answers.
func (d *documents) about(p *policy.Policy, rule policy.Rule, m policy.Remark, message string) issue {
	control, _ := ownership.ParseControl(rule.Control)
	return issue{position: m.Position, subject: ofRemark(p, m), message: message, control: control, scopes: p.Artifacts()}
}

// whose says which rule or variable a remark is about.
func whose(m policy.Remark) string {
	switch {
	case m.Variable != "" && m.Rule != "":
		return fmt.Sprintf("rule %s, in variable %s", m.Rule, m.Variable)
	case m.Variable != "":
		return "variable " + m.Variable
	}
	return "rule " + m.Rule
}

// where says what a remark is about and where in the expression it stands.
func where(m policy.Remark) string {
	return fmt.Sprintf("%s, at %s of the expression: %s", whose(m), m.At, m.Expression)
}
