package evaluator

import (
	"net/netip"

	"github.com/planreach/planreach/headerspace"
	"github.com/planreach/planreach/netmodel"
)

// vpnGateway is the virtual private gateway of a VPC in this world.
func (t *tracer) vpnGateway(vpc netmodel.Address) (*netmodel.VPNGateway, tri) {
	var unsure *netmodel.VPNGateway
	for _, gw := range t.n.VPNGateways {
		if a, ok := t.w.follow(gw.Address, "VPC", gw.VPC); ok && a == vpc {
			return gw, yes
		} else if !ok {
			unsure = gw
		}
	}
	if unsure != nil {
		return unsure, maybe
	}
	return nil, no
}

// vpnKnows reports whether a gateway has a route to an address, and why that is
// not known.
func (t *tracer) vpnKnows(gw *netmodel.VPNGateway, a netip.Addr) (tri, []netmodel.Gap) {
	best := no
	var gaps []netmodel.Gap
	far := station{addr: a}
	found := func(bits int, o netmodel.Origin) {
		if bits == 0 && internetHolds(a) {
			best = max(best, maybe)
			gaps = append(gaps, netmodel.Gap{Origin: o, Why: netmodel.OutsidePlan, Code: netmodel.UnknownPropagatedRoutes,
				Detail: "whether what is behind the VPN gateway leads on to the internet"})
			return
		}
		best = yes
	}
	for n, e := range gw.Prefixes {
		if holdsAddr(e.Prefix, far, t.is6) != no && (e.Doubt.IsZero() || t.w.isSo(question{gw.Address, prefixQuestion(n)}, e.Doubt)) {
			found(e.Prefix.Bits(), e.Origin)
		}
	}
	for n, g := range gw.Hidden {
		if best < yes && t.w.isSo(question{gw.Address, hiddenPrefixQuestion(n)}, g) {
			found(0, g.Origin)
		}
	}
	return best, gaps
}

// byVPN traces a virtual private gateway that a route leads to.
func (t *tracer) byVPN(gw *netmodel.VPNGateway, from, to station, p headerspace.Packet) lane {
	hop := Hop{Address: gw.Address, Kind: VPNGateway, Result: HopPass, Step: Passed{}, Packet: p, Origin: gw.Origin}
	known, gaps := t.vpnKnows(gw, p.Dst)
	vpc, ok := t.w.follow(gw.Address, "VPC", gw.VPC)
	switch {
	case to.inside && known == no:
		hop.Result, hop.Code = HopBlock, netmodel.NoRouteToDestination
	case to.inside:
		hop.Result, hop.Code = HopUnknown, netmodel.UnknownPropagatedRoutes
		hop.Gaps = append(gaps, netmodel.Gap{Origin: gw.Origin, Why: netmodel.OutsidePlan, Code: netmodel.UnknownPropagatedRoutes,
			Detail: "what is behind the VPN gateway may send packets back"})
	case from.stranger:
		hop.Result, hop.Code = HopBlock, netmodel.VGWPrivateIPForEgress
	case ok && vpc != from.vpc:
		hop.Result, hop.Code = HopBlock, netmodel.BadStateAttachment
	case t.is6 && !t.w.holds(gw.Address, "IPv6", gw.IPv6):
		hop.Result, hop.Code = HopBlock, netmodel.VGWNoIPv6
	case known == no:
		hop.Result, hop.Code = HopBlock, netmodel.NoRouteToDestination
	case known == maybe:
		hop.Result, hop.Code, hop.Gaps = HopUnknown, netmodel.UnknownPropagatedRoutes, gaps
	case !ok:
		hop.Result, hop.Code, hop.Gaps = HopUnknown, netmodel.UnknownReference, []netmodel.Gap{gw.VPC.Gap()}
	}
	t.add(hop)
	switch {
	case to.inside && hop.Result == HopUnknown:
		return lane{inbound: maybe, outbound: maybe, strange: true}
	case hop.Result == HopPass:
		door := vpnDoor(gw)
		return lane{left: &door}
	}
	return lane{ended: to.inside}
}

// inwardPrivately traces a packet from a private address outside to an interface. It
// reports whether it passes something whose workings are not known.
func (t *tracer) inwardPrivately(from, to station, p headerspace.Packet) (strange bool) {
	mark := len(t.hops)
	others := t.outsideLinks(to.vpc)
	if gw, attached := t.vpnGateway(to.vpc); attached != no {
		straight := t.inByVPN(gw, attached, to, p)
		if straight {
			t.acl(to.s, netmodel.Ingress, p, netmodel.SubnetACLRestriction)
			t.groups(to, netmodel.Ingress, p, from)
		} else {
			t.groupsBehind(to, p, from)
		}
		if len(others) == 0 || resultOf(t.hops[mark:]) != HopBlock {
			return !straight
		}
		t.hops = t.hops[:mark]
	}
	t.entrance(to, p)
	t.acl(to.s, netmodel.Ingress, p, netmodel.SubnetACLRestriction)
	t.groups(to, netmodel.Ingress, p, from)
	return false
}

// inByVPN traces the virtual private gateway by which a packet enters, and its
// route table.
func (t *tracer) inByVPN(gw *netmodel.VPNGateway, attached tri, to station, p headerspace.Packet) (straight bool) {
	hop := Hop{Address: gw.Address, Kind: VPNGateway, Result: HopPass, Step: Passed{}, Packet: p, Origin: gw.Origin}
	known, gaps := t.vpnKnows(gw, p.Src)
	switch {
	case t.is6 && !t.w.holds(gw.Address, "IPv6", gw.IPv6):
		hop.Result, hop.Code = HopBlock, netmodel.VGWNoIPv6
	case attached == maybe:
		hop.Result, hop.Code, hop.Gaps = HopUnknown, netmodel.UnknownReference, []netmodel.Gap{gw.VPC.Gap()}
	case known != yes:
		hop.Result, hop.Code = HopUnknown, netmodel.UnknownPropagatedRoutes
		hop.Gaps = append(gaps, netmodel.Gap{Origin: gw.Origin, Why: netmodel.OutsidePlan, Code: netmodel.UnknownPropagatedRoutes,
			Detail: "whether the VPN gateway brings packets from addresses that it has no route to"})
	}
	t.add(hop)
	return t.usher(gw.Origin, gw.Address, gw.Table, to, p, false)
}

// returnPrivately demands that a table lead a reply back to the virtual private
// gateway by which the packet came in; false if it may have come by something
// else.
func (t *tracer) returnPrivately(to station, p headerspace.Packet) bool {
	gw, attached := t.vpnGateway(to.vpc)
	if attached == no {
		return false
	}
	mark := len(t.hops)
	target, res := t.table(to.s, to.vpc, p.Dst, false, p, true)
	if res != HopPass {
		return t.keep(mark, to)
	}
	last := &t.hops[len(t.hops)-1]
	known, gaps := t.vpnKnows(gw, p.Dst)
	switch {
	case target == gw.Address && attached == maybe:
		last.Result, last.Code, last.Gaps = HopUnknown, netmodel.ReturnUnknown, []netmodel.Gap{gw.VPC.Gap()}
	case target == gw.Address && known != no:
		t.add(Hop{Address: gw.Address, Kind: VPNGateway, Result: HopPass, Step: Passed{}, Packet: p, Origin: gw.Origin})
	case target == gw.Address:
		t.add(Hop{Address: gw.Address, Kind: VPNGateway, Result: HopBlock, Code: netmodel.ReturnNoRoute, Step: Passed{}, Packet: p, Origin: gw.Origin, Gaps: gaps})
	case target != netmodel.LocalTarget && (t.isForeign(target) || t.n.TransitGateway(target) != nil || t.applianceAt(target) != nil):
		last.Result, last.Code, last.Gaps = HopUnknown, netmodel.ReturnUnknown, []netmodel.Gap{t.foreign(target)}
	default:
		last.Result, last.Code = HopBlock, netmodel.ReturnAsymmetric
		if target == netmodel.LocalTarget {
			last.Code = netmodel.ReturnNoRoute
		}
	}
	return t.keep(mark, to)
}

// keep reports whether the hops of a reply since mark stand: they do not if they
// block, and something else may have brought the packet and take the reply.
func (t *tracer) keep(mark int, to station) bool {
	if len(t.outsideLinks(to.vpc)) == 0 || resultOf(t.hops[mark:]) != HopBlock {
		return true
	}
	t.hops = t.hops[:mark]
	return false
}

// mayBeBehindVPN is why a public address may be one behind the virtual private
// gateway of a VPC.
func (t *tracer) mayBeBehindVPN(vpc netmodel.Address, a netip.Addr) []netmodel.Gap {
	gw, attached := t.vpnGateway(vpc)
	if attached == no {
		return nil
	}
	for _, e := range gw.Prefixes {
		if e.Prefix.Bits() > 0 && e.Prefix.Contains(a) {
			return []netmodel.Gap{{Origin: e.Origin, Why: netmodel.OutsidePlan, Code: netmodel.UnknownPropagatedRoutes,
				Detail: "whether packets from there come by the VPN gateway or by the internet"}}
		}
	}
	return nil
}
