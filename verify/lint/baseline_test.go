package lint_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/surety-dev/surety/verify"
	"github.com/surety-dev/surety/verify/lint"
)

// baseline reads a baseline of entries.
func baseline(t testing.TB, entries string) *lint.Baseline {
	t.Helper()
	b, err := loadBaseline("apiVersion: surety.dev/v1alpha1\nkind: LintBaseline\naccepted:\n" + entries)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func loadBaseline(text string) (*lint.Baseline, error) {
	return lint.LoadBaseline(fstest.MapFS{"baseline.yaml": {Data: []byte(text)}}, "baseline.yaml")
}

// told gives findings as "severity code subject", those that are accepted in brackets.
func told(r lint.Report) []string {
	list := []string{}
	for _, f := range r.Findings {
		line := fmt.Sprintf("%s %s %s", f.Severity, f.Code, f.Subject)
		if f.Accepted != nil {
			line = "(" + line + ")"
		}
		list = append(list, line)
	}
	return list
}

// vendorUnowned is an entry for what TestBaseline breaks.
const vendorUnowned = "  - {code: vendor-unowned, severity: deny, subject: vendor signco, until: 2026-09-01T00:00:00Z, reason: until the contract ends}\n"

// TestBaseline: an entry covers one finding of exactly its code, severity and subject, for its time.
func TestBaseline(t *testing.T) {
	t.Parallel()
	const found = "deny vendor-unowned vendor signco"
	unowned := []string{"internalOwner: security, evidence", "evidence"}
	for _, tt := range []struct {
		name, entries string
		texts         []string // what of the clean pair becomes what
		at            string   // cleanAt if empty
		want          []string
		denies        bool
	}{
		{"covered", vendorUnowned, unowned, "", []string{"(" + found + ")"}, false},
		{"no entry", strings.Replace(vendorUnowned, "signco", "other", 1), unowned, "", []string{found, "info baseline-stale deny vendor-unowned of vendor other"}, true},
		{"a part of the subject", strings.Replace(vendorUnowned, "vendor signco", "vendor", 1), unowned, "", []string{found, "info baseline-stale deny vendor-unowned of vendor"}, true},
		{"a wildcard is a letter", strings.Replace(vendorUnowned, "vendor signco", `"*"`, 1), unowned, "", []string{found, "info baseline-stale deny vendor-unowned of *"}, true},
		{"another code", strings.Replace(vendorUnowned, "vendor-unowned", "vendor-expired", 1), unowned, "", []string{found, "info baseline-stale deny vendor-expired of vendor signco"}, true},
		{"another severity", strings.Replace(vendorUnowned, "severity: deny", "severity: info", 1), unowned, "", []string{found, "info baseline-stale info vendor-unowned of vendor signco"}, true},
		{"the last second", vendorUnowned, unowned, "2026-08-31T23:59:59Z", []string{"(" + found + ")", "warn review-overdue ownership acme"}, false},
		{"its time is over", vendorUnowned, unowned, "2026-09-01T00:00:00Z", []string{found, "warn review-overdue ownership acme", "info baseline-expired deny vendor-unowned of vendor signco"}, true},
		{"mended", vendorUnowned, []string{"", ""}, "", []string{"info baseline-stale deny vendor-unowned of vendor signco"}, false},
		{"mended, its time over", vendorUnowned, []string{"", ""}, "2026-07-01T00:00:00Z", []string{"info baseline-stale deny vendor-unowned of vendor signco"}, false},
		{"moved", vendorUnowned, append(slices.Clone(unowned), "people:\n", "# a line more\n\npeople:\n"), "", []string{"(" + found + ")"}, false},
		{"longer overdue", "  - {code: rotation-overdue, severity: warn, subject: credential tests-key}\n", []string{"rotateEvery: 365d", "rotateEvery: 30d"}, "2026-06-20T00:00:00Z", []string{"(warn rotation-overdue credential tests-key)"}, false},
		{"one holder more", "  - {code: credential-shared, severity: warn, subject: \"credential bob-key of bob, dana\"}\n", []string{"holder: bob, owner", "holder: [bob, dana, erin], owner"}, "",
			[]string{"warn proofing-stale person erin", "warn credential-shared credential bob-key of bob, dana, erin", "info baseline-stale warn credential-shared of credential bob-key of bob, dana"}, false},
		{"one of two alike", "  - {code: grant-too-wide, severity: warn, subject: grant of approve of ** to approvers}\n",
			[]string{"grants:\n", "grants:\n  - {to: approvers, may: [approve], artifacts: [\"**\"], from: 2026-01-01T00:00:00Z}\n  - {to: approvers, may: [approve], artifacts: [\"**\"]}\n"}, "",
			[]string{"(warn grant-too-wide grant of approve of ** to approvers)", "warn grant-too-wide grant of approve of ** to approvers"}, false},
		{"one entry twice", vendorUnowned + vendorUnowned, unowned, "", []string{"(" + found + ")", "info baseline-stale deny vendor-unowned of vendor signco"}, false},
		{"one over, one not", strings.Replace(vendorUnowned, "2026-09", "2026-05", 1) + vendorUnowned, unowned, "", []string{"(" + found + ")", "info baseline-stale deny vendor-unowned of vendor signco"}, false},
		{"of a rule", "  - {code: param-unused, severity: info, subject: \"policy payments, spare\"}\n", []string{"params: {", "params: {spare: 1, "}, "", []string{"(info param-unused policy payments, spare)"}, false},
		{"of another policy", "  - {code: param-unused, severity: info, subject: \"policy other, spare\"}\n", []string{"params: {", "params: {spare: 1, "}, "",
			[]string{"info param-unused policy payments, spare", "info baseline-stale info param-unused of policy other, spare"}, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			model, rules := cleanModel, cleanPolicy
			if tt.texts[0] != "" {
				model, rules = row{old: tt.texts[0], new: tt.texts[1], also: tt.texts[2:]}.replaced(t)
			}
			if tt.at == "" {
				tt.at = cleanAt
			}
			in := read(t, model, rules, tt.at)
			in.Baseline = baseline(t, tt.entries)
			report := lint.Run(in)
			if diff := cmp.Diff(tt.want, told(report)); diff != "" || report.Denies() != tt.denies {
				t.Errorf("denies: %v\n%s", report.Denies(), diff)
			}
		})
	}
}

// TestBaselineSays: what is accepted says so and why; what does not hold any more says where it stands and who answers.
func TestBaselineSays(t *testing.T) {
	t.Parallel()
	model, rules := row{old: "internalOwner: security, evidence", new: "evidence"}.replaced(t)
	in := read(t, model, rules, cleanAt)
	in.Baseline = baseline(t, vendorUnowned+"  - {code: runbook-missing, severity: warn, subject: control monitoring of **}\n  - {code: vendor-expired, severity: deny, subject: credential x of signco, until: 2026-05-01T00:00:00Z}\n")
	report := lint.Run(in)
	want := &lint.Accepted{Until: verify.Time{Time: time.Date(2026, 9, 1, 0, 0, 0, 0, time.UTC)}, Reason: "until the contract ends", Position: "baseline.yaml:4:5"}
	if diff := cmp.Diff(want, report.Findings[0].Accepted); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"deny vendor-unowned ownership.yaml:22:5", "info baseline-stale baseline.yaml:5:5", "info baseline-stale baseline.yaml:6:5"}, lines(report)); diff != "" {
		t.Error(diff)
	}
	if f := report.Findings[1]; f.Accountable.Team != "approvers" || f.Control != "review-audit" || f.Message != "warn runbook-missing of control monitoring of ** is accepted, and not found any more" {
		t.Errorf("%+v", f)
	}
	var b strings.Builder
	if err := lint.Text(&b, report); err != nil {
		t.Fatal(err)
	}
	if begins, ends := "0 deny, 0 warn, 2 info, 1 accepted\n\ninfo  baseline-stale  baseline.yaml:5:5\n",
		"\naccepted by the baseline\n  deny  vendor-unowned  ownership.yaml:22:5  vendor signco, until 2026-09-01T00:00:00Z: until the contract ends\n"; !strings.HasPrefix(b.String(), begins) || !strings.HasSuffix(b.String(), ends) {
		t.Errorf("got\n%s", b.String())
	}
	data, err := report.JSON()
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{`"accepted":{"until":"2026-09-01T00:00:00Z","reason":"until the contract ends","position":"baseline.yaml:4:5"}`, `"baseline":"sha256:`} {
		if strings.Count(string(data), part) != 1 {
			t.Errorf("no %s in %s", part, data)
		}
	}
}

// TestBaselineOfBoth: an entry about what was not read is not said to be stale, and kept in what is written.
func TestBaselineOfBoth(t *testing.T) {
	t.Parallel()
	b := baseline(t, vendorUnowned+"  - {code: param-unused, severity: info, subject: \"policy payments, spare\"}\n  - {code: threshold-unreachable, severity: deny, subject: \"policy payments, evidence tests\", until: 2026-09-01T00:00:00Z}\n")
	for name, tt := range map[string]struct {
		model, rules string
		want         []string
		gone         string
		kept         int
	}{
		"ownership": {cleanModel, "", []string{"info baseline-stale deny vendor-unowned of vendor signco"}, `"vendor signco"`, 2},
		"policy":    {"", cleanPolicy, []string{"info baseline-stale info param-unused of policy payments, spare"}, `"policy payments, spare"`, 2},
	} {
		in := read(t, tt.model, tt.rules, cleanAt)
		in.Baseline = b
		report := lint.Run(in)
		if diff := cmp.Diff(tt.want, told(report)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		if kept := string(report.Baseline(b)); strings.Contains(kept, tt.gone) || strings.Count(kept, "- code:") != tt.kept {
			t.Errorf("%s: %d entries are to be kept of\n%s", name, tt.kept, kept)
		}
	}
}

// TestBaselineWritten: what a report writes accepts all it holds, what denies for 90 days, and is stale nowhere.
// Read and written again it stays as it is, with the reasons somebody gave.
func TestBaselineWritten(t *testing.T) {
	t.Parallel()
	in := broken(t)
	first := lint.Run(in).Baseline(nil)
	const begins = `apiVersion: surety.dev/v1alpha1
kind: LintBaseline
accepted:
  - code: vendor-unowned
    severity: deny
    subject: "vendor signco"
    until: 2026-08-30T12:00:00Z
`
	if !strings.HasPrefix(string(first), begins) {
		t.Errorf("got\n%s\nwant it to begin\n%s", first, begins)
	}
	reasoned := strings.Replace(string(first), "    until: 2026-08-30T12:00:00Z\n", "    until: 2026-07-01T00:00:00Z\n    reason: \"who owns it is \\\"agreed\\\" then\"\n", 1)
	var err error
	if in.Baseline, err = loadBaseline(reasoned); err != nil {
		t.Fatal(err)
	}
	report := lint.Run(in)
	if slices.ContainsFunc(report.Findings, func(f lint.Finding) bool { return f.Accepted == nil }) || report.Denies() || len(report.Findings) != 6 {
		t.Errorf("%q", told(report))
	}
	if again := string(report.Baseline(in.Baseline)); again != reasoned {
		t.Error(cmp.Diff(reasoned, again))
	}
	in.At = when(t, "2026-07-02T00:00:00Z")
	if late := lint.Run(in); !late.Denies() || !strings.Contains(string(late.Baseline(in.Baseline)), "until: 2026-09-30T00:00:00Z") {
		t.Errorf("%q\n%s", told(late), late.Baseline(in.Baseline))
	}
	nothing := lint.Run(read(t, cleanModel, cleanPolicy, cleanAt)).Baseline(nil)
	if _, err := loadBaseline(string(nothing)); err != nil || strings.Contains(string(nothing), "accepted") {
		t.Errorf("%v: %s", err, nothing)
	}
}

// TestEveryFindingCanBeAccepted: each row's finding is covered by what its report writes, at once and where the
// document is moved around in.
func TestEveryFindingCanBeAccepted(t *testing.T) {
	t.Parallel()
	for _, tt := range rows() {
		t.Run(tt.code+"/"+tt.name, func(t *testing.T) {
			t.Parallel()
			model, rules := tt.replaced(t)
			in := read(t, model, rules, cleanAt)
			in.Endorsed = !tt.unsigned
			written := lint.Run(in).Baseline(nil)
			in = read(t, strings.Replace(model, "people:\n", "\n\npeople:\n", 1), strings.Replace(rules, "artifacts:", "\nartifacts:", 1), cleanAt)
			in.Endorsed = !tt.unsigned
			var err error
			if in.Baseline, err = loadBaseline(string(written)); err != nil {
				t.Fatalf("%v\n%s", err, written)
			}
			for _, f := range lint.Run(in).Findings {
				if f.Accepted == nil {
					t.Errorf("%s %s is not accepted by\n%s", f.Code, f.Subject, written)
				}
			}
		})
	}
}

func TestBaselineRefused(t *testing.T) {
	t.Parallel()
	const head = "apiVersion: surety.dev/v1alpha1\nkind: LintBaseline\n"
	for name, tt := range map[string]struct{ text, want string }{
		"another kind":       {strings.Replace(head, "LintBaseline", "Ownership", 1), `baseline.yaml:2:7: kind "Ownership": expected LintBaseline`},
		"an unknown field":   {head + "acepted: []\n", `baseline.yaml:3:1: unknown field "acepted": expected accepted; did you mean "accepted"?`},
		"nothing in it":      {head + "accepted: []\n", "baseline.yaml:3:11: an empty list: expected one or more items, or the field left out"},
		"no subject":         {head + "accepted: [{code: runbook-missing, severity: warn}]\n", `baseline.yaml:3:12: no "subject": expected this required field`},
		"no severity":        {head + "accepted: [{code: runbook-missing, subject: x}]\n", `baseline.yaml:3:12: no "severity": expected this required field`},
		"an unknown code":    {head + "accepted: [{code: runbook-mising, severity: warn, subject: x}]\n", `baseline.yaml:3:19: nothing is found with the code "runbook-mising": expected one of a check; did you mean "runbook-missing"?`},
		"of a baseline":      {head + "accepted: [{code: baseline-stale, severity: info, subject: x}]\n", `baseline.yaml:3:19: nothing is found with the code "baseline-stale": expected one of a check`},
		"another severity":   {head + "accepted: [{code: runbook-missing, severity: indeterminate, subject: x}]\n", `baseline.yaml:3:46: "indeterminate": expected one of deny, warn, info`},
		"deny without until": {head + "accepted: [{code: vendor-unowned, severity: deny, subject: x}]\n", "baseline.yaml:3:12: what denies is accepted without an end: expected until"},
		"until that is none": {head + "accepted: [{code: vendor-unowned, severity: deny, subject: x, until: 2026-01-01}]\n", "baseline.yaml:3:70: the bare time 2026-01-01 has no time of day: expected an RFC 3339 time such as 2026-01-31T09:00:00Z"},
	} {
		if _, err := loadBaseline(tt.text); err == nil || err.Error() != tt.want {
			t.Errorf("%s:\ngot  %v\nwant %s", name, err, tt.want)
		}
	}
}

// TestBaselineDocumented loads the baseline of docs/lint.md.
func TestBaselineDocumented(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../docs/lint.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, found := strings.Cut(string(page), "<!-- document: baseline, loaded by a test -->\n```yaml\n")
	text, _, ended := strings.Cut(rest, "```")
	if !found || !ended {
		t.Fatal("the page has no baseline")
	}
	if _, err := loadBaseline(text); err != nil {
		t.Error(err)
	}
}

// TestSubject: a subject does not depend on the order of the document, names all that makes the finding this one, and
// stays short.
func TestSubject(t *testing.T) {
	t.Parallel()
	other := strings.Replace(monitoring, "accountable: security", "accountable: audit", 1)
	first, second := brokenModel(t, "raci-multiple-accountable", monitoring, monitoring+other), brokenModel(t, "raci-multiple-accountable", monitoring, other+monitoring)
	if want := "control monitoring of ** by audit, and of ** by security"; len(first) != 1 || len(second) != 1 || first[0].Subject != want || second[0].Subject != want {
		t.Errorf("%+v\n%+v, want %s", first, second, want)
	}
	grants := func(n int) []string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, "  - {to: approvers, may: [approve], artifacts: [\"pkg:generic/payments/service-%02d/**\"]}\n", i)
		}
		return []string{"grants:\n", "grants:\n" + b.String(), `monitoring, artifacts: ["**"]`, `monitoring, artifacts: ["pkg:npm/**"]`}
	}
	many, more := brokenModel(t, "control-missing", grants(60)...), brokenModel(t, "control-missing", grants(61)...)
	if len(many) != 1 || len(more) != 1 || many[0].Subject == more[0].Subject || len(more[0].Subject) > 250 ||
		!strings.HasPrefix(many[0].Subject, "control monitoring of **, pkg:generic/payments/**, pkg:generic/payments/service-00/** and 59 more, sha256:") {
		t.Errorf("%+v\n%+v", many, more)
	}
}
