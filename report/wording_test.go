package report

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
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
