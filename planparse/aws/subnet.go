package aws

import (
	"net/netip"

	"github.com/planreach/planreach/netmodel"
	"github.com/planreach/planreach/planparse"
)

var subnet = &planparse.ResourceType{
	Name: "aws_subnet",
	Doc:  "range of a VPC in one zone, with a route table and an ACL on its edge",
	Reads: []string{"assign_ipv6_address_on_creation", "availability_zone", "cidr_block", "ipv6_cidr_block",
		"ipv6_ipam_pool_id", "ipv6_native", "map_public_ip_on_launch", "vpc_id"},
	Ignores: []string{"arn", "availability_zone_id", "customer_owned_ipv4_pool", "enable_dns64", "enable_lni_at_device_index",
		"enable_resource_name_dns_a_record_on_launch", "enable_resource_name_dns_aaaa_record_on_launch", "id",
		"ipv4_ipam_pool_id", "ipv4_netmask_length", "ipv6_cidr_block_association_id", "ipv6_netmask_length",
		"map_customer_owned_ip_on_launch", "outpost_arn", "owner_id", "private_dns_hostname_type_on_launch", "region",
		"tags", "tags_all", "timeouts"},
	Accepts: map[string][]string{"vpc_id": append([]string{"aws_vpc_ipv4_cidr_block_association"}, acceptsVPC...)},
	Build: func(r *planparse.Resource, b *planparse.Builder) {
		v := r.Block(b.World())
		x := newSubnet(r, b, false)
		x.VPC = v.Ref("vpc_id")
		b.AddSubnet(x)
	},
}

// newSubnet is what aws_subnet and aws_default_subnet have in common.
func newSubnet(r *planparse.Resource, b *planparse.Builder, mapPublic bool) *netmodel.Subnet {
	v := r.Block(b.World())
	x := &netmodel.Subnet{Address: r.Address, Origin: v.Origin(""),
		Zone:        v.String("availability_zone").Or(""),
		MapPublicIP: v.Truth("map_public_ip_on_launch", mapPublic),
		AssignIPv6:  v.Truth("assign_ipv6_address_on_creation", false)}
	native := v.Truth("ipv6_native", false)
	x.HasIPv4 = native.Not()
	x.HasIPv6 = subnetHasIPv6(r, b, native, x.AssignIPv6)
	x.IPv4 = subnetPrefix(b, v.Prefix("cidr_block"), x.HasIPv4)
	x.IPv6 = subnetPrefix(b, v.Prefix("ipv6_cidr_block"), x.HasIPv6)
	return x
}

func subnetPrefix(b *planparse.Builder, p planparse.Known[netip.Prefix], has netmodel.Truth) netip.Prefix {
	hideSensitive(b, p)
	if q, ok := p.Get(); ok && !has.IsFalse() {
		return q
	}
	return netip.Prefix{}
}

// subnetHasIPv6: AWS refuses a subnet that assigns IPv6 addresses, or has no
// others, without an IPv6 CIDR (V6-10).
func subnetHasIPv6(r *planparse.Resource, b *planparse.Builder, native, assigns netmodel.Truth) netmodel.Truth {
	v := r.Block(b.World())
	cidr, pool := v.Prefix("ipv6_cidr_block"), v.String("ipv6_ipam_pool_id")
	_, known := cidr.Get()
	_, pooled := pool.Get()
	switch {
	case known || pooled || native.IsTrue() || assigns.IsTrue():
		return netmodel.Holds
	case pool.IsOpen():
		return netmodel.Open(pool.Gap())
	case cidr.IsOpen() && !isUnset(r, b, "ipv6_cidr_block"):
		return netmodel.Open(cidr.Gap())
	default:
		return netmodel.Fails
	}
}
