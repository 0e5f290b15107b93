package attest

import "time"

// Drill is the view of a drill v1: who went through which scenario, and how it came out. UNVERIFIED, like the
// statement it is decoded from; read-only. Required are all fields but the reference. Unknown fields, null and
// empty strings are refused. Source: design §3.3; predicates/drill.md.
type Drill struct {
	// Scenario is what was gone through.
	Scenario string
	// Outcome is "passed" or "failed".
	Outcome string
	// Participants are who took part, one or more, each once in a role: a claim of the signer.
	Participants []DrillParticipant
	// Started is when it began (startedAt), in UTC: a claim.
	Started time.Time
	// Ended is when it ended (endedAt), in UTC, not before Started: a claim.
	Ended time.Time
	// Reference is where more is written about it, "" if not said.
	Reference string
}

// DrillParticipant is one person who took part in a drill.
type DrillParticipant struct {
	// Person is the id of a person, or an account as the model writes it.
	Person string
	// Role is what the person did in it ("incident-commander").
	Role string
}

// Drill decodes the predicate, once; it is safe for use by many goroutines. Both results are nil if the
// predicate has no [ViewDrill]; an error is a [*SyntaxError] or a [*LimitError].
func (st *Statement) Drill() (*Drill, error) { return as[Drill](st.decode(ViewDrill)) }

const (
	drillPassed = "passed"
	drillFailed = "failed"
)

var (
	drillNames       = names{"scenario", "outcome", "participants", "startedAt", "endedAt", "reference"}
	drillMust        = names{"scenario", "outcome", "participants", "startedAt", "endedAt"}
	participantNames = names{"person", "role"}
)

func (r *reader) drill() any {
	d := new(Drill)
	for name := range r.only(drillNames, drillMust) {
		switch name {
		case "scenario":
			d.Scenario = r.id()
		case "outcome":
			d.Outcome = r.one(drillPassed, drillFailed)
		case "participants":
			d.Participants = r.participants()
		case "startedAt":
			d.Started = r.moment()
		case "endedAt":
			d.Ended = r.moment()
		case "reference":
			d.Reference = r.needed()
		}
	}
	if d.Ended.Before(d.Started) {
		r.fail("has the endedAt %s; expected a time not before startedAt", d.Ended.Format(time.RFC3339))
	}
	return d
}

func (r *reader) participants() (list []DrillParticipant) {
	seen := map[DrillParticipant]bool{}
	for range r.entries() {
		var p DrillParticipant
		for name := range r.only(participantNames, participantNames) {
			if name == "person" {
				p.Person = r.id()
			} else {
				p.Role = r.id()
			}
		}
		if seen[p] {
			r.fail("is %s as %s for the second time", quote(p.Person), quote(p.Role))
		}
		seen[p], list = true, append(list, p)
	}
	if len(list) == 0 {
		r.fail("is empty; expected one participant or more")
	}
	return list
}
