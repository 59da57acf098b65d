package main

import (
	"errors"
	"flag"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

var update = flag.Bool("update", false, "rewrite the expected outputs in the scripts")

func TestMain(m *testing.M) { testscript.Main(m, map[string]func(){"planreach": main}) }

// Each script is one story on the command line. Beside the usual commands there
// is "exits N program args…", which wants that very exit status.
func TestScripts(t *testing.T) {
	vars := map[string]string{}
	for name, dir := range map[string]string{
		"EXAMPLES": "../../examples", "APPLIED": "../../testdata/applied",
		"SENSITIVE": "testdata/sensitive", "UPDATE": "testdata/update", "CONFLICT": "testdata/conflict",
		// A script that a test has just written may still be open for writing when it is run.
		"BIN": "testdata/bin",
	} {
		var err error
		if vars[name], err = filepath.Abs(dir); err != nil {
			t.Fatal(err)
		}
	}
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		UpdateScripts:       *update,
		RequireUniqueNames:  true,
		RequireExplicitExec: true,
		Setup: func(e *testscript.Env) error {
			for name, dir := range vars {
				e.Setenv(name, dir)
			}
			e.Setenv("LANG", "C.UTF-8")
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"exits": exits},
	})
}

func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits N program args...")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	var failed *exec.ExitError
	switch err := ts.Exec(args[1], args[2:]...); {
	case errors.As(err, &failed):
		got = failed.ExitCode()
	case err != nil:
		ts.Fatalf("%s: %v", args[1], err)
	}
	if got != want {
		ts.Fatalf("exit status %d, want %d", got, want)
	}
}
