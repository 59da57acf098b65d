package aws

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/planreach/planreach/netmodel"
	"github.com/planreach/planreach/planparse"
)

// The default VPC of an account and Region is outside the plan and yet where
// groups without a VPC and instances without a subnet are created. It is taken
// as AWS creates it (DEF-1 to DEF-5), with a note on every part that is taken
// for granted, unless the plan or an assumption says more.
//
// Two default subnets stand for the one of each zone. They are alike in all
// that is known: ACL, route table, no zone, and no range of their own, so that
// an address in one of them may be anywhere in the VPC. A zone that an instance
// names has one of its own besides. All that can make a
// difference is whether two interfaces share a subnet, and with two subnets to
// choose from for each interface both readings occur for every pair.

// A place is what a default VPC belongs to, as far as the plan tells it. Without
// the Region only one provider configuration is certainly in one.
type place struct{ account, region string }

func placeOf(r *planparse.Resource, b *planparse.Builder) place {
	if region, ok := r.Block(b.World()).String("region").Get(); ok {
		return place{b.Plan().Account(r), region}
	}
	return place{r.ProviderConfig, ""}
}

// isSame reports whether resources of p and q are certainly in one account and
// Region.
func (p place) isSame(q place) bool {
	return p.account == q.account && (p.region == q.region || p.region == "" || q.region == "")
}

// mayBe reports whether they may be.
func (p place) mayBe(q place) bool {
	return p.isSame(q) || p.account != q.account && (p.region == q.region || p.region == "" || q.region == "")
}

// defaultVPC is the default VPC where r is.
func defaultVPC(r *planparse.Resource, b *planparse.Builder) netmodel.Ref {
	own := placeOf(r, b)
	among := []netmodel.Address{ensureDefaultVPC(r, b)}
	if hasOneConfig(b.Plan()) {
		return netmodel.To(among[0])
	}
	// Another provider configuration may be of the same account.
	for _, other := range b.Plan().Resources {
		if p := placeOf(other, b); landsInDefaultVPC(other, b) && !p.isSame(own) && p.mayBe(own) {
			among = append(among, ensureDefaultVPC(other, b))
		}
	}
	return netmodel.OneOf(netmodel.Gap{
		Origin: netmodel.Origin{Address: r.Address}, Why: netmodel.OutsidePlan, Code: netmodel.UnknownReference,
		Detail: "two provider configurations may be of one account, and then have one default VPC",
	}, among...)
}

func hasOneConfig(p *planparse.Plan) bool {
	for _, r := range p.Resources {
		if r.ProviderConfig != p.Resources[0].ProviderConfig {
			return false
		}
	}
	return true
}

// landsInDefaultVPC reports whether r is created in the default VPC.
func landsInDefaultVPC(r *planparse.Resource, b *planparse.Builder) bool {
	if r.Value(b.World()).IsNone() {
		return false
	}
	n := newBlock(r, b)
	switch r.TypeName() {
	case "aws_instance":
		return n.isOpen("subnet_id")
	case "aws_security_group", "aws_default_security_group":
		return n.isOpen("vpc_id")
	}
	return false
}

// ensureDefaultVPC makes the default VPC where r is, unless the plan describes
// it, and is its address.
func ensureDefaultVPC(r *planparse.Resource, b *planparse.Builder) netmodel.Address {
	own := placeOf(r, b)
	for _, other := range b.Plan().Resources {
		if isDefaultVPC(other, b.World()) && placeOf(other, b).isSame(own) {
			return other.Address
		}
	}
	address := implicitVPCAddress(r, own, b)
	for _, v := range b.Network().VPCs {
		if v.Address == address {
			return address
		}
	}
	addDefaultVPC(b, address)
	return address
}

// isDefaultVPC reports whether r describes a default VPC.
func isDefaultVPC(r *planparse.Resource, w planparse.World) bool {
	switch r.TypeName() {
	case "aws_default_vpc":
		return !r.Value(w).IsNone()
	case "data.aws_vpc":
		return r.Block(w).Bool("default").Or(false)
	}
	return false
}

// implicitVPCAddress is the name of the default VPC where r is: the shortest of
// what the resources there would call it.
func implicitVPCAddress(r *planparse.Resource, own place, b *planparse.Builder) netmodel.Address {
	key := placeKey(r, own, b)
	for _, other := range b.Plan().Resources {
		if key == "" {
			return "default_vpc"
		}
		if other.Mode != planparse.Managed || other.Value(b.World()).IsNone() || !placeOf(other, b).isSame(own) {
			continue
		}
		if k := placeKey(other, own, b); len(k) < len(key) || len(k) == len(key) && k < key {
			key = k
		}
	}
	if key == "" {
		return "default_vpc"
	}
	return netmodel.Address(fmt.Sprintf("default_vpc[%q]", key))
}

// placeKey is the provider configuration and the Region of r where they are not
// the usual ones.
func placeKey(r *planparse.Resource, p place, b *planparse.Builder) string {
	var key []string
	if r.ProviderConfig != "aws" && r.ProviderConfig != "" {
		key = append(key, r.ProviderConfig)
	}
	if p.region != "" && r.Mode == planparse.Managed && b.Plan().Config != nil && !b.Plan().IsUnset(r, b.World(), "region") {
		key = append(key, p.region)
	}
	return strings.Join(key, "/")
}

var defaultVPCRange = netip.MustParsePrefix("172.31.0.0/16")

func addDefaultVPC(b *planparse.Builder, address netmodel.Address) {
	a := assumedOf(b, address)
	v := &netmodel.VPC{
		Address: address, Origin: netmodel.Origin{Address: address}, IPv4: []netip.Prefix{defaultVPCRange},
		HasIPv6: netmodel.Fails, MainTable: netmodel.To(address + ".main_route_table_id"),
		DefaultACL:   netmodel.To(address + ".default_network_acl_id"),
		DefaultGroup: netmodel.To(address + ".default_security_group_id"),
		Notes:        []netmodel.Code{netmodel.DefaultVPCAssumed},
	}
	if p, ok := a.Prefix("cidr_block").Get(); ok {
		v.IPv4, v.Notes = []netip.Prefix{p}, nil
	}
	b.AddVPC(v)
	b.Later(func() { addDefaultParts(b, v) })
}

// addDefaultParts adds the main table, the gateway, the ACL and the group of a
// default VPC as far as nothing describes them. It must be called from Later.
func addDefaultParts(b *planparse.Builder, v *netmodel.VPC) {
	a := assumedOf(b, v.Address)
	gateway := a.Bool("internet_gateway")
	if table, ok := v.MainTable.Exact(); ok && tableAt(b, table) == nil {
		t := &netmodel.RouteTable{Address: table, VPC: netmodel.To(v.Address), Origin: v.Origin}
		if gateway.Or(true) {
			igw := v.Address + ".internet_gateway"
			b.AddInternetGateway(&netmodel.InternetGateway{Address: igw, VPC: netmodel.To(v.Address), Table: netmodel.NoLink(), Origin: v.Origin})
			t.Routes = []netmodel.Route{{
				Destination: netmodel.InPrefix(anywhere4), Target: netmodel.To(igw),
				Rank: netmodel.StaticRoute, Origin: v.Origin, Blackhole: netmodel.Fails,
			}}
		}
		if gateway.IsNull() {
			t.Notes = []netmodel.Code{netmodel.DefaultVPCAssumed}
		}
		b.AddRouteTable(t)
	}
	if acl, ok := v.DefaultACL.Exact(); ok && aclAt(b, acl) == nil {
		b.AddACL(assumedDefaultACL(b, acl, v, a))
		v.DefaultACL = orAdopted(b, v)
	}
	if group, ok := v.DefaultGroup.Exact(); ok && groupAt(b, group) == nil {
		b.AddGroup(newDefaultGroup(b, group, v, []netmodel.Code{netmodel.DefaultVPCAssumed}))
	}
}

// assumedDefaultACL is the default ACL of v as AWS makes it, unless the user
// says that it is not known.
func assumedDefaultACL(b *planparse.Builder, address netmodel.Address, v *netmodel.VPC, a planparse.Block) *netmodel.ACL {
	x := newDefaultACL(b, address, v, nil)
	switch a.String("network_acl").Or("") {
	case "default":
	case "unknown":
		hideRules(x, netmodel.Gap{
			Origin: netmodel.Origin{Address: v.Address, Path: "network_acl"}, Why: netmodel.OutsidePlan,
			Code: netmodel.UnknownNetworkACLRules, Detail: "an assumption says that the ACL of the default VPC is not known",
		})
	default:
		x.Notes = []netmodel.Code{netmodel.DefaultVPCAssumed}
	}
	return x
}

// orAdopted is the default ACL of v, or one that a resource takes over by an id
// that tells nothing of its VPC.
func orAdopted(b *planparse.Builder, v *netmodel.VPC) netmodel.Ref {
	among, _ := v.DefaultACL.Among()
	var g netmodel.Gap
	for _, r := range b.Plan().Resources {
		if r.TypeName() != defaultNetworkACL.Name || r.Value(b.World()).IsNone() {
			continue
		}
		n, acl := newBlock(r, b), b.Canonical(r.Address)
		vpc, known := b.CanonicalRef(n.Ref("vpc_id")).Exact()
		switch {
		case strings.HasSuffix(string(acl), ".default_network_acl_id"): // of a VPC that is described
		case known && vpc == b.Canonical(v.Address):
			return netmodel.To(acl)
		case !known:
			among = append(among, acl)
			g = n.outside("default_network_acl_id", netmodel.UnknownReference, "the plan does not tell whose default network ACL it is")
		}
	}
	return netmodel.OneOf(g, among...)
}

// hideRules leaves open what x lets through.
func hideRules(x *netmodel.ACL, g netmodel.Gap) {
	x.Ingress.Rules, x.Egress.Rules = nil, nil
	x.Ingress.Hidden, x.Egress.Hidden = []netmodel.Gap{g}, []netmodel.Gap{g}
}

// defaultSubnet is the default subnet into which r is put, whose zone AWS
// chooses unless r says which. It must be called from Later.
func defaultSubnet(r *planparse.Resource, b *planparse.Builder) netmodel.Ref {
	own, zone := placeOf(r, b), zoneOf(r, b)
	var among, there []netmodel.Address
	for _, other := range b.Plan().Resources {
		if !isDefaultSubnet(other, b.World()) || !placeOf(other, b).mayBe(own) {
			continue
		}
		switch its := zoneOf(other, b); {
		case zone == "" || its == "" || its == zone && !placeOf(other, b).isSame(own):
			among = append(among, other.Address)
		case its == zone:
			there = append(there, other.Address)
		}
	}
	g := netmodel.Gap{Origin: netmodel.Origin{Address: r.Address, Path: "subnet_id"}, Why: netmodel.UntilApply, Code: netmodel.UnknownValue}
	if len(there) > 0 { // a zone has one (DEF-1)
		g.Detail = "the plan describes the default subnet of the zone more than once"
		return b.CanonicalRef(netmodel.OneOf(g, there...))
	}
	vpcs, _ := defaultVPC(r, b).Among()
	for i := len(vpcs) - 1; i >= 0; i-- {
		among = append(ensureDefaultSubnets(b, vpcs[i], own, zone), among...)
	}
	among = append(among, takenSubnets(b, own)...)
	g.Detail = "AWS chooses the zone, and so the default subnet"
	if len(vpcs) > 1 {
		g.Detail = "AWS chooses the zone; and two provider configurations may be of one account, and then have one default VPC"
	}
	return b.CanonicalRef(netmodel.OneOf(g, append(among, mentionedSubnets(b)...)...))
}

// zoneOf is the zone of an instance or a subnet, empty if it is not known.
func zoneOf(r *planparse.Resource, b *planparse.Builder) string {
	switch r.TypeName() {
	case "aws_instance", "aws_default_subnet", "data.aws_subnet":
		return r.Block(b.World()).String("availability_zone").Or("")
	}
	return ""
}

// zonesAt are the zones that instances without a subnet name there, but for
// those whose default subnet the plan describes.
func zonesAt(b *planparse.Builder, own place) []string {
	var out, described []string
	for _, r := range b.Plan().Resources {
		if isDefaultSubnet(r, b.World()) && placeOf(r, b).isSame(own) {
			described = append(described, zoneOf(r, b))
		}
	}
	for _, r := range b.Plan().Resources {
		if z := zoneOf(r, b); z != "" && landsInDefaultVPC(r, b) && placeOf(r, b).mayBe(own) && !slices.Contains(out, z) &&
			!slices.Contains(described, z) {
			out = append(out, z)
		}
	}
	return out
}

// isDefaultSubnet reports whether r describes a default subnet.
func isDefaultSubnet(r *planparse.Resource, w planparse.World) bool {
	switch r.TypeName() {
	case "aws_default_subnet":
		return !r.Value(w).IsNone()
	case "data.aws_subnet":
		return r.Block(w).Bool("default_for_az").Or(false)
	}
	return false
}

// takenSubnets are the default subnets that instances which exist already were
// put into.
func takenSubnets(b *planparse.Builder, own place) []netmodel.Address {
	var out []netmodel.Address
	for _, r := range b.Plan().Resources {
		known := r.Value(b.World()).Field("subnet_id").Kind() == planparse.String
		if !known || r.TypeName() != "aws_instance" || !placeOf(r, b).mayBe(own) {
			continue
		}
		if id, ok := r.Block(b.World()).Ref("subnet_id").Exact(); ok && b.Plan().IsUnset(r, b.World(), "subnet_id") && !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	return out
}

// mentionedSubnets are the subnets that nothing describes and that are given a
// table or an ACL of their own: they may be default subnets.
func mentionedSubnets(b *planparse.Builder) []netmodel.Address {
	var out []netmodel.Address
	for _, r := range b.Plan().Resources {
		if r.Value(b.World()).IsNone() {
			continue
		}
		var links []netmodel.Ref
		switch r.TypeName() {
		case "aws_route_table_association", "aws_network_acl_association":
			links = []netmodel.Ref{r.Block(b.World()).Ref("subnet_id")}
		case "aws_network_acl", "aws_default_network_acl":
			links = r.Block(b.World()).Refs("subnet_ids").Links
		}
		for _, l := range links {
			if a, ok := b.CanonicalRef(l).Exact(); ok && strings.HasPrefix(string(a), "subnet-") && !slices.Contains(out, a) {
				out = append(out, a)
			}
		}
	}
	return out
}

// ensureDefaultSubnets makes the default subnets of a VPC that stand for those
// that the plan does not describe: one for the zone, or all if it is not known.
func ensureDefaultSubnets(b *planparse.Builder, vpc netmodel.Address, own place, zone string) []netmodel.Address {
	var out []netmodel.Address
	zones := []string{zone}
	if zone == "" {
		out, zones = []netmodel.Address{vpc + ".subnet[0]", vpc + ".subnet[1]"}, zonesAt(b, own)
	}
	for _, z := range zones {
		out = append(out, vpc+netmodel.Address(fmt.Sprintf(".subnet[%q]", z)))
	}
	for _, a := range out {
		if !slices.ContainsFunc(b.Network().Subnets, func(s *netmodel.Subnet) bool { return s.Address == a }) {
			addDefaultSubnet(b, a, vpc)
		}
	}
	return out
}

// addDefaultSubnet adds a default subnet, as AWS makes it (DEF-2, DEF-3).
func addDefaultSubnet(b *planparse.Builder, address, vpc netmodel.Address) {
	public := assumedOf(b, vpc).Bool("map_public_ip_on_launch")
	s := &netmodel.Subnet{
		Address: address, VPC: netmodel.To(vpc), Origin: netmodel.Origin{Address: vpc}, HasIPv4: netmodel.Holds,
		HasIPv6: netmodel.Fails, AssignIPv6: netmodel.Fails, MapPublicIP: netmodel.Certain(public.Or(true)),
	}
	if public.IsNull() {
		s.Notes = []netmodel.Code{netmodel.DefaultVPCAssumed}
	}
	b.AddSubnet(s)
}

// joinDefaultVPC takes the VPC with the given id, which the plan only mentions,
// for the default one if r is in it without asking for any: there it was
// created. The note of the default VPC says that this is an assumption.
func joinDefaultVPC(r *planparse.Resource, b *planparse.Builder, id netmodel.Address) {
	if !b.Plan().IsUnset(r, b.World(), "vpc_id") {
		return
	}
	own := placeOf(r, b)
	for _, other := range b.Plan().Resources {
		if other.Value(b.World()).IsNone() {
			continue
		}
		v := other.Block(b.World())
		switch other.TypeName() {
		case "aws_vpc", "aws_default_vpc", "data.aws_vpc":
			if v.String("id").Or("") == string(id) || isDefaultVPC(other, b.World()) && placeOf(other, b).isSame(own) {
				return // it is described, or another one is the default VPC
			}
		case r.TypeName():
			named, _ := v.Ref("vpc_id").Exact()
			if named != "" && named != id && placeOf(other, b).isSame(own) && b.Plan().IsUnset(other, b.World(), "vpc_id") {
				return // not all of them can be in the default VPC
			}
		}
	}
	b.Alias(id, ensureDefaultVPC(r, b))
}

// joinDefaultSubnet takes the subnet of x, which the plan only mentions, for a
// default one if the instance is in it without asking for any and has an
// address of the default VPC.
func (n block) joinDefaultSubnet(x *netmodel.Interface) {
	id, ok := n.b.CanonicalRef(x.Subnet).Exact()
	if !ok || n.isNew() || !n.unset("subnet_id") || len(x.IPv4) == 0 {
		return
	}
	if byAddress(n.b, n.b.Network().Subnets, func(s *netmodel.Subnet) netmodel.Address { return s.Address }, id) != nil {
		return
	}
	a := byAddress(n.b, n.b.Network().VPCs, func(v *netmodel.VPC) netmodel.Address { return v.Address }, ensureDefaultVPC(n.r, n.b))
	if a == nil || !slices.ContainsFunc(a.IPv4, func(p netip.Prefix) bool { return p.Contains(x.IPv4[0]) }) {
		return
	}
	addDefaultSubnet(n.b, id, a.Address)
}

// assumedOf is what assumptions say of target beyond the attributes of a
// resource.
func assumedOf(b *planparse.Builder, target netmodel.Address) planparse.Block {
	return b.Plan().AssumedBlock(target)
}

func tableAt(b *planparse.Builder, a netmodel.Address) *netmodel.RouteTable {
	return byAddress(b, b.Network().RouteTables, func(x *netmodel.RouteTable) netmodel.Address { return x.Address }, a)
}

func aclAt(b *planparse.Builder, a netmodel.Address) *netmodel.ACL {
	return byAddress(b, b.Network().ACLs, func(x *netmodel.ACL) netmodel.Address { return x.Address }, a)
}

func groupAt(b *planparse.Builder, a netmodel.Address) *netmodel.Group {
	return byAddress(b, b.Network().Groups, func(x *netmodel.Group) netmodel.Address { return x.Address }, a)
}
