package aws

import (
	"net/netip"

	"github.com/planreach/planreach/netmodel"
	"github.com/planreach/planreach/planparse"
)

var adoptedDefaultVPC = &planparse.ResourceType{
	Name: "aws_default_vpc",
	Doc:  "takes over the default VPC of the region",
	Reads: []string{"assign_generated_ipv6_cidr_block", "cidr_block", "default_network_acl_id", "default_route_table_id",
		"default_security_group_id", "ipv6_cidr_block", "ipv6_ipam_pool_id", "main_route_table_id"},
	Ignores: []string{"arn", "dhcp_options_id", "enable_dns_hostnames", "enable_dns_support",
		"enable_network_address_usage_metrics", "existing_default_vpc", "force_destroy", "id", "instance_tenancy",
		"ipv6_association_id", "ipv6_cidr_block_network_border_group", "ipv6_netmask_length", "owner_id", "region", "tags", "tags_all"},
	Identities: vpc.Identities,
	Build:      buildDefaultVPC,
}

// buildDefaultVPC is the default VPC as AWS makes it (DEF-1): a gateway is
// attached and the main table leads to it. That it is still so, and that it has
// the usual range where the plan does not tell, is an assumption.
func buildDefaultVPC(r *planparse.Resource, b *planparse.Builder) {
	x := newVPC(r, b)
	x.Notes = append(x.Notes, netmodel.DefaultVPCAssumed)
	if !x.Open4.IsZero() {
		x.IPv4, x.Open4 = []netip.Prefix{defaultVPCRange}, netmodel.Gap{}
	}
	b.AddVPC(x)
	table := addDefaultObjects(r, b, x)
	gateway := r.Address + ".internet_gateway"
	o := netmodel.Origin{Address: gateway}
	b.AddInternetGateway(&netmodel.InternetGateway{Address: gateway, VPC: netmodel.To(r.Address), Table: netmodel.NoLink(), Origin: o})
	table.Routes = append(table.Routes, netmodel.Route{Destination: netmodel.InPrefix(anywhere4), Target: netmodel.To(gateway),
		Rank: netmodel.StaticRoute, Origin: o, Blackhole: netmodel.Fails})
}
