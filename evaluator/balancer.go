package evaluator

import (
	"fmt"
	"slices"

	"github.com/planreach/planreach/headerspace"
	"github.com/planreach/planreach/netmodel"
)

// A hand is one way by which a load balancer brings connections to a target.
// What the plan does not show of it is nil: then it may be any.
type hand struct {
	balancer *netmodel.LoadBalancer
	listener *netmodel.Listener
	forward  *netmodel.Forward
	group    *netmodel.TargetGroup
	target   *netmodel.Target
	doubts   []netmodel.Gap // why there may be no such way
}

// connections is what load balancers and endpoint services carry (LB-7,
// VPCE-10).
var connections = headerspace.Whole(headerspace.TCP).Union(headerspace.Whole(headerspace.UDP))

// handsOf is every way on from a load balancer.
func handsOf(n *netmodel.Network, lb *netmodel.LoadBalancer) []hand {
	if lb.Kind == netmodel.GatewayBalancer {
		return nil // it wraps packets, and ends no connection (LB-32)
	}
	var out []hand
	for _, g := range lb.Hidden {
		out = append(out, hand{balancer: lb, doubts: []netmodel.Gap{g}})
	}
	for i := range lb.Listeners {
		l := &lb.Listeners[i]
		h := hand{balancer: lb, listener: l}.doubted(l.Doubt)
		for _, g := range l.Hidden {
			out = append(out, h.doubted(g))
		}
		for j := range l.Forwards {
			out = append(out, h.along(n, &l.Forwards[j])...)
		}
	}
	return out
}

// along is the ways of a listener by one forward.
func (h hand) along(n *netmodel.Network, f *netmodel.Forward) []hand {
	h.forward = f
	h = h.doubted(f.Doubt)
	if f.Group.IsNone() {
		return nil
	}
	groups, closed := f.Group.Among()
	if !closed {
		return []hand{h.doubted(f.Group.Gap())}
	}
	var out []hand
	for _, a := range groups {
		one := h
		if len(groups) > 1 {
			one = h.doubted(f.Group.Gap())
		}
		g := n.TargetGroup(a)
		if g == nil {
			out = append(out, one.doubted(foreignOr(n, a, netmodel.Unsettled(netmodel.Gap{Origin: f.Origin, Why: netmodel.OutsidePlan, Code: netmodel.UnknownResource}))))
			continue
		}
		one.group = g
		for _, gap := range g.Hidden {
			out = append(out, one.doubted(gap))
		}
		for i := range g.Targets {
			t := &g.Targets[i]
			to := one.doubted(t.Doubt)
			to.target = t
			if _, exact := t.To.Exact(); !exact && !t.Addr.IsValid() {
				to = to.doubted(t.To.Gap())
			}
			out = append(out, to)
		}
	}
	return out
}

// doubted is h with a reason why it may not be there; none if g is zero.
func (h hand) doubted(g netmodel.Gap) hand {
	if !g.IsZero() {
		h.doubts = append(slices.Clone(h.doubts), g)
	}
	return h
}

// accepts is what clients may send to have it handed on.
func (h hand) accepts() headerspace.Traffic {
	if h.listener == nil {
		return connections
	}
	return h.listener.Accepts
}

// arrives is what the target gets of it.
func (h hand) arrives() headerspace.Traffic {
	if h.target == nil {
		return connections
	}
	return h.target.Traffic
}

// sends is all that the nodes send to the target: connections handed on, and
// health checks.
func (h hand) sends() headerspace.Traffic {
	if h.group == nil {
		return connections
	}
	return h.arrives().Union(h.group.HealthChecks)
}

// balancers are the ways of all load balancers, by where they lead.
type balancers struct {
	of map[*netmodel.LoadBalancer][]*hand
	// to are those that certainly lead to an interface, or may lead to it by
	// name; loose those that may lead to any.
	to    map[netmodel.Address][]*hand
	loose []*hand
	// owners are the endpoints that an interface belongs to.
	owners map[netmodel.Address][]netmodel.Address
}

func newBalancers(n *netmodel.Network) balancers {
	b := balancers{of: map[*netmodel.LoadBalancer][]*hand{}, to: map[netmodel.Address][]*hand{}, owners: map[netmodel.Address][]netmodel.Address{}}
	if len(n.LoadBalancers) == 0 {
		return b
	}
	for _, ep := range n.Endpoints {
		for _, a := range ep.Interfaces {
			b.owners[a] = append(b.owners[a], ep.Address)
		}
	}
	for _, lb := range n.LoadBalancers {
		for _, h := range handsOf(n, lb) {
			b.of[lb] = append(b.of[lb], &h)
			b.file(n, &h)
		}
	}
	return b
}

// file sorts a hand by the interfaces that may be its target.
func (b *balancers) file(n *netmodel.Network, h *hand) {
	if h.target == nil || h.target.Addr.IsValid() {
		b.loose = append(b.loose, h)
		return
	}
	among, closed := h.target.To.Among()
	if !closed {
		b.loose = append(b.loose, h)
		return
	}
	for _, a := range among {
		if n.Interface(a) != nil {
			b.to[a] = append(b.to[a], h)
		} else if ep := n.Endpoint(a); ep != nil {
			for _, i := range ep.Interfaces {
				b.to[i] = append(b.to[i], h)
			}
		}
	}
}

// speaks reports whether the targets of a hand are reached by a family.
func (h hand) speaks(is6 bool) tri {
	switch {
	case h.group == nil:
		return yes // isTarget leaves it open
	case h.group.IPv6.IsOpen():
		return maybe
	case h.group.IPv6.IsTrue() == is6:
		return yes
	}
	return no
}

// isAt reports whether the target of a hand is a host.
func (c *compiled) isAt(h *hand, t host) tri {
	return min(h.speaks(t.is6), c.isTarget(h, t))
}

// isTarget is isAt for a host that speaks the family of the target.
func (c *compiled) isTarget(h *hand, t host) tri {
	switch {
	case h.target == nil, t.open:
		return maybe
	case h.target.Addr.IsValid():
		return c.hasAddress(h, t)
	case t.i == nil:
		return no
	}
	for _, a := range append([]netmodel.Address{t.i.Address}, c.balancers.owners[t.i.Address]...) {
		if to, ok := h.target.To.Exact(); ok && to == a {
			return yes
		} else if !ok && h.target.To.MayBe(a) {
			return maybe
		}
	}
	return no
}

// hasAddress reports whether a host has the address that is a hand's target, in
// the VPC of its target group.
func (c *compiled) hasAddress(h *hand, t host) tri {
	switch {
	case t.is6 != h.target.Addr.Is6():
		return no
	case t.atom == 0:
		return maybe
	case t.atom != c.atoms.Of(h.target.Addr):
		return no
	}
	if vpc, ok := h.group.VPC.Exact(); ok && t.i != nil && t.at.vpc == vpc {
		return yes
	}
	return maybe
}

// isServed reports whether a node of a load balancer sends to a target where it
// is: without cross-zone balancing only within its zone (LB-6), and only to
// zones that have a node (LB-5).
func (c *compiled) isServed(w *world, h *hand, node, t host) tri {
	if h.target == nil || h.target.AnyZone || t.i == nil {
		return yes
	}
	if node.at.subnet == nil || t.at.subnet == nil {
		return maybe
	}
	near := sameZone(node.at.subnet, t.at.subnet)
	if near == yes {
		return yes
	}
	crosses := h.balancer.CrossZone
	if !h.group.CrossZoneOfBalancer {
		crosses = h.group.CrossZone
	}
	if crosses.IsFalse() {
		return near
	}
	enabled := near
	for _, a := range c.net.Endpoint(h.balancer.Address).Interfaces {
		i := c.net.Interface(a)
		if at := c.siteOf(w, i.Address, i.Subnet); at.subnet == nil {
			enabled = max(enabled, maybe)
		} else {
			enabled = max(enabled, sameZone(at.subnet, t.at.subnet))
		}
	}
	if crosses.IsOpen() {
		return min(enabled, maybe)
	}
	return enabled
}

// gives is what a node of a load balancer sends to a host by some of its hands:
// its targets' traffic on their ports, and nothing else (LB-11).
func (c *compiled) gives(w *world, hands []*hand, node, t host) headerspace.Tri {
	var sent, may headerspace.Traffic
	for _, h := range hands {
		fit := min(c.isAt(h, t), c.isServed(w, h, node, t))
		if fit == no {
			continue
		}
		may = may.Union(h.sends())
		if fit == yes && len(h.doubts) == 0 {
			sent = sent.Union(h.sends())
		}
	}
	return headerspace.NewTri(sent, headerspace.All().Minus(may))
}

// listens is what a load balancer accepts (LB-7).
func listens(lb *netmodel.LoadBalancer) headerspace.Tri {
	var certain, may headerspace.Traffic
	for _, l := range lb.Listeners {
		may = may.Union(l.Accepts)
		if l.Doubt.IsZero() {
			certain = certain.Union(l.Accepts)
		}
	}
	if len(lb.Hidden) > 0 {
		may = connections
	}
	return headerspace.NewTri(certain, headerspace.All().Minus(may))
}

// serves is what an interface endpoint takes from a client. Where its service is
// in the plan, that is what the service's load balancers take (VPCE-19 to
// VPCE-23).
func (c *compiled) serves(w *world, e *netmodel.ServiceEndpoint, s, t host) headerspace.Tri {
	carried := headerspace.Exactly(connections)
	if !w.holds(e.Address, "accepted", e.Accepted) {
		return nothing
	}
	a, ok := w.follow(e.Address, "endpoint service", e.Service)
	switch {
	case !ok:
		return carried.And(anything)
	case a == "":
		return carried
	}
	service := c.net.EndpointService(a)
	if service == nil {
		return carried.And(anything)
	}
	out := nothing
	if !service.Balancers.More.IsZero() {
		out = anything
	}
	for n, r := range service.Balancers.Links {
		a, ok := w.follow(service.Address, balancerQuestion(n), r)
		lb := c.net.LoadBalancer(a)
		if !ok || lb == nil {
			out = out.Or(anything)
			continue
		}
		out = out.Or(c.reachesByLink(w, lb, s, t))
	}
	return carried.And(out)
}

// reachesByLink is what a load balancer takes that comes by an endpoint service:
// its groups see the client's address (VPCE-22).
func (c *compiled) reachesByLink(w *world, lb *netmodel.LoadBalancer, s, t host) headerspace.Tri {
	out := nothing
	for _, node := range c.hosts(w, terminal{endpoint: c.net.Endpoint(lb.Address)}, t.is6) {
		if node.open {
			out = out.Or(anything)
			continue
		}
		in := maybe
		if node.at.subnet != nil && t.at.subnet != nil {
			in = sameZone(node.at.subnet, t.at.subnet)
		}
		lets := everything
		if w.holds(lb.Address, "filters private link", lb.FiltersPrivateLink) {
			lets = c.groupsAdmit(node.party, netmodel.Ingress, s.nameless())
		}
		out = out.Or(onlyWithin(headerspace.All(), in).And(lets))
	}
	return listens(lb).And(out)
}

// relay is the way of a connection that a node hands on with the client's
// address in it: the target's groups see that address, or the load balancer's
// group (LB-23); the replies return by the node whatever the target's route
// table says (LB-36).
func (c *compiled) relay(w *world, node, s, t host) passage {
	client := s.nameless()
	seen := client
	seen.groups, seen.moreGroups = node.groups, node.moreGroups
	admitted := passage{c.groupsAdmit(node.party, netmodel.Egress, t.party).And(c.groupsAdmit(t.party, netmodel.Ingress, seen)), everything}
	switch {
	case node.at.vpc == "" || node.at.vpc != t.at.vpc: // LB-25
		return admitted.and(open)
	case node.at.subnet == t.at.subnet:
		return admitted
	}
	edges := passage{
		there: c.acl(w, node.at, netmodel.Egress, t.party).And(c.acl(w, t.at, netmodel.Ingress, client)),
		back:  c.acl(w, t.at, netmodel.Egress, client).And(c.acl(w, node.at, netmodel.Ingress, t.party)),
	}
	switch c.route(w, node.at, t.party, true).kind {
	case turnNone:
		return blocked
	case turnLocal:
		return admitted.and(edges)
	case turnOpen, turnTo:
	}
	return admitted.and(open)
}

// nodeOwner is the load balancer's endpoint that a node belongs to.
func (c *compiled) nodeOwner(node *netmodel.Interface) *netmodel.Endpoint {
	for _, a := range c.balancers.owners[node.Address] {
		if c.net.LoadBalancer(a) != nil {
			return c.net.Endpoint(a)
		}
	}
	panic("evaluator: " + string(node.Address) + " is no node of a load balancer")
}

func balancerQuestion(n int) string { return fmt.Sprintf("load balancer %d", n) }
