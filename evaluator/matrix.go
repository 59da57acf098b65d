package evaluator

import (
	"fmt"
	"slices"

	"github.com/planreach/planreach/assertions"
	"github.com/planreach/planreach/headerspace"
	"github.com/planreach/planreach/netmodel"
)

// A MatrixGroup is one row and one column of a matrix: the internet, or some
// endpoints.
type MatrixGroup struct {
	Name     string
	Internet bool
	Members  []netmodel.Address // endpoints of the network; those that it has not are left out
}

// A MatrixCell is what passes from the members of one group to those of
// another, asked of any protocol and port as a prohibition asks (L-44, L-45).
type MatrixCell struct {
	From, To int // groups, by their place in the list
	// Verdict is over all pairs: what all of them are, else Partial if something
	// certainly passes and something certainly does not, else Undecided.
	// Unreachable if there are no pairs.
	Verdict Verdict
	// Allowed is what certainly passes for at least one pair, and Undecided what
	// may pass beside.
	Allowed, Undecided Set
	Uniform            bool // the same for every pair, and whatever the addresses
	Pairs              PairCount
}

// A PairCount counts pairs by verdict.
type PairCount struct{ Reachable, Unreachable, Partial, Undecided int }

// Total is the number of pairs.
func (p PairCount) Total() int { return p.Reachable + p.Unreachable + p.Partial + p.Undecided }

func (p *PairCount) add(v Verdict, n int) {
	switch v {
	case Reachable:
		p.Reachable += n
	case Unreachable:
		p.Unreachable += n
	case Partial:
		p.Partial += n
	case Undecided:
		p.Undecided += n
	}
}

func (p PairCount) verdict() Verdict {
	switch all := p.Total(); {
	case p.Unreachable == all:
		return Unreachable
	case p.Reachable == all:
		return Reachable
	case p.Partial > 0, p.Reachable > 0 && p.Unreachable > 0:
		return Partial
	}
	return Undecided
}

// Matrix is what passes between all ordered pairs of groups, in their order,
// also within each of them.
func (e *Engine) Matrix(groups []MatrixGroup) []MatrixCell {
	return newMatrix(e.net).cells(groups)
}

func (m *matrix) cells(groups []MatrixGroup) []MatrixCell {
	rows := make([][]bucket, len(groups))
	for n, g := range groups {
		rows[n] = m.buckets(g)
	}
	out := make([]MatrixCell, 0, len(groups)*len(groups))
	for n, from := range rows {
		for k, to := range rows {
			out = append(out, m.cell(n, k, from, to))
		}
	}
	return out
}

// A matrix decides pairs of kinds, each once.
type matrix struct {
	c       *compiled
	classes *classes
	known   map[kindPair]*matrixAnswer
	decided int // pairs that the engine was asked
}

// A bucket is the endpoints of one class in a group; of the internet there is
// one without endpoints.
type bucket struct {
	standing *standing // nil: the internet
	members  []*netmodel.Endpoint
	outside  terminal
}

// A kindPair is a pair up to an exchange of endpoints and subnets.
type kindPair struct {
	from, to int // kinds; 0: the internet
	// common tells which subnets of the one are which of the other.
	common string
}

// A matrixAnswer is what is found out of a pair.
type matrixAnswer struct {
	verdict            Verdict
	allowed, undecided Set
}

var anyTraffic = demand{traffic: headerspace.All(), clients: clientsOfProhibition}

func newMatrix(n *netmodel.Network) *matrix {
	c := compile(n, nil)
	return &matrix{c: c, classes: c.sortEndpoints(nil), known: map[kindPair]*matrixAnswer{}}
}

func (m *matrix) buckets(g MatrixGroup) []bucket {
	if g.Internet {
		end := assertions.End{Kind: assertions.InternetEnd, V4: true, V6: true}
		return []bucket{{outside: m.c.terminals(end)[0]}}
	}
	var out []bucket
	at := map[int]int{}
	seen := map[netmodel.Address]bool{}
	for _, a := range g.Members {
		ep := m.c.net.Endpoint(a)
		if ep == nil || seen[a] {
			continue
		}
		seen[a] = true
		st := m.classes.of[a]
		n, ok := at[st.class]
		if !ok {
			n = len(out)
			at[st.class] = n
			out = append(out, bucket{standing: st})
		}
		out[n].members = append(out[n].members, ep)
	}
	return out
}

// cell sums up the pairs of two groups.
func (m *matrix) cell(from, to int, sources, targets []bucket) MatrixCell {
	out := MatrixCell{From: from, To: to}
	counts := map[*matrixAnswer]int{}
	var order []*matrixAnswer
	for _, s := range sources {
		for _, t := range targets {
			x, y, n := pairsOf(s, t)
			if n == 0 {
				continue
			}
			d := m.decide(s, t, x, y)
			if counts[d] == 0 {
				order = append(order, d)
			}
			counts[d] += n
		}
	}
	variants := map[string]bool{}
	for _, d := range order {
		out.Pairs.add(d.verdict, counts[d])
		out.Allowed, out.Undecided = out.Allowed.union(d.allowed), out.Undecided.union(d.undecided)
		variants[d.allowed.key()+"|"+d.undecided.key()] = true
	}
	out.Verdict = out.Pairs.verdict()
	out.Undecided = out.Undecided.without(out.Allowed)
	restricted := func(c Clause) bool { return c.From != nil || c.To != nil }
	out.Uniform = len(variants) <= 1 && !slices.ContainsFunc(out.Allowed, restricted) && !slices.ContainsFunc(out.Undecided, restricted)
	return out
}

// pairsOf is how many pairs two buckets make, and one of them.
func pairsOf(s, t bucket) (from, to terminal, n int) {
	switch {
	case s.standing == nil && t.standing == nil:
		return from, to, 0
	case s.standing == nil:
		return s.outside, endpointTerminal(t.members[0]), len(t.members)
	case t.standing == nil:
		return endpointTerminal(s.members[0]), t.outside, len(s.members)
	}
	same := 0
	if s.standing.class == t.standing.class {
		for _, x := range s.members {
			if slices.Contains(t.members, x) {
				same++
			}
		}
	}
	n = len(s.members)*len(t.members) - same
	for _, x := range s.members[:min(2, len(s.members))] {
		for _, y := range t.members[:min(2, len(t.members))] {
			if from, to = endpointTerminal(x), endpointTerminal(y); isPair(from, to) {
				return from, to, n
			}
		}
	}
	return from, to, 0
}

func endpointTerminal(ep *netmodel.Endpoint) terminal {
	return terminal{end: endpointEnd(ep), endpoint: ep}
}

// decide is what passes from one member of a bucket to one of another.
func (m *matrix) decide(s, t bucket, from, to terminal) *matrixAnswer {
	key := kindPair{}
	if s.standing != nil {
		key.from = s.standing.kind
	}
	if t.standing != nil {
		key.to = t.standing.kind
	}
	if s.standing != nil && t.standing != nil {
		key.common = commonSubnets(s.standing.subnets, t.standing.subnets)
	}
	if d, ok := m.known[key]; ok {
		return d
	}
	m.decided++
	q := m.c.inquire(anyTraffic.by(m.c.net, from), from, to)
	d := &matrixAnswer{}
	d.verdict, _, _, _, _ = q.verdict()
	d.allowed, d.undecided = q.sets()
	m.known[key] = d
	return d
}

// commonSubnets tells which of some subnets are which of others.
func commonSubnets(from, to []netmodel.Address) string {
	var out []byte
	for n, a := range from {
		for k, b := range to {
			if a == b {
				out = fmt.Appendf(out, "%d=%d ", n, k)
			}
		}
	}
	return string(out)
}
