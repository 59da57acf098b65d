package source

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// A guard makes the operations of parsed expressions that compare texts, and
// that the language does itself, sound for symbols: ==, !=, an index, computed
// keys.
type guard struct{ symbols *symbols }

func (g guard) body(b *hclsyntax.Body) {
	for _, a := range b.Attributes {
		a.Expr = g.expr(a.Expr)
	}
	for _, inner := range b.Blocks {
		if inner.Type != "variable" { // holds a type and constants only
			g.body(inner.Body)
		}
	}
}

// expr is e with guarded operations; e is changed in place as far as possible.
func (g guard) expr(e hclsyntax.Expression) hclsyntax.Expression {
	switch e := e.(type) {
	case nil:
		return nil
	case *hclsyntax.BinaryOpExpr:
		e.LHS, e.RHS = g.expr(e.LHS), g.expr(e.RHS)
		if e.Op == hclsyntax.OpEqual || e.Op == hclsyntax.OpNotEqual {
			return &guardedComparison{e, g.symbols}
		}
	case *hclsyntax.UnaryOpExpr:
		e.Val = g.expr(e.Val)
	case *hclsyntax.ParenthesesExpr:
		e.Expression = g.expr(e.Expression)
	case *hclsyntax.FunctionCallExpr:
		g.list(e.Args)
	case *hclsyntax.ConditionalExpr:
		e.Condition, e.TrueResult, e.FalseResult = g.expr(e.Condition), g.expr(e.TrueResult), g.expr(e.FalseResult)
		return &guardedConditional{e, g.symbols}
	case *hclsyntax.RelativeTraversalExpr:
		e.Source = g.expr(e.Source)
	case *hclsyntax.TupleConsExpr:
		g.list(e.Exprs)
	case *hclsyntax.TemplateExpr:
		g.list(e.Parts)
	case *hclsyntax.TemplateWrapExpr:
		e.Wrapped = g.expr(e.Wrapped)
	case *hclsyntax.TemplateJoinExpr:
		e.Tuple = g.expr(e.Tuple)
	case *hclsyntax.SplatExpr:
		e.Source, e.Each = &guardedScalar{g.expr(e.Source), g.symbols}, g.expr(e.Each)
	case *hclsyntax.IndexExpr:
		e.Collection, e.Key = g.expr(e.Collection), g.expr(e.Key)
		return &guardedIndex{e, g.symbols}
	case *hclsyntax.ObjectConsKeyExpr:
		e.Wrapped = g.expr(e.Wrapped)
	case *hclsyntax.ObjectConsExpr:
		for i := range e.Items {
			e.Items[i].KeyExpr, e.Items[i].ValueExpr = g.expr(e.Items[i].KeyExpr), g.expr(e.Items[i].ValueExpr)
		}
		return &guardedKeys{e, g.symbols}
	case *hclsyntax.ForExpr:
		e.CollExpr, e.KeyExpr, e.ValExpr, e.CondExpr = g.expr(e.CollExpr), g.expr(e.KeyExpr), g.expr(e.ValExpr), g.expr(e.CondExpr)
		if e.KeyExpr != nil {
			return &guardedKeys{e, g.symbols}
		}
	}
	return e
}

func (g guard) list(es []hclsyntax.Expression) {
	for i := range es {
		es[i] = g.expr(es[i])
	}
}

// A guardedComparison is == or !=.
type guardedComparison struct {
	*hclsyntax.BinaryOpExpr
	symbols *symbols
}

// Value implements hcl.Expression.
func (e *guardedComparison) Value(ctx *hcl.EvalContext) (cty.Value, hcl.Diagnostics) {
	a, diags := e.LHS.Value(ctx)
	b, more := e.RHS.Value(ctx)
	if diags = append(diags, more...); diags.HasErrors() {
		return cty.UnknownVal(cty.Bool), diags
	}
	want := e.Op == hclsyntax.OpEqual
	out := cty.UnknownVal(cty.Bool)
	switch e.symbols.compare(a, b) {
	case equal:
		out = cty.BoolVal(want)
	case different:
		out = cty.BoolVal(!want)
	case perhaps:
	}
	return out.WithSameMarks(a, b), diags
}

// A guardedConditional may turn one of its results into a set.
type guardedConditional struct {
	*hclsyntax.ConditionalExpr
	symbols *symbols
}

// Value implements hcl.Expression.
func (e *guardedConditional) Value(ctx *hcl.EvalContext) (cty.Value, hcl.Diagnostics) {
	v, diags := e.ConditionalExpr.Value(ctx)
	return e.symbols.orUnknown(v), diags
}

// A guardedScalar is what a splat is applied to: a list of one, or of none if it
// is null.
type guardedScalar struct {
	hclsyntax.Expression
	symbols *symbols
}

// Value implements hcl.Expression.
func (e *guardedScalar) Value(ctx *hcl.EvalContext) (cty.Value, hcl.Diagnostics) {
	v, diags := e.Expression.Value(ctx)
	if e.symbols.absent(v) {
		return cty.DynamicVal.WithSameMarks(v), diags
	}
	return v, diags
}

// A guardedIndex looks a key up that may hold a symbol.
type guardedIndex struct {
	*hclsyntax.IndexExpr
	symbols *symbols
}

// Value implements hcl.Expression.
func (e *guardedIndex) Value(ctx *hcl.EvalContext) (cty.Value, hcl.Diagnostics) {
	key, diags := e.Key.Value(ctx)
	if diags.HasErrors() || !symbolic(key) || key.Type() != cty.String {
		return e.IndexExpr.Value(ctx)
	}
	coll, diags := e.Collection.Value(ctx)
	if diags.HasErrors() {
		return cty.DynamicVal, diags
	}
	key, _ = key.Unmark()
	coll, _ = coll.Unmark()
	if ty := coll.Type(); coll.IsKnown() && !coll.IsNull() && (ty.IsMapType() || ty.IsObjectType()) {
		for it := coll.ElementIterator(); it.Next(); {
			k, _ := it.Element()
			k, _ = k.Unmark()
			if e.symbols.compareTexts(k.AsString(), key.AsString()) == perhaps {
				return cty.DynamicVal, nil
			}
		}
	}
	return e.IndexExpr.Value(ctx)
}

// A guardedKeys makes an object whose keys may hold symbols.
type guardedKeys struct {
	hclsyntax.Expression // *hclsyntax.ObjectConsExpr or *hclsyntax.ForExpr
	symbols              *symbols
}

// Value implements hcl.Expression.
func (e *guardedKeys) Value(ctx *hcl.EvalContext) (cty.Value, hcl.Diagnostics) {
	v, diags := e.Expression.Value(ctx)
	bare, _ := v.Unmark()
	if diags.HasErrors() || !bare.IsKnown() || bare.IsNull() || !bare.Type().IsObjectType() {
		return v, diags
	}
	var keys []cty.Value
	computed := false
	for name := range bare.Type().AttributeTypes() {
		keys = append(keys, cty.StringVal(name))
		computed = computed || holdsSymbol(name)
	}
	if computed && (!e.symbols.distinct(keys...) || !e.symbols.made(keys...)) {
		return cty.DynamicVal, diags
	}
	return v, diags
}
