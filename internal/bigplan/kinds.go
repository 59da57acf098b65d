package bigplan

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// A kind is a resource type of the plans.
type kind struct {
	typeName string
	network  bool
	open     []string
	links    []string // arguments that refer to something
	values   func(r *rand.Rand, n int) object
}

// kinds are in the proportions of a plan that is mostly network.
var kinds = []kind{
	{"aws_vpc", true, []string{"id", "arn", "default_security_group_id", "main_route_table_id", "owner_id"}, nil, vpc},
	{"aws_subnet", true, []string{"id", "arn", "vpc_id", "owner_id", "availability_zone_id"}, []string{"vpc_id"}, subnet},
	{"aws_security_group", true, []string{"id", "arn", "vpc_id", "owner_id"}, []string{"vpc_id"}, securityGroup},
	{"aws_vpc_security_group_ingress_rule", true, []string{"id", "arn", "security_group_id", "security_group_rule_id"}, []string{"security_group_id"}, rule},
	{"aws_vpc_security_group_egress_rule", true, []string{"id", "arn", "security_group_id", "security_group_rule_id"}, []string{"security_group_id"}, rule},
	{"aws_instance", true, []string{"id", "arn", "subnet_id", "vpc_security_group_ids", "private_ip", "private_dns"}, []string{"subnet_id", "vpc_security_group_ids"}, machine},
	{"aws_iam_role", false, []string{"id", "arn", "unique_id", "create_date"}, nil, role},
	{"aws_s3_bucket", false, []string{"id", "arn", "bucket_domain_name"}, nil, bucket},
	{"aws_cloudwatch_metric_alarm", false, []string{"id", "arn"}, []string{"dimensions"}, alarm},
}

// hex is an id that looks like those of the cloud.
func hex(r *rand.Rand, prefix string) string { return fmt.Sprintf("%s-0%016x", prefix, r.Uint64()) }

func arn(r *rand.Rand, service, path string) string {
	return fmt.Sprintf("arn:aws:%s:us-east-1:123456789012:%s/%016x", service, path, r.Uint64())
}

// unset are arguments that are not set: of those of a real resource, four in ten
// are null.
var unset = []string{
	"availability_zone_override", "customer_managed_key_arn", "force_overwrite_on_update", "kms_key_id", "name_prefix_override",
	"permissions_boundary_arn", "replica_region", "skip_final_check",
}

// with is the members that nearly every resource has, and more.
func with(r *rand.Rand, n int, prefix string, more object) object {
	tags := object{
		"Name":        fmt.Sprintf("net%d-%s-%d", n/perModule, prefix, n),
		"Environment": []string{"dev", "staging", "production"}[r.IntN(3)],
		"Terraform":   "true",
		"CostCenter":  fmt.Sprint(1000 + r.IntN(9000)),
	}
	more["id"] = hex(r, prefix)
	more["arn"] = arn(r, "ec2", prefix)
	more["tags"], more["tags_all"] = tags, tags
	more["region"] = "us-east-1"
	for _, name := range unset {
		more[name] = nil
	}
	return more
}

func vpc(r *rand.Rand, n int) object {
	return with(r, n, "vpc", object{
		"cidr_block": fmt.Sprintf("10.%d.0.0/16", n%256), "enable_dns_hostnames": true, "enable_dns_support": true,
		"instance_tenancy": "default", "assign_generated_ipv6_cidr_block": false, "ipv6_cidr_block": "", "ipv4_ipam_pool_id": nil,
		"default_security_group_id": hex(r, "sg"), "main_route_table_id": hex(r, "rtb"), "owner_id": "123456789012",
	})
}

func subnet(r *rand.Rand, n int) object {
	return with(r, n, "subnet", object{
		"vpc_id": hex(r, "vpc"), "cidr_block": fmt.Sprintf("10.%d.%d.0/24", n%256, r.IntN(256)),
		"availability_zone": "us-east-1" + string(rune('a'+r.IntN(3))), "availability_zone_id": "use1-az4", "map_public_ip_on_launch": false,
		"assign_ipv6_address_on_creation": false, "ipv6_cidr_block": "", "outpost_arn": "", "owner_id": "123456789012", "timeouts": nil,
	})
}

func securityGroup(r *rand.Rand, n int) object {
	var rules []any
	for range 1 + r.IntN(6) {
		port := r.IntN(60000)
		rules = append(rules, object{
			"cidr_blocks": []string{fmt.Sprintf("10.%d.%d.0/24", r.IntN(256), r.IntN(256))}, "description": "service traffic",
			"from_port": port, "to_port": port + r.IntN(10), "protocol": "tcp", "ipv6_cidr_blocks": []string{}, "prefix_list_ids": []string{},
			"security_groups": []string{}, "self": false,
		})
	}
	return with(r, n, "sg", object{
		"name": fmt.Sprintf("group-%d", n), "description": "Managed by Terraform", "vpc_id": hex(r, "vpc"), "ingress": rules, "egress": []any{},
		"name_prefix": "", "owner_id": "123456789012", "revoke_rules_on_delete": false, "timeouts": nil,
	})
}

func rule(r *rand.Rand, n int) object {
	port := r.IntN(60000)
	return with(r, n, "sgr", object{
		"security_group_id": hex(r, "sg"), "security_group_rule_id": hex(r, "sgr"), "cidr_ipv4": fmt.Sprintf("10.%d.0.0/16", r.IntN(256)),
		"cidr_ipv6": nil, "description": nil, "from_port": port, "to_port": port, "ip_protocol": "tcp", "prefix_list_id": nil,
		"referenced_security_group_id": nil,
	})
}

func machine(r *rand.Rand, n int) object {
	return with(r, n, "i", object{
		"ami": hex(r, "ami"), "instance_type": "m5.large", "subnet_id": hex(r, "subnet"), "vpc_security_group_ids": []string{hex(r, "sg"), hex(r, "sg")},
		"private_ip": fmt.Sprintf("10.%d.%d.%d", n%256, r.IntN(256), r.IntN(250)+4), "private_dns": "ip-10-0-0-1.ec2.internal", "public_ip": "",
		"associate_public_ip_address": false, "source_dest_check": true, "user_data": strings.Repeat("#cloud-config\npackages:\n - \"nginx\"\n", 10),
		"root_block_device": []any{object{"volume_size": 50, "volume_type": "gp3", "encrypted": true, "volume_id": hex(r, "vol"), "tags": object{}}},
		"ebs_block_device":  []any{}, "metadata_options": []any{object{"http_endpoint": "enabled", "http_tokens": "required"}}, "timeouts": nil,
	})
}

func role(r *rand.Rand, n int) object {
	var statements []string
	for range 8 + r.IntN(8) {
		statements = append(statements, fmt.Sprintf(`{"Action":["s3:GetObject","s3:ListBucket"],"Effect":"Allow","Resource":"arn:aws:s3:::bucket-%d/*"}`, r.IntN(1e6)))
	}
	return with(r, n, "AROA", object{
		"name": fmt.Sprintf("role-%d", n), "path": "/", "max_session_duration": 3600, "force_detach_policies": false,
		"assume_role_policy": `{"Version":"2012-10-17","Statement":[` + strings.Join(statements, ",") + `]}`, "unique_id": hex(r, "AROA"),
		"create_date": "2026-01-01T00:00:00Z", "inline_policy": []any{}, "managed_policy_arns": []string{arn(r, "iam", "policy")},
	})
}

func bucket(r *rand.Rand, n int) object {
	return with(r, n, "bucket", object{
		"bucket": fmt.Sprintf("bucket-%d", n), "bucket_domain_name": fmt.Sprintf("bucket-%d.s3.amazonaws.com", n), "acl": nil, "force_destroy": false,
		"grant":          []any{object{"id": hex(r, "grant"), "type": "CanonicalUser", "permissions": []string{"FULL_CONTROL"}, "uri": ""}},
		"lifecycle_rule": []any{object{"enabled": true, "id": "expire", "prefix": "logs/", "expiration": []any{object{"days": 90}}}},
		"policy":         `{"Version":"2012-10-17","Statement":[{"Sid":"deny \"http\"","Effect":"Deny","Principal":"*","Action":"s3:*"}]}`,
	})
}

func alarm(r *rand.Rand, n int) object {
	return with(r, n, "alarm", object{
		"alarm_name": fmt.Sprintf("cpu-%d", n), "alarm_description": "CPU {high} [paged]", "comparison_operator": "GreaterThanThreshold", "evaluation_periods": 5,
		"metric_name": "CPUUtilization", "namespace": "AWS/EC2", "period": 60, "statistic": "Average", "threshold": 80.5,
		"dimensions": object{"InstanceId": hex(r, "i")}, "alarm_actions": []string{arn(r, "sns", "pages")}, "ok_actions": []string{}, "unit": "",
	})
}
