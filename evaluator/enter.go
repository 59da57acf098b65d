package evaluator

import (
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
		back:  c.acl(w, g.at, netmodel.Egress, src),
	})
	if g.at.vpc == "" {
		return way.and(open)
	}
	if !c.public[src.atom] {
		if c.hasAttachment(g.at.vpc) {
			return way.and(open)
		}
		return blocked // L-20
	}
	if !g.is6 && !public() {
		return blocked // IGW-5
	}
	gateway, attached := c.gatewayOf(w, g.at.vpc)
	if attached == no {
		return blocked
	}
	// The replies' route must lead to the gateway (IGW-10).
	t := c.route(w, g.at, src, false)
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
	return n.InternetGateway(a) == nil && n.EgressOnlyGateway(a) == nil && n.NATGateway(a) == nil &&
		n.Peering(a) == nil && n.TransitGateway(a) == nil && n.Attachment(a) == nil && c.appliance(a) == nil
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

// hasAttachment reports whether something without a model may connect a VPC
// with private networks outside: a route of the VPC leads to it, or it says so.
func (c *compiled) hasAttachment(vpc netmodel.Address) bool {
	if v := c.net.VPC(vpc); v == nil || len(v.Hidden) > 0 {
		return true
	}
	for _, t := range c.net.RouteTables {
		if !t.VPC.MayBe(vpc) {
			continue
		}
		if len(t.Hidden) > 0 {
			return true
		}
		for i := range t.Routes {
			target := t.Routes[i].Target
			a, ok := target.Exact()
			if !ok && !target.IsNone() || ok && a != netmodel.LocalTarget && c.isForeign(a) {
				return true
			}
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
