package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/surety-dev/surety/ownership/importer"
)

// importCommand is `surety import`.
type importCommand struct {
	Ownership     string   `placeholder:"PATH" help:"The ownership model to import into, one file; a new one, if absent."`
	Name          string   `placeholder:"NAME" help:"The name of the model; required of a new one."`
	Version       int      `placeholder:"N" help:"The version of the model; required of a new one."`
	EffectiveFrom string   `placeholder:"RFC3339" help:"When the model begins to be in force; required of a new one."`
	At            string   `placeholder:"RFC3339" help:"When the sources were as they are: what they do not date begins then. Required where there is any."`
	Scope         []string `sep:"none" placeholder:"PATH=PATTERN" help:"The artifacts made in a directory (with a final /), of a file, or of an entity; repeats."`
	Holder        []string `sep:"none" placeholder:"KEY=PRINCIPAL" help:"Whose a key is, by its fingerprint or SUBJECT::ISSUER; repeats."`
	Organisation  []string `sep:"none" placeholder:"NAME" help:"An organisation whose teams have the ids of the model; repeats."`
	Format        string   `enum:"text,json" default:"text" help:"text or json."`
	Sources       []string `arg:"" placeholder:"FORMAT=FILE" help:"What to import: backstage, codeowners, csv, gittuf, kubernetes-owners or tuf, and its file."`
}

// Run writes the document; the exit code says whether something disagrees.
func (c *importCommand) Run(w world, code *int) error {
	o, err := c.options()
	if err != nil {
		return err
	}
	var into importer.Document
	if c.Ownership != "" {
		if into.FS, into.Name = open(c.Ownership); into.Name == "." {
			return fmt.Errorf("%s is a directory: expected the one file to import into", c.Ownership)
		}
	}
	sources, err := importSources(c.Sources)
	if err != nil {
		return err
	}
	result, err := importer.Import(into, sources, o)
	if errors.Is(err, importer.ErrUndated) {
		return fmt.Errorf("%w, --at RFC3339", err)
	}
	if err != nil {
		return err
	}
	out := result.Document
	if c.Format == "json" {
		if out, err = result.JSON(); err != nil {
			return err
		}
		out = append(out, '\n')
	} else {
		var b bytes.Buffer
		for _, f := range result.Findings {
			b.WriteString(f.Text() + "\n")
		}
		if _, err := w.stderr.Write(b.Bytes()); err != nil {
			return err
		}
	}
	if _, err := w.stdout.Write(out); err != nil {
		return err
	}
	*code = exitAdmitted
	if result.Conflicts() {
		*code = exitDenied
	}
	return nil
}

// options reads the flags.
func (c *importCommand) options() (importer.Options, error) {
	o := importer.Options{Name: c.Name, Version: c.Version, Organisations: c.Organisation}
	var err error
	if o.At, err = given("--at", c.At); err != nil {
		return o, err
	}
	if o.EffectiveFrom, err = given("--effective-from", c.EffectiveFrom); err != nil {
		return o, err
	}
	if c.Version < 0 {
		return o, fmt.Errorf("--version %d: expected one or more", c.Version)
	}
	if c.Ownership == "" && (c.Name == "" || c.Version == 0 || c.EffectiveFrom == "") {
		return o, errors.New("no --ownership: expected --name, --version and --effective-from of the new model")
	}
	for _, s := range c.Scope {
		path, pattern, ok := strings.Cut(s, "=")
		if !ok || path == "" || pattern == "" {
			return o, fmt.Errorf("--scope %s: expected PATH=PATTERN", s)
		}
		o.Scopes = append(o.Scopes, importer.Scope{Path: filepath.ToSlash(path), Artifacts: pattern})
	}
	for _, h := range c.Holder {
		i := strings.LastIndexByte(h, '=') // base64 ends with them, ids of principals do not begin with them
		if i < 1 || i == len(h)-1 {
			return o, fmt.Errorf("--holder %s: expected KEY=PRINCIPAL", h)
		}
		o.Holders = append(o.Holders, importer.Holder{Key: h[:i], Principal: h[i+1:]})
	}
	return o, nil
}

// given reads the time of a flag, the zero time if it is absent.
func given(flag, value string) (time.Time, error) {
	if value == "" {
		return time.Time{}, nil
	}
	t, err := time.Parse(time.RFC3339, value)
	if err != nil || !rfc3339.MatchString(value) {
		return t, fmt.Errorf("%s %s: expected a time as RFC 3339 writes it, like 2026-01-02T15:04:05Z", flag, value)
	}
	return t, nil
}

// importSources reads the files of FORMAT=FILE.
func importSources(list []string) ([]importer.Source, error) {
	var sources []importer.Source
	for _, s := range list {
		format, path, ok := strings.Cut(s, "=")
		if !ok || format == "" || path == "" {
			return nil, fmt.Errorf("%s: expected FORMAT=FILE, with one of the formats %s", s, strings.Join(importer.Formats(), ", "))
		}
		data, err := readSource(path)
		if err != nil {
			return nil, err
		}
		sources = append(sources, importer.Source{Format: format, Path: filepath.ToSlash(path), Data: data})
	}
	return sources, nil
}

// readSource reads a file, no further than an import takes it.
func readSource(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, importer.MaxSourceBytes+1))
}
