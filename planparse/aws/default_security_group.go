package aws

import (
	"github.com/planreach/planreach/netmodel"
	"github.com/planreach/planreach/planparse"
)

var defaultSecurityGroup = &planparse.ResourceType{
	Name:        "aws_default_security_group",
	Doc:         "takes over the default group of a VPC and empties it",
	Reads:       []string{"egress", "ingress", "vpc_id"},
	Ignores:     append([]string{"name"}, securityGroup.Ignores...),
	Accepts:     securityGroup.Accepts,
	Sets:        securityGroup.Sets,
	StaleBlocks: securityGroup.StaleBlocks,
	Build:       buildDefaultSecurityGroup,
}

// buildDefaultSecurityGroup keeps the rules that the configuration sets only:
// all others are removed on adoption (TFB-6). Without a vpc_id the default VPC's
// group is meant.
func buildDefaultSecurityGroup(r *planparse.Resource, b *planparse.Builder) {
	v := r.Block(b.World())
	g := &netmodel.Group{Address: r.Address, VPC: vpcOrDefault(r, b), Origin: v.Origin("")}
	g.Ingress = inlineGroup(r, b, v, "ingress")
	g.Egress = inlineGroup(r, b, v, "egress")
	b.SetInline(&g.Ingress, b.Inline(r, "ingress"), netmodel.ConflictSGRules, v.Origin("ingress"))
	b.SetInline(&g.Egress, b.Inline(r, "egress"), netmodel.ConflictSGRules, v.Origin("egress"))
	b.AddGroup(g)
	b.AdoptDefaultGroup(r.Address, g.VPC, "default_security_group_id")
	b.Check(func() {
		if len(g.Ingress.Rules)+len(g.Egress.Rules)+len(g.Ingress.Hidden)+len(g.Egress.Hidden) == 0 {
			g.Notes = append(g.Notes, netmodel.SGDefaultGroupEmptied)
		}
	})
}
