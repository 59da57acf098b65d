package evaluator

import (
	"fmt"
	"net/netip"
	"slices"

	"github.com/planreach/planreach/headerspace"
	"github.com/planreach/planreach/netmodel"
)

// An option is a route of a table as one packet sees it.
type option struct {
	route *netmodel.Route
	n     int
	bits  int
	sure  bool
	each  bool // as in candidate
}

// table traces the choice of a route at a subnet for dst: the target, which is
// empty if there is no route, and whether it is known. inside says that dst is
// an interface of the subnet's own VPC. A missing way back has other codes.
func (t *tracer) table(s *netmodel.Subnet, vpc netmodel.Address, dst netip.Addr, inside bool, p headerspace.Packet, returning bool) (netmodel.Address, HopResult) {
	return t.tableOf(s.Origin, s.Address, s.Table, vpc, dst, inside, p, returning)
}

// tableOf is table for the table that a subnet or gateway, about, is linked to.
func (t *tracer) tableOf(o netmodel.Origin, about netmodel.Address, by netmodel.Ref, vpc netmodel.Address, dst netip.Addr, inside bool, p headerspace.Packet, returning bool) (netmodel.Address, HopResult) {
	hop := Hop{Address: about, Kind: RouteTable, Packet: p, Result: HopUnknown, Code: netmodel.UnknownRouteTable, Step: Routed{}, Origin: o}
	if t.n.Subnet(about) != nil {
		hop.Subnet = about
	}
	a, ok := t.w.follow(about, "route table", by)
	if !ok {
		hop.Gaps = []netmodel.Gap{by.Gap()}
		t.add(hop)
		return "", HopUnknown
	}
	table := t.n.RouteTable(a)
	if table == nil {
		hop.Address, hop.Gaps = a, []netmodel.Gap{t.foreign(a)}
		t.add(hop)
		return "", HopUnknown
	}
	hop.Address, hop.Origin, hop.Code = table.Address, table.Origin, ""
	if !inside && isUnforwarded(dst) {
		hop.Result, hop.Code = HopBlock, noRoute(returning)
		t.add(hop)
		return "", HopBlock
	}
	v := t.n.VPC(vpc)
	local, lo, hi := t.local(v, dst, inside)
	if hidden, g := t.hidden(table.Address, table.Hidden, dst, hi > 0); hidden {
		hop.Code, hop.Gaps = codeOf([]netmodel.Gap{g}), []netmodel.Gap{g}
		t.add(hop)
		return "", HopUnknown
	}
	chosen := t.choose(table.Address, table.Routes, dst, lo, hi)
	switch {
	case chosen == nil && hi > 0:
		hop.Result, hop.Step = HopPass, Routed{IsLocal: true, Local: local}
		t.add(hop)
		return netmodel.LocalTarget, HopPass
	case chosen == nil:
		if v == nil {
			hop.Code = netmodel.UnknownResource
			t.add(hop)
			return "", HopUnknown
		}
		if g := openCIDROf(v, t.is6); !g.IsZero() && t.anyCIDRWorld(v) {
			hop.Code, hop.Gaps = codeOf([]netmodel.Gap{g}), []netmodel.Gap{g}
			t.add(hop)
			return "", HopUnknown
		}
		hop.Result, hop.Code = HopBlock, noRoute(returning)
		t.add(hop)
		return "", HopBlock
	}
	hop.Origin, hop.Step = chosen.route.Origin, Routed{Route: chosen.route}
	return t.take(table.Address, chosen, hop, netmodel.BadStateRoute)
}

// noRoute says that a table leads nowhere.
func noRoute(returning bool) netmodel.Code {
	if returning {
		return netmodel.ReturnNoRoute
	}
	return netmodel.NoRouteToDestination
}

func isUnforwarded(a netip.Addr) bool {
	return slices.ContainsFunc(netmodel.Unforwarded(), func(p netip.Prefix) bool { return p.Contains(a) })
}

func openCIDROf(v *netmodel.VPC, is6 bool) netmodel.Gap {
	if is6 {
		return v.Open6
	}
	return v.Open4
}

// anyCIDRWorld reports whether this world puts the destination into a CIDR of
// the VPC that is not known.
func (t *tracer) anyCIDRWorld(v *netmodel.VPC) bool {
	for q, n := range t.w.fixed {
		if q.about == v.Address && n == 1 && len(q.what) > 12 && q.what[:12] == "unknown CIDR" {
			return true
		}
	}
	return false
}

// hidden reports whether, in this world, a route wins that the plan does not
// show. Propagated ones lose to a local route (RT-18).
func (t *tracer) hidden(table netmodel.Address, gaps []netmodel.Gap, dst netip.Addr, local bool) (bool, netmodel.Gap) {
	for n, g := range gaps {
		if local && g.Code == netmodel.UnknownPropagatedRoutes {
			continue
		}
		if t.w.pick(question{table, fmt.Sprintf("hidden route %d to %s", n, t.whither(dst))}, g, "false", "true") == 1 {
			return true, g
		}
	}
	return false, netmodel.Gap{}
}

// take follows a chosen route to its target.
func (t *tracer) take(table netmodel.Address, o *option, hop Hop, gone netmodel.Code) (netmodel.Address, HopResult) {
	if t.w.holds(table, fmt.Sprintf("route %d is a black hole", o.n), o.route.Blackhole) {
		hop.Result, hop.Code = HopBlock, gone
		t.add(hop)
		return "", HopBlock
	}
	a, ok := t.w.follow(table, fmt.Sprintf("route %d target", o.n), o.route.Target)
	switch {
	case !ok:
		hop.Result, hop.Code, hop.Gaps = HopUnknown, netmodel.UnknownReference, []netmodel.Gap{o.route.Target.Gap()}
		t.add(hop)
		return "", HopUnknown
	case a == "":
		hop.Result, hop.Code = HopBlock, gone
		t.add(hop)
		return "", HopBlock
	}
	hop.Result = HopPass
	t.add(hop)
	return a, HopPass
}

// local is the local route that matches dst: its CIDR if known, and between
// which lengths it is; 0 and 0 if none matches.
func (t *tracer) local(v *netmodel.VPC, dst netip.Addr, inside bool) (cidr netip.Prefix, lo, hi int) {
	if v != nil && dst.IsValid() {
		for _, p := range append(slices.Clone(v.IPv4), v.IPv6...) {
			if p.Contains(dst) && p.Bits() >= lo {
				cidr, lo, hi = p, p.Bits(), p.Bits()
			}
		}
	}
	switch {
	case hi > 0 || !inside:
	case t.is6:
		lo, hi = 44, 61
	default:
		lo, hi = 16, 29
	}
	return cidr, lo, hi
}

// choose is the route of a table that wins in this world, nil if the local route
// or none does. lo and hi bound the length of the local route.
func (t *tracer) choose(table netmodel.Address, list []netmodel.Route, dst netip.Addr, lo, hi int) *option {
	rest := t.optionsFor(list, dst)
	for len(rest) > 0 {
		k := 0
		for n := range rest {
			if rest[n].bits > rest[k].bits || rest[n].bits == rest[k].bits && rest[n].route.Rank < rest[k].route.Rank {
				k = n
			}
		}
		o := rest[k]
		rest = slices.Delete(rest, k, k+1)
		if o.bits < lo || hi > 0 && o.route.Rank == netmodel.PropagatedRoute {
			continue
		}
		if o.bits < hi && !t.says(table, "route %d beats the local route", o.n) {
			continue
		}
		if !o.sure && !t.w.wants(o.route) && !t.says(table, "%s", matchQuestion(o.n, o.bits, o.each, t.whither(dst))) {
			continue
		}
		if o.route.Rank == netmodel.PrefixListRoute && slices.ContainsFunc(rest, func(r option) bool {
			return r.bits == o.bits && r.route.Rank == o.route.Rank && r.route != o.route
		}) && !t.says(table, "route %d among equals", o.n) {
			continue
		}
		return &o
	}
	return nil
}

// whither tells destinations apart, as in the set engine: by their address, or by
// whose it is.
func (t *tracer) whither(dst netip.Addr) string {
	if !dst.IsValid() {
		return string(t.bound)
	}
	return dst.String()
}

// says is the world's answer to a question about a table.
func (t *tracer) says(table netmodel.Address, format string, args ...any) bool {
	return t.w.pick(question{table, fmt.Sprintf(format, args...)}, netmodel.Gap{}, "false", "true") == 1
}

// optionsFor is the routes of a table that match dst or may.
func (t *tracer) optionsFor(list []netmodel.Route, dst netip.Addr) []option {
	to := station{addr: dst}
	width := 32
	if t.is6 {
		width = 128
	}
	var out []option
	for n := range list {
		r := &list[n]
		if a, ok := r.Target.Exact(); ok && t.n.ServiceGateways[a] && !internetHolds(dst) {
			continue // services have public addresses
		}
		add := func(bits int, fit tri) {
			if fit != no {
				out = append(out, option{r, n, bits, fit == yes && r.Doubt.IsZero(), fit != yes})
			}
		}
		switch d := &r.Destination; d.Kind {
		case netmodel.PeerPrefix:
			add(d.Prefix.Bits(), holdsAddr(d.Prefix, to, t.is6))
		case netmodel.PeerPrefixList:
			a, ok := d.Ref.Exact()
			entries := t.n.PrefixList(a)
			if !ok || entries == nil {
				add(width, maybe)
				continue
			}
			for _, e := range entries.Entries {
				fit := holdsAddr(e.Prefix, to, t.is6)
				if fit == yes && !e.Doubt.IsZero() {
					fit = maybe
				}
				add(e.Prefix.Bits(), fit)
			}
			if len(entries.Hidden) > 0 {
				add(width, maybe)
			}
		case netmodel.PeerOpen:
			fit, _ := t.means(d, to, t.is6)
			add(width, fit)
		case netmodel.PeerGroup:
			panic("evaluator: a route to a security group")
		}
	}
	return out
}
