package assertions

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/planreach/planreach/headerspace"
)

// evaluate is the value of an expression whose result may be printed. A value
// that is not known is an error once a plan is at hand.
func (in *instance) evaluate(expr hcl.Expression, ctx *hcl.EvalContext) (cty.Value, hcl.Diagnostics) {
	v, diags := expr.Value(ctx)
	diags = silent(diags)
	switch {
	case diags.HasErrors():
		return cty.DynamicVal, diags
	case v.ContainsMarked():
		return cty.DynamicVal, hcl.Diagnostics{problem(expr.Range(), "Sensitive value",
			"This value is marked sensitive, and it would be printed. Only when may depend on it.")}
	case !v.IsWhollyKnown() && in.world != nil:
		for _, t := range expr.Variables() {
			if name, ok := second(t); ok && t.RootName() == "local" && in.scope.broken[name].HasErrors() {
				return cty.DynamicVal, in.scope.broken[name] // said already
			}
		}
		return cty.DynamicVal, hcl.Diagnostics{problem(expr.Range(), "Value not known",
			"This depends on a value that is known only after apply.")}
	}
	return v, diags
}

// bare is the text of an expression that names something of the plan or of the
// language rather than a value: aws_instance.web["a"], group.app, internet.
func (in *instance) bare(expr hcl.Expression) (string, bool) {
	root := expr
	for {
		switch e := root.(type) {
		case *hclsyntax.ScopeTraversalExpr:
			switch e.Traversal.RootName() {
			case "var", "local", "each", "plan":
				return "", false
			}
			return in.set.source(expr.Range()), true
		case *hclsyntax.RelativeTraversalExpr:
			root = e.Source
		case *hclsyntax.IndexExpr:
			root = e.Collection
		case *hclsyntax.SplatExpr:
			root = e.Source
		default:
			return "", false
		}
	}
}

// literalOf is a text together with the expression that it comes from.
func (in *instance) literalOf(text string, expr hcl.Expression) literal {
	l := literal{text: text, rng: expr.Range()}
	switch in.set.source(l.rng) {
	case text:
		l.plain = true
	case `"` + text + `"`:
		l.plain, l.column = true, 1
	}
	return l
}

// A quantity is the selectors of one side, and whether one of the ends is
// enough.
type quantity struct {
	any  bool
	ends []written
}

// quantity reads from or to: selectors, possibly within all(…) or any(…).
func (in *instance) quantity(expr hcl.Expression, ctx *hcl.EvalContext) (quantity, hcl.Diagnostics) {
	if call, ok := expr.(*hclsyntax.FunctionCallExpr); ok && (call.Name == "all" || call.Name == "any") {
		q := quantity{any: call.Name == "any"}
		var diags hcl.Diagnostics
		for _, a := range call.Args {
			s, more := in.selectors(a, ctx)
			q.ends, diags = append(q.ends, s...), append(diags, more...)
		}
		if len(call.Args) == 0 {
			diags = diags.Append(problem(expr.Range(), "An end is missing", "Name at least one end in %s(…).", call.Name))
		}
		return q, diags
	}
	ends, diags := in.selectors(expr, ctx)
	if len(ends) == 1 {
		if s, ok := ends[0].what.(quantifiedSelector); ok {
			return s.quantity, diags
		}
	}
	return quantity{ends: ends}, diags
}

// A quantifiedSelector is all(…) or any(…) in a string, which *.reach.json
// needs. It stands only alone on a side.
type quantifiedSelector struct{ quantity }

func (quantifiedSelector) isSelector() {}

// selectors reads one selector or a list of them.
func (in *instance) selectors(expr hcl.Expression, ctx *hcl.EvalContext) ([]written, hcl.Diagnostics) {
	if p, ok := expr.(*hclsyntax.ParenthesesExpr); ok {
		return in.selectors(p.Expression, ctx)
	}
	if text, ok := in.bare(expr); ok {
		return in.bareSelector(text, expr, ctx)
	}
	if list, diags := hcl.ExprList(expr); !diags.HasErrors() {
		return in.eachSelector(list, expr, ctx)
	}
	if pairs, diags := hcl.ExprMap(expr); !diags.HasErrors() {
		return in.object(pairs, expr, ctx)
	}
	if c, ok := expr.(*hclsyntax.ConditionalExpr); ok {
		return in.conditional(c, ctx)
	}
	v, diags := in.evaluate(expr, ctx)
	if diags.HasErrors() || !v.IsWhollyKnown() {
		return nil, diags
	}
	return in.valueSelectors(v, expr, ctx)
}

func (in *instance) bareSelector(text string, expr hcl.Expression, ctx *hcl.EvalContext) ([]written, hcl.Diagnostics) {
	l := in.literalOf(text, expr)
	s, f := parseSelector(text, ctx)
	if _, isGlob := s.(globSelector); isGlob && f == nil {
		f = flawed("Patterns are strings", "Write %q.", text)
	}
	if f != nil {
		return nil, hcl.Diagnostics{l.diagnostic(f)}
	}
	return []written{{s, l}}, nil
}

func (in *instance) eachSelector(list []hcl.Expression, at hcl.Expression, ctx *hcl.EvalContext) ([]written, hcl.Diagnostics) {
	if len(list) == 0 {
		return nil, hcl.Diagnostics{problem(at.Range(), "Nothing selected", "This list is empty. An assertion about nothing would always pass.")}
	}
	var out []written
	var diags hcl.Diagnostics
	for _, e := range list {
		s, more := in.selectors(e, ctx)
		out, diags = append(out, s...), append(diags, more...)
	}
	return out, diags
}

// conditional chooses between two selectors by a condition that is known.
func (in *instance) conditional(c *hclsyntax.ConditionalExpr, ctx *hcl.EvalContext) ([]written, hcl.Diagnostics) {
	v, diags := in.evaluate(c.Condition, ctx)
	switch {
	case diags.HasErrors() || !v.IsKnown():
		return nil, diags
	case v.Type() != cty.Bool || v.IsNull():
		return nil, hcl.Diagnostics{problem(c.Condition.Range(), "Not a condition", "The condition is neither true nor false.")}
	case v.True():
		return in.selectors(c.TrueResult, ctx)
	}
	return in.selectors(c.FalseResult, ctx)
}

// valueSelectors reads selectors from a value: a string, a list, an object.
func (in *instance) valueSelectors(v cty.Value, expr hcl.Expression, ctx *hcl.EvalContext) ([]written, hcl.Diagnostics) {
	part := func(v cty.Value) hcl.Expression { return hcl.StaticExpr(v, expr.Range()) }
	switch t := v.Type(); {
	case v.IsNull():
	case t == cty.String:
		l := in.literalOf(v.AsString(), expr)
		s, f := parseSelectorText(l)
		if f != nil {
			return nil, hcl.Diagnostics{l.diagnostic(f)}
		}
		return []written{{s, l}}, nil
	case t.IsListType() || t.IsTupleType() || t.IsSetType():
		var list []hcl.Expression
		for _, e := range v.AsValueSlice() {
			list = append(list, part(e))
		}
		return in.eachSelector(list, expr, ctx)
	case t.IsObjectType() || t.IsMapType():
		var pairs []hcl.KeyValuePair
		for _, name := range sortedKeys(v.AsValueMap()) {
			pairs = append(pairs, hcl.KeyValuePair{Key: part(cty.StringVal(name)), Value: part(v.AsValueMap()[name])})
		}
		return in.object(pairs, expr, ctx)
	}
	return nil, hcl.Diagnostics{problem(expr.Range(), "Not a selector",
		"Expected an address, a name, a group, internet, any, a CIDR, an object, or a list of these.")}
}

// parseSelectorText reads the text of a string, in which all(…) and any(…) are
// understood.
func parseSelectorText(l literal) (selector, *flaw) {
	text := l.text
	inner, ok := strings.CutSuffix(text, ")")
	name, list, call := strings.Cut(inner, "(")
	if !ok || !call || name != "all" && name != "any" {
		return parseSelector(text, nil)
	}
	mask, f := protected(text)
	if f != nil {
		return nil, f
	}
	q := quantity{any: name == "any"}
	for _, p := range (piece{list, len(name) + 1}).split(',', mask) {
		p = p.trim()
		s, f := parseSelector(p.text, nil)
		if f != nil {
			return nil, f.at(p.at, p.text)
		}
		q.ends = append(q.ends, written{s, literal{text: p.text, rng: l.sub(p.at, p.at+len(p.text))}})
	}
	return quantifiedSelector{q}, nil
}

// object reads { type = …, tags = …, name = …, within = … } (L-22).
func (in *instance) object(pairs []hcl.KeyValuePair, at hcl.Expression, ctx *hcl.EvalContext) ([]written, hcl.Diagnostics) {
	var o objectSelector
	var diags hcl.Diagnostics
	words := []string{"type", "tags", "name", "within"}
	for _, p := range pairs {
		key := hcl.ExprAsKeyword(p.Key)
		if v, more := p.Key.Value(ctx); key == "" && !more.HasErrors() && v.Type() == cty.String && v.IsKnown() && !v.IsNull() {
			key = v.AsString()
		}
		var more hcl.Diagnostics
		switch key {
		case "type":
			o.types, more = in.strings(p.Value, ctx)
		case "name":
			o.names, more = in.strings(p.Value, ctx)
		case "within":
			o.within, more = in.selectors(p.Value, ctx)
		case "tags":
			o.tags, more = in.tags(p.Value, ctx)
		case "attr":
			more = hcl.Diagnostics{literal{rng: p.Key.Range()}.diagnostic(notSupported("attr"))}
		default:
			more = hcl.Diagnostics{problem(p.Key.Range(), "Unsupported argument", "An argument named %q is not expected here.%s", key, didYouMean(key, words))}
		}
		diags = append(diags, more...)
	}
	if len(pairs) == 0 {
		diags = diags.Append(problem(at.Range(), "Nothing selected", "An object without parts says nothing. For every endpoint write any."))
	}
	return []written{{o, literal{text: in.set.source(at.Range()), rng: at.Range()}}}, diags
}

func (in *instance) tags(expr hcl.Expression, ctx *hcl.EvalContext) ([]tagSelector, hcl.Diagnostics) {
	m, diags := in.stringMap(expr, ctx)
	var out []tagSelector
	for _, k := range sortedKeys(m) {
		out = append(out, tagSelector{k, m[k]})
	}
	return out, diags
}

// stringMap is a map of strings; nil while the value is not known.
func (in *instance) stringMap(expr hcl.Expression, ctx *hcl.EvalContext) (map[string]string, hcl.Diagnostics) {
	v, diags := in.evaluate(expr, ctx)
	if diags.HasErrors() || !v.IsWhollyKnown() {
		return nil, diags
	}
	if v.IsNull() || !v.CanIterateElements() || !v.Type().IsObjectType() && !v.Type().IsMapType() {
		return nil, hcl.Diagnostics{problem(expr.Range(), "Not a map", "Expected a map of strings, as in { owner = \"netsec\" }.")}
	}
	out := map[string]string{}
	for k, e := range v.AsValueMap() {
		s, ok := textOf(e)
		if !ok {
			return nil, hcl.Diagnostics{problem(expr.Range(), "Not a map of strings", "The value of %s is not a string.", k)}
		}
		out[k] = s
	}
	return out, nil
}

// strings is one string, or a list of them; nil while the value is not known.
func (in *instance) strings(expr hcl.Expression, ctx *hcl.EvalContext) ([]string, hcl.Diagnostics) {
	v, diags := in.evaluate(expr, ctx)
	if diags.HasErrors() || !v.IsWhollyKnown() {
		return nil, diags
	}
	if s, ok := textOf(v); ok {
		return []string{s}, nil
	}
	bad := hcl.Diagnostics{problem(expr.Range(), "Not a string", "Expected a string or a list of strings.")}
	if v.IsNull() || !v.CanIterateElements() || v.Type().IsObjectType() || v.Type().IsMapType() {
		return nil, bad
	}
	var out []string
	for _, e := range v.AsValueSlice() {
		s, ok := textOf(e)
		if !ok {
			return nil, bad
		}
		out = append(out, s)
	}
	return out, nil
}

// textOf is the text of a string, number or bool.
func textOf(v cty.Value) (string, bool) {
	switch {
	case v.IsNull() || !v.IsKnown():
		return "", false
	case v.Type() == cty.String:
		return v.AsString(), true
	case v.Type() == cty.Number:
		return v.AsBigFloat().Text('f', -1), true
	case v.Type() == cty.Bool:
		return strconv.FormatBool(v.True()), true
	}
	return "", false
}

// traffic reads port and ports; given is whether one of them is there.
func (in *instance) traffic(st *statement, ctx *hcl.EvalContext) (t headerspace.Traffic, given bool, diags hcl.Diagnostics) {
	one, many := st.args["port"], st.args["ports"]
	switch {
	case one != nil && many != nil:
		return t, true, hcl.Diagnostics{problem(many.NameRange, "Port given twice", "Use port for one, ports for several.")}
	case one != nil:
		t, diags = in.portList([]hcl.Expression{one.Expr}, ctx)
		return t, true, diags
	case many != nil:
		t, diags = in.portsOf(many.Expr, ctx)
		return t, true, diags
	}
	return headerspace.All(), false, nil
}

func (in *instance) portsOf(expr hcl.Expression, ctx *hcl.EvalContext) (headerspace.Traffic, hcl.Diagnostics) {
	list, diags := hcl.ExprList(expr)
	if diags.HasErrors() {
		list = []hcl.Expression{expr}
	} else if len(list) == 0 {
		return headerspace.Traffic{}, hcl.Diagnostics{problem(expr.Range(), "A port is missing", "This list is empty.")}
	}
	return in.portList(list, ctx)
}

func (in *instance) portList(list []hcl.Expression, ctx *hcl.EvalContext) (headerspace.Traffic, hcl.Diagnostics) {
	var out headerspace.Traffic
	var diags hcl.Diagnostics
	for _, e := range list {
		t, more := in.portExpr(e, ctx)
		out, diags = out.Union(t), append(diags, more...)
	}
	return out, diags
}

func (in *instance) portExpr(expr hcl.Expression, ctx *hcl.EvalContext) (headerspace.Traffic, hcl.Diagnostics) {
	if text, ok := in.bare(expr); ok {
		l := in.literalOf(text, expr)
		if text != "any" && !strings.HasPrefix(text, "service.") {
			detail := fmt.Sprintf("Write a number, a string such as %q, any, or a service as service.NAME.", "udp/53")
			if isIdentifier(text) {
				detail = fmt.Sprintf("Write service.%s if the service is meant.", text)
			}
			return headerspace.Traffic{}, hcl.Diagnostics{problem(l.rng, strconv.Quote(text)+" is not a port", "%s", detail)}
		}
		return in.portText(l)
	}
	v, diags := in.evaluate(expr, ctx)
	if diags.HasErrors() || !v.IsWhollyKnown() {
		return headerspace.Traffic{}, diags
	}
	if s, ok := textOf(v); ok && v.Type() != cty.Bool {
		return in.portText(in.literalOf(s, expr))
	}
	if !v.IsNull() && v.CanIterateElements() && !v.Type().IsObjectType() && !v.Type().IsMapType() {
		var list []hcl.Expression
		for _, e := range v.AsValueSlice() {
			list = append(list, hcl.StaticExpr(e, expr.Range()))
		}
		return in.portList(list, ctx)
	}
	return headerspace.Traffic{}, hcl.Diagnostics{problem(expr.Range(), "Not a port", "Expected a number, a string, any, or a service.")}
}

func (in *instance) portText(l literal) (headerspace.Traffic, hcl.Diagnostics) {
	p, f := parsePort(l.text)
	if f != nil {
		return headerspace.Traffic{}, hcl.Diagnostics{l.diagnostic(f)}
	}
	return in.trafficOf(p, l)
}

// trafficOf is what a port means in this scope.
func (in *instance) trafficOf(p port, l literal) (headerspace.Traffic, hcl.Diagnostics) {
	if p.service == "" {
		return p.traffic, nil
	}
	return in.service(p.service, l)
}

// service is the traffic of a service: the scope's own, else a built-in one.
func (in *instance) service(name string, l literal) (headerspace.Traffic, hcl.Diagnostics) {
	if st := in.scope.services[name]; st != nil {
		if st.broken() {
			return headerspace.Traffic{}, st.errors
		}
		if slices.Contains(in.open, name) {
			return headerspace.Traffic{}, hcl.Diagnostics{problem(st.rng, "Service contains itself", "The ports of %s lead back to it.", name)}
		}
		in.open = append(in.open, name)
		defer func() { in.open = in.open[:len(in.open)-1] }()
		return in.portsOf(st.args["ports"].Expr, in.ctx)
	}
	ports, ok := builtinServices[name]
	if !ok {
		names := append(sortedKeys(builtinServices), sortedKeys(in.scope.services)...)
		detail := fmt.Sprintf("There is no service named %s.", name)
		if s := suggest(name, names); s != "" {
			detail = "Did you mean service." + s + "?"
		}
		return headerspace.Traffic{}, hcl.Diagnostics{problem(l.rng, "No such service", "%s", detail)}
	}
	var out headerspace.Traffic
	for _, text := range ports {
		p, f := parsePort(text)
		if f != nil {
			panic("assertions: built-in service " + name + ": " + f.detail)
		}
		out = out.Union(p.traffic)
	}
	return out, nil
}
