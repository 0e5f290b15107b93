package attest_test

import (
	"context"
	"fmt"
	"strings"
	"testing/fstest"

	"github.com/surety-dev/surety/attest"
)

func ExampleParse() {
	data := []byte(envelope(good) + "\n" + `{"payloadType":"text/plain"}`)
	for _, it := range attest.Parse("release.jsonl", data, attest.Limits{}) {
		if err := it.Err(); err != nil {
			fmt.Println("unreadable:", err)
			continue
		}
		fmt.Println(it.Sources()[0], it.Format(), it.Statement().PredicateType)
	}
	// Output:
	// release.jsonl:1 dsse https://example.test/p/v1
	// unreadable: release.jsonl:2: $.payloadType: is "text/plain"; expected "application/vnd.in-toto+json"
}

func ExampleNewArtifact() {
	_, err := attest.NewArtifact("pkg:github/Acme/Payments@v1.4.2", attest.Digests{"sha256": sha})
	fmt.Println(err)
	// Output:
	// artifact name "pkg:github/Acme/Payments@v1.4.2": is not spelt as its type defines; expected "pkg:github/acme/payments@v1.4.2"
}

func ExampleArtifact_BoundBy() {
	a, err := attest.NewArtifact("pkg:npm/%40acme/x@1.0.0", attest.Digests{"sha256": sha})
	if err != nil {
		panic(err)
	}
	// One registry key signs for every package: the digest alone does not say whose it is.
	fmt.Println(a.BoundBy(&attest.Statement{Subjects: []attest.Subject{
		{Name: "pkg:npm/%40acme/x@1.0.0", Digests: attest.Digests{"sha256": sha}},
	}}))
	fmt.Println(a.BoundBy(&attest.Statement{Subjects: []attest.Subject{
		{Name: "pkg:npm/evil@1.0.0", Digests: attest.Digests{"sha256": sha}},
	}}))
	// Output:
	// <nil>
	// subject "pkg:npm/evil@1.0.0": its package namespace is ""; expected "@acme"
}

func ExampleStatement_Provenance() {
	// Act on it only after a signature over the envelope has been verified.
	st := attest.Parse("", slsaEnvelope(), attest.Limits{})[0].Statement()
	p, err := st.Provenance()
	if err != nil {
		panic(err)
	}
	fmt.Println(p.Builder)
	fmt.Println(p.Source.URI, p.Source.Ref)
	// Output:
	// https://github.com/actions/runner/github-hosted
	// https://github.com/acme/payments refs/tags/v1.4.2
}

func ExampleRead() {
	items, err := attest.Read("stdin", strings.NewReader(envelope(good)), attest.Limits{})
	if err != nil {
		panic(err) // the reader's; what is wrong with evidence is the item's
	}
	fmt.Println(len(items), items[0].Sources()[0], items[0].Err())
	// Output: 1 stdin <nil>
}

func ExampleReadFS() {
	files := fstest.MapFS{
		"evidence/provenance.json":   {Data: []byte(envelope(good))},
		"evidence/tests/report.json": {Data: []byte("rubbish")},
	}
	items, err := attest.ReadFS(files, "evidence", attest.Limits{})
	if err != nil {
		panic(err)
	}
	for _, it := range items {
		fmt.Println(it.Sources()[0], it.Err() == nil)
	}
	// Output:
	// evidence/provenance.json true
	// evidence/tests/report.json false
}

// A service builds an index once, asks it for the evidence of each artifact, and gives that to Verify.
func ExampleIndexFS() {
	var evidence attest.Finder
	evidence, err := attest.IndexFS(fstest.MapFS{
		"evidence/hello.json": {Data: []byte(envelope(good))},
		"evidence/other.json": {Data: []byte(about("https://example.test/p/v1", with("other", "sha256", shaB)))},
		"evidence/broken":     {Data: []byte("rubbish")},
	}, "evidence", attest.Limits{})
	if err != nil {
		panic(err)
	}
	found, err := evidence.Find(context.Background(), attest.Digests{"sha256": sha})
	if err != nil {
		panic(err) // not judged: never the same as no evidence
	}
	for _, it := range found {
		fmt.Println(it.Sources()[0])
	}
	// Unordered output:
	// evidence/hello.json
	// evidence/broken
}

func ExampleNewIndex() {
	items := attest.Parse("release.jsonl", []byte(envelope(good)+"\n"+envelope(good)), attest.Limits{})
	index, err := attest.NewIndex(items)
	if err != nil {
		panic(err)
	}
	found, err := index.Find(context.Background(), attest.Digests{"sha256": sha})
	fmt.Println(len(found), found[0].Sources(), err)
	// Output: 1 [release.jsonl:1 release.jsonl:2] <nil>
}
