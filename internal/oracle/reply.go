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
		// From the internet, as the answer to what was sent; an internet gateway
		// has made the public address private again.
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
	case inClouds:
		if l.to.iface != nil {
			target, ok := w.next(l.to, r.Dst)
			if !w.out(l.to, r) || !ok || !w.isCloud(target) {
				w.say("the reply to %s takes %q", r.Dst, target)
				return false
			}
		}
		return w.in(l.from, r)
	}
	panic("oracle: invalid leg")
}

// isCloud reports whether the target is no object of the network.
func (w *walker) isCloud(target netmodel.Address) bool {
	_, relay := w.relay(target)
	return target != netmodel.LocalTarget && !relay && w.InternetGateway(target) == nil && w.EgressOnlyGateway(target) == nil
}

// backInside carries r from l.to to l.from, two nodes of one VPC. It has to
// take the way of the packet: through the appliance that forwarded it, and
// through no other.
func (w *walker) backInside(l leg, r headerspace.Packet) bool {
	if l.to.subnet == l.from.subnet && l.to.subnet != nil && !l.from.appliance {
		return true
	}
	if l.to.subnet != nil { // a regional NAT gateway has local routes only
		want := netmodel.LocalTarget
		if l.from.appliance {
			want = l.from.iface.Address
		}
		target, ok := w.next(l.to, r.Dst)
		if i := l.from.iface; i != nil && target == i.Address && owns(i, r.Dst) { // ENI-3
			want = target
		}
		if !ok || target != want {
			w.say("the reply to %s takes %q", r.Dst, target)
			return false
		}
	}
	if l.to.subnet == l.from.subnet && l.to.subnet != nil {
		return true
	}
	return w.out(l.to, r) && w.in(l.from, r)
}
