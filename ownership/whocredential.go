package ownership

import (
	"slices"
)

// WhoCredentialKind heads every WhoCredential as JSON.
const WhoCredentialKind = "WhoCredential"

// WhoCredential says what one credential could sign as of a time, who stands behind it, who
// keeps it and who could revoke it. Its JSON is documented in docs/who.md.
type WhoCredential struct {
	Head
	// Credential is the id asked about.
	Credential string `json:"credential"`
	// Position is where it stands.
	Position string `json:"position"`
	// Key is the fingerprint of its public key, in hex; "": it is no key.
	Key string `json:"key"`
	// Issuer is the OIDC issuer, or the certificate authority, whose identities it covers;
	// "": it is a key.
	Issuer string `json:"issuer"`
	// Subject is the pattern of their subjects; "": it is a key.
	Subject string `json:"subject"`
	// State is the state it was in.
	State string `json:"state"`
	// Usable says that what it signed could count: its states let it stand, and all who
	// hold it were there.
	Usable bool `json:"usable"`
	// Because is what its states say for it.
	Because []Fact `json:"because"`
	// But is what speaks against it, or that the document takes it back later.
	But []Objection `json:"but"`
	// States are its states over all time, in their order.
	States []Stated `json:"states"`
	// Holders are the principals who hold it, sorted; several count as nobody in particular.
	Holders []Holding `json:"holders"`
	// Owner is the team accountable for its life.
	Owner Crew `json:"owner"`
	// KeptBy is the team that keeps it, where that is not the owner.
	KeptBy Crew `json:"keptBy"`
	// Custody is where a key is kept; "": not given.
	Custody string `json:"custody"`
	// RotateEvery is how often it is to be replaced, as documents write it; "": not given.
	RotateEvery string `json:"rotateEvery"`
	// RotationDue is when it is, or was, to be replaced; "": not known.
	RotationDue string `json:"rotationDue"`
	// Revokers are the teams that can revoke it, sorted.
	Revokers []Revoker `json:"revokers"`
	// Duties are what the grants in effect gave every holder, predicate types, builders
	// and environments left aside.
	Duties []string `json:"duties"`
	// Artifacts are the patterns of the grants in effect that give one of them, sorted: how
	// far it reaches.
	Artifacts []string `json:"artifacts"`
	// Environments are those the grants name, sorted; empty: any.
	Environments []string `json:"environments"`
	// May are the grants that reach the holders, by duty.
	May []ByDuty `json:"may"`
	// Gaps are what is missing.
	Gaps []Gap `json:"gaps"`
}

// Stated is a state of a credential.
type Stated struct {
	// State is its name.
	State string `json:"state"`
	// From is when it begins.
	From string `json:"from"`
	// Reason is the reason the document gives; "": none.
	Reason string `json:"reason"`
	// InvalidFrom is the time from which signatures are not to be trusted; "": not given.
	InvalidFrom string `json:"invalidFrom"`
	// Position is where it stands.
	Position string `json:"position"`
}

// Holding is a principal who holds a credential, and who stands behind it.
type Holding struct {
	// Holder is its id.
	Holder string `json:"holder"`
	// Kind is "person", "workload" or "vendor".
	Kind string `json:"kind"`
	// Position is where it stands.
	Position string `json:"position"`
	// Present says that it was there; a workload always is.
	Present bool `json:"present"`
	// Operators are the people who were there and could make a workload act, sorted.
	Operators []string `json:"operators"`
	// Owner is the team inside that answers for a workload or a vendor; "": none named,
	// or a person.
	Owner string `json:"owner"`
}

// WhoCredential answers for one credential. It reads the whole model, once. The error is an
// UnknownError.
func (v View) WhoCredential(id string) (WhoCredential, error) {
	d := v.model.credentials[id]
	if d == nil {
		return WhoCredential{}, unknown(v.model, "credential", id, v.model.credentials)
	}
	c := v.census()
	w := WhoCredential{
		Head: v.head(WhoCredentialKind), Credential: id, Position: d.at.String(), State: d.States.At(v.t).String(), Usable: v.usable(d),
		States: []Stated{}, Holders: []Holding{}, Owner: v.crewOf(d.Owner), KeptBy: v.crewOf(d.KeptBy), Custody: d.Custody,
		RotateEvery: spell(d.RotateEvery), RotationDue: instant(d.rotationDue(v)), Revokers: v.couldRevoke([]Signing{{Credential: id}})[0].Revokers,
		Gaps: list(c.gapsOfCredential(d)),
	}
	w.Because, w.But, _ = v.stands(d)
	if d.key != nil {
		w.Key = d.key.Fingerprint.String()
	} else {
		w.Issuer, w.Subject = d.identity.issuer+d.identity.authority, d.identity.subject.String()
	}
	for i, s := range d.States {
		w.States = append(w.States, Stated{s.State.String(), instant(s.From), s.Cause, instant(s.InvalidFrom), d.statesAt[i].String()})
	}
	for _, holder := range d.Holders {
		w.Holders = append(w.Holders, v.holding(holder))
		if !v.Present(holder) {
			w.But = append(w.But, Objection{SignerDeparted, holder + " " + v.absence(holder), v.model.places[holder].String()})
		}
	}
	w.reach(c, d)
	return w, nil
}

// JSON gives the answer as one line of JSON, as Who.JSON does.
func (w WhoCredential) JSON() ([]byte, error) { return encode(w) }

// holding says who a holder is.
func (v View) holding(id string) Holding {
	h := Holding{Holder: id, Kind: person, Position: v.model.places[id].String(), Present: v.Present(id), Operators: []string{}}
	if w := v.model.workloads[id]; w != nil {
		h.Kind, h.Owner, h.Operators = workload, w.Owner, list(v.operators([]string{id}))
	}
	if vendor := v.model.vendors[id]; vendor != nil {
		h.Kind, h.Owner = "vendor", vendor.InternalOwner
	}
	return h
}

// reach enters what the grants let the credential sign.
func (w *WhoCredential) reach(c *census, d *credential) {
	all := ^Duties(0)
	var grants []Reaching
	for _, holder := range d.Holders {
		var duties Duties
		for _, r := range c.reaching(holder) {
			if c.Present(holder) && r.missing == (missing{}) {
				duties |= r.duties
			}
		}
		all &= duties
		grants = append(grants, c.mayOf(holder)...)
	}
	w.Duties, w.May = all.names(), byDuty(grants)
	artifacts, environments := []string{}, []string{}
	anywhere := false
	for _, g := range grants {
		if len(g.But) == 0 && slices.ContainsFunc(g.Duties, func(duty string) bool { return slices.Contains(w.Duties, duty) }) {
			artifacts, environments = append(artifacts, g.Artifacts...), append(environments, g.Environments...)
			anywhere = anywhere || len(g.Environments) == 0
		}
	}
	if anywhere {
		environments = []string{}
	}
	slices.Sort(artifacts)
	slices.Sort(environments)
	w.Artifacts, w.Environments = slices.Compact(artifacts), slices.Compact(environments)
}
