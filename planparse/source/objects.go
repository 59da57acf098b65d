package source

import (
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"github.com/planreach/planreach/planparse"
)

// keyText is an instance key as it stands in an address.
func keyText(key any) string {
	switch k := key.(type) {
	case int:
		return "[" + strconv.Itoa(k) + "]"
	case string:
		return "[" + string(hclsyntaxQuote(k)) + "]"
	}
	return ""
}

// attributesOf is what refs use of the instances; nil: everything.
func attributesOf(refs []reference, single bool) []string {
	var out []string
	for _, r := range refs {
		if r.attr == "" || (single && r.through) {
			return nil
		}
		out = append(out, r.attr)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// resourceValue is what an expression in s sees of a resource or data block.
func (w *world) resourceValue(s *scope, mode planparse.Mode, typ, name string, refs []reference) cty.Value {
	b := s.module.resources[blockName(mode, typ, name)]
	if b == nil || s.module.problem != "" {
		return cty.DynamicVal
	}
	attrs := attributesOf(refs, b.count == nil && b.forEach == nil)
	k := memoKey{kind: memoResource, scope: s, block: b, name: strings.Join(attrs, " ")}
	return w.remember(k, func() cty.Value { return w.instancesValue(s, b, attrs) })
}

func (w *world) instancesValue(s *scope, b *block, attrs []string) cty.Value {
	name := blockName(b.mode, b.typ, b.name)
	rs := w.instances[s.address+"\x00"+name]
	if !w.wanted(typeName(b.mode, b.typ)) || !w.complete(s, b, rs) {
		return cty.DynamicVal
	}
	switch {
	case b.count != nil:
		out := make([]cty.Value, len(rs))
		for i, r := range rs {
			if k, ok := r.Key.(int); !ok || k != i {
				return cty.DynamicVal
			}
			out[i] = w.instance(r, attrs)
		}
		return cty.TupleVal(out)
	case b.forEach != nil:
		out := map[string]cty.Value{}
		for _, r := range rs {
			k, ok := r.Key.(string)
			if !ok {
				return cty.DynamicVal
			}
			out[k] = w.instance(r, attrs)
		}
		return cty.ObjectVal(out)
	case len(rs) == 1 && rs[0].Key == nil:
		return w.instance(rs[0], attrs)
	}
	return cty.DynamicVal
}

func typeName(mode planparse.Mode, typ string) string {
	if mode == planparse.Data {
		return "data." + typ
	}
	return typ
}

// complete reports whether rs are certainly all instances of b in s.
func (w *world) complete(s *scope, b *block, rs []*planparse.Resource) bool {
	if b.count == nil && b.forEach == nil {
		return len(rs) == 1
	}
	keys, ok := w.keys(s, b.count, b.forEach)
	if !ok {
		// Terraform needs to know the keys to make a plan: all it found are here.
		return w.plan.Complete
	}
	if len(keys) != len(rs) {
		return false
	}
	for i, r := range rs {
		if r.Key != keys[i] {
			return false
		}
	}
	return true
}

// keys are the instance keys that count or for_each make, in order; ok is
// false if they cannot be evaluated. Without both there is one, nil.
func (w *world) keys(s *scope, count, forEach hclsyntax.Expression) (keys []any, ok bool) {
	switch {
	case count != nil:
		v, err := convert.Convert(unmarked(w.remember(memoKey{kind: memoKeys, scope: s, name: rangeName(count)}, func() cty.Value {
			return w.eval(count, env{scope: s})
		})), cty.Number)
		if err != nil || !v.IsKnown() || v.IsNull() {
			return nil, false
		}
		n, _ := v.AsBigFloat().Int64()
		if n < 0 || n > 1<<20 {
			return nil, false
		}
		for i := range int(n) {
			keys = append(keys, i)
		}
		return keys, true
	case forEach != nil:
		v := w.forEachValue(env{scope: s, forEach: forEach})
		if !v.IsKnown() || v.IsNull() || !v.CanIterateElements() {
			return nil, false
		}
		for it := v.ElementIterator(); it.Next(); {
			k, e := it.Element()
			if v.Type().IsSetType() {
				k = e
			}
			k, _ = k.Unmark()
			if k.Type() != cty.String || !k.IsKnown() || k.IsNull() || holdsSymbol(k.AsString()) {
				return nil, false
			}
			keys = append(keys, k.AsString())
		}
		return keys, true
	}
	return []any{nil}, true
}

func unmarked(v cty.Value) cty.Value {
	v, _ = v.Unmark()
	return v
}

// instance is the object that one resource instance is; attrs nil: all of it.
func (w *world) instance(r *planparse.Resource, attrs []string) cty.Value {
	if attrs == nil {
		attrs = r.Value(planparse.After).FieldNames()
	}
	out := make(map[string]cty.Value, len(attrs))
	for _, a := range attrs {
		out[a] = w.attribute(r, a)
	}
	return cty.ObjectVal(out)
}

// moduleValue is what an expression in s sees of a module call.
func (w *world) moduleValue(s *scope, name string, refs []reference) cty.Value {
	c := s.module.calls[name]
	if c == nil || c.module == nil || c.module.problem != "" || s.module.problem != "" {
		return cty.DynamicVal
	}
	attrs := attributesOf(refs, c.count == nil && c.forEach == nil)
	if attrs == nil {
		attrs = sortedKeys(c.module.outputs)
	}
	k := memoKey{kind: memoModule, scope: s, call: c, name: strings.Join(attrs, " ")}
	return w.remember(k, func() cty.Value { return w.outputsValue(s, name, c, attrs) })
}

func (w *world) outputsValue(s *scope, name string, c *call, attrs []string) cty.Value {
	keys, ok := w.keys(s, c.count, c.forEach)
	if !ok || c.enabled != nil {
		return cty.DynamicVal
	}
	for _, key := range w.present[presentKey{s, c}] {
		if !slices.Contains(keys, key) {
			return cty.DynamicVal // the plan knows better
		}
	}
	list := make([]cty.Value, len(keys))
	byKey := map[string]cty.Value{}
	for i, key := range keys {
		child := w.child(s, name, key)
		outputs := make(map[string]cty.Value, len(attrs))
		for _, a := range attrs {
			outputs[a] = w.output(child, a)
		}
		list[i] = cty.ObjectVal(outputs)
		if k, ok := key.(string); ok {
			byKey[k] = list[i]
		}
	}
	switch {
	case c.count != nil:
		return cty.TupleVal(list)
	case c.forEach != nil:
		return cty.ObjectVal(byKey)
	}
	return list[0]
}

// variable is the value of an input variable.
func (w *world) variable(s *scope, name string) cty.Value {
	v := s.module.variables[name]
	if v == nil || v.problem {
		return cty.DynamicVal
	}
	return w.remember(memoKey{kind: memoVariable, scope: s, name: name}, func() cty.Value { return w.variableValue(s, name, v) })
}

func (w *world) variableValue(s *scope, name string, v *variable) cty.Value {
	given := cty.NilVal
	if s.parent == nil {
		value := w.plan.Variables[name]
		if value.Kind() == planparse.Absent || v.ephemeral {
			return cty.DynamicVal // apply may give it another value
		}
		given = plainCty(value)
	} else if e := s.call.arguments[name]; e != nil {
		given = w.eval(e, env{scope: s.parent, key: s.key, forEach: s.call.forEach})
	}
	if given != cty.NilVal && !v.nullable && w.symbols.absent(given) {
		return cty.DynamicVal // what may be null may be replaced by a default
	}
	if given == cty.NilVal || (!v.nullable && given.IsNull()) {
		if v.def == nil {
			return cty.DynamicVal
		}
		given = w.eval(v.def, env{scope: s})
	}
	return w.convert(given, v)
}

// convert is v as the variable takes it.
func (w *world) convert(given cty.Value, v *variable) cty.Value {
	bare, marks := given.UnmarkDeep()
	bare = w.symbols.loosened(bare, v.typ, v.defaults)
	if v.defaults != nil && !bare.IsNull() {
		bare = v.defaults.Apply(bare)
	}
	out, err := convert.Convert(bare, v.typ)
	if err != nil {
		return cty.DynamicVal
	}
	if makesSets(v.typ) {
		w.orderMatters()
		if !w.symbols.certainSets(out) {
			return cty.DynamicVal
		}
	}
	switch {
	case len(marks) == 0 || !v.typ.HasDynamicTypes():
		return out // the conversion has settled what is a set
	case v.typ == cty.DynamicPseudoType:
		return given
	}
	return out.Mark(untyped{})
}

// makesSets reports whether a conversion to ty can make a set.
func makesSets(ty cty.Type) bool {
	switch {
	case ty.IsSetType():
		return true
	case ty.IsCollectionType():
		return makesSets(ty.ElementType())
	case ty.IsTupleType():
		return slices.ContainsFunc(ty.TupleElementTypes(), makesSets)
	case ty.IsObjectType():
		for _, a := range ty.AttributeTypes() {
			if makesSets(a) {
				return true
			}
		}
	}
	return false
}

// hclsyntaxQuote writes s as a quoted text of the language.
func hclsyntaxQuote(s string) []byte {
	var b []byte
	b = append(b, '"')
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '\n':
			b = append(b, `\n`...)
		case c == '\r':
			b = append(b, `\r`...)
		case c == '\t':
			b = append(b, `\t`...)
		case c == '"' || c == '\\':
			b = append(b, '\\', c)
		case (c == '$' || c == '%') && i+1 < len(s) && s[i+1] == '{':
			b = append(b, c, c)
		default:
			b = append(b, c)
		}
	}
	return append(b, '"')
}
