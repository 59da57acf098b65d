package aws

import (
	"github.com/planreach/planreach/netmodel"
	"github.com/planreach/planreach/planparse"
)

var securityGroupRulesExclusive = &planparse.ResourceType{
	Name:    "aws_vpc_security_group_rules_exclusive",
	Doc:     "removes every rule of a security group that it does not list",
	Reads:   []string{"egress_rule_ids", "ingress_rule_ids", "security_group_id"},
	Ignores: []string{"region"},
	Accepts: map[string][]string{
		"security_group_id": acceptsGroup,
		"ingress_rule_ids":  {"aws_vpc_security_group_ingress_rule"},
		"egress_rule_ids":   {"aws_vpc_security_group_egress_rule"},
	},
	Sets: []string{"egress_rule_ids", "ingress_rule_ids"},
	Build: func(r *planparse.Resource, b *planparse.Builder) {
		b.Check(func() {
			group := b.CanonicalRef(r.Block(b.World()).Ref("security_group_id"))
			for _, g := range b.Network().Groups {
				if group.MayBe(g.Address) {
					exclude(r, b, g, group.Gap())
				}
			}
		})
	},
}

// exclude puts the rules of g that r does not list in doubt: applying r removes
// them, and a rule that is applied after r stays until the next time (TFB-12,
// TFC-5). open is why r may not concern g.
func exclude(r *planparse.Resource, b *planparse.Builder, g *netmodel.Group, open netmodel.Gap) {
	v := r.Block(b.World())
	for d, name := range map[netmodel.Direction]string{netmodel.Ingress: "ingress_rule_ids", netmodel.Egress: "egress_rule_ids"} {
		listed := v.Refs(name)
		rules := g.Filter(d).Rules
		for i := range rules {
			certain, possible := listing(b, listed, rules[i].Origin.Address)
			if certain || !rules[i].Doubt.IsZero() {
				continue
			}
			gap := netmodel.Gap{Origin: v.Origin(name), Why: netmodel.UntilApply, Code: netmodel.ConflictNotInExclusiveSet,
				Detail: string(r.Address) + " does not list this rule, and removes it"}
			switch {
			case possible:
				gap.Code = netmodel.UnknownReference
				gap.Detail = string(r.Address) + " may not list this rule"
			case open.IsZero():
				b.Conflict(netmodel.Conflict{Code: gap.Code, Origin: gap.Origin, Detail: gap.Detail, With: []netmodel.Origin{rules[i].Origin}})
			default:
				gap = open
			}
			rules[i].Doubt = gap
		}
	}
}

// listing says whether the rule resource at a is in the list, for certain or
// possibly.
func listing(b *planparse.Builder, listed netmodel.Refs, a netmodel.Address) (certain, possible bool) {
	possible = !listed.More.IsZero()
	for _, l := range listed.Links {
		l = b.CanonicalRef(l)
		if x, ok := l.Exact(); ok && x == b.Canonical(a) {
			return true, true
		}
		possible = possible || !l.IsSettled() && l.MayBe(a)
	}
	return false, possible
}
