package oracle

import (
	"net/netip"
	"strings"
	"testing"

	"github.com/planreach/planreach/headerspace"
	"github.com/planreach/planreach/netmodel"
)

// A pair is a lab and a second VPC, 10.1.0.0/26, with c1 in its subnet other.
// The lab's subnets lie in zone a, other in zone b. A peering and a transit
// gateway join the VPCs; no route of a VPC leads there yet.
type pair struct {
	*lab
	c1            *netmodel.Interface
	other         *netmodel.RouteTable
	otherACL      *netmodel.ACL
	peering       *netmodel.Peering
	gateway       *netmodel.TransitGateway
	transit       *netmodel.TransitTable
	near, distant *netmodel.Attachment
}

func newPair() *pair {
	p := &pair{lab: newLab()}
	vpc := netmodel.To("vpc2")
	for _, n := range p.net.Subnets {
		n.Zone = "a"
	}
	subnet := *p.net.Subnets[0]
	subnet.Address, subnet.VPC, subnet.Zone = "other", vpc, "b"
	subnet.IPv4, subnet.IPv6, subnet.HasIPv6 = netip.MustParsePrefix("10.1.0.0/28"), netip.Prefix{}, netmodel.Fails
	subnet.Table, subnet.ACL = netmodel.To("other-table"), netmodel.To("other-acl")
	p.other = &netmodel.RouteTable{Address: "other-table", VPC: vpc}
	acl, group, c1 := *p.leftACL, *p.groups["ga"], *p.a2
	acl.Address, acl.VPC = "other-acl", vpc
	p.otherACL = &acl
	group.Address, group.VPC = "gc", vpc
	p.groups["gc"] = &group
	c1.Address, c1.Subnet, c1.IPv4 = "c1", netmodel.To("other"), []netip.Addr{netip.MustParseAddr("10.1.0.4")}
	c1.Groups = netmodel.Refs{Links: []netmodel.Ref{netmodel.To("gc")}}
	p.c1 = &c1
	p.peering = &netmodel.Peering{
		Address: "pcx", Requester: netmodel.To("vpc"), Accepter: vpc, Active: netmodel.Holds, SameRegion: netmodel.Holds,
	}
	p.gateway = &netmodel.TransitGateway{Address: "tgw", Referencing: netmodel.Holds}
	attachment := func(a, vpc, subnet netmodel.Address) *netmodel.Attachment {
		return &netmodel.Attachment{
			Address: a, Gateway: netmodel.To("tgw"), VPC: netmodel.To(vpc), Table: netmodel.To("transit"), Active: netmodel.Holds,
			Subnets: netmodel.Refs{Links: []netmodel.Ref{netmodel.To(subnet)}}, Referencing: netmodel.Holds, ApplianceMode: netmodel.Fails,
		}
	}
	p.near, p.distant = attachment("near", "vpc", "right"), attachment("distant", "vpc2", "other")
	p.transit = &netmodel.TransitTable{Address: "transit", Gateway: netmodel.To("tgw"), Routes: []netmodel.Route{
		staticRoute(netip.MustParsePrefix("10.0.0.0/26"), "near"), staticRoute(netip.MustParsePrefix("10.1.0.0/26"), "distant"),
	}}
	n := p.net
	n.VPCs = append(n.VPCs, &netmodel.VPC{Address: "vpc2", IPv4: []netip.Prefix{netip.MustParsePrefix("10.1.0.0/26")}, HasIPv6: netmodel.Fails})
	n.Subnets, n.RouteTables, n.ACLs = append(n.Subnets, &subnet), append(n.RouteTables, p.other), append(n.ACLs, &acl)
	n.Groups, n.Interfaces = append(n.Groups, &group), append(n.Interfaces, &c1)
	n.Peerings, n.TransitGateways = []*netmodel.Peering{p.peering}, []*netmodel.TransitGateway{p.gateway}
	n.Attachments, n.TransitTables = []*netmodel.Attachment{p.near, p.distant}, []*netmodel.TransitTable{p.transit}
	return p
}

// join routes both VPCs to each other by the same connection.
func (p *pair) join(target netmodel.Address) {
	p.route(p.left, "10.1.0.0/26", target)
	p.route(p.other, "10.0.0.0/26", target)
}

func TestConnections(t *testing.T) {
	const lost, oneWay, both = "lost", "one way", "both ways"
	there := tcp("10.0.0.4", "10.1.0.4")
	for _, c := range []struct {
		name   string
		change func(*pair)
		to     string // c1 or, if empty, the internet
		packet headerspace.Packet
		want   string
		at     string
	}{
		{"PCX-2 routes both ways", func(p *pair) { p.join("pcx") }, "c1", there, both, ""},
		{"PCX-2 no route there", func(p *pair) { p.route(p.other, "10.0.0.0/26", "pcx") }, "c1", there, lost, "no route"},
		{"PCX-2 no route back", func(p *pair) { p.route(p.left, "10.1.0.0/26", "pcx") }, "c1", there, oneWay, "has no route"},
		{"PCX-1 not active", func(p *pair) { p.join("pcx"); p.peering.Active = netmodel.Fails }, "c1", there, lost, "does not connect"},
		{"PCX-4 another address", func(p *pair) { p.route(p.left, "10.2.0.0/16", "pcx") }, "c1", tcp("10.0.0.4", "10.2.0.4"), lost, "not the destination"},
		{"PCX-5 no internet behind it", func(p *pair) {
			p.route(p.left, "0.0.0.0/0", "pcx")
			p.route(p.other, "0.0.0.0/0", "igw2")
			p.net.InternetGateways = append(p.net.InternetGateways, &netmodel.InternetGateway{Address: "igw2", VPC: netmodel.To("vpc2"), Table: netmodel.NoLink()})
		}, "", tcp("10.0.0.4", far), lost, "not the destination"},
		{"SG-14 groups in one Region", func(p *pair) {
			p.join("pcx")
			p.groups["gc"].Ingress.Rules = []netmodel.Rule{fromGroup("ga")}
			p.groups["ga"].Egress.Rules = []netmodel.Rule{fromGroup("gc")}
		}, "c1", there, both, ""},
		{"SG-14 groups across Regions, in", func(p *pair) {
			p.join("pcx")
			p.peering.SameRegion = netmodel.Fails
			p.groups["gc"].Ingress.Rules = []netmodel.Rule{fromGroup("ga")}
		}, "c1", there, lost, "ingress groups"},
		{"SG-14 groups across Regions, out", func(p *pair) {
			p.join("pcx")
			p.peering.SameRegion = netmodel.Fails
			p.groups["ga"].Egress.Rules = []netmodel.Rule{fromGroup("gc")}
		}, "c1", there, lost, "egress groups"},
		{"NAT-15 returns to sender", func(p *pair) {
			p.route(p.left, "10.1.0.0/26", "nat")
			p.route(p.right, "10.1.0.0/26", "pcx")
		}, "c1", there, both, ""},
		{"NAT-15 an ACL still stops the reply", func(p *pair) {
			p.route(p.left, "10.1.0.0/26", "nat")
			p.route(p.right, "10.1.0.0/26", "pcx")
			p.otherACL.Egress.Rules = nil
		}, "c1", there, oneWay, "ACL of other, egress"},

		{"TGW-19 routes both ways", func(p *pair) { p.join("tgw") }, "c1", there, both, ""},
		{"TGW-19 no route back", func(p *pair) { p.route(p.left, "10.1.0.0/26", "tgw") }, "c1", there, oneWay, "has no route"},
		{"EV-7 back by another connection", func(p *pair) {
			p.route(p.left, "10.1.0.0/26", "tgw")
			p.route(p.other, "10.0.0.0/26", "pcx")
		}, "c1", there, both, ""},
		{"TGW-2 no table", func(p *pair) { p.join("tgw"); p.near.Table = netmodel.NoLink() }, "c1", there, lost, "no transit table"},
		{"TGW-31 no table for the reply", func(p *pair) { p.join("tgw"); p.distant.Table = netmodel.NoLink() }, "c1", there, oneWay, "no transit table"},
		{"TGW-9 most specific", func(p *pair) {
			p.join("tgw")
			p.transit.Routes = append(p.transit.Routes, staticRoute(netip.MustParsePrefix("10.1.0.4/32"), "near"))
		}, "c1", there, lost, "no route from transit in right"},
		{"TGW-10 static before propagated", func(p *pair) {
			p.join("tgw")
			lower := staticRoute(netip.MustParsePrefix("10.1.0.0/26"), "near")
			lower.Rank = netmodel.PropagatedRoute
			p.transit.Routes = append([]netmodel.Route{lower}, p.transit.Routes...)
		}, "c1", there, both, ""},
		{"TGW-12 blackhole", func(p *pair) { p.join("tgw"); p.transit.Routes[1].Blackhole = netmodel.Holds }, "c1", there, lost, "no route from transit"},
		{"TGW-13 no route", func(p *pair) { p.join("tgw"); p.transit.Routes = p.transit.Routes[:1] }, "c1", there, lost, "no route from transit"},
		{"TGW-15 no subnet in the zone", func(p *pair) { p.join("tgw"); p.net.Subnets[1].Zone = "c" }, "c1", there, lost, "no subnet in zone a"},
		{"TGW-17 another zone on the other side", func(p *pair) { p.join("tgw") }, "c1", there, both, ""},
		{"TGW-18 the attachment subnet's table", func(p *pair) {
			p.join("tgw")
			p.distant.Subnets.Links[0] = netmodel.To("edge")
			p.addEdge().Routes = []netmodel.Route{{
				Destination: netmodel.InPrefix(netip.MustParsePrefix("10.1.0.0/28")), Target: netmodel.NoLink(),
				Rank: netmodel.StaticRoute, Blackhole: netmodel.Holds,
			}}
		}, "c1", there, lost, "no route from transit in edge"},
		{"TGW-20 ingress of the attachment subnet", func(p *pair) { p.join("tgw"); p.rgACL.Ingress.Rules = nil },
			"c1", there, lost, "ACL of right, ingress"},
		{"TGW-20 not its egress", func(p *pair) {
			p.join("tgw")
			p.rgACL.Egress.Rules = []netmodel.Rule{rule(permit, headerspace.All(), "10.0.0.0/28")}
		}, "c1", there, both, ""},
		{"TGW-21 egress of the attachment subnet", func(p *pair) { p.join("tgw"); p.rgACL.Egress.Rules = nil },
			"c1", there, oneWay, "ACL of right, egress"},
		{"TGW-22 both lists in one subnet", func(p *pair) {
			p.join("tgw")
			p.near.Subnets.Links[0] = netmodel.To("left")
			p.leftACL.Ingress.Rules = nil
		}, "c1", there, lost, "ACL of left, ingress"},
		{"TGW-23 neither list in one subnet", func(p *pair) {
			p.join("tgw")
			p.otherACL.Ingress.Rules = []netmodel.Rule{rule(permit, headerspace.All(), "10.1.0.0/28")} // for TGW-22
		}, "c1", there, both, ""},
		{"SG-16 groups inbound", func(p *pair) { p.join("tgw"); p.groups["gc"].Ingress.Rules = []netmodel.Rule{fromGroup("ga")} },
			"c1", there, both, ""},
		{"SG-16 the gateway's option off", func(p *pair) {
			p.join("tgw")
			p.gateway.Referencing = netmodel.Fails
			p.groups["gc"].Ingress.Rules = []netmodel.Rule{fromGroup("ga")}
		}, "c1", there, lost, "ingress groups"},
		{"SG-16 an attachment's option off", func(p *pair) {
			p.join("tgw")
			p.distant.Referencing = netmodel.Fails
			p.groups["gc"].Ingress.Rules = []netmodel.Rule{fromGroup("ga")}
		}, "c1", there, lost, "ingress groups"},
		{"SG-13 not outbound", func(p *pair) {
			p.net.Peerings = nil
			p.join("tgw")
			p.groups["ga"].Egress.Rules = []netmodel.Rule{fromGroup("gc")}
		}, "c1", there, lost, "egress groups"},
		{"NAT-14 a NAT gateway behind it", func(p *pair) {
			p.route(p.left, "0.0.0.0/0", "tgw")
			p.transit.Routes = append(p.transit.Routes, staticRoute(everything[0], "distant"))
			p.nat.Subnet, p.nat.Private = netmodel.To("edge"), netip.MustParseAddr("10.1.0.30")
			p.addEdge().Routes = []netmodel.Route{
				staticRoute(everything[0], "igw2"), staticRoute(netip.MustParsePrefix("10.0.0.0/26"), "tgw"),
			}
			p.net.Subnets[3].Zone = "b"
			p.route(p.other, "0.0.0.0/0", "nat")
			p.net.InternetGateways = append(p.net.InternetGateways, &netmodel.InternetGateway{Address: "igw2", VPC: netmodel.To("vpc2"), Table: netmodel.NoLink()})
		}, "", tcp("10.0.0.4", far), both, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := newPair()
			c.change(p)
			worlds, all := Completions(p.net.Seal(), 1000)
			if !all || len(worlds) != 1 {
				t.Fatalf("%d completions, all %t", len(worlds), all)
			}
			n := worlds[0]
			var dst *netmodel.Interface
			if c.to != "" {
				dst = n.Interface(netmodel.Address(c.to))
			}
			got := Reach(n, n.Interface("a1"), dst, c.packet, 2000)
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

// addEdge adds the subnet edge to the second VPC and returns its table.
func (p *pair) addEdge() *netmodel.RouteTable {
	n := *p.net.Subnets[2]
	n.Address, n.IPv4, n.Table = "edge", netip.MustParsePrefix("10.1.0.16/28"), netmodel.To("edge-table")
	t := &netmodel.RouteTable{Address: "edge-table", VPC: n.VPC}
	p.net.Subnets, p.net.RouteTables = append(p.net.Subnets, &n), append(p.net.RouteTables, t)
	return t
}
