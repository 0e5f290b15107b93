package baseline_test

import (
	"cmp"
	"context"
	"crypto/sha256"
	"flag"
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/surety-dev/surety/internal/page"
	"github.com/surety-dev/surety/policy"
	"github.com/surety-dev/surety/policy/baseline"
	"github.com/surety-dev/surety/policy/policytest"
	"github.com/surety-dev/surety/verify/framework"
	"github.com/surety-dev/surety/verify/lint"
)

var update = flag.Bool("update", false, "write the page")

// spec is a rule as the baseline has it.
type spec struct {
	For          string
	Requirements []string
	Params       map[string]struct {
		Of      string
		Default any
		Least   int
	}
	Evidence struct {
		PredicateTypes []string `yaml:"predicateTypes"`
		Duty           string
	}
	Rule struct {
		ID, About, Control, Severity, Expression, Message, Remedy string
		Frameworks                                                []string
	}
}

func specs(t *testing.T) []spec {
	t.Helper()
	data, ok := baseline.Rules(baseline.V1)
	if !ok {
		t.Fatal("there is no baseline")
	}
	var document struct{ Rules []spec }
	if err := yaml.Unmarshal(data, &document); err != nil {
		t.Fatal(err)
	}
	if len(document.Rules) < 15 {
		t.Fatalf("only %d rules", len(document.Rules))
	}
	return document.Rules
}

// TestRules runs the cases of the rules through verify: each rule has one that is allowed because it passes, and
// is refused, broken, because it fails. So has each whole policy.
func TestRules(t *testing.T) {
	t.Parallel()
	untested := map[string]bool{}
	for _, s := range specs(t) {
		untested["testdata/"+s.Rule.ID+".txtar"] = true
	}
	for _, name := range baseline.Policies() {
		untested["testdata/whole/"+name+".txtar"] = true
	}
	cases, err := policytest.Load(os.DirFS("."))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		if !untested[c.File()] {
			t.Errorf("%s: it is the case of nothing", c.File())
		}
		delete(untested, c.File())
		result := c.Run(context.Background(), policytest.Config{})
		if len(result.Trials) < 2 {
			t.Errorf("%s: nothing breaks it", c.File())
		}
		for n, trial := range result.Trials {
			if !trial.Passed() || trial.Verdict.Admits() != (n == 0) {
				t.Errorf("%s: %s: %v %q", c.File(), trial.Name, trial.Err, trial.Explain())
				continue
			}
			if strings.HasPrefix(c.File(), "testdata/whole/") {
				continue
			}
			wanted := policy.Failed
			if n == 0 {
				wanted = policy.Passed
			}
			rules := trial.Verdict.Rules
			if len(rules) != 1 || "testdata/"+rules[0].ID+".txtar" != c.File() || rules[0].Outcome != wanted || !strings.HasPrefix(rules[0].Position, "surety/v1:") {
				t.Errorf("%s: %s: %+v", c.File(), trial.Name, rules)
			}
		}
	}
	if len(untested) > 0 {
		t.Errorf("without a case: %v", slices.Sorted(maps.Keys(untested)))
	}
}

// frameworks are those that a whole policy maps to.
var frameworks = []string{"slsa-1.2", "nist-ssdf-1.1", "nist-csf-2.0", "owasp-nhi-2025"}

// TestRulesAreComplete: each rule says what it is for, about which requirements, what to do, and to what it maps; and
// the whole policies map to each of four frameworks.
func TestRulesAreComplete(t *testing.T) {
	t.Parallel()
	byID := map[string]spec{}
	requirement := regexp.MustCompile(`^R[0-9]+$`)
	for _, s := range specs(t) {
		byID[s.Rule.ID] = s
		if s.For == "" || s.Rule.Message == "" || s.Rule.Remedy == "" || len(s.Requirements) == 0 || len(s.Rule.Frameworks) == 0 {
			t.Errorf("%s: something is missing: %+v", s.Rule.ID, s)
		}
		for _, r := range s.Requirements {
			if n, err := strconv.Atoi(r[1:]); !requirement.MatchString(r) || err != nil || n < 21 || n > 58 {
				t.Errorf("%s: requirement %s", s.Rule.ID, r)
			}
		}
		for _, f := range s.Rule.Frameworks {
			if _, ok := framework.Lookup(f); !ok {
				t.Errorf("%s: framework %s", s.Rule.ID, f)
			}
		}
	}
	for _, name := range baseline.Policies() {
		covered := map[string]bool{}
		for _, id := range rulesOf(t, name) {
			for _, f := range byID[id].Rule.Frameworks {
				slug, _, _ := strings.Cut(f, ":")
				covered[slug] = true
			}
		}
		for _, f := range frameworks {
			if !covered[f] {
				t.Errorf("policy %s maps to nothing of %s", name, f)
			}
		}
	}
}

// rulesOf gives the rules that a whole policy includes.
func rulesOf(t *testing.T, name string) []string {
	t.Helper()
	data, ok := baseline.Policy(name)
	if !ok {
		t.Fatalf("no policy %s", name)
	}
	var document struct{ Include []struct{ Rules []string } }
	if err := yaml.Unmarshal(data, &document); err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, in := range document.Include {
		ids = append(ids, in.Rules...)
	}
	return ids
}

// TestRulesAreSound: lint warns of none of the rules, in one policy that includes all of them.
func TestRulesAreSound(t *testing.T) {
	t.Parallel()
	text := "apiVersion: surety.dev/v1alpha1\nkind: Policy\nmetadata: {name: all, version: 1, effectiveFrom: 2026-01-01T00:00:00Z}\nartifacts: [\"pkg:generic/example/**\"]\n" +
		"params: {builders: [b], buildTypes: [b], repositories: [r], approvers: a, verifiers: [v]}\n" +
		"evidence:\n  - {name: provenance, predicateTypes: [\"https://slsa.dev/provenance/v1\"], duty: build}\n"
	declared := map[string]bool{}
	var ids []string
	for _, s := range specs(t) {
		ids = append(ids, s.Rule.ID)
		if e := s.Evidence; e.Duty != "" && !declared[s.Rule.About] {
			declared[s.Rule.About] = true
			text += fmt.Sprintf("  - {name: %s, predicateTypes: [%q], duty: %s}\n", s.Rule.About, e.PredicateTypes[0], e.Duty)
		}
	}
	text += "include: [{baseline: surety/v1, rules: [" + strings.Join(ids, ", ") + "]}]\n"
	policies, err := policy.Load(fstest.MapFS{"policy.yaml": {Data: []byte(text)}}, "policy.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range lint.Run(lint.Input{At: time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC), Policies: policies}).Findings {
		t.Errorf("%s %s: %s", f.Code, f.Position, f.Message)
	}
}

// TestReleased: a baseline that was released does not change. A rule that must change does so in another version.
func TestReleased(t *testing.T) {
	t.Parallel()
	data, _ := baseline.Rules(baseline.V1)
	if got := fmt.Sprintf("%x", sha256.Sum256(data)); got != released {
		t.Errorf("the rules of %s have the digest %s, and were released with %s", baseline.V1, got, released)
	}
	if _, ok := baseline.Rules("surety/v0"); ok {
		t.Error("there is a baseline surety/v0")
	}
	if _, ok := baseline.Policy("rules"); ok {
		t.Error("there is a policy called rules")
	}
}

// released is the digest of the rules of baseline surety/v1.
const released = "072a4381505a0b41c5bfb04208dc319c1c05f7616439f3e043ccdb64ada5931a"

// TestPage generates docs/baseline.md.
func TestPage(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	b.WriteString("\n## The rules of " + baseline.V1 + "\n")
	for _, s := range specs(t) {
		about := "the release"
		if s.Rule.About != "" {
			about = "evidence `" + s.Rule.About + "`"
		}
		fmt.Fprintf(&b, "\n### `%s`\n\n%s About %s; control `%s`, severity `%s`; requirements %s.\n\n```cel\n%s\n```\n\n", s.Rule.ID, s.For, about,
			cmp.Or(s.Rule.Control, "release-policy"), cmp.Or(s.Rule.Severity, "deny"), strings.Join(s.Requirements, ", "), s.Rule.Expression)
		for _, name := range slices.Sorted(maps.Keys(s.Params)) {
			p := s.Params[name]
			preset := "required"
			if p.Default != nil {
				preset = fmt.Sprintf("default `%v`", p.Default)
			}
			fmt.Fprintf(&b, "- `params.%s` (%s): %s\n", name, preset, p.Of)
		}
		if s.Evidence.Duty != "" {
			fmt.Fprintf(&b, "- evidence `%s` usually is: duty `%s`, `%s`\n", s.Rule.About, s.Evidence.Duty, strings.Join(s.Evidence.PredicateTypes, "` or `"))
		}
		fmt.Fprintf(&b, "- where it fails: %s. Remedy: %s.\n- frameworks: `%s`\n", s.Rule.Message, s.Rule.Remedy, strings.Join(s.Rule.Frameworks, "`, `"))
	}
	b.WriteString("\n## The whole policies\n\n| rule | " + strings.Join(baseline.Policies(), " | ") + " |\n|---" + strings.Repeat("|---", len(baseline.Policies())) + "|\n")
	for _, s := range specs(t) {
		b.WriteString("| `" + s.Rule.ID + "` |")
		for _, name := range baseline.Policies() {
			mark := ""
			if slices.Contains(rulesOf(t, name), s.Rule.ID) {
				mark = "x"
			}
			b.WriteString(" " + mark + " |")
		}
		b.WriteString("\n")
	}
	b.WriteString("\n| framework | " + strings.Join(baseline.Policies(), " | ") + " |\n|---" + strings.Repeat("|---", len(baseline.Policies())) + "|\n")
	for _, f := range frameworks {
		b.WriteString("| `" + f + "` |")
		for _, name := range baseline.Policies() {
			var ids []string
			for _, s := range specs(t) {
				for _, id := range s.Rule.Frameworks {
					if rest, ok := strings.CutPrefix(id, f+":"); ok && slices.Contains(rulesOf(t, name), s.Rule.ID) && !slices.Contains(ids, rest) {
						ids = append(ids, rest)
					}
				}
			}
			slices.Sort(ids)
			b.WriteString(" " + strings.Join(ids, ", ") + " |")
		}
		b.WriteString("\n")
	}
	for _, name := range baseline.Policies() {
		data, _ := baseline.Policy(name)
		fmt.Fprintf(&b, "\n### %s\n\n```yaml\n%s```\n", name, data)
	}
	page.Generated(t, "../../docs/baseline.md", b.String()+"\n", *update)
}
