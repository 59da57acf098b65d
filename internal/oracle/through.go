package oracle

import (
	"net/netip"
	"slices"

	"github.com/planreach/planreach/assertions"
	"github.com/planreach/planreach/headerspace"
	"github.com/planreach/planreach/netmodel"
)

// Through is the packets that arrive at the target of a prohibition by load
// balancers and endpoint services, whatever the direct way does with them
// (L-52).
func Through(n *netmodel.Network, q Question) []Probe {
	w := newWorld(n)
	var out []Probe
	for _, a := range w.sites(q.From) {
		for _, b := range w.sites(q.To) {
			if b.iface == nil || w.same(a, b) {
				continue
			}
			for _, p := range w.classes(q.Traffic) {
				if p.Proto != headerspace.TCP && p.Proto != headerspace.UDP {
					continue
				}
				if w.byProxy(a, b, p, q, 4) {
					probe := Probe{Packet: p, From: a.part, To: b.part, Is6: a.addr.Is6()}
					probe.Packet.Src, probe.Packet.Dst = netip.Addr{}, netip.Addr{}
					out = append(out, probe)
				}
			}
		}
	}
	return out
}

// byProxy reports whether a connection that a makes to some proxy arrives as p
// at b.
func (w world) byProxy(a, b site, p headerspace.Packet, q Question, proxies int) bool {
	if proxies == 0 {
		return false
	}
	for _, lb := range w.LoadBalancers {
		if lb.Kind == netmodel.GatewayBalancer || w.isPart(lb.Address, b.iface) || w.isPart(lb.Address, a.iface) {
			continue
		}
		for _, l := range lb.Listeners {
			for _, f := range l.Forwards {
				g := w.TargetGroup(exact(f.Group))
				if g == nil || len(f.Sources) > 0 && !slices.ContainsFunc(f.Sources, func(s netip.Prefix) bool { return s.Contains(a.addr) }) {
					continue
				}
				for _, t := range g.Targets {
					if w.isTarget(t, g, b) && t.Traffic.Contains(p) && w.byTarget(lb, l, g, t, a, b, p, q, proxies) {
						return true
					}
				}
			}
		}
	}
	return false
}

// byTarget is byProxy for one target and any node.
func (w world) byTarget(lb *netmodel.LoadBalancer, l netmodel.Listener, g *netmodel.TargetGroup, t netmodel.Target, a, b site, p headerspace.Packet, q Question, proxies int) bool {
	asked, ok := l.Accepts.Intersect(headerspace.Whole(p.Proto)).Sample()
	if !ok {
		return false
	}
	for _, node := range w.nodes(lb.Address) {
		if !w.serves(lb, g, t, node.iface, b.iface) {
			continue
		}
		own := node.addr.Is6() == b.addr.Is6() && w.passes(node, b, between(p, node, b), Question{OneWay: q.OneWay, SourcePort: &assertions.PortRange{Lo: 1024, Hi: 65535}})
		kept := own
		if lb.Kind == netmodel.NetworkBalancer && g.PreservesClient.IsTrue() && a.addr.Is6() == b.addr.Is6() {
			kept = w.relayed(node.iface, a, b, p, q)
		}
		for _, door := range w.nodes(lb.Address) {
			if door.iface == node.iface && kept && w.gets(a, door, asked, q, proxies) {
				return true
			}
		}
		for _, e := range w.ServiceEndpoints {
			if lb.Kind != netmodel.NetworkBalancer || !own || w.isPart(e.Address, a.iface) || !w.offers(e, lb) {
				continue
			}
			for _, door := range w.nodes(e.Address) {
				if w.zoneOf(door.iface) == w.zoneOf(node.iface) && w.gets(a, door, asked, q, proxies) {
					return true
				}
			}
		}
	}
	return false
}

// gets reports whether a connection from a arrives at a proxy's interface,
// directly or by another proxy.
func (w world) gets(a, door site, p headerspace.Packet, q Question, proxies int) bool {
	return a.addr.Is6() == door.addr.Is6() && w.passes(a, door, between(p, a, door), Question{OneWay: q.OneWay, SourcePort: q.SourcePort}) ||
		w.byProxy(a, door, p, q, proxies-1)
}

// between is p with the addresses of two sites.
func between(p headerspace.Packet, a, b site) headerspace.Packet {
	p.Src, p.Dst = a.addr, b.addr
	return p
}

// nodes are the addresses of a proxy's interfaces.
func (w world) nodes(of netmodel.Address) []site {
	return w.sites(assertions.End{Kind: assertions.EndpointEnd, Endpoint: of})
}

// isPart reports whether an interface is one of an endpoint's.
func (w world) isPart(of netmodel.Address, i *netmodel.Interface) bool {
	e := w.Endpoint(of)
	return e != nil && i != nil && slices.Contains(e.Interfaces, i.Address)
}

func (w world) isTarget(t netmodel.Target, g *netmodel.TargetGroup, b site) bool {
	if g.IPv6.IsTrue() != b.addr.Is6() {
		return false
	}
	if t.Addr.IsValid() {
		return b.addr == t.Addr && w.vpcOf(b.iface) == exact(g.VPC)
	}
	return exact(t.To) == b.iface.Address || w.isPart(exact(t.To), b.iface)
}

func (w world) zoneOf(i *netmodel.Interface) string { return w.subnetOf(i).Zone }

// serves reports whether a node sends to a target where it is (LB-5, LB-6).
func (w world) serves(lb *netmodel.LoadBalancer, g *netmodel.TargetGroup, t netmodel.Target, node, b *netmodel.Interface) bool {
	crosses := g.CrossZone
	if g.CrossZoneOfBalancer {
		crosses = lb.CrossZone
	}
	if t.AnyZone || w.zoneOf(node) == w.zoneOf(b) {
		return true
	}
	if !crosses.IsTrue() {
		return false
	}
	for _, a := range w.Endpoint(lb.Address).Interfaces {
		if w.zoneOf(w.Interface(a)) == w.zoneOf(b) {
			return true
		}
	}
	return false
}

// sends reports whether a node sends p to b: traffic for a target, or a health
// check of it (LB-11).
func (w world) sends(lb *netmodel.LoadBalancer, node *netmodel.Interface, b site, p headerspace.Packet) bool {
	if b.iface == nil || lb.Kind == netmodel.GatewayBalancer {
		return false
	}
	for _, l := range lb.Listeners {
		for _, f := range l.Forwards {
			g := w.TargetGroup(exact(f.Group))
			if g == nil {
				continue
			}
			for _, t := range g.Targets {
				if w.isTarget(t, g, b) && t.Traffic.Union(g.HealthChecks).Contains(p) && w.serves(lb, g, t, node, b.iface) {
					return true
				}
			}
		}
	}
	return false
}

// takes reports whether the owner of an interface takes p from a there: a load
// balancer on its listeners, an endpoint by its service, anything else always.
func (w world) takes(a, b site, p headerspace.Packet) bool {
	for _, lb := range w.LoadBalancers {
		if w.isPart(lb.Address, b.iface) && !listensTo(lb, p) {
			return false
		}
	}
	for _, e := range w.ServiceEndpoints {
		if !w.isPart(e.Address, b.iface) {
			continue
		}
		if p.Proto != headerspace.TCP && p.Proto != headerspace.UDP || !e.Accepted.IsTrue() { // VPCE-10, VPCE-19
			return false
		}
		if s := w.EndpointService(exact(e.Service)); s != nil && !slices.ContainsFunc(s.Balancers.Links, func(r netmodel.Ref) bool { return w.links(exact(r), a, b, p) }) {
			return false
		}
	}
	return true
}

func listensTo(lb *netmodel.LoadBalancer, p headerspace.Packet) bool {
	return slices.ContainsFunc(lb.Listeners, func(l netmodel.Listener) bool { return l.Accepts.Contains(p) })
}

// links reports whether a load balancer takes p by an endpoint at b: a node in
// the endpoint's zone does (VPCE-20, VPCE-22).
func (w world) links(a netmodel.Address, from, b site, p headerspace.Packet) bool {
	lb := w.LoadBalancer(a)
	if lb == nil || !listensTo(lb, p) {
		return false
	}
	for _, node := range w.nodes(a) {
		if node.addr.Is6() != b.addr.Is6() || w.subnetOf(node.iface).Zone != w.subnetOf(b.iface).Zone {
			continue
		}
		if !lb.FiltersPrivateLink.IsTrue() || w.groupsAdmit(node.iface, netmodel.Ingress, between(p, from, node), nil) {
			return true
		}
	}
	return false
}

// offers reports whether the service of an endpoint stands on a load balancer.
func (w world) offers(e *netmodel.ServiceEndpoint, lb *netmodel.LoadBalancer) bool {
	s := w.EndpointService(exact(e.Service))
	return s != nil && slices.ContainsFunc(s.Balancers.Links, func(r netmodel.Ref) bool { return exact(r) == lb.Address })
}

// relayed reports whether p gets from a node to a target with the client's
// address (LB-23, LB-30, LB-36).
func (w world) relayed(node *netmodel.Interface, a, b site, p headerspace.Packet, q Question) bool {
	p = between(p, a, b)
	home, to := w.subnetOf(node), w.subnetOf(b.iface)
	if w.sendsOnly(b.iface) || !w.takes(a, b, p) || !w.groupsAdmit(node, netmodel.Egress, p, b.iface) || !w.groupsAdmit(b.iface, netmodel.Ingress, p, node) || !b.iface.Attached.IsTrue() {
		return false
	}
	if w.vpcOf(node) != w.vpcOf(b.iface) { // LB-25: the plan does not say
		return true
	}
	if home == to {
		return true
	}
	table := w.RouteTable(exact(home.Table))
	if table == nil {
		return false
	}
	target, ok := w.route(table, w.vpcOf(node), b.addr)
	if !ok || target != netmodel.LocalTarget { // what else it may be is not followed
		return false
	}
	if !w.aclAdmits(home, netmodel.Egress, p) || !w.aclAdmits(to, netmodel.Ingress, p) {
		return false
	}
	if q.OneWay || p.Proto == headerspace.UDP {
		return true
	}
	lo, hi := uint16(0), uint16(65535)
	if q.SourcePort != nil {
		lo, hi = q.SourcePort.Lo, q.SourcePort.Hi
	}
	for _, p.SrcPort = range w.ports(p.Proto, lo, hi) {
		back, _ := p.Reply()
		if w.aclAdmits(to, netmodel.Egress, back) && w.aclAdmits(home, netmodel.Ingress, back) {
			return true
		}
	}
	return false
}

// receivesOnly reports whether the interface starts no connections (VPCE-13).
func (w world) receivesOnly(i *netmodel.Interface) bool {
	return i != nil && slices.ContainsFunc(w.Endpoints, func(e *netmodel.Endpoint) bool {
		return e.ReceivesOnly && slices.Contains(e.Interfaces, i.Address)
	})
}

// isClassic reports whether a node is one of a Classic Load Balancer, sending for
// itself.
func (w world) isClassic(at node) bool {
	return slices.ContainsFunc(w.LoadBalancers, func(lb *netmodel.LoadBalancer) bool {
		return lb.Kind == netmodel.ClassicBalancer && w.isPart(lb.Address, at.iface)
	})
}

// isNode reports whether the interface is a node of a load balancer.
func (w world) isNode(i *netmodel.Interface) bool {
	return slices.ContainsFunc(w.LoadBalancers, func(lb *netmodel.LoadBalancer) bool { return w.isPart(lb.Address, i) })
}
