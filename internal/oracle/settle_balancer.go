package oracle

import (
	"slices"

	"github.com/planreach/planreach/headerspace"
	"github.com/planreach/planreach/netmodel"
)

// balancers settles load balancers, target groups and endpoint services. What
// the plan hides may bring some traffic to some interface.
func (s *settling) balancers() bool {
	for _, x := range s.in.TargetGroups {
		g := *x
		g.PreservesClient, g.CrossZone, g.IPv6 = s.truth(g.PreservesClient), s.truth(g.CrossZone), s.truth(g.IPv6)
		g.Targets = nil
		for _, t := range x.Targets {
			if !s.present(t.Doubt) {
				continue
			}
			t.Doubt = netmodel.Gap{}
			if !t.Addr.IsValid() {
				to, ok := s.ref(t.To, s.interfaceAddresses(), nil)
				if !ok {
					return false
				}
				t.To = to
			}
			g.Targets = append(g.Targets, t)
		}
		if len(x.Hidden) > 0 && s.pick(2) == 1 {
			g.Targets = append(g.Targets, s.anyTarget()...)
		}
		g.Hidden = nil
		s.out.TargetGroups = append(s.out.TargetGroups, &g)
	}
	for _, x := range s.in.LoadBalancers {
		lb := *x
		lb.CrossZone, lb.FiltersPrivateLink = s.truth(lb.CrossZone), s.truth(lb.FiltersPrivateLink)
		lb.Listeners = nil
		for _, l := range x.Listeners {
			if s.present(l.Doubt) {
				if !s.listener(&l) {
					return false
				}
				lb.Listeners = append(lb.Listeners, l)
			}
		}
		if len(x.Hidden) > 0 && s.pick(2) == 1 {
			l := netmodel.Listener{Address: Elsewhere + "listener of " + x.Address, Accepts: oneOf(s, connections), Forwards: []netmodel.Forward{s.elsewhere()}}
			lb.Listeners = append(lb.Listeners, l)
		}
		lb.Hidden = nil
		s.out.LoadBalancers = append(s.out.LoadBalancers, &lb)
	}
	return s.services()
}

// listener settles the forwards of a listener.
func (s *settling) listener(l *netmodel.Listener) bool {
	forwards := l.Forwards
	l.Forwards, l.Doubt = nil, netmodel.Gap{}
	for _, f := range forwards {
		if !s.present(f.Doubt) {
			continue
		}
		group, ok := s.ref(f.Group, addresses(s.in.TargetGroups, func(g *netmodel.TargetGroup) netmodel.Address { return g.Address }, Elsewhere+"targets"), nil)
		if !ok {
			return false
		}
		f.Group, f.Doubt = group, netmodel.Gap{}
		if exact(group) == Elsewhere+"targets" {
			f = s.elsewhere()
		}
		l.Forwards = append(l.Forwards, f)
	}
	if len(l.Hidden) > 0 && s.pick(2) == 1 {
		l.Forwards = append(l.Forwards, s.elsewhere())
	}
	l.Hidden = nil
	return true
}

var connections = []headerspace.Traffic{
	headerspace.Ports(headerspace.TCP, 443, 443), headerspace.Ports(headerspace.TCP, 3389, 3389), headerspace.Ports(headerspace.UDP, 53, 53),
}

func oneOf[T any](s *settling, list []T) T { return list[s.pick(len(list))] }

// elsewhere is a forward to a target group that the plan does not show.
func (s *settling) elsewhere() netmodel.Forward {
	a := netmodel.Address(Elsewhere + "targets")
	if !slices.ContainsFunc(s.out.TargetGroups, func(g *netmodel.TargetGroup) bool { return g.Address == a }) {
		s.out.TargetGroups = append(s.out.TargetGroups, &netmodel.TargetGroup{Address: a, PreservesClient: netmodel.Certain(s.pick(2) == 1),
			IPv6: netmodel.Certain(s.pick(2) == 1), CrossZone: netmodel.Holds, Targets: s.anyTarget()})
	}
	return netmodel.Forward{Group: netmodel.To(a)}
}

func (s *settling) interfaceAddresses() []netmodel.Address {
	return addresses(s.out.Interfaces, func(i *netmodel.Interface) netmodel.Address { return i.Address })
}

func (s *settling) anyTarget() []netmodel.Target {
	all := s.interfaceAddresses()
	if len(all) == 0 {
		return nil
	}
	return []netmodel.Target{{To: netmodel.To(oneOf(s, all)), Traffic: oneOf(s, connections), AnyZone: s.pick(2) == 1}}
}

func (s *settling) services() bool {
	for _, x := range s.in.EndpointServices {
		e := *x
		e.Balancers = netmodel.Refs{}
		for _, r := range x.Balancers.Links {
			to, ok := s.ref(r, nil, nil)
			if !ok {
				return false
			}
			e.Balancers.Links = append(e.Balancers.Links, to)
		}
		s.out.EndpointServices = append(s.out.EndpointServices, &e)
	}
	for _, x := range s.in.ServiceEndpoints {
		e, ok := *x, false
		e.Accepted = s.truth(e.Accepted)
		if e.Service, ok = s.ref(e.Service, addresses(s.in.EndpointServices, func(v *netmodel.EndpointService) netmodel.Address { return v.Address }, ""), nil); !ok {
			return false
		}
		s.out.ServiceEndpoints = append(s.out.ServiceEndpoints, &e)
	}
	return true
}
