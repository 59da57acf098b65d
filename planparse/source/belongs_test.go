package source_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/planreach/planreach/planparse/aws"
	"github.com/planreach/planreach/planparse/source"
)

// TestEdited edits the sources of a plan in places of which the plan keeps the
// names used: what they say is no longer believed.
func TestEdited(t *testing.T) {
	const fixture = "../../testdata/applied/modules"
	for _, c := range []struct{ name, file, old, new, want string }{
		{"nothing", "main.tf", "", "", ""},
		{"another value of a local", "main.tf", "port = 8080", "port = 8079", ""},
		{"the same names in another expression", "service/main.tf", "compact([local.group_id, \"\"])", "[local.group_id]", ""},
		{"an argument", "service/main.tf", "compact([local.group_id, \"\"])", "[aws_security_group.this[0].id]",
			"module.service.aws_instance.this vpc_security_group_ids is set otherwise"},
		{"an argument, of which nothing is named any more", "service/main.tf", "vpc_id = var.vpc_id", "vpc_id = \"vpc-1\"",
			"module.service.aws_security_group.this vpc_id is set otherwise"},
		{"the argument of a call", "main.tf", "vpc_id     = module.network.vpc_id", "vpc_id     = local.services",
			"module.service vpc_id is set otherwise"},
		{"the instances of a call", "main.tf", "for_each = local.services\n\n  name ", "for_each = module.network\n\n  name ",
			"module.service for_each is set otherwise"},
		{"the instances of a resource", "service/main.tf", "count = 1", "count = length(var.subnet_ids)",
			"module.service.aws_security_group.this count is set otherwise"},
		{"an output", "service/main.tf", "value = local.group_id", "value = one(aws_security_group.this[*].id)",
			"module.service.output.security_group_id value is set otherwise"},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			for _, file := range []string{"main.tf", "network/main.tf", "service/main.tf"} {
				content, err := os.ReadFile(filepath.Join(fixture, file))
				if err != nil {
					t.Fatal(err)
				}
				text := string(content)
				if file == c.file {
					if !strings.Contains(text, c.old) {
						t.Fatalf("%s does not hold %q", file, c.old)
					}
					text = strings.Replace(text, c.old, c.new, 1)
				}
				if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, file)), 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(filepath.Join(dir, file), []byte(text), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			s, err := source.Open("", dir)
			if err != nil {
				t.Fatal(err)
			}
			p := readPlan(t, filepath.Join(fixture, "plan.json"), s.Wants(aws.Types))
			checkError(t, c.name, s.Check(p), c.want)
		})
	}
}
