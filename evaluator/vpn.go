package evaluator

import (
	"fmt"

	"github.com/planreach/planreach/headerspace"
	"github.com/planreach/planreach/netmodel"
)

// vpnOf is the virtual private gateway of a VPC in this world; maybe if it is
// not known where it is attached.
func (c *compiled) vpnOf(w *world, vpc netmodel.Address) (*netmodel.VPNGateway, tri) {
	var unsure *netmodel.VPNGateway
	for _, gw := range c.net.VPNGateways {
		switch c.attachedTo(w, gw.Address, gw.VPC, vpc) {
		case yes:
			return gw, yes
		case maybe:
			unsure = gw
		case no:
		}
	}
	if unsure != nil {
		return unsure, maybe
	}
	return nil, no
}

// knows reports whether a gateway has a route to an address outside (VPN-3). A
// default route may stand for the internet or not.
func (c *compiled) knows(w *world, gw *netmodel.VPNGateway, dst party) tri {
	best := no
	certain := func(bits int) tri {
		if bits == 0 && c.public[dst.atom] {
			return maybe
		}
		return yes
	}
	for n, e := range gw.Prefixes {
		if c.inPrefix(dst, &netmodel.Peer{Prefix: e.Prefix}) == no {
			continue
		}
		if !e.Doubt.IsZero() && !w.isSo(question{gw.Address, prefixQuestion(n)}, e.Doubt) {
			continue
		}
		best = max(best, certain(e.Prefix.Bits()))
	}
	for n, g := range gw.Hidden {
		if best < yes && w.isSo(question{gw.Address, hiddenPrefixQuestion(n)}, g) {
			best = max(best, certain(0))
		}
	}
	return best
}

func prefixQuestion(n int) string       { return fmt.Sprintf("prefix %d", n) }
func hiddenPrefixQuestion(n int) string { return fmt.Sprintf("hidden prefix %d", n) }

// isSo is the world's answer to a question of yes and no.
func (w *world) isSo(q question, g netmodel.Gap) bool {
	return w.pick(q, g, "no such prefix", "a prefix with the address") == 1
}

// leaveByVPN is the way out by a virtual private gateway, and back in.
func (c *compiled) leaveByVPN(w *world, gw *netmodel.VPNGateway, s sender, g goal) passage {
	attached := c.attachedTo(w, gw.Address, gw.VPC, s.at.vpc)
	switch {
	case s.stranger, attached == no: // VPN-6
		return blocked
	case g.is6 && !w.holds(gw.Address, "IPv6", gw.IPv6): // VPN-4, VPN-5
		return blocked
	}
	back := c.readmit(w, vpnDoor(gw), s, g.party)
	switch min(attached, c.knows(w, gw, g.party)) {
	case no:
		return blocked
	case maybe:
		return open.and(back)
	case yes:
	}
	return back
}

// roundabout is the trip by a virtual private gateway to an address inside:
// what is outside may send it on.
func (c *compiled) roundabout(w *world, gw *netmodel.VPNGateway, g goal, edge headerspace.Tri) carriage {
	if c.knows(w, gw, g.party) == no {
		return stop() // VPN-11
	}
	return astray(edge)
}

// enterPrivately is the way in of a packet with a private address outside. way
// is what the goal's groups and ACL let through.
func (c *compiled) enterPrivately(w *world, src party, g goal, way passage) passage {
	out := blocked // L-20
	if gw, attached := c.vpnOf(w, g.at.vpc); attached != no {
		out = c.enterByVPN(w, gw, src, g, way)
		if attached == maybe {
			out = out.and(open)
		}
	}
	if c.hasAttachment(g.at.vpc) {
		other := way.and(open)
		out = passage{out.there.Or(other.there), out.back.Or(other.back)}
	}
	return out
}

// enterByVPN is the way in by the virtual private gateway of the goal's VPC. It
// may bring packets from addresses to which it has no route; replies need one.
func (c *compiled) enterByVPN(w *world, gw *netmodel.VPNGateway, src party, g goal, way passage) passage {
	w.look(gw.Address)
	w.pass(gw.Address)
	if g.is6 && !w.holds(gw.Address, "IPv6", gw.IPv6) {
		return blocked
	}
	known := c.knows(w, gw, src)
	if known != yes {
		way.there = way.there.And(anything)
	}
	if road := c.inroad(w, vpnDoor(gw), g); road != inroadLocal {
		return c.usher(road, src, g)
	}
	t := returning(w, func() turn { return c.route(w, g.at, src, false) })
	back := nothing
	switch {
	case t.kind == turnOpen, t.kind == turnTo && (c.isForeign(t.to) || c.net.TransitGateway(t.to) != nil || c.appliance(t.to) != nil):
		back = anything
	case t.kind == turnTo && t.to == gw.Address && known != no:
		back = everything
	}
	return way.and(passage{everything, back})
}

// mayBeBehindVPN reports whether a public address may be one behind the virtual
// private gateway of a VPC, rather than the internet's.
func (c *compiled) mayBeBehindVPN(w *world, vpc netmodel.Address, src party) bool {
	gw, attached := c.vpnOf(w, vpc)
	if attached == no {
		return false
	}
	for _, e := range gw.Prefixes {
		if e.Prefix.Bits() > 0 && c.inPrefix(src, &netmodel.Peer{Prefix: e.Prefix}) != no {
			return true
		}
	}
	return false
}
