package evaluator

import (
	"net/netip"

	"github.com/planreach/planreach/headerspace"
	"github.com/planreach/planreach/netmodel"
)

// A tracer walks one packet through one world, hop by hop, on the raw rules and
// routes. It shares nothing with the set engine but the network and the world's
// answers, so that each checks the other. A block does not stop it where the
// way beyond is clear: what comes after is judged as if the block were lifted
// (MOD-9).
type tracer struct {
	n       *netmodel.Network
	w       *world
	suspect map[question]netmodel.Gap // open questions on which the verdict hangs
	since   int                       // questions asked before the present hop
	hops    []Hop
	is6     bool             // the family of the packet, whose addresses may not be known
	bound   netmodel.Address // whose address the present lane leads to, if that is not known
}

// A station is a place where a traced packet starts, passes or ends.
type station struct {
	inside     bool                // in a VPC of the plan
	i          *netmodel.Interface // of an endpoint; nil for a NAT gateway
	s          *netmodel.Subnet    // nil: not known
	vpc        netmodel.Address
	addr       netip.Addr // invalid: not known
	groups     []netmodel.Address
	moreGroups bool
	end        netmodel.Address    // how the end is called: an endpoint, or empty
	self       netmodel.Address    // the interface or NAT gateway whose private address it has; empty: none
	unowned    bool                // on the internet, with an address that nothing in the plan has
	deaf, mute bool                // sends only, receives only
	hand       *hand               // the only one by which a load balancer sends
	via        *netmodel.Interface // the node that hands its connections on by it with their address
	strict     bool                // its ACL is asked even within the subnet (NACL-12)
	arrived    bool                // comes from a transit gateway
	stranger   bool                // its address is not one of the VPC that it is in
	through    []netmodel.Address  // the inspectors that it has passed with its present address
}

// subnet is the address of the subnet that s is in; empty if it is not known.
func (s station) subnet() netmodel.Address {
	if s.s == nil {
		return ""
	}
	return s.s.Address
}

// nameless is s known by its address only.
func (s station) nameless() station {
	s.groups, s.moreGroups = nil, false
	return s
}

// A trail is one traced way there and back.
type trail struct {
	forward, reply []Hop
	delivered      HopResult
	answered       HopResult // HopPass if no reply is asked for
}

// resultOf is how hops end: blocked if any blocks, else unknown if any is.
func resultOf(hops []Hop) HopResult {
	out := HopPass
	for _, h := range hops {
		switch h.Result {
		case HopBlock:
			return HopBlock
		case HopUnknown:
			out = HopUnknown
		case HopPass:
		}
	}
	return out
}

func (t *tracer) add(h Hop) {
	for _, a := range t.w.log[t.since:] {
		if g, ok := t.suspect[a.question]; ok {
			h.Gaps = append(h.Gaps, g)
			if h.Result != HopUnknown {
				h.Result, h.Code, h.suspected = HopUnknown, g.Code, true
			}
		}
	}
	t.since = len(t.w.log)
	t.hops = append(t.hops, h)
}

// station is where an interface is in this world.
func (t *tracer) station(i *netmodel.Interface, end netmodel.Address, addr netip.Addr) station {
	out := station{inside: true, i: i, self: i.Address, addr: addr, end: end, moreGroups: !i.Groups.More.IsZero()}
	if a, ok := t.w.follow(i.Address, "subnet", i.Subnet); ok {
		out.s = t.n.Subnet(a)
	}
	if out.s != nil {
		out.vpc, _ = t.w.follow(out.s.Address, "VPC", out.s.VPC)
	}
	for k, r := range i.Groups.Links {
		a, ok := t.w.follow(i.Address, groupQuestion(k), r)
		switch {
		case !ok:
			out.moreGroups = true
		case a != "":
			out.groups = append(out.groups, a)
		}
	}
	return out
}

// walk traces p from one station to another, and its reply if one is asked for.
func (t *tracer) walk(from, to station, p headerspace.Packet, reply bool) trail {
	var out trail
	t.hops, t.since = nil, 0
	var way lane
	if from.via != nil {
		way = t.relay(from, to, p)
		t.taking(from, to, p)
	} else {
		way = t.forward(from, to, p)
		t.taking(from, to, p)
		t.hops = append(t.sending(from, to, p), t.hops...)
	}
	if from.mute {
		t.hops = append([]Hop{{Address: from.end, Kind: NetworkInterface, Result: HopBlock, Code: netmodel.EndpointOnlyReceives, Step: Passed{}, Packet: p, Origin: from.i.Origin}}, t.hops...)
	}
	if to.deaf {
		t.add(Hop{Address: to.end, Kind: NetworkInterface, Result: HopBlock, Code: netmodel.ServiceNotADestination, Step: Passed{}, Packet: p, Origin: to.i.Origin})
	}
	out.forward, out.delivered = t.hops, resultOf(t.hops)
	out.answered = HopPass
	if back, ok := p.Reply(); ok && reply {
		t.hops = nil
		if from.via != nil {
			t.unrelay(from, to, back, way)
		} else {
			t.back(from, to, back, way)
		}
		out.reply, out.answered = t.hops, resultOf(t.hops)
	}
	return out
}

// forward traces the way there, groups included.
func (t *tracer) forward(from, to station, p headerspace.Packet) lane {
	if !from.inside {
		return lane{strange: t.inward(from, to, p)}
	}
	t.groups(from, netmodel.Egress, p, to)
	way := t.lane(from, to, p, nil, maxDetours, false)
	if from.vpc != "" && from.vpc == to.vpc {
		way.outbound = yes
	}
	switch way.outbound {
	case no:
		t.hops[0] = withoutNames(t.groupsHop(from, netmodel.Egress, p, to.nameless()), t.hops[0], way.noOutbound)
	case maybe:
		if other := t.groupsHop(from, netmodel.Egress, p, to.nameless()); other.Result != t.hops[0].Result {
			t.hops[0] = unsure(t.hops[0], other.Gaps)
		}
	case yes:
	}
	t.arrive(way, from, to, p)
	return way
}

// withoutNames is the hop of a filter that does not know the far end's groups on
// this way; if that decides, because named would pass, it says so.
func withoutNames(nameless, named Hop, why netmodel.Code) Hop {
	if nameless.Result == HopBlock && named.Result == HopPass && why != "" {
		nameless.Code, nameless.Step = why, Filtered{}
	}
	return nameless
}

// unsure is a hop that the far end's identity decides, which is not known.
func unsure(h Hop, gaps []netmodel.Gap) Hop {
	h.Result, h.Code = HopUnknown, netmodel.UnknownApplianceBehavior
	h.Gaps = append(h.Gaps, gaps...)
	if len(h.Gaps) == 0 {
		h.Gaps = []netmodel.Gap{{Origin: h.Origin, Why: netmodel.NotModelled, Code: netmodel.UnknownApplianceBehavior,
			Detail: "whether its rules know the far end's group on this way"}}
	}
	return h
}

// arrive traces the groups of the destination.
func (t *tracer) arrive(way lane, from, to station, p headerspace.Packet) {
	if to.i == nil || way.ended {
		return
	}
	if way.nat != nil {
		p.Src, from.addr, from.self = way.nat.at.addr, way.nat.at.addr, way.nat.gateway.Address
	}
	hop := t.groupsHop(to, netmodel.Ingress, p, from)
	if way.inbound == no {
		from = from.nameless()
		hop = withoutNames(t.groupsHop(to, netmodel.Ingress, p, from), hop, way.noInbound)
	}
	others := []station{}
	if way.inbound == maybe {
		others = append(others, from.nameless())
	}
	if way.strange { // the hop may have put another source address
		others = append(others, station{})
	}
	for _, o := range others {
		if other := t.groupsHop(to, netmodel.Ingress, p, o); other.Result != hop.Result {
			hop = unsure(hop, other.Gaps)
		}
	}
	t.add(hop)
}

// inward traces a packet from outside to an interface. It reports whether it
// passes something whose workings are not known.
func (t *tracer) inward(from, to station, p headerspace.Packet) (strange bool) {
	if to.s == nil {
		t.add(Hop{Address: to.i.Address, Kind: NetworkInterface, Result: HopUnknown, Code: netmodel.UnknownReference,
			Step: Passed{}, Packet: p, Origin: to.i.Origin, Gaps: []netmodel.Gap{to.i.Subnet.Gap()}})
		t.groups(to, netmodel.Ingress, p, from)
		return false
	}
	if to.vpc != "" && !internetHolds(p.Src) {
		return t.inwardPrivately(from, to, p)
	}
	if gw := t.entrance(to, p); gw != nil && !t.usher(gw.Origin, gw.Address, gw.Table, to, p, true) {
		t.groupsBehind(to, p, from)
		return true
	}
	t.acl(to.s, netmodel.Ingress, p, netmodel.SubnetACLRestriction)
	t.groups(to, netmodel.Ingress, p, from)
	return false
}

// entrance is the first hop of a packet from outside: the internet gateway, or
// whatever else may carry it. It is the gateway if that is known.
func (t *tracer) entrance(to station, p headerspace.Packet) *netmodel.InternetGateway {
	hop := Hop{Address: to.vpc, Kind: InternetGateway, Result: HopPass, Step: Passed{}, Packet: p}
	if v := t.n.VPC(to.vpc); v != nil {
		hop.Origin = v.Origin
	}
	if to.vpc == "" {
		hop.Address, hop.Kind, hop.Result, hop.Code, hop.Gaps = to.s.Address, Outside, HopUnknown, netmodel.UnknownReference, []netmodel.Gap{to.s.VPC.Gap()}
		t.add(hop)
		return nil
	}
	if !internetHolds(p.Src) {
		hop.Kind, hop.Result, hop.Code = Outside, HopBlock, netmodel.NoRouteToDestination
		if gaps := t.outsideLinks(to.vpc); len(gaps) > 0 {
			hop.Result, hop.Code, hop.Gaps = HopUnknown, codeOf(gaps), gaps
		}
		t.add(hop)
		return nil
	}
	public := t.is6 || t.isPublic(to, nil)
	gw, attached := t.internetGateway(to.vpc)
	if gw != nil {
		hop.Address, hop.Origin = gw.Address, gw.Origin
	}
	switch {
	case attached == no:
		hop.Result, hop.Code = HopBlock, netmodel.BadStateAttachment
	case t.is6 && to.i.PrivateIPv6:
		hop.Result, hop.Code = HopBlock, netmodel.InternalDeniesIPv6
	case !public:
		hop.Result, hop.Code = HopBlock, netmodel.IGWPrivateIPForIngress
	case attached == maybe:
		hop.Result, hop.Code, hop.Gaps = HopUnknown, netmodel.UnknownResource, t.attachmentGaps(gw, to.vpc)
	}
	if gaps := t.mayBeBehindVPN(to.vpc, p.Src); len(gaps) > 0 {
		hop.Result, hop.Code, hop.Step, hop.Gaps = HopUnknown, codeOf(gaps), Passed{}, gaps
		t.add(hop)
		return nil
	}
	t.blockPublic(&hop, to.s, to.vpc, false)
	if !t.is6 && hop.Result == HopPass {
		hop.Step = Translated{Endpoint: to.end}
	}
	t.add(hop)
	if attached != yes {
		return nil
	}
	return gw
}

// internetHolds reports whether an address is one of the internet's.
func internetHolds(a netip.Addr) bool {
	for _, p := range netmodel.Internet(a.Is6()) {
		if p.Contains(a) {
			return true
		}
	}
	return false
}

// isPublic reports whether the sender has a public IPv4 address in this world.
func (t *tracer) isPublic(s station, via *natHop) bool {
	switch {
	case s.stranger:
		return false
	case via != nil:
		return t.w.holds(via.gateway.Address, "public", via.gateway.Public)
	case s.i.PublicIPv4.IsValid():
		return true
	case t.w.holds(s.i.Address, "Elastic IP", s.i.Elastic):
		return true
	case !s.i.AutoPublicFromSubnet:
		return t.w.holds(s.i.Address, "public address", s.i.AutoPublic)
	case s.s == nil:
		return t.w.holds(s.i.Address, "public address", netmodel.Truth{})
	}
	return t.w.holds(s.s.Address, "public addresses", s.s.MapPublicIP)
}

// internetGateway is the internet gateway of a VPC in this world.
func (t *tracer) internetGateway(vpc netmodel.Address) (*netmodel.InternetGateway, tri) {
	var unsure *netmodel.InternetGateway
	for _, gw := range t.n.InternetGateways {
		a, ok := t.w.follow(gw.Address, "VPC", gw.VPC)
		if ok && a == vpc {
			return gw, yes
		}
		if !ok && unsure == nil {
			unsure = gw
		}
	}
	if v := t.n.VPC(vpc); unsure != nil || v == nil || len(v.Hidden) > 0 {
		return unsure, maybe
	}
	return nil, no
}

// attachmentGaps is why it is not known whether an internet gateway, gw if one may
// be it, is attached to a VPC.
func (t *tracer) attachmentGaps(gw *netmodel.InternetGateway, vpc netmodel.Address) []netmodel.Gap {
	if gw != nil {
		return []netmodel.Gap{gw.VPC.Gap()}
	}
	if v := t.n.VPC(vpc); v != nil {
		return v.Hidden
	}
	return []netmodel.Gap{t.foreign(vpc)}
}

// outsideLinks are the reasons why something may connect a VPC with private
// networks outside.
func (t *tracer) outsideLinks(vpc netmodel.Address) []netmodel.Gap {
	out := t.veiled(netmodel.To(vpc))
	for _, table := range t.n.RouteTables {
		if !table.VPC.MayBe(vpc) {
			continue
		}
		out = append(out, table.Hidden...)
		for k := range table.Routes {
			out = append(out, t.strangeTarget(&table.Routes[k], t.isForeign)...)
		}
	}
	for _, pcx := range t.n.Peerings {
		if pcx.Requester.MayBe(vpc) || pcx.Accepter.MayBe(vpc) {
			out = append(out, t.beyondPeer(pcx, vpc)...)
		}
	}
	for _, a := range t.n.Attachments {
		if a.VPC.MayBe(vpc) {
			out = append(out, t.beyondTransit(a.Gateway)...)
		}
	}
	for k := range t.n.NotModelled {
		u := &t.n.NotModelled[k]
		if (u.Touch == netmodel.TouchesRouted || u.Touch == netmodel.TouchesAll) && u.MayBeIn(vpc) {
			out = append(out, unmodelledGap(u))
		}
	}
	return out
}

// strangeTarget is why the target of a route may be something without a model.
func (t *tracer) strangeTarget(r *netmodel.Route, foreign func(netmodel.Address) bool) []netmodel.Gap {
	a, ok := r.Target.Exact()
	switch {
	case !ok && !r.Target.IsNone():
		return []netmodel.Gap{r.Target.Gap()}
	case ok && a != netmodel.LocalTarget && foreign(a):
		return []netmodel.Gap{t.foreign(a)}
	}
	return nil
}

// veiled is why a VPC may have interfaces or addresses that the plan does not
// show.
func (t *tracer) veiled(r netmodel.Ref) []netmodel.Gap {
	a, ok := r.Exact()
	if !ok {
		return []netmodel.Gap{r.Gap()}
	}
	v := t.n.VPC(a)
	if v == nil {
		return []netmodel.Gap{t.foreign(a)}
	}
	out := append([]netmodel.Gap(nil), v.Hidden...)
	for _, g := range []netmodel.Gap{v.Open4, v.Open6} {
		if !g.IsZero() {
			out = append(out, g)
		}
	}
	return out
}

// beyondPeer is why a peering may lead to addresses that the plan does not show.
func (t *tracer) beyondPeer(pcx *netmodel.Peering, from netmodel.Address) []netmodel.Gap {
	if a, ok := pcx.Accepter.Exact(); ok && a == from {
		return t.veiled(pcx.Requester)
	}
	return t.veiled(pcx.Accepter)
}

// beyondTransit is why a transit gateway may lead to addresses that the plan
// does not show.
func (t *tracer) beyondTransit(gateway netmodel.Ref) []netmodel.Gap {
	among, closed := gateway.Among()
	if !closed {
		return []netmodel.Gap{gateway.Gap()}
	}
	var out []netmodel.Gap
	for _, tgw := range among {
		if t.n.TransitGateway(tgw) == nil {
			out = append(out, t.foreign(tgw))
		}
		for _, a := range t.n.Attachments {
			if a.Gateway.MayBe(tgw) {
				out = append(out, t.veiled(a.VPC)...)
			}
		}
		for _, table := range t.n.TransitTables {
			if !table.Gateway.MayBe(tgw) {
				continue
			}
			out = append(out, table.Hidden...)
			for k := range table.Routes {
				out = append(out, t.strangeTarget(&table.Routes[k], func(a netmodel.Address) bool { return t.n.Attachment(a) == nil })...)
			}
		}
	}
	return out
}

func (t *tracer) foreign(a netmodel.Address) netmodel.Gap {
	if g, ok := t.n.Foreign[a]; ok {
		return g
	}
	return netmodel.Gap{Origin: netmodel.Origin{Address: a}, Why: netmodel.NotModelled, Code: netmodel.UnsupportedComponent}
}

func (t *tracer) isForeign(a netmodel.Address) bool {
	n := t.n
	switch {
	case n.InternetGateway(a) != nil, n.VPNGateway(a) != nil, n.EgressOnlyGateway(a) != nil, n.NATGateway(a) != nil:
		return false
	case n.Peering(a) != nil, n.TransitGateway(a) != nil, n.Attachment(a) != nil, n.Middlebox(a) != nil:
		return false
	}
	return t.applianceAt(a) == nil
}

func (t *tracer) applianceAt(a netmodel.Address) *netmodel.Interface {
	if i := t.n.Interface(a); i != nil {
		return i
	}
	if e := t.n.Endpoint(a); e != nil && len(e.Interfaces) == 1 {
		return t.n.Interface(e.Interfaces[0])
	}
	return nil
}

func unmodelledGap(u *netmodel.Unmodelled) netmodel.Gap {
	return netmodel.Gap{Origin: u.Origin, Why: netmodel.NotModelled, Code: netmodel.UnsupportedResourceType, Detail: u.Note}
}
