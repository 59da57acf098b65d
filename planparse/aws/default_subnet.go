package aws

import (
	"github.com/planreach/planreach/netmodel"
	"github.com/planreach/planreach/planparse"
)

var adoptedDefaultSubnet = &planparse.ResourceType{
	Name: "aws_default_subnet",
	Doc:  "takes over the default subnet of a zone",
	Reads: []string{"assign_ipv6_address_on_creation", "availability_zone", "cidr_block", "ipv6_cidr_block", "ipv6_ipam_pool_id",
		"ipv6_native", "map_public_ip_on_launch", "vpc_id"},
	Ignores: []string{"arn", "availability_zone_id", "customer_owned_ipv4_pool", "enable_dns64", "enable_lni_at_device_index",
		"enable_resource_name_dns_a_record_on_launch", "enable_resource_name_dns_aaaa_record_on_launch", "existing_default_subnet",
		"force_destroy", "id", "ipv6_cidr_block_association_id", "map_customer_owned_ip_on_launch", "outpost_arn", "owner_id",
		"private_dns_hostname_type_on_launch", "region", "tags", "tags_all", "timeouts"},
	// Its VPC is the default one; default subnets give public addresses (DEF-2).
	Build: func(r *planparse.Resource, b *planparse.Builder) {
		x := newSubnet(r, b, true)
		x.VPC = defaultVPC(r, b)
		if id, ok := r.Block(b.World()).Ref("vpc_id").Exact(); ok {
			x.VPC = netmodel.To(id)
		}
		b.AddSubnet(x)
	},
}
