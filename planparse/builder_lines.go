package planparse

import (
	"cmp"
	"slices"

	"github.com/planreach/planreach/netmodel"
)

// A part is where lines go: a direction of a group or ACL, or 0 of an object
// that has but one list.
type part struct {
	object netmodel.Address
	d      netmodel.Direction
}

// A contribution is a line on its way to the object that a link leads to.
type contribution[L any] struct {
	to    netmodel.Ref
	d     netmodel.Direction
	value L
}

// spread adds a contribution to every object that r may lead to: for certain if
// r is settled, with r's gap as its doubt otherwise. get finds or makes the
// object of an address; all are the objects of the kind.
func spread[T any](r netmodel.Ref, get func(netmodel.Address) *T, all []*T, add func(to *T, doubt netmodel.Gap)) {
	if a, ok := r.Exact(); ok {
		add(get(a), netmodel.Gap{})
		return
	}
	among, closed := r.Among()
	if !closed {
		for _, x := range all {
			add(x, r.Gap())
		}
		return
	}
	for _, a := range among {
		if a != "" {
			add(get(a), r.Gap())
		}
	}
}

// byPart sorts out the contributions whose object is certain.
func byPart[L any](b *Builder, cs []contribution[L]) map[part][]L {
	out := map[part][]L{}
	for _, c := range cs {
		if a, ok := b.CanonicalRef(c.to).Exact(); ok {
			p := part{a, c.d}
			out[p] = append(out[p], c.value)
		}
	}
	return out
}

func linesOf[L any](values []L, make func(L) *line[L]) []*line[L] {
	var out []*line[L]
	for _, v := range values {
		out = append(out, make(v))
	}
	return out
}

// A gathering brings contributions of one kind to the lists of the objects.
type gathering[L any] struct {
	b     *Builder
	line  func(L) *line[L]
	now   map[part][]L
	prior map[part][]L
}

func gather[L any](b *Builder, line func(L) *line[L], cs, prior []contribution[L]) gathering[L] {
	g := gathering[L]{b: b, line: line, now: byPart(b, cs)}
	if b.prior != nil {
		g.prior = byPart(b.prior, prior)
	}
	return g
}

// into is list, which belongs to x, with the contributions that certainly go
// there.
func (g gathering[L]) into(x any, p part, list []L) []L {
	lines := reconcile(g.b, g.b.inline[x], linesOf(list, g.line), linesOf(g.now[p], g.line), linesOf(g.prior[p], g.line))
	var out []L
	for _, l := range lines {
		out = append(out, l.value)
	}
	return out
}

func (b *Builder) applyGroupRules() {
	var prior []contribution[netmodel.Rule]
	if b.prior != nil {
		prior = b.prior.groupRules
	}
	g := gather(b, b.ruleLine, b.groupRules, prior)
	for p := range g.now {
		b.group(p.object)
	}
	for _, x := range b.net.Groups {
		for _, d := range []netmodel.Direction{netmodel.Ingress, netmodel.Egress} {
			f := x.Filter(d)
			f.Rules = g.into(f, part{x.Address, d}, f.Rules)
		}
	}
	unsettled := unsettledOf(b, b.groupRules)
	if len(unsettled)*len(b.net.Groups) > maxDoubts {
		for _, x := range b.net.Groups {
			x.Ingress.Hidden = append(x.Ingress.Hidden, unsettled[0].to.Gap())
			x.Egress.Hidden = append(x.Egress.Hidden, unsettled[0].to.Gap())
		}
		return
	}
	for _, c := range unsettled {
		spread(c.to, b.group, b.net.Groups, func(x *netmodel.Group, doubt netmodel.Gap) {
			addRule(x.Filter(c.d), c.value, doubt)
		})
	}
}

func (b *Builder) applyACLRules() {
	var prior []contribution[netmodel.Rule]
	if b.prior != nil {
		prior = b.prior.aclRules
	}
	g := gather(b, b.ruleLine, b.aclRules, prior)
	for p := range g.now {
		b.acl(p.object)
	}
	for _, x := range b.net.ACLs {
		for _, d := range []netmodel.Direction{netmodel.Ingress, netmodel.Egress} {
			f := x.Filter(d)
			f.Rules = g.into(f, part{x.Address, d}, f.Rules)
		}
	}
	unsettled := unsettledOf(b, b.aclRules)
	if len(unsettled)*len(b.net.ACLs) > maxDoubts {
		for _, x := range b.net.ACLs {
			x.Ingress.Hidden = append(x.Ingress.Hidden, unsettled[0].to.Gap())
			x.Egress.Hidden = append(x.Egress.Hidden, unsettled[0].to.Gap())
		}
		unsettled = nil
	}
	for _, c := range unsettled {
		spread(c.to, b.acl, b.net.ACLs, func(x *netmodel.ACL, doubt netmodel.Gap) {
			addRule(x.Filter(c.d), c.value, doubt)
		})
	}
	for _, c := range b.hiddenACLRules {
		spread(b.CanonicalRef(c.to), b.acl, b.net.ACLs, func(x *netmodel.ACL, _ netmodel.Gap) {
			f := x.Filter(c.d)
			f.Hidden = append(f.Hidden, c.value)
		})
	}
	for _, x := range b.net.ACLs {
		sortRules(&x.Ingress)
		sortRules(&x.Egress)
	}
}

func addRule(f *netmodel.Filter, r netmodel.Rule, doubt netmodel.Gap) {
	r.Doubt = doubted(r.Doubt, doubt)
	f.Rules = append(f.Rules, r)
}

func sortRules(f *netmodel.Filter) {
	slices.SortStableFunc(f.Rules, func(x, y netmodel.Rule) int { return cmp.Compare(x.Number, y.Number) })
}

func (b *Builder) applyRoutes() {
	var prior []contribution[netmodel.Route]
	if b.prior != nil {
		prior = b.prior.routes
	}
	g := gather(b, b.routeLine, b.routes, prior)
	for p := range g.now {
		b.table(p.object)
	}
	for _, x := range b.net.RouteTables {
		x.Routes = g.into(x, part{object: x.Address}, x.Routes)
	}
	unsettled := unsettledOf(b, b.routes)
	if len(unsettled)*len(b.net.RouteTables) > maxDoubts {
		for _, x := range b.net.RouteTables {
			x.Hidden = append(x.Hidden, unsettled[0].to.Gap())
		}
		return
	}
	for _, c := range unsettled {
		spread(c.to, b.table, b.net.RouteTables, func(x *netmodel.RouteTable, doubt netmodel.Gap) {
			r := c.value
			r.Doubt = doubted(r.Doubt, doubt)
			x.Routes = append(x.Routes, r)
		})
	}
}

func (b *Builder) applyEntries() {
	var prior []contribution[netmodel.PrefixEntry]
	if b.prior != nil {
		prior = b.prior.entries
	}
	g := gather(b, b.entryLine, b.entries, prior)
	for p := range g.now {
		b.prefixList(p.object)
	}
	for _, x := range b.net.PrefixLists {
		x.Entries = g.into(x, part{object: x.Address}, x.Entries)
	}
	for _, c := range unsettledOf(b, b.entries) {
		spread(c.to, b.prefixList, b.net.PrefixLists, func(x *netmodel.PrefixList, doubt netmodel.Gap) {
			e := c.value
			e.Doubt = doubted(e.Doubt, doubt)
			x.Entries = append(x.Entries, e)
		})
	}
	for _, h := range b.hiddenEntries {
		spread(b.CanonicalRef(h.list), b.prefixList, b.net.PrefixLists, func(x *netmodel.PrefixList, _ netmodel.Gap) {
			x.Hidden = append(x.Hidden, h.gap)
		})
	}
}

// maxDoubts bounds the lines that are in doubt because their object is: where
// many lines may go to many objects, each object only says that it may have more.
const maxDoubts = 1 << 16

// unsettledOf are the contributions whose object is not certain.
func unsettledOf[L any](b *Builder, cs []contribution[L]) []contribution[L] {
	var out []contribution[L]
	for _, c := range cs {
		if c.to = b.CanonicalRef(c.to); !c.to.IsSettled() {
			out = append(out, c)
		}
	}
	return out
}
