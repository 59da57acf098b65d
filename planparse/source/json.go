package source

import (
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	hcljson "github.com/hashicorp/hcl/v2/json"
	"github.com/zclconf/go-cty/cty"
)

// labelsOf is the number of labels of the blocks at the top of a file.
var labelsOf = map[string]int{"resource": 2, "data": 2, "module": 1, "variable": 1, "output": 1, "locals": 0}

// parseJSON translates a .tf.json file into the native syntax, so that all that
// follows knows one kind of expression. A nested block comes out as an
// argument, which means the same here.
func parseJSON(name string, content []byte) (*hclsyntax.Body, hcl.Diagnostics) {
	if diags := validJSON(content, name); diags.HasErrors() {
		return nil, diags
	}
	f, diags := hcljson.Parse(content, name)
	if diags.HasErrors() {
		return nil, diags
	}
	attributes, diags := f.Body.JustAttributes()
	if diags.HasErrors() {
		return nil, diags
	}
	t := &translator{}
	body := &hclsyntax.Body{Attributes: hclsyntax.Attributes{}}
	for _, a := range inSourceOrder(attributes) {
		if n, ok := labelsOf[a.Name]; ok {
			body.Blocks = append(body.Blocks, t.blocks(a.Name, n, nil, a.Expr)...)
		}
	}
	if t.diags.HasErrors() {
		return nil, t.diags
	}
	return body, nil
}

func inSourceOrder(attributes hcl.Attributes) []*hcl.Attribute {
	var out []*hcl.Attribute
	for _, name := range sortedKeys(attributes) {
		out = append(out, attributes[name])
	}
	slices.SortStableFunc(out, func(a, b *hcl.Attribute) int { return a.Range.Start.Byte - b.Range.Start.Byte })
	return out
}

type translator struct{ diags hcl.Diagnostics }

// blocks is the blocks of a type that e describes: objects nested by label, or
// lists of these.
func (t *translator) blocks(typ string, labels int, have []string, e hcl.Expression) []*hclsyntax.Block {
	var out []*hclsyntax.Block
	if list, diags := hcl.ExprList(e); !diags.HasErrors() {
		for _, item := range list {
			out = append(out, t.blocks(typ, labels, have, item)...)
		}
		return out
	}
	if labels == 0 {
		r := e.Range()
		return []*hclsyntax.Block{{
			Type: typ, Labels: have, Body: t.body(e), TypeRange: r,
			OpenBraceRange: r, CloseBraceRange: r,
		}}
	}
	pairs, diags := hcl.ExprMap(e)
	if diags.HasErrors() {
		t.diags = append(t.diags, diags...)
		return nil
	}
	for _, p := range pairs {
		if key := t.key(p.Key); key != "//" {
			out = append(out, t.blocks(typ, labels-1, append(slices.Clone(have), key), p.Value)...)
		}
	}
	return out
}

func (t *translator) key(e hcl.Expression) string {
	v, diags := e.Value(nil)
	if diags.HasErrors() || v.Type() != cty.String {
		t.diags = append(t.diags, diags...)
		return ""
	}
	return v.AsString()
}

func (t *translator) body(e hcl.Expression) *hclsyntax.Body {
	body := &hclsyntax.Body{Attributes: hclsyntax.Attributes{}, SrcRange: e.Range(), EndRange: e.Range()}
	pairs, diags := hcl.ExprMap(e)
	t.diags = append(t.diags, diags...)
	for _, p := range pairs {
		switch name := t.key(p.Key); name {
		case "//", "provisioner", "connection":
		case "dynamic":
			body.Blocks = append(body.Blocks, t.dynamic(p.Value)...)
		case "lifecycle":
			body.Blocks = append(body.Blocks, t.blocks(name, 0, nil, p.Value)...)
		default:
			body.Attributes[name] = &hclsyntax.Attribute{
				Name: name, Expr: t.expression(p.Value),
				SrcRange: hcl.RangeBetween(p.Key.Range(), p.Value.Range()), NameRange: p.Key.Range(), EqualsRange: p.Key.Range(),
			}
		}
	}
	return body
}

func (t *translator) dynamic(e hcl.Expression) []*hclsyntax.Block {
	out := t.blocks("dynamic", 1, nil, e)
	for _, b := range out {
		a := b.Body.Attributes["content"]
		if a == nil {
			continue
		}
		delete(b.Body.Attributes, "content")
		content := &hclsyntax.Body{Attributes: hclsyntax.Attributes{}, SrcRange: a.SrcRange}
		if o, ok := a.Expr.(*hclsyntax.ObjectConsExpr); ok {
			for _, item := range o.Items {
				name, _ := literalText(item.KeyExpr)
				content.Attributes[name] = &hclsyntax.Attribute{
					Name: name, Expr: item.ValueExpr, SrcRange: item.ValueExpr.Range(), NameRange: item.KeyExpr.Range(),
				}
			}
		}
		b.Body.Blocks = append(b.Body.Blocks, &hclsyntax.Block{Type: "content", Body: content, TypeRange: a.SrcRange})
	}
	return out
}

func (t *translator) expression(e hcl.Expression) hclsyntax.Expression {
	if list, diags := hcl.ExprList(e); !diags.HasErrors() {
		out := &hclsyntax.TupleConsExpr{SrcRange: e.Range(), OpenRange: e.StartRange()}
		for _, item := range list {
			out.Exprs = append(out.Exprs, t.expression(item))
		}
		return out
	}
	if pairs, diags := hcl.ExprMap(e); !diags.HasErrors() {
		out := &hclsyntax.ObjectConsExpr{SrcRange: e.Range(), OpenRange: e.StartRange()}
		for _, p := range pairs {
			out.Items = append(out.Items, hclsyntax.ObjectConsItem{KeyExpr: t.expression(p.Key), ValueExpr: t.expression(p.Value)})
		}
		return out
	}
	v, diags := e.Value(nil)
	if diags.HasErrors() {
		t.diags = append(t.diags, diags...)
		return &hclsyntax.LiteralValueExpr{Val: cty.DynamicVal, SrcRange: e.Range()}
	}
	if v.Type() != cty.String || v.IsNull() {
		return &hclsyntax.LiteralValueExpr{Val: v, SrcRange: e.Range()}
	}
	start := e.Range().Start
	start.Column, start.Byte = start.Column+1, start.Byte+1 // after the quote
	out, diags := parseTemplate([]byte(v.AsString()), e.Range().Filename, start)
	t.diags = append(t.diags, diags...)
	if out == nil {
		return &hclsyntax.LiteralValueExpr{Val: cty.DynamicVal, SrcRange: e.Range()}
	}
	return out
}
