package inspect_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/surety-dev/surety/attest"
	"github.com/surety-dev/surety/internal/fixture"
	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/verify"
	"github.com/surety-dev/surety/verify/inspect"
)

var update = flag.Bool("update", false, "write the golden inspections")

const model = `apiVersion: surety.dev/v1alpha1
kind: Ownership
metadata: {name: acme, version: 3, effectiveFrom: 2026-01-01T00:00:00Z}
people:
  - {id: alice, from: 2023-01-01T00:00:00Z}
  - {id: bob, from: 2023-01-01T00:00:00Z, until: 2026-04-01T00:00:00Z}
  - {id: erin, from: 2023-01-01T00:00:00Z}
teams:
  - {id: security, members: [{person: erin}]}
workloads: [{id: pipeline, owner: security, operators: [alice]}]
credentials:
  - {id: pipeline-key, holder: pipeline, owner: security, key: {pem: KEY(pipeline)}, states: [{state: active, from: 2026-01-01T00:00:00Z}]}
  - {id: old-key, holder: pipeline, owner: security, key: {pem: KEY(old)}, states: [{state: active, from: 2026-01-01T00:00:00Z}, {state: revoked, from: 2026-05-01T00:00:00Z, reason: key-compromise, invalidFrom: 2026-03-01T00:00:00Z}]}
  - {id: bob-key, holder: bob, key: {pem: KEY(bob)}, states: [{state: active, from: 2026-01-01T00:00:00Z}]}
  - {id: shared-key, holder: [alice, erin], key: {pem: KEY(p256:shared)}, states: [{state: active, from: 2026-01-01T00:00:00Z}]}
  - {id: alice-identity, holder: alice, owner: security, identity: {issuer: "https://issuer.test", subject: alice@acme.test}, states: [{state: active, from: 2026-01-01T00:00:00Z}]}
`

var (
	at      = time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)
	release = strings.Repeat("aa", 32)
)

func load(t testing.TB, document string) *ownership.Model {
	t.Helper()
	m, err := ownership.Load(fstest.MapFS{"ownership.yaml": {Data: []byte(fixture.Expand(document))}}, "ownership.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// built is a provenance statement.
func built() fixture.Statement {
	return fixture.NewStatement(fixture.ProvenanceV1, release, fixture.Provenance(fixture.Builder))
}

func envelope(payload []byte, keys ...string) fixture.Envelope {
	all := make([]fixture.Key, 0, len(keys))
	for _, k := range keys {
		all = append(all, fixture.NewKey(k))
	}
	return fixture.Sign(payload, all...)
}

// signed is the provenance statement signed by keys.
func signed(keys ...string) []byte { return envelope(built().JSON(), keys...).JSON() }

func flip(text string) string {
	data, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		panic(err)
	}
	data[7] ^= 1
	return base64.StdEncoding.EncodeToString(data)
}

// certificates is an opener that takes every envelope for one signed by a certificate of subject, with
// the times given. It stands in for verify/sigstore.
type certificates struct {
	subject string
	times   []time.Time
}

func (certificates) Opens(item *attest.Item) bool { return item.Envelope() != nil }
func (certificates) Trust() []verify.TrustInput {
	return []verify.TrustInput{{ID: "root", Digest: "sha256:00"}}
}
func (c certificates) Open(context.Context, *attest.Item, verify.Keys) (verify.Opened, error) {
	p := verify.Proof{
		Identity:    ownership.Identity{Issuer: "https://issuer.test", Subject: c.subject, Claims: map[string]string{"runnerEnvironment": "self-hosted", "buildConfigURI": "x"}},
		Certificate: true, NotBefore: time.Date(2026, 2, 1, 8, 59, 0, 0, time.UTC),
	}
	for _, t := range c.times {
		p.Times = append(p.Times, verify.TrustedTime{At: t, Source: "rekor", Authority: "https://log.test"})
	}
	return verify.Opened{Checks: 1, Proofs: []verify.Proof{p}}, nil
}

// look inspects evidence; a document "" is no ownership model.
func look(t testing.TB, document string, openers []verify.Opener, evidence ...[]byte) inspect.Inspection {
	t.Helper()
	var config inspect.Config
	if document != "" {
		config.Ownership = load(t, document)
	}
	config.Openers = openers
	var items []*attest.Item
	for n, e := range evidence {
		items = append(items, attest.Parse(fmt.Sprintf("evidence-%d.json", n+1), e, attest.Limits{})...)
	}
	i, err := inspect.Inspect(context.Background(), items, at, config)
	if err != nil {
		t.Fatal(err)
	}
	return i
}

func text(t testing.TB, i inspect.Inspection) string {
	t.Helper()
	var b bytes.Buffer
	if err := inspect.Text(&b, i); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func document(t testing.TB, i inspect.Inspection) []byte {
	t.Helper()
	data, err := i.JSON()
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// inspections are the situations of the golden files.
func inspections(t testing.TB) map[string]inspect.Inspection {
	t.Helper()
	several := envelope(built().JSON(), "pipeline", "bob", "nobody")
	several.Signatures[1].Sig = flip(several.Signatures[1].Sig)
	several.Signatures = append(several.Signatures, fixture.Signature{KeyID: "x", Sig: "***"})
	tampered := envelope(built().JSON(), "pipeline")
	tampered.Payload = base64.StdEncoding.EncodeToString([]byte(strings.Replace(string(built().JSON()), "v1.4.2", "v9.9.9", 1)))
	other := fixture.Statement{Type: "https://in-toto.io/Statement/v0.1", PredicateType: "https://acme.test/note/v1", Predicate: map[string]any{}, Subject: []fixture.Subject{
		{Name: "a", Digest: map[string]string{"sha256": release, "sha1": strings.Repeat("bb", 20)}},
		{URI: "https://acme.test/b", Digest: map[string]string{"sha256": "AB"}}, {Digest: map[string]string{"new": "1"}},
	}}
	for len(other.Subject) < 11 {
		other.Subject = append(other.Subject, other.Subject[0])
	}
	unreadable := fixture.NewStatement("https://slsa.dev/provenance/v1", release, map[string]any{"runDetails": 7})
	bundle := fmt.Sprintf(`{"mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json","verificationMaterial":{"publicKey":{"hint":"npm-key"},"tlogEntries":[{}]},"dsseEnvelope":%s}`, signed("pipeline"))
	own := func(predicateType, predicate, key string) []byte {
		return envelope(fixture.NewStatement(predicateType, release, json.RawMessage(predicate)).JSON(), key).JSON()
	}
	const entry = `{"credential":"old-key","reason":"superseded","from":"2026-01-02T03:04:05Z"}`
	collection := fixture.NewStatement("https://witness.testifysec.com/attestation-collection/v0.1", release, map[string]any{"name": "build", "attestations": []any{
		map[string]any{"type": "https://witness.dev/attestations/git/v0.1", "attestation": map[string]any{"commithash": "a"}},
		map[string]any{"type": fixture.ProvenanceV1, "attestation": fixture.Provenance(fixture.Builder)},
		map[string]any{"type": fixture.ProvenanceV1, "attestation": map[string]any{"runDetails": 7}},
	}})
	pypi := fmt.Sprintf(`{"version":1,"attestation_bundles":[{"publisher":{"repository":"evil/x"},"attestations":[{"version":1,"verification_material":{"certificate":"AQ==","transparency_entries":[{}]},"envelope":{"statement":%q,"signature":"c2ln"}}]}]}`,
		base64.StdEncoding.EncodeToString(built().JSON()))
	early := []time.Time{time.Date(2026, 2, 1, 9, 0, 5, 0, time.UTC), time.Date(2026, 2, 1, 9, 0, 0, 0, time.UTC)}
	return map[string]inspect.Inspection{
		"known-key":       look(t, model, nil, signed("pipeline")),
		"no-model":        look(t, "", nil, signed("pipeline")),
		"several":         look(t, model, nil, several.JSON()),
		"tampered":        look(t, model, nil, tampered.JSON()),
		"does-not-stand":  look(t, model, nil, signed("old"), signed("bob"), signed("p256:shared")),
		"certificate":     look(t, model, []verify.Opener{certificates{"alice@acme.test", early}}, signed("nobody")),
		"no-trusted-time": look(t, model, []verify.Opener{certificates{"mallory@acme.test", nil}}, signed("nobody")),
		"unreadable":      look(t, model, nil, []byte("{\"payload\":1}\nnot JSON"), signed("pipeline")[:90]),
		"subjects":        look(t, "", nil, envelope(other.JSON(), "pipeline").JSON(), envelope(unreadable.JSON(), "pipeline").JSON()),
		"no-root":         look(t, model, nil, []byte(`{"attestations":[{"bundle":`+bundle+`,"repository_id":7}]}`)),
		"collection":      look(t, model, nil, envelope(collection.JSON(), "pipeline").JSON(), []byte(pypi)),
		"own-predicates": look(t, model, nil,
			own(attest.ApprovalType, `{"decision":"approved", "environment":"production","reference":"`+"\u202e"+`7\u009b2J <a href>\nsigned"}`, "pipeline"),
			own(attest.ApprovalType, `{"decision":"approved","x-scope":"everything"}`, "pipeline"),
			own(attest.ExceptionType, `{"policy":"p","rules":["r","evidence:tests"],"artifact":"a","reason":"r","validFrom":"2026-01-02T03:04:05Z","validUntil":"2026-01-02T03:04:06Z","requestedBy":"b","reviewDue":"2026-01-02T03:04:05Z"}`, "nobody"),
			own(attest.RevocationType, `{"number":1,"issuedAt":"2026-01-02T03:04:05Z","nextUpdate":"2026-01-02T12:04:05.5Z","entries":[`+strings.Repeat(entry+",", 20)+entry+`]}`, "pipeline"),
			own(attest.DrillType, `{"scenario":"s","outcome":"failed","participants":[{"person":"p","role":"r"}],"startedAt":"2026-01-02T03:04:05Z","endedAt":"2026-01-02T03:04:05Z"}`, "pipeline"),
		),
		"nothing":          look(t, strings.Replace(model, "2026-01-01", "2027-01-01", 1), nil),
		"control-in-names": look(t, model, nil, envelope(hostile("").JSON(), "pipeline").JSON(), envelope(hostile("x").JSON(), "nobody").JSON()),
	}
}

// controls are characters that move a cursor, change colours or reorder text.
const controls = "\x01\x1b[31m\r\n\t\x7f\u0085\u009b2J\u2028\u200e\u202e\u2066"

// hostile is a statement with such characters wherever text may stand.
func hostile(more string) fixture.Statement {
	p := fixture.Provenance("builder " + controls)
	p["buildDefinition"].(map[string]any)["buildType"] = "type " + controls
	s := fixture.NewStatement(fixture.ProvenanceV1, release, p)
	s.Subject[0].Name, s.Subject[0].URI = "name "+more+controls, "uri "+controls
	return s
}

// TestGolden compares text and JSON of each situation with what is committed.
func TestGolden(t *testing.T) {
	t.Parallel()
	for name, i := range inspections(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var indented bytes.Buffer
			if err := json.Indent(&indented, document(t, i), "", "  "); err != nil {
				t.Fatal(err)
			}
			indented.WriteByte('\n')
			for file, got := range map[string]string{name + ".txt": text(t, i), name + ".json": indented.String()} {
				path := filepath.Join("testdata", file)
				if *update {
					if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
						t.Fatal(err)
					}
					continue
				}
				want, err := os.ReadFile(path)
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(string(want), got); diff != "" {
					t.Errorf("%s: %s", file, diff)
				}
			}
		})
	}
}

// TestNoVerdict: the text says first that it is none, the JSON has no field that could be taken for one.
func TestNoVerdict(t *testing.T) {
	t.Parallel()
	verdict := []string{"decision", "admits", "allow", "allowed", "deny", "pass", "passed", "marks", "outcome", "ok", "trusted", "valid"}
	var walk func(t *testing.T, v any)
	walk = func(t *testing.T, v any) {
		switch v := v.(type) {
		case map[string]any:
			for name, member := range v {
				if slices.Contains(verdict, strings.ToLower(name)) {
					t.Errorf("a field %q", name)
				}
				walk(t, member)
			}
		case []any:
			for _, member := range v {
				walk(t, member)
			}
		}
	}
	for name, i := range inspections(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := text(t, i); !strings.HasPrefix(got, "NO VERDICT: this says ") {
				t.Errorf("the text begins %.40q", got)
			}
			var doc map[string]any
			if err := json.Unmarshal(document(t, i), &doc); err != nil {
				t.Fatal(err)
			}
			if doc["kind"] != "Inspection" || doc["apiVersion"] != "surety.dev/v1alpha1" || doc["note"] != inspect.Note {
				t.Errorf("kind %v of %v, note %v", doc["kind"], doc["apiVersion"], doc["note"])
			}
			walk(t, doc)
			var v verify.Verdict
			if err := json.Unmarshal(document(t, i), &v); err == nil && v.Admits() {
				t.Error("read as a verdict it admits")
			}
		})
	}
}

// TestUnverifiedIsMarked: content stands in exactly one of verified and unverified, by whether a
// signature over it verifies; identities, times and standing only with one that does; and every line of
// text about what is not verified says so.
func TestUnverifiedIsMarked(t *testing.T) {
	t.Parallel()
	for name, i := range inspections(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, it := range i.Items {
				verified := slices.ContainsFunc(it.Signatures, func(s inspect.Signature) bool { return s.Verified })
				readable := it.Unreadable == ""
				if (it.Verified != nil) != verified || (it.Unverified != nil) != (readable && !verified) || readable != (len(it.Signatures) > 0) {
					t.Errorf("%s: verified %v, unverified %v, %d signatures", it.Digest, it.Verified != nil, it.Unverified != nil, len(it.Signatures))
				}
				for _, s := range it.Signatures {
					if (s.Identity != nil) != s.Verified || !s.Verified && (len(s.Times) > 0 || s.Standing != nil || s.Code == "" || s.Message == "" || !s.NotBefore.IsZero()) {
						t.Errorf("signature %d of %s: %+v", s.Index, it.Digest, s)
					}
				}
			}
			// Take out what is not verified: no other line of the text changes.
			bare := i
			bare.Items = slices.Clone(i.Items)
			for n := range bare.Items {
				it := &bare.Items[n]
				if it.Unverified != nil {
					it.Unverified = &inspect.Content{}
				}
				it.Signatures = slices.Clone(it.Signatures)
				for k := range it.Signatures {
					it.Signatures[k].Unverified = inspect.Hints{}
				}
			}
			if diff := cmp.Diff(unmarked(text(t, bare)), unmarked(text(t, i))); diff != "" {
				t.Errorf("a line about what is not verified is not marked: %s", diff)
			}
		})
	}
}

// unmarked are the lines of a text but for those that begin with "unverified".
func unmarked(text string) (lines []string) {
	for line := range strings.Lines(text) {
		if !strings.HasPrefix(line, "  unverified  ") {
			lines = append(lines, line)
		}
	}
	return lines
}

// TestControlCharacters: nothing evidence holds reaches a terminal as other than printable text, in text
// and in JSON, and JSON keeps what it was.
func TestControlCharacters(t *testing.T) {
	t.Parallel()
	e := envelope(hostile("").JSON(), "pipeline", "nobody")
	e.Signatures[0].KeyID, e.Signatures[1].KeyID = "id "+controls, "id "+controls
	e.Signatures[1].Cert = "cert " + controls
	e.Signatures = append(e.Signatures, fixture.Signature{KeyID: controls, Sig: controls})
	broken := []byte(`{"` + strings.ReplaceAll(controls, "\n", "") + `":1}`)
	evidence := append(attest.Parse("file "+controls+"\xff", e.JSON(), attest.Limits{}), attest.Parse("file", broken, attest.Limits{})...)
	opener := certificates{"subject " + controls, []time.Time{at}}
	for _, openers := range [][]verify.Opener{nil, {opener}} {
		i, err := inspect.Inspect(context.Background(), evidence, at, inspect.Config{Ownership: load(t, model), Openers: openers})
		if err != nil {
			t.Fatal(err)
		}
		got := text(t, i)
		for line := range strings.SplitSeq(got, "\n") {
			for _, r := range line {
				if strings.ContainsRune(controls, r) && r >= 0x7f || r < ' ' {
					t.Errorf("%U in %q", r, line)
				}
			}
		}
		if lines := strings.Count(got, "\n"); lines > 60 {
			t.Errorf("evidence made lines of its own: %d\n%s", lines, got)
		}
		data := document(t, i)
		for _, r := range string(data) {
			if strings.ContainsRune(controls, r) && r >= 0x7f || r < ' ' {
				t.Errorf("%U in the JSON", r)
			}
		}
		var back inspect.Inspection
		if err := json.Unmarshal(data, &back); err != nil || !utf8.Valid(data) {
			t.Fatal(err)
		}
		content := back.Items[0].Verified
		if content == nil || content.Subjects[0].Name != "name "+controls || content.Claims.Builder != "builder "+controls || back.Items[0].Signatures[0].Unverified.KeyID != "id "+controls {
			t.Errorf("the JSON does not keep what was written: %+v", content)
		}
	}
}

// TestStanding has a row for each way a verified signature may stand by the model.
func TestStanding(t *testing.T) {
	t.Parallel()
	day := func(month time.Month) []time.Time {
		return []time.Time{time.Date(2026, month, 1, 9, 0, 0, 0, time.UTC)}
	}
	certified := func(subject string, times []time.Time) []verify.Opener {
		return []verify.Opener{certificates{subject, times}}
	}
	for _, row := range []struct {
		name     string
		openers  []verify.Opener
		key      string
		code     verify.Code // of the signature
		standing inspect.Standing
	}{
		{"a key", nil, "pipeline", "", inspect.Standing{Credential: "pipeline-key", Holders: []string{"pipeline"}, Owner: "security", State: "active", Judged: verify.Time{Time: at}, Source: "inspection"}},
		{"several holders", nil, "p256:shared", "", inspect.Standing{Credential: "shared-key", Holders: []string{"alice", "erin"}, State: "active", Judged: verify.Time{Time: at}, Source: "inspection"}},
		{"revoked", nil, "old", "", inspect.Standing{Credential: "old-key", Holders: []string{"pipeline"}, Owner: "security", State: "revoked", Judged: verify.Time{Time: at}, Source: "inspection", Code: verify.CredentialRevoked}},
		{"departed", nil, "bob", "", inspect.Standing{Credential: "bob-key", Holders: []string{"bob"}, State: "active", Judged: verify.Time{Time: at}, Source: "inspection", Code: verify.SignerDeparted}},
		{"a certificate", certified("alice@acme.test", day(2)), "nobody", "", inspect.Standing{Credential: "alice-identity", Holders: []string{"alice"}, Owner: "security", State: "active", Judged: verify.Time{Time: day(2)[0]}, Source: "rekor"}},
		{"before it was active", certified("alice@acme.test", []time.Time{time.Date(2025, 12, 31, 23, 59, 59, 0, time.UTC)}), "nobody", "", inspect.Standing{Credential: "alice-identity", Holders: []string{"alice"}, Owner: "security", State: "pre-activation", Judged: verify.Time{Time: time.Date(2025, 12, 31, 23, 59, 59, 0, time.UTC)}, Source: "rekor", Code: verify.CredentialNotActive}},
		{"a stranger's certificate", certified("mallory@acme.test", day(2)), "nobody", "", inspect.Standing{Holders: []string{}, Judged: verify.Time{Time: day(2)[0]}, Source: "rekor", Code: verify.SignerUnknown}},
		{"no trusted time", certified("alice@acme.test", nil), "nobody", verify.NoTrustedTime, inspect.Standing{Credential: "alice-identity", Holders: []string{"alice"}, Owner: "security", State: "active", Judged: verify.Time{Time: time.Date(2026, 2, 1, 8, 59, 0, 0, time.UTC)}, Source: "certificate"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			s := look(t, model, row.openers, signed(row.key)).Items[0].Signatures[0]
			if !s.Verified || s.Code != row.code || s.Standing == nil {
				t.Fatalf("%+v", s)
			}
			if (s.Standing.Message == "") != (s.Standing.Code == "") {
				t.Errorf("code %q with message %q", s.Standing.Code, s.Standing.Message)
			}
			s.Standing.Message = ""
			if diff := cmp.Diff(&row.standing, s.Standing); diff != "" {
				t.Error(diff)
			}
		})
	}
	t.Run("after the inspection", func(t *testing.T) {
		t.Parallel()
		s := look(t, model, certified("alice@acme.test", day(7)), signed("nobody")).Items[0].Signatures[0]
		if !s.Verified || s.Code != verify.SignedAfterEvaluation || s.Standing != nil {
			t.Errorf("%+v", s)
		}
	})
	t.Run("no model", func(t *testing.T) {
		t.Parallel()
		if s := look(t, "", certified("alice@acme.test", day(2)), signed("nobody")).Items[0].Signatures[0]; !s.Verified || s.Standing != nil || s.Code != "" {
			t.Errorf("%+v", s)
		}
	})
}

// TestEdges: no time, a context that is over, nothing, nil and repeated items, and too many signatures.
func TestEdges(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	var request *verify.RequestError
	if _, err := inspect.Inspect(ctx, nil, time.Time{}, inspect.Config{}); !errors.As(err, &request) || request.Field != "at" {
		t.Errorf("no time: %v", err)
	}
	item := attest.Parse("b", signed("pipeline"), attest.Limits{})[0]
	broken := attest.Parse("c", []byte("{"), attest.Limits{})[0]
	over, cancel := context.WithCancel(ctx)
	cancel()
	for _, it := range []*attest.Item{item, broken} {
		if _, err := inspect.Inspect(over, []*attest.Item{it}, at, inspect.Config{}); !errors.Is(err, context.Canceled) {
			t.Errorf("cancelled: %v", err)
		}
	}
	same := attest.Parse("a", signed("pipeline"), attest.Limits{})[0]
	i, err := inspect.Inspect(ctx, []*attest.Item{nil, item, broken, same, item}, at, inspect.Config{Ownership: load(t, model)})
	if err != nil || len(i.Items) != 2 || !slices.Equal(i.Items[0].Sources, []string{"a", "b"}) || i.Items[1].Unreadable == "" {
		t.Errorf("%v, %+v", err, i.Items)
	}
	// The same in another order is the same, item by item.
	j, err := inspect.Inspect(ctx, []*attest.Item{broken, same, item}, at, inspect.Config{Ownership: load(t, model)})
	if err != nil || !reflect.DeepEqual(i.Items[0], j.Items[1]) || !reflect.DeepEqual(i.Items[1], j.Items[0]) {
		t.Errorf("%v, %+v", err, j.Items)
	}
}

// TestFlood: what costs more checks than a request may is refused for it, by the name of the limit.
func TestFlood(t *testing.T) {
	t.Parallel()
	var credentials strings.Builder
	for n := range verify.MaxKeys + 6 {
		fmt.Fprintf(&credentials, "  - {id: k%d, holder: pipeline, key: {pem: KEY(k%d)}, states: [{state: active, from: 2026-01-01T00:00:00Z}]}\n", n, n)
	}
	flooded := strings.Replace(model, "credentials:\n", "credentials:\n"+credentials.String(), 1)
	var evidence [][]byte
	for n := range 20 {
		e := envelope(fixture.NewStatement("https://acme.test/note/v1", release, map[string]any{"n": n}).JSON(), "nobody", "nobody", "nobody", "nobody")
		for k := range e.Signatures {
			e.Signatures[k].KeyID = ""
		}
		evidence = append(evidence, e.JSON())
	}
	i := look(t, flooded, nil, append(evidence, signed("pipeline"))...)
	if s := i.Items[0].Signatures[0]; s.Code != verify.SignerUnknown || !strings.Contains(s.Message, "none of the 64 keys") {
		t.Errorf("the first: %+v", s)
	}
	for _, it := range i.Items[17:] {
		if s := it.Signatures[0]; s.Verified || s.Code != verify.LimitExceeded || !strings.Contains(s.Message, "request-signature-checks of 4096") {
			t.Errorf("after the limit: %+v", s)
		}
	}
	// One item over its own limit: all its signatures are refused for that.
	many := envelope(built().JSON(), "pipeline", "nobody", "nobody", "nobody", "nobody", "nobody")
	for k := range many.Signatures {
		many.Signatures[k].KeyID = ""
	}
	it := look(t, flooded, nil, many.JSON()).Items[0]
	for _, s := range it.Signatures {
		if s.Code != verify.LimitExceeded || !strings.Contains(s.Message, "signature-checks") {
			t.Errorf("%+v", s)
		}
	}
	if it.Verified != nil || it.Unverified == nil {
		t.Error("its content is taken for verified")
	}
}

// TestLargeCertificate: what would be parsed for anybody who writes it is bounded.
func TestLargeCertificate(t *testing.T) {
	t.Parallel()
	e := envelope(built().JSON(), "nobody")
	for size, want := range map[int]string{1 << 16: "cannot be parsed: ", 1<<16 + 1: "has 65537 bytes, over the limit MaxCertificateBytes of 65536"} {
		e.Signatures[0].Cert = string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: make([]byte, size)}))
		c := look(t, model, nil, e.JSON()).Items[0].Signatures[0].Unverified.Certificate
		if c == nil || !strings.HasPrefix(c.Unreadable, want) {
			t.Errorf("%d bytes: %+v", size, c)
		}
	}
}
