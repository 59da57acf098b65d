package evaluator

import (
	"net/netip"
	"slices"

	"github.com/planreach/planreach/assertions"
	"github.com/planreach/planreach/headerspace"
	"github.com/planreach/planreach/netmodel"
)

// newcomers decides what a no_new assertion asks: that nothing gets through
// which did not before the plan (L-36). Both networks are cut along the prefixes
// of both, so that an address class of one is one of the other.
func (k *checker) newcomers(d demand, a *assertions.Assertion) []FlowResult {
	if k.comparison == nil {
		named := slices.Concat(k.named, cutsOf(k.now.net), cutsOf(k.before.net))
		k.comparison = &checker{now: compile(k.now.net, named), before: compile(k.before.net, named), named: named, date: k.date, strict: k.strict}
		// A public address that the plan gives up was no stranger's, but what
		// passed from it passed.
		k.comparison.before.reflected = k.comparison.now.reflected
	}
	both := k.comparison
	return both.flows(d, both.now.allTerminals(a.From.Ends, nil), both.now.allTerminals(a.To.Ends, nil), both.newcomer)
}

// cutsOf is every prefix along which a network is cut.
func cutsOf(n *netmodel.Network) []netip.Prefix { return append(prefixesOf(n), publicAddresses(n)...) }

// newcomer decides one pair as a prohibition of what did not pass before.
func (k *checker) newcomer(d demand, s, t terminal) FlowResult {
	d = d.by(k.now.net, s)
	was, okS := k.earlier(s)
	then, okT := k.earlier(t)
	if !okS || !okT {
		out := k.flow(d, s, t)
		out.NewInPlan = out.Outcome == Fail
		return out
	}
	before := k.before.inquire(d, was, then)
	formerly := before.carried(k.before.detours(d, was, then))
	q := k.now.inquire(d, s, t)
	q.refine(before)
	ways := k.now.detours(d, s, t)
	for key, x := range q.cells {
		old := formerly(key).Not()
		q.cells[key] = extent{x.every.And(old), x.some.And(old)}
		for i := range ways {
			ways[i] = ways[i].without(key.is6, q.atomsOf(key.src), old)
		}
	}
	out := q.result(k.strict)
	out.Detours = slices.DeleteFunc(k.now.shownDetours(d, s, ways, k.strict), func(w Detour) bool { return len(w.Allowed)+len(w.Undecided) == 0 })
	out.judgeDetours(!s.doubt.IsZero() || !t.doubt.IsZero())
	out.Before, out.NewInPlan = BeforeKnown, out.Outcome == Fail
	out.BeforeVerdict, _, _, _, _ = before.verdict()
	return out
}

// carried is what got through in each cell, directly or by detours, as a
// function on the cells of another inquiry that was refined by this one.
func (q *inquiry) carried(ways []detour) func(cell) headerspace.Tri {
	return func(k cell) headerspace.Tri {
		out := nothing
		for own, x := range q.cells {
			if own.is6 == k.is6 && slices.Contains(q.atomsOf(own.src), k.src) && slices.Contains(q.atomsOf(own.dst), k.dst) {
				out = x.some
			}
		}
		for _, way := range ways {
			for who, x := range way.passes {
				if who.is6 == k.is6 && who.atom == k.src {
					out = out.Or(x)
				}
			}
		}
		return out
	}
}

// without is a detour less what passed before, for some clients.
func (t detour) without(is6 bool, atoms []headerspace.Atom, old headerspace.Tri) detour {
	changed := make(map[client]headerspace.Tri, len(t.passes))
	for who, x := range t.passes {
		if who.is6 == is6 && slices.Contains(atoms, who.atom) {
			x = x.And(old)
		}
		changed[who] = x
	}
	t.passes = changed
	return t
}

// refine splits the cells of q where another inquiry, of a network that is cut
// the same way, tells their addresses apart.
func (q *inquiry) refine(other *inquiry) {
	split := func(x headerspace.Atom) []headerspace.Atom {
		var firsts []headerspace.Atom
		parts := map[headerspace.Atom][]headerspace.Atom{}
		for _, a := range q.atomsOf(x) {
			class := other.classOf(a)
			if parts[class] == nil {
				firsts = append(firsts, a)
			}
			parts[class] = append(parts[class], a)
		}
		for _, first := range firsts {
			if first != 0 {
				q.classes[first] = parts[other.classOf(first)]
			}
		}
		return firsts
	}
	sources, targets := map[headerspace.Atom][]headerspace.Atom{}, map[headerspace.Atom][]headerspace.Atom{}
	for _, k := range q.keys {
		if sources[k.src] == nil {
			sources[k.src] = split(k.src)
		}
		if targets[k.dst] == nil {
			targets[k.dst] = split(k.dst)
		}
	}
	cells := map[cell]extent{}
	var keys []cell
	for _, k := range q.keys {
		for _, s := range sources[k.src] {
			for _, t := range targets[k.dst] {
				fine := cell{k.is6, s, t}
				cells[fine] = q.cells[k]
				keys = append(keys, fine)
				for n := range q.runs {
					if f, ok := q.runs[n].cells[k]; ok {
						q.runs[n].cells[fine] = f
					}
				}
			}
		}
	}
	q.cells, q.keys = cells, keys
}

// classOf is the first atom of the class that holds an atom.
func (q *inquiry) classOf(a headerspace.Atom) headerspace.Atom {
	for first, class := range q.classes {
		if slices.Contains(class, a) {
			return first
		}
	}
	return a
}
