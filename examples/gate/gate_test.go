package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/surety-dev/surety/attest"
)

// released is the example whose documents, artifact and evidence the gate is tested with.
const released = "../release"

// site is a gate that serves over HTTP, the folder of its documents, and its log.
type site struct {
	*gate
	url, folder string
	log         *lines
}

// lines is a log that may be read while it is written.
type lines struct {
	mu   sync.Mutex
	data bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.data.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.data.String()
}

// clock is a time at which the example's documents are in force.
func clock() time.Time { return time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC) }

// prepared is a gate of its own documents, not yet serving.
func prepared(t *testing.T) *site {
	t.Helper()
	s := &site{folder: t.TempDir(), log: new(lines)}
	for _, name := range []string{"ownership.yaml", "policy.yaml", "keys/release.pub", "keys/bob.pub"} {
		s.put(t, name, file(t, name))
	}
	if err := os.Mkdir(filepath.Join(s.folder, "stored"), 0o755); err != nil {
		t.Fatal(err)
	}
	docs := documents{ownership: filepath.Join(s.folder, "ownership.yaml"), policy: filepath.Join(s.folder, "policy.yaml"), evidence: filepath.Join(s.folder, "stored")}
	var err error
	if s.gate, err = newGate(docs, clock, slog.New(slog.NewJSONHandler(s.log, nil))); err != nil {
		t.Fatal(err)
	}
	return s
}

// opened is a gate that serves.
func opened(t *testing.T) *site {
	t.Helper()
	s := prepared(t)
	server := httptest.NewServer(s.handler())
	t.Cleanup(server.Close)
	s.url = server.URL
	return s
}

// put writes a document of the gate.
func (s *site) put(t *testing.T, name, content string) {
	t.Helper()
	path := filepath.Join(s.folder, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}

// settle reloads as often as it takes for a change to be taken up.
func (s *site) settle() {
	s.reload()
	s.reload()
}

// file is a file of the example.
func file(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(released, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// asking is a request for the example's release; evidence are files of the example.
func asking(t *testing.T, environment string, evidence ...string) string {
	t.Helper()
	return askingFor(t, file(t, "api-1.4.2.txt"), environment, evidence...)
}

// askingFor is a request for other content under the release's name.
func askingFor(t *testing.T, content, environment string, evidence ...string) string {
	t.Helper()
	digest := sha256.Sum256([]byte(content))
	items := []json.RawMessage{}
	for _, name := range evidence {
		items = append(items, json.RawMessage(file(t, "evidence/"+name)))
	}
	data, err := json.Marshal(map[string]any{
		"artifact":    map[string]any{"name": "pkg:generic/payments/api@1.4.2", "digests": map[string]string{"sha256": hex.EncodeToString(digest[:])}},
		"environment": environment, "evidence": items,
	})
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

const good, bad = "by-release-pipeline.json", "by-bob.json"

// ask posts a request and gives what comes back.
func ask(t *testing.T, url, body string) (status int, a answer) {
	t.Helper()
	response, err := http.Post(url+"/judge", "application/json", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	data, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields() // decision and message, and nothing else
	if err := decoder.Decode(&a); err != nil {
		t.Fatalf("%v in %q", err, data)
	}
	return response.StatusCode, a
}

// expect asks, and checks status and decision.
func (s *site) expect(t *testing.T, body string, status int, decision string) answer {
	t.Helper()
	got, a := ask(t, s.url, body)
	if got != status || a.Decision != decision {
		t.Errorf("%d %+v, want %d %q\n%s", got, a, status, decision, s.log)
	}
	return a
}

func TestJudge(t *testing.T) {
	t.Parallel()
	fresh := strings.Replace(file(t, "policy.yaml"), "evidence:", "freshness: {revocations: 24h}\nevidence:", 1)
	for _, row := range []struct {
		name, policy, body string
		status             int
		decision           string
		logged             []string
	}{
		{"allow", "", asking(t, "production", good), 200, "allow", []string{`"decision":"allow"`, `"kind":"Verdict"`, `"holder":"release-pipeline"`}},
		{"deny", "", asking(t, "production", bad), 403, "deny", []string{`"refused":{"evidence-missing":"release-engineering","signer-not-granted":"platform-security"}`, "pagerduty:PX2"}},
		{"both", "", asking(t, "production", bad, good), 200, "allow", nil},
		{"no evidence", "", asking(t, "production"), 403, "deny", []string{`"refused":{"evidence-missing":"release-engineering"}`}},
		{"evidence that cannot be read", "", strings.Replace(asking(t, "production"), "[]", `[{"payloadType":1}]`, 1), 403, "deny", []string{"evidence-unreadable"}},
		{"indeterminate", fresh, asking(t, "production", good), 403, "indeterminate", []string{`"revocation-stale"`}},
		{"covered by no policy", "", strings.ReplaceAll(asking(t, "production", good), "generic/payments", "generic/other"), 403, "deny", []string{`"no-policy"`}},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			s := opened(t)
			if row.policy != "" {
				s.put(t, "policy.yaml", row.policy)
				s.settle()
			}
			a := s.expect(t, row.body, row.status, row.decision)
			for _, secret := range []string{"release-engineering", "platform-security", "release-pipeline", "bob", "pagerduty", "payments", "from-our-repository"} {
				if strings.Contains(a.Message, secret) {
					t.Errorf("the answer says %q: %s", secret, a.Message)
				}
			}
			for _, want := range row.logged {
				if !strings.Contains(s.log.String(), want) {
					t.Errorf("the log has no %s:\n%s", want, s.log)
				}
			}
		})
	}
}

func TestBadRequest(t *testing.T) {
	t.Parallel()
	s := opened(t)
	valid := asking(t, "production", good)
	for _, row := range []struct {
		name, body string
		status     int
		message    string
	}{
		{"empty", "", 400, "EOF"},
		{"not JSON", "decision=allow", 400, "invalid character"},
		{"cut short", valid[:len(valid)/2], 400, "unexpected EOF"},
		{"two requests", valid + valid, 400, "after top-level value"},
		{"something behind it", valid + "]", 400, "after top-level value"},
		{"an environment twice", strings.Replace(valid, `"environment"`, `"environment":"staging","environment"`, 1), 400, "duplicate"},
		{"an environment in two cases", strings.Replace(valid, `"environment"`, `"Environment":"staging","environment"`, 1), 400, "unknown object member"},
		{"an artifact twice", strings.Replace(valid, `"artifact"`, `"artifact":{},"artifact"`, 1), 400, "duplicate"},
		{"a digest twice", strings.Replace(valid, `"sha256"`, `"sha256":"00","sha256"`, 1), 400, "duplicate"},
		{"an unknown field", strings.Replace(valid, `"environment"`, `"enviroment"`, 1), 400, "unknown object member"},
		{"no artifact", `{}`, 400, "artifact name"},
		{"a name that dodges patterns", strings.Replace(valid, "payments/api", "payments/../api", 1), 400, "artifact name"},
		{"no digest", strings.Replace(valid, "sha256", "md5000", 1), 400, "artifact digest"},
		{"no environment where policies have one", asking(t, "", good), 400, "the environment is not one this artifact can be judged for"},
		{"an environment in other letters", asking(t, "Production", good), 400, "the environment is not one this artifact can be judged for"},
		{"too large", valid + strings.Repeat(" ", maxBody), 413, "too large"},
	} {
		status, a := ask(t, s.url, row.body)
		if status != row.status || a.Decision != "" || !strings.Contains(a.Message, row.message) {
			t.Errorf("%s: %d %+v, want %d …%s…", row.name, status, a, row.status, row.message)
		}
	}
	s.expect(t, valid+strings.Repeat(" ", maxBody-len(valid)), 200, "allow") // at the limit
	response, err := http.Get(s.url + "/judge")
	if err != nil {
		t.Fatal(err)
	}
	if err := response.Body.Close(); err != nil || response.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("GET: %d, %v", response.StatusCode, err)
	}
}

// unavailable is a store of evidence that is out of reach.
type unavailable struct{}

func (unavailable) Find(context.Context, attest.Digests) ([]*attest.Item, error) {
	return nil, errors.New("the registry at 10.0.0.7 is out of reach")
}

// slow is a store of evidence that is not back in time.
type slow struct{}

func (slow) Find(ctx context.Context, _ attest.Digests) ([]*attest.Item, error) {
	return nil, context.DeadlineExceeded
}

// TestNotJudged: what cannot be judged is refused by 503, and the answer does not say why.
func TestNotJudged(t *testing.T) {
	t.Parallel()
	s := opened(t)
	current := s.current.Load()
	for _, row := range []struct {
		name  string
		state *state
		log   string
	}{
		{"nothing to judge by", nil, "there is nothing to judge by"},
		{"no ownership model", &state{verifier: nil, evidence: current.evidence}, "no ownership model"},
		{"evidence out of reach", &state{verifier: current.verifier, evidence: unavailable{}}, "evidence: the registry at 10.0.0.7"},
		{"too slow", &state{verifier: current.verifier, evidence: slow{}}, "deadline exceeded"},
	} {
		s.current.Store(row.state)
		a := s.expect(t, asking(t, "production", good), http.StatusServiceUnavailable, "")
		if a.Message != "The release is refused: it could not be judged." || !strings.Contains(s.log.String(), row.log) {
			t.Errorf("%s: %q\n%s", row.name, a.Message, s.log)
		}
	}
	s.current.Store(nil)
	for _, want := range []int{http.StatusServiceUnavailable, http.StatusOK} {
		response, err := http.Get(s.url + "/ready")
		if err != nil {
			t.Fatal(err)
		}
		if err := response.Body.Close(); err != nil || response.StatusCode != want {
			t.Errorf("ready: %d, %v; want %d", response.StatusCode, err, want)
		}
		s.current.Store(current)
	}
	s.expect(t, asking(t, "production", good), 200, "allow")
}

// TestStored: a gate finds the evidence of an artifact by its digest, and what is unreadable is seen.
func TestStored(t *testing.T) {
	t.Parallel()
	s := opened(t)
	s.expect(t, asking(t, "production"), 403, "deny")
	s.put(t, "stored/release/provenance.json", file(t, "evidence/"+good))
	s.put(t, "stored/rubbish", "rubbish")
	s.reload()
	s.expect(t, asking(t, "production"), 200, "allow")
	if !strings.Contains(s.log.String(), "evidence-unreadable") {
		t.Errorf("the unreadable item is nowhere in the log:\n%s", s.log)
	}
	s.expect(t, askingFor(t, "another build", "production"), 403, "deny")

	// what cannot be indexed keeps requests from being judged, and no document from being taken up
	s.put(t, "stored/flood", strings.Repeat("{}\n", attest.MaxItems+1))
	s.put(t, "policy.yaml", strict(t))
	s.settle()
	if status, a := ask(t, s.url, asking(t, "production", good)); status != 503 || a.Decision != "" {
		t.Errorf("with a store that cannot be read: %d %+v", status, a)
	}
	if err := os.Remove(filepath.Join(s.folder, "stored/flood")); err != nil {
		t.Fatal(err)
	}
	s.reload()
	s.expect(t, asking(t, "production", good), 403, "deny") // by the strict policy
}
