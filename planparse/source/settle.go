package source

import (
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/planreach/planreach/planparse"
)

// Resolver settles the values that p leaves open. types are the models that
// say which attributes are identities, sets and aliases. Call Check first.
func (s *Sources) Resolver(p *planparse.Plan, types []*planparse.ResourceType) planparse.Resolver {
	r := &resolver{
		sources: s, plan: p,
		types:     map[string]*planparse.ResourceType{},
		wanted:    s.Wants(types),
		symbols:   s.symbols,
		functions: newFunctions(s.symbols, s.files, p.Timestamp),
		instances: map[string][]*planparse.Resource{},
		scopes:    map[string]*scope{"": {module: s.root}},
		usages:    map[hclsyntax.Expression]*usage{},
		present:   map[presentKey][]any{},
		checks:    map[*planparse.Resource]*verdict{},
	}
	for _, t := range types {
		r.types[t.Name] = t
	}
	for _, x := range p.Resources {
		exists := x.Value(planparse.After).Kind() == planparse.Object
		if exists && x.Action != planparse.Delete && x.Action != planparse.Forget {
			k := x.Module + "\x00" + blockName(x.Mode, x.Type, x.Name)
			r.instances[k] = append(r.instances[k], x)
			r.notePresent(x)
		}
	}
	for _, xs := range r.instances {
		slices.SortStableFunc(xs, func(a, b *planparse.Resource) int { return compareKeys(a.Key, b.Key) })
	}
	r.world(0)
	s.resolver = r
	return r
}

func compareKeys(a, b any) int {
	if x, ok := a.(int); ok {
		if y, ok := b.(int); ok {
			return x - y
		}
	}
	x, _ := a.(string)
	y, _ := b.(string)
	return strings.Compare(x, y)
}

func (r *resolver) world(n int) *world {
	for len(r.worlds) <= n {
		r.worlds = append(r.worlds, &world{resolver: r, naming: len(r.worlds), memo: map[memoKey]*entry{}})
	}
	return r.worlds[n]
}

// Settle implements planparse.Resolver.
func (r *resolver) Settle(x *planparse.Resource) planparse.Value {
	after := x.Value(planparse.After)
	if after.Kind() != planparse.Object {
		return after
	}
	r.world(0).check(x)
	out := map[string]planparse.Value{}
	for _, name := range after.FieldNames() {
		v := after.Field(name)
		if !v.IsWhole() {
			v = r.settle(x, name, v)
		}
		out[name] = v
	}
	v := planparse.ObjectValue(out)
	if after.IsSensitive() {
		v = v.MarkSensitive()
	}
	return v
}

// settle is the attribute called name of x, whose value in the plan is v.
func (r *resolver) settle(x *planparse.Resource, name string, v planparse.Value) planparse.Value {
	first := r.world(0)
	first.stack = []*entry{{}}
	values := []cty.Value{first.filled(x, name)}
	if e := first.stack[0]; e.symbolic {
		n := fewNamings
		if e.ordered {
			n = namings
		}
		for i := 1; i < n; i++ {
			values = append(values, r.world(i).filled(x, name))
		}
	}
	first.stack = nil
	s := settler{resolver: r, resource: x, t: r.types[x.TypeName()]}
	if s.isOwn(values[0], name) {
		return s.open(v, name)
	}
	if s.uncounted(v, name) {
		return s.open(s.keep(v, planparse.HoleValue(nil)), name)
	}
	return s.value(v, values, name)
}

// isOwn reports whether c is the symbol of an address of the resource itself, called
// name: that it is equal to itself says nothing.
func (s settler) isOwn(c cty.Value, name string) bool {
	if c.IsNull() || !c.IsKnown() || c.Type() != cty.String {
		return false
	}
	c, _ = c.Unmark()
	own := s.symbols.bare(c.AsString())
	return own != nil && own.address && own.id == planparse.Identity{Address: s.resource.Address, Attr: name}
}

// A settler turns the values of one attribute under each naming into what is
// certain.
type settler struct {
	*resolver
	resource *planparse.Resource
	t        *planparse.ResourceType
	// differ: what is below is known not to agree.
	differ bool
}

func (s settler) value(v planparse.Value, values []cty.Value, path string) planparse.Value {
	if v.IsWhole() {
		return v
	}
	first := values[0]
	if !first.IsKnown() {
		return s.open(v, path)
	}
	kind := first.Type()
	for _, c := range values[1:] {
		if !c.IsKnown() || c.IsNull() != first.IsNull() || (!c.IsNull() && !alike(kind, c.Type())) {
			s.differ = true
			return s.open(v, path)
		}
	}
	switch {
	case first.IsNull():
		s.sources.stats.Exact++
		return s.keep(v, planparse.NullValue())
	case kind.IsPrimitiveType():
		return s.primitive(v, values, path)
	case kind.IsObjectType():
		return s.object(v, values, path)
	}
	return s.array(v, values, path)
}

// alike reports whether values of types a and b can agree: both are objects,
// both arrays, or both the same primitive.
func alike(a, b cty.Type) bool {
	switch {
	case a.IsPrimitiveType() || b.IsPrimitiveType():
		return a == b
	case a.IsObjectType() || b.IsObjectType():
		return a.IsObjectType() && b.IsObjectType()
	}
	return a.IsSetType() == b.IsSetType() && a.IsTupleType() == b.IsTupleType()
}

// keep is x with the marks of v.
func (s settler) keep(v, x planparse.Value) planparse.Value {
	if v.IsSensitive() {
		return x.MarkSensitive()
	}
	return x
}

func (s settler) primitive(v planparse.Value, values []cty.Value, path string) planparse.Value {
	first := values[0]
	for n, c := range values {
		if !c.RawEquals(s.respell(first, n)) {
			s.differ = true
			return s.open(v, path)
		}
	}
	s.sources.stats.Exact++
	switch first.Type() {
	case cty.Number:
		return s.keep(v, planparse.NumberValue(primitiveText(first)))
	case cty.Bool:
		return s.keep(v, planparse.BoolValue(first.True()))
	}
	text := first.AsString()
	if !holdsSymbol(text) {
		return s.keep(v, planparse.StringValue(text))
	}
	l := s.leaf(v, path)
	l.Kind, l.Term = planparse.Exact, s.symbols.term(text)
	return s.keep(v, planparse.HoleValue(l))
}

// respell is v of naming 0 under naming n.
func (r *resolver) respell(v cty.Value, n int) cty.Value {
	if n == 0 || !symbolic(v) {
		return v
	}
	out, err := cty.Transform(v, func(_ cty.Path, x cty.Value) (cty.Value, error) {
		if x.Type() == cty.String && x.IsKnown() && !x.IsNull() {
			return cty.StringVal(r.symbols.respell(x.AsString(), n)), nil
		}
		return x, nil
	})
	if err != nil {
		return cty.DynamicVal
	}
	return out
}

func (s settler) object(v planparse.Value, values []cty.Value, path string) planparse.Value {
	first := values[0]
	out := map[string]planparse.Value{}
	// Computed keys are spelled differently in each naming.
	for name := range first.Type().AttributeTypes() {
		if holdsSymbol(name) {
			return s.open(v, path)
		}
		inner := make([]cty.Value, len(values))
		for n, c := range values {
			if !c.Type().HasAttribute(name) || len(c.Type().AttributeTypes()) != len(first.Type().AttributeTypes()) {
				s.differ = true
				return s.open(v, path)
			}
			inner[n] = c.GetAttr(name)
		}
		out[name] = s.value(v.Field(name), inner, path+"."+name)
	}
	return s.keep(v, planparse.ObjectValue(out))
}

func (s settler) array(v planparse.Value, values []cty.Value, path string) planparse.Value {
	first := values[0]
	elements := first.AsValueSlice()
	if first.Type().IsSetType() || (s.t != nil && slices.Contains(s.t.Sets, path)) {
		if !s.sameSets(values) {
			s.differ = true
			return s.open(v, path)
		}
		values = values[:1]
	}
	if first.Type().IsSetType() {
		slices.SortStableFunc(elements, func(a, b cty.Value) int { return strings.Compare(s.sortKey(a), s.sortKey(b)) })
	}
	out := make([]planparse.Value, len(elements))
	for i := range elements {
		inner := []cty.Value{elements[i]}
		for _, c := range values[1:] {
			if c.LengthInt() != len(elements) || c.Type().IsSetType() != first.Type().IsSetType() {
				s.differ = true
				return s.open(v, path)
			}
			inner = append(inner, c.AsValueSlice()[i])
		}
		out[i] = s.value(s.element(v, i, len(elements), first), inner, path+"["+keyDigits(i)+"]")
	}
	if len(elements) == 0 && slices.ContainsFunc(values, func(c cty.Value) bool { return c.LengthInt() > 0 }) {
		s.differ = true
		return s.open(v, path)
	}
	return s.keep(v, planparse.ListValue(out))
}

func keyDigits(i int) string { return strings.Trim(keyText(i), "[]") }

// sortKey orders the elements of a set: what is known first.
func (s settler) sortKey(v cty.Value) string {
	if v.Type() != cty.String || !v.IsKnown() || v.IsNull() {
		return ""
	}
	var b strings.Builder
	for _, p := range s.symbols.term(v.AsString()) {
		b.WriteString(p.Literal + string(p.Identity.Address) + "." + p.Identity.Attr)
	}
	if holdsSymbol(v.AsString()) {
		return "1" + b.String()
	}
	return "0" + b.String()
}

// element is the plan's view of element i of the array that was evaluated.
func (s settler) element(v planparse.Value, i, n int, first cty.Value) planparse.Value {
	if v.Kind() == planparse.List && len(v.Elements()) == n && !first.Type().IsSetType() {
		return v.Elements()[i]
	}
	return s.keep(v, planparse.HoleValue(nil))
}

// sameSets reports whether all namings have the same elements, in any order.
func (s settler) sameSets(values []cty.Value) bool {
	for n, c := range values {
		if n == 0 {
			continue
		}
		if c.LengthInt() != values[0].LengthInt() {
			return false
		}
		left := c.AsValueSlice()
		for _, e := range values[0].AsValueSlice() {
			want := s.respell(e, n)
			i := slices.IndexFunc(left, func(x cty.Value) bool { return x.RawEquals(want) })
			if i < 0 {
				return false
			}
			left = slices.Delete(left, i, i+1)
		}
	}
	return true
}

// open is v with every hole explained.
func (s settler) open(v planparse.Value, path string) planparse.Value {
	switch v.Kind() {
	case planparse.Hole:
		l := s.leaf(v, path)
		s.explain(l, path)
		switch l.Kind {
		case planparse.Candidates:
			s.sources.stats.Candidates++
		case planparse.Exact:
			s.sources.stats.Exact++
		case planparse.Unknown:
			s.sources.stats.Unknown++
		}
		return s.keep(v, planparse.HoleValue(l))
	case planparse.List:
		out := make([]planparse.Value, len(v.Elements()))
		for i, e := range v.Elements() {
			out[i] = s.open(e, path+"["+keyDigits(i)+"]")
		}
		return s.keep(v, planparse.ListValue(out))
	case planparse.Object:
		out := map[string]planparse.Value{}
		for _, name := range v.FieldNames() {
			out[name] = s.open(v.Field(name), path+"."+name)
		}
		return s.keep(v, planparse.ObjectValue(out))
	case planparse.Absent, planparse.Null, planparse.String, planparse.Number, planparse.Bool:
	}
	return v
}

// leaf is what every leaf at path has.
func (s settler) leaf(v planparse.Value, path string) *planparse.Leaf {
	return &planparse.Leaf{
		Sensitive: v.IsSensitive(),
		Assumed:   s.sources.planFile == nil || s.plan.Timestamp == "",
		Expr:      s.rangeOf(path),
	}
}
