package evaluator

import (
	"fmt"
	"net/netip"
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
	rows := make([][]part, len(groups))
	for n, g := range groups {
		rows[n] = m.parts(g)
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
	c          *compiled
	classes    *classes
	components map[netmodel.Address]int
	own        []netip.Prefix // public addresses of the plan's objects
	known      map[kindPair]*matrixAnswer
	apart      map[[2]int]*matrixAnswer // between closed components; nil: not to be had at once
	answers    map[string]*matrixAnswer
	wholes     map[string][]netip.Prefix // what whole found out
	decided    int                       // pairs that the engine was asked
}

// A part is the endpoints of a group in one component, by class; or the
// internet.
type part struct {
	component int // 0: not closed
	size      int
	buckets   []bucket
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
	key                string // the same for what passes alike
}

var anyTraffic = demand{traffic: headerspace.All(), clients: clientsOfProhibition}

func newMatrix(n *netmodel.Network) *matrix {
	c := compile(n, nil)
	return &matrix{c: c, classes: c.sortEndpoints(nil), components: components(n), own: publicAddresses(n),
		known: map[kindPair]*matrixAnswer{}, apart: map[[2]int]*matrixAnswer{}, answers: map[string]*matrixAnswer{}, wholes: map[string][]netip.Prefix{}}
}

func (m *matrix) parts(g MatrixGroup) []part {
	if g.Internet {
		end := assertions.End{Kind: assertions.InternetEnd, V4: true, V6: true}
		return []part{{size: 1, buckets: []bucket{{outside: m.c.terminals(end)[0]}}}}
	}
	var out []part
	at, within := map[int]int{}, map[int]int{}
	seen := map[netmodel.Address]bool{}
	for _, a := range g.Members {
		ep := m.c.net.Endpoint(a)
		if ep == nil || seen[a] {
			continue
		}
		seen[a] = true
		st, component := m.classes.of[a], m.components[a]
		n, ok := at[component]
		if !ok {
			n = len(out)
			at[component] = n
			out = append(out, part{component: component})
		}
		p := &out[n]
		p.size++
		k, ok := within[st.class] // a class lies in one component
		if !ok {
			k = len(p.buckets)
			within[st.class] = k
			p.buckets = append(p.buckets, bucket{standing: st})
		}
		p.buckets[k].members = append(p.buckets[k].members, ep)
	}
	return out
}

// cell sums up the pairs of two groups.
func (m *matrix) cell(from, to int, sources, targets []part) MatrixCell {
	t := tally{counts: map[*matrixAnswer]int{}}
	for i := range sources {
		for k := range targets {
			s, d := &sources[i], &targets[k]
			if x := m.between(s, d); x != nil {
				t.add(x, s.size*d.size)
				continue
			}
			for _, x := range s.buckets {
				for _, y := range d.buckets {
					if a, b, n := pairsOf(x, y); n > 0 {
						t.add(m.decide(x, y, a, b), n)
					}
				}
			}
		}
	}
	out := t.cell()
	out.From, out.To = from, to
	return out
}

// A tally counts answers.
type tally struct {
	counts map[*matrixAnswer]int
	order  []*matrixAnswer
}

func (t *tally) add(x *matrixAnswer, n int) {
	if t.counts[x] == 0 {
		t.order = append(t.order, x)
	}
	t.counts[x] += n
}

func (t *tally) cell() MatrixCell {
	out := MatrixCell{}
	keys := map[string]bool{}
	for _, x := range t.order {
		out.Pairs.add(x.verdict, t.counts[x])
		out.Allowed, out.Undecided = out.Allowed.union(x.allowed), out.Undecided.union(x.undecided)
		keys[x.key] = true
	}
	out.Verdict = out.Pairs.verdict()
	out.Undecided = out.Undecided.without(out.Allowed)
	restricted := func(c Clause) bool { return c.From != nil || c.To != nil }
	out.Uniform = len(keys) <= 1 && !slices.ContainsFunc(out.Allowed, restricted) && !slices.ContainsFunc(out.Undecided, restricted)
	return out
}

// between is the answer for all pairs of two closed components; nil if each has
// one of its own.
func (m *matrix) between(s, t *part) *matrixAnswer {
	if s.component == 0 || t.component == 0 || s.component == t.component {
		return nil
	}
	key := [2]int{s.component, t.component}
	x, ok := m.apart[key]
	if !ok {
		from, to, _ := pairsOf(s.buckets[0], t.buckets[0])
		if x = m.ask(from, to); x.verdict != Unreachable {
			x = nil
		}
		m.apart[key] = x
	}
	return x
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
		in := make(map[*netmodel.Endpoint]bool, len(s.members))
		for _, x := range s.members {
			in[x] = true
		}
		for _, x := range t.members {
			if in[x] {
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
	x, ok := m.known[key]
	if !ok {
		x = m.ask(from, to)
		m.known[key] = x
	}
	return x
}

// ask asks the engine. Equal answers are one.
func (m *matrix) ask(from, to terminal) *matrixAnswer {
	m.decided++
	q := m.c.inquire(anyTraffic, from, to)
	x := &matrixAnswer{}
	x.verdict, _, _, _, _ = q.verdict()
	x.allowed, x.undecided = q.sets()
	x.allowed, x.undecided = x.allowed.byTraffic(m.whole), x.undecided.byTraffic(m.whole)
	x.key = x.allowed.key() + "|" + x.undecided.key()
	text := x.verdict.String() + " " + x.key
	if old, ok := m.answers[text]; ok {
		return old
	}
	m.answers[text] = x
	return x
}

// whole is the internet of a family if nothing of it is missing but the public
// addresses of the plan's own objects, who are no strangers there (L-49).
func (m *matrix) whole(ps []netip.Prefix) []netip.Prefix {
	if ps == nil {
		return nil
	}
	var key []byte
	for _, p := range ps {
		key = append(append(key, p.Addr().AsSlice()...), byte(p.Bits()))
	}
	if found, ok := m.wholes[string(key)]; ok {
		return found
	}
	for _, family := range m.c.internet {
		rest := headerspace.Subtract(family, ps)
		if len(headerspace.Subtract(rest, m.own)) == 0 {
			ps = slices.Concat(ps, rest)
		}
	}
	m.wholes[string(key)] = headerspace.Aggregate(ps)
	return m.wholes[string(key)]
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

// A Change is how what certainly passes in a cell differs from before. The zero
// value is Unchanged.
type Change uint8

// The changes.
const (
	Unchanged Change = iota
	Opened           // nothing passed before
	Closed           // nothing passes any more
	Widened          // more passes
	Narrowed         // less passes
	Exchanged        // some passes that did not, and some no more
)

// String is the word of the JSON field change.
func (c Change) String() string {
	return [...]string{"none", "new", "lost", "wider", "narrower", "changed"}[c]
}

// Since is how a cell differs from what it was before the plan.
func (c MatrixCell) Since(before MatrixCell) Change {
	more, less := len(c.Allowed.without(before.Allowed)) > 0, len(before.Allowed.without(c.Allowed)) > 0
	switch {
	case !more && !less:
		return Unchanged
	case len(before.Allowed) == 0:
		return Opened
	case len(c.Allowed) == 0:
		return Closed
	case more && less:
		return Exchanged
	case more:
		return Widened
	}
	return Narrowed
}
