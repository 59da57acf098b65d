package oracle

import (
	"net/netip"
	"strings"
	"testing"

	"github.com/planreach/planreach/headerspace"
	"github.com/planreach/planreach/netmodel"
)

// A lab is one VPC with two subnets. left has a1 and a2, right has b1 and the
// NAT gateway nat. Everything is admitted and nothing but local is routed, until
// a case changes that. a1 and b1 have public and IPv6 addresses, a2 neither.
type lab struct {
	net            *netmodel.Network
	left, right    *netmodel.RouteTable
	leftACL, rgACL *netmodel.ACL
	a1, a2, b1     *netmodel.Interface
	nat            *netmodel.NATGateway
	groups         map[netmodel.Address]*netmodel.Group
}

func newLab() *lab {
	l := &lab{groups: map[netmodel.Address]*netmodel.Group{}}
	vpc := netmodel.To("vpc")
	table := func(a netmodel.Address) *netmodel.RouteTable { return &netmodel.RouteTable{Address: a, VPC: vpc} }
	acl := func(a netmodel.Address) *netmodel.ACL {
		open := netmodel.Filter{Rules: anything(netmodel.Permit), Default: netmodel.Deny}
		return &netmodel.ACL{Address: a, VPC: vpc, Ingress: open, Egress: open}
	}
	l.left, l.right, l.leftACL, l.rgACL = table("left-table"), table("right-table"), acl("left-acl"), acl("right-acl")
	subnet := func(a netmodel.Address, v4, v6 string) *netmodel.Subnet {
		return &netmodel.Subnet{
			Address: a, VPC: vpc, IPv4: netip.MustParsePrefix(v4), IPv6: netip.MustParsePrefix(v6),
			HasIPv4: netmodel.Holds, HasIPv6: netmodel.Holds, MapPublicIP: netmodel.Fails, AssignIPv6: netmodel.Fails,
			Table: netmodel.To(a + "-table"), ACL: netmodel.To(a + "-acl"),
		}
	}
	group := func(a netmodel.Address) *netmodel.Group {
		open := netmodel.Filter{Rules: anything(netmodel.Permit), Default: netmodel.Deny, Stateful: true}
		l.groups[a] = &netmodel.Group{Address: a, VPC: vpc, Ingress: open, Egress: open}
		return l.groups[a]
	}
	iface := func(a, subnet, group netmodel.Address, v4, v6, public string) *netmodel.Interface {
		i := &netmodel.Interface{
			Address: a, Subnet: netmodel.To(subnet), Groups: netmodel.Refs{Links: []netmodel.Ref{netmodel.To(group)}},
			IPv4: []netip.Addr{netip.MustParseAddr(v4)}, HasIPv4: netmodel.Holds, HasIPv6: netmodel.Fails,
			AutoPublic: netmodel.Fails, Elastic: netmodel.Fails, SourceCheck: netmodel.Holds, Attached: netmodel.Holds,
		}
		if v6 != "" {
			i.IPv6, i.HasIPv6 = []netip.Addr{netip.MustParseAddr(v6)}, netmodel.Holds
			i.PublicIPv4, i.AutoPublic = netip.MustParseAddr(public), netmodel.Holds
		}
		return i
	}
	l.a1 = iface("a1", "left", "ga", "10.0.0.4", "2001:db8::4", "198.51.100.4")
	l.a2 = iface("a2", "left", "gx", "10.0.0.5", "", "")
	l.b1 = iface("b1", "right", "gb", "10.0.0.20", "2001:db8::14", "198.51.100.20")
	l.nat = &netmodel.NATGateway{
		Address: "nat", Subnet: netmodel.To("right"), VPC: netmodel.NoLink(), Public: netmodel.Holds,
		Private: netip.MustParseAddr("10.0.0.30"), Elastic: netip.MustParseAddr("198.51.100.30"),
	}
	l.net = &netmodel.Network{
		VPCs: []*netmodel.VPC{{
			Address: "vpc", IPv4: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/26")},
			IPv6: []netip.Prefix{netip.MustParsePrefix("2001:db8::/120")}, HasIPv6: netmodel.Holds,
		}},
		Subnets:          []*netmodel.Subnet{subnet("left", "10.0.0.0/28", "2001:db8::/124"), subnet("right", "10.0.0.16/28", "2001:db8::10/124")},
		RouteTables:      []*netmodel.RouteTable{l.left, l.right},
		ACLs:             []*netmodel.ACL{l.leftACL, l.rgACL},
		Groups:           []*netmodel.Group{group("ga"), group("gb"), group("gx")},
		Interfaces:       []*netmodel.Interface{l.a1, l.a2, l.b1},
		NATGateways:      []*netmodel.NATGateway{l.nat},
		InternetGateways: []*netmodel.InternetGateway{{Address: "igw", VPC: vpc, Table: netmodel.NoLink()}},
		EgressGateways:   []*netmodel.EgressOnlyGateway{{Address: "eigw", VPC: vpc}},
	}
	return l
}

func (l *lab) route(t *netmodel.RouteTable, prefix string, target netmodel.Address) *netmodel.Route {
	t.Routes = append(t.Routes, staticRoute(netip.MustParsePrefix(prefix), target))
	return &t.Routes[len(t.Routes)-1]
}

// appliance makes a2 one, in a subnet of its own.
func (l *lab) appliance() {
	n := *l.net.Subnets[0]
	n.Address, n.IPv4, n.Table = "middle", netip.MustParsePrefix("10.0.0.32/28"), netmodel.To("middle-table")
	n.IPv6, n.HasIPv6 = netip.Prefix{}, netmodel.Fails
	l.net.Subnets = append(l.net.Subnets, &n)
	l.net.RouteTables = append(l.net.RouteTables, &netmodel.RouteTable{Address: "middle-table", VPC: n.VPC})
	l.a2.Subnet, l.a2.IPv4 = netmodel.To("middle"), []netip.Addr{netip.MustParseAddr("10.0.0.36")}
	l.a2.SourceCheck = netmodel.Fails
}

// edge gives the internet gateway a route table.
func (l *lab) edge() *netmodel.RouteTable {
	t := &netmodel.RouteTable{Address: "igw-table", VPC: netmodel.To("vpc")}
	l.net.RouteTables = append(l.net.RouteTables, t)
	l.net.InternetGateways[0].Table = netmodel.To(t.Address)
	return t
}

// publicAppliance makes a2 an appliance with a public address and a way out.
func (l *lab) publicAppliance() {
	l.appliance()
	l.a2.PublicIPv4, l.a2.AutoPublic = netip.MustParseAddr("198.51.100.5"), netmodel.Holds
	for _, t := range l.net.RouteTables {
		if t.Address == "middle-table" {
			l.route(t, "0.0.0.0/0", "igw")
		}
	}
	l.groups["gx"].Ingress.Rules = []netmodel.Rule{rule(permit, headerspace.All(), "0.0.0.0/0")}
	l.groups["gx"].Egress.Rules = l.groups["gx"].Ingress.Rules
}

func rule(a netmodel.Action, t headerspace.Traffic, prefix string) netmodel.Rule {
	return netmodel.Rule{Action: a, Match: headerspace.Exactly(t), Peer: netmodel.InPrefix(netip.MustParsePrefix(prefix))}
}

func fromGroup(g netmodel.Address) netmodel.Rule {
	return netmodel.Rule{
		Action: netmodel.Permit, Match: headerspace.Exactly(headerspace.All()),
		Peer: netmodel.Peer{Kind: netmodel.PeerGroup, Ref: netmodel.To(g)},
	}
}

// at finds the end of a case by name; the internet has none.
func (l *lab) at(name string) *netmodel.Interface {
	return map[string]*netmodel.Interface{"a1": l.a1, "a2": l.a2, "b1": l.b1}[name]
}

const (
	far  = "203.0.113.9"
	far6 = "2001:db8:f::9"
)

var (
	https     = headerspace.Ports(headerspace.TCP, 443, 443)
	ephemeral = headerspace.Ports(headerspace.TCP, 32768, 65535)
	deny      = netmodel.Deny
	permit    = netmodel.Permit
)

func tcp(src, dst string) headerspace.Packet {
	return headerspace.Packet{
		Src: netip.MustParseAddr(src), Dst: netip.MustParseAddr(dst), Proto: headerspace.TCP, SrcPort: 40000, DstPort: 443,
	}
}

func with(p headerspace.Packet, proto headerspace.Proto) headerspace.Packet {
	p.Proto, p.SrcPort, p.DstPort = proto, 0, 0
	if proto == headerspace.ICMP {
		p.ICMPType = 8
	}
	return p
}

func TestStatements(t *testing.T) {
	const lost, oneWay, both = "lost", "one way", "both ways"
	for _, c := range []struct {
		name     string // the statement, and what of it
		change   func(*lab)
		from, to string // empty: the internet
		packet   headerspace.Packet
		want     string
		at       string // part of the last line of the trail
	}{
		{"RT-7 local", nil, "a1", "b1", tcp("10.0.0.4", "10.0.0.20"), both, ""},
		{"RT-13 no route", nil, "a1", "", tcp("10.0.0.4", far), lost, "no route"},
		{"RT-12 IPv4 default is no IPv6 route", func(l *lab) { l.route(l.left, "0.0.0.0/0", "igw") },
			"a1", "", tcp("2001:db8::4", far6), lost, "no route"},
		{"RT-14 longest prefix", func(l *lab) {
			l.route(l.left, "0.0.0.0/0", "igw")
			l.route(l.left, "203.0.113.0/24", "gone").Blackhole = netmodel.Holds
		}, "a1", "", tcp("10.0.0.4", far), lost, "no route"},
		{"RT-14 shorter does not count", func(l *lab) {
			l.route(l.left, "203.0.113.0/24", "igw")
			l.route(l.left, "0.0.0.0/0", "gone").Blackhole = netmodel.Holds
		}, "a1", "", tcp("10.0.0.4", far), both, ""},
		{"RT-15 static beats prefix list and propagated", func(l *lab) {
			for rank := netmodel.PropagatedRoute; rank > netmodel.StaticRoute; rank-- {
				r := l.route(l.left, "0.0.0.0/0", "gone")
				r.Blackhole, r.Rank = netmodel.Holds, rank
			}
			l.route(l.left, "0.0.0.0/0", "igw")
		}, "a1", "", tcp("10.0.0.4", far), both, ""},
		{"RT-15 prefix list beats propagated", func(l *lab) {
			l.net.PrefixLists = []*netmodel.PrefixList{{Address: "pl", Entries: []netmodel.PrefixEntry{{Prefix: everything[0]}}}}
			l.route(l.left, "0.0.0.0/0", "gone").Rank = netmodel.PropagatedRoute
			r := l.route(l.left, "0.0.0.0/0", "igw")
			r.Destination, r.Rank = netmodel.Peer{Kind: netmodel.PeerPrefixList, Ref: netmodel.To("pl")}, netmodel.PrefixListRoute
		}, "a1", "", tcp("10.0.0.4", far), both, ""},
		{"RT-18 propagated does not beat local", func(l *lab) {
			r := l.route(l.left, "10.0.0.20/32", "gone")
			r.Rank, r.Blackhole = netmodel.PropagatedRoute, netmodel.Holds
		}, "a1", "b1", tcp("10.0.0.4", "10.0.0.20"), both, ""},
		{"RT-8 more specific than local", func(l *lab) { l.route(l.left, "10.0.0.16/28", "a2") },
			"a1", "b1", tcp("10.0.0.4", "10.0.0.20"), lost, "a2 does not forward"},
		{"RT-23 no routing inside a subnet", func(l *lab) { l.route(l.left, "10.0.0.0/28", "gone").Blackhole = netmodel.Holds },
			"a1", "a2", tcp("10.0.0.4", "10.0.0.5"), both, ""},
		{"RT-27 blackhole", func(l *lab) { l.route(l.left, "0.0.0.0/0", "igw").Blackhole = netmodel.Holds },
			"a1", "", tcp("10.0.0.4", far), lost, "no route"},
		{"GRT-1 a table that leads nowhere", func(l *lab) {
			l.route(l.left, "0.0.0.0/0", "igw")
			l.route(l.edge(), "10.0.0.0/28", "gone").Blackhole = netmodel.Holds
		}, "", "a1", tcp(far, "198.51.100.4"), lost, "igw-table drops it"},
		{"GRT-1 of another subnet", func(l *lab) {
			l.route(l.left, "0.0.0.0/0", "igw")
			l.route(l.edge(), "10.0.0.16/28", "gone").Blackhole = netmodel.Holds
		}, "", "a1", tcp(far, "198.51.100.4"), both, ""},
		{"GRT-7 an appliance without a public address", func(l *lab) {
			l.appliance()
			l.route(l.edge(), "10.0.0.0/28", "a2")
		}, "", "a1", tcp(far, "198.51.100.4"), lost, "no appliance"},
		{"GRT-8 out directly", func(l *lab) {
			l.appliance()
			l.route(l.left, "0.0.0.0/0", "igw")
			l.route(l.edge(), "10.0.0.0/28", "a2")
		}, "a1", "", tcp("10.0.0.4", far), oneWay, "the reply goes to"},
		{"GRT-9 in and back by the appliance", func(l *lab) {
			l.publicAppliance()
			l.route(l.left, "0.0.0.0/0", "a2")
			l.route(l.edge(), "10.0.0.0/28", "a2")
		}, "", "a1", tcp(far, "198.51.100.4"), both, ""},
		{"GRT-9 back by another way", func(l *lab) {
			l.publicAppliance()
			l.route(l.left, "0.0.0.0/0", "igw")
			l.route(l.edge(), "10.0.0.0/28", "a2")
		}, "", "a1", tcp(far, "198.51.100.4"), oneWay, "takes"},

		{"EV-3 no ACL inside a subnet", func(l *lab) { l.leftACL.Ingress.Rules, l.leftACL.Egress.Rules = nil, nil },
			"a1", "a2", tcp("10.0.0.4", "10.0.0.5"), both, ""},
		{"NACL-3 first match", func(l *lab) {
			l.leftACL.Egress.Rules = append([]netmodel.Rule{rule(deny, https, "10.0.0.16/28")}, l.leftACL.Egress.Rules...)
		}, "a1", "b1", tcp("10.0.0.4", "10.0.0.20"), lost, "ACL of left, egress"},
		{"NACL-3 later deny is not asked", func(l *lab) {
			l.leftACL.Egress.Rules = append(l.leftACL.Egress.Rules, rule(deny, https, "10.0.0.16/28"))
		}, "a1", "b1", tcp("10.0.0.4", "10.0.0.20"), both, ""},
		{"NACL-4 the rest is denied", func(l *lab) { l.rgACL.Ingress.Rules = nil },
			"a1", "b1", tcp("10.0.0.4", "10.0.0.20"), lost, "ACL of right, ingress"},
		{"NACL-6 replies need a rule, out", func(l *lab) { l.rgACL.Egress.Rules = nil },
			"a1", "b1", tcp("10.0.0.4", "10.0.0.20"), oneWay, "ACL of right, egress"},
		{"NACL-6 replies need a rule, in", func(l *lab) { l.leftACL.Ingress.Rules = []netmodel.Rule{rule(permit, https, "0.0.0.0/0")} },
			"a1", "b1", tcp("10.0.0.4", "10.0.0.20"), oneWay, "ACL of left, ingress"},
		{"NACL-6 ephemeral ports do", func(l *lab) {
			l.leftACL.Ingress.Rules = []netmodel.Rule{rule(permit, ephemeral, "0.0.0.0/0")}
			l.rgACL.Egress.Rules = []netmodel.Rule{rule(permit, ephemeral, "10.0.0.4/32")}
		}, "a1", "b1", tcp("10.0.0.4", "10.0.0.20"), both, ""},
		{"NACL-7 IPv4 rules are not for IPv6", func(l *lab) { l.rgACL.Ingress.Rules = []netmodel.Rule{rule(permit, headerspace.All(), "0.0.0.0/0")} },
			"a1", "b1", tcp("2001:db8::4", "2001:db8::14"), lost, "ACL of right, ingress"},
		{"NACL-10 private address behind an internet gateway", func(l *lab) {
			l.route(l.left, "0.0.0.0/0", "igw")
			l.leftACL.Egress.Rules = []netmodel.Rule{rule(permit, headerspace.All(), far+"/32")}
			l.leftACL.Ingress.Rules = []netmodel.Rule{rule(permit, headerspace.All(), far+"/32")}
		}, "", "a1", tcp(far, "198.51.100.4"), both, ""},
		{"EV-9 echo is answered by type 0", func(l *lab) {
			l.leftACL.Ingress.Rules = []netmodel.Rule{rule(permit, headerspace.ICMPTypes(headerspace.ICMP, 8, -1), "0.0.0.0/0")}
		}, "a1", "b1", with(tcp("10.0.0.4", "10.0.0.20"), headerspace.ICMP), oneWay, "icmp/0/0"},

		{"SG-3 no egress rule", func(l *lab) { l.groups["ga"].Egress.Rules = nil },
			"a1", "b1", tcp("10.0.0.4", "10.0.0.20"), lost, "egress groups of a1"},
		{"SG-3 no ingress rule", func(l *lab) { l.groups["gb"].Ingress.Rules = nil },
			"a1", "b1", tcp("10.0.0.4", "10.0.0.20"), lost, "ingress groups of b1"},
		{"SG-2 any group", func(l *lab) {
			l.groups["gb"].Ingress.Rules = nil
			l.b1.Groups.Links = append(l.b1.Groups.Links, netmodel.To("gx"))
		}, "a1", "b1", tcp("10.0.0.4", "10.0.0.20"), both, ""},
		{"SG-4 replies are not examined", func(l *lab) { l.groups["gb"].Egress.Rules, l.groups["ga"].Ingress.Rules = nil, nil },
			"a1", "b1", tcp("10.0.0.4", "10.0.0.20"), both, ""},
		{"SG-9 member", func(l *lab) { l.groups["gb"].Ingress.Rules = []netmodel.Rule{fromGroup("ga")} },
			"a1", "b1", tcp("10.0.0.4", "10.0.0.20"), both, ""},
		{"SG-9 not a member", func(l *lab) { l.groups["gb"].Ingress.Rules = []netmodel.Rule{fromGroup("gx")} },
			"a1", "b1", tcp("10.0.0.4", "10.0.0.20"), lost, "ingress groups"},
		{"SG-9 egress", func(l *lab) { l.groups["ga"].Egress.Rules = []netmodel.Rule{fromGroup("gb")} },
			"a1", "b1", tcp("10.0.0.4", "10.0.0.20"), both, ""},
		{"SG-11 not behind a NAT gateway", func(l *lab) {
			l.route(l.left, "10.0.0.16/28", "nat")
			l.groups["gb"].Ingress.Rules = []netmodel.Rule{fromGroup("ga")}
		}, "a1", "b1", tcp("10.0.0.4", "10.0.0.20"), lost, "ingress groups"},
		{"NAT-9 the gateway's address", func(l *lab) {
			l.route(l.left, "10.0.0.16/28", "nat")
			l.groups["gb"].Ingress.Rules = []netmodel.Rule{rule(permit, https, "10.0.0.30/32")}
		}, "a1", "b1", tcp("10.0.0.4", "10.0.0.20"), both, ""},

		{"IGW-3 out", func(l *lab) { l.route(l.left, "0.0.0.0/0", "igw") }, "a1", "", tcp("10.0.0.4", far), both, ""},
		{"IGW-4 out", func(l *lab) { l.route(l.left, "::/0", "igw") }, "a1", "", tcp("2001:db8::4", far6), both, ""},
		{"IGW-5 no public address, out", func(l *lab) { l.route(l.left, "0.0.0.0/0", "igw") },
			"a2", "", tcp("10.0.0.5", far), lost, "no public address"},
		{"IGW-5 no public address, in", func(l *lab) { l.route(l.left, "0.0.0.0/0", "igw") },
			"", "a2", tcp(far, "198.51.100.5"), lost, "no public address"},
		{"IGW-10 no route back", nil, "", "a1", tcp(far, "198.51.100.4"), oneWay, "the reply"},
		{"IGW-10 back by a NAT gateway", func(l *lab) { l.route(l.left, "0.0.0.0/0", "nat") },
			"", "a1", tcp(far, "198.51.100.4"), oneWay, "the reply"},
		{"IGW-14 no IPv4 by the egress-only gateway", func(l *lab) { l.route(l.left, "0.0.0.0/0", "eigw") },
			"a1", "", tcp("10.0.0.4", far), lost, "eigw"},
		{"IGW-15 egress-only, out", func(l *lab) { l.route(l.left, "::/0", "eigw") }, "a1", "", tcp("2001:db8::4", far6), both, ""},
		{"IGW-15 egress-only, in", func(l *lab) { l.route(l.left, "::/0", "eigw"); l.net.InternetGateways = nil },
			"", "a1", tcp(far6, "2001:db8::4"), lost, "no internet gateway"},
		{"IGW-15 the egress-only gateway takes no replies to others", func(l *lab) { l.route(l.left, "::/0", "eigw") },
			"", "a1", tcp(far6, "2001:db8::4"), oneWay, "the reply"},
		{"IGW-16 ACL for the reply", func(l *lab) {
			l.route(l.left, "::/0", "eigw")
			l.leftACL.Ingress.Rules = nil
		}, "a1", "", tcp("2001:db8::4", far6), oneWay, "ACL of left, ingress"},

		{"NAT-2 out", func(l *lab) { l.route(l.left, "0.0.0.0/0", "nat"); l.route(l.right, "0.0.0.0/0", "igw") },
			"a2", "", tcp("10.0.0.5", far), both, ""},
		{"NAT-5 no GRE", func(l *lab) { l.route(l.left, "0.0.0.0/0", "nat"); l.route(l.right, "0.0.0.0/0", "igw") },
			"a2", "", with(tcp("10.0.0.5", far), 47), lost, "carries neither"},
		{"V6-5 no IPv6", func(l *lab) { l.route(l.left, "::/0", "nat"); l.route(l.right, "::/0", "igw") },
			"a1", "", tcp("2001:db8::4", far6), lost, "carries neither"},
		{"NAT-8 its subnet's ACL, in", func(l *lab) {
			l.route(l.left, "0.0.0.0/0", "nat")
			l.route(l.right, "0.0.0.0/0", "igw")
			l.rgACL.Ingress.Rules = []netmodel.Rule{rule(permit, headerspace.All(), far+"/32")}
		}, "a2", "", tcp("10.0.0.5", far), lost, "ACL of right, ingress"},
		{"NAT-8 its subnet's ACL, out", func(l *lab) {
			l.route(l.left, "0.0.0.0/0", "nat")
			l.route(l.right, "0.0.0.0/0", "igw")
			l.rgACL.Egress.Rules = []netmodel.Rule{rule(permit, headerspace.All(), "10.0.0.0/26")}
		}, "a2", "", tcp("10.0.0.5", far), lost, "ACL of right, egress"},
		{"NAT-8 replies to its ports", func(l *lab) {
			l.route(l.left, "0.0.0.0/0", "nat")
			l.route(l.right, "0.0.0.0/0", "igw")
			l.rgACL.Ingress.Rules = []netmodel.Rule{rule(permit, https, "0.0.0.0/0"), rule(permit, ephemeral, "0.0.0.0/0")}
		}, "a2", "", tcp("10.0.0.5", far), oneWay, "tcp 203.0.113.9:443 -> 10.0.0.30:2000"},
		{"NAT-10 no route back inside", func(l *lab) {
			l.route(l.left, "0.0.0.0/0", "nat")
			l.route(l.right, "0.0.0.0/0", "igw")
			l.route(l.right, "10.0.0.0/28", "gone").Blackhole = netmodel.Holds
		}, "a2", "", tcp("10.0.0.5", far), oneWay, "the reply to 10.0.0.5"},
		{"NAT-11 not from outside", func(l *lab) { l.route(l.left, "0.0.0.0/0", "nat"); l.route(l.right, "0.0.0.0/0", "igw") },
			"", "a2", tcp(far, "198.51.100.30"), lost, "no public address"},
		{"IGW-11 private NAT gateway", func(l *lab) {
			l.nat.Public = netmodel.Fails
			l.route(l.left, "0.0.0.0/0", "nat")
			l.route(l.right, "0.0.0.0/0", "igw")
		}, "a2", "", tcp("10.0.0.5", far), lost, "is private"},
		{"NAT-16 regional", func(l *lab) {
			l.nat.Subnet, l.nat.VPC = netmodel.NoLink(), netmodel.To("vpc")
			l.route(l.left, "0.0.0.0/0", "nat")
		}, "a2", "", tcp("10.0.0.5", far), both, ""},
		{"EV-5 loop", func(l *lab) { l.route(l.left, "0.0.0.0/0", "nat"); l.route(l.right, "0.0.0.0/0", "nat") },
			"a2", "", tcp("10.0.0.5", far), lost, "loop"},
		{"EV-7 reply by a NAT gateway", func(l *lab) { l.route(l.right, "10.0.0.0/28", "nat") },
			"a1", "b1", tcp("10.0.0.4", "10.0.0.20"), oneWay, "the reply"},
		{"EV-13 no ACL towards a NAT gateway of the subnet", func(l *lab) {
			l.route(l.right, "0.0.0.0/0", "nat")
			l.route(l.right, "203.0.113.0/24", "nat")
			l.rgACL.Egress.Rules, l.rgACL.Ingress.Rules = nil, nil
		}, "b1", "", tcp("10.0.0.20", far), lost, "loop"},

		{"ENI-1 foreign source", nil, "a1", "b1", tcp("10.0.0.5", "10.0.0.20"), lost, "does not own"},
		{"ENI-3 check on", func(l *lab) { l.route(l.left, "0.0.0.0/0", "b1") }, "a2", "", tcp("10.0.0.5", far), lost, "does not forward"},
		{"ENI-3 own address", func(l *lab) { l.route(l.left, "10.0.0.16/28", "b1") },
			"a1", "b1", tcp("10.0.0.4", "10.0.0.20"), both, ""},
		{"ENI-4 transparent, IPv4 has no public address", func(l *lab) {
			l.b1.SourceCheck = netmodel.Fails
			l.route(l.left, "0.0.0.0/0", "b1")
			l.route(l.right, "0.0.0.0/0", "igw")
		}, "a2", "", tcp("10.0.0.5", far), lost, "no public address"},
		{"GRT-9 transparent, IPv6, the reply passes it by", func(l *lab) {
			l.b1.SourceCheck = netmodel.Fails
			l.route(l.left, "::/0", "b1")
			l.route(l.right, "::/0", "igw")
		}, "a1", "", tcp("2001:db8::4", far6), oneWay, "by"},
		{"ENI-4 transparent, inside", func(l *lab) {
			l.appliance()
			l.route(l.left, "10.0.0.16/28", "a2")
			l.route(l.right, "10.0.0.0/28", "a2")
		}, "a1", "b1", tcp("10.0.0.4", "10.0.0.20"), both, ""},
		{"EV-7 transparent, the reply by another way", func(l *lab) {
			l.appliance()
			l.route(l.left, "10.0.0.16/28", "a2")
		}, "a1", "b1", tcp("10.0.0.4", "10.0.0.20"), oneWay, "the reply"},
		{"NAT-9 the reply goes to the client's own port", func(l *lab) {
			l.route(l.left, "0.0.0.0/0", "nat")
			l.route(l.right, "0.0.0.0/0", "igw")
			l.leftACL.Ingress.Rules = []netmodel.Rule{rule(permit, headerspace.Ports(headerspace.TCP, 40000, 40000), far+"/32")}
		}, "a2", "", tcp("10.0.0.5", far), both, ""},
		{"ENI-6 unattached", func(l *lab) { l.b1.Attached = netmodel.Fails },
			"a1", "b1", tcp("10.0.0.4", "10.0.0.20"), lost, "b1 is not attached"},
		{"L-49 not out and back in", func(l *lab) { l.route(l.left, "0.0.0.0/0", "igw") },
			"a1", "b1", tcp("10.0.0.4", "198.51.100.20"), lost, "out to the internet"},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := newLab()
			if c.change != nil {
				c.change(l)
			}
			worlds, all := Completions(l.net.Seal(), 1000)
			if !all || len(worlds) == 0 {
				t.Fatalf("%d completions, all %t", len(worlds), all)
			}
			// A fully known network has one completion, and one more for each
			// device whose workings no plan has; the first of these forwards.
			n := worlds[0]
			end := func(name string) *netmodel.Interface {
				if i := l.at(name); i != nil {
					return n.Interface(i.Address)
				}
				return nil
			}
			got := Reach(n, end(c.from), end(c.to), c.packet, 2000)
			word := lost
			switch {
			case got.Delivered && got.Returned:
				word = both
			case got.Delivered:
				word = oneWay
			}
			if last := got.Trail[len(got.Trail)-1]; word != c.want || !strings.Contains(last, c.at) {
				t.Errorf("%s, want %s at %q\n%s", word, c.want, c.at, strings.Join(got.Trail, "\n"))
			}
		})
	}
}
