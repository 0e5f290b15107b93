// Package place orders places in documents as findings name them: "file:line:col".
package place

import (
	"cmp"
	"strconv"
	"strings"
)

// Compare orders places by file, then by line and column as numbers.
func Compare(x, y string) int {
	xFile, xLine, xCol := split(x)
	yFile, yLine, yCol := split(y)
	return cmp.Or(cmp.Compare(xFile, yFile), cmp.Compare(xLine, yLine), cmp.Compare(xCol, yCol))
}

// split takes the numbers off the end; what has none is a file.
func split(s string) (file string, line, col int) {
	parts := strings.Split(s, ":")
	n := len(parts)
	if n < 3 {
		return s, 0, 0
	}
	line, _ = strconv.Atoi(parts[n-2])
	col, _ = strconv.Atoi(parts[n-1])
	return strings.Join(parts[:n-2], ":"), line, col
}
