package planparse

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// readSlowly is the obvious Read: it decodes the whole document with
// encoding/json and then looks at its parts. It checks less.
func readSlowly(data []byte, wanted func(string) bool) (*Plan, error) {
	doc, err := decodeSlowly(data)
	if err != nil {
		return nil, err
	}
	a := newAssembly(wanted)
	if err := a.documentSlowly(doc); err != nil {
		return nil, err
	}
	sum := sha256.Sum256(data)
	a.plan.SHA256 = hex.EncodeToString(sum[:])
	return a.finish()
}

func (a *assembly) documentSlowly(v Value) error {
	p := a.plan
	p.TerraformVersion = v.Field("terraform_version").Text()
	p.Timestamp = v.Field("timestamp").Text()
	isPlan := v.Field("planned_values").Kind() != Absent || v.Field("resource_changes").Kind() != Absent
	if v.Field("errored").True() {
		return errErrored
	}
	if c := v.Field("complete"); c.Kind() == Bool && !c.True() {
		p.Complete = false
	}
	var errs []error
	for _, c := range v.Field("resource_changes").Elements() {
		errs = append(errs, a.change(headSlowly(c, c.Field("module_address").Text()), c.Field("change")))
	}
	for _, c := range v.Field("deferred_changes").Elements() {
		c = c.Field("resource_change")
		errs = append(errs, a.deferral(headSlowly(c, c.Field("module_address").Text()), c.Field("change")))
	}
	errs = append(errs,
		moduleSlowly(v.Field("prior_state").Field("values").Field("root_module"), a.priorInstance),
		moduleSlowly(v.Field("values").Field("root_module"), a.stateInstance))
	for _, b := range v.Field("resources").Elements() {
		errs = append(errs, a.rawBlock(b))
	}
	p.Kind = "state"
	if isPlan {
		p.Kind = "plan"
	}
	for _, name := range v.Field("variables").FieldNames() {
		p.Variables[name] = v.Field("variables").Field(name).Field("value")
	}
	a.actions = len(v.Field("action_invocations").Elements()) + len(v.Field("deferred_action_invocations").Elements())
	c := v.Field("configuration")
	if isPlan {
		p.Config, p.Declared = configSlowly(c.Field("root_module"), a.wanted), declaredIn(c.Field("root_module"), "")
	}
	for _, name := range c.Field("provider_config").FieldNames() {
		x := c.Field("provider_config").Field(name)
		a.providers[name] = x.Field("full_name").Text()
		if same, ok := credentialsOf(body(x.Field("expressions"))); ok {
			a.credentials[name] = a.providers[name] + same
		}
	}
	return errors.Join(errs...)
}

func moduleSlowly(v Value, add addInstance) error {
	var errs []error
	for _, r := range v.Field("resources").Elements() {
		errs = append(errs, add(headSlowly(r, v.Field("address").Text()), r.Field("values"), r.Field("sensitive_values")))
	}
	for _, m := range v.Field("child_modules").Elements() {
		errs = append(errs, moduleSlowly(m, add))
	}
	return errors.Join(errs...)
}

func headSlowly(v Value, module string) *head {
	return &head{
		address:      v.Field("address").Text(),
		previous:     v.Field("previous_address").Text(),
		module:       module,
		mode:         v.Field("mode").Text(),
		typeName:     v.Field("type").Text(),
		name:         v.Field("name").Text(),
		provider:     v.Field("provider_name").Text(),
		deposed:      v.Field("deposed").Text() + v.Field("deposed_key").Text(),
		index:        v.Field("index"),
		indexUnknown: v.Field("index_unknown").True(),
	}
}

func decodeSlowly(data []byte) (Value, error) {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	var doc any
	if err := d.Decode(&doc); err != nil {
		return Value{}, err
	}
	if _, err := d.Token(); err != io.EOF {
		return Value{}, errors.New("something follows the JSON")
	}
	return valueSlowly(doc), nil
}

func valueSlowly(x any) Value {
	switch x := x.(type) {
	case nil:
		return NullValue()
	case string:
		return StringValue(x)
	case json.Number:
		return NumberValue(string(x))
	case bool:
		return BoolValue(x)
	case []any:
		out := make([]Value, len(x))
		for i, e := range x {
			out[i] = valueSlowly(e)
		}
		return ListValue(out)
	case map[string]any:
		out := make(map[string]Value, len(x))
		for k, e := range x {
			out[k] = valueSlowly(e)
		}
		return ObjectValue(out)
	}
	panic(fmt.Sprintf("JSON decodes to %T", x))
}

// configSlowly gives the module of a plan's configuration its meaning.
func configSlowly(v Value, wanted func(string) bool) *ConfigModule {
	m := newConfigModule()
	for _, r := range v.Field("resources").Elements() {
		d := declaredBlock(r)
		if d.Mode == 0 {
			continue
		}
		c := &ConfigResource{
			ProviderConfigKey: r.Field("provider_config_key").Text(),
			Count:             expression(r.Field("count_expression")),
			ForEach:           expression(r.Field("for_each_expression")),
		}
		typeName := d.typeName()
		if wanted(typeName) {
			c.Expressions = body(r.Field("expressions"))
		}
		m.Resources[typeName+"."+d.Name] = c
	}
	calls := v.Field("module_calls")
	for _, name := range calls.FieldNames() {
		c := calls.Field(name)
		call := &ConfigCall{
			Source:  c.Field("source").Text(),
			Inputs:  body(c.Field("expressions")).Fields,
			Count:   expression(c.Field("count_expression")),
			ForEach: expression(c.Field("for_each_expression")),
			Module:  configSlowly(c.Field("module"), wanted),
		}
		m.Calls[name] = call
	}
	outputs := v.Field("outputs")
	for _, name := range outputs.FieldNames() {
		m.Outputs[name] = expression(outputs.Field(name).Field("expression"))
	}
	variables := v.Field("variables")
	for _, name := range variables.FieldNames() {
		d := variables.Field(name)
		v := ConfigVariable{Default: d.Field("default")}
		if d.Field("sensitive").True() || d.Field("ephemeral").True() {
			v.Default, v.Sensitive = markAll(v.Default), true
		}
		m.Variables[name] = v
	}
	return m
}

// declaredBlock is a resource block, without Mode if it is neither a managed
// resource nor a data source.
func declaredBlock(v Value) Declared {
	d := Declared{Type: v.Field("type").Text(), Name: v.Field("name").Text()}
	switch v.Field("mode").Text() {
	case "managed":
		d.Mode = Managed
	case "data":
		d.Mode = Data
	}
	return d
}

// declaredIn lists the resource blocks of a module and of those it calls.
func declaredIn(v Value, module string) []Declared {
	var out []Declared
	for _, r := range v.Field("resources").Elements() {
		if d := declaredBlock(r); d.Mode != 0 {
			d.Module = module
			out = append(out, d)
		}
	}
	calls := v.Field("module_calls")
	for _, name := range calls.FieldNames() {
		out = append(out, declaredIn(calls.Field(name).Field("module"), strings.TrimPrefix(module+".module."+name, "."))...)
	}
	return out
}
