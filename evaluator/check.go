package evaluator

import (
	"net/netip"
	"slices"

	"github.com/planreach/planreach/assertions"
	"github.com/planreach/planreach/headerspace"
	"github.com/planreach/planreach/netmodel"
)

// Check decides assertions on the network after the plan. before, if not nil,
// is the network before it, for what is new. date is the day on which waivers
// are judged, YYYY-MM-DD.
func Check(after, before *Engine, as []assertions.Assertion, date string) []Result {
	return newChecker(after, before, as, date).checkAll(as)
}

func newChecker(after, before *Engine, as []assertions.Assertion, date string) *checker {
	named := prefixesNamed(as)
	k := &checker{now: compile(after.net, named), named: named, date: date, strict: after.Strict, sharing: sharing{few: fewFlows}}
	if before != nil {
		k.before = compile(before.net, named)
	}
	return k
}

func (k *checker) checkAll(as []assertions.Assertion) []Result {
	out := make([]Result, len(as))
	for i := range as {
		out[i] = k.check(&as[i])
	}
	return out
}

type checker struct {
	now, before *compiled
	named       []netip.Prefix // by the assertions
	date        string
	strict      bool
	sharing     sharing
	comparison  *checker // for no_new; nil until the first
}

func (k *checker) check(a *assertions.Assertion) Result {
	out := Result{Assertion: *a, Outcome: Skipped}
	if a.SkippedBecause != "" {
		return out
	}
	if a.Verb == assertions.NoNew && k.before == nil {
		out.Assertion.SkippedBecause = "a state has no before"
		return out
	}
	out.Flows = k.allFlows(a)
	if len(out.Flows) == 0 {
		if !namesPrefix(a) { // L-55
			out.Assertion.SkippedBecause = "both sides are the same single end"
			if a.Verb == assertions.Only {
				out.Assertion.SkippedBecause = "there is nobody else"
			}
			return out
		}
		out.Flows = []FlowResult{nobody(a)}
	}
	out.Waivers = k.waive(a, out.Flows)
	out.Outcome = outcomeOf(a, out.Flows)
	if a.Verb == assertions.Only || a.Verb == assertions.Isolate {
		keepTrivialNotes(out.Flows)
	}
	for i := range out.Flows {
		out.NewInPlan = out.NewInPlan || out.Flows[i].NewInPlan && out.Flows[i].Outcome == Fail
	}
	return out
}

func namesPrefix(a *assertions.Assertion) bool {
	return slices.ContainsFunc(append(slices.Clone(a.From.Ends), a.To.Ends...), func(e assertions.End) bool { return e.Kind == assertions.PrefixEnd })
}

// nobody is the result of an assertion whose CIDRs hold no two different ends:
// nothing gets through, and that is said.
func nobody(a *assertions.Assertion) FlowResult {
	if len(a.From.Ends) == 0 || len(a.To.Ends) == 0 {
		panic("evaluator: an assertion about nothing: " + a.ID)
	}
	out := FlowResult{From: a.From.Ends[0], To: a.To.Ends[0], Traffic: a.Traffic, Promise: a.Verb.IsPromise(), Outcome: Pass,
		Verdict: Unreachable, Notes: []Note{{Code: netmodel.NoSourceOrDestination}}}
	if out.Promise {
		out.Outcome = Fail
	}
	return out
}

// allFlows decides every pair that an assertion asks about.
func (k *checker) allFlows(a *assertions.Assertion) []FlowResult {
	d := demandOf(a)
	switch a.Verb {
	case assertions.Isolate:
		return k.isolated(d, a)
	case assertions.NoNew:
		return k.newcomers(d, a)
	case assertions.Only, assertions.MustReach, assertions.MustNotReach:
	}
	out := k.flows(d, k.now.allTerminals(a.From.Ends, a.Exempt), k.now.allTerminals(a.To.Ends, nil), k.share)
	if a.BothWays {
		out = append(out, k.flows(d, k.now.allTerminals(a.To.Ends, nil), k.now.allTerminals(a.From.Ends, nil), k.share)...)
	}
	return out
}

// flows decides every pair of ends.
func (k *checker) flows(d demand, sources, targets []terminal, decide func(d demand, s, t terminal) FlowResult) []FlowResult {
	var out []FlowResult
	inPlan := func(t terminal) bool { return t.endpoint != nil || t.isGateway() }
	anyInPlan := slices.ContainsFunc(sources, inPlan) || slices.ContainsFunc(targets, inPlan)
	for _, s := range sources {
		for _, t := range targets {
			if !isPair(s, t) || anyInPlan && !inPlan(s) && !inPlan(t) || d.promise && (k.now.isListener(s) || isSender(t)) {
				continue
			}
			if s.isGateway() || t.isGateway() {
				out = append(out, k.byGateway(d, s, t, decide))
				continue
			}
			out = append(out, decide(d, s, t))
		}
	}
	return out
}

// isListener reports whether an end that a range holds by the way starts no
// connections of its own choice, so that nobody promises them: the interfaces of
// endpoints and load balancers.
func (c *compiled) isListener(t terminal) bool {
	return t.within.IsValid() && t.endpoint != nil && (t.endpoint.ReceivesOnly || c.net.LoadBalancer(t.endpoint.Address) != nil)
}

// isSender reports whether an end that a range holds by the way is none that
// packets are addressed to.
func isSender(t terminal) bool {
	return t.within.IsValid() && t.endpoint != nil && t.endpoint.SendsOnly
}

// isolated decides the pairs between the groups of an isolate assertion, without
// what it lets through (L-35).
func (k *checker) isolated(d demand, a *assertions.Assertion) []FlowResult {
	groups := make([][]terminal, len(a.Groups))
	for i, ends := range a.Groups {
		groups[i] = k.now.allTerminals(ends, nil)
	}
	var out []FlowResult
	for i := range groups {
		for j := range groups {
			if i == j {
				continue
			}
			out = append(out, k.flows(d, groups[i], groups[j], func(d demand, s, t terminal) FlowResult {
				for _, hole := range a.Except {
					if k.lies(hole, s.doubted(), t.doubted()) {
						d.traffic = d.traffic.Minus(hole.Traffic)
					}
				}
				return k.share(d, s, t)
			})...)
		}
	}
	return out
}

// keepTrivialNotes takes the notes of pairs that pass trivially away, unless all
// do: of many ends, that some can reach nothing is no news.
func keepTrivialNotes(flows []FlowResult) {
	isTrivial := func(n Note) bool { return n.Code == netmodel.PassesTrivially }
	if !slices.ContainsFunc(flows, func(f FlowResult) bool { return !slices.ContainsFunc(f.Notes, isTrivial) }) {
		return
	}
	for i := range flows {
		flows[i].Notes = slices.DeleteFunc(slices.Clone(flows[i].Notes), isTrivial)
	}
}

// allTerminals is what ends stand for, without what exempt ends stand for.
func (c *compiled) allTerminals(ends, exempt []assertions.End) []terminal {
	var out []terminal
	for _, e := range ends {
		for _, t := range c.terminals(e) {
			ok := !slices.ContainsFunc(out, func(o terminal) bool { return o.end == t.end })
			if len(exempt) > 0 && ok {
				t, ok = c.spare(t, exempt)
			}
			if ok {
				out = append(out, t)
			}
		}
	}
	return out
}

// isPair reports whether two ends make a flow: not an endpoint with itself
// (L-55), nor with an interface of its own.
func isPair(s, t terminal) bool {
	if s.endpoint == nil || t.endpoint == nil {
		return true
	}
	if s.endpoint == t.endpoint {
		return false
	}
	return !slices.ContainsFunc(s.endpoint.Interfaces, func(a netmodel.Address) bool {
		return slices.Contains(t.endpoint.Interfaces, a)
	})
}

func (k *checker) flow(d demand, s, t terminal) FlowResult {
	d = d.by(k.now.net, s)
	var out FlowResult
	if d.isNone() {
		out = k.now.inquire(d, s, t).result(k.strict)
	} else {
		out = k.now.conditioned(d, s, t, k.strict)
	}
	ways := k.now.detours(d, s, t)
	out.Detours = k.now.shownDetours(d, s, ways, k.strict)
	out.judgeDetours(!s.doubt.IsZero() || !t.doubt.IsZero())
	k.compareBefore(d, s, t, &out)
	return out
}

// judgeDetours adds to a prohibited flow what its detours mean for it. doubtful:
// an end may not belong to the selection (L-23).
func (f *FlowResult) judgeDetours(doubtful bool) {
	for _, way := range f.Detours {
		switch {
		case len(way.Allowed) > 0 && !doubtful:
			f.Outcome = Fail
		case f.Outcome == Pass:
			f.Outcome = OutcomeUnknown
		}
	}
	if f.Outcome == OutcomeUnknown {
		f.gatherUnknowns()
	}
}

// gatherUnknowns adds what is not known of a flow's detours.
func (f *FlowResult) gatherUnknowns() {
	for _, way := range f.Detours {
		for _, u := range way.Unknowns {
			if !slices.ContainsFunc(f.Unknowns, func(o OpenFact) bool { return o.Gap == u.Gap }) {
				f.Unknowns = append(f.Unknowns, u)
			}
		}
	}
}

// compareBefore asks the same question of the network before the plan.
func (k *checker) compareBefore(d demand, s, t terminal, out *FlowResult) {
	if k.before == nil {
		return
	}
	s, okS := k.earlier(s)
	t, okT := k.earlier(t)
	if !okS || !okT {
		out.Before, out.NewInPlan = BeforeAbsent, out.Outcome == Fail
		return
	}
	q := k.before.inquire(d, s, t)
	v, someYes, someNo, _, _ := q.verdict()
	if d.promise && !d.isNone() {
		v, _, _, _, _ = k.before.inquire(d.bare(), s, t).verdict()
	}
	out.Before, out.BeforeVerdict = BeforeKnown, v
	failed := someYes
	if d.promise {
		failed = someNo
	}
	passed := headerspace.Traffic{} // through proxies
	for _, way := range k.before.detours(d, s, t) {
		passed = passed.Union(way.certainly().Intersect(d.traffic))
	}
	failed = failed || !passed.IsEmpty()
	out.NewInPlan = out.Outcome == Fail && (!failed || failsMore(q, passed, out))
}

// failsMore reports whether part of what fails now did not fail before (L-63),
// directly or, as was says, through proxies.
func failsMore(q *inquiry, was headerspace.Traffic, now *FlowResult) bool {
	for _, k := range q.keys {
		bad := q.at(k).Yes()
		if q.d.promise {
			bad = q.at(k).No()
		}
		was = was.Union(bad.Intersect(q.d.asked(k)))
	}
	is := now.carried()
	if q.d.promise {
		is = now.Traffic.Minus(is)
		for _, clause := range now.Undecided {
			is = is.Minus(clause.Traffic)
		}
	}
	return !was.ContainsAll(is)
}

// earlier is the same end in the network before the plan.
func (k *checker) earlier(t terminal) (terminal, bool) {
	if t.some {
		return k.earlierBeyond(t)
	}
	if t.endpoint == nil {
		all := k.before.terminals(t.end)
		i := slices.IndexFunc(all, func(o terminal) bool { return o.endpoint == nil })
		if i < 0 {
			return terminal{}, false
		}
		if len(t.exempt) == 0 {
			return all[i], true
		}
		return k.before.spare(all[i], t.exempt)
	}
	was := t.endpoint.Address
	if a, ok := k.now.net.Moved[was]; ok {
		was = a
	}
	ep := k.before.net.Endpoint(was)
	return terminal{end: t.end, endpoint: ep, doubt: t.doubt, exempt: t.exempt, except: t.except, spared: t.spared}, ep != nil
}

// outcomeOf is the assertion's outcome over its pairs (L-56, L-57).
func outcomeOf(a *assertions.Assertion, flows []FlowResult) Outcome {
	if a.From.Any || a.To.Any {
		return anyOutcome(a, flows)
	}
	out := Pass
	for i := range flows {
		switch flows[i].Outcome {
		case Fail:
			return Fail
		case OutcomeUnknown:
			out = OutcomeUnknown
		case Waived:
			if out == Pass {
				out = Waived
			}
		case Pass, Skipped:
		}
	}
	return out
}

// anyOutcome is the outcome of a promise with any(…): from is the outer
// quantifier (L-29).
func anyOutcome(a *assertions.Assertion, flows []FlowResult) Outcome {
	bySource := map[assertions.End][]Outcome{}
	var order []assertions.End
	for i := range flows {
		f := flows[i].From
		if _, ok := bySource[f]; !ok {
			order = append(order, f)
		}
		bySource[f] = append(bySource[f], flows[i].Outcome)
	}
	var rows []Outcome
	for _, f := range order {
		rows = append(rows, quantify(a.To.Any, bySource[f]))
	}
	return quantify(a.From.Any, rows)
}

// quantify is whether one (anyOne) or all outcomes are good, in three values.
func quantify(anyOne bool, outcomes []Outcome) Outcome {
	best, worst := Fail, Pass
	rank := func(o Outcome) int {
		return map[Outcome]int{Fail: 0, OutcomeUnknown: 1, Waived: 2, Pass: 3, Skipped: 3}[o]
	}
	for _, o := range outcomes {
		if rank(o) > rank(best) {
			best = o
		}
		if rank(o) < rank(worst) {
			worst = o
		}
	}
	if anyOne {
		return best
	}
	return worst
}

// waive takes waived flows out of the failures (L-42, L-43). Of a flow that may
// pass with other traffic as well, that is left and not known.
func (k *checker) waive(a *assertions.Assertion, flows []FlowResult) []WaiverUse {
	out := make([]WaiverUse, len(a.Waivers))
	for n, waiver := range a.Waivers {
		out[n].Ended = waiver.Until < k.date
	}
	for i := range flows {
		f := &flows[i]
		if f.Outcome != Fail {
			continue
		}
		left, open, waived := violation(f), f.open(), false
		for n, waiver := range a.Waivers {
			covered := headerspace.Traffic{}
			for _, w := range waiver.Flows {
				if k.lies(w, f.From, f.To) {
					covered = covered.Union(w.Traffic)
				}
			}
			if !covered.Overlaps(left) {
				continue
			}
			out[n].Pairs++
			if out[n].Ended {
				continue
			}
			left, open, waived = left.Minus(covered), open.Minus(covered), true
			f.WaivedUntil = waiver.Until
		}
		switch {
		case waived && left.IsEmpty() && open.IsEmpty():
			f.Outcome = Waived
			continue
		case waived && left.IsEmpty():
			f.Outcome = OutcomeUnknown
			f.gatherUnknowns()
		}
		f.WaivedUntil = ""
	}
	return out
}

// violation is the traffic with which a flow contradicts its demand.
func violation(f *FlowResult) headerspace.Traffic {
	if len(f.Missed)+len(f.Met) > 0 { // it gets through, but by the wrong way
		return f.Traffic
	}
	if f.Promise {
		whole := headerspace.Traffic{}
		for _, clause := range f.Allowed {
			if clause.From == nil && clause.To == nil {
				whole = whole.Union(clause.Traffic)
			}
		}
		return f.Traffic.Minus(whole)
	}
	return f.carried()
}

// carried is what certainly passes between some addresses, directly or through
// proxies.
func (f *FlowResult) carried() headerspace.Traffic {
	out := headerspace.Traffic{}
	for _, clause := range f.Allowed {
		out = out.Union(clause.Traffic)
	}
	for _, way := range f.Detours {
		for _, clause := range way.Allowed {
			out = out.Union(clause.Traffic)
		}
	}
	return out
}

// open is what may pass between some addresses, directly or through proxies.
func (f *FlowResult) open() headerspace.Traffic {
	out := headerspace.Traffic{}
	for _, clause := range f.Undecided {
		out = out.Union(clause.Traffic)
	}
	for _, way := range f.Detours {
		for _, clause := range way.Undecided {
			out = out.Union(clause.Traffic)
		}
	}
	return out
}

// lies reports whether a pair is one that a list of exceptions names. What the
// list only may name it does not, unless the pair is in doubt for the same reason.
func (k *checker) lies(w assertions.ListedFlow, from, to assertions.End) bool {
	matches := func(ends []assertions.End, e assertions.End) bool {
		sure := e
		sure.Doubt = netmodel.Gap{}
		for _, x := range ends {
			for _, t := range k.now.terminals(x) {
				if t.doubted() == e || t.doubt.IsZero() && t.end == sure {
					return true
				}
			}
		}
		return false
	}
	return matches(w.From, from) && matches(w.To, to) || w.BothWays && matches(w.From, to) && matches(w.To, from)
}
