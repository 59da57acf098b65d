package assertions

import (
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/go-version"
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/json"
	"github.com/zclconf/go-cty/cty"
)

// rehearse reads a scope with everything that only a plan tells left open, for
// the mistakes that show without one. What has them is marked as broken.
func (s *Set) rehearse(sc *scope) hcl.Diagnostics {
	in, diags := s.instance(sc, ModuleInstance{Dir: sc.dir, Variables: nil}, nil)
	for _, name := range slices.Sorted(maps.Keys(sc.services)) {
		st := sc.services[name]
		if !st.broken() {
			_, more := in.portsOf(st.args["ports"].Expr, in.ctx)
			st.fail(more)
			diags = append(diags, more...)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(sc.groups)) {
		st := sc.groups[name]
		if !st.broken() {
			g := in.group(name)
			st.fail(g.diags)
			diags = append(diags, g.diags...)
		}
	}
	diags = append(diags, in.cycles()...)
	for _, st := range sc.assumes {
		if !st.broken() {
			_, more := in.assumption(st)
			st.fail(more)
			diags = append(diags, more...)
		}
	}
	for _, st := range sc.statements {
		more := in.furtherMistakes(st)
		if !st.broken() {
			_, more = in.statement(st)
		}
		st.fail(more)
		diags = append(diags, more...)
	}
	return diags
}

// checkReach judges the settings of a scope.
func (s *Set) checkReach(sc *scope) hcl.Diagnostics {
	if sc.reach == nil {
		return nil
	}
	var diags hcl.Diagnostics
	if a := sc.reach.args["required_version"]; a != nil {
		diags = append(diags, s.checkVersion(a)...)
	}
	if a := sc.reach.args["providers"]; a != nil {
		v, more := a.Expr.Value(nil)
		diags = append(diags, more...)
		if !more.HasErrors() && v.CanIterateElements() {
			for _, e := range v.AsValueSlice() {
				if name, ok := textOf(e); !ok || name != "aws" {
					diags = diags.Append(problem(a.Expr.Range(), "Not supported yet", "planreach has no model for the provider %s; it has one for aws.", name))
				}
			}
		}
	}
	return diags
}

func (s *Set) checkVersion(a *hcl.Attribute) hcl.Diagnostics {
	v, diags := a.Expr.Value(nil)
	text, ok := textOf(v)
	if diags.HasErrors() || !ok {
		return diags.Append(problem(a.Expr.Range(), "Not a version constraint", `Expected a string such as ">= 0.1".`))
	}
	want, err := version.NewConstraint(text)
	if err != nil {
		return hcl.Diagnostics{problem(a.Expr.Range(), "Not a version constraint", `Expected a string such as ">= 0.1".`)}
	}
	have, err := version.NewVersion(s.version)
	if err == nil && !want.Check(have.Core()) {
		return hcl.Diagnostics{problem(a.Expr.Range(), "Version not supported", "These assertions need planreach %s; this is %s.", text, s.version)}
	}
	return nil
}

// parseFile reads HCL or its JSON form by the file's name.
func parseFile(f Source) (*hcl.File, hcl.Diagnostics) {
	if strings.HasSuffix(f.Path, ".json") {
		return json.Parse(f.Bytes, f.Path)
	}
	return hclsyntax.ParseConfig(f.Bytes, f.Path, hcl.InitialPos)
}

// planVariables is plan.var of a module instance; nil is not known.
func planVariables(vars map[string]cty.Value) cty.Value {
	if vars == nil {
		return cty.DynamicVal
	}
	return cty.ObjectVal(vars)
}
