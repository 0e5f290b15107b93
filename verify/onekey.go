package verify

import (
	"fmt"
	"slices"
	"strings"

	"github.com/surety-dev/surety/ownership"
)

// countKeys lets one public key count for one holder though an authority may have certified it for several:
// keys are counted by their fingerprint (design §4.6). Where the model knows the key, bind has decided whose
// it is; here certificates alone speak, and it is the first holder's in order of those with a proven time. One
// without never stands in for another, for that would let evidence that decides nothing take away what does.
// What lists refuse still stands in the way: a list never lets in another's signature.
func (r *run) countKeys() {
	holder := func(s *signature) string { return strings.Join(s.holders, " ") }
	first := map[ownership.Fingerprint]string{}
	decided := map[ownership.Fingerprint]bool{}
	each := func(do func(ownership.Fingerprint, *signature)) {
		for _, i := range r.items {
			for _, s := range slices.Concat(i.signatures, i.granting, i.barred) {
				if key := s.proof.key(); key != (ownership.Fingerprint{}) {
					do(key, s)
				}
			}
		}
	}
	each(func(key ownership.Fingerprint, s *signature) {
		who, ok := first[key]
		if !ok || !s.undecided && !decided[key] || s.undecided != decided[key] && holder(s) < who {
			first[key], decided[key] = holder(s), !s.undecided
		}
	})
	for _, i := range r.items {
		another := func(s *signature) bool {
			key := s.proof.key()
			if key == (ownership.Fingerprint{}) || holder(s) == first[key] {
				return false
			}
			p := i.fail(CredentialAmbiguous, fmt.Sprintf("the key that signed is also that of %s: one key counts for one holder, and not for %s with credential %s",
				first[key], holder(s), s.signer.Credential), depends{})
			p.credential, p.position, p.waives = s.signer.Credential, r.model.Position("credentials", s.signer.Credential), i.exception
			return true
		}
		i.signatures, i.granting = slices.DeleteFunc(i.signatures, another), slices.DeleteFunc(i.granting, another)
	}
}

// key is the fingerprint of the public key that verified the signature; zero if it is not known.
func (p *Proof) key() ownership.Fingerprint {
	if p.Certificate {
		return p.PublicKey
	}
	return p.Identity.Key
}
