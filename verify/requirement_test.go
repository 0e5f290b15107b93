package verify_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/surety-dev/surety/attest"
	"github.com/surety-dev/surety/internal/fixture"
	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/verify"
)

// Requirements R1 to R37 as far as a verdict shows them, those after them in the files beside this one; package
// ownership has R17 to R19, package verify/lint what the documents alone show. Each breaks one thing, and the same request without the
// breach is allowed.

// certOpener is an opener that takes a signature whose key id begins with "cert:" for one by a certificate
// valid from the time that follows; identity is what the certificate says.
type certOpener struct{ identity ownership.Identity }

func (certOpener) Opens(item *attest.Item) bool {
	e := item.Envelope()
	return e != nil && len(e.Signatures) == 1 && strings.HasPrefix(e.Signatures[0].KeyID, "cert:")
}
func (certOpener) Trust() []verify.TrustInput { return nil }
func (o certOpener) Open(_ context.Context, item *attest.Item, _ verify.Keys) (verify.Opened, error) {
	from, at, _ := strings.Cut(strings.TrimPrefix(item.Envelope().Signatures[0].KeyID, "cert:"), "/")
	p := verify.Proof{Identity: o.identity, Certificate: true}
	var err error
	if p.NotBefore, err = time.Parse(time.RFC3339, from); err != nil {
		return verify.Opened{}, err
	}
	if at != "" {
		signed, err := time.Parse(time.RFC3339, at)
		if err != nil {
			return verify.Opened{}, err
		}
		p.Times = []verify.TrustedTime{{At: signed, Source: "rfc3161", Authority: "test"}}
	}
	return verify.Opened{Checks: 1, Proofs: []verify.Proof{p}}, nil
}

// certificate is a statement signed with a certificate valid from a time, at another; "": nobody knows.
func certificate(s fixture.Statement, from, at string) []byte {
	e := envelope(s, "nobody") // whose key the model does not know
	e.Signatures[0].KeyID = "cert:" + from + "/" + at
	return e.JSON()
}

// breach is one row: the model with the pairs replaced, or other evidence, is refused or remarked on for
// the code; the model repaired by the other pairs, with the good evidence, is allowed without the code.
type breach struct {
	name            string
	broken          []string // pairs replaced in the base model
	repaired        []string
	evidence, good  [][]byte
	policy          string
	repairedPolicy  string // the same if empty
	at, environment string
	identity        ownership.Identity

	decision, code string
	severity       verify.Severity
	team           string // who answers
	stands         string // what stands at the finding's position in the model; "": it has none
}

func (b breach) scene(t *testing.T, pairs []string, rules string) (scene, string) {
	model := replaced(t, baseModel, pairs...)
	s := scene{model: model, at: b.at, environment: b.environment, openers: []verify.Opener{timed{}, certOpener{b.identity}}}
	if rules != "" {
		s.policies = []string{rules}
	}
	return s, model
}

func (b breach) run(t *testing.T) {
	t.Parallel()
	s, model := b.scene(t, b.broken, b.policy)
	v := s.judge(t, b.evidence...)
	i := slices.IndexFunc(v.Findings, func(f verify.Finding) bool { return string(f.Code) == b.code })
	if i < 0 || v.Decision.String() != b.decision {
		t.Fatalf("%s, want %s with %s\n%s", v.Decision, b.decision, b.code, explain(v))
	}
	f := v.Findings[i]
	if f.Severity != b.severity || f.Accountable.Team != b.team || f.Remedy == "" {
		t.Errorf("severity %s, %q answers, remedy %q, want %s, %q and one", f.Severity, f.Accountable.Team, f.Remedy, b.severity, b.team)
	}
	if got, want := f.Position, standing(t, fixture.Expand(model), b.stands); got != want {
		t.Errorf("at %q, want %q", got, want)
	}
	rules, good := or(b.repairedPolicy, b.policy), b.good
	if good == nil {
		good = b.evidence
	}
	s, _ = b.scene(t, b.repaired, rules)
	v = s.judge(t, good...)
	if !v.Admits() || slices.ContainsFunc(v.Findings, func(f verify.Finding) bool { return string(f.Code) == b.code }) {
		t.Errorf("repaired: %s\n%s", v.Decision, explain(v))
	}
}

// standing is the position of a text that stands once in the model.
func standing(t *testing.T, model, text string) string {
	t.Helper()
	if text == "" {
		return ""
	}
	if strings.Count(model, text) != 1 {
		t.Fatalf("%q stands %d times in the model, expected once", text, strings.Count(model, text))
	}
	before := model[:strings.Index(model, text)]
	return fmt.Sprintf("ownership.yaml:%d:%d", strings.Count(before, "\n")+1, len(before)-strings.LastIndex(before, "\n"))
}

const (
	pipelineActive  = `key: {pem: KEY(pipeline)}, states: [{state: active, from: 2026-01-01T00:00:00Z}]`
	pipelineStates  = `key: {pem: KEY(pipeline)}, states: [{state: active, from: 2026-01-01T00:00:00Z}, `
	pipelineGrant   = `  - {to: pipeline, may: [build], artifacts: ["pkg:generic/payments/**"], predicates: ["https://slsa.dev/provenance/*"]}`
	approvalsPolicy = policyHead + "evidence:\n  - {name: approvals, predicateTypes: [\"https://example.test/approval/v1\"], duty: approve}\n" +
		"rules:\n  - {id: approved, about: approvals, expression: \"true\"}\n"
)

func built(at string) [][]byte {
	return [][]byte{stamped(fixture.NewStatement(fixture.ProvenanceV1, release, fixture.Provenance(fixture.Builder)), at, "pipeline")}
}

func approved(at, key string) [][]byte { return [][]byte{stamped(approvalStatement("a"), at, key)} }

func TestR21SignerUnknown(t *testing.T) {
	breach{evidence: [][]byte{provenance("nobody")}, good: [][]byte{provenance("pipeline")},
		decision: "deny", code: "signer-unknown", severity: verify.SeverityDeny, team: "security"}.run(t)
}

func TestR22StateAtSigning(t *testing.T) {
	breach{broken: []string{pipelineActive, strings.Replace(pipelineActive, "2026-01-01", "2026-05-01", 1)}, evidence: built("2026-04-30T23:59:59Z"),
		decision: "deny", code: "credential-not-active", severity: verify.SeverityDeny, team: "security", stands: "{state: active, from: 2026-05-01T00:00:00Z}"}.run(t)
}

func TestR23Suspended(t *testing.T) {
	suspended := `{state: suspended, from: 2026-05-01T00:00:00Z, reason: key-compromise}`
	pairs := []string{pipelineActive, pipelineStates + suspended + `]`}
	cleared := []string{pipelineActive, pipelineStates + suspended + `, {state: active, from: 2026-05-20T00:00:00Z}]`}
	for _, b := range []breach{
		{name: "in the window", broken: pairs, repaired: cleared, evidence: built("2026-05-01T00:00:00Z"), good: built("2026-05-20T00:00:00Z"),
			decision: "deny", code: "credential-suspended", severity: verify.SeverityDeny, team: "security", stands: suspended},
		{name: "before it, while suspected", broken: pairs, repaired: cleared, evidence: built("2026-04-30T23:59:59Z"),
			decision: "allow", code: "at-risk", severity: verify.SeverityWarn, team: "security", stands: suspended},
		{name: "before it, and not suspected", broken: pairs, repaired: []string{pipelineActive, pipelineStates + strings.Replace(suspended, "key-compromise", "unspecified", 1) + `]`},
			evidence: built("2026-04-30T23:59:59Z"), decision: "allow", code: "at-risk", severity: verify.SeverityWarn, team: "security", stands: suspended},
	} {
		t.Run(b.name, b.run)
	}
}

func TestR24Revoked(t *testing.T) {
	superseded := `{state: revoked, from: 2026-05-01T00:00:00Z, reason: superseded}`
	stolen := `{state: revoked, from: 2026-05-01T00:00:00Z, reason: key-compromise, invalidFrom: 2026-04-01T00:00:00Z}`
	for _, b := range []breach{
		{name: "before signing", broken: []string{pipelineActive, pipelineStates + superseded + `]`}, evidence: built("2026-05-01T00:00:00Z"),
			decision: "deny", code: "credential-revoked", severity: verify.SeverityDeny, team: "security", stands: superseded},
		{name: "after signing, reaching back", broken: []string{pipelineActive, pipelineStates + stolen + `]`},
			repaired: []string{pipelineActive, pipelineStates + superseded + `]`}, evidence: built("2026-04-01T00:00:00Z"),
			decision: "deny", code: "signed-after-compromise", severity: verify.SeverityDeny, team: "security", stands: stolen},
		{name: "after signing, not so far back", broken: []string{pipelineActive, pipelineStates + stolen + `]`},
			repaired: []string{pipelineActive, pipelineStates + stolen + `]`}, evidence: built("2026-04-01T00:00:00Z"), good: built("2026-03-31T23:59:59Z"),
			decision: "deny", code: "signed-after-compromise", severity: verify.SeverityDeny, team: "security", stands: stolen},
	} {
		t.Run(b.name, b.run)
	}
}

func TestR28NotGranted(t *testing.T) {
	credential := "{id: pipeline-key"
	grant := func(more string) []string {
		return []string{pipelineGrant, strings.TrimSuffix(pipelineGrant, "}") + more + "}"}
	}
	for _, b := range []breach{
		{name: "another duty", broken: []string{pipelineGrant, strings.Replace(pipelineGrant, "build", "attest", 1)}, evidence: built("2026-05-01T00:00:00Z"),
			decision: "deny", code: "signer-not-granted", severity: verify.SeverityDeny, team: "security", stands: credential},
		{name: "another environment", broken: grant(", environments: [staging]"), repaired: grant(", environments: [staging, production]"), environment: "production",
			evidence: built("2026-05-01T00:00:00Z"), decision: "deny", code: "signer-not-granted", severity: verify.SeverityDeny, team: "security", stands: credential},
		{name: "no environment named", broken: grant(", environments: [production]"), evidence: built("2026-05-01T00:00:00Z"),
			decision: "deny", code: "signer-not-granted", severity: verify.SeverityDeny, team: "security", stands: credential},
	} {
		t.Run(b.name, b.run)
	}
}

func TestR30Departed(t *testing.T) {
	left := `{id: alice, from: 2023-01-01T00:00:00Z, until: 2026-05-01T00:00:00Z}`
	away := `{id: alice, from: 2023-01-01T00:00:00Z, away: [{from: 2026-04-01T00:00:00Z, until: 2026-05-01T00:00:00Z}]}`
	alice := `{id: alice, from: 2023-01-01T00:00:00Z}`
	for _, b := range []breach{
		{name: "left", broken: []string{alice, left}, repaired: []string{alice, left}, evidence: approved("2026-05-01T00:00:00Z", "alice"), good: approved("2026-04-30T23:59:59Z", "alice"),
			stands: "{id: alice, from"},
		{name: "away", broken: []string{alice, away}, repaired: []string{alice, away}, evidence: approved("2026-04-30T23:59:59Z", "alice"), good: approved("2026-05-01T00:00:00Z", "alice"),
			stands: "{id: alice, from"},
		{name: "before going away", broken: []string{alice, away}, repaired: []string{alice, away}, evidence: approved("2026-04-01T00:00:00Z", "alice"), good: approved("2026-03-31T23:59:59Z", "alice"),
			stands: "{id: alice, from"},
	} {
		b.policy, b.decision, b.code, b.severity, b.team = approvalsPolicy, "deny", "signer-departed", verify.SeverityDeny, "security"
		t.Run(b.name, b.run)
	}
}

// TestR30VendorWithoutContract: a vendor's signature after its contract ended counts for nothing.
func TestR30VendorWithoutContract(t *testing.T) {
	hand := []string{"credentials:\n", "vendors:\n  - {id: signco, internalOwner: security, until: 2026-05-01T00:00:00Z}\ncredentials:\n", "holder: pipeline,", "holder: signco,", "{to: pipeline,", "{to: signco,"}
	breach{broken: hand, repaired: hand, evidence: built("2026-05-01T00:00:00Z"), good: built("2026-04-30T23:59:59Z"),
		decision: "deny", code: "signer-departed", severity: verify.SeverityDeny, team: "security", stands: "{id: signco, internalOwner"}.run(t)
}

func TestR31RoleChanged(t *testing.T) {
	pairs := []string{"{person: alice}", "{person: alice, until: 2026-05-01T00:00:00Z}"}
	breach{broken: pairs, repaired: pairs, policy: approvalsPolicy, evidence: approved("2026-05-01T00:00:00Z", "alice"), good: approved("2026-04-30T23:59:59Z", "alice"),
		decision: "deny", code: "signer-role-changed", severity: verify.SeverityDeny, team: "security", stands: "{id: alice-key"}.run(t)
}

func TestR32NoTrustedTime(t *testing.T) {
	pairs := []string{"  - {id: pipeline-key,", "  - {id: workflow, holder: pipeline, owner: security, revokers: [security], identity: {issuer: \"https://ci.acme.test\", subject: release}, states: [{state: active, from: 2026-01-01T00:00:00Z}]}\n  - {id: pipeline-key,"}
	st := fixture.NewStatement(fixture.ProvenanceV1, release, fixture.Provenance(fixture.Builder))
	breach{broken: pairs, repaired: pairs, identity: ownership.Identity{Issuer: "https://ci.acme.test", Subject: "release"},
		evidence: [][]byte{certificate(st, "2026-05-01T00:00:00Z", "")}, good: [][]byte{certificate(st, "2026-05-01T00:00:00Z", "2026-05-01T00:05:00Z")},
		decision: "indeterminate", code: "no-trusted-time", severity: verify.SeverityIndeterminate, team: "security", stands: "{id: workflow"}.run(t)
}

func TestR34RevocationStale(t *testing.T) {
	breach{evidence: built("2026-05-01T00:00:00Z"), policy: replaced(t, basePolicy, "artifacts:", "freshness: {revocations: 24h}\nartifacts:"), repairedPolicy: basePolicy,
		decision: "indeterminate", code: "revocation-stale", severity: verify.SeverityIndeterminate, team: "security"}.run(t)
}

// TestR35Misissued: a name one of the model's own authorities certified and nobody is registered with. The
// owner of certificate issuance answers, not of publisher identity.
func TestR35Misissued(t *testing.T) {
	ca := "trust:\n  certificateAuthorities:\n    - {id: corp-ca, owner: security, file: ca.pem, digest: \"sha256:4b650e5c4785025dee7bd65e3c5c527356717d7a1c0bfef5b4ada8ca1e9cbe17\"}\n"
	issuance := []string{"certificate-issuance, artifacts: [\"**\"], accountable: security", "certificate-issuance, artifacts: [\"**\"], accountable: approvers"}
	credential := func(name string) []string {
		return append([]string{"credentials:\n", ca + "credentials:\n  - {id: spiffe, holder: pipeline, owner: security, revokers: [security], identity: {authority: corp-ca, uri: \"spiffe://acme.test/" + name +
			"\"}, states: [{state: active, from: 2026-01-01T00:00:00Z}]}\n"}, issuance...)
	}
	st := fixture.NewStatement(fixture.ProvenanceV1, release, fixture.Provenance(fixture.Builder))
	breach{broken: credential("other"), repaired: credential("release"), identity: ownership.Identity{Authority: "corp-ca", NameType: "uri", Subject: "spiffe://acme.test/release"},
		evidence: [][]byte{certificate(st, "2026-05-01T00:00:00Z", "2026-05-01T00:05:00Z")},
		decision: "deny", code: "misissued", severity: verify.SeverityDeny, team: "approvers", stands: "{id: corp-ca, owner"}.run(t)
}

// TestR40Windows: when signing is permitted; a time nobody proves is none.
func TestR40Windows(t *testing.T) {
	grant := func(more string) []string {
		return []string{pipelineGrant, strings.TrimSuffix(pipelineGrant, "}") + more + "}"}
	}
	week := grant(`, windows: [{days: [monday, friday], from: "08:00", until: "16:00"}]`) // 2026-05-01 is a Friday
	freeze := grant(`, freezes: [{from: 2026-05-01T00:00:00Z, until: 2026-05-02T00:00:00Z}]`)
	for _, b := range []breach{
		{name: "too early", broken: week, repaired: week, evidence: built("2026-05-01T07:59:59Z"), good: built("2026-05-01T08:00:00Z"), code: "outside-window"},
		{name: "too late", broken: week, repaired: week, evidence: built("2026-05-01T16:00:00Z"), good: built("2026-05-01T15:59:59Z"), code: "outside-window"},
		{name: "another day", broken: week, repaired: week, evidence: built("2026-04-30T12:00:00Z"), good: built("2026-04-27T12:00:00Z"), code: "outside-window"},
		{name: "at a time nobody proves", at: "2026-05-01T12:00:00Z", broken: week, repaired: week, evidence: [][]byte{provenance("pipeline")}, good: built("2026-05-01T12:00:00Z"), code: "outside-window"},
		{name: "in a freeze", broken: freeze, repaired: freeze, evidence: built("2026-05-01T00:00:00Z"), good: built("2026-05-02T00:00:00Z"), code: "in-freeze"},
		{name: "in a freeze, its last second", broken: freeze, repaired: freeze, evidence: built("2026-05-01T23:59:59Z"), good: built("2026-04-30T23:59:59Z"), code: "in-freeze"},
		{name: "after a freeze, kept quiet about", broken: freeze, repaired: freeze, evidence: [][]byte{provenance("pipeline")}, good: built("2026-05-02T00:00:00Z"), code: "outside-window"},
	} {
		b.decision, b.severity, b.team, b.stands = "deny", verify.SeverityDeny, "approvers", "{id: pipeline-key"
		t.Run(b.name, b.run)
	}
}

// TestR14Vendor: what a vendor signs is valid and counts; that nobody inside answers for it, or can revoke
// its credential, is said.
func TestR14Vendor(t *testing.T) {
	hand := func(internal, revokers string) []string {
		return []string{"credentials:\n", "vendors:\n  - {id: signco" + internal + "}\ncredentials:\n",
			"{id: pipeline-key, holder: pipeline, owner: security, revokers: [security],", "{id: pipeline-key, holder: signco, owner: security," + revokers, "{to: pipeline,", "{to: signco,"}
	}
	emptied := append(hand(", internalOwner: former", " revokers: [former],"), "teams:\n", "teams:\n  - {id: former, members: [{person: bob, until: 2026-03-01T00:00:00Z}]}\n")
	sound := hand(", internalOwner: security", " revokers: [security],")
	for _, b := range []breach{
		{name: "nobody inside named", broken: hand("", " revokers: [security],"), code: "vendor-unowned", stands: "{id: signco"},
		{name: "nobody inside left", broken: emptied, code: "vendor-unowned", stands: "{id: signco"},
		{name: "nobody can revoke", broken: hand(", internalOwner: security", ""), code: "nobody-can-revoke", stands: "{id: pipeline-key"},
		{name: "nobody left can revoke", broken: emptied, code: "nobody-can-revoke", stands: "{id: pipeline-key"},
	} {
		b.repaired, b.evidence, b.decision, b.severity, b.team = sound, built("2026-05-01T00:00:00Z"), "allow", verify.SeverityWarn, "security"
		t.Run(b.name, b.run)
	}
}

// TestR4AllThree: a finding says who owns the policy, who executes it and who is paged when it fails; and
// what to read (R16).
func TestR4AllThree(t *testing.T) {
	t.Parallel()
	model := replaced(t, baseModel, "release-policy, artifacts: [\"**\"], accountable: approvers, responsible: [approvers]",
		"release-policy, artifacts: [\"**\"], accountable: approvers, responsible: [security], page: security, runbook: \"https://runbooks.acme.test/release\"")
	v := scene{model: model}.judge(t)
	want := verify.Answer{
		Team: "approvers", Page: "pager:approvers", Escalation: []string{"security"}, Responsible: []string{"security"},
		Paged: verify.Paged{Team: "security", Page: "pager:security"}, Runbook: "https://runbooks.acme.test/release",
	}
	if len(v.Findings) == 0 || !cmp.Equal(v.Findings[0].Accountable, want) {
		t.Errorf("%s", cmp.Diff(want, v.Findings))
	}
}

// TestR11ThreeOwners: a central team owns keys, an application team its release, SRE what is let in: the
// verdict names the three, upstream first (R10). Each is the owner of the time the finding is about (R9);
// a missing one is a gap, never a default (R1).
func TestR11ThreeOwners(t *testing.T) {
	t.Parallel()
	edits := []string{
		"key-lifecycle, artifacts: [\"**\"], accountable: security", "key-lifecycle, artifacts: [\"**\"], accountable: platform",
		"enforcement, artifacts: [\"**\"], accountable: security", "enforcement, artifacts: [\"**\"], accountable: sre",
		"teams:\n", "teams:\n  - {id: platform, members: [{person: dana}], contacts: {page: \"pager:platform\"}}\n  - {id: sre, members: [{person: erin}], contacts: {page: \"pager:sre\"}}\n",
	}
	revoked := []string{pipelineActive, pipelineStates + "{state: revoked, from: 2026-05-01T00:00:00Z, reason: superseded}]"}
	answer := func(v verify.Verdict, code verify.Code) verify.Finding {
		i := slices.IndexFunc(v.Findings, func(f verify.Finding) bool { return f.Code == code })
		if i < 0 {
			t.Fatalf("no %s\n%s", code, explain(v))
		}
		return v.Findings[i]
	}
	openers := []verify.Opener{timed{}}
	v := scene{model: replaced(t, baseModel, append(edits, revoked...)...), openers: openers}.judge(t, built("2026-05-02T00:00:00Z")...)
	if f := answer(v, verify.CredentialRevoked); f.Accountable.Team != "platform" || f.Accountable.Page != "pager:platform" {
		t.Errorf("%+v answers for keys", f.Accountable)
	}
	f := answer(v, verify.EvidenceMissing)
	if f.Accountable.Team != "approvers" {
		t.Errorf("%+v answers for the release", f.Accountable)
	}
	upstream := []verify.UpstreamAnswer{{Control: "publisher-identity", Team: "security"}, {Control: "certificate-issuance", Team: "security"}, {Control: "key-lifecycle", Team: "platform"}, {Control: "review-audit", Team: "approvers"}}
	if diff := cmp.Diff(upstream, f.AlsoAnswer); diff != "" {
		t.Error(diff)
	}

	// the keys pass from the platform team to SRE on the first of May: who answered then is who answers
	passed := append(slices.Clone(edits), "  - {control: key-lifecycle, artifacts: [\"**\"], accountable: platform, responsible: [security]}",
		"  - {control: key-lifecycle, artifacts: [\"**\"], accountable: platform, responsible: [security], until: 2026-05-01T00:00:00Z}\n"+
			"  - {control: key-lifecycle, artifacts: [\"**\"], accountable: sre, responsible: [security], from: 2026-05-01T00:00:00Z}")
	early := []string{pipelineActive, pipelineStates + "{state: revoked, from: 2026-04-01T00:00:00Z, reason: superseded}]"}
	for at, team := range map[string]string{"2026-04-30T23:59:59Z": "platform", "2026-05-01T00:00:00Z": "sre"} {
		v := scene{model: replaced(t, baseModel, append(slices.Clone(passed), early...)...), openers: openers}.judge(t, built(at)...)
		if f := answer(v, verify.CredentialRevoked); f.Accountable.Team != team {
			t.Errorf("signed at %s: %q answers, want %s", at, f.Accountable.Team, team)
		}
	}

	// nobody had them in April
	gap := append(slices.Clone(edits), "  - {control: key-lifecycle, artifacts: [\"**\"], accountable: platform, responsible: [security]}",
		"  - {control: key-lifecycle, artifacts: [\"**\"], accountable: sre, responsible: [security], from: 2026-05-01T00:00:00Z}")
	v = scene{model: replaced(t, baseModel, append(gap, early...)...), openers: openers}.judge(t, built("2026-04-30T23:59:59Z")...)
	if f := answer(v, verify.CredentialRevoked); f.Accountable.Team != "" {
		t.Errorf("%q answers for what nobody owned", f.Accountable.Team)
	}
	if f := answer(v, verify.ControlUnowned); !strings.Contains(f.Message, "key-lifecycle") || !strings.Contains(f.Message, "as of 2026-04-30T23:59:59Z") || f.Accountable.Team != "approvers" {
		t.Errorf("%+v", f)
	}
}

// at is an opener that gives each item, by its digest, a trusted time.
type at map[string]time.Time

func (at) Opens(item *attest.Item) bool { return item.Envelope() != nil }
func (at) Trust() []verify.TrustInput   { return nil }
func (o at) Open(_ context.Context, item *attest.Item, keys verify.Keys) (verify.Opened, error) {
	e := item.Envelope()
	for _, key := range keys("") {
		if verify.VerifyKey(key, e, e.Signatures[0].Sig) {
			return verify.Opened{Checks: 1, Proofs: []verify.Proof{{
				Identity: ownership.Identity{Key: key.Fingerprint}, Times: []verify.TrustedTime{{At: o[item.Digest()], Source: "rfc3161", Authority: "test"}},
			}}}, nil
		}
	}
	return verify.Opened{Checks: 1}, nil
}

// TestAnswersWithinASecond: two findings of one second, between which an owner changes, come in one order
// and each with its own.
func TestAnswersWithinASecond(t *testing.T) {
	t.Parallel()
	model := replaced(t, baseModel, `  - {control: release-policy, artifacts: ["**"], accountable: approvers, responsible: [approvers]}`,
		"  - {control: release-policy, artifacts: [\"**\"], accountable: approvers, until: 2026-05-15T00:00:00.5Z}\n  - {control: release-policy, artifacts: [\"**\"], accountable: security, from: 2026-05-15T00:00:00.5Z}",
		"  - {control: publisher-identity, artifacts: [\"**\"], accountable: security, responsible: [security]}\n", "",
		"{to: pipeline, may: [build],", "{to: stranger, may: [attest],")
	one, two := provenance("stranger"), signed(fixture.NewStatement(fixture.ProvenanceV1, release, fixture.Provenance("https://other.test")), "stranger")
	items := scene{}.request(t, one, two).Evidence
	moment := time.Date(2026, 5, 15, 0, 0, 0, 200_000_000, time.UTC)
	opener := at{items[0].Digest(): moment, items[1].Digest(): moment.Add(600 * time.Millisecond)}
	var first []byte
	for range 40 {
		v := scene{model: model, openers: []verify.Opener{opener}}.judge(t, one, two)
		teams := map[string]bool{}
		for _, f := range v.Findings {
			if f.Code == verify.ControlUnowned {
				teams[f.Accountable.Team] = true
			}
		}
		if !teams["approvers"] || !teams["security"] {
			t.Fatalf("%v answer for what was unowned\n%s", teams, explain(v))
		}
		data, err := v.JSON()
		if err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first = data
		} else if string(first) != string(data) {
			t.Fatalf("another verdict of the same input:\n%s\n%s", first, data)
		}
	}
}
