package assertions

import (
	"net/netip"
	"slices"

	"github.com/planreach/planreach/netmodel"
)

// private are the ranges in which networks outside the plan that are not the
// internet usually lie.
var private = []netip.Prefix{
	netip.MustParsePrefix("10.0.0.0/8"),
	netip.MustParsePrefix("100.64.0.0/10"),
	netip.MustParsePrefix("172.16.0.0/12"),
	netip.MustParsePrefix("192.168.0.0/16"),
	netip.MustParsePrefix("fc00::/7"),
}

// isPublic reports whether a prefix lies on the internet as a whole.
func isPublic(p netip.Prefix) bool {
	return slices.ContainsFunc(netmodel.Internet(p.Addr().Is6()), func(q netip.Prefix) bool { return covers(q, p) })
}

func covers(outer, inner netip.Prefix) bool {
	return outer.Bits() <= inner.Bits() && outer.Contains(inner.Addr())
}

// outsideRanges is the ranges outside the internet and the plan's VPCs that
// some route leads to (L-17): packets of theirs may come back that way.
func (w *world) outsideRanges() []End {
	var out []End
	for _, t := range w.inv.Network.RouteTables {
		for _, r := range t.Routes {
			for _, e := range w.destinations(r) {
				if w.isOutside(e.Prefix) {
					out = union(out, e)
				}
			}
		}
	}
	slices.SortFunc(out, compareEnds)
	return out
}

// destinations is the ranges that a route names. Of one that names public
// addresses too, the default route above all, they are the private parts,
// unless it leads to the internet.
func (w *world) destinations(r netmodel.Route) []End {
	var named []netip.Prefix
	var doubt netmodel.Gap
	switch d := r.Destination; d.Kind {
	case netmodel.PeerPrefix:
		named = []netip.Prefix{d.Prefix}
	case netmodel.PeerPrefixList:
		among, _ := d.Ref.Among()
		for _, a := range among {
			if l := w.inv.Network.PrefixList(a); l != nil {
				for _, e := range l.Entries {
					named = append(named, e.Prefix)
				}
			}
		}
	case netmodel.PeerOpen:
		doubt = d.Gap
		for i, is6 := range []bool{false, true} {
			if [...]bool{d.V4, d.V6}[i] {
				named = append(named, everything(is6))
			}
		}
	case netmodel.PeerGroup:
	}
	var out []End
	for _, p := range named {
		if !isMixed(p) {
			out = append(out, End{Kind: PrefixEnd, Prefix: p, Doubt: doubt})
			continue
		}
		for _, q := range private {
			if covers(p, q) && !w.leadsToInternet(r.Target) {
				out = append(out, End{Kind: PrefixEnd, Prefix: q, Doubt: doubt})
			}
		}
	}
	return out
}

func everything(is6 bool) netip.Prefix {
	if is6 {
		return netip.PrefixFrom(netip.IPv6Unspecified(), 0)
	}
	return netip.PrefixFrom(netip.IPv4Unspecified(), 0)
}

// isMixed reports whether a prefix has public and other addresses.
func isMixed(p netip.Prefix) bool {
	return !isPublic(p) && slices.ContainsFunc(netmodel.Internet(p.Addr().Is6()), p.Overlaps)
}

// leadsToInternet reports whether a target certainly carries nothing but
// traffic with the internet.
func (w *world) leadsToInternet(target netmodel.Ref) bool {
	n := w.inv.Network
	a, ok := target.Exact()
	return ok && (n.InternetGateway(a) != nil || n.EgressOnlyGateway(a) != nil || n.NATGateway(a) != nil && n.NATGateway(a).Public.IsTrue())
}

// isOutside reports whether a range lies neither on the internet nor in a VPC
// of the plan.
func (w *world) isOutside(p netip.Prefix) bool {
	if isPublic(p) {
		return false
	}
	return !slices.ContainsFunc(w.inv.Network.VPCs, func(v *netmodel.VPC) bool {
		return slices.ContainsFunc(slices.Concat(v.IPv4, v.IPv6), func(own netip.Prefix) bool { return covers(own, p) })
	})
}
