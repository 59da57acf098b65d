package aws

import (
	"github.com/planreach/planreach/netmodel"
	"github.com/planreach/planreach/planparse"
)

var defaultNetworkACL = &planparse.ResourceType{
	Name:    "aws_default_network_acl",
	Doc:     "takes over the default ACL of a VPC and empties it",
	Reads:   []string{"default_network_acl_id", "egress", "ingress", "subnet_ids", "vpc_id"},
	Ignores: []string{"arn", "id", "owner_id", "region", "tags", "tags_all"},
	Accepts: map[string][]string{"default_network_acl_id": acceptsACL, "subnet_ids": acceptsSubnet},
	Sets:    []string{"egress", "ingress", "subnet_ids"},
	Build:   buildDefaultNetworkACL,
}

// buildDefaultNetworkACL keeps the rules that the configuration sets only: all
// others, rule 100 included, are deleted on adoption (TFB-7).
func buildDefaultNetworkACL(r *planparse.Resource, b *planparse.Builder) {
	v := r.Block(b.World())
	adopted := v.Ref("default_network_acl_id")
	a := &netmodel.ACL{Address: r.Address, Origin: v.Origin(""),
		Ingress: inlineACL(r, b, v, "ingress"), Egress: inlineACL(r, b, v, "egress"), VPC: v.Ref("vpc_id")}
	// Both are Optional only: what is not set is demanded to be empty.
	b.SetInline(&a.Ingress, configuredUnlessObserved(r, b), netmodel.ConflictACLRules, v.Origin("ingress"))
	b.SetInline(&a.Egress, configuredUnlessObserved(r, b), netmodel.ConflictACLRules, v.Origin("egress"))
	b.AddACL(a)
	b.AdoptACL(r.Address, adopted)
	associateSubnets(r, b)
	b.Check(func() {
		if len(a.Ingress.Rules)+len(a.Egress.Rules)+len(a.Ingress.Hidden)+len(a.Egress.Hidden) == 0 {
			a.Notes = append(a.Notes, netmodel.ACLDefaultEmptied)
		}
	})
}

func configuredUnlessObserved(r *planparse.Resource, b *planparse.Builder) planparse.Inline {
	if k := b.Inline(r, ""); k == planparse.InlineObserved {
		return k
	}
	return planparse.InlineConfigured
}
