package evaluator

import (
	"net/netip"
	"slices"

	"github.com/planreach/planreach/assertions"
	"github.com/planreach/planreach/headerspace"
	"github.com/planreach/planreach/netmodel"
)

// An Engine answers questions about one network.
type Engine struct {
	net *netmodel.Network
	// Strict makes a disagreement between the set engine and the trace panic, as
	// tests want it; otherwise the flow is undecided with a note.
	Strict bool
}

// New prepares a sealed network for questions.
func New(n *netmodel.Network) *Engine { return &Engine{net: n} }

// Network is the network that e speaks of.
func (e *Engine) Network() *netmodel.Network { return e.net }

var (
	everything4 = netip.PrefixFrom(netip.IPv4Unspecified(), 0)
	everything6 = netip.PrefixFrom(netip.IPv6Unspecified(), 0)
)

// A compiled network has its addresses cut into atoms along all of its
// prefixes and those that the assertions name.
type compiled struct {
	net      *netmodel.Network
	atoms    *headerspace.Atoms
	internet [2][]netip.Prefix // what the word means: IPv4, IPv6
	public   map[headerspace.Atom]bool
	// unforwarded are those to which no table of a VPC leads (RT-25, RT-26).
	unforwarded map[headerspace.Atom]bool
	// reflected are the public addresses that the plan gives to its own objects:
	// no strangers on the internet (IGW-13, L-49).
	reflected map[headerspace.Atom]bool
	// taken are the known private addresses by VPC.
	taken map[netmodel.Address]map[netip.Addr]netmodel.Address
	memo  map[filterKey]headerspace.Tri
	// hostly are the filters with rules for addresses of single objects, homes the
	// VPCs of those that have one private IPv4 address.
	hostly map[*netmodel.Filter]bool
	homes  map[netmodel.Address]netmodel.Address
	// balancers are the ways on from load balancers, legs what was found out about
	// parts of detours.
	balancers balancers
	legs      map[legKey]*inquiry
	// inspections is what firewall policies decide.
	inspections map[inspectKey]passage
	// everyone are the prefixes by which ACLs, routes and VPCs tell the addresses
	// outside apart; groups add theirs.
	everyone headerspace.Marks
	coarse   map[coarseKey][][]headerspace.Atom
}

// A coarseKey is an end outside as the bearer of some groups sees it.
type coarseKey struct {
	end    assertions.End
	spared string
	groups string
}

func compile(n *netmodel.Network, named []netip.Prefix) *compiled {
	c := &compiled{
		net:      n,
		internet: [2][]netip.Prefix{netmodel.Internet(false), netmodel.Internet(true)},
		public:   map[headerspace.Atom]bool{}, unforwarded: map[headerspace.Atom]bool{}, reflected: map[headerspace.Atom]bool{},
		memo:   map[filterKey]headerspace.Tri{},
		hostly: map[*netmodel.Filter]bool{}, homes: homesOf(n),
		coarse:    map[coarseKey][][]headerspace.Atom{},
		balancers: newBalancers(n), legs: map[legKey]*inquiry{}, inspections: map[inspectKey]passage{},
	}
	cut := append(prefixesOf(n), named...)
	reflected := publicAddresses(n)
	cut = append(cut, reflected...)
	for _, family := range c.internet {
		cut = append(cut, family...)
	}
	c.atoms = headerspace.NewAtoms(cut)
	for _, family := range c.internet {
		for _, p := range family {
			for _, x := range c.atoms.Within(p) {
				c.public[x] = true
			}
		}
	}
	for _, p := range netmodel.Unforwarded() {
		for _, x := range c.atoms.Within(p) {
			c.unforwarded[x] = true
		}
	}
	for _, p := range reflected {
		c.reflected[c.atoms.Of(p.Addr())] = true
	}
	c.everyone = c.atoms.Mark(append(sharedPrefixes(n), reflected...))
	c.taken = map[netmodel.Address]map[netip.Addr]netmodel.Address{}
	for _, i := range n.Interfaces {
		s := settledSubnet(n, i.Subnet)
		if s == nil {
			continue
		}
		v, ok := s.VPC.Exact()
		if !ok {
			continue
		}
		if c.taken[v] == nil {
			c.taken[v] = map[netip.Addr]netmodel.Address{}
		}
		for _, a := range append(append([]netip.Addr{}, i.IPv4...), i.IPv6...) {
			c.taken[v][a] = i.Address
		}
	}
	return c
}

func settledSubnet(n *netmodel.Network, r netmodel.Ref) *netmodel.Subnet {
	a, ok := r.Exact()
	if !ok {
		return nil
	}
	return n.Subnet(a)
}

// prefixesOf is every prefix that something in the network tells apart.
func prefixesOf(n *netmodel.Network) []netip.Prefix {
	out := sharedPrefixes(n)
	for _, s := range n.Subnets {
		for _, p := range []netip.Prefix{s.IPv4, s.IPv6} {
			if p.IsValid() {
				out = append(out, p)
			}
		}
	}
	for _, g := range n.Groups {
		out = append(out, groupPrefixes(g)...)
	}
	for _, i := range n.Interfaces {
		out = append(out, hosts(i.IPv4...)...)
		out = append(out, hosts(i.IPv6...)...)
	}
	for _, g := range n.NATGateways {
		out = append(out, hosts(g.Private)...)
	}
	for _, g := range n.TargetGroups {
		for _, t := range g.Targets {
			out = append(out, hosts(t.Addr)...)
		}
	}
	return out
}

// publicAddresses are the public IPv4 addresses that objects of the plan are
// known to have.
func publicAddresses(n *netmodel.Network) []netip.Prefix {
	var out []netip.Prefix
	for _, i := range n.Interfaces {
		out = append(out, hosts(i.PublicIPv4, i.ElasticIP)...)
	}
	for _, g := range n.NATGateways {
		out = append(out, hosts(g.Elastic)...)
	}
	return out
}

// hosts is the valid ones of some addresses as prefixes.
func hosts(as ...netip.Addr) []netip.Prefix {
	var out []netip.Prefix
	for _, a := range as {
		if a.IsValid() {
			out = append(out, netip.PrefixFrom(a, a.BitLen()))
		}
	}
	return out
}

// sharedPrefixes are those of VPCs, ACLs, route tables and prefix lists.
func sharedPrefixes(n *netmodel.Network) []netip.Prefix {
	out := netmodel.Unforwarded()
	for _, v := range n.VPCs {
		out = append(out, v.IPv4...)
		out = append(out, v.IPv6...)
	}
	for _, a := range n.ACLs {
		out = append(out, filterPrefixes(&a.Ingress)...)
		out = append(out, filterPrefixes(&a.Egress)...)
	}
	list := func(routes []netmodel.Route) {
		for i := range routes {
			if d := &routes[i].Destination; d.Kind == netmodel.PeerPrefix {
				out = append(out, d.Prefix)
			}
		}
	}
	for _, t := range n.RouteTables {
		list(t.Routes)
	}
	for _, t := range n.TransitTables {
		list(t.Routes)
	}
	for _, b := range n.LoadBalancers {
		for _, l := range b.Listeners {
			for _, f := range l.Forwards {
				out = append(out, f.Sources...)
			}
		}
	}
	for _, m := range n.Middleboxes {
		if m.Policy != nil {
			out = append(out, m.Policy.Prefixes()...)
		}
	}
	for _, g := range n.VPNGateways {
		for _, e := range g.Prefixes {
			out = append(out, e.Prefix)
		}
	}
	for _, l := range n.PrefixLists {
		for _, e := range l.Entries {
			out = append(out, e.Prefix)
		}
	}
	return out
}

func groupPrefixes(g *netmodel.Group) []netip.Prefix {
	return append(filterPrefixes(&g.Ingress), filterPrefixes(&g.Egress)...)
}

func filterPrefixes(f *netmodel.Filter) []netip.Prefix {
	var out []netip.Prefix
	for i := range f.Rules {
		if p := &f.Rules[i].Peer; p.Kind == netmodel.PeerPrefix {
			out = append(out, p.Prefix)
		}
	}
	return out
}

// groupsNear is the groups that an endpoint may carry, sorted; behind an
// endpoint of a service are those of its load balancers too (VPCE-22).
func (c *compiled) groupsNear(ep *netmodel.Endpoint) []netmodel.Address {
	var out []netmodel.Address
	for _, lb := range c.balancersBehind(ep) {
		out = append(out, c.groupsNear(lb)...)
	}
	for _, a := range ep.Interfaces {
		for _, r := range c.net.Interface(a).Groups.Links {
			among, _ := r.Among()
			out = append(out, among...)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// discerns are the prefixes by which the way to or from the bearer of some
// groups tells the addresses outside apart.
func (c *compiled) discerns(groups []netmodel.Address) headerspace.Marks {
	var own []netip.Prefix
	for _, a := range groups {
		if g := c.net.Group(a); g != nil {
			own = append(own, groupPrefixes(g)...)
		}
	}
	return c.atoms.MarkAlso(c.everyone, own)
}

// balancersBehind is the load balancers of the services that an endpoint may lead
// to; none unless it is a ServiceEndpoint.
func (c *compiled) balancersBehind(ep *netmodel.Endpoint) []*netmodel.Endpoint {
	e := c.net.ServiceEndpoint(ep.Address)
	if e == nil {
		return nil
	}
	var out []*netmodel.Endpoint
	for _, lb := range c.net.LoadBalancers {
		mine := slices.ContainsFunc(c.net.EndpointServices, func(s *netmodel.EndpointService) bool {
			return e.Service.MayBe(s.Address) && (!s.Balancers.More.IsZero() ||
				slices.ContainsFunc(s.Balancers.Links, func(r netmodel.Ref) bool { return r.MayBe(lb.Address) }))
		})
		if b := c.net.Endpoint(lb.Address); b != nil && mine {
			out = append(out, b)
		}
	}
	return out
}

// homesOf is the VPC of every interface and NAT gateway that has one private
// IPv4 address and is certainly in that VPC.
func homesOf(n *netmodel.Network) map[netmodel.Address]netmodel.Address {
	out := map[netmodel.Address]netmodel.Address{}
	put := func(a netmodel.Address, r netmodel.Ref) {
		if s := settledSubnet(n, r); s != nil {
			if v, ok := s.VPC.Exact(); ok {
				out[a] = v
			}
		}
	}
	for _, i := range n.Interfaces {
		if len(i.IPv4) < 2 && i.HasIPv4.IsTrue() {
			put(i.Address, i.Subnet)
		}
	}
	for _, g := range n.NATGateways {
		put(g.Address, g.Subnet)
	}
	return out
}
