package attest

import (
	"time"

	"github.com/surety-dev/surety/internal/pattern"
)

// Exception is the view of an exception v1: for a while some rules of a policy are not to refuse an artifact.
// UNVERIFIED, like the statement it is decoded from; read-only. Required are all fields but the environment,
// the incident and the owner of the review. Unknown fields, null and empty strings are refused. That the
// rules may be waived, for so long, and by the signer, is not checked. Source: design §3.3 and §4.12;
// predicates/exception.md.
type Exception struct {
	// Policy is the name of the policy.
	Policy string
	// Rules are the ids of the rules that are waived, one or more, each once; "evidence:" and the name of a
	// declaration for evidence that is absent.
	Rules []string
	// Artifact is the name of the artifact, or a pattern over names as scopes have it. The subjects say which
	// digests.
	Artifact string
	// Environment is the environment it is for; "" only for a request that names none.
	Environment string
	// Reason is why, for people.
	Reason string
	// Incident is the incident it belongs to, "" if not said.
	Incident string
	// ValidFrom is when it begins, in UTC; this time is in.
	ValidFrom time.Time
	// ValidUntil is when it ends, in UTC, after ValidFrom; this time is out.
	ValidUntil time.Time
	// RequestedBy is who asked for it: the id of a person, or an account as the model writes it.
	RequestedBy string
	// ReviewDue is by when it is to be reviewed, in UTC, not before ValidFrom.
	ReviewDue time.Time
	// ReviewOwner is the id of the team that is to review it, "" if not said.
	ReviewOwner string
}

// Exception decodes the predicate, once; it is safe for use by many goroutines. Both results are nil if the
// predicate has no [ViewException]; an error is a [*SyntaxError] or a [*LimitError].
func (st *Statement) Exception() (*Exception, error) {
	return as[Exception](st.decode(ViewException))
}

var (
	exceptionNames = names{"policy", "rules", "artifact", "environment", "reason", "incident", "validFrom", "validUntil", "requestedBy", "reviewDue", "reviewOwner"}
	exceptionMust  = names{"policy", "rules", "artifact", "reason", "validFrom", "validUntil", "requestedBy", "reviewDue"}
)

// evidencePrefix is before the name of a declaration whose evidence is absent.
const evidencePrefix = "evidence:"

func (r *reader) exception() any {
	e := new(Exception)
	for name := range r.only(exceptionNames, exceptionMust) {
		switch name {
		case "policy":
			e.Policy = r.id()
		case "rules":
			e.Rules = r.waived()
		case "artifact":
			e.Artifact = r.scope()
		case "environment":
			e.Environment = r.id()
		case "reason":
			e.Reason = r.needed()
		case "incident":
			e.Incident = r.needed()
		case "validFrom":
			e.ValidFrom = r.moment()
		case "validUntil":
			e.ValidUntil = r.moment()
		case "requestedBy":
			e.RequestedBy = r.id()
		case "reviewDue":
			e.ReviewDue = r.moment()
		case "reviewOwner":
			e.ReviewOwner = r.id()
		}
	}
	switch {
	case !e.ValidUntil.After(e.ValidFrom):
		r.fail("has the validUntil %s; expected a time after validFrom", e.ValidUntil.Format(time.RFC3339))
	case e.ReviewDue.Before(e.ValidFrom):
		r.fail("has the reviewDue %s; expected a time not before validFrom", e.ReviewDue.Format(time.RFC3339))
	}
	return e
}

// waived reads what an exception waives.
func (r *reader) waived() (list []string) {
	list = r.ids()
	for _, id := range list {
		if id == evidencePrefix {
			r.fail("has %q; expected the name of a declaration after it", id)
		}
	}
	return list
}

// scope reads an artifact's name, or a pattern over names. What is no pattern must be a name that an artifact
// can have, so that one that never matches is found before it is needed.
func (r *reader) scope() string {
	s := r.needed()
	if r.err != nil {
		return ""
	}
	p, err := pattern.Parse(s)
	if err == nil && p.Literal() {
		err = CheckName(s)
	}
	if err != nil {
		r.fail("is no artifact's name and no pattern: %.200s", err.Error())
	}
	return s
}
