package aws

import (
	"github.com/planreach/planreach/netmodel"
	"github.com/planreach/planreach/planparse"
)

var routeTableAssociation = &planparse.ResourceType{
	Name:    "aws_route_table_association",
	Doc:     "gives a subnet, or traffic that enters through a gateway, its route table",
	Reads:   []string{"gateway_id", "route_table_id", "subnet_id"},
	Ignores: []string{"id", "region", "timeouts"},
	Accepts: map[string][]string{"gateway_id": {"aws_internet_gateway", "aws_vpn_gateway"}, "route_table_id": acceptsTable, "subnet_id": acceptsSubnet},
	Build: func(r *planparse.Resource, b *planparse.Builder) {
		v := r.Block(b.World())
		gateway, subnet := v.Ref("gateway_id"), v.Ref("subnet_id")
		if !subnet.IsNone() {
			b.AssociateTable(subnet, v.Ref("route_table_id"), v.Origin(""))
		}
		if _, ok := subnet.Exact(); !ok && !gateway.IsNone() {
			b.Check(func() { reportEdge(r, b) })
		}
	},
}

// reportEdge tells of a gateway route table (GRT-1), which may send what enters
// the VPC through an appliance. One without routes changes nothing.
func reportEdge(r *planparse.Resource, b *planparse.Builder) {
	v := r.Block(b.World())
	u := netmodel.Unmodelled{Address: r.Address, Type: r.Type, Effect: netmodel.MayDoBoth, Touch: netmodel.TouchesInternet,
		Note: "the route table of a gateway is not modelled", Origin: v.Origin("gateway_id")}
	if a, ok := b.CanonicalRef(v.Ref("route_table_id")).Exact(); ok {
		for _, t := range b.Network().RouteTables {
			if t.Address != a {
				continue
			}
			if len(t.Routes)+len(t.Hidden) == 0 {
				return
			}
			u.VPCs = []netmodel.Ref{t.VPC}
		}
	}
	b.AddUnmodelled(u)
}
