package source

import (
	"encoding/json"
	"net/netip"
	"slices"
	"strings"

	"github.com/zclconf/go-cty/cty"

	"github.com/planreach/planreach/planparse"
)

// An aligner brings together what the plan knows of an argument and what the
// configuration says for it.
type aligner struct {
	symbols *symbols
	t       *planparse.ResourceType // nil: no model
	follows bool                    // nothing is computed
}

func (a aligner) isSet(path string) bool { return a.t != nil && slices.Contains(a.t.Sets, path) }

// align is v with the holes filled from the configured value c. fits is false
// if the two differ in something that both know.
func (a aligner) align(v planparse.Value, c cty.Value, path string) (out cty.Value, fits bool) {
	if !c.IsKnown() {
		return plainCty(v), true
	}
	switch v.Kind() {
	case planparse.Hole:
		return a.whole(c, path), true
	case planparse.String, planparse.Number, planparse.Bool:
		return plainCty(v), a.agrees(v, c)
	case planparse.Null:
		return plainCty(v), isEmpty(c)
	case planparse.List:
		return a.list(v, c, path)
	case planparse.Object:
		return a.object(v, c, path)
	case planparse.Absent:
	}
	return plainCty(v), true
}

// isEmpty reports whether c may stand for null: providers take an empty text or
// collection for it.
func isEmpty(c cty.Value) bool {
	switch {
	case !c.IsKnown() || c.IsNull():
		return true
	case c.Type() == cty.String:
		return c.AsString() == ""
	case c.CanIterateElements():
		return c.LengthInt() == 0
	}
	return false
}

// whole is what stands in the place of a hole.
func (a aligner) whole(c cty.Value, path string) cty.Value {
	if c.IsNull() || !c.IsKnown() || !c.CanIterateElements() {
		return c
	}
	switch ty := c.Type(); {
	case ty.IsObjectType() || ty.IsMapType():
		out := map[string]cty.Value{}
		for it := c.ElementIterator(); it.Next(); {
			k, e := it.Element()
			out[k.AsString()] = a.whole(e, path+"."+k.AsString())
		}
		return cty.ObjectVal(out)
	}
	var list []cty.Value
	for it := c.ElementIterator(); it.Next(); {
		_, e := it.Element()
		list = append(list, a.whole(e, path))
	}
	return a.collect(list, c, path)
}

// collect is the array of the elements, a set if it is one.
func (a aligner) collect(list []cty.Value, c cty.Value, path string) cty.Value {
	if (a.isSet(path) || c.Type().IsSetType()) && len(list) > 0 && allTexts(list) {
		return cty.SetVal(list)
	}
	return cty.TupleVal(list)
}

func (a aligner) object(v planparse.Value, c cty.Value, path string) (cty.Value, bool) {
	if c.IsNull() {
		return plainCty(v), true // the provider's default
	}
	if ty := c.Type(); (ty.IsTupleType() || ty.IsListType()) && c.LengthInt() == 1 { // a single nested block
		c = c.AsValueSlice()[0]
		if !c.IsKnown() || c.IsNull() {
			return plainCty(v), true
		}
	}
	ty := c.Type()
	if !ty.IsObjectType() && !ty.IsMapType() {
		return plainCty(v), false
	}
	conf := c.AsValueMap()
	fits := true
	out := map[string]cty.Value{}
	for _, name := range v.FieldNames() {
		inner, set := conf[name]
		if !set || (inner.IsKnown() && inner.IsNull()) || (!a.follows && v.Field(name).Kind() == planparse.Hole && inner.IsKnown() && isEmpty(inner)) {
			out[name] = plainCty(v.Field(name))
			continue
		}
		filled, ok := a.align(v.Field(name), inner, path+"."+name)
		out[name], fits = filled, fits && ok
	}
	return cty.ObjectVal(out), fits
}

func (a aligner) list(v planparse.Value, c cty.Value, path string) (cty.Value, bool) {
	if c.IsNull() {
		return plainCty(v), true
	}
	if c.Type().IsObjectType() { // JSON syntax: one block
		c = cty.TupleVal([]cty.Value{c})
	}
	if !c.CanIterateElements() || c.Type().IsMapType() {
		return plainCty(v), false
	}
	var conf []cty.Value
	for it := c.ElementIterator(); it.Next(); {
		_, e := it.Element()
		conf = append(conf, e)
	}
	set := a.isSet(path) || c.Type().IsSetType()
	if set {
		conf = distinctValues(conf)
	}
	if !set && len(conf) == len(v.Elements()) {
		if out, ok := a.positional(v, conf, path); ok {
			return cty.TupleVal(out), true
		}
	}
	if out, ok := a.match(v, conf, path); ok {
		return a.collect(out, c, path), true
	}
	if set && !v.IsWhole() {
		return a.merged(v, conf, c, path)
	}
	return plainCty(v), false
}

func distinctValues(list []cty.Value) []cty.Value {
	var out []cty.Value
	seen := map[int][]cty.Value{}
	for _, e := range list {
		if e.IsWhollyKnown() {
			h := e.Hash()
			if slices.ContainsFunc(seen[h], e.RawEquals) {
				continue
			}
			seen[h] = append(seen[h], e)
		}
		out = append(out, e)
	}
	return out
}

func (a aligner) positional(v planparse.Value, conf []cty.Value, path string) ([]cty.Value, bool) {
	out := make([]cty.Value, len(conf))
	fits := true
	for i, e := range v.Elements() {
		var ok bool
		out[i], ok = a.align(e, conf[i], path)
		fits = fits && ok
	}
	return out, fits
}

// merged handles a set of which elements that are open in the plan turn out to
// be equal: the plan has more of them than there will be.
func (a aligner) merged(v planparse.Value, conf []cty.Value, c cty.Value, path string) (cty.Value, bool) {
	if len(v.Elements()) < len(conf) {
		return plainCty(v), false
	}
	if !allTexts(conf) {
		return cty.DynamicVal, true
	}
	for _, e := range v.Elements() {
		if e.Kind() != planparse.Hole && !slices.ContainsFunc(conf, func(c cty.Value) bool { return a.agrees(e, c) }) {
			return plainCty(v), false
		}
	}
	return a.collect(conf, c, path), true
}

// agrees reports whether the known primitive v is what c says, in any of the
// spellings that providers take for the same.
func (a aligner) agrees(v planparse.Value, c cty.Value) bool {
	if !c.IsKnown() || c.IsNull() {
		return true
	}
	if !c.Type().IsPrimitiveType() {
		return false
	}
	got := primitiveText(c)
	switch v.Kind() {
	case planparse.Number:
		x, err := cty.ParseNumberVal(v.Text())
		y, err2 := cty.ParseNumberVal(got)
		return err == nil && err2 == nil && x.RawEquals(y)
	case planparse.Bool:
		return (got == "true") == v.True() && (got == "true" || got == "false")
	case planparse.String:
		return a.sameText(v.Text(), got)
	case planparse.Absent, planparse.Null, planparse.List, planparse.Object, planparse.Hole:
	}
	return false
}

// primitiveText is the text of a known primitive.
func primitiveText(c cty.Value) string {
	switch c.Type() {
	case cty.String:
		return c.AsString()
	case cty.Number:
		return c.AsBigFloat().Text('f', -1)
	}
	if c.True() {
		return "true"
	}
	return "false"
}

// sameText reports whether providers may write configured as plan.
func (a aligner) sameText(plan, configured string) bool {
	return plan == configured || (!a.follows && canonical(plan) == canonical(configured))
}

// canonical is one spelling for all texts that providers take for the same: in
// any case, with or without the final dot of a name, a prefix with or without
// host bits, a protocol by name or number, JSON in any layout.
func canonical(s string) string {
	if holdsSymbol(s) {
		return s
	}
	if strings.ContainsAny(s, "./:") {
		if p, err := netip.ParsePrefix(s); err == nil {
			return p.Masked().String()
		}
		if a, err := netip.ParseAddr(s); err == nil {
			return a.String()
		}
	}
	if s != "" && (s[0] == '{' || s[0] == '[') {
		var x any
		if json.Unmarshal([]byte(s), &x) == nil {
			if b, err := json.Marshal(x); err == nil {
				return string(b)
			}
		}
	}
	switch s = strings.ToLower(strings.TrimSuffix(s, ".")); s {
	case "6":
		return "tcp"
	case "17":
		return "udp"
	case "1":
		return "icmp"
	case "58":
		return "icmpv6"
	case "all":
		return "-1"
	}
	return s
}
