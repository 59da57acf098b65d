package assertions

import (
	"github.com/hashicorp/hcl/v2"

	"github.com/planreach/planreach/netmodel"
)

// A Selection is what a selector means in the root module.
type Selection struct {
	// MatchedBy is address, glob, group, name, name tag, tag, object, cidr or
	// all.
	MatchedBy string
	Ends      []End
	// Groups are the groups of the root that each endpoint is in.
	Groups map[netmodel.Address][]string
	// Definition is where the group is defined, if MatchedBy is group.
	Definition hcl.Range
}

// Select says what a selector, written as in an arrow, means in the root
// module; the empty selector means every endpoint.
func (s *Set) Select(inv Inventory, selector string) (Selection, hcl.Diagnostics) {
	w := newWorld(inv, 0)
	in, diags := s.instance(s.scopes[0], w.modulesIn("")[0], w)
	text := selector
	if text == "" {
		text = "any"
	}
	l := newLiteral(text, CommandLine, 1, 0)
	s.files[CommandLine] = &hcl.File{Bytes: []byte(text)}
	sel, f := parseSelector(text, nil)
	if f != nil {
		return Selection{}, append(diags, l.diagnostic(f))
	}
	found, more := in.lookup([]written{{sel, l}}, lookupOptions{})
	out := Selection{MatchedBy: found.by, Ends: found.ends, Groups: in.memberships()}
	if found.by == "group" {
		name, _ := groupName(sel)
		out.Definition = in.scope.groups[name].rng
	}
	return out, s.fresh(append(diags, more...))
}

func groupName(s selector) (string, bool) {
	switch s := s.(type) {
	case groupSelector:
		return s.name, true
	case nameSelector:
		return s.name, true
	default:
		return "", false
	}
}
