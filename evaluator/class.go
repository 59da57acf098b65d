package evaluator

import (
	"encoding/binary"
	"net/netip"
	"reflect"

	"github.com/planreach/planreach/headerspace"
	"github.com/planreach/planreach/netmodel"
)

// Endpoints of one class can change places, with their interfaces and their
// addresses, and the network stays what it was. So whatever is found out about
// one of them holds for the others, other names put in: the engine is asked once
// for all of them.
//
// Two endpoints are of one class if nothing else names either of them, an
// interface of theirs or an address of theirs, no prefix of the network tells
// their addresses apart, and what they say of themselves is the same but for
// these names. All of that is read off the model by reflection: a part of the
// model that is new and names an endpoint makes it a class of its own.
//
// Endpoints are of one kind if they would be of one class were their subnets
// one. Subnets that nothing but their interfaces names can change places like
// endpoints, as far as the other endpoints in them play no part; so the verdict
// of a pair is that of any pair of the same two kinds whose subnets are equal
// where theirs are.
type classes struct {
	of map[netmodel.Address]*standing // by endpoint
}

// A standing is how an endpoint stands in its network.
type standing struct {
	class, kind int
	names       []netmodel.Address // its own, then its interfaces'
	addrs       []netip.Addr       // its own, in the order in which they are met
	subnets     []netmodel.Address // those that may change places
}

// namesOf is what an endpoint is called, and its interfaces.
func namesOf(ep *netmodel.Endpoint) []netmodel.Address {
	return append([]netmodel.Address{ep.Address}, ep.Interfaces...)
}

// sorter puts endpoints into classes.
type sorter struct {
	c       *compiled
	all     census
	counter counter
	fields  map[reflect.Type][]int // of what is encoded
	cut     *headerspace.Atoms     // by everything but the plain endpoints' addresses
	coarse  *headerspace.Atoms     // the same without the CIDRs of plain subnets
	subnets map[netmodel.Address]plainSubnet
	ids     map[string]int
	// vpcs and ranges are the CIDRs of VPCs and of subnets.
	vpcs, ranges prefixCount
}

// A prefixCount is a bag of prefixes, by length.
type prefixCount map[int]map[netip.Prefix]int

func (c prefixCount) add(ps ...netip.Prefix) {
	for _, p := range ps {
		if !p.IsValid() {
			continue
		}
		if c[p.Bits()] == nil {
			c[p.Bits()] = map[netip.Prefix]int{}
		}
		c[p.Bits()][p.Masked()]++
	}
}

// around is how many of the prefixes hold an address.
func (c prefixCount) around(a netip.Addr) int {
	n := 0
	for bits, ps := range c {
		if p, err := a.Prefix(bits); err == nil {
			n += ps[p]
		}
	}
	return n
}

// A plainSubnet is one that may change places with others of the same kind.
type plainSubnet struct {
	kind   int
	ranges []netip.Prefix
}

// sortEndpoints finds the classes of the endpoints of a network. named are
// prefixes that questions tell apart.
func (c *compiled) sortEndpoints(named []netip.Prefix) *classes {
	s := &sorter{c: c, counter: counter{holds: map[reflect.Type]bool{}}, fields: map[reflect.Type][]int{}, subnets: map[netmodel.Address]plainSubnet{}, ids: map[string]int{},
		vpcs: prefixCount{}, ranges: prefixCount{}}
	for _, v := range c.net.VPCs {
		s.vpcs.add(v.IPv4...)
		s.vpcs.add(v.IPv6...)
	}
	for _, n := range c.net.Subnets {
		s.ranges.add(n.IPv4, n.IPv6)
	}
	s.all = s.counter.count(c.net)
	out := &classes{of: make(map[netmodel.Address]*standing, len(c.net.Endpoints))}
	plain, theirs := s.plainEndpoints()
	s.cutAddresses(named, theirs)
	s.sortSubnets(theirs)
	for _, ep := range c.net.Endpoints {
		st := &standing{names: namesOf(ep)}
		out.of[ep.Address] = st
		if plain[ep.Address] {
			s.stand(ep, st)
		} else {
			st.class = s.id([]byte("alone " + ep.Address))
			st.kind = st.class
		}
	}
	return out
}

// id is a number for a key.
func (s *sorter) id(key []byte) int {
	if n, ok := s.ids[string(key)]; ok {
		return n
	}
	n := len(s.ids) + 1
	s.ids[string(key)] = n
	return n
}

// parts is what speaks of an endpoint in its own right.
func (s *sorter) parts(ep *netmodel.Endpoint) []any {
	out := []any{ep}
	for _, a := range ep.Interfaces {
		out = append(out, s.c.net.Interface(a))
	}
	return out
}

// plainEndpoints are those that nothing else names, and whom all of them name.
func (s *sorter) plainEndpoints() (map[netmodel.Address]bool, census) {
	plain := map[netmodel.Address]bool{}
	sum := census{names: map[netmodel.Address]int{}, addrs: map[netip.Addr]int{}}
	if s.all.hidden {
		return plain, sum
	}
	for _, ep := range s.c.net.Endpoints {
		own := s.counter.count(s.parts(ep)...)
		if !s.isPlain(ep, own) {
			continue
		}
		plain[ep.Address] = true
		for a, n := range own.names {
			sum.names[a] += n
		}
		for a, n := range own.addrs {
			sum.addrs[a] += n
		}
	}
	return plain, sum
}

func (s *sorter) isPlain(ep *netmodel.Endpoint, own census) bool {
	if own.hidden || len(own.prefixes) > 0 {
		return false
	}
	for a := range own.addrs {
		if s.vpcs.around(a) > 1 || s.ranges.around(a) > 1 {
			return false // who is somewhere in the other range may have it too
		}
	}
	for _, a := range namesOf(ep) {
		if s.all.names[a] != own.names[a] {
			return false
		}
	}
	for a, n := range own.addrs {
		if s.all.addrs[a] != n {
			return false
		}
	}
	return true
}

// cutAddresses cuts along whatever tells addresses apart, the plain endpoints'
// own addresses left out.
func (s *sorter) cutAddresses(named []netip.Prefix, theirs census) {
	count := map[netip.Prefix]int{}
	for p, n := range s.all.prefixes {
		count[p] = n
	}
	for _, p := range named {
		count[p.Masked()] += 2 // never a subnet's alone
	}
	for _, family := range s.c.internet {
		for _, p := range family {
			count[p] += 2
		}
	}
	for a := range s.all.addrs {
		if theirs.addrs[a] == 0 {
			count[netip.PrefixFrom(a, a.BitLen())]++
		}
	}
	own := map[netip.Prefix]bool{}
	for _, n := range s.c.net.Subnets {
		for _, p := range []netip.Prefix{n.IPv4, n.IPv6} {
			own[p] = own[p] || p.IsValid() && count[p] == 1
		}
	}
	var all, others []netip.Prefix
	for p := range count {
		all = append(all, p)
		if !own[p] {
			others = append(others, p)
		}
	}
	s.cut, s.coarse = headerspace.NewAtoms(all), headerspace.NewAtoms(others)
	for p, is := range own {
		if is && len(s.cut.Within(p)) > 1 { // something inside is told apart
			own[p] = false
		}
	}
	for _, n := range s.c.net.Subnets {
		if (!n.IPv4.IsValid() || own[n.IPv4]) && (!n.IPv6.IsValid() || own[n.IPv6]) {
			s.subnets[n.Address] = plainSubnet{}
		}
	}
}

// sortSubnets keeps the subnets that only plain endpoints name, by what they say
// of themselves.
func (s *sorter) sortSubnets(theirs census) {
	for a := range s.subnets {
		n := s.c.net.Subnet(a)
		own := s.counter.count(n)
		if s.all.names[a] != own.names[a]+theirs.names[a] {
			delete(s.subnets, a)
			continue
		}
		p := plainSubnet{}
		k := s.encoder()
		k.name = func(x netmodel.Address) {
			if x == a {
				k.text("itself")
			} else {
				k.text(string(x))
			}
		}
		k.prefix = func(x netip.Prefix) {
			p.ranges = append(p.ranges, x)
			k.number(int(s.coarse.Of(x.Addr())))
			k.number(s.room(n, x))
		}
		k.read(reflect.ValueOf(n))
		p.kind = s.id(append([]byte("subnet "), k.key...))
		s.subnets[a] = p
	}
}

// room is how many addresses of a subnet are left for objects whose address is
// not known: 0, 1, or 2 for more.
func (s *sorter) room(n *netmodel.Subnet, p netip.Prefix) int {
	vpc, _ := n.VPC.Exact()
	free := 0
	for _, x := range s.c.atoms.Within(p) {
		addr, single := s.c.single(x)
		if _, taken := s.c.taken[vpc][addr]; !single {
			return 2
		} else if !taken {
			free++
		}
	}
	return min(free, 2)
}

// stand finds the class and the kind of a plain endpoint.
func (s *sorter) stand(ep *netmodel.Endpoint, st *standing) {
	class, kind := s.encoder(), s.encoder()
	at := map[netmodel.Address]int{}
	for n, a := range st.names {
		at[a] = n
	}
	seen := map[netip.Addr]int{}
	var home plainSubnet // where the interface lies that is being read
	var door int         // its number
	name := func(k *encoder, a netmodel.Address, exchange bool) {
		n, mine := at[a]
		subnet, isSubnet := s.subnets[a]
		switch {
		case mine:
			k.text("its own")
			k.number(n)
		case isSubnet && exchange:
			home, door = subnet, place(&st.subnets, a)
			k.text("a subnet")
			k.number(subnet.kind)
			k.number(door)
		default:
			k.text(string(a))
		}
	}
	addr := func(k *encoder, a netip.Addr, exchange bool) {
		n, known := seen[a]
		if !known {
			n = len(st.addrs)
			seen[a], st.addrs = n, append(st.addrs, a)
		}
		k.number(n)
		for n, p := range home.ranges {
			if exchange && p.Contains(a) {
				k.text("in that subnet")
				k.number(door)
				k.number(n)
				return
			}
		}
		k.number(int(s.cut.Of(a)))
	}
	class.name = func(a netmodel.Address) { name(class, a, false) }
	class.addr = func(a netip.Addr) { addr(class, a, false) }
	kind.name = func(a netmodel.Address) { name(kind, a, true) }
	kind.addr = func(a netip.Addr) { addr(kind, a, true) }
	for _, k := range []*encoder{class, kind} {
		for _, x := range s.parts(ep) {
			k.read(reflect.ValueOf(x))
		}
	}
	if class.hidden || kind.hidden {
		st.class = s.id([]byte("alone " + ep.Address))
		st.kind = st.class
		return
	}
	st.class = s.id(append([]byte("class "), class.key...))
	st.kind = s.id(append([]byte("kind "), kind.key...))
}

// place is where x stands in a list, to which it is added if it is missing.
func place(list *[]netmodel.Address, x netmodel.Address) int {
	for n, y := range *list {
		if x == y {
			return n
		}
	}
	*list = append(*list, x)
	return len(*list) - 1
}

// An encoder writes a value of the model as a key.
type encoder struct {
	reader
	key []byte
}

// encoder writes everything but what names an endpoint to people.
func (s *sorter) encoder() *encoder {
	k := &encoder{}
	k.holds, k.fields = s.counter.holds, s.fields
	k.skip = map[reflect.Type][]string{reflect.TypeFor[netmodel.Endpoint](): {"Type", "Name", "Tags", "TagsOpen"}}
	k.other = k.scalar
	k.prefix = func(p netip.Prefix) { k.text(p.String()) }
	return k
}

func (k *encoder) text(s string) {
	k.number(len(s))
	k.key = append(k.key, s...)
}

func (k *encoder) number(n int) { k.key = binary.AppendVarint(k.key, int64(n)) }

func (k *encoder) scalar(v reflect.Value) {
	switch {
	case v.Kind() == reflect.String:
		k.text(v.String())
	case v.Kind() == reflect.Bool && v.Bool():
		k.number(1)
	case v.Kind() == reflect.Bool:
		k.number(0)
	case v.CanInt():
		k.number(int(v.Int()))
	case v.CanUint():
		k.number(int(v.Uint()))
	default:
		k.hidden = true
	}
}
