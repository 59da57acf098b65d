package report

import (
	"slices"

	"github.com/planreach/planreach/assertions"
	"github.com/planreach/planreach/evaluator"
	"github.com/planreach/planreach/netmodel"
)

// flow is the report on one pair.
func (f Facts) flow(r evaluator.FlowResult) Flow {
	forward := leg{from: r.From, to: r.To}
	back := leg{from: r.To, to: r.From, reply: true}
	out := Flow{
		From: f.endField(r.From), To: f.endField(r.To), Traffic: r.Traffic.String(),
		Expected: "unreachable",
		Outcome:  r.Outcome.String(), Verdict: r.Verdict.String(), VerdictBefore: before(r),
		NewInPlan: r.NewInPlan, WaivedUntil: r.WaivedUntil,
		Allowed:   f.set(r.Allowed, r.Traffic, r.From, r.To),
		Undecided: f.set(r.Undecided, r.Traffic, r.From, r.To),
		Hops:      f.hops(r.Forward, forward), ReturnHops: f.hops(r.Reply, back),
		Blockers: []Blocker{}, Unknowns: []Unknown{}, ViaProxy: []Detour{}, Missed: list(r.Missed), Met: list(r.Met), Fixes: []Fix{},
		Assumptions: []string{}, Notes: f.flowNotes(r),
	}
	if r.Promise {
		out.Expected = "reachable"
	}
	out.Blockers = append(out.Blockers, f.blockers(r.Forward, forward, out.Hops, "forward")...)
	out.Blockers = append(out.Blockers, f.blockers(r.Reply, back, out.ReturnHops, "return")...)
	for _, a := range r.Assumptions {
		out.Assumptions = append(out.Assumptions, originText(a))
	}
	for _, u := range r.Unknowns {
		out.Unknowns = append(out.Unknowns, f.unknown(u))
	}
	for _, way := range r.Detours {
		out.ViaProxy = append(out.ViaProxy, f.detour(way, r))
	}
	return out
}

// detour is the report on a way through proxies.
func (f Facts) detour(way evaluator.Detour, r evaluator.FlowResult) Detour {
	out := Detour{Through: []string{}, Verdict: way.Verdict.String(), Allowed: f.set(way.Allowed, r.Traffic, r.From, r.To), Legs: []Leg{}}
	for _, a := range way.Through {
		out.Through = append(out.Through, string(a))
	}
	for _, l := range way.Legs {
		out.Legs = append(out.Legs, Leg{
			From: f.endField(l.From), To: f.endField(l.To), Traffic: l.Traffic.String(), Verdict: l.Verdict.String(),
			Hops:       f.hops(l.Forward, leg{from: l.From, to: l.To}),
			ReturnHops: f.hops(l.Reply, leg{from: l.To, to: l.From, reply: true}),
		})
	}
	return out
}

// originText is an attribute as an address with its path.
func originText(o netmodel.Origin) string {
	if o.Path == "" {
		return string(o.Address)
	}
	return string(o.Address) + "." + o.Path
}

func before(r evaluator.FlowResult) string {
	switch r.Before {
	case evaluator.BeforeNone:
		return ""
	case evaluator.BeforeAbsent:
		return "absent"
	case evaluator.BeforeKnown:
		return r.BeforeVerdict.String()
	}
	panic("report: a verdict before the plan of no kind")
}

func (f Facts) hops(hops []evaluator.Hop, l leg) []Hop {
	out := make([]Hop, len(hops))
	for i, h := range hops {
		file, line := f.position(h.Origin)
		if isMadeByAWS(string(h.Address), string(h.Origin.Address)) {
			file, line = "", 0 // at most the code names what it comes with
		}
		code := h.Code
		if code == "" && len(h.Notes) > 0 {
			code = h.Notes[0]
		}
		vpc, subnet := f.where(h)
		out[i] = Hop{
			VPC: vpc, Subnet: subnet,
			N: i + 1, Address: string(h.Address), Kind: h.Kind.String(), Direction: h.Direction.String(),
			Rule: f.rule(h, l), Code: string(code), Result: h.Result.String(),
			File: file, Line: line, Change: f.change(h.Origin.Address),
		}
	}
	return out
}

// where is the VPC and the subnet that a hop lies in, as far as they are known.
func (f Facts) where(h evaluator.Hop) (vpc, subnet string) {
	at, in := h.Subnet, netmodel.Ref{}
	if nat := f.Network.NATGateway(h.Address); nat != nil {
		at, _ = nat.Subnet.Exact()
		in = nat.VPC
	}
	if gw := f.Network.InternetGateway(h.Address); gw != nil {
		in = gw.VPC
	}
	if gw := f.Network.EgressOnlyGateway(h.Address); gw != nil {
		in = gw.VPC
	}
	if s := f.Network.Subnet(at); s != nil {
		in = s.VPC
	}
	a, _ := in.Exact()
	return string(a), string(at)
}

func (f Facts) blockers(hops []evaluator.Hop, l leg, told []Hop, path string) []Blocker {
	var out []Blocker
	for i, h := range hops {
		if h.Result == evaluator.HopBlock {
			out = append(out, Blocker{Hop: told[i], Path: path, Closest: f.closest(h, l)})
		}
	}
	return out
}

func (f Facts) unknown(u evaluator.OpenFact) Unknown {
	file, line := f.position(u.Origin)
	out := Unknown{
		Address: string(u.Origin.Address), Attribute: u.Origin.Path, Why: u.Why.String(),
		File: file, Line: line, Detail: u.Detail, Outcomes: []ValueOutcome{},
	}
	if out.Detail == "" && u.Code != "" {
		out.Detail = sentence(u.Code)
	}
	for _, c := range u.Candidates {
		value := c.Value
		if value == "" {
			value = "anything else"
		}
		out.Outcomes = append(out.Outcomes, ValueOutcome{Value: value, Verdict: c.Verdict.String()})
	}
	return out
}

// flowNotes is the details of the flow and of its hops, each once.
func (f Facts) flowNotes(r evaluator.FlowResult) []string {
	notes := slices.Clone(r.Notes)
	hops := slices.Concat(r.Forward, r.Reply)
	for _, way := range r.Detours {
		for _, l := range way.Legs {
			notes = append(notes, l.Notes...)
			hops = slices.Concat(hops, l.Forward, l.Reply)
		}
	}
	for _, h := range hops {
		for _, c := range h.Notes {
			notes = append(notes, evaluator.Note{Code: c, Address: h.Address})
		}
	}
	return notesText(notes)
}

// Arrow is the pair as a flow: "internet -/> aws_db_instance.main:5432".
func (f Flow) Arrow() string {
	op := " -/> "
	if f.Expected == "reachable" {
		op = " -> "
	}
	return bracketed(f.From) + op + bracketed(f.To) + arrowPorts(f.Traffic, f.Expected == "reachable")
}

// A Worst orders flows for people: what fails, then what is unknown, then the
// rest; new before old; then by how much gets through wrongly.
func worst(a, b evaluator.FlowResult) int {
	rank := func(r evaluator.FlowResult) int {
		n := map[evaluator.Outcome]int{
			evaluator.Fail: 0, evaluator.OutcomeUnknown: 2, evaluator.Waived: 4,
			evaluator.Pass: 6, evaluator.Skipped: 8,
		}[r.Outcome]
		if !r.NewInPlan {
			n++
		}
		return n
	}
	if d := rank(a) - rank(b); d != 0 {
		return d
	}
	if a.Promise || b.Promise {
		return points(a.Allowed) - points(b.Allowed)
	}
	if d := points(b.Allowed) - points(a.Allowed); d != 0 {
		return d
	}
	fromInternet := func(r evaluator.FlowResult) int {
		if r.From.Kind == assertions.InternetEnd {
			return 0
		}
		return 1
	}
	return fromInternet(a) - fromInternet(b)
}

// isListed reports whether a flow is in the report unless passing ones are
// asked for.
func isListed(o evaluator.Outcome) bool {
	switch o {
	case evaluator.Fail, evaluator.OutcomeUnknown, evaluator.Waived:
		return true
	case evaluator.Pass, evaluator.Skipped:
	}
	return false
}
