package source

import "testing"

func TestWorkspace(t *testing.T) {
	backend := "\x0a\x05local\x12\x00\x1a\x04prod"
	plan := "\x08\x03\x50\x96\x01\x6a" + string(rune(len(backend))) + backend + "\x72\x061.11.4"
	if got := workspaceOf([]byte(plan)); got != "prod" {
		t.Errorf("the workspace is %q, want prod", got)
	}
	for i := range plan {
		workspaceOf([]byte(plan[:i])) // must not panic
	}
	if got := workspaceOf([]byte("no message")); got != "" {
		t.Errorf("the workspace of no message is %q", got)
	}
}
