package aws

import (
	"github.com/planreach/planreach/netmodel"
	"github.com/planreach/planreach/planparse"
)

var dataInternetGateway = &planparse.ResourceType{
	Name:       "data.aws_internet_gateway",
	Doc:        "existing internet gateway",
	Reads:      []string{"attachments"},
	Ignores:    []string{"arn", "filter", "id", "internet_gateway_id", "owner_id", "region", "tags", "timeouts"},
	Identities: []string{"internet_gateway_id"},
	Aliases:    map[string]string{"internet_gateway_id": "id"},
	Accepts:    map[string][]string{"attachments.vpc_id": acceptsVPC},
	Build: func(r *planparse.Resource, b *planparse.Builder) {
		n := newBlock(r, b)
		x := &netmodel.InternetGateway{Address: r.Address, VPC: netmodel.NoLink(), Table: netmodel.NoLink(), Origin: n.Origin("")}
		attachments, more := n.Blocks("attachments")
		if !more.IsZero() {
			x.VPC = netmodel.Unsettled(more)
		}
		for _, a := range attachments {
			if !a.Ref("vpc_id").IsNone() {
				x.VPC = a.Ref("vpc_id")
			}
		}
		b.AddInternetGateway(x)
		if id, ok := x.VPC.Exact(); ok { // a VPC has at most one (IGW-2)
			b.Alias(id+".internet_gateway", r.Address)
		}
	},
}

var dataNATGateway = &planparse.ResourceType{
	Name:  "data.aws_nat_gateway",
	Doc:   "existing NAT gateway",
	Reads: natGateway.Reads,
	Ignores: []string{
		"association_id", "auto_provision_zones", "auto_scaling_ips", "filter", "id", "network_interface_id", "region",
		"regional_nat_gateway_address", "regional_nat_gateway_auto_mode", "route_table_id", "secondary_allocation_ids",
		"secondary_private_ip_address_count", "secondary_private_ip_addresses", "state", "tags", "timeouts",
	},
	Identities: natGateway.Identities,
	Accepts:    natGateway.Accepts,
	Build:      buildNATGateway,
}
