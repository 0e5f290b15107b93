package document

// ReadPieces reads a YAML file in pieces of about a size; false: it must be read as a whole.
func ReadPieces(data []byte, size int) (*Part, bool) {
	p := &Part{Path: "x.yaml"}
	ok := p.readPieces(data, size)
	return p, ok
}

// ReadWhole reads a YAML file as a whole, if it is not large.
func ReadWhole(data []byte) (*Part, error) {
	p := &Part{Path: "x.yaml"}
	return p, p.readYAML(data)
}

// Dump writes all of a part: kinds, texts, places, problems.
func Dump(p *Part) []string {
	var lines []string
	var dump func(n *Node)
	dump = func(n *Node) {
		lines = append(lines, n.Position()+" "+string('0'+rune(n.kind))+" "+n.text)
		for _, c := range n.children {
			dump(c)
		}
	}
	if p.Root != nil {
		dump(p.Root)
	}
	for _, e := range p.problems {
		lines = append(lines, e.Error())
	}
	return lines
}
