package lint

import (
	"fmt"
	"slices"

	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/policy"
	"github.com/surety-dev/surety/verify"
)

var noDenyRule = Check{
	Code: "no-deny-rule", Severity: verify.SeverityDeny, Control: ownership.ReleasePolicy,
	Meaning:      "A policy has no rule of severity deny that can apply: it never allows.",
	Requirements: []string{"R41"}, Frameworks: []string{"nist-csf-2.0:ID.RA-09"},
	Remedy: "make the rules that must hold deny rules",
	find: func(d *documents, report func(issue)) {
		for _, p := range d.policies {
			never := map[string]bool{}
			for _, m := range d.remarks[p] {
				never[m.Rule] = never[m.Rule] || m.Shape == policy.NeverApplies
			}
			if !slices.ContainsFunc(p.Rules(), func(r policy.Rule) bool { return r.Severity == policy.Deny && !never[r.ID] }) {
				report(issue{position: p.Position(), subject: "policy " + p.Name(), scopes: p.Artifacts(), message: fmt.Sprintf("policy %s version %d has no deny rule that can apply: it never allows", p.Name(), p.Version())})
			}
		}
	},
}
