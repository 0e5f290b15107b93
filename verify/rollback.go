package verify

import (
	"fmt"
	"strings"

	"github.com/surety-dev/surety/ownership"
)

// This file is who answers for going back to an earlier artifact (requirement R56). What a rollback goes back
// to is judged as any other release, at the same time: nothing is loosened for it.

// rollback finds the teams that roll back, which must have somebody in them now.
func (r *run) rollback() {
	if !r.request.Rollback {
		return
	}
	view := r.model.At(r.request.At)
	owner, owned := view.Control(ownership.ReleasePolicy, r.scope)
	teams := owner.Does(ownership.RollBack)
	for _, team := range teams {
		if len(view.Members(team)) > 0 {
			r.rollbackOwners = append(r.rollbackOwners, Paged{team, r.model.Contact(team, r.request.At)})
		}
	}
	switch {
	case r.rollbackOwners != nil:
	case !owned:
		r.stop(RollbackUnowned, "nobody, or more than one team, is accountable for release-policy of "+r.scope+", under which releases are rolled back")
	case teams == nil:
		r.stop(RollbackUnowned, "no team is named to roll back "+r.scope)
	default:
		r.stop(RollbackUnowned, fmt.Sprintf("nobody is in %s, which is to roll back %s", strings.Join(teams, " or "), r.scope))
	}
}
