package evaluator

import (
	"net/netip"

	"github.com/planreach/planreach/headerspace"
	"github.com/planreach/planreach/netmodel"
)

// A lane is a traced one-way trip from the edge of one subnet to that of
// another, or outside, by ACLs, routes and gateways; groups are not part of it.
type lane struct {
	inbound, outbound tri // may the ends' groups name each other; as in carriage
	strange           bool
	beside            bool // strange, and perhaps in the sender's own subnet
	ended             bool // it is clear that it goes no further
	peered            bool
	nat               *natHop
	left              *doorway           // by which it left
	through           []netmodel.Address // the inspectors passed, up to a NAT gateway
	// noInbound and noOutbound say why inbound and outbound are no.
	noInbound, noOutbound netmodel.Code
}

// A natHop is a NAT gateway on the way, with the station of its interface.
type natHop struct {
	gateway *netmodel.NATGateway
	at      station
	// before and beyond are the inspectors passed on the way to it, and after it.
	before, beyond []netmodel.Address
}

func straight() lane { return lane{inbound: yes, outbound: yes} }

// codes are what an ACL and a missing route are called on the way there and on
// the way back.
func aclCode(returning bool) netmodel.Code {
	if returning {
		return netmodel.ReturnACLRestriction
	}
	return netmodel.SubnetACLRestriction
}

func routeCode(returning bool) netmodel.Code {
	if returning {
		return netmodel.ReturnNoRoute
	}
	return netmodel.NoRouteToDestination
}

// lane traces a trip. via is the NAT gateway that sends, if one does.
func (t *tracer) lane(from, to station, p headerspace.Packet, via *natHop, detours int, returning bool) lane {
	t.bound = to.self
	switch {
	case detours == 0:
		t.add(Hop{Address: from.s.Address, Kind: Outside, Result: HopBlock, Code: netmodel.ForwardingLoop, Step: Passed{}, Packet: p})
		return lane{ended: true}
	case from.s == nil, to.inside && to.s == nil:
		return t.lost(from, to, p, returning)
	case to.inside && from.s == to.s:
		if from.strict && !returning {
			t.acl(from.s, netmodel.Egress, p, netmodel.ClassicACLRestriction)
		}
		return straight()
	}
	t.acl(from.s, netmodel.Egress, p, aclCode(returning))
	if from.vpc == "" || to.inside && to.vpc == "" {
		return t.lost(from, to, p, returning)
	}
	target, res := t.table(from.s, from.vpc, p.Dst, to.inside && to.vpc == from.vpc, p, returning)
	switch {
	case res == HopUnknown:
		return lane{inbound: maybe, outbound: maybe, strange: true}
	case target == "":
		return lane{ended: true}
	case target == netmodel.LocalTarget && !to.inside && len(t.veiled(netmodel.To(from.vpc))) > 0:
		t.add(Hop{Address: from.vpc, Kind: Outside, Result: HopUnknown, Code: netmodel.UnknownResource, Step: Passed{}, Packet: p, Gaps: t.veiled(netmodel.To(from.vpc))})
		return lane{inbound: maybe, outbound: maybe, strange: true}
	case target == netmodel.LocalTarget && (!to.inside || to.vpc != from.vpc):
		t.add(Hop{Address: from.vpc, Kind: Outside, Result: HopBlock, Code: routeCode(returning), Step: Passed{}, Packet: p})
		return lane{ended: true}
	case target == netmodel.LocalTarget:
		t.acl(to.s, netmodel.Ingress, p, aclCode(returning))
		return straight()
	}
	return t.gateway(target, from, to, p, via, detours, returning)
}

// lost is a trip of which it is not known where it starts or ends.
func (t *tracer) lost(from, to station, p headerspace.Packet, returning bool) lane {
	h := Hop{Kind: Outside, Result: HopUnknown, Code: netmodel.UnknownReference, Step: Passed{}, Packet: p}
	if returning {
		h.Code = netmodel.ReturnUnknown
	}
	for _, s := range []station{from, to} {
		switch {
		case !s.inside:
		case s.i != nil && s.s == nil:
			h.Gaps = append(h.Gaps, s.i.Subnet.Gap())
			h.Address, h.Origin = s.i.Address, s.i.Origin
		case s.s != nil && s.vpc == "":
			h.Gaps = append(h.Gaps, s.s.VPC.Gap())
			h.Address, h.Origin = s.s.Address, s.s.Origin
		}
	}
	t.add(h)
	return lane{inbound: maybe, outbound: maybe, strange: true}
}

// gateway traces a gateway or interface that a route leads to.
func (t *tracer) gateway(target netmodel.Address, from, to station, p headerspace.Packet, via *natHop, detours int, returning bool) lane {
	if gw := t.n.InternetGateway(target); gw != nil {
		return t.exit(InternetGateway, gw.Address, gw.Origin, gw.VPC, from, to, p, via)
	}
	if gw := t.n.EgressOnlyGateway(target); gw != nil {
		return t.exit(EgressOnlyInternetGateway, gw.Address, gw.Origin, gw.VPC, from, to, p, via)
	}
	if gw := t.n.VPNGateway(target); gw != nil {
		return t.byVPN(gw, from, to, p)
	}
	if nat := t.n.NATGateway(target); nat != nil {
		if returning {
			t.add(Hop{Address: nat.Address, Kind: NATGateway, Result: HopBlock, Code: netmodel.ReturnAsymmetric, Step: Passed{}, Packet: p, Origin: nat.Origin})
			return lane{ended: true}
		}
		return t.nat(nat, from, to, p, via, detours)
	}
	if pcx := t.n.Peering(target); pcx != nil {
		return t.peering(pcx, from, to, p, returning)
	}
	if tgw := t.n.TransitGateway(target); tgw != nil {
		return t.transit(tgw, from, to, p, via, detours, returning)
	}
	if t.n.ServiceGateways[target] && !to.inside {
		return t.service(target, from, p)
	}
	i := t.applianceAt(target)
	if b := inspectorAt(t.n, target, i); b != nil && (i == nil || i != to.i || to.vpc != from.vpc) {
		return t.inspect(b, from, to, p, via, detours, returning)
	}
	return t.appliance(target, from, to, p, returning)
}

// service traces a gateway endpoint.
func (t *tracer) service(target netmodel.Address, from station, p headerspace.Packet) lane {
	hop := Hop{Address: target, Kind: VPCEndpoint, Result: HopPass, Step: Passed{}, Packet: p, Origin: netmodel.Origin{Address: target}}
	echo, ok := headerspace.ReplyType(p.Proto, p.ICMPType)
	switch {
	case from.stranger:
		hop.Result, hop.Code = HopBlock, netmodel.VPCEGatewayNotTransitive
	case p.Proto != headerspace.TCP && (!p.Proto.HasTypes() || !ok || echo != 0 && echo != 129):
		hop.Result, hop.Code = HopBlock, netmodel.VPCEGatewayProtocol
	case len(from.through) > 0:
		hop.Result, hop.Code = HopUnknown, netmodel.UnknownApplianceBehavior
		hop.Gaps = []netmodel.Gap{{Origin: hop.Origin, Why: netmodel.NotModelled, Code: netmodel.UnknownApplianceBehavior, Detail: "a gateway endpoint behind a firewall or appliance"}}
	}
	t.add(hop)
	return lane{}
}

// appliance traces an interface as a route target, or something that is not
// modelled.
func (t *tracer) appliance(target netmodel.Address, from, to station, p headerspace.Packet, returning bool) lane {
	hop := Hop{Address: target, Kind: Outside, Result: HopUnknown, Code: netmodel.UnsupportedComponent, Step: Passed{}, Packet: p,
		Origin: netmodel.Origin{Address: target}, Gaps: []netmodel.Gap{t.foreign(target)}}
	if i := t.applianceAt(target); i != nil {
		if i == to.i && to.vpc == from.vpc {
			t.acl(to.s, netmodel.Ingress, p, aclCode(returning))
			return straight()
		}
		hop.Kind, hop.Code, hop.Origin = NetworkInterface, netmodel.UnknownApplianceBehavior, i.Origin
		hop.Gaps = []netmodel.Gap{{Origin: i.Origin, Why: netmodel.NotModelled, Code: netmodel.UnknownApplianceBehavior}}
		if i.SourceCheck.IsTrue() {
			hop.Result, hop.Code, hop.Gaps = HopBlock, netmodel.ENISourceDestCheck, nil
		}
	}
	way := lane{inbound: maybe, outbound: maybe, strange: hop.Result == HopUnknown, ended: hop.Result == HopBlock}
	if i := t.applianceAt(target); i != nil && way.strange {
		if at, ok := t.w.follow(i.Address, "subnet", i.Subnet); !ok || t.n.Subnet(at) == nil || t.n.Subnet(at) == from.s {
			t.dropLastACL() // EV-13
			way.beside = true
		}
	}
	t.add(hop)
	return way
}

var sharedRange = netip.MustParsePrefix("100.64.0.0/10")

// exit traces the way out to the internet.
func (t *tracer) exit(kind HopKind, a netmodel.Address, o netmodel.Origin, vpc netmodel.Ref, from, to station, p headerspace.Packet, via *natHop) lane {
	hop := Hop{Address: a, Kind: kind, Result: HopPass, Step: Passed{}, Packet: p, Origin: o}
	if kind == InternetGateway && !t.is6 {
		hop.Step = Translated{Endpoint: from.end}
	}
	at, ok := t.w.follow(a, "VPC", vpc)
	switch {
	case kind == EgressOnlyInternetGateway && !t.is6:
		hop.Result, hop.Code = HopBlock, netmodel.EIGWRequiresIPv6
	case !internetHolds(p.Dst):
		hop.Result, hop.Code = HopBlock, netmodel.IGWPrivateEgress
		if sharedRange.Contains(p.Dst) {
			hop.Code = netmodel.IGWSharedEgress
		}
	case to.inside:
		hop.Result, hop.Code = HopBlock, netmodel.NoRouteToDestination
	case ok && at != from.vpc:
		hop.Result, hop.Code = HopBlock, netmodel.BadStateAttachment
	case !t.is6 && !t.isPublic(from, via), t.is6 && from.stranger:
		hop.Result, hop.Code = HopBlock, netmodel.IGWPublicIPForEgress
	case !ok:
		hop.Result, hop.Code, hop.Gaps = HopUnknown, netmodel.UnknownReference, []netmodel.Gap{vpc.Gap()}
	case t.isReflected(p.Dst):
		hop.Result, hop.Code = HopUnknown, netmodel.IGWNATReflection
		hop.Gaps = []netmodel.Gap{{Origin: o, Why: netmodel.NotModelled, Code: netmodel.IGWNATReflection, Detail: "the address is a public one of the plan's own"}}
	}
	t.blockPublic(&hop, from.s, from.vpc, via != nil || kind == EgressOnlyInternetGateway)
	t.add(hop)
	out := lane{ended: to.inside}
	if gw := t.n.InternetGateway(a); gw != nil && hop.Result == HopPass {
		door := internetDoor(gw)
		out.left = &door
	}
	return out
}

// isReflected reports whether a is a public address of an object of the plan.
func (t *tracer) isReflected(a netip.Addr) bool {
	for _, i := range t.n.Interfaces {
		if a == i.PublicIPv4 || a == i.ElasticIP {
			return a.IsValid()
		}
	}
	for _, g := range t.n.NATGateways {
		if a == g.Elastic {
			return a.IsValid()
		}
	}
	return false
}

// nat traces the way through a NAT gateway and on.
func (t *tracer) nat(nat *netmodel.NATGateway, from, to station, p headerspace.Packet, via *natHop, detours int) lane {
	hop := Hop{Address: nat.Address, Kind: NATGateway, Result: HopPass, Code: netmodel.NGWSourceAddressReassign,
		Step: Translated{From: p.Src, To: nat.Private}, Packet: p, Origin: nat.Origin, Notes: []netmodel.Code{netmodel.RemapEphemeralPort}}
	at := station{inside: true, addr: nat.Private, self: nat.Address, end: nat.Address}
	a, ok := t.w.follow(nat.Address, "subnet", nat.Subnet)
	if s := t.n.Subnet(a); ok && s != nil {
		at.s = s
		at.vpc, _ = t.w.follow(s.Address, "VPC", s.VPC)
		if !at.addr.IsValid() {
			at.addr = t.w.addresses[addressQuestion(nat.Address, false)]
		}
	}
	if nat.Subnet.IsNone() && !to.inside && via == nil && !from.stranger && len(from.through) == 0 {
		return t.regionalNAT(nat, hop, from, p)
	}
	out := &natHop{gateway: nat, at: at, before: from.through}
	switch {
	case at.s == nil, via != nil, at.s == from.s:
		t.dropLastACL() // EV-13
	default:
		t.acl(at.s, netmodel.Ingress, p, netmodel.SubnetACLRestriction)
	}
	switch {
	case via != nil && via.gateway == nat:
		hop.Result, hop.Code = HopBlock, netmodel.ForwardingLoop
	case t.is6:
		hop.Result, hop.Code = HopBlock, netmodel.NGWRequiresNAT64
	case p.Proto != headerspace.TCP && p.Proto != headerspace.UDP && p.Proto != headerspace.ICMP:
		hop.Result, hop.Code = HopBlock, netmodel.ProtocolRestriction
	case at.s == nil:
		hop.Result, hop.Code, hop.Gaps = HopUnknown, netmodel.UnknownReference, []netmodel.Gap{natGap(nat)}
	case via != nil:
		hop.Result, hop.Code = HopUnknown, netmodel.UnknownApplianceBehavior
		hop.Gaps = []netmodel.Gap{{Origin: nat.Origin, Why: netmodel.NotModelled, Code: netmodel.UnknownApplianceBehavior, Detail: "one NAT gateway behind another"}}
	case at.vpc != "" && at.vpc != from.vpc:
		hop.Result, hop.Code = HopBlock, netmodel.NoRouteToDestination
	}
	t.add(hop)
	if at.s == nil || via != nil {
		return lane{strange: true, nat: out, inbound: no, outbound: maybe}
	}
	p.Src = at.addr
	if p.Proto.HasPorts() {
		p.SrcPort = natPortLo
	}
	rest := t.lane(at, to, p, out, detours-1, false)
	out.beyond = rest.through
	return lane{strange: rest.strange, beside: rest.beside, ended: rest.ended, nat: out, peered: rest.peered, left: rest.left,
		inbound: no, noInbound: netmodel.SGReferencePrivateOnly, outbound: rest.outbound, noOutbound: rest.noOutbound}
}

// natGap is why it is not known where a NAT gateway's way leads.
func natGap(nat *netmodel.NATGateway) netmodel.Gap {
	if !nat.Subnet.IsNone() {
		return nat.Subnet.Gap()
	}
	return netmodel.Gap{Origin: nat.Origin, Why: netmodel.NotModelled, Code: netmodel.UnknownApplianceBehavior,
		Detail: "a regional NAT gateway on the way to an address inside"}
}

// regionalNAT traces the way out through a NAT gateway that sits in no subnet.
func (t *tracer) regionalNAT(nat *netmodel.NATGateway, hop Hop, from station, p headerspace.Packet) lane {
	vpc, ok := t.w.follow(nat.Address, "VPC", nat.VPC)
	gw, attached := t.internetGateway(from.vpc)
	switch {
	case t.is6:
		hop.Result, hop.Code = HopBlock, netmodel.NGWRequiresNAT64
	case p.Proto != headerspace.TCP && p.Proto != headerspace.UDP && p.Proto != headerspace.ICMP:
		hop.Result, hop.Code = HopBlock, netmodel.ProtocolRestriction
	case ok && vpc != from.vpc, attached == no:
		hop.Result, hop.Code = HopBlock, netmodel.BadStateAttachment
	case !internetHolds(p.Dst):
		hop.Result, hop.Code = HopBlock, netmodel.IGWPrivateEgress
	case !t.w.holds(nat.Address, "public", nat.Public):
		hop.Result, hop.Code = HopBlock, netmodel.IGWPublicIPForEgress
	case t.isReflected(p.Dst):
		hop.Result, hop.Code = HopUnknown, netmodel.IGWNATReflection
		hop.Gaps = []netmodel.Gap{{Origin: nat.Origin, Why: netmodel.NotModelled, Code: netmodel.IGWNATReflection, Detail: "the address is a public one of the plan's own"}}
	case !ok:
		hop.Result, hop.Code, hop.Gaps = HopUnknown, netmodel.UnknownReference, []netmodel.Gap{nat.VPC.Gap()}
	case attached == maybe:
		hop.Result, hop.Code, hop.Gaps = HopUnknown, netmodel.UnknownResource, t.attachmentGaps(gw, from.vpc)
	}
	t.blockPublic(&hop, nil, from.vpc, true)
	t.add(hop)
	if gw != nil && hop.Result == HopPass {
		t.add(Hop{Address: gw.Address, Kind: InternetGateway, Result: HopPass, Step: Passed{}, Packet: p, Origin: gw.Origin})
	}
	return lane{}
}

// dropLastACL takes back the ACL hop of a subnet that the packet does not leave.
func (t *tracer) dropLastACL() {
	for k := len(t.hops) - 1; k >= 0; k-- {
		if h := t.hops[k]; h.Kind == NetworkACL && h.Direction == netmodel.Egress {
			t.hops = append(t.hops[:k:k], t.hops[k+1:]...)
			return
		}
	}
}

// peering traces the way over a peering connection.
func (t *tracer) peering(pcx *netmodel.Peering, from, to station, p headerspace.Packet, returning bool) lane {
	hop := Hop{Address: pcx.Address, Kind: VPCPeeringConnection, Result: HopPass, Step: Passed{}, Packet: p, Origin: pcx.Origin}
	requester, okR := t.w.follow(pcx.Address, "requester VPC", pcx.Requester)
	accepter, okA := t.w.follow(pcx.Address, "accepter VPC", pcx.Accepter)
	known, far := true, netmodel.Address("")
	switch {
	case okR && requester == from.vpc:
		far, known = accepter, okA
	case okA && accepter == from.vpc:
		far, known = requester, okR
	case !okR || !okA:
		known = false
	}
	way := straight()
	way.peered = true
	switch {
	case from.stranger, known && far == "":
		hop.Result, hop.Code = HopBlock, netmodel.BadStateAttachment
		if from.stranger {
			hop.Code = netmodel.PCXRequiresAddressInVPC
		}
		way.ended = true
	case !known && to.inside:
		hop.Result, hop.Code, hop.Gaps = HopUnknown, netmodel.UnknownReference, []netmodel.Gap{pcx.Requester.Gap(), pcx.Accepter.Gap()}
		way = lane{inbound: maybe, outbound: maybe, strange: true}
	case !to.inside && len(t.beyondPeer(pcx, from.vpc)) > 0:
		hop.Result, hop.Code, hop.Gaps = HopUnknown, netmodel.UnknownResource, t.beyondPeer(pcx, from.vpc)
		way = lane{inbound: maybe, outbound: maybe, strange: true}
	case !to.inside, far != to.vpc:
		hop.Result, hop.Code = HopBlock, netmodel.PCXRequiresAddressInVPC
		way.ended = true
	case !t.w.holds(pcx.Address, "active", pcx.Active):
		hop.Result, hop.Code = HopBlock, netmodel.BadStateAttachment
	}
	t.add(hop)
	if way.ended || way.strange {
		return way
	}
	if !t.w.holds(pcx.Address, "one Region", pcx.SameRegion) {
		way.inbound, way.outbound = no, no
		way.noInbound, way.noOutbound = netmodel.SGReferenceCrossRegion, netmodel.SGReferenceCrossRegion
	}
	t.acl(to.s, netmodel.Ingress, p, aclCode(returning))
	return way
}

// transit traces the way over a transit gateway and on.
func (t *tracer) transit(tgw *netmodel.TransitGateway, from, to station, p headerspace.Packet, via *natHop, detours int, returning bool) lane {
	ride := t.cross(tgw, from, p)
	switch {
	case ride.ended:
		return lane{ended: true, outbound: no}
	case ride.strange:
		return lane{inbound: maybe, outbound: maybe, strange: true}
	}
	next := from
	next.s, next.vpc, next.arrived, next.stranger = ride.off, ride.vpc, true, true
	arrival := len(t.hops) - 1
	rest := t.lane(next, to, p, via, detours-1, returning)
	if ride.by.ApplianceMode.IsFalse() && !returning && (len(rest.through) > 0 || rest.nat != nil && len(rest.nat.before) > 0) {
		t.hops[arrival].Notes = append(t.hops[arrival].Notes, netmodel.ApplianceModeRecommended)
	}
	rest.peered, rest.outbound, rest.noOutbound = false, no, netmodel.SGReferenceOverTGW
	if !ride.referencing && rest.nat == nil {
		rest.inbound, rest.noInbound = no, netmodel.SGReferencingSupport
	}
	if via == nil && t.peered(from.vpc, to.vpc) {
		rest.outbound, rest.inbound = max(rest.outbound, maybe), max(rest.inbound, maybe)
	}
	return rest
}

// peered reports whether there may be a peering between two VPCs.
func (t *tracer) peered(v, u netmodel.Address) bool {
	for _, pcx := range t.n.Peerings {
		if pcx.Requester.MayBe(v) && pcx.Accepter.MayBe(u) || pcx.Requester.MayBe(u) && pcx.Accepter.MayBe(v) {
			return true
		}
	}
	return false
}

// A ride is what the hops of a transit gateway come to.
type ride struct {
	by             *netmodel.Attachment
	off            *netmodel.Subnet // where the packet comes out
	vpc            netmodel.Address
	referencing    bool
	ended, strange bool
}

// cross traces the hops of a transit gateway: getting on, its route table,
// coming out.
func (t *tracer) cross(tgw *netmodel.TransitGateway, from station, p headerspace.Packet) ride {
	fail := func(a netmodel.Address, kind HopKind, o netmodel.Origin, code netmodel.Code) ride {
		t.add(Hop{Address: a, Kind: kind, Result: HopBlock, Code: code, Step: Passed{}, Packet: p, Origin: o})
		return ride{ended: true}
	}
	unknown := func(a netmodel.Address, kind HopKind, o netmodel.Origin, gaps ...netmodel.Gap) ride {
		t.add(Hop{Address: a, Kind: kind, Result: HopUnknown, Code: codeOf(gaps), Step: Passed{}, Packet: p, Origin: o, Gaps: gaps})
		return ride{strange: true}
	}
	if from.arrived {
		return fail(tgw.Address, TransitGateway, tgw.Origin, netmodel.NoRouteToDestination)
	}
	on, gaps := t.attachment(tgw, from.vpc)
	switch {
	case on == nil && len(gaps) == 0:
		return fail(tgw.Address, TransitGateway, tgw.Origin, netmodel.BadStateAttachment)
	case on == nil:
		return unknown(tgw.Address, TransitGateway, tgw.Origin, gaps...)
	}
	boarding, found, gaps := t.door(on, from.s, true)
	switch found {
	case no:
		return fail(on.Address, TransitGatewayAttachment, on.Origin, netmodel.TGWRouteAZRestriction)
	case maybe:
		return unknown(on.Address, TransitGatewayAttachment, on.Origin, gaps...)
	case yes:
	}
	t.add(Hop{Address: on.Address, Kind: TransitGatewayAttachment, Result: HopPass, Step: Passed{}, Packet: p, Origin: on.Origin})
	t.acl(boarding, netmodel.Ingress, p, netmodel.SubnetACLRestriction)
	a, ok := t.w.follow(on.Address, "transit table", on.Table)
	table := t.n.TransitTable(a)
	switch {
	case ok && a == "":
		return fail(on.Address, TransitGatewayAttachment, on.Origin, netmodel.TGWMissingAssociation)
	case !ok:
		return unknown(on.Address, TransitGatewayRouteTable, on.Origin, on.Table.Gap())
	case table == nil:
		return unknown(a, TransitGatewayRouteTable, on.Origin, t.foreign(a))
	}
	out := t.transitRoute(table, tgw, on, from.s, p)
	if out.off != nil && out.vpc == from.vpc {
		return unknown(tgw.Address, TransitGateway, tgw.Origin, netmodel.Gap{Origin: tgw.Origin, Why: netmodel.NotModelled,
			Code: netmodel.UnsupportedComponent, Detail: "the way back into the VPC that the packet came from"})
	}
	return out
}

// transitRoute traces the choice of a transit table and the attachment that it
// leads to.
func (t *tracer) transitRoute(table *netmodel.TransitTable, tgw *netmodel.TransitGateway, on *netmodel.Attachment, near *netmodel.Subnet, p headerspace.Packet) ride {
	hop := Hop{Address: table.Address, Kind: TransitGatewayRouteTable, Packet: p, Origin: table.Origin, Result: HopBlock, Step: Routed{}}
	if hidden, g := t.hidden(table.Address, table.Hidden, p.Dst, false); hidden {
		hop.Result, hop.Code, hop.Gaps = HopUnknown, netmodel.UnknownTransitRoutes, []netmodel.Gap{g}
		t.add(hop)
		return ride{strange: true}
	}
	chosen := t.choose(table.Address, table.Routes, p.Dst, 0, 0)
	if chosen == nil {
		hop.Code = netmodel.TGWNoRouteToAttachment
		t.add(hop)
		return ride{ended: true}
	}
	hop.Origin, hop.Step = chosen.route.Origin, Routed{Route: chosen.route}
	target, res := t.take(table.Address, chosen, hop, netmodel.TGWBadStateRoute)
	switch res {
	case HopBlock:
		return ride{ended: true}
	case HopUnknown:
		return ride{strange: true}
	case HopPass:
	}
	off := t.n.Attachment(target)
	if off == nil {
		t.add(Hop{Address: target, Kind: TransitGatewayAttachment, Result: HopUnknown, Code: netmodel.UnsupportedComponent, Step: Passed{}, Packet: p, Gaps: []netmodel.Gap{t.foreign(target)}})
		return ride{strange: true}
	}
	hop = Hop{Address: off.Address, Kind: TransitGatewayAttachment, Result: HopPass, Step: Passed{}, Packet: p, Origin: off.Origin}
	if !t.w.holds(off.Address, "active", off.Active) {
		hop.Result, hop.Code = HopBlock, netmodel.BadStateAttachment
		t.add(hop)
		return ride{ended: true}
	}
	leaving, found, gaps := t.door(off, t.landing(off, near), false)
	if found != yes {
		hop.Result, hop.Code, hop.Gaps = HopUnknown, codeOf(gaps), gaps
		t.add(hop)
		return ride{strange: true}
	}
	t.add(hop)
	vpc, _ := t.w.follow(leaving.Address, "VPC", leaving.VPC)
	return ride{by: off, off: leaving, vpc: vpc, referencing: t.w.holds(tgw.Address, "group references", tgw.Referencing) &&
		t.w.holds(on.Address, "group references", on.Referencing) && t.w.holds(off.Address, "group references", off.Referencing)}
}

// attachment is the attachment of a VPC to a transit gateway; without one, the
// reasons why there may be one.
func (t *tracer) attachment(tgw *netmodel.TransitGateway, vpc netmodel.Address) (*netmodel.Attachment, []netmodel.Gap) {
	var gaps []netmodel.Gap
	for _, a := range t.n.Attachments {
		gw, okG := t.w.follow(a.Address, "transit gateway", a.Gateway)
		v, okV := t.w.follow(a.Address, "VPC", a.VPC)
		switch {
		case okG && gw != tgw.Address, okV && v != vpc:
		case !okG:
			gaps = append(gaps, a.Gateway.Gap())
		case !okV:
			gaps = append(gaps, a.VPC.Gap())
		case t.w.holds(a.Address, "active", a.Active):
			return a, nil
		}
	}
	return nil, gaps
}

// landing is the subnet whose zone decides where a packet from near comes out.
func (t *tracer) landing(a *netmodel.Attachment, near *netmodel.Subnet) *netmodel.Subnet {
	count := len(a.Subnets.Links)
	if count < 2 || !a.Subnets.More.IsZero() || !t.w.holds(a.Address, "appliance mode", a.ApplianceMode) {
		return near
	}
	n := t.w.pick(flowQuestion(a), netmodel.Gap{}, make([]string, count)...)
	if at, ok := t.w.follow(a.Address, subnetQuestion(n), a.Subnets.Links[n]); ok && t.n.Subnet(at) != nil {
		return t.n.Subnet(at)
	}
	return near
}

// door is the subnet of an attachment that a packet near a subnet passes.
func (t *tracer) door(a *netmodel.Attachment, near *netmodel.Subnet, strict bool) (*netmodel.Subnet, tri, []netmodel.Gap) {
	if g := a.Subnets.More; !g.IsZero() {
		return nil, maybe, []netmodel.Gap{g}
	}
	var options []*netmodel.Subnet
	unsure := false
	for n, r := range a.Subnets.Links {
		at, ok := t.w.follow(a.Address, subnetQuestion(n), r)
		s := t.n.Subnet(at)
		switch {
		case !ok:
			return nil, maybe, []netmodel.Gap{r.Gap()}
		case s == nil:
			return nil, maybe, []netmodel.Gap{t.foreign(at)}
		case s == near, s.Zone != "" && s.Zone == near.Zone:
			return s, yes, nil
		case s.Zone == "" || near.Zone == "":
			unsure = true
			options = append(options, s)
		case !strict:
			options = append(options, s)
		}
	}
	if strict && unsure {
		options = append(options, nil)
	}
	if len(options) == 0 {
		return nil, no, nil
	}
	n := t.w.pick(doorQuestion(a, near), netmodel.Gap{}, make([]string, len(options))...)
	if options[n] == nil {
		return nil, no, nil
	}
	return options[n], yes, nil
}
