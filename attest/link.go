package attest

// Link is the view of a link v0.3: one step of a supply chain. Its products are the statement's subjects.
// UNVERIFIED, like the statement it is decoded from; read-only. Required are the name, and each material's
// name, unique among them, and digest. Source: in-toto attestation, spec/predicates/link.md.
type Link struct {
	// Name is the step's name.
	Name string
	// Command is the command with its arguments, nil if not said. Never run.
	Command []string
	// Materials are what the step took in, nil if not said.
	Materials []Resource
	// Byproducts are an object of the producer's own making; nil if none.
	Byproducts Raw
	// Environment is an object of the producer's own making; nil if none.
	Environment Raw
}

// Link decodes the predicate, once; it is safe for use by many goroutines. Both results are nil if the
// predicate has no [ViewLink]; an error is a [*SyntaxError] or a [*LimitError].
func (st *Statement) Link() (*Link, error) { return as[Link](st.decode(ViewLink)) }

var (
	linkNames    = names{"name", "command", "materials", "byproducts", "environment"}
	linkMust     = names{"name"}
	materialMust = names{"name", "digest"}
)

func (r *reader) link() any {
	l := new(Link)
	for name := range r.whole(linkNames, linkMust) {
		switch name {
		case "name":
			l.Name = r.needed()
		case "command":
			l.Command = r.optionalTexts()
		case "materials":
			r.linkMaterials(l)
		case "byproducts":
			l.Byproducts = r.record()
		case "environment":
			l.Environment = r.record()
		}
	}
	return l
}

func (r *reader) linkMaterials(l *Link) {
	if r.null() {
		return
	}
	seen := map[string]bool{}
	for range r.entries() {
		m := r.resource(materialMust)
		if seen[m.Name] {
			r.fail("is a second material %s; expected each name once", quote(m.Name))
		}
		seen[m.Name] = true
		l.Materials = append(l.Materials, m)
	}
}
