package aws

import (
	"github.com/planreach/planreach/planparse"
)

var networkInterfaceAttachment = &planparse.ResourceType{
	Name:    "aws_network_interface_attachment",
	Doc:     "makes an interface one of an instance's",
	Reads:   []string{"instance_id", "network_interface_id"},
	Ignores: []string{"attachment_id", "device_index", "id", "network_card_index", "region", "status"},
	Accepts: map[string][]string{"instance_id": acceptsInstance, "network_interface_id": acceptsInterface},
	Build: func(r *planparse.Resource, b *planparse.Builder) {
		n := newBlock(r, b)
		instance, i := n.Ref("instance_id"), n.Ref("network_interface_id")
		n.afterInterfaces(func() { attach(b, instance, i) })
	},
}
