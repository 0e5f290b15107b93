package sigstore

import (
	"context"
	"encoding/hex"
	"time"

	"github.com/sigstore/sigstore-go/pkg/root"
	"github.com/sigstore/sigstore-go/pkg/tlog"
	sgverify "github.com/sigstore/sigstore-go/pkg/verify"
	checkpoint "github.com/transparency-dev/formats/log"
	"github.com/transparency-dev/merkle/proof"
	"github.com/transparency-dev/merkle/rfc6962"

	"github.com/surety-dev/surety/verify"
)

// Sources of a trusted time, as package verify names them.
const (
	sourceLog       = "rekor"
	sourceTimestamp = "rfc3161"
)

// logged is what a root's transparency logs say of a signature.
type logged struct {
	verified int                  // entries that verified
	times    []verify.TrustedTime // under a promise
	claimed  []time.Time          // integrated times of entries without promise: no proof of anything
}

// log verifies the entries that are in a log of the root; those of other logs say nothing under
// this root and are passed over, as sigstore-go does. An entry of a known log that does not verify
// refuses the whole, also where sigstore-go would pass over it: somebody made it up.
func (a *anchor) log(ctx context.Context, s *signed) (logged, *refusal, error) {
	var l logged
	seen := map[position]bool{}
	logs := a.material.RekorLogs()
	for i, entry := range s.entries {
		if err := ctx.Err(); err != nil {
			return logged{}, nil, err
		}
		at := position{log: entry.LogKeyID(), index: entry.LogIndex()}
		if seen[at] {
			return logged{}, refuse(verify.SignatureInvalid, "log entry %d is offered twice", i), nil
		}
		seen[at] = true
		from, known := logs[hex.EncodeToString([]byte(at.log))]
		if !known {
			if err := tlog.ValidateEntry(entry); err != nil {
				return logged{}, refuse(verify.SignatureInvalid, "log entry %d is not valid: %v", i, err), nil
			}
			continue
		}
		if refused := a.checkEntry(i, entry, from, s); refused != nil {
			return logged{}, refused, nil
		}
		l.add(entry, a.logName(from))
	}
	return l, nil, nil
}

// checkEntry verifies one entry by itself: that the log holds it, and that it is about exactly this
// signature, signer and payload.
func (a *anchor) checkEntry(i int, entry *tlog.Entry, from *root.TransparencyLog, s *signed) *refusal {
	if from.PublicKey == nil {
		return refuse(verify.SignatureInvalid, "log entry %d is in a log without key", i)
	}
	// The integrated time is held against the certificate by the caller: here the certificate is
	// valid at every time, so that what fails is the entry.
	if _, err := sgverify.VerifyTlogEntry(s.entity(entry), s.material(a), 1, true); err != nil {
		// sigstore-go passes over an entry whose promise fails, and says only that one is missing.
		if fault := tlog.VerifySET(entry, a.material.RekorLogs()); entry.HasInclusionPromise() && fault != nil {
			err = fault
		}
		return refuse(verify.SignatureInvalid, "log entry %d does not verify under %s: %v", i, a.id, err)
	}
	if err := checkShown(entry); err != nil {
		return refuse(verify.SignatureInvalid, "log entry %d shows another body than %s holds: %v", i, a.id, err)
	}
	// A promise is checked against the log's window by sigstore-go. A proof alone carries no time;
	// but a log that had ended before the certificate began cannot hold it.
	if c := s.certificate; c != nil && !entry.HasInclusionPromise() &&
		!from.ValidityPeriodEnd.IsZero() && from.ValidityPeriodEnd.Before(c.leaf.NotBefore) {
		return refuse(verify.SignatureInvalid, "log entry %d is in a log that had ended before", i)
	}
	return nil
}

// checkShown verifies that the body shown is the one logged. sigstore-go rebuilds a Rekor v2 entry
// from the bundle, and takes the body offered for an ornament.
func checkShown(entry *tlog.Entry) error {
	if !entry.IsRekorV2() {
		return nil
	}
	p := entry.TransparencyLogEntry()
	var tree checkpoint.Checkpoint // its signature has been verified
	if _, err := tree.Unmarshal([]byte(p.GetInclusionProof().GetCheckpoint().GetEnvelope())); err != nil {
		return err
	}
	return proof.VerifyInclusion(rfc6962.DefaultHasher, uint64(p.GetLogIndex()), tree.Size,
		rfc6962.DefaultHasher.HashLeaf(p.GetCanonicalizedBody()), p.GetInclusionProof().GetHashes(), tree.Hash)
}

// add takes in a verified entry.
func (l *logged) add(entry *tlog.Entry, authority string) {
	l.verified++
	at := entry.IntegratedTime()
	switch {
	case at.IsZero():
	case entry.HasInclusionPromise() && !entry.IsRekorV2():
		l.times = append(l.times, verify.TrustedTime{At: at.UTC(), Source: sourceLog, Authority: authority})
	default:
		l.claimed = append(l.claimed, at)
	}
}

// position names an entry: its log and its index there. sigstore-go refuses a second entry at one.
type position struct {
	log   string
	index int64
}

// logName names a log in a trusted time.
func (a *anchor) logName(l *root.TransparencyLog) string {
	if l.BaseURL != "" {
		return l.BaseURL
	}
	return a.id
}
