package main

import (
	"errors"
	"io/fs"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/surety-dev/surety/attest"
	"github.com/surety-dev/surety/attest/issue"
	"github.com/surety-dev/surety/internal/fixture/pki"
	"github.com/surety-dev/surety/policy/policytest"
	"github.com/surety-dev/surety/verify"
)

// TestStories runs the situations in testdata/story: what happened in a sentence, the documents and
// evidence, and the verdict as text and as JSON. Each begins with the documents of testdata/base, under
// which the release is allowed, or brings its own.
func TestStories(t *testing.T) {
	t.Parallel()
	params := scriptParams("testdata/story")
	params.Setup = func(env *testscript.Env) error {
		env.Setenv("NOW", "2026-06-01T12:00:00Z")
		env.Setenv("RELEASE", "pkg:generic/payments/api@1.4.2@sha256:"+storyDigest)
		for _, name := range []string{"ownership.yaml", "policy.yaml"} {
			data, err := os.ReadFile(env.Cd + "/" + name)
			if errors.Is(err, fs.ErrNotExist) {
				data, err = os.ReadFile("testdata/base/" + name)
			}
			if err != nil {
				return err
			}
			if err := os.WriteFile(env.Cd+"/"+name, policytest.Expand(data), 0o600); err != nil {
				return err
			}
		}
		return nil
	}
	params.Cmds = map[string]func(ts *testscript.TestScript, neg bool, args []string){
		"exits": exits, "edit": edit, "sign": sign, "stamp": stampEnvelope, "expand": expandKeys, "key": writeKey,
	}
	testscript.Run(t, params)
}

const storyDigest = "aa00000000000000000000000000000000000000000000000000000000000000"

// edit replaces a text that stands once in a file: edit FILE OLD NEW, in which \n is a line's end.
func edit(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: edit FILE OLD NEW")
	}
	old := strings.ReplaceAll(args[1], `\n`, "\n")
	if n := strings.Count(ts.ReadFile(args[0]), old); n != 1 {
		ts.Fatalf("%q stands %d times in %s, expected once", old, n, args[0])
	}
	text := strings.Replace(ts.ReadFile(args[0]), old, strings.ReplaceAll(args[2], `\n`, "\n"), 1)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(text), 0o600))
}

// sign writes a signed statement about the release: sign FILE KEY,KEY… [WHAT], where WHAT is a builder
// id, or "approval".
func sign(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: sign FILE KEY,KEY… [BUILDER|approval]")
	}
	recipe := policytest.Recipe{Name: "provenance", Signers: strings.Split(args[1], ",")}
	switch {
	case len(args) > 2 && args[2] == "approval":
		recipe.Name, recipe.PredicateType = "", "https://example.test/approval/v1"
	case len(args) > 2:
		recipe.Predicate = map[string]any{"runDetails": map[string]any{"builder": map[string]any{"id": args[2]}}}
	}
	artifact, err := attest.NewArtifact("pkg:generic/payments/api@1.4.2", attest.Digests{"sha256": storyDigest})
	ts.Check(err)
	data, err := recipe.Make(verify.Request{Artifact: artifact})
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), data, 0o600))
}

// stampEnvelope puts a timestamp of a time beside the one signature of an envelope, and the authority's
// certificate into tsa.pem: stamp FILE TIME.
func stampEnvelope(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: stamp FILE TIME")
	}
	at, err := time.Parse(time.RFC3339, args[1])
	ts.Check(err)
	envelope, err := issue.Open(args[0], []byte(ts.ReadFile(args[0])))
	ts.Check(err)
	sig, err := envelope.Signature("")
	ts.Check(err)
	root := pki.Root("tsa")
	envelope, err = envelope.Stamp(pki.Response(0, root.Timestamper("stamper").Token(sig, pki.Stamp{At: at})))
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), envelope.JSON(), 0o600))
	ts.Check(os.WriteFile(ts.MkAbs("tsa.pem"), []byte(pki.PEM(root)), 0o600))
}
