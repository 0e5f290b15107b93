package importer

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/surety-dev/surety/internal/document"
	"github.com/surety-dev/surety/ownership"
)

// tree is the text of a document, what it parses to, and what is to be changed in it.
type tree struct {
	data    []byte
	root    *yaml.Node
	index   map[string]map[string]*yaml.Node // items by section and id, the new ones too
	added   map[string][]*yaml.Node
	touched map[*yaml.Node]bool
}

// open reads the document to import into, or begins a new one.
func open(into Document, o Options) (*tree, *ownership.Model, error) {
	t := &tree{index: map[string]map[string]*yaml.Node{}, added: map[string][]*yaml.Node{}, touched: map[*yaml.Node]bool{}}
	if into.FS == nil {
		if o.Name == "" || o.Version < 1 || o.EffectiveFrom.IsZero() {
			return nil, nil, errors.New("a new document without name, version or beginning: expected all three")
		}
		if !printable(o.Name) {
			return nil, nil, fmt.Errorf("the name %q: expected printable characters", o.Name)
		}
		t.data = fmt.Appendf(nil, "apiVersion: %s\nkind: %s\nmetadata: {name: %s, version: %d, effectiveFrom: %s}\n",
			document.APIVersion, document.Ownership, quoted(o.Name), o.Version, stamp(o.EffectiveFrom))
		return t, nil, t.read()
	}
	info, err := fs.Stat(into.FS, into.Name)
	if err == nil && info.IsDir() {
		return nil, nil, fmt.Errorf("%s is a directory: expected the one file to import into", into.Name)
	}
	model, err := ownership.Load(into.FS, into.Name)
	if err != nil {
		return nil, nil, err
	}
	if t.data, err = document.ReadFile(into.FS, into.Name); err != nil {
		return nil, nil, err
	}
	if model.Digest() != document.Sum(t.data) {
		return nil, nil, fmt.Errorf("%s changes while it is read: expected it to stay as it is", into.Name)
	}
	return t, model, t.read()
}

// read parses the text and files its items.
func (t *tree) read() error {
	var err error
	if t.root, err = parse(t.data); err != nil {
		return err
	}
	for _, section := range append(sections(), "workloads", "vendors") {
		t.index[section] = map[string]*yaml.Node{}
		for _, n := range t.items(section) {
			t.index[section][text(n, "id")] = n
		}
	}
	return nil
}

// parse gives the root of a document.
func parse(data []byte) (*yaml.Node, error) {
	var doc yaml.Node
	if err := yaml.Unmarshal(data, &doc); err != nil {
		return nil, err
	}
	if doc.Kind != yaml.DocumentNode || doc.Content[0].Kind != yaml.MappingNode {
		return nil, errors.New("not a mapping: expected a document")
	}
	return doc.Content[0], nil
}

// sections are those an import writes, in the order a document has them.
func sections() []string { return []string{"people", "teams", "credentials", "grants", "controls"} }

// items gives the items of a section.
func (t *tree) items(section string) []*yaml.Node {
	if seq := field(t.root, section); seq != nil {
		return seq.Content
	}
	return nil
}

// item finds an item by its id, among the new ones too.
func (t *tree) item(section, id string) *yaml.Node { return t.index[section][id] }

// line gives the line of a field of the document.
func (t *tree) line(name string) int {
	if n := field(t.root, name); n != nil {
		return n.Line
	}
	return 1
}

// add appends an item to a section.
func (t *tree) add(section string, item *yaml.Node) {
	t.added[section] = append(t.added[section], item)
	if id := text(item, "id"); id != "" {
		t.index[section][id] = item
	}
}

// set gives an item a field it does not have.
func (t *tree) set(item *yaml.Node, name string, value *yaml.Node) {
	item.Content = append(item.Content, plain(name, "!!str"), value)
	t.touched[item] = true
}

// appendTo adds values to a list of an item, which may not be there.
func (t *tree) appendTo(item *yaml.Node, name string, values ...*yaml.Node) {
	if len(values) == 0 {
		return
	}
	if at := field(item, name); at != nil {
		at.Content = append(at.Content, values...)
		t.touched[item] = true
		return
	}
	t.set(item, name, &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq", Style: yaml.FlowStyle, Content: values})
}

// changed reports whether there is anything to be changed.
func (t *tree) changed() bool { return len(t.touched) > 0 || len(t.added) > 0 }

// source says where a part of an item comes from, in place of the lines of the same files named before. A part
// that is not new, and was not imported from one of the files, is left as it is.
func (t *tree) source(item, part *yaml.Node, isNew bool, at ...position) {
	files := map[string]bool{}
	for _, p := range at {
		files[p.file] = true
	}
	have := listed(part, "sources")
	want := slices.DeleteFunc(slices.Clone(have), func(s string) bool { return files[fileOf(s)] })
	if !isNew && len(want) == len(have) {
		return
	}
	for _, p := range at {
		want = append(want, p.String())
	}
	slices.Sort(want)
	want = slices.Compact(want)
	if slices.Equal(have, want) {
		return
	}
	t.touched[item] = true
	if list := field(part, "sources"); list != nil {
		list.Content = texts(want...).Content
		return
	}
	part.Content = append(part.Content, plain("sources", "!!str"), texts(want...))
}

// sourceFiles gives the files a part of an item comes from.
func sourceFiles(part *yaml.Node) []string {
	var files []string
	if list := field(part, "sources"); list != nil {
		for _, n := range list.Content {
			files = append(files, fileOf(n.Value))
		}
	}
	return files
}

// fileOf is the file of "FILE:LINE".
func fileOf(source string) string {
	if i := strings.LastIndexByte(source, ':'); i > 0 && strings.Trim(source[i+1:], "0123456789") == "" {
		return source[:i]
	}
	return source
}

// same reports whether two trees say the same, however they are laid out. A time may stand in quotes.
func same(a, b *yaml.Node) bool {
	tag := func(n *yaml.Node) string { return strings.Replace(n.ShortTag(), "!!timestamp", "!!str", 1) }
	return a.Kind == b.Kind && a.Value == b.Value && tag(a) == tag(b) && slices.EqualFunc(a.Content, b.Content, same)
}

// changedRoot is the document with what is added.
func (t *tree) changedRoot() *yaml.Node {
	root := *t.root
	root.Content = slices.Clone(root.Content)
	for _, section := range sections() {
		if len(t.added[section]) == 0 {
			continue
		}
		seq := field(&root, section)
		if seq == nil {
			root.Content = append(root.Content, plain(section, "!!str"), &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq", Content: t.added[section]})
			continue
		}
		both := *seq
		both.Content = slices.Concat(seq.Content, t.added[section])
		root.Content[slices.Index(root.Content, seq)] = &both
	}
	return &root
}

// bytes gives the changed text: the old one with what has changed laid out anew where it can be told from
// the rest by its lines, or else all of it.
func (t *tree) bytes() ([]byte, error) {
	if !t.changed() {
		return t.data, nil
	}
	want := t.changedRoot()
	if data, ok := t.splice(); ok {
		if got, err := parse(data); err == nil && same(got, want) {
			return data, nil
		}
	}
	whole := *want
	if whole.Style&yaml.FlowStyle != 0 { // JSON
		whole.Style = 0
	}
	data, err := encode(&whole)
	if err != nil {
		return nil, err
	}
	if got, err := parse(data); err != nil || !same(got, want) {
		return nil, errors.New("the document cannot be written as it is read: expected plainer YAML")
	}
	return data, nil
}
