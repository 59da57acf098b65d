package aws

import (
	"fmt"
	"net/netip"

	"github.com/planreach/planreach/headerspace"
	"github.com/planreach/planreach/netmodel"
	"github.com/planreach/planreach/planparse"
)

// findConflicts looks for contradictions between resources, once everything is
// linked.
func findConflicts(b *planparse.Builder) {
	for _, t := range b.Network().RouteTables {
		duplicateRoutes(b, t.Address, t.Routes)
		insideLocal(b, t)
		deadTargets(b, t.Routes)
	}
	for _, t := range b.Network().TransitTables {
		duplicateRoutes(b, t.Address, t.Routes)
		deadTargets(b, t.Routes)
	}
	for _, a := range b.Network().ACLs {
		duplicateNumbers(b, a, netmodel.Ingress)
		duplicateNumbers(b, a, netmodel.Egress)
	}
	for _, g := range b.Network().Groups {
		stalePeers(b, g, netmodel.Ingress)
		stalePeers(b, g, netmodel.Egress)
	}
	checkGroupVPCs(b)
}

// stalePeers takes the traffic from rules whose far end is a group that the plan
// takes away (SG-20).
func stalePeers(b *planparse.Builder, g *netmodel.Group, d netmodel.Direction) {
	rules := g.Filter(d).Rules
	for i := range rules {
		x := &rules[i]
		a, ok := x.Peer.Ref.Exact()
		if _, gone := b.Gone(a); ok && gone && x.Peer.Kind == netmodel.PeerGroup {
			x.Match, x.Gaps = headerspace.Exactly(headerspace.Traffic{}), nil
			x.Notes = append(x.Notes, netmodel.SGReferenceStale)
		}
	}
}

// duplicateRoutes finds routes of one table with the same destination (TFC-8).
// Propagated ones stand back for others and are no contradiction.
func duplicateRoutes(b *planparse.Builder, table netmodel.Address, routes []netmodel.Route) {
	first := map[string]int{}
	for i := range routes {
		x := &routes[i]
		if !isCertain(x.Destination) || !x.Doubt.IsZero() || x.Rank == netmodel.PropagatedRoute {
			continue
		}
		key := x.Destination.String()
		j, twice := first[key]
		if !twice {
			first[key] = i
			continue
		}
		y := &routes[j]
		c := netmodel.Conflict{Code: netmodel.ConflictDuplicateEntry, Origin: x.Origin, With: []netmodel.Origin{y.Origin},
			Detail: fmt.Sprintf("%s has two routes to %s", table, shown(x.Destination))}
		b.Conflict(c)
		if a, ok := x.Target.Exact(); ok {
			if z, ok := y.Target.Exact(); ok && a == z {
				continue
			}
		}
		x.Doubt, y.Doubt = conflictGap(c), conflictGap(c)
	}
}

func isCertain(p netmodel.Peer) bool {
	return p.Kind == netmodel.PeerPrefix || p.Kind == netmodel.PeerPrefixList && p.Ref.IsSettled()
}

// duplicateNumbers finds rules of one ACL with the same number (TFC-8).
func duplicateNumbers(b *planparse.Builder, a *netmodel.ACL, d netmodel.Direction) {
	rules := a.Filter(d).Rules
	first := map[int]int{}
	for i := range rules {
		x := &rules[i]
		if !x.Doubt.IsZero() {
			continue
		}
		j, twice := first[x.Number]
		if !twice {
			first[x.Number] = i
			continue
		}
		c := netmodel.Conflict{Code: netmodel.ConflictDuplicateEntry, Origin: x.Origin, With: []netmodel.Origin{rules[j].Origin},
			Detail: fmt.Sprintf("%s has two %s rules of number %d", a.Address, d, x.Number)}
		b.Conflict(c)
		x.Doubt, rules[j].Doubt = conflictGap(c), conflictGap(c)
	}
}

// insideLocal finds routes more specific than the local one that AWS refuses:
// their destination must be the whole of a subnet, and their target a NAT
// gateway, an interface or a Gateway Load Balancer endpoint (RT-8, TFC-9).
func insideLocal(b *planparse.Builder, t *netmodel.RouteTable) {
	a, _ := t.VPC.Exact()
	v := b.VPC(a)
	if v == nil {
		return
	}
	for i := range t.Routes {
		x := &t.Routes[i]
		if x.Destination.Kind != netmodel.PeerPrefix || !x.Doubt.IsZero() || !inside(x.Destination.Prefix, v) {
			continue
		}
		if mayBeSubnet(b, x.Destination.Prefix, a) {
			continue
		}
		c := netmodel.Conflict{Code: netmodel.InvalidConfiguration, Origin: x.Origin, With: []netmodel.Origin{v.Origin},
			Detail: fmt.Sprintf("the route to %s lies inside the range of %s and is not the range of a subnet", shown(x.Destination), v.Address)}
		b.Conflict(c)
		x.Doubt = conflictGap(c)
	}
}

// inside reports whether p lies in one of the VPC's ranges and is none of them.
func inside(p netip.Prefix, v *netmodel.VPC) bool {
	within := false
	for _, q := range append(append([]netip.Prefix{}, v.IPv4...), v.IPv6...) {
		if p == q {
			return false
		}
		within = within || q.Bits() < p.Bits() && q.Contains(p.Addr())
	}
	return within
}

// mayBeSubnet reports whether p may be the range of a subnet of the VPC. A
// subnet outside the plan cannot be ruled out in a VPC that exists already.
func mayBeSubnet(b *planparse.Builder, p netip.Prefix, vpc netmodel.Address) bool {
	if r := b.Resource(vpc); r == nil || r.Existing || b.Plan().Kind == "state" || b.World() == planparse.Before {
		return true
	}
	for _, s := range b.Network().Subnets {
		if !s.VPC.MayBe(vpc) {
			continue
		}
		if s.IPv4 == p || s.IPv6 == p || !s.IPv4.IsValid() && !s.HasIPv4.IsFalse() && p.Addr().Is4() ||
			!s.IPv6.IsValid() && !s.HasIPv6.IsFalse() && p.Addr().Is6() {
			return true
		}
	}
	return false
}

// deadTargets marks the routes whose target the plan takes away (RT-28).
func deadTargets(b *planparse.Builder, routes []netmodel.Route) {
	for i := range routes {
		x := &routes[i]
		a, ok := x.Target.Exact()
		if !ok {
			continue
		}
		if _, gone := b.Gone(a); gone {
			x.Blackhole = netmodel.Holds
		}
		for _, g := range b.Network().InternetGateways {
			if g.Address == a && g.VPC.IsNone() {
				x.Blackhole = netmodel.Holds
			}
		}
	}
}

func conflictGap(c netmodel.Conflict) netmodel.Gap {
	return netmodel.Gap{Origin: c.Origin, Why: netmodel.UntilApply, Code: c.Code, Detail: c.Detail}
}

// shown is a destination fit to print.
func shown(p netmodel.Peer) string {
	if p.Sensitive {
		return "(sensitive)"
	}
	return p.String()
}
