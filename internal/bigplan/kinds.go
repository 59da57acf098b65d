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
	count    int // in a module instance
	open     []string
	links    []string // arguments that refer to something
	values   func(at) object
}

// The tiers of a module and the zones of each.
const (
	tiers, zones  = 3, 3
	groupsPerTier = 4
)

// kinds are in the proportions of a plan that is mostly network.
var kinds = []kind{
	{"aws_vpc", true, 1, []string{"id", "arn", "default_security_group_id", "main_route_table_id", "owner_id"}, nil, vpc},
	{"aws_internet_gateway", true, 1, []string{"id", "arn", "vpc_id"}, []string{"vpc_id"}, gateway},
	{"aws_route_table", true, tiers, []string{"id", "arn", "vpc_id"}, []string{"vpc_id"}, routeTable},
	{"aws_subnet", true, tiers * zones, []string{"id", "arn", "vpc_id", "owner_id", "availability_zone_id"}, []string{"vpc_id"}, subnet},
	{"aws_route_table_association", true, tiers * zones, []string{"id", "subnet_id", "route_table_id"}, []string{"subnet_id", "route_table_id"}, association},
	{"aws_security_group", true, tiers * groupsPerTier, []string{"id", "arn", "vpc_id", "owner_id"}, []string{"vpc_id"}, securityGroup},
	{"aws_vpc_security_group_ingress_rule", true, 3 * tiers * groupsPerTier, []string{"id", "arn", "security_group_id", "security_group_rule_id"}, []string{"security_group_id"}, ingress},
	{"aws_vpc_security_group_egress_rule", true, tiers * groupsPerTier, []string{"id", "arn", "security_group_id", "security_group_rule_id"}, []string{"security_group_id"}, egress},
	{"aws_instance", true, 90, []string{"id", "arn", "subnet_id", "vpc_security_group_ids", "private_ip", "private_dns"}, []string{"subnet_id", "vpc_security_group_ids"}, machine},
	{"aws_iam_role", false, 27, []string{"id", "arn", "unique_id", "create_date"}, nil, role},
	{"aws_s3_bucket", false, 25, []string{"id", "arn", "bucket_domain_name"}, nil, bucket},
	{"aws_cloudwatch_metric_alarm", false, 25, []string{"id", "arn"}, []string{"dimensions"}, alarm},
}

// at is where an instance is: the index-th of its kind in a module instance.
type at struct {
	*rand.Rand
	module, index int
}

// id is the cloud's id of the index-th object of a kind in the same module.
func (x at) id(prefix string, index int) string {
	r := rand.New(rand.NewPCG(uint64(x.module)+2, uint64(index)+uint64(len(prefix))<<32+uint64(prefix[0])<<40))
	return hex(r, prefix)
}

// tier and zone are those of the index-th subnet.
func tier(index int) int { return index / zones }
func zone(index int) int { return index % zones }

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
func (x at) with(prefix string, more object) object {
	tags := object{
		"Name":        fmt.Sprintf("net%d-%s-%d", x.module, prefix, x.index),
		"Environment": []string{"dev", "staging", "production"}[x.module%3],
		"Terraform":   "true",
		"CostCenter":  fmt.Sprint(1000 + x.IntN(9000)),
	}
	if name, ok := more["tier"]; ok {
		tags["Tier"] = name
		delete(more, "tier")
	}
	more["id"] = x.id(prefix, x.index)
	more["arn"] = arn(x.Rand, "ec2", prefix)
	more["tags"], more["tags_all"] = tags, tags
	more["region"] = "us-east-1"
	for _, name := range unset {
		more[name] = nil
	}
	return more
}

func vpc(x at) object {
	return x.with("vpc", object{
		"cidr_block": fmt.Sprintf("10.%d.0.0/16", x.module%256), "enable_dns_hostnames": true, "enable_dns_support": true,
		"instance_tenancy": "default", "assign_generated_ipv6_cidr_block": false, "ipv6_cidr_block": "", "ipv4_ipam_pool_id": nil,
		"default_security_group_id": x.id("sg", 1000), "main_route_table_id": x.id("rtb", 1000), "owner_id": "123456789012",
		"default_network_acl_id": x.id("acl", 0), "default_route_table_id": x.id("rtb", 1000),
	})
}

func gateway(x at) object {
	return x.with("igw", object{"vpc_id": x.id("vpc", 0), "owner_id": "123456789012", "timeouts": nil})
}

func routeTable(x at) object {
	routes := []any{}
	if x.index == 0 {
		routes = append(routes, object{
			"cidr_block": "0.0.0.0/0", "gateway_id": x.id("igw", 0), "ipv6_cidr_block": "", "carrier_gateway_id": "", "core_network_arn": "",
			"destination_prefix_list_id": "", "egress_only_gateway_id": "", "local_gateway_id": "", "nat_gateway_id": "",
			"network_interface_id": "", "transit_gateway_id": "", "vpc_endpoint_id": "", "vpc_peering_connection_id": "",
		})
	}
	return x.with("rtb", object{"vpc_id": x.id("vpc", 0), "route": routes, "propagating_vgws": []any{}, "owner_id": "123456789012", "timeouts": nil})
}

func subnet(x at) object {
	return x.with("subnet", object{
		"vpc_id": x.id("vpc", 0), "cidr_block": fmt.Sprintf("10.%d.%d.0/24", x.module%256, x.index), "tier": tierNames[tier(x.index)],
		"availability_zone": "us-east-1" + string(rune('a'+zone(x.index))), "availability_zone_id": "use1-az4", "map_public_ip_on_launch": tier(x.index) == 0,
		"assign_ipv6_address_on_creation": false, "ipv6_cidr_block": "", "ipv6_native": false, "outpost_arn": "", "owner_id": "123456789012", "timeouts": nil,
	})
}

var tierNames = [tiers]string{"web", "app", "data"}

func association(x at) object {
	out := x.with("rtbassoc", object{"subnet_id": x.id("subnet", x.index), "route_table_id": x.id("rtb", tier(x.index)), "gateway_id": "", "timeouts": nil})
	delete(out, "tags")
	delete(out, "tags_all")
	return out
}

func securityGroup(x at) object {
	return x.with("sg", object{
		"name": fmt.Sprintf("group-%d-%d", x.module, x.index), "description": "Managed by Terraform", "vpc_id": x.id("vpc", 0), "ingress": []any{}, "egress": []any{},
		"name_prefix": "", "owner_id": "123456789012", "revoke_rules_on_delete": false, "timeouts": nil, "tier": tierNames[x.index/groupsPerTier],
	})
}

// port is that of a service, by its group.
func port(group int) int { return []int{443, 8080, 5432}[group/groupsPerTier] + group%groupsPerTier }

// ingress lets the tier before in, or the internet; and the office and the VPC's
// monitoring.
func ingress(x at) object {
	group := x.index / 3
	rule := object{
		"security_group_id": x.id("sg", group), "security_group_rule_id": x.id("sgr", x.index), "cidr_ipv4": nil, "tier": tierNames[group/groupsPerTier],
		"cidr_ipv6": nil, "description": nil, "from_port": port(group), "to_port": port(group), "ip_protocol": "tcp", "prefix_list_id": nil,
		"referenced_security_group_id": nil,
	}
	switch {
	case x.index%3 == 0 && group < groupsPerTier:
		rule["cidr_ipv4"] = "0.0.0.0/0"
	case x.index%3 == 0:
		rule["referenced_security_group_id"] = x.id("sg", group-groupsPerTier)
	case x.index%3 == 1:
		rule["cidr_ipv4"], rule["from_port"], rule["to_port"] = "198.51.100.0/24", 22, 22
	default:
		rule["cidr_ipv4"], rule["from_port"], rule["to_port"] = fmt.Sprintf("10.%d.0.0/16", x.module%256), 9100, 9100
	}
	return x.with("sgr", rule)
}

func egress(x at) object {
	return x.with("sgre", object{
		"security_group_id": x.id("sg", x.index), "security_group_rule_id": x.id("sgre", x.index), "cidr_ipv4": "0.0.0.0/0",
		"cidr_ipv6": nil, "description": nil, "from_port": nil, "to_port": nil, "ip_protocol": "-1", "prefix_list_id": nil,
		"referenced_security_group_id": nil,
	})
}

// subnetOf and groupOf are where the index-th machine is, and what it carries.
func subnetOf(index int) int { return index % (tiers * zones) }
func groupOf(index int) int {
	return tier(subnetOf(index))*groupsPerTier + index/(tiers*zones)%groupsPerTier
}

func machine(x at) object {
	public := ""
	if tier(subnetOf(x.index)) == 0 {
		public = fmt.Sprintf("54.%d.%d.%d", x.module/256, x.module%256, x.index+4)
	}
	return x.with("i", object{
		"ami": hex(x.Rand, "ami"), "instance_type": "m5.large", "subnet_id": x.id("subnet", subnetOf(x.index)),
		"vpc_security_group_ids": []string{x.id("sg", groupOf(x.index))}, "tier": tierNames[tier(subnetOf(x.index))],
		"private_ip": fmt.Sprintf("10.%d.%d.%d", x.module%256, subnetOf(x.index), x.index+4), "private_dns": "ip-10-0-0-1.ec2.internal", "public_ip": public,
		"primary_network_interface_id": x.id("eni", x.index), "ipv6_addresses": []string{}, "ipv6_address_count": 0, "secondary_private_ips": []string{},
		"associate_public_ip_address": public != "", "source_dest_check": true, "user_data": strings.Repeat("#cloud-config\npackages:\n - \"nginx\"\n", 10),
		"root_block_device": []any{object{"volume_size": 50, "volume_type": "gp3", "encrypted": true, "volume_id": hex(x.Rand, "vol"), "tags": object{}}},
		"ebs_block_device":  []any{}, "metadata_options": []any{object{"http_endpoint": "enabled", "http_tokens": "required"}}, "timeouts": nil,
		"security_groups": []string{}, "network_interface": []any{}, "launch_template": []any{}, "availability_zone": "us-east-1" + string(rune('a'+zone(subnetOf(x.index)))),
	})
}

func role(x at) object {
	var statements []string
	for range 8 + x.IntN(8) {
		statements = append(statements, fmt.Sprintf(`{"Action":["s3:GetObject","s3:ListBucket"],"Effect":"Allow","Resource":"arn:aws:s3:::bucket-%d/*"}`, x.IntN(1e6)))
	}
	return x.with("AROA", object{
		"name": fmt.Sprintf("role-%d-%d", x.module, x.index), "path": "/", "max_session_duration": 3600, "force_detach_policies": false,
		"assume_role_policy": `{"Version":"2012-10-17","Statement":[` + strings.Join(statements, ",") + `]}`, "unique_id": hex(x.Rand, "AROA"),
		"create_date": "2026-01-01T00:00:00Z", "inline_policy": []any{}, "managed_policy_arns": []string{arn(x.Rand, "iam", "policy")},
	})
}

func bucket(x at) object {
	name := fmt.Sprintf("bucket-%d-%d", x.module, x.index)
	return x.with("bucket", object{
		"bucket": name, "bucket_domain_name": name + ".s3.amazonaws.com", "acl": nil, "force_destroy": false,
		"grant":          []any{object{"id": hex(x.Rand, "grant"), "type": "CanonicalUser", "permissions": []string{"FULL_CONTROL"}, "uri": ""}},
		"lifecycle_rule": []any{object{"enabled": true, "id": "expire", "prefix": "logs/", "expiration": []any{object{"days": 90}}}},
		"policy":         `{"Version":"2012-10-17","Statement":[{"Sid":"deny \"http\"","Effect":"Deny","Principal":"*","Action":"s3:*"}]}`,
	})
}

func alarm(x at) object {
	return x.with("alarm", object{
		"alarm_name": fmt.Sprintf("cpu-%d-%d", x.module, x.index), "alarm_description": "CPU {high} [paged]", "comparison_operator": "GreaterThanThreshold", "evaluation_periods": 5,
		"metric_name": "CPUUtilization", "namespace": "AWS/EC2", "period": 60, "statistic": "Average", "threshold": 80.5,
		"dimensions": object{"InstanceId": x.id("i", x.index)}, "alarm_actions": []string{arn(x.Rand, "sns", "pages")}, "ok_actions": []string{}, "unit": "",
	})
}
