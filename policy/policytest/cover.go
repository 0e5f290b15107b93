package policytest

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/surety-dev/surety/policy"
	"github.com/surety-dev/surety/verify"
)

// Coverage is what of the policies the cases have shown.
type Coverage struct {
	// Rules are those of all policies, by policy and in the order of the document.
	Rules []RuleCoverage `json:"rules"`
	// Seen are the codes with which a release was refused, in the order of the verdict.
	Seen []verify.Code `json:"seen"`
	// Unseen are those with which the policies can refuse, and no release was. Of the codes there are these are
	// looked for: evidence-missing, signer-unknown, signer-not-granted and subject-mismatch; rule-failed;
	// approvals-insufficient where a rule asks for approvals; revocation-stale where a policy demands fresh
	// status data; policy-not-in-force where one ends.
	Unseen []verify.Code `json:"unseen"`
}

// RuleCoverage is how often a rule was seen to pass and to fail.
type RuleCoverage struct {
	// Policy is the policy's name.
	Policy string `json:"policy"`
	// ID is the rule's.
	ID string `json:"id"`
	// Passed is how many verdicts it passed in.
	Passed int `json:"passed"`
	// Failed is how many verdicts it failed in, by what it asks: not because its evidence was absent.
	Failed int `json:"failed"`
}

// Tested reports whether the rule was seen to fail: a rule that never does may as well not be there.
func (r RuleCoverage) Tested() bool { return r.Failed > 0 }

// Cover says what of the policies some cases have shown. A policy is known by its name, whatever its version and
// the edits of a case.
func Cover(results []Result) Coverage {
	c := Coverage{Rules: []RuleCoverage{}, Seen: []verify.Code{}, Unseen: []verify.Code{}}
	seen, reach := map[verify.Code]bool{}, map[verify.Code]bool{}
	for _, r := range results {
		for _, t := range r.Trials {
			for _, p := range t.policies {
				c.declare(p)
				reachOf(p, reach)
			}
			if t.Err == nil {
				c.count(t.Verdict)
			}
			for _, code := range t.Got.Codes {
				seen[code] = true
			}
		}
	}
	slices.SortStableFunc(c.Rules, func(a, b RuleCoverage) int { return cmp.Compare(a.Policy, b.Policy) })
	for _, code := range verify.Codes() {
		if seen[code] {
			c.Seen = append(c.Seen, code)
		} else if reach[code] {
			c.Unseen = append(c.Unseen, code)
		}
	}
	return c
}

// declare takes in the rules of a policy.
func (c *Coverage) declare(p *policy.Policy) {
	for _, r := range p.Rules() {
		c.rule(p.Name(), r.ID)
	}
}

func (c *Coverage) rule(policy, id string) *RuleCoverage {
	i := slices.IndexFunc(c.Rules, func(r RuleCoverage) bool { return r.Policy == policy && r.ID == id })
	if i < 0 {
		i = len(c.Rules)
		c.Rules = append(c.Rules, RuleCoverage{Policy: policy, ID: id})
	}
	return &c.Rules[i]
}

// count takes in what a verdict says of rules. A rule whose evidence was absent fails without a finding.
func (c *Coverage) count(v verify.Verdict) {
	for _, r := range v.Rules {
		switch rule := c.rule(r.Policy, r.ID); {
		case r.Outcome == policy.Passed:
			rule.Passed++
		case r.Outcome == policy.Failed && slices.ContainsFunc(v.Findings, func(f verify.Finding) bool { return f.Position == r.Position }):
			rule.Failed++
		}
	}
}

// reachOf takes in the codes with which a policy can refuse.
func reachOf(p *policy.Policy, reach map[verify.Code]bool) {
	for _, code := range []verify.Code{verify.EvidenceMissing, verify.SignerUnknown, verify.SignerNotGranted, verify.SubjectMismatch, verify.RuleFailed} {
		reach[code] = true
	}
	reach[verify.ApprovalsInsufficient] = reach[verify.ApprovalsInsufficient] || p.ReadsApprovals()
	reach[verify.RevocationStale] = reach[verify.RevocationStale] || p.Freshness() > 0
	reach[verify.PolicyNotInForce] = reach[verify.PolicyNotInForce] || !p.EffectiveUntil().IsZero()
}

// Text writes the coverage for people.
func (c Coverage) Text(w io.Writer) error {
	var b strings.Builder
	b.WriteString("Rules\n")
	for _, r := range c.Rules {
		failed := fmt.Sprintf("failed %d", r.Failed)
		if !r.Tested() {
			failed = "never failed: not tested"
		}
		fmt.Fprintf(&b, "  %s/%s  passed %d, %s\n", r.Policy, r.ID, r.Passed, failed)
	}
	fmt.Fprintf(&b, "Refused with\n  %s\nNever refused with\n  %s\n", listed(c.Seen), listed(c.Unseen))
	_, err := io.WriteString(w, b.String())
	return err
}
