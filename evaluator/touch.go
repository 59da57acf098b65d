package evaluator

import (
	"slices"

	"github.com/planreach/planreach/headerspace"
	"github.com/planreach/planreach/netmodel"
)

// touch opens what resources without a model may change, and says which.
func (c *compiled) touch(w *world, d demand, from, to terminal, found map[cell]finding) []*netmodel.Unmodelled {
	var out []*netmodel.Unmodelled
	for i := range c.net.NotModelled {
		u := &c.net.NotModelled[i]
		if !c.mayTouch(w, u, d, from, to) {
			continue
		}
		changed := false
		for k, f := range found {
			before := f.extent
			f.every, f.some = c.reopened(w, u, from, to, k, f.every), c.reopened(w, u, from, to, k, f.some)
			changed = changed || !before.every.Equal(f.every) || !before.some.Equal(f.some)
			found[k] = f
		}
		if changed {
			out = append(out, u)
		}
	}
	return out
}

// reopened is what is left certain of passes with u about.
func (c *compiled) reopened(w *world, u *netmodel.Unmodelled, from, to terminal, k cell, passes headerspace.Tri) headerspace.Tri {
	if u.Effect != netmodel.MayBlock {
		passes = headerspace.NewTri(passes.Yes(), passes.No().Intersect(c.never(w, u, from, to, k.is6)))
	}
	if u.Effect != netmodel.MayOpen {
		passes = passes.Doubt()
	}
	return passes
}

// never is the traffic that u cannot bring through, because the groups of an end
// admit it from nobody, or let it out to nobody. What carries traffic on
// connections of its own is bound by the groups where it arrives only.
func (c *compiled) never(w *world, u *netmodel.Unmodelled, from, to terminal, is6 bool) headerspace.Traffic {
	switch u.Touch {
	case netmodel.TouchesInto:
		return c.refused(w, to, netmodel.Ingress, is6)
	case netmodel.TouchesInternet:
		return c.refused(w, to, netmodel.Ingress, is6).Union(c.refused(w, from, netmodel.Egress, is6))
	case netmodel.TouchesRouted, netmodel.TouchesAll, netmodel.TouchesEnds:
	}
	return headerspace.Traffic{}
}

// refused is the traffic that no member of an endpoint lets pass in one
// direction, whoever the far end is.
func (c *compiled) refused(w *world, t terminal, d netmodel.Direction, is6 bool) headerspace.Traffic {
	if t.endpoint == nil {
		return headerspace.Traffic{}
	}
	out := headerspace.All()
	for _, h := range c.hosts(w, t, is6) {
		if h.i == nil {
			return headerspace.Traffic{}
		}
		out = out.Intersect(c.groupsAdmit(h.party, d, party{is6: is6, moreGroups: true}).No())
	}
	return out
}

// mayTouch reports whether u may bear on flows between two ends beyond the hops
// that meet it as a route target.
func (c *compiled) mayTouch(w *world, u *netmodel.Unmodelled, d demand, from, to terminal) bool {
	switch u.Touch {
	case netmodel.TouchesRouted, netmodel.TouchesEnds:
		return false
	case netmodel.TouchesInternet:
		return c.isOnline(from) && c.endIn(w, u, to) || c.isOnline(to) && c.endIn(w, u, from)
	case netmodel.TouchesInto:
		return !d.promise && c.endIn(w, u, to) // L-52
	case netmodel.TouchesAll:
		return c.endIn(w, u, from) || c.endIn(w, u, to)
	}
	panic("evaluator: invalid Touch")
}

// isOnline reports whether an end has addresses of the internet.
func (c *compiled) isOnline(t terminal) bool {
	return t.endpoint == nil && slices.ContainsFunc(t.outside, func(x headerspace.Atom) bool { return c.public[x] })
}

func (c *compiled) endIn(w *world, u *netmodel.Unmodelled, t terminal) bool {
	if t.endpoint == nil {
		return false
	}
	for _, a := range t.endpoint.Interfaces {
		i := c.net.Interface(a)
		at := c.siteOf(w, i.Address, i.Subnet)
		if at.vpc == "" || u.MayBeIn(at.vpc) {
			return true
		}
	}
	return false
}
