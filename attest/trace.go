package attest

import "time"

// Trace is the view of a runtime trace v0.1 and v0.2: what a monitor saw of a process. UNVERIFIED, like
// the statement it is decoded from; read-only. Required are the monitor's type, the process's host, type and
// event, and one of the three records. Their entries are the monitor's affair: they are counted here.
// Source: in-toto attestation, spec/predicates/runtime-trace.md.
type Trace struct {
	// Monitor is the URI of the monitor's type (monitor.type).
	Monitor string
	// Config is the monitor's configuration (monitor.configSource), the zero Resource if not said.
	Config Resource
	// Policy is what was traced (monitor.tracePolicy), an object as the monitor has it; nil if not said.
	Policy Raw
	// Host is the URI of what ran the process (monitoredProcess.hostID).
	Host string
	// Type is the URI of what was run, of a build the build type (monitoredProcess.type).
	Type string
	// Event is the job or task (monitoredProcess.event).
	Event string
	// Processes is how many processes are recorded (monitorLog.process); -1 if they were not recorded.
	Processes int64
	// Connections is how many network activities are recorded (monitorLog.network); -1 if they were not
	// recorded, which is not to say that there were none.
	Connections int64
	// Files is how many file accesses are recorded (monitorLog.fileAccess); -1 if they were not recorded.
	Files int64
	// Started is when the process began (metadata.buildStartedOn), in UTC: a claim.
	Started time.Time
	// Finished is when the process ended (metadata.buildFinishedOn), in UTC: a claim.
	Finished time.Time
}

// Trace decodes the predicate, once; it is safe for use by many goroutines. Both results are nil if the
// predicate has no [ViewTrace]; an error is a [*SyntaxError].
func (st *Statement) Trace() (*Trace, error) { return as[Trace](st.decode(ViewTrace)) }

var (
	traceNames    = names{"monitor", "monitoredProcess", "monitorLog", "metadata"}
	traceMust     = names{"monitor", "monitoredProcess", "monitorLog"}
	monitorNames  = names{"type", "configSource", "tracePolicy"}
	monitorMust   = names{"type"}
	processNames  = names{"hostID", "type", "event"}
	logNames      = names{"process", "network", "fileAccess"}
	traceMetadata = names{"buildStartedOn", "buildFinishedOn"}
)

func (r *reader) trace() any {
	t := &Trace{Processes: -1, Connections: -1, Files: -1}
	for name := range r.whole(traceNames, traceMust) {
		switch name {
		case "monitor":
			r.monitor(t)
		case "monitoredProcess":
			r.process(t)
		case "monitorLog":
			r.monitorLog(t)
		case "metadata":
			for name := range r.given(traceMetadata) {
				if name == "buildStartedOn" {
					t.Started = r.time()
				} else {
					t.Finished = r.time()
				}
			}
		}
	}
	return t
}

func (r *reader) monitor(t *Trace) {
	for name := range r.whole(monitorNames, monitorMust) {
		switch name {
		case "type":
			t.Monitor = r.needed()
		case "configSource":
			t.Config = r.optionalResource()
		case "tracePolicy":
			t.Policy = r.record()
		}
	}
}

func (r *reader) process(t *Trace) {
	for name := range r.whole(processNames, processNames) {
		switch name {
		case "hostID":
			t.Host = r.needed()
		case "type":
			t.Type = r.needed()
		case "event":
			t.Event = r.needed()
		}
	}
}

func (r *reader) monitorLog(t *Trace) {
	for name := range r.object(logNames) {
		if r.null() {
			continue
		}
		switch n := r.objects(); name {
		case "process":
			t.Processes = n
		case "network":
			t.Connections = n
		case "fileAccess":
			t.Files = n
		}
	}
	if t.Processes < 0 && t.Connections < 0 && t.Files < 0 {
		r.fail("has none of process, network and fileAccess; expected at least one")
	}
}
