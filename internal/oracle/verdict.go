package oracle

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/planreach/planreach/assertions"
	"github.com/planreach/planreach/headerspace"
	"github.com/planreach/planreach/netmodel"
)

// A Question is one pair of ends of an assertion.
type Question struct {
	From, To   assertions.End
	Traffic    headerspace.Traffic
	Promise    bool
	OneWay     bool
	SourcePort *assertions.PortRange // set explicitly
}

// An Answer is what one fully known network does with a question.
type Answer struct {
	Pass, Stop []Probe
	// MembersDiffer: of the members that each count, some get through and some
	// do not (MOD-6).
	MembersDiffer bool
	// Vacuous: an end is named by its addresses, and nothing but the other end
	// has any of them in this network. Nothing is asked, so every verdict is
	// right.
	Vacuous bool
}

// A Probe is one packet that the question asks for.
type Probe struct {
	Packet headerspace.Packet // its addresses apart
	// From and To are the addresses at ends that are not endpoints; at endpoints
	// they are invalid, for there they are not part of the question.
	From, To netip.Addr
	Is6      bool
}

// A memberProbe is a Probe from one and to another member, at ends of which
// each member counts.
type memberProbe struct {
	Probe
	sender, receiver netmodel.Address
}

// A Verdict is an Answer in a word. The zero value is invalid.
type Verdict uint8

// The verdicts.
const (
	Unreachable Verdict = iota + 1
	Reachable
	Partial
)

// String is the word of the evaluator's verdict.
func (v Verdict) String() string {
	return [...]string{"invalid", "unreachable", "reachable", "partial"}[v]
}

// Verdict is the answer in a word. If nothing is asked for, the ends have no
// address family in common (L-47).
func (a Answer) Verdict() Verdict {
	switch {
	case a.MembersDiffer:
		return Partial
	case len(a.Pass) == 0:
		return Unreachable
	case len(a.Stop) == 0:
		return Reachable
	}
	return Partial
}

// Verdicts is what the networks answer to q, each verdict once.
func Verdicts(networks []*netmodel.Network, q Question) []Verdict {
	var out []Verdict
	for _, n := range networks {
		if a := Ask(n, q); !a.Vacuous && !slices.Contains(out, a.Verdict()) {
			out = append(out, a.Verdict())
		}
	}
	return out
}

// A site is one address at an end: of an interface, or on the internet.
type site struct {
	iface *netmodel.Interface // nil on the internet
	addr  netip.Addr          // as the other end inside the plan's networks names it
	// part is what the question tells apart: an address at ends that are
	// addresses, nothing at endpoints.
	part   netip.Addr
	member netmodel.Address // at ends of which each interface counts
}

// Ask answers q in a completion, by packets of which each stands for all that
// no rule, route or range of the network tells apart from it.
func Ask(n *netmodel.Network, q Question) Answer {
	w := newWorld(n)
	pass := map[memberProbe]bool{}
	var order []memberProbe
	pairs := 0
	from, to := w.sites(q.From), w.sites(q.To)
	if q.Promise { // what a range holds by the way promises nothing that it does not do
		if q.From.Kind == assertions.PrefixEnd {
			from = slices.DeleteFunc(from, func(s site) bool { return w.receivesOnly(s.iface) || w.isNode(s.iface) })
		}
		if q.To.Kind == assertions.PrefixEnd {
			to = slices.DeleteFunc(to, func(s site) bool { return w.sendsOnly(s.iface) })
		}
	}
	classes := w.classes(q.Traffic)
	for _, a := range from {
		for _, b := range to {
			if w.same(a, b) {
				continue
			}
			pairs++
			if a.addr.Is6() != b.addr.Is6() {
				continue
			}
			for _, c := range classes {
				if c.Src, c.Dst = a.addr, b.addr; !occurs(c) {
					continue
				}
				key := memberProbe{Probe{Packet: c, From: a.part, To: b.part, Is6: c.Is6()}, a.member, b.member}
				key.Packet.Src, key.Packet.Dst = netip.Addr{}, netip.Addr{}
				if _, seen := pass[key]; !seen {
					order = append(order, key)
				}
				pass[key] = pass[key] || w.passes(a, b, c, q) // ENI-5
			}
		}
	}
	byAddress := q.From.Kind == assertions.PrefixEnd || q.To.Kind == assertions.PrefixEnd
	out := Answer{Vacuous: byAddress && pairs == 0}
	out.collect(order, pass)
	return out
}

// collect joins the members: a packet passes if it does for some of them.
func (a *Answer) collect(order []memberProbe, pass map[memberProbe]bool) {
	joined := map[Probe]bool{}
	var probes []Probe
	for _, p := range order {
		was, seen := joined[p.Probe]
		if !seen {
			probes = append(probes, p.Probe)
		}
		a.MembersDiffer = a.MembersDiffer || seen && was != pass[p]
		joined[p.Probe] = was || pass[p]
	}
	for _, p := range probes {
		if joined[p] {
			a.Pass = append(a.Pass, p)
		} else {
			a.Stop = append(a.Stop, p)
		}
	}
}

// same reports whether the sites are one end, which is no pair with itself
// (L-55), or both on the internet, which is no flow of ours.
func (w world) same(a, b site) bool {
	return a.iface == b.iface || a.iface != nil && b.iface != nil &&
		slices.ContainsFunc(w.Endpoints, func(e *netmodel.Endpoint) bool {
			return slices.Contains(e.Interfaces, a.iface.Address) && slices.Contains(e.Interfaces, b.iface.Address)
		})
}

// sendsOnly reports whether nothing can be addressed to the interface (SVC-2).
func (w world) sendsOnly(i *netmodel.Interface) bool {
	return i != nil && slices.ContainsFunc(w.Endpoints, func(e *netmodel.Endpoint) bool {
		return e.SendsOnly && slices.Contains(e.Interfaces, i.Address)
	})
}

// occurs reports whether there are such packets in their address family.
func occurs(p headerspace.Packet) bool {
	return headerspace.Family(p.Is6()).Contains(p)
}

// sites are the addresses of an end, of which each stands for its class.
func (w world) sites(e assertions.End) []site {
	switch e.Kind {
	case assertions.EndpointEnd:
		var out []site
		if x := w.Endpoint(e.Endpoint); x != nil {
			for _, a := range x.Interfaces {
				i := w.Interface(a)
				if !i.Attached.IsTrue() {
					continue // ENI-6
				}
				s := site{iface: i}
				if x.Every {
					s.member = i.Address
				}
				for _, s.addr = range slices.Concat(i.IPv4, i.IPv6) {
					out = append(out, s)
				}
			}
		}
		return out
	case assertions.InternetEnd:
		var in []netip.Prefix
		if e.V4 {
			in = append(in, internet4...)
		}
		if e.V6 {
			in = append(in, internet6...)
		}
		return slices.DeleteFunc(w.outside(in, false), func(s site) bool { return w.isOwn(s.addr) })
	case assertions.PrefixEnd:
		out := w.outside([]netip.Prefix{e.Prefix}, !e.Prefix.Overlaps(netip.MustParsePrefix("10.0.0.0/8")))
		for _, i := range w.Interfaces {
			for _, addr := range slices.Concat(i.IPv4, i.IPv6) {
				if e.Prefix.Contains(addr) && i.Attached.IsTrue() && !strings.HasPrefix(string(i.Address), Elsewhere) {
					out = append(out, site{iface: i, addr: addr, part: addr})
				}
			}
		}
		return out
	case assertions.GatewayEnd:
		panic("oracle: gateways are no ends here; their flows are asked one by one")
	}
	panic("oracle: invalid end")
}

// isOwn reports whether an object of the network has the public address a: then
// it is nobody's on the internet (L-18).
func (w world) isOwn(a netip.Addr) bool {
	return slices.ContainsFunc(w.Interfaces, func(i *netmodel.Interface) bool { return i.PublicIPv4 == a || i.ElasticIP == a }) ||
		slices.ContainsFunc(w.NATGateways, func(g *netmodel.NATGateway) bool { return g.Elastic == a })
}

var internet4, internet6 = netmodel.Internet(false), netmodel.Internet(true)

// outside is one address of each class of addresses outside in the prefixes: of
// the internet, or any.
func (w world) outside(in []netip.Prefix, private bool) []site {
	cuts := mentioned(w.Network)
	var starts []netip.Addr
	for _, p := range slices.Concat(in, cuts) {
		starts = append(starts, p.Addr(), headerspace.LastAddr(p).Next())
	}
	var own []netip.Prefix // the addresses that the VPCs use are not outside
	for _, v := range w.VPCs {
		own = append(own, slices.Concat(v.IPv4, v.IPv6)...)
	}
	contains := func(ps []netip.Prefix, a netip.Addr) bool {
		return slices.ContainsFunc(ps, func(p netip.Prefix) bool { return p.Contains(a) })
	}
	isPublic := func(a netip.Addr) bool { return contains(internet4, a) || contains(internet6, a) }
	seen := map[string]bool{}
	var out []site
	for _, a := range starts {
		if !a.IsValid() || !contains(in, a) || !private && !isPublic(a) || contains(own, a) {
			continue
		}
		if class := classOf(a, cuts); !seen[class] {
			seen[class] = true
			out = append(out, site{addr: a, part: a})
		}
	}
	return out
}

// classes is one packet, without addresses, of each class of the traffic that
// no rule of the network tells apart.
func (w world) classes(t headerspace.Traffic) []headerspace.Packet {
	var sets []headerspace.Traffic
	for _, f := range filters(w.Network) {
		for _, r := range f.Rules {
			sets = append(sets, r.Match.Yes())
		}
	}
	for _, lb := range w.LoadBalancers {
		for _, l := range lb.Listeners {
			sets = append(sets, l.Accepts)
		}
	}
	for _, g := range w.TargetGroups {
		sets = append(sets, g.HealthChecks)
		for _, t := range g.Targets {
			sets = append(sets, t.Traffic)
		}
	}
	for _, m := range w.Middleboxes {
		for _, r := range m.Policy.Rules() {
			sets = append(sets, r.Match.Yes())
		}
	}
	for _, p := range []headerspace.Proto{headerspace.TCP, headerspace.UDP, headerspace.ICMP, headerspace.ICMPv6} {
		sets = append(sets, headerspace.Whole(p))
	}
	for _, p := range []headerspace.Proto{headerspace.ICMP, headerspace.ICMPv6} {
		for _, typ := range []int{8, 13, 17, 128} { // those that are answered
			sets = append(sets, headerspace.ICMPTypes(p, typ, -1))
		}
	}
	return samples(t, sets)
}

// samples is a packet of each part into which the sets cut t.
func samples(t headerspace.Traffic, sets []headerspace.Traffic) []headerspace.Packet {
	parts := []headerspace.Traffic{t}
	for _, s := range sets {
		var next []headerspace.Traffic
		for _, p := range parts {
			for _, q := range []headerspace.Traffic{p.Intersect(s), p.Minus(s)} {
				if !q.IsEmpty() {
					next = append(next, q)
				}
			}
		}
		parts = next
	}
	var out []headerspace.Packet
	for _, p := range parts {
		if one, ok := p.Sample(); ok {
			out = append(out, one)
		}
	}
	return out
}

// ports is a port of each class of the range that no ACL or firewall tells
// apart.
func (w world) ports(p headerspace.Proto, lo, hi uint16) []uint16 {
	key := [3]uint16{uint16(p), lo, hi}
	if found, ok := w.memo.ports[key]; ok {
		return found
	}
	var sets []headerspace.Traffic
	for _, acl := range w.ACLs {
		for _, f := range []*netmodel.Filter{&acl.Ingress, &acl.Egress} {
			for _, r := range f.Rules {
				sets = append(sets, r.Match.Yes())
			}
		}
	}
	for _, m := range w.Middleboxes {
		for _, r := range m.Policy.Rules() {
			sets = append(sets, r.Match.Yes())
		}
	}
	var out []uint16
	for _, one := range samples(headerspace.Ports(p, lo, hi), sets) {
		out = append(out, one.DstPort)
	}
	w.memo.ports[key] = out
	return out
}

// passes reports whether p gets through as the question means it (MOD-7,
// NACL-19, L-44, L-45).
func (w world) passes(a, b site, p headerspace.Packet, q Question) bool {
	if w.sendsOnly(b.iface) || w.receivesOnly(a.iface) || b.iface != nil && !w.takes(a, b, p) {
		return false
	}
	for _, lb := range w.LoadBalancers {
		if w.isPart(lb.Address, a.iface) && !w.sends(lb, a.iface, b, p) {
			return false
		}
	}
	if effect := w.unmodelled(a.iface, b.iface, p, q.Promise); effect != 0 {
		return effect == netmodel.MayOpen
	}
	if a.iface == nil && b.iface != nil && !p.Is6() && isInternet(a.addr) {
		if !b.iface.PublicIPv4.IsValid() || p.Dst != b.iface.IPv4[0] {
			return false // no public address, or not this one's
		}
		p.Dst = b.iface.PublicIPv4 // L-49
	}
	if !p.Proto.HasPorts() {
		walk := Reach(w.Network, a.iface, b.iface, p, 0)
		return walk.Delivered && (walk.Returned || q.OneWay || !q.Promise)
	}
	lo, hi := uint16(32768), uint16(65535)
	switch {
	case q.SourcePort != nil:
		lo, hi = q.SourcePort.Lo, q.SourcePort.Hi
	case !q.Promise:
		lo = 0
	}
	forwardOnly := q.OneWay || !q.Promise && p.Proto == headerspace.UDP
	every := q.Promise && q.SourcePort != nil
	for _, p.SrcPort = range w.ports(p.Proto, lo, hi) {
		some := false
		for _, nat := range w.ports(p.Proto, 1024, 65535) {
			walk := Reach(w.Network, a.iface, b.iface, p, nat)
			some = some || walk.Delivered && (walk.Returned || forwardOnly)
		}
		if some != every {
			return some
		}
	}
	return every
}

// Trails tells for people what becomes of each packet that q asks for.
func Trails(n *netmodel.Network, q Question) []string {
	w := newWorld(n)
	var out []string
	for _, a := range w.sites(q.From) {
		for _, b := range w.sites(q.To) {
			if w.same(a, b) || a.addr.Is6() != b.addr.Is6() {
				continue
			}
			for _, c := range w.classes(q.Traffic) {
				if c.Src, c.Dst = a.addr, b.addr; !occurs(c) {
					continue
				}
				passes := w.passes(a, b, c, q)
				if a.iface == nil && b.iface != nil && !c.Is6() {
					c.Dst = b.iface.PublicIPv4
				}
				c.SrcPort = 40000
				walk := Reach(n, a.iface, b.iface, c, 2000)
				out = append(out, fmt.Sprintf("%s: passes %t; %s", c, passes, strings.Join(walk.Trail, "; ")))
			}
		}
	}
	return out
}
