package ownership_test

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/surety-dev/surety/ownership"
)

// drawing draws small documents in which much hangs together.
type drawing struct {
	*rand.Rand
	strings.Builder
}

func (d *drawing) add(format string, args ...any) { fmt.Fprintf(d, format+"\n", args...) }

// one draws one of the names, or with odds of one in some nothing.
func (d *drawing) one(odds int, names ...string) string {
	if odds > 0 && d.IntN(odds) == 0 {
		return ""
	}
	return names[d.IntN(len(names))]
}

// some draws a list of one or more of the names.
func (d *drawing) some(names ...string) string {
	d.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
	list := names[:1+d.IntN(min(2, len(names)))]
	return strings.Join(list, ", ")
}

// named is ", FIELD: VALUE", or nothing without a value.
func named(field, value string) string {
	if value == "" {
		return ""
	}
	return ", " + field + ": " + value
}

var (
	fallPeople    = []string{"p0", "p1", "p2", "p3", "p4"}
	fallTeams     = []string{"t0", "t1", "t2", "t3"}
	fallWorkloads = []string{"w0", "w1", "w2"}
	fallScopes    = []string{`"**"`, `"pkg:generic/**"`, `"pkg:generic/a/**"`, `"pkg:generic/a/*"`, `"pkg:generic/a/b"`, `"pkg:npm/*"`}
)

// draw gives a document; each person stands on a line of their own.
func draw(seed uint64) string {
	d := &drawing{Rand: rand.New(rand.NewPCG(seed, 7))}
	people, teams, workloads := slices.Clone(fallPeople), slices.Clone(fallTeams), slices.Clone(fallWorkloads)
	d.WriteString(strings.Replace(head, "version: 1", "version: 1, proofEvery: 200d", 1) + "people:\n")
	for _, p := range fallPeople {
		d.add("  - {id: %s, from: %s%s%s%s%s}", p, d.one(0, "2020-01-01T00:00:00Z", "2026-03-01T00:00:00Z"), named("until", d.one(2, "2026-05-01T00:00:00Z", "2026-12-01T00:00:00Z")),
			named("employment", d.one(2, "contractor")), named("sponsor", d.one(2, people...)), named("proofedAt", d.one(2, "2026-01-01T00:00:00Z", "2025-01-01T00:00:00Z")))
	}
	d.add("teams:")
	for i, t := range fallTeams {
		members := "{person: " + strings.ReplaceAll(d.some(people...), ", ", "}, {person: ") + named("until", d.one(3, "2026-04-01T00:00:00Z", "2026-11-01T00:00:00Z")) + "}"
		escalation := ""
		if i > 0 {
			escalation = d.one(3, teams[:i]...)
		}
		d.add("  - {id: %s, members: [%s]%s%s}", t, members, named("contacts", d.one(3, "{page: x}")), named("escalation", strings.TrimSuffix("["+escalation+"]", "[]")))
	}
	d.add("workloads:")
	for _, w := range fallWorkloads {
		d.add("  - {id: %s%s%s}", w, named("owner", d.one(0, teams...)), named("operators", d.one(4, "["+d.some(people...)+"]")))
	}
	d.add("vendors: [{id: v%s}]\ncredentials:", named("internalOwner", d.one(3, teams...)))
	for i := range 8 {
		holders := d.some(slices.Concat(people, workloads, []string{"v"})...)
		d.add("  - {id: c%d, holder: [%s]%s%s, identity: {issuer: i, subject: s%d}, states: [{state: active, from: 2026-01-01T00:00:00Z}%s]}", i, holders,
			named("owner", d.one(4, teams...)), named("revokers", strings.TrimSuffix("["+d.one(4, teams...)+"]", "[]")), i,
			d.one(2, ", {state: suspended, from: 2026-05-15T00:00:00Z}", ", {state: revoked, from: 2026-05-20T00:00:00Z}", ", {state: deactivated, from: 2026-07-01T00:00:00Z}"))
	}
	d.add("grants:")
	for range 9 {
		d.add("  - {to: %s, may: [%s], artifacts: [%s]%s%s%s}", d.one(0, slices.Concat(people, teams, teams, workloads)...), d.some("build", "review", "approve", "release"), d.some(slices.Clone(fallScopes)...),
			named("environments", d.one(2, "[a]", "[a, b]")), named("predicates", d.one(2, `["https://x/*"]`, `["https://x/1"]`)), named("until", d.one(3, "2026-05-30T00:00:00Z", "2026-12-01T00:00:00Z")))
	}
	d.add("controls:")
	for range 8 {
		control := d.one(0, "key-lifecycle", "monitoring", "release-policy", "enforcement")
		activities := ""
		if control == "key-lifecycle" {
			activities = d.one(2, "{rotate: t1, revoke: t2}")
		}
		d.add("  - {control: %s, artifacts: [%s]%s%s%s%s}", control, d.some(slices.Clone(fallScopes)...), named("accountable", d.one(6, teams...)),
			named("responsible", "["+d.some(teams...)+"]"), named("page", d.one(2, teams...)), named("activities", activities))
	}
	return d.String()
}

// departing is a document in which a person leaves at a time, and nothing else is different, nor
// stands elsewhere.
func departing(t *testing.T, text, person string, when time.Time) string {
	t.Helper()
	line := regexp.MustCompile(`(?m)^  - \{id: ` + person + `, from: (\S+Z)(, until: \S+Z)?`)
	if !line.MatchString(text) {
		t.Fatalf("no %s in the document", person)
	}
	return line.ReplaceAllString(text, "  - {id: "+person+", from: $1, until: "+when.Format(time.RFC3339))
}

// allGaps is all that every answer about a document says is missing.
func allGaps(t *testing.T, v ownership.View) map[string]bool {
	t.Helper()
	all := map[string]bool{}
	add := func(gaps []ownership.Gap, err error) {
		if err != nil {
			t.Fatal(err)
		}
		for _, g := range gaps {
			all[gapKey(g)] = true
		}
	}
	for _, id := range fallPeople {
		w, err := v.WhoPerson(id)
		add(w.Gaps, err)
	}
	for _, id := range fallTeams {
		w, err := v.WhoTeam(id)
		add(w.Gaps, err)
	}
	for i := range 8 {
		w, err := v.WhoCredential(fmt.Sprint("c", i))
		add(w.Gaps, err)
	}
	add(v.Roles().Gaps, nil)
	return all
}

// gapKey is all of a gap but its message, which says who leaves.
func gapKey(g ownership.Gap) string {
	return fmt.Sprint(g.Code, " ", g.Control, " ", g.Credential, " ", g.About, " ", g.Positions)
}

// TestFallsIsTheDifference: what falls if somebody leaves is what all answers say is missing of the
// document with their end written into it, and not of the document as it is; for drawn documents, each
// person, and times of which some are boundaries.
func TestFallsIsTheDifference(t *testing.T) {
	t.Parallel()
	codes := map[ownership.GapCode]int{}
	asked, falls := 0, 0
	for seed := range uint64(16) {
		text := draw(seed)
		m := load(t, text)
		for _, when := range []time.Time{at(t, "04-15"), at(t, "05-01").Add(-time.Second), at(t, "05-01"), at(t, "06-01")} {
			now := allGaps(t, m.At(when))
			for _, id := range fallPeople {
				w, err := m.At(when).WhoPerson(id)
				if err != nil {
					t.Fatal(err)
				}
				var got, want []string
				for _, g := range w.Falls {
					got = append(got, gapKey(g))
					codes[g.Code]++
				}
				if w.Present {
					for g := range allGaps(t, load(t, departing(t, text, id, when)).At(when)) {
						if !now[g] {
							want = append(want, g)
						}
					}
				}
				slices.Sort(got)
				slices.Sort(want)
				if !slices.Equal(got, want) {
					check(t, fmt.Sprintf("document %d, %s at %s", seed, id, when), got, want)
					t.Fatal(text)
				}
				asked, falls = asked+1, falls+len(got)
			}
		}
	}
	for _, code := range []ownership.GapCode{
		ownership.GapTeamEmpty, ownership.GapNobodyCanRevoke, ownership.GapOwnerStale, ownership.GapNoResponsible, ownership.GapActivityUnowned, ownership.GapNobodyPaged,
		ownership.GapEscalationBroken, ownership.GapDutyUnexercisable, ownership.GapApproversFew, ownership.GapContractorSoleApprover, ownership.GapOffboardingLag,
		ownership.GapContractorUnsponsored, ownership.GapWorkloadUnoperated, ownership.GapVendorUnowned,
	} {
		if codes[code] < 2 {
			t.Errorf("only %d falls of %s: too few to tell", codes[code], code)
		}
	}
	t.Logf("%d questions, %d falls", asked, falls)
}
