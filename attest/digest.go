package attest

import (
	"fmt"
	"maps"
	"slices"
)

// Digests are digests of one thing: algorithm to lower-case hexadecimal, the
// algorithms as in-toto's digest set names them ("sha256", "gitCommit", …).
// Nil is none.
type Digests map[string]string

// algorithm is a digest algorithm whose values can be checked.
type algorithm struct {
	name   string
	length int  // hexadecimal digits
	git    bool // SHA-1 or SHA-256, by the repository: length or 64
	strong bool // what may bind an artifact (design: sha256, sha384, sha512)
}

// algorithms are the known ones, in the order in which messages name them.
// Source: in-toto attestation, spec/v1/digest_set.md.
var algorithms = []algorithm{
	{name: "sha256", length: 64, strong: true}, {name: "sha384", length: 96, strong: true}, {name: "sha512", length: 128, strong: true},
	{name: "sha1", length: 40}, {name: "md5", length: 32}, {name: "sha224", length: 56},
	{name: "sha512_224", length: 56}, {name: "sha512_256", length: 64},
	{name: "sha3_224", length: 56}, {name: "sha3_256", length: 64}, {name: "sha3_384", length: 96}, {name: "sha3_512", length: 128},
	{name: "gitCommit", length: 40, git: true}, {name: "gitTree", length: 40, git: true},
	{name: "gitBlob", length: 40, git: true}, {name: "gitTag", length: 40, git: true},
	{name: "ripemd160", length: 40}, {name: "sm3", length: 64}, {name: "gost", length: 64},
}

var algorithmNames = func() names {
	known := make(names, len(algorithms))
	for i, a := range algorithms {
		known[i] = a.name
	}
	return known
}()

func algorithmNamed(name string) (algorithm, bool) {
	for _, a := range algorithms {
		if a.name == name {
			return a, true
		}
	}
	return algorithm{}, false
}

// flaw says what is wrong with a value of the algorithm, "" if nothing.
func (a algorithm) flaw(value string) string {
	if n := len(value); n != a.length && (!a.git || n != 64) {
		return fmt.Sprintf("its %s has %d digits; expected %d", a.name, n, a.length)
	}
	for i := range len(value) {
		if c := value[i]; (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return fmt.Sprintf("its %s is not lower-case hexadecimal", a.name)
		}
	}
	return ""
}

// DigestError says why [NewArtifact] refuses a digest.
type DigestError struct {
	// Algorithm is the algorithm as given, "" where digests are missing altogether.
	Algorithm string
	// Value is the value as given.
	Value string
	// Msg says what is wrong and what was expected.
	Msg string
}

// Error names the algorithm and what is wrong.
func (e *DigestError) Error() string {
	if e.Algorithm == "" {
		return "artifact digests: " + e.Msg
	}
	return fmt.Sprintf("artifact digest %s: %s", quote(e.Algorithm), e.Msg)
}

// check says whether every digest is well formed and one may bind an artifact.
func (d Digests) check() error {
	strong := false
	for _, name := range slices.Sorted(maps.Keys(d)) {
		value := d[name]
		a, known := algorithmNamed(name)
		if !known {
			return &DigestError{name, value, "is not a known algorithm; expected sha256, sha384, sha512 or another of in-toto's digest set"}
		}
		if flaw := a.flaw(value); flaw != "" {
			return &DigestError{name, value, flaw}
		}
		strong = strong || a.strong
	}
	if !strong {
		return &DigestError{Msg: "expected at least one of sha256, sha384 and sha512"}
	}
	return nil
}

// digests reads a digest set. Unknown algorithms are ignored. A known one with a
// wrong length or case gives a flaw, and no digests at all.
func (r *reader) digests() (digests Digests, flaw string) {
	for name := range r.members(algorithmNames, "subject-digests", MaxSubjectDigests) {
		value := r.text()
		a, _ := algorithmNamed(name)
		if f := a.flaw(value); f != "" {
			flaw = f
		}
		if digests == nil {
			digests = make(Digests, 1)
		}
		digests[name] = value
	}
	if flaw != "" {
		return nil, flaw
	}
	return digests, ""
}

func (d Digests) clone() Digests { return maps.Clone(d) }
