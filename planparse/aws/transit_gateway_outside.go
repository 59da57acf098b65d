package aws

import (
	"slices"

	"github.com/planreach/planreach/netmodel"
	"github.com/planreach/planreach/planparse"
)

// addPossibleAttachments adds attachments of VPCs that the plan only reads to
// transit gateways that exist already: another configuration may have attached
// them, and they may propagate to any route table of the gateway that exists.
// It must be called before everything is linked.
func addPossibleAttachments(b *planparse.Builder) {
	for _, g := range b.Network().TransitGateways {
		for _, v := range b.Network().VPCs {
			r := b.Resource(v.Address)
			if !mayPredate(b, g.Address) || r == nil || r.Mode != planparse.Data || mayBeAttached(b, g.Address, v.Address) {
				continue
			}
			x, gap := addOutsideAttachment(b, g.Address, v.Address)
			x.Active = netmodel.Open(gap)
			for _, t := range b.Network().TransitTables {
				if t.Gateway.MayBe(g.Address) && mayPredate(b, t.Origin.Address) {
					b.Propagate(netmodel.To(x.Address), netmodel.To(t.Address), x.Origin, gap)
				}
			}
		}
	}
}

// addOutsideAttachments adds the attachments that routes to an existing transit
// gateway prove: AWS refuses such a route in a VPC that is not attached. Where
// both the gateway and the VPC exist before the plan, the attachment may be one
// that the plan does not show.
func addOutsideAttachments(b *planparse.Builder) {
	for _, t := range b.Network().RouteTables {
		vpc, ok := t.VPC.Exact()
		if !ok || !mayPredate(b, vpc) {
			continue
		}
		for _, x := range t.Routes {
			a, ok := x.Target.Exact()
			if ok && isTransitGateway(b, a) && mayPredate(b, a) && !mayBeAttached(b, a, vpc) && !isDetached(b, a, vpc) {
				addOutsideAttachment(b, a, vpc)
			}
		}
	}
}

// mayPredate reports whether an object may have been there before the plan.
func mayPredate(b *planparse.Builder, a netmodel.Address) bool {
	r := b.Resource(a)
	return r == nil || r.Mode == planparse.Data || r.Existing || isObserved(b)
}

func isTransitGateway(b *planparse.Builder, a netmodel.Address) bool {
	return slices.ContainsFunc(b.Network().TransitGateways, func(x *netmodel.TransitGateway) bool { return x.Address == a })
}

func mayBeAttached(b *planparse.Builder, gateway, vpc netmodel.Address) bool {
	return slices.ContainsFunc(b.Network().Attachments, func(x *netmodel.Attachment) bool {
		return x.Gateway.MayBe(gateway) && x.VPC.MayBe(vpc)
	})
}

// isDetached reports whether the plan takes the attachment away.
func isDetached(b *planparse.Builder, gateway, vpc netmodel.Address) bool {
	return slices.ContainsFunc(b.Plan().Resources, func(r *planparse.Resource) bool {
		if r.TypeName() != "aws_ec2_transit_gateway_vpc_attachment" || !r.Value(b.World()).IsNone() {
			return false
		}
		v := r.Block(planparse.Before)
		g, ok := b.CanonicalRef(v.Ref("transit_gateway_id")).Exact()
		a, also := b.CanonicalRef(v.Ref("vpc_id")).Exact()
		return ok && also && g == gateway && a == vpc
	})
}

// addOutsideAttachment adds the attachment of a VPC that the plan does not
// describe. gap is what it does not tell.
func addOutsideAttachment(b *planparse.Builder, gateway, vpc netmodel.Address) (x *netmodel.Attachment, gap netmodel.Gap) {
	gap = netmodel.Gap{Origin: netmodel.Origin{Address: vpc}, Why: netmodel.OutsidePlan, Code: netmodel.UnknownTransitRoutes,
		Detail: "the plan does not describe the attachment of " + string(vpc) + " to " + string(gateway)}
	x = &netmodel.Attachment{
		Address: gateway + netmodel.Address(".attachment["+string(vpc)+"]"), Gateway: netmodel.To(gateway), VPC: netmodel.To(vpc),
		Subnets: netmodel.Refs{More: gap}, Table: netmodel.Unsettled(gap), Active: netmodel.Holds, Referencing: netmodel.Open(gap), ApplianceMode: netmodel.Open(gap),
		Origin: netmodel.Origin{Address: vpc},
	}
	b.AddAttachment(x, netmodel.Open(gap))
	return x, gap
}
