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
	appliance bool // iface forwards what is not its own
}

// A legKind is how a packet crosses from one node to the next.
type legKind uint8

const (
	inside   legKind = iota + 1 // to another node of the VPC
	outIGW                      // to the internet by the internet gateway
	outEIGW                     // to the internet by the egress-only gateway
	inIGW                       // from the internet to a node
	inClouds                    // by a device whose workings the plan does not have
)

// A leg is one crossing of the forward way, for the reply to retrace.
type leg struct {
	kind     legKind
	from, to node
	sent     headerspace.Packet // as it left from
}

type walker struct {
	world
	natPort uint16 // the source port that NAT gateways choose
	legs    []leg
	trail   []string
}

// Reach walks p from src to dst and its reply back; a nil interface is the
// internet. n is a completion. p's addresses are those that the sender uses: to
// an interface its private or IPv6 address, but its public IPv4 address if the
// sender is the internet. NAT gateways use natPort as their own.
func Reach(n *netmodel.Network, src, dst *netmodel.Interface, p headerspace.Packet, natPort uint16) Walk {
	w := &walker{world: world{n}, natPort: natPort}
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
	if src == nil {
		return w.fromInternet(dst, p)
	}
	if !owns(src, p.Src) {
		w.say("%s does not own %s", src.Address, p.Src) // ENI-1
		return p, false
	}
	at := w.nodeOf(src)
	if !w.groupsAdmit(src, netmodel.Egress, p, w.owner(at.vpc, p.Dst)) {
		w.say("egress groups of %s", src.Address)
		return p, false
	}
	identity := src
	for range 8 { // more hops than any way without a loop has (EV-5)
		next, q, keeps, arrived, ok := w.hop(at, dst, p, identity)
		if arrived || !ok {
			return q, ok
		}
		at, p = next, q
		if !keeps {
			identity = nil
		}
	}
	w.say("loop")
	return p, false
}

// hop sends p on from a node: to dst (arrived), to a node that sends it on, or
// nowhere (not ok). keeps tells whether group identity survives.
func (w *walker) hop(at node, dst *netmodel.Interface, p headerspace.Packet, identity *netmodel.Interface) (next node, q headerspace.Packet, keeps, arrived, ok bool) {
	if at.subnet != nil && within(at.subnet, p.Dst) { // RT-23, EV-3
		q, ok = w.arrive(at, dst, p, identity)
		return node{}, q, true, true, ok
	}
	target, ok := w.next(at, p.Dst)
	if !ok {
		w.say("no route from %s to %s", w.name(at), p.Dst)
		return node{}, p, false, false, false
	}
	w.say("%s -> %s", w.name(at), target)
	to, found := w.relay(target)
	beside := found && to.subnet != nil && to.subnet == at.subnet // EV-13
	if !beside && !w.out(at, p) {
		return node{}, p, false, false, false
	}
	switch {
	case target == netmodel.LocalTarget:
		q, ok = w.arrive(at, dst, p, identity)
		return node{}, q, true, true, ok
	case found:
		next, q, ok = w.through(at, to, dst, p)
		if ok && next == (node{}) { // the appliance itself is the destination
			q, ok = w.arrive(at, dst, p, identity)
			return node{}, q, false, true, ok
		}
		return next, q, false, false, ok
	case w.InternetGateway(target) != nil:
		q, ok = w.leave(at, w.InternetGateway(target), dst, p)
	case w.EgressOnlyGateway(target) != nil:
		q = p
		ok = w.leaveEgressOnly(at, w.EgressOnlyGateway(target), dst, p)
	default:
		w.legs = append(w.legs, leg{kind: inClouds, from: at, to: w.end(dst), sent: p})
		q, ok = p, true
		if dst != nil {
			ok = owns(dst, p.Dst) && w.in(w.end(dst), p) && w.ingress(dst, p, nil)
		}
	}
	return node{}, q, false, true, ok
}

func (w *walker) name(at node) netmodel.Address {
	switch {
	case at.nat != nil:
		return at.nat.Address
	case at.iface != nil:
		return at.iface.Address
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
func (w *walker) arrive(at node, dst *netmodel.Interface, p headerspace.Packet, identity *netmodel.Interface) (headerspace.Packet, bool) {
	if dst == nil || w.vpcOf(dst) != at.vpc || !owns(dst, p.Dst) {
		w.say("%s is not the destination's address in %s", p.Dst, at.vpc)
		return p, false
	}
	to := w.nodeOf(dst)
	w.legs = append(w.legs, leg{kind: inside, from: at, to: to, sent: p})
	if to.subnet != at.subnet && !w.in(to, p) {
		return p, false
	}
	return p, w.ingress(dst, p, identity)
}

// through sends p to a NAT gateway or an appliance. The zero node means that p
// is the interface's own.
func (w *walker) through(at, to node, dst *netmodel.Interface, p headerspace.Packet) (node, headerspace.Packet, bool) {
	if to.vpc != at.vpc { // NAT-12, NAT-14
		w.say("%s is in another VPC", w.name(to))
		return node{}, p, false
	}
	if to.iface != nil && owns(to.iface, p.Dst) { // ENI-3
		if to.iface != dst {
			w.say("%s is not the destination", to.iface.Address)
			return node{}, p, false
		}
		return node{}, p, true
	}
	if to.subnet != at.subnet && !w.in(to, p) {
		return node{}, p, false
	}
	w.legs = append(w.legs, leg{kind: inside, from: at, to: to, sent: p})
	if to.iface != nil {
		if to.iface.SourceCheck.IsTrue() || !to.iface.Attached.IsTrue() ||
			!w.groupsAdmit(to.iface, netmodel.Ingress, p, nil) || !w.groupsAdmit(to.iface, netmodel.Egress, p, nil) {
			w.say("%s does not forward", to.iface.Address)
			return node{}, p, false
		}
		if translates(to.iface) && !p.Is6() { // ENI-4, a NAT instance
			p.Src, to.appliance = to.iface.IPv4[0], false
			if p.Proto.HasPorts() {
				p.SrcPort = w.natPort
			}
		}
		return to, p, true
	}
	carried := p.Proto == headerspace.TCP || p.Proto == headerspace.UDP || p.Proto == headerspace.ICMP
	if !carried || p.Is6() { // NAT-5, V6-5
		w.say("%s carries neither IPv6 nor %s", to.nat.Address, p.Proto)
		return node{}, p, false
	}
	p.Src = to.nat.Private // NAT-9
	if p.Proto.HasPorts() {
		p.SrcPort = w.natPort
	}
	return to, p, true
}

// translates reports whether the appliance is a NAT instance in this world.
func translates(i *netmodel.Interface) bool {
	return len(i.IPv4) > 0 && slices.Contains(i.Notes, natInstance)
}

// leave sends p to the internet by an internet gateway.
func (w *walker) leave(at node, g *netmodel.InternetGateway, dst *netmodel.Interface, p headerspace.Packet) (headerspace.Packet, bool) {
	w.legs = append(w.legs, leg{kind: outIGW, from: at, sent: p})
	switch {
	case exact(g.VPC) != at.vpc:
		w.say("%s is not attached to %s", g.Address, at.vpc)
		return p, false
	case dst != nil: // L-49: out and back in is not a way between two ends
		w.say("out to the internet")
		return p, false
	case p.Is6():
		return p, true // IGW-4
	case at.nat != nil && !at.nat.Public.IsTrue(): // IGW-11
		w.say("%s is private", at.nat.Address)
		return p, false
	case at.nat != nil:
		p.Src = at.nat.Elastic
		return p, true
	case at.iface == nil || !owns(at.iface, p.Src) || !at.iface.PublicIPv4.IsValid(): // IGW-5, IGW-9
		w.say("no public address")
		return p, false
	}
	p.Src = at.iface.PublicIPv4 // IGW-3
	return p, true
}

// leaveEgressOnly sends p to the internet by an egress-only gateway (IGW-14).
func (w *walker) leaveEgressOnly(at node, g *netmodel.EgressOnlyGateway, dst *netmodel.Interface, p headerspace.Packet) bool {
	w.legs = append(w.legs, leg{kind: outEIGW, from: at, sent: p})
	if exact(g.VPC) != at.vpc || dst != nil || !p.Is6() {
		w.say("%s does not carry it", g.Address)
		return false
	}
	return true
}

// fromInternet brings p to an interface by the internet gateway of its VPC.
func (w *walker) fromInternet(dst *netmodel.Interface, p headerspace.Packet) (headerspace.Packet, bool) {
	to := w.end(dst)
	if w.gateway(to.vpc) == nil {
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
