package main

import (
	"errors"
	"flag"
	"os"
	"os/exec"
	"strconv"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

var update = flag.Bool("update", false, "write what the commands say into the scripts, the page and the golden files")

// TestMain lets scripts run this command as `surety`: the test binary under that name, in the script's
// directory, which a call within the process could not have without moving all tests there.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"surety": func() {
			os.Exit(run(os.Args[1:], world{stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr, now: scriptClock}))
		},
	})
}

// scriptClock is the clock of scripts: NOW, which every script is given and may change.
func scriptClock() time.Time {
	now, err := time.Parse(time.RFC3339, os.Getenv("NOW"))
	if err != nil {
		panic(err)
	}
	return now
}

// scriptParams is how the scripts of a folder run. With -update `cmp stdout FILE` writes FILE's section of
// the script.
func scriptParams(folder string) testscript.Params {
	return testscript.Params{
		Dir:                folder,
		UpdateScripts:      *update,
		RequireUniqueNames: true,
		Setup: func(env *testscript.Env) error {
			env.Setenv("NOW", "2026-11-21T18:00:00Z")
			return nil
		},
		Cmds: scriptCommands,
	}
}

// scriptCommands are what scripts may say beside testscript's own.
var scriptCommands = map[string]func(ts *testscript.TestScript, neg bool, args []string){
	"exits":   exits,
	"expand":  expandKeys,
	"key":     writeKey,
	"openssl": openssl,
	"replace": replaceBlock,
	"tsa":     stampSignature,
}

// exits runs a command that must end with a certain code: exits 1 surety verify …
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE COMMAND [ARGUMENT...]")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	code := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		exit, ok := errors.AsType[*exec.ExitError](err)
		if !ok {
			ts.Fatalf("%v", err)
		}
		code = exit.ExitCode()
	}
	if code != want {
		ts.Fatalf("exit code %d, want %d", code, want)
	}
}

// TestScripts runs the stories in testdata/script.
func TestScripts(t *testing.T) {
	t.Parallel()
	testscript.Run(t, scriptParams("testdata/script"))
}
