package planreach_test

import (
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// A githubStep is a step of a workflow or of a composite action.
type githubStep struct {
	Name, ID, If, Uses, Run, Shell string
	Dir                            string `yaml:"working-directory"`
	Env, With                      map[string]string
}

// A githubAction is action.yml.
type githubAction struct {
	Inputs map[string]struct {
		Description string
		Default     *string
	}
	Runs struct {
		Using string
		Steps []githubStep
	}
}

// A githubJob runs steps as GitHub would, as far as these use it.
type githubJob struct {
	*workbench
	context map[string]string // "inputs.plan", "github.ref"
	failed  bool
	output  string
}

// step runs one step, unless its condition is against it.
func (j *githubJob) step(s githubStep) {
	j.t.Helper()
	if !j.holds(s.If) {
		return
	}
	for name, file := range map[string]string{"GITHUB_OUTPUT": "output", "GITHUB_PATH": "path"} {
		j.env[name] = filepath.Join(j.env["RUNNER_TEMP"], file)
		if err := os.WriteFile(j.env[name], nil, 0o644); err != nil {
			j.t.Fatal(err)
		}
	}
	if strings.Contains(s.Run, "${{") {
		j.t.Errorf("%s: an expression inside of a script is an injection", s.Name)
	}
	job := *j.workbench
	job.env = maps.Clone(j.env)
	for k, v := range s.Env {
		job.env[k] = j.expand(v)
	}
	job.dir = filepath.Join(j.dir, j.expand(s.Dir))
	status, out := job.exec("bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", s.Run)
	j.output += out
	j.failed = j.failed || status != 0
	for _, line := range strings.Fields(string(read(j.t, j.env["GITHUB_OUTPUT"]))) {
		name, value, _ := strings.Cut(line, "=")
		j.context["steps."+s.ID+".outputs."+name] = value
	}
	for _, dir := range strings.Fields(string(read(j.t, j.env["GITHUB_PATH"]))) {
		j.env["PATH"] = dir + string(os.PathListSeparator) + j.env["PATH"]
	}
}

var expression = regexp.MustCompile(`\$\{\{ (\S+) \}\}`)

func (j *githubJob) expand(text string) string {
	return expression.ReplaceAllStringFunc(text, func(e string) string {
		name := expression.FindStringSubmatch(e)[1]
		v, ok := j.context[name]
		if !ok && !strings.HasPrefix(name, "steps.") {
			j.t.Errorf("there is no %s", name)
		}
		return v
	})
}

// holds evaluates a condition: comparisons with words in quotes, joined by &&.
func (j *githubJob) holds(condition string) bool {
	j.t.Helper()
	if condition == "success() || failure()" {
		return true
	}
	result := !j.failed
	for _, term := range strings.Split(condition, " && ") {
		if term == "" {
			continue
		}
		name, word, equal := strings.Cut(term, " == ")
		if !equal {
			name, word, _ = strings.Cut(term, " != ")
		}
		v, ok := j.context[name]
		if !ok || !strings.HasPrefix(word, "'") {
			j.t.Fatalf("cannot evaluate %q", term)
		}
		result = result && equal == (v == strings.Trim(word, "'"))
	}
	return result
}

// The workflow of docs/ci with the action of this repository: on main a plan of
// which all assertions hold is applied and another one is not; a pull request gets
// one comment, begun by the first failure and kept up to date.
func TestGitHub(t *testing.T) {
	if _, err := exec.LookPath("jq"); err != nil {
		t.Skip("jq is not on PATH, which is part of gh")
	}
	program := buildProgram(t)
	const (
		begun   = `[{"id": 7, "body": "Looks good"}]`
		updated = `[{"id": 7, "body": "Looks good"}, {"id": 8, "body": "<!-- planreach:default -->\nold"}, {"id": 9, "body": "<!-- planreach:other -->\nold"}]`
		first   = " <!-- planreach:default -->"
	)
	for _, c := range []struct {
		plan, event, comments string
		fails                 bool
		noted                 string
	}{
		{"holds", "push", begun, false, "apply tfplan"},
		{"breaks", "push", begun, true, ""},
		{"holds", "pull_request", begun, false, ""},
		{"holds", "pull_request", updated, false, "PATCH repos/acme/infra/issues/comments/8" + first},
		{"breaks", "pull_request", begun, true, "POST repos/acme/infra/issues/12/comments" + first},
		{"breaks", "pull_request", updated, true, "PATCH repos/acme/infra/issues/comments/8" + first},
		{"breaks", "pull_request", "not allowed", true, ""},
	} {
		j := newGitHubJob(t, program, c.plan, c.event, c.comments)
		j.workflow()
		if j.failed != c.fails || j.noted() != c.noted {
			t.Errorf("%s on %s: failed: %v, %q, want %q\n%s", c.plan, c.event, j.failed, j.noted(), c.noted, j.output)
		}
		if warned := strings.Contains(j.output, "::warning title=planreach::The comment could not be written"); warned != (c.comments == "not allowed") {
			t.Errorf("%s on %s: warned: %v\n%s", c.plan, c.event, warned, j.output)
		}
		if annotated := strings.Contains(j.output, "::error file=main.tf,line="); annotated != c.fails {
			t.Errorf("%s on %s: annotated: %v\n%s", c.plan, c.event, annotated, j.output)
		}
		if summary := string(read(t, j.env["GITHUB_STEP_SUMMARY"])); !strings.Contains(summary, "Network reachability") {
			t.Errorf("%s on %s: the summary of the job is %q", c.plan, c.event, summary)
		}
		if sarif, err := os.ReadFile(filepath.Join(j.dir, "planreach.sarif")); err != nil || strings.Contains(string(sarif), `"level": "error"`) != c.fails {
			t.Errorf("%s on %s: %v, SARIF is %s", c.plan, c.event, err, sarif)
		}
	}
}

func newGitHubJob(t *testing.T, program, plan, event, comments string) *githubJob {
	t.Helper()
	j := &githubJob{workbench: newWorkbench(t, program, plan), context: map[string]string{
		"github.event_name": event, "github.ref": "refs/heads/main", "github.token": "token",
		"github.event.pull_request.number": "12",
	}}
	if event == "pull_request" {
		j.context["github.ref"] = "refs/pull/12/merge"
	}
	temp := t.TempDir()
	maps.Copy(j.env, map[string]string{
		"RUNNER_TEMP": temp, "GITHUB_ACTION_PATH": absolute(t, "."), "GITHUB_REPOSITORY": "acme/infra",
		"GITHUB_WORKSPACE": j.dir, "GITHUB_STEP_SUMMARY": filepath.Join(temp, "summary"),
		"GATE_COMMENTS": filepath.Join(temp, "comments.json"),
	})
	for name, text := range map[string]string{"GITHUB_STEP_SUMMARY": "", "GATE_COMMENTS": comments} {
		if err := os.WriteFile(j.env[name], []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	j.release(program)
	return j
}

// workflow runs docs/ci/github-actions.yml.
func (j *githubJob) workflow() {
	j.t.Helper()
	var workflow struct {
		Jobs map[string]struct{ Steps []githubStep }
	}
	decode(j.t, "docs/ci/github-actions.yml", &workflow)
	seen := 0
	for _, s := range workflow.Jobs["plan"].Steps {
		uses, _, _ := strings.Cut(s.Uses, "@")
		switch {
		case s.Run != "":
			j.step(s)
		case uses == "planreach/planreach":
			seen++
			j.action(s.With)
		case !slices.Contains([]string{"actions/checkout", "hashicorp/setup-terraform", "github/codeql-action/upload-sarif"}, uses):
			j.t.Errorf("what does %s do?", uses)
		}
	}
	if seen != 1 {
		j.t.Errorf("the action is used %d times", seen)
	}
}

// action runs action.yml.
func (j *githubJob) action(with map[string]string) {
	j.t.Helper()
	var action githubAction
	decode(j.t, "action.yml", &action)
	if action.Runs.Using != "composite" {
		j.t.Errorf("runs using %q", action.Runs.Using)
	}
	for name, input := range action.Inputs {
		if input.Description == "" || input.Default == nil {
			j.t.Errorf("input %s has no description, or no default", name)
			continue
		}
		j.context["inputs."+name] = j.expand(*input.Default)
	}
	for name, v := range with {
		if _, ok := action.Inputs[name]; !ok {
			j.t.Errorf("there is no input %s", name)
		}
		j.context["inputs."+name] = v
	}
	for _, s := range action.Runs.Steps {
		if s.Shell != "bash" {
			j.t.Errorf("%s: shell %q", s.Name, s.Shell)
		}
		j.step(s)
	}
}

// The inputs of the action do what they say.
func TestGitHubInputs(t *testing.T) {
	program := buildProgram(t)
	for _, c := range []struct {
		plan string
		with map[string]string
		want string // exit status
	}{
		{"breaks", nil, "1"},
		{"breaks", map[string]string{"args": "--soft-fail\n"}, "0"},
		{"holds", map[string]string{"args": "internet.v4 -> web:https\n\ninternet -/> web:ssh"}, "0"},
		{"holds", map[string]string{"args": "internet -/> web:https"}, "1"},
		{"holds", map[string]string{"plan": "nothing"}, "2"},
		{"holds", map[string]string{"working-directory": "sub"}, "0"},
		{"holds", map[string]string{"comment-id": "$(touch injected)", "version": ""}, "0"},
	} {
		j := newGitHubJob(t, program, c.plan, "pull_request", "[]")
		if dir := c.with["working-directory"]; dir != "" {
			j.write(dir+"/network.reach.hcl", string(read(t, "testdata/gate/network.reach.hcl")))
		}
		j.step(githubStep{Run: "terraform plan -out=tfplan", Dir: c.with["working-directory"]})
		with := maps.Clone(c.with)
		if with == nil {
			with = map[string]string{}
		}
		with["comment"] = "false"
		j.action(with)
		if got := j.context["steps.check.outputs.exit-code"]; got != c.want || j.failed != (c.want != "0") {
			t.Errorf("%v: exit status %s, want %s; failed: %v\n%s", c.with, got, c.want, j.failed, j.output)
		}
		if _, err := os.Stat(filepath.Join(j.dir, "injected")); err == nil {
			t.Errorf("%v: an input was executed", c.with)
		}
	}
}

// What the recipes install is the version that this tree is.
func TestRecipeVersions(t *testing.T) {
	out, err := exec.Command(buildProgram(t), "version").Output()
	if err != nil {
		t.Fatal(err)
	}
	version := strings.Fields(string(out))[1]
	named := regexp.MustCompile(`v?\d+\.\d+\.\d+`)
	for _, file := range []string{"action.yml", "docs/ci/README.md", "docs/ci/github-actions.yml", "docs/ci/gitlab-ci.yml", "docs/ci/spacelift.yml", "docs/ci/pre-commit-config.yaml"} {
		found := named.FindAllString(string(read(t, file)), -1)
		if len(found) == 0 {
			t.Errorf("%s names no version", file)
		}
		for _, v := range found {
			if strings.TrimPrefix(v, "v") != version {
				t.Errorf("%s names %s, and this is %s", file, v, version)
			}
		}
	}
}
