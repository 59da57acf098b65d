package evaluator

import (
	"github.com/planreach/planreach/headerspace"
	"github.com/planreach/planreach/netmodel"
)

// A passage is what gets through on the way there and, on the way back, which
// replies do: their destination ports are the client's, their ICMP types those
// of the answers.
type passage struct{ there, back headerspace.Tri }

var (
	everything = headerspace.Exactly(headerspace.All())
	nothing    = headerspace.Exactly(headerspace.Traffic{})
	anything   = headerspace.Tri{} // open

	free    = passage{everything, everything}
	blocked = passage{nothing, nothing}
	open    = passage{anything, anything}
)

func (p passage) and(q passage) passage { return passage{p.there.And(q.there), p.back.And(q.back)} }

// natPorts are the source ports of a NAT gateway (NAT-8), and natProtocols what
// it carries (NAT-5).
const natPortLo, natPortHi = 1024, 65535

var natProtocols = headerspace.Exactly(headerspace.Whole(headerspace.TCP).
	Union(headerspace.Whole(headerspace.UDP)).Union(headerspace.Whole(headerspace.ICMP)))

// A sender is an interface, or a NAT gateway on behalf of one, that sends from
// a subnet.
type sender struct {
	party
	at     site
	public func() bool // has a public IPv4 address
	nat    *netmodel.NATGateway
}

// A goal is where a walk is to arrive: at an interface of the plan, or outside.
type goal struct {
	party
	to *netmodel.Interface // nil: outside the plan's networks
	at site                // of to
}

// travel is the way from an interface's subnet to the goal, and back, by sets.
// Groups are not part of it but for the goal's. hops bounds detours.
func (c *compiled) travel(w *world, s sender, g goal, hops int) passage {
	if hops == 0 {
		return blocked // FORWARDING_LOOP
	}
	if s.at.subnet == nil || g.to != nil && g.at.subnet == nil {
		return open.and(c.arriveFromAfar(s, g))
	}
	if g.to != nil && g.at.subnet == s.at.subnet {
		return c.arrive(s, g) // RT-23, EV-3
	}
	edge := passage{
		there: c.acl(w, s.at, netmodel.Egress, g.party),
		back:  c.acl(w, s.at, netmodel.Ingress, g.party),
	}
	if s.at.vpc == "" || g.to != nil && g.at.vpc == "" {
		return edge.and(open).and(c.arriveFromAfar(s, g))
	}
	inside := g.to != nil && g.at.vpc == s.at.vpc
	switch t := c.route(w, s.at, g.party, inside); t.kind {
	case turnOpen:
		return edge.and(open).and(c.arriveFromAfar(s, g))
	case turnNone:
		return blocked
	case turnLocal:
		return edge.and(c.deliver(w, s, g))
	case turnTo:
		return c.through(w, t.to, s, g, edge, hops)
	}
	panic("evaluator: impossible turn")
}

// arrive is what the goal's groups let in.
func (c *compiled) arrive(s sender, g goal) passage {
	if g.to == nil {
		return free
	}
	return passage{c.groupsAdmit(g.party, netmodel.Ingress, s.party), everything}
}

// arriveFromAfar is what the goal lets in from a hop that is not known: its
// groups as far as they do not depend on who the packet seems to come from.
func (c *compiled) arriveFromAfar(s sender, g goal) passage {
	if g.to == nil {
		return free
	}
	seen := c.arrive(s, g)
	// The hop may have put another source address.
	other := c.arrive(sender{party: party{is6: s.is6}}, g)
	return passage{seen.there.Unanimous(other.there), everything}
}

// deliver is the local route: within the VPC, to the subnet of the goal.
func (c *compiled) deliver(w *world, s sender, g goal) passage {
	if g.to == nil || g.at.vpc != s.at.vpc {
		return blocked // an address of the VPC that nothing has
	}
	return c.arrive(s, g).and(passage{
		there: c.acl(w, g.at, netmodel.Ingress, s.party),
		back:  c.acl(w, g.at, netmodel.Egress, s.party).And(c.returns(w, g.at, s.party)),
	})
}

// returns is whether the table of a subnet leads replies to an interface of the
// same VPC.
func (c *compiled) returns(w *world, from site, to party) headerspace.Tri {
	switch c.route(w, from, to, true).kind {
	case turnLocal:
		return everything
	case turnNone:
		return nothing
	case turnOpen, turnTo: // an appliance (ENI-4)
	}
	return anything
}

// acl is what the ACL on the edge of a subnet lets through.
func (c *compiled) acl(w *world, at site, d netmodel.Direction, far party) headerspace.Tri {
	a, ok := w.follow(at.subnet.Address, "network ACL", at.subnet.ACL)
	acl := c.net.ACL(a)
	if !ok || acl == nil {
		return anything
	}
	w.look(acl.Address)
	return c.admits(acl.Filter(d), far)
}

// through is the way by a gateway or interface that a route names. edge is what
// the sender's ACL lets through.
func (c *compiled) through(w *world, to netmodel.Address, s sender, g goal, edge passage, hops int) passage {
	w.look(to)
	if gw := c.net.InternetGateway(to); gw != nil {
		return edge.and(c.leave(c.attachedTo(w, gw.Address, gw.VPC, s.at.vpc), s, g))
	}
	if gw := c.net.EgressOnlyGateway(to); gw != nil {
		if !g.is6 {
			return blocked // EIGW_REQUIRES_IPV6
		}
		return edge.and(c.leave(c.attachedTo(w, gw.Address, gw.VPC, s.at.vpc), s, g))
	}
	if nat := c.net.NATGateway(to); nat != nil {
		return c.translate(w, nat, s, g, edge, hops)
	}
	if i := c.appliance(to); i != nil {
		if i == g.to {
			return edge.and(c.deliver(w, s, g))
		}
		if i.SourceCheck.IsTrue() {
			return blocked // ENI-3
		}
		return edge.and(open).and(c.arriveFromAfar(s, g))
	}
	return edge.and(open).and(c.arriveFromAfar(s, g))
}

// appliance is the interface that a route target means: itself, or the only one
// of an instance.
func (c *compiled) appliance(to netmodel.Address) *netmodel.Interface {
	if i := c.net.Interface(to); i != nil {
		return i
	}
	if e := c.net.Endpoint(to); e != nil && len(e.Interfaces) == 1 {
		return c.net.Interface(e.Interfaces[0])
	}
	return nil
}

// leave is the way out by an internet gateway, or an egress-only one.
func (c *compiled) leave(attached tri, s sender, g goal) passage {
	switch {
	case g.to != nil, !c.public[g.atom]:
		return blocked // L-49, IGW-7
	case attached == no:
		return blocked
	case !g.is6 && !s.public():
		return blocked // IGW-5
	case attached == maybe:
		return open
	}
	return free
}

// translate is the way through a NAT gateway (NAT-10). edge is what the
// sender's ACL lets through; it is not asked if the gateway is in the sender's
// subnet (EV-13).
func (c *compiled) translate(w *world, nat *netmodel.NATGateway, s sender, g goal, edge passage, hops int) passage {
	if s.nat == nat || g.is6 {
		return blocked // EV-5; V6-5: NAT64 destinations are not part of the internet
	}
	at := c.siteOf(w, nat.Address, nat.Subnet)
	if at.subnet == nil || s.nat != nil {
		return edge.and(open).and(passage{natProtocols, everything}).and(c.arriveFromAfar(s, g))
	}
	way := passage{natProtocols, everything}
	if at.subnet != s.at.subnet {
		way = way.and(edge).and(passage{
			there: c.acl(w, at, netmodel.Ingress, s.party),
			back:  c.acl(w, at, netmodel.Egress, s.party).And(c.returns(w, at, s.party)),
		})
		if s.at.vpc != "" && at.vpc != "" && s.at.vpc != at.vpc {
			return blocked
		}
	}
	out := c.travel(w, sender{party: party{atom: c.natAddress(w, nat, at)}, at: at, nat: nat,
		public: func() bool { return w.holds(nat.Address, "public", nat.Public) }}, g, hops-1)
	return way.and(passage{out.there, anyPort(out.back, natPortLo, natPortHi)})
}

func (c *compiled) natAddress(w *world, nat *netmodel.NATGateway, at site) headerspace.Atom {
	if nat.Private.IsValid() {
		return c.atoms.Of(nat.Private)
	}
	return c.someAddress(w, nat.Address, at, false)
}

// anyPort is, for each protocol with ports, everything if a reply to some port
// of the range passes, and nothing if none does: the gateway chooses its ports
// and gives them back.
func anyPort(t headerspace.Tri, lo, hi uint16) headerspace.Tri {
	var passes, stops headerspace.Traffic
	for _, p := range []headerspace.Proto{headerspace.TCP, headerspace.UDP} {
		ports := headerspace.Ports(p, lo, hi)
		if t.Yes().Overlaps(ports) {
			passes = passes.Union(headerspace.Whole(p))
		} else if t.No().ContainsAll(ports) {
			stops = stops.Union(headerspace.Whole(p))
		}
	}
	portless := headerspace.All().Minus(headerspace.Whole(headerspace.TCP)).Minus(headerspace.Whole(headerspace.UDP))
	return headerspace.NewTri(passes.Union(t.Yes().Intersect(portless)), stops.Union(t.No().Intersect(portless)))
}

// enter is the way of a packet from outside, with the source class src, to an
// interface: through the internet gateway of its VPC if src is public, else by
// whatever attachment carries it.
func (c *compiled) enter(w *world, src party, g goal, public func() bool) passage {
	if g.at.subnet == nil {
		return open.and(c.arrive(sender{party: src}, g))
	}
	way := c.arrive(sender{party: src}, g).and(passage{
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
	switch attached {
	case no:
		return blocked
	case maybe:
		return way.and(open)
	case yes:
	}
	switch t := c.route(w, g.at, src, false); {
	case t.kind == turnOpen:
		return way.and(passage{everything, anything})
	case t.kind == turnTo && t.to == gateway:
		return way
	case t.kind == turnTo && c.isForeign(t.to):
		return way.and(passage{everything, anything})
	}
	return way.and(passage{everything, nothing}) // RETURN_NO_ROUTE_TO_SOURCE
}

// isForeign reports whether an address is that of a thing without a model.
func (c *compiled) isForeign(a netmodel.Address) bool {
	return c.net.InternetGateway(a) == nil && c.net.EgressOnlyGateway(a) == nil && c.net.NATGateway(a) == nil && c.appliance(a) == nil
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
			if a, ok := t.Routes[i].Target.Exact(); !ok || a != netmodel.LocalTarget && c.isForeign(a) {
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
