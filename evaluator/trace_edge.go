package evaluator

import (
	"github.com/planreach/planreach/headerspace"
	"github.com/planreach/planreach/netmodel"
)

// usher traces the route table of a gateway by which p has entered the VPC, and
// what it leads to (GRT-1). It reports whether p then comes straight to its
// destination, or is stopped on the way: false if a hop that is not known may
// put another source address. online says that it is the internet gateway.
func (t *tracer) usher(o netmodel.Origin, gateway netmodel.Address, table netmodel.Ref, to station, p headerspace.Packet, online bool) bool {
	if table.IsNone() {
		return true
	}
	target, res := t.tableOf(o, gateway, table, to.vpc, to.addr, true, p, false)
	switch {
	case res == HopUnknown:
		return false
	case res == HopBlock, target == netmodel.LocalTarget:
		return true
	}
	i := t.applianceAt(target)
	if i == nil {
		g := t.foreign(target)
		t.add(Hop{Address: target, Kind: Outside, Result: HopUnknown, Code: g.Code, Step: Passed{}, Packet: p,
			Origin: netmodel.Origin{Address: target}, Gaps: []netmodel.Gap{g}})
		return false
	}
	if i == to.i {
		return true
	}
	hop := Hop{Address: i.Address, Kind: NetworkInterface, Result: HopBlock, Step: Passed{}, Packet: p, Origin: i.Origin}
	switch {
	case i.SourceCheck.IsTrue():
		hop.Code = netmodel.ENISourceDestCheck
	case !t.w.holds(i.Address, "attached", i.Attached):
		hop.Code = netmodel.BadStateAttachment
	case online && !t.is6 && !t.isPublic(t.station(i, "", to.addr), nil):
		hop.Code = netmodel.IngressNoPublicIP
	default:
		hop.Result, hop.Code = HopUnknown, netmodel.UnknownApplianceBehavior
		hop.Gaps = []netmodel.Gap{{Origin: i.Origin, Why: netmodel.NotModelled, Code: netmodel.UnknownApplianceBehavior}}
	}
	t.add(hop)
	return hop.Result == HopBlock
}

// groupsBehind traces the groups of a destination behind a hop that may put
// another source address.
func (t *tracer) groupsBehind(to station, p headerspace.Packet, from station) {
	hop := t.groupsHop(to, netmodel.Ingress, p, from)
	if other := t.groupsHop(to, netmodel.Ingress, p, station{}); other.Result != hop.Result {
		hop = unsure(hop, other.Gaps)
	}
	t.add(hop)
}

// readmit traces the reply p to a packet that from has sent out by a gateway,
// where the gateway's route table has a say (GRT-8, GRT-12). translated says that from is a
// NAT gateway.
func (t *tracer) readmit(gw *doorway, from station, p headerspace.Packet, translated bool) {
	if gw == nil || gw.table.IsNone() {
		return
	}
	target, res := t.tableOf(gw.origin, gw.address, gw.table, from.vpc, from.addr, true, p, true)
	if res != HopPass || target == netmodel.LocalTarget || from.i != nil && t.applianceAt(target) == from.i {
		return
	}
	hop := Hop{Address: target, Kind: Outside, Result: HopBlock, Code: netmodel.IngressRedirection, Step: Passed{}, Packet: p,
		Origin: netmodel.Origin{Address: target}}
	if !gw.online {
		hop.Code = netmodel.ReturnAsymmetric
	}
	if i := t.applianceAt(target); i != nil {
		hop.Kind, hop.Origin = NetworkInterface, i.Origin
	}
	if translated {
		hop.Result, hop.Code = HopUnknown, netmodel.ApplianceRouteBack
		hop.Gaps = []netmodel.Gap{{Origin: gw.origin, Why: netmodel.NotModelled, Code: netmodel.ApplianceRouteBack}}
	}
	t.add(hop)
}
