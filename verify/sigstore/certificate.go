package sigstore

import (
	"cmp"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"fmt"
	"slices"

	"github.com/sigstore/sigstore/pkg/cryptoutils"

	"github.com/surety-dev/surety/internal/chain"
	"github.com/surety-dev/surety/ownership"
)

// certificate is a signer's leaf certificate, parsed and found fit to name an identity; nothing
// about its issuance has been checked yet.
type certificate struct {
	leaf     *x509.Certificate
	extra    []*x509.Certificate // intermediates that came beside it
	identity ownership.Identity
	// detachedSCT allows for a certificate without embedded promise of a certificate transparency
	// log: until July 2022 Fulcio gave it beside the certificate, and envelopes have no place for it.
	// Only where the proof never has a time, and so never counts.
	detachedSCT bool
}

// parseCertificate parses a leaf and reads its identity.
func parseCertificate(der []byte) (*certificate, error) {
	leaf, err := chain.ParseDER(der)
	if err != nil {
		return nil, err
	}
	if err := cmp.Or(chain.CheckLeaf(leaf), chain.Fit(leaf)); err != nil {
		return nil, err
	}
	subject, nameType, err := subjectName(leaf)
	if err != nil {
		return nil, err
	}
	issuer, claims, err := parseClaims(leaf.Extensions, nameType != "")
	if err != nil {
		return nil, err
	}
	// crypto/x509 does not know Fulcio's otherName and so leaves the extension unhandled when it is
	// critical; subjectName has handled it (sigstore-go does the same).
	leaf.UnhandledCriticalExtensions = slices.DeleteFunc(leaf.UnhandledCriticalExtensions,
		func(id asn1.ObjectIdentifier) bool { return id.Equal(cryptoutils.SANOID) })
	return &certificate{
		leaf:     leaf,
		identity: identityOf(issuer, nameType, subject, claims),
	}, nil
}

// identityOf is an OIDC identity or, without an issuer, an X.509 one, whose authority is the root that proves it.
func identityOf(issuer, nameType, subject string, claims map[string]string) ownership.Identity {
	if issuer == "" {
		return ownership.Identity{NameType: nameType, Subject: subject}
	}
	return ownership.Identity{Issuer: issuer, Subject: subject, Claims: claims}
}

// embedsSCT reports whether a certificate has embedded signed certificate timestamps (RFC 6962, 3.3).
func embedsSCT(leaf *x509.Certificate) bool {
	return slices.ContainsFunc(leaf.Extensions, func(e pkix.Extension) bool {
		return e.Id.Equal(asn1.ObjectIdentifier{1, 3, 6, 1, 4, 1, 11129, 2, 4, 2})
	})
}

// General name tags of RFC 5280, 4.2.1.6.
const (
	tagOtherName = 0
	tagEmail     = 1
	tagURI       = 6
)

// subjectName gives the certificate's one subject alternative name: a URI, an e-mail address, or
// Fulcio's other name (.7), byte for byte as the authority signed it. Two names are refused, since
// a match of one would say nothing of the other. nameType is its kind in an X.509 identity, "" for Fulcio's.
func subjectName(leaf *x509.Certificate) (name, nameType string, err error) {
	encoded, err := chain.AlternativeName(leaf)
	if err != nil {
		return "", "", err
	}
	name, nameType, err = generalName(encoded)
	if err != nil {
		return "", "", err
	}
	if encoded.Tag != tagOtherName && !chain.IsNamed(leaf, name) {
		return "", "", errors.New("has a subject alternative name that reads in two ways")
	}
	if err := plainText(name); err != nil {
		return "", "", fmt.Errorf("has a subject alternative name that %w", err)
	}
	return name, nameType, nil
}

// generalName decodes the kinds of name that Fulcio issues.
func generalName(n asn1.RawValue) (name, nameType string, err error) {
	if n.Class == asn1.ClassContextSpecific {
		switch {
		case n.Tag == tagEmail && !n.IsCompound: // crypto/x509 passes over a constructed one
			return string(n.Bytes), "email", nil
		case n.Tag == tagURI && !n.IsCompound:
			return string(n.Bytes), "uri", nil
		case n.Tag == tagOtherName:
			var other cryptoutils.OtherName
			rest, err := asn1.UnmarshalWithParams(n.FullBytes, &other, "tag:0")
			if err == nil && len(rest) == 0 && other.ID.Equal(cryptoutils.OIDOtherName) {
				return other.Value, "", nil
			}
		}
	}
	return "", "", errors.New("has a subject alternative name that is no URI, e-mail address or Fulcio other name")
}
