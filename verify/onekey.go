package verify

import (
	"fmt"
	"slices"
	"strings"

	"github.com/surety-dev/surety/ownership"
)

// countKeys lets one public key count for one holder, the first in order, though an authority may
// have certified it for several: keys are counted by their fingerprint (design §4.6).
func (r *run) countKeys() {
	holder := func(s *signature) string { return strings.Join(s.holders, " ") }
	first := map[ownership.Fingerprint]string{}
	each := func(do func(ownership.Fingerprint, *signature)) {
		for _, i := range r.items {
			for _, s := range i.signatures {
				if key := s.proof.key(); key != (ownership.Fingerprint{}) {
					do(key, s)
				}
			}
		}
	}
	each(func(key ownership.Fingerprint, s *signature) {
		if who, ok := first[key]; !ok || holder(s) < who {
			first[key] = holder(s)
		}
	})
	for _, i := range r.items {
		i.signatures = slices.DeleteFunc(i.signatures, func(s *signature) bool {
			key := s.proof.key()
			if key == (ownership.Fingerprint{}) || holder(s) == first[key] {
				return false
			}
			p := i.fail(CredentialAmbiguous, fmt.Sprintf("the key that signed is also that of %s: one key counts for one holder, and not for %s with credential %s",
				first[key], holder(s), s.signer.Credential), depends{})
			p.credential, p.position = s.signer.Credential, r.model.Position("credentials", s.signer.Credential)
			return true
		})
	}
}

// key is the fingerprint of the public key that verified the signature; zero if it is not known.
func (p *Proof) key() ownership.Fingerprint {
	if p.Certificate {
		return p.PublicKey
	}
	return p.Identity.Key
}
