package randnet

import (
	"net/netip"

	"github.com/planreach/planreach/headerspace"
	"github.com/planreach/planreach/netmodel"
)

var ports = []headerspace.Traffic{
	headerspace.Ports(headerspace.TCP, 443, 443), headerspace.Ports(headerspace.TCP, 3389, 3389), headerspace.Ports(headerspace.UDP, 53, 53),
}

// balancers drafts load balancers, and endpoints of a service on one of them.
func (d *draft) balancers(sites []*site) {
	if !d.maybe(35) {
		return
	}
	s := one(d, sites)
	first := d.balancer(s, 0, s.ifaces)
	last := first
	if d.maybe(25) {
		last = d.balancer(s, 1, []netmodel.Address{first.Address}) // before the first one
	}
	if len(sites) > 1 && last.Kind == netmodel.NetworkBalancer && d.maybe(60) {
		d.service(one(d, sites), last)
	}
}

func (d *draft) balancer(s *site, k int, targets []netmodel.Address) *netmodel.LoadBalancer {
	a := s.address("aws_lb", k)
	lb := &netmodel.LoadBalancer{Address: a, Origin: origin(a, ""), CrossZone: netmodel.Certain(d.maybe(60)), FiltersPrivateLink: netmodel.Certain(d.maybe(70)),
		Kind: one(d, []netmodel.BalancerKind{netmodel.ApplicationBalancer, netmodel.NetworkBalancer, netmodel.NetworkBalancer, netmodel.ClassicBalancer})}
	e := &netmodel.Endpoint{Address: a, Type: "aws_lb", Origin: origin(a, ""), Every: true}
	unfiltered := lb.Kind == netmodel.NetworkBalancer && d.maybe(30)
	for j := range 1 + d.IntN(2) {
		i := d.iface(s, 6+2*k+j)
		i.Attached, i.SourceCheck = netmodel.Holds, netmodel.Holds
		if unfiltered {
			i.Unfiltered = true // network takes its groups away
		}
		e.Interfaces = append(e.Interfaces, i.Address)
	}
	s.ifaces = s.ifaces[:len(s.ifaces)-len(e.Interfaces)] // no target of its own
	d.net.Endpoints = append(d.net.Endpoints, e)
	d.net.LoadBalancers = append(d.net.LoadBalancers, lb)
	g := d.targetGroup(s, k, lb, targets)
	l := netmodel.Listener{Address: a + ".listener", Accepts: one(d, ports[:2]), Origin: origin(a+".listener", "")}
	if lb.Kind == netmodel.NetworkBalancer {
		l.Accepts = one(d, append(ports, ports[0].Union(ports[2])))
	}
	f := netmodel.Forward{Group: netmodel.To(g.Address), Origin: l.Origin}
	if lb.Kind == netmodel.ApplicationBalancer && d.maybe(20) {
		f.Sources = []netip.Prefix{one(d, []netip.Prefix{public4, s.vpc.IPv4[0]})}
	}
	l.Forwards = []netmodel.Forward{f}
	lb.Listeners = []netmodel.Listener{l}
	d.openBalancer(lb, g)
	return lb
}

func (d *draft) openBalancer(lb *netmodel.LoadBalancer, g *netmodel.TargetGroup) {
	l := &lb.Listeners[0]
	d.part(func() { lb.Listeners = nil })
	d.fact(func() { lb.Hidden = []netmodel.Gap{gap(lb.Address, "listener")} })
	d.fact(func() { lb.CrossZone = netmodel.Open(gap(lb.Address, "enable_cross_zone_load_balancing")) })
	d.fact(func() { lb.FiltersPrivateLink = netmodel.Open(gap(lb.Address, "enforce")) })
	d.fact(func() { l.Doubt = gap(l.Address, "") })
	d.fact(func() { l.Hidden = []netmodel.Gap{gap(l.Address, "rule")} })
	d.fact(func() { l.Forwards[0].Doubt = gap(l.Address, "default_action") })
	d.fact(func() { l.Forwards[0].Group = netmodel.Unsettled(gap(l.Address, "target_group_arn"), g.Address) })
}

func (d *draft) targetGroup(s *site, k int, lb *netmodel.LoadBalancer, targets []netmodel.Address) *netmodel.TargetGroup {
	a := s.address("aws_lb_target_group", k)
	g := &netmodel.TargetGroup{Address: a, VPC: netmodel.To(s.vpc.Address), Origin: origin(a, ""), PreservesClient: netmodel.Fails,
		IPv6: netmodel.Certain(d.maybe(15)), CrossZone: netmodel.Certain(d.maybe(50)), CrossZoneOfBalancer: d.maybe(60)}
	if lb.Kind == netmodel.NetworkBalancer {
		g.PreservesClient = netmodel.Certain(d.maybe(60))
		d.fact(func() { g.PreservesClient = netmodel.Open(gap(a, "preserve_client_ip")) })
	}
	if d.maybe(30) {
		g.HealthChecks = ports[1]
	}
	d.net.TargetGroups = append(d.net.TargetGroups, g)
	d.fact(func() { g.Hidden = []netmodel.Gap{gap(a, "target")} })
	d.fact(func() { g.IPv6 = netmodel.Open(gap(a, "ip_address_type")) })
	d.fact(func() { g.CrossZoneOfBalancer, g.CrossZone = false, netmodel.Open(gap(a, "cross_zone")) })
	for n := range 1 + d.IntN(2) {
		t := netmodel.Target{To: netmodel.To(one(d, targets)), Traffic: one(d, ports), Origin: origin(a, "target")}
		if lb.Kind != netmodel.NetworkBalancer {
			t.Traffic = one(d, ports[:2])
		}
		g.Targets = append(g.Targets, t)
		d.part(func() { g.Targets[n].Traffic = headerspace.Traffic{} })
		d.fact(func() { g.Targets[n].Doubt = gap(a, "target") })
		d.fact(func() { g.Targets[n].To = netmodel.OneOf(gap(a, "target_id"), targets...) })
	}
	return g
}

// service offers a load balancer to a site.
func (d *draft) service(s *site, lb *netmodel.LoadBalancer) {
	service, a := s.address("aws_vpc_endpoint_service", 0), s.address("aws_vpc_endpoint", 0)
	d.net.EndpointServices = append(d.net.EndpointServices, &netmodel.EndpointService{Address: service, Origin: origin(service, ""),
		Balancers: netmodel.Refs{Links: []netmodel.Ref{netmodel.To(lb.Address)}}})
	i := d.iface(s, 10)
	i.Attached, i.SourceCheck, i.AutoPublic, i.Elastic = netmodel.Holds, netmodel.Holds, netmodel.Fails, netmodel.Fails
	i.AutoPublicFromSubnet, i.ElasticIP, i.PublicIPv4 = false, netip.Addr{}, netip.Addr{}
	e := &netmodel.ServiceEndpoint{Address: a, Service: netmodel.To(service), Accepted: netmodel.Holds, Origin: origin(a, "")}
	d.net.ServiceEndpoints = append(d.net.ServiceEndpoints, e)
	d.net.Endpoints = append(d.net.Endpoints, &netmodel.Endpoint{Address: a, Type: "aws_vpc_endpoint", Origin: origin(a, ""),
		Every: true, ReceivesOnly: true, Interfaces: []netmodel.Address{i.Address}})
	d.fact(func() { e.Accepted = netmodel.Open(gap(a, "state")) })
	d.fact(func() { e.Service = netmodel.OneOf(gap(a, "service_name"), service, "") })
}
