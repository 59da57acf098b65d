package aws

import (
	"net/netip"
	"slices"

	"github.com/planreach/planreach/netmodel"
	"github.com/planreach/planreach/planparse"
)

var vpnConnection = &planparse.ResourceType{
	Name:  "aws_vpn_connection",
	Doc:   "connects a virtual private gateway with a network outside; on a transit gateway what is behind it is unknown",
	Reads: []string{"static_routes_only", "transit_gateway_id", "vpn_gateway_id"},
	Ignores: append([]string{"arn", "core_network_arn", "core_network_attachment_arn", "customer_gateway_configuration", "customer_gateway_id",
		"enable_acceleration", "id", "local_ipv4_network_cidr", "local_ipv6_network_cidr", "outside_ip_address_type", "preshared_key_arn",
		"preshared_key_storage", "region", "remote_ipv4_network_cidr", "remote_ipv6_network_cidr", "routes", "tags", "tags_all",
		"transit_gateway_attachment_id", "transport_transit_gateway_attachment_id", "tunnel_bandwidth", "tunnel_inside_ip_version", "type", "vgw_telemetry", "vpn_concentrator_id"}, tunnelArguments()...),
	Accepts: map[string][]string{"vpn_gateway_id": acceptsVPNGateway, "transit_gateway_id": {"aws_ec2_transit_gateway", "data.aws_ec2_transit_gateway"}},
	Build: func(r *planparse.Resource, b *planparse.Builder) {
		n := newBlock(r, b)
		gateway := n.Ref("vpn_gateway_id")
		if !n.Ref("transit_gateway_id").IsNone() || gateway.IsNone() {
			b.AddUnmodelled(netmodel.Unmodelled{Address: r.Address, Type: r.Type, Effect: netmodel.MayOpen, Touch: netmodel.TouchesRouted,
				Note: "connects networks", Origin: n.Origin("")})
		}
		learned := n.learned()
		if learned.IsZero() || gateway.IsNone() {
			return
		}
		b.Later(func() {
			eachVPNGateway(b, gateway, func(x *netmodel.VPNGateway, _ netmodel.Gap) { x.Hidden = append(x.Hidden, learned) })
		})
	},
}

// tunnelArguments are those of the two tunnels, whose state is not configuration
// (VPN-10).
func tunnelArguments() []string {
	var out []string
	for _, tunnel := range []string{"tunnel1_", "tunnel2_"} {
		for _, name := range []string{
			"address", "bgp_asn", "bgp_holdtime", "cgw_inside_address", "dpd_timeout_action", "dpd_timeout_seconds", "enable_tunnel_lifecycle_control", "ike_versions", "inside_cidr",
			"inside_ipv6_cidr", "log_options", "phase1_dh_group_numbers", "phase1_encryption_algorithms", "phase1_integrity_algorithms", "phase1_lifetime_seconds", "phase2_dh_group_numbers", "phase2_encryption_algorithms",
			"phase2_integrity_algorithms", "phase2_lifetime_seconds", "preshared_key", "rekey_fuzz_percentage", "rekey_margin_time_seconds", "replay_window_size", "startup_action", "vgw_inside_address",
		} {
			out = append(out, tunnel+name)
		}
	}
	return out
}

// learned is why a connection may have other routes than the static ones (VPN-7,
// VPN-8).
func (n block) learned() netmodel.Gap {
	static := n.Bool("static_routes_only")
	switch known, ok := static.Get(); {
	case ok && known:
		return netmodel.Gap{}
	case static.IsOpen() && !isUnset(n.r, n.b, "static_routes_only"):
		g := static.Gap()
		g.Code = netmodel.UnknownPropagatedRoutes
		return g
	}
	return n.outside("static_routes_only", netmodel.UnknownPropagatedRoutes, "what the VPN connection learns by BGP is in no plan")
}

var vpnConnectionRoute = &planparse.ResourceType{
	Name:    "aws_vpn_connection_route",
	Doc:     "a range behind a VPN connection that learns none by itself",
	Reads:   []string{"destination_cidr_block", "vpn_connection_id"},
	Ignores: []string{"id", "region"},
	Accepts: map[string][]string{"vpn_connection_id": {"aws_vpn_connection"}},
	Build: func(r *planparse.Resource, b *planparse.Builder) {
		n := newBlock(r, b)
		connection, to := n.Ref("vpn_connection_id"), n.Prefix("destination_cidr_block")
		b.Later(func() {
			behind := b.CanonicalRef(connection)
			for _, c := range b.Plan().Resources {
				if c.TypeName() != vpnConnection.Name || c.Value(b.World()).IsNone() || !behind.MayBe(b.Canonical(c.Address)) {
					continue
				}
				eachVPNGateway(b, c.Block(b.World()).Ref("vpn_gateway_id"), func(x *netmodel.VPNGateway, doubt netmodel.Gap) {
					n.addVPNRoute(x, to, firstGap(behind.Gap(), doubt))
				})
			}
		})
	},
}

func (n block) addVPNRoute(x *netmodel.VPNGateway, to planparse.Known[netip.Prefix], doubt netmodel.Gap) {
	if p, ok := to.Get(); ok {
		x.Prefixes = append(x.Prefixes, netmodel.PrefixEntry{Prefix: p, Origin: n.Origin(""), Doubt: doubt})
	} else if to.IsOpen() {
		g := to.Gap()
		g.Code = netmodel.UnknownPropagatedRoutes
		x.Hidden = append(x.Hidden, g)
	}
}

var vpnGatewayRoutePropagation = &planparse.ResourceType{
	Name:    "aws_vpn_gateway_route_propagation",
	Doc:     "adds the routes that a virtual private gateway knows to a route table",
	Reads:   []string{"route_table_id", "vpn_gateway_id"},
	Ignores: []string{"id", "region", "timeouts"},
	Accepts: map[string][]string{"route_table_id": acceptsTable, "vpn_gateway_id": acceptsVPNGateway},
	Build: func(r *planparse.Resource, b *planparse.Builder) {
		n := newBlock(r, b)
		b.Check(func() { n.findInlinePropagation() })
		propagateVPN(b, n.Ref("route_table_id"), netmodel.Refs{Links: []netmodel.Ref{n.Ref("vpn_gateway_id")}}, n.Origin(""))
	},
}

// findInlinePropagation finds a table that lists its gateways itself: each of the
// two undoes the other's (TFC-4). What either says is in doubt then.
func (n block) findInlinePropagation() {
	a, ok := n.b.CanonicalRef(n.Ref("route_table_id")).Exact()
	t := n.b.Resource(a)
	if !ok || t == nil || t.TypeName() != routeTable.Name && t.TypeName() != defaultRouteTable.Name || !isConfigured(t, n.b, "propagating_vgws") {
		return
	}
	c := netmodel.Conflict{Code: netmodel.ConflictPropagation, Origin: n.Origin(""), With: []netmodel.Origin{{Address: a, Path: "propagating_vgws"}},
		Detail: string(a) + " lists the gateways that propagate to it itself"}
	n.b.Conflict(c)
	n.b.Check(func() { // behind what is propagated
		for _, x := range n.b.Network().RouteTables {
			for i := range x.Routes {
				if r := &x.Routes[i]; x.Address == a && r.Rank == netmodel.PropagatedRoute && r.Doubt.IsZero() {
					r.Doubt = conflictGap(c)
				}
			}
		}
	})
}

// propagateVPN adds the routes that gateways propagate to a table (VPN-2). They
// are no party to conflicts with other routes, which beat them (RT-15, RT-18).
func propagateVPN(b *planparse.Builder, table netmodel.Ref, gateways netmodel.Refs, o netmodel.Origin) {
	b.Check(func() {
		to := b.CanonicalRef(table)
		for _, t := range b.Network().RouteTables {
			if !to.MayBe(t.Address) {
				continue
			}
			if g := gateways.More; !g.IsZero() {
				g.Code = netmodel.UnknownPropagatedRoutes
				hideOnce(t, g)
			}
			for _, r := range gateways.Links {
				propagateFrom(b, t, b.CanonicalRef(r), to.Gap(), o)
			}
		}
	})
}

// propagateFrom adds what one gateway propagates to one table. From one that is
// no object of the network anything may come.
func propagateFrom(b *planparse.Builder, t *netmodel.RouteTable, r netmodel.Ref, doubt netmodel.Gap, o netmodel.Origin) {
	found := false
	eachVPNGateway(b, r, func(x *netmodel.VPNGateway, unsure netmodel.Gap) {
		found = true
		for _, e := range x.Prefixes {
			route := netmodel.Route{Destination: netmodel.InPrefix(e.Prefix), Target: netmodel.To(x.Address), Rank: netmodel.PropagatedRoute,
				Origin: o, Blackhole: netmodel.Fails, Doubt: firstGap(doubt, unsure, e.Doubt)}
			if !slices.ContainsFunc(t.Routes, func(y netmodel.Route) bool {
				return y.Rank == netmodel.PropagatedRoute && y.Destination.String() == route.Destination.String() && y.Target.String() == route.Target.String() && y.Doubt.IsZero()
			}) {
				t.Routes = append(t.Routes, route)
			}
		}
		for _, g := range x.Hidden {
			hideOnce(t, g)
		}
	})
	if !found && !r.IsNone() {
		hideOnce(t, netmodel.Gap{Origin: o, Why: netmodel.OutsidePlan, Code: netmodel.UnknownPropagatedRoutes,
			Detail: "the plan does not show what the virtual private gateway propagates"})
	}
}

func hideOnce(t *netmodel.RouteTable, g netmodel.Gap) {
	if !slices.Contains(t.Hidden, g) {
		t.Hidden = append(t.Hidden, g)
	}
}
