package assertions

import (
	"fmt"
	"strings"
	"testing"
)

// BenchmarkResolve looks up a thousand flows among three thousand endpoints.
func BenchmarkResolve(b *testing.B) {
	var plan strings.Builder
	plan.WriteString("aws_vpc.main\n")
	for i := range 60 {
		fmt.Fprintf(&plan, "module module.m[\"%d\"] m\n", i)
		for j := range 50 {
			fmt.Fprintf(&plan, "module.m[\"%d\"].aws_instance.w[%d] tag Name=w%d-%d in aws_subnet.s\n", i, j, i, j)
		}
	}
	plan.WriteString("aws_subnet.s in aws_vpc.main\n")
	flows := make([]string, 0, 1000)
	for i := range 250 {
		flows = append(flows, fmt.Sprintf("w%d-0 -> module.m[\"1\"].aws_instance.w[%d]:80", i%60, i),
			fmt.Sprintf("internet -/> any:%d", i), fmt.Sprintf("aws_vpc.main -/> internet:%d", i), fmt.Sprintf("w -/> w:%d", i))
	}
	for i := range flows {
		flows[i] = strings.Replace(flows[i], fmt.Sprintf("w[%d]", i/4), fmt.Sprintf("w[%d]", i/4%50), 1)
	}
	set, diags := Parse(Input{Flows: flows})
	if diags.HasErrors() {
		b.Fatal(diags)
	}
	inv := parsePlan(b, []byte(plan.String()))
	for b.Loop() {
		if _, diags := set.Resolve(inv, Defaults{}); diags.HasErrors() {
			b.Fatal(diags)
		}
	}
}
