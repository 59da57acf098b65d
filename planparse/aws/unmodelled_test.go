package aws

import (
	"slices"
	"strings"
	"testing"
)

// TestUnmodelledIsNotModelled keeps the tables apart: a type that gets a model
// has to leave the table of those without.
func TestUnmodelledIsNotModelled(t *testing.T) {
	seen := map[string]string{}
	say := func(name, table string) {
		if other, twice := seen[name]; twice {
			t.Errorf("%s is in the table of %s types and in that of %s types", name, other, table)
		}
		seen[name] = table
	}
	for _, x := range Types {
		say(x.Name, "modelled")
	}
	for _, k := range unmodelled {
		if k.effect == 0 || k.touch == 0 || k.note == "" {
			t.Errorf("the kind of %v says nothing", k.types)
		}
		for _, name := range k.types {
			say(name, "unmodelled")
		}
	}
	for _, name := range harmless {
		say(name, "harmless")
	}
	for name, table := range seen {
		if table != "harmless" && !Wanted(name) {
			t.Errorf("%s is %s and is not asked for", name, table)
		}
	}
}

func TestWanted(t *testing.T) {
	for name, want := range map[string]bool{
		"aws_vpc":           true,
		"data.aws_vpc":      true,
		"data.aws_subnets":  false, // ids only
		"aws_lb":            true,
		"aws_of_the_future": true, // it may name a subnet
		"awscc_ec2_vpc":     true,
		"awscc_iam_role":    true,
		"aws_iam_role":      false,

		"aws_cloudcontrolapi_resource":           true,
		"aws_cloudformation_stack":               true,
		"aws_cloudformation_stack_set_instance":  true,
		"aws_cloudformation_type":                false,
		"aws_servicecatalog_portfolio":           false,
		"aws_servicecatalog_provisioned_product": true,
		"aws_flow_log":                           false,
		"google_compute_vpc":                     false,
		"random_id":                              false,
	} {
		if got := Wanted(name); got != want {
			t.Errorf("Wanted(%q) = %v", name, got)
		}
	}
}

// TestSilentTypesMentionNothing: a type that is not even read must not be known
// to bear on the network.
func TestSilentTypesMentionNothing(t *testing.T) {
	for _, k := range unmodelled {
		for _, name := range k.types {
			if slices.ContainsFunc(silent, func(prefix string) bool { return strings.HasPrefix(name, prefix) }) {
				t.Errorf("%s begins like a type that is not read", name)
			}
		}
	}
}
