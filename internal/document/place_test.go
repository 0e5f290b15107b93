package document_test

import (
	"slices"
	"testing"

	"github.com/surety-dev/surety/internal/document"
)

func TestPlace(t *testing.T) {
	t.Parallel()
	var none *document.Node
	if none.Place() != (document.Place{}) || none.Place().String() != "" {
		t.Errorf("what is absent stands at %q", none.Place())
	}
	a, b, c, d := document.Place{File: "a", Line: 2, Col: 9}, document.Place{File: "a", Line: 10, Col: 1}, document.Place{File: "a", Line: 10, Col: 2}, document.Place{File: "b", Line: 1, Col: 1}
	if a.String() != "a:2:9" {
		t.Errorf("%q", a)
	}
	places := []document.Place{d, c, b, a}
	slices.SortFunc(places, document.Place.Compare)
	if !slices.Equal(places, []document.Place{a, b, c, d}) || a.Compare(a) != 0 {
		t.Errorf("the order %v", places)
	}
}
