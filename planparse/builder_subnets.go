package planparse

import (
	"github.com/planreach/planreach/netmodel"
)

// applyMainTables settles which table is the main one of each VPC (TFB-11).
func (b *Builder) applyMainTables() {
	for _, c := range b.mainTables {
		table := b.CanonicalRef(c.to)
		spread(b.CanonicalRef(c.of), b.vpc, b.net.VPCs, func(v *netmodel.VPC, doubt netmodel.Gap) {
			if doubt.IsZero() {
				v.MainTable = table
			} else {
				v.MainTable = either(doubt, v.MainTable, table)
			}
		})
	}
}

// applySubnets settles the route table and the ACL of each subnet (RT-2,
// NACL-1).
func (b *Builder) applySubnets() {
	for _, s := range b.net.Subnets {
		if isZero(s.Table) {
			s.Table = b.ofVPC(s.VPC, func(v *netmodel.VPC) netmodel.Ref { return v.MainTable })
		}
		if isZero(s.ACL) {
			s.ACL = b.ofVPC(s.VPC, func(v *netmodel.VPC) netmodel.Ref { return v.DefaultACL })
		}
	}
	table := func(s *netmodel.Subnet) *netmodel.Ref { return &s.Table }
	acl := func(s *netmodel.Subnet) *netmodel.Ref { return &s.ACL }
	var priorACLs []association
	if b.prior != nil {
		priorACLs = b.prior.aclLinks
	}
	b.associate(b.tableLinks, nil, table, true, "route tables")
	b.associate(b.aclLinks, priorACLs, acl, false, "network ACLs")
}

// ofVPC is what get says of the VPC that r leads to.
func (b *Builder) ofVPC(r netmodel.Ref, get func(*netmodel.VPC) netmodel.Ref) netmodel.Ref {
	among, closed := r.Among()
	if !closed {
		return netmodel.Unsettled(r.Gap())
	}
	var out netmodel.Ref
	for i, a := range among {
		x := netmodel.NoLink()
		if a != "" {
			x = get(b.vpc(a))
		}
		if i == 0 {
			out = x
		} else {
			out = either(r.Gap(), out, x)
		}
	}
	return out
}

// associate applies the associations of one kind. If exclusive, the cloud
// refuses a second one for a subnet, so that one that is certain rules out the
// doubtful ones; else the last one replaces those before it.
func (b *Builder) associate(cs, prior []association, link func(*netmodel.Subnet) *netmodel.Ref, exclusive bool, what string) {
	certain := map[*netmodel.Subnet][]association{}
	shown := map[*netmodel.Subnet][]association{}
	for _, c := range cs {
		c.of, c.to = b.CanonicalRef(c.of), b.CanonicalRef(c.to)
		a, ok := c.of.Exact()
		switch {
		case !ok:
		case c.shown:
			if !b.wasAssociated(prior, a, c.to) {
				shown[b.subnet(a)] = append(shown[b.subnet(a)], c)
			}
		default:
			certain[b.subnet(a)] = append(certain[b.subnet(a)], c)
		}
	}
	for _, s := range b.net.Subnets {
		switch {
		case len(certain[s]) > 0:
			*link(s) = b.agreed(s, certain[s], what)
		case len(shown[s]) > 0:
			*link(s) = b.agreed(s, shown[s], what)
		}
	}
	for _, c := range cs {
		of := b.CanonicalRef(c.of)
		if of.IsSettled() {
			continue
		}
		to := b.CanonicalRef(c.to)
		spread(of, b.subnet, b.net.Subnets, func(s *netmodel.Subnet, doubt netmodel.Gap) {
			if exclusive && len(certain[s]) > 0 {
				return
			}
			*link(s) = either(doubt, *link(s), to)
		})
	}
}

// wasAssociated reports whether another resource made the association before
// the plan: what the plan shows of it is then out of date if that one is gone.
func (b *Builder) wasAssociated(prior []association, subnet netmodel.Address, to netmodel.Ref) bool {
	for _, c := range prior {
		a, ok := b.prior.CanonicalRef(c.of).Exact()
		if ok && !c.shown && a == subnet && b.prior.CanonicalRef(c.to).String() == to.String() {
			return true
		}
	}
	return false
}

// agreed is the link that all certain associations of s make; if they differ,
// the plan contradicts itself (TFC-6).
func (b *Builder) agreed(s *netmodel.Subnet, cs []association, what string) netmodel.Ref {
	out := cs[0].to
	var with []netmodel.Origin
	for _, c := range cs[1:] {
		x, ok := out.Exact()
		y, also := c.to.Exact()
		if ok && also && x == y {
			continue
		}
		with = append(with, c.origin)
		out = either(netmodel.Gap{
			Origin: c.origin, Why: netmodel.UntilApply, Code: netmodel.ConflictSubnetAssociation,
			Detail: string(s.Address) + " is associated with several " + what,
		}, out, c.to)
	}
	if len(with) > 0 {
		b.Conflict(netmodel.Conflict{Code: netmodel.ConflictSubnetAssociation, Origin: cs[0].origin, With: with,
			Detail: string(s.Address) + " is associated with several " + what})
	}
	return out
}
