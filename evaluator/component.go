package evaluator

import (
	"net/netip"
	"reflect"

	"github.com/planreach/planreach/netmodel"
)

// Components are parts of a network that have nothing to do with each other: no
// object of the one names one of the other. A component is closed if the plan
// leaves nothing open in it and nothing leads to what the plan does not describe.
// Between closed components nothing passes, so the engine is asked about one
// pair of their endpoints instead of all.

// components numbers the closed components of a network, by endpoint; endpoints
// of others have none.
func components(n *netmodel.Network) map[netmodel.Address]int {
	if len(n.NotModelled) > 0 {
		return nil // they may touch whatever they want
	}
	u := union{parent: map[netmodel.Address]netmodel.Address{}, open: map[netmodel.Address]bool{}, holds: map[reflect.Type]bool{}}
	objects := objectsOf(n, u.holds)
	for self := range objects {
		u.parent[self] = self
	}
	for self, v := range objects {
		if n.PrefixList(self) == nil { // which only say how addresses are called
			u.object(n, self, v)
		}
	}
	out := map[netmodel.Address]int{}
	ids := map[netmodel.Address]int{}
	for _, ep := range n.Endpoints {
		root := u.root(ep.Address)
		if u.open[root] {
			continue
		}
		if ids[root] == 0 {
			ids[root] = len(ids) + 1
		}
		out[ep.Address] = ids[root]
	}
	return out
}

// objectsOf is the objects of a network by name. An endpoint and an interface may
// have the same.
func objectsOf(n *netmodel.Network, holds map[reflect.Type]bool) map[netmodel.Address][]reflect.Value {
	out := map[netmodel.Address][]reflect.Value{}
	net := reflect.ValueOf(n).Elem()
	for i := range net.NumField() {
		field := net.Field(i)
		if field.Kind() != reflect.Slice || field.Type().Elem().Kind() != reflect.Pointer || !isNamed(field.Type(), holds) {
			continue // facts about objects
		}
		for k := range field.Len() {
			self := netmodel.Address(field.Index(k).Elem().FieldByName("Address").String())
			out[self] = append(out[self], field.Index(k))
		}
	}
	return out
}

// A union joins names to sets, each of which goes by one of its names.
type union struct {
	parent map[netmodel.Address]netmodel.Address
	open   map[netmodel.Address]bool // by the set's name: something is left open
	holds  map[reflect.Type]bool
}

func (u *union) root(a netmodel.Address) netmodel.Address {
	for u.parent[a] != a {
		u.parent[a] = u.parent[u.parent[a]]
		a = u.parent[a]
	}
	return a
}

func (u *union) join(a, b netmodel.Address) {
	if a, b = u.root(a), u.root(b); a != b {
		u.parent[a] = b
		u.open[b] = u.open[a] || u.open[b]
	}
}

// object joins everything that the objects of one name name, the places apart
// from which facts were read.
func (u *union) object(n *netmodel.Network, self netmodel.Address, objects []reflect.Value) {
	// What an appliance sends on, and a gateway without a subnet, is left open by
	// the engine for whatever destination.
	nat := n.NATGateway(self)
	open := nat != nil && nat.Subnet.IsNone()
	r := reader{
		holds: u.holds, skip: map[reflect.Type][]string{reflect.TypeFor[netmodel.Origin](): {"Address"}},
		addr: func(netip.Addr) {}, prefix: func(netip.Prefix) {},
	}
	r.name = func(a netmodel.Address) {
		switch _, known := u.parent[a]; {
		case a == "" || a == netmodel.LocalTarget || n.PrefixList(a) != nil:
		case known:
			u.join(self, a)
			open = open || n.RouteTable(self) != nil && (n.Interface(a) != nil || n.Endpoint(a) != nil)
		default:
			open = true
		}
	}
	for _, v := range objects {
		r.read(v)
		open = open || r.hidden || hasGap(v, u.holds)
	}
	if open {
		u.open[u.root(self)] = true
	}
}

var gapType = reflect.TypeFor[netmodel.Gap]()

// hasGap reports whether something in v is left open.
func hasGap(v reflect.Value, holds map[reflect.Type]bool) bool {
	if v.Type() == gapType {
		return !v.IsZero()
	}
	if !isNamed(v.Type(), holds) { // a gap has an origin
		return false
	}
	switch v.Kind() { //nolint:exhaustive // the model has no others
	case reflect.Struct:
		for i := range v.NumField() {
			if hasGap(v.Field(i), holds) {
				return true
			}
		}
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			if hasGap(v.Index(i), holds) {
				return true
			}
		}
	case reflect.Pointer, reflect.Interface:
		return !v.IsNil() && hasGap(v.Elem(), holds)
	default:
	}
	return false
}
