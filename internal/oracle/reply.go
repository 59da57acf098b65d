package oracle

import (
	"github.com/planreach/planreach/headerspace"
	"github.com/planreach/planreach/netmodel"
)

// reply walks the answer to a packet that arrived, leg by leg back (EV-6,
// EV-7). Groups let it pass (SG-4).
func (w *walker) reply(arrived headerspace.Packet) bool {
	r, asked := arrived.Reply()
	if !asked {
		return true
	}
	for k := len(w.legs) - 1; k >= 0; k-- {
		l := w.legs[k]
		// What l.from sent, answered: this undoes what happened at l.to.
		back, _ := l.sent.Reply()
		r.Dst, r.DstPort = back.Dst, back.DstPort
		if !w.back(l, r) {
			return false
		}
		if m := l.from.box; m != nil && !w.answers(m, l.sent, r) {
			return false
		}
	}
	w.say("reply returned")
	return true
}

// back carries the reply r over one leg, to the node that sent the packet.
func (w *walker) back(l leg, r headerspace.Packet) bool {
	switch l.kind {
	case inside:
		return w.backInside(l, r)
	case outIGW, outEIGW:
		if l.from.appliance {
			return w.readmitted(l, r)
		}
		// From the internet, as the answer to what was sent; an internet gateway
		// has made the public address private again.
		if l.gateway != nil && l.from.subnet != nil { // no table leads to a regional NAT gateway, whose addresses are not the VPC's
			if target, ok := w.detour(l.gateway.Table, l.from.vpc, l.from.iface, r); !ok || target != "" { // GRT-8
				w.say("the reply goes to %q", target)
				return false
			}
		}
		return w.in(l.from, r)
	case inIGW:
		if !w.out(l.to, r) {
			return false
		}
		target, ok := w.next(l.to, r.Dst)
		if g := w.InternetGateway(target); ok && g != nil && exact(g.VPC) == l.to.vpc { // IGW-10
			return true
		}
		if ok && w.isCloud(target) { // it may pass on to the internet gateway
			return true
		}
		w.say("the reply to %s takes %q", r.Dst, target)
		return false
	case outVPN, inVPN:
		return w.backByVPN(l, r)
	case inClouds:
		if l.to.iface != nil {
			return w.backInside(l, r)
		}
		return w.in(l.from, r)
	}
	panic("oracle: invalid leg")
}

// isCloud reports whether the target is no object of the network.
func (w *walker) isCloud(target netmodel.Address) bool {
	_, relay := w.relay(target)
	return target != netmodel.LocalTarget && !relay && w.InternetGateway(target) == nil &&
		w.EgressOnlyGateway(target) == nil && w.VPNGateway(target) == nil && w.Peering(target) == nil && w.TransitGateway(target) == nil
}

// backInside carries r from l.to to l.from by the routes there are. Where state
// is kept, at a NAT gateway or an appliance, it has to pass that one and no
// other (EV-7).
func (w *walker) backInside(l leg, r headerspace.Packet) bool {
	if l.peered && l.from.nat != nil { // NAT-15
		return w.out(l.to, r) && w.in(l.from, r)
	}
	at := l.to
	for range 4 {
		if at.subnet != nil && at.subnet == l.from.subnet && !l.from.appliance {
			return true
		}
		target, ok := w.next(at, r.Dst)
		if at.nat != nil && at.subnet == nil && at.vpc == l.from.vpc {
			target, ok = netmodel.LocalTarget, true // a regional NAT gateway has local routes
		}
		if !ok {
			w.say("the reply to %s has no route", r.Dst)
			return false
		}
		switch i := l.from.iface; {
		case l.from.appliance && target == w.name(l.from):
			return at.subnet == l.from.subnet || w.out(at, r) && w.in(l.from, r)
		case !l.from.appliance && target == netmodel.LocalTarget && at.vpc == l.from.vpc,
			i != nil && target == i.Address && owns(i, r.Dst): // ENI-3
			return w.out(at, r) && w.in(l.from, r)
		case w.Peering(target) != nil:
			c := w.Peering(target)
			if l.from.appliance || !c.Active.IsTrue() || across(c, at.vpc) == "" || across(c, at.vpc) != l.from.vpc {
				w.say("the reply to %s takes %q", r.Dst, target)
				return false
			}
			return w.out(at, r) && w.in(l.from, r)
		case w.TransitGateway(target) != nil:
			if !w.out(at, r) {
				return false
			}
			next, _, beyond := w.crossed(at, w.TransitGateway(target), r)
			if beyond != "" {
				return w.in(l.from, r)
			}
			if !next.transit {
				return false
			}
			at = next
		case w.isCloud(target):
			return w.out(at, r) && w.in(l.from, r)
		default:
			w.say("the reply to %s takes %q", r.Dst, target)
			return false
		}
	}
	return false
}
