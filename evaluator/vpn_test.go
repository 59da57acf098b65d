package evaluator_test

import (
	"net/netip"

	"github.com/planreach/planreach/netmodel"
)

// office joins the first VPC with the given ranges outside, to which front
// routes.
func (r region) office(ranges ...string) *netmodel.VPNGateway {
	g := &netmodel.VPNGateway{Address: "vgw", VPC: netmodel.To("vpc"), Table: netmodel.NoLink(), IPv6: netmodel.Fails}
	for _, p := range ranges {
		g.Prefixes = append(g.Prefixes, netmodel.PrefixEntry{Prefix: netip.MustParsePrefix(p)})
		r.route("front", p, "vgw")
	}
	r.VPNGateways = append(r.VPNGateways, g)
	return g
}

var learned = netmodel.Gap{Origin: netmodel.Origin{Address: "vgw"}, Why: netmodel.OutsidePlan, Code: netmodel.UnknownPropagatedRoutes}

var vpns = []statement{
	{"VPN-1 out", func(r region) { r.office("192.168.0.0/16") }, "web -> 192.168.0.0/24", https, "reachable"},
	{"VPN-1 in", func(r region) { r.office("192.168.0.0/16") }, "192.168.0.0/24 -> web", https, "reachable"},
	{"VPN-1 of another VPC", func(r region) { r.office("192.168.0.0/16").VPC = netmodel.To("vpc2") },
		"web -> 192.168.0.0/24", https, "unreachable BAD_STATE_ATTACHMENT"},
	{"VPN-1 attached to one of two", func(r region) { r.office("192.168.0.0/16").VPC = netmodel.OneOf(gap, "vpc", "vpc2") },
		"web -> 192.168.0.0/24", https, "unknown UNKNOWN_VALUE [UNKNOWN_VALUE]"},
	{"VPN-2 no route", func(r region) { r.office("192.168.0.0/16"); r.table("front").Routes = nil },
		"web -> 192.168.0.0/24", https, "unreachable NO_ROUTE_TO_DESTINATION"},
	{"VPN-2 replies need a route", func(r region) { r.office("192.168.0.0/16"); r.table("front").Routes = nil },
		"192.168.0.0/24 -> web", https, "unreachable RETURN_NO_ROUTE_TO_SOURCE (ONE_WAY_DELIVERY)"},
	{"VPN-3 not to what it does not know", func(r region) { r.office("192.168.0.0/16"); r.route("front", "172.16.0.0/12", "vgw") },
		"web -> 172.16.0.0/24", https, "unreachable NO_ROUTE_TO_DESTINATION"},
	{"VPN-3 no connection from what it does not know", func(r region) { r.office("192.168.0.0/16"); r.route("front", "172.16.0.0/12", "vgw") },
		"172.16.0.0/24 -/> web", https, "unreachable UNKNOWN_PROPAGATED_ROUTES RETURN_NO_ROUTE_TO_SOURCE"},
	{"VPN-3 a default route need not lead to the internet", func(r region) { r.office("0.0.0.0/0") },
		"web -> internet.v4", https, "unknown UNKNOWN_PROPAGATED_ROUTES [UNKNOWN_PROPAGATED_ROUTES]"},
	{"VPN-3 public addresses", func(r region) { r.office("203.0.113.0/24") }, "app -> 203.0.113.0/25", https, "reachable"},
	{"VPN-4 no IPv6", func(r region) { r.office("0.0.0.0/0"); r.route("front", "::/0", "vgw") },
		"web -> fd00:1::/64", https, "unreachable VGW_IPV6_UNSUPPORTED"},
	{"VPN-5 unless Direct Connect carries it", func(r region) {
		g := r.office("192.168.0.0/16")
		g.IPv6, g.Hidden = netmodel.Open(learned), []netmodel.Gap{learned}
		r.route("front", "fd00:1::/64", "vgw")
	}, "web -> fd00:1::/64", https, "unknown UNKNOWN_PROPAGATED_ROUTES [UNKNOWN_PROPAGATED_ROUTES]"},
	{"VPN-6 not for another VPC's addresses", func(r region) {
		r.office("192.168.0.0/16")
		r.route("distant", "192.168.0.0/16", "tgw")
		r.TransitTables[0].Routes = append(r.TransitTables[0].Routes, routeTo("192.168.0.0/16", "near"))
		r.route("edge", "192.168.0.0/16", "vgw")
	}, "far -> 192.168.0.0/24", https, "unreachable VGW_PRIVATE_IP_ASSOCIATION_FOR_EGRESS"},
	{"VPN-8 what it learns is not known", func(r region) {
		r.office("192.168.0.0/16").Hidden = []netmodel.Gap{learned}
		r.route("front", "172.16.0.0/12", "vgw")
	}, "web -> 172.16.0.0/24", https, "unknown UNKNOWN_PROPAGATED_ROUTES [UNKNOWN_PROPAGATED_ROUTES]"},
	{"VPN-11 not on to a peered VPC", func(r region) {
		r.office("192.168.0.0/16")
		r.route("front", "10.1.0.0/16", "vgw")
	}, "web -> far", https, "unreachable NO_ROUTE_TO_DESTINATION RETURN_NO_ROUTE_TO_SOURCE"},
	{"NAT-3 a private NAT gateway sends to it", func(r region) {
		r.office()
		r.VPNGateways[0].Prefixes = []netmodel.PrefixEntry{{Prefix: netip.MustParsePrefix("192.168.0.0/16")}}
		r.NATGateways[0].Public = netmodel.Fails
		r.route("front", "192.168.0.0/16", "nat")
		r.route("edge", "192.168.0.0/16", "vgw")
	}, "web -> 192.168.0.0/24", https, "reachable"},
	{"NAT-13 not from it", func(r region) {
		r.office("192.168.0.0/16")
		r.table("front").Routes = nil
		r.route("front", "0.0.0.0/0", "nat")
	}, "192.168.0.0/24 -> web", https, "unreachable RETURN_PATH_ASYMMETRIC (ONE_WAY_DELIVERY)"},
	{"RT-18 what it propagates does not beat local", func(r region) {
		r.office("10.0.1.0/24")
		r.table("front").Routes[0].Rank = netmodel.PropagatedRoute
	}, "web -> db", https, "reachable"},
	{"RT-25 nothing is forwarded there", func(r region) { r.office("0.0.0.0/0") },
		"web -> 169.254.169.0/24", https, "unreachable NO_ROUTE_TO_DESTINATION"},
	{"RT-25 but beside it", func(r region) { r.office("0.0.0.0/0") }, "web -> 169.254.0.0/17", https, "reachable"},
	{"RT-26 nothing is forwarded there", func(r region) {
		g := r.office("192.168.0.0/16")
		g.IPv6, g.Hidden = netmodel.Open(learned), []netmodel.Gap{learned}
		r.route("front", "::/0", "vgw")
	}, "web -> fd00:ec2::1/128", https, "unreachable NO_ROUTE_TO_DESTINATION"},
	{"GRT-1 by a virtual private gateway", func(r region) {
		g := r.office("192.168.0.0/16")
		r.RouteTables = append(r.RouteTables, &netmodel.RouteTable{Address: "vgw.table", VPC: netmodel.To("vpc")})
		g.Table = netmodel.To("vgw.table")
		r.route("vgw", "10.0.0.0/24", "db.eni").Blackhole = netmodel.Holds
	}, "192.168.0.0/24 -> web", https, "unreachable BAD_STATE_ROUTE"},
	{"GRT-8 by a virtual private gateway, out directly, in by an appliance", func(r region) {
		g := r.office("192.168.0.0/16")
		r.RouteTables = append(r.RouteTables, &netmodel.RouteTable{Address: "vgw.table", VPC: netmodel.To("vpc")})
		g.Table = netmodel.To("vgw.table")
		r.route("vgw", "10.0.0.0/24", "db.eni")
		r.eni("db").SourceCheck = netmodel.Fails
	}, "web -> 192.168.0.0/24", https, "unreachable RETURN_PATH_ASYMMETRIC (ONE_WAY_DELIVERY)"},
	{"VPN-1 nothing else brings private addresses", nil, "192.168.0.0/24 -> web", https, "unreachable NO_ROUTE_TO_DESTINATION RETURN_NO_ROUTE_TO_SOURCE"},
}
