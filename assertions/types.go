package assertions

// A role is what a resource type can be in a selector. The zero role is
// nothing that selectors know.
type role uint8

const (
	endRole    role = iota + 1 // it has network interfaces
	vpcRole                    // a place
	subnetRole                 // a place
	groupRole                  // a place: the interfaces that carry it
	wayRole                    // packets pass it, and it is no end
)

// roles are the roles of AWS's resource types (L-9 to L-11). A type that is not
// listed is an end if the plan's network has endpoints of it.
var roles = map[string]role{
	"aws_instance":                      endRole,
	"aws_spot_instance_request":         endRole,
	"aws_network_interface":             endRole,
	"aws_lb":                            endRole,
	"aws_alb":                           endRole,
	"aws_elb":                           endRole,
	"aws_db_instance":                   endRole,
	"aws_rds_cluster":                   endRole,
	"aws_rds_cluster_instance":          endRole,
	"aws_elasticache_cluster":           endRole,
	"aws_elasticache_replication_group": endRole,
	"aws_memorydb_cluster":              endRole,
	"aws_redshift_cluster":              endRole,
	"aws_docdb_cluster":                 endRole,
	"aws_neptune_cluster":               endRole,
	"aws_opensearch_domain":             endRole,
	"aws_elasticsearch_domain":          endRole,
	"aws_msk_cluster":                   endRole,
	"aws_mq_broker":                     endRole,
	"aws_efs_mount_target":              endRole,
	"aws_lambda_function":               endRole,
	"aws_ecs_service":                   endRole,
	"aws_vpc_endpoint":                  endRole,
	"aws_autoscaling_group":             endRole,
	"aws_eks_cluster":                   endRole,
	"aws_eks_node_group":                endRole,

	"aws_vpc":                    vpcRole,
	"aws_default_vpc":            vpcRole,
	"aws_subnet":                 subnetRole,
	"aws_default_subnet":         subnetRole,
	"aws_security_group":         groupRole,
	"aws_default_security_group": groupRole,

	"aws_internet_gateway":                   wayRole,
	"aws_egress_only_internet_gateway":       wayRole,
	"aws_nat_gateway":                        wayRole,
	"aws_route_table":                        wayRole,
	"aws_default_route_table":                wayRole,
	"aws_route":                              wayRole,
	"aws_network_acl":                        wayRole,
	"aws_default_network_acl":                wayRole,
	"aws_vpn_gateway":                        wayRole,
	"aws_customer_gateway":                   wayRole,
	"aws_vpn_connection":                     wayRole,
	"aws_dx_gateway":                         wayRole,
	"aws_ec2_transit_gateway":                wayRole,
	"aws_ec2_transit_gateway_vpc_attachment": wayRole,
	"aws_ec2_transit_gateway_route_table":    wayRole,
	"aws_vpc_peering_connection":             wayRole,
	"aws_networkfirewall_firewall":           wayRole,
	"aws_ec2_carrier_gateway":                wayRole,
	"aws_ec2_local_gateway":                  wayRole,
	"aws_ec2_managed_prefix_list":            wayRole,
	"aws_eip":                                wayRole,
	"aws_vpc_endpoint_service":               wayRole,
}

// what says what a wayRole type does with packets, for messages.
func what(typ string) string {
	switch typ {
	case "aws_route_table", "aws_default_route_table", "aws_route", "aws_ec2_transit_gateway_route_table":
		return "chooses the way of packets"
	case "aws_network_acl", "aws_default_network_acl":
		return "filters packets"
	case "aws_ec2_managed_prefix_list":
		return "is a list of addresses"
	case "aws_eip":
		return "is an address; what has it is the end"
	}
	return "forwards packets"
}

// isEndType reports whether resources of the type can be ends.
func (w *world) isEndType(typ string) bool {
	return roles[typ] == endRole || w.endTypes[typ]
}
