package netmodel

// A Code is a word of the explanation vocabulary (docs/codes.md). Codes carry
// no data, are never renamed and never reused. The empty Code says nothing.
type Code string

// A Class is what a Code does to an answer.
type Class uint8

// The classes. The zero value is invalid.
const (
	Block         Class = iota + 1 // stops the traffic, or part of it
	Unknown                        // a fact is missing and the answer depends on it
	Detail                         // true and worth knowing, without effect
	Condition                      // the assertion's own conditions leave no path
	Misconfigured                  // the assertion or the plan cannot be evaluated as written
	Contradiction                  // the plan contradicts itself
)

// Codes of AWS Reachability Analyzer that are emitted, with AWS's meaning.
const (
	ENISGRulesMismatch       Code = "ENI_SG_RULES_MISMATCH"
	SGHasNoRules             Code = "SG_HAS_NO_RULES"
	SubnetACLRestriction     Code = "SUBNET_ACL_RESTRICTION"
	NoRouteToDestination     Code = "NO_ROUTE_TO_DESTINATION"
	BadStateRoute            Code = "BAD_STATE_ROUTE"
	BadStateAttachment       Code = "BAD_STATE_ATTACHMENT"
	IGWPublicIPForEgress     Code = "IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS"
	IGWPrivateIPForIngress   Code = "IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS"
	IGWNATReflection         Code = "IGW_NAT_REFLECTION"
	ENISourceDestCheck       Code = "ENI_SOURCE_DEST_CHECK_RESTRICTION"
	ProtocolRestriction      Code = "PROTOCOL_RESTRICTION"
	NGWSourceAddressReassign Code = "NGW_SOURCE_ADDRESS_REASSIGN"
	RemapEphemeralPort       Code = "REMAP_EPHEMERAL_PORT"
	PCXRequiresAddressInVPC  Code = "PCX_REQUIRES_ADDRESS_IN_VPC_CIDR"
	IngressNoPublicIP        Code = "INGRESS_RTB_NO_PUBLIC_IP"
	IngressRedirection       Code = "INGRESS_RTB_TRAFFIC_REDIRECTION"
	TGWMissingAssociation    Code = "TGW_ATTACH_MISSING_TGW_RTB_ASSOCIATION"
	TGWRouteAZRestriction    Code = "TGW_ROUTE_AZ_RESTRICTION"
	TGWNoRouteToAttachment   Code = "TGW_RTB_NO_ROUTE_TO_TGW_ATTACHMENT"
	TGWBadStateRoute         Code = "TGW_RTB_BAD_STATE_ROUTE"
	ListenersMismatch        Code = "ELBV2_LISTENERS_MISMATCH"
	ClassicListenersMismatch Code = "ELB_LISTENERS_MISMATCH"
	ClassicACLRestriction    Code = "ELB_ACL_RESTRICTION"
	ELBNotCrossZone          Code = "ELB_NOT_CROSSZONE"
	SourceAddressPreserved   Code = "ELBV2_SOURCE_ADDRESS_PRESERVATION"
	TargetAddressRestriction Code = "TARGET_ADDRESS_RESTRICTION"
	TargetPortRestriction    Code = "TARGET_PORT_RESTRICTION"
	VPCEServiceNotInZone     Code = "VPCE_SERVICE_NOT_INSTALLED_IN_AZ"
	UnknownResource          Code = "UNKNOWN_RESOURCE"
	NoSourceOrDestination    Code = "NO_SOURCE_OR_DESTINATION"
	UnassociatedComponent    Code = "UNASSOCIATED_COMPONENT"
	UnsupportedComponent     Code = "UNSUPPORTED_COMPONENT"
	UnidirectionalOnly       Code = "UNIDIRECTIONAL_PATH_ANALYSIS_ONLY"
)

// Codes of our own.
const (
	IPv6NoAddress             Code = "IPV6_NO_ADDRESS"
	IPVersionMismatch         Code = "IP_VERSION_MISMATCH"
	EIGWRequiresIPv6          Code = "EIGW_REQUIRES_IPV6"
	NGWRequiresNAT64          Code = "NGW_IPV6_REQUIRES_NAT64"
	IPv6PublicByDefault       Code = "IPV6_PUBLIC_BY_DEFAULT"
	ReturnNoRoute             Code = "RETURN_NO_ROUTE_TO_SOURCE"
	ReturnACLRestriction      Code = "RETURN_ACL_RESTRICTION"
	ReturnACLPartial          Code = "RETURN_ACL_PARTIAL_EPHEMERAL"
	ReturnAsymmetric          Code = "RETURN_PATH_ASYMMETRIC"
	ReturnUnknown             Code = "RETURN_UNKNOWN"
	ReturnNotChecked          Code = "RETURN_NOT_CHECKED"
	OneWayDelivery            Code = "ONE_WAY_DELIVERY"
	DefaultVPCAssumed         Code = "DEFAULT_VPC_ASSUMED"
	NGWReplyACLRestriction    Code = "NGW_REPLY_ACL_RESTRICTION"
	UnknownValue              Code = "UNKNOWN_VALUE"
	UnknownReference          Code = "UNKNOWN_REFERENCE"
	UnknownAddress            Code = "UNKNOWN_ADDRESS"
	UnknownSecurityGroupRules Code = "UNKNOWN_SECURITY_GROUP_RULES"
	UnknownNetworkACLRules    Code = "UNKNOWN_NETWORK_ACL_RULES"
	UnknownRouteTable         Code = "UNKNOWN_ROUTE_TABLE"
	UnknownPrefixListEntries  Code = "UNKNOWN_PREFIX_LIST_ENTRIES"
	UnknownPropagatedRoutes   Code = "UNKNOWN_PROPAGATED_ROUTES"
	UnknownApplianceBehavior  Code = "UNKNOWN_APPLIANCE_BEHAVIOR"
	UnsupportedResourceType   Code = "UNSUPPORTED_RESOURCE_TYPE"
	AmbiguousRoute            Code = "AMBIGUOUS_ROUTE"
	SGEgressRemoved           Code = "SG_EGRESS_REMOVED_BY_TERRAFORM"
	SGDefaultGroupUsed        Code = "SG_DEFAULT_GROUP_USED"
	SGDefaultGroupEmptied     Code = "SG_DEFAULT_GROUP_EMPTIED"
	SGReferencingSupport      Code = "SG_REFERENCING_SUPPORT"
	SGReferenceOverTGW        Code = "SG_REFERENCE_EGRESS_OVER_TGW"
	SGReferenceCrossRegion    Code = "SG_REFERENCE_CROSS_REGION"
	SGReferencePrivateOnly    Code = "SG_REFERENCE_PRIVATE_ADDRESS_ONLY"
	SGReferenceStale          Code = "SG_REFERENCE_STALE"
	SGNotAssociatedWithVPC    Code = "SG_NOT_ASSOCIATED_WITH_VPC"
	ACLDefaultEmptied         Code = "SUBNET_ACL_DEFAULT_EMPTIED"
	ACLNewWithoutRules        Code = "SUBNET_ACL_NEW_WITHOUT_RULES"
	ACLICMPTypeZero           Code = "SUBNET_ACL_ICMP_TYPE_ZERO"
	NGWReturnToSender         Code = "NGW_RETURN_TO_SENDER"
	UnknownPeeringAcceptance  Code = "UNKNOWN_PEERING_ACCEPTANCE"
	UnknownAvailabilityZone   Code = "UNKNOWN_AVAILABILITY_ZONE"
	UnknownTransitRoutes      Code = "TGW_RTB_ROUTES_ARE_UNKNOWN"
	UnknownPropagationOrder   Code = "UNKNOWN_TGW_PROPAGATION_ORDER"
	ApplianceRouteBack        Code = "APPLIANCE_ROUTE_BACK_UNSUPPORTED"
	ForwardingLoop            Code = "FORWARDING_LOOP"
	BPAAssumedOff             Code = "BPA_ASSUMED_OFF"
	PartiallyReachable        Code = "PARTIALLY_REACHABLE"
	MembersDiffer             Code = "MEMBERS_DIFFER"
	ConflictSGRules           Code = "CONFLICT_INLINE_AND_STANDALONE_SG_RULES"
	ConflictRoutes            Code = "CONFLICT_INLINE_AND_STANDALONE_ROUTES"
	ConflictACLRules          Code = "CONFLICT_INLINE_AND_STANDALONE_ACL_RULES"
	ConflictNotInExclusiveSet Code = "CONFLICT_RULE_NOT_IN_EXCLUSIVE_SET"
	ConflictSubnetAssociation Code = "CONFLICT_SUBNET_ASSOCIATION"
	ConflictAdoptedTwice      Code = "CONFLICT_DEFAULT_OBJECT_ADOPTED_TWICE"
	ConflictDuplicateEntry    Code = "CONFLICT_DUPLICATE_ENTRY"
	InvalidConfiguration      Code = "INVALID_CONFIGURATION"
	DefaultObjectAssumed      Code = "DEFAULT_OBJECT_ASSUMED"
	ServiceNotADestination    Code = "SERVICE_NOT_A_NETWORK_DESTINATION"
	EndpointOnlyReceives      Code = "VPCE_INTRA_VPC_TRAFFIC"
	ListenerNoForward         Code = "ELBV2_LISTENER_NO_FORWARD"
	NLBHasNoGroup             Code = "ELBV2_NLB_HAS_NO_SG"
	ReplyByFlowState          Code = "ELBV2_REPLY_BY_FLOW_STATE"
	PrivateLinkFiltered       Code = "ELBV2_PRIVATELINK_SG_ENFORCED"
	InternalDeniesIPv6        Code = "LB_INTERNAL_DENIES_IGW_IPV6"
	UnknownTargets            Code = "UNKNOWN_TARGETS"
	UnknownEndpointAcceptance Code = "UNKNOWN_ENDPOINT_ACCEPTANCE"
	UnknownSubnetPlacement    Code = "UNKNOWN_SUBNET_PLACEMENT"
	VPCEGatewayNotTransitive  Code = "VPCE_GATEWAY_NOT_TRANSITIVE"
	VPCEGatewayProtocol       Code = "VPCE_GATEWAY_PROTOCOL_RESTRICTION"
	ServiceRangeLeftOut       Code = "GATEWAY_ENDPOINT_RANGE_LEFT_OUT"
	PassesTrivially           Code = "PASSES_TRIVIALLY"
	WaysLeftOut               Code = "WAYS_LEFT_OUT"
	IGWPrivateEgress          Code = "IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS"
	IGWSharedEgress           Code = "IGW_DESTINATION_ADDRESS_NOT_IN_RFC6598_EGRESS"
	InternalDisagreement      Code = "INTERNAL_DISAGREEMENT"
)
