package evaluator_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/planreach/planreach/assertions"
	"github.com/planreach/planreach/evaluator"
	"github.com/planreach/planreach/headerspace"
	"github.com/planreach/planreach/internal/randnet"
	"github.com/planreach/planreach/netmodel"
)

// someGroups is the internet, everything, and random groups that may overlap.
func someGroups(n *netmodel.Network, seed uint64) []evaluator.MatrixGroup {
	r := rand.New(rand.NewPCG(seed, 11))
	out := []evaluator.MatrixGroup{{Name: "internet", Internet: true}, {Name: "all"}, {Name: "some"}, {Name: "others"}}
	for _, e := range n.Endpoints {
		out[1].Members = append(out[1].Members, e.Address)
		if k := 2 + r.IntN(3); k < len(out) {
			out[k].Members = append(out[k].Members, e.Address)
		}
	}
	out = append(out, evaluator.MatrixGroup{Name: "first", Members: out[1].Members[:1]})
	return out
}

func membersOf(g evaluator.MatrixGroup) assertions.Side {
	if g.Internet {
		return assertions.Side{Ends: []assertions.End{end("internet")}}
	}
	var out assertions.Side
	for _, a := range g.Members {
		out.Ends = append(out.Ends, end(a))
	}
	return out
}

// A pairwise is what a cell says, from one pair after the other.
type pairwise struct {
	pairs              evaluator.PairCount
	allowed, undecided headerspace.Traffic
}

// slowCell asks for each pair by itself.
func slowCell(n *netmodel.Network, from, to evaluator.MatrixGroup) pairwise {
	var out pairwise
	if from.Internet && to.Internet || len(from.Members)+len(to.Members) == 0 {
		return out
	}
	as := []assertions.Assertion{{ID: "q", Verb: assertions.MustNotReach, Severity: assertions.Error, Unknown: assertions.FailUnknown,
		From: membersOf(from), To: membersOf(to), Traffic: headerspace.All()}}
	if len(as[0].From.Ends) == 0 || len(as[0].To.Ends) == 0 {
		return out
	}
	for _, f := range evaluator.CheckSingly(evaluator.New(n), nil, as, "2026-01-01")[0].Flows {
		switch f.Verdict {
		case evaluator.Reachable:
			out.pairs.Reachable++
		case evaluator.Unreachable:
			out.pairs.Unreachable++
		case evaluator.Partial:
			out.pairs.Partial++
		case evaluator.Undecided:
			out.pairs.Undecided++
		}
		out.allowed, out.undecided = out.allowed.Union(traffic(f.Allowed)), out.undecided.Union(traffic(f.Undecided))
	}
	out.undecided = out.undecided.Minus(out.allowed)
	return out
}

func traffic(s evaluator.Set) headerspace.Traffic {
	out := headerspace.Traffic{}
	for _, c := range s {
		out = out.Union(c.Traffic)
	}
	return out
}

// The matrix counts what the engine says of each pair.
func TestMatrix(t *testing.T) {
	t.Parallel()
	first, count := seeds(t)
	count = (count + 1) / 2 // of networks with three times as many endpoints
	pairs, asked := 0, 0
	for seed := first; seed < first+count && !t.Failed(); seed++ {
		recipe := randnet.New(seed, maxGaps)
		n := randnet.Twins(recipe.Network())
		if seed%2 == 0 {
			n = randnet.Extended(n)
		}
		if len(n.Endpoints) == 0 {
			continue
		}
		groups := someGroups(n, seed)
		cells, decided := evaluator.MatrixAsked(evaluator.New(n), groups)
		asked += decided
		for _, c := range cells {
			want := slowCell(n, groups[c.From], groups[c.To])
			got := pairwise{c.Pairs, traffic(c.Allowed), traffic(c.Undecided).Minus(traffic(c.Allowed))}
			pairs += c.Pairs.Total()
			if diff := cmp.Diff(fmt.Sprint(want), fmt.Sprint(got)); diff != "" {
				t.Errorf("%+v, %s -> %s (-pair by pair +matrix):\n%s\n%s", recipe, groups[c.From].Name, groups[c.To].Name, diff, n.Dump())
				break
			}
			if uniform := slices.ContainsFunc(c.Allowed, func(x evaluator.Clause) bool { return x.From != nil }); uniform && c.Uniform {
				t.Errorf("%+v: uniform, but only from some addresses", recipe)
			}
		}
	}
	t.Logf("%d networks, %d pairs in cells, %d of them decided by the engine", count, pairs, asked)
	if asked*5 > pairs {
		t.Errorf("the engine was asked %d times for %d pairs", asked, pairs)
	}
}
