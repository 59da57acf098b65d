package source

import (
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"

	"github.com/planreach/planreach/planparse"
)

// A resolver settles the open values of one plan.
type resolver struct {
	sources   *Sources
	plan      *planparse.Plan
	types     map[string]*planparse.ResourceType
	wanted    func(string) bool
	symbols   *symbols
	functions map[string]function.Function
	instances map[string][]*planparse.Resource // by module address and blockName, in order of their keys
	scopes    map[string]*scope                // by module address
	// present are the instance keys of module calls that the plan has objects in.
	present map[presentKey][]any
	usages  map[hclsyntax.Expression]*usage
	worlds  []*world
	// checks are whether the sources agree with what the plan knows.
	checks map[*planparse.Resource]*verdict
}

// A world evaluates the sources under one naming. It remembers what it has
// evaluated.
type world struct {
	*resolver
	naming int
	memo   map[memoKey]*entry
	stack  []*entry
}

type memoKind uint8

const (
	memoLocal memoKind = iota
	memoVariable
	memoOutput
	memoResource
	memoModule
	memoForEach
	memoKeys
	memoFilled
	memoAttribute
	memoConfigured
)

type memoKey struct {
	kind     memoKind
	scope    *scope
	resource *planparse.Resource
	call     *call
	block    *block
	name     string
}

// An entry is one thing evaluated.
type entry struct {
	value cty.Value
	done  bool
	// symbolic: a symbol took part, so that the value may differ in other
	// namings. ordered: so did the order of texts.
	symbolic, ordered bool
}

// maxStack bounds how long a chain of definitions is followed.
const maxStack = 5000

// remember is f of k, evaluated once. What leads back to itself is unknown.
func (w *world) remember(k memoKey, f func() cty.Value) cty.Value {
	e := w.memo[k]
	if e == nil && w.naming > 0 {
		if first := w.worlds[0].memo[k]; first != nil && first.done && !first.symbolic {
			e = first
		}
	}
	if e == nil {
		if len(w.stack) > maxStack {
			return cty.DynamicVal
		}
		e = &entry{}
		w.memo[k] = e
		w.stack = append(w.stack, e)
		e.value = f()
		w.stack = w.stack[:len(w.stack)-1]
		e.done = true
	}
	if len(w.stack) > 0 {
		top := w.stack[len(w.stack)-1]
		top.symbolic = top.symbolic || e.symbolic
		top.ordered = top.ordered || e.ordered
	}
	if !e.done {
		return cty.DynamicVal
	}
	return e.value
}

// entry is what is remembered of k, or nil.
func (w *world) entry(k memoKey) *entry {
	if e := w.memo[k]; e != nil || w.naming == 0 {
		return e
	}
	return w.worlds[0].memo[k]
}

// useSymbol is the text of a symbol in this world.
func (w *world) useSymbol(id planparse.Identity, typ string, modelled bool) cty.Value {
	s := w.symbols.byID[id]
	if s == nil {
		t := w.types[typ]
		s = &symbol{id: id, typ: typ, modelled: modelled, address: t != nil && slices.Contains(t.Addresses, id.Attr)}
		w.symbols.byID[id] = s
	}
	if len(w.stack) > 0 {
		w.stack[len(w.stack)-1].symbolic = true
	}
	return cty.StringVal(w.symbols.text(s, w.naming))
}

// orderMatters notes that the value being evaluated depends on the order of
// texts, if symbols take part in it.
func (w *world) orderMatters() {
	if len(w.stack) > 0 {
		w.stack[len(w.stack)-1].ordered = true
	}
}

// An env is where an expression stands.
type env struct {
	scope *scope
	// key and forEach are those of the resource or module call around it.
	key     any
	forEach hclsyntax.Expression
	// iterators are the names that dynamic blocks define.
	iterators map[string]cty.Value
}

func (r *resolver) usage(e hclsyntax.Expression) *usage {
	u := r.usages[e]
	if u == nil {
		u = usageOf(e)
		r.usages[e] = u
	}
	return u
}

// eval is the value of e; unknown if it cannot be evaluated.
func (w *world) eval(e hclsyntax.Expression, at env) cty.Value {
	if l, ok := e.(*hclsyntax.LiteralValueExpr); ok {
		return l.Val
	}
	u := w.usage(e)
	if u.ordered {
		w.orderMatters()
	}
	v, diags := e.Value(&hcl.EvalContext{Variables: w.variables(u, at), Functions: w.functions})
	if diags.HasErrors() {
		return cty.DynamicVal
	}
	return v
}

// variables are the values of all that u refers to.
func (w *world) variables(u *usage, at env) map[string]cty.Value {
	if len(u.references) == 0 {
		return nil
	}
	v := varTree{}
	refs := u.references
	for i := 0; i < len(refs); {
		r := refs[i]
		if it, ok := at.iterators[r.root]; ok {
			v[r.root] = it
			for i++; i < len(refs) && refs[i].root == r.root; i++ {
			}
			continue
		}
		// References to one object follow each other: what is used of it is
		// handed over together.
		j := i + 1
		for j < len(refs) && refs[j].root == r.root && refs[j].typ == r.typ && refs[j].name == r.name {
			j++
		}
		w.add(v, refs[i:j], at)
		i = j
	}
	return v.values()
}

// varTree is values by names, or varTrees.
type varTree map[string]any

func (v varTree) at(names ...string) varTree {
	for _, n := range names {
		inner, ok := v[n].(varTree)
		if !ok {
			inner = varTree{}
			v[n] = inner
		}
		v = inner
	}
	return v
}

func (v varTree) values() map[string]cty.Value {
	out := make(map[string]cty.Value, len(v))
	for name, x := range v {
		switch x := x.(type) {
		case cty.Value:
			out[name] = x
		case varTree:
			out[name] = cty.ObjectVal(x.values())
		}
	}
	return out
}

func (w *world) add(v varTree, refs []reference, at env) {
	r := refs[0]
	switch r.root {
	case "local":
		v.at("local")[r.name] = w.local(at.scope, r.name)
	case "var":
		v.at("var")[r.name] = w.variable(at.scope, r.name)
	case "count", "each":
		if x, ok := w.repetition(at, r); ok {
			v.at(r.root)[r.name] = x
		}
	case "path":
		v.at("path")[r.name] = w.path(at.scope, r.name)
	case "terraform", "tofu":
		x := cty.UnknownVal(cty.String)
		if r.name == "workspace" && w.sources.workspace != "" {
			x = cty.StringVal(w.sources.workspace)
		}
		v.at(r.root)[r.name] = x
	case "module":
		v.at("module")[r.name] = w.moduleValue(at.scope, r.name, refs)
	case "data":
		v.at("data", r.typ)[r.name] = w.resourceValue(at.scope, planparse.Data, r.typ, r.name, refs)
	case "self", "ephemeral", "resource":
		v[r.root] = cty.DynamicVal
	default:
		if r.name == "" {
			v[r.root] = cty.DynamicVal
			return
		}
		v.at(r.root)[r.name] = w.resourceValue(at.scope, planparse.Managed, r.root, r.name, refs)
	}
}

func (w *world) path(s *scope, name string) cty.Value {
	switch name {
	case "module":
		return cty.StringVal(s.module.dir)
	case "root":
		return cty.StringVal(".")
	}
	return cty.UnknownVal(cty.String)
}

// repetition is count.index, each.key or each.value.
func (w *world) repetition(at env, r reference) (cty.Value, bool) {
	switch k := at.key.(type) {
	case int:
		return cty.NumberIntVal(int64(k)), r.root == "count" && r.name == "index"
	case string:
		switch r.root + "." + r.name {
		case "each.key":
			return cty.StringVal(k), true
		case "each.value":
			return w.eachValue(at, k), true
		}
	}
	return cty.DynamicVal, true
}

func (w *world) eachValue(at env, key string) cty.Value {
	if at.forEach == nil {
		return cty.DynamicVal
	}
	all := w.forEachValue(at)
	if !all.IsKnown() || all.IsNull() {
		return cty.DynamicVal
	}
	switch ty := all.Type(); {
	case ty.IsSetType():
		return cty.StringVal(key)
	case ty.IsObjectType() && ty.HasAttribute(key):
		return all.GetAttr(key)
	case ty.IsMapType():
		if has := all.HasIndex(cty.StringVal(key)); has.IsKnown() && has.True() {
			return all.Index(cty.StringVal(key))
		}
	}
	return cty.DynamicVal
}

// forEachValue is what at.forEach says, in the scope where it stands.
func (w *world) forEachValue(at env) cty.Value {
	type holder struct{ hclsyntax.Expression }
	k := memoKey{kind: memoForEach, scope: at.scope, name: rangeName(holder{at.forEach})}
	return w.remember(k, func() cty.Value {
		v, _ := w.eval(at.forEach, env{scope: at.scope}).Unmark()
		return v
	})
}

func rangeName(e hclsyntax.Expression) string { return e.Range().String() }

func (w *world) local(s *scope, name string) cty.Value {
	e := s.module.locals[name]
	if e == nil {
		return cty.DynamicVal
	}
	return w.remember(memoKey{kind: memoLocal, scope: s, name: name}, func() cty.Value { return w.eval(e, env{scope: s}) })
}

func (w *world) output(s *scope, name string) cty.Value {
	e := s.module.outputs[name]
	if e == nil {
		return cty.DynamicVal
	}
	return w.remember(memoKey{kind: memoOutput, scope: s, name: name}, func() cty.Value { return w.eval(e, env{scope: s}) })
}
