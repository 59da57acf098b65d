// Package oracle decides, slowly and obviously, what becomes of one packet in
// one fully known network, and tries every network that the gaps of a plan
// allow. It is written from the semantics alone, for tests that hold the
// evaluator against it.
package oracle

import (
	"net/netip"
	"slices"

	"github.com/planreach/planreach/headerspace"
	"github.com/planreach/planreach/netmodel"
)

// A world is a fully known network: every link settled, every statement
// certain, no doubts, every address known. In it a route to something that is
// no object of the network leads to a transparent device, and an interface
// without source check is a transparent router.
type world struct {
	*netmodel.Network
	memo *memo
}

// A memo keeps what is asked of a network again and again.
type memo struct{ ports map[[3]uint16][]uint16 }

func newWorld(n *netmodel.Network) world { return world{n, &memo{map[[3]uint16][]uint16{}}} }

func exact(r netmodel.Ref) netmodel.Address {
	a, _ := r.Exact()
	return a
}

func (w world) subnetOf(i *netmodel.Interface) *netmodel.Subnet { return w.Subnet(exact(i.Subnet)) }

func (w world) vpcOf(i *netmodel.Interface) netmodel.Address {
	if s := w.subnetOf(i); s != nil {
		return exact(s.VPC)
	}
	return ""
}

// owner is the interface in the VPC that has the private or IPv6 address a.
func (w world) owner(vpc netmodel.Address, a netip.Addr) *netmodel.Interface {
	for _, i := range w.Interfaces {
		if w.vpcOf(i) == vpc && owns(i, a) {
			return i
		}
	}
	return nil
}

func owns(i *netmodel.Interface, a netip.Addr) bool {
	return slices.Contains(i.IPv4, a) || slices.Contains(i.IPv6, a)
}

func within(s *netmodel.Subnet, a netip.Addr) bool {
	return s.IPv4.IsValid() && s.IPv4.Contains(a) || s.IPv6.IsValid() && s.IPv6.Contains(a)
}

// peerMatches reports whether the far address, or the interface that stands
// behind it and keeps its identity, is what the rule names (SG-8, SG-9).
func (w world) peerMatches(p netmodel.Peer, far netip.Addr, identity *netmodel.Interface) bool {
	switch p.Kind {
	case netmodel.PeerPrefix:
		return p.Prefix.Contains(far)
	case netmodel.PeerPrefixList:
		return slices.ContainsFunc(w.entries(p), func(q netip.Prefix) bool { return q.Contains(far) })
	case netmodel.PeerGroup:
		return identity != nil && slices.ContainsFunc(identity.Groups.Links, func(r netmodel.Ref) bool {
			return exact(r) != "" && exact(r) == exact(p.Ref)
		})
	case netmodel.PeerOpen:
	}
	panic("oracle: the peer is open")
}

// entries are the prefixes of the list that p names.
func (w world) entries(p netmodel.Peer) []netip.Prefix {
	list := w.PrefixList(exact(p.Ref))
	if list == nil {
		return nil
	}
	var out []netip.Prefix
	for _, e := range list.Entries {
		out = append(out, e.Prefix)
	}
	return out
}

// admits is the action of the first rule that matches (NACL-3). Groups have
// only permits, so for them first and any are the same (SG-1, SG-2).
func (w world) admits(f *netmodel.Filter, p headerspace.Packet, far netip.Addr, identity *netmodel.Interface) bool {
	for _, r := range f.Rules {
		if r.Match.Yes().Contains(p) && w.peerMatches(r.Peer, far, identity) {
			return r.Action == netmodel.Permit
		}
	}
	return f.Default == netmodel.Permit
}

// groupsAdmit reports whether any group of the interface has a rule for p
// (SG-2, SG-3).
func (w world) groupsAdmit(i *netmodel.Interface, d netmodel.Direction, p headerspace.Packet, identity *netmodel.Interface) bool {
	if i.Unfiltered {
		return true // LB-19
	}
	far := p.Src
	if d == netmodel.Egress {
		far = p.Dst
	}
	for _, link := range i.Groups.Links {
		if g := w.Group(exact(link)); g != nil && w.admits(g.Filter(d), p, far, identity) {
			return true
		}
	}
	return false
}

// aclAdmits reports whether the edge of the subnet lets p in or out.
func (w world) aclAdmits(s *netmodel.Subnet, d netmodel.Direction, p headerspace.Packet) bool {
	acl := w.ACL(exact(s.ACL))
	if acl == nil {
		return false
	}
	far := p.Src
	if d == netmodel.Egress {
		far = p.Dst
	}
	return w.admits(acl.Filter(d), p, far, nil)
}

// route is the target for dst in the table of a subnet of the VPC: the longest
// prefix, then the lowest rank, then the first in the table (RT-14, RT-15,
// RT-20). ok is false if nothing matches or the route is a blackhole.
func (w world) route(table *netmodel.RouteTable, vpc netmodel.Address, dst netip.Addr) (target netmodel.Address, ok bool) {
	var (
		best          netip.Prefix
		rank          netmodel.Rank
		dead, matched bool
	)
	offer := func(p netip.Prefix, r netmodel.Rank, t netmodel.Address, blackhole bool) {
		if !p.Contains(dst) || matched && (p.Bits() < best.Bits() || p.Bits() == best.Bits() && r >= rank) {
			return
		}
		best, rank, target, dead, matched = p, r, t, blackhole, true
	}
	for _, p := range netmodel.Unforwarded() {
		if p.Contains(dst) {
			return "", false
		}
	}
	local := false
	v := w.VPC(vpc)
	for _, cidr := range slices.Concat(v.IPv4, v.IPv6) {
		local = local || cidr.Contains(dst)
	}
	for _, r := range table.Routes {
		if r.Rank == netmodel.PropagatedRoute && local {
			continue // RT-18
		}
		prefixes := []netip.Prefix{r.Destination.Prefix}
		if r.Destination.Kind == netmodel.PeerPrefixList {
			prefixes = w.entries(r.Destination)
		}
		for _, p := range prefixes {
			offer(p, r.Rank, exact(r.Target), r.Blackhole.IsTrue() || exact(r.Target) == "")
		}
	}
	// A route for the whole CIDR replaces the local one (RT-10); it was offered
	// first, so the local one does not displace it.
	for _, cidr := range slices.Concat(v.IPv4, v.IPv6) {
		offer(cidr, netmodel.StaticRoute, netmodel.LocalTarget, false)
	}
	return target, matched && !dead
}
