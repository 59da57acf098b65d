package planparse

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"

	"github.com/planreach/planreach/netmodel"
)

// A Block is the arguments of a resource or of one of its nested blocks, in one
// world. Its accessors tell known from null (or absent) from open, and note
// what was read.
type Block struct {
	address netmodel.Address
	path    string // of this block, "ingress[0]"; empty for the resource itself
	value   Value
	read    map[string]bool // top-level names read, of a Recording resource
}

// Block is r's arguments in w.
func (r *Resource) Block(w World) Block {
	return Block{address: r.Address, value: r.Value(w), read: r.touched}
}

// Address is the address of the resource.
func (b Block) Address() netmodel.Address { return b.address }

// Origin is where the argument called name stands; the block itself if name is
// empty.
func (b Block) Origin(name string) netmodel.Origin {
	switch {
	case name == "":
		return netmodel.Origin{Address: b.address, Path: b.path}
	case b.path == "":
		return netmodel.Origin{Address: b.address, Path: name}
	default:
		return netmodel.Origin{Address: b.address, Path: b.path + "." + name}
	}
}

// Get is the argument called name.
func (b Block) Get(name string) Value {
	if b.path == "" && b.read != nil {
		b.read[name] = true
	}
	return b.value.Field(name)
}

// Has reports whether the argument is set to something other than null, or is
// open.
func (b Block) Has(name string) bool { return !b.Get(name).IsNone() }

// Gap is why the argument called name is open. It must be a Hole.
func (b Block) Gap(name string) netmodel.Gap { return gapOf(b.Get(name), b.Origin(name)) }

func gapOf(v Value, o netmodel.Origin) netmodel.Gap {
	g := netmodel.Gap{Origin: o, Why: netmodel.UntilApply, Code: netmodel.UnknownValue}
	l := v.Leaf()
	if l == nil {
		return g
	}
	if l.Reason != 0 {
		g.Detail = l.Reason.String()
	}
	if l.Detail != "" {
		g.Detail = l.Detail
	}
	return g
}

// A Known is a value of type T that may be missing or open.
type Known[T any] struct {
	value     T
	state     knownState
	sensitive bool
	gap       netmodel.Gap
	term      Term // what it equals, if it is open and that is known
}

type knownState uint8

const (
	isNull knownState = iota
	isKnown
	isOpen
)

// Get is the value, if it is known and not null.
func (k Known[T]) Get() (T, bool) { return k.value, k.state == isKnown }

// Or is the value, or what to take for null; open gives def as well, so ask
// IsOpen first.
func (k Known[T]) Or(def T) T {
	if k.state == isKnown {
		return k.value
	}
	return def
}

// IsNull reports whether the argument is null or absent.
func (k Known[T]) IsNull() bool { return k.state == isNull }

// IsOpen reports whether the argument is open.
func (k Known[T]) IsOpen() bool { return k.state == isOpen }

// IsSensitive reports whether the plan marks it: decide by it, never print it.
func (k Known[T]) IsSensitive() bool { return k.sensitive }

// Gap is why it is open.
func (k Known[T]) Gap() netmodel.Gap { return k.gap }

// Host is the attribute that an open CIDR or address is made of, if it is one
// whole IPv4 address: of aws_instance.bastion.private_ip for
// "${aws_instance.bastion.private_ip}/32".
func (k Known[T]) Host() (id Identity, ok bool) {
	if t := k.term; len(t) == 1 || len(t) == 2 && t[1].Literal == "/32" {
		return t[0].Identity, t[0].Identity.Address != ""
	}
	return Identity{}, false
}

func known[T any](b Block, name string, parse func(Value) (T, bool)) Known[T] {
	v := b.Get(name)
	switch {
	case v.IsNone():
		return Known[T]{}
	case v.Kind() == Hole:
		out := Known[T]{state: isOpen, gap: gapOf(v, b.Origin(name))}
		if l := v.Leaf(); l != nil && l.Kind == Exact {
			out.term = l.Term
		}
		return out
	}
	x, ok := parse(v)
	if !ok {
		// A provider that puts something else here than its schema says: the
		// value cannot be used, and must not be taken for absent.
		return Known[T]{state: isOpen, gap: netmodel.Gap{
			Origin: b.Origin(name), Why: netmodel.NotModelled, Code: netmodel.UnknownValue,
			Detail: "the plan holds a value that cannot be read as one",
		}}
	}
	return Known[T]{value: x, state: isKnown, sensitive: v.IsSensitive()}
}

// String is a text argument. The empty string counts as null, as for the AWS
// provider.
func (b Block) String(name string) Known[string] {
	k := known(b, name, func(v Value) (string, bool) { return v.Text(), v.Kind() == String || v.Kind() == Number })
	if k.state == isKnown && k.value == "" {
		return Known[string]{}
	}
	return k
}

// Int is a whole-number argument, written as a number or as a text.
func (b Block) Int(name string) Known[int] {
	return known(b, name, func(v Value) (int, bool) {
		n, err := strconv.Atoi(v.Text())
		return n, err == nil
	})
}

// Bool is a bool argument, written as a bool or as a text.
func (b Block) Bool(name string) Known[bool] {
	return known(b, name, func(v Value) (bool, bool) {
		if v.Kind() == Bool {
			return v.True(), true
		}
		t, err := strconv.ParseBool(v.Text())
		return t, err == nil
	})
}

// Truth is a bool argument as a statement, def standing for null.
func (b Block) Truth(name string, def bool) netmodel.Truth {
	k := b.Bool(name)
	if k.IsOpen() {
		return netmodel.Open(k.Gap())
	}
	return netmodel.Certain(k.Or(def))
}

// Prefix is a CIDR argument, masked (RT-31).
func (b Block) Prefix(name string) Known[netip.Prefix] {
	if v := b.Get(name); v.Kind() == String && v.Text() == "" {
		return Known[netip.Prefix]{}
	}
	return known(b, name, func(v Value) (netip.Prefix, bool) { return parsePrefix(v.Text()) })
}

func parsePrefix(s string) (netip.Prefix, bool) {
	p, err := netip.ParsePrefix(s)
	return p.Masked(), err == nil
}

// Addr is an IP address argument.
func (b Block) Addr(name string) Known[netip.Addr] {
	if v := b.Get(name); v.Kind() == String && v.Text() == "" {
		return Known[netip.Addr]{}
	}
	return known(b, name, func(v Value) (netip.Addr, bool) {
		a, err := netip.ParseAddr(v.Text())
		return a, err == nil
	})
}

// A Listed is one element of a list or set argument.
type Listed[T any] struct {
	Known[T]
	Origin netmodel.Origin
}

// Strings is the elements of a list or set of texts. More says why there may be
// others; zero: these are all. A null or absent list has no elements.
func (b Block) Strings(name string) (elements []Listed[string], more netmodel.Gap) {
	return list(b, name, func(v Value) (string, bool) { return v.Text(), v.Kind() == String })
}

// Prefixes is the elements of a list or set of CIDRs, as Strings.
func (b Block) Prefixes(name string) (elements []Listed[netip.Prefix], more netmodel.Gap) {
	return list(b, name, func(v Value) (netip.Prefix, bool) { return parsePrefix(v.Text()) })
}

// Addrs is the elements of a list or set of IP addresses, as Strings.
func (b Block) Addrs(name string) (elements []Listed[netip.Addr], more netmodel.Gap) {
	return list(b, name, func(v Value) (netip.Addr, bool) {
		a, err := netip.ParseAddr(v.Text())
		return a, err == nil
	})
}

func list[T any](b Block, name string, parse func(Value) (T, bool)) ([]Listed[T], netmodel.Gap) {
	v := b.Get(name)
	if v.Kind() == Hole {
		return nil, gapOf(v, b.Origin(name))
	}
	var out []Listed[T]
	for i, e := range v.Elements() {
		item := Block{address: b.address, path: b.path, value: ObjectValue(map[string]Value{name: e})}
		o := b.Origin(fmt.Sprintf("%s[%d]", name, i))
		k := known(item, name, parse)
		if k.IsOpen() {
			k.gap.Origin = o
		}
		if !k.IsNull() {
			out = append(out, Listed[T]{Known: k, Origin: o})
		}
	}
	return out, netmodel.Gap{}
}

// Ref is the link that the argument called name makes. An empty or null
// argument is no link.
func (b Block) Ref(name string) netmodel.Ref { return refOf(b.Get(name), b.Origin(name)) }

// Ref is the link that v makes; o is where it stands.
func (v Value) Ref(o netmodel.Origin) netmodel.Ref { return refOf(v, o) }

// Refs is the links of a list or set argument.
func (b Block) Refs(name string) netmodel.Refs {
	v := b.Get(name)
	if v.Kind() == Hole {
		return netmodel.Refs{More: refGap(v, b.Origin(name))}
	}
	var out netmodel.Refs
	for i, e := range v.Elements() {
		if r := refOf(e, b.Origin(fmt.Sprintf("%s[%d]", name, i))); !r.IsNone() {
			out.Links = append(out.Links, r)
		}
	}
	return out
}

func refGap(v Value, o netmodel.Origin) netmodel.Gap {
	g := gapOf(v, o)
	g.Code = netmodel.UnknownReference
	return g
}

func refOf(v Value, o netmodel.Origin) netmodel.Ref {
	switch v.Kind() {
	case Absent, Null:
		return netmodel.NoLink()
	case String:
		if v.Text() == "" {
			return netmodel.NoLink()
		}
		return netmodel.To(netmodel.Address(v.Text()))
	case Hole:
		g := refGap(v, o)
		l := v.Leaf()
		if l == nil {
			return netmodel.Unsettled(g)
		}
		switch l.Kind {
		case Exact:
			if id, ok := l.Term.Identity(); ok {
				return netmodel.To(ObjectAddress(id))
			}
			// Text around an identity names some object, but not in a way that
			// every argument reads alike ("account/sg-id").
			return netmodel.Unsettled(g)
		case Candidates:
			var among []netmodel.Address
			for _, id := range l.Among {
				among = append(among, ObjectAddress(id))
			}
			if l.Closed {
				return netmodel.OneOf(g, among...)
			}
			return netmodel.Unsettled(g, among...)
		case Unknown:
			return netmodel.Unsettled(g)
		}
	case Number, Bool, List, Object:
	}
	return netmodel.Unsettled(netmodel.Gap{Origin: o, Why: netmodel.NotModelled, Code: netmodel.UnknownReference,
		Detail: "the plan holds a value that names no object"})
}

// ObjectAddress is how the network calls the object that an identity names: by
// the resource's own address for its id or arn, by the reference otherwise.
func ObjectAddress(id Identity) netmodel.Address {
	switch id.Attr {
	case "id", "arn":
		return id.Address
	}
	return id.Address + netmodel.Address("."+id.Attr)
}

// Blocks is the nested blocks called name, or the elements of an attribute that
// is written as blocks. More says why there may be others; zero: these are all.
func (b Block) Blocks(name string) (blocks []Block, more netmodel.Gap) {
	v := b.Get(name)
	switch v.Kind() {
	case Hole:
		return nil, gapOf(v, b.Origin(name))
	case Object:
		return []Block{b.child(name, v)}, netmodel.Gap{}
	case Absent, Null, String, Number, Bool, List:
	}
	for i, e := range v.Elements() {
		if e.Kind() == Hole {
			return blocks, gapOf(e, b.Origin(fmt.Sprintf("%s[%d]", name, i)))
		}
		blocks = append(blocks, b.child(fmt.Sprintf("%s[%d]", name, i), e))
	}
	return blocks, netmodel.Gap{}
}

func (b Block) child(step string, v Value) Block {
	return Block{address: b.address, path: strings.TrimPrefix(b.path+"."+step, "."), value: v}
}

// Map is a map-of-texts argument, such as tags. More says why there may be
// others.
func (b Block) Map(name string) (entries map[string]string, more netmodel.Gap) {
	v := b.Get(name)
	if v.Kind() == Hole {
		return nil, gapOf(v, b.Origin(name))
	}
	entries = map[string]string{}
	for _, k := range v.FieldNames() {
		switch e := v.Field(k); e.Kind() {
		case Hole:
			more = gapOf(e, b.Origin(fmt.Sprintf("%s[%q]", name, k)))
		case String:
			if !e.IsSensitive() && !v.IsSensitive() {
				entries[k] = e.Text()
			}
		case Absent, Null, Number, Bool, List, Object:
		}
	}
	return entries, more
}
