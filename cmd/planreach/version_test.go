package main

import (
	"os"
	"runtime/debug"
	"strings"
	"testing"

	"github.com/planreach/planreach/report"
)

// A build from a checkout says from which commit, and whether something had
// been changed; one from elsewhere claims nothing.
func TestStamp(t *testing.T) {
	commit := []debug.BuildSetting{
		{Key: "vcs", Value: "git"},
		{Key: "vcs.revision", Value: "4c1e7f0"},
		{Key: "vcs.time", Value: "2026-11-24T10:11:12Z"},
		{Key: "vcs.modified", Value: "false"},
	}
	dirty := append(commit[:3:3], debug.BuildSetting{Key: "vcs.modified", Value: "true"})
	for name, c := range map[string]struct {
		settings []debug.BuildSetting
		want     report.Version
	}{
		"no checkout":      {nil, report.Version{Go: "go1.26.0"}},
		"a checkout":       {commit, report.Version{Commit: "4c1e7f0", Date: "2026-11-24T10:11:12Z", Go: "go1.26.0"}},
		"a changed commit": {dirty, report.Version{Commit: "4c1e7f0+dirty", Date: "2026-11-24T10:11:12Z", Go: "go1.26.0"}},
	} {
		var got report.Version
		stamp(&got, &debug.BuildInfo{GoVersion: "go1.26.0", Settings: c.settings})
		if got != c.want {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
	}
}

// The changelog begins with the version that the program has.
func TestChangelog(t *testing.T) {
	text, err := os.ReadFile("../../CHANGELOG.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(text), "\n## ")
	if heading, _, _ := strings.Cut(rest, "\n"); !strings.HasPrefix(heading, version+" ") {
		t.Errorf("CHANGELOG.md begins with %q, and this is %s", heading, version)
	}
}
