package source_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/planreach/planreach/planparse"
	"github.com/planreach/planreach/planparse/aws"
	"github.com/planreach/planreach/planparse/source"
)

// A stateModule is a module of a state in JSON.
type stateModule struct {
	Resources []struct {
		Address string
		Values  map[string]any
	}
	Children []stateModule `json:"child_modules"`
}

func (m stateModule) collect(into map[string]map[string]any) {
	for _, r := range m.Resources {
		into[r.Address] = r.Values
	}
	for _, c := range m.Children {
		c.collect(into)
	}
}

// TestApplied resolves the plans in testdata/applied by the sources in their
// plan files, and compares everything settled with the state after apply.
func TestApplied(t *testing.T) {
	states, err := filepath.Glob("../../testdata/applied/*/state.json")
	if err != nil || len(states) == 0 {
		t.Fatal("no states", err)
	}
	for _, file := range states {
		dir := filepath.Dir(file)
		t.Run(filepath.Base(dir), func(t *testing.T) {
			content, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			var doc struct {
				Values struct {
					Root stateModule `json:"root_module"`
				}
			}
			if err := json.Unmarshal(content, &doc); err != nil {
				t.Fatal(err)
			}
			state := map[string]map[string]any{}
			doc.Values.Root.collect(state)
			s, err := source.Open(filepath.Join(dir, "tfplan"), "")
			if err != nil {
				t.Fatal(err)
			}
			p := readPlan(t, filepath.Join(dir, "plan.json"), s.Wants(aws.Types))
			if err := s.Check(p); err != nil {
				t.Fatal(err)
			}
			for _, r := range p.Resolve(s.Resolver(p, aws.Types)).Resources {
				v := r.Value(planparse.After)
				if r.Action == planparse.Forget || v.Kind() != planparse.Object || r.Mode == planparse.Data {
					continue
				}
				for _, name := range v.FieldNames() {
					agrees(t, state, fmt.Sprintf("%s.%s", r.Address, name), v.Field(name), state[string(r.Address)][name])
				}
			}
			st := s.Stats()
			if st.Disagreements > 0 {
				t.Errorf("the sources and the plan disagree about %v", st.Disagreeing)
			}
			t.Logf("%d exact, %d candidates, %d unknown", st.Exact, st.Candidates, st.Unknown)
		})
	}
}
