package aws

import (
	"slices"
	"strings"

	"github.com/planreach/planreach/netmodel"
	"github.com/planreach/planreach/planparse"
)

var acceptsEndpointService = []string{"aws_vpc_endpoint_service", "data.aws_vpc_endpoint_service"}

var vpcEndpointService = &planparse.ResourceType{
	Name:  "aws_vpc_endpoint_service",
	Doc:   "offers Network Load Balancers to interface endpoints",
	Reads: []string{"acceptance_required", "gateway_load_balancer_arns", "network_load_balancer_arns", "service_name"},
	// Who may connect is asked when an endpoint is made, which then succeeds or
	// does not (VPCE-19).
	Ignores: []string{
		"allowed_principals", "arn", "availability_zones", "base_endpoint_dns_names", "id", "manages_vpc_endpoints", "private_dns_name",
		"private_dns_name_configuration", "region", "service_type", "state", "supported_ip_address_types", "supported_regions", "tags",
		"tags_all", "timeouts",
	},
	Identities: []string{"service_name"},
	Sets:       []string{"gateway_load_balancer_arns", "network_load_balancer_arns"},
	Accepts: map[string][]string{
		"gateway_load_balancer_arns": {"aws_lb", "aws_alb", "data.aws_lb", "data.aws_alb"},
		"network_load_balancer_arns": {"aws_lb", "aws_alb", "data.aws_lb", "data.aws_alb"},
	},
	Build: func(r *planparse.Resource, b *planparse.Builder) {
		n := newBlock(r, b)
		n.Bool("acceptance_required") // for its endpoints
		b.Alias(r.Address+".service_name", r.Address)
		if name, ok := n.String("service_name").Get(); ok {
			b.Alias(netmodel.Address(name), r.Address)
		}
		b.AddEndpointService(&netmodel.EndpointService{Address: r.Address, Balancers: n.Refs("network_load_balancer_arns"), Origin: n.Origin("")})
	},
}

var dataVPCEndpointService = &planparse.ResourceType{
	Name:  "data.aws_vpc_endpoint_service",
	Doc:   "existing endpoint service, not its load balancers",
	Reads: []string{"acceptance_required", "service_name"},
	Ignores: []string{
		"arn", "availability_zones", "base_endpoint_dns_names", "filter", "id", "manages_vpc_endpoints", "owner", "private_dns_name",
		"private_dns_names", "region", "service", "service_id", "service_region", "service_regions", "service_type",
		"supported_ip_address_types", "tags", "timeouts", "vpc_endpoint_policy_supported",
	},
	Identities: []string{"service_name"},
	// Endpoints ask for what it says.
	Build: func(r *planparse.Resource, b *planparse.Builder) {
		n := newBlock(r, b)
		n.Get("service_name")
		n.Get("acceptance_required")
	},
}

var vpcEndpointConnectionAccepter = &planparse.ResourceType{
	Name:    "aws_vpc_endpoint_connection_accepter",
	Doc:     "accepts the connection of an endpoint to a service",
	Reads:   []string{"vpc_endpoint_id"},
	Ignores: []string{"id", "region", "vpc_endpoint_service_id", "vpc_endpoint_state"},
	Accepts: map[string][]string{"vpc_endpoint_id": acceptsEndpoint},
	Build:   readByEndpoint,
}

// endpointService is the service of the plan that the endpoint n leads to. A
// service that the plan does not manage leads to nothing in it.
func (n block) endpointService() netmodel.Ref {
	link := n.b.CanonicalRef(n.Ref("service_name"))
	far := n.farService()
	if a, ok := link.Exact(); ok {
		service := n.b.Canonical(serviceID(a))
		switch {
		case n.isOffered(a) && far.IsZero():
			return link
		case n.isOffered(service) && far.IsZero():
			return netmodel.To(service)
		case n.isOffered(a), n.isOffered(service):
			return netmodel.Unsettled(far)
		case n.Get("service_name").Kind() == planparse.String:
			return netmodel.NoLink()
		}
		return netmodel.Unsettled(n.outside("service_name", netmodel.UnknownReference, "which service it is is read during apply"))
	}
	among, closed := link.Among()
	if closed && !slices.ContainsFunc(among, func(a netmodel.Address) bool { return a != "" && !n.isOffered(a) }) && far.IsZero() {
		return link
	}
	gap := link.Gap()
	if gap.IsZero() {
		gap = far
	}
	return netmodel.Unsettled(gap, among...)
}

// isOffered reports whether an endpoint service of the network is called a.
func (n block) isOffered(a netmodel.Address) bool {
	return byAddress(n.b, n.b.Network().EndpointServices, func(x *netmodel.EndpointService) netmodel.Address { return x.Address }, a) != nil
}

// serviceID is the id of a service, by its name; empty for one of AWS's own.
func serviceID(name netmodel.Address) netmodel.Address {
	if i := strings.LastIndex(string(name), ".vpce-svc-"); i >= 0 {
		return name[i+1:]
	}
	return ""
}

// farService is why the service is certainly or perhaps one of another Region:
// zones do not tell then which nodes of its load balancers an endpoint uses.
func (n block) farService() netmodel.Gap {
	of := n.String("service_region")
	if n.isOpen("service_region") || of.IsNull() {
		return netmodel.Gap{}
	}
	own := n.String("region").Or("")
	if parts := strings.Split(n.r.Value(n.b.World()).Field("arn").Text(), ":"); own == "" && len(parts) > 3 {
		own = parts[3]
	}
	if own != "" && of.Or("") == own {
		return netmodel.Gap{}
	}
	return netmodel.Gap{Origin: n.Origin("service_region"), Why: netmodel.NotModelled, Code: netmodel.UnknownValue,
		Detail: "services of other Regions are not modelled"}
}

// connectionAccepted says whether the service has accepted the connection of the
// endpoint n (VPCE-19): AWS's own do, others unless they want to be asked.
func (n block) connectionAccepted(service netmodel.Ref) netmodel.Truth {
	open := netmodel.Open(n.outside("service_name", netmodel.UnknownEndpointAcceptance, "the owner of the service has to accept the connection"))
	state := strings.ToLower(n.String("state").Or(""))
	switch {
	case n.isAccepted(), n.r.Mode == planparse.Managed && n.Bool("auto_accept").Or(false):
		return netmodel.Holds
	case slices.Contains([]string{"rejected", "failed", "deleted", "deleting", "expired"}, state):
		return netmodel.Fails
	case state == "available" && !n.isWithdrawn(vpcEndpointConnectionAccepter.Name, map[string]netmodel.Ref{"vpc_endpoint_id": netmodel.To(n.r.Address)}):
		return netmodel.Holds
	case state != "":
		return open
	}
	asks := n.asks(service)
	if asks.IsFalse() {
		return netmodel.Holds
	}
	return open
}

// isAccepted reports whether a resource certainly accepts the connection of n.
func (n block) isAccepted() bool {
	accepted := false
	n.associations(vpcEndpointConnectionAccepter.Name, func(_ block, doubt netmodel.Gap) { accepted = accepted || doubt.IsZero() })
	return accepted
}

// asks says whether the service of a new endpoint wants to be asked.
func (n block) asks(service netmodel.Ref) netmodel.Truth {
	if a, ok := service.Exact(); ok {
		if r := n.b.Resource(a); r != nil {
			return r.Block(n.b.World()).Truth("acceptance_required", true)
		}
		return netmodel.Truth{}
	}
	name, known := n.String("service_name").Get()
	switch {
	case !known:
		return netmodel.Truth{}
	case serviceID(netmodel.Address(name)) == "":
		return netmodel.Fails
	}
	for _, r := range n.b.Plan().Resources {
		if v := r.Block(n.b.World()); r.TypeName() == dataVPCEndpointService.Name && v.String("service_name").Or("") == name {
			return v.Truth("acceptance_required", true)
		}
	}
	return netmodel.Truth{}
}
