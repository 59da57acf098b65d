package evaluator_test

import (
	"net/netip"

	"github.com/planreach/planreach/headerspace"
	"github.com/planreach/planreach/netmodel"
)

// edge gives the internet gateway a route table, and back the routes of a public
// subnet.
func (r region) edge(prefix string, target netmodel.Address) *netmodel.Route {
	r.public("back")
	r.RouteTables = append(r.RouteTables, &netmodel.RouteTable{Address: "igw.table", VPC: netmodel.To("vpc")})
	r.InternetGateways[0].Table = netmodel.To("igw.table")
	return r.route("igw", prefix, target)
}

// inspected sends what enters for back to app, which checks nothing and has a
// public address.
func (r region) inspected() {
	r.edge("10.0.1.0/24", "app.eni")
	r.eni("app").SourceCheck, r.eni("app").PublicIPv4 = netmodel.Fails, netip.MustParseAddr("198.51.100.5")
}

var edges = []statement{
	{"GRT-1 local", func(r region) { r.edge("10.0.0.0/16", netmodel.LocalTarget) }, "internet.v4 -> db", https, "reachable"},
	{"GRT-1 other subnets", func(r region) { r.edge("10.0.0.0/24", "nowhere") }, "internet.v4 -> db", https, "reachable"},
	{"GRT-1 a black hole", func(r region) { r.edge("10.0.1.0/24", "app.eni").Blackhole = netmodel.Holds },
		"internet.v4 -> db", https, "unreachable BAD_STATE_ROUTE"},
	{"GRT-1 to the destination itself", func(r region) { r.edge("10.0.1.0/24", "db.eni") }, "internet.v4 -> db", https, "reachable"},
	{"GRT-2 to an interface", region.inspected, "internet.v4 -> db", https,
		"unknown UNKNOWN_APPLIANCE_BEHAVIOR RETURN_UNKNOWN [UNKNOWN_APPLIANCE_BEHAVIOR]"},
	{"GRT-2 to an endpoint", func(r region) {
		r.edge("10.0.1.0/24", "vpce")
		r.Foreign = map[netmodel.Address]netmodel.Gap{"vpce": {Origin: netmodel.Origin{Address: "vpce"}, Why: netmodel.NotModelled, Code: netmodel.UnsupportedResourceType}}
	}, "internet.v4 -> db", https, "unknown UNSUPPORTED_RESOURCE_TYPE RETURN_UNKNOWN [UNSUPPORTED_RESOURCE_TYPE]"},
	{"GRT-2 the groups hold whatever the appliance does", func(r region) {
		r.inspected()
		r.group("db").Ingress = admitting(true, permit(postgres, "0.0.0.0/0"))
	}, "internet.v4 -/> db", https, "unreachable UNKNOWN_APPLIANCE_BEHAVIOR ENI_SG_RULES_MISMATCH RETURN_UNKNOWN"},
	{"GRT-4 the whole VPC", func(r region) { r.edge("10.0.0.0/16", "nowhere").Blackhole = netmodel.Holds },
		"internet.v4 -> db", https, "unreachable BAD_STATE_ROUTE"},
	{"GRT-6 an interface that nothing uses", func(r region) { r.inspected(); r.eni("app").Attached = netmodel.Fails },
		"internet.v4 -> db", https, "unreachable BAD_STATE_ATTACHMENT"},
	{"GRT-7 no public address", func(r region) { r.inspected(); r.eni("app").PublicIPv4 = netip.Addr{} },
		"internet.v4 -> db", https, "unreachable INGRESS_RTB_NO_PUBLIC_IP"},
	{"GRT-8 out directly, in by an appliance", region.inspected, "db -> internet.v4", https,
		"unreachable INGRESS_RTB_TRAFFIC_REDIRECTION (ONE_WAY_DELIVERY)"},
	{"GRT-8 one way", region.inspected, "db -/> internet.v4", dns, "reachable INGRESS_RTB_TRAFFIC_REDIRECTION (RETURN_NOT_CHECKED)"},
	{"GRT-10 with the check on", func(r region) { r.inspected(); r.eni("app").SourceCheck = netmodel.Holds },
		"internet.v4 -> db", https, "unreachable ENI_SOURCE_DEST_CHECK_RESTRICTION"},
	{"GRT-11 not by a transit gateway", func(r region) {
		r.inspected()
		r.route("back", "10.1.0.0/16", "tgw")
		r.route("distant", "10.0.0.0/16", "tgw")
	}, "far -> db", https, "reachable"},
	{"GRT-12 replies to a NAT gateway by an appliance", func(r region) {
		r.inspected()
		r.route("igw", "10.0.2.0/24", "app.eni")
		r.outByNAT()
	}, "app -> 203.0.113.0/24", headerspace.Ports(headerspace.TCP, 443, 443), "unknown APPLIANCE_ROUTE_BACK_UNSUPPORTED [APPLIANCE_ROUTE_BACK_UNSUPPORTED]"},
}
