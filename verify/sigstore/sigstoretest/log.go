package sigstoretest

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/sha256"
	"encoding/asn1"
	"encoding/base64"
	"encoding/hex"
	"encoding/pem"
	"fmt"
	"net/url"
	"strconv"
	"testing"
	"time"

	"github.com/digitorus/timestamp"
)

// The tree of a log: the entry is the first of two leaves, its neighbour a hash of nothing.
const (
	treeSize  = 2
	leafIndex = 0
)

var neighbour = sha256.Sum256([]byte("the other leaf"))

// entry makes the log entry about a signature.
func (s *Sigstore) entry(spec Spec, sig []byte, by verifier) map[string]any {
	key, origin, kind, version, body := s.rekor, hostname(RekorURL)+" - 1193050959916656506", "dsse", "0.0.1", dsseBody(spec, sig, by)
	if spec.Log == RekorV2 {
		key, origin, kind, version, body = s.rekor2, hostname(Rekor2URL), "hashedrekord", "0.0.2", hashedRekordBody(spec, sig, by)
	}
	leaf := sha256.Sum256(append([]byte{0}, body...))
	root := sha256.Sum256(append(append([]byte{1}, leaf[:]...), neighbour[:]...))
	entry := map[string]any{
		"logIndex":          strconv.Itoa(leafIndex),
		"logId":             map[string]any{"keyId": base64.StdEncoding.EncodeToString(logID(key))},
		"kindVersion":       map[string]any{"kind": kind, "version": version},
		"canonicalizedBody": base64.StdEncoding.EncodeToString(body),
		"inclusionProof": map[string]any{
			"logIndex":   strconv.Itoa(leafIndex),
			"treeSize":   strconv.Itoa(treeSize),
			"rootHash":   base64.StdEncoding.EncodeToString(root[:]),
			"hashes":     []any{base64.StdEncoding.EncodeToString(neighbour[:])},
			"checkpoint": map[string]any{"envelope": checkpoint(key, origin, root[:])},
		},
	}
	if spec.Log == RekorV1 {
		entry["integratedTime"] = strconv.FormatInt(spec.At.Unix(), 10)
		if !spec.NoTime {
			entry["inclusionPromise"] = map[string]any{"signedEntryTimestamp": base64.StdEncoding.EncodeToString(promise(key, spec, body))}
		}
	}
	return entry
}

// promise is Rekor v1's signed entry timestamp, over the entry in canonical JSON (RFC 8785).
func promise(key *ecdsa.PrivateKey, spec Spec, body []byte) []byte {
	return signDigest(key, fmt.Appendf(nil, `{"body":"%s","integratedTime":%d,"logID":"%s","logIndex":%d}`,
		base64.StdEncoding.EncodeToString(body), spec.At.Unix(), hex.EncodeToString(logID(key)), leafIndex))
}

// checkpoint is a signed tree head (C2SP tlog-checkpoint and signed-note).
func checkpoint(key *ecdsa.PrivateKey, origin string, root []byte) string {
	text := fmt.Sprintf("%s\n%d\n%s\n", origin, treeSize, base64.StdEncoding.EncodeToString(root))
	name := hostnameOf(origin)
	signature := append(logID(key)[:4:4], signDigest(key, []byte(text))...)
	return text + "\n\u2014 " + name + " " + base64.StdEncoding.EncodeToString(signature) + "\n"
}

// dsseBody is the canonical body of Rekor v1's dsse 0.0.1.
func dsseBody(spec Spec, sig []byte, by verifier) []byte {
	block := &pem.Block{Type: "CERTIFICATE", Bytes: by.certificate}
	if by.certificate == nil {
		block = &pem.Block{Type: "PUBLIC KEY", Bytes: by.public}
	}
	digest := func(data []byte) map[string]any {
		return map[string]any{"algorithm": "sha256", "value": fmt.Sprintf("%x", sha256.Sum256(data))}
	}
	return mustJSON(map[string]any{
		"apiVersion": "0.0.1",
		"kind":       "dsse",
		"spec": map[string]any{
			"envelopeHash": digest(mustJSON(envelope(spec, map[string]any{"sig": base64.StdEncoding.EncodeToString(sig)}))),
			"payloadHash":  digest(spec.Statement),
			"signatures": []any{map[string]any{
				"signature": base64.StdEncoding.EncodeToString(sig),
				"verifier":  base64.StdEncoding.EncodeToString(pem.EncodeToMemory(block)),
			}},
		},
	})
}

// hashedRekordBody is the canonical body of Rekor v2's hashedrekord 0.0.2.
func hashedRekordBody(spec Spec, sig []byte, by verifier) []byte {
	digest := sha256.Sum256(pae(spec))
	with := map[string]any{"keyDetails": "PKIX_ECDSA_P256_SHA_256"}
	if by.certificate != nil {
		with["x509Certificate"] = map[string]any{"rawBytes": base64.StdEncoding.EncodeToString(by.certificate)}
	} else {
		with["publicKey"] = map[string]any{"rawBytes": base64.StdEncoding.EncodeToString(by.public)}
	}
	return mustJSON(map[string]any{
		"apiVersion": "0.0.2",
		"kind":       "hashedrekord",
		"spec": map[string]any{"hashedRekordV002": map[string]any{
			"data":      map[string]any{"algorithm": "SHA2_256", "digest": base64.StdEncoding.EncodeToString(digest[:])},
			"signature": map[string]any{"content": base64.StdEncoding.EncodeToString(sig), "verifier": with},
		}},
	})
}

// timestamp makes an RFC 3161 response over the signature.
func (s *Sigstore) timestamp(tb testing.TB, sig []byte, at time.Time) []byte {
	tb.Helper()
	imprint := sha256.Sum256(sig)
	response, err := (&timestamp.Timestamp{
		HashAlgorithm: crypto.SHA256,
		HashedMessage: imprint[:],
		Time:          at.UTC(),
		Policy:        asn1.ObjectIdentifier{1, 3, 6, 1, 4, 1, 57264, 2},
	}).CreateResponseWithOpts(s.tsa.certificate, s.tsa.key, crypto.SHA256)
	if err != nil {
		tb.Fatal(err)
	}
	return response
}

func hostname(base string) string {
	u, err := url.Parse(base)
	if err != nil {
		panic(err) // the URLs are constants
	}
	return u.Hostname()
}

// hostnameOf is the name in an origin, which Rekor v1 follows with its tree's id.
func hostnameOf(origin string) string {
	for i := range origin {
		if origin[i] == ' ' {
			return origin[:i]
		}
	}
	return origin
}
