package netmodel

import "fmt"

func (d *dumper) middleboxes(n *Network) {
	seen := map[*FirewallPolicy]bool{}
	for _, x := range n.Middleboxes {
		kind := [...]string{"", "firewall endpoint", "gateway load balancer endpoint"}[x.Kind]
		d.head(kind, x.Address, x.Origin, x.Notes)
		d.field("subnet", x.Subnet, x.Subnet.Gap())
		switch {
		case !x.Unknown.IsZero():
			d.field("passes", "open", x.Unknown)
		case x.Policy == nil:
			d.field("passes", "everything", Gap{})
		default:
			d.field("policy", x.Policy.Address, Gap{})
		}
		if p := x.Policy; p != nil && !seen[p] {
			seen[p] = true
			d.firewallPolicy(p)
		}
	}
}

func (d *dumper) firewallPolicy(p *FirewallPolicy) {
	d.head("firewall policy", p.Address, p.Origin, nil)
	d.firewallRules("stateless", p.Stateless, p.StatelessDefault)
	d.firewallRules("stateful", p.Stateful, p.StatefulDefault)
	for _, g := range p.Gaps {
		d.field("default", "open", g)
	}
}

func (d *dumper) firewallRules(name string, rules []FirewallRule, otherwise FirewallAction) {
	fmt.Fprintf(&d.b, "  %s, else %s\n", name, otherwise)
	for _, r := range rules {
		arrow := "->"
		if r.EitherWay {
			arrow = "<>"
		}
		fmt.Fprintf(&d.b, "    %s %s from %s %s %s [%s]\n", r.Action, r.Match, shownSet(r.From), arrow, shownSet(r.To), shownOrigin(r.Origin))
		for _, g := range r.Gaps {
			fmt.Fprintf(&d.b, "      open%s\n", shownGap(g))
		}
	}
}

func shownSet(s AddressSet) string {
	switch {
	case !s.Open.IsZero():
		return "open" + shownGap(s.Open)
	case len(s.Except) > 0:
		return "{" + prefixes(s.In) + "} without {" + prefixes(s.Except) + "}"
	}
	return "{" + prefixes(s.In) + "}"
}
