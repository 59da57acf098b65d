package source

import (
	"cmp"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// A reference is one named thing that an expression uses.
type reference struct {
	root string // "local", "var", "module", "data", "each", …, or a resource type
	typ  string // of a data source
	name string
	// attr is the attribute used of each instance, or the output; empty: all.
	attr string
	// through: attr is used of what an index or a for expression finds, which is
	// an instance only if there are several.
	through bool
}

// A usage is what an expression uses, found out once.
type usage struct {
	references []reference
	// ordered: the expression holds something that depends on the order of
	// texts, if symbols take part.
	ordered bool
	// calls are the names of the functions called.
	calls []string
}

// usageOf is what e uses.
func usageOf(e hclsyntax.Expression) *usage {
	f := &usageFinder{usage: &usage{}, done: map[hclsyntax.Node]bool{}}
	hclsyntax.Walk(e, f) //nolint:errcheck // Enter and Exit find no fault
	u := f.usage
	u.references = compact(u.references)
	return u
}

// A usageFinder walks an expression. Where it sees which attribute of a name
// is used, although the name stands apart from it, it marks the name done.
type usageFinder struct {
	usage *usage
	done  map[hclsyntax.Node]bool
	local []string // names that for expressions define around the current node
}

// Enter implements hclsyntax.Walker.
func (f *usageFinder) Enter(n hclsyntax.Node) hcl.Diagnostics {
	switch n := n.(type) {
	case *hclsyntax.ScopeTraversalExpr:
		if !f.done[n] {
			f.add(n.Traversal, "", false)
		}
	case *hclsyntax.RelativeTraversalExpr: // x[each.key].id
		if index, ok := n.Source.(*guardedIndex); ok {
			f.addThrough(index.Collection, firstName(n.Traversal), true)
		}
	case *hclsyntax.SplatExpr: // x[*].id
		each, ok := n.Each.(*hclsyntax.RelativeTraversalExpr)
		source, guarded := n.Source.(*guardedScalar)
		if ok && guarded {
			f.addThrough(source.Expression, firstName(each.Traversal), false)
		}
	case *guardedScalar:
		return f.Enter(n.Expression)
	case *guardedKeys:
		f.enterKeys(n)
	case *hclsyntax.ForExpr:
		f.enterFor(n)
	case *hclsyntax.FunctionCallExpr:
		f.usage.calls = append(f.usage.calls, n.Name)
		switch functionClass(n.Name) {
		case ordering, merging:
			f.usage.ordered = true
		case structural, comparing, present, content, formatting, splitting, absent:
		}
	case hclsyntax.ChildScope:
		for name := range n.LocalNames {
			f.local = append(f.local, name)
		}
	}
	return nil
}

// Exit implements hclsyntax.Walker.
func (f *usageFinder) Exit(n hclsyntax.Node) hcl.Diagnostics {
	if scope, ok := n.(hclsyntax.ChildScope); ok {
		f.local = f.local[:len(f.local)-len(scope.LocalNames)]
	}
	return nil
}

func (f *usageFinder) enterKeys(n *guardedKeys) {
	switch e := n.Expression.(type) {
	case *hclsyntax.ForExpr:
		f.usage.ordered = true
		f.enterFor(e)
	case *hclsyntax.ObjectConsExpr:
		for _, item := range e.Items {
			if _, literal := literalText(item.KeyExpr); !literal {
				f.usage.ordered = true
			}
		}
	}
}

// enterFor sees which attributes [for s in x : s.id] uses of x.
func (f *usageFinder) enterFor(e *hclsyntax.ForExpr) {
	source, ok := e.CollExpr.(*hclsyntax.ScopeTraversalExpr)
	if !ok || len(source.Traversal) > 3 || f.done[source] {
		return
	}
	var attrs []string
	whole := false
	for _, inner := range []hclsyntax.Expression{e.KeyExpr, e.ValExpr, e.CondExpr} {
		if inner == nil {
			continue
		}
		for _, t := range hclsyntax.Variables(inner) {
			if t.RootName() != e.ValVar {
				continue
			}
			name := firstName(t[1:])
			whole = whole || name == ""
			attrs = append(attrs, name)
		}
	}
	if whole || len(attrs) == 0 {
		return
	}
	for _, a := range attrs {
		f.addThrough(source, a, true)
	}
}

// addThrough adds the attribute attr of what e names.
func (f *usageFinder) addThrough(e hclsyntax.Expression, attr string, through bool) {
	if t, ok := e.(*hclsyntax.ScopeTraversalExpr); ok && attr != "" && f.add(t.Traversal, attr, through) {
		f.done[t] = true
	}
}

// firstName is the name of t's first step, empty if it is none.
func firstName(t hcl.Traversal) string {
	if len(t) == 0 {
		return ""
	}
	if a, ok := t[0].(hcl.TraverseAttr); ok {
		return a.Name
	}
	return ""
}

// add adds what t refers to; attr is what is used of it beyond t. It is false
// if attr cannot be told apart.
func (f *usageFinder) add(t hcl.Traversal, attr string, through bool) bool {
	r := reference{root: t.RootName()}
	if slices.Contains(f.local, r.root) {
		return true
	}
	rest := t[1:]
	if r.root == "data" {
		if r.typ = firstName(rest); r.typ == "" {
			return false
		}
		rest = rest[1:]
	}
	if r.name = firstName(rest); r.name == "" {
		f.usage.references = append(f.usage.references, r)
		return false
	}
	rest = rest[1:]
	if hasInstances(r.root) {
		if len(rest) > 0 {
			if _, ok := rest[0].(hcl.TraverseIndex); ok {
				rest, through = rest[1:], true
			}
		}
		r.through = through
		switch name := firstName(rest); {
		case name != "" && attr != "":
			// x.id.foo, x[0].id[*].foo: the attribute is the one in t.
			r.attr = name
			f.usage.references = append(f.usage.references, r)
			return true
		case name != "":
			r.attr = name
		case len(rest) == 0:
			r.attr = attr
		}
	}
	f.usage.references = append(f.usage.references, r)
	return true
}

// hasInstances reports whether root names resources, data or modules.
func hasInstances(root string) bool {
	switch root {
	case "local", "var", "each", "count", "path", "terraform", "self":
		return false
	}
	return true
}

// functionClass is the class of the function called name.
func functionClass(name string) class {
	name = strings.TrimPrefix(name, "core::")
	if r, ok := functionTable()[name]; ok {
		return r.class
	}
	if name == "templatefile" {
		return ordering // for what the template may hold
	}
	return content
}

func compact(refs []reference) []reference {
	slices.SortFunc(refs, func(a, b reference) int {
		return cmp.Or(strings.Compare(a.root, b.root), strings.Compare(a.typ, b.typ), strings.Compare(a.name, b.name),
			strings.Compare(a.attr, b.attr), compareBools(a.through, b.through))
	})
	return slices.Compact(refs)
}

func compareBools(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}
