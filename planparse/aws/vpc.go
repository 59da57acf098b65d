package aws

import (
	"net/netip"

	"github.com/planreach/planreach/netmodel"
	"github.com/planreach/planreach/planparse"
)

var vpc = &planparse.ResourceType{
	Name:  "aws_vpc",
	Doc:   "routing domain with a main route table, a default ACL and a default group",
	Reads: []string{"cidr_block", "ipv6_cidr_block", "ipv6_cidr_block_network_border_group", "assign_generated_ipv6_cidr_block", "ipv6_ipam_pool_id", "default_network_acl_id", "default_route_table_id", "default_security_group_id", "main_route_table_id"},
	Build: buildVPC,
}

func buildVPC(r *planparse.Resource, b *planparse.Builder) {
	v := r.Block(b.World())
	x := &netmodel.VPC{Address: r.Address, Origin: v.Origin(""), HasIPv6: netmodel.Fails}
	addVPCPrefix(&x.IPv4, &x.Open4, v.Prefix("cidr_block"))
	b.AddVPC(x)
}

func addVPCPrefix(known *[]netip.Prefix, open *netmodel.Gap, p planparse.Known[netip.Prefix]) {
	if q, ok := p.Get(); ok {
		*known = append(*known, q)
	} else if p.IsOpen() {
		*open = p.Gap()
	}
}
