package aws_test

import (
	"testing"

	"github.com/planreach/planreach/planparse"
	"github.com/planreach/planreach/planparse/aws"
)

// An assumption takes the place of what a gateway learns (VPN-8).
func TestAssumedVPNPrefixes(t *testing.T) {
	_, p := testCases(t, "aws_vpn_gateway_attachment/learned.txtar")[0].plan(t)
	p, problems := planparse.Assume(p, []planparse.Assumption{{Target: "aws_vpn_gateway.main", Values: map[string]planparse.Value{
		"prefixes": planparse.ListValue([]planparse.Value{planparse.StringValue("192.168.0.0/16")})}}})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	n := aws.Network(p, planparse.After)
	x := n.VPNGateway("aws_vpn_gateway.main")
	if len(x.Hidden) > 0 || len(x.Prefixes) != 1 || x.Prefixes[0].Prefix.String() != "192.168.0.0/16" {
		t.Errorf("knows %v, and further ones: %v", x.Prefixes, x.Hidden)
	}
	routes := n.RouteTable("aws_route_table.main").Routes
	if len(routes) != 1 || routes[0].Destination.String() != "192.168.0.0/16" || len(n.RouteTable("aws_route_table.main").Hidden) > 0 {
		t.Errorf("propagates %v", routes)
	}
}
