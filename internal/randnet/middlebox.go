package randnet

import (
	"fmt"
	"net/netip"

	"github.com/planreach/planreach/headerspace"
	"github.com/planreach/planreach/netmodel"
)

// middleboxes drafts endpoints of a firewall, or of a gateway load balancer.
func (d *draft) middleboxes(s *site) {
	if !d.maybe(40) {
		return
	}
	policy := d.firewallPolicy(s)
	for k := range 1 + d.IntN(2) {
		a := s.address("aws_networkfirewall_firewall", k)
		m := &netmodel.Middlebox{Address: a, Kind: netmodel.FirewallEndpoint, Origin: origin(a, ""),
			Subnet: netmodel.To(one(d, s.subnets).Address), Policy: policy}
		if k > 0 && d.maybe(50) {
			m.Kind, m.Policy = netmodel.GatewayBalancerEndpoint, nil
		}
		s.boxes = append(s.boxes, a)
		d.net.Middleboxes = append(d.net.Middleboxes, m)
		d.part(func() { d.cut[a] = true })
		d.fact(func() { m.Policy, m.Unknown = nil, gap(a, "policy") })
		d.fact(func() { m.Subnet = netmodel.OneOf(gap(a, "subnet_id"), subnetNames(s)...) })
		d.fact(func() { m.Subnet = netmodel.Unsettled(gap(a, "subnet_id")) })
	}
}

func (d *draft) firewallPolicy(s *site) *netmodel.FirewallPolicy {
	a := s.address("aws_networkfirewall_firewall_policy", 0)
	p := &netmodel.FirewallPolicy{Address: a, Origin: origin(a, ""), StatelessDefault: netmodel.FirewallInspect, StatefulDefault: netmodel.FirewallPass}
	if d.maybe(25) {
		p.StatelessDefault = one(d, []netmodel.FirewallAction{netmodel.FirewallPass, netmodel.FirewallDrop})
	}
	if d.maybe(40) {
		p.StatefulDefault = netmodel.FirewallDrop
	}
	if d.maybe(40) {
		p.Stateless = d.firewallRules(s, a, "stateless", netmodel.FirewallPass, netmodel.FirewallDrop, netmodel.FirewallInspect)
	}
	if d.maybe(80) {
		p.Stateful = d.firewallRules(s, a, "stateful", netmodel.FirewallPass, netmodel.FirewallPass, netmodel.FirewallDrop)
	}
	d.fact(func() { p.StatelessDefault, p.Gaps = netmodel.FirewallUnclear, []netmodel.Gap{gap(a, "default")} })
	d.fact(func() { p.StatefulDefault, p.Gaps = netmodel.FirewallUnclear, []netmodel.Gap{gap(a, "default")} })
	return p
}

func (d *draft) firewallRules(s *site, a netmodel.Address, path string, actions ...netmodel.FirewallAction) []netmodel.FirewallRule {
	out := make([]netmodel.FirewallRule, 1+d.IntN(3))
	for k := range out {
		r := &out[k]
		where := fmt.Sprintf("%s[%d]", path, k)
		*r = netmodel.FirewallRule{Action: one(d, actions), Match: headerspace.Exactly(one(d, traffics)), Origin: origin(a, where),
			From: d.addressSet(s), To: d.addressSet(s), EitherWay: d.maybe(20)}
		d.fact(func() { r.Action, r.Gaps = netmodel.FirewallUnclear, []netmodel.Gap{gap(a, where)} })
		d.fact(func() { r.Match, r.Gaps = headerspace.AtMost(r.Match.May()), []netmodel.Gap{gap(a, where)} })
		d.fact(func() { r.From = netmodel.AddressSet{Open: gap(a, where)} })
	}
	return out
}

func (d *draft) addressSet(s *site) netmodel.AddressSet {
	switch {
	case d.maybe(50):
		return netmodel.Anywhere()
	case d.maybe(25):
		out := netmodel.Anywhere()
		out.Except = []netip.Prefix{d.peer(s).Prefix}
		return out
	}
	return netmodel.AddressSet{In: []netip.Prefix{d.peer(s).Prefix}}
}
