package planreach_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsimple"
	"go.yaml.in/yaml/v3"
)

var shellBlock = regexp.MustCompile("(?ms)^```sh\n(.*?)^```")

// TestGate runs each recipe that plans, checks and applies against a plan of
// which all assertions hold, and one of which one fails: the first is applied, the
// second is not. Recipes for platforms that apply by themselves end with a failure
// instead.
func TestGate(t *testing.T) {
	program := buildProgram(t)
	for _, c := range []struct {
		recipe string
		script string
		// applied is what has been applied once the gate has let a plan
		// through; empty if the platform does it.
		applied string
	}{
		{"README.md", firstBlock(t, "README.md"), "apply tfplan"},
		{"docs/ci/README.md", firstBlock(t, "docs/ci/README.md"), "apply tfplan"},
		{"docs/ci/hcp-terraform.sh", string(read(t, "docs/ci/hcp-terraform.sh")), "apply tfplan"},
		{"docs/ci/spacelift.yml", spacelift(t), ""},
		{"docs/ci/digger.yml", digger(t), ""},
		{"docs/ci/terragrunt.hcl", terragruntHook(t), ""},
	} {
		t.Run(c.recipe, func(t *testing.T) {
			holds := newWorkbench(t, program, "holds")
			holds.release(program)
			if status, out := holds.run(c.script); status != 0 || holds.noted() != c.applied || !strings.Contains(out, "3 passed") {
				t.Errorf("all assertions hold: exit status %d, %q, want 0 and %q\n%s", status, holds.noted(), c.applied, out)
			}
			breaks := newWorkbench(t, program, "breaks")
			breaks.release(program)
			if status, out := breaks.run(c.script); status == 0 || breaks.noted() != "" || !strings.Contains(out, "1 failed") {
				t.Errorf("an assertion fails: exit status %d, %q\n%s", status, breaks.noted(), out)
			}
			if _, err := os.Stat(filepath.Join(breaks.dir, "plan.json")); err == nil {
				t.Error("the plan's JSON is left behind")
			}
		})
	}
}

// firstBlock is the first block of shell in a page.
func firstBlock(t *testing.T, file string) string {
	block := shellBlock.FindStringSubmatch(string(read(t, file)))
	if block == nil {
		t.Fatalf("%s has no shell", file)
	}
	return block[1]
}

func spacelift(t *testing.T) string {
	var config struct {
		Defaults struct {
			BeforeInit []string `yaml:"before_init"`
			AfterPlan  []string `yaml:"after_plan"`
		} `yaml:"stack_defaults"`
	}
	decode(t, "docs/ci/spacelift.yml", &config)
	plan := []string{"terraform plan -out=spacelift.plan"}
	return strings.Join(append(append(config.Defaults.BeforeInit, plan...), config.Defaults.AfterPlan...), "\n")
}

func digger(t *testing.T) string {
	var config struct {
		Projects []struct {
			Workflow string
		}
		Workflows map[string]struct {
			Plan struct{ Steps []yaml.Node }
		}
	}
	decode(t, "docs/ci/digger.yml", &config)
	script := "export DIGGER_PLANFILE=$PWD/production.tfplan\n"
	for _, step := range config.Workflows[config.Projects[0].Workflow].Plan.Steps {
		var own struct{ Run string }
		switch {
		case step.Value == "init":
		case step.Value == "plan":
			script += "terraform plan -out=\"$DIGGER_PLANFILE\"\n"
		case step.Decode(&own) == nil && own.Run != "":
			script += own.Run + "\n"
		default:
			t.Fatalf("what step is %v?", step)
		}
	}
	return script
}

func terragruntHook(t *testing.T) string {
	type command struct {
		Name      string   `hcl:"name,label"`
		Commands  []string `hcl:"commands"`
		Arguments []string `hcl:"arguments,optional"`
		Execute   []string `hcl:"execute,optional"`
	}
	var config struct {
		Terraform struct {
			Extra []command `hcl:"extra_arguments,block"`
			After []command `hcl:"after_hook,block"`
		} `hcl:"terraform,block"`
	}
	if err := hclsimple.DecodeFile("docs/ci/terragrunt.hcl", &hcl.EvalContext{}, &config); err != nil {
		t.Fatal(err)
	}
	return "terraform plan " + strings.Join(config.Terraform.Extra[0].Arguments, " ") + "\n" +
		strings.Join(config.Terraform.After[0].Execute, " ")
}

// decode reads YAML; keys that it does not expect are none of its business.
func decode(t *testing.T, file string, into any) {
	t.Helper()
	if err := yaml.Unmarshal(read(t, file), into); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
}

// One unit whose check fails keeps all of a tree from being applied, and units
// without assertions are named.
func TestTerragruntTree(t *testing.T) {
	program := buildProgram(t)
	for plan, want := range map[string]struct {
		open  bool
		noted string
	}{
		"holds":  {true, "apply app/tfplan.tfplan data/tfplan.tfplan logs/tfplan.tfplan"},
		"breaks": {false, ""},
	} {
		w := newWorkbench(t, program, plan)
		w.copy("testdata/gate/network.reach.hcl", "app/network.reach.hcl")
		w.copy("testdata/gate/network.reach.hcl", "data/network.reach.hcl")
		status, out := w.run(string(read(t, "docs/ci/terragrunt.sh")))
		if (status == 0) != want.open || w.noted() != want.noted {
			t.Errorf("%s: exit status %d, %q, want %q\n%s", plan, status, w.noted(), want.noted, out)
		}
		for _, say := range []string{"== app\n", "== data\n", "== logs: no assertions, not checked\n"} {
			if !strings.Contains(out, say) {
				t.Errorf("%s: does not say %q\n%s", plan, say, out)
			}
		}
	}
}

// install.sh installs what the release's checksums vouch for, and nothing else.
func TestInstall(t *testing.T) {
	program := buildProgram(t)
	script := absolute(t, "docs/ci/install.sh")
	for _, c := range []struct {
		name           string
		pattern, by    string // how checksums.txt is spoilt
		args           []string
		wantsInstalled bool
	}{
		{"a release", "^$", "", []string{"0.1.0", "bin"}, true},
		{"no version", "^$", "", nil, false},
		{"no such version", "^$", "", []string{"9.9.9", "bin"}, false},
		{"another archive", "^[0-9a-f]{8}", "00000000", []string{"0.1.0", "bin"}, false},
		{"not in the list", "planreach_", "planreach-", []string{"0.1.0", "bin"}, false},
		{"no list whatsoever", "(?s).*", "", []string{"0.1.0", "bin"}, false},
	} {
		w := newWorkbench(t, program, "holds")
		w.release(program)
		list := filepath.Join(w.env["GATE_RELEASE"], "checksums.txt")
		spoilt := regexp.MustCompile(c.pattern).ReplaceAllString(string(read(t, list)), c.by)
		if err := os.WriteFile(list, []byte(spoilt), 0o644); err != nil {
			t.Fatal(err)
		}
		status, out := w.exec("sh", append([]string{script}, c.args...)...)
		_, missing := os.Stat(filepath.Join(w.dir, "bin", "planreach"))
		if installed := missing == nil; installed != c.wantsInstalled || (status == 0) != installed {
			t.Errorf("%s: exit status %d, installed: %v\n%s", c.name, status, installed, out)
		}
		if c.wantsInstalled {
			if status, out := w.exec(filepath.Join(w.dir, "bin", "planreach"), "version"); status != 0 {
				t.Errorf("%s: what is installed does not run\n%s", c.name, out)
			}
		}
	}
}

// The README's gate with Terraform itself, from plan to apply: the first plan is
// let through and applied, the second is not, and what was applied stays as it is.
// The configuration has no network, for which Terraform would need a provider.
func TestGateTerraform(t *testing.T) {
	if _, err := exec.LookPath("terraform"); err != nil {
		t.Skip("terraform is not on PATH")
	}
	w := newWorkbench(t, buildProgram(t), "holds")
	_, rest, _ := strings.Cut(w.env["PATH"], string(os.PathListSeparator))
	w.env["PATH"] = rest // no stand-ins
	w.env["CHECKPOINT_DISABLE"] = "1"
	w.write("main.tf", `variable "joined" {
  type = bool
}

resource "terraform_data" "networks" {
  input = var.joined
}
`)
	w.write("network.reach.hcl", `must_not_reach "the offices stay apart" {
  when = plan.var.joined
  from = "10.1.0.0/16"
  to   = "10.2.0.0/16"
}
`)
	gate := firstBlock(t, "README.md")
	applied := func() string {
		_, out := w.run("terraform show -no-color")
		return out
	}
	if status, out := w.run("terraform init -input=false"); status != 0 {
		t.Fatal(out)
	}

	w.env["TF_VAR_joined"] = "false"
	if status, out := w.run(gate); status != 0 || !strings.Contains(out, "Apply complete! Resources: 1 added") {
		t.Errorf("nothing is against it: exit status %d\n%s", status, out)
	}
	before := applied()
	if !strings.Contains(before, "terraform_data.networks") {
		t.Fatalf("nothing was applied: %s", before)
	}

	w.env["TF_VAR_joined"] = "true"
	if status, out := w.run(gate); status != 3 || !strings.Contains(out, "1 to change") || strings.Contains(out, "Apply complete!") {
		t.Errorf("not to be decided: exit status %d, want 3\n%s", status, out)
	}
	if after := applied(); after != before {
		t.Errorf("applied although the gate was shut: %s", after)
	}
}

// The table of exit statuses in docs/ci/README.md says what happens, and which of
// them shut the gate.
func TestExitStatus(t *testing.T) {
	program := buildProgram(t)
	table := map[string]string{}
	for _, row := range regexp.MustCompile(`(?m)^\| (\d) \| .* \| (\w+) \|$`).FindAllStringSubmatch(string(read(t, "docs/ci/README.md")), -1) {
		table[row[1]] = row[2]
	}
	seen := map[string]bool{}
	for _, c := range []struct {
		plan, args string
		want       int
	}{
		{"holds", "tfplan", 0},
		{"breaks", "tfplan", 1},
		{"breaks", "tfplan --soft-fail", 0},
		{"holds", "tfplan --chekc", 2},
		{"holds", "nothing.json", 2},
		{"holds", "main.tf", 2},
		{"holds", "tfplan -f main.tf", 2},
		{"holds", "tfplan 'nobody -> web:443'", 2},
		{"holds", "tfplan -f empty", 2},
		{"breaks", "tfplan 'nobody -> web:443'", 2},
		{"breaks", "tfplan 'nobody -> web:443' --soft-fail", 2},
		{"holds", "plan.json --source none", 3},
		{"holds", "plan.json --source none --soft-fail", 0},
		{"holds", "plan.json --source none --unknown warn", 0},
		{"holds", "tfplan 'internet -> 10.9.0.0/16:22'", 3},
		{"breaks", "tfplan 'internet -> 10.9.0.0/16:22'", 1},
	} {
		w := newWorkbench(t, program, c.plan)
		w.write("empty/README", "")
		if status, out := w.run("terraform plan -out=tfplan\nterraform show -json tfplan >plan.json\nplanreach check " + c.args); status != c.want {
			t.Errorf("%s: check %s: exit status %d, want %d\n%s", c.plan, c.args, status, c.want, out)
		}
		seen[fmt.Sprint(c.want)] = true
	}
	for status := range seen {
		want := "shut"
		if status == "0" {
			want = "open"
		}
		if table[status] != want {
			t.Errorf("docs/ci/README.md says that %s leaves the gate %q, want %q", status, table[status], want)
		}
	}
	if len(table) != len(seen) {
		t.Errorf("docs/ci/README.md has the statuses %v, seen were %v", table, seen)
	}
}

// The pre-commit hooks that the recipe names are there, take the files that they
// are for, and do what they say.
func TestPreCommit(t *testing.T) {
	type hook struct{ ID, Entry, Language, Files string }
	var hooks []hook
	decode(t, ".pre-commit-hooks.yaml", &hooks)
	var config struct {
		Repos []struct{ Hooks []hook }
	}
	decode(t, "docs/ci/pre-commit-config.yaml", &config)
	entries := map[string]string{}
	for _, h := range hooks {
		files := regexp.MustCompile(h.Files)
		if h.Language != "golang" || !files.MatchString("infra/network.reach.hcl") || files.MatchString("main.tf") {
			t.Errorf("%+v", h)
		}
		entries[h.ID] = h.Entry
	}
	for _, h := range config.Repos[0].Hooks {
		if entries[h.ID] == "" {
			t.Errorf("there is no hook %s", h.ID)
		}
	}

	w := newWorkbench(t, buildProgram(t), "holds")
	w.write("modules/a/a.reach.hcl", "must_reach \"x\" {\n from = a\n  to = b\n  port = local.port\n}\n")
	w.write("modules/a/b.reach.hcl", "locals {\n  port = 80\n}\n")
	files := " network.reach.hcl modules/a/a.reach.hcl"
	if status, out := w.run(entries["planreach-fmt"] + files); status != 0 || out != "modules/a/a.reach.hcl\n" {
		t.Errorf("fmt: exit status %d\n%s", status, out)
	}
	if status, out := w.run(entries["planreach-validate"] + files); status != 0 {
		t.Errorf("validate: exit status %d\n%s", status, out)
	}
	w.write("modules/a/b.reach.hcl", "locals {\n  prot = 80\n}\n")
	if status, out := w.run(entries["planreach-validate"] + files); status != 2 {
		t.Errorf("validate: exit status %d, want 2\n%s", status, out)
	}
}
