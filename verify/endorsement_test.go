package verify_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/surety-dev/surety/verify"
)

// TestFirstUse: of what nothing but itself vouches for the verdict warns, and of nothing else.
func TestFirstUse(t *testing.T) {
	t.Parallel()
	two, self, unknown := []string{"alice", "bob"}, "ownership-self-endorsed", "previous-unknown"
	before := govern(t)
	for _, row := range []struct {
		name    string
		signing endorsing
		warned  []string
	}{
		{"plain", endorsing{}, nil},
		{"a model on its own word", endorsing{by: two}, []string{self}},
		{"a model on its own word, where it must be signed", endorsing{by: two, policyBy: []string{"mallory"}, policy: replaced(t, basePolicy, "version: 4", "version: 1"), require: true}, []string{self}},
		{"a model after the one before", endorsing{model: next(t, before), by: two, previous: before}, nil},
		{"a takeover of the model", endorsing{model: govern(t, takeover...), by: []string{"mallory"}}, []string{self}},
		{"a policy that is the first", endorsing{policy: replaced(t, basePolicy, "version: 4", "version: 1"), policyBy: []string{"mallory"}}, nil},
		{"a policy that is not", endorsing{policyBy: []string{"mallory"}}, []string{unknown}},
		{"a policy that names one before", endorsing{policy: nextPolicy(t, basePolicy), policyBy: []string{"mallory"}}, []string{unknown}},
		{"a first policy that names one before", endorsing{policy: replaced(t, nextPolicy(t, basePolicy), "version: 5", "version: 1"), policyBy: []string{"mallory"}}, []string{unknown}},
		{"a policy after the one before", endorsing{policy: nextPolicy(t, basePolicy), policyBy: []string{"mallory"}, replaces: []string{basePolicy}}, nil},
		{"a policy beside the one before", endorsing{policy: replaced(t, nextPolicy(t, basePolicy), "2026-01-01", "2026-02-01"), policyBy: []string{"mallory"}, beside: []string{basePolicy}}, []string{unknown}}, // which anybody may have put there
		{"a policy that takes the name of another", endorsing{policy: replaced(t, basePolicy, "version: 4", "version: 99", "name: payments", "name: acme-baseline"), policyBy: []string{"mallory"}}, []string{unknown}},
		{"both", endorsing{by: two, policyBy: []string{"mallory"}}, []string{self, unknown}},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			v := row.signing.judge(t)
			want(t, v, "allow")
			if diff := cmp.Diff(row.warned, noted(v, verify.SeverityWarn)); diff != "" {
				t.Error(diff)
			}
		})
	}
	refused := endorsing{by: two[:1]}.judge(t)
	if w := noted(refused, verify.SeverityWarn); w != nil {
		t.Errorf("of a model that is not approved: %q", w)
	}
	v := endorsing{policyBy: []string{"mallory"}}.judge(t)
	for _, f := range v.Findings {
		if f.Code == verify.PreviousUnknown && (f.Position != "policy.json#payload:3:11" || f.Accountable.Team != "payments" || f.Mark != verify.MarkPolicy) {
			t.Errorf("%+v", f)
		}
	}
}

// TestForgottenEndorsements: a document out of an envelope makes no verifier without its endorsement.
func TestForgottenEndorsements(t *testing.T) {
	t.Parallel()
	two, hers := []string{"alice", "bob"}, []string{"mallory"}
	unsigned := func(t testing.TB, s endorsing) []verify.Endorsement { // of the same document, plain
		t.Helper()
		s.by, s.previous = nil, replaced(t, govern(t), "version: 12", "version: 11")
		_, _, endorsements, err := s.load(t)
		if err != nil {
			t.Fatal(err)
		}
		return endorsements[len(endorsements)-1:]
	}
	for _, row := range []struct {
		name    string
		signing endorsing
		given   func(t testing.TB, all []verify.Endorsement) []verify.Endorsement
		says    string
	}{
		{"none of a model", endorsing{by: two}, func(testing.TB, []verify.Endorsement) []verify.Endorsement { return nil }, "the ownership model acme version 12 was signed, and nothing says by whom"},
		{"none of a policy", endorsing{policyBy: hers}, func(testing.TB, []verify.Endorsement) []verify.Endorsement { return nil }, "policy payments version 4 was signed, and nothing says by whom"},
		{"the policy's alone", endorsing{by: two, policyBy: hers}, func(_ testing.TB, all []verify.Endorsement) []verify.Endorsement { return all[:1] }, "the ownership model acme"},
		{"the model's alone", endorsing{by: two, policyBy: hers}, func(_ testing.TB, all []verify.Endorsement) []verify.Endorsement { return all[1:] }, "policy payments"},
		{"that of the same model, plain", endorsing{by: two}, func(t testing.TB, _ []verify.Endorsement) []verify.Endorsement {
			return unsigned(t, endorsing{by: two})
		}, "the ownership model acme"},
		{"all", endorsing{by: two, policyBy: hers}, func(_ testing.TB, all []verify.Endorsement) []verify.Endorsement { return all }, ""},
		{"none of plain documents", endorsing{}, func(testing.TB, []verify.Endorsement) []verify.Endorsement { return nil }, ""},
	} {
		model, policies, all, err := row.signing.load(t)
		if err != nil {
			t.Fatal(err)
		}
		if model.Enveloped() != (row.signing.by != nil) || policies[0].Enveloped() != (row.signing.policyBy != nil) {
			t.Errorf("%s: enveloped %v, %v", row.name, model.Enveloped(), policies[0].Enveloped())
		}
		_, err = verify.New(model, policies, verify.Config{Endorsements: row.given(t, all)})
		var wrong *verify.ConfigError
		if row.says == "" && err != nil || row.says != "" && (!errors.As(err, &wrong) || !strings.HasPrefix(err.Error(), row.says)) {
			t.Errorf("%s: %v, want %s", row.name, err, row.says)
		}
	}
	// a file that is only called like a payload is a plain one
	fsys := fstest.MapFS{"p.json": file(verify.PolicyPayloadType, basePolicy, hers, nil), "p.json#payload": {Data: []byte(basePolicy)}}
	policies, endorsements, err := verify.LoadPolicies(fsys, "p.json#payload", nil)
	if err != nil || policies[0].Enveloped() || endorsements[0].Signed() {
		t.Errorf("%v, %v", endorsements, err)
	}
}

// TestUnapprovedIsBrief: however many teams and scopes a document concerns, and however long their names, what
// is lacking is told in a few lines; and a policy nobody known signed asks after nobody.
func TestUnapprovedIsBrief(t *testing.T) {
	t.Parallel()
	var teams, controls, scopes strings.Builder
	for i := range 300 {
		fmt.Fprintf(&teams, "  - {id: unit-%d, members: [{person: erin}]}\n", i)
		fmt.Fprintf(&controls, "  - {control: release-policy, artifacts: [\"pkg:generic/unit-%d/**\"], accountable: unit-%d}\n", i, i)
		fmt.Fprintf(&scopes, ", \"pkg:npm/%s%d\"", strings.Repeat("x", 4000), i)
	}
	model := govern(t, "  - {id: security, members", teams.String()+"  - {id: security, members", "  - {control: enforcement,", controls.String()+"  - {control: enforcement,")
	wide := replaced(t, basePolicy, `"pkg:generic/payments/**"`, `"pkg:generic/**"`+scopes.String())
	at, _ := time.Parse(time.RFC3339, baseAt)
	for by, says := range map[string]string{"mallory": "and 285 more teams have not signed it", "nobody": "nobody the ownership model knows has signed it"} {
		_, _, list, err := endorsing{model: model, policy: wide, policyBy: []string{by}}.load(t)
		if err != nil {
			t.Fatal(err)
		}
		text := list[0].Err(at).Error()
		if len(text) > 6000 || !strings.Contains(text, says) {
			t.Errorf("signed by %s: %d bytes: %.9000s", by, len(text), text)
		}
		if n := len(list[0].Quorums(at)); n != 602 { // of 301 scopes, 300 units and payments
			t.Errorf("signed by %s: %d quorums", by, n)
		}
	}
}

// TestApprovalIsNoWork: who answers for the scopes of a signed policy is found when it is loaded, and requests do
// not pay for it, however many entries the model has.
func TestApprovalIsNoWork(t *testing.T) { // not parallel: it counts allocations
	var controls, scopes strings.Builder
	for i := range 2000 {
		fmt.Fprintf(&controls, "  - {control: release-policy, artifacts: [\"pkg:generic/team%d/**\"], accountable: payments}\n", i)
	}
	for i := range 100 {
		fmt.Fprintf(&scopes, ", \"pkg:generic/team%d/**\"", i)
	}
	s := endorsing{
		model:  govern(t, "  - {control: enforcement,", controls.String()+"  - {control: enforcement,"),
		policy: replaced(t, basePolicy, `"pkg:generic/payments/**"`, `"pkg:generic/payments/**"`+scopes.String()),
	}
	cost := func(by []string) (allocations float64) {
		s.policyBy = by
		model, policies, endorsements, err := s.load(t)
		if err != nil {
			t.Fatal(err)
		}
		v, err := verify.New(model, policies, s.config(endorsements))
		if err != nil {
			t.Fatal(err)
		}
		request := scene{}.request(t, provenance("pipeline"))
		return testing.AllocsPerRun(3, func() {
			if verdict, err := v.Verify(context.Background(), request); err != nil || !verdict.Admits() {
				t.Errorf("%s, %v", verdict.Decision, err)
			}
		})
	}
	if plain, signed := cost(nil), cost([]string{"mallory"}); signed > plain+1000 { // some for each of 101 scopes
		t.Errorf("%.0f allocations by a plain policy, %.0f by a signed one", plain, signed)
	} else {
		t.Logf("%.0f allocations by a plain policy, %.0f by a signed one", plain, signed)
	}
}
