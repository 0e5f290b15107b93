package attest

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// NameError says why an artifact name is refused.
type NameError struct {
	// Name is the name as given.
	Name string
	// Msg says what is wrong and what was expected.
	Msg string
}

// Error quotes the name and says what is wrong with it.
func (e *NameError) Error() string { return fmt.Sprintf("artifact name %s: %s", quote(e.Name), e.Msg) }

// CheckName says whether a name may name an artifact, as a [*NameError] if not.
// Names are refused, never normalised, so that no spelling dodges the policy that
// covers a name: derive names from the resolved reference. Refused are
//
//   - an empty name; a character that is not visible ASCII; a backslash;
//   - before the first ? or #: a "." or ".." segment, an empty one (but after the scheme
//     of a URI other than a package URL), a trailing "/", a percent escape that is
//     malformed, in lower case, or of a slash, a backslash, a control character or an
//     unreserved character (RFC 3986 section 2.3), or that is not of UTF-8;
//   - upper case in a URI's scheme or host, a port that is its scheme's own;
//   - a package URL ("pkg:") that does not parse, or is not spelt as its type and the
//     specification define it: "@" before the version's unescaped, upper case where the
//     type has none, "_" in pypi, an escaped ":", an unescaped "+".
func CheckName(name string) error {
	if msg := nameFlaw(name); msg != "" {
		return &NameError{Name: name, Msg: msg}
	}
	return nil
}

// Scope is the part of an artifact name that patterns see: up to its first ? or #.
func Scope(name string) string {
	if i := strings.IndexAny(name, "?#"); i >= 0 {
		return name[:i]
	}
	return name
}

func nameFlaw(name string) string {
	if name == "" {
		return "is empty"
	}
	for i := range len(name) {
		if c := name[i]; c <= ' ' || c > '~' || c == '\\' {
			return fmt.Sprintf("has the byte %#02x; expected visible ASCII without a backslash, all else percent-encoded", c)
		}
	}
	seen := Scope(name)
	rest := seen
	if scheme, after, ok := cutScheme(seen); ok {
		rest = after
		if scheme != strings.ToLower(scheme) {
			return "has upper case in its scheme; expected " + strings.ToLower(scheme) + ":"
		}
		if scheme != "pkg" && strings.HasPrefix(rest, "//") {
			rest = rest[2:]
			if host, _, _ := strings.Cut(rest, "/"); host != strings.ToLower(host) {
				return "has upper case in its host"
			} else if strings.HasSuffix(host, ":") || scheme == "https" && strings.HasSuffix(host, ":443") || scheme == "http" && strings.HasSuffix(host, ":80") {
				return "has its scheme's own port; expected none"
			}
		}
	}
	for segment := range strings.SplitSeq(rest, "/") {
		if segment == "" || segment == "." || segment == ".." {
			return fmt.Sprintf("has the segment %q", segment)
		}
		if msg := escapeFlaw(segment); msg != "" {
			return msg
		}
	}
	if strings.HasPrefix(seen, "pkg:") {
		return packageFlaw(name)
	}
	return ""
}

// cutScheme splits a URI after its scheme (RFC 3986 section 3.1).
func cutScheme(name string) (scheme, rest string, ok bool) {
	scheme, rest, ok = strings.Cut(name, ":")
	if !ok || scheme == "" || !isLetter(scheme[0]) {
		return "", name, false
	}
	for i := range len(scheme) {
		if c := scheme[i]; !isLetter(c) && !isDigit(c) && c != '+' && c != '-' && c != '.' {
			return "", name, false
		}
	}
	return scheme, rest, true
}

// escapeFlaw says what is wrong with a segment's percent escapes.
func escapeFlaw(segment string) string {
	if strings.IndexByte(segment, '%') < 0 {
		return ""
	}
	decoded := make([]byte, 0, len(segment))
	for i := 0; i < len(segment); i++ {
		c := segment[i]
		if c == '%' {
			if i+2 >= len(segment) || !isUpperHex(segment[i+1]) || !isUpperHex(segment[i+2]) {
				return "has a malformed percent escape; expected % and two digits of 0-9A-F"
			}
			c = unhex(segment[i+1])<<4 | unhex(segment[i+2])
			switch {
			case c == '/' || c == '\\' || c < ' ' || c == 0x7f:
				return fmt.Sprintf("has %s, an escaped slash, backslash or control character", segment[i:i+3])
			case isLetter(c) || isDigit(c) || strings.IndexByte("-._~", c) >= 0:
				return fmt.Sprintf("escapes %q; expected it unescaped", c)
			}
			i += 2
		}
		decoded = append(decoded, c)
	}
	if !utf8.Valid(decoded) {
		return "has percent escapes that are not UTF-8"
	}
	return ""
}

func isLetter(c byte) bool   { return 'a' <= c|0x20 && c|0x20 <= 'z' }
func isDigit(c byte) bool    { return '0' <= c && c <= '9' }
func isUpperHex(c byte) bool { return isDigit(c) || 'A' <= c && c <= 'F' }

func unhex(c byte) byte {
	if isDigit(c) {
		return c - '0'
	}
	return c - 'A' + 10
}
