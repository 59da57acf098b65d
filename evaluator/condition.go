package evaluator

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/planreach/planreach/assertions"
	"github.com/planreach/planreach/headerspace"
	"github.com/planreach/planreach/netmodel"
)

// A condition is what a demand says of ways. In one world there is one way
// between two addresses, whatever the traffic: routes do not look at ports. So
// what lies on it is a set of objects, and every way is looked at.
type condition struct {
	through, avoid []assertions.Waypoint // of a promise
	unless         []assertions.Waypoint // of a prohibition
}

func conditionOf(a *assertions.Assertion) condition {
	return condition{a.Through, a.Avoid, a.UnlessThrough}
}

func (x condition) isNone() bool { return len(x.through)+len(x.avoid)+len(x.unless) == 0 }

// A track is what lies on one way there, and on the way of the replies.
type track struct{ there, back []netmodel.Address }

func passes(objects []netmodel.Address, p assertions.Waypoint) bool {
	return slices.ContainsFunc(p.Objects, func(a netmodel.Address) bool { return slices.Contains(objects, a) })
}

// missed is the waypoints that the way there does not pass, and met is those to
// avoid that it or the way back passes.
func (x condition) missed(t track) (missed, met []assertions.Waypoint) {
	for _, p := range x.through {
		if !passes(t.there, p) {
			missed = append(missed, p)
		}
	}
	for _, p := range x.avoid {
		if passes(t.there, p) || passes(t.back, p) {
			met = append(met, p)
		}
	}
	return missed, met
}

// isExempt reports whether a way passes all that takes it out of a prohibition.
func (x condition) isExempt(t track) bool {
	return len(x.unless) > 0 && !slices.ContainsFunc(x.unless, func(p assertions.Waypoint) bool { return !passes(t.there, p) })
}

// A verdictOnWay is what passes by one way as the condition looks at it: what
// counts, and what breaks the promise by passing.
type verdictOnWay struct{ counts, breaks headerspace.Tri }

func (x condition) judge(passed headerspace.Tri, t track) verdictOnWay {
	missed, met := x.missed(t)
	switch {
	case x.isExempt(t):
		return verdictOnWay{nothing, nothing}
	case len(missed)+len(met) > 0:
		return verdictOnWay{nothing, passed}
	}
	return verdictOnWay{passed, nothing}
}

// pass remembers that the walk comes by an object.
func (w *world) pass(a netmodel.Address) {
	switch {
	case !w.tracked:
	case w.returning:
		w.track.back = append(w.track.back, a)
	default:
		w.track.there = append(w.track.there, a)
	}
}

// returning runs the walk of a reply.
func returning[T any](w *world, walk func() T) T {
	was := w.returning
	w.returning = true
	out := walk()
	w.returning = was
	return out
}

// bare is the demand without its condition.
func (d demand) bare() demand {
	d.condition = condition{}
	return d
}

// conditioned decides a flow whose demand looks at ways. The verdict of a promise
// is that of the flow as such; its outcome is that of the ways, and so is the
// way shown where they break it. A prohibition is asked of the ways that count.
func (c *compiled) conditioned(d demand, s, t terminal, strict bool) FlowResult {
	q := c.inquire(d, s, t)
	out := q.result(strict)
	if !d.promise {
		if q.leftOut() {
			out.Notes = append(out.Notes, Note{Code: netmodel.WaysLeftOut})
		}
		return out
	}
	direct := c.inquire(d.bare(), s, t)
	base := direct.result(strict)
	if c.proxyIn(d.through) != "" {
		if _, some, _, _, _ := direct.verdict(); !some {
			return c.promisedThrough(d, s, t, base, strict)
		}
	}
	if base.Outcome == out.Outcome && out.Outcome != Pass || out.Outcome == OutcomeUnknown && base.Outcome == Fail {
		return base // the flow itself does not hold
	}
	out.Verdict, out.Allowed, out.Undecided = base.Verdict, base.Allowed, base.Undecided
	if out.Outcome != Pass {
		out.Missed, out.Met = q.broken()
		for _, n := range base.Notes {
			if !slices.ContainsFunc(out.Notes, func(o Note) bool { return o.Code == n.Code && o.Address == n.Address }) && n.Code != netmodel.PartiallyReachable {
				out.Notes = append(out.Notes, n)
			}
		}
	}
	return out
}

// proxyIn is a load balancer or an endpoint of a service among waypoints, empty
// if there is none.
func (c *compiled) proxyIn(ps []assertions.Waypoint) netmodel.Address {
	for _, p := range ps {
		for _, a := range p.Objects {
			if c.net.LoadBalancer(a) != nil || c.net.ServiceEndpoint(a) != nil {
				return a
			}
		}
	}
	return ""
}

// broken is the waypoints that some way which may carry traffic misses, or meets
// although they are to be avoided.
func (q *inquiry) broken() (missed, met []string) {
	add := func(to *[]string, ps []assertions.Waypoint) {
		for _, p := range ps {
			if !slices.Contains(*to, p.Text) {
				*to = append(*to, p.Text)
			}
		}
	}
	for n := range q.runs {
		for _, t := range q.runs[n].tracks {
			m, n := q.d.missed(t)
			add(&missed, m)
			add(&met, n)
		}
	}
	return missed, met
}

// leftOut reports whether a way was not counted because of what it passes.
func (q *inquiry) leftOut() bool {
	return slices.ContainsFunc(q.runs, func(r run) bool { return slices.ContainsFunc(r.tracks, q.d.isExempt) })
}

// counted are the detours that a prohibition does not let pass: those through a
// proxy that may send to the target are the proxy's business (L-34), those that
// pass all of unless_through are fine.
func (f *pathfinder) counted(ways []detour) []detour {
	var out []detour
	for _, way := range ways {
		fate := f.carriedByExempt(way)
		if len(f.d.unless) > 0 {
			fate = max(fate, f.passesAll(way))
		}
		switch fate {
		case yes:
			continue
		case maybe:
			way = way.doubted(netmodel.Gap{Why: netmodel.UntilApply, Code: netmodel.UnknownValue, Detail: "whether the way passes what is exempt depends on what is open"})
			passes := make(map[client]headerspace.Tri, len(way.passes))
			for who, x := range way.passes {
				passes[who] = x.Doubt()
			}
			way.passes = passes
		case no:
		}
		out = append(out, way)
	}
	return out
}

func (f *pathfinder) carriedByExempt(way detour) tri {
	best := no
	for _, e := range f.d.exempt {
		if e.Kind != assertions.EndpointEnd || !slices.Contains(way.through, e.Endpoint) {
			continue
		}
		if e.Doubt.IsZero() {
			return yes
		}
		best = maybe
	}
	return best
}

// passesAll reports whether a detour passes every waypoint: as a proxy, or on
// one of its legs, by whatever way that leads.
func (f *pathfinder) passesAll(way detour) tri {
	worst := yes
	for _, p := range f.d.unless {
		best := no
		if passes(way.through, p) {
			best = yes
		}
		for _, leg := range way.legs {
			d := leg.d
			d.condition = condition{unless: []assertions.Waypoint{p}}
			switch rest := f.inquire(d, leg.from, leg.to); {
			case rest.isClosed():
				best = yes
			case rest.leftOut():
				best = max(best, maybe)
			}
		}
		worst = min(worst, best)
	}
	return worst
}

// spare takes out of an end what an only assertion lets through: addresses. ok is
// false if nothing is left of it.
func (c *compiled) spare(t terminal, exempt []assertions.End) (out terminal, ok bool) {
	prefixes := c.prefixesOfEnds(exempt)
	out = t
	out.exempt = exempt
	if t.endpoint != nil {
		for _, e := range exempt {
			if e.Kind == assertions.EndpointEnd && e.Endpoint == t.endpoint.Address {
				if e.Doubt.IsZero() {
					return out, false
				}
				out.doubt = e.Doubt
			}
		}
		var near []netip.Prefix
		for _, e := range exempt {
			if e.Kind != assertions.PrefixEnd {
				continue
			}
			if in := c.endpointIn(t.endpoint, e.Prefix); in != no {
				near = append(near, e.Prefix)
			}
		}
		out.except = near
	} else {
		out.outside = slices.DeleteFunc(slices.Clone(t.outside), func(x headerspace.Atom) bool {
			return slices.ContainsFunc(prefixes, func(p netip.Prefix) bool { return c.atoms.In(x, p) })
		})
		if len(out.outside) == 0 {
			return out, false
		}
		out.except = slices.DeleteFunc(prefixes, func(p netip.Prefix) bool {
			return !slices.ContainsFunc(t.outside, func(x headerspace.Atom) bool { return c.atoms.In(x, p) })
		})
	}
	out.spared = sparedKey(out.except)
	return out, true
}

func sparedKey(ps []netip.Prefix) string {
	var b strings.Builder
	for _, p := range ps {
		fmt.Fprintf(&b, "%s,", p)
	}
	return b.String()
}

// prefixesOfEnds is the addresses that ends name as such.
func (c *compiled) prefixesOfEnds(ends []assertions.End) []netip.Prefix {
	var out []netip.Prefix
	for _, e := range ends {
		switch e.Kind {
		case assertions.PrefixEnd:
			out = append(out, e.Prefix)
		case assertions.InternetEnd:
			for n, named := range []bool{e.V4, e.V6} {
				if named {
					out = append(out, c.internet[n]...)
				}
			}
		case assertions.EndpointEnd, assertions.GatewayEnd:
		}
	}
	return out
}
