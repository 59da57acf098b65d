package source_test

import (
	"fmt"
	"strconv"
	"testing"

	"github.com/planreach/planreach/netmodel"
	"github.com/planreach/planreach/planparse"
	"github.com/planreach/planreach/planparse/aws"
	"github.com/planreach/planreach/planparse/source"
)

var largeConfiguration = map[string]string{
	"main.tf": `
resource "aws_vpc" "hub" { cidr_block = "10.0.0.0/8" }
module "net" {
  source   = "./net"
  for_each = toset([for i in range(60) : "n${i}"])
  name     = each.key
  hub      = aws_vpc.hub.id
}
output "groups" { value = { for k, m in module.net : k => m.groups } }
`,
	"net/main.tf": `
variable "name" { type = string }
variable "hub" { type = string }
locals {
  n       = 10
  vpc_id  = try(aws_vpc.this[0].id, "")
  subnets = aws_subnet.this[*].id
  groups  = { for k, g in aws_security_group.this : k => g.id }
}
resource "aws_vpc" "this" {
  count      = 1
  cidr_block = "10.0.0.0/16"
}
resource "aws_subnet" "this" {
  count      = local.n
  vpc_id     = local.vpc_id
  cidr_block = cidrsubnet("10.0.0.0/16", 8, count.index)
}
resource "aws_route_table" "this" {
  count  = local.n
  vpc_id = local.vpc_id
}
resource "aws_route_table_association" "this" {
  count          = local.n
  subnet_id      = element(local.subnets, count.index)
  route_table_id = element(aws_route_table.this[*].id, count.index)
}
resource "aws_security_group" "this" {
  for_each = toset([for i in range(local.n) : "g${i}"])
  vpc_id   = coalesce(local.vpc_id, var.hub)
  ingress {
    from_port       = 80
    to_port         = 80
    protocol        = "tcp"
    security_groups = []
  }
}
resource "aws_vpc_security_group_ingress_rule" "this" {
  count                        = local.n - 1
  security_group_id            = local.groups["g${count.index}"]
  referenced_security_group_id = lookup(local.groups, "g${count.index + 1}", null)
  ip_protocol                  = "-1"
}
output "groups" { value = local.groups }
`,
}

// largePlan is the plan of largeConfiguration: 3,000 instances in 60 modules.
func largePlan() *planparse.Plan {
	p := &planparse.Plan{Kind: "plan", Complete: true}
	hole := planparse.HoleValue(nil)
	text := planparse.StringValue
	add := func(module, typ, name string, key any, fields map[string]planparse.Value) {
		address := typ + "." + name
		if module != "" {
			address = module + "." + address
		}
		switch k := key.(type) {
		case int:
			address += "[" + strconv.Itoa(k) + "]"
		case string:
			address += "[" + strconv.Quote(k) + "]"
		}
		fields["id"], fields["arn"] = hole, hole
		p.Resources = append(p.Resources, planparse.NewResource(planparse.Resource{
			Address: netmodel.Address(address), Module: module, Mode: planparse.Managed,
			Type: typ, Name: name, Key: key, Action: planparse.Create,
		}, planparse.ObjectValue(fields), planparse.Value{}))
	}
	type fields = map[string]planparse.Value
	add("", "aws_vpc", "hub", nil, fields{"cidr_block": text("10.0.0.0/8")})
	for m := range 60 {
		module := fmt.Sprintf("module.net[%q]", fmt.Sprintf("n%d", m))
		add(module, "aws_vpc", "this", 0, fields{"cidr_block": text("10.0.0.0/16")})
		for i := range 10 {
			add(module, "aws_subnet", "this", i, fields{"vpc_id": hole, "cidr_block": text(fmt.Sprintf("10.0.%d.0/24", i))})
			add(module, "aws_route_table", "this", i, fields{"vpc_id": hole})
			add(module, "aws_route_table_association", "this", i, fields{"subnet_id": hole, "route_table_id": hole})
			add(module, "aws_security_group", "this", fmt.Sprintf("g%d", i), fields{"vpc_id": hole, "ingress": planparse.ListValue([]planparse.Value{
				planparse.ObjectValue(fields{"from_port": planparse.NumberValue("80"), "to_port": planparse.NumberValue("80"), "protocol": text("tcp")}),
			})})
			if i < 9 {
				add(module, "aws_vpc_security_group_ingress_rule", "this", i, fields{
					"security_group_id": hole, "referenced_security_group_id": hole, "ip_protocol": text("-1"),
				})
			}
		}
	}
	return p
}

// BenchmarkResolve settles a large plan under all namings, opening the sources
// included.
func BenchmarkResolve(b *testing.B) {
	dir := b.TempDir()
	writeFiles(b, dir, largeConfiguration)
	p := largePlan()
	b.ReportMetric(float64(len(p.Resources)), "instances")
	for b.Loop() {
		s, err := source.Open("", dir)
		if err != nil {
			b.Fatal(err)
		}
		p.Resolve(s.Resolver(p, aws.Types))
		if st := s.Stats(); st.Exact < len(p.Resources) || st.Disagreements > 0 {
			b.Fatalf("%+v", st)
		}
	}
}
