package evaluator_test

import (
	"net/netip"

	"github.com/planreach/planreach/headerspace"
	"github.com/planreach/planreach/netmodel"
)

// firewall puts the endpoint fw of a firewall that passes everything between
// front and back, in a subnet of its own.
func (r region) firewall() *netmodel.FirewallPolicy {
	r.subnet("middle", "vpc", "a", "10.0.3.0/24", "")
	p := &netmodel.FirewallPolicy{Address: "policy", Origin: netmodel.Origin{Address: "policy"},
		StatelessDefault: netmodel.FirewallInspect, StatefulDefault: netmodel.FirewallPass}
	r.Middleboxes = append(r.Middleboxes, &netmodel.Middlebox{Address: "fw", Kind: netmodel.FirewallEndpoint, Subnet: netmodel.To("middle"),
		Policy: p, Origin: netmodel.Origin{Address: "fw"}})
	r.route("front", "10.0.1.0/24", "fw")
	r.route("back", "10.0.0.0/24", "fw")
	return p
}

// appliance makes app one in the place of the firewall.
func (r region) appliance() {
	r.firewall()
	i := r.eni("app")
	i.Subnet, i.IPv4 = netmodel.To("middle"), []netip.Addr{netip.MustParseAddr("10.0.3.5")}
	i.SourceCheck, i.Transparent = netmodel.Fails, true
	r.table("front").Routes[0].Target, r.table("back").Routes[0].Target = netmodel.To("app.eni"), netmodel.To("app.eni")
}

// inspection sends what far asks of the internet through the firewall and the NAT
// gateway of vpc, and the replies back.
func (r region) inspection() *netmodel.FirewallPolicy {
	p := r.firewall()
	r.subnet("transit", "vpc", "b", "10.0.4.0/24", "")
	r.attached("near").Subnets.Links[0] = netmodel.To("transit")
	r.route("distant", "0.0.0.0/0", "tgw")
	r.TransitTables[0].Routes = append(r.TransitTables[0].Routes, routeTo("0.0.0.0/0", "near"))
	r.route("transit", "0.0.0.0/0", "fw")
	r.at("middle").Zone = "b"
	r.route("middle", "0.0.0.0/0", "nat")
	r.route("middle", "10.1.0.0/16", "tgw")
	r.route("edge", "0.0.0.0/0", "igw")
	r.route("edge", "10.1.0.0/16", "fw")
	return p
}

// ruled is a rule of a firewall, whatever the addresses.
func ruled(a netmodel.FirewallAction, t headerspace.Traffic) netmodel.FirewallRule {
	return netmodel.FirewallRule{Action: a, Match: headerspace.Exactly(t), From: netmodel.Anywhere(), To: netmodel.Anywhere(),
		Origin: netmodel.Origin{Address: "rule"}}
}

func between(r netmodel.FirewallRule, from, to string) netmodel.FirewallRule {
	r.From, r.To = netmodel.AddressSet{In: prefixes(from)}, netmodel.AddressSet{In: prefixes(to)}
	return r
}

// twoZones gives the hub a second zone, each with a firewall endpoint of its own.
func (r region) twoZones(applianceMode bool) {
	r.inspection()
	r.subnet("transit2", "vpc", "a", "10.0.5.0/24", "")
	r.subnet("middle2", "vpc", "a", "10.0.6.0/24", "")
	m := *r.Middleboxes[0]
	m.Address, m.Subnet = "fw2", netmodel.To("middle2")
	r.Middleboxes = append(r.Middleboxes, &m)
	r.route("transit2", "0.0.0.0/0", "fw2")
	r.route("middle2", "0.0.0.0/0", "nat")
	r.route("middle", "10.2.0.0/16", "tgw")
	r.route("middle2", "10.1.0.0/16", "tgw")
	r.route("middle2", "10.2.0.0/16", "tgw")
	near := r.attached("near")
	near.Subnets.Links = append(near.Subnets.Links, netmodel.To("transit2"))
	near.ApplianceMode = netmodel.Certain(applianceMode)
	near.Table = netmodel.To("inspected")
	r.VPCs = append(r.VPCs, &netmodel.VPC{Address: "vpc3", IPv4: prefixes("10.2.0.0/16"), HasIPv6: netmodel.Fails})
	r.subnet("third", "vpc3", "a", "10.2.0.0/24", "")
	r.instance("other", "third", "10.2.0.4", "", "")
	r.attachment("stub", "vpc3", "third")
	r.route("third", "0.0.0.0/0", "tgw")
	r.TransitTables[0].Routes = []netmodel.Route{routeTo("0.0.0.0/0", "near")}
	r.TransitTables = append(r.TransitTables, &netmodel.TransitTable{Address: "inspected", Gateway: netmodel.To("tgw"),
		Routes: []netmodel.Route{routeTo("10.1.0.0/16", "remote"), routeTo("10.2.0.0/16", "stub")}})
}

var inspecting = []statement{
	{"NFW-1 by the endpoint", func(r region) { r.firewall() }, "web -> db", https, "reachable"},
	{"NFW-3 stateless first", func(r region) {
		p := r.firewall()
		p.Stateless = []netmodel.FirewallRule{ruled(netmodel.FirewallDrop, https)}
		p.Stateful = []netmodel.FirewallRule{ruled(netmodel.FirewallPass, https)}
	}, "web -> db", https, "unreachable FIREWALL_RULES_RESTRICTION"},
	{"NFW-3 first match", func(r region) {
		r.firewall().Stateless = []netmodel.FirewallRule{ruled(netmodel.FirewallInspect, https), ruled(netmodel.FirewallDrop, https)}
	}, "web -> db", https, "reachable"},
	{"NFW-3 the reply is a packet of its own", func(r region) {
		p := r.firewall()
		p.StatelessDefault = netmodel.FirewallDrop
		p.Stateless = []netmodel.FirewallRule{between(ruled(netmodel.FirewallPass, headerspace.All()), "10.0.0.0/24", "10.0.1.0/24")}
	}, "web -> db", https, "unreachable FIREWALL_RULES_RESTRICTION (ONE_WAY_DELIVERY)"},
	{"NFW-4 no stateless match", func(r region) { r.firewall().StatelessDefault = netmodel.FirewallDrop },
		"web -> db", https, "unreachable FIREWALL_RULES_RESTRICTION FIREWALL_RULES_RESTRICTION"},
	{"NFW-5 a rule passes the connection both ways", func(r region) {
		p := r.firewall()
		p.StatefulDefault = netmodel.FirewallDrop
		p.Stateful = []netmodel.FirewallRule{between(ruled(netmodel.FirewallPass, https), "10.0.0.0/24", "10.0.1.0/24")}
	}, "web -> db", https, "reachable"},
	{"NFW-6 the default drops", func(r region) { r.firewall().StatefulDefault = netmodel.FirewallDrop },
		"web -> db", https, "unreachable FIREWALL_RULES_RESTRICTION"},
	{"NFW-7 the default passes", func(r region) {
		r.firewall().Stateful = []netmodel.FirewallRule{ruled(netmodel.FirewallDrop, postgres)}
	}, "web -> db", https, "reachable"},
	{"NFW-11 by address", func(r region) {
		r.firewall().Stateful = []netmodel.FirewallRule{between(ruled(netmodel.FirewallDrop, https), "10.0.0.4/32", "10.0.1.0/24")}
	}, "web -> db", https, "unreachable FIREWALL_RULES_RESTRICTION"},
	{"NFW-11 outside tells addresses apart", func(r region) {
		r.inspection().Stateful = []netmodel.FirewallRule{between(ruled(netmodel.FirewallDrop, https), "0.0.0.0/0", "203.0.113.0/24")}
	}, "far -> internet.v4", https, "partial FIREWALL_RULES_RESTRICTION (PARTIALLY_REACHABLE)"},
	{"NFW-12 a rule that is not understood", func(r region) {
		x := ruled(netmodel.FirewallUnclear, https)
		x.Gaps = []netmodel.Gap{{Why: netmodel.NotModelled, Code: netmodel.FirewallUnsupportedOption}}
		r.firewall().Stateful = []netmodel.FirewallRule{x}
	}, "web -> db", https, "unknown FIREWALL_UNSUPPORTED_RULE_OPTIONS [FIREWALL_UNSUPPORTED_RULE_OPTIONS]"},
	{"NFW-12 after one that is", func(r region) {
		x := ruled(netmodel.FirewallUnclear, https)
		x.Gaps = []netmodel.Gap{{Why: netmodel.NotModelled, Code: netmodel.FirewallUnsupportedGroup}}
		r.firewall().Stateful = []netmodel.FirewallRule{ruled(netmodel.FirewallDrop, https), x}
	}, "web -> db", https, "unreachable FIREWALL_RULES_RESTRICTION"},
	{"NFW-14 groups are not known behind it", func(r region) {
		r.firewall()
		r.group("db").Ingress = admitting(true, permitGroup("web.sg"))
	}, "web -> db", https, "unreachable SG_REFERENCES_NOT_PRESERVED"},
	{"NFW-14 back by the same endpoint", func(r region) { r.firewall(); r.table("back").Routes = nil },
		"web -> db", https, "unreachable RETURN_PATH_ASYMMETRIC (ONE_WAY_DELIVERY)"},
	{"VPCE-17 by the table of its subnet", func(r region) { r.firewall(); r.route("middle", "10.0.1.0/24", "gone") },
		"web -> db", https, "unknown UNSUPPORTED_COMPONENT RETURN_UNKNOWN [UNSUPPORTED_COMPONENT]"},
	{"EV-5 back to the endpoint", func(r region) { r.firewall(); r.route("middle", "10.0.1.0/24", "fw") },
		"web -> db", https, "unreachable FORWARDING_LOOP"},
	{"TGW-18 hub with firewall and NAT gateway", func(r region) { r.inspection() }, "far -> internet.v4", https, "reachable"},
	{"TGW-18 hub, replies around the firewall", func(r region) {
		r.inspection()
		r.table("edge").Routes[1].Target = netmodel.To("tgw")
	}, "far -> internet.v4", https, "unreachable TGW_ROUTE_AZ_RESTRICTION (ONE_WAY_DELIVERY)"},
	{"TGW-24 appliance mode keeps a flow in one zone", func(r region) { r.twoZones(true) }, "far -> other", https, "reachable"},
	{"TGW-25 without it the replies come to another endpoint", func(r region) { r.twoZones(false) }, "far -> other", https,
		"unreachable RETURN_PATH_ASYMMETRIC (ONE_WAY_DELIVERY)"},
	{"GRT-9 the gateway's table leads to the endpoint", func(r region) {
		r.firewall()
		r.route("front", "0.0.0.0/0", "fw")
		r.route("middle", "0.0.0.0/0", "igw")
		r.edge("10.0.0.0/24", "fw")
	}, "web -> internet.v4", https, "reachable"},
	{"GRT-9 without it the replies pass the endpoint by", func(r region) {
		r.firewall()
		r.route("front", "0.0.0.0/0", "fw")
		r.route("middle", "0.0.0.0/0", "igw")
	}, "web -> internet.v4", https, "unreachable RETURN_PATH_ASYMMETRIC (ONE_WAY_DELIVERY)"},
	{"ENI-4 declared transparent", func(r region) { r.appliance() }, "web -> db", https, "reachable"},
	{"ENI-4 its groups filter", func(r region) { r.appliance(); r.group("app").Ingress.Rules = nil },
		"web -> db", https, "unreachable SG_HAS_NO_RULES"},
	{"SG-19 behind an appliance", func(r region) {
		r.appliance()
		r.group("db").Ingress = admitting(true, permitGroup("web.sg"))
	}, "web -> db", https, "unreachable SG_REFERENCES_NOT_PRESERVED"},
	{"EV-7 back by the same appliance", func(r region) { r.appliance(); r.table("back").Routes = nil },
		"web -> db", https, "unreachable RETURN_PATH_ASYMMETRIC (ONE_WAY_DELIVERY)"},
	{"EV-13 no ACL towards an endpoint of the subnet", func(r region) {
		r.firewall()
		r.Middleboxes[0].Subnet = netmodel.To("front")
		r.acl("front").Egress.Rules = []netmodel.Rule{deny(https, "10.0.0.0/24"), permit(headerspace.All(), "0.0.0.0/0")}
	}, "web -> db", https, "unreachable FORWARDING_LOOP"},
	{"VPCE-17 behind a Gateway Load Balancer, not known", func(r region) {
		r.firewall()
		m := r.Middleboxes[0]
		m.Kind, m.Policy, m.Unknown = netmodel.GatewayBalancerEndpoint, nil, netmodel.Gap{Why: netmodel.NotModelled, Code: netmodel.UnknownApplianceBehavior}
	}, "web -> db", https, "unknown UNKNOWN_APPLIANCE_BEHAVIOR RETURN_UNKNOWN [UNKNOWN_APPLIANCE_BEHAVIOR]"},
	{"VPCE-17 behind a Gateway Load Balancer, declared transparent", func(r region) {
		r.firewall()
		m := r.Middleboxes[0]
		m.Kind, m.Policy, m.Notes = netmodel.GatewayBalancerEndpoint, nil, []netmodel.Code{netmodel.GatewayBalancerNotChecked}
	}, "web -> db", https, "reachable"},
}
