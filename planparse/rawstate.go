package planparse

import (
	"fmt"
	"strconv"
	"strings"
)

// rawBlock adds the instances of a resource of a state file, version 4.
func (a *assembly) rawBlock(v Value) error {
	for _, i := range v.Field("instances").Elements() {
		h := &head{
			module:   v.Field("module").Text(),
			mode:     v.Field("mode").Text(),
			typeName: v.Field("type").Text(),
			name:     v.Field("name").Text(),
			provider: providerOf(v.Field("provider").Text()),
			deposed:  i.Field("deposed").Text(),
			index:    i.Field("index_key"),
		}
		if err := a.rawInstance(h, i); err != nil {
			return err
		}
	}
	return nil
}

func (a *assembly) rawInstance(h *head, i Value) error {
	value := i.Field("attributes")
	if h.isLive() && value.Kind() != Object {
		return fmt.Errorf("an instance of %s.%s has no attributes in the form of a version 4 state", h.typeName, h.name)
	}
	for _, path := range i.Field("sensitive_attributes").Elements() {
		value = markAt(value, path.Elements())
	}
	return a.stateInstance(h, value, Value{})
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
	if v.Kind() != List && v.Kind() != Object {
		return markAll(v) // the path does not fit: mark too much
	}
	return v.each(func(i int, name string, part Value) Value {
		if v.Kind() == List {
			name = strconv.Itoa(i)
		}
		if name == step.Text() {
			return markAt(part, path[1:])
		}
		return part
	})
}
