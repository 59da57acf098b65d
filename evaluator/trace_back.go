package evaluator

import (
	"github.com/planreach/planreach/headerspace"
	"github.com/planreach/planreach/netmodel"
)

// back traces the reply p of a packet that went from one station to another by
// the given way.
func (t *tracer) back(from, to station, p headerspace.Packet, way lane) {
	switch {
	case !from.inside && way.strange:
		t.replyHop(to, netmodel.Egress)
		t.backFromAfar(from, to, p, false)
		return
	case !from.inside:
		t.replyHop(to, netmodel.Egress)
		t.returnOutside(to, p)
		return
	case way.nat != nil:
		t.backThroughNAT(from, to, p, way)
	case way.strange:
		t.backFromAfar(from, to, p, way.beside)
	case !to.inside && len(way.through) > 0:
		t.readmitBy(way.left, from, p, way.through, false)
	case !to.inside:
		t.readmit(way.left, from, p, false)
		t.acl(from.s, netmodel.Ingress, p, netmodel.ReturnACLRestriction)
	default:
		t.replyHop(to, netmodel.Egress)
		t.retraced(t.lane(to.nameless(), from, p, nil, maxDetours, true), way.through, p)
	}
	t.replyHop(from, netmodel.Ingress)
}

// replyHop is the group of a station, which lets replies pass (SG-4).
func (t *tracer) replyHop(s station, d netmodel.Direction) {
	if s.i == nil || len(s.groups) == 0 {
		return
	}
	h := Hop{Address: s.groups[0], Kind: SecurityGroup, Direction: d, Result: HopPass, Step: Filtered{Reply: true}}
	if g := t.n.Group(s.groups[0]); g != nil {
		h.Origin = g.Origin
	}
	t.add(h)
}

// backFromAfar traces a reply whose way begins at a hop that is not known.
// From outside it passes the ACL of the client's subnet, unless the hop is beside
// the client.
func (t *tracer) backFromAfar(from, to station, p headerspace.Packet, beside bool) {
	h := Hop{Address: from.end, Kind: Outside, Result: HopUnknown, Code: netmodel.ReturnUnknown, Step: Passed{}, Packet: p}
	if to.i != nil {
		h.Address = to.i.Address
	}
	t.add(h)
	if !to.inside && !beside && from.s != nil {
		t.acl(from.s, netmodel.Ingress, p, netmodel.ReturnACLRestriction)
	}
}

// returnOutside demands that a table lead a reply back to where the packet came
// in.
func (t *tracer) returnOutside(to station, p headerspace.Packet) {
	unknown := func(a netmodel.Address, gaps ...netmodel.Gap) {
		t.add(Hop{Address: a, Kind: Outside, Result: HopUnknown, Code: netmodel.ReturnUnknown, Step: Passed{}, Packet: p, Gaps: gaps})
	}
	if to.s == nil {
		unknown(to.i.Address, to.i.Subnet.Gap())
		return
	}
	t.acl(to.s, netmodel.Egress, p, netmodel.ReturnACLRestriction)
	if to.vpc == "" {
		unknown(to.s.Address, to.s.VPC.Gap())
		return
	}
	if gaps := t.mayBeBehindVPN(to.vpc, p.Dst); internetHolds(p.Dst) && len(gaps) > 0 {
		unknown(to.vpc, gaps...)
		return
	}
	if !internetHolds(p.Dst) {
		if t.returnPrivately(to, p) {
			return
		}
		if gaps := t.outsideLinks(to.vpc); len(gaps) > 0 {
			unknown(to.vpc, gaps...)
			return
		}
		t.add(Hop{Address: to.vpc, Kind: Outside, Result: HopBlock, Code: netmodel.ReturnNoRoute, Step: Passed{}, Packet: p})
		return
	}
	gw, attached := t.internetGateway(to.vpc)
	t.bound = ""
	target, res := t.table(to.s, to.vpc, p.Dst, false, p, true)
	if res != HopPass {
		return
	}
	last := &t.hops[len(t.hops)-1]
	switch {
	case attached == yes && target == gw.Address:
		hop := Hop{Address: gw.Address, Kind: InternetGateway, Result: HopPass, Step: Passed{}, Packet: p, Origin: gw.Origin}
		if !t.is6 {
			hop.Step = Translated{Endpoint: to.end}
		}
		t.add(hop)
	case attached == maybe && t.n.InternetGateway(target) != nil:
		unknown(to.vpc)
	case target != netmodel.LocalTarget && t.isForeign(target):
		last.Result, last.Code, last.Gaps = HopUnknown, netmodel.ReturnUnknown, []netmodel.Gap{t.foreign(target)}
	default:
		last.Result, last.Code = HopBlock, netmodel.ReturnAsymmetric
		if target == netmodel.LocalTarget || t.n.InternetGateway(target) != nil {
			last.Code = netmodel.ReturnNoRoute
		}
	}
}

// backThroughNAT traces a reply by a NAT gateway: to the gateway's address and a
// port of its own choice, then to where the client is, as from the server.
func (t *tracer) backThroughNAT(from, to station, p headerspace.Packet, way lane) {
	t.replyHop(to, netmodel.Egress)
	outer := p
	outer.Dst = way.nat.at.addr
	outer = t.bestPort(outer, func(q headerspace.Packet) { t.backToNAT(to, q, way) })
	t.backToNAT(to, outer, way)
	if way.nat.at.s == nil {
		t.backFromAfar(from, to, p, true)
		return
	}
	gateway := Hop{Address: way.nat.gateway.Address, Kind: NATGateway, Result: HopPass, Step: Translated{From: outer.Dst, To: p.Dst}, Packet: outer, Origin: way.nat.gateway.Origin}
	if way.peered {
		gateway.Notes = []netmodel.Code{netmodel.NGWReturnToSender}
	}
	t.add(gateway)
	server := way.nat.at
	server.addr = p.Src
	t.retraced(t.lane(server, from, p, way.nat, maxDetours, true), way.nat.before, p)
}

// backToNAT traces the part of a reply that ends at a NAT gateway.
func (t *tracer) backToNAT(to station, p headerspace.Packet, way lane) {
	at := way.nat.at
	switch {
	case at.s == nil:
	case way.strange:
		t.backFromAfar(at, to, p, way.beside)
	case !to.inside && len(way.nat.beyond) > 0:
		t.readmitBy(way.left, at, p, way.nat.beyond, true)
	case !to.inside:
		t.readmit(way.left, at, p, true)
		t.acl(at.s, netmodel.Ingress, p, netmodel.NGWReplyACLRestriction)
	case way.peered: // NAT-15
		t.acl(to.s, netmodel.Egress, p, netmodel.ReturnACLRestriction)
		t.acl(at.s, netmodel.Ingress, p, netmodel.NGWReplyACLRestriction)
	default:
		t.retraced(t.lane(to.nameless(), at, p, nil, maxDetours, true), way.nat.beyond, p)
	}
}

// bestPort is p with the gateway's port by which a walk gets furthest, of those
// at which some ACL rule changes its mind.
func (t *tracer) bestPort(p headerspace.Packet, walk func(headerspace.Packet)) headerspace.Packet {
	if !p.Proto.HasPorts() {
		return p
	}
	hops, since := t.hops, t.since
	best, rank := p, -1
	for _, port := range t.portsOfInterest(p.Proto) {
		q := p
		q.DstPort = port
		t.hops = nil
		walk(q)
		score := map[HopResult]int{HopPass: 2, HopUnknown: 1, HopBlock: 0}[resultOf(t.hops)]
		if score > rank {
			best, rank = q, score
		}
	}
	t.hops, t.since = hops, since
	return best
}
