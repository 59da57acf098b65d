package planparse

import "github.com/planreach/planreach/netmodel"

// AddMiddlebox adds an endpoint of a firewall or of a Gateway Load Balancer.
func (b *Builder) AddMiddlebox(x *netmodel.Middlebox) {
	b.ranks[x] = b.rank(x.Address)
	b.net.Middleboxes = append(b.net.Middleboxes, x)
}
