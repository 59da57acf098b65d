package planreach_test

import (
	"strings"
	"testing"
)

// A gitlabJob is a job of .gitlab-ci.yml.
type gitlabJob struct {
	Before []string `yaml:"before_script"`
	Script []string
}

// The GitLab pipeline: what is checked is applied, what fails is not.
func TestGitLab(t *testing.T) {
	program := buildProgram(t)
	var jobs struct{ Plan, Apply gitlabJob }
	decode(t, "docs/ci/gitlab-ci.yml", &jobs)
	for plan, noted := range map[string]string{"holds": "apply tfplan", "breaks": ""} {
		w := newWorkbench(t, program, plan)
		w.release(program)
		status, out := w.run(strings.Join(append(jobs.Plan.Before, jobs.Plan.Script...), "\n"))
		if status == 0 {
			status, _ = w.run(strings.Join(jobs.Apply.Script, "\n"))
		}
		if (status == 0) != (plan == "holds") || w.noted() != noted {
			t.Errorf("%s: exit status %d, %q, want %q\n%s", plan, status, w.noted(), noted, out)
		}
	}
}
