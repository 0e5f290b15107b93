package inspect_test

import (
	"context"
	"fmt"
	"log"
	"os"
	"strings"
	"testing/fstest"
	"time"

	"github.com/surety-dev/surety/attest"
	"github.com/surety-dev/surety/internal/fixture"
	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/verify/inspect"
)

const exampleModel = `apiVersion: surety.dev/v1alpha1
kind: Ownership
metadata: {name: acme, version: 1, effectiveFrom: 2026-01-01T00:00:00Z}
workloads: [{id: release-pipeline}]
credentials:
  - {id: release-2026, holder: release-pipeline, key: {file: release.pub}, states: [{state: active, from: 2026-01-01T00:00:00Z}]}
`

// ExampleInspect looks at an envelope before there is a policy for it: which credential signed it, and what it
// says. Nothing here admits anything.
func ExampleInspect() {
	documents := fstest.MapFS{
		"ownership.yaml": {Data: []byte(exampleModel)},
		"release.pub":    {Data: []byte(fixture.NewKey("release").PEM())},
	}
	model, err := ownership.Load(documents, "ownership.yaml")
	if err != nil {
		log.Fatal(err)
	}
	statement := fixture.NewStatement("https://acme.test/note/v1", strings.Repeat("0", 64), nil)
	envelope := fixture.Sign(statement.JSON(), fixture.NewKey("release")).JSON()

	now := time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)
	inspection, err := inspect.Inspect(context.Background(), attest.Parse("note.json", envelope, attest.Limits{}), now, inspect.Config{Ownership: model})
	if err != nil {
		log.Fatal(err)
	}
	item := inspection.Items[0]
	fmt.Println(item.Signatures[0].Standing.Credential, "signed", item.Verified.PredicateType)
	fmt.Println()
	if err := inspect.Text(os.Stdout, inspection); err != nil {
		log.Fatal(err)
	}
	// Output:
	// release-2026 signed https://acme.test/note/v1
	//
	// NO VERDICT: this says what evidence holds and what of it verifies, and judges nothing
	//
	//   at          2026-06-01T12:00:00Z
	//   ownership   acme version 1
	//   trust       no root given, so no certificate verifies
	//
	// note.json
	//   digest      sha256:b70c3a19c7f8bcedf76556d7ad7f3fff711eaed51bb75397665a9d25a9918eb3
	//   format      dsse, 548 bytes
	//   signature 0 VERIFIED
	//   key         a1eb81dbdeb1fd470c8ee4df093cdc494ce2e96a5edf77c1bee7492c9964d85d
	//   signed      at a time nobody vouches for
	//   credential  release-2026, held by release-pipeline, owned by nobody
	//   state       active at 2026-06-01T12:00:00Z (the time of inspection)
	//   unverified  key id      a1eb81dbdeb1fd470c8ee4df093cdc494ce2e96a5edf77c1bee7492c9964d85d
	//   VERIFIED content: signed as above; whether it may be said, and whether it is true, is not judged
	//   statement   https://in-toto.io/Statement/v1
	//   predicate   https://acme.test/note/v1
	//   subject     artifact
	//               sha256:0000000000000000000000000000000000000000000000000000000000000000
}
