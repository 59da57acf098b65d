package report

import (
	"cmp"
	"net/url"
	"path"
	"slices"
	"strings"
)

// A finding is one flow that fails or is not decided, as formats for reviewers
// tell it.
type finding struct {
	result Result
	flow   Flow
}

// findings are the flows of r that fail or are not decided, worst first; none
// where r as a whole does neither.
func (r Result) findings() []finding {
	if r.Verdict != "fail" && r.Verdict != "unknown" {
		return nil
	}
	var out []finding
	for _, f := range r.Flows {
		if f.Outcome == "fail" || f.Outcome == "unknown" {
			out = append(out, finding{r, f})
		}
	}
	return out
}

// worstFirst are the results that fail or are not decided: those that decide
// the exit code first, then what fails, then what is new in the plan.
func (c *Check) worstFirst() []Result {
	var out []Result
	for _, r := range c.Results {
		if r.Verdict == "fail" || r.Verdict == "unknown" {
			out = append(out, r)
		}
	}
	slices.SortStableFunc(out, func(a, b Result) int {
		return cmp.Or(isFirst(a.Counts, b.Counts), isFirst(a.Verdict == "fail", b.Verdict == "fail"), isFirst(a.NewInPlan, b.NewInPlan))
	})
	return out
}

func isFirst(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return -1
	}
	return 1
}

// counts reports whether the finding decides the exit code.
func (f finding) counts() bool {
	return f.result.Counts && (f.flow.Outcome == "fail" || f.result.Unknown == "fail")
}

// title is what was asked: "internet -> aws_db_instance.main:5432".
func (f Flow) title() string {
	return bracketed(f.From) + " -> " + bracketed(f.To) + arrowPorts(f.Traffic, true)
}

// predicate says what is wrong: "is reachable".
func (f Flow) predicate() string {
	switch {
	case f.Outcome == "unknown":
		return "cannot be decided"
	case f.Verdict == "unreachable" && len(f.ViaProxy) > 0, len(f.Missed)+len(f.Met) > 0:
		return "is " + lowered(f.found())
	case f.Verdict == "partial":
		return "is reachable in part: " + f.part() + " gets through"
	}
	return "is " + f.Verdict
}

// lowered is found within a sentence.
func lowered(found string) string {
	first, rest, _ := strings.Cut(found, " ")
	return strings.TrimSpace(strings.ToLower(first) + " " + rest)
}

// A spot is the place in the code that decides a flow, and what it says there.
type spot struct {
	address, text string
	file          string
	line          int
}

func (s spot) String() string {
	if s.address == "" {
		return s.text
	}
	return plainName(s.address) + ": " + s.text
}

// deciding is where to look first: at the missing fact of what is not decided,
// at what stops a promise, at what lets through what is prohibited. What has a
// place in the code goes before what has none.
func (f Flow) deciding() spot {
	var all []spot
	switch {
	case f.Outcome == "unknown":
		for _, u := range f.Unknowns {
			all = append(all, spot{u.Address, whyUnknown(u), u.File, u.Line})
		}
		all = append(all, spots(f.allHops(), func(h Hop) bool { return h.Result == "unknown" })...)
	case f.Expected == "reachable":
		for _, b := range f.Blockers {
			all = append(all, b.spot())
		}
		all = append(all, spots(f.allHops(), func(h Hop) bool { return h.Result != "pass" })...)
	default:
		all = f.openings()
	}
	for _, s := range all {
		if s.file != "" {
			return s
		}
	}
	if len(all) > 0 {
		return all[0]
	}
	return spot{}
}

// spot is the hop, at the rule that nearly fitted if there is one.
func (b Blocker) spot() spot {
	out := spot{b.Address, b.Rule, b.File, b.Line}
	if b.Closest != nil {
		out.text += "; closest: " + join("; ", b.Closest.Rule, b.Closest.Differs)
		if b.Closest.File != "" {
			out.file, out.line = b.Closest.File, b.Closest.Line
		}
	}
	return out
}

// openings are the hops that let through what is prohibited, first those that
// this plan changes. Of several the last comes first: nearest to the target,
// rules are narrowest.
func (f Flow) openings() []spot {
	there, back := slices.Clone(f.way()), slices.Clone(f.ReturnHops)
	slices.Reverse(there)
	slices.Reverse(back)
	isFilter := func(h Hop) bool { return h.Direction != "" }
	changed := func(h Hop) bool { return existed(f) && h.Change != "none" }
	return slices.Concat(
		spots(there, func(h Hop) bool { return changed(h) && isFilter(h) }),
		spots(there, changed),
		spots(back, func(h Hop) bool { return changed(h) && !h.isReply() }),
		spots(there, isFilter),
		spots(there, func(Hop) bool { return true }),
	)
}

// way is the hops there: directly, or through proxies where only these carry
// anything, leg after leg.
func (f Flow) way() []Hop {
	if f.Verdict != "unreachable" || len(f.ViaProxy) == 0 {
		return f.Hops
	}
	carries := slices.IndexFunc(f.ViaProxy, func(d Detour) bool { return d.Allowed != "none" })
	var out []Hop
	for _, l := range f.ViaProxy[max(0, carries)].Legs {
		out = append(out, l.Hops...)
	}
	for i := range out {
		out[i].N = i + 1
	}
	return out
}

func (f Flow) allHops() []Hop { return slices.Concat(f.way(), f.ReturnHops) }

func spots(hops []Hop, wanted func(Hop) bool) []spot {
	var out []spot
	for _, h := range hops {
		if wanted(h) {
			out = append(out, spot{h.Address, h.Rule, h.File, h.Line})
		}
	}
	return out
}

// at is where a finding points: to the deciding line in the code, else to the
// assertion. base is the directory of the root module as seen from where paths
// begin; a file outside of that is none.
func (f finding) at(base string) (file string, line int) {
	s := f.flow.deciding()
	if file := within(base, s.file); file != "" {
		return file, s.line
	}
	return within(base, f.result.File), f.result.Line
}

// within is a path of the root module as seen from the directory that base
// leads down from; empty if it lies outside.
func within(base, file string) string {
	if file == "" || path.IsAbs(file) {
		return ""
	}
	file = path.Join(base, file)
	if file == ".." || strings.HasPrefix(file, "../") {
		return ""
	}
	return file
}

// uriPath is a path as a relative reference of RFC 3986.
func uriPath(file string) string { return (&url.URL{Path: file}).String() }
