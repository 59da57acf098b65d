package evaluator

import (
	"slices"

	"github.com/planreach/planreach/headerspace"
	"github.com/planreach/planreach/netmodel"
)

// enter is the way of a packet from outside, with the source class src, to an
// interface: through the internet gateway of its VPC if src is public, else by
// whatever attachment carries it.
func (c *compiled) enter(w *world, src party, g goal, public func() bool) passage {
	if g.at.subnet == nil {
		return open.and(c.welcome(src, g))
	}
	way := c.welcome(src, g).and(passage{
		there: c.acl(w, g.at, netmodel.Ingress, src),
		back:  returning(w, func() headerspace.Tri { return c.acl(w, g.at, netmodel.Egress, src) }),
	})
	if g.at.vpc == "" {
		return way.and(open)
	}
	if !c.public[src.atom] {
		return c.enterPrivately(w, src, g, way)
	}
	if c.mayBeBehindVPN(w, g.at.vpc, src) {
		return way.and(open)
	}
	if !g.is6 && !public() {
		return blocked // IGW-5
	}
	gateway, attached := c.gatewayOf(w, g.at.vpc)
	if attached == no {
		return blocked
	}
	if attached == yes {
		w.pass(gateway)
	}
	way = way.and(c.ajar(w, g.at, false))
	// The replies' route must lead to the gateway (IGW-10).
	t := returning(w, func() turn { return c.route(w, g.at, src, false) })
	w.service = t.kind == turnTo && c.net.ServiceGateways[t.to]
	back := nothing // RETURN_NO_ROUTE_TO_SOURCE
	switch {
	case t.kind == turnOpen, t.kind == turnTo && c.isForeign(t.to):
		back = anything
	case t.kind == turnTo && attached == maybe && c.net.InternetGateway(t.to) != nil:
		back = anything
	case t.kind == turnTo && attached == yes && t.to == gateway:
		back = everything
	}
	if attached == maybe {
		way.there = way.there.And(anything)
	} else if road := c.inroad(w, internetDoor(c.net.InternetGateway(gateway)), g); road != inroadLocal {
		return c.usher(road, src, g).and(c.ajar(w, g.at, false)) // BPA-8
	}
	return way.and(passage{everything, back})
}

// welcome is what the groups of the goal let in from outside.
func (c *compiled) welcome(src party, g goal) passage {
	return passage{c.groupsAdmit(g.party, netmodel.Ingress, src), everything}
}

// isForeign reports whether an address is that of a thing without a model.
func (c *compiled) isForeign(a netmodel.Address) bool {
	n := c.net
	return n.InternetGateway(a) == nil && n.VPNGateway(a) == nil && n.EgressOnlyGateway(a) == nil && n.NATGateway(a) == nil &&
		n.Peering(a) == nil && n.TransitGateway(a) == nil && n.Attachment(a) == nil && n.Middlebox(a) == nil && c.appliance(a) == nil
}

// gatewayOf is the internet gateway of a VPC in this world. A VPC has at most
// one (IGW-2).
func (c *compiled) gatewayOf(w *world, vpc netmodel.Address) (netmodel.Address, tri) {
	best, at := no, netmodel.Address("")
	for _, gw := range c.net.InternetGateways {
		if a := c.attachedTo(w, gw.Address, gw.VPC, vpc); a > best {
			best, at = a, gw.Address
		}
	}
	if v := c.net.VPC(vpc); best == no && (v == nil || len(v.Hidden) > 0) {
		return "", maybe
	}
	return at, best
}

// hasAttachment reports whether something may connect a VPC with private
// networks outside: a route of the VPC leads to it, or it says so.
func (c *compiled) hasAttachment(vpc netmodel.Address) bool {
	if c.hides(netmodel.To(vpc)) {
		return true
	}
	for _, t := range c.net.RouteTables {
		if t.VPC.MayBe(vpc) && (len(t.Hidden) > 0 || slices.ContainsFunc(t.Routes, c.leadsOutside)) {
			return true
		}
	}
	for _, p := range c.net.Peerings {
		if (p.Requester.MayBe(vpc) || p.Accepter.MayBe(vpc)) && c.peerHides(p, vpc) {
			return true
		}
	}
	for _, a := range c.net.Attachments {
		if a.VPC.MayBe(vpc) && c.transitHides(a.Gateway) {
			return true
		}
	}
	for i := range c.net.NotModelled {
		u := &c.net.NotModelled[i]
		if (u.Touch == netmodel.TouchesRouted || u.Touch == netmodel.TouchesAll) && u.MayBeIn(vpc) {
			return true
		}
	}
	return false
}

// leadsOutside reports whether a route may lead to something without a model.
func (c *compiled) leadsOutside(r netmodel.Route) bool {
	a, ok := r.Target.Exact()
	return !ok && !r.Target.IsNone() || ok && a != netmodel.LocalTarget && c.isForeign(a)
}

// hides reports whether the VPC that a link leads to may have interfaces or
// addresses that the plan does not show.
func (c *compiled) hides(r netmodel.Ref) bool {
	a, ok := r.Exact()
	v := c.net.VPC(a)
	return !ok || v == nil || len(v.Hidden) > 0 || !v.Open4.IsZero() || !v.Open6.IsZero()
}

// peerHides reports whether a peering may lead to addresses that the plan does
// not show, seen from one of its VPCs.
func (c *compiled) peerHides(p *netmodel.Peering, from netmodel.Address) bool {
	far := p.Accepter
	if a, ok := p.Accepter.Exact(); ok && a == from {
		far = p.Requester
	}
	return c.hides(far)
}

// transitHides reports whether a transit gateway may lead to addresses that the
// plan does not show.
func (c *compiled) transitHides(gateway netmodel.Ref) bool {
	among, closed := gateway.Among()
	if !closed {
		return true
	}
	mine := func(r netmodel.Ref) bool { return slices.ContainsFunc(among, r.MayBe) }
	for _, a := range c.net.Attachments {
		if mine(a.Gateway) && c.hides(a.VPC) {
			return true
		}
	}
	for _, t := range c.net.TransitTables {
		if mine(t.Gateway) && (len(t.Hidden) > 0 || slices.ContainsFunc(t.Routes, func(r netmodel.Route) bool {
			a, ok := r.Target.Exact()
			return !ok && !r.Target.IsNone() || ok && c.net.Attachment(a) == nil
		})) {
			return true
		}
	}
	return slices.ContainsFunc(among, func(a netmodel.Address) bool { return c.net.TransitGateway(a) == nil })
}
