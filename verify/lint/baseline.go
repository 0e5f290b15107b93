package lint

import (
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/surety-dev/surety/internal/document"
	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/verify"
)

// Baseline lists findings that are known and accepted, so that an organisation can begin with the documents
// it has and tighten. An entry covers one finding of exactly its code, severity and subject: nothing that
// grew worse, nothing like it, nothing beside it. It is governed data, as the documents are.
type Baseline struct {
	entries []accepted
	digest  string
}

// accepted is one entry.
type accepted struct {
	key
	until    time.Time // zero: no end
	reason   string
	position string
}

// key is which finding is meant.
type key struct {
	code     verify.Code
	severity verify.Severity
	subject  string
}

// Accepted says that, and for how long, a finding is accepted.
type Accepted struct {
	// Until is when that ends; zero: when the finding does.
	Until verify.Time `json:"until"`
	// Reason says why; "" where the baseline does not.
	Reason string `json:"reason"`
	// Position is where the baseline says so: "baseline.yaml:4:5".
	Position string `json:"position"`
}

// acceptFor is how long a written baseline accepts a deny finding.
const acceptFor = 90 * 24 * time.Hour

// LoadBaseline reads the LintBaseline document at name in fsys, as strictly as the others. What denies is
// accepted for a time only: such an entry without `until` is an error.
func LoadBaseline(fsys fs.FS, name string) (*Baseline, error) {
	parts, isDir, err := document.Load(fsys, name, document.LintBaseline)
	if err != nil {
		return nil, err
	}
	b := &Baseline{digest: parts[0].Digest}
	if isDir {
		b.digest = document.DirectoryDigest(parts)
	}
	for _, part := range parts {
		for _, n := range part.Root.Object("accepted").Get("accepted").List() {
			b.entries = append(b.entries, readAccepted(n))
		}
	}
	if err := document.Err(parts); err != nil {
		return nil, err
	}
	return b, nil
}

// readAccepted reads an entry.
func readAccepted(n *document.Node) accepted {
	o := n.Object("code", "severity", "subject", "until", "reason")
	code, severity := o.Require("code"), o.Require("severity")
	a := accepted{
		key:   key{code: verify.Code(code.String()), subject: o.Require("subject").String()},
		until: o.Get("until").Time(), reason: o.Get("reason").String(), position: n.Position(),
	}
	var names []string
	for _, c := range checks {
		if c.find != nil {
			names = append(names, string(c.Code))
		}
	}
	if a.code != "" && !slices.Contains(names, string(a.code)) {
		code.Errorf("nothing is found with the code %q: expected one of a check%s", a.code, document.Suggest(string(a.code), names))
	}
	levels := []verify.Severity{verify.SeverityDeny, verify.SeverityWarn, verify.SeverityInfo}
	text := severity.OneOf(levels[0].String(), levels[1].String(), levels[2].String())
	for _, level := range levels {
		if level.String() == text {
			a.severity = level
		}
	}
	if text == verify.SeverityDeny.String() && o.Get("until") == nil && !o.Misspelt("until") {
		n.Errorf("what denies is accepted without an end: expected until")
	}
	return a
}

// apply marks what is accepted, and gives findings about entries that do not hold any more: those of which
// nothing is found, and those whose time is over.
func (b *Baseline) apply(d *documents, findings []Finding) []Finding {
	open := map[key][]int{}
	for i, f := range findings {
		k := key{f.Code, f.Severity, f.Subject}
		open[k] = append(open[k], i)
	}
	take := func(k key) (int, bool) {
		list := open[k]
		if len(list) == 0 {
			return 0, false
		}
		open[k] = list[1:]
		return list[0], true
	}
	var left []accepted
	for _, e := range b.entries {
		if !e.ended(d.at) {
			if i, ok := take(e.key); ok {
				findings[i].Accepted = &Accepted{Until: verify.Time{Time: e.until}, Reason: e.reason, Position: e.position}
				continue
			}
		}
		left = append(left, e)
	}
	var stale, expired []Finding
	for _, e := range left {
		what := fmt.Sprintf("%s %s of %s", e.severity, e.code, e.subject)
		_, still := take(e.key)
		switch {
		case still:
			expired = append(expired, d.finding(baselineExpired, issue{position: e.position, subject: what, message: fmt.Sprintf("%s was accepted until %s, and is still found", what, stamp(e.until))}))
		case e.about(d.hasModel, len(d.policies)+len(d.ended) > 0):
			stale = append(stale, d.finding(baselineStale, issue{position: e.position, subject: what, message: fmt.Sprintf("%s is accepted, and not found any more", what)}))
		}
	}
	return append(stale, expired...)
}

// ended reports whether the time of an entry is over.
func (a accepted) ended(at time.Time) bool { return !a.until.IsZero() && !a.until.After(at) }

// about reports whether what is meant can be found in what has been read: in the model what needs one, in
// policies what is about one.
func (k key) about(model, policies bool) bool {
	i := slices.IndexFunc(checks, func(c Check) bool { return c.Code == k.code })
	return (!checks[i].needsOwnership || model) && (!strings.HasPrefix(k.subject, "policy ") || policies)
}

var baselineStale = Check{
	Code: "baseline-stale", Severity: verify.SeverityInfo, Control: ownership.ReviewAudit,
	Meaning:      "The baseline accepts what is not found any more.",
	Requirements: []string{"R66", "R74"}, Frameworks: []string{"nist-csf-2.0:GV.OV-02"},
	Remedy: "take the entry out of the baseline",
}

var baselineExpired = Check{
	Code: "baseline-expired", Severity: verify.SeverityInfo, Control: ownership.ReviewAudit,
	Meaning:      "The time for which the baseline accepts a finding is over: the finding counts again.",
	Requirements: []string{"R66", "R74"}, Frameworks: []string{"nist-csf-2.0:GV.OV-02"},
	Remedy: "mend what is found, or have the entry accepted anew",
}

// Baseline gives the text, in YAML, of a baseline that accepts all that the report holds. What the baseline of
// its input, old, accepts it accepts as that does, what else denies for 90 days; entries of old about documents
// that were not read it keeps. old is nil where there was none.
func (r Report) Baseline(old *Baseline) []byte {
	var entries []accepted
	for _, f := range r.Findings {
		e := accepted{key: key{f.Code, f.Severity, f.Subject}}
		switch {
		case f.Code == baselineStale.Code || f.Code == baselineExpired.Code:
			continue
		case f.Accepted != nil:
			e.until, e.reason = f.Accepted.Until.Time, f.Accepted.Reason
		case f.Severity == verify.SeverityDeny:
			e.until = r.EvaluatedAt.Add(acceptFor)
		}
		entries = append(entries, e)
	}
	if old != nil {
		for _, e := range old.entries {
			if !e.about(r.Inputs.Ownership != nil, len(r.Inputs.Policies) > 0) {
				entries = append(entries, e)
			}
		}
	}
	var b strings.Builder
	fmt.Fprintf(&b, "apiVersion: %s\nkind: %s\n", verify.APIVersion, document.LintBaseline)
	for i, e := range entries {
		if i == 0 {
			b.WriteString("accepted:\n")
		}
		fmt.Fprintf(&b, "  - code: %s\n    severity: %s\n    subject: %s\n", e.code, e.severity, strconv.Quote(e.subject))
		if !e.until.IsZero() {
			fmt.Fprintf(&b, "    until: %s\n", stamp(e.until))
		}
		if e.reason != "" {
			fmt.Fprintf(&b, "    reason: %s\n", strconv.Quote(e.reason))
		}
	}
	return []byte(b.String())
}
