package attest_test

import (
	"fmt"

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
