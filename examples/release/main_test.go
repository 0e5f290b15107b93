package main

import (
	"bytes"
	"strings"
	"testing"
)

// TestRelease: the release is allowed as its pipeline signed it, and denied as somebody else did, with
// the name of who answers.
func TestRelease(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if err := run(&out); err != nil {
		t.Fatal(err)
	}
	pipeline, bob, found := strings.Cut(out.String(), "== by-bob.json")
	if !found || !strings.Contains(pipeline, "\nALLOW  pkg:generic/payments/api@1.4.2\n") {
		t.Errorf("signed by the pipeline:\n%s", pipeline)
	}
	for _, want := range []string{"\nDENY  pkg:generic/payments/api@1.4.2\n", "signer-not-granted", "bob (credential bob-laptop)", "platform-security    for publisher-identity  page pagerduty:PX2"} {
		if !strings.Contains(bob, want) {
			t.Errorf("signed by somebody else, without %q:\n%s", want, bob)
		}
	}
}
