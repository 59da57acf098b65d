package oracle

import (
	"net/netip"
	"slices"

	"github.com/planreach/planreach/headerspace"
	"github.com/planreach/planreach/netmodel"
)

// A settling copies a network into a fully known one. Each step relies on what
// the steps before it have settled.
type settling struct {
	in, out *netmodel.Network
	choose  pick
	taken   map[netip.Addr]bool // addresses in use
}

// pick is choose without the question that has one answer.
func (s *settling) pick(n int) int {
	if n == 1 {
		return 0
	}
	return s.choose(n)
}

func (s *settling) truth(t netmodel.Truth) netmodel.Truth {
	if t.IsOpen() {
		return netmodel.Certain(s.pick(2) == 1)
	}
	return t
}

// present settles a doubt.
func (s *settling) present(doubt netmodel.Gap) bool { return doubt.IsZero() || s.pick(2) == 1 }

// ref settles a link among its own candidates, or, if it is not closed, among
// the given ones as well. ok refuses candidates that cannot be; the result is
// false if none is left.
func (s *settling) ref(r netmodel.Ref, further []netmodel.Address, ok func(netmodel.Address) bool) (netmodel.Ref, bool) {
	among, closed := r.Among()
	if closed && len(among) == 1 {
		return r, true
	}
	var all []netmodel.Address
	if closed {
		further = nil
	}
	for _, a := range slices.Concat(among, further) {
		if !slices.Contains(all, a) && (ok == nil || ok(a)) {
			all = append(all, a)
		}
	}
	if len(all) == 0 {
		return netmodel.Ref{}, false
	}
	a := all[s.pick(len(all))]
	if a == "" {
		return netmodel.NoLink(), true
	}
	return netmodel.To(a), true
}

func addresses[T any](objects []T, address func(T) netmodel.Address, more ...netmodel.Address) []netmodel.Address {
	var out []netmodel.Address
	for _, x := range objects {
		out = append(out, address(x))
	}
	return append(out, more...)
}

func (s *settling) vpcAddresses(more ...netmodel.Address) []netmodel.Address {
	return addresses(s.in.VPCs, func(v *netmodel.VPC) netmodel.Address { return v.Address }, more...)
}

func (s *settling) vpc(a netmodel.Address) *netmodel.VPC {
	for _, v := range s.out.VPCs {
		if v.Address == a {
			return v
		}
	}
	return nil
}

func (s *settling) subnet(a netmodel.Address) *netmodel.Subnet {
	for _, x := range s.out.Subnets {
		if x.Address == a {
			return x
		}
	}
	return nil
}

// CIDRs that VPCs get if the plan does not say.
var (
	unknownVPC4 = []netip.Prefix{netip.MustParsePrefix("10.77.0.0/26"), netip.MustParsePrefix("172.20.0.0/26")}
	unknownVPC6 = []netip.Prefix{netip.MustParsePrefix("2001:db8:77::/120")}
)

func (s *settling) vpcs() bool {
	for k, x := range s.in.VPCs {
		v := *x
		v.HasIPv6 = s.truth(v.HasIPv6)
		v.IPv4, v.IPv6 = slices.Clone(v.IPv4), slices.Clone(v.IPv6)
		if !v.Open4.IsZero() && (len(v.IPv4) == 0 || s.pick(2) == 1) {
			v.IPv4 = append(v.IPv4, unknownVPC4[(k+s.pick(2))%2])
		}
		switch {
		case v.HasIPv6.IsFalse() && len(v.IPv6) > 0:
			return false
		case v.HasIPv6.IsTrue() && len(v.IPv6) == 0:
			v.IPv6 = append(v.IPv6, unknownVPC6[0])
		}
		v.Open4, v.Open6 = netmodel.Gap{}, netmodel.Gap{}
		s.out.VPCs = append(s.out.VPCs, &v)
	}
	return true
}

func (s *settling) gateways() bool {
	attached := map[netmodel.Address]bool{}
	free := func(a netmodel.Address) bool { return a == "" || !attached[a] } // IGW-2
	for _, x := range s.in.InternetGateways {
		if a := exact(x.VPC); a != "" {
			attached[a] = true
		}
	}
	for _, x := range s.in.InternetGateways {
		g, ok := *x, false
		if g.VPC, ok = s.ref(g.VPC, s.vpcAddresses("", Elsewhere+"vpc"), free); !ok {
			return false
		}
		attached[exact(g.VPC)] = true
		s.out.InternetGateways = append(s.out.InternetGateways, &g)
	}
	for _, x := range s.in.EgressGateways {
		g, ok := *x, false
		if g.VPC, ok = s.ref(g.VPC, s.vpcAddresses(Elsewhere+"vpc"), nil); !ok {
			return false
		}
		s.out.EgressGateways = append(s.out.EgressGateways, &g)
	}
	for _, v := range s.out.VPCs {
		if len(v.Hidden) > 0 && !attached[v.Address] && s.pick(2) == 1 {
			s.out.InternetGateways = append(s.out.InternetGateways, &netmodel.InternetGateway{
				Address: Elsewhere + "igw of " + v.Address, VPC: netmodel.To(v.Address), Table: netmodel.NoLink(),
			})
		}
		v.Hidden = nil
	}
	return true
}

// homes settles which VPC groups, ACLs and tables belong to. Their rules and
// routes come later.
func (s *settling) homes() bool {
	for _, x := range s.in.Groups {
		g, ok := *x, false
		if g.VPC, ok = s.ref(g.VPC, s.vpcAddresses(Elsewhere+"vpc"), nil); !ok {
			return false
		}
		s.out.Groups = append(s.out.Groups, &g)
	}
	for _, x := range s.in.ACLs {
		a, ok := *x, false
		if a.VPC, ok = s.ref(a.VPC, s.vpcAddresses(Elsewhere+"vpc"), nil); !ok {
			return false
		}
		s.out.ACLs = append(s.out.ACLs, &a)
	}
	for _, x := range s.in.RouteTables {
		t, ok := *x, false
		if t.VPC, ok = s.ref(t.VPC, s.vpcAddresses(Elsewhere+"vpc"), nil); !ok {
			return false
		}
		s.out.RouteTables = append(s.out.RouteTables, &t)
	}
	return true
}

func (s *settling) subnets() bool {
	for _, x := range s.in.Subnets {
		n, ok := *x, false
		s.zone(&n)
		n.HasIPv4, n.HasIPv6 = s.truth(n.HasIPv4), s.truth(n.HasIPv6)
		n.MapPublicIP, n.AssignIPv6 = s.truth(n.MapPublicIP), s.truth(n.AssignIPv6)
		if n.VPC, ok = s.ref(n.VPC, s.vpcAddresses(), func(a netmodel.Address) bool { return s.fits(&n, s.vpc(a)) }); !ok {
			return false
		}
		home := s.vpc(exact(n.VPC))
		if home == nil || !s.fits(&n, home) || !s.place(&n, home) || !s.edge(&n) {
			return false
		}
		s.out.Subnets = append(s.out.Subnets, &n)
	}
	return true
}

// fits reports whether the subnet may lie in the VPC as far as it is known.
func (s *settling) fits(n *netmodel.Subnet, v *netmodel.VPC) bool {
	if v == nil {
		return false
	}
	lies := func(p netip.Prefix, in []netip.Prefix) bool {
		return !p.IsValid() || slices.ContainsFunc(in, func(q netip.Prefix) bool { return q.Bits() <= p.Bits() && q.Contains(p.Addr()) })
	}
	return lies(n.IPv4, v.IPv4) && lies(n.IPv6, v.IPv6) &&
		(!n.HasIPv4.IsTrue() || len(v.IPv4) > 0) && (!n.HasIPv6.IsTrue() || len(v.IPv6) > 0)
}

// place gives the subnet the CIDRs that are not known: a free sixteen of its
// VPC.
func (s *settling) place(n *netmodel.Subnet, v *netmodel.VPC) bool {
	if n.HasIPv4.IsFalse() && n.IPv4.IsValid() || n.HasIPv6.IsFalse() && n.IPv6.IsValid() {
		return false
	}
	ok := true
	if n.HasIPv4.IsTrue() && !n.IPv4.IsValid() {
		n.IPv4, ok = s.free(v.IPv4, 28)
	}
	if ok && n.HasIPv6.IsTrue() && !n.IPv6.IsValid() {
		n.IPv6, ok = s.free(v.IPv6, 124)
	}
	return ok
}

func (s *settling) free(in []netip.Prefix, bits int) (netip.Prefix, bool) {
	var used, free []netip.Prefix
	for _, list := range [][]*netmodel.Subnet{s.in.Subnets, s.out.Subnets} {
		for _, x := range list {
			used = append(used, x.IPv4, x.IPv6)
		}
	}
	for _, p := range in {
		at := p.Addr()
		for range 8 { // as many as a tiny VPC has room for
			q := netip.PrefixFrom(at, bits)
			if at = headerspace.LastAddr(q).Next(); !p.Contains(q.Addr()) {
				break
			}
			if !slices.ContainsFunc(used, func(u netip.Prefix) bool { return u.IsValid() && u.Overlaps(q) }) {
				free = append(free, q)
			}
		}
	}
	if len(free) == 0 {
		return netip.Prefix{}, false
	}
	return free[s.pick(len(free))], true
}

// edge settles the table and the ACL of a subnet: those of its VPC, or others.
func (s *settling) edge(n *netmodel.Subnet) bool {
	home := exact(n.VPC)
	var tables, acls []netmodel.Address
	for _, t := range s.out.RouteTables {
		if exact(t.VPC) == home {
			tables = append(tables, t.Address)
		}
	}
	for _, a := range s.out.ACLs {
		if exact(a.VPC) == home {
			acls = append(acls, a.Address)
		}
	}
	elseTable, elseACL := Elsewhere+"table of "+home, netmodel.Address(Elsewhere+"acl")
	known := func(list []netmodel.Address, other netmodel.Address) func(netmodel.Address) bool {
		return func(a netmodel.Address) bool { return a == other || slices.Contains(list, a) }
	}
	var ok bool
	if n.Table, ok = s.ref(n.Table, append(tables, elseTable), known(tables, elseTable)); !ok {
		return false
	}
	if n.ACL, ok = s.ref(n.ACL, append(acls, elseACL), known(acls, elseACL)); !ok {
		return false
	}
	if exact(n.Table) == elseTable {
		s.addTable(elseTable, home)
	}
	if exact(n.ACL) == elseACL {
		s.addACL(elseACL, home)
	}
	return true
}

// addTable adds the table that the plan does not describe: with local routes
// only, or with a default route by the VPC's internet gateway or by something
// else.
func (s *settling) addTable(a, vpc netmodel.Address) {
	if slices.ContainsFunc(s.out.RouteTables, func(t *netmodel.RouteTable) bool { return t.Address == a }) {
		return
	}
	t := &netmodel.RouteTable{Address: a, VPC: netmodel.To(vpc)}
	targets := []netmodel.Address{"", Elsewhere + "target"}
	for _, g := range s.out.InternetGateways {
		if exact(g.VPC) == vpc {
			targets = append(targets, g.Address)
		}
	}
	if target := targets[s.pick(len(targets))]; target != "" {
		for _, p := range everything {
			t.Routes = append(t.Routes, staticRoute(p, target))
		}
	}
	s.out.RouteTables = append(s.out.RouteTables, t)
}

// addACL adds the ACL that the plan does not describe: it admits all or
// nothing.
func (s *settling) addACL(a, vpc netmodel.Address) {
	if slices.ContainsFunc(s.out.ACLs, func(x *netmodel.ACL) bool { return x.Address == a }) {
		return
	}
	acl := &netmodel.ACL{Address: a, VPC: netmodel.To(vpc)}
	acl.Ingress.Default, acl.Egress.Default = netmodel.Deny, netmodel.Deny
	if s.pick(2) == 1 {
		acl.Ingress.Rules, acl.Egress.Rules = anything(netmodel.Permit), anything(netmodel.Permit)
	}
	s.out.ACLs = append(s.out.ACLs, acl)
}

// addGroup adds the group that the plan does not describe: it admits all or
// nothing.
func (s *settling) addGroup(a netmodel.Address) {
	if slices.ContainsFunc(s.out.Groups, func(x *netmodel.Group) bool { return x.Address == a }) {
		return
	}
	g := &netmodel.Group{Address: a, VPC: netmodel.NoLink()}
	g.Ingress = netmodel.Filter{Default: netmodel.Deny, Stateful: true}
	g.Egress = g.Ingress
	if s.pick(2) == 1 {
		g.Ingress.Rules, g.Egress.Rules = anything(netmodel.Permit), anything(netmodel.Permit)
	}
	s.out.Groups = append(s.out.Groups, g)
}

// addSubnet adds the subnet that the plan does not describe, in a VPC of its
// own that is open to the internet by a gateway or by something else.
func (s *settling) addSubnet() {
	a, vpc, igw := netmodel.Address(Elsewhere+"subnet"), netmodel.Address(Elsewhere+"vpc"), netmodel.Address(Elsewhere+"igw")
	if s.subnet(a) != nil {
		return
	}
	v4, v6 := netip.MustParsePrefix("10.250.0.0/28"), netip.MustParsePrefix("2001:db8:250::/124")
	s.out.VPCs = append(s.out.VPCs, &netmodel.VPC{
		Address: vpc, IPv4: []netip.Prefix{v4}, IPv6: []netip.Prefix{v6}, HasIPv6: netmodel.Holds,
	})
	s.out.Subnets = append(s.out.Subnets, &netmodel.Subnet{
		Address: a, VPC: netmodel.To(vpc), IPv4: v4, IPv6: v6, HasIPv4: netmodel.Holds, HasIPv6: netmodel.Holds,
		MapPublicIP: netmodel.Holds, AssignIPv6: netmodel.Holds, Table: netmodel.To(a + " table"), ACL: netmodel.To(a + " acl"),
	})
	out := []netmodel.Address{igw, Elsewhere + "target"}[s.pick(2)]
	s.out.RouteTables = append(s.out.RouteTables, &netmodel.RouteTable{
		Address: a + " table", VPC: netmodel.To(vpc), Routes: []netmodel.Route{staticRoute(everything[0], out), staticRoute(everything[1], out)},
	})
	s.out.ACLs = append(s.out.ACLs, &netmodel.ACL{
		Address: a + " acl", VPC: netmodel.To(vpc),
		Ingress: netmodel.Filter{Rules: anything(netmodel.Permit), Default: netmodel.Deny},
		Egress:  netmodel.Filter{Rules: anything(netmodel.Permit), Default: netmodel.Deny},
	})
	if !slices.ContainsFunc(s.out.InternetGateways, func(g *netmodel.InternetGateway) bool { return exact(g.VPC) == vpc }) {
		s.out.InternetGateways = append(s.out.InternetGateways, &netmodel.InternetGateway{Address: igw, VPC: netmodel.To(vpc), Table: netmodel.NoLink()})
	}
}

var everything = []netip.Prefix{netip.MustParsePrefix("0.0.0.0/0"), netip.MustParsePrefix("::/0")}

// anything is the rules that do the action to all packets.
func anything(a netmodel.Action) []netmodel.Rule {
	var out []netmodel.Rule
	for _, p := range everything {
		out = append(out, netmodel.Rule{Action: a, Match: headerspace.Exactly(headerspace.All()), Peer: netmodel.InPrefix(p)})
	}
	return out
}

func staticRoute(p netip.Prefix, target netmodel.Address) netmodel.Route {
	return netmodel.Route{
		Destination: netmodel.InPrefix(p), Target: netmodel.To(target), Rank: netmodel.StaticRoute, Blackhole: netmodel.Fails,
	}
}
