package aws

import (
	"github.com/planreach/planreach/netmodel"
	"github.com/planreach/planreach/planparse"
)

var vpcEndpoint = &planparse.ResourceType{
	Name: "aws_vpc_endpoint",
	Doc:  "way to a service: a route in each of its tables, or an end with an interface in each of its subnets",
	Reads: []string{
		"auto_accept", "ip_address_type", "route_table_ids", "security_group_ids", "service_name", "service_region", "state",
		"subnet_configuration", "subnet_ids", "tags", "vpc_endpoint_type", "vpc_id",
	},
	// A policy says who may do what with the service, not which packets pass
	// (VPCE-14), and names decide nothing here (VPCE-12).
	Ignores: []string{
		"arn", "cidr_blocks", "dns_entry", "dns_options", "id", "network_interface_ids", "owner_id", "policy", "prefix_list_id",
		"private_dns_enabled", "region", "requester_managed", "tags_all", "timeouts",
	},
	Identities:  []string{"prefix_list_id"},
	Sets:        []string{"route_table_ids", "security_group_ids", "subnet_configuration", "subnet_ids"},
	StaleBlocks: []string{"subnet_configuration"},
	Accepts: map[string][]string{
		"route_table_ids": acceptsTable, "security_group_ids": acceptsGroup, "service_name": acceptsEndpointService,
		"subnet_configuration.subnet_id": acceptsSubnet, "subnet_ids": acceptsSubnet, "vpc_id": acceptsVPC,
	},
	Build: buildVPCEndpoint,
}

var dataVPCEndpoint = &planparse.ResourceType{
	Name: "data.aws_vpc_endpoint",
	Doc:  "existing VPC endpoint",
	Reads: []string{
		"ip_address_type", "route_table_ids", "security_group_ids", "service_name", "service_region", "state", "subnet_ids", "tags",
		"vpc_endpoint_type", "vpc_id",
	},
	Ignores: []string{
		"arn", "cidr_blocks", "dns_entry", "dns_options", "filter", "id", "network_interface_ids", "owner_id", "policy", "prefix_list_id",
		"private_dns_enabled", "region", "requester_managed", "timeouts",
	},
	Identities: vpcEndpoint.Identities,
	Sets:       []string{"route_table_ids", "security_group_ids", "subnet_ids"},
	Accepts: map[string][]string{
		"route_table_ids": acceptsTable, "security_group_ids": acceptsGroup, "service_name": acceptsEndpointService,
		"subnet_ids": acceptsSubnet, "vpc_id": acceptsVPC,
	},
	Build: buildVPCEndpoint,
}

var acceptsEndpoint = []string{"aws_vpc_endpoint", "data.aws_vpc_endpoint"}

// buildVPCEndpoint tells the types of VPC endpoints apart (VPCE-1).
func buildVPCEndpoint(r *planparse.Resource, b *planparse.Builder) {
	n := newBlock(r, b)
	switch kind := n.String("vpc_endpoint_type"); {
	case kind.IsOpen():
		n.reportEndpoint(netmodel.MayOpen, netmodel.TouchesAll, "is an endpoint of a service")
	case kind.Or("Gateway") == "Gateway":
		n.addGatewayEndpoint()
	case kind.Or("") == "Interface":
		n.addInterfaceEndpoint()
	case kind.Or("") == "GatewayLoadBalancer":
		n.addGatewayBalancerEndpoint()
	default: // Resource, ServiceNetwork
		n.reportEndpoint(netmodel.MayOpen, netmodel.TouchesEnds, "is an endpoint of a service")
	}
}

// reportEndpoint lists an endpoint of a type that has no model. Unless packets
// only come to it by routes it is an end.
func (n block) reportEndpoint(effect netmodel.Effect, touch netmodel.Touch, note string) {
	n.b.Later(func() {
		n.b.AddUnmodelled(netmodel.Unmodelled{
			Address: n.r.Address, Type: n.r.TypeName(), Effect: effect, Touch: touch, Note: note,
			VPCs: whereIs(n.b, n.r, nil, 0), Origin: n.Origin(""),
		})
	})
	if touch != netmodel.TouchesRouted {
		n.addUnmodelledEnd()
	}
}

// kept are the links of an argument without those that a resource of a type,
// which is gone, put there by its argument called link: the plan still shows
// them where the configuration does not set the argument. It may be asked from
// Later on.
func (n block) kept(name, typeName, link string) netmodel.Refs {
	if n.isOpen(name) {
		return netmodel.Refs{} // made without any
	}
	out := n.Refs(name)
	if !n.unset(name) || n.b.World() != planparse.After {
		return out
	}
	var kept []netmodel.Ref
	for _, x := range out.Links {
		if !n.isWithdrawn(typeName, map[string]netmodel.Ref{"vpc_endpoint_id": netmodel.To(n.r.Address), link: x}) {
			kept = append(kept, x)
		}
	}
	out.Links = kept
	return out
}

// associations calls f for the associations of a type that belong to the endpoint
// n, or may: doubt says why not.
func (n block) associations(typeName string, f func(x block, doubt netmodel.Gap)) {
	self := n.b.Canonical(n.r.Address)
	for _, r := range n.b.Plan().Resources {
		if r.TypeName() != typeName || r.Value(n.b.World()).IsNone() {
			continue
		}
		x := newBlock(r, n.b)
		if to := n.b.CanonicalRef(x.Ref("vpc_endpoint_id")); to.MayBe(self) {
			f(x, to.Gap())
		}
	}
}
