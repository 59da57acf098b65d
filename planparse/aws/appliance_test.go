package aws

import (
	"testing"

	"github.com/planreach/planreach/netmodel"
	"github.com/planreach/planreach/planparse"
)

// TestAssumedAppliances: an instance that is said to be transparent lends that to
// its interfaces, and to nobody else's (L-40, ENI-4).
func TestAssumedAppliances(t *testing.T) {
	p := &planparse.Plan{Kind: "plan", Resources: []*planparse.Resource{newInstance("a", "aws", "eu-central-1"), newInstance("b", "aws", "eu-central-1")}}
	q, problems := planparse.Assume(p, []planparse.Assumption{{Target: "aws_instance.a", Reason: "a firewall",
		Values: map[string]planparse.Value{"transparent": planparse.BoolValue(true)}}})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	n := Network(q, planparse.After)
	for _, e := range n.Endpoints {
		if got := n.Interface(e.Interfaces[0]).Transparent; got != (e.Address == "aws_instance.a") {
			t.Errorf("%s: transparent is %t", e.Address, got)
		}
	}
	for _, c := range []struct {
		target netmodel.Address
		value  planparse.Value
		want   string
	}{
		{"aws_instance.a", planparse.StringValue("maybe"), "Not true or false"},
		{"default_vpc", planparse.BoolValue(true), "Not an appliance"},
	} {
		_, problems := planparse.Assume(p, []planparse.Assumption{{Target: c.target, Values: map[string]planparse.Value{"transparent": c.value}}})
		if len(problems) != 1 || problems[0].Summary != c.want {
			t.Errorf("%s: %v, want %s", c.target, problems, c.want)
		}
	}
}
