package policy

import (
	"cmp"
	"errors"
	"io/fs"
	"regexp"
	"slices"
	"time"

	"github.com/surety-dev/surety/internal/document"
	"github.com/surety-dev/surety/internal/pattern"
)

// Error is what is wrong in a document, and where: "policy.yaml:14:5: …".
type Error = document.Error

// Kind is the kind of the documents this package loads.
const Kind = "Policy"

// duties and controls are the names policies may use (design §2). Package ownership has the same.
var (
	duties   = []string{"build", "review", "approve", "release", "deploy", "except", "revoke", "attest", "witness"}
	controls = []string{"publisher-identity", "certificate-issuance", "key-lifecycle", "review-audit", "release-policy", "enforcement", "monitoring"}
)

// Duties gives the duties an evidence declaration may ask for, in the order of design §2.
func Duties() []string { return slices.Clone(duties) }

// Controls gives the controls a rule may name, upstream first.
func Controls() []string { return slices.Clone(controls) }

// Load reads and compiles the policies at path in fsys: one document, or those of a directory, where
// parts of one name and version are merged. Policies come sorted by name and version. What is wrong
// is an *Error, or several joined.
func Load(fsys fs.FS, path string) ([]*Policy, error) {
	parts, isDirectory, err := document.Load(fsys, path, Kind)
	if err != nil {
		return nil, err
	}
	type key struct {
		name    string
		version int
	}
	var order []key
	groups := map[key][]*document.Part{}
	heads := map[*document.Part]head{}
	for _, part := range parts {
		h := readHead(part)
		heads[part] = h
		k := key{h.name, h.version}
		if groups[k] == nil {
			order = append(order, k)
		}
		groups[k] = append(groups[k], part)
	}
	slices.SortFunc(order, func(x, y key) int { return cmp.Or(cmp.Compare(x.name, y.name), cmp.Compare(x.version, y.version)) })
	var policies []*Policy
	var errs []error
	for _, k := range order {
		p, err := build(fsys, groups[k], heads)
		if p != nil && isDirectory {
			p.digest = document.DirectoryDigest(groups[k])
		}
		if p != nil {
			p.enveloped = document.IsPayload(fsys, path)
		}
		errs = append(errs, err)
		policies = append(policies, p)
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	return policies, nil
}

// head is a document's metadata.
type head struct {
	name        string
	version     int
	from, until time.Time
	previous    string
	metadata    *document.Node
	root        document.Object
}

// readHead reads the top of a document. Fields are checked here, values where they are used.
func readHead(part *document.Part) head {
	root := part.Root.Object("apiVersion", "kind", "metadata", "artifacts", "environments", "params", "freshness", "promotion", "evidence", "variables", "include", "rules")
	h := head{root: root, metadata: root.Require("metadata")}
	m := h.metadata.Object("name", "version", "effectiveFrom", "effectiveUntil", "previous")
	h.name = m.Require("name").String()
	h.version = m.Require("version").IntMin(1)
	h.from = m.Require("effectiveFrom").Time()
	h.until = m.Get("effectiveUntil").Time()
	h.previous = m.Get("previous").Digest()
	if u := m.Get("effectiveUntil"); u != nil && !h.until.IsZero() && !h.until.After(h.from) {
		u.Errorf("effectiveUntil %s, effectiveFrom %s: expected effectiveUntil to be after effectiveFrom", h.until.Format(time.RFC3339), h.from.Format(time.RFC3339))
	}
	return h
}

// loader reads the parts of one policy.
type loader struct {
	fsys   fs.FS
	texts  map[string][]string // the lines of the documents
	policy *Policy
	ids    map[string]string // where an id or name was first used
	vars   []variableNode
	rules  []ruleNode

	promotion *document.Node
	included  []*included
	supplies  []supply
}

// variableNode is a variable, and the node its expression stands at.
type variableNode struct {
	name, source string
	node         *document.Node
	failed       [visibilities]error // why it does not compile there
}

// ruleNode is a rule and the nodes its expressions stand at.
type ruleNode struct {
	rule                               *rule
	about, when, expression, messageOf *document.Node
	from                               *document.Node // where the policy includes it; nil: it is its own
}

// build merges the parts of one policy and compiles it.
func build(fsys fs.FS, parts []*document.Part, heads map[*document.Part]head) (*Policy, error) {
	first := heads[parts[0]]
	l := &loader{fsys: fsys, ids: map[string]string{}, policy: &Policy{
		name: first.name, version: first.version, effectiveFrom: first.from, effectiveUntil: first.until, previous: first.previous,
		digest: parts[0].Digest, params: map[string]any{}, position: first.metadata.Position(),
	}}
	for _, part := range parts {
		h := heads[part]
		if !h.from.Equal(first.from) || !h.until.Equal(first.until) || h.previous != first.previous {
			h.metadata.Errorf("metadata other than that at %s: expected equal metadata in all parts of policy %s version %d", first.metadata.Position(), h.name, h.version)
		}
		l.read(h.root)
	}
	l.require(first.root, parts[0])
	if err := l.problems(parts); err != nil {
		return nil, err
	}
	l.resolve()
	if err := l.problems(parts); err != nil {
		return nil, err
	}
	l.compile(parts[0].Root)
	if err := l.problems(parts); err != nil {
		return nil, err
	}
	return l.policy, nil
}

func problems(parts []*document.Part) error {
	var errs []error
	for _, part := range parts {
		errs = append(errs, part.Err())
	}
	return errors.Join(errs...)
}

// require reports sections that no part has: a policy without evidence or rules decides nothing.
func (l *loader) require(root document.Object, part *document.Part) {
	if len(l.policy.artifacts) == 0 {
		root.Require("artifacts")
	}
	if len(l.policy.evidence) == 0 {
		root.Require("evidence")
	}
	if len(l.rules) == 0 && len(l.included) == 0 {
		root.Require("rules")
	}
	if len(l.rules) > MaxRules {
		part.Root.Errorf("%d rules: expected at most %d", len(l.rules), MaxRules)
	}
}

// resolve reports rules about evidence that is not declared, included ones without their parameters, and a promotion
// to nowhere.
func (l *loader) resolve() {
	l.resolvePromotion()
	l.supply()
	var names []string
	for _, n := range l.policy.evidence {
		names = append(names, n.Name)
	}
	for _, r := range l.rules {
		switch {
		case r.rule.about == "" || slices.Contains(names, r.rule.about):
		case r.from != nil:
			r.from.Errorf("rule %s is about evidence %s, which is not declared: expected an evidence declaration of that name", r.rule.id, r.rule.about)
		default:
			r.about.Errorf("no evidence is called %q: expected the name of an evidence declaration%s", r.rule.about, document.Suggest(r.rule.about, names))
		}
	}
}

// read reads one part.
func (l *loader) read(root document.Object) {
	p := l.policy
	if n := root.Get("artifacts"); n != nil {
		for _, a := range n.List() {
			if glob, err := pattern.Parse(a.String()); err != nil {
				a.Errorf("%v", err)
			} else {
				p.artifacts = append(p.artifacts, glob)
			}
		}
	}
	if n := root.Get("environments"); n != nil {
		p.environments = append(p.environments, n.Strings()...)
	}
	if n := root.Get("freshness"); n != nil {
		revocations := n.Object("revocations").Require("revocations")
		d := revocations.Duration()
		if p.freshness != 0 && d != p.freshness {
			revocations.Errorf("another part says %s: expected one freshness", p.freshness)
		}
		p.freshness = d
	}
	l.readPromotion(root.Get("promotion"))
	l.readParams(root.Get("params"))
	if n := root.Get("evidence"); n != nil {
		for _, e := range n.List() {
			l.readEvidence(e)
		}
	}
	if n := root.Get("variables"); n != nil {
		for _, v := range n.List() {
			o := v.Object("name", "expression")
			x := o.Require("expression")
			l.vars = append(l.vars, variableNode{name: l.name("variable", o.Require("name")), source: x.String(), node: x})
		}
	}
	l.readInclude(root.Get("include"))
	if n := root.Get("rules"); n != nil {
		for _, r := range n.List() {
			l.readRule(r)
		}
	}
}

// unique reports an id or name met before.
func (l *loader) unique(what string, n *document.Node, id string) {
	key := what + " " + id
	if first, ok := l.ids[key]; ok && id != "" {
		n.Errorf("%s %q for the second time: expected one, as at %s", what, id, first)
		return
	}
	l.ids[key] = n.Position()
}

func (l *loader) readParams(n *document.Node) {
	if n == nil {
		return
	}
	l.policy.paramsAt = n.Position()
	values, ok := n.Value().(map[string]any)
	if ok && len(values) == 0 {
		return
	}
	for _, e := range n.Entries() {
		name := e.Name.String()
		l.unique("param", e.Name, name)
		if !identifier.MatchString(name) {
			e.Name.Errorf("%q cannot be named in an expression: expected letters, digits and _, no digit first", name)
		}
		l.policy.params[name] = values[name]
	}
}

// identifier is what CEL can name, its reserved words aside.
var identifier = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// reserved are CEL's words, which name nothing.
var reserved = map[string]bool{
	"true": true, "false": true, "null": true, "in": true, "as": true, "break": true, "const": true, "continue": true, "else": true,
	"for": true, "function": true, "if": true, "import": true, "let": true, "loop": true, "package": true, "namespace": true,
	"return": true, "var": true, "void": true, "while": true,
}

// name reads a name that rules use.
func (l *loader) name(what string, n *document.Node) string {
	name := n.String()
	if name != "" && (!identifier.MatchString(name) || reserved[name]) {
		n.Errorf("%q cannot be named in an expression: expected letters, digits and _, no digit first, and no word of CEL's own", name)
	}
	l.unique(what, n, name)
	return name
}

func (l *loader) readEvidence(n *document.Node) {
	o := n.Object("name", "predicateTypes", "duty", "min", "waivable")
	need := Requirement{
		Name:           l.name("evidence", o.Require("name")),
		PredicateTypes: o.Require("predicateTypes").Strings(),
		Duty:           o.Require("duty").OneOf(duties...),
		Min:            1,
		Waivable:       readWaiver(o.Get("waivable")),
		Position:       n.Position(),
	}
	if m := o.Get("min"); m != nil {
		need.Min = m.IntMin(1)
	}
	l.policy.evidence = append(l.policy.evidence, need)
}

func readWaiver(n *document.Node) *Waiver {
	if n == nil {
		return nil
	}
	o := n.Object("by", "quorum", "maxDuration", "maxUses")
	w := &Waiver{By: o.Require("by").String(), Quorum: 1, MaxDuration: o.Require("maxDuration").Duration()}
	if q := o.Get("quorum"); q != nil {
		w.Quorum = q.IntMin(1)
	}
	if m := o.Get("maxUses"); m != nil {
		w.MaxUses = m.IntMin(1)
	}
	return w
}

// ruleFields are the fields of a rule.
var ruleFields = []string{"id", "about", "control", "severity", "when", "expression", "message", "messageExpression", "remedy", "frameworks", "waivable"}

func (l *loader) readRule(n *document.Node) {
	o := n.Object(ruleFields...)
	id := o.Require("id")
	r := &rule{id: id.String(), control: "release-policy", position: n.Position(), waivable: readWaiver(o.Get("waivable"))}
	l.unique("rule", id, r.id)
	node := ruleNode{rule: r, when: o.Get("when"), expression: o.Require("expression"), messageOf: o.Get("messageExpression"), about: o.Get("about")}
	if node.about != nil {
		r.about = node.about.String()
	}
	if c := o.Get("control"); c != nil {
		r.control = c.OneOf(controls...)
	}
	if s := o.Get("severity"); s != nil {
		r.severity = Severity(max(0, slices.Index(severities.List, s.OneOf(severities.List...))))
	}
	if m := o.Get("message"); m != nil {
		r.message = m.String()
		if node.messageOf != nil {
			node.messageOf.Errorf("a messageExpression beside a message: expected one of them")
		}
	}
	if m := o.Get("remedy"); m != nil {
		r.remedy = m.String()
	}
	if f := o.Get("frameworks"); f != nil {
		r.frameworks = f.Strings()
	}
	l.rules = append(l.rules, node)
}
