package aws

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/planreach/planreach/headerspace"
	"github.com/planreach/planreach/netmodel"
	"github.com/planreach/planreach/planparse"
)

var elb = &planparse.ResourceType{
	Name: "aws_elb",
	Doc:  "Classic Load Balancer, with a node in each of its subnets, its listeners and its instances",
	Reads: []string{"availability_zones", "cross_zone_load_balancing", "health_check", "instances", "internal", "listener",
		"security_groups", "source_security_group_id", "subnets", "tags"},
	Ignores: []string{
		"access_logs", "arn", "connection_draining", "connection_draining_timeout", "desync_mitigation_mode", "dns_name", "id",
		"idle_timeout", "name", "name_prefix", "region", "source_security_group", "tags_all", "timeouts", "zone_id",
	},
	Identities: []string{"name", "source_security_group_id"},
	Aliases:    map[string]string{"name": "id"},
	Sets:       []string{"availability_zones", "instances", "listener", "security_groups", "subnets"},
	Accepts:    map[string][]string{"security_groups": acceptsGroup, "subnets": acceptsSubnet, "instances": acceptsInstance},
	Build:      buildELB,
}

var dataELB = &planparse.ResourceType{
	Name:  "data.aws_elb",
	Doc:   "existing Classic Load Balancer",
	Reads: elb.Reads,
	Ignores: []string{
		"access_logs", "arn", "connection_draining", "connection_draining_timeout", "desync_mitigation_mode", "dns_name", "id",
		"idle_timeout", "name", "region", "source_security_group", "zone_id",
	},
	Identities: elb.Identities, Aliases: elb.Aliases, Sets: elb.Sets, Accepts: elb.Accepts, Build: buildELB,
}

var elbAttachment = &planparse.ResourceType{
	Name:    "aws_elb_attachment",
	Doc:     "registers an instance with a Classic Load Balancer",
	Reads:   []string{"elb", "instance"},
	Ignores: []string{"id", "region"},
	Accepts: map[string][]string{"elb": acceptsClassic, "instance": acceptsInstance},
	Build: func(r *planparse.Resource, b *planparse.Builder) {
		n := newBlock(r, b)
		instance := n.Ref("instance")
		n.afterEnds(func() {
			n.addClassicTarget(n.classic(n.Ref("elb")), netmodel.Target{To: n.targetOf(instance), Origin: n.Origin("instance")})
		})
	},
}

func buildELB(r *planparse.Resource, b *planparse.Builder) {
	n := newBlock(r, b)
	x := &netmodel.LoadBalancer{Address: r.Address, Kind: netmodel.ClassicBalancer, Origin: n.Origin(""),
		CrossZone: n.Truth("cross_zone_load_balancing", true), FiltersPrivateLink: netmodel.Fails}
	n.setClassicListeners(x)
	b.AddLoadBalancer(x)
	n.nameSourceGroup()
	n.addBalancerEnd(func(e *netmodel.Endpoint) {
		if zones, _ := n.Strings("availability_zones"); !n.isOpen("availability_zones") && !isSome(n.Refs("subnets")) {
			for range zones {
				n.addNode(e, x.Kind, defaultSubnet(r, b), planparse.Block{})
			}
		}
		if len(e.Interfaces) == 0 {
			n.addNodes(e, x.Kind)
		}
	})
}

// nameSourceGroup says which group rules mean that name the load balancer's own:
// its only one.
func (n block) nameSourceGroup() {
	groups := n.Refs("security_groups")
	n.Get("source_security_group_id")
	if len(groups.Links) != 1 || !groups.More.IsZero() {
		return
	}
	if a, ok := groups.Links[0].Exact(); ok {
		n.b.Alias(n.r.Address+".source_security_group_id", a)
	}
}

// setClassicListeners adds the listeners, and for each port of the instances a
// target group: a listener brings connections to its own (LB-35).
func (n block) setClassicListeners(x *netmodel.LoadBalancer) {
	listeners, more := n.Blocks("listener")
	if !more.IsZero() {
		x.Hidden = append(x.Hidden, more)
	}
	instances, checks := n.Refs("instances"), n.classicHealthCheck()
	seen := map[netmodel.Address]bool{}
	for i, l := range listeners {
		accepts, doubt := onPort([]headerspace.Proto{headerspace.TCP}, l.Int("lb_port"), netmodel.Gap{})
		port := l.Int("instance_port")
		group := classicGroup(n.r.Address, strconv.Itoa(port.Or(0)))
		if port.IsOpen() {
			group = classicGroup(n.r.Address, fmt.Sprintf("listener[%d]", i))
		}
		x.Listeners = append(x.Listeners, netmodel.Listener{
			Address: n.r.Address + netmodel.Address(fmt.Sprintf(".listener[%d]", i)), Accepts: accepts, Doubt: doubt, Origin: l.Origin(""),
			Forwards: []netmodel.Forward{{Group: netmodel.To(group), Origin: l.Origin("instance_port")}},
		})
		if !seen[group] {
			seen[group] = true
			n.addClassicGroup(group, port, instances, checks)
		}
	}
}

// classicGroup is a name for the instances of a Classic Load Balancer on one of
// their ports.
func classicGroup(elb netmodel.Address, port string) netmodel.Address {
	return elb + netmodel.Address(".instances["+port+"]")
}

func (n block) addClassicGroup(a netmodel.Address, port planparse.Known[int], instances netmodel.Refs, checks checked) {
	g := &netmodel.TargetGroup{Address: a, VPC: netmodel.NoLink(), IPv6: netmodel.Fails, PreservesClient: netmodel.Fails, CrossZoneOfBalancer: true,
		HealthChecks: checks.traffic, Origin: n.Origin("instances")}
	if !checks.open.IsZero() {
		g.Hidden = append(g.Hidden, checks.open)
	}
	if n.isOpen("instances") {
		instances = netmodel.Refs{}
	}
	if !instances.More.IsZero() {
		g.Hidden = append(g.Hidden, instances.More)
	}
	traffic, doubt := onPort([]headerspace.Proto{headerspace.TCP}, port, netmodel.Gap{})
	n.b.AddTargetGroup(g, traffic, doubt)
	n.b.SetInline(g, n.b.Inline(n.r, "instances"), netmodel.InvalidConfiguration, n.Origin("instances"))
	n.afterEnds(func() {
		for i, r := range instances.Links {
			g.Targets = append(g.Targets, netmodel.Target{To: n.targetOf(r), Origin: n.Origin(fmt.Sprintf("instances[%d]", i))})
		}
	})
}

// checked is the traffic by which instances are looked after; open says why it
// may be other.
type checked struct {
	traffic headerspace.Traffic
	open    netmodel.Gap
}

// classicHealthCheck takes the port that instances are looked after on, which
// is in a text as "HTTP:8080/health".
func (n block) classicHealthCheck() (out checked) {
	checks, more := n.Blocks("health_check")
	if !more.IsZero() && !n.unset("health_check") {
		out.open = more
	}
	for _, c := range checks {
		target := c.String("target")
		if target.IsOpen() {
			out.open = target.Gap()
		}
		_, rest, _ := strings.Cut(target.Or(""), ":")
		rest, _, _ = strings.Cut(rest, "/")
		if port, err := strconv.ParseUint(rest, 10, 16); err == nil && port > 0 {
			out.traffic = headerspace.Ports(headerspace.TCP, uint16(port), uint16(port))
		}
	}
	return out
}

// classic is the Classic Load Balancer that r leads to by its name.
func (n block) classic(r netmodel.Ref) netmodel.Ref {
	r = n.b.CanonicalRef(r)
	a, ok := r.Exact()
	if !ok || balancerAt(n.b, a) != nil {
		return r
	}
	for _, typeName := range acceptsClassic {
		if found := n.called(string(a), typeName); len(found) == 1 {
			return netmodel.To(found[0].Address)
		}
	}
	return r
}

// addClassicTarget registers an instance with a Classic Load Balancer, on each
// of its ports for instances.
func (n block) addClassicTarget(elb netmodel.Ref, t netmodel.Target) {
	elb = n.b.CanonicalRef(elb)
	if a, ok := elb.Exact(); ok && balancerAt(n.b, a) == nil {
		n.b.AddTarget(netmodel.To(classicGroup(a, "")), t, planparse.Known[int]{})
		return
	}
	if t.Doubt.IsZero() {
		t.Doubt = elb.Gap()
	}
	for _, x := range n.b.Network().LoadBalancers {
		if x.Kind != netmodel.ClassicBalancer || !elb.MayBe(n.b.Canonical(x.Address)) {
			continue
		}
		var groups []netmodel.Address
		for _, l := range x.Listeners {
			if g, ok := l.Forwards[0].Group.Exact(); ok && !slices.Contains(groups, g) {
				groups = append(groups, g)
				n.b.AddTarget(netmodel.To(g), t, planparse.Known[int]{})
			}
		}
	}
}

func balancerAt(b *planparse.Builder, a netmodel.Address) *netmodel.LoadBalancer {
	return byAddress(b, b.Network().LoadBalancers, func(x *netmodel.LoadBalancer) netmodel.Address { return x.Address }, a)
}
