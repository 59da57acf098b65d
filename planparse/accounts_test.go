package planparse

import (
	"strings"
	"testing"
)

// TestAccounts: only provider configurations with the same constant credentials
// are certainly of one account.
func TestAccounts(t *testing.T) {
	const provider = `"full_name":"registry.terraform.io/hashicorp/aws","expressions":`
	const role = `"assume_role":[{"role_arn":{"constant_value":"arn:aws:iam::123456789012:role/x"}}]`
	p, err := Read(strings.NewReader(`{"format_version":"1.2","terraform_version":"1.11.4","resource_changes":[],"configuration":{"provider_config":{
		"aws":{`+provider+`{"region":{"constant_value":"us-east-1"}}},
		"aws.eu":{`+provider+`{"region":{"references":["var.region"]},"default_tags":[{"tags":{"references":["var.tags"]}}]}},
		"aws.none":{"full_name":"registry.terraform.io/hashicorp/aws"},
		"aws.other":{`+provider+`{"profile":{"constant_value":"other"}}},
		"aws.role":{`+provider+`{`+role+`}},
		"aws.role_west":{`+provider+`{"region":{"constant_value":"us-west-1"},`+role+`}},
		"aws.var":{`+provider+`{"profile":{"references":["var.profile"]}}},
		"aws.var_too":{`+provider+`{"profile":{"references":["var.profile"]}}},
		"awscc":{"full_name":"registry.terraform.io/hashicorp/awscc"}
	},"root_module":{}}}`), func(string) bool { return true })
	if err != nil {
		t.Fatal(err)
	}
	for config, want := range map[string]string{
		"aws": "aws", "aws.eu": "aws", "aws.none": "aws", "aws.other": "aws.other", "aws.role": "aws.role",
		"aws.role_west": "aws.role", "aws.var": "aws.var", "aws.var_too": "aws.var_too", "awscc": "awscc",
	} {
		if got := p.Account(&Resource{ProviderConfig: config}); got != want {
			t.Errorf("the account of %s is that of %s, want %s", config, got, want)
		}
	}
}
