package source

import (
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/planreach/planreach/planparse"
)

// settleAlternatives settles l if e is a choice between values that are all
// certain, whatever the condition will be: as one of them, or as the one that
// all are.
func (s settler) settleAlternatives(l *planparse.Leaf, e hclsyntax.Expression, at env) bool {
	if s.differ {
		return false
	}
	steps := maxAlternatives
	values, ok := s.alternatives(e, at, &steps)
	if !ok {
		return false
	}
	var among []planparse.Identity
	for _, v := range values {
		id, ok := s.symbols.term(v).Identity()
		if !ok {
			return false
		}
		if !slices.Contains(among, id) {
			among = append(among, id)
		}
	}
	if len(among) == 1 {
		l.Kind, l.Term = planparse.Exact, planparse.Term{{Identity: among[0]}}
		return true
	}
	l.Kind, l.Among, l.Closed = planparse.Candidates, among, true
	l.Reason = planparse.UnknownCondition
	l.Detail = s.text(e) + " is open, for " + l.Reason.String()
	return true
}

// maxAlternatives bounds the steps taken to find what an expression may be: more
// choices are of no use to anybody.
const maxAlternatives = 256

// alternatives are the texts, spelled as in naming 0, of which e is certainly
// one. Each step takes one of steps away.
func (s settler) alternatives(e hclsyntax.Expression, at env, steps *int) ([]string, bool) {
	if *steps--; *steps < 0 {
		return nil, false
	}
	switch e := e.(type) {
	case *hclsyntax.ParenthesesExpr:
		return s.alternatives(e.Expression, at, steps)
	case *guardedConditional:
		if v, ok := s.everywhere(e.Condition, at); ok && v.Type() == cty.Bool && !v.IsNull() {
			if v.True() {
				return s.alternatives(e.TrueResult, at, steps)
			}
			return s.alternatives(e.FalseResult, at, steps)
		}
		a, ok := s.alternatives(e.TrueResult, at, steps)
		if !ok {
			return nil, false
		}
		b, ok := s.alternatives(e.FalseResult, at, steps)
		return append(a, b...), ok
	case *hclsyntax.ScopeTraversalExpr:
		if inner, where, ok := s.definition(e.Traversal, at); ok {
			return s.alternatives(inner, where, steps)
		}
	}
	v, ok := s.everywhere(e, at)
	if !ok || v.Type() != cty.String || v.IsNull() {
		return nil, false
	}
	return []string{v.AsString()}, true
}

// definition is what a local value, an untyped or text argument of a module, or
// an output of a single module is defined as, and where.
func (s settler) definition(t hcl.Traversal, at env) (hclsyntax.Expression, env, bool) {
	name := firstName(t[1:])
	switch root := t.RootName(); {
	case root == "local" && len(t) == 2 && at.scope.module.locals[name] != nil:
		return at.scope.module.locals[name], env{scope: at.scope}, true
	case root == "var" && len(t) == 2 && at.scope.parent != nil:
		v, e := at.scope.module.variables[name], at.scope.call.arguments[name]
		if v == nil || e == nil || v.problem || !v.nullable || (v.typ != cty.String && v.typ != cty.DynamicPseudoType) {
			return nil, env{}, false
		}
		return e, env{scope: at.scope.parent, key: at.scope.key, forEach: at.scope.call.forEach}, true
	case root == "module" && len(t) == 3:
		c := at.scope.module.calls[name]
		output := firstName(t[2:])
		if c == nil || c.module == nil || c.module.problem != "" || c.count != nil || c.forEach != nil || c.enabled != nil || c.module.outputs[output] == nil {
			return nil, env{}, false
		}
		return c.module.outputs[output], env{scope: s.child(at.scope, name, nil)}, true
	}
	return nil, env{}, false
}

// everywhere is the value of e, spelled as in naming 0, if it is known and the
// same under all namings.
func (s settler) everywhere(e hclsyntax.Expression, at env) (cty.Value, bool) {
	first := unmarked(s.world(0).eval(e, at))
	if !first.IsKnown() || !first.Type().IsPrimitiveType() {
		return cty.NilVal, false
	}
	for n := 1; n < namings; n++ {
		if v := unmarked(s.world(n).eval(e, at)); !v.RawEquals(s.respell(first, n)) {
			return cty.NilVal, false
		}
	}
	return first, true
}
