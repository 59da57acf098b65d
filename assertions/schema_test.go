package assertions

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"golang.org/x/tools/txtar"
)

func assertionSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	var text bytes.Buffer
	if err := WriteSchema(&text); err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(&text)
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("assertions.json", doc); err != nil {
		t.Fatal(err)
	}
	return c.MustCompile("assertions.json")
}

// TestSchema: the schema takes every *.reach.json file of the cases that is read
// without an error, and the reference's; of the others it finds what it can.
func TestSchema(t *testing.T) {
	s := assertionSchema(t)
	valid := func(text string) error {
		doc, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		return s.Validate(doc)
	}
	files, err := filepath.Glob("testdata/spec/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, file := range files {
		a, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range a.Files {
			if !strings.HasSuffix(f.Name, ".reach.json") {
				continue
			}
			seen++
			if err := valid(string(f.Data)); (err == nil) != !strings.HasPrefix(f.Name, "bad") {
				t.Errorf("%s, %s: %v", file, f.Name, err)
			}
		}
	}
	docs, err := os.ReadFile(docsPath)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range fence.FindAllStringSubmatch(string(docs), -1) {
		if m[1] == "json" {
			seen++
			if err := valid(m[2]); err != nil {
				t.Error(err)
			}
		}
	}
	if seen < 3 {
		t.Errorf("%d files", seen)
	}
	for _, wrong := range []string{
		`{"must_raech": {}}`,
		`{"must_reach": {"a": {"from": "a", "to": "b", "form": "c"}}}`,
		`{"must_reach": {"a": {"from": "a"}}}`,
		`{"must_reach": {"a": {"from": "a", "to": "b", "severity": "fatal"}}}`,
		`{"isolate": {"a": {"groups": ["a"]}}}`,
		`{"must_not_reach": {"a": {"from": "a", "to": "b", "waive": {"flows": [], "reason": "r", "until": "soon"}}}}`,
	} {
		if valid(wrong) == nil {
			t.Errorf("takes %s", wrong)
		}
	}
}
