package aws

import (
	"github.com/planreach/planreach/netmodel"
	"github.com/planreach/planreach/planparse"
)

var transitGatewayVPCAttachment = &planparse.ResourceType{
	Name: "aws_ec2_transit_gateway_vpc_attachment",
	Doc:  "attaches a VPC to a transit gateway, which gets an interface in each of the subnets",
	Reads: []string{"appliance_mode_support", "ipv6_support", "security_group_referencing_support", "subnet_ids", "transit_gateway_default_route_table_association",
		"transit_gateway_default_route_table_propagation", "transit_gateway_id", "vpc_id"},
	Ignores: []string{"arn", "dns_support", "id", "region", "tags", "tags_all", "vpc_owner_id"},
	Sets:    []string{"subnet_ids"},
	Accepts: map[string][]string{"subnet_ids": acceptsSubnet, "transit_gateway_id": acceptsTransitGateway, "vpc_id": acceptsVPC},
	Build: func(r *planparse.Resource, b *planparse.Builder) {
		n := newBlock(r, b)
		x := n.newAttachment()
		x.Referencing = n.optionOr("security_group_referencing_support", true)
		b.AddAttachment(x, n.enabled("ipv6_support", "disable"))
		association := n.flag("transit_gateway_default_route_table_association")
		propagation := n.flag("transit_gateway_default_route_table_propagation")
		b.Later(func() {
			x.Active = n.attachmentActive(x)
			n.joinDefaults(x, association, propagation)
		})
	},
}

var dataTransitGatewayVPCAttachment = &planparse.ResourceType{
	Name:    "data.aws_ec2_transit_gateway_vpc_attachment",
	Doc:     "existing attachment of a VPC to a transit gateway, not its route table",
	Reads:   []string{"appliance_mode_support", "ipv6_support", "security_group_referencing_support", "subnet_ids", "transit_gateway_id", "vpc_id"},
	Ignores: []string{"arn", "dns_support", "filter", "id", "region", "tags", "timeouts", "vpc_owner_id"},
	Accepts: map[string][]string{"subnet_ids": acceptsSubnet, "transit_gateway_id": acceptsTransitGateway, "vpc_id": acceptsVPC},
	Build: func(r *planparse.Resource, b *planparse.Builder) {
		n := newBlock(r, b)
		x := n.newAttachment()
		x.Referencing, x.Active = n.enabled("security_group_referencing_support", "enable"), netmodel.Holds
		gap := n.outside("", netmodel.UnknownTransitRoutes, "the plan does not show which route tables the attachment uses")
		x.Table = netmodel.Unsettled(gap)
		b.AddAttachment(x, n.enabled("ipv6_support", "disable"))
		b.Later(func() { // it may propagate to any table
			for _, t := range b.Network().TransitTables {
				if g, ok := x.Gateway.Exact(); !ok || t.Gateway.MayBe(g) {
					b.Propagate(netmodel.To(x.Address), netmodel.To(t.Address), n.Origin(""), gap)
				}
			}
		})
	},
}

// transitGatewayVPCAttachmentAccepter describes the attachment only if nothing
// else does: the other side may be in another configuration.
var transitGatewayVPCAttachmentAccepter = &planparse.ResourceType{
	Name: "aws_ec2_transit_gateway_vpc_attachment_accepter",
	Doc:  "accepts the attachment of a VPC of another account",
	Reads: []string{"appliance_mode_support", "ipv6_support", "security_group_referencing_support", "subnet_ids", "transit_gateway_attachment_id",
		"transit_gateway_default_route_table_association", "transit_gateway_default_route_table_propagation", "transit_gateway_id", "vpc_id"},
	Ignores: []string{"dns_support", "id", "region", "tags", "tags_all", "vpc_owner_id"},
	Accepts: map[string][]string{"transit_gateway_attachment_id": acceptsAttachment},
	Build: func(r *planparse.Resource, b *planparse.Builder) {
		n := newBlock(r, b)
		attachment := n.Ref("transit_gateway_attachment_id")
		if a, ok := attachment.Exact(); ok {
			b.Alias(r.Address, a)
		}
		association := n.flag("transit_gateway_default_route_table_association")
		propagation := n.flag("transit_gateway_default_route_table_propagation")
		b.Later(func() {
			a, ok := b.CanonicalRef(attachment).Exact()
			if !ok || attachmentAt(b, a) != nil {
				return
			}
			x := n.newAttachment()
			x.Address, x.Active = a, netmodel.Holds
			x.Referencing = n.optionOr("security_group_referencing_support", false)
			b.AddAttachment(x, n.optionOr("ipv6_support", false))
			x.Gateway = b.CanonicalRef(x.Gateway)
			n.joinDefaults(x, association, propagation)
		})
	},
}

// newAttachment is what all resources that describe an attachment have in
// common.
func (n block) newAttachment() *netmodel.Attachment {
	return &netmodel.Attachment{Address: n.r.Address, Gateway: n.Ref("transit_gateway_id"), VPC: n.Ref("vpc_id"),
		Subnets: n.Refs("subnet_ids"), ApplianceMode: n.applianceMode(), Origin: n.Origin("")}
}

// applianceMode is off unless it is set; the accepter's provider fills it in.
func (n block) applianceMode() netmodel.Truth {
	if n.isOpen("appliance_mode_support") && n.r.Type != "aws_ec2_transit_gateway_vpc_attachment_accepter" {
		return netmodel.Fails
	}
	return n.enabled("appliance_mode_support", "disable")
}

// optionOr is enabled for an argument that the provider fills in: def says what
// it is if AWS chooses; otherwise that is left open.
func (n block) optionOr(name string, def bool) netmodel.Truth {
	if n.isOpen(name) && def {
		return netmodel.Holds
	}
	return n.enabled(name, "enable")
}

// flag is an argument of an attachment that is true unless it is set.
func (n block) flag(name string) netmodel.Truth {
	if n.isOpen(name) {
		return netmodel.Holds
	}
	return n.Truth(name, true)
}

// attachmentActive says whether the attachment x is accepted (TGW-8): nobody has
// to if gateway and VPC are of one account.
func (n block) attachmentActive(x *netmodel.Attachment) netmodel.Truth {
	gateway, _ := n.b.CanonicalRef(x.Gateway).Exact()
	g := n.b.Resource(gateway)
	switch {
	case n.accepter() != nil, n.isOfSameAccount(g, x):
		return netmodel.Holds
	case g != nil && g.Type == "aws_ec2_transit_gateway" && newBlock(g, n.b).enabled("auto_accept_shared_attachments", "disable").IsTrue():
		return netmodel.Holds
	}
	return netmodel.Open(n.outside("transit_gateway_id", netmodel.UnknownPeeringAcceptance,
		"the owner of the transit gateway has to accept the attachment, unless it is of the same account"))
}

// isOfSameAccount reports whether the gateway g, which may be nil, is certainly
// of the account of the attached VPC.
func (n block) isOfSameAccount(g *planparse.Resource, x *netmodel.Attachment) bool {
	if g == nil {
		return false
	}
	if g.Mode == planparse.Managed && n.r.Mode == planparse.Managed && g.ProviderConfig != "" && g.ProviderConfig == n.r.ProviderConfig {
		return true
	}
	vpc, _ := n.b.CanonicalRef(x.VPC).Exact()
	owner := func(r *planparse.Resource, name string) string {
		if r == nil {
			return ""
		}
		return r.Value(n.b.World()).Field(name).Text()
	}
	of := owner(g, "owner_id")
	return of != "" && (of == owner(n.r, "vpc_owner_id") || of == owner(n.b.Resource(vpc), "owner_id"))
}

// accepter is the resource that accepts the attachment n, or nil.
func (n block) accepter() *planparse.Resource {
	for _, r := range n.b.Plan().Resources {
		if r.TypeName() != "aws_ec2_transit_gateway_vpc_attachment_accepter" || r.Value(n.b.World()).IsNone() {
			continue
		}
		a, ok := n.b.CanonicalRef(newBlock(r, n.b).Ref("transit_gateway_attachment_id")).Exact()
		if ok && a == n.b.Canonical(n.r.Address) {
			return r
		}
	}
	return nil
}

// joinDefaults gives x the default table of its gateway and has it propagate to
// the one for that, unless its flags say otherwise (TFI-12, TFB-15).
func (n block) joinDefaults(x *netmodel.Attachment, association, propagation netmodel.Truth) {
	if r := n.accepter(); r != nil { // whose flags are those that count
		v := newBlock(r, n.b)
		association, propagation = v.flag("transit_gateway_default_route_table_association"), v.flag("transit_gateway_default_route_table_propagation")
	}
	gateway, _ := n.b.CanonicalRef(x.Gateway).Exact()
	association, propagation = n.heeded(x, association), n.heeded(x, propagation)
	table := defaultTable(n.b, x.Gateway, "association", n.isNew())
	switch among, closed := table.Among(); {
	case association.IsTrue():
		x.Table = table
	case association.IsFalse():
		x.Table = netmodel.NoLink()
	case closed:
		x.Table = netmodel.OneOf(association.Gap(), append([]netmodel.Address{""}, among...)...)
	default:
		x.Table = netmodel.Unsettled(association.Gap())
	}
	table = defaultTable(n.b, x.Gateway, "propagation", n.isNew())
	// The default table of a gateway outside the plan is outside as well.
	if _, closed := table.Among(); (closed || gateway == "") && !propagation.IsFalse() {
		n.b.Propagate(netmodel.To(x.Address), table, n.Origin(""), propagation.Gap())
	}
}

// heeded is a flag as far as it counts: the provider does not touch the tables
// of a gateway of another account.
func (n block) heeded(x *netmodel.Attachment, flag netmodel.Truth) netmodel.Truth {
	gateway, _ := n.b.CanonicalRef(x.Gateway).Exact()
	if !flag.IsFalse() || n.r.Type == "aws_ec2_transit_gateway_vpc_attachment_accepter" || n.accepter() != nil ||
		n.isOfSameAccount(n.b.Resource(gateway), x) {
		return flag
	}
	return netmodel.Open(n.outside("transit_gateway_id", netmodel.UnknownTransitRoutes,
		"if the transit gateway is of another account, its owner chooses the route tables"))
}

func attachmentAt(b *planparse.Builder, a netmodel.Address) *netmodel.Attachment {
	return byAddress(b, b.Network().Attachments, func(x *netmodel.Attachment) netmodel.Address { return x.Address }, a)
}
