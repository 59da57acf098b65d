package aws

import (
	"fmt"
	"slices"
	"strings"

	"github.com/planreach/planreach/headerspace"
	"github.com/planreach/planreach/netmodel"
	"github.com/planreach/planreach/planparse"
)

var lbTargetGroup = &planparse.ResourceType{
	Name: "aws_lb_target_group",
	Doc:  "where load balancers bring connections",
	Reads: []string{"health_check", "ip_address_type", "load_balancer_arns", "load_balancing_cross_zone_enabled", "port", "preserve_client_ip", "protocol",
		"target_type", "vpc_id"},
	Ignores: []string{
		"arn", "arn_suffix", "connection_termination", "deregistration_delay", "id",
		"lambda_multi_value_headers_enabled", "load_balancing_algorithm_type", "load_balancing_anomaly_mitigation", "name",
		"name_prefix", "protocol_version", "proxy_protocol_v2", "region", "slow_start", "stickiness", "tags", "tags_all",
		"target_control_port", "target_failover", "target_group_health", "target_health_state",
	},
	Sets:    []string{"load_balancer_arns"},
	Accepts: map[string][]string{"vpc_id": acceptsVPC},
	Build:   buildLBTargetGroup,
}

var dataLBTargetGroup = &planparse.ResourceType{
	Name:  "data.aws_lb_target_group",
	Doc:   "existing target group, not its targets",
	Reads: lbTargetGroup.Reads,
	Ignores: []string{
		"arn", "arn_suffix", "connection_termination", "deregistration_delay", "id", "lambda_multi_value_headers_enabled",
		"load_balancing_algorithm_type", "load_balancing_anomaly_mitigation", "name", "protocol_version", "proxy_protocol_v2",
		"region", "slow_start", "stickiness", "tags", "target_control_port", "timeouts",
	},
	Sets: lbTargetGroup.Sets, Accepts: lbTargetGroup.Accepts, Build: buildLBTargetGroup,
}

func buildLBTargetGroup(r *planparse.Resource, b *planparse.Builder) {
	n := newBlock(r, b)
	x := &netmodel.TargetGroup{Address: r.Address, VPC: n.Ref("vpc_id"), IPv6: n.isIPv6Group(), PreservesClient: n.preservesClient(), Origin: n.Origin("")}
	n.setGroupCrossZone(x)
	protocol := n.String("protocol")
	protos, doubt := protocolsOf(protocol)
	traffic, doubt := onPort(protos, n.Int("port"), doubt)
	n.setHealthChecks(x, protos)
	if r.Mode == planparse.Data {
		x.Hidden = append(x.Hidden, n.outside("", netmodel.UnknownTargets, "the data source does not show the targets"))
	}
	b.AddTargetGroup(x, traffic, doubt)
	b.Later(func() { n.addOutsideBalancers(x) })
}

// isIPv6Group says whether targets are reached by IPv6 (LB-31).
func (n block) isIPv6Group() netmodel.Truth {
	family := n.String("ip_address_type")
	if family.IsOpen() && !n.isOpen("ip_address_type") {
		return netmodel.Open(family.Gap())
	}
	return netmodel.Certain(family.Or("ipv4") == "ipv6")
}

// setGroupCrossZone says whether targets are served from other zones (LB-6).
func (n block) setGroupCrossZone(x *netmodel.TargetGroup) {
	const name = "load_balancing_cross_zone_enabled"
	switch on := n.String(name); {
	case on.IsOpen() && !n.isOpen(name):
		x.CrossZone = netmodel.Open(on.Gap())
	case on.Or("") == "true", on.Or("") == "false":
		x.CrossZone = netmodel.Certain(on.Or("") == "true")
	default:
		x.CrossZoneOfBalancer = true
	}
}

// preservesClient says whether the targets of a group see the client's address
// (LB-21): as the group is told, except for the protocols that cannot do without
// or cannot do at all, and by default for targets that are no addresses.
func (n block) preservesClient() netmodel.Truth {
	kind, protocol, told := n.String("target_type"), n.String("protocol"), n.String("preserve_client_ip")
	switch name := strings.ToUpper(protocol.Or("")); {
	case kind.Or("") == "lambda", name == "HTTP", name == "HTTPS":
		return netmodel.Fails
	case kind.Or("") == "alb", name == "GENEVE", strings.Contains(name, "UDP"), strings.Contains(name, "QUIC"): // LB-29
		return netmodel.Holds
	case protocol.IsOpen():
		return netmodel.Open(protocol.Gap())
	case kind.IsOpen():
		return netmodel.Open(kind.Gap())
	case told.IsOpen() && !n.isOpen("preserve_client_ip"):
		return netmodel.Open(told.Gap())
	case told.Or("") != "":
		return netmodel.Certain(told.Or("") == "true")
	}
	return netmodel.Certain(kind.Or("instance") == "instance")
}

// setHealthChecks takes the port on which targets are looked after, if it is not
// that of their traffic. Targets of UDP are looked after over TCP.
func (n block) setHealthChecks(x *netmodel.TargetGroup, protos []headerspace.Proto) {
	checks, more := n.Blocks("health_check")
	if !more.IsZero() && !n.unset("health_check") {
		x.Hidden = append(x.Hidden, more)
	}
	port := planparse.Known[int]{}
	for _, c := range checks {
		if c.Bool("enabled").Or(true) && c.String("port").Or("traffic-port") != "traffic-port" {
			port = c.Int("port")
		}
		if name := c.String("port"); name.IsOpen() && !n.isComputedIn(c, "port") {
			x.Hidden = append(x.Hidden, name.Gap())
		}
	}
	if port.IsNull() && !slices.Contains(protos, headerspace.TCP) {
		port = n.Int("port")
	}
	if p, ok := port.Get(); ok && p > 0 && p < 1<<16 {
		x.HealthChecks = headerspace.Ports(headerspace.TCP, uint16(p), uint16(p))
	}
}

// addOutsideBalancers adds what the plan shows of load balancers that use the
// group and that it does not describe: that there may be a listener.
func (n block) addOutsideBalancers(x *netmodel.TargetGroup) {
	balancers := n.Refs("load_balancer_arns")
	if n.isOpen("load_balancer_arns") || n.r.Mode == planparse.Managed && !balancers.More.IsZero() {
		return // the listeners of the plan tell
	}
	for i, r := range balancers.Links {
		r = n.b.CanonicalRef(r)
		a, ok := r.Exact()
		if _, gone := n.b.Gone(a); !ok || gone || byAddress(n.b, n.b.Network().LoadBalancers,
			func(x *netmodel.LoadBalancer) netmodel.Address { return x.Address }, a) != nil {
			continue
		}
		g := n.outside(fmt.Sprintf("load_balancer_arns[%d]", i), netmodel.UnknownResource, "the plan does not describe "+string(a))
		n.b.AddListener(r, netmodel.Listener{
			Address: x.Address + netmodel.Address(fmt.Sprintf(".load_balancer_arns[%d]", i)), Origin: g.Origin, Doubt: g,
			Accepts:  headerspace.Whole(headerspace.TCP).Union(headerspace.Whole(headerspace.UDP)),
			Forwards: []netmodel.Forward{{Group: netmodel.To(x.Address), Origin: g.Origin}},
		})
	}
}
