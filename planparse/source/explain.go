package source

import (
	"fmt"
	"maps"
	"regexp"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/planreach/planreach/planparse"
)

// block is the block of the settler's resource, or nil.
func (s settler) block() (*scope, *block) {
	sc := s.scope(s.resource.Module)
	if sc == nil {
		return nil, nil
	}
	return sc, sc.module.resources[blockName(s.resource.Mode, s.resource.Type, s.resource.Name)]
}

// rangeOf is where the expression at path stands, or the block that holds it.
func (s settler) rangeOf(path string) hcl.Range {
	_, b := s.block()
	if b == nil {
		return hcl.Range{}
	}
	if e := expressionAt(b.body, path); e != nil {
		return e.Range()
	}
	return locate(b, path, s.t)
}

// expressionAt is the expression of the argument at path: of the resource
// itself, or of the only nested block of its type; nil if it cannot be told.
func expressionAt(body *hclsyntax.Body, path string) hclsyntax.Expression {
	name, rest, _ := strings.Cut(path, ".")
	name, _, _ = strings.Cut(name, "[")
	if a := body.Attributes[name]; a != nil {
		return a.Expr
	}
	var only *hclsyntax.Body
	for _, b := range body.Blocks {
		if nestedName(b) != name {
			continue
		}
		if only != nil {
			return nil
		}
		only = contentOf(b)
	}
	if only == nil {
		return nil
	}
	return expressionAt(only, rest)
}

// contentOf is the body of the blocks that b stands for.
func contentOf(b *hclsyntax.Block) *hclsyntax.Body {
	if b.Type != "dynamic" {
		return b.Body
	}
	for _, inner := range b.Body.Blocks {
		if inner.Type == "content" {
			return inner.Body
		}
	}
	return nil
}

// explain says why l could not be settled.
func (s settler) explain(l *planparse.Leaf, path string) {
	name, _, _ := strings.Cut(path, ".")
	name, _, _ = strings.Cut(name, "[")
	sc, b := s.block()
	switch {
	case s.resource.Mode == planparse.Data:
		l.Reason = planparse.DeferredData
	case sc == nil || sc.module.problem != "":
		l.Reason = planparse.ParseError
		if sc != nil {
			l.Detail = sc.module.problem
		}
	case b == nil:
		l.Reason = planparse.OpaqueReference
	case s.checks[s.resource] != nil && s.checks[s.resource].disagrees():
		l.Reason = planparse.Disagrees
		l.Detail = fmt.Sprintf("the sources and the plan disagree about %s.%s", s.resource.Address, s.checks[s.resource].argument)
	case !sets(b.body, name):
		l.Reason, l.Unset = planparse.NotIdentity, true
	default:
		s.blame(l, sc, b, path)
	}
}

// uncounted reports whether v may be the one block that Terraform plans where it
// does not know how many blocks a dynamic block will make: all that its content
// sets is open.
func (s settler) uncounted(v planparse.Value, name string) bool {
	_, b := s.block()
	if b == nil || v.Kind() != planparse.List || b.body.Attributes[name] != nil {
		return false
	}
	if c, set := s.world(0).configured(s.resource, name); !set || c.IsKnown() {
		return false
	}
	for _, d := range b.body.Blocks {
		content := contentOf(d)
		if d.Type != "dynamic" || nestedName(d) != name || content == nil {
			continue
		}
		for _, e := range v.Elements() {
			open := true
			for a := range content.Attributes {
				open = open && e.Field(a).Kind() == planparse.Hole
			}
			if open {
				return true
			}
		}
	}
	return false
}

// blame names what in the configuration leaves l open.
func (s settler) blame(l *planparse.Leaf, sc *scope, b *block, path string) {
	name, _, nested := strings.Cut(path, ".")
	name, _, _ = strings.Cut(name, "[")
	if c, _ := s.world(0).configured(s.resource, name); !nested && c.IsKnown() && isEmpty(c) && !s.differ {
		l.Reason, l.Unset = planparse.NotIdentity, true
		return
	}
	e := expressionAt(b.body, path)
	switch {
	case e == nil && s.differ:
		l.Reason = planparse.NamingsDiffer
		return
	case e == nil && !nested:
		l.Reason = planparse.UnknownBlocks
		l.Detail = fmt.Sprintf("%s.%s is open, for %s", s.resource.Address, name, l.Reason)
		return
	case e == nil:
		l.Reason = planparse.NotIdentity // of a block that does not set it, or one of several
		return
	}
	at := env{scope: sc, key: s.resource.Key, forEach: b.forEach}
	if nested {
		at.iterators = unknownIterators(b.body)
	} else if s.settleAlternatives(l, e, at) {
		return
	}
	if v := s.world(0).eval(e, at); v.IsWhollyKnown() && !s.differ {
		l.Reason, l.Unset = planparse.NotIdentity, isEmpty(v) // the provider's choice all the same
		return
	}
	m := blamer{world: s.world(0), leaf: l, accepts: s.accepted(path)}
	m.expression(e, at, 0)
	if s.differ {
		l.Reason, m.culprit = planparse.NamingsDiffer, ""
	}
	if len(l.Among) == 0 {
		steps := maxAlternatives
		m.behind(e, at, &steps)
	}
	if l.Kind == planparse.Unknown && len(l.Among) > 0 {
		l.Kind = planparse.Candidates
	}
	l.Detail = fmt.Sprintf("%s is open, for %s", s.text(e), l.Reason)
	if m.culprit != "" {
		l.Detail += ": " + m.culprit
	}
}

// unknownIterators are the names that dynamic blocks in body define, without
// their values.
func unknownIterators(body *hclsyntax.Body) map[string]cty.Value {
	out := map[string]cty.Value{}
	for _, b := range body.Blocks {
		if b.Type == "dynamic" {
			out[iteratorOf(b)] = cty.DynamicVal
		}
		maps.Copy(out, unknownIterators(b.Body))
	}
	return out
}

// accepted are the types whose objects the argument at path may name; nil if
// that is not known.
func (s settler) accepted(path string) []string {
	if s.t == nil {
		return nil
	}
	return s.t.Accepts[indexes.ReplaceAllString(path, "")]
}

var indexes = regexp.MustCompile(`\[\d+\]`)

// text is the source of e on one line, shortened.
func (r *resolver) text(e hclsyntax.Expression) string {
	rng := e.Range()
	content := r.sources.content[rng.Filename]
	if rng.End.Byte > len(content) || rng.Start.Byte > rng.End.Byte {
		return "the expression"
	}
	text := strings.Join(strings.Fields(string(content[rng.Start.Byte:rng.End.Byte])), " ")
	if runes := []rune(text); len(runes) > 100 {
		text = string(runes[:99]) + "…"
	}
	return text
}
