package attest_test

import (
	"crypto/sha256"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/surety-dev/surety/attest"
)

// TestRefused has a row for every way an item may be unreadable. The statement's rows
// are in TestStatementRefused.
func TestRefused(t *testing.T) {
	t.Parallel()
	typ, pay, sigs := `"payloadType":"`+attest.PayloadType+`"`, `"payload":"`+b64(good)+`"`, `"signatures":[{"sig":"c2ln"}]`
	env := func(fields ...string) string { return "{" + strings.Join(fields, ",") + "}" }
	payload := func(p string) string { return env(typ, `"payload":`+p, sigs) }
	for _, row := range []struct{ name, text, path, msg string }{
		{"empty input", "", "$", "is empty"},
		{"white space", " \n\t", "$", "is empty"},
		{"not JSON", "hello", "$", "invalid character"},
		{"truncated", envelope(good)[:40], "$.payloadType", "unexpected EOF"},
		{"null", "null", "$", "is null; expected an object"},
		{"string", `"x"`, "$", "is a string; expected an object"},
		{"number", "7", "$", "is a number; expected an object"},
		{"boolean", "true", "$", "is a boolean; expected an object"},
		{"byte order mark", "\ufeff" + envelope(good), "$", "invalid character"},
		{"empty object", "{}", "$", "is not one of"},
		{"foreign object", `{"signed":{},"keyval":1}`, "$", "is not one of"},
		{"empty array", "[]", "$", "is an empty array"},
		{"trailing value", envelope(good) + " {}", "$", "followed by more data"},
		{"trailing garbage", envelope(good) + "x", "$", "followed by more data"},
		{"trailing NUL", envelope(good) + "\x00", "$", "followed by more data"},
		{"duplicate name", env(typ, typ, pay, sigs), "$.payloadType", "duplicate name"},
		{"duplicate name, escaped", env(typ, pay, sigs, `"\u0070ayload":""`), "$.payload", "duplicate name"},
		{"duplicate unknown name", env(typ, pay, sigs, `"x":1,"x":1`), "$.x", "duplicate name"},
		{"duplicate name below an unknown one", env(typ, pay, sigs, `"x":[{"a":{"b":1,"b":1}}]`), "$.x[0].a.b", "duplicate name"},
		{"invalid UTF-8", env(typ, pay, sigs, "\"x\":\"\xff\""), "$.x", "invalid UTF-8"},
		{"lone surrogate", env(typ, pay, sigs, `"x":"\ud800"`), "$.x", "surrogate"},
		{"raw NUL", env(typ, pay, sigs, "\"x\":\"\x00\""), "$.x", "invalid character"},
		{"escaped NUL", `{"payloadType":"application/vnd.in-toto+json\u0000"}`, "$.payloadType", "NUL"},
		{"name that ends in a NUL", env(typ, pay, sigs, `"payload\u0000":""`), `$["payload\x00"]`, "another spelling"},
		{"case variant", env(typ, pay, sigs, `"Payload":""`), "$.Payload", `another spelling of "payload"`},
		{"long s", env(typ, pay, sigs, `"ſignatures":[]`), `$["\u017fignatures"]`, `another spelling of "signatures"`},
		{"underscore variant", env(typ, pay, sigs, `"payload_type":"x"`), "$.payload_type", `another spelling of "payloadType"`},

		{"no payloadType", env(pay, sigs), "$", "no payloadType"},
		{"other payloadType", env(`"payloadType":"application/json"`, pay, sigs), "$.payloadType", `is "application/json"`},
		{"payloadType null", env(`"payloadType":null`, pay, sigs), "$.payloadType", "is null"},
		{"payloadType empty", env(`"payloadType":""`, pay, sigs), "$.payloadType", `is ""`},
		{"payloadType with other case", env(`"payloadType":"application/vnd.in-toto+JSON"`, pay, sigs), "$.payloadType", "expected"},
		{"no payload", env(typ, sigs), "$", "no payload"},
		{"payload null", payload("null"), "$.payload", "is null; expected a string"},
		{"payload number", payload("5"), "$.payload", "is a number"},
		{"payload object", payload("{}"), "$.payload", "is an object"},
		{"payload empty", payload(`""`), "$.payload", "is empty"},
		{"payload unpadded", payload(`"e30x"`[:4] + `"`), "$.payload", "canonical base64"},
		{"payload URL-safe", payload(`"-_-_"`), "$.payload", "canonical base64"},
		{"payload with a line break", payload(`"e3\n0="`), "$.payload", "canonical base64"},
		{"payload with trailing bits", payload(`"e31="`), "$.payload", "canonical base64"},
		{"payload with trailing padding", payload(`"e30=="`), "$.payload", "canonical base64"},
		{"payload with white space", payload(`"e30= "`), "$.payload", "canonical base64"},
		{"no signatures", env(typ, pay), "$", "no signatures"},
		{"signatures null", env(typ, pay, `"signatures":null`), "$.signatures", "is null; expected an array"},
		{"signatures empty", env(typ, pay, `"signatures":[]`), "$", "no signatures"},
		{"signatures object", env(typ, pay, `"signatures":{}`), "$.signatures", "is an object; expected an array"},

		{"envelope and bundle at once", env(typ, pay, sigs, `"mediaType":"`+v03+`"`), "$", "is not one of"},
		{"envelope and list at once", env(typ, pay, sigs, `"attestations":[]`), "$", "is not one of"},
		{"empty attestations", `{"attestations":[]}`, "$", "empty list"},
		{"attestations null", `{"attestations":null}`, "$.attestations", "is null; expected an array"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			wantSyntax(t, one(t, row.text), row.path, row.msg)
		})
	}
}

func TestKelvinSign(t *testing.T) {
	t.Parallel()
	// "keyid" with U+212A for its k: folded by encoding/json. It costs its entry, not the others.
	text := `{"payloadType":"` + attest.PayloadType + `","payload":"` + b64(good) + `","signatures":[{"sig":"c2ln","` + "\u212a" + `eyid":"x"},{"sig":"c2ln"}]}`
	sigs := readable(t, text).Envelope().Signatures
	if sigs[0].Err == nil || !strings.Contains(sigs[0].Err.Error(), `another spelling of "keyid"`) || sigs[1].Err != nil {
		t.Errorf("errors %v and %v", sigs[0].Err, sigs[1].Err)
	}
}

func TestBundleRefused(t *testing.T) {
	t.Parallel()
	two := strings.Replace(envelope(good), `"signatures":[`, `"signatures":[{"sig":"c2ln"},`, 1)
	badSig := strings.Replace(envelope(good), "c2ln", "c2ln=", 1)
	for _, row := range []struct{ name, text, path, msg string }{
		{"no mediaType", `{"verificationMaterial":` + keyed + `,"dsseEnvelope":` + envelope(good) + `}`, "$", "no mediaType"},
		{"version 0.4", bundleOf("application/vnd.dev.sigstore.bundle.v0.4+json", keyed, envelope(good)), "$.mediaType", "expected a Sigstore bundle"},
		{"version 0.3.1", bundleOf("application/vnd.dev.sigstore.bundle.v0.3.1+json", keyed, envelope(good)), "$.mediaType", "expected a Sigstore bundle"},
		{"mediaType null", `{"mediaType":null}`, "$.mediaType", "is null"},
		{"no material", `{"mediaType":"` + v03 + `","dsseEnvelope":` + envelope(good) + `}`, "$", "no verificationMaterial"},
		{"material null", bundle("null"), "$.verificationMaterial", "is null"},
		{"material empty", bundle("{}"), "$.verificationMaterial", "has 0 of"},
		{"material all null", bundle(`{"publicKey":null,"certificate":null}`), "$.verificationMaterial", "has 0 of"},
		{"key and certificate", bundle(`{"publicKey":{},"certificate":{"rawBytes":"AA=="}}`), "$.verificationMaterial", "has 2 of"},
		{"certificate empty", bundle(`{"certificate":{}}`), "$.verificationMaterial.certificate", "no rawBytes"},
		{"certificate in URL-safe base64", bundle(`{"certificate":{"rawBytes":"-_-_"}}`), "$.verificationMaterial.certificate.rawBytes", "canonical"},
		{"chain empty", bundle(`{"x509CertificateChain":{"certificates":[]}}`), "$.verificationMaterial", "no certificates"},
		{"chain without field", bundle(`{"x509CertificateChain":{}}`), "$.verificationMaterial", "no certificates"},
		{"chain of null", bundle(`{"x509CertificateChain":{"certificates":[null]}}`), "$.verificationMaterial.x509CertificateChain.certificates[0]", "is null"},
		{"log entry null", bundle(`{"publicKey":{},"tlogEntries":[null]}`), "$.verificationMaterial.tlogEntries[0]", "is null"},
		{"log entries an object", bundle(`{"publicKey":{},"tlogEntries":{}}`), "$.verificationMaterial.tlogEntries", "is an object"},
		{"timestamp null", bundle(`{"publicKey":{},"timestampVerificationData":{"rfc3161Timestamps":[null]}}`), "$.verificationMaterial.timestampVerificationData.rfc3161Timestamps[0]", "is null"},
		{"hint a number", bundle(`{"publicKey":{"hint":1}}`), "$.verificationMaterial.publicKey.hint", "is a number"},
		{"proto's spelling", `{"media_type":"x","dsseEnvelope":{}}`, "$.media_type", `another spelling of "mediaType"`},
		{"proto's spelling below", bundle(`{"publicKey":{},"tlog_entries":[]}`), "$.verificationMaterial.tlog_entries", `another spelling of "tlogEntries"`},
		{"proto's spelling of the certificate", bundle(`{"certificate":{"raw_bytes":"AA=="}}`), "$.verificationMaterial.certificate.raw_bytes", `another spelling of "rawBytes"`},
		{"proto's spelling in the envelope", bundleOf(v03, keyed, `{"payload_type":"x"}`), "$.dsseEnvelope.payload_type", `another spelling of "payloadType"`},
		{"no envelope", `{"mediaType":"` + v03 + `","verificationMaterial":` + keyed + `}`, "$", "no dsseEnvelope"},
		{"envelope null", bundleOf(v03, keyed, "null"), "$.dsseEnvelope", "is null"},
		{"message signature", `{"mediaType":"` + v03 + `","verificationMaterial":` + keyed + `,"messageSignature":{}}`, "$.messageSignature", "not a statement"},
		{"two signatures", bundleOf(v03, keyed, two), "$.dsseEnvelope", "exactly one"},
		{"undecodable signature", bundleOf(v03, keyed, badSig), "$.dsseEnvelope.signatures[0].sig", "canonical base64"},
		{"bad statement", bundleOf(v03, keyed, envelope("{}")), "$.dsseEnvelope.payload", "no _type"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			wantSyntax(t, one(t, row.text), row.path, row.msg)
		})
	}
}

// TestElementRefused has a row for every way an element of an attestation document may be
// unreadable, with the format its fields show.
func TestElementRefused(t *testing.T) {
	t.Parallel()
	const p = "https://example.test/p/v1"
	const npmElement, ofGitHub, unknown = attest.FormatNPM, attest.FormatGitHub, attest.FormatUnknown
	for _, row := range []struct {
		name, element, path, msg string
		format                   attest.Format
	}{
		{"other predicate type outside", npm("https://example.test/q", bundle(keyed)), "$.predicateType", "but the signed statement says", npmElement},
		{"other predicate type outside, last", `{"repository_id":1,"bundle":` + bundle(keyed) + `,"predicateType":"https://example.test/q"}`, "$.predicateType", "but the signed statement says", npmElement},
		{"predicate type empty", npm("", bundle(keyed)), "$.predicateType", "is empty", npmElement},
		{"predicate type null", `{"predicateType":null,"bundle":` + bundle(keyed) + `}`, "$.predicateType", "is null", npmElement},
		{"no bundle", `{"predicateType":"` + p + `"}`, "$", "no bundle", npmElement},
		{"bundle null", npm(p, "null"), "$.bundle", "is null", npmElement},
		{"an envelope for a bundle", npm(p, envelope(good)), "$.bundle", "no mediaType", npmElement},
		{"bad statement", npm(p, bundleOf(v03, keyed, envelope("[]"))), "$.bundle.dsseEnvelope.payload", "is an array", npmElement},
		{"proto's spelling", `{"predicate_type":"` + p + `"}`, "$.predicate_type", "another spelling", unknown},
		{"null", "null", "$", "is null", unknown},
		{"nothing", "{}", "$", "no bundle", unknown},
		{"GitHub's without a bundle", `{"repository_id":1}`, "$", "no bundle", ofGitHub},
		{"GitHub's bundle null", github("null"), "$.bundle", "is null", ofGitHub},
		{"GitHub's bundle an envelope", github(envelope(good)), "$.bundle", "no mediaType", ofGitHub},
		{"GitHub's bad statement", github(bundleOf(v03, keyed, envelope("[]"))), "$.bundle.dsseEnvelope.payload", "is an array", ofGitHub},
		{"repository a string", `{"repository_id":"1","bundle":` + bundle(keyed) + `}`, "$.repository_id", "is a string; expected a number", ofGitHub},
		{"repository null", `{"repository_id":null,"bundle":` + bundle(keyed) + `}`, "$.repository_id", "is null", ofGitHub},
		{"repository with a fraction", `{"repository_id":1.5,"bundle":` + bundle(keyed) + `}`, "$.repository_id", "expected an integer", ofGitHub},
		{"repository over 64 bits", `{"repository_id":18446744073709551616,"bundle":` + bundle(keyed) + `}`, "$.repository_id", "expected an integer", ofGitHub},
		{"repository in another spelling", `{"repositoryId":1,"bundle":` + bundle(keyed) + `}`, "$.repositoryId", "another spelling", unknown},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			items := attest.Parse("n.json", []byte(`{"attestations":[`+row.element+`,`+npm(p, bundle(keyed))+`]}`), attest.Limits{})
			if len(items) != 2 {
				t.Fatalf("%d items, want 2", len(items))
			}
			wantSyntax(t, items[0], row.path, row.msg)
			if err := items[1].Err(); err != nil {
				t.Errorf("its neighbour fell with it: %v", err)
			}
			if items[0].Format() != row.format || items[1].Format() != attest.FormatNPM {
				t.Errorf("formats %s and %s", items[0].Format(), items[1].Format())
			}
		})
	}
}

// TestShapes checks how inputs divide into items: source, format and whether each can be read.
func TestShapes(t *testing.T) {
	t.Parallel()
	env, bun := envelope(good), bundle(keyed)
	const p = "https://example.test/p/v1"
	doc := `{"attestations":[` + npm(p, bun) + `,` + npm(p, bun) + `]}`
	for _, row := range []struct {
		name, text string
		want       []string
	}{
		{"envelope", env, []string{"f dsse ok"}},
		{"envelope, indented", strings.ReplaceAll(env, ",", ",\n  "), []string{"f dsse ok"}},
		{"bundle", bun, []string{"f sigstore-bundle ok"}},
		{"bundle in a line", bun + "\n", []string{"f sigstore-bundle ok"}},
		{"unknown fields", `{"x":{"Payload":1},` + env[1:], []string{"f dsse ok"}},
		{"npm document", doc, []string{"f#0 npm-attestation ok", "f#1 npm-attestation ok"}},
		{"GitHub document", `{"attestations":[` + github(bun) + `,{"bundle":` + bun + `,"bundle_url":"https://x.test","initiator":"user"}]}`, []string{"f#0 github-attestation ok", "f#1 github-attestation ok"}},
		{"a document of both", `{"attestations":[` + github(bun) + `,` + npm(p, bun) + `]}`, []string{"f#0 github-attestation ok", "f#1 npm-attestation ok"}},
		{"array", "[" + env + "," + bun + ",7," + doc + "]", []string{"f#0 dsse ok", "f#1 sigstore-bundle ok", "f#2 unknown bad", "f#3#0 npm-attestation ok", "f#3#1 npm-attestation ok"}},
		{"array in an array", "[[" + env + "]]", []string{"f#0 unknown bad"}},
		{"JSON lines", env + "\n\n" + bun + "\r\nrubbish\n" + doc, []string{"f:1 dsse ok", "f:3 sigstore-bundle ok", "f:4 unknown bad", "f:5#0 npm-attestation ok", "f:5#1 npm-attestation ok"}},
		{"JSON lines, the first bad", `{"payloadType":"x"}` + "\n" + env, []string{"f:1 dsse bad", "f:2 dsse ok"}},
		{"JSON lines, the first with duplicates", `{"a":1,"a":1}` + "\n" + env, []string{"f:1 unknown bad", "f:2 dsse ok"}},
		{"JSON lines, an array", env + "\n[" + env + "]", []string{"f:1 dsse ok", "f:2 unknown bad"}},
		{"two values in one line", env + env, []string{"f dsse bad"}},
		{"lines, none of them JSON", "{\n{\n", []string{"f unknown bad"}},
		{"lines, none of them objects", "1\n2\n", []string{"f unknown bad"}},
		{"indented and broken", "{\n  \"payload\": 1,\n}\n", []string{"f dsse bad"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			var got []string
			for _, it := range attest.Parse("f", []byte(row.text), attest.Limits{}) {
				state := "ok"
				if it.Err() != nil {
					state = "bad"
				}
				got = append(got, fmt.Sprint(it.Sources()[0], " ", it.Format(), " ", state))
			}
			if diff := cmp.Diff(row.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestItem(t *testing.T) {
	t.Parallel()
	text := bundle(`{"x509CertificateChain":{"certificates":[{"rawBytes":"AQ=="},{"rawBytes":"Ag=="}]},"tlogEntries":[{},{"x":1}],"timestampVerificationData":{"rfc3161Timestamps":[{}]}}`)
	it := readable(t, "\n "+text+"\t\n")
	if want := fmt.Sprintf("sha256:%x", sha256.Sum256([]byte(text))); it.Digest() != want || it.Size() != int64(len(text)) {
		t.Errorf("digest %s of %d bytes, want %s of %d", it.Digest(), it.Size(), want, len(text))
	}
	want := &attest.Bundle{MediaType: v03, Version: "0.3", Raw: []byte(text), Certificates: [][]byte{{1}, {2}}, LogEntries: 2, Timestamps: 1}
	if diff := cmp.Diff(want, it.Bundle()); diff != "" {
		t.Error(diff)
	}
	if st := it.Statement(); st.Type != inToto || st.PredicateType != "https://example.test/p/v1" || string(st.Predicate) != `{"a":1}` {
		t.Errorf("statement %+v", st.Type)
	}

	inner := bundle(keyed)
	it = attest.Parse("f", []byte(`{"attestations": [ {"predicateType":"https://example.test/p/v1", "bundle" :  `+inner+` } ]}`), attest.Limits{})[0]
	if it.Err() != nil || string(it.Bundle().Raw) != inner || !it.Bundle().HasPublicKey || it.Bundle().KeyHint != "k" {
		t.Errorf("bundle of an npm element: %v, %+v", it.Err(), it.Bundle())
	}

	bad := " not JSON\n"
	if got, want := one(t, bad).Digest(), fmt.Sprintf("sha256:%x", sha256.Sum256([]byte(bad))); got != want {
		t.Errorf("digest of unreadable bytes %s, want %s", got, want)
	}
	if got, want := one(t, " {} \n").Digest(), fmt.Sprintf("sha256:%x", sha256.Sum256([]byte("{}"))); got != want {
		t.Errorf("digest of a JSON value that is no evidence %s, want %s", got, want)
	}
}

// TestOwnBytes checks that an item keeps no part of the caller's slice.
func TestOwnBytes(t *testing.T) {
	t.Parallel()
	data := []byte(bundle(`{"certificate":{"rawBytes":"AQID"}}`))
	it := attest.Parse("f", data, attest.Limits{})[0]
	raw, payload := string(it.Bundle().Raw), string(it.Envelope().Payload)
	clear(data)
	if string(it.Bundle().Raw) != raw || string(it.Envelope().Payload) != payload || string(it.Statement().Predicate) != `{"a":1}` {
		t.Error("the item changed with the caller's slice")
	}
}

func TestBundleVersions(t *testing.T) {
	t.Parallel()
	for mediaType, want := range map[string]string{
		"application/vnd.dev.sigstore.bundle+json;version=0.1": "0.1",
		"application/vnd.dev.sigstore.bundle+json;version=0.2": "0.2",
		"application/vnd.dev.sigstore.bundle+json;version=0.3": "0.3",
		v03: "0.3",
	} {
		if got := readable(t, bundleOf(mediaType, keyed, envelope(good))).Bundle().Version; got != want {
			t.Errorf("%s: version %q, want %q", mediaType, got, want)
		}
	}
}

func TestMerge(t *testing.T) {
	t.Parallel()
	parse := func(source, text string) []*attest.Item { return attest.Parse(source, []byte(text), attest.Limits{}) }
	a, b, bad := envelope(good), bundle(keyed), "rubbish"
	items := append(append(append(parse("z", a), parse("y", b)...), parse("c", a+"\n")...), parse("a", a)...)
	items = append(append(items, parse("q", bad)...), parse("p", bad)...)
	items = append(items, nil, items[0])
	small := attest.Parse("small", []byte(a), attest.Limits{ItemBytes: 10})
	items = append(items, small...)

	render := func(items []*attest.Item) (got []string) {
		for _, it := range items {
			got = append(got, fmt.Sprint(it.Digest()[:12], it.Sources(), it.Err() != nil))
		}
		return got
	}
	want := render(attest.Merge(items))
	if len(want) != 4 {
		t.Fatalf("merged to %v", want)
	}
	for i := range items {
		turned := append(append([]*attest.Item{}, items[i:]...), items[:i]...)
		merged := attest.Merge(turned)
		if diff := cmp.Diff(want, render(merged)); diff != "" {
			t.Fatalf("turned by %d: %s", i, diff)
		}
		for _, it := range merged {
			if it.Err() != nil && it.Size() == int64(len(bad)) && !strings.HasPrefix(it.Err().Error(), "p: ") {
				t.Errorf("the error depends on order: %v", it.Err())
			}
		}
	}
	if got := items[0].Sources(); len(got) != 1 {
		t.Errorf("Merge touched its input: %v", got)
	}
	if attest.Merge(nil) != nil {
		t.Error("merging nothing gives something")
	}
}

func TestLimits(t *testing.T) {
	t.Parallel()
	sigs := func(n int) string {
		return strings.Replace(envelope(good), `[{"keyid":"k","sig":"c2ln"}]`, "["+repeat(`{"sig":"c2ln"}`, n)+"]", 1)
	}
	subjects := func(n int) string { return envelope(strings.Replace(good, subject, repeat(subject, n), 1)) }
	digests := func(n int) string {
		var all []string
		for i := range n - 1 {
			all = append(all, fmt.Sprintf(`"x%d":"0"`, i))
		}
		return envelope(strings.Replace(good, `"digest":{`, `"digest":{`+strings.Join(all, ",")+",", 1))
	}
	deep := func(n int) string { return strings.Repeat("[", n) + strings.Repeat("]", n) }
	material := func(format, element string) func(int) string {
		return func(n int) string { return bundle(fmt.Sprintf(format, repeat(element, n))) }
	}
	beside := func(format, element string) func(int) string {
		return func(n int) string {
			return strings.Replace(envelope(good), `"sig":`, fmt.Sprintf(format, repeat(element, n))+`,"sig":`, 1)
		}
	}
	spread := func(field string) func(int) string { // over two signatures
		return func(n int) string {
			if n > attest.MaxSignatures { // more are over another limit
				return beside(`"intermediates":[%s]`, `"-----BEGIN"`)(n)
			}
			return strings.Replace(envelope(good), `[{"keyid":"k","sig":"c2ln"}]`, "["+repeat(`{"sig":"c2ln",`+field+`}`, n)+"]", 1)
		}
	}
	for _, row := range []struct {
		limit string
		most  int
		text  func(int) string
	}{
		{"signatures", attest.MaxSignatures, sigs},
		{"subjects", attest.MaxSubjects, subjects},
		{"subject-digests", attest.MaxSubjectDigests, digests},
		{"log-entries", attest.MaxLogEntries, material(`{"publicKey":{},"tlogEntries":[%s]}`, "{}")},
		{"timestamps", attest.MaxTimestamps, material(`{"publicKey":{},"timestampVerificationData":{"rfc3161Timestamps":[%s]}}`, "{}")},
		{"certificates", attest.MaxCertificates, material(`{"x509CertificateChain":{"certificates":[%s]}}`, `{"rawBytes":"AA=="}`)},
		{"certificates", attest.MaxCertificates, beside(`"intermediates":[%s]`, `"-----BEGIN"`)},
		{"timestamps", attest.MaxTimestamps, beside(`"timestamps":[%s]`, `{"type":"tsp","data":"AA=="}`)},
		{"certificates", attest.MaxCertificates, spread(`"cert":"-----BEGIN"`)},
		{"json-depth", attest.MaxDepth, func(n int) string { return `{"x":` + deep(n-1) + "," + envelope(good)[1:] }},
		{"json-depth", attest.MaxDepth, func(n int) string {
			return envelope(strings.Replace(good, `"a":1`, `"a":`+deep(n-2), 1))
		}},
	} {
		t.Run(row.limit, func(t *testing.T) {
			t.Parallel()
			readable(t, row.text(row.most))
			wantLimit(t, one(t, row.text(row.most+1)).Err(), row.limit, int64(row.most))
			wantLimit(t, one(t, row.text(20_000)).Err(), row.limit, int64(row.most))
		})
	}
}

func TestItemBytes(t *testing.T) {
	t.Parallel()
	padded := func(n int) []byte {
		text := envelope(good)
		return []byte(`{"x":"` + strings.Repeat("x", n-len(text)-len(`"x":"",`)) + `",` + text[1:])
	}
	if err := attest.Parse("f", padded(attest.MaxItemBytes), attest.Limits{})[0].Err(); err != nil {
		t.Errorf("at the limit: %v", err)
	}
	over := padded(attest.MaxItemBytes + 1)
	it := attest.Parse("f", over, attest.Limits{})[0]
	wantLimit(t, it.Err(), "item-bytes", attest.MaxItemBytes)
	if it.Size() != int64(len(over)) {
		t.Errorf("size %d, want %d", it.Size(), len(over))
	}
	if err := attest.Parse("f", over, attest.Limits{ItemBytes: 20 << 20})[0].Err(); err != nil {
		t.Errorf("under a raised limit: %v", err)
	}
	// A line or element over the limit does not cost the others.
	text := envelope(good)
	tight := attest.Limits{ItemBytes: int64(len(text))}
	for _, list := range []string{text + "\n" + bundle(keyed), "[" + text + "," + bundle(keyed) + "]"} {
		items := attest.Parse("f", []byte(list), tight)
		if len(items) != 2 || items[0].Err() != nil {
			t.Fatalf("%d items, %v", len(items), items[0].Err())
		}
		wantLimit(t, items[1].Err(), "item-bytes", tight.ItemBytes)
	}
	items := attest.Parse("f", []byte(`{"attestations":[`+npm("p", bundle(keyed))+`]}`), tight)
	wantLimit(t, items[0].Err(), "item-bytes", tight.ItemBytes)
}

func TestMaxItems(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name string
		text func(int) string
	}{
		{"lines", func(n int) string { return strings.Repeat(envelope(good)+"\n", n) }},
		{"array", func(n int) string { return "[" + repeat(envelope(good), n) + "]" }},
		{"npm document", func(n int) string { return `{"attestations":[` + repeat("{}", n) + `]}` }},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			if items := attest.Parse("f", []byte(row.text(attest.MaxItems)), attest.Limits{}); len(items) != attest.MaxItems {
				t.Errorf("%d items at the limit", len(items))
			}
			for _, n := range []int{attest.MaxItems + 1, 2 * attest.MaxItems} {
				items := attest.Parse("f", []byte(row.text(n)), attest.Limits{})
				if len(items) != attest.MaxItems+1 {
					t.Fatalf("%d items of %d", len(items), n)
				}
				wantLimit(t, items[attest.MaxItems].Err(), "items", attest.MaxItems)
			}
		})
	}
}
