package aws

import (
	"net/netip"
	"strings"

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
	e := addressOf(b, r)
	if e == nil {
		return netip.Addr{}
	}
	addr, _ := e.Block(b.World()).Addr("public_ip").Get()
	return addr
}

// addressOf is the Elastic IP that r leads to, by its id or its allocation_id;
// nil if the plan does not describe it.
func addressOf(b *planparse.Builder, r netmodel.Ref) *planparse.Resource {
	a, ok := b.CanonicalRef(r).Exact()
	if !ok {
		return nil
	}
	object := string(a)
	for strings.HasSuffix(object, ".allocation_id") {
		object = strings.TrimSuffix(object, ".allocation_id")
	}
	e := b.Resource(netmodel.Address(object))
	if e == nil || e.Type != "aws_eip" {
		return nil
	}
	return e
}

// isReassociated reports whether a resource of the plan associates the Elastic
// IP n: what the refresh has found is then the same, or about to change.
func (n block) isReassociated() bool {
	for _, r := range n.b.Plan().Resources {
		if r.TypeName() != eipAssociation.Name {
			continue
		}
		for _, w := range []planparse.World{planparse.Before, planparse.After} {
			if addressOf(n.b, r.Block(w).Ref("allocation_id")) == n.r {
				return true
			}
		}
	}
	return false
}
