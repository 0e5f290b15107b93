package lint_test

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/surety-dev/surety/internal/fixture"
	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/verify"
	"github.com/surety-dev/surety/verify/lint"
)

// A test for each of the requirements R1 to R37, and R49, that the model alone shows, named after it. The others are
// proved where they are answered:
//
//	R17, R18, R19       ownership/who_test.go: who could sign, who could revoke, who had to block. Here, what
//	                    follows for the model: a grant nobody can use, a credential nobody can revoke, an
//	                    environment nobody blocks.
//	R21 to R24          package verify: the state of the credential that signed
//	R28, its first half package verify: a signature out of the grant's scope
//	R30, R31, R32, R34  package verify: departure, change of role, trusted time, fresh status data
//	R35, its first half package verify: an identity outside the registry

// requires proves a requirement. The codes are all those whose checks say they are about it; each row that
// breaks the clean pair for one of them gives its one finding, with severity, position and who answers, and
// the pair repaired gives none.
func requires(t *testing.T, requirement string, codes ...string) {
	t.Helper()
	var about []string
	for _, c := range lint.Checks() {
		if slices.Contains(c.Requirements, requirement) {
			about = append(about, string(c.Code))
		}
	}
	if slices.Sort(codes); !cmp.Equal(slices.Sorted(slices.Values(about)), codes) {
		t.Errorf("checks about %s: %q, want %q", requirement, about, codes)
	}
	for _, code := range codes {
		tried := false
		for _, tt := range rows() {
			if tt.code == code {
				tried = true
				t.Run(code+"/"+tt.name, tt.holds)
			}
		}
		if !tried {
			t.Errorf("nothing is broken that gives %s", code)
		}
	}
	if repaired := lines((row{}).run(t, cleanModel, cleanPolicy)); len(repaired) > 0 {
		t.Errorf("repaired: %q", repaired)
	}
}

// brokenModel lints the clean model with texts replaced and gives the findings with a code.
func brokenModel(t *testing.T, code string, texts ...string) []lint.Finding {
	t.Helper()
	r := row{old: texts[0], new: texts[1], also: texts[2:]}
	model, rules := r.replaced(t)
	return slices.DeleteFunc(r.run(t, model, rules).Findings, func(f lint.Finding) bool { return string(f.Code) != code })
}

// refused gives why the clean model with a text replaced does not load.
func refused(t *testing.T, old, text string) string {
	t.Helper()
	if strings.Count(cleanModel, old) != 1 {
		t.Fatalf("%q does not stand in the model once", old)
	}
	_, err := ownership.Load(fstest.MapFS{"ownership.yaml": {Data: []byte(fixture.Expand(strings.Replace(cleanModel, old, text, 1)))}, "root.json": {Data: []byte("{}")}}, "ownership.yaml")
	if err == nil {
		t.Fatalf("it loads with %q", text)
	}
	return err.Error()
}

// withoutControl takes each of the controls away and wants its absence found.
func withoutControl(t *testing.T, controls ...ownership.Control) {
	t.Helper()
	for _, c := range controls {
		i := strings.Index(cleanModel, "  - {control: "+c.String()+",")
		entry := cleanModel[i : i+strings.Index(cleanModel[i:], "\n")+1]
		found := brokenModel(t, "control-missing", entry, "")
		answers := "approvers" // the owner of the release policy
		if c == ownership.ReleasePolicy {
			answers = ""
		}
		if len(found) != 1 || found[0].Severity != verify.SeverityDeny || found[0].Position != "ownership.yaml:3:11" || found[0].Accountable.Team != answers ||
			found[0].Message != "nobody is named for "+c.String()+" of any artifact" {
			t.Errorf("without %s: %+v", c, found)
		}
	}
}

func TestR1(t *testing.T) {
	t.Parallel()
	requires(t, "R1", "control-missing", "control-unowned", "credential-unowned")
	withoutControl(t, ownership.PublisherIdentity, ownership.CertificateIssuance, ownership.KeyLifecycle)
}

// TestR2: key ownership, release policy, enforcement, review and audit.
func TestR2(t *testing.T) {
	t.Parallel()
	requires(t, "R2", "control-missing", "credential-unowned", "enforcement-unowned")
	withoutControl(t, ownership.KeyLifecycle, ownership.ReleasePolicy, ownership.Enforcement, ownership.ReviewAudit)
}

// TestR3: publisher identity, certificate issuance, release governance, security operations.
func TestR3(t *testing.T) {
	t.Parallel()
	requires(t, "R3", "control-missing", "root-unowned", "root-unrestricted")
	withoutControl(t, ownership.PublisherIdentity, ownership.CertificateIssuance, ownership.ReleasePolicy, ownership.Monitoring)
}

// TestR4: who owns the policy, who executes it, who is paged: all three in the finding.
func TestR4(t *testing.T) {
	t.Parallel()
	requires(t, "R4", "owner-stale", "raci-no-responsible", "control-unpaged", "escalation-broken")
	found := brokenModel(t, "rotation-unscheduled", "rotateEvery: 365d, ", "", `key-lifecycle, artifacts: ["**"], accountable: security, responsible: [security], page: security`,
		`key-lifecycle, artifacts: ["**"], accountable: security, responsible: [audit], page: office`)
	want := verify.Answer{
		Team: "security", Page: "pager:security", Escalation: []string{"office"}, Responsible: []string{"audit"},
		Paged: verify.Paged{Team: "office", Page: "pager:office"}, Runbook: "https://runbooks.acme.test/3",
	}
	if len(found) != 1 || !cmp.Equal(found[0].Accountable, want) {
		t.Errorf("%+v, want the answer %+v", found, want)
	}
}

// TestR5: the escalation exists, resolves, is acyclic and ends at a team with somebody in it.
func TestR5(t *testing.T) {
	t.Parallel()
	requires(t, "R5", "escalation-broken")
	for old, text := range map[string]string{"escalation: [security]}": "escalation: [securty]}", `{page: "pager:office"}}`: `{page: "pager:office"}, escalation: [security]}`} {
		if why := refused(t, old, text); !strings.Contains(why, `nothing is called "securty"`) && !strings.Contains(why, "the escalation goes in a circle") {
			t.Errorf("%s: %s", text, why)
		}
	}
}

func TestR6(t *testing.T) {
	t.Parallel()
	requires(t, "R6", "raci-multiple-accountable", "raci-no-responsible", "control-unowned")
	// A tie is said once, and with an entry that names nobody it is that which is said.
	both := brokenModel(t, "control-unowned", monitoring, monitoring+`  - {control: monitoring, artifacts: ["**"], responsible: [security], page: security, runbook: "x"}`+"\n")
	if len(both) != 1 || both[0].Position != "ownership.yaml:61:5" || both[0].Message != "monitoring of ** has no accountable team" {
		t.Errorf("%+v", both)
	}
}

// TestR7: a gap for each activity.
func TestR7(t *testing.T) {
	t.Parallel()
	requires(t, "R7", "activity-unowned", "nobody-can-revoke")
	for c := ownership.PublisherIdentity; c <= ownership.Monitoring; c++ {
		i := strings.Index(cleanModel, "  - {control: "+c.String()+",")
		entry := cleanModel[i : i+strings.Index(cleanModel[i:], "\n")+1]
		activities := ownership.Activities(c)
		for _, left := range activities {
			var named []string
			for _, a := range activities {
				team := "security"
				if a == left {
					if team = "emptied"; len(activities) > 1 {
						continue
					}
				}
				named = append(named, string(a)+": "+team)
			}
			found := brokenModel(t, "activity-unowned", entry, strings.TrimSuffix(entry, "}\n")+", activities: {"+strings.Join(named, ", ")+"}}\n")
			if len(found) != 1 || found[0].Accountable.Team != "approvers" || !strings.Contains(found[0].Message, " to "+string(left)+", an activity of "+c.String()+" of **") {
				t.Errorf("%s without %s: %+v", c, left, found)
			}
		}
	}
}

func TestR8(t *testing.T) {
	t.Parallel()
	requires(t, "R8", "owner-cannot-enforce")
}

// TestR9: accountability is a team's, not a person's, at that time, and reviewed.
func TestR9(t *testing.T) {
	t.Parallel()
	requires(t, "R9", "owner-stale", "review-overdue", "review-unscheduled", "control-unowned")
	if why := refused(t, `monitoring, artifacts: ["**"], accountable: security`, `monitoring, artifacts: ["**"], accountable: erin`); !strings.Contains(why, `"erin" is a person: expected the id of a team`) {
		t.Error(why)
	}
}

// TestR10: who could have prevented it answers too, the most upstream first.
func TestR10(t *testing.T) {
	t.Parallel()
	found := brokenModel(t, "fail-open", "onFailure: closed, ", "")
	want := []verify.UpstreamAnswer{
		{Control: "publisher-identity", Team: "security"}, {Control: "certificate-issuance", Team: "security"}, {Control: "key-lifecycle", Team: "security"},
		{Control: "review-audit", Team: "approvers"}, {Control: "release-policy", Team: "approvers"},
	}
	if len(found) != 1 || !cmp.Equal(found[0].AlsoAnswer, want) {
		t.Errorf("%+v", found)
	}
	first := brokenModel(t, "workload-unowned", "{id: tests, owner: security,", "{id: tests,")
	if len(first) != 1 || first[0].AlsoAnswer != nil {
		t.Errorf("nothing is upstream of the publisher's identity: %+v", first)
	}
}

// TestR11: keys, pipelines and deployment each have an owner; a missing one is a gap, and nobody else's.
func TestR11(t *testing.T) {
	t.Parallel()
	requires(t, "R11", "credential-unowned", "workload-unowned", "enforcement-unowned")
}

// TestR12: a unit that releases on its own and did not accept the central certificate authority.
func TestR12(t *testing.T) {
	t.Parallel()
	requires(t, "R12", "owner-assumed")
	const central = `  - {control: certificate-issuance, artifacts: ["**"], accountable: security, responsible: [security], page: security, runbook: "https://runbooks.acme.test/2"`
	own := releasing + `  - {control: release-policy, artifacts: ["pkg:generic/payments/**"], accountable: approvers, responsible: [approvers], informed: [security], page: approvers, runbook: "x"}` + "\n"
	about := func(f lint.Finding) bool { return f.Subject == "control certificate-issuance of **, team approvers" }
	assumed := brokenModel(t, "owner-assumed", releasing, own)
	if i := slices.IndexFunc(assumed, about); len(assumed) != 5 || i < 0 || assumed[i].Severity != verify.SeverityWarn || assumed[i].Accountable.Team != "security" || assumed[i].Control != "certificate-issuance" ||
		assumed[i].Position != "ownership.yaml:55:5" {
		t.Errorf("%+v, want one about certificate issuance, and one for each other control of the security team", assumed)
	}
	if accepted := brokenModel(t, "owner-assumed", releasing, own, central, central+", acceptedBy: [{team: approvers, at: 2026-02-01T00:00:00Z}]"); len(accepted) != 4 || slices.ContainsFunc(accepted, about) {
		t.Errorf("accepted: %+v", accepted)
	}
	narrow := strings.Replace(strings.Replace(central, `"**"`, `"pkg:generic/payments/**"`, 1), "accountable: security", "accountable: approvers", 1) + "}\n"
	if named := brokenModel(t, "owner-assumed", releasing, own, central+"}\n", central+"}\n"+narrow); len(named) != 4 || slices.ContainsFunc(named, about) {
		t.Errorf("with an owner of its own: %+v", named)
	}
}

func TestR13(t *testing.T) {
	t.Parallel()
	requires(t, "R13", "no-end-to-end-owner", "separation-violated")
}

func TestR14(t *testing.T) {
	t.Parallel()
	requires(t, "R14", "vendor-unowned", "vendor-expired", "vendor-unenforceable", "vendor-without-deadline")
}

func TestR15(t *testing.T) {
	t.Parallel()
	requires(t, "R15", "contractor-unsponsored", "contractor-open-ended", "contractor-expired", "contractor-sole-approver")
}

func TestR16(t *testing.T) {
	t.Parallel()
	requires(t, "R16", "runbook-missing")
}

// TestR17: what the answer of `who` means for the model.
func TestR17(t *testing.T) {
	t.Parallel()
	requires(t, "R17", "grant-to-nobody", "duty-unexercisable")
}

// TestR18: what the answer of `who` means for the model.
func TestR18(t *testing.T) {
	t.Parallel()
	requires(t, "R18", "nobody-can-revoke")
}

// TestR19: what the answer of `who` means for the model and the policies.
func TestR19(t *testing.T) {
	t.Parallel()
	requires(t, "R19", "nobody-blocks", "environment-unguarded")
}

// TestR20: the document is owned, versioned, signed, reviewed, in force.
func TestR20(t *testing.T) {
	t.Parallel()
	requires(t, "R20", "ownership-not-in-force", "ownership-unsigned", "previous-unnamed", "quorum-unreachable", "review-overdue", "review-unscheduled")
	first := brokenModel(t, "previous-unnamed", "version: 12, ", "version: 1, ", cleanPrevious, "")
	if len(first) != 0 {
		t.Errorf("the first version has none before it: %+v", first)
	}
}

func TestR25(t *testing.T) {
	t.Parallel()
	requires(t, "R25", "rotation-overdue", "rotation-unscheduled", "credential-long-lived")
}

func TestR26(t *testing.T) {
	t.Parallel()
	requires(t, "R26", "credential-shared")
}

func TestR27(t *testing.T) {
	t.Parallel()
	requires(t, "R27", "credential-inherited", "runner-shared", "runner-contradicted", "runner-unproven")
}

// TestR28: valid and over-privileged; out of scope is the verdict's.
func TestR28(t *testing.T) {
	t.Parallel()
	requires(t, "R28", "grant-too-wide", "grant-any-predicate", "subject-anybody")
}

func TestR29(t *testing.T) {
	t.Parallel()
	requires(t, "R29", "offboarding-lag", "contractor-expired", "vendor-expired", "grant-to-nobody", "workload-unoperated")
}

func TestR33(t *testing.T) {
	t.Parallel()
	requires(t, "R33", "revocation-latency")
}

// TestR35: who may be believed about whom, and who answers for it; a misissued certificate is the verdict's.
func TestR35(t *testing.T) {
	t.Parallel()
	requires(t, "R35", "root-unrestricted", "root-unowned", "issuer-unlisted")
}

func TestR36(t *testing.T) {
	t.Parallel()
	requires(t, "R36", "proofing-stale")
}

func TestR37(t *testing.T) {
	t.Parallel()
	requires(t, "R37", "human-used-machine-identity")
}

// TestR49: no single path of approval takes the place of all checks, and no environment is without any. That signatures,
// digests and revocations cannot be waived at all does not depend on documents: package verify (R52).
func TestR49(t *testing.T) {
	t.Parallel()
	requires(t, "R49", "bypass-path", "environment-unruled")
}
