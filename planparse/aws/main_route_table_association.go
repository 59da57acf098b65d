package aws

import (
	"github.com/planreach/planreach/netmodel"
	"github.com/planreach/planreach/planparse"
)

var mainRouteTableAssociation = &planparse.ResourceType{
	Name:    "aws_main_route_table_association",
	Doc:     "makes a route table the main one of a VPC",
	Reads:   []string{"original_route_table_id", "route_table_id", "vpc_id"},
	Ignores: []string{"id", "region", "timeouts"},
	Accepts: map[string][]string{"route_table_id": acceptsTable, "vpc_id": acceptsVPC},
	Build: func(r *planparse.Resource, b *planparse.Builder) {
		v := r.Block(b.World())
		b.SetMainTable(v.Ref("vpc_id"), v.Ref("route_table_id"), v.Origin(""))
	},
}

// restoredTable is the main table that a VPC gets back because the plan destroys
// the association that gave it the one called main (TFB-11).
func restoredTable(b *planparse.Builder, main string) (netmodel.Address, bool) {
	if b.World() != planparse.After {
		return "", false
	}
	for _, r := range b.Plan().Resources {
		before := r.Block(planparse.Before)
		if r.Type != mainRouteTableAssociation.Name || !r.Value(planparse.After).IsNone() {
			continue
		}
		if id, ok := before.String("route_table_id").Get(); !ok || id != main {
			continue
		}
		if original, ok := before.String("original_route_table_id").Get(); ok {
			return netmodel.Address(original), true
		}
	}
	return "", false
}
