package aws

import (
	"net/netip"

	"github.com/planreach/planreach/netmodel"
	"github.com/planreach/planreach/planparse"
)

var networkInterface = &planparse.ResourceType{
	Name: "aws_network_interface",
	Doc:  "interface in a subnet, an end of its own and of the instance it is attached to",
	Reads: []string{
		"subnet_id", "security_groups", "private_ip", "private_ips", "private_ip_list",
		"private_ips_count", "ipv6_addresses", "ipv6_address_list", "ipv6_address_count",
		"enable_primary_ipv6", "source_dest_check", "attachment", "tags",
	},
	Ignores: []string{
		"arn", "description", "ena_srd_specification", "id", "interface_type", "ipv4_prefix_count", "ipv4_prefixes",
		"ipv6_address_list_enabled", "ipv6_prefix_count", "ipv6_prefixes", "mac_address", "outpost_arn", "owner_id", "private_dns_name",
		"private_ip_list_enabled", "region", "tags_all",
	},
	Sets:      []string{"security_groups", "private_ips", "ipv6_addresses", "attachment"},
	Accepts:   map[string][]string{"subnet_id": acceptsSubnet, "security_groups": acceptsGroup, "attachment.instance": acceptsInstance},
	Addresses: []string{privateIP},
	Build:     buildNetworkInterface,
}

// The types whose objects an argument may name, or that come with them.
var (
	acceptsInterface = []string{"aws_network_interface", "aws_instance", "data.aws_network_interface", "data.aws_instance"}
	acceptsInstance  = []string{"aws_instance", "data.aws_instance"}
	acceptsEIP       = []string{"aws_eip", "data.aws_eip"}
)

func buildNetworkInterface(r *planparse.Resource, b *planparse.Builder) {
	n := newBlock(r, b)
	x := &netmodel.Interface{
		Address: r.Address, Origin: n.Origin(""), Subnet: n.Ref("subnet_id"),
		HasIPv4: netmodel.Holds, IPv4: n.addresses("private_ip", "private_ips", "private_ip_list"),
		// Only an interface that a launch creates is given a public address.
		AutoPublic: netmodel.Fails, Elastic: netmodel.Fails,
		SourceCheck: n.Truth("source_dest_check", true),
		Attached:    netmodel.Fails,
	}
	switch count := n.Int("private_ips_count"); {
	case count.Or(0) > 0:
		x.IPv4 = nil // further ones are not known
	case len(x.IPv4) == 0 && (!count.IsOpen() || n.unset("private_ips_count")):
		b.Alias(r.Address+"."+privateIP, r.Address)
	}
	n.setIPv6(x, "ipv6_addresses", "ipv6_address_list")
	n.setGroups(x, "security_groups")
	b.AddInterface(x)
	b.AddEndpoint(n.endpoint(x.Address))
	n.attachment(x)
}

// attachment attaches x to the instance that its own block names.
func (n block) attachment(x *netmodel.Interface) {
	attachments, more := n.Blocks("attachment")
	if !more.IsZero() && !n.unset("attachment") {
		x.Attached = netmodel.Open(more)
	}
	stale := n.unset("attachment") && n.b.World() == planparse.After
	for _, a := range attachments {
		instance := a.Ref("instance")
		n.afterInterfaces(func() {
			if stale && n.isWithdrawn("aws_network_interface_attachment", map[string]netmodel.Ref{
				"network_interface_id": netmodel.To(x.Address), "instance_id": instance}) {
				return
			}
			attach(n.b, instance, netmodel.To(x.Address))
		})
	}
}

// A block is the arguments of a resource with what is needed to interpret them.
type block struct {
	planparse.Block
	r *planparse.Resource
	b *planparse.Builder
}

func newBlock(r *planparse.Resource, b *planparse.Builder) block {
	return block{r.Block(b.World()), r, b}
}

// unset reports whether the argument called name is left to the provider. A
// data source that is read during apply leaves nothing to it.
func (n block) unset(name string) bool {
	if n.r.Mode == planparse.Data {
		return !n.Has(name)
	}
	return !n.Has(name) || n.b.Plan().IsUnset(n.r, n.b.World(), name)
}

// isOpen reports whether the argument called name is left to the provider,
// which has not chosen yet.
func (n block) isOpen(name string) bool { return n.unset(name) && !n.Get(name).IsWhole() }

// isNew reports whether the object comes into being by this plan.
func (n block) isNew() bool { return n.b.World() == planparse.After && !n.r.Existing }

// afterInterfaces has f called when all interfaces are there.
func (n block) afterInterfaces(f func()) { afterInterfaces(n.b, f) }

// afterInterfaces has f called when all interfaces are there. Instances make
// theirs in functions given to Later; f runs after those.
func afterInterfaces(b *planparse.Builder, f func()) { b.Later(func() { b.Later(f) }) }

// endpoint is the end that the resource is, with the given interfaces.
func (n block) endpoint(interfaces ...netmodel.Address) *netmodel.Endpoint {
	tags, more := n.Map("tags")
	if n.b.World() == planparse.After && n.r.Previous != "" && n.r.Previous != n.r.Address {
		net := n.b.Network()
		if net.Moved == nil {
			net.Moved = map[netmodel.Address]netmodel.Address{}
		}
		net.Moved[n.r.Address] = n.r.Previous
	}
	return &netmodel.Endpoint{
		Address: n.r.Address, Type: n.r.Type, Name: tags["Name"], Tags: tags, TagsOpen: more,
		Interfaces: interfaces, Origin: n.Origin(""),
	}
}

// addresses is the addresses that the named arguments give, each of them one
// address or a list; nil if they are not all known.
func (n block) addresses(names ...string) []netip.Addr {
	var out []netip.Addr
	add := func(a planparse.Known[netip.Addr]) {
		addr, ok := a.Get()
		if !ok {
			return
		}
		if a.IsSensitive() {
			n.b.AddSensitive(netip.PrefixFrom(addr, addr.BitLen()))
		}
		for _, has := range out {
			if has == addr {
				return
			}
		}
		out = append(out, addr)
	}
	open := false
	for _, name := range names {
		switch v := n.Get(name); v.Kind() {
		case planparse.List:
			listed, _ := n.Addrs(name)
			for _, a := range listed {
				open = open || a.IsOpen()
				add(a.Known)
			}
		case planparse.Hole:
			open = open || !n.unset(name)
		case planparse.Absent, planparse.Null, planparse.String, planparse.Number, planparse.Bool, planparse.Object:
			add(n.Addr(name))
		}
	}
	if open {
		return nil
	}
	return out
}

// setIPv6 settles the IPv6 addresses of x; the named arguments list them.
func (n block) setIPv6(x *netmodel.Interface, names ...string) {
	x.IPv6 = n.addresses(names...)
	var count planparse.Known[int]
	var primary planparse.Known[bool]
	if n.r.Mode == planparse.Managed {
		count, primary = n.Int("ipv6_address_count"), n.Bool("enable_primary_ipv6")
	}
	switch {
	case len(x.IPv6) > 0 || count.Or(0) > 0 || primary.Or(false):
		x.HasIPv6 = netmodel.Holds
	case count.IsOpen() && !n.unset("ipv6_address_count"):
		x.HasIPv6 = netmodel.Open(count.Gap())
	case primary.IsOpen() && !n.unset("enable_primary_ipv6"):
		x.HasIPv6 = netmodel.Open(primary.Gap())
	default:
		for _, name := range names {
			if n.Get(name).Kind() != planparse.List && !n.unset(name) {
				x.HasIPv6 = netmodel.Open(n.Gap(name))
				return
			}
			if elements, _ := n.Addrs(name); len(elements) > 0 { // none of them known
				x.HasIPv6 = netmodel.Holds
				return
			}
		}
		if n.isNew() {
			x.AssignIPv6FromSubnet = true
			return
		}
		x.HasIPv6 = netmodel.Fails
	}
}

// setGroups gives x the groups in the argument called name; if there are none,
// the default group of its VPC (SG-28, TFI-9).
func (n block) setGroups(x *netmodel.Interface, name string) {
	if n.isOpen(name) {
		useDefaultGroup(n.b, x)
		return
	}
	x.Groups = n.Refs(name)
	if len(x.Groups.Links) == 0 && x.Groups.More.IsZero() {
		useDefaultGroup(n.b, x)
	}
	if n.unset(name) && n.b.World() == planparse.After {
		n.afterInterfaces(func() { n.dropWithdrawnGroups(x) })
	}
}

// dropWithdrawnGroups takes away the groups that were attached by resources
// that are gone: the plan still shows them where the configuration does not
// set the argument.
func (n block) dropWithdrawnGroups(x *netmodel.Interface) {
	var kept []netmodel.Ref
	for _, g := range x.Groups.Links {
		if !n.isWithdrawn("aws_network_interface_sg_attachment", map[string]netmodel.Ref{
			"network_interface_id": netmodel.To(x.Address), "security_group_id": g}) {
			kept = append(kept, g)
		}
	}
	x.Groups.Links = kept
}

// isWithdrawn reports whether a resource of the given type had these links
// before the plan and none has them after it.
func (n block) isWithdrawn(typeName string, links map[string]netmodel.Ref) bool {
	withdrawn := false
	for _, r := range n.b.Plan().Resources {
		if r.TypeName() != typeName {
			continue
		}
		if !r.Value(planparse.After).IsNone() && n.hasLinks(r.Block(planparse.After), links) {
			return false
		}
		if !r.Value(planparse.Before).IsNone() && n.hasLinks(r.Block(planparse.Before), links) {
			withdrawn = true
		}
	}
	return withdrawn
}

func (n block) hasLinks(b planparse.Block, links map[string]netmodel.Ref) bool {
	for name, link := range links {
		if n.b.CanonicalRef(b.Ref(name)).String() != n.b.CanonicalRef(link).String() {
			return false
		}
	}
	return true
}

// useDefaultGroup gives x the default group of its VPC.
func useDefaultGroup(b *planparse.Builder, x *netmodel.Interface) {
	x.Notes = append(x.Notes, netmodel.SGDefaultGroupUsed)
	afterInterfaces(b, func() {
		g := overSubnets(b, x.Subnet, func(s *netmodel.Subnet) netmodel.Ref {
			return overVPCs(b, s.VPC, func(v *netmodel.VPC) netmodel.Ref { return v.DefaultGroup })
		})
		x.Groups.Links = append(x.Groups.Links, g)
	})
}

// overSubnets is what f says of the subnets that r may lead to.
func overSubnets(b *planparse.Builder, r netmodel.Ref, f func(*netmodel.Subnet) netmodel.Ref) netmodel.Ref {
	return over(b, r, b.Network().Subnets, func(s *netmodel.Subnet) netmodel.Address { return s.Address }, f)
}

// overVPCs is what f says of the VPCs that r may lead to.
func overVPCs(b *planparse.Builder, r netmodel.Ref, f func(*netmodel.VPC) netmodel.Ref) netmodel.Ref {
	return over(b, r, b.Network().VPCs, func(v *netmodel.VPC) netmodel.Address { return v.Address }, f)
}

func over[T any](b *planparse.Builder, r netmodel.Ref, objects []*T, address func(*T) netmodel.Address, f func(*T) netmodel.Ref) netmodel.Ref {
	among, closed := b.CanonicalRef(r).Among()
	if !closed {
		return netmodel.Unsettled(r.Gap())
	}
	var out []netmodel.Address
	for _, a := range among {
		x := byAddress(b, objects, address, a)
		if x == nil {
			return netmodel.Unsettled(netmodel.Gap{Origin: netmodel.Origin{Address: a}, Why: netmodel.OutsidePlan,
				Code: netmodel.UnknownResource, Detail: "the plan does not describe " + string(a)})
		}
		more, closed := f(x).Among()
		if !closed {
			return f(x)
		}
		out = append(out, more...)
	}
	return netmodel.OneOf(r.Gap(), out...)
}

// byAddress is the object called a, or nil.
func byAddress[T any](b *planparse.Builder, objects []*T, address func(*T) netmodel.Address, a netmodel.Address) *T {
	if a = b.Canonical(a); a == "" {
		return nil
	}
	for _, x := range objects {
		if address(x) == a || b.Canonical(address(x)) == a {
			return x
		}
	}
	return nil
}

func interfaceAt(b *planparse.Builder, a netmodel.Address) *netmodel.Interface {
	return byAddress(b, b.Network().Interfaces, func(x *netmodel.Interface) netmodel.Address { return x.Address }, a)
}

// eachInterface calls f for every interface that r may lead to, with the gap
// that leaves open which one it is; zero if it is certain.
func eachInterface(b *planparse.Builder, r netmodel.Ref, f func(*netmodel.Interface, netmodel.Gap)) {
	r = b.CanonicalRef(r)
	among, closed := r.Among()
	if !closed {
		for _, x := range b.Network().Interfaces {
			f(x, r.Gap())
		}
		return
	}
	for _, a := range among {
		if x := interfaceAt(b, a); x != nil {
			f(x, r.Gap())
		}
	}
}

// attach makes the interface that i leads to one of the instance's. It must be
// called when all interfaces are there.
func attach(b *planparse.Builder, instance, i netmodel.Ref) {
	instance, i = b.CanonicalRef(instance), b.CanonicalRef(i)
	if instance.IsNone() {
		return
	}
	a, certain := instance.Exact()
	gone := false
	if certain {
		_, gone = b.Gone(a)
	}
	eachInterface(b, i, func(x *netmodel.Interface, doubt netmodel.Gap) {
		if gone {
			return // it is detached when the instance ends (ENI-6)
		}
		if doubt.IsZero() {
			doubt = instance.Gap()
		}
		switch {
		case doubt.IsZero():
			x.Attached = netmodel.Holds
		case x.Attached.IsFalse():
			x.Attached = netmodel.Open(doubt)
		}
	})
	address, exact := i.Exact()
	for _, e := range b.Network().Endpoints {
		if e.Type != "aws_instance" && e.Type != "data.aws_instance" || !instance.MayBe(b.Canonical(e.Address)) {
			continue
		}
		switch {
		case certain && exact:
			addInterface(e, address)
		case certain:
			e.More = i.Gap()
		default:
			e.More = instance.Gap()
		}
	}
}

func addInterface(e *netmodel.Endpoint, a netmodel.Address) {
	for _, has := range e.Interfaces {
		if has == a {
			return
		}
	}
	e.Interfaces = append(e.Interfaces, a)
}
