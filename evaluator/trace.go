package evaluator

import (
	"net/netip"

	"github.com/planreach/planreach/headerspace"
	"github.com/planreach/planreach/netmodel"
)

// A tracer walks one packet through one world, hop by hop, on the raw rules and
// routes. It shares nothing with the set engine but the network and the world's
// answers, so that each checks the other. A block does not stop it: what comes
// after is judged as if the block were lifted (MOD-9).
type tracer struct {
	n       *netmodel.Network
	w       *world
	suspect map[question]netmodel.Gap // open questions on which the verdict hangs
	since   int                       // questions asked before the present hop
	hops    []Hop
	afar    bool // the way there passed a hop that is not known
	is6     bool // the family of the packet, whose addresses may not be known
}

// A station is an end of a traced packet.
type station struct {
	i          *netmodel.Interface // nil: outside
	s          *netmodel.Subnet    // nil: not known
	vpc        netmodel.Address
	addr       netip.Addr // invalid: not known
	groups     []netmodel.Address
	moreGroups bool
	end        netmodel.Address // how the end is called: an endpoint, or empty
	deaf       bool             // sends only
}

// A trail is one traced way there and back.
type trail struct {
	forward, reply []Hop
	delivered      HopResult
	answered       HopResult // HopPass if no reply is asked for
}

// result is how hops end: blocked if any blocks, else unknown if any is.
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
	out := station{i: i, addr: addr, end: end, moreGroups: !i.Groups.More.IsZero()}
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
	t.hops, t.since, t.afar = nil, 0, false
	nat := t.forward(from, to, p)
	if to.deaf {
		t.add(Hop{Address: to.end, Kind: NetworkInterface, Result: HopBlock, Code: netmodel.ServiceNotADestination, Step: Passed{}, Packet: p, Origin: to.i.Origin})
	}
	out.forward, out.delivered = t.hops, resultOf(t.hops)
	out.answered = HopPass
	if back, ok := p.Reply(); ok && reply {
		t.hops = nil
		t.back(from, to, back, nat)
		out.reply, out.answered = t.hops, resultOf(t.hops)
	}
	return out
}

// forward traces the way there. It returns the NAT gateway on the way, if any.
func (t *tracer) forward(from, to station, p headerspace.Packet) *natHop {
	if from.i == nil {
		t.inward(from, to, p)
		return nil
	}
	t.groups(from, netmodel.Egress, p, to)
	if to.i != nil && from.s != nil && from.s == to.s {
		t.groups(to, netmodel.Ingress, p, from)
		return nil
	}
	return t.outOf(from, to, p, nil)
}

// A natHop is a NAT gateway on the way, with the station of its interface.
type natHop struct {
	gateway *netmodel.NATGateway
	at      station
	entered bool // from another subnet, so that ACLs are asked in between
}

// outOf traces the way from a station's subnet onward.
func (t *tracer) outOf(from, to station, p headerspace.Packet, via *natHop) *natHop {
	if from.s == nil || to.i != nil && to.s == nil {
		t.lost(from, to, p, via)
		return via
	}
	t.acl(from.s, netmodel.Egress, p)
	if from.vpc == "" || to.i != nil && to.vpc == "" {
		t.lost(from, to, p, via)
		return via
	}
	target, res := t.table(from.s, from.vpc, p.Dst, to.i != nil && to.vpc == from.vpc, p, false)
	switch {
	case res == HopUnknown:
		t.afar = true
		t.into(from, to, p, via != nil, true)
		return via
	case target == "":
		return via // no route: the way ends here
	case target == netmodel.LocalTarget:
		if to.i == nil || to.vpc != from.vpc {
			t.add(Hop{Address: from.vpc, Kind: Outside, Result: HopBlock, Code: netmodel.NoRouteToDestination, Step: Passed{}, Packet: p})
			return via
		}
		if to.s != from.s || via == nil {
			t.acl(to.s, netmodel.Ingress, p)
		}
		t.into(from, to, p, via != nil, false)
		return via
	}
	return t.gateway(target, from, to, p, via)
}

// lost is a way of which it is not known where it starts or ends.
func (t *tracer) lost(from, to station, p headerspace.Packet, via *natHop) {
	gaps := openLinks(from, to)
	t.afar = true
	t.add(Hop{Address: gaps[0].Origin.Address, Kind: Outside, Result: HopUnknown, Code: netmodel.UnknownReference,
		Step: Passed{}, Packet: p, Origin: gaps[0].Origin, Gaps: gaps})
	t.into(from, to, p, via != nil, true)
}

func openLinks(from, to station) []netmodel.Gap {
	var out []netmodel.Gap
	for _, s := range []station{from, to} {
		if s.i != nil && s.s == nil {
			out = append(out, s.i.Subnet.Gap())
		} else if s.s != nil && s.vpc == "" {
			out = append(out, s.s.VPC.Gap())
		}
	}
	return out
}

// into traces the last part: the groups of the destination. translated says
// that the group identity of the sender is lost; afar that it may be.
func (t *tracer) into(from, to station, p headerspace.Packet, translated, afar bool) {
	if to.i == nil {
		return
	}
	if translated {
		from.groups, from.moreGroups = nil, false
	}
	if afar {
		t.groupsFromAfar(to, p, from)
		return
	}
	t.groups(to, netmodel.Ingress, p, from)
}

// gateway traces a gateway or interface that a route leads to.
func (t *tracer) gateway(target netmodel.Address, from, to station, p headerspace.Packet, via *natHop) *natHop {
	if gw := t.n.InternetGateway(target); gw != nil {
		t.exit(InternetGateway, gw.Address, gw.Origin, gw.VPC, from, to, p, via)
		return via
	}
	if gw := t.n.EgressOnlyGateway(target); gw != nil {
		if !t.is6 {
			t.add(Hop{Address: gw.Address, Kind: EgressOnlyInternetGateway, Result: HopBlock, Code: netmodel.EIGWRequiresIPv6, Step: Passed{}, Packet: p, Origin: gw.Origin})
			return via
		}
		t.exit(EgressOnlyInternetGateway, gw.Address, gw.Origin, gw.VPC, from, to, p, via)
		return via
	}
	if nat := t.n.NATGateway(target); nat != nil {
		return t.nat(nat, from, to, p, via)
	}
	hop := Hop{Address: target, Kind: Outside, Result: HopUnknown, Code: netmodel.UnsupportedComponent, Step: Passed{}, Packet: p,
		Origin: netmodel.Origin{Address: target}, Gaps: []netmodel.Gap{t.foreign(target)}}
	if i := t.applianceAt(target); i != nil {
		if i == to.i && to.vpc == from.vpc {
			t.acl(to.s, netmodel.Ingress, p)
			t.into(from, to, p, via != nil, false)
			return via
		}
		hop.Kind, hop.Code, hop.Origin = NetworkInterface, netmodel.UnknownApplianceBehavior, i.Origin
		hop.Gaps = []netmodel.Gap{{Origin: i.Origin, Why: netmodel.NotModelled, Code: netmodel.UnknownApplianceBehavior}}
		if i.SourceCheck.IsTrue() {
			hop.Result, hop.Code, hop.Gaps = HopBlock, netmodel.ENISourceDestCheck, nil
		}
	}
	t.add(hop)
	t.afar = t.afar || hop.Result == HopUnknown
	if to.i != nil && hop.Result == HopUnknown {
		t.into(from, to, p, via != nil, true)
	}
	return via
}

func (t *tracer) foreign(a netmodel.Address) netmodel.Gap {
	if g, ok := t.n.Foreign[a]; ok {
		return g
	}
	return netmodel.Gap{Origin: netmodel.Origin{Address: a}, Why: netmodel.NotModelled, Code: netmodel.UnsupportedComponent}
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

// exit traces the way out to the internet.
func (t *tracer) exit(kind HopKind, a netmodel.Address, o netmodel.Origin, vpc netmodel.Ref, from, to station, p headerspace.Packet, via *natHop) {
	hop := Hop{Address: a, Kind: kind, Result: HopPass, Step: Passed{}, Packet: p, Origin: o}
	public := true
	if !t.is6 {
		public = t.isPublic(from, via)
		if kind == InternetGateway {
			hop.Step = Translated{Endpoint: from.end}
		}
	}
	at, ok := t.w.follow(a, "VPC", vpc)
	switch {
	case to.i != nil:
		hop.Result, hop.Code = HopBlock, netmodel.NoRouteToDestination
	case !internetHolds(p.Dst):
		hop.Result, hop.Code = HopBlock, netmodel.IGWPrivateEgress
		if sharedRange.Contains(p.Dst) {
			hop.Code = netmodel.IGWSharedEgress
		}
	case ok && at != from.vpc:
		hop.Result, hop.Code = HopBlock, netmodel.BadStateAttachment
	case !public:
		hop.Result, hop.Code = HopBlock, netmodel.IGWPublicIPForEgress
	case !ok:
		hop.Result, hop.Code, hop.Gaps = HopUnknown, netmodel.UnknownReference, []netmodel.Gap{vpc.Gap()}
	}
	t.add(hop)
}

var sharedRange = netip.MustParsePrefix("100.64.0.0/10")

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
	if via != nil {
		return t.w.holds(via.gateway.Address, "public", via.gateway.Public)
	}
	i := s.i
	switch {
	case i.PublicIPv4.IsValid():
		return true
	case t.w.holds(i.Address, "Elastic IP", i.Elastic):
		return true
	case !i.AutoPublicFromSubnet:
		return t.w.holds(i.Address, "public address", i.AutoPublic)
	case s.s == nil:
		return t.w.holds(i.Address, "public address", netmodel.Truth{})
	}
	return t.w.holds(s.s.Address, "public addresses", s.s.MapPublicIP)
}

// nat traces the way through a NAT gateway.
func (t *tracer) nat(nat *netmodel.NATGateway, from, to station, p headerspace.Packet, via *natHop) *natHop {
	hop := Hop{Address: nat.Address, Kind: NATGateway, Result: HopPass, Code: netmodel.NGWSourceAddressReassign,
		Step: Translated{From: p.Src, To: nat.Private}, Packet: p, Origin: nat.Origin, Notes: []netmodel.Code{netmodel.RemapEphemeralPort}}
	at := station{addr: nat.Private}
	a, ok := t.w.follow(nat.Address, "subnet", nat.Subnet)
	if s := t.n.Subnet(a); ok && s != nil {
		at.s = s
		at.vpc, _ = t.w.follow(s.Address, "VPC", s.VPC)
		if !at.addr.IsValid() {
			at.addr = t.w.addresses[addressQuestion(nat.Address, false)]
		}
	}
	out := &natHop{gateway: nat, at: at, entered: at.s != from.s}
	if out.entered && at.s != nil && via == nil {
		t.acl(at.s, netmodel.Ingress, p)
	} else if at.s != nil && via == nil {
		t.dropLastACL(from.s) // EV-13
	}
	switch {
	case via != nil && via.gateway == nat:
		hop.Result, hop.Code = HopBlock, netmodel.ForwardingLoop
	case t.is6:
		hop.Result, hop.Code = HopBlock, netmodel.NGWRequiresNAT64
	case p.Proto != headerspace.TCP && p.Proto != headerspace.UDP && p.Proto != headerspace.ICMP:
		hop.Result, hop.Code = HopBlock, netmodel.ProtocolRestriction
	case at.s == nil:
		hop.Result, hop.Code, hop.Gaps = HopUnknown, netmodel.UnknownReference, []netmodel.Gap{nat.Subnet.Gap()}
	case via != nil:
		hop.Result, hop.Code = HopUnknown, netmodel.UnknownApplianceBehavior
		hop.Gaps = []netmodel.Gap{{Origin: nat.Origin, Why: netmodel.NotModelled, Code: netmodel.UnknownApplianceBehavior, Detail: "one NAT gateway behind another"}}
	case at.vpc != "" && from.vpc != "" && at.vpc != from.vpc:
		hop.Result, hop.Code = HopBlock, netmodel.NoRouteToDestination
	}
	t.add(hop)
	if at.s == nil || via != nil {
		t.afar = true
		t.into(from, to, p, true, true)
		return out
	}
	p.Src = at.addr
	if p.Proto.HasPorts() {
		p.SrcPort = natPortLo
	}
	at.i, at.end = nil, nat.Address
	at.groups = nil
	if to.i != nil && to.s == at.s {
		t.into(at, to, p, true, false)
		return out
	}
	t.outOf(at, to, p, out)
	return out
}

// dropLastACL takes back the ACL hop of a subnet that the packet does not leave.
func (t *tracer) dropLastACL(s *netmodel.Subnet) {
	for k := len(t.hops) - 1; k >= 0; k-- {
		if h := t.hops[k]; h.Kind == NetworkACL && h.Direction == netmodel.Egress && s != nil {
			t.hops = append(t.hops[:k:k], t.hops[k+1:]...)
			return
		}
	}
}

// inward traces a packet from outside to an interface.
func (t *tracer) inward(from, to station, p headerspace.Packet) {
	if to.s == nil {
		t.add(Hop{Address: to.i.Address, Kind: NetworkInterface, Result: HopUnknown, Code: netmodel.UnknownReference,
			Step: Passed{}, Packet: p, Origin: to.i.Origin, Gaps: []netmodel.Gap{to.i.Subnet.Gap()}})
		t.groups(to, netmodel.Ingress, p, from)
		return
	}
	t.entrance(to, p)
	t.acl(to.s, netmodel.Ingress, p)
	t.groups(to, netmodel.Ingress, p, from)
}

// entrance is the first hop of a packet from outside: the internet gateway, or
// whatever else may carry it.
func (t *tracer) entrance(to station, p headerspace.Packet) {
	hop := Hop{Address: to.vpc, Kind: InternetGateway, Result: HopPass, Step: Passed{}, Packet: p}
	if v := t.n.VPC(to.vpc); v != nil {
		hop.Origin = v.Origin
	}
	if to.vpc == "" {
		hop.Address, hop.Kind, hop.Result, hop.Code, hop.Gaps = to.s.Address, Outside, HopUnknown, netmodel.UnknownReference, []netmodel.Gap{to.s.VPC.Gap()}
		t.add(hop)
		return
	}
	if !internetHolds(p.Src) {
		hop.Kind, hop.Result, hop.Code = Outside, HopBlock, netmodel.NoRouteToDestination
		if gaps := t.attachments(to.vpc); len(gaps) > 0 {
			hop.Result, hop.Code, hop.Gaps = HopUnknown, gaps[0].Code, gaps
		}
		t.add(hop)
		return
	}
	public := t.is6 || t.isPublic(to, nil)
	gw, attached := t.internetGateway(to.vpc)
	if gw != nil {
		hop.Address, hop.Origin = gw.Address, gw.Origin
	}
	switch {
	case attached == no:
		hop.Result, hop.Code = HopBlock, netmodel.BadStateAttachment
	case !public:
		hop.Result, hop.Code = HopBlock, netmodel.IGWPrivateIPForIngress
	case attached == maybe:
		hop.Result, hop.Code, hop.Gaps = HopUnknown, netmodel.UnknownResource, t.n.VPC(to.vpc).Hidden
		if gw != nil {
			hop.Gaps = []netmodel.Gap{gw.VPC.Gap()}
		}
	}
	if !t.is6 && hop.Result == HopPass {
		hop.Step = Translated{Endpoint: to.end}
	}
	t.add(hop)
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

// attachments are the reasons why something may connect a VPC with private
// networks outside.
func (t *tracer) attachments(vpc netmodel.Address) []netmodel.Gap {
	var out []netmodel.Gap
	if v := t.n.VPC(vpc); v != nil {
		out = append(out, v.Hidden...)
	}
	for _, table := range t.n.RouteTables {
		if !table.VPC.MayBe(vpc) {
			continue
		}
		out = append(out, table.Hidden...)
		for k := range table.Routes {
			r := &table.Routes[k]
			a, ok := r.Target.Exact()
			switch {
			case !ok && !r.Target.IsNone():
				out = append(out, r.Target.Gap())
			case ok && a != netmodel.LocalTarget && t.isForeign(a):
				out = append(out, t.foreign(a))
			}
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

func (t *tracer) isForeign(a netmodel.Address) bool {
	return t.n.InternetGateway(a) == nil && t.n.EgressOnlyGateway(a) == nil && t.n.NATGateway(a) == nil && t.applianceAt(a) == nil
}

func unmodelledGap(u *netmodel.Unmodelled) netmodel.Gap {
	return netmodel.Gap{Origin: u.Origin, Why: netmodel.NotModelled, Code: netmodel.UnsupportedResourceType, Detail: u.Note}
}

// back traces the reply p of a packet that went from one station to another.
func (t *tracer) back(from, to station, p headerspace.Packet, via *natHop) {
	switch {
	case t.afar:
		t.backFromAfar(from, to, p, via)
	case to.i == nil && via != nil:
		t.backThroughNAT(from, p, via)
	case to.i == nil:
		t.returnACL(from.s, netmodel.Ingress, p, netmodel.ReturnACLRestriction)
		t.replyHop(from, netmodel.Ingress)
	case from.i == nil:
		t.replyHop(to, netmodel.Egress)
		if to.s == nil {
			return
		}
		t.returnACL(to.s, netmodel.Egress, p, netmodel.ReturnACLRestriction)
		t.returnOutside(to, p)
	case via != nil:
		t.backInsideThroughNAT(from, to, p, via)
	default:
		t.replyHop(to, netmodel.Egress)
		if from.s != nil && from.s == to.s {
			t.replyHop(from, netmodel.Ingress)
			return
		}
		t.backInside(from, to, p)
		t.replyHop(from, netmodel.Ingress)
	}
}

// backFromAfar traces a reply whose way begins at a hop that is not known.
func (t *tracer) backFromAfar(from, to station, p headerspace.Packet, via *natHop) {
	h := Hop{Address: from.i.Address, Kind: Outside, Result: HopUnknown, Code: netmodel.ReturnUnknown, Step: Passed{}, Packet: p}
	if to.i != nil {
		h.Address = to.i.Address
	}
	t.add(h)
	switch {
	case via != nil && via.at.s != nil:
		outer := p
		outer.Dst = via.at.addr
		t.returnNATPorts(via.at.s, outer)
		t.natToClient(from, p, via)
	case from.s != nil && (to.i == nil || to.s != nil):
		t.returnACL(from.s, netmodel.Ingress, p, netmodel.ReturnACLRestriction)
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

// backInside traces a reply between subnets of one VPC.
func (t *tracer) backInside(from, to station, p headerspace.Packet) {
	if to.s == nil || from.s == nil || to.vpc == "" || from.vpc == "" {
		t.add(Hop{Address: to.i.Address, Kind: Outside, Result: HopUnknown, Code: netmodel.ReturnUnknown, Step: Passed{}, Packet: p, Gaps: openLinks(from, to)})
		return
	}
	t.returnACL(to.s, netmodel.Egress, p, netmodel.ReturnACLRestriction)
	if to.vpc == from.vpc {
		t.returnLocal(to.s, to.vpc, p)
	}
	t.returnACL(from.s, netmodel.Ingress, p, netmodel.ReturnACLRestriction)
}

// returnLocal demands that a table lead a reply back by the local route.
func (t *tracer) returnLocal(s *netmodel.Subnet, vpc netmodel.Address, p headerspace.Packet) {
	target, res := t.table(s, vpc, p.Dst, true, p, true)
	if res == HopPass && target != netmodel.LocalTarget {
		last := &t.hops[len(t.hops)-1]
		last.Result, last.Code = HopUnknown, netmodel.UnknownApplianceBehavior
		last.Gaps = []netmodel.Gap{{Origin: last.Origin, Why: netmodel.NotModelled, Code: netmodel.UnknownApplianceBehavior}}
	}
}

// returnOutside demands that a table lead a reply back to where the packet came
// in.
func (t *tracer) returnOutside(to station, p headerspace.Packet) {
	if to.vpc == "" {
		t.add(Hop{Address: to.s.Address, Kind: Outside, Result: HopUnknown, Code: netmodel.ReturnUnknown, Step: Passed{}, Packet: p, Gaps: []netmodel.Gap{to.s.VPC.Gap()}})
		return
	}
	if !internetHolds(p.Dst) {
		gaps := t.attachments(to.vpc)
		h := Hop{Address: to.vpc, Kind: Outside, Result: HopBlock, Code: netmodel.ReturnNoRoute, Step: Passed{}, Packet: p}
		if len(gaps) > 0 {
			h.Result, h.Code, h.Gaps = HopUnknown, netmodel.ReturnUnknown, gaps
		}
		t.add(h)
		return
	}
	gw, attached := t.internetGateway(to.vpc)
	if attached == maybe {
		t.add(Hop{Address: to.vpc, Kind: Outside, Result: HopUnknown, Code: netmodel.ReturnUnknown, Step: Passed{}, Packet: p})
		return
	}
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
	case t.isForeignTarget(target):
		last.Result, last.Code, last.Gaps = HopUnknown, netmodel.ReturnUnknown, []netmodel.Gap{t.foreign(target)}
	default:
		last.Result, last.Code = HopBlock, netmodel.ReturnNoRoute
		if t.n.NATGateway(target) != nil || t.n.EgressOnlyGateway(target) != nil || t.applianceAt(target) != nil {
			last.Code = netmodel.ReturnAsymmetric
		}
	}
}

func (t *tracer) isForeignTarget(a netmodel.Address) bool {
	return a != "" && a != netmodel.LocalTarget && t.isForeign(a)
}

// backThroughNAT traces a reply from the internet by a NAT gateway.
func (t *tracer) backThroughNAT(from station, p headerspace.Packet, via *natHop) {
	inner := p
	if p.Proto.HasPorts() {
		p.DstPort = natPortLo
	}
	p.Dst = via.at.addr
	if via.at.s != nil {
		t.returnNATPorts(via.at.s, p)
	}
	t.add(Hop{Address: via.gateway.Address, Kind: NATGateway, Result: HopPass, Step: Translated{From: p.Dst, To: inner.Dst}, Packet: p, Origin: via.gateway.Origin})
	t.natToClient(from, inner, via)
	t.replyHop(from, netmodel.Ingress)
}

// natToClient traces a reply from a NAT gateway to the interface behind it.
func (t *tracer) natToClient(from station, p headerspace.Packet, via *natHop) {
	if !via.entered || via.at.s == nil || from.s == nil {
		return
	}
	t.returnACL(via.at.s, netmodel.Egress, p, netmodel.ReturnACLRestriction)
	if from.vpc != "" && via.at.vpc != "" {
		t.returnLocal(via.at.s, via.at.vpc, p)
	}
	t.returnACL(from.s, netmodel.Ingress, p, netmodel.ReturnACLRestriction)
}

// backInsideThroughNAT traces a reply between interfaces with a NAT gateway
// between them.
func (t *tracer) backInsideThroughNAT(from, to station, p headerspace.Packet, via *natHop) {
	t.replyHop(to, netmodel.Egress)
	outer := p
	outer.Dst = via.at.addr
	if via.at.s != nil && via.at.s != to.s && to.s != nil {
		t.returnNATWay(to, via, outer)
	}
	t.add(Hop{Address: via.gateway.Address, Kind: NATGateway, Result: HopPass, Step: Translated{From: outer.Dst, To: p.Dst}, Packet: outer, Origin: via.gateway.Origin})
	t.natToClient(from, p, via)
	t.replyHop(from, netmodel.Ingress)
}
