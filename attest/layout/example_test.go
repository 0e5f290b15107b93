package layout_test

import (
	"fmt"
	"time"

	"github.com/surety-dev/surety/attest"
	"github.com/surety-dev/surety/attest/layout"
)

// A layout of one step, which one of two keys may do, and a link whose signature was proven to be
// alice's. Who approved the layout was settled before.
func ExampleVerify() {
	item := func(signed string) *attest.Item {
		return attest.Parse("example", []byte(`{"signed":`+signed+`,"signatures":[{"keyid":"a","sig":"00"}]}`), attest.Limits{})[0]
	}
	root := item(`{"_type":"layout","expires":"2027-01-31T00:00:00Z","readme":"","inspect":[],
		"keys":{"a":{"keyid":"a","keytype":"ed25519","scheme":"ed25519","keyval":{"public":"3b6a27bcceb6a42d62a3a8d02a6f0d73653215771de243a63ac048a18b59da29"}}},
		"steps":[{"_type":"step","name":"build","threshold":1,"pubkeys":["a"],"expected_materials":[],"expected_products":[["CREATE","app"],["DISALLOW","*"]]}]}`)
	link := item(`{"_type":"link","name":"build","materials":{},"products":{
		"app":{"sha256":"aa00000000000000000000000000000000000000000000000000000000000000"},
		"log":{"sha256":"bb00000000000000000000000000000000000000000000000000000000000000"}}}`)
	key := fingerprintOf("3b6a27bcceb6a42d62a3a8d02a6f0d73653215771de243a63ac048a18b59da29")
	artifact, err := attest.NewArtifact("pkg:generic/app@1", attest.Digests{"sha256": "aa00000000000000000000000000000000000000000000000000000000000000"})
	if err != nil {
		fmt.Println(err)
		return
	}
	r := layout.Verify(layout.Signed{Evidence: root.Digest(), Statement: root.Statement()}, []layout.Signed{{
		Evidence: link.Digest(), Statement: link.Statement(),
		Signers: []layout.Signer{{Key: key, Holder: "alice", Person: true}},
	}}, artifact, time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC))
	fmt.Println(r.Passed, r.Steps[0].Holders)
	for _, reason := range r.Reasons {
		fmt.Println(reason)
	}
	// Output:
	// false [alice]
	// step build: the rule "DISALLOW *" for its products does not hold: "log" is there, and no rule before lets it through
}
