package evaluator

import (
	"slices"
	"strings"

	"github.com/planreach/planreach/headerspace"
	"github.com/planreach/planreach/netmodel"
)

// A tri is one bit in three values.
type tri uint8

const (
	no tri = iota
	maybe
	yes
)

// A party is one end of a packet as filters see it.
type party struct {
	is6 bool
	// atom is the class of its address; 0: some address of the family.
	atom headerspace.Atom
	// groups are the security groups by whose identity it is known, sorted; none
	// if the identity is lost. moreGroups: there may be others.
	groups     []netmodel.Address
	moreGroups bool
	// unfiltered: nothing filters what it sends and receives (LB-19).
	unfiltered bool
	// self is the interface or NAT gateway whose private address it is; empty: not
	// known, or outside. unowned: an address of the internet that nothing in the
	// plan has.
	self    netmodel.Address
	unowned bool
}

func (p party) key() string {
	var b strings.Builder
	if p.moreGroups {
		b.WriteByte('+')
	}
	for _, g := range p.groups {
		b.WriteString(string(g))
		b.WriteByte('\n')
	}
	return b.String()
}

// names reports whether a rule's or route's peer means p.
func (c *compiled) names(peer *netmodel.Peer, p party) tri {
	switch peer.Kind {
	case netmodel.PeerPrefix:
		return c.inPrefix(p, peer)
	case netmodel.PeerGroup:
		return carries(p, peer.Ref)
	case netmodel.PeerPrefixList:
		a, ok := peer.Ref.Exact()
		list := c.net.PrefixList(a)
		if !ok || list == nil {
			return maybe
		}
		best := no
		if len(list.Hidden) > 0 {
			best = maybe
		}
		for i := range list.Entries {
			e := &list.Entries[i]
			in := c.inPrefix(p, &netmodel.Peer{Prefix: e.Prefix})
			if in == yes && !e.Doubt.IsZero() {
				in = maybe
			}
			best = max(best, in)
		}
		return best
	case netmodel.PeerOpen:
		switch {
		case p.is6 && !peer.V6, !p.is6 && !peer.V4:
			return no
		case peer.Own && (p.self != "" || p.unowned || p.atom != 0 && !c.public[p.atom]):
			return no // a private address, or somebody else's
		case !peer.Own:
			return c.isHost(peer.Host, p)
		}
		return maybe
	}
	panic("evaluator: rule without a peer")
}

// isHost reports whether p has the address of the interface or NAT gateway that a
// peer's Host leads to; maybe if it leads nowhere.
func (c *compiled) isHost(r netmodel.Ref, p party) tri {
	host, ok := r.Exact()
	home := c.homes[host]
	switch {
	case !ok || home == "":
		return maybe
	case p.self == host:
		return yes
	case p.unowned:
		return no
	case p.self != "" && c.homes[p.self] == home: // one address, one holder
		return no
	case p.self == "" && p.atom != 0 && c.public[p.atom] && !c.cidrHolds(home, p):
		return no
	}
	return maybe
}

func (c *compiled) inPrefix(p party, peer *netmodel.Peer) tri {
	switch {
	case peer.Prefix.Addr().Is6() != p.is6:
		return no
	case peer.Prefix.Bits() == 0:
		return yes
	case p.atom == 0:
		return maybe
	case c.atoms.In(p.atom, peer.Prefix):
		return yes
	}
	return no
}

// carries reports whether p is known by the group that r leads to.
func carries(p party, r netmodel.Ref) tri {
	if a, ok := r.Exact(); ok {
		switch {
		case slices.Contains(p.groups, a):
			return yes
		case p.moreGroups:
			return maybe
		}
		return no
	}
	if r.IsNone() {
		return no
	}
	if p.moreGroups || slices.ContainsFunc(p.groups, r.MayBe) {
		return maybe
	}
	return no
}

// A filterKey is a filter and a far end that it cannot tell from others with
// the same key.
type filterKey struct {
	filter *netmodel.Filter
	is6    bool
	atom   headerspace.Atom
	groups string
	self   netmodel.Address // if the filter names addresses of single objects
	near   bool             // likewise: unowned
}

// admits is what f lets through between its side and the far end p.
func (c *compiled) admits(f *netmodel.Filter, p party) headerspace.Tri {
	key := filterKey{filter: f, is6: p.is6, atom: p.atom, groups: p.key()}
	if c.namesHosts(f) {
		key.self, key.near = p.self, p.unowned
	}
	if t, ok := c.memo[key]; ok {
		return t
	}
	t := c.fold(f, p)
	c.memo[key] = t
	return t
}

// namesHosts reports whether a rule of f names the address of a single object.
func (c *compiled) namesHosts(f *netmodel.Filter) bool {
	named, known := c.hostly[f]
	if !known {
		named = slices.ContainsFunc(f.Rules, func(r netmodel.Rule) bool { return r.Peer.Kind == netmodel.PeerOpen })
		c.hostly[f] = named
	}
	return named
}

// fold decides every point of traffic by the first rule that matches. A filter
// of nothing but permits comes out as their union.
func (c *compiled) fold(f *netmodel.Filter, p party) headerspace.Tri {
	live := headerspace.All() // traffic that no earlier rule certainly took
	var may [netmodel.Deny + 1]headerspace.Traffic
	for i := range f.Rules {
		r := &f.Rules[i]
		match := r.Match
		switch c.names(&r.Peer, p) {
		case no:
			continue
		case maybe:
			match = match.Doubt()
		case yes:
			if !r.Doubt.IsZero() {
				match = match.Doubt()
			}
		}
		may[r.Action] = may[r.Action].Union(live.Minus(match.No()))
		live = live.Minus(match.Yes())
	}
	may[f.Default] = may[f.Default].Union(live)
	passes := headerspace.All().Minus(may[netmodel.Deny])
	stops := headerspace.All().Minus(may[netmodel.Permit])
	if len(f.Hidden) > 0 {
		stops = headerspace.Traffic{}
		if !f.Stateful { // a hidden rule may come first
			passes = headerspace.Traffic{}
		}
	}
	return headerspace.NewTri(passes, stops)
}

// groupsAdmit is the union of what the groups of an interface let through in
// one direction (SG-2).
func (c *compiled) groupsAdmit(own party, d netmodel.Direction, far party) headerspace.Tri {
	if own.unfiltered {
		return everything
	}
	out := headerspace.Exactly(headerspace.Traffic{})
	for _, a := range own.groups {
		g := c.net.Group(a)
		if g == nil {
			out = out.Or(headerspace.Tri{})
			continue
		}
		out = out.Or(c.admits(g.Filter(d), far))
	}
	if own.moreGroups || len(own.groups) == 0 {
		out = out.Or(headerspace.Tri{})
	}
	return out
}
