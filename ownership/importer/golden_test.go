package importer_test

import (
	"flag"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/surety-dev/surety/ownership"
	"github.com/surety-dev/surety/ownership/importer"
)

var update = flag.Bool("update", false, "write the golden documents and findings, and the codes in docs/import.md")

var at = time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC)

// sample is one import with golden output: testdata/NAME/want.yaml and want.txt.
type sample struct {
	name    string
	into    string // of testdata; empty: a new document
	sources []importer.Source
	options importer.Options
}

// sources reads FORMAT=FILE from testdata; FILE is the path in what is written, but for its folder.
func sources(t testing.TB, list ...string) []importer.Source {
	t.Helper()
	var out []importer.Source
	for _, s := range list {
		format, file, _ := strings.Cut(s, "=")
		file, as, ok := strings.Cut(file, " as ")
		data, err := os.ReadFile(filepath.Join("testdata", filepath.FromSlash(file)))
		if err != nil {
			t.Fatal(err)
		}
		if !ok {
			as = path.Base(file)
		}
		out = append(out, importer.Source{Format: format, Path: as, Data: data})
	}
	return out
}

// The keys of the samples.
const (
	keyAlice    = "4b9a3451a363e5dcce61d112563a2ce59923895d9c00978c11d4a8f42b10ce72"
	keyBob      = "1d57cbcae56fd45484864b545d32694588d29c295d21d7f22b3338ff08b9c261"
	keyOnline   = "c98fb7cf01340f91b7bb003a78cdae0e1d60d6821efb86171c6b533c4fc71e28"
	sshAlice    = "SHA256:loBIJ+C+GBESIyKTQ5Cmf42V8vvIhCu1PU6foJC8NTM"
	sshBob      = "SHA256:s0lRrCb9m1funmzfukYCTE23+96ULXJ82rSkI8LnA7I"
	fulcioErin  = "erin@acme.test::https://accounts.acme.test"
	allPayments = "pkg:generic/payments/**"
	allLedger   = "pkg:generic/ledger/**"
)

func samples(t testing.TB) []sample {
	codeowners := []string{"codeowners=codeowners/CODEOWNERS as .github/CODEOWNERS"}
	owners := []string{"kubernetes-owners=kubernetes-owners/OWNERS as services/payments/OWNERS", "kubernetes-owners=kubernetes-owners/OWNERS_filters as services/ledger/OWNERS", "kubernetes-owners=kubernetes-owners/OWNERS_ALIASES"}
	backstage := []string{"backstage=backstage/catalog-info.yaml", "backstage=backstage/org.yaml"}
	gittuf := []string{"gittuf=gittuf/root.json as gittuf/root.json", "gittuf=gittuf/targets.json as gittuf/targets.json"}
	tuf := []string{"tuf=tuf/root.json as tuf/root.json"}
	csv := []string{"csv=csv/hr.csv", "csv=csv/idp.csv"}
	paths := []importer.Scope{{Path: "services/payments/", Artifacts: allPayments}, {Path: "services/ledger/", Artifacts: allLedger}}
	repository := append(slices.Clone(paths), importer.Scope{Path: "services/vault/", Artifacts: "pkg:generic/vault/**"},
		importer.Scope{Path: "infra/", Artifacts: "pkg:generic/infra/**"}, importer.Scope{Path: "docs/with space/", Artifacts: "pkg:generic/docs/manual"})
	entities := []importer.Scope{{Path: "component:default/payments", Artifacts: allPayments}, {Path: "System:finance/money", Artifacts: "**"}, {Path: "resource:ledger-db", Artifacts: allLedger}}
	holders := []importer.Holder{{Key: keyAlice, Principal: "alice"}, {Key: keyBob, Principal: "bob"}, {Key: keyOnline, Principal: "release-pipeline"}}
	signers := []importer.Holder{{Key: sshAlice, Principal: "alice"}, {Key: sshBob, Principal: "bob"}, {Key: fulcioErin, Principal: "erin"}, {Key: "0000", Principal: "alice"}}
	return []sample{
		{"csv", "acme.yaml", sources(t, csv...), importer.Options{At: at}},
		{"csv-new", "", sources(t, csv[0]), importer.Options{At: at, Name: "acme", Version: 1, EffectiveFrom: at}},
		{"codeowners", "acme.yaml", sources(t, codeowners...), importer.Options{At: at, Scopes: repository, Organisations: []string{"acme"}}},
		{"kubernetes-owners", "acme.yaml", sources(t, owners...), importer.Options{At: at, Scopes: paths}},
		{"backstage", "acme.yaml", sources(t, backstage...), importer.Options{At: at, Scopes: entities}},
		{"gittuf", "acme.yaml", sources(t, gittuf...), importer.Options{At: at, Holders: signers}},
		{"tuf", "acme.yaml", sources(t, tuf...), importer.Options{At: at, Holders: holders}},
		{"together", "acme.yaml", sources(t, slices.Concat(csv, codeowners, owners, backstage, gittuf, tuf)...), importer.Options{
			At: at, Scopes: slices.Concat(repository, entities), Holders: slices.Concat(holders, signers), Organisations: []string{"acme"},
			Name: "acme", Version: 12, EffectiveFrom: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC),
		}},
	}
}

// into is a document to import into, nothing for no data.
func into(data []byte) importer.Document {
	if data == nil {
		return importer.Document{}
	}
	return importer.Document{FS: fstest.MapFS{"ownership.yaml": &fstest.MapFile{Data: data}}, Name: "ownership.yaml"}
}

// read is a file of testdata.
func read(t testing.TB, name string) []byte {
	t.Helper()
	data, err := fs.ReadFile(os.DirFS("testdata"), name)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// run imports and loads what comes of it.
func run(t testing.TB, document []byte, list []importer.Source, o importer.Options) importer.Result {
	t.Helper()
	r, err := importer.Import(into(document), list, o)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := ownership.Load(into(r.Document).FS, "ownership.yaml"); err != nil {
		t.Fatalf("%v\n%s", err, r.Document)
	}
	return r
}

func findings(r importer.Result) string {
	var b strings.Builder
	for _, f := range r.Findings {
		b.WriteString(f.Text() + "\n")
	}
	return b.String()
}

// TestSamples imports each sample, compares document and findings with the golden ones, and imports the same again,
// in every order of sources that begins with another.
func TestSamples(t *testing.T) {
	t.Parallel()
	for _, s := range samples(t) {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			var document []byte
			if s.into != "" {
				document = read(t, s.into)
			}
			r := run(t, document, s.sources, s.options)
			for name, got := range map[string]string{"want.yaml": string(r.Document), "want.txt": findings(r)} {
				golden := filepath.Join("testdata", s.name, name)
				if *update {
					if err := os.MkdirAll(filepath.Dir(golden), 0o755); err != nil {
						t.Fatal(err)
					}
					if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
						t.Fatal(err)
					}
				}
				want, err := os.ReadFile(golden)
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(string(want), got); diff != "" {
					t.Errorf("%s (-want +got):\n%s", golden, diff)
				}
			}
			if !r.Changed {
				t.Error("a sample that changes nothing")
			}
			again := run(t, r.Document, s.sources, s.options)
			if diff := cmp.Diff(string(r.Document), string(again.Document)); diff != "" || again.Changed {
				t.Errorf("the second import changes the document (-first +second):\n%s", diff)
			}
			for range s.sources {
				s.sources = append(s.sources[1:], s.sources[0])
				turned := run(t, document, s.sources, s.options)
				if diff := cmp.Diff(r, turned); diff != "" {
					t.Errorf("in the order from %s (-want +got):\n%s", s.sources[0].Path, diff)
				}
			}
			keeps(t, string(document), string(r.Document))
		})
	}
}

// keeps checks that a document holds all lines of another in their order, but for those of items that were changed.
func keeps(t *testing.T, before, after string) {
	t.Helper()
	rest := strings.SplitAfter(after, "\n")
	lost := 0
	for line := range strings.Lines(before) {
		if i := slices.Index(rest, line); i >= 0 {
			rest = rest[i+1:]
		} else {
			lost++
			t.Logf("laid out anew: %s", line)
		}
	}
	if lost > 14 {
		t.Errorf("%d lines are laid out anew: expected the changed items only", lost)
	}
}
