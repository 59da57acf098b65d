package bigplan

import (
	"fmt"
	"io"
	"strings"
)

// WriteAssertions writes so many assertions that hold about the settled plan of
// so many resource instances: flows between single machines of one module.
func WriteAssertions(w io.Writer, instances, count int) error {
	var promised, denied strings.Builder
	machines := 0
	for _, k := range kinds {
		if k.typeName == "aws_instance" {
			machines = k.count
		}
	}
	modules := max(instances/perModule, 1)
	for n := range count {
		k := n / modules
		from := k % machines
		to := (from + 1 + k/machines) % machines
		name := func(k int) string { return fmt.Sprintf("module.net%d.aws_instance.this[%d]", n%modules, k) }
		group := groupOf(to)
		if tier(subnetOf(from))+1 == tier(subnetOf(to)) && groupOf(from) == group-groupsPerTier {
			fmt.Fprintf(&promised, "    \"%s -> %s:%d\",\n", name(from), name(to), port(group))
		} else {
			fmt.Fprintf(&denied, "    \"%s -> %s:3389\",\n", name(from), name(to))
		}
	}
	_, err := fmt.Fprintf(w, "flows \"the tiers\" {\n  must_succeed = [\n%s  ]\n  must_fail = [\n%s  ]\n}\n", &promised, &denied)
	return err
}
