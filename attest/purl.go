package attest

import (
	"errors"
	"fmt"
	"strings"

	"github.com/package-url/packageurl-go"
)

// purl is a package URL decoded to what identifies the package.
// Source: purl-spec, ECMA-427; the type definitions of its "types" folder.
type purl struct{ kind, namespace, name, version string }

// parsePURL decodes a package URL, as evidence may spell it.
func parsePURL(s string) (purl, error) {
	if strings.Contains(strings.ToUpper(Scope(s)), "%2F") {
		return purl{}, errors.New("a segment holds an escaped slash")
	}
	// purl-spec ignores slashes after the scheme; packageurl-go would ignore empty segments too.
	if _, path, _ := strings.Cut(Scope(s), ":"); strings.Contains(strings.TrimLeft(path, "/"), "//") {
		return purl{}, errors.New("it has an empty segment")
	}
	p, err := packageurl.FromString(s)
	if err != nil {
		return purl{}, err
	}
	return purl{p.Type, p.Namespace, p.Name, p.Version}, nil
}

// sameName is the name as it is compared. PyPI takes more names for one than its package
// URL's definition does.
func (p purl) sameName() string {
	if p.kind == packageurl.TypePyPi {
		return normalisePyPI(p.name)
	}
	return p.name
}

// normalisePyPI applies PEP 503: lower case, runs of "-", "_" and "." one "-".
func normalisePyPI(name string) string {
	var b strings.Builder
	for i := range len(name) {
		c := name[i]
		if c == '_' || c == '.' {
			c = '-'
		}
		if c == '-' && strings.HasSuffix(b.String(), "-") {
			continue
		}
		b.WriteByte(c)
	}
	return strings.ToLower(b.String())
}

// differs says in what another package URL names another package; the versions
// are compared where both have one.
func (p purl) differs(q purl) string {
	for _, part := range []struct{ what, p, q string }{
		{"type", p.kind, q.kind}, {"namespace", p.namespace, q.namespace}, {"name", p.sameName(), q.sameName()},
	} {
		if part.p != part.q {
			return fmt.Sprintf("its package %s is %s; expected %s", part.what, quote(part.q), quote(part.p))
		}
	}
	if p.version != "" && q.version != "" && p.version != q.version {
		return fmt.Sprintf("its package version is %s; expected %s", quote(q.version), quote(p.version))
	}
	return ""
}

// canonical is the only spelling an artifact name may have.
func (p purl) canonical() string {
	p = p.folded()
	u := packageurl.PackageURL{Type: p.kind, Namespace: p.namespace, Name: p.name, Version: p.version}
	return u.ToString()
}

// folded lowers what the type's definition says is not case sensitive, for the types that
// packageurl-go leaves as they are. Evidence is not folded: there another case is another package.
func (p purl) folded() purl {
	switch p.kind {
	case "docker", "gitea", "gitee", "githubactions", "gitlab", "hex", "luarocks", "npm", "oci":
		p.namespace, p.name = strings.ToLower(p.namespace), strings.ToLower(p.name)
	case "pub": // "lowercase and using underscores"
		p.name = strings.ReplaceAll(strings.ToLower(p.name), "-", "_")
	case "vscode-extension":
		p.namespace, p.name, p.version = strings.ToLower(p.namespace), strings.ToLower(p.name), strings.ToLower(p.version)
	}
	return p
}

// packageFlaw says what is wrong with an artifact name that is a package URL.
func packageFlaw(name string) string {
	p, err := parsePURL(name)
	if err != nil {
		return fmt.Sprintf("is not a package URL: %.200s", err.Error())
	}
	if want := p.canonical(); want != Scope(name) {
		return fmt.Sprintf("is not spelt as its type defines; expected %s", quote(want))
	}
	return ""
}
