package evaluator_test

import "github.com/planreach/planreach/netmodel"

// blocked switches Block Public Access on for the first VPC, in all that the
// internet says to it if all is set.
func (r region) blocked(all bool) *netmodel.PublicAccessBlock {
	b := &netmodel.PublicAccessBlock{Address: "bpa", On: netmodel.Holds, All: netmodel.Certain(all), VPCs: []netmodel.Address{"vpc"}}
	r.PublicAccess = append(r.PublicAccess, b)
	return b
}

// exempting excludes a VPC or subnet.
func (r region) exempting(vpc, subnet netmodel.Ref, bothWays bool) {
	r.PublicAccessExclusions = append(r.PublicAccessExclusions,
		&netmodel.PublicAccessExclusion{Address: "exclusion", VPC: vpc, Subnet: subnet, BothWays: netmodel.Certain(bothWays)})
}

var publicAccess = []statement{
	{"BPA-1 of another Region", func(r region) { r.public("front"); r.blocked(true).VPCs = []netmodel.Address{"vpc2"} },
		"web -> internet", https, "reachable"},
	{"BPA-1 off", func(r region) { r.public("front"); r.blocked(true).On = netmodel.Fails }, "web -> internet", https, "reachable"},
	{"BPA-2 out", func(r region) { r.public("front"); r.blocked(true) }, "web -> internet", https, "unreachable VPC_BLOCK_PUBLIC_ACCESS_ENABLED"},
	{"BPA-2 in", func(r region) { r.public("front"); r.blocked(true) }, "internet -> web", https, "unreachable VPC_BLOCK_PUBLIC_ACCESS_ENABLED"},
	{"BPA-2 by a NAT gateway", func(r region) { r.outByNAT(); r.blocked(true) }, "app -> internet", https, "unreachable VPC_BLOCK_PUBLIC_ACCESS_ENABLED"},
	{"BPA-2 by an egress-only gateway", func(r region) { r.route("front", "::/0", "eigw"); r.blocked(true) },
		"web -> internet.v6", https, "unreachable VPC_BLOCK_PUBLIC_ACCESS_ENABLED"},
	{"BPA-3 out by a NAT gateway", func(r region) { r.outByNAT(); r.blocked(false) }, "app -> internet", https, "reachable"},
	{"BPA-3 out by an egress-only gateway", func(r region) { r.route("front", "::/0", "eigw"); r.blocked(false) },
		"web -> internet.v6", https, "reachable"},
	{"BPA-3 out directly", func(r region) { r.public("front"); r.blocked(false) }, "web -> internet", https, "unreachable VPC_BLOCK_PUBLIC_ACCESS_ENABLED"},
	{"BPA-3 in", func(r region) { r.public("front"); r.blocked(false) }, "internet -> web", https, "unreachable VPC_BLOCK_PUBLIC_ACCESS_ENABLED"},
	{"BPA-3 by a regional NAT gateway", func(r region) {
		r.NATGateways[0].Subnet, r.NATGateways[0].VPC = netmodel.NoLink(), netmodel.To("vpc")
		r.route("front", "0.0.0.0/0", "nat")
		r.blocked(false)
	}, "app -> internet", https, "reachable"},
	{"BPA-4 a subnet, both ways", func(r region) {
		r.public("front")
		r.blocked(true)
		r.exempting(netmodel.NoLink(), netmodel.To("front"), true)
	}, "internet -> web", https, "reachable"},
	{"BPA-4 another subnet", func(r region) {
		r.public("front")
		r.blocked(true)
		r.exempting(netmodel.NoLink(), netmodel.To("back"), true)
	}, "internet -> web", https, "unreachable VPC_BLOCK_PUBLIC_ACCESS_ENABLED"},
	{"BPA-4 a VPC", func(r region) {
		r.public("front")
		r.blocked(true)
		r.exempting(netmodel.To("vpc"), netmodel.NoLink(), true)
	}, "internet -> web", https, "reachable"},
	{"BPA-4 egress does not let in", func(r region) {
		r.public("front")
		r.blocked(true)
		r.exempting(netmodel.To("vpc"), netmodel.NoLink(), false)
	}, "internet -> web", https, "unreachable VPC_BLOCK_PUBLIC_ACCESS_ENABLED"},
	{"BPA-4 egress lets NAT gateways out", func(r region) {
		r.outByNAT()
		r.blocked(true)
		r.exempting(netmodel.NoLink(), netmodel.To("edge"), false)
	}, "app -> internet", https, "reachable"},
	{"BPA-4 not for the clients of a NAT gateway", func(r region) {
		r.outByNAT()
		r.blocked(true)
		r.exempting(netmodel.NoLink(), netmodel.To("front"), true)
	}, "app -> internet", https, "unreachable VPC_BLOCK_PUBLIC_ACCESS_ENABLED"},
	{"BPA-4 one of two subnets", func(r region) {
		r.public("front")
		r.blocked(true)
		r.exempting(netmodel.NoLink(), netmodel.OneOf(gap, "front", "back"), true)
	}, "internet.v4 -> web", https, "unknown UNKNOWN_VALUE [UNKNOWN_VALUE]"},
	{"BPA-5 private networks are not concerned", func(r region) { r.join("tgw"); r.blocked(true) }, "web -> far", https, "reachable"},
	{"BPA-8 the destination of what an appliance passes", func(r region) {
		r.inspected()
		r.blocked(true)
		r.exempting(netmodel.NoLink(), netmodel.To("front"), true)
	}, "internet.v4 -> db", https, "unreachable VPC_BLOCK_PUBLIC_ACCESS_ENABLED UNKNOWN_APPLIANCE_BEHAVIOR RETURN_UNKNOWN"},
	{"BPA-10 not known", func(r region) {
		r.public("front")
		r.blocked(true).On = netmodel.Open(netmodel.Gap{Origin: netmodel.Origin{Address: "bpa"}, Why: netmodel.UntilApply, Code: netmodel.UnknownBPAMode})
	}, "web -> internet.v4", https, "unknown UNKNOWN_BPA_MODE [UNKNOWN_BPA_MODE]"},
}
