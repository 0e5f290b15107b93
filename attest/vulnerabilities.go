package attest

import (
	"math"
	"strconv"
	"time"
)

// Vulnerabilities is one view of vulnerability scans v0.1 and v0.2. UNVERIFIED, like the statement it is
// decoded from; read-only. Required are the scanner's URI, when its database was updated, the result (an empty
// one says that nothing was found), each finding's id and severities with method and score, and when the scan
// started and finished. Source: in-toto attestation, spec/predicates/vulns.md and vulns_02.md.
type Vulnerabilities struct {
	// Scanner is the scanner's URI (scanner.uri).
	Scanner string
	// ScannerVersion is the scanner's version, "" if not said.
	ScannerVersion string
	// Database is what the scanner knew by.
	Database Database
	// Findings are the vulnerabilities found.
	Findings []Vulnerability
	// Started is when the scan began, in UTC: a claim.
	Started time.Time
	// Finished is when the scan ended, in UTC: a claim.
	Finished time.Time
}

// Database is a vulnerability database.
type Database struct {
	// URI is its URI, "" if not said.
	URI string
	// Version is its version, "" if not said.
	Version string
	// Updated is when it was last updated, in UTC: a claim.
	Updated time.Time
}

// Vulnerability is one vulnerability a scan found.
type Vulnerability struct {
	// ID is its id, such as a CVE's.
	ID string
	// Severities are how severe it is, one for each method.
	Severities []Severity
}

// Severity is how severe a vulnerability is by one method.
type Severity struct {
	// Method is the method as the scanner calls it ("nvd", "cvss_score").
	Method string
	// Score is the score as the method writes it: a word or a number.
	Score string
}

// Vulnerabilities decodes the predicate, once; it is safe for use by many goroutines. Both results are
// nil if the predicate has no [ViewVulnerabilities]; an error is a [*SyntaxError] or a [*LimitError].
func (st *Statement) Vulnerabilities() (*Vulnerabilities, error) {
	return as[Vulnerabilities](st.decode(ViewVulnerabilities))
}

var (
	vulnsNames    = names{"scanner", "metadata"}
	scannerNames  = names{"uri", "version", "db", "result"}
	scannerMust   = names{"uri", "db", "result"}
	databaseNames = names{"uri", "version", "lastUpdate"}
	databaseMust  = names{"lastUpdate"}
	scanNames     = names{"scanStartedOn", "scanFinishedOn"}
	findingNames  = names{"id", "severity"}
	wrappedNames  = names{"id", "severity", "vulnerability"}
	severityNames = names{"method", "score"}
)

func (r *reader) vulnerabilitiesV01() any { return r.vulnerabilities((*reader).wrapped) }
func (r *reader) vulnerabilitiesV02() any { return r.vulnerabilities((*reader).finding) }

func (r *reader) vulnerabilities(finding func(*reader) Vulnerability) any {
	v := new(Vulnerabilities)
	for name := range r.whole(vulnsNames, vulnsNames) {
		if name == "scanner" {
			r.scanner(v, finding)
			continue
		}
		for name := range r.whole(scanNames, scanNames) {
			if name == "scanStartedOn" {
				v.Started = r.stamp()
			} else {
				v.Finished = r.stamp()
			}
		}
	}
	return v
}

func (r *reader) scanner(v *Vulnerabilities, finding func(*reader) Vulnerability) {
	for name := range r.whole(scannerNames, scannerMust) {
		switch name {
		case "uri":
			v.Scanner = r.needed()
		case "version":
			v.ScannerVersion = r.optional()
		case "db":
			r.database(&v.Database)
		case "result":
			for range r.entries() {
				v.Findings = append(v.Findings, finding(r))
			}
		}
	}
}

func (r *reader) database(d *Database) {
	for name := range r.whole(databaseNames, databaseMust) {
		switch name {
		case "uri":
			d.URI = r.optional()
		case "version":
			d.Version = r.optional()
		case "lastUpdate":
			d.Updated = r.stamp()
		}
	}
}

// finding reads one vulnerability.
func (r *reader) finding() (v Vulnerability) {
	for name := range r.whole(findingNames, findingNames) {
		r.findingField(&v, name)
	}
	return v
}

// wrapped reads one vulnerability of v0.1, whose text has it in an object "vulnerability" and whose
// example does not.
func (r *reader) wrapped() (v Vulnerability) {
	inside, has := false, map[string]bool{}
	for name := range r.object(wrappedNames) {
		if name == "vulnerability" {
			inside, v = true, r.finding()
			continue
		}
		has[name] = true
		r.findingField(&v, name)
	}
	for _, name := range findingNames {
		switch {
		case inside && has[name]:
			r.fail("has %s beside vulnerability, which has one", name)
		case !inside && !has[name]:
			r.fail("has no %s", name)
		}
	}
	return v
}

func (r *reader) findingField(v *Vulnerability, name string) {
	if name == "id" {
		v.ID = r.needed()
		return
	}
	for range r.entries() {
		var s Severity
		for name := range r.whole(severityNames, severityNames) {
			if name == "method" {
				s.Method = r.needed()
			} else {
				s.Score = r.needed()
				if n, err := strconv.ParseFloat(s.Score, 64); err == nil && (math.IsNaN(n) || math.IsInf(n, 0)) {
					r.fail("is %s; expected a word or a finite number", quote(s.Score))
				}
			}
		}
		v.Severities = append(v.Severities, s)
	}
}
