// Package bench measures the library against the arithmetic it cannot do without, in the same run:
//
//	go test -run=NONE -bench=. ./bench
//
// Ratios, not times, are what is compared: machines differ, and shared ones vary.
package bench

import (
	"context"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/surety-dev/surety/attest"
	"github.com/surety-dev/surety/internal/fixture"
	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/policy"
	"github.com/surety-dev/surety/verify"
)

const (
	name   = "pkg:generic/payments/api@1.4.2"
	digest = "aa00000000000000000000000000000000000000000000000000000000000000"
	model  = `apiVersion: surety.dev/v1alpha1
kind: Ownership
metadata: {name: acme, version: 1, effectiveFrom: 2026-01-01T00:00:00Z}
people: [{id: erin, from: 2023-01-01T00:00:00Z}]
teams: [{id: security, members: [{person: erin}], contacts: {page: "pager:security"}}]
workloads: [{id: pipeline, owner: security, operators: [erin]}]
credentials:
  - {id: pipeline-key, holder: pipeline, owner: security, revokers: [security], key: {pem: KEY(%KEY%)}, states: [{state: active, from: 2026-01-01T00:00:00Z}]}
grants:
  - {to: pipeline, may: [build], artifacts: ["pkg:generic/payments/**"], predicates: ["https://slsa.dev/provenance/*"]}
`
	rules = `apiVersion: surety.dev/v1alpha1
kind: Policy
metadata: {name: payments, version: 1, effectiveFrom: 2026-01-01T00:00:00Z}
artifacts: ["pkg:generic/payments/**"]
params: {builders: ["https://github.com/actions/runner/github-hosted"], repository: "https://github.com/acme/payments"}
evidence:
  - {name: provenance, predicateTypes: ["https://slsa.dev/provenance/v1"], duty: build}
rules:
  - {id: trusted, about: provenance, expression: "it.provenance.builder in params.builders && it.provenance.source.uri == params.repository && it.provenance.source.ref.startsWith('refs/tags/')"}
`
)

// envelope is a 5 KB provenance signed by a key.
func envelope(key fixture.Key) []byte {
	p := fixture.Provenance(fixture.Builder)
	parameters := map[string]any{}
	for _, c := range "abcdefghijklmnopqrstuvwxyz" {
		parameters["parameter-"+string(c)] = strings.Repeat(string(c), 130)
	}
	p["buildDefinition"].(map[string]any)["internalParameters"] = parameters
	return fixture.Sign(fixture.NewStatement(fixture.ProvenanceV1, digest, p).JSON(), key).JSON()
}

func verifier(b *testing.B, key string) *verify.Verifier {
	b.Helper()
	m, err := ownership.Load(fstest.MapFS{"o.yaml": {Data: []byte(fixture.Expand(strings.Replace(model, "%KEY%", key, 1)))}}, "o.yaml")
	if err != nil {
		b.Fatal(err)
	}
	p, err := policy.Load(fstest.MapFS{"p.yaml": {Data: []byte(rules)}}, "p.yaml")
	if err != nil {
		b.Fatal(err)
	}
	v, err := verify.New(m, p, verify.Config{})
	if err != nil {
		b.Fatal(err)
	}
	return v
}

// bare is what nobody can save: decode the envelope's base64, hash its encoding, check one signature.
func bare(b *testing.B, key fixture.Key, data []byte) func() {
	b.Helper()
	var e fixture.Envelope
	if err := json.Unmarshal(data, &e); err != nil {
		b.Fatal(err)
	}
	payload, err := base64.StdEncoding.DecodeString(e.Payload)
	if err != nil {
		b.Fatal(err)
	}
	sig, err := base64.StdEncoding.DecodeString(e.Signatures[0].Sig)
	if err != nil {
		b.Fatal(err)
	}
	pae := attest.PAE(e.PayloadType, payload)
	return func() {
		digest := sha256.Sum256(pae)
		ok := false
		switch public := key.Public().(type) {
		case *ecdsa.PublicKey:
			ok = ecdsa.VerifyASN1(public, digest[:], sig)
		case ed25519.PublicKey:
			ok = ed25519.Verify(public, pae, sig)
		}
		if !ok {
			b.Fatal("the signature does not verify")
		}
	}
}

// BenchmarkVerify is one whole verification: read, verify, bind, one rule of three parts, verdict. It
// reports how many times the bare signature check it takes.
func BenchmarkVerify(b *testing.B) {
	for _, kind := range []string{"p256:pipeline", "ed25519:pipeline"} {
		b.Run(strings.TrimSuffix(kind, ":pipeline"), func(b *testing.B) {
			key := fixture.NewKey(kind)
			data := envelope(key)
			check := bare(b, key, data)
			v := verifier(b, kind)
			artifact, err := attest.NewArtifact(name, attest.Digests{"sha256": digest})
			if err != nil {
				b.Fatal(err)
			}
			request := verify.Request{Artifact: artifact, At: time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)}
			whole := func() {
				request.Evidence = attest.Parse("evidence", data, attest.Limits{})
				verdict, err := v.Verify(context.Background(), request)
				if err != nil || !verdict.Admits() {
					b.Fatal(err, verdict.Decision)
				}
			}
			whole()
			b.ReportAllocs()
			var floor, spent time.Duration
			for b.Loop() { // turn by turn, so that what else the machine does falls on both
				start := time.Now()
				check()
				middle := time.Now()
				whole()
				floor += middle.Sub(start)
				spent += time.Since(middle)
			}
			b.ReportMetric(float64(spent)/float64(floor), "x-bare")
			b.ReportMetric(float64(spent.Nanoseconds())/float64(b.N), "whole-ns/op")
			b.ReportMetric(float64(floor.Nanoseconds())/float64(b.N), "bare-ns/op")
			b.ReportMetric(float64(len(data)), "bytes")
		})
	}
}
