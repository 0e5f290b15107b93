package ownership

import (
	"slices"
	"strings"

	"github.com/surety-dev/surety/internal/document"
	"github.com/surety-dev/surety/internal/pattern"
)

func (l *loader) credentials(nodes []*document.Node) {
	seen := make(map[string]*document.Node, len(nodes))
	for _, n := range nodes {
		o := n.Object("id", "holder", "owner", "revokers", "custody", "keptBy", "rotateEvery", "sources", "key", "identity", "states")
		id, ok := l.unique(o, "credential", seen)
		if !ok {
			continue
		}
		c := &credential{Credential: Credential{
			ID: id, Holders: l.holders(o.Require("holder")),
			Owner: l.ref(o.Get("owner"), team), Revokers: l.sortedRefs(o.Get("revokers"), team),
			Custody:     o.Get("custody").OneOf("hsm", "kms", "token", "file", "ephemeral"),
			KeptBy:      l.ref(o.Get("keptBy"), team),
			RotateEvery: o.Get("rotateEvery").Duration(), Sources: o.Get("sources").Strings(),
		}, at: n.Place()}
		for _, holder := range c.Holders {
			c.held = append(c.held, held{l.model.people[holder], l.model.vendors[holder]})
		}
		c.States, c.statesAt = l.states(o.Require("states"))
		l.model.credentials[id] = c
		key, identity := o.Get("key"), o.Get("identity")
		switch {
		case key != nil && identity != nil:
			identity.Errorf("an identity beside a key: expected one of key and identity")
		case key != nil:
			l.key(c, key)
		case identity != nil:
			l.identity(c, identity)
		case !o.Misspelt("key", "identity"):
			n.Errorf("neither key nor identity: expected one of them")
		}
	}
}

// holders reads a principal, or a list of them.
func (l *loader) holders(n *document.Node) []string {
	if n.IsList() {
		return l.sortedRefs(n, person, workload, vendor)
	}
	if id := l.ref(n, person, workload, vendor); id != "" {
		return []string{id}
	}
	return nil
}

// key reads the public key of a credential. No two credentials may have the same.
func (l *loader) key(c *credential, n *document.Node) {
	o := n.Object("file", "digest", "pem", "scheme")
	at, file := o.Get("pem"), o.Get("file")
	var data []byte
	var where string
	switch {
	case at != nil && file != nil:
		at.Errorf("pem beside file: expected one of them")
		return
	case at != nil:
		data = []byte(at.String())
		o.Get("digest").Errorf("a digest beside pem: expected it only beside file, for the document holds the key itself")
	case file != nil:
		at = file
		where, data, _ = l.file(file, o.Get("digest"))
		where += ": "
	case !o.Misspelt("file", "pem"):
		o.Node().Errorf("neither file nor pem: expected one of them")
	}
	scheme := o.Get("scheme").OneOf(SchemePKCS1v15, SchemeP1363)
	if len(data) == 0 {
		return
	}
	public, err := parseKey(data)
	if err != nil {
		at.Errorf("%s%v", where, err)
		return
	}
	if kind, ok := allowsScheme(public, scheme); !ok {
		o.Get("scheme").Errorf("%s with a key that is not %s: expected no scheme", scheme, kind)
		return
	}
	fingerprint, err := FingerprintOf(public)
	if err != nil {
		at.Errorf("%s%v", where, err)
		return
	}
	if other := l.model.keys[fingerprint]; other != nil {
		at.Errorf("%sthe key of credential %q: expected each key once, so that one key counts once", where, other.ID)
		return
	}
	c.key = &Key{c.ID, public, fingerprint, scheme}
	l.model.keys[fingerprint] = c
	l.model.sshKeys[sshSum(public)] = c
}

// identity reads the identities a credential covers.
func (l *loader) identity(c *credential, n *document.Node) {
	o := n.Object("issuer", "subject", "claims", "authority", "uri", "dns", "email")
	if o.Node() == nil {
		return
	}
	i := &identity{}
	var subject *document.Node
	switch issuer, authority := o.Get("issuer"), o.Get("authority"); {
	case issuer != nil && authority != nil:
		authority.Errorf("an authority beside an issuer: expected one of them")
		return
	case authority != nil:
		if i.authority = l.authority(authority); i.authority == "" {
			return
		}
		if subject, i.nameType = l.altName(o); subject == nil {
			return
		}
	default:
		i.issuer = o.Require("issuer").String()
		if strings.Contains(i.issuer, "*") {
			issuer.Errorf("%q in an issuer: expected the exact issuer, without wildcards", "*")
		}
		subject = o.Require("subject")
		for _, name := range altNames {
			o.Get(name).Errorf("%s without authority: expected it only in an X.509 identity", name)
		}
		i.claims = l.claims(o.Get("claims"))
	}
	var ok bool
	if i.subject, ok = l.pattern(subject); !ok {
		return
	}
	l.constrain(c, i, subject)
	c.identity = i
	l.model.identities.add(c)
}

// altNames are the subject alternative names an X.509 identity may be given by.
var altNames = []string{"uri", "dns", "email"}

// altName reads the one name of an X.509 identity.
func (l *loader) altName(o document.Object) (name *document.Node, nameType string) {
	for _, other := range []string{"subject", "claims"} {
		o.Get(other).Errorf("%s beside authority: expected one of uri, dns and email", other)
	}
	for _, t := range altNames {
		switch n := o.Get(t); {
		case n != nil && name != nil:
			n.Errorf("%s beside %s: expected one of uri, dns and email", t, nameType)
		case n != nil:
			name, nameType = n, t
		}
	}
	if name == nil {
		o.Node().Errorf("an authority without a name: expected one of uri, dns and email")
	}
	return name, nameType
}

// authority reads a reference to a certificate authority of the document, or to a Sigstore root for what it
// certifies without an OIDC issuer.
func (l *loader) authority(n *document.Node) string {
	id := n.String()
	trust := l.model.trust
	if id != "" && !slices.ContainsFunc(slices.Concat(trust.CertificateAuthorities, trust.Sigstore), func(a Authority) bool { return a.ID == id }) {
		n.Errorf("no certificate authority %q: expected the id of one of trust.certificateAuthorities or trust.sigstore", id)
		return ""
	}
	return id
}

// constrain refuses subjects that name too many: "a wildcard in the subject of a
// person's credential", and an X.509 name that is all wildcards.
func (l *loader) constrain(c *credential, i *identity, at *document.Node) {
	if i.subject.Literal() {
		return
	}
	for _, holder := range c.Holders {
		if l.names[holder].kind == person {
			at.Errorf("a wildcard in the subject of %s's credential: expected the one subject of a person", holder)
			return
		}
	}
	if i.authority != "" && strings.Trim(i.subject.String(), "*/") == "" {
		at.Errorf("a name of wildcards only: expected some text in it, for any name of the authority would match")
	}
}

func (l *loader) claims(n *document.Node) []claim {
	if n == nil || n.Object(claimNames...).Node() == nil {
		return nil
	}
	var claims []claim
	for _, e := range n.Entries() {
		value, ok := l.pattern(e.Value)
		if name := e.Name.String(); ok && slices.Contains(claimNames, name) {
			claims = append(claims, claim{name, value})
		}
	}
	slices.SortFunc(claims, func(a, b claim) int { return strings.Compare(a.name, b.name) })
	return claims
}

// states reads the states of a credential (design §3.1, "States"), and where each stands.
func (l *loader) states(n *document.Node) (states States, at []document.Place) {
	var before Change
	for _, item := range n.List() {
		o := item.Object("state", "from", "reason", "invalidFrom")
		c := Change{
			State: State(slices.Index(stateNames, o.Require("state").OneOf(stateNames...)) + 1), From: o.Require("from").Time(),
			Cause: o.Get("reason").OneOf(causes...), InvalidFrom: o.Get("invalidFrom").Time(),
		}
		if c.State == 0 || c.From.IsZero() {
			return nil, nil // the rest cannot be read without it
		}
		switch {
		case !c.State.follows(before.State) && before.State == 0:
			o.Get("state").Errorf("%s as the first state: expected %s", c.State, anyOf(first))
		case !c.State.follows(before.State):
			o.Get("state").Errorf("%s after %s: expected %s", c.State, before.State, anyOf(next[before.State]))
		case !c.From.After(before.From):
			o.Get("from").Errorf("%s, the state before from %s: expected a later time", stamp(c.From), stamp(before.From))
		}
		if n := o.Get("invalidFrom"); n != nil && (c.State == PreActivation || c.State == Active || c.State == Suspended) {
			n.Errorf("invalidFrom of the state %s: expected it only of states that end a credential", c.State)
		}
		before = c
		states, at = append(states, c), append(at, item.Place())
	}
	return states, at
}

func anyOf(states []State) string {
	if len(states) == 0 {
		return "no state after it"
	}
	names := make([]string, len(states))
	for i, s := range states {
		names[i] = s.String()
	}
	if len(names) == 1 {
		return names[0]
	}
	return strings.Join(names[:len(names)-1], ", ") + " or " + names[len(names)-1]
}

// fileKeys files, under each scope, the keys of all that are granted something there.
func (l *loader) fileKeys() {
	lists := map[string][]*Key{} // by principal, then by team too
	for _, c := range l.model.credentials {
		if c.key != nil {
			for _, holder := range c.Holders {
				lists[holder] = append(lists[holder], c.key)
			}
		}
	}
	for id, t := range l.model.teams {
		for _, m := range t.Members {
			lists[id] = append(lists[id], lists[m.Person]...)
		}
	}
	for id := range lists {
		lists[id] = sortKeys(lists[id])
	}
	for text, s := range l.scopes {
		p, err := pattern.Parse(text)
		if err != nil {
			panic(err) // it was parsed when the scope was made
		}
		l.model.scopes.Add(p, s)
		if len(s.grants) == 1 {
			for to := range s.grants {
				s.keys = lists[to] // shared, not copied: nobody writes to it
			}
			continue
		}
		var keys []*Key
		for to := range s.grants {
			keys = append(keys, lists[to]...)
		}
		s.keys = sortKeys(keys)
	}
}
