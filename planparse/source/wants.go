package source

import (
	"strings"

	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/planreach/planreach/planparse"
)

// Wants reports which type names the values of types depend on: theirs, and
// those that their resource blocks lead to through locals, module arguments
// and outputs.
func (s *Sources) Wants(types []*planparse.ResourceType) func(typeName string) bool {
	c := &closure{wanted: map[string]bool{}, seen: map[closureNode]bool{}, callers: map[*module]caller{}}
	for _, t := range types {
		c.wanted[t.Name] = true
	}
	s.root.walk(func(m *module) {
		for _, x := range m.calls {
			if x.module != nil {
				c.callers[x.module] = caller{m, x}
			}
		}
	})
	for grown := true; grown; {
		before := len(c.wanted)
		s.root.walk(func(m *module) {
			for name, b := range m.resources {
				if c.wanted[typeName(b.mode, b.typ)] {
					c.visit(closureNode{m, "resource", name})
				}
			}
		})
		c.drain()
		grown = len(c.wanted) > before
	}
	return func(name string) bool { return c.wanted[name] }
}

type closureNode struct {
	module     *module
	kind, name string
}

type caller struct {
	module *module
	call   *call
}

type closure struct {
	wanted  map[string]bool
	seen    map[closureNode]bool
	callers map[*module]caller
	queue   []closureNode // visited and not yet followed
}

func (c *closure) visit(n closureNode) {
	if c.seen[n] {
		return
	}
	c.seen[n] = true
	c.queue = append(c.queue, n)
}

// drain follows all that was visited.
func (c *closure) drain() {
	for len(c.queue) > 0 {
		n := c.queue[len(c.queue)-1]
		c.queue = c.queue[:len(c.queue)-1]
		c.follow(n)
	}
}

func (c *closure) follow(n closureNode) {
	switch n.kind {
	case "resource":
		b := n.module.resources[n.name]
		if b == nil {
			return
		}
		c.wanted[typeName(b.mode, b.typ)] = true
		c.body(n.module, b.body)
	case "local":
		c.expression(n.module, n.module.locals[n.name])
	case "output":
		c.expression(n.module, n.module.outputs[n.name])
	case "var":
		if up, ok := c.callers[n.module]; ok {
			c.expression(up.module, up.call.arguments[n.name])
			c.expression(up.module, up.call.forEach)
		}
	case "module":
		x := n.module.calls[n.name]
		if x == nil {
			return
		}
		c.expression(n.module, x.count)
		c.expression(n.module, x.forEach)
	}
}

func (c *closure) body(m *module, b *hclsyntax.Body) {
	for _, a := range b.Attributes {
		c.expression(m, a.Expr)
	}
	for _, inner := range b.Blocks {
		if inner.Type != "provisioner" && inner.Type != "connection" {
			c.body(m, inner.Body)
		}
	}
}

func (c *closure) expression(m *module, e hclsyntax.Expression) {
	if e == nil {
		return
	}
	for _, r := range usageOf(e).references {
		switch r.root {
		case "local", "var":
			c.visit(closureNode{m, r.root, r.name})
		case "count", "each", "path", "terraform", "tofu", "self", "ephemeral", "resource":
		case "data":
			c.visit(closureNode{m, "resource", "data." + r.typ + "." + r.name})
		case "module":
			c.visit(closureNode{m, "module", r.name})
			if x := m.calls[r.name]; x != nil && x.module != nil {
				for name := range x.module.outputs {
					if r.attr == "" || r.attr == name || r.through {
						c.visit(closureNode{x.module, "output", name})
					}
				}
			}
		default:
			c.visit(closureNode{m, "resource", strings.TrimSuffix(r.root+"."+r.name, ".")})
		}
	}
}
