package main

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/surety-dev/surety/attest"
	"github.com/surety-dev/surety/verify"
)

// documents are the paths of what the gate judges by.
type documents struct{ ownership, policy, evidence string }

// state is what documents say, read at one time.
type state struct {
	verifier *verify.Verifier
	evidence attest.Finder
	stamp    string // the digests of the documents, and of their files: signatures may come to a signed one
}

// load reads the documents, signed or not, and the evidence in store. A signed document that too few have
// signed loads, and refuses every release until enough have. To demand that documents are signed, set
// RequireSigned; to hold an ownership model to the people of the version before it, give that version.
func (d documents) load() (*state, error) {
	stamp := content(d.ownership) + " " + content(d.policy) // first: what changes meanwhile is seen next time
	fsys, path := open(d.ownership)
	model, endorsement, err := verify.LoadOwnership(fsys, path, nil)
	if err != nil {
		return nil, err
	}
	fsys, path = open(d.policy)
	policies, endorsements, err := verify.LoadPolicies(fsys, path, model)
	if err != nil {
		return nil, err
	}
	// For Sigstore bundles add an opener, of package verify/sigstore, to the Config.
	verifier, err := verify.New(model, policies, verify.Config{Endorsements: append(endorsements, endorsement)})
	if err != nil {
		return nil, err
	}
	stamp = fmt.Sprint(model.Digest(), model.Files(), " ", stamp)
	for _, p := range policies {
		stamp += " " + p.Digest()
	}
	return &state{verifier: verifier, evidence: d.stored(), stamp: stamp}, nil
}

// content is the digest of a file; of a directory, whose documents are plain, there is none.
func content(path string) string {
	data, err := os.ReadFile(path)
	if err != nil {
		return "-"
	}
	return fmt.Sprintf("%x", sha256.Sum256(data))
}

// stored is the evidence in store. Anybody may write evidence: what cannot be indexed keeps requests from
// being judged, and never the documents from being taken up.
func (d documents) stored() attest.Finder {
	if d.evidence == "" {
		return new(attest.Index)
	}
	index, err := attest.IndexFS(os.DirFS(d.evidence), ".", attest.Limits{})
	if err != nil {
		return unreadable{fmt.Errorf("evidence %s: %w", d.evidence, err)}
	}
	return index
}

// unreadable is a store that cannot be read.
type unreadable struct{ err error }

// Find implements attest.Finder.
func (u unreadable) Find(context.Context, attest.Digests) ([]*attest.Item, error) { return nil, u.err }

// open gives the file system that a document lives in, and its path there.
func open(path string) (fs.FS, string) {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return os.DirFS(path), "."
	}
	return os.DirFS(filepath.Dir(path)), filepath.Base(path)
}

// watch reloads until the context ends. It reads the documents rather than asks for the time of their
// change, which mounted and replaced files do not tell reliably.
func (g *gate) watch(ctx context.Context, every time.Duration) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			g.reload()
		}
	}
}

// reload reads everything again. Changed documents are taken up once they were read the same twice in
// a row, for one that is being written may load and say less. Evidence is taken up at once: a policy
// that must not miss a list of revocations demands its freshness. What does not load changes nothing.
func (g *gate) reload() {
	next, err := g.documents.load()
	if err != nil {
		if g.complaint != err.Error() {
			g.log.Error("the documents do not load; judging by those before", "error", err)
		}
		g.seen, g.complaint = "", err.Error()
		return
	}
	settled := next.stamp == g.seen
	g.seen, g.complaint = next.stamp, ""
	switch current := g.current.Load(); {
	case next.stamp == current.stamp:
	case settled:
		g.log.Info("the documents have changed", "digests", next.stamp)
	default: // not yet
		next.verifier, next.stamp = current.verifier, current.stamp
	}
	g.current.Store(next)
}
