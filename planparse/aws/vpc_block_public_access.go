package aws

import (
	"slices"

	"github.com/planreach/planreach/netmodel"
	"github.com/planreach/planreach/planparse"
)

var vpcBlockPublicAccessOptions = &planparse.ResourceType{
	Name:    "aws_vpc_block_public_access_options",
	Doc:     "keeps an account and Region from the internet",
	Reads:   []string{"internet_gateway_block_mode"},
	Ignores: []string{"aws_account_id", "aws_region", "id", "region", "timeouts"},
	Build: func(r *planparse.Resource, b *planparse.Builder) {
		v := r.Block(b.World())
		x := &netmodel.PublicAccessBlock{Address: r.Address, Origin: v.Origin("internet_gateway_block_mode")}
		x.On, x.All = blockMode(v.String("internet_gateway_block_mode"), "off", "block-bidirectional")
		b.AddPublicAccessBlock(x)
		b.Check(func() { placeBlock(r, b, x) })
	},
}

// blockMode is whether a mode is another than none, and whether it is all.
func blockMode(mode planparse.Known[string], none, all string) (on, whole netmodel.Truth) {
	m, ok := mode.Get()
	if !ok {
		g := mode.Gap()
		g.Code = netmodel.UnknownBPAMode
		return netmodel.Open(g), netmodel.Open(g)
	}
	return netmodel.Certain(m != none), netmodel.Certain(m == all)
}

// placeBlock finds the VPCs of the account and Region of r (BPA-1).
func placeBlock(r *planparse.Resource, b *planparse.Builder, x *netmodel.PublicAccessBlock) {
	here := placeOf(r, b)
	for _, v := range b.Network().VPCs {
		of := b.Resource(v.Address)
		if of == nil {
			of = b.Resource(v.Origin.Address) // a default VPC is where the resource is that uses it
		}
		switch {
		case of == nil:
			x.MayBe = append(x.MayBe, v.Address)
		case placeOf(of, b).isSame(here):
			x.VPCs = append(x.VPCs, v.Address)
		case placeOf(of, b).mayBe(here):
			x.MayBe = append(x.MayBe, v.Address)
		}
	}
}

// addAssumedBlocks adds what the user assumes of Block Public Access in VPCs for
// which the plan says nothing (BPA-10). It must be called when everything is
// linked.
func addAssumedBlocks(b *planparse.Builder) {
	known := slices.Clone(b.Network().PublicAccess)
	for _, v := range b.Network().VPCs {
		mode, ok := assumedOf(b, v.Address).String("block_public_access").Get()
		if !ok || slices.ContainsFunc(known, func(x *netmodel.PublicAccessBlock) bool { return x.Covers(v.Address).IsTrue() }) {
			continue
		}
		o := netmodel.Origin{Address: v.Address, Path: "block_public_access"}
		x := &netmodel.PublicAccessBlock{Address: v.Address + ".block_public_access", VPCs: []netmodel.Address{v.Address}, Origin: o}
		switch mode {
		case "off", "block-ingress", "block-bidirectional":
			x.On, x.All = netmodel.Certain(mode != "off"), netmodel.Certain(mode == "block-bidirectional")
		default:
			g := netmodel.Gap{Origin: o, Why: netmodel.OutsidePlan, Code: netmodel.UnknownBPAMode, Detail: "an assumption says that it is not known"}
			x.On, x.All = netmodel.Open(g), netmodel.Open(g)
		}
		b.AddPublicAccessBlock(x)
	}
}

var vpcBlockPublicAccessExclusion = &planparse.ResourceType{
	Name:    "aws_vpc_block_public_access_exclusion",
	Doc:     "exempts a VPC or subnet from what keeps its account and Region from the internet",
	Reads:   []string{"internet_gateway_exclusion_mode", "subnet_id", "vpc_id"},
	Ignores: []string{"id", "region", "resource_arn", "tags", "tags_all", "timeouts"},
	Accepts: map[string][]string{"subnet_id": acceptsSubnet, "vpc_id": acceptsVPC},
	Build: func(r *planparse.Resource, b *planparse.Builder) {
		v := r.Block(b.World())
		x := &netmodel.PublicAccessExclusion{Address: r.Address, VPC: v.Ref("vpc_id"), Subnet: v.Ref("subnet_id"), Origin: v.Origin("")}
		x.BothWays, _ = blockMode(v.String("internet_gateway_exclusion_mode"), "allow-egress", "")
		b.AddPublicAccessExclusion(x)
	},
}
