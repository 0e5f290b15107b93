package inspect

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/surety-dev/surety/attest"
	"github.com/surety-dev/surety/verify"
	"github.com/surety-dev/surety/verify/report"
)

const (
	// shownSubjects is how many subjects the text shows; all are in the JSON.
	shownSubjects = 8
	// shownBytes is how much of one value the text shows.
	shownBytes = 500
)

// Text writes an inspection for people. Its first line says that it is no verdict; every line of what
// no verified signature is over begins with "unverified". The error is the writer's.
func Text(w io.Writer, i Inspection) error {
	p := &page{}
	fmt.Fprintf(p, "NO VERDICT: %s\n\n", strings.TrimPrefix(Note, "no verdict: "))
	p.line("at", "%s", when(i.At))
	if m := i.Ownership; m == nil {
		p.line("ownership", "none given, so no key is known and nobody is named")
	} else {
		p.line("ownership", "%s version %d%s", m.Name, m.Version, map[bool]string{false: ", which is not in force then"}[m.InForce])
	}
	if len(i.Trust) == 0 {
		p.line("trust", "no root given, so no certificate verifies")
	}
	for _, t := range i.Trust {
		p.line("trust", "%s %s", t.ID, t.Digest)
	}
	if len(i.Items) == 0 {
		p.line("evidence", "none")
	}
	for _, it := range i.Items {
		p.item(it)
	}
	_, err := w.Write(p.Bytes())
	return err
}

// page is an inspection being written.
type page struct {
	bytes.Buffer
	mark string // before each label
}

// line writes a label and a value. Whatever the value holds becomes one line that a terminal only shows.
func (p *page) line(label, format string, values ...any) {
	fmt.Fprintf(p, "  %s%-11s %s\n", p.mark, label, shown(fmt.Sprintf(format, values...)))
}

// shown is a value as it may be written: printable and of bounded length.
func shown(s string) string {
	if len(s) > shownBytes {
		s = strings.ToValidUTF8(s[:shownBytes], "") + "…"
	}
	return report.Printable(s)
}

// when is a time as it is written.
func when(t verify.Time) string {
	if t.IsZero() {
		return "an unknown time"
	}
	return stamp(t.Time)
}

// item writes one item: what it is, its signatures, what it says.
func (p *page) item(it Item) {
	fmt.Fprintf(p, "\n%s\n", shown(strings.Join(it.Sources, ", ")))
	p.line("digest", "%s", it.Digest)
	p.line("format", "%s, %d bytes", it.Format, it.Size)
	if it.Unreadable != "" {
		p.line("unreadable", "%s", it.Unreadable)
		return
	}
	for _, s := range it.Signatures {
		p.signature(s)
	}
	if it.Verified != nil {
		by := "signed as above"
		if !slices.ContainsFunc(it.Signatures, func(s Signature) bool { return s.Verified && (s.Standing == nil || s.Standing.Code == "") }) {
			by = "signed as above, by nobody whose signature stands"
		}
		fmt.Fprintf(p, "  VERIFIED content: %s; whether it may be said, and whether it is true, is not judged\n", by)
		p.content(*it.Verified)
	}
	if it.Unverified != nil {
		fmt.Fprintf(p, "  UNVERIFIED content: no signature over it verifies, so anybody may have written it\n")
		p.mark = "unverified  "
		p.content(*it.Unverified)
		p.mark = ""
	}
}

// signature writes one signature: verified or not and why, who, when and whose credential that is.
func (p *page) signature(s Signature) {
	if !s.Verified {
		fmt.Fprintf(p, "  signature %d NOT VERIFIED: %s\n", s.Index, s.Code)
		p.line("why", "%s", s.Message)
		p.hints(s.Unverified)
		return
	}
	fmt.Fprintf(p, "  signature %d VERIFIED\n", s.Index)
	if id := s.Identity; id.Key != "" {
		p.line("key", "%s", id.Key)
	} else {
		p.line("signer", "%s", id.Subject)
		p.line("issuer", "%s", id.Issuer+id.Authority)
		p.claims(id.Claims)
	}
	for _, t := range s.Times {
		p.line("signed", "%s or before, vouched for by %s (%s)", when(t.At), t.Authority, t.Source)
	}
	if len(s.Times) == 0 && s.Code == "" {
		p.line("signed", "at a time nobody vouches for")
	}
	if s.Code != "" {
		p.line("but", "%s: %s", s.Code, s.Message)
	}
	p.standing(s.Standing)
	p.hints(s.Unverified)
}

// telling are the claims the text shows, those that say whose run it was and where; all are in the JSON.
var telling = []string{"sourceRepositoryURI", "githubWorkflowRepository", "sourceRepositoryRef", "githubWorkflowRef", "buildTrigger", "runnerEnvironment", "deploymentEnvironment", "tokenSubject"}

// claims writes what else a verified certificate names. Of what Fulcio says in an old form and a new
// one, the new one is enough.
func (p *page) claims(claims map[string]string) {
	left := len(claims)
	for _, name := range telling {
		newer := map[string]string{"githubWorkflowRepository": "sourceRepositoryURI", "githubWorkflowRef": "sourceRepositoryRef"}[name]
		if value := claims[name]; value != "" && claims[newer] == "" {
			p.line("claim", "%s %s", name, value)
			left--
		}
	}
	if left > 0 {
		p.line("claim", "and %d more", left)
	}
}

// standing writes whose credential it is, or why it binds to nobody.
func (p *page) standing(s *Standing) {
	if s == nil {
		return
	}
	if s.Credential != "" {
		owner := s.Owner
		if owner == "" {
			owner = "nobody"
		}
		p.line("credential", "%s, held by %s, owned by %s", s.Credential, strings.Join(s.Holders, " and "), owner)
		basis := map[string]string{"inspection": "the time of inspection", "certificate": "the certificate's beginning"}[s.Source]
		if basis == "" {
			basis = s.Source
		}
		p.line("state", "%s at %s (%s)", s.State, when(s.Judged), basis)
	}
	if s.Code != "" {
		p.line("but", "%s: %s", s.Code, s.Message)
	}
}

// hints writes what stands beside a signature, each line marked.
func (p *page) hints(h Hints) {
	p.mark = "unverified  "
	if h.KeyID != "" {
		p.line("key id", "%s", h.KeyID)
	}
	if c := h.Certificate; c != nil && c.Unreadable != "" {
		p.line("certificate", "that cannot be read: %s", c.Unreadable)
	} else if c != nil {
		p.line("certificate", "for %s", strings.Join(c.Subjects, " and "))
		if c.Issuer != "" {
			p.line("issuer", "%s", c.Issuer)
		}
		p.line("valid", "%s to %s", when(c.NotBefore), when(c.NotAfter))
	}
	if h.Certificate != nil && h.LogEntries+h.Timestamps > 0 {
		p.line("beside it", "%d log entries, %d timestamps", h.LogEntries, h.Timestamps)
	}
	p.mark = ""
}

// content writes what a statement says.
func (p *page) content(c Content) {
	p.line("statement", "%s", c.StatementType)
	p.line("predicate", "%s", c.PredicateType)
	for n, s := range c.Subjects {
		if n == shownSubjects {
			p.line("subject", "and %d more", len(c.Subjects)-n)
			break
		}
		name := strings.TrimSpace(s.Name + " " + s.URI)
		if name == "" {
			name = "without a name"
		}
		p.line("subject", "%s", name)
		for _, algorithm := range slices.Sorted(maps.Keys(s.Digests)) {
			p.line("", "%s:%s", algorithm, s.Digests[algorithm])
		}
		if s.Void != "" {
			p.line("", "void, it matches no artifact: %s", s.Void)
		}
	}
	label := "says"
	if attest.ViewOf(c.PredicateType) == attest.ViewProvenance {
		label = "provenance"
	}
	p.built(c.Claims, c.Unreadable, label)
	for n, part := range c.Collected {
		p.line("holds", "%d: %s", n, part.PredicateType)
		p.built(part.Claims, part.Unreadable, "provenance")
	}
	for _, said := range c.Says {
		p.line("says", "%s %s", said.Field, said.Value)
	}
}

// built writes what provenance says, or why it, or what else is labelled so, cannot be read.
func (p *page) built(c *Claims, unreadable, label string) {
	if unreadable != "" {
		p.line(label, "cannot be read: %s", unreadable)
	}
	if c != nil {
		p.provenance(*c)
	}
}

// provenance writes what the builder says.
func (p *page) provenance(c Claims) {
	for _, row := range [][2]string{{"builder", c.Builder}, {"build type", c.BuildType}, {"run", c.Invocation}, {"source", c.Source}, {"ref", c.Ref}} {
		if row[1] != "" {
			p.line(row[0], "%s", row[1])
		}
	}
	for _, algorithm := range slices.Sorted(maps.Keys(c.Revision)) {
		p.line("revision", "%s:%s", algorithm, c.Revision[algorithm])
	}
	if !c.Started.IsZero() || !c.Finished.IsZero() {
		p.line("built", "from %s to %s, as the builder claims", when(c.Started), when(c.Finished))
	}
}
