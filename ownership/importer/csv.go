package importer

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

// A table of people, as personnel and identity systems export it: RFC 4180 with a header. It speaks for
// people: it may bring in new ones and add them to any team.

// columns are those that are read. The first two are required, in the header and in each row.
func columns() []string {
	return []string{"id", "start", "name", "email", "end", "employment", "sponsor", "accounts", "teams", "manager"}
}

// readCSV reads a table.
func readCSV(s Source, _ *Options) (facts, error) {
	var f facts
	r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(s.Data, []byte("\ufeff"))))
	t := table{path: s.Path, index: map[string]int{}}
	if err := t.header(r, &f); err != nil {
		return f, err
	}
	var errs []error
	teams := map[string]*teamFact{}
	for {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return f, errors.Join(append(errs, tableError(s.Path, err))...)
		}
		t.row = row
		t.line, _ = r.FieldPos(0)
		p, err := t.person()
		if err != nil {
			errs = append(errs, err)
			continue
		}
		f.people = append(f.people, p)
		for _, id := range p.teams {
			if teams[id] == nil {
				teams[id] = &teamFact{id: id, defines: true, authority: true, at: p.at}
			}
			teams[id].members = append(teams[id].members, ref{said: p.id, accounts: p.accounts, at: p.at})
		}
	}
	for _, team := range teams {
		f.teams = append(f.teams, *team)
	}
	slices.SortFunc(f.teams, func(a, b teamFact) int { return strings.Compare(a.id, b.id) })
	return f, errors.Join(errs...)
}

// header reads the first row: the columns there are.
func (t *table) header(r *csv.Reader, f *facts) error {
	header, err := r.Read()
	if errors.Is(err, io.EOF) {
		return &Error{File: t.path, Line: 1, Msg: "an empty table: expected a header with " + strings.Join(columns(), ", ")}
	}
	if err != nil {
		return tableError(t.path, err)
	}
	var errs []error
	for i, name := range header {
		name = strings.ToLower(strings.TrimSpace(name))
		line, _ := r.FieldPos(i)
		if _, twice := t.index[name]; twice {
			errs = append(errs, &Error{File: t.path, Line: line, Msg: fmt.Sprintf("the column %q for the second time: expected each once", name)})
		}
		t.index[name] = i
		if !slices.Contains(columns(), name) || name == "manager" {
			f.find(Ignored, position{t.path, line}, "the column %q: it is not read", name)
		}
	}
	for _, name := range columns()[:2] {
		if _, ok := t.index[name]; !ok {
			errs = append(errs, &Error{File: t.path, Line: 1, Msg: fmt.Sprintf("no column %q: expected this required column", name)})
		}
	}
	return errors.Join(errs...)
}

// tableError gives an error of the csv package its place.
func tableError(path string, err error) error {
	if e, ok := errors.AsType[*csv.ParseError](err); ok {
		what := e.Err.Error()
		if errors.Is(e.Err, csv.ErrFieldCount) {
			what = "another number of fields than the header"
		}
		return &Error{File: path, Line: e.Line, Col: e.Column, Msg: "not a table: " + what + ": expected RFC 4180, each row as long as the header", Cause: err}
	}
	return err
}

// table is a row of a table under its header.
type table struct {
	path  string
	index map[string]int
	row   []string
	line  int
}

// get gives a field, empty if there is no such column.
func (t *table) get(name string) string {
	i, ok := t.index[name]
	if !ok {
		return ""
	}
	return strings.TrimSpace(t.row[i])
}

// person reads a row.
func (t *table) person() (personFact, error) {
	p := personFact{id: t.get("id"), name: t.get("name"), employment: t.get("employment"), teams: strings.Fields(t.get("teams")), at: position{t.path, t.line}}
	var errs []error
	wrong := func(err error) {
		if err != nil {
			errs = append(errs, &Error{File: t.path, Line: t.line, Msg: err.Error()})
		}
	}
	for _, name := range []string{"id", "name", "email", "employment", "sponsor"} {
		if s := t.get(name); s != "" && !printable(s) {
			wrong(fmt.Errorf("the %s %q: expected printable characters", name, s))
		}
	}
	for _, name := range columns()[:2] {
		if t.get(name) == "" {
			wrong(fmt.Errorf("no %s: expected this required field", name))
		}
	}
	var err error
	p.from, err = day(t.get("start"))
	wrong(err)
	p.until, err = day(t.get("end"))
	wrong(err)
	_, p.saysEnd = t.index["end"]
	if !p.until.IsZero() && !p.until.After(p.from) {
		wrong(fmt.Errorf("the end %s, the start %s: expected the end after the start", t.get("end"), t.get("start")))
	}
	p.accounts = []string{employee + p.id}
	if mail := t.get("email"); mail != "" {
		p.accounts = append(p.accounts, email+mail)
	}
	p.accounts = append(p.accounts, strings.Fields(t.get("accounts"))...)
	for _, a := range p.accounts {
		if p.id != "" {
			wrong(account(a))
		}
	}
	slices.Sort(p.accounts)
	p.accounts = slices.Compact(p.accounts)
	for _, team := range p.teams {
		if !printable(team) {
			wrong(fmt.Errorf("the team %q: expected printable characters", team))
		}
	}
	slices.Sort(p.teams)
	p.teams = slices.Compact(p.teams)
	if sponsor := t.get("sponsor"); sponsor != "" {
		p.sponsor = employee + sponsor
	}
	return p, errors.Join(errs...)
}

// day reads a time, or a day as its beginning in UTC; empty is the zero time.
func day(s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	for _, layout := range []string{time.RFC3339, time.DateOnly} {
		if t, err := time.Parse(layout, s); err == nil && t.UTC().Year() >= 1900 && !strings.Contains(s, ",") {
			return t.UTC(), nil
		}
	}
	return time.Time{}, fmt.Errorf("%q: expected a day such as 2026-01-31, or an RFC 3339 time", s)
}
