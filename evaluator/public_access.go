package evaluator

import "github.com/planreach/planreach/netmodel"

// shut reports whether Block Public Access keeps traffic with the internet from
// a place. byGateway: the traffic is that of a NAT gateway there, or goes by an
// egress-only internet gateway.
func (c *compiled) shut(w *world, at site, byGateway bool) tri {
	out := no
	for _, b := range c.net.PublicAccess {
		if covers := b.Covers(at.vpc); covers.IsFalse() || covers.IsOpen() && b.On.IsFalse() || !w.holds(b.Address, shutQuestion(at.vpc), covers) {
			continue
		}
		w.look(b.Address)
		if !w.holds(b.Address, "on", b.On) || byGateway && !w.holds(b.Address, "all", b.All) {
			continue
		}
		switch c.exempt(w, at, byGateway) {
		case no:
			return yes
		case maybe:
			out = maybe
		case yes:
		}
	}
	return out
}

func shutQuestion(vpc netmodel.Address) string { return "speaks of " + string(vpc) }

// exempt reports whether a place is excluded from Block Public Access (BPA-4).
func (c *compiled) exempt(w *world, at site, byGateway bool) tri {
	out := no
	for _, x := range c.net.PublicAccessExclusions {
		vpc, okV := w.follow(x.Address, "VPC", x.VPC)
		subnet, okS := w.follow(x.Address, "subnet", x.Subnet)
		here := no
		switch {
		case !okV, !okS, subnet != "" && at.subnet == nil:
			here = maybe
		case vpc != "" && vpc == at.vpc, subnet != "" && subnet == at.subnet.Address:
			here = yes
		}
		if here != no && !byGateway && !w.holds(x.Address, "both ways", x.BothWays) {
			continue
		}
		out = max(out, here)
	}
	return out
}

// ajar is what Block Public Access lets pass at a place.
func (c *compiled) ajar(w *world, at site, byGateway bool) passage {
	switch c.shut(w, at, byGateway) {
	case yes:
		return blocked
	case maybe:
		return open
	case no:
	}
	return free
}

// isUnblocked reports whether no block of the plan speaks of the VPC of a
// gateway, so that there being none is taken for granted (BPA-10).
func (c *compiled) isUnblocked(gateway netmodel.Address) bool {
	vpc := netmodel.NoLink()
	if gw := c.net.InternetGateway(gateway); gw != nil {
		vpc = gw.VPC
	}
	if gw := c.net.EgressOnlyGateway(gateway); gw != nil {
		vpc = gw.VPC
	}
	a, _ := vpc.Exact()
	for _, b := range c.net.PublicAccess {
		if b.Covers(a).IsTrue() {
			return false
		}
	}
	return true
}
