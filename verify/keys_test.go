package verify_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/surety-dev/surety/internal/fixture"
	"github.com/surety-dev/surety/verify"
)

// TestKeyKinds signs one envelope with each kind of key: allowed; and with a bit flipped in payload,
// signature or payload type: refused for the stated reason.
func TestKeyKinds(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"ed25519:x", "p256:x", "p384:x", "p521:x", "p1363:x", "rsa:", "pkcs1:"} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			key := fixture.NewKey(kind)
			scheme := map[string]string{"pkcs1:": ", scheme: rsassa-pkcs1v15", "p1363:x": ", scheme: ecdsa-p1363"}[kind]
			s := scene{model: replaced(t, baseModel, "key: {pem: KEY(pipeline)}", "key: {pem: KEY("+kind+")"+scheme+"}")}
			st := fixture.NewStatement(fixture.ProvenanceV1, release, fixture.Provenance(fixture.Builder))
			good := fixture.Sign(st.JSON(), key)
			want(t, s.judge(t, good.JSON()), "allow")

			anonymous := good
			anonymous.Signatures = slices.Clone(good.Signatures)
			anonymous.Signatures[0].KeyID = ""
			want(t, s.judge(t, anonymous.JSON()), "allow")

			payload := good
			payload.Payload = fixture.Sign([]byte(strings.Replace(string(st.JSON()), "refs/tags/v1.4.2", "refs/tags/v1.4.3", 1)), key).Payload
			want(t, s.judge(t, payload.JSON()), "deny", "evidence-missing", "signature-invalid")
			payload.Signatures = anonymous.Signatures
			want(t, s.judge(t, payload.JSON()), "deny", "evidence-missing", "signer-unknown")

			for _, at := range []int{0, 1, 7, 40, 60} {
				signature := good
				signature.Signatures = slices.Clone(good.Signatures)
				signature.Signatures[0].Sig = flipBase64(good.Signatures[0].Sig, at)
				want(t, s.judge(t, signature.JSON()), "deny", "evidence-missing", "signature-invalid")
			}

			typ := good
			typ.PayloadType = "application/vnd.in-toto+jsoo"
			want(t, s.judge(t, typ.JSON()), "deny", "evidence-missing", "evidence-unreadable")
		})
	}
	t.Run("PKCS#1 only where the credential says so", func(t *testing.T) {
		t.Parallel()
		st := fixture.NewStatement(fixture.ProvenanceV1, release, fixture.Provenance(fixture.Builder)).JSON()
		pss := scene{model: replaced(t, baseModel, "KEY(pipeline)", "KEY(rsa:)")}
		want(t, pss.judge(t, fixture.Sign(st, fixture.NewKey("pkcs1:")).JSON()), "deny", "evidence-missing", "signature-invalid")
		pkcs1 := scene{model: replaced(t, baseModel, "{pem: KEY(pipeline)}", "{pem: KEY(rsa:), scheme: rsassa-pkcs1v15}")}
		want(t, pkcs1.judge(t, fixture.Sign(st, fixture.NewKey("rsa:")).JSON()), "deny", "evidence-missing", "signature-invalid")
	})
}

// TestKeysTried holds design §7: without a key id, the keys granted on the artifact are tried, at most
// 64 in fingerprint order; with one, the named key first, granted or not.
func TestKeysTried(t *testing.T) {
	t.Parallel()
	var credentials strings.Builder
	keys := make([]fixture.Key, 0, 70)
	for n := range 70 {
		id := "k" + string(rune('a'+n/10)) + string(rune('0'+n%10))
		key := fixture.NewKey(id)
		keys = append(keys, key)
		credentials.WriteString("  - {id: " + id + ", holder: pipeline, key: {pem: KEY(" + id + ")}, states: [{state: active, from: 2026-01-01T00:00:00Z}]}\n")
	}
	slices.SortFunc(keys, func(a, b fixture.Key) int { return strings.Compare(a.ID(), b.ID()) })
	model := replaced(t, baseModel, "credentials:\n", "credentials:\n"+credentials.String(), "  - {id: pipeline-key, holder: pipeline", "  - {id: pipeline-key, holder: stranger", "  - {to: approvers, may: [approve], artifacts: [\"pkg:generic/payments/**\"]}\n", "")
	s := scene{model: model}
	st := fixture.NewStatement(fixture.ProvenanceV1, release, fixture.Provenance(fixture.Builder)).JSON()
	judge := func(key fixture.Key, named bool) verify.Verdict {
		e := fixture.Sign(st, key)
		if !named {
			e.Signatures[0].KeyID = ""
		}
		return s.judge(t, e.JSON())
	}
	for n, key := range keys {
		if n < verify.MaxKeys {
			want(t, judge(key, false), "allow")
		} else {
			want(t, judge(key, false), "deny", "evidence-missing", "signer-unknown")
		}
	}
	want(t, judge(keys[69], true), "allow")
	want(t, judge(fixture.NewKey("stranger"), true), "deny", "evidence-missing", "signer-not-granted")
	want(t, judge(fixture.NewKey("stranger"), false), "deny", "evidence-missing", "signer-unknown")

	// 32 signatures nobody knows cost more checks than an item may
	many := fixture.Sign(st)
	for range 32 {
		many.Signatures = append(many.Signatures, fixture.Sign(st, fixture.NewKey("nobody")).Signatures[0])
	}
	v := s.judge(t, many.JSON())
	want(t, v, "deny", "evidence-missing", "limit-exceeded")
	if !strings.Contains(explain(v), "signature-checks") {
		t.Errorf("the limit is not named:\n%s", explain(v))
	}
	// and many such items more than a request may
	var items [][]byte
	for n := range 70 {
		e := fixture.Sign(st, fixture.NewKey("nobody"))
		e.Signatures[0].KeyID = strings.Repeat("x", n+1)
		items = append(items, e.JSON())
	}
	want(t, s.judge(t, append(items[:60:60], fixture.Sign(st, keys[0]).JSON())...), "allow")
	want(t, s.judge(t, append(items, fixture.Sign(st, keys[0]).JSON())...), "indeterminate", "limit-exceeded")
}
