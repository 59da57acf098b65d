package oracle

import (
	"net/netip"
	"slices"

	"github.com/planreach/planreach/headerspace"
	"github.com/planreach/planreach/netmodel"
)

// isInternet reports whether an address is one of the internet's.
func isInternet(a netip.Addr) bool {
	return slices.ContainsFunc(slices.Concat(internet4, internet6), func(p netip.Prefix) bool { return p.Contains(a) })
}

// vpns settles the virtual private gateways, of which a VPC has at most one.
func (s *settling) vpns() bool {
	attached := map[netmodel.Address]bool{}
	for _, x := range s.in.VPNGateways {
		if a := exact(x.VPC); a != "" {
			attached[a] = true
		}
	}
	for _, x := range s.in.VPNGateways {
		g, ok := *x, false
		if g.VPC, ok = s.ref(g.VPC, s.vpcAddresses("", Elsewhere+"vpc"), func(a netmodel.Address) bool { return a == "" || !attached[a] }); !ok {
			return false
		}
		attached[exact(g.VPC)] = true
		if g.Table, ok = s.ref(g.Table, append(s.tablesOf(exact(g.VPC)), ""), nil); !ok {
			return false
		}
		g.IPv6, g.Prefixes, g.Hidden = s.truth(g.IPv6), nil, nil
		for _, e := range x.Prefixes {
			if s.present(e.Doubt) {
				g.Prefixes = append(g.Prefixes, netmodel.PrefixEntry{Prefix: e.Prefix})
			}
		}
		if len(x.Hidden) > 0 && s.pick(2) == 1 {
			for _, p := range everything {
				g.Prefixes = append(g.Prefixes, netmodel.PrefixEntry{Prefix: p})
			}
		}
		s.out.VPNGateways = append(s.out.VPNGateways, &g)
	}
	return true
}

// knows reports whether the gateway has a route to an address outside (VPN-3).
func knows(g *netmodel.VPNGateway, a netip.Addr) bool {
	return slices.ContainsFunc(g.Prefixes, func(e netmodel.PrefixEntry) bool { return e.Prefix.Contains(a) })
}

// leaveByVPN sends p to the private networks behind a virtual private gateway.
func (w *walker) leaveByVPN(at node, g *netmodel.VPNGateway, dst *netmodel.Interface, p headerspace.Packet) step {
	own := w.sender.vpc == at.vpc // VPN-6
	if exact(g.VPC) != at.vpc || !knows(g, p.Dst) || p.Is6() && !g.IPv6.IsTrue() || !own {
		w.say("%s does not carry it", g.Address)
		return step{packet: p}
	}
	if dst != nil {
		return w.cloud(dst, p)
	}
	w.legs = append(w.legs, leg{kind: outVPN, from: w.from, sent: p, vpn: g})
	return step{packet: p, arrived: true, ok: true}
}

// fromVPN brings p from a private address outside to an interface.
func (w *walker) fromVPN(dst *netmodel.Interface, p headerspace.Packet) (headerspace.Packet, bool) {
	to := w.end(dst)
	for _, g := range w.VPNGateways {
		if exact(g.VPC) != to.vpc || p.Is6() && !g.IPv6.IsTrue() {
			continue
		}
		target, ok := w.detour(g.Table, to.vpc, dst, p)
		if !ok {
			w.say("%s drops it", exact(g.Table))
			return p, false
		}
		if target != "" {
			return w.redirected(target, dst, p, nil)
		}
		w.legs = append(w.legs, leg{kind: inVPN, to: to, sent: p, vpn: g})
		return p, w.in(to, p) && w.ingress(dst, p, nil)
	}
	w.say("nothing brings it to %s", to.vpc)
	return p, false
}

// backByVPN carries a reply over a leg by a virtual private gateway.
func (w *walker) backByVPN(l leg, r headerspace.Packet) bool {
	if l.kind == outVPN {
		if target, ok := w.detour(l.vpn.Table, l.from.vpc, l.from.iface, r); !ok || target != "" {
			w.say("the reply goes to %q", target)
			return false
		}
		return w.in(l.from, r)
	}
	target, ok := w.next(l.to, r.Dst)
	if !w.out(l.to, r) || !ok || target != l.vpn.Address || !knows(l.vpn, r.Dst) {
		w.say("the reply to %s takes %q", r.Dst, target)
		return false
	}
	return true
}
