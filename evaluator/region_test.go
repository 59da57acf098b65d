package evaluator_test

import (
	"net/netip"
	"slices"

	"github.com/planreach/planreach/headerspace"
	"github.com/planreach/planreach/netmodel"
)

// A region has two VPCs. In vpc, the subnet front has web and app, back has db,
// and edge has the NAT gateway nat; web and db have public addresses, and web alone
// an IPv6 one. In vpc2, the subnet distant has far. A peering and a transit
// gateway could join the two. Everything is admitted, and nothing but local is
// routed, until a case changes that. Zones: vpc lies in a, vpc2 in b.
type region struct{ *netmodel.Network }

func newRegion() region {
	n := &netmodel.Network{
		VPCs: []*netmodel.VPC{
			{Address: "vpc", IPv4: prefixes("10.0.0.0/16"), IPv6: prefixes("2001:db8:0:a00::/56"), HasIPv6: netmodel.Holds},
			{Address: "vpc2", IPv4: prefixes("10.1.0.0/16"), IPv6: prefixes("2001:db8:0:b00::/56"), HasIPv6: netmodel.Holds},
		},
		InternetGateways: []*netmodel.InternetGateway{{Address: "igw", VPC: netmodel.To("vpc"), Table: netmodel.NoLink()},
			{Address: "igw2", VPC: netmodel.To("vpc2"), Table: netmodel.NoLink()}},
		EgressGateways: []*netmodel.EgressOnlyGateway{{Address: "eigw", VPC: netmodel.To("vpc")}},
		NATGateways: []*netmodel.NATGateway{{Address: "nat", Subnet: netmodel.To("edge"), VPC: netmodel.NoLink(), Public: netmodel.Holds,
			Private: netip.MustParseAddr("10.0.2.9"), Elastic: netip.MustParseAddr("198.51.100.9")}},
		Peerings: []*netmodel.Peering{{Address: "pcx", Requester: netmodel.To("vpc"), Accepter: netmodel.To("vpc2"),
			Active: netmodel.Holds, SameRegion: netmodel.Holds}},
		TransitGateways: []*netmodel.TransitGateway{{Address: "tgw", Referencing: netmodel.Holds}},
		TransitTables: []*netmodel.TransitTable{{Address: "transit", Gateway: netmodel.To("tgw"), Routes: []netmodel.Route{
			routeTo("10.0.0.0/16", "near"), routeTo("10.1.0.0/16", "remote")}}},
	}
	r := region{n}
	r.subnet("front", "vpc", "a", "10.0.0.0/24", "2001:db8:0:a00::/64")
	r.subnet("back", "vpc", "a", "10.0.1.0/24", "2001:db8:0:a01::/64")
	r.subnet("edge", "vpc", "a", "10.0.2.0/24", "")
	r.subnet("distant", "vpc2", "b", "10.1.0.0/24", "2001:db8:0:b00::/64")
	r.instance("web", "front", "10.0.0.4", "2001:db8:0:a00::4", "198.51.100.4")
	r.instance("app", "front", "10.0.0.5", "", "")
	r.instance("db", "back", "10.0.1.4", "", "198.51.100.20")
	r.instance("far", "distant", "10.1.0.4", "", "")
	r.attachment("near", "vpc", "edge")
	r.attachment("remote", "vpc2", "distant")
	return r
}

func prefixes(text ...string) []netip.Prefix {
	var out []netip.Prefix
	for _, s := range text {
		out = append(out, netip.MustParsePrefix(s))
	}
	return out
}

// optional is s as a prefix; none if s is empty.
func optional(s string) netip.Prefix {
	if s == "" {
		return netip.Prefix{}
	}
	return netip.MustParsePrefix(s)
}

func (r region) subnet(a, vpc netmodel.Address, zone, v4, v6 string) {
	s := &netmodel.Subnet{Address: a, VPC: netmodel.To(vpc), Zone: zone, IPv4: optional(v4), IPv6: optional(v6),
		HasIPv4: netmodel.Certain(v4 != ""), HasIPv6: netmodel.Certain(v6 != ""), Table: netmodel.To(a + ".table"), ACL: netmodel.To(a + ".acl"),
		MapPublicIP: netmodel.Fails, AssignIPv6: netmodel.Fails}
	r.Subnets = append(r.Subnets, s)
	r.RouteTables = append(r.RouteTables, &netmodel.RouteTable{Address: a + ".table", VPC: s.VPC})
	r.ACLs = append(r.ACLs, &netmodel.ACL{Address: a + ".acl", VPC: s.VPC, Ingress: admitting(false, toAll()...), Egress: admitting(false, toAll()...)})
}

func (r region) instance(a, subnet netmodel.Address, v4, v6, public string) {
	i := &netmodel.Interface{Address: a + ".eni", Subnet: netmodel.To(subnet), Groups: netmodel.Refs{Links: []netmodel.Ref{netmodel.To(a + ".sg")}},
		HasIPv4: netmodel.Certain(v4 != ""), HasIPv6: netmodel.Certain(v6 != ""), AutoPublic: netmodel.Certain(public != ""), Elastic: netmodel.Fails,
		SourceCheck: netmodel.Holds, Attached: netmodel.Holds}
	if v4 != "" {
		i.IPv4 = []netip.Addr{netip.MustParseAddr(v4)}
	}
	if v6 != "" {
		i.IPv6 = []netip.Addr{netip.MustParseAddr(v6)}
	}
	if public != "" {
		i.PublicIPv4 = netip.MustParseAddr(public)
	}
	vpc := find(r.Subnets, func(s *netmodel.Subnet) bool { return s.Address == subnet }).VPC
	r.Interfaces = append(r.Interfaces, i)
	r.Endpoints = append(r.Endpoints, &netmodel.Endpoint{Address: a, Type: "aws_instance", Interfaces: []netmodel.Address{i.Address}})
	r.Groups = append(r.Groups, &netmodel.Group{Address: a + ".sg", VPC: vpc, Ingress: admitting(true, toAll()...), Egress: admitting(true, toAll()...)})
}

func (r region) attachment(a, vpc, subnet netmodel.Address) {
	r.Attachments = append(r.Attachments, &netmodel.Attachment{Address: a, Gateway: netmodel.To("tgw"), VPC: netmodel.To(vpc),
		Table: netmodel.To("transit"), Active: netmodel.Holds, Referencing: netmodel.Holds, ApplianceMode: netmodel.Fails,
		Subnets: netmodel.Refs{Links: []netmodel.Ref{netmodel.To(subnet)}}})
}

func admitting(stateful bool, rules ...netmodel.Rule) netmodel.Filter {
	return netmodel.Filter{Rules: rules, Default: netmodel.Deny, Stateful: stateful}
}

func line(a netmodel.Action, t headerspace.Traffic, p netmodel.Peer) netmodel.Rule {
	return netmodel.Rule{Action: a, Match: headerspace.Exactly(t), Peer: p, Origin: netmodel.Origin{Address: "rule"}}
}

func permit(t headerspace.Traffic, prefix string) netmodel.Rule {
	return line(netmodel.Permit, t, netmodel.InPrefix(netip.MustParsePrefix(prefix)))
}

func deny(t headerspace.Traffic, prefix string) netmodel.Rule {
	return line(netmodel.Deny, t, netmodel.InPrefix(netip.MustParsePrefix(prefix)))
}

// denying are rules that deny everything from the prefixes.
func denying(from ...string) []netmodel.Rule {
	var out []netmodel.Rule
	for _, p := range from {
		out = append(out, deny(headerspace.All(), p))
	}
	return out
}

func permitGroup(g netmodel.Address) netmodel.Rule {
	return line(netmodel.Permit, headerspace.All(), netmodel.Peer{Kind: netmodel.PeerGroup, Ref: netmodel.To(g)})
}

func toAll() []netmodel.Rule {
	return []netmodel.Rule{permit(headerspace.All(), "0.0.0.0/0"), permit(headerspace.All(), "::/0")}
}

func routeTo(prefix string, target netmodel.Address) netmodel.Route {
	return netmodel.Route{Destination: netmodel.InPrefix(netip.MustParsePrefix(prefix)), Target: netmodel.To(target),
		Rank: netmodel.StaticRoute, Blackhole: netmodel.Fails, Origin: netmodel.Origin{Address: "route"}}
}

func find[T any](of []*T, is func(*T) bool) *T { return of[slices.IndexFunc(of, is)] }

func (r region) table(subnet netmodel.Address) *netmodel.RouteTable {
	return find(r.RouteTables, func(t *netmodel.RouteTable) bool { return t.Address == subnet+".table" })
}

func (r region) acl(subnet netmodel.Address) *netmodel.ACL {
	return find(r.ACLs, func(a *netmodel.ACL) bool { return a.Address == subnet+".acl" })
}

func (r region) group(instance netmodel.Address) *netmodel.Group {
	return find(r.Groups, func(g *netmodel.Group) bool { return g.Address == instance+".sg" })
}

func (r region) eni(instance netmodel.Address) *netmodel.Interface {
	return find(r.Interfaces, func(i *netmodel.Interface) bool { return i.Address == instance+".eni" })
}

func (r region) attached(a netmodel.Address) *netmodel.Attachment {
	return find(r.Attachments, func(x *netmodel.Attachment) bool { return x.Address == a })
}

func (r region) at(subnet netmodel.Address) *netmodel.Subnet {
	return find(r.Subnets, func(s *netmodel.Subnet) bool { return s.Address == subnet })
}

func (r region) route(subnet netmodel.Address, prefix string, target netmodel.Address) *netmodel.Route {
	t := r.table(subnet)
	t.Routes = append(t.Routes, routeTo(prefix, target))
	return &t.Routes[len(t.Routes)-1]
}

// join routes front and distant to each other by one connection.
func (r region) join(by netmodel.Address) {
	r.route("front", "10.1.0.0/16", by)
	r.route("distant", "10.0.0.0/16", by)
}

// public routes a subnet to the internet gateway.
func (r region) public(subnet netmodel.Address) {
	r.route(subnet, "0.0.0.0/0", "igw")
	r.route(subnet, "::/0", "igw")
}

// outByNAT routes front to the internet by the NAT gateway.
func (r region) outByNAT() {
	r.route("front", "0.0.0.0/0", "nat")
	r.route("edge", "0.0.0.0/0", "igw")
}

// listed is a route of front to a prefix list of one entry.
func (r region) listed(prefix string, target netmodel.Address) *netmodel.Route {
	a := netmodel.Address("list" + prefix)
	if !slices.ContainsFunc(r.PrefixLists, func(l *netmodel.PrefixList) bool { return l.Address == a }) {
		r.PrefixLists = append(r.PrefixLists, &netmodel.PrefixList{Address: a, Entries: []netmodel.PrefixEntry{{Prefix: netip.MustParsePrefix(prefix)}}})
	}
	out := r.route("front", prefix, target)
	out.Destination, out.Rank = netmodel.Peer{Kind: netmodel.PeerPrefixList, Ref: netmodel.To(a)}, netmodel.PrefixListRoute
	return out
}

// second gives an instance another interface with a group of its own, that of
// the instance's name with a 2.
func (r region) second(a, subnet netmodel.Address, v4 string) {
	r.instance(a+"2", subnet, v4, "", "")
	e := find(r.Endpoints, func(e *netmodel.Endpoint) bool { return e.Address == a })
	e.Interfaces = append(e.Interfaces, a+"2.eni")
	r.Endpoints = slices.DeleteFunc(r.Endpoints, func(e *netmodel.Endpoint) bool { return e.Address == a+"2" })
}

// members makes web and app the members of one end, fleet.
func (r region) members() {
	r.Endpoints = append(r.Endpoints, &netmodel.Endpoint{Address: "fleet", Type: "aws_ecs_service", Every: true,
		Interfaces: []netmodel.Address{"web.eni", "app.eni"}})
}

// inIPv6 makes web and far speak IPv6 only.
func (r region) inIPv6() {
	for a, at := range map[netmodel.Address]string{"web": "2001:db8:0:a00::4", "far": "2001:db8:0:b00::4"} {
		i := r.eni(a)
		i.IPv4, i.HasIPv4 = nil, netmodel.Fails
		i.IPv6, i.HasIPv6 = []netip.Addr{netip.MustParseAddr(at)}, netmodel.Holds
	}
}

// translated routes front to the second VPC by the NAT gateway, and on by a
// connection. Only a transit gateway needs the way back.
func (r region) translated(by netmodel.Address) {
	r.route("front", "10.1.0.0/16", "nat")
	r.route("edge", "10.1.0.0/16", by)
	if by == "tgw" {
		r.route("distant", "10.0.0.0/16", "tgw")
	}
}

// centralEgress routes the second VPC to the internet over the transit gateway
// and the NAT gateway of the first.
func (r region) centralEgress() {
	r.route("distant", "0.0.0.0/0", "tgw")
	r.TransitTables[0].Routes = append(r.TransitTables[0].Routes, routeTo("0.0.0.0/0", "near"))
	r.subnet("landing", "vpc", "a", "10.0.3.0/24", "")
	r.attached("near").Subnets.Links[0] = netmodel.To("landing")
	r.route("landing", "0.0.0.0/0", "nat")
	r.route("edge", "0.0.0.0/0", "igw")
	r.route("edge", "10.1.0.0/16", "tgw")
}

// serviced routes front to the service of a gateway endpoint, 192.0.2.0/24.
func (r region) serviced() {
	r.listed("192.0.2.0/24", "vpce")
	r.ServiceGateways = map[netmodel.Address]bool{"vpce": true}
	r.Foreign = map[netmodel.Address]netmodel.Gap{"vpce": {Origin: netmodel.Origin{Address: "vpce"}, Why: netmodel.NotModelled, Code: netmodel.UnsupportedResourceType}}
}

// openPeer is addresses that are not known.
func openPeer() netmodel.Peer {
	return netmodel.Peer{Kind: netmodel.PeerOpen, V4: true, V6: true, Gap: netmodel.Gap{Origin: netmodel.Origin{Address: "route"}, Why: netmodel.UntilApply, Code: netmodel.UnknownValue}}
}

// ofHost is the private address of an interface or NAT gateway.
func ofHost(a netmodel.Address) netmodel.Peer {
	p := openPeer()
	p.Host, p.V6 = netmodel.To(a), false
	return p
}

// ofOwn is some public address that the plan gives to an object of its own.
func ofOwn() netmodel.Peer {
	p := openPeer()
	p.Own, p.V6 = true, false
	return p
}
