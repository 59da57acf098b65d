package aws

import (
	"strings"

	"github.com/planreach/planreach/netmodel"
	"github.com/planreach/planreach/planparse"
)

var launchTemplate = &planparse.ResourceType{
	Name: "aws_launch_template",
	Doc:  "what an instance does not say itself",
	Reads: []string{
		"name", "vpc_security_group_ids", "security_group_names", "network_interfaces", "default_version", "latest_version",
	},
	Ignores: []string{
		"arn", "block_device_mappings", "capacity_reservation_specification", "cpu_options", "credit_specification",
		"description", "disable_api_stop", "disable_api_termination", "ebs_optimized", "enclave_options",
		"hibernation_options", "iam_instance_profile", "id", "image_id", "instance_initiated_shutdown_behavior",
		"instance_market_options", "instance_requirements", "instance_type", "kernel_id", "key_name",
		"license_specification", "maintenance_options", "metadata_options", "monitoring", "name_prefix",
		"network_performance_options", "placement", "private_dns_name_options", "ram_disk_id", "region",
		"tag_specifications", "tags", "tags_all", "update_default_version", "user_data",
	},
	Identities: []string{"name"},
	Sets: []string{
		"vpc_security_group_ids", "security_group_names", "network_interfaces.security_groups",
		"network_interfaces.ipv4_addresses", "network_interfaces.ipv6_addresses",
	},
	Accepts: map[string][]string{
		"vpc_security_group_ids": acceptsGroup, "network_interfaces.security_groups": acceptsGroup,
		"network_interfaces.subnet_id": acceptsSubnet, "network_interfaces.network_interface_id": acceptsInterface,
	},
	// The instances that use it ask for what it says.
	Build: func(r *planparse.Resource, b *planparse.Builder) {
		n := newBlock(r, b)
		for _, name := range []string{"name", "default_version", "latest_version", "security_group_names", "vpc_security_group_ids", "network_interfaces"} {
			n.Get(name)
		}
	},
}

// A template is the launch template of an instance.
type template struct {
	block
	// unknown says why what it says cannot be told; zero if it can.
	unknown netmodel.Gap
}

// launchTemplate is the launch template of the instance n; ok is false if it
// has none. It must be called from Later on.
func (n block) launchTemplate() (t template, ok bool) {
	blocks, more := n.Blocks("launch_template")
	switch {
	case !more.IsZero() && n.unset("launch_template"):
		return template{}, false
	case !more.IsZero():
		return template{unknown: more}, true
	case len(blocks) == 0:
		return template{}, false
	}
	return n.templateIn(blocks[0]), true
}

// templateIn is the launch template that a block names.
func (n block) templateIn(use planparse.Block) template {
	r := n.templateOf(use)
	if r == nil {
		for _, name := range []string{"id", "launch_template_id", "name", "launch_template_name"} {
			if !use.Has(name) || n.leaves(use, name) {
				continue
			}
			if link := use.Ref(name); !link.IsSettled() {
				return template{unknown: link.Gap()}
			}
			break
		}
		return template{unknown: netmodel.Gap{
			Origin: use.Origin(""), Why: netmodel.OutsidePlan, Code: netmodel.UnknownResource,
			Detail: "the plan does not describe the launch template",
		}}
	}
	t := template{block: newBlock(r, n.b)}
	if !t.isCurrent(use.String("version")) {
		t.unknown = netmodel.Gap{
			Origin: use.Origin("version"), Why: netmodel.OutsidePlan, Code: netmodel.UnknownValue,
			Detail: "the plan describes only the latest version of " + string(r.Address),
		}
	}
	return t
}

// templateOf is the resource that a launch_template block, or one that means the
// same in a mixed instances policy, names, or nil.
func (n block) templateOf(use planparse.Block) *planparse.Resource {
	id, name := use.Ref("id"), use.Ref("name")
	if use.Has("launch_template_id") || use.Has("launch_template_name") {
		id, name = use.Ref("launch_template_id"), use.Ref("launch_template_name")
	}
	if a, ok := n.b.CanonicalRef(id).Exact(); ok {
		if r := n.b.Resource(a); r != nil && r.TypeName() == launchTemplate.Name {
			return r
		}
	}
	a, ok := name.Exact()
	if !ok {
		return nil
	}
	for _, r := range n.b.Plan().Resources {
		if r.TypeName() != launchTemplate.Name || r.Value(n.b.World()).IsNone() {
			continue
		}
		name := r.Block(n.b.World()).String("name").Or("")
		if name != "" && name == string(a) || strings.TrimSuffix(string(a), ".name") == string(r.Address) {
			return r
		}
	}
	return nil
}

// isCurrent reports whether version means what the plan shows of t: its latest
// version, or its only one.
func (t template) isCurrent(version planparse.Known[string]) bool {
	if t.isNew() {
		return true
	}
	if version.Or("") == "$Latest" {
		return true
	}
	if t.r.Action != planparse.NoOp || version.IsOpen() {
		return false
	}
	latest, ok := t.String("latest_version").Get()
	switch v := version.Or("$Default"); v {
	case "$Default":
		return ok && t.String("default_version").Or("") == latest
	default:
		return ok && v == latest
	}
}

// givenInterface is the interface that t names as the primary one; NoLink if it
// names none.
func (t template) givenInterface() netmodel.Ref {
	if t.r == nil || !t.unknown.IsZero() {
		return netmodel.NoLink()
	}
	if p, ok, _ := t.primary(); ok {
		return p.Ref("network_interface_id")
	}
	return netmodel.NoLink()
}

// primary is the block of t for the primary interface; ok is false if it has
// none. more says why that cannot be told.
func (t template) primary() (p block, ok bool, more netmodel.Gap) {
	blocks, more := t.Blocks("network_interfaces")
	if !more.IsZero() && t.unset("network_interfaces") {
		more = netmodel.Gap{}
	}
	for _, x := range blocks {
		index := x.Int("device_index")
		if index.IsOpen() {
			return block{}, false, index.Gap()
		}
		if index.Or(0) == 0 {
			return block{x, t.r, t.b}, true, more
		}
	}
	return block{}, false, more
}
