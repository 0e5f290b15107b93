package chain_test

import (
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/surety-dev/surety/attest"
	"github.com/surety-dev/surety/internal/fixture"
	"github.com/surety-dev/surety/verify"
	"github.com/surety-dev/surety/verify/chain"
)

// status is a revocation list of sam's, issued at a time, that revokes credentials.
func status(issued string, revoked ...string) []byte {
	entries := []any{}
	for _, id := range revoked {
		entries = append(entries, map[string]any{"credential": id, "reason": "superseded", "from": "2026-05-01T00:00:00Z"})
	}
	st := fixture.NewStatement(attest.RevocationType, digest("nothing"), map[string]any{"number": 1, "issuedAt": issued, "nextUpdate": "2026-06-02T00:00:00Z", "entries": entries})
	return fixture.Sign(st.JSON(), fixture.NewKey("sam")).JSON()
}

// TestStatusOfChains: lists speak against links and against who approved a layout, and where freshness is demanded
// it is of them too.
func TestStatusOfChains(t *testing.T) {
	t.Parallel()
	const today = "2026-06-01T11:00:00Z"
	fresh := strings.Replace(rules, "evidence:\n", "freshness: {revocations: 24h}\nevidence:\n", 1)
	apart := [2]string{"revokers: [security], key: {pem: KEY(%s)}", "revokers: [owners], key: {pem: KEY(%s)}"}
	for _, row := range []struct {
		name   string
		policy string
		other  string // whose key another team may revoke
		list   []byte
		want   verify.Decision
		says   string
	}{
		{"nothing revoked", rules, "", status(today), verify.Allow, ""},
		{"who did a step", rules, "", status(today, "bob-key"), verify.Deny, "credential bob-key is revoked since 2026-05-01T00:00:00Z (superseded), as revocation list 1"},
		{"who approved the layout", rules, "", status(today, "otto-key"), verify.Deny, "layout-unapproved: it takes 2 of the 3 members of team owners, accountable for release-policy, to approve the layout, and only olga signed: credential otto-key is revoked"},
		{"who signed it with the duty", rules, "", status(today, "olga-key"), verify.Deny, "only otto signed"},
		{"fresh", fresh, "", status(today), verify.Allow, ""},
		{"withheld", fresh, "", nil, verify.Deny, "a policy demands status data no older than 24h, and there is none for credential"},
		{"too old", fresh, "", status("2026-05-31T00:00:00Z"), verify.Deny, "is too old"},
		{"none of who did a step", fresh, "carol", status(today), verify.Deny, "revocation-stale: a policy demands status data no older than 24h, and there is none for credential carol-key"},
		{"none of who approved the layout", fresh, "otto", status(today), verify.Deny, "there is none for credential otto-key"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			s := good(t)
			s.policy = row.policy
			if row.other != "" {
				s.model = strings.Replace(s.model, fmt.Sprintf(apart[0], row.other), fmt.Sprintf(apart[1], row.other), 1)
			}
			evidence := s.evidence(t)
			if row.list != nil {
				evidence = append(evidence, row.list)
			}
			v := s.judge(t, evidence)
			if v.Decision != row.want || !strings.Contains(explain(v), row.says) {
				t.Errorf("%s, want %s and %q\n%s", v.Decision, row.want, row.says, explain(v))
			}
		})
	}
}

// TestNobodyBehindChains: who did a step, or approved the layout, grants no exception from what the release rests on.
func TestNobodyBehindChains(t *testing.T) {
	t.Parallel()
	exception := func(keys ...string) []byte {
		st := fixture.NewStatement(attest.ExceptionType, digest("the package"), map[string]any{
			"policy": "payments", "rules": []any{"impossible"}, "artifact": "pkg:generic/payments/api@1.4.2", "reason": "x", "validFrom": "2026-06-01T00:00:00Z", "validUntil": "2026-06-02T00:00:00Z",
			"requestedBy": "alice", "reviewDue": "2026-06-08T00:00:00Z",
		})
		all := make([]fixture.Key, len(keys))
		for i, k := range keys {
			all[i] = fixture.NewKey(k)
		}
		return fixture.Sign(st.JSON(), all...).JSON()
	}
	s := good(t)
	s.policy = rules + "  - {id: impossible, about: chain, expression: \"it.layout.steps.size() == 9\", waivable: {by: all, maxDuration: 24h}}\n"
	s.model = strings.NewReplacer("teams:\n", "teams:\n  - {id: all, members: [{person: bob}, {person: otto}, {person: sam}, {person: oona}]}\n",
		"grants:\n", "  - {id: oona-key, holder: oona, owner: security, revokers: [security], key: {pem: KEY(oona)}, states: [{state: active, from: 2023-01-01T00:00:00Z}]}\ngrants:\n  - {to: all, may: [except], artifacts: [\"**\"]}\n").Replace(s.model)
	evidence := s.evidence(t)
	for who, want := range map[string]verify.Decision{"oona": verify.AllowWithException, "bob": verify.Deny, "otto": verify.Deny, "sam": verify.Deny} {
		if v := s.judge(t, append(evidence[:len(evidence):len(evidence)], exception(who))); v.Decision != want {
			t.Errorf("%s grants it: %s, want %s\n%s", who, v.Decision, want, explain(v))
		}
	}
	// nor who did a step of a layout that stands in for a link
	s.model = strings.Replace(s.model, "{person: bob}, {person: otto}", "{person: bob}, {person: carol}, {person: otto}", 1)
	inner(t, s)
	evidence = s.evidence(t)
	for who, want := range map[string]verify.Decision{"oona": verify.AllowWithException, "bob": verify.Deny, "carol": verify.Deny} {
		if v := s.judge(t, append(evidence[:len(evidence):len(evidence)], exception(who))); v.Decision != want {
			t.Errorf("%s grants it, inside: %s, want %s\n%s", who, v.Decision, want, explain(v))
		}
	}
}

// counting counts how often layouts are judged.
type counting struct {
	chain.Chains
	n atomic.Int32
}

func (c *counting) Verify(layout verify.ChainItem, evidence []verify.ChainItem, artifact attest.Artifact, at time.Time) []verify.LayoutOutcome {
	c.n.Add(1)
	return c.Chains.Verify(layout, evidence, artifact, at)
}

// TestChainWithoutSome: where a chain passes without what somebody did, they may grant an exception instead: the same
// as if they had not done it.
func TestChainWithoutSome(t *testing.T) {
	t.Parallel()
	s := good(t)
	s.policy = rules + "  - {id: impossible, about: chain, expression: \"it.layout.steps.size() == 9\", waivable: {by: all, maxDuration: 24h}}\n"
	s.policy = strings.Replace(s.policy, "s.people.size() >= 2 && s.threshold == 2", "s.people.size() >= 1", 1)
	s.model = strings.NewReplacer("teams:\n", "teams:\n  - {id: all, members: [{person: bob}, {person: carol}]}\n", "grants:\n", "grants:\n  - {to: all, may: [except], artifacts: [\"**\"]}\n").Replace(s.model)
	exception := func(keys ...string) []byte {
		st := fixture.NewStatement(attest.ExceptionType, digest("the package"), map[string]any{
			"policy": "payments", "rules": []any{"impossible"}, "artifact": "pkg:generic/payments/**", "reason": "x", "validFrom": "2026-06-01T00:00:00Z", "validUntil": "2026-06-02T00:00:00Z",
			"requestedBy": "alice", "reviewDue": "2026-06-08T00:00:00Z",
		})
		all := make([]fixture.Key, len(keys))
		for i, k := range keys {
			all[i] = fixture.NewKey(k)
		}
		return fixture.Sign(st.JSON(), all...).JSON()
	}
	if v := s.judge(t, append(s.evidence(t), exception("bob"))); v.Decision != verify.Deny {
		t.Errorf("two had to build it: %s\n%s", v.Decision, explain(v))
	}
	s.layout.Steps[1].Threshold = 1
	v := s.judge(t, append(s.evidence(t), exception("bob")))
	if v.Decision != verify.AllowWithException || len(v.Exceptions) != 1 || v.Exceptions[0].ApprovedBy[0] != "bob" {
		t.Errorf("one had to build it, and another did: %s\n%s", v.Decision, explain(v))
	}
	// however many signed the layout, it is held against the links without bob once
	s.approved, s.model = []string{"olga", "otto", "sam", "p256:olga"}, strings.Replace(s.model, "grants:\n", "grants:\n  - {to: otto, may: [release], artifacts: [\"**\"]}\n", 1)
	s.chains = new(counting)
	v = s.judge(t, append(s.evidence(t), exception("bob")))
	if n := s.chains.(*counting).n.Load(); v.Decision != verify.AllowWithException || n != 2 {
		t.Errorf("%s, and the layout was judged %d times\n%s", v.Decision, n, explain(v))
	}
	s.chains = nil
	// nor does who did it instead of bob grant it beside him
	one := s.policy
	s.policy = strings.Replace(one, "by: all,", "by: all, quorum: 2,", 1)
	if v := s.judge(t, append(s.evidence(t), exception("bob", "carol"))); v.Decision != verify.Deny || !strings.Contains(explain(v), "stands behind evidence") && !strings.Contains(explain(v), "stand behind evidence") {
		t.Errorf("one of those who grant it built it: %s\n%s", v.Decision, explain(v))
	}
	alike := s.links["build.carol"]
	s.links["build.carol"] = link(t, "build", []string{source}, []string{"out/app=the program"}, "carol") // another account
	if v := s.judge(t, append(s.evidence(t), exception("bob", "carol"))); v.Decision != verify.Deny {
		t.Errorf("one of those who grant it built it in another way: %s\n%s", v.Decision, explain(v))
	}
	s.policy, s.links["build.carol"] = one, alike
	delete(s.links, "build.bob")
	if v := s.judge(t, append(s.evidence(t), exception("bob"))); v.Decision != verify.AllowWithException {
		t.Errorf("bob did not build it: %s\n%s", v.Decision, explain(v))
	}
	delete(s.links, "build.carol")
	if v := s.judge(t, append(s.evidence(t), exception("bob"))); v.Decision != verify.Deny {
		t.Errorf("nobody built it: %s\n%s", v.Decision, explain(v))
	}
}
