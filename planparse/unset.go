package planparse

// IsUnset reports whether the configuration certainly leaves r's argument
// called name to the provider, so that a Hole there is the provider's choice
// and not a value that the plan does not tell (TFV-1, TFV-5).
//
// It is false if the plan has no configuration, as a state. A nested block of
// which every instance comes from a dynamic block leaves no trace in the
// configuration: unless a Resolver has read the sources, such blocks whose
// number is known only after apply pass for unset.
func (p *Plan) IsUnset(r *Resource, w World, name string) bool {
	v := r.Value(w).Field(name)
	if l := v.Leaf(); l != nil {
		if l.Unset {
			return true
		}
		if l.Kind != Unknown || l.Reason == UnknownBlocks {
			return false
		}
	}
	set, ok := p.Configured(r, name)
	return ok && (!set || p.isNull(r, name))
}

// isNull reports whether the configuration sets r's argument to a literal null.
func (p *Plan) isNull(r *Resource, name string) bool {
	if p.Config == nil {
		return false
	}
	m := p.Config.at(r.Module)
	if m == nil {
		return false
	}
	c := m.Resources[r.TypeName()+"."+r.Name]
	if c == nil {
		return false
	}
	e := c.Expressions.Fields[name]
	return e.Kind == ExprConstant && e.Constant.IsNone()
}
