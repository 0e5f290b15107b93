// Package layout holds what the repository promises about itself: which package imports which, how
// much a program that imports one compiles, what the public API is, that all of it is documented, and
// that the packages which judge touch neither clock nor world.
package layout

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/surety-dev/surety"

// judging are the packages that must be pure, those that judge and what looks at evidence as they do: time
// and the world are inputs.
var judging = []string{"attest", "attest/issue", "attest/layout", "ownership", "ownership/importer", "policy", "policy/baseline", "verify", "verify/certificate", "verify/chain", "verify/framework", "verify/inspect", "verify/lint", "verify/timestamp"}

// arrows is which packages of this project each may import (design §1). Packages below internal that
// are not named here import nothing of ours.
var arrows = map[string][]string{
	"attest":               {"internal/pattern"},
	"ownership":            {"internal/document", "internal/edwards", "internal/pattern"},
	"ownership/importer":   {"ownership", "internal/document", "internal/pattern"},
	"policy":               {"attest", "internal/document", "internal/enum", "internal/pattern", "policy/baseline"},
	"policy/baseline":      {},
	"policy/policytest":    {"attest", "ownership", "policy", "verify", "verify/timestamp", "internal/document", "internal/fixture", "internal/fixture/pki"},
	"verify":               {"attest", "ownership", "policy", "internal/algorithm", "internal/document", "internal/enum", "internal/pattern", "internal/place"},
	"verify/framework":     {},
	"verify/inspect":       {"attest", "ownership", "verify", "verify/report", "internal/chain"},
	"verify/lint":          {"ownership", "policy", "verify", "verify/framework", "verify/report", "internal/document", "internal/pattern", "internal/place"},
	"verify/report":        {"policy", "verify"},
	"internal/algorithm":   {"ownership"},
	"internal/document":    {},
	"internal/pattern":     {},
	"internal/edwards":     {},
	"internal/enum":        {},
	"internal/fixture":     {},
	"internal/layout":      {},
	"internal/page":        {},
	"internal/place":       {},
	"internal/stamp":       {"internal/tsp"},
	"verify/certificate":   {"attest", "ownership", "verify", "internal/chain"},
	"verify/timestamp":     {"attest", "ownership", "verify", "internal/chain", "internal/stamp", "internal/tsp"},
	"internal/chain":       {"internal/edwards"},
	"internal/tsp":         {"internal/chain"},
	"internal/fixture/pki": {"internal/fixture"},
	"attest/issue":         {"attest", "internal/pattern", "internal/tsp"},
	"attest/layout":        {"attest"},
	"verify/chain":         {"attest", "attest/layout", "verify"},
}

// budgets is how many modules, this one aside, a program that imports the package compiles at most: what it
// compiles today. The design's bound for verify is 16 with this one.
var budgets = map[string]int{"attest": 3, "attest/issue": 3, "attest/layout": 10, "ownership": 2, "ownership/importer": 2, "policy": 13, "policy/baseline": 0, "policy/policytest": 16, "verify": 13, "verify/certificate": 13, "verify/chain": 18, "verify/framework": 0, "verify/inspect": 13, "verify/lint": 13, "verify/report": 13, "verify/timestamp": 14}

// pkg is what `go list` says of a package.
type pkg struct {
	ImportPath string
	Standard   bool
	Imports    []string
	Module     *struct{ Path string }
	Dir        string
}

// list runs `go list` outside any workspace, as a program that imports this module would.
func list(t *testing.T, args ...string) []pkg {
	t.Helper()
	cmd := exec.Command("go", append([]string{"list", "-json=ImportPath,Standard,Imports,Module,Dir"}, args...)...)
	cmd.Dir = "../.."
	cmd.Env = append(cmd.Environ(), "GOWORK=off", "GOFLAGS=-mod=readonly")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list %v: %v\n%s", args, err, stderr.Bytes())
	}
	var packages []pkg
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var p pkg
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			return packages
		} else if err != nil {
			t.Fatal(err)
		}
		packages = append(packages, p)
	}
}

func TestArrows(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, p := range list(t, "./...") {
		name := strings.TrimPrefix(strings.TrimPrefix(p.ImportPath, module), "/")
		allowed, ok := arrows[name]
		if !ok && name != "" && name != "bench" {
			t.Errorf("%s has no row in the table of arrows", name)
		}
		seen[name] = true
		for _, i := range p.Imports {
			ours, ok := strings.CutPrefix(i, module+"/")
			if ok && !slices.Contains(allowed, ours) {
				t.Errorf("%s imports %s: the arrow is not in the table", name, ours)
			}
		}
	}
	for name := range arrows {
		if !seen[name] {
			t.Errorf("the table of arrows names %s, which is not there", name)
		}
	}
}

func TestBudgets(t *testing.T) {
	t.Parallel()
	for name, most := range budgets {
		modules := map[string]bool{}
		for _, p := range list(t, "-deps", "./"+name) {
			if p.ImportPath == "net/http" {
				t.Errorf("%s compiles net/http", name)
			}
			if p.Module != nil && p.Module.Path != module {
				modules[p.Module.Path] = true
			}
		}
		t.Logf("a program that imports %s compiles %d other modules (at most %d), no net/http", name, len(modules), most)
		if len(modules) > most {
			t.Errorf("%s: %d modules, at most %d: %v", name, len(modules), most, modules)
		}
	}
}
