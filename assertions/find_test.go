package assertions

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestFind(t *testing.T) {
	root := t.TempDir()
	for _, name := range []string{
		"main.tf", "a.reach.hcl", "b.reach.json", "sub/not.reach.hcl", "modules/m/m.reach.hcl", "policy/p.reach.hcl",
	} {
		at := filepath.Join(root, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(at, []byte(name), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	policy := filepath.Join(root, "policy")
	type found struct{ Path, Dir string }
	for _, c := range []struct {
		name  string
		files []string
		want  []found
	}{
		{"root and modules", nil, []found{{"a.reach.hcl", ""}, {"b.reach.json", ""}, {"modules/m/m.reach.hcl", "modules/m"}}},
		{"files instead of the root's", []string{policy}, []found{
			{filepath.ToSlash(policy) + "/p.reach.hcl", ""}, {"modules/m/m.reach.hcl", "modules/m"},
		}},
	} {
		sources, err := Find(root, []string{"./modules/m", "gone", "."}, c.files)
		if err != nil {
			t.Fatal(err)
		}
		var got []found
		for _, s := range sources {
			got = append(got, found{s.Path, s.Dir})
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: -want +got:\n%s", c.name, diff)
		}
	}
	if _, err := Find(root, nil, []string{filepath.Join(root, "nothing")}); err == nil {
		t.Error("a file that does not exist is no error")
	}
}

// TestSet: what a set says of itself.
func TestSet(t *testing.T) {
	set, diags := Parse(Input{
		Sources: []Source{
			{Path: "a.reach.hcl", Bytes: []byte("flows \"f\" {\n  must_fail = [\"a -> b\", \"b -> a\"]\n}\nmust_not_reach \"m\" {\n  from = a\n  to = b\n}\ngroup \"g\" {\n  members = [a]\n}\n")},
			{Path: "m/b.reach.hcl", Bytes: nil, Dir: "./m"},
		},
		Flows: []string{"g -/> b", "g  -/>  b"},
	})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	if set.Len() != 4 {
		t.Errorf("%d assertions, want 4", set.Len())
	}
	want := []File{{"a.reach.hcl", "", 3}, {"m/b.reach.hcl", "m", 0}}
	if diff := cmp.Diff(want, set.Contents()); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	as, diags := set.OnlyFlows().Resolve(parsePlan(t, []byte("aws_instance.a\naws_instance.b\n")), Defaults{Unknown: WarnUnknown})
	if diags.HasErrors() || len(as) != 1 || as[0].ID != "g -/> b" || as[0].Unknown != WarnUnknown || as[0].Range.Filename != "" {
		t.Errorf("%v %s", as, diags)
	}
}
