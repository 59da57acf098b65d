package source

import (
	"slices"
	"sync"

	yaml "github.com/zclconf/go-cty-yaml"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"
)

// A class says what a function may do with arguments that hold symbols.
type class uint8

const (
	// structural functions move values around and never look into a text.
	structural class = iota + 1
	// comparing functions ask whether texts are equal, and nothing else.
	comparing
	// ordering functions depend on the order of texts, or make maps whose keys
	// may be computed.
	ordering
	// merging functions do both: they make sets.
	merging
	// present functions ask whether a text is there and not empty.
	present
	// content functions look into texts: unknown if these hold symbols.
	content
	// formatting functions build texts out of texts, unless a verb looks inside.
	formatting
	// splitting functions cut texts at a separator, if no symbol can hold it.
	splitting
	// absent functions are always unknown: impure, or not evaluated here.
	absent
)

// A row is one function of the language.
type row struct {
	class class
	fn    function.Function // zero for absent
	// sure reports whether the answers to what a comparing or merging function
	// asks are certain; nil: it compares all texts in its arguments.
	sure func(t *symbols, args []cty.Value) bool
}

// functionTable has a row for every function of Terraform and OpenTofu. Those
// that read files are in fileTable.
var functionTable = sync.OnceValue(func() map[string]row {
	return map[string]row{
		"abs":              {class: content, fn: stdlib.AbsoluteFunc},
		"abspath":          {class: absent}, // depends on the machine
		"alltrue":          {class: structural, fn: allTrueFunc},
		"anytrue":          {class: structural, fn: anyTrueFunc},
		"base64decode":     {class: content, fn: base64DecodeFunc},
		"base64encode":     {class: content, fn: base64EncodeFunc},
		"base64gunzip":     {class: absent},
		"base64gzip":       {class: absent}, // differs between releases of the compressor
		"base64sha256":     {class: content, fn: base64SHA256Func},
		"base64sha512":     {class: content, fn: base64SHA512Func},
		"basename":         {class: content, fn: basenameFunc},
		"bcrypt":           {class: absent}, // random
		"can":              {class: structural, fn: canFunc},
		"ceil":             {class: content, fn: stdlib.CeilFunc},
		"chomp":            {class: content, fn: stdlib.ChompFunc},
		"chunklist":        {class: structural, fn: stdlib.ChunklistFunc},
		"cidrcontains":     {class: content, fn: cidrContainsFunc},
		"cidrhost":         {class: content, fn: cidrHostFunc},
		"cidrnetmask":      {class: content, fn: cidrNetmaskFunc},
		"cidrsubnet":       {class: content, fn: cidrSubnetFunc},
		"cidrsubnets":      {class: content, fn: cidrSubnetsFunc},
		"coalesce":         {class: present, fn: coalesceFunc},
		"coalescelist":     {class: structural, fn: stdlib.CoalesceListFunc},
		"compact":          {class: present, fn: stdlib.CompactFunc},
		"concat":           {class: structural, fn: stdlib.ConcatFunc},
		"contains":         {class: comparing, fn: stdlib.ContainsFunc, sure: sureSearch},
		"convert":          {class: absent},
		"csvdecode":        {class: content, fn: stdlib.CSVDecodeFunc},
		"dirname":          {class: content, fn: dirnameFunc},
		"distinct":         {class: comparing, fn: stdlib.DistinctFunc},
		"element":          {class: structural, fn: elementFunc},
		"endswith":         {class: content, fn: endsWithFunc},
		"ephemeralasnull":  {class: absent}, // what is ephemeral is not followed
		"flatten":          {class: structural, fn: stdlib.FlattenFunc},
		"floor":            {class: content, fn: stdlib.FloorFunc},
		"format":           {class: formatting, fn: stdlib.FormatFunc},
		"formatdate":       {class: content, fn: stdlib.FormatDateFunc},
		"formatlist":       {class: formatting, fn: stdlib.FormatListFunc},
		"indent":           {class: content, fn: stdlib.IndentFunc},
		"index":            {class: comparing, fn: indexFunc, sure: sureSearch},
		"issensitive":      {class: absent},
		"join":             {class: structural, fn: stdlib.JoinFunc},
		"jsondecode":       {class: ordering, fn: stdlib.JSONDecodeFunc},
		"jsonencode":       {class: structural, fn: stdlib.JSONEncodeFunc},
		"keys":             {class: ordering, fn: stdlib.KeysFunc},
		"length":           {class: structural, fn: lengthFunc},
		"list":             {class: absent}, // gone since Terraform 0.15
		"log":              {class: content, fn: stdlib.LogFunc},
		"lookup":           {class: comparing, fn: lookupFunc, sure: sureKeys},
		"lower":            {class: content, fn: stdlib.LowerFunc},
		"map":              {class: absent}, // gone since Terraform 0.15
		"matchkeys":        {class: comparing, fn: matchKeysFunc, sure: sureRest},
		"max":              {class: content, fn: stdlib.MaxFunc},
		"md5":              {class: content, fn: md5Func},
		"merge":            {class: comparing, fn: stdlib.MergeFunc, sure: sureKeys},
		"min":              {class: content, fn: stdlib.MinFunc},
		"nonsensitive":     {class: structural, fn: identityFunc},
		"one":              {class: structural, fn: oneFunc},
		"parseint":         {class: content, fn: stdlib.ParseIntFunc},
		"pathexpand":       {class: absent}, // depends on the machine
		"plantimestamp":    {class: absent}, // unless the plan tells it
		"pow":              {class: content, fn: stdlib.PowFunc},
		"range":            {class: content, fn: stdlib.RangeFunc},
		"regex":            {class: content, fn: stdlib.RegexFunc},
		"regexall":         {class: content, fn: stdlib.RegexAllFunc},
		"replace":          {class: content, fn: replaceFunc},
		"reverse":          {class: structural, fn: stdlib.ReverseListFunc},
		"rsadecrypt":       {class: absent},
		"sensitive":        {class: structural, fn: identityFunc},
		"setintersection":  {class: merging, fn: stdlib.SetIntersectionFunc},
		"setproduct":       {class: ordering, fn: stdlib.SetProductFunc},
		"setsubtract":      {class: merging, fn: stdlib.SetSubtractFunc},
		"setunion":         {class: merging, fn: stdlib.SetUnionFunc},
		"sha1":             {class: content, fn: sha1Func},
		"sha256":           {class: content, fn: sha256Func},
		"sha512":           {class: content, fn: sha512Func},
		"signum":           {class: content, fn: stdlib.SignumFunc},
		"slice":            {class: structural, fn: stdlib.SliceFunc},
		"sort":             {class: ordering, fn: stdlib.SortFunc},
		"split":            {class: splitting, fn: stdlib.SplitFunc},
		"startswith":       {class: content, fn: startsWithFunc},
		"strcontains":      {class: content, fn: strContainsFunc},
		"strrev":           {class: content, fn: stdlib.ReverseFunc},
		"substr":           {class: content, fn: stdlib.SubstrFunc},
		"sum":              {class: content, fn: sumFunc},
		"templatestring":   {class: absent},
		"textdecodebase64": {class: absent},
		"textencodebase64": {class: absent},
		"timeadd":          {class: content, fn: stdlib.TimeAddFunc},
		"timecmp":          {class: content, fn: timeCmpFunc},
		"timestamp":        {class: absent}, // the time of apply
		"title":            {class: content, fn: stdlib.TitleFunc},
		"tobool":           {class: content, fn: conversion(cty.Bool)},
		"tolist":           {class: ordering, fn: conversion(cty.List(cty.DynamicPseudoType))},
		"tomap":            {class: structural, fn: conversion(cty.Map(cty.DynamicPseudoType))},
		"tonumber":         {class: content, fn: conversion(cty.Number)},
		"toset":            {class: merging, fn: conversion(cty.Set(cty.DynamicPseudoType))},
		"tostring":         {class: structural, fn: conversion(cty.String)},
		"transpose":        {class: merging, fn: transposeFunc, sure: sureTexts},
		"trim":             {class: content, fn: stdlib.TrimFunc},
		"trimprefix":       {class: content, fn: stdlib.TrimPrefixFunc},
		"trimspace":        {class: content, fn: stdlib.TrimSpaceFunc},
		"trimsuffix":       {class: content, fn: stdlib.TrimSuffixFunc},
		"try":              {class: structural, fn: tryFunc},
		"type":             {class: absent},
		"upper":            {class: content, fn: stdlib.UpperFunc},
		"urldecode":        {class: content, fn: urlDecodeFunc},
		"urlencode":        {class: content, fn: urlEncodeFunc},
		"uuid":             {class: absent}, // random
		"uuidv5":           {class: absent},
		"values":           {class: ordering, fn: stdlib.ValuesFunc},
		"yamldecode":       {class: content, fn: yaml.YAMLDecodeFunc},
		"yamlencode":       {class: content, fn: yaml.YAMLEncodeFunc},
		"zipmap":           {class: merging, fn: stdlib.ZipmapFunc, sure: sureFirst},
	}
})

// newFunctions is the functions that modules can call; planned is the time of
// the plan, empty if not known.
func newFunctions(t *symbols, f files, planned string) map[string]function.Function {
	out := map[string]function.Function{}
	for name, r := range functionTable() {
		out[name] = guarded(t, r)
	}
	for name, r := range fileTable(t, f, out) {
		out[name] = guarded(t, r)
	}
	if planned != "" {
		out["plantimestamp"] = function.New(&function.Spec{
			Type: function.StaticReturnType(cty.String),
			Impl: func([]cty.Value, cty.Type) (cty.Value, error) { return cty.StringVal(planned), nil },
		})
	}
	for _, name := range sortedKeys(out) {
		out["core::"+name] = out[name]
	}
	return out
}

// guarded is the function of r, unknown where it would depend on what a symbol
// stands for.
func guarded(t *symbols, r row) function.Function {
	if r.class == absent {
		return absentFunc
	}
	if r.class == structural || r.class == ordering {
		return r.fn
	}
	return function.New(&function.Spec{
		Params:   r.fn.Params(),
		VarParam: r.fn.VarParam(),
		Type: func(args []cty.Value) (cty.Type, error) {
			if t.depends(r, args) {
				return cty.DynamicPseudoType, nil
			}
			return r.fn.ReturnTypeForValues(args)
		},
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			if t.depends(r, args) {
				return cty.DynamicVal, nil
			}
			v, err := r.fn.Call(args)
			if err != nil {
				return v, err
			}
			return t.orUnknown(v), nil
		},
	})
}

// depends reports whether the result of r may depend on what a symbol in args
// stands for, other than by the order of texts.
func (t *symbols) depends(r row, args []cty.Value) bool {
	if !symbolic(args...) {
		return false
	}
	switch r.class {
	case structural, ordering:
		return false
	case comparing, merging:
		if r.sure != nil {
			return !r.sure(t, args)
		}
		return !t.distinct(args...)
	case present:
		return !t.firm(args)
	case formatting:
		return !plainVerbs(args[0])
	case splitting:
		return !t.splits(args)
	case content, absent:
	}
	return true
}

// plainVerbs reports whether format uses only %s, %d and %v without flags on
// texts: these copy.
func plainVerbs(format cty.Value) bool {
	format, _ = format.Unmark()
	if !format.IsKnown() || format.IsNull() || format.Type() != cty.String {
		return false
	}
	s := format.AsString()
	for i := 0; i < len(s); i++ {
		if s[i] != '%' {
			continue
		}
		i++
		if i == len(s) || !slices.Contains([]byte("svd%"), s[i]) {
			return false
		}
	}
	return true
}

// absentFunc takes anything and is unknown. It is no error, which try would
// take for a decision.
var absentFunc = function.New(&function.Spec{
	VarParam: &function.Parameter{
		Name: "arguments", Type: cty.DynamicPseudoType,
		AllowDynamicType: true, AllowMarked: true, AllowNull: true, AllowUnknown: true,
	},
	Type: function.StaticReturnType(cty.DynamicPseudoType),
	Impl: func([]cty.Value, cty.Type) (cty.Value, error) { return cty.DynamicVal, nil },
})

// keysOf is the keys of maps, and texts that are looked up.
func keysOf(args []cty.Value) []cty.Value {
	var out []cty.Value
	for i, a := range args {
		a, _ = a.Unmark()
		switch ty := a.Type(); {
		case !a.IsKnown() || a.IsNull():
		case ty.IsMapType() || ty.IsObjectType():
			for it := a.ElementIterator(); it.Next(); {
				k, _ := it.Element()
				out = append(out, k)
			}
		case ty == cty.String && i == 1:
			out = append(out, a)
		}
	}
	return out
}

func sureKeys(t *symbols, args []cty.Value) bool { return t.distinct(keysOf(args)...) }

func sureFirst(t *symbols, args []cty.Value) bool { return t.distinct(args[0]) && t.made(args[0]) }

func sureTexts(t *symbols, args []cty.Value) bool { return t.distinct(args...) && t.made(args...) }

func sureRest(t *symbols, args []cty.Value) bool { return t.distinct(args[1:]...) }

// sureSearch reports whether it is certain which elements of a list, the first
// argument, are equal to the second.
func sureSearch(t *symbols, args []cty.Value) bool {
	list, _ := args[0].Unmark()
	if !list.IsKnown() || list.IsNull() || !list.CanIterateElements() {
		return true
	}
	for it := list.ElementIterator(); it.Next(); {
		if _, e := it.Element(); e.IsKnown() && t.compare(e, args[1]) == perhaps {
			return false
		}
	}
	return true
}

// firm reports whether every text that is nothing but a symbol is certainly
// there and not empty.
func (t *symbols) firm(args []cty.Value) bool {
	out := true
	for _, a := range args {
		eachText(a, func(s string) {
			b := t.bare(s)
			out = out && (b == nil || b.firm())
		})
	}
	return out
}
