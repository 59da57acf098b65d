package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/planreach/planreach/assertions"
	"github.com/planreach/planreach/evaluator"
	"github.com/planreach/planreach/netmodel"
)

// sentence is what a code says, as a clause about the component it stands at.
// Every code that is emitted has one.
func sentence(c netmodel.Code) string {
	if s, ok := sentences[c]; ok {
		return s
	}
	panic("report: no sentence for the code " + string(c))
}

var sentences = map[netmodel.Code]string{
	netmodel.ENISGRulesMismatch:       "no rule of the security group admits this",
	netmodel.SGHasNoRules:             "the security group has no rules in this direction",
	netmodel.SubnetACLRestriction:     "the network ACL does not allow this",
	netmodel.NoRouteToDestination:     "the route table has no route to the destination",
	netmodel.BadStateRoute:            "the route leads to something that is gone",
	netmodel.BadStateAttachment:       "it is not attached",
	netmodel.IGWPublicIPForEgress:     "the source has no public address",
	netmodel.IGWPrivateIPForIngress:   "the destination has no public address",
	netmodel.IGWNATReflection:         "a way out to the internet and back in is not followed",
	netmodel.ENISourceDestCheck:       "the interface only takes packets to its own addresses (source/destination check)",
	netmodel.ProtocolRestriction:      "it does not carry this protocol",
	netmodel.NGWSourceAddressReassign: "the gateway's private address becomes the source",
	netmodel.RemapEphemeralPort:       "the gateway gives the connection a source port of its own, 1024-65535",
	netmodel.ListenersMismatch:        "the load balancer has no listener for this",
	netmodel.ClassicListenersMismatch: "the Classic Load Balancer has no listener for this",
	netmodel.ClassicACLRestriction:    "a Classic Load Balancer is under its network ACL even within the subnet, which does not allow this",
	netmodel.ELBNotCrossZone:          "the node serves no targets in this zone",
	netmodel.SourceAddressPreserved:   "the target sees the client's address",
	netmodel.TargetAddressRestriction: "it is no target of the load balancer",
	netmodel.TargetPortRestriction:    "it is a target on another port only",
	netmodel.VPCEServiceNotInZone:     "the endpoint service is not in the endpoint's zone",
	netmodel.UnknownResource:          "it is neither in the plan nor read by a data source",
	netmodel.NoSourceOrDestination:    "there is nothing at one end of this flow",
	netmodel.UnassociatedComponent:    "it has no interface",
	netmodel.UnsupportedComponent:     "this kind of component is not modelled",
	netmodel.UnidirectionalOnly:       "only the way forward was asked for",

	netmodel.IPv6NoAddress:             "the interface has no IPv6 address",
	netmodel.IPVersionMismatch:         "it exists only for the other address family",
	netmodel.EIGWRequiresIPv6:          "an egress-only internet gateway carries IPv6 only",
	netmodel.NGWRequiresNAT64:          "a NAT gateway carries IPv6 only to 64:ff9b::/96",
	netmodel.IPv6PublicByDefault:       "its IPv6 address is public: only network ACL and security group protect it",
	netmodel.ReturnNoRoute:             "there is no route back to the client",
	netmodel.ReturnACLRestriction:      "the network ACL lets no reply back to the client's ports",
	netmodel.ReturnACLPartial:          "the network ACL lets replies back to only some of the client's ports",
	netmodel.ReturnAsymmetric:          "the reply takes a way that knows nothing of the connection",
	netmodel.ReturnUnknown:             "the way there is open, the way back is not known",
	netmodel.ReturnNotChecked:          "the way back was not asked for",
	netmodel.OneWayDelivery:            "packets arrive; only replies are blocked",
	netmodel.SGReferencingSupport:      "a rule names the other end's group, but the transit gateway or an attachment does not support references to groups",
	netmodel.SGReferenceOverTGW:        "a rule names the other end's group, but outbound rules cannot do that across a transit gateway",
	netmodel.SGReferenceCrossRegion:    "a rule names the other end's group, but not across a peering between Regions",
	netmodel.SGReferencesNotPreserved:  "a rule names the other end's group, which is not known behind a firewall or appliance",
	netmodel.FirewallRulesRestriction:  "the firewall policy drops it",
	netmodel.FirewallUnsupportedGroup:  "a rule group of a kind that is not modelled may decide first",
	netmodel.FirewallUnsupportedRules:  "a rule that is not modelled may decide first",
	netmodel.FirewallUnsupportedOption: "the rule looks at more than addresses, protocol and ports",
	netmodel.GatewayBalancerNotChecked: "what the appliances behind the Gateway Load Balancer let through is taken from an assumption",
	netmodel.ApplianceModeRecommended:  "traffic is inspected, and the attachment is not in appliance mode",
	netmodel.PCXRequiresAddressInVPC:   "a peering connection carries packets only between the two VPCs' own addresses",
	netmodel.VGWPrivateIPForEgress:     "a VPN gateway takes packets from addresses of its own VPC only",
	netmodel.VGWNoIPv6:                 "a VPN on a VPN gateway carries no IPv6",
	netmodel.PublicAccessBlocked:       "VPC Block Public Access keeps internet traffic from here",
	netmodel.UnknownBPAMode:            "what VPC Block Public Access blocks is not known",
	netmodel.IngressNoPublicIP:         "what comes in by the internet gateway cannot pass an interface without a public address",
	netmodel.IngressRedirection:        "the gateway's route table sends replies to an appliance that has not seen the request",
	netmodel.ApplianceRouteBack:        "the gateway's route table sends replies to a NAT gateway by an appliance, which AWS does not support",
	netmodel.TGWMissingAssociation:     "the attachment is associated with no route table of the transit gateway",
	netmodel.TGWRouteAZRestriction:     "the attachment has no subnet in the source's zone",
	netmodel.TGWNoRouteToAttachment:    "the transit gateway's table has no route to the destination",
	netmodel.TGWBadStateRoute:          "the transit gateway's table drops this destination",
	netmodel.NGWReturnToSender:         "replies to a NAT gateway return over a peering even without a route",
	netmodel.UnknownPeeringAcceptance:  "whether it is accepted is not in the plan",
	netmodel.UnknownPropagationOrder:   "two attached VPCs overlap, and which one's routes are propagated is not known",
	netmodel.UnknownAvailabilityZone:   "the zone is not known, and the answer depends on it",
	netmodel.UnknownTransitRoutes:      "the transit gateway's table has routes that the plan does not show",
	netmodel.VPCEGatewayNotTransitive:  "a gateway endpoint serves its own VPC only",
	netmodel.VPCEGatewayProtocol:       "a gateway endpoint carries TCP and echo requests only",
	netmodel.ServiceRangeLeftOut:       "addresses of a service that are reached by a gateway endpoint are not counted as the internet",
	netmodel.EndpointOnlyReceives:      "an interface endpoint starts no connection into its VPC",
	netmodel.ServiceNotADestination:    "it only sends: it is called by API, and no packet can be addressed to it",
	netmodel.ListenerNoForward:         "the listener answers by itself and has no targets",
	netmodel.NLBHasNoGroup:             "the load balancer has no security group: nothing is filtered here",
	netmodel.ReplyByFlowState:          "replies return by the load balancer's connection state, whatever the route table says",
	netmodel.PrivateLinkFiltered:       "the load balancer's security groups see the client's address",
	netmodel.InternalDeniesIPv6:        "an internal load balancer takes no IPv6 from the internet, and sends none there",
	netmodel.UnknownTargets:            "the targets are registered outside the plan",
	netmodel.UnknownEndpointAcceptance: "whether the service accepts the connection is not in the plan",
	netmodel.UnknownSubnetPlacement:    "the service will choose one of several subnets, and they differ",
	netmodel.DefaultVPCAssumed:         "the default VPC is not in the plan and taken as AWS creates it",
	netmodel.NGWReplyACLRestriction:    "the network ACL at the NAT gateway drops the replies, which arrive on ports 1024-65535",
	netmodel.UnknownValue:              "a value is known only after apply",
	netmodel.UnknownReference:          "which object it refers to is not known",
	netmodel.UnknownAddress:            "its address is not known, and rules or routes tell the possible ones apart",
	netmodel.UnknownSecurityGroupRules: "the security group is outside the plan and its rules are not known",
	netmodel.UnknownNetworkACLRules:    "the network ACL is outside the plan and its rules are not known",
	netmodel.UnknownRouteTable:         "the route table is outside the plan and its routes are not known",
	netmodel.UnknownPrefixListEntries:  "the entries of the prefix list are not known",
	netmodel.UnknownPropagatedRoutes:   "routes that a gateway propagates are not in the plan",
	netmodel.UnknownApplianceBehavior:  "what the appliance lets through is not known",
	netmodel.UnsupportedResourceType:   "a resource on the way is of a type that is not modelled",
	netmodel.AmbiguousRoute:            "several routes of the same length lead to different targets",
	netmodel.SGEgressRemoved:           "the security group lets nothing out: Terraform removes the rule that AWS adds, and none is declared",
	netmodel.SGDefaultGroupUsed:        "no security group is given, so the VPC's default group applies",
	netmodel.SGDefaultGroupEmptied:     "the default security group is managed without rules and admits nothing",
	netmodel.SGReferencePrivateOnly:    "a rule that names a group admits private addresses only, and this traffic arrives with another",
	netmodel.SGReferenceStale:          "the rule names a group that is gone",
	netmodel.SGNotAssociatedWithVPC:    "the security group belongs to another VPC",
	netmodel.ACLDefaultEmptied:         "the default network ACL is managed without rules and denies everything",
	netmodel.ACLNewWithoutRules:        "a new network ACL without rules denies everything",
	netmodel.ACLICMPTypeZero:           "an ICMP rule without a type means type 0, echo reply, not every type",
	netmodel.ForwardingLoop:            "the packet comes back to where it has been",
	netmodel.BPAAssumedOff:             "VPC Block Public Access is not in the plan and taken to be off",
	netmodel.PartiallyReachable:        "only part of what was asked gets through",
	netmodel.MembersDiffer:             "the members of this end differ in their answers",
	netmodel.ConflictSGRules:           "the security group has rules both inline and as resources; each removes the other's",
	netmodel.ConflictRoutes:            "the route table has routes both inline and as resources; each removes the other's",
	netmodel.ConflictPropagation:       "the route table lists the gateways that propagate to it both itself and in a resource; each removes the other's",
	netmodel.ConflictACLRules:          "the network ACL has rules both inline and as resources; each removes the other's",
	netmodel.ConflictNotInExclusiveSet: "the rule is outside the exclusive set of its group and is removed at apply",
	netmodel.ConflictSubnetAssociation: "the subnet is given two route tables, or two network ACLs",
	netmodel.ConflictAdoptedTwice:      "two resources manage one default object",
	netmodel.ConflictDuplicateEntry:    "two entries claim one place",
	netmodel.InvalidConfiguration:      "AWS refuses this at apply",
	netmodel.PassesTrivially:           "passes trivially: nothing gets through here in any case",
	netmodel.WayOfOneEnd:               "the way shown is that of this one end, for which the gateway or service stands",
	netmodel.GatewayNotOnWay:           "no way passes the gateway that is named",
	netmodel.WaysLeftOut:               "ways that pass all of unless_through are not counted",
	netmodel.IGWPrivateEgress:          "the internet gateway carries nothing to private addresses (RFC 1918)",
	netmodel.IGWSharedEgress:           "the internet gateway carries nothing to shared addresses (RFC 6598)",
	netmodel.DefaultObjectAssumed:      "it is not in the plan and taken as AWS creates it",
	netmodel.InternalDisagreement:      "internal disagreement between answer and trace, please report",
}

// notesText is details in words: what they speak of, what they say, the code.
// Notes that say the same of several objects are one.
func notesText(notes []evaluator.Note) []string {
	out := []string{}
	told := map[string][]string{} // what was said of which objects
	var order []string
	for _, n := range notes {
		text := noteText(n)
		if _, ok := told[text]; !ok {
			order = append(order, text)
		}
		about := plainName(string(n.Address))
		if about == "" || n.Code == netmodel.DefaultVPCAssumed || slices.Contains(told[text], about) {
			about = ""
		}
		told[text] = append(told[text], about)
	}
	for _, text := range order {
		if about := join(", ", told[text]...); about != "" {
			text = about + ": " + text
		}
		out = append(out, text)
	}
	return out
}

func noteText(n evaluator.Note) string {
	text := sentence(n.Code)
	if len(n.Ports) > 0 {
		text += "; none to " + portList(n.Ports)
	}
	return fmt.Sprintf("%s (%s)", text, n.Code)
}

func portList(rs []assertions.PortRange) string {
	return strings.ReplaceAll(portRanges(rs), ",", ", ")
}
