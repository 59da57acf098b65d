package planparse

// configuration reads the configuration of a plan without what is not needed:
// it has the form that it has in the document.
func (d *document) configuration() Value {
	return d.members(map[string]func() Value{
		"provider_config": d.providers,
		"root_module":     d.configModule,
	})
}

// members reads an object and keeps the members that read names.
func (d *document) members(read map[string]func() Value) Value {
	fields := map[string]Value{}
	d.f.object(func(key string) {
		if r := read[key]; r != nil {
			fields[key] = r()
		} else {
			d.f.skip()
		}
	})
	return ObjectValue(fields)
}

// named reads an object whose members all are read by r.
func (d *document) named(r func() Value) Value {
	fields := map[string]Value{}
	d.f.object(func(key string) { fields[key] = r() })
	return ObjectValue(fields)
}

func (d *document) providers() Value {
	value := d.f.value
	return d.named(func() Value {
		return d.members(map[string]func() Value{"full_name": value, "alias": value, "module_address": value})
	})
}

func (d *document) configModule() Value {
	value := d.f.value
	return d.members(map[string]func() Value{
		"resources": d.configResources,
		"outputs": func() Value {
			return d.named(func() Value { return d.members(map[string]func() Value{"expression": value}) })
		},
		"variables": func() Value {
			return d.named(func() Value {
				return d.members(map[string]func() Value{"default": value, "sensitive": value, "ephemeral": value})
			})
		},
		"module_calls": func() Value { return d.named(d.configCall) },
	})
}

func (d *document) configCall() Value {
	value := d.f.value
	return d.members(map[string]func() Value{
		"source":              value,
		"expressions":         value,
		"count_expression":    value,
		"for_each_expression": value,
		"module":              d.configModule,
	})
}

func (d *document) configResources() Value {
	var out []Value
	d.f.array(func() { out = append(out, d.configResource()) })
	return ListValue(out)
}

// configResource reads a resource block, its expressions only if it is wanted.
func (d *document) configResource() Value {
	fields := map[string]Value{}
	h, parts := d.resource(func(key string) {
		switch key {
		case "provider_config_key", "count_expression", "for_each_expression":
			fields[key] = d.f.value()
		default:
			d.f.skip()
		}
	}, "expressions")
	fields["mode"], fields["type"], fields["name"] = StringValue(h.mode), StringValue(h.typeName), StringValue(h.name)
	if e := parts[0].value; e.Kind() != Absent {
		fields["expressions"] = e
	}
	return ObjectValue(fields)
}
