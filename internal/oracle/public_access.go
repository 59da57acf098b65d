package oracle

import (
	"slices"

	"github.com/planreach/planreach/netmodel"
)

// publicAccess settles Block Public Access and its exclusions.
func (s *settling) publicAccess() bool {
	for _, x := range s.in.PublicAccess {
		b := *x
		b.On, b.All, b.MayBe = s.truth(b.On), s.truth(b.All), nil
		b.VPCs = slices.Clone(b.VPCs)
		for _, a := range x.MayBe {
			if s.pick(2) == 1 {
				b.VPCs = append(b.VPCs, a)
			}
		}
		s.out.PublicAccess = append(s.out.PublicAccess, &b)
	}
	for _, x := range s.in.PublicAccessExclusions {
		e := *x
		var ok, also bool
		e.VPC, ok = s.ref(e.VPC, s.vpcAddresses(Elsewhere+"vpc"), nil)
		e.Subnet, also = s.ref(e.Subnet, s.subnetAddresses(), nil)
		if !ok || !also {
			return false
		}
		e.BothWays = s.truth(e.BothWays)
		s.out.PublicAccessExclusions = append(s.out.PublicAccessExclusions, &e)
	}
	return true
}

// isShut reports whether Block Public Access keeps traffic with the internet
// from a node (BPA-2 to BPA-4). egressOnly: it goes by an egress-only gateway.
func (w *walker) isShut(at node, egressOnly bool) bool {
	gateway := at.nat != nil || egressOnly
	for _, b := range w.PublicAccess {
		if !slices.Contains(b.VPCs, at.vpc) || !b.On.IsTrue() || gateway && !b.All.IsTrue() {
			continue
		}
		exempt := slices.ContainsFunc(w.PublicAccessExclusions, func(x *netmodel.PublicAccessExclusion) bool {
			names := exact(x.VPC) == at.vpc || at.subnet != nil && exact(x.Subnet) == at.subnet.Address
			return names && (gateway || x.BothWays.IsTrue())
		})
		if !exempt {
			w.say("Block Public Access at %s", w.name(at))
			return true
		}
	}
	return false
}
