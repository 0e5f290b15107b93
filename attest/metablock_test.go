package attest_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/secure-systems-lab/go-securesystemslib/cjson"

	"github.com/surety-dev/surety/attest"
)

const (
	link = `{"_type":"link","name":"build","command":["make","all"],"materials":{"src/b.c":{"sha256":"` + otherHex + `"},"a.c":{"sha256":"` + otherHex + `","blake":"xy"}},` +
		`"products":{"out":{"sha256":"` + sha + `"}},"byproducts":{"return-value":0,"stdout":"a\n\"b\" <c>"},"environment":{}}`
	otherHex   = "bb00000000000000000000000000000000000000000000000000000000000000"
	layoutKey  = `"k1":{"keyid":"k1","keyid_hash_algorithms":["sha256"],"keytype":"ed25519","keyval":{"private":"","public":"ab"},"scheme":"ed25519"}`
	step       = `{"_type":"step","name":"build","threshold":2,"pubkeys":["k1"],"expected_command":["make"],"expected_materials":[["ALLOW","*"]],"expected_products":null}`
	inspection = `{"_type":"inspection","name":"untar","run":["tar","xzf","x"],"expected_materials":[],"expected_products":[["DISALLOW","*"]]}`
	layout     = `{"_type":"layout","expires":"2027-01-31T00:00:00Z","readme":"x","keys":{` + layoutKey + `},"steps":[` + step + `],"inspect":[` + inspection + `]}`
)

// metablock is a metablock around a link or layout, with one signature.
func metablock(signed string) string {
	return `{"signed":` + signed + `,"signatures":[{"keyid":"k","sig":"0aff"}]}`
}

// canonical is the canonical JSON of a text.
func canonical(t *testing.T, text string) string {
	t.Helper()
	out, err := cjson.EncodeCanonical(json.RawMessage(text))
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

func TestMetablock(t *testing.T) {
	t.Parallel()
	wantLink := &attest.StepLink{
		Name: "build", Command: []string{"make", "all"},
		Materials: []attest.LinkArtifact{{Path: "a.c", Digests: attest.Digests{"sha256": otherHex, "blake": "xy"}}, {Path: "src/b.c", Digests: attest.Digests{"sha256": otherHex}}},
		Products:  []attest.LinkArtifact{{Path: "out", Digests: attest.Digests{"sha256": sha}}},
	}
	for _, row := range []struct {
		name, text string
		format     attest.Format
		pae        string
	}{
		{"metablock", metablock(link), attest.FormatMetablock, canonical(t, link)},
		{"signatures first", `{"signatures":[{"sig":"0aff","keyid":"k"}],"signed":` + link + `}`, attest.FormatMetablock, canonical(t, link)},
		{"spaced, other order", metablock(strings.Replace(link, `"_type":"link",`, "\n ", 1)[:len(link)-14] + ` , "_type" : "link"}`), attest.FormatMetablock, canonical(t, link)},
		{"envelope", envelope(link), attest.FormatDSSE, string(attest.PAE(attest.PayloadType, []byte(link)))},
		{"_type last in an envelope", envelope(strings.Replace(link, `"_type":"link",`, "", 1)[:len(link)-16] + `,"_type":"link"}`), attest.FormatDSSE, ""},
		{"bundle", bundleOf(v03, keyed, envelope(link)), attest.FormatBundle, ""},
	} {
		it := readable(t, row.text)
		st := it.Statement()
		got, err := st.StepLink()
		if diff := cmp.Diff(wantLink, got); diff != "" || err != nil {
			t.Errorf("%s: %v %s", row.name, err, diff)
		}
		if it.Format() != row.format || st.Type != "link" || st.PredicateType != attest.LinkType || st.Layout() != nil {
			t.Errorf("%s: %s %s %s", row.name, it.Format(), st.Type, st.PredicateType)
		}
		if row.pae != "" && string(it.Envelope().PAE()) != row.pae {
			t.Errorf("%s: signed %s\nwant %s", row.name, it.Envelope().PAE(), row.pae)
		}
		if row.format == attest.FormatMetablock {
			if sigs := it.Envelope().Signatures; len(sigs) != 1 || string(sigs[0].Sig) != "\x0a\xff" || sigs[0].KeyID != "k" || it.Envelope().PayloadType != "" {
				t.Errorf("%s: %+v", row.name, sigs)
			}
		}
		artifact, _ := attest.NewArtifact("pkg:generic/x@1", attest.Digests{"sha256": sha})
		if err := artifact.BoundBy(st); err != nil {
			t.Errorf("%s: %v", row.name, err)
		}
		if v, err := st.Predicate.Decode(); err != nil || v.(map[string]any)["name"] != "build" {
			t.Errorf("%s: predicate %v, %v", row.name, v, err)
		}
	}
}

// TestOneContent: the same metablock however it is written is one attestation, and one in an envelope another.
func TestOneContent(t *testing.T) {
	t.Parallel()
	a, b, c := readable(t, metablock(link)), readable(t, " "+strings.Replace(metablock(link), ",", " ,\t", -1)), readable(t, envelope(link))
	if a.Envelope().Digest() != b.Envelope().Digest() || a.Digest() == b.Digest() || a.Envelope().Digest() == c.Envelope().Digest() {
		t.Errorf("%x %x %x", a.Envelope().Digest(), b.Envelope().Digest(), c.Envelope().Digest())
	}
}

func TestLayoutRead(t *testing.T) {
	t.Parallel()
	for _, text := range []string{metablock(layout), envelope(layout)} {
		it := readable(t, text)
		l := it.Statement().Layout()
		if l == nil || it.Statement().PredicateType != attest.LayoutType || len(it.Statement().Subjects) != 0 {
			t.Fatalf("%+v", it.Statement())
		}
		want := &attest.Layout{
			Expires: l.Expires, Readme: "x", Keys: []attest.LayoutKey{{ID: "k1", Type: "ed25519", Scheme: "ed25519", Public: "ab"}},
			Steps:       []attest.LayoutStep{{Name: "build", Threshold: 2, Keys: []string{"k1"}, Command: []string{"make"}, Materials: [][]string{{"ALLOW", "*"}}}},
			Inspections: []attest.LayoutInspection{{Name: "untar", Run: []string{"tar", "xzf", "x"}, Products: [][]string{{"DISALLOW", "*"}}}},
		}
		if diff := cmp.Diff(want, l); diff != "" || l.Expires.Format("2006-01-02T15:04:05Z07:00") != "2027-01-31T00:00:00Z" {
			t.Error(diff, l.Expires)
		}
	}
}

func TestMetablockRefused(t *testing.T) {
	t.Parallel()
	with := func(text string, pairs ...string) string {
		for i := 0; i < len(pairs); i += 2 {
			if !strings.Contains(text, pairs[i]) {
				t.Fatalf("%s has no %s", text, pairs[i])
			}
			text = strings.Replace(text, pairs[i], pairs[i+1], 1)
		}
		return text
	}
	m, l := metablock(link), metablock(layout)
	for _, row := range []struct{ name, text, path, msg string }{
		{"unknown _type", with(m, `"_type":"link"`, `"_type":"linker"`), "$.signed", `the _type "linker"`},
		{"no _type", with(m, `"_type":"link",`, ""), "$.signed", `the _type ""`},
		{"_type in another case", with(m, `"_type"`, `"_Type":"link","_type"`), "$.signed._Type", "another spelling"},
		{"_type twice", with(m, `"_type"`, `"_type":"layout","_type"`), "$.signed._type", "duplicate name"},
		{"a path twice", with(m, `"a.c":`, `"src/b.c":{},"a.c":`), `$.signed.materials["src/b.c"]`, "duplicate name"},
		{"a path twice, escaped", with(m, `"a.c":`, `"src\/b.c":{},"a.c":`), `$.signed.materials["src/b.c"]`, "duplicate name"},
		{"no path", with(m, `"a.c":`, `"":`), "$.signed.materials", "without a path"},
		{"NUL in a path", with(m, `"a.c":`, `"a.c\u0000":`), `$.signed.materials["a.c\x00"]`, "NUL"},
		{"upper-case algorithm", with(m, `"sha256":"`+sha, `"SHA256":"`+sha), "$.signed.products.out.SHA256", "another spelling"},
		{"no name", with(m, `"name":"build",`, ""), "$.signed", "has no name"},
		{"no products", with(m, `"products":{"out":{"sha256":"`+sha+`"}},`, ""), "$.signed", "lacks materials or products"},
		{"materials a list", with(m, `"products":{"out":{"sha256":"`+sha+`"}}`, `"products":[]`), "$.signed.products", "is an array"},
		{"folded field", with(m, `"name":`, `"Name":"x","name":`), "$.signed.Name", "another spelling"},
		{"fraction", with(m, `"return-value":0`, `"return-value":0.5`), "$.signed", "no canonical JSON"},
		{"number over 63 bits", with(m, `"return-value":0`, `"return-value":9223372036854775808`), "$.signed", "no canonical JSON"},
		{"trailing data", m + "{}", "$", "more data"},
		{"lone surrogate", with(m, `"build"`, `"\ud800"`), "$.signed.name", "surrogate"},
		{"no signatures", with(m, `{"keyid":"k","sig":"0aff"}`, ""), "$", "has no signatures"},
		{"signed null", `{"signed":null,"signatures":[{"sig":"aa"}]}`, "$.signed", "is null"},
		{"signed beside a payload", with(m, `{"signed"`, `{"payload":"","signed"`), "$", "is not one of"},
		{"signed beside a payloadType", with(m, `{"signed"`, `{"payloadType":"`+attest.PayloadType+`","signed"`), "$", "is not one of"},
		{"signed in a bundle", with(bundle(keyed), `{"mediaType"`, `{"signed":`+link+`,"mediaType"`), "$", "is not one of"},
		{"signed in a list", `{"attestations":[],"signed":` + link + `}`, "$", "is not one of"},
		{"Signed", with(m, `{"signed"`, `{"Signed":{},"signed"`), "$.Signed", "another spelling"},
		{"a statement in a metablock", metablock(good), "$.signed", "the _type"},
		{"npm names another type", `{"attestations":[` + npm("https://example.test/p/v1", bundleOf(v03, keyed, envelope(link))) + `]}`, "$.predicateType", "the signed statement says"},
		{"expires with an offset", with(l, "00:00:00Z", "00:00:00+01:00"), "$.signed.expires", "expected a time"},
		{"expires with a fraction", with(l, "00:00:00Z", "00:00:00.5Z"), "$.signed.expires", "expected a time"},
		{"no expires", with(l, `"expires":"2027-01-31T00:00:00Z",`, ""), "$.signed", "has no expires"},
		{"private key", with(l, `"private":""`, `"private":"00"`), "$.signed.keys.k1.keyval.private", "private key"},
		{"key by another id", with(l, `"keyid":"k1"`, `"keyid":"k2"`), "$.signed.keys.k1.keyid", `is "k2"`},
		{"threshold a fraction", with(l, `"threshold":2`, `"threshold":2.5`), "$.signed.steps[0].threshold", "expected an integer"},
		{"threshold text", with(l, `"threshold":2`, `"threshold":"2"`), "$.signed.steps[0].threshold", "is a string"},
		{"a step of another type", with(l, `"_type":"step"`, `"_type":"inspection"`), "$.signed.steps[0]._type", `expected "step"`},
		{"an inspection of another type", with(l, `"_type":"inspection"`, `"_type":"step"`), "$.signed.inspect[0]._type", `expected "inspection"`},
		{"a rule that is text", with(l, `["ALLOW","*"]`, `"ALLOW *"`), "$.signed.steps[0].expected_materials[0]", "expected an array"},
		{"a step without a name", with(l, `"name":"build",`, ""), "$.signed.steps[0]", "has no name"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			it := one(t, row.text)
			var syntax *attest.SyntaxError
			if !errors.As(it.Err(), &syntax) || syntax.Path != row.path || !strings.Contains(syntax.Msg, row.msg) {
				t.Errorf("%v\nwant at %s: …%s…", it.Err(), row.path, row.msg)
			}
			if it.Statement() != nil || it.Envelope() != nil {
				t.Error("it has content")
			}
		})
	}
}

// TestMetablockSignatures: one that cannot be read does not take the others with it (abuse case 10).
func TestMetablockSignatures(t *testing.T) {
	t.Parallel()
	for _, sig := range []string{`"0AFF"`, `"0af"`, `"zz"`, `""`, `null`, `"Cv8="`, `7`} {
		it := readable(t, strings.Replace(metablock(link), `[{`, `[{"keyid":"x","sig":`+sig+`},{`, 1))
		sigs := it.Envelope().Signatures
		if len(sigs) != 2 || sigs[0].Err == nil || sigs[0].Sig != nil || sigs[1].Err != nil || string(sigs[1].Sig) != "\x0a\xff" {
			t.Errorf("%s: %+v", sig, sigs)
		}
	}
	it := readable(t, strings.Replace(metablock(link), `"sig":"0aff"`, `"sig":"0aff","cert":"PEM"`, 1))
	if string(it.Envelope().Signatures[0].Certificate) != "PEM" {
		t.Error("no certificate")
	}
}

func TestMetablockLimits(t *testing.T) {
	t.Parallel()
	many := func(n int, entry string) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, entry+",", i)
		}
		return strings.TrimSuffix(b.String(), ",")
	}
	for _, row := range []struct {
		limit string
		most  int
		text  func(n int) string
	}{
		{"link-artifacts", attest.MaxLinkArtifacts, func(n int) string {
			return metablock(`{"_type":"link","name":"x","materials":{},"products":{` + many(n, `"p%d":{}`) + `}}`)
		}},
		{"subject-digests", attest.MaxSubjectDigests, func(n int) string {
			return metablock(`{"_type":"link","name":"x","materials":{"a":{` + many(n, `"alg%d":""`) + `}},"products":{}}`)
		}},
		{"layout-steps", attest.MaxLayoutSteps, func(n int) string {
			return metablock(strings.Replace(layout, step, many(n, `{"name":"s%d"}`), 1))
		}},
		{"layout-keys", attest.MaxLayoutKeys, func(n int) string {
			return metablock(strings.Replace(layout, layoutKey, many(n, `"k%[1]d":{"keyid":"k%[1]d","keytype":"x","scheme":"x"}`), 1))
		}},
		{"layout-rules", attest.MaxLayoutRules, func(n int) string {
			return metablock(strings.Replace(layout, `["ALLOW","*"]`, many(n, `["ALLOW","%d"]`), 1))
		}},
		{"signatures", attest.MaxSignatures, func(n int) string {
			return strings.Replace(metablock(link), `{"keyid":"k","sig":"0aff"}`, many(n, `{"keyid":"%d","sig":"aa"}`), 1)
		}},
		{"json-depth", attest.MaxDepth - 2, func(n int) string {
			return metablock(strings.Replace(link, `"environment":{}`, `"environment":`+strings.Repeat("[", n)+strings.Repeat("]", n), 1))
		}},
	} {
		readable(t, row.text(row.most))
		var limit *attest.LimitError
		if it := one(t, row.text(row.most+1)); !errors.As(it.Err(), &limit) || limit.Limit != row.limit {
			t.Errorf("%s: %v", row.limit, it.Err())
		}
	}
}

func TestLinkAttestation(t *testing.T) {
	t.Parallel()
	st := func(predicate string) *attest.Statement {
		return readable(t, envelope(`{"_type":"`+inToto+`","subject":[`+subject+`],"predicateType":"`+attest.LinkV03Type+`","predicate":`+predicate+`}`)).Statement()
	}
	got, err := st(`{"name":"build","command":["make"],"materials":[{"uri":"b","digest":{"sha256":"` + otherHex + `"}},{"name":"a","uri":"c"}],"byproducts":{},"environment":{"x":1}}`).StepLink()
	want := &attest.StepLink{Name: "build", Command: []string{"make"}, Materials: []attest.LinkArtifact{{Path: "a"}, {Path: "b", Digests: attest.Digests{"sha256": otherHex}}},
		Products: []attest.LinkArtifact{{Path: "hello", Digests: attest.Digests{"sha256": sha}}}}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Error(err, diff)
	}
	for _, row := range []struct{ predicate, msg string }{
		{`{}`, "has no name"},
		{`null`, "is null"},
		{`{"name":"x","Name":"y"}`, "another spelling"},
		{`{"name":"x","materials":{}}`, "is an object"},
		{`{"name":"x","materials":[{"name":"a"},{"name":"a"}]}`, "twice"},
		{`{"name":"x","materials":[{}]}`, "without a path"},
	} {
		if l, err := st(row.predicate).StepLink(); l != nil || err == nil || !strings.Contains(err.Error(), row.msg) {
			t.Errorf("%s: %v, want %s", row.predicate, err, row.msg)
		}
	}
	if l, err := readable(t, envelope(good)).Statement().StepLink(); l != nil || err != nil {
		t.Error(l, err)
	}
}

func TestMatchedByLink(t *testing.T) {
	t.Parallel()
	artifact, _ := attest.NewArtifact("pkg:npm/%40acme/x@1", attest.Digests{"sha256": sha})
	for _, row := range []struct {
		name string
		a    attest.LinkArtifact
		want bool
	}{
		{"the digest", attest.LinkArtifact{Path: "pkg:npm/evil@1", Digests: attest.Digests{"sha256": sha, "blake": "x"}}, true},
		{"another digest", attest.LinkArtifact{Path: "x", Digests: attest.Digests{"sha256": otherHex}}, false},
		{"a weak digest", attest.LinkArtifact{Path: "x", Digests: attest.Digests{"sha1": strings.Repeat("a", 40)}}, false},
		{"an unknown digest", attest.LinkArtifact{Path: "x", Digests: attest.Digests{"SHA-256": sha}}, false},
		{"none", attest.LinkArtifact{Path: "x"}, false},
		{"void", attest.LinkArtifact{Path: "x", Digests: attest.Digests{"sha256": sha}, Void: "it is"}, false},
	} {
		if err := artifact.MatchedByLink(row.a); (err == nil) != row.want {
			t.Errorf("%s: %v", row.name, err)
		}
	}
}

// TestIndexOfAChain: an index finds the layout, the links about the artifact, and those of the steps before.
func TestIndexOfAChain(t *testing.T) {
	t.Parallel()
	digest := func(c string) string { return strings.Repeat(c, 64) }
	l := func(name, material, product string) string {
		return metablock(fmt.Sprintf(`{"_type":"link","name":%q,"materials":{"m":{"sha256":%q}},"products":{"p":{"sha256":%q}}}`, name, digest(material), digest(product)))
	}
	items := attest.Parse("x", []byte(strings.Join([]string{metablock(layout), l("clone", "1", "2"), l("build", "2", "3"), l("test", "3", "4"), l("other", "5", "6"), l("after", "4", "7")}, "\n")), attest.Limits{})
	x, err := attest.NewIndex(items)
	if err != nil {
		t.Fatal(err)
	}
	found, err := x.Find(context.Background(), attest.Digests{"sha256": digest("3")})
	names := map[string]bool{}
	for _, it := range found {
		name := "layout"
		if link, _ := it.Statement().StepLink(); link != nil {
			name = link.Name
		}
		names[name] = true
	}
	if diff := cmp.Diff(map[string]bool{"layout": true, "clone": true, "build": true, "test": true}, names); diff != "" || err != nil {
		t.Error(err, diff)
	}
}
