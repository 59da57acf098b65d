package planparse

import (
	"cmp"
	"maps"
	"slices"
	"strings"
)

// A scope is where an expression is evaluated.
type scope struct {
	module  string     // instance address
	forEach Expression // of the block that the expression belongs to
}

// collect adds to t what e may name.
func (s *ReferenceResolver) collect(e Expression, at scope, t *trail) {
	switch e.Kind {
	case ExprAbsent, ExprConstant:
	case ExprOpaque:
		t.obstruct(OpaqueReference, "a function of constants")
	case ExprReferences:
		for _, name := range longest(e.References) {
			if t.visit(at.module, name) || strings.HasPrefix(name, "each.") {
				s.follow(name, at, t)
			}
		}
	case ExprBlocks:
		for _, b := range e.Blocks {
			s.collect(b, at, t)
		}
	case ExprBlock:
		for _, name := range slices.Sorted(maps.Keys(e.Fields)) {
			s.collect(e.Fields[name], at, t)
		}
	}
}

// follow adds what one name leads to.
func (s *ReferenceResolver) follow(name string, at scope, t *trail) {
	switch r := parseReference(name); r.root {
	case "var":
		s.followVariable(name, r.name, at, t)
	case "local":
		t.obstruct(Local, "local."+r.name)
	case "module":
		s.followOutput(name, r, at, t)
	case "each":
		if r.name == "value" {
			s.collect(at.forEach, scope{module: at.module}, t)
		}
	case "count":
		// It says which of several: not shown.
	case "path", "terraform", "self":
		t.others = append(t.others, name)
	case "":
		t.obstruct(OpaqueReference, name)
	default:
		s.followResource(name, r, at, t)
	}
}

func (s *ReferenceResolver) followVariable(name, variable string, at scope, t *trail) {
	parent, call := parentOf(at.module)
	if call == "" {
		t.others = append(t.others, name)
		return
	}
	m := s.plan.Config.at(parent)
	if m == nil || m.Calls[call] == nil {
		t.obstruct(OpaqueReference, name)
		return
	}
	input := m.Calls[call].Inputs[variable]
	if input.Kind == ExprAbsent || input.Kind == ExprConstant {
		t.others = append(t.others, name)
		return
	}
	s.collect(input, scope{parent, m.Calls[call].ForEach}, t)
}

func (s *ReferenceResolver) followOutput(name string, r reference, at scope, t *trail) {
	instance := strings.TrimPrefix(at.module+".module."+r.name+keyText(r.key), ".")
	m := s.plan.Config.at(instance)
	if r.attr == "" || m == nil || m.Outputs[r.attr].Kind == ExprAbsent {
		t.obstruct(OpaqueReference, name)
		return
	}
	s.collect(m.Outputs[r.attr], scope{module: instance}, t)
}

func (s *ReferenceResolver) followResource(name string, r reference, at scope, t *trail) {
	kind := s.types[r.root]
	if kind == nil {
		t.others = append(t.others, name)
		return
	}
	config := s.config(at.module, r.root, r.name)
	if config == nil {
		t.obstruct(OpaqueReference, name)
		return
	}
	found := false
	for _, i := range s.instances[block{at.module, r.root, r.name}] {
		if r.key == nil || r.key == i.Key {
			found = true
			s.followInstance(name, r, kind, i, config, t)
		}
	}
	if !found && !s.plan.Complete {
		t.obstruct(Incomplete, name)
	}
}

func (s *ReferenceResolver) followInstance(name string, r reference, kind *ResourceType, i *Resource, config *ConfigResource, t *trail) {
	attr := cmp.Or(kind.Aliases[r.attr], r.attr)
	v := i.Value(After).Field(attr)
	switch {
	case i.Value(After).Kind() == Hole:
		t.obstruct(Deferred, string(i.Address))
	case i.Mode == Data && i.Action == ReadData:
		t.obstruct(DeferredData, string(i.Address))
	case i.Mode == Data:
		t.others = append(t.others, name)
	case attr == "":
		t.lost = append(t.lost, string(i.Address))
		t.propose(i, "id")
	case attr == "id" || attr == "arn" || slices.Contains(kind.Identities, attr):
		t.propose(i, attr)
	case v.IsWhole():
		t.others = append(t.others, name)
	default:
		from := member([]Expression{config.Expressions}, attr)
		if len(from) == 0 {
			t.obstruct(NotIdentity, name)
		}
		for _, e := range from {
			s.collect(e, scope{i.Module, config.ForEach}, t)
		}
	}
}
