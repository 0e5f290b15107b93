package importer

import (
	"slices"

	"github.com/surety-dev/surety/internal/document"
)

// Root metadata of TUF (specification, section 4.3): keys, and the roles they sign for. Signatures are not checked.

// readTUF reads a root.json.
func readTUF(s Source, _ *Options) (facts, error) {
	var f facts
	part, err := document.ParseJSON(s.Path, s.Data)
	if err != nil {
		return f, err
	}
	o := part.Root.Object("signed", "signatures")
	signed := o.RequireFields("signed")
	if kind := signed.Require("_type"); kind.String() != "root" {
		kind.Errorf("metadata of type %q: expected root", kind.Text())
	}
	used := rolesOf{}
	for _, role := range signed.Require("roles").Names() {
		name := role.Name.String()
		fields := role.Value.Fields()
		for _, id := range fields.Get("keyids").Items() {
			used[id.String()] = append(used[id.Text()], name)
		}
		f.threshold(name, fields.Get("threshold"), position{s.Path, fields.Get("threshold").Line()})
	}
	if n := signed.Get("expires"); n.Text() != "" {
		f.find(Ignored, position{s.Path, n.Line()}, "the metadata ends at %q: credentials end by their states", n.Text())
	}
	for _, e := range signed.Require("keys").Names() {
		k, err := readKey(e.Value, s.Path)
		k.id, k.roles = e.Name.String(), used[e.Name.Text()]
		slices.Sort(k.roles)
		f.keep(e.Value, k, err)
	}
	return f, part.Err()
}
