package oracle

import (
	"net/netip"
	"slices"

	"github.com/planreach/planreach/headerspace"
	"github.com/planreach/planreach/netmodel"
)

// middleboxes settles what firewalls and the like let through: one whose
// workings the plan does not have forwards or drops.
func (s *settling) middleboxes() bool {
	for _, x := range s.in.Middleboxes {
		m, ok := *x, false
		if _, closed := m.Subnet.Among(); !closed {
			s.addSubnet()
		}
		if m.Subnet, ok = s.ref(m.Subnet, s.subnetAddresses(), func(a netmodel.Address) bool { return s.subnet(a) != nil }); !ok {
			return false
		}
		if !m.Unknown.IsZero() {
			m.Unknown, m.Policy = netmodel.Gap{}, nil
			if s.pick(2) == 1 {
				m.Policy = &netmodel.FirewallPolicy{StatelessDefault: netmodel.FirewallDrop, StatefulDefault: netmodel.FirewallDrop}
			}
		}
		if m.Policy != nil {
			m.Policy = s.policy(m.Policy)
		}
		s.out.Middleboxes = append(s.out.Middleboxes, &m)
	}
	return true
}

func (s *settling) policy(x *netmodel.FirewallPolicy) *netmodel.FirewallPolicy {
	p := *x
	list := func(rules []netmodel.FirewallRule, actions ...netmodel.FirewallAction) []netmodel.FirewallRule {
		var out []netmodel.FirewallRule
		for _, r := range rules {
			if r.Action == netmodel.FirewallUnclear {
				k := s.pick(len(actions) + 1)
				if k == len(actions) {
					continue
				}
				r.Action = actions[k]
			}
			r.Gaps = nil
			if !r.Match.Open().IsEmpty() {
				r.Match = headerspace.Exactly([]headerspace.Traffic{r.Match.Yes(), r.Match.May()}[s.pick(2)])
			}
			r.From, r.To = s.addressSet(r.From), s.addressSet(r.To)
			out = append(out, r)
		}
		return out
	}
	p.Stateless = list(p.Stateless, netmodel.FirewallPass, netmodel.FirewallDrop, netmodel.FirewallInspect)
	p.Stateful = list(p.Stateful, netmodel.FirewallPass, netmodel.FirewallDrop)
	if p.StatelessDefault == netmodel.FirewallUnclear {
		p.StatelessDefault = []netmodel.FirewallAction{netmodel.FirewallPass, netmodel.FirewallDrop, netmodel.FirewallInspect}[s.pick(3)]
	}
	if p.StatefulDefault == netmodel.FirewallUnclear {
		p.StatefulDefault = []netmodel.FirewallAction{netmodel.FirewallPass, netmodel.FirewallDrop}[s.pick(2)]
	}
	p.Gaps = nil
	return &p
}

// addressSet settles which addresses a rule names: all, none, or part of the
// internet.
func (s *settling) addressSet(x netmodel.AddressSet) netmodel.AddressSet {
	if x.Open.IsZero() {
		return x
	}
	return []netmodel.AddressSet{netmodel.Anywhere(), {}, {In: openPeers[1:2]}}[s.pick(3)]
}

func has(s netmodel.AddressSet, a netip.Addr) bool {
	in := func(p netip.Prefix) bool { return p.Contains(a) }
	return slices.ContainsFunc(s.In, in) && !slices.ContainsFunc(s.Except, in)
}

// firewall is what the first rule that names p says; explicit is false if none
// does.
func firewall(rules []netmodel.FirewallRule, otherwise netmodel.FirewallAction, p headerspace.Packet) (does netmodel.FirewallAction, explicit bool) {
	for _, r := range rules {
		joins := has(r.From, p.Src) && has(r.To, p.Dst) || r.EitherWay && has(r.From, p.Dst) && has(r.To, p.Src)
		if joins && r.Match.Yes().Contains(p) {
			return r.Action, true
		}
	}
	return otherwise, false
}

// screens reports whether a middlebox lets p pass (NFW-3 to NFW-7).
func (w *walker) screens(m *netmodel.Middlebox, p headerspace.Packet) bool {
	if m.Policy == nil {
		return true
	}
	does, _ := firewall(m.Policy.Stateless, m.Policy.StatelessDefault, p)
	if does == netmodel.FirewallInspect {
		does, _ = firewall(m.Policy.Stateful, m.Policy.StatefulDefault, p)
	}
	if does != netmodel.FirewallPass {
		w.say("%s drops %s", m.Address, p)
	}
	return does == netmodel.FirewallPass
}

// answers reports whether a middlebox that let sent pass lets the reply back.
func (w *walker) answers(m *netmodel.Middlebox, sent, reply headerspace.Packet) bool {
	p := m.Policy
	if p == nil {
		return true
	}
	first, _ := firewall(p.Stateless, p.StatelessDefault, sent)
	does, _ := firewall(p.Stateless, p.StatelessDefault, reply)
	ok := does == first && does != netmodel.FirewallDrop // half a connection is none
	if ok && does == netmodel.FirewallInspect {
		if _, explicit := firewall(p.Stateful, p.StatefulDefault, sent); !explicit {
			does, _ = firewall(p.Stateful, p.StatefulDefault, reply)
			ok = does == netmodel.FirewallPass
		}
	}
	if !ok {
		w.say("%s drops the reply %s", m.Address, reply)
	}
	return ok
}

// readmitted reports whether the reply r to what an appliance or a middlebox has
// sent to the internet comes back to it (GRT-9): if not by the gateway's table,
// it comes straight to the sender.
func (w *walker) readmitted(l leg, r headerspace.Packet) bool {
	if l.gateway != nil {
		target, ok := w.detour(l.gateway.Table, l.from.vpc, nil, r)
		open := l.from.iface == nil || r.Is6() || l.from.iface.PublicIPv4.IsValid() // GRT-7
		if ok && open && target == w.name(l.from) {
			return w.in(l.from, r)
		}
	}
	w.say("the reply to %s passes %s by", r.Dst, w.name(l.from))
	return false
}
