package aws

import (
	"github.com/planreach/planreach/netmodel"
	"github.com/planreach/planreach/planparse"
)

var securityGroupVPCAssociation = &planparse.ResourceType{
	Name:    "aws_vpc_security_group_vpc_association",
	Doc:     "makes a security group usable in a further VPC",
	Reads:   []string{"security_group_id", "vpc_id"},
	Ignores: []string{"region", "state", "timeouts"},
	Accepts: map[string][]string{"security_group_id": acceptsGroup, "vpc_id": acceptsVPC},
	Build: func(r *planparse.Resource, b *planparse.Builder) {
		v := r.Block(b.World())
		b.ShareGroup(v.Ref("security_group_id"), v.Ref("vpc_id"))
	},
}

// checkGroupVPCs finds interfaces with a group that their VPC does not have
// (SG-29, TFC-10): the membership is then in doubt.
func checkGroupVPCs(b *planparse.Builder) {
	n := b.Network()
	subnets := map[netmodel.Address]*netmodel.Subnet{}
	for _, s := range n.Subnets {
		subnets[s.Address] = s
	}
	groups := map[netmodel.Address]*netmodel.Group{}
	for _, g := range n.Groups {
		groups[g.Address] = g
	}
	for _, x := range n.Interfaces {
		at, _ := x.Subnet.Exact()
		s := subnets[at]
		if s == nil {
			continue
		}
		vpc, ok := s.VPC.Exact()
		for i, l := range x.Groups.Links {
			a, exact := l.Exact()
			if !ok || !exact || groups[a] == nil {
				continue
			}
			home, known := groups[a].VPC.Exact()
			if !known || home == vpc || b.MayShareGroup(a, vpc) {
				continue
			}
			detail := string(a) + " belongs to " + string(home) + " and is not associated with " + string(vpc)
			b.Conflict(netmodel.Conflict{Code: netmodel.SGNotAssociatedWithVPC, Origin: x.Origin, Detail: detail,
				With: []netmodel.Origin{groups[a].Origin}})
			x.Groups.Links[i] = netmodel.OneOf(netmodel.Gap{Origin: x.Origin, Why: netmodel.UntilApply,
				Code: netmodel.SGNotAssociatedWithVPC, Detail: detail}, a, "")
		}
	}
}
