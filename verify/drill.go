package verify

import (
	"fmt"
	"strings"
)

// This file is what drills release, which never ships (requirement R71). It is known by its name's scope in the
// model alone: nothing that evidence says makes an artifact a drill's, or lets one out of it.

// drill refuses a drill's artifact outside a drill, and in a drill any other.
func (r *run) drill() {
	drills := r.model.DrillsOf(r.scope)
	switch {
	case drills != nil && !r.request.Drill:
		r.stop(DrillArtifact, fmt.Sprintf("%s is an artifact of the drill %s, and this is no drill", r.scope, strings.Join(drills, " and ")))
		r.stops[len(r.stops)-1].position = r.model.Position("drills", drills[0])
	case drills == nil && r.request.Drill:
		r.stop(DrillArtifact, fmt.Sprintf("this is a drill, and %s is the artifact of none", r.scope))
	}
}
