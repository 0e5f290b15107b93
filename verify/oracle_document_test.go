package verify_test

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/surety-dev/surety/internal/fixture"
)

type object = map[string]any

// bounded adds the ends of a spell to an object.
func bounded(o object, s oSpell) object {
	if s.from != ever {
		o["from"] = hour(s.from)
	}
	if s.until != never {
		o["until"] = hour(s.until)
	}
	return o
}

// document is the model as it is loaded.
func (w *oWorld) document() string {
	var people, teams, workloads, credentials, grants, controls []object
	for _, p := range w.people {
		o := bounded(object{"id": p.id}, p.there)
		o["from"] = hour(p.there.from)
		if len(p.accounts) > 0 {
			o["accounts"] = p.accounts
		}
		for _, a := range p.away {
			o["away"] = []object{bounded(object{}, a)}
		}
		people = append(people, o)
	}
	for _, team := range w.teams {
		var members []object
		for _, m := range team.members {
			members = append(members, bounded(object{"person": m.person}, m.in))
		}
		teams = append(teams, object{"id": team.id, "members": members})
	}
	for _, x := range w.workloads {
		o := object{"id": x.id, "owner": "security"}
		if len(x.operators) > 0 {
			o["operators"] = x.operators
		}
		workloads = append(workloads, o)
	}
	for _, c := range w.credentials {
		credentials = append(credentials, c.document())
	}
	for _, g := range w.grants {
		o := bounded(object{"to": g.to, "may": g.may, "artifacts": []string{g.artifact}}, g.in)
		if g.predicate != "" {
			o["predicates"] = []string{g.predicate}
		}
		if g.environment != "" {
			o["environments"] = []string{g.environment}
		}
		grants = append(grants, o)
	}
	for _, c := range strings.Fields("publisher-identity certificate-issuance key-lifecycle review-audit release-policy enforcement monitoring") {
		controls = append(controls, object{"control": c, "artifacts": []string{"**"}, "accountable": "security", "responsible": []string{"security"}})
	}
	all := object{"apiVersion": "surety.dev/v1alpha1", "kind": "Ownership", "metadata": object{"name": "acme", "version": 1, "effectiveFrom": "2026-01-01T00:00:00Z"},
		"people": people, "teams": teams, "workloads": workloads, "credentials": credentials, "grants": grants, "controls": controls}
	var separation []object
	for i, duties := range w.separation {
		separation = append(separation, object{"id": fmt.Sprint("apart-", i), "duties": duties})
	}
	if separation != nil {
		all["separation"] = separation
	}
	return encodedJSON(all)
}

func (c *oCredential) document() object {
	var holder any = c.holders
	if len(c.holders) == 1 {
		holder = c.holders[0]
	}
	var states []object
	for _, s := range c.states {
		o := object{"state": s.state, "from": hour(s.from)}
		if s.reason != "" {
			o["reason"] = s.reason
		}
		if s.invalidFrom != never {
			o["invalidFrom"] = hour(s.invalidFrom)
		}
		states = append(states, o)
	}
	o := object{"id": c.id, "holder": holder, "owner": "security", "revokers": []string{"security"}, "states": states}
	if c.key != "" {
		o["key"] = object{"pem": oracleKeys[c.key]}
	} else {
		o["identity"] = object{"issuer": oIssuer, "subject": c.subject}
	}
	return o
}

func encodedJSON(v any) string {
	data, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(data)
}

// oracleKeys are the public keys of the worlds, in PEM.
var oracleKeys = func() map[string]string {
	all := map[string]string{}
	for _, name := range []string{"alice", "bob", "carol", "dana", "erin", "p256:alice", "pipeline", "mirror", "app", "bot", "shared"} {
		all[name] = fixture.NewKey(name).PEM()
	}
	return all
}()
