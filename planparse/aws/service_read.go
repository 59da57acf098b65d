package aws

import (
	"slices"
	"strings"

	"github.com/planreach/planreach/netmodel"
	"github.com/planreach/planreach/planparse"
)

// at is the blocks at a path below x. more says why there may be others.
func (n block) at(x planparse.Block, path string) (blocks []planparse.Block, more netmodel.Gap) {
	blocks = []planparse.Block{x}
	if path == "" {
		return blocks, more
	}
	for _, step := range strings.Split(path, ".") {
		var inner []planparse.Block
		for _, x := range blocks {
			found, gap := x.Blocks(step)
			if more.IsZero() && !gap.IsZero() && !n.leaves(x, step) {
				more = gap
			}
			inner = append(inner, found...)
		}
		blocks = inner
	}
	return blocks, more
}

// leaves reports whether an argument of x is certainly left to the provider.
func (n block) leaves(x planparse.Block, path string) bool {
	if strings.Contains(path, ".") {
		return false
	}
	if x.Origin("").Path == "" {
		return n.unset(path)
	}
	v := x.Get(path)
	return v.IsNone() || v.Leaf() != nil && v.Leaf().Unset
}

// refsAt is the links of an argument below x: of the first that has any, where
// there are several paths.
func (n block) refsAt(x planparse.Block, paths string) netmodel.Refs {
	var more netmodel.Gap
	for _, path := range strings.Fields(paths) {
		out := n.refsIn(x, path)
		if len(out.Links) > 0 {
			return out
		}
		if more.IsZero() {
			more = out.More
		}
	}
	return netmodel.Refs{More: more}
}

func (n block) refsIn(x planparse.Block, path string) netmodel.Refs {
	in, name := splitPath(path)
	blocks, more := n.at(x, in)
	out := netmodel.Refs{More: more}
	for _, x := range blocks {
		if n.leaves(x, name) && x.Get(name).Kind() == planparse.Hole {
			continue
		}
		found := netmodel.Refs{Links: []netmodel.Ref{x.Ref(name)}}
		if isPlural(name) {
			found = x.Refs(name)
		}
		for _, link := range found.Links {
			if !link.IsNone() {
				out.Links = append(out.Links, link)
			}
		}
		if out.More.IsZero() {
			out.More = found.More
		}
	}
	return out
}

func splitPath(path string) (in, name string) {
	i := strings.LastIndexByte(path, '.')
	return path[:max(i, 0)], path[i+1:]
}

// says is what the switch at a path below x says: a bool, a word, or a list that
// is on if it has elements. Null and absent are off.
func (n block) says(x planparse.Block, path string) netmodel.Truth {
	in, name := splitPath(path)
	blocks, more := n.at(x, in)
	if !more.IsZero() {
		return netmodel.Open(more)
	}
	for _, x := range blocks {
		switch v := x.Get(name); v.Kind() {
		case planparse.Hole:
			return netmodel.Open(x.Gap(name))
		case planparse.Bool:
			return netmodel.Certain(v.True())
		case planparse.List:
			return netmodel.Certain(len(v.Elements()) > 0)
		case planparse.String:
			word := strings.ToLower(v.Text())
			on := slices.Contains([]string{"true", "enabled", "service_provided_eips"}, word)
			return netmodel.Certain(on || strings.HasPrefix(word, "dual") || strings.Contains(word, "ipv6"))
		case planparse.Absent, planparse.Null, planparse.Number, planparse.Object:
		}
	}
	return netmodel.Fails
}

// otherNames are the attributes that hold a user's name for something.
var otherNames = []string{"name", "id", "identifier", "cluster_identifier", "replication_group_id", "replication_subnet_group_id"}

// named is the resource of a type that the argument called name of x leads to,
// by its address or by a name; nil if the plan does not tell, and why.
func (n block) named(x planparse.Block, name, typeName string) (*planparse.Resource, netmodel.Gap) {
	r := x.Ref(name)
	a, ok := n.b.CanonicalRef(r).Exact()
	if !ok {
		return nil, r.Gap()
	}
	for _, at := range []netmodel.Address{a, a[:max(strings.LastIndexByte(string(a), '.'), 0)]} {
		if x := n.b.Resource(at); x != nil && x.TypeName() == typeName {
			return x, netmodel.Gap{}
		}
	}
	found := n.called(string(a), typeName)
	switch len(found) {
	case 0:
		return nil, netmodel.Gap{Origin: x.Origin(name), Why: netmodel.OutsidePlan, Code: netmodel.UnknownResource,
			Detail: "the plan does not describe the " + typeName}
	case 1:
		return found[0], netmodel.Gap{}
	}
	return nil, netmodel.Gap{Origin: x.Origin(name), Why: netmodel.OutsidePlan, Code: netmodel.UnknownReference,
		Detail: "several " + typeName + " of the plan have that name"}
}

// called are the resources of a type that somebody gave a name, in the account
// and Region of n.
func (n block) called(name, typeName string) []*planparse.Resource {
	var found []*planparse.Resource
	own := placeOf(n.r, n.b)
	for _, x := range n.b.Plan().Resources {
		v := x.Value(n.b.World())
		if x.TypeName() == typeName && placeOf(x, n.b).mayBe(own) &&
			slices.ContainsFunc(otherNames, func(attr string) bool { return v.Field(attr).Text() == name }) {
			found = append(found, x)
		}
	}
	return found
}
