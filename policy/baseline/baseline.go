package baseline

import (
	"embed"
	"slices"
)

//go:embed v1
var files embed.FS

// Kind is the kind of the document of rules that Rules gives.
const Kind = "RuleBaseline"

// V1 is the name of the first baseline, as policies write it.
const V1 = "surety/v1"

// Names gives the baselines there are, as policies write them.
func Names() []string { return []string{V1} }

// Rules gives the rules of a baseline, a YAML document; false if there is none of that name.
func Rules(name string) ([]byte, bool) {
	if name != V1 {
		return nil, false
	}
	return read("rules.yaml")
}

// Policies gives the names of the whole policies of a baseline, the least strict first.
func Policies() []string { return []string{"start", "standard", "strict"} }

// Policy gives one of those policies, a YAML document to copy and fill in: its artifacts, parameters and times are
// examples. False if there is none of that name.
func Policy(name string) ([]byte, bool) {
	if !slices.Contains(Policies(), name) {
		return nil, false
	}
	return read(name + ".yaml")
}

func read(name string) ([]byte, bool) {
	data, err := files.ReadFile("v1/" + name)
	return data, err == nil
}
