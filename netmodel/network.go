// Package netmodel is the provider-independent picture of a planned network:
// what filters, routes and forwards, with every fact's origin and every fact
// that the plan leaves open. It knows nothing of Terraform's attributes, and
// nothing of assertions.
//
// Objects refer to each other by Address through Ref; an Address that no
// object of the Network has is outside the plan, or of a type that is not
// modelled (Network.Foreign).
package netmodel

import (
	"net/netip"

	"github.com/planreach/planreach/headerspace"
)

// LocalTarget is the target of a route that delivers inside its own VPC.
const LocalTarget Address = "local"

// A Network is everything that decides where packets get. It is built once and
// not changed afterwards. All slices are in natural order of the addresses.
type Network struct {
	VPCs                   []*VPC
	Subnets                []*Subnet
	Groups                 []*Group
	ACLs                   []*ACL
	RouteTables            []*RouteTable
	InternetGateways       []*InternetGateway
	PublicAccess           []*PublicAccessBlock
	PublicAccessExclusions []*PublicAccessExclusion
	VPNGateways            []*VPNGateway
	EgressGateways         []*EgressOnlyGateway
	NATGateways            []*NATGateway
	Peerings               []*Peering
	TransitGateways        []*TransitGateway
	Attachments            []*Attachment
	TransitTables          []*TransitTable
	PrefixLists            []*PrefixList
	LoadBalancers          []*LoadBalancer
	TargetGroups           []*TargetGroup
	ServiceEndpoints       []*ServiceEndpoint
	EndpointServices       []*EndpointService
	Middleboxes            []*Middlebox
	Interfaces             []*Interface
	Endpoints              []*Endpoint

	// Foreign are objects that something links to and that are neither modelled
	// nor described by the plan, with the reason. A packet that meets one has an
	// open fate.
	Foreign map[Address]Gap
	// ServiceGateways are those of Foreign that lead to a regional service and
	// nothing else, as a gateway endpoint does (VPCE-2). The service's addresses
	// are public; they are not the internet where a route leads there.
	ServiceGateways map[Address]bool
	// NotModelled are resources that bear on the network without a model.
	NotModelled []Unmodelled
	// Conflicts are places where the plan contradicts itself.
	Conflicts []Conflict
	// Assumed are the facts that the user's assumptions settled.
	Assumed []Origin
	// Moved maps the present address of a moved endpoint to its address before
	// the plan.
	Moved map[Address]Address
	// Sensitive are the prefixes that the plan marks sensitive: they, and what
	// lies inside them, are never printed.
	Sensitive []netip.Prefix
	// SensitiveTraffic is what sensitive rules name: its edges are never printed.
	SensitiveTraffic []headerspace.Traffic
	// Modelled is the number of resource instances that entered the network.
	Modelled int

	index index
}

// A VPC is one routing domain.
type VPC struct {
	Address Address
	IPv4    []netip.Prefix // known CIDRs, masked
	IPv6    []netip.Prefix
	// Open4 and Open6 say why there may be CIDRs beside the known ones.
	Open4, Open6 Gap
	// HasIPv6 says whether the VPC has any IPv6 CIDR.
	HasIPv6      Truth
	MainTable    Ref
	DefaultACL   Ref
	DefaultGroup Ref
	// Hidden are the reasons why gateways may be attached that the plan does
	// not show: the VPC is only read, or only mentioned.
	Hidden []Gap
	Origin Origin
	Notes  []Code // DEFAULT_VPC_ASSUMED
}

// A Subnet is a range of a VPC in one zone, with the filter and the route
// table on its edge.
type Subnet struct {
	Address Address
	VPC     Ref
	// IPv4 and IPv6 are its CIDRs. Invalid: none if HasIPv4 or HasIPv6 fails,
	// else not known.
	IPv4, IPv6       netip.Prefix
	HasIPv4, HasIPv6 Truth
	Zone             string // empty: not known
	Table            Ref    // RouteTable; settled even if it is the VPC's main table
	ACL              Ref
	MapPublicIP      Truth // new interfaces get a public IPv4 address
	AssignIPv6       Truth // new interfaces get an IPv6 address
	Origin           Origin
	Notes            []Code
}

// A Group is a security group.
type Group struct {
	Address         Address
	VPC             Ref
	Ingress, Egress Filter
	Origin          Origin
	Notes           []Code // SG_EGRESS_REMOVED_BY_TERRAFORM, SG_DEFAULT_GROUP_EMPTIED
}

// Filter is the filter of one direction.
func (g *Group) Filter(d Direction) *Filter {
	if d == Ingress {
		return &g.Ingress
	}
	return &g.Egress
}

// An ACL is the stateless filter on the edge of its subnets.
type ACL struct {
	Address         Address
	VPC             Ref
	Ingress, Egress Filter // Rules in ascending Number
	Origin          Origin
	Notes           []Code // SUBNET_ACL_DEFAULT_EMPTIED, SUBNET_ACL_NEW_WITHOUT_RULES
}

// Filter is the filter of one direction.
func (a *ACL) Filter(d Direction) *Filter {
	if d == Ingress {
		return &a.Ingress
	}
	return &a.Egress
}

// A Rank orders routes of one prefix (RT-15). The zero value
// is invalid; a lower Rank wins.
type Rank uint8

// The ranks.
const (
	StaticRoute Rank = iota + 1
	PrefixListRoute
	PropagatedRoute
)

// A Route is one line of a RouteTable.
type Route struct {
	Destination Peer // never PeerGroup
	Target      Ref  // a gateway, an interface, or LocalTarget
	Rank        Rank
	Origin      Origin
	Doubt       Gap // as in Rule
	// Blackhole says why the route's target is gone: packets that match are
	// dropped. Holds or Fails or open.
	Blackhole Truth
}

// A RouteTable chooses a route by longest prefix match. The local routes of
// its VPC are not among Routes unless a route replaces their target; the
// evaluator takes them from the VPC's CIDRs (RT-7).
type RouteTable struct {
	Address Address
	VPC     Ref
	Routes  []Route
	Hidden  []Gap // why there may be routes that the plan does not show
	Origin  Origin
	Notes   []Code
}

// An InternetGateway connects a VPC with the internet, translating public and
// private IPv4 addresses one to one.
type InternetGateway struct {
	Address Address
	VPC     Ref // attachment
	// Table is the RouteTable that routes what enters the VPC by it (GRT-1); no
	// link: the local routes alone do.
	Table  Ref
	Origin Origin
}

// An EgressOnlyGateway lets IPv6 connections out of a VPC.
type EgressOnlyGateway struct {
	Address Address
	VPC     Ref
	Origin  Origin
}

// A NATGateway gives outgoing connections its own address.
type NATGateway struct {
	Address Address
	Subnet  Ref   // NoLink for a regional one
	VPC     Ref   // of a regional one; NoLink otherwise
	Public  Truth // has an Elastic IP and reaches the internet through its subnet's table
	// Private and Elastic are its addresses; invalid if not known.
	Private, Elastic netip.Addr
	Origin           Origin
}

// A PrefixList is a named list of prefixes.
type PrefixList struct {
	Address Address
	Entries []PrefixEntry
	Hidden  []Gap // why there may be further entries
	Origin  Origin
}

// A PrefixEntry is one line of a PrefixList.
type PrefixEntry struct {
	Prefix netip.Prefix
	Origin Origin
	Doubt  Gap // as in Rule
}

// An Interface is an elastic network interface: the thing that sends and
// receives packets.
type Interface struct {
	Address Address
	Subnet  Ref
	// Groups are the security groups it carries. Unfiltered: it has none, and
	// everything passes (LB-19).
	Groups     Refs
	Unfiltered bool
	// IPv4 and IPv6 are its private and its IPv6 addresses that are known.
	// HasIPv4 and HasIPv6 say whether it has any; if it has and none is known,
	// it has one somewhere in its subnet.
	IPv4, IPv6       []netip.Addr
	HasIPv4, HasIPv6 Truth
	// AssignIPv6FromSubnet: HasIPv6 is as the subnet's AssignIPv6 says.
	AssignIPv6FromSubnet bool
	// AutoPublic says whether it gets a public IPv4 address on launch;
	// AutoPublicFromSubnet: as the subnet's MapPublicIP says.
	AutoPublic           Truth
	AutoPublicFromSubnet bool
	// Elastic says whether an Elastic IP is associated, and ElasticIP which, if
	// known. It beats AutoPublic.
	Elastic     Truth
	ElasticIP   netip.Addr
	PublicIPv4  netip.Addr // known public address; invalid if none or not known
	SourceCheck Truth      // source/destination check (ENI-2)
	// Transparent: what a route sends to it and is not its own it sends on
	// unchanged, by the route table of its subnet (ENI-4).
	Transparent bool
	// PrivateIPv6: no internet gateway carries packets to or from its IPv6
	// addresses, as for the nodes of an internal load balancer (LB-4).
	PrivateIPv6 bool
	// Attached says whether something uses the interface; an unattached one
	// sends and receives nothing (ENI-6).
	Attached Truth
	Origin   Origin
	Notes    []Code // SG_DEFAULT_GROUP_USED
}

// An Endpoint is something that assertions can name as an end of a flow.
type Endpoint struct {
	Address Address
	Type    string // Terraform resource type
	Name    string // value of the Name tag; empty if there is none or it is not known
	Tags    map[string]string
	// TagsOpen says why there may be further tags.
	TagsOpen Gap
	// Interfaces are those by which it sends and receives; unless Every is set it
	// is reached if any of them is (ENI-5).
	Interfaces []Address
	// More says why it may have interfaces beside these. MoreReceives: those only
	// receive, from anywhere, as a public endpoint that AWS runs.
	More         Gap
	MoreReceives bool
	// Every: each interface is a member of its own, as the nodes of a load
	// balancer or the tasks of a service are: a promise needs all of them
	// (MOD-6).
	Every bool
	// Unshown: it stands for something that the plan does not show, and is no end
	// of any question.
	Unshown bool
	// SendsOnly: packets cannot be addressed to it (SVC-2). ReceivesOnly: it
	// starts no connections (VPCE-13).
	SendsOnly, ReceivesOnly bool
	Origin                  Origin
}

// An Effect says how something that is not modelled may bear on flows. The
// zero value is invalid.
type Effect uint8

// The effects, in the words of the JSON field effect.
const (
	MayOpen Effect = iota + 1
	MayBlock
	MayDoBoth
)

// String is the wording of the JSON field effect.
func (e Effect) String() string { return [...]string{"", "may open", "may block", "may do both"}[e] }

// A Touch says which flows an Unmodelled resource may bear on. The zero value
// is invalid.
type Touch uint8

// The kinds of touch.
const (
	// TouchesRouted: only packets that a route sends to it; the evaluator meets
	// it as a Foreign target.
	TouchesRouted Touch = iota + 1
	// TouchesInternet: flows from and to the internet, in its VPCs.
	TouchesInternet
	// TouchesInto: it may carry traffic of others to the interfaces of its VPCs
	// on connections of its own, as a load balancer does.
	TouchesInto
	// TouchesAll: any flow from or to its VPCs.
	TouchesAll
	// TouchesEnds: nothing but flows that have it as an end.
	TouchesEnds
)

// An Unmodelled resource bears on the network, and there is no model for its
// type.
type Unmodelled struct {
	Address Address
	Type    string
	Effect  Effect
	Touch   Touch
	VPCs    []Ref  // where; empty: anywhere
	Note    string // one phrase for people
	Origin  Origin
}

// A Conflict is a contradiction in the plan.
type Conflict struct {
	Code   Code
	Origin Origin
	Detail string
	With   []Origin // the other parts that it contradicts
}

// MayBeIn reports whether u may bear on a VPC.
func (u *Unmodelled) MayBeIn(vpc Address) bool {
	if len(u.VPCs) == 0 {
		return true
	}
	for _, r := range u.VPCs {
		if r.MayBe(vpc) {
			return true
		}
	}
	return false
}
