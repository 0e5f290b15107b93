package importer

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

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

// encode writes a node. The encoder puts times within braces into quotes for their colons; so words without
// colons stand for them while it writes, unless the document has such words.
func encode(n *yaml.Node) ([]byte, error) {
	const word = "surety-time-"
	times := map[string]string{}
	taken := contains(n, word)
	var standIns func(n *yaml.Node) *yaml.Node
	standIns = func(n *yaml.Node) *yaml.Node {
		c := *n
		if !taken && c.ShortTag() == "!!timestamp" && c.Style == 0 {
			c.Value, c.Tag = fmt.Sprintf("%s%09d", word, len(times)), "!!str"
			times[c.Value] = n.Value
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

// contains reports whether some text or comment has a word.
func contains(n *yaml.Node, word string) bool {
	return strings.Contains(n.Value+"\n"+n.HeadComment+"\n"+n.LineComment+"\n"+n.FootComment, word) ||
		slices.ContainsFunc(n.Content, func(c *yaml.Node) bool { return contains(c, word) })
}
