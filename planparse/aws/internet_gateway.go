package aws

import (
	"github.com/planreach/planreach/netmodel"
	"github.com/planreach/planreach/planparse"
)

var internetGateway = &planparse.ResourceType{
	Name:    "aws_internet_gateway",
	Doc:     "connects a VPC with the internet",
	Reads:   []string{"vpc_id"},
	Ignores: []string{"arn", "id", "owner_id", "region", "tags", "tags_all", "timeouts"},
	Accepts: map[string][]string{"vpc_id": acceptsVPC},
	Build: func(r *planparse.Resource, b *planparse.Builder) {
		v := r.Block(b.World())
		x := &netmodel.InternetGateway{Address: r.Address, VPC: v.Ref("vpc_id"), Table: netmodel.NoLink(), Origin: v.Origin("")}
		if isUnset(r, b, "vpc_id") {
			x.VPC = netmodel.NoLink() // detached, unless an attachment says otherwise
		}
		if b.Inline(r, "vpc_id") != planparse.InlineConfigured && !isConfigured(r, b, "vpc_id") {
			b.ShowAttachment(x)
		}
		b.AddInternetGateway(x)
	},
}

var internetGatewayAttachment = &planparse.ResourceType{
	Name:    "aws_internet_gateway_attachment",
	Doc:     "attaches an internet gateway to a VPC",
	Reads:   []string{"internet_gateway_id", "vpc_id"},
	Ignores: []string{"id", "region", "timeouts"},
	Accepts: map[string][]string{
		"internet_gateway_id": {"aws_internet_gateway", "data.aws_internet_gateway"}, "vpc_id": acceptsVPC,
	},
	Build: func(r *planparse.Resource, b *planparse.Builder) {
		v := r.Block(b.World())
		b.AttachInternetGateway(v.Ref("internet_gateway_id"), v.Ref("vpc_id"), v.Origin(""))
	},
}
