package randnet

import (
	"math/rand/v2"
	"net/netip"

	"github.com/planreach/planreach/headerspace"
	"github.com/planreach/planreach/netmodel"
)

// Shuffled is n with its objects in another order before it is sealed again.
func Shuffled(n *netmodel.Network, seed uint64) *netmodel.Network {
	r := rand.New(rand.NewPCG(seed, 9))
	shuffle(r, n.VPCs)
	shuffle(r, n.Subnets)
	shuffle(r, n.Groups)
	shuffle(r, n.ACLs)
	shuffle(r, n.RouteTables)
	shuffle(r, n.InternetGateways)
	shuffle(r, n.VPNGateways)
	shuffle(r, n.EgressGateways)
	shuffle(r, n.NATGateways)
	shuffle(r, n.PrefixLists)
	shuffle(r, n.LoadBalancers)
	shuffle(r, n.TargetGroups)
	shuffle(r, n.Middleboxes)
	shuffle(r, n.Interfaces)
	shuffle(r, n.Endpoints)
	return n.Seal()
}

func shuffle[T any](r *rand.Rand, list []T) {
	r.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
}

// Extended is n with one more VPC that nothing connects with the others.
func Extended(n *netmodel.Network) *netmodel.Network {
	vpc, subnet := netmodel.Address("aws_vpc.apart"), netmodel.Address("aws_subnet.apart")
	table, acl := netmodel.Address("aws_route_table.apart"), netmodel.Address("aws_network_acl.apart")
	group := netmodel.Address("aws_security_group.apart")
	open := netmodel.Filter{Default: netmodel.Deny, Rules: []netmodel.Rule{{
		Action: netmodel.Permit, Match: headerspace.Exactly(headerspace.All()), Peer: netmodel.InPrefix(all4),
	}}}
	stateful := open
	stateful.Stateful = true
	n.VPCs = append(n.VPCs, &netmodel.VPC{
		Address: vpc, IPv4: []netip.Prefix{netip.MustParsePrefix("10.99.0.0/26")}, HasIPv6: netmodel.Fails,
		MainTable: netmodel.To(table), DefaultACL: netmodel.To(acl), DefaultGroup: netmodel.To(group),
	})
	n.Subnets = append(n.Subnets, &netmodel.Subnet{
		Address: subnet, VPC: netmodel.To(vpc), IPv4: netip.MustParsePrefix("10.99.0.0/28"), HasIPv4: netmodel.Holds,
		HasIPv6: netmodel.Fails, Table: netmodel.To(table), ACL: netmodel.To(acl),
		MapPublicIP: netmodel.Holds, AssignIPv6: netmodel.Fails,
	})
	n.RouteTables = append(n.RouteTables, &netmodel.RouteTable{Address: table, VPC: netmodel.To(vpc), Routes: []netmodel.Route{{
		Destination: netmodel.InPrefix(all4), Target: netmodel.To("aws_internet_gateway.apart"),
		Rank: netmodel.StaticRoute, Blackhole: netmodel.Fails,
	}}})
	n.ACLs = append(n.ACLs, &netmodel.ACL{Address: acl, VPC: netmodel.To(vpc), Ingress: open, Egress: open})
	n.Groups = append(n.Groups, &netmodel.Group{Address: group, VPC: netmodel.To(vpc), Ingress: stateful, Egress: stateful})
	n.InternetGateways = append(n.InternetGateways, &netmodel.InternetGateway{Address: "aws_internet_gateway.apart", VPC: netmodel.To(vpc), Table: netmodel.NoLink()})
	n.Interfaces = append(n.Interfaces, &netmodel.Interface{
		Address: "aws_network_interface.apart", Subnet: netmodel.To(subnet), HasIPv4: netmodel.Holds, HasIPv6: netmodel.Fails,
		Groups: netmodel.Refs{Links: []netmodel.Ref{netmodel.To(group)}}, AutoPublic: netmodel.Holds, Elastic: netmodel.Fails,
		SourceCheck: netmodel.Holds, Attached: netmodel.Holds,
	})
	n.Endpoints = append(n.Endpoints, &netmodel.Endpoint{
		Address: "aws_instance.apart", Type: "aws_instance", Interfaces: []netmodel.Address{"aws_network_interface.apart"},
	})
	return n.Seal()
}
