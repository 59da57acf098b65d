package aws

import (
	"net/netip"

	"github.com/planreach/planreach/netmodel"
	"github.com/planreach/planreach/planparse"
)

var eipAssociation = &planparse.ResourceType{
	Name:    "aws_eip_association",
	Doc:     "gives an Elastic IP to an interface",
	Reads:   []string{"allocation_id", "instance_id", "network_interface_id", "public_ip"},
	Ignores: []string{"allow_reassociation", "id", "private_ip_address", "region"},
	Accepts: map[string][]string{
		"allocation_id": acceptsEIP, "instance_id": acceptsInstance, "network_interface_id": acceptsInterface,
	},
	Build: buildEIPAssociation,
}

func buildEIPAssociation(r *planparse.Resource, b *planparse.Builder) {
	n := newBlock(r, b)
	instance, i := netmodel.NoLink(), netmodel.NoLink()
	if !n.isOpen("instance_id") {
		instance = n.Ref("instance_id")
	}
	if !n.isOpen("network_interface_id") {
		i = n.Ref("network_interface_id")
	}
	address, allocation := n.Addr("public_ip"), n.Ref("allocation_id")
	n.afterInterfaces(func() {
		addr, ok := address.Get()
		if !ok {
			addr = elasticIP(b, allocation)
		}
		associate(b, primaryOf(b, instance), addr)
		associate(b, i, addr)
	})
}

// elasticIP is the address of the Elastic IP that r leads to; invalid if it is
// not known.
func elasticIP(b *planparse.Builder, r netmodel.Ref) netip.Addr {
	a, ok := b.CanonicalRef(r).Exact()
	if !ok {
		return netip.Addr{}
	}
	e := b.Resource(a)
	if e == nil || e.Type != "aws_eip" {
		return netip.Addr{}
	}
	addr, _ := e.Block(b.World()).Addr("public_ip").Get()
	return addr
}
