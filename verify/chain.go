package verify

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/surety-dev/surety/attest"
	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/policy"
)

// This file is what in-toto layouts mean for a verdict: one that those who answer for the release policy
// have approved, and that the links pass, counts as their attestation of the artifact.

// MaxRequestLayouts is how many approved layouts a request may have ("request-layouts"). Of more, the first
// by digest are judged.
const MaxRequestLayouts = 16

// Chains holds in-toto layouts against the links of their steps. It judges by its arguments alone: it
// reads no clock, file, network or environment and runs nothing. It must be safe for concurrent use.
type Chains interface {
	// Verify holds a layout that has been approved against links, and layouts that may stand in for them. It
	// gives its outcome and, after it, step by step, those of layouts that might stand in for its links.
	Verify(layout ChainItem, evidence []ChainItem, artifact attest.Artifact, at time.Time) []LayoutOutcome
}

// ChainItem is a link or a layout, with its proven signatures.
type ChainItem struct {
	// Evidence is the item's digest.
	Evidence string
	// Statement is the link or layout.
	Statement *attest.Statement
	// Signers are the proven signatures.
	Signers []ChainSigner
}

// ChainSigner is one proven signature of a link or layout by a key.
type ChainSigner struct {
	// Key is the key's fingerprint.
	Key ownership.Fingerprint
	// Holder is who holds it: a person, a workload or a vendor. "" where the signature counts for nobody.
	Holder string
	// Person says that the holder is a person.
	Person bool
	// Reason says why the signature counts for nobody; "" where it counts.
	Reason string
}

// carried is a link or layout, and the items that carry it: envelopes over the same payload are one, and
// unite their signers (design §4.6), so that nobody makes many of it by wrapping it again.
type carried struct {
	ChainItem         // named after the first of the items
	items     []*item // by digest
}

// carried gives the links and layouts among the evidence.
func (r *run) carried() []*carried {
	var all []*carried
	byContent := map[[32]byte]*carried{}
	for _, i := range r.items {
		if !i.wanted || i.Err() != nil {
			continue
		}
		if link, _ := i.Statement().StepLink(); link == nil && i.Statement().Layout() == nil {
			continue
		}
		content := i.Envelope().Digest()
		c := byContent[content]
		if c == nil {
			c = &carried{ChainItem: ChainItem{Evidence: i.Digest(), Statement: i.Statement()}}
			byContent[content] = c
			all = append(all, c)
		}
		c.items = append(c.items, i)
		c.Signers = append(c.Signers, r.chainSigners(i)...)
	}
	return all
}

// fail records why a layout does not count, on the items that prove a signature.
func (c *carried) fail(code Code, message string) {
	for _, i := range c.items {
		if len(i.opened.Proofs) > 0 {
			i.fail(code, message, depends{})
		}
	}
}

// chain judges the layouts that policies ask for.
func (r *run) chain(ctx context.Context) error {
	if r.over != nil || !r.asked(attest.LayoutType) {
		return nil
	}
	all, approvals := r.carried(), r.layoutApprovals()
	var evidence []ChainItem
	var approved, others []*carried
	for _, c := range all {
		evidence = append(evidence, c.ChainItem)
		switch {
		case c.Statement.Layout() == nil || len(c.Signers) == 0:
		case r.chains == nil:
			c.fail(SupplyChainBroken, "nothing here holds layouts against their links: expected a verifier made with Chains")
		case approvals[c.content()].Met():
			approved = append(approved, c)
		default:
			others = append(others, c)
		}
	}
	r.chained = all
	mentioned := map[string]bool{}
	for n, c := range approved {
		if err := ctx.Err(); err != nil {
			return err
		}
		if n >= MaxRequestLayouts {
			c.fail(LimitExceeded, fmt.Sprintf("the item is over the limit request-layouts: at most %d are judged", MaxRequestLayouts))
			continue
		}
		for _, outcome := range r.judgeLayout(c, evidence, approvals[c.content()].People) {
			outcome.links(mentioned, false)
		}
	}
	for _, c := range others {
		if !mentioned[c.Evidence] { // else it stood in for a link, or did not, and its chain says so
			c.fail(LayoutUnapproved, approvals[c.content()].lack())
		}
	}
	r.chainUses(all)
	return nil
}

// content tells links and layouts apart.
func (c *carried) content() [32]byte { return c.items[0].Envelope().Digest() }

// judgeLayout holds evidence against a layout that people have approved. Who signed one that passes has said
// so of the artifact.
func (r *run) judgeLayout(c *carried, evidence []ChainItem, by []string) []LayoutOutcome {
	outcomes := r.chains.Verify(c.ChainItem, evidence, r.request.Artifact, r.request.At)
	if len(outcomes) == 0 {
		outcomes = []LayoutOutcome{{Evidence: c.Evidence, Reasons: []string{"nothing is known of it"}}}
	}
	first := &outcomes[0]
	first.ApprovedBy = by
	r.layouts = append(r.layouts, outcomes...)
	if !first.Passed {
		c.fail(SupplyChainBroken, "the supply chain is not what the layout says: "+strings.Join(first.Reasons, "; "))
		return outcomes
	}
	view, asked, counts := first.view(), r.duties(attest.LayoutType), false
	for _, i := range c.items {
		i.layout, i.people = view, r.peopleOf(outcomes)
		for _, p := range i.opened.Proofs {
			r.bindProof(i, p)
		}
		counts = counts || slices.ContainsFunc(i.signatures, func(s *signature) bool {
			return slices.ContainsFunc(asked, func(d ownership.Duty) bool { return s.signer.HasDuty(d.String()) })
		})
	}
	for _, i := range c.items {
		if counts { // who else approved it needs no duty
			i.problems = slices.DeleteFunc(i.problems, func(p problem) bool { return p.code == SignerNotGranted })
		}
	}
	return outcomes
}

// chainSigners says who signed a link or a layout as one of a functionary's. Why others do not count is told
// of as of any evidence; of a layout its approval says it.
func (r *run) chainSigners(i *item) []ChainSigner {
	var all []ChainSigner
	for _, p := range i.opened.Proofs {
		s := ChainSigner{Key: p.Identity.Key}
		m := r.when(p)
		binding, refusal := r.whose(p, m)
		use := r.signing(i.Statement().PredicateType, m)
		duties, lacking := r.permission(binding, m, use)
		var f *problem
		fail := func(code Code, message string) {
			f = &problem{code: code, message: message, credential: binding.Credential}
		}
		switch {
		case m.trusted && m.t.After(r.request.At):
			fail(SignedAfterEvaluation, fmt.Sprintf("signed at %s, after the time of evaluation", stamp(m.t)))
		case refusal != nil:
			fail(Code(refusal.Reason), refusal.Message+m.note(Code(refusal.Reason)))
			f.credential, f.position = refusal.Credential, refusal.Position
		case len(binding.Holders) != 1:
			fail(CredentialShared, fmt.Sprintf("credential %s has several holders, so nobody in particular signed", binding.Credential))
		case m.undecided:
			fail(NoTrustedTime, fmt.Sprintf("nothing proves when the certificate of credential %s signed: it was valid from %s", binding.Credential, stamp(p.NotBefore)))
		case r.staleInChain(p) != "":
			fail(RevocationStale, r.staleInChain(p))
		case duties == 0:
			_, message := lacking(ownership.Attest)
			fail(SignerNotGranted, message+", nor has it another duty there")
		default:
			s.Holder, s.Person = binding.Holders[0], binding.Person != ""
		}
		if f != nil {
			s.Reason = f.message
			if i.link {
				told := i.fail(f.code, f.message, i.asked())
				told.credential, told.position = f.credential, f.position
			}
		}
		all = append(all, s)
	}
	return all
}

// asked says for which declarations an item's problems matter: those of a link for layouts.
func (i *item) asked() depends {
	if i.link {
		return depends{types: []string{attest.LayoutType}}
	}
	return depends{}
}

// chainUses notes the items that a supply chain passed with.
func (r *run) chainUses(all []*carried) {
	used := map[string]bool{}
	for _, l := range r.layouts { // one that stands in comes after the one it stands in for
		if l.Passed && (l.Within == "" || used[l.Evidence]) {
			l.links(used, true)
		}
	}
	for _, c := range all {
		for _, i := range c.items {
			i.chained = used[c.Evidence]
		}
	}
}

// view is an outcome as rules see it.
func (l LayoutOutcome) view() *policy.Layout {
	v := &policy.Layout{Expires: l.Expires.Time, Inspections: l.Inspections, Product: l.Product}
	for _, s := range l.Steps {
		v.Steps = append(v.Steps, &policy.LayoutStep{Name: s.Name, Threshold: s.Threshold, Holders: s.Holders, People: s.People, Passed: s.Passed})
	}
	return v
}
