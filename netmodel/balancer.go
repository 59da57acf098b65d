package netmodel

import (
	"net/netip"

	"github.com/planreach/planreach/headerspace"
)

// A BalancerKind is a kind of load balancer. The zero value is invalid.
type BalancerKind uint8

// The kinds.
const (
	ApplicationBalancer BalancerKind = iota + 1
	NetworkBalancer
	ClassicBalancer
	GatewayBalancer
)

// String is for model dumps.
func (k BalancerKind) String() string {
	return [...]string{"", "application", "network", "classic", "gateway"}[k]
}

// A LoadBalancer takes connections at its nodes and brings them to targets. Its
// nodes are the interfaces of the Endpoint with the same address (LB-1, LB-2).
type LoadBalancer struct {
	Address   Address
	Kind      BalancerKind
	Listeners []Listener
	Hidden    []Gap // why there may be listeners that the plan does not show
	// CrossZone says whether a node serves targets in other zones than its own
	// (LB-6).
	CrossZone Truth
	// FiltersPrivateLink says whether its groups are asked about connections
	// that come through an endpoint service (VPCE-22).
	FiltersPrivateLink Truth
	Origin             Origin
}

// A Listener accepts connections on one port of a LoadBalancer (LB-7).
type Listener struct {
	Address Address
	Accepts headerspace.Traffic
	// Forwards are the ways on; none: it answers by itself (LB-14).
	Forwards []Forward
	Hidden   []Gap // why there may be forwards that the plan does not show
	Origin   Origin
	Doubt    Gap // as in Rule
}

// A Forward brings connections to a target group.
type Forward struct {
	Group Ref
	// Sources, if there are any, are the only client addresses that it takes
	// (LB-16).
	Sources []netip.Prefix
	Origin  Origin
	Doubt   Gap // as in Rule
}

// A TargetGroup is where a load balancer brings connections.
type TargetGroup struct {
	Address Address
	VPC     Ref
	// IPv6 says whether targets are reached by IPv6, else by IPv4 (LB-31). A client
	// of the other family never keeps its address (LB-26).
	IPv6 Truth
	// PreservesClient says whether targets see the client's address instead of
	// the node's (LB-21); it fails for Application and Classic Load Balancers.
	PreservesClient Truth
	// CrossZone is as in LoadBalancer; CrossZoneOfBalancer: as its load balancer
	// says.
	CrossZone           Truth
	CrossZoneOfBalancer bool
	// HealthChecks are the connections by which nodes look after targets, for
	// those that are not checked on their own port.
	HealthChecks headerspace.Traffic
	Targets      []Target
	Hidden       []Gap // why there may be targets that the plan does not show
	Origin       Origin
}

// A Target is a member of a TargetGroup.
type Target struct {
	// To is an Interface, or an Endpoint of which each interface is a target. No
	// link: whatever has Addr.
	To   Ref
	Addr netip.Addr // valid only without To
	// Traffic is what it gets: a protocol, with one port (LB-11).
	Traffic headerspace.Traffic
	// AnyZone: it is served from all zones, being outside the load balancer's VPC.
	AnyZone bool
	Origin  Origin
	Doubt   Gap // as in Rule
}

// A ServiceEndpoint is a VPC endpoint with interfaces, those of the Endpoint
// with the same address (VPCE-8).
type ServiceEndpoint struct {
	Address Address
	// Service is the EndpointService that it leads to; no link: a service that
	// is not in the plan and leads to nothing in it.
	Service Ref
	// Accepted says whether the service has accepted the connection (VPCE-19).
	Accepted Truth
	Origin   Origin
}

// An EndpointService offers load balancers to ServiceEndpoints (VPCE-18).
type EndpointService struct {
	Address   Address
	Balancers Refs
	Origin    Origin
}
