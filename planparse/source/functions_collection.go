package source

import (
	"errors"
	"fmt"
	"math/big"
	"slices"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"
)

var identityFunc = function.New(&function.Spec{
	Params: []function.Parameter{{Name: "value", Type: cty.DynamicPseudoType, AllowDynamicType: true, AllowNull: true, AllowUnknown: true, AllowMarked: true}},
	Type:   func(args []cty.Value) (cty.Type, error) { return args[0].Type(), nil },
	Impl:   func(args []cty.Value, _ cty.Type) (cty.Value, error) { return args[0], nil },
})

func conversion(want cty.Type) function.Function { return stdlib.MakeToFunc(want) }

// elementFunc is element. A negative index is an error in some releases of
// Terraform, and counts from the end in others.
var elementFunc = function.New(&function.Spec{
	Params: stdlib.ElementFunc.Params(),
	Type: func(args []cty.Value) (cty.Type, error) {
		if negative(args[1]) {
			return cty.DynamicPseudoType, nil
		}
		return stdlib.ElementFunc.ReturnTypeForValues(args)
	},
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		if negative(args[1]) {
			return cty.DynamicVal, nil
		}
		return stdlib.ElementFunc.Call(args)
	},
})

func negative(n cty.Value) bool {
	n, _ = n.Unmark()
	return n.IsKnown() && !n.IsNull() && n.AsBigFloat().Sign() < 0
}

// lengthFunc is length: of a collection, or of a text in characters.
var lengthFunc = function.New(&function.Spec{
	Params: []function.Parameter{{Name: "value", Type: cty.DynamicPseudoType, AllowDynamicType: true, AllowUnknown: true, AllowMarked: true}},
	Type:   function.StaticReturnType(cty.Number),
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		v, marks := args[0].Unmark()
		switch ty := v.Type(); {
		case ty == cty.DynamicPseudoType:
			return cty.UnknownVal(cty.Number).WithMarks(marks), nil
		case ty.IsTupleType():
			return cty.NumberIntVal(int64(len(ty.TupleElementTypes()))).WithMarks(marks), nil
		case ty.IsObjectType():
			return cty.NumberIntVal(int64(len(ty.AttributeTypes()))).WithMarks(marks), nil
		case ty == cty.String:
			if !v.IsKnown() {
				return cty.UnknownVal(cty.Number).WithMarks(marks), nil
			}
			if holdsSymbol(v.AsString()) {
				return cty.UnknownVal(cty.Number).WithMarks(marks), nil
			}
			n, err := stdlib.Strlen(v)
			return n.WithMarks(marks), err
		case ty.IsCollectionType():
			if !v.IsKnown() {
				return cty.UnknownVal(cty.Number).WithMarks(marks), nil
			}
			return v.Length().WithMarks(marks), nil
		}
		return cty.DynamicVal, errors.New("argument must be a string, a collection type, or a structural type")
	},
})

// coalesceFunc is coalesce, which skips the empty text as well as null.
var coalesceFunc = function.New(&function.Spec{
	VarParam: &function.Parameter{Name: "values", Type: cty.DynamicPseudoType, AllowDynamicType: true, AllowUnknown: true, AllowNull: true},
	Type: func(args []cty.Value) (cty.Type, error) {
		types := make([]cty.Type, len(args))
		for i, a := range args {
			types[i] = a.Type()
		}
		ty, _ := convert.UnifyUnsafe(types)
		if ty == cty.NilType {
			return cty.NilType, errors.New("all arguments must have the same type")
		}
		return ty, nil
	},
	Impl: func(args []cty.Value, ty cty.Type) (cty.Value, error) {
		for _, a := range args {
			v, err := convert.Convert(a, ty)
			switch {
			case err != nil:
				return cty.DynamicVal, err
			case !v.IsKnown():
				return cty.UnknownVal(ty), nil
			case v.IsNull() || (ty == cty.String && v.AsString() == ""):
			default:
				return v, nil
			}
		}
		return cty.DynamicVal, errors.New("no non-null, non-empty-string arguments")
	},
})

// indexFunc is index: where an element first occurs in a list.
var indexFunc = function.New(&function.Spec{
	Params: []function.Parameter{{Name: "list", Type: cty.DynamicPseudoType}, {Name: "value", Type: cty.DynamicPseudoType}},
	Type:   function.StaticReturnType(cty.Number),
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		ty := args[0].Type()
		if !ty.IsListType() && !ty.IsTupleType() {
			return cty.DynamicVal, errors.New("argument must be a list or tuple")
		}
		for it := args[0].ElementIterator(); it.Next(); {
			i, e := it.Element()
			eq, err := stdlib.Equal(e, args[1])
			if err != nil {
				return cty.DynamicVal, err
			}
			if !eq.IsKnown() {
				return cty.UnknownVal(cty.Number), nil
			}
			if eq.True() {
				return i, nil
			}
		}
		return cty.DynamicVal, errors.New("item not found")
	},
})

// lookupFunc is lookup, with or without a default.
var lookupFunc = function.New(&function.Spec{
	Params: []function.Parameter{
		{Name: "map", Type: cty.DynamicPseudoType, AllowMarked: true},
		{Name: "key", Type: cty.String, AllowMarked: true},
	},
	VarParam: &function.Parameter{Name: "default", Type: cty.DynamicPseudoType, AllowDynamicType: true, AllowUnknown: true, AllowNull: true, AllowMarked: true},
	Type: func(args []cty.Value) (cty.Type, error) {
		v, err := lookup(args)
		return v.Type(), err
	},
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) { return lookup(args) },
})

func lookup(args []cty.Value) (cty.Value, error) {
	m, marks := args[0].Unmark()
	key, keyMarks := args[1].Unmark()
	if len(args) > 3 {
		return cty.DynamicVal, errors.New("lookup takes two or three arguments")
	}
	if !m.IsKnown() || !key.IsKnown() {
		return cty.DynamicVal, nil
	}
	ty := m.Type()
	var otherwise cty.Value
	if len(args) == 3 {
		otherwise = args[2]
		if ty.IsMapType() { // even if it is not needed
			var err error
			if otherwise, err = convert.Convert(otherwise, ty.ElementType()); err != nil {
				return cty.DynamicVal, errors.New("the default value must have the same type as the map elements")
			}
		}
	}
	var found cty.Value
	switch name := key.AsString(); {
	case ty.IsObjectType() && ty.HasAttribute(name):
		found = m.GetAttr(name)
	case ty.IsMapType() && m.HasIndex(key).IsKnown() && m.HasIndex(key).True():
		found = m.Index(key)
	case !ty.IsObjectType() && !ty.IsMapType():
		return cty.DynamicVal, errors.New("lookup needs a map")
	case otherwise == cty.NilVal:
		return cty.DynamicVal, fmt.Errorf("the given object has no attribute %q", name)
	default:
		found = otherwise
	}
	return found.WithMarks(marks, keyMarks), nil
}

// oneFunc is one: the only element of a collection, null if it is empty.
var oneFunc = function.New(&function.Spec{
	Params: []function.Parameter{{Name: "list", Type: cty.DynamicPseudoType, AllowDynamicType: true, AllowMarked: true, AllowUnknown: true}},
	Type: func(args []cty.Value) (cty.Type, error) {
		v, err := one(args[0])
		return v.Type(), err
	},
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) { return one(args[0]) },
})

func one(arg cty.Value) (cty.Value, error) {
	v, marks := arg.Unmark()
	ty := v.Type()
	if !v.IsKnown() {
		return cty.DynamicVal, nil
	}
	if !ty.IsListType() && !ty.IsSetType() && !ty.IsTupleType() {
		return cty.DynamicVal, errors.New("must be a list, set, or tuple value with either zero or one elements")
	}
	if ty.IsSetType() && !v.IsWhollyKnown() {
		return cty.DynamicVal, nil // elements may turn out equal
	}
	switch v.LengthInt() {
	case 0:
		if ty.IsTupleType() {
			return cty.NullVal(cty.DynamicPseudoType).WithMarks(marks), nil
		}
		return cty.NullVal(ty.ElementType()).WithMarks(marks), nil
	case 1:
		it := v.ElementIterator()
		it.Next()
		_, e := it.Element()
		return e.WithMarks(marks), nil
	}
	return cty.DynamicVal, errors.New("must be a list, set, or tuple value with either zero or one elements")
}

// matchKeysFunc is matchkeys.
var matchKeysFunc = function.New(&function.Spec{
	Params: []function.Parameter{
		{Name: "values", Type: cty.List(cty.DynamicPseudoType)},
		{Name: "keys", Type: cty.List(cty.DynamicPseudoType)},
		{Name: "searchset", Type: cty.List(cty.DynamicPseudoType)},
	},
	Type: func(args []cty.Value) (cty.Type, error) { return args[0].Type(), nil },
	Impl: func(args []cty.Value, ty cty.Type) (cty.Value, error) {
		for _, a := range args {
			if !a.IsWhollyKnown() {
				return cty.UnknownVal(ty), nil
			}
		}
		if args[0].LengthInt() != args[1].LengthInt() {
			return cty.DynamicVal, errors.New("length of keys and values should be equal")
		}
		var out []cty.Value
		values, keys, search := args[0].AsValueSlice(), args[1].AsValueSlice(), args[2].AsValueSlice()
		for i, k := range keys {
			if slices.ContainsFunc(search, func(s cty.Value) bool { eq := k.Equals(s); return eq.IsKnown() && eq.True() }) {
				out = append(out, values[i])
			}
		}
		if len(out) == 0 {
			return cty.ListValEmpty(ty.ElementType()), nil
		}
		return cty.ListVal(out), nil
	},
})

var allTrueFunc = truths(true)
var anyTrueFunc = truths(false)

// truths is alltrue (all) or anytrue.
func truths(all bool) function.Function {
	return function.New(&function.Spec{
		Params: []function.Parameter{{Name: "list", Type: cty.List(cty.Bool)}},
		Type:   function.StaticReturnType(cty.Bool),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			open := false
			for it := args[0].ElementIterator(); it.Next(); {
				_, e := it.Element()
				switch {
				case !e.IsKnown():
					open = true
				case (!e.IsNull() && e.True()) != all:
					return cty.BoolVal(!all), nil
				}
			}
			if open {
				return cty.UnknownVal(cty.Bool), nil
			}
			return cty.BoolVal(all), nil
		},
	})
}

// sumFunc is sum.
var sumFunc = function.New(&function.Spec{
	Params: []function.Parameter{{Name: "list", Type: cty.DynamicPseudoType}},
	Type:   function.StaticReturnType(cty.Number),
	Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
		v := args[0]
		if ty := v.Type(); !ty.IsListType() && !ty.IsSetType() && !ty.IsTupleType() || v.LengthInt() == 0 {
			return cty.DynamicVal, errors.New("argument must be a list, set, or tuple that is not empty")
		}
		if !v.IsWhollyKnown() {
			return cty.UnknownVal(cty.Number), nil
		}
		total := cty.NumberVal(new(big.Float))
		for it := v.ElementIterator(); it.Next(); {
			_, e := it.Element()
			n, err := convert.Convert(e, cty.Number)
			if err != nil || n.IsNull() {
				return cty.DynamicVal, errors.New("argument must be list, set, or tuple of number values")
			}
			total = total.Add(n)
		}
		return total, nil
	},
})

// transposeFunc is transpose: lists of texts by text turned inside out.
var transposeFunc = function.New(&function.Spec{
	Params: []function.Parameter{{Name: "values", Type: cty.Map(cty.List(cty.String))}},
	Type:   function.StaticReturnType(cty.Map(cty.List(cty.String))),
	Impl: func(args []cty.Value, ty cty.Type) (cty.Value, error) {
		if !args[0].IsWhollyKnown() {
			return cty.UnknownVal(ty), nil
		}
		lists := map[string][]cty.Value{}
		for it := args[0].ElementIterator(); it.Next(); {
			k, list := it.Element()
			for inner := list.ElementIterator(); inner.Next(); {
				_, e := inner.Element()
				if e.IsNull() {
					return cty.DynamicVal, errors.New("input must not contain null string")
				}
				lists[e.AsString()] = append(lists[e.AsString()], k)
			}
		}
		out := map[string]cty.Value{}
		for k, list := range lists {
			out[k] = cty.ListVal(list)
		}
		if len(out) == 0 {
			return cty.MapValEmpty(cty.List(cty.String)), nil
		}
		return cty.MapVal(out), nil
	},
})
