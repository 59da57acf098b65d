package assertions

import (
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
)

// isolate reads what an isolate block keeps apart, and the holes in it (L-35).
func (in *instance) isolate(st *statement, e element, a *Assertion, policy policies) hcl.Diagnostics {
	a.Verb = Isolate
	groups, diags := in.selectors(st.args["groups"].Expr, e.ctx)
	if len(groups) < 2 && !diags.HasErrors() && in.isKnown(st.args["groups"].Expr, e.ctx) {
		diags = diags.Append(problem(st.args["groups"].Expr.Range(), "One group is no group apart",
			"isolate takes two groups or more, as in groups = [group.prod, group.dev]."))
	}
	var more hcl.Diagnostics
	a.Traffic, _, more = in.traffic(st, e.ctx)
	diags = append(diags, more...)
	var except []writtenFlow
	if x := st.args["except"]; x != nil {
		except, more = in.arrowList(x, e.ctx)
		diags = append(diags, more...)
	}
	a.Waivers, more = in.waivers(st, e)
	diags = append(diags, more...)
	if in.world == nil { // the mistakes that show without a plan
		for _, f := range except {
			_, _, more := in.listed(f)
			diags = append(diags, more...)
		}
	}
	if diags.HasErrors() || in.world == nil || a.SkippedBecause != "" {
		return diags
	}
	var full []written // the groups with something in them
	var left []string
	for _, g := range groups {
		found, more := in.lookup([]written{g}, lookupOptions{skipEmpty: policy.skipEmpty, source: true})
		diags = append(diags, more...)
		left = append(left, found.left...)
		if len(found.ends) > 0 {
			full, a.Groups = append(full, g), append(a.Groups, found.ends)
		}
	}
	if diags.HasErrors() {
		return diags
	}
	if len(full) < 2 { // L-26
		a.SkippedBecause = "nothing selected by " + strings.Join(left, ", ")
		return diags
	}
	diags = append(diags, overlaps(st, full, a.Groups)...)
	for _, f := range except {
		hole, missing, more := in.listed(f)
		diags = append(append(diags, missing...), more...)
		if len(missing) == 0 && !a.isBetweenGroups(hole) {
			diags = diags.Append(problem(f.rng, "Not between the groups",
				"%q does not lie between two of the groups, so nothing here forbids it.", hole.Text))
		}
		a.Except = append(a.Except, hole)
	}
	return diags
}

// isKnown reports whether the number of groups can be told: not while a list is
// computed from what only a plan tells.
func (in *instance) isKnown(expr hcl.Expression, ctx *hcl.EvalContext) bool {
	if _, bare := in.bare(expr); bare || in.world != nil {
		return true
	}
	if list, diags := hcl.ExprList(expr); !diags.HasErrors() {
		return len(list) < 2
	}
	v, diags := in.evaluate(expr, ctx)
	return !diags.HasErrors() && v.IsWhollyKnown()
}

// overlaps refuses ends that are in two of the groups for certain.
func overlaps(st *statement, groups []written, ends [][]End) hcl.Diagnostics {
	var diags hcl.Diagnostics
	for i := range ends {
		for j := range i {
			for _, x := range ends[i] {
				if x.Doubt.IsZero() && slices.Contains(ends[j], x) {
					diags = diags.Append(problem(st.args["groups"].Expr.Range(), "In two groups",
						"%s is in %s and in %s. A thing cannot be isolated from itself.", x, groups[j].text, groups[i].text))
				}
			}
		}
	}
	return diags
}

// isBetweenGroups reports whether all ends of an exception lie in the groups,
// those of its two sides in different ones.
func (a *Assertion) isBetweenGroups(f ListedFlow) bool {
	if len(f.From) == 0 || len(f.To) == 0 {
		return true // nothing is left of it, which empty = "skip" allows
	}
	for _, from := range f.From {
		for _, to := range f.To {
			i, j := a.groupOf(from), a.groupOf(to)
			if i < 0 || j < 0 || i == j {
				return false
			}
		}
	}
	return true
}

// groupOf is the number of the group that holds an end, or -1.
func (a *Assertion) groupOf(e End) int {
	return slices.IndexFunc(a.Groups, func(ends []End) bool {
		return slices.ContainsFunc(ends, func(x End) bool { return x.certain() == e.certain() })
	})
}
