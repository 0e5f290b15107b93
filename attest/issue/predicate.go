package issue

import (
	"bytes"
	"encoding/json"
	"time"
)

// This file is how statements are written: types with the fields of the specifications, in their order.

type statement struct {
	Type          string    `json:"_type"`
	Subject       []subject `json:"subject"`
	PredicateType string    `json:"predicateType"`
	Predicate     any       `json:"predicate"`
}

type subject struct {
	Name   string            `json:"name,omitempty"`
	URI    string            `json:"uri,omitempty"`
	Digest map[string]string `json:"digest"`
}

type approval struct {
	Approver    string `json:"approver,omitempty"`
	Decision    string `json:"decision"`
	Role        string `json:"role,omitempty"`
	Environment string `json:"environment,omitempty"`
	From        string `json:"from,omitempty"`
	Reference   string `json:"reference,omitempty"`
	RequestedBy string `json:"requestedBy,omitempty"`
	RecordedAt  moment `json:"recordedAt,omitzero"`
	Expires     moment `json:"expires,omitzero"`
}

type exception struct {
	Policy      string   `json:"policy"`
	Rules       []string `json:"rules"`
	Artifact    string   `json:"artifact"`
	Environment string   `json:"environment,omitempty"`
	Reason      string   `json:"reason"`
	Incident    string   `json:"incident,omitempty"`
	ValidFrom   moment   `json:"validFrom,omitzero"`
	ValidUntil  moment   `json:"validUntil,omitzero"`
	RequestedBy string   `json:"requestedBy"`
	ReviewDue   moment   `json:"reviewDue,omitzero"`
	ReviewOwner string   `json:"reviewOwner,omitempty"`
}

type revocation struct {
	Number     int64   `json:"number"`
	IssuedAt   moment  `json:"issuedAt,omitzero"`
	NextUpdate moment  `json:"nextUpdate,omitzero"`
	Entries    []entry `json:"entries"`
}

type entry struct {
	Credential  string `json:"credential"`
	Reason      string `json:"reason"`
	From        moment `json:"from,omitzero"`
	InvalidFrom moment `json:"invalidFrom,omitzero"`
}

type drill struct {
	Scenario     string        `json:"scenario"`
	Outcome      string        `json:"outcome"`
	Participants []participant `json:"participants"`
	StartedAt    moment        `json:"startedAt,omitzero"`
	EndedAt      moment        `json:"endedAt,omitzero"`
	Reference    string        `json:"reference,omitempty"`
}

type participant struct {
	Person string `json:"person"`
	Role   string `json:"role"`
}

// moment is a time as the documents write it.
type moment struct{ time.Time }

// MarshalJSON writes the time in UTC, with as much of a fraction as there is.
func (m moment) MarshalJSON() ([]byte, error) {
	return []byte(m.UTC().Format(`"` + time.RFC3339Nano + `"`)), nil
}

// utc is a time as reading it again gives it.
func utc(t time.Time) time.Time { return t.UTC().Round(0) }

// encode writes JSON without white space, and text as it is.
func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}
