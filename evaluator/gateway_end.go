package evaluator

import (
	"slices"

	"github.com/planreach/planreach/assertions"
	"github.com/planreach/planreach/headerspace"
	"github.com/planreach/planreach/netmodel"
)

// A gateway as an end stands for what lies beyond it: interfaces of the plan, one
// by one, and addresses outside. A flow from or to one of them counts if its way
// passes the gateway. A promise holds if it does for one of them, a prohibition
// if it does for none.

// isGateway reports whether an end is a gateway, of which beyond tells what it
// stands for.
func (t terminal) isGateway() bool { return t.end.Kind == assertions.GatewayEnd && !t.some }

// beyond is what a gateway stands for as a source, or as a target.
func (c *compiled) beyond(t terminal, source bool) []terminal {
	n, a := c.net, t.end.Endpoint
	all := []netmodel.Ref{{}}
	var out []terminal
	add := func(outside bool, vpcs ...netmodel.Ref) {
		for _, ep := range n.Endpoints {
			if c.mayBeIn(ep, vpcs) {
				out = append(out, one(ep)...)
			}
		}
		if outside {
			out = append(out, c.outsideBeyond(t, source)...)
		}
	}
	switch {
	case n.InternetGateway(a) != nil, n.EgressOnlyGateway(a) != nil:
		internet := c.terminals(assertions.End{Kind: assertions.InternetEnd, V4: n.InternetGateway(a) != nil, V6: true})[0]
		out = append(out, terminal{end: t.end, outside: internet.outside})
	case n.NATGateway(a) != nil:
		add(true, all...)
	case n.Peering(a) != nil:
		p := n.Peering(a)
		add(c.hides(p.Requester) || c.hides(p.Accepter), p.Requester, p.Accepter)
	case n.Attachment(a) != nil:
		add(c.hides(n.Attachment(a).VPC), n.Attachment(a).VPC)
	case n.TransitGateway(a) != nil:
		var vpcs []netmodel.Ref
		for _, x := range n.Attachments {
			if x.Gateway.MayBe(a) {
				vpcs = append(vpcs, x.VPC)
			}
		}
		add(c.transitHides(netmodel.To(a)), vpcs...)
	case n.EndpointService(a) != nil:
		return c.behindService(t, n.EndpointService(a), source)
	default: // a gateway endpoint, or one without a model
		add(true)
	}
	for i := range out {
		out[i].gate, out[i].some, out[i].doubt = a, true, t.doubt
	}
	return out
}

// one is an endpoint as ends of which each has one interface; if it may have
// others, it is an end as a whole too.
func one(ep *netmodel.Endpoint) []terminal {
	whole := terminal{end: endpointEnd(ep), endpoint: ep}
	out := oneByOne(whole)
	if !ep.More.IsZero() {
		out = append(out, whole)
	}
	return out
}

// outsideBeyond is the addresses outside beyond a gateway: as a target those that
// a route may lead to by it.
func (c *compiled) outsideBeyond(t terminal, source bool) []terminal {
	anyway := source || slices.ContainsFunc(c.net.Subnets, func(s *netmodel.Subnet) bool { return !s.Table.IsSettled() }) ||
		slices.ContainsFunc(c.net.Interfaces, func(i *netmodel.Interface) bool { return !i.Subnet.IsSettled() })
	rest := slices.Concat(c.outsideVPCs(everything4, false), c.outsideVPCs(everything6, false))
	rest = slices.DeleteFunc(rest, func(x headerspace.Atom) bool { return c.reflected[x] || !anyway && !c.mayRoute(x, t.end.Endpoint) })
	if len(rest) == 0 {
		return nil
	}
	return []terminal{{end: t.end, outside: rest}}
}

// mayRoute reports whether a route may lead from a subnet to an address outside
// by a gateway, or by that of an attachment.
func (c *compiled) mayRoute(x headerspace.Atom, gate netmodel.Address) bool {
	leads := func(r netmodel.Ref) bool { return r.MayBe(gate) }
	if at := c.net.Attachment(gate); at != nil {
		leads = func(r netmodel.Ref) bool {
			among, closed := at.Gateway.Among()
			return !closed || slices.ContainsFunc(among, r.MayBe)
		}
	}
	return slices.ContainsFunc(c.net.RouteTables, func(t *netmodel.RouteTable) bool {
		return len(t.Hidden) > 0 || slices.ContainsFunc(t.Routes, func(r netmodel.Route) bool { return leads(r.Target) && c.mayMatch(r.Destination, x) })
	})
}

// mayMatch reports whether an address may be among those that a route names.
func (c *compiled) mayMatch(p netmodel.Peer, x headerspace.Atom) bool {
	switch p.Kind {
	case netmodel.PeerPrefix:
		return c.atoms.In(x, p.Prefix)
	case netmodel.PeerPrefixList:
		a, _ := p.Ref.Exact()
		list := c.net.PrefixList(a)
		return list == nil || len(list.Hidden) > 0 ||
			slices.ContainsFunc(list.Entries, func(e netmodel.PrefixEntry) bool { return c.atoms.In(x, e.Prefix) })
	case netmodel.PeerOpen, netmodel.PeerGroup:
	}
	return true
}

// mayBeIn reports whether an endpoint may have an interface in one of the VPCs
// that links lead to.
func (c *compiled) mayBeIn(ep *netmodel.Endpoint, vpcs []netmodel.Ref) bool {
	if len(vpcs) > 0 && !ep.More.IsZero() {
		return true
	}
	may := func(vpc netmodel.Address) bool {
		return slices.ContainsFunc(vpcs, func(r netmodel.Ref) bool { return r.MayBe(vpc) })
	}
	return slices.ContainsFunc(ep.Interfaces, func(a netmodel.Address) bool {
		subnets, closed := c.net.Interface(a).Subnet.Among()
		return !closed || slices.ContainsFunc(subnets, func(s netmodel.Address) bool {
			at := c.net.Subnet(s)
			if at == nil {
				return true
			}
			in, known := at.VPC.Among()
			return !known || slices.ContainsFunc(in, may)
		})
	})
}

// behindService is what an endpoint service stands for: as a target the endpoints
// that lead to it, as a source the load balancers that it is offered by.
func (c *compiled) behindService(t terminal, s *netmodel.EndpointService, source bool) []terminal {
	var out []terminal
	add := func(a netmodel.Address, r netmodel.Ref, of netmodel.Address) {
		ep := c.net.Endpoint(a)
		if ep == nil || !r.MayBe(of) {
			return
		}
		for _, x := range one(ep) {
			x.doubt, x.some = t.doubt, true
			if _, exact := r.Exact(); !exact && x.doubt.IsZero() {
				x.doubt = r.Gap()
			}
			out = append(out, x)
		}
	}
	if !source {
		for _, e := range c.net.ServiceEndpoints {
			add(e.Address, e.Service, s.Address)
		}
		return out
	}
	for _, r := range s.Balancers.Links {
		among, closed := r.Among()
		if !closed {
			among = nil
			for _, lb := range c.net.LoadBalancers {
				among = append(among, lb.Address)
			}
		}
		for _, a := range among {
			add(a, r, a)
		}
	}
	return out
}

// gated is what passes by a way as far as it counts for the gateways that the
// ends name. What is open on a way that is not seen to pass one may pass it by a
// hop that is not known; what comes in from outside by anything but an internet
// gateway is not followed up to there.
func (c *compiled) gated(from, to terminal, t track, x headerspace.Tri) headerspace.Tri {
	if from.via == nil && from.gate != "" && !slices.Contains(t.there, from.gate) {
		if from.endpoint == nil && c.net.InternetGateway(from.gate) == nil {
			x = x.Doubt()
		} else {
			x = headerspace.NewTri(headerspace.Traffic{}, x.No().Union(x.Yes()))
		}
	}
	if to.gate != "" && !slices.Contains(t.there, to.gate) {
		x = headerspace.NewTri(headerspace.Traffic{}, x.No().Union(x.Yes()))
	}
	return x
}

// verdictOfSome is verdict of a promise for which some address of an end is
// enough.
func (q *inquiry) verdictOfSome() (v Verdict, someYes, someNo, allYes, allNo bool) {
	someNo, allNo = true, true
	for _, k := range q.keys {
		asked, x := q.d.asked(k), q.cells[k]
		someYes = someYes || x.some.Yes().Overlaps(asked)
		someNo = someNo && x.every.No().Overlaps(asked)
		allYes = allYes || x.every.Yes().ContainsAll(asked) && q.isEverywhere(k)
		allNo = allNo && x.some.No().ContainsAll(asked)
	}
	switch {
	case allYes:
		v = Reachable
	case allNo:
		v = Unreachable
	case someYes && someNo:
		v = Partial
	}
	return v, someYes, someNo, allYes, allNo
}

// isEverywhere reports whether all worlds have a cell.
func (q *inquiry) isEverywhere(k cell) bool {
	return !slices.ContainsFunc(q.runs, func(r run) bool { _, ok := r.cells[k]; return !ok })
}

// byGateway decides a pair of which an end is a gateway, by all pairs that it
// stands for.
func (k *checker) byGateway(d demand, s, t terminal, decide func(d demand, s, t terminal) FlowResult) FlowResult {
	sources, targets := []terminal{s}, []terminal{t}
	if s.isGateway() {
		sources = k.now.beyond(s, true)
	}
	if t.isGateway() {
		targets = k.now.beyond(t, false)
	}
	out := FlowResult{From: s.end, To: t.end, Traffic: d.traffic, Promise: d.promise, Verdict: Unreachable, Outcome: Pass,
		Notes: []Note{{Code: netmodel.GatewayNotOnWay}}}
	if k.now.net.EndpointService(s.end.Endpoint) != nil || k.now.net.EndpointService(t.end.Endpoint) != nil {
		out.Notes[0].Code = netmodel.NoSourceOrDestination
	}
	if d.promise {
		out.Outcome = Fail
	}
	first, fresh := true, false
	var unknowns []OpenFact
	for _, from := range sources {
		for _, to := range targets {
			if !isPair(from, to) || from.endpoint == nil && to.endpoint == nil {
				continue
			}
			x := decide(d, from, to)
			x.From, x.To = out.From, out.To
			x.Notes = slices.DeleteFunc(slices.Clone(x.Notes), func(n Note) bool { return n.Code == netmodel.PassesTrivially })
			for _, e := range []terminal{from, to} {
				if e.some && e.endpoint != nil {
					x.Notes = append(x.Notes, Note{Code: netmodel.WayOfOneEnd, Address: e.endpoint.Address})
				}
			}
			fresh = fresh || x.NewInPlan
			for _, u := range x.Unknowns {
				if !slices.ContainsFunc(unknowns, func(o OpenFact) bool { return o.Gap == u.Gap }) {
					unknowns = append(unknowns, u)
				}
			}
			if first || k.now.tells(x, out, s, t) {
				out, first = x, false
			}
		}
	}
	if out.Verdict == Unreachable && len(out.Forward) > 0 && !k.now.showsGates(out, s, t) {
		out.Forward, out.Reply, out.Witness = nil, nil, headerspace.Packet{}
		out.Notes = []Note{{Code: netmodel.GatewayNotOnWay}}
	}
	out.NewInPlan = out.Outcome == Fail && fresh
	if out.Outcome == OutcomeUnknown {
		out.Unknowns = unknowns
	}
	return out
}

// tells reports whether x says more about a flow between s and t than y: what
// decides it, or comes closer to doing so.
func (c *compiled) tells(x, y FlowResult, s, t terminal) bool {
	if x.weight() != y.weight() {
		return x.weight() > y.weight()
	}
	if x.NewInPlan != y.NewInPlan {
		return x.NewInPlan
	}
	if shown := c.showsGates(x, s, t); shown != c.showsGates(y, s, t) {
		return shown
	}
	return obstacles(x.Forward)+obstacles(x.Reply) < obstacles(y.Forward)+obstacles(y.Reply)
}

// weight is 2 if f decides a demand on several flows of which one is enough, or
// of which none may pass; 0 if it says nothing for it.
func (f *FlowResult) weight() int {
	switch {
	case f.Outcome == OutcomeUnknown:
		return 1
	case f.Promise == (f.Outcome == Pass):
		return 2
	}
	return 0
}

// showsGates reports whether the way shown passes the gateways that s and t name.
func (c *compiled) showsGates(f FlowResult, s, t terminal) bool {
	for _, e := range []terminal{s, t} {
		gate := e.end.Endpoint
		if !e.isGateway() || c.net.EndpointService(gate) != nil {
			continue
		}
		if !slices.ContainsFunc(f.Forward, func(h Hop) bool {
			x := c.net.Attachment(h.Address)
			return h.Address == gate || x != nil && x.Gateway.MayBe(gate)
		}) {
			return false
		}
	}
	return true
}

// earlierBeyond is earlier for what lies beyond a gateway.
func (k *checker) earlierBeyond(t terminal) (terminal, bool) {
	if t.endpoint == nil {
		for _, x := range k.before.beyond(terminal{end: t.end}, false) {
			if x.endpoint == nil {
				return x, true
			}
		}
		return terminal{}, false
	}
	whole := t
	whole.some = false
	out, ok := k.earlier(whole)
	out.gate, out.some, out.only = t.gate, true, t.only
	return out, ok
}

// serviceAt is the gateway endpoint that is the target, if it is one.
func (c *compiled) serviceAt(to terminal) netmodel.Address {
	if to.end.Kind == assertions.GatewayEnd && c.net.ServiceGateways[to.end.Endpoint] {
		return to.end.Endpoint
	}
	return ""
}
