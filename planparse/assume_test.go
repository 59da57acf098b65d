package planparse

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/planreach/planreach/netmodel"
)

func TestAssume(t *testing.T) {
	hole := HoleValue(&Leaf{})
	shared := func(fields map[string]Value) *Plan {
		return &Plan{Resources: []*Resource{
			NewResource(Resource{Address: "data.aws_vpc.shared", Mode: Data, Type: "aws_vpc"}, ObjectValue(fields), Value{}),
		}}
	}
	for _, c := range []struct {
		name    string
		has     Value
		assumed Value
		want    []AssumptionProblem
		filled  bool
	}{
		{name: "fills a hole", has: hole, assumed: StringValue("10.20.0.0/16"), filled: true},
		{name: "the same", has: StringValue("10.20.0.0/16"), assumed: StringValue("10.20.0.0/16"), want: []AssumptionProblem{{
			Attribute: "cidr_block", Warning: true, Summary: "Assumption not needed", Detail: `The plan already has cidr_block = "10.20.0.0/16".`}}},
		{name: "another", has: StringValue("10.0.0.0/16"), assumed: StringValue("10.20.0.0/16"), want: []AssumptionProblem{{
			Attribute: "cidr_block", Summary: "The plan knows better",
			Detail: "data.aws_vpc.shared.cidr_block is 10.0.0.0/16 in this plan; the assumption says 10.20.0.0/16."}}},
		{name: "a secret", has: StringValue("10.0.0.0/16").MarkSensitive(), assumed: StringValue("10.20.0.0/16"), want: []AssumptionProblem{{
			Attribute: "cidr_block", Summary: "The plan knows better",
			Detail: "data.aws_vpc.shared.cidr_block is (sensitive) in this plan; the assumption says 10.20.0.0/16."}}},
		{name: "null is known", has: NullValue(), assumed: StringValue("10.20.0.0/16"), want: []AssumptionProblem{{
			Attribute: "cidr_block", Summary: "The plan knows better",
			Detail: "data.aws_vpc.shared.cidr_block is null in this plan; the assumption says 10.20.0.0/16."}}},
		{name: "partly known", has: ListValue([]Value{StringValue("a"), hole}), filled: true,
			assumed: ListValue([]Value{StringValue("b"), StringValue("a")})},
		{name: "partly known, another", has: ListValue([]Value{StringValue("a"), hole}), want: []AssumptionProblem{{
			Attribute: "cidr_block", Summary: "The plan knows better",
			Detail: `data.aws_vpc.shared.cidr_block is ["a", (known after apply)] in this plan; the assumption says ["b", "c"].`}},
			assumed: ListValue([]Value{StringValue("b"), StringValue("c")})},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := shared(map[string]Value{"cidr_block": c.has})
			a := Assumption{Target: "data.aws_vpc.shared", Values: map[string]Value{"cidr_block": c.assumed}}
			got, problems := Assume(p, []Assumption{a})
			if diff := cmp.Diff(c.want, problems); diff != "" {
				t.Error(diff)
			}
			want := c.has
			if c.filled {
				want = c.assumed
			}
			if !equal(got.Resources[0].Value(After).Field("cidr_block"), want) && !c.has.IsSensitive() && c.filled {
				t.Errorf("cidr_block is %s", show(got.Resources[0].Value(After).Field("cidr_block")))
			}
			if filled := len(got.Assumed) == 1; filled != c.filled {
				t.Errorf("in force: %v", got.Assumed)
			}
			if !equal(p.Resources[0].Value(After).Field("cidr_block"), c.has) && c.has.IsWhole() {
				t.Error("the plan that was given has changed")
			}
		})
	}
}

func TestAssumeTargets(t *testing.T) {
	p := &Plan{Resources: []*Resource{
		NewResource(Resource{Address: "aws_vpc.gone", Type: "aws_vpc", Mode: Managed}, Value{}, ObjectValue(nil)),
		NewResource(Resource{Address: "aws_vpc.main", Type: "aws_vpc", Mode: Managed}, ObjectValue(nil), Value{}),
	}}
	for target, want := range map[netmodel.Address]map[string]string{
		"aws_vpc.gone":            {"network_acl": "No such resource"},
		"aws_vpc.typo":            {"network_acl": "No such resource"},
		"aws_vpc.main":            {"network_acl": "", "colour": "No such attribute", "block_public_access": "", "prefixes": "Not supported yet"},
		"default_vpc":             {"internet_gateway": "", "cidr_block": "", "owner": "No such attribute"},
		`default_vpc["aws.west"]`: {"map_public_ip_on_launch": ""},
	} {
		for name, summary := range want {
			got, problems := Assume(p, []Assumption{{Target: target, Values: map[string]Value{name: StringValue("x")}}})
			switch {
			case summary == "" && len(problems) > 0, summary != "" && (len(problems) != 1 || problems[0].Summary != summary):
				t.Errorf("%s.%s: %v, want %q", target, name, problems, summary)
			case summary == "" && got.AssumedBlock(target).String(name).Or("") != "x":
				t.Errorf("%s.%s is not in force", target, name)
			}
		}
	}
}
