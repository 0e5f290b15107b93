package ownership

// Signers are who could sign an artifact at a time, and who nearly could.
type Signers struct {
	// CouldSign are the credentials whose signature would count, by id.
	CouldSign []Signing `json:"couldSign"`
	// CouldNotSign are those somebody behind which has, or had, or will have a grant
	// on the artifact, and still it would not count; by id, then the principals that
	// have a grant and no credential, under the credential "".
	CouldNotSign []Signing `json:"couldNotSign"`
	// Ungranted are all other credentials of the document.
	Ungranted Ungranted `json:"ungranted"`
}

// Signing says whether, and why, what one credential signs would count.
type Signing struct {
	// Credential is its id; "": the holder has none.
	Credential string `json:"credential"`
	// Position is where the credential stands; without one, the holder.
	Position string `json:"position"`
	// Holders are the principals who hold it, sorted.
	Holders []string `json:"holders"`
	// Operators are the people who were there and could make a workload among the
	// holders sign, sorted; empty also where the document names none.
	Operators []string `json:"operators"`
	// Vendors are the vendors among the holders, sorted.
	Vendors []Contracted `json:"vendors"`
	// Owner is the team accountable for the credential; "": none named.
	Owner string `json:"owner"`
	// State is the state the credential was in; "" without one.
	State string `json:"state"`
	// Duties are what the grants in effect gave every holder, each for what its
	// grants say of predicate types and builders; a person who was not there had
	// none. Where the signature would not count, they could not be used.
	Duties []string `json:"duties"`
	// Grants are the grants in effect, in the document's order.
	Grants []Granted `json:"grants"`
	// Because is what speaks for it.
	Because []Fact `json:"because"`
	// But is what speaks against it: of one that could sign, why it had no further
	// duty, or that the document takes it back later.
	But []Objection `json:"but"`
}

// Contracted is a vendor and who inside answers for it (requirement R14).
type Contracted struct {
	// Vendor is its id.
	Vendor string `json:"vendor"`
	// Position is where it stands.
	Position string `json:"position"`
	// InternalOwner is the team that can demand evidence of it; "": none named.
	InternalOwner string `json:"internalOwner"`
	// ContractOwner is the team that holds the contract; "": none named.
	ContractOwner string `json:"contractOwner"`
	// EvidenceWithin is how long it has to hand over evidence, as documents write it;
	// "": not given.
	EvidenceWithin string `json:"evidenceWithin"`
}

// Granted is one grant that was in effect for a holder of a credential.
type Granted struct {
	// Position is where the grant stands.
	Position string `json:"position"`
	// Holder is who has it.
	Holder string `json:"holder"`
	// To is whom it names: the holder, or a team of theirs.
	To string `json:"to"`
	// Duties are what it gives.
	Duties []string `json:"duties"`
	// Artifacts are those of its patterns that cover the artifact.
	Artifacts []string `json:"artifacts"`
	// Predicates are the predicate types it is for; empty: any.
	Predicates []string `json:"predicates"`
	// Builders are the builders it is for; empty: any.
	Builders []string `json:"builders"`
	// Environments are those it is for; empty: any.
	Environments []string `json:"environments"`
	// Workflow says, part by part, which runs of a CI system it is for: "ref refs/tags/*"; empty: any, and
	// signatures of none.
	Workflow []string `json:"workflow"`
	// Windows are the times of the week in which signing is permitted; empty: any.
	Windows []string `json:"windows"`
	// From is its begin; "": always.
	From string `json:"from"`
	// Until is its end; "": open.
	Until string `json:"until"`
}

// MaxUngranted is how many credentials Ungranted names.
const MaxUngranted = 20

// Ungranted are credentials nobody behind which was ever granted anything on the
// artifact.
type Ungranted struct {
	// Count is how many there are.
	Count int `json:"count"`
	// Credentials are the ids of the first MaxUngranted, sorted.
	Credentials []string `json:"credentials"`
}
