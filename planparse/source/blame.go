package source

import (
	"cmp"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/planreach/planreach/planparse"
)

// A blamer looks for the first thing that makes an expression unknown.
type blamer struct {
	world   *world
	leaf    *planparse.Leaf
	culprit string
	// accepts are the types of the candidates to name.
	accepts []string
}

const maxBlame = 30 // steps from definition to definition

// expression says why e is unknown.
func (m *blamer) expression(e hclsyntax.Expression, at env, depth int) {
	m.leaf.Reason = planparse.ContentDependent
	if depth > maxBlame {
		m.leaf.Reason = planparse.Cycle
		return
	}
	u := m.world.usage(e)
	for _, r := range u.references {
		m.candidates(r, at)
	}
	for _, name := range u.calls {
		switch r, ok := functionTable()[strings.TrimPrefix(name, "core::")]; {
		case strings.HasPrefix(name, "file") || name == "templatefile":
			m.leaf.Reason, m.culprit = planparse.MissingFile, name
		case !ok || r.class == absent:
			m.leaf.Reason, m.culprit = planparse.UnsupportedFunction, name
		default:
			continue
		}
		return
	}
	for _, r := range u.references {
		v := varTree{}
		m.world.add(v, []reference{r}, at)
		if r.name == "" || settled(v, r) {
			continue
		}
		if m.reference(r, at, depth) {
			return
		}
	}
	if hasConditional(e) {
		m.leaf.Reason = planparse.UnknownCondition
	}
}

// settled reports whether nothing of what r uses, in v, is open. An object that
// is used as a whole has open attributes that need not matter.
func settled(v varTree, r reference) bool {
	for _, x := range v.values() {
		names := []string{r.name}
		if r.root == "data" {
			names = []string{r.typ, r.name}
		}
		for _, n := range names {
			if !x.Type().IsObjectType() || !x.Type().HasAttribute(n) {
				return false
			}
			x = x.GetAttr(n)
		}
		if !x.IsKnown() || ((r.attr != "" || !hasInstances(r.root)) && !x.IsWhollyKnown()) {
			return false
		}
	}
	return true
}

// reference says why what r names is unknown.
func (m *blamer) reference(r reference, at env, depth int) bool {
	s := at.scope
	switch r.root {
	case "local":
		if e := s.module.locals[r.name]; e != nil {
			m.leaf.Via = append(m.leaf.Via, e.Range())
			m.expression(e, env{scope: s}, depth+1)
			return true
		}
	case "var":
		if s.parent != nil {
			if e := s.call.arguments[r.name]; e != nil {
				m.leaf.Via = append(m.leaf.Via, e.Range())
				m.expression(e, env{scope: s.parent, key: s.key, forEach: s.call.forEach}, depth+1)
				return true
			}
		}
	case "each":
		if at.forEach != nil {
			m.expression(at.forEach, env{scope: s}, depth+1)
			return true
		}
	case "module":
		return m.output(r, s, depth)
	case "terraform", "tofu", "path":
		m.leaf.Reason, m.culprit = planparse.OpaqueReference, r.root+"."+r.name
		return true
	case "data":
		m.leaf.Reason, m.culprit = planparse.DeferredData, "data."+r.typ+"."+r.name
		return true
	case "count", "self", "ephemeral", "resource":
	default:
		m.leaf.Reason, m.culprit = planparse.NotIdentity, strings.TrimSuffix(r.root+"."+r.name+"."+r.attr, ".")
		return true
	}
	m.leaf.Reason = planparse.OpaqueReference
	return true
}

func (m *blamer) output(r reference, s *scope, depth int) bool {
	c := s.module.calls[r.name]
	if c == nil || c.module == nil || c.module.problem != "" {
		m.leaf.Reason, m.culprit = planparse.ParseError, "module."+r.name
		return true
	}
	keys, ok := m.world.keys(s, c.count, c.forEach)
	e := c.module.outputs[r.attr]
	if !ok || len(keys) == 0 || e == nil {
		m.leaf.Reason, m.culprit = planparse.OpaqueReference, "module."+r.name
		return true
	}
	child := m.world.child(s, r.name, keys[0])
	m.leaf.Via = append(m.leaf.Via, e.Range())
	m.expression(e, env{scope: child}, depth+1)
	return true
}

// maxCandidates bounds the list of objects that a message names.
const maxCandidates = 20

// candidates adds the objects that r names.
func (m *blamer) candidates(r reference, at env) {
	if !slices.Contains(m.accepts, r.root) || (r.attr != "" && r.attr != "id" && r.attr != "arn") {
		return
	}
	for _, x := range m.world.instances[at.scope.address+"\x00"+r.root+"."+r.name] {
		id := planparse.Identity{Address: x.Address, Attr: cmp.Or(r.attr, "id")}
		if len(m.leaf.Among) < maxCandidates && !slices.Contains(m.leaf.Among, id) {
			m.leaf.Among = append(m.leaf.Among, id)
		}
	}
}

// behind adds the objects that e leads to through definitions. Each takes one of
// steps away.
func (m *blamer) behind(e hclsyntax.Expression, at env, steps *int) {
	if *steps--; e == nil || *steps < 0 {
		return
	}
	s := at.scope
	for _, r := range m.world.usage(e).references {
		m.candidates(r, at)
		switch r.root {
		case "local":
			m.behind(s.module.locals[r.name], env{scope: s}, steps)
		case "var":
			if s.parent != nil {
				m.behind(s.call.arguments[r.name], env{scope: s.parent, key: s.key, forEach: s.call.forEach}, steps)
			}
		case "each":
			m.behind(at.forEach, env{scope: s}, steps)
		case "module":
			c := s.module.calls[r.name]
			if c == nil || c.module == nil {
				continue
			}
			keys, _ := m.world.keys(s, c.count, c.forEach)
			for _, key := range keys {
				m.behind(c.module.outputs[r.attr], env{scope: m.world.child(s, r.name, key)}, steps)
			}
		}
	}
}

func hasConditional(e hclsyntax.Expression) bool {
	found := false
	hclsyntax.VisitAll(e, func(n hclsyntax.Node) hcl.Diagnostics { //nolint:errcheck // finds no fault
		_, ok := n.(*guardedConditional)
		found = found || ok
		return nil
	})
	return found
}
