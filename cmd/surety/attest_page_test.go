package main

import (
	"regexp"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
)

// TestAttestPage: the commands of docs/attest.md are commands, and their flags are flags of theirs.
func TestAttestPage(t *testing.T) {
	t.Parallel()
	page := strings.ReplaceAll(readFile(t, "../../docs/attest.md"), "\\\n", " ")
	parser, err := kong.New(&commands{}, kong.Name("surety"), kong.Exit(func(int) {}))
	if err != nil {
		t.Fatal(err)
	}
	count := 0
	for _, m := range regexp.MustCompile(`(?m)^surety attest ([a-z]+)(.*)$`).FindAllStringSubmatch(page, -1) {
		var command *kong.Node
		for _, c := range parser.Model.Children {
			for _, sub := range c.Children {
				if c.Name == "attest" && sub.Name == m[1] {
					command = sub
				}
			}
		}
		if command == nil {
			t.Errorf("surety attest %s is no command", m[1])
			continue
		}
		flags := map[string]bool{}
		for _, f := range command.Flags {
			flags["--"+f.Name] = true
		}
		for _, flag := range regexp.MustCompile(`--[a-z-]+`).FindAllString(m[2], -1) {
			if count++; !flags[flag] {
				t.Errorf("surety attest %s has no flag %s", m[1], flag)
			}
		}
	}
	if count < 40 {
		t.Errorf("only %d flags", count)
	}
}
