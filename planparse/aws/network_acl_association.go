package aws

import (
	"github.com/planreach/planreach/planparse"
)

var networkACLAssociation = &planparse.ResourceType{
	Name:    "aws_network_acl_association",
	Doc:     "gives a subnet its network ACL",
	Reads:   []string{"network_acl_id", "subnet_id"},
	Ignores: []string{"id", "region"},
	Accepts: map[string][]string{"network_acl_id": acceptsACL, "subnet_id": acceptsSubnet},
	Build: func(r *planparse.Resource, b *planparse.Builder) {
		v := r.Block(b.World())
		b.AssociateACL(v.Ref("subnet_id"), v.Ref("network_acl_id"), v.Origin(""))
	},
}
