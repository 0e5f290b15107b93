package lint_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/surety-dev/surety/internal/page"
	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/policy"
	"github.com/surety-dev/surety/verify"
	"github.com/surety-dev/surety/verify/framework"
	"github.com/surety-dev/surety/verify/lint"
)

var update = flag.Bool("update", false, "write the generated part of docs/lint.md")

// TestChecksAreDocumented compares the table of checks with its documentation.
func TestChecksAreDocumented(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	for _, c := range lint.Checks() {
		fmt.Fprintf(&b, "\n### `%s`\n\n%s · %s", c.Code, c.Severity, c.Control)
		for _, ids := range [][]string{c.Requirements, c.Frameworks} {
			if len(ids) > 0 {
				fmt.Fprintf(&b, " · %s", strings.Join(ids, ", "))
			}
		}
		fmt.Fprintf(&b, "\n\n%s To do: %s.\n", c.Meaning, c.Remedy)
	}
	page.Generated(t, "../../docs/lint.md", b.String()+"\n", *update)
}

// TestTable: each check has one code of its own, a meaning that is a sentence, and requirements that are ids.
func TestTable(t *testing.T) {
	t.Parallel()
	seen := map[verify.Code]bool{}
	requirement := regexp.MustCompile(`^R\d+$`)
	for _, c := range lint.Checks() {
		if seen[c.Code] || c.Code == "" || c.Control == 0 || c.Remedy == "" || strings.HasSuffix(c.Remedy, ".") || !strings.HasSuffix(c.Meaning, ".") {
			t.Errorf("%+v", c)
		}
		seen[c.Code] = true
		if c.Severity == verify.SeverityIndeterminate {
			t.Errorf("%s is indeterminate", c.Code)
		}
		for _, r := range c.Requirements {
			if !requirement.MatchString(r) {
				t.Errorf("%s: requirement %q", c.Code, r)
			}
		}
	}
	lint.Checks()[0].Requirements[0] = "changed"
	if lint.Checks()[0].Requirements[0] == "changed" {
		t.Error("the table can be changed from outside")
	}
}

// TestFrameworks: each framework id of a check is one of the table of frameworks, for one of the check's
// requirements, and a check that has requirements has a few.
func TestFrameworks(t *testing.T) {
	t.Parallel()
	for _, c := range lint.Checks() {
		if (len(c.Requirements) > 0) != (len(c.Frameworks) > 0) || len(c.Frameworks) > 3 {
			t.Errorf("%s: requirements %q, frameworks %q", c.Code, c.Requirements, c.Frameworks)
		}
		for _, f := range c.Frameworks {
			if e, ok := framework.Lookup(f); !ok || !slices.ContainsFunc(c.Requirements, func(r string) bool { return slices.Contains(e.Requirements, r) }) {
				t.Errorf("%s: %s is for %q, none of %q", c.Code, f, e.Requirements, c.Requirements)
			}
		}
	}
}

// broken is a pair of documents with findings of every severity.
func broken(t testing.TB) lint.Input {
	model := strings.NewReplacer(", internalOwner: security", "", "rotateEvery: 365d, ", "", ", runbook: \"https://runbooks.acme.test/7\"", "",
		"contacts: {page: \"pager:approvers\"}, ", "").Replace(cleanModel)
	rules := strings.NewReplacer("duty: attest}", "duty: attest, min: 2}", "params: {", "params: {spare: 1, ", "by: office", "by: ofice").Replace(cleanPolicy)
	return read(t, model, rules, cleanAt)
}

func TestReport(t *testing.T) {
	t.Parallel()
	report := lint.Run(broken(t))
	want := []string{
		"deny vendor-unowned ownership.yaml:22:5",
		"deny team-unknown policy.yaml:13:5",
		"deny threshold-unreachable policy.yaml:9:5",
		"warn runbook-missing ownership.yaml:60:5",
		"info rotation-unscheduled ownership.yaml:28:5",
		"info param-unused policy.yaml:6:9",
	}
	if diff := cmp.Diff(want, lines(report)); diff != "" {
		t.Fatal(diff)
	}
	if !report.Denies() || (lint.Report{}).Denies() {
		t.Error("denies without a deny finding, or does not with one")
	}
	// the release policy's owner has no page, so its escalation is paged
	if got, want := report.Findings[1].Accountable, (verify.Answer{
		Team: "approvers", Page: "pager:security", Escalation: []string{"security"}, Responsible: []string{"approvers"},
		Paged: verify.Paged{Team: "approvers", Page: "pager:security"}, Runbook: "https://runbooks.acme.test/5",
	}); !cmp.Equal(got, want) {
		t.Errorf("%+v answers, want %+v", got, want)
	}
	for range 20 {
		if again := lint.Run(broken(t)); !cmp.Equal(report, again) {
			t.Fatal(cmp.Diff(report, again))
		}
	}
}

func TestReportJSON(t *testing.T) {
	t.Parallel()
	in := broken(t)
	data, err := lint.Run(in).JSON()
	if err != nil {
		t.Fatal(err)
	}
	var back lint.Report
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&back); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(lines(lint.Run(in)), lines(back)); diff != "" {
		t.Error(diff)
	}
	if strings.Contains(string(data), "null") || strings.ContainsAny(string(data), "\n\t") {
		t.Errorf("not canonical: %s", data)
	}
	first := `{"apiVersion":"surety.dev/v1alpha1","kind":"LintReport","evaluatedAt":"2026-06-01T12:00:00Z","findings":[{"code":"vendor-unowned","severity":"deny","subject":"vendor signco","message":"vendor signco has no internal owner",` +
		`"control":"publisher-identity","accountable":{"team":"security","page":"pager:security","escalation":["office"],"responsible":["security"],"paged":{"team":"security","page":"pager:security"},"runbook":"https://runbooks.acme.test/1"},"alsoAnswer":[],"position":"ownership.yaml:22:5","requirements":["R14"],` +
		`"frameworks":["nist-csf-2.0:GV.SC-02","owasp-nhi-2025:NHI3"],"remedy":"name an internal owner with somebody in it"},{`
	if !strings.HasPrefix(string(data), first) {
		t.Errorf("got  %.600s\nwant %s", data, first)
	}
	empty, err := lint.Run(lint.Input{At: in.At}).JSON()
	if want := `{"apiVersion":"surety.dev/v1alpha1","kind":"LintReport","evaluatedAt":"2026-06-01T12:00:00Z","findings":[],"inputs":{"policies":[],"ownership":null,"baseline":""}}`; err != nil || string(empty) != want {
		t.Errorf("%s, %v\nwant %s", empty, err, want)
	}
	if got := back.Inputs; len(got.Policies) != 1 || got.Policies[0].Version != 4 || got.Ownership == nil || got.Ownership.Digest != in.Ownership.Digest() || len(got.Ownership.Files) != 1 {
		t.Errorf("inputs %+v", got)
	}
}

func TestText(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	if err := lint.Text(&b, lint.Run(broken(t))); err != nil {
		t.Fatal(err)
	}
	const begins = `3 deny, 1 warn, 2 info

deny  vendor-unowned  ownership.yaml:22:5
  vendor signco has no internal owner
  remedy   name an internal owner with somebody in it
  answers  security for publisher-identity, page pager:security

deny  team-unknown  policy.yaml:13:5
  rule trusted-builder is waivable by "ofice", and there is no such team
  remedy   name a team of the model
  answers  approvers for release-policy, page pager:security
`
	if !strings.HasPrefix(b.String(), begins) {
		t.Errorf("got\n%s\nwant it to begin\n%s", b.String(), begins)
	}
	b.Reset()
	if err := lint.Text(&b, lint.Run(read(t, cleanModel, cleanPolicy, cleanAt))); err != nil || b.String() != "nothing found\n" {
		t.Errorf("%q, %v", b.String(), err)
	}
}

// TestVersions: of one name the version that applies and those to come are read, not those replaced.
func TestVersions(t *testing.T) {
	t.Parallel()
	var policies []*policy.Policy
	for version, from := range map[int]string{1: "2025-01-01", 2: "2026-01-01", 3: "2026-05-01", 4: "2027-01-01"} {
		text := strings.NewReplacer("version: 4", fmt.Sprintf("version: %d", version), "effectiveFrom: 2026-01-01", "effectiveFrom: "+from, "params: {", "params: {spare: 1, ").Replace(cleanPolicy)
		if version == 2 {
			text = strings.Replace(text, "metadata: {", "metadata: {effectiveUntil: 2026-02-01T00:00:00Z, ", 1)
		}
		file := fmt.Sprintf("v%d.yaml", version)
		ps, err := policy.Load(fstest.MapFS{file: {Data: []byte(text)}}, file)
		if err != nil {
			t.Fatal(err)
		}
		policies = append(policies, ps...)
	}
	for at, want := range map[string][]string{
		"2024-01-01T00:00:00Z": {"info param-unused v1.yaml:6:9", "info param-unused v2.yaml:6:9", "info param-unused v3.yaml:6:9", "info param-unused v4.yaml:6:9"},
		"2026-01-15T00:00:00Z": {"info param-unused v2.yaml:6:9", "info param-unused v3.yaml:6:9", "info param-unused v4.yaml:6:9"},
		"2026-03-01T00:00:00Z": {"warn policy-not-in-force v2.yaml:3:11", "info param-unused v3.yaml:6:9", "info param-unused v4.yaml:6:9"},
		"2026-06-01T00:00:00Z": {"info param-unused v3.yaml:6:9", "info param-unused v4.yaml:6:9"},
		"2027-06-01T00:00:00Z": {"info param-unused v4.yaml:6:9"},
	} {
		if diff := cmp.Diff(want, lines(lint.Run(lint.Input{Policies: policies, At: when(t, at)}))); diff != "" {
			t.Errorf("%s: %s", at, diff)
		}
	}
}

// TestAcme reads the example pair beside the repository. It is in order but for what stands here.
func TestAcme(t *testing.T) {
	t.Parallel()
	const folder = "../../../shared/examples/acme"
	if _, err := os.Stat(folder); err != nil {
		t.Skip("the example documents are not beside the repository")
	}
	fsys := os.DirFS(folder)
	model, err := ownership.Load(fsys, "ownership.yaml")
	if err != nil {
		t.Fatal(err)
	}
	policies, err := policy.Load(fsys, "policy.yaml")
	if err != nil {
		t.Fatal(err)
	}
	expected := []struct{ finding, why string }{
		{"warn ownership-unsigned ownership.yaml:3:11", "nobody has verified signatures over it, here or by the command line"},
		{"warn duty-unexercisable ownership.yaml:74:5", "security-office may except, and neither erin nor frank has a credential to sign an exception with"},
		{"warn evidence-unruled policy.yaml:10:5", "no rule is about tests, so the result of a failed test run satisfies it"},
		{"info no-end-to-end-owner ownership.yaml:3:11", "platform-security has a part in four controls, and no team in more"},
		{"info previous-unnamed ownership.yaml:3:11", "it is version 12 and has no metadata.previous"},
		{"info rotation-unscheduled ownership.yaml:48:5", "alice's token is a key since 2023 and has no rotateEvery; release-2026 has one, and is revoked"},
		{"info freshness-demanded policy.yaml:3:11", "the policy demands status data of 24 hours, which somebody has to sign and supply"},
	}
	var want []string
	for _, e := range expected {
		want = append(want, e.finding)
	}
	const at = "2026-11-21T18:00:00Z"
	if diff := cmp.Diff(want, lines(lint.Run(lint.Input{Ownership: model, Policies: policies, At: when(t, at)}))); diff != "" {
		t.Error(diff)
	}
	// In the new year the review, due 90 days after 2026-10-01, is overdue as well.
	want = slices.Insert(want, 1, "warn review-overdue ownership.yaml:3:11")
	if diff := cmp.Diff(want, lines(lint.Run(lint.Input{Ownership: model, Policies: policies, At: when(t, "2027-01-01T00:00:00Z")}))); diff != "" {
		t.Error(diff)
	}
}
