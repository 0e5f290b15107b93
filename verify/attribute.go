package verify

import (
	"cmp"
	"slices"
	"time"

	"github.com/surety-dev/surety/internal/place"
	"github.com/surety-dev/surety/ownership"
)

// attributed makes findings of problems: each names who answers for its control, and whom to page.
// A control without an owner is a finding of its own beside it (design §4.14).
func (r *run) attributed(problems []problem) []Finding {
	var out []Finding
	var unowned []unowning
	for _, p := range problems {
		meant := p.code.meaning()
		control := meant.control
		if c, ok := ownership.ParseControl(p.control); ok {
			control = c
		}
		f := Finding{
			Code: p.code, Mark: meant.mark, Severity: p.severity, Message: p.message, Control: control.String(),
			Evidence: p.evidence, Credential: p.credential, Position: p.position, Frameworks: slices.Clone(p.frameworks), Remedy: cmp.Or(p.remedy, meant.remedy),
		}
		if len(f.Frameworks) == 0 {
			f.Frameworks = p.code.Frameworks()
		}
		then := p.then
		if then.IsZero() {
			then = r.request.At
		}
		if !r.answer(cmp.Or(p.by, r.model), &f, control, then) {
			u := unowning{control, then, p.severity}
			if i := slices.IndexFunc(unowned, u.same); i < 0 {
				unowned = append(unowned, u)
			} else {
				unowned[i].severity = min(unowned[i].severity, u.severity)
			}
		}
		out = append(out, f)
	}
	for _, u := range unowned {
		meant := ControlUnowned.meaning()
		f := Finding{Code: ControlUnowned, Mark: meant.mark, Severity: u.severity, Control: meant.control.String(), Frameworks: ControlUnowned.Frameworks(), Remedy: meant.remedy,
			Message: "nobody, or more than one team, is accountable for " + u.control.String() + " of " + r.scope}
		if !u.then.Equal(r.request.At) {
			f.Message += " as of " + u.then.UTC().Format(time.RFC3339Nano)
		}
		r.answer(r.model, &f, meant.control, u.then)
		out = append(out, f)
	}
	slices.SortStableFunc(out, compareFindings)
	return slices.CompactFunc(out, func(x, y Finding) bool { return compareFindings(x, y) == 0 })
}

// compareFindings is the verdict's order: severity, code, evidence, credential; then what is left.
func compareFindings(x, y Finding) int {
	return cmp.Or(
		cmp.Compare(x.Severity, y.Severity),
		cmp.Compare(x.Code.rank(), y.Code.rank()),
		slices.Compare(x.Evidence, y.Evidence),
		cmp.Compare(x.Credential, y.Credential),
		place.Compare(x.Position, y.Position),
		cmp.Compare(x.Message, y.Message),
		cmp.Compare(x.Accountable.Team, y.Accountable.Team),
	)
}

// unowning is a control that nobody owned, and when.
type unowning struct {
	control  ownership.Control
	then     time.Time
	severity Severity // of the worst of what it is about
}

// same reports whether it is the same control at the same time.
func (u unowning) same(v unowning) bool { return u.control == v.control && u.then.Equal(v.then) }

// answer names the owner of a control then, and those of the controls upstream of it. It reports
// whether the control had one.
func (r *run) answer(m *ownership.Model, f *Finding, control ownership.Control, then time.Time) bool {
	view := m.At(then)
	for _, up := range control.Upstream() {
		if owner, ok := view.Control(up, r.scope); ok {
			f.AlsoAnswer = append(f.AlsoAnswer, UpstreamAnswer{Control: up.String(), Team: owner.Accountable})
		}
	}
	owner, ok := view.Control(control, r.scope)
	if ok {
		f.Accountable = AnswerOf(m, owner, r.request.At)
	}
	return ok
}
