package assertions

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const docsPath = "../docs/assertions.md"

var fence = regexp.MustCompile("(?s)```(\\w+)\n(.*?)```")

// TestDocsExamples: every example of the reference is accepted.
func TestDocsExamples(t *testing.T) {
	text, err := os.ReadFile(docsPath)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]int{}
	for _, m := range fence.FindAllStringSubmatch(string(text), -1) {
		kind, body := m[1], m[2]
		seen[kind]++
		switch kind {
		case "hcl":
			parseExample(t, "example.reach.hcl", body)
			formatted, diags := Format("example.reach.hcl", []byte(body))
			if diags.HasErrors() || string(formatted) != body {
				t.Errorf("not in canonical layout: %s\n%s", diags, body)
			}
		case "json":
			parseExample(t, "example.reach.json", body)
		case "flow":
			for line := range strings.Lines(body) {
				line = strings.TrimSpace(line)
				flow, diags := ParseFlow(line)
				if diags.HasErrors() {
					t.Errorf("%s: %s", line, diags)
				} else if flow.String() != line {
					t.Errorf("%s has the normal form %s", line, flow)
				}
			}
		default:
			t.Errorf("a block of %q, which no test reads", kind)
		}
	}
	if seen["hcl"] == 0 || seen["json"] == 0 || seen["flow"] == 0 {
		t.Errorf("no examples: %v", seen)
	}
}

func parseExample(t *testing.T, path, body string) {
	t.Helper()
	if _, diags := Parse(Input{Sources: []Source{{Path: path, Bytes: []byte(body)}}, Version: "0.1.0"}); diags.HasErrors() {
		t.Errorf("%s\n%s", diags, body)
	}
}

// TestDocsTables: what the reference lists is what there is. -update rewrites
// the lists.
func TestDocsTables(t *testing.T) {
	data, err := os.ReadFile(docsPath)
	if err != nil {
		t.Fatal(err)
	}
	services := "| Service | Ports |\n|---|---|\n"
	for _, name := range sortedKeys(builtinServices) {
		services += fmt.Sprintf("| `%s` | %s |\n", name, strings.Join(builtinServices[name], ", "))
	}
	names := sortedKeys(functions)
	for i := range names {
		names[i] = "`" + names[i] + "`"
	}
	text := replaceBetween(t, string(data), "services", services)
	text = replaceBetween(t, text, "functions", "Functions: "+strings.Join(names, ", ")+".\n")
	if *update {
		if err := os.WriteFile(docsPath, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if text != string(data) {
		t.Error("the lists of services or functions are stale; run go test ./assertions -run Docs -update")
	}
}

func replaceBetween(t *testing.T, text, name, by string) string {
	t.Helper()
	begin, end := "<!-- "+name+" -->\n", "<!-- /"+name+" -->"
	before, rest, ok := strings.Cut(text, begin)
	_, after, ok2 := strings.Cut(rest, end)
	if !ok || !ok2 {
		t.Fatalf("no place for %s", name)
	}
	return before + begin + by + end + after
}

// TestDocsWords: every word of the language is in the reference.
func TestDocsWords(t *testing.T) {
	data, err := os.ReadFile(docsPath)
	if err != nil {
		t.Fatal(err)
	}
	for kind, f := range forms {
		for _, w := range slices.Concat(f.args, f.blocks, unsupported[kind]) {
			if !regexp.MustCompile(`\b` + w + `\b`).Match(data) {
				t.Errorf("%s of %q is not in the reference", w, kind)
			}
		}
	}
}
