// Command surety decides from the command line whether a release may be trusted, and says who answers
// for it. It is a thin shell over package verify.
//
// Standard output holds only the answer; errors go to standard error. Exit codes: 0 the release is
// allowed, 1 denied, 2 indeterminate, 3 it could not be judged.
package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/alecthomas/kong"
)

// Exit codes of design §6.
const (
	exitAdmitted      = 0
	exitDenied        = 1
	exitIndeterminate = 2
	exitNotJudged     = 3
)

// commands is the grammar of design §6.
type commands struct {
	Verify  verifyCommand  `cmd:"" help:"Decide whether a release may be trusted, and who answers for it."`
	Who     whoCommand     `cmd:"" help:"Say who could sign an artifact, who could revoke, who must block, and who answers."`
	Lint    lintCommand    `cmd:"" help:"Say what is wrong with an ownership model and policies, before any release is judged."`
	Inspect inspectCommand `cmd:"" help:"Say what evidence holds, who signed it and what of it verifies; no verdict."`
	Test    testCommand    `cmd:"" help:"Run the tests of policies in directories: what is admitted, and what is refused and why."`
	Explain explainCommand `cmd:"" help:"Say why a verdict is what it is, what is still needed, and who answers."`
	Eval    evalCommand    `cmd:"" help:"Evaluate an expression as a rule of a policy would see it, and say why it is not true; no verdict."`
	Import  importCommand  `cmd:"" help:"Bring ownership data there is, such as CODEOWNERS, into the ownership model."`
	Attest  attestCommand  `cmd:"" help:"Make and sign approvals, exceptions, revocation lists and drills."`
}

// world is what a command may touch.
type world struct {
	stdin          io.Reader
	stdout, stderr io.Writer
	now            func() time.Time
	colour         bool // stdout is a terminal that takes colours
}

func main() {
	os.Exit(run(os.Args[1:], world{stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr, now: time.Now, colour: takesColour(os.Stdout)}))
}

// takesColour reports whether a file is a terminal whose user has not asked for plain text.
func takesColour(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0 && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
}

// run parses the command line and runs its command.
func run(args []string, w world) int {
	exited := -1
	parser, err := kong.New(&commands{},
		kong.Name("surety"),
		kong.Description("Decides whether a release may be trusted, and who answers for it."),
		kong.Writers(w.stdout, w.stderr),
		kong.Exit(func(code int) { exited = code }),
	)
	if err != nil {
		return complain(w, err)
	}
	if err := checkArguments(args); err != nil {
		return complain(w, err)
	}
	ctx, err := parser.Parse(args)
	if exited >= 0 { // help has been given
		return helped(args)
	}
	if err != nil {
		return complain(w, err)
	}
	code := exitNotJudged
	if err := ctx.Run(w, &code); err != nil {
		return complain(w, err)
	}
	return code
}

// helped is the exit code once help has been given: zero admits, so only where nothing else was asked
// for. Among other arguments -h may be the name of a file that a pattern of the shell has found.
func helped(args []string) int {
	commands := 1
	if args[0] == "attest" {
		commands = 2
	}
	for n, arg := range args {
		isHelp := arg == "-h" || arg == "--help"
		if !isHelp && (n >= commands || strings.HasPrefix(arg, "-")) {
			return exitNotJudged
		}
	}
	return exitAdmitted
}

// complain says what kept the command from judging, in one line for each thing.
func complain(w world, err error) int {
	var joined interface{ Unwrap() []error }
	if errors.As(err, &joined) {
		for _, e := range joined.Unwrap() {
			complain(w, e)
		}
		return exitNotJudged
	}
	fmt.Fprintf(w.stderr, "surety: %s\n", strings.ReplaceAll(err.Error(), "\n", " "))
	return exitNotJudged
}
