package attest_test

import (
	"errors"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/surety-dev/surety/attest"
)

// TestAbuse holds what this package owes the abuse cases about names, under their numbers. Those about
// parsing are in the tables of what is refused.
func TestAbuse(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]func(*testing.T){
		"23-other-spellings-are-other-names": abuseSpellings,
		"24-names-are-never-paths":           abusePaths,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t)
		})
	}
}

// abuseSpellings: a name in another spelling is refused where the caller gives it, and a mismatch where
// evidence has it.
func abuseSpellings(t *testing.T) {
	digests := attest.Digests{"sha256": strings.Repeat("ab", 32)}
	for name, others := range map[string][]string{
		"pkg:npm/foo":         {"pkg:npm/dir/../foo", "pkg:npm/./foo", "pkg:npm//foo", "pkg:npm/foo/", "pkg:npm/f%6Fo", "PKG:npm/foo", "pkg:NPM/foo", "pkg:npm/foo\u0301"},
		"dir/foo":             {"dir/../foo", "dir//foo", "./dir/foo", "/dir/foo", "dir/foo/", "dir/./foo", "dir\\foo", "dir/fo\u00f3"},
		"https://a.test/foo":  {"https://a.test/x/../foo", "https://a.test//foo", "https://A.test/foo", "HTTPS://a.test/foo", "https://a.test/%66oo", "https://a.test/foo/"},
		"pkg:generic/%C3%A9x": {"pkg:generic/%c3%a9x", "pkg:generic/\u00e9x", "pkg:generic/%C3%A9%78"},
	} {
		if _, err := attest.NewArtifact(name, digests); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		for _, other := range others {
			var refused *attest.NameError
			if _, err := attest.NewArtifact(other, digests); !errors.As(err, &refused) || refused.Name != other || refused.Msg == "" {
				t.Errorf("%q for %s: %v", other, name, err)
			}
		}
	}
	artifact, err := attest.NewArtifact("pkg:generic/dir/%C3%A9x@1", digests)
	if err != nil {
		t.Fatal(err)
	}
	for name, why := range map[string]string{
		"pkg:generic/dir/%C3%A9x@1":      "",
		"pkg:generic/dir/e%CC%81x@1":     "its package name is", // NFD for NFC
		"pkg:generic/dir/%C3%89x@1":      "its package name is",
		"pkg:generic/Dir/%C3%A9x@1":      "its package namespace is",
		"pkg:generic/a/../dir/%C3%A9x@1": "its package namespace is",
		"pkg:generic/dir/./%C3%A9x@1":    "its package namespace is",
		"pkg:generic/dir//%C3%A9x@1":     "it has an empty segment",
		"pkg:generic/dir%2F%C3%A9x@1":    "a segment holds an escaped slash",
	} {
		var mismatch *attest.MismatchError
		err := artifact.MatchedBy(attest.Subject{Name: name, Digests: digests})
		if (err == nil) != (why == "") || err != nil && (!errors.As(err, &mismatch) || mismatch.Subject != name || !strings.Contains(mismatch.Msg, why)) {
			t.Errorf("%s: %v, want …%s…", name, err, why)
		}
	}
}

// watched is a file system that notes what is opened.
type watched struct {
	fstest.MapFS
	opened []string
}

func (w *watched) Open(name string) (fs.File, error) {
	w.opened = append(w.opened, name)
	return w.MapFS.Open(name)
}

// abusePaths: whatever path a name in evidence is, only what the caller named is opened.
func abusePaths(t *testing.T) {
	for _, path := range []string{"secret", "./secret", "../secret", "/secret", "dir/../secret", "file:///secret", "-"} {
		text := envelope(strings.Replace(strings.Replace(good, `"a":1`, `"a":"`+path+`"`, 1), subject, `{"name":"`+path+`","uri":"`+path+`","digest":{}}`, 1))
		text = strings.Replace(text, `"keyid":"k"`, `"keyid":"`+path+`","cert":"`+path+`"`, 1)
		w := &watched{MapFS: fstest.MapFS{"evidence": {Data: []byte(text)}, "secret": {Data: []byte("{}")}, "-": {Data: []byte("{}")}}}
		items, err := attest.ReadFS(w, "evidence", attest.Limits{})
		if err != nil || len(items) != 1 || items[0].Err() != nil {
			t.Fatalf("%s: %v, %+v", path, err, items)
		}
		if s := items[0].Statement().Subjects[0]; s.Name != path || s.URI != path || items[0].Envelope().Signatures[0].KeyID != path {
			t.Errorf("%s is changed: %+v", path, s)
		}
		if slices.Sort(w.opened); !slices.Equal(slices.Compact(w.opened), []string{"evidence"}) {
			t.Errorf("%s: opened %v", path, w.opened)
		}
	}
}

// TestDocumented holds that documentation names every format, and every type of provenance that has a view.
func TestDocumented(t *testing.T) {
	t.Parallel()
	for path, names := range map[string][]string{
		"../docs/verdict.md": {string(attest.FormatDSSE), string(attest.FormatBundle), string(attest.FormatNPM), string(attest.FormatGitHub), string(attest.FormatUnknown)},
		"../docs/rules.md":   {v01, v02, v1, v1 + ".0", v1 + ".0?draft"},
	} {
		page, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			if strings.Contains(name, "/") && !attest.HasView(name) || !strings.Contains(string(page), "`"+name+"`") {
				t.Errorf("%s does not name `%s`", path, name)
			}
		}
	}
}
