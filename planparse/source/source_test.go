package source_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/planreach/planreach/netmodel"
	"github.com/planreach/planreach/planparse"
	"github.com/planreach/planreach/planparse/aws"
	"github.com/planreach/planreach/planparse/source"
)

// TestSeed settles the links of the first example.
func TestSeed(t *testing.T) {
	dir := "../../examples/ec2-reachability"
	s, err := source.Open("", dir)
	if err != nil {
		t.Fatal(err)
	}
	p := readPlan(t, filepath.Join(dir, "plan.json"), s.Wants(aws.Types))
	if err := s.Check(p); err != nil {
		t.Fatal(err)
	}
	p = p.Resolve(s.Resolver(p, aws.Types))
	r := p.Resources[slices.IndexFunc(p.Resources, func(r *planparse.Resource) bool { return r.Address == "aws_instance.source" })]
	groups := r.Value(planparse.After).Field("vpc_security_group_ids").Elements()
	want := planparse.Identity{Address: "aws_security_group.source", Attr: "id"}
	if len(groups) != 1 || groups[0].Leaf() == nil {
		t.Fatalf("vpc_security_group_ids is %+v, want one link", groups)
	}
	if l := groups[0].Leaf(); l.Kind != planparse.Exact || len(l.Term) != 1 || l.Term[0].Identity != want {
		t.Errorf("vpc_security_group_ids[0] is %+v, want %v", l, want)
	}
	if st := s.Stats(); st.Disagreements != 0 || st.Agreements == 0 {
		t.Errorf("the sources and the plan: %+v, want only agreements", st)
	}
	file, line := s.Position(netmodel.Origin{Address: "aws_instance.source", Path: "vpc_security_group_ids"})
	if file != "main.tf" || line != 20 {
		t.Errorf("vpc_security_group_ids stands at %s:%d, want main.tf:20", file, line)
	}
}

func readPlan(t *testing.T, file string, wanted func(string) bool) *planparse.Plan {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close() //nolint:errcheck // only read
	p, err := planparse.Read(f, wanted)
	if err != nil {
		t.Fatal(err)
	}
	return p
}
