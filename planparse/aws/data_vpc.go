package aws

import (
	"net/netip"
	"slices"

	"github.com/planreach/planreach/netmodel"
	"github.com/planreach/planreach/planparse"
)

var dataVPC = &planparse.ResourceType{
	Name: "data.aws_vpc",
	Doc:  "existing VPC: its CIDRs, not its gateways, ACLs and groups",
	Reads: []string{
		"cidr_block", "cidr_block_associations", "default", "ipv6_cidr_block",
	},
	Ignores: []string{
		"arn", "dhcp_options_id", "enable_dns_hostnames", "enable_dns_support", "enable_network_address_usage_metrics", "filter",
		"id", "instance_tenancy", "ipv6_association_id", "main_route_table_id", "owner_id", "region", "state", "tags", "timeouts",
	},
	Identities: []string{"main_route_table_id"},
	Build:      buildDataVPC,
}

func buildDataVPC(r *planparse.Resource, b *planparse.Builder) {
	n := newBlock(r, b)
	x := &netmodel.VPC{
		Address: r.Address, Origin: n.Origin(""), MainTable: netmodel.To(r.Address + ".main_route_table_id"),
		DefaultACL:   netmodel.To(r.Address + ".default_network_acl_id"),
		DefaultGroup: netmodel.To(r.Address + ".default_security_group_id"),
	}
	n.setCIDRs(x)
	b.AddVPC(x)
	if n.Bool("default").Or(false) {
		b.Later(func() { addDefaultParts(b, x) })
		return
	}
	x.Hidden = []netmodel.Gap{n.outside("", netmodel.UnknownResource, "the plan does not show which gateways are attached to "+string(r.Address))}
	b.Later(func() { n.addUnknownParts(x) })
}

func (n block) setCIDRs(x *netmodel.VPC) {
	add := func(known *[]netip.Prefix, open *netmodel.Gap, p planparse.Known[netip.Prefix]) {
		if q, ok := p.Get(); ok && !slices.Contains(*known, q) {
			*known = append(*known, q)
		} else if p.IsOpen() {
			*open = p.Gap()
		}
	}
	add(&x.IPv4, &x.Open4, n.Prefix("cidr_block"))
	associations, more := n.Blocks("cidr_block_associations")
	for _, a := range associations {
		if state := a.String("state"); state.Or("associated") == "associated" {
			add(&x.IPv4, &x.Open4, a.Prefix("cidr_block"))
		}
	}
	if !more.IsZero() {
		x.Open4 = more
	}
	v6 := n.Prefix("ipv6_cidr_block")
	add(&x.IPv6, &x.Open6, v6)
	switch {
	case v6.IsOpen():
		x.HasIPv6 = netmodel.Open(v6.Gap())
	default:
		x.HasIPv6 = netmodel.Certain(!v6.IsNull())
	}
}

// outside is a gap about something that the plan does not describe.
func (n block) outside(path string, code netmodel.Code, detail string) netmodel.Gap {
	return netmodel.Gap{Origin: n.Origin(path), Why: netmodel.OutsidePlan, Code: code, Detail: detail}
}

// addUnknownParts adds the main table, the default ACL and the default group of
// an existing VPC, of which the plan tells nothing but that they exist.
func (n block) addUnknownParts(x *netmodel.VPC) {
	b, to := n.b, netmodel.To(x.Address)
	if a, ok := x.MainTable.Exact(); ok && tableAt(b, a) == nil {
		b.AddRouteTable(&netmodel.RouteTable{Address: a, VPC: to, Origin: x.Origin, Hidden: []netmodel.Gap{
			n.outside("main_route_table_id", netmodel.UnknownRouteTable, "no data source reads the main route table")}})
	}
	if a, ok := x.DefaultACL.Exact(); ok && aclAt(b, a) == nil {
		acl := newDefaultACL(b, a, x, nil)
		if assumedOf(b, x.Address).String("network_acl").Or("") != "default" {
			hideRules(acl, n.outside("", netmodel.UnknownNetworkACLRules, "no data source shows the rules of the default network ACL"))
		}
		b.AddACL(acl)
	}
	if a, ok := x.DefaultGroup.Exact(); ok && groupAt(b, a) == nil {
		b.AddGroup(hiddenGroup(a, to, n.outside("", netmodel.UnknownSecurityGroupRules, "no data source shows the rules of the default security group")))
	}
}

// hiddenGroup is a group whose rules the plan does not show.
func hiddenGroup(a netmodel.Address, vpc netmodel.Ref, g netmodel.Gap) *netmodel.Group {
	filter := func() netmodel.Filter {
		return netmodel.Filter{Default: netmodel.Deny, Stateful: true, Hidden: []netmodel.Gap{g}}
	}
	return &netmodel.Group{Address: a, VPC: vpc, Ingress: filter(), Egress: filter(), Origin: g.Origin}
}
