package verify_test

import (
	"crypto/sha256"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/surety-dev/surety/verify"
)

// olderSigned replays documents that were validly signed once, to a caller who has seen newer ones.
func olderSigned(t *testing.T) {
	two := []string{"alice", "bob"}
	model, rule := govern(t), basePolicy
	newer, newerRule := next(t, model), nextPolicy(t, rule)
	for _, row := range []struct {
		name      string
		endorsing endorsing
		code      string
	}{
		{"the newer model", endorsing{model: newer, by: two, minimum: map[string]int{"acme": 13}}, ""},
		{"the older model", endorsing{by: two, minimum: map[string]int{"acme": 13}}, "ownership-not-in-force"},
		{"the older model, to a caller who demands nothing", endorsing{by: two}, ""},
		{"the older model after the newer", endorsing{by: two, previous: newer}, "change-unapproved"},
		{"the newer policy", endorsing{policy: newerRule, policyBy: []string{"mallory"}, minimum: map[string]int{"payments": 5}}, ""},
		{"the older policy", endorsing{policyBy: []string{"mallory"}, minimum: map[string]int{"payments": 5}}, "policy-not-in-force"},
		{"the older policy, to a caller who demands nothing", endorsing{policyBy: []string{"mallory"}}, ""},
		{"the older policy after the newer", endorsing{policyBy: []string{"mallory"}, replaces: []string{newerRule}}, "change-unapproved"},
		{"both older", endorsing{by: two, policyBy: []string{"mallory"}, minimum: map[string]int{"acme": 13, "payments": 5}}, "ownership-not-in-force policy-not-in-force"},
		{"both newer", endorsing{model: newer, by: two, policy: newerRule, policyBy: []string{"mallory"}, minimum: map[string]int{"acme": 13, "payments": 5}, require: true}, ""},
		{"a version raised after signing", endorsing{by: two, minimum: map[string]int{"acme": 13}, mangle: raise}, "change-unapproved"},
	} {
		t.Run(row.name, func(t *testing.T) {
			held(t, row.endorsing.judge(t), row.code, "")
		})
	}

	// a root of trust is as old as the model that names it: the signature covers the root's digest
	root := func(content string) string {
		return fmt.Sprintf("trust: {sigstore: [{id: s, file: root.json, digest: \"sha256:%x\"}]}\n", sha256.Sum256([]byte(content)))
	}
	old, current := govern(t)+root("old"), next(t, govern(t)+root("old"), root("old"), root("current"))
	for name, row := range map[string]struct{ document, content, says string }{
		"the newer model and root":  {current, "current", ""},
		"an older root":             {current, "old", "root.json: the file has the digest"},
		"the older model and root":  {old, "old", ""}, // which the minimum version refuses, as above
		"a newer root in the older": {old, "current", "root.json: the file has the digest"},
	} {
		fsys := fstest.MapFS{"o.json": file(verify.OwnershipPayloadType, row.document, two, nil), "root.json": {Data: []byte(row.content)}}
		if _, _, err := verify.LoadOwnership(fsys, "o.json", nil); (err == nil) != (row.says == "") || !strings.Contains(fmt.Sprint(err), row.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
