package aws

import (
	"fmt"
	"slices"
	"strings"

	"github.com/planreach/planreach/netmodel"
	"github.com/planreach/planreach/planparse"
)

var lb = &planparse.ResourceType{
	Name: "aws_lb",
	Doc:  "Application, Network or Gateway Load Balancer, with a node in each of its subnets",
	Reads: []string{"enable_cross_zone_load_balancing", "enforce_security_group_inbound_rules_on_private_link_traffic", "internal",
		"ip_address_type", "load_balancer_type", "security_groups", "subnet_mapping", "subnets", "tags"},
	Ignores: []string{
		"access_logs", "arn", "arn_suffix", "client_keep_alive", "connection_logs", "customer_owned_ipv4_pool",
		"desync_mitigation_mode", "dns_name", "dns_record_client_routing_policy", "drop_invalid_header_fields",
		"enable_deletion_protection", "enable_http2", "enable_tls_version_and_cipher_suite_headers", "enable_waf_fail_open",
		"enable_xff_client_port", "enable_zonal_shift", "health_check_logs", "id", "idle_timeout", "ipam_pools",
		"minimum_load_balancer_capacity", "name", "name_prefix", "preserve_host_header", "region",
		"secondary_ips_auto_assigned_per_subnet", "tags_all", "timeouts", "vpc_id", "xff_header_processing_mode", "zone_id",
	},
	Sets: []string{"security_groups", "subnet_mapping", "subnets"},
	Accepts: map[string][]string{"security_groups": acceptsGroup, "subnets": acceptsSubnet,
		"subnet_mapping.subnet_id": acceptsSubnet, "subnet_mapping.allocation_id": acceptsEIP},
	// Each is for some of the kinds only.
	Suppressed: []string{
		"client_keep_alive", "desync_mitigation_mode", "dns_record_client_routing_policy", "drop_invalid_header_fields",
		"enable_cross_zone_load_balancing", "enable_http2", "enable_tls_version_and_cipher_suite_headers", "enable_waf_fail_open",
		"enable_xff_client_port", "idle_timeout", "preserve_host_header", "xff_header_processing_mode",
	},
	Build: buildLB,
}

var dataLB = &planparse.ResourceType{
	Name:  "data.aws_lb",
	Doc:   "existing load balancer, not its listeners",
	Reads: lb.Reads,
	Ignores: []string{
		"access_logs", "arn", "arn_suffix", "client_keep_alive", "connection_logs", "customer_owned_ipv4_pool",
		"desync_mitigation_mode", "dns_name", "dns_record_client_routing_policy", "drop_invalid_header_fields",
		"enable_deletion_protection", "enable_http2", "enable_tls_version_and_cipher_suite_headers", "enable_waf_fail_open",
		"enable_xff_client_port", "enable_zonal_shift", "health_check_logs", "id", "idle_timeout", "ipam_pools", "name",
		"preserve_host_header", "region", "secondary_ips_auto_assigned_per_subnet", "timeouts", "vpc_id",
		"xff_header_processing_mode", "zone_id",
	},
	Sets: lb.Sets, Accepts: lb.Accepts, Build: buildLB,
}

// typeAlias is a type by its other name (TFA-15).
func typeAlias(t *planparse.ResourceType, name string) *planparse.ResourceType {
	out := *t
	out.Name = name
	return &out
}

// The types whose objects an argument may name.
var (
	acceptsBalancer    = []string{"aws_lb", "aws_alb", "data.aws_lb", "data.aws_alb"}
	acceptsListener    = []string{"aws_lb_listener", "aws_alb_listener", "data.aws_lb_listener", "data.aws_alb_listener"}
	acceptsTargetGroup = []string{"aws_lb_target_group", "aws_alb_target_group", "data.aws_lb_target_group", "data.aws_alb_target_group"}
	acceptsClassic     = []string{"aws_elb", "data.aws_elb"}
)

func buildLB(r *planparse.Resource, b *planparse.Builder) {
	n := newBlock(r, b)
	kind, doubt := n.balancerKind()
	x := &netmodel.LoadBalancer{Address: r.Address, Kind: kind, Origin: n.Origin(""), FiltersPrivateLink: netmodel.Fails}
	x.CrossZone = n.Truth("enable_cross_zone_load_balancing", false)
	switch {
	case x.Kind == netmodel.ApplicationBalancer:
		x.CrossZone = netmodel.Holds
	case !doubt.IsZero():
		x.CrossZone = netmodel.Open(doubt)
	}
	if r.Mode == planparse.Data {
		x.Hidden = []netmodel.Gap{n.outside("", netmodel.UnknownTargets, "the data source does not show the listeners")}
	}
	if filters := n.filtersPrivateLink(); x.Kind == netmodel.NetworkBalancer && n.mayFilter() {
		x.FiltersPrivateLink = filters
	}
	b.AddLoadBalancer(x)
	n.addBalancerEnd(func(e *netmodel.Endpoint) { n.addNodes(e, x.Kind) })
}

// addBalancerEnd adds the end that a load balancer is. nodes is called to give
// it its interfaces, unless something else describes it better.
func (n block) addBalancerEnd(nodes func(*netmodel.Endpoint)) {
	e := n.endpoint()
	e.Every = true
	if n.r.Mode == planparse.Data {
		e.Type = n.r.TypeName()
	}
	n.b.AddEndpoint(e)
	n.b.Later(func() {
		if slices.Contains(n.b.Network().Endpoints, e) {
			nodes(e)
		}
	})
}

// balancerKind is the kind of a load balancer. One that the plan leaves open, as
// doubt says, is taken for a Network Load Balancer without known groups, which
// may do all that the others do.
func (n block) balancerKind() (kind netmodel.BalancerKind, doubt netmodel.Gap) {
	name := n.String("load_balancer_type")
	if name.IsOpen() {
		return netmodel.NetworkBalancer, name.Gap()
	}
	switch name.Or("application") {
	case "application":
		return netmodel.ApplicationBalancer, doubt
	case "gateway":
		return netmodel.GatewayBalancer, doubt
	case "network":
		return netmodel.NetworkBalancer, doubt
	}
	return netmodel.NetworkBalancer, netmodel.Gap{Origin: n.Origin("load_balancer_type"), Why: netmodel.NotModelled,
		Code: netmodel.UnknownValue, Detail: "load balancers of this type are not modelled"}
}

// mayFilter reports whether a Network Load Balancer may have groups (LB-17).
func (n block) mayFilter() bool {
	return !n.isOpen("security_groups") && isSome(n.Refs("security_groups"))
}

// filtersPrivateLink: it does, unless it is told not to (VPCE-22).
func (n block) filtersPrivateLink() netmodel.Truth {
	const name = "enforce_security_group_inbound_rules_on_private_link_traffic"
	on := n.String(name)
	switch {
	case n.isOpen(name):
		return netmodel.Holds
	case on.IsOpen():
		return netmodel.Open(on.Gap())
	}
	return netmodel.Certain(on.Or("on") != "off")
}

// addNodes gives e its nodes: one in each subnet (LB-1).
func (n block) addNodes(e *netmodel.Endpoint, kind netmodel.BalancerKind) {
	var mappings []planparse.Block
	var more netmodel.Gap
	if kind != netmodel.ClassicBalancer {
		mappings, more = n.Blocks("subnet_mapping")
	}
	if !more.IsZero() && n.unset("subnet_mapping") {
		mappings, more = nil, netmodel.Gap{}
	}
	subnets := n.Refs("subnets")
	if len(mappings) == 0 && more.IsZero() {
		for _, s := range subnets.Links {
			n.addNode(e, kind, s, planparse.Block{})
		}
		more = subnets.More
	}
	for _, m := range mappings {
		n.addNode(e, kind, m.Ref("subnet_id"), m)
	}
	if !more.IsZero() || len(e.Interfaces) == 0 { // it has some
		if more.IsZero() {
			more = n.outside("subnets", netmodel.UnknownValue, "the plan does not tell its subnets")
		}
		n.addNode(e, kind, netmodel.Unsettled(more), planparse.Block{})
		e.More = more
	}
}

// addNode gives e a node in a subnet, with the addresses of its mapping.
func (n block) addNode(e *netmodel.Endpoint, kind netmodel.BalancerKind, subnet netmodel.Ref, mapping planparse.Block) {
	subnet = n.b.CanonicalRef(subnet)
	x := &netmodel.Interface{
		Address: nodeAddress(e, subnet), Origin: n.Origin(""), Subnet: subnet,
		HasIPv4: netmodel.Holds, Elastic: netmodel.Fails, SourceCheck: netmodel.Holds, Attached: netmodel.Holds,
	}
	if addr, ok := mapping.Addr("private_ipv4_address").Get(); ok {
		x.IPv4 = append(x.IPv4, addr)
	}
	if addr, ok := mapping.Addr("ipv6_address").Get(); ok {
		x.IPv6 = append(x.IPv6, addr)
	}
	n.setNodeAddresses(x, kind)
	if allocation := mapping.Ref("allocation_id"); !allocation.IsNone() {
		x.AutoPublic, x.Elastic, x.ElasticIP = netmodel.Fails, netmodel.Holds, elasticIP(n.b, allocation)
		if mapping.Get("allocation_id").Kind() == planparse.Hole && !allocation.IsSettled() {
			x.Elastic = netmodel.Open(allocation.Gap())
		}
	}
	n.setNodeGroups(x, kind)
	e.Interfaces = append(e.Interfaces, x.Address)
	n.b.AddInterface(x)
}

// nodeAddress is a name for the node of e in a subnet that no other node of it
// has.
func nodeAddress(e *netmodel.Endpoint, subnet netmodel.Ref) netmodel.Address {
	a, ok := subnet.Exact()
	if !ok {
		return netmodel.Address(fmt.Sprintf("%s.interface[%d]", e.Address, len(e.Interfaces)))
	}
	name := netmodel.Address(fmt.Sprintf("%s.interface[%s]", e.Address, a))
	for i := 2; slices.Contains(e.Interfaces, name); i++ {
		name = netmodel.Address(fmt.Sprintf("%s.interface[%s, %d]", e.Address, a, i))
	}
	return name
}

// setNodeAddresses says whether a node has public and IPv6 addresses (LB-3,
// LB-4, V6-8).
func (n block) setNodeAddresses(x *netmodel.Interface, kind netmodel.BalancerKind) {
	internal := n.isInternal(kind)
	x.AutoPublic, x.PrivateIPv6 = internal.Not(), internal.IsTrue()
	if kind == netmodel.ClassicBalancer {
		x.HasIPv6 = netmodel.Fails // in a VPC it has none
		return
	}
	family := n.String("ip_address_type")
	switch {
	case n.isOpen("ip_address_type"):
		x.HasIPv6 = netmodel.Fails
	case family.IsOpen():
		x.HasIPv6 = netmodel.Open(family.Gap())
		if !x.AutoPublic.IsFalse() {
			x.AutoPublic = netmodel.Open(family.Gap())
		}
	default:
		x.HasIPv6 = netmodel.Certain(strings.HasPrefix(family.Or("ipv4"), "dualstack"))
		if family.Or("") == "dualstack-without-public-ipv4" {
			x.AutoPublic = netmodel.Fails
		}
	}
	if internal.IsOpen() && x.HasIPv6.IsTrue() { // an internet gateway carries its IPv6 or not
		x.HasIPv6, x.IPv6 = netmodel.Open(internal.Gap()), nil
	}
}

// isInternal says whether a load balancer has private addresses only.
func (n block) isInternal(kind netmodel.BalancerKind) netmodel.Truth {
	if kind == netmodel.GatewayBalancer {
		return netmodel.Holds
	}
	if n.isOpen("internal") {
		return netmodel.Fails
	}
	return n.Truth("internal", false)
}

// setNodeGroups gives a node its groups. Where none are given an Application or
// Classic Load Balancer has the default group of its VPC, a Network Load
// Balancer lets everything through (LB-17, LB-19).
func (n block) setNodeGroups(x *netmodel.Interface, kind netmodel.BalancerKind) {
	groups := n.Refs("security_groups")
	if n.isOpen("security_groups") {
		groups = netmodel.Refs{}
	}
	x.Groups = groups
	switch {
	case kind == netmodel.GatewayBalancer:
		x.Groups, x.Unfiltered = netmodel.Refs{}, true
	case isSome(groups):
	case kind == netmodel.NetworkBalancer:
		_, doubt := n.balancerKind()
		x.Groups, x.Unfiltered = netmodel.Refs{More: doubt}, doubt.IsZero()
	default:
		useDefaultGroup(n.b, x)
	}
}
