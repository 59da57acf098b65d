package evaluator_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/planreach/planreach/assertions"
	"github.com/planreach/planreach/evaluator"
	"github.com/planreach/planreach/internal/oracle"
	"github.com/planreach/planreach/internal/randnet"
	"github.com/planreach/planreach/netmodel"
)

// everyPair asks a question of all pairs of endpoints, and of each with the end
// outside that q has.
func everyPair(n *netmodel.Network, q oracle.Question) []assertions.Assertion {
	var all, outside assertions.Side
	for _, e := range n.Endpoints {
		all.Ends = append(all.Ends, end(e.Address))
	}
	outside.Ends = []assertions.End{end("internet")}
	for _, e := range []assertions.End{q.From, q.To} {
		if e.Kind != assertions.EndpointEnd {
			outside.Ends = []assertions.End{e}
		}
	}
	var as []assertions.Assertion
	for k, sides := range [][2]assertions.Side{{all, all}, {outside, all}, {all, outside}} {
		a := assertions.Assertion{ID: fmt.Sprint("q", k), Verb: assertions.MustNotReach, Severity: assertions.Error, Unknown: assertions.FailUnknown,
			From: sides[0], To: sides[1], Traffic: q.Traffic, OneWay: q.OneWay, SourcePort: q.SourcePort}
		if q.Promise {
			a.Verb = assertions.MustReach
		}
		as = append(as, a)
	}
	return as
}

// What is found out about one endpoint of a class is found out about all of
// them, to the last hop.
func TestShared(t *testing.T) {
	t.Parallel()
	first, count := seeds(t)
	count = (count + 1) / 2 // of networks with three times as many endpoints
	flows, asked := 0, 0
	for seed := first; seed < first+count && !t.Failed(); seed++ {
		recipe := randnet.New(seed, maxGaps)
		n := randnet.Twins(recipe.Network())
		var before *evaluator.Engine
		if seed%2 == 0 { // some of it is new
			before = evaluator.New(randnet.Twins(randnet.New(seed, 0).Network()))
		}
		as := everyPair(n, randnet.Question(recipe.Network(), seed, 0))
		want := evaluator.CheckSingly(evaluator.New(n), before, as, "2026-01-01")
		got, decided := evaluator.CheckShared(evaluator.New(n), before, as, "2026-01-01")
		asked += decided
		for k := range want {
			flows += len(want[k].Flows)
			for i := range want[k].Flows {
				if diff := cmp.Diff(want[k].Flows[i], got[k].Flows[i], asData...); diff != "" {
					t.Fatalf("%+v, %s -> %s (-singly +shared):\n%s\n%s", recipe, want[k].Flows[i].From, want[k].Flows[i].To, diff, n.Dump())
				}
			}
		}
	}
	t.Logf("%d networks, %d flows, %d of them decided by the engine", count, flows, asked)
	if asked*2 > flows {
		t.Errorf("of %d flows only %d were shared", flows, flows-asked)
	}
}
