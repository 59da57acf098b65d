package assertions

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"github.com/planreach/planreach/headerspace"
)

// An element is one turn of for_each, or the only one without it.
type element struct {
	key *string
	ctx *hcl.EvalContext
}

// statement is the assertions that a block makes in this instance. A block with
// an error makes none.
func (in *instance) statement(st *statement) ([]Assertion, hcl.Diagnostics) {
	elements, diags := in.elements(st)
	var out []Assertion
	if len(elements) == 0 && !diags.HasErrors() && in.world != nil { // nobody takes it for one that holds
		out = append(out, st.skipped(in.id(st.label), in.module.Address, "for_each has no elements"))
	}
	for _, e := range elements {
		made, more := in.turn(st, e)
		diags = append(diags, more...)
		if !more.HasErrors() {
			out = append(out, made...)
		}
	}
	return out, diags
}

// elements is the turns of for_each. Without a plan it is one turn of which
// nothing is known.
func (in *instance) elements(st *statement) ([]element, hcl.Diagnostics) {
	a := st.args["for_each"]
	if a == nil {
		return []element{{ctx: in.ctx}}, nil
	}
	v, diags := in.evaluate(a.Expr, in.ctx)
	switch t := v.Type(); {
	case diags.HasErrors():
		return nil, diags
	case in.world == nil && !v.IsWhollyKnown():
		return []element{in.element(cty.UnknownVal(cty.String), cty.DynamicVal)}, nil
	case v.IsNull(), !t.IsMapType() && !t.IsObjectType() && !isSetOfStrings(v):
		return nil, diags.Append(problem(a.Expr.Range(), "Not for for_each", "for_each takes a map, or a set of strings as in toset([\"a\", \"b\"])."))
	case v.LengthInt() == 0 && in.world != nil:
		return nil, diags
	}
	var out []element
	for it := v.ElementIterator(); it.Next(); {
		k, e := it.Element()
		out = append(out, in.element(k, e))
	}
	return out, diags
}

// isSetOfStrings reports whether a value is a set of strings, or an empty one of
// no type, which toset([]) is.
func isSetOfStrings(v cty.Value) bool {
	t := v.Type()
	return t.IsSetType() && (t.ElementType() == cty.String || t.ElementType() == cty.DynamicPseudoType && v.IsKnown() && v.LengthInt() == 0)
}

func (in *instance) element(key, value cty.Value) element {
	ctx := in.ctx.NewChild()
	ctx.Variables = map[string]cty.Value{"each": cty.ObjectVal(map[string]cty.Value{"key": key, "value": value})}
	e := element{ctx: ctx}
	if key.IsKnown() {
		text := key.AsString()
		e.key = &text
	}
	return e
}

// turn is the assertions of one block in one turn.
func (in *instance) turn(st *statement, e element) ([]Assertion, hcl.Diagnostics) {
	a, policy, diags := in.start(st, e)
	switch st.kind {
	case "flows":
		out, more := in.arrows(st, e, a, policy)
		return out, append(diags, more...)
	case "isolate":
		more := in.isolate(st, e, &a, policy)
		return []Assertion{a}, append(diags, more...)
	}
	more := in.sides(st, e, &a, policy)
	return []Assertion{a}, append(diags, more...)
}

// start is what all kinds of assertions have in common.
func (in *instance) start(st *statement, e element) (Assertion, policies, hcl.Diagnostics) {
	policy, diags := in.policies(st, in.base, e.ctx)
	a := Assertion{
		ID: in.id(st.label), Label: st.label, Module: in.module.Address, EachKey: e.key, Range: st.rng,
		Severity: policy.severity, Unknown: policy.unknown, Labels: map[string]string{},
	}
	if e.key != nil {
		a.ID += keyIndex(*e.key).text
	}
	if own := st.args["source_port"]; own != nil {
		a.SourcePort = policy.sourcePort
	}
	if in.base.sourcePort != nil {
		a.DefaultSourcePort = in.base.sourcePort
	}
	if d := st.args["description"]; d != nil {
		text, _, more := in.text(d, e.ctx)
		a.Description, diags = text, append(diags, more...)
	}
	if l := st.args["labels"]; l != nil {
		m, more := in.stringMap(l.Expr, e.ctx)
		diags = append(diags, more...)
		if m != nil {
			a.Labels = m
		}
	}
	skip, more := in.when(st.args["when"], e.ctx)
	a.SkippedBecause = skip
	return a, policy, append(diags, more...)
}

// id is a label in this module instance.
func (in *instance) id(label string) string {
	if in.module.Address == "" {
		return label
	}
	return in.module.Address + "/" + label
}

// when is the reason to skip, or empty. A condition that is not known lets the
// assertion run (L-38).
func (in *instance) when(a *hcl.Attribute, ctx *hcl.EvalContext) (string, hcl.Diagnostics) {
	if a == nil {
		return "", nil
	}
	v, diags := a.Expr.Value(ctx)
	diags = silent(diags)
	v, _ = v.UnmarkDeep()
	// A plan has the values of -var and TF_VAR_ as strings, whatever their type.
	condition, err := convert.Convert(v, cty.Bool)
	switch {
	case diags.HasErrors():
		return "", diags
	case !v.IsKnown():
		if in.world == nil {
			return "", diags
		}
		return "", diags.Append(warning(a.Expr.Range(), "Condition not known",
			"This depends on a value that is known only after apply, so the assertion is checked."))
	case err != nil || condition.IsNull():
		return "", diags.Append(problem(a.Expr.Range(), "Not true or false", "when is true or false."))
	case condition.False():
		return "when is false", diags
	}
	return "", diags
}

// sides reads the long form of a verb with two sides.
func (in *instance) sides(st *statement, e element, a *Assertion, policy policies) hcl.Diagnostics {
	a.Verb = verbs[st.kind]
	from, diags := in.quantity(st.args["from"].Expr, e.ctx)
	to, more := in.quantity(st.args["to"].Expr, e.ctx)
	diags = append(diags, more...)
	for _, side := range []struct {
		quantity
		name string
	}{{from, "from"}, {to, "to"}} {
		if side.any && !a.Verb.IsPromise() {
			diags = diags.Append(problem(st.args[side.name].Expr.Range(), `"any" cannot be forbidden`,
				"A prohibition covers every pair. Remove any(…), or turn this into a must_reach."))
		}
	}
	t, given, more := in.traffic(st, e.ctx)
	diags = append(diags, more...)
	if !given && a.Verb.IsPromise() {
		f := whichPort()
		diags = diags.Append(problem(st.rng, f.summary, "%s", f.detail))
	}
	a.Traffic = t
	a.BothWays, more = in.flag(st.args["both_ways"], e.ctx)
	diags = append(diags, more...)
	a.OneWay, more = in.flag(st.args["oneway"], e.ctx)
	diags = append(diags, more...)
	if a.OneWay && a.Verb.IsPromise() && t.Overlaps(headerspace.Whole(headerspace.TCP)) {
		diags = diags.Append(problem(st.args["oneway"].Range, "TCP needs its replies",
			"oneway is for udp, icmp and proto/N; on TCP only must_not_reach takes it."))
	}
	diags = append(diags, in.waypoints(st, e.ctx, a, policy.skipEmpty)...)
	if i, more := in.word(st.args["hosts"], e.ctx, "present", "future"); i == 1 {
		f := notSupported(`hosts = "future"`)
		diags = append(diags, more...).Append(problem(st.args["hosts"].Expr.Range(), f.summary, "%s", f.detail))
	} else {
		diags = append(diags, more...)
	}
	a.Waivers, more = in.waivers(st, e)
	diags = append(diags, more...)
	return append(diags, in.fill(a, from, to, policy.skipEmpty)...)
}

// fill looks up both sides.
func (in *instance) fill(a *Assertion, from, to quantity, skipEmpty bool) hcl.Diagnostics {
	if in.world == nil || a.SkippedBecause != "" {
		return nil
	}
	gateways := a.Verb == MustReach || a.Verb == MustNotReach
	f, diags := in.lookup(from.ends, lookupOptions{skipEmpty: skipEmpty, source: true, gateways: gateways})
	// On the way back the targets are sources.
	t, more := in.lookup(to.ends, lookupOptions{skipEmpty: skipEmpty, source: a.BothWays, gateways: gateways})
	diags = append(diags, more...)
	a.From, a.To = Side{from.any, f.ends}, Side{to.any, t.ends}
	if a.Verb == Only && !diags.HasErrors() {
		a.Exempt = f.ends
		all, _ := in.find(written{what: anySelector{}}, lookupOptions{source: true})
		a.From = Side{Ends: all.ends}
		f.ends = all.ends // nobody may reach it if from is empty
	}
	if !diags.HasErrors() {
		for _, s := range []selection{f, t} {
			if len(s.ends) == 0 {
				a.SkippedBecause = "nothing selected by " + strings.Join(s.left, ", ")
				break
			}
		}
	}
	return diags
}

// arrows reads a flows block: one assertion for each arrow.
func (in *instance) arrows(st *statement, e element, like Assertion, policy policies) ([]Assertion, hcl.Diagnostics) {
	var out []Assertion
	waivers, diags := in.waivers(st, e)
	listed := map[string]bool{} // by id
	some := false
	for _, list := range []struct {
		name string
		verb Verb
	}{{"must_succeed", MustReach}, {"must_fail", MustNotReach}} {
		a := st.args[list.name]
		if a == nil {
			continue
		}
		flows, more := in.arrowList(a, e.ctx)
		diags = append(diags, more...)
		some = some || len(flows) > 0 || more.HasErrors() || in.world == nil
		out = slices.Grow(out, len(flows))
		for _, w := range flows {
			made := like
			made.Verb, made.Flow, made.Range = list.verb, w.flow.String(), w.rng
			made.ID += ": " + made.Flow
			made.Waivers = waivers
			if listed[made.ID] {
				diags = diags.Append(problem(w.rng, "Flow listed twice", "%q is already in this block.", made.Flow))
				continue
			}
			more := in.arrow(&made, w, policy.skipEmpty)
			diags = append(diags, more...)
			if !more.HasErrors() {
				listed[made.ID] = true
				out = append(out, made)
			}
		}
	}
	if !some {
		diags = diags.Append(problem(st.rng, "No flows", "Write must_succeed or must_fail with at least one flow."))
	}
	return out, diags
}

// arrow makes the assertion that one arrow is.
func (in *instance) arrow(a *Assertion, w writtenFlow, skipEmpty bool) hcl.Diagnostics {
	var diags hcl.Diagnostics
	a.BothWays = w.flow.op.bothWays()
	if len(w.flow.ports) == 0 && a.Verb.IsPromise() {
		return diags.Append(w.diagnostic(whichPort()))
	}
	if f := w.flow.suits(a.Verb.IsPromise()); f != nil {
		return diags.Append(w.diagnostic(f))
	}
	a.Traffic, diags = in.flowTraffic(w)
	for _, q := range w.flow.qualifiers {
		points, more := in.waypointsOf(w.ends(q.ends), skipEmpty)
		diags = append(diags, more...)
		switch q.word {
		case "via":
			a.Through = append(a.Through, points...)
		case "not via":
			a.Avoid = append(a.Avoid, points...)
		case "unless via":
			a.UnlessThrough = append(a.UnlessThrough, points...)
		}
	}
	if diags.HasErrors() {
		return diags
	}
	return in.fill(a, quantity{ends: w.ends(w.flow.from)}, quantity{ends: w.ends(w.flow.to)}, skipEmpty)
}

// A writtenFlow is a flow and its place.
type writtenFlow struct {
	flow Flow
	literal
}

// ends is the ends of a side with their places.
func (w writtenFlow) ends(side []arrowEnd) []written {
	out := make([]written, len(side))
	for i, e := range side {
		out[i] = written{e.what, literal{text: e.text, rng: w.sub(e.at, e.at+len(e.text))}}
	}
	return out
}

// flowTraffic is the ports of a flow; everything if it has none.
func (in *instance) flowTraffic(w writtenFlow) (headerspace.Traffic, hcl.Diagnostics) {
	if len(w.flow.ports) == 0 {
		return headerspace.All(), nil
	}
	var out headerspace.Traffic
	var diags hcl.Diagnostics
	for _, p := range w.flow.ports {
		t, more := in.trafficOf(p, literal{text: p.text, rng: w.sub(p.at, p.at+len(p.text))})
		out, diags = out.Union(t), append(diags, more...)
	}
	return out, diags
}

// arrowList reads a list of arrows, whose polarity is that of the argument.
func (in *instance) arrowList(a *hcl.Attribute, ctx *hcl.EvalContext) ([]writtenFlow, hcl.Diagnostics) {
	list, diags := hcl.ExprList(a.Expr)
	if diags.HasErrors() {
		v, diags := in.evaluate(a.Expr, ctx)
		if diags.HasErrors() || !v.IsWhollyKnown() {
			return nil, diags
		}
		list = nil
		if !v.IsNull() && v.CanIterateElements() && !v.Type().IsObjectType() && !v.Type().IsMapType() {
			for _, e := range v.AsValueSlice() {
				list = append(list, hcl.StaticExpr(e, a.Expr.Range()))
			}
		} else {
			return nil, diags.Append(problem(a.Expr.Range(), "Not a list", "%s is a list of flows.", a.Name))
		}
	}
	var out []writtenFlow
	diags = nil
	for _, expr := range list {
		v, more := in.evaluate(expr, ctx)
		diags = append(diags, more...)
		if more.HasErrors() || !v.IsKnown() {
			continue
		}
		text, ok := textOf(v)
		if !ok {
			diags = diags.Append(problem(expr.Range(), "Not a flow", `Expected a string such as "source -> target:80".`))
			continue
		}
		w := writtenFlow{literal: in.literalOf(text, expr)}
		var f *flaw
		if w.flow, f = parseFlow(text); f == nil {
			f = polarity(a.Name, w.flow)
		}
		if f != nil {
			diags = diags.Append(w.diagnostic(f))
			continue
		}
		out = append(out, w)
	}
	return out, diags
}

// polarity refuses a negated arrow where the argument already says it (L-8).
func polarity(list string, flow Flow) *flaw {
	if !flow.op.isNegated() {
		return nil
	}
	flow.op = flow.op.positive()
	says := map[string]string{
		"must_fail":    `means "must not get through"`,
		"must_succeed": `means "must get through"`,
		"flows":        "lists what gets through and is accepted",
		"except":       "lists what may get through",
	}[list]
	detail := fmt.Sprintf("%s %s. Write %q.", list, says, flow)
	if list == "must_succeed" {
		detail += " What must not get through stands in must_fail."
	}
	return flawed("The list says it already", "%s", detail)
}
