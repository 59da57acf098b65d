package planparse

import "strings"

// configModule gives the module of a plan's configuration its meaning.
func configModule(v Value, wanted func(string) bool) *ConfigModule {
	m := &ConfigModule{
		Resources: map[string]*ConfigResource{},
		Calls:     map[string]*ConfigCall{},
		Outputs:   map[string]Expression{},
		Variables: map[string]ConfigVariable{},
	}
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
		typeName := (&Resource{Mode: d.Mode, Type: d.Type}).TypeName()
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
			Module:  configModule(c.Field("module"), wanted),
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
		def := d.Field("default")
		if isSecret(d) {
			def = markAll(def)
		}
		m.Variables[name] = ConfigVariable{Default: def}
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

// expression tells what the plan keeps of one expression or nested block apart.
func expression(v Value) Expression {
	switch v.Kind() {
	case Absent, Null:
		return Expression{}
	case List:
		e := Expression{Kind: ExprBlocks}
		for _, b := range v.Elements() {
			e.Blocks = append(e.Blocks, body(b))
		}
		return e
	case Object:
		return objectExpression(v)
	case String, Number, Bool, Hole:
	}
	return Expression{Kind: ExprOpaque}
}

func objectExpression(v Value) Expression {
	names := v.FieldNames()
	switch {
	case len(names) == 0:
		return Expression{Kind: ExprOpaque}
	case len(names) == 1 && names[0] == "constant_value":
		return Expression{Kind: ExprConstant, Constant: v.Field("constant_value")}
	case len(names) == 1 && names[0] == "references" && v.Field("references").Kind() == List:
		e := Expression{Kind: ExprReferences}
		for _, r := range v.Field("references").Elements() {
			e.References = append(e.References, r.Text())
		}
		return e
	}
	return body(v)
}

// body is one block: a resource's, or a nested one's.
func body(v Value) Expression {
	e := Expression{Kind: ExprBlock, Fields: map[string]Expression{}}
	for _, name := range v.FieldNames() {
		e.Fields[name] = expression(v.Field(name))
	}
	return e
}
