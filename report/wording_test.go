package report

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/planreach/planreach/netmodel"
)

// Every code that netmodel declares has a sentence, and no sentence speaks of a
// code that is gone.
func TestEveryCodeHasASentence(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "../netmodel/code.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	declared := map[netmodel.Code]bool{}
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		if name, ok := spec.Type.(*ast.Ident); ok && name.Name == "Code" {
			for _, v := range spec.Values {
				text, err := strconv.Unquote(v.(*ast.BasicLit).Value)
				if err != nil {
					t.Fatal(err)
				}
				declared[netmodel.Code(text)] = true
			}
		}
		return true
	})
	if len(declared) < 60 {
		t.Fatalf("only %d codes found in netmodel/code.go", len(declared))
	}
	for c := range declared {
		if sentences[c] == "" {
			t.Errorf("the code %s has no sentence", c)
		}
	}
	for c := range sentences {
		if !declared[c] {
			t.Errorf("a sentence for %s, which netmodel does not declare", c)
		}
	}
}

// docs/codes.md lists every code with its sentence.
func TestCodesAreDocumented(t *testing.T) {
	var b strings.Builder
	b.WriteString(`# Explanation codes

Blocks and unknowns carry a code in the field ` + "`code`" + ` of a hop, for people to search
and for programs to compare; notes carry theirs in parentheses. Codes are never
renamed. Those that AWS Reachability Analyzer has mean what they mean there.

| Code | Says |
|---|---|
`)
	for _, c := range slices.Sorted(maps.Keys(sentences)) {
		fmt.Fprintf(&b, "| `%s` | %s |\n", c, sentences[c])
	}
	const path = "../docs/codes.md"
	if *update {
		if err := os.WriteFile(path, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != b.String() {
		t.Errorf("%s is stale; run go test ./report -update", path)
	}
}
