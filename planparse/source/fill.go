package source

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/planreach/planreach/planparse"
)

// attribute is what expressions see of an attribute of r.
func (w *world) attribute(r *planparse.Resource, name string) cty.Value {
	return w.remember(memoKey{kind: memoAttribute, resource: r, name: name}, func() cty.Value {
		v := r.Value(planparse.After).Field(name)
		if v.Kind() == planparse.Absent {
			return cty.DynamicVal
		}
		return w.typed(r, name, w.filled(r, name))
	})
}

// filled is an attribute of r in this world: what the plan knows, and what is
// evaluated where it leaves holes.
func (w *world) filled(r *planparse.Resource, name string) cty.Value {
	return w.remember(memoKey{kind: memoFilled, resource: r, name: name}, func() cty.Value {
		return w.identified(r, name, w.fill(r, name))
	})
}

// assumed is the attribute that a value was assumed to be; nil if none was.
func (w *world) assumed(v planparse.Value) (*planparse.Resource, string) {
	if v.Kind() != planparse.Hole || v.Leaf() == nil || v.Leaf().Kind != planparse.Exact {
		return nil, ""
	}
	id, ok := v.Leaf().Term.Identity()
	if !ok {
		return nil, ""
	}
	for _, x := range w.plan.Resources {
		if x.Address == id.Address {
			return x, id.Attr
		}
	}
	return nil, ""
}

func (w *world) fill(r *planparse.Resource, name string) cty.Value {
	v := r.Value(planparse.After).Field(name)
	if v.IsWhole() {
		return plainCty(v)
	}
	if status, ok := w.firewallStatus(r, name); ok {
		return status
	}
	if x, attr := w.assumed(v); x != nil {
		return w.filled(x, attr)
	}
	if r.Mode == planparse.Data {
		return w.found(r, name, v)
	}
	t := w.types[r.TypeName()]
	if t != nil && v.Kind() == planparse.Hole {
		if same, ok := t.Aliases[name]; ok && same != name {
			return w.filled(r, same)
		}
	}
	if r.Existing && v.Kind() == planparse.Hole && isIdentity(t, name) {
		if was := r.Value(planparse.Before).Field(name); was.Kind() == planparse.String {
			return cty.StringVal(was.Text())
		}
	}
	if w.ignored(r, name) {
		return plainCty(v)
	}
	conf, set := w.configured(r, name)
	if !set || (v.Kind() == planparse.Hole && !w.decides(r, name, conf)) || (conf.IsKnown() && conf.IsNull()) {
		if v.Kind() == planparse.Hole && isIdentity(t, name) {
			return w.useSymbol(planparse.Identity{Address: r.Address, Attr: name}, r.TypeName(), t != nil)
		}
		return plainCty(v)
	}
	if w.check(r).disagrees() {
		return plainCty(v)
	}
	out, fits := w.aligner(r).align(v, conf, name)
	if !fits {
		return plainCty(v)
	}
	return out
}

// identified is out, the attribute of r called name, with symbols where nested
// blocks hold identities that the plan does not know.
func (w *world) identified(r *planparse.Resource, name string, out cty.Value) cty.Value {
	t := w.types[r.TypeName()]
	if t == nil || r.Mode == planparse.Data || r.Existing || !out.IsKnown() || out.IsNull() || !out.Type().IsTupleType() {
		return out // what is there already has a name that is known elsewhere
	}
	blocks := out.AsValueSlice()
	for _, path := range t.Identities {
		attr, ok := strings.CutPrefix(path, name+".")
		if !ok {
			continue
		}
		for i, b := range blocks {
			if b.IsKnown() && !b.IsNull() && b.Type().IsObjectType() && b.Type().HasAttribute(attr) && !b.GetAttr(attr).IsKnown() {
				fields := b.AsValueMap()
				id := planparse.Identity{Address: r.Address, Attr: fmt.Sprintf("%s[%d].%s", name, i, attr)}
				fields[attr] = w.useSymbol(id, r.TypeName(), true)
				blocks[i] = cty.ObjectVal(fields)
			}
		}
	}
	return cty.TupleVal(blocks)
}

// ignored reports whether the configuration of an argument may not count,
// because the object was there before and its changes are ignored.
func (r *resolver) ignored(x *planparse.Resource, name string) bool {
	if x.Value(planparse.Before).Kind() != planparse.Object {
		return false
	}
	s := r.scope(x.Module)
	if s == nil {
		return false
	}
	b := s.module.resources[blockName(x.Mode, x.Type, x.Name)]
	return b != nil && b.ignores(name)
}

func (r *resolver) aligner(x *planparse.Resource) aligner {
	return aligner{r.symbols, r.types[x.TypeName()], x.Type == followsConfig}
}

// followsConfig is the type whose arguments are exactly what is configured:
// nothing is computed, and an argument has the type of its expression.
const followsConfig = "terraform_data"

// decides reports whether the configured value conf of an argument says what
// will stand where the plan has nothing but a hole. It does not where it is
// empty, which providers take for unset, nor where it was known when the plan
// was made: then the provider has its own mind.
func (w *world) decides(r *planparse.Resource, name string, conf cty.Value) bool {
	switch {
	case !conf.IsKnown() || r.Type == followsConfig:
		return true
	case isEmpty(conf):
		return false
	}
	e := w.entry(memoKey{kind: memoConfigured, resource: r, name: name})
	return e == nil || e.symbolic || !conf.IsWhollyKnown()
}

// isIdentity reports whether the attribute names the object. t is nil for a
// type without a model.
func isIdentity(t *planparse.ResourceType, name string) bool {
	return name == "id" || name == "arn" || (t != nil && (slices.Contains(t.Identities, name) || slices.Contains(t.Addresses, name)))
}

// configured is what the configuration of r says for an argument, or for the
// nested blocks of that name; set is false if it says nothing.
func (w *world) configured(r *planparse.Resource, name string) (v cty.Value, set bool) {
	s := w.scope(r.Module)
	if s == nil {
		return cty.DynamicVal, name != "id" && name != "arn"
	}
	b := s.module.resources[blockName(r.Mode, r.Type, r.Name)]
	if b == nil || s.module.problem != "" {
		return cty.DynamicVal, name != "id" && name != "arn"
	}
	if !sets(b.body, name) {
		return cty.NilVal, false
	}
	return w.remember(memoKey{kind: memoConfigured, resource: r, name: name}, func() cty.Value {
		at := env{scope: s, key: r.Key, forEach: b.forEach}
		if a := b.body.Attributes[name]; a != nil {
			v, _ := w.eval(a.Expr, at).UnmarkDeep()
			return v
		}
		return w.blocks(b.body, name, at)
	}), true
}

// metaArguments mean something to Terraform itself.
var metaArguments = []string{"count", "for_each", "provider", "depends_on", "lifecycle", "connection", "provisioner"}

// sets reports whether body has an argument or block called name, made by a
// dynamic block or not.
func sets(body *hclsyntax.Body, name string) bool {
	if slices.Contains(metaArguments, name) {
		return false
	}
	return body.Attributes[name] != nil ||
		slices.ContainsFunc(body.Blocks, func(b *hclsyntax.Block) bool { return nestedName(b) == name })
}

// plainCty is v with every hole unknown.
func plainCty(v planparse.Value) cty.Value {
	switch v.Kind() {
	case planparse.Null:
		return cty.NullVal(cty.DynamicPseudoType)
	case planparse.String:
		return cty.StringVal(v.Text())
	case planparse.Number:
		n, err := cty.ParseNumberVal(v.Text())
		if err != nil {
			return cty.DynamicVal
		}
		return n
	case planparse.Bool:
		return cty.BoolVal(v.True())
	case planparse.List:
		out := make([]cty.Value, len(v.Elements()))
		for i, e := range v.Elements() {
			out[i] = plainCty(e)
		}
		return cty.TupleVal(out)
	case planparse.Object:
		out := map[string]cty.Value{}
		for _, name := range v.FieldNames() {
			out[name] = plainCty(v.Field(name))
		}
		return cty.ObjectVal(out)
	case planparse.Absent, planparse.Hole:
	}
	return cty.DynamicVal
}

// typed is the filled value v of an attribute of r as expressions see it. JSON
// does not tell sets from lists: what could be a set cannot be relied on to
// have an order or an index.
func (w *world) typed(r *planparse.Resource, name string, v cty.Value) cty.Value {
	t := w.types[r.TypeName()]
	follows := r.Type == followsConfig
	if conf, set := w.configured(r, name); follows && set && holdsLooseSet(conf) {
		follows = false
	}
	y := typer{w.symbols, t, follows, t != nil && slices.Contains(t.Reads, name), w.orderMatters}
	return y.typed(v, name)
}

// holdsLooseSet reports whether v holds a set that an aligner makes an array
// of: one of anything but known texts.
func holdsLooseSet(v cty.Value) bool {
	if !v.IsKnown() || v.IsNull() || !v.CanIterateElements() {
		return false
	}
	if v.Type().IsSetType() && !allTexts(v.AsValueSlice()) {
		return true
	}
	for it := v.ElementIterator(); it.Next(); {
		if _, e := it.Element(); holdsLooseSet(e) {
			return true
		}
	}
	return false
}

type typer struct {
	symbols *symbols
	t       *planparse.ResourceType // nil: no model
	// follows: the type of an argument is that of what is configured.
	follows bool
	// modelled: t says of this argument what is a set.
	modelled     bool
	orderMatters func()
}

func (y typer) typed(v cty.Value, path string) cty.Value {
	if !v.IsKnown() || v.IsNull() {
		return v
	}
	switch ty := v.Type(); {
	case ty.IsSetType():
		y.orderMatters()
		return v
	case ty.IsTupleType():
		return y.array(v, path)
	case ty.IsObjectType():
		out := map[string]cty.Value{}
		for name := range ty.AttributeTypes() {
			out[name] = y.typed(v.GetAttr(name), path+"."+name)
		}
		return cty.ObjectVal(out).Mark(shapeless{})
	}
	return v
}

func (y typer) array(v cty.Value, path string) cty.Value {
	isSet := y.t != nil && slices.Contains(y.t.Sets, path)
	list := v.AsValueSlice()
	if isSet && allTexts(list) {
		if len(list) == 0 {
			return cty.SetValEmpty(cty.String)
		}
		if !y.symbols.distinct(list...) {
			return cty.DynamicVal // apply may find some of them equal
		}
		y.orderMatters()
		return cty.SetVal(list)
	}
	certainList := y.modelled && !isSet
	if y.follows {
		certainList = symbolic(v) // then the type is the one evaluated
	}
	if !certainList && len(list) > 1 && (symbolic(v) || !v.IsWhollyKnown()) {
		return cty.DynamicVal // the order of a set's elements is not that of the plan
	}
	for i := range list {
		list[i] = y.typed(list[i], path)
		if !certainList {
			list[i] = list[i].Mark(untyped{})
		}
	}
	return cty.TupleVal(list).Mark(shapeless{})
}

func allTexts(list []cty.Value) bool {
	return !slices.ContainsFunc(list, func(v cty.Value) bool { return v.Type() != cty.String || !v.IsKnown() || v.IsNull() })
}
