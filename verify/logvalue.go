package verify

import (
	"log/slog"
	"maps"
	"slices"
	"strings"
)

// LogValue implements [slog.LogValuer]: what a line of a log needs, and nothing that evidence says. It
// is a group of the decision, the artifact's name and digests, the environment where there is one, and
// "refused": the codes of the findings that refuse, each with the teams accountable for it ("" where
// nobody is). The whole verdict is [Verdict.JSON]'s.
func (v Verdict) LogValue() slog.Value {
	artifact := []any{slog.String("name", v.Artifact.Name)}
	for _, algorithm := range slices.Sorted(maps.Keys(v.Artifact.Digests)) {
		artifact = append(artifact, slog.String(algorithm, v.Artifact.Digests[algorithm]))
	}
	attrs := []slog.Attr{slog.String("decision", v.Decision.String()), slog.Group("artifact", artifact...)}
	if v.Environment != "" {
		attrs = append(attrs, slog.String("environment", v.Environment))
	}
	teams := map[Code][]string{}
	for _, f := range v.Findings {
		if f.Severity <= SeverityIndeterminate && !slices.Contains(teams[f.Code], f.Accountable.Team) {
			teams[f.Code] = append(teams[f.Code], f.Accountable.Team)
		}
	}
	var refused []any
	for _, code := range slices.Sorted(maps.Keys(teams)) {
		refused = append(refused, slog.String(string(code), strings.Join(slices.Sorted(slices.Values(teams[code])), ",")))
	}
	return slog.GroupValue(append(attrs, slog.Group("refused", refused...))...)
}
