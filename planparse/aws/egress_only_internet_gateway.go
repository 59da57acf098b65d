package aws

import (
	"github.com/planreach/planreach/netmodel"
	"github.com/planreach/planreach/planparse"
)

var egressOnlyInternetGateway = &planparse.ResourceType{
	Name:    "aws_egress_only_internet_gateway",
	Doc:     "lets IPv6 connections out of a VPC",
	Reads:   []string{"vpc_id"},
	Ignores: []string{"id", "region", "tags", "tags_all"},
	Accepts: map[string][]string{"vpc_id": acceptsVPC},
	Build: func(r *planparse.Resource, b *planparse.Builder) {
		v := r.Block(b.World())
		b.AddEgressOnlyGateway(&netmodel.EgressOnlyGateway{Address: r.Address, VPC: v.Ref("vpc_id"), Origin: v.Origin("")})
	},
}
