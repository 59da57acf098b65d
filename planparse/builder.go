package planparse

import (
	"maps"
	"net/netip"
	"slices"

	"github.com/planreach/planreach/headerspace"
	"github.com/planreach/planreach/netmodel"
)

// A Builder collects what the resources of one world say, in any order, and
// links it at the end. Links may name an object by its address, by another
// attribute that identifies it (aws_vpc.main.default_network_acl_id) or by its
// cloud id; the Builder finds out which of these names mean one object.
type Builder struct {
	plan  *Plan
	world World
	net   *netmodel.Network
	names names
	ranks map[any]rank // of the objects added
	// building is the resource whose Build runs; nil afterwards.
	building  *Resource
	resources map[netmodel.Address]*Resource
	gone      map[netmodel.Address]netmodel.Address // cloud ids without object in this world
	later     []func()
	checks    []func()

	prior  *Builder // what was said of the world before; nil if nothing
	inline map[any]inline
	shelf  shelf

	groupRules       []contribution[netmodel.Rule]
	aclRules         []contribution[netmodel.Rule]
	routes           []contribution[netmodel.Route]
	entries          []contribution[netmodel.PrefixEntry]
	hiddenEntries    []hiddenEntry
	hiddenACLRules   []contribution[netmodel.Gap]
	cidrs            []vpcCIDR
	attachments      []attachment
	shownIPv6        map[*netmodel.VPC]bool
	shownAttachments map[*netmodel.InternetGateway]bool
	adoptions        []adoption
	adopters         map[netmodel.Address][]adoption // by what they may have taken over
	tableLinks       []association
	aclLinks         []association
	mainTables       []association
	sharings         []sharing
	transit          transit
	balancing        balancing
	models           map[string]*ResourceType
}

// A rank orders the objects of one name: the lowest describes it.
type rank uint8

const (
	described rank = iota // by a resource of its own
	implied               // by another resource with which it comes
	seen                  // by a data source
)

// Build is the network that p describes in world w. It runs the Build of every
// resource of the given types, then finish, which makes the objects that can
// only be told when all resources have been seen, and links everything.
func Build(p *Plan, types []*ResourceType, w World, finish func(*Builder)) *netmodel.Network {
	p = inOrder(p)
	models := map[string]*ResourceType{}
	for _, t := range types {
		models[t.Name] = t
	}
	b := newBuilder(p, models, w)
	b.collect()
	if w == After && p.Kind != "state" {
		b.prior = newBuilder(p, models, Before)
		b.prior.collect()
	}
	b.link(finish)
	b.net.Assumed = p.assumedFacts()
	return b.net.Seal()
}

// assumedFacts is what the user's assumptions settled.
func (p *Plan) assumedFacts() []netmodel.Origin {
	var out []netmodel.Origin
	for _, a := range p.Assumed {
		for _, name := range slices.Sorted(maps.Keys(a.Values)) {
			out = append(out, netmodel.Origin{Address: a.Target, Path: name})
		}
	}
	return out
}

// inOrder is p with its resources in the order of their addresses, so that the
// network does not depend on how they were given.
func inOrder(p *Plan) *Plan {
	byAddress := func(x, y *Resource) int { return netmodel.CompareAddresses(x.Address, y.Address) }
	if slices.IsSortedFunc(p.Resources, byAddress) {
		return p
	}
	out := *p
	out.Resources = slices.Clone(p.Resources)
	slices.SortStableFunc(out.Resources, byAddress)
	return &out
}

func newBuilder(p *Plan, models map[string]*ResourceType, w World) *Builder {
	return &Builder{
		plan: p, world: w, models: models,
		net:       &netmodel.Network{Foreign: map[netmodel.Address]netmodel.Gap{}, ServiceGateways: map[netmodel.Address]bool{}},
		ranks:     map[any]rank{},
		resources: map[netmodel.Address]*Resource{},
		gone:      map[netmodel.Address]netmodel.Address{},
		inline:    map[any]inline{},

		shownIPv6:        map[*netmodel.VPC]bool{},
		shownAttachments: map[*netmodel.InternetGateway]bool{},
	}
}

// collect runs the Build of every resource that exists.
func (b *Builder) collect() {
	for _, r := range b.plan.Resources {
		b.introduce(r, b.models[r.TypeName()])
	}
	for _, r := range b.plan.Resources {
		t := b.models[r.TypeName()]
		if t == nil || r.Value(b.world).IsNone() {
			continue
		}
		b.net.Modelled++
		b.building = r
		t.Build(r, b)
	}
	b.building = nil
}

// World is the world being built.
func (b *Builder) World() World { return b.world }

// Plan is the plan being built from.
func (b *Builder) Plan() *Plan { return b.plan }

// Network is what has been collected so far. Before the functions given to
// Later run, the links in it are as the plan spells them.
func (b *Builder) Network() *netmodel.Network { return b.net }

// Later has f called when all resources have been seen, the objects are merged
// and their links go by the names of the objects. It may still add objects and
// contributions.
func (b *Builder) Later(f func()) { b.later = append(b.later, f) }

// Check has f called when everything is linked, to find contradictions.
func (b *Builder) Check(f func()) { b.checks = append(b.checks, f) }

// Alias says that two names mean one object. It must be called before the
// functions given to Later run.
func (b *Builder) Alias(from, to netmodel.Address) { b.names.pair(from, to) }

// Canonical is the name under which an object is found in the network. It may
// be asked from Later on.
func (b *Builder) Canonical(a netmodel.Address) netmodel.Address { return b.names.canonical(a) }

// CanonicalRef is r with the names of the objects.
func (b *Builder) CanonicalRef(r netmodel.Ref) netmodel.Ref {
	return b.widened(r.Map(b.names.canonical))
}

// Gone is the resource that had the given cloud id and has it no longer in this
// world: a link to it dangles.
func (b *Builder) Gone(id netmodel.Address) (resource netmodel.Address, ok bool) {
	resource, ok = b.gone[id]
	return resource, ok && b.names.canonical(id) == id
}

// Resource is the resource instance at a, or nil.
func (b *Builder) Resource(a netmodel.Address) *Resource { return b.resources[a] }

// VPC is the VPC at a, or nil. It may be asked from Check on.
func (b *Builder) VPC(a netmodel.Address) *netmodel.VPC { return b.shelf.vpcs[a] }

// Conflict reports a contradiction.
func (b *Builder) Conflict(c netmodel.Conflict) { b.net.Conflicts = append(b.net.Conflicts, c) }

func (b *Builder) rank(a netmodel.Address) rank {
	switch r := b.building; {
	case r == nil || a != r.Address && r.Mode == Managed:
		return implied
	case r.Mode == Data:
		return seen
	default:
		return described
	}
}

// AddVPC adds an object; the other Add methods likewise.
func (b *Builder) AddVPC(x *netmodel.VPC) {
	b.ranks[x] = b.rank(x.Address)
	b.net.VPCs = append(b.net.VPCs, x)
}

// AddSubnet adds a subnet. Its Table and ACL may be left zero: they are then
// the main table and the default ACL of its VPC, unless associations say
// otherwise.
func (b *Builder) AddSubnet(x *netmodel.Subnet) {
	b.ranks[x] = b.rank(x.Address)
	b.net.Subnets = append(b.net.Subnets, x)
}

// AddGroup adds a security group.
func (b *Builder) AddGroup(x *netmodel.Group) {
	b.ranks[x] = b.rank(x.Address)
	b.net.Groups = append(b.net.Groups, x)
}

// AddACL adds a network ACL.
func (b *Builder) AddACL(x *netmodel.ACL) {
	b.ranks[x] = b.rank(x.Address)
	b.net.ACLs = append(b.net.ACLs, x)
}

// AddRouteTable adds a route table.
func (b *Builder) AddRouteTable(x *netmodel.RouteTable) {
	b.ranks[x] = b.rank(x.Address)
	b.net.RouteTables = append(b.net.RouteTables, x)
}

// AddInternetGateway adds an internet gateway.
func (b *Builder) AddInternetGateway(x *netmodel.InternetGateway) {
	b.ranks[x] = b.rank(x.Address)
	b.net.InternetGateways = append(b.net.InternetGateways, x)
}

// AddVPNGateway adds a virtual private gateway.
func (b *Builder) AddVPNGateway(x *netmodel.VPNGateway) {
	b.ranks[x] = b.rank(x.Address)
	b.net.VPNGateways = append(b.net.VPNGateways, x)
}

// AddEgressOnlyGateway adds an egress-only internet gateway.
func (b *Builder) AddEgressOnlyGateway(x *netmodel.EgressOnlyGateway) {
	b.ranks[x] = b.rank(x.Address)
	b.net.EgressGateways = append(b.net.EgressGateways, x)
}

// AddNATGateway adds a NAT gateway.
func (b *Builder) AddNATGateway(x *netmodel.NATGateway) {
	b.ranks[x] = b.rank(x.Address)
	b.net.NATGateways = append(b.net.NATGateways, x)
}

// AddPublicAccessBlock adds the Block Public Access of an account and Region.
func (b *Builder) AddPublicAccessBlock(x *netmodel.PublicAccessBlock) {
	b.net.PublicAccess = append(b.net.PublicAccess, x)
}

// AddPublicAccessExclusion adds an exclusion from Block Public Access.
func (b *Builder) AddPublicAccessExclusion(x *netmodel.PublicAccessExclusion) {
	b.net.PublicAccessExclusions = append(b.net.PublicAccessExclusions, x)
}

// AddPrefixList adds a prefix list.
func (b *Builder) AddPrefixList(x *netmodel.PrefixList) {
	b.ranks[x] = b.rank(x.Address)
	b.net.PrefixLists = append(b.net.PrefixLists, x)
}

// AddInterface adds an interface.
func (b *Builder) AddInterface(x *netmodel.Interface) {
	b.ranks[x] = b.rank(x.Address)
	b.net.Interfaces = append(b.net.Interfaces, x)
}

// AddEndpoint adds something that assertions can name.
func (b *Builder) AddEndpoint(x *netmodel.Endpoint) {
	b.ranks[x] = b.rank(x.Address)
	b.net.Endpoints = append(b.net.Endpoints, x)
}

// AddUnmodelled reports a resource that bears on the network without a model.
func (b *Builder) AddUnmodelled(x netmodel.Unmodelled) {
	b.net.NotModelled = append(b.net.NotModelled, x)
}

// AddSensitive says that p, and what lies inside it, must never be printed.
func (b *Builder) AddSensitive(p netip.Prefix) { b.net.Sensitive = append(b.net.Sensitive, p) }

// AddSensitiveTraffic says that what t names must never be printed.
func (b *Builder) AddSensitiveTraffic(t headerspace.Traffic) {
	b.net.SensitiveTraffic = append(b.net.SensitiveTraffic, t)
}

// AddGroupRule adds a rule to the group that g leads to.
func (b *Builder) AddGroupRule(g netmodel.Ref, d netmodel.Direction, r netmodel.Rule) {
	b.groupRules = append(b.groupRules, contribution[netmodel.Rule]{g, d, r})
}

// AddACLRule adds a rule to the network ACL that a leads to.
func (b *Builder) AddACLRule(a netmodel.Ref, d netmodel.Direction, r netmodel.Rule) {
	b.aclRules = append(b.aclRules, contribution[netmodel.Rule]{a, d, r})
}

// AddRoute adds a route to the table that t leads to.
func (b *Builder) AddRoute(t netmodel.Ref, r netmodel.Route) {
	b.routes = append(b.routes, contribution[netmodel.Route]{to: t, value: r})
}

// AddPrefixEntry adds an entry to the prefix list that l leads to.
func (b *Builder) AddPrefixEntry(l netmodel.Ref, e netmodel.PrefixEntry) {
	b.entries = append(b.entries, contribution[netmodel.PrefixEntry]{to: l, value: e})
}

// HideACLRule adds a rule that g leaves open, its place in the order included,
// to the network ACL that a leads to.
func (b *Builder) HideACLRule(a netmodel.Ref, d netmodel.Direction, g netmodel.Gap) {
	b.hiddenACLRules = append(b.hiddenACLRules, contribution[netmodel.Gap]{a, d, g})
}

type hiddenEntry struct {
	list netmodel.Ref
	gap  netmodel.Gap
}

// HidePrefixEntry adds an entry whose prefix g leaves open to the prefix list
// that l leads to.
func (b *Builder) HidePrefixEntry(l netmodel.Ref, g netmodel.Gap) {
	b.hiddenEntries = append(b.hiddenEntries, hiddenEntry{l, g})
}

type vpcCIDR struct {
	vpc    netmodel.Ref
	is6    bool
	prefix Known[netip.Prefix]
	origin netmodel.Origin
}

// AddCIDR gives the VPC that v leads to another CIDR, of IPv6 if is6.
func (b *Builder) AddCIDR(v netmodel.Ref, is6 bool, p Known[netip.Prefix], o netmodel.Origin) {
	b.cidrs = append(b.cidrs, vpcCIDR{v, is6, p, o})
}

// ShowIPv6 says that the IPv6 CIDR of x is only shown by the plan, and may be
// the doing of another resource.
func (b *Builder) ShowIPv6(x *netmodel.VPC) { b.shownIPv6[x] = true }

type attachment struct {
	gateway, vpc netmodel.Ref
	origin       netmodel.Origin
}

// AttachInternetGateway attaches the internet gateway that g leads to to the
// VPC that v leads to.
func (b *Builder) AttachInternetGateway(g, v netmodel.Ref, o netmodel.Origin) {
	b.attachments = append(b.attachments, attachment{g, v, o})
}

// ShowAttachment says that the VPC of x is only shown by the plan, and may be
// the doing of another resource.
func (b *Builder) ShowAttachment(x *netmodel.InternetGateway) { b.shownAttachments[x] = true }

// An association sets the table or ACL of a subnet, or the main table of a VPC.
type association struct {
	of, to netmodel.Ref
	origin netmodel.Origin
	// shown: the plan only shows it, as something that is or was so.
	shown bool
}

// AssociateTable makes t the route table of the subnet that s leads to.
func (b *Builder) AssociateTable(s, t netmodel.Ref, o netmodel.Origin) {
	b.tableLinks = append(b.tableLinks, association{of: s, to: t, origin: o})
}

// AssociateACL makes a the network ACL of the subnet that s leads to.
func (b *Builder) AssociateACL(s, a netmodel.Ref, o netmodel.Origin) {
	b.aclLinks = append(b.aclLinks, association{of: s, to: a, origin: o})
}

// ShowACL says that the plan shows a as the network ACL of the subnet that s
// leads to, which may be the doing of another resource: AssociateACL beats it.
func (b *Builder) ShowACL(s, a netmodel.Ref, o netmodel.Origin) {
	b.aclLinks = append(b.aclLinks, association{of: s, to: a, origin: o, shown: true})
}

// SetMainTable makes t the main table of the VPC that v leads to.
func (b *Builder) SetMainTable(v, t netmodel.Ref, o netmodel.Origin) {
	b.mainTables = append(b.mainTables, association{of: v, to: t, origin: o})
}
