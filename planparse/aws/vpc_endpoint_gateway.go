package aws

import (
	"net/netip"
	"slices"

	"github.com/planreach/planreach/netmodel"
	"github.com/planreach/planreach/planparse"
)

var vpcEndpointRouteTableAssociation = &planparse.ResourceType{
	Name:    "aws_vpc_endpoint_route_table_association",
	Doc:     "puts the routes of a gateway endpoint into a table",
	Reads:   []string{"route_table_id", "vpc_endpoint_id"},
	Ignores: []string{"id", "region"},
	Accepts: map[string][]string{"route_table_id": acceptsTable, "vpc_endpoint_id": acceptsEndpoint},
	Build: func(r *planparse.Resource, b *planparse.Builder) {
		n := newBlock(r, b)
		table, endpoint := n.Ref("route_table_id"), n.Ref("vpc_endpoint_id")
		b.Later(func() { addEndpointRoute(b, table, endpoint, n.Origin("")) })
	},
}

// addGatewayEndpoint adds the routes to the tables that the endpoint itself
// names.
func (n block) addGatewayEndpoint() {
	if list := serviceList(n.b, n.r); list != "" {
		n.b.Alias(n.r.Address+".prefix_list_id", list)
	}
	n.b.Later(func() {
		tables := n.kept("route_table_ids", vpcEndpointRouteTableAssociation.Name, "route_table_id")
		for _, t := range tables.Links {
			addEndpointRoute(n.b, t, netmodel.To(n.r.Address), n.Origin(""))
		}
		if !tables.More.IsZero() {
			addEndpointRoute(n.b, netmodel.Unsettled(tables.More), netmodel.To(n.r.Address), n.Origin(""))
		}
	})
}

// addEndpointRoute adds the routes of a gateway endpoint to a table (VPCE-2).
// AWS adds them whatever else adds routes, so that they are no party to a
// conflict. It may be called from Later on.
func addEndpointRoute(b *planparse.Builder, table, endpoint netmodel.Ref, o netmodel.Origin) {
	routes := endpointRoutes(b, endpoint, o)
	b.Check(func() {
		table := b.CanonicalRef(table)
		for _, t := range b.Network().RouteTables {
			for _, r := range routes {
				if r.Target = b.CanonicalRef(endpoint); r.Doubt.IsZero() {
					r.Doubt = table.Gap()
				}
				if table.MayBe(t.Address) && !slices.ContainsFunc(t.Routes, func(x netmodel.Route) bool { return isSameRoute(x, r) }) {
					t.Routes = append(t.Routes, r)
				}
			}
		}
		among, _ := b.CanonicalRef(endpoint).Among()
		for _, a := range among {
			if a == "" {
				continue
			}
			b.Network().ServiceGateways[a] = true
			b.Network().Foreign[a] = netmodel.Gap{
				Origin: netmodel.Origin{Address: a}, Why: netmodel.NotModelled, Code: netmodel.UnsupportedResourceType,
				Detail: "what lies behind a gateway endpoint is not modelled",
			}
		}
	})
}

// isSameRoute reports whether two routes differ in origin only: an endpoint shows
// the tables that a resource of its own associates.
func isSameRoute(x, y netmodel.Route) bool {
	return x.Destination.String() == y.Destination.String() && x.Target.String() == y.Target.String() && x.Doubt.IsZero() == y.Doubt.IsZero()
}

// halves are all addresses as prefixes longer than a default route and shorter
// than any route inside a VPC.
var halves = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/1"), netip.MustParsePrefix("128.0.0.0/1"), netip.MustParsePrefix("2000::/3"),
}

// endpointRoutes are the routes to the service of a gateway endpoint. Unless a
// data source reads the addresses of the service, they may be to any address
// that no longer prefix leads elsewhere (VPCE-6).
func endpointRoutes(b *planparse.Builder, endpoint netmodel.Ref, o netmodel.Origin) []netmodel.Route {
	r := netmodel.Route{Rank: netmodel.PrefixListRoute, Origin: o, Blackhole: netmodel.Fails}
	a, _ := b.CanonicalRef(endpoint).Exact()
	if e := b.Resource(a); e != nil {
		if list := serviceList(b, e); list != "" {
			r.Destination = netmodel.Peer{Kind: netmodel.PeerPrefixList, Ref: b.CanonicalRef(netmodel.To(list))}
			return []netmodel.Route{r}
		}
	}
	r.Doubt = netmodel.Gap{
		Origin: o, Why: netmodel.OutsidePlan, Code: netmodel.UnknownPrefixListEntries,
		Detail: "the plan does not tell the addresses of the service",
	}
	var out []netmodel.Route
	for _, p := range halves {
		r.Destination = netmodel.InPrefix(p)
		out = append(out, r)
	}
	return out
}

// serviceList is the data source that reads the prefix list of the service of
// endpoint e, empty if there is none.
func serviceList(b *planparse.Builder, e *planparse.Resource) netmodel.Address {
	service, ok := e.Block(b.World()).String("service_name").Get()
	if !ok {
		return ""
	}
	for _, r := range b.Plan().Resources {
		switch r.TypeName() {
		case dataPrefixList.Name, dataManagedPrefixList.Name:
			if r.Block(b.World()).String("name").Or("") == service {
				return r.Address
			}
		}
	}
	return ""
}
