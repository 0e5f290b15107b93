package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/surety-dev/surety/internal/fixture"
	"github.com/surety-dev/surety/verify"
)

// strict is the example's policy with one more demand, as its second version.
func strict(t *testing.T) string {
	t.Helper()
	p := strings.NewReplacer("version: 1, effectiveFrom: 2026-01-01", "version: 2, effectiveFrom: 2026-02-01").Replace(file(t, "policy.yaml"))
	return p + "  - {id: only-two, about: provenance, expression: \"it.provenance.source.ref == 'refs/tags/v2.0.0'\"}\n"
}

func TestReload(t *testing.T) {
	t.Parallel()
	s := opened(t)
	ok := asking(t, "production", good)
	loose := file(t, "policy.yaml")
	s.expect(t, ok, 200, "allow")

	s.put(t, "policy.yaml", strict(t))
	s.reload()
	s.expect(t, ok, 200, "allow") // seen once: it may still be being written
	s.reload()
	s.expect(t, ok, 403, "deny")

	for _, broken := range []string{"", "apiVersion: [", strings.Replace(loose, "expression:", "expresion:", 1), strings.Replace(loose, "it.provenance.source.uri", "it.provenance.source.url", 1)} {
		before := len(s.log.String())
		s.put(t, "policy.yaml", broken)
		s.settle()
		s.settle()
		s.expect(t, ok, 403, "deny") // judged by the strict one still
		if told := s.log.String()[before:]; strings.Count(told, "the documents do not load") != 1 || !strings.Contains(told, "policy.yaml:") && broken != "" {
			t.Errorf("after %q the log says:\n%s", broken, told)
		}
	}
	if err := os.Remove(filepath.Join(s.folder, "policy.yaml")); err != nil {
		t.Fatal(err)
	}
	s.settle()
	s.expect(t, ok, 403, "deny")

	s.put(t, "policy.yaml", loose)
	s.settle()
	s.expect(t, ok, 200, "allow")

	s.put(t, "keys/release.pub", file(t, "keys/bob.pub")) // one key under two ids: the model does not load
	s.settle()
	s.expect(t, ok, 200, "allow")
	s.put(t, "ownership.yaml", strings.Replace(file(t, "ownership.yaml"), "states: [{state: active, from: 2026-01-01T00:00:00Z}]", "states: [{state: active, from: 2026-01-01T00:00:00Z}, {state: revoked, from: 2026-05-30T00:00:00Z, reason: key-compromise}]", 1))
	s.put(t, "keys/release.pub", file(t, "keys/release.pub"))
	s.settle()
	s.expect(t, ok, 403, "deny") // the key has been revoked
	if !strings.Contains(s.log.String(), `"credential-revoked"`) {
		t.Errorf("the log does not say so:\n%s", s.log)
	}
}

// TestSigned: a gate takes signed documents, refuses by one that too few have signed, and takes up a signature
// that comes to it.
func TestSigned(t *testing.T) {
	t.Parallel()
	s := opened(t)
	ok := asking(t, "production", good)
	s.put(t, "ownership.yaml", strings.Replace(file(t, "ownership.yaml"), "release-engineering, members: [{person: alice}]", "release-engineering, members: [{person: bob}]", 1))
	s.settle()
	s.expect(t, ok, 200, "allow")
	stranger, bob := fixture.NewKey("example stranger"), fixture.NewKey("example bob")
	for _, row := range []struct {
		by       []fixture.Key
		status   int
		decision string
	}{
		{[]fixture.Key{stranger}, 403, "deny"},
		{[]fixture.Key{stranger, bob}, 200, "allow"}, // the same policy
	} {
		s.put(t, "policy.yaml", string(fixture.SignAs(verify.PolicyPayloadType, []byte(file(t, "policy.yaml")), row.by...).JSON()))
		s.settle()
		s.expect(t, ok, row.status, row.decision)
	}
	if !strings.Contains(s.log.String(), "change-unapproved") {
		t.Errorf("the log does not say why:\n%s", s.log)
	}
}

// TestReloadConcurrently: while documents change, every request is judged by one version of them, whole.
func TestReloadConcurrently(t *testing.T) {
	t.Parallel()
	s := opened(t)
	body := asking(t, "production", good)
	policies := []string{strict(t), file(t, "policy.yaml")}
	var asking sync.WaitGroup
	for range 8 {
		asking.Go(func() {
			for range 25 {
				if status, a := ask(t, s.url, body); (status != 200 || a.Decision != "allow") && (status != 403 || a.Decision != "deny") {
					t.Errorf("%d %+v", status, a)
				}
			}
		})
	}
	for i := range 20 {
		s.put(t, "policy.yaml", policies[i%2])
		s.settle()
	}
	s.put(t, "policy.yaml", policies[0])
	s.settle()
	s.expect(t, body, 403, "deny")
	asking.Wait()

	judged := 0
	for line := range strings.Lines(s.log.String()) {
		var entry struct {
			Msg    string
			Record struct {
				Decision string
				Rules    []struct{ ID string }
				Inputs   struct{ Policies []struct{ Version int } }
			}
		}
		if err := json.Unmarshal([]byte(line), &entry); err != nil {
			t.Fatal(err)
		}
		if entry.Msg != "judged" {
			continue
		}
		judged++
		r := entry.Record
		if got, want := fmt.Sprintf("%s by %d rules of %v", r.Decision, len(r.Rules), r.Inputs.Policies), []string{"allow by 1 rules of [{1}]", "deny by 2 rules of [{2}]"}; !slices.Contains(want, got) {
			t.Errorf("judged %s, want one of %v", got, want)
		}
	}
	if judged != 8*25+1 {
		t.Errorf("%d verdicts in the log, want %d", judged, 8*25+1)
	}
}
