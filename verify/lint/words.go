package lint

import (
	"fmt"
	"strings"
	"time"
)

// list writes names for a sentence, the first few of many.
func list(names []string) string {
	const most = 3
	if len(names) > most {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), len(names)-most)
	}
	if len(names) > 1 {
		return strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1]
	}
	return strings.Join(names, "")
}

// stamp writes a time as messages have it.
func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// days writes a length of time as messages have it.
func days(d time.Duration) string {
	switch n := int(d / (24 * time.Hour)); n {
	case 0:
		return "less than a day"
	case 1:
		return "1 day"
	default:
		return fmt.Sprintf("%d days", n)
	}
}
