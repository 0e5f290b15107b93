package attest_test

import (
	"errors"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/surety-dev/surety/attest"
)

// views are all views, with how each is asked for.
var views = []struct {
	view   attest.View
	decode func(*attest.Statement) (any, error)
}{
	{attest.ViewProvenance, asked((*attest.Statement).Provenance)},
	{attest.ViewSummary, asked((*attest.Statement).Summary)},
	{attest.ViewTest, asked((*attest.Statement).TestResult)},
	{attest.ViewRelease, asked((*attest.Statement).Release)},
	{attest.ViewVulnerabilities, asked((*attest.Statement).Vulnerabilities)},
	{attest.ViewSCAI, asked((*attest.Statement).SCAI)},
	{attest.ViewLink, asked((*attest.Statement).Link)},
	{attest.ViewTrace, asked((*attest.Statement).Trace)},
	{attest.ViewSource, asked((*attest.Statement).SourceProvenance)},
	{attest.ViewPublish, asked((*attest.Statement).Publish)},
	{attest.ViewSBOM, asked((*attest.Statement).SBOM)},
	{attest.ViewApproval, asked((*attest.Statement).Approval)},
	{attest.ViewException, asked((*attest.Statement).Exception)},
	{attest.ViewRevocation, asked((*attest.Statement).Revocation)},
	{attest.ViewDrill, asked((*attest.Statement).Drill)},
	{attest.ViewChange, asked((*attest.Statement).ChangeApproval)},
	{attest.ViewReviews, asked((*attest.Statement).Reviews)},
}

// asked gives nil, rather than a nil pointer, for no view.
func asked[T any](decode func(*attest.Statement) (*T, error)) func(*attest.Statement) (any, error) {
	return func(st *attest.Statement) (any, error) {
		v, err := decode(st)
		if v == nil {
			return nil, err
		}
		return v, err
	}
}

// decoded asks a statement for every view: the one of its type answers, the others do not.
func decoded(t *testing.T, st *attest.Statement) (any, error) {
	t.Helper()
	var view any
	var err error
	for _, v := range views {
		got, e := v.decode(st)
		if v.view == attest.ViewOf(st.PredicateType) {
			view, err = got, e
		} else if got != nil || e != nil {
			t.Errorf("%s has no view %s, and gives %v, %v", st.PredicateType, v.view, got, e)
		}
	}
	return view, err
}

func TestViews(t *testing.T) {
	t.Parallel()
	for _, row := range samples() {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			got, err := decoded(t, statementOf(t, row.predicateType, row.predicate))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(row.want, got); diff != "" {
				t.Error(diff)
			}
			if got, err := decoded(t, &attest.Statement{PredicateType: row.predicateType, Predicate: attest.Raw(row.predicate)}); err != nil || !cmp.Equal(row.want, got) {
				t.Errorf("a caller's own statement: %v, %v", got, err)
			}
		})
	}
}

// TestViewTypes: every type of the table has a sample, no type has two views, and a type that only looks
// like one has none.
func TestViewTypes(t *testing.T) {
	t.Parallel()
	sampled := map[string]bool{}
	for _, row := range samples() {
		sampled[row.predicateType] = true
	}
	seen := map[string]attest.View{}
	for _, v := range views {
		types := attest.PredicateTypes(v.view)
		if len(types) == 0 {
			t.Errorf("no type has the view %s", v.view)
		}
		for _, predicateType := range types {
			if seen[predicateType] != "" || attest.ViewOf(predicateType) != v.view || !attest.HasView(predicateType) {
				t.Errorf("%s has the views %q and %q", predicateType, seen[predicateType], v.view)
			}
			seen[predicateType] = v.view
			if !sampled[predicateType] && v.view != attest.ViewProvenance {
				t.Errorf("%s has no sample", predicateType)
			}
			for _, other := range []string{predicateType + "/", predicateType + ".", strings.ToUpper(predicateType), " " + predicateType} {
				if attest.HasView(other) {
					t.Errorf("%s has a view", other)
				}
			}
		}
	}
	if attest.PredicateTypes("x") != nil || attest.PredicateTypes("") != nil || attest.ViewOf("") != "" {
		t.Error("what is no view has predicate types")
	}
}

// TestViewOnce: a view is decoded once, whoever asks first, and so is its error.
func TestViewOnce(t *testing.T) {
	t.Parallel()
	st := statementOf(t, "https://in-toto.io/attestation/release/v0.2", `{"purl":"pkg:npm/x@1"}`)
	bad := statementOf(t, "https://in-toto.io/attestation/release/v0.2", `{"purl":1}`)
	releases, errs := make([]*attest.Release, 16), make([]error, 16)
	var wg sync.WaitGroup
	for i := range releases {
		wg.Go(func() {
			releases[i], _ = st.Release()
			_, errs[i] = bad.Release()
		})
	}
	wg.Wait()
	for i := range releases {
		if releases[i] == nil || releases[i] != releases[0] || errs[i] == nil || errs[i] != errs[0] {
			t.Fatal("decoded more than once")
		}
	}
}

// TestViewLimit: a list of a view may have many entries, not any number.
func TestViewLimit(t *testing.T) {
	t.Parallel()
	const tests = "https://in-toto.io/attestation/test-result/v0.1"
	list := func(entry string, n int) string { return strings.TrimSuffix(strings.Repeat(entry+",", n), ",") }
	for _, row := range []struct {
		limit         string
		most          int
		predicateType string
		predicate     func(n int) string
	}{
		{"texts", attest.MaxTexts, tests, func(n int) string {
			return `{"result":"PASSED","configuration":[],"passedTests":[` + list(`""`, n) + `]}`
		}},
		{"objects", attest.MaxObjects, tests, func(n int) string { return `{"result":"PASSED","configuration":[` + list("{}", n) + `]}` }},
		{"objects", attest.MaxObjects, "https://slsa.dev/verification_summary/v1", func(n int) string {
			levels := make([]string, n)
			for i := range levels {
				levels[i] = `"L` + strconv.Itoa(i) + `":0`
			}
			return `{"verifier":{"id":"v"},"resourceUri":"r","verificationResult":"PASSED","dependencyLevels":{` + strings.Join(levels, ",") + `}}`
		}},
		{"texts", attest.MaxTexts, attest.ExceptionType, func(n int) string {
			rules := make([]string, n)
			for i := range rules {
				rules[i] = `"r` + strconv.Itoa(i) + `"`
			}
			return `{"policy":"p","rules":[` + strings.Join(rules, ",") + `],"artifact":"a","reason":"r","validFrom":"2026-01-02T03:04:05Z","validUntil":"2026-01-03T03:04:05Z","requestedBy":"b","reviewDue":"2026-01-04T03:04:05Z"}`
		}},
		{"revocations", attest.MaxRevocations, attest.RevocationType, func(n int) string {
			return `{"number":1,"issuedAt":"2026-01-02T03:04:05Z","nextUpdate":"2026-01-03T03:04:05Z","entries":[` + list(`{"credential":"c","reason":"superseded","from":"2026-01-02T03:04:05Z"}`, n) + `]}`
		}},
		{"texts", attest.MaxTexts, pullApproved, func(n int) string {
			return `{"targetRef":"r","fromRevisionID":"` + commit + `","targetTreeID":"` + commit + `","approvers":[` + list(`"a"`, n) + `]}`
		}},
		{"objects", attest.MaxObjects, attest.ReviewsType, func(n int) string {
			return `{"repository":"https://github.com/a/b","pull_request":{"number":1,"user":null,"head":{"sha":"` + commit + `"}},"reviews":[` + list(`{"user":null,"state":"PENDING","commit_id":null}`, n) + `]}`
		}},
	} {
		for n, ok := range map[int]bool{row.most: true, row.most + 1: false} {
			v, err := decoded(t, &attest.Statement{PredicateType: row.predicateType, Predicate: attest.Raw(row.predicate(n))})
			var limit *attest.LimitError
			if ok != (err == nil) || ok != (v != nil) || !ok && (!errors.As(err, &limit) || limit.Limit != row.limit) {
				t.Errorf("%s, %d: %v", row.limit, n, err)
			}
		}
	}
}

// TestSBOMBuildsNothing: what the head of a bill of materials takes does not grow with it.
func TestSBOMBuildsNothing(t *testing.T) {
	for _, form := range []struct{ predicateType, head, list string }{
		{"https://cyclonedx.org/bom", `{"bomFormat":"CycloneDX","specVersion":"1.6"`, "components"},
		{"https://spdx.dev/Document", `{"spdxVersion":"SPDX-2.3","name":"n"`, "packages"},
	} {
		text := form.head + `,"` + form.list + `":[` + strings.TrimSuffix(strings.Repeat(`{"name":"x","hashes":[{"alg":"SHA-1"}]},`, 5000), ",") + `]}`
		allocs := testing.AllocsPerRun(5, func() {
			v, err := (&attest.Statement{PredicateType: form.predicateType, Predicate: attest.Raw(text)}).SBOM()
			if err != nil || v.Components != 5000 {
				t.Fatal(v, err)
			}
		})
		if allocs > 50 {
			t.Errorf("%s: %v allocations for 5000 entries", form.predicateType, allocs)
		}
	}
}
