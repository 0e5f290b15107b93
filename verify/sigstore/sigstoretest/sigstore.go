// Package sigstoretest makes Sigstore deployments in memory, for tests: a certificate authority, a
// certificate transparency log, transparency logs of Rekor's two versions and a timestamp
// authority, with the trusted root that describes them and bundles, envelopes and certificates they
// would have made at any chosen time.
//
// It is test support. Nothing it makes is trusted by anybody who does not load its trusted root,
// and every [New] makes other keys, while [Named] keeps them. It does not check what it is asked to sign: making what a
// verifier must refuse is what it is for.
package sigstoretest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"testing"
	"time"
)

// Names of the services in the trusted root.
const (
	// RekorURL is the base URL of the Rekor v1 log: the authority of its times.
	RekorURL = "https://rekor.sigstore.test"
	// Rekor2URL is the base URL of the Rekor v2 log.
	Rekor2URL = "https://rekor2.sigstore.test"
	// TimestampURL is the URI of the timestamp authority: the authority of its times.
	TimestampURL = "https://timestamp.sigstore.test"
)

// Sigstore is a deployment.
type Sigstore struct {
	root, intermediate authority
	tsaRoot, tsa       authority
	ct                 *ecdsa.PrivateKey
	rekor, rekor2      *ecdsa.PrivateKey
}

// authority is a certificate and its key.
type authority struct {
	certificate *x509.Certificate
	key         *ecdsa.PrivateKey
}

// The window of every deployment's authorities and logs.
var (
	// Begin is when they begin.
	Begin = time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	// End is when the authorities' certificates end.
	End = time.Date(2049, 12, 31, 23, 59, 59, 0, time.UTC)
)

// New makes a deployment with keys of its own.
func New(tb testing.TB) *Sigstore {
	tb.Helper()
	return Named(tb, rand.Text())
}

// Named makes a deployment whose keys follow from the name: what one process makes, the deployment
// of the same name in another trusts.
func Named(tb testing.TB, name string) *Sigstore {
	tb.Helper()
	key := func(service string, curve elliptic.Curve) *ecdsa.PrivateKey { return Key(tb, curve, name+"/"+service) }
	s := &Sigstore{
		ct:     key("ct", elliptic.P256()),
		rekor:  key("rekor", elliptic.P256()),
		rekor2: key("rekor2", elliptic.P256()),
	}
	s.root = newRoot(tb, "sigstore", key("root", elliptic.P384()))
	s.intermediate = newIntermediate(tb, "sigstore-intermediate", s.root, key("intermediate", elliptic.P384()))
	s.tsaRoot = newRoot(tb, "sigstore-tsa", key("tsa-root", elliptic.P384()))
	s.tsa = newTimestamper(tb, s.tsaRoot, key("tsa", elliptic.P256()))
	return s
}

// Key makes a key of P-256 or P-384 that follows from a name.
func Key(tb testing.TB, curve elliptic.Curve, name string) *ecdsa.PrivateKey {
	tb.Helper()
	sum := sha512.Sum512([]byte(name))
	if curve.Params().BitSize > 8*len(sum) {
		tb.Fatalf("sigstoretest: no key of %s from a name", curve.Params().Name)
	}
	raw := sum[:(curve.Params().BitSize+7)/8]
	raw[0] >>= 1 // below the order of the group
	key, err := ecdsa.ParseRawPrivateKey(curve, raw)
	if err != nil {
		tb.Fatal(err)
	}
	return key
}

// Part names a kind of service in a trusted root.
type Part string

// The parts of a trusted root.
const (
	// TransparencyLogs are the Rekor logs.
	TransparencyLogs Part = "tlogs"
	// CertificateAuthorities are the Fulcio authorities.
	CertificateAuthorities Part = "certificateAuthorities"
	// CTLogs are the certificate transparency logs.
	CTLogs Part = "ctlogs"
	// TimestampAuthorities are the RFC 3161 authorities.
	TimestampAuthorities Part = "timestampAuthorities"
)

// TrustedRootJSON gives the deployment's trusted_root.json, less the parts left out. Without
// TransparencyLogs and CTLogs it is of the shape of GitHub's.
func (s *Sigstore) TrustedRootJSON(without ...Part) []byte {
	valid := map[string]any{"start": Begin.Format(time.RFC3339)}
	log := func(url string, key *ecdsa.PrivateKey) map[string]any {
		return map[string]any{
			"baseUrl":       url,
			"hashAlgorithm": "SHA2_256",
			"logId":         map[string]any{"keyId": base64.StdEncoding.EncodeToString(logID(key))},
			"publicKey": map[string]any{
				"rawBytes":   base64.StdEncoding.EncodeToString(spki(key)),
				"keyDetails": "PKIX_ECDSA_P256_SHA_256",
				"validFor":   valid,
			},
		}
	}
	ca := func(uri string, chain ...authority) map[string]any {
		var certificates []any
		for _, a := range chain {
			certificates = append(certificates, map[string]any{"rawBytes": base64.StdEncoding.EncodeToString(a.certificate.Raw)})
		}
		return map[string]any{
			"subject":   map[string]any{"organization": "sigstore.test", "commonName": chain[0].certificate.Subject.CommonName},
			"uri":       uri,
			"certChain": map[string]any{"certificates": certificates},
			"validFor":  valid,
		}
	}
	document := map[string]any{
		"mediaType":                    "application/vnd.dev.sigstore.trustedroot+json;version=0.1",
		string(TransparencyLogs):       []any{log(RekorURL, s.rekor), log(Rekor2URL, s.rekor2)},
		string(CertificateAuthorities): []any{ca("https://fulcio.sigstore.test", s.intermediate, s.root)},
		string(CTLogs):                 []any{log("https://ct.sigstore.test", s.ct)},
		string(TimestampAuthorities):   []any{ca(TimestampURL, s.tsa, s.tsaRoot)},
	}
	for _, part := range without {
		delete(document, string(part))
	}
	return mustJSON(document)
}

// spki is a key's public half, DER.
func spki(key *ecdsa.PrivateKey) []byte {
	der, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	if err != nil {
		panic(err) // an ECDSA key of a named curve always marshals
	}
	return der
}

// logID is a log's key id: the SHA-256 of its public key.
func logID(key *ecdsa.PrivateKey) []byte {
	sum := sha256.Sum256(spki(key))
	return sum[:]
}

// signDigest signs the SHA-256 of a message, DER.
func signDigest(key *ecdsa.PrivateKey, message []byte) []byte {
	sum := sha256.Sum256(message)
	sig, err := ecdsa.SignASN1(rand.Reader, key, sum[:])
	if err != nil {
		panic(err) // the system's randomness does not fail
	}
	return sig
}

// mustJSON writes maps, lists and texts, which always marshal; the keys come out sorted.
func mustJSON(v any) []byte {
	data, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return data
}
