package sigstore

import (
	"context"
	"encoding/asn1"
	"errors"
	"fmt"
	"time"

	"github.com/digitorus/pkcs7"

	"github.com/surety-dev/surety/attest"
	"github.com/surety-dev/surety/internal/chain"
	"github.com/surety-dev/surety/internal/stamp"
	"github.com/surety-dev/surety/internal/tsp"
	"github.com/surety-dev/surety/verify"
)

// maxForeignTimestamps is how many may be offered that no authority of the root made. The library that checks
// a response verifies every signer with whatever certificates came along before it asks whether they are
// trusted, so what is let in is bounded.
const maxForeignTimestamps = 4

// stamped is what a root's timestamp authorities say of a signature.
type stamped struct {
	times   []verify.TrustedTime
	said    []time.Time // when the root's say it was, to which they add their accuracy
	fault   error       // why the first of those passed over did not verify
	refused *refusal    // not one of those to pass over
}

// stamp verifies the RFC 3161 timestamps over the signature. One that none of the root's authorities
// made proves nothing and is passed over, as sigstore-go does; the caller refuses where nothing else
// vouches for the time. What is not let in to be verified refuses the whole: were it passed over, a
// time that contradicts the certificate could hide in it.
func (a *anchor) stamp(ctx context.Context, s *signed) (stamped, error) {
	var out stamped
	foreign := 0
	seen := map[verify.TrustedTime]bool{}
	for i, response := range s.timestamps {
		if err := ctx.Err(); err != nil {
			return stamped{}, err
		}
		if t, ok := s.clocked(response); ok {
			if !seen[t] {
				seen[t] = true
				out.times = append(out.times, t)
			}
			continue
		}
		accuracy, err := checkResponse(response)
		if err != nil {
			return stamped{refused: refuse(verify.SignatureInvalid, "timestamp %d %v", i, err)}, nil
		}
		t, err := a.checkTimestamp(response, s.signature)
		switch {
		case err == nil:
			out.said = append(out.said, t.At)
			// what the token vouches for is that it was no later, as its clock may be behind
			if t.At = t.At.Add(accuracy); !seen[t] {
				seen[t] = true
				out.times = append(out.times, t)
			}
		default:
			if foreign++; foreign > maxForeignTimestamps {
				return stamped{refused: refuse(verify.SignatureInvalid, "more than %d timestamps do not verify, the last of them: %v", maxForeignTimestamps, err)}, nil
			}
			if out.fault == nil {
				out.fault = err
			}
		}
	}
	return out, nil
}

// clocked gives the time the caller's clock proves of a timestamp.
func (s *signed) clocked(response []byte) (verify.TrustedTime, bool) {
	if s.clock == nil {
		return verify.TrustedTime{}, false
	}
	times, err := s.clock.Times(&attest.Signature{Sig: s.signature, Timestamps: [][]byte{response}})
	if err != nil || len(times) == 0 {
		return verify.TrustedTime{}, false
	}
	return times[0], true
}

// checkTimestamp verifies one response with each of the root's timestamp authorities.
func (a *anchor) checkTimestamp(response, signature []byte) (verify.TrustedTime, error) {
	err := errors.New("the root has no timestamp authority")
	for _, tsa := range a.material.TimestampingAuthorities() {
		t, fault := tsa.Verify(response, signature)
		if fault != nil {
			err = fault
			continue
		}
		authority := t.URI
		if authority == "" {
			authority = a.id
		}
		return verify.TrustedTime{At: t.Time.UTC(), Source: sourceTimestamp, Authority: authority}, nil
	}
	return verify.TrustedTime{}, err
}

// checkResponse holds a response to what an honest authority sends: DER throughout, one signer (RFC
// 3161, 2.4.2), its chain, and a time. It gives how exact that is.
func checkResponse(response []byte) (time.Duration, error) {
	if len(response) > tsp.MaxBytes {
		return 0, fmt.Errorf("has %d bytes, over %d", len(response), tsp.MaxBytes)
	}
	if !chain.IsDER(response, tsp.MaxDepth) {
		return 0, errors.New("is not DER")
	}
	// TimeStampResp ::= SEQUENCE { status PKIStatusInfo, timeStampToken TimeStampToken OPTIONAL }
	var r struct {
		Status asn1.RawValue
		Token  asn1.RawValue `asn1:"optional"`
	}
	if rest, err := asn1.Unmarshal(response, &r); err != nil || len(rest) > 0 || len(r.Token.FullBytes) == 0 {
		return 0, errors.New("is not a time-stamp response with a token")
	}
	token, err := pkcs7.Parse(r.Token.FullBytes)
	if err != nil {
		return 0, err
	}
	if err := stamp.CheckSigned(token); err != nil {
		return 0, err
	}
	for _, c := range token.Certificates {
		if err := chain.Affordable(c); err != nil {
			return 0, fmt.Errorf("holds a certificate that %w", err)
		}
	}
	info, err := tsp.ParseInfo(token.Content)
	return info.Exactness(), err
}
