// Package pattern matches names against the one pattern language of Surety's
// documents (design §3, "Patterns").
//
// A pattern matches a whole string, byte for byte, in segments divided by "/".
// "*" is zero or more bytes other than "/"; alone in its segment it is one or
// more. "**" stands only as a whole segment: at the end it is one or more
// segments, elsewhere zero or more. "?", "[", "]", "{", "}", "\" and "**" beside
// other characters are refused, so that nobody can write a construct of another
// language and have it read as text. All else is literal, "@" and ":" too.
//
// Trust model: patterns come from governed documents, the strings they are
// matched against from anybody. Matching takes at most time proportional to the
// product of the two lengths, whatever the string; comparing two patterns is
// bounded by the limits a pattern has. What is not checked: no
// normalisation of any kind is done (no case folding, no Unicode forms, no
// percent-decoding, no "." or ".." segments); names are refused, not
// normalised, by those who read them.
package pattern

import (
	"fmt"
	"strings"
)

// The limits of a pattern (design §7): names are URIs, which nobody writes longer
// or deeper than this.
const (
	// MaxBytes is how long a pattern may be.
	MaxBytes = 4096
	// MaxSegments is how many segments it may have.
	MaxSegments = 64
)

// LimitError is the error of a pattern over one of its limits.
type LimitError struct {
	// Limit names the limit: "pattern-bytes" or "pattern-segments".
	Limit string
	// Max is its value.
	Max int
}

// Error names the limit and its value.
func (e *LimitError) Error() string {
	return fmt.Sprintf("a pattern over the limit %s: at most %d are allowed", e.Limit, e.Max)
}

// Pattern is one compiled pattern. It is immutable, cheap to copy and safe for
// concurrent use. The zero Pattern matches nothing.
type Pattern struct {
	text      string
	prefix    string // the literal bytes before the first wildcard
	wildcards int
	segments  []segment // nil when the pattern is literal
}

// kind says what one segment of a pattern stands for.
type kind uint8

const (
	kindLiteral kind = iota // this text
	kindGlob                // literal pieces with any bytes between them
	kindSome                // "*": one or more bytes
	kindOne                 // any one segment: the first of those a final "**" needs
	kindAny                 // zero or more segments
)

// segment is one step of a compiled pattern.
type segment struct {
	kind   kind
	text   string   // literal: the segment
	pieces []string // glob: the text between its wildcards, at least two
}

// Parse compiles a pattern. The error says what is refused and what was
// expected; it does not repeat the pattern. Over a limit it is a *LimitError.
func Parse(s string) (Pattern, error) {
	if s == "" {
		return Pattern{}, fmt.Errorf("an empty pattern: expected at least one character")
	}
	if len(s) > MaxBytes {
		return Pattern{}, &LimitError{"pattern-bytes", MaxBytes}
	}
	if strings.Count(s, "/") >= MaxSegments {
		return Pattern{}, &LimitError{"pattern-segments", MaxSegments}
	}
	if i := strings.IndexAny(s, `?[]{}\`); i >= 0 {
		return Pattern{}, fmt.Errorf("%q in a pattern: expected only * and ** as wildcards", s[i:i+1])
	}
	p := Pattern{text: s, prefix: s}
	if i := strings.IndexByte(s, '*'); i >= 0 {
		p.prefix = s[:i]
	} else {
		return p, nil
	}
	parts := strings.Split(s, "/")
	for i, part := range parts {
		switch {
		case part == "**":
			p.wildcards++
			if i == len(parts)-1 {
				p.segments = append(p.segments, segment{kind: kindOne})
			}
			p.segments = append(p.segments, segment{kind: kindAny})
		case strings.Contains(part, "**"):
			return Pattern{}, fmt.Errorf("** beside other characters in %q: expected ** as a whole segment", part)
		case part == "*":
			p.wildcards++
			p.segments = append(p.segments, segment{kind: kindSome})
		case strings.Contains(part, "*"):
			p.wildcards += strings.Count(part, "*")
			p.segments = append(p.segments, segment{kind: kindGlob, pieces: strings.Split(part, "*")})
		default:
			p.segments = append(p.segments, segment{kind: kindLiteral, text: part})
		}
	}
	return p, nil
}

// Match reports whether the pattern matches the whole of s.
//
// It is greedy: when a step does not fit, only the last "**" passed is tried
// again, one segment further on. That finds a match wherever there is one, for
// whatever an earlier "**" took, the last can take instead.
func (p Pattern) Match(s string) bool {
	if p.segments == nil {
		return p.text != "" && s == p.text
	}
	if !strings.HasPrefix(s, p.prefix) {
		return false
	}
	step, pos := 0, 0
	retryStep, retryPos := -1, 0
	for {
		switch {
		case step < len(p.segments) && p.segments[step].kind == kindAny:
			step++
			retryStep, retryPos = step, pos
			if step == len(p.segments) {
				return true
			}
			continue
		case step == len(p.segments) && pos > len(s):
			return true
		case step < len(p.segments) && pos <= len(s):
			end := segmentEnd(s, pos)
			if p.segments[step].match(s[pos:end]) {
				step, pos = step+1, end+1
				continue
			}
		}
		if retryStep < 0 || retryPos > len(s) {
			return false
		}
		retryPos = segmentEnd(s, retryPos) + 1
		step, pos = retryStep, retryPos
	}
}

// segmentEnd gives the end of the segment of s that begins at pos. A position
// beyond len(s) stands for "no segment left".
func segmentEnd(s string, pos int) int {
	if i := strings.IndexByte(s[pos:], '/'); i >= 0 {
		return pos + i
	}
	return len(s)
}

// match reports whether one segment of a string fits one step of a pattern.
func (g segment) match(s string) bool {
	switch g.kind {
	case kindLiteral:
		return s == g.text
	case kindSome:
		return s != ""
	case kindOne:
		return true
	case kindGlob:
		return matchPieces(g.pieces, s)
	}
	return false
}

// matchPieces matches the text between wildcards: the first piece begins s, the
// last ends it, and each of the others is found at its first place.
func matchPieces(pieces []string, s string) bool {
	first, last := pieces[0], pieces[len(pieces)-1]
	if len(s) < len(first)+len(last) || !strings.HasPrefix(s, first) || !strings.HasSuffix(s, last) {
		return false
	}
	s = s[len(first) : len(s)-len(last)]
	for _, piece := range pieces[1 : len(pieces)-1] {
		i := strings.Index(s, piece)
		if i < 0 {
			return false
		}
		s = s[i+len(piece):]
	}
	return true
}

// String gives the pattern as it was written.
func (p Pattern) String() string { return p.text }

// Literal reports whether the pattern has no wildcard, and so matches one
// string only.
func (p Pattern) Literal() bool { return p.wildcards == 0 && p.text != "" }

// Prefix gives the bytes before the first wildcard: the whole text of a literal
// pattern. Of two patterns that match one name the one with the longer prefix is
// the more specific (design §4.7).
func (p Pattern) Prefix() string { return p.prefix }

// Wildcards counts the wildcards; "**" is one. Fewer are more specific.
func (p Pattern) Wildcards() int { return p.wildcards }

// LiteralSegments reports whether the pattern has at least n segments and the
// first n of them hold no wildcard: whatever it matches begins with that text.
func (p Pattern) LiteralSegments(n int) bool {
	if p.text == "" {
		return false
	}
	if strings.Count(p.text, "/")+1 < n {
		return false
	}
	// The segment in which the first wildcard stands is the count of slashes
	// before it; all before that are literal.
	return p.wildcards == 0 || strings.Count(p.prefix, "/") >= n
}
