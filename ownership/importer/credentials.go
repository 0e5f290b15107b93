package importer

import (
	"bytes"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"maps"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/surety-dev/surety/ownership"
)

// keyed is what the sources say of one key, or of one identity.
type keyed struct {
	*keyFact
	id       string // of the credential: from the key itself
	name     string // for Options.Holders
	key      ownership.Key
	all      []*keyFact
	existing string // the credential of the document
}

// joinCredentials brings in keys, of those only whose holder the caller names.
func (m *merge) joinCredentials() {
	keys := map[string]*keyed{}
	identities := m.identities()
	for _, f := range m.all {
		for i := range f.keys {
			k := m.keyed(&f.keys[i], identities)
			if keys[k.id] == nil {
				keys[k.id] = k
			}
			keys[k.id].all = append(keys[k.id].all, &f.keys[i])
		}
	}
	used := map[string]bool{}
	for _, id := range slices.Sorted(maps.Keys(keys)) {
		m.credential(keys[id], used)
	}
	for _, h := range m.o.Holders {
		if !used[h.Key] {
			m.find(Unresolved, position{}, "the holder %q of %s: no source has this key", h.Principal, h.Key)
		}
	}
}

// identities gives the credentials of the document by the one identity they have: issuer and subject.
func (m *merge) identities() map[[2]string]string {
	ids := map[[2]string]string{}
	for c := range m.model.Credentials() {
		if p, ok := m.model.IdentityOf(c.ID); ok {
			ids[[2]string{p.Issuer, p.Subject}] = c.ID
		}
	}
	return ids
}

// keyed identifies a key by itself.
func (m *merge) keyed(f *keyFact, identities map[[2]string]string) *keyed {
	if f.public == nil {
		sum := sha256.Sum256([]byte(f.issuer + "\n" + f.subject))
		return &keyed{
			keyFact: f, id: "identity:" + hex.EncodeToString(sum[:16]), name: f.subject + "::" + f.issuer, existing: identities[[2]string{f.issuer, f.subject}],
		}
	}
	fingerprint, err := ownership.FingerprintOf(f.public)
	if err != nil {
		panic(err) // it was read as a key that can be encoded
	}
	k := &keyed{keyFact: f, id: "key:" + fingerprint.String()[:32], name: fingerprint.String(), key: ownership.Key{Public: f.public, Fingerprint: fingerprint}}
	if have, ok := m.model.KeyNamed(fingerprint.String()); ok {
		k.existing = have.Credential
	}
	return k
}

// holder gives who holds a key as the caller says.
func (m *merge) holder(k *keyed, used map[string]bool) (string, bool) {
	var holders []string
	for _, h := range m.o.Holders {
		if h.Key == k.name || k.public != nil && k.key.Named(h.Key) {
			used[h.Key] = true
			holders = append(holders, h.Principal)
		}
	}
	slices.Sort(holders)
	holders = slices.Compact(holders)
	switch {
	case len(holders) == 0:
		for _, f := range k.all {
			said := ""
			if people := m.having(f.accounts); len(people) == 1 {
				said = ", whom the source takes for " + people[0]
			}
			m.find(Unresolved, f.at, "the key %q, for %q: nobody says whose %s is%s", f.id, f.roles, k.name, said)
		}
		return "", false
	case len(holders) > 1:
		m.find(Conflict, k.at, "the key %s is given to %q and to %q", k.name, holders[0], holders[1])
		return "", false
	}
	if kind := m.kinds[holders[0]]; kind != kindPerson && kind != kindPrincipal {
		m.find(Unresolved, k.at, "the key %s is given to %q: nobody in the document is called that", k.name, holders[0])
		return "", false
	}
	for _, f := range k.all {
		for _, id := range m.having(f.accounts) {
			if id != holders[0] {
				m.findAt(Conflict, f.at, m.places[id], "the key %s is given to %q, and has an account of %q", k.name, holders[0], id)
				return "", false
			}
		}
	}
	return holders[0], true
}

// credential brings in one key.
func (m *merge) credential(k *keyed, used map[string]bool) {
	holder, ok := m.holder(k, used)
	if !ok {
		return
	}
	var at []position
	for _, f := range k.all {
		at = append(at, f.at)
	}
	if k.existing != "" {
		node := m.item("credentials", k.existing)
		if c, _ := m.model.Credential(k.existing); !slices.Equal(c.Holders, []string{holder}) {
			m.findAt(Conflict, k.at, m.here(node), "the key %s is %q's, in the document %s's", k.name, holder, strings.Join(c.Holders, ", "))
			return
		}
		m.agree(node, at)
		return
	}
	if node := m.item("credentials", k.id); node != nil {
		m.findAt(Conflict, k.at, m.here(node), "the credential %q has another key in the document", k.id)
		return
	}
	if h := m.people[holder]; h != nil && m.gone(holder, ref{said: k.keyFact.id, at: k.at}) {
		return
	}
	node := mapping(0, "id", scalar(k.id), "holder", scalar(holder), "key", k.keyNode(), "identity", k.identityNode(),
		"states", &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq", Style: yaml.FlowStyle, Content: []*yaml.Node{
			mapping(yaml.FlowStyle, "state", scalar("active"), "from", moment(m.since(k.at))),
		}})
	if err := loads(node, holder); err != nil {
		m.find(Ignored, k.at, "the key %q: %v", k.keyFact.id, err)
		return
	}
	m.add("credentials", node)
	m.source(node, node, true, at...)
	delete(m.touched, node)
}

// keyNode is the key as documents write it, nil of an identity.
func (k *keyed) keyNode() *yaml.Node {
	if k.public == nil {
		return nil
	}
	der, err := x509.MarshalPKIXPublicKey(k.public)
	if err != nil {
		panic(err) // it has a fingerprint
	}
	text := plain(string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})), "!!str")
	text.Style = yaml.LiteralStyle
	return mapping(0, "pem", text, "scheme", scalar(k.scheme))
}

// identityNode is the identity as documents write it, nil of a key.
func (k *keyed) identityNode() *yaml.Node {
	if k.public != nil {
		return nil
	}
	return mapping(0, "issuer", scalar(k.issuer), "subject", scalar(k.subject))
}

// loads reports why a credential would not load, such as a key nobody should trust.
func loads(credential *yaml.Node, holder string) error {
	person := mapping(0, "id", scalar(holder), "from", plain("2000-01-01T00:00:00Z", "!!timestamp"))
	list := func(n *yaml.Node) *yaml.Node {
		return &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq", Content: []*yaml.Node{n}}
	}
	data, err := encode(mapping(0, "people", list(person), "credentials", list(credential)))
	if err != nil {
		return err
	}
	head := []byte("apiVersion: surety.dev/v1alpha1\nkind: Ownership\nmetadata: {name: key, version: 1, effectiveFrom: 2000-01-01T00:00:00Z}\n")
	_, err = ownership.Load(overlay{nil, "key.yaml", bytes.Join([][]byte{head, data}, nil)}, "key.yaml")
	if e, ok := errors.AsType[*Error](err); ok {
		return errors.New(e.Msg)
	}
	return err
}
