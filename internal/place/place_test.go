package place_test

import (
	"slices"
	"testing"

	"github.com/surety-dev/surety/internal/place"
)

func TestCompare(t *testing.T) {
	t.Parallel()
	want := []string{"", "a.yaml:2:10", "a.yaml:10:2", "a.yaml:10:9", "a.yaml:10:10", "b:c.yaml:1:1"}
	got := slices.Clone(want)
	slices.Reverse(got)
	slices.SortFunc(got, place.Compare)
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}
