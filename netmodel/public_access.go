package netmodel

import "slices"

// A PublicAccessBlock is what one account and Region says of traffic with the
// internet (BPA-1). Where there is none it is taken to be off (BPA-10).
type PublicAccessBlock struct {
	Address Address
	// On: internet gateways carry nothing but the traffic of NAT gateways, and
	// what left by egress-only gateways (BPA-3). All: not even that (BPA-2); no
	// matter unless On holds.
	On, All Truth
	// VPCs are those of its account and Region, MayBe those of which that is not
	// known.
	VPCs, MayBe []Address
	Origin      Origin
}

// A PublicAccessExclusion exempts a VPC or a subnet (BPA-4).
type PublicAccessExclusion struct {
	Address Address
	// VPC or Subnet is what it exempts; no link for the other.
	VPC, Subnet Ref
	// BothWays: from all that is blocked; else from what keeps NAT gateways and
	// egress-only gateways from the internet.
	BothWays Truth
	Origin   Origin
}

// Covers reports whether b speaks of a VPC: it does, it does not, or that is
// open.
func (b *PublicAccessBlock) Covers(vpc Address) Truth {
	switch {
	case slices.Contains(b.VPCs, vpc):
		return Holds
	case vpc == "" || slices.Contains(b.MayBe, vpc):
		return Open(Gap{Origin: b.Origin, Why: OutsidePlan, Code: UnknownBPAMode,
			Detail: "the account and Region of " + string(vpc) + " are not known"})
	}
	return Fails
}

func (d *dumper) publicAccess(n *Network) {
	for _, x := range n.PublicAccess {
		d.head("public access block", x.Address, x.Origin, nil)
		d.field("on", x.On, x.On.Gap())
		d.field("all", x.All, x.All.Gap())
		for _, a := range x.VPCs {
			d.field("vpc", a, Gap{})
		}
		for _, a := range x.MayBe {
			d.field("vpc perhaps", a, Gap{})
		}
	}
	for _, x := range n.PublicAccessExclusions {
		d.head("public access exclusion", x.Address, x.Origin, nil)
		if !x.VPC.IsNone() {
			d.field("vpc", x.VPC, x.VPC.Gap())
		}
		if !x.Subnet.IsNone() {
			d.field("subnet", x.Subnet, x.Subnet.Gap())
		}
		d.field("both ways", x.BothWays, x.BothWays.Gap())
	}
}
