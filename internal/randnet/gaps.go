package randnet

import (
	"net/netip"

	"github.com/planreach/planreach/headerspace"
	"github.com/planreach/planreach/netmodel"
)

// openVPC adds the facts of a VPC and its subnets that can be left open.
func (d *draft) openVPC(s *site) {
	v := s.vpc
	d.fact(func() { v.Open4 = gap(v.Address, "ipv4") })
	d.fact(func() { v.Hidden = []netmodel.Gap{gap(v.Address, "")} })
	if v.HasIPv6.IsFalse() {
		d.fact(func() { v.HasIPv6, v.Open6 = netmodel.Open(gap(v.Address, "ipv6")), gap(v.Address, "ipv6") })
	}
	for _, n := range s.subnets {
		a := n.Address
		if len(s.tables) > 1 {
			d.fact(func() { n.Table = netmodel.OneOf(gap(a, "route_table_id"), s.tables...) })
		}
		if len(s.acls) > 1 {
			d.fact(func() { n.ACL = netmodel.OneOf(gap(a, "acl"), s.acls...) })
		}
		d.fact(func() { n.Table = netmodel.Unsettled(gap(a, "route_table_id"), s.tables...) })
		d.fact(func() { n.ACL = netmodel.Unsettled(gap(a, "acl")) })
		d.fact(func() { n.MapPublicIP = netmodel.Open(gap(a, "map_public_ip_on_launch")) })
		if n.IPv6.IsValid() {
			d.fact(func() { n.AssignIPv6 = netmodel.Open(gap(a, "assign_ipv6_address_on_creation")) })
		}
		d.fact(func() { d.forget4(n) })
		d.fact(func() { d.forget6(n) })
	}
}

// forget4 takes the IPv4 CIDR of the subnet away, and the addresses in it.
func (d *draft) forget4(n *netmodel.Subnet) {
	for _, i := range d.net.Interfaces {
		if i.Subnet.MayBe(n.Address) {
			i.IPv4 = nil
		}
	}
	for _, g := range d.net.NATGateways {
		if g.Subnet.MayBe(n.Address) {
			g.Private = netip.Addr{}
		}
	}
	n.IPv4 = netip.Prefix{}
}

func (d *draft) forget6(n *netmodel.Subnet) {
	for _, i := range d.net.Interfaces {
		if i.Subnet.MayBe(n.Address) {
			i.IPv6 = nil
		}
	}
	n.IPv6 = netip.Prefix{}
}

func subnetNames(s *site) []netmodel.Address {
	var out []netmodel.Address
	for _, n := range s.subnets {
		out = append(out, n.Address)
	}
	return out
}

func (d *draft) openNAT(s *site, g *netmodel.NATGateway, regional bool) {
	a := g.Address
	if regional {
		return
	}
	d.fact(func() { g.Public = netmodel.Open(gap(a, "allocation_id")) })
	d.fact(func() { g.Private = netip.Addr{} })
	d.fact(func() {
		g.Private, g.Subnet = netip.Addr{}, netmodel.OneOf(gap(a, "subnet_id"), subnetNames(s)...)
	})
	d.fact(func() { g.Private, g.Subnet = netip.Addr{}, netmodel.Unsettled(gap(a, "subnet_id")) })
}

func (d *draft) openInterface(s *site, i *netmodel.Interface) {
	a := i.Address
	d.fact(func() { i.IPv4 = nil })
	d.fact(func() { i.IPv6 = nil })
	d.fact(func() {
		i.IPv4, i.IPv6, i.Subnet = nil, nil, netmodel.OneOf(gap(a, "subnet_id"), subnetNames(s)...)
	})
	d.fact(func() { i.IPv4, i.IPv6, i.Subnet = nil, nil, netmodel.Unsettled(gap(a, "subnet_id")) })
	d.fact(func() { i.IPv6, i.HasIPv6 = nil, netmodel.Open(gap(a, "ipv6_addresses")) })
	d.fact(func() {
		i.AutoPublic, i.AutoPublicFromSubnet = netmodel.Open(gap(a, "associate_public_ip_address")), false
	})
	d.fact(func() { i.Elastic, i.PublicIPv4 = netmodel.Open(gap(a, "eip")), netip.Addr{} })
	d.fact(func() { i.SourceCheck = netmodel.Open(gap(a, "source_dest_check")) })
	d.fact(func() { i.Attached = netmodel.Open(gap(a, "attachment")) })
	d.fact(func() { i.Groups.More = gap(a, "vpc_security_group_ids") })
	for k := range i.Groups.Links {
		d.fact(func() { i.Groups.Links[k] = netmodel.OneOf(gap(a, "vpc_security_group_ids"), s.groups...) })
		d.fact(func() { i.Groups.Links[k] = netmodel.Unsettled(gap(a, "vpc_security_group_ids"), s.groups...) })
	}
}

// rule adds a rule to the filter, with the facts that can be left open.
func (d *draft) rule(s *site, f *draftFilter, r *netmodel.Rule) {
	f.rules = append(f.rules, r)
	k := len(f.rules) - 1
	a, path := r.Origin.Address, r.Origin.Path
	d.part(func() { f.rules[k] = nil })
	d.fact(func() { r.Doubt = gap(a, path) })
	traffic := r.Match.Yes()
	d.fact(func() {
		r.Match, r.Gaps = headerspace.AtMost(traffic), []netmodel.Gap{gap(a, path+".from_port")}
	})
	d.fact(func() {
		certain := headerspace.Ports(headerspace.TCP, 443, 443).Intersect(traffic)
		r.Match, r.Gaps = headerspace.NewTri(certain, headerspace.Traffic{}), []netmodel.Gap{gap(a, path+".to_port")}
	})
	switch r.Peer.Kind {
	case netmodel.PeerPrefix, netmodel.PeerOpen:
		six := r.Peer.Prefix.Addr().Is6()
		d.fact(func() {
			r.Peer = netmodel.Peer{Kind: netmodel.PeerOpen, V4: !six, V6: six, Gap: gap(a, path+".cidr_block")}
		})
	case netmodel.PeerGroup:
		group, _ := r.Peer.Ref.Exact()
		d.fact(func() {
			r.Peer.Ref = netmodel.OneOf(gap(a, path+".security_groups"), append(s.groups[:len(s.groups):len(s.groups)], group)...)
		})
		d.fact(func() { r.Peer.Ref = netmodel.Unsettled(gap(a, path+".security_groups")) })
	case netmodel.PeerPrefixList:
		d.fact(func() { r.Peer.Ref = netmodel.Unsettled(gap(a, path+".prefix_list_ids"), d.lists...) })
	}
}

// route adds a route to the table, with the facts that can be left open.
func (d *draft) route(s *site, t *draftTable, r *netmodel.Route) {
	t.routes = append(t.routes, r)
	k := len(t.routes) - 1
	a, path := r.Origin.Address, r.Origin.Path
	d.part(func() { t.routes[k] = nil })
	d.fact(func() { r.Doubt = gap(a, path) })
	d.fact(func() { r.Blackhole = netmodel.Open(gap(a, path)) })
	d.fact(func() { r.Target = netmodel.Unsettled(gap(a, path+".gateway_id")) })
	target, _ := r.Target.Exact()
	others := append([]netmodel.Address{target, s.address("aws_internet_gateway", 0)}, s.nats...)
	d.fact(func() { r.Target = netmodel.OneOf(gap(a, path+".gateway_id"), others...) })
	if r.Destination.Kind == netmodel.PeerPrefix {
		six := r.Destination.Prefix.Addr().Is6()
		d.fact(func() {
			r.Destination = netmodel.Peer{Kind: netmodel.PeerOpen, V4: !six, V6: six, Gap: gap(a, path+".cidr_block")}
		})
	}
}
