package oracle

import (
	"net/netip"
	"slices"

	"github.com/planreach/planreach/netmodel"
)

// connections settles peerings, transit gateways and their attachments.
func (s *settling) connections() bool {
	for _, x := range s.in.Peerings {
		c := *x
		var ok1, ok2 bool
		c.Requester, ok1 = s.ref(c.Requester, s.vpcAddresses(Elsewhere+"vpc"), nil)
		c.Accepter, ok2 = s.ref(c.Accepter, s.vpcAddresses(Elsewhere+"vpc"), func(a netmodel.Address) bool {
			return s.peerable(exact(c.Requester), a)
		})
		if !ok1 || !ok2 {
			return false
		}
		c.Active, c.SameRegion = s.truth(c.Active), s.truth(c.SameRegion)
		s.out.Peerings = append(s.out.Peerings, &c)
	}
	for _, x := range s.in.TransitGateways {
		g := *x
		g.Referencing = s.truth(g.Referencing)
		s.out.TransitGateways = append(s.out.TransitGateways, &g)
	}
	gateways := addresses(s.in.TransitGateways, func(g *netmodel.TransitGateway) netmodel.Address { return g.Address })
	for _, x := range s.in.TransitTables {
		t, ok := *x, false
		if t.Gateway, ok = s.ref(t.Gateway, append(gateways, Elsewhere+"transit"), nil); !ok {
			return false
		}
		s.out.TransitTables = append(s.out.TransitTables, &t)
	}
	for _, x := range s.in.Attachments {
		a, ok := *x, false
		if a.Gateway, ok = s.ref(a.Gateway, append(gateways, Elsewhere+"transit"), nil); !ok {
			return false
		}
		s.out.Attachments = append(s.out.Attachments, &a)
		if !s.attach(&a) {
			return false
		}
	}
	return true
}

// peerable reports whether AWS would peer the two VPCs: two, with no address in
// common (PCX-7).
func (s *settling) peerable(a, b netmodel.Address) bool {
	v, u := s.vpc(a), s.vpc(b)
	if v == nil || u == nil {
		return true
	}
	for _, p := range slices.Concat(v.IPv4, v.IPv6) {
		for _, q := range slices.Concat(u.IPv4, u.IPv6) {
			if p.Overlaps(q) {
				return false
			}
		}
	}
	return a != b
}

// attach settles where an attachment has its subnets, and what routes for it.
func (s *settling) attach(a *netmodel.Attachment) bool {
	var ok bool
	if a.VPC, ok = s.ref(a.VPC, s.vpcAddresses(Elsewhere+"vpc"), nil); !ok {
		return false
	}
	a.Active, a.Referencing, a.ApplianceMode = s.truth(a.Active), s.truth(a.Referencing), s.truth(a.ApplianceMode)
	var links []netmodel.Ref
	var here []netmodel.Address // the subnets of its VPC
	for _, n := range s.out.Subnets {
		if exact(n.VPC) == exact(a.VPC) {
			here = append(here, n.Address)
		}
	}
	known := func(x netmodel.Address) bool { return x == "" || slices.Contains(here, x) }
	refs := a.Subnets.Links
	if !a.Subnets.More.IsZero() {
		refs = append(slices.Clone(refs), netmodel.Unsettled(a.Subnets.More, ""))
	}
	for _, r := range refs {
		r, ok := s.ref(r, append(here, ""), known)
		if !ok {
			return false
		}
		if !r.IsNone() {
			links = append(links, r)
		}
	}
	// TGW-17: from a zone without one it lands in any of the others.
	for k := len(links) - 1; k > 0; k-- {
		j := s.pick(k + 1)
		links[k], links[j] = links[j], links[k]
	}
	a.Subnets = netmodel.Refs{Links: links}
	other := Elsewhere + "transit table of " + a.Address
	among := []netmodel.Address{"", other}
	for _, t := range s.out.TransitTables {
		if exact(t.Gateway) == exact(a.Gateway) {
			among = append(among, t.Address)
		}
	}
	if a.Table, ok = s.ref(a.Table, among, nil); !ok {
		return false
	}
	if exact(a.Table) == other {
		t := &netmodel.TransitTable{Address: other, Gateway: a.Gateway}
		s.out.TransitTables = append(s.out.TransitTables, t)
		s.someTransitRoute(t)
	}
	return true
}

// someTransitRoute sends all that has no other route to some attachment of the
// gateway, or to one that the plan does not describe.
func (s *settling) someTransitRoute(t *netmodel.TransitTable) {
	among := []netmodel.Address{Elsewhere + "attachment"}
	for _, a := range s.in.Attachments {
		if a.Gateway.MayBe(exact(t.Gateway)) {
			among = append(among, a.Address)
		}
	}
	target := among[s.pick(len(among))]
	for _, p := range []netip.Prefix{
		netip.MustParsePrefix("0.0.0.0/1"), netip.MustParsePrefix("128.0.0.0/1"), netip.MustParsePrefix("::/1"), netip.MustParsePrefix("8000::/1"),
	} {
		t.Routes = append(t.Routes, staticRoute(p, target))
	}
}

// transitRoutes settles the tables of transit gateways.
func (s *settling) transitRoutes() bool {
	for _, t := range s.out.TransitTables {
		routes := t.Routes
		t.Routes = nil
		if len(t.Hidden) > 0 && s.pick(2) == 1 {
			s.someTransitRoute(t)
		}
		t.Hidden = nil
		among := []netmodel.Address{Elsewhere + "attachment"}
		for _, a := range s.out.Attachments {
			if exact(a.Gateway) == exact(t.Gateway) {
				among = append(among, a.Address)
			}
		}
		for _, r := range routes {
			if !s.present(r.Doubt) {
				continue
			}
			r.Doubt = netmodel.Gap{}
			var ok1, ok2 bool
			r.Destination, ok1 = s.peer(r.Destination)
			r.Target, ok2 = s.ref(r.Target, among, nil)
			if !ok1 || !ok2 {
				return false
			}
			r.Blackhole = s.truth(r.Blackhole)
			isAttachment := slices.ContainsFunc(s.out.Attachments, func(a *netmodel.Attachment) bool { return a.Address == exact(r.Target) })
			if !isAttachment && r.Blackhole.IsFalse() {
				r.Blackhole = netmodel.Certain(s.pick(2) == 1)
			}
			t.Routes = append(t.Routes, r)
		}
		// TGW-7: of equal routes that are propagated, one is there.
		if s.pick(1+min(1, equals(t.Routes))) == 1 {
			slices.Reverse(t.Routes)
		}
	}
	return true
}

// equals is how many routes have the destination and rank of an earlier one.
func equals(routes []netmodel.Route) int {
	out := 0
	for i, r := range routes {
		if slices.ContainsFunc(routes[:i], func(o netmodel.Route) bool {
			return o.Destination.Prefix == r.Destination.Prefix && o.Rank == r.Rank
		}) {
			out++
		}
	}
	return out
}

// zone settles the zone of a subnet: that of another one, or one of its own.
func (s *settling) zone(n *netmodel.Subnet) {
	if n.Zone != "" || len(s.in.Attachments) == 0 {
		return
	}
	zones := []string{string(Elsewhere + "zone")}
	for _, x := range s.in.Subnets {
		if x.Zone != "" && !slices.Contains(zones, x.Zone) {
			zones = append(zones, x.Zone)
		}
	}
	n.Zone = zones[s.pick(len(zones))]
}
