package report

import (
	"bytes"
	"encoding/json"
	"flag"
	"net/netip"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/hcl/v2"

	"github.com/planreach/planreach/assertions"
	"github.com/planreach/planreach/evaluator"
	"github.com/planreach/planreach/headerspace"
	"github.com/planreach/planreach/netmodel"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// golden compares got with testdata/name.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), string(got)); d != "" {
		t.Errorf("%s differs (-want +got):\n%s", path, d)
	}
}

// places is a Positioner from a table.
type places map[netmodel.Address]int

func (p places) Position(o netmodel.Origin) (string, int) {
	if n, ok := p[o.Address]; ok {
		return "main.tf", n
	}
	return "", 0
}

const (
	sgBastion  = netmodel.Address("aws_security_group.bastion")
	sgApp      = netmodel.Address("aws_security_group.app")
	sshRule    = netmodel.Address("aws_vpc_security_group_ingress_rule.app_ssh")
	defaultACL = netmodel.Address("aws_vpc.main.default_network_acl_id")
	bastion    = netmodel.Address("aws_instance.bastion")
	appB       = netmodel.Address(`aws_instance.app["b"]`)
	table      = netmodel.Address("aws_route_table.public")
	gateway    = netmodel.Address("aws_internet_gateway.main")
)

func prefix(s string) netip.Prefix { return netip.MustParsePrefix(s) }

// facts is a network of two instances, of which one address is known.
func facts() Facts {
	n := &netmodel.Network{
		Interfaces: []*netmodel.Interface{
			{Address: "aws_instance.bastion.primary_network_interface_id", IPv4: []netip.Addr{netip.MustParseAddr("10.0.1.15")},
				HasIPv4: netmodel.Holds, HasIPv6: netmodel.Fails, Elastic: netmodel.Fails, AutoPublic: netmodel.Fails,
				Subnet: netmodel.To("aws_subnet.public"), Groups: netmodel.Refs{Links: []netmodel.Ref{netmodel.To(sgBastion)}}},
			{Address: `aws_instance.app["b"].primary_network_interface_id`, HasIPv4: netmodel.Holds, HasIPv6: netmodel.Fails,
				Elastic: netmodel.Fails, AutoPublic: netmodel.Fails,
				Subnet: netmodel.To("aws_subnet.public"), Groups: netmodel.Refs{Links: []netmodel.Ref{netmodel.To(sgApp)}}},
		},
		Subnets: []*netmodel.Subnet{{Address: "aws_subnet.public", VPC: netmodel.To("aws_vpc.main"), Zone: "eu-central-1a"}},
		Endpoints: []*netmodel.Endpoint{
			{Address: bastion, Type: "aws_instance", Name: "bastion", Origin: netmodel.Origin{Address: bastion},
				Interfaces: []netmodel.Address{"aws_instance.bastion.primary_network_interface_id"}},
			{Address: appB, Type: "aws_instance", Origin: netmodel.Origin{Address: appB},
				Interfaces: []netmodel.Address{`aws_instance.app["b"].primary_network_interface_id`}},
		},
		NotModelled: []netmodel.Unmodelled{
			{Address: "aws_vpclattice_service_network.main", Type: "aws_vpclattice_service_network", Effect: netmodel.MayOpen},
			{Address: "aws_networkfirewall_rule_group.a", Type: "aws_networkfirewall_rule_group", Effect: netmodel.MayBlock, Note: "Suricata rules are not read"},
			{Address: "aws_networkfirewall_rule_group.b", Type: "aws_networkfirewall_rule_group", Effect: netmodel.MayBlock},
		},
	}
	return Facts{
		Network: n.Seal(),
		Positioner: places{sgBastion: 61, table: 40, sgApp: 90, sshRule: 97, gateway: 20,
			bastion: 5, "aws_route.out": 88},
		Change: func(a netmodel.Address) string {
			if a == "aws_route.out" {
				return "add"
			}
			return "none"
		},
	}
}

func endpoint(a netmodel.Address) assertions.End {
	return assertions.End{Kind: assertions.EndpointEnd, Endpoint: a}
}

var internet = assertions.End{Kind: assertions.InternetEnd, V4: true, V6: true}

func ports(lo, hi uint16) headerspace.Traffic { return headerspace.Ports(headerspace.TCP, lo, hi) }

func permit(number int, match headerspace.Traffic, cidr string, from netmodel.Address) *netmodel.Rule {
	return &netmodel.Rule{Action: netmodel.Permit, Number: number, Match: headerspace.Exactly(match),
		Peer: netmodel.InPrefix(prefix(cidr)), Origin: netmodel.Origin{Address: from}}
}

func hop(a netmodel.Address, kind evaluator.HopKind, d netmodel.Direction, s evaluator.Step, p headerspace.Packet) evaluator.Hop {
	return evaluator.Hop{Address: a, Kind: kind, Direction: d, Result: evaluator.HopPass, Step: s, Packet: p,
		Origin: netmodel.Origin{Address: a}}
}

func assertion(label string, line int) assertions.Assertion {
	return assertions.Assertion{
		ID: label, Label: label, Verb: assertions.MustReach, Severity: assertions.Error, Unknown: assertions.FailUnknown,
		Range: hcl.Range{Filename: "network.reach.hcl", Start: hcl.Pos{Line: line, Column: 1}},
	}
}

// brokenPromise is a flow that the target's group blocks.
func brokenPromise() evaluator.Result {
	p := headerspace.Packet{Proto: headerspace.TCP, SrcPort: 32768, DstPort: 22,
		Src: netip.MustParseAddr("10.0.1.15"), Dst: netip.MustParseAddr("10.0.2.1")}
	r, _ := p.Reply()
	allow := permit(100, headerspace.All(), "0.0.0.0/0", "")
	blocked := hop(sgApp, evaluator.SecurityGroup, netmodel.Ingress, evaluator.Filtered{
		Closest: &evaluator.Closest{Rule: permit(0, ports(22, 22), "10.0.0.0/24", sshRule), Field: evaluator.FieldAddress},
	}, p)
	blocked.Result, blocked.Code = evaluator.HopBlock, netmodel.ENISGRulesMismatch
	return evaluator.Result{
		Assertion: assertion("bastion reaches app over ssh", 33),
		Outcome:   evaluator.Fail,
		Flows: []evaluator.FlowResult{{
			From: endpoint(bastion), To: endpoint(appB), Traffic: ports(22, 22), Promise: true,
			Outcome: evaluator.Fail, Verdict: evaluator.Unreachable,
			Before: evaluator.BeforeKnown, BeforeVerdict: evaluator.Unreachable, Witness: p,
			Forward: []evaluator.Hop{
				hop(sgBastion, evaluator.SecurityGroup, netmodel.Egress, evaluator.Filtered{Rule: permit(0, headerspace.All(), "0.0.0.0/0", sgBastion)}, p),
				hop(defaultACL, evaluator.NetworkACL, netmodel.Egress, evaluator.Filtered{Rule: allow}, p),
				hop(table, evaluator.RouteTable, 0, evaluator.Routed{IsLocal: true, Local: prefix("10.0.0.0/16")}, p),
				hop(defaultACL, evaluator.NetworkACL, netmodel.Ingress, evaluator.Filtered{Rule: allow}, p),
				blocked,
			},
			Reply: []evaluator.Hop{
				hop(sgApp, evaluator.SecurityGroup, netmodel.Egress, evaluator.Filtered{Reply: true}, r),
			},
		}},
	}
}

// brokenProhibition is a flow that gets in from the internet.
func brokenProhibition() evaluator.Result {
	p := headerspace.Packet{Proto: headerspace.TCP, SrcPort: 32768, DstPort: 5432,
		Src: netip.MustParseAddr("1.0.0.0"), Dst: netip.MustParseAddr("10.0.2.1")}
	r, _ := p.Reply()
	route := &netmodel.Route{Destination: netmodel.InPrefix(prefix("0.0.0.0/0")), Target: netmodel.To(gateway), Rank: netmodel.StaticRoute}
	out := hop(table, evaluator.RouteTable, 0, evaluator.Routed{Route: route}, r)
	out.Origin.Address = "aws_route.out"
	a := assertion("internet must not reach app", 71)
	a.Verb, a.Description = assertions.MustNotReach, "Nothing of ours listens to the world."
	return evaluator.Result{
		Assertion: a, Outcome: evaluator.Fail, NewInPlan: true,
		Flows: []evaluator.FlowResult{{
			From: internet, To: endpoint(appB), Traffic: ports(5432, 5432),
			Outcome: evaluator.Fail, Verdict: evaluator.Reachable, NewInPlan: true,
			Before: evaluator.BeforeKnown, BeforeVerdict: evaluator.Unreachable, Witness: p,
			Allowed: evaluator.Set{{Traffic: ports(5432, 5432)}},
			Forward: []evaluator.Hop{
				hop(gateway, evaluator.InternetGateway, 0, evaluator.Translated{Endpoint: appB}, p),
				hop(sgApp, evaluator.SecurityGroup, netmodel.Ingress, evaluator.Filtered{Rule: permit(0, ports(5432, 5432), "0.0.0.0/0", sgApp)}, p),
			},
			Reply: []evaluator.Hop{
				hop(sgApp, evaluator.SecurityGroup, netmodel.Egress, evaluator.Filtered{Reply: true}, r),
				out,
				hop(gateway, evaluator.InternetGateway, 0, evaluator.Translated{Endpoint: appB}, r),
			},
			Notes: []evaluator.Note{{Code: netmodel.DefaultVPCAssumed, Address: "default_vpc"}},
		}},
	}
}

// undecided is a flow whose rule names a group that is not known.
func undecided() evaluator.Result {
	gap := netmodel.Gap{
		Origin: netmodel.Origin{Address: sshRule, Path: "referenced_security_group_id"}, Why: netmodel.UntilApply,
		Code: netmodel.UnknownReference, Detail: "module.legacy.sg_id, a data source read during apply",
	}
	p := headerspace.Packet{Proto: headerspace.TCP, DstPort: 22}
	h := hop(sgApp, evaluator.SecurityGroup, netmodel.Ingress, evaluator.Filtered{}, p)
	h.Result, h.Code, h.Gaps = evaluator.HopUnknown, netmodel.UnknownReference, []netmodel.Gap{gap}
	return evaluator.Result{
		Assertion: assertion("bastion finds app", 48), Outcome: evaluator.OutcomeUnknown,
		Flows: []evaluator.FlowResult{{
			From: endpoint(bastion), To: endpoint(appB), Traffic: ports(22, 22), Promise: true,
			Undecided: evaluator.Set{{Traffic: ports(22, 22)}},
			Forward:   []evaluator.Hop{h},
			Unknowns: []evaluator.OpenFact{{Gap: gap, Candidates: []evaluator.ValueOutcome{
				{Value: string(sgBastion), Verdict: evaluator.Reachable}, {Verdict: evaluator.Unreachable}}}},
		}},
	}
}

func passing() evaluator.Result {
	return evaluator.Result{
		Assertion: assertion("seed: source -> target:80", 3), Outcome: evaluator.Pass,
		Flows: []evaluator.FlowResult{{
			From: endpoint(bastion), To: endpoint(appB), Traffic: ports(80, 80), Promise: true,
			Outcome: evaluator.Pass, Verdict: evaluator.Reachable, Allowed: evaluator.Set{{Traffic: ports(80, 80)}},
			Notes: []evaluator.Note{{Code: netmodel.DefaultVPCAssumed, Address: "default_vpc"},
				{Code: netmodel.ReturnACLPartial, Address: defaultACL, Ports: []assertions.PortRange{{Lo: 33389, Hi: 33389}}}},
		}},
	}
}

func run(results ...evaluator.Result) Run {
	return Run{
		Facts: facts(), Version: "0.1.0", Date: "2026-11-22",
		Plans: []Plan{{Path: "plan.json", Kind: "plan", SHA256: "4c1e", TerraformVersion: "1.14.3", Sources: "directory",
			Complete: true, Resources: 212, NetworkResources: 64}},
		Files:   []File{{Path: "network.reach.hcl", Modules: []string{""}, Assertions: len(results)}},
		Results: results, FailOn: assertions.Error,
	}
}

func TestCheckFormats(t *testing.T) {
	assumed := run(passing())
	assumed.Results[0].Flows[0].Assumptions = []netmodel.Origin{{Address: "data.aws_vpc.shared", Path: "cidr_block"}}
	assumed.Assumptions = []Assumption{
		{Target: "data.aws_vpc.shared", Attribute: "cidr_block", Reason: "Stable since 2021.", File: "network.reach.hcl", Line: 9},
		{Target: "aws_vpc.other", Attribute: "cidr_block", Reason: "Plays no part.", File: "network.reach.hcl", Line: 14},
	}
	state := run(passing())
	state.Plans[0].Kind, state.Plans[0].Sources = "state", "none"
	withWarning := run(passing(), brokenPromise())
	withWarning.Results[1].Assertion.Severity = assertions.Warning
	cases := map[string]Run{
		"pass":    run(passing()),
		"fail":    run(passing(), brokenPromise(), brokenProhibition()),
		"unknown": run(undecided()),
		"state":   state,
		"assumed": assumed,
		"warning": withWarning,
	}
	for name, r := range cases {
		for _, f := range Formats {
			t.Run(name+"."+f.Name, func(t *testing.T) {
				var b bytes.Buffer
				if err := f.Write(&b, NewCheck(r), Style{}); err != nil {
					t.Fatal(err)
				}
				golden(t, "check-"+name+"."+f.Name, b.Bytes())
			})
		}
	}
}

func TestStyles(t *testing.T) {
	all := run(passing(), brokenPromise(), brokenProhibition(), undecided())
	for name, s := range map[string]Style{"ascii": {ASCII: true}, "quiet": {Quiet: true}, "verbose": {Verbose: true}, "color": {Color: true}} {
		all.Passing = s.Verbose
		var b bytes.Buffer
		if err := writeCheckText(&b, NewCheck(all), s); err != nil {
			t.Fatal(err)
		}
		golden(t, "style-"+name+".text", b.Bytes())
	}
}

func TestWhyAndListFormats(t *testing.T) {
	broken := brokenPromise()
	broken.Assertion.Flow = "bastion -> app[\"b\"]:22"
	for _, f := range WhyFormats {
		var b bytes.Buffer
		if err := f.Write(&b, NewWhy(facts(), broken, "after"), Style{}); err != nil {
			t.Fatal(err)
		}
		golden(t, "why."+f.Name, b.Bytes())
	}
	for _, f := range ListFormats {
		var b bytes.Buffer
		if err := f.Write(&b, NewList(facts(), "", "all", "after", []netmodel.Address{bastion, appB}), Style{}); err != nil {
			t.Fatal(err)
		}
		golden(t, "list."+f.Name, b.Bytes())
	}
}

// Every format is a function of the report that JSON encodes: a report that has
// been through JSON gives the same bytes.
func TestFormatsFromDecodedJSON(t *testing.T) {
	want := NewCheck(run(passing(), brokenPromise(), brokenProhibition(), undecided()))
	var encoded bytes.Buffer
	if err := writeJSON(&encoded, want, Style{}); err != nil {
		t.Fatal(err)
	}
	var got Check
	d := json.NewDecoder(&encoded)
	d.DisallowUnknownFields()
	if err := d.Decode(&got); err != nil {
		t.Fatal(err)
	}
	for _, f := range Formats {
		var before, after bytes.Buffer
		if err := f.Write(&before, want, Style{}); err != nil {
			t.Fatal(err)
		}
		if err := f.Write(&after, &got, Style{}); err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(before.String(), after.String()); d != "" {
			t.Errorf("%s differs after a round trip through JSON:\n%s", f.Name, d)
		}
	}
}

func TestExitCode(t *testing.T) {
	soft := undecided()
	soft.Assertion.Unknown = assertions.WarnUnknown
	failing := hcl.Diagnostics{{Severity: hcl.DiagError, Summary: "Nothing selected"}}
	for name, c := range map[string]struct {
		results []evaluator.Result
		diags   hcl.Diagnostics
		want    int
	}{
		"pass":                      {[]evaluator.Result{passing()}, nil, 0},
		"unknown that may be":       {[]evaluator.Result{soft}, nil, 0},
		"unknown":                   {[]evaluator.Result{undecided()}, nil, 3},
		"fail beats unknown":        {[]evaluator.Result{undecided(), brokenPromise()}, nil, 1},
		"could not run beats those": {[]evaluator.Result{undecided(), brokenPromise()}, failing, 2},
	} {
		r := run(c.results...)
		r.Diagnostics = c.diags
		if got := NewCheck(r).Summary.ExitCode; got != c.want {
			t.Errorf("%s: exit code %d, want %d", name, got, c.want)
		}
	}
}
