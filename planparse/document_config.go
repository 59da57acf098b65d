package planparse

import (
	"crypto/sha256"
	"strings"
)

// configuration reads the configuration of a plan, without what is not needed.
func (d *document) configuration() {
	d.members(map[string]func(){
		"provider_config": func() { d.each(d.provider) },
		"root_module":     func() { d.a.plan.Config = d.configModule("") },
	})
}

// members reads an object, each member as read says.
func (d *document) members(read map[string]func()) {
	d.f.object(func(key string) {
		if r := read[key]; r != nil {
			r()
		} else {
			d.f.skip()
		}
	})
}

// each reads an object whose members are all alike.
func (d *document) each(read func(name string)) { d.f.object(read) }

func (d *document) provider(key string) {
	var fullName string
	var arguments Expression
	d.members(map[string]func(){
		"full_name":   func() { fullName = d.f.text() },
		"expressions": func() { arguments = body(d.f.value()) },
	})
	d.a.providers[key] = fullName
	if c, ok := credentialsOf(arguments); ok {
		d.a.credentials[key] = fullName + c
	}
}

// configModule reads the module with that address, which has no instance keys.
func (d *document) configModule(address string) *ConfigModule {
	m := newConfigModule()
	d.members(map[string]func(){
		"resources": func() { d.f.array(func() { d.configResource(m, address) }) },
		"outputs": func() {
			d.each(func(name string) {
				d.members(map[string]func(){"expression": func() { m.Outputs[name] = expression(d.f.value()) }})
			})
		},
		"variables": func() { d.each(func(name string) { d.configVariable(m, name) }) },
		"module_calls": func() {
			d.each(func(name string) { m.Calls[name] = d.configCall(strings.TrimPrefix(address+".module."+name, ".")) })
		},
	})
	return m
}

func (d *document) configVariable(m *ConfigModule, name string) {
	var v ConfigVariable
	isSecret := false
	secret := func() { isSecret = d.f.value().True() || isSecret }
	d.members(map[string]func(){"default": func() { v.Default = d.f.value() }, "sensitive": secret, "ephemeral": secret})
	if isSecret {
		v.Default, v.Sensitive = markAll(v.Default), true
	}
	m.Variables[name] = v
}

// configCall reads the call of the module with that address.
func (d *document) configCall(address string) *ConfigCall {
	c := &ConfigCall{Module: newConfigModule()}
	d.members(map[string]func(){
		"source":              func() { c.Source = d.f.text() },
		"expressions":         func() { c.Inputs = body(d.f.value()).Fields },
		"count_expression":    func() { c.Count = expression(d.f.value()) },
		"for_each_expression": func() { c.ForEach = expression(d.f.value()) },
		"module":              func() { c.Module = d.configModule(address) },
	})
	return c
}

var expressionMembers = []string{"expressions"}

// configResource reads a resource block, its expressions only if it is wanted.
func (d *document) configResource(m *ConfigModule, address string) {
	c := &ConfigResource{}
	expressions := func(_ string, raw []byte, at int64) { c.Expressions = d.body(raw, at) }
	h := d.resource(d.wants, expressionMembers, expressions, func(key string) {
		switch key {
		case "provider_config_key":
			c.ProviderConfigKey = d.f.text()
		case "count_expression":
			c.Count = expression(d.f.value())
		case "for_each_expression":
			c.ForEach = expression(d.f.value())
		default:
			d.f.skip()
		}
	})
	if c.Expressions.Kind == ExprAbsent && d.wants(&h) {
		c.Expressions = body(Value{}) // it sets no argument
	}
	declared := Declared{Module: address, Type: h.typeName, Name: h.name}
	switch h.mode {
	case "managed":
		declared.Mode = Managed
	case "data":
		declared.Mode = Data
	default:
		return
	}
	m.Resources[declared.typeName()+"."+h.name] = c
	d.a.plan.Declared = append(d.a.plan.Declared, declared)
}

// body is the expressions of a resource block. A module that is called often
// brings the same ones often.
func (d *document) body(raw []byte, at int64) Expression {
	key := sha256.Sum256(raw)
	e, ok := d.bodies[key]
	if !ok {
		e = body(d.f.decode(raw, at))
		d.bodies[key] = e
	}
	return e
}
