// Package tsp reads what RFC 3161 timestamps say: that some bytes existed by a time. Nothing of it is
// verified here: package verify/timestamp does, and whoever puts a timestamp beside a signature only asks
// whether it is over that signature.
package tsp

import (
	"bytes"
	"crypto"
	_ "crypto/sha256"
	_ "crypto/sha512"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"time"

	"github.com/surety-dev/surety/internal/chain"
)

// Bounds on one timestamp.
const (
	MaxBytes = 64 << 10
	// MaxDepth is how deep its DER may be nested.
	MaxDepth    = 24
	maxAccuracy = 24 * time.Hour
)

// Info is TSTInfo (RFC 3161, 2.4.2).
type Info struct {
	// Version is 1.
	Version int
	// Policy is the authority's.
	Policy asn1.ObjectIdentifier
	// Imprint is what the timestamp is over.
	Imprint Imprint
	// Serial is the timestamp's number.
	Serial *big.Int
	// Time is genTime.
	Time time.Time `asn1:"generalized"`
	// Accuracy is how far the time may be off.
	Accuracy Accuracy `asn1:"optional"`
	// Ordering says whether times of this authority can be compared.
	Ordering bool `asn1:"optional"`
	// Nonce is that of the request.
	Nonce *big.Int `asn1:"optional"`
	// Authority is its name.
	Authority asn1.RawValue `asn1:"tag:0,optional"`
	// Extensions are none that is critical.
	Extensions []pkix.Extension `asn1:"tag:1,optional"`
}

// Imprint is the hash of the bytes a timestamp is over.
type Imprint struct {
	// Algorithm is the hash's.
	Algorithm pkix.AlgorithmIdentifier
	// Hash is its value.
	Hash []byte
}

// Accuracy is how far a time may be off, in all three together.
type Accuracy struct {
	// Seconds are whole ones.
	Seconds int64 `asn1:"optional"`
	// Millis are thousandths of one.
	Millis int64 `asn1:"tag:0,optional"`
	// Micros are millionths of one.
	Micros int64 `asn1:"tag:1,optional"`
}

// Unwrap gives the token of a response (TimeStampResp), or the token itself, whose first element
// is an object identifier. It is bounded, and DER.
func Unwrap(data []byte) ([]byte, error) {
	if len(data) > MaxBytes {
		return nil, fmt.Errorf("has %d bytes, over %d", len(data), MaxBytes)
	}
	if !chain.IsDER(data, MaxDepth) {
		return nil, errors.New("is not DER")
	}
	var first asn1.RawValue
	var outer asn1.RawValue
	if rest, err := asn1.Unmarshal(data, &outer); err != nil || len(rest) > 0 || outer.Tag != asn1.TagSequence {
		return nil, errors.New("is no time-stamp token or response")
	}
	if _, err := asn1.Unmarshal(outer.Bytes, &first); err != nil {
		return nil, errors.New("is no time-stamp token or response")
	}
	if first.Class == asn1.ClassUniversal && first.Tag == asn1.TagOID {
		return data, nil
	}
	var response struct {
		Status struct {
			Status int
			Text   []asn1.RawValue `asn1:"optional"`
			Fail   asn1.BitString  `asn1:"optional"`
		}
		Token asn1.RawValue `asn1:"optional"`
	}
	if rest, err := asn1.Unmarshal(data, &response); err != nil || len(rest) > 0 {
		return nil, errors.New("is no time-stamp response")
	}
	if response.Status.Status > 1 || len(response.Token.FullBytes) == 0 { // granted, or with modifications
		return nil, fmt.Errorf("is a response with status %d, not granted", response.Status.Status)
	}
	return response.Token.FullBytes, nil
}

// Content gives what a token signs, the TSTInfo in its CMS (RFC 5652, 3 and 5.1, 5.2).
func Content(token []byte) ([]byte, error) {
	var outer struct {
		Type   asn1.ObjectIdentifier
		Signed struct { // and what follows is not looked at
			Version int
			Digests asn1.RawValue
			Content struct {
				Type asn1.ObjectIdentifier
				Data []byte `asn1:"explicit,optional,tag:0"`
			}
		} `asn1:"explicit,tag:0"`
	}
	signedData := asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 2}
	if rest, err := asn1.Unmarshal(token, &outer); err != nil || len(rest) > 0 || !outer.Type.Equal(signedData) {
		return nil, errors.New("is no time-stamp token")
	}
	if !outer.Signed.Content.Type.Equal(OIDInfo()) {
		return nil, errors.New("is not signed as time-stamp information")
	}
	return outer.Signed.Content.Data, nil
}

// ParseInfo reads what a token signs.
func ParseInfo(content []byte) (Info, error) {
	var info Info
	if rest, err := asn1.Unmarshal(content, &info); err != nil || len(rest) > 0 || info.Version != 1 {
		return Info{}, errors.New("holds no time-stamp information of version 1")
	}
	if slices.ContainsFunc(info.Extensions, func(e pkix.Extension) bool { return e.Critical }) {
		return Info{}, errors.New("has a critical extension, and none is known")
	}
	a := info.Accuracy
	if a.Seconds < 0 || a.Seconds > int64(maxAccuracy/time.Second) || a.Millis < 0 || a.Millis > 999 || a.Micros < 0 || a.Micros > 999 {
		return Info{}, fmt.Errorf("has an accuracy out of range, expected at most %s", maxAccuracy)
	}
	if info.Time.IsZero() {
		return Info{}, errors.New("is of the zero time")
	}
	return info, nil
}

// Exactness is how much later than its time the timestamp may have been made.
func (i Info) Exactness() time.Duration {
	a := i.Accuracy
	return time.Duration(a.Seconds)*time.Second + time.Duration(a.Millis)*time.Millisecond + time.Duration(a.Micros)*time.Microsecond
}

// Latest is the latest time the timestamp vouches for, in UTC: its time and its accuracy.
func (i Info) Latest() time.Time { return i.Time.UTC().Add(i.Exactness()) }

// Over is nil if the timestamp is over a message.
func (i Info) Over(message []byte) error {
	hash := SHA2(i.Imprint.Algorithm.Algorithm)
	if !hash.Available() {
		return fmt.Errorf("is over a hash of algorithm %s, expected SHA-256, SHA-384 or SHA-512", i.Imprint.Algorithm.Algorithm)
	}
	h := hash.New()
	h.Write(message)
	if !bytes.Equal(h.Sum(nil), i.Imprint.Hash) {
		return errors.New("is over other bytes than the signature")
	}
	return nil
}

// SHA2 gives the hash of an identifier; zero, which is not available, for any but SHA-256, -384 and -512.
func SHA2(id asn1.ObjectIdentifier) crypto.Hash {
	hashes := map[string]crypto.Hash{"2.16.840.1.101.3.4.2.1": crypto.SHA256, "2.16.840.1.101.3.4.2.2": crypto.SHA384, "2.16.840.1.101.3.4.2.3": crypto.SHA512}
	return hashes[id.String()]
}

// OIDInfo is id-ct-TSTInfo (RFC 3161, 2.4.2).
func OIDInfo() asn1.ObjectIdentifier {
	return asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 9, 16, 1, 4}
}
