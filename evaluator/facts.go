package evaluator

import (
	"slices"

	"github.com/planreach/planreach/headerspace"
	"github.com/planreach/planreach/netmodel"
)

// suspects are the questions on which the result hangs: those whose answers
// lead to different findings.
func (q *inquiry) suspects() map[question]netmodel.Gap {
	found := map[question]netmodel.Gap{}
	for _, a := range q.askedAll() {
		if q.matters(a.question) {
			found[a.question] = a.gap
		}
	}
	return found
}

// askedAll is every question that some world asked, in the order of asking.
func (q *inquiry) askedAll() []asked {
	var out []asked
	seen := map[question]bool{}
	for n := range q.runs {
		for _, a := range q.runs[n].log {
			if !seen[a.question] {
				seen[a.question] = true
				out = append(out, a)
			}
		}
	}
	return out
}

// answered reports whether the run's world answers a question so.
func (r *run) answered(q question, with string) bool {
	return slices.ContainsFunc(r.log, func(a asked) bool { return a.question == q && a.options[a.answer] == with })
}

// matters reports whether two worlds that differ only in their answer to a
// question come to different findings.
func (q *inquiry) matters(about question) bool {
	for n := range q.runs {
		for m := range n {
			x, y := &q.runs[n], &q.runs[m]
			if x.asked && y.asked && x.differsOnlyIn(y, about) && !x.summary(q).finds(y.summary(q)) {
				return true
			}
		}
	}
	return false
}

// differsOnlyIn reports whether two runs answer a question differently, and all
// others alike that both asked.
func (r *run) differsOnlyIn(other *run, about question) bool {
	differs := false
	for _, a := range r.log {
		i := slices.IndexFunc(other.log, func(o asked) bool { return o.question == a.question })
		if i < 0 {
			continue
		}
		same := a.options[a.answer] == other.log[i].options[other.log[i].answer]
		if a.question == about {
			differs = !same
		} else if !same {
			return false
		}
	}
	return differs
}

// summary is the findings of one run.
func (r *run) summary(q *inquiry) *inquiry {
	out := &inquiry{d: q.d, cells: make(map[cell]extent, len(r.cells))}
	for k, f := range r.cells {
		out.cells[k] = f.extent
	}
	return out
}

// valueOutcomes is what each answer to a question would mean; nil if that cannot
// be said of it alone.
func (q *inquiry) valueOutcomes(a asked) []ValueOutcome {
	var out []ValueOutcome
	for _, name := range a.options {
		v, _, _, _, _ := q.given(a.question, name).verdict()
		out = append(out, ValueOutcome{Value: name, Verdict: v})
	}
	if !slices.ContainsFunc(out, func(o ValueOutcome) bool { return o.Verdict != Undecided }) {
		return nil
	}
	return out
}

// given is what the worlds agree on that answer a question so.
func (q *inquiry) given(about question, answer string) *inquiry {
	sub := &inquiry{c: q.c, d: q.d, from: q.from, to: q.to, cells: map[cell]extent{}}
	for n := range q.runs {
		if !q.runs[n].answered(about, answer) {
			continue
		}
		for k, f := range q.runs[n].cells {
			if old, ok := sub.cells[k]; ok {
				sub.cells[k] = old.unanimous(f.extent)
			} else {
				sub.cells[k] = f.extent
			}
		}
	}
	for k := range sub.cells {
		sub.keys = append(sub.keys, k)
	}
	return sub
}

// finds reports whether q finds the same as other, as far as it was asked.
func (q *inquiry) finds(other *inquiry) bool {
	if len(q.cells) != len(other.cells) {
		return false
	}
	for k := range q.cells {
		_, ok := other.cells[k]
		x, y := q.cells[k], other.cells[k]
		if !ok || !sameWithin(q.d.asked(k), x.every, y.every) || !sameWithin(q.d.asked(k), x.some, y.some) {
			return false
		}
	}
	return true
}

func sameWithin(t headerspace.Traffic, x, y headerspace.Tri) bool {
	return x.Yes().Intersect(t).Equal(y.Yes().Intersect(t)) && x.No().Intersect(t).Equal(y.No().Intersect(t))
}

// openHops is the way of a packet whose fate is open.
func (q *inquiry) openHops(out *FlowResult, suspects map[question]netmodel.Gap) []Hop {
	for _, k := range q.keys {
		x := q.cells[k]
		if t := x.every.Open().Union(x.some.Open()).Intersect(q.d.asked(k)); !t.IsEmpty() {
			p := nicePacket(t)
			way := q.bestTrail(isMoreOpen, q.pickRun(k, p, out), k, p, suspects)
			return append(way.forward, way.reply...)
		}
	}
	return nil
}

// openFacts is the facts that are missing: the questions on which the verdict
// hangs, what the hops lack, what is not modelled, and doubtful ends.
func (q *inquiry) openFacts(hops []Hop) []OpenFact {
	var facts []OpenFact
	add := func(g netmodel.Gap, values []ValueOutcome) {
		if g.IsZero() {
			return
		}
		if !slices.ContainsFunc(facts, func(f OpenFact) bool { return f.Origin == g.Origin && f.Code == g.Code }) {
			facts = append(facts, OpenFact{Gap: g, Candidates: values})
		}
	}
	for _, a := range q.askedAll() {
		if q.matters(a.question) {
			add(a.gap, q.valueOutcomes(a))
		}
	}
	for _, h := range hops {
		if h.Result == HopUnknown {
			for _, g := range h.Gaps {
				add(g, nil)
			}
		}
	}
	for n := range q.runs {
		for _, u := range q.runs[n].touched {
			add(unmodelledGap(u), nil)
		}
	}
	if q.from.endpoint == nil && q.to.endpoint == nil {
		add(netmodel.Gap{Why: netmodel.OutsidePlan, Code: netmodel.UnknownResource, Detail: "both ends lie outside the plan"}, nil)
	}
	for _, t := range []terminal{q.from, q.to} {
		add(t.doubt, nil)
		if t.endpoint != nil {
			add(t.endpoint.More, nil)
		}
	}
	if len(facts) == 0 { // none of them matters alone, or there are too many to say
		for _, a := range q.askedAll() {
			add(a.gap, nil)
		}
	}
	return facts
}
