package assertions

import (
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// selectorArguments are the arguments that hold selectors of ends, by kind of
// block.
var selectorArguments = map[string][]string{
	"must_reach":     {"from", "to", "through", "avoid"},
	"must_not_reach": {"from", "to", "unless_through"},
	"only":           {"from", "to", "unless_through"},
	"no_new":         {"from", "to", "unless_through"},
	"isolate":        {"groups"},
	"group":          {"members", "exclude"},
}

// Expand is the text of one of the set's *.reach.hcl files, by its path, in
// canonical layout and with the addresses of what short names mean in the plan.
// Names of groups stay, and so does a name that means only some instances of a
// resource, or something else in another instance of the module.
func (s *Set) Expand(inv Inventory, path string, src []byte) ([]byte, hcl.Diagnostics) {
	file, diags := hclsyntax.ParseConfig(src, path, hcl.InitialPos)
	if diags.HasErrors() {
		return nil, diags
	}
	i := slices.IndexFunc(s.infos, func(f File) bool { return f.Path == path })
	if i < 0 {
		panic("assertions: no file of the set is called " + path)
	}
	at := slices.IndexFunc(s.scopes, func(sc *scope) bool { return sc.dir == s.infos[i].Dir })
	w := newWorld(inv, 0)
	x := expander{}
	for _, m := range w.modulesIn(s.infos[i].Dir) {
		in, more := s.instance(s.scopes[at], m, w)
		x.instances, diags = append(x.instances, in), append(diags, more...)
	}
	if diags.HasErrors() || len(x.instances) == 0 {
		return src, diags
	}
	x.body(file.Body.(*hclsyntax.Body), "")
	out, more := Format(path, apply(src, x.edits))
	return out, append(diags, more...)
}

// An expander collects the places of short names.
type expander struct {
	instances []*instance
	edits     []edit
}

func (x *expander) body(body *hclsyntax.Body, kind string) {
	for _, name := range selectorArguments[kind] {
		if a := body.Attributes[name]; a != nil {
			x.expression(a.Expr)
		}
	}
	for _, name := range arrowLists[kind] {
		if a := body.Attributes[name]; a != nil {
			x.arrows(a.Expr)
		}
	}
	for _, b := range body.Blocks {
		x.body(b.Body, b.Type)
	}
}

func (x *expander) expression(expr hclsyntax.Expression) {
	switch e := expr.(type) {
	case *hclsyntax.ParenthesesExpr:
		x.expression(e.Expression)
	case *hclsyntax.TupleConsExpr:
		for _, one := range e.Exprs {
			x.expression(one)
		}
	case *hclsyntax.FunctionCallExpr:
		if e.Name == "all" || e.Name == "any" {
			for _, one := range e.Args {
				x.expression(one)
			}
		}
	case *hclsyntax.ConditionalExpr:
		x.expression(e.TrueResult)
		x.expression(e.FalseResult)
	case *hclsyntax.TemplateExpr:
		if text, ok := literalText(e); ok {
			x.name(text, e.Range(), quote)
		}
	case *hclsyntax.ScopeTraversalExpr, *hclsyntax.IndexExpr:
		if text, ok := x.instances[0].bare(expr); ok {
			x.name(text, expr.Range(), func(address string) string { return address })
		}
	default:
	}
}

func literalText(e *hclsyntax.TemplateExpr) (string, bool) {
	if !e.IsStringLiteral() {
		return "", false
	}
	v, diags := e.Value(nil)
	return v.AsString(), !diags.HasErrors()
}

// name replaces a short name.
func (x *expander) name(text string, at hcl.Range, write func(string) string) {
	s, f := parseSelector(text, nil)
	if f != nil {
		return
	}
	if address := x.address(s); address != "" {
		x.edits = append(x.edits, edit{at, write(address)})
	}
}

// arrows replaces short names in the flows of a list.
func (x *expander) arrows(expr hclsyntax.Expression) {
	list, ok := expr.(*hclsyntax.TupleConsExpr)
	if !ok {
		return
	}
	for _, e := range list.Exprs {
		t, ok := e.(*hclsyntax.TemplateExpr)
		if !ok {
			continue
		}
		text, ok := literalText(t)
		if !ok {
			continue
		}
		flow, f := parseFlow(text)
		if f != nil {
			continue
		}
		changed := false
		sides := [][]arrowEnd{flow.from, flow.to}
		for _, q := range flow.qualifiers {
			sides = append(sides, q.ends)
		}
		for _, side := range sides {
			for i := range side {
				if address := x.address(side[i].what); address != "" {
					side[i].text, changed = address, true
				}
			}
		}
		if changed {
			x.edits = append(x.edits, edit{t.Range(), quote(flow.String())})
		}
	}
}

// address is the address that means the same as a short name in every instance of
// the module; empty if there is none, or the selector is no short name.
func (x *expander) address(s selector) string {
	name, ok := s.(nameSelector)
	if !ok {
		return ""
	}
	out := ""
	for _, in := range x.instances {
		if !name.index.one && in.scope.groups[name.name] != nil {
			return ""
		}
		resources, _ := in.named(name.name)
		if len(resources) != 1 {
			return ""
		}
		a, f := parseAddress(resources[0], nil)
		if f != nil {
			panic("assertions: not an address: " + resources[0])
		}
		a.name.index = name.index
		short, diags := in.find(written{what: s}, lookupOptions{})
		whole, more := in.find(written{what: addressSelector{a}}, lookupOptions{})
		if diags.HasErrors() || more.HasErrors() || !slices.Equal(short.ends, whole.ends) || out != "" && out != a.String() {
			return ""
		}
		out = a.String()
	}
	return out
}
