package layout_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/sha256"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/in-toto/in-toto-golang/in_toto"

	"github.com/surety-dev/surety/attest"
	"github.com/surety-dev/surety/attest/layout"
	"github.com/surety-dev/surety/internal/fixture"
)

// holders are who holds the test keys; bob holds two.
var holders = map[string]layout.Signer{
	"alice": {Holder: "alice", Person: true}, "bob": {Holder: "bob", Person: true}, "p256:bob": {Holder: "bob", Person: true},
	"carol": {Holder: "carol", Person: true}, "pipeline": {Holder: "pipeline"}, "owner": {Holder: "owner", Person: true},
	"gone": {Reason: "gone left"}, "mallory": {Holder: "mallory", Person: true},
}

// private is a test key as in-toto signs with it.
func private(t testing.TB, name string) in_toto.Key {
	t.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(fixture.NewKey(name).Private())
	if err != nil {
		t.Fatal(err)
	}
	var k in_toto.Key
	if err := k.LoadKeyReaderDefaults(bytes.NewReader(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))); err != nil {
		t.Fatal(err)
	}
	return k
}

// public is a test key as layouts have it.
func public(t testing.TB, name string) in_toto.Key {
	k := private(t, name)
	k.KeyVal.Private = ""
	return k
}

// text is in-toto's metadata as it writes it to disk.
func text(t testing.TB, m in_toto.Metadata) []byte {
	t.Helper()
	file := filepath.Join(t.TempDir(), "m")
	if err := m.Dump(file); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// signed reads metadata, and proves its signatures by the test keys.
func signed(t testing.TB, data []byte) layout.Signed {
	t.Helper()
	items := attest.Parse("x", data, attest.Limits{})
	if len(items) != 1 || items[0].Err() != nil {
		t.Fatalf("%d items: %v", len(items), items[0].Err())
	}
	it := items[0]
	s := layout.Signed{Evidence: it.Digest(), Statement: it.Statement()}
	for _, sig := range it.Envelope().Signatures {
		for name, signer := range holders {
			key := fixture.NewKey(name)
			if verifies(key, it.Envelope().PAE(), sig.Sig) {
				signer.Key = sha256.Sum256(key.SPKI())
				s.Signers = append(s.Signers, signer)
			}
		}
	}
	return s
}

func verifies(key fixture.Key, message, sig []byte) bool {
	switch public := key.Public().(type) {
	case ed25519.PublicKey:
		return ed25519.Verify(public, message, sig)
	case *ecdsa.PublicKey:
		digest := sha256.Sum256(message)
		return ecdsa.VerifyASN1(public, digest[:], sig)
	}
	return false
}

// files is a directory in which a supply chain is made.
type files string

func (f files) write(t testing.TB, name, content string) {
	t.Helper()
	path := filepath.Join(string(f), name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}

var recording sync.Mutex

// record does a step as in-toto-golang records it, in its own two halves.
func (f files) record(t testing.TB, step, by string, dsse bool, do func()) []byte {
	t.Helper()
	strip, key := []string{string(f) + "/"}, private(t, by)
	recording.Lock() // in-toto-golang records with a global
	defer recording.Unlock()
	begun, err := in_toto.InTotoRecordStart(step, []string{string(f)}, key, []string{"sha256"}, nil, strip, false, false, dsse)
	if err != nil {
		t.Fatal(err)
	}
	do()
	done, err := in_toto.InTotoRecordStop(begun, []string{string(f)}, key, []string{"sha256"}, nil, strip, false, false, dsse)
	if err != nil {
		t.Fatal(err)
	}
	return text(t, done)
}

// supply is a supply chain in the making. Tests change it before it is judged.
type supply struct {
	layout    in_toto.Layout
	links     map[string][]byte
	artifact  string
	at        time.Time
	signers   []string
	dsse      bool
	inspected string // what the inspection would write
}

const expires = "2027-01-31T00:00:00Z"

func when(t testing.TB, text string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func item(name string, materials, products [][]string) in_toto.SupplyChainItem {
	return in_toto.SupplyChainItem{Name: name, ExpectedMaterials: materials, ExpectedProducts: products}
}

// rules reads rules, one a line.
func rules(lines ...string) [][]string {
	list := [][]string{}
	for _, l := range lines {
		list = append(list, strings.Fields(l))
	}
	return list
}

// layoutOf is a layout of steps, with the keys they name by their test names.
func layoutOf(t testing.TB, steps ...in_toto.Step) in_toto.Layout {
	t.Helper()
	l := in_toto.Layout{Type: "layout", Expires: expires, Keys: map[string]in_toto.Key{}, Inspect: []in_toto.Inspection{}}
	for _, s := range steps {
		s.Type = "step"
		for i, name := range s.PubKeys {
			k := public(t, name)
			l.Keys[k.KeyID], s.PubKeys[i] = k, k.KeyID
		}
		l.Steps = append(l.Steps, s)
	}
	return l
}

// good makes a chain of three steps with in-toto-golang's recording: alice clones, bob and carol both
// build, the pipeline packages, and an inspection says that the package is what is delivered.
func good(t testing.TB, dsse bool) *supply {
	t.Helper()
	dir := files(t.TempDir())
	s := &supply{links: map[string][]byte{}, at: when(t, "2026-06-01T12:00:00Z"), signers: []string{"owner"}, dsse: dsse}
	s.inspected = filepath.Join(t.TempDir(), "inspected")
	s.links["clone.alice"] = dir.record(t, "clone", "alice", dsse, func() {
		dir.write(t, "src/main.c", "int main(void) { return 0; }\n")
		dir.write(t, "src/util.c", "/* util */\n")
	})
	build := func() { dir.write(t, "out/app", "the program") }
	s.links["build.bob"] = dir.record(t, "build", "bob", dsse, build)
	if err := os.RemoveAll(filepath.Join(string(dir), "out")); err != nil {
		t.Fatal(err)
	}
	s.links["build.carol"] = dir.record(t, "build", "carol", dsse, build)
	s.links["package.pipeline"] = dir.record(t, "package", "pipeline", dsse, func() { dir.write(t, "dist/app.tar", "the package") })
	s.artifact = "the package"
	builders := []string{"bob", "p256:bob", "carol"}
	if dsse { // in-toto-golang writes a key in PEM with line breaks that are no JSON, and cannot read it again
		builders = []string{"bob", "carol"}
	}
	s.layout = layoutOf(t,
		in_toto.Step{PubKeys: []string{"alice"}, Threshold: 1, SupplyChainItem: item("clone", rules("DISALLOW *"), rules("REQUIRE src/main.c", "CREATE src/*", "DISALLOW *"))},
		in_toto.Step{PubKeys: builders, Threshold: 2, SupplyChainItem: item("build", rules("MATCH src/* WITH PRODUCTS FROM clone", "DISALLOW *"), rules("CREATE out/app", "ALLOW src/*", "DISALLOW *"))},
		in_toto.Step{PubKeys: []string{"pipeline"}, Threshold: 1, SupplyChainItem: item("package", rules("MATCH out/app WITH PRODUCTS FROM build", "ALLOW src/*", "DISALLOW *"), rules("CREATE dist/app.tar", "ALLOW src/*", "ALLOW out/*", "DISALLOW *"))},
	)
	s.layout.Inspect = []in_toto.Inspection{{Type: "inspection", Run: []string{"touch", s.inspected},
		SupplyChainItem: item("untar", rules("MATCH app.tar WITH PRODUCTS IN dist FROM package", "DISALLOW *"), rules())}}
	return s
}

// sign signs in-toto's metadata with test keys.
func sign(t testing.TB, payload any, dsse bool, names ...string) []byte {
	t.Helper()
	var m in_toto.Metadata = &in_toto.Metablock{Signed: payload, Signatures: []in_toto.Signature{}}
	if dsse {
		e := &in_toto.Envelope{}
		if err := e.SetPayload(payload); err != nil {
			t.Fatal(err)
		}
		m = e
	}
	for _, name := range names {
		if err := m.Sign(private(t, name)); err != nil {
			t.Fatal(err)
		}
	}
	if !dsse {
		data, err := json.Marshal(m) // what Dump writes, without its spaces
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	return text(t, m)
}

// link is a link signed by test keys. Artifacts are "path=content".
func link(t testing.TB, step string, materials, products []string, by ...string) []byte {
	t.Helper()
	artifacts := func(list []string) map[string]in_toto.HashObj {
		m := map[string]in_toto.HashObj{}
		for _, a := range list {
			path, content, _ := strings.Cut(a, "=")
			m[path] = in_toto.HashObj{"sha256": digest(content)}
		}
		return m
	}
	return sign(t, in_toto.Link{Type: "link", Name: step, Materials: artifacts(materials), Products: artifacts(products),
		ByProducts: map[string]any{}, Command: []string{}, Environment: map[string]any{}}, false, by...)
}

func digest(content string) string { return fmt.Sprintf("%x", sha256.Sum256([]byte(content))) }

// judge verifies the chain as it stands.
func (s *supply) judge(t testing.TB) layout.Result {
	t.Helper()
	artifact, err := attest.NewArtifact("pkg:generic/payments/api@1.4.2", attest.Digests{"sha256": digest(s.artifact)})
	if err != nil {
		t.Fatal(err)
	}
	var evidence []layout.Signed
	for _, name := range sorted(s.links) {
		evidence = append(evidence, signed(t, s.links[name]))
	}
	r := layout.Verify(signed(t, sign(t, s.layout, s.dsse, s.signers...)), evidence, artifact, s.at)
	if r.Passed != (len(r.Reasons) == 0) || r.Passed && r.Product == "" {
		t.Errorf("passed %v with product %q and %q", r.Passed, r.Product, r.Reasons)
	}
	return r
}

func sorted(m map[string][]byte) []string {
	var names []string
	for n := range m {
		names = append(names, n)
	}
	slices.Sort(names)
	return names
}

// canonical is a result as bytes.
func canonical(t testing.TB, r layout.Result) string {
	t.Helper()
	b, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
