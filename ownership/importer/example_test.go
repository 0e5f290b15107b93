package importer_test

import (
	"fmt"
	"testing/fstest"
	"time"

	"github.com/surety-dev/surety/ownership/importer"
)

// A CODEOWNERS file says who reviews what is made in a directory; the caller says what that is.
func ExampleImport() {
	fsys := fstest.MapFS{"ownership.yaml": {Data: []byte(`apiVersion: surety.dev/v1alpha1
kind: Ownership
metadata: {name: acme, version: 1, effectiveFrom: 2026-01-01T00:00:00Z}
people:
  - {id: alice, from: 2023-04-01T00:00:00Z, accounts: ["github-login:alice-acme"]}   # our first
`)}}
	codeowners := importer.Source{Format: "codeowners", Path: "CODEOWNERS", Data: []byte("* @alice-acme @somebody\n")}
	result, err := importer.Import(importer.Document{FS: fsys, Name: "ownership.yaml"}, []importer.Source{codeowners}, importer.Options{
		At:     time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC),
		Scopes: []importer.Scope{{Path: "./", Artifacts: "pkg:generic/payments/**"}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%s", result.Document)
	for _, f := range result.Findings {
		fmt.Println(f.Text())
	}
	// Output:
	// apiVersion: surety.dev/v1alpha1
	// kind: Ownership
	// metadata: {name: acme, version: 1, effectiveFrom: 2026-01-01T00:00:00Z}
	// people:
	//   - {id: alice, from: 2023-04-01T00:00:00Z, accounts: ["github-login:alice-acme"]}   # our first
	// grants:
	//   - {to: alice, may: [review], artifacts: ["pkg:generic/payments/**"], from: 2026-11-20T00:00:00Z, sources: ["CODEOWNERS:1"]}
	// CODEOWNERS:1: unresolved: "@somebody": nobody in the document has the account "github-login:somebody"
	// ownership.yaml:3: version-unchanged: the facts change and the version, 1, does not: count it up before the document is used
}
