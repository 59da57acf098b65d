package aws_test

import (
	"fmt"
	"testing"

	"github.com/planreach/planreach/netmodel"
	"github.com/planreach/planreach/planparse"
	"github.com/planreach/planreach/planparse/aws"
)

// manyResources is a state with n VPCs, of 10 subnets, 20 groups, 100 rules and
// 40 instances each.
func manyResources(n int) *planparse.Plan {
	p := &planparse.Plan{Kind: "state", Complete: true}
	id := func(prefix string, n ...int) string {
		s := prefix
		for range n {
			s += "%04x"
		}
		args := make([]any, len(n))
		for i, x := range n {
			args[i] = x
		}
		return fmt.Sprintf(s, args...)
	}
	add := func(typ, name string, fields map[string]planparse.Value) {
		r := planparse.Resource{Address: netmodel.Address(typ + "." + name), Mode: planparse.Managed, Type: typ, Name: name,
			ProviderConfig: "aws", Action: planparse.NoOp, Existing: true}
		p.Resources = append(p.Resources, planparse.NewResource(r, planparse.ObjectValue(fields), planparse.Value{}))
	}
	text := planparse.StringValue
	list := func(s ...string) planparse.Value {
		var out []planparse.Value
		for _, x := range s {
			out = append(out, text(x))
		}
		return planparse.ListValue(out)
	}
	for v := range n {
		vpc := id("vpc-0000", v)
		add("aws_vpc", fmt.Sprintf("v%d", v), map[string]planparse.Value{"id": text(vpc), "cidr_block": text("10.0.0.0/16")})
		for s := range 10 {
			add("aws_subnet", fmt.Sprintf("v%d_%d", v, s), map[string]planparse.Value{"id": text(id("subnet-", v, s)),
				"vpc_id": text(vpc), "cidr_block": text(fmt.Sprintf("10.0.%d.0/24", s))})
		}
		for g := range 20 {
			add("aws_security_group", fmt.Sprintf("v%d_%d", v, g), map[string]planparse.Value{"id": text(id("sg-", v, g)), "vpc_id": text(vpc)})
			for r := range 5 {
				add("aws_security_group_rule", fmt.Sprintf("v%d_%d_%d", v, g, r), map[string]planparse.Value{
					"type": text("ingress"), "security_group_id": text(id("sg-", v, g)), "protocol": text("tcp"),
					"from_port": planparse.NumberValue("443"), "to_port": planparse.NumberValue("443"),
					"cidr_blocks": list(fmt.Sprintf("10.0.%d.0/24", r))})
			}
		}
		for i := range 40 {
			add("aws_instance", fmt.Sprintf("v%d_%d", v, i), map[string]planparse.Value{"id": text(id("i-0000", v, i)),
				"subnet_id": text(id("subnet-", v, i%10)), "private_ip": text(fmt.Sprintf("10.0.%d.%d", i%10, i+10)),
				"vpc_security_group_ids": list(id("sg-", v, i%20))})
		}
	}
	return p
}

// BenchmarkNetwork builds the network of some 17,000 resources.
func BenchmarkNetwork(b *testing.B) {
	p := manyResources(100)
	b.ReportMetric(float64(len(p.Resources)), "resources")
	for b.Loop() {
		aws.Network(p, planparse.After)
	}
}
