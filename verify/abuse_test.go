package verify_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/secure-systems-lab/go-securesystemslib/dsse"

	"github.com/surety-dev/surety/attest"
	"github.com/surety-dev/surety/internal/fixture"
	"github.com/surety-dev/surety/verify"
)

// TestAbuse holds the abuse cases that need no certificate, by number. Each is one fault, refused for
// the stated reason, or (ok) accepted. Those with certificates and logs are in verify/sigstore, those
// of artifact names, statements and patterns alone also in the packages that decide them.
func TestAbuse(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]func(*testing.T){
		"01-one-key-twice-at-two-of-two":      oneKeyTwice,
		"02-repeated-signature-entry":         repeatedSignature,
		"04-threshold-zero-and-unreachable":   thresholds,
		"06-failed-signature-beside-good":     failedBesideGood,
		"07-ok-a-b-a-on-one-verifier":         sharedVerifier,
		"08-key-ids-are-hints":                keyIDsAreHints,
		"10-ok-malformed-beside-valid":        malformedBesideValid,
		"11-signature-over-raw-payload":       rawPayload,
		"12-other-payload-type":               otherPayloadType,
		"13-payload-base64":                   payloadBase64,
		"14-raw-r-s-where-der-is-due":         rawSignatures,
		"14-der-where-r-s-is-asked-for":       rawWhereAsked,
		"15-rsa-paddings-and-hashes":          rsaPaddings,
		"16-null-empty-wrong-length":          nullEverywhere,
		"17-duplicate-and-case-variant-names": duplicateNames,
		"18-trailing-and-invalid-text":        trailingText,
		"19-misspelt-statement-names":         misspeltNames,
		"20-unparsable-reported-as-itself":    unparsableReported,
		"21-parse-failure-is-never-a-pass":    parseFailures,
		"22-one-documented-matcher":           oneMatcher,
		"23-other-spellings-are-other-names":  otherSpellings,
		"24-names-are-never-paths":            namesAreNoPaths,
		"25-required-type-absent":             requiredTypeAbsent,
		"26-tampered-is-invisible":            tamperedInvisible,
		"27-right-digest-other-package":       otherPackage,
		"28-weak-and-disagreeing-digests":     weakDigests,
		"29-malformed-digest-voids-subject":   malformedDigests,
		"30-empty-subjects":                   emptySubjects,
		"31-unsigned-copy-disagrees":          unsignedCopy,
		"32-half-each-and-repeats":            halfEach,
		"33-renamed-file":                     renamedFile,
		"34-one-half-invalid":                 oneHalfInvalid,
		"38-an-empty-identity-is-nobody":      emptyIdentity,
		"39-identities-byte-for-byte":         byteForByte,
		"49-empty-policy-and-model":           emptyDocuments,
		"50-owner-precedence":                 ownerPrecedence,
		"52-rules-that-are-no-bool":           notBool,
		"58-older-signed-documents":           olderSigned,
		"59-shuffles-and-workers":             shuffles,
		"60-approvals-that-do-not-count":      approvalsThatDoNotCount,
		"61-exceptions-that-are-none":         noExceptions,
		"62-lists-that-may-not":               listsThatMayNot,
		"72-replayed-lists-and-of-the-future": staleLists,
		"64-drill-artifact-outside-a-drill":   drillArtifacts,
		"65-names-that-dodge":                 dodgingNames,
		"66-expired-strict-policy":            expiredStrict,
		"67-narrow-active-broad-revoked":      narrowAndBroad,
		"68-warn-or-skipped-only":             warnOrSkipped,
		"69-honest-builder-other-signer":      honestBuilder,
		"71-negation-of-unproven":             negatedUnproven,
		"70-flood":                            flood,
	} {
		t.Run(name, func(t *testing.T) { t.Parallel(); test(t) })
	}
}

// approvals is a policy that asks for two people's signatures.
const twoPeople = policyHead + `evidence:
  - {name: approvals, predicateTypes: ["https://example.test/approval/v1"], duty: approve, min: 2}
rules:
  - {id: ok, about: approvals, expression: "true"}
`

func approvalStatement(note string) fixture.Statement {
	return fixture.NewStatement("https://example.test/approval/v1", release, map[string]any{"note": note})
}

func oneKeyTwice(t *testing.T) {
	s := scene{policies: []string{twoPeople}}
	a := approvalStatement("a")
	want(t, s.judge(t, signed(a, "alice", "bob")), "allow")
	want(t, s.judge(t, signed(a, "alice", "alice")), "deny", "evidence-missing")
	want(t, s.judge(t, signed(a, "alice"), signed(approvalStatement("b"), "alice")), "deny", "evidence-missing")
	// one person's two keys, ed25519 and ECDSA
	want(t, s.judge(t, signed(a, "alice", "p256:alice")), "deny", "evidence-missing")
	// the same key under two ids does not load
	for _, key := range []string{"alice", "p256:alice", "rsa:"} {
		twice := replaced(t, baseModel, "credentials:\n", "credentials:\n"+
			"  - {id: one, holder: alice, key: {pem: KEY("+key+")}, states: [{state: active, from: 2026-01-01T00:00:00Z}]}\n"+
			"  - {id: two, holder: bob, key: {pem: KEY("+key+")}, states: [{state: active, from: 2026-01-01T00:00:00Z}]}\n")
		if _, err := loadModel(twice); err == nil || !strings.Contains(err.Error(), "ownership.yaml:") {
			t.Errorf("key %s under two ids: %v", key, err)
		}
	}
	// and envelopes over one payload unite their signers
	want(t, s.judge(t, signed(a, "alice"), signed(a, "bob")), "allow")
}

func repeatedSignature(t *testing.T) {
	s := scene{policies: []string{twoPeople}}
	e := envelope(approvalStatement("a"), "alice")
	e.Signatures = append(e.Signatures, e.Signatures[0], e.Signatures[0])
	want(t, s.judge(t, e.JSON()), "deny", "evidence-missing")
	for i := range e.Signatures {
		e.Signatures[i].KeyID = ""
	}
	want(t, s.judge(t, e.JSON()), "deny", "evidence-missing")
}

func thresholds(t *testing.T) {
	for _, n := range []string{"0", "-1", "1.5", "'1'"} {
		if _, err := loadPolicies(replaced(t, twoPeople, "min: 2", "min: "+n)); err == nil || !strings.Contains(err.Error(), "policy.yaml:6:") {
			t.Errorf("min %s: %v", n, err)
		}
	}
	// three asked for, two people may
	three := scene{policies: []string{replaced(t, twoPeople, "min: 2", "min: 3")}}
	want(t, three.judge(t, signed(approvalStatement("a"), "alice", "bob")), "deny", "evidence-missing", "threshold-unreachable")
	// as many as may are there, later one has left the team
	left := scene{policies: []string{twoPeople}, model: replaced(t, baseModel, "{person: bob}]", "{person: bob, until: 2026-05-01T00:00:00Z}]")}
	want(t, left.judge(t, signed(approvalStatement("a"), "alice", "bob")), "deny", "evidence-missing", "signer-role-changed", "threshold-unreachable")
}

func failedBesideGood(t *testing.T) {
	e := envelope(fixture.NewStatement(fixture.ProvenanceV1, release, fixture.Provenance(fixture.Builder)), "pipeline", "bob")
	e.Signatures[1].Sig = flipBase64(e.Signatures[1].Sig, 5)
	v := scene{}.judge(t, e.JSON())
	want(t, v, "allow")
	if got := noted(v, verify.SeverityInfo); !slices.Equal(got, []string{"signature-invalid"}) {
		t.Errorf("noted %v", got)
	}
	if len(v.Signers) != 1 || v.Signers[0].Credential != "pipeline-key" {
		t.Errorf("signers %+v", v.Signers)
	}
	e.Signatures[0].Sig = flipBase64(e.Signatures[0].Sig, 5)
	want(t, scene{}.judge(t, e.JSON()), "deny", "evidence-missing", "signature-invalid")
}

func sharedVerifier(t *testing.T) {
	v := scene{}.verifier(t)
	bad := envelope(fixture.NewStatement(fixture.ProvenanceV1, release, fixture.Provenance(fixture.Builder)), "bob")
	bad.Signatures[0].KeyID, bad.Signatures[0].Cert = "-----BEGIN PUBLIC KEY-----", "not a certificate"
	a, b := scene{}.request(t, provenance("pipeline")), scene{}.request(t, bad.JSON())
	var first, second []byte
	for range 3 {
		va, err := v.Verify(context.Background(), a)
		if err != nil {
			t.Fatal(err)
		}
		want(t, va, "allow")
		vb, err := v.Verify(context.Background(), b)
		if err != nil {
			t.Fatal(err)
		}
		want(t, vb, "deny", "evidence-missing", "signer-not-granted")
		ja, _ := va.JSON()
		jb, _ := vb.JSON()
		if first != nil && (!bytes.Equal(ja, first) || !bytes.Equal(jb, second)) {
			t.Error("the verdict changed")
		}
		first, second = ja, jb
	}
}

func keyIDsAreHints(t *testing.T) {
	e := envelope(fixture.NewStatement(fixture.ProvenanceV1, release, fixture.Provenance(fixture.Builder)), "pipeline")
	pipeline, bob := fixture.NewKey("pipeline"), fixture.NewKey("bob")
	for _, id := range []string{"", "x", pipeline.ID(), pipeline.NpmID(), pipeline.NpmID() + "=", "pipeline-key", bob.ID(), "bob-key"} {
		e.Signatures[0].KeyID = id
		want(t, scene{}.judge(t, e.JSON()), "allow")
	}
	wrong := envelope(fixture.NewStatement(fixture.ProvenanceV1, release, fixture.Provenance(fixture.Builder)), "nobody")
	wrong.Signatures[0].KeyID = pipeline.ID()
	want(t, scene{}.judge(t, wrong.JSON()), "deny", "evidence-missing", "signature-invalid")
	wrong.Signatures[0].KeyID = ""
	want(t, scene{}.judge(t, wrong.JSON()), "deny", "evidence-missing", "signer-unknown")
}

func malformedBesideValid(t *testing.T) {
	for _, entry := range []string{`{"keyid":"x","sig":"***"}`, `{"keyid":"x"}`, `{"sig":7}`, `"foreign"`, `null`, `{"sig":""}`} {
		good := string(provenance("pipeline"))
		v := scene{}.judge(t, []byte(strings.Replace(good, `"signatures":[`, `"signatures":[`+entry+`,`, 1)))
		want(t, v, "allow")
		if got := noted(v, verify.SeverityInfo); !slices.Equal(got, []string{"malformed-signature"}) {
			t.Errorf("%s: noted %v", entry, got)
		}
		// broken: the valid one is gone
		e := envelope(fixture.NewStatement(fixture.ProvenanceV1, release, fixture.Provenance(fixture.Builder)))
		v = scene{}.judge(t, []byte(strings.Replace(string(e.JSON()), `"signatures":[`, `"signatures":[`+entry, 1)))
		want(t, v, "deny", "evidence-missing", "malformed-signature")
	}
}

func rawPayload(t *testing.T) {
	st := fixture.NewStatement(fixture.ProvenanceV1, release, fixture.Provenance(fixture.Builder))
	e := envelope(st, "pipeline")
	e.Signatures[0].Sig = base64.StdEncoding.EncodeToString(fixture.NewKey("pipeline").Sign(st.JSON()))
	want(t, scene{}.judge(t, e.JSON()), "deny", "evidence-missing", "signature-invalid")
}

func otherPayloadType(t *testing.T) {
	st := fixture.NewStatement(fixture.ProvenanceV1, release, fixture.Provenance(fixture.Builder))
	for _, typ := range []string{"application/json", "application/vnd.in-toto+jso", "", "text/plain"} {
		e := envelope(st, "pipeline")
		e.PayloadType = typ // the same bytes under another type
		want(t, scene{}.judge(t, e.JSON()), "deny", "evidence-missing", "evidence-unreadable")
		// and honestly signed as the other type
		e.Signatures[0].Sig = base64.StdEncoding.EncodeToString(fixture.NewKey("pipeline").Sign(dsse.PAE(typ, st.JSON())))
		want(t, scene{}.judge(t, e.JSON()), "deny", "evidence-missing", "evidence-unreadable")
	}
	e := envelope(st, "pipeline")
	e.Signatures[0].Sig = base64.StdEncoding.EncodeToString(fixture.NewKey("pipeline").Sign(dsse.PAE("application/json", st.JSON())))
	want(t, scene{}.judge(t, e.JSON()), "deny", "evidence-missing", "signature-invalid")
}

func payloadBase64(t *testing.T) {
	st := fixture.NewStatement(fixture.ProvenanceV1, release, map[string]any{"note": "ÿÿÿ???>>>"})
	e := envelope(st, "pipeline")
	std := e.Payload
	raw, _ := base64.StdEncoding.DecodeString(std)
	for name, payload := range map[string]string{
		"url safe":     base64.URLEncoding.EncodeToString(raw),
		"no padding":   strings.TrimRight(std, "="),
		"line break":   std[:40] + "\n" + std[40:],
		"space":        std[:40] + " " + std[40:],
		"more padding": std + "=",
		"empty":        "",
	} {
		if payload == std {
			continue
		}
		e.Payload = payload
		v := scene{policies: []string{replaced(t, basePolicy, "it.provenance.builder == 'https://github.com/actions/runner/github-hosted'", "true")}}.judge(t, e.JSON())
		if v.Admits() || !slices.Contains(refusing(v), "evidence-unreadable") {
			t.Errorf("%s: %s %v", name, v.Decision, refusing(v))
		}
	}
}

func nullEverywhere(t *testing.T) {
	var whole map[string]any
	if err := json.Unmarshal(provenance("pipeline"), &whole); err != nil {
		t.Fatal(err)
	}
	for field, value := range whole {
		for _, bad := range []any{nil, "", 0, true, []any{}, map[string]any{}, []any{nil}} {
			whole[field] = bad
			data, _ := json.Marshal(whole)
			if v := (scene{}).judge(t, data); v.Admits() {
				t.Errorf("%s = %v admits", field, bad)
			}
		}
		delete(whole, field)
		data, _ := json.Marshal(whole)
		if v := (scene{}).judge(t, data); v.Admits() {
			t.Errorf("without %s admits", field)
		}
		whole[field] = value
	}
	for _, data := range []string{"", " ", "null", "[]", "{}", "0", `""`, "[null]", "[[]]", "{", "\x00"} {
		want(t, scene{}.judge(t, []byte(data)), "deny", "evidence-missing", "evidence-unreadable")
	}
}

// resigned is a payload as the pipeline would have signed it.
func resigned(payload string) []byte {
	return fixture.Sign([]byte(payload), fixture.NewKey("pipeline")).JSON()
}

func duplicateNames(t *testing.T) {
	good := string(fixture.NewStatement(fixture.ProvenanceV1, release, fixture.Provenance(fixture.Builder)).JSON())
	want(t, scene{}.judge(t, resigned(good)), "allow")
	for name, change := range map[string][2]string{
		"duplicate at the top":         {`{"_type"`, `{"_type":"https://in-toto.io/Statement/v1","_type"`},
		"duplicate in the predicate":   {`"predicate":{`, `"predicate":{"x":1,"x":2,`},
		"duplicate in the subject":     {`"subject":[{`, `"subject":[{"name":"evil",`},
		"case variant":                 {`{"_type"`, `{"PredicateType":"x","_type"`},
		"Kelvin sign":                  {`{"_type"`, `{"predicateTypeſ":1,"ſubject":[],"_type"`},
		"case variant in the view":     {`"builder":{`, `"Builder":{"id":"evil"},"builder":{`},
		"case variant of an algorithm": {`"sha256":`, `"SHA256":"00","sha256":`},
	} {
		v := scene{}.judge(t, resigned(replaced(t, good, change[0], change[1])))
		if v.Admits() || !slices.Contains(refusing(v), "evidence-unreadable") {
			t.Errorf("%s: %s %v", name, v.Decision, refusing(v))
		}
	}
	outer := string(provenance("pipeline"))
	for name, change := range map[string][2]string{
		"duplicate payload":      {`"payload":`, `"payload":"e30=","payload":`},
		"case variant":           {`"payload":`, `"Payload":"e30=","payload":`},
		"Kelvin sign in a name":  {`"keyid"`, "\"\u212aeyid\":\"x\",\"keyid\""},
		"duplicate in signature": {`"sig":`, `"sig":"AA==","sig":`},
	} {
		v := scene{}.judge(t, []byte(replaced(t, outer, change[0], change[1])))
		if v.Admits() {
			t.Errorf("%s in the envelope admits", name)
		}
	}
	// ok: names nobody decodes, alike but for case
	want(t, scene{}.judge(t, resigned(replaced(t, good, `"predicate":{`, `"predicate":{"env":{"http_proxy":"a","HTTP_PROXY":"b"},`))), "allow")
	want(t, scene{}.judge(t, resigned(replaced(t, good, `{"_type"`, `{"unknown":1,"_type"`))), "allow")
}

func trailingText(t *testing.T) {
	good := string(provenance("pipeline"))
	payload := string(fixture.NewStatement(fixture.ProvenanceV1, release, fixture.Provenance(fixture.Builder)).JSON())
	for name, data := range map[string][]byte{
		"trailing value":            []byte(good + "{}"),
		"trailing text":             []byte(good + "x"),
		"NUL":                       []byte(good + "\x00"),
		"invalid UTF-8 outside":     []byte(replaced(t, good, `"payloadType"`, "\"x\":\"\xff\",\"payloadType\"")),
		"trailing in payload":       resigned(payload + "{}"),
		"invalid UTF-8 in payload":  resigned(replaced(t, payload, `"artifact"`, "\"arti\xfffact\"")),
		"lone surrogate in payload": resigned(replaced(t, payload, `"artifact"`, `"arti\ud800fact"`)),
	} {
		v := scene{}.judge(t, data)
		if v.Admits() || !slices.Contains(refusing(v), "evidence-unreadable") {
			t.Errorf("%s: %s %v", name, v.Decision, refusing(v))
		}
	}
	big := fixture.NewStatement(fixture.ProvenanceV1, release, map[string]any{"n": int64(9007199254740993)})
	exact := scene{policies: []string{policyHead + buildEvidence + "rules:\n  - {id: n, about: provenance, expression: \"it.predicate.n == 9007199254740993\"}\n"}}
	want(t, exact.judge(t, signed(big, "pipeline")), "allow")
	off := scene{policies: []string{policyHead + buildEvidence + "rules:\n  - {id: n, about: provenance, expression: \"it.predicate.n == 9007199254740992\"}\n"}}
	want(t, off.judge(t, signed(big, "pipeline")), "deny", "rule-failed")
}

func misspeltNames(t *testing.T) {
	good := string(fixture.NewStatement(fixture.ProvenanceV1, release, fixture.Provenance(fixture.Builder)).JSON())
	for name, change := range map[string][2]string{
		"type for _type":                 {`"_type"`, `"type"`},
		"predicate_type":                 {`"predicateType"`, `"predicate_type"`},
		"unknown _type":                  {"Statement/v1", "Statement/v2"},
		"empty _type":                    {"https://in-toto.io/Statement/v1", ""},
		"empty predicateType":            {fixture.ProvenanceV1, ""},
		"_type with another after slash": {"Statement/v1", "Statement/v1/"},
	} {
		v := scene{}.judge(t, resigned(replaced(t, good, change[0], change[1])))
		if v.Admits() || !slices.Contains(refusing(v), "evidence-unreadable") {
			t.Errorf("%s: %s %v", name, v.Decision, refusing(v))
		}
	}
}

func unparsableReported(t *testing.T) {
	v := scene{}.judge(t, []byte(`{"payloadType":"application/vnd.in-toto+json","payload":"e30`))
	want(t, v, "deny", "evidence-missing", "evidence-unreadable")
	if v.Inputs.Evidence[0].Status != verify.Discarded {
		t.Errorf("status %s", v.Inputs.Evidence[0].Status)
	}
	// beside enough that is good it is still reported, and changes nothing
	v = scene{}.judge(t, []byte(`{`), provenance("pipeline"))
	want(t, v, "allow")
	if got := noted(v, verify.SeverityInfo); !slices.Equal(got, []string{"evidence-unreadable"}) {
		t.Errorf("noted %v", got)
	}
}

func parseFailures(t *testing.T) {
	good := provenance("pipeline")
	for n := range good {
		if n%7 != 0 {
			continue
		}
		if v := (scene{}).judge(t, good[:n]); v.Admits() {
			t.Fatalf("the first %d bytes admit", n)
		}
	}
	for _, document := range []string{"", "{", "a: [", "kind: Policy", "\xff", "apiVersion: surety.dev/v1\nkind: Policy\n"} {
		if _, err := loadPolicies(document); err == nil {
			t.Errorf("policy %q loads", document)
		}
		if _, err := loadModel(document); err == nil {
			t.Errorf("model %q loads", document)
		}
	}
}

func requiredTypeAbsent(t *testing.T) {
	other := signed(fixture.NewStatement(fixture.TestResult, release, map[string]any{"result": "PASSED"}), "pipeline")
	v := scene{}.judge(t, other)
	want(t, v, "deny", "evidence-missing")
	if v.Inputs.Evidence[0].Status != verify.Unused {
		t.Errorf("status %s", v.Inputs.Evidence[0].Status)
	}
	want(t, scene{}.judge(t), "deny", "evidence-missing")
	want(t, scene{}.judge(t, provenance("stranger"), provenance("nobody")), "deny", "evidence-missing", "signer-not-granted", "signer-unknown")
}

func tamperedInvisible(t *testing.T) {
	everything := scene{policies: []string{policyHead + buildEvidence + "rules:\n  - {id: none-evil, expression: \"evidence.provenance.all(p, p.provenance.builder != 'evil') && evidence.provenance.size() == 1 && signers.size() == 1\"}\n  - {id: each, about: provenance, expression: \"true\"}\n"}}
	evil := envelope(fixture.NewStatement(fixture.ProvenanceV1, release, fixture.Provenance("evil")), "pipeline")
	evil.Signatures[0].Sig = flipBase64(evil.Signatures[0].Sig, 9)
	unsigned := envelope(fixture.NewStatement(fixture.ProvenanceV1, release, fixture.Provenance("evil")))
	want(t, everything.judge(t, provenance("pipeline"), evil.JSON(), unsigned.JSON()), "allow")
	honest := signed(fixture.NewStatement(fixture.ProvenanceV1, release, fixture.Provenance("evil")), "pipeline")
	want(t, everything.judge(t, provenance("pipeline"), honest), "deny", "rule-failed")
	v := scene{}.judge(t, evil.JSON())
	data, _ := v.JSON()
	if bytes.Contains(data, []byte("evil")) {
		t.Error("the verdict repeats what nobody vouches for")
	}
}

func otherPackage(t *testing.T) {
	st := fixture.NewStatement(fixture.ProvenanceV1, release, fixture.Provenance(fixture.Builder))
	for name, wantCode := range map[string]string{
		"pkg:generic/payments/api@1.4.2": "", "pkg:generic/payments/api": "", "pkg:generic/payments/ap%69@1.4.2": "", "api.tar.gz": "",
		"pkg:generic/payments/api@1.4.3": "subject-mismatch", "pkg:generic/payments/evil@1.4.2": "subject-mismatch", "pkg:npm/payments/api@1.4.2": "subject-mismatch",
		"pkg:generic/api@1.4.2": "subject-mismatch", "pkg:": "subject-mismatch",
	} {
		st.Subject[0].Name = name
		v := scene{}.judge(t, signed(st, "pipeline"))
		if wantCode == "" {
			want(t, v, "allow")
		} else {
			want(t, v, "deny", "evidence-missing", wantCode)
		}
	}
	want(t, scene{digest: otherFile}.judge(t, provenance("pipeline")), "deny", "evidence-missing", "subject-mismatch")
}

func weakDigests(t *testing.T) {
	sha1, md5 := strings.Repeat("ab", 20), strings.Repeat("cd", 16)
	artifact, err := attest.NewArtifact(baseName, attest.Digests{"sha256": release, "sha1": sha1, "md5": md5, "sha512": strings.Repeat("ef", 64)})
	if err != nil {
		t.Fatal(err)
	}
	for name, row := range map[string]struct {
		digest map[string]string
		ok     bool
	}{
		"sha256 agrees":                    {map[string]string{"sha256": release}, true},
		"sha512 agrees":                    {map[string]string{"sha512": strings.Repeat("ef", 64)}, true},
		"all agree":                        {map[string]string{"sha256": release, "sha1": sha1}, true},
		"weak only":                        {map[string]string{"sha1": sha1}, false},
		"md5 only":                         {map[string]string{"md5": md5}, false},
		"sha256 wrong, sha1 right":         {map[string]string{"sha256": otherFile, "sha1": sha1}, false},
		"sha256 right, sha1 wrong":         {map[string]string{"sha256": release, "sha1": strings.Repeat("ba", 20)}, false},
		"sha256 right, sha512 wrong":       {map[string]string{"sha256": release, "sha512": strings.Repeat("fe", 64)}, false},
		"an algorithm nobody knows":        {map[string]string{"sha999": release}, false},
		"sha256 right beside unknown one":  {map[string]string{"sha256": release, "sha999": "zz"}, true},
		"a commit is not the artifact":     {map[string]string{"gitCommit": sha1}, false},
		"sha384 which the caller has not":  {map[string]string{"sha384": strings.Repeat("aa", 48)}, false},
		"sha256 right and unknown to both": {map[string]string{"sha256": release, "sha384": strings.Repeat("aa", 48)}, true},
	} {
		st := fixture.NewStatement(fixture.ProvenanceV1, release, fixture.Provenance(fixture.Builder))
		st.Subject[0].Digest = row.digest
		request := scene{}.request(t, signed(st, "pipeline"))
		request.Artifact = artifact
		v, err := scene{}.verifier(t).Verify(context.Background(), request)
		if err != nil {
			t.Fatal(err)
		}
		if v.Admits() != row.ok || !row.ok && !slices.Contains(refusing(v), "subject-mismatch") {
			t.Errorf("%s: %s %v", name, v.Decision, refusing(v))
		}
	}
}

func malformedDigests(t *testing.T) {
	for name, digest := range map[string]map[string]string{
		"short":            {"sha256": release[:62]},
		"odd":              {"sha256": release[:63]},
		"upper case":       {"sha256": strings.ToUpper(release)},
		"not hex":          {"sha256": strings.Repeat("zz", 32)},
		"right and broken": {"sha256": release, "sha512": "ab"},
	} {
		st := fixture.NewStatement(fixture.ProvenanceV1, release, fixture.Provenance(fixture.Builder))
		st.Subject[0].Digest = digest
		v := scene{}.judge(t, signed(st, "pipeline"))
		if v.Decision != verify.Deny || !slices.Contains(refusing(v), "subject-mismatch") {
			t.Errorf("%s: %s %v", name, v.Decision, refusing(v))
		}
		// a void subject does not spoil a good one
		st.Subject = append(st.Subject, fixture.Subject{Name: "artifact", Digest: map[string]string{"sha256": release}})
		want(t, scene{}.judge(t, signed(st, "pipeline")), "allow")
	}
}

func emptySubjects(t *testing.T) {
	good := string(fixture.NewStatement(fixture.ProvenanceV1, release, fixture.Provenance(fixture.Builder)).JSON())
	subject := good[strings.Index(good, `"subject":`) : strings.Index(good, `"predicateType"`)-1]
	for _, s := range []string{`"subject":[]`, `"subject":null`, `"subject":[{}]`, `"subject":[{"digest":{}}]`, `"subject":[{"name":"artifact","digest":{}}]`, `"subject":[null]`, `"x":1`} {
		v := scene{}.judge(t, resigned(replaced(t, good, subject, s)))
		if v.Decision != verify.Deny || !slices.Contains(refusing(v), "evidence-missing") || len(refusing(v)) != 2 {
			t.Errorf("%s: %s %v", s, v.Decision, refusing(v))
		}
	}
}

func unsignedCopy(t *testing.T) {
	// an npm document's outer predicate type is a copy nobody signed
	for outer, code := range map[string]string{fixture.ProvenanceV1: "certificate-invalid", fixture.TestResult: "evidence-unreadable"} {
		bundle := fmt.Sprintf(`{"mediaType":"application/vnd.dev.sigstore.bundle+json;version=0.1","verificationMaterial":{"publicKey":{"hint":%q},"tlogEntries":[]},"dsseEnvelope":%s}`,
			fixture.NewKey("pipeline").NpmID(), provenance("pipeline"))
		v := scene{}.judge(t, []byte(fmt.Sprintf(`{"attestations":[{"predicateType":%q,"bundle":%s}]}`, outer, bundle)))
		// without an opener for bundles the honest one is refused for that, the other for its copy
		want(t, v, "deny", "evidence-missing", code)
	}
}

func halfEach(t *testing.T) {
	halves := scene{policies: []string{policyHead + buildEvidence + `rules:
  - {id: builder, about: provenance, expression: "it.provenance.builder == 'good'"}
  - {id: type, about: provenance, expression: "it.provenance.buildType == 'good'"}
`}}
	make := func(builder, buildType string) []byte {
		p := fixture.Provenance(builder)
		p["buildDefinition"].(map[string]any)["buildType"] = buildType
		return signed(fixture.NewStatement(fixture.ProvenanceV1, release, p), "pipeline")
	}
	good, bad, half, other := make("good", "good"), make("bad", "bad"), make("good", "bad"), make("bad", "good")
	want(t, halves.judge(t, good), "allow")
	for _, order := range [][][]byte{{good, bad}, {bad, good}} {
		v := halves.judge(t, order...)
		want(t, v, "allow")
		if len(v.Signers) != 2 {
			t.Errorf("both should be shown: %+v", v.Signers)
		}
	}
	for _, order := range [][][]byte{{half, other}, {other, half}, {half, half}, {half, other, half}} {
		want(t, halves.judge(t, order...), "deny", "rule-failed")
	}
	// the same one twice, or wrapped anew, counts once
	two := scene{policies: []string{twoPeople}}
	e := envelope(approvalStatement("a"), "alice")
	wrapped := e
	wrapped.Signatures = []fixture.Signature{{KeyID: "other", Sig: e.Signatures[0].Sig}}
	want(t, two.judge(t, e.JSON(), e.JSON(), wrapped.JSON()), "deny", "evidence-missing")
}

func renamedFile(t *testing.T) {
	a, b := scene{}.request(t), scene{}.request(t)
	a.Evidence = attest.Parse("one.json", provenance("pipeline"), attest.Limits{})
	b.Evidence = attest.Parse("../../etc/two", provenance("pipeline"), attest.Limits{})
	v := scene{}.verifier(t)
	va, err := v.Verify(context.Background(), a)
	if err != nil {
		t.Fatal(err)
	}
	vb, err := v.Verify(context.Background(), b)
	if err != nil {
		t.Fatal(err)
	}
	vb.Inputs.Evidence[0].Sources = va.Inputs.Evidence[0].Sources
	ja, _ := va.JSON()
	jb, _ := vb.JSON()
	if !bytes.Equal(ja, jb) {
		t.Errorf("the name changed more than the sources:\n%s\n%s", ja, jb)
	}
}

func oneHalfInvalid(t *testing.T) {
	both := scene{model: replaced(t, baseModel, "grants:\n", "grants:\n  - {to: stranger, may: [attest], artifacts: [\"pkg:generic/payments/**\"]}\n"),
		policies: []string{policyHead + buildEvidence + "  - {name: tests, predicateTypes: [\"https://in-toto.io/attestation/test-result/v0.1\"], duty: attest}\n" + builderRule}}
	tests := envelope(fixture.NewStatement(fixture.TestResult, release, map[string]any{"result": "PASSED"}), "stranger")
	want(t, both.judge(t, provenance("pipeline"), tests.JSON()), "allow")
	tests.Signatures[0].Sig = flipBase64(tests.Signatures[0].Sig, 3)
	want(t, both.judge(t, provenance("pipeline"), tests.JSON()), "deny", "evidence-missing", "signature-invalid")
	want(t, both.judge(t, provenance("pipeline")), "deny", "evidence-missing")
}

func emptyDocuments(t *testing.T) {
	for name, body := range map[string]string{
		"nothing":              policyHead,
		"no rules":             policyHead + buildEvidence,
		"no evidence":          policyHead + builderRule,
		"empty rules":          policyHead + buildEvidence + "rules: []\n",
		"empty evidence":       policyHead + "evidence: []\n" + builderRule,
		"empty predicateTypes": policyHead + "evidence:\n  - {name: provenance, predicateTypes: [], duty: build}\n" + builderRule,
		"empty artifacts":      replaced(t, basePolicy, `["pkg:generic/payments/**"]`, "[]"),
		"empty id":             replaced(t, basePolicy, "id: trusted-builder", "id: ''"),
		"empty expression":     replaced(t, basePolicy, `"it.provenance.builder == 'https://github.com/actions/runner/github-hosted'"`, `""`),
		"empty environments":   policyHead + "environments: []\n" + buildEvidence + builderRule,
	} {
		if _, err := loadPolicies(body); err == nil || !strings.Contains(err.Error(), "policy.yaml:") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := loadModel(replaced(t, baseModel, "members: [{person: erin}]", "members: []")); err == nil {
		t.Error("an empty team loads")
	}
	model := "apiVersion: surety.dev/v1alpha1\nkind: Ownership\nmetadata: {name: empty, version: 1, effectiveFrom: 2026-01-01T00:00:00Z}\n"
	want(t, scene{model: model}.judge(t, provenance("pipeline")), "deny", "control-unowned", "evidence-missing", "signer-unknown", "threshold-unreachable")
	want(t, scene{policies: []string{}}.judge(t, provenance("pipeline")), "deny", "no-policy")
}

func ownerPrecedence(t *testing.T) {
	narrow := "  - {control: publisher-identity, artifacts: [\"pkg:generic/payments/**\"], accountable: approvers, responsible: [approvers]}\n"
	broad := "  - {control: publisher-identity, artifacts: [\"**\"], accountable: security, responsible: [security]}\n"
	for _, order := range []string{narrow + broad, broad + narrow} {
		v := scene{model: replaced(t, baseModel, broad, order)}.judge(t, provenance("nobody"))
		f := v.Findings[slices.IndexFunc(v.Findings, func(f verify.Finding) bool { return f.Code == verify.SignerUnknown })]
		if f.Accountable.Team != "approvers" {
			t.Errorf("accountable %+v", f.Accountable)
		}
	}
	// two entries of one team add up, whatever their order
	same := strings.Replace(broad, "responsible: [security]", "responsible: [approvers], runbook: \"https://runbooks.test/x\"", 1)
	for _, order := range []string{broad + same, same + broad} {
		want(t, scene{model: replaced(t, baseModel, broad, order)}.judge(t, provenance("nobody")), "deny", "evidence-missing", "signer-unknown")
	}
	tied := broad + strings.Replace(broad, "accountable: security", "accountable: approvers", 1)
	want(t, scene{model: replaced(t, baseModel, broad, tied)}.judge(t, provenance("nobody")), "deny", "control-unowned", "evidence-missing", "signer-unknown")
}

func notBool(t *testing.T) {
	for _, x := range []string{"'true'", "1", "null", "it.provenance.builder", "[true]", "{'a': true}", "it.predicate.x", "type(true)", "dyn(true)", "it", "timestamp('2026-01-01T00:00:00Z')", "it.signedAt"} {
		if _, err := loadPolicies(replaced(t, basePolicy, "it.provenance.builder == 'https://github.com/actions/runner/github-hosted'", x)); err == nil || !strings.Contains(err.Error(), "policy.yaml:8:") {
			t.Errorf("%s: %v", x, err)
		}
	}
	for x, code := range map[string]string{
		"it.predicate.missing == 'z'":         "rule-error",
		"1 / (it.signers.size() - 1) == 1":    "rule-error",
		"it.predicate.runDetails":             "",
		"it.signedAt.before(it.signedAt)":     "rule-failed",
		"dyn(it).provenance == it.provenance": "rule-error",
	} {
		if code == "" {
			continue
		}
		want(t, scene{policies: []string{replaced(t, basePolicy, "it.provenance.builder == 'https://github.com/actions/runner/github-hosted'", x)}}.judge(t, provenance("pipeline")), "indeterminate", code)
	}
}

func shuffles(t *testing.T) {
	evidence := [][]byte{provenance("pipeline"), provenance("stranger"), provenance("nobody"), []byte("{"), signed(approvalStatement("a"), "alice"), signed(approvalStatement("a"), "bob"), signed(approvalStatement("b"), "bob"),
		signed(fixture.NewStatement(fixture.ProvenanceV1, release, fixture.Provenance("evil")), "pipeline")}
	policies := []string{basePolicy, replaced(t, twoPeople, "name: payments, version: 4", "name: approvals, version: 1"), replaced(t, basePolicy, "version: 4, effectiveFrom: 2026-01-01", "version: 5, effectiveFrom: 2027-01-01")}
	s := scene{policies: policies}
	first, err := s.judge(t, evidence...).JSON()
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(1, 2))
	rounds := 1000
	if testing.Short() {
		rounds = 50
	}
	for n := range rounds {
		s.workers = 1 + n%16
		if n%20 == 0 { // documents too
			r.Shuffle(len(s.policies), func(i, j int) { s.policies[i], s.policies[j] = s.policies[j], s.policies[i] })
		}
		shuffled := append(slices.Clone(evidence), evidence[r.IntN(len(evidence))])
		r.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		if got, _ := s.judge(t, shuffled...).JSON(); !bytes.Equal(got, first) {
			t.Fatalf("shuffle %d differs:\n%s\n%s", n, got, first)
		}
	}
	v := s.verifier(t)
	request := s.request(t, evidence...)
	for callers := 1; callers <= 16; callers++ {
		var wait sync.WaitGroup
		for range callers {
			wait.Go(func() {
				verdict, err := v.Verify(context.Background(), request)
				if got, _ := verdict.JSON(); err != nil || !bytes.Equal(got, first) {
					t.Errorf("%d callers: %v\n%s", callers, err, got)
				}
			})
		}
		wait.Wait()
	}
}

func dodgingNames(t *testing.T) {
	loose := policyHead[:strings.Index(policyHead, "metadata")] + "metadata: {name: loose, version: 1, effectiveFrom: 2026-01-01T00:00:00Z}\nartifacts: [\"**\"]\n" + buildEvidence + "rules:\n  - {id: any, about: provenance, expression: \"true\"}\n"
	for _, name := range []string{"pkg:GENERIC/payments/api@1.4.2", "pkg:generic/payments/%61pi@1.4.2", "pkg:generic//payments/api@1.4.2", "pkg:generic/x/../payments/api@1.4.2", "pkg:generic/./payments/api@1.4.2", "pkg:generic/payments/api/", "pkg://generic/payments/api@1.4.2", "PKG:generic/payments/api@1.4.2", "pkg:generic/payments%2Fapi@1.4.2", "pkg:generic/payments/api @1.4.2", "pkg:generic/payments/api\n@1.4.2", "pkg:github/Acme/payments", "pkg:pypi/pay_ments", "pkg:pypi/Payments", "pkg:npm/@acme/x", "HTTPS://acme.test/x", "https://ACME.test/x", ""} {
		if _, err := attest.NewArtifact(name, attest.Digests{"sha256": release}); err == nil {
			t.Errorf("%q is taken for a name", name)
		}
	}
	strict := replaced(t, basePolicy, "github-hosted", "nothing")
	// qualifiers do not dodge: patterns see the name without them
	v := scene{name: baseName + "?arch=x", policies: []string{strict, loose}}.judge(t, provenance("pipeline"))
	want(t, v, "deny", "rule-failed")
	// no environment, or another case of it, does not dodge a policy for one
	scoped := replaced(t, strict, "artifacts:", "environments: [production]\nartifacts:")
	for _, environment := range []string{"", "Production", "PRODUCTION"} {
		s := scene{environment: environment, policies: []string{scoped, loose}}
		_, err := s.verifier(t).Verify(context.Background(), s.request(t, provenance("pipeline")))
		if request := (*verify.RequestError)(nil); !asRequestError(err, &request) || request.Field != "environment" {
			t.Errorf("environment %q: %v", environment, err)
		}
	}
	want(t, scene{environment: "production", policies: []string{scoped, loose}}.judge(t, provenance("pipeline")), "deny", "rule-failed")
	want(t, scene{environment: "staging", policies: []string{scoped, loose}}.judge(t, provenance("pipeline")), "allow")
}

func expiredStrict(t *testing.T) {
	loose := replaced(t, basePolicy, "name: payments", "name: loose", "pkg:generic/payments/**", "**")
	strict := replaced(t, basePolicy, "effectiveFrom: 2026-01-01T00:00:00Z", "effectiveFrom: 2026-01-01T00:00:00Z, effectiveUntil: 2026-05-01T00:00:00Z")
	want(t, scene{policies: []string{loose}}.judge(t, provenance("pipeline")), "allow")
	want(t, scene{policies: []string{loose, strict}}.judge(t, provenance("pipeline")), "deny", "policy-not-in-force")
}

func narrowAndBroad(t *testing.T) {
	// keys bind by fingerprint, so two credentials match one signature only as certificates do
	opener := certificates{"https://github.com/acme/payments/.github/workflows/release.yaml@refs/tags/v1"}
	narrow := "  - {id: narrow, holder: pipeline, identity: {issuer: \"https://issuer.test\", subject: \"https://github.com/acme/payments/.github/workflows/release.yaml@refs/tags/v1\"}, states: [{state: active, from: 2026-01-01T00:00:00Z}]}\n"
	broad := "  - {id: broad, holder: pipeline, identity: {issuer: \"https://issuer.test\", subject: \"https://github.com/acme/**\"}, states: [{state: active, from: 2026-01-01T00:00:00Z}, {state: revoked, from: 2026-05-01T00:00:00Z, reason: key-compromise}]}\n"
	item := signed(fixture.NewStatement(fixture.ProvenanceV1, release, fixture.Provenance(fixture.Builder)), "nobody")
	model := func(more string) string { return replaced(t, baseModel, "credentials:\n", "credentials:\n"+more) }
	s := scene{openers: []verify.Opener{opener}, model: model(narrow)}
	want(t, s.judge(t, item), "allow")
	for _, both := range []string{narrow + broad, broad + narrow} {
		s.model = model(both)
		want(t, s.judge(t, item), "deny", "credential-revoked", "evidence-missing")
	}
	s.model = model(narrow + strings.Replace(strings.Replace(broad, "holder: pipeline", "holder: stranger", 1), ", {state: revoked, from: 2026-05-01T00:00:00Z, reason: key-compromise}", "", 1))
	want(t, s.judge(t, item), "deny", "credential-ambiguous", "evidence-missing")
}

func warnOrSkipped(t *testing.T) {
	want(t, scene{policies: []string{replaced(t, basePolicy, "about: provenance,", "about: provenance, severity: warn,")}}.judge(t, provenance("pipeline")), "deny", "rule-failed")
	want(t, scene{policies: []string{replaced(t, basePolicy, "about: provenance,", "about: provenance, when: \"environment == 'x'\",")}}.judge(t, provenance("pipeline")), "deny", "rule-failed")
}

func honestBuilder(t *testing.T) {
	limited := replaced(t, baseModel, `predicates: ["https://slsa.dev/provenance/*"]}`, `predicates: ["https://slsa.dev/provenance/*"], builders: ["https://mine.test/*"]}`)
	want(t, scene{model: limited}.judge(t, provenance("pipeline")), "deny", "builder-untrusted", "evidence-missing")
	anything := scene{model: limited, policies: []string{policyHead + buildEvidence + "rules:\n  - {id: any, about: provenance, expression: \"true\"}\n"}}
	mine := fixture.NewStatement(fixture.ProvenanceV1, release, fixture.Provenance("https://mine.test/one"))
	want(t, anything.judge(t, signed(mine, "pipeline")), "allow")
	want(t, anything.judge(t, signed(fixture.NewStatement(fixture.ProvenanceV1, release, fixture.Provenance("https://mine.test/one/two")), "pipeline")), "deny", "builder-untrusted", "evidence-missing")
	want(t, anything.judge(t, signed(fixture.NewStatement(fixture.ProvenanceV1, release, map[string]any{}), "pipeline")), "deny", "builder-untrusted", "evidence-missing")
	// provenance of a version nobody reads names no builder that could be trusted
	next := scene{model: limited, policies: []string{replaced(t, policyHead+buildEvidence, "provenance/v1", "provenance/v9") + "rules:\n  - {id: any, about: provenance, expression: \"true\"}\n"}}
	want(t, next.judge(t, signed(fixture.NewStatement("https://slsa.dev/provenance/v9", release, fixture.Provenance("https://mine.test/one")), "pipeline")), "deny", "builder-untrusted", "evidence-missing")
}

func negatedUnproven(t *testing.T) {
	v := scene{policies: []string{replaced(t, basePolicy, "it.provenance.builder == 'https://github.com/actions/runner/github-hosted'", "!it.signedAt.recordedBefore(it.signedAt)")}}.judge(t, provenance("pipeline"))
	want(t, v, "indeterminate", "rule-failed")
	if v.Rules[0].Outcome.String() != "unknown" {
		t.Errorf("outcome %s", v.Rules[0].Outcome)
	}
}

func flood(t *testing.T) {
	many := make([][]byte, 0, verify.MaxItems+1)
	for n := range verify.MaxItems {
		many = append(many, []byte(fmt.Sprintf("{%d", n)))
	}
	want(t, scene{}.judge(t, append(many[:verify.MaxItems-1:verify.MaxItems-1], provenance("pipeline"))...), "allow")
	want(t, scene{}.judge(t, append(many, provenance("pipeline"))...), "indeterminate", "evidence-unreadable", "limit-exceeded")
	// repetition is no flood
	repeated := make([][]byte, verify.MaxItems+1)
	for n := range repeated {
		repeated[n] = provenance("pipeline")
	}
	want(t, scene{}.judge(t, repeated...), "allow")
	// 33 signatures
	e := envelope(fixture.NewStatement(fixture.ProvenanceV1, release, fixture.Provenance(fixture.Builder)), "pipeline")
	for len(e.Signatures) < attest.MaxSignatures {
		e.Signatures = append(e.Signatures, fixture.Signature{Sig: "AAAA"})
	}
	want(t, scene{}.judge(t, e.JSON()), "allow")
	e.Signatures = append(e.Signatures, fixture.Signature{Sig: "AAAA"})
	want(t, scene{}.judge(t, e.JSON()), "deny", "evidence-missing", "limit-exceeded")
	// a large item
	big := fixture.NewStatement(fixture.ProvenanceV1, release, map[string]any{"x": strings.Repeat("a", attest.MaxItemBytes)})
	want(t, scene{}.judge(t, signed(big, "pipeline")), "deny", "evidence-missing", "limit-exceeded")
}
