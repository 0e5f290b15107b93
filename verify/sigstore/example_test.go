package sigstore_test

import (
	"errors"
	"fmt"

	"github.com/surety-dev/surety/verify/sigstore"
)

// A root that cannot be used is named by its id; nothing is trusted then.
func ExampleNew() {
	_, err := sigstore.New(sigstore.Root{ID: "public-good", JSON: []byte(`{"mediaType":"text/plain"}`)})
	var bad *sigstore.RootError
	fmt.Println(errors.As(err, &bad), bad.ID)
	// Output: true public-good
}
