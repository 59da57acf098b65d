package randnet

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"slices"

	"github.com/planreach/planreach/netmodel"
)

// behindVPN are the ranges of private networks outside.
var behindVPN = []netip.Prefix{
	netip.MustParsePrefix("192.168.0.0/16"), netip.MustParsePrefix("192.168.1.0/24"), netip.MustParsePrefix("203.0.113.128/25"), all4,
}

// vpnGateways drafts virtual private gateways, with dice of their own: what
// networks without them look like does not depend on them.
func (d *draft) vpnGateways(seed uint64, sites []*site) {
	if len(d.net.LoadBalancers) > 0 {
		return
	}
	d.Rand = rand.New(rand.NewPCG(seed, 9))
	for _, s := range sites {
		if d.maybe(35) {
			d.vpnGateway(s)
		}
	}
}

// vpnGateway drafts one that knows some ranges, and routes to it.
func (d *draft) vpnGateway(s *site) {
	a := s.address("aws_vpn_gateway", 0)
	g := &netmodel.VPNGateway{Address: a, VPC: netmodel.To(s.vpc.Address), Table: netmodel.NoLink(), IPv6: netmodel.Fails, Origin: origin(a, "")}
	if edge := s.address("aws_route_table", 9); slices.ContainsFunc(d.net.RouteTables, func(t *netmodel.RouteTable) bool { return t.Address == edge }) && d.maybe(50) {
		g.Table = netmodel.To(edge)
	}
	for k, p := range behindVPN {
		if d.maybe([]int{70, 40, 15, 10}[k]) {
			g.Prefixes = append(g.Prefixes, netmodel.PrefixEntry{Prefix: p, Origin: origin(a, fmt.Sprintf("route[%d]", k))})
			at := len(g.Prefixes) - 1
			d.fact(func() { g.Prefixes[at].Doubt = gap(a, "route") })
		}
	}
	d.net.VPNGateways = append(d.net.VPNGateways, g)
	for _, t := range d.tables {
		if slices.Contains(s.tables, t.table.Address) {
			d.vpnRoutes(s, t, a)
		}
	}
	d.part(func() { d.cut[a] = true })
	d.fact(func() { g.Hidden = []netmodel.Gap{gap(a, "static_routes_only")} })
	d.fact(func() { g.IPv6 = netmodel.Open(gap(a, "")) })
	d.fact(func() { g.VPC = netmodel.OneOf(gap(a, "vpc_id"), s.vpc.Address, "") })
	d.fact(func() { g.VPC = netmodel.Unsettled(gap(a, "vpc_id"), s.vpc.Address) })
}

// vpnRoutes drafts routes to the gateway, static and propagated, where the table
// has none yet.
func (d *draft) vpnRoutes(s *site, t *draftTable, gateway netmodel.Address) {
	for k, p := range append(behindVPN[:3:3], all6) {
		if !d.maybe([]int{70, 40, 30, 10}[k]) || slices.ContainsFunc(t.routes, func(r *netmodel.Route) bool { return r.Destination.Prefix == p }) {
			continue
		}
		d.route(s, t, &netmodel.Route{Destination: netmodel.InPrefix(p), Target: netmodel.To(gateway), Blackhole: netmodel.Fails,
			Rank: one(d, []netmodel.Rank{netmodel.StaticRoute, netmodel.PropagatedRoute}), Origin: origin(t.table.Address, fmt.Sprintf("route[%d]", len(t.routes)))})
	}
}
