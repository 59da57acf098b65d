package oracle

import (
	"fmt"
	"net/netip"
	"slices"

	"github.com/planreach/planreach/headerspace"
	"github.com/planreach/planreach/netmodel"
)

// Public addresses that objects have if the plan does not say which. No rule or
// route of a test network tells them apart.
var symbolic = netip.MustParseAddr("198.19.0.1")

func (s *settling) lists() bool {
	for _, x := range s.in.PrefixLists {
		l := *x
		l.Entries = nil
		for _, e := range x.Entries {
			if s.present(e.Doubt) {
				l.Entries = append(l.Entries, netmodel.PrefixEntry{Prefix: e.Prefix, Origin: e.Origin})
			}
		}
		if len(l.Hidden) > 0 && s.pick(2) == 1 {
			for _, p := range everything {
				l.Entries = append(l.Entries, netmodel.PrefixEntry{Prefix: p})
			}
		}
		l.Hidden = nil
		s.out.PrefixLists = append(s.out.PrefixLists, &l)
	}
	return true
}

// reserve notes the addresses that are known, so that nothing else gets them.
func (s *settling) reserve() {
	s.taken = map[netip.Addr]bool{}
	for _, i := range s.in.Interfaces {
		for _, a := range slices.Concat(i.IPv4, i.IPv6) {
			s.taken[a] = true
		}
	}
	for _, g := range s.in.NATGateways {
		s.taken[g.Private] = true
	}
}

func (s *settling) nats() bool {
	s.reserve()
	for _, x := range s.in.NATGateways {
		g, ok := *x, false
		if g.Subnet, ok = s.ref(g.Subnet, s.subnetAddresses(), func(a netmodel.Address) bool {
			return s.subnet(a) != nil && s.holds(s.subnet(a), g.Private) && s.subnet(a).IPv4.IsValid()
		}); !ok {
			return false
		}
		if g.VPC, ok = s.ref(g.VPC, s.vpcAddresses(), nil); !ok {
			return false
		}
		g.Public = s.truth(g.Public)
		if !g.Private.IsValid() {
			from := s.subnet(exact(g.Subnet))
			if from == nil { // regional: its addresses are AWS's own
				g.Private = symbolic
			} else if g.Private, ok = s.address(from.IPv4); !ok {
				return false
			}
		}
		if g.Public.IsTrue() && !g.Elastic.IsValid() {
			g.Elastic = symbolic
		}
		s.out.NATGateways = append(s.out.NATGateways, &g)
	}
	return true
}

func (s *settling) subnetAddresses() []netmodel.Address {
	return addresses(s.out.Subnets, func(x *netmodel.Subnet) netmodel.Address { return x.Address })
}

// holds reports whether the subnet has room for the address, if it is known.
func (s *settling) holds(n *netmodel.Subnet, a netip.Addr) bool { return !a.IsValid() || within(n, a) }

// address picks a free address of the range. Of addresses that no prefix of the
// network tells apart, one stands for all.
func (s *settling) address(in netip.Prefix) (netip.Addr, bool) {
	var free []netip.Addr
	seen := map[string]bool{}
	for _, a := range candidates(in, s.prefixes()) {
		class := classOf(a, s.prefixes())
		if !s.taken[a] && !seen[class] {
			seen[class] = true
			free = append(free, a)
		}
	}
	if len(free) == 0 {
		return netip.Addr{}, false
	}
	a := free[s.pick(len(free))]
	s.taken[a] = true
	return a, true
}

// candidates are the addresses of the range that a host can have, all of a tiny
// range; of a larger one its beginning and where prefixes begin and end. AWS
// keeps the first four and the last address of a subnet.
func candidates(in netip.Prefix, cuts []netip.Prefix) []netip.Addr {
	first, last := in.Addr(), headerspace.LastAddr(in)
	for range 4 {
		first = first.Next()
	}
	starts := []netip.Addr{first}
	for _, p := range cuts {
		if in.Overlaps(p) && p.Bits() > in.Bits() {
			starts = append(starts, p.Addr(), headerspace.LastAddr(p).Next())
		}
	}
	var out []netip.Addr
	for _, a := range starts {
		for range 12 {
			if a.IsValid() && !a.Less(first) && a.Less(last) && !slices.Contains(out, a) {
				out = append(out, a)
			}
			a = a.Next()
		}
	}
	return out
}

// classOf is which of the prefixes hold the address.
func classOf(a netip.Addr, prefixes []netip.Prefix) string {
	out := fmt.Sprint(a.Is6())
	for i, p := range prefixes {
		if p.Contains(a) {
			out += fmt.Sprint(" ", i)
		}
	}
	return out
}

// prefixes are all that the network mentions.
func (s *settling) prefixes() []netip.Prefix {
	return slices.Concat(mentioned(s.in), mentioned(&netmodel.Network{VPCs: s.out.VPCs, Subnets: s.out.Subnets}))
}

func mentioned(n *netmodel.Network) []netip.Prefix {
	var out []netip.Prefix
	add := func(ps ...netip.Prefix) {
		for _, p := range ps {
			if p.IsValid() && !slices.Contains(out, p) {
				out = append(out, p)
			}
		}
	}
	for _, v := range n.VPCs {
		add(slices.Concat(v.IPv4, v.IPv6)...)
	}
	for _, x := range n.Subnets {
		add(x.IPv4, x.IPv6)
	}
	for _, lb := range n.LoadBalancers {
		for _, l := range lb.Listeners {
			for _, f := range l.Forwards {
				add(f.Sources...)
			}
		}
	}
	for _, f := range filters(n) {
		for _, r := range f.Rules {
			add(r.Peer.Prefix)
		}
	}
	for _, m := range n.Middleboxes {
		if m.Policy != nil {
			add(m.Policy.Prefixes()...)
		}
	}
	for _, t := range n.RouteTables {
		for _, r := range t.Routes {
			add(r.Destination.Prefix)
		}
	}
	for _, t := range n.TransitTables {
		for _, r := range t.Routes {
			add(r.Destination.Prefix)
		}
	}
	for _, g := range n.VPNGateways {
		for _, e := range g.Prefixes {
			add(e.Prefix)
		}
	}
	for _, l := range n.PrefixLists {
		for _, e := range l.Entries {
			add(e.Prefix)
		}
	}
	return out
}

func filters(n *netmodel.Network) []*netmodel.Filter {
	var out []*netmodel.Filter
	for _, g := range n.Groups {
		out = append(out, &g.Ingress, &g.Egress)
	}
	for _, a := range n.ACLs {
		out = append(out, &a.Ingress, &a.Egress)
	}
	return out
}

// natInstance notes of an appliance of a completion that it is a NAT instance.
const natInstance = netmodel.NGWSourceAddressReassign

func (s *settling) interfaces() bool {
	for _, x := range s.in.Interfaces {
		i, ok := *x, false
		i.HasIPv4 = s.truth(i.HasIPv4)
		i.SourceCheck, i.Attached = s.truth(i.SourceCheck), s.truth(i.Attached)
		// Without a subnet it would be no interface.
		if _, closed := i.Subnet.Among(); !closed {
			s.addSubnet()
		}
		if i.Subnet, ok = s.ref(i.Subnet, s.subnetAddresses(), func(a netmodel.Address) bool { return s.subnet(a) != nil && s.roomFor(&i, s.subnet(a)) }); !ok {
			return false
		}
		home := s.subnet(exact(i.Subnet))
		if home == nil || !s.addressed(&i, home) || !s.membership(&i) {
			return false
		}
		if i.SourceCheck.IsFalse() && !i.Transparent { // an appliance: it forwards, translates, or drops (ENI-4)
			switch s.pick(3) {
			case 1:
				i.SourceCheck = netmodel.Holds
			case 2:
				i.Notes = []netmodel.Code{natInstance}
			}
		}
		s.out.Interfaces = append(s.out.Interfaces, &i)
	}
	return true
}

func (s *settling) roomFor(i *netmodel.Interface, n *netmodel.Subnet) bool {
	for _, a := range slices.Concat(i.IPv4, i.IPv6) {
		if !within(n, a) {
			return false
		}
	}
	return (!i.HasIPv4.IsTrue() || n.IPv4.IsValid()) && (!i.HasIPv6.IsTrue() || n.IPv6.IsValid())
}

// addressed gives the interface its private, IPv6 and public addresses.
func (s *settling) addressed(i *netmodel.Interface, home *netmodel.Subnet) bool {
	i.IPv4, i.IPv6 = slices.Clone(i.IPv4), slices.Clone(i.IPv6)
	if i.AssignIPv6FromSubnet {
		i.HasIPv6 = netmodel.Certain(home.AssignIPv6.IsTrue() && home.IPv6.IsValid())
	}
	i.HasIPv6 = s.truth(i.HasIPv6)
	for _, f := range []struct {
		has  netmodel.Truth
		of   *[]netip.Addr
		from netip.Prefix
	}{{i.HasIPv4, &i.IPv4, home.IPv4}, {i.HasIPv6, &i.IPv6, home.IPv6}} {
		switch {
		case f.has.IsFalse():
			*f.of = nil
		case !f.from.IsValid(): // V6-1
			return false
		case len(*f.of) == 0:
			a, ok := s.address(f.from)
			if !ok {
				return false
			}
			*f.of = []netip.Addr{a}
		}
	}
	if i.AutoPublicFromSubnet {
		i.AutoPublic = home.MapPublicIP
	}
	i.AutoPublic, i.Elastic = s.truth(i.AutoPublic), s.truth(i.Elastic)
	switch {
	case len(i.IPv4) == 0, !i.Elastic.IsTrue() && !i.AutoPublic.IsTrue():
		i.PublicIPv4 = netip.Addr{}
	case i.Elastic.IsTrue() && i.ElasticIP.IsValid():
		i.PublicIPv4 = i.ElasticIP
	case !i.PublicIPv4.IsValid():
		i.PublicIPv4 = symbolic
	}
	return true
}

// membership settles the groups of an interface.
func (s *settling) membership(i *netmodel.Interface) bool {
	known := addresses(s.in.Groups, func(g *netmodel.Group) netmodel.Address { return g.Address })
	other := netmodel.Address(Elsewhere + "group")
	var links []netmodel.Ref
	add := func(r netmodel.Ref, ok bool) bool {
		if ok && !r.IsNone() {
			links = append(links, r)
			if exact(r) == other {
				s.addGroup(other)
			}
		}
		return ok
	}
	more := !i.Groups.More.IsZero()
	for _, r := range i.Groups.Links {
		if !add(s.ref(r, append(known, other, ""), nil)) {
			return false
		}
	}
	if more && !add(s.ref(netmodel.Unsettled(i.Groups.More), append(known, other, ""), nil)) {
		return false
	}
	i.Groups = netmodel.Refs{Links: links}
	return true
}

// endpoints gives an endpoint that may have further interfaces one more, or
// not.
func (s *settling) endpoints() bool {
	for _, x := range s.in.Endpoints {
		e := *x
		e.Interfaces = slices.Clone(e.Interfaces)
		if !e.More.IsZero() && s.pick(2) == 1 && len(s.out.Subnets) > 0 {
			home := s.out.Subnets[s.pick(len(s.out.Subnets))]
			i := &netmodel.Interface{
				Address: Elsewhere + "interface of " + e.Address, Subnet: netmodel.To(home.Address),
				HasIPv4: netmodel.Certain(home.IPv4.IsValid()), HasIPv6: netmodel.Fails,
				AutoPublic: netmodel.Holds, Elastic: netmodel.Fails, SourceCheck: netmodel.Holds, Attached: netmodel.Holds,
				Groups: netmodel.Refs{Links: []netmodel.Ref{netmodel.To(Elsewhere + "group")}},
			}
			s.addGroup(Elsewhere + "group")
			if !s.addressed(i, home) {
				return false
			}
			s.out.Interfaces = append(s.out.Interfaces, i)
			e.Interfaces = append(e.Interfaces, i.Address)
		}
		e.More = netmodel.Gap{}
		s.out.Endpoints = append(s.out.Endpoints, &e)
	}
	return true
}
