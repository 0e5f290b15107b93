package importer

import (
	"crypto"
	"fmt"
	"time"
)

// facts is what one source says. A format fills in what it knows of.
type facts struct {
	source   Source
	people   []personFact
	names    []nameFact
	teams    []teamFact
	grants   []grantFact
	controls []controlFact
	keys     []keyFact
	emeriti  []ref
	scopes   []string // the paths of the scopes that are for this source
	found    []found  // of reading
}

// of says which source the facts are of.
func (f *facts) of(s Source) {
	f.source = s
	for i := range f.teams {
		f.teams[i].format = s.Format
	}
	for i := range f.grants {
		f.grants[i].to.format = s.Format
	}
	for i := range f.controls {
		f.controls[i].accountable.format = s.Format
	}
}

// find records a finding of reading.
func (f *facts) find(code Code, at position, format string, args ...any) {
	f.found = append(f.found, found{Finding{code, code.Severity(), fmt.Sprintf(format, args...), at.String(), ""}, at, position{}})
}

// personFact is a person, of a source that speaks for people.
type personFact struct {
	id, name, employment string
	sponsor              string // an account
	accounts             []string
	teams                []string
	from, until          time.Time
	saysEnd              bool // the source has a place for the end
	at                   position
}

// nameFact is a name that a source uses for whoever has the accounts, or for a team.
type nameFact struct {
	name     string
	accounts []string
	team     string
	at       position
}

// ref is somebody a source names: a team by the first of the ids there is, whoever a nameFact calls by the
// name there, or, if none does, a person by any of the accounts.
type ref struct {
	said     string // as the source writes it
	format   string // of the source
	accounts []string
	name     string
	teams    []string
	at       position
}

// teamFact is what one source says of a team.
type teamFact struct {
	id        string
	members   []ref
	defines   bool // the source says what the team is, not only that somebody is in it
	alias     bool // the source uses its id in the place of logins
	authority bool // the source speaks for people
	format    string
	at        position
}

// grantFact is a duty of somebody for some artifacts.
type grantFact struct {
	to        ref
	duty      string
	artifacts []string
	at        position
}

// controlFact is a team that answers for a control over some artifacts.
type controlFact struct {
	control     string
	accountable ref
	artifacts   []string
	at          position
}

// keyFact is a public key, or the identity of certificates, that some roles are given to.
type keyFact struct {
	id       string // as the source calls it; proves nothing
	roles    []string
	accounts []string // whose the source says it is; proves nothing
	public   crypto.PublicKey
	scheme   string // of ownership's, where an RSA key does not sign PSS
	subject  string // of an identity
	issuer   string
	at       position
}
