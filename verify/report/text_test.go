package report_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/surety-dev/surety/verify"
	"github.com/surety-dev/surety/verify/report"
)

// written is what Text writes of a verdict.
func written(t *testing.T, v verify.Verdict) string {
	t.Helper()
	var b bytes.Buffer
	if err := report.Text(&b, v); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func on(day int) verify.Time { return verify.Time{Time: time.Date(2026, 6, day, 9, 0, 0, 0, time.UTC)} }

// TestText: who approved, what was waived and which revocation lists were used stand in the text, each with all
// that the verdict has of it; without them nothing is said of them.
func TestText(t *testing.T) {
	t.Parallel()
	files := verify.Inputs{Evidence: []verify.EvidenceInput{{Digest: "sha256:aa", Sources: []string{"a.json"}}}}
	stampedAt := verify.SignedAt{NotAfter: on(1), Source: "rfc3161", Authority: "corp-tsa"}
	for _, row := range []struct {
		name    string
		verdict verify.Verdict
		title   string
		want    []string
	}{
		{"an approval by digest", verify.Verdict{Approvals: []verify.Approval{{Evidence: "sha256:aa", Person: "alice", Teams: []string{"office", "release"}, Kind: "approver", Via: "digest", SignedAt: stampedAt}}},
			"Approved by", []string{"alice  of office, release  this artifact, by its digest  by 2026-06-01T09:00:00Z, as a timestamp authority signed (corp-tsa)  a.json"}},
		{"an approval of the commit, by a witness, that ends", verify.Verdict{Approvals: []verify.Approval{{Evidence: "sha256:bb", Person: "bob", Kind: "witness", Via: "source", Expires: on(9)}}},
			"Approved by", []string{"bob  as a witness reports  the commit it was built from, as the provenance says, until 2026-06-09T09:00:00Z  at some time before it was judged; nobody vouches for when  sha256:bb"}},
		{"what was enforced", verify.Verdict{Approvals: []verify.Approval{{Evidence: "sha256:bb", Kind: "witness", Via: "source"}}}, "Approved by", []string{"nobody by name: what was enforced is said  as a witness reports"}},
		{"what evidence says cannot write to a terminal", verify.Verdict{Exceptions: []verify.Exception{{Rules: []string{"r"}, Reason: "\x1b[2Jx\ny"}}}, "Admitted by exception", []string{"because   \uFFFD[2Jx\uFFFDy\n"}},
		{"an exception", verify.Verdict{Exceptions: []verify.Exception{{Evidence: "sha256:aa", Rules: []string{"evidence:tests", "trusted-builder"}, RequestedBy: "alice", ApprovedBy: []string{"gina", "hugo"}, Reason: "the builder is down",
			Incident: "INC-7", ValidFrom: on(1), ValidUntil: on(3), ReviewDue: on(8), ReviewOwner: "office"}}},
			"Admitted by exception", []string{"evidence:tests, trusted-builder waived from 2026-06-01T09:00:00Z until 2026-06-03T09:00:00Z\n", "because   the builder is down (INC-7)\n", "granted   by gina, hugo, asked for by alice\n",
				"review    due by 2026-06-08T09:00:00Z, by team office\n", "evidence  a.json\n"}},
		{"a revocation list", verify.Verdict{Revocations: []verify.RevocationList{{Evidence: "sha256:aa", Number: 7, IssuedAt: on(1), NextUpdate: on(2), Entries: 1, Refused: []string{"k"}, Fresh: []string{"l", "m"},
			Signers: []verify.ListSigner{{Credential: "erin-key", Holder: "erin", Teams: []string{"security", "vault"}}, {Credential: "erin-second", Holder: "erin", Teams: []string{"security", "vault"}}, {Credential: "shared", Teams: []string{"vault"}}}}}},
			"Revocation lists", []string{"number 7 of 2026-06-01T09:00:00Z, the next by 2026-06-02T09:00:00Z\n", "signed    by erin for security, vault; several holders for vault\n",
				"says      that one credential is revoked; it refused what was signed with k; it is fresh for l, m\n", "evidence  a.json\n"}},
		{"a revocation list of nothing", verify.Verdict{Revocations: []verify.RevocationList{{}}}, "Revocation lists", []string{"says      that nothing is revoked that its signers may revoke\n"}},
		{"a revocation list of several", verify.Verdict{Revocations: []verify.RevocationList{{Entries: 2}}}, "Revocation lists", []string{"says      in 2 entries what is revoked\n"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			row.verdict.Inputs = files
			text := written(t, row.verdict)
			for _, want := range append(row.want, "\n"+row.title+"\n") {
				if !strings.Contains(text, want) {
					t.Errorf("no %q:\n%s", want, text)
				}
			}
			if strings.Contains(written(t, verify.Verdict{Inputs: files}), row.title) {
				t.Errorf("%s of a verdict without any", row.title)
			}
		})
	}
}
