package ownership

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/surety-dev/surety/internal/document"
	"github.com/surety-dev/surety/internal/pattern"
)

// Error is one thing wrong with a document. Load joins one for each; errors.As finds
// the first.
type Error = document.Error

// Load reads the Ownership document at name in fsys: one file, or the parts in a
// directory (design §3, §3.1). Files it refers to are read from fsys too, relative to
// the part that names them.
//
// The error joins an *Error for each thing wrong: text that is not strict YAML or
// JSON, unknown or missing fields, repeated ids, dangling references, and whatever
// else cannot be read in one way. The same input gives the same Model or the same
// error.
func Load(fsys fs.FS, name string) (*Model, error) {
	parts, isDir, err := document.Load(fsys, name, document.Ownership)
	if err != nil {
		return nil, err
	}
	l := &loader{fsys: fsys, files: map[string][]byte{}, names: map[string]declared{}, scopes: map[string]*scope{}, model: &Model{
		people: map[string]*Person{}, teams: map[string]*Team{}, workloads: map[string]*Workload{}, vendors: map[string]*Vendor{},
		memberships: map[string][]teamMembership{}, places: map[string]document.Place{}, trustAt: map[string]document.Place{},
		credentials: map[string]*credential{}, keys: map[Fingerprint]*credential{}, sshKeys: map[[32]byte]*credential{}, identities: identityIndex{},
	}}
	sections := l.sections(parts)
	l.principals(sections)
	l.trust(sections["trust"])
	l.credentials(sections["credentials"])
	l.grants(sections["grants"])
	l.controls(sections["controls"])
	l.enforcements(sections["enforcement"])
	l.separations(sections["separation"])
	l.tiers(sections["tiers"])
	l.drills(sections["drills"])
	if err := document.Err(parts); err != nil {
		return nil, err
	}
	l.fileKeys()
	l.listFiles()
	l.model.digest = parts[0].Digest
	if isDir {
		l.model.digest = document.DirectoryDigest(parts)
	}
	l.model.enveloped = document.IsPayload(fsys, name)
	return l.model, nil
}

// loader reads one document into a Model. It records what is wrong against the
// document's nodes and reads on.
type loader struct {
	fsys     fs.FS
	model    *Model
	names    map[string]declared // principals and teams share one name space
	dangling int                 // how many references led nowhere
	lost     bool                // a name could not be read: that nothing is called so may follow from it
	scopes   map[string]*scope   // by artifact pattern
	files    map[string][]byte   // those the document refers to
}

// declared is who has a name.
type declared struct {
	kind string
	at   *document.Node
}

// The kinds of what shares the name space.
const (
	person   = "person"
	team     = "team"
	workload = "workload"
	vendor   = "vendor"
)

// sections reads the metadata and gives the items of each section, over all parts.
// Under "trust" stand the trust objects themselves.
func (l *loader) sections(parts []*document.Part) map[string][]*document.Node {
	names := []string{"people", "teams", "workloads", "vendors", "credentials", "grants", "controls", "enforcement", "separation", "tiers", "drills"}
	sections := map[string][]*document.Node{}
	var firstAt *document.Node
	for _, part := range parts {
		o := part.Root.Object(slices.Concat([]string{"metadata", "trust"}, names)...)
		l.lost = l.lost || o.Misspelt()
		if at := o.Require("metadata"); at != nil {
			l.metadata(at, firstAt)
			if firstAt == nil {
				firstAt = at
			}
		}
		for _, name := range names {
			sections[name] = append(sections[name], o.Get(name).List()...)
		}
		if t := o.Get("trust"); t != nil {
			sections["trust"] = append(sections["trust"], t)
		}
	}
	return sections
}

// metadata reads the metadata of a part and compares it with the first part's.
func (l *loader) metadata(at, firstAt *document.Node) {
	o := at.Object("name", "version", "effectiveFrom", "reviewedAt", "reviewEvery", "previous", "proofEvery", "revocationWithin")
	m := metadata{
		name: o.Require("name").String(), version: o.Require("version").IntMin(1), effectiveFrom: o.Require("effectiveFrom").Time(),
		reviewedAt: o.Get("reviewedAt").Time(), reviewEvery: o.Get("reviewEvery").Duration(),
		previous: o.Get("previous").Digest(), proofEvery: o.Get("proofEvery").Duration(), revocationWithin: o.Get("revocationWithin").Duration(),
	}
	if firstAt == nil {
		l.model.metadata, l.model.at = m, at.Place()
	} else if m != l.model.metadata {
		at.Errorf("metadata other than that at %s: expected one name, one version and equal metadata in all parts of one document", firstAt.Position())
	}
}

// id reads an id: printable text.
func (l *loader) id(o document.Object) string {
	n := o.Require("id")
	id := n.String()
	if strings.ContainsFunc(id, func(r rune) bool { return !unicode.IsPrint(r) }) || strings.TrimSpace(id) != id {
		n.Errorf("the id %q: expected printable characters without a space at either end", id)
		return ""
	}
	return id
}

// unique reads an id and reports whether it is the first of its section so far.
func (l *loader) unique(o document.Object, what string, seen map[string]*document.Node) (string, bool) {
	id := l.id(o)
	if id == "" {
		return "", false
	}
	if at := seen[id]; at != nil {
		o.Get("id").Errorf("%s %q for the second time: expected one, as at %s", what, id, at.Position())
		return "", false
	}
	seen[id] = o.Get("id")
	return id, true
}

// ref reads a reference to something of one of the kinds.
func (l *loader) ref(n *document.Node, kinds ...string) string {
	id := n.String()
	if id == "" {
		return ""
	}
	expected := "the id of a " + strings.Join(kinds, ", ")
	if i := strings.LastIndex(expected, ", "); i >= 0 {
		expected = expected[:i] + " or" + expected[i+1:]
	}
	switch d, ok := l.names[id]; {
	case !ok && l.lost:
		return ""
	case !ok:
		suggestion := ""
		if l.dangling++; l.dangling <= 20 { // looking through all names takes its time
			suggestion = document.Suggest(id, l.called(kinds))
		}
		n.Errorf("nothing is called %q: expected %s%s", id, expected, suggestion)
		return ""
	case !slices.Contains(kinds, d.kind):
		n.Errorf("%q is a %s: expected %s", id, d.kind, expected)
		return ""
	}
	return id
}

// called gives the names of what is of one of the kinds, sorted.
func (l *loader) called(kinds []string) []string {
	var names []string
	for name, d := range l.names {
		if slices.Contains(kinds, d.kind) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// refs reads a list of references, each at most once, in the order written.
func (l *loader) refs(n *document.Node, kinds ...string) []string {
	var ids []string
	for _, item := range n.List() {
		id := l.ref(item, kinds...)
		if id == "" {
			continue
		}
		if slices.Contains(ids, id) {
			item.Errorf("%q for the second time: expected each once", id)
			continue
		}
		ids = append(ids, id)
	}
	return ids
}

// sortedRefs reads a list of references whose order means nothing.
func (l *loader) sortedRefs(n *document.Node, kinds ...string) []string {
	ids := l.refs(n, kinds...)
	slices.Sort(ids)
	return ids
}

// interval reads from and until; start is the start where from is absent.
func (l *loader) interval(o document.Object, start time.Time) Interval {
	i := Interval{From: start, Until: o.Get("until").Time()}
	if n := o.Get("from"); n != nil {
		i.From = n.Time()
	}
	if !i.Until.IsZero() && !i.Until.After(i.From) {
		o.Get("until").Errorf("until %s, from %s: expected until to be after from", stamp(i.Until), stamp(i.From))
	}
	return i
}

// bounded reads an interval with a begin and an end.
func (l *loader) bounded(o document.Object) Interval {
	o.Require("from")
	o.Require("until")
	return l.interval(o, never)
}

// pattern reads one pattern.
func (l *loader) pattern(n *document.Node) (pattern.Pattern, bool) {
	s := n.String()
	if s == "" {
		return pattern.Pattern{}, false
	}
	p, err := pattern.Parse(s)
	if err != nil {
		n.Errorf("%v", err)
		return pattern.Pattern{}, false
	}
	return p, true
}

// patterns reads a list of patterns.
func (l *loader) patterns(n *document.Node) []pattern.Pattern {
	var list []pattern.Pattern
	for _, item := range n.List() {
		if p, ok := l.pattern(item); ok {
			list = append(list, p)
		}
	}
	return list
}

// file reads a file the document refers to, relative to the part that names it, and holds it against its
// digest where the document gives one.
func (l *loader) file(n, digest *document.Node) (name string, data []byte, ok bool) {
	pin := digest.Digest()
	ref := n.String()
	if ref == "" {
		return "", nil, false
	}
	name = path.Join(path.Dir(n.File()), ref)
	if path.IsAbs(ref) || strings.Contains(ref, `\`) || !fs.ValidPath(name) || name == "." {
		n.Errorf("the path %q: expected one relative to this document, with / between its parts, that stays within its file system", ref)
		return "", nil, false
	}
	data, read := l.files[name]
	if !read {
		var err error
		if data, err = document.ReadFile(l.fsys, name); err != nil {
			n.Errorf("%v", err)
			return "", nil, false
		}
		l.files[name] = data
	}
	if len(data) == 0 {
		n.Errorf("%s: an empty file: expected something in it", name)
		return "", nil, false
	}
	sum := document.Sum(data)
	switch {
	case digest == nil:
		at := n.Place()
		l.model.unpinned = append(l.model.unpinned, &Error{File: at.File, Line: int(at.Line), Col: int(at.Col),
			Msg: fmt.Sprintf("the file %s without its digest: expected digest: %q beside it in a signed document", ref, sum)})
	case pin != "" && pin != sum:
		digest.Errorf("%s: the file has the digest %s: expected the file with this one, or the digest of this file", name, sum)
		return "", nil, false
	}
	return name, data, true
}

// listFiles lists the files that were read.
func (l *loader) listFiles() {
	for name, data := range l.files {
		l.model.files = append(l.model.files, File{name, document.Sum(data)})
	}
	slices.SortFunc(l.model.files, func(a, b File) int { return strings.Compare(a.Path, b.Path) })
}
