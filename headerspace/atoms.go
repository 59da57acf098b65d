package headerspace

import (
	"cmp"
	"fmt"
	"iter"
	"maps"
	"net/netip"
	"slices"
)

// An Atom is a class of addresses of one family that no prefix of its network
// tells apart. Atoms are compared only within one Atoms; the zero Atom is
// invalid.
type Atom int32

// Atoms cuts all addresses of both families into atoms. It is immutable.
type Atoms struct {
	// nodes are the distinct prefixes in preorder of the prefix tree, IPv4
	// before IPv6, after an unused first element. A node's atom is its prefix
	// less the prefixes of its children, and may be empty.
	nodes []prefixNode
}

type prefixNode struct {
	prefix netip.Prefix
	parent Atom       // the node of the next shorter prefix around it; 0 for the two roots
	end    Atom       // one past the last node of the subtree
	sample netip.Addr // an address of the atom; invalid if the children cover the prefix
}

var (
	all4 = netip.PrefixFrom(netip.IPv4Unspecified(), 0)
	all6 = netip.PrefixFrom(netip.IPv6Unspecified(), 0)
)

// ComparePrefixes orders prefixes as a tree is walked: by family, then
// address, then the shorter first.
func ComparePrefixes(a, b netip.Prefix) int {
	return cmp.Or(a.Addr().Compare(b.Addr()), cmp.Compare(a.Bits(), b.Bits()))
}

// NewAtoms cuts along the given prefixes, in any order, masked or not.
func NewAtoms(prefixes []netip.Prefix) *Atoms {
	ps := make([]netip.Prefix, 0, len(prefixes)+2)
	ps = append(ps, all4, all6)
	for _, p := range prefixes {
		ps = append(ps, p.Masked())
	}
	slices.SortFunc(ps, ComparePrefixes)
	ps = slices.Compact(ps)
	a := &Atoms{nodes: make([]prefixNode, 1, len(ps)+1)}
	var open []Atom // the path of nodes whose subtree is not complete
	closeUntil := func(p netip.Prefix) {
		for len(open) > 0 {
			top := open[len(open)-1]
			if a.nodes[top].prefix.Overlaps(p) { // sorted, so top contains p
				return
			}
			a.nodes[top].end = Atom(len(a.nodes))
			open = open[:len(open)-1]
		}
	}
	for _, p := range ps {
		closeUntil(p)
		var parent Atom
		if len(open) > 0 {
			parent = open[len(open)-1]
		}
		open = append(open, Atom(len(a.nodes)))
		a.nodes = append(a.nodes, prefixNode{prefix: p, parent: parent})
	}
	for _, n := range open {
		a.nodes[n].end = Atom(len(a.nodes))
	}
	for i := 1; i < len(a.nodes); i++ {
		for lo := range gaps(a.nodes[i].prefix, a.children(Atom(i))) {
			a.nodes[i].sample = lo
			break
		}
	}
	return a
}

// children is the prefixes of n's children, in order.
func (a *Atoms) children(n Atom) []netip.Prefix {
	var out []netip.Prefix
	for child := n + 1; child < a.nodes[n].end; child = a.nodes[child].end {
		out = append(out, a.nodes[child].prefix)
	}
	return out
}

// gaps yields the runs of addresses of p, first and last, that none of inner
// covers. inner is in order, disjoint, and inside p.
func gaps(p netip.Prefix, inner []netip.Prefix) iter.Seq2[netip.Addr, netip.Addr] {
	return func(yield func(lo, hi netip.Addr) bool) {
		at := p.Addr()
		for _, q := range inner {
			if at.Less(q.Addr()) && !yield(at, q.Addr().Prev()) {
				return
			}
			if at = LastAddr(q).Next(); !at.IsValid() {
				return
			}
		}
		if p.Contains(at) {
			yield(at, LastAddr(p))
		}
	}
}

// appendGaps appends the addresses of p that none of inner covers. inner is in
// order, disjoint, and inside p.
func appendGaps(out []netip.Prefix, p netip.Prefix, inner []netip.Prefix) []netip.Prefix {
	for lo, hi := range gaps(p, inner) {
		out = appendRun(out, lo, hi)
	}
	return out
}

// appendRun appends the addresses lo to hi, both included, as the fewest
// prefixes.
func appendRun(out []netip.Prefix, lo, hi netip.Addr) []netip.Prefix {
	for lo.IsValid() && lo.Compare(hi) <= 0 {
		bits := lo.BitLen()
		for bits > 0 {
			wider := netip.PrefixFrom(lo, bits-1)
			if wider.Masked().Addr() != lo || hi.Less(LastAddr(wider)) {
				break
			}
			bits--
		}
		p := netip.PrefixFrom(lo, bits)
		out = append(out, p)
		lo = LastAddr(p).Next()
	}
	return out
}

// LastAddr is the highest address of p.
func LastAddr(p netip.Prefix) netip.Addr {
	if p.Addr().Is4() {
		b := p.Addr().As4()
		setFrom(b[:], p.Bits())
		return netip.AddrFrom4(b)
	}
	b := p.Addr().As16()
	setFrom(b[:], p.Bits())
	return netip.AddrFrom16(b)
}

// setFrom sets all bits of b from the given one on.
func setFrom(b []byte, bit int) {
	for i := bit / 8; i < len(b); i++ {
		b[i] |= 0xff >> (bit % 8)
		bit = 0
	}
}

// Of is the atom of an address.
func (a *Atoms) Of(addr netip.Addr) Atom {
	i, _ := slices.BinarySearchFunc(a.nodes[1:], addr, func(n prefixNode, addr netip.Addr) int {
		if n.prefix.Addr().Compare(addr) <= 0 {
			return -1
		}
		return 1
	})
	// nodes[i] is the last node that starts at or before addr; the deepest that
	// holds addr is it or one of its ancestors.
	n := Atom(i)
	for n > 0 && !a.nodes[n].prefix.Contains(addr) {
		n = a.nodes[n].parent
	}
	if n == 0 {
		panic(fmt.Sprintf("headerspace: no atom holds %v", addr))
	}
	return n
}

// find is the node of p, which NewAtoms was given. It panics for other prefixes.
func (a *Atoms) find(p netip.Prefix) Atom {
	i, ok := slices.BinarySearchFunc(a.nodes[1:], p.Masked(), func(n prefixNode, p netip.Prefix) int {
		return ComparePrefixes(n.prefix, p)
	})
	if !ok {
		panic(fmt.Sprintf("headerspace: the atoms were not cut along %v", p))
	}
	return Atom(i + 1)
}

// Within is the atoms of p, in order. It panics if the atoms were not cut
// along p.
func (a *Atoms) Within(p netip.Prefix) []Atom {
	n := a.find(p)
	var out []Atom
	for i := n; i < a.nodes[n].end; i++ {
		if a.nodes[i].sample.IsValid() {
			out = append(out, i)
		}
	}
	return out
}

// In reports whether the addresses of x lie in p. It panics if the atoms were
// not cut along p.
func (a *Atoms) In(x Atom, p netip.Prefix) bool {
	n := a.find(p)
	return n <= x && x < a.nodes[n].end
}

// Is6 reports whether x holds IPv6 addresses.
func (a *Atoms) Is6(x Atom) bool { return a.nodes[x].prefix.Addr().Is6() }

// Sample is one address of x.
func (a *Atoms) Sample(x Atom) netip.Addr { return a.nodes[x].sample }

// Prefixes is the addresses of the given atoms as the fewest prefixes, in
// order.
func (a *Atoms) Prefixes(atoms []Atom) []netip.Prefix {
	var out []netip.Prefix
	for _, x := range atoms {
		out = appendGaps(out, a.nodes[x].prefix, a.children(x))
	}
	return Aggregate(out)
}

// Subtract is the addresses of ps that are in none of qs, as the fewest
// prefixes, in order.
func Subtract(ps, qs []netip.Prefix) []netip.Prefix {
	var out []netip.Prefix
	qs = Aggregate(qs)
	for _, p := range Aggregate(ps) {
		for len(qs) > 0 && !qs[0].Overlaps(p) && ComparePrefixes(qs[0], p) < 0 {
			qs = qs[1:]
		}
		inner := 0
		for inner < len(qs) && qs[inner].Overlaps(p) {
			inner++
		}
		if inner > 0 && qs[0].Bits() <= p.Bits() { // qs[0] holds all of p
			continue
		}
		out = appendGaps(out, p, qs[:inner])
	}
	return Aggregate(out)
}

// Aggregate is the addresses of ps as the fewest prefixes, in order.
func Aggregate(ps []netip.Prefix) []netip.Prefix {
	sorted := make([]netip.Prefix, 0, len(ps))
	for _, p := range ps {
		sorted = append(sorted, p.Masked())
	}
	slices.SortFunc(sorted, ComparePrefixes)
	var out []netip.Prefix
	for _, p := range sorted {
		if n := len(out); n > 0 && out[n-1].Overlaps(p) {
			continue
		}
		out = append(out, p)
		for n := len(out); n > 1; n = len(out) { // join siblings
			a, b := out[n-2], out[n-1]
			if a.Bits() != b.Bits() || a.Bits() == 0 || a.Addr().Is6() != b.Addr().Is6() {
				break
			}
			parent := netip.PrefixFrom(a.Addr(), a.Bits()-1).Masked()
			if !parent.Contains(b.Addr()) || parent.Addr() != a.Addr() {
				break
			}
			out = append(out[:n-2], parent)
		}
	}
	return out
}

// Marks are some of the prefixes that atoms were cut along.
type Marks struct {
	nodes []bool        // by node; shared with marks made of these
	also  map[Atom]bool // further nodes
}

// Mark is marks for the given prefixes. It panics if the atoms were not cut
// along one of them.
func (a *Atoms) Mark(along []netip.Prefix) Marks {
	nodes := make([]bool, len(a.nodes))
	for _, p := range along {
		nodes[a.find(p)] = true
	}
	return Marks{nodes: nodes}
}

// MarkAlso is m with marks for further prefixes.
func (a *Atoms) MarkAlso(m Marks, along []netip.Prefix) Marks {
	also := maps.Clone(m.also)
	for _, p := range along {
		if n := a.find(p); !m.nodes[n] {
			if also == nil {
				also = map[Atom]bool{}
			}
			also[n] = true
		}
	}
	return Marks{m.nodes, also}
}

func (m Marks) has(n Atom) bool { return m.nodes[n] || m.also[n] }

// Coarsen groups atoms by which of the marked prefixes hold them: members of one
// group are told apart by none of these. Groups and their members are in order.
func (a *Atoms) Coarsen(atoms []Atom, along Marks) [][]Atom {
	place := map[Atom]int{} // the deepest marked node around an atom, to its group
	var out [][]Atom
	for _, x := range atoms {
		n := x
		for !along.has(n) && a.nodes[n].parent != 0 {
			n = a.nodes[n].parent
		}
		i, ok := place[n]
		if !ok {
			i = len(out)
			place[n] = i
			out = append(out, nil)
		}
		out[i] = append(out[i], x)
	}
	return out
}
