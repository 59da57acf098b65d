package source_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/planreach/planreach/planparse"
	"github.com/planreach/planreach/planparse/aws"
	"github.com/planreach/planreach/planparse/source"
)

// TestAWSStories resolves recorded plans with AWS resources, and compares what
// is settled with the values after apply.
func TestAWSStories(t *testing.T) {
	files, err := filepath.Glob("testdata/aws/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no stories", err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			a, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			s := story{file, a}
			src, err := source.Open("", s.write(t))
			if err != nil {
				t.Fatal(err)
			}
			p, err := planparse.Read(strings.NewReader(s.get("plan.json")), src.Wants(aws.Types))
			if err != nil {
				t.Fatal(err)
			}
			if err := src.Check(p); err != nil {
				t.Fatal(err)
			}
			resolved := p.Resolve(src.Resolver(p, aws.Types))
			if st := src.Stats(); st.Disagreements > 0 {
				t.Errorf("the sources and the plan disagree about %v", st.Disagreeing)
			}
			got := describeLinks(p, resolved)
			if *update {
				s.set("want", got)
				if err := os.WriteFile(s.file, txtar.Format(s.archive), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff(s.get("want"), got); diff != "" {
				t.Errorf("resolved otherwise (-want +got):\n%s", diff)
			}
			var state map[string]map[string]any
			if err := json.Unmarshal([]byte(s.get("state.json")), &state); err != nil {
				t.Fatal(err)
			}
			n := 0
			for _, r := range resolved.Resources {
				v := r.Value(planparse.After)
				if r.Action == planparse.Forget {
					continue // not in the state any more
				}
				for _, name := range v.FieldNames() {
					agrees(t, state, fmt.Sprintf("%s.%s", r.Address, name), v.Field(name), state[string(r.Address)][name])
					n++
				}
			}
			t.Logf("%d arguments compared", n)
		})
	}
}

// describeLinks is one line for each argument that models read and the plan
// leaves open, unless it is the provider's to choose.
func describeLinks(planned, resolved *planparse.Plan) string {
	var b strings.Builder
	for i, r := range resolved.Resources {
		k := slices.IndexFunc(aws.Types, func(t *planparse.ResourceType) bool { return t.Name == r.TypeName() })
		if k < 0 || r.Value(planparse.After).Kind() != planparse.Object {
			continue
		}
		for _, name := range aws.Types[k].Reads {
			v := r.Value(planparse.After).Field(name)
			if planned.Resources[i].Value(planparse.After).Field(name).IsWhole() || (v.Leaf() != nil && v.Leaf().Unset) {
				continue
			}
			fmt.Fprintf(&b, "%s.%s = %s\n", r.Address, name, describeValue(v))
		}
	}
	return b.String()
}

// agrees reports an error unless v, as far as it is settled, is what apply made.
func agrees(t *testing.T, state map[string]map[string]any, path string, v planparse.Value, actual any) {
	t.Helper()
	if !matches(state, v, actual) {
		t.Errorf("%s is settled as %s, but apply made %v", path, describeValue(v), actual)
	}
}

// identity is the text of an attribute, or of one in a nested block:
// "vpc_config[0].cluster_security_group_id".
func identity(values map[string]any, attr string) string {
	block, inner, nested := strings.Cut(attr, "[0].")
	if !nested {
		id, _ := values[attr].(string)
		return id
	}
	blocks, _ := values[block].([]any)
	if len(blocks) != 1 {
		return ""
	}
	fields, _ := blocks[0].(map[string]any)
	return identity(fields, inner)
}

func matches(state map[string]map[string]any, v planparse.Value, actual any) bool {
	switch v.Kind() {
	case planparse.Hole:
		l := v.Leaf()
		if l == nil || l.Kind != planparse.Exact {
			return true
		}
		var text strings.Builder
		for _, p := range l.Term {
			text.WriteString(p.Literal)
			if a := p.Identity; a.Address != "" {
				text.WriteString(identity(state[string(a.Address)], a.Attr))
			}
		}
		return text.String() == actual
	case planparse.List:
		list, ok := actual.([]any)
		if object, isObject := actual.(map[string]any); isObject && len(v.Elements()) == 1 {
			return matches(state, v.Elements()[0], object)
		}
		if !ok {
			return actual == nil && len(v.Elements()) == 0
		}
		left := slices.Clone(list)
		for _, e := range v.Elements() {
			i := slices.IndexFunc(left, func(a any) bool { return matches(state, e, a) })
			if i < 0 {
				return false
			}
			left = slices.Delete(left, i, i+1)
		}
		return len(left) == 0
	case planparse.Object:
		fields, ok := actual.(map[string]any)
		if !ok {
			return false
		}
		for _, name := range v.FieldNames() {
			if !matches(state, v.Field(name), fields[name]) {
				return false
			}
		}
		return true
	case planparse.Null, planparse.Absent:
		return actual == nil || actual == "" || actual == false || fmt.Sprint(actual) == "[]" || fmt.Sprint(actual) == "0" || fmt.Sprint(actual) == "map[]"
	case planparse.String, planparse.Number, planparse.Bool:
	}
	return fmt.Sprint(plain(v)) == fmt.Sprint(actual)
}
