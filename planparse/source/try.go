package source

import (
	"errors"
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/ext/customdecode"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
)

// An untyped mark is on the elements of a JSON array of the plan. Terraform may
// hold a set there, which cannot be indexed.
type untyped struct{}

// A shapeless mark is on the arrays and objects of the plan's JSON. They behave
// as Terraform's lists and maps, but are not of their types, so that == cannot
// be trusted.
type shapeless struct{}

// holdsUntyped reports whether v holds what came out of a JSON array.
func holdsUntyped(v cty.Value) bool {
	_, marks := v.UnmarkDeep()
	_, ok := marks[untyped{}]
	return ok
}

// An outcome is what is certain about an expression in try or can.
type outcome uint8

const (
	unsure outcome = iota
	succeeds
	fails
)

// tryFunc is try. Where apply might take another branch the result is unknown.
var tryFunc = function.New(&function.Spec{
	VarParam: &function.Parameter{Name: "expressions", Type: customdecode.ExpressionClosureType},
	Type: func(args []cty.Value) (cty.Type, error) {
		v, err := try(args)
		return v.Type(), err
	},
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) { return try(args) },
})

func try(args []cty.Value) (cty.Value, error) {
	for _, arg := range args {
		switch v, o := attempt(customdecode.ExpressionClosureFromVal(arg)); o {
		case succeeds:
			return v, nil
		case unsure:
			return cty.DynamicVal, nil
		case fails:
		}
	}
	return cty.DynamicVal, errors.New("no expression succeeded")
}

// canFunc is can.
var canFunc = function.New(&function.Spec{
	Params: []function.Parameter{{Name: "expression", Type: customdecode.ExpressionClosureType}},
	Type:   function.StaticReturnType(cty.Bool),
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		switch _, o := attempt(customdecode.ExpressionClosureFromVal(args[0])); o {
		case succeeds:
			return cty.True, nil
		case fails:
			return cty.False, nil
		case unsure:
		}
		return cty.UnknownVal(cty.Bool), nil
	},
})

func attempt(c *customdecode.ExpressionClosure) (cty.Value, outcome) {
	v, diags := c.Value()
	if diags.HasErrors() {
		if slices.ContainsFunc(diags, certain) {
			return cty.DynamicVal, fails
		}
		return cty.DynamicVal, unsure
	}
	if isPath(c.Expression) {
		// Parts of what a path leads to may be unknown: the way there is not.
		if v.HasMark(untyped{}) || !v.IsKnown() {
			return cty.DynamicVal, unsure
		}
		return v, succeeds
	}
	if holdsUntyped(v) || !v.IsWhollyKnown() {
		return cty.DynamicVal, unsure
	}
	return v, succeeds
}

// certain reports whether apply is certain to meet the error d too.
func certain(d *hcl.Diagnostic) bool {
	switch d.Summary {
	case "Invalid index", "Unsupported attribute", "Missing map element",
		"Attempt to index null value", "Attempt to get attribute from null value":
		return true
	case "Error in function call", "Invalid function argument":
		return failsForCertain(d)
	}
	return false
}

// failsForCertain reports whether the function call of d fails on arguments
// that are all known and hold no symbol.
func failsForCertain(d *hcl.Diagnostic) bool {
	f, ok := d.Expression.(*hclsyntax.FunctionCallExpr)
	if !ok || d.EvalContext == nil {
		return false
	}
	for _, a := range f.Args {
		v, diags := a.Value(d.EvalContext)
		if diags.HasErrors() || !v.IsWhollyKnown() || v.ContainsMarked() || symbolic(v) {
			return false
		}
	}
	return f.Name != "try" && f.Name != "can"
}

// isPath reports whether e only walks from a name to a part of it, by names and
// literal or known keys.
func isPath(e hcl.Expression) bool {
	switch e := e.(type) {
	case *hclsyntax.ScopeTraversalExpr:
		return true
	case *hclsyntax.RelativeTraversalExpr:
		return isPath(e.Source)
	case *hclsyntax.ParenthesesExpr:
		return isPath(e.Expression)
	case *guardedIndex:
		if !isPath(e.Collection) {
			return false
		}
		_, literal := e.Key.(*hclsyntax.LiteralValueExpr)
		return literal || isPath(e.Key) || isPlainTemplate(e.Key)
	}
	return false
}

func isPlainTemplate(e hclsyntax.Expression) bool {
	t, ok := e.(*hclsyntax.TemplateExpr)
	return ok && t.IsStringLiteral()
}
