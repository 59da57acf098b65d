package planparse

import (
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// longest drops the shortened forms that plan JSON adds after each name:
// ["x[0].id", "x[0]", "x"] says x[0].id.
func longest(names []string) []string {
	var out []string
	last := ""
	for _, name := range names {
		rest, isPrefix := strings.CutPrefix(last, name)
		if !isPrefix || rest == "" || rest[0] != '.' && rest[0] != '[' {
			out = append(out, name)
		}
		last = name
	}
	return out
}

// A reference is the beginning of a name in an expression.
type reference struct {
	root string // "var", "module", …, or the TypeName of a resource; empty if it cannot be read
	name string
	key  any    // nil, int or string
	attr string // empty if it is not shown
}

func parseReference(name string) reference {
	traversal, diags := hclsyntax.ParseTraversalAbs([]byte(name), "", hcl.InitialPos)
	if diags.HasErrors() {
		return reference{}
	}
	r := reference{root: traversal.RootName()}
	steps := traversal[1:]
	if r.root == "data" && len(steps) > 0 {
		typeName, _ := attribute(steps)
		r.root, steps = "data."+typeName, steps[1:]
	}
	var ok bool
	if r.name, ok = attribute(steps); !ok {
		return reference{}
	}
	steps = steps[1:]
	if len(steps) > 0 {
		if index, ok := steps[0].(hcl.TraverseIndex); ok {
			r.key, steps = keyOf(index.Key), steps[1:]
		}
	}
	r.attr, _ = attribute(steps)
	return r
}

func attribute(steps hcl.Traversal) (string, bool) {
	if len(steps) == 0 {
		return "", false
	}
	a, ok := steps[0].(hcl.TraverseAttr)
	return a.Name, ok
}

func keyOf(key cty.Value) any {
	if key.Type() == cty.String {
		return key.AsString()
	}
	n, _ := key.AsBigFloat().Int64()
	return int(n)
}
