package ownership_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/hex"
	"math/big"
	"slices"
	"testing"
)

// abuseWeakKeys loads keys that nobody should trust, or that nothing here reads.
func abuseWeakKeys(t *testing.T) {
	for want, public := range map[string]any{
		"an RSA key of 1024 bits": rsaKey(1024, 65537), "an RSA key of 2047 bits": rsaKey(2047, 65537), "an RSA key with exponent 1": rsaKey(2048, 1),
		"an RSA key with exponent 65536": rsaKey(2048, 65536), "an ECDSA key on P-224": ecdsaKey(t, elliptic.P224()), "a key of type *dsa.PublicKey": dsaKey(t),
	} {
		t.Run(want, func(t *testing.T) {
			for _, form := range []string{block(spki(t, public)), certify(t, spki(t, public))} {
				refused(t, keyed(form, ""), want)
			}
		})
	}
	ys := lowOrder()
	for y := fieldOrder(); y.BitLen() <= 255; y = new(big.Int).Add(y, big.NewInt(1)) {
		ys = append(ys, y) // RFC 8032 section 5.1.3: y is below p
	}
	for _, y := range ys {
		even := y.FillBytes(make([]byte, 32))
		slices.Reverse(even)
		odd := bytes.Clone(even)
		odd[31] |= 0x80
		for _, point := range [][]byte{even, odd} {
			text := hex.EncodeToString(point)
			t.Run("Ed25519 "+text, func(t *testing.T) {
				for _, form := range []string{block(spki(t, edwards(t, text))), certify(t, spki(t, edwards(t, text)))} {
					refused(t, keyed(form, ""), "an Ed25519 key that is no point of full order")
				}
			})
		}
	}
	for name, der := range unreadKeys(t) {
		t.Run(name, func(t *testing.T) { refused(t, keyed(block(der), ""), "not a public key (") })
	}
	// PKCS#1 v1.5 is said of RSA only, r and s of ECDSA only
	p256 := encode(t, ecdsaKey(t, elliptic.P256()))
	for _, pem := range []string{encode(t, key(1)), p256} {
		refused(t, keyed(pem, "rsassa-pkcs1v15"), "rsassa-pkcs1v15 with a key that is not RSA: expected no scheme")
	}
	for _, pem := range []string{encode(t, key(1)), encode(t, rsaKey(2048, 65537))} {
		refused(t, keyed(pem, "ecdsa-p1363"), "ecdsa-p1363 with a key that is not ECDSA: expected no scheme")
	}
	refused(t, keyed(encode(t, rsaKey(2048, 65537)), "rsassa-pss-sha1"), "expected one of rsassa-pkcs1v15, ecdsa-p1363")
}

// keyed is a document with one credential, of a key and a scheme or "".
func keyed(pem, scheme string) string {
	if scheme != "" {
		scheme = ", scheme: " + scheme
	}
	return people + "credentials: [{id: a, holder: alice, key: {pem: " + quoted(pem) + scheme + "}, " + active + "}]"
}

// unreadKeys are keys of algorithms and in forms that crypto/x509 does not read.
func unreadKeys(t *testing.T) map[string][]byte {
	t.Helper()
	ec, p256 := asn1.ObjectIdentifier{1, 2, 840, 10045, 2, 1}, asn1.ObjectIdentifier{1, 2, 840, 10045, 3, 1, 7}
	point, err := ecdsaKey(t, elliptic.P256()).Bytes()
	if err != nil {
		t.Fatal(err)
	}
	off := bytes.Clone(point)
	off[64] ^= 1
	if _, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), off); err == nil {
		t.Fatal("the point is on the curve")
	}
	rsa := spki(t, rsaKey(2048, 65537))
	make25519 := func(size int) []byte {
		return rawKey(t, asn1.ObjectIdentifier{1, 3, 101, 112}, nil, bytes.Repeat([]byte{9}, size))
	}
	return map[string][]byte{
		"P-256, off the curve":         rawKey(t, ec, p256, off),
		"P-256, at infinity":           rawKey(t, ec, p256, []byte{0}),
		"P-256, no point":              rawKey(t, ec, p256, nil),
		"P-256, compressed":            rawKey(t, ec, p256, append([]byte{2 + point[64]&1}, point[1:33]...)),
		"P-256, hybrid":                rawKey(t, ec, p256, append([]byte{6 + point[64]&1}, point[1:]...)),
		"P-256, a byte more":           rawKey(t, ec, p256, append(bytes.Clone(point), 0)),
		"secp256k1":                    rawKey(t, ec, asn1.ObjectIdentifier{1, 3, 132, 0, 10}, point),
		"brainpoolP256r1":              rawKey(t, ec, asn1.ObjectIdentifier{1, 3, 36, 3, 3, 2, 8, 1, 1, 7}, point),
		"a curve of one's own":         rawKey(t, ec, []int{1}, point),
		"id-RSASSA-PSS":                bytes.Replace(rsa, []byte{0x0d, 1, 1, 1}, []byte{0x0d, 1, 1, 10}, 1),
		"RSA, modulus negative":        rawKey(t, asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 1}, asn1.NullRawValue, []byte{0x30, 6, 2, 1, 0x81, 2, 1, 3}),
		"RSA, exponent of 9 bytes":     rawKey(t, asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 1, 1}, asn1.NullRawValue, []byte{0x30, 14, 2, 1, 0x7f, 2, 9, 1, 0, 0, 0, 0, 0, 0, 0, 1}),
		"Ed448":                        rawKey(t, asn1.ObjectIdentifier{1, 3, 101, 113}, nil, make([]byte, 57)),
		"Ed25519, a byte less":         make25519(31),
		"Ed25519, a byte more":         make25519(33),
		"something after the key":      append(bytes.Clone(rsa), 0),
		"an unknown algorithm":         rawKey(t, asn1.ObjectIdentifier{1, 2, 3}, nil, point),
		"a key of ML-DSA, unread yet":  rawKey(t, asn1.ObjectIdentifier{2, 16, 840, 1, 101, 3, 4, 3, 17}, nil, make([]byte, 1312)),
		"nothing at all, and no DER":   nil,
		"DER that is no key: a number": {2, 1, 1},
	}
}

// rawKey is a SubjectPublicKeyInfo of any algorithm (RFC 5280 section 4.1).
func rawKey(t *testing.T, algorithm asn1.ObjectIdentifier, parameters any, public []byte) []byte {
	t.Helper()
	id := pkix.AlgorithmIdentifier{Algorithm: algorithm}
	if parameters != nil {
		der, err := asn1.Marshal(parameters)
		if err != nil {
			t.Fatal(err)
		}
		id.Parameters = asn1.RawValue{FullBytes: der}
	}
	der, err := asn1.Marshal(struct {
		Algorithm pkix.AlgorithmIdentifier
		Key       asn1.BitString
	}{id, asn1.BitString{Bytes: public, BitLength: 8 * len(public)}})
	if err != nil {
		t.Fatal(err)
	}
	return der
}

// fieldOrder is p of edwards25519, 2^255-19.
func fieldOrder() *big.Int {
	return new(big.Int).Sub(new(big.Int).Lsh(big.NewInt(1), 255), big.NewInt(19))
}

// lowOrder are the y of the eight points of low order on edwards25519.
func lowOrder() []*big.Int {
	p, one := fieldOrder(), big.NewInt(1)
	eight, _ := new(big.Int).SetString("05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826", 16)
	return []*big.Int{big.NewInt(0), one, eight, new(big.Int).Sub(p, eight), new(big.Int).Sub(p, one)}
}

// TestLowOrder holds that these are all of them: eight points that doubled three times are the neutral one,
// on a curve whose points number eight times a prime.
func TestLowOrder(t *testing.T) {
	t.Parallel()
	p, one := fieldOrder(), big.NewInt(1)
	mod := func(n *big.Int) *big.Int { return n.Mod(n, p) }
	mul := func(a, b *big.Int) *big.Int { return mod(new(big.Int).Mul(a, b)) }
	over := func(a, b *big.Int) *big.Int { return mul(a, new(big.Int).ModInverse(b, p)) }
	d := over(mod(big.NewInt(-121665)), big.NewInt(121666)) // RFC 8032 section 5.1
	points := 0
	for _, y := range lowOrder() {
		yy := mul(y, y)
		x := new(big.Int).ModSqrt(over(mod(new(big.Int).Sub(yy, one)), mod(new(big.Int).Add(one, mul(d, yy)))), p)
		if x == nil {
			t.Fatalf("%x is no point's y", y)
		}
		if points++; x.Sign() != 0 {
			points++
		}
		for range 3 {
			xx, yy := mul(x, x), mul(y, y)
			dxy := mul(d, mul(xx, yy))
			x, y = over(mul(big.NewInt(2), mul(x, y)), mod(new(big.Int).Add(one, dxy))), over(mod(new(big.Int).Add(yy, xx)), mod(new(big.Int).Sub(one, dxy)))
		}
		if x.Sign() != 0 || y.Cmp(one) != 0 {
			t.Errorf("eight times the point is (%x, %x)", x, y)
		}
	}
	if points != 8 {
		t.Errorf("%d points; expected 8", points)
	}
}
