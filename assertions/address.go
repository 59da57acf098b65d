package assertions

import (
	"math/big"
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/zclconf/go-cty/cty"

	"github.com/planreach/planreach/netmodel"
)

// An index picks instances: all of them (no index, or [*]), or the one with a
// number or a key. The zero index is all.
type index struct {
	one  bool
	text string // "[0]", `["a"]`; iff one
}

func numberIndex(n int64) index { return index{true, "[" + strconv.FormatInt(n, 10) + "]"} }

func keyIndex(key string) index { return index{true, "[" + quote(key) + "]"} }

// quote is key as HCL writes it.
func quote(key string) string {
	return string(hclwrite.TokensForValue(cty.StringVal(key)).Bytes())
}

// matches reports whether the index x of an instance is picked by i.
func (i index) matches(x index) bool { return !i.one || i == x }

// A step is a module call or a resource name, with its index.
type step struct {
	name  string
	index index
}

func (s step) String() string { return s.name + s.index.text }

// An address names instances of a resource, or modules. As a selector it is
// relative to a module and may leave indexes out; as the address of an
// instance it is absolute and whole.
type address struct {
	root    bool // begins with root.
	modules []step
	data    bool
	typ     string // empty: the address of a module
	name    step
}

// String is the address as Terraform writes it, with root. if it has that.
func (a address) String() string {
	var parts []string
	if a.root {
		parts = append(parts, "root")
	}
	for _, m := range a.modules {
		parts = append(parts, "module."+m.String())
	}
	if a.data {
		parts = append(parts, "data")
	}
	if a.typ != "" {
		parts = append(parts, a.typ, a.name.String())
	}
	return strings.Join(parts, ".")
}

// resource is the address without the indexes, which is that of the resource
// block.
func (a address) resource() string {
	b := a
	b.modules = make([]step, len(a.modules))
	for i, m := range a.modules {
		b.modules[i].name = m.name
	}
	b.name.index = index{}
	return b.String()
}

// in is a seen from the module instance at.
func (a address) in(at []step) address {
	if !a.root {
		a.modules = append(append([]step(nil), at...), a.modules...)
	}
	a.root = false
	return a
}

// picks reports whether the absolute selector a picks the instance x, or, as
// the address of a module, whether x lies in it or below.
func (a address) picks(x address) bool {
	if a.typ == "" {
		return len(a.modules) <= len(x.modules) && picksModules(a.modules, x.modules[:len(a.modules)])
	}
	return a.sameResource(x) && picksModules(a.modules, x.modules) && a.name.index.matches(x.name.index)
}

// sameResource reports whether a and x name the same block, indexes apart.
func (a address) sameResource(x address) bool {
	if a.data != x.data || a.typ != x.typ || a.name.name != x.name.name || len(a.modules) != len(x.modules) {
		return false
	}
	for i, m := range a.modules {
		if m.name != x.modules[i].name {
			return false
		}
	}
	return true
}

func picksModules(pattern, at []step) bool {
	if len(pattern) != len(at) {
		return false
	}
	for i, p := range pattern {
		if p.name != at[i].name || !p.index.matches(at[i].index) {
			return false
		}
	}
	return true
}

// within reports whether x lies in the module instance at or below it.
func (a address) within(at []step) bool { return address{modules: at}.picks(a) }

// parseAddress reads the address of an instance, of a resource or of a module.
// Keys that are expressions are evaluated in ctx; nil allows literals only.
func parseAddress(text string, ctx *hcl.EvalContext) (address, *flaw) {
	steps, f := splitSteps(text)
	if f != nil {
		return address{}, f
	}
	var a address
	plain := func(s rawStep, want string) bool { return s.name == want && s.index.text == "" }
	if len(steps) > 0 && plain(steps[0], "root") {
		a.root, steps = true, steps[1:]
	}
	for len(steps) >= 2 && plain(steps[0], "module") {
		s, f := steps[1].step(ctx)
		if f != nil {
			return address{}, f
		}
		a.modules, steps = append(a.modules, s), steps[2:]
	}
	if len(steps) > 0 && plain(steps[0], "data") {
		a.data, steps = true, steps[1:]
	}
	if len(steps) == 0 && !a.data && len(a.modules) > 0 {
		return a, nil
	}
	if len(steps) != 2 || steps[0].index.text != "" || !isIdentifier(steps[0].name) {
		return address{}, notAnAddress(text)
	}
	a.typ = steps[0].name
	a.name, f = steps[1].step(ctx)
	return a, f
}

func notAnAddress(text string) *flaw {
	return flawed("Not an address",
		"%q is not the address of a resource. Expected something like aws_instance.web, aws_instance.web[\"a\"] or module.app.aws_instance.web.", text)
}

// planAddress is the parsed address of an instance of the plan; ok is false
// for objects that have no address in the configuration.
func planAddress(text netmodel.Address) (address, bool) {
	a, f := parseAddress(string(text), nil)
	return a, f == nil && a.typ != ""
}

// planModule is the path of a module instance of the plan.
func planModule(text string) []step {
	if text == "" {
		return nil
	}
	a, f := parseAddress(text, nil)
	if f != nil || a.typ != "" {
		panic("assertions: not a module address: " + text)
	}
	return a.modules
}

// A rawStep is what stands between two dots: a name, or a pattern, and the
// text in brackets behind it, brackets included.
type rawStep struct {
	name  string
	index piece
}

func (s rawStep) text() string { return s.name + s.index.text }

// splitSteps cuts an address or a glob at the dots outside brackets.
func splitSteps(text string) ([]rawStep, *flaw) {
	mask, f := protected(text)
	if f != nil {
		return nil, f
	}
	var out []rawStep
	for _, p := range (piece{text: text}).split('.', mask) {
		s := rawStep{name: p.text}
		if i := strings.IndexByte(p.text, '['); i >= 0 {
			if !strings.HasSuffix(p.text, "]") {
				return nil, notAnAddress(text)
			}
			s = rawStep{p.text[:i], p.slice(i, len(p.text))}
		}
		if s.name == "" || strings.ContainsAny(s.name, "\" \t") {
			return nil, notAnAddress(text)
		}
		out = append(out, s)
	}
	return out, nil
}

// step reads the index.
func (s rawStep) step(ctx *hcl.EvalContext) (step, *flaw) {
	if !isIdentifier(s.name) {
		return step{}, flawed("Not an address", "%q is not a name.", s.name)
	}
	if s.index.text == "" || s.index.text == "[*]" {
		return step{name: s.name}, nil
	}
	i, ok := evaluateIndex(s.index.text[1:len(s.index.text)-1], ctx)
	if !ok {
		return step{}, flawed("Not a key", "%s is not an index or key. Write a number, as in [0], or a quoted key, as in [\"a\"].",
			s.index.text).at(s.index.at, s.index.text)
	}
	return step{s.name, i}, nil
}

// evaluateIndex is the index that an expression stands for.
func evaluateIndex(text string, ctx *hcl.EvalContext) (index, bool) {
	// Nearly all indexes are plain numbers, and there may be many.
	if n, err := strconv.ParseInt(text, 10, 64); err == nil && strconv.FormatInt(n, 10) == text && n >= 0 {
		return numberIndex(n), true
	}
	expr, diags := hclsyntax.ParseExpression([]byte(text), "", hcl.InitialPos)
	if diags.HasErrors() {
		return index{}, false
	}
	v, diags := expr.Value(ctx)
	if diags.HasErrors() {
		return index{}, false
	}
	return indexOf(v)
}

// indexOf is the index that v stands for; a value that is not known yet picks
// all.
func indexOf(v cty.Value) (index, bool) {
	v, _ = v.Unmark()
	switch {
	case !v.IsKnown():
		return index{}, true
	case v.IsNull():
	case v.Type() == cty.String:
		return keyIndex(v.AsString()), true
	case v.Type() == cty.Number:
		if n, acc := v.AsBigFloat().Int64(); acc == big.Exact && n >= 0 {
			return numberIndex(n), true
		}
	}
	return index{}, false
}
