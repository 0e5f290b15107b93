package ownership

import (
	"fmt"
	"slices"
	"strings"

	"github.com/surety-dev/surety/internal/pattern"
)

// CanSign says which credentials could sign an artifact, named as patterns see it, at
// the view's time, and which could not, and why: whether their states let a signature
// of that time stand as it was then known (States.Judge), whether those who hold them
// were there (View.Present), and what the grants gave (View.May) for an environment;
// "": for any, shown with each grant.
//
// It is a superset of what verify counts: predicate type, builder and workflow, which depend on
// what is signed, are shown with each grant and not judged, and neither is what other
// credentials that match the same certificate do to it.
func (v View) CanSign(artifact, environment string) Signers {
	a := &asking{View: v, artifact: artifact, environment: environment, reaches: map[string][]reach{}}
	v.model.scopes.Lookup(artifact, func(p pattern.Pattern, s *scope) bool {
		a.covering = append(a.covering, covering{p, s})
		return true
	})
	out := Signers{CouldSign: []Signing{}, CouldNotSign: []Signing{}}
	var ungranted []string
	for _, c := range v.model.credentials {
		switch signing, could, granted := a.judge(c); {
		case !granted:
			ungranted = append(ungranted, c.ID)
		case could:
			out.CouldSign = append(out.CouldSign, signing)
		default:
			out.CouldNotSign = append(out.CouldNotSign, signing)
		}
	}
	slices.SortFunc(out.CouldSign, compareSignings)
	slices.SortFunc(out.CouldNotSign, compareSignings)
	out.CouldNotSign = append(out.CouldNotSign, a.withoutCredential()...)
	slices.Sort(ungranted)
	out.Ungranted = Ungranted{len(ungranted), list(slices.Clone(ungranted[:min(len(ungranted), MaxUngranted)]))}
	return out
}

func compareSignings(a, b Signing) int { return strings.Compare(a.Credential, b.Credential) }

// asking is one question, and what of the grants is known so far.
type asking struct {
	View
	artifact, environment string
	covering              []covering
	reaches               map[string][]reach // by principal
}

// covering is a scope that covers the artifact, with its pattern.
type covering struct {
	pattern pattern.Pattern
	scope   *scope
}

// reach is a grant on the artifact and how it reaches a principal.
type reach struct {
	*grant
	through  *teamMembership // nil: it names the principal
	patterns []string
	missing  missing // predicate type, builder, workflow and, where none is asked about, environment left aside
}

// of gives the grants on the artifact that reach a principal at any time, in the
// document's order.
func (a *asking) of(principal string) []reach {
	if known, ok := a.reaches[principal]; ok {
		return known
	}
	var all []reach
	for _, c := range a.covering {
		a.reaching(c.scope, principal, func(g *grant, through *teamMembership) {
			i := slices.IndexFunc(all, func(r reach) bool { return r.grant == g })
			if i < 0 {
				i = len(all)
				all = append(all, reach{grant: g, through: through, missing: a.misses(g, through, a.environment)})
			}
			all[i].patterns = append(all[i].patterns, c.pattern.String())
		})
	}
	slices.SortFunc(all, func(x, y reach) int { return x.at.Compare(y.at) })
	a.reaches[principal] = all
	return all
}

// misses says what of a grant that reaches a principal does not fit in an environment; "":
// in any it is for.
func (v View) misses(g *grant, through *teamMembership, environment string) missing {
	m := g.misses(Use{Environment: environment, Timed: true}, v.t, through.contains(v.t))
	m[missEnvironment], m[missWorkflow] = m[missEnvironment] && environment != "", false
	return m
}

// permission is what View.May says of a principal, predicate type and builder left aside.
func (a *asking) permission(principal string) Permission {
	var p Permission
	if !a.Present(principal) {
		return p
	}
	for _, r := range a.of(principal) {
		p.fit(r.grant, r.missing)
	}
	return p.settled()
}

// judge says whether what a credential signs would count, and whether anybody behind
// it was ever granted anything.
func (a *asking) judge(c *credential) (s Signing, could, granted bool) {
	for _, holder := range c.Holders {
		granted = granted || len(a.of(holder)) > 0
	}
	if !granted {
		return Signing{}, false, false
	}
	s = Signing{
		Credential: c.ID, Position: c.at.String(), Holders: slices.Clone(c.Holders), Operators: a.operators(c.Holders), Vendors: a.model.contracted(c.Holders), Owner: c.Owner,
		State: c.States.At(a.t).String(), Grants: []Granted{},
	}
	stands := false
	s.Because, s.But, stands = a.stands(c)
	duties := a.holders(c.Holders, &s)
	if duties == 0 && len(s.Grants) > 0 && len(c.Holders) > 1 {
		s.But = append(s.But, Objection{SignerNotGranted, "no duty is granted to all of " + strings.Join(c.Holders, ", "), s.Position})
	}
	s.Duties = duties.names()
	return s, stands && duties != 0, true
}

// stands reports whether the states of a credential let what it signs stand, as was then
// known, and says why: since when it is in its state and whether the document takes what it
// signs at this time back later, or what speaks against it.
func (v View) stands(c *credential) (because []Fact, but []Objection, stands bool) {
	because, but = []Fact{}, []Objection{}
	if standing := c.States.Judge(v.t, v.t); !standing.Stands() {
		return because, append(but, Objection{standing.Reason, "credential " + c.ID + " " + c.condition(standing), c.stateAt(standing).String()}), false
	}
	i := c.States.place(v.t)
	message := fmt.Sprintf("credential %s is %s since %s", c.ID, c.States[i].State, stamp(c.States[i].From))
	if c.States[i].State != Active { // it has ended, and its invalidFrom is still to come
		message += ", and what it signs before " + stamp(c.States[i].reach()) + " stands"
	}
	because = append(because, Fact{AboutState, message, c.statesAt[i].String()})
	last := c.States[len(c.States)-1].From
	if later := c.States.Judge(v.t, last); last.After(v.t) && !later.Stands() {
		but = append(but, Objection{later.Reason, fmt.Sprintf("credential %s %s: from then on what it signed at this time counts no more", c.ID, c.condition(later)), c.statesAt[later.Change].String()})
	}
	return because, but, true
}

// holders enters what is known of the holders and their grants, and gives the duties
// that all of them have.
func (a *asking) holders(holders []string, s *Signing) Duties {
	all := ^Duties(0)
	for _, holder := range holders {
		at := a.model.places[holder].String()
		permission := a.permission(holder)
		all &= permission.Duties
		if !a.Present(holder) {
			s.But = append(s.But, Objection{SignerDeparted, holder + " " + a.absence(holder), at})
			continue
		}
		if p := a.model.people[holder]; p != nil {
			s.Because = append(s.Because, Fact{AboutPerson, holder + " belongs to the organisation" + p.Interval.span(), at})
		}
		for _, r := range a.of(holder) {
			if r.missing == (missing{}) {
				a.inEffect(holder, r, s)
			} else if r.duties&^permission.Duties != 0 {
				s.But = append(s.But, a.objections(holder, r)...)
			}
		}
		if len(a.of(holder)) == 0 {
			s.But = append(s.But, Objection{SignerNotGranted, holder + " has no grant that covers " + a.artifact, at})
		}
	}
	return all
}

// inEffect enters a grant that holds at the time.
func (a *asking) inEffect(holder string, r reach, s *Signing) {
	if r.through != nil {
		i := slices.IndexFunc(r.through.intervals, func(i Interval) bool { return i.Contains(a.t) })
		s.because(Fact{AboutMembership, fmt.Sprintf("%s is a member of %s%s", holder, r.to, r.through.intervals[i].span()), r.through.at[i].String()})
	}
	g, terms := r.granted(holder), ""
	for _, term := range []struct {
		words string
		of    []string
	}{{", with predicate type ", g.Predicates}, {", with builder ", g.Builders}, {", in ", g.Environments}, {", ", g.Windows}} {
		if len(term.of) > 0 {
			terms += term.words + strings.Join(term.of, " or ")
		}
	}
	if len(g.Workflow) > 0 {
		terms += ", with a workflow of " + strings.Join(g.Workflow, " and ")
	}
	s.because(Fact{AboutGrant, fmt.Sprintf("%s may %s%s%s", r.to, strings.Join(g.Duties, ", "), r.interval.span(), terms), g.Position})
	s.Grants = append(s.Grants, g)
}

// granted is the grant as an answer has it.
func (r reach) granted(holder string) Granted {
	return Granted{
		Position: r.at.String(), Holder: holder, To: r.to, Duties: r.duties.names(), Artifacts: slices.Clone(r.patterns),
		Predicates: list(texts(r.predicates)), Builders: list(texts(r.builders)), Environments: list(slices.Clone(r.environments)), Workflow: r.workflow.texts(), Windows: windowTexts(r.windows),
		From: instant(r.interval.From), Until: instant(r.interval.Until),
	}
}

// because enters a fact once: two grants may rest on one membership, two holders on
// one grant.
func (s *Signing) because(f Fact) {
	if !slices.Contains(s.Because, f) {
		s.Because = append(s.Because, f)
	}
}

// objections says why a grant does not hold at the time.
func (v View) objections(holder string, r reach) []Objection {
	objections := []Objection{}
	duties := strings.Join(r.duties.names(), ", ")
	but := func(code Reason, format string, args ...any) {
		objections = append(objections, Objection{code, fmt.Sprintf("%s may %s ", r.to, duties) + fmt.Sprintf(format, args...), r.at.String()})
	}
	if r.missing[missTime] {
		but(SignerNotGranted, "%s", r.interval.miss(v.t))
	}
	if r.missing[missEnvironment] {
		but(SignerNotGranted, "only in %s", strings.Join(r.environments, ", "))
	}
	if r.missing[missWindow] {
		but(OutsideWindow, "only %s", strings.Join(windowTexts(r.windows), " or "))
	}
	if freeze, frozen := r.frozen(v.t); frozen {
		but(InFreeze, "not%s", freeze.describe())
	}
	if r.missing[missRole] {
		i := r.through.nearest(v.t)
		objections = append(objections, Objection{SignerRoleChanged,
			fmt.Sprintf("%s is a member of %s, which may %s, %s", holder, r.to, duties, r.through.intervals[i].miss(v.t)), r.through.at[i].String()})
	}
	return objections
}

// withoutCredential are the principals that are there and have a grant in effect, and
// no credential to sign with; by id.
func (a *asking) withoutCredential() []Signing {
	holds := map[string]bool{}
	for _, c := range a.model.credentials {
		for _, holder := range c.Holders {
			holds[holder] = true
		}
	}
	var ids []string
	for _, c := range a.covering {
		for to := range c.scope.grants {
			ids = append(ids, a.Members(to)...)
			if a.Present(to) {
				ids = append(ids, to)
			}
		}
	}
	slices.Sort(ids)
	var out []Signing
	for _, id := range slices.Compact(ids) {
		if holds[id] || a.permission(id).Duties == 0 {
			continue
		}
		at := a.model.places[id].String()
		s := Signing{Position: at, Holders: []string{id}, Operators: a.operators([]string{id}), Vendors: a.model.contracted([]string{id}), Grants: []Granted{}, Because: []Fact{}, But: []Objection{}}
		s.Duties = a.holders(s.Holders, &s).names()
		s.But = append([]Objection{{NoCredential, fmt.Sprintf("%s, who may %s, holds no credential", id, strings.Join(s.Duties, ", ")), at}}, s.But...)
		out = append(out, s)
	}
	return out
}

// contracted gives the vendors among principals.
func (m *Model) contracted(principals []string) []Contracted {
	all := []Contracted{}
	for _, id := range principals {
		if v := m.vendors[id]; v != nil {
			all = append(all, Contracted{id, m.places[id].String(), v.InternalOwner, v.ContractOwner, spell(v.EvidenceWithin)})
		}
	}
	return all
}
