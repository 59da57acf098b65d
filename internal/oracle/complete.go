package oracle

import (
	"math/rand/v2"

	"github.com/planreach/planreach/netmodel"
)

// Elsewhere is the first step of the addresses of the objects that a completion
// adds: those that the plan does not describe.
const Elsewhere = "elsewhere."

// A pick chooses one of n possibilities and answers with its number.
type pick func(n int) int

// Completions is the networks that the gaps of n allow, at most limit of them.
// all tells whether these are all that the oracle tries; if not, they are a
// fixed random choice. Facts that hang on the same unknown are chosen apart, so
// some completions may be such as no apply makes.
func Completions(n *netmodel.Network, limit int) (out []*netmodel.Network, all bool) {
	o := &odometer{}
	for range 4 * limit {
		if c := complete(n, o.pick); c != nil {
			out = append(out, c)
		}
		if !o.advance() {
			return out, true
		}
		if len(out) >= limit {
			break
		}
	}
	out = nil
	r := rand.New(rand.NewPCG(1, 1))
	for range 4 * limit {
		if c := complete(n, r.IntN); c != nil {
			out = append(out, c)
		}
		if len(out) >= limit {
			break
		}
	}
	return out, false
}

// An odometer runs through every sequence of choices. How many there are, and
// among how many possibilities, may depend on the earlier ones.
type odometer struct {
	at, of []int
	next   int
}

func (o *odometer) pick(n int) int {
	if o.next == len(o.at) {
		o.at, o.of = append(o.at, 0), append(o.of, n)
	}
	o.next++
	return o.at[o.next-1]
}

// advance moves on to the next sequence; false after the last one.
func (o *odometer) advance() bool {
	o.next = 0
	for k := len(o.at) - 1; k >= 0; k-- {
		if o.at[k]+1 < o.of[k] {
			o.at[k]++
			o.at, o.of = o.at[:k+1], o.of[:k+1]
			return true
		}
	}
	return false
}

// complete is n with every gap settled as pick says, or nil if the choices
// contradict each other or what is known.
func complete(n *netmodel.Network, choose pick) *netmodel.Network {
	s := &settling{in: n, out: &netmodel.Network{}, choose: choose}
	for _, step := range []func() bool{
		s.vpcs, s.gateways, s.homes, s.edges, s.vpns, s.subnets, s.publicAccess, s.lists, s.nats, s.middleboxes, s.interfaces, s.endpoints, s.connections,
		s.rules, s.routes, s.transitRoutes, s.unmodelled, s.balancers,
	} {
		if !step() {
			return nil
		}
	}
	return s.out.Seal()
}
