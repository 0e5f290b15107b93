package certificate

import (
	"bytes"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/surety-dev/surety/internal/chain"
	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/verify"
)

// list is a revocation list made ready: parsed once, then only read.
type list struct {
	id, digest string
	issuer     string // its name, comparable
	list       *x509.RevocationList
	entries    map[string][]ownership.Change // by serial number, decimal
}

// parseLists parses the lists of one file. That a list is not heard would be missed by nobody, so each must
// be signed with the key of a certificate in an authority's file.
func (o *Opener) parseLists(given List) ([]*list, error) {
	if given.ID == "" {
		return nil, errors.New("a revocation list has no id")
	}
	ders, err := lists(given.Data)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(given.Data)
	var all []*list
	for _, der := range ders {
		parsed, err := x509.ParseRevocationList(der)
		if err != nil {
			return nil, fmt.Errorf("is not a certificate revocation list: %w", err)
		}
		l := &list{id: given.ID, digest: "sha256:" + hex.EncodeToString(sum[:]), issuer: nameOfIssuer(parsed.Issuer), list: parsed, entries: map[string][]ownership.Change{}}
		if err := l.read(); err != nil {
			return nil, err
		}
		if err := o.checkIssuer(l); err != nil {
			return nil, err
		}
		all = append(all, l)
	}
	return all, nil
}

// lists gives the DER of each list of a file: of PEM all blocks.
func lists(data []byte) ([][]byte, error) {
	if !bytes.Contains(data, []byte("-----BEGIN ")) {
		return [][]byte{data}, nil
	}
	blocks, ok := chain.Blocks(data)
	if !ok {
		return nil, errors.New("holds a PEM block that cannot be read")
	}
	var all [][]byte
	for _, block := range blocks {
		if block.Type != "X509 CRL" {
			return nil, fmt.Errorf("holds a PEM block of type %q, expected X509 CRL", block.Type)
		}
		all = append(all, block.Bytes)
	}
	return all, nil
}

// checkIssuer finds a list's issuer among the authorities' certificates. A list holds of all certificates of
// that name: an authority that renews its key has one list for what both keys signed (RFC 5280, 5).
func (o *Opener) checkIssuer(l *list) error {
	fault := errors.New("is of no authority of the model: expected its issuer's certificate in an authority's file")
	for _, a := range o.authorities {
		for _, c := range a.Certificates {
			if nameOfIssuer(c.Subject) != l.issuer {
				continue
			}
			err := l.list.CheckSignatureFrom(c)
			if err == nil {
				return nil
			}
			fault = fmt.Errorf("is not signed by %s, whose name it bears: %w", a.ID, err)
		}
	}
	return fault
}

// read takes in the entries. A list whose entries may be of other issuers' certificates, or are only the
// changes since another list, is refused: it would be misread.
func (l *list) read() error {
	for _, e := range l.list.Extensions {
		switch id := e.Id.String(); {
		case id == "2.5.29.27":
			return errors.New("is a delta list, expected a full one")
		case id == "2.5.29.28": // which certificates it is about (RFC 5280, 5.2.5): fewer entries, but true ones
			var point struct {
				Name       asn1.RawValue  `asn1:"optional,tag:0"`
				User       bool           `asn1:"optional,tag:1"`
				CA         bool           `asn1:"optional,tag:2"`
				Reasons    asn1.BitString `asn1:"optional,tag:3"`
				Indirect   bool           `asn1:"optional,tag:4"`
				Attributes bool           `asn1:"optional,tag:5"`
			}
			if rest, err := asn1.Unmarshal(e.Value, &point); err != nil || len(rest) > 0 || point.Indirect {
				return errors.New("is an indirect list, expected one of its issuer's own certificates")
			}
		case e.Critical:
			return fmt.Errorf("has the critical extension %s, which is not known", id)
		}
	}
	for i := range l.list.RevokedCertificateEntries {
		entry := &l.list.RevokedCertificateEntries[i]
		change, err := changeOf(entry)
		if err != nil {
			return fmt.Errorf("entry %s %w", entry.SerialNumber, err)
		}
		serial := entry.SerialNumber.String()
		l.entries[serial] = append(l.entries[serial], change)
	}
	return nil
}

// changeOf is what an entry says, in the words of the ownership model (RFC 5280, 5.3.1 and 5.3.2). An
// invalidity date later than the revocation would loosen it, and is not heard.
func changeOf(entry *x509.RevocationListEntry) (ownership.Change, error) {
	causes := map[int]string{
		0: "unspecified", 1: "key-compromise", 2: "ca-compromise", 3: "affiliation-changed", 4: "superseded",
		5: "cessation-of-operation", 6: "", 8: "", 9: "privilege-withdrawn", 10: "ca-compromise",
	}
	cause, ok := causes[entry.ReasonCode]
	if !ok {
		return ownership.Change{}, fmt.Errorf("has reason %d, expected one of RFC 5280, 5.3.1", entry.ReasonCode)
	}
	change := ownership.Change{State: ownership.Revoked, From: entry.RevocationTime.UTC(), Cause: cause}
	if cause == "" { // certificateHold, removeFromCRL: held at least for a while
		change.State = ownership.Suspended
	}
	for _, e := range entry.Extensions {
		switch id := e.Id.String(); {
		case id == "2.5.29.21": // the reason
		case id == "2.5.29.24":
			var invalid time.Time
			// of the zero time it would be none, which says less
			if rest, err := asn1.UnmarshalWithParams(e.Value, &invalid, "generalized"); err != nil || len(rest) > 0 || invalid.IsZero() {
				return ownership.Change{}, errors.New("has an invalidity date that cannot be read")
			}
			if invalid.Before(change.From) { // what is on hold reaches back as what is revoked does, while it is
				change.State, change.InvalidFrom = ownership.Revoked, invalid.UTC()
			}
		case id == "2.5.29.29":
			return ownership.Change{}, errors.New("is of another issuer's certificate, expected one of the list's own")
		case e.Critical:
			return ownership.Change{}, fmt.Errorf("has the critical extension %s, which is not known", id)
		}
	}
	return change, nil
}

// revocations gives what the lists say of the certificates of a chain, the leaf's first, and of others that
// the authorities have for a key of the chain, where they say that the key was compromised: that holds of it
// under every certificate. Which authority's file has the issuer does not matter, nor that a certificate is an
// anchor there: what is said against it stands.
func (o *Opener) revocations(a *chain.Authority, certificates []*x509.Certificate) []verify.Revocation {
	var all []verify.Revocation
	for i, c := range certificates {
		all = append(all, o.told(a, c, func(ownership.Change) bool { return true })...)
		if i == 0 {
			continue
		}
		for _, b := range o.authorities {
			for _, d := range b.Certificates {
				if !c.Equal(d) && bytes.Equal(c.RawSubjectPublicKeyInfo, d.RawSubjectPublicKeyInfo) {
					all = append(all, o.told(b, d, compromised)...)
				}
			}
		}
	}
	return all
}

// told gives what the lists say of a certificate, as far as it matters.
func (o *Opener) told(a *chain.Authority, c *x509.Certificate, matters func(ownership.Change) bool) []verify.Revocation {
	if len(o.lists) == 0 {
		return nil
	}
	var all []verify.Revocation
	issuer, serial := nameOfIssuer(c.Issuer), c.SerialNumber.String()
	for _, l := range o.lists {
		if l.issuer != issuer {
			continue
		}
		for _, change := range l.entries[serial] {
			if matters(change) {
				all = append(all, verify.Revocation{
					Change:      change,
					Certificate: fmt.Sprintf("certificate %s under %s", c.SerialNumber, a.ID),
					List:        fmt.Sprintf("%s of %s", l.id, l.list.ThisUpdate.UTC().Format(time.RFC3339)),
				})
			}
		}
	}
	return all
}

// nameOfIssuer writes names alike that are equal whatever string types and case they are written in (RFC 5280,
// 7.1), which may change where an authority renews its certificate.
func nameOfIssuer(n pkix.Name) string { return strings.ToLower(n.String()) }

// compromised reports whether a change says so of the key.
func compromised(c ownership.Change) bool {
	return c.Cause == "key-compromise" || c.Cause == "ca-compromise"
}

// against gives what the lists say of the ways from a certificate up to an authority, each once; nothing where
// they say nothing of one of them. One way that stands is enough: a certificate that opens another must not
// take from what stands without it, or whoever gains by that would leave it out (design §4.4).
func (o *Opener) against(a *chain.Authority, chains [][]*x509.Certificate) [][]verify.Revocation {
	var all [][]verify.Revocation
	for _, certificates := range chains {
		revocations := o.revocations(a, certificates)
		if len(revocations) == 0 {
			return [][]verify.Revocation{nil}
		}
		if !slices.ContainsFunc(all, func(r []verify.Revocation) bool { return slices.Equal(r, revocations) }) {
			all = append(all, revocations)
		}
	}
	return all
}
