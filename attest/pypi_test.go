package attest_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/surety-dev/surety/attest"
)

// publishing is a statement as a trusted publisher of PyPI signs it.
const publishing = `{"_type":"` + inToto + `","subject":[` + subject + `],"predicateType":"https://docs.pypi.org/attestations/publish/v1","predicate":null}`

// pypi is an attestation object of PyPI over a statement.
func pypi(statement string) string {
	return `{"version":1,"verification_material":{"certificate":"AQ==","transparency_entries":[{"logIndex":"1"}]},` +
		`"envelope":{"statement":"` + b64(statement) + `","signature":"c2ln"}}`
}

// index is the provenance object of an index, of attestations of one publisher.
func index(attestations ...string) string {
	return `{"version":1,"attestation_bundles":[{"publisher":{"kind":"GitHub","repository":"acme/hello","workflow":"release.yml","claims":null},"attestations":[` +
		strings.Join(attestations, ",") + `]}]}`
}

// TestPyPI: an attestation of PyPI is the Sigstore bundle that it says.
func TestPyPI(t *testing.T) {
	t.Parallel()
	it := readable(t, pypi(good))
	raw := bundleOf(v03, `{"certificate":{"rawBytes":"AQ=="},"tlogEntries":[{"logIndex":"1"}]}`,
		`{"payloadType":"`+attest.PayloadType+`","payload":"`+b64(good)+`","signatures":[{"sig":"c2ln"}]}`)
	want := &attest.Bundle{MediaType: v03, Version: "0.3", Raw: []byte(raw), Certificates: [][]byte{{1}}, LogEntries: 1}
	if diff := cmp.Diff(want, it.Bundle()); diff != "" {
		t.Error(diff)
	}
	same := readable(t, raw)
	if it.Format() != attest.FormatPyPI || it.Envelope().Digest() != same.Envelope().Digest() || it.Digest() == same.Digest() {
		t.Errorf("format %s", it.Format())
	}
	if diff := cmp.Diff(same.Bundle(), it.Bundle()); diff != "" {
		t.Errorf("read as a bundle it is another: %s", diff)
	}
	for _, predicate := range []string{"null", "{}", "{ }"} {
		readable(t, pypi(strings.Replace(publishing, `"predicate":null`, `"predicate":`+predicate, 1)))
	}
	readable(t, pypi(strings.Replace(publishing, `,"predicate":null`, "", 1)))
}

// TestPyPIContainers: an object is found by what is in it, wherever evidence may stand, and its name means nothing.
func TestPyPIContainers(t *testing.T) {
	t.Parallel()
	one, two, broken := pypi(good), pypi(publishing), strings.Replace(pypi(good), `"version":1`, `"version":2`, 1)
	for _, row := range []struct {
		name, text string
		sources    []string
	}{
		{"alone", " " + one + "\n", []string{"in"}},
		{"lines", one + "\n" + two + "\n", []string{"in:1", "in:2"}},
		{"array", "[" + one + "," + envelope(good) + "]", []string{"in#0", "in#1"}},
		{"provenance", index(one, two), []string{"in#0#0", "in#0#1"}},
		{"two publishers", strings.Replace(index(one), `[{"publisher"`, `[{"attestations":[`+two+`]},{"publisher"`, 1), []string{"in#0#0", "in#1#0"}},
		{"lines of provenance", index(one) + "\n" + index(two), []string{"in:1#0#0", "in:2#0#0"}},
		{"beside a broken one", index(broken, one), []string{"in#0#0!", "in#0#1"}},
		{"beside a broken publisher", strings.Replace(index(one), `[{"publisher"`, `[{"attestations":[]},{"publisher"`, 1), []string{"in#0!", "in#1#0"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			var sources []string
			for _, it := range attest.Parse("in", []byte(row.text), attest.Limits{}) {
				source := it.Sources()[0]
				if it.Err() != nil {
					source += "!"
				} else if it.Format() != attest.FormatPyPI && row.name != "array" {
					t.Errorf("%s: format %s", source, it.Format())
				}
				sources = append(sources, source)
			}
			if diff := cmp.Diff(row.sources, sources); diff != "" {
				t.Error(diff)
			}
		})
	}
	for _, name := range []string{"x.publish.attestation", "x.sigstore.json", "x.whl", ""} {
		if it := attest.Parse(name, []byte(one), attest.Limits{})[0]; it.Format() != attest.FormatPyPI || it.Digest() != readable(t, one).Digest() {
			t.Errorf("%q: format %s", name, it.Format())
		}
	}
}

// TestPyPIRefused gives an attestation of PyPI one fault each.
func TestPyPIRefused(t *testing.T) {
	t.Parallel()
	whole := pypi(good)
	change := func(old, now string) string {
		if !strings.Contains(whole, old) {
			t.Fatalf("no %s", old)
		}
		return strings.Replace(whole, old, now, 1)
	}
	of := func(old, now string) string { return pypi(strings.Replace(good, old, now, 1)) }
	statement := `"statement":"` + b64(good) + `"`
	for _, row := range []struct{ name, text, path, msg string }{
		{"version 2", change(`"version":1`, `"version":2`), "$.version", "is 2; expected 1"},
		{"version 0", change(`"version":1`, `"version":0`), "$.version", "is 0; expected 1"},
		{"version a string", change(`"version":1`, `"version":"1"`), "$.version", "is a string"},
		{"version a fraction", change(`"version":1`, `"version":1.0`), "$.version", "expected an integer"},
		{"version null", change(`"version":1`, `"version":null`), "$.version", "is null"},
		{"no version", change(`"version":1,`, ``), "$", "has no version"},
		{"no material", `{"version":1,"envelope":{` + statement + `,"signature":"c2ln"}}`, "$", "has no verification_material"},
		{"no envelope", `{"version":1,"verification_material":{"certificate":"AQ==","transparency_entries":[{}]}}`, "$", "has no envelope"},
		{"no certificate", change(`"certificate":"AQ==",`, ``), "$.verification_material", "has no certificate"},
		{"certificate empty", change(`"AQ=="`, `""`), "$.verification_material.certificate", "is empty"},
		{"certificate in PEM", change(`"AQ=="`, `"-----BEGIN CERTIFICATE-----"`), "$.verification_material.certificate", "canonical base64"},
		{"certificate with loose bits", change(`"AQ=="`, `"AR=="`), "$.verification_material.certificate", "canonical base64"},
		{"no entries", change(`,"transparency_entries":[{"logIndex":"1"}]`, ``), "$.verification_material", "has no transparency_entries"},
		{"entries empty", change(`[{"logIndex":"1"}]`, `[]`), "$.verification_material.transparency_entries", "at least one"},
		{"entry null", change(`[{"logIndex":"1"}]`, `[null]`), "$.verification_material.transparency_entries[0]", "is null"},
		{"no statement", change(statement+",", ``), "$.envelope", "has no statement"},
		{"statement empty", change(statement, `"statement":""`), "$.envelope.statement", "is empty"},
		{"statement an object", change(statement, `"statement":`+good), "$.envelope.statement", "is an object"},
		{"statement URL-safe", change(statement, `"statement":"-_-_"`), "$.envelope.statement", "canonical base64"},
		{"statement with line breaks", change(statement, `"statement":"`+b64(good)[:8]+`\n`+b64(good)[8:]+`"`), "$.envelope.statement", "canonical base64"},
		{"no signature", change(`,"signature":"c2ln"`, ``), "$.envelope", "has no signature"},
		{"signature empty", change(`"c2ln"`, `""`), "$.envelope.signature", "is empty"},
		{"signature unpadded", change(`"c2ln"`, `"c2l"`), "$.envelope.signature", "canonical base64"},
		{"a name twice", change(`"version":1`, `"version":1,"version":1`), "$.version", "duplicate"},
		{"a name twice below", change(`"c2ln"`, `"c2ln","signature":"c2ln"`), "$.envelope.signature", "duplicate"},
		{"a name twice in an entry", change(`"logIndex":"1"`, `"logIndex":"1","logIndex":"1"`), "$.verification_material.transparency_entries[0].logIndex", "duplicate"},
		{"a folded name", change(`"version":1`, `"Version":1`), "$.Version", `another spelling of "version"`},
		{"protobuf's spelling", change(`"verification_material"`, `"verificationMaterial"`), "$.verificationMaterial.certificate", "is a string"},
		{"a folded name below", change(`"signature"`, `"Signature"`), "$.envelope.Signature", `another spelling of "signature"`},
		{"a long s", change(`"statement"`, `"ſtatement"`), `$.envelope["\u017ftatement"]`, `another spelling of "statement"`},
		{"more data", whole + "{}", "$", "followed by more data"},
		{"also a bundle", change(`{"version"`, `{"mediaType":"`+v03+`","version"`), "$", "is not one of"},
		{"also an envelope", change(`{"version"`, `{"payloadType":"`+attest.PayloadType+`","version"`), "$", "is not one of"},
		{"also a document", change(`{"version"`, `{"attestations":[],"version"`), "$", "is not one of"},
		{"also a provenance", change(`{"version"`, `{"attestation_bundles":[],"version"`), "$", "is not one of"},
		{"statement v0.1", of(inToto, "https://in-toto.io/Statement/v0.1"), "$.envelope.statement._type", "expected \"" + inToto},
		{"no statement inside", pypi("{}"), "$.envelope.statement", "no _type"},
		{"predicate null", of(`{"a":1}`, `null`), "$.envelope.statement.predicate", "is empty"},
		{"predicate empty", of(`{"a":1}`, `{}`), "$.envelope.statement.predicate", "is empty"},
		{"predicate absent", of(`,"predicate":{"a":1}`, ``), "$.envelope.statement.predicate", "is empty"},
		{"publishing with a predicate", pypi(strings.Replace(publishing, `null`, `{"a":1}`, 1)), "$.envelope.statement.predicate", "is not empty"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			if strings.Contains(row.msg, "more data") {
				row.text = strings.TrimSuffix(row.text, "{}") + " {}"
			}
			wantSyntax(t, one(t, row.text), row.path, row.msg)
		})
	}
}

// TestPyPIProvenanceRefused: faults of the document around attestations are its own.
func TestPyPIProvenanceRefused(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ name, text, path, msg string }{
		{"version 2", strings.Replace(index(pypi(good)), `"version":1`, `"version":2`, 1), "$.version", "expected 1"},
		{"no version", strings.Replace(index(pypi(good)), `"version":1,`, ``, 1), "$", "has no version"},
		{"no publishers", `{"version":1,"attestation_bundles":[]}`, "$.attestation_bundles", "is empty"},
		{"publishers an object", `{"version":1,"attestation_bundles":{}}`, "$.attestation_bundles", "is an object"},
		{"no attestations", `{"version":1,"attestation_bundles":[{"publisher":{}}]}`, "$", "has no attestations"},
		{"attestations empty", index(), "$.attestations", "is empty"},
		{"folded", `{"version":1,"attestation_bundles":[{"Attestations":[]}]}`, "$.Attestations", "another spelling"},
		{"a bundle in it", index(bundle(keyed)), "$.verificationMaterial", "another spelling"},
		{"an envelope in it", index(envelope(good)), "$", "has no version"},
		{"a number in it", index("1"), "$", "is a number"},
		{"also a bundle", strings.Replace(index(pypi(good)), `{"version"`, `{"mediaType":"`+v03+`","version"`, 1), "$", "is not one of"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			it := one(t, row.text)
			wantSyntax(t, it, row.path, row.msg)
			if it.Format() != attest.FormatPyPI && row.name != "also a bundle" {
				t.Errorf("format %s", it.Format())
			}
		})
	}
}

// TestPyPILimits: every count at its limit and over it.
func TestPyPILimits(t *testing.T) {
	t.Parallel()
	entries := func(n int) string {
		return strings.Replace(pypi(good), `[{"logIndex":"1"}]`, "["+repeat(`{}`, n)+"]", 1)
	}
	readable(t, entries(attest.MaxLogEntries))
	wantLimit(t, one(t, entries(attest.MaxLogEntries+1)).Err(), "log-entries", attest.MaxLogEntries)
	for _, n := range []int{attest.MaxItems, attest.MaxItems + 1, attest.MaxItems + 100} {
		for _, text := range []string{
			index(repeat(pypi(good), n)),
			fmt.Sprintf(`{"version":1,"attestation_bundles":[%s]}`, repeat(`{"attestations":[`+pypi(good)+`]}`, n)),
		} {
			items := attest.Parse("in", []byte(text), attest.Limits{})
			if len(items) != min(n, attest.MaxItems+1) {
				t.Errorf("%d items of %d", len(items), n)
			}
			if n > attest.MaxItems {
				wantLimit(t, items[attest.MaxItems].Err(), "items", attest.MaxItems)
			}
		}
	}
	over := attest.Parse("in", []byte(pypi(good)), attest.Limits{ItemBytes: 10})
	wantLimit(t, over[0].Err(), "item-bytes", 10)
}
