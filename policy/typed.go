package policy

import (
	"errors"
	"fmt"
	"math"
	"reflect"
	"strings"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"github.com/Masterminds/semver/v3"
	"github.com/package-url/packageurl-go"
)

// This file is values that rules make of text: package URLs and semantic versions, read by libraries of
// their own. Text that is neither is an error, never a value that compares in some way.

var (
	purlType    = objectType("PackageURL")
	versionType = objectType("Version")
)

// maxPURL is how many bytes a package URL may have. A version may have what its library takes, 256.
const maxPURL = 4 << 10

// packageURL is a package URL, decoded. Two are equal if all their parts are.
// Source: purl-spec, ECMA-427.
type packageURL struct {
	kind, namespace, name, version, subpath string
	qualifiers                              map[string]string
}

func (p *packageURL) equal(other any) bool {
	q, ok := other.(*packageURL)
	return ok && reflect.DeepEqual(p, q)
}

// String is how an explanation shows it.
func (p *packageURL) String() string {
	return packageurl.NewPackageURL(p.kind, p.namespace, p.name, p.version, packageurl.QualifiersFromMap(p.qualifiers), p.subpath).ToString()
}

// parsePURL reads a package URL as evidence may spell it, by the rules package attest has for names.
func parsePURL(text string) (*packageURL, error) {
	if len(text) > maxPURL {
		return nil, fmt.Errorf("%d bytes of package URL: expected at most %d", len(text), maxPURL)
	}
	path := text
	if end := strings.IndexAny(path, "?#"); end >= 0 {
		path = path[:end]
	}
	_, segments, _ := strings.Cut(path, ":")
	switch {
	case strings.Contains(strings.ToUpper(path), "%2F"):
		return nil, fmt.Errorf("%s is not a package URL: a segment holds an escaped slash", quoted(text))
	case strings.Contains(strings.TrimLeft(segments, "/"), "//"):
		return nil, fmt.Errorf("%s is not a package URL: it has an empty segment", quoted(text))
	}
	p, err := packageurl.FromString(text)
	if err != nil {
		return nil, fmt.Errorf("%s is not a package URL", quoted(text))
	}
	return &packageURL{p.Type, p.Namespace, p.Name, p.Version, p.Subpath, p.Qualifiers.Map()}, nil
}

// version is a semantic version. Two are equal if all their parts are; order leaves the build aside.
// Source: Semantic Versioning 2.0.0.
type version struct{ *semver.Version }

func (v *version) equal(other any) bool {
	w, ok := other.(*version)
	return ok && v.Version.String() == w.Version.String()
}

// parseVersion reads a semantic version in full: no "v" before it and no part left out.
func parseVersion(text string) (*version, error) {
	v, err := semver.StrictNewVersion(text)
	if err != nil {
		return nil, fmt.Errorf("%s is not a semantic version: expected MAJOR.MINOR.PATCH", quoted(text))
	}
	if max(v.Major(), v.Minor(), v.Patch()) > math.MaxInt64 {
		return nil, errors.New("a semantic version whose numbers are beyond 64 bits")
	}
	return &version{v}, nil
}

// quoted shows text in a message, shortened.
func quoted(text string) string { return fmt.Sprintf("%q", shorten(text)) }

// typedObjects are the types of these values.
var typedObjects = table{
	reflect.TypeFor[*packageURL](): {name: "PackageURL", typ: purlType, fields: []field{
		{"type", types.StringType, get(func(p *packageURL) any { return p.kind }), "such as npm or oci, in lower case"},
		{"namespace", types.StringType, get(func(p *packageURL) any { return p.namespace }), "'' if none"},
		{"name", types.StringType, get(func(p *packageURL) any { return p.name }), "never ''"},
		{"version", types.StringType, get(func(p *packageURL) any { return p.version }), "'' if none"},
		{"qualifiers", stringMap, get(func(p *packageURL) any { return p.qualifiers }), "by key"},
		{"subpath", types.StringType, get(func(p *packageURL) any { return p.subpath }), "'' if none"},
	}},
	reflect.TypeFor[*version](): {name: "Version", typ: versionType, fields: []field{
		{"major", types.IntType, get(func(v *version) any { return int64(v.Major()) }), ""},
		{"minor", types.IntType, get(func(v *version) any { return int64(v.Minor()) }), ""},
		{"patch", types.IntType, get(func(v *version) any { return int64(v.Patch()) }), ""},
		{"prerelease", types.StringType, get(func(v *version) any { return v.Prerelease() }), "what follows the -; '' if none"},
		{"build", types.StringType, get(func(v *version) any { return v.Metadata() }), "what follows the +; '' if none"},
	}},
}

// typedFunctions declares what makes and compares these values.
func typedFunctions(adapter types.Adapter) []cel.EnvOption {
	made := func(read func(string) (any, error)) cel.OverloadOpt {
		return cel.UnaryBinding(func(text ref.Val) ref.Val {
			v, err := read(string(text.(types.String)))
			if err != nil {
				return types.WrapErr(err)
			}
			return adapter.NativeToValue(v)
		})
	}
	compared := func(id string, result *cel.Type, of func(order int) ref.Val) cel.FunctionOpt {
		return cel.MemberOverload(id, []*cel.Type{versionType, versionType}, result, cel.BinaryBinding(func(x, y ref.Val) ref.Val {
			return of(x.Value().(*version).Compare(y.Value().(*version).Version))
		}))
	}
	return []cel.EnvOption{
		cel.Function("purl", cel.FunctionDocs("reads a package URL; an error if the text is none"),
			cel.Overload("purl_string", []*cel.Type{cel.StringType}, purlType, made(func(s string) (any, error) { return parsePURL(s) }))),
		cel.Function("semver", cel.FunctionDocs("reads a semantic version in full, without v before it; an error if the text is none"),
			cel.Overload("semver_string", []*cel.Type{cel.StringType}, versionType, made(func(s string) (any, error) { return parseVersion(s) }))),
		cel.Function("isLessThan", cel.FunctionDocs("whether the version precedes another; the build is left aside"),
			compared("version_is_less_than", cel.BoolType, func(order int) ref.Val { return types.Bool(order < 0) })),
		cel.Function("isGreaterThan", cel.FunctionDocs("whether the version follows another; the build is left aside"),
			compared("version_is_greater_than", cel.BoolType, func(order int) ref.Val { return types.Bool(order > 0) })),
		cel.Function("compareTo", cel.FunctionDocs("-1, 0 or 1: whether the version precedes another, is of its rank or follows it"),
			compared("version_compare_to", cel.IntType, func(order int) ref.Val { return types.Int(order) })),
	}
}
