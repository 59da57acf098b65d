package planreach_test

import (
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// atlantisFailure is how Atlantis recognises a failure in the output of a custom
// policy check, beside FAIL at its beginning.
var atlantisFailure = regexp.MustCompile(`([1-9][0-9]* failure|failures": \[)`)

// The policy check of Atlantis ends with 0 either way and passes or fails by what it
// prints; failures are items that approvals can stick to.
func TestAtlantis(t *testing.T) {
	program := buildProgram(t)
	var server struct {
		Repos     []struct{ Workflow string }
		Workflows map[string]struct {
			PolicyCheck struct{ Steps []yaml.Node } `yaml:"policy_check"`
		}
		Policies struct {
			PolicySets []struct {
				Item string `yaml:"policy_item_regex"`
			} `yaml:"policy_sets"`
		}
	}
	decode(t, "docs/ci/atlantis.yaml", &server)
	var run string
	for _, step := range server.Workflows[server.Repos[0].Workflow].PolicyCheck.Steps {
		var own struct{ Run string }
		if step.Value != "show" && (step.Decode(&own) != nil || own.Run == "") {
			t.Fatalf("what step is %v?", step)
		}
		run += own.Run
	}
	for _, c := range []struct {
		plan, spoil string
		items       int // 0: passes
	}{
		{"holds", "", 0},
		{"breaks", "", 1},
		{"holds", "rm network.reach.hcl", 1},
		{"holds", "echo '{' >plan.json", 1},
	} {
		w := newWorkbench(t, program, c.plan)
		w.env["SHOWFILE"] = filepath.Join(w.dir, "plan.json")
		w.env["PLANFILE"] = filepath.Join(w.dir, "default.tfplan")
		if status, out := w.run("terraform plan -out=$PLANFILE; terraform show -json $PLANFILE >$SHOWFILE; " + c.spoil); status != 0 {
			t.Fatal(out)
		}
		status, out := w.exec("sh", "-c", run)
		failed := strings.HasPrefix(strings.TrimSpace(out), "FAIL") || atlantisFailure.MatchString(out)
		if status != 0 || failed != (c.items > 0) || out == "" {
			t.Errorf("%s %s: exit status %d, failed: %v\n%s", c.plan, c.spoil, status, failed, out)
		}
		if !failed && strings.Contains(strings.ToLower(out), "fail") {
			t.Errorf("%s: passes, and speaks of failing: %s", c.plan, out)
		}
		item := regexp.MustCompile(server.Policies.PolicySets[0].Item)
		if items := item.FindAllString(out, -1); len(items) != c.items {
			t.Errorf("%s %s: %d items, want %d: %q", c.plan, c.spoil, len(items), c.items, items)
		}
	}
}
