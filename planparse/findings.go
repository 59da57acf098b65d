package planparse

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// A scope is where an expression is evaluated.
type scope struct {
	module  string     // instance address
	forEach Expression // of the block that the expression belongs to
}

// A finding is what the names in an expression lead to.
type finding struct {
	among     []candidate
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

func (f *finding) obstruct(r Reason, name string) {
	if o := (obstacle{r, name}); !slices.Contains(f.obstacles, o) {
		f.obstacles = append(f.obstacles, o)
	}
}

// visit reports whether name is met for the first time in a module.
func (f *finding) visit(module, name string) bool {
	at := module + " " + name
	if f.visited[at] {
		return false
	}
	if f.visited == nil {
		f.visited = map[string]bool{}
	}
	f.visited[at] = true
	return true
}

// restrict drops candidates of other types from the list. The doubt stays.
func (f *finding) restrict(types []string) {
	f.among = slices.DeleteFunc(f.among, func(c candidate) bool {
		drop := !slices.Contains(types, c.typeName)
		if drop {
			f.others = append(f.others, string(c.Address)+"."+c.Attr)
		}
		return drop
	})
}

// only is the one candidate, if nothing else occurs in the expression.
func (f *finding) only() (Identity, bool) {
	if len(f.among) == 1 && len(f.others)+len(f.lost)+len(f.obstacles) == 0 {
		return f.among[0].Identity, true
	}
	return Identity{}, false
}

// leaf is f for people and for the model.
func (f *finding) leaf() *Leaf {
	slices.SortFunc(f.among, func(a, b candidate) int {
		return cmp.Or(compareAddresses(a.Address, b.Address), strings.Compare(a.Attr, b.Attr))
	})
	l := &Leaf{}
	var names []string
	for _, c := range f.among {
		l.Kind = Candidates
		l.Among = append(l.Among, c.Identity)
		names = append(names, string(c.Address)+"."+c.Attr)
	}
	switch {
	case len(f.obstacles) > 0:
		l.Reason = f.obstacles[0].reason
		l.Detail = l.Reason.String() + " (" + some(f.obstructed(l.Reason)) + ")"
		if len(names) > 0 {
			l.Detail += "; candidates are " + some(names)
		}
	case len(names) > 1:
		l.Reason = Ambiguous
		l.Detail = l.Reason.String() + ": " + some(names)
	case len(f.lost) > 0:
		l.Reason = OpaqueReference
		l.Detail = "plan JSON does not show which attribute of " + some(f.lost) + " it is"
	case len(names) == 1:
		l.Reason = NoSources
		l.Detail = l.Reason.String() + "; the only candidate is " + names[0]
	case len(f.others) > 0:
		l.Reason = OpaqueReference
		l.Detail = "plan JSON shows only that it depends on " + some(f.others)
	default:
		l.Reason = NotIdentity
	}
	return l
}

func (f *finding) obstructed(r Reason) []string {
	var names []string
	for _, o := range f.obstacles {
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

// collect adds to f what e may name.
func (s *ReferenceResolver) collect(e Expression, at scope, f *finding) {
	switch e.Kind {
	case ExprAbsent, ExprConstant:
	case ExprOpaque:
		f.obstruct(OpaqueReference, "a function of constants")
	case ExprReferences:
		for _, name := range longest(e.References) {
			if f.visit(at.module, name) || strings.HasPrefix(name, "each.") {
				s.follow(name, at, f)
			}
		}
	case ExprBlocks:
		for _, b := range e.Blocks {
			s.collect(b, at, f)
		}
	case ExprBlock:
		for _, b := range e.Fields {
			s.collect(b, at, f)
		}
	}
}

// follow adds what one name leads to.
func (s *ReferenceResolver) follow(name string, at scope, f *finding) {
	switch r := parseReference(name); r.root {
	case "var":
		s.followVariable(name, r.name, at, f)
	case "local":
		f.obstruct(Local, "local."+r.name)
	case "module":
		s.followOutput(name, r, at, f)
	case "each":
		if r.name == "value" {
			s.collect(at.forEach, scope{module: at.module}, f)
		}
	case "count":
		// It says which of several: not shown.
	case "path", "terraform", "self":
		f.others = append(f.others, name)
	case "":
		f.obstruct(OpaqueReference, name)
	default:
		s.followResource(name, r, at, f)
	}
}

func (s *ReferenceResolver) followVariable(name, variable string, at scope, f *finding) {
	parent, call := parentOf(at.module)
	if call == "" {
		f.others = append(f.others, name)
		return
	}
	m := s.plan.Config.at(parent)
	if m == nil || m.Calls[call] == nil {
		f.obstruct(OpaqueReference, name)
		return
	}
	input := m.Calls[call].Inputs[variable]
	if input.Kind == ExprAbsent || input.Kind == ExprConstant {
		f.others = append(f.others, name)
		return
	}
	s.collect(input, scope{parent, m.Calls[call].ForEach}, f)
}

func (s *ReferenceResolver) followOutput(name string, r reference, at scope, f *finding) {
	instance := strings.TrimPrefix(at.module+".module."+r.name+keyText(r.key), ".")
	m := s.plan.Config.at(instance)
	if r.attr == "" || m == nil || m.Outputs[r.attr].Kind == ExprAbsent {
		f.obstruct(OpaqueReference, name)
		return
	}
	s.collect(m.Outputs[r.attr], scope{module: instance}, f)
}

func (s *ReferenceResolver) followResource(name string, r reference, at scope, f *finding) {
	t := s.types[r.root]
	if t == nil {
		f.others = append(f.others, name)
		return
	}
	config := s.config(at.module, r.root, r.name)
	if config == nil {
		f.obstruct(OpaqueReference, name)
		return
	}
	found := false
	for _, i := range s.instances[block{at.module, r.root, r.name}] {
		if r.key == nil || r.key == i.Key {
			found = true
			s.followInstance(name, r, t, i, config, f)
		}
	}
	if !found && !s.plan.Complete {
		f.obstruct(Incomplete, name)
	}
}

func (s *ReferenceResolver) followInstance(name string, r reference, t *ResourceType, i *Resource, config *ConfigResource, f *finding) {
	attr := cmp.Or(t.Aliases[r.attr], r.attr)
	v := i.Value(After).Field(attr)
	switch {
	case i.Value(After).Kind() == Hole:
		f.obstruct(Deferred, string(i.Address))
	case i.Mode == Data && i.Action == ReadData:
		f.obstruct(DeferredData, string(i.Address))
	case i.Mode == Data:
		f.others = append(f.others, name)
	case attr == "":
		f.lost = append(f.lost, string(i.Address))
		f.propose(i, "id")
	case attr == "id" || attr == "arn" || slices.Contains(t.Identities, attr):
		f.propose(i, attr)
	case v.IsWhole():
		f.others = append(f.others, name)
	default:
		from := member([]Expression{config.Expressions}, attr)
		if len(from) == 0 {
			f.obstruct(NotIdentity, name)
		}
		for _, e := range from {
			s.collect(e, scope{i.Module, config.ForEach}, f)
		}
	}
}

func (f *finding) propose(r *Resource, attr string) {
	c := candidate{Identity{r.Address, attr}, r.TypeName()}
	if !slices.Contains(f.among, c) {
		f.among = append(f.among, c)
	}
}
