package planparse

import (
	"github.com/planreach/planreach/netmodel"
)

// An adoption makes a resource describe an object that comes with a VPC.
type adoption struct {
	adopter netmodel.Address
	kind    use
	target  netmodel.Ref // the object; for a group its VPC
}

// AdoptACL says that the resource at a takes over the ACL that t leads to.
func (b *Builder) AdoptACL(a netmodel.Address, t netmodel.Ref) { b.adopt(adoption{a, useACL, t}) }

// AdoptTable says that the resource at a takes over the route table that t leads
// to.
func (b *Builder) AdoptTable(a netmodel.Address, t netmodel.Ref) { b.adopt(adoption{a, useTable, t}) }

func (b *Builder) adopt(x adoption) {
	if object, ok := x.target.Exact(); ok {
		b.Alias(x.adopter, object)
		return
	}
	b.adoptions = append(b.adoptions, x)
}

// AdoptDefaultGroup says that the resource at a takes over the default group of
// the VPC that v leads to; attribute is what a reference calls that group.
func (b *Builder) AdoptDefaultGroup(a netmodel.Address, v netmodel.Ref, attribute netmodel.Address) {
	if vpc, ok := v.Exact(); ok {
		b.Alias(a, vpc+"."+attribute)
		return
	}
	b.adoptions = append(b.adoptions, adoption{a, useGroup, v})
}

// settleAdoptions notes for each object that may have been taken over by whom.
// Links to it may then lead to either of them: the one as the cloud made it, or
// what the adopting resource makes of it.
func (b *Builder) settleAdoptions() {
	b.adopters = map[netmodel.Address][]adoption{}
	for _, x := range b.adoptions {
		x.target = b.CanonicalRef(x.target)
		for _, g := range b.net.Groups {
			vpc, ok := g.VPC.Exact()
			b.mayAdopt(x, useGroup, b.ranks[g], g.Address, !ok || x.target.MayBe(vpc))
		}
		for _, a := range b.net.ACLs {
			b.mayAdopt(x, useACL, b.ranks[a], a.Address, x.target.MayBe(a.Address))
		}
		for _, t := range b.net.RouteTables {
			b.mayAdopt(x, useTable, b.ranks[t], t.Address, x.target.MayBe(t.Address))
		}
	}
}

func (b *Builder) mayAdopt(x adoption, kind use, r rank, a netmodel.Address, possible bool) {
	if x.kind == kind && r == implied && possible {
		b.adopters[a] = append(b.adopters[a], x)
	}
}

// widened is r with the resources that may have taken over what it leads to,
// and the other way round.
func (b *Builder) widened(r netmodel.Ref) netmodel.Ref {
	if len(b.adopters) == 0 {
		return r
	}
	among, _ := r.Among()
	for _, a := range among {
		for _, x := range b.adopters[a] {
			r = either(x.target.Gap(), r, netmodel.To(x.adopter))
		}
	}
	return r
}
