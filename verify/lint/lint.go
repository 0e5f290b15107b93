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
}

// Finding is one thing wrong or noteworthy, with who answers for it.
type Finding struct {
	// Code names the check.
	Code verify.Code `json:"code"`
	// Severity is how much it matters: deny, warn or info.
	Severity verify.Severity `json:"severity"`
	// Message says it in a sentence for people.
	Message string `json:"message"`
	// Control is the control whose owner answers.
	Control string `json:"control"`
	// Accountable is that owner; its team is "" where nobody is, or no model was given.
	Accountable verify.Answer `json:"accountable"`
	// Position is where it stands: "ownership.yaml:12:5".
	Position string `json:"position"`
	// Requirements are the ids of the requirements it is about.
	Requirements []string `json:"requirements"`
	// Frameworks are the ids of the frameworks it maps to.
	Frameworks []string `json:"frameworks"`
	// Remedy is what to do about it.
	Remedy string `json:"remedy"`
}

// Denies reports whether a finding has the severity deny.
func (r Report) Denies() bool {
	return slices.ContainsFunc(r.Findings, func(f Finding) bool { return f.Severity == verify.SeverityDeny })
}

// JSON gives the report in this field order, without white space, UTC seconds, empty lists present.
func (r Report) JSON() ([]byte, error) {
	r.Findings = append([]Finding{}, r.Findings...)
	for i := range r.Findings {
		f := &r.Findings[i]
		f.Requirements, f.Frameworks = append([]string{}, f.Requirements...), append([]string{}, f.Frameworks...)
		f.Accountable = f.Accountable.Full()
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
		if check.needsOwnership && in.Ownership == nil {
			continue
		}
		var found []Finding
		check.find(d, func(i issue) {
			control := cmp.Or(i.control, check.Control)
			found = append(found, Finding{
				Code: check.Code, Severity: check.Severity, Message: i.message, Control: control.String(), Accountable: d.answer(control, i.scopes),
				Position: i.position, Requirements: slices.Clone(check.Requirements), Frameworks: slices.Clone(check.Frameworks), Remedy: check.Remedy,
			})
		})
		slices.SortFunc(found, func(x, y Finding) int {
			return cmp.Or(place.Compare(x.Position, y.Position), cmp.Compare(x.Message, y.Message))
		})
		report.Findings = append(report.Findings, found...)
	}
	slices.SortStableFunc(report.Findings, func(x, y Finding) int { return cmp.Compare(x.Severity, y.Severity) })
	return report
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
	return inputs
}
