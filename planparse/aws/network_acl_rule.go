package aws

import (
	"github.com/planreach/planreach/netmodel"
	"github.com/planreach/planreach/planparse"
)

var networkACLRule = &planparse.ResourceType{
	Name: "aws_network_acl_rule",
	Doc:  "one rule of a network ACL",
	Reads: []string{"cidr_block", "egress", "from_port", "icmp_code", "icmp_type", "ipv6_cidr_block", "network_acl_id",
		"protocol", "rule_action", "rule_number", "to_port"},
	Ignores: []string{"id", "region"},
	Accepts: map[string][]string{"network_acl_id": acceptsACL},
	Build:   buildNetworkACLRule,
}

func buildNetworkACLRule(r *planparse.Resource, b *planparse.Builder) {
	v := r.Block(b.World())
	acl, egress := v.Ref("network_acl_id"), v.Truth("egress", false)
	rules, hidden := aclEntry{block: v, number: "rule_number", action: "rule_action", portsFrom0: true}.rules(b)
	var directions []netmodel.Direction
	if !egress.IsTrue() {
		directions = append(directions, netmodel.Ingress)
	}
	if !egress.IsFalse() {
		directions = append(directions, netmodel.Egress)
	}
	for _, d := range directions {
		for _, rule := range rules {
			rule.Doubt = egress.Gap()
			b.AddACLRule(acl, d, rule)
		}
		for _, g := range hidden {
			b.HideACLRule(acl, d, g)
		}
	}
}
