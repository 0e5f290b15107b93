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
	for i, above := range certificates {
		uris, mail := newHosts(above.PermittedURIDomains), newHosts(above.PermittedEmailAddresses)
		for _, c := range certificates[:i] {
			for _, u := range c.URIs {
				if !uris.permit(u.Hostname()) {
					return fmt.Errorf("the URI %q is not of a host that an authority above it is permitted", u)
				}
			}
			for _, e := range c.EmailAddresses {
				if !mail[folded(e)] && !mail.permit(e[strings.LastIndexByte(e, '@')+1:]) {
					return fmt.Errorf("the e-mail address %q is not of a host that an authority above it is permitted", e)
				}
			}
		}
	}
	return nil
}

// hosts are the constraints of one kind, folded. A mailbox among them permits no host.
type hosts map[string]bool

func newHosts(constraints []string) hosts {
	h := hosts{}
	for _, c := range constraints {
		h[folded(c)] = true
	}
	return h
}

// folded is a host or a mailbox with the host in lower case.
func folded(name string) string {
	at := strings.LastIndexByte(name, '@') + 1
	return name[:at] + strings.ToLower(name[at:])
}

// permit reports whether one of the constraints is the host's, or of a domain it is in. The empty one is of
// all, as none at all is.
func (h hosts) permit(host string) bool {
	host = strings.ToLower(host)
	if len(h) == 0 || h[""] || h[host] {
		return true
	}
	for i, c := range host {
		if c == '.' && h[host[i:]] {
			return true
		}
	}
	return false
}
