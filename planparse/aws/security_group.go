package aws

import (
	"fmt"

	"github.com/planreach/planreach/netmodel"
	"github.com/planreach/planreach/planparse"
)

var securityGroup = &planparse.ResourceType{
	Name:    "aws_security_group",
	Doc:     "stateful filter of the interfaces that carry it",
	Reads:   []string{"egress", "ingress", "name", "vpc_id"},
	Ignores: []string{"arn", "description", "id", "name_prefix", "owner_id", "region", "revoke_rules_on_delete", "tags", "tags_all", "timeouts"},
	Accepts: map[string][]string{
		"vpc_id":                  acceptsVPC,
		"ingress.security_groups": acceptsGroup, "egress.security_groups": acceptsGroup,
		"ingress.prefix_list_ids": acceptsPrefixList, "egress.prefix_list_ids": acceptsPrefixList,
	},
	Sets: []string{
		"ingress", "ingress.security_groups", "egress", "egress.security_groups",
	},
	StaleBlocks: []string{"ingress", "egress"},
	Build:       buildSecurityGroup,
}

func buildSecurityGroup(r *planparse.Resource, b *planparse.Builder) {
	v := r.Block(b.World())
	g := &netmodel.Group{Address: r.Address, VPC: vpcOrDefault(r, b), Origin: v.Origin(""),
		Ingress: inlineGroup(r, b, v, "ingress"), Egress: inlineGroup(r, b, v, "egress")}
	b.SetInline(&g.Ingress, b.Inline(r, "ingress"), netmodel.ConflictSGRules, v.Origin("ingress"))
	b.SetInline(&g.Egress, b.Inline(r, "egress"), netmodel.ConflictSGRules, v.Origin("egress"))
	b.AddGroup(g)
	b.Check(func() {
		// TFB-1: the provider takes the egress rule away that AWS gives.
		if len(g.Egress.Rules) == 0 && len(g.Egress.Hidden) == 0 {
			g.Notes = append(g.Notes, netmodel.SGEgressRemoved)
		}
	})
}

// inlineGroup is the filter that the blocks of a group make.
func inlineGroup(r *planparse.Resource, b *planparse.Builder, v planparse.Block, name string) netmodel.Filter {
	f := netmodel.Filter{Default: netmodel.Deny, Stateful: true}
	blocks, more := inlineBlocks(r, b, v, name)
	for _, block := range blocks {
		f.Rules = append(f.Rules, inlineRules(r, b, block)...)
	}
	if !more.IsZero() {
		more.Code = netmodel.UnknownSecurityGroupRules
		f.Hidden = append(f.Hidden, more)
	}
	return f
}

func inlineRules(r *planparse.Resource, b *planparse.Builder, v planparse.Block) []netmodel.Rule {
	g := newGroupRules(b, trafficSpec{block: v, protocol: "protocol", from: "from_port", to: "to_port"})
	g.prefixes(v, "cidr_blocks", false)
	g.prefixes(v, "ipv6_cidr_blocks", true)
	g.objects(v, "prefix_list_ids", netmodel.PeerPrefixList)
	g.objects(v, "security_groups", netmodel.PeerGroup)
	g.self(v, netmodel.To(r.Address))
	return g.rules
}

func element(o netmodel.Origin, i int) netmodel.Origin {
	o.Path = fmt.Sprintf("%s[%d]", o.Path, i)
	return o
}
