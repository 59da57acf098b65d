package aws

import (
	"github.com/planreach/planreach/planparse"
)

var routeTableAssociation = &planparse.ResourceType{
	Name:    "aws_route_table_association",
	Doc:     "gives a subnet, or traffic that enters through a gateway, its route table",
	Reads:   []string{"gateway_id", "route_table_id", "subnet_id"},
	Ignores: []string{"id", "region", "timeouts"},
	Accepts: map[string][]string{"gateway_id": acceptsGateway, "route_table_id": acceptsTable, "subnet_id": acceptsSubnet},
	Build: func(r *planparse.Resource, b *planparse.Builder) {
		v := r.Block(b.World())
		gateway, subnet := v.Ref("gateway_id"), v.Ref("subnet_id")
		if !subnet.IsNone() {
			b.AssociateTable(subnet, v.Ref("route_table_id"), v.Origin(""))
		}
		if _, ok := subnet.Exact(); !ok && !gateway.IsNone() {
			associateEdge(b, gateway, v.Ref("route_table_id"), v.Origin(""), subnet.Gap())
		}
	},
}
