package ownership_test

import (
	"github.com/surety-dev/surety/ownership"
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
