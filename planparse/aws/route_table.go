package aws

import (
	"github.com/planreach/planreach/netmodel"
	"github.com/planreach/planreach/planparse"
)

var routeTable = &planparse.ResourceType{
	Name:        "aws_route_table",
	Doc:         "routes of the subnets that are associated with it",
	Reads:       []string{"propagating_vgws", "route", "vpc_id"},
	Ignores:     []string{"arn", "id", "owner_id", "region", "tags", "tags_all", "timeouts"},
	Accepts:     targets("route.", map[string][]string{"vpc_id": acceptsVPC, "route.destination_prefix_list_id": acceptsPrefixList, "propagating_vgws": {"aws_vpn_gateway", "aws_vpn_gateway_attachment", "data.aws_vpn_gateway"}}),
	Sets:        []string{"propagating_vgws", "route"},
	StaleBlocks: []string{"propagating_vgws", "route"},
	Build: func(r *planparse.Resource, b *planparse.Builder) {
		b.AddRouteTable(newRouteTable(r, b))
	},
}

// newRouteTable is what aws_route_table and aws_default_route_table have in
// common.
func newRouteTable(r *planparse.Resource, b *planparse.Builder) *netmodel.RouteTable {
	v := r.Block(b.World())
	t := &netmodel.RouteTable{Address: r.Address, VPC: v.Ref("vpc_id"), Origin: v.Origin("")}
	blocks, more := inlineBlocks(r, b, v, "route")
	for _, block := range blocks {
		t.Routes = append(t.Routes, newRoutes(r, b, block, "cidr_block", "ipv6_cidr_block")...)
	}
	if !more.IsZero() {
		more.Code = netmodel.UnknownRouteTable
		t.Hidden = append(t.Hidden, more)
	}
	if !isUnset(r, b, "propagating_vgws") {
		propagateVPN(b, netmodel.To(r.Address), v.Refs("propagating_vgws"), v.Origin("propagating_vgws"))
	}
	b.SetInline(t, b.Inline(r, "route"), netmodel.ConflictRoutes, v.Origin("route"))
	return t
}
