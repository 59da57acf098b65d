package aws

import (
	"github.com/planreach/planreach/netmodel"
	"github.com/planreach/planreach/planparse"
)

var networkInterfaceSGAttachment = &planparse.ResourceType{
	Name:    "aws_network_interface_sg_attachment",
	Doc:     "adds a group to an interface",
	Reads:   []string{"network_interface_id", "security_group_id"},
	Ignores: []string{"id", "region", "timeouts"},
	Accepts: map[string][]string{"network_interface_id": acceptsInterface, "security_group_id": acceptsGroup},
	Build: func(r *planparse.Resource, b *planparse.Builder) {
		n := newBlock(r, b)
		i, group := n.Ref("network_interface_id"), n.Ref("security_group_id")
		n.afterInterfaces(func() {
			eachInterface(b, i, func(x *netmodel.Interface, doubt netmodel.Gap) {
				switch a, ok := b.CanonicalRef(group).Exact(); {
				case doubt.IsZero():
					addGroup(b, x, group)
				case ok:
					addGroup(b, x, netmodel.OneOf(doubt, a, ""))
				default:
					x.Groups.More = doubt
				}
			})
		})
	},
}

func addGroup(b *planparse.Builder, x *netmodel.Interface, group netmodel.Ref) {
	group = b.CanonicalRef(group)
	for _, has := range x.Groups.Links {
		if group.IsSettled() && b.CanonicalRef(has).String() == group.String() {
			return
		}
	}
	x.Groups.Links = append(x.Groups.Links, group)
}
