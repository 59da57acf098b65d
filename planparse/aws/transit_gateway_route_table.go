package aws

import (
	"github.com/planreach/planreach/netmodel"
	"github.com/planreach/planreach/planparse"
)

var transitGatewayRouteTable = &planparse.ResourceType{
	Name:    "aws_ec2_transit_gateway_route_table",
	Doc:     "routes what enters a transit gateway from the attachments that are associated with it",
	Reads:   []string{"id", "transit_gateway_id"},
	Ignores: []string{"arn", "default_association_route_table", "default_propagation_route_table", "region", "tags", "tags_all"},
	Accepts: map[string][]string{"transit_gateway_id": acceptsTransitGateway},
	Build: func(r *planparse.Resource, b *planparse.Builder) {
		n := newBlock(r, b)
		b.AddTransitTable(&netmodel.TransitTable{Address: r.Address, Gateway: n.Ref("transit_gateway_id"), Origin: n.Origin("")})
	},
}

var dataTransitGatewayRouteTable = &planparse.ResourceType{
	Name:    "data.aws_ec2_transit_gateway_route_table",
	Doc:     "existing route table of a transit gateway, not its routes",
	Reads:   []string{"default_association_route_table", "default_propagation_route_table", "transit_gateway_id"},
	Ignores: []string{"arn", "filter", "id", "region", "tags", "timeouts"},
	Accepts: map[string][]string{"transit_gateway_id": acceptsTransitGateway},
	Build: func(r *planparse.Resource, b *planparse.Builder) {
		n := newBlock(r, b)
		b.AddTransitTable(&netmodel.TransitTable{Address: r.Address, Gateway: n.Ref("transit_gateway_id"), Origin: n.Origin(""),
			Hidden: []netmodel.Gap{n.outside("", netmodel.UnknownTransitRoutes, "no data source shows where the routes of the table lead")}})
		gateway, ok := n.Ref("transit_gateway_id").Exact()
		for _, kind := range []string{"association", "propagation"} {
			if ok && n.Bool("default_"+kind+"_route_table").Or(false) {
				b.Alias(defaultTableOf(gateway, kind), r.Address)
			}
		}
	},
}

var transitGatewayRoute = &planparse.ResourceType{
	Name:    "aws_ec2_transit_gateway_route",
	Doc:     "one static route, or black hole, of a transit gateway route table",
	Reads:   []string{"blackhole", "destination_cidr_block", "transit_gateway_attachment_id", "transit_gateway_route_table_id"},
	Ignores: []string{"id", "region"},
	Accepts: map[string][]string{"transit_gateway_attachment_id": acceptsAttachment, "transit_gateway_route_table_id": acceptsTransitTable},
	Build: func(r *planparse.Resource, b *planparse.Builder) {
		n := newBlock(r, b)
		x := n.transitRoute()
		x.Rank = netmodel.StaticRoute
		destination := n.Prefix("destination_cidr_block")
		x.Destination = prefixPeer(b, destination, false)
		x.Destination.V6 = destination.IsOpen()
		b.AddTransitRoute(n.Ref("transit_gateway_route_table_id"), x)
	},
}

var transitGatewayPrefixListReference = &planparse.ResourceType{
	Name:    "aws_ec2_transit_gateway_prefix_list_reference",
	Doc:     "routes the prefixes of a list in a transit gateway route table",
	Reads:   []string{"blackhole", "prefix_list_id", "transit_gateway_attachment_id", "transit_gateway_route_table_id"},
	Ignores: []string{"id", "prefix_list_owner_id", "region"},
	Accepts: map[string][]string{"prefix_list_id": acceptsPrefixList, "transit_gateway_attachment_id": acceptsAttachment,
		"transit_gateway_route_table_id": acceptsTransitTable},
	Build: func(r *planparse.Resource, b *planparse.Builder) {
		n := newBlock(r, b)
		x := n.transitRoute()
		x.Rank = netmodel.PrefixListRoute
		x.Destination = netmodel.Peer{Kind: netmodel.PeerPrefixList, Ref: n.Ref("prefix_list_id")}
		b.AddTransitRoute(n.Ref("transit_gateway_route_table_id"), x)
	},
}

// transitRoute is the route of n without its destination (TGW-12).
func (n block) transitRoute() netmodel.Route {
	return netmodel.Route{Target: n.Ref("transit_gateway_attachment_id"), Blackhole: n.Truth("blackhole", false), Origin: n.Origin("")}
}

var transitGatewayRouteTableAssociation = &planparse.ResourceType{
	Name:    "aws_ec2_transit_gateway_route_table_association",
	Doc:     "gives an attachment its transit gateway route table",
	Reads:   []string{"replace_existing_association", "transit_gateway_attachment_id", "transit_gateway_route_table_id"},
	Ignores: []string{"id", "region", "resource_id", "resource_type"},
	Accepts: map[string][]string{"transit_gateway_attachment_id": acceptsAttachment, "transit_gateway_route_table_id": acceptsTransitTable},
	Build: func(r *planparse.Resource, b *planparse.Builder) {
		n := newBlock(r, b)
		replaces := n.Truth("replace_existing_association", false)
		b.AssociateTransitTable(n.Ref("transit_gateway_attachment_id"), n.Ref("transit_gateway_route_table_id"), n.Origin(""),
			replaces.IsFalse() && !isObserved(b) && isNew(r))
	},
}

var transitGatewayRouteTablePropagation = &planparse.ResourceType{
	Name:    "aws_ec2_transit_gateway_route_table_propagation",
	Doc:     "has an attachment propagate its routes to a transit gateway route table",
	Reads:   []string{"transit_gateway_attachment_id", "transit_gateway_route_table_id"},
	Ignores: []string{"id", "region", "resource_id", "resource_type"},
	Accepts: map[string][]string{"transit_gateway_attachment_id": acceptsAttachment, "transit_gateway_route_table_id": acceptsTransitTable},
	Build: func(r *planparse.Resource, b *planparse.Builder) {
		n := newBlock(r, b)
		b.Propagate(n.Ref("transit_gateway_attachment_id"), n.Ref("transit_gateway_route_table_id"), n.Origin(""), netmodel.Gap{})
	},
}

// changedDefault reads these.
var (
	transitGatewayDefaultRouteTableAssociation = transitGatewayDefaultRouteTable("association", "changes which route table new attachments of a transit gateway get")
	transitGatewayDefaultRouteTablePropagation = transitGatewayDefaultRouteTable("propagation", "changes which route table new attachments of a transit gateway propagate to")
)

func transitGatewayDefaultRouteTable(kind, doc string) *planparse.ResourceType {
	return &planparse.ResourceType{
		Name:    "aws_ec2_transit_gateway_default_route_table_" + kind,
		Doc:     doc,
		Reads:   []string{"original_default_route_table_id", "transit_gateway_id", "transit_gateway_route_table_id"},
		Ignores: []string{"id", "region", "timeouts"},
		Accepts: map[string][]string{"transit_gateway_id": acceptsTransitGateway, "transit_gateway_route_table_id": acceptsTransitTable},
		Build:   func(*planparse.Resource, *planparse.Builder) {},
	}
}
