package oracle

import (
	"github.com/planreach/planreach/headerspace"
	"github.com/planreach/planreach/netmodel"
)

// edges settles which route tables gateways have: tables of their own VPC.
func (s *settling) edges() bool {
	for _, g := range s.out.InternetGateways {
		var ok bool
		if g.Table, ok = s.ref(g.Table, append(s.tablesOf(exact(g.VPC)), ""), nil); !ok {
			return false
		}
	}
	return true
}

func (s *settling) tablesOf(vpc netmodel.Address) []netmodel.Address {
	var out []netmodel.Address
	for _, t := range s.out.RouteTables {
		if exact(t.VPC) == vpc {
			out = append(out, t.Address)
		}
	}
	return out
}

// detour is where the table of a gateway sends p instead of straight to its
// destination dst, if it does (GRT-1); ok is false if it drops p.
func (w *walker) detour(table netmodel.Ref, vpc netmodel.Address, dst *netmodel.Interface, p headerspace.Packet) (target netmodel.Address, ok bool) {
	t := w.RouteTable(exact(table))
	if t == nil {
		return "", true
	}
	target, ok = w.route(t, vpc, p.Dst)
	if i := w.Interface(target); target == netmodel.LocalTarget || i != nil && i == dst {
		target = ""
	}
	return target, ok
}

// redirected carries p, which has entered the VPC of dst by a gateway, to the
// target of the gateway's route table, and on. by is the internet gateway; nil
// for others.
func (w *walker) redirected(target netmodel.Address, dst *netmodel.Interface, p headerspace.Packet, by *netmodel.InternetGateway) (headerspace.Packet, bool) {
	w.say("%s by the gateway's table", target)
	i := w.Interface(target)
	if i == nil {
		if w.isObject(target) { // AWS takes no such route (GRT-2)
			return p, false
		}
		s := w.cloud(dst, p)
		return s.packet, s.ok
	}
	at := w.nodeOf(i)
	at.appliance = true
	if at.subnet == nil || at.vpc != w.vpcOf(dst) || by != nil && !p.Is6() && !i.PublicIPv4.IsValid() { // GRT-7
		w.say("%s is no appliance here", target)
		return p, false
	}
	if !w.in(at, p) {
		return p, false
	}
	w.legs = append(w.legs, leg{kind: inIGW, to: at, sent: p})
	s := w.forwarded(at, p)
	if !s.ok {
		return s.packet, false
	}
	w.from = s.next
	return w.onward(s.next, dst, s.packet, nil)
}

// isObject reports whether a route target is an object of the network.
func (w *walker) isObject(a netmodel.Address) bool {
	_, relay := w.relay(a)
	return relay || !w.isCloud(a)
}
