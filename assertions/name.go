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
			"Looked for a group, an endpoint resource and a Name tag of that name.%s", didYouMean(name.name, in.names()))}
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
	out, diags := in.findAddress(a, w)
	out.by = by
	return out, diags
}

// named is the resources that a short name may mean, as addresses relative to
// this module instance and without indexes, and by which step.
func (in *instance) named(name string) (resources []string, by string) {
	here := func(x address) bool { return len(x.modules) == 0 }
	below := func(x address) bool { return len(x.modules) > 0 }
	for _, fits := range []func(address) bool{here, below} {
		var out []string
		for _, r := range in.endResources() {
			if fits(r) && r.name.name == name && !r.data {
				out = append(out, r.resource())
			}
		}
		if len(out) > 0 {
			slices.Sort(out)
			return slices.Compact(out), "name"
		}
	}
	var out []string
	for _, e := range in.world.endpoints {
		if r, ok := relative(e.at, in.at); ok && e.Name == name {
			out = append(out, r.resource())
		}
	}
	slices.Sort(out)
	return slices.Compact(out), "name tag"
}

// endResources is the resources that can be ends, declared or with an
// instance, in this module instance and below, relative to it.
func (in *instance) endResources() []address {
	var out []address
	for _, x := range slices.Concat(in.world.instances, in.world.endpointAddresses()) {
		if r, ok := relative(x, in.at); ok && in.world.isEndType(x.typ) {
			out = append(out, r)
		}
	}
	for _, x := range in.world.declared {
		if r, ok := relative(x, bareSteps(in.at)); ok && in.world.isEndType(x.typ) {
			out = append(out, r)
		}
	}
	return out
}

func (w *world) endpointAddresses() []address {
	out := make([]address, len(w.endpoints))
	for i, e := range w.endpoints {
		out[i] = e.at
	}
	return out
}

// names is everything that a short name could have meant.
func (in *instance) names() []string {
	out := append(sortedKeys(in.scope.groups), "internet", "any")
	for _, r := range in.endResources() {
		out = append(out, r.name.name)
	}
	for _, e := range in.world.endpoints {
		if e.Name != "" && e.at.within(in.at) {
			out = append(out, e.Name)
		}
	}
	return out
}

func orList(words []string) string {
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " or " + words[last]
}
