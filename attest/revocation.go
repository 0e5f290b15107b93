package attest

import "time"

// Revocation is the view of a revocation list v1: which credentials are no longer to be trusted. It is status
// data, which can only speak against a signature (design §4.4). UNVERIFIED, like the statement it is decoded
// from; read-only. Required are all fields; unknown ones, null and empty strings are refused. That the signer
// may revoke the credentials is not checked. Source: design §3.3 and §4.9; predicates/revocation.md.
type Revocation struct {
	// Number is the list's number, 1 or more; each list of an issuer has a higher one than the list before.
	Number int64
	// IssuedAt is when it was made, in UTC: a claim.
	IssuedAt time.Time
	// NextUpdate is when the next one is there at the latest, in UTC, after IssuedAt.
	NextUpdate time.Time
	// Entries are what is revoked, at most [MaxRevocations]; none says that nothing is.
	Entries []RevocationEntry
}

// RevocationEntry says that one credential is revoked.
type RevocationEntry struct {
	// Credential is the credential's id in the ownership model.
	Credential string
	// Reason is why, in the model's words: "key-compromise", "ca-compromise", "affiliation-changed",
	// "superseded", "cessation-of-operation", "privilege-withdrawn" or "unspecified".
	Reason string
	// From is since when it is revoked, in UTC.
	From time.Time
	// InvalidFrom is the time from which nothing it signed is to be trusted, in UTC, not after From; zero
	// if not said.
	InvalidFrom time.Time
}

// Revocation decodes the predicate, once; it is safe for use by many goroutines. Both results are nil if the
// predicate has no [ViewRevocation]; an error is a [*SyntaxError] or a [*LimitError].
func (st *Statement) Revocation() (*Revocation, error) {
	return as[Revocation](st.decode(ViewRevocation))
}

var (
	revocationNames = names{"number", "issuedAt", "nextUpdate", "entries"}
	entryNames      = names{"credential", "reason", "from", "invalidFrom"}
	entryMust       = names{"credential", "reason", "from"}
	// reasons are those of the model (design §3.1).
	reasons = names{"key-compromise", "ca-compromise", "affiliation-changed", "superseded", "cessation-of-operation", "privilege-withdrawn", "unspecified"}
)

func (r *reader) revocation() any {
	l := new(Revocation)
	for name := range r.only(revocationNames, revocationNames) {
		switch name {
		case "number":
			l.Number = r.positive()
		case "issuedAt":
			l.IssuedAt = r.moment()
		case "nextUpdate":
			l.NextUpdate = r.moment()
		case "entries":
			for range r.array("revocations", MaxRevocations) {
				l.Entries = append(l.Entries, r.revoked())
			}
		}
	}
	if !l.NextUpdate.After(l.IssuedAt) {
		r.fail("has the nextUpdate %s; expected a time after issuedAt", l.NextUpdate.Format(time.RFC3339))
	}
	return l
}

func (r *reader) revoked() (e RevocationEntry) {
	for name := range r.only(entryNames, entryMust) {
		switch name {
		case "credential":
			e.Credential = r.id()
		case "reason":
			e.Reason = r.one(reasons...)
		case "from":
			e.From = r.moment()
		case "invalidFrom":
			e.InvalidFrom = r.moment()
		}
	}
	if e.InvalidFrom.After(e.From) {
		r.fail("has the invalidFrom %s; expected a time not after from", e.InvalidFrom.Format(time.RFC3339))
	}
	return e
}
