package source_test

import (
	"archive/zip"
	"bytes"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/planreach/planreach/netmodel"
	"github.com/planreach/planreach/planparse"
	"github.com/planreach/planreach/planparse/source"
)

// zipFile writes a zip with the given entries.
func zipFile(t *testing.T, entries map[string]string) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, content := range entries {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(content)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "p.tfplan")
	if err := os.WriteFile(file, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	return file
}

var planFile = map[string]string{
	"tfplan": "\x08\x03 plan of 2026-01-02T03:04:05Z",
	"tfconfig/modules.json": `[{"Key":"","Dir":"."},{"Key":"net","Source":"example/net","Dir":".terraform/modules/net"},
		{"Key":"net.inner","Source":"./inner","Dir":".terraform/modules/net/inner"},{"Key":"own","Source":"./own","Dir":"own"}]`,
	"tfconfig/m-/main.tf":          "module \"net\" {\n  source = \"example/net\"\n}\nmodule \"own\" {\n  source = \"./own\"\n}\n",
	"tfconfig/m-net/main.tf":       "module \"inner\" { source = \"./inner\" }\nresource \"aws_vpc\" \"main\" {}\n",
	"tfconfig/m-net.inner/main.tf": "\n\nresource \"aws_subnet\" \"s\" {}\n",
	"tfconfig/m-own/main.tf":       "\nresource \"aws_vpc\" \"mine\" {\n  cidr_block = \"10.0.0.0/16\"\n}\n",
	"tfstate":                      "secret",
}

func TestPlanFile(t *testing.T) {
	s, err := source.Open(zipFile(t, planFile), "")
	if err != nil {
		t.Fatal(err)
	}
	for address, want := range map[string]string{
		"module.net.aws_vpc.main":                     "main.tf:1",
		"module.net.module.inner.aws_subnet.s[\"k\"]": "main.tf:1",
		"module.own.aws_vpc.mine[0]":                  "own/main.tf:2",
		"module.gone.aws_vpc.x":                       ":0",
		"not an address":                              ":0",
	} {
		if got := position(s, address, ""); got != want {
			t.Errorf("%s stands at %s, want %s", address, got, want)
		}
	}
	if got := position(s, "module.own.aws_vpc.mine[0]", "cidr_block"); got != "own/main.tf:3" {
		t.Errorf("cidr_block stands at %s", got)
	}
	declared := []planparse.Declared{
		{Module: "module.net", Mode: planparse.Managed, Type: "aws_vpc", Name: "main"},
		{Module: "module.net.module.inner", Mode: planparse.Managed, Type: "aws_subnet", Name: "s"},
		{Module: "module.own", Mode: planparse.Managed, Type: "aws_vpc", Name: "mine"},
	}
	config := &planparse.ConfigModule{Calls: map[string]*planparse.ConfigCall{
		"net": {Module: &planparse.ConfigModule{Calls: map[string]*planparse.ConfigCall{"inner": {Module: &planparse.ConfigModule{}}}}},
		"own": {Module: &planparse.ConfigModule{}},
	}}
	for _, c := range []struct{ name, time, want string }{
		{"the plan's", "2026-01-02T03:04:05Z", ""},
		{"old plan JSON has no time", "", ""},
		{"another plan's", "2026-01-02T03:04:06Z", "not the one that this plan JSON was made from"},
	} {
		p := &planparse.Plan{Timestamp: c.time, Declared: declared, Config: config}
		checkError(t, c.name, s.Check(p), c.want)
	}
	p := &planparse.Plan{Declared: declared[1:], Config: config}
	checkError(t, "a resource too many", s.Check(p), "knows nothing of the resource module.net.aws_vpc.main")
	p.Declared = append(declared, planparse.Declared{Mode: planparse.Managed, Type: "aws_vpc", Name: "other"})
	checkError(t, "a resource too few", s.Check(p), "they have no resource aws_vpc.other")
	p = &planparse.Plan{Declared: declared, Config: &planparse.ConfigModule{Calls: map[string]*planparse.ConfigCall{"net": {}}}}
	checkError(t, "a module too many", s.Check(p), "module call module.own")
}

func checkError(t *testing.T, name string, err error, want string) {
	t.Helper()
	switch {
	case err == nil && want != "":
		t.Errorf("%s: no error, want %q", name, want)
	case err != nil && (want == "" || !strings.Contains(err.Error(), want)):
		t.Errorf("%s: %v, want %q", name, err, want)
	}
}

func position(s *source.Sources, address, path string) string {
	file, line := s.Position(netmodel.Origin{Address: netmodel.Address(address), Path: path})
	return file + ":" + strconv.Itoa(line)
}

func TestOpenRefuses(t *testing.T) {
	notZip := filepath.Join(t.TempDir(), "x")
	if err := os.WriteFile(notZip, []byte(`{"remote_plan_format":1}`), 0o644); err != nil {
		t.Fatal(err)
	}
	_, err := source.Open(notZip, "")
	checkError(t, "a bookmark", err, "is not a plan file that holds sources")
	_, err = source.Open(zipFile(t, map[string]string{"a.tf": ""}), "")
	checkError(t, "another zip", err, "no entry tfplan")
	_, err = source.Open(zipFile(t, map[string]string{"tfplan": "", "tfconfig/m-/main.tf": strings.Repeat("#", 17<<20)}), "")
	checkError(t, "a zip bomb", err, "larger than")
	_, err = source.Open("", filepath.Join(t.TempDir(), "missing"))
	checkError(t, "no directory", err, "no such file")
	_, err = source.Open("", notZip)
	checkError(t, "a file for a directory", err, "not a directory")
}

// TestFiles: which files count, and which of two definitions.
func TestFiles(t *testing.T) {
	dir := write(t, map[string]string{
		"a.tf":             "resource \"aws_vpc\" \"a\" {\n  cidr_block = \"10.0.0.0/16\"\n  tags = {}\n  timeouts {}\n}\n",
		"b.tf":             "resource \"aws_vpc\" \"hidden\" {}\n",
		"b.tofu":           "resource \"aws_vpc\" \"b\" {}\n",
		"c.tf.json":        `{"resource":{"aws_vpc":{"c":[{"cidr_block":"10.0.0.0/16","//":"comment"}]}}}`,
		"override.tf":      "resource \"aws_vpc\" \"a\" {\n  cidr_block = null\n  dynamic \"ipam\" {\n    for_each = []\n    content {}\n  }\n}\n",
		"z_override.tf":    "resource \"aws_vpc\" \"a\" {\n  instance_tenancy = \"default\"\n}\n",
		".hidden.tf":       "resource \"aws_vpc\" \"no\" {}\n",
		"backup.tf~":       "resource \"aws_vpc\" \"no\" {}\n",
		"variables.tfvars": "x = 1\n",
		"broken/main.tf":   "resource \"aws_vpc\" {\n",
		"d.tf":             "module \"broken\" { source = \"./broken\" }\nmodule \"far\" { source = \"example/far\" }\nmodule \"self\" { source = \"./self\" }\n",
		"self/main.tf":     "module \"self\" { source = \"../self\" }\n",
	})
	s, err := source.Open("", dir)
	if err != nil {
		t.Fatal(err)
	}
	for address, want := range map[string]string{
		"aws_vpc.a": "a.tf:1", "aws_vpc.b": "b.tofu:1", "aws_vpc.c": "c.tf.json:1", "aws_vpc.hidden": ":0", "aws_vpc.no": ":0",
	} {
		if got := position(s, address, ""); got != want {
			t.Errorf("%s stands at %s, want %s", address, got, want)
		}
	}
	if got := position(s, "aws_vpc.a", "cidr_block"); got != "override.tf:2" {
		t.Errorf("the overridden cidr_block stands at %s, want override.tf:2", got)
	}
	r := planparse.NewResource(planparse.Resource{Address: "aws_vpc.a", Mode: planparse.Managed, Type: "aws_vpc", Name: "a"}, planparse.ObjectValue(nil), planparse.Value{})
	p := &planparse.Plan{Kind: "plan", Complete: true, Resources: []*planparse.Resource{r}}
	s.Resolver(p, nil)
	for name, want := range map[string]bool{
		"cidr_block": false, "tags": true, "instance_tenancy": true, "ipam": false, "ingress": false, "timeouts": true,
	} {
		if set, ok := s.Configured(r, name); !ok || set != want {
			t.Errorf("Configured(%s) = %v, %v; want %v", name, set, ok, want)
		}
	}
}

// TestPositions: nested blocks are found where it can be told which.
func TestPositions(t *testing.T) {
	dir := write(t, map[string]string{"main.tf": `resource "aws_security_group" "g" {
  egress {
    from_port = 0
  }
  ingress {
    from_port = 1
  }
  ingress {
    from_port = 2
    nested {
      x = 1
    }
  }
  dynamic "rule" {
    for_each = []
    content {
      port = 1
    }
  }
}
data "aws_vpc" "d" {}
`})
	s, err := source.Open("", dir)
	if err != nil {
		t.Fatal(err)
	}
	s.Resolver(&planparse.Plan{}, []*planparse.ResourceType{{Name: "aws_security_group"}})
	for path, want := range map[string]string{
		"":                          "main.tf:1",
		"egress[0]":                 "main.tf:2",
		"egress[0].from_port":       "main.tf:3",
		"egress[0].to_port":         "main.tf:2",
		"ingress[1].from_port":      "main.tf:9",
		"ingress[1].nested[0].x":    "main.tf:11",
		"ingress[7].from_port":      "main.tf:1",
		"rule[3].port":              "main.tf:17",
		"rule[3].protocol":          "main.tf:14",
		"vpc_id":                    "main.tf:1",
		"ingress[0].cidr_blocks[0]": "main.tf:5",
	} {
		if got := position(s, `aws_security_group.g["a.b"]`, path); got != want {
			t.Errorf("%q stands at %s, want %s", path, got, want)
		}
	}
	if got := position(s, "data.aws_vpc.d", "id"); got != "main.tf:21" {
		t.Errorf("the data source stands at %s", got)
	}
}

func TestWants(t *testing.T) {
	dir := write(t, map[string]string{"main.tf": `
locals { id = var.x ? module.m.id : data.aws_b.b.id }
variable "x" {}
module "m" {
  source = "./m"
  given  = aws_c.c[0].id
}
data "aws_b" "b" {}
resource "aws_c" "c" { count = 1 }
resource "aws_a" "a" { link = local.id }
resource "aws_unrelated" "u" { link = aws_a.a.id }
`, "m/main.tf": `
variable "given" {}
resource "aws_e" "e" {}
resource "aws_unused" "x" {}
resource "aws_d" "d" { link = aws_e.e.id }
output "id" { value = [aws_d.d.id, var.given] }
output "other" { value = aws_unused.x.id }
`})
	s, err := source.Open("", dir)
	if err != nil {
		t.Fatal(err)
	}
	wants := s.Wants([]*planparse.ResourceType{{Name: "aws_a"}})
	for name, want := range map[string]bool{
		"aws_a": true, "data.aws_b": true, "aws_c": true, "aws_d": true, "aws_e": true, "aws_unrelated": false, "aws_unused": false,
	} {
		if got := wants(name); got != want {
			t.Errorf("Wants(%s) = %v, want %v", name, got, want)
		}
	}
}

// TestFilesOfThePlan: file() reads a directory only if it holds the sources of
// the plan file.
func TestFilesOfThePlan(t *testing.T) {
	config := "resource \"t\" \"one\" {}\nresource \"t\" \"a\" { link = file(\"x\") == \"yes\" ? t.one.id : null }\n"
	file := zipFile(t, map[string]string{"tfplan": "", "tfconfig/modules.json": `[{"Key":"","Dir":"."}]`, "tfconfig/m-/main.tf": config})
	for name, c := range map[string]struct {
		files map[string]string
		exact bool
	}{
		"the same":       {map[string]string{"main.tf": config, "x": "yes"}, true},
		"changed":        {map[string]string{"main.tf": config + "\n", "x": "yes"}, false},
		"another":        {map[string]string{"other.tf": config, "x": "yes"}, false},
		"no such file":   {map[string]string{"main.tf": config}, false},
		"a link outside": {map[string]string{"main.tf": config}, false},
	} {
		dir := write(t, c.files)
		if name == "a link outside" {
			if err := os.Symlink(filepath.Join(write(t, map[string]string{"x": "yes"}), "x"), filepath.Join(dir, "x")); err != nil {
				t.Fatal(err)
			}
		}
		s, err := source.Open(file, dir)
		if err != nil {
			t.Fatal(err)
		}
		p := &planparse.Plan{Kind: "plan", Complete: true, Resources: []*planparse.Resource{
			created("one", map[string]planparse.Value{}), created("a", map[string]planparse.Value{"link": planparse.HoleValue(nil)}),
		}}
		if err := s.Check(p); err != nil {
			t.Fatal(err)
		}
		l := p.Resolve(s.Resolver(p, []*planparse.ResourceType{{Name: "t"}})).Resources[1].Value(planparse.After).Field("link").Leaf()
		if got := l.Kind == planparse.Exact; got != c.exact {
			t.Errorf("%s: %+v, want exact: %v", name, l, c.exact)
		}
	}
}
