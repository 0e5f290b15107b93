package ownership_test

import (
	"slices"
	"strings"
)

// state is the state that holds: the last begun, "pre-activation (before the first)".
func (c *badge) state(t moment) string {
	state := "pre-activation"
	for _, s := range c.states {
		if s.from <= t {
			state = s.state
		}
	}
	return state
}

// judge is design §4.9 for a signature of t seen from at: the code, "" if it stands, and whether the
// credential was revoked, compromised or suspended for it (§4.7).
func (c *badge) judge(t, at moment) (code string, barred bool) {
	const never = moment(-1) // earlier than any time
	var counted []turn
	active, activates := false, false // by t it had been active; it has been by at
	for _, s := range c.states {
		if at >= s.from {
			counted = append(counted, s)
			active = active || s.state == "active" && s.from <= t
			activates = activates || s.state == "active"
		}
	}
	var bound moment
	var weight int            // of equal bounds: revocation, suspension, the rest
	if activates && !active { // of one that was never activated, what ended it comes first
		code, bound = "credential-not-active", never
	}
	for i, s := range counted {
		limit, violated, its, heavy := s.from, t >= s.from, "credential-not-active", 1
		switch s.state {
		case "pre-activation", "active":
			continue
		case "suspended":
			violated = t >= s.from && (i == len(counted)-1 || t < counted[i+1].from)
			its, heavy = "credential-suspended", 2
		default:
			compromise := s.state == "compromised" || s.state == "revoked" && (s.reason == "key-compromise" || s.reason == "ca-compromise")
			if s.invalid != 0 {
				limit, violated = s.invalid, t >= s.invalid
			} else if compromise {
				limit, violated = never, true
			}
			if s.state == "compromised" || s.state == "revoked" {
				its, heavy = "credential-revoked", 3
				if t < s.from {
					its = "signed-after-compromise"
				}
			}
		}
		if !violated {
			continue
		}
		barred = barred || heavy > 1
		if code == "" || limit < bound || limit == bound && heavy > weight {
			code, bound, weight = its, limit, heavy
		}
	}
	if code == "" && !active {
		code = "credential-not-active"
	}
	return code, barred
}

// sign is an identity that is asked about.
type sign struct {
	key                                  int // the number of a fixed key; zero: no key's
	issuer, authority, nameType, subject string
	claims                               map[string]string
}

// shows: "credentials whose key, or issuer, subject and all claims, match" (design §4.7).
func (c *badge) shows(s sign) bool {
	switch {
	case s.key != 0 || c.key != 0:
		return s.key == c.key
	case s.issuer != "":
		for name, pattern := range c.claims {
			value, given := s.claims[name]
			if !given || !matches(pattern, value) {
				return false
			}
		}
		return c.issuer == s.issuer && matches(c.subject, s.subject)
	}
	return s.authority != "" && c.authority == s.authority && c.nameType == s.nameType && matches(c.subject, s.subject)
}

// called reports whether somebody else's workflow may have been called (design §4.7, shared workflows).
func (s sign) called() bool {
	repository := s.claims["sourceRepositoryURI"]
	if older := s.claims["githubWorkflowRepository"]; repository == "" && older != "" {
		repository = "https://github.com/" + older
	}
	return s.key == 0 && repository != "" && !strings.HasPrefix(s.subject, repository+"/")
}

// names: its claims name whose repositories by a value "literal in host and owner (identifiers: wholly
// literal)" (design §4.7).
func (c *badge) names() bool {
	for name, value := range c.claims {
		segments := strings.Split(value, "/")
		literal := 0
		switch name {
		case "sourceRepositoryURI":
			literal = 4 // https:, nothing, host, owner
		case "githubWorkflowRepository", "sourceRepositoryIdentifier", "sourceRepositoryOwnerIdentifier":
			literal = 1
		default:
			continue
		}
		if len(segments) >= literal && !strings.Contains(strings.Join(segments[:literal], "/"), "*") {
			return true
		}
	}
	return false
}

// bind is design §4.7 to §4.10: whose signature it is, or the code and the credential that decided.
func (w *world) bind(s sign, t, at moment) (c *badge, code string) {
	var all, bound []*badge
	for i := range w.credentials {
		if c := &w.credentials[i]; c.shows(s) {
			all = append(all, c)
		}
	}
	if len(all) == 0 {
		ours := slices.ContainsFunc(w.credentials, func(c badge) bool { return c.authority != "" }) // the document names the authorities
		if s.key == 0 && s.authority != "" && ours {
			return nil, "misissued" // requirement R35: "an identity outside the registry"
		}
		return nil, "signer-unknown"
	}
	slices.SortFunc(all, func(a, b *badge) int { return strings.Compare(a.id, b.id) })
	for _, c := range all {
		if code, barred := c.judge(t, at); barred {
			return c, code
		}
	}
	for _, c := range all {
		if !s.called() || c.names() {
			bound = append(bound, c)
		}
	}
	if len(bound) == 0 {
		return all[0], "credential-inherited"
	}
	for _, c := range bound {
		if !slices.Equal(sorted(c.holders), sorted(bound[0].holders)) {
			return bound[0], "credential-ambiguous"
		}
	}
	for _, c := range bound {
		if code, _ := c.judge(t, at); code != "" {
			continue
		}
		for _, h := range c.holders {
			if !w.present(h, t) {
				return c, "signer-departed"
			}
		}
		return c, ""
	}
	return bound[0], "credential-not-active"
}
