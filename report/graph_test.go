package report

import (
	"bytes"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/planreach/planreach/netmodel"
)

// pictured is a network with an awkward name, a change, a sensitive range and a
// route of which the target is not known.
func pictured() Facts {
	interfaceIn := func(name, subnet string) *netmodel.Interface {
		return &netmodel.Interface{Address: netmodel.Address(name + ".primary_network_interface_id"), Subnet: netmodel.To(netmodel.Address(subnet)),
			Elastic: netmodel.Fails, AutoPublic: netmodel.Fails}
	}
	odd := "aws_instance.app[\"<b>`;]\\n\"]"
	n := &netmodel.Network{
		VPCs:             []*netmodel.VPC{{Address: "aws_vpc.main", IPv4: []netip.Prefix{prefix("10.0.0.0/16")}}},
		InternetGateways: []*netmodel.InternetGateway{{Address: gateway, VPC: netmodel.To("aws_vpc.main")}},
		RouteTables: []*netmodel.RouteTable{
			{Address: table, VPC: netmodel.To("aws_vpc.main"), Routes: []netmodel.Route{
				{Destination: netmodel.InPrefix(prefix("0.0.0.0/0")), Target: netmodel.To(gateway), Rank: netmodel.StaticRoute},
				{Destination: netmodel.InPrefix(prefix("198.51.100.0/24")), Target: netmodel.Unsettled(netmodel.Gap{Why: netmodel.UntilApply}), Rank: netmodel.StaticRoute},
			}},
			{Address: "aws_route_table.private", VPC: netmodel.To("aws_vpc.main")},
		},
		Subnets: []*netmodel.Subnet{
			{Address: "aws_subnet.b", VPC: netmodel.To("aws_vpc.main"), IPv4: prefix("10.0.2.0/24"), Zone: "b", Table: netmodel.To("aws_route_table.private")},
			{Address: "aws_subnet.a", VPC: netmodel.To("aws_vpc.main"), IPv4: prefix("10.0.1.0/24"), Zone: "a", Table: netmodel.To(table)},
		},
		Interfaces: []*netmodel.Interface{interfaceIn("aws_instance.bastion", "aws_subnet.a"), interfaceIn(odd, "aws_subnet.b")},
		Endpoints: []*netmodel.Endpoint{
			{Address: bastion, Type: "aws_instance", Interfaces: []netmodel.Address{"aws_instance.bastion.primary_network_interface_id"}},
			{Address: netmodel.Address(odd), Type: "aws_instance", Interfaces: []netmodel.Address{netmodel.Address(odd + ".primary_network_interface_id")}},
		},
		Sensitive: []netip.Prefix{prefix("198.51.100.0/24")},
	}
	return Facts{Network: n.Seal(), Change: func(a netmodel.Address) string {
		if a == bastion {
			return "replace"
		}
		return "none"
	}}
}

func TestGraphFormats(t *testing.T) {
	for _, f := range GraphFormats {
		var b bytes.Buffer
		if err := f.Write(&b, NewGraph(pictured()), Style{}); err != nil {
			t.Fatal(err)
		}
		golden(t, "graph."+f.Name, b.Bytes())
	}
}

func TestFocus(t *testing.T) {
	g := NewGraph(pictured())
	near, ok := g.Focus(string(gateway))
	if !ok {
		t.Fatal("no gateway")
	}
	var labels []string
	for _, n := range near.Nodes {
		labels = append(labels, n.Label)
	}
	slices.Sort(labels)
	// Two steps: the gateway, the table, what lies in its subnet and where else it leads.
	want := []string{"aws_instance.bastion (replace)", "aws_internet_gateway.main", "internet", "routes: aws_route_table.public", "something that is not known"}
	if !slices.Equal(labels, want) {
		t.Errorf("got %q, want %q", labels, want)
	}
	if _, ok := g.Focus("aws_instance.other"); ok {
		t.Error("something is drawn around nothing")
	}
}

// Of a large network, what is in a subnet is one node.
func TestLargeGraph(t *testing.T) {
	f := pictured()
	n := &netmodel.Network{VPCs: f.Network.VPCs, Subnets: f.Network.Subnets, RouteTables: f.Network.RouteTables}
	for i := range maxCards + 1 {
		name := netmodel.Address(fmt.Sprintf("aws_instance.a[%d]", i))
		n.Interfaces = append(n.Interfaces, &netmodel.Interface{Address: name + ".i", Subnet: netmodel.To("aws_subnet.a")})
		n.Endpoints = append(n.Endpoints, &netmodel.Endpoint{Address: name, Interfaces: []netmodel.Address{name + ".i"}})
	}
	f.Network = n.Seal()
	text := mermaid(*NewGraph(f))
	if strings.Contains(text, "aws_instance.a[7]") || !strings.Contains(text, `(["301 interfaces"])`) {
		t.Errorf("got\n%s", text)
	}
}
