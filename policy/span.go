package policy

import "time"

// Source says how the end of a span is known.
type Source string

const (
	// SourceNone is the zero value: only the time of evaluation bounds the span.
	SourceNone Source = ""
	// SourceTimestamp is an RFC 3161 timestamp.
	SourceTimestamp Source = "rfc3161"
	// SourceLog is a transparency log's signed time.
	SourceLog Source = "rekor"
	// SourceCertificate is the certificate's own validity, where no trusted time is known. It is
	// only met in the generous world.
	SourceCertificate Source = "certificate"
)

// Trusted reports whether the end of the span is a verified trusted time.
func (s Source) Trusted() bool { return s == SourceTimestamp || s == SourceLog }

// Span is when a signature was made: between NotBefore and NotAfter (design §4.8).
type Span struct {
	// NotBefore: no earlier; a certificate's start or the credential's activation. Zero if unknown.
	NotBefore time.Time
	// NotAfter: no later; the earliest verified trusted time, or the time of evaluation.
	NotAfter time.Time
	// Source says how NotAfter is known.
	Source Source
}

// Order is the answer to whether one signature precedes another. The zero value is not proven.
type Order uint8

const (
	// OrderUnknown: neither proven nor refuted.
	OrderUnknown Order = iota
	// OrderProven: it does.
	OrderProven
	// OrderRefuted: it does not.
	OrderRefuted
)

// Before answers whether x was made before y: "proven if x.notAfter <= y.notBefore, refuted if
// x.notBefore >= y.notAfter, else unknown" (design §4.8). A bound that is not known proves nothing.
func (x *Span) Before(y *Span) Order {
	switch {
	case !x.NotAfter.IsZero() && !y.NotBefore.IsZero() && !x.NotAfter.After(y.NotBefore):
		return OrderProven
	case !x.NotBefore.IsZero() && !y.NotAfter.IsZero() && !x.NotBefore.Before(y.NotAfter):
		return OrderRefuted
	}
	return OrderUnknown
}

// RecordedBefore answers whether x was on record before y: "x.notAfter < y.notAfter, both from
// trusted times, else unknown" (design §4.8).
func (x *Span) RecordedBefore(y *Span) Order {
	switch {
	case !x.Source.Trusted() || !y.Source.Trusted():
		return OrderUnknown
	case x.NotAfter.Before(y.NotAfter):
		return OrderProven
	}
	return OrderRefuted
}

// earliest merges the spans of two signatures over one payload into that of the first of them.
func (x *Span) earliest(y *Span) *Span {
	if x == nil {
		return y
	}
	if y == nil {
		return x
	}
	first := *x
	if y.NotAfter.Before(x.NotAfter) || y.NotAfter.Equal(x.NotAfter) && y.Source > x.Source {
		first.NotAfter, first.Source = y.NotAfter, y.Source
	}
	if y.NotBefore.IsZero() || !x.NotBefore.IsZero() && y.NotBefore.Before(x.NotBefore) {
		first.NotBefore = y.NotBefore
	}
	return &first
}
