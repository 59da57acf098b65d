package netmodel

import (
	"cmp"
	"slices"
)

// index finds objects by address.
type index struct {
	vpcs        map[Address]*VPC
	subnets     map[Address]*Subnet
	groups      map[Address]*Group
	acls        map[Address]*ACL
	tables      map[Address]*RouteTable
	internet    map[Address]*InternetGateway
	vpns        map[Address]*VPNGateway
	egressOnly  map[Address]*EgressOnlyGateway
	nats        map[Address]*NATGateway
	peerings    map[Address]*Peering
	transits    map[Address]*TransitGateway
	attachments map[Address]*Attachment
	transitRTs  map[Address]*TransitTable
	prefixLists map[Address]*PrefixList
	balancers   map[Address]*LoadBalancer
	targets     map[Address]*TargetGroup
	services    map[Address]*ServiceEndpoint
	offers      map[Address]*EndpointService
	middleboxes map[Address]*Middlebox
	interfaces  map[Address]*Interface
	endpoints   map[Address]*Endpoint
}

// Seal sorts the objects, makes them findable, and ends the building of n. It
// must be called once before n is read. It panics if two objects of one kind
// have the same address.
func (n *Network) Seal() *Network {
	seal(n.PublicAccess, func(x *PublicAccessBlock) Address { return x.Address })
	seal(n.PublicAccessExclusions, func(x *PublicAccessExclusion) Address { return x.Address })
	n.index = index{
		vpcs:        seal(n.VPCs, func(x *VPC) Address { return x.Address }),
		subnets:     seal(n.Subnets, func(x *Subnet) Address { return x.Address }),
		groups:      seal(n.Groups, func(x *Group) Address { return x.Address }),
		acls:        seal(n.ACLs, func(x *ACL) Address { return x.Address }),
		tables:      seal(n.RouteTables, func(x *RouteTable) Address { return x.Address }),
		internet:    seal(n.InternetGateways, func(x *InternetGateway) Address { return x.Address }),
		vpns:        seal(n.VPNGateways, func(x *VPNGateway) Address { return x.Address }),
		egressOnly:  seal(n.EgressGateways, func(x *EgressOnlyGateway) Address { return x.Address }),
		nats:        seal(n.NATGateways, func(x *NATGateway) Address { return x.Address }),
		peerings:    seal(n.Peerings, func(x *Peering) Address { return x.Address }),
		transits:    seal(n.TransitGateways, func(x *TransitGateway) Address { return x.Address }),
		attachments: seal(n.Attachments, func(x *Attachment) Address { return x.Address }),
		transitRTs:  seal(n.TransitTables, func(x *TransitTable) Address { return x.Address }),
		prefixLists: seal(n.PrefixLists, func(x *PrefixList) Address { return x.Address }),
		balancers:   seal(n.LoadBalancers, func(x *LoadBalancer) Address { return x.Address }),
		targets:     seal(n.TargetGroups, func(x *TargetGroup) Address { return x.Address }),
		services:    seal(n.ServiceEndpoints, func(x *ServiceEndpoint) Address { return x.Address }),
		offers:      seal(n.EndpointServices, func(x *EndpointService) Address { return x.Address }),
		middleboxes: seal(n.Middleboxes, func(x *Middlebox) Address { return x.Address }),
		interfaces:  seal(n.Interfaces, func(x *Interface) Address { return x.Address }),
		endpoints:   seal(n.Endpoints, func(x *Endpoint) Address { return x.Address }),
	}
	return n
}

func seal[T any](objects []T, address func(T) Address) map[Address]T {
	slices.SortStableFunc(objects, func(a, b T) int { return CompareAddresses(address(a), address(b)) })
	out := make(map[Address]T, len(objects))
	for _, x := range objects {
		a := address(x)
		if _, twice := out[a]; twice {
			panic("netmodel: two objects are called " + string(a))
		}
		out[a] = x
	}
	return out
}

// VPC is the VPC at a, or nil.
func (n *Network) VPC(a Address) *VPC { return n.index.vpcs[a] }

// Subnet is the subnet at a, or nil.
func (n *Network) Subnet(a Address) *Subnet { return n.index.subnets[a] }

// Group is the security group at a, or nil.
func (n *Network) Group(a Address) *Group { return n.index.groups[a] }

// ACL is the network ACL at a, or nil.
func (n *Network) ACL(a Address) *ACL { return n.index.acls[a] }

// RouteTable is the route table at a, or nil.
func (n *Network) RouteTable(a Address) *RouteTable { return n.index.tables[a] }

// InternetGateway is the internet gateway at a, or nil.
func (n *Network) InternetGateway(a Address) *InternetGateway { return n.index.internet[a] }

// VPNGateway is the virtual private gateway at a, or nil.
func (n *Network) VPNGateway(a Address) *VPNGateway { return n.index.vpns[a] }

// EgressOnlyGateway is the egress-only internet gateway at a, or nil.
func (n *Network) EgressOnlyGateway(a Address) *EgressOnlyGateway { return n.index.egressOnly[a] }

// NATGateway is the NAT gateway at a, or nil.
func (n *Network) NATGateway(a Address) *NATGateway { return n.index.nats[a] }

// Peering is the peering connection at a, or nil.
func (n *Network) Peering(a Address) *Peering { return n.index.peerings[a] }

// TransitGateway is the transit gateway at a, or nil.
func (n *Network) TransitGateway(a Address) *TransitGateway { return n.index.transits[a] }

// Attachment is the transit gateway attachment at a, or nil.
func (n *Network) Attachment(a Address) *Attachment { return n.index.attachments[a] }

// TransitTable is the transit gateway route table at a, or nil.
func (n *Network) TransitTable(a Address) *TransitTable { return n.index.transitRTs[a] }

// PrefixList is the prefix list at a, or nil.
func (n *Network) PrefixList(a Address) *PrefixList { return n.index.prefixLists[a] }

// LoadBalancer is the load balancer at a, or nil.
func (n *Network) LoadBalancer(a Address) *LoadBalancer { return n.index.balancers[a] }

// TargetGroup is the target group at a, or nil.
func (n *Network) TargetGroup(a Address) *TargetGroup { return n.index.targets[a] }

// ServiceEndpoint is the VPC endpoint with interfaces at a, or nil.
func (n *Network) ServiceEndpoint(a Address) *ServiceEndpoint { return n.index.services[a] }

// EndpointService is the endpoint service at a, or nil.
func (n *Network) EndpointService(a Address) *EndpointService { return n.index.offers[a] }

// Middlebox is the middlebox at a, or nil.
func (n *Network) Middlebox(a Address) *Middlebox { return n.index.middleboxes[a] }

// Interface is the interface at a, or nil.
func (n *Network) Interface(a Address) *Interface { return n.index.interfaces[a] }

// Endpoint is the endpoint at a, or nil.
func (n *Network) Endpoint(a Address) *Endpoint { return n.index.endpoints[a] }

// CompareAddresses orders addresses naturally: runs of digits by their number,
// so that web[2] comes before web[10].
func CompareAddresses(a, b Address) int {
	i, j := 0, 0
	for i < len(a) && j < len(b) {
		if isDigit(a[i]) && isDigit(b[j]) {
			m, n := digits(a[i:]), digits(b[j:])
			if c := compareNumbers(string(a[i:i+m]), string(b[j:j+n])); c != 0 {
				return c
			}
			i, j = i+m, j+n
			continue
		}
		if a[i] != b[j] {
			return cmp.Compare(a[i], b[j])
		}
		i, j = i+1, j+1
	}
	return cmp.Or(cmp.Compare(len(a)-i, len(b)-j), cmp.Compare(a, b))
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func digits(s Address) int {
	n := 0
	for n < len(s) && isDigit(s[n]) {
		n++
	}
	return n
}

func compareNumbers(a, b string) int {
	for len(a) > 1 && a[0] == '0' {
		a = a[1:]
	}
	for len(b) > 1 && b[0] == '0' {
		b = b[1:]
	}
	return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b))
}
