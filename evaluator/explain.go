package evaluator

import (
	"fmt"
	"net/netip"
	"slices"

	"github.com/planreach/planreach/assertions"
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
	if whole {
		return Set{{Traffic: q.d.traffic}}
	}
	var out Set
	for _, s := range shares {
		clause := Clause{Traffic: s.traffic}
		if len(s.cells) < len(q.keys) {
			clause.From = q.where(s.cells, q.from, func(k cell) headerspace.Atom { return k.src })
			clause.To = q.where(s.cells, q.to, func(k cell) headerspace.Atom { return k.dst })
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
	if len(in) == len(side.outside) {
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
	if out.Verdict == Undecided || out.Outcome == OutcomeUnknown {
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
		return func(way, best tracedWay) bool { return way.worse() > best.worse() }
	}
	return func(way, best tracedWay) bool { return way.worse() < best.worse() }
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
	w := &world{fixed: r.answers, addresses: r.address}
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

func (w *tracedWay) worse() int {
	n := 0
	for _, h := range append(slices.Clone(w.forward), w.reply...) {
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
		return []station{{addr: q.c.atoms.Sample(outside)}}
	}
	var out []station
	for _, a := range t.endpoint.Interfaces {
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
			s.deaf = t.endpoint.SendsOnly
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
	return t.endpoint != nil && (len(t.endpoint.Interfaces) > 1 || !t.endpoint.More.IsZero())
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

// suspects are the questions on which the result hangs: those whose answers
// lead to different findings.
func (q *inquiry) suspects() map[question]netmodel.Gap {
	found := map[question]netmodel.Gap{}
	for _, a := range q.askedAll() {
		if q.matters(a.question) {
			found[a.question] = a.gap
		}
	}
	return found
}

// askedAll is every question that some world asked, in the order of asking.
func (q *inquiry) askedAll() []asked {
	var out []asked
	seen := map[question]bool{}
	for n := range q.runs {
		for _, a := range q.runs[n].log {
			if !seen[a.question] {
				seen[a.question] = true
				out = append(out, a)
			}
		}
	}
	return out
}

// answered reports whether the run's world answers a question so.
func (r *run) answered(q question, with string) bool {
	return slices.ContainsFunc(r.log, func(a asked) bool { return a.question == q && a.options[a.answer] == with })
}

// matters reports whether two worlds that differ only in their answer to a
// question come to different findings.
func (q *inquiry) matters(about question) bool {
	for n := range q.runs {
		for m := range n {
			x, y := &q.runs[n], &q.runs[m]
			if x.asked && y.asked && x.differsOnlyIn(y, about) && !x.summary(q).finds(y.summary(q)) {
				return true
			}
		}
	}
	return false
}

// differsOnlyIn reports whether two runs answer a question differently, and all
// others alike that both asked.
func (r *run) differsOnlyIn(other *run, about question) bool {
	differs := false
	for _, a := range r.log {
		i := slices.IndexFunc(other.log, func(o asked) bool { return o.question == a.question })
		if i < 0 {
			continue
		}
		same := a.options[a.answer] == other.log[i].options[other.log[i].answer]
		if a.question == about {
			differs = !same
		} else if !same {
			return false
		}
	}
	return differs
}

// summary is the findings of one run.
func (r *run) summary(q *inquiry) *inquiry {
	out := &inquiry{d: q.d, cells: make(map[cell]extent, len(r.cells))}
	for k, f := range r.cells {
		out.cells[k] = f.extent
	}
	return out
}

// valueOutcomes is what each answer to a question would mean; nil if that cannot
// be said of it alone.
func (q *inquiry) valueOutcomes(a asked) []ValueOutcome {
	var out []ValueOutcome
	for _, name := range a.options {
		v, _, _, _, _ := q.given(a.question, name).verdict()
		out = append(out, ValueOutcome{Value: name, Verdict: v})
	}
	if !slices.ContainsFunc(out, func(o ValueOutcome) bool { return o.Verdict != Undecided }) {
		return nil
	}
	return out
}

// given is what the worlds agree on that answer a question so.
func (q *inquiry) given(about question, answer string) *inquiry {
	sub := &inquiry{c: q.c, d: q.d, from: q.from, to: q.to, cells: map[cell]extent{}}
	for n := range q.runs {
		if !q.runs[n].answered(about, answer) {
			continue
		}
		for k, f := range q.runs[n].cells {
			if old, ok := sub.cells[k]; ok {
				sub.cells[k] = old.unanimous(f.extent)
			} else {
				sub.cells[k] = f.extent
			}
		}
	}
	for k := range sub.cells {
		sub.keys = append(sub.keys, k)
	}
	return sub
}

// finds reports whether q finds the same as other, as far as it was asked.
func (q *inquiry) finds(other *inquiry) bool {
	if len(q.cells) != len(other.cells) {
		return false
	}
	for k := range q.cells {
		_, ok := other.cells[k]
		x, y := q.cells[k], other.cells[k]
		if !ok || !sameWithin(q.d.asked(k), x.every, y.every) || !sameWithin(q.d.asked(k), x.some, y.some) {
			return false
		}
	}
	return true
}

func sameWithin(t headerspace.Traffic, x, y headerspace.Tri) bool {
	return x.Yes().Intersect(t).Equal(y.Yes().Intersect(t)) && x.No().Intersect(t).Equal(y.No().Intersect(t))
}

// openHops is the way of a packet whose fate is open.
func (q *inquiry) openHops(out *FlowResult, suspects map[question]netmodel.Gap) []Hop {
	for _, k := range q.keys {
		x := q.cells[k]
		if t := x.every.Open().Union(x.some.Open()).Intersect(q.d.asked(k)); !t.IsEmpty() {
			p := nicePacket(t)
			way := q.bestTrail(isMoreOpen, q.pickRun(k, p, out), k, p, suspects)
			return append(way.forward, way.reply...)
		}
	}
	return nil
}

// openFacts is the facts that are missing: the questions on which the verdict
// hangs, what the hops lack, what is not modelled, and doubtful ends.
func (q *inquiry) openFacts(hops []Hop) []OpenFact {
	var facts []OpenFact
	add := func(g netmodel.Gap, values []ValueOutcome) {
		if g.IsZero() {
			return
		}
		if !slices.ContainsFunc(facts, func(f OpenFact) bool { return f.Origin == g.Origin && f.Code == g.Code }) {
			facts = append(facts, OpenFact{Gap: g, Candidates: values})
		}
	}
	for _, a := range q.askedAll() {
		if q.matters(a.question) {
			add(a.gap, q.valueOutcomes(a))
		}
	}
	for _, h := range hops {
		if h.Result == HopUnknown {
			for _, g := range h.Gaps {
				add(g, nil)
			}
		}
	}
	for n := range q.runs {
		for _, u := range q.runs[n].touched {
			add(unmodelledGap(u), nil)
		}
	}
	if q.from.endpoint == nil && q.to.endpoint == nil {
		add(netmodel.Gap{Why: netmodel.OutsidePlan, Code: netmodel.UnknownResource, Detail: "both ends lie outside the plan"}, nil)
	}
	for _, t := range []terminal{q.from, q.to} {
		add(t.doubt, nil)
		if t.endpoint != nil {
			add(t.endpoint.More, nil)
		}
	}
	return facts
}

// remark adds the notes that qualify the answer.
func (q *inquiry) remark(out *FlowResult, way passage) {
	note := func(c netmodel.Code, a netmodel.Address) { out.Notes = append(out.Notes, Note{Code: c, Address: a}) }
	switch {
	case q.d.oneWay:
		note(netmodel.UnidirectionalOnly, "")
	case !q.d.promise && out.Verdict != Unreachable && out.Witness.Proto != headerspace.TCP:
		note(netmodel.ReturnNotChecked, "")
	}
	if out.Verdict == Unreachable && out.Witness.Proto == headerspace.TCP && resultOf(out.Forward) == HopPass && resultOf(out.Reply) == HopBlock {
		note(netmodel.OneWayDelivery, "")
	}
	if e := q.from.endpoint; out.Verdict == Unreachable && e != nil && e.MoreReceives && len(e.Interfaces) == 0 {
		note(netmodel.EndpointOnlyReceives, e.Address)
	}
	if out.Verdict == Partial {
		note(netmodel.PartiallyReachable, "")
	}
	if q.from.endpoint == nil && out.Witness.Dst.Is6() && (out.Verdict == Reachable || out.Verdict == Partial) {
		note(netmodel.IPv6PublicByDefault, out.To.Endpoint)
	}
	if (out.Verdict == Reachable || out.Verdict == Partial) && slices.ContainsFunc(out.Forward, isOnlineHop) {
		note(netmodel.BPAAssumedOff, "") // a plan that sets it makes the answer unknown
	}
	if slices.ContainsFunc(q.keys, q.membersDiffer) {
		note(netmodel.MembersDiffer, "")
	}
	if p := out.Witness.Proto; q.d.promise && p.HasPorts() && !q.d.oneWay && resultOf(out.Forward) == HopPass && resultOf(out.Reply) == HopPass {
		if lost := q.d.lost(way.back, p); len(lost) > 0 {
			out.Notes = append(out.Notes, Note{Code: netmodel.ReturnACLPartial, Ports: lost})
			for i := range out.Allowed {
				out.Allowed[i].SourcePorts = complement(q.d.clients, lost)
			}
		}
	}
	if !q.d.promise && out.Verdict == Unreachable {
		q.remarkTrivial(note)
	}
}

// isOnlineHop reports whether a hop connects with the internet.
func isOnlineHop(h Hop) bool {
	return h.Kind == InternetGateway || h.Kind == EgressOnlyInternetGateway
}

// membersDiffer reports whether traffic certainly passes between some members
// of the ends and certainly not between others.
func (q *inquiry) membersDiffer(k cell) bool {
	x := q.cells[k]
	return x.some.Yes().Intersect(x.every.No()).Overlaps(q.d.asked(k))
}

// remarkTrivial notes a prohibition whose source can reach nothing at all, or
// whose target has no interface (L-64).
func (q *inquiry) remarkTrivial(note func(netmodel.Code, netmodel.Address)) {
	for _, t := range []terminal{q.from, q.to} {
		if t.endpoint != nil && len(t.endpoint.Interfaces) == 0 && t.endpoint.More.IsZero() {
			note(netmodel.PassesTrivially, t.endpoint.Address)
			return
		}
	}
	if q.from.endpoint == nil {
		return
	}
	for _, a := range q.from.endpoint.Interfaces {
		i := q.c.net.Interface(a)
		for _, r := range i.Groups.Links {
			g, ok := r.Exact()
			group := q.c.net.Group(g)
			if !ok || group == nil || len(group.Egress.Rules) > 0 || len(group.Egress.Hidden) > 0 {
				return
			}
		}
		if !i.Groups.More.IsZero() || len(i.Groups.Links) == 0 {
			return
		}
	}
	note(netmodel.PassesTrivially, q.from.endpoint.Address)
}

// complement is the ports of r that are in none of the given ascending ranges.
func complement(r assertions.PortRange, without []assertions.PortRange) []assertions.PortRange {
	var out []assertions.PortRange
	at := int(r.Lo)
	for _, w := range without {
		if at < int(w.Lo) {
			out = append(out, assertions.PortRange{Lo: uint16(at), Hi: w.Lo - 1})
		}
		at = int(w.Hi) + 1
	}
	if at <= int(r.Hi) {
		out = append(out, assertions.PortRange{Lo: uint16(at), Hi: r.Hi})
	}
	return out
}
