package aws

import (
	"github.com/planreach/planreach/netmodel"
	"github.com/planreach/planreach/planparse"
)

// vpcOrDefault is the VPC that the argument vpc_id names; if the configuration
// does not set it, the default one (DEF-5).
func vpcOrDefault(r *planparse.Resource, b *planparse.Builder) netmodel.Ref {
	v := r.Block(b.World())
	if isUnset(r, b, "vpc_id") {
		return defaultVPC(r, b)
	}
	vpc := v.Ref("vpc_id")
	if id, ok := vpc.Exact(); ok {
		joinDefaultVPC(r, b, id)
	}
	return vpc
}

// isUnset reports whether an argument, which is not written as a block, is
// certainly left to the provider: null, or open because the configuration does
// not set it.
func isUnset(r *planparse.Resource, b *planparse.Builder, name string) bool {
	v := r.Block(b.World()).Get(name)
	if v.Kind() != planparse.Hole {
		return v.IsNone() || v.Kind() == planparse.String && v.Text() == ""
	}
	return b.Plan().IsUnset(r, b.World(), name)
}

// The types whose objects, or objects that come with them, an argument may name.
var (
	acceptsVPC        = []string{"aws_vpc", "aws_default_vpc", "data.aws_vpc"}
	acceptsSubnet     = []string{"aws_subnet", "aws_default_subnet", "data.aws_subnet", "data.aws_subnets"}
	acceptsGroup      = []string{"aws_security_group", "aws_default_security_group", "aws_vpc", "aws_default_vpc", "aws_eks_cluster", "aws_elb", "data.aws_security_group", "data.aws_security_groups"}
	acceptsACL        = []string{"aws_network_acl", "aws_default_network_acl", "aws_vpc", "aws_default_vpc", "data.aws_network_acls"}
	acceptsTable      = []string{"aws_route_table", "aws_default_route_table", "aws_vpc", "aws_default_vpc", "data.aws_route_table", "data.aws_route_tables", "data.aws_vpc"}
	acceptsGateway    = []string{"aws_internet_gateway", "aws_internet_gateway_attachment", "aws_vpn_gateway", "aws_vpn_gateway_attachment", "data.aws_internet_gateway", "data.aws_vpn_gateway"}
	acceptsVPNGateway = []string{"aws_vpn_gateway", "aws_vpn_gateway_attachment", "data.aws_vpn_gateway"}
	acceptsPrefixList = []string{"aws_ec2_managed_prefix_list", "aws_vpc_endpoint", "data.aws_ec2_managed_prefix_list", "data.aws_prefix_list"}
)
