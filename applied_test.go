package planreach_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/planreach/planreach/assertions"
	"github.com/planreach/planreach/evaluator"
	"github.com/planreach/planreach/headerspace"
	"github.com/planreach/planreach/internal/scenario"
	"github.com/planreach/planreach/netmodel"
)

// TestApplied asks every pair of ends of testdata/applied, on the plan of a
// first apply and on the state after it: the verdicts are equal, or the plan's
// is unknown and names what is missing.
func TestApplied(t *testing.T) {
	dirs, err := filepath.Glob("testdata/applied/*/plan.json")
	if err != nil || len(dirs) < 10 {
		t.Fatalf("%d plans: %v", len(dirs), err)
	}
	var asked, unknown int
	for _, plan := range dirs {
		dir := filepath.Dir(plan)
		t.Run(filepath.Base(dir), func(t *testing.T) {
			_, before := scenario.Load(t, plan, filepath.Join(dir, "tfplan"), "")
			_, after := scenario.Load(t, filepath.Join(dir, "state.json"), "", "")
			n, u := compareWorlds(t, before, after)
			asked, unknown = asked+n, unknown+u
		})
	}
	t.Logf("%d flows asked on plans and on the states after apply, %d unknown on the plan (%.1f %%)", asked, unknown, 100*float64(unknown)/float64(max(asked, 1)))
}

// TestSourcesSettle asks every pair of ends with the sources of a plan and
// without: sources only settle what is unknown.
func TestSourcesSettle(t *testing.T) {
	dirs, err := filepath.Glob("testdata/applied/*/plan.json")
	if err != nil || len(dirs) < 10 {
		t.Fatalf("%d plans: %v", len(dirs), err)
	}
	examples, err := filepath.Glob("examples/*/plan.json")
	if err != nil || len(examples) < 3 {
		t.Fatalf("%d examples: %v", len(examples), err)
	}
	settled := 0
	for _, plan := range append(dirs, examples...) {
		t.Run(filepath.Base(filepath.Dir(plan)), func(t *testing.T) {
			_, with := scenario.Load(t, plan, "", filepath.Dir(plan))
			_, without := scenario.Load(t, plan, "", "")
			as := everyPair(with)
			known := verdicts(with, as)
			for id, w := range verdicts(without, as) {
				k := known[id]
				if w.Verdict == k.Verdict {
					continue
				}
				if w.Verdict != evaluator.Undecided {
					t.Errorf("%s: %s without sources, %s with them", id, w.Verdict, k.Verdict)
				}
				settled++
			}
		})
	}
	t.Logf("%d flows settled by sources", settled)
	if settled == 0 {
		t.Error("the sources settle nothing")
	}
}

// compareWorlds asks all pairs of two networks and counts the flows, and those
// that the plan leaves open although the state decides them.
func compareWorlds(t *testing.T, plan, state *netmodel.Network) (asked, unknown int) {
	as := everyPair(plan)
	planned := verdicts(plan, as)
	applied := verdicts(state, as)
	for id, p := range planned {
		s, ok := applied[id]
		if !ok {
			t.Errorf("%s: not asked of the state", id)
			continue
		}
		asked++
		if len(p.Unknowns) == 0 && p.Outcome == evaluator.OutcomeUnknown {
			t.Errorf("%s: unknown on the plan, and nothing is named that would settle it", id)
		}
		if p.Verdict == s.Verdict && p.Outcome != s.Outcome { // through load balancers
			if p.Outcome != evaluator.OutcomeUnknown {
				t.Errorf("%s: %s on the plan, %s on the state", id, p.Outcome, s.Outcome)
			}
			unknown++
			continue
		}
		switch {
		case p.Verdict == s.Verdict:
		case p.Verdict != evaluator.Undecided:
			t.Errorf("%s: %s on the plan, %s on the state", id, p.Verdict, s.Verdict)
		case len(p.Unknowns) == 0:
			t.Errorf("%s: unknown on the plan, and nothing is named that would settle it", id)
		default:
			unknown++
			if os.Getenv("PLANREACH_TEST_UNKNOWNS") != "" {
				t.Logf("%s: unknown, %s on the state: %v", id, s.Verdict, p.Unknowns[0].Gap)
			}
		}
	}
	return asked, unknown
}

func verdicts(n *netmodel.Network, as []assertions.Assertion) map[string]evaluator.FlowResult {
	e := evaluator.New(n)
	e.Strict = true
	out := map[string]evaluator.FlowResult{}
	for _, r := range evaluator.Check(e, nil, as, "2026-01-01") {
		for _, f := range r.Flows {
			out[fmt.Sprintf("%s %s -> %s:%s", r.Assertion.Verb, f.From, f.To, f.Traffic)] = f
		}
	}
	return out
}

// everyPair is promises and prohibitions between all endpoints of a network and
// the internet, in traffic of every kind.
func everyPair(n *netmodel.Network) []assertions.Assertion {
	all := assertions.Side{Ends: []assertions.End{{Kind: assertions.InternetEnd, V4: true, V6: true}}}
	for _, e := range n.Endpoints {
		if e.Unshown {
			continue
		}
		all.Ends = append(all.Ends, assertions.End{Kind: assertions.EndpointEnd, Endpoint: e.Address})
	}
	var out []assertions.Assertion
	for _, t := range []headerspace.Traffic{
		headerspace.All(),
		headerspace.Ports(headerspace.TCP, 22, 22), headerspace.Ports(headerspace.TCP, 80, 80), headerspace.Ports(headerspace.TCP, 443, 443),
		headerspace.Ports(headerspace.TCP, 5432, 5432), headerspace.Ports(headerspace.TCP, 8080, 8080),
		headerspace.Ports(headerspace.UDP, 53, 53), headerspace.ICMPTypes(headerspace.ICMP, 8, -1), headerspace.ICMPTypes(headerspace.ICMPv6, 128, -1),
	} {
		for _, verb := range []assertions.Verb{assertions.MustReach, assertions.MustNotReach} {
			out = append(out, assertions.Assertion{ID: t.String(), Verb: verb, Severity: assertions.Error, Unknown: assertions.FailUnknown, Traffic: t, From: all, To: all})
		}
	}
	return out
}
