package aws

import (
	"slices"
	"strings"

	"github.com/planreach/planreach/netmodel"
	"github.com/planreach/planreach/planparse"
)

// A kind is a group of resource types that bear on the network in one way and
// have no model.
type kind struct {
	effect netmodel.Effect
	touch  netmodel.Touch
	note   string
	types  []string
	// ends: they have interfaces, and are ends of which the plan tells no more.
	ends bool
	// always: they bear on the network even if they name nothing of it.
	always bool
	// through are the arguments that name the resource with the subnets or the
	// VPC, where the type has none of its own.
	through []string
}

// unmodelled are the kinds of types that bear on the network and have no model
// yet (MOD-10).
var unmodelled = []kind{
	{
		// A packet meets them only where a route table sends it there. What
		// arrives from them needs such a route for its replies.
		effect: netmodel.MayOpen, touch: netmodel.TouchesRouted, note: "connects networks",
		types: []string{
			"aws_ec2_transit_gateway_peering_attachment", "aws_ec2_transit_gateway_peering_attachment_accepter",
			"aws_ec2_transit_gateway_connect", "aws_ec2_transit_gateway_connect_peer",
			"aws_ec2_transit_gateway_policy_table", "aws_ec2_transit_gateway_policy_table_association",
			"aws_vpn_concentrator",
			"aws_dx_gateway", "aws_dx_gateway_association", "aws_dx_gateway_association_proposal", "aws_dx_bgp_peer",
			"aws_dx_private_virtual_interface", "aws_dx_transit_virtual_interface", "aws_dx_hosted_private_virtual_interface",
			"aws_dx_hosted_private_virtual_interface_accepter", "aws_dx_hosted_transit_virtual_interface",
			"aws_dx_hosted_transit_virtual_interface_accepter",
			"aws_ec2_carrier_gateway", "aws_ec2_local_gateway_route", "aws_ec2_local_gateway_route_table_vpc_association",
			"aws_networkmanager_core_network", "aws_networkmanager_core_network_policy_attachment",
			"aws_networkmanager_vpc_attachment", "aws_networkmanager_site_to_site_vpn_attachment",
			"aws_networkmanager_connect_attachment", "aws_networkmanager_dx_gateway_attachment",
			"aws_networkmanager_transit_gateway_peering", "aws_networkmanager_transit_gateway_route_table_attachment",
			"aws_networkmanager_attachment_accepter", "aws_networkmanager_prefix_list_association",
			"aws_vpc_route_server", "aws_vpc_route_server_endpoint", "aws_vpc_route_server_peer", "aws_vpc_route_server_vpc_association",
			"aws_odb_network", "aws_odb_network_peering_connection",
		},
	},
	{
		effect: netmodel.MayDoBoth, touch: netmodel.TouchesRouted, note: "adds routes to route tables",
		types: []string{"aws_vpc_route_server_propagation"},
	},
	{
		effect: netmodel.MayBlock, touch: netmodel.TouchesRouted, note: "inspects what is routed to it",
		types: []string{"aws_networkfirewall_vpc_endpoint_association"},
	},
	{
		effect: netmodel.MayOpen, touch: netmodel.TouchesInto, note: "carries traffic from outside into the VPC",
		types: []string{
			"aws_globalaccelerator_endpoint_group", "aws_globalaccelerator_custom_routing_endpoint_group",
			"aws_cloudfront_vpc_origin", "aws_api_gateway_vpc_link", "aws_apigatewayv2_vpc_link", "aws_verifiedaccess_endpoint",
			"aws_vpclattice_target_group", "aws_vpclattice_target_group_attachment", "aws_vpclattice_resource_gateway",
			"aws_ec2_client_vpn_endpoint", "aws_ec2_client_vpn_network_association", "aws_ec2_client_vpn_route",
			"aws_ec2_client_vpn_authorization_rule",
		},
		through: []string{"target_group_identifier", "client_vpn_endpoint_id", "target_arns"},
	},
	{
		effect: netmodel.MayOpen, touch: netmodel.TouchesEnds, ends: true, note: "is an end with interfaces of its own",
		types: []string{
			"aws_spot_instance_request", "aws_spot_fleet_request", "aws_ec2_fleet", "aws_ecs_express_gateway_service",
			"aws_opensearch_vpc_endpoint", "aws_elasticsearch_vpc_endpoint", "aws_opensearchserverless_vpc_endpoint",
			"aws_glue_dev_endpoint", "aws_pipes_pipe", "aws_sagemaker_domain", "aws_bedrockagentcore_gateway",
			"aws_bedrockagentcore_gateway_target", "aws_bedrockagentcore_harness", "aws_bedrockagentcore_registry",
			"aws_cloudhsm_v2_hsm", "aws_datasync_agent", "aws_gamelift_fleet", "aws_osis_pipeline_endpoint",
			"aws_s3outposts_endpoint", "aws_lambda_capacity_provider", "aws_sagemaker_notebook_instance",
		},
	},
	{
		effect: netmodel.MayOpen, touch: netmodel.TouchesEnds, note: "belongs to an end",
		types: []string{
			"aws_ec2_secondary_subnet", "aws_nat_gateway_eip_association", "aws_vpclattice_service_network_vpc_association",
			"aws_apprunner_vpc_ingress_connection", "aws_rds_shard_group", "aws_sagemaker_user_profile",
			"aws_datasync_location_fsx_lustre_file_system", "aws_datasync_location_fsx_ontap_file_system",
			"aws_datasync_location_fsx_openzfs_file_system", "aws_datasync_location_fsx_windows_file_system",
		},
	},
	{
		// ENC-4: no verdict depends on it, and it is not passed over in silence.
		effect: netmodel.MayBlock, touch: netmodel.TouchesEnds, always: true, note: "may demand encryption, which is not checked",
		types: []string{"aws_vpc_encryption_control"},
	},
	{
		// Lightsail has networks of its own.
		effect: netmodel.MayOpen, touch: netmodel.TouchesEnds, always: true, note: "is part of a network of its own, which may be open to the internet",
		types: []string{
			"aws_lightsail_instance", "aws_lightsail_instance_public_ports", "aws_lightsail_lb", "aws_lightsail_lb_attachment",
			"aws_lightsail_container_service", "aws_lightsail_database", "aws_lightsail_distribution",
		},
	},
}

// harmless are the types with arguments that name a VPC, a subnet or a group,
// and without any effect on packets.
var harmless = []string{
	"aws_api_gateway_rest_api", "aws_api_gateway_rest_api_policy", "aws_autoscaling_policy", "aws_batch_job_definition",
	"aws_cloudwatch_composite_alarm", "aws_cloudwatch_dashboard", "aws_cloudwatch_event_rule", "aws_cloudwatch_query_definition",
	"aws_ec2_instance_state", "aws_ec2_tag", "aws_ec2_traffic_mirror_session", "aws_ec2_traffic_mirror_target",
	"aws_ec2_transit_gateway_metering_policy", "aws_ec2_transit_gateway_metering_policy_entry",
	"aws_ec2_transit_gateway_multicast_domain", "aws_ec2_transit_gateway_multicast_group_member",
	"aws_ec2_transit_gateway_multicast_group_source", "aws_ecs_tag", "aws_ecs_task_definition", "aws_efs_file_system_policy",
	"aws_fis_experiment_template", "aws_glue_job", "aws_internetmonitor_monitor", "aws_lambda_event_source_mapping",
	"aws_networkflowmonitor_monitor", "aws_networkflowmonitor_scope", "aws_networkmanager_customer_gateway_association",
	"aws_networkmanager_transit_gateway_connect_peer_association", "aws_networkmanager_transit_gateway_registration",
	"aws_opensearchserverless_access_policy", "aws_opensearchserverless_security_policy", "aws_ram_resource_association",
	"aws_resourcegroups_group", "aws_resourcegroups_resource", "aws_route53_health_check", "aws_route53_resolver_config",
	"aws_route53_resolver_dnssec_config", "aws_route53_resolver_firewall_config",
	"aws_route53_resolver_query_log_config_association", "aws_route53profiles_association", "aws_s3control_access_point_policy",
	"aws_s3control_bucket_policy", "aws_sfn_state_machine", "aws_shield_protection", "aws_vpc_ipam_resource_discovery",
	"aws_db_cluster_snapshot", "aws_db_snapshot", "aws_db_snapshot_copy",
	"aws_docdb_cluster_snapshot", "aws_ec2_network_insights_analysis",
	"aws_ec2_network_insights_path", "aws_ec2_subnet_cidr_reservation", "aws_ec2_transit_gateway_multicast_domain_association",
	"aws_flow_log", "aws_fsx_s3_access_point_attachment",
	"aws_memorydb_snapshot", "aws_neptune_cluster_snapshot",
	"aws_network_interface_permission", "aws_networkmonitor_probe", "aws_rds_cluster_snapshot_copy",
	"aws_route53_resolver_firewall_rule_group_association", "aws_route53_resolver_rule_association",
	"aws_route53_vpc_association_authorization", "aws_route53_zone", "aws_route53_zone_association", "aws_s3_access_point",
	"aws_vpc_dhcp_options_association", "aws_vpc_endpoint_connection_notification", "aws_vpc_endpoint_policy", // VPCE-14
	"aws_vpc_endpoint_private_dns", "aws_vpc_endpoint_service_allowed_principal", "aws_vpc_endpoint_service_private_dns_verification",
}

// silent are the beginnings of type names of services that have nothing in a
// VPC: their resources need not be kept to be looked at.
var silent = []string{
	"aws_accessanalyzer_", "aws_acm", "aws_amplify_", "aws_appconfig_", "aws_athena_", "aws_backup_", "aws_budgets_",
	"aws_ce_", "aws_cloudformation_type", "aws_cloudfront_distribution", "aws_cloudtrail", "aws_cloudwatch_log_",
	"aws_cloudwatch_metric_", "aws_cognito_", "aws_config_", "aws_dlm_", "aws_dynamodb_", "aws_ebs_", "aws_ecr_",
	"aws_glue_catalog_", "aws_guardduty_", "aws_iam_", "aws_identitystore_", "aws_kms_", "aws_lakeformation_",
	"aws_lambda_permission", "aws_organizations_", "aws_route53_record", "aws_s3_bucket", "aws_s3_object", "aws_secretsmanager_",
	"aws_securityhub_", "aws_service_discovery_", "aws_servicecatalog_", "aws_ses", "aws_sns_", "aws_sqs_", "aws_ssm_",
	"aws_ssoadmin_", "aws_volume_attachment", "aws_waf",
}

// Wanted reports whether resources of a type have to be read: those with a
// model, those that are known to lack one, and those that nothing is known of.
func Wanted(typeName string) bool {
	if strings.HasPrefix(typeName, "data.") {
		return slices.ContainsFunc(Types, func(t *planparse.ResourceType) bool { return t.Name == typeName })
	}
	if !strings.HasPrefix(typeName, "aws_") && !strings.HasPrefix(typeName, "awscc_") {
		return false
	}
	return isMaker(typeName) || !slices.Contains(harmless, typeName) &&
		!slices.ContainsFunc(silent, func(prefix string) bool { return strings.HasPrefix(typeName, prefix) })
}

// reportUnmodelled lists the resources that bear on the network without a
// model. It must be called when all objects are there.
func reportUnmodelled(b *planparse.Builder) {
	kinds := map[string]*kind{}
	for i := range unmodelled {
		for _, t := range unmodelled[i].types {
			kinds[t] = &unmodelled[i]
		}
	}
	modelled := map[string]bool{}
	for _, t := range Types {
		modelled[t.Name] = true
	}
	var makers, strangers []*planparse.Resource
	for _, r := range b.Plan().Resources {
		if r.Mode == planparse.Data || modelled[r.Type] || r.Value(b.World()).IsNone() || !Wanted(r.Type) {
			continue
		}
		switch k := kinds[r.Type]; {
		case k != nil:
			report(b, r, k)
		case isMaker(r.Type):
			makers = append(makers, r)
		default:
			strangers = append(strangers, r)
		}
	}
	reportStrangers(b, makers, strangers)
}

func report(b *planparse.Builder, r *planparse.Resource, k *kind) {
	x := netmodel.Unmodelled{
		Address: r.Address, Type: r.Type, Effect: k.effect, Touch: k.touch, Note: k.note,
		VPCs: whereIs(b, r, k.through, 0), Origin: netmodel.Origin{Address: r.Address},
	}
	n := newBlock(r, b)
	switch r.Type {
	case "aws_vpc_route_server_propagation":
		hideRoutes(b, n.Ref("route_table_id"), netmodel.Gap{
			Origin: n.Origin(""), Why: netmodel.OutsidePlan, Code: netmodel.UnknownPropagatedRoutes,
			Detail: "routes are propagated into the table",
		})
	}
	if x.Touch == netmodel.TouchesEnds && !k.always && len(mentions(r.Value(b.World()))) == 0 {
		return // a function outside of a VPC, say
	}
	b.AddUnmodelled(x)
	if k.ends && x.Touch != netmodel.TouchesRouted {
		n.addUnmodelledEnd()
	}
}

// addUnmodelledEnd makes the resource an end with interfaces that nothing is
// known of.
func (n block) addUnmodelledEnd() {
	e := n.endpoint()
	e.More = netmodel.Gap{Origin: n.Origin(""), Why: netmodel.NotModelled, Code: netmodel.UnsupportedResourceType,
		Detail: n.r.Type + " is not modelled"}
	n.b.AddEndpoint(e)
}

// reportStrangers lists the resources that make others, and those of types that
// nothing is known of as far as they have to do with a network.
func reportStrangers(b *planparse.Builder, makers, strangers []*planparse.Resource) {
	if len(makers)+len(strangers) == 0 {
		return
	}
	found := make([]netmodel.Unmodelled, len(strangers))
	for i, r := range strangers {
		found[i] = stranger(b, r)
	}
	b.Check(func() { // what is only named has become an object
		h := homesOf(b)
		for _, r := range makers {
			reportMaker(b, h, r)
		}
		for i, r := range strangers {
			reportNaming(b, h, r, found[i])
		}
	})
}

// stranger is what the names of its arguments say of a resource of a type that
// nothing is known of; without a Touch if they say nothing. What carries groups
// has interfaces, and is an end.
func stranger(b *planparse.Builder, r *planparse.Resource) netmodel.Unmodelled {
	x := netmodel.Unmodelled{
		Address: r.Address, Type: r.Type, Effect: netmodel.MayDoBoth,
		Note: "is of an unknown type", Origin: netmodel.Origin{Address: r.Address},
	}
	found := mentions(r.Value(b.World()))
	if len(found) == 0 {
		return x
	}
	x.Touch, x.VPCs = netmodel.TouchesAll, whereIs(b, r, nil, 0)
	if slices.ContainsFunc(found, func(m mention) bool { return m.is == groupMention }) {
		x.Touch = netmodel.TouchesEnds
		newBlock(r, b).addUnmodelledEnd()
	}
	return x
}

// hideRoutes says that the tables that r may lead to may hold further routes.
func hideRoutes(b *planparse.Builder, r netmodel.Ref, g netmodel.Gap) {
	r = b.CanonicalRef(r)
	for _, t := range b.Network().RouteTables {
		if r.MayBe(b.Canonical(t.Address)) {
			t.Hidden = append(t.Hidden, g)
		}
	}
}

// A mention is a place where a resource names parts of a network.
type mention struct {
	is    mentionKind
	links netmodel.Refs
}

type mentionKind uint8

const (
	vpcMention mentionKind = iota + 1
	subnetMention
	groupMention
	otherMention // of a route table, a subnet group, a group that is given rules
)

// mentionKinds are the names of arguments, at any depth, that name parts of a
// network.
var mentionKinds = map[string]mentionKind{
	"vpc_id": vpcMention, "vpc_identifier": vpcMention, "vpc_arn": vpcMention,
	"subnet_id": subnetMention, "subnet_ids": subnetMention, "subnets": subnetMention, "vpc_subnet_ids": subnetMention,
	"client_subnets": subnetMention, "subnet_arns": subnetMention, "vpc_zone_identifier": subnetMention,
	"preferred_subnet_id": subnetMention, "secondary_subnet_id": subnetMention,
	"security_group_id":  otherMention, // of a rule, as likely as of an end
	"security_group_ids": groupMention, "security_groups": groupMention,
	"vpc_security_group_ids": groupMention, "security_group_arns": groupMention, "security_group_id_list": groupMention,
	"custom_security_group_id": groupMention, "workspace_security_group_id": groupMention,
	"engine_security_group_id": groupMention, "emr_managed_master_security_group": groupMention,
	"route_table_id": otherMention, "route_table_ids": otherMention, "subnet_group_name": otherMention,
	"db_subnet_group_name": otherMention, "cluster_subnet_group_name": otherMention, "neptune_subnet_group_name": otherMention,
	"replication_subnet_group_id": otherMention, "allocation_id": otherMention, "ec2_inbound_permission": otherMention,
	"ingress_vpc_configuration": otherMention,
}

// mentions are the parts of networks that v names.
func mentions(v planparse.Value) []mention {
	var out []mention
	for _, name := range v.FieldNames() {
		f := v.Field(name)
		if f.IsNone() || f.Kind() == planparse.String && f.Text() == "" || f.Kind() == planparse.List && len(f.Elements()) == 0 {
			continue
		}
		if is := mentionKinds[name]; is != 0 {
			out = append(out, mention{is, linksIn(name, f)})
			continue
		}
		switch f.Kind() {
		case planparse.Object:
			out = append(out, mentions(f)...)
		case planparse.List:
			for _, e := range f.Elements() {
				out = append(out, mentions(e)...)
			}
		case planparse.Absent, planparse.Null, planparse.String, planparse.Number, planparse.Bool, planparse.Hole:
		}
	}
	return out
}

// linksIn is the links that one value or a list of values makes.
func linksIn(name string, v planparse.Value) netmodel.Refs {
	r := planparse.NewResource(planparse.Resource{}, planparse.ObjectValue(map[string]planparse.Value{name: v}), planparse.Value{})
	b := r.Block(planparse.After)
	if v.Kind() == planparse.List {
		return b.Refs(name)
	}
	return netmodel.Refs{Links: []netmodel.Ref{b.Ref(name)}}
}

// whereIs is the VPCs that a resource has to do with; nil if the plan does not
// tell. The arguments through lead to the resource that knows.
func whereIs(b *planparse.Builder, r *planparse.Resource, through []string, depth int) []netmodel.Ref {
	var out []netmodel.Ref
	for _, m := range mentions(r.Value(b.World())) {
		if !m.links.More.IsZero() && (m.is == vpcMention || m.is == subnetMention) {
			return nil
		}
		for _, l := range m.links.Links {
			switch m.is {
			case vpcMention:
				out = append(out, b.CanonicalRef(l))
			case subnetMention:
				out = append(out, overSubnets(b, l, func(s *netmodel.Subnet) netmodel.Ref { return s.VPC }))
			case groupMention, otherMention:
			}
		}
	}
	if len(out) > 0 || depth > 3 {
		return settled(distinct(out))
	}
	for _, name := range through {
		for _, l := range linksIn(name, r.Value(b.World()).Field(name)).Links {
			a, ok := b.CanonicalRef(l).Exact()
			if to := b.Resource(a); ok && to != nil {
				out = append(out, whereIs(b, to, through, depth+1)...)
			}
		}
	}
	return distinct(out)
}

// settled is the links that are settled, if any is: what is in one VPC for
// certain, by one of its arguments, is in no other.
func settled(refs []netmodel.Ref) []netmodel.Ref {
	var out []netmodel.Ref
	for _, r := range refs {
		if r.IsSettled() {
			out = append(out, r)
		}
	}
	if len(out) == 0 {
		return refs
	}
	return out
}

func distinct(refs []netmodel.Ref) []netmodel.Ref {
	seen := map[string]bool{}
	var out []netmodel.Ref
	for _, r := range refs {
		if key := r.String(); !seen[key] {
			seen[key] = true
			out = append(out, r)
		}
	}
	return out
}
