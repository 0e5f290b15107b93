package inspect

import (
	"bytes"
	"crypto/x509"
	"encoding/asn1"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"maps"

	"github.com/surety-dev/surety/attest"
	"github.com/surety-dev/surety/internal/chain"
	"github.com/surety-dev/surety/verify"
)

// contentOf is what a statement says, whoever vouches for it.
func contentOf(st *attest.Statement) *Content {
	c := &Content{StatementType: st.Type, PredicateType: st.PredicateType, Subjects: []Subject{}, Says: []Said{}}
	for _, s := range st.Subjects {
		digests := map[string]string{}
		maps.Copy(digests, s.Digests)
		c.Subjects = append(c.Subjects, Subject{Name: s.Name, URI: s.URI, Digests: digests, Void: s.Void})
	}
	c.Claims, c.Unreadable = claimsOf(st)
	if own, err := ownPredicate(st); err != nil {
		c.Unreadable = err.Error()
	} else if own {
		c.Says = said(st.Predicate)
	}
	c.Collected = []Collected{}
	for _, part := range st.Collected() {
		claims, unreadable := claimsOf(part)
		c.Collected = append(c.Collected, Collected{PredicateType: part.PredicateType, Claims: claims, Unreadable: unreadable})
	}
	return c
}

// claimsOf is what provenance claims, or why it cannot be read.
func claimsOf(st *attest.Statement) (*Claims, string) {
	p, err := st.Provenance()
	switch {
	case err != nil:
		return nil, err.Error()
	case p == nil:
		return nil, ""
	}
	c := &Claims{
		Builder: p.Builder, BuildType: p.BuildType, Invocation: p.Invocation,
		Source: p.Source.URI, Ref: p.Source.Ref, Revision: map[string]string{},
		Started: verify.Time{Time: p.Started}, Finished: verify.Time{Time: p.Finished},
	}
	maps.Copy(c.Revision, p.Source.Digests)
	return c, ""
}

// said takes a predicate that has been read apart. It is no object in the inspection: what somebody decided
// must not be taken for what is decided of the evidence.
func said(predicate []byte) []Said {
	list := []Said{}
	dec := json.NewDecoder(bytes.NewReader(predicate))
	for _, err := dec.Token(); err == nil && dec.More(); {
		name, _ := dec.Token()
		var value json.RawMessage
		var compact bytes.Buffer
		if err = dec.Decode(&value); err == nil {
			err = json.Compact(&compact, value)
		}
		list = append(list, Said{fmt.Sprint(name), compact.String()})
	}
	return list
}

// ownPredicate reports whether a predicate is one of this project's own (design §3.3), and why it cannot be read.
func ownPredicate(st *attest.Statement) (own bool, err error) {
	switch attest.ViewOf(st.PredicateType) {
	case attest.ViewApproval:
		_, err = st.Approval()
	case attest.ViewException:
		_, err = st.Exception()
	case attest.ViewRevocation:
		_, err = st.Revocation()
	case attest.ViewDrill:
		_, err = st.Drill()
	default:
		return false, nil
	}
	return err == nil, err
}

// hints is what stands beside the n-th signature, but for a certificate.
func hints(it *attest.Item, n int) Hints {
	sig := it.Envelope().Signatures[n]
	h := Hints{KeyID: sig.KeyID, Timestamps: len(sig.Timestamps)}
	if b := it.Bundle(); b != nil {
		h.LogEntries = b.LogEntries
		if b.HasPublicKey {
			h.KeyID = b.KeyHint
		}
	}
	return h
}

// certificateOf reads the certificate beside the n-th signature, nil if there is none. Nothing of it
// is verified, so it is read as crypto/x509 does and no more strictly.
func certificateOf(it *attest.Item, n int) *Certificate {
	var der []byte
	out := &Certificate{Subjects: []string{}}
	switch text := it.Envelope().Signatures[n].Certificate; {
	case it.Bundle() != nil && len(it.Bundle().Certificates) > 0:
		der = it.Bundle().Certificates[0]
	case text == nil:
		return nil
	default:
		block, _ := pem.Decode(text)
		if block == nil {
			out.Unreadable = "is not PEM"
			return out
		}
		der = block.Bytes
	}
	c, err := chain.ParseDER(der)
	if err != nil {
		out.Unreadable = err.Error()
		return out
	}
	for _, uri := range c.URIs {
		out.Subjects = append(out.Subjects, uri.String())
	}
	out.Subjects = append(append(out.Subjects, c.EmailAddresses...), c.DNSNames...)
	out.Issuer = oidcIssuer(c)
	out.NotBefore, out.NotAfter = verify.Time{Time: c.NotBefore}, verify.Time{Time: c.NotAfter}
	return out
}

// oidcIssuer is the OIDC issuer a certificate names, as Fulcio writes it now (.8) or used to (.1;
// fulcio docs/oid-info.md).
func oidcIssuer(c *x509.Certificate) (issuer string) {
	arc := asn1.ObjectIdentifier{1, 3, 6, 1, 4, 1, 57264, 1}
	for _, e := range c.Extensions {
		switch {
		case e.Id.Equal(append(arc, 8)):
			var text string
			if _, err := asn1.Unmarshal(e.Value, &text); err == nil {
				return text
			}
		case e.Id.Equal(append(arc, 1)):
			issuer = string(e.Value)
		}
	}
	return issuer
}
