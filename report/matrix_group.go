package report

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/planreach/planreach/evaluator"
	"github.com/planreach/planreach/netmodel"
)

// Groupings are the ways to group a matrix; tag:KEY is another.
var Groupings = []string{"group", "endpoint", "subnet", "vpc", "sg", "type", "module"}

// GroupEndpoints puts endpoints of a network into groups, the internet first and
// the others in natural order. An endpoint may be in several. named are the
// groups of assertion files by endpoint.
func GroupEndpoints(n *netmodel.Network, endpoints []netmodel.Address, by string, named map[netmodel.Address][]string) ([]evaluator.MatrixGroup, error) {
	key, isTag := strings.CutPrefix(by, "tag:")
	if !slices.Contains(Groupings, by) && (!isTag || key == "") {
		return nil, fmt.Errorf("there is no grouping %q; there are %s and tag:KEY", by, strings.Join(Groupings, ", "))
	}
	members := map[string][]netmodel.Address{}
	for _, a := range endpoints {
		ep := n.Endpoint(a)
		if ep == nil {
			continue
		}
		groups := groupsOf(n, ep, by, key, named[a])
		slices.Sort(groups)
		for _, g := range slices.Compact(groups) {
			members[g] = append(members[g], a)
		}
	}
	out := []evaluator.MatrixGroup{{Name: "internet", Internet: true}}
	for _, name := range slices.SortedFunc(maps.Keys(members), func(a, b string) int {
		return netmodel.CompareAddresses(netmodel.Address(a), netmodel.Address(b))
	}) {
		out = append(out, evaluator.MatrixGroup{Name: name, Members: members[name]})
	}
	return out, nil
}

// groupsOf is the names of the groups of an endpoint; what has none, or is not
// known, has a name in brackets.
func groupsOf(n *netmodel.Network, ep *netmodel.Endpoint, by, key string, named []string) []string {
	switch by {
	case "group":
		return orElse(named, "(in no group)")
	case "endpoint":
		return []string{string(ep.Address)}
	case "type":
		return []string{ep.Type}
	case "module":
		return []string{orRoot(moduleOf(string(ep.Address)))}
	case "subnet", "vpc", "sg":
		var out []string
		for _, a := range ep.Interfaces {
			out = append(out, placesOf(n, n.Interface(a), by)...)
		}
		return orElse(out, "(no interface)")
	}
	if v, ok := ep.Tags[key]; ok {
		return []string{v}
	}
	if !ep.TagsOpen.IsZero() {
		return []string{"(" + key + " not known)"}
	}
	return []string{"(no " + key + ")"}
}

func orElse(names []string, none string) []string {
	if len(names) == 0 {
		return []string{none}
	}
	return names
}

func orRoot(module string) string {
	if module == "" {
		return "(root module)"
	}
	return module
}

// placesOf is the subnet, the VPC or the security groups of an interface.
func placesOf(n *netmodel.Network, i *netmodel.Interface, by string) []string {
	name := func(r netmodel.Ref) string {
		if a, ok := r.Exact(); ok {
			return string(a)
		}
		return "(" + by + " not known)"
	}
	switch by {
	case "subnet":
		return []string{name(i.Subnet)}
	case "vpc":
		a, _ := i.Subnet.Exact()
		if s := n.Subnet(a); s != nil {
			return []string{name(s.VPC)}
		}
		return []string{"(vpc not known)"}
	}
	var out []string
	for _, g := range i.Groups.Links {
		if !g.IsNone() {
			out = append(out, name(g))
		}
	}
	if !i.Groups.More.IsZero() {
		out = append(out, "(sg not known)")
	}
	return out
}

// moduleOf is the module instance of an address; empty for the root.
func moduleOf(address string) string {
	var steps []string
	rest := address
	for strings.HasPrefix(rest, "module.") {
		end := stepEnd(rest[len("module."):]) + len("module.")
		steps = append(steps, rest[:end])
		rest = strings.TrimPrefix(rest[end:], ".")
	}
	return strings.Join(steps, ".")
}

// stepEnd is where the next dot outside of quotes and brackets stands, or the
// end.
func stepEnd(s string) int {
	quoted := false
	for i := 0; i < len(s); i++ {
		switch {
		case quoted && s[i] == '\\':
			i++
		case s[i] == '"':
			quoted = !quoted
		case s[i] == '.' && !quoted:
			return i
		}
	}
	return len(s)
}
