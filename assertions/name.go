package assertions

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"

	"github.com/planreach/planreach/netmodel"
)

// findName is what a short name means: the first of these with a hit (section
// 5.4): a group, an endpoint resource of this module, one in a module below,
// a Name tag.
func (in *instance) findName(name step, w written) (selection, hcl.Diagnostics) {
	if !name.index.one && in.scope.groups[name.name] != nil {
		return in.findGroup(name.name, w)
	}
	resources, by := in.named(name.name)
	switch len(resources) {
	case 0:
		return selection{}, hcl.Diagnostics{problem(w.rng, fmt.Sprintf("Nothing is called %q", name.name),
			"Looked for a group, an endpoint resource and a Name tag of that name.%s", didYouMean(name.name, in.words()))}
	case 1:
	default:
		return selection{}, hcl.Diagnostics{problem(w.rng, "Short name is ambiguous", "%q could be %s. Write the full address.",
			name.name, orList(resources))}
	}
	a, f := parseAddress(resources[0], nil)
	if f != nil {
		panic("assertions: not an address: " + resources[0])
	}
	a.name.index = name.index
	if by == "name tag" {
		out := selection{by: by}
		for _, e := range in.world.endpoints {
			if a.in(in.at).picks(e.at) && e.Name == name.name {
				out.ends = append(out.ends, endOf(e.Address, netmodel.Holds))
			}
		}
		return out, nil
	}
	out, diags := in.findAddress(a, w, lookupOptions{})
	out.by = by
	return out, diags
}

// A directory is what short names may mean in a module instance: resources, as
// addresses relative to it and without indexes, by their name or Name tag.
type directory struct{ here, below, tagged map[string][]string }

// named is the resources that a short name may mean, and by which step.
func (in *instance) named(name string) (resources []string, by string) {
	d := in.names()
	for _, m := range []map[string][]string{d.here, d.below} {
		if len(m[name]) > 0 {
			return m[name], "name"
		}
	}
	return d.tagged[name], "name tag"
}

// names is the directory of this module instance.
func (in *instance) names() *directory {
	if in.directory != nil {
		return in.directory
	}
	d := &directory{map[string][]string{}, map[string][]string{}, map[string][]string{}}
	add := func(to map[string][]string, name, resource string) {
		if i, known := slices.BinarySearch(to[name], resource); !known {
			to[name] = slices.Insert(to[name], i, resource)
		}
	}
	enter := func(x address, at []step) {
		r, ok := relative(x, at)
		switch {
		case !ok || x.data || !in.world.isEndType(x.typ):
		case len(r.modules) == 0:
			add(d.here, r.name.name, r.resource())
		default:
			add(d.below, r.name.name, r.resource())
		}
	}
	for _, x := range in.world.instances {
		enter(x, in.at)
	}
	for _, x := range in.world.declared {
		enter(x, bareSteps(in.at))
	}
	for _, e := range in.world.endpoints {
		enter(e.at, in.at)
		if r, ok := relative(e.at, in.at); ok && e.Name != "" {
			add(d.tagged, e.Name, r.resource())
		}
	}
	in.directory = d
	return d
}

// words is everything that a short name could have meant.
func (in *instance) words() []string {
	d := in.names()
	return slices.Concat(sortedKeys(in.scope.groups), []string{"internet", "any"},
		sortedKeys(d.here), sortedKeys(d.below), sortedKeys(d.tagged))
}

func orList(words []string) string {
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " or " + words[last]
}
