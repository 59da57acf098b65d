package aws

// subnetGroups are the types of groups of subnets.
var subnetGroups = []string{
	"aws_dax_subnet_group", "aws_db_subnet_group", "aws_dms_replication_subnet_group", "aws_docdb_subnet_group",
	"aws_elasticache_subnet_group", "aws_memorydb_subnet_group", "aws_neptune_subnet_group", "aws_redshift_subnet_group",
}

// lists are the arguments that hold subnets or groups in a list, where all others
// hold sets.
var lists = []string{
	"aws_appstream_fleet.vpc_config.security_group_ids", "aws_appstream_fleet.vpc_config.subnet_ids",
	"aws_fsx_file_cache.subnet_ids", "aws_fsx_lustre_file_system.subnet_ids", "aws_fsx_ontap_file_system.subnet_ids",
	"aws_fsx_openzfs_file_system.subnet_ids", "aws_fsx_windows_file_system.subnet_ids",
	"aws_medialive_input.vpc.security_group_ids", "aws_medialive_input.vpc.subnet_ids",
	"aws_sagemaker_training_job.vpc_config.security_group_ids", "aws_sagemaker_training_job.vpc_config.subnets",
}

// services are the types with interfaces in subnets, one a line.
var services = []service{
	// Instances in numbers.
	{name: "aws_autoscaling_group", subnets: "vpc_zone_identifier", home: inDefaultVPC, launches: true, sameAsID: "name", start: registerLaunched, dress: dressLaunched, also: "launch_template launch_configuration load_balancers mixed_instances_policy tag target_group_arns traffic_source", links: linksOfLaunched},
	{name: "aws_eks_node_group", subnets: "subnet_ids", launches: true, dress: dressNodes, also: "launch_template remote_access cluster_name"},
	{name: "aws_emr_cluster", in: "ec2_attributes", subnets: "subnet_ids subnet_id", ownGroup: true, launches: true, home: inDefaultVPC},
	{name: "aws_batch_compute_environment", in: "compute_resources", subnets: "subnets", groups: "security_group_ids", launches: true, dress: dressBatch},
	{name: "aws_cloud9_environment_ec2", subnets: "subnet_id", ownGroup: true, launches: true, home: inDefaultVPC},
	{name: "aws_ecs_capacity_provider", in: "managed_instances_provider.instance_launch_template.network_configuration", subnets: "subnets", groups: "security_groups", launches: true},
	{name: "aws_imagebuilder_infrastructure_configuration", subnets: "subnet_id", groups: "security_group_ids", launches: true},

	// Containers and functions.
	{name: "aws_ecs_service", in: "network_configuration", subnets: "subnets", groups: "security_groups", public: "network_configuration.assign_public_ip", home: withInstances, start: registerTasks, also: "load_balancer", links: linksOfTasks},
	{name: "aws_ecs_task_set", in: "network_configuration", subnets: "subnets", groups: "security_groups", public: "network_configuration.assign_public_ip", home: withInstances, start: registerTasks, also: "load_balancer", links: linksOfTasks},
	{name: "aws_cloudwatch_event_target", in: "ecs_target.network_configuration", subnets: "subnets", groups: "security_groups", public: "ecs_target.network_configuration.assign_public_ip"},
	{name: "aws_scheduler_schedule", in: "target.ecs_parameters.network_configuration", subnets: "subnets", groups: "security_groups", public: "target.ecs_parameters.network_configuration.assign_public_ip"},
	{name: "aws_eks_cluster", in: "vpc_config", subnets: "subnet_ids", groups: "security_group_ids", ipv6: "kubernetes_network_config.ip_family", sameAsID: "name", alsoCalled: "vpc_config.cluster_security_group_id", start: addClusterGroup, dress: dressCluster},
	{name: "aws_eks_fargate_profile", subnets: "subnet_ids", dress: dressFargate, also: "cluster_name"},
	{name: "aws_lambda_function", in: "vpc_config", subnets: "subnet_ids", groups: "security_group_ids", ipv6: "vpc_config.ipv6_allowed_for_dual_stack", sendsOnly: true},
	{name: "aws_synthetics_canary", in: "vpc_config", subnets: "subnet_ids", groups: "security_group_ids", ipv6: "vpc_config.ipv6_allowed_for_dual_stack", sendsOnly: true},
	{name: "aws_apprunner_vpc_connector", subnets: "subnets", groups: "security_groups", sendsOnly: true},
	{name: "aws_emrserverless_application", in: "network_configuration", subnets: "subnet_ids", groups: "security_group_ids"},

	// Databases.
	{name: "aws_db_instance", by: "db_subnet_group_name", group: "aws_db_subnet_group", groups: "vpc_security_group_ids", like: "replicate_source_db", of: "aws_db_instance", place: inOne, public: "publicly_accessible", ipv6: "network_type", home: inDefaultVPC, alsoCalled: "identifier"},
	{name: "aws_rds_cluster", by: "db_subnet_group_name", group: "aws_db_subnet_group", groups: "vpc_security_group_ids", place: inOne, ipv6: "network_type", home: inDefaultVPC, sameAsID: "cluster_identifier"},
	{name: "aws_rds_cluster_instance", by: "db_subnet_group_name", group: "aws_db_subnet_group", like: "cluster_identifier", of: "aws_rds_cluster", place: inOne, public: "publicly_accessible", home: inDefaultVPC},
	{name: "aws_db_proxy", subnets: "vpc_subnet_ids", groups: "vpc_security_group_ids", ipv6: "endpoint_network_type"},
	{name: "aws_db_proxy_endpoint", subnets: "vpc_subnet_ids", groups: "vpc_security_group_ids"},
	{name: "aws_docdb_cluster", by: "db_subnet_group_name", group: "aws_docdb_subnet_group", groups: "vpc_security_group_ids", place: inOne, ipv6: "network_type", home: inDefaultVPC, sameAsID: "cluster_identifier"},
	{name: "aws_docdb_cluster_instance", like: "cluster_identifier", of: "aws_docdb_cluster", place: inOne, home: inDefaultVPC},
	{name: "aws_docdbelastic_cluster", subnets: "subnet_ids", groups: "vpc_security_group_ids", home: inDefaultVPC},
	{name: "aws_neptune_cluster", by: "neptune_subnet_group_name", group: "aws_neptune_subnet_group", groups: "vpc_security_group_ids", place: inOne, home: inDefaultVPC, sameAsID: "cluster_identifier"},
	{name: "aws_neptune_cluster_instance", by: "neptune_subnet_group_name", group: "aws_neptune_subnet_group", like: "cluster_identifier", of: "aws_neptune_cluster", place: inOne, public: "publicly_accessible", home: inDefaultVPC},
	{name: "aws_redshift_cluster", by: "cluster_subnet_group_name", group: "aws_redshift_subnet_group", groups: "vpc_security_group_ids", place: inOne, public: "publicly_accessible", home: inDefaultVPC},
	{name: "aws_redshift_endpoint_access", by: "subnet_group_name", group: "aws_redshift_subnet_group", groups: "vpc_security_group_ids", place: inOne},
	{name: "aws_redshiftserverless_workgroup", subnets: "subnet_ids", groups: "security_group_ids", public: "publicly_accessible", home: inDefaultVPC},
	{name: "aws_redshiftserverless_endpoint_access", subnets: "subnet_ids", groups: "vpc_security_group_ids"},
	{name: "aws_timestreaminfluxdb_db_instance", subnets: "vpc_subnet_ids", groups: "vpc_security_group_ids", place: inOne, public: "publicly_accessible", ipv6: "network_type"},
	{name: "aws_timestreaminfluxdb_db_cluster", subnets: "vpc_subnet_ids", groups: "vpc_security_group_ids", public: "publicly_accessible", ipv6: "network_type"},
	{name: "aws_dms_replication_instance", by: "replication_subnet_group_id", group: "aws_dms_replication_subnet_group", groups: "vpc_security_group_ids", place: inOne, public: "publicly_accessible", ipv6: "network_type", home: inDefaultVPC},
	{name: "aws_dms_replication_config", in: "compute_config", by: "replication_subnet_group_id", group: "aws_dms_replication_subnet_group", groups: "vpc_security_group_ids", place: inOne, home: inDefaultVPC},
	{name: "aws_finspace_kx_cluster", in: "vpc_configuration", subnets: "subnet_ids", groups: "security_group_ids", ipv6: "vpc_configuration.ip_address_type"},

	// Caches.
	{name: "aws_elasticache_cluster", by: "subnet_group_name", group: "aws_elasticache_subnet_group", groups: "security_group_ids", like: "replication_group_id", of: "aws_elasticache_replication_group", ipv6: "network_type", home: inDefaultVPC},
	{name: "aws_elasticache_replication_group", by: "subnet_group_name", group: "aws_elasticache_subnet_group", groups: "security_group_ids", ipv6: "network_type", home: inDefaultVPC, sameAsID: "replication_group_id"},
	{name: "aws_elasticache_serverless_cache", subnets: "subnet_ids", groups: "security_group_ids", home: inDefaultVPC},
	{name: "aws_memorydb_cluster", by: "subnet_group_name", group: "aws_memorydb_subnet_group", groups: "security_group_ids", ipv6: "network_type", home: inDefaultVPC},
	{name: "aws_dax_cluster", by: "subnet_group_name", group: "aws_dax_subnet_group", groups: "security_group_ids", home: inDefaultVPC},

	// Search, streams and queues.
	{name: "aws_opensearch_domain", in: "vpc_options", subnets: "subnet_ids", groups: "security_group_ids", ipv6: "ip_address_type"},
	{name: "aws_elasticsearch_domain", in: "vpc_options", subnets: "subnet_ids", groups: "security_group_ids"},
	{name: "aws_msk_cluster", in: "broker_node_group_info", subnets: "client_subnets", groups: "security_groups", public: "broker_node_group_info.connectivity_info.public_access.type"},
	{name: "aws_msk_serverless_cluster", in: "vpc_config", subnets: "subnet_ids", groups: "security_group_ids"},
	{name: "aws_msk_vpc_connection", subnets: "client_subnets", groups: "security_groups"},
	{name: "aws_msk_replicator", in: "kafka_cluster.vpc_config", subnets: "subnet_ids", groups: "security_groups_ids"},
	{name: "aws_mskconnect_connector", in: "kafka_cluster.apache_kafka_cluster.vpc", subnets: "subnets", groups: "security_groups"},
	{name: "aws_mq_broker", subnets: "subnet_ids", groups: "security_groups", public: "publicly_accessible", home: inDefaultVPC},
	{name: "aws_kinesis_firehose_delivery_stream", in: "elasticsearch_configuration.vpc_config opensearch_configuration.vpc_config opensearchserverless_configuration.vpc_config", subnets: "subnet_ids", groups: "security_group_ids"},
	{name: "aws_kinesisanalyticsv2_application", in: "application_configuration.vpc_configuration", subnets: "subnet_ids", groups: "security_group_ids"},
	{name: "aws_iot_topic_rule_destination", in: "vpc_configuration", subnets: "subnet_ids", groups: "security_groups"},
	{name: "aws_osis_pipeline", in: "vpc_options", subnets: "subnet_ids", groups: "security_group_ids"},

	// File systems.
	{name: "aws_efs_mount_target", subnets: "subnet_id", groups: "security_groups", ipv6: "ip_address_type", address: "ip_address"},
	{name: "aws_s3files_mount_target", subnets: "subnet_id", groups: "security_groups", ipv6: "ip_address_type"},
	{name: "aws_fsx_lustre_file_system", subnets: "subnet_ids", groups: "security_group_ids"},
	{name: "aws_fsx_ontap_file_system", subnets: "subnet_ids", groups: "security_group_ids"},
	{name: "aws_fsx_openzfs_file_system", subnets: "subnet_ids", groups: "security_group_ids"},
	{name: "aws_fsx_windows_file_system", subnets: "subnet_ids", groups: "security_group_ids"},
	{name: "aws_fsx_file_cache", subnets: "subnet_ids", groups: "security_group_ids"},
	{name: "aws_datasync_location_efs", in: "ec2_config", subnets: "subnet_arn", groups: "security_group_arns"},

	// Builds, jobs and notebooks.
	{name: "aws_codebuild_project", in: "vpc_config", subnets: "subnets", groups: "security_group_ids"},
	{name: "aws_codebuild_fleet", in: "vpc_config", subnets: "subnets", groups: "security_group_ids"},
	{name: "aws_codeconnections_host", in: "vpc_configuration", subnets: "subnet_ids", groups: "security_group_ids"},
	{name: "aws_codestarconnections_host", in: "vpc_configuration", subnets: "subnet_ids", groups: "security_group_ids"},
	{name: "aws_devicefarm_test_grid_project", in: "vpc_config", subnets: "subnet_ids", groups: "security_group_ids"},
	{name: "aws_glue_connection", in: "physical_connection_requirements", subnets: "subnet_id", groups: "security_group_id_list"},
	{name: "aws_mwaa_environment", in: "network_configuration", subnets: "subnet_ids", groups: "security_group_ids"},
	{name: "aws_sagemaker_model", in: "vpc_config", subnets: "subnets", groups: "security_group_ids"},
	{name: "aws_sagemaker_training_job", in: "vpc_config", subnets: "subnets", groups: "security_group_ids"},
	{name: "aws_sagemaker_labeling_job", in: "labeling_job_algorithms_config.labeling_job_resource_config.vpc_config", subnets: "subnets", groups: "security_group_ids"},
	{name: "aws_sagemaker_data_quality_job_definition", in: "network_config.vpc_config", subnets: "subnets", groups: "security_group_ids"},
	{name: "aws_sagemaker_monitoring_schedule", in: "monitoring_schedule_config.monitoring_job_definition.network_config.vpc_config", subnets: "subnets", groups: "security_group_ids"},
	{name: "aws_sagemaker_hyper_parameter_tuning_job", in: "training_job_definition.vpc_config training_job_definitions.vpc_config", subnets: "subnets", groups: "security_group_ids"},
	{name: "aws_sagemaker_workforce", in: "workforce_vpc_config", subnets: "subnets", groups: "security_group_ids"},
	{name: "aws_comprehend_document_classifier", in: "vpc_config", subnets: "subnets", groups: "security_group_ids"},
	{name: "aws_comprehend_entity_recognizer", in: "vpc_config", subnets: "subnets", groups: "security_group_ids"},
	{name: "aws_bedrock_custom_model", in: "vpc_config", subnets: "subnet_ids", groups: "security_group_ids"},
	{name: "aws_bedrockagentcore_agent_runtime", in: "network_configuration.network_mode_config", subnets: "subnets", groups: "security_groups"},
	{name: "aws_bedrockagentcore_browser", in: "network_configuration.vpc_config", subnets: "subnets", groups: "security_groups"},
	{name: "aws_bedrockagentcore_code_interpreter", in: "network_configuration.vpc_config", subnets: "subnets", groups: "security_groups"},

	// Desktops, media and the rest.
	{name: "aws_appstream_fleet", in: "vpc_config", subnets: "subnet_ids", groups: "security_group_ids", public: "enable_default_internet_access"},
	{name: "aws_appstream_image_builder", in: "vpc_config", subnets: "subnet_ids", groups: "security_group_ids", public: "enable_default_internet_access"},
	{name: "aws_cloudhsm_v2_cluster", subnets: "subnet_ids", ownGroup: true},
	{name: "aws_directory_service_directory", in: "vpc_settings connect_settings", subnets: "subnet_ids", ownGroup: true},
	{name: "aws_directory_service_region", in: "vpc_settings", subnets: "subnet_ids", ownGroup: true},
	{name: "aws_ec2_instance_connect_endpoint", subnets: "subnet_id", groups: "security_group_ids", ipv6: "ip_address_type", sendsOnly: true},
	{name: "aws_emr_studio", subnets: "subnet_ids", ownGroup: true},
	{name: "aws_grafana_workspace", in: "vpc_configuration", subnets: "subnet_ids", groups: "security_group_ids"},
	{name: "aws_m2_environment", subnets: "subnet_ids", groups: "security_group_ids", public: "publicly_accessible", home: inDefaultVPC},
	{name: "aws_medialive_channel", in: "vpc", subnets: "subnet_ids", groups: "security_group_ids", public: "vpc.public_address_allocation_ids"},
	{name: "aws_medialive_input", in: "vpc", subnets: "subnet_ids", groups: "security_group_ids"},
	{name: "aws_prometheus_scraper", in: "source.eks source.vpc", subnets: "subnet_ids", groups: "security_group_ids"},
	{name: "aws_quicksight_vpc_connection", subnets: "subnet_ids", groups: "security_group_ids"},
	{name: "aws_route53_resolver_endpoint", subnets: "ip_address.subnet_id", sets: "ip_address", groups: "security_group_ids"},
	{name: "aws_transfer_server", in: "endpoint_details", subnets: "subnet_ids", groups: "security_group_ids", public: "endpoint_details.address_allocation_ids"},
	{name: "aws_transfer_web_app", in: "endpoint_details.vpc", subnets: "subnet_ids", groups: "security_group_ids"},
	{name: "aws_workspaces_directory", subnets: "subnet_ids", ownGroup: true, public: "workspace_creation_properties.enable_internet_access"},
	{name: "aws_workspacesweb_network_settings", subnets: "subnet_ids", groups: "security_group_ids"},
}
