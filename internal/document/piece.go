package document

import (
	"bytes"
	"errors"
	"regexp"
	"slices"
	"sync"
	"sync/atomic"

	"go.yaml.in/yaml/v3"
)

// The parser holds the whole tree of a file before we see any of it, and for a document of a hundred
// thousand items that is most of what loading takes. So a large file is read in pieces where that is the
// same: the top-level fields of a block mapping, and the items of a block sequence under one. A line that
// begins one can belong to something that began earlier only within quotes or brackets, and a piece that
// ends within those does not parse. Whatever is wrong with a piece, the file is read as a whole, which
// then says so.

const (
	// wholeBytes is the size up to which a file is read as a whole.
	wholeBytes = 1 << 20
	// pieceBytes is about how large a piece is, where items let it end.
	pieceBytes = 1 << 18
	// pieceReaders is how many pieces are read at a time.
	pieceReaders = 4
)

// piece is a part of a file that is a document by itself: a mapping of one field.
type piece struct {
	text  []byte
	line  int  // what to add to its lines; those of the field's name are right in the first piece only
	first bool // of its field
	list  bool // it holds items of a sequence
}

var (
	fieldLine = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9]*:( |$)`)
	listLine  = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9]*:$`)
	itemLine  = regexp.MustCompile(`^( *)- `)
)

// uncounted are the line breaks of YAML 1.1 other than the one counted here, the tab, which indents nothing,
// and the mark of a key, whose value may stand nowhere: the parser places that by what comes next.
func uncounted() []string { return []string{"\r", "\t", "\u0085", "\u2028", "\u2029", "? ", "?\n"} }

// cut cuts a file into pieces; nil if it is not made of top-level fields. size is about how large a piece
// of a sequence is.
func cut(data []byte, size int) []piece {
	if slices.ContainsFunc(uncounted(), func(s string) bool { return bytes.Contains(data, []byte(s)) }) {
		return nil
	}
	var pieces []piece
	for line := 0; len(data) > 0; {
		field, lines := head(data, func(text []byte, n int) bool { return n > 0 && outside(text) })
		if !fieldLine.Match(firstLine(field)) {
			if above, _ := head(field, func(text []byte, _ int) bool { return !blank(text) }); len(pieces) > 0 || len(above) < len(field) {
				return nil
			}
			data, line = data[len(field):], line+lines // comments before the first field
			continue
		}
		pieces = append(pieces, cutField(field, line, size)...)
		data, line = data[len(field):], line+lines
	}
	return pieces
}

// cutField cuts the text of one field, from a line of the file, counted from zero.
func cutField(text []byte, line, size int) []piece {
	name := firstLine(text)
	start := min(len(name)+1, len(text))
	lead, above := head(text[start:], func(text []byte, _ int) bool { return !blank(text) })
	start, above = start+len(lead), above+1
	item := itemLine.FindSubmatch(text[start:])
	if !listLine.Match(name) || item == nil {
		return []piece{{text: text, line: line, first: true}}
	}
	begins := append(slices.Clone(item[1]), "- "...)
	var pieces []piece
	for len(text) > start {
		rest := text[start:]
		many, lines := head(rest, func(text []byte, _ int) bool {
			return len(rest)-len(text) >= size && bytes.HasPrefix(text, begins)
		})
		if pieces == nil { // with what stands above the items
			pieces = []piece{{text: text[:start+len(many)], line: line, first: true, list: true}}
		} else {
			pieces = append(pieces, piece{text: slices.Concat(name, []byte("\n"), many), line: line + above - 1, list: true})
		}
		start, above = start+len(many), above+lines
	}
	return pieces
}

// head gives the lines before the first one at which ends holds, and how many they are; ends sees the text
// from the line on and how many lines come before it.
func head(data []byte, ends func(text []byte, n int) bool) (before []byte, lines int) {
	at := 0
	for at < len(data) && !ends(data[at:], lines) {
		at += len(firstLine(data[at:]))
		at = min(at+1, len(data))
		lines++
	}
	return data[:at], lines
}

// firstLine is the first line without its end.
func firstLine(data []byte) []byte {
	line, _, _ := bytes.Cut(data, []byte("\n"))
	return line
}

// outside reports whether a text begins in the first column, with anything but a comment or an item.
func outside(text []byte) bool {
	return len(text) > 0 && !bytes.ContainsRune([]byte(" #\n"), rune(text[0])) && !bytes.HasPrefix(text, []byte("- "))
}

// blank reports whether the first line of a text is empty or a comment.
func blank(text []byte) bool {
	line := bytes.TrimLeft(firstLine(text), " ")
	return len(line) == 0 || line[0] == '#'
}

// errPiece is why a file is not read in pieces.
var errPiece = errors.New("not to be read in pieces")

// readPieces reads a file in pieces of about a size; false: it must be read as a whole.
func (p *Part) readPieces(data []byte, size int) bool {
	pieces := cut(data, size)
	if pieces == nil {
		return false
	}
	roots := make([]*Node, len(pieces))
	var failed atomic.Bool
	var readers sync.WaitGroup
	work := make(chan int)
	for range pieceReaders {
		readers.Go(func() {
			for i := range work {
				var err error
				if roots[i], err = p.readPiece(pieces[i]); err != nil {
					failed.Store(true)
				}
			}
		})
	}
	for i := range pieces {
		work <- i
	}
	close(work)
	readers.Wait()
	return !failed.Load() && p.join(pieces, roots)
}

// readPiece reads one piece, a mapping of one field.
func (p *Part) readPiece(piece piece) (*Node, error) {
	dec := yaml.NewDecoder(bytes.NewReader(piece.text))
	var doc, next yaml.Node
	if err := dec.Decode(&doc); err != nil {
		return nil, err
	}
	if err := dec.Decode(&next); err == nil {
		return nil, errPiece
	}
	r := yamlReader{part: p, line: piece.line, names: map[string]string{}, lines: tagLines(piece.text)}
	root, err := r.node(doc.Content[0], 1)
	switch {
	case err != nil:
		return nil, err
	case r.repeats || root.kind != kindObject || len(root.children) != 2 || piece.list && root.children[1].kind != kindList:
		return nil, errPiece
	}
	return root, nil
}

// join makes one document of what the pieces hold.
func (p *Part) join(pieces []piece, roots []*Node) bool {
	root := &Node{part: p, kind: kindObject, line: roots[0].line, col: roots[0].col}
	for i, r := range roots {
		if pieces[i].first {
			root.children = append(root.children, r.children...)
			continue
		}
		list := root.children[len(root.children)-1]
		list.children = append(list.children, r.children[1].children...)
	}
	repeats := false
	root.eachRepeat(func(_, _ *Node) { repeats = true })
	if repeats {
		return false
	}
	p.Root = root
	return true
}
