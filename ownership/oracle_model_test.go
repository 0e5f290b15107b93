package ownership_test

import "time"

// newFields says whether drawn models have the optional fields that came after the first: away,
// vendors' contracts, environments, windows and freezes of grants, times of controls and points, tiers.
const newFields = true

// moment is a time of a drawn model in seconds since it begins; zero is one that is not given.
type moment int

// hours between the times that drawn documents name, so that windows begin and end on them too.
const tick = moment(8 * 3600)

// ticks is how many times drawn documents name: few, so that they often coincide.
const ticks = 10

// time gives the moment on the calendar. Models begin on a Monday.
func (m moment) time() time.Time {
	return time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC).Add(time.Duration(m) * time.Second)
}

func (m moment) String() string {
	if m == 0 {
		return ""
	}
	return m.time().Format(time.RFC3339)
}

// span is a half-open interval.
type span struct{ from, until moment }

// world is a drawn model: the same as its document says, as plain data.
type world struct {
	effective   moment
	people      []human
	teams       []group
	workloads   []machine
	vendors     []outsider
	credentials []badge
	grants      []permit
	controls    []charge
	points      []barrier
	separations []separated
	tiers       []drawnTier
}

// human is a person.
type human struct {
	id string
	span
	away    []span
	sponsor string // and then a contractor
}

// group is a team.
type group struct {
	id         string
	members    []stay
	page       string
	escalation []string
	position   string
}

// stay is one membership.
type stay struct {
	person string
	span
}

// machine is a workload.
type machine struct {
	id, owner string
	operators []string
}

// outsider is a vendor.
type outsider struct {
	id, owner string
	span
}

// badge is a credential: a key, an OIDC identity or an X.509 name.
type badge struct {
	id                  string
	holders             []string
	owner               string
	revokers            []string
	key                 int // the number of a fixed key; zero: none
	issuer              string
	authority, nameType string
	subject             string
	claims              map[string]string
	states              []turn
	position            string
}

// turn is the beginning of a state.
type turn struct {
	state   string
	from    moment
	reason  string
	invalid moment
}

// permit is a grant.
type permit struct {
	to                              string
	may                             []string
	artifacts, predicates, builders []string
	span
	environments []string
	windows      []drawnWindow
	freezes      []span
	position     string
}

// drawnWindow is when signing is permitted: from and until are hours of the day, 0 and 24 where the
// document does not say.
type drawnWindow struct {
	days        []time.Weekday
	from, until int
}

// charge is an entry of the controls.
type charge struct {
	control                          string
	artifacts                        []string
	accountable                      string
	responsible, consulted, informed []string
	page, runbook                    string
	span
	position string
}

// barrier is a point of enforcement.
type barrier struct {
	id, environment        string
	artifacts              []string
	mode, onFailure, owner string
	span
	position string
}

// separated is a set of duties to be kept apart.
type separated struct {
	id     string
	duties []string
}

// drawnTier says how critical artifacts are.
type drawnTier struct {
	id        string
	artifacts []string
}
