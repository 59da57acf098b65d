package randnet

import "github.com/planreach/planreach/netmodel"

// publicAccess drafts Block Public Access, seldom, with an exclusion.
func (d *draft) publicAccess(sites []*site) {
	if !d.maybe(20) {
		return
	}
	a := netmodel.Address("aws_vpc_block_public_access_options.b")
	b := &netmodel.PublicAccessBlock{Address: a, On: netmodel.Certain(d.maybe(90)), All: netmodel.Certain(d.maybe(50)), Origin: origin(a, "")}
	for _, s := range sites {
		if d.maybe(85) {
			b.VPCs = append(b.VPCs, s.vpc.Address)
		}
	}
	d.net.PublicAccess = append(d.net.PublicAccess, b)
	d.part(func() { b.On = netmodel.Fails })
	d.fact(func() { b.On = netmodel.Open(gap(a, "internet_gateway_block_mode")) })
	d.fact(func() { b.All = netmodel.Open(gap(a, "internet_gateway_block_mode")) })
	d.fact(func() { b.VPCs, b.MayBe = nil, b.VPCs })
	if d.maybe(70) {
		d.exclusion(one(d, sites))
	}
}

func (d *draft) exclusion(s *site) {
	a := netmodel.Address("aws_vpc_block_public_access_exclusion.b")
	x := &netmodel.PublicAccessExclusion{Address: a, VPC: netmodel.To(s.vpc.Address), Subnet: netmodel.NoLink(),
		BothWays: netmodel.Certain(d.maybe(60)), Origin: origin(a, "")}
	if d.maybe(60) {
		x.VPC, x.Subnet = netmodel.NoLink(), netmodel.To(one(d, s.subnets).Address)
		d.fact(func() { x.Subnet = netmodel.OneOf(gap(a, "subnet_id"), subnetNames(s)...) })
		d.fact(func() { x.Subnet = netmodel.Unsettled(gap(a, "subnet_id")) })
	} else {
		d.fact(func() { x.VPC = netmodel.Unsettled(gap(a, "vpc_id")) })
	}
	d.net.PublicAccessExclusions = append(d.net.PublicAccessExclusions, x)
	d.fact(func() { x.BothWays = netmodel.Open(gap(a, "internet_gateway_exclusion_mode")) })
}
