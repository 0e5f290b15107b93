package policytest

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Run runs the cases of a directory and below as subtests, named by their files. What a case names is in that
// directory or below too.
func Run(t *testing.T, dir string, config Config) {
	t.Helper()
	cases, err := Load(os.DirFS(dir))
	if err != nil {
		t.Errorf("%s: %v", dir, err)
	}
	for _, c := range cases {
		t.Run(strings.TrimSuffix(c.File(), ".txtar"), func(t *testing.T) {
			t.Parallel()
			result := c.Run(t.Context(), config)
			if result.Passed() {
				return
			}
			var b strings.Builder
			if err := result.Text(&b); err != nil {
				t.Fatal(err)
			}
			if !config.Update {
				t.Errorf("\n%s", b.String())
				return
			}
			text, err := c.Update(result)
			if err != nil {
				t.Fatalf("not updated: %v\n%s", err, b.String())
			}
			if err := os.WriteFile(filepath.Join(dir, filepath.FromSlash(c.File())), text, 0o644); err != nil {
				t.Fatal(err)
			}
		})
	}
}
