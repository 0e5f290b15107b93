package attest

import "fmt"

// The limits of one evidence item, and of one request. They are part of what is
// accepted: an item over one of them is not read, and its [LimitError] names it.
const (
	// MaxItemBytes is the most bytes an item may have unless [Limits] raises it ("item-bytes").
	MaxItemBytes = 10 << 20
	// MaxRequestBytes is the most bytes [Read] and [ReadFS] take in one call ("request-bytes").
	MaxRequestBytes = 256 << 20
	// MaxItems is the most items one input may hold ("items"): the next one is
	// unreadable, stands for all that follow, and so shows that there were more.
	MaxItems = 1000
	// MaxDepth is how deep JSON may nest, the envelope and its payload each from its own root ("json-depth").
	MaxDepth = 64
	// MaxSignatures is the most signatures of an envelope ("signatures").
	MaxSignatures = 32
	// MaxSubjects is the most subjects of a statement ("subjects").
	MaxSubjects = 1024
	// MaxSubjectDigests is the most digests of one subject or material, those of unknown algorithms included ("subject-digests").
	MaxSubjectDigests = 32
	// MaxMaterials is the most materials of provenance ("materials"); over it the view is an error.
	MaxMaterials = 16384
	// MaxObjects is the most objects in one list, and counts in one table, of another view ("objects"); over it the view is an error.
	MaxObjects = 16384
	// MaxTexts is the most strings in one list of a view ("texts"); over it the view is an error.
	MaxTexts = 65536
	// MaxLogEntries is the most transparency log entries of a bundle ("log-entries").
	MaxLogEntries = 32
	// MaxTimestamps is the most RFC 3161 timestamps of a bundle, or of an envelope's signatures ("timestamps").
	MaxTimestamps = 32
	// MaxCertificates is the most certificates of a bundle's chain, or of an envelope's signatures ("certificates").
	MaxCertificates = 10
	// MaxLinkArtifacts is the most materials of a link, and the most products ("link-artifacts").
	MaxLinkArtifacts = 16384
	// MaxLayoutSteps is the most steps of a layout, and the most inspections ("layout-steps").
	MaxLayoutSteps = 64
	// MaxLayoutKeys is the most keys of a layout, and of one of its steps ("layout-keys").
	MaxLayoutKeys = 256
	// MaxLayoutRules is the most rules a step of a layout has for its materials, and for its products ("layout-rules").
	MaxLayoutRules = 256
	// MaxCollected is the most attestations in a collection ("collected").
	MaxCollected = 64
	// MaxRevocations is the most entries of a revocation list ("revocations"); over it the view is an error.
	MaxRevocations = 10_000
	// MaxIndexItems is the most items an [Index] holds ("index-items").
	MaxIndexItems = 100_000
	// MaxIndexBytes is the most bytes the items of an [Index] have together ("index-bytes").
	MaxIndexBytes = 1 << 30
)

// Limits are the limits a caller may set. The zero value is the strict choice.
type Limits struct {
	// ItemBytes is the most bytes an item may have; zero or less means [MaxItemBytes].
	// Raise it where software bills of materials are larger.
	ItemBytes int64
}

func (l Limits) itemBytes() int64 {
	if l.ItemBytes <= 0 {
		return MaxItemBytes
	}
	return l.ItemBytes
}

// LimitError says that an item, or a request, is over a limit.
type LimitError struct {
	// Limit names the limit: "item-bytes", "request-bytes", "items", "json-depth", "signatures",
	// "subjects", "subject-digests", "log-entries", "timestamps", "certificates", "link-artifacts", "layout-steps",
	// "layout-keys", "layout-rules" or "collected"; of a view "materials", "objects", "texts", "revocations" or "subject-digests"; of
	// an index "index-items" or "index-bytes". "request-bytes" and "items" are about the whole input, the
	// others about the item.
	Limit string
	// Max is the limit: bytes, levels or a count.
	Max int64
}

// Error names the limit and its value.
func (e *LimitError) Error() string { return fmt.Sprintf("over the limit %s of %d", e.Limit, e.Max) }
