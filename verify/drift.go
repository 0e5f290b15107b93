package verify

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/surety-dev/surety/attest"
)

// This file is what has changed since the last accepted release (requirement R62): who signed what, by which
// issuer, workflow and builder. It only warns. The accepted verdict is what the caller kept of it: no decision
// rests on it, and what is not in it is reported as new.

// accepted checks the accepted verdict of the request.
func (r *run) accepted() error {
	a := r.request.Accepted
	if a == nil {
		return nil
	}
	refuse := func(format string, args ...any) error {
		return &RequestError{Field: "accepted", Msg: fmt.Sprintf(format, args...)}
	}
	switch {
	case a.APIVersion != APIVersion || a.Kind != Kind:
		return refuse("it is no verdict, expected one that ParseVerdict or Verify gave")
	case !a.Admits():
		return refuse("its decision is %s, expected that of a release that was admitted", a.Decision)
	case line(a.Artifact.Name) != line(r.request.Artifact.Name()):
		return refuse("it is about %.512q, expected a release of %s", a.Artifact.Name, line(r.request.Artifact.Name()))
	}
	data, err := a.JSON()
	if err != nil {
		return refuse("%v", err)
	}
	sum := sha256.Sum256(data)
	r.acceptedDigest = "sha256:" + hex.EncodeToString(sum[:])
	return nil
}

// line is an artifact's name without its version: what all its releases have in common.
func line(name string) string {
	scope := attest.Scope(name)
	if at := strings.LastIndexByte(scope, '@'); at > strings.LastIndexByte(scope, '/')+1 {
		return scope[:at]
	}
	return scope
}

// trait is one thing a signer can be known by.
type trait struct {
	what, value string
}

// role is what a signer did: a duty, by signing a predicate type.
type role struct {
	duty, predicateType string
}

// drifted is a trait that is new, for what, and who has it.
type drifted struct {
	trait
	predicateType string
	duties        []string
	was           []string
	evidence      []string
	credential    string
}

// drift warns of each trait of who signed that nobody had who did the same in the accepted release.
func (r *run) drift(signers []Signer) []problem {
	if r.request.Accepted == nil {
		return nil
	}
	before := map[role][]trait{}
	for _, s := range r.request.Accepted.Signers {
		for _, did := range s.roles() {
			before[did] = append(before[did], s.traits()...)
		}
	}
	var found []*drifted
	for i := range signers {
		s := &signers[i]
		for _, did := range s.roles() {
			known, was := before[did]
			if !was {
				found = note(found, s, did, trait{what: "signer", value: s.Credential}, nil)
				continue
			}
			for _, t := range s.traits() {
				if !slices.Contains(known, t) {
					found = note(found, s, did, t, known)
				}
			}
		}
	}
	var problems []problem
	for _, d := range found {
		problems = append(problems, problem{code: IdentityDrift, severity: SeverityWarn, message: d.message(), evidence: d.evidence, credential: d.credential})
	}
	return problems
}

// note enters a new trait of a signer, once for a predicate type and credential, with the duties it is new for.
func note(found []*drifted, s *Signer, did role, t trait, known []trait) []*drifted {
	i := slices.IndexFunc(found, func(d *drifted) bool {
		return d.trait == t && d.predicateType == did.predicateType && d.credential == s.Credential
	})
	if i < 0 {
		i, found = len(found), append(found, &drifted{trait: t, predicateType: did.predicateType, credential: s.Credential})
	}
	d := found[i]
	for _, k := range known {
		if k.what == t.what {
			d.was = append(d.was, k.value)
		}
	}
	d.duties, d.evidence = append(d.duties, did.duty), append(d.evidence, s.Evidence)
	for _, list := range []*[]string{&d.duties, &d.was, &d.evidence} {
		slices.Sort(*list)
		*list = slices.Compact(*list)
	}
	return found
}

// maxWas is how many former values a finding names.
const maxWas = 5

// message says what is new, and what was.
func (d *drifted) message() string {
	who := fmt.Sprintf("%s of %s, by credential %s", strings.Join(d.duties, ", "), cmp.Or(d.predicateType, "evidence"), d.credential)
	if d.what == "signer" {
		return who + ": nobody did that in the last accepted release"
	}
	was := "there was none"
	if len(d.was) > 0 {
		quoted := make([]string, 0, maxWas)
		for _, w := range d.was[:min(maxWas, len(d.was))] {
			quoted = append(quoted, fmt.Sprintf("%.512q", w))
		}
		was = "it was " + strings.Join(quoted, " or ")
		if more := len(d.was) - maxWas; more > 0 {
			was += fmt.Sprintf(" or one of %d others", more)
		}
	}
	return fmt.Sprintf("%s: the %s is %.512q, and in the last accepted release %s", who, d.what, d.value, was)
}

// roles are what a signer did.
func (s *Signer) roles() []role {
	types := s.PredicateTypes
	if types == nil { // of a verdict that does not say
		types = []string{""}
	}
	var roles []role
	for _, t := range types {
		for _, d := range s.Duties {
			roles = append(roles, role{d, t})
		}
	}
	return roles
}

// traits are what a signer is known by. Of what stands in a repository the place and the kind of the ref count
// each on its own: the ref of each release is another.
func (s *Signer) traits() []trait {
	var traits []trait
	add := func(what, value string) {
		if value != "" {
			traits = append(traits, trait{what, value})
		}
	}
	add("key", s.Identity.Key)
	add("issuer", s.Identity.Issuer)
	add("authority", s.Identity.Authority)
	for _, of := range []trait{{"subject", s.Identity.Subject}, {"workflow", s.Workflow}, {"builder", s.Builder}} {
		place, kind := refKind(of.value)
		add(of.what, place)
		add(of.what+"'s ref", kind)
	}
	return traits
}

// aCommit is a ref that is a commit.
var aCommit = regexp.MustCompile(`^([0-9a-f]{40}|[0-9a-f]{64})$`)

// refKind divides a URI into where it is and the kind of ref after its @; what has no ref is all place.
func refKind(uri string) (place, kind string) {
	place, ref, found := strings.Cut(uri, "@")
	switch {
	case !found || !strings.Contains(place, "://"):
		return uri, ""
	case strings.Contains(ref, "@refs/"): // nobody can tell which is meant
		return uri, ""
	case strings.HasPrefix(ref, "refs/tags/"):
		return place, "a tag"
	case strings.HasPrefix(ref, "refs/heads/"):
		return place, "a branch"
	case strings.HasPrefix(ref, "refs/pull/"), strings.HasPrefix(ref, "refs/merge-requests/"):
		return place, "a pull request"
	case aCommit.MatchString(ref):
		return place, "a commit"
	}
	return uri, ""
}

// origin is what a credential signed in one payload: the types of its parts, and the builder of what of it is
// provenance.
type origin struct {
	types   []string
	builder string
}

// once is a payload a credential signed.
type once struct {
	payload    [32]byte
	credential string
}

// once is what the signature is of.
func (s *signature) once() once { return once{s.content().payload, s.signer.Credential} }

// origins gives what was signed by each of those who signed.
func origins(held []*signature) map[once]origin {
	all := map[once]origin{}
	for _, s := range held {
		o := all[s.once()]
		if t := s.predicateType(); !slices.Contains(o.types, t) {
			o.types = append(o.types, t)
			if p, err := s.part.statement.Provenance(); err == nil && p != nil {
				o.builder = cmp.Or(o.builder, p.Builder)
			}
		}
		slices.Sort(o.types)
		all[s.once()] = o
	}
	return all
}
