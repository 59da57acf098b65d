package aws

import (
	"slices"
	"strings"
	"testing"

	"github.com/planreach/planreach/netmodel"
	"github.com/planreach/planreach/planparse"
)

// newInstance is an instance that says nothing but where it is managed.
func newInstance(name, config, region string) *planparse.Resource {
	open := planparse.HoleValue(&planparse.Leaf{Unset: true, Reason: planparse.NotIdentity})
	return planparse.NewResource(planparse.Resource{
		Address: netmodel.Address("aws_instance." + name), Mode: planparse.Managed, Type: "aws_instance", Name: name,
		ProviderConfig: config, Action: planparse.Create,
	}, planparse.ObjectValue(map[string]planparse.Value{
		"subnet_id": open, "vpc_security_group_ids": open, "associate_public_ip_address": open, "private_ip": open,
		"region": planparse.StringValue(region),
	}), planparse.Value{})
}

func assumed(values map[string]planparse.Value) planparse.Assumption {
	return planparse.Assumption{Target: "default_vpc", Values: values, Reason: "a test"}
}

func TestDefaultVPCAssumptions(t *testing.T) {
	p := &planparse.Plan{Kind: "plan", Resources: []*planparse.Resource{newInstance("a", "aws", "eu-central-1")}}
	noted := func(notes []netmodel.Code) bool { return slices.Contains(notes, netmodel.DefaultVPCAssumed) }
	const (
		vpc    = netmodel.Address("default_vpc")
		table  = vpc + ".main_route_table_id"
		acl    = vpc + ".default_network_acl_id"
		subnet = vpc + ".subnet[0]"
	)
	for name, c := range map[string]struct {
		assume map[string]planparse.Value
		holds  func(n *netmodel.Network) bool
	}{
		"nothing": {nil, func(n *netmodel.Network) bool {
			return noted(n.VPC(vpc).Notes) && noted(n.RouteTable(table).Notes) && noted(n.ACL(acl).Notes) && noted(n.Subnet(subnet).Notes) &&
				len(n.RouteTable(table).Routes) == 1 && len(n.InternetGateways) == 1 && n.Subnet(subnet).MapPublicIP.IsTrue()
		}},
		"no gateway": {map[string]planparse.Value{"internet_gateway": planparse.BoolValue(false)}, func(n *netmodel.Network) bool {
			return len(n.InternetGateways) == 0 && len(n.RouteTable(table).Routes) == 0 && !noted(n.RouteTable(table).Notes)
		}},
		"another range": {map[string]planparse.Value{"cidr_block": planparse.StringValue("10.0.0.0/16")}, func(n *netmodel.Network) bool {
			return n.VPC(vpc).IPv4[0].String() == "10.0.0.0/16" && !noted(n.VPC(vpc).Notes)
		}},
		"no public addresses": {map[string]planparse.Value{"map_public_ip_on_launch": planparse.BoolValue(false)}, func(n *netmodel.Network) bool {
			return n.Subnet(subnet).MapPublicIP.IsFalse() && !noted(n.Subnet(subnet).Notes)
		}},
		"an ACL that is not known": {map[string]planparse.Value{"network_acl": planparse.StringValue("unknown")}, func(n *netmodel.Network) bool {
			return len(n.ACL(acl).Ingress.Hidden) == 1 && len(n.ACL(acl).Egress.Rules) == 0 && !noted(n.ACL(acl).Notes)
		}},
		"the ACL that AWS makes": {map[string]planparse.Value{"network_acl": planparse.StringValue("default")}, func(n *netmodel.Network) bool {
			return len(n.ACL(acl).Ingress.Rules) > 0 && !noted(n.ACL(acl).Notes)
		}},
	} {
		t.Run(name, func(t *testing.T) {
			q, problems := planparse.Assume(p, []planparse.Assumption{assumed(c.assume)})
			if len(problems) > 0 {
				t.Fatal(problems)
			}
			if n := Network(q, planparse.After); !c.holds(n) {
				t.Errorf("the model is\n%s", n.Dump())
			}
		})
	}
}

// TestDefaultVPCOfEachPlace: provider configurations of one Region may be of one
// account, those of different Regions have different default VPCs.
func TestDefaultVPCOfEachPlace(t *testing.T) {
	p := &planparse.Plan{Kind: "plan", Resources: []*planparse.Resource{
		newInstance("a", "aws", "eu-central-1"),
		newInstance("b", "aws.audit", "eu-central-1"),
		newInstance("c", "aws.west", "us-west-1"),
	}}
	n := Network(p, planparse.After)
	subnets := func(name string) string {
		return n.Interface(netmodel.Address("aws_instance." + name + ".primary_network_interface_id")).Subnet.String()
	}
	for name, want := range map[string][]string{
		"a": {`default_vpc.subnet[0]`, `default_vpc["aws.audit"].subnet[1]`},
		"b": {`default_vpc.subnet[0]`, `default_vpc["aws.audit"].subnet[1]`},
		"c": {`default_vpc["aws.west"].subnet[0]`, `default_vpc["aws.west"].subnet[1]`},
	} {
		for _, s := range want {
			if !strings.Contains(subnets(name), s) {
				t.Errorf("aws_instance.%s may not be in %s: %s", name, s, subnets(name))
			}
		}
	}
	if strings.Contains(subnets("c"), "default_vpc.subnet") {
		t.Errorf("aws_instance.c may be in another Region: %s", subnets("c"))
	}
}

// TestNoDefaultVPC: where nothing lands in it there is none.
func TestNoDefaultVPC(t *testing.T) {
	r := newInstance("a", "aws", "eu-central-1")
	fields := map[string]planparse.Value{}
	v := r.Value(planparse.After)
	for _, name := range v.FieldNames() {
		fields[name] = v.Field(name)
	}
	fields["subnet_id"] = planparse.StringValue("subnet-0123456789abcdef0")
	p := &planparse.Plan{Kind: "plan", Resources: []*planparse.Resource{r.Resolved(planparse.ObjectValue(fields))}}
	if n := Network(p, planparse.After); len(n.VPCs) > 0 {
		t.Errorf("there is a VPC\n%s", n.Dump())
	}
}
