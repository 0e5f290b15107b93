package ownership_test

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// document writes the model as YAML or, which is faster to read, JSON, and notes where what stands.
// Keys and strings are in quotes in both.
func (w *world) document(name string) string {
	p := &sheet{name: name, json: strings.HasSuffix(name, ".json")}
	p.section("apiVersion", `"surety.dev/v1alpha1"`)
	p.section("kind", `"Ownership"`)
	p.section("metadata", `{"name": "drawn", "version": 1, "effectiveFrom": "`+w.effective.String()+`"}`)
	for _, c := range w.credentials {
		if c.authority != "" {
			p.section("trust", `{"certificateAuthorities": [{"id": "ca", "file": "ca.pem"}, {"id": "cb", "file": "ca.pem"}]}`)
			break
		}
	}
	for i, h := range w.people {
		employment := ""
		if h.sponsor != "" {
			employment = "contractor"
		}
		p.item("people", i, entry("id", h.id), bounds(h.span), intervals("away", h.away), entry("employment", employment), entry("sponsor", h.sponsor))
	}
	for i := range w.teams {
		g := &w.teams[i]
		var members []string
		for _, m := range g.members {
			members = append(members, braces(entry("person", m.person), bounds(m.span)))
		}
		contacts := ""
		if g.page != "" {
			contacts = `"contacts": ` + braces(entry("page", g.page))
		}
		g.position = p.item("teams", i, entry("id", g.id), flow("members", members), contacts, entries("escalation", g.escalation))
	}
	for i, m := range w.workloads {
		p.item("workloads", i, entry("id", m.id), entry("owner", m.owner), entries("operators", m.operators))
	}
	for i, v := range w.vendors {
		p.item("vendors", i, entry("id", v.id), entry("internalOwner", v.owner), bounds(v.span))
	}
	for i := range w.credentials {
		c := &w.credentials[i]
		c.position = p.item("credentials", i, entry("id", c.id), entries("holder", c.holders), entry("owner", c.owner), entries("revokers", c.revokers), c.proof(), c.turns())
	}
	w.governance(p)
	return p.end()
}

// governance writes what rests on principals and teams.
func (w *world) governance(p *sheet) {
	for i := range w.grants {
		g := &w.grants[i]
		var windows []string
		for _, v := range g.windows {
			windows = append(windows, v.text())
		}
		var freezes []string
		for _, f := range g.freezes {
			freezes = append(freezes, braces(bounds(f), entry("reason", "stocktaking")))
		}
		g.position = p.item("grants", i, entry("to", g.to), entries("may", g.may), entries("artifacts", g.artifacts), entries("predicates", g.predicates),
			entries("builders", g.builders), bounds(g.span), entries("environments", g.environments), flow("windows", windows), flow("freezes", freezes))
	}
	for i := range w.controls {
		c := &w.controls[i]
		c.position = p.item("controls", i, entry("control", c.control), entries("artifacts", c.artifacts), entry("accountable", c.accountable), entries("responsible", c.responsible),
			entries("consulted", c.consulted), entries("informed", c.informed), entry("page", c.page), entry("runbook", c.runbook), bounds(c.span))
	}
	for i := range w.points {
		b := &w.points[i]
		b.position = p.item("enforcement", i, entry("id", b.id), entry("environment", b.environment), entries("artifacts", b.artifacts), entry("mode", b.mode),
			entry("onFailure", b.onFailure), entry("owner", b.owner), bounds(b.span))
	}
	for i, s := range w.separations {
		p.item("separation", i, entry("id", s.id), entries("duties", s.duties))
	}
	for i, t := range w.tiers {
		p.item("tiers", i, entry("id", t.id), entries("artifacts", t.artifacts))
	}
}

// proof writes the key or the identity of a credential.
func (c *badge) proof() string {
	switch {
	case c.key != 0:
		return `"key": {"pem": ` + drawnKeys()[c.key].text + "}"
	case c.authority != "":
		return `"identity": ` + braces(entry("authority", c.authority), entry(c.nameType, c.subject))
	}
	var claims []string
	for _, name := range slices.Sorted(maps.Keys(c.claims)) {
		claims = append(claims, entry(name, c.claims[name]))
	}
	if len(claims) > 0 {
		claims = []string{`"claims": ` + braces(claims...)}
	}
	return `"identity": ` + braces(append([]string{entry("issuer", c.issuer), entry("subject", c.subject)}, claims...)...)
}

func (c *badge) turns() string {
	var all []string
	for _, t := range c.states {
		all = append(all, braces(entry("state", t.state), entry("from", t.from.String()), entry("reason", t.reason), entry("invalidFrom", t.invalid.String())))
	}
	return flow("states", all)
}

func (v drawnWindow) text() string {
	var days []string
	for _, d := range v.days {
		days = append(days, strings.ToLower(d.String()))
	}
	from, until := "", ""
	if v.from != 0 {
		from = fmt.Sprintf("%02d:00", v.from)
	}
	if v.until != 24 {
		until = fmt.Sprintf("%02d:00", v.until)
	}
	return braces(entries("days", days), entry("from", from), entry("until", until))
}

// sheet is a document in the making.
type sheet struct {
	name string
	json bool
	text strings.Builder
	last string // the section that is being written
	line int
}

// section writes a whole section on a line.
func (p *sheet) section(name, text string) {
	p.begin(name)
	p.text.WriteString(text)
}

// begin ends the section before and begins another.
func (p *sheet) begin(name string) {
	open, quote, between := "", "", "\n"
	if p.json {
		open, quote, between = "{", `"`, ",\n"
	}
	if p.line == 0 {
		p.text.WriteString(open)
	} else {
		p.text.WriteString(p.closing() + between)
	}
	p.line++
	p.last = name
	p.text.WriteString(quote + name + quote + ": ")
}

// closing is what ends a section: lists of JSON want it.
func (p *sheet) closing() string {
	if list := slices.Contains([]string{"apiVersion", "kind", "metadata", "trust"}, p.last); p.json && !list {
		return "]"
	}
	return ""
}

func (p *sheet) end() string {
	p.text.WriteString(p.closing())
	if p.json {
		p.text.WriteString("}")
	}
	p.text.WriteString("\n")
	return p.text.String()
}

// item writes the i-th item of a section on a line of its own and gives its position. Fields that are
// empty are left out.
func (p *sheet) item(section string, i int, fields ...string) string {
	if i == 0 {
		p.begin(section)
	}
	indent := "\n  - "
	if p.json {
		indent = either(i == 0, "[\n    ", ",\n    ")
	}
	p.line++
	p.text.WriteString(indent + braces(fields...))
	return p.name + ":" + strconv.Itoa(p.line) + ":5"
}

// either is one or the other.
func either(yes bool, one, other string) string {
	if yes {
		return one
	}
	return other
}

// braces writes a mapping of those fields that are not empty.
func braces(fields ...string) string {
	var b strings.Builder
	b.WriteByte('{')
	for _, f := range fields {
		if f == "" {
			continue
		}
		if b.Len() > 1 {
			b.WriteString(", ")
		}
		b.WriteString(f)
	}
	b.WriteByte('}')
	return b.String()
}

func entry(name, value string) string {
	if value == "" {
		return ""
	}
	return `"` + name + `": "` + value + `"`
}

func entries(name string, values []string) string {
	if values == nil {
		return ""
	}
	return `"` + name + `": ["` + strings.Join(values, `", "`) + `"]`
}

func flow(name string, values []string) string {
	if values == nil {
		return ""
	}
	return `"` + name + `": [` + strings.Join(values, ", ") + "]"
}

func bounds(s span) string {
	from, until := entry("from", s.from.String()), entry("until", s.until.String())
	if from == "" || until == "" {
		return from + until
	}
	return from + ", " + until
}

func intervals(name string, all []span) string {
	var list []string
	for _, s := range all {
		list = append(list, braces(bounds(s)))
	}
	return flow(name, list)
}
