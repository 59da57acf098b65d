package evaluator_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/planreach/planreach/evaluator"
	"github.com/planreach/planreach/headerspace"
	"github.com/planreach/planreach/internal/oracle"
	"github.com/planreach/planreach/internal/randnet"
	"github.com/planreach/planreach/netmodel"
)

// The walk of the witness shows what the sets say.
func TestExplained(t *testing.T) {
	t.Parallel()
	first, count := seeds(t)
	failures := 0
	hops := 0
	for seed := first; seed < first+count && failures < maxFailures; seed++ {
		recipe := randnet.New(seed, maxGaps)
		n := recipe.Network()
		for k := range questions {
			q := randnet.Question(n, seed, k)
			got, pair := judge(n, q)
			if !pair {
				continue
			}
			hops += len(got.Forward) + len(got.Reply)
			if unexplained(got, q) != "" {
				failures++
				report(t, recipe, func(r randnet.Recipe) string {
					if absent(r.Network(), q) {
						return ""
					}
					got, _ := judge(r.Network(), q)
					if bad := unexplained(got, q); bad != "" {
						return fmt.Sprintf("%s\n%s, but %s\nwitness %s\nforward %s\nreply %s\nnotes %v", text(q), got.Verdict, bad,
							got.Witness, way(got.Forward), way(got.Reply), got.Notes)
					}
					return ""
				})
			}
		}
	}
	t.Logf("%d networks, %d hops", count, hops)
}

// unexplained is how the evidence of a result does not bear out its verdict.
func unexplained(got evaluator.FlowResult, q oracle.Question) string {
	results := map[evaluator.HopResult]int{}
	hops := got.Forward
	if !q.OneWay && (q.Promise || got.Witness.Proto == headerspace.TCP) { // L-45
		hops = slices.Concat(hops, got.Reply)
	}
	for _, h := range hops {
		results[h.Result]++
		if h.Result != evaluator.HopPass && h.Code == "" {
			return fmt.Sprintf("%s stops it without a code", h.Address)
		}
	}
	for _, n := range got.Notes {
		if n.Code == netmodel.InternalDisagreement {
			return "the engines disagree"
		}
	}
	switch got.Verdict {
	case evaluator.Reachable:
		if results[evaluator.HopBlock]+results[evaluator.HopUnknown] > 0 || len(got.Forward) == 0 {
			return "not every hop passes"
		}
	case evaluator.Unreachable:
		if results[evaluator.HopBlock] == 0 && len(got.Forward) > 0 {
			return "no hop blocks"
		}
	case evaluator.Undecided:
		if len(got.Unknowns) == 0 {
			return "names no fact"
		}
	case evaluator.Partial:
		if len(got.Allowed) == 0 {
			return "nothing is allowed"
		}
	}
	return ""
}

func way(hops []evaluator.Hop) string {
	var out []string
	for _, h := range hops {
		out = append(out, fmt.Sprintf("%s %s %s %s", h.Address, h.Direction, h.Result, h.Code))
	}
	return strings.Join(out, "; ")
}
