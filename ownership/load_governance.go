package ownership

import (
	"crypto"
	"crypto/rsa"
	"math/bits"

	"github.com/surety-dev/surety/internal/document"
	"github.com/surety-dev/surety/internal/pattern"
)

// allowsScheme reports whether a key can sign with a scheme.
func allowsScheme(public crypto.PublicKey, scheme string) bool {
	_, isRSA := public.(*rsa.PublicKey)
	return scheme == "" || isRSA
}

// trust reads the roots of trust and the files they stand in.
func (l *loader) trust(nodes []*document.Node) {
	seen := map[string]*document.Node{} // one name space: a verdict names roots by id
	for _, n := range nodes {
		o := n.Object("sigstore", "certificateAuthorities", "timestampAuthorities")
		t := &l.model.trust
		t.Sigstore = append(t.Sigstore, l.authorities(o.Get("sigstore"), seen, "id", "file", "owner", "issuers")...)
		t.CertificateAuthorities = append(t.CertificateAuthorities, l.authorities(o.Get("certificateAuthorities"), seen, "id", "file", "owner")...)
		t.TimestampAuthorities = append(t.TimestampAuthorities, l.authorities(o.Get("timestampAuthorities"), seen, "id", "file", "owner")...)
	}
}

func (l *loader) authorities(n *document.Node, seen map[string]*document.Node, known ...string) []Authority {
	var list []Authority
	for _, item := range n.List() {
		o := item.Object(known...)
		id, ok := l.unique(o, "root of trust", seen)
		file, data, read := l.file(o.Require("file"))
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
		o := n.Object("to", "may", "artifacts", "predicates", "builders", "from", "until")
		to := l.ref(o.Require("to"), person, workload, vendor, team)
		g := &grant{
			to: to, artifacts: l.patterns(o.Require("artifacts")),
			duties: l.duties(o.Require("may")), predicates: l.patterns(o.Get("predicates")), builders: l.patterns(o.Get("builders")),
			interval: l.interval(o, never), at: n.Place(),
		}
		for _, p := range g.artifacts {
			l.scope(p).add(to, g)
		}
		l.model.grants = append(l.model.grants, g)
	}
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
		o := n.Object("control", "artifacts", "accountable", "responsible", "consulted", "informed", "page", "runbook")
		control, _ := ParseControl(o.Require("control").OneOf(controlNames...))
		owner := &owner{at: n.Place(), Ownership: Ownership{
			Accountable: l.ref(o.Get("accountable"), team),
			Responsible: l.sortedRefs(o.Get("responsible"), team),
			Consulted:   l.sortedRefs(o.Get("consulted"), team),
			Informed:    l.sortedRefs(o.Get("informed"), team),
			Page:        l.ref(o.Get("page"), team),
			Runbook:     o.Get("runbook").String(),
		}}
		owner.control, owner.artifacts = control, l.patterns(o.Require("artifacts"))
		for _, p := range owner.artifacts {
			if control != 0 {
				l.model.controls[control-1].Add(p, owner)
			}
		}
		l.model.owners = append(l.model.owners, owner)
	}
}

func (l *loader) enforcements(nodes []*document.Node) {
	seen := map[string]*document.Node{}
	for _, n := range nodes {
		o := n.Object("id", "environment", "artifacts", "mode", "onFailure", "owner")
		id, _ := l.unique(o, "enforcement", seen)
		e := EnforcementPoint{
			ID: id, at: n.Place(), Environment: o.Require("environment").String(), scopes: l.patterns(o.Require("artifacts")),
			Mode: o.Require("mode").OneOf(enforceMode, "audit"), OnFailure: o.Get("onFailure").OneOf("closed", "open"), Owner: l.ref(o.Get("owner"), team),
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
