package evaluator

import (
	"net/netip"
	"slices"

	"github.com/planreach/planreach/headerspace"
	"github.com/planreach/planreach/netmodel"
)

// sending is the hop at which a load balancer chooses a target, if from is a
// node of one.
func (t *tracer) sending(from, to station, p headerspace.Packet) []Hop {
	lb := t.n.LoadBalancer(from.end)
	if lb == nil || from.i == nil {
		return nil
	}
	hop := Hop{Address: lb.Address, Kind: LoadBalancer, Result: HopBlock, Code: netmodel.TargetAddressRestriction, Step: Passed{}, Packet: p, Origin: lb.Origin}
	hands := handsOf(t.n, lb)
	if from.hand != nil {
		hands = []hand{*from.hand}
	}
	for _, h := range hands {
		fit, gaps := t.target(h, to)
		if fit == no {
			continue
		}
		if h.group != nil {
			hop.Address, hop.Kind, hop.Origin = h.group.Address, TargetGroup, h.group.Origin
		}
		if h.target != nil {
			hop.Origin = h.target.Origin
		}
		if !h.sends().Contains(p) {
			if hop.Result == HopBlock {
				hop.Code = netmodel.TargetPortRestriction
			}
			continue
		}
		zone, why := t.zone(h, from, to)
		gaps = slices.Concat(gaps, h.doubts)
		if zone == maybe {
			gaps = append(gaps, why...)
		}
		switch {
		case zone == no:
			if hop.Result == HopBlock {
				hop.Code = netmodel.ELBNotCrossZone
			}
		case fit == yes && zone == yes && len(h.doubts) == 0:
			hop.Result, hop.Code, hop.Gaps = HopPass, "", nil
			return []Hop{hop}
		default:
			hop.Result, hop.Code, hop.Gaps = HopUnknown, codeOf(gaps), append(hop.Gaps, gaps...)
		}
	}
	return []Hop{hop}
}

// target reports whether a station is the target of a hand, and why not for
// certain.
func (t *tracer) target(h hand, to station) (tri, []netmodel.Gap) {
	fit, gaps := t.member(h, to)
	if h.speaks(t.is6) == maybe {
		gaps = append(gaps, h.group.IPv6.Gap())
	}
	return min(fit, h.speaks(t.is6)), gaps
}

// member is target for a station that speaks the family of the target.
func (t *tracer) member(h hand, to station) (tri, []netmodel.Gap) {
	switch {
	case h.target == nil:
		return maybe, nil
	case h.target.Addr.IsValid():
		vpc, ok := h.group.VPC.Exact()
		switch {
		case h.target.Addr.Is6() != t.is6:
			return no, nil
		case !to.addr.IsValid():
			return maybe, addressGaps(to)
		case to.addr != h.target.Addr:
			return no, nil
		case ok && to.inside && to.vpc == vpc:
			return yes, nil
		}
		return maybe, []netmodel.Gap{{Origin: h.target.Origin, Why: netmodel.OutsidePlan, Code: netmodel.UnknownAddress,
			Detail: "which network has the address " + h.target.Addr.String()}}
	case to.i == nil:
		return no, nil
	}
	names := []netmodel.Address{to.i.Address}
	for _, ep := range t.n.Endpoints {
		if slices.Contains(ep.Interfaces, to.i.Address) {
			names = append(names, ep.Address)
		}
	}
	for _, a := range names {
		if exact, ok := h.target.To.Exact(); ok && exact == a {
			return yes, nil
		} else if !ok && h.target.To.MayBe(a) {
			return maybe, []netmodel.Gap{h.target.To.Gap()}
		}
	}
	return no, nil
}

// zone reports whether a node sends to a target in the target's zone, and why
// not for certain.
func (t *tracer) zone(h hand, node, to station) (tri, []netmodel.Gap) {
	if h.target == nil || h.target.AnyZone || to.i == nil {
		return yes, nil
	}
	gap := []netmodel.Gap{{Origin: h.balancer.Origin, Why: netmodel.UntilApply, Code: netmodel.UnknownAvailabilityZone}}
	if node.s == nil || to.s == nil {
		return maybe, gap
	}
	near := sameZone(node.s, to.s)
	crosses := h.balancer.CrossZone
	if !h.group.CrossZoneOfBalancer {
		crosses = h.group.CrossZone
	}
	if near == yes || crosses.IsFalse() {
		return near, gap
	}
	for _, a := range t.n.Endpoint(h.balancer.Address).Interfaces {
		i := t.n.Interface(a)
		at, ok := t.w.follow(i.Address, "subnet", i.Subnet)
		if s := t.n.Subnet(at); !ok || s == nil {
			near = max(near, maybe)
		} else {
			near = max(near, sameZone(s, to.s))
		}
	}
	if crosses.IsOpen() {
		return min(near, maybe), append(gap, crosses.Gap())
	}
	return near, gap
}

// taking is the hops at which a load balancer or an endpoint of a service takes
// a connection.
func (t *tracer) taking(from, to station, p headerspace.Packet) {
	if to.i == nil {
		return
	}
	if lb := t.n.LoadBalancer(to.end); lb != nil {
		t.add(t.listen(lb, p))
	}
	if e := t.n.ServiceEndpoint(to.end); e != nil {
		t.privately(e, from, to, p)
	}
}

// listen is the hop of the listener that a packet meets.
func (t *tracer) listen(lb *netmodel.LoadBalancer, p headerspace.Packet) Hop {
	hop := Hop{Address: lb.Address, Kind: LoadBalancer, Result: HopBlock, Code: netmodel.ListenersMismatch, Step: Passed{}, Packet: p, Origin: lb.Origin}
	if lb.Kind == netmodel.ClassicBalancer {
		hop.Code = netmodel.ClassicListenersMismatch
	}
	if len(lb.Hidden) > 0 && connections.Contains(p) {
		hop.Result, hop.Code, hop.Gaps = HopUnknown, codeOf(lb.Hidden), lb.Hidden
	}
	for _, l := range lb.Listeners {
		if !l.Accepts.Contains(p) {
			continue
		}
		hop.Address, hop.Kind, hop.Origin = l.Address, Listener, l.Origin
		if l.Doubt.IsZero() {
			hop.Result, hop.Code, hop.Gaps = HopPass, "", nil
			if len(l.Forwards) == 0 && len(l.Hidden) == 0 {
				hop.Notes = []netmodel.Code{netmodel.ListenerNoForward}
			}
			return hop
		}
		hop.Result, hop.Code, hop.Gaps = HopUnknown, codeOf([]netmodel.Gap{l.Doubt}), append(hop.Gaps, l.Doubt)
	}
	return hop
}

// privately traces what an endpoint of a service does with a connection
// (VPCE-10, VPCE-19 to VPCE-23).
func (t *tracer) privately(e *netmodel.ServiceEndpoint, from, to station, p headerspace.Packet) {
	hop := Hop{Address: e.Address, Kind: VPCEndpoint, Result: HopPass, Step: Passed{}, Packet: p, Origin: e.Origin}
	if !connections.Contains(p) {
		hop.Result, hop.Code = HopBlock, netmodel.ProtocolRestriction
		t.add(hop)
		return
	}
	if !t.w.holds(e.Address, "accepted", e.Accepted) {
		hop.Result, hop.Code = HopBlock, netmodel.BadStateAttachment
		t.add(hop)
		return
	}
	a, ok := t.w.follow(e.Address, "endpoint service", e.Service)
	s := t.n.EndpointService(a)
	switch {
	case !ok:
		hop.Result, hop.Code, hop.Gaps = HopUnknown, codeOf([]netmodel.Gap{e.Service.Gap()}), []netmodel.Gap{e.Service.Gap()}
	case a != "" && s == nil:
		hop.Result, hop.Code, hop.Gaps = HopUnknown, netmodel.UnsupportedComponent, []netmodel.Gap{t.foreign(a)}
	case a != "":
		t.add(hop)
		t.link(s, from, to, p)
		return
	}
	t.add(hop)
}

// link traces the way from an endpoint to the load balancer of its service that
// takes the connection best.
func (t *tracer) link(s *netmodel.EndpointService, from, to station, p headerspace.Packet) {
	hops := t.hops
	var best []Hop
	try := func(way []Hop) {
		if best == nil || obstacles(way) < obstacles(best) {
			best = way
		}
	}
	unknown := func(a netmodel.Address, g netmodel.Gap) {
		try([]Hop{{Address: a, Kind: VPCEndpoint, Result: HopUnknown, Code: codeOf([]netmodel.Gap{g}), Step: Passed{}, Packet: p, Origin: s.Origin, Gaps: []netmodel.Gap{g}}})
	}
	if g := s.Balancers.More; !g.IsZero() {
		unknown(s.Address, g)
	}
	for n, r := range s.Balancers.Links {
		a, ok := t.w.follow(s.Address, balancerQuestion(n), r)
		lb := t.n.LoadBalancer(a)
		ep := t.n.Endpoint(a)
		switch {
		case !ok:
			unknown(s.Address, r.Gap())
		case lb == nil || ep == nil:
			unknown(a, t.foreign(a))
		default:
			for _, i := range ep.Interfaces {
				t.hops = nil
				t.viaNode(lb, t.n.Interface(i), from, to, p)
				try(t.hops)
			}
		}
	}
	if best == nil {
		best = []Hop{{Address: s.Address, Kind: VPCEndpoint, Result: HopBlock, Code: netmodel.NoSourceOrDestination, Step: Passed{}, Packet: p, Origin: s.Origin}}
	}
	t.hops = append(hops, best...)
}

// viaNode traces a connection from an endpoint in to's zone to one node.
func (t *tracer) viaNode(lb *netmodel.LoadBalancer, i *netmodel.Interface, from, to station, p headerspace.Packet) {
	has := i.HasIPv4
	if t.is6 {
		has = i.HasIPv6
	}
	node := t.station(i, lb.Address, firstOf(i, t.is6))
	hop := Hop{Address: lb.Address, Kind: LoadBalancer, Result: HopPass, Step: Passed{}, Packet: p, Origin: lb.Origin}
	in := maybe
	if node.s != nil && to.s != nil {
		in = sameZone(node.s, to.s)
	}
	switch {
	case has.IsFalse() && (!t.is6 || !i.AssignIPv6FromSubnet):
		hop.Result, hop.Code = HopBlock, netmodel.IPVersionMismatch
	case in == no:
		hop.Result, hop.Code = HopBlock, netmodel.VPCEServiceNotInZone
	case in == maybe:
		hop.Result, hop.Code = HopUnknown, netmodel.UnknownAvailabilityZone
		hop.Gaps = []netmodel.Gap{{Origin: lb.Origin, Why: netmodel.UntilApply, Code: netmodel.UnknownAvailabilityZone}}
	}
	t.add(hop)
	if t.w.holds(lb.Address, "filters private link", lb.FiltersPrivateLink) {
		h := t.groupsHop(node, netmodel.Ingress, p, from.nameless())
		h.Notes = append(h.Notes, netmodel.PrivateLinkFiltered)
		t.add(h)
	}
	t.add(t.listen(lb, p))
}

// relay traces a connection that a node hands on with the client's address
// (LB-23, LB-25).
func (t *tracer) relay(from, to station, p headerspace.Packet) lane {
	node := t.node(from)
	t.hops, t.since = t.sending(node, to, p), 0
	t.groups(node, netmodel.Egress, p, to)
	hop := &t.hops[len(t.hops)-1]
	hop.Notes = append(hop.Notes, netmodel.SourceAddressPreserved)
	seen := from.nameless()
	seen.groups, seen.moreGroups = node.groups, node.moreGroups
	if node.vpc == "" || node.vpc != to.vpc {
		t.add(Hop{Address: from.via.Address, Kind: LoadBalancer, Result: HopUnknown, Code: netmodel.SourceAddressPreserved, Step: Passed{}, Packet: p, Origin: from.via.Origin,
			Gaps: []netmodel.Gap{{Origin: from.via.Origin, Why: netmodel.NotModelled, Code: netmodel.SourceAddressPreserved, Detail: "the target is in another VPC"}}})
		t.add(t.groupsHop(to, netmodel.Ingress, p, seen))
		return lane{strange: true}
	}
	way := straight()
	if node.s != to.s {
		way = t.within(node, to, p)
	}
	if !way.ended {
		t.add(t.groupsHop(to, netmodel.Ingress, p, seen))
	}
	return way
}

// within traces the way between two subnets of a VPC by the local route; another
// one leads to what cannot be followed with a client's address.
func (t *tracer) within(node, to station, p headerspace.Packet) lane {
	acl := t.aclHop(node.s, netmodel.Egress, p, netmodel.SubnetACLRestriction)
	t.add(acl)
	t.bound = to.self
	target, res := t.table(node.s, node.vpc, p.Dst, true, p, false)
	switch {
	case res == HopUnknown:
		return lane{strange: true}
	case target == "":
		return lane{ended: true}
	case target != netmodel.LocalTarget:
		gap := netmodel.Gap{Origin: node.s.Origin, Why: netmodel.NotModelled, Code: netmodel.SourceAddressPreserved, Detail: "a hop between the load balancer and its target"}
		t.hops = slices.DeleteFunc(t.hops, func(h Hop) bool { return h.Kind == NetworkACL })
		t.add(Hop{Address: target, Kind: Outside, Result: HopUnknown, Code: netmodel.SourceAddressPreserved, Step: Passed{}, Packet: p, Gaps: []netmodel.Gap{gap}})
		return lane{strange: true}
	}
	t.acl(to.s, netmodel.Ingress, p, netmodel.SubnetACLRestriction)
	return straight()
}

// node is the station of the node that hands on the connections of from.
func (t *tracer) node(from station) station {
	for _, ep := range t.n.Endpoints {
		if t.n.LoadBalancer(ep.Address) != nil && slices.Contains(ep.Interfaces, from.via.Address) {
			s := t.station(from.via, ep.Address, from.addr)
			s.hand = from.hand
			return s
		}
	}
	panic("evaluator: " + string(from.via.Address) + " is no node of a load balancer")
}

// unrelay traces the reply p to a client whose address was kept, which the node
// takes back whatever the route table says (LB-36).
func (t *tracer) unrelay(from, to station, p headerspace.Packet, way lane) {
	node := t.node(from)
	t.replyHop(to, netmodel.Egress)
	switch {
	case way.strange:
		t.backFromAfar(node, to, p, true)
	case node.s != to.s:
		t.acl(to.s, netmodel.Egress, p, netmodel.ReturnACLRestriction)
		t.acl(node.s, netmodel.Ingress, p, netmodel.ReturnACLRestriction)
	}
	t.replyHop(node, netmodel.Ingress)
	if n := len(t.hops); n > 0 {
		t.hops[n-1].Notes = append(t.hops[n-1].Notes, netmodel.ReplyByFlowState)
	}
}

// firstOf is the first known address of an interface; invalid if there is none.
func firstOf(i *netmodel.Interface, is6 bool) netip.Addr {
	known := i.IPv4
	if is6 {
		known = i.IPv6
	}
	if len(known) == 0 {
		return netip.Addr{}
	}
	return known[0]
}
