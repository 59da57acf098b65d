package evaluator

import (
	"slices"

	"github.com/planreach/planreach/headerspace"
	"github.com/planreach/planreach/netmodel"
)

// An inspector is what a route may send packets to that sends on unchanged what
// it passes: a middlebox, or an appliance that is declared transparent.
type inspector struct {
	address netmodel.Address
	subnet  netmodel.Ref
	kind    HopKind
	origin  netmodel.Origin
	policy  *netmodel.FirewallPolicy // nil: passes everything
	iface   *netmodel.Interface      // whose groups filter as well; nil: it has none
	unknown netmodel.Gap             // why it is not known what it passes; zero: it is
}

// inspectorAt is the inspector that a route target means, or nil.
func inspectorAt(n *netmodel.Network, to netmodel.Address, appliance *netmodel.Interface) *inspector {
	if m := n.Middlebox(to); m != nil {
		kind := NetworkFirewall
		if m.Kind == netmodel.GatewayBalancerEndpoint {
			kind = VPCEndpoint
		}
		return &inspector{address: m.Address, subnet: m.Subnet, kind: kind, origin: m.Origin, policy: m.Policy, unknown: m.Unknown}
	}
	if i := appliance; i != nil && i.Transparent && !i.SourceCheck.IsTrue() {
		return &inspector{address: i.Address, subnet: i.Subnet, kind: NetworkInterface, origin: i.Origin, iface: i}
	}
	return nil
}

// isIn reports whether this world has the inspector at work: what is attached,
// and without source check.
func (b *inspector) isIn(w *world) bool {
	return b.iface == nil ||
		w.holds(b.address, "attached", b.iface.Attached) && !w.holds(b.address, "source check", b.iface.SourceCheck)
}

// A stop is an inspector on the way, as a packet meets it.
type stopover struct {
	at     site
	passes headerspace.Tri // its policy, its groups and the ACLs around it included
	fate   tri             // maybe: it is not known what it does; no: nothing goes on
}

// meets is what becomes of a packet to g that a route sends to b. edge is what
// the sender's ACL lets through; it is not asked if b is in the sender's subnet
// (EV-13).
func (c *compiled) meets(w *world, b *inspector, s sender, g goal, edge headerspace.Tri) stopover {
	at := c.siteOf(w, b.address, b.subnet)
	out := stopover{at: at, passes: edge, fate: maybe}
	if at.subnet == nil || at.subnet == s.at.subnet {
		out.passes = everything
	}
	switch {
	case slices.Contains(s.through, b.address), at.vpc != "" && at.vpc != s.at.vpc, !b.isIn(w):
		out.fate = no // EV-5: a loop; or another VPC, which no route can mean
		return out
	case at.subnet == nil, at.vpc == "", !b.unknown.IsZero():
		return out
	}
	w.look(b.address)
	w.pass(b.origin.Address) // the firewall, or the instance, by which people name it
	w.pass(b.address)
	if b.iface != nil {
		w.look(b.origin.Address)
	}
	out.fate = yes
	if at.subnet != s.at.subnet {
		out.passes = out.passes.And(c.acl(w, at, netmodel.Ingress, s.party))
	}
	switch {
	case b.policy != nil && s.replying:
		out.passes = out.passes.And(c.inspected(b.policy, g.party, s.party).back)
	case b.policy != nil:
		out.passes = out.passes.And(c.inspected(b.policy, s.party, g.party).there)
	case b.iface != nil && !s.replying:
		out.passes = out.passes.And(c.applianceAdmits(w, b.iface, s, g))
	}
	return out
}

// applianceAdmits is what the groups of an appliance let in and out again. They
// may know the ends' groups only if nothing hides them.
func (c *compiled) applianceAdmits(w *world, i *netmodel.Interface, s sender, g goal) headerspace.Tri {
	groups, more := c.groupsOf(w, i)
	own := party{is6: g.is6, groups: groups, moreGroups: more, unfiltered: i.Unfiltered}
	in := c.groupsAdmit(own, netmodel.Ingress, s.party).Unanimous(c.groupsAdmit(own, netmodel.Ingress, s.nameless()))
	out := c.groupsAdmit(own, netmodel.Egress, g.party).Unanimous(c.groupsAdmit(own, netmodel.Egress, g.nameless()))
	return in.And(out)
}

// past is s where its packet leaves the inspector that it has met.
func (s sender) past(b *inspector, at site) sender {
	s.at, s.arrived, s.strict = at, false, false
	s.through = append(slices.Clone(s.through), b.address)
	return s
}

// inspect is the trip by an inspector, and on from its subnet (VPCE-17).
func (c *compiled) inspect(w *world, b *inspector, s sender, g goal, edge headerspace.Tri, hops int) carriage {
	x := c.meets(w, b, s, g, edge)
	switch x.fate {
	case no:
		return stop()
	case maybe:
		return astray(x.passes)
	case yes:
	}
	rest := c.carry(w, s.past(b, x.at), g, hops-1)
	rest.passes = rest.passes.And(x.passes)
	rest.peered = false
	rest.inbound, rest.outbound = no, min(rest.outbound, maybe) // SG-19
	rest.through = append([]netmodel.Address{b.address}, rest.through...)
	return rest
}

// inspectOut is the way outside by an inspector.
func (c *compiled) inspectOut(w *world, b *inspector, s sender, g goal, edge passage, hops int) passage {
	x := c.meets(w, b, s, g, edge.there)
	switch x.fate {
	case no:
		return blocked
	case maybe:
		back := edge.back
		if x.at.subnet == nil || x.at.subnet == s.at.subnet {
			back = everything
		}
		return passage{x.passes, back}.and(open)
	case yes:
	}
	return passage{x.passes, everything}.and(c.travel(w, s.past(b, x.at), g, hops-1))
}

// answering is what a trip of replies lets pass: by the inspectors that the
// packets came through, in reverse, and by no NAT gateway, for these know nothing
// of a connection that they did not see begin (EV-7, GRT-9).
func (t carriage) answering(through []netmodel.Address) headerspace.Tri {
	if t.nat != nil || !t.strange && !retraces(t.through, through) {
		return nothing
	}
	return t.passes
}

// retraces reports whether one list is the other in reverse.
func retraces(back, there []netmodel.Address) bool {
	back = slices.Clone(back)
	slices.Reverse(back)
	return slices.Equal(back, there)
}

// readmitBy is what of the replies gets in again by the gateway by which
// a packet left that had come through inspectors: its route table must lead to
// the last of them (GRT-9).
func (c *compiled) readmitBy(w *world, d doorway, s sender, server party) headerspace.Tri {
	last := s.through[len(s.through)-1]
	if d.table.IsNone() {
		return nothing
	}
	t := c.routeBy(w, d.address, d.table, s.home.at.vpc, s.home.party, true)
	switch {
	case t.kind == turnOpen:
		return anything
	case t.kind != turnTo:
		return nothing
	case s.nat != nil: // GRT-12
		return anything
	}
	b := inspectorAt(c.net, t.to, c.appliance(t.to))
	if b == nil || b.address != last {
		return nothing
	}
	if d.online && b.iface != nil && !s.home.is6 && !c.hasPublic(w, b.iface, c.siteOf(w, b.address, b.subnet)) { // GRT-7
		return nothing
	}
	return c.comeBackBy(w, b, s, server)
}

// comeBackBy is what of the replies gets from outside by an inspector to where
// the sender is at home.
func (c *compiled) comeBackBy(w *world, b *inspector, s sender, far party) headerspace.Tri {
	server := sender{party: far, at: site{vpc: s.at.vpc}, replying: true}
	x := c.meets(w, b, server, s.home, everything)
	if x.fate != yes {
		return anything
	}
	rest := c.carry(w, server.past(b, x.at), s.home, maxDetours)
	return x.passes.And(rest.answering(s.through[:len(s.through)-1]))
}
