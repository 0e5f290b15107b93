package policytest

import (
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"slices"
	"time"

	"github.com/surety-dev/surety/attest"
	"github.com/surety-dev/surety/internal/fixture"
	"github.com/surety-dev/surety/verify"
)

// ready is a recipe with a name.
type ready struct {
	predicateType string
	predicate     func(r verify.Request) any
	readable      func(st *attest.Statement) error // what keeps a verifier from reading what was made
}

// recipes are the ready ones.
var recipes = map[string]ready{
	"provenance": {fixture.ProvenanceV1, func(verify.Request) any { return fixture.Provenance(fixture.Builder) },
		func(st *attest.Statement) error { _, err := st.Provenance(); return err }},
	"test-result": {fixture.TestResult, func(verify.Request) any {
		return map[string]any{"result": "PASSED", "configuration": []any{map[string]any{"name": "tests"}}}
	}, func(st *attest.Statement) error { _, err := st.TestResult(); return err }},
	"vsa": {"https://slsa.dev/verification_summary/v1", func(r verify.Request) any {
		return map[string]any{
			"verifier": map[string]any{"id": "https://verifier.test"}, "timeVerified": stamp(r.At), "resourceUri": r.Artifact.Name(),
			"policy": map[string]any{"uri": "https://verifier.test/policy"}, "verificationResult": "PASSED", "verifiedLevels": []any{"SLSA_BUILD_LEVEL_3"},
		}
	}, func(st *attest.Statement) error { _, err := st.Summary(); return err }},
	"approval": {attest.ApprovalType, func(verify.Request) any { return map[string]any{"decision": "approved"} },
		func(st *attest.Statement) error { _, err := st.Approval(); return err }},
	"exception": {attest.ExceptionType, exception,
		func(st *attest.Statement) error { _, err := st.Exception(); return err }},
	"revocation": {attest.RevocationType, func(r verify.Request) any {
		return map[string]any{"number": 1, "issuedAt": stamp(r.At.Add(-time.Hour)), "nextUpdate": stamp(r.At.Add(24 * time.Hour)), "entries": []any{}}
	}, func(st *attest.Statement) error { _, err := st.Revocation(); return err }},
}

// exception is one of an hour before the evaluation until an hour after; which policy and rules, and who
// asked, is for the case to say.
func exception(r verify.Request) any {
	e := map[string]any{
		"artifact": r.Artifact.Scope(), "reason": "a test of the policy",
		"validFrom": stamp(r.At.Add(-time.Hour)), "validUntil": stamp(r.At.Add(time.Hour)), "reviewDue": stamp(r.At.Add(24 * time.Hour)),
	}
	if r.Environment != "" {
		e["environment"] = r.Environment
	}
	return e
}

func digestOf(data []byte) attest.Digests {
	sum := sha256.Sum256(data)
	return attest.Digests{"sha256": hex.EncodeToString(sum[:])}
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// Recipes gives the names of the ready recipes, sorted.
func Recipes() []string { return slices.Sorted(maps.Keys(recipes)) }
