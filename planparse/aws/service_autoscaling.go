package aws

import (
	"strings"

	"github.com/planreach/planreach/netmodel"
	"github.com/planreach/planreach/planparse"
)

var launchConfiguration = &planparse.ResourceType{
	Name:        "aws_launch_configuration",
	Doc:         "what an Auto Scaling group launches",
	Reads:       []string{"security_groups", "associate_public_ip_address"},
	IgnoresRest: true,
	Aliases:     map[string]string{"name": "id"},
	Sets:        []string{"security_groups"},
	Accepts:     map[string][]string{"security_groups": acceptsGroup},
	// The Auto Scaling groups that use it ask for what it says.
	Build: func(r *planparse.Resource, b *planparse.Builder) {
		n := newBlock(r, b)
		n.Get("security_groups")
		n.Get("associate_public_ip_address")
	},
}

// dressLaunched gives an interface of an Auto Scaling group what its launch
// template or launch configuration says.
func dressLaunched(n block, e *netmodel.Endpoint, x *netmodel.Interface) {
	if name := n.nameTag(); name != "" {
		e.Name = name
	}
	t, ok := n.launchTemplate()
	if !ok {
		t, ok = n.mixedTemplate()
	}
	if ok {
		if t.unknown.IsZero() && n.unset("vpc_zone_identifier") {
			if p, ok, _ := t.primary(); ok && p.Has("subnet_id") {
				x.Subnet = p.Ref("subnet_id")
			}
		}
		n.dressFrom(e, x, &t, func() { useDefaultGroup(n.b, x) })
		return
	}
	c, gap := n.named(n.Block, "launch_configuration", launchConfiguration.Name)
	if c == nil {
		if gap.IsZero() { // it names neither
			gap = netmodel.Gap{Origin: n.Origin(""), Why: netmodel.NotModelled, Code: netmodel.UnknownValue,
				Detail: "the plan does not tell what it launches"}
		}
		dressUnknown(x, gap)
		return
	}
	l := newBlock(c, n.b)
	l.setGroups(x, "security_groups")
	l.setPublicOfTemplate(x)
}

// nameTag is the value of the tag Name in the blocks of an Auto Scaling group.
func (n block) nameTag() string {
	tags, _ := n.Blocks("tag")
	for _, t := range tags {
		if value := t.String("value"); t.String("key").Or("") == "Name" && !value.IsSensitive() {
			return value.Or("")
		}
	}
	return ""
}

// mixedTemplate is the launch template of a mixed instances policy; ok is false
// if there is none.
func (n block) mixedTemplate() (t template, ok bool) {
	use, more := n.at(n.Block, "mixed_instances_policy.launch_template.launch_template_specification")
	if !more.IsZero() {
		return template{unknown: more}, true
	}
	if len(use) == 0 {
		return template{}, false
	}
	t = n.templateIn(use[0])
	overrides, more := n.at(n.Block, "mixed_instances_policy.launch_template.override.launch_template_specification")
	if len(overrides) > 0 || !more.IsZero() {
		t.unknown = netmodel.Gap{Origin: n.Origin("mixed_instances_policy"), Why: netmodel.NotModelled, Code: netmodel.UnknownValue,
			Detail: "several launch templates in one policy are not modelled"}
	}
	return t, true
}

// dressFrom gives an interface what t says of instances; without is called if t
// gives it no groups.
func (n block) dressFrom(e *netmodel.Endpoint, x *netmodel.Interface, t *template, without func()) {
	if !t.unknown.IsZero() {
		dressUnknown(x, t.unknown)
		return
	}
	p, ok, more := t.primary()
	if !more.IsZero() {
		dressUnknown(x, more)
		return
	}
	if blocks, _ := t.Blocks("network_interfaces"); len(blocks) > 1 || len(blocks) == 1 && !ok {
		e.More = netmodel.Gap{Origin: t.Origin("network_interfaces"), Why: netmodel.NotModelled,
			Code: netmodel.UnsupportedResourceType, Detail: "further interfaces of a launch template are not modelled"}
	}
	if !ok {
		if x.Groups = t.namedGroups("security_group_names"); !isSome(x.Groups) && !t.isOpen("vpc_security_group_ids") {
			x.Groups = t.Refs("vpc_security_group_ids")
		}
		if !isSome(x.Groups) {
			without()
		}
		return
	}
	if x.Groups = p.Refs("security_groups"); !isSome(x.Groups) {
		without()
	}
	p.setPublicOfTemplate(x)
	p.setTemplateIPv6(x)
}

// setPublicOfTemplate says whether what n describes has a public address, if it
// does not leave that to the subnet.
func (n block) setPublicOfTemplate(x *netmodel.Interface) {
	public := n.Bool("associate_public_ip_address")
	if public.IsNull() || public.IsOpen() && n.leaves(n.Block, "associate_public_ip_address") {
		return
	}
	x.AutoPublicFromSubnet = false
	x.AutoPublic = n.Truth("associate_public_ip_address", false)
}

// dressUnknown leaves open what is not known to be launched.
func dressUnknown(x *netmodel.Interface, g netmodel.Gap) {
	x.Groups = netmodel.Refs{More: g}
	x.AutoPublicFromSubnet, x.AutoPublic = false, netmodel.Open(g)
	x.AssignIPv6FromSubnet, x.HasIPv6 = false, netmodel.Open(g)
}

// dressBatch leaves open whether a compute environment has public addresses if it
// runs no instances: each of its jobs says that.
func dressBatch(n block, _ *netmodel.Endpoint, x *netmodel.Interface) {
	if !isSome(x.Groups) {
		useDefaultGroup(n.b, x)
	}
	resources, _ := n.Blocks("compute_resources")
	for _, c := range resources {
		kind := c.String("type")
		if kind.IsOpen() || strings.HasPrefix(kind.Or(""), "FARGATE") {
			x.AutoPublicFromSubnet = false
			x.AutoPublic = netmodel.Open(netmodel.Gap{Origin: c.Origin("type"), Why: netmodel.NotModelled, Code: netmodel.UnknownValue,
				Detail: "whether a task has a public address is up to its job definition"})
		}
	}
}
