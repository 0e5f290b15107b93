package attest_test

import (
	"strings"
	"testing"

	"github.com/surety-dev/surety/attest"
)

// The predicate types of gittuf.
const (
	authorizedV01 = "https://gittuf.dev/reference-authorization/v0.1"
	authorizedV02 = "https://gittuf.dev/reference-authorization/v0.2"
	pullApproved  = "https://gittuf.dev/github-pull-request-approval/v0.1"
)

// changed are gittuf's predicates; of unknown fields those that it once wrote or may yet write.
func changed() []sample {
	from, target := hexOf(40, 8), hexOf(40, 9)
	v01 := `{"targetRef":"refs/heads/main","fromRevisionID":"` + from + `","targetTreeID":"` + target + `"`
	v02 := strings.NewReplacer("fromRevisionID", "fromID", "targetTreeID", "targetID").Replace(v01)
	want := attest.ChangeApproval{Ref: "refs/heads/main", From: from, Target: target}
	with := func(set func(*attest.ChangeApproval)) *attest.ChangeApproval {
		c := want
		set(&c)
		return &c
	}
	return []sample{
		{"change v0.1", authorizedV01, v01 + `}`, &want},
		{"change v0.1, of SHA-256", authorizedV01, strings.NewReplacer(from, hexOf(64, 8), target, hexOf(64, 9)).Replace(v01) + `,"teamID":null,"expires":7,"approvers":["x+1"]}`, with(func(c *attest.ChangeApproval) { c.From, c.Target = hexOf(64, 8), hexOf(64, 9) })},
		{"change v0.2", authorizedV02, v02 + `,"expires":"2026-01-02T13:04:05.5+01:00"}`, with(func(c *attest.ChangeApproval) { c.Expires = noon })},
		{"change v0.2, a new tag", authorizedV02, strings.NewReplacer(from, strings.Repeat("0", 40), "refs/heads/main", "refs/tags/v1").Replace(v02) + `}`, with(func(c *attest.ChangeApproval) { c.Ref, c.From = "refs/tags/v1", strings.Repeat("0", 40) })},
		{"pull request", pullApproved, v01 + `,"approvers":["octocat+583231","a+b+7"],"dismissedApprovers":["mallory+9"]}`, with(func(c *attest.ChangeApproval) {
			c.Approvers, c.Dismissed = []string{"github:583231", "github:7"}, []string{"github:9"}
		})},
		{"pull request, dismissed alone", pullApproved, v01 + `,"approvers":null,"dismissedApprovers":["mallory+9"]}`, with(func(c *attest.ChangeApproval) { c.Dismissed = []string{"github:9"} })},
		{"pull request, others than accounts", pullApproved, v01 + `,"approvers":["alice@acme.test","alice+1@acme.test","octocat+007","octocat+0","octocat+-7","octocat++","octocat+","+583231","583231","octocat+9223372036854775808","octocat+７"]}`,
			with(func(c *attest.ChangeApproval) {
				c.Approvers = []string{"alice@acme.test", "alice+1@acme.test", "octocat+007", "octocat+0", "octocat+-7", "octocat++", "octocat+", "+583231", "583231", "octocat+9223372036854775808", "octocat+７"}
			})},
		{"pull request, the sign twice", pullApproved, v01 + `,"approvers":["octocat++7"],"dismissedApprovers":[]}`, with(func(c *attest.ChangeApproval) { c.Approvers = []string{"github:7"} })},
	}
}

func changeFaults() []fault {
	const v01, v02, pull = "change v0.1", "change v0.2", "pull request"
	from, target := hexOf(40, 8), hexOf(40, 9)
	const both = `"approvers":["octocat+583231","a+b+7"],"dismissedApprovers":["mallory+9"]`
	return []fault{
		{v01, "the later names", `"fromRevisionID"`, `"fromID"`, "", "has no fromRevisionID"},
		{v02, "the earlier names", `"targetID"`, `"targetTreeID"`, "", "has no targetID"},
		{v01, "a name in another spelling", `"targetRef"`, `"target_ref":"refs/heads/x","targetRef"`, ".target_ref", `another spelling of "targetRef"`},
		{v01, "reference empty", "refs/heads/main", "", ".targetRef", "is empty"},
		{v01, "reference not printable", "refs/heads/main", `refs/heads/main\u202e`, ".targetRef", "expected printable characters"},
		{v01, "target empty", target, "", ".targetTreeID", "has 0 digits; expected the 40 or 64 of a Git object"},
		{v01, "target short", target, target[:38], ".targetTreeID", "has 38 digits"},
		{v01, "target odd", target, target[:39], ".targetTreeID", "is not lower-case hexadecimal"},
		{v02, "target in capitals", target, strings.Repeat("AB", 20), ".targetID", "is not lower-case hexadecimal"},
		{v02, "from a branch", from, "main", ".fromID", "is not lower-case hexadecimal"},
		{v02, "from a number", `"` + from + `"`, "7", ".fromID", "is a number; expected a string"},
		{v02, "expires never", `"2026-01-02T13:04:05.5+01:00"`, "null", ".expires", "is null; expected a string"},
		{v02, "expires empty", "2026-01-02T13:04:05.5+01:00", "", ".expires", "expected an RFC 3339 time"},
		{v02, "expires at Go's zero time", "2026-01-02T13:04:05.5+01:00", "0001-01-01T00:00:00Z", ".expires", "in 1900 or later"},
		{v02, "expires a number", `"2026-01-02T13:04:05.5+01:00"`, "1767323045", ".expires", "is a number; expected a string"},
		{v02, "expires in another spelling", `"expires"`, `"Expires"`, ".Expires", "another spelling"},
		{pull, "nobody", both, `"approvers":[],"dismissedApprovers":[]`, "", "has neither approvers nor dismissedApprovers; expected one or more"},
		{pull, "nobody, as null", both, `"approvers":null,"dismissedApprovers":null`, "", "has neither"},
		{pull, "nobody, absent", both, `"appointed":["octocat+583231"]`, "", "has neither"},
		{pull, "a key", `"octocat+583231"`, `{"keytype":"sigstore-oidc","keyid":"octocat::https://github.com/login/oauth"}`, ".approvers[0]", "is an object, as older versions of gittuf wrote a principal; expected its id"},
		{pull, "a key dismissed", `"mallory+9"`, `{}`, ".dismissedApprovers[0]", "is an object, as older versions"},
		{pull, "an approver null", `"octocat+583231"`, `null`, ".approvers[0]", "is null; expected a string"},
		{pull, "an approver empty", `octocat+583231`, ``, ".approvers[0]", "is empty"},
		{pull, "an approver with a space", `octocat+583231`, `octocat+583231 `, ".approvers[0]", "without a space at either end"},
		{pull, "approvers a string", `["octocat+583231","a+b+7"]`, `"octocat+583231"`, ".approvers", "is a string; expected an array"},
		{pull, "dismissed in another spelling", `"dismissedApprovers"`, `"dismissed_approvers"`, ".dismissed_approvers", `another spelling of "dismissedApprovers"`},
	}
}

// respell writes a statement as gittuf does.
var respell = strings.NewReplacer(`"_type"`, `"type"`, `"predicateType"`, `"predicate_type"`)

// gittuf is a statement of gittuf's, as the specification has it.
func gittuf(s sample) string {
	return `{"_type":"` + inToto + `","subject":[{"digest":{"gitTree":"` + hexOf(40, 9) + `"}}],"predicateType":"` + s.predicateType + `","predicate":` + s.predicate + `}`
}

// TestSpelling is abuse case 19, where it is to be read: gittuf's own statements, in its spelling and in that of
// the specification, in every container; only what is signed decides.
func TestSpelling(t *testing.T) {
	t.Parallel()
	for _, s := range changed() {
		proper := readable(t, envelope(gittuf(s)))
		for name, text := range map[string]string{
			"envelope": envelope(respell.Replace(gittuf(s))),
			"spaced":   envelope(" " + strings.ReplaceAll(respell.Replace(gittuf(s)), `":`, `" : `) + "\n"),
			"escaped":  envelope(strings.Replace(respell.Replace(gittuf(s)), `"type"`, `"\u0074ype"`, 1)),
			"bundle":   bundleOf(v03, keyed, envelope(respell.Replace(gittuf(s)))),
			"npm":      `{"attestations":[` + npm(s.predicateType, bundleOf(v03, keyed, envelope(respell.Replace(gittuf(s))))) + `]}`,
			"GitHub":   `{"attestations":[` + github(bundleOf(v03, keyed, envelope(respell.Replace(gittuf(s))))) + `]}`,
			"list":     "[" + envelope(respell.Replace(gittuf(s))) + "]",
			"PyPI":     pypi(respell.Replace(gittuf(s))),
		} {
			st := readable(t, text).Statement()
			if st.Type != inToto || st.PredicateType != s.predicateType || len(st.Subjects) != 1 || st.Subjects[0].Digests["gitTree"] != hexOf(40, 9) {
				t.Errorf("%s, %s: %+v", s.name, name, st)
			}
			if v, err := st.ChangeApproval(); v == nil || err != nil {
				t.Errorf("%s, %s: %v", s.name, name, err)
			}
			if st.Collected() != nil || st.Layout() != nil || name == "envelope" && string(st.Predicate) != string(proper.Statement().Predicate) {
				t.Errorf("%s, %s: the predicate is another: %s", s.name, name, st.Predicate)
			}
		}
	}
}

// TestSpellingRefused is abuse case 19, where it is not to be read: each spelling where only the other may stand,
// both at once, and gittuf's names in statements that are not its own.
func TestSpellingRefused(t *testing.T) {
	t.Parallel()
	s := changed()[0]
	proper, own := gittuf(s), respell.Replace(gittuf(s))
	with := func(text, old, now string) string {
		if !strings.Contains(text, old) {
			t.Fatalf("%s has no %s", text, old)
		}
		return strings.Replace(text, old, now, 1)
	}
	other := "https://example.test/p/v1"
	rows := []struct{ name, statement, path, msg string }{
		{"type with predicateType", with(proper, `"_type"`, `"type"`), ".type", `another spelling of "_type"`},
		{"_type with predicate_type", with(proper, `"predicateType"`, `"predicate_type"`), ".predicate_type", `another spelling of "predicateType"`},
		{"both types", with(own, `"type"`, `"_type":"`+inToto+`","type"`), ".type", `another spelling of "_type"`},
		{"both types, the other way", with(own, `"subject"`, `"_type":"`+inToto+`","subject"`), ".type", `another spelling of "_type"`},
		{"_type at the end", own[:len(own)-1] + `,"_type":"` + inToto + `"}`, "._type", `another spelling of "type"`},
		{"both predicate types", with(own, `"predicate_type"`, `"predicateType":"`+s.predicateType+`","predicate_type"`), ".type", "another spelling"},
		{"another predicate type behind", own[:len(own)-1] + `,"predicateType":"` + other + `"}`, ".predicateType", `another spelling of "predicate_type"`},
		{"all four", with(proper, `"subject"`, `"type":"`+inToto+`","predicate_type":"`+s.predicateType+`","subject"`), ".type", `another spelling of "_type"`},
		{"a predicate type twice", with(own, `"predicate":`, `"predicate_type":"`+s.predicateType+`","predicate":`), ".predicate_type", "duplicate name"},
		{"in capitals", with(own, `"type"`, `"Type"`), ".Type", `another spelling of "_type"`},
		{"with two underscores", with(own, `"predicate_type"`, `"predicate__type"`), ".type", `another spelling of "_type"`},
		{"its type unknown", with(own, inToto, "https://in-toto.io/Statement/v2"), ".type", `another spelling of "_type"`},
		{"its type a link", with(own, inToto, "link"), ".type", `another spelling of "_type"`},
		{"its type missing", with(own, `"type":"`+inToto+`",`, ""), "", "has no type; expected"},
		{"its subject missing", with(own, `"subject"`, `"object"`), "", "has no subject"},
		{"its predicate a list", own[:strings.Index(own, `{"targetRef"`)] + "[]}", ".predicate", "is an array; expected an object"},
		{"a digest in capitals", with(own, `"gitTree"`, `"GitTree"`), ".type", "another spelling"},
		{"more after it", own + "{}", "", "followed by more data"},
		{"another type of its maker", with(own, s.predicateType, "https://gittuf.dev/github-pull-request/v0.1"), ".type", `another spelling of "_type"`},
		{"a type that looks like its own", with(own, s.predicateType, s.predicateType+"/"), ".type", `another spelling of "_type"`},
		{"a type in capitals", with(own, "reference-authorization", "Reference-Authorization"), ".type", `another spelling of "_type"`},
		{"a collection", respell.Replace(collection(collected(s.predicateType, s.predicate))), ".type", "another spelling"},
		{"no JSON", own[:len(own)-1], "", "unexpected EOF"},
	}
	for _, of := range samples() {
		if attest.ViewOf(of.predicateType) != attest.ViewChange {
			rows = append(rows, struct{ name, statement, path, msg string }{of.name, respell.Replace(with(proper[:strings.Index(proper, `"predicate":`)], s.predicateType, of.predicateType)) + `"predicate":` + of.predicate + "}", ".type", `another spelling of "_type"`})
		}
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			wantSyntax(t, one(t, envelope(row.statement)), "$.payload"+row.path, row.msg)
			bundled := bundleOf(v03, keyed, envelope(row.statement))
			for _, text := range []string{`{"attestations":[` + npm(s.predicateType, bundled) + `]}`, `{"attestations":[` + github(bundled) + `]}`} {
				wantSyntax(t, one(t, text), "$.bundle.dsseEnvelope.payload"+row.path, row.msg)
			}
		})
	}
	good := bundleOf(v03, keyed, envelope(own))
	wantSyntax(t, one(t, `{"attestations":[`+npm(other, good)+`]}`), "$.predicateType", "but the signed statement says")
	wantSyntax(t, one(t, `{"attestations":[{"predicate_type":"`+s.predicateType+`","bundle":`+good+`}]}`), "$.predicate_type", `another spelling of "predicateType"`)
}

// TestSpellingLimits: what is over a limit in gittuf's spelling is over it.
func TestSpellingLimits(t *testing.T) {
	t.Parallel()
	text := `{"predicate_type":"` + authorizedV01 + `","type":"` + inToto + `","subject":[` + repeat("{}", attest.MaxSubjects+1) + "]}"
	wantLimit(t, one(t, envelope(text)).Err(), "subjects", attest.MaxSubjects)
}
