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

// serviceProtocols are what a gateway endpoint carries (VPCE-5).
var serviceProtocols = headerspace.Exactly(headerspace.Whole(headerspace.TCP).
	Union(headerspace.ICMPTypes(headerspace.ICMP, 8, -1)).Union(headerspace.ICMPTypes(headerspace.ICMPv6, 128, -1)))

// A sender is a packet's source at the subnet that the packet leaves next.
type sender struct {
	party
	at     site
	home   goal        // where replies must get: the interface behind it all
	public func() bool // the source has a public IPv4 address in this VPC
	nat    *netmodel.NATGateway
	// arrived: the packet comes from a transit gateway and only passes the
	// subnet of its attachment (TGW-18).
	arrived bool
	// stranger: its address is not one of the VPC that it is in.
	stranger bool
	// through are the inspectors that the packet has passed since it got its
	// present source address; replying: it answers another packet.
	through  []netmodel.Address
	replying bool
	strict   bool // its ACL is asked even within the subnet (NACL-12)
}

// A goal is where a walk is to arrive: at an address inside a VPC of the plan,
// or outside.
type goal struct {
	party
	inside bool
	to     *netmodel.Interface // the interface that has the address, if one does
	at     site                // if inside
}

// travel is the way from a subnet to the goal, and back, by sets, the groups of
// both ends included. hops bounds detours.
func (c *compiled) travel(w *world, s sender, g goal, hops int) passage {
	if g.inside {
		way := c.carry(w, s, g, hops)
		return way.greet(c, s, g).and(passage{everything, c.replies(w, s, g, way)})
	}
	if hops == 0 {
		return blocked // FORWARDING_LOOP
	}
	if s.at.subnet == nil {
		return open
	}
	edge := passage{there: c.acl(w, s.at, netmodel.Egress, g.party), back: everything}
	if !s.arrived && len(s.through) == 0 { // TGW-21
		edge.back = returning(w, func() headerspace.Tri { return c.acl(w, s.at, netmodel.Ingress, g.party) })
	}
	if s.at.vpc == "" {
		return edge.and(open)
	}
	switch t := c.route(w, s.at, g.party, false); t.kind {
	case turnOpen:
		return edge.and(open)
	case turnNone:
		return blocked
	case turnLocal: // an address of the VPC that nothing in the plan has
		if c.hides(netmodel.To(s.at.vpc)) {
			return edge.and(open)
		}
		return blocked
	case turnTo:
		return c.exit(w, t.to, s, g, edge, hops)
	}
	panic("evaluator: impossible turn")
}

// exit is the way outside by a gateway or interface that a route names. edge is
// what the sender's ACL lets through.
func (c *compiled) exit(w *world, to netmodel.Address, s sender, g goal, edge passage, hops int) passage {
	w.look(to)
	w.pass(to)
	if gw := c.net.InternetGateway(to); gw != nil {
		return edge.and(c.leave(c.attachedTo(w, gw.Address, gw.VPC, s.at.vpc), s, g)).and(c.ajar(w, s.at, s.nat != nil)).and(c.readmit(w, internetDoor(gw), s, g.party))
	}
	if gw := c.net.EgressOnlyGateway(to); gw != nil {
		if !g.is6 {
			return blocked // EIGW_REQUIRES_IPV6
		}
		if len(s.through) > 0 { // GRT-9: the replies come straight to the sender
			edge.back = nothing
		}
		return edge.and(c.leave(c.attachedTo(w, gw.Address, gw.VPC, s.at.vpc), s, g)).and(c.ajar(w, s.at, true))
	}
	if gw := c.net.VPNGateway(to); gw != nil {
		return edge.and(c.leaveByVPN(w, gw, s, g))
	}
	if nat := c.net.NATGateway(to); nat != nil {
		return c.translate(w, nat, s, g, edge, hops)
	}
	if p := c.net.Peering(to); p != nil {
		if s.stranger || !c.peerHides(p, s.at.vpc) {
			return blocked // PCX-4, PCX-5
		}
		return edge.and(open)
	}
	if tgw := c.net.TransitGateway(to); tgw != nil {
		x := c.cross(w, tgw, s, g.party)
		switch x.fate {
		case no:
			return blocked
		case maybe:
			return passage{edge.there.And(x.passes), everything}.and(open)
		case yes:
		}
		return passage{edge.there.And(x.passes), everything}.and(c.travel(w, x.next, g, hops-1))
	}
	if c.net.ServiceGateways[to] {
		w.service = true
		switch {
		case s.stranger:
			return blocked // VPCE-7
		case len(s.through) > 0: // whether it answers by the inspector is not known
			return edge.and(passage{serviceProtocols, everything}).and(open)
		}
		return edge.and(passage{serviceProtocols, everything})
	}
	i := c.appliance(to)
	if b := inspectorAt(c.net, to, i); b != nil {
		return c.inspectOut(w, b, s, g, edge, hops)
	}
	if i != nil {
		if i.SourceCheck.IsTrue() {
			return blocked // ENI-3
		}
		if c.isBeside(w, i, s.at) {
			return open // EV-13
		}
	}
	return edge.and(open)
}

// isBeside reports whether an interface may be in the given subnet, so that no
// ACL is asked between the two (EV-13).
func (c *compiled) isBeside(w *world, i *netmodel.Interface, at site) bool {
	own := c.siteOf(w, i.Address, i.Subnet)
	return own.subnet == nil || own.subnet == at.subnet
}

// leave is the way out by an internet gateway, or an egress-only one.
func (c *compiled) leave(attached tri, s sender, g goal) passage {
	switch {
	case !c.public[g.atom]:
		return blocked // IGW-7
	case attached == no:
		return blocked
	case !g.is6 && !s.public():
		return blocked // IGW-5
	case g.is6 && s.stranger:
		return blocked // the source is no address of this VPC
	case attached == maybe, c.reflected[g.atom]: // IGW-13
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
	carried := passage{natProtocols, everything}
	switch {
	case nat.Subnet.IsNone() && !g.inside && s.nat == nil && !s.stranger && len(s.through) == 0:
		return c.translateRegionally(w, nat, s, g, edge)
	case at.subnet == nil || s.nat != nil: // perhaps in the sender's own subnet
		if g.to != nil {
			carried.there = carried.there.And(c.groupsAdmit(g.party, netmodel.Ingress, party{}))
		}
		return open.and(carried)
	}
	if at.vpc != "" && s.at.vpc != at.vpc {
		return blocked
	}
	if at.subnet != s.at.subnet {
		carried.there = carried.there.And(edge.there).And(c.acl(w, at, netmodel.Ingress, s.party))
	}
	// Replies go from the gateway to where the client is, as from the server.
	carried.back = returning(w, func() headerspace.Tri {
		return c.carry(w, sender{party: g.party, at: at, nat: nat, replying: true}, s.home, maxDetours).answering(s.through)
	})
	out := c.travel(w, c.natSender(w, nat, at), g, hops-1)
	return carried.and(passage{out.there, anyPort(out.back, natPortLo, natPortHi)})
}

// translateRegionally is the way out through a regional NAT gateway, which sits
// in no subnet and has a route to the internet gateway of its own (NAT-16).
func (c *compiled) translateRegionally(w *world, nat *netmodel.NATGateway, s sender, g goal, edge passage) passage {
	vpc, ok := w.follow(nat.Address, "VPC", nat.VPC)
	gateway, attached := c.gatewayOf(w, s.at.vpc)
	if attached == yes {
		w.pass(gateway)
	}
	if ok && vpc != s.at.vpc {
		return blocked
	}
	if !ok {
		attached = min(attached, maybe)
	}
	s.public = func() bool { return w.holds(nat.Address, "public", nat.Public) }
	return edge.and(passage{natProtocols, everything}).and(c.leave(attached, s, g)).and(c.ajar(w, site{vpc: s.at.vpc}, true))
}

// natSender is a NAT gateway that sends on behalf of an interface.
func (c *compiled) natSender(w *world, nat *netmodel.NATGateway, at site) sender {
	p := party{atom: c.natAddress(w, nat, at), self: nat.Address}
	return sender{party: p, at: at, nat: nat, home: goal{party: p, inside: true, at: at},
		public: func() bool { return w.holds(nat.Address, "public", nat.Public) }}
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

// acl is what the ACL on the edge of a subnet lets through.
func (c *compiled) acl(w *world, at site, d netmodel.Direction, far party) headerspace.Tri {
	a, ok := w.follow(at.subnet.Address, "network ACL", at.subnet.ACL)
	acl := c.net.ACL(a)
	if !ok || acl == nil {
		return anything
	}
	w.look(acl.Address)
	w.pass(acl.Address)
	return c.admits(acl.Filter(d), far.anyone())
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
