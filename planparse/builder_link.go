package planparse

import (
	"cmp"
	"slices"

	"github.com/planreach/planreach/netmodel"
)

// link joins what the resources said into one network.
func (b *Builder) link(finish func(*Builder)) {
	b.names.settle()
	b.mergeObjects()
	b.renameLinks()
	if b.prior != nil {
		b.prior.names.settle()
		b.prior.mergeObjects()
	}
	for i := 0; i < len(b.later); i++ { // they may add to the list
		b.later[i]()
	}
	if finish != nil {
		finish(b)
	}
	b.mergeObjects()
	b.settleAdoptions()
	b.renameLinks()
	b.shelve()
	b.applyCIDRs()
	b.applyAttachments()
	b.applyEntries()
	b.applyGroupRules()
	b.applyACLRules()
	b.applyRoutes()
	b.applyTransit()
	b.applyBalancers()
	b.renameLinks()
	b.applyMainTables()
	b.applySubnets()
	b.replaceMissing()
	for i := 0; i < len(b.checks); i++ {
		b.checks[i]()
	}
	slices.SortStableFunc(b.net.NotModelled, func(x, y netmodel.Unmodelled) int {
		return netmodel.CompareAddresses(x.Address, y.Address)
	})
	slices.SortStableFunc(b.net.Conflicts, compareConflicts)
}

func compareConflicts(x, y netmodel.Conflict) int {
	return cmp.Or(netmodel.CompareAddresses(x.Origin.Address, y.Origin.Address),
		cmp.Compare(x.Origin.Path, y.Origin.Path), cmp.Compare(x.Code, y.Code), cmp.Compare(x.Detail, y.Detail))
}

func (b *Builder) mergeObjects() {
	n := b.net
	// Two VPCs of one name bring their default objects with them.
	n.VPCs = merge(b, n.VPCs, func(x *netmodel.VPC) *netmodel.Address { return &x.Address },
		func(kept, lost *netmodel.VPC, _ netmodel.Gap) {
			b.same(lost.MainTable, kept.MainTable)
			b.same(lost.DefaultACL, kept.DefaultACL)
			b.same(lost.DefaultGroup, kept.DefaultGroup)
		})
	n.Subnets = merge(b, n.Subnets, func(x *netmodel.Subnet) *netmodel.Address { return &x.Address }, nil)
	n.Groups = merge(b, n.Groups, func(x *netmodel.Group) *netmodel.Address { return &x.Address },
		func(kept, lost *netmodel.Group, twice netmodel.Gap) {
			kept.VPC = settled(kept.VPC, lost.VPC)
			doubtBoth(&kept.Ingress, &lost.Ingress, twice)
			doubtBoth(&kept.Egress, &lost.Egress, twice)
		})
	n.ACLs = merge(b, n.ACLs, func(x *netmodel.ACL) *netmodel.Address { return &x.Address },
		func(kept, lost *netmodel.ACL, twice netmodel.Gap) {
			kept.VPC = settled(kept.VPC, lost.VPC)
			doubtBoth(&kept.Ingress, &lost.Ingress, twice)
			doubtBoth(&kept.Egress, &lost.Egress, twice)
		})
	n.RouteTables = merge(b, n.RouteTables, func(x *netmodel.RouteTable) *netmodel.Address { return &x.Address },
		func(kept, lost *netmodel.RouteTable, twice netmodel.Gap) {
			kept.VPC = settled(kept.VPC, lost.VPC)
			if twice.IsZero() {
				return
			}
			kept.Routes = append(kept.Routes, lost.Routes...)
			for i := range kept.Routes {
				kept.Routes[i].Doubt = doubted(kept.Routes[i].Doubt, twice)
			}
		})
	n.InternetGateways = merge(b, n.InternetGateways, func(x *netmodel.InternetGateway) *netmodel.Address { return &x.Address }, nil)
	n.EgressGateways = merge(b, n.EgressGateways, func(x *netmodel.EgressOnlyGateway) *netmodel.Address { return &x.Address }, nil)
	n.VPNGateways = merge(b, n.VPNGateways, func(x *netmodel.VPNGateway) *netmodel.Address { return &x.Address }, nil)
	n.NATGateways = merge(b, n.NATGateways, func(x *netmodel.NATGateway) *netmodel.Address { return &x.Address }, nil)
	n.PrefixLists = merge(b, n.PrefixLists, func(x *netmodel.PrefixList) *netmodel.Address { return &x.Address }, nil)
	n.Middleboxes = merge(b, n.Middleboxes, func(x *netmodel.Middlebox) *netmodel.Address { return &x.Address }, nil)
	n.Interfaces = merge(b, n.Interfaces, func(x *netmodel.Interface) *netmodel.Address { return &x.Address }, nil)
	b.mergeTransit()
	b.mergePrivateLink()
	b.mergeBalancers()
	n.Endpoints = merge(b, n.Endpoints, func(x *netmodel.Endpoint) *netmodel.Address { return &x.Address }, nil)
}

// settled is the first of two links of one object that is settled.
func settled(x, y netmodel.Ref) netmodel.Ref {
	if !x.IsSettled() && y.IsSettled() {
		return y
	}
	return x
}

func (b *Builder) same(lost, kept netmodel.Ref) {
	x, ok := lost.Exact()
	y, also := kept.Exact()
	if ok && also {
		b.names.union(x, y)
	}
}

// A use says what kind of object a link must lead to.
type use uint8

const (
	anyUse use = iota // a route target, an interface
	useVPC
	useSubnet
	useGroup
	useACL
	useTable
	usePrefixList
	useTransitGateway
	useTransitTable
	useTargetGroup
	useEnd // an interface, or the endpoint that has it
)

// links calls f for every link of the network and puts what it returns in its
// place.
func links(n *netmodel.Network, f func(use, netmodel.Ref) netmodel.Ref) {
	set := func(u use, r *netmodel.Ref) { *r = f(u, *r) }
	filter := func(x *netmodel.Filter) {
		for i := range x.Rules {
			peer(&x.Rules[i].Peer, set)
		}
	}
	for _, x := range n.VPCs {
		set(useTable, &x.MainTable)
		set(useACL, &x.DefaultACL)
		set(useGroup, &x.DefaultGroup)
	}
	for _, x := range n.Subnets {
		set(useVPC, &x.VPC)
		set(useTable, &x.Table)
		set(useACL, &x.ACL)
	}
	for _, x := range n.Groups {
		set(useVPC, &x.VPC)
		filter(&x.Ingress)
		filter(&x.Egress)
	}
	for _, x := range n.ACLs {
		set(useVPC, &x.VPC)
		filter(&x.Ingress)
		filter(&x.Egress)
	}
	for _, x := range n.RouteTables {
		set(useVPC, &x.VPC)
		for i := range x.Routes {
			peer(&x.Routes[i].Destination, set)
			set(anyUse, &x.Routes[i].Target)
		}
	}
	for _, x := range n.InternetGateways {
		set(useVPC, &x.VPC)
		set(useTable, &x.Table)
	}
	for _, x := range n.EgressGateways {
		set(useVPC, &x.VPC)
	}
	for _, x := range n.VPNGateways {
		set(useVPC, &x.VPC)
		set(useTable, &x.Table)
	}
	for _, x := range n.PublicAccessExclusions {
		set(useVPC, &x.VPC)
		set(useSubnet, &x.Subnet)
	}
	for _, x := range n.NATGateways {
		set(useSubnet, &x.Subnet)
		set(useVPC, &x.VPC)
	}
	transitLinks(n, set)
	privateLinks(n, set)
	balancerLinks(n, set)
	for _, x := range n.Middleboxes {
		set(useSubnet, &x.Subnet)
	}
	for _, x := range n.Interfaces {
		set(useSubnet, &x.Subnet)
		for i := range x.Groups.Links {
			set(useGroup, &x.Groups.Links[i])
		}
	}
	for _, x := range n.NotModelled {
		for i := range x.VPCs {
			set(useVPC, &x.VPCs[i])
		}
	}
}

func peer(p *netmodel.Peer, set func(use, *netmodel.Ref)) {
	switch p.Kind {
	case netmodel.PeerGroup:
		set(useGroup, &p.Ref)
	case netmodel.PeerPrefixList:
		set(usePrefixList, &p.Ref)
	case netmodel.PeerOpen:
		if among, _ := p.Host.Among(); len(among) > 0 {
			set(anyUse, &p.Host)
		}
	case netmodel.PeerPrefix:
	}
}

func (b *Builder) renameLinks() {
	links(b.net, func(_ use, r netmodel.Ref) netmodel.Ref { return b.CanonicalRef(r) })
	for _, x := range b.net.Endpoints {
		for i, a := range x.Interfaces {
			x.Interfaces[i] = b.Canonical(a)
		}
	}
}

// doubted is the first of two reasons for doubt.
func doubted(has, also netmodel.Gap) netmodel.Gap {
	if has.IsZero() {
		return also
	}
	return has
}

func (b *Builder) applyCIDRs() {
	for _, v := range b.net.VPCs {
		if b.shownIPv6[v] && b.hadIPv6(v.Address) {
			v.IPv6, v.Open6, v.HasIPv6 = nil, netmodel.Gap{}, netmodel.Fails
		}
	}
	for _, c := range b.cidrs {
		spread(b.CanonicalRef(c.vpc), b.vpc, b.net.VPCs, func(v *netmodel.VPC, doubt netmodel.Gap) {
			addCIDR(v, c, doubt)
		})
	}
}

func addCIDR(v *netmodel.VPC, c vpcCIDR, doubt netmodel.Gap) {
	known, open := &v.IPv4, &v.Open4
	if c.is6 {
		known, open = &v.IPv6, &v.Open6
	}
	p, ok := c.prefix.Get()
	switch {
	case ok && doubt.IsZero():
		if !slices.Contains(*known, p) {
			*known = append(*known, p)
		}
	case ok:
		*open = doubted(*open, doubt)
	case c.prefix.IsOpen():
		*open = doubted(*open, c.prefix.Gap())
	default:
		return
	}
	switch {
	case !c.is6:
	case doubt.IsZero():
		v.HasIPv6 = netmodel.Holds
	case v.HasIPv6.IsFalse():
		v.HasIPv6 = netmodel.Open(doubt)
	}
}

func (b *Builder) applyAttachments() {
	for _, g := range b.net.InternetGateways {
		if b.shownAttachments[g] && b.wasAttached(g.Address) {
			g.VPC = netmodel.NoLink()
		}
	}
	for _, c := range b.attachments {
		vpc := b.CanonicalRef(c.vpc)
		spread(b.CanonicalRef(c.gateway), b.internetGateway, b.net.InternetGateways,
			func(g *netmodel.InternetGateway, doubt netmodel.Gap) {
				if doubt.IsZero() {
					g.VPC = vpc
				} else {
					g.VPC = either(doubt, g.VPC, vpc)
				}
			})
	}
}

// hadIPv6 reports whether another resource gave the VPC an IPv6 CIDR before the
// plan.
func (b *Builder) hadIPv6(vpc netmodel.Address) bool {
	return b.prior != nil && slices.ContainsFunc(b.prior.cidrs, func(c vpcCIDR) bool {
		a, ok := b.prior.CanonicalRef(c.vpc).Exact()
		return ok && c.is6 && a == vpc
	})
}

// wasAttached reports whether another resource attached the gateway before the
// plan.
func (b *Builder) wasAttached(gateway netmodel.Address) bool {
	return b.prior != nil && slices.ContainsFunc(b.prior.attachments, func(c attachment) bool {
		a, ok := b.prior.CanonicalRef(c.gateway).Exact()
		return ok && a == gateway
	})
}

// either is a link that is x or y.
func either(g netmodel.Gap, x, y netmodel.Ref) netmodel.Ref {
	xs, closedX := x.Among()
	ys, closedY := y.Among()
	among := append(slices.Clone(xs), ys...)
	switch {
	case !closedX:
		return netmodel.Unsettled(doubted(x.Gap(), g), among...)
	case !closedY:
		return netmodel.Unsettled(doubted(y.Gap(), g), among...)
	default:
		return netmodel.OneOf(g, among...)
	}
}

// isZero reports whether nothing has been said about the link.
func isZero(r netmodel.Ref) bool {
	among, closed := r.Among()
	return !closed && len(among) == 0 && r.Gap().IsZero()
}
