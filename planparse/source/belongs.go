package source

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/planreach/planreach/planparse"
)

// Check refuses sources that are not those of p. The error says in one
// sentence what differs.
func (s *Sources) Check(p *planparse.Plan) error {
	if s.planFile != nil && p.Timestamp != "" && !strings.Contains(string(s.planFile), p.Timestamp) {
		return fmt.Errorf("the plan file is not the one that this plan JSON was made from: its time is not %s", p.Timestamp)
	}
	if s.planFile != nil && s.dir != "" {
		if err := s.sameFiles(); err != nil {
			return err
		}
	}
	if file := s.unread(p); file != "" {
		return fmt.Errorf("only OpenTofu reads %s, and this plan is Terraform's: give the binary plan file, which holds what was read", file)
	}
	if p.Config == nil {
		return nil
	}
	if missing, extra := s.compareCalls(p); missing != "" || extra != "" {
		return differs("module call", missing, extra)
	}
	if missing, extra := s.compareBlocks(p); missing != "" || extra != "" {
		return differs("resource", missing, extra)
	}
	if edited := s.compareArguments(p.Config); edited != "" {
		return fmt.Errorf("the sources are not those of this plan: %s is set otherwise in them", edited)
	}
	return nil
}

// unread is a file of the directory that takes effect in the sources and not in
// p; empty if there is none. The registry of its providers tells a plan of
// Terraform's; a plan file holds only what was read.
func (s *Sources) unread(p *planparse.Plan) string {
	terraforms := func(r *planparse.Resource) bool { return strings.HasPrefix(r.Provider, "registry.terraform.io/") }
	if s.planFile != nil || !slices.ContainsFunc(p.Resources, terraforms) {
		return ""
	}
	for _, name := range sortedKeys(s.content) {
		if strings.HasPrefix(suffixOf(name), ".tofu") {
			return name
		}
	}
	return ""
}

func differs(what, missing, extra string) error {
	if missing != "" {
		return fmt.Errorf("the sources are not those of this plan: they have no %s %s", what, missing)
	}
	return fmt.Errorf("the sources are not those of this plan: it knows nothing of the %s %s in them", what, extra)
}

func (s *Sources) compareBlocks(p *planparse.Plan) (missing, extra string) {
	declared := map[string]bool{}
	for _, d := range p.Declared {
		m := s.root.at(d.Module)
		name := blockName(d.Mode, d.Type, d.Name)
		declared[d.Module+"\x00"+name] = true
		if m == nil || (m.resources[name] == nil && m.problem == "" && !generated(p, d)) {
			return strings.TrimPrefix(d.Module+"."+name, "."), ""
		}
	}
	s.root.walk(func(m *module) {
		for _, name := range sortedKeys(m.resources) {
			r := m.resources[name]
			if extra == "" && !r.optional && !declared[m.address()+"\x00"+name] {
				extra = strings.TrimPrefix(m.address()+"."+name, ".")
			}
		}
	})
	return "", extra
}

// generated reports whether d may stem from an import block whose
// configuration Terraform writes itself.
func generated(p *planparse.Plan, d planparse.Declared) bool {
	if d.Module != "" {
		return false
	}
	return slices.ContainsFunc(p.Resources, func(r *planparse.Resource) bool {
		return r.Module == "" && r.Mode == d.Mode && r.Type == d.Type && r.Name == d.Name && r.Existing
	})
}

func (s *Sources) compareCalls(p *planparse.Plan) (missing, extra string) {
	var compare func(m *module, c *planparse.ConfigModule)
	compare = func(m *module, c *planparse.ConfigModule) {
		if c == nil || m == nil || m.problem != "" || missing != "" || extra != "" {
			return
		}
		for _, name := range sortedKeys(c.Calls) {
			call := m.calls[name]
			if call == nil {
				missing = strings.TrimPrefix(m.address()+".module."+name, ".")
				return
			}
			compare(call.module, c.Calls[name].Module)
		}
		for _, name := range sortedKeys(m.calls) {
			if c.Calls[name] == nil && missing == "" && extra == "" {
				extra = strings.TrimPrefix(m.address()+".module."+name, ".")
			}
		}
	}
	compare(s.root, p.Config)
	return missing, extra
}

// sameFiles keeps the directory for file() only if it holds what the plan
// file holds.
func (s *Sources) sameFiles() error {
	d, err := openDirectory(s.dir)
	if err != nil {
		return err
	}
	for _, name := range sortedKeys(s.snapshot) {
		content, err := d.read(name)
		if err != nil && strings.HasPrefix(name, ".terraform/") {
			continue // the directory need not be initialised
		}
		if err != nil || string(content) != string(s.snapshot[name]) {
			// The plan file's sources stand by themselves; only what they read
			// from disk cannot be trusted any more.
			s.files = files{}
			return nil
		}
	}
	return nil
}

// compareArguments finds an argument whose expression names other things than
// the plan says that it does. Locals do not occur in plans, so a change of one
// can go unnoticed here.
func (s *Sources) compareArguments(c *planparse.ConfigModule) (edited string) {
	note := func(m *module, what, name string) {
		if edited == "" {
			edited = strings.TrimPrefix(m.address()+"."+what+" "+name, ".")
		}
	}
	var compare func(m *module, c *planparse.ConfigModule)
	compare = func(m *module, c *planparse.ConfigModule) {
		if m == nil || c == nil || m.problem != "" || edited != "" {
			return
		}
		for _, name := range sortedKeys(m.resources) {
			r, config := m.resources[name], c.Resources[name]
			if config == nil {
				continue
			}
			if !sameNames(r.count, config.Count) {
				note(m, name, "count")
			}
			if !sameNames(r.forEach, config.ForEach) {
				note(m, name, "for_each")
			}
			for _, argument := range sortedKeys(config.Expressions.Fields) {
				if a := r.body.Attributes[argument]; a != nil && !sameNames(a.Expr, config.Expressions.Fields[argument]) {
					note(m, name, argument)
				}
			}
		}
		for _, name := range sortedKeys(m.calls) {
			call, config := m.calls[name], c.Calls[name]
			if config == nil {
				continue
			}
			if !sameNames(call.count, config.Count) {
				note(m, "module."+name, "count")
			}
			if !sameNames(call.forEach, config.ForEach) {
				note(m, "module."+name, "for_each")
			}
			for _, argument := range sortedKeys(config.Inputs) {
				if e := call.arguments[argument]; e != nil && !sameNames(e, config.Inputs[argument]) {
					note(m, "module."+name, argument)
				}
			}
			compare(call.module, config.Module)
		}
		for _, name := range sortedKeys(m.outputs) {
			if !sameNames(m.outputs[name], c.Outputs[name]) {
				note(m, "output."+name, "value")
			}
		}
	}
	compare(s.root, c)
	return edited
}

// sameNames reports whether e, nil if not set, can be the expression that the
// plan keeps as x: whether both name the same objects.
func sameNames(e hclsyntax.Expression, x planparse.Expression) bool {
	var planned []string
	switch x.Kind {
	case planparse.ExprAbsent, planparse.ExprBlocks, planparse.ExprBlock:
		return true // not kept, or kept by arguments of its own
	case planparse.ExprConstant, planparse.ExprOpaque:
	case planparse.ExprReferences:
		for _, text := range x.References {
			planned = append(planned, baseName(text))
		}
	}
	if e == nil {
		return false
	}
	var found []string
	for _, r := range usageOf(e).references {
		if r.name == "" {
			return true // all of a type, of data, of the locals
		}
		name := r.root + "." + r.name
		if r.root == "data" {
			name = r.root + "." + r.typ + "." + r.name
		}
		found = append(found, name)
	}
	return slices.Equal(distinctNames(planned), distinctNames(found))
}

// baseName is the object in a reference of a plan: aws_vpc.a for
// "aws_vpc.a[0].id".
func baseName(reference string) string {
	steps := 2
	if strings.HasPrefix(reference, "data.") {
		steps = 3
	}
	parts := strings.SplitN(reference, ".", steps+1)
	last := min(steps, len(parts)) - 1
	parts[last], _, _ = strings.Cut(parts[last], "[")
	return strings.Join(parts[:last+1], ".")
}

func distinctNames(names []string) []string {
	slices.Sort(names)
	return slices.Compact(names)
}
