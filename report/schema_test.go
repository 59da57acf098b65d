package report

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// Every golden of a JSON format is valid by its published schema.
func TestGoldensAreValid(t *testing.T) {
	checked := 0
	for _, s := range Schemas {
		schema := published(t, s.Name)
		paths, err := filepath.Glob("testdata/" + s.Name + "*.json")
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range paths {
			if err := schema.Validate(decoded(t, path)); err != nil {
				t.Errorf("%s: %v", path, err)
			}
			checked++
		}
	}
	if checked < 5 {
		t.Errorf("only %d goldens were checked", checked)
	}
}

func TestSchemaRefuses(t *testing.T) {
	report := decoded(t, "testdata/check-fail.json").(map[string]any)
	flow := report["results"].([]any)[1].(map[string]any)["flows"].([]any)[0].(map[string]any)
	flow["verdict"] = "maybe"
	delete(flow, "allowed")
	report["date"] = true
	err := published(t, "check").Validate(report)
	if err == nil {
		t.Fatal("a broken report is valid")
	}
	for _, want := range []string{"/verdict", "'allowed'", "/date"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("no mistake at %s in:\n%v", want, err)
		}
	}
}

// published is the schema that the program prints.
func published(t *testing.T, name string) *jsonschema.Schema {
	t.Helper()
	var b bytes.Buffer
	if err := WriteSchema(&b, name); err != nil {
		t.Fatal(err)
	}
	return compiled(t, b.Bytes())
}

func compiled(t *testing.T, text []byte) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("schema.json", doc); err != nil {
		t.Fatal(err)
	}
	return c.MustCompile("schema.json")
}

func decoded(t *testing.T, path string) any {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	return v
}
