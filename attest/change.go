package attest

import (
	"encoding/hex"
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"
)

// ChangeApproval is the view of gittuf's reference authorizations and its approvals of pull requests: that
// a branch or tag may go from one revision to another. UNVERIFIED, like the statement it is decoded from;
// read-only. Required are the reference, from what and to what. That the subject is the target (its gitTree, or
// of a tag its gitCommit) is not checked, nor whether the signer may say so.
// Source: github.com/gittuf/gittuf, internal/attestations/authorizations/v01 and v02, and github/v01.
type ChangeApproval struct {
	// Ref is the branch or tag, in full ("refs/heads/main").
	Ref string
	// From is the revision it pointed to before, in lower-case hexadecimal; zeros of a new one.
	From string
	// Target is what it is to become, in lower-case hexadecimal: of a branch the tree of the resulting
	// commit, of a tag the commit.
	Target string
	// Approvers are who approved, for whom the signer speaks: accounts ("github:583231") where gittuf's app wrote
	// "login+583231", else the principals' ids as they are written, which may be of another kind, such as an
	// e-mail address. Nil of a reference authorization: there it is the signer who approves.
	Approvers []string
	// Dismissed are whose approval was dismissed, written as Approvers. One who is in both has not approved.
	Dismissed []string
	// Expires is when it ends, in UTC: it counts before that time. Zero if it does not say.
	Expires time.Time
}

// ChangeApproval decodes the predicate, once; it is safe for use by many goroutines. Both results are nil
// if the predicate has no [ViewChange]; an error is a [*SyntaxError] or a [*LimitError].
func (st *Statement) ChangeApproval() (*ChangeApproval, error) {
	return as[ChangeApproval](st.decode(ViewChange))
}

// The names of gittuf's predicates, the required ones first.
var (
	changeV01Names = names{"targetRef", "fromRevisionID", "targetTreeID"}
	changeV02Names = names{"targetRef", "fromID", "targetID", "expires"}
	pullNames      = names{"targetRef", "fromRevisionID", "targetTreeID", "approvers", "dismissedApprovers"}
)

func (r *reader) changeV01() any { return r.change(changeV01Names) }
func (r *reader) changeV02() any { return r.change(changeV02Names) }

// pullApproval is what gittuf's app says of a pull request: somebody approved it, or withdrew.
func (r *reader) pullApproval() any {
	c := r.change(pullNames)
	if len(c.Approvers) == 0 && len(c.Dismissed) == 0 {
		r.fail("has neither approvers nor dismissedApprovers; expected one or more")
	}
	return c
}

func (r *reader) change(known names) *ChangeApproval {
	c := new(ChangeApproval)
	for name := range r.whole(known, known[:3]) {
		switch name {
		case "targetRef":
			c.Ref = r.id()
		case "fromRevisionID", "fromID":
			c.From = r.revision()
		case "targetTreeID", "targetID":
			c.Target = r.revision()
		case "approvers":
			c.Approvers = r.principals()
		case "dismissedApprovers":
			c.Dismissed = r.principals()
		case "expires":
			c.Expires = r.moment()
		}
	}
	return c
}

// revision reads the id of a Git object: SHA-1 or SHA-256, by the repository.
func (r *reader) revision() string {
	id := r.hexadecimal()
	if len(id) != 20 && len(id) != 32 {
		r.fail("has %d digits; expected the 40 or 64 of a Git object", 2*len(id))
	}
	return hex.EncodeToString(id)
}

// principals reads a list of gittuf's principals; nil where null stands for an absent one.
func (r *reader) principals() (list []string) {
	if r.null() {
		return nil
	}
	for range r.array("texts", MaxTexts) {
		if r.peek() == jsontext.KindBeginObject {
			r.next()
			r.fail("is an object, as older versions of gittuf wrote a principal; expected its id")
		}
		list = append(list, account(r.id()))
	}
	return list
}

// account gives the account that gittuf's app writes as login and number; what is no such is kept.
func account(id string) string {
	at := strings.LastIndexByte(id, '+')
	if at < 1 {
		return id
	}
	n, err := strconv.ParseInt(id[at+1:], 10, 64)
	if number := strconv.FormatInt(n, 10); err == nil && n > 0 && number == id[at+1:] {
		return github + number
	}
	return id
}

// respelledNames are a statement's names as gittuf writes them: by the Go structure, not by the specification.
var respelledNames = names{"type", "subject", "predicate_type", "predicate"}

// respelled reads a statement again, as gittuf writes one, where it cannot be read as any other. If it is none of
// gittuf's the error remains.
func (r *reader) respelled(st *Statement, payload []byte, path string) *Statement {
	err := r.err
	if _, ok := errors.AsType[*SyntaxError](err); !ok || r.broken {
		return st
	}
	r.reset(payload, path)
	again := r.statement(respelledNames)
	if ViewOf(again.PredicateType) != ViewChange {
		r.err = err
		return st
	}
	return again
}
