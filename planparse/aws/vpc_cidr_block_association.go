package aws

import (
	"github.com/planreach/planreach/planparse"
)

var vpcIPv4CIDRBlockAssociation = &planparse.ResourceType{
	Name:    "aws_vpc_ipv4_cidr_block_association",
	Doc:     "further IPv4 range of a VPC",
	Reads:   []string{"cidr_block", "vpc_id"},
	Ignores: []string{"id", "ipv4_ipam_pool_id", "ipv4_netmask_length", "region", "timeouts"},
	Accepts: map[string][]string{"vpc_id": acceptsVPC},
	// vpc_id is the VPC's own id, so that code takes it from here to wait for
	// the association.
	Build: func(r *planparse.Resource, b *planparse.Builder) {
		v := r.Block(b.World())
		p := v.Prefix("cidr_block")
		hideSensitive(b, p)
		b.AddCIDR(v.Ref("vpc_id"), false, p, v.Origin("cidr_block"))
	},
}

var vpcIPv6CIDRBlockAssociation = &planparse.ResourceType{
	Name:  "aws_vpc_ipv6_cidr_block_association",
	Doc:   "IPv6 range of a VPC",
	Reads: []string{"ipv6_cidr_block", "vpc_id"},
	Ignores: []string{"assign_generated_ipv6_cidr_block", "id", "ip_source", "ipv6_address_attribute",
		"ipv6_ipam_pool_id", "ipv6_netmask_length", "ipv6_pool", "region", "timeouts"},
	Accepts: map[string][]string{"vpc_id": acceptsVPC},
	Build: func(r *planparse.Resource, b *planparse.Builder) {
		v := r.Block(b.World())
		p := v.Prefix("ipv6_cidr_block")
		hideSensitive(b, p)
		b.AddCIDR(v.Ref("vpc_id"), true, p, v.Origin("ipv6_cidr_block"))
	},
}
