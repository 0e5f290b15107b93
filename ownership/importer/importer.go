package importer

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/surety-dev/surety/internal/document"
	"github.com/surety-dev/surety/internal/pattern"
	"github.com/surety-dev/surety/ownership"
)

// Error is one thing wrong with a source: where, what, and what was expected. Import joins one for each.
type Error = document.Error

// ErrUndated says that Options.At is missing: the sources say something that they do not date.
var ErrUndated = errors.New("nothing says since when: expected the time of the sources")

// MaxSourceBytes bounds one source.
const MaxSourceBytes = 10 << 20

// Source is one file to import.
type Source struct {
	// Format is one of Formats.
	Format string
	// Path names the file in findings and in the document; scopes are relative to the same place.
	Path string
	// Data is what the file holds.
	Data []byte
}

// Scope says which artifacts a path of a repository, or an entity of a catalog, makes. It comes from the
// caller: no source can widen it.
type Scope struct {
	// Path is a directory with a final "/" ("./" the root), a file, a directory with an OWNERS file, or an
	// entity reference such as "component:default/payments".
	Path string
	// Artifacts is a pattern of artifact names.
	Artifacts string
}

// Holder says whose a key is. It comes from the caller: no source can say so.
type Holder struct {
	// Key names the key by itself, not by an id a source gives it: the hex SHA-256 of its
	// SubjectPublicKeyInfo, "SHA256:" and base64 of the same, its OpenSSH fingerprint, or of a Sigstore
	// identity "SUBJECT::ISSUER".
	Key string
	// Principal is the id of a person, workload or vendor.
	Principal string
}

// Options is what no source can say. The zero Options grants nothing and makes nobody hold a key.
type Options struct {
	// Name, Version and EffectiveFrom are the metadata of a new document, for which they are required. Beside
	// a document that says otherwise each is a finding; zero: nothing is compared.
	Name string
	// Version: see Name.
	Version int
	// EffectiveFrom: see Name.
	EffectiveFrom time.Time
	// At is when the sources were as they are: what they do not date begins then. Required where they say
	// anything without a date.
	At time.Time
	// Scopes are the artifacts of paths and entities; nil: no grants and no controls.
	Scopes []Scope
	// Holders are whose keys are; nil: no credentials.
	Holders []Holder
	// Organisations are those whose teams on GitHub have the document's ids: "@acme/payments" is "payments" if
	// "acme" is one of them, and else the team "acme/payments" if there is one.
	Organisations []string
}

// Document is the Ownership document to import into. The zero Document is none: a new one is made.
type Document struct {
	// FS holds the document, and what it refers to.
	FS fs.FS
	// Name is its path in FS: one file, no directory.
	Name string
}

// Result is what an import gives.
type Result struct {
	// Document is the whole document, in YAML; it loads. Without anything new it is what was there, byte
	// for byte.
	Document []byte
	// Changed reports whether the document is another than the one that was there.
	Changed bool
	// Findings are what was left out, or needs somebody to look at it, by position.
	Findings []Finding
}

// Conflicts reports whether something is left as it was because two places disagree.
func (r Result) Conflicts() bool {
	return slices.ContainsFunc(r.Findings, func(f Finding) bool { return f.Code == Conflict })
}

// JSON gives the result as one line of JSON with the fields document, changed and findings, in this order.
func (r Result) JSON() ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	err := enc.Encode(struct {
		Document string    `json:"document"`
		Changed  bool      `json:"changed"`
		Findings []Finding `json:"findings"`
	}{string(r.Document), r.Changed, r.Findings})
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), err
}

// format is how one format is read.
type format struct {
	name string
	read func(s Source, o *Options) (facts, error)
}

// formats is the table of formats.
func formats() []format {
	return []format{
		{"backstage", readBackstage},
		{"codeowners", readCodeowners},
		{"csv", readCSV},
		{"gittuf", readGittuf},
		{"kubernetes-owners", readOwners},
		{"tuf", readTUF},
	}
}

// Formats gives the names of the formats, sorted.
func Formats() []string {
	var names []string
	for _, f := range formats() {
		names = append(names, f.name)
	}
	return names
}

// Import brings what the sources say into a document. The error joins an *Error for each thing that keeps
// a source or the document from being read in one way; then nothing is imported.
func Import(into Document, sources []Source, o Options) (Result, error) {
	if err := o.check(); err != nil {
		return Result{}, err
	}
	t, model, err := open(into, o)
	if err != nil {
		return Result{}, err
	}
	all, err := read(sources, &o)
	if err != nil {
		return Result{}, err
	}
	m := newMerge(t, model, all, &o)
	m.metadata(into.Name)
	m.joinPeople()
	m.joinTeams()
	m.joinCredentials()
	m.joinGrants()
	m.joinControls()
	m.settle()
	m.scopes()
	if m.undated != "" {
		return Result{}, fmt.Errorf("%s: %w", m.undated, ErrUndated)
	}
	data, err := t.bytes()
	if err != nil {
		return Result{}, err
	}
	r := Result{Document: data, Changed: t.changed() || model == nil}
	if t.changed() && model != nil {
		m.find(VersionUnchanged, position{into.Name, t.line("metadata")}, "the facts change and the version, %d, does not: count it up before the document is used", model.Version())
	}
	r.Findings = m.sortedFindings()
	if _, err := ownership.Load(overlay{into.FS, resultName(into.Name), data}, resultName(into.Name)); err != nil {
		return Result{}, fmt.Errorf("what the sources say makes a document that does not load: %w", err)
	}
	return r, nil
}

// read reads all sources, in the order of their paths.
func read(sources []Source, o *Options) ([]facts, error) {
	sorted := slices.Clone(sources)
	slices.SortFunc(sorted, func(a, b Source) int { return strings.Compare(a.Path, b.Path) })
	var all []facts
	var errs []error
	for i, s := range sorted {
		n := slices.IndexFunc(formats(), func(f format) bool { return f.name == s.Format })
		switch {
		case n < 0:
			errs = append(errs, fmt.Errorf("the format %q of %q: expected one of %s", s.Format, s.Path, strings.Join(Formats(), ", ")))
		case !printable(s.Path):
			errs = append(errs, fmt.Errorf("the path %q: expected printable characters", s.Path))
		case i > 0 && sorted[i-1].Path == s.Path:
			errs = append(errs, fmt.Errorf("%s is given twice: expected each file once", s.Path))
		case len(s.Data) > MaxSourceBytes:
			errs = append(errs, &Error{File: s.Path, Msg: fmt.Sprintf("larger than %d bytes: expected a smaller file", MaxSourceBytes)})
		default:
			f, err := formats()[n].read(s, o)
			f.of(s)
			all, errs = append(all, f), append(errs, err)
		}
	}
	if len(sources) == 0 {
		errs = append(errs, errors.New("nothing to import: expected at least one source"))
	}
	firstCodeowners(all)
	return all, errors.Join(errs...)
}

// check refuses options that mean nothing, or too much.
func (o *Options) check() error {
	var errs []error
	for _, s := range o.Scopes {
		if _, err := pattern.Parse(s.Artifacts); err != nil {
			errs = append(errs, fmt.Errorf("the scope %s: %w", s.Path, err))
		}
		if s.Path == "" {
			errs = append(errs, errors.New("a scope without a path: expected a path or an entity reference"))
		}
	}
	known := map[string]bool{}
	for _, h := range o.Holders {
		if h.Key == "" || h.Principal == "" {
			errs = append(errs, errors.New("a holder without a key or a principal: expected both"))
		}
		if known[h.Key] {
			errs = append(errs, fmt.Errorf("the key %s has two holders: expected one", h.Key))
		}
		known[h.Key] = true
	}
	if slices.Contains(o.Organisations, "") {
		errs = append(errs, errors.New("an organisation without a name: expected its name on GitHub"))
	}
	return errors.Join(errs...)
}

// artifacts gives the patterns of the scopes that are for a source, sorted.
func (f *facts) artifacts(scopes []Scope) []string {
	var list []string
	for _, s := range scopes {
		f.scopes = append(f.scopes, s.Path)
		list = append(list, s.Artifacts)
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// clean is a path in one spelling: without "./", a final "/" or "..", empty for the root.
func clean(name string) string {
	if name = path.Clean(name); name == "." {
		return ""
	}
	return name
}

// printable reports whether a text is one line without space at either end, as ids must be.
func printable(s string) bool {
	return s != "" && strings.TrimSpace(s) == s && !strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsPrint(r) || r == unicode.ReplacementChar })
}
