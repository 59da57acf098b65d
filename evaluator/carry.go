package evaluator

import (
	"fmt"
	"slices"

	"github.com/planreach/planreach/headerspace"
	"github.com/planreach/planreach/netmodel"
)

// A carriage is a one-way trip between addresses inside the plan's VPCs, by
// ACLs and routes alone.
type carriage struct {
	passes headerspace.Tri
	// inbound and outbound say whether the rules of the receiver's groups may
	// name the sender's groups, and those of the sender's the receiver's.
	inbound, outbound tri
	nat               *netmodel.NATGateway // a NAT gateway on the way
	out               passage              // its way on, groups and replies included
	strange           bool                 // a hop that is not known may rewrite the packet
	peered            bool                 // the first hop is a peering
	through           []netmodel.Address   // the inspectors that it passes, up to a NAT gateway
}

func stop() carriage { return carriage{passes: nothing, inbound: yes, outbound: yes} }

func direct(passes headerspace.Tri) carriage {
	return carriage{passes: passes, inbound: yes, outbound: yes}
}

// astray is a trip over a hop that is not known.
func astray(passes headerspace.Tri) carriage {
	return carriage{passes: passes.And(anything), inbound: maybe, outbound: maybe, strange: true}
}

// greet adds the groups of both ends to a trip.
func (t carriage) greet(c *compiled, s sender, g goal) passage {
	if t.nat != nil {
		return passage{t.passes.And(t.out.there), everything}
	}
	way := passage{t.passes, everything}
	if g.to == nil {
		return way
	}
	from := s.party
	if t.inbound == no {
		from = from.nameless()
	}
	lets := c.groupsAdmit(g.party, netmodel.Ingress, from)
	if t.inbound == maybe {
		lets = lets.Unanimous(c.groupsAdmit(g.party, netmodel.Ingress, from.nameless()))
	}
	if t.strange { // the hop may have put another source address
		lets = lets.Unanimous(c.groupsAdmit(g.party, netmodel.Ingress, party{is6: from.is6}))
	}
	way.there = way.there.And(lets)
	return way
}

// anyone is p of which it is not known whose address it has: only groups look at
// that.
func (p party) anyone() party {
	p.self, p.unowned = "", false
	return p
}

// nameless is p known by its address only.
func (p party) nameless() party {
	return party{is6: p.is6, atom: p.atom, self: p.self, unowned: p.unowned}
}

// replies is what gets back from the goal to where the sender is at home.
func (c *compiled) replies(w *world, s sender, g goal, there carriage) headerspace.Tri {
	return returning(w, func() headerspace.Tri { return c.comeBack(w, s, g, there) })
}

func (c *compiled) comeBack(w *world, s sender, g goal, there carriage) headerspace.Tri {
	switch {
	case there.nat != nil:
		return there.out.back
	case there.strange: // it may even come from within the sender's subnet
		return anything
	case s.nat != nil && there.peered: // NAT-15
		return c.acl(w, g.at, netmodel.Egress, s.party).And(c.acl(w, s.at, netmodel.Ingress, g.party))
	}
	return c.carry(w, sender{party: g.party, at: g.at, replying: true}, s.home, maxDetours).answering(there.through)
}

// carry is the one-way trip from a subnet to a goal inside. Network address
// translation ends it: what comes after is the gateway's way.
func (c *compiled) carry(w *world, s sender, g goal, hops int) carriage {
	switch {
	case hops == 0:
		return stop() // FORWARDING_LOOP
	case s.at.subnet == nil, g.at.subnet == nil:
		return astray(everything)
	case g.at.subnet == s.at.subnet && s.strict:
		return direct(c.acl(w, s.at, netmodel.Egress, g.party)) // NACL-12
	case g.at.subnet == s.at.subnet:
		return direct(everything) // RT-23, EV-3, TGW-23
	}
	edge := c.acl(w, s.at, netmodel.Egress, g.party)
	if s.at.vpc == "" || g.at.vpc == "" {
		return astray(edge)
	}
	switch t := c.route(w, s.at, g.party, g.at.vpc == s.at.vpc); t.kind {
	case turnOpen:
		return astray(edge)
	case turnNone:
		return stop()
	case turnLocal:
		if g.at.vpc != s.at.vpc {
			return stop() // an address of the VPC that nothing has
		}
		return direct(edge.And(c.acl(w, g.at, netmodel.Ingress, s.party)))
	case turnTo:
		return c.hop(w, t.to, s, g, edge, hops)
	}
	panic("evaluator: impossible turn")
}

// hop is the trip by a gateway or interface that a route names.
func (c *compiled) hop(w *world, to netmodel.Address, s sender, g goal, edge headerspace.Tri, hops int) carriage {
	w.look(to)
	w.pass(to)
	if c.net.InternetGateway(to) != nil || c.net.EgressOnlyGateway(to) != nil {
		return stop() // L-49
	}
	if gw := c.net.VPNGateway(to); gw != nil {
		return c.roundabout(w, gw, g, edge)
	}
	if nat := c.net.NATGateway(to); nat != nil {
		out := c.translate(w, nat, s, g, passage{edge, everything}, hops)
		return carriage{passes: everything, nat: nat, out: out}
	}
	if p := c.net.Peering(to); p != nil {
		return c.peer(w, p, s, g, edge)
	}
	if tgw := c.net.TransitGateway(to); tgw != nil {
		return c.transit(w, tgw, s, g, edge, hops)
	}
	if b := inspectorAt(c.net, to, nil); b != nil {
		return c.inspect(w, b, s, g, edge, hops)
	}
	if i := c.appliance(to); i != nil {
		if i == g.to && g.at.vpc == s.at.vpc {
			return direct(edge.And(c.acl(w, g.at, netmodel.Ingress, s.party)))
		}
		if b := inspectorAt(c.net, to, i); b != nil {
			return c.inspect(w, b, s, g, edge, hops)
		}
		if i.SourceCheck.IsTrue() {
			return stop() // ENI-3
		}
		if c.isBeside(w, i, s.at) {
			return astray(everything)
		}
	}
	return astray(edge)
}

// peer is the trip over a peering connection (PCX-1 to PCX-5).
func (c *compiled) peer(w *world, p *netmodel.Peering, s sender, g goal, edge headerspace.Tri) carriage {
	if s.stranger {
		return stop() // the source is not in this VPC
	}
	requester, okR := w.follow(p.Address, "requester VPC", p.Requester)
	accepter, okA := w.follow(p.Address, "accepter VPC", p.Accepter)
	var far netmodel.Address
	switch {
	case okR && requester == s.at.vpc:
		far = accepter
		if !okA {
			return astray(edge)
		}
	case okA && accepter == s.at.vpc:
		far = requester
		if !okR {
			return astray(edge)
		}
	case okR && okA:
		return stop()
	default:
		return astray(edge)
	}
	if far != g.at.vpc || !w.holds(p.Address, "active", p.Active) {
		return stop() // PCX-4
	}
	out := direct(edge.And(c.acl(w, g.at, netmodel.Ingress, s.party)))
	out.peered = true
	if !w.holds(p.Address, "one Region", p.SameRegion) {
		out.inbound, out.outbound = no, no // SG-14
	}
	return out
}

// transit is the trip over a transit gateway, and on from the subnet of the
// attachment where it comes out.
func (c *compiled) transit(w *world, tgw *netmodel.TransitGateway, s sender, g goal, edge headerspace.Tri, hops int) carriage {
	x := c.cross(w, tgw, s, g.party)
	switch x.fate {
	case no:
		return stop()
	case maybe:
		return astray(edge.And(x.passes))
	case yes:
	}
	rest := c.carry(w, x.next, g, hops-1)
	rest.passes = rest.passes.And(edge).And(x.passes)
	rest.peered = false
	rest.outbound = no // SG-13
	if !x.referencing {
		rest.inbound = no // SG-16
	}
	if s.nat == nil && c.arePeered(s.at.vpc, g.at.vpc) { // the reference may hold by the peering, whatever the way
		rest.outbound, rest.inbound = max(rest.outbound, maybe), max(rest.inbound, maybe)
	}
	return rest
}

// arePeered reports whether there may be a peering between two VPCs.
func (c *compiled) arePeered(v, u netmodel.Address) bool {
	return slices.ContainsFunc(c.net.Peerings, func(p *netmodel.Peering) bool {
		return p.Requester.MayBe(v) && p.Accepter.MayBe(u) || p.Requester.MayBe(u) && p.Accepter.MayBe(v)
	})
}

// A crossing is what a transit gateway does with a packet.
type crossing struct {
	fate        tri             // maybe: it is not known where it comes out
	passes      headerspace.Tri // the ACL at the attachment where it gets on
	next        sender          // where it comes out
	referencing bool            // groups may be named across it
}

// cross takes a packet to dst from the sender's VPC over a transit gateway
// (TGW-2 to TGW-25).
func (c *compiled) cross(w *world, tgw *netmodel.TransitGateway, s sender, dst party) crossing {
	if s.arrived {
		return crossing{fate: no} // a VPC is not transitive
	}
	on, known := c.attachmentOf(w, tgw, s.at.vpc)
	switch {
	case on == nil && known:
		return crossing{fate: no}
	case on == nil:
		return crossing{fate: maybe, passes: everything}
	}
	w.look(on.Address)
	w.pass(on.Address)
	boarding, found := c.attachmentSubnet(w, on, s.at.subnet, true)
	switch found {
	case no:
		return crossing{fate: no} // TGW-15
	case maybe:
		return crossing{fate: maybe, passes: everything}
	case yes:
	}
	passes := c.acl(w, boarding, netmodel.Ingress, s.party) // TGW-20, TGW-22
	a, ok := w.follow(on.Address, "transit table", on.Table)
	table := c.net.TransitTable(a)
	switch {
	case ok && a == "":
		return crossing{fate: no} // TGW-2
	case !ok || table == nil:
		return crossing{fate: maybe, passes: passes}
	}
	w.pass(table.Address)
	best, known := c.choose(w, routes{table.Address, table.Routes, table.Hidden}, dst, 0, 0, table.Origin)
	switch {
	case !known:
		return crossing{fate: maybe, passes: passes}
	case best == nil:
		return crossing{fate: no} // TGW-13
	}
	t := c.turnOf(w, table.Address, *best)
	off := c.net.Attachment(t.to)
	switch {
	case t.kind == turnNone:
		return crossing{fate: no} // TGW-12
	case t.kind == turnOpen || off == nil:
		return crossing{fate: maybe, passes: passes}
	case !w.holds(off.Address, "active", off.Active):
		return crossing{fate: no}
	}
	w.look(off.Address)
	w.pass(off.Address)
	leaving, found := c.attachmentSubnet(w, off, c.landing(w, off, s.at.subnet), false)
	if found != yes || leaving.vpc == s.at.vpc { // back into the VPC that it came from: not documented
		return crossing{fate: maybe, passes: passes}
	}
	return crossing{fate: yes, passes: passes,
		next: sender{party: s.party, at: leaving, home: s.home, nat: s.nat, arrived: true, stranger: true, through: s.through,
			replying: s.replying, public: func() bool { return false }},
		referencing: w.holds(tgw.Address, "group references", tgw.Referencing) &&
			w.holds(on.Address, "group references", on.Referencing) && w.holds(off.Address, "group references", off.Referencing)}
}

// attachmentOf is the attachment of a VPC to a transit gateway: nil and known if
// there is none, nil and not known if one may be.
func (c *compiled) attachmentOf(w *world, tgw *netmodel.TransitGateway, vpc netmodel.Address) (*netmodel.Attachment, bool) {
	known := true
	for _, a := range c.net.Attachments {
		gw, okG := w.follow(a.Address, "transit gateway", a.Gateway)
		v, okV := w.follow(a.Address, "VPC", a.VPC)
		switch {
		case okG && gw != tgw.Address, okV && v != vpc:
			continue
		case !okG || !okV:
			known = false
			continue
		case w.holds(a.Address, "active", a.Active):
			return a, true
		}
	}
	return nil, known
}

// attachmentSubnet is the subnet of an attachment that a packet passes: the one
// in the zone of the packet's subnet. Getting on demands that zone (TGW-15);
// coming out, another one will do (TGW-17).
func (c *compiled) attachmentSubnet(w *world, a *netmodel.Attachment, near *netmodel.Subnet, strict bool) (site, tri) {
	if !a.Subnets.More.IsZero() {
		return site{}, maybe
	}
	var options []site
	var names []string
	unsure := false
	for n, r := range a.Subnets.Links {
		at, ok := w.follow(a.Address, subnetQuestion(n), r)
		s := c.net.Subnet(at)
		if !ok || s == nil {
			return site{}, maybe
		}
		here := site{subnet: s}
		here.vpc, _ = w.follow(s.Address, "VPC", s.VPC)
		switch sameZone(s, near) {
		case yes:
			return here, yes
		case maybe:
			unsure = true
			options, names = append(options, here), append(names, string(s.Address))
		case no:
			if !strict {
				options, names = append(options, here), append(names, string(s.Address))
			}
		}
	}
	if strict && unsure {
		options, names = append(options, site{}), append(names, "")
	}
	if len(options) == 0 {
		return site{}, no
	}
	gap := netmodel.Gap{Origin: a.Origin, Why: netmodel.UntilApply, Code: netmodel.UnknownAvailabilityZone}
	chosen := options[w.pick(doorQuestion(a, near), gap, names...)]
	if chosen.subnet == nil {
		return site{}, no
	}
	return chosen, yes
}

// landing is the subnet in whose zone a packet from near comes out at an
// attachment: in appliance mode one that depends on the flow alone (TGW-24).
func (c *compiled) landing(w *world, a *netmodel.Attachment, near *netmodel.Subnet) *netmodel.Subnet {
	if len(a.Subnets.Links) < 2 || !a.Subnets.More.IsZero() || !w.holds(a.Address, "appliance mode", a.ApplianceMode) {
		return near
	}
	var names []string
	for _, r := range a.Subnets.Links {
		names = append(names, r.String())
	}
	n := w.pick(flowQuestion(a), netmodel.Gap{Origin: a.Origin, Why: netmodel.OutsidePlan, Code: netmodel.UnknownAvailabilityZone}, names...)
	at, ok := w.follow(a.Address, subnetQuestion(n), a.Subnets.Links[n])
	if s := c.net.Subnet(at); ok && s != nil {
		return s
	}
	return near
}

func flowQuestion(a *netmodel.Attachment) question { return question{a.Address, "subnet of the flow"} }

func subnetQuestion(n int) string { return fmt.Sprintf("subnet %d", n) }

func doorQuestion(a *netmodel.Attachment, near *netmodel.Subnet) question {
	return question{a.Address, "subnet near " + string(near.Address)}
}

// sameZone reports whether two subnets lie in one availability zone.
func sameZone(s, t *netmodel.Subnet) tri {
	switch {
	case s == t:
		return yes
	case s.Zone == "" || t.Zone == "":
		return maybe
	case s.Zone == t.Zone:
		return yes
	}
	return no
}
