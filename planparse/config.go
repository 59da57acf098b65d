package planparse

func newConfigModule() *ConfigModule {
	return &ConfigModule{
		Resources: map[string]*ConfigResource{},
		Calls:     map[string]*ConfigCall{},
		Outputs:   map[string]Expression{},
		Variables: map[string]ConfigVariable{},
	}
}

// typeName is how a ResourceType calls what d declares.
func (d Declared) typeName() string { return (&Resource{Mode: d.Mode, Type: d.Type}).TypeName() }

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
