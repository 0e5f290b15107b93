package sigstore

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"

	"github.com/sigstore/sigstore-go/pkg/root"

	"github.com/surety-dev/surety/verify"
)

// Root is one Sigstore deployment to trust: its certificate authorities, certificate transparency
// logs, transparency logs and timestamp authorities.
type Root struct {
	// ID names the root in verdicts and messages; required, and unique among the roots of an Opener.
	ID string
	// JSON is the deployment's trusted_root.json (media type
	// application/vnd.dev.sigstore.trustedroot+json;version=0.1).
	JSON []byte
	// Issuers are the OIDC issuers accepted in certificates of this root, compared byte for byte.
	// Empty: every issuer its authorities certify.
	Issuers []string
}

// RootError says that a trusted root cannot be used.
type RootError struct {
	// ID is the root's id as given; it may be empty.
	ID string
	// Err is what is wrong with it.
	Err error
}

// Error gives the root's id and the reason.
func (e *RootError) Error() string { return fmt.Sprintf("trusted root %q: %v", e.ID, e.Err) }

// Unwrap gives the reason.
func (e *RootError) Unwrap() error { return e.Err }

// anchor is a Root made ready: parsed once, then only read.
type anchor struct {
	id          string
	digest      string
	issuers     []string
	material    *root.TrustedRoot
	authorities []*authority
}

// newAnchor parses a root and prepares its certificate authorities.
func newAnchor(r Root) (*anchor, error) {
	if r.ID == "" {
		return nil, errors.New("has no id")
	}
	if slices.Contains(r.Issuers, "") {
		return nil, errors.New("has an empty issuer; leave issuers out to accept every one")
	}
	material, err := root.NewTrustedRootFromJSON(r.JSON)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(r.JSON)
	a := &anchor{
		id:       r.ID,
		digest:   "sha256:" + hex.EncodeToString(sum[:]),
		issuers:  slices.Clone(r.Issuers),
		material: material,
	}
	for _, ca := range material.FulcioCertificateAuthorities() {
		fulcio, ok := ca.(*root.FulcioCertificateAuthority)
		if !ok {
			return nil, fmt.Errorf("has a certificate authority of the unknown kind %T", ca)
		}
		a.authorities = append(a.authorities, newAuthority(fulcio))
	}
	return a, nil
}

// trustInput names the root for the verdict.
func (a *anchor) trustInput() verify.TrustInput {
	return verify.TrustInput{ID: a.id, Digest: a.digest}
}

// logged reports whether the root has logs, of signatures or of certificates.
func (a *anchor) logged() bool {
	return len(a.material.RekorLogs()) > 0 || len(a.material.CTLogs()) > 0
}

// accepts reports whether certificates of this OIDC issuer are accepted from the root.
func (a *anchor) accepts(issuer string) bool {
	return len(a.issuers) == 0 || slices.Contains(a.issuers, issuer)
}
