package evaluator

import (
	"net/netip"
	"slices"

	"github.com/planreach/planreach/netmodel"
)

// maxWorlds bounds the worlds that are tried for one pair of ends; beyond it
// what is not settled yet stays open.
const maxWorlds = 256

// A question is a fact that the plan leaves open, with finitely many answers.
type question struct {
	about netmodel.Address
	what  string // "subnet", "group 2", "public address"
}

// An asked is a question with the answer that a world gives.
type asked struct {
	question
	gap     netmodel.Gap
	options []string // what the answers are called; an address, or a word
	answer  int
}

// A world answers the open questions that a walk meets, always the same way.
// Worlds are enumerated by running the walk again and again: each run follows
// the answers of the run before but for the last one that can still change. So
// only questions that matter are ever asked, and dependent facts stay
// dependent.
type world struct {
	// wanted, if not empty, is the gateway endpoint whose service is the target: the
	// address is one of the service's, whatever these are (VPCE-6).
	wanted netmodel.Address
	script []int   // answers to give to the first questions
	log    []asked // questions of this run, in the order of asking
	fixed  map[question]int
	notes  noteSet
	seen   map[netmodel.Address]bool // objects that some run looked at
	// addresses are those that this run gave to objects whose address the plan
	// does not tell.
	addresses map[question]netip.Addr
	// service is set by a walk that comes to a service instead of the internet.
	service bool
	// tracked: the walk remembers what it passes, on the way there or, while
	// returning, back.
	tracked, returning bool
	track              track
	occupied           map[vpcAddress]netmodel.Address // whom this run gave single addresses
}

// A vpcAddress is an address in one VPC, which at most one object has.
type vpcAddress struct {
	vpc  netmodel.Address
	addr netip.Addr
}

// begin forgets the answers of the last run but keeps the script.
func (w *world) begin() {
	w.log = w.log[:0]
	w.addresses = map[question]netip.Addr{}
	w.occupied = map[vpcAddress]netmodel.Address{}
}

// next turns the script to a world that was not tried yet; false if there is
// none.
func (w *world) next() bool {
	for n := len(w.log); n > 0; n-- {
		if last := w.log[n-1]; last.answer+1 < len(last.options) {
			w.script = w.script[:0]
			for _, a := range w.log[:n-1] {
				w.script = append(w.script, a.answer)
			}
			w.script = append(w.script, last.answer+1)
			return true
		}
	}
	return false
}

// answers is what this run was told, for running it again.
func (w *world) answers() map[question]int {
	out := make(map[question]int, len(w.log))
	for _, a := range w.log {
		out[a.question] = a.answer
	}
	return out
}

// pick is the answer to q in this world, an index into options, of which there
// are at least one.
func (w *world) pick(q question, gap netmodel.Gap, options ...string) int {
	if len(options) == 1 {
		return 0
	}
	if i := slices.IndexFunc(w.log, func(a asked) bool { return a.question == q }); i >= 0 {
		return w.log[i].answer
	}
	answer := 0
	if n, ok := w.fixed[q]; ok {
		answer = n
	} else if len(w.log) < len(w.script) {
		answer = w.script[len(w.log)]
	}
	w.log = append(w.log, asked{question: q, gap: gap, options: options, answer: answer})
	return answer
}

// holds is whether t holds in this world.
func (w *world) holds(about netmodel.Address, what string, t netmodel.Truth) bool {
	if !t.IsOpen() {
		return t.IsTrue()
	}
	return w.pick(question{about, what}, t.Gap(), what+": no", what+": yes") == 1
}

// follow is where r leads in this world: an object, or none ("", true). It is
// not known where an open link leads: ("", false).
func (w *world) follow(about netmodel.Address, what string, r netmodel.Ref) (netmodel.Address, bool) {
	among, closed := r.Among()
	if !closed || len(among) == 0 {
		return "", false
	}
	if len(among) == 1 {
		return among[0], true
	}
	options := make([]string, len(among))
	for i, a := range among {
		options[i] = string(a)
	}
	return among[w.pick(question{about, what}, r.Gap(), options...)], true
}

// look remembers that the answer rests on an object, and what is worth saying
// of it.
func (w *world) look(about netmodel.Address, codes ...netmodel.Code) {
	if w.seen == nil {
		w.seen = map[netmodel.Address]bool{}
	}
	w.seen[about] = true
	for _, c := range codes {
		w.notes.add(Note{Code: c, Address: about})
	}
}

// A noteSet holds notes without repetition, in the order of adding.
type noteSet struct{ notes []Note }

func (s *noteSet) add(n Note) {
	if !slices.ContainsFunc(s.notes, func(o Note) bool { return o.Code == n.Code && o.Address == n.Address }) {
		s.notes = append(s.notes, n)
	}
}
