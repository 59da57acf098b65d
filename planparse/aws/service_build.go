package aws

import (
	"fmt"
	"slices"
	"strings"

	"github.com/planreach/planreach/netmodel"
	"github.com/planreach/planreach/planparse"
)

func (s *service) build(r *planparse.Resource, b *planparse.Builder) {
	n := newBlock(r, b)
	e := n.endpoint()
	e.Every, e.SendsOnly = s.place == inEach, s.sendsOnly
	if s.start != nil {
		s.start(n)
	}
	b.Later(func() {
		where, more := s.places(n, 0)
		e.More = more
		for i := range where {
			s.settle(n, e, &where[i])
		}
		if len(e.Interfaces) > 0 || !e.More.IsZero() {
			b.AddEndpoint(e)
		}
	})
}

// A placed says where a service is: in subnets, with groups.
type placed struct {
	planparse.Block
	subnets, groups netmodel.Refs
}

// places is where the resource n is. more says why it may be elsewhere too.
func (s *service) places(n block, depth int) (out []placed, more netmodel.Gap) {
	for _, in := range s.blocks() {
		blocks, gap := n.at(n.Block, in)
		if more.IsZero() {
			more = gap
		}
		for _, x := range blocks {
			out = append(out, s.placed(n, x, depth))
		}
	}
	if len(out) > 0 || !more.IsZero() {
		return out, more
	}
	switch s.home {
	case inDefaultVPC:
		out = append(out, placed{Block: n.Block, subnets: netmodel.Refs{Links: []netmodel.Ref{defaultSubnet(n.r, n.b)}}})
	case withInstances:
		more = netmodel.Gap{Origin: n.Origin(""), Why: netmodel.NotModelled, Code: netmodel.UnsupportedResourceType,
			Detail: "it has no network configuration of its own, and uses the interfaces of instances"}
	case outsideVPCs:
	}
	return out, more
}

func (s *service) placed(n block, x planparse.Block, depth int) placed {
	p := placed{Block: x, subnets: n.refsAt(x, s.subnets), groups: n.refsAt(x, s.groups)}
	if s.by != "" {
		p.subnets = s.groupedSubnets(n, x)
	}
	if s.like != "" && n.Has(s.like) && (!p.isSettled() || !isSome(p.groups)) && depth < 3 {
		p.follow(n, s, depth)
	}
	if !isSome(p.subnets) && s.home == inDefaultVPC {
		p.subnets.Links = []netmodel.Ref{defaultSubnet(n.r, n.b)}
	}
	return p
}

// isSettled reports whether it is known in which subnets p is.
func (p *placed) isSettled() bool {
	return p.subnets.More.IsZero() && len(p.subnets.Links) > 0 &&
		!slices.ContainsFunc(p.subnets.Links, func(r netmodel.Ref) bool { _, closed := r.Among(); return !closed })
}

// follow takes what p lacks from the resource that the argument like of s
// names. A replica, which is of the same type, does not take over the groups.
func (p *placed) follow(n block, s *service, depth int) {
	if n.unset(s.like) {
		return
	}
	from, gap := n.named(n.Block, s.like, s.of)
	if from == nil {
		if !isSome(p.subnets) {
			p.subnets.Links = []netmodel.Ref{netmodel.Unsettled(gap)}
		}
		if !isSome(p.groups) && s.of != s.name {
			p.groups.More = gap
		}
		return
	}
	i := slices.IndexFunc(services, func(x service) bool { return x.name == s.of })
	places, _ := services[i].places(newBlock(from, n.b), depth+1)
	for _, q := range places {
		if !p.isSettled() {
			p.subnets = q.subnets
		}
		if !isSome(p.groups) && s.of != s.name {
			p.groups = q.groups
		}
	}
}

// groupedSubnets is the subnets of the group of subnets that x names. Nothing is
// known of a group that the plan does not describe, but that it has some; of the
// default group, that it is in the default VPC.
func (s *service) groupedSubnets(n block, x planparse.Block) netmodel.Refs {
	if !x.Has(s.by) || n.leaves(x, s.by) {
		return netmodel.Refs{}
	}
	group, gap := n.named(x, s.by, s.group)
	switch {
	case group != nil:
		return group.Block(n.b.World()).Refs("subnet_ids")
	case x.Get(s.by).Text() == "default":
		return netmodel.Refs{}
	}
	return netmodel.Refs{Links: []netmodel.Ref{netmodel.Unsettled(gap)}}
}

// settle gives e its interfaces in the subnets of p.
func (s *service) settle(n block, e *netmodel.Endpoint, p *placed) {
	if s.place == inOne {
		if isSome(p.subnets) {
			s.add(n, e, p, s.oneOf(n, p.subnets), n.r.Address+".interface")
		}
		return
	}
	if e.More.IsZero() {
		e.More = p.subnets.More
	}
	for i, link := range p.subnets.Links {
		link = n.b.CanonicalRef(link)
		name := fmt.Sprintf("%s.interface[%d]", n.r.Address, i)
		if a, ok := link.Exact(); ok {
			name = fmt.Sprintf("%s.interface[%s]", n.r.Address, a)
		}
		s.add(n, e, p, link, netmodel.Address(name))
	}
}

// oneOf is the one subnet among several.
func (s *service) oneOf(n block, subnets netmodel.Refs) netmodel.Ref {
	g := netmodel.Gap{Origin: n.Origin(""), Why: netmodel.UntilApply, Code: netmodel.UnknownSubnetPlacement,
		Detail: "AWS chooses one of the subnets"}
	if !n.isNew() {
		g.Why = netmodel.OutsidePlan
	}
	if !subnets.More.IsZero() {
		return netmodel.Unsettled(subnets.More)
	}
	var among []netmodel.Address
	for _, link := range subnets.Links {
		link = n.b.CanonicalRef(link)
		some, closed := link.Among()
		if !closed {
			return netmodel.Unsettled(link.Gap())
		}
		among = append(among, some...)
	}
	return netmodel.OneOf(g, among...)
}

// add gives e an interface called a in a subnet.
func (s *service) add(n block, e *netmodel.Endpoint, p *placed, subnet netmodel.Ref, a netmodel.Address) {
	for i, name := 2, strings.TrimSuffix(string(a), "]"); slices.Contains(e.Interfaces, a); i++ {
		a = netmodel.Address(fmt.Sprintf("%s, %d]", name, i)) // in the same subnet for another purpose
	}
	x := &netmodel.Interface{
		Address: a, Origin: n.Origin(""), Subnet: subnet, Groups: p.groups,
		HasIPv4: netmodel.Holds, AutoPublic: s.isPublic(n), Elastic: netmodel.Fails,
		SourceCheck: netmodel.Holds, Attached: netmodel.Holds,
	}
	if s.address != "" {
		x.IPv4 = n.addresses(s.address)
	}
	if s.launches {
		x.AutoPublic, x.AutoPublicFromSubnet, x.AssignIPv6FromSubnet = netmodel.Truth{}, true, true
	}
	switch {
	case s.dress != nil:
		s.dress(n, e, x)
	case s.ownGroup:
		x.Groups = netmodel.Refs{More: netmodel.Gap{Origin: n.Origin(""), Why: netmodel.OutsidePlan,
			Code: netmodel.UnknownSecurityGroupRules, Detail: "it has groups that the plan does not describe"}}
	case !isSome(x.Groups):
		useDefaultGroup(n.b, x)
	}
	e.Interfaces = append(e.Interfaces, a)
	n.b.AddInterface(x)
	n.afterInterfaces(func() {
		n.setIPv4(x)
		if !x.AssignIPv6FromSubnet && x.HasIPv6.IsOpen() {
			x.HasIPv6 = s.ipv6At(n, x)
		}
	})
}

// isPublic says whether interfaces have public addresses.
func (s *service) isPublic(n block) netmodel.Truth {
	if s.public == "" {
		return netmodel.Fails
	}
	return n.says(n.Block, s.public)
}

// ipv6At says whether x has an IPv6 address: never in a subnet without IPv6, and
// where there is a switch for it, only if it is on.
func (s *service) ipv6At(n block, x *netmodel.Interface) netmodel.Truth {
	of := n.ipv6Of(x.Subnet)
	if of.IsFalse() {
		return of
	}
	if s.ipv6 == "" {
		return netmodel.Open(netmodel.Gap{Origin: n.Origin(""), Why: netmodel.NotModelled, Code: netmodel.UnknownValue,
			Detail: "it may have an IPv6 address where its subnet has a range of them"})
	}
	on := n.says(n.Block, s.ipv6)
	isMember := s.like != "" && !n.unset(s.like) // which does as the others do
	if on.IsOpen() && n.leaves(n.Block, s.ipv6) && !isMember {
		return netmodel.Fails // the default everywhere
	}
	if on.IsTrue() {
		return of
	}
	return on
}

// ipv6Of says whether the subnets that r may lead to have an IPv6 range.
func (n block) ipv6Of(r netmodel.Ref) netmodel.Truth {
	open := netmodel.Open(netmodel.Gap{Origin: n.Origin(""), Why: netmodel.OutsidePlan, Code: netmodel.UnknownValue,
		Detail: "its subnet may have an IPv6 range or not"})
	among, closed := n.b.CanonicalRef(r).Among()
	if !closed {
		return open
	}
	var out netmodel.Truth
	for i, a := range among {
		s := byAddress(n.b, n.b.Network().Subnets, func(s *netmodel.Subnet) netmodel.Address { return s.Address }, a)
		switch {
		case s == nil:
			return open
		case s.HasIPv6.IsOpen():
			return s.HasIPv6
		case i == 0:
			out = s.HasIPv6
		case s.HasIPv6.IsTrue() != out.IsTrue():
			return open
		}
	}
	return out
}
