package importer

import (
	"cmp"
	"fmt"
	"slices"
)

// Code says what kind of thing a finding is about.
type Code string

// The codes of findings.
const (
	// Conflict: two places disagree; the document is left as it is, and what is not in it left out.
	Conflict Code = "conflict"
	// Unresolved: a source names somebody or something that joins with nothing in the document.
	Unresolved Code = "unresolved"
	// Offboarding: a source says somebody has stepped back who is still in the document.
	Offboarding Code = "offboarding-signal"
	// VersionUnchanged: the facts of the document change and its version does not.
	VersionUnchanged Code = "version-unchanged"
	// Ignored: a source says something that is not imported.
	Ignored Code = "ignored"
)

// codes is the table of codes.
func codes() []struct {
	code     Code
	severity string
	meaning  string
} {
	return []struct {
		code     Code
		severity string
		meaning  string
	}{
		{Conflict, "deny", "Two places disagree. The document is left as it is, and what is not in it is left out."},
		{Unresolved, "warn", "A source names somebody or something that joins with nothing in the document. It is left out."},
		{Offboarding, "warn", "A source says that somebody has stepped back who is still in the document."},
		{VersionUnchanged, "warn", "The facts of the document change and its version does not. Count it up: name and version are a document's identity."},
		{Ignored, "info", "A source says something that is not imported: the model has no place for it, or no option says what it is about."},
	}
}

// Codes gives the codes of findings, gravest first.
func Codes() []Code {
	var list []Code
	for _, c := range codes() {
		list = append(list, c.code)
	}
	return list
}

// Severity gives how grave findings of the code are: "deny", "warn" or "info"; empty for an unknown code.
func (c Code) Severity() string {
	for _, row := range codes() {
		if row.code == c {
			return row.severity
		}
	}
	return ""
}

// Meaning says in a sentence or two what findings of the code are about; empty for an unknown code.
func (c Code) Meaning() string {
	for _, row := range codes() {
		if row.code == c {
			return row.meaning
		}
	}
	return ""
}

// Finding is one thing left out, or that somebody needs to look at.
type Finding struct {
	// Code says what kind of thing it is.
	Code Code `json:"code"`
	// Severity is that of the code.
	Severity string `json:"severity"`
	// Message says what it is, in one line.
	Message string `json:"message"`
	// Position is where it stands: "FILE:LINE"; empty: it is about an option.
	Position string `json:"position"`
	// Other is the other place, where two disagree; empty: there is none.
	Other string `json:"other,omitempty"`
}

// Text gives the finding as one line.
func (f Finding) Text() string {
	line := fmt.Sprintf("%s: %s", f.Code, f.Message)
	if f.Position != "" {
		line = f.Position + ": " + line
	}
	if f.Other != "" {
		line += " (" + f.Other + ")"
	}
	return line
}

// position is a line of a file; the zero position is nowhere.
type position struct {
	file string
	line int
}

// String gives "FILE:LINE", empty for nowhere.
func (p position) String() string {
	if p.file == "" {
		return ""
	}
	if p.line == 0 {
		return p.file
	}
	return fmt.Sprintf("%s:%d", p.file, p.line)
}

func (p position) compare(q position) int {
	return cmp.Or(cmp.Compare(p.file, q.file), cmp.Compare(p.line, q.line))
}

// found is a Finding and where it stands.
type found struct {
	Finding
	at, other position
}

// find records a finding.
func (m *merge) find(code Code, at position, format string, args ...any) {
	m.findAt(code, at, position{}, format, args...)
}

// findAt records a finding about two places.
func (m *merge) findAt(code Code, at, other position, format string, args ...any) {
	m.found = append(m.found, found{Finding{code, code.Severity(), fmt.Sprintf(format, args...), at.String(), other.String()}, at, other})
}

// sortedFindings gives the findings by position, each once.
func (m *merge) sortedFindings() []Finding {
	for _, f := range m.all {
		m.found = append(m.found, f.found...)
	}
	slices.SortFunc(m.found, func(a, b found) int {
		return cmp.Or(a.at.compare(b.at), cmp.Compare(a.Code, b.Code), cmp.Compare(a.Message, b.Message), a.other.compare(b.other))
	})
	list := make([]Finding, 0, len(m.found))
	for _, f := range m.found {
		if n := len(list); n == 0 || list[n-1] != f.Finding {
			list = append(list, f.Finding)
		}
	}
	return list
}
