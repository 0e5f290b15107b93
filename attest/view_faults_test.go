package attest_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/surety-dev/surety/attest"
)

// fault is one thing wrong with a sample: old becomes now, and path and msg say what is wrong.
type fault struct{ sample, name, old, now, path, msg string }

// TestViewsRefused breaks each sample in one place at a time.
func TestViewsRefused(t *testing.T) {
	t.Parallel()
	of := map[string]sample{}
	for _, s := range samples() {
		of[s.name] = s
	}
	for _, list := range [][]fault{summaryFaults(), resultFaults(), testFaults(), vulnerabilityFaults(), attributeFaults(), linkFaults(), traceFaults(), sourceFaults(), releaseFaults(), billFaults(), approvalFaults(), exceptionFaults(), revocationFaults(), drillFaults(), changeFaults(), reviewsFaults()} {
		for _, row := range list {
			t.Run(row.sample+"/"+row.name, func(t *testing.T) {
				t.Parallel()
				s, ok := of[row.sample]
				if !ok || !strings.Contains(s.predicate, row.old) {
					t.Fatalf("no sample %q has %q", row.sample, row.old)
				}
				v, err := decoded(t, statementOf(t, s.predicateType, strings.Replace(s.predicate, row.old, row.now, 1)))
				var e *attest.SyntaxError
				if v != nil || !errors.As(err, &e) || e.Path != "$.predicate"+row.path || !strings.Contains(e.Msg, row.msg) {
					t.Errorf("%v, %v; want $.predicate%s: …%s…", v, err, row.path, row.msg)
				}
			})
		}
	}
}

// TestViewsWithout leaves out, and makes null, each member of a sample that its specification requires.
func TestViewsWithout(t *testing.T) {
	t.Parallel()
	required := map[string]string{
		"summary v0.2":         ".verifier .verifier.id .time_verified .resource_uri .policy .policy.uri .input_attestations[0].digest .verification_result .policy_level .dependency_levels",
		"summary v1":           ".verifier .verifier.id .resourceUri .inputAttestations[0].digest .verificationResult",
		"result v0.1":          ".verifier .verifier.id .timeCreated .properties",
		"result v0.2":          ".verifier .verifier.id .verifier.policies .timeCreated .properties",
		"test result":          ".result .configuration",
		"vulnerabilities v0.1": ".scanner .scanner.uri .scanner.db .scanner.db.lastUpdate .scanner.result .scanner.result[0].id .scanner.result[0].severity .scanner.result[0].severity[0].method .scanner.result[0].severity[0].score .metadata .metadata.scanStartedOn .metadata.scanFinishedOn",
		"vulnerabilities v0.1, as its text has it": ".scanner.result[0].vulnerability.id .scanner.result[0].vulnerability.severity .scanner.result[0].vulnerability.severity[0].score",
		"vulnerabilities v0.2":                     ".scanner .scanner.uri .scanner.db .scanner.db.lastUpdate .scanner.result .scanner.result[0].id .scanner.result[0].severity .scanner.result[0].severity[0].method .scanner.result[0].severity[0].score .metadata .metadata.scanStartedOn .metadata.scanFinishedOn",
		"attributes v0.2":                          ".attributes .attributes[0].attribute",
		"attributes v0.3":                          ".attributes .attributes[0].attribute",
		"link":                                     ".name .materials[0].name .materials[0].digest",
		"trace v0.1":                               ".monitor .monitor.type .monitoredProcess .monitoredProcess.hostID .monitoredProcess.type .monitoredProcess.event .monitorLog",
		"trace v0.2":                               ".monitor .monitor.type .monitoredProcess .monitoredProcess.hostID .monitoredProcess.type .monitoredProcess.event .monitorLog",
		"source provenance":                        ".repo_uri .branch .controls[0].name",
		"source provenance v1":                     ".branch .controls[0].name",
		"tag provenance":                           ".repo_uri .tag .controls[0].name",
		"tag provenance v1, as protojson writes it": ".tag .controls[0].name",
		"release v0.1":   ".purl",
		"release v0.2":   ".purl",
		"npm":            ".name .version .registry",
		"CycloneDX":      ".bomFormat .specVersion",
		"CycloneDX/v1.6": ".bomFormat .specVersion",
		"SPDX":           ".spdxVersion .name",
		"SPDX/v2.3":      ".spdxVersion .name",
		"SPDX 3":         ".@graph .@graph[0].type",
		"approval":       ".decision",
		"exception":      ".policy .rules .artifact .reason .validFrom .validUntil .requestedBy .reviewDue",
		"revocation":     ".number .issuedAt .nextUpdate .entries .entries[0].credential .entries[0].reason .entries[0].from",
		"change v0.1":    ".targetRef .fromRevisionID .targetTreeID",
		"change v0.2":    ".targetRef .fromID .targetID",
		"pull request":   ".targetRef .fromRevisionID .targetTreeID",
		"reviews":        ".repository .pull_request.number .pull_request.head .pull_request.head.sha .pull_request.user.id .pull_request.user.type .reviews[0].state .reviews[0].user.id .reviews[0].user.type .run.head_sha .run_approvals[0].state .run_approvals[0].environments .run_approvals[0].environments[0].name .rule_suite.result .rule_suite.before_sha .rule_suite.after_sha .rule_suite.ref",
		"drill":          ".scenario .outcome .participants .participants[0].person .participants[0].role .startedAt .endedAt",
	}
	for _, s := range samples() {
		for _, path := range strings.Fields(required[s.name]) {
			parent, name := path[:strings.LastIndexByte(path, '.')], path[strings.LastIndexByte(path, '.')+1:]
			for _, null := range []bool{false, true} {
				t.Run(fmt.Sprintf("%s%s/null %v", s.name, path, null), func(t *testing.T) {
					t.Parallel()
					predicate, ok := without(s.predicate, path, null)
					if !ok {
						t.Fatalf("the sample has no %s", path)
					}
					v, err := decoded(t, statementOf(t, s.predicateType, predicate))
					wantPath, want := "$.predicate"+parent, "has no "+name
					if null {
						wantPath, want = "$.predicate"+path, "is null; expected "
					}
					var e *attest.SyntaxError
					if v != nil || !errors.As(err, &e) || strings.NewReplacer(`["@graph"]`, ".@graph").Replace(e.Path) != wantPath || !strings.Contains(e.Msg, want) {
						t.Errorf("%v, %v; want %s: %s", v, err, wantPath, want)
					}
				})
			}
		}
	}
}

func summaryFaults() []fault {
	const v02, v1 = "summary v0.2", "summary v1"
	return []fault{
		{v02, "the newer name", `"time_verified"`, `"timeVerified":"2026-01-02T03:04:05Z","time_verified"`, ".timeVerified", `another spelling of "time_verified"`},
		{v02, "time without zone", "03:04:05Z", "03:04:05", ".time_verified", "RFC 3339"},
		{v02, "verifier a string", `{"id":"https://verifier.acme.test/v2"}`, `"v"`, ".verifier", "is a string; expected an object"},
		{v02, "verifier empty", "https://verifier.acme.test/v2", "", ".verifier.id", "is empty"},
		{v02, "verifier folded", `{"id":"h`, `{"ID":"x","id":"h`, ".verifier.ID", "another spelling"},
		{v02, "result of another case", `"PASSED"`, `"passed"`, ".verification_result", `is "passed"; expected "PASSED" or "FAILED"`},
		{v02, "level beside the result", `"SLSA_LEVEL_3","dep`, `"FAILED","dep`, "", `has the level "FAILED" and the result "PASSED"`},
		{v02, "count negative", `"SLSA_LEVEL_3":5`, `"SLSA_LEVEL_3":-5`, ".dependency_levels.SLSA_LEVEL_3", "expected an integer from 0"},
		{v02, "count a fraction", `"SLSA_LEVEL_3":5`, `"SLSA_LEVEL_3":5.0`, ".dependency_levels.SLSA_LEVEL_3", "expected an integer from 0"},
		{v02, "count minus zero", `"SLSA_LEVEL_1":0`, `"SLSA_LEVEL_1":-0`, ".dependency_levels.SLSA_LEVEL_1", "expected an integer from 0"},
		{v02, "levels a list", `"dependency_levels":{"SLSA_LEVEL_3":5,"SLSA_LEVEL_1":0}`, `"dependency_levels":[]`, ".dependency_levels", "is an array; expected an object"},
		{v1, "the older name", `"verifiedLevels"`, `"verified_levels":[],"verifiedLevels"`, ".verified_levels", `another spelling of "verifiedLevels"`},
		{v1, "result of another case", `"PASSED"`, `"Passed"`, ".verificationResult", `expected "PASSED" or "FAILED"`},
		{v1, "levels a string", `["SLSA_BUILD_LEVEL_3","SLSA_SOURCE_TWO_PARTY_REVIEWED"]`, `"SLSA_BUILD_LEVEL_3"`, ".verifiedLevels", "is a string; expected an array"},
		{v1, "level a number", `["SLSA_BUILD_LEVEL_3"`, `[3`, ".verifiedLevels[0]", "is a number; expected a string"},
		{v1, "level beside the result", `["SLSA_BUILD_LEVEL_3"`, `["FAILED"`, "", `has the level "FAILED" and the result "PASSED"`},
		{v1, "count over 64 bits", "9007199254740993", "9223372036854775808", ".dependencyLevels.SLSA_BUILD_LEVEL_1", "expected an integer from 0 to 9223372036854775807"},
		{v1, "count in other digits", `"5"`, `"05"`, ".dependencyLevels.SLSA_BUILD_LEVEL_3", `is "05"`},
		{v1, "count a word", `"5"`, `"five"`, ".dependencyLevels.SLSA_BUILD_LEVEL_3", `is "five"`},
		{v1, "count true", `"5"`, `true`, ".dependencyLevels.SLSA_BUILD_LEVEL_3", "is a boolean"},
		{v1, "policy a string", `{"uri":"https://policies.acme.test/release","digest":` + digestOf(1) + `}`, `"x"`, ".policy", "is a string; expected an object"},
		{v1, "policy's digest folded", `"policy":{"uri":"https://policies.acme.test/release","digest":{"sha256"`, `"policy":{"uri":"x","digest":{"SHA256"`, ".policy.digest.SHA256", "another spelling"},
		{v1, "resource with NUL", "pkg:generic/payments/api@1.4.2", `pkg:generic\u0000`, ".resourceUri", "NUL"},
		{v1, "time", "2026-01-02T04:04:05+01:00", "2026-01-02", ".timeVerified", "RFC 3339"},
	}
}

func resultFaults() []fault {
	const v01, v02 = "result v0.1", "result v0.2"
	return []fault{
		{v01, "properties folded", `"properties"`, `"Properties":[],"properties"`, ".Properties", "another spelling"},
		{v01, "property an object", `["SLSA_BUILD_LEVEL_3"`, `[{}`, ".properties[0]", "is an object; expected a string"},
		{v01, "time a number", `"2026-01-02T03:04:05Z"`, `1767323045`, ".timeCreated", "is a number; expected a string"},
		{v02, "policies an object", `"policies":[{"uri":"https://policies.acme.test/release","digest":` + digestOf(1) + `}]`, `"policies":{}`, ".verifier.policies", "is an object; expected an array"},
		{v02, "policies folded", `"policies":[`, `"Policies":[],"policies":[`, ".verifier.Policies", "another spelling"},
		{v02, "policy's URI a number", `"https://policies.acme.test/release"`, `1`, ".verifier.policies[0].uri", "is a number"},
	}
}

func testFaults() []fault {
	const s = "test result"
	return []fault{
		{s, "result of its own", `"WARNED"`, `"SKIPPED"`, ".result", `is "SKIPPED"; expected "PASSED", "WARNED" or "FAILED"`},
		{s, "result a boolean", `"WARNED"`, `true`, ".result", "is a boolean; expected a string"},
		{s, "result folded", `"result"`, `"Result":"PASSED","result"`, ".Result", "another spelling"},
		{s, "tests in the older spelling", `"failedTests"`, `"failed_tests":["x"],"failedTests"`, ".failed_tests", `another spelling of "failedTests"`},
		{s, "tests a number", `["lint"]`, `1`, ".warnedTests", "is a number; expected an array"},
		{s, "test an object", `["lint"]`, `[{"name":"lint"}]`, ".warnedTests[0]", "is an object; expected a string"},
		{s, "configuration an object", `"configuration":[`, `"configuration":{},"x":[`, ".configuration", "is an object; expected an array"},
		{s, "configuration of strings", `"configuration":[`, `"configuration":["x",`, ".configuration[0]", "is a string; expected an object"},
		{s, "digest a string", `{"gitBlob":"` + commit + `"}`, `"` + commit + `"`, ".configuration[0].digest", "is a string; expected an object"},
		{s, "url an object", `"https://ci.acme.test/runs/1"`, `{}`, ".url", "is an object"},
	}
}

func vulnerabilityFaults() []fault {
	const v01, text, v02 = "vulnerabilities v0.1", "vulnerabilities v0.1, as its text has it", "vulnerabilities v0.2"
	return []fault{
		{v01, "severity a word", `"severity":[]`, `"severity":"high"`, ".scanner.result[1].severity", "is a string; expected an array"},
		{v01, "finished is no time", "2026-01-02T12:04:05.5Z", "later", ".metadata.scanFinishedOn", "RFC 3339"},
		{text, "an id beside it", `{"vulnerability"`, `{"id":"CVE-1","vulnerability"`, ".scanner.result[0]", "has id beside vulnerability"},
		{text, "severities beside it", `{"vulnerability"`, `{"severity":[],"vulnerability"`, ".scanner.result[0]", "has severity beside vulnerability"},
		{v02, "wrapped as in v0.1", `[{"id":"CVE-2017-5645"`, `[{"vulnerability":{},"ID":"CVE-2017-5645"`, ".scanner.result[0].ID", "another spelling"},
		{v02, "score a number", `"9.8"`, `9.8`, ".scanner.result[0].severity[1].score", "is a number; expected a string"},
		{v02, "score empty", `"9.8"`, `""`, ".scanner.result[0].severity[1].score", "is empty"},
		{v02, "score not a number", `"9.8"`, `"NaN"`, ".scanner.result[0].severity[1].score", "expected a word or a finite number"},
		{v02, "score without end", `"9.8"`, `"-Infinity"`, ".scanner.result[0].severity[1].score", "expected a word or a finite number"},
		{v02, "id empty", `"CVE-2017-5645"`, `""`, ".scanner.result[0].id", "is empty"},
		{v02, "finding a string", `"result":[`, `"result":["CVE-1",`, ".scanner.result[0]", "is a string; expected an object"},
		{v02, "result an object", `"result":[`, `"result":{},"x":[`, ".scanner.result", "is an object; expected an array"},
		{v02, "result folded", `"result"`, `"Result":[],"result"`, ".scanner.Result", "another spelling"},
		{v02, "update folded", `"lastUpdate"`, `"last_update":"x","lastUpdate"`, ".scanner.db.last_update", "another spelling"},
		{v02, "update a number", `"lastUpdate":"2026-01-02T03:04:05Z"`, `"lastUpdate":5`, ".scanner.db.lastUpdate", "is a number; expected a string"},
	}
}

func attributeFaults() []fault {
	const s = "attributes v0.3"
	return []fault{
		{"attributes v0.2", "none", `[{"attribute":"REPRODUCIBLE","target":null,"conditions":null,"evidence":null}]`, `[]`, ".attributes", "is empty; expected one attribute or more"},
		{s, "attributes an object", `"attributes":[`, `"attributes":{},"x":[`, ".attributes", "is an object; expected an array"},
		{s, "attribute empty", `"VALID_ENCLAVE"`, `""`, ".attributes[1].attribute", "is empty"},
		{s, "attribute folded", `{"attribute":"VALID`, `{"Attribute":"x","attribute":"VALID`, ".attributes[1].Attribute", "another spelling"},
		{s, "conditions a string", `{"flags": "-fstack-protector*"}`, `"x"`, ".attributes[0].conditions", "is a string; expected an object"},
		{s, "evidence a list", `"evidence":{"name"`, `"evidence":[],"x":{"name"`, ".attributes[0].evidence", "is an array; expected an object"},
		{s, "evidence's media type a number", `"application/x.dsse+json"`, `1`, ".attributes[0].evidence.mediaType", "is a number"},
		{s, "target's name a number", `"my-rsa-lib.so"`, `1`, ".attributes[0].target.name", "is a number"},
		{s, "producer a string", `"producer":{`, `"producer":"x","x":{`, ".producer", "is a string; expected an object"},
		{s, "download location folded", `{"uri":"file`, `{"DownloadLocation":"x","uri":"file`, ".producer.DownloadLocation", "another spelling"},
	}
}

func linkFaults() []fault {
	const s = "link"
	return []fault{
		{s, "a name twice", `"go.sum"`, `"go.mod"`, ".materials[1]", `is a second material "go.mod"`},
		{s, "command a string", `["go","build","./..."]`, `"go build"`, ".command", "is a string; expected an array"},
		{s, "command of numbers", `"./..."`, `1`, ".command[2]", "is a number; expected a string"},
		{s, "materials an object", `"materials":[`, `"materials":{},"x":[`, ".materials", "is an object; expected an array"},
		{s, "material's name empty", `"go.sum"`, `""`, ".materials[1].name", "is empty"},
		{s, "material's digest a string", `{"blake9":"x"}`, `"x"`, ".materials[1].digest", "is a string; expected an object"},
		{s, "name folded", `{"name":"compile"`, `{"Name":"x","name":"compile"`, ".Name", "another spelling"},
		{s, "byproducts a list", `{"return-value":0}`, `[]`, ".byproducts", "is an array; expected an object"},
		{s, "environment a string", `{"GOOS":"linux"}`, `"linux"`, ".environment", "is a string; expected an object"},
	}
}

func traceFaults() []fault {
	const s = "trace v0.1"
	return []fault{
		{s, "nothing recorded", `{"process":[{"eventType":"process","Process":1},{}],"network":[],"fileAccess":null}`, `{"process":null}`, ".monitorLog", "has none of process, network and fileAccess"},
		{s, "processes an object", `"process":[`, `"process":{},"x":[`, ".monitorLog.process", "is an object; expected an array"},
		{s, "process a string", `"process":[`, `"process":["sh",`, ".monitorLog.process[0]", "is a string; expected an object"},
		{s, "process null", `"process":[`, `"process":[null,`, ".monitorLog.process[0]", "is null; expected an object"},
		{s, "network folded", `"network":[]`, `"Network":[]`, ".monitorLog.Network", `another spelling of "network"`},
		{s, "host in another case", `"hostID"`, `"hostId":"x","hostID"`, ".monitoredProcess.hostId", `another spelling of "hostID"`},
		{s, "event a number", `"run-image-pipelinerun-build-trusted"`, `7`, ".monitoredProcess.event", "is a number"},
		{s, "policy a list", `{"policies":[{"Name":"connect"}]}`, `[]`, ".monitor.tracePolicy", "is an array; expected an object"},
		{s, "configuration a string", `"configSource":{}`, `"configSource":"x"`, ".monitor.configSource", "is a string; expected an object"},
		{s, "started is no time", "2026-01-02T03:04:05Z", "then", ".metadata.buildStartedOn", "RFC 3339"},
		{s, "metadata a list", `"metadata":{"buildStartedOn":"2026-01-02T03:04:05Z","buildFinishedOn":"2026-01-02T12:04:05.5Z"}`, `"metadata":[]`, ".metadata", "is an array; expected an object"},
		{"trace v0.2", "monitor's type empty", "https://github.com/cilium/tetragon/v0.8.4", "", ".monitor.type", "is empty"},
	}
}

func sourceFaults() []fault {
	const s, tag = "source provenance", "tag provenance"
	return []fault{
		{s, "both spellings", `"repo_uri"`, `"repoUri":"x","repo_uri"`, ".repo_uri", "is another spelling of a name that is there"},
		{s, "a third spelling", `"repo_uri"`, `"Repo_URI":"x","repo_uri"`, ".Repo_URI", "another spelling"},
		{s, "repository empty", "https://github.com/acme/payments", "", ".repo_uri", "is empty"},
		{s, "branch a list", `"refs/heads/main"`, `["refs/heads/main"]`, ".branch", "is an array; expected a string"},
		{s, "since is no time", "2026-01-02T03:04:05Z", "2026-01-02 03:04:05Z", ".controls[0].since", "RFC 3339"},
		{s, "controls as the first draft had them", `"controls":[{"name":"CONTINUITY_ENFORCED","since":"2026-01-02T03:04:05Z"},{"name":"TAG_HYGIENE","since":null}]`, `"controls":{"TAG_HYGIENE":{}}`, ".controls", "is an object; expected an array"},
		{s, "control a string", `"controls":[`, `"controls":["TAG_HYGIENE",`, ".controls[0]", "is a string; expected an object"},
		{s, "control's name folded", `{"name":"TAG`, `{"Name":"x","name":"TAG`, ".controls[1].Name", "another spelling"},
		{s, "actor an object", `"alice"`, `{"login":"alice"}`, ".actor", "is an object; expected a string"},
		{s, "created is no time", "2026-01-02T12:04:05.5Z", "", ".created_on", "RFC 3339"},
		{tag, "both spellings", `"vsa_summaries"`, `"vsaSummaries":[],"vsa_summaries"`, ".vsa_summaries", "is another spelling of a name that is there"},
		{tag, "both spellings of the references", `"source_refs"`, `"sourceRefs":[],"source_refs"`, ".vsa_summaries[0].source_refs", "is another spelling of a name that is there"},
		{tag, "references a string", `["refs/heads/main"]`, `"refs/heads/main"`, ".vsa_summaries[0].source_refs", "is a string; expected an array"},
		{tag, "levels a number", `["SLSA_SOURCE_LEVEL_3"]`, `3`, ".vsa_summaries[0].verifiedLevels", "is a number; expected an array"},
		{tag, "a branch", `"tag"`, `"branch"`, "", "has no tag"},
	}
}

func releaseFaults() []fault {
	const s, npm, pypi = "release v0.2", "npm", "PyPI"
	return []fault{
		{s, "no package URL", "pkg:npm/@angular/http@7.2.16", "https://registry.example.test/http", ".purl", "is not a package URL"},
		{s, "a package URL without a version", "pkg:npm/@angular/http@7.2.16", "pkg:npm/%40angular/http", ".purl", "expected a package URL with a version"},
		{s, "an escaped slash", "pkg:npm/@angular/http@7.2.16", "pkg:npm/%40angular%2Fhttp@7", ".purl", "an escaped slash"},
		{s, "purl folded", `"purl"`, `"PURL":"x","purl"`, ".PURL", "another spelling"},
		{s, "package id a number", `"1234567890"`, `1234567890`, ".packageId", "is a number; expected a string"},
		{"release v0.1", "release id folded", `"releaseId"`, `"release_id":"1","releaseId"`, ".release_id", "another spelling"},
		{"release v0.1", "release id a number", `"252"`, `252`, ".releaseId", "is a number; expected a string"},
		{npm, "version a number", `"1.4.3"`, `1`, ".version", "is a number; expected a string"},
		{npm, "name empty", `"@scope/package-foo"`, `""`, ".name", "is empty"},
		{npm, "registry folded", `"registry"`, `"Registry":"x","registry"`, ".Registry", "another spelling"},
		{pypi, "anything in it", `{}`, `{"name":"x"}`, ".name", "is not empty; expected {} or null"},
	}
}

func billFaults() []fault {
	const cyclone, spdx, graph = "CycloneDX", "SPDX", "SPDX 3"
	return []fault{
		{cyclone, "another format", `"bomFormat":"CycloneDX"`, `"bomFormat":"cyclonedx"`, ".bomFormat", `is "cyclonedx"; expected "CycloneDX"`},
		{cyclone, "format folded", `"bomFormat"`, `"BOMFormat":"x","bomFormat"`, ".BOMFormat", "another spelling"},
		{cyclone, "version a number", `"specVersion":"1.6"`, `"specVersion":1.6`, ".specVersion", "is a number; expected a string"},
		{cyclone, "components an object", `"components":[`, `"components":{},"x":[`, ".components", "is an object; expected an array"},
		{cyclone, "component a string", `"components":[`, `"components":["x",`, ".components[0]", "is a string; expected an object"},
		{cyclone, "name a number", `"payments"`, `1`, ".metadata.component.name", "is a number; expected a string"},
		{cyclone, "component folded", `"component":{`, `"Component":1,"component":{`, ".metadata.Component", "another spelling"},
		{cyclone, "time", "2026-01-02T03:04:05Z", "2026", ".metadata.timestamp", "RFC 3339"},
		{spdx, "another version", "SPDX-2.3", "SPDX-3.0", ".spdxVersion", `is "SPDX-3.0"; expected "SPDX-2." and a minor version`},
		{spdx, "a version without SPDX", "SPDX-2.3", "2.3", ".spdxVersion", `is "2.3"`},
		{spdx, "version folded", `"spdxVersion"`, `"SPDXVersion":"x","spdxVersion"`, ".SPDXVersion", "another spelling"},
		{spdx, "name empty", `"payments-1.4.2"`, `""`, ".name", "is empty"},
		{spdx, "packages a number", `"packages":[{"SPDXID":"a","Name":"b"},{},{}]`, `"packages":3`, ".packages", "is a number; expected an array"},
		{spdx, "file null", `"files":[{}]`, `"files":[null]`, ".files[0]", "is null; expected an object"},
		{spdx, "time", "2026-01-02T03:04:05Z", "2026-01-02T03:04:05.Z", ".creationInfo.created", "RFC 3339"},
		{graph, "no creation", `"type":"CreationInfo"`, `"type":"Other"`, "", "has no CreationInfo"},
		{graph, "no version", `"specVersion":"3.0.1",`, ``, `["@graph"][0]`, "has no specVersion"},
		{graph, "two documents", `"type":"Person"`, `"type":"SpdxDocument"`, `["@graph"][2]`, "is a second SpdxDocument"},
		{graph, "graph an object", `"@graph":[`, `"@graph":{},"x":[`, `["@graph"]`, "is an object; expected an array"},
		{graph, "element a string", `"@graph":[`, `"@graph":["x",`, `["@graph"][0]`, "is a string; expected an object"},
		{graph, "type folded", `{"type":"Person"`, `{"Type":"x","type":"Person"`, `["@graph"][1].Type`, "another spelling"},
		{graph, "name a number", `"Alice"`, `1`, `["@graph"][1].name`, "is a number; expected a string"},
		{"SPDX 3, its creation inside", "no version", `"specVersion":"3.0.0"`, `"x":1`, `["@graph"][0]`, "has no specVersion"},
	}
}

// TestResourceVoid: digests of what a predicate points to are as subjects' are: an unknown algorithm is left
// out, a known one that is malformed leaves none and says why.
func TestResourceVoid(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name, digest string
		want         attest.Resource
	}{
		{"of the right form", `{"sha256":"` + sha + `","blake9":"x"}`, attest.Resource{Digests: attest.Digests{"sha256": sha}}},
		{"unknown", `{"blake9":"x"}`, attest.Resource{}},
		{"too short", `{"sha256":"ab"}`, attest.Resource{Void: "its sha256 has 2 digits; expected 64"}},
		{"upper case", `{"sha256":"` + strings.ToUpper(sha) + `"}`, attest.Resource{Void: "its sha256 is not lower-case hexadecimal"}},
		{"one of two", `{"sha256":"` + sha + `","sha1":"x"}`, attest.Resource{Void: "its sha1 has 1 digits; expected 40"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			st := statementOf(t, "https://in-toto.io/attestation/test-result/v0.1", `{"result":"PASSED","configuration":[{"digest":`+row.digest+`}]}`)
			r, err := st.TestResult()
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]attest.Resource{row.want}, r.Configuration); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// without takes a member out of a JSON text, or makes it null.
func without(text, path string, null bool) (string, bool) {
	var root any
	dec := json.NewDecoder(strings.NewReader(text))
	dec.UseNumber()
	if err := dec.Decode(&root); err != nil {
		return "", false
	}
	steps := strings.FieldsFunc(path, func(c rune) bool { return c == '.' || c == '[' || c == ']' })
	at := root
	for _, step := range steps[:len(steps)-1] {
		switch v := at.(type) {
		case map[string]any:
			at = v[step]
		case []any:
			i, err := strconv.Atoi(step)
			if err != nil || i >= len(v) {
				return "", false
			}
			at = v[i]
		}
	}
	last := steps[len(steps)-1]
	object, ok := at.(map[string]any)
	if _, there := object[last]; !ok || !there {
		return "", false
	}
	if object[last] = nil; !null {
		delete(object, last)
	}
	data, err := json.Marshal(root)
	return string(data), err == nil
}
