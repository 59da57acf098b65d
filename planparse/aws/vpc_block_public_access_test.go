package aws_test

import (
	"testing"

	"github.com/planreach/planreach/netmodel"
	"github.com/planreach/planreach/planparse"
	"github.com/planreach/planreach/planparse/aws"
)

// An assumption says what the plan does not, and no more (BPA-10).
func TestAssumedPublicAccess(t *testing.T) {
	vpc := func(p *planparse.Plan, mode string) *netmodel.PublicAccessBlock {
		p, problems := planparse.Assume(p, []planparse.Assumption{{Target: "aws_vpc.main", Values: map[string]planparse.Value{
			"block_public_access": planparse.StringValue(mode)}}})
		if len(problems) > 0 {
			t.Fatal(problems)
		}
		for _, x := range aws.Network(p, planparse.After).PublicAccess {
			if x.Covers("aws_vpc.main").IsTrue() {
				return x
			}
		}
		t.Fatal("no block of aws_vpc.main")
		return nil
	}
	_, silent := testCases(t, "aws_vpc/new.txtar")[0].plan(t)
	for mode, want := range map[string]string{"off": "no", "block-ingress": "yes no", "block-bidirectional": "yes yes", "unknown": "open open"} {
		x := vpc(silent, mode)
		got := x.On.String() + " " + x.All.String()
		if mode == "off" {
			got = x.On.String()
		}
		if got != want {
			t.Errorf("%s: %s, want %s", mode, got, want)
		}
	}
	_, plan := testCases(t, "aws_vpc_block_public_access_options/on.txtar")[0].plan(t)
	if x := vpc(plan, "off"); !x.On.IsTrue() {
		t.Error("an assumption beats the plan")
	}
}
