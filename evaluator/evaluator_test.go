package evaluator_test

import (
	"net/netip"
	"slices"
	"testing"

	"github.com/planreach/planreach/assertions"
	"github.com/planreach/planreach/evaluator"
	"github.com/planreach/planreach/headerspace"
	"github.com/planreach/planreach/netmodel"
)

// twoSubnets is a VPC with a public and a private subnet, an internet gateway,
// a NAT gateway, and one instance in each subnet.
func twoSubnets() *netmodel.Network {
	cidr := netip.MustParsePrefix
	permit := func(t headerspace.Traffic, p netmodel.Peer) netmodel.Rule {
		return netmodel.Rule{Number: 100, Action: netmodel.Permit, Match: headerspace.Exactly(t), Peer: p, Origin: netmodel.Origin{Address: "rule"}}
	}
	stateless := func(rules ...netmodel.Rule) netmodel.Filter {
		return netmodel.Filter{Rules: rules, Default: netmodel.Deny}
	}
	stateful := func(rules ...netmodel.Rule) netmodel.Filter {
		return netmodel.Filter{Rules: rules, Default: netmodel.Deny, Stateful: true}
	}
	all := permit(headerspace.All(), netmodel.InPrefix(cidr("0.0.0.0/0")))
	iface := func(name, subnet, group netmodel.Address, public netmodel.Truth) *netmodel.Interface {
		return &netmodel.Interface{Address: name + ".eni", Subnet: netmodel.To(subnet), Groups: netmodel.Refs{Links: []netmodel.Ref{netmodel.To(group)}},
			HasIPv4: netmodel.Holds, HasIPv6: netmodel.Fails, AutoPublic: public, Elastic: netmodel.Fails, SourceCheck: netmodel.Holds, Attached: netmodel.Holds}
	}
	subnet := func(name netmodel.Address, p string, table netmodel.Address) *netmodel.Subnet {
		return &netmodel.Subnet{Address: name, VPC: netmodel.To("vpc"), IPv4: cidr(p), HasIPv4: netmodel.Holds, HasIPv6: netmodel.Fails,
			Table: netmodel.To(table), ACL: netmodel.To("acl"), MapPublicIP: netmodel.Fails, AssignIPv6: netmodel.Fails}
	}
	route := func(p string, to netmodel.Address) netmodel.Route {
		return netmodel.Route{Destination: netmodel.InPrefix(cidr(p)), Target: netmodel.To(to), Rank: netmodel.StaticRoute, Blackhole: netmodel.Fails}
	}
	n := &netmodel.Network{
		VPCs: []*netmodel.VPC{{Address: "vpc", IPv4: []netip.Prefix{cidr("10.0.0.0/16")}, HasIPv6: netmodel.Fails, MainTable: netmodel.To("private_rt"), DefaultACL: netmodel.To("acl")}},
		ACLs: []*netmodel.ACL{{Address: "acl", VPC: netmodel.To("vpc"), Ingress: stateless(all), Egress: stateless(all)}},
		Subnets: []*netmodel.Subnet{
			subnet("public", "10.0.0.0/24", "public_rt"),
			subnet("private", "10.0.1.0/24", "private_rt"),
		},
		Groups: []*netmodel.Group{
			{Address: "web", VPC: netmodel.To("vpc"), Ingress: stateful(permit(headerspace.Ports(headerspace.TCP, 80, 80), netmodel.InPrefix(cidr("0.0.0.0/0")))), Egress: stateful(all)},
			{Address: "db", VPC: netmodel.To("vpc"), Ingress: stateful(permit(headerspace.Ports(headerspace.TCP, 5432, 5432),
				netmodel.Peer{Kind: netmodel.PeerGroup, Ref: netmodel.To("web")})), Egress: stateful(all)},
		},
		RouteTables: []*netmodel.RouteTable{
			{Address: "public_rt", VPC: netmodel.To("vpc"), Routes: []netmodel.Route{route("0.0.0.0/0", "igw")}},
			{Address: "private_rt", VPC: netmodel.To("vpc"), Routes: []netmodel.Route{route("0.0.0.0/0", "nat")}},
		},
		InternetGateways: []*netmodel.InternetGateway{{Address: "igw", VPC: netmodel.To("vpc"), Table: netmodel.NoLink()}},
		NATGateways:      []*netmodel.NATGateway{{Address: "nat", Subnet: netmodel.To("public"), VPC: netmodel.NoLink(), Public: netmodel.Holds}},
		Interfaces: []*netmodel.Interface{
			iface("a", "public", "web", netmodel.Holds),
			iface("b", "private", "db", netmodel.Fails),
		},
		Endpoints: []*netmodel.Endpoint{
			{Address: "a", Type: "aws_instance", Interfaces: []netmodel.Address{"a.eni"}},
			{Address: "b", Type: "aws_instance", Interfaces: []netmodel.Address{"b.eni"}},
		},
	}
	return n.Seal()
}

func end(a netmodel.Address) assertions.End {
	if a == "internet" {
		return assertions.End{Kind: assertions.InternetEnd, V4: true, V6: true}
	}
	return assertions.End{Kind: assertions.EndpointEnd, Endpoint: a}
}

func ask(t *testing.T, n *netmodel.Network, verb assertions.Verb, from, to netmodel.Address, traffic headerspace.Traffic) evaluator.FlowResult {
	t.Helper()
	e := evaluator.New(n)
	e.Strict = true
	rs := evaluator.Check(e, nil, []assertions.Assertion{{
		ID: "q", Verb: verb, Severity: assertions.Error, Unknown: assertions.FailUnknown, Traffic: traffic,
		From: assertions.Side{Ends: []assertions.End{end(from)}}, To: assertions.Side{Ends: []assertions.End{end(to)}},
	}}, "2026-01-01")
	if len(rs) != 1 || len(rs[0].Flows) != 1 {
		t.Fatalf("%d results", len(rs))
	}
	return rs[0].Flows[0]
}

func TestTwoSubnets(t *testing.T) {
	tcp := func(port uint16) headerspace.Traffic { return headerspace.Ports(headerspace.TCP, port, port) }
	for _, c := range []struct {
		from, to netmodel.Address
		traffic  headerspace.Traffic
		want     evaluator.Verdict
		codes    string
	}{
		{"a", "b", tcp(5432), evaluator.Reachable, ""},
		{"a", "b", tcp(5433), evaluator.Unreachable, "ENI_SG_RULES_MISMATCH"},
		{"b", "a", tcp(80), evaluator.Reachable, ""},
		{"internet", "a", tcp(80), evaluator.Reachable, ""},
		{"internet", "a", tcp(80).Union(tcp(443)), evaluator.Partial, "ENI_SG_RULES_MISMATCH"},
		{"internet", "b", tcp(5432), evaluator.Unreachable, "IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS,ENI_SG_RULES_MISMATCH,RETURN_PATH_ASYMMETRIC"},
		{"a", "internet", tcp(443), evaluator.Reachable, ""},
		{"b", "internet", tcp(443), evaluator.Reachable, ""},
		{"b", "internet", headerspace.Whole(47), evaluator.Unreachable, "PROTOCOL_RESTRICTION"},
	} {
		f := ask(t, twoSubnets(), assertions.MustReach, c.from, c.to, c.traffic)
		codes := ""
		for _, h := range append(f.Forward, f.Reply...) {
			if h.Result == evaluator.HopBlock {
				if codes != "" {
					codes += ","
				}
				codes += string(h.Code)
			}
		}
		if f.Verdict != c.want || codes != c.codes {
			t.Errorf("%s -> %s:%s: %s %s, want %s %s", c.from, c.to, c.traffic, f.Verdict, codes, c.want, c.codes)
			for _, h := range append(f.Forward, f.Reply...) {
				t.Logf("  %s %s %s %s %s", h.Result, h.Kind, h.Address, h.Direction, h.Code)
			}
		}
	}
}

// What is not in the plan and could close the internet is said (BPA-10).
func TestBlockPublicAccess(t *testing.T) {
	https := headerspace.Ports(headerspace.TCP, 443, 443)
	for _, c := range []struct {
		from, to netmodel.Address
		want     bool
	}{{"a", "internet", true}, {"b", "internet", true}, {"a", "b", false}} {
		f := ask(t, twoSubnets(), assertions.MustReach, c.from, c.to, https)
		if got := slices.ContainsFunc(f.Notes, func(n evaluator.Note) bool { return n.Code == netmodel.BPAAssumedOff }); got != c.want {
			t.Errorf("%s -> %s: noted %v, want %v", c.from, c.to, got, c.want)
		}
	}
}
