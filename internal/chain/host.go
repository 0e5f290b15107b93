package chain

import (
	"crypto/x509"
	"fmt"
	"slices"
	"strings"
)

// Within keeps the chains whose every name is within what the authorities above it permit as RFC 5280,
// 4.2.1.10 has it: for a URI or an e-mail address a permitted host without a leading period is that host alone.
// crypto/x509 takes it for all below it too, so that an authority for one SPIFFE trust domain could certify
// another's names. The error is of the first that is not.
func Within(chains [][]*x509.Certificate) ([][]*x509.Certificate, error) {
	var fault error
	kept := slices.DeleteFunc(slices.Clone(chains), func(certificates []*x509.Certificate) bool {
		err := within(certificates)
		if fault == nil {
			fault = err
		}
		return err != nil
	})
	if len(kept) == 0 {
		return nil, fault
	}
	return kept, nil
}

func within(certificates []*x509.Certificate) error {
	for i, c := range certificates {
		for _, above := range certificates[i+1:] {
			for _, u := range c.URIs {
				if permitted := above.PermittedURIDomains; len(permitted) > 0 && !hosts(permitted, u.Hostname()) {
					return fmt.Errorf("the URI %q is not of a host that an authority above it is permitted", u)
				}
			}
			for _, e := range c.EmailAddresses {
				if permitted := above.PermittedEmailAddresses; len(permitted) > 0 && !slices.Contains(permitted, e) && !hosts(permitted, e[strings.LastIndexByte(e, '@')+1:]) {
					return fmt.Errorf("the e-mail address %q is not of a host that an authority above it is permitted", e)
				}
			}
		}
	}
	return nil
}

// hosts reports whether one of the constraints is a host's, or of a domain it is in. The empty one is of all.
func hosts(constraints []string, host string) bool {
	host = strings.ToLower(host)
	return slices.ContainsFunc(constraints, func(c string) bool {
		c = strings.ToLower(c)
		return c == "" || c == host || c[0] == '.' && strings.HasSuffix(host, c)
	})
}
