package evaluator_test

import (
	"fmt"
	"testing"

	"github.com/planreach/planreach/assertions"
	"github.com/planreach/planreach/evaluator"
	"github.com/planreach/planreach/internal/oracle"
	"github.com/planreach/planreach/internal/randnet"
	"github.com/planreach/planreach/netmodel"
)

// gatewaysOf is what can be taken out of a network whole.
func gatewaysOf(n *netmodel.Network) []netmodel.Address {
	var out []netmodel.Address
	for _, x := range n.InternetGateways {
		out = append(out, x.Address)
	}
	for _, x := range n.EgressGateways {
		out = append(out, x.Address)
	}
	for _, x := range n.NATGateways {
		out = append(out, x.Address)
	}
	for _, x := range n.Peerings {
		out = append(out, x.Address)
	}
	for _, x := range n.TransitGateways {
		out = append(out, x.Address)
	}
	return out
}

// dropping makes a gateway drop whatever comes to it: routes still lead there.
func dropping(n *netmodel.Network, gateway netmodel.Address) *netmodel.Network {
	drop := func(routes []netmodel.Route) {
		for i := range routes {
			if a, ok := routes[i].Target.Exact(); ok && a == gateway {
				routes[i].Blackhole = netmodel.Holds
			}
		}
	}
	for _, t := range n.RouteTables {
		drop(t.Routes)
	}
	for _, x := range n.InternetGateways {
		if x.Address == gateway {
			x.VPC = netmodel.NoLink()
		}
	}
	for _, x := range n.Peerings {
		if x.Address == gateway {
			x.Active = netmodel.Fails
		}
	}
	for _, x := range n.Attachments {
		if a, ok := x.Gateway.Exact(); ok && a == gateway {
			x.Active = netmodel.Fails
		}
	}
	return n
}

// A promise that avoids a gateway is the promise in a network whose gateway drops
// all packets, and so is a prohibition of datagrams unless they pass it. The
// oracle knows no conditions.
func TestConditions(t *testing.T) {
	t.Parallel()
	first, count := seeds(t)
	failures, compared, differs := 0, 0, 0
	for seed := first; seed < first+count && failures < maxFailures; seed++ {
		recipe := randnet.New(seed, int(seed%2)*maxGaps)
		n := recipe.Network()
		for k := range questions {
			q := randnet.Question(n, seed, k)
			for _, gateway := range gatewaysOf(n) {
				bad, pair, mattered := conditionContradicts(recipe, q, gateway)
				if !pair {
					continue
				}
				compared++
				if mattered {
					differs++
				}
				if bad != "" {
					failures++
					report(t, recipe, func(r randnet.Recipe) string {
						if absent(r.Network(), q) {
							return ""
						}
						bad, _, _ := conditionContradicts(r, q, gateway)
						return bad
					})
					break
				}
			}
		}
	}
	t.Logf("%d questions × gateways compared, of which %d depend on the gateway", compared, differs)
	if differs == 0 {
		t.Error("no gateway ever mattered")
	}
}

// conditionContradicts is how the condition and the dropping gateway differ.
func conditionContradicts(r randnet.Recipe, q oracle.Question, gateway netmodel.Address) (bad string, pair, mattered bool) {
	n := r.Network()
	a := assertionOf(q)
	point := []assertions.Waypoint{{Text: string(gateway), Objects: []netmodel.Address{gateway}}}
	if q.Promise {
		a.Avoid = point
	} else {
		a.UnlessThrough = point
	}
	results := evaluator.Check(evaluator.New(n), nil, []assertions.Assertion{a}, "2026-01-01")
	if len(results[0].Flows) != 1 {
		return "", false, false
	}
	got := results[0].Flows[0]
	worlds, _ := oracle.Completions(r.Network(), 20)
	whole := make([]oracle.Answer, len(worlds))
	for i, c := range worlds {
		whole[i] = oracle.Ask(c, q)
	}
	for i, c := range worlds {
		answer := oracle.Ask(dropping(c, gateway), q)
		if answer.Vacuous || whole[i].Vacuous {
			continue
		}
		mattered = mattered || answer.Verdict() != whole[i].Verdict()
		holds := answer.Verdict() == oracle.Reachable
		switch {
		case q.Promise && (got.Outcome == evaluator.Pass && !holds || got.Outcome == evaluator.Fail && holds):
			bad = fmt.Sprintf("%s avoiding %s: %s, but the oracle says %s where it drops", text(q), gateway, got.Outcome, answer.Verdict())
		case !q.Promise:
			bad = overlooked(got, answer, whole[i])
		}
		if bad != "" {
			return fmt.Sprintf("%s, %s: %s\n%s", text(q), gateway, bad, c.Dump()), true, mattered
		}
	}
	return "", true, mattered
}

// overlooked is a packet that gets through although the gateway drops, and is
// not found, or one found that never gets through.
func overlooked(got evaluator.FlowResult, drops, whole oracle.Answer) string {
	for _, p := range drops.Pass {
		if !contains(got.Allowed, p) && !contains(got.Undecided, p) {
			return fmt.Sprintf("%+v passes although it drops", p)
		}
	}
	for _, p := range whole.Stop {
		if contains(got.Allowed, p) {
			return fmt.Sprintf("lets %+v pass, which nothing lets pass", p)
		}
	}
	return ""
}
