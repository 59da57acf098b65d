package headerspace

import (
	"math/rand/v2"
	"net/netip"
	"testing"
)

// Coarsen against the obvious: two atoms are together iff no prefix separates
// them.
func TestCoarsen(t *testing.T) {
	for seed := range uint64(200) {
		r := rand.New(rand.NewPCG(seed, 7))
		var cut []netip.Prefix
		for range 1 + r.IntN(12) {
			cut = append(cut, netip.PrefixFrom(netip.AddrFrom4([4]byte{10, 0, byte(r.IntN(4)), byte(r.IntN(256))}), 20+r.IntN(13)).Masked())
		}
		a := NewAtoms(cut)
		along := cut[:r.IntN(len(cut)+1)]
		atoms := a.Within(all4)
		group := map[Atom]int{}
		for n, g := range a.Coarsen(atoms, a.MarkAlso(a.Mark(along[:len(along)/2]), along[len(along)/2:])) {
			for _, x := range g {
				group[x] = n
			}
		}
		for _, x := range atoms {
			for _, y := range atoms {
				same := true
				for _, p := range along {
					same = same && p.Contains(a.Sample(x)) == p.Contains(a.Sample(y))
				}
				if same != (group[x] == group[y]) {
					t.Fatalf("seed %d: cut %v along %v: %v and %v together: %v, want %v", seed, cut, along, a.Sample(x), a.Sample(y), !same, same)
				}
			}
		}
	}
}
