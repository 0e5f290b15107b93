package attest_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/surety-dev/surety/attest"
)

const (
	v01 = "https://slsa.dev/provenance/v0.1"
	v02 = "https://slsa.dev/provenance/v0.2"
	v1  = "https://slsa.dev/provenance/v1"
)

var commit = hexOf(40, 7)

func statementOf(t *testing.T, predicateType, predicate string) *attest.Statement {
	t.Helper()
	return readable(t, envelope(fmt.Sprintf(`{"_type":%q,"subject":[%s],"predicateType":%q,"predicate":%s}`, inToto, subject, predicateType, predicate))).Statement()
}

func TestProvenance(t *testing.T) {
	t.Parallel()
	started, finished := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), time.Date(2026, 1, 2, 4, 4, 5, 5e8, time.UTC)
	whole := attest.Provenance{
		Builder: "b", BuildType: "t", Invocation: "i", Started: started, Finished: finished, Parameters: attest.Raw(`{"p":[1]}`),
		Source:    attest.Source{URI: "https://git.test/a/b", Digests: attest.Digests{"sha1": commit}, Ref: "refs/tags/v1"},
		Materials: []attest.Material{{URI: "git+https://git.test/a/b@refs/tags/v1", Digests: attest.Digests{"sha1": commit}}, {URI: "pkg:generic/c"}},
	}
	source := `{"uri":"git+https://git.test/a/b@refs/tags/v1","digest":{"sha1":"` + commit + `"}`
	one := whole
	one.Parameters = attest.Raw(`{"workflow": {"repository":"https://git.test/a/b","path":"x","ref":"refs/tags/v1"} , "free":{"Source":1}}`)
	one.Materials = []attest.Material{whole.Materials[0], {URI: "pkg:generic/c", Name: "c"}}
	for _, row := range []struct {
		name, predicateType, predicate string
		want                           attest.Provenance
	}{
		{"v0.1", v01, `{"builder":{"id":"b"},"recipe":{"type":"t","definedInMaterial":0,"entryPoint":"e","arguments":{"p":[1]},"environment":{"Type":1}},
			"metadata":{"buildInvocationId":"i","buildStartedOn":"2026-01-02T03:04:05Z","buildFinishedOn":"2026-01-02T05:04:05.5+01:00","completeness":{"arguments":true},"reproducible":false},
			"materials":[` + source + `},{"uri":"pkg:generic/c"}]}`, whole},
		{"v0.2", v02, `{"builder":{"id":"b"},"buildType":"t","invocation":{"configSource":` + source + `,"entryPoint":"e"},"parameters":{"p":[1]},"environment":{"x":1}},
			"buildConfig":{"Builder":1},"metadata":{"buildInvocationId":"i","buildStartedOn":"2026-01-02T03:04:05Z","buildFinishedOn":"2026-01-02T05:04:05.5+01:00","completeness":{},"reproducible":false},
			"materials":[` + source + `},{"uri":"pkg:generic/c"}]}`, whole},
		{"v1", v1, `{"buildDefinition":{"buildType":"t","externalParameters":` + string(one.Parameters) + `,"internalParameters":{},"resolvedDependencies":[` + source + `},{"uri":"pkg:generic/c","name":"c","annotations":{}}]},
			"runDetails":{"builder":{"id":"b","version":{}},"metadata":{"invocationId":"i","startedOn":"2026-01-02T03:04:05Z","finishedOn":"2026-01-02T04:04:05.5Z"},"byproducts":[]}}`, one},
		{"v0.2, the other spelling of the invocation", v02, `{"metadata":{"buildInvocationID":"i"}}`, attest.Provenance{Invocation: "i"}},
		{"v1, the other spelling of the invocation", v1, `{"runDetails":{"metadata":{"invocationID":"i"}}}`, attest.Provenance{Invocation: "i"}},
		{"v0.1, nothing", v01, `{}`, attest.Provenance{}},
		{"v0.1, all null", v01, `{"builder":null,"recipe":null,"metadata":null,"materials":null}`, attest.Provenance{}},
		{"v0.1, a recipe of nulls", v01, `{"recipe":{"type":null,"definedInMaterial":null,"arguments":null}}`, attest.Provenance{}},
		{"v0.2, nothing", v02, `{}`, attest.Provenance{}},
		{"v1, nothing", v1, `{}`, attest.Provenance{}},
		{"v0.2, all null", v02, `{"builder":null,"buildType":null,"invocation":null,"metadata":null,"materials":null}`, attest.Provenance{}},
		{"v1, all null", v1, `{"buildDefinition":{"buildType":null,"externalParameters":null,"resolvedDependencies":null},"runDetails":{"builder":null,"metadata":{"startedOn":null,"invocationId":null}}}`, attest.Provenance{}},
		{"parameters of any kind", v1, `{"buildDefinition":{"externalParameters":[1, 2]}}`, attest.Provenance{Parameters: attest.Raw("[1, 2]")}},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			got, err := statementOf(t, row.predicateType, row.predicate).Provenance()
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(&row.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestSource has a row for each way a v1 predicate can name its source, or not.
func TestSource(t *testing.T) {
	t.Parallel()
	dep := func(uri string) string { return fmt.Sprintf(`{"uri":%q,"digest":{"gitCommit":%q}}`, uri, commit) }
	at := func(uri, ref string) attest.Source {
		return attest.Source{URI: uri, Ref: ref, Digests: attest.Digests{"gitCommit": commit}}
	}
	const a, b = "git+https://git.test/a@refs/heads/main", "git+https://git.test/b"
	for _, row := range []struct {
		name, parameters, dependencies string
		want                           attest.Source
	}{
		{"the only repository", `{}`, dep(a), at("https://git.test/a", "refs/heads/main")},
		{"the only repository beside others", `{}`, `{"uri":"pkg:oci/x"},` + dep(a), at("https://git.test/a", "refs/heads/main")},
		{"told by its gitCommit", `{}`, dep("https://git.test/a"), at("https://git.test/a", "")},
		{"two, none declared", `{}`, dep(a) + "," + dep(b), attest.Source{}},
		{"none", `{}`, `{"uri":"https://git.test/a"}`, attest.Source{}},
		{"two, a workflow", `{"workflow":{"repository":"https://git.test/b","ref":"refs/tags/v1"}}`, dep(a) + "," + dep(b), at("https://git.test/b", "refs/tags/v1")},
		{"two, a source", `{"source":"git+https://git.test/a@refs/heads/main"}`, dep(a) + "," + dep(b), at("https://git.test/a", "refs/heads/main")},
		{"two, a source object", `{"source":{"uri":"git+https://git.test/b","digest":{}}}`, dep(a) + "," + dep(b), at("https://git.test/b", "")},
		{"declared, another ref", `{"source":"git+https://git.test/a@refs/heads/dev"}`, dep(a), attest.Source{}},
		{"declared, not among them", `{"source":"git+https://git.test/c"}`, dep(a), attest.Source{}},
		{"declared, twice among them", `{"source":"git+https://git.test/b"}`, dep(b) + "," + dep(b), attest.Source{}},
		{"declared twice", `{"source":"git+https://git.test/a","workflow":{"repository":"https://git.test/a"}}`, dep(a), attest.Source{}},
		{"a source that is no URI", `{"source":"./src"}`, dep(a), at("https://git.test/a", "refs/heads/main")},
		{"a source that is a number", `{"source":7,"workflow":true}`, dep(a), at("https://git.test/a", "refs/heads/main")},
		{"the draft's artifact", `{"source":{"artifact":{"uri":"` + a + `","digest":{"sha1":"` + commit + `"}}}}`, ``,
			attest.Source{URI: "https://git.test/a", Ref: "refs/heads/main", Digests: attest.Digests{"sha1": commit}}},
		{"a malformed digest", `{"source":{"artifact":{"uri":"` + a + `","digest":{"sha1":"x"}}}}`, ``, attest.Source{URI: "https://git.test/a", Ref: "refs/heads/main"}},
		{"user before the host", `{}`, dep("git+ssh://git@git.test/a@refs/tags/@scope/x@1#sub/dir"), at("ssh://git@git.test/a", "refs/tags/@scope/x@1")},
		{"user and no path", `{}`, dep("git+ssh://git@git.test"), at("ssh://git", "git.test")},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			p, err := statementOf(t, v1, `{"buildDefinition":{"externalParameters":`+row.parameters+`,"resolvedDependencies":[`+row.dependencies+`]}}`).Provenance()
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(row.want, p.Source); diff != "" {
				t.Error(diff)
			}
		})
	}
	// v0.1: the material the recipe is defined in, else the only one that is a repository.
	for _, row := range []struct {
		name, recipe, materials string
		want                    attest.Source
	}{
		{"the second of two", `{"definedInMaterial":1}`, dep(a) + "," + dep(b), at("https://git.test/b", "")},
		{"one that does not look like a repository", `{"definedInMaterial":0}`, `{"uri":"https://git.test/c"}`, attest.Source{URI: "https://git.test/c"}},
		{"one without a URI", `{"definedInMaterial":0}`, `{},` + dep(a), attest.Source{}},
		{"the only repository", `{}`, `{"uri":"https://x.test"},` + dep(a), at("https://git.test/a", "refs/heads/main")},
		{"two, none named", `{}`, dep(a) + "," + dep(b), attest.Source{}},
	} {
		t.Run("v0.1, "+row.name, func(t *testing.T) {
			t.Parallel()
			p, err := statementOf(t, v01, `{"recipe":`+row.recipe+`,"materials":[`+row.materials+`]}`).Provenance()
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(row.want, p.Source); diff != "" {
				t.Error(diff)
			}
		})
	}
	// v0.2: the configSource, else the only material that is a repository.
	p, err := statementOf(t, v02, `{"materials":[{"uri":"https://x.test"},`+dep(a)+`]}`).Provenance()
	if err != nil || p.Source.URI != "https://git.test/a" {
		t.Errorf("v0.2: %+v, %v", p, err)
	}
}

func TestProvenanceRefused(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ name, predicateType, predicate, path, msg string }{
		{"null", v1, "null", "$.predicate", "is null; expected an object"},
		{"recipe an array", v01, `{"recipe":[]}`, "$.predicate.recipe", "is an array"},
		{"material's index a string", v01, `{"recipe":{"definedInMaterial":"0"}}`, "$.predicate.recipe.definedInMaterial", "is a string"},
		{"material's index a fraction", v01, `{"recipe":{"definedInMaterial":0.0}}`, "$.predicate.recipe.definedInMaterial", "expected an integer"},
		{"material's index negative", v01, `{"recipe":{"definedInMaterial":-1},"materials":[{}]}`, "$.predicate.recipe.definedInMaterial", "expected the index of a material"},
		{"material's index past the end", v01, `{"materials":[{}],"recipe":{"definedInMaterial":1}}`, "$.predicate", "has a recipe defined in material 1, of 1 counted from 0"},
		{"case variant of recipe", v01, `{"Recipe":{}}`, "$.predicate.Recipe", "another spelling"},
		{"case variant of the index", v01, `{"recipe":{"definedinmaterial":0}}`, "$.predicate.recipe.definedinmaterial", "another spelling"},
		{"time in v0.1", v01, `{"metadata":{"buildFinishedOn":"now"}}`, "$.predicate.metadata.buildFinishedOn", "RFC 3339"},
		{"builder a string", v02, `{"builder":"x"}`, "$.predicate.builder", "is a string"},
		{"builder id a number", v02, `{"builder":{"id":1}}`, "$.predicate.builder.id", "is a number"},
		{"builder id with NUL", v1, `{"runDetails":{"builder":{"id":"a\u0000"}}}`, "$.predicate.runDetails.builder.id", "NUL"},
		{"build type an object", v1, `{"buildDefinition":{"buildType":{}}}`, "$.predicate.buildDefinition.buildType", "is an object"},
		{"time", v02, `{"metadata":{"buildStartedOn":"yesterday"}}`, "$.predicate.metadata.buildStartedOn", "RFC 3339"},
		{"time empty", v02, `{"metadata":{"buildStartedOn":""}}`, "$.predicate.metadata.buildStartedOn", "RFC 3339"},
		{"time without zone", v1, `{"runDetails":{"metadata":{"finishedOn":"2026-01-02T03:04:05"}}}`, "$.predicate.runDetails.metadata.finishedOn", "RFC 3339"},
		{"time with one digit", v1, `{"runDetails":{"metadata":{"startedOn":"2026-01-02T3:04:05Z"}}}`, "$.predicate.runDetails.metadata.startedOn", "RFC 3339"},
		{"time with a comma", v1, `{"runDetails":{"metadata":{"startedOn":"2026-01-02T03:04:05,5Z"}}}`, "$.predicate.runDetails.metadata.startedOn", "RFC 3339"},
		{"time with an offset of a day", v1, `{"runDetails":{"metadata":{"startedOn":"2026-01-02T03:04:05+24:00"}}}`, "$.predicate.runDetails.metadata.startedOn", "RFC 3339"},
		{"time with an offset of 60 minutes", v1, `{"runDetails":{"metadata":{"startedOn":"2026-01-02T03:04:05+01:60"}}}`, "$.predicate.runDetails.metadata.startedOn", "RFC 3339"},
		{"time a number", v1, `{"runDetails":{"metadata":{"startedOn":5}}}`, "$.predicate.runDetails.metadata.startedOn", "is a number"},
		{"both spellings of the invocation", v02, `{"metadata":{"buildInvocationId":"a","buildInvocationID":"b"}}`, "$.predicate.metadata.buildInvocationID", "another spelling"},
		{"case variant of builder", v02, `{"Builder":{"id":"evil"}}`, "$.predicate.Builder", "another spelling"},
		{"underscore variant", v1, `{"run_details":{}}`, "$.predicate.run_details", "another spelling"},
		{"materials an object", v02, `{"materials":{}}`, "$.predicate.materials", "is an object"},
		{"material null", v02, `{"materials":[null]}`, "$.predicate.materials[0]", "is null"},
		{"material's algorithm with other case", v02, `{"materials":[{"digest":{"SHA1":"x"}}]}`, "$.predicate.materials[0].digest.SHA1", "another spelling"},
		{"case variant of the source", v1, `{"buildDefinition":{"externalParameters":{"Source":"x"}}}`, "$.predicate.buildDefinition.externalParameters.Source", "another spelling"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			p, err := statementOf(t, row.predicateType, row.predicate).Provenance()
			var e *attest.SyntaxError
			if p != nil || !errors.As(err, &e) || e.Path != row.path || !strings.Contains(e.Msg, row.msg) {
				t.Errorf("%v, want %s: …%s…", err, row.path, row.msg)
			}
		})
	}
}

func TestProvenanceTypes(t *testing.T) {
	t.Parallel()
	for predicateType, want := range map[string]bool{
		v01: true, v02: true, v1: true, v1 + ".0": true, v1 + ".0?draft": true,
		"https://slsa.dev/provenance/v0.1.0": false, "https://slsa.dev/provenance/v0.3": false, v1 + "/": false, "https://slsa.dev/Provenance/v1": false, "x": false,
	} {
		p, err := statementOf(t, predicateType, `{}`).Provenance()
		if err != nil || (p != nil) != want || attest.HasView(predicateType) != want {
			t.Errorf("%s: %v, %v", predicateType, p, err)
		}
	}
}

func TestProvenanceOnce(t *testing.T) {
	t.Parallel()
	st := statementOf(t, v1, `{"buildDefinition":{"buildType":"t"}}`)
	views := make([]*attest.Provenance, 16)
	var wg sync.WaitGroup
	for i := range views {
		wg.Go(func() { views[i], _ = st.Provenance() })
	}
	wg.Wait()
	for _, p := range views {
		if p == nil || p != views[0] {
			t.Fatal("decoded more than once")
		}
	}
}

func TestRawDecode(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name string
		raw  attest.Raw
		want any
		msg  string
	}{
		{"nothing", nil, nil, ""},
		{"null", attest.Raw("null"), nil, ""},
		{"booleans", attest.Raw("[true, false]"), []any{true, false}, ""},
		{"string", attest.Raw(`"a\u0000\n"`), "a\x00\n", ""},
		{"over 2^53", attest.Raw("9007199254740993"), int64(9007199254740993), ""},
		{"least int64", attest.Raw("-9223372036854775808"), int64(-9223372036854775808), ""},
		{"greatest int64", attest.Raw("9223372036854775807"), int64(9223372036854775807), ""},
		{"greatest uint64", attest.Raw("18446744073709551615"), uint64(18446744073709551615), ""},
		{"over uint64", attest.Raw("18446744073709551616"), nil, "outside the range of 64-bit integers"},
		{"under int64", attest.Raw("-9223372036854775809"), nil, "outside the range of 64-bit integers"},
		{"minus zero", attest.Raw("-0"), int64(0), ""},
		{"fraction", attest.Raw("1.5"), 1.5, ""},
		{"exponent", attest.Raw("1e2"), 100.0, ""},
		{"over float64", attest.Raw("1e999"), nil, "outside the range of a 64-bit float"},
		{"object", attest.Raw(`{"a":{"b":[]},"A":{}}`), map[string]any{"a": map[string]any{"b": []any{}}, "A": map[string]any{}}, ""},
		{"empty", attest.Raw(""), nil, "is empty"},
		{"duplicate name", attest.Raw(`{"a":1,"a":2}`), nil, "duplicate"},
		{"trailing data", attest.Raw(`1 2`), nil, "more data"},
		{"not JSON", attest.Raw(`{"a":x}`), nil, "invalid character"},
		{"too deep", attest.Raw(strings.Repeat("[", 65) + strings.Repeat("]", 65)), nil, "json-depth"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			got, err := row.raw.Decode()
			if row.msg != "" {
				if err == nil || !strings.Contains(err.Error(), row.msg) {
					t.Errorf("%v, want …%s…", err, row.msg)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(row.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestMaterialsLimit: provenance may name many materials, not any number.
func TestMaterialsLimit(t *testing.T) {
	t.Parallel()
	for n, ok := range map[int]bool{attest.MaxMaterials: true, attest.MaxMaterials + 1: false} {
		predicate := `{"buildDefinition":{"resolvedDependencies":[` + strings.TrimSuffix(strings.Repeat("{},", n), ",") + `]}}`
		st := attest.Statement{PredicateType: "https://slsa.dev/provenance/v1", Predicate: attest.Raw(predicate)}
		p, err := st.Provenance()
		var limit *attest.LimitError
		if ok != (err == nil && len(p.Materials) == n) || !ok && (!errors.As(err, &limit) || limit.Limit != "materials") {
			t.Errorf("%d materials: %v", n, err)
		}
	}
}
