package importer

import (
	"encoding/base64"
	"fmt"
	"slices"
	"strings"

	"github.com/surety-dev/surety/internal/document"
)

// Metadata of gittuf, root or rule file, of its versions 0.1 (keys) and 0.2 (principals: keys, or persons with keys and
// identities): as such, or in the DSSE envelope it is stored in. Signatures are not checked.

// readGittuf reads root metadata or a rule file.
func readGittuf(s Source, _ *Options) (facts, error) {
	g := gittuf{file: s.Path, used: rolesOf{}}
	part, err := document.ParseJSON(s.Path, s.Data)
	if err != nil {
		return g.facts, err
	}
	root := part.Root
	if payload := root.Fields().Get("payload"); payload != nil {
		root.Object("payload", "payloadType", "signatures")
		data, err := base64.StdEncoding.DecodeString(payload.String())
		if err != nil {
			payload.Errorf("not base64: expected the payload of a DSSE envelope")
			return g.facts, part.Err()
		}
		g.payload = payload.Line()
		inner, err := document.ParseJSON(s.Path, data)
		if err != nil {
			return g.facts, &Error{File: s.Path, Line: g.payload, Msg: fmt.Sprintf("in the payload: %v", err)}
		}
		part, root = inner, inner.Root
	}
	g.read(root.Fields())
	if err := part.Err(); err != nil && g.payload > 0 {
		return g.facts, &Error{File: s.Path, Line: g.payload, Msg: "in the payload: " + strings.ReplaceAll(err.Error(), "\n", "; ")}
	}
	return g.facts, part.Err()
}

// gittuf reads one file of metadata.
type gittuf struct {
	facts
	file    string
	payload int // the line of the payload, zero: the metadata stands as such
	used    rolesOf
}

// at is where a part of the metadata stands.
func (g *gittuf) at(n *document.Node) position {
	if g.payload > 0 {
		return position{g.file, g.payload}
	}
	return position{g.file, n.Line()}
}

// read reads the metadata.
func (g *gittuf) read(fields document.Object) {
	holders := fields
	version := fields.Get("schemaVersion")
	if v := version.Text(); v != "" && !strings.HasSuffix(v, "/v0.1") && !strings.HasSuffix(v, "/v0.2") {
		version.Errorf("schemaVersion %q: expected one of gittuf's 0.1 or 0.2", v)
		return
	}
	switch kind := fields.Require("type"); kind.String() {
	case "root":
		for _, role := range fields.Get("roles").Names() {
			g.role(role.Name.String(), role.Value.Fields())
		}
	case "targets":
		holders = fields.RequireFields("delegations")
		for _, rule := range holders.Get("roles").Items() {
			name := rule.Fields().Get("name").Text()
			if name == "gittuf-allow-rule" { // "the default, last rule"
				continue
			}
			g.role("rule "+name, rule.Fields())
			g.facts.find(Ignored, g.at(rule), "the rule %q: what may be pushed where is not what may be released", name)
		}
	case "":
	default:
		kind.Errorf("metadata of type %q: expected root or targets", kind.Text())
	}
	for _, e := range holders.Get("keys").Names() {
		g.key(e.Value, e.Name.String(), g.used[e.Name.Text()], nil)
	}
	for _, e := range holders.Get("principals").Names() {
		g.principal(e)
	}
}

// role reads who a role is given to.
func (g *gittuf) role(name string, fields document.Object) {
	for _, field := range []string{"keyids", "principalIDs"} {
		for _, id := range fields.Get(field).Items() {
			g.used[id.String()] = append(g.used[id.Text()], name)
		}
	}
	n := fields.Get("threshold")
	g.facts.threshold(name, n, g.at(n))
}

// principal reads a key, or a person with keys.
func (g *gittuf) principal(e document.Entry) {
	fields, roles := e.Value.Fields(), g.used[e.Name.String()]
	switch {
	case fields.Get("keyid") != nil:
		g.key(e.Value, e.Name.Text(), roles, nil)
		return
	case fields.Get("personID") == nil:
		e.Value.Errorf("the principal %q: expected a key, with keyid, or a person, with personID", e.Name.Text())
		return
	}
	var accounts []string
	for _, identity := range fields.Get("associatedIdentities").Names() {
		_, number, ok := strings.Cut(identity.Value.Text(), "+") // "LOGIN+NUMBER"
		if ok && identity.Name.Text() == "https://github.com" && numeric.MatchString(number) {
			accounts = append(accounts, github+number)
		}
	}
	for _, key := range fields.Get("keys").Names() {
		g.key(key.Value, key.Name.String(), roles, accounts)
	}
}

// key reads a key.
func (g *gittuf) key(n *document.Node, id string, roles, accounts []string) {
	k, err := readKey(n, g.file)
	k.id, k.at, k.accounts = id, g.at(n), accounts
	k.roles = slices.Compact(slices.Sorted(slices.Values(roles)))
	g.facts.keep(n, k, err)
}
