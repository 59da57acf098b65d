package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// Every golden of a JSON format is valid by its published schema.
func TestGoldensAreValid(t *testing.T) {
	checked := 0
	for _, s := range Schemas {
		var b bytes.Buffer
		if err := WriteSchema(&b, s.Name); err != nil {
			t.Fatal(err)
		}
		var schema map[string]any
		if err := json.Unmarshal(b.Bytes(), &schema); err != nil {
			t.Fatal(err)
		}
		paths, err := filepath.Glob("testdata/" + s.Name + "*.json")
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range paths {
			for _, mistake := range validate(schema, decoded(t, path), "") {
				t.Errorf("%s: %s", path, mistake)
			}
			checked++
		}
	}
	if checked < 5 {
		t.Errorf("only %d goldens were checked", checked)
	}
}

func TestSchemaRefuses(t *testing.T) {
	var b bytes.Buffer
	if err := WriteSchema(&b, "check"); err != nil {
		t.Fatal(err)
	}
	var schema map[string]any
	if err := json.Unmarshal(b.Bytes(), &schema); err != nil {
		t.Fatal(err)
	}
	report := decoded(t, "testdata/check-fail.json").(map[string]any)
	flow := report["results"].([]any)[1].(map[string]any)["flows"].([]any)[0].(map[string]any)
	flow["verdict"] = "maybe"
	delete(flow, "allowed")
	report["date"] = 7.0
	got := strings.Join(validate(schema, report, ""), "\n")
	for _, want := range []string{".verdict: maybe", "allowed is missing", ".date: is not string"} {
		if !strings.Contains(got, want) {
			t.Errorf("no mistake %q in:\n%s", want, got)
		}
	}
}

func decoded(t *testing.T, path string) any {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var v any
	if err := json.Unmarshal(b, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

// validate is the part of JSON Schema that the schemas use, read from the
// decoded text alone.
func validate(schema map[string]any, v any, at string) (mistakes []string) {
	add := func(format string, args ...any) { mistakes = append(mistakes, at+": "+fmt.Sprintf(format, args...)) }
	types, ok := schema["type"].([]any)
	if !ok {
		types = []any{schema["type"]}
	}
	if !slices.Contains(types, any(typeOf(v))) {
		add("is not %v", types[0])
		return mistakes
	}
	if words, ok := schema["enum"].([]any); ok && !slices.Contains(words, v) {
		add("%v is not one of %v", v, words)
	}
	switch v := v.(type) {
	case []any:
		for i, e := range v {
			mistakes = append(mistakes, validate(schema["items"].(map[string]any), e, fmt.Sprintf("%s[%d]", at, i))...)
		}
	case map[string]any:
		required, _ := schema["required"].([]any)
		for _, name := range required {
			if _, ok := v[name.(string)]; !ok {
				add("%v is missing", name)
			}
		}
		properties, _ := schema["properties"].(map[string]any)
		for name, e := range v {
			sub, ok := properties[name].(map[string]any)
			if !ok {
				if sub, ok = schema["additionalProperties"].(map[string]any); !ok {
					add("%s is not in the schema", name)
					continue
				}
			}
			mistakes = append(mistakes, validate(sub, e, at+"."+name)...)
		}
	}
	return mistakes
}

func typeOf(v any) string {
	switch v := v.(type) {
	case nil:
		return "null"
	case bool:
		return "boolean"
	case string:
		return "string"
	case float64:
		if v == float64(int64(v)) {
			return "integer"
		}
		return "number"
	case []any:
		return "array"
	case map[string]any:
		return "object"
	}
	panic(fmt.Sprintf("no JSON value: %T", v))
}
