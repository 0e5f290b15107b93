package attest

import "time"

// Approval is the view of an approval v1: somebody's decision about the subjects, signed by who decided or
// by a witness who reports it. UNVERIFIED, like the statement it is decoded from; read-only. Required is the
// decision. Unknown fields, null and empty strings are refused. That the signer is the approver, or may
// report one, is not checked. Source: design §3.3; predicates/approval.md.
type Approval struct {
	// Approver is who decided: an account as the model writes it ("github:583231") or the id of a person;
	// "" if it does not say, and then it can only be the signer.
	Approver string
	// Decision is "approved" or "rejected".
	Decision string
	// Role is in which role the approver decided, "" if not said: a claim.
	Role string
	// RequestedBy is who asked for the approval, written as Approver; "" if not said. It must be somebody else
	// than the approver, which is not checked here.
	RequestedBy string
	// Environment is the environment it is for, "" for any.
	Environment string
	// From is the environment the subjects are promoted from, to Environment, "" if it is no promotion. With it
	// Role is RolePromotion and Environment is not "".
	From string
	// Reference is the ticket, pull request or review it was made in, "" if not said.
	Reference string
	// ClaimedAt is when a witness says that it was made (recordedAt), in UTC: a claim. Zero if not said.
	ClaimedAt time.Time
	// Expires is when it ends, in UTC: it counts before that time. Zero if it does not.
	Expires time.Time
}

// Approval decodes the predicate, once; it is safe for use by many goroutines. Both results are nil if the
// predicate has no [ViewApproval]; an error is a [*SyntaxError].
func (st *Statement) Approval() (*Approval, error) { return as[Approval](st.decode(ViewApproval)) }

// RolePromotion is the role of who lets the subjects go on from one environment to another.
const RolePromotion = "promotion"

const (
	approved = "approved"
	rejected = "rejected"
)

var (
	approvalNames = names{"approver", "decision", "role", "requestedBy", "environment", "from", "reference", "recordedAt", "expires"}
	approvalMust  = names{"decision"}
)

func (r *reader) approval() any {
	a := new(Approval)
	for name := range r.only(approvalNames, approvalMust) {
		switch name {
		case "approver":
			a.Approver = r.id()
		case "decision":
			a.Decision = r.one(approved, rejected)
		case "role":
			a.Role = r.id()
		case "requestedBy":
			a.RequestedBy = r.id()
		case "environment":
			a.Environment = r.id()
		case "from":
			a.From = r.id()
		case "reference":
			a.Reference = r.needed()
		case "recordedAt":
			a.ClaimedAt = r.moment()
		case "expires":
			a.Expires = r.moment()
		}
	}
	if a.From != "" && (a.Role != RolePromotion || a.Environment == "") {
		r.fail("has a from; expected the role %q and an environment with it", RolePromotion)
	}
	return a
}
