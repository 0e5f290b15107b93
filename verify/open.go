package verify

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/surety-dev/surety/attest"
	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/policy"
)

// This file is the first step: evidence to proofs of identity and time.

// item is an evidence item on its way through the steps.
type item struct {
	*attest.Item
	wanted     bool               // a policy that applies asks for a part of it, or for a supply chain it may belong to
	parts      []part             // those it asks for
	link       bool               // it is looked at only as a link of a supply chain
	list       *attest.Revocation // it is a revocation list, which is looked at whoever asks for it
	exception  *attest.Exception  // it is an exception from a policy that applies
	review     *attest.Approval   // it is the review of an exception
	layout     *policy.Layout
	opened     Opened       // what its signatures proved
	signatures []*signature // those bound to the model
	votes      []*vote      // the approvals they give
	witness    string       // the credential of a witness whose export of reviews it is; the first by id
	granting   []*signature // those bound to it of an exception
	onRecord   bool         // it is a review that counts
	people     []string     // those behind a layout that passed: who approved it, and who signed links for its steps
	problems   []problem    // why it, or a signature of it, does not count

	chained bool // a supply chain passed with it
}

// problem is a finding in the making. It says which declarations it keeps from being met, for its
// severity depends on whether they are met without it (design §4.1).
type problem struct {
	code       Code
	message    string
	evidence   []string
	credential string
	position   string
	remedy     string
	frameworks []string          // a rule's; none for the code's
	control    string            // a rule's control; "" for the code's
	then       time.Time         // when what it says was so, if that is proven; zero: at the time of evaluation
	severity   Severity          // where it does not depend on a declaration
	depends    *depends          // nil: severity holds
	waives     *attest.Exception // the exception it keeps from being used; nil: none
	by         *ownership.Model  // whose owner of the control answers; nil: the verifier's
}

// depends says which evidence declarations a problem may have kept from being met.
type depends struct {
	policy    string   // "": of every policy
	types     []string // nil: of every predicate type, for the item could not be read
	duty      string   // "": of every duty
	approvals bool     // it matters where approvals are asked for, and to declarations only where types says so
}

// wants reports whether the item could have met a declaration of the policy.
func (d *depends) wants(j *judged, i int) bool {
	need := j.requirements[i]
	return (!d.approvals || d.types != nil) && (d.policy == "" || d.policy == j.policy.Name()) &&
		(d.types == nil || slices.ContainsFunc(d.types, need.Accepts)) &&
		(d.duty == "" || need.Duty == d.duty)
}

// fail records why an item, or one of its signatures, does not count: for every part of it, if the types are not
// given.
func (i *item) fail(code Code, message string, d depends) *problem {
	if d.types == nil {
		d.types = types(i.parts)
	}
	i.problems = append(i.problems, problem{code: code, message: message, evidence: []string{i.Digest()}, depends: &d})
	return &i.problems[len(i.problems)-1]
}

// open verifies the signatures of every item some policy asks for.
func (r *run) open(ctx context.Context) error {
	size := int64(0)
	for _, i := range r.items {
		size += i.Size()
		r.read(i)
	}
	if len(r.items) > MaxItems {
		r.exceeded("items", MaxItems)
	}
	if size > attest.MaxRequestBytes {
		r.exceeded("request-bytes", attest.MaxRequestBytes)
	}
	if r.over != nil {
		return nil
	}
	var checks atomic.Int64
	if err := r.each(ctx, func(i *item) error {
		if checks.Load() > MaxRequestChecks {
			return nil
		}
		err := r.prove(ctx, i)
		checks.Add(int64(i.opened.Checks))
		return err
	}); err != nil {
		return err
	}
	if checks.Load() > MaxRequestChecks {
		r.exceeded("request-signature-checks", MaxRequestChecks)
		for _, i := range r.items { // which of them were opened is chance
			*i = item{Item: i.Item}
			r.read(i)
		}
	}
	return nil
}

// read decides whether an item is looked at: what cannot be read is a finding, what nobody asks for
// is not examined.
func (r *run) read(i *item) {
	var limit *attest.LimitError
	switch err := i.Err(); {
	case errors.As(err, &limit) && (limit.Limit == "items" || limit.Limit == "request-bytes"):
		r.exceeded(limit.Limit, limit.Max)
	case err != nil:
		i.unread(err, nil)
	default:
		i.parts = r.parts(i)
		i.wanted = len(i.parts) > 0 || r.votes(i)
		r.readList(i)
		r.readException(i)
		r.readReview(i)
		if i.wanted || !r.asked(attest.LayoutType) {
			return
		}
		link, err := i.Statement().StepLink()
		if i.link = link != nil || err != nil; err != nil {
			i.unread(err, nil)
		}
		i.wanted = link != nil
	}
}

// unread records that the item, or its predicate of a type, is over a limit or cannot be read in one way.
func (i *item) unread(err error, types []string) {
	d := i.asked()
	if !i.link {
		d.types = types
	}
	i.fail(unreadableCode(err), unreadable(err), d)
}

// unreadableCode is the code of why something cannot be read.
func unreadableCode(err error) Code {
	if limit := (*attest.LimitError)(nil); errors.As(err, &limit) {
		return LimitExceeded
	}
	return EvidenceUnreadable
}

// unreadable says why something cannot be read, without naming its source: a renamed file changes no
// message.
func unreadable(err error) string {
	var syntax *attest.SyntaxError
	if errors.As(err, &syntax) {
		return strings.TrimPrefix(syntax.Path+": "+syntax.Msg, ": ")
	}
	return err.Error()
}

func (r *run) asked(predicateType string) bool {
	for _, j := range r.applies {
		for _, need := range j.requirements {
			if need.Accepts(predicateType) {
				return true
			}
		}
	}
	return false
}

// exceeded notes that a limit of the request was reached.
func (r *run) exceeded(limit string, most int64) {
	r.over = &problem{code: LimitExceeded, severity: SeverityIndeterminate,
		message: fmt.Sprintf("the request is over the limit %s: at most %d are allowed", limit, most)}
}

// each runs work on the wanted items, on the verifier's workers.
func (r *run) each(ctx context.Context, work func(*item) error) error {
	var next atomic.Int64
	var first error
	var once sync.Once
	var wait sync.WaitGroup
	worker := func() {
		for {
			n := int(next.Add(1)) - 1
			if n >= len(r.items) || ctx.Err() != nil {
				return
			}
			if !r.items[n].wanted {
				continue
			}
			if err := work(r.items[n]); err != nil {
				once.Do(func() { first = err })
				return
			}
		}
	}
	for range min(r.workers, len(r.items)) - 1 {
		wait.Go(worker)
	}
	worker()
	wait.Wait()
	return errors.Join(ctx.Err(), first)
}

// prove verifies an item's signatures.
func (r *run) prove(ctx context.Context, i *item) (err error) {
	var keys [][]ownership.Key // which to try, those first that are likelier
	if len(i.parts) > 0 || i.link || i.exception != nil || i.review != nil || r.votes(i) {
		keys = append(keys, r.granted())
	}
	if i.Statement().Layout() != nil {
		keys = append(keys, r.approvers())
	}
	if i.list != nil {
		keys = append(keys, r.revokers().keys)
	}
	if i.review != nil {
		keys = append(keys, r.reviewers())
	}
	i.opened, err = Open(ctx, i.Item, r.openers, func(hint string) []ownership.Key { return r.keys(hint, keys) })
	return err
}

// keys gives the keys to try for a key id: the one it names, then those given, each once.
func (r *run) keys(hint string, more [][]ownership.Key) []ownership.Key {
	named, ok := r.model.KeyNamed(hint)
	if !ok && len(more) == 1 {
		return more[0]
	}
	var out []ownership.Key
	if ok {
		out = append(out, named)
	}
	seen := map[ownership.Fingerprint]bool{named.Fingerprint: ok}
	for _, k := range slices.Concat(more...) {
		if !seen[k.Fingerprint] {
			seen[k.Fingerprint] = true
			out = append(out, k)
		}
	}
	return out
}

// keysOfTeams are the keys to try for what teams sign: of people who were ever in one and of workloads one of them
// owns. That somebody was not in it then is for whoever judges the signature to say.
func (v *Verifier) keysOfTeams(teams map[string]bool) []ownership.Key {
	holders := map[string]bool{}
	for team := range teams {
		everIn(v.model, team, holders)
	}
	for w := range v.model.Workloads() {
		if teams[w.Owner] {
			holders[w.ID] = true
		}
	}
	return keysOf(holders, v.keysByHolder())
}
