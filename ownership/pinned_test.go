package ownership_test

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/surety-dev/surety/ownership"
)

// TestPinnedFiles: a digest beside a file is that of the file, and what is not pinned is said.
func TestPinnedFiles(t *testing.T) {
	t.Parallel()
	pem := encode(t, key(1))
	sum := func(s string) string { return fmt.Sprintf("sha256:%x", sha256.Sum256([]byte(s))) }
	document := func(keyDigest, rootDigest string) string {
		return head + people + "credentials: [{id: c, holder: alice, key: {file: keys/a.pub" + keyDigest + "}, " + active + "}]\n" +
			"trust: {sigstore: [{id: s, file: root.json" + rootDigest + "}], certificateAuthorities: [{id: ca, file: root.json" + rootDigest + "}]}\n"
	}
	pin := func(s string) string { return `, digest: "` + sum(s) + `"` }
	files := []string{"keys/a.pub", pem, "root.json", "{}"}
	if err := load(t, document(pin(pem), pin("{}")), files...).Unpinned(); err != nil {
		t.Error(err)
	}
	err := load(t, document("", pin("{}")), files...).Unpinned()
	want := "ownership.yaml:12:50: the file keys/a.pub without its digest: expected digest: \"" + sum(pem) + `" beside it in a signed document`
	if wrong := (*ownership.Error)(nil); !errors.As(err, &wrong) || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
	if err := load(t, document(pin(pem), ""), files...).Unpinned(); strings.Count(fmt.Sprint(err), "root.json") != 2 {
		t.Errorf("two references without a digest: %v", err)
	}
	for name, row := range map[string]struct{ text, want string }{
		"another key":      {document(pin("other"), ""), "ownership.yaml:12:70: keys/a.pub: the file has the digest " + sum(pem)},
		"another root":     {document("", pin("[]")), "root.json: the file has the digest " + sum("{}")},
		"no digest":        {document(`, digest: "sha256:00"`, ""), "expected sha256: and 64"},
		"beside pem":       {head + people + "credentials: [{id: c, holder: alice, key: {pem: " + quoted(pem) + pin(pem) + "}, " + active + "}]\n", "a digest beside pem"},
		"upper-case digit": {document(strings.ToUpper(pin(pem)), ""), "unknown field"},
	} {
		if _, err := ownership.Load(tree(row.text, files...), "ownership.yaml"); err == nil || !strings.Contains(err.Error(), row.want) {
			t.Errorf("%s: %v, want %s", name, err, row.want)
		}
	}
}

// TestControlOver: who owns a control over all a pattern matches.
func TestControlOver(t *testing.T) {
	t.Parallel()
	owned := func(scope, team, more string) string {
		return fmt.Sprintf("{control: release-policy, artifacts: [%s], accountable: %s%s}", scope, team, more)
	}
	for _, r := range []struct {
		name     string
		controls []string
		scope    string
		want     string // team and quorum; empty: nobody
	}{
		{"everything", []string{owned(`"**"`, "security", "")}, "**", "security 0"},
		{"a part does not answer for the whole", []string{owned(`"a/**"`, "release", "")}, "**", ""},
		{"parts together do not either", []string{owned(`"*", "*/**"`, "release", "")}, "**", ""},
		{"a part beside the whole", []string{owned(`"**"`, "security", ""), owned(`"a/**"`, "release", "")}, "**", "security 0"},
		{"the most specific that covers it", []string{owned(`"**"`, "security", ""), owned(`"a/**"`, "release", "")}, "a/b/*", "release 0"},
		{"one that covers it in part", []string{owned(`"**"`, "security", ""), owned(`"a/b/**"`, "release", "")}, "a/**", "security 0"},
		{"a tie", []string{owned(`"**"`, "security", ""), owned(`"**"`, "release", "")}, "**", ""},
		{"one team twice", []string{owned(`"**"`, "security", ", quorum: 2"), owned(`"**"`, "security", ", quorum: 3")}, "**", "security 3"},
		{"one that does not hold", []string{owned(`"**"`, "security", ""), owned(`"a/**"`, "release", ", until: 2026-05-01T00:00:00Z")}, "a/**", "security 0"},
		{"one that names nobody", []string{owned(`"**"`, "security", ""), `{control: release-policy, artifacts: ["a/**"]}`}, "a/**", ""},
		{"another control", []string{`{control: monitoring, artifacts: ["**"], accountable: security}`}, "**", ""},
		{"no pattern", []string{owned(`"**"`, "security", "")}, "a**", ""},
		{"a literal", []string{owned(`"a/*"`, "security", "")}, "a/b", "security 0"},
	} {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			permute(r.controls, func(controls []string) {
				m := load(t, head+people+"controls:\n  - "+strings.Join(controls, "\n  - ")+"\n")
				got := ""
				if o, ok := m.At(at(t, "06-01")).ControlOver(ownership.ReleasePolicy, r.scope); ok {
					got = fmt.Sprintf("%s %d", o.Accountable, o.Quorum)
				}
				check(t, r.name, got, r.want)
			})
		})
	}
}
