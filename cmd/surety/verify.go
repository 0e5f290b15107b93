package main

import (
	"context"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"regexp"
	"strings"

	"github.com/surety-dev/surety/attest"
	"github.com/surety-dev/surety/verify"
	"github.com/surety-dev/surety/verify/chain"
	"github.com/surety-dev/surety/verify/report"
)

// verifyCommand is `surety verify`.
type verifyCommand struct {
	Ownership      string   `required:"" placeholder:"PATH" help:"The ownership model: a file, signed or not, or a directory of its parts."`
	Previous       string   `placeholder:"PATH" help:"The version before that ownership model, whose people must have signed it."`
	Policy         []string `required:"" sep:"none" placeholder:"PATH" help:"A policy, signed or not, or a directory of policies; repeats."`
	PreviousPolicy []string `sep:"none" placeholder:"PATH" help:"A version before one of those policies, whose owners must have signed too; repeats."`
	RequireSigned  bool     `help:"Refuse documents that are not signed."`
	Artifact       string   `required:"" placeholder:"NAME=FILE|NAME@ALG:HEX" help:"What is released, and its file or digest."`
	Environment    string   `placeholder:"E" help:"Where it is released to."`
	At             string   `placeholder:"RFC3339" help:"The time of evaluation; now, if absent."`
	Rollback       bool     `help:"The release returns to an earlier artifact, which somebody must own."`
	Drill          bool     `help:"This is a drill: only what drills release is judged, which is refused otherwise."`
	Accepted       string   `placeholder:"FILE" help:"The verdict on the last accepted release, as JSON, to warn of what has changed since."`
	MinVersion     []string `sep:"none" placeholder:"NAME=N" help:"The least version of a policy or of the ownership model; repeats."`
	TrustedRoot    []string `sep:"none" placeholder:"FILE" help:"A Sigstore trusted root, beside those of the ownership model; repeats."`
	CRL            []string `name:"crl" sep:"none" placeholder:"FILE" help:"A certificate revocation list of an authority of the ownership model; repeats."`
	Format         string   `enum:"text,json" default:"text" help:"text or json."`
	Evidence       []string `arg:"" optional:"" help:"Files, directories, - for standard input."`
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
	d, err := load(sources{model: c.Ownership, previous: c.Previous, policies: c.Policy, previousPolicies: c.PreviousPolicy})
	if err != nil {
		return nil, err
	}
	openers, err := openers(d.model, c.TrustedRoot, c.CRL)
	if err != nil {
		return nil, err
	}
	least, err := minimums(c.MinVersion)
	if err != nil {
		return nil, err
	}
	return verify.New(d.model, d.policies, verify.Config{
		Openers: openers, Chains: chain.Chains{}, MinVersions: least, Endorsements: d.endorsements, RequireSigned: c.RequireSigned,
	})
}

// request reads artifact and evidence.
func (c *verifyCommand) request(w world) (verify.Request, error) {
	request := verify.Request{Environment: c.Environment, AtChosen: c.At != "", Rollback: c.Rollback, Drill: c.Drill}
	var err error
	if request.At, err = moment("--at", c.At, w.now); err != nil {
		return request, err
	}
	if request.Artifact, err = parseArtifact(c.Artifact); err != nil {
		return request, err
	}
	if request.Accepted, err = readAccepted(c.Accepted); err != nil {
		return request, err
	}
	request.Evidence, err = readAll(w, c.Evidence)
	return request, err
}

// readAccepted reads the verdict on an earlier release; none is named by "".
func readAccepted(path string) (*verify.Verdict, error) {
	if path == "" {
		return nil, nil
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, verify.MaxVerdict+1))
	if err != nil {
		return nil, err
	}
	verdict, err := verify.ParseVerdict(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return &verdict, nil
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
