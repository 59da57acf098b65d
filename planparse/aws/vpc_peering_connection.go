package aws

import (
	"fmt"
	"net/netip"
	"slices"

	"github.com/planreach/planreach/netmodel"
	"github.com/planreach/planreach/planparse"
)

var acceptsPeering = []string{"aws_vpc_peering_connection", "aws_vpc_peering_connection_accepter", "data.aws_vpc_peering_connection"}

var vpcPeeringConnection = &planparse.ResourceType{
	Name:    "aws_vpc_peering_connection",
	Doc:     "connects two VPCs once it is accepted",
	Reads:   []string{"accept_status", "auto_accept", "peer_region", "peer_vpc_id", "vpc_id"},
	Ignores: []string{"accepter", "id", "peer_owner_id", "region", "requester", "tags", "tags_all", "timeouts"},
	Accepts: map[string][]string{"peer_vpc_id": acceptsVPC, "vpc_id": acceptsVPC},
	Build: func(r *planparse.Resource, b *planparse.Builder) {
		n := newBlock(r, b)
		x := &netmodel.Peering{Address: r.Address, Requester: n.Ref("vpc_id"), Accepter: n.Ref("peer_vpc_id"),
			SameRegion: n.sameRegion(), Origin: n.Origin("")}
		b.AddPeering(x)
		b.Later(func() { x.Active = n.peeringActive() })
		b.Check(func() { refuseOverlap(b, x) })
	},
}

// vpcPeeringConnectionAccepter describes the connection only if nothing else
// does: its other side may be in another configuration.
var vpcPeeringConnectionAccepter = &planparse.ResourceType{
	Name:    "aws_vpc_peering_connection_accepter",
	Doc:     "accepts a peering connection",
	Reads:   []string{"accept_status", "auto_accept", "peer_region", "peer_vpc_id", "vpc_id", "vpc_peering_connection_id"},
	Ignores: []string{"accepter", "id", "peer_owner_id", "region", "requester", "tags", "tags_all", "timeouts"},
	Accepts: map[string][]string{"vpc_peering_connection_id": acceptsPeering},
	Build: func(r *planparse.Resource, b *planparse.Builder) {
		n := newBlock(r, b)
		connection := n.Ref("vpc_peering_connection_id")
		if a, ok := connection.Exact(); ok {
			b.Alias(r.Address, a)
		}
		auto := n.Bool("auto_accept").Or(false) // read here, for the connection
		b.Later(func() {
			a, ok := b.CanonicalRef(connection).Exact()
			if !ok || peeringAt(b, a) != nil {
				return
			}
			x := &netmodel.Peering{Address: a, Requester: n.Ref("peer_vpc_id"), Accepter: n.Ref("vpc_id"),
				SameRegion: n.sameRegion(), Origin: n.Origin(""), Active: n.accepted()}
			if auto {
				x.Active = netmodel.Holds
			}
			b.AddPeering(x)
			b.Check(func() { refuseOverlap(b, x) })
		})
	},
}

var vpcPeeringConnectionOptions = &planparse.ResourceType{
	Name:    "aws_vpc_peering_connection_options",
	Doc:     "says how names resolve across a peering connection, and moves no packet",
	Reads:   []string{"vpc_peering_connection_id"},
	Ignores: []string{"accepter", "id", "region", "requester"},
	Accepts: map[string][]string{"vpc_peering_connection_id": acceptsPeering},
	Build: func(r *planparse.Resource, b *planparse.Builder) {
		if a, ok := r.Block(b.World()).Ref("vpc_peering_connection_id").Exact(); ok {
			b.Alias(r.Address, a)
		}
	},
}

var dataVPCPeeringConnection = &planparse.ResourceType{
	Name:  "data.aws_vpc_peering_connection",
	Doc:   "existing peering connection",
	Reads: []string{"peer_region", "peer_vpc_id", "region", "requester_region", "status", "vpc_id"},
	Ignores: []string{"accepter", "cidr_block", "cidr_block_set", "filter", "id", "ipv6_cidr_block_set", "owner_id", "peer_cidr_block",
		"peer_cidr_block_set", "peer_ipv6_cidr_block_set", "peer_owner_id", "requester", "tags", "timeouts"},
	Accepts: map[string][]string{"peer_vpc_id": acceptsVPC, "vpc_id": acceptsVPC},
	Build: func(r *planparse.Resource, b *planparse.Builder) {
		n := newBlock(r, b)
		x := &netmodel.Peering{Address: r.Address, Requester: n.Ref("vpc_id"), Accepter: n.Ref("peer_vpc_id"),
			SameRegion: n.sameRegions(n.String("requester_region"), n.String("peer_region")),
			Active:     n.statusActive("status"), Origin: n.Origin("")}
		if n.Has("region") && !n.Has("requester_region") { // before v6 it is the requester's
			x.SameRegion = n.sameRegions(n.String("region"), n.String("peer_region"))
		}
		b.AddPeering(x)
	},
}

// sameRegion says whether both VPCs of a connection are in one Region: unless
// another one is named, they are.
func (n block) sameRegion() netmodel.Truth {
	if n.unset("peer_region") && n.r.TypeName() == "aws_vpc_peering_connection" {
		return netmodel.Holds
	}
	return n.sameRegions(n.String("region"), n.String("peer_region"))
}

func (n block) sameRegions(x, y planparse.Known[string]) netmodel.Truth {
	p, known := x.Get()
	q, also := y.Get()
	if !known || !also {
		return netmodel.Open(n.outside("peer_region", netmodel.UnknownValue, "the Regions of the two VPCs are not known"))
	}
	return netmodel.Certain(p == q)
}

// statusActive says whether a connection is accepted, by the argument that holds
// its status (PCX-1).
func (n block) statusActive(name string) netmodel.Truth {
	switch status := n.String(name); status.Or("") {
	case "active", "provisioning":
		return netmodel.Holds
	case "failed", "expired", "rejected", "deleted", "deleting":
		return netmodel.Fails
	}
	return netmodel.Open(n.outside(name, netmodel.UnknownPeeringAcceptance, "the owner of the other VPC has to accept it"))
}

// accepted is statusActive of a resource that accepts or requests a connection
// and may be new.
func (n block) accepted() netmodel.Truth { return n.statusActive("accept_status") }

// peeringActive says whether the connection that n requests is accepted: by
// itself, by a resource that does so, or before this plan.
func (n block) peeringActive() netmodel.Truth {
	if n.Bool("auto_accept").Or(false) {
		return netmodel.Holds
	}
	for _, r := range n.b.Plan().Resources {
		if r.TypeName() != "aws_vpc_peering_connection_accepter" || r.Value(n.b.World()).IsNone() {
			continue
		}
		v := newBlock(r, n.b)
		if a, ok := n.b.CanonicalRef(v.Ref("vpc_peering_connection_id")).Exact(); ok && a == n.b.Canonical(n.r.Address) {
			if v.Bool("auto_accept").Or(false) {
				return netmodel.Holds
			}
			return v.accepted()
		}
	}
	return n.accepted()
}

func peeringAt(b *planparse.Builder, a netmodel.Address) *netmodel.Peering {
	return byAddress(b, b.Network().Peerings, func(x *netmodel.Peering) netmodel.Address { return x.Address }, a)
}

// refuseOverlap finds connections that AWS refuses: of VPCs that share addresses
// (PCX-7).
func refuseOverlap(b *planparse.Builder, x *netmodel.Peering) {
	requester, ok := x.Requester.Exact()
	accepter, also := x.Accepter.Exact()
	if !ok || !also || x.Active.IsFalse() {
		return
	}
	r, a := b.VPC(requester), b.VPC(accepter)
	if r == nil || a == nil || r == a {
		return
	}
	for _, p := range append(slices.Clone(r.IPv4), r.IPv6...) {
		if !slices.ContainsFunc(append(slices.Clone(a.IPv4), a.IPv6...), func(q netip.Prefix) bool { return p.Overlaps(q) }) {
			continue
		}
		c := netmodel.Conflict{Code: netmodel.InvalidConfiguration, Origin: x.Origin, With: []netmodel.Origin{r.Origin, a.Origin},
			Detail: fmt.Sprintf("%s and %s have addresses in common, and AWS does not peer such VPCs", r.Address, a.Address)}
		b.Conflict(c)
		x.Active = netmodel.Open(conflictGap(c))
		return
	}
}
