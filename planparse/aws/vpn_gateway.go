package aws

import (
	"slices"

	"github.com/planreach/planreach/netmodel"
	"github.com/planreach/planreach/planparse"
)

var vpnGateway = &planparse.ResourceType{
	Name:    "aws_vpn_gateway",
	Doc:     "joins a VPC with private networks outside",
	Reads:   []string{"vpc_id"},
	Ignores: []string{"amazon_side_asn", "arn", "availability_zone", "id", "region", "tags", "tags_all"},
	Accepts: map[string][]string{"vpc_id": acceptsVPC},
	Build: func(r *planparse.Resource, b *planparse.Builder) {
		v := r.Block(b.World())
		x := &netmodel.VPNGateway{Address: r.Address, VPC: v.Ref("vpc_id"), Table: netmodel.NoLink(), IPv6: netmodel.Fails, Origin: v.Origin("")}
		if isUnset(r, b, "vpc_id") {
			x.VPC = netmodel.NoLink() // detached, unless an attachment says otherwise
		}
		b.AddVPNGateway(x)
		if !isConfigured(r, b, "vpc_id") {
			b.Later(func() { detachVPN(b, x) })
		}
	},
}

// detachVPN takes x from its VPC if the plan only shows it there, and the
// resource that attached it goes.
func detachVPN(b *planparse.Builder, x *netmodel.VPNGateway) {
	for _, r := range b.Plan().Resources {
		if r.TypeName() != vpnGatewayAttachment.Name || b.World() == planparse.Before || r.Value(planparse.Before).IsNone() {
			continue
		}
		if a, ok := b.CanonicalRef(r.Block(planparse.Before).Ref("vpn_gateway_id")).Exact(); ok && a == x.Address {
			x.VPC = netmodel.NoLink()
		}
	}
}

var vpnGatewayAttachment = &planparse.ResourceType{
	Name:    "aws_vpn_gateway_attachment",
	Doc:     "attaches a virtual private gateway to a VPC",
	Reads:   []string{"vpc_id", "vpn_gateway_id"},
	Ignores: []string{"id", "region"},
	Accepts: map[string][]string{"vpc_id": acceptsVPC, "vpn_gateway_id": acceptsVPNGateway},
	Build: func(r *planparse.Resource, b *planparse.Builder) {
		v := r.Block(b.World())
		gateway, vpc := v.Ref("vpn_gateway_id"), v.Ref("vpc_id")
		b.Later(func() {
			b.Later(func() { // behind detachVPN
				eachVPNGateway(b, gateway, func(x *netmodel.VPNGateway, doubt netmodel.Gap) {
					if doubt.IsZero() {
						x.VPC = b.CanonicalRef(vpc)
					} else {
						linkEither(&x.VPC, b.CanonicalRef(vpc), doubt)
					}
				})
			})
		})
	},
}

// eachVPNGateway calls f for the gateways that r may lead to; doubt says why it
// may lead elsewhere.
func eachVPNGateway(b *planparse.Builder, r netmodel.Ref, f func(x *netmodel.VPNGateway, doubt netmodel.Gap)) {
	r = b.CanonicalRef(r)
	for _, x := range b.Network().VPNGateways {
		if r.MayBe(b.Canonical(x.Address)) {
			f(x, r.Gap())
		}
	}
}

var dataVPNGateway = &planparse.ResourceType{
	Name:       "data.aws_vpn_gateway",
	Doc:        "existing virtual private gateway",
	Reads:      []string{"attached_vpc_id"},
	Ignores:    []string{"amazon_side_asn", "arn", "availability_zone", "filter", "id", "region", "state", "tags", "timeouts"},
	Identities: []string{},
	Accepts:    map[string][]string{"attached_vpc_id": acceptsVPC},
	Build: func(r *planparse.Resource, b *planparse.Builder) {
		n := newBlock(r, b)
		g := n.outside("", netmodel.UnknownPropagatedRoutes, "the plan does not show what the VPN gateway is connected to")
		b.AddVPNGateway(&netmodel.VPNGateway{Address: r.Address, VPC: n.Ref("attached_vpc_id"), Table: netmodel.NoLink(),
			Hidden: []netmodel.Gap{g}, IPv6: netmodel.Open(g), Origin: n.Origin("")})
	},
}

// directConnect are the types by which Direct Connect uses a virtual private
// gateway, with the argument that names it. It learns routes by BGP, and carries
// IPv6 (VPN-5).
var directConnect = map[string]string{
	"aws_dx_gateway_association":                       "associated_gateway_id",
	"aws_dx_gateway_association_proposal":              "associated_gateway_id",
	"aws_dx_hosted_private_virtual_interface_accepter": "vpn_gateway_id",
	"aws_dx_private_virtual_interface":                 "vpn_gateway_id",
}

// settleVPNGateways says what the gateways may know beside the static routes of
// their connections. It must be called when all objects are there.
func settleVPNGateways(b *planparse.Builder) {
	for _, x := range b.Network().VPNGateways {
		connected := false
		for _, r := range b.Plan().Resources {
			name, direct := directConnect[r.TypeName()]
			if r.TypeName() == vpnConnection.Name {
				name = "vpn_gateway_id"
			}
			if name == "" || r.Value(b.World()).IsNone() || !b.CanonicalRef(r.Block(b.World()).Ref(name)).MayBe(x.Address) {
				continue
			}
			connected = true
			if direct {
				g := netmodel.Gap{Origin: netmodel.Origin{Address: r.Address}, Why: netmodel.OutsidePlan, Code: netmodel.UnknownPropagatedRoutes,
					Detail: "what Direct Connect learns by BGP is in no plan"}
				x.Hidden, x.IPv6 = append(x.Hidden, g), netmodel.Open(g)
			}
		}
		if !connected && len(x.Hidden) == 0 {
			g := netmodel.Gap{Origin: x.Origin, Why: netmodel.OutsidePlan, Code: netmodel.UnknownPropagatedRoutes,
				Detail: "the plan does not show what the VPN gateway is connected to"}
			x.Hidden, x.IPv6 = []netmodel.Gap{g}, netmodel.Open(g)
		}
		assumeVPNPrefixes(b, x)
	}
}

// assumeVPNPrefixes puts the ranges that the user assumes in the place of what a
// gateway learns (VPN-8).
func assumeVPNPrefixes(b *planparse.Builder, x *netmodel.VPNGateway) {
	assumed := assumedOf(b, x.Address)
	if !assumed.Has("prefixes") {
		return
	}
	ranges, more := assumed.Prefixes("prefixes")
	x.Hidden = nil
	if !more.IsZero() {
		x.Hidden = []netmodel.Gap{more}
	}
	for _, p := range ranges {
		if q, ok := p.Get(); ok && !slices.ContainsFunc(x.Prefixes, func(e netmodel.PrefixEntry) bool { return e.Prefix == q && e.Doubt.IsZero() }) {
			x.Prefixes = append(x.Prefixes, netmodel.PrefixEntry{Prefix: q, Origin: netmodel.Origin{Address: x.Address, Path: "prefixes"}})
		}
	}
}
