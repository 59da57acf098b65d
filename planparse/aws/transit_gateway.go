package aws

import (
	"slices"

	"github.com/planreach/planreach/netmodel"
	"github.com/planreach/planreach/planparse"
)

// The types whose objects an argument may name.
var (
	acceptsTransitGateway = []string{"aws_ec2_transit_gateway", "data.aws_ec2_transit_gateway"}
	acceptsTransitTable   = []string{"aws_ec2_transit_gateway_route_table", "aws_ec2_transit_gateway", "data.aws_ec2_transit_gateway_route_table", "data.aws_ec2_transit_gateway"}
	acceptsAttachment     = []string{"aws_ec2_transit_gateway_vpc_attachment", "aws_ec2_transit_gateway_vpc_attachment_accepter",
		"data.aws_ec2_transit_gateway_vpc_attachment", "aws_vpn_connection", "aws_ec2_transit_gateway_peering_attachment",
		"aws_ec2_transit_gateway_peering_attachment_accepter", "aws_ec2_transit_gateway_connect",
		"data.aws_ec2_transit_gateway_attachment", "data.aws_ec2_transit_gateway_peering_attachment",
		"data.aws_ec2_transit_gateway_vpn_attachment", "data.aws_ec2_transit_gateway_dx_gateway_attachment"}
)

var transitGateway = &planparse.ResourceType{
	Name: "aws_ec2_transit_gateway",
	Doc:  "connects its attachments by its route tables",
	Reads: []string{"association_default_route_table_id", "auto_accept_shared_attachments", "default_route_table_association",
		"default_route_table_propagation", "propagation_default_route_table_id", "security_group_referencing_support"},
	Ignores: []string{"amazon_side_asn", "arn", "description", "dns_support", "encryption_support", "id", "multicast_support", "owner_id",
		"region", "tags", "tags_all", "timeouts", "transit_gateway_cidr_blocks", "vpn_ecmp_support"},
	Identities: []string{"association_default_route_table_id", "propagation_default_route_table_id"},
	Build: func(r *planparse.Resource, b *planparse.Builder) {
		buildTransitGateway(newBlock(r, b), nil)
	},
}

var dataTransitGateway = &planparse.ResourceType{
	Name:    "data.aws_ec2_transit_gateway",
	Doc:     "existing transit gateway, not its attachments and routes",
	Reads:   transitGateway.Reads,
	Ignores: []string{"amazon_side_asn", "arn", "description", "dns_support", "encryption_support", "filter", "id", "multicast_support", "owner_id", "region", "tags", "timeouts", "transit_gateway_cidr_blocks", "vpn_ecmp_support"},

	Identities: transitGateway.Identities,
	Build: func(r *planparse.Resource, b *planparse.Builder) {
		n := newBlock(r, b)
		buildTransitGateway(n, []netmodel.Gap{n.outside("", netmodel.UnknownTransitRoutes, "the plan does not show the routes of "+string(r.Address))})
	},
}

// buildTransitGateway adds a transit gateway with its default route tables,
// which are one unless somebody has chosen others (TFI-12). hidden says why
// they may have routes that the plan does not show.
func buildTransitGateway(n block, hidden []netmodel.Gap) {
	n.b.AddTransitGateway(&netmodel.TransitGateway{Address: n.r.Address, Referencing: n.enabled("security_group_referencing_support", "disable"), Origin: n.Origin("")})
	n.b.Later(func() { n.hideLearned() })
	association, propagation := defaultTableOf(n.r.Address, "association"), defaultTableOf(n.r.Address, "propagation")
	a, known := n.String("association_default_route_table_id").Get()
	p, also := n.String("propagation_default_route_table_id").Get()
	add := func(address netmodel.Address, option, id string) {
		if id != "" && n.isTableOfItsOwn(id) || n.enabled(option, "enable").IsFalse() && id == "" {
			return
		}
		n.b.AddTransitTable(&netmodel.TransitTable{Address: address, Gateway: netmodel.To(n.r.Address), Hidden: hidden,
			Origin: netmodel.Origin{Address: n.r.Address}})
	}
	alias(n.b, n.Block, "association_default_route_table_id", association)
	alias(n.b, n.Block, "propagation_default_route_table_id", propagation)
	add(association, "default_route_table_association", a)
	if known && also && a != p {
		add(propagation, "default_route_table_propagation", p)
		return
	}
	if n.enabled("default_route_table_association", "enable").IsFalse() && !known {
		add(propagation, "default_route_table_propagation", p)
	} else {
		n.b.Alias(propagation, association)
	}
}

// defaultTableOf is the name of the table that attachments of a gateway are
// associated with, or propagate to, by default.
func defaultTableOf(gateway netmodel.Address, kind string) netmodel.Address {
	return gateway + netmodel.Address("."+kind+"_default_route_table_id")
}

// enabled says whether an option, which is enable or disable, is on.
func (n block) enabled(name, def string) netmodel.Truth {
	k := n.String(name)
	switch on := k.Or(def); {
	case k.IsOpen():
		return netmodel.Open(k.Gap())
	case on == "enable", on == "disable":
		return netmodel.Certain(on == "enable")
	}
	return netmodel.Open(n.outside(name, netmodel.UnknownValue, "the plan holds a value that is neither enable nor disable"))
}

// isTableOfItsOwn reports whether the plan describes the transit table with the
// given id by a resource of its own.
func (n block) isTableOfItsOwn(id string) bool {
	return slices.ContainsFunc(n.b.Plan().Resources, func(r *planparse.Resource) bool {
		return r.Type == "aws_ec2_transit_gateway_route_table" && r.Mode == planparse.Managed && r.Block(n.b.World()).String("id").Or("") == id
	})
}

// learning are the types of attachments that learn routes from outside, with
// the argument that names the gateway. By default they propagate them.
var learning = map[string]string{
	"aws_vpn_connection": "transit_gateway_id", "aws_vpn_concentrator": "transit_gateway_id",
	"aws_ec2_transit_gateway_connect": "transit_gateway_id", "aws_dx_gateway_association": "associated_gateway_id",
	"aws_ec2_client_vpn_endpoint": "transit_gateway_id",
}

// hideLearned says that the default table for propagation may have routes that
// an attachment has learnt (VPN-8, TGW-29).
func (n block) hideLearned() {
	for _, r := range n.b.Plan().Resources {
		argument, ok := learning[r.Type]
		if !ok || r.Mode == planparse.Data || r.Value(n.b.World()).IsNone() {
			continue
		}
		v := newBlock(r, n.b)
		if !n.b.CanonicalRef(v.Ref(argument)).MayBe(n.r.Address) || v.Bool("static_routes_only").Or(false) ||
			r.Type != vpnConnection.Name && !v.Bool("transit_gateway_default_route_table_propagation").Or(true) {
			continue
		}
		n.b.HideTransitRoutes(defaultTable(n.b, netmodel.To(n.r.Address), "propagation", false), netmodel.Gap{
			Origin: v.Origin(""), Why: netmodel.OutsidePlan, Code: netmodel.UnknownPropagatedRoutes,
			Detail: "what " + string(r.Address) + " propagates is not known",
		})
	}
}

// defaultTable is the table that an attachment of the gateway that r leads to
// gets by default, or propagates to. isNew says that the attachment is made by
// this plan. It must be asked from Later on.
func defaultTable(b *planparse.Builder, r netmodel.Ref, kind string, isNew bool) netmodel.Ref {
	r = b.CanonicalRef(r)
	a, ok := r.Exact()
	g := b.Resource(a)
	if !ok || g == nil || g.Type != "aws_ec2_transit_gateway" {
		gap := r.Gap()
		if ok {
			gap = netmodel.Gap{Origin: netmodel.Origin{Address: a}, Why: netmodel.OutsidePlan, Code: netmodel.UnknownTransitRoutes,
				Detail: "the plan does not describe " + string(a)}
		}
		return netmodel.Unsettled(gap)
	}
	n := newBlock(g, b)
	out := netmodel.To(b.Canonical(defaultTableOf(a, kind)))
	switch on := n.enabled("default_route_table_"+kind, "enable"); {
	case on.IsFalse():
		out = netmodel.NoLink()
	case on.IsOpen():
		out = netmodel.OneOf(on.Gap(), b.Canonical(defaultTableOf(a, kind)), "")
	}
	return changedDefault(b, a, kind, isNew, out)
}

// changedDefault is the default table of a gateway, was unless a resource has
// changed it. Whether an attachment came before the change is not in the plan
// if both are made by it.
func changedDefault(b *planparse.Builder, gateway netmodel.Address, kind string, isNew bool, was netmodel.Ref) netmodel.Ref {
	for _, r := range b.Plan().Resources {
		if r.Type != "aws_ec2_transit_gateway_default_route_table_"+kind || r.Value(b.World()).IsNone() {
			continue
		}
		n := newBlock(r, b)
		of := b.CanonicalRef(n.Ref("transit_gateway_id"))
		if !of.MayBe(gateway) {
			continue
		}
		table := b.CanonicalRef(n.Ref("transit_gateway_route_table_id"))
		if isNew && !n.isNew() && of.IsSettled() && table.IsSettled() {
			return table
		}
		among, closed := table.Among()
		others, also := was.Among()
		if original := n.Ref("original_default_route_table_id"); !n.isOpen("original_default_route_table_id") {
			more, _ := b.CanonicalRef(original).Among()
			others = append(slices.Clone(others), more...)
		}
		gap := netmodel.Gap{Origin: n.Origin("transit_gateway_route_table_id"), Why: netmodel.UntilApply, Code: netmodel.UnknownTransitRoutes,
			Detail: "whether the attachment was made before the default table changed is not in the plan"}
		if !closed || !also {
			return netmodel.Unsettled(gap)
		}
		return netmodel.OneOf(gap, append(slices.Clone(among), others...)...)
	}
	return was
}
