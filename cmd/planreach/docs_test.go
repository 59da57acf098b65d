package main

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"go.yaml.in/yaml/v3"
	"mvdan.cc/sh/v3/syntax"
)

// TestDocsCommands tries every command line of planreach that the documents and
// the recipes for pipelines show: the program has the command, its flags and the
// formats.
func TestDocsCommands(t *testing.T) {
	plan, err := filepath.Abs("../../testdata/gate/holds/plan.json")
	if err != nil {
		t.Fatal(err)
	}
	lines := map[string][][]string{} // by file
	for _, file := range documents(t, "../..") {
		lines[file] = commandLines(t, file)
	}
	t.Chdir(t.TempDir()) // some would write
	text, err := os.ReadFile(plan)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile("plan.json", text, 0o644); err != nil {
		t.Fatal(err)
	}
	n := 0
	for file, commands := range lines {
		for _, args := range commands {
			n++
			if err := understood(args); err != nil {
				t.Errorf("%s: planreach %s: %v", file, strings.Join(args, " "), err)
			}
		}
	}
	if n < 30 {
		t.Fatalf("found only %d command lines", n)
	}
}

// documents is whatever tells people or pipelines which commands to type.
func documents(t *testing.T, root string) []string {
	var out []string
	err := filepath.WalkDir(root, func(file string, d fs.DirEntry, err error) error {
		rel, relErr := filepath.Rel(root, file)
		if err != nil || relErr != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		rel = filepath.ToSlash(rel)
		switch {
		case d.IsDir() && (d.Name() == "testdata" || rel == ".git" || rel == "build" || rel == "dist"):
			return fs.SkipDir
		case d.IsDir():
		case path.Ext(rel) == ".md", strings.HasPrefix(rel, "docs/ci/"),
			!strings.Contains(rel, "/") && (path.Ext(rel) == ".yml" || path.Ext(rel) == ".yaml"):
			out = append(out, file)
		}
		return nil
	})
	if err != nil || len(out) < 15 {
		t.Fatalf("%d documents, %v", len(out), err)
	}
	return out
}

// commandLines is the arguments of each call of planreach in a document.
func commandLines(t *testing.T, file string) [][]string {
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var scripts []string
	switch filepath.Ext(file) {
	case ".md":
		scripts = ofMarkdown(string(text))
	case ".sh":
		scripts = []string{string(text)}
	case ".yml", ".yaml":
		var doc yaml.Node
		if err := yaml.Unmarshal(text, &doc); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		scripts = ofYAML(&doc, "")
	case ".hcl":
		return ofHCL(t, file, text)
	}
	var out [][]string
	for _, s := range scripts {
		parsed, err := syntax.NewParser(syntax.Variant(syntax.LangBash)).Parse(strings.NewReader(s), file)
		if err != nil {
			t.Errorf("%s: %v\n%s", file, err, s)
			continue
		}
		syntax.Walk(parsed, func(n syntax.Node) bool {
			if c, ok := n.(*syntax.CallExpr); ok {
				if args, ok := ofPlanreach(words(c)); ok {
					out = append(out, args)
				}
			}
			return true
		})
	}
	return out
}

var (
	fence  = regexp.MustCompile("(?ms)^```(\\w+)\\n(.*?)^```")
	inline = regexp.MustCompile("`([^`]+)`")
	prompt = regexp.MustCompile(`(?m)^\$ (.*)$`)
	// placeholder stands in a command for what is to be filled in.
	placeholder = regexp.MustCompile(`\[([A-Z]+)(?:\.\.\.)?\]|\.\.\.`)
)

// ofMarkdown is the shell in a page: its blocks, and spans that are a command.
func ofMarkdown(text string) []string {
	var out []string
	for _, block := range fence.FindAllStringSubmatch(text, -1) {
		switch block[1] {
		case "sh":
			out = append(out, block[2])
		case "console":
			for _, line := range prompt.FindAllStringSubmatch(block[2], -1) {
				out = append(out, line[1])
			}
		}
	}
	for _, span := range inline.FindAllStringSubmatch(fence.ReplaceAllString(text, ""), -1) {
		if strings.HasPrefix(span[1], "planreach ") {
			out = append(out, placeholder.ReplaceAllString(strings.ReplaceAll(span[1], "\n", " "), "$1"))
		}
	}
	return out
}

// runKeys are the keys of YAML files whose values are shell.
var runKeys = regexp.MustCompile(`^(run|script|before_script|after_script|before_init|after_plan|entry)$`)

// ofYAML is the shell in a YAML document.
func ofYAML(n *yaml.Node, key string) []string {
	var out []string
	switch n.Kind {
	case yaml.ScalarNode:
		if runKeys.MatchString(key) {
			out = append(out, n.Value)
		}
	case yaml.MappingNode:
		for i := 0; i < len(n.Content); i += 2 {
			out = append(out, ofYAML(n.Content[i+1], n.Content[i].Value)...)
		}
	case yaml.DocumentNode, yaml.SequenceNode:
		for _, c := range n.Content {
			out = append(out, ofYAML(c, key)...)
		}
	case yaml.AliasNode:
		out = ofYAML(n.Alias, key)
	}
	return out
}

// ofHCL is the command lines in a Terragrunt file, whose hooks have them as lists.
func ofHCL(t *testing.T, file string, text []byte) [][]string {
	parsed, diags := hclsyntax.ParseConfig(text, file, hcl.InitialPos)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	var out [][]string
	walk := func(n hclsyntax.Node) hcl.Diagnostics {
		a, ok := n.(*hclsyntax.Attribute)
		if !ok || a.Name != "execute" {
			return nil
		}
		v, diags := a.Expr.Value(nil)
		if diags.HasErrors() {
			return diags
		}
		var line []string
		for _, word := range v.AsValueSlice() {
			line = append(line, word.AsString())
		}
		if args, ok := ofPlanreach(line); ok {
			out = append(out, args)
		}
		return nil
	}
	if diags := hclsyntax.VisitAll(parsed.Body.(*hclsyntax.Body), walk); diags.HasErrors() {
		t.Fatal(diags)
	}
	return out
}

// words is the words of a call, with variables by their names; a word that may
// become many is left out.
func words(c *syntax.CallExpr) []string {
	var out []string
	for _, w := range c.Args {
		text, many := "", false
		for _, part := range w.Parts {
			syntax.Walk(part, func(n syntax.Node) bool {
				switch n := n.(type) {
				case *syntax.Lit:
					text += n.Value
				case *syntax.SglQuoted:
					text += n.Value
				case *syntax.ParamExp:
					text += n.Param.Value
					many = many || n.Index != nil
					return false
				case *syntax.CmdSubst:
					return false
				}
				return true
			})
		}
		if !many {
			out = append(out, text)
		}
	}
	return out
}

// ofPlanreach is the arguments if a command line calls planreach.
func ofPlanreach(line []string) ([]string, bool) {
	if len(line) > 2 && line[0] == "go" && line[1] == "run" {
		line = line[2:]
	}
	if len(line) < 2 || path.Base(line[0]) != "planreach" {
		return nil, false
	}
	return line[1:], true
}

// usageError is what the program says of a command line that it does not
// understand, before it looks at any file.
var usageError = regexp.MustCompile(`unknown output format|would go to stdout|names no file|--[a-z-]+ is `)

// understood reports whether the program understands the arguments.
func understood(args []string) error {
	var stderr bytes.Buffer
	p := &program{stdin: strings.NewReader(""), stdout: &bytes.Buffer{}, stderr: &stderr}
	root := p.command()
	root.InitDefaultCompletionCmd()
	c, rest, err := root.Find(args)
	if err != nil {
		return err
	}
	if !c.Runnable() && c != root {
		return fmt.Errorf("%s is not a command", c.CommandPath())
	}
	c.InitDefaultHelpFlag()
	if err := c.ParseFlags(rest); err != nil {
		return err
	}
	if err := c.ValidateArgs(c.Flags().Args()); err != nil {
		return err
	}
	if p.run(args); usageError.MatchString(stderr.String()) {
		return fmt.Errorf("%s", &stderr)
	}
	return nil
}

// A recipe with a mistake is noticed.
func TestUnderstood(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, wrong := range []string{
		"chekc plan.json", "check --soft", "check -o pdf", "check -o json -o json", "why a b c --brief",
		"schema", "version now", "check --fail-on nothing",
	} {
		if err := understood(strings.Fields(wrong)); err == nil {
			t.Errorf("planreach %s is let through", wrong)
		}
	}
	if err := understood(strings.Fields("check plan.json -o json=x --soft-fail")); err != nil {
		t.Error(err)
	}
}
