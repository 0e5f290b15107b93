package pattern

import "strings"

// Covers reports whether p matches all that q matches. The answer is exact.
//
// It is enough to ask for names in which each wildcard of q within a segment is a "*": no literal text of a
// pattern has that byte, so only a wildcard of p takes it, and that takes whatever else may stand there. A
// step that takes any segment also takes the empty one, which differs, for "*" does not match it. So q is
// walked with those segments, and beside it go all the places p may be at.
func (p Pattern) Covers(q Pattern) bool {
	if p.text == "" || q.text == "" || !strings.HasPrefix(q.prefix, p.prefix) {
		return false
	}
	c := covering{p: p.steps(), q: q.steps(), seen: map[walk]bool{}}
	c.reach(0, c.closed(places{}.with(0)))
	for len(c.todo) > 0 {
		w := c.todo[len(c.todo)-1]
		c.todo = c.todo[:len(c.todo)-1]
		if !c.follow(w) {
			return false
		}
	}
	return true
}

// places is a set of places in a pattern's steps, of which a final "**" makes one more than there are
// segments; the last place is the end.
type places [(MaxSegments + 2 + 63) / 64]uint64

func (s places) has(i int) bool { return s[i/64]&(1<<(i%64)) != 0 }

func (s places) with(i int) places {
	s[i/64] |= 1 << (i % 64)
	return s
}

// walk is a place in q, and the places p may be at by then.
type walk struct {
	at int
	in places
}

// covering is what has been seen, and what is still to be followed. Of what is in front of a "**" that p has
// passed nothing is kept, so the sets that can come about grow with the square of p's length, not faster.
type covering struct {
	p, q []segment
	seen map[walk]bool
	todo []walk
}

// reach notes a walk that has not been seen.
func (c *covering) reach(at int, in places) {
	if w := (walk{at, in}); !c.seen[w] {
		c.seen[w] = true
		c.todo = append(c.todo, w)
	}
}

// follow takes one step of q, and reports whether p still matches where q ends.
func (c *covering) follow(w walk) bool {
	if w.at == len(c.q) {
		return w.in.has(len(c.p))
	}
	step := c.q[w.at]
	next := w.at + 1
	if step.kind == kindAny {
		c.reach(next, w.in)
		next = w.at
	}
	for _, part := range step.generic() {
		c.reach(next, c.after(w.in, part))
	}
	return true
}

// generic are the segments that stand for all a step takes.
func (g segment) generic() []string {
	switch g.kind {
	case kindLiteral:
		return []string{g.text}
	case kindGlob:
		return []string{strings.Join(g.pieces, "*")}
	case kindSome:
		return []string{"*"}
	}
	return []string{"", "*"}
}

// after gives the places of p after one more segment.
func (c *covering) after(in places, part string) places {
	var out places
	for i, step := range c.p {
		switch {
		case !in.has(i):
		case step.kind == kindAny:
			out = out.with(i)
		case step.match(part):
			out = out.with(i + 1)
		}
	}
	return c.closed(out)
}

// closed adds the places behind each "**", which may take nothing, and leaves out those in front of the last
// "**" that is reached: what follows from them follows from there.
func (c *covering) closed(in places) places {
	last := 0
	for i, step := range c.p {
		if in.has(i) && step.kind == kindAny {
			in, last = in.with(i+1), i
		}
	}
	for i := range last {
		in[i/64] &^= 1 << (i % 64)
	}
	return in
}
