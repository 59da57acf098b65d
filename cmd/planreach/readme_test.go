package main

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The transcript in the README is what the program prints.
func TestReadme(t *testing.T) {
	t.Chdir("../..")
	text, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(text), "```console\n")
	transcript, _, ok := strings.Cut(rest, "```")
	if !ok {
		t.Fatal("README.md has no transcript")
	}
	command, want, _ := strings.Cut(transcript, "\n")
	want, status, ok := strings.Cut(want, "$ echo $?\n")
	if !ok || status != "1\n" {
		t.Fatalf("the transcript does not end in a failure: %q", status)
	}
	args := strings.TrimPrefix(command, "$ planreach ")
	plain, flow, _ := strings.Cut(args, " '")
	var stdout, stderr bytes.Buffer
	p := &program{stdin: strings.NewReader(""), stdout: &stdout, stderr: &stderr}
	if code := p.run(append(strings.Fields(plain), strings.TrimSuffix(flow, "'"))); code != 1 {
		t.Errorf("exit status %d, want 1\n%s", code, &stderr)
	}
	if d := cmp.Diff(want, stdout.String()); d != "" {
		t.Errorf("README.md tells something else (-README +program):\n%s", d)
	}
}
