package document

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// String reads a string of one or more characters.
func (n *Node) String() string {
	switch {
	case n == nil:
		return ""
	case n.kind == kindNumber, n.kind == kindTime, n.kind == kindBool, n.kind == kindAmbiguous:
		n.Errorf("%s: expected a string: write it in quotes", n.describe())
		return ""
	case n.kind != kindString:
		n.Errorf("%s: expected a string", n.describe())
		return ""
	case n.text == "":
		n.Errorf("an empty string: expected one or more characters")
	}
	return n.text
}

// documentDigest is the digest of a document as inputs of verdicts have it.
var documentDigest = regexp.MustCompile(`^sha256:[0-9a-f]{64}$`)

// Digest reads the digest of a document.
func (n *Node) Digest() string {
	s := n.String()
	if s != "" && !documentDigest.MatchString(s) {
		n.Errorf("%q: expected sha256: and 64 lower-case hex digits", shorten(s))
		return ""
	}
	return s
}

// TimeOfDay reads a time of day as the time since midnight, 24:00 the latest.
func (n *Node) TimeOfDay() time.Duration {
	s := n.String()
	if s == "" {
		return 0
	}
	if !timeOfDay.MatchString(s) {
		n.Errorf("%q: expected a time of day such as 08:30, from 00:00 to 24:00", shorten(s))
		return 0
	}
	hours, minutes := s[:2], s[3:]
	d, err := time.ParseDuration(hours + "h" + minutes + "m")
	if err != nil {
		panic(err) // the expression lets only such through
	}
	return d
}

// timeOfDay is hours and minutes.
var timeOfDay = regexp.MustCompile(`^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$`)

// Strings reads a list of one or more strings.
func (n *Node) Strings() []string {
	items := n.List()
	if items == nil {
		return nil
	}
	out := make([]string, 0, len(items))
	for _, item := range items {
		if s := item.String(); s != "" {
			out = append(out, s)
		}
	}
	return out
}

// OneOf reads a string that must be one of the values.
func (n *Node) OneOf(values ...string) string {
	s := n.String()
	if s == "" {
		return ""
	}
	for _, v := range values {
		if s == v {
			return s
		}
	}
	n.Errorf("%q: expected %s%s", shorten(s), oneOf(values), Suggest(s, values))
	return ""
}

// canonicalNumber is a number as JSON writes it. Other spellings (0x1f, 017, 1_000,
// .inf) are numbers to some YAML readers only, or different ones.
var canonicalNumber = regexp.MustCompile(`^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?$`)

// Int reads a whole number.
func (n *Node) Int() int { return n.IntMin(math.MinInt) }

// IntMin reads a whole number not below least.
func (n *Node) IntMin(least int) int {
	if n == nil {
		return 0
	}
	expected := "a whole number"
	if least > math.MinInt {
		expected = fmt.Sprintf("a whole number, %d or more", least)
	}
	if n.kind == kindString && canonicalNumber.MatchString(n.text) {
		expected += ", without quotes"
	}
	if n.kind != kindNumber || !canonicalNumber.MatchString(n.text) {
		n.Errorf("%s: expected %s", n.describe(), expected)
		return 0
	}
	v, err := strconv.Atoi(n.text)
	if err != nil || v < least {
		n.Errorf("%s: expected %s", n.text, expected)
		return 0
	}
	return v
}

// Bool reads true or false.
func (n *Node) Bool() bool {
	if n == nil {
		return false
	}
	if n.kind != kindBool || n.text != "true" && n.text != "false" {
		n.Errorf("%s: expected true or false", n.describe())
		return false
	}
	return n.text == "true"
}

// Time reads an RFC 3339 time, bare or in quotes, and gives it in UTC. It is never
// the zero time, which stands for an absent one: years before 1900 are refused.
func (n *Node) Time() time.Time {
	if n == nil {
		return time.Time{}
	}
	lacks := ""
	if n.kind == kindTime || n.kind == kindString {
		t, err := time.Parse(time.RFC3339, n.text)
		switch well := rfc3339.MatchString(n.text); {
		case err == nil && well && t.UTC().Year() >= 1900:
			return t.UTC()
		case well:
			lacks = " is not in the calendar, or before 1900"
		case rfc3339.MatchString(n.text + "T00:00:00Z"):
			lacks = " has no time of day"
		case rfc3339.MatchString(n.text + "Z"):
			lacks = " has no zone"
		}
	}
	n.Errorf("%s%s: expected an RFC 3339 time such as 2026-01-31T09:00:00Z", n.describe(), lacks)
	return time.Time{}
}

// rfc3339 is what package time takes more than: one digit of an hour, a comma, any
// two digits in an offset.
var rfc3339 = regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$`)

// Duration reads a positive duration: Go's units, and d for 24 hours.
func (n *Node) Duration() time.Duration {
	if n == nil {
		return 0
	}
	if n.kind == kindString {
		if d, ok := parseDuration(n.text); ok && d > 0 {
			return d
		}
	}
	n.Errorf("%s: expected a duration above zero such as 90d, 72h or 1d12h", n.describe())
	return 0
}

// durationStep is one number with its unit.
var durationStep = regexp.MustCompile(`^([0-9]+(?:\.[0-9]+)?|\.[0-9]+)(d|h|ms|m|s|us|µs|μs|ns)`)

func parseDuration(s string) (time.Duration, bool) {
	var total time.Duration
	for rest := s; rest != ""; {
		step := durationStep.FindStringSubmatch(rest)
		if step == nil {
			return 0, false
		}
		rest = rest[len(step[0]):]
		unit, times := step[2], time.Duration(1)
		if unit == "d" {
			unit, times = "h", 24
		}
		d, err := time.ParseDuration(step[1] + unit)
		if err != nil || d > math.MaxInt64/times || total > math.MaxInt64-d*times {
			return 0, false
		}
		total += d * times
	}
	return total, true
}

// Value reads free JSON: nil, bool, int64, float64, string, []any or
// map[string]any. Empty strings, lists and mappings are values here. A whole number
// that 64 bits cannot hold is an error, and so is a bare word that YAML readers
// take differently; a bare time is the string it is written as.
func (n *Node) Value() any {
	if n == nil {
		return nil
	}
	switch n.kind {
	case kindString, kindTime:
		return n.text
	case kindBool:
		return n.Bool()
	case kindNumber:
		return n.number()
	case kindAmbiguous:
		n.Errorf("%s: expected a string: write it in quotes", n.describe())
	case kindList:
		list := make([]any, len(n.children))
		for i, c := range n.children {
			list[i] = c.Value()
		}
		return list
	case kindObject:
		object := make(map[string]any, len(n.children)/2)
		for i := 0; i < len(n.children); i += 2 {
			object[n.children[i].text] = n.children[i+1].Value()
		}
		return object
	}
	return nil
}

func (n *Node) number() any {
	if canonicalNumber.MatchString(n.text) {
		if !strings.ContainsAny(n.text, ".eE") {
			if v, err := strconv.ParseInt(n.text, 10, 64); err == nil {
				return v
			}
		} else if v, err := strconv.ParseFloat(n.text, 64); err == nil {
			return v
		}
	}
	n.Errorf("%s: expected a number as JSON writes it, within 64 bits", n.describe())
	return nil
}

// oneOf lists what is expected.
func oneOf(values []string) string {
	if len(values) == 1 {
		return values[0]
	}
	return "one of " + strings.Join(values, ", ")
}

// Suggest gives "; did you mean …?" with the value somebody probably meant, empty if none
// is near.
func Suggest(s string, values []string) string { return didYouMean(nearest(s, values)) }

func didYouMean(near string) string {
	if near == "" {
		return ""
	}
	return fmt.Sprintf("; did you mean %q?", near)
}

// nearest gives the first of the values that are least edits away: two at most, and no
// more than half of a short name. Another case is no edit.
func nearest(s string, values []string) string {
	best, least := "", 3
	for _, v := range values {
		if strings.EqualFold(s, v) {
			return v
		}
		if d := distance(s, v); d < least && 2*d <= len(v) {
			best, least = v, d
		}
	}
	return best
}

// distance is the number of edits (Levenshtein) between two names; long ones are
// far apart.
func distance(a, b string) int {
	if len(a) > 40 || len(b) > 40 {
		return len(a) + len(b)
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := diagonal
			if a[i] != b[j] {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
