package importer

import (
	"bytes"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// edit puts lines in the place of others of the text.
type edit struct {
	first, end int // the lines to go, from zero
	text       string
}

// splice writes the changes into the text by its lines: new items behind a section's last, changed ones
// in their place. False: the text is not laid out in lines of items. The caller compares what comes of it with what
// was meant.
func (t *tree) splice() ([]byte, bool) {
	if t.root.Style&yaml.FlowStyle != 0 {
		return nil, false
	}
	lines := bytes.SplitAfter(t.data, []byte("\n"))
	if n := len(lines) - 1; len(lines[n]) == 0 {
		lines = lines[:n]
	} else {
		lines[n] = append(slices.Clone(lines[n]), '\n')
	}
	var edits []edit
	var behind strings.Builder
	for i := 0; i < len(t.root.Content); i += 2 {
		end := len(lines)
		if i+2 < len(t.root.Content) {
			end = t.root.Content[i+2].Line - 1
		}
		more, ok := t.section(t.root.Content[i].Value, t.root.Content[i+1], lines, end)
		if !ok {
			return nil, false
		}
		edits = append(edits, more...)
	}
	for _, section := range sections() {
		if len(t.added[section]) > 0 && field(t.root, section) == nil {
			behind.WriteString(section + ":\n")
			for _, item := range t.added[section] {
				text, ok := layOut(item, 2)
				if !ok {
					return nil, false
				}
				behind.WriteString(text)
			}
		}
	}
	slices.SortStableFunc(edits, func(a, b edit) int { return a.first - b.first })
	var b strings.Builder
	next := 0
	for _, e := range edits {
		if e.first < next || e.end > len(lines) || e.end < e.first {
			return nil, false
		}
		b.Write(bytes.Join(lines[next:e.first], nil))
		b.WriteString(e.text)
		next = e.end
	}
	b.Write(bytes.Join(lines[next:], nil))
	b.WriteString(behind.String())
	return []byte(b.String()), true
}

// section gives the edits of one section, whose lines end before end.
func (t *tree) section(name string, seq *yaml.Node, lines [][]byte, end int) ([]edit, bool) {
	changed := slices.ContainsFunc(seq.Content, func(n *yaml.Node) bool { return t.touched[n] })
	if !changed && (!slices.Contains(sections(), name) || len(t.added[name]) == 0) {
		return nil, true
	}
	if seq.Kind != yaml.SequenceNode || seq.Style&yaml.FlowStyle != 0 {
		return nil, false
	}
	var edits []edit
	for i, item := range seq.Content {
		if !t.touched[item] {
			continue
		}
		last := end
		if i+1 < len(seq.Content) {
			last = seq.Content[i+1].Line - 1
		}
		text, ok := layOut(item, seq.Column-1)
		if !ok || item.Line > last {
			return nil, false
		}
		edits = append(edits, edit{item.Line - 1, trimmed(lines, item.Line, last), text})
	}
	var b strings.Builder
	for _, item := range t.added[name] {
		text, ok := layOut(item, seq.Column-1)
		if !ok {
			return nil, false
		}
		b.WriteString(text)
	}
	if b.Len() > 0 {
		behind := trimmed(lines, seq.Line, end)
		edits = append(edits, edit{behind, behind, b.String()})
	}
	return edits, true
}

// trimmed is the end of the lines from first on without the empty ones and comments at it.
func trimmed(lines [][]byte, first, end int) int {
	for end > first {
		line := bytes.TrimSpace(lines[end-1])
		if len(line) > 0 && line[0] != '#' {
			break
		}
		end--
	}
	return end
}

// layOut writes an item of a section. Comments above and below it are not part of its lines.
func layOut(item *yaml.Node, indent int) (string, bool) {
	n := *item
	n.HeadComment, n.FootComment = "", ""
	if n.Content = slices.Clone(n.Content); len(n.Content) > 0 {
		first := *n.Content[0]
		first.HeadComment = ""
		n.Content[0] = &first
	}
	data, err := encode(&yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq", Content: []*yaml.Node{&n}})
	if err != nil {
		return "", false
	}
	margin := strings.Repeat(" ", indent)
	var b strings.Builder
	for line := range strings.Lines(string(data)) {
		if strings.TrimSpace(line) != "" {
			b.WriteString(margin)
		}
		b.WriteString(line)
	}
	return b.String(), true
}
