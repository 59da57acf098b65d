package main

import (
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"

	"github.com/planreach/planreach/report"
)

var manDir = flag.String("man", "", "write the manual pages into this directory")

// TestManPages makes the manual pages that a release ships, into -man if it is
// given. It is a test so that their generator costs the program nothing. Each
// command and each of its flags has its place in them.
func TestManPages(t *testing.T) {
	dir := *manDir
	if dir == "" {
		dir = t.TempDir()
	} else if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	root := (&program{}).command()
	root.InitDefaultCompletionCmd()
	root.DisableAutoGenTag = true
	// Their date is SOURCE_DATE_EPOCH, or today.
	header := doc.GenManHeader{Section: "1", Source: report.ToolName + " " + version, Manual: "User Commands"}
	if err := doc.GenManTree(root, &header, dir); err != nil {
		t.Fatal(err)
	}
	commands := append(root.Commands(), root)
	if len(commands) < 10 {
		t.Fatalf("%d commands", len(commands))
	}
	for _, c := range commands {
		if c.IsAvailableCommand() {
			checkManPage(t, dir, c)
		}
	}
}

// longFlag finds the flags in a usage text.
var longFlag = regexp.MustCompile(`(?m)^ +(?:-\w, )?--([a-z-]+)`)

func checkManPage(t *testing.T, dir string, c *cobra.Command) {
	name := strings.ReplaceAll(c.CommandPath(), " ", "-") + ".1"
	page, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Error(err)
		return
	}
	flags := longFlag.FindAllStringSubmatch(c.Flags().FlagUsages(), -1)
	if len(flags) == 0 {
		t.Errorf("%s has no flag, not even --help", c.CommandPath())
	}
	for _, f := range flags {
		if !strings.Contains(string(page), `\fB--`+f[1]+`\fP`) {
			t.Errorf("%s does not have --%s", name, f[1])
		}
	}
}
