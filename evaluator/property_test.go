package evaluator_test

import (
	"fmt"
	"net/netip"
	"os"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/planreach/planreach/assertions"
	"github.com/planreach/planreach/evaluator"
	"github.com/planreach/planreach/internal/oracle"
	"github.com/planreach/planreach/internal/randnet"
	"github.com/planreach/planreach/netmodel"
)

// seeds is which random networks to try: PLANREACH_SEEDS sets how many, and
// PLANREACH_FIRST_SEED from which on.
func seeds(t *testing.T) (first, count uint64) {
	read := func(name string, otherwise uint64) uint64 {
		v := os.Getenv(name)
		if v == "" {
			return otherwise
		}
		n, err := strconv.ParseUint(v, 10, 64)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		return n
	}
	return read("PLANREACH_FIRST_SEED", 0), read("PLANREACH_SEEDS", 100)
}

const (
	maxFailures = 3 // reported in one run
	maxGaps     = 3
	questions   = 4   // asked of each network
	completions = 150 // tried of each network
)

// assertionOf is a question as an assertion.
func assertionOf(q oracle.Question) assertions.Assertion {
	a := assertions.Assertion{
		ID: "q", Label: "q", Verb: assertions.MustNotReach, Severity: assertions.Error, Unknown: assertions.FailUnknown,
		From: assertions.Side{Ends: []assertions.End{q.From}}, To: assertions.Side{Ends: []assertions.End{q.To}},
		Traffic: q.Traffic, OneWay: q.OneWay, SourcePort: q.SourcePort,
	}
	if q.Promise {
		a.Verb = assertions.MustReach
	}
	return a
}

// judge is what the evaluator says of one pair; false if it is no pair.
func judge(n *netmodel.Network, q oracle.Question) (evaluator.FlowResult, bool) {
	a := assertionOf(q)
	results := evaluator.Check(evaluator.New(n), nil, []assertions.Assertion{a}, "2026-01-01")
	if len(results) != 1 || len(results[0].Flows) != 1 {
		return evaluator.FlowResult{}, false
	}
	return results[0].Flows[0], true
}

func text(q oracle.Question) string {
	word := "-/>"
	if q.Promise {
		word = "->"
	}
	out := fmt.Sprintf("%s %s %s:%s", q.From, word, q.To, q.Traffic)
	if q.OneWay {
		out += " oneway"
	}
	if q.SourcePort != nil {
		out += fmt.Sprintf(" from ports %d-%d", q.SourcePort.Lo, q.SourcePort.Hi)
	}
	return out
}

// unsound is how a verdict contradicts a completion; empty if it does not.
func unsound(got evaluator.FlowResult, c *netmodel.Network, q oracle.Question) string {
	return disagrees(got, oracle.Ask(c, q), c, q)
}

// disagrees is how a verdict contradicts what the oracle answers in a completion.
func disagrees(got evaluator.FlowResult, answer oracle.Answer, c *netmodel.Network, q oracle.Question) string {
	if !answer.Vacuous && got.Verdict != evaluator.Undecided && got.Verdict.String() != answer.Verdict().String() {
		return fmt.Sprintf("says %s, the oracle %s", got.Verdict, answer.Verdict())
	}
	if bad := unsoundThrough(got, c, q); bad != "" {
		return bad
	}
	for _, p := range answer.Stop {
		if contains(got.Allowed, p) && !slices.ContainsFunc(answer.Pass, func(o oracle.Probe) bool { return isUntold(got, q, o, p) }) {
			return fmt.Sprintf("lets %+v pass for certain, the oracle stops it", p)
		}
	}
	for _, p := range answer.Pass {
		if !contains(got.Allowed, p) && !contains(got.Undecided, p) {
			return fmt.Sprintf("stops %+v for certain, the oracle lets it pass", p)
		}
	}
	return ""
}

// unsoundThrough is how the detours contradict a completion.
func unsoundThrough(got evaluator.FlowResult, c *netmodel.Network, q oracle.Question) string {
	if q.Promise {
		return ""
	}
	passes := oracle.Through(c, q)
	for _, p := range passes {
		if !slices.ContainsFunc(got.Detours, func(d evaluator.Detour) bool { return contains(d.Allowed, p) || contains(d.Undecided, p) }) {
			return fmt.Sprintf("has no detour for %+v, the oracle lets it pass through proxies", p)
		}
	}
	for _, d := range got.Detours {
		if len(d.Allowed) > 0 && len(passes) == 0 {
			return fmt.Sprintf("lets %v pass through %v for certain, the oracle nothing", d.Allowed, d.Through)
		}
		for _, clause := range d.Allowed {
			if !slices.ContainsFunc(passes, func(p oracle.Probe) bool { return contains(evaluator.Set{clause}, p) }) {
				return fmt.Sprintf("lets %v pass through %v for certain, the oracle only %v", clause, d.Through, passes)
			}
		}
	}
	return ""
}

// isUntold reports whether two probes differ only in an address that a result
// does not tell: it names the endpoint that has the address, not which of its
// members.
func isUntold(got evaluator.FlowResult, q oracle.Question, x, y oracle.Probe) bool {
	if q.From.Kind == assertions.PrefixEnd && got.From.Kind == assertions.EndpointEnd {
		x.From = y.From
	}
	if q.To.Kind == assertions.PrefixEnd && got.To.Kind == assertions.EndpointEnd {
		x.To = y.To
	}
	return x == y
}

// contains reports whether a probe is in the set. At endpoints a clause tells
// no more of the addresses than their family.
func contains(s evaluator.Set, p oracle.Probe) bool {
	holds := func(in []netip.Prefix, at netip.Addr) bool {
		return in == nil || slices.ContainsFunc(in, func(q netip.Prefix) bool {
			return q.Contains(at) || !at.IsValid() && q.Addr().Is6() == p.Is6
		})
	}
	return slices.ContainsFunc(s, func(c evaluator.Clause) bool {
		return c.Traffic.Contains(p.Packet) && holds(c.From, p.From) && holds(c.To, p.To)
	})
}

// report fails the test with the smallest network that still fails.
func report(t *testing.T, r randnet.Recipe, fails func(randnet.Recipe) string) {
	t.Helper()
	small := randnet.Shrink(r, func(r randnet.Recipe) bool { return fails(r) != "" })
	t.Errorf("%+v: %s\n%s", small, fails(small), small.Network().Dump())
}

// A verdict holds in every network that the gaps allow.
func TestSound(t *testing.T) {
	t.Parallel()
	first, count := seeds(t)
	var failures, asked, tried, probes, needless, complete int
	verdicts, detours := map[evaluator.Verdict]int{}, map[evaluator.Verdict]int{}
	for seed := first; seed < first+count && failures < maxFailures; seed++ {
		recipe := randnet.New(seed, maxGaps)
		n := recipe.Network()
		worlds, all := oracle.Completions(n, completions)
		for k := range questions {
			q := randnet.Question(n, seed, k)
			got, pair := judge(n, q)
			if !pair {
				continue
			}
			asked++
			verdicts[got.Verdict]++
			for _, way := range got.Detours {
				detours[way.Verdict]++
			}
			var answers []oracle.Verdict
			for _, c := range worlds {
				a := oracle.Ask(c, q)
				tried, probes = tried+1, probes+len(a.Pass)+len(a.Stop)
				if v := a.Verdict(); !a.Vacuous && !slices.Contains(answers, v) {
					answers = append(answers, v)
				}
				if disagrees(got, a, c, q) != "" {
					failures++
					report(t, recipe, func(r randnet.Recipe) string { return contradiction(r, q) })
					break
				}
			}
			if all {
				complete++
				if got.Verdict == evaluator.Undecided && len(answers) == 1 {
					needless++
				}
			}
		}
	}
	t.Logf("%d networks, %d questions, %d questions × completions, %d packets: %v, detours %v; %d needlessly unknown of %d whose completions are all tried",
		count, asked, tried, probes, verdicts, detours, needless, complete)
}

// absent reports whether an end of q has been left out.
func absent(n *netmodel.Network, q oracle.Question) bool {
	return slices.ContainsFunc([]assertions.End{q.From, q.To}, func(e assertions.End) bool {
		return e.Kind == assertions.EndpointEnd && n.Endpoint(e.Endpoint) == nil
	})
}

// contradiction is how the verdict on a recipe's network is unsound; empty if it
// is not, or if the ends of q have been left out.
func contradiction(r randnet.Recipe, q oracle.Question) string {
	n := r.Network()
	if absent(n, q) {
		return ""
	}
	got, pair := judge(n, q)
	if !pair {
		return ""
	}
	worlds, _ := oracle.Completions(n, completions)
	for _, c := range worlds {
		if bad := unsound(got, c, q); bad != "" {
			return fmt.Sprintf("%s\n%s\nevaluator: allowed %v, undecided %v\n%s\nin the completion\n%s", text(q), bad,
				got.Allowed, got.Undecided, strings.Join(oracle.Trails(c, q), "\n"), c.Dump())
		}
	}
	return ""
}

// Closing a gap never takes a verdict back.
func TestMonotone(t *testing.T) {
	t.Parallel()
	first, count := seeds(t)
	failures, compared := 0, 0
	for seed := first; seed < first+count && failures < maxFailures; seed++ {
		recipe := randnet.New(seed, maxGaps)
		n := recipe.Network()
		for k := range questions {
			q := randnet.Question(n, seed, k)
			got, pair := judge(n, q)
			if !pair || got.Verdict == evaluator.Undecided {
				continue
			}
			for i := range recipe.Open {
				compared++
				if takenBack(recipe, i, q) != "" {
					failures++
					report(t, recipe, func(r randnet.Recipe) string { return takenBack(r, min(i, len(r.Open)-1), q) })
				}
			}
		}
	}
	t.Logf("%d networks, %d gaps closed one by one", count, compared)
}

// takenBack is how a verdict changes when the i-th open fact is closed; empty
// if it stays, or was none.
func takenBack(r randnet.Recipe, i int, q oracle.Question) string {
	if i < 0 || absent(r.Network(), q) {
		return ""
	}
	closed := randnet.Recipe{Seed: r.Seed, Open: slices.Delete(slices.Clone(r.Open), i, i+1), Cut: r.Cut}
	before, _ := judge(r.Network(), q)
	after, _ := judge(closed.Network(), q)
	if before.Verdict == evaluator.Undecided || before.Verdict == after.Verdict {
		return ""
	}
	worlds, _ := oracle.Completions(closed.Network(), completions)
	if !slices.ContainsFunc(worlds, func(c *netmodel.Network) bool { return !oracle.Ask(c, q).Vacuous }) {
		return "" // nothing is asked any more
	}
	return fmt.Sprintf("%s\n%s, but %s once fact %d is known", text(q), before.Verdict, after.Verdict, r.Open[i])
}

// What comes in another order, or has nothing to do with a flow, changes
// nothing.
func TestMetamorphic(t *testing.T) {
	t.Parallel()
	first, count := seeds(t)
	compared := 0
	same := func(what string, r randnet.Recipe, q oracle.Question, n *netmodel.Network) {
		t.Helper()
		got, _ := judge(r.Network(), q)
		again, _ := judge(n, q)
		compared++
		if diff := cmp.Diff(got, again, asData...); diff != "" {
			t.Errorf("%+v, %s: %s\n%s", r, text(q), what, diff)
		}
	}
	for seed := first; seed < first+count && !t.Failed(); seed++ {
		gapless, gappy := randnet.Recipe{Seed: seed}, randnet.New(seed, maxGaps)
		for k := range questions {
			q := randnet.Question(gappy.Network(), seed, k)
			same("asked twice", gappy, q, gappy.Network())
			same("shuffled", gappy, q, randnet.Shuffled(gappy.Network(), seed))
			same("with an unconnected VPC", gapless, q, randnet.Extended(gapless.Network()))
		}
	}
	t.Logf("%d networks, %d results compared", count, compared)
}

var asData = []cmp.Option{
	cmp.Exporter(func(reflect.Type) bool { return true }),
	cmp.Comparer(func(a, b netip.Addr) bool { return a == b }),
	cmp.Comparer(func(a, b netip.Prefix) bool { return a == b }),
}
