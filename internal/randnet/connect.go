package randnet

import (
	"fmt"

	"github.com/planreach/planreach/netmodel"
)

// connect drafts a peering or a transit gateway between two sites, or both.
func (d *draft) connect(a, b *site) {
	if d.maybe(60) && a.vpc.IPv4[0] != b.vpc.IPv4[0] { // PCX-7
		d.peering(a, b)
	}
	if d.maybe(60) {
		d.transit(a, b)
	}
	a.other, b.other = b, a
}

func (d *draft) peering(a, b *site) {
	name := netmodel.Address("aws_vpc_peering_connection.p")
	c := &netmodel.Peering{
		Address: name, Requester: netmodel.To(a.vpc.Address), Accepter: netmodel.To(b.vpc.Address), Origin: origin(name, ""),
		Active: netmodel.Certain(d.maybe(90)), SameRegion: netmodel.Certain(d.maybe(80)),
	}
	d.net.Peerings = append(d.net.Peerings, c)
	a.links, b.links = append(a.links, name), append(b.links, name)
	d.part(func() { d.cut[name] = true })
	d.fact(func() { c.Active = netmodel.Open(gap(name, "accept_status")) })
	d.fact(func() { c.SameRegion = netmodel.Open(gap(name, "peer_region")) })
	d.fact(func() { c.Accepter = netmodel.Unsettled(gap(name, "peer_vpc_id"), b.vpc.Address) })
	d.fact(func() { c.Requester = netmodel.OneOf(gap(name, "vpc_id"), a.vpc.Address, "vpc-elsewhere") })
}

func (d *draft) transit(sites ...*site) {
	name := netmodel.Address("aws_ec2_transit_gateway.t")
	g := &netmodel.TransitGateway{Address: name, Referencing: netmodel.Certain(d.maybe(60)), Origin: origin(name, "")}
	d.net.TransitGateways = append(d.net.TransitGateways, g)
	d.fact(func() { g.Referencing = netmodel.Open(gap(name, "security_group_referencing_support")) })
	var tables []*draftTransit
	for k := range 1 + d.IntN(2) {
		a := netmodel.Address(fmt.Sprintf("aws_ec2_transit_gateway_route_table.t%d", k))
		t := &netmodel.TransitTable{Address: a, Gateway: netmodel.To(name), Origin: origin(a, "")}
		d.net.TransitTables = append(d.net.TransitTables, t)
		d.fact(func() { t.Hidden = []netmodel.Gap{gap(a, "route")} })
		tables = append(tables, &draftTransit{table: t})
	}
	d.transits = append(d.transits, tables...)
	var attachments []netmodel.Address
	for _, s := range sites {
		attachments = append(attachments, d.attachment(s, g, tables))
		s.links = append(s.links, name)
	}
	for _, t := range tables {
		for k, s := range sites {
			if d.maybe(85) { // propagated (TGW-5)
				d.transitRoute(t, netmodel.InPrefix(s.vpc.IPv4[0]), netmodel.PropagatedRoute, attachments[k], attachments)
				if s.vpc.HasIPv6.IsTrue() && d.maybe(50) {
					d.transitRoute(t, netmodel.InPrefix(s.vpc.IPv6[0]), netmodel.PropagatedRoute, attachments[k], attachments)
				}
			}
		}
		if d.maybe(30) {
			p := one(d, append(internet[:3:3], one(d, sites[0].subnets).IPv4))
			d.transitRoute(t, netmodel.InPrefix(p), netmodel.StaticRoute, one(d, append(attachments, "vpn-attachment")), attachments)
		}
	}
}

func (d *draft) attachment(s *site, g *netmodel.TransitGateway, tables []*draftTransit) netmodel.Address {
	a := s.address("aws_ec2_transit_gateway_vpc_attachment", 0)
	x := &netmodel.Attachment{
		Address: a, Gateway: netmodel.To(g.Address), VPC: netmodel.To(s.vpc.Address), Origin: origin(a, ""),
		Active: netmodel.Certain(d.maybe(95)), Referencing: netmodel.Certain(d.maybe(90)), Table: netmodel.NoLink(),
		ApplianceMode: netmodel.Certain(d.maybe(30)),
	}
	if d.maybe(90) {
		x.Table = netmodel.To(one(d, tables).table.Address)
	}
	zones := map[string]bool{}
	for _, n := range s.subnets {
		if !zones[n.Zone] && (len(zones) == 0 || d.maybe(70)) {
			zones[n.Zone] = true
			x.Subnets.Links = append(x.Subnets.Links, netmodel.To(n.Address))
		}
	}
	d.net.Attachments = append(d.net.Attachments, x)
	d.part(func() { d.cut[a] = true })
	d.fact(func() { x.Active = netmodel.Open(gap(a, "state")) })
	d.fact(func() { x.Referencing = netmodel.Open(gap(a, "security_group_referencing_support")) })
	d.fact(func() { x.ApplianceMode = netmodel.Open(gap(a, "appliance_mode_support")) })
	d.fact(func() { x.Table = netmodel.Unsettled(gap(a, "transit_gateway_route_table_id")) })
	d.fact(func() {
		x.Table = netmodel.OneOf(gap(a, "transit_gateway_route_table_id"), tables[0].table.Address, "")
	})
	d.fact(func() { x.Subnets.Links[0] = netmodel.Unsettled(gap(a, "subnet_ids")) })
	d.fact(func() { x.Subnets.More = gap(a, "subnet_ids") })
	d.fact(func() { x.VPC = netmodel.OneOf(gap(a, "vpc_id"), s.vpc.Address, "vpc-elsewhere") })
	for _, n := range s.subnets {
		d.fact(func() { n.Zone = "" })
	}
	return a
}

type draftTransit struct {
	table  *netmodel.TransitTable
	routes []*netmodel.Route // nil: taken out
}

func (d *draft) transitRoute(t *draftTransit, p netmodel.Peer, rank netmodel.Rank, target netmodel.Address, among []netmodel.Address) {
	r := &netmodel.Route{
		Destination: p, Target: netmodel.To(target), Rank: rank, Blackhole: netmodel.Certain(d.maybe(5)),
		Origin: origin(t.table.Address, fmt.Sprintf("route[%d]", len(t.routes))),
	}
	t.routes = append(t.routes, r)
	k := len(t.routes) - 1
	a, path := r.Origin.Address, r.Origin.Path
	d.part(func() { t.routes[k] = nil })
	d.fact(func() { r.Doubt = gap(a, path) })
	d.fact(func() { r.Blackhole = netmodel.Open(gap(a, path)) })
	d.fact(func() { r.Target = netmodel.OneOf(gap(a, path), among...) })
	d.fact(func() { r.Target = netmodel.Unsettled(gap(a, path)) })
	d.fact(func() {
		six := p.Prefix.Addr().Is6()
		r.Destination = netmodel.Peer{Kind: netmodel.PeerOpen, V4: !six, V6: six, Gap: gap(a, path+".destination")}
	})
}
