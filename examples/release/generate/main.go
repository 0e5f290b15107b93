// Command generate writes the keys and the evidence of the example, always the same.
package main

import (
	"crypto/sha256"
	"encoding/hex"
	"log"
	"os"
	"path/filepath"

	"github.com/surety-dev/surety/internal/fixture"
)

func main() {
	content, err := os.ReadFile("api-1.4.2.txt")
	if err != nil {
		log.Fatal(err)
	}
	digest := sha256.Sum256(content)
	statement := fixture.NewStatement(fixture.ProvenanceV1, hex.EncodeToString(digest[:]), fixture.Provenance("https://builder.acme.test/release")).JSON()
	release, bob := fixture.NewKey("example release"), fixture.NewKey("example bob")
	for path, data := range map[string][]byte{
		"keys/release.pub":                  []byte(release.PEM()),
		"keys/bob.pub":                      []byte(bob.PEM()),
		"evidence/by-release-pipeline.json": fixture.Sign(statement, release).JSON(),
		"evidence/by-bob.json":              fixture.Sign(statement, bob).JSON(),
	} {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			log.Fatal(err)
		}
		if err := os.WriteFile(path, data, 0o644); err != nil {
			log.Fatal(err)
		}
	}
}
