// Package aws is the model of the Terraform AWS provider: what each resource
// type means in the network. One file holds one type, or a tight family.
package aws

import (
	"github.com/planreach/planreach/netmodel"
	"github.com/planreach/planreach/planparse"
)

// Types are the resource types and data sources that have a model.
var Types = append([]*planparse.ResourceType{
	adoptedDefaultVPC,
	autoscalingAttachment,
	autoscalingTrafficSourceAttachment,
	dataEIP,
	dataELB,
	dataInstance,
	dataInternetGateway,
	dataLB,
	typeAlias(dataLB, "data.aws_alb"),
	dataLBListener,
	typeAlias(dataLBListener, "data.aws_alb_listener"),
	dataLBTargetGroup,
	typeAlias(dataLBTargetGroup, "data.aws_alb_target_group"),
	dataManagedPrefixList,
	dataNATGateway,
	dataNetworkInterface,
	dataPrefixList,
	dataRoute,
	dataRouteTable,
	dataSecurityGroup,
	dataSecurityGroupRule,
	dataSecurityGroupRules,
	dataSubnet,
	dataTransitGateway,
	dataTransitGatewayRouteTable,
	dataTransitGatewayVPCAttachment,
	dataVPC,
	dataVPCEndpoint,
	dataVPCEndpointService,
	dataVPCPeeringConnection,
	dataVPNGateway,
	// data.aws_subnets, data.aws_security_groups, data.aws_network_acls and
	// data.aws_instances omitted: they show ids only
	defaultNetworkACL,
	defaultRouteTable,
	defaultSecurityGroup,
	adoptedDefaultSubnet,
	egressOnlyInternetGateway,
	eip,
	eipAssociation,
	elb,
	elbAttachment,
	instance,
	internetGateway,
	internetGatewayAttachment,
	launchTemplate,
	lb,
	typeAlias(lb, "aws_alb"),
	lbListener,
	typeAlias(lbListener, "aws_alb_listener"),
	lbListenerRule,
	typeAlias(lbListenerRule, "aws_alb_listener_rule"),
	lbTargetGroup,
	typeAlias(lbTargetGroup, "aws_alb_target_group"),
	lbTargetGroupAttachment,
	typeAlias(lbTargetGroupAttachment, "aws_alb_target_group_attachment"),
	mainRouteTableAssociation,
	managedPrefixList,
	managedPrefixListEntry,
	natGateway,
	networkACL,
	networkACLAssociation,
	networkACLRule,
	networkFirewall,
	networkFirewallPolicy,
	networkFirewallRuleGroup,
	networkInterface,
	networkInterfaceAttachment,
	networkInterfaceSGAttachment,
	route,
	routeTable,
	routeTableAssociation,
	securityGroup,
	securityGroupRule,
	securityGroupRulesExclusive,
	securityGroupVPCAssociation,
	subnet,
	transitGateway,
	transitGatewayDefaultRouteTableAssociation,
	transitGatewayDefaultRouteTablePropagation,
	transitGatewayPrefixListReference,
	transitGatewayRoute,
	transitGatewayRouteTable,
	transitGatewayRouteTableAssociation,
	transitGatewayRouteTablePropagation,
	transitGatewayVPCAttachment,
	transitGatewayVPCAttachmentAccepter,
	vpc,
	vpcBlockPublicAccessExclusion,
	vpcBlockPublicAccessOptions,
	vpcEndpoint,
	vpcEndpointConnectionAccepter,
	vpcEndpointRouteTableAssociation,
	vpcEndpointSecurityGroupAssociation,
	vpcEndpointService,
	vpcEndpointSubnetAssociation,
	vpcIPv4CIDRBlockAssociation,
	vpcIPv6CIDRBlockAssociation,
	vpcPeeringConnection,
	vpcPeeringConnectionAccepter,
	vpcPeeringConnectionOptions,
	vpcSecurityGroupEgressRule,
	vpcSecurityGroupIngressRule,
	vpnConnection,
	vpnConnectionRoute,
	vpnGateway,
	vpnGatewayAttachment,
	vpnGatewayRoutePropagation,
	// aws_ec2_subnet_cidr_reservation omitted: allocates addresses, moves no packet
}, serviceTypes()...)

// Network is the network that p describes in world w.
func Network(p *planparse.Plan, w planparse.World) *netmodel.Network {
	return planparse.Build(p, Types, w, finish)
}

// finish makes the objects that can only be told when all resources have been
// seen, and has contradictions looked for at the end.
func finish(b *planparse.Builder) {
	reportUnmodelled(b)
	addPossibleAttachments(b)
	settleVPNGateways(b)
	b.Check(func() { addOutsideAttachments(b) })
	b.Check(func() { addAssumedBlocks(b) })
	b.Check(func() { addAssumedAppliances(b) })
	b.Check(func() { findConflicts(b) })
}
