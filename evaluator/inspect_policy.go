package evaluator

import (
	"net/netip"

	"github.com/planreach/planreach/headerspace"
	"github.com/planreach/planreach/netmodel"
)

// An inspectKey is a policy with a client and a server as it sees them.
type inspectKey struct {
	policy         *netmodel.FirewallPolicy
	is6            bool
	client, server headerspace.Atom
}

// inspected is what a policy lets through from a client to a server, and which
// replies.
func (c *compiled) inspected(p *netmodel.FirewallPolicy, client, server party) passage {
	key := inspectKey{p, client.is6, client.atom, server.atom}
	if v, ok := c.inspections[key]; ok {
		return v
	}
	out := passage{c.inspectedThere(p, client, server), c.inspectedBack(p, client, server)}
	c.inspections[key] = out
	return out
}

// leanings is what each action may do, over all traffic.
type leanings [netmodel.FirewallUnclear + 1]headerspace.Traffic

func (x leanings) pass() headerspace.Traffic    { return x[netmodel.FirewallPass] }
func (x leanings) drop() headerspace.Traffic    { return x[netmodel.FirewallDrop] }
func (x leanings) inspect() headerspace.Traffic { return x[netmodel.FirewallInspect] }

// lean reads rules in order: the first that matches decides, else the default.
func (c *compiled) lean(rules []netmodel.FirewallRule, otherwise netmodel.FirewallAction, src, dst party) leanings {
	live := headerspace.All() // traffic that no earlier rule certainly took
	var out leanings
	take := func(a netmodel.FirewallAction, t headerspace.Traffic) {
		if a != netmodel.FirewallUnclear {
			out[a] = out[a].Union(t)
			return
		}
		for _, any := range []netmodel.FirewallAction{netmodel.FirewallPass, netmodel.FirewallDrop, netmodel.FirewallInspect} {
			out[any] = out[any].Union(t)
		}
	}
	for i := range rules {
		r := &rules[i]
		match := r.Match
		switch c.joins(r, src, dst) {
		case no:
			continue
		case maybe:
			match = match.Doubt()
		case yes:
		}
		take(r.Action, live.Minus(match.No()))
		if r.Action != netmodel.FirewallUnclear {
			live = live.Minus(match.Yes())
		}
	}
	take(otherwise, live)
	return out
}

// joins reports whether a rule names packets between the two addresses.
func (c *compiled) joins(r *netmodel.FirewallRule, src, dst party) tri {
	fit := min(c.inSet(&r.From, src), c.inSet(&r.To, dst))
	if r.EitherWay {
		fit = max(fit, min(c.inSet(&r.From, dst), c.inSet(&r.To, src)))
	}
	return fit
}

func (c *compiled) inSet(s *netmodel.AddressSet, p party) tri {
	if !s.Open.IsZero() {
		return maybe
	}
	in := func(list []netip.Prefix) tri {
		best := no
		for _, q := range list {
			best = max(best, c.inPrefix(p, &netmodel.Peer{Prefix: q}))
		}
		return best
	}
	return min(in(s.In), yes-in(s.Except))
}

// inspectedThere is what passes on the way there.
func (c *compiled) inspectedThere(p *netmodel.FirewallPolicy, client, server party) headerspace.Tri {
	x := c.lean(p.Stateless, p.StatelessDefault, client, server)
	y := c.lean(p.Stateful, p.StatefulDefault, client, server)
	mayPass := x.pass().Union(x.inspect().Intersect(y.pass()))
	mayDrop := x.drop().Union(x.inspect().Intersect(y.drop()))
	return headerspace.NewTri(headerspace.All().Minus(mayDrop), headerspace.All().Minus(mayPass))
}

// families are the parts of all traffic that inspectedBack looks at one by one.
var families = func() []headerspace.Traffic {
	rest := headerspace.All()
	var out []headerspace.Traffic
	for _, p := range []headerspace.Proto{headerspace.TCP, headerspace.UDP, headerspace.ICMP, headerspace.ICMPv6} {
		out = append(out, headerspace.Whole(p))
		rest = rest.Minus(headerspace.Whole(p))
	}
	return append(out, rest)
}()

// inspectedBack is which replies pass. What the stateless rules pass needs them
// to pass the replies too; what they hand on is let back, unless it passed by
// default and a stateful rule may drop the replies. Where both kinds of way are
// open to one protocol, which of them the packets took is not followed.
func (c *compiled) inspectedBack(p *netmodel.FirewallPolicy, client, server party) headerspace.Tri {
	x := c.lean(p.Stateless, p.StatelessDefault, server, client)
	var passes headerspace.Traffic
	for _, part := range families {
		switch p.Ways(part) {
		case netmodel.FirewallPass:
			passes = passes.Union(part.Intersect(x.pass()))
		case netmodel.FirewallInspect:
			reached := part.Intersect(x.inspect())
			if p.StatefulDefault != netmodel.FirewallDrop {
				reached = reached.Minus(c.lean(p.Stateful, netmodel.FirewallPass, server, client).drop())
			}
			passes = passes.Union(reached)
		case netmodel.FirewallDrop, netmodel.FirewallUnclear:
		}
	}
	return headerspace.NewTri(passes.Minus(x.drop()), headerspace.All().Minus(x.pass()).Minus(x.inspect()))
}
