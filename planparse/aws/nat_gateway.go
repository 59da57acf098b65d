package aws

import (
	"net/netip"

	"github.com/planreach/planreach/netmodel"
	"github.com/planreach/planreach/planparse"
)

var natGateway = &planparse.ResourceType{
	Name: "aws_nat_gateway",
	Doc:  "gives outgoing connections its own address",
	Reads: []string{
		"subnet_id", "vpc_id", "allocation_id", "connectivity_type", "availability_mode", "availability_zone_address",
		"private_ip", "public_ip",
	},
	Ignores: []string{
		"association_id", "auto_provision_zones", "auto_scaling_ips", "id", "network_interface_id", "region",
		"regional_nat_gateway_address", "regional_nat_gateway_auto_mode", "route_table_id", "secondary_allocation_ids",
		"secondary_private_ip_address_count", "secondary_private_ip_addresses", "tags", "tags_all", "timeouts",
	},
	Identities: []string{"network_interface_id", "route_table_id"},
	Addresses:  []string{privateIP, publicIP},
	Sets:       []string{"availability_zone_address", "availability_zone_address.allocation_ids"},
	Accepts: map[string][]string{
		"subnet_id": acceptsSubnet, "vpc_id": acceptsVPC, "allocation_id": acceptsEIP,
	},
	Build: buildNATGateway,
}

func buildNATGateway(r *planparse.Resource, b *planparse.Builder) {
	n := newBlock(r, b)
	x := &netmodel.NATGateway{
		Address: r.Address, Origin: n.Origin(""), Subnet: n.Ref("subnet_id"), VPC: netmodel.NoLink(),
		Public: isPublic(n.String("connectivity_type")),
	}
	if addrs := n.addresses("private_ip"); len(addrs) == 1 {
		x.Private = addrs[0]
	}
	mode := n.String("availability_mode")
	switch {
	case mode.Or("") == "regional":
		if n.hasZones() {
			n.addManualRegional()
			return
		}
		x.Subnet, x.VPC = netmodel.NoLink(), n.Ref("vpc_id")
	case mode.IsOpen() && !n.unset("availability_mode"):
		x.Subnet = netmodel.Unsettled(mode.Gap())
	}
	if public := n.Addr("public_ip"); public.Or(netip.Addr{}).IsValid() {
		x.Elastic = public.Or(netip.Addr{})
	} else if allocation := n.Ref("allocation_id"); !allocation.IsNone() {
		b.Later(func() { x.Elastic = elasticIP(b, allocation) })
	}
	b.Alias(r.Address+"."+privateIP, r.Address)
	b.AddNATGateway(x)
}

func isPublic(connectivity planparse.Known[string]) netmodel.Truth {
	if connectivity.IsOpen() {
		return netmodel.Open(connectivity.Gap())
	}
	return netmodel.Certain(connectivity.Or("public") == "public")
}

// hasZones reports whether a regional gateway may be registered in some zones
// only (NAT-19).
func (n block) hasZones() bool {
	zones, more := n.Blocks("availability_zone_address")
	return len(zones) > 0 || !more.IsZero() && !n.unset("availability_zone_address")
}

// addManualRegional leaves the gateway without a model: which zones it serves
// is not followed, so what is routed to it has an open fate.
func (n block) addManualRegional() {
	n.b.AddUnmodelled(netmodel.Unmodelled{
		Address: n.r.Address, Type: n.r.Type, Effect: netmodel.MayBlock, Touch: netmodel.TouchesRouted,
		VPCs: []netmodel.Ref{n.Ref("vpc_id")}, Note: "regional NAT gateway that is registered in chosen zones", Origin: n.Origin(""),
	})
}
