package bigplan

import (
	"fmt"
	"maps"
)

type object = map[string]any

// An instance is one resource instance.
type instance struct {
	kind   *kind
	module string
	index  int
	values object   // after apply
	open   []string // attributes that are known only after apply
}

func (i instance) head() object {
	return object{
		"address":       fmt.Sprintf("%s.%s.this[%d]", i.module, i.kind.typeName, i.index),
		"mode":          "managed",
		"type":          i.kind.typeName,
		"name":          "this",
		"index":         i.index,
		"provider_name": "registry.terraform.io/hashicorp/aws",
	}
}

// planned is i in planned_values or prior_state.
func (i instance) planned(s Shape) object {
	out := i.head()
	out["schema_version"] = 1
	out["values"] = i.after(s)
	out["sensitive_values"] = object{"tags": object{}, "tags_all": object{}}
	return out
}

// after is what the plan knows of i after apply.
func (i instance) after(s Shape) object {
	if s == Settled {
		return i.values
	}
	out := maps.Clone(i.values)
	for _, name := range i.open {
		delete(out, name)
	}
	return out
}

// change is i in resource_changes.
func (i instance) change(s Shape) any {
	out := ordered{}
	head := i.head()
	head["module_address"] = i.module
	for _, name := range []string{"address", "module_address", "mode", "type", "name", "index", "provider_name"} {
		out = append(out, member{name, head[name]})
	}
	masks := object{"tags": object{}, "tags_all": object{}}
	change := ordered{{"actions", []string{"create"}}, {"before", nil}, {"after", i.after(s)}, {"after_unknown", i.unknown()},
		{"before_sensitive", false}, {"after_sensitive", masks}}
	if s == Settled {
		change = ordered{{"actions", []string{"no-op"}}, {"before", i.values}, {"after", i.values}, {"after_unknown", object{}},
			{"before_sensitive", masks}, {"after_sensitive", masks}}
	}
	return append(out, member{"change", change})
}

func (i instance) unknown() object {
	out := object{"tags_all": object{}}
	for _, name := range i.open {
		out[name] = true
	}
	return out
}
