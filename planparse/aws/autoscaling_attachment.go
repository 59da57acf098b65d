package aws

import (
	"slices"
	"strings"

	"github.com/planreach/planreach/headerspace"
	"github.com/planreach/planreach/netmodel"
	"github.com/planreach/planreach/planparse"
)

var autoscalingAttachment = &planparse.ResourceType{
	Name:    "aws_autoscaling_attachment",
	Doc:     "registers the instances of an Auto Scaling group with a target group or a Classic Load Balancer",
	Reads:   []string{"autoscaling_group_name", "elb", "lb_target_group_arn"},
	Ignores: []string{"id", "region"},
	Accepts: map[string][]string{
		"autoscaling_group_name": acceptsAutoscalingGroup, "elb": acceptsClassic, "lb_target_group_arn": acceptsTargetGroup,
	},
	Build: func(r *planparse.Resource, b *planparse.Builder) {
		n := newBlock(r, b)
		n.afterEnds(func() {
			t := netmodel.Target{To: n.autoscalingGroup(), Origin: n.Origin("autoscaling_group_name")}
			if !n.unset("lb_target_group_arn") {
				n.addGroupMember(n.Ref("lb_target_group_arn"), t)
			}
			if !n.unset("elb") {
				n.addClassicTarget(n.classic(n.Ref("elb")), t)
			}
		})
	},
}

var autoscalingTrafficSourceAttachment = &planparse.ResourceType{
	Name:    "aws_autoscaling_traffic_source_attachment",
	Doc:     "registers the instances of an Auto Scaling group with a target group or a Classic Load Balancer",
	Reads:   []string{"autoscaling_group_name", "traffic_source"},
	Ignores: []string{"id", "region", "timeouts"},
	Accepts: map[string][]string{
		"autoscaling_group_name": acceptsAutoscalingGroup, "traffic_source.identifier": acceptsSource,
	},
	Build: func(r *planparse.Resource, b *planparse.Builder) {
		n := newBlock(r, b)
		n.afterEnds(func() {
			n.addTrafficSources(netmodel.Target{To: n.autoscalingGroup(), Origin: n.Origin("autoscaling_group_name")})
		})
	},
}

var (
	acceptsAutoscalingGroup = []string{"aws_autoscaling_group", "aws_eks_node_group"}
	acceptsSource           = slices.Concat(acceptsClassic, acceptsTargetGroup)
)

// What the registrations of a group, and of the tasks of a service, may name.
var (
	linksOfLaunched = map[string][]string{"target_group_arns": acceptsTargetGroup, "load_balancers": acceptsClassic,
		"traffic_source.identifier": acceptsSource}
	linksOfTasks = map[string][]string{"load_balancer.target_group_arn": acceptsTargetGroup, "load_balancer.elb_name": acceptsClassic}
)

// addTrafficSources registers t with what the traffic_source blocks of n name.
func (n block) addTrafficSources(t netmodel.Target) {
	sources, more := n.Blocks("traffic_source")
	if !more.IsZero() && !n.unset("traffic_source") {
		t.Doubt = more
		n.addGroupMember(netmodel.Unsettled(more), t)
	}
	for _, s := range sources {
		switch kind := s.String("type"); {
		case kind.IsOpen() && !n.isComputedIn(s, "type"):
			t.Doubt = kind.Gap()
			n.addGroupMember(netmodel.Unsettled(kind.Gap()), t)
		case kind.Or("elbv2") == "elb":
			n.addClassicTarget(n.classic(s.Ref("identifier")), t)
		case kind.Or("elbv2") == "elbv2":
			n.addGroupMember(s.Ref("identifier"), t)
		}
	}
}

// addGroupMember registers t with a target group, on the port of that.
func (n block) addGroupMember(g netmodel.Ref, t netmodel.Target) {
	if !g.IsNone() {
		n.b.AddTarget(g, t, planparse.Known[int]{})
	}
}

// autoscalingGroup is the end that the argument autoscaling_group_name leads to:
// an Auto Scaling group, or the nodes of a cluster, which EKS puts into one.
func (n block) autoscalingGroup() netmodel.Ref {
	const name = "autoscaling_group_name"
	r, gap := n.named(n.Block, name, acceptsAutoscalingGroup[0])
	if r != nil {
		return netmodel.To(r.Address)
	}
	link := n.b.CanonicalRef(n.Ref(name))
	a, ok := link.Exact()
	if !ok {
		return link.Map(func(a netmodel.Address) netmodel.Address {
			return netmodel.Address(strings.TrimSuffix(string(a), ".name"))
		})
	}
	for _, r := range n.b.Plan().Resources {
		if r.TypeName() == acceptsAutoscalingGroup[1] && !r.Value(n.b.World()).IsNone() && n.isGroupOfNodes(r, a) {
			return netmodel.To(r.Address)
		}
	}
	return netmodel.Unsettled(gap)
}

// isGroupOfNodes reports whether a names the Auto Scaling group of the nodes r.
func (n block) isGroupOfNodes(r *planparse.Resource, a netmodel.Address) bool {
	for _, made := range r.Value(n.b.World()).Field("resources").Elements() {
		for _, g := range made.Field("autoscaling_groups").Elements() {
			if g.Field("name").Text() == string(a) {
				return true
			}
		}
	}
	return false
}

// registerLaunched registers what an Auto Scaling group launches with the target
// groups and Classic Load Balancers that it names (TFA-10). What others have
// registered shows there too where the configuration does not set it.
func registerLaunched(n block) {
	n.afterEnds(func() {
		for _, name := range []string{"target_group_arns", "load_balancers"} {
			links := n.Refs(name)
			if n.isOpen(name) {
				continue
			}
			t := netmodel.Target{To: netmodel.To(n.r.Address), Origin: n.Origin(name)}
			if !links.More.IsZero() {
				t.Doubt = links.More
				links.Links = append(links.Links, netmodel.Unsettled(links.More))
			}
			for _, r := range links.Links {
				if n.unset(name) && n.b.World() == planparse.After && n.isLeft(r) {
					continue
				}
				if name == "load_balancers" {
					n.addClassicTarget(n.classic(r), t)
				} else {
					n.addGroupMember(r, t)
				}
			}
		}
		n.addTrafficSources(netmodel.Target{To: netmodel.To(n.r.Address), Origin: n.Origin("traffic_source")})
	})
}

// isLeft reports whether a resource that is gone had registered the group with
// what r leads to.
func (n block) isLeft(r netmodel.Ref) bool {
	for _, name := range []string{"lb_target_group_arn", "elb"} {
		if n.isWithdrawn(autoscalingAttachment.Name, map[string]netmodel.Ref{"autoscaling_group_name": netmodel.To(n.r.Address), name: r}) {
			return true
		}
	}
	return false
}

// registerTasks registers the tasks of a service with target groups. Tasks
// without interfaces of their own use those of instances, on ports that are not
// known before they run.
func registerTasks(n block) {
	n.afterEnds(func() {
		balancers, more := n.Blocks("load_balancer")
		if !more.IsZero() && !n.unset("load_balancer") {
			n.addGroupMember(netmodel.Unsettled(more), n.task(n.Origin("load_balancer")))
		}
		for _, x := range balancers {
			t, port := n.task(x.Origin("container_port")), x.Int("container_port")
			for _, g := range n.refsAt(x, "target_group_arn").Links {
				n.b.AddTarget(g, t, port)
			}
			for _, g := range n.refsAt(x, "advanced_configuration.alternate_target_group_arn").Links {
				n.b.AddTarget(g, t, port)
			}
			if name := x.Ref("elb_name"); !name.IsNone() {
				n.addClassicTarget(n.classic(name), t)
			}
		}
	})
}

func (n block) task(o netmodel.Origin) netmodel.Target {
	if own, more := n.Blocks("network_configuration"); len(own) > 0 || !more.IsZero() && !n.unset("network_configuration") {
		return netmodel.Target{To: netmodel.To(n.r.Address), Origin: o}
	}
	g := n.outside("network_configuration", netmodel.UnknownTargets, "its tasks use the interfaces of instances, on ports that are not known")
	return netmodel.Target{To: netmodel.Unsettled(g), Traffic: headerspace.Whole(headerspace.TCP).Union(headerspace.Whole(headerspace.UDP)),
		Origin: o, Doubt: g}
}
