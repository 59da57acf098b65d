package planparse

import "slices"

// A ReferenceResolver settles what it can from plan JSON alone, which keeps of
// an expression only the names that occur in it. So it names candidates and says
// why it does not know more; it never decides.
type ReferenceResolver struct {
	// Trust takes the only candidate of a link as the link
	// (--trust-references), if nothing else occurs in the expression. It may be
	// wrong: md5(x.id) and x.id look the same.
	Trust bool

	plan      *Plan
	types     map[string]*ResourceType
	instances map[block][]*Resource
	findings  map[question]*finding
}

// A question is what made a Hole. All instances of a resource block have the
// same answer.
type question struct {
	block
	path   string
	hidden bool
}

// A block is a resource block within a module instance.
type block struct{ module, typeName, name string }

// References is the resolver for p, whose resources are of the given types.
func References(p *Plan, types []*ResourceType) *ReferenceResolver {
	s := &ReferenceResolver{plan: p, types: map[string]*ResourceType{}, instances: map[block][]*Resource{}, findings: map[question]*finding{}}
	for _, t := range types {
		s.types[t.Name] = t
	}
	for _, r := range p.Resources {
		if r.Value(After).Kind() != Absent {
			b := block{r.Module, r.TypeName(), r.Name}
			s.instances[b] = append(s.instances[b], r)
		}
	}
	return s
}

// Settle is r's value after the plan with every Hole explained.
func (s *ReferenceResolver) Settle(r *Resource) Value {
	v := r.Value(After)
	config := s.config(r.Module, r.TypeName(), r.Name)
	if v.Kind() != Object || config == nil || config.Expressions.Kind != ExprBlock {
		return v
	}
	w := settling{s, block{r.Module, r.TypeName(), r.Name}, scope{r.Module, config.ForEach}}
	return v.each(func(_ int, name string, field Value) Value {
		from := member([]Expression{config.Expressions}, name)
		return w.value(field, name, from, len(from) == 0 && isBlocks(field))
	})
}

func (s *ReferenceResolver) config(module, typeName, name string) *ConfigResource {
	if s.plan.Config == nil {
		return nil
	}
	if m := s.plan.Config.at(module); m != nil {
		return m.Resources[typeName+"."+name]
	}
	return nil
}

// A settling is the walk through the arguments of a resource.
type settling struct {
	*ReferenceResolver
	block  block
	within scope
}

// value settles v, which stands at path. from are the expressions that may have
// made it: nested blocks are in another order in the plan, so all of them may.
// hidden tells that something else may have made it, which plan JSON does not
// show.
func (w settling) value(v Value, path string, from []Expression, hidden bool) Value {
	if v.IsWhole() {
		return v
	}
	switch v.Kind() {
	case Hole:
		return w.hole(v, path, from, hidden, w.isSet(path))
	case List:
		if blocks, ok := blocksOf(from); ok {
			// Other than the written blocks: a dynamic block made some.
			from, hidden = blocks, hidden || len(v.Elements()) != len(blocks)
		}
		return v.each(func(_ int, _ string, e Value) Value {
			if e.Kind() == Hole {
				return w.hole(e, path, from, hidden, false)
			}
			return w.value(e, path, from, hidden)
		})
	case Object:
		return v.each(func(_ int, name string, field Value) Value {
			return w.value(field, path+"."+name, member(from, name), hidden)
		})
	case Absent, Null, String, Number, Bool:
	}
	return v
}

// isBlocks reports whether v looks like nested blocks.
func isBlocks(v Value) bool {
	return slices.ContainsFunc(v.Elements(), func(e Value) bool { return e.Kind() == Object })
}

// blocksOf is the nested blocks of all expressions.
func blocksOf(from []Expression) (blocks []Expression, ok bool) {
	for _, e := range from {
		if e.Kind == ExprBlocks {
			blocks, ok = append(blocks, e.Blocks...), true
		}
	}
	return blocks, ok
}

// member is what may have made the member called name: that of a block, or an
// expression that stands for all of it.
func member(from []Expression, name string) []Expression {
	var out []Expression
	for _, e := range from {
		if e.Kind == ExprBlock {
			e = e.Fields[name]
		}
		if e.Kind != ExprAbsent {
			out = append(out, e)
		}
	}
	return out
}

// hole explains v, which is a Hole and, if set, stands for a whole set.
func (w settling) hole(v Value, path string, from []Expression, hidden, set bool) Value {
	if len(from) == 0 && !hidden {
		return w.unset(v, path)
	}
	f := w.find(path, from, hidden)
	if _, isLink := w.accepted(path); isLink && f.ok && w.Trust {
		exact := explained(v, &Leaf{Kind: Exact, Term: Term{{Identity: f.only}}})
		if set {
			return ListValue([]Value{exact})
		}
		return exact
	}
	return explained(v, f.leaf)
}

// find is what the expressions lead to.
func (w settling) find(path string, from []Expression, hidden bool) *finding {
	q := question{w.block, path, hidden}
	if f := w.findings[q]; f != nil {
		return f
	}
	var t trail
	if hidden {
		t.obstruct(OpaqueReference, "a dynamic block")
	}
	for _, e := range from {
		w.collect(e, w.within, &t)
	}
	if accepted, isLink := w.accepted(path); isLink {
		t.restrict(accepted)
	}
	f := &finding{leaf: t.leaf()}
	f.only, f.ok = t.only()
	w.findings[q] = f
	return f
}

// unset explains a Hole that no expression in plan JSON makes.
func (w settling) unset(v Value, path string) Value {
	switch {
	case v.Leaf() != nil && v.Leaf().Reason != 0:
		return v
	case w.hasBlocks(path):
		return explained(v, &Leaf{Reason: OpaqueReference, Detail: "it is set by a dynamic block, which plan JSON does not show, or by the provider"})
	}
	return explained(v, &Leaf{Reason: NotIdentity})
}

// explained is the Hole with that leaf, which is not changed.
func explained(hole Value, l *Leaf) Value {
	if hole.IsSensitive() {
		secret := *l
		secret.Sensitive = true
		return HoleValue(&secret).MarkSensitive()
	}
	return HoleValue(l)
}

// accepted is the types that the argument at path may name; ok is false if it
// is not known to be a link.
func (w settling) accepted(path string) (types []string, ok bool) {
	if t := w.types[w.block.typeName]; t != nil {
		types, ok = t.Accepts[path]
	}
	return types, ok
}

func (w settling) isSet(path string) bool {
	t := w.types[w.block.typeName]
	return t != nil && slices.Contains(t.Sets, path)
}

// hasBlocks reports whether the argument at path may be written as blocks.
func (w settling) hasBlocks(path string) bool {
	t := w.types[w.block.typeName]
	if t == nil {
		return false
	}
	for p := range t.Accepts {
		if len(p) > len(path) && p[:len(path)] == path && p[len(path)] == '.' {
			return true
		}
	}
	return w.isSet(path) && len(t.Accepts[path]) == 0
}
