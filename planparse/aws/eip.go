package aws

import (
	"net/netip"

	"github.com/planreach/planreach/netmodel"
	"github.com/planreach/planreach/planparse"
)

var eip = &planparse.ResourceType{
	Name:  "aws_eip",
	Doc:   "public IPv4 address of an interface or a NAT gateway",
	Reads: []string{"instance", "network_interface", "public_ip"},
	Ignores: []string{
		"address", "allocation_id", "arn", "associate_with_private_ip", "association_id", "carrier_ip", "customer_owned_ip",
		"customer_owned_ipv4_pool", "domain", "id", "ipam_pool_id", "network_border_group", "private_dns", "private_ip",
		"ptr_record", "public_dns", "public_ipv4_pool", "region", "tags", "tags_all", "timeouts", "vpc",
	},
	Identities: []string{"allocation_id"},
	Addresses:  []string{publicIP},
	Aliases:    map[string]string{"allocation_id": "id"},
	Accepts:    map[string][]string{"instance": acceptsInstance, "network_interface": acceptsInterface},
	Build:      buildEIP,
}

func buildEIP(r *planparse.Resource, b *planparse.Builder) {
	n := newBlock(r, b)
	addr, _ := n.Addr("public_ip").Get()
	for _, name := range []string{"instance", "network_interface"} {
		if n.isOpen(name) || n.follows(name) {
			continue // it is for another resource, or the other argument, to associate
		}
		target, stale := n.Ref(name), n.unset(name)
		n.afterInterfaces(func() {
			if stale && b.World() == planparse.After && n.isReassociated() {
				return // what the refresh found is the association's doing
			}
			if name == "instance" {
				target = primaryOf(b, target)
			}
			associate(b, target, addr)
		})
	}
}

// follows reports whether an argument only shows what the other one, which the
// configuration sets, led to before the plan.
func (n block) follows(name string) bool {
	other := map[string]string{"instance": "network_interface", "network_interface": "instance"}[name]
	return n.b.World() == planparse.After && n.Has(other) && n.unset(name) && !n.unset(other)
}

// primaryOf is the primary interface of the instance that r leads to.
func primaryOf(b *planparse.Builder, r netmodel.Ref) netmodel.Ref {
	return b.CanonicalRef(b.CanonicalRef(r).Map(primaryInterface))
}

// primaryInterface is how Terraform calls the primary interface of an instance.
func primaryInterface(instance netmodel.Address) netmodel.Address {
	return instance + ".primary_network_interface_id"
}

// associate gives the interface that i leads to an Elastic IP, invalid if it is
// not known. It must be called when all interfaces are there.
func associate(b *planparse.Builder, i netmodel.Ref, addr netip.Addr) {
	eachInterface(b, i, func(x *netmodel.Interface, doubt netmodel.Gap) {
		switch {
		case doubt.IsZero():
			x.Elastic = netmodel.Holds
			x.ElasticIP = addr
		case x.Elastic.IsFalse():
			x.Elastic = netmodel.Open(doubt)
		}
	})
}
