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

// chain judges the layouts that policies ask for.
func (r *run) chain(ctx context.Context) error {
	if r.over != nil || !r.asked(attest.LayoutType) {
		return nil
	}
	var evidence []ChainItem
	var approved, others []*item
	for _, i := range r.items {
		if !i.wanted || i.Err() != nil {
			continue
		}
		layout := i.Statement().Layout() != nil
		if link, _ := i.Statement().StepLink(); link == nil && !layout {
			continue
		}
		evidence = append(evidence, r.chainItem(i))
		switch {
		case !layout || len(i.opened.Proofs) == 0:
		case r.chains == nil:
			i.fail(SupplyChainBroken, "nothing here holds layouts against their links: expected a verifier made with Chains", depends{})
		case r.approval(i).met():
			approved = append(approved, i)
		default:
			others = append(others, i)
		}
	}
	r.chained = evidence
	mentioned := map[string]bool{}
	for n, i := range approved {
		if err := ctx.Err(); err != nil {
			return err
		}
		if n >= MaxRequestLayouts {
			i.fail(LimitExceeded, fmt.Sprintf("the item is over the limit request-layouts: at most %d are judged", MaxRequestLayouts), depends{})
			continue
		}
		for _, outcome := range r.judgeLayout(i, evidence) {
			outcome.links(mentioned, false)
		}
	}
	for _, i := range others {
		if !mentioned[i.Digest()] { // else it stood in for a link, or did not, and its chain says so
			i.fail(LayoutUnapproved, r.approval(i).lack(), depends{})
		}
	}
	return nil
}

// judgeLayout holds evidence against an approved layout. Who signed one that passes has said so of the
// artifact.
func (r *run) judgeLayout(i *item, evidence []ChainItem) []LayoutOutcome {
	at := slices.IndexFunc(evidence, func(c ChainItem) bool { return c.Evidence == i.Digest() })
	outcomes := r.chains.Verify(evidence[at], evidence, r.request.Artifact, r.request.At)
	if len(outcomes) == 0 {
		outcomes = []LayoutOutcome{{Evidence: i.Digest(), Reasons: []string{"nothing is known of it"}}}
	}
	first := &outcomes[0]
	first.ApprovedBy = r.approval(i).people
	r.layouts = append(r.layouts, outcomes...)
	if !first.Passed {
		i.fail(SupplyChainBroken, "the supply chain is not what the layout says: "+strings.Join(first.Reasons, "; "), depends{})
		return outcomes
	}
	i.layout = first.view()
	i.people = slices.Clone(first.ApprovedBy)
	for _, s := range first.Steps {
		behind, _ := r.model.Behind(s.Holders, r.request.At)
		i.people = append(i.people, behind...)
	}
	for _, p := range i.opened.Proofs {
		r.bindProof(i, p)
	}
	if asked := r.duties(attest.LayoutType); slices.ContainsFunc(i.signatures, func(s *signature) bool {
		return slices.ContainsFunc(asked, func(d ownership.Duty) bool { return s.signer.HasDuty(d.String()) })
	}) { // who else approved it needs no duty
		i.problems = slices.DeleteFunc(i.problems, func(p problem) bool { return p.code == SignerNotGranted })
	}
	return outcomes
}

// chainWithout is a layout's supply chain as rules see it were nothing supplied that some people stand behind, neither
// links nor approvals of the layout; nil where it does not pass so.
func (r *run) chainWithout(i *item, people map[string]bool) *policy.Layout {
	approval := r.approval(i)
	approval.people = slices.DeleteFunc(approval.people, func(who string) bool { return people[who] })
	if !approval.met() {
		return nil
	}
	evidence := slices.Clone(r.chained)
	at := -1
	for n := range evidence {
		if evidence[n].Evidence == i.Digest() {
			at = n
		}
		evidence[n].Signers = slices.Clone(evidence[n].Signers)
		for k, s := range evidence[n].Signers {
			if behind, _ := r.model.Behind([]string{s.Holder}, r.request.At); s.Holder != "" && slices.ContainsFunc(behind, func(who string) bool { return people[who] }) {
				evidence[n].Signers[k] = ChainSigner{Key: s.Key, Reason: "left out"}
			}
		}
	}
	outcomes := r.chains.Verify(evidence[at], evidence, r.request.Artifact, r.request.At)
	if len(outcomes) == 0 || !outcomes[0].Passed {
		return nil
	}
	return outcomes[0].view()
}

// chainItem says who signed a link or a layout as one of a functionary's. Why others do not count is told
// of as of any evidence; of a layout its approval says it.
func (r *run) chainItem(i *item) ChainItem {
	c := ChainItem{Evidence: i.Digest(), Statement: i.Statement()}
	for _, p := range i.opened.Proofs {
		s := ChainSigner{Key: p.Identity.Key}
		m := r.when(p)
		binding, refusal := r.whose(p, m)
		use := ownership.Use{Artifact: r.scope, Environment: r.request.Environment, Predicate: i.Statement().PredicateType, Timed: m.trusted || m.undecided}
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
		c.Signers = append(c.Signers, s)
	}
	return c
}

// asked says for which declarations an item's problems matter: those of a link for layouts.
func (i *item) asked() depends {
	if i.link {
		return depends{types: []string{attest.LayoutType}}
	}
	return depends{}
}

// inChain reports whether a supply chain passed with the item.
func (r *run) inChain(i *item) bool {
	used := map[string]bool{}
	for _, l := range r.layouts { // one that stands in comes after the one it stands in for
		if l.Passed && (l.Within == "" || used[l.Evidence]) {
			l.links(used, true)
		}
	}
	return used[i.Digest()]
}

// view is an outcome as rules see it.
func (l LayoutOutcome) view() *policy.Layout {
	v := &policy.Layout{Expires: l.Expires.Time, Inspections: l.Inspections, Product: l.Product}
	for _, s := range l.Steps {
		v.Steps = append(v.Steps, &policy.LayoutStep{Name: s.Name, Threshold: s.Threshold, Holders: s.Holders, People: s.People, Passed: s.Passed})
	}
	return v
}
