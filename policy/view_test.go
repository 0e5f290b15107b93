package policy_test

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/surety-dev/surety/attest"
	"github.com/surety-dev/surety/policy"
)

const (
	typeSummary = "https://slsa.dev/verification_summary/v1"
	typeResult  = "https://in-toto.io/attestation/svr/v0.2"
	typeTest    = "https://in-toto.io/attestation/test-result/v0.1"
	typeRelease = "https://in-toto.io/attestation/release/v0.2"
	typeVulns   = "https://in-toto.io/attestation/vulns/v0.2"
	typeSCAI    = "https://in-toto.io/attestation/scai/v0.3"
	typeLink    = "https://in-toto.io/attestation/link/v0.3"
	typeTrace   = "https://in-toto.io/attestation/runtime-trace/v0.1"
	typeBranch  = "https://github.com/slsa-framework/slsa-source-poc/source-provenance/v1-draft"
	typeTag     = "https://github.com/slsa-framework/slsa-source-poc/tag-provenance/v1-draft"
	typeNPM     = "https://github.com/npm/attestation/tree/main/specs/publish/v0.1"
	typePyPI    = "https://docs.pypi.org/attestations/publish/v1"
	typeCyclone = "https://cyclonedx.org/bom"
	typeSPDX    = "https://spdx.dev/Document/v2.3"
	typeApprove = attest.ApprovalType
	typeExcept  = attest.ExceptionType
	typeRevoke  = attest.RevocationType
	typeDrill   = attest.DrillType
	typeChange  = "https://gittuf.dev/github-pull-request-approval/v0.1"
	typeExpires = "https://gittuf.dev/reference-authorization/v0.2"
	typeReviews = attest.ReviewsType
	commit      = "0707070707070707070707070707070707070707"
	tree        = "0808080808080808080808080808080808080808"
)

// predicates are one of each kind.
var predicates = map[string]string{
	typeSummary: `{"verifier":{"id":"https://verifier.acme.test/v2"},"timeVerified":"2026-05-31T00:00:00Z","resourceUri":"pkg:generic/payments/api@1.4.2","policy":{"uri":"https://policies.acme.test/release","digest":{"sha256":"` + digest + `"}},
		"verificationResult":"PASSED","verifiedLevels":["SLSA_BUILD_LEVEL_3"],"dependencyLevels":{"SLSA_BUILD_LEVEL_2":9007199254740993}}`,
	typeResult:  `{"verifier":{"id":"v","policies":[{"name":"p"}]},"timeCreated":"2026-05-31T00:00:00Z","properties":["ACME_APPROVED"]}`,
	typeTest:    `{"result":"PASSED","configuration":[{"name":"ci.yml","digest":{"gitBlob":"` + strings.Repeat("ab", 20) + `"}}],"url":"https://ci.acme.test/1","passedTests":["unit","fuzz"]}`,
	typeRelease: `{"purl":"pkg:npm/%40acme/payments@1.4.2","packageId":"7"}`,
	typeVulns: `{"scanner":{"uri":"pkg:github/aquasecurity/trivy","version":"0.60","db":{"uri":"db","version":"2","lastUpdate":"2026-05-31T00:00:00Z"},"result":[{"id":"CVE-2026-1","severity":[{"method":"nvd","score":"low"}]}]},
		"metadata":{"scanStartedOn":"2026-05-31T00:00:00Z","scanFinishedOn":"2026-05-31T00:01:00Z"}}`,
	typeSCAI: `{"attributes":[{"attribute":"HERMETIC","conditions":{"flags":"-x"},"evidence":{"uri":"e"}}],"producer":{"name":"gcc"}}`,
	typeLink: `{"name":"compile","command":["go","build"],"materials":[{"name":"go.mod","digest":{"sha256":"` + digest + `"}}],"byproducts":{"return-value":0}}`,
	typeTrace: `{"monitor":{"type":"https://tetragon.test"},"monitoredProcess":{"hostID":"h","type":"t","event":"e"},"monitorLog":{"process":[{},{}],"network":[]},
		"metadata":{"buildStartedOn":"2026-05-31T00:00:00Z","buildFinishedOn":"2026-05-31T00:01:00Z"}}`,
	typeBranch:  `{"repo_uri":"https://git.test/payments","branch":"refs/heads/main","actor":"alice","activity_type":"pr_merge","prev_commit":"ab","created_on":"2026-05-31T00:00:00Z","controls":[{"name":"CONTINUITY_ENFORCED","since":"2025-01-01T00:00:00Z"},{"name":"TAG_HYGIENE"}]}`,
	typeTag:     `{"repo_uri":"https://git.test/payments","tag":"refs/tags/v1","vsa_summaries":[{"source_refs":["refs/heads/main"],"verifiedLevels":["SLSA_SOURCE_LEVEL_3"]}]}`,
	typeNPM:     `{"name":"@acme/payments","version":"1.4.2","registry":"https://registry.example.test"}`,
	typePyPI:    `null`,
	typeCyclone: `{"bomFormat":"CycloneDX","specVersion":"1.6","serialNumber":"urn:uuid:1","metadata":{"timestamp":"2026-05-31T00:00:00Z","component":{"name":"payments","version":"1.4.2"}},"components":[{},{}]}`,
	typeSPDX:    `{"spdxVersion":"SPDX-2.3","name":"payments-1.4.2","documentNamespace":"https://acme.test/1","packages":[{}],"files":[{},{}]}`,
	typeApprove: `{"approver":"github:7","decision":"approved","environment":"production","recordedAt":"2026-05-31T00:00:00Z"}`,
	typeExcept: `{"policy":"p","rules":["two-approvals","evidence:tests"],"artifact":"pkg:generic/payments/**","environment":"production","reason":"INC-7","validFrom":"2026-05-31T00:00:00Z","validUntil":"2026-06-02T00:00:00Z",
		"requestedBy":"alice","reviewDue":"2026-06-09T00:00:00Z"}`,
	typeRevoke:  `{"number":7,"issuedAt":"2026-05-31T00:00:00Z","nextUpdate":"2026-06-02T00:00:00Z","entries":[{"credential":"release-2025","reason":"key-compromise","from":"2026-05-30T00:00:00Z"}]}`,
	typeDrill:   `{"scenario":"key stolen","outcome":"passed","participants":[{"person":"alice","role":"revoker"}],"startedAt":"2026-05-31T00:00:00Z","endedAt":"2026-05-31T01:00:00Z"}`,
	typeChange:  `{"targetRef":"refs/heads/main","fromRevisionID":"` + commit + `","targetTreeID":"` + tree + `","approvers":["octocat+7"],"dismissedApprovers":["bob+8"]}`,
	typeExpires: `{"targetRef":"refs/heads/main","fromID":"` + commit + `","targetID":"` + tree + `","expires":"2026-06-02T00:00:00Z"}`,
	typeReviews: `{"repository":"https://github.com/acme/payments","pull_request":{"number":42,"user":{"id":7,"type":"User"},"head":{"sha":"` + commit + `"},"merge_commit_sha":"` + tree + `","merged_by":{"id":9,"type":"User"}},
		"reviews":[{"user":{"id":8,"type":"Bot"},"state":"APPROVED","commit_id":"` + commit + `","submitted_at":"2026-05-31T00:00:00Z"},{"user":null,"state":"PENDING","commit_id":null}],
		"run":{"head_sha":"` + tree + `","actor":{"id":7,"type":"User"},"triggering_actor":{"id":9,"type":"User"}},"run_approvals":[{"user":{"id":8,"type":"User"},"state":"approved","environments":[{"name":"production"}]}],
		"rule_suite":{"result":"bypass","actor_id":7,"before_sha":"` + commit + `","after_sha":"` + tree + `","ref":"refs/heads/main"}}`,
}

// viewRows are rules over each view: one that reads every field and passes, ones that fail, and ones that err,
// with a part of the reason.
var viewRows = []struct {
	name, predicateType, passes string
	fails                       []string
	errs                        map[string]string
	misspelt                    string // a field, and what is said of it
	suggested                   string
}{
	{
		name: "summary", predicateType: typeSummary,
		passes: "it.summary.verifier == 'https://verifier.acme.test/v2' && it.summary.claimedAt < evaluation.at && it.summary.resource == artifact.name && it.summary.policies[0].uri.startsWith('https://policies.acme.test/') && it.summary.policies[0].digest == artifact.digests && it.summary.inputs.size() == 0 && it.summary.result == 'PASSED' && it.summary.passed && 'SLSA_BUILD_LEVEL_3' in it.summary.levels && it.summary.dependencies['SLSA_BUILD_LEVEL_2'] == 9007199254740993",
		fails:  []string{"!it.summary.passed", "'SLSA_BUILD_LEVEL_4' in it.summary.levels", "it.summary.dependencies.size() == 0"}, errs: map[string]string{"it.summary.dependencies.OTHER > 0": "no such key"},
		misspelt: "it.summary.level", suggested: `1:11 of the expression: undefined field 'level'; did you mean "levels"?`,
	},
	{
		name: "summary", predicateType: typeResult,
		passes: "it.summary.verifier == 'v' && it.summary.levels == ['ACME_APPROVED'] && it.summary.resource == '' && it.summary.result == '' && !has(it.summary.passed) && it.summary.policies[0].name == 'p'",
		fails:  []string{"'x' in it.summary.levels"}, errs: map[string]string{"it.summary.passed": "has no result", "!it.summary.passed": "has no result"},
		misspelt: "it.summary.verifer", suggested: `did you mean "verifier"?`,
	},
	{
		name: "test", predicateType: typeTest,
		passes: "it.test.result == 'PASSED' && it.test.passed && it.test.url != '' && it.test.configuration[0].name == 'ci.yml' && 'gitBlob' in it.test.configuration[0].digest && it.test.configuration[0].mediaType + it.test.configuration[0].location == '' && 'fuzz' in it.test.passedTests && it.test.warnedTests + it.test.failedTests == []",
		fails:  []string{"!it.test.passed", "'race' in it.test.passedTests"}, errs: map[string]string{"it.test.failedTests[0] == 'x'": "index out of bounds"},
		misspelt: "it.test.pased", suggested: `1:8 of the expression: undefined field 'pased'; did you mean "passed"?`,
	},
	{
		name: "release", predicateType: typeRelease,
		passes: "it.release.purl == 'pkg:npm/%40acme/payments@1.4.2' && it.release.packageId == '7' && it.release.releaseId == ''",
		fails:  []string{"it.release.packageId == '8'"}, misspelt: "it.release.pURL", suggested: `did you mean "purl"?`,
	},
	{
		name: "vulnerabilities", predicateType: typeVulns,
		passes:   "it.vulnerabilities.scanner.startsWith('pkg:github/aquasecurity/trivy') && it.vulnerabilities.scannerVersion == '0.60' && it.vulnerabilities.database.uri + it.vulnerabilities.database.version == 'db2' && it.vulnerabilities.database.updated > evaluation.at - duration('72h') && it.vulnerabilities.started < it.vulnerabilities.finished && it.vulnerabilities.findings.all(f, f.id != 'CVE-2017-5645' && f.severities.all(s, s.method == 'nvd' && s.score == 'low'))",
		fails:    []string{"it.vulnerabilities.findings == []", "it.vulnerabilities.findings.exists(f, f.severities.exists(s, s.score == 'critical'))"},
		misspelt: "it.vulnerabilities.findings[0].severity", suggested: "undefined field 'severity'",
	},
	{
		name: "scai", predicateType: typeSCAI,
		passes: "it.scai.attributes.exists(a, a.name == 'HERMETIC' && a.conditions.flags == '-x' && a.target.name == '' && a.evidence.uri == 'e') && it.scai.producer.name == 'gcc'",
		fails:  []string{"it.scai.attributes.exists(a, a.name == 'REPRODUCIBLE')"}, errs: map[string]string{"it.scai.attributes[0].conditions.other == 1": "no such key"},
		misspelt: "it.scai.attribute", suggested: `did you mean "attributes"?`,
	},
	{
		name: "link", predicateType: typeLink,
		passes: "it.link.name == 'compile' && it.link.command == ['go', 'build'] && it.link.materials.exists(m, m.name == 'go.mod' && m.digest == artifact.digests) && it.link.byproducts['return-value'] == 0 && it.link.environment == null",
		fails:  []string{"it.link.command[0] == 'make'"}, misspelt: "it.link.comand", suggested: `did you mean "command"?`,
	},
	{
		name: "trace", predicateType: typeTrace,
		passes: "it.trace.monitor == 'https://tetragon.test' && it.trace.host + it.trace.type + it.trace.event == 'hte' && it.trace.processes == 2 && it.trace.connections == 0 && !has(it.trace.files) && it.trace.started < it.trace.finished && it.trace.policy == null && it.trace.config.uri == ''",
		fails:  []string{"it.trace.connections > 0"}, errs: map[string]string{"it.trace.files == 0": "files are not recorded", "it.trace.files != 0": "files are not recorded"},
		misspelt: "it.trace.process", suggested: `did you mean "processes"?`,
	},
	{
		name: "source", predicateType: typeBranch,
		passes: "it.source.repository == 'https://git.test/payments' && it.source.ref == 'refs/heads/main' && it.source.actor == 'alice' && it.source.activity == 'pr_merge' && it.source.previous == 'ab' && it.source.claimedAt < evaluation.at && it.source.controls.exists(c, c.name == 'CONTINUITY_ENFORCED' && c.since < timestamp('2026-01-01T00:00:00Z')) && it.source.summaries == []",
		fails:  []string{"it.source.controls.exists(c, c.name == 'OTHER')"}, errs: map[string]string{"it.source.controls[1].since < evaluation.at": "since is not known"},
		misspelt: "it.source.branch", suggested: "undefined field 'branch'",
	},
	{
		name: "source", predicateType: typeTag,
		passes: "it.source.ref == 'refs/tags/v1' && it.source.summaries.exists(s, 'refs/heads/main' in s.refs && 'SLSA_SOURCE_LEVEL_3' in s.levels) && it.source.controls == []",
		fails:  []string{"it.source.actor != ''"}, errs: map[string]string{"it.source.claimedAt < evaluation.at": "claimedAt is not known"},
		misspelt: "it.source.repositry", suggested: `did you mean "repository"?`,
	},
	{
		name: "publish", predicateType: typeNPM,
		passes: "it.publish.name == '@acme/payments' && it.publish.version == '1.4.2' && it.publish.registry == 'https://registry.example.test'",
		fails:  []string{"it.publish.version == '1.4.3'"}, misspelt: "it.publish.versions", suggested: `did you mean "version"?`,
	},
	{name: "publish", predicateType: typePyPI, passes: "it.publish.name + it.publish.version + it.publish.registry == ''", fails: []string{"it.publish.name == 'x'"}, misspelt: "it.publish.nam", suggested: `did you mean "name"?`},
	{
		name: "sbom", predicateType: typeCyclone,
		passes: "it.sbom.format == 'CycloneDX' && it.sbom.specVersion == '1.6' && it.sbom.id == 'urn:uuid:1' && it.sbom.name == 'payments' && it.sbom.version == '1.4.2' && it.sbom.claimedAt < evaluation.at && it.sbom.components == 2",
		fails:  []string{"it.sbom.components == 0"}, errs: map[string]string{"it.sbom.files == 0": "files are not recorded"},
		misspelt: "it.sbom.component", suggested: `did you mean "components"?`,
	},
	{
		name: "sbom", predicateType: typeSPDX,
		passes: "it.sbom.format == 'SPDX' && it.sbom.specVersion == '2.3' && it.sbom.id == 'https://acme.test/1' && it.sbom.name == 'payments-1.4.2' && it.sbom.version == '' && it.sbom.components == 1 && it.sbom.files == 2",
		fails:  []string{"it.sbom.files == 0"}, errs: map[string]string{"it.sbom.claimedAt < evaluation.at": "claimedAt is not known"},
		misspelt: "it.sbom.nmae", suggested: `did you mean "name"?`,
	},
	{
		name: "approval", predicateType: typeApprove,
		passes: "it.approval.approver == 'github:7' && it.approval.decision == 'approved' && it.approval.environment == 'production' && it.approval.role + it.approval.reference + it.approval.requestedBy == '' && it.approval.claimedAt < evaluation.at",
		fails:  []string{"it.approval.decision == 'rejected'"}, errs: map[string]string{"it.approval.expires > evaluation.at": "expires is not known"},
		misspelt: "it.approval.approvers", suggested: `did you mean "approver"?`,
	},
	{
		name: "exception", predicateType: typeExcept,
		passes: "it.exception.policy == 'p' && it.exception.rules == ['two-approvals', 'evidence:tests'] && it.exception.artifact == 'pkg:generic/payments/**' && it.exception.environment == 'production' && it.exception.reason == 'INC-7' && it.exception.incident + it.exception.reviewOwner == '' && it.exception.validFrom < it.exception.validUntil && it.exception.requestedBy == 'alice' && it.exception.reviewDue > evaluation.at",
		fails:  []string{"it.exception.requestedBy == 'bob'"}, misspelt: "it.exception.rule", suggested: `did you mean "rules"?`,
	},
	{
		name: "revocation", predicateType: typeRevoke,
		passes: "it.revocation.number == 7 && it.revocation.issuedAt < it.revocation.nextUpdate && it.revocation.entries.exists(e, e.credential == 'release-2025' && e.reason == 'key-compromise' && e.from < it.revocation.issuedAt && !has(e.invalidFrom))",
		fails:  []string{"it.revocation.entries == []"}, errs: map[string]string{"it.revocation.entries[0].invalidFrom < evaluation.at": "invalidFrom is not known"},
		misspelt: "it.revocation.entry", suggested: "undefined field 'entry'",
	},
	{
		name: "drill", predicateType: typeDrill,
		passes: "it.drill.scenario == 'key stolen' && it.drill.outcome == 'passed' && it.drill.passed && it.drill.participants.exists(p, p.person == 'alice' && p.role == 'revoker') && it.drill.started < it.drill.ended && it.drill.reference == ''",
		fails:  []string{"!it.drill.passed", "it.drill.participants.size() > 1"}, misspelt: "it.drill.scenarios", suggested: `did you mean "scenario"?`,
	},
	{
		name: "change", predicateType: typeChange,
		passes: "it.change.ref == 'refs/heads/main' && it.change.from.startsWith('0707') && it.change.target.startsWith('0808') && it.change.approvers == ['github:7'] && it.change.dismissed == ['github:8'] && !has(it.change.expires)",
		fails:  []string{"it.change.approvers == []"}, errs: map[string]string{"it.change.expires > evaluation.at": "expires is not known"},
		misspelt: "it.change.approver", suggested: `did you mean "approvers"?`,
	},
	{
		name: "change", predicateType: typeExpires,
		passes: "it.change.approvers + it.change.dismissed == [] && it.change.expires > evaluation.at",
		fails:  []string{"it.change.ref == 'refs/heads/next'"}, misspelt: "it.change.expire", suggested: `did you mean "expires"?`,
	},
	{
		name: "reviews", predicateType: typeReviews,
		passes: "it.reviews.repository == 'https://github.com/acme/payments' && it.reviews.number == 42 && it.reviews.author == 'github:7' && it.reviews.mergedBy == 'github:9' && it.reviews.head.startsWith('0707') && it.reviews.merge.startsWith('0808') && it.reviews.runHead == it.reviews.merge && it.reviews.runActors == ['github:7', 'github:9'] && it.reviews.reviews.exists(r, r.reviewer == 'github:8' && r.bot && r.state == 'APPROVED' && r.commit == it.reviews.head && r.claimedAt < evaluation.at) && it.reviews.runApprovals.exists(r, r.reviewer == 'github:8' && !r.bot && r.state == 'approved' && r.environments == ['production']) && it.reviews.ruleSuite.result == 'bypass' && it.reviews.ruleSuite.actor == it.reviews.author && it.reviews.ruleSuite.before == it.reviews.head && it.reviews.ruleSuite.after == it.reviews.merge && it.reviews.ruleSuite.ref == 'refs/heads/main'",
		fails:  []string{"it.reviews.ruleSuite.result == 'pass'", "it.reviews.reviews.all(r, !r.bot)"}, errs: map[string]string{"it.reviews.reviews[1].claimedAt < evaluation.at": "claimedAt is not known"},
		misspelt: "it.reviews.review", suggested: `did you mean "reviews"?`,
	},
}

// ruleOver is a policy with one rule about attestations of a type.
func ruleOver(predicateType, expression string) string {
	return fmt.Sprintf("evidence:\n  - {name: seen, predicateTypes: [\"%s\"], duty: attest}\nrules:\n  - {id: r, about: seen, expression: %q}\n", predicateType, expression)
}

// outcome evaluates a rule over one attestation with a predicate.
func outcome(t *testing.T, predicateType, predicate, expression string, others ...string) (string, string, policy.Result) {
	t.Helper()
	p := load(t, ruleOver(strings.Join(append([]string{predicateType}, others...), `", "`), expression))
	r := evaluate(t, p, facts(t, attestation(t, "a", predicateType, json.RawMessage(predicate), &policy.Signer{Credential: "c", Holder: "w", Duties: []string{"attest"}, SignedAt: logged(0)})), policy.Strict)
	return r.Rules[0].Outcome.String(), r.Rules[0].Message, r
}

func TestViewRules(t *testing.T) {
	t.Parallel()
	for _, row := range viewRows {
		t.Run(row.name+"/"+row.predicateType, func(t *testing.T) {
			t.Parallel()
			predicate := predicates[row.predicateType]
			if got, why, r := outcome(t, row.predicateType, predicate, row.passes); got != "pass" || !r.Allows {
				t.Errorf("%s: %s", got, why)
			}
			if got, _, r := outcome(t, row.predicateType, predicate, "has(it."+row.name+")"); got != "pass" || !r.Allows {
				t.Errorf("has: %s", got)
			}
			for _, expression := range row.fails {
				if got, why, r := outcome(t, row.predicateType, predicate, expression); got != "fail" || r.Allows {
					t.Errorf("%s: %s %s", expression, got, why)
				}
			}
			for expression, want := range row.errs {
				if got, why, r := outcome(t, row.predicateType, predicate, expression); got != "error" || r.Allows || !strings.Contains(why, want) {
					t.Errorf("%s: %s %s, want an error …%s…", expression, got, why, want)
				}
			}
			_, err := tryLoad(ruleOver(row.predicateType, row.misspelt+" == 'x'"))
			if err == nil || !strings.Contains(err.Error(), "policy.yaml:8:") || !strings.Contains(err.Error(), " of the expression: ") || !strings.Contains(err.Error(), row.suggested) {
				t.Errorf("%s: %v, want …%s…", row.misspelt, err, row.suggested)
			}
		})
	}
}

// TestViewsOfOthers: a view that is not the predicate type's is an error that says so, and one of a
// predicate that cannot be decoded an error that says why; neither passes in any way a rule can put it.
func TestViewsOfOthers(t *testing.T) {
	t.Parallel()
	nouns := map[string]string{
		"summary": "is not a summary of a verification", "test": "is not a test result", "release": "is not a release", "vulnerabilities": "is not a vulnerability scan", "scai": "is not an attribute report",
		"link": "is not a link", "trace": "is not a runtime trace", "source": "is not source provenance", "publish": "is not a publish attestation", "sbom": "is not a bill of materials", "provenance": "is not provenance",
		"approval": "is not an approval", "exception": "is not an exception", "revocation": "is not a revocation list", "drill": "is not a drill", "change": "is not an approval of a change", "reviews": "is not reviews of GitHub",
	}
	for name, noun := range nouns {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			having := attest.PredicateTypes(attest.View(name))
			for predicateType, predicate := range predicates {
				if string(attest.ViewOf(predicateType)) == name {
					continue
				}
				read := "dyn(it." + name + ") == it"
				if _, err := tryLoad(ruleOver(predicateType, read)); err == nil || !strings.Contains(err.Error(), "1:5 of the expression: it."+name+": no predicate type of seen has this view") {
					t.Errorf("%s of %s compiles: %v", name, predicateType, err)
				}
				for _, expression := range []string{"dyn(it." + name + ") == it", "!(dyn(it." + name + ") == it)"} {
					if got, why, r := outcome(t, predicateType, predicate, expression, having...); got != "error" || r.Allows || !strings.Contains(why, predicateType+" "+noun) {
						t.Errorf("%s of %s: %s %s", expression, predicateType, got, why)
					}
				}
				if got, _, r := outcome(t, predicateType, predicate, "has(it."+name+")"); got != "fail" || r.Allows {
					t.Errorf("has(it.%s) of %s: %s", name, predicateType, got)
				}
			}
			for _, predicateType := range attest.PredicateTypes(attest.View(name)) {
				for _, expression := range []string{"dyn(it." + name + ") == it", "dyn(it." + name + ") != it", "!has(it." + name + ") || dyn(it." + name + ") != it"} {
					if got, why, r := outcome(t, predicateType, `{"bomFormat":7,"name":7,"builder":7,"buildDefinition":7}`, expression); got != "error" || r.Allows || !strings.Contains(why, "$.predicate") {
						t.Errorf("%s of a malformed %s: %s %s", expression, predicateType, got, why)
					}
				}
				// what no rule touches is not decoded
				if got, why, r := outcome(t, predicateType, `{"bomFormat":7,"name":7,"builder":7,"buildDefinition":7}`, "it.digest == 'a'"); got != "pass" || !r.Allows {
					t.Errorf("a malformed %s that no rule reads: %s %s", predicateType, got, why)
				}
			}
		})
	}
}

// TestDocumentedRules: the expressions of docs/rules.md compile, and pass over the predicates here.
func TestDocumentedRules(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("../docs/rules.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(data), "```\n")
	block, _, _ := strings.Cut(rest, "```")
	of := map[string]string{"test": typeTest, "summary": typeSummary, "vulnerabilities": typeVulns, "source": typeBranch, "sbom": typeCyclone}
	var got []string
	for line := range strings.Lines(block) {
		name, _, _ := strings.Cut(strings.TrimPrefix(line, "it."), ".")
		p := load(t, "params: {verifier: \"https://verifier.acme.test/v2\"}\n"+ruleOver(of[name], strings.TrimSpace(line)))
		r := evaluate(t, p, facts(t, attestation(t, "a", of[name], json.RawMessage(predicates[of[name]]), &policy.Signer{Credential: "c", Holder: "w", Duties: []string{"attest"}, SignedAt: logged(0)})), policy.Strict)
		got = append(got, name+" "+r.Rules[0].Outcome.String())
	}
	want := []string{"test pass", "summary pass", "vulnerabilities pass", "source pass", "sbom pass"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestRuleSuiteAbsent: what a witness does not say of a push is an error, however a rule asks.
func TestRuleSuiteAbsent(t *testing.T) {
	t.Parallel()
	predicate, _, _ := strings.Cut(predicates[typeReviews], `,
		"rule_suite"`)
	for expression, want := range map[string]string{
		"it.reviews.ruleSuite.result != 'bypass'": "error", "!(it.reviews.ruleSuite.result == 'bypass')": "error",
		"has(it.reviews.ruleSuite)": "fail", "!has(it.reviews.ruleSuite)": "pass",
	} {
		if got, why, r := outcome(t, typeReviews, predicate+"}", expression); got != want || got == "error" && (r.Allows || !strings.Contains(why, "ruleSuite is not there")) {
			t.Errorf("%s: %s %s, want %s", expression, got, why, want)
		}
	}
}
