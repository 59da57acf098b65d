package planparse

import (
	"slices"

	"github.com/planreach/planreach/netmodel"
)

// absence is why there is no object called a.
func (b *Builder) absence(a netmodel.Address, code netmodel.Code) netmodel.Gap {
	g := netmodel.Gap{Origin: netmodel.Origin{Address: a}, Why: netmodel.OutsidePlan, Code: code,
		Detail: "the plan does not describe " + string(a)}
	if was, ok := b.Gone(a); ok {
		g.Detail = string(a) + " belonged to " + string(was) + ", which the plan takes away"
		return g
	}
	if r := b.owner(a); r != nil {
		g.Origin.Address = r.Address
		g.Why = netmodel.NotModelled
		if g.Code == netmodel.UnknownResource {
			g.Code = netmodel.UnsupportedResourceType
		}
		g.Detail = r.TypeName() + " is not modelled"
		if b.models[r.TypeName()] != nil {
			g.Detail = string(a) + " names no object of the network"
		}
	}
	return g
}

// A shelf finds the objects while links are applied.
type shelf struct {
	vpcs             map[netmodel.Address]*netmodel.VPC
	subnets          map[netmodel.Address]*netmodel.Subnet
	groups           map[netmodel.Address]*netmodel.Group
	acls             map[netmodel.Address]*netmodel.ACL
	tables           map[netmodel.Address]*netmodel.RouteTable
	prefixLists      map[netmodel.Address]*netmodel.PrefixList
	internetGateways map[netmodel.Address]*netmodel.InternetGateway
}

func (b *Builder) shelve() {
	n := b.net
	b.shelf = shelf{
		vpcs:             byAddress(n.VPCs, func(x *netmodel.VPC) netmodel.Address { return x.Address }),
		subnets:          byAddress(n.Subnets, func(x *netmodel.Subnet) netmodel.Address { return x.Address }),
		groups:           byAddress(n.Groups, func(x *netmodel.Group) netmodel.Address { return x.Address }),
		acls:             byAddress(n.ACLs, func(x *netmodel.ACL) netmodel.Address { return x.Address }),
		tables:           byAddress(n.RouteTables, func(x *netmodel.RouteTable) netmodel.Address { return x.Address }),
		prefixLists:      byAddress(n.PrefixLists, func(x *netmodel.PrefixList) netmodel.Address { return x.Address }),
		internetGateways: byAddress(n.InternetGateways, func(x *netmodel.InternetGateway) netmodel.Address { return x.Address }),
	}
}

func byAddress[T any](objects []*T, address func(*T) netmodel.Address) map[netmodel.Address]*T {
	out := make(map[netmodel.Address]*T, len(objects))
	for _, x := range objects {
		out[address(x)] = x
	}
	return out
}

func (b *Builder) vpc(a netmodel.Address) *netmodel.VPC {
	if x := b.shelf.vpcs[a]; x != nil {
		return x
	}
	g := b.absence(a, netmodel.UnknownResource)
	x := &netmodel.VPC{
		Address: a, Open4: g, Open6: g, HasIPv6: netmodel.Open(g), Hidden: []netmodel.Gap{g}, Origin: g.Origin,
		MainTable:    netmodel.Unsettled(b.absence(a, netmodel.UnknownRouteTable)),
		DefaultACL:   netmodel.Unsettled(b.absence(a, netmodel.UnknownNetworkACLRules)),
		DefaultGroup: netmodel.Unsettled(b.absence(a, netmodel.UnknownSecurityGroupRules)),
	}
	b.shelf.vpcs[a] = x
	b.net.VPCs = append(b.net.VPCs, x)
	return x
}

func (b *Builder) subnet(a netmodel.Address) *netmodel.Subnet {
	if x := b.shelf.subnets[a]; x != nil {
		return x
	}
	g := b.absence(a, netmodel.UnknownResource)
	x := &netmodel.Subnet{
		Address: a, VPC: netmodel.Unsettled(g), HasIPv4: netmodel.Open(g), HasIPv6: netmodel.Open(g),
		MapPublicIP: netmodel.Open(g), AssignIPv6: netmodel.Open(g), Origin: g.Origin,
		Table: netmodel.Unsettled(b.absence(a, netmodel.UnknownRouteTable)),
		ACL:   netmodel.Unsettled(b.absence(a, netmodel.UnknownNetworkACLRules)),
	}
	b.shelf.subnets[a] = x
	b.net.Subnets = append(b.net.Subnets, x)
	return x
}

func (b *Builder) group(a netmodel.Address) *netmodel.Group {
	if x := b.shelf.groups[a]; x != nil {
		return x
	}
	hidden := b.absence(a, netmodel.UnknownSecurityGroupRules)
	f := netmodel.Filter{Default: netmodel.Deny, Stateful: true, Hidden: []netmodel.Gap{hidden}}
	x := &netmodel.Group{Address: a, VPC: netmodel.Unsettled(b.absence(a, netmodel.UnknownResource)),
		Ingress: f, Egress: f, Origin: hidden.Origin}
	b.shelf.groups[a] = x
	b.net.Groups = append(b.net.Groups, x)
	return x
}

func (b *Builder) acl(a netmodel.Address) *netmodel.ACL {
	if x := b.shelf.acls[a]; x != nil {
		return x
	}
	hidden := b.absence(a, netmodel.UnknownNetworkACLRules)
	f := netmodel.Filter{Default: netmodel.Deny, Hidden: []netmodel.Gap{hidden}}
	x := &netmodel.ACL{Address: a, VPC: netmodel.Unsettled(b.absence(a, netmodel.UnknownResource)),
		Ingress: f, Egress: f, Origin: hidden.Origin}
	b.shelf.acls[a] = x
	b.net.ACLs = append(b.net.ACLs, x)
	return x
}

func (b *Builder) table(a netmodel.Address) *netmodel.RouteTable {
	if x := b.shelf.tables[a]; x != nil {
		return x
	}
	hidden := b.absence(a, netmodel.UnknownRouteTable)
	x := &netmodel.RouteTable{Address: a, VPC: netmodel.Unsettled(b.absence(a, netmodel.UnknownResource)),
		Hidden: []netmodel.Gap{hidden}, Origin: hidden.Origin}
	b.shelf.tables[a] = x
	b.net.RouteTables = append(b.net.RouteTables, x)
	return x
}

func (b *Builder) prefixList(a netmodel.Address) *netmodel.PrefixList {
	if x := b.shelf.prefixLists[a]; x != nil {
		return x
	}
	hidden := b.absence(a, netmodel.UnknownPrefixListEntries)
	x := &netmodel.PrefixList{Address: a, Hidden: []netmodel.Gap{hidden}, Origin: hidden.Origin}
	b.shelf.prefixLists[a] = x
	b.net.PrefixLists = append(b.net.PrefixLists, x)
	return x
}

func (b *Builder) internetGateway(a netmodel.Address) *netmodel.InternetGateway {
	if x := b.shelf.internetGateways[a]; x != nil {
		return x
	}
	g := b.absence(a, netmodel.UnknownResource)
	x := &netmodel.InternetGateway{Address: a, VPC: netmodel.Unsettled(g), Table: netmodel.NoLink(), Origin: g.Origin}
	b.shelf.internetGateways[a] = x
	b.net.InternetGateways = append(b.net.InternetGateways, x)
	return x
}

// replaceMissing makes objects for links to VPCs, subnets, groups, ACLs, tables
// and prefix lists that nothing describes, so that two users of one of them are
// known to share it, and lists everything else that a link leads to in vain.
func (b *Builder) replaceMissing() {
	for before := -1; before != b.objects(); { // a new object may link to another one
		before = b.objects()
		links(b.net, func(u use, r netmodel.Ref) netmodel.Ref {
			among, _ := r.Among()
			for _, a := range among {
				b.ensure(u, a)
			}
			return r
		})
	}
	has := b.present()
	foreign := func(a netmodel.Address) {
		if a != "" && a != netmodel.LocalTarget && !has[a] {
			b.net.Foreign[a] = b.absence(a, netmodel.UnknownResource)
		}
	}
	ends := byAddress(b.net.Endpoints, func(x *netmodel.Endpoint) netmodel.Address { return x.Address })
	links(b.net, func(u use, r netmodel.Ref) netmodel.Ref {
		among, _ := r.Among()
		for _, a := range among {
			if u != useEnd || ends[a] == nil {
				foreign(a)
			}
		}
		return r
	})
	for _, x := range b.net.Endpoints {
		x.Interfaces = slices.DeleteFunc(x.Interfaces, func(a netmodel.Address) bool {
			if has[a] {
				return false
			}
			foreign(a)
			x.More = doubted(x.More, b.absence(a, netmodel.UnknownResource))
			return true
		})
	}
}

func (b *Builder) objects() int {
	n := b.net
	return len(n.VPCs) + len(n.Subnets) + len(n.Groups) + len(n.ACLs) + len(n.RouteTables) + len(n.PrefixLists) +
		len(n.TransitGateways) + len(n.TransitTables) + len(n.TargetGroups)
}

func (b *Builder) ensure(u use, a netmodel.Address) {
	if a == "" {
		return
	}
	switch u {
	case useVPC:
		b.vpc(a)
	case useSubnet:
		b.subnet(a)
	case useGroup:
		b.group(a)
	case useACL:
		b.acl(a)
	case useTable:
		b.table(a)
	case usePrefixList:
		b.prefixList(a)
	case useTransitGateway:
		b.ensureTransitGateway(a)
	case useTransitTable:
		b.transitTable(a)
	case useTargetGroup:
		b.targetGroup(a)
	case anyUse, useEnd:
	}
}

func (b *Builder) present() map[netmodel.Address]bool {
	n := b.net
	out := map[netmodel.Address]bool{}
	note(out, n.VPCs, func(x *netmodel.VPC) netmodel.Address { return x.Address })
	note(out, n.Subnets, func(x *netmodel.Subnet) netmodel.Address { return x.Address })
	note(out, n.Groups, func(x *netmodel.Group) netmodel.Address { return x.Address })
	note(out, n.ACLs, func(x *netmodel.ACL) netmodel.Address { return x.Address })
	note(out, n.RouteTables, func(x *netmodel.RouteTable) netmodel.Address { return x.Address })
	note(out, n.InternetGateways, func(x *netmodel.InternetGateway) netmodel.Address { return x.Address })
	note(out, n.EgressGateways, func(x *netmodel.EgressOnlyGateway) netmodel.Address { return x.Address })
	note(out, n.VPNGateways, func(x *netmodel.VPNGateway) netmodel.Address { return x.Address })
	note(out, n.NATGateways, func(x *netmodel.NATGateway) netmodel.Address { return x.Address })
	note(out, n.Peerings, func(x *netmodel.Peering) netmodel.Address { return x.Address })
	note(out, n.TransitGateways, func(x *netmodel.TransitGateway) netmodel.Address { return x.Address })
	note(out, n.Attachments, func(x *netmodel.Attachment) netmodel.Address { return x.Address })
	note(out, n.TransitTables, func(x *netmodel.TransitTable) netmodel.Address { return x.Address })
	note(out, n.Middleboxes, func(x *netmodel.Middlebox) netmodel.Address { return x.Address })
	note(out, n.PrefixLists, func(x *netmodel.PrefixList) netmodel.Address { return x.Address })
	notePrivateLink(n, out)
	noteBalancers(out, n)
	note(out, n.Interfaces, func(x *netmodel.Interface) netmodel.Address { return x.Address })
	return out
}

func note[T any](to map[netmodel.Address]bool, objects []*T, address func(*T) netmodel.Address) {
	for _, x := range objects {
		to[address(x)] = true
	}
}
