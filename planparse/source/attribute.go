package source

import (
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/planreach/planreach/netmodel"
	"github.com/planreach/planreach/planparse"
)

// attributeOf is the attribute of an object that e certainly is, if e is written
// as that and as nothing else: where aws_instance.app[count.index].id is the id
// of one instance, aws_instance.app[count.index].private_ip is its address.
// steps bounds the definitions that are followed.
func (s settler) attributeOf(e hclsyntax.Expression, at env, steps int) (planparse.Identity, bool) {
	var asked hclsyntax.Expression
	var root, attr string
	switch e := e.(type) {
	case *hclsyntax.ParenthesesExpr:
		return s.attributeOf(e.Expression, at, steps)
	case *hclsyntax.ScopeTraversalExpr:
		if inner, where, ok := s.definition(e.Traversal, at); ok && steps > 0 {
			return s.attributeOf(inner, where, steps-1)
		}
		var id hcl.Traversal
		id, attr = withID(e.Traversal)
		root, asked = e.Traversal.RootName(), &hclsyntax.ScopeTraversalExpr{Traversal: id, SrcRange: e.SrcRange}
		if each, ok := at.forEach.(*hclsyntax.ScopeTraversalExpr); ok && root == "each" && len(id) == 3 && len(each.Traversal) == 2 {
			root = each.Traversal.RootName()
		}
	case *hclsyntax.RelativeTraversalExpr:
		index, ok := e.Source.(*guardedIndex)
		if !ok {
			return planparse.Identity{}, false
		}
		of, ok := index.Collection.(*hclsyntax.ScopeTraversalExpr)
		if !ok {
			return planparse.Identity{}, false
		}
		var id hcl.Traversal
		id, attr = withID(e.Traversal)
		root, asked = of.Traversal.RootName(), &hclsyntax.RelativeTraversalExpr{Source: e.Source, Traversal: id, SrcRange: e.SrcRange}
	}
	if attr == "" {
		return planparse.Identity{}, false
	}
	v, ok := s.everywhere(asked, at)
	if !ok || v.Type() != cty.String || v.IsNull() {
		return planparse.Identity{}, false
	}
	id, ok := s.symbols.term(v.AsString()).Identity()
	if !ok || id.Attr != "id" || !s.isOfType(id.Address, root) {
		return planparse.Identity{}, false // of something else that has an id
	}
	return planparse.Identity{Address: id.Address, Attr: attr}, true
}

// withID is t with the name of its last attribute replaced by id, and that name;
// empty if t does not end in one.
func withID(t hcl.Traversal) (hcl.Traversal, string) {
	if len(t) == 0 {
		return t, ""
	}
	last, ok := t[len(t)-1].(hcl.TraverseAttr)
	if !ok {
		return t, ""
	}
	out := slices.Clone(t)
	out[len(out)-1] = hcl.TraverseAttr{Name: "id", SrcRange: last.SrcRange}
	return out, last.Name
}

// isOfType reports whether the resource at a is of the given type.
func (s settler) isOfType(a netmodel.Address, typeName string) bool {
	return slices.ContainsFunc(s.plan.Resources, func(r *planparse.Resource) bool {
		return r.Address == a && r.Mode == planparse.Managed && r.Type == typeName
	})
}
