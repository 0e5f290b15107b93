package wycheproof

import (
	"cmp"
	"crypto/sha256"
	"io/fs"
	"slices"
	"strings"
	"testing"

	"github.com/c2sp/wycheproof"
	gocmp "github.com/google/go-cmp/cmp"

	"github.com/surety-dev/surety/ownership"
)

// tally counts vectors by what Wycheproof says they are.
type tally struct{ Valid, Acceptable, Invalid int }

func (t *tally) add(result string, n int) {
	switch result {
	case "valid":
		t.Valid += n
	case "acceptable":
		t.Acceptable += n
	case "invalid":
		t.Invalid += n
	}
}

// outcome is what became of vectors: how many are accepted, and how many are refused.
type outcome struct{ Accepted, Refused tally }

// class is vectors alike in what makes them deviate from Wycheproof, or in that nothing does.
type class struct {
	name string
	// why says why what is valid is not accepted here.
	why string
	// covers tells the groups of the class; a group is of the first class that covers it.
	covers func(group) bool
	// key says that the key is refused, when the model is loaded; otherwise the signature is.
	key bool
	// want is what becomes of its vectors, to the last one: a class that grows is looked at.
	want outcome
}

// classes are all there are.
func classes() []class {
	is := func(types ...string) func(group) bool {
		return func(g group) bool { return slices.Contains(types, g.Type) }
	}
	dsa, ecdsa := is("DsaVerify", "DsaP1363Verify"), is("EcdsaVerify", "EcdsaP1363Verify", "EcdsaBitcoinVerify")
	pss, pkcs1 := is("RsassaPssVerify", "RsassaPssWithParametersVerify"), is("RsassaPkcs1Verify", "RsassaPkcs1Generate")
	hashes := map[string]string{"secp256r1": "SHA-256", "secp384r1": "SHA-384", "secp521r1": "SHA-512"}
	return []class{
		{"DSA", "FIPS 186-5 approves it no longer", dsa, true, outcome{Refused: tally{588, 4, 1364}}},
		{"Ed448", "crypto/x509 does not read it, and no known evidence is signed with it", func(g group) bool { return g.PublicKey.Curve == "edwards448" }, true, outcome{Refused: tally{17, 0, 70}}},
		{"ECDSA on another curve", "P-256, P-384 and P-521 only; crypto/x509 reads P-224 beside them, which is shorter than the hash", func(g group) bool { return ecdsa(g) && hashes[g.PublicKey.Curve] == "" }, true, outcome{Refused: tally{9064, 0, 11187}}},
		{"ECDSA over another hash", "the hash is that of the curve's size: whoever signs does not choose it", func(g group) bool { return ecdsa(g) && hashes[g.PublicKey.Curve] != g.SHA }, false, outcome{Refused: tally{3475, 0, 3787}}},
		{"RSA under 2048 bits", "too short to trust (NIST SP 800-131A)", func(g group) bool { return g.KeySize > 0 && g.KeySize < 2048 }, true, outcome{Refused: tally{0, 65, 0}}},
		{"RSA key for PSS alone", "crypto/x509 does not read id-RSASSA-PSS (RFC 4055); the same key written as rsaEncryption is taken", is("RsassaPssWithParametersVerify"), true, outcome{Refused: tally{775, 0, 316}}},
		{"RSA over another hash", "SHA-256 only: whoever signs does not choose it", func(g group) bool { return (pss(g) || pkcs1(g)) && g.SHA != "SHA-256" }, false, outcome{tally{0, 0, 20}, tally{1488, 30, 5537}}},
		{"PSS masked with another hash", "MGF1 is over the hash of the message, as RFC 8017 section 8.1 recommends", func(g group) bool { return pss(g) && (g.MGF != "MGF1" || g.MGFSHA != g.SHA) }, false, outcome{Refused: tally{87, 0, 45}}},
		{"PSS with another salt", "the salt is as long as the hash: whoever signs does not choose it", func(g group) bool { return pss(g) && g.SaltLength != sha256.Size }, false, outcome{tally{0, 0, 1}, tally{66, 0, 41}}},
		{"ECDSA", "", ecdsa, false, outcome{tally{1197, 0, 0}, tally{0, 0, 1193}}},
		{"Ed25519", "", is("EddsaVerify"), false, outcome{tally{88, 0, 0}, tally{0, 0, 63}}},
		{"PSS", "", pss, false, outcome{tally{190, 0, 0}, tally{0, 0, 135}}},
		{"PKCS#1 v1.5", "", pkcs1, false, outcome{tally{55, 3, 0}, tally{0, 4, 999}}},
	}
}

// expected reports whether a vector is to be accepted: what is valid, where its class does not deviate.
// Of what is acceptable, keys with the exponent 3 are: the model takes them. A PKCS#1 v1.5 signature
// whose hash is named without its NULL is not: RFC 8017 appendix A.2.4 has one encoding.
//
// Where a class deviates, few vectors are invalid only for being made in this project's way.
func expected(c class, v vector) bool {
	switch {
	case c.name == "RSA over another hash":
		return strings.HasPrefix(v.Comment, "The message is hashed with SHA-256 instead of ")
	case c.name == "PSS with another salt":
		return v.Comment == "s_len changed to 32"
	case c.why != "":
		return false
	case v.Result == "acceptable":
		return slices.Equal(v.Flags, []string{"SmallPublicKey"})
	}
	return v.Result == "valid"
}

// TestVectors runs every vector: what is valid is accepted, what is not is refused, and what deviates is
// one of the classes above, with exactly so many vectors.
func TestVectors(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("-short: some 40,000 signatures")
	}
	entries, err := fs.ReadDir(wycheproof.TestVectors, ".")
	if err != nil {
		t.Fatal(err)
	}
	entries = slices.DeleteFunc(entries, func(e fs.DirEntry) bool { return !files.MatchString(e.Name()) })
	if len(entries) != 138 {
		t.Errorf("%d files of vectors; expected 138", len(entries))
	}
	results := make([][]outcome, len(entries))
	t.Run("files", func(t *testing.T) {
		for i, e := range entries {
			t.Run(strings.TrimSuffix(e.Name(), "_test.json"), func(t *testing.T) {
				t.Parallel()
				results[i] = run(t, groups(t, e.Name()))
			})
		}
	})
	for i, c := range classes() {
		var got outcome
		for _, of := range results {
			if of != nil {
				got.Accepted.sum(of[i].Accepted)
				got.Refused.sum(of[i].Refused)
			}
		}
		t.Logf("%-30s accepted %+v, refused %+v. %s", c.name, got.Accepted, got.Refused, c.why)
		if diff := gocmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

// sum adds another tally to this one.
func (t *tally) sum(other tally) {
	t.Valid += other.Valid
	t.Acceptable += other.Acceptable
	t.Invalid += other.Invalid
}

// run runs the vectors of one file, and counts them by class.
func run(t *testing.T, file []group) []outcome {
	t.Helper()
	all := classes()
	counts := make([]outcome, len(all))
	for _, g := range file {
		i := slices.IndexFunc(all, func(c class) bool { return c.covers(g) })
		if i < 0 {
			t.Fatalf("vectors of an unknown kind: %s", g.Type)
		}
		key, err := g.load(g.scheme())
		switch {
		case all[i].key:
			if err == nil || !refusedKey(err) {
				t.Errorf("%s: the model loads: %v; expected the key to be refused", all[i].name, err)
			}
			for _, v := range g.Tests {
				counts[i].Refused.add(v.Result, 1)
			}
			continue
		case err != nil:
			t.Error(err)
			continue
		}
		for _, v := range g.Tests {
			got, want := accepts(t, key, v), expected(all[i], v)
			if got != want {
				t.Errorf("%d (%s: %s %v): accepted %t, expected %t", v.ID, v.Result, v.Comment, v.Flags, got, want)
			}
			if got {
				counts[i].Accepted.add(v.Result, 1)
			} else {
				counts[i].Refused.add(v.Result, 1)
			}
		}
		if all[i].why == "" {
			otherScheme(t, g)
		}
	}
	return counts
}

// otherScheme holds that no signature verifies under the scheme its key's credential does not give.
func otherScheme(t *testing.T, g group) {
	t.Helper()
	other := map[string]string{
		"EcdsaVerify": ownership.SchemeP1363, "EcdsaP1363Verify": "",
		"RsassaPssVerify": ownership.SchemePKCS1v15, "RsassaPkcs1Verify": "", "RsassaPkcs1Generate": "",
	}
	scheme, ok := other[g.Type]
	if !ok { // Ed25519 has one
		if _, err := g.load(ownership.SchemeP1363); err == nil {
			t.Error("a key of Ed25519 signs as ECDSA does")
		}
		return
	}
	key, err := g.load(scheme)
	if err != nil {
		t.Error(err)
		return
	}
	for _, v := range g.Tests {
		// RSA vectors that are invalid because they are made as the other scheme is are none of it
		if accepts(t, key, v) && !slices.Contains(v.Flags, "WrongPrimitive") {
			t.Errorf("%d verifies as %s does", v.ID, cmp.Or(scheme, "the key's usual scheme"))
		}
	}
}
