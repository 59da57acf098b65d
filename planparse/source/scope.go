package source

import (
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/planreach/planreach/planparse"
)

// A scope is one module instance.
type scope struct {
	address string
	module  *module
	parent  *scope
	call    *call
	key     any // nil, int or string
}

type presentKey struct {
	scope *scope // that holds the call
	call  *call
}

// notePresent notes the module instances that x lies in.
func (r *resolver) notePresent(x *planparse.Resource) {
	for s := r.scope(x.Module); s != nil && s.parent != nil; s = s.parent {
		k := presentKey{s.parent, s.call}
		if slices.Contains(r.present[k], s.key) {
			return // and so are the ones around it
		}
		r.present[k] = append(r.present[k], s.key)
	}
}

// child is the instance of a module call with the given key, or nil.
func (r *resolver) child(s *scope, name string, key any) *scope {
	call := s.module.calls[name]
	if call == nil || call.module == nil {
		return nil
	}
	address := strings.TrimPrefix(s.address+".module."+name+keyText(key), ".")
	if c := r.scopes[address]; c != nil {
		return c
	}
	c := &scope{address: address, module: call.module, parent: s, call: call, key: key}
	r.scopes[address] = c
	return c
}

// scope is the module instance at an address, or nil.
func (r *resolver) scope(address string) *scope {
	if s := r.scopes[address]; s != nil {
		return s
	}
	t, diags := hclsyntax.ParseTraversalAbs([]byte(address), "", hcl.InitialPos)
	if diags.HasErrors() {
		return nil
	}
	s := r.scopes[""]
	for i := 0; i < len(t); {
		if i+1 >= len(t) {
			return nil
		}
		name, ok := t[i+1].(hcl.TraverseAttr)
		if !ok {
			return nil
		}
		i += 2
		var key any
		if i < len(t) {
			if index, ok := t[i].(hcl.TraverseIndex); ok {
				key = keyOf(index.Key)
				i++
			}
		}
		if s = r.child(s, name.Name, key); s == nil {
			return nil
		}
	}
	r.scopes[address] = s
	return s
}

func keyOf(v cty.Value) any {
	if v.Type() == cty.Number {
		n, _ := v.AsBigFloat().Int64()
		return int(n)
	}
	return v.AsString()
}
