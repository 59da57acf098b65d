package evaluator

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"

	"github.com/planreach/planreach/netmodel"
)

// localBits are the shortest and the longest prefix that a local route can
// have, by family: VPC CIDRs are /16 to /28, IPv6 ones /44 to /60.
var localBits = [2][2]int{{16, 28}, {44, 60}}

// A turn is where a route table sends a packet. The zero turn is not known.
type turn struct {
	kind turnKind
	to   netmodel.Address // turnTo
}

type turnKind uint8

const (
	turnOpen  turnKind = iota
	turnNone           // no route, or a black hole
	turnLocal          // delivery inside the VPC
	turnTo             // a gateway or interface
)

// A candidate is a route that may decide where a packet goes.
type candidate struct {
	route *netmodel.Route
	n     int // its number in the table
	bits  int
	sure  bool         // it is there and matches
	each  bool         // whether it matches is a question of its own for each destination
	gap   netmodel.Gap // otherwise, why it may not
}

// route chooses the next hop of a packet to dst that leaves a subnet, by
// longest prefix match and then rank (RT-14, RT-15), in one world. inside says
// that dst is an interface of the subnet's own VPC, so that the local route
// matches whatever its address is.
func (c *compiled) route(w *world, at site, dst party, inside bool) turn {
	return c.routeBy(w, at.subnet.Address, at.subnet.Table, at.vpc, dst, inside)
}

// routeBy is route by the table of a subnet or gateway, which is about.
func (c *compiled) routeBy(w *world, about netmodel.Address, by netmodel.Ref, in netmodel.Address, dst party, inside bool) turn {
	a, ok := w.follow(about, "route table", by)
	table := c.net.RouteTable(a)
	if !ok || table == nil {
		return turn{}
	}
	w.look(table.Address, table.Notes...)
	w.pass(table.Address)
	if !inside && c.unforwarded[dst.atom] {
		return turn{kind: turnNone}
	}
	vpc := c.net.VPC(in)
	shortest, longest := c.localRoute(vpc, dst, inside)
	best, known := c.choose(w, routes{table.Address, table.Routes, table.Hidden}, dst, shortest, longest, vpcOrigin(vpc))
	switch {
	case !known:
		return turn{}
	case best != nil:
		return c.turnOf(w, table.Address, *best)
	}
	if longest > 0 {
		return turn{kind: turnLocal}
	}
	if vpc == nil {
		return turn{}
	}
	if g := openCIDR(vpc, dst.is6); !g.IsZero() && w.pick(question{vpc.Address, fmt.Sprintf("unknown CIDR holds %d", dst.atom)}, g, "it does not hold the destination", "it holds the destination") == 1 {
		return turn{}
	}
	return turn{kind: turnNone}
}

// routes is what a table of either kind holds.
type routes struct {
	table  netmodel.Address
	list   []netmodel.Route
	hidden []netmodel.Gap
}

// choose is the route that wins in this world, nil if none does; known is false
// if a route that the plan does not show may. A local route of between shortest
// and longest bits beats shorter ones and propagated ones.
func (c *compiled) choose(w *world, t routes, dst party, shortest, longest int, local netmodel.Origin) (best *candidate, known bool) {
	for n, g := range t.hidden {
		if longest > 0 && g.Code == netmodel.UnknownPropagatedRoutes { // RT-18
			continue
		}
		if w.pick(question{t.table, fmt.Sprintf("hidden route %d to %s", n, c.whither(dst))}, g, "no such route to the destination", "a route to the destination") == 1 {
			return nil, false
		}
	}
	candidates := c.candidates(t.list, dst)
	for i, m := range candidates {
		switch {
		case m.bits < shortest, longest > 0 && m.route.Rank == netmodel.PropagatedRoute: // RT-18
			continue
		case m.bits < longest && w.pick(question{t.table, fmt.Sprintf("route %d beats the local route", m.n)},
			netmodel.Gap{Origin: local, Why: netmodel.UntilApply, Code: netmodel.UnknownAddress}, "the local route wins", "the other route wins") == 0:
			continue
		case !m.sure && !w.wants(m.route) && w.pick(question{t.table, m.question(c.whither(dst))}, m.gap, "the route does not match", "the route matches") == 0:
			continue
		case hasRival(candidates[i:]) && w.pick(question{t.table, fmt.Sprintf("route %d among equals", m.n)},
			netmodel.Gap{Origin: m.route.Origin, Why: netmodel.OutsidePlan, Code: netmodel.AmbiguousRoute}, "AWS picks another", "AWS picks this route") == 0:
			continue
		}
		return &m, true
	}
	return nil, true
}

// wants reports whether a route leads to the service that is the target, and is
// there if its list holds the destination, as it then does.
func (w *world) wants(r *netmodel.Route) bool {
	a, ok := r.Target.Exact()
	return ok && a == w.wanted && (r.Doubt.IsZero() || r.Doubt.Code == netmodel.UnknownPrefixListEntries)
}

// question asks whether the route of a candidate matches a destination.
func (m *candidate) question(to string) string { return matchQuestion(m.n, m.bits, m.each, to) }

func matchQuestion(n, bits int, each bool, to string) string {
	if !each {
		return fmt.Sprintf("route %d/%d", n, bits)
	}
	return fmt.Sprintf("route %d/%d to %s", n, bits, to)
}

// whither tells destinations apart: an address of the class, or whose it is.
func (c *compiled) whither(dst party) string {
	if dst.atom == 0 {
		return string(dst.self)
	}
	return c.atoms.Sample(dst.atom).String()
}

// hasRival reports whether AWS may as well pick the second of the candidates:
// both stand for prefix lists, with entries of one length (RT-20).
func hasRival(cs []candidate) bool {
	return len(cs) > 1 && cs[0].route.Rank == netmodel.PrefixListRoute && cs[1].route.Rank == netmodel.PrefixListRoute &&
		cs[0].bits == cs[1].bits && cs[0].route != cs[1].route
}

func vpcOrigin(v *netmodel.VPC) netmodel.Origin {
	if v == nil {
		return netmodel.Origin{}
	}
	return v.Origin
}

func openCIDR(v *netmodel.VPC, is6 bool) netmodel.Gap {
	if is6 {
		return v.Open6
	}
	return v.Open4
}

// localRoute is the length of the local route that matches dst, as far as it is
// known: at least shortest and at most longest bits; 0 and 0 if none matches.
func (c *compiled) localRoute(vpc *netmodel.VPC, dst party, inside bool) (shortest, longest int) {
	if vpc != nil && dst.atom != 0 {
		for _, p := range append(slices.Clone(vpc.IPv4), vpc.IPv6...) {
			if c.inPrefix(dst, &netmodel.Peer{Prefix: p}) == yes {
				shortest = max(shortest, p.Bits())
			}
		}
	}
	switch {
	case shortest > 0:
		return shortest, shortest
	case inside && dst.is6:
		return localBits[1][0], localBits[1][1] + 1
	case inside:
		return localBits[0][0], localBits[0][1] + 1
	}
	return 0, 0
}

// candidates is the routes that match dst or may, the best first.
func (c *compiled) candidates(list []netmodel.Route, dst party) []candidate {
	var out []candidate
	for i := range list {
		r := &list[i]
		if a, ok := r.Target.Exact(); ok && c.net.ServiceGateways[a] && !c.public[dst.atom] {
			continue // services have public addresses
		}
		add := func(bits int, fit tri, gap netmodel.Gap) {
			if fit == no {
				return
			}
			m := candidate{route: r, n: i, bits: bits, sure: fit == yes && gap.IsZero() && r.Doubt.IsZero(), each: fit != yes || !gap.IsZero(), gap: gap}
			if !r.Doubt.IsZero() {
				m.gap = r.Doubt
			}
			if m.gap.IsZero() {
				m.gap = netmodel.Gap{Origin: r.Origin, Why: netmodel.UntilApply, Code: netmodel.UnknownAddress}
			}
			out = append(out, m)
		}
		width := 32
		if dst.is6 {
			width = 128
		}
		switch d := &r.Destination; d.Kind {
		case netmodel.PeerPrefix:
			add(d.Prefix.Bits(), c.inPrefix(dst, d), netmodel.Gap{})
		case netmodel.PeerPrefixList:
			a, ok := d.Ref.Exact()
			list := c.net.PrefixList(a)
			if !ok || list == nil {
				add(width, maybe, foreignOr(c.net, a, d.Ref))
				continue
			}
			for _, e := range list.Entries {
				add(e.Prefix.Bits(), c.inPrefix(dst, &netmodel.Peer{Prefix: e.Prefix}), e.Doubt)
			}
			for _, g := range list.Hidden {
				add(width, maybe, g)
			}
		case netmodel.PeerOpen:
			add(width, c.names(d, dst.anyone()), d.Gap)
		case netmodel.PeerGroup:
			panic("evaluator: a route to a security group")
		}
	}
	slices.SortStableFunc(out, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(b.bits, a.bits), cmp.Compare(a.route.Rank, b.route.Rank))
	})
	return out
}

func foreignOr(n *netmodel.Network, a netmodel.Address, r netmodel.Ref) netmodel.Gap {
	if g, ok := n.Foreign[a]; ok {
		return g
	}
	return r.Gap()
}

// turnOf is where the chosen route leads.
func (c *compiled) turnOf(w *world, table netmodel.Address, m candidate) turn {
	if w.holds(table, fmt.Sprintf("route %d is a black hole", m.n), m.route.Blackhole) {
		return turn{kind: turnNone}
	}
	a, ok := w.follow(table, fmt.Sprintf("route %d target", m.n), m.route.Target)
	switch {
	case !ok:
		return turn{}
	case a == "":
		return turn{kind: turnNone}
	case a == netmodel.LocalTarget:
		return turn{kind: turnLocal}
	}
	return turn{kind: turnTo, to: a}
}

// attachedTo reports whether a gateway is attached to the VPC in this world;
// maybe if its link leads somewhere that is not known.
func (c *compiled) attachedTo(w *world, gateway netmodel.Address, r netmodel.Ref, vpc netmodel.Address) tri {
	a, ok := w.follow(gateway, "VPC", r)
	switch {
	case !ok, vpc == "":
		return maybe
	case a == vpc:
		return yes
	}
	return no
}

// cidrHolds reports whether a VPC's CIDRs hold an address class.
func (c *compiled) cidrHolds(vpc netmodel.Address, dst party) bool {
	v := c.net.VPC(vpc)
	if v == nil || dst.atom == 0 {
		return false
	}
	return slices.ContainsFunc(append(slices.Clone(v.IPv4), v.IPv6...), func(p netip.Prefix) bool {
		return c.inPrefix(dst, &netmodel.Peer{Prefix: p}) == yes
	})
}
