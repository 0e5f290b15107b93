package verify_test

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/surety-dev/surety/internal/fixture"
)

// block is the code block after a marker in a page of documentation.
func block(t *testing.T, path, marker, language string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	_, rest, ok := strings.Cut(string(data), "<!-- "+marker)
	_, rest, ok2 := strings.Cut(rest, "```"+language+"\n")
	text, _, ok3 := strings.Cut(rest, "```")
	if !ok || !ok2 || !ok3 {
		t.Fatalf("%s has no %s block after %q", path, language, marker)
	}
	return text
}

// TestDocumentation: the documents shown load, and the code shown is the example that is run.
func TestDocumentation(t *testing.T) {
	t.Parallel()
	key, _ := json.Marshal(fixture.NewKey("documentation").PEM())
	model := strings.Replace(block(t, "../docs/documents.md", "document: ownership", "yaml"), `"KEY"`, string(key), 1)
	if _, err := loadModel(model); err != nil {
		t.Error(err)
	}
	if _, err := loadPolicies(block(t, "../docs/documents.md", "document: policy", "yaml")); err != nil {
		t.Error(err)
	}
	example, err := os.ReadFile("example_test.go")
	if err != nil {
		t.Fatal(err)
	}
	if snippet := block(t, "../README.md", "snippet: verify/example_test.go", "go"); !strings.Contains(string(example), snippet) {
		t.Errorf("README.md shows code that is not in verify/example_test.go:\n%s", snippet)
	}
}
