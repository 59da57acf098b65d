package aws

import (
	"github.com/planreach/planreach/netmodel"
	"github.com/planreach/planreach/planparse"
)

var (
	vpcSecurityGroupIngressRule = vpcSecurityGroupRule(netmodel.Ingress)
	vpcSecurityGroupEgressRule  = vpcSecurityGroupRule(netmodel.Egress)
)

// vpcSecurityGroupRule is a single rule of one far end (TFB-5).
func vpcSecurityGroupRule(d netmodel.Direction) *planparse.ResourceType {
	return &planparse.ResourceType{
		Name: "aws_vpc_security_group_" + d.String() + "_rule",
		Doc:  "one " + d.String() + " rule of a security group",
		Reads: []string{"security_group_id", "ip_protocol", "from_port", "to_port",
			"cidr_ipv4", "cidr_ipv6", "prefix_list_id", "referenced_security_group_id"},
		Ignores:    []string{"arn", "description", "id", "region", "security_group_rule_id", "tags", "tags_all"},
		Identities: []string{"security_group_rule_id"},
		Aliases:    map[string]string{"security_group_rule_id": "id"},
		Accepts: map[string][]string{
			"security_group_id": acceptsGroup, "referenced_security_group_id": acceptsGroup, "prefix_list_id": acceptsPrefixList,
		},
		Build: func(r *planparse.Resource, b *planparse.Builder) {
			v := r.Block(b.World())
			for _, rule := range singleRule(v, b) {
				b.AddGroupRule(v.Ref("security_group_id"), d, rule)
			}
		},
	}
}

// singleRule is the rule that v describes.
func singleRule(v planparse.Block, b *planparse.Builder) []netmodel.Rule {
	g := newGroupRules(b, trafficSpec{block: v, protocol: "ip_protocol", from: "from_port", to: "to_port"})
	g.prefix(v, "cidr_ipv4", false)
	g.prefix(v, "cidr_ipv6", true)
	g.object(v, "prefix_list_id", netmodel.PeerPrefixList)
	g.object(v, "referenced_security_group_id", netmodel.PeerGroup)
	return g.rules
}
