package randnet

import (
	"fmt"
	"net/netip"
	"slices"

	"github.com/planreach/planreach/headerspace"
	"github.com/planreach/planreach/netmodel"
)

// A site is one VPC and what lies in it.
type site struct {
	name    string
	vpc     *netmodel.VPC
	subnets []*netmodel.Subnet
	tables  []netmodel.Address
	acls    []netmodel.Address
	groups  []netmodel.Address
	nats    []netmodel.Address
	ifaces  []netmodel.Address
	boxes   []netmodel.Address // firewall endpoints and the like
	links   []netmodel.Address // connections with other
	other   *site              // the site it is connected with, or nil
}

func (s *site) address(kind string, k int) netmodel.Address {
	return netmodel.Address(fmt.Sprintf("%s.%s%d", kind, s.name, k))
}

// site drafts a VPC with its subnets, and names of tables, ACLs and groups.
// block says which addresses it uses.
func (d *draft) site(number, block int) *site {
	s := &site{name: string(rune('a' + number))}
	a := s.address("aws_vpc", 0)
	s.vpc = &netmodel.VPC{
		Address: a, Origin: origin(a, ""), HasIPv6: netmodel.Certain(d.maybe(50)),
		IPv4: []netip.Prefix{netip.PrefixFrom(netip.AddrFrom4([4]byte{10, byte(block), 0, 0}), 26)},
	}
	if s.vpc.HasIPv6.IsTrue() {
		s.vpc.IPv6 = []netip.Prefix{netip.MustParsePrefix(fmt.Sprintf("2001:db8:%d::/120", number+1))}
	}
	d.net.VPCs = append(d.net.VPCs, s.vpc)
	for k := range 1 + d.IntN(2) {
		s.tables = append(s.tables, s.address("aws_route_table", k))
		s.acls = append(s.acls, s.address("aws_network_acl", k))
	}
	for k := range 1 + d.IntN(3) {
		s.groups = append(s.groups, s.address("aws_security_group", k))
	}
	s.vpc.MainTable, s.vpc.DefaultACL = netmodel.To(s.tables[0]), netmodel.To(s.acls[0])
	s.vpc.DefaultGroup = netmodel.To(s.groups[0])
	for k := range 1 + d.IntN(3) {
		d.subnet(s, k)
	}
	d.openVPC(s)
	return s
}

func (d *draft) subnet(s *site, k int) {
	a := s.address("aws_subnet", k)
	n := &netmodel.Subnet{
		Address: a, VPC: netmodel.To(s.vpc.Address), Zone: one(d, []string{"a", "b"}), Origin: origin(a, ""),
		IPv4: nth(s.vpc.IPv4[0], k, 28), HasIPv4: netmodel.Holds, HasIPv6: netmodel.Fails,
		Table: netmodel.To(one(d, s.tables)), ACL: netmodel.To(one(d, s.acls)),
		MapPublicIP: netmodel.Certain(d.maybe(60)), AssignIPv6: netmodel.Fails,
	}
	if s.vpc.HasIPv6.IsTrue() && d.maybe(80) {
		n.IPv6, n.HasIPv6 = nth(s.vpc.IPv6[0], k, 124), netmodel.Holds
		n.AssignIPv6 = netmodel.Certain(d.maybe(50))
	}
	s.subnets = append(s.subnets, n)
	d.net.Subnets = append(d.net.Subnets, n)
}

// nth is the k-th part of p with the given length.
func nth(p netip.Prefix, k, bits int) netip.Prefix {
	b := p.Addr().AsSlice()
	b[len(b)-1] += byte(k << (len(b)*8 - bits))
	addr, _ := netip.AddrFromSlice(b)
	return netip.PrefixFrom(addr, bits)
}

// host is the k-th address of p.
func host(p netip.Prefix, k int) netip.Addr { return nth(p, k, p.Addr().BitLen()).Addr() }

// fill drafts what refers to the subnets of a site.
func (d *draft) fill(s *site) {
	d.gateways(s)
	d.middleboxes(s)
	for k := range 1 + d.IntN(3) {
		d.endpoint(s, k)
	}
	d.edgeTable(s)
	for _, a := range s.groups {
		g := &netmodel.Group{Address: a, VPC: netmodel.To(s.vpc.Address), Origin: origin(a, "")}
		g.Ingress = netmodel.Filter{Default: netmodel.Deny, Stateful: true}
		g.Egress = g.Ingress
		d.groupRules(s, a, &g.Ingress, "ingress")
		d.groupRules(s, a, &g.Egress, "egress")
		d.net.Groups = append(d.net.Groups, g)
	}
	for _, a := range s.acls {
		acl := &netmodel.ACL{Address: a, VPC: netmodel.To(s.vpc.Address), Origin: origin(a, "")}
		acl.Ingress.Default, acl.Egress.Default = netmodel.Deny, netmodel.Deny
		d.aclRules(s, a, &acl.Ingress, "ingress")
		d.aclRules(s, a, &acl.Egress, "egress")
		d.net.ACLs = append(d.net.ACLs, acl)
	}
	for _, a := range s.tables {
		t := &netmodel.RouteTable{Address: a, VPC: netmodel.To(s.vpc.Address), Origin: origin(a, "")}
		d.routes(s, t)
		d.net.RouteTables = append(d.net.RouteTables, t)
	}
}

func (d *draft) gateways(s *site) {
	vpc := netmodel.To(s.vpc.Address)
	if d.maybe(80) {
		a := s.address("aws_internet_gateway", 0)
		g := &netmodel.InternetGateway{Address: a, VPC: vpc, Table: netmodel.NoLink(), Origin: origin(a, "")}
		d.net.InternetGateways = append(d.net.InternetGateways, g)
		d.part(func() { d.cut[a] = true })
		d.fact(func() { g.VPC = netmodel.OneOf(gap(a, "vpc_id"), s.vpc.Address, "") })
		d.fact(func() { g.VPC = netmodel.Unsettled(gap(a, "vpc_id"), s.vpc.Address) })
	}
	if s.vpc.HasIPv6.IsTrue() && d.maybe(50) {
		a := s.address("aws_egress_only_internet_gateway", 0)
		g := &netmodel.EgressOnlyGateway{Address: a, VPC: vpc, Origin: origin(a, "")}
		d.net.EgressGateways = append(d.net.EgressGateways, g)
		d.part(func() { d.cut[a] = true })
		d.fact(func() { g.VPC = netmodel.Unsettled(gap(a, "vpc_id")) })
	}
	if d.maybe(50) {
		d.natGateway(s, vpc)
	}
}

// edgeTable gives the internet gateway a route table, seldom (GRT-1).
func (d *draft) edgeTable(s *site) {
	a := s.address("aws_route_table", 9)
	for _, g := range d.net.InternetGateways {
		if g.Address != s.address("aws_internet_gateway", 0) || !d.maybe(25) {
			continue
		}
		g.Table = netmodel.To(a)
		t := &netmodel.RouteTable{Address: a, VPC: netmodel.To(s.vpc.Address), Origin: origin(a, "")}
		dt := &draftTable{table: t}
		d.tables = append(d.tables, dt)
		for k, n := range s.subnets {
			if d.maybe(40) {
				d.route(s, dt, &netmodel.Route{Destination: netmodel.InPrefix(n.IPv4), Rank: netmodel.StaticRoute, Blackhole: netmodel.Fails,
					Target: netmodel.To(one(d, append(s.ifaces, "aws_vpn_gateway.far", netmodel.LocalTarget))), Origin: origin(a, fmt.Sprintf("route[%d]", k))})
			}
		}
		d.net.RouteTables = append(d.net.RouteTables, t)
		d.part(func() { g.Table = netmodel.NoLink() })
		d.fact(func() { g.Table = netmodel.OneOf(gap(a, "gateway_id"), a, "") })
		d.fact(func() { g.Table = netmodel.Unsettled(gap(a, "gateway_id"), a) })
	}
}

func (d *draft) natGateway(s *site, vpc netmodel.Ref) {
	a := s.address("aws_nat_gateway", 0)
	home := one(d, s.subnets)
	g := &netmodel.NATGateway{
		Address: a, Subnet: netmodel.To(home.Address), VPC: netmodel.NoLink(), Public: netmodel.Certain(d.maybe(80)),
		Origin: origin(a, ""),
	}
	regional := d.maybe(15)
	if regional {
		g.Subnet, g.VPC, g.Public = netmodel.NoLink(), vpc, netmodel.Holds
	} else if d.maybe(60) {
		g.Private = host(home.IPv4, 14)
	}
	if g.Public.IsTrue() && d.maybe(50) {
		g.Elastic = netip.MustParseAddr("198.51.100.200")
	}
	s.nats = append(s.nats, a)
	d.net.NATGateways = append(d.net.NATGateways, g)
	d.part(func() { d.cut[a] = true })
	d.openNAT(s, g, regional)
}

// endpoint drafts an instance with one interface, seldom two.
func (d *draft) endpoint(s *site, k int) {
	a := s.address("aws_instance", k)
	e := &netmodel.Endpoint{Address: a, Type: "aws_instance", Origin: origin(a, "")}
	count := 1
	if d.maybe(10) {
		count = 2
	}
	e.Every, e.SendsOnly = count > 1 && d.maybe(40), d.maybe(4)
	for j := range count {
		e.Interfaces = append(e.Interfaces, d.iface(s, 2*k+j).Address)
	}
	d.net.Endpoints = append(d.net.Endpoints, e)
	d.part(func() {
		d.cut[a] = true
		for _, i := range e.Interfaces {
			d.cut[i] = true
		}
	})
	d.fact(func() { e.More = gap(a, "network_interface") })
}

func (d *draft) iface(s *site, k int) *netmodel.Interface {
	a := s.address("aws_network_interface", k)
	home := one(d, s.subnets)
	i := &netmodel.Interface{
		Address: a, Subnet: netmodel.To(home.Address), Origin: origin(a, ""),
		HasIPv4: netmodel.Holds, HasIPv6: netmodel.Certain(home.HasIPv6.IsTrue() && d.maybe(60)),
		AutoPublic: netmodel.Certain(d.maybe(50)), Elastic: netmodel.Certain(d.maybe(40)),
		SourceCheck: netmodel.Certain(d.maybe(90)), Attached: netmodel.Certain(d.maybe(95)),
	}
	i.AutoPublicFromSubnet = d.maybe(40)
	if i.AutoPublicFromSubnet {
		i.AutoPublic = home.MapPublicIP
	}
	if i.HasIPv6.IsTrue() && home.AssignIPv6.IsTrue() {
		i.AssignIPv6FromSubnet = d.maybe(50)
	}
	if d.maybe(60) {
		i.IPv4 = []netip.Addr{host(home.IPv4, 4+k)}
	}
	if i.HasIPv6.IsTrue() && !i.AssignIPv6FromSubnet && d.maybe(50) {
		i.IPv6 = []netip.Addr{host(home.IPv6, 4+k)}
	}
	if i.Elastic.IsTrue() && d.maybe(50) {
		i.ElasticIP = netip.AddrFrom4([4]byte{198, 51, 100, byte(10 + k)})
		i.PublicIPv4 = i.ElasticIP
	}
	for range 1 + d.IntN(2) {
		if g := netmodel.To(one(d, s.groups)); len(i.Groups.Links) == 0 || i.Groups.Links[0].String() != g.String() {
			i.Groups.Links = append(i.Groups.Links, g)
		}
	}
	i.Transparent = i.SourceCheck.IsFalse() && d.maybe(60)
	if i.Transparent {
		s.boxes = append(s.boxes, a)
		d.fact(func() { i.SourceCheck = netmodel.Open(gap(a, "source_dest_check")) })
	}
	s.ifaces = append(s.ifaces, a)
	d.net.Interfaces = append(d.net.Interfaces, i)
	d.openInterface(s, i)
	return i
}

func (d *draft) groupRules(s *site, a netmodel.Address, f *netmodel.Filter, path string) {
	df := &draftFilter{filter: f}
	d.filters = append(d.filters, df)
	open := 0 // the first rules admit everything
	if d.maybe(75) {
		open = 2
	}
	for k := range open + d.IntN(3) {
		r := &netmodel.Rule{
			Action: netmodel.Permit, Match: headerspace.Exactly(one(d, traffics)), Peer: d.peer(s),
			Origin: origin(a, fmt.Sprintf("%s[%d]", path, k)),
		}
		switch {
		case k < open:
			r.Peer, r.Match = netmodel.InPrefix(internet[k]), headerspace.Exactly(headerspace.All())
		case d.maybe(35):
			groups := s.groups
			if s.other != nil {
				groups = append(groups[:len(groups):len(groups)], s.other.groups...)
			}
			r.Peer = netmodel.Peer{Kind: netmodel.PeerGroup, Ref: netmodel.To(one(d, groups))}
		case len(d.lists) > 0 && d.maybe(20):
			r.Peer = netmodel.Peer{Kind: netmodel.PeerPrefixList, Ref: netmodel.To(one(d, d.lists))}
		}
		d.rule(s, df, r)
		if k >= open && d.maybe(25) {
			d.ruleForHost(s, r)
		}
	}
	d.fact(func() { f.Hidden = []netmodel.Gap{gap(a, path)} })
}

// ruleForHost makes a rule name one address of an interface: its private one, or
// its public one.
func (d *draft) ruleForHost(s *site, r *netmodel.Rule) {
	name := one(d, s.ifaces)
	i := d.net.Interfaces[slices.IndexFunc(d.net.Interfaces, func(i *netmodel.Interface) bool { return i.Address == name })]
	narrowed := netmodel.Peer{Kind: netmodel.PeerOpen, V4: true, Gap: gap(r.Origin.Address, r.Origin.Path+".cidr_blocks")}
	switch {
	case i.PublicIPv4.IsValid() && d.maybe(40):
		r.Peer, narrowed.Own = netmodel.InPrefix(netip.PrefixFrom(i.PublicIPv4, 32)), true
	case len(i.IPv4) == 1:
		r.Peer, narrowed.Host = netmodel.InPrefix(netip.PrefixFrom(i.IPv4[0], 32)), netmodel.To(name)
	default:
		return
	}
	d.fact(func() { r.Peer = narrowed })
}

// peer is a prefix: of the internet, the VPC, a subnet, or a part of one.
func (d *draft) peer(s *site) netmodel.Peer {
	n := one(d, s.subnets)
	pool := append([]netip.Prefix{all4, all4, all6, public4, n.IPv4, nth(n.IPv4, 1, 29), netip.PrefixFrom(host(n.IPv4, 4), 32)}, s.vpc.IPv4...)
	pool = append(pool, s.vpc.IPv6...)
	if s.other != nil {
		pool = append(pool, s.other.vpc.IPv4...)
		pool = append(pool, one(d, s.other.subnets).IPv4)
	}
	if n.IPv6.IsValid() {
		pool = append(pool, n.IPv6, nth(n.IPv6, 0, 125))
	}
	return netmodel.InPrefix(one(d, pool))
}

func (d *draft) aclRules(s *site, a netmodel.Address, f *netmodel.Filter, path string) {
	df := &draftFilter{filter: f}
	d.filters = append(d.filters, df)
	number := 10
	add := func(action netmodel.Action, t headerspace.Traffic, p netmodel.Peer) {
		r := &netmodel.Rule{
			Number: number, Action: action, Match: headerspace.Exactly(t), Peer: p,
			Origin: origin(a, fmt.Sprintf("%s[%d]", path, number/10-1)),
		}
		number += 10
		d.rule(s, df, r)
	}
	for range d.IntN(3) {
		action := netmodel.Deny
		if d.maybe(60) {
			action = netmodel.Permit
		}
		t := one(d, traffics)
		if d.maybe(40) {
			t = one(d, replies)
		}
		add(action, t, d.peer(s))
	}
	if d.maybe(92) {
		add(netmodel.Permit, headerspace.All(), netmodel.InPrefix(all4))
		add(netmodel.Permit, headerspace.All(), netmodel.InPrefix(all6))
	}
	d.fact(func() { f.Hidden = []netmodel.Gap{gap(a, path)} })
}

// routes drafts a default route and some others, none of them such as AWS
// refuses.
func (d *draft) routes(s *site, t *netmodel.RouteTable) {
	dt := &draftTable{table: t}
	d.tables = append(d.tables, dt)
	used := map[string]bool{}
	add := func(p netmodel.Peer, rank netmodel.Rank, targets ...netmodel.Address) {
		key := fmt.Sprint(p.String(), rank)
		if used[key] {
			return
		}
		used[key] = true
		r := &netmodel.Route{
			Destination: p, Target: netmodel.To(one(d, targets)), Rank: rank, Blackhole: netmodel.Certain(d.maybe(5)),
			Origin: origin(t.Address, fmt.Sprintf("route[%d]", len(dt.routes))),
		}
		d.route(s, dt, r)
	}
	out4 := append([]netmodel.Address{s.address("aws_internet_gateway", 0), s.address("aws_internet_gateway", 0)}, s.nats...)
	out6 := []netmodel.Address{s.address("aws_internet_gateway", 0), s.address("aws_egress_only_internet_gateway", 0)}
	odd := append([]netmodel.Address{"aws_vpn_gateway.far"}, s.ifaces...)
	if len(s.boxes) > 0 && d.maybe(60) {
		out4, out6 = append(out4, s.boxes...), append(out6, s.boxes...)
	}
	if len(s.links) > 0 && d.maybe(30) {
		out4 = append(out4, s.links...)
	}
	if d.maybe(85) {
		add(netmodel.InPrefix(all4), netmodel.StaticRoute, out4...)
	}
	if s.vpc.HasIPv6.IsTrue() && d.maybe(85) {
		add(netmodel.InPrefix(all6), netmodel.StaticRoute, out6...)
	}
	if len(s.boxes) > 0 && s.other != nil && d.maybe(40) {
		add(netmodel.InPrefix(s.other.vpc.IPv4[0]), netmodel.StaticRoute, s.boxes...)
	}
	if len(s.links) > 0 {
		if s.other.vpc.IPv4[0] != s.vpc.IPv4[0] && d.maybe(95) {
			add(netmodel.InPrefix(s.other.vpc.IPv4[0]), netmodel.StaticRoute, s.links...)
		}
		if s.other.vpc.HasIPv6.IsTrue() && d.maybe(70) {
			add(netmodel.InPrefix(s.other.vpc.IPv6[0]), netmodel.StaticRoute, s.links...)
		}
	}
	if d.maybe(20) {
		add(netmodel.InPrefix(public4), netmodel.StaticRoute, append(odd, out4...)...)
	}
	if d.maybe(15) {
		add(netmodel.InPrefix(one(d, internet)), netmodel.PropagatedRoute, "aws_vpn_gateway.far")
	}
	if d.maybe(20) {
		add(netmodel.InPrefix(one(d, s.subnets).IPv4), netmodel.StaticRoute, append(s.nats, s.ifaces...)...)
	}
	for _, n := range s.subnets {
		if len(s.boxes) > 0 && d.maybe(50) {
			add(netmodel.InPrefix(n.IPv4), netmodel.StaticRoute, s.boxes...)
		}
	}
	for _, l := range d.lists {
		if d.maybe(15) {
			p := netmodel.Peer{Kind: netmodel.PeerPrefixList, Ref: netmodel.To(l)}
			add(p, netmodel.PrefixListRoute, append(out4, "aws_vpn_gateway.far")...)
		}
	}
	d.fact(func() { t.Hidden = []netmodel.Gap{gap(t.Address, "route")} })
	d.fact(func() { t.VPC = netmodel.Unsettled(gap(t.Address, "vpc_id"), s.vpc.Address) })
}
