package verify_test

import (
	"encoding/base64"
	"fmt"
	"slices"
	"strings"

	"github.com/surety-dev/surety/internal/fixture"
)

// statement is the statement as it is signed. number tells it from those that say the same.
func (s *oStatement) statement(number int) fixture.Statement {
	predicate := s.predicate()
	st := fixture.Statement{Type: "https://in-toto.io/Statement/v1", PredicateType: s.predicateType(), Predicate: predicate}
	add := func(name, uri, algorithm, digest string) {
		st.Subject = append(st.Subject, fixture.Subject{Name: name, URI: uri, Digest: map[string]string{algorithm: digest}})
	}
	switch {
	case s.kind == "provenance" || s.kind == "junk":
		digest, name := release, "artifact"
		if s.kind == "provenance" && !s.ofArtifact || s.junk == "artifact" {
			digest = otherFile
		}
		if s.junk == "name" {
			name = "pkg:generic/other/api@1.4.2"
		}
		if s.junk == "tree" {
			add("", "", "gitTree", oCommit)
			break
		}
		add(name, "", "sha256", digest)
	case s.ofArtifact && s.kind == "approval":
		add(fmt.Sprintf("artifact-%d", number), "", "sha256", release)
	}
	if s.commit != "" && s.kind != "provenance" {
		uri := s.repository
		if s.kind != "approval" {
			uri = ""
		}
		add(fmt.Sprintf("commit-%d", number), uri, "gitCommit", s.commit)
	}
	if s.kind == "provenance" {
		predicate["runDetails"].(object)["metadata"].(object)["invocationId"] = fmt.Sprint("https://ci.test/", number)
	}
	return st
}

// evidence is a statement in the envelopes it comes in.
func (s *oStatement) evidence(number int) [][]byte {
	payload := s.statement(number).JSON()
	var all [][]byte
	for n := range 3 {
		of := slices.DeleteFunc(slices.Clone(s.signatures), func(sig oSignature) bool { return sig.envelope != n })
		if len(of) > 0 {
			all = append(all, enveloped(payload, of))
		}
	}
	return all
}

// enveloped is a payload with signatures that oracleOpener reads.
func enveloped(payload []byte, signatures []oSignature) []byte {
	e := fixture.Envelope{PayloadType: fixture.PayloadType, Payload: base64.StdEncoding.EncodeToString(payload), Signatures: []fixture.Signature{}}
	for _, sig := range signatures {
		e.Signatures = append(e.Signatures, fixture.Signature{KeyID: sig.hint(), Sig: "c2ln"})
	}
	return e.JSON()
}

func (s oSignature) hint() string {
	if s.by == nil {
		return "oracle|||||"
	}
	from, at := "", ""
	if s.by.subject != "" {
		from = hour(s.from)
	}
	if s.at != never {
		at = hour(s.at)
	}
	return strings.Join([]string{"oracle", s.by.key, s.by.subject, from, at, s.certified}, "|")
}

// user is a user of GitHub by an account of the model.
func user(account string, bot bool) object {
	kind := "User"
	if bot {
		kind = "Bot"
	}
	var id int
	fmt.Sscanf(account, "github:%d", &id)
	return object{"id": id, "login": "x", "type": kind}
}

// predicateType is what it is a statement of.
func (s *oStatement) predicateType() string {
	switch s.kind {
	case "provenance":
		return fixture.ProvenanceV1
	case "gittuf":
		return oGittuf
	case "pull":
		return oPull
	case "reviews":
		return oReviews
	}
	if s.junk == "type" {
		return "https://example.test/approval/v1"
	}
	return oApproval
}

// predicate is what it says.
func (s *oStatement) predicate() object {
	p := object{}
	set := func(name, value string) {
		if value != "" {
			p[name] = value
		}
	}
	switch s.kind {
	case "provenance":
		return s.built()
	case "approval":
		p["decision"] = map[bool]string{false: "approved", true: "rejected"}[s.rejected]
		set("approver", s.approver)
		set("requestedBy", s.requestedBy)
		set("environment", s.environment)
	case "gittuf":
		p = object{"targetRef": s.ref, "fromID": strings.Repeat("0", 40), "targetID": s.target}
	case "pull":
		p = object{"targetRef": s.ref, "fromRevisionID": strings.Repeat("0", 40), "targetTreeID": s.target, "approvers": logins(s.approvers), "dismissedApprovers": logins(s.dismissed)}
	case "reviews":
		return s.exported()
	case "junk":
		p = object{"decision": "approved"}
		switch s.junk {
		case "decision":
			p["decision"] = "APPROVED"
		case "field":
			p["only"] = "for staging"
		}
	}
	if s.expires != never && s.expires != 0 {
		p["expires"] = hour(s.expires)
	}
	return p
}

func logins(accounts []string) []string {
	all := []string{}
	for _, a := range accounts {
		all = append(all, "someone+"+strings.TrimPrefix(a, "github:"))
	}
	return all
}

func (s *oStatement) built() object {
	p := fixture.Provenance(fixture.Builder)
	d := p["buildDefinition"].(object)
	parameters := d["externalParameters"].(object)["workflow"].(object)
	parameters["repository"] = s.repository
	dependency := object{"uri": "git+" + s.repository + "@refs/tags/v1.4.2", "digest": object{"gitCommit": s.commit}}
	if s.repository == "" {
		d["externalParameters"] = object{}
		delete(dependency, "uri")
	}
	d["resolvedDependencies"] = []any{dependency}
	if s.commit == "" {
		d["resolvedDependencies"] = []any{}
	}
	return p
}

func (s *oStatement) exported() object {
	p := object{"repository": s.repository}
	if s.head != "" {
		pull := object{"number": 7, "user": user(s.author, false), "head": object{"sha": s.head}, "merged_by": user("github:3", false)}
		if s.merge != "" {
			pull["merge_commit_sha"] = s.merge
		}
		reviews := []object{}
		for i, v := range s.reviews {
			reviews = append(reviews, object{"user": user(v.account, v.bot), "state": v.state, "commit_id": v.commit, "submitted_at": hour(-48 + i)})
		}
		p["pull_request"], p["reviews"] = pull, reviews
	}
	if s.runHead != "" {
		approvals := []object{}
		for _, a := range s.runApprovals {
			environments := []object{}
			for _, e := range a.environments {
				environments = append(environments, object{"name": e})
			}
			approvals = append(approvals, object{"state": a.state, "user": user(a.account, a.bot), "environments": environments})
		}
		p["run"] = object{"head_sha": s.runHead, "actor": user(s.runActors[0], false), "triggering_actor": user(s.runActors[1], false)}
		p["run_approvals"] = approvals
	}
	if s.suite != "" {
		p["rule_suite"] = object{"result": s.suite, "actor_id": 3, "before_sha": strings.Repeat("0", 40), "after_sha": s.commit, "ref": "refs/heads/main"}
	}
	return p
}
