package headerspace

import (
	"math/rand/v2"
	"testing"
)

// A kleene is the plain twin of one point of a Tri: 1 yes, -1 no, 0 open.
type kleene int

func (x Tri) at(p Packet) kleene {
	switch {
	case x.Yes().Contains(p) && x.No().Contains(p):
		panic("certain and impossible")
	case x.Yes().Contains(p):
		return 1
	case x.No().Contains(p):
		return -1
	}
	return 0
}

func randomTri(r *rand.Rand) Tri {
	set := func() Traffic {
		p := &program{next: r.IntN}
		for range 1 + r.IntN(6) {
			p.step()
		}
		return p.sets[len(p.sets)-1]
	}
	yes := set()
	return NewTri(yes, set().Minus(yes))
}

func agreed(x, y kleene) kleene {
	if x == y {
		return x
	}
	return 0
}

// At each point the operations are Kleene's.
func TestTriIsKleene(t *testing.T) {
	for seed := range uint64(200) {
		r := rand.New(rand.NewPCG(seed, 2))
		a, b := randomTri(r), randomTri(r)
		and, or, not, unanimous, doubt := a.And(b), a.Or(b), a.Not(), a.Unanimous(b), a.Doubt()
		for _, p := range tiny {
			x, y := a.at(p), b.at(p)
			for _, c := range []struct {
				name      string
				got, want kleene
			}{
				{"and", and.at(p), min(x, y)},
				{"or", or.at(p), max(x, y)},
				{"not", not.at(p), -x},
				{"unanimous", unanimous.at(p), agreed(x, y)},
				{"doubt", doubt.at(p), min(x, 0)},
			} {
				if c.got != c.want {
					t.Fatalf("seed %d, %s at %s: %d, want %d\na %s\nb %s", seed, c.name, p, c.got, c.want, a, b)
				}
			}
			if a.Open().Contains(p) != (x == 0) || a.May().Contains(p) != (x >= 0) {
				t.Fatalf("seed %d, open or may at %s\na %s", seed, p, a)
			}
		}
	}
}

func TestTriLaws(t *testing.T) {
	for seed := range uint64(200) {
		r := rand.New(rand.NewPCG(seed, 3))
		a, b, c := randomTri(r), randomTri(r), randomTri(r)
		for name, pair := range map[string][2]Tri{
			"De Morgan, and":       {a.And(b).Not(), a.Not().Or(b.Not())},
			"De Morgan, or":        {a.Or(b).Not(), a.Not().And(b.Not())},
			"not not":              {a.Not().Not(), a},
			"and commutes":         {a.And(b), b.And(a)},
			"or commutes":          {a.Or(b), b.Or(a)},
			"and distributes":      {a.And(b.Or(c)), a.And(b).Or(a.And(c))},
			"absorption":           {a.Or(a.And(b)), a},
			"unanimous idempotent": {a.Unanimous(a), a},
			"unanimous commutes":   {a.Unanimous(b), b.Unanimous(a)},
			"unanimous associates": {a.Unanimous(b).Unanimous(c), a.Unanimous(b.Unanimous(c))},
			"unit of and":          {a.And(Exactly(All())), a},
			"unit of or":           {a.Or(Exactly(Traffic{})), a},
			"zero of unanimous":    {a.Unanimous(Tri{}), Tri{}},
			"doubt is at most":     {a.Doubt(), AtMost(a.May())},
			"at least forgets no":  {AtLeast(a.Yes()), a.Or(Exactly(a.Yes()).Unanimous(Exactly(All())))},
		} {
			if !pair[0].Equal(pair[1]) {
				t.Errorf("seed %d: %s\n%s\n%s\na %s\nb %s\nc %s", seed, name, pair[0], pair[1], a, b, c)
			}
		}
	}
}

// What a Tri says of partly known operands holds for every way to settle them.
func TestTriSound(t *testing.T) {
	for seed := range uint64(100) {
		r := rand.New(rand.NewPCG(seed, 4))
		a, b := randomTri(r), randomTri(r)
		settle := func(x Tri) Traffic {
			p := randomTri(r)
			return x.Yes().Union(x.Open().Intersect(p.Yes()))
		}
		holds := func(name string, x Tri, settled Traffic) {
			t.Helper()
			if !settled.ContainsAll(x.Yes()) || settled.Overlaps(x.No()) {
				t.Errorf("seed %d, %s: %s does not allow %s", seed, name, x, settled)
			}
		}
		for range 4 {
			sa, sb := settle(a), settle(b)
			holds("and", a.And(b), sa.Intersect(sb))
			holds("or", a.Or(b), sa.Union(sb))
			holds("not", a.Not(), All().Minus(sa))
			holds("unanimous", a.Unanimous(b), sa)
			holds("unanimous", a.Unanimous(b), sb)
			holds("doubt, present", a.Doubt(), sa)
			holds("doubt, absent", a.Doubt(), Traffic{})
			holds("exactly", Exactly(sa), sa)
		}
	}
}

func TestZeroTriClaimsNothing(t *testing.T) {
	if !(Tri{}).Open().Equal(All()) {
		t.Errorf("Tri{} is %s", Tri{})
	}
}
