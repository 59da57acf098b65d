package planparse

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// A finding is the outcome of a trail.
type finding struct {
	leaf *Leaf
	only Identity // the one candidate, if ok
	ok   bool     // nothing else occurs in the expression
}

// A trail is where the names in an expression lead.
type trail struct {
	among     []candidate
	proposed  map[candidate]bool
	others    []string // names of what no link leads to: constants, other types
	lost      []string // names of objects whose attribute is not shown
	obstacles []obstacle
	visited   map[string]bool
}

type candidate struct {
	Identity
	typeName string
}

// An obstacle is a name that leads nowhere, and why.
type obstacle struct {
	reason Reason
	name   string
}

func (t *trail) obstruct(r Reason, name string) {
	if o := (obstacle{r, name}); !slices.Contains(t.obstacles, o) {
		t.obstacles = append(t.obstacles, o)
	}
}

// visit reports whether name is met for the first time in a module.
func (t *trail) visit(module, name string) bool {
	at := module + " " + name
	if t.visited[at] {
		return false
	}
	if t.visited == nil {
		t.visited = map[string]bool{}
	}
	t.visited[at] = true
	return true
}

// propose adds an attribute of r to the candidates.
func (t *trail) propose(r *Resource, attr string) {
	c := candidate{Identity{r.Address, attr}, r.TypeName()}
	if t.proposed[c] {
		return
	}
	if t.proposed == nil {
		t.proposed = map[candidate]bool{}
	}
	t.proposed[c] = true
	t.among = append(t.among, c)
}

// restrict drops candidates of other types from the list. The doubt stays.
func (t *trail) restrict(types []string) {
	t.among = slices.DeleteFunc(t.among, func(c candidate) bool {
		drop := !slices.Contains(types, c.typeName)
		if drop {
			t.others = append(t.others, string(c.Address)+"."+c.Attr)
		}
		return drop
	})
}

// only is the one candidate, if nothing else occurs in the expression.
func (t *trail) only() (Identity, bool) {
	if len(t.among) == 1 && len(t.others)+len(t.lost)+len(t.obstacles) == 0 {
		return t.among[0].Identity, true
	}
	return Identity{}, false
}

// leaf is t for people and for the model.
func (t *trail) leaf() *Leaf {
	slices.SortFunc(t.among, func(a, b candidate) int {
		return cmp.Or(compareAddresses(a.Address, b.Address), strings.Compare(a.Attr, b.Attr))
	})
	l := &Leaf{}
	var names []string
	for _, c := range t.among {
		l.Kind = Candidates
		l.Among = append(l.Among, c.Identity)
		names = append(names, string(c.Address)+"."+c.Attr)
	}
	switch {
	case len(t.obstacles) > 0:
		l.Reason = t.obstacles[0].reason
		l.Detail = l.Reason.String() + " (" + some(t.obstructed(l.Reason)) + ")"
		if len(names) > 0 {
			l.Detail += "; candidates are " + some(names)
		}
	case len(names) > 1:
		l.Reason = Ambiguous
		l.Detail = l.Reason.String() + ": " + some(names)
	case len(t.lost) > 0:
		l.Reason = OpaqueReference
		l.Detail = "plan JSON does not show which attribute of " + some(t.lost) + " it is"
	case len(names) == 1:
		l.Reason = NoSources
		l.Detail = l.Reason.String() + "; the only candidate is " + names[0]
	case len(t.others) > 0:
		l.Reason = OpaqueReference
		l.Detail = "plan JSON shows only that it depends on " + some(t.others)
	default:
		l.Reason = NotIdentity
	}
	return l
}

func (t *trail) obstructed(r Reason) []string {
	var names []string
	for _, o := range t.obstacles {
		if o.reason == r {
			names = append(names, o.name)
		}
	}
	return names
}

// some is a list for people.
func some(names []string) string {
	const most = 5
	slices.Sort(names)
	names = slices.Compact(names)
	if more := len(names) - most; more > 1 {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), more)
	}
	return strings.Join(names, ", ")
}
