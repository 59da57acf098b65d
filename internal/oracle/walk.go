package oracle

import (
	"fmt"
	"net/netip"
	"slices"

	"github.com/planreach/planreach/headerspace"
	"github.com/planreach/planreach/netmodel"
)

// A Walk is what became of one packet and of its reply.
type Walk struct {
	Delivered bool
	// Returned: the reply gets back, or the packet asks for none.
	Returned bool
	Trail    []string // where it got, and what stopped it
}

// A node is something that sends packets on inside a VPC.
type node struct {
	vpc       netmodel.Address
	subnet    *netmodel.Subnet // nil for a regional NAT gateway
	iface     *netmodel.Interface
	nat       *netmodel.NATGateway
	box       *netmodel.Middlebox
	appliance bool // iface or box forwards what is not its own
	transit   bool // a transit gateway's interface in subnet
}

// A legKind is how a packet crosses from one node to the next.
type legKind uint8

const (
	inside   legKind = iota + 1 // to another node, in the VPC or a connected one
	outIGW                      // to the internet by the internet gateway
	outEIGW                     // to the internet by the egress-only gateway
	outVPN                      // to private networks outside
	inVPN                       // from there
	inIGW                       // from the internet to a node
	inClouds                    // by a device whose workings the plan does not have
)

// A leg is the way from one node that keeps state, or an end, to the next one,
// for the reply to retrace.
type leg struct {
	kind     legKind
	from, to node
	sent     headerspace.Packet // as it left from
	peered   bool               // by a peering connection
	gateway  *netmodel.InternetGateway
	vpn      *netmodel.VPNGateway
}

type walker struct {
	world
	natPort uint16 // the source port that NAT gateways choose
	from    node   // where the present leg began
	sender  node   // whose address the packet has as its source
	legs    []leg
	trail   []string
}

// Reach walks p from src to dst and its reply back; a nil interface is the
// internet. n is a completion. p's addresses are those that the sender uses: to
// an interface its private or IPv6 address, but its public IPv4 address if the
// sender is the internet. NAT gateways use natPort as their own.
func Reach(n *netmodel.Network, src, dst *netmodel.Interface, p headerspace.Packet, natPort uint16) Walk {
	w := &walker{world: newWorld(n), natPort: natPort}
	arrived, ok := w.forward(src, dst, p)
	return Walk{Delivered: ok, Returned: ok && w.reply(arrived), Trail: w.trail}
}

func (w *walker) say(format string, args ...any) {
	w.trail = append(w.trail, fmt.Sprintf(format, args...))
}

func (w *walker) nodeOf(i *netmodel.Interface) node {
	return node{vpc: w.vpcOf(i), subnet: w.subnetOf(i), iface: i}
}

// forward walks p and returns it as it arrives at dst.
func (w *walker) forward(src, dst *netmodel.Interface, p headerspace.Packet) (headerspace.Packet, bool) {
	for _, end := range []*netmodel.Interface{src, dst} {
		if end != nil && (!end.Attached.IsTrue() || w.subnetOf(end) == nil) {
			w.say("%s is not attached", end.Address) // ENI-6
			return p, false
		}
	}
	if src == nil && !isInternet(p.Src) {
		return w.fromVPN(dst, p)
	}
	if src == nil {
		return w.fromInternet(dst, p)
	}
	if !owns(src, p.Src) {
		w.say("%s does not own %s", src.Address, p.Src) // ENI-1
		return p, false
	}
	at := w.nodeOf(src)
	if !w.groupsAdmit(src, netmodel.Egress, p, w.named(src, dst, p.Dst)) {
		w.say("egress groups of %s", src.Address)
		return p, false
	}
	w.from, w.sender = at, at
	return w.onward(at, dst, p, src)
}

// onward walks p from a node to dst. identity is the interface whose groups
// rules can still name.
func (w *walker) onward(at node, dst *netmodel.Interface, p headerspace.Packet, identity *netmodel.Interface) (headerspace.Packet, bool) {
	for range 8 { // more hops than any way without a loop has (EV-5)
		s := w.hop(at, dst, p, identity)
		if s.arrived || !s.ok {
			return s.packet, s.ok
		}
		if !s.next.transit {
			w.from = s.next
		}
		if s.packet.Src != p.Src {
			w.sender = s.next
		}
		if !s.keeps {
			identity = nil
		}
		at, p = s.next, s.packet
	}
	w.say("loop")
	return p, false
}

// named is the interface with the address a that egress rules of src can name
// by its groups: in the same VPC or a peered one (SG-13).
func (w *walker) named(src, dst *netmodel.Interface, a netip.Addr) *netmodel.Interface {
	if i := w.owner(w.vpcOf(src), a); i != nil {
		return i
	}
	for _, c := range w.Peerings {
		if dst != nil && owns(dst, a) && c.Active.IsTrue() && c.SameRegion.IsTrue() && across(c, w.vpcOf(src)) == w.vpcOf(dst) {
			return dst
		}
	}
	return nil
}

// A step is what one hop does with a packet: it arrives, or another node has
// it next, or, if not ok, nothing has.
type step struct {
	next    node
	packet  headerspace.Packet
	keeps   bool // group identity survives
	arrived bool
	ok      bool
}

// hop sends p on from a node.
func (w *walker) hop(at node, dst *netmodel.Interface, p headerspace.Packet, identity *netmodel.Interface) step {
	if at.subnet != nil && within(at.subnet, p.Dst) { // RT-23, EV-3, TGW-23
		if w.isClassic(at) && !w.out(at, p) { // NACL-12
			return step{packet: p}
		}
		return w.arrive(at, dst, p, identity)
	}
	target, ok := w.next(at, p.Dst)
	if !ok {
		w.say("no route from %s to %s", w.name(at), p.Dst)
		return step{packet: p}
	}
	w.say("%s -> %s", w.name(at), target)
	to, found := w.relay(target)
	beside := found && to.subnet != nil && to.subnet == at.subnet // EV-13
	if !beside && !w.out(at, p) {
		return step{packet: p}
	}
	switch {
	case target == netmodel.LocalTarget:
		return w.arrive(at, dst, p, identity)
	case found && to.iface != nil && owns(to.iface, p.Dst): // ENI-3
		return w.arrive(at, dst, p, identity)
	case found:
		return w.through(at, to, p)
	case w.InternetGateway(target) != nil:
		return w.leave(at, w.InternetGateway(target), dst, p)
	case w.VPNGateway(target) != nil:
		return w.leaveByVPN(at, w.VPNGateway(target), dst, p)
	case w.EgressOnlyGateway(target) != nil:
		return w.leaveEgressOnly(at, w.EgressOnlyGateway(target), dst, p)
	case w.Peering(target) != nil:
		return w.peer(at, w.Peering(target), dst, p, identity)
	case w.TransitGateway(target) != nil:
		return w.transit(at, w.TransitGateway(target), dst, p)
	}
	return w.cloud(dst, p)
}

// cloud hands p to a device whose workings the plan does not have.
func (w *walker) cloud(dst *netmodel.Interface, p headerspace.Packet) step {
	w.legs = append(w.legs, leg{kind: inClouds, from: w.from, to: w.end(dst), sent: p})
	ok := dst == nil || owns(dst, p.Dst) && w.in(w.end(dst), p) && w.ingress(dst, p, nil)
	return step{packet: p, arrived: true, ok: ok}
}

func (w *walker) name(at node) netmodel.Address {
	switch {
	case at.nat != nil:
		return at.nat.Address
	case at.iface != nil:
		return at.iface.Address
	case at.box != nil:
		return at.box.Address
	case at.transit:
		return "transit in " + at.subnet.Address
	}
	return "internet"
}

func (w *walker) end(dst *netmodel.Interface) node {
	if dst == nil {
		return node{}
	}
	return w.nodeOf(dst)
}

// next is the route target that the node's table gives for dst. A regional NAT
// gateway has the local routes and one to the internet gateway (NAT-16).
func (w *walker) next(at node, dst netip.Addr) (netmodel.Address, bool) {
	if at.subnet != nil {
		table := w.RouteTable(exact(at.subnet.Table))
		if table == nil {
			return "", false
		}
		return w.route(table, at.vpc, dst)
	}
	for _, cidr := range w.VPC(at.vpc).IPv4 {
		if cidr.Contains(dst) {
			return netmodel.LocalTarget, true
		}
	}
	for _, g := range w.InternetGateways {
		if exact(g.VPC) == at.vpc {
			return g.Address, true
		}
	}
	return "", false
}

// relay is the node behind a route target that is a NAT gateway or interface.
func (w *walker) relay(target netmodel.Address) (node, bool) {
	if g := w.NATGateway(target); g != nil {
		if s := w.Subnet(exact(g.Subnet)); s != nil {
			return node{vpc: exact(s.VPC), subnet: s, nat: g}, true
		}
		return node{vpc: exact(g.VPC), nat: g}, true
	}
	if m := w.Middlebox(target); m != nil {
		s := w.Subnet(exact(m.Subnet))
		return node{vpc: exact(s.VPC), subnet: s, box: m, appliance: true}, true
	}
	if i := w.Interface(target); i != nil {
		at := w.nodeOf(i)
		at.appliance = true
		return at, true
	}
	return node{}, false
}

func (w *walker) out(at node, p headerspace.Packet) bool {
	if at.subnet == nil || w.aclAdmits(at.subnet, netmodel.Egress, p) {
		return true
	}
	w.say("ACL of %s, egress, %s", at.subnet.Address, p)
	return false
}

func (w *walker) in(at node, p headerspace.Packet) bool {
	if at.subnet == nil || w.aclAdmits(at.subnet, netmodel.Ingress, p) {
		return true
	}
	w.say("ACL of %s, ingress, %s", at.subnet.Address, p)
	return false
}

func (w *walker) ingress(dst *netmodel.Interface, p headerspace.Packet, identity *netmodel.Interface) bool {
	if w.groupsAdmit(dst, netmodel.Ingress, p, identity) {
		w.say("delivered to %s", dst.Address)
		return true
	}
	w.say("ingress groups of %s", dst.Address)
	return false
}

// arrive delivers p inside the VPC.
func (w *walker) arrive(at node, dst *netmodel.Interface, p headerspace.Packet, identity *netmodel.Interface) step {
	if dst == nil || w.vpcOf(dst) != at.vpc || !owns(dst, p.Dst) {
		w.say("%s is not the destination's address in %s", p.Dst, at.vpc)
		return step{packet: p}
	}
	to := w.nodeOf(dst)
	w.legs = append(w.legs, leg{kind: inside, from: w.from, to: to, sent: p})
	ok := (to.subnet == at.subnet || w.in(to, p)) && w.ingress(dst, p, identity)
	return step{packet: p, arrived: true, ok: ok}
}

// through sends p to a NAT gateway or an appliance.
func (w *walker) through(at, to node, p headerspace.Packet) step {
	if to.vpc != at.vpc { // NAT-12, NAT-14
		w.say("%s is in another VPC", w.name(to))
		return step{packet: p}
	}
	if to.subnet != at.subnet && !w.in(to, p) {
		return step{packet: p}
	}
	w.legs = append(w.legs, leg{kind: inside, from: w.from, to: to, sent: p})
	if to.box != nil {
		return step{next: to, packet: p, ok: w.screens(to.box, p)}
	}
	if to.iface != nil {
		return w.forwarded(to, p)
	}
	carried := p.Proto == headerspace.TCP || p.Proto == headerspace.UDP || p.Proto == headerspace.ICMP
	if !carried || p.Is6() { // NAT-5, V6-5
		w.say("%s carries neither IPv6 nor %s", to.nat.Address, p.Proto)
		return step{packet: p}
	}
	p.Src = to.nat.Private // NAT-9
	if p.Proto.HasPorts() {
		p.SrcPort = w.natPort
	}
	return step{next: to, packet: p, ok: true}
}

// forwarded is what an appliance does with p (ENI-3, ENI-4).
func (w *walker) forwarded(to node, p headerspace.Packet) step {
	if to.iface.SourceCheck.IsTrue() || !to.iface.Attached.IsTrue() ||
		!w.groupsAdmit(to.iface, netmodel.Ingress, p, nil) || !w.groupsAdmit(to.iface, netmodel.Egress, p, nil) {
		w.say("%s does not forward", to.iface.Address)
		return step{packet: p}
	}
	if translates(to.iface) && !p.Is6() { // a NAT instance
		p.Src, to.appliance = to.iface.IPv4[0], false
		if p.Proto.HasPorts() {
			p.SrcPort = w.natPort
		}
	}
	return step{next: to, packet: p, ok: true}
}

// translates reports whether the appliance is a NAT instance in this world.
func translates(i *netmodel.Interface) bool {
	return len(i.IPv4) > 0 && slices.Contains(i.Notes, natInstance)
}

// leave sends p to the internet by an internet gateway.
func (w *walker) leave(at node, g *netmodel.InternetGateway, dst *netmodel.Interface, p headerspace.Packet) step {
	w.legs = append(w.legs, leg{kind: outIGW, from: w.from, sent: p, gateway: g})
	gone := step{packet: p, arrived: true, ok: true}
	switch {
	case !isInternet(p.Dst): // IGW-7
		w.say("%s is private", p.Dst)
		return step{packet: p}
	case exact(g.VPC) != at.vpc:
		w.say("%s is not attached to %s", g.Address, at.vpc)
		return step{packet: p}
	case w.isShut(at, false):
		return step{packet: p}
	case dst != nil: // L-49: out and back in is not a way between two ends
		w.say("out to the internet")
		return step{packet: p}
	case p.Is6():
		if w.sender.vpc != at.vpc || !w.covers(at.vpc, p.Src) { // IGW-1, IGW-9
			w.say("%s is no address of %s", p.Src, at.vpc)
			return step{packet: p}
		}
		return gone // IGW-4
	case w.sender.vpc != at.vpc:
		w.say("%s is no address of %s", p.Src, at.vpc)
		return step{packet: p}
	case w.sender.nat != nil && !w.sender.nat.Public.IsTrue(): // IGW-11
		w.say("%s is private", w.sender.nat.Address)
		return step{packet: p}
	case w.sender.nat != nil:
		gone.packet.Src = w.sender.nat.Elastic
		return gone
	case !owns(w.sender.iface, p.Src) || !w.sender.iface.PublicIPv4.IsValid(): // IGW-5, IGW-9
		w.say("no public address")
		return step{packet: p}
	}
	gone.packet.Src = w.sender.iface.PublicIPv4 // IGW-3
	return gone
}

// leaveEgressOnly sends p to the internet by an egress-only gateway (IGW-14,
// IGW-15).
func (w *walker) leaveEgressOnly(at node, g *netmodel.EgressOnlyGateway, dst *netmodel.Interface, p headerspace.Packet) step {
	w.legs = append(w.legs, leg{kind: outEIGW, from: w.from, sent: p})
	if exact(g.VPC) != at.vpc || dst != nil || !p.Is6() || !isInternet(p.Dst) || w.sender.vpc != at.vpc || !w.covers(at.vpc, p.Src) || w.isShut(at, true) {
		w.say("%s does not carry it", g.Address)
		return step{packet: p}
	}
	return step{packet: p, arrived: true, ok: true}
}

// covers reports whether the VPC has the address in one of its CIDRs.
func (w world) covers(vpc netmodel.Address, a netip.Addr) bool {
	v := w.VPC(vpc)
	return slices.ContainsFunc(slices.Concat(v.IPv4, v.IPv6), func(p netip.Prefix) bool { return p.Contains(a) })
}

// fromInternet brings p to an interface by the internet gateway of its VPC.
func (w *walker) fromInternet(dst *netmodel.Interface, p headerspace.Packet) (headerspace.Packet, bool) {
	to := w.end(dst)
	gateway := w.gateway(to.vpc)
	if gateway == nil {
		w.say("%s has no internet gateway", to.vpc)
		return p, false
	}
	sent := p
	if !p.Is6() {
		if !dst.PublicIPv4.IsValid() || p.Dst != dst.PublicIPv4 { // IGW-5
			w.say("no public address")
			return p, false
		}
		p.Dst = dst.IPv4[0]
	}
	if w.isShut(to, false) { // BPA-8
		return p, false
	}
	target, ok := w.detour(gateway.Table, to.vpc, dst, p)
	if !ok {
		w.say("%s drops it", exact(gateway.Table))
		return p, false
	}
	if target != "" {
		return w.redirected(target, dst, p, gateway)
	}
	w.legs = append(w.legs, leg{kind: inIGW, to: to, sent: sent})
	return p, w.in(to, p) && w.ingress(dst, p, nil)
}

func (w world) gateway(vpc netmodel.Address) *netmodel.InternetGateway {
	for _, g := range w.InternetGateways {
		if exact(g.VPC) == vpc {
			return g
		}
	}
	return nil
}
