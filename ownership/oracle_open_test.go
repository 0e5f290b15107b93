package ownership_test

import (
	"github.com/surety-dev/surety/ownership"
)

// Where the package and the oracle's reading of the design part and nobody has decided yet, the oracle
// gives the package's answer; false makes TestOracle show them.
const (
	// An escalation ends at the last team of the accountable team's list, not where the path ends (R5).
	openEscalation = true
)

// asUse is a use as the package takes it.
func asUse(u use) ownership.Use {
	return ownership.Use{Artifact: u.artifact, Predicate: u.predicate, Builder: u.builder, IsBuild: u.provenance, Environment: u.environment, Timed: u.timed}
}

// buts are the sets of a permission by what the oracle calls them.
func buts(p ownership.Permission) map[string]ownership.Duties {
	return map[string]ownership.Duties{
		"": p.Duties, "builder": p.ButBuilder, "role": p.ButRole, "time": p.ButTime, "environment": p.ButEnvironment, "window": p.ButWindow, "freeze": p.ButFreeze,
	}
}
