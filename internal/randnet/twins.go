package randnet

import (
	"net/netip"
	"reflect"
	"slices"
	"unsafe"

	"github.com/planreach/planreach/netmodel"
)

// Twins is n with two more of each endpoint beside it, and one in a copy of one
// subnet: with names and addresses of their own and otherwise the same, open
// facts included.
func Twins(n *netmodel.Network) *netmodel.Network {
	t := twins{n: n, used: map[netip.Addr]bool{}}
	for _, i := range n.Interfaces {
		for _, a := range slices.Concat(i.IPv4, i.IPv6, []netip.Addr{i.PublicIPv4, i.ElasticIP}) {
			t.used[a] = true
		}
	}
	for _, g := range n.NATGateways {
		t.used[g.Private], t.used[g.Elastic] = true, true
	}
	t.copySubnet()
	for _, e := range slices.Clone(n.Endpoints) {
		for _, suffix := range []netmodel.Address{"_twin", "_triplet", t.away} {
			t.endpoint(e, suffix)
		}
	}
	return n.Seal()
}

type twins struct {
	n    *netmodel.Network
	used map[netip.Addr]bool
	// away is the suffix of endpoints that lie in the copy of a subnet.
	away       netmodel.Address
	from, copy *netmodel.Subnet
}

// copySubnet adds a subnet like the first one, at the end of the VPC's range.
func (t *twins) copySubnet() {
	t.away = "_away"
	for _, s := range t.n.Subnets {
		v, ok := s.VPC.Exact()
		if !ok || !s.IPv4.IsValid() {
			continue
		}
		vpc := t.n.VPC(v)
		names := map[netmodel.Address]netmodel.Address{s.Address: s.Address + "_copy"}
		c := renamed(s, names, nil)
		c.IPv4 = nth(vpc.IPv4[0], 3, 28)
		if s.IPv6.IsValid() {
			c.IPv6 = nth(vpc.IPv6[0], 3, 124)
		}
		t.from, t.copy = s, c
		t.n.Subnets = append(t.n.Subnets, c)
		return
	}
}

// endpoint adds a copy of e if it has not too much in common with the network
// to be copied.
func (t *twins) endpoint(e *netmodel.Endpoint, suffix netmodel.Address) {
	names := map[netmodel.Address]netmodel.Address{e.Address: e.Address + suffix}
	addrs := map[netip.Addr]netip.Addr{}
	for _, a := range e.Interfaces {
		names[a] = a + suffix
		i := t.n.Interface(a)
		s, ok := i.Subnet.Exact()
		if suffix == t.away && (t.copy == nil || !ok || s != t.from.Address) {
			return
		}
		for _, x := range slices.Concat(i.IPv4, i.IPv6) {
			in := t.n.Subnet(s)
			if suffix == t.away {
				in = t.copy
			}
			addrs[x] = t.free(in, x)
			if !addrs[x].IsValid() {
				return // the subnet is full
			}
		}
		for _, x := range []netip.Addr{i.PublicIPv4, i.ElasticIP} {
			if x.IsValid() && !addrs[x].IsValid() {
				addrs[x] = t.freeIn(netip.MustParsePrefix("198.51.100.0/25"))
			}
		}
	}
	if suffix == t.away {
		names[t.from.Address] = t.copy.Address
	}
	t.n.Endpoints = append(t.n.Endpoints, renamed(e, names, addrs))
	for _, a := range e.Interfaces {
		t.n.Interfaces = append(t.n.Interfaces, renamed(t.n.Interface(a), names, addrs))
	}
}

func (t *twins) free(s *netmodel.Subnet, like netip.Addr) netip.Addr {
	if like.Is6() {
		return t.freeIn(s.IPv6)
	}
	return t.freeIn(s.IPv4)
}

// freeIn is an address of p that nothing has; invalid if there is none.
func (t *twins) freeIn(p netip.Prefix) netip.Addr {
	if !p.IsValid() {
		return netip.Addr{}
	}
	for k := 4; k < 1<<min(7, p.Addr().BitLen()-p.Bits()); k++ {
		if a := host(p, k); !t.used[a] {
			t.used[a] = true
			return a
		}
	}
	return netip.Addr{}
}

// renamed is a copy of x with other names and addresses, wherever in it.
func renamed[T any](x *T, names map[netmodel.Address]netmodel.Address, addrs map[netip.Addr]netip.Addr) *T {
	out := *x
	rename(reflect.ValueOf(&out).Elem(), names, addrs)
	return &out
}

// rename writes to v, hidden fields included.
func rename(v reflect.Value, names map[netmodel.Address]netmodel.Address, addrs map[netip.Addr]netip.Addr) {
	v = reflect.NewAt(v.Type(), unsafe.Pointer(v.UnsafeAddr())).Elem()
	switch x := v.Interface().(type) {
	case netmodel.Address:
		if to, ok := names[x]; ok {
			v.SetString(string(to))
		}
		return
	case netip.Addr:
		if to, ok := addrs[x]; ok {
			v.Set(reflect.ValueOf(to))
		}
		return
	case netip.Prefix:
		return
	}
	switch v.Kind() { //nolint:exhaustive // the model has no others
	case reflect.Struct:
		for i := range v.NumField() {
			rename(v.Field(i), names, addrs)
		}
	case reflect.Slice:
		if v.IsNil() {
			return
		}
		out := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
		reflect.Copy(out, v)
		for i := range out.Len() {
			rename(out.Index(i), names, addrs)
		}
		v.Set(out)
	default:
	}
}
