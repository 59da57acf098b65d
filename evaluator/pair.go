package evaluator

import (
	"net/netip"
	"slices"

	"github.com/planreach/planreach/assertions"
	"github.com/planreach/planreach/headerspace"
	"github.com/planreach/planreach/netmodel"
)

// A terminal is one end of a pair: an endpoint of the plan, or classes of
// addresses outside.
type terminal struct {
	end      assertions.End
	endpoint *netmodel.Endpoint
	outside  []headerspace.Atom
	// within, if valid, narrows an endpoint to its addresses in a CIDR; only, if
	// not empty, to one interface.
	within netip.Prefix
	only   netmodel.Address
	// hand, if not nil, is the only one by which a load balancer sends; via, if not
	// nil, is the node that hands the terminal's connections on by it with their
	// address.
	hand  *hand
	via   *netmodel.Interface
	doubt netmodel.Gap // why it may not belong to the selection
	// gate, if not empty, is the gateway that a way has to pass to count; some: one
	// of the addresses is enough for a promise.
	gate netmodel.Address
	some bool
	// except are addresses that do not count, which exempt ends name; spared is
	// the same as a key.
	except []netip.Prefix
	exempt []assertions.End
	spared string
}

// A cell is one class of packets of a pair: a family and, for ends outside, a
// class of addresses, by its first atom. Endpoints have atom 0.
type cell struct {
	is6      bool
	src, dst headerspace.Atom
}

// An extent is what passes between every pair of members of two ends, and what
// passes between some pair. For ends without members these are the same.
type extent struct{ every, some headerspace.Tri }

func (x extent) unanimous(y extent) extent {
	return extent{x.every.Unanimous(y.every), x.some.Unanimous(y.some)}
}

var (
	noExtent   = extent{nothing, nothing}
	openExtent = extent{anything, anything}
)

// decides is what the demand looks at: a promise needs every member, a
// prohibition fails by any (MOD-6).
func (d demand) decides(x extent) headerspace.Tri {
	if d.promise {
		return x.every
	}
	return x.some
}

// A finding is what passes in one cell of one world.
type finding struct {
	extent
	way passage // of one alternative that decides, for messages
	// breaks is what passes by ways that the demand does not allow.
	breaks headerspace.Tri
}

// settled is a finding in which what breaks the promise does not pass.
func (f finding) settled() finding {
	f.every, f.some = f.every.And(f.breaks.Not()), f.some.And(f.breaks.Not())
	return f
}

// A run is one world with what was found in it.
type run struct {
	answers map[question]int
	address map[question]netip.Addr
	log     []asked
	cells   map[cell]finding
	asked   bool // something was asked for in this world
	tracks  []track
	touched []*netmodel.Unmodelled
}

// An inquiry is everything found out about a pair.
type inquiry struct {
	c        *compiled
	d        demand
	from, to terminal
	keys     []cell // in order
	// classes are, for an end outside, the atoms that the other end does not tell
	// apart, by the first of them.
	classes  map[headerspace.Atom][]headerspace.Atom
	cells    map[cell]extent
	runs     []run
	complete bool // all worlds were tried
	notes    []Note
	seen     map[netmodel.Address]bool
}

// inquire tries the worlds that the pair's open questions span and keeps what
// they agree on.
func (c *compiled) inquire(d demand, from, to terminal) *inquiry {
	q := &inquiry{c: c, d: d, from: from, to: to, cells: map[cell]extent{}, classes: map[headerspace.Atom][]headerspace.Atom{}}
	from.outside = q.classify(from, to)
	to.outside = q.classify(to, from)
	w := &world{wanted: c.serviceAt(to)}
	bare := false // some world has no family that both ends speak
	for {
		w.begin()
		found, tracks, asked := c.findings(w, d, from, to)
		touched := c.touch(w, d, from, to, found)
		q.runs = append(q.runs, run{answers: w.answers(), address: w.addresses, log: slices.Clone(w.log), cells: found, asked: asked, tracks: tracks, touched: touched})
		for k, f := range found {
			if old, ok := q.cells[k]; ok {
				q.cells[k] = old.unanimous(f.extent)
			} else if bare {
				q.cells[k] = f.unanimous(noExtent)
			} else {
				q.cells[k] = f.extent
			}
		}
		if len(found) == 0 && asked {
			bare = true
			for k, old := range q.cells {
				q.cells[k] = old.unanimous(noExtent)
			}
		}
		if !w.next() {
			q.complete = true
			break
		}
		if len(q.runs) >= maxWorlds {
			for k := range q.cells {
				q.cells[k] = openExtent
			}
			break
		}
	}
	for k := range q.cells {
		q.keys = append(q.keys, k)
	}
	slices.SortFunc(q.keys, compareCells)
	q.doubtAbsent()
	q.notes, q.seen = w.notes.notes, w.seen
	return q
}

// doubtAbsent opens the cells that some world does not have, because an end may
// lack the family: nothing that they say is certain, unless all say the same.
func (q *inquiry) doubtAbsent() {
	if v, _, _, _, _ := q.verdict(); v == Reachable || v == Unreachable {
		return
	}
	for _, k := range q.keys {
		if !q.isEverywhere(k) {
			q.cells[k] = openExtent
		}
	}
}

// classify keeps one atom for each class of a terminal's addresses outside that
// the other end does not tell apart.
func (q *inquiry) classify(t, other terminal) []headerspace.Atom {
	if other.endpoint == nil {
		for _, x := range t.outside {
			q.classes[x] = []headerspace.Atom{x}
		}
		return t.outside
	}
	groups := q.c.groupsNear(other.endpoint)
	key := coarseKey{t.end, t.spared, party{groups: groups}.key()}
	classes, ok := q.c.coarse[key]
	if !ok {
		public, private := q.c.split(t.outside)
		along := q.c.discerns(groups)
		classes = append(q.c.atoms.Coarsen(public, along), q.c.atoms.Coarsen(private, along)...)
		q.c.coarse[key] = classes
	}
	var out []headerspace.Atom
	for _, class := range classes {
		q.classes[class[0]] = class
		out = append(out, class[0])
	}
	return out
}

// split tells the internet's addresses from others.
func (c *compiled) split(atoms []headerspace.Atom) (public, private []headerspace.Atom) {
	for _, x := range atoms {
		if c.public[x] {
			public = append(public, x)
		} else {
			private = append(private, x)
		}
	}
	return public, private
}

func compareCells(a, b cell) int {
	switch {
	case a.is6 != b.is6:
		if b.is6 {
			return -1
		}
		return 1
	case a.src != b.src:
		return int(a.src - b.src)
	}
	return int(a.dst - b.dst)
}

// asked is the traffic of the question that occurs in a cell.
func (d demand) asked(k cell) headerspace.Traffic {
	return d.traffic.Intersect(headerspace.Family(k.is6))
}

// findings is what passes between two ends in one world, by cell. A family that
// one end lacks has no cell (L-47). asked is false if an end has no
// address in the CIDR by which it was named.
func (c *compiled) findings(w *world, d demand, from, to terminal) (found map[cell]finding, tracks []track, asked bool) {
	byMember := map[cell]map[members]finding{}
	var order []members
	left := false // a service's addresses, which are not asked for
	present := [2]bool{from.isWhole(), to.isWhole()}
	w.tracked = !d.isNone() || from.gate != "" || to.gate != ""
	for _, is6 := range []bool{false, true} {
		if d.traffic.Intersect(headerspace.Family(is6)).IsEmpty() {
			continue
		}
		sources, targets := c.hosts(w, from, is6), c.hosts(w, to, is6)
		present[0], present[1] = present[0] || len(sources) > 0, present[1] || len(targets) > 0
		for _, s := range sources {
			for _, t := range targets {
				k, m := cell{is6, s.outside, t.outside}, members{s.member, t.member}
				if byMember[k] == nil {
					byMember[k] = map[members]finding{}
				}
				if !slices.Contains(order, m) {
					order = append(order, m)
				}
				w.service, w.track = false, track{there: endsOf(from, to)}
				way := c.pass(w, from, to, s, t)
				if w.service && (from.endpoint == nil || isInternet(to)) { // a service opens no connections
					w.look("", netmodel.ServiceRangeLeftOut)
					left = true
					continue
				}
				passed := d.condition.judge(c.gated(from, to, w.track, d.judge(way)), w.track)
				f := finding{extent{passed.counts, passed.counts}, way, passed.breaks}
				if w.tracked {
					tracks = append(tracks, w.track)
				}
				if old, ok := byMember[k][m]; ok {
					f = d.either(k, old, f) // ENI-5
				}
				byMember[k][m] = f
			}
		}
	}
	out := make(map[cell]finding, len(byMember))
	for k, found := range byMember {
		for _, m := range order {
			f, ok := found[m]
			if !ok {
				continue
			}
			if w.tracked {
				f = f.settled()
			}
			if old, several := out[k]; several {
				f = d.together(k, old, f)
			}
			out[k] = f
		}
	}
	return out, tracks, present[0] && present[1] && (len(out) > 0 || !left)
}

// isInternet reports whether an end is the internet, rather than addresses that
// a CIDR names.
func isInternet(t terminal) bool { return t.end.Kind == assertions.InternetEnd }

// members are the members of two ends between which a way leads.
type members struct{ from, to int }

// either is what passes by one of two ways, with the better one for messages.
func (d demand) either(k cell, x, y finding) finding {
	way := x.way
	if betterThan(d.asked(k), y.every, x.every) {
		way = y.way
	}
	return finding{extent{x.every.Or(y.every), x.some.Or(y.some)}, way, x.breaks.Or(y.breaks)}
}

// together is what passes for two pairs of members, with the way for messages
// that decides the demand.
func (d demand) together(k cell, x, y finding) finding {
	way := x.way
	if d.promise == betterThan(d.asked(k), x.every, y.every) {
		way = y.way
	}
	return finding{extent{x.every.And(y.every), x.some.Or(y.some)}, way, nothing}
}

// betterThan reports whether x lets more of t pass than y, for certain.
func betterThan(t headerspace.Traffic, x, y headerspace.Tri) bool {
	return !t.Intersect(x.Yes()).Minus(y.Yes()).IsEmpty()
}

// maxDetours bounds the gateways of one way; a longer one is a loop.
const maxDetours = 8

// at is what all worlds agree on in one cell, as the demand looks at it.
func (q *inquiry) at(k cell) headerspace.Tri { return q.d.decides(q.cells[k]) }

// verdict is what all worlds agree on.
func (q *inquiry) verdict() (v Verdict, someYes, someNo, allYes, allNo bool) {
	if q.d.promise && (q.from.some || q.to.some) {
		return q.verdictOfSome()
	}
	allYes, allNo = len(q.keys) > 0, true
	for _, k := range q.keys {
		asked, x := q.d.asked(k), q.cells[k]
		someYes = someYes || x.some.Yes().Overlaps(asked)
		someNo = someNo || x.every.No().Overlaps(asked)
		allYes = allYes && x.every.Yes().ContainsAll(asked)
		allNo = allNo && x.some.No().ContainsAll(asked)
	}
	someNo = someNo || len(q.keys) == 0
	switch {
	case allYes:
		v = Reachable
	case allNo:
		v = Unreachable
	case someYes && someNo:
		v = Partial
	}
	return v, someYes, someNo, allYes, allNo
}

// outcome is what the verdict means for the demand.
func (q *inquiry) outcome() Outcome {
	_, someYes, someNo, allYes, allNo := q.verdict()
	pass, fail := allYes, someNo
	if !q.d.promise {
		pass, fail = allNo, someYes
	}
	switch {
	case pass:
		return Pass
	case !fail:
		return OutcomeUnknown
	case !q.from.doubt.IsZero() || !q.to.doubt.IsZero():
		return OutcomeUnknown // L-23
	}
	return Fail
}
