package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// What init writes about a plan or a state passes check on the same at once.
func TestInitPasses(t *testing.T) {
	var inputs []string
	for _, pattern := range []string{"../../testdata/applied/*/plan.json", "../../testdata/applied/*/state.json", "../../examples/*/plan.json"} {
		found, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range found {
			if f, err = filepath.Abs(f); err != nil {
				t.Fatal(err)
			}
			inputs = append(inputs, f)
		}
	}
	written := 0
	for _, input := range inputs {
		plan, err := os.ReadFile(input)
		if err != nil {
			t.Fatal(err)
		}
		t.Chdir(t.TempDir())
		if err := os.WriteFile("plan.json", plan, 0o600); err != nil {
			t.Fatal(err)
		}
		run := func(args ...string) (int, string) {
			var out bytes.Buffer
			p := &program{stdin: strings.NewReader(""), stdout: &out, stderr: &out}
			return p.run(append(args, "plan.json")), out.String()
		}
		switch code, out := run("init"); {
		case code == exitBroken && strings.Contains(out, "Nothing to assert"):
			continue
		case code != 0:
			t.Errorf("%s: init ends with %d:\n%s", input, code, out)
			continue
		}
		written++
		if code, out := run("check"); code != 0 {
			text, _ := os.ReadFile(draftFile)
			t.Errorf("%s: check ends with %d:\n%s\n%s", input, code, out, text)
		}
	}
	t.Logf("of %d plans and states, %d had something to assert", len(inputs), written)
	if written*2 < len(inputs) {
		t.Errorf("only %d of %d were written", written, len(inputs))
	}
}
