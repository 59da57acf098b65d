package aws

import (
	"github.com/planreach/planreach/netmodel"
	"github.com/planreach/planreach/planparse"
)

var dataSubnet = &planparse.ResourceType{
	Name: "data.aws_subnet",
	Doc:  "existing subnet: its range and zone, not its ACL",
	Reads: []string{
		"assign_ipv6_address_on_creation", "availability_zone", "cidr_block", "default_for_az", "ipv6_cidr_block", "ipv6_native",
		"map_public_ip_on_launch", "vpc_id",
	},
	Ignores: []string{
		"arn", "availability_zone_id", "available_ip_address_count", "customer_owned_ipv4_pool", "enable_dns64",
		"enable_lni_at_device_index", "enable_resource_name_dns_a_record_on_launch",
		"enable_resource_name_dns_aaaa_record_on_launch", "filter", "id", "ipv6_cidr_block_association_id",
		"map_customer_owned_ip_on_launch", "outpost_arn", "owner_id", "private_dns_hostname_type_on_launch", "region", "state",
		"tags", "timeouts",
	},
	Accepts: map[string][]string{"vpc_id": acceptsVPC},
	Build:   buildDataSubnet,
}

// buildDataSubnet leaves the table and the ACL of an existing subnet open: no
// data source of the subnet shows them. data.aws_route_table may tell the table.
// A default subnet has those of its VPC, as AWS makes it (DEF-5).
func buildDataSubnet(r *planparse.Resource, b *planparse.Builder) {
	n := newBlock(r, b)
	v6 := n.Prefix("ipv6_cidr_block")
	x := &netmodel.Subnet{
		Address: r.Address, VPC: n.Ref("vpc_id"), Zone: n.String("availability_zone").Or(""), Origin: n.Origin(""),
		HasIPv4:     n.Truth("ipv6_native", false).Not(),
		MapPublicIP: n.Truth("map_public_ip_on_launch", false),
		AssignIPv6:  n.Truth("assign_ipv6_address_on_creation", false),
	}
	x.IPv4 = subnetPrefix(b, n.Prefix("cidr_block"), x.HasIPv4)
	if x.HasIPv6 = netmodel.Certain(!v6.IsNull()); v6.IsOpen() {
		x.HasIPv6 = netmodel.Open(v6.Gap())
	}
	x.IPv6 = subnetPrefix(b, v6, x.HasIPv6)
	assumed := assumedOf(b, r.Address).String("network_acl").Or("")
	if n.Bool("default_for_az").Or(false) {
		x.Notes = []netmodel.Code{netmodel.DefaultVPCAssumed}
	} else {
		x.Table = netmodel.Unsettled(n.outside("", netmodel.UnknownRouteTable, "no data source shows the route table of the subnet"))
		x.ACL = netmodel.Unsettled(n.outside("", netmodel.UnknownNetworkACLRules, "no data source shows the network ACL of the subnet"))
	}
	if assumed == "default" {
		x.ACL = netmodel.To(r.Address + ".network_acl")
		b.Later(func() { n.addAssumedACL(x) })
	}
	b.AddSubnet(x)
}

// addAssumedACL adds an ACL as AWS makes it for s alone, on the user's word.
func (n block) addAssumedACL(s *netmodel.Subnet) {
	a, _ := s.ACL.Exact()
	v := &netmodel.VPC{HasIPv6: netmodel.Holds}
	acl := newDefaultACL(n.b, a, v, nil)
	acl.VPC, acl.Origin = s.VPC, s.Origin
	n.b.AddACL(acl)
}
