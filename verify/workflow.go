package verify

import (
	"fmt"

	"github.com/surety-dev/surety/ownership"
)

// This file is in which workflow a certificate was used (requirement R42).

// workflowClaims are what a certificate says of the workflow that signed. A key says nothing of one, and of
// certificates only those of an OIDC issuer do: an authority of the model's own certifies a name.
func workflowClaims(p Proof) map[string]string {
	if !p.Certificate || p.Identity.Key != (ownership.Fingerprint{}) || p.Identity.Issuer == "" {
		return nil
	}
	return p.Identity.Claims
}

// unapproved says what of a signature is not as the grant's workflow has it.
func unapproved(view ownership.View, holders []string, use ownership.Use, d ownership.Duty) string {
	for _, holder := range holders {
		miss, ok := view.Unapproved(holder, use, d)
		switch {
		case !ok: // another holder's grant has the workflow
		case use.Claims == nil:
			return fmt.Sprintf("what signed names no workflow, expected a certificate with %s %s", miss.Claim, miss.Want)
		case miss.Seen == "":
			return fmt.Sprintf("the certificate has no %s, expected %s", miss.Claim, miss.Want)
		default:
			return fmt.Sprintf("%s is %q, expected %s", miss.Claim, miss.Seen, miss.Want)
		}
	}
	return "it is another"
}
