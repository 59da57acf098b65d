package source

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/zclconf/go-cty/cty"

	"github.com/planreach/planreach/planparse"
)

var setOfRules = aligner{symbols: newSymbols(), t: &planparse.ResourceType{Sets: []string{"rule"}}}

func plannedRule(port int, to planparse.Value) planparse.Value {
	return planparse.ObjectValue(map[string]planparse.Value{"port": planparse.NumberValue(fmt.Sprint(port)), "to": to, "computed": planparse.StringValue("c")})
}

func configuredRule(port int, to string) cty.Value {
	return cty.ObjectVal(map[string]cty.Value{"port": cty.NumberIntVal(int64(port)), "to": cty.StringVal(to)})
}

// TestMatchLarge: a set of thousands of rules, in another order, is matched; so
// is one of rules of which the plan knows the same.
func TestMatchLarge(t *testing.T) {
	const n = 3000
	for _, ports := range []int{n, 1} {
		var planned []planparse.Value
		var conf []cty.Value
		for i := range n {
			planned = append(planned, plannedRule(i%ports, planparse.HoleValue(nil)))
			conf = append(conf, configuredRule((n-1-i)%ports, fmt.Sprint("to-", n-1-i)))
		}
		out, fits := setOfRules.align(planparse.ListValue(planned), cty.TupleVal(conf), "rule")
		if !fits || !out.IsWhollyKnown() {
			t.Fatalf("%d ports: not matched", ports)
		}
		seen := map[string]bool{}
		for i, e := range out.AsValueSlice() {
			to := e.GetAttr("to").AsString()
			seen[to] = true
			if ports == n && to != fmt.Sprint("to-", i) {
				t.Fatalf("rule %d goes to %s", i, to)
			}
		}
		if len(seen) != n {
			t.Errorf("%d ports: %d targets", ports, len(seen))
		}
	}
}

// TestMatch compares with trying every assignment.
func TestMatch(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	matched := 0
	for range 3000 {
		n := 1 + r.IntN(4)
		var planned []planparse.Value
		var conf []cty.Value
		for range n {
			to := planparse.HoleValue(nil)
			if r.IntN(3) == 0 {
				to = planparse.StringValue(fmt.Sprint("t", r.IntN(2)))
			}
			port := planparse.NumberValue(fmt.Sprint(r.IntN(2)))
			if r.IntN(3) == 0 {
				port = planparse.HoleValue(nil)
			}
			planned = append(planned, planparse.ObjectValue(map[string]planparse.Value{"port": port, "to": to}))
			conf = append(conf, configuredRule(r.IntN(2), fmt.Sprint("t", r.IntN(3))))
		}
		want := results(planned, conf)
		out, ok := setOfRules.match(planparse.ListValue(planned), conf, "rule")
		if ok {
			matched++
			if len(want) != 1 || !want[fingerprint(out)] {
				t.Fatalf("matched %#v as %v; every assignment gives %v", planned, fingerprint(out), want)
			}
		}
	}
	if matched < 500 {
		t.Errorf("only %d matched", matched)
	}
}

// results are what all assignments that fit make of planned, as sets.
func results(planned []planparse.Value, conf []cty.Value) map[string]bool {
	out := map[string]bool{}
	chosen := make([]cty.Value, len(planned))
	used := make([]bool, len(conf))
	var try func(i int)
	try = func(i int) {
		if i == len(planned) {
			out[fingerprint(chosen)] = true
			return
		}
		for j, c := range conf {
			if used[j] {
				continue
			}
			if v, fits := setOfRules.align(planned[i], c, "rule"); fits {
				used[j], chosen[i] = true, v
				try(i + 1)
				used[j] = false
			}
		}
	}
	try(0)
	return out
}

// fingerprint is equal for equal multisets.
func fingerprint(values []cty.Value) string {
	counts := map[string]int{}
	for _, v := range values {
		counts[fmt.Sprintf("%#v", v)]++
	}
	return fmt.Sprint(counts)
}
