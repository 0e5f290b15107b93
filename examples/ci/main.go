// Command ci is the last step of a pipeline: it judges every file of a directory by the evidence in
// another, and lets the pipeline go on only if each of them is allowed.
//
//	ci -ownership ownership.yaml -policy policy.yaml -environment production \
//	   -evidence evidence -name 'pkg:generic/payments/{file}' dist
//
// Files are named by -name, with the path below the directory for {file}, and never by their evidence.
// Exit codes: 0 all are allowed, 1 one is refused, 3 they could not be judged. A directory without
// files is not judged, and neither is one with links: what would be shipped must be what was hashed.
package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/surety-dev/surety/attest"
	"github.com/surety-dev/surety/verify"
)

// The exit codes, those of the surety command.
const (
	allowed   = 0
	refused   = 1
	notJudged = 3
)

func main() {
	code, err := run(os.Args[1:], os.Stdout, os.Stderr, time.Now())
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "ci:", err)
	}
	os.Exit(code)
}

// options are the command line.
type options struct{ ownership, policy, evidence, environment, name, files string }

func parse(args []string, stderr io.Writer) (options, error) {
	var o options
	flags := flag.NewFlagSet("ci", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.StringVar(&o.ownership, "ownership", "ownership.yaml", "the ownership model")
	flags.StringVar(&o.policy, "policy", "policy.yaml", "the policy")
	flags.StringVar(&o.evidence, "evidence", "evidence", "the directory of evidence")
	flags.StringVar(&o.environment, "environment", "", "where the files are released to")
	flags.StringVar(&o.name, "name", "", "what the files are called, with {file}")
	if err := flags.Parse(args); err != nil {
		return o, err
	}
	if flags.NArg() != 1 || strings.Count(o.name, "{file}") != 1 {
		return o, errors.New("expected -name with {file} in it once, and one directory")
	}
	o.files = flags.Arg(0)
	if o.ownership == "" || o.policy == "" || o.evidence == "" || o.files == "" {
		return o, errors.New("an empty path: expected one, as an unset variable gives none")
	}
	return o, nil
}

// run judges each file at the time now, writes a line about it, and gives the exit code.
func run(args []string, stdout, stderr io.Writer, now time.Time) (int, error) {
	o, err := parse(args, stderr)
	if err != nil {
		return notJudged, err
	}
	verifier, err := o.verifier()
	if err != nil {
		return notJudged, err
	}
	evidence, err := attest.IndexFS(os.DirFS(o.evidence), ".", attest.Limits{})
	if err != nil {
		return notJudged, fmt.Errorf("evidence %s: %w", o.evidence, err)
	}
	artifacts, err := o.artifacts()
	if err != nil {
		return notJudged, err
	}
	code := allowed
	for _, artifact := range artifacts {
		found, err := evidence.Find(context.Background(), artifact.Digests())
		if err != nil {
			return notJudged, err
		}
		verdict, err := verifier.Verify(context.Background(), verify.Request{Artifact: artifact, Environment: o.environment, Evidence: found, At: now})
		if err != nil {
			return notJudged, err
		}
		if !verdict.Admits() {
			code = refused
		}
		if _, err := io.WriteString(stdout, report(verdict)); err != nil {
			return notJudged, err
		}
	}
	return code, nil
}

// verifier reads the documents, signed or not. One that too few have signed refuses every file.
func (o options) verifier() (*verify.Verifier, error) {
	model, endorsement, err := verify.LoadOwnership(os.DirFS(filepath.Dir(o.ownership)), filepath.Base(o.ownership), nil)
	if err != nil {
		return nil, err
	}
	policies, endorsements, err := verify.LoadPolicies(os.DirFS(filepath.Dir(o.policy)), filepath.Base(o.policy), model)
	if err != nil {
		return nil, err
	}
	return verify.New(model, policies, verify.Config{Endorsements: append(endorsements, endorsement)})
}

// artifacts are the files to judge, in lexical order.
func (o options) artifacts() ([]attest.Artifact, error) {
	var artifacts []attest.Artifact
	files := os.DirFS(o.files)
	err := fs.WalkDir(files, ".", func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil || entry.IsDir():
			return err
		case !entry.Type().IsRegular():
			return errors.New(path + " is no regular file; expected files and directories only")
		}
		digest, err := hash(files, path)
		if err != nil {
			return err
		}
		artifact, err := attest.NewArtifact(strings.Replace(o.name, "{file}", path, 1), attest.Digests{"sha256": digest})
		artifacts = append(artifacts, artifact)
		return err
	})
	if err == nil && len(artifacts) == 0 {
		err = errors.New("has no files; expected those to judge")
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", o.files, err)
	}
	return artifacts, nil
}

func hash(files fs.FS, path string) (string, error) {
	file, err := files.Open(path)
	if err != nil {
		return "", err
	}
	defer file.Close()
	h := sha256.New()
	if _, err := io.Copy(h, file); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// report is a line with the answer and, below it, why a file is refused and who answers.
func report(v verify.Verdict) string {
	lines := []string{fmt.Sprintf("%-13s  %s", v.Decision, v.Artifact.Name)}
	for _, f := range v.Findings {
		if f.Severity > verify.SeverityIndeterminate {
			continue
		}
		line := fmt.Sprintf("    %s: %s answers", f.Code, f.Accountable.Team)
		if f.Accountable.Page != "" {
			line += ", page " + f.Accountable.Page
		}
		if !slices.Contains(lines, line) {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n") + "\n"
}
