package source

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// blocks is the nested blocks called name, in order; unknown if their number
// is.
func (w *world) blocks(body *hclsyntax.Body, name string, at env) cty.Value {
	var out []cty.Value
	for _, b := range body.Blocks {
		switch {
		case nestedName(b) != name:
		case b.Type != "dynamic":
			if len(b.Labels) > 0 {
				return cty.DynamicVal
			}
			out = append(out, w.object(b.Body, at))
		default:
			made, ok := w.dynamic(b, at)
			if !ok {
				return cty.DynamicVal
			}
			out = append(out, made...)
		}
	}
	return cty.TupleVal(out)
}

// object is one nested block.
func (w *world) object(body *hclsyntax.Body, at env) cty.Value {
	out := map[string]cty.Value{}
	for name, a := range body.Attributes {
		out[name], _ = w.eval(a.Expr, at).UnmarkDeep()
	}
	for _, b := range body.Blocks {
		if name := nestedName(b); out[name] == cty.NilVal {
			out[name] = w.blocks(body, name, at)
		}
	}
	return cty.ObjectVal(out)
}

// dynamic is the blocks that a dynamic block makes; ok is false if it is not
// known how many.
func (w *world) dynamic(b *hclsyntax.Block, at env) (made []cty.Value, ok bool) {
	forEach, content := b.Body.Attributes["for_each"], (*hclsyntax.Body)(nil)
	for _, inner := range b.Body.Blocks {
		if inner.Type == "content" {
			content = inner.Body
		}
	}
	if forEach == nil || content == nil || b.Body.Attributes["labels"] != nil {
		return nil, false
	}
	iterator := iteratorOf(b)
	all, _ := w.eval(forEach.Expr, at).Unmark()
	if !all.IsKnown() || all.IsNull() || !all.CanIterateElements() {
		return nil, false
	}
	if all.Type().IsSetType() {
		if !all.IsWhollyKnown() {
			return nil, false
		}
		w.orderMatters()
	}
	for it := all.ElementIterator(); it.Next(); {
		k, v := it.Element()
		if all.Type().IsSetType() {
			k = v
		}
		inner := at
		inner.iterators = map[string]cty.Value{}
		for name, value := range at.iterators {
			inner.iterators[name] = value
		}
		inner.iterators[iterator] = cty.ObjectVal(map[string]cty.Value{"key": k, "value": v})
		made = append(made, w.object(content, inner))
	}
	return made, true
}

// iteratorOf is the name that the content of the dynamic block b uses.
func iteratorOf(b *hclsyntax.Block) string {
	a := b.Body.Attributes["iterator"]
	if a == nil {
		return nestedName(b)
	}
	if name := hcl.ExprAsKeyword(a.Expr); name != "" {
		return name
	}
	name, _ := literalText(a.Expr) // JSON syntax
	return name
}
