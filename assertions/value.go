package assertions

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/ext/typeexpr"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
)

// Sensitive marks values that expressions may use and that are never printed.
const Sensitive = mark("sensitive")

type mark string

// Variables are values for the root's variables, the stronger ones last.
type Variables struct {
	Env   map[string]string // by name, from PLANREACH_VAR_NAME; others than the declared ones are left alone
	Files []Source          // var files
	Flags []string          // NAME=VALUE
}

// A variable is a variable block and its value.
type variable struct {
	*statement
	typ       cty.Type
	defaults  *typeexpr.Defaults
	value     cty.Value // cty.NilVal: none
	sensitive bool
	tried     bool // to give it a value
}

// readVariable reads the block; a variable without type takes any value.
func readVariable(st *statement) (*variable, hcl.Diagnostics) {
	v := &variable{statement: st, typ: cty.DynamicPseudoType}
	var diags hcl.Diagnostics
	if a := st.args["type"]; a != nil {
		var more hcl.Diagnostics
		v.typ, v.defaults, more = typeexpr.TypeConstraintWithDefaults(a.Expr)
		diags = append(diags, more...)
		if more.HasErrors() {
			v.typ = cty.DynamicPseudoType
		}
	}
	if a := st.args["sensitive"]; a != nil {
		b, more := a.Expr.Value(nil)
		diags = append(diags, more...)
		v.sensitive = !more.HasErrors() && b.Type() == cty.Bool && b.IsKnown() && !b.IsNull() && b.True()
	}
	if a := st.args["default"]; a != nil {
		d, more := a.Expr.Value(nil)
		if !more.HasErrors() {
			more = append(more, v.set(d, a.Expr.Range())...)
		}
		diags = append(diags, more...)
	}
	return v, diags
}

// set gives the variable a value, converted to its type.
func (v *variable) set(value cty.Value, at hcl.Range) hcl.Diagnostics {
	v.tried = true
	if v.defaults != nil && !value.IsNull() {
		value = v.defaults.Apply(value)
	}
	out, err := convert.Convert(value, v.typ)
	if err != nil {
		d := problem(at, "Wrong type of value", "var.%s: %s.", v.label, err)
		if v.sensitive { // the line of the source would show it
			d.Subject = &v.rng
		}
		return hcl.Diagnostics{d}
	}
	if v.sensitive {
		out = out.Mark(Sensitive)
	}
	v.value = out
	return nil
}

// setText gives a variable a value from the environment or a flag: the text
// itself for a primitive type, an expression for any other.
func (s *Set) setText(v *variable, text, from string) hcl.Diagnostics {
	if !v.sensitive {
		s.files[from] = &hcl.File{Bytes: []byte(text)}
	}
	at := newLiteral(text, from, 1, 0).rng
	if v.typ.IsPrimitiveType() || v.typ == cty.DynamicPseudoType {
		return v.set(cty.StringVal(text), at)
	}
	v.tried = true
	expr, diags := hclsyntax.ParseExpression([]byte(text), from, hcl.InitialPos)
	if diags.HasErrors() {
		return diags
	}
	value, diags := expr.Value(nil)
	if diags.HasErrors() {
		return diags
	}
	return v.set(value, at)
}

// setVariables gives the root's variables their values. Those without one are
// an error.
func (s *Set) setVariables(in Variables) hcl.Diagnostics {
	root := s.scopes[0]
	names := slices.Sorted(maps.Keys(root.variables))
	var diags hcl.Diagnostics
	for _, name := range names {
		if text, ok := in.Env[name]; ok {
			from := "PLANREACH_VAR_" + name
			diags = append(diags, s.setText(root.variables[name], text, from)...)
		}
	}
	for _, f := range in.Files {
		diags = append(diags, s.readVarFile(root, f, names)...)
	}
	for _, flag := range in.Flags {
		name, text, ok := strings.Cut(flag, "=")
		from := "--var " + name
		at := newLiteral(flag, "--var", 1, 0).rng
		switch v := root.variables[name]; {
		case !ok:
			diags = diags.Append(problem(at, "Not a variable", "Expected --var NAME=VALUE."))
		case v == nil:
			s.files[from] = &hcl.File{Bytes: []byte(name)} // the value may be a secret
			at = newLiteral(name, from, 1, 0).rng
			diags = diags.Append(problem(at, "No such variable", "The assertions declare no variable %q.%s", name, didYouMean(name, names)))
		default:
			diags = append(diags, s.setText(v, text, from)...)
		}
	}
	for _, sc := range s.scopes {
		for _, name := range slices.Sorted(maps.Keys(sc.variables)) {
			if v := sc.variables[name]; v.value == cty.NilVal {
				if !v.broken() && !v.tried {
					how := "Give it a default."
					if sc == root {
						how = fmt.Sprintf("Give it a default, or set it with --var %s=…", name)
					}
					diags = diags.Append(problem(v.rng, "No value for variable", "%s", how))
				}
				v.value = cty.DynamicVal
			}
		}
	}
	return diags
}

func (s *Set) readVarFile(root *scope, f Source, names []string) hcl.Diagnostics {
	file, diags := parseFile(f)
	if file == nil || diags.HasErrors() {
		return diags
	}
	s.files[f.Path] = file
	attrs, diags := file.Body.JustAttributes()
	for _, name := range slices.Sorted(maps.Keys(attrs)) {
		v := root.variables[name]
		if v == nil {
			diags = diags.Append(warning(attrs[name].NameRange, "No such variable", "The assertions declare no variable %q.%s", name, didYouMean(name, names)))
			continue
		}
		value, more := attrs[name].Expr.Value(nil)
		if !more.HasErrors() {
			more = append(more, v.set(value, attrs[name].Range)...)
		}
		diags = append(diags, more...)
	}
	return diags
}

func readLocals(sc *scope, b *hcl.Block) hcl.Diagnostics {
	attrs, diags := b.Body.JustAttributes()
	for _, name := range slices.Sorted(maps.Keys(attrs)) {
		if other := sc.locals[name]; other != nil {
			diags = diags.Append(problem(attrs[name].NameRange, "Name used twice", "There is already a local %q at %s:%d.",
				name, other.NameRange.Filename, other.NameRange.Start.Line))
			continue
		}
		sc.locals[name] = attrs[name]
	}
	return diags
}

// context is what expressions of the scope see in one module instance: var,
// local and plan. plan is the value of plan.var.
func (sc *scope) context(plan cty.Value) (*hcl.EvalContext, hcl.Diagnostics) {
	vars := map[string]cty.Value{}
	for name, v := range sc.variables {
		vars[name] = v.value
	}
	ctx := &hcl.EvalContext{
		Variables: map[string]cty.Value{
			"var":  cty.ObjectVal(vars),
			"plan": cty.ObjectVal(map[string]cty.Value{"var": plan}),
		},
		Functions: functions,
	}
	sc.broken = map[string]hcl.Diagnostics{}
	l := locals{scope: sc, ctx: ctx, values: map[string]cty.Value{}, open: map[string]bool{}}
	for _, name := range slices.Sorted(maps.Keys(sc.locals)) {
		l.evaluate(name)
	}
	ctx.Variables["local"] = cty.ObjectVal(l.values)
	return ctx, l.diags
}

// locals evaluates local values, those first that others need.
type locals struct {
	*scope
	ctx    *hcl.EvalContext
	values map[string]cty.Value
	open   map[string]bool // under way: meeting one again is a cycle
	diags  hcl.Diagnostics
}

func (l *locals) evaluate(name string) {
	a := l.locals[name]
	if _, done := l.values[name]; done || a == nil {
		return
	}
	if l.open[name] {
		l.diags = l.diags.Append(problem(a.NameRange, "Local values refer to each other", "local.%s leads back to itself.", name))
		l.values[name] = cty.DynamicVal
		return
	}
	l.open[name] = true
	for _, t := range a.Expr.Variables() {
		if attr, ok := second(t); ok && t.RootName() == "local" {
			l.evaluate(attr)
		}
	}
	if _, cyclic := l.values[name]; cyclic {
		return
	}
	l.ctx.Variables["local"] = cty.ObjectVal(l.values)
	v, diags := a.Expr.Value(l.ctx)
	l.diags = append(l.diags, silent(diags)...)
	if diags.HasErrors() {
		v = cty.DynamicVal
		l.broken[name] = append(l.broken[name], diags...)
	}
	l.values[name] = v
}

// second is the name behind the root of a traversal.
func second(t hcl.Traversal) (string, bool) {
	if len(t) < 2 {
		return "", false
	}
	a, ok := t[1].(hcl.TraverseAttr)
	return a.Name, ok
}

// silent takes the values out of HCL's messages: they may be sensitive. Where
// HCL guesses by the order of a map, or cannot know what was meant, it is said
// anew.
func silent(diags hcl.Diagnostics) hcl.Diagnostics {
	for _, d := range diags {
		switch e := d.Expression.(type) {
		case *hclsyntax.FunctionCallExpr:
			if d.Summary == "Call to unknown function" {
				d.Detail = unknownFunction(e.Name)
			}
		case *hclsyntax.ScopeTraversalExpr:
			if detail := unknownVariable(e.Traversal, d); detail != "" {
				d.Detail = detail
			}
		}
		d.EvalContext, d.Expression = nil, nil
	}
	return diags
}

func unknownFunction(name string) string {
	if name == "all" || name == "any" {
		return "all(…) and any(…) stand only at the top of from and to."
	}
	return fmt.Sprintf("There is no function named %s.%s", name, didYouMean(name, sortedKeys(functions)))
}

func unknownVariable(t hcl.Traversal, d *hcl.Diagnostic) string {
	root := t.RootName()
	attr, ok := second(t)
	switch {
	case d.Summary == "Unknown variable" && root == "each":
		return "each stands for the element of for_each, which this block does not have."
	case d.Summary == "Unknown variable" && (root == "service" || root == "group"):
		return fmt.Sprintf("In an expression a %s is named by a string, as in \"%s.NAME\".", root, root)
	case d.Summary == "Unknown variable":
		return fmt.Sprintf("There is no variable named %s. In an expression the address of a resource is a string.", root)
	case d.Summary == "Unsupported attribute" && ok && (root == "var" || root == "local"):
		known := map[string]cty.Value{}
		for ctx := d.EvalContext; ctx != nil; ctx = ctx.Parent() {
			if v, ok := ctx.Variables[root]; ok {
				known = v.AsValueMap()
			}
		}
		word := map[string]string{"var": "variable", "local": "local value"}[root]
		return fmt.Sprintf("There is no %s named %s.%s", word, attr, didYouMean(root+"."+attr, prefixed(root+".", sortedKeys(known))))
	}
	return ""
}
