package aws

import (
	"github.com/planreach/planreach/netmodel"
	"github.com/planreach/planreach/planparse"
)

var dataNetworkInterface = &planparse.ResourceType{
	Name:  "data.aws_network_interface",
	Doc:   "existing interface",
	Reads: []string{"association", "attachment", "ipv6_addresses", "private_ip", "private_ips", "security_groups", "subnet_id", "tags"},
	Ignores: []string{
		"arn", "availability_zone", "description", "ena_srd_specification", "filter", "id", "interface_type", "mac_address",
		"outpost_arn", "owner_id", "private_dns_name", "region", "requester_id", "timeouts", "vpc_id",
	},
	Sets:    []string{"ipv6_addresses", "security_groups"},
	Accepts: map[string][]string{"subnet_id": acceptsSubnet, "security_groups": acceptsGroup},
	Build:   buildDataNetworkInterface,
}

func buildDataNetworkInterface(r *planparse.Resource, b *planparse.Builder) {
	n := newBlock(r, b)
	x := &netmodel.Interface{
		Address: r.Address, Subnet: n.Ref("subnet_id"), Groups: n.Refs("security_groups"), Origin: n.Origin(""),
		HasIPv4: netmodel.Holds, IPv4: n.addresses("private_ip", "private_ips"), Elastic: netmodel.Fails,
		SourceCheck: netmodel.Open(n.outside("", netmodel.UnknownValue, "the data source does not show the source/destination check")),
	}
	n.setIPv6(x, "ipv6_addresses")
	n.setAssociation(x)
	b.AddInterface(x)
	e := n.endpoint(x.Address)
	e.Type = r.TypeName()
	b.AddEndpoint(e)
	attachments, more := n.Blocks("attachment")
	x.Attached = netmodel.Certain(len(attachments) > 0)
	if !more.IsZero() {
		x.Attached = netmodel.Open(more)
	}
	for _, a := range attachments {
		instance := a.Ref("instance_id")
		n.afterInterfaces(func() { attach(b, instance, netmodel.To(r.Address)) })
	}
}

// setAssociation takes the public address from the block that shows it.
func (n block) setAssociation(x *netmodel.Interface) {
	associations, more := n.Blocks("association")
	x.AutoPublic = netmodel.Fails
	if !more.IsZero() {
		x.AutoPublic = netmodel.Open(more)
	}
	for _, a := range associations {
		public := a.Addr("public_ip")
		addr, ok := public.Get()
		switch {
		case ok:
			x.AutoPublic, x.PublicIPv4 = netmodel.Holds, addr
		case public.IsOpen():
			x.AutoPublic = netmodel.Open(public.Gap())
		}
	}
}

var dataEIP = &planparse.ResourceType{
	Name:  "data.aws_eip",
	Doc:   "existing public IPv4 address",
	Reads: []string{"instance_id", "network_interface_id", "public_ip"},
	Ignores: []string{
		"arn", "association_id", "carrier_ip", "customer_owned_ip", "customer_owned_ipv4_pool", "domain", "filter", "id",
		"ipam_pool_id", "network_interface_owner_id", "private_dns", "private_ip", "ptr_record", "public_dns",
		"public_ipv4_pool", "region", "tags",
	},
	Build: func(r *planparse.Resource, b *planparse.Builder) {
		n := newBlock(r, b)
		instance, i := n.Ref("instance_id"), n.Ref("network_interface_id")
		addr, _ := n.Addr("public_ip").Get()
		n.afterInterfaces(func() {
			if b.World() == planparse.After && n.isReassociated() {
				return
			}
			associate(b, primaryOf(b, instance), addr)
			associate(b, i, addr)
		})
	},
}
