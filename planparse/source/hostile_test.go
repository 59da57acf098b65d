package source_test

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/planreach/planreach/planparse"
	"github.com/planreach/planreach/planparse/source"
)

// TestNesting: what nests too deeply to be read is no crash, and makes only
// what it defines unknown.
func TestNesting(t *testing.T) {
	const n = 200_000
	for name, text := range map[string]string{
		"parentheses": "locals {\n  x = " + strings.Repeat("(", n) + "\n}\n",
		"closed":      "locals {\n  x = " + strings.Repeat("[", n) + strings.Repeat("]", n) + "\n}\n",
		"negations":   "locals {\n  x = " + strings.Repeat("!", n) + "true\n}\n",
		"sums":        "locals {\n  x = (1" + strings.Repeat("+\n1", n) + ")\n}\n",
		"choices":     "locals {\n  x = " + strings.Repeat("true?1:", n) + "1\n}\n",
		"indexes":     "locals {\n  x = y" + strings.Repeat("[0]", n) + "\n}\n",
		"templates":   "locals {\n  x = " + strings.Repeat(`"${`, n) + "\n}\n",
		"ifs":         "locals {\n  x = \"" + strings.Repeat(`%{if true}`, n) + "\"\n}\n",
		"a for":       "locals {\n  x = {for k, v in y : k => 1" + strings.Repeat("+\n1", n) + "}\n}\n",
		"blocks":      strings.Repeat("a {\n", n),
		"type":        "variable \"v\" {\n  type = \"" + strings.Repeat("list(", n) + "\"\n}\n",
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := source.Open("", write(t, map[string]string{"main.tf": text})); err != nil {
				t.Error(err)
			}
		})
	}
	for name, text := range map[string]string{
		"arrays":     `{"locals": {"x": ` + strings.Repeat("[", n),
		"expression": `{"locals": {"x": "${` + strings.Repeat("(", n) + `"}}`,
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := source.Open("", write(t, map[string]string{"main.tf.json": text})); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestPlainFilesAreNotNested: many things side by side are not deep.
func TestPlainFilesAreNotNested(t *testing.T) {
	const n = 5000
	values, _ := settled(t, "locals {\n  l = [\n"+strings.Repeat("    { a = [1 + 2, !true], b = \"x${1}-${2}\" },\n", n)+"  ]\n"+
		strings.Repeat("  # ((( ?\n", n)+"  text = <<-EOT\n"+strings.Repeat("    (a) ${1} \"b\" -- ((\n", n)+"  EOT\n}\n"+
		strings.Repeat("check \"c\" {\n}\n", n)+"resource \"t\" \"many\" {\n"+strings.Repeat("  block {\n    a = 1\n  }\n", n)+"}\nresource \"t\" \"a\" {}\nresource \"t\" \"b\" {\n  link = length(local.l) == 5000 && local.text != \"\" ? t.a.id : \"x\"\n}\n",
		created("a", map[string]planparse.Value{}),
		created("b", map[string]planparse.Value{"link": planparse.HoleValue(nil)}))
	if got := describeValue(values["t.b"].Field("link")); got != "<t.a.id>" {
		t.Errorf("link is %s", got)
	}
}

// TestModulesWithoutEnd: modules that call themselves twice are too many.
func TestModulesWithoutEnd(t *testing.T) {
	dir := write(t, map[string]string{"main.tf": "module \"a\" { source = \"./\" }\nmodule \"b\" { source = \"./\" }\n"})
	if _, err := source.Open("", dir); err != nil {
		t.Error(err)
	}
}

// TestChoicesWithoutEnd: choices that double at each step are not followed to
// the end.
func TestChoicesWithoutEnd(t *testing.T) {
	choice := "local.next"
	for range 8 {
		choice = "t.c.size == 1 ? " + choice + " : " + choice
	}
	config := "resource \"t\" \"a\" {}\nresource \"t\" \"c\" {}\nresource \"t\" \"b\" { link = local.l0 }\nlocals {\n  l3 = t.a.id\n"
	for i, next := range []string{"local.l1", "local.l2", "local.l3"} {
		config += "  l" + string(rune('0'+i)) + " = " + strings.ReplaceAll(choice, "local.next", next) + "\n"
	}
	hole := planparse.HoleValue(nil)
	values, _ := settled(t, config+"}\n",
		created("a", map[string]planparse.Value{}),
		created("c", map[string]planparse.Value{"size": hole}),
		created("b", map[string]planparse.Value{"link": hole}))
	if l := values["t.b"].Field("link").Leaf(); l.Kind == planparse.Exact {
		t.Errorf("link is settled as %v", l.Term)
	}
}

// TestLongChain: a chain of definitions that is too long is unknown.
func TestLongChain(t *testing.T) {
	var b strings.Builder
	const n = 100_000
	for i := range n {
		b.WriteString("  l" + strconv.Itoa(i) + " = [local.l" + strconv.Itoa(i+1) + "]\n")
	}
	hole := planparse.HoleValue(nil)
	values, _ := settled(t, "resource \"t\" \"a\" {}\nresource \"t\" \"b\" { link = length(local.l0) == 1 ? t.a.id : \"x\" }\nlocals {\n"+b.String()+"  l"+strconv.Itoa(n)+" = 1\n}\n",
		created("a", map[string]planparse.Value{}),
		created("b", map[string]planparse.Value{"link": hole}))
	if got := describeValue(values["t.b"].Field("link")); got != "<t.a.id>" && !strings.HasPrefix(got, "?") {
		t.Errorf("link is %s", got)
	}
}

// TestTemplateOfItself: a template that renders itself is unknown.
func TestTemplateOfItself(t *testing.T) {
	hole := planparse.HoleValue(nil)
	dir := write(t, map[string]string{
		"main.tf": "resource \"t\" \"a\" {}\nresource \"t\" \"b\" { link = templatefile(\"t.tftpl\", { v = t.a.id }) }\n",
		"t.tftpl": "x ${templatefile(\"t.tftpl\", { v = v })}",
	})
	s, err := source.Open("", dir)
	if err != nil {
		t.Fatal(err)
	}
	p := &planparse.Plan{Kind: "plan", Complete: true, Resources: []*planparse.Resource{
		created("a", map[string]planparse.Value{}), created("b", map[string]planparse.Value{"link": hole}),
	}}
	b := p.Resolve(s.Resolver(p, []*planparse.ResourceType{{Name: "t", Reads: []string{"link"}}})).Resources[1]
	if l := b.Value(planparse.After).Field("link").Leaf(); l == nil || l.Kind == planparse.Exact {
		t.Errorf("link is settled as %v", l)
	}
}

// TestNoRegularFile: what is no file is not read, nor waited for.
func TestNoRegularFile(t *testing.T) {
	dir := t.TempDir()
	if err := os.Symlink(os.DevNull, filepath.Join(dir, "main.tf")); err != nil {
		t.Skip(err)
	}
	_, err := source.Open("", dir)
	checkError(t, "a device", err, "main.tf is not a regular file")
}

// TestOpenTofuOnly: Terraform does not read what is for OpenTofu.
func TestOpenTofuOnly(t *testing.T) {
	s, err := source.Open("", write(t, map[string]string{"main.tf": "locals {\n  x = 1\n}\n", "main.tofu": "locals {\n  x = 2\n}\n"}))
	if err != nil {
		t.Fatal(err)
	}
	for registry, want := range map[string]string{"registry.terraform.io": "only OpenTofu reads main.tofu", "registry.opentofu.org": ""} {
		r := planparse.NewResource(planparse.Resource{Address: "t.a", Mode: planparse.Managed, Type: "t", Name: "a", Provider: registry + "/x/t"},
			planparse.Value{}, planparse.Value{})
		checkError(t, registry, s.Check(&planparse.Plan{Resources: []*planparse.Resource{r}}), want)
	}
}
