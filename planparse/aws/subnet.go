package aws

import (
	"github.com/planreach/planreach/netmodel"
	"github.com/planreach/planreach/planparse"
)

var subnet = &planparse.ResourceType{
	Name:    "aws_subnet",
	Doc:     "range of a VPC in one zone, with a route table and an ACL",
	Reads:   []string{"vpc_id", "cidr_block", "ipv6_cidr_block", "ipv6_native", "availability_zone", "map_public_ip_on_launch", "assign_ipv6_address_on_creation"},
	Accepts: map[string][]string{"vpc_id": {"aws_vpc"}},
	Build:   buildSubnet,
}

func buildSubnet(r *planparse.Resource, b *planparse.Builder) {
	s := r.Block(b.World())
	x := &netmodel.Subnet{Address: r.Address, Origin: s.Origin(""), VPC: s.Ref("vpc_id"),
		HasIPv4: netmodel.Holds, HasIPv6: netmodel.Fails,
		MapPublicIP: s.Truth("map_public_ip_on_launch", false),
		AssignIPv6:  s.Truth("assign_ipv6_address_on_creation", false)}
	if p, ok := s.Prefix("cidr_block").Get(); ok {
		x.IPv4 = p
	}
	b.AddSubnet(x)
}
