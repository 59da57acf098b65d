package assertions

import (
	"slices"

	"github.com/hashicorp/hcl/v2"

	"github.com/planreach/planreach/netmodel"
)

// A gatewayEnd says what a gateway is as an end (L-11): it stands for whatever
// lies beyond it, some of which is enough for a promise.
type gatewayEnd struct {
	has func(n *netmodel.Network, a netmodel.Address) bool
	// onlyTarget, if not empty, says why nothing comes from beyond it.
	onlyTarget string
}

// gatewayEnds are the types of gateways that may be ends.
var gatewayEnds = map[string]gatewayEnd{
	"aws_internet_gateway": {has: func(n *netmodel.Network, a netmodel.Address) bool { return n.InternetGateway(a) != nil }},
	"aws_egress_only_internet_gateway": {has: func(n *netmodel.Network, a netmodel.Address) bool { return n.EgressOnlyGateway(a) != nil },
		onlyTarget: "No connection comes in by an egress-only internet gateway."},
	"aws_nat_gateway": {has: func(n *netmodel.Network, a netmodel.Address) bool { return n.NATGateway(a) != nil },
		onlyTarget: "No connection comes in by a NAT gateway, and those that go out by it are its clients'. Name the clients."},
	"aws_vpc_peering_connection":             {has: func(n *netmodel.Network, a netmodel.Address) bool { return n.Peering(a) != nil }},
	"aws_ec2_transit_gateway":                {has: func(n *netmodel.Network, a netmodel.Address) bool { return n.TransitGateway(a) != nil }},
	"aws_ec2_transit_gateway_vpc_attachment": {has: func(n *netmodel.Network, a netmodel.Address) bool { return n.Attachment(a) != nil }},
	"aws_vpn_gateway":                        {has: func(*netmodel.Network, netmodel.Address) bool { return true }},
	"aws_vpc_endpoint": {has: func(n *netmodel.Network, a netmodel.Address) bool { return n.ServiceGateways[a] },
		onlyTarget: "A service opens no connection by a gateway endpoint."},
	"aws_vpc_endpoint_service": {has: func(n *netmodel.Network, a netmodel.Address) bool { return n.EndpointService(a) != nil }},
}

// gateways is the gateways that an absolute address picks, as ends. Those of
// which the network knows nothing by this name are none.
func (in *instance) gateways(abs address, w written, o lookupOptions) ([]End, hcl.Diagnostics) {
	kind, ok := gatewayEnds[abs.typ]
	if !ok || !o.gateways {
		return nil, nil
	}
	var out []End
	for _, x := range in.world.instances {
		if a := netmodel.Address(x.String()); abs.picks(x) && kind.has(in.world.inv.Network, a) {
			out = append(out, End{Kind: GatewayEnd, Endpoint: a})
		}
	}
	if len(out) > 0 && o.source && kind.onlyTarget != "" {
		return nil, hcl.Diagnostics{problem(w.rng, "Not a source of flows", "%s", kind.onlyTarget)}
	}
	return slices.Compact(out), nil
}
