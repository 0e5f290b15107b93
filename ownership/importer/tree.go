package importer

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/surety-dev/surety/internal/document"
	"github.com/surety-dev/surety/ownership"
)

// tree is the text of a document, what it parses to, and what is to be changed in it.
type tree struct {
	data    []byte
	root    *yaml.Node
	added   map[string][]*yaml.Node
	touched map[*yaml.Node]bool
}

// open reads the document to import into, or begins a new one.
func open(into Document, o Options) (*tree, *ownership.Model, error) {
	t := &tree{added: map[string][]*yaml.Node{}, touched: map[*yaml.Node]bool{}}
	if into.FS == nil {
		if o.Name == "" || o.Version < 1 || o.EffectiveFrom.IsZero() {
			return nil, nil, errors.New("a new document without name, version or beginning: expected all three")
		}
		if !printable(o.Name) {
			return nil, nil, fmt.Errorf("the name %q: expected printable characters", o.Name)
		}
		t.data = fmt.Appendf(nil, "apiVersion: %s\nkind: %s\nmetadata: {name: %s, version: %d, effectiveFrom: %s}\n",
			document.APIVersion, document.Ownership, quoted(o.Name), o.Version, stamp(o.EffectiveFrom))
		return t, nil, t.parse(t.data, &t.root)
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
	return t, model, t.parse(t.data, &t.root)
}

func (t *tree) parse(data []byte, root **yaml.Node) error {
	var doc yaml.Node
	if err := yaml.Unmarshal(data, &doc); err != nil {
		return err
	}
	if doc.Kind != yaml.DocumentNode || doc.Content[0].Kind != yaml.MappingNode {
		return errors.New("not a mapping: expected a document")
	}
	*root = doc.Content[0]
	return nil
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
func (t *tree) item(section, id string) *yaml.Node {
	for _, n := range slices.Concat(t.items(section), t.added[section]) {
		if text(n, "id") == id {
			return n
		}
	}
	return nil
}

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
	have := listed(part, "sources")
	want := slices.DeleteFunc(slices.Clone(have), func(s string) bool {
		return slices.ContainsFunc(at, func(p position) bool { return p.file == fileOf(s) })
	})
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

// field gives a field of a mapping, nil if there is none.
func field(n *yaml.Node, name string) *yaml.Node {
	if n == nil || n.Kind != yaml.MappingNode {
		return nil
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == name {
			return n.Content[i+1]
		}
	}
	return nil
}

// text gives the text of a field, empty if there is none.
func text(n *yaml.Node, name string) string {
	if f := field(n, name); f != nil && f.Kind == yaml.ScalarNode {
		return f.Value
	}
	return ""
}

// listed gives the texts of a list.
func listed(n *yaml.Node, name string) []string {
	var list []string
	if f := field(n, name); f != nil {
		for _, c := range f.Content {
			list = append(list, c.Value)
		}
	}
	return list
}

// mapping makes a mapping of names and values; a nil value is left out.
func mapping(style yaml.Style, fields ...any) *yaml.Node {
	n := &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map", Style: style}
	for i := 0; i < len(fields); i += 2 {
		if value := fields[i+1].(*yaml.Node); value != nil {
			n.Content = append(n.Content, plain(fields[i].(string), "!!str"), value)
		}
	}
	return n
}

func plain(value, tag string) *yaml.Node {
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: tag, Value: value}
}

// bare is what every YAML reader takes for the same string without quotes, but for the words below.
var bare = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_./-]*$`)

// words are bare words that some YAML reader takes for something else.
var words = []string{"y", "n", "yes", "no", "on", "off", "true", "false", "null"}

// scalar makes a string, in quotes unless it is a plain word; nil for an empty one.
func scalar(s string) *yaml.Node {
	if s == "" {
		return nil
	}
	n := plain(s, "!!str")
	if !bare.MatchString(s) || slices.Contains(words, strings.ToLower(s)) {
		n.Style = yaml.DoubleQuotedStyle
	}
	return n
}

// quoted is a string as it stands in the text.
func quoted(s string) string {
	if n := scalar(s); n.Style == 0 {
		return s
	}
	return fmt.Sprintf("%q", s) // printable, so Go's escapes of " and \ are YAML's
}

// texts makes a list of strings, in one line; nil for an empty one.
func texts(list ...string) *yaml.Node {
	if len(list) == 0 {
		return nil
	}
	n := &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq", Style: yaml.FlowStyle}
	for _, s := range list {
		n.Content = append(n.Content, scalar(s))
	}
	return n
}

// moment makes a time; nil for the zero time.
func moment(t time.Time) *yaml.Node {
	if t.IsZero() {
		return nil
	}
	return plain(stamp(t), "!!timestamp")
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }

// same reports whether two trees say the same, however they are laid out.
func same(a, b *yaml.Node) bool {
	return a.Kind == b.Kind && a.Value == b.Value && a.ShortTag() == b.ShortTag() && slices.EqualFunc(a.Content, b.Content, same)
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
	var got *yaml.Node
	if data, ok := t.splice(); ok && t.parse(data, &got) == nil && same(got, want) {
		return data, nil
	}
	whole := *want
	if whole.Style&yaml.FlowStyle != 0 { // JSON
		whole.Style = 0
	}
	data, err := encode(&whole)
	if err != nil {
		return nil, err
	}
	if err := t.parse(data, &got); err != nil || !same(got, want) {
		return nil, errors.New("the document cannot be written as it is read: expected plainer YAML")
	}
	return data, nil
}

// encode writes a node. The encoder puts times within braces into quotes for their colons; so words without
// colons stand for them while it writes.
func encode(n *yaml.Node) ([]byte, error) {
	times := map[string]string{}
	var standIns func(n *yaml.Node) *yaml.Node
	standIns = func(n *yaml.Node) *yaml.Node {
		c := *n
		if c.ShortTag() == "!!timestamp" && c.Style == 0 {
			word := fmt.Sprintf("surety-time-%06d", len(times))
			times[word], c.Value, c.Tag = c.Value, word, "!!str"
		}
		c.Content = make([]*yaml.Node, len(n.Content))
		for i, child := range n.Content {
			c.Content[i] = standIns(child)
		}
		return &c
	}
	var b bytes.Buffer
	enc := yaml.NewEncoder(&b)
	enc.SetIndent(2)
	if err := enc.Encode(standIns(n)); err != nil {
		return nil, err
	}
	var pairs []string
	for word, value := range times {
		pairs = append(pairs, word, value)
	}
	return []byte(strings.NewReplacer(pairs...).Replace(b.String())), enc.Close()
}
