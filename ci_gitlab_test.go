package planreach_test

import (
	"maps"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// A gitlabJob is a job of .gitlab-ci.yml.
type gitlabJob struct {
	Before []string `yaml:"before_script"`
	Script []string
	After  []string `yaml:"after_script"`
}

// The GitLab pipeline: what is checked is applied, what fails is not; a test report
// is there in either case, and a merge request gets one comment, begun by the first
// failure and kept up to date.
func TestGitLab(t *testing.T) {
	if _, err := exec.LookPath("jq"); err != nil {
		t.Skip("jq is not on PATH")
	}
	program := buildProgram(t)
	var jobs struct{ Plan, Apply gitlabJob }
	decode(t, "docs/ci/gitlab-ci.yml", &jobs)
	const (
		begun   = `[{"id": 7, "body": "Looks good"}]`
		updated = `[{"id": 7, "body": "Looks good"}, {"id": 8, "body": "<!-- planreach:default -->\nold"}]`
		first   = " <!-- planreach:default -->"
		notes   = "projects/3/merge_requests/12/notes"
	)
	for _, c := range []struct {
		plan, request, comments string
		fails                   bool
		noted                   string
	}{
		{"holds", "", begun, false, "apply tfplan"},
		{"breaks", "", begun, true, ""},
		{"holds", "12", begun, false, ""},
		{"holds", "12", updated, false, "PUT " + notes + "/8" + first},
		{"breaks", "12", begun, true, "POST " + notes + first},
		{"breaks", "12", updated, true, "PUT " + notes + "/8" + first},
	} {
		w := newWorkbench(t, program, c.plan)
		w.release(program)
		w.write("comments.json", c.comments)
		maps.Copy(w.env, map[string]string{
			"CI_API_V4_URL": "https://gitlab.example/api/v4", "CI_PROJECT_ID": "3", "CI_MERGE_REQUEST_IID": c.request,
			"PLANREACH_TOKEN": "token", "GATE_COMMENTS": filepath.Join(w.dir, "comments.json"), "CI_JOB_STATUS": "success",
		})
		status, out := w.run(strings.Join(append(jobs.Plan.Before, jobs.Plan.Script...), "\n"))
		if status != 0 {
			w.env["CI_JOB_STATUS"] = "failed"
		}
		if after, said := w.run(strings.Join(jobs.Plan.After, "\n")); after != 0 {
			t.Errorf("after_script: %s", said)
		}
		if status == 0 && c.request == "" {
			status, _ = w.run(strings.Join(jobs.Apply.Script, "\n"))
		}
		if (status != 0) != c.fails || w.noted() != c.noted {
			t.Errorf("%s in %q: exit status %d, %q, want %q\n%s", c.plan, c.request, status, w.noted(), c.noted, out)
		}
		if report := string(read(t, filepath.Join(w.dir, "planreach.xml"))); strings.Contains(report, "<failure") != c.fails {
			t.Errorf("%s: the test report is %s", c.plan, report)
		}
	}
}
