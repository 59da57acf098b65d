package planparse

import "github.com/planreach/planreach/netmodel"

// A sharing makes a group usable in a VPC other than its own.
type sharing struct{ group, vpc netmodel.Ref }

// ShareGroup makes the group that g leads to usable in the VPC that v leads to.
func (b *Builder) ShareGroup(g, v netmodel.Ref) { b.sharings = append(b.sharings, sharing{g, v}) }

// MayShareGroup reports whether a group may be usable in a VPC that is not its
// own.
func (b *Builder) MayShareGroup(group, vpc netmodel.Address) bool {
	for _, s := range b.sharings {
		if b.CanonicalRef(s.group).MayBe(group) && b.CanonicalRef(s.vpc).MayBe(vpc) {
			return true
		}
	}
	return false
}
