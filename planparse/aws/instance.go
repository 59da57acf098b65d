package aws

import (
	"net/netip"
	"strings"

	"github.com/planreach/planreach/netmodel"
	"github.com/planreach/planreach/planparse"
)

var instance = &planparse.ResourceType{
	Name: "aws_instance",
	Doc:  "end with a primary interface of its own, and with those attached to it",
	Reads: []string{
		"availability_zone", "subnet_id", "vpc_security_group_ids", "security_groups", "associate_public_ip_address", "public_ip",
		"private_ip", "secondary_private_ips", "ipv6_addresses", "ipv6_address_count", "enable_primary_ipv6",
		"source_dest_check", "primary_network_interface", "network_interface", "launch_template", "tags",
	},
	Ignores: []string{
		"ami", "arn", "capacity_reservation_specification", "cpu_core_count", "cpu_options",
		"cpu_threads_per_core", "credit_specification", "disable_api_stop", "disable_api_termination",
		"ebs_block_device", "ebs_optimized", "enclave_options", "ephemeral_block_device", "force_destroy",
		"get_password_data", "hibernation", "host_id", "host_resource_group_arn", "iam_instance_profile", "id",
		"instance_initiated_shutdown_behavior", "instance_lifecycle", "instance_market_options", "instance_state",
		"instance_type", "key_name", "maintenance_options", "metadata_options", "monitoring", "outpost_arn",
		"password_data", "placement_group", "placement_group_id", "placement_partition_number",
		"primary_network_interface_id", "private_dns", "private_dns_name_options", "public_dns", "region",
		"root_block_device", "spot_instance_request_id", "tags_all", "tenancy", "timeouts", "user_data",
		"user_data_base64", "user_data_replace_on_change", "volume_tags",
	},
	Identities: []string{"primary_network_interface_id"},
	Addresses:  []string{privateIP, publicIP},
	Sets:       []string{"vpc_security_group_ids", "security_groups", "secondary_private_ips", "network_interface"},
	Accepts: map[string][]string{
		"subnet_id": acceptsSubnet, "vpc_security_group_ids": acceptsGroup,
		"primary_network_interface.network_interface_id": acceptsInterface,
		"network_interface.network_interface_id":         acceptsInterface,
		"launch_template.id":                             {"aws_launch_template"},
	},
	Build: buildInstance,
}

func buildInstance(r *planparse.Resource, b *planparse.Builder) {
	n := newBlock(r, b)
	e := n.endpoint()
	b.AddEndpoint(e)
	if more, gap := n.Addrs("secondary_private_ips"); len(more) == 0 && (gap.IsZero() || n.unset("secondary_private_ips")) { // it has one address
		b.Alias(r.Address+"."+privateIP, primaryInterface(r.Address))
	}
	given := n.givenInterfaces(e)
	if a, ok := given.primary.Exact(); ok && n.isNew() {
		b.Alias(primaryInterface(r.Address), a)
	}
	b.Later(func() {
		t, ok := n.launchTemplate()
		switch i := t.givenInterface(); {
		case !given.primary.IsNone():
			n.useInterface(e, given.primary)
		case ok && n.isNew() && !i.IsNone():
			n.useInterface(e, i)
		case ok:
			n.launch(e, &t)
		default:
			n.launch(e, nil)
		}
		for _, i := range given.others {
			n.afterInterfaces(func() { attach(b, netmodel.To(r.Address), i) })
		}
	})
}

// given are the interfaces that blocks of an instance name.
type given struct {
	primary netmodel.Ref // NoLink: none is named
	others  []netmodel.Ref
}

// givenInterfaces reads the blocks that name interfaces (TFA-7, TFB-19).
func (n block) givenInterfaces(e *netmodel.Endpoint) given {
	out := given{primary: netmodel.NoLink()}
	for _, name := range []string{"primary_network_interface", "network_interface"} {
		blocks, more := n.Blocks(name)
		if !more.IsZero() && !n.unset(name) && !n.excludesInterfaces() {
			out.primary = netmodel.Unsettled(more)
			e.More = more
		}
		for _, x := range blocks {
			i := x.Ref("network_interface_id")
			index := x.Int("device_index") // of network_interface only
			switch {
			case index.IsOpen():
				e.More = index.Gap()
			case index.Or(0) == 0:
				out.primary = i
			default:
				out.others = append(out.others, i)
			}
		}
	}
	return out
}

// excludesInterfaces reports whether n has arguments beside which the provider
// refuses blocks that name interfaces.
func (n block) excludesInterfaces() bool {
	for _, name := range []string{"subnet_id", "vpc_security_group_ids", "associate_public_ip_address", "private_ip"} {
		if v := n.Get(name); !n.unset(name) && (v.Kind() != planparse.Hole || v.Leaf().Kind == planparse.Exact) {
			return true
		}
	}
	return false
}

// useInterface makes the interface that i leads to the primary one of e. A
// resource that exists shows the interface it was launched with in the same
// place; that one is implicit.
func (n block) useInterface(e *netmodel.Endpoint, i netmodel.Ref) {
	a, exact := i.Exact()
	switch {
	case !exact:
		n.afterInterfaces(func() { attach(n.b, netmodel.To(n.r.Address), i) })
		return
	case interfaceAt(n.b, a) != nil:
	case !n.isNew():
		n.launch(e, nil)
		return
	default:
		n.addForeignInterface(a)
	}
	n.afterInterfaces(func() { attach(n.b, netmodel.To(n.r.Address), i) })
}

// addForeignInterface adds an interface that the plan only mentions.
func (n block) addForeignInterface(a netmodel.Address) {
	g := netmodel.Gap{
		Origin: n.Origin(""), Why: netmodel.OutsidePlan, Code: netmodel.UnknownResource,
		Detail: "the plan does not describe " + string(a),
	}
	n.b.AddInterface(&netmodel.Interface{
		Address: a, Subnet: netmodel.Unsettled(g), Groups: netmodel.Refs{More: g}, HasIPv4: netmodel.Open(g),
		HasIPv6: netmodel.Open(g), AutoPublic: netmodel.Open(g), Elastic: netmodel.Open(g), SourceCheck: netmodel.Open(g),
		Attached: netmodel.Open(g), Origin: n.Origin(""),
	})
}

// launch makes the primary interface that comes with the instance (TFI-8). t
// says what the instance does not; nil if there is no launch template.
func (n block) launch(e *netmodel.Endpoint, t *template) {
	x := &netmodel.Interface{
		Address: primaryInterface(n.r.Address), Origin: n.Origin(""),
		HasIPv4: netmodel.Holds, IPv4: n.addresses("private_ip", "secondary_private_ips"),
		Elastic: netmodel.Fails, Attached: netmodel.Holds, SourceCheck: n.Truth("source_dest_check", true),
	}
	e.Interfaces = []netmodel.Address{x.Address}
	n.setIPv6(x, "ipv6_addresses")
	n.setPublic(x)
	switch {
	case t == nil:
		n.setSubnet(x)
		n.setInstanceGroups(x)
	case !t.unknown.IsZero():
		n.launchUnknown(x, t.unknown)
	default:
		n.launchFrom(e, x, t)
	}
	n.b.AddInterface(x)
	n.afterInterfaces(func() { n.setIPv4(x) })
}

// setSubnet puts x into the subnet of the instance, without one into a default
// subnet (DEF-5).
func (n block) setSubnet(x *netmodel.Interface) {
	if n.isOpen("subnet_id") || !n.Has("subnet_id") {
		x.Subnet = defaultSubnet(n.r, n.b)
		return
	}
	x.Subnet = n.Ref("subnet_id")
	n.joinDefaultSubnet(x)
}

// setPublic says whether the launch gives x a public IPv4 address (TFA-8).
func (n block) setPublic(x *netmodel.Interface) {
	if !n.isNew() {
		n.setPublicOfExisting(x)
		return
	}
	public := n.Bool("associate_public_ip_address")
	switch {
	case n.unset("associate_public_ip_address"):
		x.AutoPublicFromSubnet = true
	case public.IsOpen():
		x.AutoPublic = netmodel.Open(public.Gap())
	default:
		x.AutoPublic = netmodel.Certain(public.Or(false))
	}
}

// setPublicOfExisting takes the public address that the instance has, unless it
// is an Elastic IP: that may go to something else.
func (n block) setPublicOfExisting(x *netmodel.Interface) {
	public := n.Addr("public_ip")
	addr, ok := public.Get()
	switch {
	case public.IsOpen():
		x.AutoPublic = netmodel.Open(public.Gap())
	case !ok:
		x.AutoPublic = netmodel.Fails
	case n.isElastic(public):
		x.AutoPublic = netmodel.Open(netmodel.Gap{
			Origin: n.Origin("public_ip"), Why: netmodel.UntilApply, Code: netmodel.UnknownValue,
			Detail: "without its Elastic IP the instance may have another public address or none",
		})
	default:
		x.AutoPublic, x.PublicIPv4 = netmodel.Holds, addr
	}
}

// isElastic reports whether an address is that of an Elastic IP of the plan.
func (n block) isElastic(addr planparse.Known[netip.Addr]) bool {
	want, ok := addr.Get()
	if !ok {
		return false
	}
	for _, r := range n.b.Plan().Resources {
		if r.TypeName() != eip.Name {
			continue
		}
		for _, w := range []planparse.World{planparse.Before, planparse.After} {
			if has, ok := r.Block(w).Addr("public_ip").Get(); ok && has == want {
				return true
			}
		}
	}
	return false
}

// setInstanceGroups gives x the groups of the instance (TFA-6).
func (n block) setInstanceGroups(x *netmodel.Interface) {
	if named := n.namedGroups("security_groups"); n.isNew() && isSome(named) {
		x.Groups = named
		return
	}
	n.setGroups(x, "vpc_security_group_ids")
}

// isSome reports whether there are links, or may be.
func isSome(r netmodel.Refs) bool { return len(r.Links) > 0 || !r.More.IsZero() }

// namedGroups is the groups in an argument that holds their names; in a subnet
// they may be ids as well.
func (n block) namedGroups(name string) netmodel.Refs {
	if n.isOpen(name) {
		return netmodel.Refs{}
	}
	out := n.Refs(name)
	for i, g := range out.Links {
		a, ok := g.Exact()
		if !ok {
			continue
		}
		if named := n.groupCalled(strings.TrimSuffix(string(a), ".name")); named != "" {
			out.Links[i] = netmodel.To(named)
		}
	}
	return out
}

// groupCalled is the group whose address or name is s; empty if there is none.
func (n block) groupCalled(s string) netmodel.Address {
	var found netmodel.Address
	for _, r := range n.b.Plan().Resources {
		if r.TypeName() != "aws_security_group" || r.Value(n.b.World()).IsNone() {
			continue
		}
		if string(r.Address) == s {
			return r.Address
		}
		// Names are unique in a VPC only; without a subnet it is the default one.
		if g := newBlock(r, n.b); g.String("name").Or("") == s && !g.Has("vpc_id") || g.isOpen("vpc_id") && g.String("name").Or("") == s {
			found = r.Address
		}
	}
	return found
}

// launchUnknown leaves open what a launch template that is not known may say.
func (n block) launchUnknown(x *netmodel.Interface, g netmodel.Gap) {
	x.Subnet = n.Ref("subnet_id")
	if n.unset("subnet_id") && n.isOpen("subnet_id") {
		x.Subnet = netmodel.Unsettled(g)
	}
	if n.isOpen("vpc_security_group_ids") || !n.Has("vpc_security_group_ids") {
		x.Groups = netmodel.Refs{More: g}
	} else {
		x.Groups = n.Refs("vpc_security_group_ids")
	}
	if n.isNew() && n.unset("associate_public_ip_address") {
		x.AutoPublicFromSubnet, x.AutoPublic = false, netmodel.Open(g)
	}
	if n.isNew() && x.AssignIPv6FromSubnet {
		x.AssignIPv6FromSubnet, x.HasIPv6 = false, netmodel.Open(g)
	}
}

// launchFrom takes from t what the instance does not say.
func (n block) launchFrom(e *netmodel.Endpoint, x *netmodel.Interface, t *template) {
	p, ok, more := t.primary()
	if !more.IsZero() {
		n.launchUnknown(x, more)
		return
	}
	if blocks, _ := t.Blocks("network_interfaces"); len(blocks) > 1 || len(blocks) == 1 && !ok {
		e.More = netmodel.Gap{Origin: t.Origin("network_interfaces"), Why: netmodel.NotModelled,
			Code: netmodel.UnsupportedResourceType, Detail: "further interfaces of a launch template are not modelled"}
	}
	if !ok {
		n.setSubnet(x)
		named := t.namedGroups("security_group_names")
		switch own := n.isNew() && n.unset("vpc_security_group_ids") && n.unset("security_groups"); {
		case own && isSome(named):
			x.Groups = named
		case own:
			t.setGroups(x, "vpc_security_group_ids")
		default:
			n.setInstanceGroups(x)
		}
		return
	}
	n.launchInterface(x, p)
	if !e.More.IsZero() && x.AutoPublicFromSubnet { // with several interfaces none gets a public address by itself
		x.AutoPublicFromSubnet, x.AutoPublic = false, netmodel.Fails
	}
}

// launchInterface takes from the interface p of a launch template what the
// instance does not say.
func (n block) launchInterface(x *netmodel.Interface, p block) {
	from := func(name string) block {
		if n.unset(name) && n.isNew() {
			return block{p.Block, n.r, n.b}
		}
		return n
	}
	if s := from("subnet_id"); s.Has("subnet_id") {
		x.Subnet = s.Ref("subnet_id")
	} else {
		x.Subnet = defaultSubnet(n.r, n.b)
	}
	if !n.isNew() || !n.unset("vpc_security_group_ids") {
		n.setInstanceGroups(x)
	} else if x.Groups = p.Refs("security_groups"); len(x.Groups.Links) == 0 && x.Groups.More.IsZero() {
		useDefaultGroup(n.b, x)
	}
	if public := p.Bool("associate_public_ip_address"); n.isNew() && n.unset("associate_public_ip_address") && !public.IsNull() {
		x.AutoPublicFromSubnet = false
		x.AutoPublic = p.Truth("associate_public_ip_address", false)
	}
	if x.AssignIPv6FromSubnet {
		block{p.Block, n.r, n.b}.setTemplateIPv6(x)
	}
	if n.isNew() && n.unset("private_ip") {
		x.IPv4 = nil
		if a, ok := p.Addr("private_ip_address").Get(); ok && !p.Has("ipv4_addresses") {
			x.IPv4 = append(x.IPv4, a)
		}
	}
}

// setTemplateIPv6 takes the IPv6 addresses that the interface n of a launch
// template gives.
func (n block) setTemplateIPv6(x *netmodel.Interface) {
	addresses, more := n.Addrs("ipv6_addresses")
	count := n.Int("ipv6_address_count")
	switch {
	case len(addresses) > 0 || count.Or(0) > 0:
		x.AssignIPv6FromSubnet, x.HasIPv6 = false, netmodel.Holds
		for _, a := range addresses {
			if addr, ok := a.Get(); ok {
				x.IPv6 = append(x.IPv6, addr)
			}
		}
	case !more.IsZero():
		x.AssignIPv6FromSubnet, x.HasIPv6 = false, netmodel.Open(more)
	case count.IsOpen():
		x.AssignIPv6FromSubnet, x.HasIPv6 = false, netmodel.Open(count.Gap())
	}
}

// setIPv4 takes the IPv4 address from x in a subnet that has none.
func (n block) setIPv4(x *netmodel.Interface) {
	if len(x.IPv4) > 0 {
		return
	}
	among, closed := n.b.CanonicalRef(x.Subnet).Among()
	if !closed || len(among) != 1 {
		return
	}
	for _, s := range n.b.Network().Subnets {
		if n.b.Canonical(s.Address) == n.b.Canonical(among[0]) {
			x.HasIPv4 = s.HasIPv4
		}
	}
}
