package pattern

import "strings"

// Covers reports whether p matches all that q matches. It errs on the side of no: a pair of segments with
// wildcards inside, of which the one covers the other in a way that cannot be seen at their ends, is a no.
func (p Pattern) Covers(q Pattern) bool {
	if p.text == "" || q.text == "" {
		return false
	}
	c := covering{p: p.steps(), q: q.steps(), known: map[[2]int]bool{}}
	return c.from(0, 0)
}

// covering asks of each pair of places once whether what follows in p covers what follows in q.
type covering struct {
	p, q  []segment
	known map[[2]int]bool
}

func (c *covering) from(i, j int) bool {
	at := [2]int{i, j}
	covers, ok := c.known[at]
	if !ok {
		covers = c.find(i, j)
		c.known[at] = covers
	}
	return covers
}

func (c *covering) find(i, j int) bool {
	switch {
	case i == len(c.p):
		return j == len(c.q)
	case c.p[i].kind == kindAny: // takes no segment, or whatever comes next, and goes on
		return c.from(i+1, j) || j < len(c.q) && c.from(i, j+1)
	case j == len(c.q):
		return false
	case c.q[j].kind == kindAny: // is no segment, or any one and goes on
		return c.from(i, j+1) && c.p[i].kind == kindOne && c.from(i+1, j)
	}
	return c.p[i].covers(c.q[j]) && c.from(i+1, j+1)
}

// covers reports whether a step that is not "**" matches every segment another such step matches.
func (g segment) covers(h segment) bool {
	switch {
	case g.kind == kindOne:
		return true
	case h.kind == kindLiteral:
		return g.match(h.text)
	case g.kind == kindSome:
		return h.kind == kindSome || h.kind == kindGlob && strings.Join(h.pieces, "") != ""
	case g.kind != kindGlob || h.kind != kindGlob:
		return false
	}
	for _, piece := range g.pieces[1 : len(g.pieces)-1] {
		if piece != "" {
			return strings.Join(g.pieces, "*") == strings.Join(h.pieces, "*")
		}
	}
	return strings.HasPrefix(h.pieces[0], g.pieces[0]) && strings.HasSuffix(h.pieces[len(h.pieces)-1], g.pieces[len(g.pieces)-1])
}
