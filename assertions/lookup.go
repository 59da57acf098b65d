package assertions

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"

	"github.com/planreach/planreach/netmodel"
)

// lookupOptions say how selectors are looked up.
type lookupOptions struct {
	skipEmpty bool // leave out what selects nothing
	source    bool // the ends send: any includes what lies outside the plan (L-17)
	gateways  bool // gateways may be named
}

// A selection is the ends that selectors mean.
type selection struct {
	ends []End
	left []string // what selected nothing and was left out
	by   string   // the way in which the first selector matched, in the words of the JSON field matched_by
}

// nothing is the rest of every message about an empty selection.
const nothing = ` An assertion about nothing would always pass. If that is intended, set empty = "skip".`

// lookup is the union of what the selectors mean.
func (in *instance) lookup(list []written, o lookupOptions) (selection, hcl.Diagnostics) {
	var out selection
	var diags hcl.Diagnostics
	for _, w := range list {
		found, more := in.find(w, o)
		diags = append(diags, more...)
		out.ends = union(out.ends, found.ends...)
		out.by = cmp.Or(out.by, found.by)
		switch {
		case len(found.ends) > 0 || more.HasErrors():
		case o.skipEmpty:
			out.left = append(out.left, w.text)
		default:
			diags = diags.Append(problem(w.rng, "Nothing selected", "%s%s", in.emptiness(w), nothing))
		}
	}
	out.ends = oneInternet(out.ends)
	slices.SortStableFunc(out.ends, compareEnds)
	return out, diags
}

// oneInternet makes one end of the internet's families.
func oneInternet(ends []End) []End {
	at := -1
	var out []End
	for _, e := range ends {
		if e.Kind == InternetEnd && at >= 0 {
			out[at].V4, out[at].V6 = out[at].V4 || e.V4, out[at].V6 || e.V6
			continue
		}
		if e.Kind == InternetEnd {
			at = len(out)
		}
		out = append(out, e)
	}
	return out
}

// compareEnds puts endpoints first, in natural order, then the internet, then
// prefixes.
func compareEnds(a, b End) int {
	return cmp.Or(cmp.Compare(a.Kind, b.Kind), netmodel.CompareAddresses(a.Endpoint, b.Endpoint),
		a.Prefix.Addr().Compare(b.Prefix.Addr()), cmp.Compare(a.Prefix.Bits(), b.Prefix.Bits()))
}

// emptiness says why a selector that is fine selects nothing.
func (in *instance) emptiness(w written) string {
	plan := "this plan"
	if in.module.Address != "" {
		plan = in.module.Address + " in this plan"
	}
	switch s := w.what.(type) {
	case addressSelector:
		if s.typ == "" {
			return s.String() + " holds no endpoint in this plan."
		}
		if r := roles[s.typ]; r != endRole && len(in.world.places(s.in(in.at))) > 0 {
			return s.String() + " has no endpoint in it."
		}
		return in.withoutInstance(s.String())
	case nameSelector:
		return in.withoutInstance(s.String())
	case groupSelector:
		return "group." + s.name + " is empty in " + plan + "."
	case anySelector:
		return "This plan has no endpoint."
	case globSelector, tagSelector, objectSelector:
		return w.text + " matches no endpoint of " + plan + "."
	case internetSelector, prefixSelector, quantifiedSelector:
	}
	panic("assertions: cannot be empty: " + w.text)
}

func (in *instance) withoutInstance(name string) string {
	if in.module.Address != "" {
		name += ", from " + in.module.Address + ","
	}
	return name + " is in the configuration but has no instance in this plan."
}

// find is the ends that one selector means; none without an error if it means
// something that has no instance.
func (in *instance) find(w written, o lookupOptions) (selection, hcl.Diagnostics) {
	switch s := w.what.(type) {
	case internetSelector:
		return selection{ends: []End{{Kind: InternetEnd, V4: s.v4, V6: s.v6}}, by: "cidr"}, nil
	case prefixSelector:
		return selection{ends: []End{{Kind: PrefixEnd, Prefix: s.prefix}}, by: "cidr"}, nil
	case anySelector:
		out := selection{ends: in.every(func(endpoint) netmodel.Truth { return netmodel.Holds }), by: "all"}
		if o.source {
			out.ends = append(out.ends, End{Kind: InternetEnd, V4: true, V6: true})
			out.ends = append(out.ends, in.world.outsideRanges()...)
		}
		return out, nil
	case groupSelector:
		return in.findGroup(s.name, w)
	case tagSelector:
		return selection{ends: in.below(func(e endpoint) netmodel.Truth { return s.matches(e) }), by: "tag"}, nil
	case globSelector:
		return selection{ends: in.matching(s.glob), by: "glob"}, nil
	case objectSelector:
		places, diags := in.placesOf(s.within)
		return selection{ends: in.below(func(e endpoint) netmodel.Truth { return in.world.satisfies(e, s, places) }), by: "object"}, diags
	case addressSelector:
		return in.findAddress(s.address, w, o)
	case nameSelector:
		return in.findName(s.step, w)
	case quantifiedSelector:
		return selection{}, hcl.Diagnostics{problem(w.rng, "Quantifier inside a list", "all(…) and any(…) stand only at the top of from and to.")}
	}
	panic(fmt.Sprintf("assertions: unknown selector %T", w.what))
}

// every is the endpoints of the plan that belong to a selection as ask says.
// Interfaces of other endpoints are represented by those.
func (in *instance) every(ask func(endpoint) netmodel.Truth) []End {
	var out []End
	for _, e := range in.world.endpoints {
		if t := ask(e); !e.part && !t.IsFalse() {
			out = append(out, endOf(e.Address, t))
		}
	}
	return out
}

// below is every, in this module instance and the modules below it.
func (in *instance) below(ask func(endpoint) netmodel.Truth) []End {
	return in.every(func(e endpoint) netmodel.Truth {
		if !e.at.within(in.at) {
			return netmodel.Fails
		}
		return ask(e)
	})
}

func (in *instance) matching(g glob) []End {
	var out []End
	at := in.at
	if g.root {
		at = nil
	}
	for _, e := range in.world.endpoints {
		if r, ok := relative(e.at, at); ok && g.matches(r) {
			out = append(out, endOf(e.Address, netmodel.Holds))
		}
	}
	return out
}

// matches says whether an endpoint has the tag.
func (t tagSelector) matches(e endpoint) netmodel.Truth {
	v, ok := e.Tags[t.key]
	if !ok && t.key == "Name" && e.Name != "" {
		v, ok = e.Name, true
	}
	switch {
	case ok:
		return netmodel.Certain(matchWord(t.pattern, v))
	case !e.TagsOpen.IsZero():
		return netmodel.Open(e.TagsOpen)
	}
	return netmodel.Fails
}

// satisfies says whether an endpoint has all the parts of an object.
func (w *world) satisfies(e endpoint, o objectSelector, places []place) netmodel.Truth {
	some := func(patterns []string, text string) bool {
		return len(patterns) == 0 || slices.ContainsFunc(patterns, func(p string) bool { return matchWord(p, text) })
	}
	out := netmodel.Certain(some(o.types, e.at.typ) && some(o.names, e.at.name.name) && !e.at.data)
	for _, t := range o.tags {
		out = both(out, t.matches(e))
	}
	if len(o.within) > 0 {
		out = both(out, w.within(e, places))
	}
	return out
}

// placesOf is the places that selectors name.
func (in *instance) placesOf(list []written) ([]place, hcl.Diagnostics) {
	var out []place
	var diags hcl.Diagnostics
	for _, w := range list {
		s, ok := w.what.(addressSelector)
		switch r := roles[s.typ]; {
		case ok && (r == vpcRole || r == subnetRole || r == groupRole):
			found := in.world.places(s.in(in.at))
			if len(found) == 0 {
				diags = append(diags, in.missing(s.address, w)...)
			}
			out = append(out, found...)
		default:
			diags = diags.Append(problem(w.rng, "Not a place", "within takes the addresses of VPCs, subnets and security groups."))
		}
	}
	return out, diags
}

// findAddress is what an address picks.
func (in *instance) findAddress(a address, w written, o lookupOptions) (selection, hcl.Diagnostics) {
	abs := a.in(in.at)
	out := selection{by: "address"}
	if a.typ == "" {
		for _, e := range in.world.endpoints {
			if abs.picks(e.at) && !e.part {
				out.ends = append(out.ends, endOf(e.Address, netmodel.Holds))
			}
		}
		if len(out.ends) == 0 {
			return out, in.missingModule(abs, w)
		}
		return out, nil
	}
	for _, e := range in.world.byResource[abs.resource()] {
		if abs.picks(e.at) {
			out.ends = append(out.ends, endOf(e.Address, netmodel.Holds))
		}
	}
	if len(out.ends) > 0 {
		return out, nil
	}
	gateways, diags := in.gateways(abs, w, o)
	if len(gateways) > 0 || diags.HasErrors() {
		out.ends = gateways
		return out, diags
	}
	switch r := roles[a.typ]; r {
	case vpcRole, subnetRole, groupRole:
		if places := in.world.places(abs); len(places) > 0 {
			out.ends = in.world.inPlaces(places)
			return out, nil
		}
	case wayRole:
		switch _, is := gatewayEnds[a.typ]; {
		case is && !slices.ContainsFunc(in.world.instances, abs.picks):
			return out, in.missing(a, w)
		case is && !o.gateways:
			return out, hcl.Diagnostics{problem(w.rng, "Not an end of a flow",
				"%s is an end in from and to of must_reach and must_not_reach only. For the public internet write internet; to require it on the way, name it in through.", a)}
		}
		return out, hcl.Diagnostics{problem(w.rng, "Not an end of a flow",
			"%s %s. For the public internet write internet; to require this %s on the way, name it in through.",
			a, what(a.typ), wayNoun(a.typ))}
	case endRole:
	}
	return out, in.missing(a, w)
}

func wayNoun(typ string) string {
	if strings.HasSuffix(typ, "_gateway") {
		return "gateway"
	}
	return "resource"
}

// findGroup is the members of a group.
func (in *instance) findGroup(name string, w written) (selection, hcl.Diagnostics) {
	st := in.scope.groups[name]
	if st == nil {
		return selection{}, hcl.Diagnostics{problem(w.rng, "No such group", "There is no group named %s.%s",
			name, didYouMean("group."+name, prefixed("group.", sortedKeys(in.scope.groups))))}
	}
	found, diags := in.members(name)
	return selection{ends: found.ends, by: "group"}, diags
}

func prefixed(prefix string, words []string) []string {
	for i := range words {
		words[i] = prefix + words[i]
	}
	return words
}
