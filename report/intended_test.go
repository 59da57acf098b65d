package report

import (
	"strings"
	"testing"
)

// TestIntended: what is reachable through a proxy comes with the words that would
// allow it (L-52).
func TestIntended(t *testing.T) {
	for _, c := range []struct{ verb, flow, want string }{
		{"must_not_reach", "", "Intended? Add unless_through = [aws_lb.public]."},
		{"must_not_reach", "internet -> app", `Intended? Add "unless via aws_lb.public" behind the flow.`},
		{"only", "", "Intended? Add it to from, or unless_through = [aws_lb.public]."},
		{"isolate", "", ""},
	} {
		f := Flow{From: "internet", To: "aws_instance.app", Traffic: "tcp/8080", Expected: "unreachable", Outcome: "fail", Verdict: "unreachable",
			Allowed: "none", Undecided: "none", ViaProxy: []Detour{{Through: []string{"aws_lb.public"}, Verdict: "reachable", Allowed: "tcp/8080"}}}
		r := Result{ID: "a", Verb: c.verb, Flow: c.flow, Verdict: "fail", Counts: true, Pairs: Pairs{Total: 1, Failed: 1}, Flows: []Flow{f}}
		var out strings.Builder
		if err := writeCheckText(&out, &Check{Results: []Result{r}}, Style{}); err != nil {
			t.Fatal(err)
		}
		if c.want == "" && strings.Contains(out.String(), "Intended") || !strings.Contains(out.String(), c.want) {
			t.Errorf("%s %q: want %s\n%s", c.verb, c.flow, c.want, out.String())
		}
	}
}
