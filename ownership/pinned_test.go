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
