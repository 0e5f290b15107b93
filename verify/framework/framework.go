package framework

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
)

//go:embed table.txt
var text string

// Entry is one id of a framework.
type Entry struct {
	// Framework is the framework's slug, which never changes: "nist-csf-2.0".
	Framework string
	// Version is the framework's version as it writes it: "2.0".
	Version string
	// ID is the id within the framework: "PR.AA-05".
	ID string
	// Title is its title, or what it says in a few words of ours.
	Title string
	// Source is the document it stands in.
	Source string
	// Requirements are the ids of the requirements of this library it is for: "R28". None: it is only named.
	Requirements []string
}

// Ref is the id as findings and rules write it: "nist-csf-2.0:PR.AA-05".
func (e Entry) Ref() string { return e.Framework + ":" + e.ID }

// Alias is a spelling that circulates for an entry and is not its id.
type Alias struct {
	// Ref is the spelling.
	Ref string
	// For is the entry it stands for, as a Ref.
	For string
	// Note says why it is not the id.
	Note string
}

// Entries gives the table in its order: framework by framework, as each has its ids.
func Entries() []Entry {
	entries, _ := table()
	return entries
}

// Aliases gives the spellings that are not ids and are understood all the same.
func Aliases() []Alias {
	_, aliases := table()
	return aliases
}

// Lookup finds an entry by its ref. An alias is none.
func Lookup(ref string) (Entry, bool) {
	entries, _ := table()
	if i := slices.IndexFunc(entries, func(e Entry) bool { return e.Ref() == ref }); i >= 0 {
		return entries[i], true
	}
	return Entry{}, false
}

// Resolve finds an entry by its ref or an alias. The note says why an alias is not the ref; it is "" for a ref.
func Resolve(ref string) (entry Entry, note string, ok bool) {
	for _, a := range Aliases() {
		if a.Ref == ref {
			entry, ok = Lookup(a.For)
			return entry, a.Note, ok
		}
	}
	entry, ok = Lookup(ref)
	return entry, "", ok
}

// For gives the refs of the entries that are for a requirement, in the order of the table.
func For(requirement string) []string {
	var refs []string
	for _, e := range Entries() {
		if slices.Contains(e.Requirements, requirement) {
			refs = append(refs, e.Ref())
		}
	}
	return refs
}

// table reads the data. They are part of the program: what is wrong with them is a bug, and panics.
func table() (entries []Entry, aliases []Alias) {
	var head Entry
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		columns := strings.Split(line, "|")
		for i := range columns {
			columns[i] = strings.TrimSpace(columns[i])
		}
		if len(columns) != 3 {
			panic(fmt.Sprintf("framework: %d columns, expected 3: %s", len(columns), line))
		}
		if slug, ok := strings.CutPrefix(columns[0], "framework "); ok {
			head = Entry{Framework: slug, Version: columns[1], Source: columns[2]}
		} else if ref, ok := strings.CutPrefix(columns[0], "alias "); ok {
			aliases = append(aliases, Alias{Ref: ref, For: columns[1], Note: columns[2]})
		} else {
			e := head
			e.ID, e.Title, e.Requirements = columns[0], columns[1], strings.Fields(columns[2])
			entries = append(entries, e)
		}
	}
	return entries, aliases
}
