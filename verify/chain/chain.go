// Package chain has verify hold in-toto layouts against the links of their steps, as package attest/layout
// does it. It stands between the two, so that a program that imports verify does not compile in-toto's
// library. Everything that package attest/layout says of trust, and of what is not checked, holds here.
package chain

import (
	"slices"
	"strings"
	"time"

	"github.com/surety-dev/surety/attest"
	"github.com/surety-dev/surety/attest/layout"
	"github.com/surety-dev/surety/verify"
)

// Chains is a [verify.Chains]. Its zero value is ready for use.
type Chains struct{}

// Verify implements [verify.Chains] by [layout.Verify].
func (Chains) Verify(root verify.ChainItem, evidence []verify.ChainItem, artifact attest.Artifact, at time.Time) []verify.LayoutOutcome {
	all := make([]layout.Signed, len(evidence))
	for i, e := range evidence {
		all[i] = signed(e)
	}
	return outcomes(layout.Verify(signed(root), all, artifact, at), "", nil)
}

func signed(c verify.ChainItem) layout.Signed {
	s := layout.Signed{Evidence: c.Evidence, Statement: c.Statement}
	for _, by := range c.Signers {
		s.Signers = append(s.Signers, layout.Signer{Key: by.Key, Holder: by.Holder, Person: by.Person, Reason: by.Reason})
	}
	return s
}

// outcomes are a result as verdicts have it: its own outcome, and after it those of the layouts that might
// stand in for links of its steps.
func outcomes(r layout.Result, within string, steps []string) []verify.LayoutOutcome {
	out := verify.LayoutOutcome{
		Evidence: r.Evidence, Within: within, StandsFor: strings.Join(steps, "/"),
		Passed: r.Passed, Reasons: r.Reasons, Expires: verify.Time{Time: r.Expires}, Product: r.Product, Inspections: r.Inspections,
	}
	if within == "" {
		within = r.Evidence
	}
	var inner []verify.LayoutOutcome
	for _, s := range r.Steps {
		step := verify.StepOutcome{
			Name: s.Name, Threshold: s.Threshold, Passed: s.Passed, Reasons: s.Reasons,
			Holders: s.Holders, People: s.People, Alike: s.Alike,
		}
		for _, l := range s.Links {
			step.Links = append(step.Links, verify.LinkOutcome{Evidence: l.Evidence, Holders: l.Holders, Used: l.Used, Reasons: l.Reasons})
		}
		for _, rule := range s.Rules {
			step.Rules = append(step.Rules, verify.ArtifactRule{Of: rule.Of, Text: rule.Text, Held: rule.Held, Path: rule.Path})
		}
		for _, l := range s.Layouts {
			inner = append(inner, outcomes(l, within, append(slices.Clip(steps), s.Name))...)
		}
		out.Steps = append(out.Steps, step)
	}
	return append([]verify.LayoutOutcome{out}, inner...)
}
