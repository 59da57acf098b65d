package aws

import (
	"slices"
	"strings"

	"github.com/planreach/planreach/netmodel"
	"github.com/planreach/planreach/planparse"
)

// A service is a resource type with interfaces of its own in subnets, which is
// all of it that a packet meets (SVC-16). Arguments are given by their paths
// without indexes; several of them stand apart by spaces.
type service struct {
	name string
	// in are the blocks that say where it is, which have the arguments that
	// follow; empty: the resource itself has them.
	in string
	// subnets name its subnets; or by names a group of subnets, of type group.
	subnets, by, group string
	// sets are the blocks among these that form sets.
	sets string
	// groups name its security groups. Without any it has the default group of
	// its VPC or, if ownGroup, groups that the plan does not show.
	groups   string
	ownGroup bool
	// like names the resource, of type of, whose subnets and groups it shares
	// where it has none of its own.
	like, of string
	place    placing
	home     homing
	// public, by its path from the resource, gives it public IPv4 addresses. If launches, it launches instances,
	// which have the addresses that their subnets assign.
	public   string
	launches bool
	// ipv6, likewise, gives it IPv6 addresses (SVC-4); empty: nobody knows when it has any.
	ipv6 string
	// address is its IPv4 address.
	address string
	// sendsOnly: nothing is addressed to it (SVC-2).
	sendsOnly bool
	// sameAsID is the attribute that has the value of id too; alsoCalled is another one
	// by which others name it.
	sameAsID, alsoCalled string
	// start adds what comes with it; dress gives an interface its groups and what
	// else the table cannot say. They read also.
	start func(n block)
	dress func(n block, e *netmodel.Endpoint, x *netmodel.Interface)
	also  string
	// links are what further arguments, which are sets, may name.
	links map[string][]string
}

// A placing says in which of its subnets a service has interfaces. The zero
// value is in each of them.
type placing uint8

const (
	inEach placing = iota // one interface in each subnet
	inOne                 // one interface in one of them, which AWS chooses (SVC-13)
)

// A homing says where a service is for which nothing names subnets. The zero
// value is in no VPC.
type homing uint8

const (
	outsideVPCs   homing = iota // then it is no end of the network
	inDefaultVPC                // in a default subnet (DEF-5)
	withInstances               // on the interfaces of instances (SVC-8)
)

// serviceTypes are the resource types of the services, and those that they
// refer to.
func serviceTypes() []*planparse.ResourceType {
	var out []*planparse.ResourceType
	for i := range services {
		out = append(out, services[i].resourceType())
	}
	for _, name := range subnetGroups {
		out = append(out, subnetGroupType(name))
	}
	return append(out, launchConfiguration)
}

// subnetGroupType is a type of groups of subnets. The services that use it ask
// for what it says.
func subnetGroupType(name string) *planparse.ResourceType {
	return &planparse.ResourceType{
		Name: name, Doc: "subnets for a service", IgnoresRest: true,
		Reads: []string{"subnet_ids"}, Sets: []string{"subnet_ids"}, Aliases: map[string]string{"name": "id"},
		Accepts: map[string][]string{"subnet_ids": acceptsSubnet},
		Build:   func(r *planparse.Resource, b *planparse.Builder) { r.Block(b.World()).Get("subnet_ids") },
	}
}

// resourceType is the type that s is.
func (s *service) resourceType() *planparse.ResourceType {
	t := &planparse.ResourceType{
		Name: s.name, Doc: s.doc(), IgnoresRest: true, Identities: strings.Fields(s.alsoCalled), Sets: strings.Fields(s.sets),
		Reads: append([]string{"tags"}, strings.Fields(s.also)...), Accepts: map[string][]string{}, Build: s.build,
	}
	if s.sameAsID != "" {
		t.Aliases = map[string]string{s.sameAsID: "id"}
	}
	read := func(in, paths string, accepts []string) {
		for _, path := range strings.Fields(paths) {
			path = strings.TrimPrefix(in+"."+path, ".")
			first, _, _ := strings.Cut(path, ".")
			t.Reads = append(t.Reads, first)
			if accepts != nil {
				t.Accepts[path] = accepts
			}
			if accepts != nil && isPlural(path) && !slices.Contains(lists, s.name+"."+path) {
				t.Sets = append(t.Sets, path)
			}
		}
	}
	for _, in := range s.blocks() {
		read(in, s.subnets, acceptsSubnet)
		read(in, s.groups, acceptsGroup)
		read(in, s.by, []string{s.group})
		read(in, s.address, nil)
	}
	read("", s.public, nil)
	read("", s.ipv6, nil)
	read("", s.like, []string{s.of})
	for path, accepts := range s.links {
		top, _, _ := strings.Cut(path, ".")
		t.Accepts[path], t.Sets = accepts, append(t.Sets, top)
	}
	slices.Sort(t.Reads)
	slices.Sort(t.Sets)
	t.Sets = slices.Compact(t.Sets)
	t.Reads = slices.Compact(t.Reads)
	return t
}

// isPlural reports whether an argument holds several names.
func isPlural(path string) bool {
	return strings.HasSuffix(path, "s") || strings.HasSuffix(path, "_list") || path == "vpc_zone_identifier"
}

func (s *service) doc() string {
	out := "end with an interface in each of its subnets"
	if s.place == inOne {
		out = "end with an interface in one of its subnets"
	}
	if s.sendsOnly {
		out += ", which only sends"
	}
	return out
}

// blocks are the paths of the blocks that say where s is; the empty path is the
// resource itself.
func (s *service) blocks() []string {
	if s.in == "" {
		return []string{""}
	}
	return strings.Fields(s.in)
}
