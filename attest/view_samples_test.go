package attest_test

import (
	"slices"
	"strings"
	"time"

	"github.com/surety-dev/surety/attest"
)

// sample is a predicate as its specification writes it, and the view of it.
type sample struct {
	name, predicateType, predicate string
	want                           any
}

var (
	morning = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	noon    = time.Date(2026, 1, 2, 12, 4, 5, 5e8, time.UTC)
)

// digestOf is a digest set of one SHA-256, as JSON writes it.
func digestOf(seed byte) string { return `{"sha256":"` + hexOf(64, seed) + `"}` }

// resource is what a predicate points to.
func resource(uri string, seed byte) attest.Resource {
	return attest.Resource{URI: uri, Digests: attest.Digests{"sha256": hexOf(64, seed)}}
}

func samples() []sample {
	return slices.Concat(summaries(), reports(), steps(), published(), bills(), own(), changed(), reviewing())
}

func summaries() []sample {
	verified := attest.Summary{
		Verifier: "https://verifier.acme.test/v2", ClaimedAt: morning, Resource: "pkg:generic/payments/api@1.4.2", Result: "PASSED",
		Policies: []attest.Resource{resource("https://policies.acme.test/release", 1)}, Inputs: []attest.Resource{resource("https://store.acme.test/p.jsonl", 2)},
		Levels: []string{"SLSA_BUILD_LEVEL_3", "SLSA_SOURCE_TWO_PARTY_REVIEWED"}, Dependencies: map[string]int64{"SLSA_BUILD_LEVEL_3": 5, "SLSA_BUILD_LEVEL_1": 9007199254740993},
	}
	old, least, result := verified, attest.Summary{Verifier: "v", Resource: "r", Result: "FAILED"}, attest.Summary{Verifier: verified.Verifier, ClaimedAt: morning, Levels: []string{"SLSA_BUILD_LEVEL_3", "ACME_APPROVED"}}
	old.Levels = []string{"SLSA_LEVEL_3"}
	old.Dependencies = map[string]int64{"SLSA_LEVEL_3": 5, "SLSA_LEVEL_1": 0}
	policied := result
	policied.Policies = verified.Policies
	first := attest.Summary{Verifier: "v", Resource: "r", Result: "PASSED", Levels: []string{"SLSA_LEVEL_3"}}
	return []sample{
		{"summary v0.2", "https://slsa.dev/verification_summary/v0.2", `{"verifier":{"id":"https://verifier.acme.test/v2"},"time_verified":"2026-01-02T03:04:05Z","resource_uri":"pkg:generic/payments/api@1.4.2",
			"policy":{"uri":"https://policies.acme.test/release","digest":` + digestOf(1) + `},"input_attestations":[{"uri":"https://store.acme.test/p.jsonl","digest":` + digestOf(2) + `}],
			"verification_result":"PASSED","policy_level":"SLSA_LEVEL_3","dependency_levels":{"SLSA_LEVEL_3":5,"SLSA_LEVEL_1":0}}`, &old},
		{"summary v1", "https://slsa.dev/verification_summary/v1", `{"verifier":{"id":"https://verifier.acme.test/v2","version":{"tool":"1.2"}},"timeVerified":"2026-01-02T04:04:05+01:00","resourceUri":"pkg:generic/payments/api@1.4.2",
			"policy":{"uri":"https://policies.acme.test/release","digest":` + digestOf(1) + `},"inputAttestations":[{"uri":"https://store.acme.test/p.jsonl","digest":` + digestOf(2) + `}],
			"verificationResult":"PASSED","verifiedLevels":["SLSA_BUILD_LEVEL_3","SLSA_SOURCE_TWO_PARTY_REVIEWED"],"dependencyLevels":{"SLSA_BUILD_LEVEL_3":"5","SLSA_BUILD_LEVEL_1":9007199254740993},"slsaVersion":"1.1"}`, &verified},
		{"summary v1, failed: its levels are not verified", "https://slsa.dev/verification_summary/v1",
			`{"verifier":{"id":"v"},"resourceUri":"r","verificationResult":"FAILED","verifiedLevels":["SLSA_BUILD_LEVEL_3","FAILED"],"timeVerified":null,"policy":null,"inputAttestations":null,"dependencyLevels":null,"policyLevel":null}`, &least},
		{"summary v1, as it first was", "https://slsa.dev/verification_summary/v1", `{"verifier":{"id":"v"},"resourceUri":"r","verificationResult":"PASSED","policyLevel":"SLSA_LEVEL_3","verifiedLevels":null}`, &first},
		{"result v0.1", "https://in-toto.io/attestation/svr/v0.1", `{"verifier":{"id":"https://verifier.acme.test/v2","policies":{"an":"extension"}},"timeCreated":"2026-01-02T03:04:05Z","properties":["SLSA_BUILD_LEVEL_3","ACME_APPROVED"]}`, &result},
		{"result v0.2", "https://in-toto.io/attestation/svr/v0.2", `{"verifier":{"id":"https://verifier.acme.test/v2","policies":[{"uri":"https://policies.acme.test/release","digest":` + digestOf(1) + `}]},
			"timeCreated":"2026-01-02T03:04:05Z","properties":["SLSA_BUILD_LEVEL_3","ACME_APPROVED"]}`, &policied},
	}
}

func reports() []sample {
	scan := attest.Vulnerabilities{
		Scanner: "pkg:github/aquasecurity/trivy@244fd47e07d1", ScannerVersion: "0.19.2", Started: morning, Finished: noon,
		Database: attest.Database{URI: "pkg:github/aquasecurity/trivy-db", Version: "v1-2021080612", Updated: morning},
		Findings: []attest.Vulnerability{{ID: "CVE-2017-5645", Severities: []attest.Severity{{Method: "nvd", Score: "critical"}, {Method: "cvss_score", Score: "9.8"}}}, {ID: "GHSA-fxph-q3j8-mv87"}},
	}
	scanned := func(first string) string {
		return `{"invocation":{"event_id":"1"},"scanner":{"uri":"pkg:github/aquasecurity/trivy@244fd47e07d1","version":"0.19.2","db":{"uri":"pkg:github/aquasecurity/trivy-db","version":"v1-2021080612","lastUpdate":"2026-01-02T03:04:05Z"},
			"result":[` + first + `,{"id":"GHSA-fxph-q3j8-mv87","severity":[],"annotations":[{"k":1}]}]},"metadata":{"scanStartedOn":"2026-01-02T03:04:05Z","scanFinishedOn":"2026-01-02T12:04:05.5Z"}}`
	}
	const found = `{"id":"CVE-2017-5645","severity":[{"method":"nvd","score":"critical"},{"method":"cvss_score","score":"9.8"}]}`
	return []sample{
		{"test result", "https://in-toto.io/attestation/test-result/v0.1", `{"result":"WARNED","configuration":[{"name":".github/workflows/ci.yml","downloadLocation":"https://git.test/ci.yml","mediaType":"text/yaml","digest":{"gitBlob":"` + commit + `"},"annotations":{"Name":1}}],
			"url":"https://ci.acme.test/runs/1","passedTests":["build (linux)","build (mac)"],"warnedTests":["lint"],"failedTests":[]}`,
			&attest.TestResult{
				Result: "WARNED", URL: "https://ci.acme.test/runs/1", PassedTests: []string{"build (linux)", "build (mac)"}, WarnedTests: []string{"lint"},
				Configuration: []attest.Resource{{Name: ".github/workflows/ci.yml", Location: "https://git.test/ci.yml", MediaType: "text/yaml", Digests: attest.Digests{"gitBlob": commit}}},
			}},
		{"test result, the least", "https://in-toto.io/attestation/test-result/v0.1", `{"result":"PASSED","configuration":[],"url":null,"passedTests":null,"warnedTests":null,"failedTests":null}`, &attest.TestResult{Result: "PASSED"}},
		{"vulnerabilities v0.1", "https://in-toto.io/attestation/vulns/v0.1", scanned(found), &scan},
		{"vulnerabilities v0.1, as its text has it", "https://in-toto.io/attestation/vulns/v0.1", scanned(`{"vulnerability":` + found + `}`), &scan},
		{"vulnerabilities v0.2", "https://in-toto.io/attestation/vulns/v0.2", scanned(found), &scan},
		{"vulnerabilities v0.2, none", "https://in-toto.io/attestation/vulns/v0.2", `{"scanner":{"uri":"s","version":null,"db":{"uri":null,"version":null,"lastUpdate":"2026-01-02T03:04:05Z"},"result":[]},"metadata":{"scanStartedOn":"2026-01-02T03:04:05Z","scanFinishedOn":"2026-01-02T12:04:05.5Z"}}`,
			&attest.Vulnerabilities{Scanner: "s", Database: attest.Database{Updated: morning}, Started: morning, Finished: noon}},
		{"attributes v0.2", "https://in-toto.io/attestation/scai/attribute-report/v0.2", `{"attributes":[{"attribute":"REPRODUCIBLE","target":null,"conditions":null,"evidence":null}],"producer":null}`,
			&attest.SCAI{Attributes: []attest.Attribute{{Name: "REPRODUCIBLE"}}}},
		{"attributes v0.3", "https://in-toto.io/attestation/scai/v0.3", `{"attributes":[{"attribute":"WITH_STACK_PROTECTION","conditions":{"flags": "-fstack-protector*"},"target":{"name":"my-rsa-lib.so","digest":` + digestOf(3) + `},
			"evidence":{"name":"gcc.json","digest":` + digestOf(4) + `,"mediaType":"application/x.dsse+json"}},{"attribute":"VALID_ENCLAVE"}],"producer":{"uri":"file:///usr/bin/gcc","name":"gcc9.3.0","digest":` + digestOf(5) + `}}`,
			&attest.SCAI{
				Attributes: []attest.Attribute{{
					Name: "WITH_STACK_PROTECTION", Conditions: attest.Raw(`{"flags": "-fstack-protector*"}`), Target: attest.Resource{Name: "my-rsa-lib.so", Digests: attest.Digests{"sha256": hexOf(64, 3)}},
					Evidence: attest.Resource{Name: "gcc.json", MediaType: "application/x.dsse+json", Digests: attest.Digests{"sha256": hexOf(64, 4)}},
				}, {Name: "VALID_ENCLAVE"}},
				Producer: attest.Resource{URI: "file:///usr/bin/gcc", Name: "gcc9.3.0", Digests: attest.Digests{"sha256": hexOf(64, 5)}},
			}},
	}
}

func steps() []sample {
	const source, tag = "https://github.com/slsa-framework/slsa-source-poc/source-provenance/v1-draft", "https://github.com/slsa-framework/slsa-source-poc/tag-provenance/v1-draft"
	traced := attest.Trace{
		Monitor: "https://github.com/cilium/tetragon/v0.8.4", Policy: attest.Raw(`{"policies":[{"Name":"connect"}]}`), Host: "https://tekton.dev/chains/v2", Type: "https://tekton.dev/attestations/chains@v2",
		Event: "run-image-pipelinerun-build-trusted", Processes: 2, Connections: 0, Files: -1, Started: morning, Finished: noon,
	}
	const monitored = `{"monitor":{"type":"https://github.com/cilium/tetragon/v0.8.4","configSource":{},"tracePolicy":{"policies":[{"Name":"connect"}]}},
		"monitoredProcess":{"hostID":"https://tekton.dev/chains/v2","type":"https://tekton.dev/attestations/chains@v2","event":"run-image-pipelinerun-build-trusted"},
		"monitorLog":{"process":[{"eventType":"process","Process":1},{}],"network":[],"fileAccess":null},"metadata":{"buildStartedOn":"2026-01-02T03:04:05Z","buildFinishedOn":"2026-01-02T12:04:05.5Z"}}`
	pushed := &attest.SourceProvenance{
		Repository: "https://github.com/acme/payments", Ref: "refs/heads/main", Actor: "alice", Activity: "pr_merge", Previous: commit, ClaimedAt: noon,
		Controls: []attest.SourceControl{{Name: "CONTINUITY_ENFORCED", Since: morning}, {Name: "TAG_HYGIENE"}},
	}
	tagged := &attest.SourceProvenance{
		Repository: "https://github.com/acme/payments", Ref: "refs/tags/v1.1.5", Actor: "alice", ClaimedAt: noon, Controls: []attest.SourceControl{{Name: "TAG_HYGIENE", Since: morning}},
		Summaries: []attest.SourceSummary{{Refs: []string{"refs/heads/main"}, Levels: []string{"SLSA_SOURCE_LEVEL_3"}}},
	}
	const controls = `"controls":[{"name":"CONTINUITY_ENFORCED","since":"2026-01-02T03:04:05Z"},{"name":"TAG_HYGIENE","since":null}]`
	const push = `{"activity_type":"pr_merge","actor":"alice","branch":"refs/heads/main",` + controls + `,"created_on":"2026-01-02T12:04:05.5Z","prev_commit":"0707070707070707070707070707070707070707","repo_uri":"https://github.com/acme/payments"}`
	const tagging = `{"actor":"alice","controls":[{"name":"TAG_HYGIENE","since":"2026-01-02T03:04:05Z"}],"created_on":"2026-01-02T12:04:05.5Z","repo_uri":"https://github.com/acme/payments","tag":"refs/tags/v1.1.5",
		"vsa_summaries":[{"source_refs":["refs/heads/main"],"verifiedLevels":["SLSA_SOURCE_LEVEL_3"]}]}`
	protojson := strings.NewReplacer("activity_type", "activityType", "created_on", "createdOn", "prev_commit", "prevCommit", "repo_uri", "repoUri", "vsa_summaries", "vsaSummaries", "source_refs", "sourceRefs")
	final := strings.NewReplacer("slsa-source-poc", "source-tool", "v1-draft", "v1")
	return []sample{
		{"link", "https://in-toto.io/attestation/link/v0.3", `{"name":"compile","command":["go","build","./..."],"materials":[{"name":"go.mod","digest":` + digestOf(6) + `},{"name":"go.sum","uri":"u","digest":{"blake9":"x"}}],
			"byproducts":{"return-value":0},"environment":{"GOOS":"linux"}}`,
			&attest.Link{
				Name: "compile", Command: []string{"go", "build", "./..."}, Byproducts: attest.Raw(`{"return-value":0}`), Environment: attest.Raw(`{"GOOS":"linux"}`),
				Materials: []attest.Resource{{Name: "go.mod", Digests: attest.Digests{"sha256": hexOf(64, 6)}}, {Name: "go.sum", URI: "u"}},
			}},
		{"link, the least", "https://in-toto.io/attestation/link/v0.3", `{"name":"compile","command":null,"materials":null,"byproducts":null,"environment":null}`, &attest.Link{Name: "compile"}},
		{"trace v0.1", "https://in-toto.io/attestation/runtime-trace/v0.1", monitored, &traced},
		{"trace v0.2", "https://in-toto.io/attestation/runtime-trace/v0.2", monitored, &traced},
		{"source provenance", source, push, pushed},
		{"source provenance, as protojson writes it", source, protojson.Replace(push), pushed},
		{"source provenance v1", final.Replace(source), protojson.Replace(push), pushed},
		{"source provenance, the least", source, `{"branch":"b","repo_uri":"r","actor":null,"controls":null,"created_on":null}`, &attest.SourceProvenance{Repository: "r", Ref: "b"}},
		{"tag provenance", tag, tagging, tagged},
		{"tag provenance v1, as protojson writes it", final.Replace(tag), protojson.Replace(strings.Replace(tagging, "verifiedLevels", "verified_levels", 1)), tagged},
		{"tag provenance, the least", tag, `{"tag":"t","repo_uri":"r","vsa_summaries":null}`, &attest.SourceProvenance{Repository: "r", Ref: "t"}},
	}
}

func published() []sample {
	return []sample{
		{"release v0.1", "https://in-toto.io/attestation/release/v0.1", `{"purl":"pkg:github/acme/payments@v1.4.2","releaseId":"252","repositoryId":"7","tag":"v1.4.2"}`, &attest.Release{PURL: "pkg:github/acme/payments@v1.4.2", ReleaseID: "252"}},
		{"release v0.2", "https://in-toto.io/attestation/release/v0.2", `{"purl":"pkg:npm/@angular/http@7.2.16","packageId":"1234567890","releaseId":null}`, &attest.Release{PURL: "pkg:npm/@angular/http@7.2.16", PackageID: "1234567890"}},
		{"npm", "https://github.com/npm/attestation/tree/main/specs/publish/v0.1", `{"name":"@scope/package-foo","version":"1.4.3","registry":"https://registry.example.test"}`,
			&attest.Publish{Name: "@scope/package-foo", Version: "1.4.3", Registry: "https://registry.example.test"}},
		{"PyPI", "https://docs.pypi.org/attestations/publish/v1", `{}`, &attest.Publish{}},
		{"PyPI, null", "https://docs.pypi.org/attestations/publish/v1", `null`, &attest.Publish{}},
	}
}

func bills() []sample {
	const cyclone = `{"$schema":"http://cyclonedx.org/schema/bom-1.6.schema.json","bomFormat":"CycloneDX","specVersion":"1.6","serialNumber":"urn:uuid:3e671687-395b-41f5-a30f-b58921a69b79","version":1,
		"metadata":{"timestamp":"2026-01-02T03:04:05Z","component":{"type":"application","name":"payments","version":"1.4.2"}},
		"components":[{"type":"library","name":"acme-library","version":"1.0.0","components":[{"Name":1}]},{"type":"file","name":"x"}],"dependencies":[]}`
	const spdx = `{"SPDXID":"SPDXRef-DOCUMENT","spdxVersion":"SPDX-2.3","dataLicense":"CC0-1.0","name":"payments-1.4.2","documentNamespace":"https://acme.test/sbom/1",
		"creationInfo":{"created":"2026-01-02T03:04:05Z","creators":["Tool: syft"]},"packages":[{"SPDXID":"a","Name":"b"},{},{}],"files":[{}],"relationships":[{}]}`
	const graph = `{"@context":"https://spdx.org/rdf/3.0.1/spdx-context.jsonld","@graph":[{"type":"CreationInfo","@id":"_:creationInfo","specVersion":"3.0.1","created":"2026-01-02T03:04:05Z","createdBy":["https://acme.test/alice"]},
		{"type":"Person","spdxId":"https://acme.test/alice","name":"Alice","creationInfo":"_:creationInfo"},{"type":"SpdxDocument","spdxId":"https://acme.test/sbom/1","name":"payments","creationInfo":"_:creationInfo","rootElement":["x"]},
		{"type":"software_Package","spdxId":"x","name":"payments","software_packageVersion":"1.4.2"},{"type":"software_Package","spdxId":"y"},{"type":"software_File","spdxId":"z"}]}`
	head := &attest.SBOM{
		Format: "CycloneDX", SpecVersion: "1.6", ID: "urn:uuid:3e671687-395b-41f5-a30f-b58921a69b79", Name: "payments", Version: "1.4.2", ClaimedAt: morning, Components: 2, Files: -1,
	}
	document := &attest.SBOM{Format: "SPDX", SpecVersion: "2.3", ID: "https://acme.test/sbom/1", Name: "payments-1.4.2", ClaimedAt: morning, Components: 3, Files: 1}
	list := []sample{
		{"CycloneDX, the least", "https://cyclonedx.org/bom", `{"bomFormat":"CycloneDX","specVersion":"1.4","metadata":null,"components":null,"serialNumber":null}`, &attest.SBOM{Format: "CycloneDX", SpecVersion: "1.4", Components: -1, Files: -1}},
		{"CycloneDX of nothing", "https://cyclonedx.org/bom", `{"bomFormat":"CycloneDX","specVersion":"1.4","metadata":{"component":null,"timestamp":null},"components":[]}`, &attest.SBOM{Format: "CycloneDX", SpecVersion: "1.4", Files: -1}},
		{"SPDX 2, the least", "https://spdx.dev/Document", `{"spdxVersion":"SPDX-2.2","name":"n","creationInfo":null,"packages":null,"files":null}`, &attest.SBOM{Format: "SPDX", SpecVersion: "2.2", Name: "n", Components: -1, Files: -1}},
		{"SPDX 3", "https://spdx.dev/Document/v3", graph, &attest.SBOM{Format: "SPDX", SpecVersion: "3.0.1", ID: "https://acme.test/sbom/1", Name: "payments", ClaimedAt: morning, Components: 2, Files: 1}},
		{"SPDX 3, its creation inside", "https://spdx.dev/Document/v3", `{"@graph":[{"type":"software_File","creationInfo":{"type":"CreationInfo","specVersion":"3.0.0"}}]}`, &attest.SBOM{Format: "SPDX", SpecVersion: "3.0.0", Files: 1}},
	}
	for _, version := range []string{"", "/v1.2", "/v1.3", "/v1.4", "/v1.5", "/v1.6", "/v1.7"} {
		list = append(list, sample{"CycloneDX" + version, "https://cyclonedx.org/bom" + version, cyclone, head})
	}
	for _, version := range []string{"", "/v2.2", "/v2.3"} {
		list = append(list, sample{"SPDX" + version, "https://spdx.dev/Document" + version, spdx, document})
	}
	return list
}
