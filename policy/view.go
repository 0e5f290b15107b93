package policy

import (
	"errors"
	"fmt"
	"reflect"
	"time"

	"cel.dev/cel-go/common/types"

	"github.com/surety-dev/surety/attest"
)

// This file is what rules see of predicates: a field of the attestation for each view, and the object
// types of the views. Adding a view is adding its rows.

// viewFields are the views of an attestation. One that is not its predicate type's is an error, as is one
// of a predicate that cannot be decoded; has() asks for the type, so that it hides nothing malformed.
var viewFields = []field{
	viewed(attest.ViewProvenance, provenanceType, (*attest.Statement).Provenance, "provenance", "SLSA provenance in one form; an error for other predicate types"),
	viewed(attest.ViewSummary, summaryType, (*attest.Statement).Summary, "a summary of a verification", "what a verifier found, in one form"),
	viewed(attest.ViewTest, testType, (*attest.Statement).TestResult, "a test result", "the result of a run of tests"),
	viewed(attest.ViewRelease, releaseType, (*attest.Statement).Release, "a release", "which release the subjects are, by the registry's word"),
	viewed(attest.ViewVulnerabilities, vulnerabilitiesType, (*attest.Statement).Vulnerabilities, "a vulnerability scan", "what a scan for vulnerabilities found, in one form"),
	viewed(attest.ViewSCAI, scaiType, (*attest.Statement).SCAI, "an attribute report", "what is asserted of the subjects"),
	viewed(attest.ViewLink, linkType, (*attest.Statement).Link, "a link", "one step of a supply chain; its products are the subjects"),
	viewed(attest.ViewTrace, traceType, (*attest.Statement).Trace, "a runtime trace", "what a monitor saw of a process"),
	viewed(attest.ViewSource, sourceProvenanceType, (*attest.Statement).SourceProvenance, "source provenance", "what was enforced when a branch or tag came to point to the commit, in one form"),
	viewed(attest.ViewPublish, publishType, (*attest.Statement).Publish, "a publish attestation", "what a registry published"),
	viewed(attest.ViewSBOM, sbomType, (*attest.Statement).SBOM, "a bill of materials", "the head of a bill of materials, in one form"),
	viewed(attest.ViewApproval, approvalViewType, (*attest.Statement).Approval, "an approval", "an approval as it is written; who approved, and whether it counts, is in approvals"),
	viewed(attest.ViewException, exceptionType, (*attest.Statement).Exception, "an exception", "an exception as it is written; whether it waives anything is not for a rule to say"),
	viewed(attest.ViewRevocation, revocationType, (*attest.Statement).Revocation, "a revocation list", "a revocation list as it is written"),
	viewed(attest.ViewDrill, drillType, (*attest.Statement).Drill, "a drill", "who went through which scenario, and how it came out"),
	viewed(attest.ViewChange, changeType, (*attest.Statement).ChangeApproval, "an approval of a change", "which change of a branch or tag somebody approved, as gittuf writes it; who approved, and whether it counts, is in approvals"),
	viewed(attest.ViewReviews, reviewsType, (*attest.Statement).Reviews, "reviews of GitHub", "what a witness says that GitHub's API gave of reviews; who approved, and whether it counts, is in approvals"),
}

// viewLayout is what became of the supply chain of an in-toto layout: no part of its predicate, and so no
// view of package attest.
const viewLayout attest.View = "layout"

// layoutField is the field of it.
var layoutField = field{string(viewLayout), layoutType, access{
	get: func(a any) (any, error) {
		v := a.(*view)
		if v.Layout == nil {
			return nil, fmt.Errorf("%s is not a layout", v.Statement.PredicateType)
		}
		return v.Layout, nil
	},
	there: func(a any) bool { return a.(*view).Layout != nil },
}, "an in-toto layout whose supply chain passed; an error for other predicate types"}

// viewOf gives the view a predicate type has; "" for none.
func viewOf(predicateType string) attest.View {
	if predicateType == attest.LayoutType {
		return viewLayout
	}
	return attest.ViewOf(predicateType)
}

// viewed makes the field of a view; noun is what a predicate that has it is.
func viewed[T any](v attest.View, typ *types.Type, decode func(*attest.Statement) (*T, error), noun, doc string) field {
	return field{string(v), typ, access{
		get: func(a any) (any, error) {
			st := a.(*view).Statement
			decoded, err := decode(st)
			if err != nil {
				return nil, err
			}
			if decoded == nil {
				return nil, fmt.Errorf("%s is not %s", st.PredicateType, noun)
			}
			return decoded, nil
		},
		there: func(a any) bool { return attest.ViewOf(a.(*view).Statement.PredicateType) == v },
	}, doc}
}

// result reads whether a verification passed, which a simple verification result does not say: an error of
// that predicate type, as a view of another type is, so that lint has nothing to say of it.
func result(v any) (any, error) {
	s := v.(*attest.Summary)
	if s.Result == "" {
		return nil, errors.New("a simple verification result has no result: expected levels to be read")
	}
	return s.Result == "PASSED", nil
}

// ruleSuite reads how rules judged a push, which is an error where a witness does not say.
func ruleSuite(v any) (any, error) {
	s := v.(*attest.Reviews).RuleSuite
	if s == nil {
		return nil, errors.New("ruleSuite is not there")
	}
	return s, nil
}

// counted reads a count, which is an error where nothing was counted.
func counted[T any](name string, read func(T) int64) access {
	return access{errs: true, get: func(v any) (any, error) {
		n := read(v.(T))
		if n < 0 {
			return nil, fmt.Errorf("%s are not recorded", name)
		}
		return n, nil
	}}
}

var (
	provenanceType       = objectType("Provenance")
	sourceType           = objectType("Source")
	materialType         = objectType("Material")
	resourceType         = objectType("Resource")
	summaryType          = objectType("Summary")
	testType             = objectType("TestResult")
	releaseType          = objectType("Release")
	vulnerabilitiesType  = objectType("Vulnerabilities")
	databaseType         = objectType("Database")
	vulnerabilityType    = objectType("Vulnerability")
	severityType         = objectType("Severity")
	scaiType             = objectType("SCAI")
	attributeType        = objectType("Attribute")
	linkType             = objectType("Link")
	traceType            = objectType("Trace")
	sourceProvenanceType = objectType("SourceProvenance")
	sourceControlType    = objectType("SourceControl")
	sourceSummaryType    = objectType("SourceSummary")
	publishType          = objectType("Publish")
	sbomType             = objectType("SBOM")
	exceptionType        = objectType("Exception")
	revocationType       = objectType("Revocation")
	revocationEntryType  = objectType("RevocationEntry")
	drillType            = objectType("Drill")
	participantType      = objectType("DrillParticipant")
	changeType           = objectType("ChangeApproval")
	reviewsType          = objectType("Reviews")
	reviewType           = objectType("Review")
	runApprovalType      = objectType("RunApproval")
	ruleSuiteType        = objectType("RuleSuite")
	approvalViewType     = objectType("ApprovalPredicate") // an Approval is one that counts
	resourceList         = types.NewListType(resourceType)
	countMap             = types.NewMapType(types.StringType, types.IntType)
)

// viewObjects are the views and what they are made of.
var viewObjects = table{
	reflect.TypeFor[*attest.Provenance](): {name: "Provenance", typ: provenanceType, fields: []field{
		{"builder", types.StringType, get(func(p *attest.Provenance) any { return p.Builder }), "the builder's id"},
		{"buildType", types.StringType, get(func(p *attest.Provenance) any { return p.BuildType }), "how to read the parameters"},
		{"source", sourceType, get(func(p *attest.Provenance) any { return &p.Source }), "what was built"},
		{"invocation", types.StringType, get(func(p *attest.Provenance) any { return p.Invocation }), "the run's id, as the builder claims"},
		{"started", types.TimestampType, moment("started", func(p *attest.Provenance) time.Time { return p.Started }), "a claim of the builder"},
		{"finished", types.TimestampType, moment("finished", func(p *attest.Provenance) time.Time { return p.Finished }), "a claim of the builder"},
		{"materials", types.NewListType(materialType), get(func(p *attest.Provenance) any { return pointers(p.Materials) }), "what went in"},
		{"parameters", types.DynType, raw(func(p *attest.Provenance) attest.Raw { return p.Parameters }), "the external parameters"},
	}},
	reflect.TypeFor[*attest.Source](): {name: "Source", typ: sourceType, fields: []field{
		{"uri", types.StringType, get(func(s *attest.Source) any { return s.URI }), "the repository, without git+ and @ref"},
		{"digest", stringMap, get(func(s *attest.Source) any { return map[string]string(s.Digests) }), "the commit"},
		{"ref", types.StringType, get(func(s *attest.Source) any { return s.Ref }), "the branch or tag, in full"},
	}},
	reflect.TypeFor[*attest.Material](): {name: "Material", typ: materialType, fields: []field{
		{"name", types.StringType, get(func(m *attest.Material) any { return m.Name }), ""},
		{"uri", types.StringType, get(func(m *attest.Material) any { return m.URI }), ""},
		{"digest", stringMap, get(func(m *attest.Material) any { return map[string]string(m.Digests) }), "algorithm to hex"},
	}},
	reflect.TypeFor[*attest.Resource](): {name: "Resource", typ: resourceType, fields: []field{
		{"name", types.StringType, get(func(r *attest.Resource) any { return r.Name }), "'' if none"},
		{"uri", types.StringType, get(func(r *attest.Resource) any { return r.URI }), "'' if none"},
		{"location", types.StringType, get(func(r *attest.Resource) any { return r.Location }), "where it is to be had; '' if not said"},
		{"mediaType", types.StringType, get(func(r *attest.Resource) any { return r.MediaType }), "'' if not said"},
		{"digest", stringMap, get(func(r *attest.Resource) any { return map[string]string(r.Digests) }), "algorithm to hex; empty if one of a known algorithm is malformed"},
	}},
	reflect.TypeFor[*attest.Summary](): {name: "Summary", typ: summaryType, fields: []field{
		{"verifier", types.StringType, get(func(s *attest.Summary) any { return s.Verifier }), "the verifier's id; whether the signer speaks for it is for the rule to say"},
		{"claimedAt", types.TimestampType, moment("claimedAt", func(s *attest.Summary) time.Time { return s.ClaimedAt }), "when it verified: a claim of the verifier"},
		{"resource", types.StringType, get(func(s *attest.Summary) any { return s.Resource }), "the URI the artifact was verified as; '' of a simple verification result"},
		{"policies", resourceList, get(func(s *attest.Summary) any { return pointers(s.Policies) }), "what it was verified against; of a verification summary one"},
		{"inputs", resourceList, get(func(s *attest.Summary) any { return pointers(s.Inputs) }), "the attestations that were used"},
		{"result", types.StringType, get(func(s *attest.Summary) any { return s.Result }), "PASSED or FAILED; '' of a simple verification result"},
		{"passed", types.BoolType, access{get: result}, "whether the result is PASSED; an error of a simple verification result, which has none"},
		{"levels", stringList, get(func(s *attest.Summary) any { return s.Levels }), "the levels and properties that were verified, none where the result is FAILED: ask for those there must be, for all() holds of none; a SLSA level implies those below it, which are not listed"},
		{"dependencies", countMap, get(func(s *attest.Summary) any { return s.Dependencies }), "level to the number of dependencies verified at it"},
	}},
	reflect.TypeFor[*attest.TestResult](): {name: "TestResult", typ: testType, fields: []field{
		{"result", types.StringType, get(func(t *attest.TestResult) any { return t.Result }), "PASSED, WARNED or FAILED"},
		{"passed", types.BoolType, get(func(t *attest.TestResult) any { return t.Result == "PASSED" }), "whether the result is PASSED"},
		{"configuration", resourceList, get(func(t *attest.TestResult) any { return pointers(t.Configuration) }), "what the run was configured by"},
		{"url", types.StringType, get(func(t *attest.TestResult) any { return t.URL }), "where the run is to be seen; '' if not said"},
		{"passedTests", stringList, get(func(t *attest.TestResult) any { return t.PassedTests }), "names"},
		{"warnedTests", stringList, get(func(t *attest.TestResult) any { return t.WarnedTests }), "names"},
		{"failedTests", stringList, get(func(t *attest.TestResult) any { return t.FailedTests }), "names"},
	}},
	reflect.TypeFor[*attest.Release](): {name: "Release", typ: releaseType, fields: []field{
		{"purl", types.StringType, get(func(r *attest.Release) any { return r.PURL }), "the package URL, with a version, as written"},
		{"releaseId", types.StringType, get(func(r *attest.Release) any { return r.ReleaseID }), "the registry's id of the release; '' if none"},
		{"packageId", types.StringType, get(func(r *attest.Release) any { return r.PackageID }), "the registry's id of the package, the same for all its releases; '' if none"},
	}},
	reflect.TypeFor[*attest.Vulnerabilities](): {name: "Vulnerabilities", typ: vulnerabilitiesType, fields: []field{
		{"scanner", types.StringType, get(func(v *attest.Vulnerabilities) any { return v.Scanner }), "the scanner's URI"},
		{"scannerVersion", types.StringType, get(func(v *attest.Vulnerabilities) any { return v.ScannerVersion }), "'' if not said"},
		{"database", databaseType, get(func(v *attest.Vulnerabilities) any { return &v.Database }), "what the scanner knew by"},
		{"findings", types.NewListType(vulnerabilityType), get(func(v *attest.Vulnerabilities) any { return pointers(v.Findings) }), "what was found; empty: nothing"},
		{"started", types.TimestampType, moment("started", func(v *attest.Vulnerabilities) time.Time { return v.Started }), "a claim of the scanner"},
		{"finished", types.TimestampType, moment("finished", func(v *attest.Vulnerabilities) time.Time { return v.Finished }), "a claim of the scanner"},
	}},
	reflect.TypeFor[*attest.Database](): {name: "Database", typ: databaseType, fields: []field{
		{"uri", types.StringType, get(func(d *attest.Database) any { return d.URI }), "'' if not said"},
		{"version", types.StringType, get(func(d *attest.Database) any { return d.Version }), "'' if not said"},
		{"updated", types.TimestampType, moment("updated", func(d *attest.Database) time.Time { return d.Updated }), "when it was last updated: a claim of the scanner"},
	}},
	reflect.TypeFor[*attest.Vulnerability](): {name: "Vulnerability", typ: vulnerabilityType, fields: []field{
		{"id", types.StringType, get(func(v *attest.Vulnerability) any { return v.ID }), "such as a CVE's"},
		{"severities", types.NewListType(severityType), get(func(v *attest.Vulnerability) any { return pointers(v.Severities) }), "one for each method"},
	}},
	reflect.TypeFor[*attest.Severity](): {name: "Severity", typ: severityType, fields: []field{
		{"method", types.StringType, get(func(s *attest.Severity) any { return s.Method }), "as the scanner calls it"},
		{"score", types.StringType, get(func(s *attest.Severity) any { return s.Score }), "as the method writes it: a word or a number"},
	}},
	reflect.TypeFor[*attest.SCAI](): {name: "SCAI", typ: scaiType, fields: []field{
		{"attributes", types.NewListType(attributeType), get(func(s *attest.SCAI) any { return pointers(s.Attributes) }), "what is asserted, at least one"},
		{"producer", resourceType, get(func(s *attest.SCAI) any { return &s.Producer }), "who made the subjects"},
	}},
	reflect.TypeFor[*attest.Attribute](): {name: "Attribute", typ: attributeType, fields: []field{
		{"name", types.StringType, get(func(a *attest.Attribute) any { return a.Name }), "the attribute"},
		{"target", resourceType, get(func(a *attest.Attribute) any { return &a.Target }), "what it is about, where that is not the subject"},
		{"conditions", types.DynType, raw(func(a *attest.Attribute) attest.Raw { return a.Conditions }), "under which it arises; null if none"},
		{"evidence", resourceType, get(func(a *attest.Attribute) any { return &a.Evidence }), "what shows it; not looked at"},
	}},
	reflect.TypeFor[*attest.Link](): {name: "Link", typ: linkType, fields: []field{
		{"name", types.StringType, get(func(l *attest.Link) any { return l.Name }), "the step's name"},
		{"command", stringList, get(func(l *attest.Link) any { return l.Command }), "the command with its arguments"},
		{"materials", resourceList, get(func(l *attest.Link) any { return pointers(l.Materials) }), "what the step took in, each name once"},
		{"byproducts", types.DynType, raw(func(l *attest.Link) attest.Raw { return l.Byproducts }), "null if none"},
		{"environment", types.DynType, raw(func(l *attest.Link) attest.Raw { return l.Environment }), "null if none"},
	}},
	reflect.TypeFor[*attest.Trace](): {name: "Trace", typ: traceType, fields: []field{
		{"monitor", types.StringType, get(func(t *attest.Trace) any { return t.Monitor }), "the URI of the monitor's type"},
		{"config", resourceType, get(func(t *attest.Trace) any { return &t.Config }), "the monitor's configuration"},
		{"policy", types.DynType, raw(func(t *attest.Trace) attest.Raw { return t.Policy }), "what was traced, as the monitor has it; null if not said"},
		{"host", types.StringType, get(func(t *attest.Trace) any { return t.Host }), "the URI of what ran the process"},
		{"type", types.StringType, get(func(t *attest.Trace) any { return t.Type }), "the URI of what was run"},
		{"event", types.StringType, get(func(t *attest.Trace) any { return t.Event }), "the job or task"},
		{"processes", types.IntType, counted("processes", func(t *attest.Trace) int64 { return t.Processes }), "how many processes; an error if they were not recorded"},
		{"connections", types.IntType, counted("connections", func(t *attest.Trace) int64 { return t.Connections }), "how many network activities; an error if they were not recorded"},
		{"files", types.IntType, counted("files", func(t *attest.Trace) int64 { return t.Files }), "how many file accesses; an error if they were not recorded"},
		{"started", types.TimestampType, moment("started", func(t *attest.Trace) time.Time { return t.Started }), "a claim of the monitor"},
		{"finished", types.TimestampType, moment("finished", func(t *attest.Trace) time.Time { return t.Finished }), "a claim of the monitor"},
	}},
	reflect.TypeFor[*attest.SourceProvenance](): {name: "SourceProvenance", typ: sourceProvenanceType, fields: []field{
		{"repository", types.StringType, get(func(s *attest.SourceProvenance) any { return s.Repository }), "the repository's URI"},
		{"ref", types.StringType, get(func(s *attest.SourceProvenance) any { return s.Ref }), "the branch or tag, in full; the commit is the subject"},
		{"actor", types.StringType, get(func(s *attest.SourceProvenance) any { return s.Actor }), "who pushed, by a name of the system's; '' if not said"},
		{"activity", types.StringType, get(func(s *attest.SourceProvenance) any { return s.Activity }), "how it was pushed; '' of a tag"},
		{"previous", types.StringType, get(func(s *attest.SourceProvenance) any { return s.Previous }), "the commit before; '' of a tag"},
		{"claimedAt", types.TimestampType, moment("claimedAt", func(s *attest.SourceProvenance) time.Time { return s.ClaimedAt }), "when it was made: a claim of the system"},
		{"controls", types.NewListType(sourceControlType), get(func(s *attest.SourceProvenance) any { return pointers(s.Controls) }), "what was enforced"},
		{"summaries", types.NewListType(sourceSummaryType), get(func(s *attest.SourceProvenance) any { return pointers(s.Summaries) }), "what verification summaries said of a tag's commit"},
	}},
	reflect.TypeFor[*attest.SourceControl](): {name: "SourceControl", typ: sourceControlType, fields: []field{
		{"name", types.StringType, get(func(c *attest.SourceControl) any { return c.Name }), "the control's name"},
		{"since", types.TimestampType, moment("since", func(c *attest.SourceControl) time.Time { return c.Since }), "from when without a gap: a claim of the system"},
	}},
	reflect.TypeFor[*attest.SourceSummary](): {name: "SourceSummary", typ: sourceSummaryType, fields: []field{
		{"refs", stringList, get(func(s *attest.SourceSummary) any { return s.Refs }), "the branches and tags it is about"},
		{"levels", stringList, get(func(s *attest.SourceSummary) any { return s.Levels }), "what it verified"},
	}},
	reflect.TypeFor[*attest.Publish](): {name: "Publish", typ: publishType, fields: []field{
		{"name", types.StringType, get(func(p *attest.Publish) any { return p.Name }), "the package's name; '' of PyPI's, which says nothing"},
		{"version", types.StringType, get(func(p *attest.Publish) any { return p.Version }), "'' of PyPI's"},
		{"registry", types.StringType, get(func(p *attest.Publish) any { return p.Registry }), "the registry's URL; '' of PyPI's"},
	}},
	reflect.TypeFor[*attest.SBOM](): {name: "SBOM", typ: sbomType, fields: []field{
		{"format", types.StringType, get(func(b *attest.SBOM) any { return b.Format }), "CycloneDX or SPDX"},
		{"specVersion", types.StringType, get(func(b *attest.SBOM) any { return b.SpecVersion }), "the version of the format"},
		{"id", types.StringType, get(func(b *attest.SBOM) any { return b.ID }), "the document's id; '' if none"},
		{"name", types.StringType, get(func(b *attest.SBOM) any { return b.Name }), "of CycloneDX that of the component it is about, of SPDX the document's; '' if none"},
		{"version", types.StringType, get(func(b *attest.SBOM) any { return b.Version }), "that of the component it is about; '' of SPDX"},
		{"claimedAt", types.TimestampType, moment("claimedAt", func(b *attest.SBOM) time.Time { return b.ClaimedAt }), "when it was made: a claim of its maker"},
		{"components", types.IntType, counted("components", func(b *attest.SBOM) int64 { return b.Components }), "how many components of the first level, or packages; an error where there is no list of them"},
		{"files", types.IntType, counted("files", func(b *attest.SBOM) int64 { return b.Files }), "how many files; an error where there is no list of them, and of CycloneDX, to which they are components"},
	}},
	reflect.TypeFor[*attest.Approval](): {name: "ApprovalPredicate", typ: approvalViewType, fields: []field{
		{"approver", types.StringType, get(func(a *attest.Approval) any { return a.Approver }), "an account or a person's id; '' if it does not say, and then it can only be the signer"},
		{"decision", types.StringType, get(func(a *attest.Approval) any { return a.Decision }), "approved or rejected"},
		{"role", types.StringType, get(func(a *attest.Approval) any { return a.Role }), "a claim; '' if not said"},
		{"requestedBy", types.StringType, get(func(a *attest.Approval) any { return a.RequestedBy }), "who asked for it: an account or a person's id; '' if not said"},
		{"environment", types.StringType, get(func(a *attest.Approval) any { return a.Environment }), "'' for any"},
		{"from", types.StringType, get(func(a *attest.Approval) any { return a.From }), "the environment it is promoted from; '' if it is no promotion"},
		{"reference", types.StringType, get(func(a *attest.Approval) any { return a.Reference }), "the ticket or pull request; '' if not said"},
		{"claimedAt", types.TimestampType, moment("claimedAt", func(a *attest.Approval) time.Time { return a.ClaimedAt }), "when it was made: a claim of a witness"},
		{"expires", types.TimestampType, moment("expires", func(a *attest.Approval) time.Time { return a.Expires }), "when it ends: a claim of the signer"},
	}},
	reflect.TypeFor[*attest.Exception](): {name: "Exception", typ: exceptionType, fields: []field{
		{"policy", types.StringType, get(func(e *attest.Exception) any { return e.Policy }), "the policy's name"},
		{"rules", stringList, get(func(e *attest.Exception) any { return e.Rules }), "the ids of rules, evidence: and a name for absent evidence"},
		{"artifact", types.StringType, get(func(e *attest.Exception) any { return e.Artifact }), "a name, or a pattern over names"},
		{"environment", types.StringType, get(func(e *attest.Exception) any { return e.Environment }), "'' only for a request that names none"},
		{"reason", types.StringType, get(func(e *attest.Exception) any { return e.Reason }), "for people"},
		{"incident", types.StringType, get(func(e *attest.Exception) any { return e.Incident }), "'' if not said"},
		{"validFrom", types.TimestampType, moment("validFrom", func(e *attest.Exception) time.Time { return e.ValidFrom }), "when it begins: a claim of the signer"},
		{"validUntil", types.TimestampType, moment("validUntil", func(e *attest.Exception) time.Time { return e.ValidUntil }), "when it ends: a claim of the signer"},
		{"requestedBy", types.StringType, get(func(e *attest.Exception) any { return e.RequestedBy }), "an account or a person's id"},
		{"reviewDue", types.TimestampType, moment("reviewDue", func(e *attest.Exception) time.Time { return e.ReviewDue }), "by when it is to be reviewed: a claim of the signer"},
		{"reviewOwner", types.StringType, get(func(e *attest.Exception) any { return e.ReviewOwner }), "the team that is to review it; '' if not said"},
	}},
	reflect.TypeFor[*attest.Revocation](): {name: "Revocation", typ: revocationType, fields: []field{
		{"number", types.IntType, get(func(l *attest.Revocation) any { return l.Number }), "the list's number, 1 or more"},
		{"issuedAt", types.TimestampType, moment("issuedAt", func(l *attest.Revocation) time.Time { return l.IssuedAt }), "when it was made: a claim of the signer"},
		{"nextUpdate", types.TimestampType, moment("nextUpdate", func(l *attest.Revocation) time.Time { return l.NextUpdate }), "when the next one is there at the latest: a claim of the signer"},
		{"entries", types.NewListType(revocationEntryType), get(func(l *attest.Revocation) any { return pointers(l.Entries) }), "what is revoked; empty: nothing"},
	}},
	reflect.TypeFor[*attest.RevocationEntry](): {name: "RevocationEntry", typ: revocationEntryType, fields: []field{
		{"credential", types.StringType, get(func(e *attest.RevocationEntry) any { return e.Credential }), "the credential's id in the model"},
		{"reason", types.StringType, get(func(e *attest.RevocationEntry) any { return e.Reason }), "such as key-compromise"},
		{"from", types.TimestampType, moment("from", func(e *attest.RevocationEntry) time.Time { return e.From }), "since when it is revoked: a claim of the signer"},
		{"invalidFrom", types.TimestampType, moment("invalidFrom", func(e *attest.RevocationEntry) time.Time { return e.InvalidFrom }), "from when nothing it signed is to be trusted: a claim of the signer"},
	}},
	reflect.TypeFor[*attest.Drill](): {name: "Drill", typ: drillType, fields: []field{
		{"scenario", types.StringType, get(func(d *attest.Drill) any { return d.Scenario }), "what was gone through"},
		{"outcome", types.StringType, get(func(d *attest.Drill) any { return d.Outcome }), "passed or failed"},
		{"passed", types.BoolType, get(func(d *attest.Drill) any { return d.Outcome == "passed" }), "whether the outcome is passed"},
		{"participants", types.NewListType(participantType), get(func(d *attest.Drill) any { return pointers(d.Participants) }), "who took part, one or more: a claim of the signer"},
		{"started", types.TimestampType, moment("started", func(d *attest.Drill) time.Time { return d.Started }), "a claim of the signer"},
		{"ended", types.TimestampType, moment("ended", func(d *attest.Drill) time.Time { return d.Ended }), "a claim of the signer"},
		{"reference", types.StringType, get(func(d *attest.Drill) any { return d.Reference }), "where more is written; '' if not said"},
	}},
	reflect.TypeFor[*attest.DrillParticipant](): {name: "DrillParticipant", typ: participantType, fields: []field{
		{"person", types.StringType, get(func(p *attest.DrillParticipant) any { return p.Person }), "a person's id or an account"},
		{"role", types.StringType, get(func(p *attest.DrillParticipant) any { return p.Role }), "what the person did in it"},
	}},
	reflect.TypeFor[*attest.ChangeApproval](): {name: "ChangeApproval", typ: changeType, fields: []field{
		{"ref", types.StringType, get(func(c *attest.ChangeApproval) any { return c.Ref }), "the branch or tag, in full"},
		{"from", types.StringType, get(func(c *attest.ChangeApproval) any { return c.From }), "the revision before, in hex; zeros of a new one"},
		{"target", types.StringType, get(func(c *attest.ChangeApproval) any { return c.Target }), "what it is to become, in hex: of a branch a tree, of a tag a commit"},
		{"approvers", stringList, get(func(c *attest.ChangeApproval) any { return c.Approvers }), "accounts, or ids of another kind, for whom the signer speaks; empty where it is the signer who approves"},
		{"dismissed", stringList, get(func(c *attest.ChangeApproval) any { return c.Dismissed }), "whose approval was dismissed, who may be among the approvers too"},
		{"expires", types.TimestampType, moment("expires", func(c *attest.ChangeApproval) time.Time { return c.Expires }), "when it ends: a claim of the signer"},
	}},
	reflect.TypeFor[*attest.Reviews](): {name: "Reviews", typ: reviewsType, fields: []field{
		{"repository", types.StringType, get(func(v *attest.Reviews) any { return v.Repository }), "the repository's URL"},
		{"number", types.IntType, get(func(v *attest.Reviews) any { return v.Number }), "the pull request's number; 0 if there is none"},
		{"author", types.StringType, get(func(v *attest.Reviews) any { return v.Author }), "who opened it, an account by its number, as all people here; '' of one that is gone"},
		{"mergedBy", types.StringType, get(func(v *attest.Reviews) any { return v.MergedBy }), "who merged it; '' as long as nobody has"},
		{"head", types.StringType, get(func(v *attest.Reviews) any { return v.Head }), "its last commit, in hex"},
		{"merge", types.StringType, get(func(v *attest.Reviews) any { return v.Merge }), "the commit that merged it, or until then one that GitHub made to try; '' if none"},
		{"reviews", types.NewListType(reviewType), get(func(v *attest.Reviews) any { return pointers(v.Reviews) }), "its reviews, in the order written"},
		{"runHead", types.StringType, get(func(v *attest.Reviews) any { return v.RunHead }), "the commit of the run of a workflow, in hex; '' if there is no run"},
		{"runActors", stringList, get(func(v *attest.Reviews) any { return v.RunActors }), "who the run is of and who started it"},
		{"runApprovals", types.NewListType(runApprovalType), get(func(v *attest.Reviews) any { return pointers(v.RunApprovals) }), "the decisions on whether the run may go on, in the order written"},
		{"ruleSuite", ruleSuiteType, access{errs: true, get: ruleSuite}, "how the rules of the repository judged a push; an error if it is not there"},
	}},
	reflect.TypeFor[*attest.Review](): {name: "Review", typ: reviewType, fields: []field{
		{"reviewer", types.StringType, get(func(v *attest.Review) any { return v.Reviewer }), "'' of one that is gone"},
		{"bot", types.BoolType, get(func(v *attest.Review) any { return v.Bot }), "whether the reviewer is no person, by GitHub's word"},
		{"state", types.StringType, get(func(v *attest.Review) any { return v.State }), "APPROVED, CHANGES_REQUESTED, COMMENTED, DISMISSED or PENDING"},
		{"commit", types.StringType, get(func(v *attest.Review) any { return v.Commit }), "what was reviewed, in hex; '' if GitHub no longer has it"},
		{"claimedAt", types.TimestampType, moment("claimedAt", func(v *attest.Review) time.Time { return v.ClaimedAt }), "when it was submitted: a claim of GitHub"},
	}},
	reflect.TypeFor[*attest.RunApproval](): {name: "RunApproval", typ: runApprovalType, fields: []field{
		{"reviewer", types.StringType, get(func(v *attest.RunApproval) any { return v.Reviewer }), "'' of one that is gone"},
		{"bot", types.BoolType, get(func(v *attest.RunApproval) any { return v.Bot }), "whether the reviewer is no person, by GitHub's word"},
		{"state", types.StringType, get(func(v *attest.RunApproval) any { return v.State }), "approved, rejected or pending"},
		{"environments", stringList, get(func(v *attest.RunApproval) any { return v.Environments }), "the names of those it is for"},
	}},
	reflect.TypeFor[*attest.RuleSuite](): {name: "RuleSuite", typ: ruleSuiteType, fields: []field{
		{"result", types.StringType, get(func(s *attest.RuleSuite) any { return s.Result }), "pass, fail or bypass"},
		{"actor", types.StringType, get(func(s *attest.RuleSuite) any { return s.Actor }), "who pushed; '' if there was nobody"},
		{"before", types.StringType, get(func(s *attest.RuleSuite) any { return s.Before }), "the commit before, in hex; zeros of none"},
		{"after", types.StringType, get(func(s *attest.RuleSuite) any { return s.After }), "the commit after, in hex; zeros of none"},
		{"ref", types.StringType, get(func(s *attest.RuleSuite) any { return s.Ref }), "the branch or tag, in full"},
	}},
}
