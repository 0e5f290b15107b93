package attest

// Release is the view of a release v0.1 and v0.2: which release of a package, by the registry's word, the
// subjects make up. UNVERIFIED, like the statement it is decoded from; read-only. Required is the package
// URL, with a version. Both ids are read in both versions, as they are met in the world.
// Source: in-toto attestation, spec/predicates/release.md.
type Release struct {
	// PURL is the package URL of the release as written.
	PURL string
	// ReleaseID is the registry's id of the release (v0.1), "" if none.
	ReleaseID string
	// PackageID is the registry's id of the package, the same for all its releases (v0.2), "" if none.
	PackageID string
}

// Release decodes the predicate, once; it is safe for use by many goroutines. Both results are nil if
// the predicate has no [ViewRelease]; an error is a [*SyntaxError].
func (st *Statement) Release() (*Release, error) { return as[Release](st.decode(ViewRelease)) }

var (
	releaseNames = names{"purl", "releaseId", "packageId"}
	releaseMust  = names{"purl"}
)

func (r *reader) releaseOf() any {
	v := new(Release)
	for name := range r.whole(releaseNames, releaseMust) {
		switch name {
		case "purl":
			v.PURL = r.needed()
			if p, err := parsePURL(v.PURL); err != nil {
				r.fail("is not a package URL: %.200s", err.Error())
			} else if p.version == "" {
				r.fail("is %s; expected a package URL with a version", quote(v.PURL))
			}
		case "releaseId":
			v.ReleaseID = r.optional()
		case "packageId":
			v.PackageID = r.optional()
		}
	}
	return v
}
