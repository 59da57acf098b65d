package evaluator_test

import (
	"testing"

	"github.com/planreach/planreach/assertions"
	"github.com/planreach/planreach/evaluator"
	"github.com/planreach/planreach/headerspace"
	"github.com/planreach/planreach/internal/oracle"
	"github.com/planreach/planreach/internal/randnet"
	"github.com/planreach/planreach/netmodel"
)

// What goes through load balancers and endpoint services holds in every network
// that the gaps allow, asked of every pair of ends.
func TestSoundThrough(t *testing.T) {
	t.Parallel()
	first, count := seeds(t)
	networks, asked, tried, failures := 0, 0, 0, 0
	detours := map[evaluator.Verdict]int{}
	for seed := first; seed < first+4*count && failures < maxFailures; seed++ {
		recipe := randnet.New(seed, 1)
		n := recipe.Network()
		if len(n.LoadBalancers) == 0 {
			continue
		}
		networks++
		worlds, _ := oracle.Completions(n, 12)
		for _, q := range throughQuestions(n) {
			got, pair := judge(n, q)
			if !pair {
				continue
			}
			asked++
			for _, way := range got.Detours {
				detours[way.Verdict]++
			}
			for _, c := range worlds {
				tried++
				if unsoundThrough(got, c, q) != "" {
					failures++
					report(t, recipe, func(r randnet.Recipe) string { return contradictionThrough(r, q) })
					break
				}
			}
		}
	}
	t.Logf("%d networks with load balancers, %d questions, %d questions × completions, detours %v", networks, asked, tried, detours)
}

// throughQuestions are the prohibitions of everything between all ends and the
// internet.
func throughQuestions(n *netmodel.Network) []oracle.Question {
	ends := []assertions.End{{Kind: assertions.InternetEnd, V4: true, V6: true}}
	for _, e := range n.Endpoints {
		ends = append(ends, assertions.End{Kind: assertions.EndpointEnd, Endpoint: e.Address})
	}
	var out []oracle.Question
	for _, from := range ends {
		for _, to := range ends[1:] {
			if from != to {
				out = append(out, oracle.Question{From: from, To: to, Traffic: headerspace.All()})
			}
		}
	}
	return out
}

func contradictionThrough(r randnet.Recipe, q oracle.Question) string {
	n := r.Network()
	if absent(n, q) {
		return ""
	}
	got, pair := judge(n, q)
	if !pair {
		return ""
	}
	worlds, _ := oracle.Completions(n, 12)
	for _, c := range worlds {
		if bad := unsoundThrough(got, c, q); bad != "" {
			return text(q) + "\n" + bad + "\nin the completion\n" + c.Dump()
		}
	}
	return ""
}
