package randnet

import "slices"

// Shrink makes a failing recipe smaller as long as it fails: it leaves fewer
// facts open and more parts out.
func Shrink(r Recipe, fails func(Recipe) bool) Recipe {
	parts := r.Parts()
	for smaller := true; smaller; {
		smaller = false
		for k := len(r.Open) - 1; k >= 0; k-- {
			try := Recipe{Seed: r.Seed, Open: slices.Delete(slices.Clone(r.Open), k, k+1), Cut: r.Cut}
			if fails(try) {
				r, smaller = try, true
			}
		}
		for k := range parts {
			if slices.Contains(r.Cut, k) {
				continue
			}
			try := Recipe{Seed: r.Seed, Open: r.Open, Cut: append(slices.Clone(r.Cut), k)}
			if fails(try) {
				r, smaller = try, true
			}
		}
	}
	return r
}
