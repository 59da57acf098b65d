package assertions

import (
	"net/netip"
	"slices"

	"github.com/planreach/planreach/netmodel"
)

// isPublic reports whether a prefix lies on the internet as a whole.
func isPublic(p netip.Prefix) bool {
	return slices.ContainsFunc(netmodel.Internet(p.Addr().Is6()), func(q netip.Prefix) bool {
		return q.Bits() <= p.Bits() && q.Contains(p.Addr())
	})
}

// destinations is the prefixes that a route names, as far as they are known
// and may be printed.
func (w *world) destinations(d netmodel.Peer) []netip.Prefix {
	var out []netip.Prefix
	switch d.Kind {
	case netmodel.PeerPrefix:
		if !d.Sensitive {
			out = append(out, d.Prefix)
		}
	case netmodel.PeerPrefixList:
		among, _ := d.Ref.Among()
		for _, a := range among {
			if l := w.inv.Network.PrefixList(a); l != nil {
				for _, e := range l.Entries {
					out = append(out, e.Prefix)
				}
			}
		}
	case netmodel.PeerGroup, netmodel.PeerOpen:
	}
	return out
}

// isOutside reports whether a range lies neither on the internet, whose ends
// are asked anyway, nor in a VPC of the plan. The default routes are not
// ranges of their own.
func (w *world) isOutside(p netip.Prefix) bool {
	if p.Bits() == 0 || isPublic(p) {
		return false
	}
	for _, v := range w.inv.Network.VPCs {
		if slices.ContainsFunc(slices.Concat(v.IPv4, v.IPv6), func(own netip.Prefix) bool {
			return own.Bits() <= p.Bits() && own.Contains(p.Addr())
		}) {
			return false
		}
	}
	return true
}
