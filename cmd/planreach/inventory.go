package main

import (
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/zclconf/go-cty/cty"

	"github.com/planreach/planreach/assertions"
	"github.com/planreach/planreach/netmodel"
	"github.com/planreach/planreach/planparse"
)

// inventory is what selectors ask of the plan in a world, whose network n may be
// nil.
func (s *study) inventory(n *netmodel.Network, w planparse.World) assertions.Inventory {
	inv := assertions.Inventory{Network: n}
	for _, r := range s.plan.Resources {
		if r.Value(w).IsNone() {
			inv.Deleted = append(inv.Deleted, r.Address)
			continue
		}
		inv.Instances = append(inv.Instances, assertions.Instance{
			Address: r.Address, Module: r.Module, Data: r.Mode == planparse.Data, Type: r.Type, Name: r.Name, Key: r.Key,
		})
	}
	if s.plan.Declared != nil {
		inv.Declared = []assertions.Declared{} // a configuration, be it empty
	}
	for _, d := range s.plan.Declared {
		inv.Declared = append(inv.Declared, assertions.Declared{
			Module: d.Module, Data: d.Mode == planparse.Data, Type: d.Type, Name: d.Name,
		})
	}
	m := modules{present: s.presentModules(w)}
	root := assertions.ModuleInstance{Variables: ctyValues(s.plan.Variables)}
	m.instances = append(m.instances, root)
	if s.plan.Config == nil {
		for _, address := range slices.Sorted(maps.Keys(m.present)) {
			m.instances = append(m.instances, assertions.ModuleInstance{Address: address})
		}
	} else {
		m.walk(s.plan.Config, "", ".", []string{""})
	}
	inv.Modules, inv.Calls = m.instances, m.calls
	return inv
}

// presentModules are the addresses of the module instances that hold anything
// in a world, with all those around them.
func (s *study) presentModules(w planparse.World) map[string]bool {
	out := map[string]bool{}
	for _, r := range s.plan.Resources {
		if !r.Value(w).IsNone() {
			for _, m := range around(r.Module) {
				out[m] = true
			}
		}
	}
	return out
}

// around is a module instance's address and those of the modules that it lies
// in, the root apart.
func around(module string) []string {
	var out []string
	quoted := false
	for i := 0; i < len(module); i++ {
		switch c := module[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case !quoted && strings.HasPrefix(module[i:], ".module."):
			out = append(out, module[:i])
		}
	}
	if module != "" {
		out = append(out, module)
	}
	return out
}

// modules collects the module calls of a configuration and their instances.
type modules struct {
	present   map[string]bool
	calls     []assertions.ModuleCall
	instances []assertions.ModuleInstance
}

// walk adds what a module calls. dir is its directory relative to the root's,
// empty if it is not local; instances are its own addresses.
func (m *modules) walk(c *planparse.ConfigModule, address, dir string, instances []string) {
	for _, name := range slices.Sorted(maps.Keys(c.Calls)) {
		call := c.Calls[name]
		at := join(address, "module."+name)
		where := localDir(dir, call.Source)
		m.calls = append(m.calls, assertions.ModuleCall{Address: at, Dir: where})
		variables := inputs(call)
		var found []string
		for _, parent := range instances {
			for _, instance := range m.of(parent, name, call) {
				found = append(found, instance)
				m.instances = append(m.instances, assertions.ModuleInstance{Address: instance, Dir: where, Variables: variables})
			}
		}
		m.walk(call.Module, at, where, found)
	}
}

// of is the instances of a call in one instance of its module: those that are
// present with a key, or one if it has neither count nor for_each. Plan JSON
// leaves a for_each out that refers to nothing, as toset(["a"]) does.
func (m *modules) of(parent, name string, call *planparse.ConfigCall) []string {
	at := join(parent, "module."+name)
	var out []string
	for address := range m.present {
		if key, ok := strings.CutPrefix(address, at+"["); ok && len(around(address)) == len(around(at)) && key != "" {
			out = append(out, address)
		}
	}
	if len(out) == 0 && call.Count.Kind == planparse.ExprAbsent && call.ForEach.Kind == planparse.ExprAbsent {
		return []string{at}
	}
	slices.SortFunc(out, func(a, b string) int {
		return netmodel.CompareAddresses(netmodel.Address(a), netmodel.Address(b))
	})
	return out
}

func join(address, step string) string { return strings.TrimPrefix(address+"."+step, ".") }

// localDir is where a module call leads, relative to the root's directory;
// empty if it is not a local path.
func localDir(dir, source string) string {
	if dir == "" || !strings.HasPrefix(source, "./") && !strings.HasPrefix(source, "../") {
		return ""
	}
	return path.Join(dir, source)
}

// inputs are the variables of a called module as far as plan JSON shows them.
func inputs(call *planparse.ConfigCall) map[string]cty.Value {
	out := map[string]cty.Value{}
	for name, v := range call.Module.Variables {
		switch e := call.Inputs[name]; e.Kind {
		case planparse.ExprConstant:
			out[name] = ctyValue(e.Constant)
		case planparse.ExprAbsent:
			out[name] = ctyValue(v.Default)
		case planparse.ExprReferences, planparse.ExprOpaque, planparse.ExprBlocks, planparse.ExprBlock:
			out[name] = cty.DynamicVal
		}
	}
	return out
}

func ctyValues(values map[string]planparse.Value) map[string]cty.Value {
	out := map[string]cty.Value{}
	for name, v := range values {
		out[name] = ctyValue(v)
	}
	return out
}

// ctyValue is v for expressions in assertion files.
func ctyValue(v planparse.Value) cty.Value {
	out := plainValue(v)
	if v.IsSensitive() {
		out = out.Mark(assertions.Sensitive)
	}
	return out
}

func plainValue(v planparse.Value) cty.Value {
	switch v.Kind() {
	case planparse.Absent, planparse.Null:
		return cty.NullVal(cty.DynamicPseudoType)
	case planparse.String:
		return cty.StringVal(v.Text())
	case planparse.Number:
		if n, err := cty.ParseNumberVal(v.Text()); err == nil {
			return n
		}
		return cty.DynamicVal
	case planparse.Bool:
		return cty.BoolVal(v.True())
	case planparse.List:
		var elements []cty.Value
		for _, e := range v.Elements() {
			elements = append(elements, ctyValue(e))
		}
		return cty.TupleVal(elements)
	case planparse.Object:
		fields := map[string]cty.Value{}
		for _, name := range v.FieldNames() {
			fields[name] = ctyValue(v.Field(name))
		}
		return cty.ObjectVal(fields)
	case planparse.Hole:
		return cty.DynamicVal
	}
	panic("a value of no kind")
}
