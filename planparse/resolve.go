package planparse

// Resolve is a copy of p in which every resource that the plan leaves open
// somewhere has what resolver settles. Deferred resources stay as they are.
func (p *Plan) Resolve(resolver Resolver) *Plan {
	out := *p
	out.Resources = make([]*Resource, len(p.Resources))
	for i, r := range p.Resources {
		out.Resources[i] = r
		if v := r.Value(After); v.Kind() != Hole && !v.IsWhole() {
			out.Resources[i] = r.Resolved(resolver.Settle(r))
		}
	}
	return &out
}
