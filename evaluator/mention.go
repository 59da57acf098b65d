package evaluator

import (
	"net/netip"
	"reflect"
	"slices"

	"github.com/planreach/planreach/netmodel"
)

// A reader goes through any value of the model by reflection, so that a field
// that the model gains tomorrow is read without being named here.
type reader struct {
	name   func(netmodel.Address)
	addr   func(netip.Addr)
	prefix func(netip.Prefix)
	// other gets everything else, bit by bit; nil if it is of no interest.
	other func(reflect.Value)
	// skip are fields that are not read, by type.
	skip map[reflect.Type][]string
	// holds remembers which types hold names or addresses.
	holds  map[reflect.Type]bool
	fields map[reflect.Type][]int // what fieldsOf found
	// hidden is set by an address in a field that cannot be read.
	hidden bool
}

var (
	nameType   = reflect.TypeFor[netmodel.Address]()
	addrType   = reflect.TypeFor[netip.Addr]()
	prefixType = reflect.TypeFor[netip.Prefix]()
)

// isNamed reports whether values of type t may hold a name or an address.
func isNamed(t reflect.Type, known map[reflect.Type]bool) bool {
	if t == nameType || t == addrType || t == prefixType {
		return true
	}
	if is, ok := known[t]; ok {
		return is
	}
	known[t] = false // a type that holds itself holds a name only beside that
	is := false
	switch t.Kind() { //nolint:exhaustive // the model has no others
	case reflect.Struct:
		for i := range t.NumField() {
			is = is || isNamed(t.Field(i).Type, known)
		}
	case reflect.Slice, reflect.Array, reflect.Pointer:
		is = isNamed(t.Elem(), known)
	case reflect.Map:
		is = isNamed(t.Key(), known) || isNamed(t.Elem(), known)
	case reflect.Interface:
		is = true
	default:
	}
	known[t] = is
	return is
}

func (r *reader) read(v reflect.Value) {
	t := v.Type()
	switch {
	case t == nameType:
		r.name(netmodel.Address(v.String()))
		return
	case t == addrType || t == prefixType:
		r.readAddress(v)
		return
	case r.other == nil && !isNamed(t, r.holds):
		return
	}
	switch v.Kind() { //nolint:exhaustive // the model has no others
	case reflect.Struct:
		for _, i := range r.fieldsOf(t) {
			r.read(v.Field(i))
		}
	case reflect.Slice, reflect.Array:
		if r.other != nil {
			r.other(reflect.ValueOf(v.Len()))
		}
		for i := range v.Len() {
			r.read(v.Index(i))
		}
	case reflect.Pointer, reflect.Interface:
		if r.other != nil {
			r.other(reflect.ValueOf(v.IsNil()))
		}
		if !v.IsNil() {
			if r.other != nil && v.Kind() == reflect.Interface {
				r.other(reflect.ValueOf(v.Elem().Type().String()))
			}
			r.read(v.Elem())
		}
	case reflect.Map:
		r.hidden = r.hidden || r.other != nil // its order is not fixed
		for k, e := range v.Seq2() {
			r.read(k)
			r.read(e)
		}
	default:
		if r.other != nil {
			r.other(v)
		}
	}
}

// fieldsOf is the fields of a struct that are read.
func (r *reader) fieldsOf(t reflect.Type) []int {
	if found, ok := r.fields[t]; ok {
		return found
	}
	var out []int
	for i := range t.NumField() {
		f := t.Field(i)
		if !slices.Contains(r.skip[t], f.Name) && (r.other != nil || isNamed(f.Type, r.holds)) {
			out = append(out, i)
		}
	}
	if r.fields == nil {
		r.fields = map[reflect.Type][]int{}
	}
	r.fields[t] = out
	return out
}

func (r *reader) readAddress(v reflect.Value) {
	if !v.CanInterface() {
		r.hidden = true
		return
	}
	switch x := v.Interface().(type) {
	case netip.Addr:
		if x.IsValid() {
			r.addr(x)
		} else if r.other != nil {
			r.other(reflect.ValueOf("no address"))
		}
	case netip.Prefix:
		if x.IsValid() {
			r.prefix(x)
		} else if r.other != nil {
			r.other(reflect.ValueOf("no prefix"))
		}
	}
}

// A census counts how often names and addresses occur in some part of a network.
type census struct {
	names    map[netmodel.Address]int
	addrs    map[netip.Addr]int
	prefixes map[netip.Prefix]int
	hidden   bool
}

// takeCensus counts in some values of the model.
func takeCensus(holds map[reflect.Type]bool, parts ...any) census {
	return (&counter{holds: holds}).count(parts...)
}

// A counter takes many censuses.
type counter struct {
	holds  map[reflect.Type]bool
	fields map[reflect.Type][]int
}

func (k *counter) count(parts ...any) census {
	c := census{map[netmodel.Address]int{}, map[netip.Addr]int{}, map[netip.Prefix]int{}, false}
	r := reader{
		name:  func(a netmodel.Address) { c.names[a]++ },
		addr:  func(a netip.Addr) { c.addrs[a]++ },
		holds: k.holds, fields: k.fields,
		skip: map[reflect.Type][]string{reflect.TypeFor[netmodel.Network](): {"index"}}, // the same objects again
	}
	r.prefix = func(p netip.Prefix) {
		c.prefixes[p.Masked()]++
		if p.IsSingleIP() {
			c.addrs[p.Addr()]++
		}
	}
	for _, x := range parts {
		r.read(reflect.ValueOf(x))
	}
	c.hidden, k.fields = r.hidden, r.fields
	return c
}
