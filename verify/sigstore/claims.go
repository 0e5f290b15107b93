package sigstore

import (
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"fmt"
	"unicode/utf8"
)

// fulcioArc is the parent of Fulcio's extension identifiers (fulcio docs/oid-info.md).
var fulcioArc = asn1.ObjectIdentifier{1, 3, 6, 1, 4, 1, 57264, 1}

// Arcs below fulcioArc that are not claims.
const (
	arcIssuerV1 = 1 // raw text
	arcIssuerV2 = 8 // DER UTF8String, as all from here on
)

// claimName gives the claim for an arc below fulcioArc: sigstore-go's JSON names, and the names of
// design §3.1 for .23 and .24, which sigstore-go does not expose. Empty: no claim (.1 and .8 are the
// issuer, .7 is a kind of subject alternative name).
func claimName(arc int) string {
	names := [...]string{
		2:  "githubWorkflowTrigger",
		3:  "githubWorkflowSHA",
		4:  "githubWorkflowName",
		5:  "githubWorkflowRepository",
		6:  "githubWorkflowRef",
		9:  "buildSignerURI",
		10: "buildSignerDigest",
		11: "runnerEnvironment",
		12: "sourceRepositoryURI",
		13: "sourceRepositoryDigest",
		14: "sourceRepositoryRef",
		15: "sourceRepositoryIdentifier",
		16: "sourceRepositoryOwnerURI",
		17: "sourceRepositoryOwnerIdentifier",
		18: "buildConfigURI",
		19: "buildConfigDigest",
		20: "buildTrigger",
		21: "runInvocationURI",
		22: "sourceRepositoryVisibilityAtSigning",
		23: "deploymentEnvironment",
		24: "tokenSubject",
	}
	if arc < 0 || arc >= len(names) {
		return ""
	}
	return names[arc]
}

// parseClaims reads the issuer and the claims from a certificate's extensions. It refuses what could
// be read in two ways: an extension twice, text where DER is due or the reverse, and two issuers
// that differ. An empty value is the same as an absent one, as in sigstore-go. A certificate without any of Fulcio's
// extensions may have no issuer where its name stands by itself: such as GitHub's for releases.
func parseClaims(extensions []pkix.Extension, named bool) (issuer string, claims map[string]string, err error) {
	claims = map[string]string{}
	seen, fulcio := map[int]string{}, false
	for _, e := range extensions {
		arc, ok := fulcioExtension(e.Id)
		fulcio = fulcio || ok
		if !ok || arc != arcIssuerV1 && arc != arcIssuerV2 && claimName(arc) == "" {
			continue
		}
		if _, twice := seen[arc]; twice {
			return "", nil, fmt.Errorf("extension %v occurs twice", e.Id)
		}
		value, err := extensionText(arc, e.Value)
		if err != nil {
			return "", nil, fmt.Errorf("extension %v %w", e.Id, err)
		}
		seen[arc] = value
		if name := claimName(arc); name != "" && value != "" {
			claims[name] = value
		}
	}
	v1, has1 := seen[arcIssuerV1]
	v2, has2 := seen[arcIssuerV2]
	switch {
	case has1 && has2 && v1 != v2:
		return "", nil, fmt.Errorf("issuers differ: %q in .1, %q in .8", v1, v2)
	case has2:
		issuer = v2
	default:
		issuer = v1
	}
	if named && !fulcio {
		return "", nil, nil
	}
	if err := plainText(issuer); err != nil {
		return "", nil, fmt.Errorf("issuer %w", err)
	}
	return issuer, claims, nil
}

// fulcioExtension gives the arc of an identifier directly below fulcioArc.
func fulcioExtension(id asn1.ObjectIdentifier) (arc int, ok bool) {
	n := len(fulcioArc)
	if len(id) != n+1 || !id[:n].Equal(fulcioArc) {
		return 0, false
	}
	return id[n], true
}

// extensionText decodes a value: raw text below .8, a DER UTF8String from .8 on.
func extensionText(arc int, value []byte) (string, error) {
	decoded, isDER := utf8String(value)
	switch {
	case arc >= arcIssuerV2 && !isDER:
		return "", errors.New("is not one DER UTF8String")
	case arc >= arcIssuerV2:
		return decoded, nil
	case isDER:
		return "", errors.New("is DER where raw text is due")
	case !utf8.Valid(value):
		return "", errors.New("is not UTF-8 text")
	}
	return string(value), nil
}

// utf8String decodes exactly one DER UTF8String.
func utf8String(der []byte) (string, bool) {
	var raw asn1.RawValue
	rest, err := asn1.Unmarshal(der, &raw)
	if err != nil || len(rest) > 0 || raw.Class != asn1.ClassUniversal || raw.Tag != asn1.TagUTF8String ||
		raw.IsCompound || !utf8.Valid(raw.Bytes) {
		return "", false
	}
	return string(raw.Bytes), true
}

// plainText refuses an empty text, one that is not UTF-8 and one with control characters: an
// identity is compared whole, and shown to people.
func plainText(s string) error {
	if s == "" {
		return errors.New("is empty or absent")
	}
	if !utf8.ValidString(s) {
		return errors.New("is not UTF-8 text")
	}
	for _, r := range s {
		if r < 0x20 || r >= 0x7f && r < 0xa0 {
			return fmt.Errorf("holds the control character %U", r)
		}
	}
	return nil
}
