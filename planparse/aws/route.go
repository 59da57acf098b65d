package aws

import (
	"github.com/planreach/planreach/netmodel"
	"github.com/planreach/planreach/planparse"
)

var route = &planparse.ResourceType{
	Name: "aws_route",
	Doc:  "one route of a route table",
	Reads: append([]string{"destination_cidr_block", "destination_ipv6_cidr_block", "destination_prefix_list_id",
		"route_table_id", "state"}, targetArguments...),
	Ignores: []string{"id", "instance_owner_id", "origin", "region", "timeouts"},
	Accepts: targets("", map[string][]string{"route_table_id": acceptsTable, "destination_prefix_list_id": acceptsPrefixList}),
	Build: func(r *planparse.Resource, b *planparse.Builder) {
		v := r.Block(b.World())
		for _, x := range newRoutes(r, b, v, "destination_cidr_block", "destination_ipv6_cidr_block") {
			if state, _ := v.String("state").Get(); state == "blackhole" && isObserved(b) {
				x.Blackhole = netmodel.Holds
			}
			b.AddRoute(v.Ref("route_table_id"), x)
		}
	},
}

// isObserved reports whether the world is a record of what is.
func isObserved(b *planparse.Builder) bool {
	return b.World() == planparse.Before || b.Plan().Kind == "state"
}

// targetArguments are the arguments of which a route sets exactly one (RT-30).
var targetArguments = []string{
	"carrier_gateway_id", "core_network_arn", "egress_only_gateway_id", "gateway_id", "instance_id", "local_gateway_id",
	"nat_gateway_id", "network_interface_id", "odb_network_arn", "transit_gateway_id", "vpc_endpoint_id", "vpc_peering_connection_id",
}

// targets adds what the target arguments may name to accepts.
func targets(path string, accepts map[string][]string) map[string][]string {
	for argument, types := range map[string][]string{
		"carrier_gateway_id":        {"aws_ec2_carrier_gateway"},
		"core_network_arn":          {"aws_networkmanager_core_network", "aws_networkmanager_vpc_attachment"},
		"egress_only_gateway_id":    {"aws_egress_only_internet_gateway"},
		"gateway_id":                {"aws_internet_gateway", "aws_internet_gateway_attachment", "aws_vpn_gateway", "aws_vpn_gateway_attachment", "data.aws_internet_gateway", "data.aws_vpn_gateway"},
		"instance_id":               {"aws_instance", "data.aws_instance"},
		"local_gateway_id":          {"data.aws_ec2_local_gateway"},
		"nat_gateway_id":            {"aws_nat_gateway", "data.aws_nat_gateway"},
		"network_interface_id":      {"aws_network_interface", "aws_instance", "data.aws_network_interface", "data.aws_instance"},
		"odb_network_arn":           {"aws_odb_network"},
		"transit_gateway_id":        {"aws_ec2_transit_gateway", "aws_ec2_transit_gateway_vpc_attachment", "data.aws_ec2_transit_gateway"},
		"vpc_endpoint_id":           {"aws_vpc_endpoint", "aws_networkfirewall_firewall", "data.aws_vpc_endpoint"},
		"vpc_peering_connection_id": {"aws_vpc_peering_connection", "aws_vpc_peering_connection_accepter", "data.aws_vpc_peering_connection"},
	} {
		accepts[path+argument] = types
	}
	return accepts
}

// newRoutes is the route that v describes. cidr4 and cidr6 are the arguments for
// its destination. It is none if v has no destination, which is how the provider
// shows an element that it is about to remove.
func newRoutes(r *planparse.Resource, b *planparse.Builder, v planparse.Block, cidr4, cidr6 string) []netmodel.Route {
	x := netmodel.Route{Rank: netmodel.StaticRoute, Origin: v.Origin(""), Blackhole: netmodel.Fails, Target: routeTarget(r, b, v)}
	v4, v6, list := v.Prefix(cidr4), v.Prefix(cidr6), v.Ref("destination_prefix_list_id")
	_, known4 := v4.Get()
	_, known6 := v6.Get()
	_, listed := list.Exact()
	switch {
	case known4:
		x.Destination = prefixPeer(b, v4, false)
	case known6:
		x.Destination = prefixPeer(b, v6, true)
	case listed, !list.IsNone() && v4.IsNull() && v6.IsNull():
		x.Rank = netmodel.PrefixListRoute
		x.Destination = netmodel.Peer{Kind: netmodel.PeerPrefixList, Ref: list}
	case v4.IsNull() && v6.IsNull():
		return nil
	default:
		gap := v4.Gap()
		if gap.IsZero() {
			gap = v6.Gap()
		}
		either := !list.IsNone() // a prefix list may hold any prefix of one family
		x.Destination = netmodel.Peer{Kind: netmodel.PeerOpen, V4: v4.IsOpen() || either, V6: v6.IsOpen() || either, Gap: gap}
	}
	return []netmodel.Route{x}
}

// routeTarget is the one target that a route has.
func routeTarget(r *planparse.Resource, b *planparse.Builder, v planparse.Block) netmodel.Ref {
	var open []netmodel.Ref
	exact := netmodel.NoLink()
	for _, name := range targetArguments {
		ref := v.Ref(name)
		if v.Origin("").Path == "" && isUnset(r, b, name) {
			continue // network_interface_id is computed if another target is set
		}
		if name == "instance_id" {
			ref = ref.Map(func(a netmodel.Address) netmodel.Address { return a + ".primary_network_interface_id" })
		}
		switch _, ok := ref.Exact(); {
		case ok && (name != "instance_id" || exact.IsNone()):
			exact = ref // network_interface_id, which comes later, is shown beside instance_id
		case !ok && !ref.IsNone():
			open = append(open, ref)
		}
	}
	switch {
	case !exact.IsNone() || len(open) == 0:
		return exact
	case len(open) == 1:
		return open[0]
	}
	var among []netmodel.Address
	for _, o := range open {
		a, _ := o.Among()
		among = append(among, a...)
	}
	return netmodel.Unsettled(open[0].Gap(), among...)
}
