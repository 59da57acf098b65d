package evaluator

import (
	"net/netip"
	"slices"

	"github.com/planreach/planreach/headerspace"
	"github.com/planreach/planreach/netmodel"
)

// A host is one address of an end in one world.
type host struct {
	party
	i       *netmodel.Interface // nil: outside
	at      site
	outside headerspace.Atom // the class of an address outside; 0 for interfaces
	open    bool             // an interface that the plan does not show
	member  int              // of an end with several
	deaf    bool             // sends only
	mute    bool             // receives only
	strict  bool             // its ACL is asked even within the subnet (NACL-12)
}

// hosts is the addresses of one family that an end has in this world.
func (c *compiled) hosts(w *world, t terminal, is6 bool) []host {
	if t.endpoint == nil {
		var out []host
		for _, x := range t.outside {
			if c.atoms.Is6(x) == is6 {
				out = append(out, host{party: party{is6: is6, atom: x, unowned: isInternet(t)}, outside: x})
			}
		}
		return out
	}
	var out []host
	lb := c.net.LoadBalancer(t.endpoint.Address)
	strict := lb != nil && lb.Kind == netmodel.ClassicBalancer
	for n, a := range t.endpoint.Interfaces {
		i := c.net.Interface(a)
		member := 0
		if t.endpoint.Every || t.within.IsValid() { // MOD-6, L-19
			member = n
		}
		if i == nil {
			panic("evaluator: endpoint " + string(t.endpoint.Address) + " without its interface " + string(a))
		}
		if t.only != "" && t.only != a {
			continue
		}
		if !w.holds(i.Address, "attached", i.Attached) {
			continue
		}
		at := c.siteOf(w, i.Address, i.Subnet)
		if !c.hasFamily(w, i, at, is6) {
			continue
		}
		w.look(i.Address, i.Notes...)
		groups, more := c.groupsOf(w, i)
		for _, g := range groups {
			w.look(g)
		}
		for _, x := range c.addressesOf(w, i, at, is6) {
			if t.within.IsValid() && x != 0 && !c.atoms.In(x, t.within) || c.isSpared(w, t, i, x) {
				continue
			}
			out = append(out, host{party: party{is6: is6, atom: x, groups: groups, moreGroups: more, unfiltered: i.Unfiltered, self: i.Address},
				i: i, at: at, member: member, deaf: t.endpoint.SendsOnly, mute: t.endpoint.ReceivesOnly, strict: strict})
		}
	}
	if !t.endpoint.More.IsZero() && t.only == "" {
		more := host{party: party{is6: is6}, open: true, mute: t.endpoint.MoreReceives}
		if t.endpoint.Every || t.within.IsValid() {
			more.member = len(t.endpoint.Interfaces)
		}
		out = append(out, more)
	}
	return out
}

// endsOf is the endpoints among two ends: a way passes where it begins and ends.
func endsOf(from, to terminal) []netmodel.Address {
	var out []netmodel.Address
	for _, t := range []terminal{from, to} {
		if t.endpoint != nil {
			out = append(out, t.endpoint.Address)
		}
	}
	return out
}

// isWhole reports whether all addresses of an end are meant.
func (t terminal) isWhole() bool { return !t.within.IsValid() && len(t.except) == 0 }

// isSpared reports whether an address of an endpoint is among those that do not
// count.
func (c *compiled) isSpared(w *world, t terminal, i *netmodel.Interface, x headerspace.Atom) bool {
	if len(t.except) == 0 {
		return false
	}
	if x == 0 {
		return w.holds(i.Address, "address is exempt", netmodel.Truth{})
	}
	return slices.ContainsFunc(t.except, func(p netip.Prefix) bool { return c.atoms.In(x, p) })
}

// pass is what gets from a host of one end to one of another, and back, as the
// ends give and take it.
func (c *compiled) pass(w *world, from, to terminal, s, t host) passage {
	way := c.given(w, from, s, t)
	if to.endpoint == nil || t.open {
		return way
	}
	if lb := c.net.LoadBalancer(to.endpoint.Address); lb != nil {
		way.there = way.there.And(listens(lb))
	}
	if e := c.net.ServiceEndpoint(to.endpoint.Address); e != nil {
		way.there = way.there.And(c.serves(w, e, s, t))
	}
	return way
}

// given is pass without what the target takes.
func (c *compiled) given(w *world, from terminal, s, t host) passage {
	if from.via != nil && !t.open && !t.deaf {
		way := blocked
		for _, node := range c.hosts(w, terminal{endpoint: c.nodeOwner(from.via), only: from.via.Address}, t.is6) {
			way = c.relay(w, node, s, t)
			way.there = way.there.And(c.gives(w, []*hand{from.hand}, node, t))
		}
		return way
	}
	way := c.between(w, s, t)
	if from.endpoint == nil || s.open {
		return way
	}
	if lb := c.net.LoadBalancer(from.endpoint.Address); lb != nil {
		hands := c.balancers.of[lb]
		if from.hand != nil {
			hands = []*hand{from.hand}
		}
		way.there = way.there.And(c.gives(w, hands, s, t))
	}
	return way
}

// between is what gets from one host to another, and back.
func (c *compiled) between(w *world, s, t host) passage {
	switch {
	case t.deaf, s.mute:
		return blocked // SVC-2
	case s.open || t.open:
		return passage{c.bounded(s, t), anything}
	}
	public := func(h host) func() bool { return func() bool { return c.hasPublic(w, h.i, h.at) } }
	from := goal{party: s.party, inside: s.i != nil, to: s.i, at: s.at}
	to := goal{party: t.party, inside: t.i != nil, to: t.i, at: t.at}
	if s.i == nil {
		if t.i == nil {
			return open
		}
		if t.is6 && t.i.PrivateIPv6 && c.public[s.atom] {
			return blocked // LB-4
		}
		return c.enter(w, s.party, to, public(t))
	}
	leaving := sender{party: s.party, at: s.at, home: from, public: public(s), strict: s.strict}
	if t.i == nil {
		out := passage{c.groupsAdmit(s.party, netmodel.Egress, t.party), everything}
		return out.and(c.travel(w, leaving, to, maxDetours))
	}
	return c.meet(w, leaving, to)
}

// bounded is what may pass between two hosts of which one is not shown: what the
// groups of the other admit from, or to, somebody.
func (c *compiled) bounded(s, t host) headerspace.Tri {
	anybody := party{is6: s.is6, moreGroups: true}
	switch {
	case s.i != nil && t.open:
		return anything.And(c.groupsAdmit(s.party, netmodel.Egress, anybody))
	case t.i != nil && s.open:
		return anything.And(c.groupsAdmit(t.party, netmodel.Ingress, anybody))
	}
	return anything
}

// meet is the way between two interfaces, the groups of both included.
func (c *compiled) meet(w *world, s sender, g goal) passage {
	way := c.carry(w, s, g, maxDetours)
	if s.at.vpc != "" && s.at.vpc == g.at.vpc {
		way.outbound = yes // SG-12: whatever the way, the address is the member's
	}
	admitted := c.groupsAdmit(s.party, netmodel.Egress, g.party)
	switch way.outbound {
	case no:
		admitted = c.groupsAdmit(s.party, netmodel.Egress, g.nameless())
	case maybe:
		admitted = admitted.Unanimous(c.groupsAdmit(s.party, netmodel.Egress, g.nameless()))
	case yes:
	}
	there := way.greet(c, s, g)
	return passage{admitted.And(there.there), c.replies(w, s, g, way)}
}
