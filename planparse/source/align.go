package source

import (
	"encoding/json"
	"net/netip"
	"reflect"
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
	for _, e := range list {
		if !slices.ContainsFunc(out, func(o cty.Value) bool { return o.IsWhollyKnown() && o.RawEquals(e) }) {
			out = append(out, e)
		}
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

// match assigns to each element of v the configured element that it stems
// from. ok is false if there is no assignment, or several that differ in what
// they make of the holes.
func (a aligner) match(v planparse.Value, conf []cty.Value, path string) (out []cty.Value, ok bool) {
	n := len(v.Elements())
	if n != len(conf) || n > 2000 {
		return nil, false
	}
	filled := make([]map[int]cty.Value, n) // by element of v, then of conf
	for i, e := range v.Elements() {
		filled[i] = map[int]cty.Value{}
		for j, c := range conf {
			if out, fits := a.align(e, c, path); fits {
				filled[i][j] = out
			}
		}
	}
	owner, ok := assign(filled, n)
	if !ok {
		return nil, false
	}
	out = make([]cty.Value, n)
	chosen := make([]int, n)
	for j, i := range owner {
		out[i], chosen[i] = filled[i][j], j
	}
	for i := range n {
		for j := range filled[i] {
			if k := owner[j]; j != chosen[i] && !a.exchangeable(filled, i, chosen[i], k, j) {
				return nil, false
			}
		}
	}
	return out, true
}

// exchangeable reports whether nothing changes if i, which has j, and k, which
// has l, swap.
func (a aligner) exchangeable(filled []map[int]cty.Value, i, j, k, l int) bool {
	x, y := filled[i][l], filled[k][j]
	if y == cty.NilVal {
		return false
	}
	return (x.RawEquals(filled[i][j]) && y.RawEquals(filled[k][l])) || (x.RawEquals(filled[k][l]) && y.RawEquals(filled[i][j]))
}

// assign finds a perfect matching; owner is by element of the configuration.
func assign(filled []map[int]cty.Value, n int) (owner []int, ok bool) {
	owner = slices.Repeat([]int{-1}, n)
	for i := range n {
		seen := make([]bool, n)
		var place func(i int) bool
		place = func(i int) bool {
			for j := range n {
				if _, fits := filled[i][j]; !fits || seen[j] {
					continue
				}
				seen[j] = true
				if owner[j] < 0 || place(owner[j]) {
					owner[j] = i
					return true
				}
			}
			return false
		}
		if !place(i) {
			return nil, false
		}
	}
	return owner, true
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

func (a aligner) sameText(plan, configured string) bool {
	if plan == configured {
		return true
	}
	if a.follows || holdsSymbol(configured) {
		return false // a text that will exist only after apply cannot be known
	}
	if strings.EqualFold(strings.TrimSuffix(plan, "."), strings.TrimSuffix(configured, ".")) {
		return true
	}
	if p, err := netip.ParsePrefix(plan); err == nil {
		q, err := netip.ParsePrefix(configured)
		return err == nil && p.Masked() == q.Masked()
	}
	if p, err := netip.ParseAddr(plan); err == nil {
		q, err := netip.ParseAddr(configured)
		return err == nil && p == q
	}
	if protocol(plan) == protocol(configured) {
		return true
	}
	var x, y any
	return json.Unmarshal([]byte(plan), &x) == nil && json.Unmarshal([]byte(configured), &y) == nil && reflect.DeepEqual(x, y)
}

// protocol is the name that the AWS provider makes of a protocol's number.
func protocol(s string) string {
	switch strings.ToLower(s) {
	case "6", "tcp":
		return "tcp"
	case "17", "udp":
		return "udp"
	case "1", "icmp":
		return "icmp"
	case "58", "icmpv6":
		return "icmpv6"
	case "-1", "all":
		return "-1"
	}
	return s
}
