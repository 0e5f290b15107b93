package lint

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/surety-dev/surety/internal/place"
	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/policy"
	"github.com/surety-dev/surety/verify"
)

// Kind heads every report.
const Kind = "LintReport"

// Input is what is read.
type Input struct {
	// Ownership is the ownership model; nil leaves out the checks that need one.
	Ownership *ownership.Model
	// Policies are the policies, of any number of names and versions. Versions that another one has
	// replaced at At are not looked at.
	Policies []*policy.Policy
	// At is the time as of which they are read. Required: the zero time is before everything.
	At time.Time
	// Endorsed says that the caller has verified the signatures over the ownership model by which it was
	// agreed to. Zero: nobody has, which is a finding.
	Endorsed bool
	// Baseline is what is known and accepted; nil: nothing.
	Baseline *Baseline
}

// Report is what was found.
type Report struct {
	// APIVersion is "surety.dev/v1alpha1".
	APIVersion string `json:"apiVersion"`
	// Kind is "LintReport".
	Kind string `json:"kind"`
	// EvaluatedAt is the time as of which the documents were read.
	EvaluatedAt verify.Time `json:"evaluatedAt"`
	// Findings are by severity, then in the order of the table of checks, then by position.
	Findings []Finding `json:"findings"`
	// Inputs names the documents, by digest.
	Inputs Inputs `json:"inputs"`
}

// Inputs are the documents a report is about.
type Inputs struct {
	// Policies are the policies, by name and version.
	Policies []verify.DocumentInput `json:"policies"`
	// Ownership is the ownership model; nil where none was given.
	Ownership *verify.DocumentInput `json:"ownership"`
	// Baseline is the digest of the baseline; "" where none was given.
	Baseline string `json:"baseline"`
}

// Finding is one thing wrong or noteworthy, with who answers for it.
type Finding struct {
	// Code names the check.
	Code verify.Code `json:"code"`
	// Severity is how much it matters: deny, warn or info.
	Severity verify.Severity `json:"severity"`
	// Subject is what it is about: "credential release-2026". Code, severity and subject stay the same
	// while nothing changes, wherever in the document that stands and however long it lasts.
	Subject string `json:"subject"`
	// Message says it in a sentence for people.
	Message string `json:"message"`
	// Control is the control whose owner answers.
	Control string `json:"control"`
	// Accountable is that owner; its team is "" where nobody is, or no model was given.
	Accountable verify.Answer `json:"accountable"`
	// AlsoAnswer are the owners of the controls upstream, first the most upstream: those that could
	// have prevented it.
	AlsoAnswer []verify.UpstreamAnswer `json:"alsoAnswer"`
	// Position is where it stands: "ownership.yaml:12:5".
	Position string `json:"position"`
	// Requirements are the ids of the requirements it is about.
	Requirements []string `json:"requirements"`
	// Frameworks are the ids of the frameworks it maps to.
	Frameworks []string `json:"frameworks"`
	// Remedy is what to do about it.
	Remedy string `json:"remedy"`
	// Accepted says that the baseline has it; nil: it does not.
	Accepted *Accepted `json:"accepted,omitempty"`
}

// Denies reports whether a finding that is not accepted has the severity deny.
func (r Report) Denies() bool {
	return slices.ContainsFunc(r.Findings, func(f Finding) bool { return f.Severity == verify.SeverityDeny && f.Accepted == nil })
}

// JSON gives the report in this field order, without white space, UTC seconds, empty lists present.
func (r Report) JSON() ([]byte, error) {
	r.Findings = append([]Finding{}, r.Findings...)
	for i := range r.Findings {
		f := &r.Findings[i]
		f.Requirements, f.Frameworks = append([]string{}, f.Requirements...), append([]string{}, f.Frameworks...)
		f.Accountable, f.AlsoAnswer = f.Accountable.Full(), append([]verify.UpstreamAnswer{}, f.AlsoAnswer...)
	}
	r.Inputs.Policies = append([]verify.DocumentInput{}, r.Inputs.Policies...)
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(r); err != nil {
		return nil, fmt.Errorf("lint report: %w", err)
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// Run reads the documents and gives what is wrong with them. The same input gives the same report.
func Run(in Input) Report {
	in.Policies = slices.DeleteFunc(slices.Clone(in.Policies), func(p *policy.Policy) bool { return p == nil })
	d := newDocuments(in)
	report := Report{APIVersion: verify.APIVersion, Kind: Kind, EvaluatedAt: verify.Time{Time: in.At}, Inputs: d.inputs(in)}
	for _, check := range checks {
		if check.needsOwnership && in.Ownership == nil || check.find == nil {
			continue
		}
		var found []Finding
		check.find(d, func(i issue) { found = append(found, d.finding(check, i)) })
		slices.SortFunc(found, func(x, y Finding) int {
			return cmp.Or(place.Compare(x.Position, y.Position), cmp.Compare(x.Message, y.Message))
		})
		report.Findings = append(report.Findings, found...)
	}
	if in.Baseline != nil {
		report.Findings = append(report.Findings, in.Baseline.apply(d, report.Findings)...)
	}
	slices.SortStableFunc(report.Findings, func(x, y Finding) int { return cmp.Compare(x.Severity, y.Severity) })
	return report
}

// finding is what a check says of an issue.
func (d *documents) finding(check Check, i issue) Finding {
	control := cmp.Or(i.control, check.Control)
	f := Finding{
		Code: check.Code, Severity: cmp.Or(i.milder, check.Severity), Subject: i.subject, Message: i.message, Control: control.String(),
		Position: i.position, Requirements: slices.Clone(check.Requirements), Frameworks: slices.Clone(check.Frameworks), Remedy: check.Remedy,
	}
	f.Accountable, f.AlsoAnswer = d.answer(control, i.scopes)
	return f
}

// inputs names the documents.
func (d *documents) inputs(in Input) Inputs {
	var inputs Inputs
	for _, p := range in.Policies {
		inputs.Policies = append(inputs.Policies, verify.DocumentInput{Name: p.Name(), Version: p.Version(), Digest: p.Digest()})
	}
	slices.SortFunc(inputs.Policies, func(x, y verify.DocumentInput) int {
		return cmp.Or(cmp.Compare(x.Name, y.Name), cmp.Compare(x.Version, y.Version), cmp.Compare(x.Digest, y.Digest))
	})
	if m := in.Ownership; m != nil {
		o := verify.DocumentInput{Name: m.Name(), Version: m.Version(), Digest: m.Digest()}
		for _, f := range m.Files() {
			o.Files = append(o.Files, verify.FileInput{Path: f.Path, Digest: f.Digest})
		}
		inputs.Ownership = &o
	}
	if in.Baseline != nil {
		inputs.Baseline = in.Baseline.digest
	}
	return inputs
}
