package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestEditorPage: docs/editor.md names schemas that are there, from where it says, and the reasons for which
// only a loader refuses are those TestSchemasAgree meets.
func TestEditorPage(t *testing.T) {
	t.Parallel()
	const path, begin, end = "../../docs/editor.md", "<!-- reasons: tested against the loaders -->\n", "\nHow something is written"
	page := readFile(t, path)
	line := regexp.MustCompile(`# yaml-language-server: \$schema=(\S+)`).FindStringSubmatch(page)
	if line == nil {
		t.Fatal("no line for yaml-language-server")
	}
	if _, err := os.Stat(filepath.Join(release, line[1])); err != nil {
		t.Error(err)
	}
	_, rest, _ := strings.Cut(page, "```json\n")
	text, _, _ := strings.Cut(rest, "```")
	var settings struct {
		YAML map[string][]string `json:"yaml.schemas"`
		JSON []struct {
			FileMatch []string
			URL       string
		} `json:"json.schemas"`
	}
	if err := json.Unmarshal([]byte(text), &settings); err != nil {
		t.Fatal(err)
	}
	var named []string
	for schema := range settings.YAML {
		named = append(named, schema)
	}
	for _, s := range settings.JSON {
		named = append(named, s.URL)
	}
	if len(named) != 5 {
		t.Errorf("the settings name %q", named)
	}
	for _, schema := range named {
		if _, err := os.Stat("../../" + schema); err != nil {
			t.Error(err)
		}
	}
	var reasons []string
	for _, r := range onlyLoaders {
		if bullet := "- " + r.why + "\n"; !slices.Contains(reasons, bullet) {
			reasons = append(reasons, bullet)
		}
	}
	before, rest, found := strings.Cut(page, begin)
	_, after, ended := strings.Cut(rest, end)
	if !found || !ended {
		t.Fatalf("%s has no place for the reasons", path)
	}
	want := before + begin + strings.Join(reasons, "") + end + after
	if *update {
		if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	} else if page != want {
		t.Errorf("%s has other reasons: run go test ./cmd/surety -run TestEditorPage -update", path)
	}
}
