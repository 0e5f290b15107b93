package attest

// SCAI is the view of an attribute report v0.2 and v0.3 (software supply chain attribute integrity).
// UNVERIFIED, like the statement it is decoded from; read-only. Required are one attribute or more, each with
// its name. Evidence is pointed to, not looked at. Source: in-toto attestation, spec/predicates/scai.md.
type SCAI struct {
	// Attributes are what is asserted of the subjects, at least one.
	Attributes []Attribute
	// Producer is who made the subjects, the zero Resource if not said.
	Producer Resource
}

// Attribute is one assertion of an attribute report.
type Attribute struct {
	// Name is the attribute.
	Name string
	// Target is what it is about where that is not the subject, else the zero Resource.
	Target Resource
	// Conditions are under which it arises, an object of the producer's own making; nil if none.
	Conditions Raw
	// Evidence is what shows it, the zero Resource if not said.
	Evidence Resource
}

// SCAI decodes the predicate, once; it is safe for use by many goroutines. Both results are nil if the
// predicate has no [ViewSCAI]; an error is a [*SyntaxError] or a [*LimitError].
func (st *Statement) SCAI() (*SCAI, error) { return as[SCAI](st.decode(ViewSCAI)) }

var (
	scaiNames      = names{"attributes", "producer"}
	scaiMust       = names{"attributes"}
	attributeNames = names{"attribute", "target", "conditions", "evidence"}
	attributeMust  = names{"attribute"}
)

func (r *reader) scai() any {
	s := new(SCAI)
	for name := range r.whole(scaiNames, scaiMust) {
		if name == "producer" {
			s.Producer = r.optionalResource()
			continue
		}
		for range r.entries() {
			s.Attributes = append(s.Attributes, r.attribute())
		}
		if len(s.Attributes) == 0 {
			r.fail("is empty; expected one attribute or more")
		}
	}
	return s
}

func (r *reader) attribute() (a Attribute) {
	for name := range r.whole(attributeNames, attributeMust) {
		switch name {
		case "attribute":
			a.Name = r.needed()
		case "target":
			a.Target = r.optionalResource()
		case "conditions":
			a.Conditions = r.record()
		case "evidence":
			a.Evidence = r.optionalResource()
		}
	}
	return a
}
