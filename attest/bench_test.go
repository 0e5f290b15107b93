package attest_test

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"strings"
	"testing"

	"github.com/surety-dev/surety/attest"
)

// slsaEnvelope is an envelope with a SLSA v1 provenance of about 5 KB.
func slsaEnvelope() []byte {
	var deps []string
	for i := range 20 {
		deps = append(deps, fmt.Sprintf(`{"uri":"pkg:golang/example.test/module%02d@v1.%d.0","digest":{"sha256":%q},"name":"module%02d"}`, i, i, hexOf(64, byte(i)), i))
	}
	statement := fmt.Sprintf(`{"_type":"https://in-toto.io/Statement/v1","subject":[{"name":"pkg:generic/payments/api@1.4.2","digest":{"sha256":%q}}],`+
		`"predicateType":"https://slsa.dev/provenance/v1","predicate":{"buildDefinition":{"buildType":"https://actions.github.io/buildtypes/workflow/v1",`+
		`"externalParameters":{"workflow":{"ref":"refs/tags/v1.4.2","repository":"https://github.com/acme/payments","path":".github/workflows/release.yaml"},`+
		`"inputs":{"note":%q}},"internalParameters":{"github":{"event_name":"push","repository_id":"1234","runner_environment":"github-hosted"}},`+
		`"resolvedDependencies":[{"uri":"git+https://github.com/acme/payments@refs/tags/v1.4.2","digest":{"gitCommit":%q}},%s]},`+
		`"runDetails":{"builder":{"id":"https://github.com/actions/runner/github-hosted"},"metadata":{"invocationId":"https://github.com/acme/payments/actions/runs/1/attempts/1",`+
		`"startedOn":"2026-01-02T03:04:05Z","finishedOn":"2026-01-02T03:14:05Z"}}}}`,
		hexOf(64, 1), strings.Repeat("x", 600), hexOf(40, 2), strings.Join(deps, ","))
	return fmt.Appendf(nil, `{"payloadType":"application/vnd.in-toto+json","payload":%q,"signatures":[{"keyid":"release-2026","sig":%q}]}`,
		base64.StdEncoding.EncodeToString([]byte(statement)), base64.StdEncoding.EncodeToString(make([]byte, 71)))
}

// hexOf is n hexadecimal digits, different for every seed.
func hexOf(n int, seed byte) string {
	return strings.Repeat(fmt.Sprintf("%02x", seed), n/2)
}

func BenchmarkParse(b *testing.B) {
	data := slsaEnvelope()
	payload := attest.Parse("", data, attest.Limits{})[0].Envelope().Payload
	b.Logf("envelope %d bytes, payload %d bytes", len(data), len(payload))
	b.SetBytes(int64(len(payload)))
	b.ReportAllocs()
	for b.Loop() {
		if attest.Parse("", data, attest.Limits{})[0].Err() != nil {
			b.Fatal("unreadable")
		}
	}
}

// bill is a CycloneDX bill of materials of about n bytes, as the payload of a statement.
func bill(predicateType, head, list string, n int) []byte {
	component := fmt.Sprintf(`{"type":"library","bom-ref":"pkg:golang/example.test/module@v1.2.3","name":"example.test/module","version":"v1.2.3","hashes":[{"alg":"SHA-256","content":%q}],"licenses":[{"license":{"id":"Apache-2.0"}}]}`, hexOf(64, 1))
	components := strings.TrimSuffix(strings.Repeat(component+",", n/len(component)), ",")
	return fmt.Appendf(nil, `{"_type":"https://in-toto.io/Statement/v1","subject":[{"digest":{"sha256":%q}}],"predicateType":%q,"predicate":{%s,%q:[%s]}}`, hexOf(64, 2), predicateType, head, list, components)
}

// BenchmarkSBOM reads the head of a bill of materials of 10 MB, beside what it costs to read the
// envelope and to decode it whole.
func BenchmarkSBOM(b *testing.B) {
	for _, form := range []struct{ name, predicateType, head, list string }{
		{"CycloneDX", "https://cyclonedx.org/bom", `"bomFormat":"CycloneDX","specVersion":"1.6"`, "components"},
		{"SPDX3", "https://spdx.dev/Document/v3", `"@context":"x"`, "@graph"},
	} {
		payload := bill(form.predicateType, form.head, form.list, 10<<20)
		if form.name == "SPDX3" {
			payload = bytes.Replace(payload, []byte(`"@graph":[`), []byte(`"@graph":[{"type":"CreationInfo","specVersion":"3.0.1"},`), 1)
		}
		data := fmt.Appendf(nil, `{"payloadType":"application/vnd.in-toto+json","payload":%q,"signatures":[{"sig":"c2ln"}]}`, base64.StdEncoding.EncodeToString(payload))
		it := attest.Parse("", data, attest.Limits{ItemBytes: 32 << 20})[0]
		if it.Err() != nil {
			b.Fatal(it.Err())
		}
		predicate := it.Statement()
		b.Run(form.name+"/parse", func(b *testing.B) {
			b.SetBytes(int64(len(payload)))
			b.ReportAllocs()
			for b.Loop() {
				attest.Parse("", data, attest.Limits{ItemBytes: 32 << 20})
			}
		})
		b.Run(form.name+"/head, read before", func(b *testing.B) {
			b.SetBytes(int64(len(payload)))
			b.ReportAllocs()
			for b.Loop() {
				b.StopTimer()
				st := attest.Parse("", data, attest.Limits{ItemBytes: 32 << 20})[0].Statement()
				b.StartTimer()
				if v, err := st.SBOM(); err != nil || v == nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(form.name+"/whole", func(b *testing.B) {
			b.SetBytes(int64(len(payload)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := predicate.Predicate.Decode(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
