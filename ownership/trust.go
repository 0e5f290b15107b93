package ownership

import "slices"

// Trust is what signatures and times are proven against (design §3.1).
type Trust struct {
	// Sigstore are Sigstore trusted roots.
	Sigstore []Authority
	// CertificateAuthorities issue X.509 identities.
	CertificateAuthorities []Authority
	// TimestampAuthorities sign RFC 3161 timestamps.
	TimestampAuthorities []Authority
}

// Authority is one root of trust, as the document names it. What its file holds has
// not been looked at.
type Authority struct {
	// ID names it in the document; no two of a document share one.
	ID string
	// Owner is the team that answers for it; empty: none named.
	Owner string
	// File is its file's path within the fs.FS given to Load.
	File string
	// Digest is "sha256:" and the lower-case hex of the file's bytes.
	Digest string
	// Data are the file's bytes, at least one.
	Data []byte
	// Issuers are the OIDC issuers a Sigstore root may speak for, exact; nil: any.
	// Nil for other authorities.
	Issuers []string
}

// File is a file a document refers to.
type File struct {
	// Path is its path within the fs.FS given to Load.
	Path string
	// Digest is "sha256:" and the lower-case hex of its bytes.
	Digest string
}

// Trust gives the document's roots of trust, in its order.
func (m *Model) Trust() Trust {
	return Trust{
		Sigstore:               cloneAuthorities(m.trust.Sigstore),
		CertificateAuthorities: cloneAuthorities(m.trust.CertificateAuthorities),
		TimestampAuthorities:   cloneAuthorities(m.trust.TimestampAuthorities),
	}
}

func cloneAuthorities(list []Authority) []Authority {
	list = slices.Clone(list)
	for i := range list {
		list[i].Data, list[i].Issuers = slices.Clone(list[i].Data), slices.Clone(list[i].Issuers)
	}
	return list
}
