package aws

import (
	"fmt"
	"slices"

	"github.com/planreach/planreach/netmodel"
	"github.com/planreach/planreach/planparse"
)

// associateEdge gives the gateways that g may lead to the route table that t
// leads to (GRT-1). doubt says why it may not be so. One gateway has at most one
// table; a second association is refused.
func associateEdge(b *planparse.Builder, g, t netmodel.Ref, o netmodel.Origin, doubt netmodel.Gap) {
	b.Later(func() {
		b.Later(func() { // when default VPCs have their gateways
			gateway := b.CanonicalRef(g)
			for _, x := range b.Network().InternetGateways {
				if gateway.MayBe(b.Canonical(x.Address)) {
					linkEdge(b, &x.Table, t, firstGap(gateway.Gap(), doubt), o, x.Address)
				}
			}
			for _, x := range b.Network().VPNGateways {
				if gateway.MayBe(b.Canonical(x.Address)) {
					linkEdge(b, &x.Table, t, firstGap(gateway.Gap(), doubt), o, x.Address)
				}
			}
			b.Check(func() { checkEdge(b, t, o) }) // behind what is propagated
		})
	})
}

func firstGap(gaps ...netmodel.Gap) netmodel.Gap {
	for _, g := range gaps {
		if !g.IsZero() {
			return g
		}
	}
	return netmodel.Gap{}
}

// linkEdge sets the table of one gateway.
func linkEdge(b *planparse.Builder, of *netmodel.Ref, t netmodel.Ref, doubt netmodel.Gap, o netmodel.Origin, gateway netmodel.Address) {
	if !of.IsNone() && doubt.IsZero() && of.String() != t.String() {
		c := netmodel.Conflict{Code: netmodel.InvalidConfiguration, Origin: o, Detail: string(gateway) + " has a route table already"}
		b.Conflict(c)
		doubt = conflictGap(c)
	}
	if doubt.IsZero() {
		*of = t
		return
	}
	linkEither(of, t, doubt)
}

// linkEither makes a link lead where it does, or to t.
func linkEither(of *netmodel.Ref, t netmodel.Ref, doubt netmodel.Gap) {
	has, closed := of.Among()
	may, also := t.Among()
	among := append(slices.Clone(has), may...)
	if closed && also {
		*of = netmodel.OneOf(doubt, among...)
	} else {
		*of = netmodel.Unsettled(doubt, among...)
	}
}

// checkEdge finds what AWS refuses in the route table of a gateway: a main
// table, destinations beside the ranges of the VPC and its subnets, targets
// other than local, interfaces and Gateway Load Balancer endpoints, and
// propagation (RT-5, GRT-2, GRT-4, GRT-5).
func checkEdge(b *planparse.Builder, t netmodel.Ref, o netmodel.Origin) {
	a, ok := b.CanonicalRef(t).Exact()
	if !ok {
		return
	}
	refuse := func(what string, with ...netmodel.Origin) {
		b.Conflict(netmodel.Conflict{Code: netmodel.InvalidConfiguration, Origin: o, With: with,
			Detail: fmt.Sprintf("%s cannot be the route table of a gateway: %s", a, what)})
	}
	for _, v := range b.Network().VPCs {
		if main, ok := v.MainTable.Exact(); ok && main == a {
			refuse("it is the main table of " + string(v.Address))
		}
	}
	for _, x := range b.Network().RouteTables {
		if x.Address != a {
			continue
		}
		vpc, _ := x.VPC.Exact()
		for i := range x.Routes {
			r := &x.Routes[i]
			switch d := r.Destination; {
			case r.Rank == netmodel.PropagatedRoute:
				refuse("routes are propagated into it", r.Origin)
			case d.Kind == netmodel.PeerPrefixList:
				refuse("it has a route to a prefix list", r.Origin)
			case d.Kind == netmodel.PeerPrefix && r.Doubt.IsZero() && !isWholeVPC(b, d, vpc) && !mayBeSubnet(b, d.Prefix, vpc):
				refuse(fmt.Sprintf("the route to %s is not to the range of the VPC or of a subnet", shown(d)), r.Origin)
			case isGateway(b, r.Target):
				refuse(fmt.Sprintf("the route to %s leads to neither an interface nor a Gateway Load Balancer endpoint", shown(d)), r.Origin)
			}
		}
		for _, g := range x.Hidden {
			if g.Code == netmodel.UnknownPropagatedRoutes {
				refuse("routes are propagated into it", g.Origin)
			}
		}
	}
}

// isGateway reports whether a link certainly leads to what no gateway table may
// lead to.
func isGateway(b *planparse.Builder, r netmodel.Ref) bool {
	a, ok := r.Exact()
	if !ok {
		return false
	}
	is := func(x netmodel.Address) bool { return x == a }
	n := b.Network()
	return slices.ContainsFunc(n.InternetGateways, func(x *netmodel.InternetGateway) bool { return is(x.Address) }) ||
		slices.ContainsFunc(n.VPNGateways, func(x *netmodel.VPNGateway) bool { return is(x.Address) }) ||
		slices.ContainsFunc(n.EgressGateways, func(x *netmodel.EgressOnlyGateway) bool { return is(x.Address) }) ||
		slices.ContainsFunc(n.NATGateways, func(x *netmodel.NATGateway) bool { return is(x.Address) }) ||
		slices.ContainsFunc(n.Peerings, func(x *netmodel.Peering) bool { return is(x.Address) }) ||
		slices.ContainsFunc(n.TransitGateways, func(x *netmodel.TransitGateway) bool { return is(x.Address) })
}

// isWholeVPC reports whether p may be a range of the VPC.
func isWholeVPC(b *planparse.Builder, p netmodel.Peer, vpc netmodel.Address) bool {
	v := b.VPC(vpc)
	if v == nil || !v.Open4.IsZero() && p.Prefix.Addr().Is4() || !v.Open6.IsZero() && p.Prefix.Addr().Is6() {
		return true
	}
	return slices.Contains(append(slices.Clone(v.IPv4), v.IPv6...), p.Prefix)
}
