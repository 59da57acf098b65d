package source

import (
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/planreach/planreach/netmodel"
	"github.com/planreach/planreach/planparse"
)

// Position implements planparse.Positioner.
func (s *Sources) Position(o netmodel.Origin) (file string, line int) {
	t, diags := hclsyntax.ParseTraversalAbs([]byte(o.Address), "", hcl.InitialPos)
	if diags.HasErrors() {
		return "", 0
	}
	m, name, ok := s.find(t)
	if !ok {
		return "", 0
	}
	b := m.resources[name]
	if !zeroRange(m.call) {
		return m.call.Filename, m.call.Start.Line
	}
	if b == nil {
		return "", 0
	}
	var rt *planparse.ResourceType
	if s.resolver != nil {
		rt = s.resolver.types[typeName(b.mode, b.typ)]
	}
	r := locate(b, o.Path, rt)
	return r.Filename, r.Start.Line
}

// find is the module and the block's name that an instance address leads to.
func (s *Sources) find(t hcl.Traversal) (m *module, name string, ok bool) {
	m = s.root
	var names []string
	for _, step := range t {
		switch step := step.(type) {
		case hcl.TraverseRoot:
			names = append(names, step.Name)
		case hcl.TraverseAttr:
			names = append(names, step.Name)
		}
	}
	for len(names) > 2 && names[0] == "module" {
		c := m.calls[names[1]]
		if c == nil || c.module == nil {
			return nil, "", false
		}
		m, names = c.module, names[2:]
	}
	switch {
	case len(names) >= 3 && names[0] == "data":
		return m, blockName(planparse.Data, names[1], names[2]), true
	case len(names) >= 2:
		return m, blockName(planparse.Managed, names[0], names[1]), true
	}
	return nil, "", false
}

// locate is where the argument or nested block at path stands; the header of
// the innermost block that can be told.
func locate(b *block, path string, t *planparse.ResourceType) hcl.Range {
	at, body, prefix := b.definition, b.body, ""
	for path != "" {
		var step string
		step, path, _ = strings.Cut(path, ".")
		name, index, _ := strings.Cut(step, "[")
		prefix = strings.TrimPrefix(prefix+"."+name, ".")
		if a := body.Attributes[name]; a != nil {
			return a.NameRange
		}
		isSet := t == nil
		if t != nil {
			for _, s := range t.Sets {
				isSet = isSet || s == prefix
			}
		}
		inner := nested(body, name, strings.TrimSuffix(index, "]"), isSet)
		if inner == nil {
			return at
		}
		at, body = inner.DefRange(), contentOf(inner)
		if body == nil {
			return at
		}
	}
	return at
}

// nested is the block that makes element index of the blocks called name; nil
// if several could.
func nested(body *hclsyntax.Body, name, index string, isSet bool) *hclsyntax.Block {
	var all []*hclsyntax.Block
	dynamic := false
	for _, b := range body.Blocks {
		if nestedName(b) == name {
			all = append(all, b)
			dynamic = dynamic || b.Type == "dynamic"
		}
	}
	if len(all) == 1 {
		return all[0]
	}
	i, err := strconv.Atoi(index)
	if err != nil || isSet || dynamic || i >= len(all) {
		return nil
	}
	return all[i]
}

// Configured implements planparse.Configurer.
func (s *Sources) Configured(r *planparse.Resource, name string) (set, ok bool) {
	t, diags := hclsyntax.ParseTraversalAbs([]byte(r.Address), "", hcl.InitialPos)
	if diags.HasErrors() {
		return false, false
	}
	m, block, found := s.find(t)
	if !found || m.problem != "" || m.resources[block] == nil {
		return false, false
	}
	if !sets(m.resources[block].body, name) {
		return false, true
	}
	if s.resolver == nil {
		return true, true
	}
	c, _ := s.resolver.world(0).configured(r, name)
	switch {
	case !c.IsKnown():
		return false, false
	case c.IsNull():
		return false, true
	}
	// A dynamic block that makes nothing is as good as none.
	return m.resources[block].body.Attributes[name] != nil || !isBlocks(c), true
}
