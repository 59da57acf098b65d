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

// A host is one address of an end in one world.
type host struct {
	party
	i       *netmodel.Interface // nil: outside
	at      site
	outside headerspace.Atom // the class of an address outside; 0 for interfaces
	open    bool             // an interface that the plan does not show
	member  int              // of an end with several
	deaf    bool             // sends only
	mute    bool             // receives only
	strict  bool             // its ACL is asked even within the subnet (NACL-12)
}

// hosts is the addresses of one family that an end has in this world.
func (c *compiled) hosts(w *world, t terminal, is6 bool) []host {
	if t.endpoint == nil {
		var out []host
		for _, x := range t.outside {
			if c.atoms.Is6(x) == is6 {
				out = append(out, host{party: party{is6: is6, atom: x, unowned: isInternet(t)}, outside: x})
			}
		}
		return out
	}
	var out []host
	lb := c.net.LoadBalancer(t.endpoint.Address)
	strict := lb != nil && lb.Kind == netmodel.ClassicBalancer
	for n, a := range t.endpoint.Interfaces {
		i := c.net.Interface(a)
		member := 0
		if t.endpoint.Every || t.within.IsValid() { // MOD-6, L-19
			member = n
		}
		if i == nil {
			panic("evaluator: endpoint " + string(t.endpoint.Address) + " without its interface " + string(a))
		}
		if t.only != "" && t.only != a {
			continue
		}
		if !w.holds(i.Address, "attached", i.Attached) {
			continue
		}
		at := c.siteOf(w, i.Address, i.Subnet)
		if !c.hasFamily(w, i, at, is6) {
			continue
		}
		w.look(i.Address, i.Notes...)
		groups, more := c.groupsOf(w, i)
		for _, g := range groups {
			w.look(g)
		}
		for _, x := range c.addressesOf(w, i, at, is6) {
			if t.within.IsValid() && x != 0 && !c.atoms.In(x, t.within) || c.isSpared(w, t, i, x) {
				continue
			}
			out = append(out, host{party: party{is6: is6, atom: x, groups: groups, moreGroups: more, unfiltered: i.Unfiltered, self: i.Address},
				i: i, at: at, member: member, deaf: t.endpoint.SendsOnly, mute: t.endpoint.ReceivesOnly, strict: strict})
		}
	}
	if !t.endpoint.More.IsZero() && t.only == "" {
		more := host{party: party{is6: is6}, open: true, mute: t.endpoint.MoreReceives}
		if t.endpoint.Every || t.within.IsValid() {
			more.member = len(t.endpoint.Interfaces)
		}
		out = append(out, more)
	}
	return out
}

// endsOf is the endpoints among two ends: a way passes where it begins and ends.
func endsOf(from, to terminal) []netmodel.Address {
	var out []netmodel.Address
	for _, t := range []terminal{from, to} {
		if t.endpoint != nil {
			out = append(out, t.endpoint.Address)
		}
	}
	return out
}

// isWhole reports whether all addresses of an end are meant.
func (t terminal) isWhole() bool { return !t.within.IsValid() && len(t.except) == 0 }

// isSpared reports whether an address of an endpoint is among those that do not
// count.
func (c *compiled) isSpared(w *world, t terminal, i *netmodel.Interface, x headerspace.Atom) bool {
	if len(t.except) == 0 {
		return false
	}
	if x == 0 {
		return w.holds(i.Address, "address is exempt", netmodel.Truth{})
	}
	return slices.ContainsFunc(t.except, func(p netip.Prefix) bool { return c.atoms.In(x, p) })
}

// pass is what gets from a host of one end to one of another, and back, as the
// ends give and take it.
func (c *compiled) pass(w *world, from, to terminal, s, t host) passage {
	way := c.given(w, from, s, t)
	if to.endpoint == nil || t.open {
		return way
	}
	if lb := c.net.LoadBalancer(to.endpoint.Address); lb != nil {
		way.there = way.there.And(listens(lb))
	}
	if e := c.net.ServiceEndpoint(to.endpoint.Address); e != nil {
		way.there = way.there.And(c.serves(w, e, s, t))
	}
	return way
}

// given is pass without what the target takes.
func (c *compiled) given(w *world, from terminal, s, t host) passage {
	if from.via != nil && !t.open && !t.deaf {
		way := blocked
		for _, node := range c.hosts(w, terminal{endpoint: c.nodeOwner(from.via), only: from.via.Address}, t.is6) {
			way = c.relay(w, node, s, t)
			way.there = way.there.And(c.gives(w, []*hand{from.hand}, node, t))
		}
		return way
	}
	way := c.between(w, s, t)
	if from.endpoint == nil || s.open {
		return way
	}
	if lb := c.net.LoadBalancer(from.endpoint.Address); lb != nil {
		hands := c.balancers.of[lb]
		if from.hand != nil {
			hands = []*hand{from.hand}
		}
		way.there = way.there.And(c.gives(w, hands, s, t))
	}
	return way
}

// between is what gets from one host to another, and back.
func (c *compiled) between(w *world, s, t host) passage {
	switch {
	case t.deaf, s.mute:
		return blocked // SVC-2
	case s.open || t.open:
		return passage{c.bounded(s, t), anything}
	}
	public := func(h host) func() bool { return func() bool { return c.hasPublic(w, h.i, h.at) } }
	from := goal{party: s.party, inside: s.i != nil, to: s.i, at: s.at}
	to := goal{party: t.party, inside: t.i != nil, to: t.i, at: t.at}
	if s.i == nil {
		if t.i == nil {
			return open
		}
		if t.is6 && t.i.PrivateIPv6 && c.public[s.atom] {
			return blocked // LB-4
		}
		return c.enter(w, s.party, to, public(t))
	}
	leaving := sender{party: s.party, at: s.at, home: from, public: public(s), strict: s.strict}
	if t.i == nil {
		out := passage{c.groupsAdmit(s.party, netmodel.Egress, t.party), everything}
		return out.and(c.travel(w, leaving, to, maxDetours))
	}
	return c.meet(w, leaving, to)
}

// bounded is what may pass between two hosts of which one is not shown: what the
// groups of the other admit from, or to, somebody.
func (c *compiled) bounded(s, t host) headerspace.Tri {
	anybody := party{is6: s.is6, moreGroups: true}
	switch {
	case s.i != nil && t.open:
		return anything.And(c.groupsAdmit(s.party, netmodel.Egress, anybody))
	case t.i != nil && s.open:
		return anything.And(c.groupsAdmit(t.party, netmodel.Ingress, anybody))
	}
	return anything
}

// meet is the way between two interfaces, the groups of both included.
func (c *compiled) meet(w *world, s sender, g goal) passage {
	way := c.carry(w, s, g, maxDetours)
	if s.at.vpc != "" && s.at.vpc == g.at.vpc {
		way.outbound = yes // SG-12: whatever the way, the address is the member's
	}
	admitted := c.groupsAdmit(s.party, netmodel.Egress, g.party)
	switch way.outbound {
	case no:
		admitted = c.groupsAdmit(s.party, netmodel.Egress, g.nameless())
	case maybe:
		admitted = admitted.Unanimous(c.groupsAdmit(s.party, netmodel.Egress, g.nameless()))
	case yes:
	}
	there := way.greet(c, s, g)
	return passage{admitted.And(there.there), c.replies(w, s, g, way)}
}

// maxDetours bounds the gateways of one way; a longer one is a loop.
const maxDetours = 8

// touch opens what resources without a model may change, and says which.
func (c *compiled) touch(w *world, d demand, from, to terminal, found map[cell]finding) []*netmodel.Unmodelled {
	var out []*netmodel.Unmodelled
	for i := range c.net.NotModelled {
		u := &c.net.NotModelled[i]
		if !c.mayTouch(w, u, d, from, to) {
			continue
		}
		changed := false
		for k, f := range found {
			before := f.extent
			f.every, f.some = c.reopened(w, u, from, to, k, f.every), c.reopened(w, u, from, to, k, f.some)
			changed = changed || !before.every.Equal(f.every) || !before.some.Equal(f.some)
			found[k] = f
		}
		if changed {
			out = append(out, u)
		}
	}
	return out
}

// reopened is what is left certain of passes with u about.
func (c *compiled) reopened(w *world, u *netmodel.Unmodelled, from, to terminal, k cell, passes headerspace.Tri) headerspace.Tri {
	if u.Effect != netmodel.MayBlock {
		passes = headerspace.NewTri(passes.Yes(), passes.No().Intersect(c.never(w, u, from, to, k.is6)))
	}
	if u.Effect != netmodel.MayOpen {
		passes = passes.Doubt()
	}
	return passes
}

// never is the traffic that u cannot bring through, because the groups of an end
// admit it from nobody, or let it out to nobody. What carries traffic on
// connections of its own is bound by the groups where it arrives only.
func (c *compiled) never(w *world, u *netmodel.Unmodelled, from, to terminal, is6 bool) headerspace.Traffic {
	switch u.Touch {
	case netmodel.TouchesInto:
		return c.refused(w, to, netmodel.Ingress, is6)
	case netmodel.TouchesInternet:
		return c.refused(w, to, netmodel.Ingress, is6).Union(c.refused(w, from, netmodel.Egress, is6))
	case netmodel.TouchesRouted, netmodel.TouchesAll, netmodel.TouchesEnds:
	}
	return headerspace.Traffic{}
}

// refused is the traffic that no member of an endpoint lets pass in one
// direction, whoever the far end is.
func (c *compiled) refused(w *world, t terminal, d netmodel.Direction, is6 bool) headerspace.Traffic {
	if t.endpoint == nil {
		return headerspace.Traffic{}
	}
	out := headerspace.All()
	for _, h := range c.hosts(w, t, is6) {
		if h.i == nil {
			return headerspace.Traffic{}
		}
		out = out.Intersect(c.groupsAdmit(h.party, d, party{is6: is6, moreGroups: true}).No())
	}
	return out
}

// mayTouch reports whether u may bear on flows between two ends beyond the hops
// that meet it as a route target.
func (c *compiled) mayTouch(w *world, u *netmodel.Unmodelled, d demand, from, to terminal) bool {
	switch u.Touch {
	case netmodel.TouchesRouted, netmodel.TouchesEnds:
		return false
	case netmodel.TouchesInternet:
		return c.isOnline(from) && c.endIn(w, u, to) || c.isOnline(to) && c.endIn(w, u, from)
	case netmodel.TouchesInto:
		return !d.promise && c.endIn(w, u, to) // L-52
	case netmodel.TouchesAll:
		return c.endIn(w, u, from) || c.endIn(w, u, to)
	}
	panic("evaluator: invalid Touch")
}

// isOnline reports whether an end has addresses of the internet.
func (c *compiled) isOnline(t terminal) bool {
	return t.endpoint == nil && slices.ContainsFunc(t.outside, func(x headerspace.Atom) bool { return c.public[x] })
}

func (c *compiled) endIn(w *world, u *netmodel.Unmodelled, t terminal) bool {
	if t.endpoint == nil {
		return false
	}
	for _, a := range t.endpoint.Interfaces {
		i := c.net.Interface(a)
		at := c.siteOf(w, i.Address, i.Subnet)
		if at.vpc == "" || u.MayBeIn(at.vpc) {
			return true
		}
	}
	return false
}

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
