package ownership

import (
	"math/bits"
	"slices"
	"strings"
	"time"

	"github.com/surety-dev/surety/internal/document"
	"github.com/surety-dev/surety/internal/pattern"
)

// trust reads the roots of trust and the files they stand in.
func (l *loader) trust(nodes []*document.Node) {
	seen := map[string]*document.Node{} // one name space: a verdict names roots by id
	for _, n := range nodes {
		o := n.Object("sigstore", "certificateAuthorities", "timestampAuthorities")
		t := &l.model.trust
		t.Sigstore = append(t.Sigstore, l.authorities(o.Get("sigstore"), seen, "id", "file", "digest", "owner", "issuers")...)
		t.CertificateAuthorities = append(t.CertificateAuthorities, l.authorities(o.Get("certificateAuthorities"), seen, "id", "file", "digest", "owner")...)
		t.TimestampAuthorities = append(t.TimestampAuthorities, l.authorities(o.Get("timestampAuthorities"), seen, "id", "file", "digest", "owner")...)
	}
}

func (l *loader) authorities(n *document.Node, seen map[string]*document.Node, known ...string) []Authority {
	var list []Authority
	for _, item := range n.List() {
		o := item.Object(known...)
		id, ok := l.unique(o, "root of trust", seen)
		file, data, read := l.file(o.Require("file"), o.Get("digest"))
		owner, issuers := l.ref(o.Get("owner"), team), o.Get("issuers").Strings()
		if ok && read {
			l.model.trustAt[id] = item.Place()
			list = append(list, Authority{ID: id, Owner: owner, File: file, Digest: document.Sum(data), Data: data, Issuers: issuers})
		}
	}
	return list
}

func (l *loader) grants(nodes []*document.Node) {
	for _, n := range nodes {
		o := n.Object("to", "may", "artifacts", "predicates", "builders", "environments", "workflow", "from", "until", "windows", "freezes", "sources")
		to := l.ref(o.Require("to"), person, workload, vendor, team)
		g := &grant{
			to: to, artifacts: l.patterns(o.Require("artifacts")),
			duties: l.duties(o.Require("may")), predicates: l.patterns(o.Get("predicates")), builders: l.patterns(o.Get("builders")),
			environments: o.Get("environments").Strings(), workflow: l.workflow(o.Get("workflow")), interval: l.interval(o, never),
			windows: l.windows(o.Get("windows")), freezes: l.freezes(o.Get("freezes")), sources: o.Get("sources").Strings(), at: n.Place(),
		}
		for _, p := range g.artifacts {
			l.scope(p).add(to, g)
		}
		l.model.grants = append(l.model.grants, g)
	}
}

// weekdays are the days as documents write them, Sunday first.
var weekdays = []string{"sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"}

// windows reads the times of the week in which signing is permitted.
func (l *loader) windows(n *document.Node) []Window {
	var list []Window
	for _, item := range n.List() {
		o := item.Object("days", "from", "until")
		w := Window{From: o.Get("from").TimeOfDay(), Until: 24 * time.Hour}
		if until := o.Get("until"); until != nil {
			w.Until = until.TimeOfDay()
		}
		if w.Until <= w.From {
			item.Errorf("until %s, from %s: expected until to be after from; a window over midnight is two", clock(w.Until), clock(w.From))
		}
		for _, day := range o.Get("days").List() {
			d := time.Weekday(slices.Index(weekdays, day.OneOf(weekdays...)))
			if slices.Contains(w.Days, d) {
				day.Errorf("%s for the second time: expected each day once", strings.ToLower(d.String()))
			}
			w.Days = append(w.Days, d)
		}
		slices.Sort(w.Days)
		list = append(list, w)
	}
	return list
}

// freezes reads the times in which signing is not permitted.
func (l *loader) freezes(n *document.Node) []Freeze {
	var list []Freeze
	for _, item := range n.List() {
		o := item.Object("from", "until", "reason")
		list = append(list, Freeze{l.bounded(o), o.Get("reason").String()})
	}
	return list
}

// scope gives what is granted under a pattern, which grants of one pattern share.
func (l *loader) scope(p pattern.Pattern) *scope {
	s := l.scopes[p.String()]
	if s == nil {
		s = &scope{grants: map[string][]*grant{}}
		l.scopes[p.String()] = s
	}
	return s
}

func (s *scope) add(to string, g *grant) { s.grants[to] = append(s.grants[to], g) }

// duties reads a list of duties, each at most once.
func (l *loader) duties(n *document.Node) Duties {
	var set Duties
	for _, item := range n.List() {
		d, _ := ParseDuty(item.OneOf(dutyNames...))
		if set.Has(d) {
			item.Errorf("%s for the second time: expected each duty once", d)
		}
		set = set.Add(d)
	}
	return set
}

func (l *loader) controls(nodes []*document.Node) {
	for _, n := range nodes {
		o := n.Object("control", "artifacts", "accountable", "responsible", "consulted", "informed", "page", "runbook",
			"from", "until", "activities", "acceptedBy", "reviewedAt", "reviewEvery", "quorum", "sources")
		control, _ := ParseControl(o.Require("control").OneOf(controlNames...))
		owner := &owner{at: n.Place(), Ownership: Ownership{
			Accountable: l.ref(o.Get("accountable"), team),
			Responsible: l.sortedRefs(o.Get("responsible"), team),
			Consulted:   l.sortedRefs(o.Get("consulted"), team),
			Informed:    l.sortedRefs(o.Get("informed"), team),
			Page:        l.ref(o.Get("page"), team),
			Runbook:     o.Get("runbook").String(),
			Activities:  l.activities(o.Get("activities"), control),
			AcceptedBy:  l.acceptances(o.Get("acceptedBy")),
			ReviewedAt:  o.Get("reviewedAt").Time(),
			ReviewEvery: o.Get("reviewEvery").Duration(),
			Quorum:      o.Get("quorum").IntMin(1),
		}}
		owner.control, owner.artifacts = control, l.patterns(o.Require("artifacts"))
		owner.interval, owner.sources = l.interval(o, never), o.Get("sources").Strings()
		for _, p := range owner.artifacts {
			if control != 0 {
				l.model.controls[control-1].Add(p, owner)
			}
		}
		l.model.owners = append(l.model.owners, owner)
	}
}

// activities reads which team does what of a control.
func (l *loader) activities(n *document.Node, c Control) map[Activity]string {
	var all, own []string
	for control := PublisherIdentity; control <= Monitoring; control++ {
		for _, a := range Activities(control) {
			all = append(all, string(a))
			if control == c {
				own = append(own, string(a))
			}
		}
	}
	if n == nil || n.Object(all...).Node() == nil {
		return nil
	}
	teams := map[Activity]string{}
	for _, e := range n.Entries() {
		switch name := e.Name.String(); {
		case slices.Contains(own, name):
			teams[Activity(name)] = l.ref(e.Value, team)
		case !slices.Contains(all, name) || c == 0: // it has been said
		case own == nil:
			e.Name.Errorf("the activity %s of %s: expected none, for it has no list of them", name, c)
		default:
			e.Name.Errorf("the activity %s of %s: expected one of %s", name, c, strings.Join(own, ", "))
		}
	}
	return teams
}

// acceptances reads the teams that have accepted an owner, each once.
func (l *loader) acceptances(n *document.Node) []Acceptance {
	var list []Acceptance
	for _, item := range n.List() {
		o := item.Object("team", "at")
		a := Acceptance{l.ref(o.Require("team"), team), o.Get("at").Time()}
		if a.Team != "" && slices.ContainsFunc(list, func(b Acceptance) bool { return a.Team == b.Team }) {
			o.Get("team").Errorf("%q for the second time: expected each team once", a.Team)
		}
		list = append(list, a)
	}
	slices.SortFunc(list, compareAcceptances)
	return list
}

func (l *loader) enforcements(nodes []*document.Node) {
	seen := map[string]*document.Node{}
	for _, n := range nodes {
		o := n.Object("id", "environment", "artifacts", "mode", "onFailure", "owner", "from", "until", "revocationWithin", "sources")
		id, _ := l.unique(o, "enforcement", seen)
		e := EnforcementPoint{
			ID: id, at: n.Place(), Environment: o.Require("environment").String(), scopes: l.patterns(o.Require("artifacts")),
			Mode: o.Require("mode").OneOf(enforceMode, "audit"), OnFailure: o.Get("onFailure").OneOf("closed", "open"), Owner: l.ref(o.Get("owner"), team),
			Interval: l.interval(o, never), RevocationWithin: o.Get("revocationWithin").Duration(), Sources: o.Get("sources").Strings(),
		}
		for _, p := range e.scopes {
			e.Artifacts = append(e.Artifacts, p.String())
		}
		l.model.enforcements = append(l.model.enforcements, e)
	}
}

func (l *loader) separations(nodes []*document.Node) {
	seen := map[string]*document.Node{}
	for _, n := range nodes {
		o := n.Object("id", "duties")
		id, _ := l.unique(o, "separation", seen)
		s := Separation{ID: id, Duties: l.duties(o.Require("duties"))}
		l.model.separationsAt = append(l.model.separationsAt, n.Place())
		if bits.OnesCount16(uint16(s.Duties)) == 1 && len(o.Get("duties").List()) == 1 {
			o.Get("duties").Errorf("one duty: expected two or more to keep apart")
		}
		l.model.separations = append(l.model.separations, s)
	}
}

// scoped reads the id, the artifacts and the sources of an item that stands for its scopes, and files it under them.
func (l *loader) scoped(n *document.Node, kind string, seen map[string]*document.Node, scopes *pattern.Index[string]) (id string, artifacts, sources []string) {
	o := n.Object("id", "artifacts", "sources")
	id, _ = l.unique(o, kind, seen)
	sources = o.Get("sources").Strings()
	for _, p := range l.patterns(o.Require("artifacts")) {
		artifacts = append(artifacts, p.String())
		scopes.Add(p, id)
	}
	return id, artifacts, sources
}

// tiers reads how critical which artifacts are.
func (l *loader) tiers(nodes []*document.Node) {
	seen := map[string]*document.Node{}
	for _, n := range nodes {
		id, artifacts, sources := l.scoped(n, "tier", seen, &l.model.tierScopes)
		l.model.tiers, l.model.tiersAt = append(l.model.tiers, Tier{id, artifacts, sources}), append(l.model.tiersAt, n.Place())
	}
}

// drills reads which artifacts are those of drills.
func (l *loader) drills(nodes []*document.Node) {
	seen := map[string]*document.Node{}
	for _, n := range nodes {
		id, artifacts, sources := l.scoped(n, "drill", seen, &l.model.drillScopes)
		l.model.drills, l.model.drillsAt = append(l.model.drills, Drill{id, artifacts, sources}), append(l.model.drillsAt, n.Place())
	}
}
