// Package edwards tells the Ed25519 keys that nobody has generated from others.
package edwards

import (
	"bytes"
	"crypto/ed25519"
	"encoding/hex"
	"strings"
)

// lowOrderPoints are the canonical y coordinates of the points of order 1, 2, 4 and
// 8 on edwards25519: keys under which anybody can sign something.
var lowOrderPoints = [...]string{
	"0000000000000000000000000000000000000000000000000000000000000000",
	"0100000000000000000000000000000000000000000000000000000000000000",
	"26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
	"c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
	"ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
}

// LowOrder reports whether a key is a point of low order, or is not written in the
// one canonical way (RFC 8032 section 5.1.3: y < p), the sign bit aside.
func LowOrder(k ed25519.PublicKey) bool {
	y := bytes.Clone(k)
	y[31] &= 0x7f
	text := hex.EncodeToString(y)
	for _, low := range lowOrderPoints {
		if text == low {
			return true
		}
	}
	return y[0] >= 0xed && strings.HasSuffix(text, lowOrderPoints[4][2:])
}
