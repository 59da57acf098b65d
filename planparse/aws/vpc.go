package aws

import (
	"net/netip"

	"github.com/planreach/planreach/headerspace"
	"github.com/planreach/planreach/netmodel"
	"github.com/planreach/planreach/planparse"
)

var vpc = &planparse.ResourceType{
	Name: "aws_vpc",
	Doc:  "routing domain with a main route table, a default ACL and a default group",
	Reads: []string{"cidr_block", "ipv6_cidr_block", "assign_generated_ipv6_cidr_block", "ipv6_ipam_pool_id",
		"default_network_acl_id", "default_route_table_id", "default_security_group_id", "main_route_table_id"},
	Ignores: []string{"arn", "dhcp_options_id", "enable_dns_hostnames", "enable_dns_support",
		"enable_network_address_usage_metrics", "id", "instance_tenancy", "ipv4_ipam_pool_id", "ipv4_netmask_length",
		"ipv6_association_id", "ipv6_cidr_block_network_border_group", "ipv6_netmask_length", "owner_id", "region", "tags", "tags_all"},
	Identities: []string{"default_network_acl_id", "default_route_table_id", "default_security_group_id", "main_route_table_id"},
	Build:      buildVPC,
}

func buildVPC(r *planparse.Resource, b *planparse.Builder) {
	x := newVPC(r, b)
	b.AddVPC(x)
	if b.Inline(r, "ipv6_cidr_block") != planparse.InlineConfigured && !isConfigured(r, b, "ipv6_cidr_block") &&
		!isConfigured(r, b, "assign_generated_ipv6_cidr_block") && !isConfigured(r, b, "ipv6_ipam_pool_id") {
		b.ShowIPv6(x)
	}
	addDefaultObjects(r, b, x)
}

// newVPC is what aws_vpc and aws_default_vpc have in common.
func newVPC(r *planparse.Resource, b *planparse.Builder) *netmodel.VPC {
	v := r.Block(b.World())
	x := &netmodel.VPC{Address: r.Address, Origin: v.Origin(""), HasIPv6: hasIPv6(r, b)}
	vpcPrefix(b, &x.IPv4, &x.Open4, v.Prefix("cidr_block"))
	if !x.HasIPv6.IsFalse() {
		vpcPrefix(b, &x.IPv6, &x.Open6, v.Prefix("ipv6_cidr_block"))
	}
	return x
}

// hasIPv6 says whether a VPC has an IPv6 CIDR of its own; associations may give
// it one as well.
func hasIPv6(r *planparse.Resource, b *planparse.Builder) netmodel.Truth {
	v := r.Block(b.World())
	generated, pool := v.Truth("assign_generated_ipv6_cidr_block", false), v.String("ipv6_ipam_pool_id")
	cidr := v.Prefix("ipv6_cidr_block")
	_, known := cidr.Get()
	_, pooled := pool.Get()
	switch {
	case known || generated.IsTrue() || pooled:
		return netmodel.Holds
	case generated.IsOpen():
		return generated
	case pool.IsOpen():
		return netmodel.Open(pool.Gap())
	case cidr.IsOpen() && !isUnset(r, b, "ipv6_cidr_block"):
		return netmodel.Open(cidr.Gap())
	default:
		return netmodel.Fails
	}
}

func vpcPrefix(b *planparse.Builder, known *[]netip.Prefix, open *netmodel.Gap, p planparse.Known[netip.Prefix]) {
	if q, ok := p.Get(); ok {
		*known = append(*known, q)
		hideSensitive(b, p)
	} else if p.IsOpen() {
		*open = p.Gap()
	}
}

// addDefaultObjects adds what AWS makes with every VPC (TFI-1 to TFI-3) and
// names it as Terraform does. It returns the route table.
func addDefaultObjects(r *planparse.Resource, b *planparse.Builder, x *netmodel.VPC) *netmodel.RouteTable {
	v := r.Block(b.World())
	notes := assumedIfExisting(r, b)
	acl := r.Address + ".default_network_acl_id"
	group := r.Address + ".default_security_group_id"
	table := r.Address + ".main_route_table_id"
	x.DefaultACL, x.DefaultGroup, x.MainTable = netmodel.To(acl), netmodel.To(group), netmodel.To(table)
	alias(b, v, "default_network_acl_id", acl)
	alias(b, v, "default_security_group_id", group)

	first, main := v.String("default_route_table_id"), v.String("main_route_table_id")
	f, fok := first.Get()
	m, mok := main.Get()
	if fok && mok && f != m {
		// Another table has become the main one (TFB-11).
		table = r.Address + ".default_route_table_id"
		x.MainTable = netmodel.To(netmodel.Address(m))
		b.Alias(r.Address+".main_route_table_id", netmodel.Address(m))
		if original, ok := restoredTable(b, m); ok {
			x.MainTable = netmodel.To(original)
		}
	} else {
		b.Alias(r.Address+".default_route_table_id", table)
		alias(b, v, "main_route_table_id", table)
	}
	alias(b, v, "default_route_table_id", table)

	b.AddACL(newDefaultACL(b, acl, x, notes))
	b.AddGroup(newDefaultGroup(b, group, x, notes))
	t := &netmodel.RouteTable{Address: table, VPC: netmodel.To(x.Address), Origin: netmodel.Origin{Address: table}, Notes: notes}
	b.AddRouteTable(t)
	return t
}

// assumedIfExisting is the note for objects that AWS made long ago: that
// nobody has changed them since is an assumption.
func assumedIfExisting(r *planparse.Resource, b *planparse.Builder) []netmodel.Code {
	if b.Plan().Kind == "state" || b.World() == planparse.After && r.Existing {
		return []netmodel.Code{netmodel.DefaultObjectAssumed}
	}
	return nil
}

// alias joins the id that an attribute holds with the name of the object.
func alias(b *planparse.Builder, v planparse.Block, attribute string, object netmodel.Address) {
	if id, ok := v.String(attribute).Get(); ok {
		b.Alias(netmodel.Address(id), object)
	}
}

var (
	anywhere4 = netip.PrefixFrom(netip.IPv4Unspecified(), 0)
	anywhere6 = netip.PrefixFrom(netip.IPv6Unspecified(), 0)
)

// newDefaultACL is the default ACL as AWS makes it (NACL-14, NACL-15).
func newDefaultACL(b *planparse.Builder, address netmodel.Address, x *netmodel.VPC, notes []netmodel.Code) *netmodel.ACL {
	o := netmodel.Origin{Address: address}
	f := func() netmodel.Filter {
		return netmodel.Filter{Default: netmodel.Deny, Rules: []netmodel.Rule{
			permitAll(100, netmodel.InPrefix(anywhere4), o), permitAll(101, netmodel.InPrefix(anywhere6), o)}}
	}
	acl := &netmodel.ACL{Address: address, VPC: netmodel.To(x.Address), Ingress: f(), Egress: f(), Origin: o, Notes: notes}
	b.Check(func() {
		acl.Ingress.Rules = ifIPv6(acl.Ingress.Rules, address, x)
		acl.Egress.Rules = ifIPv6(acl.Egress.Rules, address, x)
	})
	return acl
}

// newDefaultGroup is the default group as AWS makes it (SG-27).
func newDefaultGroup(b *planparse.Builder, address netmodel.Address, x *netmodel.VPC, notes []netmodel.Code) *netmodel.Group {
	o := netmodel.Origin{Address: address}
	self := netmodel.Peer{Kind: netmodel.PeerGroup, Ref: netmodel.To(address)}
	group := &netmodel.Group{Address: address, VPC: netmodel.To(x.Address), Origin: o, Notes: notes,
		Ingress: netmodel.Filter{Default: netmodel.Deny, Stateful: true, Rules: []netmodel.Rule{permitAll(0, self, o)}},
		Egress: netmodel.Filter{Default: netmodel.Deny, Stateful: true,
			Rules: []netmodel.Rule{permitAll(0, netmodel.InPrefix(anywhere4), o), permitAll(0, netmodel.InPrefix(anywhere6), o)}},
	}
	b.Check(func() { group.Egress.Rules = ifIPv6(group.Egress.Rules, address, x) })
	return group
}

func permitAll(number int, p netmodel.Peer, o netmodel.Origin) netmodel.Rule {
	return netmodel.Rule{Number: number, Action: netmodel.Permit, Match: headerspace.Exactly(headerspace.All()), Peer: p, Origin: o}
}

// ifIPv6 is the rules of a default object without those that AWS adds only if
// the VPC has an IPv6 CIDR, which associations may have given it.
func ifIPv6(rules []netmodel.Rule, object netmodel.Address, x *netmodel.VPC) []netmodel.Rule {
	var out []netmodel.Rule
	for _, r := range rules {
		if r.Origin.Address == object && r.Peer.Kind == netmodel.PeerPrefix && r.Peer.Prefix == anywhere6 {
			if x.HasIPv6.IsFalse() {
				continue
			}
			if x.HasIPv6.IsOpen() {
				r.Doubt = x.HasIPv6.Gap()
			}
		}
		out = append(out, r)
	}
	return out
}

func hideSensitive(b *planparse.Builder, p planparse.Known[netip.Prefix]) {
	if q, ok := p.Get(); ok && p.IsSensitive() {
		b.AddSensitive(q)
	}
}
