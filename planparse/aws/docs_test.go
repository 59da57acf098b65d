package aws

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/planreach/planreach/planparse"
)

// Update says that tests rewrite what they expect.
var Update = flag.Bool("update", false, "rewrite the expected model dumps and docs/resources.md")

// TestResourcesDoc keeps docs/resources.md, which is made from Types and the
// table of what is not modelled, up to date.
func TestResourcesDoc(t *testing.T) {
	const file = "../../docs/resources.md"
	want := resourcesDoc()
	if *Update {
		if err := os.WriteFile(file, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	got, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Errorf("%s is stale: run go test ./planparse/aws -run TestResourcesDoc -update", file)
	}
}

// TestUnmodelledHaveNoModel finds types that are both modelled and listed as not
// modelled.
func TestUnmodelledHaveNoModel(t *testing.T) {
	for _, k := range unmodelled {
		for _, name := range k.types {
			if slices.ContainsFunc(Types, func(x *planparse.ResourceType) bool { return x.Name == name }) {
				t.Errorf("%s has a model and is listed as having none", name)
			}
		}
	}
}

func resourcesDoc() string {
	var s strings.Builder
	s.WriteString("# Resource types\n\n" +
		"Made from the list of types in `planparse/aws` by `go test ./planparse/aws -run TestResourcesDoc -update`.\n\n" +
		"## Modelled\n\n" +
		"Arguments that are read decide where packets get. Those that are ignored are known to move none.\n" +
		"An argument in neither list makes `planreach coverage` say \"partly\".\n\n" +
		"| Type | Meaning | Read | Ignored |\n|---|---|---|---|\n")
	types := slices.Clone(Types)
	slices.SortFunc(types, func(x, y *planparse.ResourceType) int { return strings.Compare(x.Name, y.Name) })
	for _, x := range types {
		fmt.Fprintf(&s, "| `%s` | %s | %s | %s |\n", x.Name, x.Doc, arguments(x.Reads), ignored(x))
	}
	s.WriteString("\n## Not modelled\n\n" +
		"Types that bear on the network and have no model yet. A plan with one of them is told so, and answers that it\n" +
		"could change are unknown. A type that is in no table and names a VPC, subnets, groups or other parts of the\n" +
		"network is treated alike.\n\n" +
		"| Types | What they do | Effect |\n|---|---|---|\n")
	for _, k := range unmodelled {
		fmt.Fprintf(&s, "| %s | %s | %s |\n", arguments(k.types), k.note, k.effect)
	}
	s.WriteString("\n## Resources that make others\n\n" +
		"What they make is not in the plan. They are always listed, and answers about the VPCs of what they name, by ids or\n" +
		"inside of texts such as a template and its parameters, are unknown. One that names nothing of the network is taken\n" +
		"not to change it, except a stack that may look ids up or use the default VPC. Their values are never printed.\n\n" +
		"The types that begin with " + arguments(makers) + ".\n")
	return s.String()
}

func ignored(x *planparse.ResourceType) string {
	if x.IgnoresRest {
		return "all others"
	}
	return arguments(x.Ignores)
}

func arguments(names []string) string {
	sorted := slices.Sorted(slices.Values(names))
	for i, n := range sorted {
		sorted[i] = "`" + n + "`"
	}
	return strings.Join(sorted, ", ")
}
