package sigstoretest

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/binary"
	"math/big"
	"strings"
	"testing"
	"time"
)

// claimArcs are the certificate extensions of the claims, by claim name: the last arc below
// 1.3.6.1.4.1.57264.1 (fulcio docs/oid-info.md).
var claimArcs = map[string]int{
	"githubWorkflowTrigger": 2, "githubWorkflowSHA": 3, "githubWorkflowName": 4,
	"githubWorkflowRepository": 5, "githubWorkflowRef": 6,
	"buildSignerURI": 9, "buildSignerDigest": 10, "runnerEnvironment": 11,
	"sourceRepositoryURI": 12, "sourceRepositoryDigest": 13, "sourceRepositoryRef": 14,
	"sourceRepositoryIdentifier": 15, "sourceRepositoryOwnerURI": 16, "sourceRepositoryOwnerIdentifier": 17,
	"buildConfigURI": 18, "buildConfigDigest": 19, "buildTrigger": 20, "runInvocationURI": 21,
	"sourceRepositoryVisibilityAtSigning": 22, "deploymentEnvironment": 23, "tokenSubject": 24,
}

// FulcioOID gives the identifier of a Fulcio extension: 1.3.6.1.4.1.57264.1 and the arc.
func FulcioOID(arc int) asn1.ObjectIdentifier {
	return asn1.ObjectIdentifier{1, 3, 6, 1, 4, 1, 57264, 1, arc}
}

// UTF8String gives the DER of a UTF8String, the form of extension values from .8 on.
func UTF8String(s string) []byte { return mustDER(s, "utf8") }

func mustDER(v any, params string) []byte {
	der, err := asn1.MarshalWithParams(v, params)
	if err != nil {
		panic(err) // only texts and raw values come here
	}
	return der
}

// leaf issues a signer's certificate with the promise of the certificate transparency log in it.
func (s *Sigstore) leaf(tb testing.TB, spec Spec, public any) *x509.Certificate {
	tb.Helper()
	template := &x509.Certificate{
		SerialNumber:    big.NewInt(spec.At.Unix()),
		NotBefore:       spec.NotBefore,
		NotAfter:        spec.NotBefore.Add(spec.Lifetime),
		KeyUsage:        x509.KeyUsageDigitalSignature,
		ExtKeyUsage:     []x509.ExtKeyUsage{x509.ExtKeyUsageCodeSigning},
		ExtraExtensions: extensions(tb, spec),
	}
	if spec.Template != nil {
		spec.Template(template)
	}
	bare := issue(tb, template, s.intermediate, public)
	if spec.NoSCT {
		return bare
	}
	// RFC 6962, 3.2: the log signs the certificate as it will be without this extension.
	template.ExtraExtensions = append(template.ExtraExtensions, pkix.Extension{
		Id:    asn1.ObjectIdentifier{1, 3, 6, 1, 4, 1, 11129, 2, 4, 2},
		Value: mustDER(s.sctList(bare.RawTBSCertificate, spec.NotBefore), ""),
	})
	return issue(tb, template, s.intermediate, public)
}

// extensions are the subject alternative names, the issuer in both forms, and the claims.
func extensions(tb testing.TB, spec Spec) []pkix.Extension {
	tb.Helper()
	var names []asn1.RawValue
	for _, subject := range append([]string{spec.Subject}, spec.MoreSubjects...) {
		names = append(names, generalName(subject))
	}
	out := []pkix.Extension{
		{Id: asn1.ObjectIdentifier{2, 5, 29, 17}, Critical: true, Value: mustDER(names, "")},
		{Id: FulcioOID(1), Value: []byte(spec.Issuer)},
		{Id: FulcioOID(8), Value: UTF8String(spec.Issuer)},
	}
	for name, value := range spec.Claims {
		arc, ok := claimArcs[name]
		if !ok {
			tb.Fatalf("sigstoretest: no claim %q", name)
		}
		encoded := []byte(value)
		if arc >= 8 {
			encoded = UTF8String(value)
		}
		out = append(out, pkix.Extension{Id: FulcioOID(arc), Value: encoded})
	}
	return out
}

// generalName encodes a subject as Fulcio would: a URI, an e-mail address, or its other name.
func generalName(subject string) asn1.RawValue {
	tagged := func(tag int) asn1.RawValue {
		return asn1.RawValue{Class: asn1.ClassContextSpecific, Tag: tag, Bytes: []byte(subject)}
	}
	switch {
	case strings.Contains(subject, "://"):
		return tagged(6)
	case strings.Contains(subject, "@"):
		return tagged(1)
	}
	other := struct {
		ID    asn1.ObjectIdentifier
		Value string `asn1:"utf8,explicit,tag:0"`
	}{FulcioOID(7), subject}
	return asn1.RawValue{FullBytes: mustDER(other, "tag:0")}
}

// sctList is a list of one signed certificate timestamp (RFC 6962, 3.2 and 3.3).
func (s *Sigstore) sctList(tbs []byte, at time.Time) []byte {
	issuerKey := sha256.Sum256(s.intermediate.certificate.RawSubjectPublicKeyInfo)
	milliseconds := binary.BigEndian.AppendUint64(nil, uint64(at.UnixMilli()))

	input := append([]byte{0, 0}, milliseconds...) // v1, certificate_timestamp
	input = append(input, 0, 1)                    // precert_entry
	input = append(input, issuerKey[:]...)
	input = append(input, byte(len(tbs)>>16), byte(len(tbs)>>8), byte(len(tbs)))
	input = append(input, tbs...)
	input = append(input, 0, 0) // no extensions
	sig := signDigest(s.ct, input)

	sct := append([]byte{0}, logID(s.ct)...)
	sct = append(sct, milliseconds...)
	sct = append(sct, 0, 0, 4, 3) // no extensions, SHA-256, ECDSA
	sct = append(binary.BigEndian.AppendUint16(sct, uint16(len(sig))), sig...)

	var list bytes.Buffer
	list.Write(binary.BigEndian.AppendUint16(nil, uint16(len(sct)+2)))
	list.Write(binary.BigEndian.AppendUint16(nil, uint16(len(sct))))
	list.Write(sct)
	return list.Bytes()
}

// issue makes a certificate.
func issue(tb testing.TB, template *x509.Certificate, by authority, public any) *x509.Certificate {
	tb.Helper()
	der, err := x509.CreateCertificate(rand.Reader, template, by.certificate, public, by.key)
	if err != nil {
		tb.Fatal(err)
	}
	c, err := x509.ParseCertificate(der)
	if err != nil {
		// A template may ask for what crypto/x509 does not parse; the bytes are what counts.
		return &x509.Certificate{Raw: der}
	}
	return c
}

// newRoot makes a self-signed authority.
func newRoot(tb testing.TB, name string, key *ecdsa.PrivateKey) authority {
	tb.Helper()
	a := authority{key: key}
	a.certificate = caTemplate(name, nil)
	a.certificate = issue(tb, a.certificate, a, &a.key.PublicKey)
	return a
}

// newIntermediate makes an authority for code signing below a root.
func newIntermediate(tb testing.TB, name string, root authority, key *ecdsa.PrivateKey) authority {
	tb.Helper()
	a := authority{key: key}
	a.certificate = issue(tb, caTemplate(name, []x509.ExtKeyUsage{x509.ExtKeyUsageCodeSigning}), root, &a.key.PublicKey)
	return a
}

func caTemplate(name string, usage []x509.ExtKeyUsage) *x509.Certificate {
	return &x509.Certificate{
		SerialNumber:          big.NewInt(1),
		Subject:               pkix.Name{CommonName: name, Organization: []string{"sigstore.test"}},
		NotBefore:             Begin,
		NotAfter:              End,
		KeyUsage:              x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
		ExtKeyUsage:           usage,
		BasicConstraintsValid: true,
		IsCA:                  true,
	}
}

// newTimestamper makes a timestamp authority below a root: RFC 3161, 2.3 wants its one usage critical.
func newTimestamper(tb testing.TB, root authority, key *ecdsa.PrivateKey) authority {
	tb.Helper()
	return authority{key: key, certificate: issue(tb, &x509.Certificate{
		SerialNumber: big.NewInt(2),
		Subject:      pkix.Name{CommonName: "sigstore-tsa-selfsigned", Organization: []string{"sigstore.test"}},
		NotBefore:    Begin,
		NotAfter:     End,
		KeyUsage:     x509.KeyUsageDigitalSignature,
		ExtraExtensions: []pkix.Extension{{
			Id: asn1.ObjectIdentifier{2, 5, 29, 37}, Critical: true,
			Value: mustDER([]asn1.ObjectIdentifier{{1, 3, 6, 1, 5, 5, 7, 3, 8}}, ""),
		}},
	}, root, &key.PublicKey)}
}
