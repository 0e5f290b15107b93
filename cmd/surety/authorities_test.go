package main

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/surety-dev/surety/internal/fixture"
	"github.com/surety-dev/surety/internal/fixture/pki"
)

// TestAuthorities: the command takes certificate and timestamp authorities from the model, and revocation
// lists from files.
func TestAuthorities(t *testing.T) {
	t.Parallel()
	noon := time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)
	root, tsaRoot := pki.Root("corp"), pki.Root("tsa-root")
	leaf, tsa := root.Leaf("p256:pipeline", pki.Named("uri:spiffe://acme.test/ci/payments")), tsaRoot.Timestamper("tsa")
	stamp := func(sig []byte) []byte { return tsa.Token(sig, pki.Stamp{At: noon}) }
	content, err := os.ReadFile(release + "api-1.4.2.txt")
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(content)
	payload := fixture.NewStatement(fixture.ProvenanceV1, hex.EncodeToString(sum[:]), fixture.Provenance(fixture.Builder)).JSON()
	key := fixture.NewKey("release")
	dir := t.TempDir()
	file := func(name string, data []byte) string {
		path := filepath.Join(dir, name)
		putAt(t, path, string(data))
		return path
	}
	file("ca.pem", []byte(pki.PEM(root)))
	file("tsa.pem", []byte(pki.PEM(tsaRoot)))
	model := file("ownership.yaml", []byte(fixture.Expand(`apiVersion: surety.dev/v1alpha1
kind: Ownership
metadata: {name: acme, version: 1, effectiveFrom: 2026-01-01T00:00:00Z}
people: [{id: alice, from: 2023-01-01T00:00:00Z}]
teams: [{id: security, members: [{person: alice}]}]
workloads: [{id: pipeline, owner: security, operators: [alice]}]
credentials:
  - {id: svid, holder: pipeline, owner: security, identity: {authority: corp-ca, uri: "spiffe://acme.test/ci/*"}, states: [{state: active, from: 2026-01-01T00:00:00Z}]}
  - {id: release-2026, holder: pipeline, owner: security, key: {pem: KEY(release)}, states: [{state: active, from: 2026-01-01T00:00:00Z}, {state: revoked, from: 2026-05-20T00:00:00Z, reason: superseded}]}
grants: [{to: pipeline, may: [build], artifacts: ["pkg:generic/payments/**"]}]
trust:
  certificateAuthorities: [{id: corp-ca, file: ca.pem}]
  timestampAuthorities: [{id: corp-tsa, file: tsa.pem}]
`)))
	rules := file("policy.yaml", []byte(`apiVersion: surety.dev/v1alpha1
kind: Policy
metadata: {name: payments, version: 1, effectiveFrom: 2026-01-01T00:00:00Z}
artifacts: ["pkg:generic/payments/**"]
evidence: [{name: provenance, predicateTypes: ["https://slsa.dev/provenance/v1"], duty: build}]
rules: [{id: builder, about: provenance, expression: "it.provenance.builder != ''"}]
`))
	certified := file("certified.json", leaf.Envelope(payload, nil, stamp).JSON())
	bundle := file("bundle.json", leaf.Bundle(payload, "", []pki.Holder{leaf}, stamp))
	untimed := file("untimed.json", leaf.Envelope(payload, nil).JSON())
	timed := file("timed.json", pki.Stamped(fixture.Sign(payload, key), 0, stamp).JSON())
	keyBundle := file("key-bundle.json", pki.Holder{Key: key.Private()}.Bundle(payload, key.ID(), nil, stamp))
	bare := file("bare.json", fixture.Sign(payload, key).JSON())
	empty := file("empty.crl", root.List(noon, nil))
	ordinary := file("ordinary.crl", root.List(noon.Add(time.Hour), nil, pki.Revoked{Certificate: leaf.Certificate, At: noon.Add(time.Hour), Reason: 4}))
	compromised := file("compromised.crl", root.List(noon.Add(time.Hour), nil, pki.Revoked{Certificate: leaf.Certificate, At: noon.Add(time.Hour), Reason: 1}))
	verify := func(args ...string) []string {
		return append([]string{"verify", "--ownership", model, "--policy", rules, "--at", "2026-06-01T12:00:00Z", "--artifact", "pkg:generic/payments/api@1.4.2=" + release + "api-1.4.2.txt"}, args...)
	}
	for _, row := range []struct {
		name string
		args []string
		code int
		want string
	}{
		{"a certificate in an envelope", verify(certified), 0, "by 2026-05-01T12:00:00Z, as a timestamp authority signed (corp-tsa)"},
		{"a certificate in a bundle", verify(bundle), 0, "with svid"},
		{"a certificate without a time", verify(untimed), 2, "no-trusted-time"},
		{"a revoked key with a timestamp", verify(timed), 0, "with release-2026"},
		{"its bundle", verify(keyBundle), 0, "with release-2026"},
		{"a revoked key without", verify(bare), 1, "a timestamp might have shown otherwise"},
		{"lists that say nothing against it", verify("--crl", empty, "--crl", ordinary, certified), 0, "ALLOW"},
		{"a list that does", verify("--crl", empty, "--crl", compromised, certified), 1, "signed-after-compromise"},
		{"the verdict names roots and lists", verify("--format", "json", "--crl", empty, certified), 0, `"trust":[{"id":"corp-ca","digest":"sha256:`},
		{"and who vouches", verify("--format", "json", certified), 0, `"identity":{"authority":"corp-ca","subject":"spiffe://acme.test/ci/payments"}`},
		{"and for the time", verify("--format", "json", certified), 0, `"source":"rfc3161","authority":"corp-tsa"}`},
		{"a list that is none", verify("--crl", certified, certified), 3, `"certified.json": is not a certificate revocation list`},
		{"a list that is not there", verify("--crl", filepath.Join(dir, "nowhere"), certified), 3, "nowhere"},
		{"inspect", []string{"inspect", "--ownership", model, certified}, 0, "corp-tsa"},
		{"inspect, with a list", []string{"inspect", "--ownership", model, "--crl", compromised, certified}, 0, "signed-after-compromise"},
		{"inspect of a key", []string{"inspect", "--ownership", model, timed}, 0, "2026-05-01T12:00:00Z"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			code, stdout, stderr := surety(t, row.args...)
			if code != row.code || !strings.Contains(stdout+stderr, row.want) {
				t.Errorf("exit %d, want %d with %q\n%s%s", code, row.code, row.want, stdout, stderr)
			}
		})
	}
	broken := file("broken/ownership.yaml", []byte(strings.Replace(readFile(t, model), "corp-tsa, file: tsa.pem", "corp-tsa, file: junk.pem", 1)))
	file("broken/ca.pem", []byte(pki.PEM(root)))
	file("broken/junk.pem", []byte("junk"))
	args := verify(certified)
	args[2] = broken
	if code, _, stderr := surety(t, args...); code != 3 || !strings.Contains(stderr, `timestamp authority "corp-tsa": is not PEM of certificates`) {
		t.Errorf("exit %d %s", code, stderr)
	}
}
