package attest_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/surety-dev/surety/attest"
)

func TestStatementRefused(t *testing.T) {
	t.Parallel()
	with := func(old, now string) string {
		text := strings.Replace(good, old, now, 1)
		if text == good {
			t.Fatalf("the statement has no %s", old)
		}
		return text
	}
	for _, row := range []struct{ name, statement, path, msg string }{
		{"null", "null", "", "is null; expected an object"},
		{"array", "[]", "", "is an array"},
		{"not JSON", "hello", "", "invalid character"},
		{"trailing data", good + "{}", "", "followed by more data"},
		{"trailing NUL", good + "\x00", "", "followed by more data"},
		{"duplicate name", with(`"predicate":`, `"predicate":{},"predicate":`), ".predicate", "duplicate name"},
		{"duplicate name in the predicate", with(`{"a":1}`, `{"b":[{"c":1,"c":2}]}`), ".predicate.b[0].c", "duplicate name"},
		{"duplicate name in a subject", with(`"name":"hello"`, `"name":"a","name":"b"`), ".subject[0].name", "duplicate name"},
		{"invalid UTF-8 in the predicate", with(`{"a":1}`, "{\"a\":\"\xff\"}"), ".predicate.a", "invalid UTF-8"},
		{"lone surrogate in the predicate", with(`{"a":1}`, `{"a":"\udc00"}`), ".predicate.a", "surrogate"},
		{"no _type", with(`"_type"`, `"x"`), "", "no _type"},
		{"type for _type", with(`"_type"`, `"type"`), ".type", `another spelling of "_type"`},
		{"type beside _type", with(`"subject"`, `"type":"x","subject"`), ".type", `another spelling of "_type"`},
		{"unknown _type", with(inToto, "https://in-toto.io/Statement/v2"), "._type", "expected"},
		{"_type with other case", with(inToto, "https://in-toto.io/statement/v1"), "._type", "expected"},
		{"_type null", with(`"`+inToto+`"`, "null"), "._type", "is null"},
		{"_type number", with(`"`+inToto+`"`, "1"), "._type", "is a number"},
		{"no predicateType", with(`"predicateType"`, `"x"`), "", "no predicateType"},
		{"predicate_type for predicateType", with(`"predicateType"`, `"predicate_type"`), ".predicate_type", "another spelling"},
		{"predicateType empty", with("https://example.test/p/v1", ""), ".predicateType", "is empty"},
		{"predicateType null", with(`"https://example.test/p/v1"`, "null"), ".predicateType", "is null"},
		{"predicateType with NUL", with("https://example.test/p/v1", `https://example.test/p/v1\u0000`), ".predicateType", "NUL"},
		{"Kelvin sign in an object that knows no k", with(`"predicate":{`, "\"\u212a\":1,\"PREDICATE\":{"), ".PREDICATE", "another spelling"},
		{"long s in subject", with(`"subject"`, `"ſubject"`), `["\u017fubject"]`, `another spelling of "subject"`},
		{"predicate array", with(`{"a":1}`, "[]"), ".predicate", "is an array; expected an object"},
		{"predicate string", with(`{"a":1}`, `"x"`), ".predicate", "is a string"},
		{"no subject", with(`"subject"`, `"x"`), "", "no subject"},
		{"subject null", with("["+subject+"]", "null"), ".subject", "is null"},
		{"subject empty", with("["+subject+"]", "[]"), "", "no subject"},
		{"subject object", with("["+subject+"]", subject), ".subject", "is an object; expected an array"},
		{"subject of null", with(subject, "null"), ".subject[0]", "is null"},
		{"subject of strings", with(subject, `"x"`), ".subject[0]", "is a string"},
		{"name null", with(`"hello"`, "null"), ".subject[0].name", "is null"},
		{"name with NUL", with(`"hello"`, `"hel\u0000lo"`), ".subject[0].name", "NUL"},
		{"uri number", with(`"name":"hello"`, `"uri":1`), ".subject[0].uri", "is a number"},
		{"case variant in a subject", with(`"digest"`, `"Digest":{},"digest"`), ".subject[0].Digest", "another spelling"},
		{"digest null", with(`{"sha256":"`+sha+`"}`, "null"), ".subject[0].digest", "is null"},
		{"digest array", with(`{"sha256":"`+sha+`"}`, "[]"), ".subject[0].digest", "is an array"},
		{"digest value null", with(`"`+sha+`"`, "null"), ".subject[0].digest.sha256", "is null"},
		{"digest value number", with(`"`+sha+`"`, "1"), ".subject[0].digest.sha256", "is a number"},
		{"digest with other case", with(`"sha256"`, `"SHA256"`), ".subject[0].digest.SHA256", `another spelling of "sha256"`},
		{"digest with other case beside it", with(`"sha256"`, `"Sha256":"x","sha256"`), ".subject[0].digest.Sha256", "another spelling"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			wantSyntax(t, one(t, envelope(row.statement)), "$.payload"+row.path, row.msg)
		})
	}
}

func TestStatementRead(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ name, old, now string }{
		{"statement v0.1", inToto, "https://in-toto.io/Statement/v0.1"},
		{"unknown fields", `"subject"`, `"issuer":null,"subject"`},
		{"names that differ by case in a raw predicate", `{"a":1}`, `{"http_proxy":"a","HTTP_PROXY":"b"}`},
		{"NUL in a raw predicate", `{"a":1}`, `{"a":"\u0000"}`},
		{"no predicate", `,"predicate":{"a":1}`, ``},
		{"predicate null", `{"a":1}`, `null`},
		{"escapes", `"name":"hello"`, `"\u006eame":"h\u00e9llo\ud83d\ude00"`},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			readable(t, envelope(strings.Replace(good, row.old, row.now, 1)))
		})
	}
	it := readable(t, envelope(strings.Replace(good, `"name":"hello"`, `"n\u0061me":"h\u00e9llo","uri":"https:\/\/x.test"`, 1)))
	want := []attest.Subject{{Name: "héllo", URI: "https://x.test", Digests: attest.Digests{"sha256": sha}}}
	if diff := cmp.Diff(want, it.Statement().Subjects); diff != "" {
		t.Error(diff)
	}
	slashes := strings.Replace(envelope(`{"_type":"`+inToto+`","subject":[`+subject+`],"predicateType":"???"}`), "/", `\/`, -1)
	if got := readable(t, slashes).Statement().PredicateType; got != "???" {
		t.Errorf("predicate type %q from escaped base64", got)
	}
}

// TestSubjects has abuse cases 27 to 30: which subjects speak of an artifact.
func TestSubjects(t *testing.T) {
	t.Parallel()
	sha1, md5, sha512 := hexOf(40, 1), hexOf(32, 2), hexOf(128, 3)
	full := attest.Digests{"sha256": sha, "sha512": sha512, "sha1": sha1, "md5": md5}
	const scoped = "pkg:npm/%40acme/x@1.0.0"
	for _, row := range []struct {
		name, artifact string
		digests        attest.Digests
		subject, why   string // why "" is a match
	}{
		{"sha256", "hello", full, `{"digest":{"sha256":"` + sha + `"}}`, ""},
		{"sha512 only", "hello", full, `{"digest":{"sha512":"` + sha512 + `"}}`, ""},
		{"sha256 beside an unknown algorithm", "hello", full, `{"digest":{"sha256":"` + sha + `","dirHash":"h1:x","made-up":"Q"}}`, ""},
		{"sha256 beside an algorithm the artifact lacks", "hello", attest.Digests{"sha256": sha}, `{"digest":{"sha256":"` + sha + `","sha1":"` + sha1 + `"}}`, ""},
		{"sha256 and sha1", "hello", full, `{"digest":{"sha256":"` + sha + `","sha1":"` + sha1 + `"}}`, ""},
		{"a name means nothing for a plain artifact", "hello", full, `{"name":"other","digest":{"sha256":"` + sha + `"}}`, ""},
		{"sha256 wrong", "hello", full, `{"digest":{"sha256":"` + hexOf(64, 9) + `"}}`, "its sha256 is"},
		{"sha1 only", "hello", full, `{"digest":{"sha1":"` + sha1 + `"}}`, "shares no sha256, sha384 or sha512"},
		{"md5 only", "hello", full, `{"digest":{"md5":"` + md5 + `"}}`, "shares no sha256"},
		{"sha256 wrong, sha1 right", "hello", full, `{"digest":{"sha256":"` + hexOf(64, 9) + `","sha1":"` + sha1 + `"}}`, "its sha256 is"},
		{"sha256 right, sha1 wrong", "hello", full, `{"digest":{"sha256":"` + sha + `","sha1":"` + hexOf(40, 9) + `"}}`, "its sha1 is"},
		{"sha256 right, sha512 wrong", "hello", full, `{"digest":{"sha256":"` + sha + `","sha512":"` + hexOf(128, 9) + `"}}`, "its sha512 is"},
		{"sha256 for an artifact of sha512", "hello", attest.Digests{"sha512": sha512}, `{"digest":{"sha256":"` + sha + `"}}`, "shares no"},
		{"gitCommit of the sha256", "hello", full, `{"digest":{"gitCommit":"` + sha + `"}}`, "shares no"},
		{"unknown algorithm only", "hello", full, `{"digest":{"made-up":"` + sha + `"}}`, "no digest of a known algorithm"},
		{"digest empty", "hello", full, `{"digest":{}}`, "no digest of a known algorithm"},
		{"no fields", "hello", full, `{}`, "no digest of a known algorithm"},
		{"wrong length", "hello", full, `{"digest":{"sha256":"` + sha[:62] + `"}}`, "its sha256 has 62 digits"},
		{"odd length", "hello", full, `{"digest":{"sha256":"` + sha + `0"}}`, "its sha256 has 65 digits"},
		{"empty value", "hello", full, `{"digest":{"sha256":""}}`, "its sha256 has 0 digits"},
		{"upper case", "hello", full, `{"digest":{"sha256":"` + strings.ToUpper(sha) + `"}}`, "not lower-case"},
		{"not hexadecimal", "hello", full, `{"digest":{"sha256":"` + strings.Repeat("g", 64) + `"}}`, "not lower-case"},
		{"weak one malformed beside a strong one", "hello", full, `{"digest":{"sha256":"` + sha + `","sha1":"x"}}`, "its sha1 has 1 digits"},
		{"gitCommit malformed beside a strong one", "hello", full, `{"digest":{"sha256":"` + sha + `","gitCommit":"` + hexOf(42, 1) + `"}}`, "its gitCommit has"},

		{"package", scoped, full, `{"name":"pkg:npm/%40acme/x@1.0.0","digest":{"sha512":"` + sha512 + `"}}`, ""},
		{"package, @ unescaped", scoped, full, `{"name":"pkg:npm/@acme/x@1.0.0","digest":{"sha256":"` + sha + `"}}`, ""},
		{"package, letters escaped", scoped, full, `{"name":"pkg:npm/%40%61cme/x@1%2E0.0","digest":{"sha256":"` + sha + `"}}`, ""},
		{"package with slashes", scoped, full, `{"name":"pkg://npm/%40acme/x@1.0.0","digest":{"sha256":"` + sha + `"}}`, ""},
		{"package with an empty segment", scoped, full, `{"name":"pkg:npm/%40acme//x@1.0.0","digest":{"sha256":"` + sha + `"}}`, "cannot be read: it has an empty segment"},
		{"package, no version", scoped, full, `{"name":"pkg:npm/%40acme/x","digest":{"sha256":"` + sha + `"}}`, ""},
		{"package, artifact without version", "pkg:npm/%40acme/x", full, `{"name":"pkg:npm/%40acme/x@9","digest":{"sha256":"` + sha + `"}}`, ""},
		{"package, qualifiers", scoped, full, `{"name":"pkg:npm/%40acme/x@1.0.0?a=b#c","digest":{"sha256":"` + sha + `"}}`, ""},
		{"package, upper-case type", scoped, full, `{"name":"pkg:NPM/%40acme/x@1.0.0","digest":{"sha256":"` + sha + `"}}`, ""},
		{"package in the uri", scoped, full, `{"name":"x.tgz","uri":"pkg:npm/%40acme/x@1.0.0","digest":{"sha256":"` + sha + `"}}`, ""},
		{"file name for a package", scoped, full, `{"name":"x.tgz","digest":{"sha256":"` + sha + `"}}`, ""},
		{"package for a file name", "hello", full, `{"name":"pkg:npm/evil@1.0.0","digest":{"sha256":"` + sha + `"}}`, ""},
		{"other package", scoped, full, `{"name":"pkg:npm/evil@1.0.0","digest":{"sha512":"` + sha512 + `"}}`, "its package namespace is"},
		{"other package in the uri", scoped, full, `{"name":"pkg:npm/%40acme/x@1.0.0","uri":"pkg:npm/%40acme/y","digest":{"sha256":"` + sha + `"}}`, "its package name is"},
		{"other name", scoped, full, `{"name":"pkg:npm/%40acme/y@1.0.0","digest":{"sha256":"` + sha + `"}}`, "its package name is"},
		{"other type", scoped, full, `{"name":"pkg:generic/%40acme/x@1.0.0","digest":{"sha256":"` + sha + `"}}`, "its package type is"},
		{"other version", scoped, full, `{"name":"pkg:npm/%40acme/x@1.0.1","digest":{"sha256":"` + sha + `"}}`, "its package version is"},
		{"other case", scoped, full, `{"name":"pkg:npm/%40Acme/x@1.0.0","digest":{"sha256":"` + sha + `"}}`, "its package namespace is"},
		{"NFD for NFC", "pkg:generic/%C3%A9", full, `{"name":"pkg:generic/e%CC%81","digest":{"sha256":"` + sha + `"}}`, "its package name is"},
		{"scope and name as one segment", scoped, full, `{"name":"pkg:npm/%40acme%2Fx@1.0.0","digest":{"sha256":"` + sha + `"}}`, "cannot be read"},
		{"unreadable package", scoped, full, `{"name":"pkg:npm","digest":{"sha256":"` + sha + `"}}`, "cannot be read"},
		{"unreadable package, upper-case scheme", scoped, full, `{"name":"PKG:npm/%zz","digest":{"sha256":"` + sha + `"}}`, "cannot be read"},
		{"case that the type folds", "pkg:github/acme/x", full, `{"name":"pkg:github/Acme/X","digest":{"sha256":"` + sha + `"}}`, ""},
		{"runs that pypi folds", "pkg:pypi/a-b", full, `{"name":"pkg:pypi/A_.b","digest":{"sha256":"` + sha + `"}}`, ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			a, err := attest.NewArtifact(row.artifact, row.digests)
			if err != nil {
				t.Fatal(err)
			}
			st := readable(t, envelope(strings.Replace(good, subject, row.subject, 1))).Statement()
			for _, err := range []error{a.MatchedBy(st.Subjects[0]), a.BoundBy(st)} {
				var mismatch *attest.MismatchError
				switch {
				case row.why == "" && err != nil:
					t.Errorf("not matched: %v", err)
				case row.why != "" && (!errors.As(err, &mismatch) || !strings.Contains(mismatch.Msg, row.why)):
					t.Errorf("%v, want a mismatch: …%s…", err, row.why)
				}
			}
			if st.Subjects[0].Void != "" && st.Subjects[0].Digests != nil {
				t.Error("a void subject gives digests")
			}
		})
	}
}

func TestBoundBy(t *testing.T) {
	t.Parallel()
	a, err := attest.NewArtifact("pkg:npm/x@1", attest.Digests{"sha256": sha})
	if err != nil {
		t.Fatal(err)
	}
	void := attest.Subject{Name: "void", Void: "it is void", Digests: attest.Digests{"sha256": sha}}
	weak := attest.Subject{Name: "weak", Digests: attest.Digests{"sha1": hexOf(40, 1)}}
	wrong := attest.Subject{Name: "wrong", Digests: attest.Digests{"sha256": hexOf(64, 1)}}
	other := attest.Subject{Name: "pkg:npm/y@1", Digests: attest.Digests{"sha256": sha}}
	right := attest.Subject{URI: "pkg:npm/x@1", Digests: attest.Digests{"sha256": sha}}
	for _, row := range []struct {
		name     string
		subjects []attest.Subject
		closest  string // "" is a match
	}{
		{"none", nil, "there is none"},
		{"void", []attest.Subject{void}, "void"},
		{"weak is closer than void", []attest.Subject{void, weak}, "weak"},
		{"wrong is closer than weak", []attest.Subject{weak, wrong, void}, "wrong"},
		{"another package is closest", []attest.Subject{wrong, other, weak}, "pkg:npm/y@1"},
		{"any one is enough", []attest.Subject{void, weak, wrong, other, right}, ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			err := a.BoundBy(&attest.Statement{Subjects: row.subjects})
			if (err == nil) != (row.closest == "") || err != nil && !strings.Contains(err.Error(), row.closest) {
				t.Errorf("%v, want %q", err, row.closest)
			}
		})
	}
	if a.BoundBy(nil) == nil {
		t.Error("no statement binds")
	}
	if err := (attest.Artifact{}).MatchedBy(right); err == nil {
		t.Error("the zero artifact is matched")
	}
	if err := (attest.Artifact{}).MatchedBy(attest.Subject{}); err == nil {
		t.Error("the zero artifact is matched by the zero subject")
	}
}
