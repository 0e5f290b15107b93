package attest

import "cmp"

// View names one of the forms that predicates are decoded to: the same for every version, and for
// every producer's spelling, of what they say. A view is decoded when it is first asked for.
type View string

// The views. What each requires is what its specification requires; more it does not judge.
const (
	// ViewProvenance is [Provenance].
	ViewProvenance View = "provenance"
	// ViewSummary is [Summary].
	ViewSummary View = "summary"
	// ViewTest is [TestResult].
	ViewTest View = "test"
	// ViewRelease is [Release].
	ViewRelease View = "release"
	// ViewVulnerabilities is [Vulnerabilities].
	ViewVulnerabilities View = "vulnerabilities"
	// ViewSCAI is [SCAI].
	ViewSCAI View = "scai"
	// ViewLink is [Link].
	ViewLink View = "link"
	// ViewTrace is [Trace].
	ViewTrace View = "trace"
	// ViewSource is [SourceProvenance].
	ViewSource View = "source"
	// ViewPublish is [Publish].
	ViewPublish View = "publish"
	// ViewSBOM is [SBOM].
	ViewSBOM View = "sbom"
	// ViewApproval is [Approval].
	ViewApproval View = "approval"
	// ViewException is [Exception].
	ViewException View = "exception"
	// ViewRevocation is [Revocation].
	ViewRevocation View = "revocation"
	// ViewDrill is [Drill].
	ViewDrill View = "drill"
	// ViewChange is [ChangeApproval].
	ViewChange View = "change"
	// ViewReviews is [Reviews].
	ViewReviews View = "reviews"
)

// form is one predicate type, the view it has and how that is decoded.
type form struct {
	predicateType string
	view          View
	decode        func(*reader) any
}

// forms is the table of predicate types with a view. Adding a predicate is adding its rows and a file.
var forms = []form{
	{"https://slsa.dev/provenance/v0.1", ViewProvenance, (*reader).provenanceV01},
	{"https://slsa.dev/provenance/v0.2", ViewProvenance, (*reader).provenanceV02},
	{"https://slsa.dev/provenance/v1", ViewProvenance, (*reader).provenanceV1},
	{"https://slsa.dev/provenance/v1.0", ViewProvenance, (*reader).provenanceV1},
	{"https://slsa.dev/provenance/v1.0?draft", ViewProvenance, (*reader).provenanceV1},
	{"https://slsa.dev/verification_summary/v0.2", ViewSummary, (*reader).summaryV02},
	{"https://slsa.dev/verification_summary/v1", ViewSummary, (*reader).summaryV1},
	{"https://in-toto.io/attestation/svr/v0.1", ViewSummary, (*reader).resultV01},
	{"https://in-toto.io/attestation/svr/v0.2", ViewSummary, (*reader).resultV02},
	{"https://in-toto.io/attestation/test-result/v0.1", ViewTest, (*reader).testResult},
	{"https://in-toto.io/attestation/release/v0.1", ViewRelease, (*reader).releaseOf},
	{"https://in-toto.io/attestation/release/v0.2", ViewRelease, (*reader).releaseOf},
	{"https://in-toto.io/attestation/vulns/v0.1", ViewVulnerabilities, (*reader).vulnerabilitiesV01},
	{"https://in-toto.io/attestation/vulns/v0.2", ViewVulnerabilities, (*reader).vulnerabilitiesV02},
	{"https://in-toto.io/attestation/scai/attribute-report/v0.2", ViewSCAI, (*reader).scai},
	{"https://in-toto.io/attestation/scai/v0.3", ViewSCAI, (*reader).scai},
	{"https://in-toto.io/attestation/link/v0.3", ViewLink, (*reader).link},
	{"https://in-toto.io/attestation/runtime-trace/v0.1", ViewTrace, (*reader).trace},
	{"https://in-toto.io/attestation/runtime-trace/v0.2", ViewTrace, (*reader).trace},
	{"https://github.com/slsa-framework/slsa-source-poc/source-provenance/v1-draft", ViewSource, (*reader).branchProvenance},
	{"https://github.com/slsa-framework/slsa-source-poc/tag-provenance/v1-draft", ViewSource, (*reader).tagProvenance},
	{"https://github.com/slsa-framework/source-tool/source-provenance/v1", ViewSource, (*reader).branchProvenance},
	{"https://github.com/slsa-framework/source-tool/tag-provenance/v1", ViewSource, (*reader).tagProvenance},
	{"https://github.com/npm/attestation/tree/main/specs/publish/v0.1", ViewPublish, (*reader).publishNPM},
	{"https://docs.pypi.org/attestations/publish/v1", ViewPublish, (*reader).publishPyPI},
	{"https://cyclonedx.org/bom", ViewSBOM, (*reader).cycloneDX},
	{"https://cyclonedx.org/bom/v1.2", ViewSBOM, (*reader).cycloneDX},
	{"https://cyclonedx.org/bom/v1.3", ViewSBOM, (*reader).cycloneDX},
	{"https://cyclonedx.org/bom/v1.4", ViewSBOM, (*reader).cycloneDX},
	{"https://cyclonedx.org/bom/v1.5", ViewSBOM, (*reader).cycloneDX},
	{"https://cyclonedx.org/bom/v1.6", ViewSBOM, (*reader).cycloneDX},
	{"https://cyclonedx.org/bom/v1.7", ViewSBOM, (*reader).cycloneDX},
	{"https://spdx.dev/Document", ViewSBOM, (*reader).spdx2},
	{"https://spdx.dev/Document/v2.2", ViewSBOM, (*reader).spdx2},
	{"https://spdx.dev/Document/v2.3", ViewSBOM, (*reader).spdx2},
	{"https://spdx.dev/Document/v3", ViewSBOM, (*reader).spdx3},
	{ApprovalType, ViewApproval, (*reader).approval},
	{ExceptionType, ViewException, (*reader).exception},
	{RevocationType, ViewRevocation, (*reader).revocation},
	{DrillType, ViewDrill, (*reader).drill},
	{"https://gittuf.dev/reference-authorization/v0.1", ViewChange, (*reader).changeV01},
	{"https://gittuf.dev/reference-authorization/v0.2", ViewChange, (*reader).changeV02},
	{"https://gittuf.dev/github-pull-request-approval/v0.1", ViewChange, (*reader).pullApproval},
	{ReviewsType, ViewReviews, (*reader).githubReviews},
}

func formOf(predicateType string) (form, bool) {
	for _, f := range forms {
		if f.predicateType == predicateType {
			return f, true
		}
	}
	return form{}, false
}

// ViewOf is the view that predicates of this type have; "" if they have none.
func ViewOf(predicateType string) View {
	f, _ := formOf(predicateType)
	return f.view
}

// HasView reports whether predicates of this type are decoded to a view ([ViewOf]).
func HasView(predicateType string) bool { return ViewOf(predicateType) != "" }

// PredicateTypes are the predicate types that have the view, oldest first.
func PredicateTypes(v View) []string {
	var list []string
	for _, f := range forms {
		if f.view == v {
			list = append(list, f.predicateType)
		}
	}
	return list
}

// decode decodes the predicate once if it has the view; nil if it does not, and then nothing is decoded.
func (st *Statement) decode(v View) (any, error) {
	f, ok := formOf(st.PredicateType)
	if !ok || f.view != v {
		return nil, nil
	}
	st.once.Do(func() {
		r := readers.Get().(*reader)
		defer r.release()
		root := cmp.Or(st.place, "$.predicate")
		switch {
		case st.Predicate == nil: // absent is null
			r.reset([]byte("null"), root)
		case len(st.Predicate) > 0 && len(st.Predicate) == len(st.strict) && &st.Predicate[0] == &st.strict[0]:
			r.resetAgain(st.Predicate, root)
		default:
			r.reset(st.Predicate, root)
		}
		decoded := f.decode(r)
		if r.end(); r.err != nil {
			st.err = r.err
			return
		}
		st.view = decoded
	})
	return st.view, st.err
}

// as gives a decoded view its type.
func as[T any](v any, err error) (*T, error) {
	t, _ := v.(*T)
	return t, err
}
