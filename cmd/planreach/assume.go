package main

import (
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"github.com/planreach/planreach/assertions"
	"github.com/planreach/planreach/netmodel"
	"github.com/planreach/planreach/planparse"
	"github.com/planreach/planreach/report"
)

// assume fills what the user assumes into the plan, and returns the assumptions
// as reports have them.
func (s *study) assume(as []assertions.Assumption) ([]report.Assumption, hcl.Diagnostics) {
	var told []report.Assumption
	var given []planparse.Assumption
	var from []assertions.Assumption // of each given
	for _, a := range as {
		for _, target := range s.targets(a.Target) {
			given = append(given, planparse.Assumption{Target: target, Values: assumedValues(a), Reason: a.Reason})
			from = append(from, a)
			for _, attribute := range slices.Sorted(maps.Keys(a.Values)) {
				told = append(told, report.Assumption{
					Target: string(target), Attribute: attribute, Reason: a.Reason,
					File: a.Range.Filename, Line: a.Range.Start.Line,
				})
			}
		}
	}
	plan, problems := planparse.Assume(s.plan, given)
	s.plan = plan
	var diags hcl.Diagnostics
	for _, problem := range problems {
		d := &hcl.Diagnostic{
			Severity: hcl.DiagError, Summary: problem.Summary, Detail: problem.Detail,
			Subject: from[problem.Index].Range.Ptr(),
		}
		if problem.Warning {
			d.Severity = hcl.DiagWarning
		}
		diags = diags.Append(d)
	}
	return told, diags
}

// targets are the resource instances that a target picks; itself if there are
// none.
func (s *study) targets(target netmodel.Address) []netmodel.Address {
	var out []netmodel.Address
	for _, r := range s.plan.Resources {
		if picks(string(target), string(r.Address)) {
			out = append(out, r.Address)
		}
	}
	if out == nil {
		return []netmodel.Address{target}
	}
	return out
}

// picks reports whether address is target with instance keys where target has
// none.
func picks(target, address string) bool {
	for address != "" {
		if address[0] == '[' && !strings.HasPrefix(target, "[") {
			address = address[keyLength(address):]
			continue
		}
		if target == "" || target[0] != address[0] {
			return false
		}
		target, address = target[1:], address[1:]
	}
	return target == ""
}

// keyLength is the length of the instance key that address begins with.
func keyLength(address string) int {
	quoted := false
	for i := 1; i < len(address); i++ {
		switch c := address[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case !quoted && c == ']':
			return i + 1
		}
	}
	return len(address)
}

func assumedValues(a assertions.Assumption) map[string]planparse.Value {
	out := map[string]planparse.Value{}
	for name, v := range a.Values {
		if v.Address != "" {
			id := planparse.Identity{Address: v.Address, Attr: v.Attr}
			out[name] = planparse.HoleValue(&planparse.Leaf{Kind: planparse.Exact, Term: planparse.Term{{Identity: id}}})
		} else {
			out[name] = planValue(v.Value)
		}
	}
	return out
}

// planValue is v as plans have it.
func planValue(v cty.Value) planparse.Value {
	v, marks := v.Unmark()
	out := planparse.HoleValue(nil)
	switch t := v.Type(); {
	case !v.IsKnown():
	case v.IsNull():
		out = planparse.NullValue()
	case t == cty.String:
		out = planparse.StringValue(v.AsString())
	case t == cty.Number:
		out = planparse.NumberValue(v.AsBigFloat().Text('f', -1))
	case t == cty.Bool:
		out = planparse.BoolValue(v.True())
	case t.IsListType() || t.IsSetType() || t.IsTupleType():
		var elements []planparse.Value
		for _, e := range v.AsValueSlice() {
			elements = append(elements, planValue(e))
		}
		out = planparse.ListValue(elements)
	case t.IsMapType() || t.IsObjectType():
		fields := map[string]planparse.Value{}
		for name, e := range v.AsValueMap() {
			fields[name] = planValue(e)
		}
		out = planparse.ObjectValue(fields)
	}
	if len(marks) > 0 {
		out = out.MarkSensitive()
	}
	return out
}
