package aws

import (
	"github.com/planreach/planreach/planparse"
)

var defaultRouteTable = &planparse.ResourceType{
	Name:        "aws_default_route_table",
	Doc:         "takes over the main route table that a VPC was made with and empties it",
	Reads:       append([]string{"default_route_table_id"}, routeTable.Reads...),
	Ignores:     routeTable.Ignores,
	Accepts:     targets("route.", map[string][]string{"default_route_table_id": acceptsTable, "route.destination_prefix_list_id": acceptsPrefixList, "propagating_vgws": {"aws_vpn_gateway", "data.aws_vpn_gateway"}}),
	Sets:        routeTable.Sets,
	StaleBlocks: []string{"route"},
	// The routes that were there are deleted on adoption; those of gateway
	// endpoints stay, and are told where the endpoints are (TFB-9).
	Build: func(r *planparse.Resource, b *planparse.Builder) {
		b.AddRouteTable(newRouteTable(r, b))
		b.AdoptTable(r.Address, r.Block(b.World()).Ref("default_route_table_id"))
	},
}
