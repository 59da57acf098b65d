package report

import (
	"bytes"
	"testing"
)

// write checks every format of a report against its golden.
func write[T any](t *testing.T, name string, formats []Format[T], report T) {
	t.Helper()
	for _, f := range formats {
		var b bytes.Buffer
		if err := f.Write(&b, report, Style{}); err != nil {
			t.Fatal(err)
		}
		golden(t, name+"."+f.Name, b.Bytes())
	}
}

var links = &Links{FormatVersion: FormatVersion, Links: []Link{
	{Address: "aws_instance.web", Attribute: "subnet_id", Settled: "exact", Value: "aws_subnet.a.id", Object: "aws_subnet.a", Candidates: []string{}, File: "main.tf", Line: 12},
	{Address: "aws_instance.web", Attribute: "vpc_security_group_ids[0]", Settled: "known", Value: "sg-0abc", Object: "aws_security_group.web", Candidates: []string{}, File: "main.tf", Line: 13},
	{Address: "aws_route.out", Attribute: "nat_gateway_id", Settled: "candidates", Closed: true, File: "net.tf", Line: 3,
		Candidates: []string{"aws_nat_gateway.a[0].id", "aws_nat_gateway.a[1].id"}, Reason: "element(aws_nat_gateway.a[*].id, random_integer.n.result): it depends on a value known only after apply"},
	{Address: "aws_route.out", Attribute: "route_table_id", Settled: "candidates", File: "net.tf", Line: 2,
		Candidates: []string{"aws_route_table.main.id"}, Reason: "without the sources the plan does not tell which object it will be"},
	{Address: "aws_route.out", Attribute: "vpc_peering_connection_id", Settled: "unknown", Candidates: []string{}, Reason: "it comes from a data source that is read during apply"},
}}

func TestLinksFormats(t *testing.T) { write(t, "links", LinksFormats, links) }

func TestCoverageFormats(t *testing.T) {
	c := NewCoverage(facts(), []TypeCount{
		{Type: "aws_iam_role", Status: "no_network_meaning", Count: 4},
		{Type: "aws_instance", Status: "partly", Note: "not read: ipv6_address_count", Count: 2},
		{Type: "aws_networkfirewall_rule_group", Status: "not_modelled", Note: "may block", Count: 2},
		{Type: "aws_subnet", Status: "modelled", Count: 1},
	}, links, []string{"aws_instance.jump"})
	write(t, "coverage", CoverageFormats, c)
}

func TestValidationFormats(t *testing.T) {
	write(t, "validate", ValidationFormats, &Validation{FormatVersion: FormatVersion, Assertions: 7, Diagnostics: []Diagnostic{
		{Severity: "warning", Summary: "Waiver matches nothing", File: "network.reach.hcl", Line: 3, Column: 1},
		{Severity: "error", Summary: "Which port?", Detail: "A promise needs a port.", File: "network.reach.hcl", Line: 9, Column: 5},
	}})
}

func TestVersionFormats(t *testing.T) {
	write(t, "version", VersionFormats, &Version{Name: ToolName, Version: "0.1.0", Commit: "4c1e7f0", Date: "2026-11-24T10:11:12Z", Go: "go1.26.0"})
}
