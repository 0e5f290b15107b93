// Command release judges one release twice: with provenance signed by the release pipeline, which is
// allowed, and with the same provenance signed by somebody else, which is denied with the name of who
// answers for it. It is the shortest way to embed the library.
package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/surety-dev/surety/attest"
	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/policy"
	"github.com/surety-dev/surety/verify"
	"github.com/surety-dev/surety/verify/report"
)

//go:generate go run ./generate

//go:embed ownership.yaml policy.yaml api-1.4.2.txt keys evidence
var files embed.FS

func main() {
	if err := run(os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// run judges both, at a fixed time so that the answer stays the same.
func run(w io.Writer) error {
	model, err := ownership.Load(files, "ownership.yaml")
	if err != nil {
		return err
	}
	policies, err := policy.Load(files, "policy.yaml")
	if err != nil {
		return err
	}
	verifier, err := verify.New(model, policies, verify.Config{})
	if err != nil {
		return err
	}
	content, err := files.ReadFile("api-1.4.2.txt")
	if err != nil {
		return err
	}
	digest := sha256.Sum256(content)
	artifact, err := attest.NewArtifact("pkg:generic/payments/api@1.4.2", attest.Digests{"sha256": hex.EncodeToString(digest[:])})
	if err != nil {
		return err
	}
	for _, signed := range []string{"by-release-pipeline.json", "by-bob.json"} {
		evidence, err := attest.ReadFS(files, "evidence/"+signed, attest.Limits{})
		if err != nil {
			return err
		}
		verdict, err := verifier.Verify(context.Background(), verify.Request{
			Artifact: artifact, Environment: "production", Evidence: evidence,
			At: time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC), AtChosen: true,
		})
		if err != nil {
			return err
		}
		var text bytes.Buffer
		if err := report.Text(&text, verdict); err != nil {
			return err
		}
		if _, err := fmt.Fprintf(w, "== %s\n%s\n", signed, text.Bytes()); err != nil {
			return err
		}
	}
	return nil
}
