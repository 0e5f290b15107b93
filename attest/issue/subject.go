package issue

import (
	"errors"
	"fmt"
	"strings"

	"github.com/surety-dev/surety/attest"
)

// About is the subject of a statement about an artifact: its name and digests.
func About(a attest.Artifact) attest.Subject {
	return attest.Subject{Name: a.Name(), Digests: a.Digests()}
}

// Commit is the subject of an approval of a commit: 40 or 64 lower-case hex digits, and the repository's URI
// as provenance names it, without "git+" before it and "@ref" behind it.
func Commit(repository, commit string) attest.Subject {
	return attest.Subject{URI: repository, Digests: attest.Digests{"gitCommit": commit}}
}

// checkArtifact says what keeps a subject from binding to an artifact.
func checkArtifact(s attest.Subject) error {
	if s.URI != "" || s.Void != "" {
		return errors.New("has more than a name and digests: expected an artifact")
	}
	_, err := attest.NewArtifact(s.Name, s.Digests)
	return err
}

// checkCommit says what keeps a subject from binding to a commit.
func checkCommit(s attest.Subject) error {
	if s.Name != "" || s.Void != "" || len(s.Digests) != 1 {
		return errors.New("has more than a repository and a commit")
	}
	scheme, rest, ok := strings.Cut(s.URI, "://")
	if !ok || scheme == "" || rest == "" || strings.HasPrefix(s.URI, "git+") || strings.ContainsAny(s.URI, "@#? ") {
		return fmt.Errorf("has the repository %q: expected a URI without git+, @ref, # and ?, such as https://github.com/acme/payments", s.URI)
	}
	return nil
}

// isCommit reports whether a subject is meant to be a commit.
func isCommit(s attest.Subject) bool { return s.Digests["gitCommit"] != "" }
