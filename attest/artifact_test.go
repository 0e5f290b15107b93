package attest_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/surety-dev/surety/attest"
)

func TestNamesAccepted(t *testing.T) {
	t.Parallel()
	for _, name := range []string{
		"hello", "binary-linux-amd64", "a/b/c.tar.gz", "x@1.0", "hello?x=y",
		"pkg:npm/%40trishankatdatadog/supreme-goggles@1.0.5",
		"pkg:bazel/aspect_rules_lint@1.3.1",
		"pkg:generic/payments/api@1.4.2",
		"pkg:generic/payments/api@1.4.2?arch=amd64&repository_url=ghcr.io%2Facme#sub/path",
		"pkg:golang/github.com/acme/x@v1.2.3",
		"pkg:golang/github.com/acme/x@v2.0.0%2Bincompatible",
		"pkg:oci/payments@sha256:" + sha,
		"pkg:pypi/zope.interface@5.0", "https://acme.test:8443/x",
		"pkg:docker/acme/payments@1.4.2-RC1",
		"pkg:github/acme/payments@v1.4.2",
		"pkg:deb/debian/attr@1:2.4.47-2%2Bb1?arch=source",
		"pkg:maven/org.apache.xmlgraphics/batik-anim@1.9.1",
		"pkg:nuget/EnterpriseLibrary.Common@6.0.1304",
		"pkg:cpan/DROLSKY/DateTime@1.55",
		"pkg:swift/github.com/Alamofire/Alamofire@5.4.3",
		"pkg:cargo/Inflector@0.11.4", "pkg:pypi/django-allauth@12.23",
		"pkg:rpm/fedora/GraphicsMagick@1.3", "pkg:generic/a%20b", "pkg:generic/%C3%A9",
		"https://example.test/a/B", "https://example.test:8443/a", "urn:uuid:0a", "oci://ghcr.io/acme/x@sha256:ab",
	} {
		if err := attest.CheckName(name); err != nil {
			t.Error(err)
		}
		if a, err := attest.NewArtifact(name, attest.Digests{"sha256": sha}); err != nil || a.Name() != name {
			t.Errorf("%q became %q, %v", name, a.Name(), err)
		}
	}
}

// TestNamesRefused has abuse cases 23 and 65: names that dodge the policy that covers them.
func TestNamesRefused(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ name, artifact, msg string }{
		{"empty", "", "is empty"},
		{"space", "hello world", "byte 0x20"},
		{"tab", "hello\t", "byte 0x09"},
		{"newline", "hello\n", "byte 0x0a"},
		{"NUL", "hello\x00", "byte 0x00"},
		{"delete", "hello\x7f", "byte 0x7f"},
		{"invalid UTF-8", "h\xff", "byte 0xff"},
		{"not ASCII", "é", "byte 0xc3"},
		{"not ASCII in a qualifier", "pkg:generic/a?x=é", "byte 0xc3"},
		{"backslash", `a\b`, "byte 0x5c"},
		{"dot segment", "a/./b", `segment "."`},
		{"dot-dot segment", "dir/../foo", `segment ".."`},
		{"dot-dot at the end", "dir/..", `segment ".."`},
		{"dot only", ".", `segment "."`},
		{"empty segment", "a//b", `segment ""`},
		{"leading slash", "/a", `segment ""`},
		{"trailing slash", "a/", `segment ""`},
		{"trailing slash before a qualifier", "pkg:generic/a/?x=y", `segment ""`},
		{"qualifier only", "?x=y", `segment ""`},
		{"escaped slash", "a%2Fb", "escaped slash"},
		{"escaped slash, lower case", "a%2fb", "malformed"},
		{"escaped backslash", "a%5Cb", "escaped slash, backslash"},
		{"escaped newline", "a%0A", "control character"},
		{"escaped letter", "p%61yments", "escapes 'a'"},
		{"escaped digit", "a%31", "escapes '1'"},
		{"escaped dot", "a/%2E%2E/b", "escapes '.'"},
		{"escaped tilde", "%7Ea", "escapes '~'"},
		{"lower-case escape", "a%c3%A9", "malformed"},
		{"truncated escape", "a%", "malformed"},
		{"truncated escape in two", "a%4", "malformed"},
		{"not hexadecimal", "a%zz", "malformed"},
		{"escapes that are not UTF-8", "a%FF", "not UTF-8"},
		{"upper-case scheme", "HTTPS://example.test/a", "upper case in its scheme"},
		{"upper-case host", "https://Example.test/a", "upper case in its host"},
		{"URI, empty segment", "https://example.test//a", `segment ""`},
		{"URI, dots", "https://example.test/a/../b", `segment ".."`},
		{"URI, no host", "file:///a", `segment ""`},
		{"URI, trailing slash", "https://example.test/", `segment ""`},

		{"package, upper-case scheme", "PKG:npm/x", "upper case in its scheme"},
		{"package, slashes", "pkg://npm/x", `segment ""`},
		{"package, one slash", "pkg:/npm/x", `segment ""`},
		{"package, no name", "pkg:npm", "not a package URL"},
		{"package, nothing", "pkg:", `segment ""`},
		{"package, empty version", "pkg:npm/x@", "expected"},
		{"package, no name but a version", "pkg:npm/@1", "not a package URL"},
		{"package, bad qualifier", "pkg:npm/x?%20=a", "not a package URL"},
		{"package, repeated qualifier", "pkg:npm/x?a=b&a=c", "not a package URL"},
		{"package, dots", "pkg:generic/payments/../api", `segment ".."`},
		{"upper-case type", "pkg:NPM/x", `expected "pkg:npm/x"`},
		{"unescaped @ in the scope", "pkg:npm/@acme/x@1", `expected "pkg:npm/%40acme/x@1"`},
		{"unescaped @ in the name", "pkg:generic/a@b@1", `expected "pkg:generic/a%40b@1"`},
		{"escaped colon", "pkg:oci/x@sha256%3A" + sha, `expected "pkg:oci/x@sha256:`},
		{"unescaped plus", "pkg:conan/c++lib@1", `expected "pkg:conan/c%2B%2Blib@1"`},
		{"slash in the version", "pkg:github/acme/x@refs/tags/v1", "expected"},
		{"alpm", "pkg:alpm/Arch/pacman", "pkg:alpm/arch/pacman"},
		{"apk", "pkg:apk/alpine/Curl", "pkg:apk/alpine/curl"},
		{"bitbucket", "pkg:bitbucket/Acme/x", "pkg:bitbucket/acme/x"},
		{"bitnami", "pkg:bitnami/Wordpress", "pkg:bitnami/wordpress"},
		{"composer", "pkg:composer/Laravel/laravel", "pkg:composer/laravel/laravel"},
		{"deb", "pkg:deb/debian/Curl", "pkg:deb/debian/curl"},
		{"docker namespace", "pkg:docker/Acme/x", "pkg:docker/acme/x"},
		{"docker name", "pkg:docker/acme/X", "pkg:docker/acme/x"},
		{"gitea", "pkg:gitea/Acme/x", "pkg:gitea/acme/x"},
		{"github namespace", "pkg:github/Acme/x", "pkg:github/acme/x"},
		{"github name", "pkg:github/acme/X", "pkg:github/acme/x"},
		{"gitlab", "pkg:gitlab/acme/X", "pkg:gitlab/acme/x"},
		{"golang", "pkg:golang/github.com/Acme/x", "pkg:golang/github.com/acme/x"},
		{"hex", "pkg:hex/Jason", "pkg:hex/jason"},
		{"huggingface version", "pkg:huggingface/a/b@ABC", "pkg:huggingface/a/b@abc"},
		{"luarocks", "pkg:luarocks/LuaSocket", "pkg:luarocks/luasocket"},
		{"npm", "pkg:npm/JSONStream", "pkg:npm/jsonstream"},
		{"oci", "pkg:oci/Payments", "pkg:oci/payments"},
		{"pub", "pkg:pub/Some-pkg", "pkg:pub/some_pkg"},
		{"pypi case", "pkg:pypi/Django", "pkg:pypi/django"},
		{"pypi underscore", "pkg:pypi/django_allauth", "pkg:pypi/django-allauth"},
		{"https port", "https://acme.test:443/x", "scheme's own port"},
		{"http port", "http://acme.test:80/x", "scheme's own port"},
		{"no port", "https://acme.test:/x", "scheme's own port"},
		{"qpkg", "pkg:qpkg/BlackBerry/x", "pkg:qpkg/blackberry/x"},
		{"rpm namespace", "pkg:rpm/Fedora/curl", "pkg:rpm/fedora/curl"},
		{"vscode-extension", "pkg:vscode-extension/ms-python/Python", "pkg:vscode-extension/ms-python/python"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			_, err := attest.NewArtifact(row.artifact, attest.Digests{"sha256": sha})
			var e *attest.NameError
			if !errors.As(err, &e) || e.Name != row.artifact || !strings.Contains(e.Msg, row.msg) {
				t.Errorf("%v, want a NameError: …%s…", err, row.msg)
			}
			if (attest.CheckName(row.artifact) == nil) != (err == nil) {
				t.Error("CheckName and NewArtifact differ")
			}
		})
	}
}

func TestArtifactDigests(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name    string
		digests attest.Digests
		msg     string // "" is accepted
	}{
		{"sha256", attest.Digests{"sha256": sha}, ""},
		{"sha512 and sha1", attest.Digests{"sha512": hexOf(128, 1), "sha1": hexOf(40, 1)}, ""},
		{"a commit of SHA-256", attest.Digests{"sha384": hexOf(96, 1), "gitCommit": hexOf(64, 1)}, ""},
		{"nil", nil, "at least one of sha256, sha384 and sha512"},
		{"weak only", attest.Digests{"sha1": hexOf(40, 1), "md5": hexOf(32, 1)}, "at least one of"},
		{"wrong length", attest.Digests{"sha256": sha[1:]}, "has 63 digits"},
		{"upper case", attest.Digests{"sha256": strings.ToUpper(sha)}, "lower-case"},
		{"malformed beside a good one", attest.Digests{"sha256": sha, "sha1": "x"}, `"sha1"`},
		{"unknown algorithm", attest.Digests{"sha256": sha, "crc32": "00"}, "not a known algorithm"},
		{"algorithm in upper case", attest.Digests{"SHA256": sha}, "not a known algorithm"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			_, err := attest.NewArtifact("hello", row.digests)
			var e *attest.DigestError
			if row.msg == "" && err != nil || row.msg != "" && (!errors.As(err, &e) || !strings.Contains(err.Error(), row.msg)) {
				t.Errorf("%v, want …%s…", err, row.msg)
			}
		})
	}
}

func TestArtifactIsACopy(t *testing.T) {
	t.Parallel()
	digests := attest.Digests{"sha256": sha}
	a, err := attest.NewArtifact("pkg:generic/a@1?x=y#z", digests)
	if err != nil {
		t.Fatal(err)
	}
	digests["sha256"] = ""
	a.Digests()["sha256"] = ""
	if a.Digests()["sha256"] != sha {
		t.Error("the artifact's digests can be changed")
	}
	if a.Scope() != "pkg:generic/a@1" || (attest.Artifact{}).Scope() != "" {
		t.Errorf("scope %q", a.Scope())
	}
}

func FuzzCheckName(f *testing.F) {
	for _, seed := range []string{"hello", "pkg:npm/%40acme/x@1.0.0", "https://a.test/b", "pkg:pypi/a_b", "pkg:generic/%C3%A9?x#y", "%2e"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, name string) {
		a, err := attest.NewArtifact(name, attest.Digests{"sha256": sha})
		if err != nil {
			return
		}
		if strings.HasPrefix(name, "pkg:") {
			if err := a.MatchedBy(attest.Subject{Name: name, Digests: attest.Digests{"sha256": sha}}); err != nil {
				t.Errorf("an artifact does not match its own name: %v", err)
			}
			upper := strings.ToUpper(name[:5]) + name[5:]
			if upper != name && attest.CheckName(upper) == nil {
				t.Errorf("%q and %q are both accepted", name, upper)
			}
		}
	})
}
