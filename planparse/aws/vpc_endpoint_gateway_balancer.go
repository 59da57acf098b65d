package aws

import "github.com/planreach/planreach/netmodel"

// addGatewayBalancerEndpoint adds the endpoint of a Gateway Load Balancer, which
// has one subnet and no groups (VPCE-15). What the appliances behind it let
// through is not in a plan, unless an assumption tells (LB-34).
func (n block) addGatewayBalancerEndpoint() {
	x := &netmodel.Middlebox{Address: n.r.Address, Kind: netmodel.GatewayBalancerEndpoint, Origin: n.Origin("")}
	subnets := n.Refs("subnet_ids")
	switch {
	case !subnets.More.IsZero():
		x.Subnet = netmodel.Unsettled(subnets.More)
	case len(subnets.Links) == 1:
		x.Subnet = subnets.Links[0]
	default:
		x.Subnet = netmodel.Unsettled(n.outside("subnet_ids", netmodel.UnknownSubnetPlacement, "such an endpoint has one subnet"))
	}
	x.Unknown = netmodel.Gap{Origin: n.Origin(""), Why: netmodel.NotModelled, Code: netmodel.UnknownApplianceBehavior,
		Detail: "the plan does not tell what the appliances behind the Gateway Load Balancer let through"}
	n.b.AddMiddlebox(x)
	n.b.Later(func() { n.declareTransparent(x) })
}

// declareTransparent takes what is assumed of an endpoint of a Gateway Load
// Balancer, or of every balancer behind its service (LB-34).
func (n block) declareTransparent(x *netmodel.Middlebox) {
	if isTransparent(assumedOf(n.b, n.r.Address)) || n.isBehindTransparent() {
		x.Unknown, x.Notes = netmodel.Gap{}, []netmodel.Code{netmodel.GatewayBalancerNotChecked}
	}
}

func (n block) isBehindTransparent() bool {
	a, _ := n.b.CanonicalRef(n.Ref("service_name")).Exact()
	r := n.b.Resource(a)
	if r == nil || r.TypeName() != vpcEndpointService.Name {
		return false
	}
	balancers := newBlock(r, n.b).Refs("gateway_load_balancer_arns")
	for _, link := range balancers.Links {
		a, ok := n.b.CanonicalRef(link).Exact()
		if !ok || !isTransparent(assumedOf(n.b, a)) {
			return false
		}
	}
	return len(balancers.Links) > 0 && balancers.More.IsZero()
}
