package attest

import "time"

// SourceProvenance is one view of SLSA source provenance and tag provenance, drafts and v1: what a source
// control system enforced when a branch or tag came to point to the commit that is the statement's subject.
// UNVERIFIED, like the statement it is decoded from; read-only. Required are the repository, the branch or
// tag, and each control's name. Names are read as JSON tags and as protojson write them, for the tool has written both.
// Source: github.com/slsa-framework/source-tool, docs/DESIGN.md; slsa-framework/protos, sourcetool/v1.
type SourceProvenance struct {
	// Repository is the repository's URI (repo_uri).
	Repository string
	// Ref is the branch or tag as written ("refs/heads/main").
	Ref string
	// Actor is who pushed, by the name the system has for them.
	Actor string
	// Activity is how it was pushed ("pr_merge", "push"); "" of a tag, or if not said.
	Activity string
	// Previous is the commit the branch pointed to before (prev_commit); "" of a tag, or if not said.
	Previous string
	// ClaimedAt is when the provenance was made (created_on), in UTC: a claim. Zero if not said.
	ClaimedAt time.Time
	// Controls are those that were enforced.
	Controls []SourceControl
	// Summaries are what verification summaries said of a tag's commit (vsa_summaries); nil of a branch.
	Summaries []SourceSummary
}

// SourceControl is one control a source control system enforced.
type SourceControl struct {
	// Name is the control's name ("CONTINUITY_ENFORCED").
	Name string
	// Since is from when it has been enforced without a gap, in UTC: a claim. Zero if not said.
	Since time.Time
}

// SourceSummary is what one verification summary said of a commit.
type SourceSummary struct {
	// Refs are the branches and tags it is about (source_refs).
	Refs []string
	// Levels are what it verified (verifiedLevels).
	Levels []string
}

// SourceProvenance decodes the predicate, once; it is safe for use by many goroutines. Both results are
// nil if the predicate has no [ViewSource]; an error is a [*SyntaxError] or a [*LimitError].
func (st *Statement) SourceProvenance() (*SourceProvenance, error) {
	return as[SourceProvenance](st.decode(ViewSource))
}

// The names of the predicates, each in both spellings, the tag's own ones of JSON first.
var (
	branchNames   = names{"repo_uri", "branch", "actor", "activity_type", "prev_commit", "created_on", "controls", "repoUri", "activityType", "prevCommit", "createdOn"}
	tagNames      = names{"repo_uri", "tag", "actor", "created_on", "controls", "vsa_summaries", "repoUri", "createdOn", "vsaSummaries"}
	controlNames  = names{"name", "since"}
	controlMust   = names{"name"}
	summariesName = names{"source_refs", "sourceRefs", "verifiedLevels", "verified_levels"}
)

func (r *reader) branchProvenance() any { return r.sourceProvenance(branchNames, "branch") }
func (r *reader) tagProvenance() any    { return r.sourceProvenance(tagNames, "tag") }

func (r *reader) sourceProvenance(known names, ref string) any {
	s, seen := new(SourceProvenance), map[string]bool{}
	for name := range r.object(known) {
		switch r.spelling(seen, name) {
		case "repouri":
			s.Repository = r.needed()
		case "branch", "tag":
			s.Ref = r.needed()
		case "actor":
			s.Actor = r.optional()
		case "activitytype":
			s.Activity = r.optional()
		case "prevcommit":
			s.Previous = r.optional()
		case "createdon":
			s.ClaimedAt = r.time()
		case "controls":
			s.Controls = r.sourceControls()
		case "vsasummaries":
			s.Summaries = r.sourceSummaries()
		}
	}
	if s.Repository == "" {
		r.fail("has no repo_uri")
	}
	if s.Ref == "" {
		r.fail("has no %s", ref)
	}
	return s
}

func (r *reader) sourceControls() (list []SourceControl) {
	if r.null() {
		return nil
	}
	for range r.entries() {
		var c SourceControl
		for name := range r.whole(controlNames, controlMust) {
			if name == "name" {
				c.Name = r.needed()
			} else {
				c.Since = r.time()
			}
		}
		list = append(list, c)
	}
	return list
}

func (r *reader) sourceSummaries() (list []SourceSummary) {
	if r.null() {
		return nil
	}
	for range r.entries() {
		var s SourceSummary
		seen := map[string]bool{}
		for name := range r.object(summariesName) {
			if r.spelling(seen, name) == "sourcerefs" {
				s.Refs = r.optionalTexts()
			} else {
				s.Levels = r.optionalTexts()
			}
		}
		list = append(list, s)
	}
	return list
}
