package assertions

import (
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
)

// An instance is a scope in one instance of its module (L-2).
type instance struct {
	set    *Set
	scope  *scope
	module ModuleInstance
	at     []step
	ctx    *hcl.EvalContext
	world  *world // nil: no plan is at hand, and nothing is looked up
	base   policies
	groups map[string]*group
	// directory is made when the first short name is looked up.
	directory *directory
	open      []string // services under way
}

// policies are the settings that an assertion may leave to others.
type policies struct {
	severity   Severity
	unknown    Policy
	skipEmpty  bool
	sourcePort *PortRange
}

func (s *Set) instance(sc *scope, m ModuleInstance, w *world) (*instance, hcl.Diagnostics) {
	ctx, diags := sc.context(planVariables(m.Variables))
	in := &instance{
		set: s, scope: sc, module: m, at: planModule(m.Address), ctx: ctx, world: w, groups: map[string]*group{},
		base: policies{severity: Error, unknown: FailUnknown},
	}
	if w != nil && w.unknown != 0 {
		in.base.unknown = w.unknown
	}
	if sc.defaults != nil && !sc.defaults.broken() {
		var more hcl.Diagnostics
		in.base, more = in.policies(sc.defaults, in.base, ctx)
		diags = append(diags, more...)
	}
	return in, diags
}

// policies reads severity, unknown, empty and source_port over base.
func (in *instance) policies(st *statement, base policies, ctx *hcl.EvalContext) (policies, hcl.Diagnostics) {
	var diags hcl.Diagnostics
	word := func(name string, allowed ...string) int {
		i, more := in.word(st.args[name], ctx, allowed...)
		diags = append(diags, more...)
		return i
	}
	if i := word("severity", "info", "warning", "error"); i >= 0 {
		base.severity = Severity(i + 1)
	}
	if i := word("unknown", "fail", "warn", "pass"); i >= 0 {
		base.unknown = Policy(i + 1)
	}
	if i := word("empty", "error", "skip"); i >= 0 {
		base.skipEmpty = i == 1
	}
	if a := st.args["source_port"]; a != nil {
		r, more := in.portRange(a, ctx)
		base.sourcePort, diags = r, append(diags, more...)
	}
	return base, diags
}

// word is the place of a string among the allowed ones; -1 if a is nil or not
// known.
func (in *instance) word(a *hcl.Attribute, ctx *hcl.EvalContext, allowed ...string) (int, hcl.Diagnostics) {
	if a == nil {
		return -1, nil
	}
	text, known, diags := in.text(a, ctx)
	if diags.HasErrors() || !known {
		return -1, diags
	}
	i := slices.Index(allowed, text)
	if i < 0 {
		last := len(allowed) - 1
		diags = diags.Append(problem(a.Expr.Range(), "Unknown word", `%s is "%s" or "%s".%s`,
			a.Name, strings.Join(allowed[:last], `", "`), allowed[last], didYouMean(text, allowed)))
	}
	return i, diags
}

// text is the string that an argument holds; known is false while it is not.
func (in *instance) text(a *hcl.Attribute, ctx *hcl.EvalContext) (text string, known bool, diags hcl.Diagnostics) {
	v, diags := in.evaluate(a.Expr, ctx)
	if diags.HasErrors() || !v.IsKnown() {
		return "", false, diags
	}
	text, ok := textOf(v)
	if !ok {
		diags = diags.Append(problem(a.Expr.Range(), "Not a string", "%s is a string.", a.Name))
	}
	return text, ok, diags
}

// flag is the bool that an argument holds; false if there is none.
func (in *instance) flag(a *hcl.Attribute, ctx *hcl.EvalContext) (bool, hcl.Diagnostics) {
	if a == nil {
		return false, nil
	}
	v, diags := in.evaluate(a.Expr, ctx)
	if diags.HasErrors() || !v.IsKnown() {
		return false, diags
	}
	if v.IsNull() || v.Type() != cty.Bool {
		return false, diags.Append(problem(a.Expr.Range(), "Not true or false", "%s is true or false.", a.Name))
	}
	return v.True(), diags
}

func (in *instance) portRange(a *hcl.Attribute, ctx *hcl.EvalContext) (*PortRange, hcl.Diagnostics) {
	text, known, diags := in.text(a, ctx)
	if diags.HasErrors() || !known {
		return nil, diags
	}
	l := in.literalOf(text, a.Expr)
	if !portNumber.MatchString(text) {
		return nil, diags.Append(l.diagnostic(flawed("Not a port range", `Expected a range such as "32768-60999".`)))
	}
	lo, hi, f := parsePortRange(text)
	if f != nil {
		return nil, diags.Append(l.diagnostic(f))
	}
	return &PortRange{lo, hi}, diags
}
