package report

import (
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"
)

// Schemas are the JSON formats that have a JSON Schema, by name.
var Schemas = []struct {
	Name   string
	Report any
}{
	{"check", Check{}},
	{"why", Why{}},
	{"matrix", Matrix{}},
	{"list", List{}},
	{"links", Links{}},
	{"coverage", Coverage{}},
	{"validate", Validation{}},
	{"version", Version{}},
	// assertions omitted: they are read, not written; assertions.WriteSchema has it.
	// diff omitted: that format does not exist yet.
}

// WriteSchema writes the JSON Schema of the named format.
func WriteSchema(w io.Writer, name string) error {
	var known []string
	for _, s := range Schemas {
		if s.Name == name {
			return writeJSON(w, schemaOf(name, s.Report), Style{})
		}
		known = append(known, s.Name)
	}
	return fmt.Errorf("no schema %q; there are %s", name, strings.Join(known, ", "))
}

// A schema is the part of JSON Schema that is needed.
type schema struct {
	Dialect    string            `json:"$schema,omitempty"`
	Title      string            `json:"title,omitempty"`
	Type       any               `json:"type,omitempty"` // a name, or several
	Enum       []string          `json:"enum,omitempty"`
	Minimum    *int              `json:"minimum,omitempty"`
	Items      *schema           `json:"items,omitempty"`
	Properties map[string]schema `json:"properties,omitempty"`
	Required   []string          `json:"required,omitempty"`
	// Additional are the values of a map.
	Additional *schema `json:"additionalProperties,omitempty"`
}

func schemaOf(name string, report any) schema {
	s := schemaFor(reflect.TypeOf(report))
	s.Dialect, s.Title = "https://json-schema.org/draft/2020-12/schema", ToolName+" "+name
	return s
}

// schemaFor follows the Go types, which are the formats: every field is
// required, a pointer may be null, and closed lists of words are in the tag
// enum. Fields may be added in minor versions, so others are allowed.
func schemaFor(t reflect.Type) schema {
	switch t.Kind() { //nolint:exhaustive // reports have no other kinds
	case reflect.String:
		return schema{Type: "string"}
	case reflect.Bool:
		return schema{Type: "boolean"}
	case reflect.Int:
		zero := 0
		return schema{Type: "integer", Minimum: &zero}
	case reflect.Slice:
		items := schemaFor(t.Elem())
		return schema{Type: "array", Items: &items}
	case reflect.Map:
		values := schemaFor(t.Elem())
		return schema{Type: "object", Additional: &values}
	case reflect.Pointer:
		s := schemaFor(t.Elem())
		s.Type = []string{s.Type.(string), "null"}
		return s
	case reflect.Struct:
		s := schema{Type: "object", Properties: map[string]schema{}}
		s.addFields(t)
		return s
	}
	panic("report: no schema for " + t.String())
}

func (s *schema) addFields(t reflect.Type) {
	for f := range fields(t) {
		p := schemaFor(f.Type)
		if words := f.Tag.Get("enum"); words != "" {
			p.Enum = strings.Split(words, ",")
			if i := slices.Index(p.Enum, "-"); i >= 0 {
				p.Enum[i] = ""
			}
		}
		name := f.Tag.Get("json")
		s.Properties[name] = p
		s.Required = append(s.Required, name)
	}
}

// fields is the fields of t that JSON has, those of embedded structs included.
func fields(t reflect.Type) func(yield func(reflect.StructField) bool) {
	return func(yield func(reflect.StructField) bool) {
		for _, f := range reflect.VisibleFields(t) {
			if !f.Anonymous && !yield(f) {
				return
			}
		}
	}
}
