package attest

import (
	"slices"
	"strings"
	"time"
)

// Layout says which steps a supply chain has, who may do each, and what each may take in and give out.
// UNVERIFIED, like the statement it is read from; read-only. Package attest/layout holds links against
// it. Source: in-toto specification v1.0, section 4.3.
type Layout struct {
	// Expires is when it ends, in UTC.
	Expires time.Time
	// Readme says what it is for; "" if it does not.
	Readme string
	// Keys are the public keys of functionaries, by id.
	Keys []LayoutKey
	// Steps are the steps in order.
	Steps []LayoutStep
	// Inspections are what in-toto's own verification runs. Nothing here runs them.
	Inspections []LayoutInspection
}

// LayoutKey is a functionary's public key.
type LayoutKey struct {
	// ID is what steps call it.
	ID string
	// Type is "ed25519", "ecdsa", "rsa" or another.
	Type string
	// Scheme is how it signs: "ed25519", "ecdsa-sha2-nistp256", "rsassa-pss-sha256" or another.
	Scheme string
	// Public is the key: hexadecimal for ed25519, else PEM.
	Public string
}

// LayoutStep is one step of a layout.
type LayoutStep struct {
	// Name is what links call it; never empty.
	Name string
	// Threshold is how many functionaries must have done it alike, as written: it may be nonsense.
	Threshold int
	// Keys are the ids of the keys whose holders may do it.
	Keys []string
	// Constrained says that certificates may do it too, which nothing here reads.
	Constrained bool
	// Command is what they are expected to run; nil if nothing.
	Command []string
	// Materials are the rules for what goes in, in order, each a list of words.
	Materials [][]string
	// Products are the rules for what comes out, in order, each a list of words.
	Products [][]string
}

// LayoutInspection is one inspection of a layout.
type LayoutInspection struct {
	// Name is its name; never empty.
	Name string
	// Run is the command in-toto's own verification would run.
	Run []string
	// Materials are the rules for what it finds before, in order, each a list of words.
	Materials [][]string
	// Products are the rules for what it finds afterwards, in order, each a list of words.
	Products [][]string
}

// Layout gives the layout that the statement is; nil if it is none.
func (st *Statement) Layout() *Layout { return st.layout }

// maxRuleWords is the most words a rule may have and be read: those of the longest rule there is are ten.
const maxRuleWords = 16

var (
	layoutNames     = names{"_type", "steps", "inspect", "keys", "rootcas", "intermediatecas", "expires", "readme"}
	stepNames       = names{"_type", "name", "threshold", "pubkeys", "cert_constraints", "expected_command", "expected_materials", "expected_products"}
	inspectionNames = names{"_type", "name", "run", "expected_materials", "expected_products"}
	layoutKeyNames  = names{"keyid", "keyid_hash_algorithms", "keytype", "keyval", "scheme"}
	keyValueNames   = names{"private", "public", "certificate"}
)

// layout reads a layout.
func (r *reader) layout() *Layout {
	l := &Layout{}
	for name := range r.object(layoutNames) {
		if r.null() { // in-toto-golang writes none so
			continue
		}
		switch name {
		case "expires":
			l.Expires = r.expires()
		case "readme":
			l.Readme = r.text()
		case "keys":
			for id := range r.keyed("layout-keys", MaxLayoutKeys) {
				l.Keys = append(l.Keys, r.layoutKey(id))
			}
		case "steps":
			for range r.array("layout-steps", MaxLayoutSteps) {
				l.Steps = append(l.Steps, r.step())
			}
		case "inspect":
			for range r.array("layout-steps", MaxLayoutSteps) {
				l.Inspections = append(l.Inspections, r.inspection())
			}
		default:
			r.skip()
		}
	}
	slices.SortFunc(l.Keys, func(x, y LayoutKey) int { return strings.Compare(x.ID, y.ID) })
	if l.Expires.IsZero() {
		r.fail("has no expires; expected when the layout ends")
	}
	return l
}

// expires reads the one form of time a layout has (section 4.3: ISO 8601, UTC, "Z").
func (r *reader) expires() time.Time {
	const form = "2006-01-02T15:04:05Z"
	text := r.text()
	t, err := time.Parse(form, text)
	if err != nil || t.Format(form) != text {
		r.fail("is %s; expected a time such as 2027-01-31T00:00:00Z", quote(text))
	}
	return t
}

func (r *reader) layoutKey(id string) LayoutKey {
	k := LayoutKey{}
	for name := range r.object(layoutKeyNames) {
		switch name {
		case "keyid":
			if k.ID = r.needed(); k.ID != id {
				r.fail("is %s; expected %s, as the key is called", quote(k.ID), quote(id))
			}
		case "keytype":
			k.Type = r.needed()
		case "scheme":
			k.Scheme = r.needed()
		case "keyval":
			for name := range r.object(keyValueNames) {
				switch name {
				case "public":
					k.Public = r.text()
				case "private":
					if r.text() != "" {
						r.fail("is a private key, which everybody knows now")
					}
				default:
					r.skip()
				}
			}
		default:
			r.skip()
		}
	}
	if k.ID == "" || k.Type == "" || k.Scheme == "" {
		r.fail("lacks keyid, keytype or scheme; expected all three")
	}
	return k
}

func (r *reader) step() LayoutStep {
	s := LayoutStep{}
	for name := range r.object(stepNames) {
		if r.null() {
			continue
		}
		switch name {
		case "_type":
			r.typed("step")
		case "name":
			s.Name = r.needed()
		case "threshold":
			s.Threshold = r.integer()
		case "pubkeys":
			for range r.array("layout-keys", MaxLayoutKeys) {
				s.Keys = append(s.Keys, r.needed())
			}
		case "cert_constraints":
			for range r.array("layout-keys", MaxLayoutKeys) {
				r.skip()
				s.Constrained = true
			}
		case "expected_command":
			s.Command = r.words()
		case "expected_materials":
			s.Materials = r.rules()
		case "expected_products":
			s.Products = r.rules()
		}
	}
	if s.Name == "" {
		r.fail("has no name; expected that of a step")
	}
	return s
}

func (r *reader) inspection() LayoutInspection {
	i := LayoutInspection{}
	for name := range r.object(inspectionNames) {
		if r.null() {
			continue
		}
		switch name {
		case "_type":
			r.typed("inspection")
		case "name":
			i.Name = r.needed()
		case "run":
			i.Run = r.words()
		case "expected_materials":
			i.Materials = r.rules()
		case "expected_products":
			i.Products = r.rules()
		}
	}
	if i.Name == "" {
		r.fail("has no name; expected that of an inspection")
	}
	return i
}

// typed reads a "_type" that can only be one.
func (r *reader) typed(want string) {
	if got := r.text(); got != want {
		r.fail("is %s; expected %q", quote(got), want)
	}
}

// rules reads artifact rules.
func (r *reader) rules() [][]string {
	var list [][]string
	for range r.array("layout-rules", MaxLayoutRules) {
		var rule []string
		for range r.array("layout-rules", maxRuleWords) {
			rule = append(rule, r.text())
		}
		list = append(list, rule)
	}
	return list
}
