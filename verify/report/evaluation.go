package report

import (
	"fmt"
	"io"

	"github.com/surety-dev/surety/verify"
)

// Evaluation writes what an expression gave as plain text: its outcome and value on each candidate, and why. The
// error is the writer's.
func Evaluation(w io.Writer, e verify.Evaluation) error {
	p := &page{}
	if len(e.Results) == 0 {
		fmt.Fprintf(p, "nothing that counts is evidence %s of policy %s\n", Printable(e.About), Printable(e.Policy))
	}
	for _, r := range e.Results {
		fmt.Fprintf(p, "%s  %s", r.Outcome, Printable(r.Value))
		if r.Evidence != "" {
			fmt.Fprintf(p, "  on %s", Printable(r.Evidence))
		}
		fmt.Fprintln(p)
		if r.Message != "" && len(r.Because) == 0 {
			fmt.Fprintf(p, "      %s\n", Printable(r.Message))
		}
		p.because(r.Because)
	}
	_, err := w.Write(p.Bytes())
	return err
}
