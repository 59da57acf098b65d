package oracle

import (
	"net/netip"
	"slices"

	"github.com/planreach/planreach/headerspace"
	"github.com/planreach/planreach/netmodel"
)

// Prefixes that an open peer or destination turns out to be, beside the
// subnets: all, part of the internet, and none that matters.
var openPeers = []netip.Prefix{
	everything[0], netip.MustParsePrefix("203.0.113.0/24"), netip.MustParsePrefix("192.0.2.1/32"),
	everything[1], netip.MustParsePrefix("2001:db8:f::/48"),
}

// rules settles what groups and ACLs hold.
func (s *settling) rules() bool {
	for _, g := range s.out.Groups {
		g.Ingress, g.Egress = s.filter(g.Ingress), s.filter(g.Egress)
	}
	for _, a := range s.out.ACLs {
		a.Ingress, a.Egress = s.filter(a.Ingress), s.filter(a.Egress)
	}
	return true
}

func (s *settling) filter(f netmodel.Filter) netmodel.Filter {
	out := f
	out.Rules, out.Hidden = nil, nil
	if len(f.Hidden) > 0 {
		kinds := [][]netmodel.Rule{nil, anything(netmodel.Permit), anything(netmodel.Deny)}
		if f.Stateful { // permits only
			kinds = kinds[:2]
		}
		out.Rules = kinds[s.pick(len(kinds))]
	}
	for _, r := range f.Rules {
		if !s.present(r.Doubt) {
			continue
		}
		r.Doubt, r.Gaps = netmodel.Gap{}, nil
		if !r.Match.Open().IsEmpty() {
			r.Match = headerspace.Exactly([]headerspace.Traffic{r.Match.Yes(), r.Match.May()}[s.pick(2)])
		}
		var ok bool
		if r.Peer, ok = s.peer(r.Peer); ok {
			out.Rules = append(out.Rules, r)
		}
	}
	return out
}

// hostOf is the address to which an open far end is narrowed; invalid if it is
// not.
func (s *settling) hostOf(p netmodel.Peer) netip.Addr {
	if p.Own {
		return symbolic
	}
	a := exact(p.Host)
	for _, i := range s.out.Interfaces {
		if i.Address == a && len(i.IPv4) > 0 {
			return i.IPv4[0]
		}
	}
	for _, g := range s.out.NATGateways {
		if g.Address == a {
			return g.Private
		}
	}
	return netip.Addr{}
}

// peer settles a far end; false if it is none.
func (s *settling) peer(p netmodel.Peer) (netmodel.Peer, bool) {
	ok := true
	switch p.Kind {
	case netmodel.PeerPrefix:
	case netmodel.PeerGroup:
		known := addresses(s.in.Groups, func(g *netmodel.Group) netmodel.Address { return g.Address })
		p.Ref, ok = s.ref(p.Ref, append(known, Elsewhere+"group", ""), nil)
	case netmodel.PeerPrefixList:
		p = s.list(p)
	case netmodel.PeerOpen:
		if a := s.hostOf(p); a.IsValid() {
			return netmodel.InPrefix(netip.PrefixFrom(a, a.BitLen())), true
		}
		var among []netip.Prefix
		for _, n := range s.out.Subnets {
			among = append(among, n.IPv4, n.IPv6)
		}
		among = slices.DeleteFunc(slices.Concat(openPeers, among), func(q netip.Prefix) bool {
			return !q.IsValid() || q.Addr().Is6() && !p.V6 || q.Addr().Is4() && !p.V4
		})
		if len(among) == 0 {
			return p, false
		}
		return netmodel.InPrefix(among[s.pick(len(among))]), true
	}
	return p, ok
}

// list settles which prefix list is meant. One that the plan does not describe
// holds everything or nothing.
func (s *settling) list(p netmodel.Peer) netmodel.Peer {
	known := addresses(s.in.PrefixLists, func(l *netmodel.PrefixList) netmodel.Address { return l.Address })
	other := netmodel.Address(Elsewhere + "list")
	p.Ref, _ = s.ref(p.Ref, append(known, other, ""), nil)
	a := exact(p.Ref)
	if a == "" || slices.ContainsFunc(s.out.PrefixLists, func(l *netmodel.PrefixList) bool { return l.Address == a }) {
		return p
	}
	l := &netmodel.PrefixList{Address: a}
	if s.pick(2) == 1 {
		for _, q := range everything {
			l.Entries = append(l.Entries, netmodel.PrefixEntry{Prefix: q})
		}
	}
	s.out.PrefixLists = append(s.out.PrefixLists, l)
	return p
}

// routes settles the route tables.
func (s *settling) routes() bool {
	for _, t := range s.out.RouteTables {
		routes := t.Routes
		t.Routes = nil
		if len(t.Hidden) > 0 {
			s.hiddenRoute(t, routes)
		}
		t.Hidden = nil
		for _, r := range routes {
			if !s.present(r.Doubt) {
				continue
			}
			open := r.Destination.Kind == netmodel.PeerOpen || !r.Target.IsSettled()
			if !s.settleRoute(&r, t) || open && !s.valid(r, t) {
				return false
			}
			t.Routes = append(t.Routes, r)
		}
		// RT-20: of equal prefix-list routes AWS takes one at random.
		lists := 0
		for _, r := range t.Routes {
			if r.Rank == netmodel.PrefixListRoute {
				lists++
			}
		}
		if lists > 1 && s.pick(2) == 1 {
			slices.Reverse(t.Routes)
		}
	}
	return true
}

// settleRoute settles one route. Behind a target that is no object of the
// network is a device that forwards or drops.
func (s *settling) settleRoute(r *netmodel.Route, t *netmodel.RouteTable) bool {
	r.Doubt = netmodel.Gap{}
	var ok bool
	if r.Destination, ok = s.peer(r.Destination); !ok {
		return false
	}
	if r.Target, ok = s.ref(r.Target, append(s.targets(exact(t.VPC)), Elsewhere+"target", ""), nil); !ok {
		return false
	}
	r.Blackhole = s.truth(r.Blackhole)
	if a := exact(r.Target); r.Blackhole.IsFalse() && a != "" && a != netmodel.LocalTarget && !s.isObject(a) {
		r.Blackhole = netmodel.Certain(s.pick(2) == 1)
	}
	return true
}

// targets are the gateways of the VPC, and its interfaces.
func (s *settling) targets(vpc netmodel.Address) []netmodel.Address {
	var out []netmodel.Address
	for _, g := range s.out.InternetGateways {
		if exact(g.VPC) == vpc {
			out = append(out, g.Address)
		}
	}
	for _, g := range s.out.VPNGateways {
		if exact(g.VPC) == vpc {
			out = append(out, g.Address)
		}
	}
	for _, g := range s.out.EgressGateways {
		if exact(g.VPC) == vpc {
			out = append(out, g.Address)
		}
	}
	for _, g := range s.out.NATGateways {
		if n := s.subnet(exact(g.Subnet)); exact(g.VPC) == vpc || n != nil && exact(n.VPC) == vpc {
			out = append(out, g.Address)
		}
	}
	for _, i := range s.out.Interfaces {
		if n := s.subnet(exact(i.Subnet)); n != nil && exact(n.VPC) == vpc {
			out = append(out, i.Address)
		}
	}
	for _, m := range s.out.Middleboxes {
		if n := s.subnet(exact(m.Subnet)); n != nil && exact(n.VPC) == vpc {
			out = append(out, m.Address)
		}
	}
	for _, c := range s.out.Peerings {
		if across(c, vpc) != "" {
			out = append(out, c.Address)
		}
	}
	for _, a := range s.out.Attachments {
		if g := exact(a.Gateway); exact(a.VPC) == vpc && s.isObject(g) {
			out = append(out, g)
		}
	}
	return out
}

func (s *settling) isObject(a netmodel.Address) bool {
	return slices.ContainsFunc(s.out.InternetGateways, func(g *netmodel.InternetGateway) bool { return g.Address == a }) ||
		slices.ContainsFunc(s.out.VPNGateways, func(g *netmodel.VPNGateway) bool { return g.Address == a }) ||
		slices.ContainsFunc(s.out.EgressGateways, func(g *netmodel.EgressOnlyGateway) bool { return g.Address == a }) ||
		slices.ContainsFunc(s.out.NATGateways, func(g *netmodel.NATGateway) bool { return g.Address == a }) ||
		slices.ContainsFunc(s.out.Peerings, func(c *netmodel.Peering) bool { return c.Address == a }) ||
		slices.ContainsFunc(s.out.TransitGateways, func(g *netmodel.TransitGateway) bool { return g.Address == a }) ||
		slices.ContainsFunc(s.out.Middleboxes, func(m *netmodel.Middlebox) bool { return m.Address == a }) ||
		slices.ContainsFunc(s.out.Interfaces, func(i *netmodel.Interface) bool { return i.Address == a })
}

// valid reports whether AWS would accept a route that turned out like this:
// inside the VPC only for a whole subnet and to a NAT gateway or interface
// (RT-8, RT-10); not twice to the same prefix; the right family and VPC.
func (s *settling) valid(r netmodel.Route, t *netmodel.RouteTable) bool {
	vpc, target := s.vpc(exact(t.VPC)), exact(r.Target)
	if vpc == nil {
		return true // nothing is routed by it
	}
	egressOnly := slices.ContainsFunc(s.out.EgressGateways, func(g *netmodel.EgressOnlyGateway) bool { return g.Address == target })
	nat := slices.ContainsFunc(s.out.NATGateways, func(g *netmodel.NATGateway) bool { return g.Address == target })
	device := nat || slices.ContainsFunc(s.out.Middleboxes, func(m *netmodel.Middlebox) bool { return m.Address == target }) || slices.ContainsFunc(s.out.Interfaces, func(i *netmodel.Interface) bool { return i.Address == target })
	if s.isObject(target) && !slices.Contains(s.targets(vpc.Address), target) {
		return false
	}
	if r.Destination.Kind == netmodel.PeerPrefixList {
		return true
	}
	p := r.Destination.Prefix
	for _, other := range t.Routes {
		if other.Destination.Kind == netmodel.PeerPrefix && other.Destination.Prefix == p && other.Rank == r.Rank {
			return false
		}
	}
	if egressOnly && p.Addr().Is4() || nat && p.Addr().Is6() {
		return false
	}
	for _, cidr := range slices.Concat(vpc.IPv4, vpc.IPv6) {
		if cidr == p {
			return device || target == netmodel.LocalTarget
		}
		if cidr.Contains(p.Addr()) && cidr.Bits() < p.Bits() {
			return device && slices.ContainsFunc(s.out.Subnets, func(n *netmodel.Subnet) bool { return n.IPv4 == p || n.IPv6 == p })
		}
	}
	return target != netmodel.LocalTarget
}

// hiddenRoute adds a route that the plan does not show, or none: everything
// that has no route yet goes to one of the VPC's gateways, or is dropped.
func (s *settling) hiddenRoute(t *netmodel.RouteTable, shown []netmodel.Route) {
	targets := append(s.targets(exact(t.VPC)), "")
	k := s.pick(len(targets) + 1)
	if k == len(targets) {
		return
	}
	halves := []netip.Prefix{
		netip.MustParsePrefix("0.0.0.0/1"), netip.MustParsePrefix("128.0.0.0/1"), netip.MustParsePrefix("::/1"), netip.MustParsePrefix("8000::/1"),
	}
	for _, p := range halves {
		r := staticRoute(p, targets[k])
		if targets[k] == "" {
			r.Target, r.Blackhole = netmodel.NoLink(), netmodel.Holds
		}
		twice := slices.ContainsFunc(shown, func(o netmodel.Route) bool {
			return o.Destination.Kind == netmodel.PeerPrefix && o.Destination.Prefix == p
		})
		if !twice && s.valid(r, t) {
			t.Routes = append(t.Routes, r)
		}
	}
}

// unmodelled settles which resources without a model act, and how.
func (s *settling) unmodelled() bool {
	for _, x := range s.in.NotModelled {
		u := x
		u.VPCs = nil
		for _, v := range x.VPCs {
			home, ok := s.ref(v, s.vpcAddresses(), nil)
			if !ok {
				return false
			}
			u.VPCs = append(u.VPCs, home)
		}
		effects := []netmodel.Effect{u.Effect}
		if u.Effect == netmodel.MayDoBoth {
			effects = []netmodel.Effect{netmodel.MayOpen, netmodel.MayBlock}
		}
		if k := s.pick(len(effects) + 1); k < len(effects) {
			u.Effect = effects[k]
			s.out.NotModelled = append(s.out.NotModelled, u)
		}
	}
	return true
}
