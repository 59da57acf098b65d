package aws

import (
	"github.com/planreach/planreach/netmodel"
	"github.com/planreach/planreach/planparse"
)

var dataRouteTable = &planparse.ResourceType{
	Name:       "data.aws_route_table",
	Doc:        "existing route table with its routes and associations",
	Reads:      []string{"associations", "routes", "vpc_id"},
	Ignores:    []string{"arn", "filter", "gateway_id", "id", "owner_id", "region", "route_table_id", "subnet_id", "tags", "timeouts"},
	Identities: []string{"route_table_id"},
	Aliases:    map[string]string{"route_table_id": "id"},
	Accepts:    map[string][]string{"vpc_id": acceptsVPC, "associations.subnet_id": acceptsSubnet, "associations.gateway_id": acceptsGateway},
	Build:      buildDataRouteTable,
}

func buildDataRouteTable(r *planparse.Resource, b *planparse.Builder) {
	n := newBlock(r, b)
	x := &netmodel.RouteTable{Address: r.Address, VPC: n.Ref("vpc_id"), Origin: n.Origin("")}
	routes, more := n.Blocks("routes")
	for _, block := range routes {
		if block.String("gateway_id").Or("") == "local" {
			continue // RT-7: every table has them
		}
		x.Routes = append(x.Routes, newRoutes(r, b, block, "cidr_block", "ipv6_cidr_block")...)
	}
	if !more.IsZero() {
		more.Code = netmodel.UnknownRouteTable
		x.Hidden = []netmodel.Gap{more}
	}
	b.AddRouteTable(x)
	associations, _ := n.Blocks("associations")
	for _, a := range associations {
		switch subnet := a.Ref("subnet_id"); {
		case a.Bool("main").Or(false):
			b.SetMainTable(x.VPC, netmodel.To(r.Address), a.Origin(""))
		case !subnet.IsNone() && !n.isAssociated("subnet_id", subnet):
			b.AssociateTable(subnet, netmodel.To(r.Address), a.Origin(""))
		case !a.Ref("gateway_id").IsNone() && !n.isAssociated("gateway_id", a.Ref("gateway_id")):
			associateEdge(b, a.Ref("gateway_id"), netmodel.To(r.Address), a.Origin(""), netmodel.Gap{})
		}
	}
}

// isAssociated reports whether a resource of the plan gives the subnet, or
// gateway, its table: what the data source has read is then the same, or about to change.
func (n block) isAssociated(argument string, of netmodel.Ref) bool {
	id, ok := of.Exact()
	if !ok {
		return false
	}
	for _, r := range n.b.Plan().Resources {
		if r.TypeName() != routeTableAssociation.Name {
			continue
		}
		for _, w := range []planparse.World{planparse.Before, planparse.After} {
			if a, ok := r.Block(w).Ref(argument).Exact(); ok && a == id {
				return true
			}
		}
	}
	return false
}

var dataRoute = &planparse.ResourceType{
	Name: "data.aws_route",
	Doc:  "one route of an existing route table",
	Reads: append([]string{
		"destination_cidr_block", "destination_ipv6_cidr_block", "destination_prefix_list_id", "route_table_id",
	}, targetArguments...),
	Ignores: []string{"id", "region", "timeouts"},
	Accepts: targets("", map[string][]string{"route_table_id": acceptsTable, "destination_prefix_list_id": acceptsPrefixList}),
	Build: func(r *planparse.Resource, b *planparse.Builder) {
		n := newBlock(r, b)
		if n.String("gateway_id").Or("") == "local" {
			return
		}
		for _, x := range newRoutes(r, b, n.Block, "destination_cidr_block", "destination_ipv6_cidr_block") {
			b.AddRoute(n.Ref("route_table_id"), x)
		}
	},
}
