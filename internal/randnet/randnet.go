// Package randnet makes small random networks of every construct of netmodel,
// with as many gaps as wanted, and makes failing ones smaller. It serves tests.
package randnet

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"slices"

	"github.com/planreach/planreach/headerspace"
	"github.com/planreach/planreach/netmodel"
)

// A Recipe says which network to make. The same Recipe makes the same network.
type Recipe struct {
	Seed uint64
	// Open are the numbers of the facts that are left open, below Facts.
	Open []int
	// Cut are the numbers of the parts that are left out, below Parts.
	Cut []int
}

// New is a recipe with some facts left open, at most gaps.
func New(seed uint64, gaps int) Recipe {
	d := sketch(seed)
	r := rand.New(rand.NewPCG(seed, 2))
	open := r.Perm(len(d.facts))
	open = open[:min(len(open), r.IntN(gaps+1))]
	slices.Sort(open)
	return Recipe{Seed: seed, Open: open}
}

// Facts and Parts are how many facts can be left open, and how many parts left
// out.
func (r Recipe) Facts() int { return len(sketch(r.Seed).facts) }

// Parts is the number of parts that can be left out.
func (r Recipe) Parts() int { return len(sketch(r.Seed).parts) }

// Network makes the network.
func (r Recipe) Network() *netmodel.Network {
	d := sketch(r.Seed)
	for _, k := range r.Open {
		d.facts[k]()
	}
	for _, k := range r.Cut {
		d.parts[k]()
	}
	return d.network()
}

// A draft is a network in the making.
type draft struct {
	*rand.Rand
	net      *netmodel.Network
	filters  []*draftFilter
	tables   []*draftTable
	transits []*draftTransit
	facts    []func() // each leaves one fact open
	parts    []func() // each takes one part out
	cut      map[netmodel.Address]bool
	lists    []netmodel.Address
}

type draftFilter struct {
	filter *netmodel.Filter
	rules  []*netmodel.Rule // nil: taken out
}

type draftTable struct {
	table  *netmodel.RouteTable
	routes []*netmodel.Route // nil: taken out
}

func (d *draft) fact(open func()) { d.facts = append(d.facts, open) }
func (d *draft) part(out func())  { d.parts = append(d.parts, out) }

// maybe is true so often in a hundred.
func (d *draft) maybe(percent int) bool { return d.IntN(100) < percent }

func one[T any](d *draft, list []T) T { return list[d.IntN(len(list))] }

func gap(a netmodel.Address, path string) netmodel.Gap {
	return netmodel.Gap{
		Origin: netmodel.Origin{Address: a, Path: path}, Why: netmodel.UntilApply,
		Code: netmodel.UnknownValue, Detail: "known after apply",
	}
}

func origin(a netmodel.Address, path string) netmodel.Origin {
	return netmodel.Origin{Address: a, Path: path}
}

// sketch drafts the network of a seed with every fact known and every part in.
func sketch(seed uint64) *draft {
	d := &draft{
		Rand: rand.New(rand.NewPCG(seed, 1)),
		net:  &netmodel.Network{Foreign: map[netmodel.Address]netmodel.Gap{}},
		cut:  map[netmodel.Address]bool{},
	}
	d.foreign()
	d.prefixLists()
	sites := []*site{d.site(0, 0)}
	if d.maybe(50) {
		second := 1
		if d.maybe(15) {
			second = 0 // the same addresses as the first
		}
		sites = append(sites, d.site(1, second))
		d.connect(sites[0], sites[1])
	}
	for _, s := range sites {
		d.fill(s)
	}
	d.publicAccess(sites)
	d.unmodelled(sites)
	d.balancers(sites)
	d.vpnGateways(seed, sites)
	return d
}

// network assembles what is left of the draft.
func (d *draft) network() *netmodel.Network {
	for _, f := range d.filters {
		f.filter.Rules = nil
		for _, r := range f.rules {
			if r != nil {
				f.filter.Rules = append(f.filter.Rules, *r)
			}
		}
	}
	for _, t := range d.tables {
		t.table.Routes = nil
		for _, r := range t.routes {
			if r != nil {
				t.table.Routes = append(t.table.Routes, *r)
			}
		}
	}
	for _, t := range d.transits {
		t.table.Routes = nil
		for _, r := range t.routes {
			if r != nil {
				t.table.Routes = append(t.table.Routes, *r)
			}
		}
	}
	n := d.net
	for _, i := range n.Interfaces {
		if i.Unfiltered {
			i.Groups = netmodel.Refs{}
		}
	}
	keep := func(a netmodel.Address) bool { return !d.cut[a] }
	n.Interfaces = slices.DeleteFunc(n.Interfaces, func(x *netmodel.Interface) bool { return !keep(x.Address) })
	n.Endpoints = slices.DeleteFunc(n.Endpoints, func(x *netmodel.Endpoint) bool { return !keep(x.Address) })
	n.NATGateways = slices.DeleteFunc(n.NATGateways, func(x *netmodel.NATGateway) bool { return !keep(x.Address) })
	n.InternetGateways = slices.DeleteFunc(n.InternetGateways, func(x *netmodel.InternetGateway) bool { return !keep(x.Address) })
	n.VPNGateways = slices.DeleteFunc(n.VPNGateways, func(x *netmodel.VPNGateway) bool { return !keep(x.Address) })
	n.EgressGateways = slices.DeleteFunc(n.EgressGateways, func(x *netmodel.EgressOnlyGateway) bool { return !keep(x.Address) })
	n.Peerings = slices.DeleteFunc(n.Peerings, func(x *netmodel.Peering) bool { return !keep(x.Address) })
	n.Attachments = slices.DeleteFunc(n.Attachments, func(x *netmodel.Attachment) bool { return !keep(x.Address) })
	n.Middleboxes = slices.DeleteFunc(n.Middleboxes, func(x *netmodel.Middlebox) bool { return !keep(x.Address) })
	n.NotModelled = slices.DeleteFunc(n.NotModelled, func(x netmodel.Unmodelled) bool { return !keep(x.Address) })
	return n.Seal()
}

var (
	all4     = netip.MustParsePrefix("0.0.0.0/0")
	all6     = netip.MustParsePrefix("::/0")
	public4  = netip.MustParsePrefix("203.0.113.0/24")
	public6  = netip.MustParsePrefix("2001:db8:f::/48")
	internet = []netip.Prefix{all4, all6, public4, public6, netip.MustParsePrefix("203.0.113.128/25")}
)

// traffics are what rules and questions speak of.
var traffics = []headerspace.Traffic{
	headerspace.Ports(headerspace.TCP, 443, 443),
	headerspace.Ports(headerspace.TCP, 80, 443),
	headerspace.Ports(headerspace.TCP, 3389, 3389),
	headerspace.Whole(headerspace.TCP),
	headerspace.Ports(headerspace.UDP, 53, 53),
	headerspace.ICMPTypes(headerspace.ICMP, 8, -1),
	headerspace.Whole(headerspace.ICMP),
	headerspace.ICMPTypes(headerspace.ICMPv6, 128, -1),
	headerspace.Whole(47),
	headerspace.All(),
	headerspace.Ports(headerspace.TCP, 443, 443).Union(headerspace.Ports(headerspace.UDP, 53, 53)),
}

// replies are the port ranges that ACLs open for replies.
var replies = []headerspace.Traffic{
	headerspace.Ports(headerspace.TCP, 1024, 65535),
	headerspace.Ports(headerspace.TCP, 32768, 60999),
	headerspace.Ports(headerspace.TCP, 1024, 32767),
	headerspace.Ports(headerspace.UDP, 1024, 65535),
}

func (d *draft) foreign() {
	d.net.Foreign["aws_vpn_gateway.far"] = netmodel.Gap{
		Origin: origin("aws_vpn_gateway.far", ""), Why: netmodel.NotModelled,
		Code: netmodel.UnsupportedResourceType, Detail: "its type is not modelled",
	}
}

func (d *draft) prefixLists() {
	for k := range d.IntN(3) {
		a := netmodel.Address(fmt.Sprintf("aws_ec2_managed_prefix_list.p%d", k))
		l := &netmodel.PrefixList{Address: a, Origin: origin(a, "")}
		pool := append(slices.Clone(internet[1:]), netip.MustParsePrefix("10.0.0.0/27"), netip.MustParsePrefix("10.0.0.16/28"))
		for i := range d.IntN(3) {
			e := netmodel.PrefixEntry{Prefix: one(d, pool), Origin: origin(a, fmt.Sprintf("entry[%d]", i))}
			if !slices.ContainsFunc(l.Entries, func(o netmodel.PrefixEntry) bool { return o.Prefix == e.Prefix }) {
				l.Entries = append(l.Entries, e)
				at := len(l.Entries) - 1
				d.fact(func() { l.Entries[at].Doubt = gap(a, "entry") })
			}
		}
		d.fact(func() { l.Hidden = []netmodel.Gap{gap(a, "entry")} })
		d.net.PrefixLists = append(d.net.PrefixLists, l)
		d.lists = append(d.lists, a)
	}
}

func (d *draft) unmodelled(sites []*site) {
	if !d.maybe(10) {
		return
	}
	a := netmodel.Address("aws_other.thing")
	u := netmodel.Unmodelled{
		Address: a, Type: "aws_other", Origin: origin(a, ""), Note: "nobody knows",
		Effect: one(d, []netmodel.Effect{netmodel.MayOpen, netmodel.MayBlock, netmodel.MayDoBoth}),
		Touch:  one(d, []netmodel.Touch{netmodel.TouchesInternet, netmodel.TouchesInto, netmodel.TouchesAll}),
	}
	if u.Touch == netmodel.TouchesInto {
		u.Effect = netmodel.MayOpen
	}
	if d.maybe(70) {
		u.VPCs = []netmodel.Ref{netmodel.To(one(d, sites).vpc.Address)}
	}
	d.net.NotModelled = append(d.net.NotModelled, u)
	d.part(func() { d.cut[a] = true })
}
