package assertions

import (
	"encoding/json"
	"io"
)

// A schema is the part of JSON Schema that *.reach.json files need.
type schema struct {
	Dialect    string             `json:"$schema,omitempty"`
	Title      string             `json:"title,omitempty"`
	Type       any                `json:"type,omitempty"` // a name, or several
	Enum       []string           `json:"enum,omitempty"`
	Pattern    string             `json:"pattern,omitempty"`
	AnyOf      []*schema          `json:"anyOf,omitempty"`
	Items      *schema            `json:"items,omitempty"`
	MinItems   int                `json:"minItems,omitempty"`
	Properties map[string]*schema `json:"properties,omitempty"`
	Required   []string           `json:"required,omitempty"`
	Additional any                `json:"additionalProperties,omitempty"` // a schema, or false
}

// WriteSchema writes the JSON Schema of *.reach.json files, for editors.
func WriteSchema(w io.Writer) error {
	s := schemaOf("")
	s.Dialect, s.Title = "https://json-schema.org/draft/2020-12/schema", "planreach assertions"
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(s)
}

// argumentWords are the words that an argument takes.
var argumentWords = map[string][]string{
	"severity": {"error", "warning", "info"},
	"unknown":  {"fail", "warn", "pass"},
	"empty":    {"error", "skip"},
	"hosts":    {"present", "future"},
}

// schemaOf is what a block of a kind may hold. Any value may be an expression,
// "${…}".
func schemaOf(kind string) *schema {
	f := forms[kind]
	out := &schema{Type: "object", Properties: map[string]*schema{"//": {}}, Required: f.required, Additional: false}
	if kind == "locals" {
		return &schema{Type: "object"}
	}
	text := func() *schema { return &schema{Type: "string"} }
	for _, name := range f.args {
		var a *schema
		switch name {
		case "severity", "unknown", "empty", "hosts":
			a = &schema{AnyOf: []*schema{{Enum: argumentWords[name]}, {Type: "string", Pattern: `\$\{`}}}
		case "both_ways", "oneway", "sensitive", "when":
			a = &schema{Type: []string{"boolean", "string"}}
		case "description", "reason", "by", "ticket", "required_version", "type":
			a = text()
		case "until":
			a = &schema{Type: "string", Pattern: `^\d{4}-\d{2}-\d{2}$|\$\{`}
		case "must_succeed", "must_fail", "flows", "except":
			a = &schema{AnyOf: []*schema{{Type: "array", Items: text()}, text()}}
		case "port", "source_port":
			a = &schema{Type: []string{"integer", "string"}}
		case "groups":
			a = &schema{AnyOf: []*schema{{Type: "array", MinItems: 2}, text()}}
		default: // selectors, ports, maps
			a = &schema{}
		}
		out.Properties[name] = a
	}
	for _, name := range f.blocks {
		body := schemaOf(name)
		one := &schema{AnyOf: []*schema{body, {Type: "array", Items: body}}}
		if len(forms[name].labels) > 0 {
			one = &schema{Type: "object", Additional: one}
		}
		out.Properties[name] = one
	}
	return out
}
