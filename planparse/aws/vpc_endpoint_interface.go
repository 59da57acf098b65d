package aws

import (
	"fmt"
	"net/netip"
	"slices"

	"github.com/planreach/planreach/netmodel"
	"github.com/planreach/planreach/planparse"
)

var vpcEndpointSubnetAssociation = &planparse.ResourceType{
	Name:    "aws_vpc_endpoint_subnet_association",
	Doc:     "gives an endpoint an interface in a further subnet",
	Reads:   []string{"subnet_id", "vpc_endpoint_id"},
	Ignores: []string{"id", "region", "timeouts"},
	Accepts: map[string][]string{"subnet_id": acceptsSubnet, "vpc_endpoint_id": acceptsEndpoint},
	Build:   readByEndpoint,
}

var vpcEndpointSecurityGroupAssociation = &planparse.ResourceType{
	Name:    "aws_vpc_endpoint_security_group_association",
	Doc:     "gives the interfaces of an endpoint a further group, or one in place of the default group",
	Reads:   []string{"replace_default_association", "security_group_id", "vpc_endpoint_id"},
	Ignores: []string{"id", "region"},
	Accepts: map[string][]string{"security_group_id": acceptsGroup, "vpc_endpoint_id": acceptsEndpoint},
	Build:   readByEndpoint,
}

// readByEndpoint is the Build of what says something of an endpoint: that asks
// for it.
func readByEndpoint(r *planparse.Resource, b *planparse.Builder) {
	r.Block(b.World()).Get("vpc_endpoint_id")
}

// addInterfaceEndpoint makes the endpoint an end with one interface in each of
// its subnets (VPCE-8), which starts no connections (VPCE-13).
func (n block) addInterfaceEndpoint() {
	e := n.endpoint()
	e.Type, e.Every, e.ReceivesOnly = n.r.TypeName(), true, true
	n.b.AddEndpoint(e)
	x := &netmodel.ServiceEndpoint{Address: n.r.Address, Origin: n.Origin("")}
	n.b.AddServiceEndpoint(x)
	n.b.Later(func() {
		if !slices.Contains(n.b.Network().Endpoints, e) {
			return // a data source of one that is described
		}
		x.Service = n.endpointService()
		x.Accepted = n.connectionAccepted(x.Service)
		n.addEndpointInterfaces(e)
	})
}

func (n block) addEndpointInterfaces(e *netmodel.Endpoint) {
	like := netmodel.Interface{Origin: n.Origin(""), AutoPublic: netmodel.Fails, Elastic: netmodel.Fails,
		SourceCheck: netmodel.Holds, Attached: netmodel.Holds}
	like.HasIPv4, like.HasIPv6 = n.endpointFamilies()
	subnets := n.kept("subnet_ids", vpcEndpointSubnetAssociation.Name, "subnet_id")
	e.More = subnets.More
	for _, s := range subnets.Links {
		n.addEndpointInterface(e, like, s, netmodel.Gap{})
	}
	configurations, more := n.subnetConfigurations()
	if e.More.IsZero() {
		e.More = more
	}
	for _, c := range configurations {
		n.addEndpointInterface(e, like, c.Ref("subnet_id"), netmodel.Gap{})
	}
	n.associations(vpcEndpointSubnetAssociation.Name, func(a block, doubt netmodel.Gap) {
		n.addEndpointInterface(e, like, a.Ref("subnet_id"), a.doubtBeside(n, "subnet_ids", doubt))
	})
	n.afterInterfaces(func() {
		groups, notes := n.endpointGroups()
		for _, a := range e.Interfaces {
			i := interfaceAt(n.b, a)
			i.Groups, i.Notes = netmodel.Refs{Links: slices.Clone(groups.Links), More: groups.More}, notes
		}
	})
}

// subnetConfigurations are the blocks that give addresses in subnets. Where the
// configuration has none, the plan may still show addresses.
func (n block) subnetConfigurations() ([]planparse.Block, netmodel.Gap) {
	if n.r.Mode == planparse.Data || n.isOpen("subnet_configuration") {
		return nil, netmodel.Gap{}
	}
	blocks, more := n.Blocks("subnet_configuration")
	if n.unset("subnet_configuration") {
		return nil, netmodel.Gap{}
	}
	return blocks, more
}

// doubtBeside is why the association n may be undone: its endpoint lists its own
// subnets or groups in the argument called name, which says that they are all.
func (n block) doubtBeside(endpoint block, name string, doubt netmodel.Gap) netmodel.Gap {
	if !doubt.IsZero() || isObserved(n.b) || endpoint.unset(name) {
		return doubt
	}
	return netmodel.Gap{Origin: n.Origin(""), Why: netmodel.UntilApply, Code: netmodel.UnknownValue,
		Detail: fmt.Sprintf("%s sets %s itself, and may undo what %s adds", endpoint.r.Address, name, n.r.Address)}
}

// addEndpointInterface gives e an interface like x in a subnet, if it has none
// there. doubt says why it may not have this one.
func (n block) addEndpointInterface(e *netmodel.Endpoint, x netmodel.Interface, subnet netmodel.Ref, doubt netmodel.Gap) {
	subnet = n.b.CanonicalRef(subnet)
	name := fmt.Sprintf("%s.interface[%d]", n.r.Address, len(e.Interfaces))
	if a, ok := subnet.Exact(); ok {
		name = fmt.Sprintf("%s.interface[%s]", n.r.Address, a)
	}
	if subnet.IsNone() || slices.Contains(e.Interfaces, netmodel.Address(name)) {
		return
	}
	x.Address, x.Subnet = netmodel.Address(name), subnet
	x.IPv4, x.IPv6 = n.endpointAddresses(subnet)
	if !doubt.IsZero() {
		x.Attached = netmodel.Open(doubt)
	}
	e.Interfaces = append(e.Interfaces, x.Address)
	n.b.AddInterface(&x)
}

// endpointFamilies says whether the interfaces have IPv4 and IPv6 addresses.
func (n block) endpointFamilies() (v4, v6 netmodel.Truth) {
	kind := n.String("ip_address_type")
	switch {
	case n.isOpen("ip_address_type"): // left to AWS
		return netmodel.Holds, netmodel.Fails
	case kind.IsOpen():
		return netmodel.Open(kind.Gap()), netmodel.Open(kind.Gap())
	}
	is := kind.Or("ipv4")
	return netmodel.Certain(is != "ipv6"), netmodel.Certain(is != "ipv4")
}

// endpointAddresses is the addresses that the endpoint certainly has in a
// subnet, as far as the plan tells.
func (n block) endpointAddresses(subnet netmodel.Ref) (v4, v6 []netip.Addr) {
	a, ok := subnet.Exact()
	if !ok || n.r.Mode == planparse.Data {
		return nil, nil
	}
	blocks, _ := n.Blocks("subnet_configuration")
	for _, c := range blocks {
		if at, ok := n.b.CanonicalRef(c.Ref("subnet_id")).Exact(); !ok || at != a {
			continue
		}
		of := block{c, n.r, n.b}
		return of.addresses("ipv4"), of.addresses("ipv6")
	}
	return nil, nil
}

// endpointGroups is the groups of the interfaces: those given, or the default
// group of the VPC (VPCE-9), and what associations add to them.
func (n block) endpointGroups() (groups netmodel.Refs, notes []netmodel.Code) {
	groups = n.kept("security_group_ids", vpcEndpointSecurityGroupAssociation.Name, "security_group_id")
	byDefault := overVPCs(n.b, n.Ref("vpc_id"), func(v *netmodel.VPC) netmodel.Ref { return v.DefaultGroup })
	if !isSome(groups) {
		groups.Links, notes = []netmodel.Ref{byDefault}, []netmodel.Code{netmodel.SGDefaultGroupUsed}
	}
	n.associations(vpcEndpointSecurityGroupAssociation.Name, func(a block, doubt netmodel.Gap) {
		if replaces := a.Bool("replace_default_association"); doubt.IsZero() && replaces.Or(false) {
			groups.Links, notes = n.without(groups.Links, byDefault), nil
		}
		doubt = a.doubtBeside(n, "security_group_ids", doubt)
		group := n.b.CanonicalRef(a.Ref("security_group_id"))
		switch to, exact := group.Exact(); {
		case n.has(groups.Links, group):
		case doubt.IsZero():
			groups.Links = append(groups.Links, group)
		case exact:
			groups.Links = append(groups.Links, netmodel.OneOf(doubt, to, ""))
		default:
			groups.More = doubt
		}
	})
	return groups, notes
}

// has reports whether a settled link is among others.
func (n block) has(links []netmodel.Ref, x netmodel.Ref) bool {
	return x.IsSettled() && slices.ContainsFunc(links, func(r netmodel.Ref) bool {
		r = n.b.CanonicalRef(r)
		return r.IsSettled() && r.String() == x.String()
	})
}

// without is links except one; if it is not settled which that is, all that it
// may be are in doubt.
func (n block) without(links []netmodel.Ref, x netmodel.Ref) []netmodel.Ref {
	var out []netmodel.Ref
	x = n.b.CanonicalRef(x)
	for _, r := range links {
		a, exact := n.b.CanonicalRef(r).Exact()
		switch {
		case x.IsSettled() && n.has([]netmodel.Ref{r}, x), r.String() == x.String():
		case exact && !x.IsSettled() && x.MayBe(a):
			out = append(out, netmodel.OneOf(x.Gap(), a, ""))
		default:
			out = append(out, r)
		}
	}
	return out
}
