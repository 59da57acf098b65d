package planparse

import (
	"net/netip"
	"slices"

	"github.com/planreach/planreach/netmodel"
)

// transit is what the resources said of peerings and transit gateways.
type transit struct {
	ipv6         map[*netmodel.Attachment]netmodel.Truth // does it propagate IPv6 CIDRs (TGW-26)?
	associations []transitAssociation
	propagations []propagation
	routes       []contribution[netmodel.Route]
	hidden       []contribution[netmodel.Gap]
	tables       map[netmodel.Address]*netmodel.TransitTable
	attachments  map[netmodel.Address]*netmodel.Attachment
}

type transitAssociation struct {
	attachment, table netmodel.Ref
	origin            netmodel.Origin
	needsFree         bool
}

type propagation struct {
	attachment, table netmodel.Ref
	origin            netmodel.Origin
	doubt             netmodel.Gap
}

// AddPeering adds a peering connection.
func (b *Builder) AddPeering(x *netmodel.Peering) {
	b.ranks[x] = b.rank(x.Address)
	b.net.Peerings = append(b.net.Peerings, x)
}

// AddTransitGateway adds a transit gateway.
func (b *Builder) AddTransitGateway(x *netmodel.TransitGateway) {
	b.ranks[x] = b.rank(x.Address)
	b.net.TransitGateways = append(b.net.TransitGateways, x)
}

// AddAttachment adds the attachment of a VPC to a transit gateway. Its Table is
// the one that it has unless AssociateTransitTable says otherwise; ipv6 says
// whether it propagates IPv6 CIDRs.
func (b *Builder) AddAttachment(x *netmodel.Attachment, ipv6 netmodel.Truth) {
	b.ranks[x] = b.rank(x.Address)
	b.net.Attachments = append(b.net.Attachments, x)
	if b.transit.ipv6 == nil {
		b.transit.ipv6 = map[*netmodel.Attachment]netmodel.Truth{}
	}
	b.transit.ipv6[x] = ipv6
}

// AddTransitTable adds a route table of a transit gateway.
func (b *Builder) AddTransitTable(x *netmodel.TransitTable) {
	b.ranks[x] = b.rank(x.Address)
	b.net.TransitTables = append(b.net.TransitTables, x)
}

// AddTransitRoute adds a route to the transit table that t leads to.
func (b *Builder) AddTransitRoute(t netmodel.Ref, r netmodel.Route) {
	b.transit.routes = append(b.transit.routes, contribution[netmodel.Route]{to: t, value: r})
}

// HideTransitRoutes says why the transit table that t leads to may have routes
// that the plan does not show.
func (b *Builder) HideTransitRoutes(t netmodel.Ref, g netmodel.Gap) {
	b.transit.hidden = append(b.transit.hidden, contribution[netmodel.Gap]{to: t, value: g})
}

// AssociateTransitTable makes t the table of the attachment that a leads to.
// needsFree says that AWS refuses it if the attachment has another one.
func (b *Builder) AssociateTransitTable(a, t netmodel.Ref, o netmodel.Origin, needsFree bool) {
	b.transit.associations = append(b.transit.associations, transitAssociation{a, t, o, needsFree})
}

// Propagate adds the CIDRs of the VPC behind the attachment that a leads to to
// the transit table that t leads to. doubt says why that may not be so.
func (b *Builder) Propagate(a, t netmodel.Ref, o netmodel.Origin, doubt netmodel.Gap) {
	b.transit.propagations = append(b.transit.propagations, propagation{a, t, o, doubt})
}

// mergeTransit is mergeObjects for what connects VPCs.
func (b *Builder) mergeTransit() {
	n := b.net
	n.Peerings = merge(b, n.Peerings, func(x *netmodel.Peering) *netmodel.Address { return &x.Address }, nil)
	n.TransitGateways = merge(b, n.TransitGateways, func(x *netmodel.TransitGateway) *netmodel.Address { return &x.Address }, nil)
	n.Attachments = merge(b, n.Attachments, func(x *netmodel.Attachment) *netmodel.Address { return &x.Address }, nil)
	n.TransitTables = merge(b, n.TransitTables, func(x *netmodel.TransitTable) *netmodel.Address { return &x.Address }, nil)
}

// applyTransit settles the tables of the attachments and fills the transit
// tables.
func (b *Builder) applyTransit() {
	b.transit.tables = byAddress(b.net.TransitTables, func(x *netmodel.TransitTable) netmodel.Address { return x.Address })
	b.transit.attachments = byAddress(b.net.Attachments, func(x *netmodel.Attachment) netmodel.Address { return x.Address })
	b.applyTransitAssociations()
	for _, p := range b.transit.propagations {
		b.propagate(p)
	}
	for _, c := range b.transit.routes {
		b.eachTransitTable(c.to, func(t *netmodel.TransitTable, doubt netmodel.Gap) { addTransitRoute(t, c.value, doubt) })
	}
	for _, c := range b.transit.hidden {
		b.eachTransitTable(c.to, func(t *netmodel.TransitTable, _ netmodel.Gap) { hideTransitRoutes(t, c.value) })
	}
}

func (b *Builder) eachTransitTable(r netmodel.Ref, f func(*netmodel.TransitTable, netmodel.Gap)) {
	spread(b.CanonicalRef(r), b.transitTable, b.net.TransitTables, f)
}

func addTransitRoute(t *netmodel.TransitTable, r netmodel.Route, doubt netmodel.Gap) {
	r.Doubt = doubted(r.Doubt, doubt)
	t.Routes = append(t.Routes, r)
}

func hideTransitRoutes(t *netmodel.TransitTable, g netmodel.Gap) {
	if !slices.Contains(t.Hidden, g) {
		t.Hidden = append(t.Hidden, g)
	}
}

// applyTransitAssociations: an attachment has at most one table (TGW-2), and an
// association that is a resource of its own beats the default one.
func (b *Builder) applyTransitAssociations() {
	certain := map[netmodel.Address][]transitAssociation{}
	for _, c := range b.transit.associations {
		if a, ok := b.CanonicalRef(c.attachment).Exact(); ok {
			certain[a] = append(certain[a], c)
		}
	}
	for _, x := range b.net.Attachments {
		if cs := certain[x.Address]; len(cs) > 0 {
			x.Table = b.associated(x, cs)
		}
	}
	for _, c := range b.transit.associations {
		a := b.CanonicalRef(c.attachment)
		if a.IsSettled() {
			continue
		}
		for _, x := range b.net.Attachments {
			if a.MayBe(x.Address) && len(certain[x.Address]) == 0 {
				x.Table = either(a.Gap(), x.Table, b.CanonicalRef(c.table))
			}
		}
	}
}

// associated is the table that the associations of x make; if AWS would refuse
// one of them, it may be any.
func (b *Builder) associated(x *netmodel.Attachment, cs []transitAssociation) netmodel.Ref {
	out := b.CanonicalRef(cs[0].table)
	refused := cs[1:]
	if was, ok := b.CanonicalRef(x.Table).Exact(); ok && cs[0].needsFree && out.String() != string(was) {
		out, refused = b.CanonicalRef(x.Table), cs
	}
	for _, c := range refused {
		conflict := netmodel.Conflict{Code: netmodel.InvalidConfiguration, Origin: c.origin, With: []netmodel.Origin{x.Origin},
			Detail: string(x.Address) + " is associated with another transit gateway route table already"}
		b.Conflict(conflict)
		out = either(netmodel.Gap{Origin: c.origin, Why: netmodel.UntilApply, Code: conflict.Code, Detail: conflict.Detail},
			out, b.CanonicalRef(c.table))
	}
	return out
}

// propagate adds the routes of one propagation (TGW-5).
func (b *Builder) propagate(p propagation) {
	a := b.CanonicalRef(p.attachment)
	among, closed := a.Among()
	if !closed {
		b.eachTransitTable(p.table, func(t *netmodel.TransitTable, _ netmodel.Gap) { hideTransitRoutes(t, a.Gap()) })
		return
	}
	for _, address := range among {
		x := b.transit.attachments[address]
		switch {
		case address == "":
		case x != nil:
			for _, r := range b.propagatedRoutes(x, p.origin) {
				r.Doubt = doubted(doubted(p.doubt, a.Gap()), r.Doubt)
				b.eachTransitTable(p.table, func(t *netmodel.TransitTable, doubt netmodel.Gap) { addTransitRoute(t, r, doubt) })
			}
		case !b.isStaticOnly(address):
			g := b.absence(address, netmodel.UnknownPropagatedRoutes)
			b.eachTransitTable(p.table, func(t *netmodel.TransitTable, _ netmodel.Gap) { hideTransitRoutes(t, g) })
		}
	}
}

// isStaticOnly reports whether an attachment without a model propagates
// nothing: another transit gateway behind it has static routes only (TGW-6).
func (b *Builder) isStaticOnly(a netmodel.Address) bool {
	r := b.owner(a)
	return r != nil && (r.Type == "aws_ec2_transit_gateway_peering_attachment" || r.Type == "aws_ec2_transit_gateway_peering_attachment_accepter")
}

// propagatedRoutes are the routes to the CIDRs of the VPC behind x.
func (b *Builder) propagatedRoutes(x *netmodel.Attachment, o netmodel.Origin) []netmodel.Route {
	if x.Active.IsFalse() {
		return nil
	}
	r := netmodel.Route{Target: netmodel.To(x.Address), Rank: netmodel.PropagatedRoute, Origin: o, Blackhole: netmodel.Fails}
	r.Doubt = x.Active.Gap()
	vpc := b.CanonicalRef(x.VPC)
	a, ok := vpc.Exact()
	if !ok {
		r.Destination = netmodel.Peer{Kind: netmodel.PeerOpen, V4: true, V6: true, Gap: vpc.Gap()}
		return []netmodel.Route{r}
	}
	v := b.vpc(a)
	var out []netmodel.Route
	add := func(cidrs []netip.Prefix, open, doubt netmodel.Gap, is6 bool) {
		r := r
		for _, p := range cidrs {
			r.Destination = netmodel.InPrefix(p)
			r.Destination.Sensitive = slices.Contains(b.net.Sensitive, p)
			r.Doubt = doubted(doubted(x.Active.Gap(), doubt), b.overlap(x, p))
			out = append(out, r)
		}
		if !open.IsZero() {
			r.Destination = netmodel.Peer{Kind: netmodel.PeerOpen, V4: !is6, V6: is6, Gap: open}
			r.Doubt = doubted(x.Active.Gap(), doubt)
			out = append(out, r)
		}
	}
	add(v.IPv4, v.Open4, netmodel.Gap{}, false)
	if ipv6 := b.transit.ipv6[x]; !ipv6.IsFalse() && !v.HasIPv6.IsFalse() {
		add(v.IPv6, v.Open6, ipv6.Gap(), true)
	}
	return out
}

// overlap is why the CIDR p of the VPC behind x may not be propagated: another
// VPC on the gateway has addresses of it, and the later attachment loses
// (TGW-7).
func (b *Builder) overlap(x *netmodel.Attachment, p netip.Prefix) netmodel.Gap {
	gateway, vpc := b.CanonicalRef(x.Gateway), b.CanonicalRef(x.VPC)
	for _, y := range b.net.Attachments {
		a, ok := b.CanonicalRef(y.VPC).Exact()
		if y == x || !ok || vpc.MayBe(a) || y.Active.IsFalse() || !mayBeSame(gateway, b.CanonicalRef(y.Gateway)) {
			continue
		}
		v := b.vpc(a)
		if slices.ContainsFunc(append(slices.Clone(v.IPv4), v.IPv6...), p.Overlaps) {
			return netmodel.Gap{Origin: x.Origin, Why: netmodel.UntilApply, Code: netmodel.UnknownPropagationOrder,
				Detail: "the VPCs of " + string(x.Address) + " and " + string(y.Address) + " overlap, and the routes of the later attachment are not propagated"}
		}
	}
	return netmodel.Gap{}
}

func mayBeSame(x, y netmodel.Ref) bool {
	among, closed := x.Among()
	return !closed || slices.ContainsFunc(among, func(a netmodel.Address) bool { return a != "" && y.MayBe(a) })
}

// transitTable is the transit table at a, made if nothing describes it.
func (b *Builder) transitTable(a netmodel.Address) *netmodel.TransitTable {
	if x := b.transit.tables[a]; x != nil {
		return x
	}
	hidden := b.absence(a, netmodel.UnknownTransitRoutes)
	x := &netmodel.TransitTable{Address: a, Gateway: netmodel.Unsettled(b.absence(a, netmodel.UnknownResource)),
		Hidden: []netmodel.Gap{hidden}, Origin: hidden.Origin}
	b.transit.tables[a] = x
	b.net.TransitTables = append(b.net.TransitTables, x)
	return x
}

// ensureTransitGateway makes the transit gateway at a if nothing describes it.
func (b *Builder) ensureTransitGateway(a netmodel.Address) {
	if slices.ContainsFunc(b.net.TransitGateways, func(x *netmodel.TransitGateway) bool { return x.Address == a }) {
		return
	}
	g := b.absence(a, netmodel.UnknownResource)
	b.net.TransitGateways = append(b.net.TransitGateways,
		&netmodel.TransitGateway{Address: a, Referencing: netmodel.Open(g), Origin: g.Origin})
}

// transitLinks is links for what connects VPCs.
func transitLinks(n *netmodel.Network, set func(use, *netmodel.Ref)) {
	for _, x := range n.Peerings {
		set(useVPC, &x.Requester)
		set(useVPC, &x.Accepter)
	}
	for _, x := range n.Attachments {
		set(useTransitGateway, &x.Gateway)
		set(useVPC, &x.VPC)
		set(useTransitTable, &x.Table)
		for i := range x.Subnets.Links {
			set(useSubnet, &x.Subnets.Links[i])
		}
	}
	for _, x := range n.TransitTables {
		set(useTransitGateway, &x.Gateway)
		for i := range x.Routes {
			peer(&x.Routes[i].Destination, set)
			set(anyUse, &x.Routes[i].Target)
		}
	}
}
