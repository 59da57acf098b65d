package headerspace

import "fmt"

// A Tri splits all traffic three ways: what certainly passes, what certainly
// does not, and the rest, which the plan leaves open. The zero Tri leaves
// everything open.
type Tri struct{ yes, no Traffic } // disjoint

// NewTri is the split with the given certain parts. It panics if they overlap.
func NewTri(yes, no Traffic) Tri {
	if yes.Overlaps(no) {
		panic(fmt.Sprintf("headerspace: both certain and impossible: %s", yes.Intersect(no)))
	}
	return Tri{yes, no}
}

// Exactly lets t pass and nothing else.
func Exactly(t Traffic) Tri { return Tri{t, All().Minus(t)} }

// AtMost leaves t open and lets nothing else pass.
func AtMost(t Traffic) Tri { return Tri{no: All().Minus(t)} }

// AtLeast lets t pass and leaves the rest open.
func AtLeast(t Traffic) Tri { return Tri{yes: t} }

// Yes is what certainly passes.
func (x Tri) Yes() Traffic { return x.yes }

// No is what certainly does not pass.
func (x Tri) No() Traffic { return x.no }

// Open is what may pass or not.
func (x Tri) Open() Traffic { return All().Minus(x.yes).Minus(x.no) }

// May is what passes or may pass.
func (x Tri) May() Traffic { return All().Minus(x.no) }

// And is what passes both x and y.
func (x Tri) And(y Tri) Tri { return Tri{x.yes.Intersect(y.yes), x.no.Union(y.no)} }

// Or is what passes x or y.
func (x Tri) Or(y Tri) Tri { return Tri{x.yes.Union(y.yes), x.no.Intersect(y.no)} }

// Not exchanges what passes and what does not.
func (x Tri) Not() Tri { return Tri{x.no, x.yes} }

// Unanimous is certain where x and y agree and open elsewhere: the split over
// two worlds of which one will come true.
func (x Tri) Unanimous(y Tri) Tri { return Tri{x.yes.Intersect(y.yes), x.no.Intersect(y.no)} }

// Doubt forgets what certainly passes: the split of something that may not be
// there, and without which nothing passes.
func (x Tri) Doubt() Tri { return Tri{no: x.no} }

// Equal reports whether x and y split alike.
func (x Tri) Equal(y Tri) bool { return x.yes.Equal(y.yes) && x.no.Equal(y.no) }

// String is for tests and model dumps: the certain traffic, then the open part.
func (x Tri) String() string {
	if open := x.Open(); !open.IsEmpty() {
		return fmt.Sprintf("%s (open: %s)", x.yes, open)
	}
	return x.yes.String()
}
