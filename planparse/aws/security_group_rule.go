package aws

import (
	"github.com/planreach/planreach/netmodel"
	"github.com/planreach/planreach/planparse"
)

var securityGroupRule = &planparse.ResourceType{
	Name: "aws_security_group_rule",
	Doc:  "rules of a security group that differ in their far end only",
	Reads: []string{"type", "security_group_id", "protocol", "from_port", "to_port",
		"cidr_blocks", "ipv6_cidr_blocks", "prefix_list_ids", "self", "source_security_group_id"},
	Ignores: []string{"description", "id", "region", "security_group_rule_id", "timeouts"},
	Accepts: map[string][]string{
		"security_group_id": acceptsGroup, "source_security_group_id": acceptsGroup, "prefix_list_ids": acceptsPrefixList,
	},
	Build: buildSecurityGroupRule,
}

// buildSecurityGroupRule adds one rule for each far end (TFB-4).
func buildSecurityGroupRule(r *planparse.Resource, b *planparse.Builder) {
	v := r.Block(b.World())
	g := newGroupRules(b, trafficSpec{block: v, protocol: "protocol", from: "from_port", to: "to_port"})
	group := v.Ref("security_group_id")
	g.prefixes(v, "cidr_blocks", false)
	g.prefixes(v, "ipv6_cidr_blocks", true)
	g.objects(v, "prefix_list_ids", netmodel.PeerPrefixList)
	g.self(v, group)
	if !v.Truth("self", false).IsTrue() && !isUnset(r, b, "source_security_group_id") {
		// With self the provider shows the group's own id here.
		g.object(v, "source_security_group_id", netmodel.PeerGroup)
	}
	direction := v.String("type")
	for _, rule := range g.rules {
		switch d, ok := direction.Get(); {
		case ok && d == "ingress":
			b.AddGroupRule(group, netmodel.Ingress, rule)
		case ok:
			b.AddGroupRule(group, netmodel.Egress, rule)
		default:
			rule.Doubt = direction.Gap()
			b.AddGroupRule(group, netmodel.Ingress, rule)
			b.AddGroupRule(group, netmodel.Egress, rule)
		}
	}
}
