package source

import (
	"github.com/hashicorp/hcl/v2/ext/typeexpr"
	"github.com/zclconf/go-cty/cty"
)

// loosened is v, which a variable of type ty takes, with what is not known of it
// kept where it stands: a part of unknown type becomes an unknown part of the
// type that the variable gives it, or converting would lose the whole value; and
// a text that may turn out to be null becomes unknown where null is replaced by a
// default.
func (t *symbols) loosened(v cty.Value, ty cty.Type, d *typeexpr.Defaults) cty.Value {
	switch {
	case v.IsNull():
		return v
	case !v.IsKnown():
		if v.Type() == cty.DynamicPseudoType && ty != cty.DynamicPseudoType {
			return cty.UnknownVal(ty.WithoutOptionalAttributesDeep())
		}
		return v
	case v.Type().IsObjectType() && ty.IsObjectType():
		return t.loosenedObject(v, ty, d)
	case (v.Type().IsObjectType() || v.Type().IsMapType()) && ty.IsMapType():
		parts := v.AsValueMap()
		for name, part := range parts {
			parts[name] = t.loosened(part, ty.ElementType(), childOf(d, ""))
		}
		return cty.ObjectVal(parts)
	case (v.Type().IsTupleType() || v.Type().IsListType()) && (ty.IsListType() || ty.IsSetType()):
		parts := v.AsValueSlice()
		for i, part := range parts {
			parts[i] = t.loosened(part, ty.ElementType(), childOf(d, ""))
		}
		return cty.TupleVal(parts)
	}
	return v
}

func (t *symbols) loosenedObject(v cty.Value, ty cty.Type, d *typeexpr.Defaults) cty.Value {
	parts := v.AsValueMap()
	for name, part := range parts {
		if !ty.HasAttribute(name) {
			continue
		}
		of := ty.AttributeType(name)
		if d != nil {
			if _, has := d.DefaultValues[name]; has && t.absent(part) {
				parts[name] = cty.UnknownVal(of.WithoutOptionalAttributesDeep())
				continue
			}
		}
		parts[name] = t.loosened(part, of, childOf(d, name))
	}
	return cty.ObjectVal(parts)
}

// childOf is the defaults inside an attribute, or, for the name "", inside the
// elements of a collection.
func childOf(d *typeexpr.Defaults, name string) *typeexpr.Defaults {
	if d == nil {
		return nil
	}
	return d.Children[name]
}
