package evaluator

import (
	"fmt"
	"net/netip"
	"slices"

	"github.com/planreach/planreach/headerspace"
	"github.com/planreach/planreach/netmodel"
)

// A share is some traffic with the cells in which exactly it passes.
type share struct {
	traffic headerspace.Traffic
	cells   []cell
}

// sets is what certainly passes, and what may.
func (q *inquiry) sets() (allowed, undecided Set) {
	return q.clauses(func(x extent) headerspace.Traffic { return x.some.Yes() }),
		q.clauses(func(x extent) headerspace.Traffic { return x.some.Open() })
}

func (q *inquiry) clauses(part func(extent) headerspace.Traffic) Set {
	var shares []share
	// Cells of the two families ask for slightly different traffic; if all of
	// both passes, the clause is what was asked.
	whole := len(q.keys) > 0
	for _, k := range q.keys {
		asked := q.d.asked(k)
		t := part(q.cells[k]).Intersect(asked)
		whole = whole && t.Equal(asked)
		if t.IsEmpty() {
			continue
		}
		i := slices.IndexFunc(shares, func(s share) bool { return s.traffic.Equal(t) })
		if i < 0 {
			i = len(shares)
			shares = append(shares, share{traffic: t})
		}
		shares[i].cells = append(shares[i].cells, k)
	}
	spared := q.from.endpoint == nil && q.from.spared != "" // less than the end says
	if whole && !spared {
		return Set{{Traffic: q.d.traffic}}
	}
	var out Set
	for _, s := range shares {
		clause := Clause{Traffic: s.traffic}
		if len(s.cells) < len(q.keys) {
			clause.From = q.where(s.cells, q.from, func(k cell) headerspace.Atom { return k.src })
			clause.To = q.where(s.cells, q.to, func(k cell) headerspace.Atom { return k.dst })
		} else if spared {
			clause.From = q.where(s.cells, q.from, func(k cell) headerspace.Atom { return k.src })
		}
		out = append(out, clause)
	}
	return out
}

// where is the addresses of one side of some cells; nil if they are all of the
// side's.
func (q *inquiry) where(cells []cell, side terminal, of func(cell) headerspace.Atom) []netip.Prefix {
	if side.endpoint != nil {
		return q.families(cells, side)
	}
	var in []headerspace.Atom
	seen := map[headerspace.Atom]bool{}
	for _, k := range cells {
		if x := of(k); !seen[x] {
			seen[x] = true
			in = append(in, q.classes[x]...)
		}
	}
	if len(in) == len(side.outside) && side.spared == "" {
		return nil
	}
	return q.c.atoms.Prefixes(in)
}

// families tells the family of cells between endpoints, where only one passes.
func (q *inquiry) families(cells []cell, side terminal) []netip.Prefix {
	if q.from.endpoint == nil || q.to.endpoint == nil || side.endpoint != q.to.endpoint || len(cells) != 1 {
		return nil
	}
	if cells[0].is6 {
		return []netip.Prefix{everything6}
	}
	return []netip.Prefix{everything4}
}

// result is what was found, with its evidence.
func (q *inquiry) result(strict bool) FlowResult {
	v, _, _, _, _ := q.verdict()
	out := FlowResult{From: q.from.end, To: q.to.end, Traffic: q.d.traffic, Promise: q.d.promise, Outcome: q.outcome(), Verdict: v}
	out.Allowed, out.Undecided = q.sets()
	if out.Outcome == OutcomeUnknown && v != Undecided { // it may not belong to the selection
		out.Verdict, out.Allowed, out.Undecided = Undecided, nil, append(out.Allowed, out.Undecided...)
	}
	q.explain(&out, strict)
	return out
}

// explain adds the evidence: a witness, its way, and what is missing.
func (q *inquiry) explain(out *FlowResult, strict bool) {
	out.Notes = append(out.Notes, q.notes...)
	for _, o := range q.c.net.Assumed {
		if q.seen[o.Address] {
			out.Assumptions = append(out.Assumptions, o)
		}
	}
	if q.from.endpoint == nil && q.to.endpoint == nil { // no way to walk
		out.Unknowns = q.openFacts(nil)
		return
	}
	k, t, ok := q.interesting(out)
	if !ok {
		out.Notes = append(out.Notes, q.lonely())
		if out.Verdict == Undecided {
			out.Unknowns = q.openFacts(nil)
		}
		return
	}
	p := nicePacket(t)
	r := q.pickRun(k, p, out)
	suspects := map[question]netmodel.Gap{}
	if out.Verdict == Undecided {
		suspects = q.suspects()
	}
	way := q.bestTrail(q.shows(out.Verdict), r, k, p, suspects)
	out.Witness, out.Forward, out.Reply = way.packet, way.forward, way.reply
	if bad := q.disagree(r, k, way); bad != "" {
		if strict {
			panic(fmt.Sprintf("evaluator: set engine and trace disagree on %s -> %s, %s: %s", q.from.end, q.to.end, way.packet, bad))
		}
		out.Verdict, out.Outcome = Undecided, OutcomeUnknown
		out.Notes = append(out.Notes, Note{Code: netmodel.InternalDisagreement})
	}
	if out.Verdict == Undecided || out.Outcome == OutcomeUnknown || len(out.Undecided) > 0 {
		shown := append(slices.Clone(out.Forward), out.Reply...)
		if out.Outcome == Fail { // the way shown is that of the failure; what is open lies elsewhere
			shown = q.openHops(out, suspects)
		}
		out.Unknowns = q.openFacts(shown)
	}
	q.remark(out, r.cells[k].way)
}

// interesting is a cell and some of its traffic that show the verdict.
func (q *inquiry) interesting(out *FlowResult) (cell, headerspace.Traffic, bool) {
	want := func(k cell) headerspace.Traffic {
		x := q.at(k)
		switch out.Verdict {
		case Reachable:
			return x.Yes()
		case Unreachable:
			return x.No()
		case Partial:
			if out.Promise {
				return x.No()
			}
			return x.Yes()
		case Undecided:
		}
		// An undecided flow can still fail for certain.
		if out.Outcome == Fail {
			if out.Promise {
				return x.No()
			}
			return x.Yes()
		}
		return x.Open()
	}
	for _, k := range q.keys {
		if t := want(k).Intersect(q.d.asked(k)); !t.IsEmpty() {
			return k, t, true
		}
	}
	return cell{}, headerspace.Traffic{}, false
}

// lonely says why there is no packet to ask about: an end without an interface,
// or two that have no address family in common (L-47).
func (q *inquiry) lonely() Note {
	note := Note{Code: netmodel.IPVersionMismatch}
	for _, t := range []terminal{q.from, q.to} {
		if t.endpoint == nil {
			if len(t.outside) == 0 {
				return Note{Code: netmodel.NoSourceOrDestination}
			}
			if !slices.ContainsFunc(t.outside, func(x headerspace.Atom) bool { return !q.c.atoms.Is6(x) }) {
				note.Code = netmodel.IPv6NoAddress
			}
			continue
		}
		note.Address = t.endpoint.Address
		if !slices.ContainsFunc(t.endpoint.Interfaces, func(a netmodel.Address) bool { return !q.c.net.Interface(a).Attached.IsFalse() }) {
			return Note{Code: netmodel.UnassociatedComponent, Address: t.endpoint.Address}
		}
	}
	return note
}

// nicePacket is one packet of t, of a well-known service if t has any.
func nicePacket(t headerspace.Traffic) headerspace.Packet {
	for _, port := range []uint16{443, 80, 22} {
		if p := (headerspace.Packet{Proto: headerspace.TCP, DstPort: port}); t.Contains(p) {
			return p
		}
	}
	for _, proto := range []headerspace.Proto{headerspace.TCP, headerspace.UDP} {
		if rest := t.Intersect(headerspace.Ports(proto, 1, 65535)); !rest.IsEmpty() {
			p, _ := rest.Sample()
			return p
		}
	}
	p, ok := t.Sample()
	if !ok {
		panic("evaluator: no packet in an empty set")
	}
	return p
}

// pickRun is a world that shows the verdict for p: any if it is decided, else
// one that contradicts the demand if there is one.
func (q *inquiry) pickRun(k cell, p headerspace.Packet, out *FlowResult) *run {
	var best *run
	rank := -1
	for n := range q.runs {
		r := &q.runs[n]
		f, ok := r.cells[k]
		if !ok {
			continue
		}
		x := q.d.decides(f.extent)
		score := 0
		switch {
		case x.No().Contains(p) == out.Promise && (x.No().Contains(p) || x.Yes().Contains(p)):
			score = 1
		case !x.No().Contains(p) && !x.Yes().Contains(p):
			score = 2
		}
		if score > rank {
			best, rank = r, score
		}
	}
	return best
}

// A tracedWay is a trail with its packet.
type tracedWay struct {
	trail
	packet headerspace.Packet
}

// shows tells which of two ways shows the verdict better: the one with fewer
// blocks, then fewer hops (EV-12); a promise to all members that is broken is
// shown by the member that fails.
func (q *inquiry) shows(v Verdict) func(way, best tracedWay) bool {
	if q.d.promise && v != Reachable && (q.every(q.from) || q.every(q.to)) {
		return func(way, best tracedWay) bool { return q.worse(way) > q.worse(best) }
	}
	return func(way, best tracedWay) bool { return q.worse(way) < q.worse(best) }
}

// isMoreOpen reports whether more hops of a way are not known than of the best.
func isMoreOpen(way, best tracedWay) bool { return way.open() > best.open() }

func (w *tracedWay) open() int {
	n := 0
	for _, h := range slices.Concat(w.forward, w.reply) {
		if h.Result == HopUnknown {
			n++
		}
	}
	return n
}

func (q *inquiry) every(t terminal) bool {
	return t.endpoint != nil && (t.endpoint.Every || t.within.IsValid())
}

// bestTrail traces p between all the addresses of the ends and keeps the better
// way.
func (q *inquiry) bestTrail(better func(way, best tracedWay) bool, r *run, k cell, p headerspace.Packet, suspects map[question]netmodel.Gap) tracedWay {
	w := &world{fixed: r.answers, addresses: r.address, wanted: q.c.serviceAt(q.to)}
	tr := &tracer{n: q.c.net, w: w, suspect: suspects, is6: k.is6}
	replies := r.cells[k].way.back
	var best *tracedWay
	for _, s := range q.stations(tr, q.from, k, k.src) {
		for _, t := range q.stations(tr, q.to, k, k.dst) {
			if s.i != nil && s.i == t.i {
				continue
			}
			p.Src, p.Dst = s.addr, t.addr
			if p.Proto.HasPorts() {
				p.SrcPort = q.d.clientPort(replies, p.Proto)
			}
			w.log = w.log[:0]
			way := tracedWay{trail: tr.walk(s, t, p, !q.d.oneWay), packet: p}
			if best == nil || better(way, *best) {
				best = &way
			}
		}
	}
	if best == nil {
		return tracedWay{packet: p}
	}
	return *best
}

// worse is how far a way is from carrying its packet; the way of a reply that is
// not needed comes last.
func (q *inquiry) worse(w tracedWay) int {
	if q.d.needsReply(w.packet.Proto) {
		return obstacles(w.forward) + obstacles(w.reply)
	}
	return 1000*obstacles(w.forward) + obstacles(w.reply)
}

// obstacles counts hops, those that block most and those that are not known more
// than others.
func obstacles(hops []Hop) int {
	n := 0
	for _, h := range hops {
		switch h.Result {
		case HopBlock:
			n += 10000
		case HopUnknown:
			n += 100
		case HopPass:
			n++
		}
	}
	return n
}

// stations is the addresses of an end in the tracer's world.
func (q *inquiry) stations(tr *tracer, t terminal, k cell, outside headerspace.Atom) []station {
	if t.endpoint == nil {
		return []station{{addr: q.c.atoms.Sample(outside), unowned: isInternet(t), via: t.via, hand: t.hand}}
	}
	var out []station
	lb := q.c.net.LoadBalancer(t.endpoint.Address)
	for _, a := range t.endpoint.Interfaces {
		if t.only != "" && t.only != a {
			continue
		}
		i := q.c.net.Interface(a)
		known, has := i.IPv4, i.HasIPv4
		if k.is6 {
			known, has = i.IPv6, i.HasIPv6
		}
		if i.Attached.IsFalse() || has.IsFalse() && (!k.is6 || !i.AssignIPv6FromSubnet) {
			continue
		}
		if len(known) == 0 {
			known = []netip.Addr{tr.w.addresses[addressQuestion(i.Address, k.is6)]}
		}
		for _, addr := range known {
			if t.within.IsValid() && addr.IsValid() && !t.within.Contains(addr) {
				continue
			}
			s := tr.station(i, t.endpoint.Address, addr)
			s.deaf, s.mute, s.via, s.hand = t.endpoint.SendsOnly, t.endpoint.ReceivesOnly, t.via, t.hand
			s.strict = lb != nil && lb.Kind == netmodel.ClassicBalancer
			out = append(out, s)
		}
	}
	return out
}

// clientPort is a client port whose reply gets as far as any does.
func (d demand) clientPort(back headerspace.Tri, p headerspace.Proto) uint16 {
	ports := headerspace.Ports(p, d.clients.Lo, d.clients.Hi)
	parts := []headerspace.Traffic{back.Yes(), back.Open(), back.No()}
	if d.all {
		slices.Reverse(parts)
	}
	for _, part := range parts {
		// A usual client port is nicer to read than the lowest.
		for _, usual := range []uint16{32768, 49152} {
			if q := (headerspace.Packet{Proto: p, DstPort: usual}); ports.Contains(q) && part.Contains(q) {
				return usual
			}
		}
		if q, ok := part.Intersect(ports).Sample(); ok {
			return q.DstPort
		}
	}
	panic("evaluator: a demand without client ports")
}

// disagree compares the trace with what the set engine found in its world, for
// the same packet; empty if they agree.
func (q *inquiry) disagree(r *run, k cell, way tracedWay) string {
	f := r.cells[k]
	if len(way.forward) == 0 || q.several(q.from) || q.several(q.to) {
		return "" // several ways, of which this is one
	}
	if got, want := way.delivered, fate(f.way.there, way.packet); got != want && !way.suspected() {
		return fmt.Sprintf("there: trace says %s, sets say %s", got, want)
	}
	if way.delivered != HopPass || len(way.reply) == 0 {
		return ""
	}
	back, _ := way.packet.Reply()
	if got, want := way.answered, fate(f.way.back, back); got != want && !way.suspected() {
		return fmt.Sprintf("back: trace says %s, sets say %s", got, want)
	}
	return ""
}

// several reports whether an end has, or may have, more than one interface.
func (q *inquiry) several(t terminal) bool {
	return t.endpoint != nil && t.only == "" && (len(t.endpoint.Interfaces) > 1 || !t.endpoint.More.IsZero())
}

// suspected reports whether hops were made unknown because the verdict hangs on
// questions asked there.
func (w *tracedWay) suspected() bool {
	return slices.ContainsFunc(append(slices.Clone(w.forward), w.reply...), func(h Hop) bool { return h.suspected })
}

func fate(x headerspace.Tri, p headerspace.Packet) HopResult {
	switch {
	case x.Yes().Contains(p):
		return HopPass
	case x.No().Contains(p):
		return HopBlock
	}
	return HopUnknown
}
