package evaluator

import (
	"cmp"
	"net/netip"
	"slices"
	"strings"

	"github.com/planreach/planreach/assertions"
	"github.com/planreach/planreach/headerspace"
	"github.com/planreach/planreach/netmodel"
)

// maxProxies bounds the load balancers and endpoints in a row of one detour.
const maxProxies = 4

// maxTried bounds the ways through proxies that are tried for one question.
const maxTried = 2000

// A client is a class of the addresses of a flow's source: its family and, for
// one outside, an atom.
type client struct {
	is6  bool
	atom headerspace.Atom
}

// A detour is a way from a source to one interface of a target that goes by
// proxies: every part of it is a flow of its own (L-52).
type detour struct {
	through []netmodel.Address
	legs    []*inquiry
	// passes is what arrives at the end of the last leg, by client. It is put
	// together from the legs as if their missing facts had nothing to do with
	// each other, which leaves more open than need be and decides nothing wrongly.
	passes map[client]headerspace.Tri
	doubts []netmodel.Gap // beyond those of the legs
}

// A pathfinder looks for the detours of one question.
type pathfinder struct {
	*compiled
	d      demand
	source terminal
	tried  int // ways so far
}

// A legKey is a leg that detours of several questions share.
type legKey struct {
	source     assertions.End // none if the leg begins at a node
	spared     string
	from       netmodel.Address    // if only one interface of the source is meant
	gates      [2]netmodel.Address // that the way has to pass
	node, to   netmodel.Address    // interfaces; no node: the leg goes to a proxy
	hand       *hand
	traffic    string
	oneWay     bool
	promise    bool
	clients    assertions.PortRange
	toEnd      assertions.End // if it has no interface
	toAddress  netip.Prefix
	withSource bool
}

// detours are the ways of a prohibited flow through proxies, as far as they may
// carry any of it. Promises do not follow proxies.
func (c *compiled) detours(d demand, from, to terminal) []detour {
	if d.promise || len(c.net.LoadBalancers) == 0 {
		return nil
	}
	f := &pathfinder{compiled: c, d: d, source: from}
	return merged(f.counted(f.to(to)))
}

// to is all detours to an end. Where they are too many to try, one more stands
// for the rest, of which nothing is known.
func (f *pathfinder) to(end terminal) []detour {
	var out []detour
	for _, t := range oneByOne(end) {
		out = append(out, f.into(t, f.d.traffic, nil)...)
	}
	if f.tried <= maxTried {
		return out
	}
	lb := f.net.LoadBalancers[0]
	return append(out, f.unseen(lb.Address, netmodel.Gap{Origin: lb.Origin, Why: netmodel.NotModelled, Code: netmodel.UnknownTargets,
		Detail: "there are too many ways through load balancers to try them all"}))
}

// unseen is a way to a proxy of which g leaves everything open, for any client.
func (f *pathfinder) unseen(proxy netmodel.Address, g netmodel.Gap) detour {
	out := detour{through: []netmodel.Address{proxy}, passes: map[client]headerspace.Tri{}, doubts: []netmodel.Gap{g}}
	for _, x := range f.source.outside {
		out.passes[client{f.atoms.Is6(x), x}] = anything
	}
	if f.source.endpoint != nil {
		out.passes[client{}], out.passes[client{is6: true}] = anything, anything
	}
	return out
}

// oneByOne is the interfaces of an end, one by one; addresses outside stay
// together.
func oneByOne(t terminal) []terminal {
	if t.endpoint == nil || t.only != "" {
		return []terminal{t}
	}
	var out []terminal
	for _, a := range t.endpoint.Interfaces {
		one := t
		one.only = a
		out = append(out, one)
	}
	return out
}

// into are the detours that end at one interface with some of the traffic, before
// some proxies that they do not pass again.
func (f *pathfinder) into(t terminal, traffic headerspace.Traffic, before []netmodel.Address) []detour {
	if len(before) == maxProxies {
		return nil
	}
	var out []detour
	for _, h := range slices.Concat(f.balancers.to[t.only], f.balancers.loose) {
		ep := f.net.Endpoint(h.balancer.Address)
		arrives := h.arrives().Intersect(traffic)
		if ep == nil || ep == t.endpoint || ep == f.source.endpoint || arrives.IsEmpty() || slices.Contains(before, ep.Address) || !f.mayHave(h, t) {
			continue
		}
		passing := append(before[:len(before):len(before)], ep.Address)
		for _, node := range oneByOne(terminal{endpoint: ep, end: endpointEnd(ep)}) {
			out = append(out, f.by(h, node, t, arrives, passing)...)
		}
	}
	return out
}

// by are the detours whose last hand is the given one, through one node.
func (f *pathfinder) by(h *hand, node, t terminal, arrives headerspace.Traffic, passing []netmodel.Address) []detour {
	if f.tried++; f.tried > maxTried {
		return nil
	}
	last := f.fromNode(h, node, t, arrives)
	mayKeep := h.group != nil && h.balancer.Kind == netmodel.NetworkBalancer && !h.group.PreservesClient.IsFalse()
	if last.isClosed() && !mayKeep {
		return nil
	}
	var out []detour
	for _, entry := range f.entries(h, node, passing) {
		keeps := netmodel.Fails
		if mayKeep && !f.isLinked(entry) { // VPCE-21
			keeps = h.group.PreservesClient
		}
		if keeps.IsOpen() {
			entry = entry.doubted(keeps.Gap())
		}
		var ways []detour
		if !keeps.IsFalse() {
			ways = append(ways, f.join(h, entry, last, f.relayed(h, node, t, arrives), arrives))
		}
		if !keeps.IsTrue() {
			ways = append(ways, f.join(h, entry, last, nil, arrives))
		}
		for _, way := range ways {
			if way.may() {
				out = append(out, way)
			}
		}
	}
	return out
}

// entries are the ways of a client to one node of the balancer of a hand, or to
// an endpoint of a service that stands on it.
func (f *pathfinder) entries(h *hand, node terminal, passing []netmodel.Address) []detour {
	doors := []terminal{node}
	var out []detour
	shared := map[netmodel.Address]netmodel.Gap{} // endpoints that may lead to other balancers instead
	for _, e := range f.net.ServiceEndpoints {
		ep := f.net.Endpoint(e.Address)
		if ep != nil && ep != f.source.endpoint && !slices.Contains(passing, ep.Address) && f.mayServe(e, h.balancer) {
			doors = append(doors, oneByOne(terminal{endpoint: ep, end: endpointEnd(ep)})...)
			if !ep.More.IsZero() && !e.Accepted.IsFalse() { // interfaces that the plan does not show
				out = append(out, f.unseen(ep.Address, ep.More))
			}
			if len(f.balancersBehind(ep)) > 1 {
				shared[ep.Address] = netmodel.Gap{Origin: e.Origin, Why: netmodel.NotModelled, Code: netmodel.UnknownTargets, Detail: "which of the service's load balancers takes it"}
			}
		}
	}
	for _, door := range doors {
		before, near := passing, yes
		if door.endpoint != node.endpoint {
			before = append(before[:len(before):len(before)], door.endpoint.Address)
			near = f.isNear(door, node)
		}
		if near == no {
			continue
		}
		ways := append([]detour{f.first(door, h.accepts())}, f.into(door, h.accepts(), before)...)
		for _, way := range ways {
			passes := make(map[client]headerspace.Tri, len(way.passes))
			for who, x := range way.passes {
				passes[who] = opened(x, h.accepts())
			}
			way.passes = passes
			if g, ok := shared[door.endpoint.Address]; ok {
				way = way.doubted(g).unsure()
			}
			if near == maybe {
				way = way.doubted(netmodel.Gap{Origin: node.endpoint.Origin, Why: netmodel.UntilApply, Code: netmodel.UnknownAvailabilityZone}).unsure()
			}
			if way.may() {
				out = append(out, way)
			}
		}
	}
	return out
}

// isNear reports whether an interface of an endpoint leads to a node: it is served
// by the one in its own zone (VPCE-20).
func (f *pathfinder) isNear(door, node terminal) tri {
	w := &world{}
	w.begin()
	at := func(t terminal) *netmodel.Subnet {
		i := f.net.Interface(t.only)
		return f.siteOf(w, i.Address, i.Subnet).subnet
	}
	s, t := at(door), at(node)
	if s == nil || t == nil || len(w.log) > 0 { // it depends on what is open
		return maybe
	}
	return sameZone(s, t)
}

// mayHave reports whether the address that is a hand's target may be one of an
// interface's.
func (f *pathfinder) mayHave(h *hand, t terminal) bool {
	if h.target == nil || !h.target.Addr.IsValid() || t.only == "" {
		return true
	}
	a := h.target.Addr
	return f.endpointIn(&netmodel.Endpoint{Interfaces: []netmodel.Address{t.only}}, netip.PrefixFrom(a, a.BitLen())) != no
}

// mayServe reports whether an endpoint may lead to a load balancer.
func (f *pathfinder) mayServe(e *netmodel.ServiceEndpoint, lb *netmodel.LoadBalancer) bool {
	if lb.Kind != netmodel.NetworkBalancer { // VPCE-18
		return false
	}
	among, closed := e.Service.Among()
	return !closed || slices.ContainsFunc(among, func(a netmodel.Address) bool {
		s := f.net.EndpointService(a)
		return s != nil && (!s.Balancers.More.IsZero() ||
			slices.ContainsFunc(s.Balancers.Links, func(r netmodel.Ref) bool { return r.MayBe(lb.Address) }))
	})
}

// isLinked reports whether the last proxy of a way is an endpoint of a service.
func (f *pathfinder) isLinked(way detour) bool {
	return f.net.ServiceEndpoint(way.through[len(way.through)-1]) != nil
}

// first is the way from the source to one interface of a proxy.
func (f *pathfinder) first(t terminal, accepts headerspace.Traffic) detour {
	d := demand{traffic: accepts, promise: f.d.promise, oneWay: f.d.oneWay, clients: f.d.clients}
	q := f.leg(legKey{source: f.source.end, to: t.only, withSource: true}, d, f.source, t)
	return detour{through: []netmodel.Address{t.endpoint.Address}, legs: []*inquiry{q}, passes: q.byClient()}
}

// fromNode is the leg from a node to a target, on a connection of its own.
func (f *pathfinder) fromNode(h *hand, node, t terminal, arrives headerspace.Traffic) *inquiry {
	d := demand{traffic: arrives, promise: f.d.promise, oneWay: f.d.oneWay, clients: clientsOfBalancers}
	node.hand = h
	return f.leg(legKey{node: node.only, hand: h, to: t.only, toEnd: t.end, toAddress: t.within}, d, node, t)
}

// relayed is the leg from a node to a target with the client's address.
func (f *pathfinder) relayed(h *hand, node, t terminal, arrives headerspace.Traffic) *inquiry {
	d := demand{traffic: arrives, promise: f.d.promise, oneWay: f.d.oneWay, clients: f.d.clients}
	from := f.source
	from.via, from.hand = f.net.Interface(node.only), h
	return f.leg(legKey{source: from.end, node: node.only, hand: h, to: t.only, toEnd: t.end, toAddress: t.within, withSource: true}, d, from, t)
}

func (f *pathfinder) leg(k legKey, d demand, from, to terminal) *inquiry {
	k.spared, k.from, k.gates = from.spared, from.only, [2]netmodel.Address{from.gate, to.gate}
	k.promise = d.promise
	k.traffic, k.oneWay, k.clients = d.traffic.String(), d.oneWay, d.clients
	if q, ok := f.legs[k]; ok {
		return q
	}
	q := f.inquire(d, from, to)
	f.legs[k] = q
	return q
}

// join is a way with one leg more, by a hand: one with the client's address if
// kept is given, else the node's own. Clients of a family that the target lacks
// never keep their address (LB-26).
func (f *pathfinder) join(h *hand, entry detour, own, kept *inquiry, arrives headerspace.Traffic) detour {
	leg, carried := own, map[client]headerspace.Tri{}
	if kept != nil {
		leg, carried = kept, kept.byClient()
	}
	out := detour{legs: append(slices.Clone(entry.legs), leg), passes: map[client]headerspace.Tri{},
		through: slices.Clone(entry.through), doubts: slices.Concat(entry.doubts, h.doubts)}
	if at := h.balancer.Address; out.through[len(out.through)-1] != at {
		out.through = append(out.through, at)
	}
	whoever := nothing
	for _, x := range own.byClient() {
		whoever = whoever.Or(x)
	}
	for who, opens := range entry.passes {
		x := whoever
		if kept != nil && h.speaks(who.is6) != no {
			own := x
			if x = nothing; h.speaks(who.is6) == maybe {
				x = own
			}
			if known, ok := carried[who]; ok {
				x = x.Or(known)
			}
		}
		x = x.And(opens).And(headerspace.Exactly(arrives)).And(onlyWithin(headerspace.All(), f.isAdmitted(h, who, entry)))
		if len(out.doubts) > 0 {
			x = x.Doubt()
		}
		out.passes[who] = x
	}
	return out
}

// isAdmitted reports whether a forward takes the connections of a client
// (LB-16).
func (f *pathfinder) isAdmitted(h *hand, who client, entry detour) tri {
	switch {
	case h.forward == nil || len(h.forward.Sources) == 0:
		return yes
	case len(entry.legs) > 1: // what it sees is perhaps another proxy
		return maybe
	}
	best := no
	for _, p := range h.forward.Sources {
		switch {
		case p.Addr().Is6() != who.is6:
		case f.source.endpoint != nil:
			best = max(best, f.endpointIn(f.source.endpoint, p))
		case f.atoms.In(who.atom, p):
			return yes
		}
	}
	return best
}

// doubted is a way with one reason more why it may not be there.
func (t detour) doubted(g netmodel.Gap) detour {
	t.doubts = append(slices.Clone(t.doubts), g)
	return t
}

// unsure is a way of which nothing passes for certain.
func (t detour) unsure() detour {
	passes := make(map[client]headerspace.Tri, len(t.passes))
	for who, x := range t.passes {
		passes[who] = x.Doubt()
	}
	t.passes = passes
	return t
}

// may reports whether any of the traffic may pass.
func (t detour) may() bool {
	for _, x := range t.passes {
		if !x.Yes().IsEmpty() || !x.Open().IsEmpty() {
			return true
		}
	}
	return false
}

// certainly is what passes for some client.
func (t detour) certainly() headerspace.Traffic {
	var out headerspace.Traffic
	for _, x := range t.passes {
		out = out.Union(x.Yes())
	}
	return out
}

// merged is one detour for each list of proxies: what passes by any of their
// nodes, shown by the legs of one that shows it best.
func merged(all []detour) []detour {
	var out []detour
	for _, way := range all {
		i := slices.IndexFunc(out, func(o detour) bool { return slices.Equal(o.through, way.through) })
		if i < 0 {
			out = append(out, way)
			continue
		}
		both := out[i]
		if both.certainly().IsEmpty() && !way.certainly().IsEmpty() {
			both.legs, both.doubts = way.legs, way.doubts
		}
		passes := map[client]headerspace.Tri{}
		for _, one := range []detour{out[i], way} {
			for who, x := range one.passes {
				if old, ok := passes[who]; ok {
					x = x.Or(old)
				}
				passes[who] = x
			}
		}
		both.passes = passes
		out[i] = both
	}
	slices.SortStableFunc(out, func(a, b detour) int {
		return cmp.Or(cmp.Compare(len(a.through), len(b.through)), slices.CompareFunc(a.through, b.through, netmodel.CompareAddresses))
	})
	return out
}

// isClosed reports whether nothing that was asked for can pass.
func (q *inquiry) isClosed() bool {
	for k, x := range q.cells {
		if !x.some.No().ContainsAll(q.d.asked(k)) {
			return false
		}
	}
	return true
}

// byClient is what may pass for some member, by client.
func (q *inquiry) byClient() map[client]headerspace.Tri {
	out := map[client]headerspace.Tri{}
	for k, x := range q.cells {
		for _, a := range q.atomsOf(k.src) {
			who := client{k.is6, a}
			fate := q.d.decides(x)
			if old, ok := out[who]; ok {
				fate = fate.Or(old)
			}
			out[who] = fate
		}
	}
	return out
}

// atomsOf is the atoms that a cell stands for on its side.
func (q *inquiry) atomsOf(x headerspace.Atom) []headerspace.Atom {
	if x == 0 {
		return []headerspace.Atom{0}
	}
	return q.classes[x]
}

// opened is everything of a protocol of which some of the accepted traffic gets
// through: a connection is made, and what it carries goes on.
func opened(x headerspace.Tri, accepts headerspace.Traffic) headerspace.Tri {
	var passes, may headerspace.Traffic
	for _, p := range []headerspace.Proto{headerspace.TCP, headerspace.UDP} {
		part := accepts.Intersect(headerspace.Whole(p))
		if part.IsEmpty() || x.No().ContainsAll(part) {
			continue
		}
		may = may.Union(headerspace.Whole(p))
		if x.Yes().Overlaps(part) {
			passes = passes.Union(headerspace.Whole(p))
		}
	}
	return headerspace.NewTri(passes, headerspace.All().Minus(may))
}

// shownDetours is detours as results, with what each of their legs found.
func (c *compiled) shownDetours(d demand, from terminal, ways []detour, strict bool) []Detour {
	var out []Detour
	for _, way := range ways {
		shown := Detour{Through: way.through}
		for _, leg := range way.legs {
			r := leg.result(strict)
			shown.Legs = append(shown.Legs, r)
			shown.Unknowns = append(shown.Unknowns, r.Unknowns...)
		}
		for _, g := range way.doubts {
			shown.Unknowns = append(shown.Unknowns, OpenFact{Gap: g})
		}
		shown.Verdict, shown.Allowed, shown.Undecided = c.sumUp(d, from, way)
		if shown.Verdict != Undecided {
			shown.Unknowns = nil
		}
		out = append(out, shown)
	}
	return out
}

// sumUp is what a detour carries of what was asked.
func (c *compiled) sumUp(d demand, from terminal, way detour) (v Verdict, allowed, undecided Set) {
	all := len(way.passes) > 0
	var some bool
	part := func(of func(headerspace.Tri) headerspace.Traffic) Set {
		var sets Set
		atoms := map[string][]headerspace.Atom{}
		var order []string
		traffic := map[string]headerspace.Traffic{}
		for _, who := range way.clients() {
			t := of(way.passes[who]).Intersect(d.traffic)
			if t.IsEmpty() {
				continue
			}
			key := t.String()
			if _, seen := traffic[key]; !seen {
				order, traffic[key] = append(order, key), t
			}
			if who.atom != 0 {
				atoms[key] = append(atoms[key], who.atom)
			}
		}
		for _, key := range order {
			clause := Clause{Traffic: traffic[key]}
			if n := len(atoms[key]); from.endpoint == nil && n < len(from.outside) {
				clause.From = c.atoms.Prefixes(atoms[key])
			}
			sets = append(sets, clause)
		}
		return sets
	}
	allowed = part(func(x headerspace.Tri) headerspace.Traffic { return x.Yes() })
	undecided = part(func(x headerspace.Tri) headerspace.Traffic { return x.Open() })
	for _, x := range way.passes {
		yes := x.Yes().Intersect(d.traffic)
		some = some || !yes.IsEmpty()
		all = all && yes.ContainsAll(d.traffic)
	}
	switch {
	case all:
		return Reachable, allowed, undecided
	case some:
		return Partial, allowed, undecided
	}
	return Undecided, allowed, undecided
}

// clients is the clients of a detour in order.
func (t detour) clients() []client {
	var out []client
	for who := range t.passes {
		out = append(out, who)
	}
	slices.SortFunc(out, func(a, b client) int {
		switch {
		case a.is6 != b.is6:
			return strings.Compare(familyName(a.is6), familyName(b.is6))
		}
		return cmp.Compare(a.atom, b.atom)
	})
	return out
}
