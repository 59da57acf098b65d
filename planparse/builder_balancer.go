package planparse

import (
	"fmt"
	"net/netip"
	"regexp"
	"slices"

	"github.com/planreach/planreach/headerspace"
	"github.com/planreach/planreach/netmodel"
)

// balancing is what the resources said of load balancers.
type balancing struct {
	listeners []contribution[netmodel.Listener]
	forwards  []contribution[netmodel.Forward]
	targets   []contribution[registration]
	// delivers is what targets get that are registered without a port.
	delivers  map[*netmodel.TargetGroup]delivery
	balancers map[netmodel.Address]*netmodel.LoadBalancer
	groups    map[netmodel.Address]*netmodel.TargetGroup
}

// A registration is a target and the port that it is registered with, if any.
type registration struct {
	netmodel.Target
	port Known[int]
}

// A delivery is traffic, all of a protocol where doubt leaves the port open.
type delivery struct {
	traffic headerspace.Traffic
	doubt   netmodel.Gap
}

// AddLoadBalancer adds a load balancer. An Endpoint with its address has its
// nodes.
func (b *Builder) AddLoadBalancer(x *netmodel.LoadBalancer) {
	b.ranks[x] = b.rank(x.Address)
	b.net.LoadBalancers = append(b.net.LoadBalancers, x)
}

// AddTargetGroup adds a target group. Its targets get the given traffic, one port
// of one or several protocols, unless they are registered with a port of their
// own; doubt says why the port may be another one of those in the traffic.
func (b *Builder) AddTargetGroup(x *netmodel.TargetGroup, traffic headerspace.Traffic, doubt netmodel.Gap) {
	b.ranks[x] = b.rank(x.Address)
	b.net.TargetGroups = append(b.net.TargetGroups, x)
	if b.balancing.delivers == nil {
		b.balancing.delivers = map[*netmodel.TargetGroup]delivery{}
	}
	b.balancing.delivers[x] = delivery{traffic, doubt}
}

// AddListener adds a listener to the load balancer that lb leads to.
func (b *Builder) AddListener(lb netmodel.Ref, l netmodel.Listener) {
	b.balancing.listeners = append(b.balancing.listeners, contribution[netmodel.Listener]{to: lb, value: l})
}

// AddForward adds a way on to the listener that l leads to.
func (b *Builder) AddForward(l netmodel.Ref, f netmodel.Forward) {
	b.balancing.forwards = append(b.balancing.forwards, contribution[netmodel.Forward]{to: l, value: f})
}

// AddTarget registers a target with the target group that g leads to. If its
// Traffic is left out it is that of the group, on the given port unless that is
// null.
func (b *Builder) AddTarget(g netmodel.Ref, t netmodel.Target, port Known[int]) {
	b.balancing.targets = append(b.balancing.targets, contribution[registration]{to: g, value: registration{t, port}})
}

// mergeBalancers is mergeObjects for load balancers and their target groups.
func (b *Builder) mergeBalancers() {
	n := b.net
	n.LoadBalancers = merge(b, n.LoadBalancers, func(x *netmodel.LoadBalancer) *netmodel.Address { return &x.Address }, nil)
	n.TargetGroups = merge(b, n.TargetGroups, func(x *netmodel.TargetGroup) *netmodel.Address { return &x.Address }, nil)
}

// balancerLinks is links for load balancers and their target groups.
func balancerLinks(n *netmodel.Network, set func(use, *netmodel.Ref)) {
	for _, x := range n.LoadBalancers {
		for i := range x.Listeners {
			forwards := x.Listeners[i].Forwards
			for j := range forwards {
				set(useTargetGroup, &forwards[j].Group)
			}
		}
	}
	for _, x := range n.TargetGroups {
		set(useVPC, &x.VPC)
		for i := range x.Targets {
			set(useEnd, &x.Targets[i].To)
		}
	}
}

// noteBalancers is present for load balancers and their target groups.
func noteBalancers(out map[netmodel.Address]bool, n *netmodel.Network) {
	note(out, n.LoadBalancers, func(x *netmodel.LoadBalancer) netmodel.Address { return x.Address })
	note(out, n.TargetGroups, func(x *netmodel.TargetGroup) netmodel.Address { return x.Address })
}

// applyBalancers brings listeners to their load balancers, forwards to their
// listeners and targets to their groups.
func (b *Builder) applyBalancers() {
	s := &b.balancing
	s.balancers = byAddress(b.net.LoadBalancers, func(x *netmodel.LoadBalancer) netmodel.Address { return x.Address })
	s.groups = byAddress(b.net.TargetGroups, func(x *netmodel.TargetGroup) netmodel.Address { return x.Address })
	for _, c := range s.listeners {
		c.value.Address = b.Canonical(c.value.Address)
		b.addListener(c.value, b.CanonicalRef(c.to))
	}
	for _, c := range s.forwards {
		b.addForward(c.value, b.CanonicalRef(c.to))
	}
	b.applyTargets()
}

// addListener adds l to the load balancer that it is one of, or to the few that
// it may be one of. Where that is open each may have it, one outside the plan
// among them.
func (b *Builder) addListener(l netmodel.Listener, to netmodel.Ref) {
	if _, closed := to.Among(); !closed {
		b.outsideBalancer(otherBalancer, to.Gap())
		for _, x := range b.net.LoadBalancers {
			hideOnce(&x.Hidden, to.Gap())
		}
		return
	}
	spread(to, b.balancer, nil, func(x *netmodel.LoadBalancer, doubt netmodel.Gap) {
		if slices.ContainsFunc(x.Listeners, func(has netmodel.Listener) bool { return has.Address == l.Address }) {
			return // a data source reads it again
		}
		l := l
		l.Forwards = slices.Clone(l.Forwards)
		l.Doubt = doubted(l.Doubt, doubt)
		x.Listeners = append(x.Listeners, l)
	})
}

// hideOnce adds a reason to those that something is hidden for, if there is none
// yet: one leaves all open.
func hideOnce(hidden *[]netmodel.Gap, g netmodel.Gap) {
	if len(*hidden) == 0 {
		*hidden = append(*hidden, g)
	}
}

// addForward adds f to the listener that it is of, or to the few that it may be
// of. Where that is open each may have it, one outside the plan among them.
func (b *Builder) addForward(f netmodel.Forward, to netmodel.Ref) {
	among, closed := to.Among()
	if !closed {
		b.outsideBalancer(otherBalancer, to.Gap())
	}
	for _, a := range among {
		if closed && a != "" {
			b.ensureListener(a)
		}
	}
	f.Doubt = doubted(f.Doubt, to.Gap())
	for _, x := range b.net.LoadBalancers {
		for i := range x.Listeners {
			l := &x.Listeners[i]
			switch {
			case !closed:
				hideOnce(&l.Hidden, to.Gap())
			case to.MayBe(l.Address):
				l.Forwards = append(l.Forwards, f)
			}
		}
	}
}

// ensureListener makes the listener at a, and its load balancer, if nothing
// describes it.
func (b *Builder) ensureListener(a netmodel.Address) {
	for _, x := range b.net.LoadBalancers {
		if slices.ContainsFunc(x.Listeners, func(l netmodel.Listener) bool { return l.Address == a }) {
			return
		}
	}
	g := b.absence(a, netmodel.UnknownResource)
	x := b.outsideBalancer(balancerOf(a), g)
	x.Listeners = append(x.Listeners, netmodel.Listener{Address: a, Accepts: connections, Origin: g.Origin, Hidden: []netmodel.Gap{g}, Doubt: g})
}

// listenerARN matches the ARN of a listener, which tells that of its load
// balancer.
var listenerARN = regexp.MustCompile(`^(arn:[^/]*):listener/(.*)/[^/]*$`)

// otherBalancer stands for all load balancers of which the plan shows nothing
// but that there may be some.
const otherBalancer netmodel.Address = "other_load_balancer"

// balancerOf is a name for the load balancer of a listener.
func balancerOf(listener netmodel.Address) netmodel.Address {
	if m := listenerARN.FindStringSubmatch(string(listener)); m != nil {
		return netmodel.Address(m[1] + ":loadbalancer/" + m[2])
	}
	return otherBalancer
}

// connections is what load balancers carry (LB-7).
var connections = headerspace.Whole(headerspace.TCP).Union(headerspace.Whole(headerspace.UDP))

// balancer is the load balancer at a, made if nothing describes it.
func (b *Builder) balancer(a netmodel.Address) *netmodel.LoadBalancer {
	return b.outsideBalancer(a, b.absence(a, netmodel.UnknownResource))
}

// outsideBalancer is the load balancer at a, made if there is none: with nodes
// somewhere, and listeners that the plan does not show, for which g is the
// reason.
func (b *Builder) outsideBalancer(a netmodel.Address, g netmodel.Gap) *netmodel.LoadBalancer {
	if a = b.Canonical(a); b.balancing.balancers[a] != nil {
		return b.balancing.balancers[a]
	}
	x := &netmodel.LoadBalancer{Address: a, Kind: netmodel.NetworkBalancer, Hidden: []netmodel.Gap{g}, CrossZone: netmodel.Open(g),
		FiltersPrivateLink: netmodel.Open(g), Origin: g.Origin}
	node := &netmodel.Interface{Address: a + ".interface", Subnet: netmodel.Unsettled(g), Groups: netmodel.Refs{More: g},
		HasIPv4: netmodel.Open(g), HasIPv6: netmodel.Open(g), AutoPublic: netmodel.Open(g), Elastic: netmodel.Open(g),
		SourceCheck: netmodel.Holds, Attached: netmodel.Holds, Origin: g.Origin}
	b.balancing.balancers[a] = x
	b.net.LoadBalancers = append(b.net.LoadBalancers, x)
	b.net.Interfaces = append(b.net.Interfaces, node)
	i := slices.IndexFunc(b.net.Endpoints, func(e *netmodel.Endpoint) bool { return e.Address == a })
	if i >= 0 { // of a type without a model
		b.net.Endpoints[i].Interfaces = append(b.net.Endpoints[i].Interfaces, node.Address)
		return x
	}
	b.net.Endpoints = append(b.net.Endpoints, &netmodel.Endpoint{Address: a, Type: "aws_lb", Interfaces: []netmodel.Address{node.Address},
		More: g, Every: true, Unshown: true, Origin: g.Origin})
	return x
}

// targetGroup is the target group at a, made if nothing describes it.
func (b *Builder) targetGroup(a netmodel.Address) *netmodel.TargetGroup {
	if x := b.balancing.groups[a]; x != nil {
		return x
	}
	g := b.absence(a, netmodel.UnknownResource)
	hidden := b.absence(a, netmodel.UnknownTargets)
	x := &netmodel.TargetGroup{Address: a, VPC: netmodel.Unsettled(g), IPv6: netmodel.Open(g), PreservesClient: netmodel.Open(g), CrossZone: netmodel.Open(g),
		Hidden: []netmodel.Gap{hidden}, Origin: hidden.Origin}
	b.balancing.groups[a] = x
	b.net.TargetGroups = append(b.net.TargetGroups, x)
	if b.balancing.delivers == nil {
		b.balancing.delivers = map[*netmodel.TargetGroup]delivery{}
	}
	b.balancing.delivers[x] = delivery{connections, g}
	return x
}

// usedTargetGroup is targetGroup for one that something is registered with: if
// the plan does not describe it, neither does it describe the load balancer that
// uses it.
func (b *Builder) usedTargetGroup(a netmodel.Address) *netmodel.TargetGroup {
	if x := b.balancing.groups[a]; x != nil {
		return x
	}
	x := b.targetGroup(a)
	g := x.VPC.Gap()
	lb := b.outsideBalancer(otherBalancer, g)
	lb.Listeners = append(lb.Listeners, netmodel.Listener{Address: a + ".listener_arn", Accepts: connections, Origin: g.Origin, Doubt: g,
		Forwards: []netmodel.Forward{{Group: netmodel.To(a), Origin: g.Origin}}})
	return x
}

// applyTargets registers the targets. Those of the prior world tell which of the
// targets that a Classic Load Balancer lists are the doing of other resources.
func (b *Builder) applyTargets() {
	var prior []contribution[registration]
	if b.prior != nil {
		prior = b.prior.balancing.targets
	}
	g := gather(b, b.targetLine, b.balancing.targets, prior)
	for p := range g.now {
		b.usedTargetGroup(p.object)
	}
	for _, x := range b.net.TargetGroups {
		var own []registration
		for _, t := range x.Targets {
			own = append(own, registration{Target: t})
		}
		x.Targets = nil
		for _, m := range g.into(x, part{object: x.Address}, own) {
			b.register(x, m, netmodel.Gap{})
		}
	}
	for _, c := range unsettledOf(b, b.balancing.targets) {
		if _, closed := c.to.Among(); !closed {
			b.outsideBalancer(otherBalancer, c.to.Gap())
			for _, x := range b.net.TargetGroups {
				hideOnce(&x.Hidden, c.to.Gap())
			}
			continue
		}
		spread(c.to, b.usedTargetGroup, nil, func(x *netmodel.TargetGroup, doubt netmodel.Gap) { b.register(x, c.value, doubt) })
	}
}

// register adds m to the targets of x, on the port that it gets (LB-11).
func (b *Builder) register(x *netmodel.TargetGroup, m registration, doubt netmodel.Gap) {
	t, group := m.Target, b.balancing.delivers[x]
	t.To = b.CanonicalRef(t.To)
	if i := b.interfaceWith(t.Addr, b.CanonicalRef(x.VPC)); i != nil {
		t.To, t.Addr = netmodel.To(i.Address), netip.Addr{}
	}
	switch port, ok := m.port.Get(); {
	case !t.Traffic.IsEmpty():
	case ok && port > 0 && port < 1<<16:
		for _, p := range group.traffic.Protos() {
			t.Traffic = t.Traffic.Union(headerspace.Ports(p, uint16(port), uint16(port)))
		}
	case m.port.IsOpen():
		for _, p := range group.traffic.Protos() {
			t.Traffic = t.Traffic.Union(headerspace.Whole(p))
		}
		t.Doubt = doubted(t.Doubt, m.port.Gap())
	default:
		t.Traffic, t.Doubt = group.traffic, doubted(t.Doubt, group.doubt)
	}
	t.Doubt = doubted(t.Doubt, doubt)
	for i, has := range x.Targets { // registered in several ways
		if t.To.String() == has.To.String() && t.To.IsSettled() && t.Addr == has.Addr && t.Traffic.Equal(has.Traffic) && t.AnyZone == has.AnyZone {
			if t.Doubt.IsZero() && !has.Doubt.IsZero() {
				x.Targets[i] = t
			}
			return
		}
	}
	x.Targets = append(x.Targets, t)
}

// interfaceWith is the interface that is known to have the address a in the VPC
// that vpc leads to; nil if there is none.
func (b *Builder) interfaceWith(a netip.Addr, vpc netmodel.Ref) *netmodel.Interface {
	in, ok := vpc.Exact()
	if !ok || !a.IsValid() {
		return nil
	}
	for _, i := range b.net.Interfaces {
		if !slices.Contains(i.IPv4, a) && !slices.Contains(i.IPv6, a) {
			continue
		}
		at, _ := b.CanonicalRef(i.Subnet).Exact()
		if s := b.shelf.subnets[at]; s != nil {
			if v, ok := b.CanonicalRef(s.VPC).Exact(); ok && v == in {
				return i
			}
		}
	}
	return nil
}

func (b *Builder) targetLine(m registration) *line[registration] {
	l := &line[registration]{value: m, origin: m.Origin}
	l.doubt = &l.value.Doubt
	port, _ := m.port.Get()
	l.key = fmt.Sprint(b.keyName(m.To), m.Addr, port, m.AnyZone)
	if !m.To.IsSettled() || m.port.IsOpen() {
		l.key += fmt.Sprint(m.Origin)
	}
	return l
}
