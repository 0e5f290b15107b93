package main

import (
	"context"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/surety-dev/surety/attest"
	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/policy"
	"github.com/surety-dev/surety/verify"
	"github.com/surety-dev/surety/verify/chain"
	"github.com/surety-dev/surety/verify/report"
	"github.com/surety-dev/surety/verify/sigstore"
)

// verifyCommand is `surety verify`.
type verifyCommand struct {
	Ownership   string   `required:"" placeholder:"PATH" help:"The ownership model: a file, or a directory of its parts."`
	Policy      []string `required:"" sep:"none" placeholder:"PATH" help:"A policy, or a directory of policies; repeats."`
	Artifact    string   `required:"" placeholder:"NAME=FILE|NAME@ALG:HEX" help:"What is released, and its file or digest."`
	Environment string   `placeholder:"E" help:"Where it is released to."`
	At          string   `placeholder:"RFC3339" help:"The time of evaluation; now, if absent."`
	MinVersion  []string `sep:"none" placeholder:"NAME=N" help:"The least version of a policy or of the ownership model; repeats."`
	TrustedRoot []string `sep:"none" placeholder:"FILE" help:"A Sigstore trusted root, beside those of the ownership model; repeats."`
	Format      string   `enum:"text,json" default:"text" help:"text or json."`
	Evidence    []string `arg:"" optional:"" help:"Files, directories, - for standard input."`
}

// Run judges and writes the verdict; the exit code says the decision.
func (c *verifyCommand) Run(w world, code *int) error {
	verifier, err := c.verifier()
	if err != nil {
		return err
	}
	request, err := c.request(w)
	if err != nil {
		return err
	}
	verdict, err := verifier.Verify(context.Background(), request)
	if err != nil {
		return err
	}
	if err := write(w, c.Format, verdict); err != nil {
		return err
	}
	*code = exitCode(verdict)
	return nil
}

// exitCode is the decision as an exit code; what admits nothing else denies.
func exitCode(v verify.Verdict) int {
	switch {
	case v.Admits():
		return exitAdmitted
	case v.Decision == verify.Indeterminate:
		return exitIndeterminate
	}
	return exitDenied
}

// verifier reads the documents.
func (c *verifyCommand) verifier() (*verify.Verifier, error) {
	fsys, path := open(c.Ownership)
	model, err := ownership.Load(fsys, path)
	if err != nil {
		return nil, err
	}
	policies, err := loadPolicies(c.Policy)
	if err != nil {
		return nil, err
	}
	opener, err := certificates(model, c.TrustedRoot)
	if err != nil {
		return nil, err
	}
	least, err := minimums(c.MinVersion)
	if err != nil {
		return nil, err
	}
	return verify.New(model, policies, verify.Config{Openers: []verify.Opener{opener}, Chains: chain.Chains{}, MinVersions: least})
}

// loadPolicies reads policies, each path a document or a directory of them.
func loadPolicies(paths []string) ([]*policy.Policy, error) {
	var policies []*policy.Policy
	for _, p := range paths {
		fsys, path := open(p)
		loaded, err := policy.Load(fsys, path)
		if err != nil {
			return nil, err
		}
		policies = append(policies, loaded...)
	}
	return policies, nil
}

// certificates makes the opener of certificates and bundles: it trusts the model's Sigstore roots, if
// there is a model, and those of files.
func certificates(model *ownership.Model, files []string) (*sigstore.Opener, error) {
	roots := sigstore.FromModel(model)
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		roots = append(roots, sigstore.Root{ID: rootID(roots, file), JSON: data})
	}
	return sigstore.New(roots...)
}

// rootID names a root by its file, and by its path and number where another has the name.
func rootID(roots []sigstore.Root, file string) string {
	taken := func(id string) bool {
		return slices.ContainsFunc(roots, func(r sigstore.Root) bool { return r.ID == id })
	}
	id := filepath.Base(file)
	if taken(id) {
		id = filepath.ToSlash(file)
	}
	for n, path := 2, id; taken(id); n++ {
		id = fmt.Sprintf("%s#%d", path, n)
	}
	return id
}

// open gives the file system a document lives in, and its path there: paths inside a document are
// relative to it and do not leave its directory.
func open(path string) (fs.FS, string) {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return os.DirFS(path), "."
	}
	return os.DirFS(filepath.Dir(path)), filepath.Base(path)
}

// request reads artifact and evidence.
func (c *verifyCommand) request(w world) (verify.Request, error) {
	request := verify.Request{Environment: c.Environment, AtChosen: c.At != ""}
	var err error
	if request.At, err = moment(c.At, w.now); err != nil {
		return request, err
	}
	if request.Artifact, err = parseArtifact(c.Artifact); err != nil {
		return request, err
	}
	request.Evidence, err = readAll(w, c.Evidence)
	return request, err
}

// readAll reads evidence from several paths.
func readAll(w world, paths []string) ([]*attest.Item, error) {
	var all []*attest.Item
	for _, path := range paths {
		items, err := readEvidence(w, path)
		if err != nil {
			return nil, err
		}
		all = append(all, items...)
	}
	return all, nil
}

// readEvidence reads a file, a directory or standard input. What an opened file holds is a finding,
// not an error.
func readEvidence(w world, path string) ([]*attest.Item, error) {
	if path == "-" {
		return attest.Read("-", w.stdin, attest.Limits{})
	}
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if info.IsDir() {
		return attest.ReadFS(os.DirFS(path), ".", attest.Limits{})
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return attest.Read(path, file, attest.Limits{})
}

// byDigest is an artifact named with its digest; what else there is splits at the last "=".
var byDigest = regexp.MustCompile(`^(.*)@(?:(sha256):([0-9a-f]{64})|(sha384):([0-9a-f]{96})|(sha512):([0-9a-f]{128}))$`)

// parseArtifact reads NAME=FILE or NAME@ALG:HEX (design §6).
func parseArtifact(s string) (attest.Artifact, error) {
	if m := byDigest.FindStringSubmatch(s); m != nil {
		digests := attest.Digests{}
		for i := 2; i < len(m); i += 2 {
			if m[i] != "" {
				digests[m[i]] = m[i+1]
			}
		}
		return attest.NewArtifact(m[1], digests)
	}
	i := strings.LastIndexByte(s, '=')
	if i < 0 {
		return attest.Artifact{}, fmt.Errorf("--artifact %s: expected NAME=FILE, or NAME@sha256:HEX with lower-case hex", s)
	}
	name, path := s[:i], s[i+1:]
	if err := attest.CheckName(name); err != nil {
		return attest.Artifact{}, err
	}
	digests, err := hashFile(path)
	if err != nil {
		return attest.Artifact{}, err
	}
	return attest.NewArtifact(name, digests)
}

// hashFile hashes a file with every strong algorithm, in one pass.
func hashFile(path string) (attest.Digests, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	h256, h384, h512 := sha256.New(), sha512.New384(), sha512.New()
	if _, err := io.Copy(io.MultiWriter(h256, h384, h512), file); err != nil {
		return nil, err
	}
	return attest.Digests{
		"sha256": hex.EncodeToString(h256.Sum(nil)),
		"sha384": hex.EncodeToString(h384.Sum(nil)),
		"sha512": hex.EncodeToString(h512.Sum(nil)),
	}, nil
}

// write writes the verdict whole, or not at all.
func write(w world, format string, v verify.Verdict) error {
	switch {
	case format == "json":
		data, err := v.JSON()
		if err != nil {
			return err
		}
		_, err = w.stdout.Write(append(data, '\n'))
		return err
	case w.colour:
		return report.Colour(w.stdout, v)
	}
	return report.Text(w.stdout, v)
}
