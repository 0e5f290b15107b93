package pattern

import "strings"

// filler is what Samples and Overlap put for a wildcard that may be anything: a word that documents are
// not expected to use, so that what matches it was not written for it.
const filler = "surety-any"

// deepest is how many segments Samples gives a final "**" at the most: more than a document would list a
// pattern each for.
const deepest = 8

// Samples gives strings the pattern matches, with words of no meaning for its wildcards; for a final "**"
// with one segment and with every number up to deepest. Another pattern that matches them all covers, as a rule,
// whatever the pattern does. Nil for the zero Pattern.
func (p Pattern) Samples() []string {
	switch {
	case p.text == "":
		return nil
	case p.segments == nil:
		return []string{p.text}
	}
	parts := make([]string, 0, len(p.segments))
	for i, s := range p.segments {
		switch {
		case s.kind == kindAny && i == len(p.segments)-1:
			samples := []string{strings.Join(parts, "/")}
			for range deepest - 1 {
				samples = append(samples, samples[len(samples)-1]+"/"+filler)
			}
			return samples
		case s.kind == kindLiteral:
			parts = append(parts, s.text)
		case s.kind == kindGlob:
			parts = append(parts, strings.Join(s.pieces, filler))
		default:
			parts = append(parts, filler)
		}
	}
	return []string{strings.Join(parts, "/")}
}

// Overlap gives a string both patterns match; false if there is none.
func Overlap(p, q Pattern) (string, bool) {
	if p.text == "" || q.text == "" {
		return "", false
	}
	if _, ok := longer(p.prefix, q.prefix, strings.HasPrefix); !ok {
		return "", false
	}
	o := overlapping{p: p.steps(), q: q.steps(), dead: map[[2]int]bool{}}
	if !o.from(0, 0) {
		return "", false
	}
	return strings.Join(o.parts, "/"), true
}

// steps are the pattern's segments, a literal pattern's too.
func (p Pattern) steps() []segment {
	if p.segments != nil {
		return p.segments
	}
	var steps []segment
	for part := range strings.SplitSeq(p.text, "/") {
		steps = append(steps, segment{kind: kindLiteral, text: part})
	}
	return steps
}

// overlapping looks for segments that fit both patterns, trying each pair of places once. It goes no deeper
// than both have steps.
type overlapping struct {
	p, q  []segment
	parts []string
	dead  map[[2]int]bool // pairs of places nothing follows from
}

func (o *overlapping) from(i, j int) bool {
	if i == len(o.p) && j == len(o.q) {
		return true
	}
	if o.dead[[2]int{i, j}] {
		return false
	}
	pAny, qAny := i < len(o.p) && o.p[i].kind == kindAny, j < len(o.q) && o.q[j].kind == kindAny
	found := pAny && o.from(i+1, j) || qAny && o.from(i, j+1)
	if !found && i < len(o.p) && j < len(o.q) && !(pAny && qAny) {
		if part, ok := common(o.p[i], o.q[j]); ok {
			o.parts = append(o.parts, part)
			nextI, nextJ := i+1, j+1
			if pAny {
				nextI = i
			}
			if qAny {
				nextJ = j
			}
			if found = o.from(nextI, nextJ); !found {
				o.parts = o.parts[:len(o.parts)-1]
			}
		}
	}
	if !found {
		o.dead[[2]int{i, j}] = true
	}
	return found
}

// common gives one segment that fits both steps.
func common(a, b segment) (string, bool) {
	if a.kind == kindLiteral {
		return a.text, b.matchAny(a.text)
	}
	if b.kind == kindLiteral {
		return b.text, a.matchAny(b.text)
	}
	x, y := a.ends(), b.ends()
	head, ok := longer(x[0], y[0], strings.HasPrefix)
	tail, ok2 := longer(x[len(x)-1], y[len(y)-1], strings.HasSuffix)
	if !ok || !ok2 {
		return "", false
	}
	var s strings.Builder
	s.WriteString(head)
	for _, pieces := range [][]string{x, y} {
		for _, piece := range pieces[1 : len(pieces)-1] {
			s.WriteString(piece)
		}
	}
	s.WriteString(tail)
	if s.Len() == 0 {
		return filler, true
	}
	return s.String(), true
}

// matchAny is match, where one step of "**" fits every segment.
func (g segment) matchAny(s string) bool { return g.kind == kindAny || g.match(s) }

// ends are the pieces of a step that is not literal; all but a glob are one wildcard.
func (g segment) ends() []string {
	if g.kind == kindGlob {
		return g.pieces
	}
	return []string{"", ""}
}

// longer gives the longer of two texts if it begins, or ends, with the other.
func longer(a, b string, with func(s, part string) bool) (string, bool) {
	if len(a) < len(b) {
		a, b = b, a
	}
	return a, with(a, b)
}
