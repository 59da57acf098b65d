package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The README's first steps are what happens: each console block is run in one
// directory, in which "terraform plan" is the next plan of the example, with
// the sources that were edited before it as the diff says.
func TestFirstSteps(t *testing.T) {
	readme, err := filepath.Abs("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(readme)
	if err != nil {
		t.Fatal(err)
	}
	_, section, ok := strings.Cut(string(text), "\n## First steps\n")
	if !ok {
		t.Fatal("README.md has no first steps")
	}
	section, _, _ = strings.Cut(section, "\n## ")
	example, err := filepath.Abs("../../examples/first-steps")
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir())
	s := steps{t: t, example: example, plans: []string{".", "changed", "fixed"}}
	for len(section) > 0 {
		var block, kind string
		if _, section, ok = strings.Cut(section, "```"); !ok {
			break
		}
		block, section, _ = strings.Cut(section, "```")
		kind, block, _ = strings.Cut(block, "\n")
		switch kind {
		case "console":
			s.console(block)
		case "diff":
			s.diff(block)
		default:
			t.Errorf("a block of kind %q", kind)
		}
	}
	if *update {
		if err := os.WriteFile(readme, []byte(strings.NewReplacer(s.told...).Replace(string(text))), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if len(s.plans) > 0 || s.checks < 3 {
		t.Errorf("%d checks, and plans that were not made: %v", s.checks, s.plans)
	}
	written, err := os.ReadFile(draftFile)
	if err != nil {
		t.Fatal(err)
	}
	kept, err := os.ReadFile(filepath.Join(example, draftFile))
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(kept), string(written)); d != "" {
		t.Errorf("examples/first-steps has other assertions than init writes (-example +init):\n%s", d)
	}
}

type steps struct {
	t       *testing.T
	example string
	plans   []string // still to be made
	checks  int
	status  int
	told    []string // what README.md tells and what happens, in turn
}

// console runs the commands of a block and compares what they print.
func (s *steps) console(block string) {
	var want, got strings.Builder
	for _, line := range strings.SplitAfter(block, "\n") {
		want.WriteString(line)
		if command, ok := strings.CutPrefix(line, "$ "); ok {
			fmt.Fprintf(&got, "$ %s%s", command, s.run(strings.TrimSpace(command)))
		}
	}
	s.told = append(s.told, want.String(), got.String())
	if d := cmp.Diff(want.String(), got.String()); d != "" && !*update {
		s.t.Errorf("README.md tells something else (-README +program):\n%s", d)
	}
}

// run is what a command prints.
func (s *steps) run(command string) string {
	switch args := strings.Fields(command); {
	case strings.HasPrefix(command, "terraform plan "):
		s.copy("plan.json")
		s.copy("main.tf")
		s.plans = s.plans[1:]
		return ""
	case args[0] == "cat":
		text, err := os.ReadFile(args[1])
		if err != nil {
			s.t.Fatal(err)
		}
		return string(text)
	case command == "echo $?":
		return fmt.Sprintln(s.status)
	case args[0] == "planreach":
		var out bytes.Buffer
		p := &program{stdin: strings.NewReader(""), stdout: &out, stderr: &out}
		s.status = p.run(args[1:])
		s.checks += strings.Count(args[1], "check")
		return out.String()
	}
	s.t.Fatalf("no such command: %s", command)
	return ""
}

func (s *steps) copy(name string) {
	text, err := os.ReadFile(filepath.Join(s.example, s.plans[0], name))
	if err != nil {
		s.t.Fatal(err)
	}
	if err := os.WriteFile(name, text, 0o600); err != nil {
		s.t.Fatal(err)
	}
}

// diff checks that the next sources are the present ones with a diff applied.
func (s *steps) diff(block string) {
	present, err := os.ReadFile("main.tf")
	if err != nil {
		s.t.Fatal(err)
	}
	next, err := os.ReadFile(filepath.Join(s.example, s.plans[0], "main.tf"))
	if err != nil {
		s.t.Fatal(err)
	}
	var old, changed strings.Builder
	for _, line := range strings.SplitAfter(block, "\n") {
		switch {
		case line == "":
		case line[0] == '-':
			old.WriteString(line[1:])
		case line[0] == '+':
			changed.WriteString(line[1:])
		default:
			old.WriteString(line[1:])
			changed.WriteString(line[1:])
		}
	}
	if strings.Count(string(present), old.String()) != 1 || strings.Replace(string(present), old.String(), changed.String(), 1) != string(next) {
		s.t.Errorf("the diff does not lead from the present main.tf to that of %s:\n%s", s.plans[0], block)
	}
}
