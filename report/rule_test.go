package report

import (
	"net/netip"
	"testing"

	"github.com/planreach/planreach/assertions"
	"github.com/planreach/planreach/evaluator"
	"github.com/planreach/planreach/headerspace"
	"github.com/planreach/planreach/netmodel"
)

func TestRuleWords(t *testing.T) {
	in := leg{from: internet, to: endpoint(appB)}
	out := leg{from: endpoint(appB), to: internet}
	back := leg{from: endpoint(appB), to: internet, reply: true}
	web := headerspace.Packet{Proto: headerspace.TCP, DstPort: 443, Src: netip.MustParseAddr("1.0.0.0"), Dst: netip.MustParseAddr("10.0.2.1")}
	ping := headerspace.Packet{Proto: headerspace.ICMP, ICMPType: 8}
	gap := netmodel.Gap{Why: netmodel.UntilApply, Code: netmodel.UnknownReference}
	group := func(r netmodel.Ref) *netmodel.Rule {
		return &netmodel.Rule{Action: netmodel.Permit, Match: headerspace.Exactly(ports(443, 443)), Peer: netmodel.Peer{Kind: netmodel.PeerGroup, Ref: r}}
	}
	deny := &netmodel.Rule{Number: 50, Action: netmodel.Deny, Match: headerspace.Exactly(headerspace.All()), Peer: netmodel.InPrefix(prefix("::/0"))}
	route := func(r netmodel.Ref) evaluator.Routed {
		return evaluator.Routed{Route: &netmodel.Route{Destination: netmodel.InPrefix(prefix("0.0.0.0/0")), Target: r}}
	}
	for _, c := range []struct {
		want   string
		leg    leg
		kind   evaluator.HopKind
		dir    netmodel.Direction
		step   evaluator.Step
		packet headerspace.Packet
		result evaluator.HopResult
		code   netmodel.Code
	}{
		{"tcp/443 from aws_security_group.app", in, evaluator.SecurityGroup, netmodel.Ingress, evaluator.Filtered{Rule: group(netmodel.To(sgApp))}, web, evaluator.HopPass, ""},
		{"tcp/443 to one of aws_security_group.app, aws_security_group.bastion", out, evaluator.SecurityGroup, netmodel.Egress,
			evaluator.Filtered{Rule: group(netmodel.OneOf(gap, sgApp, sgBastion))}, web, evaluator.HopUnknown, netmodel.UnknownReference},
		{"tcp/443 to something that is not known", out, evaluator.SecurityGroup, netmodel.Egress, evaluator.Filtered{Rule: group(netmodel.Unsettled(gap, sgApp))}, web, evaluator.HopUnknown, netmodel.UnknownReference},
		{"no rule admits icmp/8/0 from the internet", in, evaluator.SecurityGroup, netmodel.Ingress, evaluator.Filtered{}, ping, evaluator.HopBlock, netmodel.ENISGRulesMismatch},
		{"it has no egress rules", out, evaluator.SecurityGroup, netmodel.Egress, evaluator.Filtered{}, web, evaluator.HopBlock, netmodel.SGHasNoRules},
		{"rule 50 deny any from ::/0", in, evaluator.NetworkACL, netmodel.Ingress, evaluator.Filtered{Rule: deny}, web, evaluator.HopBlock, netmodel.SubnetACLRestriction},
		{"whether a rule admits tcp/443 from the internet is not known", in, evaluator.NetworkACL, netmodel.Ingress, evaluator.Filtered{}, web, evaluator.HopUnknown, netmodel.UnknownNetworkACLRules},
		{"the VPC's range -> local", in, evaluator.RouteTable, 0, evaluator.Routed{IsLocal: true}, web, evaluator.HopPass, ""},
		{"0.0.0.0/0 -> aws_internet_gateway.main", out, evaluator.RouteTable, 0, route(netmodel.To(gateway)), web, evaluator.HopPass, ""},
		{"0.0.0.0/0 -> aws_internet_gateway.main, which is gone", out, evaluator.RouteTable, 0, route(netmodel.To(gateway)), web, evaluator.HopBlock, netmodel.BadStateRoute},
		{"0.0.0.0/0 -> aws_nat_gateway.a, which does not carry these replies", back, evaluator.RouteTable, 0, route(netmodel.To("aws_nat_gateway.a")), web, evaluator.HopBlock, netmodel.ReturnAsymmetric},
		{"no route to the internet", out, evaluator.RouteTable, 0, evaluator.Routed{}, web, evaluator.HopBlock, netmodel.NoRouteToDestination},
		{"no route back to the internet", back, evaluator.RouteTable, 0, evaluator.Routed{}, web, evaluator.HopBlock, netmodel.ReturnNoRoute},
		{`whether it has a route to aws_instance.app["b"] is not known`, in, evaluator.RouteTable, 0, evaluator.Routed{}, web, evaluator.HopUnknown, netmodel.UnknownRouteTable},
		{`to the public address of aws_instance.app["b"]`, in, evaluator.InternetGateway, 0, evaluator.Translated{Endpoint: appB}, web, evaluator.HopPass, ""},
		{"to the internet", out, evaluator.InternetGateway, 0, evaluator.Translated{Endpoint: appB}, web, evaluator.HopPass, ""},
		{`aws_instance.app["b"] has no public address`, out, evaluator.InternetGateway, 0, evaluator.Translated{Endpoint: appB}, web, evaluator.HopBlock, netmodel.IGWPublicIPForEgress},
		{`aws_instance.app["b"] has no public address`, in, evaluator.InternetGateway, 0, evaluator.Passed{}, web, evaluator.HopBlock, netmodel.IGWPrivateIPForIngress},
		{"it is not attached", out, evaluator.InternetGateway, 0, evaluator.Translated{Endpoint: appB}, web, evaluator.HopBlock, netmodel.BadStateAttachment},
		{"the gateway's address becomes the source", out, evaluator.NATGateway, 0, evaluator.Translated{}, web, evaluator.HopPass, ""},
		{"back to the address that the gateway replaced", back, evaluator.NATGateway, 0, evaluator.Translated{}, web, evaluator.HopPass, ""},
		{"forwards it", in, evaluator.InternetGateway, 0, evaluator.Passed{}, web, evaluator.HopPass, ""},
		{`nothing in the plan carries packets between aws_instance.app["b"] and the internet`, out, evaluator.Outside, 0, evaluator.Passed{}, web, evaluator.HopBlock, netmodel.NoRouteToDestination},
		{"this kind of component is not modelled", out, evaluator.Outside, 0, evaluator.Passed{}, web, evaluator.HopUnknown, netmodel.UnsupportedComponent},
	} {
		h := evaluator.Hop{Kind: c.kind, Direction: c.dir, Step: c.step, Packet: c.packet, Result: c.result, Code: c.code}
		if got := facts().rule(h, c.leg); got != c.want {
			t.Errorf("got  %s\nwant %s", got, c.want)
		}
	}
}

func TestDiffers(t *testing.T) {
	known := headerspace.Packet{Proto: headerspace.TCP, DstPort: 22, Src: netip.MustParseAddr("10.0.1.15"), Dst: netip.MustParseAddr("10.0.2.1")}
	unknown := known
	unknown.Src = netip.MustParseAddr("10.0.1.77") // picked from the subnet, not the plan's
	from := endpoint(bastion)
	rule := permit(0, ports(22, 22), "10.0.0.0/24", sshRule)
	inGroup := &netmodel.Rule{Peer: netmodel.Peer{Kind: netmodel.PeerGroup, Ref: netmodel.To(sgApp)}}
	for _, c := range []struct {
		want   string
		field  evaluator.PacketField
		rule   *netmodel.Rule
		packet headerspace.Packet
		from   assertions.End
	}{
		{"the protocol is tcp", evaluator.FieldProtocol, rule, known, from},
		{"the port is 22", evaluator.FieldPort, rule, known, from},
		{"the ICMP type is 8", evaluator.FieldPort, rule, headerspace.Packet{Proto: headerspace.ICMP, ICMPType: 8}, from},
		{"the packet is IPv6", evaluator.FieldFamily, rule, headerspace.Packet{Proto: headerspace.TCP, DstPort: 22}, from}, // its addresses may not be known
		{"the source is 10.0.1.15, which is outside", evaluator.FieldAddress, rule, known, from},
		{"the source is aws_instance.bastion, which is outside", evaluator.FieldAddress, rule, unknown, from},
		{"the source is 10.0.1.15, which is not in that group", evaluator.FieldAddress, inGroup, known, from},
		{"the source is another address of the internet", evaluator.FieldAddress, rule, known, internet},
	} {
		h := evaluator.Hop{Direction: netmodel.Ingress, Packet: c.packet}
		if got := facts().differs(h, &evaluator.Closest{Rule: c.rule, Field: c.field}, leg{from: c.from, to: endpoint(appB)}); got != c.want {
			t.Errorf("got  %s\nwant %s", got, c.want)
		}
	}
}

func TestPlainNames(t *testing.T) {
	for address, want := range map[string]string{
		"aws_vpc.main": "aws_vpc.main",
		"module.a.aws_vpc.main[0].default_network_acl_id":                "default NACL of module.a.aws_vpc.main[0]",
		"aws_vpc.main.main_route_table_id":                               "main route table of aws_vpc.main",
		"aws_ec2_transit_gateway.hub.association_default_route_table_id": "default route table of aws_ec2_transit_gateway.hub",
		"aws_instance.a[\"x\"].primary_network_interface_id":             "primary interface of aws_instance.a[\"x\"]",
		"default_vpc":                  "the default VPC",
		"default_vpc.internet_gateway": "internet gateway of the default VPC",
		"default_vpc[\"aws.west\"].default_security_group_id":                       "default security group of the default VPC of \"aws.west\"",
		"default_vpcs.internet_gateway":                                             "default_vpcs.internet_gateway",
		"aws_db_instance.main.interface":                                            "interface of aws_db_instance.main",
		"aws_instance.interface":                                                    "aws_instance.interface",
		"module.a[\"x.y\"].aws_lambda_function.f[0].interface[aws_subnet.s[\"b\"]]": "interface of module.a[\"x.y\"].aws_lambda_function.f[0] in aws_subnet.s[\"b\"]",
	} {
		if got := plainName(address); got != want {
			t.Errorf("%s: got %s, want %s", address, got, want)
		}
	}
}

// A gateway passes on what has no ports, too.
func TestForwardsEcho(t *testing.T) {
	h := evaluator.Hop{Kind: evaluator.VPCPeeringConnection, Result: evaluator.HopPass, Packet: headerspace.Packet{Proto: headerspace.ICMP, ICMPType: 8}}
	if got := forwards(h); got != "forwards it" {
		t.Errorf("an echo request at a peering: %q", got)
	}
}
