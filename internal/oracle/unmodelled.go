package oracle

import (
	"net/netip"
	"slices"

	"github.com/planreach/planreach/headerspace"
	"github.com/planreach/planreach/netmodel"
)

// unmodelled is what the resources without a model do with the flow, in this
// world. Of several, one that blocks wins.
func (w world) unmodelled(src, dst *netmodel.Interface, p headerspace.Packet, promise bool) netmodel.Effect {
	var out netmodel.Effect
	for _, u := range w.NotModelled {
		at := func(i *netmodel.Interface) bool {
			if i == nil {
				return false
			}
			for _, v := range u.VPCs {
				if exact(v) == w.vpcOf(i) {
					return true
				}
			}
			return len(u.VPCs) == 0
		}
		touched := false
		switch u.Touch {
		case netmodel.TouchesRouted, netmodel.TouchesEnds:
		case netmodel.TouchesInternet:
			touched = src == nil && at(dst) && isInternet(p.Src) || dst == nil && at(src) && isInternet(p.Dst)
			if u.Effect == netmodel.MayOpen { // groups hold whatever carries the packet
				touched = touched && (src == nil || w.groupsAdmit(src, netmodel.Egress, p, nil)) && (dst == nil || w.groupsAdmit(dst, netmodel.Ingress, p, nil))
			}
		case netmodel.TouchesInto:
			touched = at(dst) && !promise && w.fromNeighbour(dst, p) // L-52
		case netmodel.TouchesAll:
			touched = at(src) || at(dst)
		}
		if touched && (out == 0 || u.Effect == netmodel.MayBlock) {
			out = u.Effect
		}
	}
	return out
}

// fromNeighbour reports whether the interface's groups admit p from something
// of the kind of a load balancer in its own subnet: with any groups, and any
// address that is free there.
func (w world) fromNeighbour(dst *netmodel.Interface, p headerspace.Packet) bool {
	home := w.subnetOf(dst)
	var free []netip.Addr
	for _, in := range []netip.Prefix{home.IPv4, home.IPv6} {
		if in.IsValid() && in.Contains(p.Dst) {
			free = candidates(in, mentioned(w.Network))
		}
	}
	free = slices.DeleteFunc(free, func(a netip.Addr) bool { return w.owner(w.vpcOf(dst), a) != nil })
	for _, link := range dst.Groups.Links {
		g := w.Group(exact(link))
		if g == nil {
			continue
		}
		for _, r := range g.Ingress.Rules {
			if !r.Match.Yes().Contains(p) {
				continue
			}
			if r.Peer.Kind == netmodel.PeerGroup && exact(r.Peer.Ref) != "" ||
				slices.ContainsFunc(free, func(a netip.Addr) bool { return w.peerMatches(r.Peer, a, nil) }) {
				return true
			}
		}
	}
	return false
}
