package headerspace

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"slices"
	"testing"
)

// randomPrefixes is n prefixes, most of them inside 10.0.0.0/28, 2001:db8::/124
// and the last addresses of both families, so that they nest and meet.
func randomPrefixes(r *rand.Rand, n int) []netip.Prefix {
	bases := []netip.Addr{
		netip.MustParseAddr("10.0.0.0"), netip.MustParseAddr("255.255.255.240"),
		netip.MustParseAddr("2001:db8::"), netip.MustParseAddr("ffff:ffff:ffff:ffff:ffff:ffff:ffff:fff0"),
		netip.MustParseAddr("0.0.0.0"), netip.MustParseAddr("::"),
	}
	var out []netip.Prefix
	for range n {
		b := bases[r.IntN(len(bases))].AsSlice()
		b[len(b)-1] |= byte(r.IntN(16))
		addr, _ := netip.AddrFromSlice(b)
		bits := addr.BitLen() - r.IntN(6)
		if r.IntN(8) == 0 {
			bits = r.IntN(addr.BitLen() + 1)
		}
		out = append(out, netip.PrefixFrom(addr, bits)) // host bits are left in at times
	}
	return out
}

// randomAddrs are the first and last address of each prefix, their neighbours,
// and some more near them.
func randomAddrs(r *rand.Rand, ps []netip.Prefix) []netip.Addr {
	var out []netip.Addr
	for _, p := range append(ps, all4, all6) {
		for _, a := range []netip.Addr{p.Masked().Addr(), LastAddr(p), p.Addr()} {
			for _, x := range []netip.Addr{a.Prev(), a, a.Next()} {
				if x.IsValid() {
					out = append(out, x)
				}
			}
		}
		b := p.Addr().AsSlice()
		b[r.IntN(len(b))] ^= byte(r.IntN(256))
		a, _ := netip.AddrFromSlice(b)
		out = append(out, a)
	}
	return out
}

func inAny(ps []netip.Prefix, a netip.Addr) bool {
	return slices.ContainsFunc(ps, func(p netip.Prefix) bool { return p.Contains(a) })
}

// signature is the slow twin of Of: which of the prefixes hold the address.
func signature(ps []netip.Prefix, a netip.Addr) string {
	out := fmt.Sprint(a.Is6())
	for i, p := range ps {
		if p.Masked().Contains(a) {
			out += fmt.Sprint(" ", i)
		}
	}
	return out
}

func TestAtoms(t *testing.T) {
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 5))
		ps := randomPrefixes(r, r.IntN(12))
		a := NewAtoms(ps)
		atomOf, signatureOf := map[string]Atom{}, map[Atom]string{}
		addrs := randomAddrs(r, ps)
		for _, addr := range addrs {
			x, sig := a.Of(addr), signature(ps, addr)
			if y, seen := atomOf[sig]; seen && x != y {
				t.Fatalf("seed %d: %v has atom %d, another address in the same prefixes has %d\n%v", seed, addr, x, y, ps)
			}
			if other, seen := signatureOf[x]; seen && sig != other {
				t.Fatalf("seed %d: atom %d holds addresses of %q and %q\n%v", seed, x, sig, other, ps)
			}
			atomOf[sig], signatureOf[x] = x, sig
			if a.Is6(x) != addr.Is6() {
				t.Fatalf("seed %d: Is6(%d) = %t for %v", seed, x, a.Is6(x), addr)
			}
			if s := a.Sample(x); !s.IsValid() || a.Of(s) != x || signature(ps, s) != sig {
				t.Fatalf("seed %d: Sample(%d) = %v, not alike %v\n%v", seed, x, s, addr, ps)
			}
			for _, p := range ps {
				in := p.Masked().Contains(addr)
				if a.In(x, p) != in || slices.Contains(a.Within(p), x) != in {
					t.Fatalf("seed %d: In(%d, %v) = %t, Within = %v, but %v\n%v", seed, x, p, a.In(x, p), a.Within(p), addr, ps)
				}
			}
		}
		for _, p := range []netip.Prefix{all4, all6} {
			within := a.Within(p)
			if !slices.IsSorted(within) {
				t.Fatalf("seed %d: Within(%v) = %v", seed, p, within)
			}
			for _, x := range within {
				if s := a.Sample(x); !s.IsValid() || a.Of(s) != x {
					t.Fatalf("seed %d: Within(%v) has %d with sample %v", seed, p, x, s)
				}
			}
		}
		checkPrefixesOfAtoms(t, seed, r, a, ps, addrs)
	}
}

func checkPrefixesOfAtoms(t *testing.T, seed uint64, r *rand.Rand, a *Atoms, ps []netip.Prefix, addrs []netip.Addr) {
	t.Helper()
	var some []Atom
	for _, x := range append(a.Within(all4), a.Within(all6)...) {
		if r.IntN(2) == 0 {
			some = append(some, x)
		}
	}
	r.Shuffle(len(some), func(i, j int) { some[i], some[j] = some[j], some[i] })
	got := a.Prefixes(some)
	for _, addr := range addrs {
		if inAny(got, addr) != slices.Contains(some, a.Of(addr)) {
			t.Fatalf("seed %d: Prefixes(%v) = %v, wrong about %v\n%v", seed, some, got, addr, ps)
		}
	}
	checkFewest(t, got)
}

// checkFewest fails unless ps are in order and no fewer prefixes would do:
// disjoint, masked, and no two of them halves of one.
func checkFewest(t *testing.T, ps []netip.Prefix) {
	t.Helper()
	for i, p := range ps {
		if p != p.Masked() {
			t.Fatalf("%v is not masked", p)
		}
		for _, q := range ps[i+1:] {
			if p.Overlaps(q) || ComparePrefixes(p, q) >= 0 {
				t.Fatalf("%v and %v: overlap or out of order", p, q)
			}
			if p.Bits() == q.Bits() && p.Bits() > 0 && p.Addr().Is6() == q.Addr().Is6() &&
				netip.PrefixFrom(p.Addr(), p.Bits()-1).Contains(q.Addr()) {
				t.Fatalf("%v and %v are one prefix", p, q)
			}
		}
	}
}

func TestAggregateAndSubtract(t *testing.T) {
	for seed := range uint64(500) {
		r := rand.New(rand.NewPCG(seed, 6))
		ps, qs := randomPrefixes(r, r.IntN(12)), randomPrefixes(r, r.IntN(8))
		masked := func(in []netip.Prefix) []netip.Prefix {
			var out []netip.Prefix
			for _, p := range in {
				out = append(out, p.Masked())
			}
			return out
		}
		before := slices.Clone(ps)
		joined, rest := Aggregate(ps), Subtract(ps, qs)
		if !slices.Equal(before, ps) {
			t.Fatalf("seed %d: the argument changed", seed)
		}
		for _, addr := range randomAddrs(r, append(slices.Clone(ps), qs...)) {
			in, out := inAny(masked(ps), addr), inAny(masked(qs), addr)
			if inAny(joined, addr) != in {
				t.Fatalf("seed %d: Aggregate(%v) = %v, wrong about %v", seed, ps, joined, addr)
			}
			if inAny(rest, addr) != (in && !out) {
				t.Fatalf("seed %d: Subtract(%v, %v) = %v, wrong about %v", seed, ps, qs, rest, addr)
			}
		}
		checkFewest(t, joined)
		checkFewest(t, rest)
	}
}

func TestUncutPrefixPanics(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("In answered for a prefix that the atoms were not cut along")
		}
	}()
	a := NewAtoms(nil)
	a.In(a.Of(netip.MustParseAddr("10.0.0.1")), netip.MustParsePrefix("10.0.0.0/8"))
}

// Ten thousand siblings: an Of that walks back through them would take minutes
// here, and so would a Prefixes that splits the whole for each of them.
func TestManySiblings(t *testing.T) {
	var ps []netip.Prefix
	for i := range 1 << 14 {
		ps = append(ps, netip.PrefixFrom(netip.AddrFrom4([4]byte{10, byte(i >> 7), byte(i << 1), 0}), 24))
	}
	a := NewAtoms(ps)
	outside := a.Of(netip.MustParseAddr("11.0.0.0"))
	for i := range 1 << 14 {
		gap := netip.AddrFrom4([4]byte{10, byte(i >> 7), byte(i<<1) + 1, 0})
		if got := a.Of(gap); got != outside {
			t.Fatalf("Of(%v) = %d, want %d", gap, got, outside)
		}
	}
	if got := Subtract([]netip.Prefix{all4}, a.Prefixes([]Atom{outside})); len(got) != len(ps) {
		t.Errorf("%d prefixes are left, want %d", len(got), len(ps))
	}
}
