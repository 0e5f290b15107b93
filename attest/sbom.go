package attest

import (
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"
)

// SBOM is one view of the head of a bill of materials: CycloneDX 1.2 to 1.7, and SPDX 2.2, 2.3 and 3. It is
// read in one pass that builds nothing else; the rest is in [Statement.Predicate]. UNVERIFIED, like the statement
// it is decoded from; read-only. Required are of CycloneDX bomFormat and specVersion, of SPDX 2 spdxVersion and
// name, of SPDX 3 a graph with a CreationInfo that has a specVersion and at most one SpdxDocument.
// Source: CycloneDX specification, schema/bom-1.6; spdx.github.io/spdx-spec v2.3 section 6, v3.0 Core.
type SBOM struct {
	// Format is "CycloneDX" or "SPDX".
	Format string
	// SpecVersion is the version of the format ("1.6", "2.3", "3.0.1").
	SpecVersion string
	// ID is the document's id (serialNumber; documentNamespace; the SpdxDocument's spdxId), "" if none.
	ID string
	// Name is of CycloneDX the name of the component it is about (metadata.component.name), of SPDX the
	// document's; "" if none.
	Name string
	// Version is of CycloneDX the version of the component it is about (metadata.component.version), ""
	// if not said; SPDX has none in its head.
	Version string
	// ClaimedAt is when it was made (metadata.timestamp; creationInfo.created; the first CreationInfo's
	// created), in UTC: a claim. Zero if not said.
	ClaimedAt time.Time
	// Components is how many there are: of CycloneDX the components of the first level, of SPDX the packages;
	// -1 where it has no list of them.
	Components int64
	// Files is how many files SPDX lists; -1 where it has no list of them, and of CycloneDX, to which files are
	// components.
	Files int64
}

// SBOM decodes the predicate, once; it is safe for use by many goroutines. Both results are nil if the
// predicate has no [ViewSBOM]; an error is a [*SyntaxError].
func (st *Statement) SBOM() (*SBOM, error) { return as[SBOM](st.decode(ViewSBOM)) }

var (
	cycloneNames   = names{"bomFormat", "specVersion", "serialNumber", "metadata", "components"}
	cycloneMust    = names{"bomFormat", "specVersion"}
	cycloneMeta    = names{"timestamp", "component"}
	componentNames = names{"name", "version"}
	spdx2Names     = names{"spdxVersion", "name", "documentNamespace", "creationInfo", "packages", "files"}
	spdx2Must      = names{"spdxVersion", "name"}
	createdNames   = names{"created"}
	spdx3Names     = names{"@graph"}
	graphNames     = names{"type", "spdxId", "name", "specVersion", "created", "creationInfo"}
	graphMust      = names{"type"}
)

func (r *reader) cycloneDX() any {
	b := &SBOM{Components: -1, Files: -1}
	for name := range r.whole(cycloneNames, cycloneMust) {
		switch name {
		case "bomFormat":
			b.Format = r.one("CycloneDX")
		case "specVersion":
			b.SpecVersion = r.needed()
		case "serialNumber":
			b.ID = r.optional()
		case "components":
			b.Components = r.optionalObjects()
		case "metadata":
			for name := range r.given(cycloneMeta) {
				if name == "timestamp" {
					b.ClaimedAt = r.time()
				} else {
					r.component(b)
				}
			}
		}
	}
	return b
}

func (r *reader) component(b *SBOM) {
	for name := range r.given(componentNames) {
		if name == "name" {
			b.Name = r.optional()
		} else {
			b.Version = r.optional()
		}
	}
}

func (r *reader) spdx2() any {
	b := &SBOM{Format: "SPDX", Components: -1, Files: -1}
	for name := range r.whole(spdx2Names, spdx2Must) {
		switch name {
		case "spdxVersion":
			text, ok := r.text(), false
			if b.SpecVersion, ok = strings.CutPrefix(text, "SPDX-"); !ok || !strings.HasPrefix(b.SpecVersion, "2.") {
				r.fail("is %s; expected \"SPDX-2.\" and a minor version", quote(text))
			}
		case "name":
			b.Name = r.needed()
		case "documentNamespace":
			b.ID = r.optional()
		case "packages":
			b.Components = r.optionalObjects()
		case "files":
			b.Files = r.optionalObjects()
		case "creationInfo":
			for range r.given(createdNames) {
				b.ClaimedAt = r.time()
			}
		}
	}
	return b
}

// element is one of an SPDX 3 graph, as much of it as any kind of element needs.
type element struct {
	kind, id, name, specVersion string
	created                     time.Time
	info                        *element // its creation info, where that is inside
}

func (r *reader) spdx3() any {
	b := &SBOM{Format: "SPDX"}
	documents := 0
	for range r.whole(spdx3Names, spdx3Names) {
		for range r.array("", 0) {
			e := r.element()
			switch e.kind {
			case "software_Package":
				b.Components++
			case "software_File":
				b.Files++
			case "CreationInfo":
				r.creation(b, e)
			case "SpdxDocument":
				if documents++; documents > 1 {
					r.fail("is a second SpdxDocument; expected one at most")
				}
				b.ID, b.Name = e.id, e.name
			}
			if e.info != nil {
				r.creation(b, *e.info)
			}
		}
	}
	if b.SpecVersion == "" {
		r.fail("has no CreationInfo")
	}
	return b
}

// creation takes in a CreationInfo: the first one's version and time are the document's.
func (r *reader) creation(b *SBOM, info element) {
	if info.specVersion == "" {
		r.fail("has no specVersion")
	}
	if b.SpecVersion == "" {
		b.SpecVersion, b.ClaimedAt = info.specVersion, info.created
	}
}

// element reads one element of the graph.
func (r *reader) element() (e element) {
	for name := range r.whole(graphNames, graphMust) {
		switch name {
		case "type":
			e.kind = r.needed()
		case "spdxId":
			e.id = r.optional()
		case "name":
			e.name = r.optional()
		case "specVersion":
			e.specVersion = r.optional()
		case "created":
			e.created = r.time()
		case "creationInfo":
			if r.peek() != jsontext.KindBeginObject {
				r.optional() // the id of one in the graph
				continue
			}
			info := r.element()
			e.info = &info
		}
	}
	return e
}
