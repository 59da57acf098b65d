package planparse

import (
	"fmt"
	"strings"
)

// rawState adds the instances of Terraform's own state file, version 4.
func (a *assembly) rawState(v Value) error {
	for _, block := range v.Field("resources").Elements() {
		for _, i := range block.Field("instances").Elements() {
			if i.Field("deposed").Text() != "" {
				continue
			}
			if err := a.rawInstance(block, i); err != nil {
				return err
			}
		}
	}
	return nil
}

func (a *assembly) rawInstance(block, i Value) error {
	r, err := instanceOf(ObjectValue(map[string]Value{
		"mode":          block.Field("mode"),
		"type":          block.Field("type"),
		"name":          block.Field("name"),
		"provider_name": StringValue(providerOf(block.Field("provider").Text())),
		"index":         i.Field("index_key"),
	}), block.Field("module").Text())
	if err != nil {
		return err
	}
	r.Action, r.Existing = NoOp, true
	if !a.count(&r) {
		return nil
	}
	value := i.Field("attributes")
	if value.Kind() != Object {
		return fmt.Errorf("%s: its attributes are not in the form of a version 4 state; let Terraform 0.12 or newer write it", r.Address)
	}
	for _, path := range i.Field("sensitive_attributes").Elements() {
		value = markAt(value, path.Elements())
	}
	a.plan.Resources = append(a.plan.Resources, NewResource(r, value, Value{}))
	return nil
}

// providerOf is the source address in provider["SOURCE"].alias.
func providerOf(s string) string {
	_, s, _ = strings.Cut(s, `provider["`)
	s, _, _ = strings.Cut(s, `"]`)
	return s
}

// markAt marks what lies at the end of a path of a version 4 state.
func markAt(v Value, path []Value) Value {
	if len(path) == 0 {
		return markAll(v)
	}
	step := path[0].Field("value")
	if path[0].Field("type").Text() == "index" {
		step = step.Field("value")
	}
	switch v.Kind() {
	case Object:
		fields := map[string]Value{}
		for _, name := range v.FieldNames() {
			fields[name] = v.Field(name)
			if name == step.Text() {
				fields[name] = markAt(fields[name], path[1:])
			}
		}
		return ObjectValue(fields)
	case List:
		elements := make([]Value, len(v.Elements()))
		for i, e := range v.Elements() {
			elements[i] = e
			if fmt.Sprint(i) == step.Text() {
				elements[i] = markAt(e, path[1:])
			}
		}
		return ListValue(elements)
	case Absent, Null, String, Number, Bool, Hole:
	}
	return markAll(v) // the path does not fit: mark too much
}
