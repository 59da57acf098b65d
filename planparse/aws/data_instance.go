package aws

import (
	"github.com/planreach/planreach/netmodel"
	"github.com/planreach/planreach/planparse"
)

var dataInstance = &planparse.ResourceType{
	Name: "data.aws_instance",
	Doc:  "existing instance with its primary interface",
	Reads: []string{
		"ipv6_addresses", "private_ip", "public_ip", "secondary_private_ips", "source_dest_check", "subnet_id", "tags",
		"vpc_security_group_ids",
	},
	Ignores: []string{
		"ami", "arn", "associate_public_ip_address", "availability_zone", "credit_specification", "disable_api_stop",
		"disable_api_termination", "ebs_block_device", "ebs_optimized", "enclave_options", "ephemeral_block_device", "filter",
		"get_password_data", "get_user_data", "host_id", "host_resource_group_arn", "iam_instance_profile", "id", "instance_id",
		"instance_state", "instance_tags", "instance_type", "key_name", "launch_time", "maintenance_options",
		"metadata_options", "monitoring", "network_interface_id", "outpost_arn", "password_data", "placement_group",
		"placement_group_id", "placement_partition_number", "private_dns", "private_dns_name_options", "public_dns", "region",
		"root_block_device", "security_groups", "tenancy", "timeouts", "user_data", "user_data_base64",
	},
	Identities: []string{"network_interface_id"},
	Sets:       []string{"ipv6_addresses", "secondary_private_ips", "vpc_security_group_ids"},
	Accepts:    map[string][]string{"subnet_id": acceptsSubnet, "vpc_security_group_ids": acceptsGroup},
	Build:      buildDataInstance,
}

func buildDataInstance(r *planparse.Resource, b *planparse.Builder) {
	n := newBlock(r, b)
	x := &netmodel.Interface{
		Address: primaryInterface(r.Address), Subnet: n.Ref("subnet_id"), Groups: n.Refs("vpc_security_group_ids"),
		HasIPv4: netmodel.Holds, IPv4: n.addresses("private_ip", "secondary_private_ips"),
		Elastic: netmodel.Fails, SourceCheck: n.Truth("source_dest_check", true), Attached: netmodel.Holds, Origin: n.Origin(""),
	}
	n.setIPv6(x, "ipv6_addresses")
	n.setPublicOfExisting(x)
	e := n.endpoint(x.Address)
	e.Type = r.TypeName()
	b.AddEndpoint(e)
	b.Alias(r.Address+".network_interface_id", x.Address)
	b.Later(func() {
		if i := interfaceAt(b, x.Address); i != nil { // a resource or data source of its own describes it
			e.Interfaces = []netmodel.Address{i.Address}
			return
		}
		b.AddInterface(x)
	})
}
