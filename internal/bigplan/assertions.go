package bigplan

import (
	"bufio"
	"fmt"
	"io"
)

// WriteAssertions writes so many assertions that hold about the settled plan of
// so many resource instances: flows between single machines of one module.
func WriteAssertions(w io.Writer, instances, count int) error {
	b := bufio.NewWriter(w)
	machines := 0
	for _, k := range kinds {
		if k.typeName == "aws_instance" {
			machines = k.count
		}
	}
	modules := max(instances/perModule, 1)
	fmt.Fprintf(b, "flows \"the tiers\" {\n  must_succeed = [\n")
	var denied []string
	for n := range count {
		k := n / modules
		from := k % machines
		to := (from + 1 + k/machines) % machines
		name := func(k int) string { return fmt.Sprintf("module.net%d.aws_instance.this[%d]", n%modules, k) }
		group := groupOf(to)
		if tier(subnetOf(from))+1 == tier(subnetOf(to)) && groupOf(from) == group-groupsPerTier {
			fmt.Fprintf(b, "    \"%s -> %s:%d\",\n", name(from), name(to), port(group))
		} else {
			denied = append(denied, fmt.Sprintf("    \"%s -> %s:3389\",\n", name(from), name(to)))
		}
	}
	fmt.Fprintf(b, "  ]\n  must_fail = [\n")
	for _, d := range denied {
		b.WriteString(d) //nolint:errcheck // Flush tells
	}
	fmt.Fprintf(b, "  ]\n}\n")
	return b.Flush()
}
