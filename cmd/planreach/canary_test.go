package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/planreach/planreach/report"
)

// canaries are the secrets of testdata/secrets, now and before the plan. The
// numbers are those of prefixes, an address and ports that it marks sensitive,
// and their edges.
var canaries = []string{
	"canary", "198.51.100.", "203.0.113.", "10.77.7.", "10.77.1.177", "47123", "47223", "47125", "47122", "47126",
}

// No sensitive value of a plan is in any output of any format.
func TestNoSecrets(t *testing.T) {
	plan, err := os.ReadFile("testdata/secrets/plan.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range canaries[:len(canaries)-2] { // the last two are edges, which only a bad answer would hold
		if !bytes.Contains(plan, []byte(c)) {
			t.Errorf("the plan does not hold %s: nothing is tested", c)
		}
	}
	dir := t.TempDir()
	var checks []string
	for _, f := range report.Formats {
		checks = append(checks, "-o", f.Name+"="+filepath.Join(dir, f.Name))
	}
	runs := [][]string{append([]string{"check", "-v"}, checks...)}
	for _, f := range report.Formats {
		runs = append(runs, []string{"check", "-o", f.Name}, []string{"check", "--source", "none", "-o", f.Name})
	}
	for _, flow := range []string{"internet -> aws_instance.web:*", "aws_instance.web -> internet:*", "198.0.0.0/8 -> aws_instance.web:443",
		"internet -/> aws_instance.hidden", "aws_instance.web -> aws_instance.hidden:*", "aws_instance.hidden -> 203.0.0.0/8:*",
		"aws_lambda_function.job -> aws_db_instance.main:*"} {
		for _, f := range report.WhyFormats {
			runs = append(runs, []string{"why", "-v", flow, "-o", f.Name}, []string{"why", "--before", flow, "-o", f.Name})
		}
		for _, f := range report.GraphFormats {
			runs = append(runs, []string{"graph", "--flow", flow, "-o", f.Name})
		}
	}
	for _, f := range report.GraphFormats {
		runs = append(runs, []string{"graph", "-o", f.Name}, []string{"graph", "--before", "-o", f.Name})
	}
	for _, command := range []string{"list", "links", "coverage"} {
		runs = append(runs, []string{command, "-v"}, []string{command, "-o", "json"})
	}
	for _, f := range report.MatrixFormats {
		runs = append(runs, []string{"matrix", "-o", f.Name}, []string{"matrix", "--group-by", "sg", "-o", f.Name})
	}
	runs = append(runs, []string{"init", "--print"})
	for _, args := range runs {
		var stdout, stderr bytes.Buffer
		p := &program{stdin: strings.NewReader(""), stdout: &stdout, stderr: &stderr, env: []string{"NO_COLOR=1"}}
		with := append([]string{args[0], "testdata/secrets/plan.json"}, args[1:]...)
		code := p.run(with)
		if stdout.Len() == 0 {
			t.Errorf("%q says nothing (exit status %d): %s", args, code, &stderr)
		}
		reveals(t, strings.Join(args, " "), stdout.String()+stderr.String())
	}
	for _, f := range report.Formats {
		text, err := os.ReadFile(filepath.Join(dir, f.Name))
		if err != nil {
			t.Fatal(err)
		}
		reveals(t, f.Name, string(text))
	}
}

// reveals fails if text holds a secret.
func reveals(t *testing.T, what, text string) {
	t.Helper()
	for _, c := range canaries {
		for _, line := range strings.Split(text, "\n") {
			if strings.Contains(line, c) && !strings.Contains(line, `"sha256"`) {
				t.Errorf("%s tells %s: %s", what, c, line)
			}
		}
	}
}
